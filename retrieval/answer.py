"""The use case: ask a question, get a cited answer or an honest refusal."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Final, Protocol, TypeVar

from corpus.model import Article, Passage
from retrieval.decision import Decision, Limits
from retrieval.errors import IndexUnusable
from retrieval.evidence import Weighing
from retrieval.index import Filters, Hit, Index, Snapshot, pairs_of
from retrieval.matching import Context, with_names
from retrieval.model import Answer, Asked, NotAQuestion, Topic
from retrieval.names import gazetteer
from retrieval.question import Part, Question, holds_phrases, parse
from retrieval.scoring import shipped_model
from retrieval.sentence import Reader

T = TypeVar("T")

_LEAST_ARTICLES: Final = 3
_READ_AT_ONCE: Final = 4
"""So many articles are read at a time: nearly always as many as are weighed."""
_PHRASE_DEPTH: Final = 10
"""A quoted phrase is looked for among so many times more passages than are shown."""


_Chosen = tuple[Article, tuple[Passage, ...]]
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
class Found:
    """A hit with what it stands for."""

    hit: Hit
    article: Article
    passage: Passage

    @property
    def text(self) -> str:
        """The passage's text, verbatim."""
        return self.passage.span.of(self.article.text)


class Snapshots(Protocol):
    """Where a question gets the state of the index that it is answered from."""

    async def current(self) -> Snapshot:
        """The state now; waited for while the index is being made."""
        ...

    async def begin_again(self, why: IndexUnusable) -> None:
        """The index turned out to be damaged and is made anew."""
        ...


@dataclass(frozen=True, slots=True)
class Ready:
    """An index that is whole and in memory."""

    index: Index

    async def current(self) -> Snapshot:
        """See `Snapshots`."""
        return self.index.snapshot()

    async def begin_again(self, why: IndexUnusable) -> None:
        """See `Snapshots`; there is nothing to make it from."""
        raise why


class Asker:
    """Answers questions from an index and the articles behind it. Safe to share between tasks.

    `pair_weight` is how much a pair of neighbouring words counts beside a word; 0 where pairs are not indexed.
    """

    def __init__(
        self, snapshots: Snapshots, articles: Articles, limits: Limits | None = None, *, pair_weight: float = 0.0
    ) -> None:
        self._snapshots = snapshots
        self._pair_weight = pair_weight
        self._articles = articles
        self._limits = limits or Limits()
        self._reader = Reader()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="weighing")

    def close(self) -> None:
        """Its thread has ended; nothing can be asked any more."""
        self._thread.shutdown()

    @staticmethod
    def prepare() -> None:
        """The word lists and weights are read, so that the first question doesn't wait for them."""
        parse("Who is the judge in A v. B?", datetime.min.replace(tzinfo=UTC))
        gazetteer()
        shipped_model()

    async def ask(self, asked: Asked) -> Answer:
        """The answer to one question, seen through one snapshot of the index."""
        return await self._on_a_snapshot(partial(self._ask, asked))

    async def _on_a_snapshot(self, work: Callable[[Snapshot], Awaitable[T]]) -> T:
        """The result of the work; done once more where the index turned out to be damaged, when it was made anew."""
        try:
            return await work(await self._snapshots.current())
        except IndexUnusable as damage:
            await self._snapshots.begin_again(damage)
        return await work(await self._snapshots.current())

    async def _ask(self, asked: Asked, snapshot: Snapshot) -> Answer:
        collections = asked.filters.collections
        question = parse(asked.text, asked.as_of, snapshot.languages(collections), snapshot.publications(collections))
        if question.small_talk is not None:
            return NotAQuestion(question.small_talk)
        if _ADVICE.match(question.text):
            return NotAQuestion(Topic.HELP, "It quotes what articles say, and gives no legal advice.")
        if not question.terms:
            return NotAQuestion(Topic.EMPTY, "There is no word in it to search for.")
        filters = _narrowed(asked.filters, question)
        terms = self._with_pairs(question, _weighted_terms(question))
        hits = await self._aside(partial(snapshot.search, terms, filters, self._limits.passages))
        chosen = await self._chosen(question, hits)
        return await self._aside(partial(self._answer, question, filters, snapshot, hits, chosen))

    async def search(self, asked: Asked, k: int) -> list[Found]:
        """The `k` best passages for the words, best first; what was removed meanwhile is left out."""
        return await self._on_a_snapshot(partial(self._search, asked, k))

    async def _search(self, asked: Asked, k: int, snapshot: Snapshot) -> list[Found]:
        question = parse(asked.text, asked.as_of, snapshot.languages(asked.filters.collections))
        depth = k * _PHRASE_DEPTH if question.phrases else k
        terms = self._with_pairs(question, Counter(question.terms))
        hits = await self._aside(partial(snapshot.search, terms, asked.filters, depth))
        articles = await self._articles.read(list(dict.fromkeys(hit.article_id for hit in hits)))
        passages = {passage.id: passage for article in articles.values() for passage in article.passages}
        found = [
            Found(hit, articles[hit.article_id], passages[hit.passage_id]) for hit in hits if hit.passage_id in passages
        ]
        return [each for each in found if holds_phrases(question, each.text)][:k]

    async def _aside(self, work: Callable[[], T]) -> T:
        """The result of work that is plain Python, or may take long in a large index.

        In a thread the event loop stays free, and in one thread questions don't take the interpreter from each other.
        """
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _with_pairs(self, question: Question, terms: Mapping[str, float]) -> Mapping[str, float]:
        """The same terms, and the pairs of neighbours in the question where pairs are indexed."""
        if not self._pair_weight:
            return terms
        return {**terms, **dict.fromkeys(pairs_of(question.terms), self._pair_weight)}

    def _answer(
        self,
        question: Question,
        filters: Filters,
        snapshot: Snapshot,
        hits: Sequence[Hit],
        chosen: Sequence[_Chosen],
    ) -> Answer:
        contexts = [self._context(article, passages) for article, passages in chosen]
        question = with_names(question, contexts)
        terms = list(dict.fromkeys(term for concept in question.concepts for term in concept.every_term))
        statistics = snapshot.statistics(terms, filters.collections)
        weighing = Weighing(question, statistics, {hit.passage_id: hit.score for hit in hits})
        return Decision(question, contexts, weighing, self._limits).answer()

    async def _chosen(self, question: Question, hits: Sequence[Hit]) -> list[_Chosen]:
        """The best articles as far as they are weighed: `passages_read` in all, but at least the first three."""
        wanted = {hit.passage_id for hit in hits}
        chosen: list[_Chosen] = []
        left = self._limits.passages_read
        best = _best_articles(hits, self._limits.articles)
        for first in range(0, len(best), _READ_AT_ONCE):
            batch = best[first : first + _READ_AT_ONCE]
            articles = await self._articles.read(batch)
            for article in (articles[number] for number in batch if number in articles):
                if left <= 0 and len(chosen) >= _LEAST_ARTICLES:
                    return chosen
                if holds_phrases(question, article.text):
                    chosen.append((article, self._passages(article, wanted)))
                    left -= sum(bool(passage.sentences) for passage in chosen[-1][1])
        return chosen

    def _context(self, article: Article, passages: Sequence[Passage]) -> Context:
        sentences = tuple(s for passage in passages for s in self._reader.passage(article, passage))
        whole = sentences if len(passages) == len(article.passages) else ()
        return Context(self._reader.profile(article, whole), sentences)

    def _passages(self, article: Article, wanted: set[int]) -> tuple[Passage, ...]:
        """All passages of a short article; of a long one its beginning and what stands around the hits."""
        passages = article.passages
        if len(passages) <= self._limits.whole_article_passages:
            return passages
        near = {i + d for i, p in enumerate(passages) if p.id in wanted for d in (-1, 0, 1)} | {0}
        return tuple(p for i, p in enumerate(passages) if i in near)


_ADVICE: Final = re.compile(r"(?:can|could|should|may|must|would|am|do|will) (?:i|we)\b", re.IGNORECASE)


def _narrowed(filters: Filters, question: Question) -> Filters:
    """The filters with the source and the time of news that the question itself names, unless one was chosen."""
    narrowed = replace(filters, publications=filters.publications or question.publications)
    asked = next((period for period in question.periods if period.of_news), None)
    if asked is None or filters.since or filters.until:
        return narrowed
    return replace(narrowed, since=asked.since, until=asked.until)


def _weighted_terms(question: Question) -> Mapping[str, float]:
    """What the index is asked: the question's terms, and more lightly the words that say the same."""
    weights: dict[str, float] = {term: float(n) for term, n in Counter(question.terms).items()}
    for concept in question.concepts:
        light = 0.25 if concept.part in {Part.CONTENT, Part.ROLE} else 0.0
        for word in sorted(concept.related) if light else ():
            if " " not in word:
                weights.setdefault(word, light)
    return weights


def _best_articles(hits: Sequence[Hit], most: int) -> list[int]:
    return list(dict.fromkeys(hit.article_id for hit in hits))[:most]
