"""Several segments → one that holds what is live in them, written piece by piece so that little memory is needed.

All vocabularies are in the same order, so the terms of the merged segment are gone through once: the postings of a
range of terms stand side by side in each segment, and go side by side into the new one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from retrieval.segments.building import (
    as_codes,
    blocks,
    code_type,
    coded,
    pair_keys,
    pair_table,
    runs,
    vocabulary_bytes,
)
from retrieval.segments.segment import Codes, Ids, Segment, Small, View

AT_ONCE: Final = 1 << 20
"""About so many postings are in memory at a time."""


class Writer(Protocol):
    """Where the merged arrays go."""

    def whole(self, name: str, array: npt.NDArray[np.generic]) -> None:
        """The array stands there."""
        ...

    def opened(self, name: str, dtype: type[np.generic], size: int) -> None:
        """There is room for an array that is given in parts."""
        ...

    def part(self, name: str, start: int, values: npt.NDArray[np.generic]) -> None:
        """This part of it stands there."""
        ...


class ArraysInMemory:
    """Keeps the merged arrays in memory."""

    def __init__(self) -> None:
        self.arrays: dict[str, npt.NDArray[np.generic]] = {}

    def whole(self, name: str, array: npt.NDArray[np.generic]) -> None:
        """See `Writer`."""
        self.arrays[name] = array

    def opened(self, name: str, dtype: type[np.generic], size: int) -> None:
        """See `Writer`."""
        self.arrays[name] = np.empty(size, dtype)

    def part(self, name: str, start: int, values: npt.NDArray[np.generic]) -> None:
        """See `Writer`."""
        self.arrays[name][start : start + len(values)] = values


@dataclass(frozen=True, slots=True)
class Names:
    """What a merged segment holds beside its arrays."""

    publications: tuple[str, ...]
    languages: tuple[str, ...]


def merged(views: Sequence[View]) -> Segment:
    """One segment in memory with the live passages of all, in order."""
    kept = ArraysInMemory()
    names = merge(views, kept)
    return Segment.of(kept.arrays, names.publications, names.languages)


def merge(views: Sequence[View], to: Writer, *, at_once: int = AT_ONCE) -> Names:
    """The arrays of one segment with the live passages of all, in order, are where `to` puts them."""
    names = _columns(views, to)
    vocabulary = _joined([view.segment for view in views])
    sizes = [_live_sizes(view, at_once) for view in views]
    totals = np.zeros(len(vocabulary.terms), np.int64)
    for mapping, each in zip(vocabulary.mappings, sizes, strict=True):
        totals[mapping] += each
    held = totals > 0
    renumbered = np.cumsum(held) - 1
    terms = [term for term, kept in zip(vocabulary.terms, held.tolist(), strict=True) if kept]
    starts = np.concatenate(([0], np.cumsum(totals[held]))).astype(np.uint32)
    to.whole("term_crcs", vocabulary.crcs[held])
    for name, array in (vocabulary_bytes(terms) | {"starts": starts}).items():
        to.whole(name, array)
    inputs = [
        _Input(view, renumbered[mapping], each, first)
        for view, mapping, each, first in zip(views, vocabulary.mappings, sizes, _first_rows(views), strict=True)
    ]
    _write_postings(inputs, starts, to, at_once)
    return names


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    """All terms in order; `mappings[i]` gives the place of each term of segment `i` among them."""

    terms: list[bytes]
    crcs: Small
    mappings: list[Ids]


def _joined(segments: Sequence[Segment]) -> _Vocabulary:
    sizes = [segment.terms for segment in segments]
    crcs = np.concatenate([segment.term_crcs for segment in segments])
    terms = [segment.term_at(n) for segment in segments for n in range(segment.terms)]
    order = np.argsort(crcs, kind="stable")
    in_order = order.tolist()
    crcs = crcs[order]
    fresh = np.ones(len(order), np.bool_)
    for first, last in runs(crcs):
        group = in_order[first:last]
        if any(terms[i] != terms[group[0]] for i in group):  # different terms that share a number
            group.sort(key=lambda i: (terms[i], i))
            in_order[first:last] = group
        fresh[first + 1 : last] = [terms[a] != terms[b] for a, b in pairwise(group)]
    places = np.empty(len(order), np.int64)
    places[in_order] = np.cumsum(fresh) - 1
    different = [terms[i] for i, new in zip(in_order, fresh.tolist(), strict=True) if new]
    return _Vocabulary(different, crcs[fresh], np.split(places, np.cumsum(sizes)[:-1]))


def _live_sizes(view: View, at_once: int) -> Ids:
    """In how many live passages each term stands."""
    starts = view.segment.starts.astype(np.int64)
    if view.live is None:
        return np.diff(starts)
    before = np.zeros(len(starts), np.int64)
    counted = 0
    for first in range(0, int(starts[-1]), at_once):
        last = min(first + at_once, int(starts[-1]))
        running = counted + np.concatenate(([0], np.cumsum(view.live[view.segment.rows[first:last]])))
        inside = slice(*np.searchsorted(starts, [first, last + 1]).tolist())
        before[inside] = running[starts[inside] - first]
        counted = int(running[-1])
    return np.diff(before)


def _first_rows(views: Sequence[View]) -> list[int]:
    counts = [view.live_count for view in views]
    return [sum(counts[:n]) for n in range(len(counts))]


class _Input:
    """A view with the new numbers of its terms and rows."""

    def __init__(self, view: View, mapping: Ids, sizes: Ids, first_row: int) -> None:
        self.view = view
        self._mapping = mapping  # not falling; terms that nothing live holds stand at their neighbour's place
        self._sizes = sizes
        self._first_row = first_row
        self._renumbered = None if view.live is None else (np.cumsum(view.live) - 1).astype(np.uint32)
        segment = view.segment
        self.pairs = pair_keys(segment.pair_counts, segment.pair_lengths, segment.pair_fields)
        self.new_codes: Codes = np.zeros(0, np.uint16)

    def between(self, first: int, last: int) -> tuple[Ids, Ids, Small, Codes]:
        """Of the new terms from `first` to before `last`: the terms and their sizes; the postings' rows and codes."""
        old = slice(*np.searchsorted(self._mapping, [first, last]).tolist())
        part = slice(int(self.view.segment.starts[old.start]), int(self.view.segment.starts[old.stop]))
        rows, codes = self.view.segment.rows[part], self.new_codes[self.view.segment.codes[part]]
        if self.view.live is not None and self._renumbered is not None:
            kept = self.view.live[rows]
            rows, codes = self._renumbered[rows[kept]], codes[kept]
        held = self._sizes[old] > 0
        return self._mapping[old][held], self._sizes[old][held], rows + np.uint32(self._first_row), codes


def _write_postings(inputs: Sequence[_Input], starts: Small, to: Writer, at_once: int) -> None:
    different = np.unique(np.concatenate([each.pairs for each in inputs]))
    for each in inputs:
        each.new_codes = as_codes(np.searchsorted(different, each.pairs), len(different))
    to.opened("rows", np.uint32, int(starts[-1]))
    to.opened("codes", code_type(len(different)), int(starts[-1]))
    block_starts, block_last, bounds = [np.zeros(1, np.uint32)], [], []
    for first, last in _ranges(starts, at_once):
        begin = int(starts[first])
        local = (starts[first : last + 1] - starts[first]).astype(np.uint32)
        rows, codes = _gathered(inputs, first, last, local)
        to.part("rows", begin, rows)
        to.part("codes", begin, codes)
        part_starts, part_last, part_bounds = blocks(local, rows, different[codes])
        block_starts.append(part_starts[1:] + block_starts[-1][-1])
        block_last.append(part_last)
        bounds.append(part_bounds)
    bound_codes, found = coded(np.concatenate([np.zeros(0, np.int64), *bounds]))
    rest = {
        "block_starts": np.concatenate(block_starts),
        "block_last": _together(block_last),
        "block_bounds": bound_codes,
    }
    for name, array in (rest | pair_table("pair", different) | pair_table("bound", found)).items():
        to.whole(name, array)


def _together(parts: list[Small]) -> Small:
    return np.concatenate([np.zeros(0, np.uint32), *parts])


def _ranges(starts: Small, at_once: int) -> Iterator[tuple[int, int]]:
    """Ranges of terms that together cover all, each of about so many postings."""
    first, terms = 0, len(starts) - 1
    while first < terms:
        last = int(np.searchsorted(starts, int(starts[first]) + at_once))
        last = min(max(last, first + 1), terms)
        yield first, last
        first = last


def _gathered(inputs: Sequence[_Input], first: int, last: int, local: Small) -> tuple[Small, Codes]:
    """The rows and codes of these terms' postings, those of each term in the order of the inputs."""
    rows = np.empty(int(local[-1]), np.uint32)
    codes = np.empty(int(local[-1]), inputs[0].new_codes.dtype)
    free = local[:-1].astype(np.int64)
    for each in inputs:
        terms, sizes, its_rows, its_codes = each.between(first, last)
        before = np.cumsum(sizes) - sizes
        places = np.repeat(free[terms - first] - before, sizes) + np.arange(len(its_rows))
        rows[places], codes[places] = its_rows, its_codes
        free[terms - first] += sizes
    return rows, codes


def _columns(views: Sequence[View], to: Writer) -> Names:
    """The arrays that tell of rows and articles are written."""
    sizes = [np.diff(view.segment.first_rows)[view.live_articles] for view in views]
    every_size = _together(sizes)
    ids = np.concatenate([view.segment.article_ids[view.live_articles] for view in views])
    publications, publication_codes = _recoded(views, "publications", "publication_codes")
    languages, language_codes = _recoded(views, "languages", "language_codes")
    fields = max((len(view.segment.lengths) for view in views), default=1)
    to.whole("passages", np.concatenate([view.segment.passages[view.live_rows] for view in views]))
    to.whole("article_of", np.repeat(np.arange(len(ids), dtype=np.uint32), every_size))
    to.whole(
        "lengths",
        np.concatenate([view.segment.lengths[:, view.live_rows] for view in views], axis=1).reshape(fields, -1),
    )
    to.whole("article_ids", ids)
    to.whole("first_rows", np.concatenate(([0], np.cumsum(every_size))).astype(np.uint32))
    to.whole("by_id", np.argsort(ids, kind="stable").astype(np.uint32))
    to.whole("published", _together([view.segment.published[view.live_articles] for view in views]))
    to.whole("publication_codes", publication_codes)
    to.whole("language_codes", language_codes)
    return Names(publications, languages)


def _recoded(views: Sequence[View], names: str, codes: str) -> tuple[tuple[str, ...], Small]:
    """The different names over the live articles of several segments, and each article's place among them."""
    different = {
        name: n for n, name in enumerate(dict.fromkeys(chain.from_iterable(getattr(v.segment, names) for v in views)))
    }
    parts = [
        np.array([different[name] for name in getattr(view.segment, names)], np.uint32)[
            getattr(view.segment, codes)[view.live_articles]
        ]
        for view in views
    ]
    return tuple(different), _together(parts)
