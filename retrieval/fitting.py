"""Which words of a sentence are the short answer: how well each candidate fits what was asked.

A candidate fits by its own quality, by standing close to the words that matter, and by the grammar around it: the doer
before the verb or behind `by`, the holder of a role beside its title and with the right owner, a date in the clause of
its event. English.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from corpus.model import Span
from retrieval.acts import Acts
from retrieval.candidates import AskedWords, Candidate, candidates
from retrieval.clauses import Clauses
from retrieval.doers import OF_DOERS, Doers, is_told_apart
from retrieval.kinds import Kind
from retrieval.matching import Lens, share_of_names
from retrieval.names import NameKind, gazetteer
from retrieval.question import Part, Question
from retrieval.sentence import Sentence
from retrieval.sought import Sought

TYPED: Final = frozenset(set(Kind) - {Kind.YES_NO, Kind.THING, Kind.EVENT, Kind.NAME})
"""Kinds whose answer is a span of a known form."""
_LEAST_FIT: Final = {True: 0.15, False: 0.6}
"""From which fit on a span is shown, for kinds of a known form and for others."""
_REACH_WORDS: Final = 7.0
"""The distance at which closeness has fallen to 1/e."""


_SAYING: Final = re.compile(
    r"\b(?:say|said|saying|tell|told|write|wrote|written|call|called|describe|described|respond|responded|react|"
    r"reacted|argue|argued|"
    r"comment|commented|explain|explained|warn|warned|claim|claimed|put|characteri[sz]e|state|stated|tweet|tweeted|think|promise|announce)\b",
    re.IGNORECASE,
)
_PRONOUN_SAYS: Final = re.compile(
    r"\b(?:he|she|they|it) (?:\w+ )?(?:said|says|wrote|added|argued|told|called|noted|warned|explained|described|"
    r"held|found)\b|"
    r"\b(?:said|wrote|added) (?:he|she|they|it)\b",
    re.IGNORECASE,
)


_MOST_CANDIDATES: Final = 40
_MOST_PLACES: Final = 16
"""No sentence that a person wrote holds more; one that was made to hold thousands must not hold up everybody else."""

_OF_A_CLAUSE: Final = frozenset(
    {Kind.MONEY, Kind.NUMBER, Kind.DATE, Kind.DURATION, Kind.PERCENT, Kind.COURT, Kind.AGE, Kind.VOTE, Kind.DOCKET}
)
"""Kinds of which one sentence often tells several, each of something else."""
_OF_SPEECH: Final = frozenset({Kind.QUOTE, Kind.DEFINITION})
"""Kinds whose answer is no part of what was done."""
_EXCLUDED: Final = re.compile(
    r"(?:apart from|aside from|besides|other than|excluding|rather than|instead of|except(?: for)?|\(not|, not|"
    r"not counting)(?: the| its| in)? $",
    re.IGNORECASE,
)
_EARLIER: Final = re.compile(
    r"\b(?:from|original(?:ly)?|before|previous(?:ly)?|initial(?:ly)?|first|earlier|old|formerly|used to|begin|"
    r"start)\b",
    re.IGNORECASE,
)
_FROM: Final = re.compile(r"\bfrom (?:the |about |some |its |his |her )?$")


class Fitting:
    """Finds short answers to one question; `weights` go with its concepts."""

    def __init__(self, question: Question, weights: Sequence[float]) -> None:
        self.question = question
        self._asked = AskedWords(question)
        self._doers = Doers(question) if question.kind in OF_DOERS else None
        shares = [w * (0.5 if c.part is Part.NAME else 1.0) for c, w in zip(question.concepts, weights, strict=True)]
        # An answer stands with what is said of it more than with the names of the matter.
        self._shares = [
            -share if _EXCLUDED.search(question.text, 0, c.span.start) else share
            for c, share in zip(question.concepts, shares, strict=True)
        ]
        self._floor = 0.25 if self._doers else 0.4
        self._in_parts = question.kind in _OF_A_CLAUSE
        self._acts = Acts(question)
        self._sought = Sought(question.text) if question.kind is Kind.MONEY else None
        self._asks_for_earlier = _EARLIER.search(question.text) is not None

    def best(self, sentence: Sentence, lenses: Sequence[Lens]) -> tuple[Span | None, float]:
        """The best span of the asked kind and how well it fits (0..1); `lenses` go with the question's concepts."""
        found = candidates(sentence, self.question, self._asked)[:_MOST_CANDIDATES]
        if not found:
            return None, 0.0
        places = [lens.places(sentence)[:_MOST_PLACES] for lens in lenses]
        clauses = Clauses(sentence, [candidate.span for candidate in found] if self._in_parts else [found[0].span])
        fits = [(self._fit(sentence, candidate, places, clauses), candidate.span) for candidate in found]
        if self._doers:
            fits = [(fit * self._as_doer(sentence, span, places), span) for fit, span in fits]
        if self._acts and self.question.kind not in _OF_SPEECH:
            fits = self._by_acts(sentence, fits, places)
        if self._in_parts and self._is_of_others(sentence, lenses, places):
            fits = [(fit * _OF_OTHERS, span) for fit, span in fits]
        if self._sought:
            fits = [(fit * self._sought.level(sentence.text, span), span) for fit, span in fits]
        if self.question.kind is Kind.QUOTE:
            speaker = self._speaker_fit(sentence, places)
            fits = [(fit * speaker, span) for fit, span in fits]
        best, span = max(fits, key=lambda fit: (round(fit[0], 6), -fit[1].start, len(fit[1])))
        return (span, min(1.0, best)) if best > _LEAST_FIT[self.question.kind in TYPED] else (None, 0.0)

    def _is_of_others(self, sentence: Sentence, lenses: Sequence[Lens], places: Sequence[Sequence[int]]) -> bool:
        """Whether the sentence names others, and one asked about is named only behind it, or hardly and not nearby."""
        absent = [lens for lens, at in zip(lenses, places, strict=True) if lens.concept.part is Part.NAME and not at]
        if not absent or self._at(places, Part.NAME) or not any(is_told_apart(name) for name in sentence.names):
            return False
        return any(_is_named_elsewhere(lens, sentence) for lens in absent)

    def _by_acts(
        self, sentence: Sentence, fits: list[tuple[float, Span]], places: Sequence[Sequence[int]]
    ) -> list[tuple[float, Span]]:
        """The same, by who did what to whom in this sentence."""
        told = self._acts.told(sentence)
        if not told:
            absence = self._acts.absence(sentence, places)
            return [(fit * absence, span) for fit, span in fits]
        level = self._acts.level(told, places)
        if not self._doers or self._doers.asks_for_role:
            return [(fit * level, span) for fit, span in fits]
        return [(fit * level * self._acts.side(told, *sentence.word_range(span)), span) for fit, span in fits]

    def _fit(
        self, sentence: Sentence, candidate: Candidate, places: Sequence[Sequence[int]], clauses: Clauses
    ) -> float:
        """Quality and closeness to the words that the question's concepts stand at."""
        span = candidate.span
        first, last = sentence.word_range(span)
        fit = candidate.quality * (self._floor + (1 - self._floor) * self._closeness(first, last, places, clauses))
        kind = self.question.kind
        said = self._at(places, Part.CONTENT, Part.GENERIC)
        if self._doers and not self.question.roles:
            fit += self._doers.manner(sentence, span, said)
        if kind in {Kind.DATE, Kind.DURATION, Kind.PLACE} and _is_of_another_event(sentence, first, said):
            fit *= 0.6
        if kind is Kind.DATE and _is_of_another_deed(sentence, first, said):
            fit *= 0.3
        if kind is Kind.DATE and self._is_of_another_year(span.of(sentence.text)):
            fit *= 0.3
        if self._in_parts and self._is_in_anothers_clause(sentence, span, places):
            fit *= 0.5
        if self._in_parts and self._is_told_elsewhere(sentence, first, places, clauses):
            fit *= 0.7
        if not self._asks_for_earlier and _FROM.search(sentence.text, max(0, span.start - 12), span.start):
            fit *= 0.8
        return fit * (0.5 if _is_modifier(sentence, span) else 1.0)

    def _is_told_elsewhere(
        self, sentence: Sentence, first: int, places: Sequence[Sequence[int]], clauses: Clauses
    ) -> bool:
        """Whether a name that was asked about stands in the part of another candidate alone."""
        own = clauses.part_of(first)
        if (
            first > 1
            and sentence.forms[first - 1] == "of"
            and first - 2 in self._at(places, Part.CONTENT, Part.GENERIC)
        ):
            return False  # `a bond of $2 million`
        for concept, at in zip(self.question.concepts, places, strict=True):
            if concept.part is Part.NAME and at:
                parts = {clauses.part_of(place) for place in at}
                if None not in parts and own not in parts:
                    return True
        return False

    def _closeness(self, first: int, last: int, places: Sequence[Sequence[int]], clauses: Clauses) -> float:
        weight = near = 0.0
        for concept, share, at in zip(self.question.concepts, self._shares, places, strict=True):
            if at:
                is_name = concept.part is Part.NAME
                distance = min(clauses.distance_in_parts(first, last, place, is_name=is_name) for place in at)
                near += share * math.exp(-distance / _REACH_WORDS)
                weight += max(0.0, share)
        return max(0.0, near / weight) if weight else 0.3

    def _as_doer(self, sentence: Sentence, span: Span, places: Sequence[Sequence[int]]) -> float:
        """Whether it is the one that was asked for, by office and by outcome."""
        if self._doers is None:
            return 1.0
        fit = self._doers.outcome(sentence, span)
        return fit * self._doers.role(sentence, span, places) if self._doers.asks_for_role else fit

    def _at(self, places: Sequence[Sequence[int]], *parts: Part) -> list[int]:
        """The words at which the question's concepts of these parts stand, concept by concept."""
        concepts = zip(self.question.concepts, places, strict=True)
        return [place for concept, at in concepts if concept.part in parts for place in at]

    def _is_of_another_year(self, told: str) -> bool:
        """Whether the date names a year that the question's own times leave out."""
        year = re.search(r"\b(?:19|20)[0-9]{2}\b", told)
        if year is None or not self.question.periods:
            return False
        first, last = date(int(year[0]), 1, 1), date(int(year[0]), 12, 31)
        return not any((p.since or first) <= last and first <= (p.until or last) for p in self.question.periods)

    def _is_in_anothers_clause(self, sentence: Sentence, span: Span, places: Sequence[Sequence[int]]) -> bool:
        """`fined Apple €500 million and Meta €200 million`: each sum belongs to the name of its own clause."""
        asked = [sentence.words[place].start for place in self._at(places, Part.NAME)]
        clause = _clause_of(sentence.text, span)
        said = self._at(places, Part.CONTENT)
        whole = _clause_of(sentence.text, span, _WHOLE_CLAUSES)
        if (
            said
            and len(whole) < len(sentence.text)
            and not any(whole.start <= sentence.words[p].start < whole.end for p in said)
        ):
            return True  # what was asked is said in the other half
        if not asked or any(clause.start <= start < clause.end for start in asked):
            return False
        kinds = {NameKind.PERSON, NameKind.ORGANISATION, NameKind.OTHER, NameKind.PLACE}
        return any(
            name.kind in kinds and clause.covers(name.span) and not name.span.overlaps(span) for name in sentence.names
        )

    def _speaker_fit(self, sentence: Sentence, places: Sequence[Sequence[int]]) -> float:
        """Whether the one whose words are asked for speaks here (0..1): by name or office, or by a pronoun."""
        said = _SAYING.search(self.question.text)
        speakers = [
            at for c, at in zip(self.question.concepts, places, strict=True) if said and c.span.end <= said.start()
        ]
        if not speakers or any(speakers):
            return 1.0
        return 0.6 if _PRONOUN_SAYS.search(sentence.text) else 0.4


def _is_named_elsewhere(lens: Lens, sentence: Sentence) -> bool:
    """Whether the article speaks of the name, but so that a sentence without it can hardly mean it."""
    if lens.places(lens.profile.heading):
        return False
    before = [bool(lens.places(one)) for one in lens.profile.sentences if one.span.start < sentence.span.start]
    is_behind = any(lens.places(one) for one in lens.profile.sentences if one.span.start > sentence.span.start)
    if not any(before):
        return is_behind
    return not before[-1] and share_of_names(lens.concept, lens.profile) < _HARDLY_NAMED


_HARDLY_NAMED: Final = 0.5
"""A name that stands less than half as often in the article as what it names most."""
_OF_OTHERS: Final = 0.25


def _clause_of(text: str, span: Span, borders: re.Pattern[str] | None = None) -> Span:
    """The part of the sentence between the borders of clauses around a span."""
    pattern = borders or _CLAUSES
    start = max((border.end() for border in pattern.finditer(text, 0, span.start)), default=0)
    behind = pattern.search(text, span.end)
    return Span(start, behind.start() if behind else len(text))


_CLAUSES: Final = re.compile(
    r";|,? and (?=[A-Z])(?!(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\b)|,? (?:while|whereas) "
)
_WHOLE_CLAUSES: Final = re.compile(r";|, (?:while|whereas|but) ")


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


_CONJUNCTION: Final = re.compile(r"\b(?:after|before|when|until|because|although|though|who|which|that|where)\b")


def _is_of_another_deed(sentence: Sentence, first: int, said: Sequence[int]) -> bool:
    """`on Thursday dismissed a suit`: the day is that of the verb, not of the thing which it was done to."""
    if not said or any(form in _MAKING for form in sentence.forms[max(0, first - 4) : first]):
        return False
    return all(_is_done_to(sentence, place, said) for place in said)


def _is_done_to(sentence: Sentence, place: int, said: Sequence[int]) -> bool:
    """Whether the word is a noun right behind a verb that wasn't asked for, and that doesn't say it came to be."""
    forms = sentence.forms
    for determiner in range(place - 1, max(0, place - 4), -1):
        verb = forms[determiner - 1]
        if forms[determiner] in _DETERMINERS or _POSSESSIVE.match(sentence.text, sentence.words[determiner].end):
            return determiner - 1 not in said and verb.endswith("ed") and verb not in _MAKING
    return False


_POSSESSIVE: Final = re.compile(r"['’]")
_DETERMINERS: Final = frozenset("the a an its his her their this that".split())
_MAKING: Final = frozenset(
    "filed brought announced reached signed launched made issued published imposed won opened began begun started "
    "unveiled introduced got held set scheduled struck lodged handed released levied approved passed adopted enacted "
    "received initiated commenced called said entered created founded established".split()
)
"""Verbs by which a suit, a deal or a law comes to be: their day is its day."""
