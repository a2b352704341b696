"""The use cases: ask a question and get a cited answer or an honest refusal; search; explain an answer."""

from __future__ import annotations

import asyncio
import math
import re
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from typing import Final, Protocol, TypeVar

from corpus.model import Article, Passage
from corpus.text import forms
from retrieval import confidence, scoring
from retrieval.decision import Decision, Limits
from retrieval.errors import IndexUnusable
from retrieval.evidence import LOOKED_AT, Weighing
from retrieval.explanation import Explanation, explained, found_passages
from retrieval.index import Filters, Hit, Index, Snapshot, pairs_of
from retrieval.matching import with_names
from retrieval.model import Answer, Answered, Asked, NotAQuestion, NotInCorpus, Partial, Topic
from retrieval.names import gazetteer
from retrieval.parts import joined, one_by_one, parts_of
from retrieval.question import Part, Question, holds_phrases, parse
from retrieval.reading import Articles, Chosen, InMemory, Reach, Shelf
from retrieval.related import related
from retrieval.thesaurus import thesaurus

__all__ = ["Articles", "Asker", "Found", "InMemory", "Ready", "Snapshots"]

T = TypeVar("T")

_PHRASE_DEPTH: Final = 10
"""A quoted phrase is looked for among so many times more passages than are shown."""
_RERANKED: Final = Reach(articles=24, passages=24)
"""How far a search looks into what the index found, to put it in order."""
_SENTENCES_RERANKED: Final = 80
_SHARED: Final = 2_000
"""So many passages of each term are looked through to explain what it added to a score."""
_RELATED_WEIGHT: Final = 0.15
_MOST_REPEATED: Final = 2
_MOST_RELATED: Final = 12
_SENTENCES_OF_RELATED: Final = 8
"""Related questions are looked for in the nearest article alone, and in so many of its sentences."""


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


@dataclass(frozen=True, slots=True)
class _Looked:
    """What was found for one question, before it is weighed."""

    question: Question
    filters: Filters
    snapshot: Snapshot
    hits: Sequence[Hit]
    chosen: Sequence[Chosen]


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
        self._shelf = Shelf(articles)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="weighing")

    def close(self) -> None:
        """Its thread has ended; nothing can be asked any more."""
        self._thread.shutdown()

    @staticmethod
    def prepare() -> None:
        """The word lists and weights are read, so that the first question doesn't wait for them."""
        parse("Who is the judge in A v. B?", datetime.min.replace(tzinfo=UTC))
        gazetteer()
        thesaurus()
        confidence.model()
        scoring.ranking()

    async def ask(self, asked: Asked) -> Answer:
        """The answer to one question, seen through one snapshot of the index."""
        return await self._on_a_snapshot(partial(self._ask, asked))

    async def explain(self, asked: Asked) -> Explanation:
        """How the same question is answered, stage by stage."""
        return await self._on_a_snapshot(partial(self._explain, asked))

    async def decision(self, asked: Asked) -> Decision | None:
        """What the question would be decided from, every sentence that was read among it: to fit the weights by.

        None where nothing is asked.
        """
        return await self._on_a_snapshot(partial(self._undecided, asked))

    async def search(self, asked: Asked, k: int) -> list[Found]:
        """The `k` best passages for the words, best first; what was removed meanwhile is left out."""
        return await self._on_a_snapshot(partial(self._search, asked, k))

    async def _on_a_snapshot(self, work: Callable[[Snapshot], Awaitable[T]]) -> T:
        """The result of the work; done once more where the index turned out to be damaged, when it was made anew."""
        try:
            return await work(await self._snapshots.current())
        except IndexUnusable as damage:
            await self._snapshots.begin_again(damage)
        return await work(await self._snapshots.current())

    async def _aside(self, work: Callable[[], T]) -> T:
        """The result of work that is plain Python, or may take long in a large index.

        In a thread the event loop stays free, and in one thread questions don't take the interpreter from each other.
        """
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    async def _ask(self, asked: Asked, snapshot: Snapshot) -> Answer:
        question = _parsed(asked, snapshot)
        if (nothing := _nothing_asked(question)) is not None:
            return nothing
        parts = parts_of(question.text)
        if len(parts) > 1:
            return joined([await self._ask_part(part, asked, snapshot) for part in parts])
        looked = await self._looked(question, asked.filters, snapshot)
        decision = await self._aside(partial(self._decision, looked))
        answer = await self._aside(decision.answer)
        each = () if _names_all(answer, decision.question) else one_by_one(decision.question)
        found = joined([await self._ask_part(part, asked, snapshot) for part in each]) if each else answer
        if isinstance(found, Answered | Partial):
            return found
        return await self._aside(partial(self._with_offers, answer, decision, looked))

    async def _ask_part(self, part: str, asked: Asked, snapshot: Snapshot) -> Answer:
        looked = await self._looked(_parsed(replace(asked, text=part), snapshot), asked.filters, snapshot)
        return await self._aside(partial(self._answer, looked))

    async def _explain(self, asked: Asked, snapshot: Snapshot) -> Explanation:
        question = _parsed(asked, snapshot)
        if (nothing := _nothing_asked(question)) is not None:
            return Explanation(question, nothing, "It is no question that articles could answer.")
        looked = await self._looked(question, asked.filters, snapshot)
        answer = await self._ask(asked, snapshot)
        return await self._aside(partial(self._explained, looked, answer))

    async def _undecided(self, asked: Asked, snapshot: Snapshot) -> Decision | None:
        question = _parsed(asked, snapshot)
        if _nothing_asked(question) is not None:
            return None
        looked = await self._looked(question, asked.filters, snapshot)
        return await self._aside(partial(self._decision, looked, sys.maxsize))

    async def _looked(self, question: Question, filters: Filters, snapshot: Snapshot) -> _Looked:
        narrowed = _narrowed(filters, question)
        terms = self._with_pairs(question, _weighted_terms(question))
        hits = await self._aside(partial(snapshot.search, terms, narrowed, self._limits.passages))
        chosen = await self._shelf.chosen(question, hits, self._limits.reach)
        return _Looked(question, narrowed, snapshot, hits, chosen)

    async def _search(self, asked: Asked, k: int, snapshot: Snapshot) -> list[Found]:
        collections = asked.filters.collections
        question = parse(asked.text, asked.as_of, snapshot.languages(collections))
        depth = k * _PHRASE_DEPTH if question.phrases else max(k, self._limits.passages)
        terms = self._with_pairs(question, Counter(question.terms))
        hits = await self._aside(partial(snapshot.search, terms, asked.filters, depth))
        articles = await self._articles.read(list(dict.fromkeys(hit.article_id for hit in hits)))
        passages = {passage.id: passage for article in articles.values() for passage in article.passages}
        found = [
            Found(hit, articles[hit.article_id], passages[hit.passage_id]) for hit in hits if hit.passage_id in passages
        ]
        if question.phrases:
            return [each for each in found if holds_phrases(question, each.text)][:k]
        chosen = await Shelf(InMemory(articles)).chosen(question, hits, _RERANKED)
        looked = _Looked(question, asked.filters, snapshot, hits, chosen)
        return (await self._aside(partial(self._in_order, looked, found)))[:k]

    def _with_pairs(self, question: Question, terms: Mapping[str, float]) -> Mapping[str, float]:
        """The same terms, and the pairs of neighbours in the question where pairs are indexed."""
        if not self._pair_weight:
            return terms
        return {**terms, **dict.fromkeys(pairs_of(question.terms), self._pair_weight)}

    def _decision(self, looked: _Looked, sentences: int = LOOKED_AT) -> Decision:
        contexts = [self._shelf.context(chosen) for chosen in looked.chosen]
        question = with_names(looked.question, contexts)
        of_concepts = (term for concept in question.concepts for term in concept.every_term)
        terms = list(dict.fromkeys([*of_concepts, *question.terms]))
        statistics = looked.snapshot.statistics(terms, looked.filters.collections)
        weighing = Weighing(question, statistics, {hit.passage_id: hit.score for hit in looked.hits})
        return Decision(weighing, contexts, self._limits, sentences)

    def _answer(self, looked: _Looked) -> Answer:
        return self._decision(looked).answer()

    def _with_offers(self, answer: Answer, decision: Decision, looked: _Looked) -> Answer:
        """A refusal with the questions that may be asked in its place; any other answer as it is."""
        if not isinstance(answer, NotInCorpus):
            return answer
        from retrieval.spelling import did_you_mean  # noqa: PLC0415 - brings rapidfuzz, which only a refusal needs

        snapshot, filters = looked.snapshot, looked.filters

        def containing(terms: Sequence[str]) -> Mapping[str, int]:
            return snapshot.statistics(terms, filters.collections).containing

        def is_answered(text: str) -> bool:
            asked = _parsed(Asked(text, looked.question.as_of, filters), snapshot)
            near = replace(looked, question=asked, chosen=looked.chosen[:1])
            return isinstance(self._decision(near, _SENTENCES_OF_RELATED).answer(), Answered)

        meant = did_you_mean(decision.question, decision.weighing.statistics, decision.contexts, containing)
        return replace(answer, did_you_mean=meant, related=related(decision.question, decision.contexts, is_answered))

    def _explained(self, looked: _Looked, answer: Answer) -> Explanation:
        terms = self._with_pairs(looked.question, _weighted_terms(looked.question))
        of_terms = {
            term: {hit.passage_id: hit.score for hit in looked.snapshot.search({term: weight}, looked.filters, _SHARED)}
            for term, weight in terms.items()
        }
        articles = {article.id: article for article, _ in looked.chosen}
        return explained(self._decision(looked), list(found_passages(looked.hits, articles, of_terms)), answer)

    def _in_order(self, looked: _Looked, found: Sequence[Found]) -> list[Found]:
        """The passages by the best of their sentences; behind them, as they were, those that were not looked into."""
        best: dict[int, float] = {}
        for choice in self._decision(looked, _SENTENCES_RERANKED).ranked():
            best.setdefault(choice.sentence.passage_id, math.log1p(math.exp(choice.score)))
        least = min(best.values(), default=1.0)
        highest = max((each.hit.score for each in found), default=1.0)
        scored = [(best.get(each.hit.passage_id, least * each.hit.score / highest / 2), each) for each in found]
        scored.sort(key=lambda one: -one[0])
        return [replace(each, hit=each.hit._replace(score=score)) for score, each in scored]


def _names_all(answer: Answer, question: Question) -> bool:
    """Whether the first evidence speaks of every name that was asked about."""
    if not isinstance(answer, Answered | Partial):
        return False
    held = {*forms(answer.evidence[0].text), *forms(answer.evidence[0].citation.title)}
    return all(held.intersection(forms(name.surface)) for name in question.asked_about)


def _parsed(asked: Asked, snapshot: Snapshot) -> Question:
    collections = asked.filters.collections
    return parse(asked.text, asked.as_of, snapshot.languages(collections), snapshot.publications(collections))


_ADVICE: Final = re.compile(r"(?:can|could|should|may|must|would|am|do|will) (?:i|we)\b", re.IGNORECASE)


def _nothing_asked(question: Question) -> NotAQuestion | None:
    """What is said to small talk, to whoever wants advice, and where there is no word to search for."""
    if question.small_talk is not None:
        return NotAQuestion(question.small_talk)
    if _ADVICE.match(question.text):
        return NotAQuestion(Topic.HELP, "It quotes what articles say, and gives no legal advice.")
    if not question.terms:
        return NotAQuestion(Topic.EMPTY, "There is no word in it to search for.")
    return None


def _narrowed(filters: Filters, question: Question) -> Filters:
    """The filters with the source and the time of news that the question itself names, unless one was chosen."""
    narrowed = replace(filters, publications=filters.publications or question.publications)
    asked = next((period for period in question.periods if period.of_news), None)
    if asked is None or filters.since or filters.until:
        return narrowed
    return replace(narrowed, since=asked.since, until=asked.until)


def _weighted_terms(question: Question) -> Mapping[str, float]:
    """What the index is asked: the question's terms, and more lightly the words that say the same.

    A term counts at most `_MOST_REPEATED` times: a word that is said over and over must not drown all others. Of words
    that say the same each concept brings `_MOST_RELATED`, the first in the alphabet.
    """
    counts = Counter(question.terms)
    weights: dict[str, float] = {term: float(min(n, _MOST_REPEATED)) for term, n in counts.items()}
    for concept in question.concepts:
        light = _RELATED_WEIGHT if concept.part in {Part.CONTENT, Part.ROLE} else 0.0
        single = (word for word in sorted(concept.related) if " " not in word)
        for word in islice(single, _MOST_RELATED) if light else ():
            weights.setdefault(word, light)
    return weights
