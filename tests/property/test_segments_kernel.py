"""The compiled kernel finds what plain adding finds, to the last bit, and survives whatever its buffers hold."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from random import Random

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retrieval.segments import kernel
from retrieval.segments.segment import Flags
from tests.fakes.lists import PAPERS, Lists, Question, ask, best_by_adding, lists_of, terms_of

pytestmark = pytest.mark.skipif(not kernel.available(), reason=kernel.describe())

WORDS = ("tide", "court", "map", "plumless", "buckeroo", "東京", "")
ARRAYS = (
    "starts rows codes block_starts block_last block_bounds passages article_of article_ids published "
    "publication_codes term_crcs term_ends term_bytes"
).split()
MANY_ROWS = 25_000
"""A dozen windows."""


@st.composite
def small_lists(draw: st.DrawFn) -> Lists:
    """A few dozen passages of a few words."""
    texts = draw(st.lists(st.lists(st.sampled_from(WORDS), max_size=8), min_size=1, max_size=40))
    postings = {
        word: held
        for word in WORDS
        if (held := [(row, text.count(word)) for row, text in enumerate(texts) if word in text])
    }
    return lists_of(postings, [len(text) for text in texts], wide=draw(st.booleans()))


@cache
def large_lists(seed: int) -> Lists:
    """Lists by Zipf's law over a dozen windows; in some stretches words are more frequent and passages short."""
    generator = np.random.default_rng(seed)
    rows = np.arange(MANY_ROWS)
    lengths = generator.integers(20, 300, MANY_ROWS)
    lengths[rows // 1_000 % 5 == seed % 5] //= 4
    postings = {}
    for rank in range(14):
        share = 0.8 / (1 + rank * (1 + seed % 3)) ** 1.5
        dense = np.where(rows // 3_000 % 4 == rank % 4, 3 * share, share / 2)
        held = np.flatnonzero(generator.random(MANY_ROWS) < dense)
        counts = generator.geometric(0.4 if rank % 3 else 0.9, len(held))
        postings[f"w{rank}"] = list(zip(held.tolist(), counts.tolist(), strict=True))
    postings["once"] = [(int(generator.integers(MANY_ROWS)), 1)]
    postings["seldom"] = [(int(row), 2) for row in np.sort(generator.choice(MANY_ROWS, 9, replace=False))]
    return lists_of(postings, lengths.tolist(), wide=bool(seed % 2))


def flags(seed: int, size: int, share: float) -> Flags:
    return np.random.default_rng(seed).random(size) < share


@st.composite
def questions_to(draw: st.DrawFn, lists: Lists, idfs: st.SearchStrategy[float]) -> Question:
    words = sorted(lists.postings)
    weights = st.sampled_from([1.0, 1.0, 1.0, 0.25, 2.0, 1e-3, 0.0])
    live = draw(st.sampled_from([None, None, 0.95, 0.3]))
    dated = draw(st.sampled_from([(0, 0), (0, 0), (1, 1 << 40), (1000, 2000), (3000, 3000), (0, 5)]))
    return Question(
        draw(st.lists(st.tuples(st.sampled_from(words), idfs, weights), max_size=12)) if words else [],
        k=draw(st.one_of(st.integers(0, 25), st.sampled_from([100, 1_000, 1 << 40]))),
        floor=draw(st.sampled_from([0.0, 0.0, -1.0, 0.5, 3.0, 9.0])),
        since=dated[0],
        until=dated[1],
        allowed=draw(st.sampled_from([None, None, bytes(PAPERS), b"\0\1\0\0\0", b"\1\1\0\1\0"])),
        live=None if live is None else flags(draw(st.integers(0, 99)), len(lists.lengths), live),
    )


@given(st.data())
def test_in_a_short_segment_the_best_are_those_that_adding_finds(data: st.DataObject) -> None:
    lists = data.draw(small_lists())
    question = data.draw(questions_to(lists, st.floats(-2, 8)))
    assert ask(lists, question) == best_by_adding(lists, question)


@given(st.data())
@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
def test_in_a_long_segment_nothing_that_is_left_out_was_among_the_best(data: st.DataObject) -> None:
    lists = large_lists(data.draw(st.integers(0, 5)))
    idfs = st.one_of(st.floats(0.01, 9), st.floats(0.01, 9), st.sampled_from([1.0, -0.3, 0.0]))
    question = data.draw(questions_to(lists, idfs))
    assert ask(lists, question) == best_by_adding(lists, question)


@given(st.data())
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_rows_that_tie_are_told_apart_by_date_and_passage(data: st.DataObject) -> None:
    rows = data.draw(st.integers(1, 9_000))
    step = data.draw(st.integers(1, 3))
    lists = lists_of(
        {"a": [(row, 1) for row in range(0, rows, step)], "b": [(row, 1) for row in range(rows)]}, [7] * rows
    )
    question = data.draw(questions_to(lists, st.sampled_from([0.1, 0.3, 1.0])))
    assert ask(lists, question) == best_by_adding(lists, question)


@given(st.lists(st.text(max_size=6), unique=True, max_size=60), st.lists(st.text(max_size=6), max_size=20))
def test_the_terms_that_are_there_are_found_and_no_others(held: list[str], asked: list[str]) -> None:
    lists = lists_of({term: [(0, 1)] for term in held}, [1])
    arrays = kernel.arrays_of(lists.segment)
    for term in held + asked:
        number = arrays.find(term)
        assert (lists.name(number) == term) if term in held else (number == -1)


@given(st.data())
@settings(deadline=None, max_examples=400, suppress_health_check=[HealthCheck.too_slow])
def test_damaged_arrays_give_rows_of_the_segment_or_none(data: st.DataObject) -> None:
    lists = large_lists(data.draw(st.integers(0, 1))) if data.draw(st.booleans()) else data.draw(small_lists())
    words = data.draw(questions_to(lists, st.floats(0.01, 9)))
    terms = terms_of(lists, words)
    names = data.draw(st.lists(st.sampled_from(ARRAYS), min_size=1, max_size=3, unique=True))
    random = Random(data.draw(st.integers(0, 1 << 32)))
    flips = data.draw(st.sampled_from([1, 3, 50, 5_000]))
    changed = {name: damaged(getattr(lists.segment, name), flips, random) for name in names}
    segment = replace(lists.segment, **changed)  # type: ignore[arg-type] # any array
    arrays = kernel.arrays_of(segment)
    best = kernel.best(
        arrays,
        lists.table,
        lists.bounds,
        words.live,
        terms,
        words.k,
        words.floor,
        words.since,
        words.until,
        words.allowed,
    )
    assert len(best) <= max(0, words.k)
    assert {passage for _, _, passage, _ in best} <= set(segment.passages.tolist())
    assert all(-1 <= arrays.find(word) < len(lists.postings) for word in [*lists.postings, "absent"])


def damaged(array: npt.NDArray[np.generic], flips: int, random: Random) -> npt.NDArray[np.generic]:
    """A copy in which some bytes are others, or some numbers those of other places: those look right one by one."""
    copy = array.copy()
    octets = copy.view(np.uint8)
    for _ in range(min(flips, len(octets))):
        if random.random() < 0.5:
            octets[random.randrange(len(octets))] = random.choice([0, 255, random.randrange(256)])
        else:
            copy[random.randrange(len(copy))] = copy[random.randrange(len(copy))]
    return copy
