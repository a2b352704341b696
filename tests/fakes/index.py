"""An index that is slow and obviously right: the library's own BM25, built anew for each search."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import rank_bm25

from corpus.collection import Collection
from corpus.model import Article, Change
from corpus.text import fold
from retrieval.bm25 import Idf, Parameters
from retrieval.index import PAIR_JOINER, Filters, Hit, Statistics, pairs_of
from retrieval.indexing import indexed_terms

Analyse = Callable[[Article], Sequence[Sequence[str]]]
"""Gives the terms of each of an article's passages."""


@dataclass(frozen=True, slots=True)
class Line:
    """A live passage as the engine sees it."""

    article: Article
    passage_id: int
    terms: tuple[str, ...]


class Library:
    """The library itself, unchanged, over some texts; with the monotone idf, its table of idfs is filled with those."""

    def __init__(self, texts: Sequence[Sequence[str]], parameters: Parameters) -> None:
        self._size = len(texts)
        # The library fails for want of words: nothing is found in nothing.
        self.engine = (
            rank_bm25.BM25Okapi(
                [list(text) for text in texts], k1=parameters.k1, b=parameters.b, epsilon=parameters.epsilon
            )
            if any(texts)
            else None
        )
        self.negative = {term for term, n in self.containing.items() if 2 * n > self._size}
        if self.engine is not None and parameters.idf is Idf.MONOTONE:
            self.negative = set()
            for term, n in self.containing.items():
                self.engine.idf[term] = math.log(1 + (self._size - n + 0.5) / (n + 0.5))

    @property
    def containing(self) -> dict[str, int]:
        """In how many texts each term stands."""
        return dict(Counter(term for text in self.engine.doc_freqs for term in text)) if self.engine else {}

    def scores(self, terms: Iterable[str]) -> npt.NDArray[np.float64]:
        """What each text has for these terms."""
        if self.engine is None:
            return np.zeros(self._size)
        # Where `k1` is 0, or `b` is 1 and a text empty, the library divides 0 by 0 for a text that lacks the word.
        with np.errstate(invalid="ignore"):
            each: list[npt.NDArray[np.float64]] = [np.nan_to_num(self.engine.get_scores([term])) for term in terms]
        total = np.zeros(self._size)
        for one in each:
            total += one
        return total


class NaiveSnapshot:
    """The live articles at one moment."""

    def __init__(self, articles: Iterable[Article], parameters: Parameters, analyse: Analyse) -> None:
        self.articles = tuple(articles)
        self.parameters = parameters
        self._analyse = analyse
        self._libraries: dict[frozenset[Collection], tuple[Library, Library]] = {}

    def languages(self, collections: Sequence[Collection]) -> frozenset[str]:
        """The languages of the articles in these collections."""
        return frozenset(line.article.language for line in self.lines(collections))

    def publications(self, collections: Sequence[Collection]) -> frozenset[str]:
        """The folded names of the publications in these collections."""
        return frozenset(fold(line.article.publication) for line in self.lines(collections) if line.article.publication)

    def lines(self, collections: Iterable[Collection]) -> list[Line]:
        """The passages of these collections."""
        seen = set(collections)
        return [
            Line(article, passage.id, tuple(terms))
            for article in self.articles
            if article.collection in seen
            for passage, terms in zip(article.passages, self._analyse(article), strict=True)
        ]

    def libraries(self, collections: Iterable[Collection]) -> tuple[Library, Library]:
        """The library over the words of these collections, and another one over their pairs of neighbouring words."""
        asked = frozenset(collections)
        if asked not in self._libraries:
            texts = [line.terms for line in self.lines(asked)]
            pairs = [pairs_of(text) if self.parameters.pairs else [] for text in texts]
            self._libraries[asked] = Library(texts, self.parameters), Library(pairs, self.parameters)
        return self._libraries[asked]

    def scores(self, terms: Mapping[str, float], collections: Sequence[Collection]) -> npt.NDArray[np.float64]:
        """The sum over the terms in their order of weight times what the library gives for that term alone."""
        words, pairs = self.libraries(collections)
        total = np.zeros(len(self.lines(collections)))
        for term, weight in terms.items():
            total += weight * (pairs if PAIR_JOINER in term else words).scores([term])
        return total

    def search(self, terms: Mapping[str, float], filters: Filters, k: int) -> list[Hit]:
        """All passages in sight scored, filtered, sorted by score, newest date and id, and cut."""
        found = [
            (float(score), line)
            for score, line in zip(
                self.scores(terms, filters.collections), self.lines(filters.collections), strict=True
            )
            if score > 0 and passes(line.article, filters)
        ]
        found.sort(key=lambda pair: (-pair[0], -_day(pair[1].article), pair[1].passage_id))
        return [Hit(line.passage_id, line.article.id, score) for score, line in found[: max(k, 0)]]

    def statistics(self, terms: Sequence[str], collections: Sequence[Collection]) -> Statistics:
        """Counted one by one."""
        texts = [{*line.terms, *self._pairs(line)} for line in self.lines(collections)]
        return Statistics(len(texts), {term: sum(term in text for text in texts) for term in terms})

    def _pairs(self, line: Line) -> list[str]:
        return pairs_of(line.terms) if self.parameters.pairs else []


class NaiveIndex:
    """The live articles by collection and number."""

    def __init__(self, parameters: Parameters, analyse: Analyse = lambda article: list(indexed_terms(article))) -> None:
        self._parameters = parameters
        self._analyse = analyse
        self._articles: dict[tuple[Collection, int], Article] = {}
        self._last_change = 0
        self._snapshot: NaiveSnapshot | None = None

    @property
    def last_change(self) -> int:
        """The number of the last change applied."""
        return self._last_change

    def apply(self, changes: Sequence[Change]) -> None:
        """Each article is as its last change says."""
        self._snapshot = None
        for change in changes:
            self._articles.pop((change.collection, change.article_id), None)
            if change.article is not None:
                self._articles[change.collection, change.article_id] = change.article
            self._last_change = max(self._last_change, change.number)

    def snapshot(self) -> NaiveSnapshot:
        """What is live, copied when this is asked first after a change."""
        if self._snapshot is None:
            self._snapshot = NaiveSnapshot(self._articles.values(), self._parameters, self._analyse)
        return self._snapshot

    def copied(self) -> NaiveIndex:
        """Another one that holds the same."""
        other = NaiveIndex(self._parameters, self._analyse)
        other._articles = dict(self._articles)
        other._last_change, other._snapshot = self._last_change, self._snapshot
        return other


def passes(article: Article, filters: Filters) -> bool:
    """Whether an article meets the publication and the dates that were asked for."""
    names = {fold(name) for name in filters.publications}
    if names and fold(article.publication or "") not in names:
        return False
    if filters.since or filters.until:
        day = article.published
        return day is not None and (filters.since or day) <= day <= (filters.until or day)
    return True


def _day(article: Article) -> int:
    return article.published.toordinal() if article.published else 0
