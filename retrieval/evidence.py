"""From passages to evidence: which sentence answers, which words of it are the answer, and how sure that is.

Everything is computed from the passages' own text and from how common the question's terms are, so it is the same on
every engine. A sentence is weighed by what of the question it speaks of itself, by what stands around it (neighbours,
title, article), and by whether it holds a span of the asked kind near the words that matter. The weights stand in
`data/weights.yaml`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from heapq import heappop, heappush
from typing import Final

from corpus.model import Span
from retrieval.fitting import TYPED, Fitting
from retrieval.index import Statistics
from retrieval.kinds import Kind
from retrieval.matching import Context, Lens, period_level
from retrieval.names import NameKind
from retrieval.question import Concept, Part, Question
from retrieval.scoring import Features, Model, shipped_model
from retrieval.sentence import Sentence
from retrieval.view import ArticleView

_PART_WEIGHTS: Final = {Part.GENERIC: 0.25, Part.NAME: 0.8, Part.ROLE: 0.9}
_IDF_BOUNDS: Final = (3.0, 5.0)
"""A corpus of a few articles makes every idf small and its own rare words huge: clamped, a refusal can rest on it."""
_OTHER_MATTER: Final = re.compile(
    r"\b(?:separate|similar|another|different|unrelated) (?:[\w-]+ ){0,3}?"
    r"(?:case|cases|lawsuit|lawsuits|suit|suits|litigation|action|actions|matter|proceeding)\b"
    r"|\bseparate from\b|\bthe other (?:case|lawsuit|suit)\b",
    re.IGNORECASE,
)
"""How news points away from the case it reports."""
_OF_OTHER_MATTER: Final = 0.5
_UNTYPED_FIT: Final = 0.5
"""Stands for how well a short answer fits where the question wants none of a known form."""
_LOOKED_AT: Final = 24
"""Sentences in which short answers are looked for: the best by what is cheap to know."""

SURE: Final = frozenset(
    {Kind.COURT, Kind.DATE, Kind.DURATION, Kind.MONEY, Kind.NUMBER, Kind.PERCENT, Kind.AGE, Kind.VOTE, Kind.DOCKET}
)
"""Kinds whose spans are recognised nearly always: a sentence without one is no answer."""


@dataclass(frozen=True, eq=False, slots=True)
class Prospect:
    """A sentence worth a look: what is known of it if the best short answer stands in it, and its score then."""

    view: ArticleView
    index: int
    at_best: Features
    most: float

    @property
    def sentence(self) -> Sentence:
        """The sentence itself."""
        return self.view.context.sentences[self.index]


@dataclass(frozen=True, eq=False, slots=True)
class Choice:
    """A sentence that was weighed, with the short answer in it, if it has one."""

    view: ArticleView
    index: int
    score: float
    features: Features
    answer: Span | None

    @property
    def context(self) -> Context:
        """The article around it."""
        return self.view.context

    @property
    def sentence(self) -> Sentence:
        """The sentence itself."""
        return self.context.sentences[self.index]


class Weighing:
    """Weighs the sentences of some articles against one question."""

    def __init__(
        self,
        question: Question,
        statistics: Statistics,
        passage_scores: Mapping[int, float],
        model: Model | None = None,
    ) -> None:
        self.question = question
        self._model = model or shipped_model()
        self._statistics = statistics
        self._scores = passage_scores
        self._best_score = max(passage_scores.values(), default=1.0) or 1.0
        self._weights = [self._weight(concept) for concept in question.concepts]
        self._fitting = Fitting(question, self._weights)
        self._typed = question.kind in TYPED
        self._choices: dict[Prospect, Choice] = {}
        self._confidences: dict[Choice, float] = {}

    def _weight(self, concept: Concept) -> float:
        counts = [self._statistics.containing.get(term, 0) for term in concept.every_term]
        rarest = min(counts, default=0)
        idf = math.log(1 + (self._statistics.passages - rarest + 0.5) / (rarest + 0.5))
        clamped = min(max(idf, _IDF_BOUNDS[0]), _IDF_BOUNDS[1])
        return clamped * _PART_WEIGHTS.get(concept.part, 1.0)

    def prospects(self, contexts: Sequence[Context]) -> list[Prospect]:
        """The sentences worth a look, by the score that they can reach, highest first."""
        views = [ArticleView(self.question, self._weights, context) for context in contexts]
        newest = max(
            (v.context.article.published for v in views if v.context.article.published and v.is_covered), default=None
        )
        outlines = [
            (-round(score, 9), n, i) for n, view in enumerate(views) for i, score in enumerate(self._outlines(view))
        ]
        found = [self._prospect(views[n], i, newest) for _, n, i in sorted(outlines)[:_LOOKED_AT]]
        return sorted(found, key=lambda prospect: -prospect.most)

    def ranked(self, prospects: Sequence[Prospect]) -> Iterator[Choice]:
        """The same sentences weighed, best first; the order is total: score, recency, place.

        `prospects` are in the order of what they can reach. A sentence is weighed when its turn may have come: most
        never are.
        """
        weighed: list[tuple[tuple[float, int, int, int], int, Choice]] = []
        for n, prospect in enumerate(prospects):
            while weighed and weighed[0][0][0] < -round(prospect.most, 9):
                yield heappop(weighed)[-1]
            choice = self._choice(prospect)
            heappush(weighed, (_order(choice), n, choice))
        while weighed:
            yield heappop(weighed)[-1]

    def confidence(self, choice: Choice) -> float:
        """How likely it is that the sentence states what was asked (0..1)."""
        found = self._confidences.get(choice)
        if found is None:
            features = choice.features._replace(
                elsewhere=float(choice.features.own_names == 0.0 and _has_other_subject(choice)),
                stranger=float(choice.view.misses_name(choice.index) and _names_somebody_else(choice)),
            )
            found = self._confidences[choice] = self._model.confidence.probability(features)
        return found

    def can_reach(self, confidence: float, features: Features) -> bool:
        """Whether a sentence of which so much is known can have this confidence."""
        return self._model.confidence.probability(features) >= confidence

    def _outlines(self, view: ArticleView) -> Iterator[float]:
        """The scores of the sentences as far as they are known without looking for short answers."""
        case = 0.3 + view.case
        levels = zip(
            view.context.sentences, view.own_content, view.own_names, view.all_content, view.all_names, strict=True
        )
        for sentence, own_content, own_names, content, names in levels:
            yield (own_content + 0.6 * own_names + content + 1.5 * names * content + self._passage(sentence)) * case

    def _passage(self, sentence: Sentence) -> float:
        return self._scores.get(sentence.passage_id, 0.0) / self._best_score

    def _prospect(self, view: ArticleView, i: int, newest: date | None) -> Prospect:
        context = view.context
        sentence = context.sentences[i]
        content, own_content, own_names = view.all_content[i], view.own_content[i], view.own_names[i]
        periods = [period_level(period, sentence, context) for period in self.question.periods]
        names = min(view.all_names[i], *periods, 1.0)
        recent = newest is not None and context.article.published == newest
        known = Features(
            own_content=own_content,
            own_names=own_names,
            all_content=content,
            all_names=names,
            weakest=view.weakest(i),
            case=view.case,
            passage=self._passage(sentence),
            early=1 - i / len(context.sentences),
            newest=float(recent and (self.question.latest or self.question.kind is Kind.EVENT)),
            short=float(len(sentence.forms) < _FEW_WORDS),
            names_and_content=names * content,
        )
        if self.question.kind is Kind.YES_NO:
            best_fit = own_content * own_names  # the sentence itself has to say it, of all that are named
        else:
            best_fit = 1.0 if self._typed else _UNTYPED_FIT
        at_best = self._fitted(known, best_fit)
        return Prospect(view, i, at_best, self._model.ranking.of(at_best))

    def _choice(self, prospect: Prospect) -> Choice:
        """The prospect with the short answer that stands in it; looked for once."""
        choice = self._choices.get(prospect)
        if choice is None:
            features, sentence = prospect.at_best, prospect.sentence
            answer, fit = self._fitting.best(sentence, prospect.view.lenses)
            if self._typed:
                if _OTHER_MATTER.search(sentence.text) and not _OTHER_MATTER.search(self.question.text):
                    fit *= _OF_OTHER_MATTER
                features = self._fitted(features, fit, missing=answer is None)
            score = self._model.ranking.of(features)
            choice = self._choices[prospect] = Choice(prospect.view, prospect.index, score, features, answer)
        return choice

    def _fitted(self, known: Features, fit: float, *, missing: bool = False) -> Features:
        """What is known of a sentence and how well the short answer in it fits."""
        return known._replace(
            kind=fit,
            kind_missing=float(self._typed and missing),
            surely_missing=float(missing and self.question.kind in SURE),
            poor_fit=max(0.0, 1 - 2 * fit) if self._typed else 0.0,
            content_and_kind=known.all_content * fit,
            everything=known.names_and_content * known.case * fit,
        )


_SUBJECT_WORDS: Final = 6
_FEW_WORDS: Final = 7


def _has_other_subject(choice: Choice) -> bool:
    """Whether the sentence opens with a name that is not the answer: it speaks of somebody else."""
    return any(
        name.kind in {NameKind.PERSON, NameKind.ORGANISATION, NameKind.OTHER}
        and choice.sentence.word_range(name.span)[0] < _SUBJECT_WORDS
        and not (choice.answer and name.span.overlaps(choice.answer))
        for name in choice.sentence.names
    )


def _names_somebody_else(choice: Choice) -> bool:
    """Whether the sentence names a person or firm that is neither the answer nor in the question."""
    sentence, answer = choice.sentence, choice.answer
    asked = {place for lens in choice.view.lenses for place in lens.places(sentence)}
    for name in sentence.names:
        first, last = sentence.word_range(name.span)
        other = name.kind in {NameKind.PERSON, NameKind.ORGANISATION, NameKind.OTHER} and first > 0
        if other and not (answer and name.span.overlaps(answer)) and asked.isdisjoint(range(first, last)):
            return True
    return False


def _order(choice: Choice) -> tuple[float, int, int, int]:
    published = choice.context.article.published
    return (
        -round(choice.score, 9),
        -(published.toordinal() if published else 0),
        choice.context.article.id,
        choice.sentence.span.start,
    )


def spoken_of(choice: Choice, question: Question) -> tuple[Span, ...]:
    """The question's own words in the sentence, or what stands for them, in order."""
    sentence, profile = choice.sentence, choice.context.profile
    marked = sorted({i for concept in question.concepts for i in Lens(concept, profile).places(sentence)})
    return tuple(Span(sentence.words[i].start, sentence.words[i].end) for i in marked)
