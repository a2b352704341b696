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
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from corpus.model import Span
from retrieval.candidates import Candidate, candidates
from retrieval.index import Statistics
from retrieval.matching import Context, Lens, case_level, period_level
from retrieval.names import NameKind, gazetteer
from retrieval.question import Concept, Kind, Part, Question
from retrieval.scoring import Model, shipped_model
from retrieval.sentence import Sentence


Levels = npt.NDArray[np.float64]

_PART_WEIGHTS: Final = {Part.GENERIC: 0.25, Part.NAME: 0.8, Part.ROLE: 0.9}
_IDF_BOUNDS: Final = (3.0, 5.0)
"""A corpus of a few articles makes every idf small and its own rare words huge: clamped, a refusal can rest on it."""
_BEFORE, _AFTER, _SAME_PASSAGE, _TITLE, _ARTICLE = 0.6, 0.45, 0.4, 0.65, 0.3
_NAME_BEFORE, _NAME_TITLE, _NAME_ARTICLE = 0.85, 0.9, 0.75
_LOOKED_AT: Final = 48
"""Sentences in which short answers are looked for: the best by what is cheap to know."""
_TYPED: Final = frozenset(set(Kind) - {Kind.YES_NO, Kind.THING, Kind.EVENT, Kind.NAME})

_SURE: Final = frozenset(
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
    first: float
    early: float
    previous: float
    newest: float
    short: float
    asking: float
    content_and_kind: float
    names_and_content: float
    everything: float

    def by_name(self) -> dict[str, float]:
        """The values by their names."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


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


class _View:
    """One article looked at for one question: levels of every concept in every sentence, as arrays (sentence, concept)."""

    def __init__(self, question: Question, weights: Sequence[float], context: Context) -> None:
        self.context = context
        self.lenses = [Lens(concept, context.profile) for concept in question.concepts]
        self.case = case_level(question, context.profile)
        self._is_name = np.array([concept.part is Part.NAME for concept in question.concepts], np.bool_)
        self._only_generic = all(c.part in {Part.GENERIC, Part.NAME} for c in question.concepts)
        self._weights = np.array(weights)
        shape = (len(context.sentences), len(self.lenses))
        own = [[lens.level(sentence) for lens in self.lenses] for sentence in context.sentences]
        self.own = np.array(own, np.float64).reshape(shape)
        self.levels = np.maximum(self.own, self._around())
        self.own_content, self.own_names = self._content(self.own), self._mean(self.own, self._is_name)
        self.all_content = self._content(self.levels)
        names = np.minimum(1.0, self.levels[:, self._is_name] / _NAME_ARTICLE)
        self.all_names = names.min(axis=1, initial=1.0)

    @property
    def is_covered(self) -> bool:
        """Whether the article speaks prominently of all names."""
        return all(lens.in_article >= 0.6 for lens in self.lenses if lens.concept.part is Part.NAME)

    @property
    def weakest(self) -> Levels:
        """The level of the word that is no name and is missed most, by its weight."""
        other = ~self._is_name
        gaps = (1 - self.levels[:, other]) * (self._weights[other] / self._weights.max(initial=1e-9))
        missed: Levels = 1 - gaps.max(axis=1, initial=0.0)
        return missed

    def _around(self) -> Levels:
        """What the neighbours, the passage, the title and the article say."""
        heading = self.context.profile.heading
        title = np.array([lens.level(heading) for lens in self.lenses])
        whole = np.array([lens.in_article for lens in self.lenses])
        name = self._is_name
        before = np.vstack((np.zeros((1, self.own.shape[1])), self.own[:-1])) if len(self.own) else self.own
        after = np.vstack((self.own[1:], np.zeros((1, self.own.shape[1])))) if len(self.own) else self.own
        fixed = np.maximum(title * np.where(name, _NAME_TITLE, _TITLE), whole * np.where(name, _NAME_ARTICLE, _ARTICLE))
        near = np.maximum(before * np.where(name, _NAME_BEFORE, _BEFORE), after * _AFTER)
        passage = self._passage_levels() * np.where(name, _NAME_ARTICLE, _SAME_PASSAGE)
        around: Levels = np.maximum(np.maximum(near, passage), fixed)
        return around

    def _passage_levels(self) -> Levels:
        best = np.zeros_like(self.own)
        ids = np.array([sentence.passage_id for sentence in self.context.sentences])
        for passage in np.unique(ids):
            rows = ids == passage
            best[rows] = self.own[rows].max(axis=0)
        return best

    def _mean(self, levels: Levels, chosen: npt.NDArray[np.bool_]) -> Levels:
        total = self._weights[chosen].sum()
        mean: Levels = levels[:, chosen] @ self._weights[chosen] / total if total else np.ones(len(levels))
        return mean

    def _content(self, levels: Levels) -> Levels:
        """The weighted share of the words that are no names; generic words alone say little either way."""
        share = self._mean(levels, ~self._is_name)
        return 0.75 + 0.25 * share if self._only_generic else share


class Weighing:
    """Weighs the sentences of some articles against one question."""

    def __init__(
        self, question: Question, statistics: Statistics, passage_scores: Mapping[int, float], model: Model | None = None
    ) -> None:
        self.question = question
        self._model = model or shipped_model()
        self._statistics = statistics
        self._scores = passage_scores
        self._best_score = max(passage_scores.values(), default=1.0) or 1.0
        self._weights = [self._weight(concept) for concept in question.concepts]

    def _weight(self, concept: Concept) -> float:
        counts = [self._statistics.containing.get(term, 0) for term in concept.every_term]
        rarest = min(counts, default=0)
        idf = math.log(1 + (self._statistics.passages - rarest + 0.5) / (rarest + 0.5))
        clamped = min(max(idf, _IDF_BOUNDS[0]), _IDF_BOUNDS[1])
        return clamped * _PART_WEIGHTS.get(concept.part, 1.0)

    def choices(self, contexts: Sequence[Context]) -> list[Choice]:
        """The sentences worth a look, best first; the order is total: score, recency, place."""
        views = [_View(self.question, self._weights, context) for context in contexts]
        newest = max((v.context.article.published for v in views if v.context.article.published and v.is_covered), default=None)
        outlines = [(self._outline(view, i), n, i) for n, view in enumerate(views) for i in range(len(view.context.sentences))]
        outlines.sort(key=lambda outline: (-round(outline[0], 9), outline[1:]))
        found = [self._choice(views[n], i, newest) for _, n, i in outlines[:_LOOKED_AT]]
        return sorted(found, key=_order)

    def confidence(self, choice: Choice) -> float:
        """How likely it is that the sentence states what was asked (0..1)."""
        return self._model.confidence.probability(choice.features.by_name())

    def _outline(self, view: _View, i: int) -> float:
        """The score of a sentence as far as it is known without looking for short answers."""
        content, names = view.all_content[i], view.all_names[i]
        passage = self._scores.get(view.context.sentences[i].passage_id, 0.0) / self._best_score
        return float(view.own_content[i] + 0.6 * view.own_names[i] + content + 1.5 * names * content + passage) * (0.3 + view.case)

    def _choice(self, view: _View, i: int, newest: date | None) -> Choice:
        context = view.context
        sentence = context.sentences[i]
        answer, kind = self._answer(view, i)
        typed = self.question.kind in _TYPED
        kind = kind if typed else 0.5
        content = float(view.all_content[i])
        periods = [period_level(period, sentence, context) for period in self.question.periods]
        names = min(float(view.all_names[i]), *periods, 1.0)
        recent = newest is not None and context.article.published == newest
        features = Features(
            own_content=float(view.own_content[i]),
            own_names=float(view.own_names[i]),
            all_content=content,
            all_names=names,
            weakest=float(view.weakest[i]),
            kind=kind,
            kind_missing=float(typed and answer is None),
            surely_missing=float(self.question.kind in _SURE and answer is None),
            poor_fit=max(0.0, 1 - 2 * kind) if typed else 0.0,
            case=view.case,
            passage=self._scores.get(sentence.passage_id, 0.0) / self._best_score,
            first=float(i == 0),
            early=1 - i / max(1, len(context.sentences)),
            previous=float(view.own_content[i - 1]) if i else 0.0,
            newest=float(recent and (self.question.latest or self.question.kind is Kind.EVENT)),
            short=float(len(sentence.words) < 7),
            asking=float(sentence.text.rstrip(' "”').endswith("?")),
            content_and_kind=content * kind,
            names_and_content=names * content,
            everything=names * view.case * content * kind,
        )
        return Choice(context, i, self._model.ranking.of(features.by_name()), features, answer)

    def _answer(self, view: _View, i: int) -> tuple[Span | None, float]:
        """The best span of the asked kind and how well it fits (0..1)."""
        sentence = view.context.sentences[i]
        found = candidates(sentence, self.question)
        if not found:
            return None, 0.0
        places = [lens.places(sentence) for lens in view.lenses]
        fits = [(self._fit(sentence, candidate, places), candidate.span) for candidate in found]
        if self.question.roles:
            fits = [(fit * self._role_fit(sentence, span, places), span) for fit, span in fits]
        best, span = max(fits, key=lambda fit: (round(fit[0], 6), -fit[1].start, len(fit[1])))
        least = 0.15 if self.question.kind in _TYPED else 0.6
        return (span, min(1.0, best)) if best > least else (None, 0.0)

    def _fit(self, sentence: Sentence, candidate: Candidate, places: Sequence[Sequence[int]]) -> float:
        """Quality and closeness to the words that the question's concepts stand at."""
        first, last = sentence.word_range(candidate.span)
        weight = near = 0.0
        for concept, w, at in zip(self.question.concepts, self._weights, places, strict=True):
            if at:
                # An answer stands with what is said of it more than with the names of the matter.
                w *= 0.5 if concept.part is Part.NAME else 1.0
                weight += w
                near += w * math.exp(-min(self._distance(sentence, first, last, place) for place in at) / 7)
        closeness = near / weight if weight else 0.3
        floor = 0.25 if self.question.kind in {Kind.PERSON, Kind.ORGANISATION} else 0.4
        said = [place for c, at in zip(self.question.concepts, places, strict=True) if c.part in {Part.CONTENT, Part.GENERIC} for place in at]
        fit = candidate.quality * (floor + (1 - floor) * closeness) + self._manner(sentence, candidate.span, said)
        if self.question.kind in {Kind.DATE, Kind.DURATION, Kind.PLACE} and _is_of_another_event(sentence, first, said):
            fit *= 0.6
        return fit * (0.5 if _is_modifier(sentence, candidate.span) else 1.0)

    @staticmethod
    def _distance(sentence: Sentence, first: int, last: int, place: int) -> float:
        """Words between, with a clause's border as far as four words."""
        if first <= place < last:
            return 0.0
        low, high = (last - 1, place) if place >= last else (place, first)
        between = sentence.text[sentence.words[low].end : sentence.words[high].start]
        borders = len(re.findall(r"[,;:—–]|\b(?:and|but|while|which|who|that|after|before|because|when|since|until|although)\b", between))
        return (high - low - 1) + 3.0 * borders

    def _manner(self, sentence: Sentence, span: Span, said: Sequence[int]) -> float:
        """The doer stands before the verb, or behind `by`."""
        if self.question.kind not in {Kind.PERSON, Kind.ORGANISATION} or self.question.roles:
            return 0.0
        if re.search(r"\bby (?:the )?$", sentence.text[: span.start]):
            return 0.12
        if not said:
            return 0.0
        if self._asks_for_doer and all(_is_passive(sentence, place) for place in said):
            return -0.4
        _, last = sentence.word_range(span)
        return 0.1 if last <= min(said) else 0.0

    @cached_property
    def _asks_for_doer(self) -> bool:
        """Whether the question asks who did something (`who sued X`), not who something was done to."""
        asked = r"(?:who|which [\w ]+?) (?!is|was|are|were|did|does|has|will)\w+"
        return re.match(asked, self.question.text, re.IGNORECASE) is not None

    def _role_fit(self, sentence: Sentence, span: Span, places: Sequence[Sequence[int]]) -> float:
        """Whether the person holds the role that was asked for, of the firm that was asked for (0..1)."""
        best = 0.0
        first, last = sentence.word_range(span)
        asked = {p for c, at in zip(self.question.concepts, places, strict=True) if c.part is Part.NAME for p in at}
        roles = {p for c, at in zip(self.question.concepts, places, strict=True) if c.part is Part.ROLE for p in at}
        for place in sorted(roles):
            gap = place - last if place >= last else first - place - 1 if place < first else 0
            if gap <= 12:
                other = 0.4 if _other_person_between(sentence, span, place) else 1.0
                best = max(best, other * math.exp(-gap / 8) * self._owner_fit(sentence, place, asked))
        return best

    def _owner_fit(self, sentence: Sentence, place: int, asked: set[int]) -> float:
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
        owners = [span for span in spans if _owns(sentence, span, first, last)]
        if sentence.words[place].form in {"judge", "justice", "magistrate", "chancellor"} or not owners:
            return 1.0
        for owner in owners:
            low, high = sentence.word_range(owner)
            if any(low <= i < high for i in asked):
                return 1.0
        return 0.0

def _owns(sentence: Sentence, span: Span, first: int, last: int) -> bool:
    """`Uber CEO`, `Meta's chief legal officer`, `chief executive of the CMA`, `head of the hedge fund Alameda`."""
    low, high = sentence.word_range(span)
    if low == high:
        return False
    if low <= first <= high:
        return "," not in sentence.text[span.start : sentence.words[first].start]
    between = sentence.text[sentence.words[last].end : span.start]
    return bool(re.fullmatch(r" (?:of|at|for|with) (?:the |its )?(?:[a-z-]+ ){0,3}", between))


def _other_person_between(sentence: Sentence, span: Span, place: int) -> bool:
    word = sentence.words[place]
    low, high = min(span.end, word.end), max(span.start, word.start)
    people = [n for n in sentence.names if n.kind is NameKind.PERSON]
    return any(low <= n.span.start and n.span.end <= high and not n.span.overlaps(span) for n in people)


def _is_passive(sentence: Sentence, place: int) -> bool:
    return bool(_BEING & {word.form for word in sentence.words[max(0, place - 3) : place]})


def _is_modifier(sentence: Sentence, span: Span) -> bool:
    """`FTX` in `FTX founder Sam …`: it only tells whose."""
    _, last = sentence.word_range(span)
    following = sentence.words[last] if last < len(sentence.words) else None
    beside = following is not None and sentence.text[span.end : following.start] == " "
    return beside and following is not None and following.form in gazetteer().person_titles


def _is_of_another_event(sentence: Sentence, first: int, said: Sequence[int]) -> bool:
    """`sued after the limits were lifted in March`: the time behind a conjunction is that of what it begins."""
    before = [place for place in said if place < first]
    if not before or not first:
        return False
    between = sentence.text[sentence.words[max(before)].end : sentence.words[first].start]
    return _CONJUNCTION.search(between) is not None


_BEING: Final = frozenset({"was", "were", "been", "be", "being", "is", "are"})
_CONJUNCTION: Final = re.compile(r"\b(?:after|before|when|until|because|although|though|who|which|that|where)\b")


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
    profile = choice.context.profile
    marked = sorted({i for concept in question.concepts for i in Lens(concept, profile).places(sentence)})
    return tuple(Span(sentence.words[i].start, sentence.words[i].end) for i in marked)
