"""The embedded engine scores as the library does, over exactly what is live, after any history of changes."""

from __future__ import annotations

import asyncio
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from corpus.model import LIBRARY, Change, Collection
from retrieval.bm25 import EmbeddedIndex, EmbeddedSnapshot, Idf, Parameters, Ranking
from retrieval.model import Filters, Hit
from tests.fakes.corpus import FakeCorpus
from tests.fakes.index import NaiveIndex, library_scores

NEAR = 1e-9
VOCABULARY = ("harbor", "map", "tide", "court", "fine", "appeal", "judge", "AWS", "U.S.", "2021", "Amazon Web Services")
COLLECTIONS = (LIBRARY, Collection(7), Collection(8))
KEYS = ("a", "b", "c", "d", "e", "f")
SETTINGS = Parameters(k1=1.2, b=0.6, idf=Idf.RANK_BM25)

words_of_passage = st.lists(st.sampled_from(VOCABULARY), max_size=12).map(" ".join)
paragraphs = st.lists(words_of_passage.map(lambda text: f"{text}."), min_size=1, max_size=4)
queries = st.lists(
    st.sampled_from(
        [
            "harbor",
            "map",
            "tide",
            "court",
            "fine",
            "appeal",
            "judg",
            "@amazon web services",
            "web",
            "u.s.",
            "2021",
            "none",
        ]
    ),
    max_size=5,
)
visible = st.lists(st.sampled_from(COLLECTIONS), min_size=1, max_size=3, unique=True).map(tuple)
days = st.sampled_from(["", "2020-02-29", "2021-01-21", "2021-01-22"])


def notation(key: str, collection: Collection, day: str, text: list[str]) -> str:
    """An article as the fake corpus reads it."""
    where = "" if collection == LIBRARY else f" | {collection}"
    return f"Tide {key} | Paper {key} | {day} | key={key}{where}\n" + "".join(f"    {part}\n" for part in text)


class History(RuleBasedStateMachine):
    """Articles come, change, go and return in three collections; the engine follows in batches of any size."""

    def __init__(self) -> None:
        super().__init__()
        self.corpus = FakeCorpus()
        self.engine = EmbeddedIndex(SETTINGS)
        self.plain = NaiveIndex(SETTINGS)
        self.kept: list[tuple[EmbeddedSnapshot, list[Hit]]] = []

    @initialize(collection=st.sampled_from(COLLECTIONS), text=paragraphs)
    def first(self, collection: Collection, text: list[str]) -> None:
        self.corpus.write(notation("a", collection, "2021-01-21", text))

    @rule(key=st.sampled_from(KEYS), collection=st.sampled_from(COLLECTIONS), day=days, text=paragraphs)
    def write(self, key: str, collection: Collection, day: str, text: list[str]) -> None:
        self.corpus.write(notation(key, collection, day, text))

    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        if self.corpus.articles:
            article = data.draw(st.sampled_from(self.corpus.articles))
            self.corpus.remove(article.key, article.collection)

    @rule(key=st.sampled_from(KEYS), collection=st.sampled_from(COLLECTIONS))
    def restore(self, key: str, collection: Collection) -> None:
        try:
            self.corpus.restore(key, collection)
        except KeyError:
            return

    @rule(limit=st.integers(1, 4))
    def follow_some(self, limit: int) -> None:
        changes = asyncio.run(self.corpus.changes(self.engine.last_change, limit))
        self.engine.apply(changes)
        self.plain.apply(changes)

    @rule()
    def follow_all(self) -> None:
        self.follow_some(1_000)

    @rule()
    def follow_again_from_the_start(self) -> None:
        changes = asyncio.run(self.corpus.changes(0, 1_000))
        self.engine.apply(changes)
        self.plain.apply(changes)

    @rule()
    def keep_a_snapshot(self) -> None:
        snapshot = self.engine.snapshot()
        self.kept.append((snapshot, snapshot.search(dict.fromkeys(("tide", "court"), 1.0), Filters(COLLECTIONS), 50)))

    @rule(terms=queries, names=visible, k=st.integers(0, 12))
    def ask(self, terms: list[str], names: tuple[Collection, ...], k: int) -> None:
        asked = {term: float(terms.count(term)) for term in terms}
        hits = self.engine.snapshot().search(asked, Filters(names), 1_000)
        same_hits(hits, self.plain.snapshot().search(asked, Filters(names), 1_000))
        in_total_order(self.corpus, hits)
        assert self.engine.snapshot().search(asked, Filters(names), k) == hits[:k]

    @rule(terms=queries, names=visible)
    def score_all(self, terms: list[str], names: tuple[Collection, ...]) -> None:
        ranking = self.engine.snapshot().ranking(names)
        lines = self.plain.snapshot().lines(names)
        expected = library_scores([line.terms for line in lines], terms, SETTINGS)
        ours = dict(zip(passages_of(ranking), ranking.get_scores(terms), strict=True))
        assert ours == pytest.approx(
            {line.passage_id: score for line, score in zip(lines, expected, strict=True)}, abs=NEAR
        )

    @invariant()
    def the_statistics_are_those_of_what_is_live(self) -> None:
        terms = ["harbor", "tide", "@amazon web services", "none"]
        for names in ((LIBRARY,), COLLECTIONS):
            ours = self.engine.snapshot().statistics(terms, names)
            assert ours == self.plain.snapshot().statistics(terms, names)
        assert self.engine.last_change == self.plain.last_change

    @invariant()
    def snapshots_that_were_kept_answer_as_they_did(self) -> None:
        for snapshot, hits in self.kept[-2:]:
            assert snapshot.search(dict.fromkeys(("tide", "court"), 1.0), Filters(COLLECTIONS), 50) == hits


def same_hits(ours: list[Hit], expected: list[Hit]) -> None:
    """The same passages with the same scores; what is nothing but rounding above zero may be there or not."""
    assert {hit.passage_id: hit.score for hit in ours if hit.score > NEAR} == pytest.approx(
        {hit.passage_id: hit.score for hit in expected if hit.score > NEAR}, abs=NEAR
    )


def in_total_order(corpus: FakeCorpus, hits: list[Hit]) -> None:
    """By score, newest date (undated last), smallest passage."""
    published = {passage.id: article.published for article in corpus.articles for passage in article.passages}
    if any(hit.passage_id not in published for hit in hits):
        return  # the engine lags behind the corpus
    days = {number: day.toordinal() if day else 0 for number, day in published.items()}
    order = [(-hit.score, -days[hit.passage_id], hit.passage_id) for hit in hits]
    assert order == sorted(order)


def passages_of(ranking: Ranking) -> list[int]:
    """The passage of each score, in the ranking's order."""
    return [int(number) for part in ranking.segments for number in part.passages[part.live]]


TestHistory = History.TestCase
TestHistory.settings = settings(max_examples=40, stateful_step_count=30)


def built(texts: list[str], parameters: Parameters) -> tuple[FakeCorpus, EmbeddedSnapshot]:
    """A library of one article with these passages, indexed at once."""
    corpus = FakeCorpus("Tide | Paper | 2021-01-21 | key=a\n" + "".join(f"    {text}.\n" for text in texts))
    index = EmbeddedIndex(parameters)
    index.apply(asyncio.run(corpus.changes(0, 10)))
    return corpus, index.snapshot()


@given(st.lists(words_of_passage, min_size=1, max_size=12), queries, st.floats(0.01, 3), st.floats(0, 1))
def test_an_index_built_at_once_has_the_librarys_scores_to_the_last_bit(
    texts: list[str], terms: list[str], k1: float, b: float
) -> None:
    parameters = Parameters(k1=k1, b=b, idf=Idf.RANK_BM25)
    corpus, snapshot = built(texts, parameters)
    plain = NaiveIndex(parameters)
    plain.apply(asyncio.run(corpus.changes(0, 10)))
    expected = library_scores([line.terms for line in plain.snapshot().lines([LIBRARY])], terms, parameters)
    assert snapshot.ranking([LIBRARY]).get_scores(terms).tolist() == expected.tolist()


@given(st.integers(1, 5_000).flatmap(lambda size: st.tuples(st.just(size), st.integers(1, size))))
def test_the_monotone_idf_is_positive_and_falls_as_a_word_gets_common(counts: tuple[int, int]) -> None:
    size, n = counts
    ranking = Ranking((), Parameters())
    ranking.corpus_size = size
    assert ranking._idf(n) > 0
    assert n == size or ranking._idf(n) > ranking._idf(n + 1)
    assert ranking._idf(0) == 0
    assert ranking._idf(n) == pytest.approx(math.log1p((size - n + 0.5) / (n + 0.5)))


@given(st.lists(words_of_passage, min_size=1, max_size=12), queries)
def test_with_the_monotone_idf_every_passage_with_a_word_of_the_question_is_found(
    texts: list[str], terms: list[str]
) -> None:
    corpus, snapshot = built(texts, Parameters())
    plain = NaiveIndex(Parameters())
    plain.apply(asyncio.run(corpus.changes(0, 10)))
    holding = {line.passage_id for line in plain.snapshot().lines([LIBRARY]) if set(terms) & set(line.terms)}
    hits = snapshot.search(dict.fromkeys(terms, 1.0), Filters(), 100)
    assert {hit.passage_id for hit in hits} == holding


@given(st.lists(words_of_passage, min_size=1, max_size=6), queries, visible)
def test_another_guilds_articles_change_no_score(
    texts: list[str], terms: list[str], names: tuple[Collection, ...]
) -> None:
    ours = [name for name in names if name != Collection(8)]
    corpus = FakeCorpus("".join(notation("a", name, "2021-01-21", texts) for name in (LIBRARY, Collection(7))))
    alone = EmbeddedIndex()
    alone.apply(asyncio.run(corpus.changes(0, 10)))
    theirs = FakeCorpus(notation("z", Collection(8), "2021-01-22", [*texts, "Harbor court tide."])).article(
        "z", Collection(8)
    )
    together = EmbeddedIndex()
    together.apply([Change(1, 99, theirs), *asyncio.run(corpus.changes(0, 10))])
    asked = dict.fromkeys(terms, 1.0)
    assert together.snapshot().search(asked, Filters(tuple(ours)), 50) == alone.snapshot().search(
        asked, Filters(tuple(ours)), 50
    )
