"""The door to the compiled kernel, and what the kernel refuses."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from retrieval.segments import kernel
from tests.fakes.lists import Lists, Question, ask, best_by_adding, lists_of, terms_of

ROOT = Path(__file__).parents[2]
needs_kernel = pytest.mark.skipif(not kernel.available(), reason=kernel.describe())

POSTINGS = {
    "harbor": [(0, 1), (2, 3), (5, 1)],
    "map": [(1, 1), (2, 1)],
    "plumless": [(3, 1)],  # this and the next have the same crc32
    "buckeroo": [(3, 1), (4, 2)],
    "": [(5, 2)],
    "Straße 東京 👋": [(0, 1)],
}
LENGTHS = [4, 9, 6, 3, 12, 5]


def small() -> Lists:
    return lists_of(POSTINGS, LENGTHS)


def large(seed: int) -> Lists:
    """Lists of many blocks over many windows."""
    generator = np.random.default_rng(seed)
    rows = 30_000
    sizes = {"rare": 40, "seldom": 700, "often": 6_000, "common": 15_000}
    return lists_of(
        {
            word: [
                (int(row), int(count))
                for row, count in zip(
                    np.sort(generator.choice(rows, size, replace=False)), generator.geometric(0.7, size), strict=True
                )
            ]
            for word, size in sizes.items()
        },
        generator.integers(20, 200, rows).tolist(),
    )


def said_with(switch: str) -> str:
    program = "from retrieval.segments import kernel; print(kernel.available(), kernel.describe())"
    environment = os.environ | {kernel.SWITCH: switch}
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, check=True)
    return done.stdout.decode().strip()


def test_the_switch_turns_the_kernel_off() -> None:
    assert said_with("off") == "False numpy, because AMICUS_KERNEL is off"


def test_it_says_what_searches() -> None:
    said = said_with("")
    assert said == "True compiled kernel" or said.startswith("False numpy, because the compiled kernel ")


@pytest.mark.skipif(kernel.available(), reason="the kernel is there")
def test_without_the_kernel_its_door_says_why_it_is_closed() -> None:
    with pytest.raises(RuntimeError, match=r"(?i)kernel"):
        kernel.arrays_of(small().segment)


@needs_kernel
def test_every_term_is_found_and_no_other() -> None:
    lists = small()
    arrays = kernel.arrays_of(lists.segment)
    assert [arrays.find(lists.name(number)) for number in range(len(POSTINGS))] == list(range(len(POSTINGS)))
    assert {arrays.find(term) for term in ("harbour", "plumles", "Harbor", "\0", "x" * 10_000, "\ud800")} == {-1}


@needs_kernel
def test_no_term_is_found_among_none() -> None:
    assert kernel.arrays_of(lists_of({}, [3, 4]).segment).find("harbor") == -1
    assert kernel.arrays_of(lists_of({}, []).segment).find("") == -1


@needs_kernel
@pytest.mark.parametrize("k", [-1, 0])
def test_none_is_best_of_none_asked_for(k: int) -> None:
    assert ask(small(), Question([("harbor", 1.0, 1.0)], k=k)) == []


@needs_kernel
def test_a_word_asked_twice_counts_twice() -> None:
    question = Question([("harbor", 1.3, 1.0), ("map", 0.7, 0.5), ("harbor", 1.3, 1.0)])
    assert ask(small(), question) == best_by_adding(small(), question)


@needs_kernel
def test_more_may_be_asked_for_than_there_is() -> None:
    question = Question([("harbor", 1.0, 1.0), ("buckeroo", 1.0, 1.0)], k=sys.maxsize)
    assert ask(small(), question) == best_by_adding(small(), question)
    assert len(ask(small(), question)) == 5


@needs_kernel
def test_the_floor_is_exact_to_the_last_bit() -> None:
    lists, words = large(2), [("rare", 7.1, 1.0), ("seldom", 4.4, 1.0), ("often", 2.2, 1.0)]
    scores = [score for score, _, _, _ in ask(lists, Question(words, k=20))]
    for floor in scores:
        at_least = ask(lists, Question(words, k=20, floor=floor))
        more = ask(lists, Question(words, k=20, floor=math.nextafter(floor, math.inf)))
        assert [score for score, _, _, _ in at_least] == [score for score in scores if score >= floor]
        assert [score for score, _, _, _ in more] == [score for score in scores if score > floor]


@needs_kernel
def test_a_segment_of_more_rows_than_caps_are_kept_for_is_searched_whole() -> None:
    rows = 2_200_000
    generator = np.random.default_rng(5)
    sizes = {"rare": 9, "seldom": 900, "often": 20_000}
    postings = {
        word: [(int(row), 1 + int(row) % 3) for row in np.unique(generator.integers(0, rows, size))]
        for word, size in sizes.items()
    }
    lists = lists_of(postings, [50 + row % 40 for row in range(rows)])
    words = [("often", 1.1, 1.0), ("rare", 6.5, 0.25), ("seldom", 4.2, 1.0)]
    for question in (Question(words, k=5), Question(words[:1], k=30), Question(words, k=4_000, floor=1.0)):
        assert ask(lists, question) == best_by_adding(lists, question)


@needs_kernel
def test_threads_that_share_the_arrays_get_what_each_gets_alone() -> None:
    lists = large(1)
    arrays = kernel.arrays_of(lists.segment)
    words = [("rare", 7.1, 1.0), ("seldom", 4.4, 1.0), ("often", 2.2, 1.0), ("common", 0.9, 1.0)]
    questions = [Question(words[n % 4 :] + words[: n % 4], k=1 + n) for n in range(24)]
    alone = [best_by_adding(lists, question) for question in questions]

    def answers(_: int) -> list[list[kernel.Candidate]]:
        return [
            kernel.best(arrays, lists.table, lists.bounds, None, terms_of(lists, question), question.k, 0.0, 0, 0, None)
            for question in questions
        ]

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(answers, range(8))) == [alone] * 8


WRONG: dict[str, Callable[[Lists], Lists]] = {
    "floats for rows": lambda lists: with_array(lists, "rows", lists.segment.rows.astype(np.float32)),
    "rows of eight bytes": lambda lists: with_array(lists, "rows", lists.segment.rows.astype(np.uint64)),
    "signed rows": lambda lists: with_array(lists, "rows", lists.segment.rows.astype(np.int32)),
    "codes of a byte": lambda lists: with_array(lists, "codes", lists.segment.codes.astype(np.uint8)),
    "foreign byte order": lambda lists: with_array(lists, "starts", lists.segment.starts.astype(">u4")),
    "every other row": lambda lists: with_array(lists, "rows", np.repeat(lists.segment.rows, 2)[::2]),
    "two dimensions": lambda lists: with_array(lists, "rows", lists.segment.rows.reshape(1, -1)),
    "not aligned": lambda lists: with_array(lists, "rows", shifted(lists.segment.rows)),
    "a row missing": lambda lists: with_array(lists, "rows", lists.segment.rows[1:]),
    "a start missing": lambda lists: with_array(lists, "starts", lists.segment.starts[1:]),
    "no starts": lambda lists: with_array(lists, "starts", lists.segment.starts[:0]),
    "a block missing": lambda lists: with_array(lists, "block_last", lists.segment.block_last[1:]),
    "a passage missing": lambda lists: with_array(lists, "passages", lists.segment.passages[1:]),
    "a date missing": lambda lists: with_array(lists, "published", lists.segment.published[1:]),
    "a publication missing": lambda lists: with_array(lists, "publication_codes", lists.segment.publication_codes[1:]),
    "a term missing": lambda lists: with_array(lists, "term_crcs", lists.segment.term_crcs[1:]),
    "an end missing": lambda lists: with_array(lists, "term_ends", lists.segment.term_ends[1:]),
    "a table of four bytes": lambda lists: replace(lists, table=lists.table.astype(np.float32)),
    "bounds of integers": lambda lists: replace(lists, bounds=lists.bounds.astype(np.int64)),
}


def with_array(lists: Lists, name: str, array: npt.NDArray[np.generic]) -> Lists:
    return replace(lists, segment=replace(lists.segment, **{name: array}))  # type: ignore[arg-type] # any array


def shifted(array: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """The same numbers, one byte off the place where the processor wants them."""
    room = np.zeros(array.nbytes + 8, np.uint8)
    moved = room[1 : 1 + array.nbytes].view(np.uint32)
    moved[:] = array
    return moved


@needs_kernel
@pytest.mark.parametrize("wrong", WRONG)
def test_buffers_that_do_not_fit_are_refused(wrong: str) -> None:
    with pytest.raises((TypeError, ValueError)):
        ask(WRONG[wrong](small()), Question([("harbor", 1.0, 1.0)]))


@needs_kernel
@pytest.mark.parametrize(
    "term",
    [
        (-1, 1.0, 1.0),
        (6, 1.0, 1.0),
        (1 << 70, 1.0, 1.0),
        (0, float("nan"), 1.0),
        (0, float("inf"), 1.0),
        (0, 1.0, -1.0),
    ],
)
def test_terms_that_can_not_be_are_refused(term: kernel.Term) -> None:
    lists = small()
    with pytest.raises((ValueError, OverflowError)):
        kernel.best(
            kernel.arrays_of(lists.segment), lists.table, lists.bounds, None, [term], 5, 0.0, 0, 0, None
        )  # fmt: skip


@needs_kernel
def test_other_arguments_that_can_not_be_are_refused() -> None:
    lists = small()
    with pytest.raises(ValueError, match="live"):
        ask(lists, Question([("harbor", 1.0, 1.0)], live=np.ones(5, np.bool_)))
    with pytest.raises(ValueError, match="floor"):
        ask(lists, Question([("harbor", 1.0, 1.0)], floor=float("nan")))
