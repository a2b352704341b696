"""From passages to evidence: which sentence answers, which words of it are the answer, and how sure that is.

Everything is computed from the passages' own text and from how common the question's terms are, so it is the same on
every engine. A sentence is weighed by what of the question it speaks of itself, by what stands around it (neighbours,
title, article), and by whether it holds a span of the asked kind near the words that matter. The weights stand in
`data/weights.yaml`.
"""

from __future__ import annotations

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
from retrieval.matching import Context, Lens, period_level, share_of_names
from retrieval.overlap import Overlap, rarity
from retrieval.polarity import polarity
from retrieval.question import Concept, Part, Question
from retrieval.scoring import Features, Linear, ranking
from retrieval.sentence import Sentence
from retrieval.view import ArticleView

_PART_WEIGHTS: Final = {Part.GENERIC: 0.25, Part.NAME: 0.8, Part.ROLE: 0.9}
_IDF_BOUNDS: Final = (3.0, 5.0)
"""A corpus of a few articles makes every idf small and its own rare words huge: clamped, a refusal can rest on it."""
_OTHER_MATTER: Final = re.compile(
    r"\b(?:separate|similar|another|different|unrelated) (?:[\w-]+ ){0,3}?"
    r"(?:case|cases|lawsuit|lawsuits|suit|suits|litigation|action|actions|matter|proceeding)\b"
    r"|\bseparate from\b|\bthe other (?:case|lawsuit|suit)\b"
    r"|\b(?:previous|prior|earlier) (?:[\w-]+ ){0,2}?"
    r"(?:record|fine|penalty|settlement|award|verdict|judge|owner|chief)\b",
    re.IGNORECASE,
)
"""How news points away from the case it reports."""
_OF_OTHER_MATTER: Final = 0.5
_UNTYPED_FIT: Final = 0.5
"""Stands for how well a short answer fits where the question wants none of a known form."""
LOOKED_AT: Final = 24
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
        model: Linear | None = None,
    ) -> None:
        self.question = question
        self._model = model or ranking()
        self.statistics = statistics
        self._scores = passage_scores
        self._best_score = max(passage_scores.values(), default=1.0) or 1.0
        self._weights = [self._weight(concept) for concept in question.concepts]
        self._rarities = [rarity(concept.every_term, statistics) for concept in question.concepts]
        self._overlap = Overlap(question.terms, statistics)
        self._unknown = self._share_unknown()
        self._places = {passage: n for n, passage in enumerate(passage_scores, 1)}
        self._fitting = Fitting(question, self._weights)
        self._typed = question.kind in TYPED
        self._choices: dict[Prospect, Choice] = {}

    def _weight(self, concept: Concept) -> float:
        return rarity(concept.every_term, self.statistics, _IDF_BOUNDS) * _PART_WEIGHTS.get(concept.part, 1.0)

    def _share_unknown(self) -> float:
        concepts = zip(self.question.concepts, self._rarities, strict=True)
        unknown = sum(weight for concept, weight in concepts if not self._is_known(concept))
        return unknown / (sum(self._rarities) or 1.0)

    def _is_known(self, concept: Concept) -> bool:
        """Whether any passage holds the concept's words, all of them apart from what else may stand there."""
        containing = self.statistics.containing
        if concept.canonical and containing.get(concept.canonical):
            return True
        return all(containing.get(term) for term in concept.terms) if concept.terms else False

    def prospects(self, contexts: Sequence[Context], most: int = LOOKED_AT) -> list[Prospect]:
        """The sentences worth a look, by the score that they can reach, highest first."""
        views = [ArticleView(self.question, self._weights, self._rarities, context) for context in contexts]
        newest = max(
            (v.context.article.published for v in views if v.context.article.published and v.is_covered), default=None
        )
        found = [prospect for view in views for prospect in self._prospects(view, newest)]
        found.sort(key=lambda prospect: -prospect.most)
        return found[:most]

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

    def shares(self, choice: Choice) -> Iterator[tuple[str, float]]:
        """What each feature adds to the sentence's score."""
        return self._model.shares(choice.features)

    def _passage(self, sentence: Sentence) -> float:
        return self._scores.get(sentence.passage_id, 0.0) / self._best_score

    def _place(self, sentence: Sentence) -> float:
        place = self._places.get(sentence.passage_id)
        return 1 / place if place else 0.0

    def _prospects(self, view: ArticleView, newest: date | None) -> Iterator[Prospect]:
        """All sentences of one article, with what is known of each before short answers are looked for."""
        context, question = view.context, self.question
        recent = newest is not None and context.article.published == newest
        of_article = Features(
            case=view.case,
            title=self._overlap.title(context.profile),
            article=self._overlap.article(context.profile),
            main=min((share_of_names(name, context.profile) for name in question.asked_about), default=1.0),
            newest=float(recent and (question.latest or question.kind is Kind.EVENT)),
            unknown=self._unknown,
        )
        for i in range(len(context.sentences)):
            known = self._known(of_article, view, i)
            at_best = self._fitted(known, self._best_fit(known))
            yield Prospect(view, i, at_best, self._model.of(at_best))

    def _best_fit(self, known: Features) -> float:
        """How well a short answer can fit at best; for a yes or no, how far all that was asked is spoken of."""
        if self.question.kind is Kind.YES_NO:
            return known.all_content * known.all_names
        return 1.0 if self._typed else _UNTYPED_FIT

    def _fit_of_yes_no(self, known: Features, sentence: Sentence) -> float:
        """The sentence itself says it, of all that are named; or says yes or no to it; or tells how it stands now."""
        around = known.all_content * known.all_names
        if polarity(self.question, sentence) is not None:
            return around
        if self.question.latest:
            return around * (known.early if known.newest else 0.0)
        return min(known.own_content * known.own_names, known.all_content * known.all_names)

    def _known(self, of_article: Features, view: ArticleView, i: int) -> Features:
        context = view.context
        sentence = context.sentences[i]
        content = view.all_content[i]
        periods = [period_level(period, sentence, context) for period in self.question.periods]
        names = min(view.all_names[i], *periods, 1.0)
        early = 1 - i / len(context.sentences)
        exact, pairs, order, near = self._overlap.of(sentence)
        return of_article._replace(
            own_content=view.own_content[i],
            own_names=view.own_names[i],
            all_content=content,
            all_names=names,
            weakest=view.weakest(i),
            own_rare=view.own_rare[i],
            around=view.around[i],
            before=view.own_rare[i - 1] if i else 0.0,
            exact=exact,
            pairs=pairs,
            order=order,
            near=near,
            passage=self._passage(sentence),
            place=self._place(sentence),
            early=early,
            lead=of_article.newest * early**2,
            short=float(len(sentence.forms) < _FEW_WORDS),
            names_and_content=names * content,
        )

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
            elif self.question.kind is Kind.YES_NO:
                features = self._fitted(features, self._fit_of_yes_no(features, sentence))
            score = self._model.of(features)
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


_FEW_WORDS: Final = 7


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
