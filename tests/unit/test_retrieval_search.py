"""A search gives whole passages, the best first, whatever was asked and wherever it stands."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.collection import LIBRARY, Collection
from corpus.model import Article
from retrieval.answer import Asker, Found, Ready
from retrieval.bm25 import Parameters
from retrieval.decision import Limits
from retrieval.embedded import EmbeddedIndex
from retrieval.errors import IndexUnusable
from retrieval.index import Filters, Snapshot
from retrieval.model import Answered, Asked
from tests.fakes.corpus import FakeCorpus, read_notation
from tests.fakes.index import NaiveIndex
from tests.fakes.reading import NOW, asker_of

NEWS = """
    Beacon of Norland goes dark | The Ledger | 2024-03-01 | key=beacon
        The beacon of Norland went dark on Friday. Its keeper, Rosa Halm, had left for the sea.
        A storm had broken the lamp. The harbor office will mend the lamp.
    Keeper wins suit over wages | Daily Semaphore | 2024-04-01 | key=wages
        Rosa Halm won her suit over unpaid wages. The court awarded the keeper $30,000.
        The harbor office said “we regret the delay” and will pay.
    Storm closes harbor | The Ledger | 2023-11-20 | key=storm
        A storm closed the harbor for two days. No ship left.
"""
GUILD = Collection(7)
SEARCHES = (
    "lamp",
    "keeper wages",
    "storm harbor lamp",
    "Who is the keeper of the beacon?",
    "Rosa Halm",
    "harbor harbor harbor",
    "harbor office",
)


def search(asker: Asker, text: str, k: int = 10, filters: Filters | None = None) -> list[Found]:
    return asyncio.run(asker.search(Asked(text, NOW, filters or Filters()), k))


@cache
def news() -> Asker:
    return asker_of(NEWS)


def texts(found: Sequence[Found]) -> list[str]:
    return [one.text for one in found]


@pytest.mark.parametrize("text", SEARCHES)
def test_scores_descend_and_are_positive(text: str) -> None:
    scores = [one.hit.score for one in search(news(), text)]
    assert scores
    assert scores == sorted(scores, reverse=True)
    assert min(scores) > 0


@pytest.mark.parametrize("text", SEARCHES)
def test_every_passage_is_found_once_with_its_article(text: str) -> None:
    found = search(news(), text)
    assert len({one.passage.id for one in found}) == len(found)
    for one in found:
        assert (one.hit.passage_id, one.hit.article_id) == (one.passage.id, one.article.id)
        assert one.text == one.passage.span.of(one.article.text)
        assert one.passage in one.article.passages


@pytest.mark.parametrize("text", SEARCHES)
@pytest.mark.parametrize("k", [1, 2, 3])
def test_fewer_passages_are_the_beginning_of_more(text: str, k: int) -> None:
    assert texts(search(news(), text, k)) == texts(search(news(), text, 10))[:k]


@pytest.mark.parametrize("text", SEARCHES)
def test_the_order_does_not_depend_on_the_order_in_which_the_articles_came(text: str) -> None:
    backwards = FakeCorpus()
    for article in reversed(list(read_notation(NEWS))):
        backwards.put(article)
    one, other = search(news(), text), search(asker_of(backwards), text)
    assert texts(one) == texts(other)
    assert [round(each.hit.score, 6) for each in one] == [round(each.hit.score, 6) for each in other]


def test_a_passage_with_all_the_words_comes_before_one_with_some() -> None:
    [first, *others] = search(news(), "storm broke the lamp")
    assert first.text.startswith("A storm had broken the lamp.")
    assert others


def test_a_passage_that_answers_a_question_comes_first() -> None:
    [first, *_] = search(news(), "How much was the keeper awarded?")
    assert "$30,000" in first.text


@pytest.mark.parametrize("text", ["", "   ", "?!", "the of", "zeppelin", "日本", "\x00", "“”", "İﬁß"])
def test_nothing_to_search_for_finds_nothing(text: str) -> None:
    assert search(news(), text) == []


@pytest.mark.parametrize("k", [0, -1])
def test_no_passage_wanted_is_none_found(k: int) -> None:
    assert search(news(), "lamp", k) == []


def test_an_empty_corpus_holds_nothing() -> None:
    assert search(asker_of(""), "lamp") == []


def test_a_quoted_phrase_stands_in_each_passage_found() -> None:
    assert [one.article.key for one in search(news(), '"we regret the delay"')] == ["wages"]
    assert search(news(), '"regret we the delay"') == []
    assert search(news(), '"harbor lamp"') == []


def test_a_phrase_is_found_where_only_many_passages_with_its_words_stand_before_it() -> None:
    many = "".join(f"    Harbor {n} | key=n{n}\n        The harbor, the harbor: office harbor.\n" for n in range(60))
    corpus = FakeCorpus(NEWS + many)
    found = search(asker_of(corpus), '"the harbor office will mend"', 1)
    assert [one.article.key for one in found] == ["beacon"]


@pytest.mark.parametrize(
    ("filters", "keys"),
    [
        (Filters(publications=("the ledger",)), {"beacon", "storm"}),
        (Filters(since=date(2024, 1, 1)), {"beacon", "wages"}),
        (Filters(until=date(2023, 12, 31)), {"storm"}),
        (Filters(collections=(GUILD,)), set()),
        (Filters(since=date(2025, 1, 1)), set()),
    ],
)
def test_filters_leave_out_what_was_not_wanted(filters: Filters, keys: set[str]) -> None:
    assert {one.article.key for one in search(news(), "harbor lamp storm wages", filters=filters)} == keys


def test_a_guilds_passages_are_found_by_that_guild_and_change_nothing_for_others() -> None:
    corpus = FakeCorpus(NEWS)
    corpus.write("Lamp secret | key=own | guild:7\n    The lamp was broken by a lamp maker.")
    asker = asker_of(corpus)
    ours = search(asker, "lamp", filters=Filters((LIBRARY, GUILD)))
    assert "own" in {one.article.key for one in ours}
    theirs = search(asker, "lamp", filters=Filters((LIBRARY, Collection(8))))
    assert [(one.text, one.hit.score) for one in theirs] == [
        (one.text, one.hit.score) for one in search(news(), "lamp")
    ]


def test_what_was_removed_since_is_left_out_and_the_rest_stays_in_order() -> None:
    corpus = FakeCorpus(NEWS)
    asker = asker_of(corpus)
    before = [one.article.key for one in search(asker, "harbor")]
    corpus.remove("storm")
    assert [one.article.key for one in search(asker, "harbor")] == [key for key in before if key != "storm"]


def test_a_search_looks_into_a_bounded_number_of_articles() -> None:
    """What is not looked into comes behind, in the order of the index."""
    many = "".join(f"Harbor {n} | key=n{n}\n    The lamp of harbor number {n} burned.\n" for n in range(80))
    asker = asker_of(FakeCorpus(many))
    found = search(asker, "lamp harbor", 80)
    assert len(found) == 80
    scores = [one.hit.score for one in found]
    assert scores == sorted(scores, reverse=True)
    assert len({one.article.id for one in found}) == 80


@pytest.mark.parametrize("passages", [1, 5, 40])
def test_as_many_are_found_as_were_wanted_however_few_a_question_reads(passages: int) -> None:
    asker = asker_of(NEWS, Limits(passages=passages))
    assert len(search(asker, "harbor lamp storm wages keeper", 5)) == 5


def test_where_pairs_are_indexed_neighbours_count() -> None:
    corpus = FakeCorpus(NEWS)
    index = NaiveIndex(Parameters(pairs=True))
    index.apply(asyncio.run(corpus.changes(0, 10)))
    found = search(Asker(Ready(index), corpus, pair_weight=0.5), "harbor office")
    assert "harbor office" in found[0].text


def test_a_sentence_of_ten_thousand_characters_is_found_and_quoted_whole() -> None:
    long = "The keeper of the lamp " + "and the keeper of the lamp " * 400 + "slept."
    corpus = FakeCorpus(f"Long | key=long\n    {long}\n")
    [found] = search(asker_of(corpus), "keeper lamp")
    assert found.text == long


@settings(max_examples=60)
@given(
    st.one_of(
        st.text(max_size=80),
        st.lists(
            st.sampled_from('beacon Norland keeper Rosa Halm lamp storm harbor office " v. who 30,000 the'.split())
        ).map(" ".join),
    ),
    st.integers(0, 6),
)
def test_whatever_is_searched_for_scores_descend_and_nothing_is_found_twice(text: str, k: int) -> None:
    found = search(news(), text, k)
    scores = [one.hit.score for one in found]
    assert scores == sorted(scores, reverse=True)
    assert len({one.passage.id for one in found}) == len(found) <= k


# --- the asker around it


class _Damaged:
    """An index that turns out to be damaged so many times."""

    def __init__(self, corpus: FakeCorpus, times: int) -> None:
        self._index = EmbeddedIndex()
        self._index.apply(asyncio.run(corpus.changes(0, 100)))
        self._left = times
        self.begun_again: list[IndexUnusable] = []

    async def current(self) -> Snapshot:
        """See `Snapshots`."""
        if self._left:
            self._left -= 1
            raise IndexUnusable("a segment is torn")
        return self._index.snapshot()

    async def begin_again(self, why: IndexUnusable) -> None:
        """See `Snapshots`."""
        self.begun_again.append(why)


def test_a_damaged_index_is_made_anew_and_asked_once_more() -> None:
    corpus = FakeCorpus(NEWS)
    asker = Asker(damaged := _Damaged(corpus, 1), corpus)
    assert texts(search(asker, "lamp")) == texts(search(news(), "lamp"))
    assert len(damaged.begun_again) == 1


def test_an_index_that_stays_damaged_is_an_error() -> None:
    corpus = FakeCorpus(NEWS)
    with pytest.raises(IndexUnusable):
        search(Asker(_Damaged(corpus, 2), corpus), "lamp")
    index = EmbeddedIndex()
    with pytest.raises(IndexUnusable, match="torn"):
        asyncio.run(Ready(index).begin_again(IndexUnusable("torn")))


class _Counting:
    """A corpus that counts how many articles are read."""

    def __init__(self, corpus: FakeCorpus) -> None:
        self._corpus = corpus
        self.read_articles = 0

    async def read(self, article_ids: Sequence[int]) -> Mapping[int, Article]:
        """See `Articles`."""
        self.read_articles += len(article_ids)
        return await self._corpus.read(article_ids)


def test_a_question_reads_no_more_articles_than_its_reach_however_many_fit() -> None:
    many = FakeCorpus("".join(f"Lamp {n} | key=n{n}\n    Keeper Rosa Halm lit lamp {n}.\n" for n in range(300)))
    index = EmbeddedIndex()
    index.apply(asyncio.run(many.changes(0, 1_000)))
    counting = _Counting(many)
    asyncio.run(Asker(Ready(index), counting).ask(Asked("Who lit the lamp?", NOW)))
    assert 0 < counting.read_articles <= Limits().reach.articles


def test_what_a_question_is_decided_from_is_nothing_where_nothing_is_asked() -> None:
    for text in ("", "hello", "can we sue?", "the of"):
        assert asyncio.run(news().decision(Asked(text, NOW))) is None


def test_a_decision_has_every_sentence_that_was_read() -> None:
    decision = asyncio.run(news().decision(Asked("Who is the keeper of the beacon at the harbor?", NOW)))
    assert decision is not None
    read = {choice.sentence.text for choice in decision.ranked()}
    articles = FakeCorpus(NEWS).articles
    assert read == {span.of(one.text) for one in articles for passage in one.passages for span in passage.sentences}


def test_being_prepared_changes_no_answer() -> None:
    asked = Asked("How much was the keeper awarded?", NOW)
    before = asyncio.run(asker_of(NEWS).ask(asked))
    Asker.prepare()
    assert asyncio.run(asker_of(NEWS).ask(asked)) == before
    assert isinstance(before, Answered)


def test_nothing_can_be_asked_of_an_asker_that_is_closed() -> None:
    asker = asker_of(NEWS)
    asker.close()
    with pytest.raises(RuntimeError):
        search(asker, "lamp")


def test_a_word_that_is_said_over_and_over_drowns_no_other() -> None:
    corpus = FakeCorpus(NEWS)
    corpus.write("Lamps | key=lamps\n    " + "Lamp lamp lamp. " * 30)
    asker = asker_of(corpus)
    plain = asyncio.run(asker.ask(Asked("How much did the court award Rosa Halm?", NOW)))
    shouted = asyncio.run(asker.ask(Asked("How much did the court award Rosa Halm? " + "lamp " * 200, NOW)))
    assert isinstance(plain, Answered)
    keys = {one.citation.key for one in (*getattr(shouted, "evidence", ()), *getattr(shouted, "closest", ()))}
    assert "wages" in keys


def test_the_same_passage_in_two_revisions_is_found_in_the_newer_one() -> None:
    corpus = FakeCorpus(NEWS)
    changed = replace(corpus.article("storm"), title="Storm closed harbor")
    corpus.put(changed)
    assert {one.article.revision for one in search(asker_of(corpus), "storm ship")} >= {2}
