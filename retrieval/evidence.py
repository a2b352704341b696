"""From passages to evidence: which sentence answers, which words of it are the answer, and how sure that is.

Everything is computed from the passages' own text and from how common the question's terms are, so it is the same on
every engine. A sentence is weighed by what of the question it speaks of itself, by what stands around it (neighbours,
title, article), and by whether it holds a span of the asked kind near the words that matter. The weights stand in
`data/weights.yaml`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Final

from corpus.model import Span
from retrieval.fitting import TYPED, Fitting
from retrieval.index import Statistics
from retrieval.kinds import Kind
from retrieval.matching import Context, Lens, period_level
from retrieval.names import NameKind
from retrieval.question import Concept, Part, Question
from retrieval.scoring import Model, shipped_model
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


@dataclass(frozen=True, slots=True)
class Features:
    """What is known of a sentence for one question, each 0..1 unless it says otherwise.

    `own_*` counts the sentence itself, `all_*` also what stands around it; `weakest` is the level of the worst covered
    word that is no name, weighted by its rarity; `kind` is how well the best span of the asked kind fits.
    """

    own_content: float
    own_names: float
    all_content: float
    all_names: float
    weakest: float
    kind: float
    kind_missing: float
    surely_missing: float
    poor_fit: float
    case: float
    passage: float
    early: float
    newest: float
    short: float
    content_and_kind: float
    names_and_content: float
    elsewhere: float
    stranger: float
    everything: float

    def by_name(self) -> dict[str, float]:
        """The values by their names."""
        return {name: getattr(self, name) for name in _FEATURE_NAMES}


_FEATURE_NAMES: Final = tuple(field.name for field in fields(Features))


@dataclass(frozen=True, slots=True)
class Choice:
    """A sentence that was weighed, with the short answer in it, if it has one."""

    context: Context
    index: int
    score: float
    features: Features
    answer: Span | None

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

    def _weight(self, concept: Concept) -> float:
        counts = [self._statistics.containing.get(term, 0) for term in concept.every_term]
        rarest = min(counts, default=0)
        idf = math.log(1 + (self._statistics.passages - rarest + 0.5) / (rarest + 0.5))
        clamped = min(max(idf, _IDF_BOUNDS[0]), _IDF_BOUNDS[1])
        return clamped * _PART_WEIGHTS.get(concept.part, 1.0)

    def choices(self, contexts: Sequence[Context]) -> list[Choice]:
        """The sentences worth a look, best first; the order is total: score, recency, place."""
        views = [ArticleView(self.question, self._weights, context) for context in contexts]
        newest = max(
            (v.context.article.published for v in views if v.context.article.published and v.is_covered), default=None
        )
        outlines = [
            (self._outline(view, i), n, i) for n, view in enumerate(views) for i in range(len(view.context.sentences))
        ]
        outlines.sort(key=lambda outline: (-round(outline[0], 9), outline[1:]))
        found = [self._choice(views[n], i, newest) for _, n, i in outlines[:_LOOKED_AT]]
        return sorted(found, key=_order)

    def confidence(self, choice: Choice) -> float:
        """How likely it is that the sentence states what was asked (0..1)."""
        return self._model.confidence.probability(choice.features.by_name())

    def _outline(self, view: ArticleView, i: int) -> float:
        """The score of a sentence as far as it is known without looking for short answers."""
        content, names = view.all_content[i], view.all_names[i]
        passage = self._scores.get(view.context.sentences[i].passage_id, 0.0) / self._best_score
        return float(view.own_content[i] + 0.6 * view.own_names[i] + content + 1.5 * names * content + passage) * (
            0.3 + view.case
        )

    def _choice(self, view: ArticleView, i: int, newest: date | None) -> Choice:
        context = view.context
        sentence = context.sentences[i]
        answer, kind = self._fitting.best(sentence, view.lenses)
        typed = self.question.kind in TYPED
        own_content, own_names = float(view.own_content[i]), float(view.own_names[i])
        if _OTHER_MATTER.search(sentence.text) and not _OTHER_MATTER.search(self.question.text):
            kind *= _OF_OTHER_MATTER
        if self.question.kind is Kind.YES_NO:
            kind = own_content * own_names  # the sentence itself has to say it, of all that are named
        elif not typed:
            kind = _UNTYPED_FIT
        content = float(view.all_content[i])
        periods = [period_level(period, sentence, context) for period in self.question.periods]
        names = min(float(view.all_names[i]), *periods, 1.0)
        recent = newest is not None and context.article.published == newest
        features = Features(
            own_content=own_content,
            own_names=own_names,
            all_content=content,
            all_names=names,
            weakest=float(view.weakest[i]),
            kind=kind,
            kind_missing=float(typed and answer is None),
            surely_missing=float(self.question.kind in SURE and answer is None),
            poor_fit=max(0.0, 1 - 2 * kind) if typed else 0.0,
            case=view.case,
            passage=self._scores.get(sentence.passage_id, 0.0) / self._best_score,
            early=1 - i / max(1, len(context.sentences)),
            newest=float(recent and (self.question.latest or self.question.kind is Kind.EVENT)),
            short=float(len(sentence.forms) < 7),
            content_and_kind=content * kind,
            names_and_content=names * content,
            elsewhere=float(own_names == 0.0 and _has_other_subject(sentence, answer)),
            stranger=float(view.misses_name[i] and _names_somebody_else(sentence, answer, view)),
            everything=names * view.case * content * kind,
        )
        return Choice(context, i, self._model.ranking.of(features.by_name()), features, answer)


_SUBJECT_WORDS: Final = 6


def _has_other_subject(sentence: Sentence, answer: Span | None) -> bool:
    """Whether the sentence opens with a name that is not the answer: it speaks of somebody else."""
    return any(
        name.kind in {NameKind.PERSON, NameKind.ORGANISATION, NameKind.OTHER}
        and sentence.word_range(name.span)[0] < _SUBJECT_WORDS
        and not (answer and name.span.overlaps(answer))
        for name in sentence.names
    )


def _names_somebody_else(sentence: Sentence, answer: Span | None, view: ArticleView) -> bool:
    """Whether the sentence names a person or firm that is neither the answer nor in the question."""
    asked = {place for lens in view.lenses for place in lens.places(sentence)}
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
