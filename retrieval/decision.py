"""From weighed sentences to an outcome: answered, a part of it, not in the corpus, or a question back.

An answer needs confidence, a span of the asked form (or a sentence that itself says yes or no), the right case, and
names that the sentence is really about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from itertools import chain, islice
from typing import Final

from corpus.model import Span
from corpus.text import fold
from retrieval.cases import tells_of_sibling, tells_reverse
from retrieval.confidence import Signs, absence, model, signs_of
from retrieval.conflicts import conflicts, newest_first, replaced
from retrieval.denials import denies
from retrieval.evidence import LOOKED_AT, SURE, Choice, Weighing, spoken_of
from retrieval.kinds import Kind
from retrieval.matching import RELATED, Context, level
from retrieval.model import Answer, Answered, Citation, Evidence, NeedsDetail, NotInCorpus, Partial
from retrieval.names import NameKind
from retrieval.opposites import says_opposite
from retrieval.periods import WEEKDAYS, month_name
from retrieval.polarity import polarity
from retrieval.premises import Premise
from retrieval.question import Part, Question
from retrieval.reading import Reach
from retrieval.refusals import CONTRADICTED, LEAST_CASE, joined, missing
from retrieval.scoring import Features

_OF_ONE_CASE: Final = frozenset({Kind.PERSON, Kind.COURT, Kind.DOCKET, Kind.VOTE})
_NEEDS_SPAN: Final = SURE | {Kind.PERSON, Kind.ORGANISATION, Kind.PLACE, Kind.NAME, Kind.REASON}
_LEAST_NAMES: Final = 0.75
"""A name that the article only mentions in passing, elsewhere, is not what the sentence is about."""
_ALL_NAMED: Final = 0.9
_MOST_ABSENT: Final = 0.7
"""A sentence without the name asked about speaks of others where the article speaks of those far more often."""
_SURE_CASE: Final = 0.8
_NEARLY: Final = 0.9
_LEAST_SAID: Final = 0.4
_RIVAL_MARGIN: Final = 0.1
_MOST_CHOICES: Final = 5
_LOOKED_AT: Final = 5
"""Choices that are looked at, best first, for one that may be shown as an answer."""
_COMPARED: Final = 2
"""Of so many that may be shown, the one that is surest."""
_NOT_ALLOWED: Final = 0.5
_ALLEGES: Final = re.compile(
    r"\b(?:charg(?:ed|es|ing)|alleg\w+|accus\w+|claim(?:s|ed|ing)?|argu(?:es|ed|ing)|contend\w*|su(?:ed|es|ing)|lawsuit|complaint)\b",
    re.IGNORECASE,
)
_LEANING: Final = re.compile(r"(?:He|She|It|They|His|Her|Its|Their|This|That|These|Those)\b")


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a question reaches, and from which confidence on it is answered (0..1)."""

    passages: int = 40
    reach: Reach = field(default_factory=Reach)
    evidence: int = 5
    closest: int = 3
    confidence: float = 0.55


class Decision:
    """Which outcome the weighed sentences allow, and the evidence that goes with it."""

    def __init__(
        self, weighing: Weighing, contexts: Sequence[Context], limits: Limits, sentences: int = LOOKED_AT
    ) -> None:
        self.weighing = weighing
        self.question = weighing.question
        self.contexts = contexts
        self._prospects = weighing.prospects(contexts, sentences)
        self._limits = limits
        self._confidences: dict[Choice, float] = {}

    def answer(self) -> Answer:
        """The outcome."""
        best = max(self._allowed[:_COMPARED], key=self.confidence, default=None)
        if best is not None and self._is_sure(best):
            if self._contradicting:
                return self._contradicted(self._contradicting)
            return self._answered(best, round(self.confidence(best), 4))
        return self._refused(self._confidence_at_best)

    @property
    def _confidence_at_best(self) -> float:
        """How sure the first sentence is; half of that where it may not be shown as an answer."""
        first = next(iter(self._first), None)
        if first is None:
            return 0.0
        allowed = next(iter(self._allowed), None)
        return round(self.confidence(allowed) if allowed else _NOT_ALLOWED * self.confidence(first), 4)

    @cached_property
    def _first(self) -> tuple[Choice, ...]:
        """The first few of the weighed sentences, best first."""
        return tuple(islice(self.ranked(), _LOOKED_AT))

    @cached_property
    def _allowed(self) -> tuple[Choice, ...]:
        """Those of them that may be shown as an answer, were they sure enough."""
        allowed = filter(self.is_said, self._first)
        if self.question.latest:  # sorted stably: of one article the order stays
            return tuple(sorted(allowed, key=lambda choice: choice.context.article.published or date.min, reverse=True))
        return tuple(allowed)

    def confidence(self, choice: Choice) -> float:
        """How likely it is that the sentence states what was asked (0..1)."""
        found = self._confidences.get(choice)
        if found is None:
            found = self._confidences[choice] = model().probability(self.signs(choice))
        return found

    def signs(self, choice: Choice) -> Signs:
        """What confidence rests on."""
        short = _short(choice)
        others = (one for one in self._allowed if one is not choice)
        rival = next((one for one in others if not short or _short(one) != short), None)
        return signs_of(choice, rival, self.question)

    def ranked(self) -> Iterator[Choice]:
        """The weighed sentences, best first."""
        return self.weighing.ranked(self._prospects)

    def kept_out(self, choice: Choice) -> str:
        """Why the sentence may not be shown as an answer, as the end of a sentence with `because`; empty if it may."""
        confidence, least = self.confidence(choice), self._limits.confidence
        if choice.features.case < LEAST_CASE:
            return "its article is about another case"
        if choice.features.all_names < _LEAST_NAMES or absence(choice, self.question) > _MOST_ABSENT:
            return "it is not about the names that were asked for"
        if not self.is_said(choice):
            return self._what_is_not_said(choice)
        return f"its confidence of {confidence:.2f} is below {least:.2f}" if confidence < least else ""

    def _what_is_not_said(self, choice: Choice) -> str:
        kind = self.question.kind
        if kind is Kind.YES_NO and choice.features.kind < _LEAST_SAID:
            return "it says neither yes nor no itself"
        if choice.answer is None and kind in _NEEDS_SPAN:
            return f"it holds no {kind.value} that could be meant"
        return "it says the opposite"

    def _nearest(self) -> Iterator[Choice]:
        """The same, those of the case that was asked for first."""
        of_case = [prospect for prospect in self._prospects if prospect.at_best.case >= LEAST_CASE]
        of_others = [prospect for prospect in self._prospects if prospect.at_best.case < LEAST_CASE]
        return chain(self.weighing.ranked(of_case), self.weighing.ranked(of_others))

    def _sure(self) -> Iterator[Choice]:
        """Those that may be shown as an answer, best first."""
        return filter(self._is_sure, self._allowed)

    def _is_sure(self, choice: Choice) -> bool:
        return self.confidence(choice) >= self._limits.confidence

    def is_said(self, choice: Choice) -> bool:
        """Whether the sentence holds what was asked: a span of the asked form, or itself the yes or no."""
        kind = self.question.kind
        if not _fits(choice.features) or absence(choice, self.question) > _MOST_ABSENT:
            return False
        if kind is Kind.YES_NO:
            is_said = choice.features.kind >= _LEAST_SAID  # what only stands around it decides nothing
        else:
            is_said = choice.answer is not None or kind not in _NEEDS_SPAN
        return is_said and not (
            tells_reverse(self.question, choice.sentence)
            or tells_of_sibling(self.question, choice.sentence, choice.context.profile)
            or says_opposite(self.question, choice.sentence)
            or denies(self.question, choice.sentence, choice.view.lenses)
        )

    @cached_property
    def _contradicting(self) -> Choice | None:
        """The first sentence that contradicts what the question supposes, where none says that it is so."""
        premise = Premise(self.question, self.contexts)
        of_case = [choice for choice in self._first if _fits(choice.features)]
        if any(premise.is_stated_by(choice.sentence) for choice in of_case):
            return None
        return next((choice for choice in of_case if premise.is_contradicted_by(choice.sentence)), None)

    def _answered(self, best: Choice, confidence: float) -> Answer:
        rivals = self._rivals(best)
        if rivals:
            return self._needs_detail(confidence, rivals)
        question = self.question
        best, *others = newest_first([best, *(choice for choice in self._sure() if choice is not best)], question)
        against = conflicts(best, others, question)
        supporting = (one for one in others if one not in against and self._supports(one, best))
        evidence = self._evidence(islice(_distinct(chain([best], supporting)), self._limits.evidence))
        if self._is_alleged(best):
            return Partial(confidence, evidence, "This is what one side says; no sentence was found that decides it.")
        replacing = replaced(best, others, question)
        return Answered(
            confidence,
            evidence,
            _notes(best, question) + ((replacing,) if replacing else ()),
            self._evidence(against, first=len(evidence) + 1),
            self._yes_or_no(best),
        )

    def _yes_or_no(self, best: Choice) -> bool | None:
        """What the sentence says of a yes-no question; nothing where it leaves a name to be guessed."""
        return polarity(self.question, best.sentence) if best.features.own_names >= _ALL_NAMED else None

    def _is_alleged(self, best: Choice) -> bool:
        """Whether a yes-no question about a fact is met by an accusation only."""
        asked = _ALLEGES.search(self.question.text)
        return self.question.kind is Kind.YES_NO and not asked and _ALLEGES.search(best.sentence.text) is not None

    def _supports(self, choice: Choice, best: Choice) -> bool:
        """Whether further evidence says the same, or is as sure as the first: what is less sure only confuses."""
        if _short(best) and (_short(best) in _short(choice) or (_short(choice) and _short(choice) in _short(best))):
            return True
        return self.confidence(choice) >= _NEARLY * self.confidence(best)

    def _rivals(self, best: Choice) -> list[Choice]:
        """The best sentence of each case that fits as well as the first, where the question doesn't tell them apart."""
        question = self.question
        vague = not question.concepts and not question.periods
        open_question = question.case is None and len(question.names) <= 1 and not question.periods
        of_one_case = question.kind in _OF_ONE_CASE and (question.kind is not Kind.PERSON or question.roles)
        if not vague and not (open_question and of_one_case and best.answer):
            return []
        least = 0.0 if vague or not question.names else self.confidence(best) - _RIVAL_MARGIN
        found: dict[str, Choice] = {}
        for choice in self._sure():
            if (choice.answer or vague) and self.confidence(choice) >= least:
                found.setdefault(_case_label(choice.context), choice)
        answers = {_short(choice) for choice in found.values()}
        return list(found.values()) if len(found) > 1 and (vague or len(answers) == len(found)) else []

    def _needs_detail(self, confidence: float, rivals: Sequence[Choice]) -> NeedsDetail:
        choices = tuple(_case_label(choice.context) for choice in rivals[:_MOST_CHOICES])
        asked = f"{len(rivals)} cases fit. Which one do you mean?"
        return NeedsDetail(confidence, asked, choices, self._closest(rivals))

    def _contradicted(self, by: Choice) -> Answer:
        """No claim, and the sentence first that says that it is not so."""
        others = (choice for choice in self._nearest() if choice is not by)
        return NotInCorpus(self._limits.confidence / 2, CONTRADICTED, self._closest(chain([by], others)))

    def _refused(self, confidence: float) -> Answer:
        for choice in self._first:
            if unnamed := self._unnamed(choice):
                lacking = f"The corpus says “{unnamed}” and gives no name."
                others = (c for c in self.ranked() if c is not choice)
                return Partial(
                    confidence, self._evidence([choice], claim=False), lacking, self._closest(others, first=2)
                )
        return NotInCorpus(
            confidence, missing(self.question, self.contexts, self.weighing.statistics), self._closest(self._nearest())
        )

    def _unnamed(self, best: Choice) -> str | None:
        """`a federal judge`: the role that was asked for is there, but nobody is named."""
        sentence, features = best.sentence, best.features
        role = next((c for c in self.question.concepts if c.part is Part.ROLE), None)
        if role is None or features.all_names < 1 or features.case < _SURE_CASE or features.all_content < 0.95:
            return None
        if any(name.kind is NameKind.PERSON for name in sentence.names):
            return None
        found = re.search(rf"\b[Aa]n? (?:[\w.]+ ){{0,2}}{re.escape(role.surface)}\b", sentence.text, re.IGNORECASE)
        return found[0][0].lower() + found[0][1:] if found else None

    def _evidence(self, choices: Iterable[Choice], *, claim: bool = True, first: int = 1) -> tuple[Evidence, ...]:
        return tuple(evidence(n, choice, self.question, claim=claim) for n, choice in enumerate(choices, first))

    def _closest(self, choices: Iterable[Choice], *, first: int = 1) -> tuple[Evidence, ...]:
        """The passages nearest to the question, without a claim."""
        return self._evidence(islice(_distinct(choices), self._limits.closest), claim=False, first=first)


def _case_label(context: Context) -> str:
    """How to name the case an article is about: as it does itself, else by its title."""
    return next(iter(context.profile.case_names), context.article.title)


def _short(choice: Choice) -> str:
    return fold(choice.answer.of(choice.sentence.text)) if choice.answer else ""


def _distinct(choices: Iterable[Choice]) -> Iterator[Choice]:
    """Without those that say the same words again."""
    seen: set[str] = set()
    for choice in choices:
        if choice.sentence.text not in seen:
            seen.add(choice.sentence.text)
            yield choice


def _fits(features: Features) -> bool:
    """Whether the article is about the case that was asked for (a wrong one is the worst answer) and the names."""
    return features.case >= LEAST_CASE and features.all_names >= _LEAST_NAMES


def evidence(number: int, choice: Choice, question: Question, *, claim: bool) -> Evidence:
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
    answer = choice.answer.shifted(offset) if claim and choice.answer else None
    marked = (answer,) if answer else tuple(part.shifted(offset) for part in spoken_of(choice, question))
    return Evidence(span.of(article.text), Citation.of(article, span, number), answer, marked, _why(choice, question))


def _notes(choice: Choice, question: Question) -> tuple[str, ...]:
    """What the reader should know beside the words: which day a weekday was, that the article is an excerpt."""
    article = choice.context.article
    notes = []
    day = _day_meant(_short(choice), article.published) if question.kind is Kind.DATE else None
    if day:
        notes.append(f"By the article's date, that is {day.day} {month_name(day.month)} {day.year}.")
    if article.partial:
        notes.append("The stored article is an excerpt; the page had more.")
    return tuple(notes)


def _day_meant(told: str, published: date | None) -> date | None:
    """The day that a weekday means in an article of that date: the last such day, its own included."""
    weekday = next((number for name, number in WEEKDAYS.items() if name in told.split()), None)
    if published is None or weekday is None or len(told.split()) > 2:
        return None
    return published - timedelta(days=(published.weekday() - weekday) % 7)


def _why(choice: Choice, question: Question) -> str:
    """Why the sentence was chosen, in words: what of the question it speaks of, and the answer's kind."""
    spoken = [c.surface for c in question.concepts if level(c, choice.sentence, choice.context.profile) >= RELATED]
    parts = [f"speaks of {joined(spoken)}"] if spoken else []
    if choice.answer is not None:
        parts.append(f"holds what was asked for ({question.kind})")
    return "; ".join(parts) or "stands next to what was asked"
