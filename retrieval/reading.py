"""From hits to what is weighed: the articles behind them, as far as they are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from corpus.model import Article, Passage
from retrieval.index import Hit
from retrieval.matching import Context
from retrieval.question import Question, holds_phrases
from retrieval.sentence import Reader

_LEAST_ARTICLES: Final = 3
_READ_AT_ONCE: Final = 4
"""So many articles are read at a time: nearly always as many as are weighed."""

Chosen = tuple[Article, tuple[Passage, ...]]
"""An article to be weighed, and those of its passages that are read."""


class Articles(Protocol):
    """Where the texts of found passages are read."""

    async def read(self, article_ids: Sequence[int]) -> Mapping[int, Article]:
        """The live articles of these numbers, with their passages; removed ones are left out."""
        ...


@dataclass(frozen=True, slots=True)
class InMemory:
    """Articles at hand, read as from a store."""

    articles: Mapping[int, Article]

    async def read(self, article_ids: Sequence[int]) -> Mapping[int, Article]:
        """See `Articles`."""
        return {number: self.articles[number] for number in article_ids if number in self.articles}


@dataclass(frozen=True, slots=True)
class Reach:
    """How far is read: the best `articles` at most, `passages` in all, of long articles what is near the hits."""

    articles: int = 8
    passages: int = 8
    whole_article_passages: int = 16


class Shelf:
    """Reads the articles behind hits, and remembers what it read last."""

    def __init__(self, articles: Articles) -> None:
        self._articles = articles
        self._reader = Reader()

    async def chosen(self, question: Question, hits: Sequence[Hit], reach: Reach) -> list[Chosen]:
        """The best articles as far as they are weighed, at least the first three; without a quoted phrase none."""
        wanted = {hit.passage_id for hit in hits}
        chosen: list[Chosen] = []
        left = reach.passages
        best = list(dict.fromkeys(hit.article_id for hit in hits))[: reach.articles]
        for first in range(0, len(best), _READ_AT_ONCE):
            batch = best[first : first + _READ_AT_ONCE]
            articles = await self._articles.read(batch)
            for article in (articles[number] for number in batch if number in articles):
                if left <= 0 and len(chosen) >= _LEAST_ARTICLES:
                    return chosen
                if holds_phrases(question, article.text):
                    chosen.append((article, _passages(article, wanted, reach)))
                    left -= sum(bool(passage.sentences) for passage in chosen[-1][1])
        return chosen

    def context(self, chosen: Chosen) -> Context:
        """The article as it is weighed."""
        article, passages = chosen
        sentences = tuple(s for passage in passages for s in self._reader.passage(article, passage))
        whole = sentences if len(passages) == len(article.passages) else ()
        return Context(self._reader.profile(article, whole), sentences)


def _passages(article: Article, wanted: set[int], reach: Reach) -> tuple[Passage, ...]:
    """All passages of a short article; of a long one its beginning and what stands around the hits."""
    passages = article.passages
    if len(passages) <= reach.whole_article_passages:
        return passages
    near = {i + d for i, p in enumerate(passages) if p.id in wanted for d in (-1, 0, 1)} | {0}
    return tuple(p for i, p in enumerate(passages) if i in near)
