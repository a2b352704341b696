"""The embedded engine answers as the library does, over exactly what is live, after any history.

A history is any sequence of articles written, changed, removed and restored in three collections, followed in batches,
settled into files and merged, with full disks, crashes and damaged files in between.
"""

from __future__ import annotations

import asyncio
import math
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from random import Random
from zlib import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from corpus.collection import LIBRARY, Collection
from retrieval.bm25 import Idf, Parameters, Ranking
from retrieval.embedded import EmbeddedIndex, EmbeddedSnapshot
from retrieval.errors import IndexUnusable
from retrieval.index import PAIR_JOINER, Filters, Hit
from retrieval.segments import kernel
from retrieval.segments.segment import InMemory
from tests.fakes.corpus import FakeCorpus
from tests.fakes.index import NaiveIndex, NaiveSnapshot
from tests.fakes.segments import STAMP, Workshop, flip, full_disk, no_room_for_the_manifest, sound, split, worded

NEAR = 1e-9
SHARE_A_CRC = ("plumless", "buckeroo")
WORDS = ("harbor", "map", "tide", "court", "fine", "appeal", "Ⅷ", "\ud800", *SHARE_A_CRC)
PAIRS = tuple(f"{first}{PAIR_JOINER}{second}" for first in WORDS[:4] for second in WORDS[:4])
COLLECTIONS = (LIBRARY, Collection(7), Collection(8))
KEYS = ("a", "b", "c", "d", "e", "f", "g", "h")
PAPERS = (None, "Le Journal Élargi", "The Ledger", "Daily Semaphore")
DAYS = (None, date(1, 1, 1), date(2020, 2, 29), date(2021, 1, 21), date(2021, 1, 22))
MOST_SIDE_BY_SIDE = 16

texts = st.lists(
    st.lists(st.sampled_from(WORDS), max_size=12).map(lambda words: "".join(f"{word} " for word in words)), max_size=4
)
questions = st.dictionaries(
    st.sampled_from([*WORDS, *PAIRS, "absent"]), st.sampled_from([1.0, 2.0, 0.25, 0.1, 0.0]), min_size=1, max_size=5
)
visible = st.lists(st.sampled_from(COLLECTIONS), min_size=1, max_size=3).map(tuple)
days = st.sampled_from(DAYS)
some_filters = st.builds(
    Filters,
    visible,
    st.lists(st.sampled_from(["the ledger", "LE JOURNAL ELARGI", "Nowhere Times", ""]), max_size=2).map(tuple),
    days,
    days,
)
depths = st.sampled_from([-1, 0, 1, 2, 3, 5, 10, 1_000, 1 << 31])
some_parameters = st.builds(
    Parameters,
    k1=st.sampled_from([0.0, 0.9, 1.5]),
    b=st.sampled_from([0.0, 0.5, 0.75, 1.0]),
    idf=st.sampled_from(list(Idf)),
    compiled=st.just(value=False),
    pairs=st.booleans(),
)
EVERYTHING = Filters(COLLECTIONS)
ASKED = {"tide": 1.0, "court": 1.0, PAIRS[1]: 0.5}


def test_two_of_the_words_share_a_checksum() -> None:
    assert len({crc32(word.encode()) for word in SHARE_A_CRC}) == 1


@dataclass(frozen=True, slots=True)
class Kept:
    """A snapshot, what it should hold, whose it is, and how many commits there had been."""

    snapshot: EmbeddedSnapshot
    plain: NaiveSnapshot
    files: Workshop
    commits: int


class History(RuleBasedStateMachine):
    """One engine with its folder, beside a plain index that is given the same changes."""

    @initialize(parameters=some_parameters, at_once=st.integers(1, 40))
    def begin(self, parameters: Parameters, at_once: int) -> None:
        self.parameters = parameters
        self.at_once = at_once
        self.folder = Path(tempfile.mkdtemp())
        self.corpus = FakeCorpus()
        self.committed: NaiveIndex | None = None
        self.kept: list[Kept] = []
        self.commits = 0
        self.open()
        self.plain = self.empty()

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            shutil.rmtree(self.folder)

    def open(self) -> IndexUnusable | None:
        """The index is what the folder holds."""
        self.files = Workshop(self.folder, STAMP._replace(pairs=self.parameters.pairs), at_once=self.at_once)
        self.index, unusable = EmbeddedIndex.opened(self.parameters, self.files)
        self.index = EmbeddedIndex(self.index.snapshot(), self.files, analyse=split)
        return unusable

    def empty(self) -> NaiveIndex:
        return NaiveIndex(self.parameters, split)

    @rule(
        key=st.sampled_from(KEYS),
        collection=st.sampled_from(COLLECTIONS),
        paper=st.sampled_from(PAPERS),
        day=days,
        written=texts,
    )
    def write(self, key: str, collection: Collection, paper: str | None, day: date | None, written: list[str]) -> None:
        self.corpus.put(worded(key, written, collection, paper, day))

    @rule(
        seed=st.integers(0, 1 << 20),
        size=st.integers(120, 140),
        collection=st.sampled_from(COLLECTIONS),
        paper=st.sampled_from(PAPERS),
    )
    def write_a_long_one(self, seed: int, size: int, collection: Collection, paper: str | None) -> None:
        """More passages with the same word than a block has postings."""
        random = Random(seed)
        written = ["".join(f"{random.choice(WORDS)} " for _ in range(random.randint(0, 4))) for _ in range(size)]
        self.corpus.put(worded("long", [f"{text}tide " for text in written], collection, paper, random.choice(DAYS)))

    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        if self.corpus.articles:
            article = data.draw(st.sampled_from(self.corpus.articles))
            self.corpus.remove(article.key, article.collection)

    @rule(key=st.sampled_from([*KEYS, "long"]), collection=st.sampled_from(COLLECTIONS))
    def restore(self, key: str, collection: Collection) -> None:
        try:
            self.corpus.restore(key, collection)
        except KeyError:
            return

    def follow(self, after: int, limit: int) -> None:
        changes = asyncio.run(self.corpus.changes(after, limit))
        self.index.apply(changes)
        self.plain.apply(changes)

    @rule(limit=st.integers(1, 4))
    def follow_some(self, limit: int) -> None:
        self.follow(self.index.last_change, limit)

    @rule()
    def follow_all(self) -> None:
        self.follow(self.index.last_change, 1_000)

    @rule()
    def follow_one_by_one(self) -> None:
        while self.index.last_change < asyncio.run(self.corpus.last_change()):
            self.follow(self.index.last_change, 1)

    @rule(limit=st.sampled_from([1, 2, 1_000]))
    def follow_again_from_the_start(self, limit: int) -> None:
        """What was applied already is told once more, at times without the rest."""
        self.follow(0, limit)

    @rule(merge=st.booleans())
    def settle(self, *, merge: bool) -> None:
        before = self.plain.copied()
        self.index.settle(merge=merge)
        self.was_committed(before)
        assert self.index.passages_in_memory == 0
        if merge:
            views = [view for views in self.index.snapshot().collections.values() for view in views]
            assert all(len(view.removed) <= view.source.size / 4 for view in views)

    @rule(merge=st.booleans(), limit=st.integers(1, 4), key=st.sampled_from(KEYS), written=texts)
    def settle_while_changes_come(self, *, merge: bool, limit: int, key: str, written: list[str]) -> None:
        before = self.plain.copied()

        def come() -> None:
            self.corpus.put(worded(key, written))
            if self.corpus.articles:
                gone = self.corpus.articles[limit % len(self.corpus.articles)]
                self.corpus.remove(gone.key, gone.collection)
            self.follow(self.index.last_change, limit)

        self.files.meanwhile = come
        self.index.settle(merge=merge)
        self.files.meanwhile = lambda: None
        self.was_committed(before)

    @rule(merge=st.booleans(), room=st.integers(0, 9_000), whole=st.booleans())
    def settle_on_a_full_disk(self, *, merge: bool, room: int, whole: bool) -> None:
        """Any file may find no room, or the manifest alone."""
        before = self.plain.copied()
        self.folder.mkdir(exist_ok=True)
        try:
            with full_disk(room) if whole else no_room_for_the_manifest(self.folder):
                self.index.settle(merge=merge)
        except OSError:
            assert self.index.last_change == before.last_change
        else:
            self.was_committed(before)

    def was_committed(self, plain: NaiveIndex) -> None:
        """The folder holds what `plain` holds."""
        if plain.last_change:
            self.committed = plain
            self.commits += 1
            peeked, unusable = EmbeddedIndex.peeked(self.parameters, Workshop(self.folder, self.files._stamp))
            assert unusable is None
            assert peeked.last_change == plain.last_change
            self.compare(peeked.snapshot(), plain.snapshot(), ASKED, EVERYTHING, 9)

    @rule()
    def crash(self) -> None:
        """What was committed last is there again, and nothing else."""
        unusable = self.open()
        assert (unusable is None) == (self.committed is not None)
        self.plain = self.committed.copied() if self.committed else self.empty()
        assert self.index.last_change == self.plain.last_change
        self.compare(self.index.snapshot(), self.plain.snapshot(), ASKED, EVERYTHING, 1_000)

    @precondition(lambda self: self.committed is not None)
    @rule(data=st.data(), way=st.sampled_from(["flip", "cut", "delete", "append"]))
    def damage(self, data: st.DataObject, way: str) -> None:
        """It is noticed at opening or by `verify`, or harms nothing."""
        assert self.committed is not None
        names = sorted(path.name for path in self.folder.iterdir() if path.is_file())
        hurt(self.folder / data.draw(st.sampled_from(names)), way, data.draw(st.integers(0, 1 << 20)))
        unusable = self.open()
        if unusable is None:
            self.plain = self.committed.copied()
            try:
                sound(self.files)
            except IndexUnusable:
                self.index.begin_again("the test damaged it")
            else:
                self.compare(self.index.snapshot(), self.plain.snapshot(), ASKED, EVERYTHING, 1_000)
                return
        assert self.index.last_change == self.index.snapshot().passages == 0
        assert [path for path in self.folder.iterdir() if path.is_file()] == []
        self.plain, self.committed, self.kept = self.empty(), None, []

    @rule()
    def keep_a_snapshot(self) -> None:
        self.kept.append(Kept(self.index.snapshot(), self.plain.snapshot(), self.files, self.commits))

    @rule(asked=st.lists(st.tuples(questions, some_filters, depths), min_size=2, max_size=6))
    def ask(self, asked: list[tuple[dict[str, float], Filters, int]]) -> None:
        for terms, filters, k in asked:
            self.compare(self.index.snapshot(), self.plain.snapshot(), terms, filters, k)

    @rule(terms=questions, filters=some_filters, k=st.integers(1, 5))
    def ask_an_old_snapshot(self, terms: dict[str, float], filters: Filters, k: int) -> None:
        for kept in self.readable():
            self.compare(kept.snapshot, kept.plain, terms, filters, k)

    def readable(self) -> list[Kept]:
        """Those of this program, and of earlier ones those whose files can't have been deleted yet."""
        self.kept = [kept for kept in self.kept if kept.files is self.files or self.commits - kept.commits < 2]
        return self.kept

    def compare(
        self, ours: EmbeddedSnapshot, plain: NaiveSnapshot, terms: Mapping[str, float], filters: Filters, k: int
    ) -> None:
        hits = ours.search(terms, filters, k)
        expected = plain.search(terms, filters, k)
        if has_a_mean_idf(plain, terms, filters.collections):
            # The library sums all idfs in the order in which words appeared, the engine in that of its segments.
            near_hits(ours.search(terms, filters, 1 << 20), plain.search(terms, filters, 1 << 20))
            assert ours.search(terms, filters, 1 << 20)[: max(k, 0)] == hits
        else:
            assert hits == expected
        if kernel.available():
            views = ours.ranking(filters.collections).views
            assert Ranking(views, replace(self.parameters, compiled=True)).top(terms, filters, k) == hits

    @rule(terms=st.lists(st.sampled_from([*WORDS, "absent"]), max_size=5), names=visible)
    def score_all(self, terms: list[str], names: tuple[Collection, ...]) -> None:
        """The library's own methods give each passage the library's own score."""
        ranking = self.index.snapshot().ranking(names)
        plain = self.plain.snapshot()
        words, _ = plain.libraries(names)
        expected = dict(
            zip([line.passage_id for line in plain.lines(names)], words.scores(terms).tolist(), strict=True)
        )
        ours = dict(zip(passages_of(ranking), ranking.get_scores(terms).tolist(), strict=True))
        exact = not words.negative & set(terms)
        assert ours == (expected if exact else pytest.approx(expected, abs=NEAR))
        if words.engine is not None:
            assert ranking.avgdl == words.engine.avgdl
            assert ranking.corpus_size == words.engine.corpus_size
            assert sorted(ranking.doc_len) == sorted(words.engine.doc_len)

    @invariant()
    def the_statistics_are_those_of_what_is_live(self) -> None:
        ours, plain = self.index.snapshot(), self.plain.snapshot()
        assert self.index.last_change == self.plain.last_change
        for names in ((LIBRARY,), COLLECTIONS):
            assert ours.statistics([*WORDS, PAIRS[0], "absent"], names) == plain.statistics(
                [*WORDS, PAIRS[0], "absent"], names
            )
            assert ours.languages(names) == plain.languages(names)
            assert ours.publications(names) == plain.publications(names)
        assert ours.passages == len(plain.lines(COLLECTIONS))

    @invariant()
    def snapshots_that_were_kept_answer_as_they_did(self) -> None:
        for kept in self.readable()[-2:]:
            self.compare(kept.snapshot, kept.plain, ASKED, EVERYTHING, 9)

    @invariant()
    def few_segments_are_searched_side_by_side(self) -> None:
        for views in self.index.snapshot().collections.values():
            assert sum(isinstance(view.source, InMemory) for view in views) <= MOST_SIDE_BY_SIDE


def hurt(path: Path, way: str, where: int) -> None:
    """The file is damaged in that way, at a place that `where` chooses."""
    whole = path.read_bytes()
    if way == "delete":
        path.unlink()
    elif way == "append":
        path.write_bytes(whole + b"\n" * (1 + where % 9))
    elif way == "cut":
        path.write_bytes(whole[: where % (len(whole) or 1)])
    elif whole:
        flip(path, where % (8 * len(whole)))


def has_a_mean_idf(plain: NaiveSnapshot, terms: Mapping[str, float], names: Sequence[Collection]) -> bool:
    """Whether some term is so common that the library gives it a share of the mean idf."""
    return any(library.negative & set(terms) for library in plain.libraries(names))


def near_hits(ours: list[Hit], expected: list[Hit]) -> None:
    """The same passages with scores equal but for rounding; what is nothing but rounding above zero may be missing."""
    assert {hit.passage_id: hit.score for hit in ours if hit.score > NEAR} == pytest.approx(
        {hit.passage_id: hit.score for hit in expected if hit.score > NEAR}, abs=NEAR
    )


def passages_of(ranking: Ranking) -> list[int]:
    """The passage of each score, in the ranking's order."""
    return [number for view in ranking.views for number in view.segment.passages[view.live_rows].tolist()]


TestHistory = History.TestCase
TestHistory.settings = settings(max_examples=120, stateful_step_count=40)


def both_indexes(texts: Sequence[str], parameters: Parameters) -> tuple[EmbeddedSnapshot, NaiveSnapshot]:
    """A library of one article with these passages, indexed at once."""
    corpus = FakeCorpus()
    corpus.put(worded("a", texts))
    ours, plain = EmbeddedIndex(parameters, analyse=split), NaiveIndex(parameters, split)
    for index in (ours, plain):
        index.apply(asyncio.run(corpus.changes(0, 10)))
    return ours.snapshot(), plain.snapshot()


some_texts = st.lists(st.lists(st.sampled_from(WORDS), max_size=12).map(lambda words: "".join(f"{w} " for w in words)))
some_words = st.lists(st.sampled_from([*WORDS, "absent"]), max_size=5)


@given(
    texts=some_texts,
    terms=some_words,
    k1=st.floats(0, 3),
    b=st.floats(0, 1),
    epsilon=st.floats(0, 1),
    pairs=st.booleans(),
)
def test_built_at_once_it_has_the_librarys_scores_to_the_last_bit_where_no_word_is_in_more_than_half_the_passages(
    texts: list[str],
    terms: list[str],
    k1: float,
    b: float,
    epsilon: float,
    *,
    pairs: bool,
) -> None:
    parameters = Parameters(k1, b, Idf.RANK_BM25, epsilon, pairs=pairs)
    snapshot, plain = both_indexes(texts, parameters)
    library, _ = plain.libraries([LIBRARY])
    ours, expected = snapshot.ranking([LIBRARY]).get_scores(terms).tolist(), library.scores(terms).tolist()
    if library.negative & set(terms):
        # A share of the mean idf: a sum over all words in another order.
        assert ours == pytest.approx(expected, abs=NEAR)
    else:
        assert ours == expected


@given(some_texts, questions, some_parameters)
def test_pairs_change_no_score_of_a_word(texts: list[str], terms: dict[str, float], parameters: Parameters) -> None:
    words = {term: weight for term, weight in terms.items() if PAIR_JOINER not in term}
    without, _ = both_indexes(texts, replace(parameters, pairs=False))
    beside, _ = both_indexes(texts, replace(parameters, pairs=True))
    ours, expected = (index.search(words, Filters(), 99) for index in (beside, without))
    assert ours == expected


@given(some_texts, some_parameters)
def test_the_idf_of_every_word_is_the_librarys(texts: list[str], parameters: Parameters) -> None:
    snapshot, plain = both_indexes(texts, replace(parameters, pairs=False))
    library, _ = plain.libraries([LIBRARY])
    expected = library.engine.idf if library.engine is not None else {}
    assert snapshot.ranking([LIBRARY]).idf == pytest.approx(expected, abs=NEAR)


@given(st.integers(1, 5_000).flatmap(lambda size: st.tuples(st.just(size), st.integers(1, size))))
def test_the_monotone_idf_is_positive_and_falls_as_a_word_gets_common(counts: tuple[int, int]) -> None:
    size, n = counts
    ranking = Ranking((), Parameters())
    ranking.corpus_size = size
    assert ranking._idf(n) > 0
    assert n == size or ranking._idf(n) > ranking._idf(n + 1)
    assert ranking._idf(0) == 0
    assert ranking._idf(n) == pytest.approx(math.log1p((size - n + 0.5) / (n + 0.5)))


@given(texts=some_texts, terms=some_words, compiled=st.booleans())
def test_with_the_monotone_idf_every_passage_with_a_word_of_the_question_is_found(
    texts: list[str], terms: list[str], *, compiled: bool
) -> None:
    snapshot, plain = both_indexes(texts, Parameters(compiled=compiled))
    holding = {line.passage_id for line in plain.lines([LIBRARY]) if set(terms) & set(line.terms)}
    hits = snapshot.search(dict.fromkeys(terms, 1.0), Filters(), 100)
    assert {hit.passage_id for hit in hits} == holding


@given(some_texts, some_texts, questions, some_parameters, visible)
def test_another_guilds_articles_change_no_score(
    texts: list[str],
    others: list[str],
    terms: dict[str, float],
    parameters: Parameters,
    names: tuple[Collection, ...],
) -> None:
    seen = [name for name in names if name != Collection(8)]
    answers = []
    for theirs in ([], others):
        corpus = FakeCorpus()
        for name in (LIBRARY, Collection(7)):
            corpus.put(worded("a", texts, name))
        if theirs:
            corpus.put(worded("z", theirs, Collection(8)))
        index = EmbeddedIndex(parameters, analyse=split)
        index.apply(asyncio.run(corpus.changes(0, 10)))
        answers.append(index.snapshot().search(terms, Filters(tuple(seen)), 50))
    assert answers[0] == answers[1]
