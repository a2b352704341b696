"""From passages to evidence: which sentence answers, which words of it are the answer, and how sure that is.

Everything is computed from the passages' own text and from how common the question's terms are, so it is the same on
every engine. A sentence is weighed by what of the question it speaks of itself, by what stands around it (neighbours,
title, article), and by whether it holds a span of the asked kind near the words that matter. The numbers in `Weights`
were fitted by hand on the development questions; `amicus eval` measures them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from corpus.model import Span
from retrieval.candidates import Candidate, candidates
from retrieval.index import Statistics
from retrieval.matching import (
    Context,
    article_level,
    case_level,
    level,
    period_level,
    places_of,
)
from retrieval.names import NameKind, gazetteer
from retrieval.question import Concept, Kind, Part, Question
from retrieval.sentence import Sentence


@dataclass(frozen=True, slots=True)
class Weights:
    """What counts how much when sentences are compared."""

    own: float = 0.55
    around: float = 0.30
    kind: float = 0.40
    passage: float = 0.08
    early: float = 0.03
    generic: float = 0.25
    name: float = 0.8
    role: float = 0.9
    untyped: float = 0.6


WEIGHTS: Final = Weights()
_IDF_BOUNDS: Final = (3.0, 5.0)
"""A corpus of a few articles makes every idf small and its own rare words huge: clamped, a refusal can rest on it."""
_BEFORE, _AFTER, _SAME_PASSAGE, _TITLE, _ARTICLE = 0.6, 0.45, 0.4, 0.65, 0.3
_NAME_BEFORE, _NAME_TITLE, _NAME_ARTICLE = 0.85, 0.9, 0.75
_TYPED: Final = frozenset(set(Kind) - {Kind.YES_NO, Kind.THING, Kind.EVENT, Kind.NAME})


@dataclass(frozen=True, slots=True)
class Support:
    """How well the question is covered, each 0..1: by names, by the other words, by the asked kind of answer."""

    names: float
    content: float
    kind: float
    case: float

    @property
    def confidence(self) -> float:
        """How sure it is that the sentence states what was asked (0..1)."""
        return self.names * self.case * (0.2 + 0.8 * self.content) * self.kind


@dataclass(frozen=True, slots=True)
class Choice:
    """A sentence that was weighed, with the short answer in it, if it has one."""

    context: Context
    index: int
    score: float
    support: Support
    answer: Span | None

    @property
    def sentence(self) -> Sentence:
        """The sentence itself."""
        return self.context.sentences[self.index]


class Weighing:
    """Weighs the sentences of some articles against one question."""

    def __init__(self, question: Question, statistics: Statistics, passage_scores: Mapping[int, float]) -> None:
        self.question = question
        self._statistics = statistics
        self._scores = passage_scores
        self._best_score = max(passage_scores.values(), default=1.0) or 1.0
        self._weights = [self._weight(concept) for concept in question.concepts]

    def _weight(self, concept: Concept) -> float:
        counts = [self._statistics.containing.get(term, 0) for term in concept.every_term]
        rarest = min(counts, default=0)
        idf = math.log(1 + (self._statistics.passages - rarest + 0.5) / (rarest + 0.5))
        clamped = min(max(idf, _IDF_BOUNDS[0]), _IDF_BOUNDS[1])
        factor = {Part.GENERIC: WEIGHTS.generic, Part.NAME: WEIGHTS.name, Part.ROLE: WEIGHTS.role}.get(concept.part, 1.0)
        return clamped * factor

    def choices(self, contexts: Sequence[Context]) -> list[Choice]:
        """All sentences, best first; the order is total: score, recency, place."""
        found = [choice for context in contexts for choice in self._of_article(context)]
        return sorted(found, key=_order)

    def _of_article(self, context: Context) -> list[Choice]:
        case = case_level(self.question, context)
        own = [[level(c, s) for c in self.question.concepts] for s in context.sentences]
        title = [level(c, context.heading) for c in self.question.concepts]
        whole = [article_level(c, context) for c in self.question.concepts]
        return [self._choice(context, i, case, own, title, whole) for i in range(len(context.sentences))]

    def _choice(
        self, context: Context, i: int, case: float, own: list[list[float]], title: list[float], whole: list[float]
    ) -> Choice:
        sentence = context.sentences[i]
        around = [self._around(context, i, j, own, title, whole) for j in range(len(own[i]))]
        levels = [max(a, b) for a, b in zip(own[i], around, strict=True)]
        answer, kind = self._answer(context, sentence, own[i])
        support = self._support(context, sentence, levels, whole, kind, case)
        untyped = self.question.kind in _TYPED and answer is None
        score = (
            WEIGHTS.own * self._mean(own[i])
            + WEIGHTS.around * self._mean(levels)
            + WEIGHTS.kind * kind
            + WEIGHTS.passage * self._scores.get(sentence.passage_id, 0.0) / self._best_score
            + WEIGHTS.early * (1 - i / max(1, len(context.sentences)))
        ) * (0.25 + 0.75 * case)
        return Choice(context, i, score * (0.5 + 0.5 * support.names) * (WEIGHTS.untyped if untyped else 1.0), support, answer)

    def _around(
        self, context: Context, i: int, j: int, own: list[list[float]], title: list[float], whole: list[float]
    ) -> float:
        """What the neighbours, the title and the article say of concept `j`."""
        name = self.question.concepts[j].part is Part.NAME
        before = own[i - 1][j] if i > 0 else 0.0
        after = own[i + 1][j] if i + 1 < len(own) else 0.0
        passage = context.sentences[i].passage_id
        near = [own[n][j] for n in range(max(0, i - 4), min(len(own), i + 5)) if context.sentences[n].passage_id == passage]
        return max(
            before * (_NAME_BEFORE if name else _BEFORE),
            after * _AFTER,
            max(near, default=0.0) * (_NAME_ARTICLE if name else _SAME_PASSAGE),
            title[j] * (_NAME_TITLE if name else _TITLE),
            whole[j] * (_NAME_ARTICLE if name else _ARTICLE),
        )

    def _mean(self, levels: Sequence[float]) -> float:
        total = sum(self._weights)
        return sum(w * x for w, x in zip(self._weights, levels, strict=True)) / total if total else 0.0

    def _support(
        self, context: Context, sentence: Sentence, levels: Sequence[float], whole: Sequence[float], kind: float, case: float
    ) -> Support:
        names = [(x, whole[j]) for j, x in enumerate(levels) if self.question.concepts[j].part is Part.NAME]
        periods = [period_level(period, sentence, context) for period in self.question.periods]
        reached = [min(1.0, x / _NAME_ARTICLE) if there else 0.0 for x, there in names] + periods
        return Support(
            names=min(reached, default=1.0) ** 0.7,
            content=self._content(levels),
            kind=kind if self.question.kind in _TYPED else 0.9,
            case=case,
        )

    def _content(self, levels: Sequence[float]) -> float:
        """The weighted share of the words that are no names; neighbours count as far as `levels` lets them."""
        parts = [
            (w, x)
            for concept, w, x in zip(self.question.concepts, self._weights, levels, strict=True)
            if concept.part is not Part.NAME
        ]
        if not parts:
            return 1.0
        total = sum(w for w, _ in parts)
        share = sum(w * x for w, x in parts) / total
        only_generic = all(c.part in {Part.GENERIC, Part.NAME} for c in self.question.concepts)
        return 0.75 + 0.25 * share if only_generic else share

    def _answer(self, context: Context, sentence: Sentence, own: Sequence[float]) -> tuple[Span | None, float]:
        """The best span of the asked kind and how well it fits (0..1)."""
        found = candidates(sentence, self.question)
        fits = [(self._fit(sentence, candidate, own), candidate.span) for candidate in found]
        if self.question.roles:
            fits = [(fit * self._role_fit(sentence, span), span) for fit, span in fits]
        if not fits:
            return None, 0.0
        best, span = max(fits, key=lambda fit: (round(fit[0], 6), -fit[1].start, len(fit[1])))
        return (span, min(1.0, best)) if best > 0.15 else (None, 0.0)

    def _fit(self, sentence: Sentence, candidate: Candidate, own: Sequence[float]) -> float:
        """Quality and closeness to the words that the question's concepts stand at."""
        first, last = sentence.word_range(candidate.span)
        weight = near = 0.0
        for concept, w, x in zip(self.question.concepts, self._weights, own, strict=True):
            if not x:
                continue
            # An answer stands with what is said of it more than with the names of the matter.
            w *= 0.5 if concept.part is Part.NAME else 1.0
            distances = [self._distance(sentence, first, last, place) for place in places_of(concept, sentence)]
            weight += w
            near += w * math.exp(-min(distances, default=12.0) / 7)
        closeness = near / weight if weight else 0.3
        fit = candidate.quality * (0.4 + 0.6 * closeness) + self._manner(sentence, candidate.span)
        return fit * (0.5 if self._is_modifier(sentence, candidate.span) else 1.0)

    @staticmethod
    def _distance(sentence: Sentence, first: int, last: int, place: int) -> float:
        """Words between, with a clause's border as far as four words."""
        if first <= place < last:
            return 0.0
        low, high = (last - 1, place) if place >= last else (place, first)
        between = sentence.text[sentence.words[low].end : sentence.words[high].start]
        borders = len(re.findall(r"[,;:—–]|\b(?:and|but|while|which|who|that|after|before|because|when|since|until|although)\b", between))
        return (high - low - 1) + 3.0 * borders

    def _manner(self, sentence: Sentence, span: Span) -> float:
        """The doer stands before the verb, or behind `by`."""
        if self.question.kind not in {Kind.PERSON, Kind.ORGANISATION} or self.question.roles:
            return 0.0
        if re.search(r"\bby (?:the )?$", sentence.text[: span.start]):
            return 0.12
        verbs = [p for c in self.question.concepts if c.part is Part.CONTENT for p in places_of(c, sentence)]
        if not verbs:
            return 0.0
        if self._active and all(self._is_passive(sentence, place) for place in verbs):
            return -0.4
        _, last = sentence.word_range(span)
        return 0.1 if last <= min(verbs) else 0.0

    @property
    def _active(self) -> bool:
        """Whether the question asks who did something (`who sued X`), not who something was done to."""
        return re.match(r"(?:who|which [\w ]+?) (?!is|was|are|were|did|does|has|will)\w+", self.question.text, re.IGNORECASE) is not None

    @staticmethod
    def _is_passive(sentence: Sentence, place: int) -> bool:
        return bool({"was", "were", "been", "be", "being", "is", "are"} & {w.form for w in sentence.words[max(0, place - 3) : place]})

    @staticmethod
    def _is_modifier(sentence: Sentence, span: Span) -> bool:
        """`FTX` in `FTX founder Sam …`: it only tells whose."""
        _, last = sentence.word_range(span)
        following = sentence.words[last] if last < len(sentence.words) else None
        return (
            following is not None
            and sentence.text[span.end : following.start] == " "
            and following.form in gazetteer().person_titles
        )

    def _role_fit(self, sentence: Sentence, span: Span) -> float:
        """Whether the person holds the role that was asked for, of the firm that was asked for (0..1)."""
        roles = [c for c in self.question.concepts if c.part is Part.ROLE]
        best = 0.0
        first, last = sentence.word_range(span)
        for place in sorted({p for c in roles for p in places_of(c, sentence)}):
            gap = place - last if place >= last else first - place - 1 if place < first else 0
            if gap > 9 or self._other_person_between(sentence, span, place):
                continue
            best = max(best, math.exp(-gap / 8) * self._owner_fit(sentence, place))
        return best

    def _other_person_between(self, sentence: Sentence, span: Span, place: int) -> bool:
        word = sentence.words[place]
        low, high = min(span.end, word.end), max(span.start, word.start)
        people = [n for n in sentence.names if n.kind is NameKind.PERSON]
        return any(low <= n.span.start and n.span.end <= high and not n.span.overlaps(span) for n in people)

    def _owner_fit(self, sentence: Sentence, place: int) -> float:
        """Whose role it is: 1 where the asked name owns it or nobody is named, 0 where another name does."""
        names = [c for c in self.question.concepts if c.part is Part.NAME]
        if not names or self.question.case is not None:
            return 1.0
        roles = gazetteer().person_roles | {"chief", "executive", "legal", "officer", "general", "former", "then", "u.s.", "district"}
        first = last = place
        while first > 0 and sentence.words[first - 1].form in roles:
            first -= 1
        while last + 1 < len(sentence.words) and sentence.words[last + 1].form in roles:
            last += 1
        spans = [n.span for n in sentence.names if n.kind is not NameKind.TIME]
        spans += [owner for n in sentence.names if n.title and (owner := _owner_in_title(sentence, n.title))]
        owners = [span for span in spans if self._owns(sentence, span, first, last)]
        if sentence.words[place].form in {"judge", "justice", "magistrate", "chancellor"} or not owners:
            return 1.0
        asked = {i for c in names for i in places_of(c, sentence)}
        for owner in owners:
            low, high = sentence.word_range(owner)
            if any(low <= i < high for i in asked):
                return 1.0
        return 0.0

    @staticmethod
    def _owns(sentence: Sentence, span: Span, first: int, last: int) -> bool:
        """`Uber CEO`, `Meta's chief legal officer`, `chief executive of the CMA`, `head of the hedge fund Alameda`."""
        low, high = sentence.word_range(span)
        if low == high:
            return False
        if low <= first <= high and high >= first:
            before = sentence.text[span.start : sentence.words[first].start]
            return high >= first and "," not in before
        between = sentence.text[sentence.words[last].end : span.start]
        return bool(re.fullmatch(r" (?:of|at|for|with) (?:the |its )?(?:[a-z-]+ ){0,3}", between))


def _owner_in_title(sentence: Sentence, title: Span) -> Span | None:
    """`Uber` in `Uber CEO`: the words of a title that are no titles themselves."""
    first, last = sentence.word_range(title)
    titles = gazetteer().person_titles
    kept = [w for w in sentence.words[first:last] if w.form not in titles]
    return Span(kept[0].start, kept[-1].end) if kept else None


def _order(choice: Choice) -> tuple[float, int, int, int]:
    published = choice.context.article.published
    return (
        -round(choice.score, 9),
        -(published.toordinal() if published else 0),
        choice.context.article.id,
        choice.sentence.span.start,
    )


def highlights(choice: Choice, question: Question) -> tuple[Span, ...]:
    """The spans of the sentence to mark: the short answer, or else the question's own words in it."""
    if choice.answer is not None:
        return (choice.answer,)
    sentence = choice.sentence
    marked = sorted({i for c in question.concepts for i in places_of(c, sentence)})
    return tuple(Span(sentence.words[i].start, sentence.words[i].end) for i in marked)
