"""Which of the names in a sentence is asked for: the doer, the one it was done to, who holds an office, who won.

Told by grammar alone, in English: the doer stands before the verb or behind `by`, an office beside its holder and its
owner.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import cached_property
from typing import Final

from corpus.model import Span
from retrieval.kinds import Kind
from retrieval.names import Name, NameKind, gazetteer
from retrieval.question import Part, Question
from retrieval.sentence import Sentence

Places = Sequence[Sequence[int]]
"""For each concept of the question the words of the sentence that speak of it."""


class Doers:
    """Judges the names of sentences for one question about people or organisations."""

    def __init__(self, question: Question) -> None:
        self._question = question

    @cached_property
    def asks_for_role(self) -> bool:
        """Whether the question asks who holds an office (`who is the judge`), not only mentions one."""
        return bool(self._question.roles) and any(
            _ASKS_ROLE.search(self._question.text[: concept.span.start])
            for concept in self._question.concepts
            if concept.part is Part.ROLE
        )

    def manner(self, sentence: Sentence, span: Span, said: Sequence[int]) -> float:
        """What the grammar around the asked verb adds to a name or takes from it."""
        if not said or self._wanted:
            return 0.0
        first, last = sentence.word_range(span)
        if self._asks_for_doer and all(_is_noun(sentence, place) for place in said):
            return -0.3
        if _is_behind_by(sentence, span, first, said):
            return 0.15
        before = last <= min(said)
        if self._asks_for_doer:
            passive = all(_is_passive(sentence, place) for place in said)
            return -0.4 if passive else 0.1 if before else _BEHIND_VERB
        if self._asks_for_object:
            passive = all(_is_passive(sentence, place) for place in said)
            return 0.1 if before == passive else -0.3
        return 0.1 if before else 0.0

    def outcome(self, sentence: Sentence, span: Span) -> float:
        """How well a name stands where the winner (or the loser) of a question for one of them is told; else 1."""
        if self._wanted is None:
            return 1.0
        won = is_told_as_winner(sentence, span)
        if won is None:
            return 0.7
        return 1.4 if won is (self._wanted == "won") else 0.3

    @cached_property
    def _wanted(self) -> str | None:
        asked = _WINNING.search(self._question.text)
        if asked is None:
            return None
        return "lost" if asked[0].lower().startswith("los") else "won"

    @cached_property
    def _asks_for_doer(self) -> bool:
        """Whether the question asks who did something (`who sued X`), not who something was done to."""
        opening = self._question.text.lower().split()[:4]
        return opening[:1] in (["who"], ["which"]) and _AUXILIARY.isdisjoint(opening[1:])

    @cached_property
    def _asks_for_object(self) -> bool:
        """Whether the question asks who something was done to (`which company was fined`)."""
        asked = r"(?:who|which [\w ]+?) (?:was|were|is|are|has been|have been|got|gets) \w+ed\b"
        return re.match(asked, self._question.text, re.IGNORECASE) is not None

    def role(self, sentence: Sentence, span: Span, places: Places) -> float:
        """Whether the person holds the office that was asked for, of the firm that was asked for (0..1)."""
        best = 0.0
        first, last = sentence.word_range(span)
        asked = {
            place
            for concept, at in zip(self._question.concepts, places, strict=True)
            if concept.part is Part.NAME
            for place in at
        }
        of_role = {
            place
            for concept, at in zip(self._question.concepts, places, strict=True)
            if concept.part is Part.ROLE
            for place in at
        }
        if not of_role:
            of_role = {place for stem in self._deeds for place in sentence.places.get(stem, ())}
        for place in sorted(of_role):
            if self._is_other_office(sentence, place):
                continue
            gap = place - last if place >= last else first - place - 1 if place < first else 0
            if gap > 12:
                continue
            if gap > 2 and place >= last and _is_apposition(sentence, span, place):
                gap = 2
            other = 0.4 if _other_person_between(sentence, span, place) else 1.0
            best = max(best, other * math.exp(-gap / 8) * self._owner(sentence, place, asked))
        if not of_role and self._names_role_with_verb:
            return _WITHOUT_OFFICE
        return best

    @cached_property
    def _deeds(self) -> frozenset[str]:
        """The stems of what the holder of the office does (`runs the firm`, `represents the firm`)."""
        return frozenset(stem for role in self._question.roles for stem in _DEEDS.get(role, ()))

    @cached_property
    def _names_role_with_verb(self) -> bool:
        """`Which engineer admitted …`: what the person did tells who it is, without the office too."""
        return (
            re.match(r"\W*(?:which|what) (?!.*\b(?:is|was|are|were) the\b)", self._question.text, re.IGNORECASE)
            is not None
        )

    def _is_other_office(self, sentence: Sentence, place: int) -> bool:
        """`Attorney General` where an attorney is asked for."""
        following = sentence.forms[place + 1 : place + 2]
        return following == ("general",) and "general" not in self._question.text.lower()

    def _owner(self, sentence: Sentence, place: int, asked: set[int]) -> float:
        """Whose office it is: 1 where the asked name owns it or nobody is named, 0 where another name does."""
        case = self._question.case
        names = [c for c in self._question.concepts if c.part is Part.NAME and not c.surface[0].isdigit()]
        if not names or (case is not None and case.how is None) or sentence.forms[place] in _OF_A_COURT:
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
        for owner in owners:
            low, high = sentence.word_range(owner)
            if any(low <= i < high for i in asked):
                return 1.0
        return 0.0 if owners else 1.0


_ASKS_ROLE: Final = re.compile(
    r"^(?:(?:so|and|but|hey|ok|please),? )*(?:"
    r"(?:who|whos|whom)(?:['’]?s| is| was| are| were| will be| became| becomes| serves? as| served as| acts? as"
    r"| got named| has been)?(?: (?:now|still|currently|the|an?|new|next|one of|named|appointed|its|his|her|their))*"
    r"|(?:in |to |by |for |under |before )?(?:what|which|whose)(?:['’]?s| is| was| are| were)?"
    r"|(?:tell me |give me )?(?:the )?(?:name|names|list|identify)(?: (?:of|me))?|the|)"
    r"(?: ?(?:[\w.&-]+['’]s?|[\w.&-]+)){0,4} ?$",
    re.IGNORECASE,
)
"""What stands before an office that is asked for, up to four words of its own phrase."""
_LEADS: Final = ("run", "lead", "head", "helm")
_DEFENDS: Final = ("repres", "defend")
_DEEDS: Final = {
    "@chief executive": _LEADS,
    "head": _LEADS,
    "boss": _LEADS,
    "leader": _LEADS,
    "chief": _LEADS,
    "lawyer": _DEFENDS,
    "attorney": _DEFENDS,
    "counsel": _DEFENDS,
    "solicitor": _DEFENDS,
    "judg": ("presid", "overse"),
    "founder": ("found",),
    "author": ("write",),
    "owner": ("own",),
}
"""By the stem of an office, the stems of the verbs that say the same."""
_BEHIND_VERB: Final = -0.2
"""What a name behind the verb loses where the doer is asked for."""
_WITHOUT_OFFICE: Final = 0.35
_WINNING: Final = re.compile(r"\b(?:won|wins?|winner|prevail(?:ed|s)?|favou?r|beat|los(?:t|es?|er))\b", re.IGNORECASE)
_WINS_BEFORE: Final = re.compile(
    r"\b(?:sid(?:ed|es|ing) with|(?:rul|decid|f[io]und|f[io]nd)\w* for|in favou?r of|"
    r"(?:victory|win|triumph|verdict) for|hand(?:ed|s|ing)|gave|backed|cleared|vindicated|exonerated) (?:the )?$"
)
_WINS_BEHIND: Final = re.compile(
    r"(?:['’]s)?(?: (?!(?:did|does|do|had|has|not|never|after|and|but|as|when|over|against|who|which|that|if|could|"
    r"would)\b)[a-z]+){0,2}? (?:won|wins|prevail(?:ed|s)|beat|defeated|triumphed|did not infringe|was cleared|"
    r"victory|win\b)"
)
_LOSES_BEFORE: Final = re.compile(
    r"\b(?:against|(?:defeat|loss|blow|setback|rebuke) (?:for|to)|beat|defeated|over|convicted|found) (?:the )?$"
)
_LOSES_BEHIND: Final = re.compile(
    r"(?:['’]s)? (?:lost|loses|was beaten|was defeated|must pay|was ordered|loss\b|defeat\b)"
)

_OF_A_COURT: Final = frozenset({"judge", "justice", "magistrate", "chancellor"})
_OF_A_ROLE: Final = frozenset("chief executive legal officer general former then u.s. district".split())
_AUXILIARY: Final = frozenset("is was are were did does do has have had will would can could must".split())
_BEING: Final = frozenset({"was", "were", "been", "be", "being", "is", "are", "got"})
_BY: Final = re.compile(r"\bby (?:[\w.'’-]+ ){0,6}$")
_REACH_OF_BY: Final = 6


def _is_behind_by(sentence: Sentence, span: Span, first: int, said: Sequence[int]) -> bool:
    """`was represented on appeal by former solicitor general N. N.`, of the verb that was asked for."""
    found = _BY.search(sentence.text, max(0, span.start - 60), span.start)
    if found is None or any(found.start() < name.span.start < span.start for name in sentence.names):
        return False
    by = next((i for i in range(first - 1, -1, -1) if sentence.words[i].start <= found.start()), 0)
    return any(
        0 < by - place <= _REACH_OF_BY
        and not any(form.endswith("ed") or form in _PARTICIPLES for form in sentence.forms[place + 1 : by])
        for place in said
    )


_PARTICIPLES: Final = frozenset(
    "sought brought made written led won given sent held told paid built sold bought".split()
)


def _is_noun(sentence: Sentence, place: int) -> bool:
    """`called the fine a mistake`: a determiner makes a noun of the word that was asked for as a verb."""
    return place > 0 and sentence.forms[place - 1] in _DETERMINERS


_DETERMINERS: Final = frozenset("the a an its his her their this that these those no any".split())


def _is_passive(sentence: Sentence, place: int) -> bool:
    if not _BEING.isdisjoint(sentence.forms[max(0, place - 3) : place]):
        return True
    return "by" in sentence.forms[place + 1 : place + 3] and sentence.forms[place].endswith(("ed", "en"))


_APPOSITION: Final = re.compile(
    r"(?: of (?:the )?[\w .&'’-]{1,40}?)?,(?: [1-9][0-9],)? (?:who|the|an?|its|his|her|their|then|now|former|lead|"
    r"chief|[A-Z][\w.]*['’]s)\b[^,;:]*$"
)


def _is_apposition(sentence: Sentence, span: Span, place: int) -> bool:
    """`N. N. of Firm, who was also named lead counsel`: all between the name and the office speaks of its holder."""
    return _APPOSITION.match(sentence.text[span.end : sentence.words[place].start]) is not None


def _owns(sentence: Sentence, span: Span, first: int, last: int) -> bool:
    """`Uber CEO`, `Meta's chief legal officer`, `chief executive of the CMA`, `head of the hedge fund Alameda`."""
    low, high = sentence.word_range(span)
    if low == high:
        return False
    if low <= first <= high:
        return "," not in sentence.text[span.start : sentence.words[first].start]
    if low <= high <= first and _WHOSE.fullmatch(sentence.text[span.end : sentence.words[first].start]):
        return True
    between = sentence.text[sentence.words[last].end : span.start]
    return bool(re.fullmatch(r" (?:of|at|for|with) (?:the |its )?(?:[a-z-]+ ){0,3}", between))


_WHOSE: Final = re.compile(r",? whose (?:then |former |new |longtime )?")


def _other_person_between(sentence: Sentence, span: Span, place: int) -> bool:
    word = sentence.words[place]
    low, high = min(span.end, word.end), max(span.start, word.start)
    return any(
        n.kind is NameKind.PERSON and low <= n.span.start and n.span.end <= high and not n.span.overlaps(span)
        for n in sentence.names
    )


def _owner_in_title(sentence: Sentence, title: Span) -> Span | None:
    """`Uber` in `Uber CEO`: the words of a title that are no titles themselves, nor only begin the sentence."""
    first, last = sentence.word_range(title)
    titles = gazetteer().person_titles
    kept = [w for w in sentence.words[first:last] if w.form not in titles]
    if not kept or (kept[0].start == 0 and kept[0].form in _BEGINS_TITLE):
        return None
    return Span(kept[0].start, kept[-1].end)


_BEGINS_TITLE: Final = frozenset("defense defence lead trial class finance state county city company".split())


def is_told_as_winner(sentence: Sentence, span: Span) -> bool | None:
    """Whether the words around a name tell that it won or that it lost; None where they don't, or tell both."""
    before, behind = sentence.text[max(0, span.start - 40) : span.start], sentence.text[span.end : span.end + 30]
    won = _WINS_BEFORE.search(before) or _WINS_BEHIND.match(behind)
    lost = _LOSES_BEFORE.search(before) or _LOSES_BEHIND.match(behind)
    return None if bool(won) == bool(lost) else bool(won)


def is_told_apart(name: Name) -> bool:
    """Whether the name names somebody or something that acts."""
    return name.kind in {NameKind.PERSON, NameKind.ORGANISATION, NameKind.OTHER}


OF_DOERS: Final = frozenset({Kind.PERSON, Kind.ORGANISATION})
"""Kinds whose answer is somebody that acts."""
