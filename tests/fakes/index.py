"""An index that is slow and obviously right: the library's own BM25, built anew for each search."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import rank_bm25

from corpus.model import Article, Change, Collection
from corpus.text import fold
from retrieval.bm25 import Parameters
from retrieval.index import Statistics, indexed_terms
from retrieval.model import Filters, Hit


@dataclass(frozen=True, slots=True)
class Line:
    """A live passage as the engine sees it."""

    article: Article
    passage_id: int
    terms: tuple[str, ...]


def library_scores(
    texts: Sequence[Sequence[str]], terms: Iterable[str], parameters: Parameters
) -> npt.NDArray[np.float64]:
    """What the library, unchanged, gives each text for these terms; zeros where it would fail for want of words."""
    if not any(texts):
        return np.zeros(len(texts))
    engine = rank_bm25.BM25Okapi(
        [list(text) for text in texts], k1=parameters.k1, b=parameters.b, epsilon=parameters.epsilon
    )
    scores: npt.NDArray[np.float64] = engine.get_scores(list(terms))
    return scores


@dataclass(frozen=True)
class NaiveSnapshot:
    """The live articles at one moment."""

    articles: tuple[Article, ...]
    parameters: Parameters

    @property
    def languages(self) -> frozenset[str]:
        """The languages of the articles."""
        return frozenset(article.language for article in self.articles if article.passages)

    def publications(self, collections: Sequence[Collection]) -> frozenset[str]:
        """The folded names of the publications in these collections."""
        return frozenset(fold(line.article.publication) for line in self.lines(collections) if line.article.publication)

    def lines(self, collections: Sequence[Collection]) -> list[Line]:
        """The passages of these collections."""
        return [
            Line(article, passage.id, tuple(terms))
            for article in self.articles
            if article.collection in collections
            for passage, terms in zip(article.passages, indexed_terms(article), strict=True)
        ]

    def search(self, terms: Mapping[str, float], filters: Filters, k: int) -> list[Hit]:
        """All passages in sight scored, filtered, sorted by score, newest date and id, and cut."""
        lines = self.lines(filters.collections)
        texts = [line.terms for line in lines]
        scores = np.zeros(len(lines))
        for term, weight in terms.items():
            scores += weight * library_scores(texts, [term], self.parameters)
        found = [
            (float(score), line)
            for score, line in zip(scores, lines, strict=True)
            if score > 0 and passes(line.article, filters)
        ]
        found.sort(key=lambda pair: (-pair[0], -_day(pair[1].article), pair[1].passage_id))
        return [Hit(line.passage_id, line.article.id, score) for score, line in found[:k]]

    def statistics(self, terms: Sequence[str], collections: Sequence[Collection]) -> Statistics:
        """Counted one by one."""
        lines = self.lines(collections)
        return Statistics(len(lines), {term: sum(term in line.terms for line in lines) for term in terms})


class NaiveIndex:
    """The live articles by number."""

    def __init__(self, parameters: Parameters) -> None:
        self._parameters = parameters
        self._articles: dict[int, Article] = {}
        self._last_change = 0

    @property
    def last_change(self) -> int:
        """The number of the last change applied."""
        return self._last_change

    def apply(self, changes: Sequence[Change]) -> None:
        """Each article is as its last change says."""
        for change in changes:
            self._articles.pop(change.article_id, None)
            if change.article is not None:
                self._articles[change.article_id] = change.article
            self._last_change = max(self._last_change, change.number)

    def snapshot(self) -> NaiveSnapshot:
        """A copy of what is live."""
        return NaiveSnapshot(tuple(self._articles.values()), self._parameters)


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
