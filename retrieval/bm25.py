"""The embedded engine: rank-bm25's statistics and formula over inverted postings.

`Ranking` is a `rank_bm25.BM25Okapi` over the live passages of some collections. Its scores equal those of a fresh
library object built over exactly these passages; only the way there differs: it visits the postings of the question's
terms, not every passage. Two things are chosen otherwise by default, and can be set back:

- idf: `log(1 + (N - n + .5) / (n + .5))` (Lucene's, always positive) instead of the library's, which is negative for
  terms in more than half the passages and then replaced by a quarter of the mean;
- ties: by score, then the newest date, then the smallest passage id (the library's order of ties is arbitrary).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
from rank_bm25 import BM25Okapi

from corpus.model import Article, Change, Collection
from corpus.text import fold
from retrieval.analyser import analyser_for
from retrieval.index import Statistics
from retrieval.model import Filters, Hit
from retrieval.segment import UNDATED, Flags, Numbers, Segment, build, merge

Scores = npt.NDArray[np.float64]


class Idf(StrEnum):
    """Which inverse document frequency scores use."""

    MONOTONE = "monotone"
    RANK_BM25 = "rank_bm25"


@dataclass(frozen=True, slots=True)
class Parameters:
    """BM25's parameters: `k1 >= 0` (saturation of repetition), `0 <= b <= 1` (normalisation by length), the idf.

    `epsilon` is rank-bm25's: the share of the mean idf that replaces a negative one. The defaults were measured, see
    docs/decisions.md.
    """

    k1: float = 0.9
    b: float = 0.5
    idf: Idf = Idf.MONOTONE
    epsilon: float = 0.25


class Ranking(BM25Okapi):  # type: ignore[misc]  # the library has no types
    """BM25 over the live passages of `segments`, in their order. Immutable."""

    def __init__(self, segments: Sequence[Segment], parameters: Parameters) -> None:
        # The library's own constructor counts every passage again and fails on an empty corpus: it is not called.
        self.segments = tuple(segments)
        self.parameters = parameters
        self.k1, self.b, self.epsilon = parameters.k1, parameters.b, parameters.epsilon
        self.tokenizer = None
        self.corpus_size = sum(segment.live_count for segment in segments)
        total = sum(segment.live_length for segment in segments)
        self.avgdl = total / self.corpus_size if total else 1.0

    @cached_property
    def doc_len(self) -> list[int]:
        """The length in terms of each live passage."""
        return [int(n) for segment in self.segments for n in segment.lengths[segment.live]]

    @cached_property
    def idf(self) -> dict[str, float]:
        """The idf of every term; made only when somebody asks for all of them."""
        return {term: self._idf(n) for term, n in self._frequencies.items()}

    @cached_property
    def average_idf(self) -> float:
        """The library's mean of `log(N - n + .5) - log(n + .5)` over the vocabulary, in order of first appearance."""
        total = 0.0
        for n in self._frequencies.values():
            total += self._okapi_idf(n)  # one by one, as the library does: `sum` rounds better since Python 3.12
        return total / len(self._frequencies) if self._frequencies else 0.0

    @cached_property
    def _frequencies(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for segment in self.segments:
            for term, n in segment.document_frequencies().items():
                found[term] = found.get(term, 0) + n
        return found

    def _okapi_idf(self, n: int) -> float:
        return math.log(self.corpus_size - n + 0.5) - math.log(n + 0.5)

    def _idf(self, n: int) -> float:
        if n == 0:
            return 0.0
        if self.parameters.idf is Idf.MONOTONE:
            return math.log(1 + (self.corpus_size - n + 0.5) / (n + 0.5))
        plain = self._okapi_idf(n)
        return self.epsilon * self.average_idf if plain < 0 else plain

    def document_frequency(self, term: str) -> int:
        """The number of live passages that hold the term."""
        return sum(len(segment.postings(term)[0]) for segment in self.segments)

    def scores_by_segment(self, terms: Mapping[str, float]) -> list[Scores]:
        """For each segment the scores of all its rows (0 where nothing matches or the row is not live)."""
        scores = [np.zeros(segment.size) for segment in self.segments]
        for term, weight in terms.items():
            postings = [segment.postings(term) for segment in self.segments]
            idf = self._idf(sum(len(rows) for rows, _ in postings))
            for segment, (rows, counts), out in zip(self.segments, postings, scores, strict=True):
                if len(rows):
                    out[rows] += weight * (idf * self._saturation(counts, segment.lengths[rows]))
        return scores

    def _saturation(self, counts: Numbers, lengths: Numbers) -> Scores:
        """The library's term of a question's word, in its order of operations so that results are equal."""
        norm = self.k1 * (1 - self.b + self.b * lengths / self.avgdl)
        share: Scores = counts * (self.k1 + 1) / (counts + norm)
        return share

    def get_scores(self, query: Sequence[str]) -> Scores:
        """The library's method: the score of each live passage, in order; a word asked twice counts twice."""
        scores = [np.zeros(segment.size) for segment in self.segments]
        for term in query:
            scores = [a + b for a, b in zip(scores, self.scores_by_segment({term: 1.0}), strict=True)]
        parts = [part[segment.live] for part, segment in zip(scores, self.segments, strict=True)]
        return np.concatenate(parts) if parts else np.zeros(0)

    def get_batch_scores(self, query: Sequence[str], doc_ids: Sequence[int]) -> list[float]:
        """The library's method: the scores of some live passages, by their place."""
        every = self.get_scores(query)
        return [float(every[i]) for i in doc_ids]

    def top(self, terms: Mapping[str, float], filters: Filters, k: int) -> list[Hit]:
        """The best `k` passages with a score above 0 that pass the filters, in total order."""
        found = [
            _best(segment, scores, filters, k)
            for segment, scores in zip(self.segments, self.scores_by_segment(terms), strict=True)
        ]
        best = sorted((candidate for part in found for candidate in part), key=_order)[:k]
        return [Hit(passage, article, score) for score, _, passage, article in best]


_Candidate = tuple[float, int, int, int]  # score, date, passage id, article id


def _order(candidate: _Candidate) -> tuple[float, int, int]:
    score, published, passage, _ = candidate
    return -score, -published, passage


def _best(segment: Segment, scores: Scores, filters: Filters, k: int) -> list[_Candidate]:
    rows = np.flatnonzero(scores > 0)
    if (wanted := _passing(segment, filters)) is not None:
        rows = rows[wanted[rows]]
    if len(rows) > k > 0:
        least = np.partition(scores[rows], len(rows) - k)[len(rows) - k]
        rows = rows[scores[rows] >= least]  # with all that tie with the last, so that the total order decides
    columns = (scores, segment.published, segment.passages, segment.articles)
    found = list(zip(*(column[rows].tolist() for column in columns), strict=True))
    return sorted(found, key=_order)[: max(k, 0)]


def _passing(segment: Segment, filters: Filters) -> Flags | None:
    """Which rows pass the publication and date filters; None where neither is set."""
    flags: Flags | None = None
    if filters.publications:
        asked = {fold(name) for name in filters.publications}
        codes = [code for code, name in enumerate(segment.publications) if name in asked]
        flags = np.isin(segment.publication_codes, codes)
    if filters.since or filters.until:
        first = filters.since.toordinal() if filters.since else UNDATED + 1
        last = filters.until.toordinal() if filters.until else np.iinfo(np.int64).max
        dated = (segment.published >= first) & (segment.published <= last)
        flags = dated if flags is None else flags & dated
    return flags


@dataclass(frozen=True)
class EmbeddedSnapshot:
    """One state of the index: per collection its segments. Rankings are made once per set of collections."""

    collections: Mapping[Collection, tuple[Segment, ...]]
    parameters: Parameters
    last_change: int
    _rankings: dict[tuple[Collection, ...], Ranking] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def languages(self) -> frozenset[str]:
        """The languages of the articles it holds."""
        return frozenset(name for parts in self.collections.values() for part in parts for name in part.live_languages)

    def publications(self, collections: Sequence[Collection]) -> frozenset[str]:
        """See `retrieval.index.Snapshot`."""
        parts = [part for name in set(collections) for part in self.collections.get(name, ())]
        return frozenset(name for part in parts for name in part.live_publications)

    @property
    def passages(self) -> int:
        """The number of live passages of all collections."""
        return sum(part.live_count for parts in self.collections.values() for part in parts)

    def ranking(self, collections: Sequence[Collection]) -> Ranking:
        """BM25 over what these collections hold: THE place where a guild's articles are kept apart."""
        visible = tuple(sorted(set(collections), key=str))
        ranking = self._rankings.get(visible)
        if ranking is None:
            parts = [part for name in visible for part in self.collections.get(name, ())]
            ranking = self._rankings[visible] = Ranking(parts, self.parameters)
        return ranking

    def search(self, terms: Mapping[str, float], filters: Filters, k: int) -> list[Hit]:
        """See `retrieval.index.Snapshot`."""
        return self.ranking(filters.collections).top(terms, filters, k)

    def statistics(self, terms: Sequence[str], collections: Sequence[Collection]) -> Statistics:
        """See `retrieval.index.Snapshot`."""
        ranking = self.ranking(collections)
        return Statistics(ranking.corpus_size, {term: ranking.document_frequency(term) for term in terms})


_MERGE_FACTOR: Final = 4
"""A segment is merged with its elder when that is less than this many times larger: rewriting a passage stays
O(log N) times, and a collection keeps O(log N) segments."""


class EmbeddedIndex:
    """The index in memory. `apply` may run in a worker thread; a snapshot is published by one assignment."""

    def __init__(self, parameters: Parameters | None = None, snapshot: EmbeddedSnapshot | None = None) -> None:
        self._snapshot = snapshot or EmbeddedSnapshot({}, parameters or Parameters(), 0)

    @property
    def last_change(self) -> int:
        """The number of the last change applied."""
        return self._snapshot.last_change

    def snapshot(self) -> EmbeddedSnapshot:
        """The state now."""
        return self._snapshot

    def apply(self, changes: Sequence[Change]) -> None:
        """The next snapshot holds these changes, each article in the state of its last one."""
        if not changes:
            return
        before = self._snapshot
        latest = {change.article_id: change.article for change in changes}
        gone = np.array(list(latest), np.int64)
        parts = {name: [part.without(gone) for part in found] for name, found in before.collections.items()}
        for name, articles in _by_collection(latest.values()).items():
            parts.setdefault(name, []).append(build(articles))
        self._snapshot = EmbeddedSnapshot(
            {name: compacted for name, found in parts.items() if (compacted := _compact(found))},
            before.parameters,
            max(before.last_change, changes[-1].number),
        )


def _by_collection(articles: Iterable[Article | None]) -> dict[Collection, list[Article]]:
    found: dict[Collection, list[Article]] = {}
    for article in articles:
        if article is not None and article.passages:
            found.setdefault(article.collection, []).append(article)
    return found


def _compact(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    """The same passages in few segments, each more than `_MERGE_FACTOR` times smaller than the one before."""
    kept: list[Segment] = []
    for segment in segments:
        kept.append(segment)
        while len(kept) > 1 and kept[-2].live_count < _MERGE_FACTOR * kept[-1].live_count:
            kept[-2:] = [merge(kept[-2:])]
    # What was removed is dropped from the arrays once it is the larger half.
    return tuple(merge([part]) if part.live_count * 2 < part.size else part for part in kept if part.live_count)


def plain_library(passages: Sequence[Sequence[str]], parameters: Parameters) -> Callable[[str], list[int]]:
    """The library itself, unchanged, over passages given as terms: a question's ten best places. For comparison."""
    library = BM25Okapi([list(terms) for terms in passages], k1=parameters.k1, b=parameters.b)

    def ten_best(question: str) -> list[int]:
        scores = library.get_scores(analyser_for("en").terms(question))
        return [int(place) for place in np.argsort(scores)[::-1][:10]]

    return ten_best
