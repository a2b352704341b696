"""A segment as a ranking searches it: opened, with what each code gives, in the compiled way or in numpy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from retrieval.index import Filters
from retrieval.segments import kernel
from retrieval.segments.kernel import Candidate, Term
from retrieval.segments.segment import Bytes, Small, View

Scores = npt.NDArray[np.float64]
Saturation = Callable[[Small, Small, Bytes], Scores]
"""What frequencies in passages of these lengths give, by field."""

_ANY_TIME: Final = (0, 0)
"""Stands for articles of any date, undated ones too."""
_FIRST_DAY, _LAST_DAY = 1, (1 << 32) - 1


class Searched:
    """One view of a ranking. It holds the segment open."""

    def __init__(self, view: View, saturation: Saturation, *, compiled: bool) -> None:
        self._view = view
        self.segment = segment = view.segment
        self._starts = segment.starts.data
        self._is_whole = not len(view.removed)
        self._pairs = saturation(segment.pair_counts, segment.pair_lengths, segment.pair_fields)
        self._bounds = saturation(segment.bound_counts, segment.bound_lengths, segment.bound_fields)
        self._arrays = segment.arrays if compiled else None
        self.find: Callable[[str], int] = self._arrays.find if self._arrays else segment.find

    def frequency(self, number: int) -> int:
        """In how many live passages the term stands; 0 for -1, which stands for a term that is not there."""
        if number < 0:
            return 0
        if self._is_whole:
            starts = self._starts
            return starts[number + 1] - starts[number]
        return self._view.document_frequency(number)

    def best(self, terms: Sequence[Term], filters: Filters, k: int, floor: float) -> list[Candidate]:
        """The best `k` live rows that pass the filters and score `floor` at least, in total order."""
        since, until = _range(filters) if filters.since or filters.until else _ANY_TIME
        allowed = self._allowed(filters) if filters.publications else None
        tables = self._pairs, self._bounds, self._view.live
        if self._arrays:
            return kernel.best(self._arrays, *tables, terms, k, floor, since, until, allowed)
        from retrieval.segments import numpy_search  # noqa: PLC0415 - not needed where the kernel is

        return numpy_search.best(self.segment, *tables, terms, k, floor, since, until, allowed)

    def add_scores(self, number: int, idf: float, to: Scores) -> None:
        """Every row's score has what the term gives added to it."""
        part = self.segment.postings_of(number)
        to[self.segment.rows[part]] += idf * self._pairs[self.segment.codes[part]]

    def live(self, by_row: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
        """What belongs to live rows."""
        return by_row[self._view.live_rows]

    def _allowed(self, filters: Filters) -> bytes:
        """For each of the segment's publications whether it passes."""
        from corpus.text import fold  # noqa: PLC0415 - its patterns are slow to make, and few questions name an outlet

        asked = {fold(name) for name in filters.publications}
        return bytes([name in asked for name in self.segment.publications])


def _range(filters: Filters) -> tuple[int, int]:
    """The first and the last day that pass, as ordinals."""
    first = filters.since.toordinal() if filters.since else _FIRST_DAY
    return first, filters.until.toordinal() if filters.until else _LAST_DAY
