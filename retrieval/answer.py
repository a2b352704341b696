"""The use case: ask a question, get a cited answer or an honest refusal."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Final, Protocol

from corpus.model import Article, Passage, Span
from corpus.text import fold
from retrieval.evidence import SURE, Choice, Weighing, highlights
from retrieval.index import Index, Snapshot
from retrieval.kinds import Kind
from retrieval.matching import RELATED, Context, article_level, case_level, level, unheard, with_names
from retrieval.model import (
    Answer,
    Answered,
    Asked,
    Citation,
    Evidence,
    Filters,
    Hit,
    NeedsDetail,
    NotAQuestion,
    NotInCorpus,
    Partial,
    Topic,
)
from retrieval.names import NameKind, gazetteer
from retrieval.question import Part, Question, holds_phrases, parse
from retrieval.scoring import shipped_model
from retrieval.sentence import Reader

_LEAST_ARTICLES: Final = 3
_PHRASE_DEPTH: Final = 10
"""A quoted phrase is looked for among so many times more passages than are shown."""


class Articles(Protocol):
    """Where the texts of found passages are read."""

    async def read(self, article_ids: Sequence[int]) -> Mapping[int, Article]:
        """The live articles of these numbers, with their passages; removed ones are left out."""
        ...


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a question reaches, and from which confidence on it is answered (0..1)."""

    passages: int = 40
    articles: int = 12
    passages_read: int = 16
    evidence: int = 5
    closest: int = 3
    confidence: float = 0.45
    whole_article_passages: int = 16


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


class Asker:
    """Answers questions from an index and the articles behind it. Safe to share between tasks."""

    def __init__(self, index: Index, articles: Articles, limits: Limits | None = None) -> None:
        self._index = index
        self._articles = articles
        self._limits = limits or Limits()
        self._reader = Reader()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="weighing")

    @staticmethod
    def prepare() -> None:
        """The word lists and weights are read, so that the first question doesn't wait for them."""
        parse("Who is the judge in A v. B?", datetime.min.replace(tzinfo=UTC))
        gazetteer()
        shipped_model()

    async def ask(self, asked: Asked) -> Answer:
        """The answer to one question, seen through one snapshot of the index."""
        snapshot = self._index.snapshot()
        collections = asked.filters.collections
        question = parse(asked.text, asked.as_of, snapshot.languages, snapshot.publications(collections))
        if question.small_talk is not None:
            return NotAQuestion(question.small_talk)
        if not question.terms:
            return NotAQuestion(Topic.EMPTY, "There is no word in it to search for.")
        filters = _narrowed(asked.filters, question)
        hits = snapshot.search(_weighted_terms(question), filters, self._limits.passages)
        articles = await self._articles.read(_best_articles(hits, self._limits.articles))
        # The weighing is plain Python over a few dozen passages: in a thread the event loop stays free, and in one
        # thread questions don't take the interpreter from each other.
        weigh = partial(self._answer, question, filters, snapshot, hits, articles)
        return await asyncio.get_running_loop().run_in_executor(self._thread, weigh)

    async def search(self, asked: Asked, k: int) -> list[Found]:
        """The `k` best passages for the words, best first; what was removed meanwhile is left out."""
        snapshot = self._index.snapshot()
        question = parse(asked.text, asked.as_of, snapshot.languages)
        depth = k * _PHRASE_DEPTH if question.phrases else k
        hits = snapshot.search(Counter(question.terms), asked.filters, depth)
        articles = await self._articles.read(list(dict.fromkeys(hit.article_id for hit in hits)))
        passages = {passage.id: passage for article in articles.values() for passage in article.passages}
        found = [
            Found(hit, articles[hit.article_id], passages[hit.passage_id]) for hit in hits if hit.passage_id in passages
        ]
        return [each for each in found if holds_phrases(question, each.text)][:k]

    def _answer(
        self,
        question: Question,
        filters: Filters,
        snapshot: Snapshot,
        hits: Sequence[Hit],
        articles: Mapping[int, Article],
    ) -> Answer:
        contexts = self._contexts(question, hits, articles)
        question = with_names(question, contexts)
        terms = list(dict.fromkeys(term for concept in question.concepts for term in concept.every_term))
        statistics = snapshot.statistics(terms, filters.collections)
        weighing = Weighing(question, statistics, {hit.passage_id: hit.score for hit in hits})
        return _Decision(question, contexts, weighing, self._limits).answer()

    def _contexts(self, question: Question, hits: Sequence[Hit], articles: Mapping[int, Article]) -> list[Context]:
        """The best articles as far as they are read: `passages_read` in all, but at least the first three."""
        wanted = {hit.passage_id for hit in hits}
        contexts: list[Context] = []
        left = self._limits.passages_read
        for number in _best_articles(hits, self._limits.articles):
            if number in articles and (left > 0 or len(contexts) < _LEAST_ARTICLES):
                if not holds_phrases(question, articles[number].text):
                    continue
                contexts.append(self._context(articles[number], wanted))
                left -= len({sentence.passage_id for sentence in contexts[-1].sentences})
        return contexts

    def _context(self, article: Article, wanted: set[int]) -> Context:
        passages = self._passages(article, wanted)
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


def _narrowed(filters: Filters, question: Question) -> Filters:
    """The filters with the source that the question itself names, unless one was chosen."""
    return replace(filters, publications=filters.publications or question.publications)


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


class _Decision:
    """Which outcome the weighed sentences allow."""

    def __init__(self, question: Question, contexts: Sequence[Context], weighing: Weighing, limits: Limits) -> None:
        self._question = question
        self._contexts = contexts
        self._weighing = weighing
        self._choices = weighing.choices(contexts)
        self._limits = limits

    def answer(self) -> Answer:
        """The outcome."""
        best = self._choices[0] if self._choices else None
        if best is None:
            return NotInCorpus(0.0, self._missing(), ())
        confidence = round(self._weighing.confidence(best), 4)
        if confidence >= self._limits.confidence and self._is_said(best):
            return self._answered(best, confidence)
        return self._refused(confidence)

    def _is_said(self, choice: Choice) -> bool:
        """Whether the sentence holds what was asked: a span of the asked form, or itself the yes or no."""
        kind = self._question.kind
        if choice.features.case < _LEAST_CASE:
            return False  # a wrong case is the worst answer
        if choice.features.all_names < _LEAST_NAMES:
            return False
        if kind is Kind.YES_NO:
            return choice.features.kind >= _LEAST_SAID  # what only stands around it decides nothing
        return choice.answer is not None or kind not in _NEEDS_SPAN

    def _answered(self, best: Choice, confidence: float) -> Answer:
        least = self._limits.confidence
        sure = [c for c in self._choices if self._is_said(c) and self._weighing.confidence(c) >= least]
        rivals = self._rivals(best, sure)
        if rivals:
            return self._needs_detail(confidence, rivals)
        others = [c for c in sure if c is not best and self._supports(c, best)]
        return Answered(confidence, self._evidence(_distinct([best, *others])[: self._limits.evidence]))

    def _supports(self, choice: Choice, best: Choice) -> bool:
        """Whether further evidence says the same, or is as sure as the first: what is less sure only confuses."""
        if _short(best) and (_short(best) in _short(choice) or (_short(choice) and _short(choice) in _short(best))):
            return True
        return self._weighing.confidence(choice) >= _NEARLY * self._weighing.confidence(best)

    def _rivals(self, best: Choice, sure: Sequence[Choice]) -> list[Choice]:
        """The best sentence of each case that fits as well as the first, where the question doesn't tell them apart."""
        question = self._question
        vague = not question.concepts and not question.periods
        open_question = question.case is None and len(question.names) <= 1 and not question.periods
        if not vague and not (open_question and question.kind in _OF_ONE_CASE and best.answer):
            return []
        least = 0.0 if vague else self._weighing.confidence(best) - _RIVAL_MARGIN
        found: dict[str, Choice] = {}
        for choice in sure:
            if (choice.answer or vague) and self._weighing.confidence(choice) >= least:
                found.setdefault(_case_label(choice.context), choice)
        answers = {_short(choice) for choice in found.values()}
        return list(found.values()) if len(found) > 1 and (vague or len(answers) == len(found)) else []

    def _needs_detail(self, confidence: float, rivals: Sequence[Choice]) -> NeedsDetail:
        choices = tuple(_case_label(choice.context) for choice in rivals[:_MOST_CHOICES])
        closest = self._evidence(rivals[: self._limits.closest], claim=False)
        return NeedsDetail(confidence, f"{len(rivals)} cases fit. Which one do you mean?", choices, closest)

    def _refused(self, confidence: float) -> Answer:
        closest = self._evidence(_distinct(self._choices)[: self._limits.closest], claim=False)
        for choice in self._choices[:_LOOKED_AT]:
            if unnamed := self._unnamed(choice):
                missing = f"The corpus says “{unnamed}” and gives no name."
                return Partial(confidence, self._evidence([choice], claim=False), missing, closest)
        return NotInCorpus(confidence, self._missing(), closest)

    def _unnamed(self, best: Choice) -> str | None:
        """`a federal judge`: the role that was asked for is there, but nobody is named."""
        sentence, features = best.sentence, best.features
        role = next((c for c in self._question.concepts if c.part is Part.ROLE), None)
        if role is None or features.all_names < 1 or features.case < 0.8 or features.all_content < 0.95:
            return None
        if any(name.kind is NameKind.PERSON for name in sentence.names):
            return None
        found = re.search(rf"\b[Aa]n? (?:[\w.]+ ){{0,2}}{re.escape(role.surface)}\b", sentence.text, re.IGNORECASE)
        return found[0][0].lower() + found[0][1:] if found else None

    def _evidence(self, choices: Sequence[Choice], *, claim: bool = True) -> tuple[Evidence, ...]:
        return tuple(_evidence(n, choice, self._question, claim=claim) for n, choice in enumerate(choices, 1))

    def _missing(self) -> str:
        question = self._question
        covering = [c for c in self._contexts if _covers(question, c)]
        strangers = unheard(question, self._contexts)
        source = f" of {question.publications[0].title()}" if question.publications else ""
        if question.phrases and not self._contexts:
            return f"No article{source} holds the words “{question.phrases[0]}”."
        if question.case and not covering:
            return f"No article{source} covers {question.case.surface}."
        if strangers:
            return f"No article{source} speaks of {_joined([c.surface for c in strangers])}."
        if not question.concepts:
            return "Name the case, the company or the law that you mean."
        if not covering:
            return f"No article{source} covers this."
        names = [c.surface for c in question.names]
        about = f"{_joined(names)}" if names else "this"
        count = f"{len(covering)} articles mention" if len(covering) > 1 else "One article mentions"
        none = "none of them" if len(covering) > 1 else "it doesn't"
        return f"{count} {about}, but {none} {_asked_fact(question, negated=len(covering) == 1)}."


_OF_ONE_CASE: Final = frozenset({Kind.PERSON, Kind.COURT, Kind.DOCKET, Kind.VOTE})
_NEEDS_SPAN: Final = SURE | {Kind.PERSON, Kind.ORGANISATION, Kind.PLACE, Kind.NAME}
_LEAST_NAMES: Final = 0.75
"""A name that the article only mentions in passing, elsewhere, is not what the sentence is about."""
_LEAST_CASE: Final = 0.75
_NEARLY: Final = 0.9
_LEAST_SAID: Final = 0.6
_RIVAL_MARGIN: Final = 0.1
_MOST_CHOICES: Final = 5
_LOOKED_AT: Final = 5


def _case_label(context: Context) -> str:
    """How to name the case an article is about: as it does itself, else by its title."""
    return next(iter(context.profile.case_names), context.article.title)


def _short(choice: Choice) -> str:
    return fold(choice.answer.of(choice.sentence.text)) if choice.answer else ""


def _covers(question: Question, context: Context) -> bool:
    if question.case:
        return case_level(question, context.profile) >= _LEAST_CASE
    return all(article_level(concept, context.profile) > 0 for concept in question.names)


_FACTS: Final = {
    Kind.PERSON: ("says who", "say who"),
    Kind.DATE: ("says when", "say when"),
    Kind.MONEY: ("gives the sum", "give the sum"),
    Kind.NUMBER: ("gives the number", "give the number"),
    Kind.DURATION: ("says how long", "say how long"),
    Kind.PLACE: ("says where", "say where"),
    Kind.COURT: ("names the court", "name the court"),
    Kind.LAW: ("names the law", "name the law"),
    Kind.ORGANISATION: ("names it", "name it"),
    Kind.QUOTE: ("quotes that", "quote that"),
    Kind.REASON: ("says why", "say why"),
    Kind.DOCKET: ("gives the docket number", "give the docket number"),
    Kind.AGE: ("gives the age", "give the age"),
    Kind.VOTE: ("gives the vote", "give the vote"),
    Kind.PERCENT: ("gives the share", "give the share"),
}


def _asked_fact(question: Question, *, negated: bool) -> str:
    role = next((c.surface for c in question.concepts if c.part is Part.ROLE), None)
    if question.kind is Kind.PERSON and role:
        return f"{'name' if negated else 'names'} the {role.lower() if not role.isupper() else role}"
    said = _FACTS.get(question.kind, ("says so", "say so"))
    return said[1] if negated else said[0]


def _joined(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _distinct(choices: Sequence[Choice]) -> list[Choice]:
    """Without those that say the same words again."""
    seen: set[str] = set()
    kept = []
    for choice in choices:
        if choice.sentence.text not in seen:
            seen.add(choice.sentence.text)
            kept.append(choice)
    return kept


_LEANING: Final = re.compile(r"(?:He|She|It|They|His|Her|Its|Their|This|That|These|Those)\b")


def _evidence(number: int, choice: Choice, question: Question, *, claim: bool) -> Evidence:
    """The sentence as evidence; one that opens with a pronoun brings the sentence before it."""
    span = choice.sentence.span
    article = choice.context.article
    before = choice.context.sentences[choice.index - 1] if choice.index else None
    leans = _LEANING.match(choice.sentence.text) is not None
    if (
        leans
        and before
        and before.passage_id == choice.sentence.passage_id
        and "\n\n" not in article.text[before.span.end : span.start]
    ):
        span = Span(before.span.start, span.end)
    offset = choice.sentence.span.start - span.start
    marked = tuple(part.shifted(offset) for part in highlights(choice, question))
    answer = choice.answer.shifted(offset) if claim and choice.answer else None
    return Evidence(span.of(article.text), _citation(number, article, span), answer, marked, _why(choice, question))


def _why(choice: Choice, question: Question) -> str:
    """Why the sentence was chosen, in words: what of the question it speaks of, and the answer's kind."""
    spoken = [c.surface for c in question.concepts if level(c, choice.sentence, choice.context.profile) >= RELATED]
    parts = [f"speaks of {_joined(spoken)}"] if spoken else []
    if choice.answer is not None:
        parts.append(f"holds what was asked for ({question.kind})")
    return "; ".join(parts) or "stands next to what was asked"


def _citation(number: int, article: Article, span: Span) -> Citation:
    return Citation(
        number=number,
        article_id=article.id,
        collection=article.collection,
        key=article.key,
        revision=article.revision,
        title=article.title,
        publication=article.publication,
        published=article.published,
        url=article.url,
        start=span.start,
        end=span.end,
    )
