"""A segment: some passages of one collection with their postings, as immutable arrays.

Terms are numbered in order of first appearance; a term's postings are the rows of the passages that hold it,
ascending, with how often each does. Rows are in order of arrival. Removing a passage only clears its `live` flag in a
copy that shares all other arrays; merging drops what is not live.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from typing import Final

import numpy as np
import numpy.typing as npt

from corpus.model import Article
from corpus.text import fold
from retrieval.index import indexed_terms

Rows = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]

UNDATED: Final = 0
"""Stands for an article without a date among the ordinals of dates (1 = 1 January of the year 1)."""

_NO_ROWS: Final = np.zeros(0, np.int64)


@dataclass(frozen=True, eq=False)
class Segment:
    """Postings: `rows[starts[t]:starts[t + 1]]` hold term `t`, `counts` say how often. The other arrays go by row."""

    terms: Mapping[str, int]
    starts: Numbers
    rows: Rows
    counts: Numbers
    lengths: Numbers
    passages: Numbers
    articles: Numbers
    published: Numbers
    publication_codes: Numbers
    language_codes: Numbers
    publications: tuple[str, ...]
    languages: tuple[str, ...]
    live: Flags

    @property
    def size(self) -> int:
        """The number of rows, removed ones included."""
        return len(self.lengths)

    @cached_property
    def live_count(self) -> int:
        """The number of live passages."""
        return int(np.count_nonzero(self.live))

    @cached_property
    def live_length(self) -> int:
        """The sum of the live passages' lengths in terms."""
        return int(self.lengths[self.live].sum())

    @cached_property
    def live_publications(self) -> frozenset[str]:
        """The folded names of publications that a live passage comes from."""
        return _used(self.publications, self.publication_codes[self.live])

    @cached_property
    def live_languages(self) -> frozenset[str]:
        """The languages of live passages."""
        return _used(self.languages, self.language_codes[self.live])

    @cached_property
    def all_live(self) -> bool:
        """Whether nothing was removed."""
        return self.live_count == self.size

    def postings(self, term: str) -> tuple[Rows, Numbers]:
        """The live rows that hold the term, ascending, and how often each does."""
        number = self.terms.get(term)
        if number is None:
            return _NO_ROWS, _NO_ROWS
        part = slice(self.starts[number], self.starts[number + 1])
        rows, counts = self.rows[part], self.counts[part]
        if self.all_live:
            return rows, counts
        kept = self.live[rows]
        return rows[kept], counts[kept]

    def without(self, articles: Numbers) -> Segment:
        """The same segment with the passages of these articles removed."""
        gone = np.isin(self.articles, articles)
        return replace(self, live=self.live & ~gone) if (gone & self.live).any() else self

    def document_frequencies(self) -> dict[str, int]:
        """In how many live passages each term stands, in order of the terms' first appearance; zeros left out."""
        held = self.live[self.rows] if not self.all_live else np.ones(len(self.rows), np.bool_)
        running = np.concatenate(([0], np.cumsum(held)))
        frequencies = running[self.starts[1:]] - running[self.starts[:-1]]
        return {term: int(n) for term, n in zip(self.terms, frequencies.tolist(), strict=True) if n}


def _used(names: Sequence[str], codes: Numbers) -> frozenset[str]:
    return frozenset(names[code] for code in np.unique(codes).tolist() if names[code])


def build(articles: Sequence[Article]) -> Segment:
    """A segment of these articles' passages, in order."""
    return build_from_terms(articles, [list(indexed_terms(article)) for article in articles])


def build_from_terms(articles: Sequence[Article], terms_of: Sequence[Sequence[Sequence[str]]]) -> Segment:
    """The same with each article's passages analysed already: `terms_of[article][passage]`."""
    numbers: dict[str, int] = {}
    texts = [text for texts in terms_of for text in texts]
    lengths = np.fromiter((len(text) for text in texts), np.int64, len(texts))
    flat = np.fromiter(
        (numbers.setdefault(term, len(numbers)) for term in chain.from_iterable(texts)), np.int64, int(lengths.sum())
    )
    starts, rows, counts = _postings(flat, np.repeat(np.arange(len(texts)), lengths), len(numbers))
    of_article = [(article, passage) for article in articles for passage in article.passages]
    publications, publication_codes = _coded([fold(article.publication or "") for article, _ in of_article])
    languages, language_codes = _coded([article.language for article, _ in of_article])
    return Segment(
        terms=numbers,
        starts=starts,
        rows=rows,
        counts=counts,
        lengths=lengths,
        passages=np.array([passage.id for _, passage in of_article], np.int64),
        articles=np.array([article.id for article, _ in of_article], np.int64),
        published=np.array([_ordinal(article) for article, _ in of_article], np.int64),
        publication_codes=publication_codes,
        language_codes=language_codes,
        publications=publications,
        languages=languages,
        live=np.ones(len(texts), np.bool_),
    )


def _coded(names: Sequence[str]) -> tuple[tuple[str, ...], Numbers]:
    """The different names, and for each given one its number among them."""
    different = tuple(dict.fromkeys(names))
    numbers = {name: number for number, name in enumerate(different)}
    return different, np.array([numbers[name] for name in names], np.int64)


def _recoded(segments: Sequence[Segment], names: str, codes: str) -> tuple[tuple[str, ...], Numbers]:
    """The same over the live rows of several segments."""
    different = tuple(dict.fromkeys(chain.from_iterable(getattr(segment, names) for segment in segments)))
    parts = [
        np.array([different.index(name) for name in getattr(segment, names)], np.int64)[
            getattr(segment, codes)[segment.live]
        ]
        for segment in segments
    ]
    return different, np.concatenate(parts)


def _ordinal(article: Article) -> int:
    return article.published.toordinal() if article.published else UNDATED


def _postings(terms: Numbers, rows: Rows, vocabulary: int) -> tuple[Numbers, Rows, Numbers]:
    """Postings from a term and a row per word."""
    stride = int(rows.max()) + 1 if len(rows) else 1
    keys, counts = np.unique(terms * stride + rows, return_counts=True)
    of_term, of_row = np.divmod(keys, stride)
    starts = np.searchsorted(of_term, np.arange(vocabulary + 1))
    return starts.astype(np.int64), of_row, counts.astype(np.int64)


def merge(segments: Sequence[Segment]) -> Segment:
    """One segment with the live passages of all, in order."""
    numbers: dict[str, int] = {}
    term_parts, row_parts, count_parts = [], [], []
    publications, publication_codes = _recoded(segments, "publications", "publication_codes")
    languages, language_codes = _recoded(segments, "languages", "language_codes")
    offset = 0
    for segment in segments:
        renumbered = np.cumsum(segment.live) - 1 + offset
        kept = segment.live[segment.rows]
        mapping = np.array([numbers.setdefault(term, len(numbers)) for term in segment.terms], np.int64)
        terms = np.repeat(mapping, np.diff(segment.starts))
        term_parts.append(terms[kept])
        row_parts.append(renumbered[segment.rows[kept]])
        count_parts.append(segment.counts[kept])
        offset += segment.live_count
    terms, rows, counts = (np.concatenate(parts) for parts in (term_parts, row_parts, count_parts))
    order = np.lexsort((rows, terms))
    return Segment(
        terms=numbers,
        starts=np.searchsorted(terms[order], np.arange(len(numbers) + 1)).astype(np.int64),
        rows=rows[order],
        counts=counts[order],
        lengths=_joined(segments, "lengths"),
        passages=_joined(segments, "passages"),
        articles=_joined(segments, "articles"),
        published=_joined(segments, "published"),
        publication_codes=publication_codes,
        language_codes=language_codes,
        publications=publications,
        languages=languages,
        live=np.ones(offset, np.bool_),
    )


def _joined(segments: Sequence[Segment], name: str) -> Numbers:
    parts: list[Numbers] = [getattr(segment, name)[segment.live] for segment in segments]
    return np.concatenate(parts)
