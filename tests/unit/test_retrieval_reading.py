"""Of what an index found, the best articles are read, as far as they are weighed and no further."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.collection import LIBRARY
from corpus.model import Article, Passage, Span
from retrieval.index import Hit
from retrieval.reading import Chosen, InMemory, Reach, Shelf
from tests.fakes.reading import asked

QUESTION = asked("Who lit the beacon?")


def article(number: int, passages: int = 1, text: str = "The keeper lit it.") -> Article:
    """An article of so many passages of one sentence each; passage ids are `100 * number + place`."""
    step = len(text) + 2
    spans = [Span(step * i, step * i + len(text)) for i in range(passages)]
    made = tuple(Passage(span, (span,), 100 * number + i) for i, span in enumerate(spans))
    return Article(number, LIBRARY, f"k{number}", 1, f"Beacon {number}", "\n\n".join([text] * passages), passages=made)


class _Counting:
    """Articles at hand that count in which batches they are read."""

    def __init__(self, *articles: Article) -> None:
        self._articles = InMemory({one.id: one for one in articles})
        self.batches: list[list[int]] = []

    async def read(self, article_ids: Sequence[int]) -> Mapping[int, Article]:
        """See `Articles`."""
        self.batches.append(list(article_ids))
        return await self._articles.read(article_ids)


def hits(*articles: Article) -> list[Hit]:
    """Each article by its first passage, best first."""
    return [Hit(one.passages[0].id, one.id, 10.0 - n) for n, one in enumerate(articles)]


def chosen(
    articles: Sequence[Article], found: Sequence[Hit] | None = None, reach: Reach | None = None, question: str = ""
) -> tuple[list[Chosen], list[list[int]]]:
    shelf = Shelf(counting := _Counting(*articles))
    reached = asyncio.run(
        shelf.chosen(
            asked(question) if question else QUESTION, hits(*articles) if found is None else found, reach or Reach()
        )
    )
    return reached, counting.batches


def numbers(reached: Sequence[Chosen]) -> list[int]:
    return [one.id for one, _ in reached]


def test_articles_come_in_the_order_of_their_best_passage_each_once() -> None:
    one, other = article(1, 2), article(2)
    found = [Hit(200, 2, 3.0), Hit(100, 1, 2.0), Hit(101, 1, 1.0)]
    assert numbers(chosen([one, other], found)[0]) == [2, 1]


def test_nothing_found_reads_nothing() -> None:
    assert chosen([article(1)], []) == ([], [])


def test_no_article_is_read_beyond_the_reach() -> None:
    reached, batches = chosen([article(n) for n in range(1, 30)], reach=Reach(articles=5))
    assert numbers(reached) == [1, 2, 3, 4, 5]
    assert sum(map(len, batches)) == 5


def test_articles_are_read_four_at_a_time_and_no_more_than_are_weighed() -> None:
    long = [article(n, 6) for n in range(1, 13)]
    reached, batches = chosen(long, reach=Reach(passages=12))
    assert numbers(reached) == [1, 2, 3]
    assert batches == [[1, 2, 3, 4]]


def test_at_least_three_articles_are_weighed_however_long_they_are() -> None:
    assert numbers(chosen([article(n, 16) for n in range(1, 9)], reach=Reach(passages=1))[0]) == [1, 2, 3]


def test_articles_that_are_gone_are_left_out() -> None:
    one, other = article(1), article(2)
    assert numbers(chosen([other], hits(one, other))[0]) == [2]


def test_a_short_article_is_read_whole() -> None:
    whole = article(1, 16)
    [(_, passages)], _ = chosen([whole], [Hit(108, 1, 1.0)])
    assert passages == whole.passages


def test_of_a_long_article_its_beginning_and_what_stands_around_the_hits_are_read() -> None:
    long = article(1, 40)
    [(_, passages)], _ = chosen([long], [Hit(120, 1, 2.0), Hit(139, 1, 1.0)])
    assert [passage.id for passage in passages] == [100, 119, 120, 121, 138, 139]


def test_an_article_without_the_quoted_phrase_is_left_out() -> None:
    one, other = article(1), article(2, text="The keeper slept, “come what may”.")
    assert numbers(chosen([one, other], question='Who said "come what may"?')[0]) == [2]


def test_an_article_without_passages_is_weighed_as_one_of_nothing() -> None:
    empty = replace(article(1), passages=(), text="")
    reached, _ = chosen([empty], [Hit(1, 1, 1.0)])
    assert reached == [(empty, ())]
    assert Shelf(InMemory({})).context(reached[0]).sentences == ()


def test_articles_at_hand_leave_out_those_that_are_not() -> None:
    one = article(1)
    assert asyncio.run(InMemory({1: one}).read([2, 1, 1])) == {1: one}


def test_a_context_has_the_sentences_that_were_read_in_their_order() -> None:
    long = article(1, 40)
    [read], _ = chosen([long], [Hit(120, 1, 1.0)])
    context = Shelf(InMemory({})).context(read)
    assert [sentence.passage_id for sentence in context.sentences] == [100, 119, 120, 121]
    assert all(sentence.span.of(long.text) == sentence.text for sentence in context.sentences)


def test_what_was_read_once_is_not_read_again() -> None:
    shelf, one = Shelf(InMemory({})), article(1, 3)
    first, again = (shelf.context((one, one.passages)) for _ in range(2))
    assert [id(sentence) for sentence in first.sentences] == [id(sentence) for sentence in again.sentences]
    assert first.profile is again.profile


def test_a_new_revision_is_read_anew() -> None:
    shelf, old = Shelf(InMemory({})), article(1)
    new = replace(article(1, text="The owner lit it."), revision=2)
    assert [one.text for one in shelf.context((old, old.passages)).sentences] == ["The keeper lit it."]
    assert [one.text for one in shelf.context((new, new.passages)).sentences] == ["The owner lit it."]


def test_a_profile_counts_the_whole_article_though_few_of_its_passages_were_read() -> None:
    long = article(1, 40)
    [read], _ = chosen([long], [Hit(120, 1, 1.0)])
    assert Shelf(InMemory({})).context(read).profile.count("keeper") == 40


@pytest.mark.parametrize("whole_first", [True, False])
def test_what_is_counted_does_not_depend_on_what_was_asked_before(*, whole_first: bool) -> None:
    shelf, one = Shelf(InMemory({})), article(1, 5)
    readings = [(one, one.passages), (one, one.passages[:2])]
    counts = [shelf.context(each).profile.count("keeper") for each in (readings if whole_first else readings[::-1])]
    assert counts == [5, 5]


def test_how_often_names_stand_does_not_depend_on_what_was_asked_before() -> None:
    one = article(1, 20, text="They met Sorrane and Dost.")
    fresh = Shelf(InMemory({})).context((one, one.passages[:2])).profile.most_named
    used = Shelf(InMemory({}))
    used.context((one, one.passages))
    assert used.context((one, one.passages[:2])).profile.most_named == fresh


@given(
    st.lists(st.integers(1, 30), min_size=1, max_size=15),
    st.builds(Reach, st.integers(1, 12), st.integers(1, 12), st.integers(1, 16)),
    st.randoms(use_true_random=False),
)
def test_no_more_is_read_than_the_reach_allows(sizes: list[int], reach: Reach, random: Random) -> None:
    articles = [article(n, size) for n, size in enumerate(sizes, 1)]
    ids = [passage.id for one in articles for passage in one.passages]
    found = [Hit(number, number // 100, 1.0) for number in random.sample(ids, min(len(ids), 40))]
    reached, batches = chosen(articles, found, reach)
    best = list(dict.fromkeys(hit.article_id for hit in found))
    assert numbers(reached) == best[: len(reached)]
    assert len(reached) <= min(reach.articles, len(best))
    assert sum(map(len, batches)) <= reach.articles
    read = [len(passages) for _, passages in reached]
    assert all(sum(read[:n]) < reach.passages for n in range(3, len(read)))
    for one, passages in reached:
        near = 3 * sum(hit.article_id == one.id for hit in found) + 1
        assert len(passages) <= (len(one.passages) if len(one.passages) <= reach.whole_article_passages else near)
