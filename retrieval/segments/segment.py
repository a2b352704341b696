"""A segment: some passages of one collection with their postings, as immutable arrays, in memory or mapped from a file.

Terms are sorted by (crc32 of their UTF-8, UTF-8), so that one is found by bisection over numbers. A term's postings are
the rows of the passages that hold it, ascending; each has a code for the pair (how often the passage holds the term,
how long the passage is). Nothing that depends on the rest of the corpus is stored: when passages come or go, only the
small table from codes to scores is computed anew. Every 128 postings are a block, whose bound is the pair of its
largest frequency and its smallest length: no posting in it can score more.

Rows are in order of arrival, those of an article side by side. A `View` is a segment without the articles that were
removed from it since it was made.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Final, Protocol, Self
from zlib import crc32

import numpy as np
import numpy.typing as npt

from retrieval.errors import IndexUnusable
from retrieval.segments import kernel

if TYPE_CHECKING:
    from retrieval.segments.kernel import Arrays

Ids = npt.NDArray[np.int64]
Small = npt.NDArray[np.uint32]
Codes = npt.NDArray[np.uint16] | npt.NDArray[np.uint32]
Bytes = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]

BLOCK: Final = 128
"""The number of postings in a block."""
UNDATED: Final = 0
"""Stands for an article without a date among the ordinals of dates (1 = 1 January of the year 1)."""
WORDS: Final = 0
PAIRS: Final = 1
FIELDS: Final = (WORDS, PAIRS)
"""The fields that a passage is indexed in: its words, and (where switched on) its pairs of neighbouring words."""


@dataclass(frozen=True, eq=False, repr=False)
class Segment:
    """The arrays. Shapes: T terms, P postings, B blocks, R rows, A articles, C codes, D codes of bounds, F fields.

    `lengths[f]` are the passages' lengths in terms of field `f`. `article_of` gives a row's place in the arrays of
    articles; `by_id` sorts those by id; `published` are ordinals of dates, 0 where there is none.
    """

    term_crcs: Small  # [T]
    term_ends: Small  # [T + 1]
    term_bytes: Bytes
    starts: Small  # [T + 1]
    rows: Small  # [P]
    codes: Codes  # [P]
    block_starts: Small  # [T + 1]
    block_last: Small  # [B] the last row of the block
    block_bounds: Codes  # [B]
    pair_counts: Small  # [C]
    pair_lengths: Small  # [C]
    pair_fields: Bytes  # [C]
    bound_counts: Small  # [D]
    bound_lengths: Small  # [D]
    bound_fields: Bytes  # [D]
    passages: Ids  # [R]
    article_of: Small  # [R]
    lengths: Small  # [F, R]
    article_ids: Ids  # [A]
    first_rows: Small  # [A + 1]
    by_id: Small  # [A]
    published: Small  # [A]
    publication_codes: Small  # [A]
    language_codes: Small  # [A]
    publications: tuple[str, ...]
    languages: tuple[str, ...]

    @classmethod
    def of(
        cls,
        arrays: Mapping[str, npt.NDArray[np.generic]],
        publications: Sequence[str],
        languages: Sequence[str],
    ) -> Self:
        """A segment of these arrays by their names; raises ValueError where one has another type than it must."""
        for name, array in arrays.items():
            if array.dtype.str not in _TYPES.get(name, ("<u4",)):
                raise ValueError(f"{name} can't be {array.dtype.str}")
        return cls(**arrays, publications=tuple(publications), languages=tuple(languages))  # type: ignore[arg-type]

    @property
    def size(self) -> int:
        """The number of rows."""
        return len(self.passages)

    @property
    def terms(self) -> int:
        """The number of terms."""
        return len(self.term_crcs)

    @cached_property
    def total_lengths(self) -> tuple[int, ...]:
        """The sum of all passages' lengths, by field."""
        return tuple(int(each) for each in self.lengths.sum(axis=1, dtype=np.int64))

    @cached_property
    def arrays(self) -> Arrays:
        """The same for the compiled kernel."""
        return kernel.arrays_of(self)

    @cached_property
    def _crcs(self) -> memoryview:
        return self.term_crcs.data

    @cached_property
    def _term_ends(self) -> memoryview:
        return self.term_ends.data

    @cached_property
    def _starts(self) -> memoryview:
        return self.starts.data

    @cached_property
    def _block_starts(self) -> memoryview:
        return self.block_starts.data

    def find(self, term: str) -> int:
        """The term's number, -1 where no passage holds it."""
        wanted = term.encode("utf-8", "surrogatepass")
        crc = crc32(wanted)
        first = bisect_left(self._crcs, crc)
        last = bisect_right(self._crcs, crc, first)
        # Nearly always none or one; many only where somebody made words to that end.
        at = bisect_left(range(first, last), wanted, key=self.term_at) + first
        return at if at < last and self.term_at(at) == wanted else -1

    def term_at(self, number: int) -> bytes:
        """The term's UTF-8."""
        return self.term_bytes[self._term_ends[number] : self._term_ends[number + 1]].tobytes()

    def postings_of(self, number: int) -> slice:
        """Where the term's postings stand in `rows` and `codes`."""
        return slice(self._starts[number], self._starts[number + 1])

    def blocks_of(self, number: int) -> slice:
        """Where the term's blocks stand in `block_last` and `block_bounds`."""
        return slice(self._block_starts[number], self._block_starts[number + 1])

    def rows_of(self, articles: Iterable[int]) -> Small:
        """The rows of those of the articles that are here, ascending; raises IndexUnusable."""
        wanted = np.fromiter(articles, np.int64)
        if not len(self.article_ids):
            return np.zeros(0, np.uint32)
        try:
            at = np.searchsorted(self.article_ids, wanted, sorter=self.by_id)
            places = self.by_id[np.minimum(at, len(self.by_id) - 1)]
            found = np.sort(places[self.article_ids[places] == wanted])
        except (IndexError, ValueError) as error:
            raise IndexUnusable("a segment's articles are damaged") from error
        ranges = [(int(self.first_rows[a]), int(self.first_rows[a + 1])) for a in found.tolist()]
        if any(last > self.size for _, last in ranges):
            raise IndexUnusable("a segment's rows are damaged")
        parts = [np.arange(first, last, dtype=np.uint32) for first, last in ranges]
        return np.concatenate(parts) if parts else np.zeros(0, np.uint32)


_BYTES, _IDS, _CODES = ("|u1",), ("<i8",), ("<u2", "<u4")
_TYPES: Final = {
    "term_bytes": _BYTES,
    "codes": _CODES,
    "block_bounds": _CODES,
    "pair_fields": _BYTES,
    "bound_fields": _BYTES,
    "passages": _IDS,
    "article_ids": _IDS,
}
"""The types that arrays may have; those not named are <u4."""

ARRAYS: Final = tuple(each.name for each in fields(Segment) if each.name not in {"publications", "languages"})


class Source(Protocol):
    """Where a segment is: in memory, or in a file that is opened when it is first needed."""

    @property
    def segment(self) -> Segment:
        """The segment; raises IndexUnusable where its file turns out to be damaged."""
        ...

    @property
    def size(self) -> int:
        """The number of rows, known without opening anything."""
        ...


@dataclass(frozen=True, eq=False, slots=True)
class InMemory:
    """A segment in memory."""

    segment: Segment

    @property
    def size(self) -> int:
        """See `Source`."""
        return self.segment.size


class View:
    """A segment without what was removed from it. Immutable; shares all arrays with other views of the segment."""

    def __init__(self, source: Source, removed: Small | None = None) -> None:
        self.source = source
        self.removed = removed if removed is not None else np.zeros(0, np.uint32)
        self._frequencies: dict[int, int] = {}

    @property
    def segment(self) -> Segment:
        """The segment itself."""
        return self.source.segment

    @property
    def live_count(self) -> int:
        """The number of live passages."""
        return self.source.size - len(self.removed)

    @cached_property
    def live(self) -> Flags | None:
        """Which rows are live; None where all are."""
        if not len(self.removed):
            return None
        flags = np.ones(self.segment.size, np.bool_)
        flags[self.removed] = False
        return flags

    @cached_property
    def live_rows(self) -> slice | Small:
        """What selects the live rows of an array."""
        return slice(None) if self.live is None else np.flatnonzero(self.live).astype(np.uint32)

    @cached_property
    def live_lengths(self) -> tuple[int, ...]:
        """The sum of the live passages' lengths, by field."""
        lost = self.segment.lengths[:, self.removed].sum(axis=1, dtype=np.int64)
        return tuple(total - int(less) for total, less in zip(self.segment.total_lengths, lost, strict=True))

    @cached_property
    def live_articles(self) -> Small:
        """The places of the articles that are live, ascending."""
        articles = np.arange(len(self.segment.article_ids), dtype=np.uint32)
        return articles if self.live is None else articles[self.live[self.segment.first_rows[:-1]]]

    @cached_property
    def publications(self) -> frozenset[str]:
        """The folded names of publications that a live passage comes from."""
        return _used(self.segment.publications, self.segment.publication_codes[self.live_articles])

    @cached_property
    def languages(self) -> frozenset[str]:
        """The languages of live passages."""
        return _used(self.segment.languages, self.segment.language_codes[self.live_articles])

    def document_frequency(self, number: int) -> int:
        """In how many live passages the term stands."""
        part = self.segment.postings_of(number)
        if not len(self.removed):
            return int(part.stop) - int(part.start)
        known = self._frequencies.get(number)
        if known is None:
            rows = self.segment.rows[part]
            known = self._frequencies[number] = len(rows) - _shared(rows, self.removed)
        return known

    def without(self, articles: Iterable[int]) -> View:
        """The same with these articles removed too."""
        gone = self.segment.rows_of(articles)
        if self.live is not None:
            gone = gone[self.live[gone]]
        return View(self.source, np.union1d(self.removed, gone)) if len(gone) else self

    def every_term(self) -> Iterator[tuple[str, int]]:
        """Each term that a live passage holds, with the number of those."""
        for number in range(self.segment.terms):
            if n := self.document_frequency(number):
                yield self.segment.term_at(number).decode("utf-8", "surrogatepass"), n


def _shared(rows: Small, others: Small) -> int:
    """How many numbers two ascending arrays share."""
    few, many = (rows, others) if len(rows) < len(others) else (others, rows)
    at = np.searchsorted(many, few)
    same = many[np.minimum(at, len(many) - 1)] == few if len(many) else np.zeros(0, np.bool_)
    return int(np.count_nonzero(same))


def _used(names: tuple[str, ...], codes: Small) -> frozenset[str]:
    if len(codes) and int(codes.max()) >= len(names):
        raise IndexUnusable("a segment's publications or languages are damaged")
    held = np.bincount(codes, minlength=len(names))
    return frozenset(name for name, count in zip(names, held.tolist(), strict=True) if name and count)
