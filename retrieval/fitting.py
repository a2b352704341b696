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
from functools import cached_property
from typing import Final

from corpus.model import Span
from retrieval.candidates import AskedWords, Candidate, candidates
from retrieval.kinds import Kind
from retrieval.matching import Lens
from retrieval.names import NameKind, gazetteer
from retrieval.question import Part, Question
from retrieval.sentence import Sentence

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


class Fitting:
    """Finds short answers to one question; `weights` go with its concepts."""

    def __init__(self, question: Question, weights: Sequence[float]) -> None:
        self.question = question
        self._weights = weights
        self._asked = AskedWords(question)

    def best(self, sentence: Sentence, lenses: Sequence[Lens]) -> tuple[Span | None, float]:
        """The best span of the asked kind and how well it fits (0..1); `lenses` go with the question's concepts."""
        found = candidates(sentence, self.question, self._asked)[:_MOST_CANDIDATES]
        if not found:
            return None, 0.0
        places = [lens.places(sentence)[:_MOST_PLACES] for lens in lenses]
        fits = [(self._fit(sentence, candidate, places), candidate.span) for candidate in found]
        if self.question.roles:
            fits = [(fit * self._role_fit(sentence, span, places), span) for fit, span in fits]
        if self.question.kind is Kind.QUOTE:
            speaker = self._speaker_fit(sentence, places)
            fits = [(fit * speaker, span) for fit, span in fits]
        best, span = max(fits, key=lambda fit: (round(fit[0], 6), -fit[1].start, len(fit[1])))
        return (span, min(1.0, best)) if best > _LEAST_FIT[self.question.kind in TYPED] else (None, 0.0)

    def _fit(self, sentence: Sentence, candidate: Candidate, places: Sequence[Sequence[int]]) -> float:
        """Quality and closeness to the words that the question's concepts stand at."""
        first, last = sentence.word_range(candidate.span)
        weight = near = 0.0
        for concept, w, at in zip(self.question.concepts, self._weights, places, strict=True):
            if at:
                # An answer stands with what is said of it more than with the names of the matter.
                share = w * (0.5 if concept.part is Part.NAME else 1.0)
                weight += share
                distance = min(_distance(sentence, first, last, place) for place in at)
                near += share * math.exp(-distance / _REACH_WORDS)
        closeness = near / weight if weight else 0.3
        floor = 0.25 if self.question.kind in {Kind.PERSON, Kind.ORGANISATION} else 0.4
        said = self._at(places, Part.CONTENT, Part.GENERIC)
        fit = candidate.quality * (floor + (1 - floor) * closeness) + self._manner(sentence, candidate.span, said)
        if self.question.kind in {Kind.DATE, Kind.DURATION, Kind.PLACE} and _is_of_another_event(sentence, first, said):
            fit *= 0.6
        if self.question.kind is Kind.DATE and self._is_of_another_year(candidate.span.of(sentence.text)):
            fit *= 0.3
        if self.question.kind in _OF_A_CLAUSE and self._is_in_anothers_clause(sentence, candidate.span, places):
            fit *= 0.5
        return fit * (0.5 if _is_modifier(sentence, candidate.span) else 1.0)

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

    def _manner(self, sentence: Sentence, span: Span, said: Sequence[int]) -> float:
        """The doer stands before the verb, or behind `by`."""
        if self.question.kind not in {Kind.PERSON, Kind.ORGANISATION} or self.question.roles:
            return 0.0
        if re.search(r"\bby (?:the )?$", sentence.text[: span.start]):
            return 0.12
        if not said:
            return 0.0
        passive = all(_is_passive(sentence, place) for place in said)
        _, last = sentence.word_range(span)
        before = last <= min(said)
        if self._asks_for_doer:
            return -0.4 if passive else 0.1 if before else 0.0
        if self._asks_for_object:
            return 0.1 if before == passive else -0.3
        return 0.1 if before else 0.0

    @cached_property
    def _asks_for_doer(self) -> bool:
        """Whether the question asks who did something (`who sued X`), not who something was done to."""
        opening = self.question.text.lower().split()[:4]
        return opening[:1] in (["who"], ["which"]) and _AUXILIARY.isdisjoint(opening[1:])

    @cached_property
    def _asks_for_object(self) -> bool:
        """Whether the question asks who something was done to (`which company was fined`)."""
        asked = r"(?:who|which [\w ]+?) (?:was|were|is|are|has been|have been|got|gets) \w+ed\b"
        return re.match(asked, self.question.text, re.IGNORECASE) is not None

    def _role_fit(self, sentence: Sentence, span: Span, places: Sequence[Sequence[int]]) -> float:
        """Whether the person holds the role that was asked for, of the firm that was asked for (0..1)."""
        best = 0.0
        first, last = sentence.word_range(span)
        asked = set(self._at(places, Part.NAME))
        for place in sorted(set(self._at(places, Part.ROLE))):
            if self._is_other_office(sentence, place):
                continue
            gap = place - last if place >= last else first - place - 1 if place < first else 0
            if gap <= 12:
                other = 0.4 if _other_person_between(sentence, span, place) else 1.0
                best = max(best, other * math.exp(-gap / 8) * self._owner_fit(sentence, place, asked))
        return best

    def _is_other_office(self, sentence: Sentence, place: int) -> bool:
        """`Attorney General` where an attorney is asked for."""
        following = sentence.forms[place + 1 : place + 2]
        return following == ("general",) and "general" not in self.question.text.lower()

    def _speaker_fit(self, sentence: Sentence, places: Sequence[Sequence[int]]) -> float:
        """Whether the one whose words are asked for speaks here (0..1): by name or office, or by a pronoun."""
        said = _SAYING.search(self.question.text)
        speakers = [
            at for c, at in zip(self.question.concepts, places, strict=True) if said and c.span.end <= said.start()
        ]
        if not speakers or any(speakers):
            return 1.0
        return 0.6 if _PRONOUN_SAYS.search(sentence.text) else 0.4

    def _owner_fit(self, sentence: Sentence, place: int, asked: set[int]) -> float:
        """Whose role it is: 1 where the asked name owns it or nobody is named, 0 where another name does."""
        names = [c for c in self.question.concepts if c.part is Part.NAME]
        case = self.question.case
        if not names or (case is not None and case.how is None):
            return 1.0
        roles, forms = gazetteer().person_roles, sentence.forms
        first = last = place
        while first > 0 and (forms[first - 1] in roles or forms[first - 1] in _OF_A_ROLE):
            first -= 1
        while last + 1 < len(forms) and (forms[last + 1] in roles or forms[last + 1] in _OF_A_ROLE):
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
_OF_A_CLAUSE: Final = frozenset({Kind.MONEY, Kind.NUMBER, Kind.DATE, Kind.DURATION, Kind.PERCENT, Kind.COURT})


def _distance(sentence: Sentence, first: int, last: int, place: int) -> float:
    """Words between, with a clause's border as far as four words."""
    if first <= place < last:
        return 0.0
    low, high = (last - 1, place) if place >= last else (place, first)
    between = sentence.text[sentence.words[low].end : sentence.words[high].start]
    borders = len(
        re.findall(
            r"[,;:—–]|\b(?:and|but|while|which|who|that|after|before|because|when|since|until|although)\b", between
        )
    )
    return (high - low - 1) + 3.0 * borders


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


_OF_A_ROLE: Final = frozenset("chief executive legal officer general former then u.s. district".split())
_AUXILIARY: Final = frozenset("is was are were did does do has have had will would can could must".split())
_BEING: Final = frozenset({"was", "were", "been", "be", "being", "is", "are"})
_CONJUNCTION: Final = re.compile(r"\b(?:after|before|when|until|because|although|though|who|which|that|where)\b")


def _owner_in_title(sentence: Sentence, title: Span) -> Span | None:
    """`Uber` in `Uber CEO`: the words of a title that are no titles themselves."""
    first, last = sentence.word_range(title)
    titles = gazetteer().person_titles
    kept = [w for w in sentence.words[first:last] if w.form not in titles]
    return Span(kept[0].start, kept[-1].end) if kept else None
