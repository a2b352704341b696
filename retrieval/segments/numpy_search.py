"""The best rows of a segment for some terms, in numpy: the way that runs everywhere.

In a small segment everything is added up. In a large one terms are looked at in order of the most they can give
(MaxScore: Turtle & Flood 1995). Once the k-th best row so far cannot be reached by what the terms still to come can
give, these only add to the rows found before; and of their postings only those blocks are looked into whose bound could
still bring a row among the best (block maxima: Ding & Suel 2011). The rows that are left get their exact score, summed
in the question's order.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, cast

import numpy as np
import numpy.typing as npt

from retrieval.errors import IndexUnusable
from retrieval.segments.kernel import in_order
from retrieval.segments.segment import BLOCK, Flags, Segment, Small

if TYPE_CHECKING:
    from retrieval.segments.kernel import Candidate, Term

Scores = npt.NDArray[np.float64]
Places = npt.NDArray[np.integer]

_SLACK: Final = 1e-9
"""Bounds are sums in another order than scores: by so much, relatively, a bound is trusted less than its value."""
_FEW_ROWS: Final = 1 << 18
"""In a segment of so few rows, adding up everything is faster than leaving something out."""
_FEW_FOUND: Final = 512
"""So few rows are scored outright when no other row can be among the best."""


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

    def counting(self, wanted: Wanted, segment: Segment, places: slice | Places) -> tuple[Small, Scores]:
        """The rows at these places that count, with what the postings give."""
        rows = self.rows[places]
        if wanted.any_row:
            return rows, self.scores(places)
        rows = wanted.of(segment, rows)
        return rows, self.scores(self.places_of(rows)[0])

    def promising(self, least: float) -> slice | Places:
        """The places of the postings in blocks that can give so much."""
        can_give = self._weight * (self.idf * self._bounds.take(self._block_codes)) * (1 + _SLACK)
        chosen = np.flatnonzero(can_give >= least)
        if len(chosen) == len(can_give):
            return slice(None)
        places = (chosen[:, None] * BLOCK + np.arange(BLOCK)).ravel()
        return places[: places.searchsorted(len(self.rows))]


class _Found:
    """Rows found so far, with what the lists looked at give them. Rows that can't be among the best are left out."""

    def __init__(self, segment: Segment, wanted: Wanted, k: int, floor: float) -> None:
        self._segment = segment
        self._wanted = wanted
        self._k = k
        self.least = floor * (1 - _SLACK)
        self.rows = np.zeros(0, np.uint32)
        self._scores = np.zeros(0)

    def look_at(self, postings: _List, rest: float) -> None:
        """One more list is counted in; `rest` is the most that those after it can give."""
        known: Places = np.zeros(0, np.intp)
        if len(self.rows):
            at, held = postings.places_of(self.rows)
            known = at[held]
            self._scores[held] += postings.scores(known)
        if postings.bound + rest >= self.least:
            self._take_in(postings, postings.promising(self.least - rest), known)
        self.least = max(self.least, _least_of_best(self._scores, self._k) * (1 - _SLACK))
        kept = np.flatnonzero(self._scores + rest >= self.least)
        if len(kept) < len(self.rows):
            self.rows, self._scores = self.rows.take(kept), self._scores.take(kept)

    def _take_in(self, postings: _List, places: slice | Places, known: Places) -> None:
        """The rows at these places are among those found, but for the known ones, which are already."""
        if len(known):
            fresh = np.ones(len(postings.rows), np.bool_)
            fresh[known] = False
            places = np.flatnonzero(fresh) if isinstance(places, slice) else places[fresh.take(places)]
        rows, scores = postings.counting(self._wanted, self._segment, places)
        self.rows = np.concatenate((self.rows, rows)) if len(self.rows) else rows
        self._scores = np.concatenate((self._scores, scores)) if len(self._scores) else scores


def _promising_rows(segment: Segment, wanted: Wanted, lists: Sequence[_List], k: int, floor: float) -> Small:
    """The rows that can be among the best; `lists` by falling bound."""
    found = _Found(segment, wanted, k, floor)
    rest = sum(each.bound for each in lists)
    for each in lists:
        if rest < found.least and len(found.rows) <= _FEW_FOUND:
            break  # no other row can get there, and these few are scored at the end anyway
        rest -= each.bound
        found.look_at(each, max(rest, 0.0))
    return found.rows


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
    if int(named.max()) >= segment.size:
        raise IndexError  # of a damaged file: counting would take room up to that row
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
