"""The best rows of a segment for some terms, in numpy: the way that runs everywhere.

In a small segment everything is added up. In a large one terms are looked at in order of the most they can give
(MaxScore: Turtle & Flood 1995), until no row that holds only the others can be among the best; of a long list only the
blocks whose bound could still bring a row there (block maxima: Ding & Suel 2011). The rows that are left get their
exact score, summed in the question's order.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from threading import local
from typing import TYPE_CHECKING, Final, cast

import numpy as np
import numpy.typing as npt

from retrieval.errors import IndexUnusable
from retrieval.segments.segment import BLOCK, Flags, Segment, Small

if TYPE_CHECKING:
    from retrieval.segments.kernel import Candidate, Term

Scores = npt.NDArray[np.float64]
Places = npt.NDArray[np.integer]

_SLACK: Final = 1e-9
"""Bounds are sums in another order than scores: by so much, relatively, a bound is trusted less than its value."""
_FEW_ROWS: Final = 1 << 18
"""In a segment of so few rows, adding up everything is faster than leaving something out."""
_LONG: Final = 1 << 14
"""A longer list is looked into by blocks."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows count: live, and published in the range (both ordinals included; 0, 0: any), by allowed outlets."""

    live: Flags | None
    since: int
    until: int
    allowed: bytes | None

    @property
    def any_row(self) -> bool:
        """Whether all count."""
        return self.live is None and self.allowed is None and (self.since, self.until) == (0, 0)

    def of(self, segment: Segment, rows: Small) -> Small:
        """Those of the rows that count."""
        if self.live is not None:
            rows = rows[self.live[rows]]
        if (self.since, self.until) != (0, 0) and len(rows):
            published = segment.published[segment.article_of[rows]]
            rows = rows[(published >= self.since) & (published <= self.until)]
        if self.allowed is not None and len(rows):
            allowed = np.frombuffer(self.allowed, np.bool_)
            rows = rows[allowed[segment.publication_codes[segment.article_of[rows]]]]
        return rows


class _List:
    """A term's postings in this segment."""

    def __init__(self, segment: Segment, table: Scores, bounds: Scores, term: Term) -> None:
        number, self.idf, self._weight = term
        part = segment.postings_of(number)
        self.rows = segment.rows[part]
        self._codes = segment.codes[part]
        self._table = table
        self._bounds = bounds
        self._block_codes = segment.block_bounds[segment.blocks_of(number)]

    @cached_property
    def bound(self) -> float:
        """No posting gives more."""
        return self._weight * (self.idf * float(self._bounds[self._block_codes].max(initial=0.0))) * (1 + _SLACK)

    def scores(self, places: slice | Places = slice(None)) -> Scores:
        """What the postings at these places give."""
        given: Scores = self.idf * self._table.take(self._codes[places])
        return given if self._weight == 1.0 else self._weight * given

    def places_of(self, rows: Small) -> tuple[Places, Flags]:
        """Where the list would hold each row, and whether it does."""
        at = self.rows.searchsorted(rows)
        np.minimum(at, len(self.rows) - 1, out=at)
        return at, self.rows.take(at) == rows

    def scores_of(self, rows: Small) -> Scores:
        """What each row gets, 0 where the list doesn't hold it."""
        at, held = self.places_of(rows)
        given = self.scores(at)
        given[~held] = 0.0
        return given

    def promising(self, least: float) -> slice | Places:
        """The places of the postings in blocks that can give so much."""
        can_give = self._weight * (self.idf * self._bounds[self._block_codes]) * (1 + _SLACK)
        chosen = np.flatnonzero(can_give >= least)
        if len(chosen) == len(can_give):
            return slice(None)
        places = (chosen[:, None] * BLOCK + np.arange(BLOCK)).ravel()
        return places[: places.searchsorted(len(self.rows))]


class _Sums(local):
    """For each row the sum of what it was given so far; all 0 between two searches. One for each thread."""

    def __init__(self) -> None:
        self._kept = np.zeros(0)

    @contextmanager
    def of(self, rows: int) -> Iterator[tuple[Scores, list[Small]]]:
        """Sums for so many rows, and a list that must name all rows whose sum is changed."""
        if len(self._kept) < rows:
            self._kept = np.zeros(rows)
        changed: list[Small] = []
        try:
            yield self._kept, changed
        finally:
            for each in changed:
                self._kept[each] = 0.0


_sums: Final = _Sums()


def _promising_rows(segment: Segment, wanted: Wanted, lists: Sequence[_List], k: int, floor: float) -> Small:
    """The rows that can be among the best; `lists` by falling bound."""
    least = floor * (1 - _SLACK)
    rest = sum(each.bound for each in lists)
    named, so_far = np.zeros(0, np.uint32), np.zeros(0)
    with _sums.of(segment.size) as (sums, found):
        for each in lists:
            if rest < least:
                break  # no row that was not found yet can get there
            places = each.promising(least - rest + each.bound) if len(each.rows) > _LONG else slice(None)
            rows = each.rows[places]
            if wanted.any_row:
                scores = each.scores(places)
            else:
                rows = wanted.of(segment, rows)
                scores = each.scores(each.places_of(rows)[0])
            if isinstance(places, slice):
                rest -= each.bound  # else some of its postings are still to be looked at
            found.append(rows)
            sums[rows] = sums.take(rows) + scores
            # A row may stand in each of the lists, so the k-th best of all is no less than this.
            named = np.concatenate(found)
            so_far = sums.take(named)
            least = max(least, _least_of_best(so_far, k * len(found)) * (1 - _SLACK))
        return np.unique(named[so_far + max(rest, 0.0) * (1 + _SLACK) >= least])


def best(  # noqa: PLR0917 - the compiled kernel's signature
    segment: Segment,
    table: Scores,
    bounds: Scores,
    live: Flags | None,
    terms: Sequence[Term],
    k: int,
    floor: float,
    since: int,
    until: int,
    allowed: bytes | None,
) -> list[Candidate]:
    """The best `k` rows, by score, date and passage; see `retrieval.segments.kernel.best`.

    Raises IndexUnusable where the segment's arrays turn out to be damaged.
    """
    try:
        lists = [each for term in terms if len((each := _List(segment, table, bounds, term)).rows)]
        return _best(segment, lists, Wanted(live, since, until, allowed), k, floor) if k > 0 and lists else []
    except (IndexError, ValueError) as error:
        raise IndexUnusable("a segment's arrays are damaged") from error


def _best(segment: Segment, lists: Sequence[_List], wanted: Wanted, k: int, floor: float) -> list[Candidate]:
    if segment.size <= _FEW_ROWS or any(each.idf < 0 for each in lists):
        rows, scores = _added_up(segment, wanted, lists, k)
    else:
        falling = sorted(lists, key=lambda each: -each.bound)
        rows = _promising_rows(segment, wanted, falling, k, floor)
        scores = _sum([each.scores_of(rows) for each in lists])
    return _ranked(segment, rows, scores, k, floor)


def _added_up(segment: Segment, wanted: Wanted, lists: Sequence[_List], k: int) -> tuple[Small, Scores]:
    """The rows that may be among the best of all that hold a term, with their scores."""
    named = np.concatenate([each.rows for each in lists])
    # With weights it gives floats, which its type doesn't say.
    every = cast("Scores", np.bincount(named, np.concatenate([each.scores() for each in lists]), segment.size))
    named = wanted.of(segment, named)
    scores = every.take(named)
    rows = np.unique(named[scores >= _least_of_best(scores, k * len(lists))])
    return rows, every.take(rows)


def _least_of_best(scores: Scores, last: int) -> float:
    """The score that stands at this place from the top; the least there can be where there are not so many."""
    if len(scores) < last:
        return -math.inf
    return float(np.partition(scores, len(scores) - last)[len(scores) - last])


def _sum(given: Sequence[Scores]) -> Scores:
    """The sum in this order, begun with 0 as everywhere."""
    total = np.zeros(len(given[0]))
    for each in given:
        total += each
    return total


def _ranked(segment: Segment, rows: Small, scores: Scores, k: int, floor: float) -> list[Candidate]:
    """The rows in total order, cut to `k`."""
    if len(rows) > k:
        floor = max(floor, float(np.partition(scores, len(rows) - k)[len(rows) - k]))
    kept = np.flatnonzero((scores >= floor) & (scores > 0))
    rows, scores = rows[kept], scores[kept]
    articles = segment.article_of[rows]
    columns = (scores, segment.published[articles], segment.passages[rows], segment.article_ids[articles])
    found = list(zip(*(column.tolist() for column in columns), strict=True))
    return sorted(found, key=in_order)[:k]


def in_order(candidate: Candidate) -> tuple[float, int, int]:
    """The key of the total order: score, newest date, smallest passage id."""
    score, published, passage, _ = candidate
    return -score, -published, passage
