"""Rank-bm25's statistics and formula over segments of inverted postings.

`Ranking` is a `rank_bm25.BM25Okapi` over the live passages of some collections. Its scores equal those of a fresh
library object built over exactly these passages; only the way there differs: it visits the postings of the question's
terms, not every passage. Two things are chosen otherwise by default, and can be set back:

- idf: `log(1 + (N - n + .5) / (n + .5))` (Lucene's, always positive) instead of the library's, which is negative for
  terms in more than half the passages and then replaced by a quarter of the mean;
- ties: by score, then the newest date, then the smallest passage id (the library's order of ties is arbitrary).

Word pairs, where they are indexed, are a field of their own with its own lengths: they are terms that a question may
ask for, and change nothing in the scores of words.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from heapq import merge
from itertools import islice

import numpy as np
import numpy.typing as npt
from rank_bm25 import BM25Okapi

from retrieval.errors import IndexUnusable
from retrieval.index import PAIR_JOINER, Filters, Hit
from retrieval.segments import kernel
from retrieval.segments.kernel import Candidate, Term, in_order
from retrieval.segments.searched import Searched
from retrieval.segments.segment import FIELDS, PAIRS, WORDS, Bytes, Small, View

Scores = npt.NDArray[np.float64]


class Idf(StrEnum):
    """Which inverse document frequency scores use."""

    MONOTONE = "monotone"
    RANK_BM25 = "rank_bm25"


@dataclass(frozen=True, slots=True)
class Parameters:
    """BM25's parameters: `k1 >= 0` (saturation of repetition), `0 <= b <= 1` (normalisation by length), the idf.

    `epsilon` is rank-bm25's: the share of the mean idf that replaces a negative one. `compiled` uses the compiled
    kernel where it is there; `pairs` indexes word pairs as well. The defaults were measured, see docs/decisions.md.
    """

    k1: float = 0.9
    b: float = 0.5
    idf: Idf = Idf.MONOTONE
    epsilon: float = 0.25
    compiled: bool = True
    pairs: bool = False


class Ranking(BM25Okapi):  # type: ignore[misc]  # the library has no types
    """BM25 over the live passages of `views`, in their order. Immutable."""

    def __init__(self, views: Sequence[View], parameters: Parameters) -> None:
        # The library's own constructor counts every passage again and fails on an empty corpus: it is not called.
        self.views = tuple(views)
        self.parameters = parameters
        self.k1, self.b, self.epsilon = parameters.k1, parameters.b, parameters.epsilon
        self.tokenizer = None
        self._is_monotone = parameters.idf is Idf.MONOTONE
        self.corpus_size = sum(view.live_count for view in views)

    @cached_property
    def avgdl(self) -> float:
        """The mean length of the passages in words."""
        return self._mean_lengths[WORDS]

    @cached_property
    def doc_len(self) -> list[int]:
        """The length in terms of each live passage."""
        return [int(n) for view in self.views for n in view.segment.lengths[WORDS, view.live_rows]]

    @cached_property
    def idf(self) -> dict[str, float]:
        """The idf of every term; made only when somebody asks for all of them."""
        return {term: self._idf(n, field) for field in FIELDS for term, n in self._frequencies[field].items()}

    @cached_property
    def average_idf(self) -> float:
        """The library's mean of `log(N - n + .5) - log(n + .5)` over the words."""
        return self._average_idfs[WORDS]

    @cached_property
    def _average_idfs(self) -> tuple[float, ...]:
        return tuple(
            sum(self._okapi_idf(n) for n in found.values()) / len(found) if found else 0.0
            for found in self._frequencies
        )

    @cached_property
    def publications(self) -> frozenset[str]:
        """The folded names of the publications whose passages are ranked."""
        return frozenset(name for view in self.views for name in view.publications)

    @cached_property
    def languages(self) -> frozenset[str]:
        """The languages of the articles whose passages are ranked."""
        return frozenset(name for view in self.views for name in view.languages)

    @cached_property
    def _frequencies(self) -> tuple[dict[str, int], ...]:
        """In how many passages each term stands, by field."""
        found: tuple[dict[str, int], ...] = tuple({} for _ in FIELDS)
        for view in self.views:
            for term, n in view.every_term():
                of_field = found[_field(term)]
                of_field[term] = of_field.get(term, 0) + n
        return found

    @cached_property
    def _mean_lengths(self) -> tuple[float, ...]:
        """The mean length of the live passages in each field; 1 where there is nothing: it is divided by."""
        totals = np.zeros(len(FIELDS), np.int64)
        for view in self.views:
            totals[: len(view.live_lengths)] += view.live_lengths
        return tuple(total / self.corpus_size if total else 1.0 for total in totals.tolist())

    @cached_property
    def _parts(self) -> tuple[Searched, ...]:
        compiled = self.parameters.compiled and kernel.available()
        return tuple(Searched(view, self._saturation, compiled=compiled) for view in self.views)

    def _saturation(self, counts: Small, lengths: Small, fields: Bytes) -> Scores:
        """The library's term of a question's word, in its order of operations so that results are equal."""
        often = counts.astype(np.int64)
        means = np.array(self._mean_lengths)[fields]
        norm = self.k1 * (1 - self.b + self.b * lengths.astype(np.int64) / means)
        share: Scores = often * (self.k1 + 1) / (often + norm)
        return share

    def _okapi_idf(self, n: int) -> float:
        return math.log(self.corpus_size - n + 0.5) - math.log(n + 0.5)

    def _idf(self, n: int, field: int = WORDS) -> float:
        if n == 0:
            return 0.0
        if self._is_monotone:
            return math.log(1 + (self.corpus_size - n + 0.5) / (n + 0.5))
        plain = self._okapi_idf(n)
        return self.epsilon * self._average_idfs[field] if plain < 0 else plain

    def document_frequency(self, term: str) -> int:
        """The number of live passages that hold the term."""
        return sum([part.frequency(part.find(term)) for part in self._parts])

    def get_scores(self, query: Sequence[str]) -> Scores:
        """The library's method: the score of each live passage, in order; a word asked twice counts twice."""
        scores = [np.zeros(part.segment.size) for part in self._parts]
        for term in query:
            idf = self._idf(self.document_frequency(term), _field(term))
            for part, out in zip(self._parts, scores, strict=True):
                if (number := part.find(term)) >= 0:
                    part.add_scores(number, idf, out)
        live = [part.live(out) for part, out in zip(self._parts, scores, strict=True)]
        return np.concatenate([np.zeros(0), *live])

    def get_batch_scores(self, query: Sequence[str], doc_ids: Sequence[int]) -> list[float]:
        """The library's method: the scores of some live passages, by their place."""
        every = self.get_scores(query)
        return [float(every[i]) for i in doc_ids]

    def top(self, terms: Mapping[str, float], filters: Filters, k: int) -> list[Hit]:
        """The best `k` passages with a score above 0 that pass the filters, in total order."""
        if k <= 0:
            return []
        found: list[Candidate] = []
        for part, here in zip(self._parts, self._asked(terms), strict=True):
            if here:
                floor = found[k - 1][0] if len(found) >= k else 0.0
                more = part.best(here, filters, k, floor)
                found = list(islice(merge(found, more, key=in_order), k)) if found else more
        return [Hit(passage, article, score) for score, _, passage, article in found]

    def _asked(self, terms: Mapping[str, float]) -> list[list[Term]]:
        """For each part those of the terms that it holds, with the idf over all parts."""
        parts = self._parts
        asked: list[list[Term]] = [[] for _ in parts]
        for term, weight in terms.items():
            numbers = [part.find(term) for part in parts]
            n = 0
            for part, number in zip(parts, numbers):  # noqa: B905 - both are one a part, and this is the inner loop
                n += part.frequency(number)
            if not 0 <= n <= self.corpus_size:
                raise IndexUnusable("a segment's postings are damaged")
            if n:
                idf = self._idf(n, _field(term))
                for here, number in zip(asked, numbers):  # noqa: B905 - the same
                    if number >= 0:
                        here.append((number, idf, weight))
        return asked


def _field(term: str) -> int:
    return PAIRS if PAIR_JOINER in term else WORDS


def library_scores(
    passages: Iterable[Sequence[str]], questions: Iterable[Sequence[str]], parameters: Parameters
) -> Iterator[Scores]:
    """The library itself, unchanged, over passages given as terms, which are gone through once: each question's scores.

    There has to be at least one passage with at least one term.
    """
    library = BM25Okapi(passages, k1=parameters.k1, b=parameters.b, epsilon=parameters.epsilon)
    for terms in questions:
        yield library.get_scores(list(terms))
