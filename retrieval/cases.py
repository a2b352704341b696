"""Whether an article is about the case that was asked for, whatever words it has for it.

Captions (`Epic Games v. Apple`) count most. A suit that is told in words counts too, so that nothing is refused because
an article never writes `v.`; and another suit of one of the parties, told or captioned, marks the article as a sibling.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from corpus.text import forms
from retrieval.analyser import canonical_term, lexicon
from retrieval.matching import prominence, whole_of
from retrieval.names import gazetteer
from retrieval.question import Case, Concept, Part, Question
from retrieval.sentence import Profile, Sentence
from retrieval.suits import How, ToldSuit, statements

_PROMINENT: Final = 0.9
_LIKELY: Final = 0.8
_OTHER_CASE: Final = 0.6

Sides = Sequence[Sequence[Concept]]


def case_level(question: Question, profile: Profile) -> float:
    """How surely the article is about the case that was asked for (0..1): 1 by name, less by its parties' prominence.

    A case that is told in words counts where all its parties are names.
    """
    return _Sought(question.case, _sides(question), question.text, profile).level if _sides(question) else 1.0


def tells_reverse(question: Question, sentence: Sentence) -> bool:
    """Whether the sentence says that one sued the other where the question has it the other way round."""
    sides = _sides(question)
    if not sides or question.case is None or question.case.how is not How.SUED:
        return False
    told = [suit for statement in statements([sentence.text], sentence.analyser) for suit in statement.suits]
    return _is_told(sides[::-1], told, {How.SUED}) and not _is_told(sides, told, _DIRECTED)


def tells_of_sibling(question: Question, sentence: Sentence, profile: Profile) -> bool:
    """Whether, in an article on several cases, the sentence names a party of another and none that sets ours apart."""
    sides = _sides(question)
    others = [caption.parties for caption in profile.captions if not _is_each_side(sides, caption.parties)]
    if not sides or not others:
        return False
    theirs = frozenset().union(*others)
    ours = [side for side in sides if not _is_side(side, theirs)]
    own = {term for side in sides for name in side for term in name.every_term}
    named = frozenset(sentence.places)
    return bool(ours) and bool((theirs - own) & named) and not any(_is_side(side, named) for side in ours)


@dataclass(frozen=True, eq=False)
class _Sought:
    """The case asked for, looked for in one article."""

    case: Case | None
    sides: Sides
    asked: str
    profile: Profile

    @property
    def how(self) -> How | None:
        return self.case.how if self.case else None

    @property
    def level(self) -> float:
        if self.how is How.SUED and self._is_only_told_reversed:
            return _OTHER_CASE
        captions = self.profile.captions
        named = [caption for caption in captions if _is_each_side(self.sides, caption.parties)]
        if named:
            # Named in passing, in an article about another case, it is not what that article reports.
            is_own = self._least >= _PROMINENT or len(named) == len(captions)
            return 1.0 if is_own else max(self._least, _LIKELY) if self._is_renamed else self._least
        if self._others:
            return self._least_beside_others or self._least * _OTHER_CASE
        if self._own:
            return 1.0
        if self.how is None or self._is_spoken_of:
            return self._least
        knows_no_case = not captions and not self._told
        return max(self._least, _LIKELY) if knows_no_case and self._least else self._least * _OTHER_CASE

    @cached_property
    def _least(self) -> float:
        """The prominence of the side that stands out least."""
        return min(max(self._prominence(name) for name in side) for side in self.sides)

    def _prominence(self, name: Concept) -> float:
        """How prominently the article speaks of a name; an administration stands in the background of its cases."""
        found = prominence(name, self.profile)
        is_behind = self.how is not None and self.asked[name.span.end :].lower().startswith(_BEHIND_A_GOVERNMENT)
        return max(found, _PROMINENT) if found and is_behind else found

    @cached_property
    def _told(self) -> list[ToldSuit]:
        return [suit for statement in self.profile.at_law for suit in statement.suits]

    @cached_property
    def _own(self) -> list[ToldSuit]:
        """Where the article tells of the suit in words."""
        return [suit for suit in self._told if _is_between(self.sides, suit)]

    @cached_property
    def _others(self) -> list[ToldSuit]:
        """Other suits of one of these parties."""
        return [
            suit
            for suit in (*self.profile.captions, *self._told)
            if any(_is_side(side, suit.parties) for side in self.sides)
            and not _is_between(self.sides, suit)
            and not any(_is_same(suit, own) for own in self._own)
        ]

    @cached_property
    def _is_spoken_of(self) -> bool:
        """Whether a sentence about a lawsuit names both sides."""
        return bool(self._own) or any(_is_each_side(self.sides, one.terms) for one in self.profile.at_law)

    @property
    def _least_beside_others(self) -> float:
        """The level in an article that tells of other suits too; 0 where it is about one of those."""
        if self.how is How.LOOSE and not any(_is_side(self.sides[0], suit.parties) for suit in self._others):
            return 1.0  # what was named is no party but its product or its head
        beginning = self.profile.beginning
        in_head = [suit for suit in self._others if suit.first & beginning and suit.second & beginning]
        if self._least < _PROMINENT:
            return _LIKELY if self._own and not in_head else 0.0
        if self._is_with_government:
            return self._least  # an official may stand for it in the caption
        # With a dash the two may be partners, who are sued together.
        is_sibling = self.how is not How.PAIR and any(suit in self.profile.captions for suit in in_head)
        return self._least if self._is_spoken_of and not is_sibling else 0.0

    @property
    def _is_renamed(self) -> bool:
        """Whether the case may have gone on under another official (`Missouri v. Biden`, `Murthy v. Missouri`)."""
        return self.how is not None and self._is_with_government

    @property
    def _is_with_government(self) -> bool:
        return any(is_government(name, self.asked) for side in self.sides for name in side)

    @property
    def _is_only_told_reversed(self) -> bool:
        """Whether the article knows only that the second sued the first."""
        known = (*self._told, *self.profile.captions)
        return _is_told(self.sides[::-1], self._told, {How.SUED}) and not _is_told(self.sides, known, _DIRECTED)


_DIRECTED: Final = frozenset({How.SUED, How.AGAINST})


def _sides(question: Question) -> Sides:
    case = question.case
    if case is None or not all(question.concepts[i].part is Part.NAME for i in case.parties):
        return []
    return [[question.concepts[i] for i in side] for side in case.sides]


def _is_told(sides: Sides, told: Sequence[ToldSuit], hows: Collection[How]) -> bool:
    first, second = sides
    return any(suit.how in hows and _is_side(first, suit.first) and _is_side(second, suit.second) for suit in told)


def _is_between(sides: Sides, suit: ToldSuit) -> bool:
    if len(sides) != 2:
        return _is_each_side(sides, suit.parties)
    first, second = sides
    return (_is_side(first, suit.first) and _is_side(second, suit.second)) or (
        _is_side(first, suit.second) and _is_side(second, suit.first)
    )


def _is_same(suit: ToldSuit, other: ToldSuit) -> bool:
    """Whether one may be the other with more of its parties (`Kadrey v. Meta` for the suit of several writers)."""
    return bool(
        (suit.first & other.first and suit.second & other.second)
        or (suit.first & other.second and suit.second & other.first)
    )


def _is_each_side(sides: Sides, terms: frozenset[str]) -> bool:
    return all(_is_side(side, terms) for side in sides)


def _is_side(side: Sequence[Concept], terms: frozenset[str]) -> bool:
    return any(_is_party(name, terms) for name in side)


_IN_CAPTIONS: Final = {"@department of justice": "@united states", "@united states": "@department of justice"}
"""In whose name a department goes to court."""
_GOVERNMENTS: Final = frozenset({*_IN_CAPTIONS, "@european union", "@european commission", "@united kingdom"})
_BEHIND_A_GOVERNMENT: Final = (" administration", " government")
_IN_PLACES: Final = frozenset("new north south west".split())


def is_government(concept: Concept, asked: str) -> bool:
    """Whether the name stands for a state or its government, which stays in the background of its cases."""
    places = gazetteer().places | _IN_PLACES
    return (
        concept.canonical in _GOVERNMENTS
        or asked[concept.span.end :].lower().startswith(_BEHIND_A_GOVERNMENT)
        or all(form in places for form in forms(concept.surface))
    )


def _is_party(concept: Concept, terms: frozenset[str]) -> bool:
    own = {concept.canonical, whole_of(concept), _IN_CAPTIONS.get(concept.canonical or ""), *concept.terms[-1:]}
    if own & terms:
        return True
    kin = lexicon().kin
    name = concept.canonical or canonical_term(concept.surface)
    return any(name in {kin.get(term), kin.get(f"@{term}")} for term in terms)
