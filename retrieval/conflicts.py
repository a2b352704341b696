"""Where articles contradict each other on the point that was asked about, and where a later one only replaces it.

Precision comes first: two sentences state the same point only if their articles are on the same matter and the same
words of the question are said in both; their values contradict each other only if they can't be the same value told
more or less exactly, and if neither article knows the other's value too. English.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from corpus.model import Span
from corpus.text import fold, forms
from retrieval.candidates import candidates
from retrieval.evidence import Choice
from retrieval.kinds import Kind
from retrieval.names import Name, NameKind
from retrieval.periods import month_name
from retrieval.polarity import polarity
from retrieval.quantities import are_apart, days_meant, quantity
from retrieval.question import Part, Question
from retrieval.sentence import Sentence

_SAME_CASE: Final = 0.9
_SAME_NAMES: Final = 0.9
_SAID: Final = 0.7
_NAMED_ITSELF: Final = 0.75
_MOST_DAYS_APART: Final = 45
"""Reports on the same event of somebody come from about the same time; where a case is named, from any time."""
_MEASURED: Final = frozenset({Kind.MONEY, Kind.NUMBER, Kind.PERCENT, Kind.AGE, Kind.DURATION})
_COMPARED: Final = _MEASURED | {Kind.DATE, Kind.PERSON, Kind.COURT, Kind.VOTE}
_POINTS: Final = tuple(
    re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
    for words in (
        r"damages|verdict|award(?:s|ed)?",
        r"(?:legal|attorneys?['’]?s?|lawyers?['’]?) fees?|costs?",
        r"fines?|fined|penalt(?:y|ies)",
        r"settle[ds]?|settlements?",
        r"bail|bond",
        r"royalt(?:y|ies)|licens\w+",
        r"revenues?|sales|turnover|profits?",
        r"investments?|invest(?:s|ed|ing)|funding|raised",
        r"restitution|forfeit\w*|disgorge\w*|refunds?",
        r"worth|valu(?:e|ed|ation)",
        r"interest",
        r"per (?:day|month|year|user|person|claim)|an hour|a (?:day|month|year|person)|each|daily|annual(?:ly)?",
        r"seeks?|seeking|sought|demand(?:s|ed|ing)?|ask(?:s|ed|ing)? for",
        r"average|maximum|minimum|total",
        r"argued|argument|hearing|heard",
        r"filed|filing|complaint|sued",
        r"ruled|ruling|decided|decision|judgment|verdict",
        r"announced|agreed|proposed|approved",
        r"trial",
        r"appeal(?:s|ed)?",
    )
)
"""What a value can be of: where two sentences speak of different ones, they state different points."""
_REPLACES: Final = re.compile(
    r"\b(?:correction|corrected|earlier version|previously (?:said|reported|stated)|revers(?:ed|es|al|ing)|"
    r"vacat(?:ed|es|ing)|overturn(?:ed|s|ing)?|amended|amends|revised|superseded?s?|set aside|struck down|threw out|"
    r"(?:reduced|cut|lowered|slashed|raised|increased|trimmed|halved)(?: [\w$€£.,]+){0,6}? to|"
    r"(?:reduced|lowered|slashed|increased|trimmed|halved) (?:the|that|its|his|her|their)|"
    r"postponed|delayed|rescheduled|pushed back|moved (?:up|back)? ?to|reassigned|replac(?:ed|es|ing)|took over)\b",
    re.IGNORECASE,
)
_NOW: Final = re.compile(r"\b(?:now|no longer|instead)\b", re.IGNORECASE)


def conflicts(best: Choice, others: Sequence[Choice], question: Question) -> list[Choice]:
    """The first choice of each other article that states the same point otherwise; which is right is left open.

    `others` are those that are sure enough to be shown. What one article replaces in another is no contradiction.
    """
    found: dict[int, Choice] = {}
    for other in others:
        if _contradict(best, other, question) and not _is_corrected(best, other):
            found.setdefault(other.context.article.id, other)
    return list(found.values())


def newest_first(choices: Sequence[Choice], question: Question) -> list[Choice]:
    """The choices, best first, behind the one that replaces the first of them; as they are where none does."""
    if not choices:
        return []
    best = choices[0]
    newer = [one for one in choices[1:] if _replaces(one, best, question)]
    first = max(newer, key=_day, default=best)
    return [first, *(one for one in choices if one is not first)]


def replaced(best: Choice, others: Sequence[Choice], question: Question) -> str | None:
    """What the best sentence replaces of what an older article reported, in words; None where it replaces nothing."""
    older = [other for other in others if _replaces(best, other, question)]
    last = max(older, key=_day, default=None)
    if last is None or last.answer is None:
        return None
    article, told = last.context.article, last.answer.of(last.sentence.text).strip(' ,.“”"')
    day = article.published
    when = f" on {day.day} {month_name(day.month)} {day.year}" if day else ""
    return f"Replaces what {article.publication or 'an earlier article'} reported{when}: “{told}”."


_MARKS: Final = ' ,.“”"'


def _day(choice: Choice) -> int:
    published = choice.context.article.published
    return published.toordinal() if published else 0


def _contradict(one: Choice, other: Choice, question: Question) -> bool:
    if not _is_same_point(one, other, question) or not _differ(one, other, question):
        return False
    return not _knows(one, other, question) and not _knows(other, one, question)


def _replaces(new: Choice, old: Choice, question: Question) -> bool:
    """Whether the one states the same point otherwise, comes later, and says that something was changed."""
    if not 0 < _day(old) < _day(new) or not _says_changed(new):
        return False
    return _is_same_point(new, old, question) and _differ(new, old, question) and not _knows(old, new, question)


def _is_corrected(one: Choice, other: Choice) -> bool:
    """Whether the later one may correct or reverse the other: its title may say so too."""
    new, old = sorted((one, other), key=_day, reverse=True)
    is_later = 0 < _day(old) < _day(new)
    return is_later and (_says_changed(new) or _REPLACES.search(new.context.article.title) is not None)


def _says_changed(choice: Choice) -> bool:
    """Whether the sentence or a neighbour says that something was corrected or reversed."""
    near = choice.context.sentences[max(0, choice.index - 1) : choice.index + 2]
    return any(_REPLACES.search(one.text) for one in near) or _NOW.search(choice.sentence.text) is not None


def _is_same_point(one: Choice, other: Choice, question: Question) -> bool:
    """Whether the two state the same of the same matter."""
    article, another = one.context.article, other.context.article
    is_named = bool(question.names or question.case)
    if article.id == another.id or not is_named or {article.language, another.language} != {"en"}:
        return False
    if min(one.features.case, other.features.case) < _SAME_CASE:
        return False
    if min(one.features.all_names, other.features.all_names) < _SAME_NAMES:
        return False
    if (question.case is None and not _are_of_one_time(one, other)) or _speak_of_others(one, other, question):
        return False
    return _say_the_same_words(one, other, question) and _share_points(one, other, question)


def _are_of_one_time(one: Choice, other: Choice) -> bool:
    days = sorted((_day(one), _day(other)))
    return days[0] > 0 and days[1] - days[0] <= _MOST_DAYS_APART


def _say_the_same_words(one: Choice, other: Choice, question: Question) -> bool:
    """Whether both sentences say the same of the words that were asked; the no may lack the word that the yes has."""
    said, also = _said(one, question), _said(other, question)
    if question.kind is Kind.YES_NO:
        named = min(one.features.own_names, other.features.own_names) >= _NAMED_ITSELF
        return named and bool(said | also) and len(said ^ also) <= 1
    return bool(said) and said == also


def _said(choice: Choice, question: Question) -> frozenset[int]:
    """Which of the question's words the sentence says: those that tell the most of what there are."""
    for parts in ({Part.CONTENT, Part.ROLE}, {Part.GENERIC}):
        asked = [(i, lens) for i, lens in enumerate(choice.view.lenses) if lens.concept.part in parts]
        if asked:
            return frozenset(i for i, lens in asked if lens.level(choice.sentence) >= _SAID)
    return _BY_KIND if question.kind in _SAID_BY_KIND else frozenset()


_SAID_BY_KIND: Final = frozenset({Kind.VOTE, Kind.COURT})
_BY_KIND: Final = frozenset({-1})
"""Stands for the word of the kind, which is no word of the question beside its kind."""


def _share_points(one: Choice, other: Choice, question: Question) -> bool:
    """Whether the clauses of two values or days tell of the same things."""
    if question.kind not in _MEASURED and question.kind is not Kind.DATE:
        return True
    own, others = ({n for n, point in enumerate(_POINTS) if point.search(_around(choice))} for choice in (one, other))
    return own == others


def _around(choice: Choice) -> str:
    """The clause around the value, itself left out."""
    text, answer = choice.sentence.text, choice.answer
    if answer is None:
        return text
    start = max((border.end() for border in _BORDER.finditer(text, 0, answer.start)), default=0)
    behind = _BORDER.search(text, answer.end)
    return f"{text[start : answer.start]} … {text[answer.end : behind.start() if behind else len(text)]}"


_BORDER: Final = re.compile(r"[;:—]|, (?:and|but|while|whereas|which|who|after|before)\b| and (?=\$|€|£)")


def _speak_of_others(one: Choice, other: Choice, question: Question) -> bool:
    """Whether each names somebody whom the other doesn't, and nobody both: then they tell of two events."""
    own, others = _others_named(one, question), _others_named(other, question)
    return bool(own) and bool(others) and own.isdisjoint(others)


def _others_named(choice: Choice, question: Question) -> frozenset[str]:
    """The last words of the names in a sentence that are neither asked about nor the answer."""
    asked = {form for concept in question.names for form in forms(concept.surface)}
    found = set()
    for name in choice.sentence.names:
        last = fold(name.span.of(choice.sentence.text).split()[-1])
        is_answer = choice.answer is not None and name.span.overlaps(choice.answer)
        if name.kind not in {NameKind.TIME, NameKind.LAW} and not is_answer and last not in asked:
            found.add(last)
    return frozenset(found)


def _differ(one: Choice, other: Choice, question: Question) -> bool:
    """Whether one says yes and one no, or the two short answers can't be the same told more or less exactly."""
    if question.kind is Kind.YES_NO:
        yes, also = polarity(question, one.sentence), polarity(question, other.sentence)
        return None not in (yes, also) and yes is not also
    if question.kind not in _COMPARED or one.answer is None or other.answer is None:
        return False
    return _values_differ(question, (one, one.sentence, one.answer), (other, other.sentence, other.answer))


_Told = tuple[Choice, Sentence, Span]
"""A value in a sentence of the article that a choice is from."""


def _values_differ(question: Question, one: _Told, other: _Told) -> bool:
    kind = question.kind
    if kind in _MEASURED:
        value, another = (quantity(kind, sentence.text, span) for _, sentence, span in (one, other))
        return value is not None and another is not None and value.contradicts(another)
    if kind is Kind.DATE:
        days, others = (days_meant(s.of(t.text), c.context.article.published) for c, t, s in (one, other))
        return are_apart(days, others)
    return _TOLD_OTHERWISE[kind](*(span.of(sentence.text) for _, sentence, span in (one, other))) and (
        kind is not Kind.PERSON or _hold_one_office(question, one, other)
    )


def _people_differ(one: str, other: str) -> bool:
    """Whether no word of the one's names is in the other's: a surname alone is the same person."""
    return frozenset(_name_words(one)).isdisjoint(_name_words(other))


def _name_words(told: str) -> Iterator[str]:
    return (form for form in forms(told) if len(form) > 1 and form not in _OF_NO_NAME)


_OF_NO_NAME: Final = frozenset(
    "judge justice u.s district chief magistrate senior circuit jr sr dr mr ms mrs the".split()
)
_RANKS: Final = frozenset(
    "magistrate circuit appellate appeals chief supreme bankruptcy superior state former deputy".split()
)


def _hold_one_office(question: Question, one: _Told, other: _Told) -> bool:
    """Whether both people are told with the office that was asked for, of the same rank."""
    if not question.roles:
        return False
    titles = [_title(sentence, span) for _, sentence, span in (one, other)]
    return None not in titles and len({frozenset(forms(title or "")) & _RANKS for title in titles}) == 1


def _title(sentence: Sentence, span: Span) -> str | None:
    """The title of a person who is named there by one name alone; None where it is no such."""
    people = [name for name in sentence.names if name.span.overlaps(span)]
    return _titled(sentence, people[0]) if len(people) == 1 and people[0].kind is NameKind.PERSON else None


def _titled(sentence: Sentence, name: Name) -> str | None:
    return name.title.of(sentence.text) if name.title else None


_ORDINAL: Final = re.compile(
    r"\b(First|Second|Third|Fourth|Fifth|Sixth|Seventh|Eighth|Ninth|Tenth|Eleventh|Federal|D\.?C\.?) Circuit"
)
_DISTRICT: Final = re.compile(
    r"\b(Northern|Southern|Eastern|Western|Central|Middle) District of ([A-Z]\w+(?: [A-Z]\w+)?)"
)


def _courts_differ(one: str, other: str) -> bool:
    """Whether they are two federal circuits, or two federal districts."""
    for pattern in (_ORDINAL, _DISTRICT):
        found, another = pattern.search(one), pattern.search(other)
        if found and another:
            return fold(found[0]).replace(".", "") != fold(another[0]).replace(".", "")
    return False


_BALLOT: Final = re.compile(r"([0-9]{1,3})(?:-|–| to )([0-9]{1,3})")


def _votes_differ(one: str, other: str) -> bool:
    """Whether as many voted, in another proportion."""
    found, another = (_BALLOT.fullmatch(told.strip()) for told in (one, other))
    if not found or not another:
        return False
    ballots, others = (sorted(map(int, each.groups())) for each in (found, another))
    return sum(ballots) == sum(others) and ballots != others


_TOLD_OTHERWISE: Final[dict[Kind, Callable[[str, str], bool]]] = {
    Kind.PERSON: _people_differ,
    Kind.COURT: _courts_differ,
    Kind.VOTE: _votes_differ,
}


def _knows(knowing: Choice, other: Choice, question: Question) -> bool:
    """Whether the article of the first also holds a value that the second's may be: then it tells of two points."""
    if other.answer is None:
        return False
    told = other, other.sentence, other.answer
    for sentence in knowing.context.sentences:
        for candidate in candidates(sentence, question):
            if candidate.quality >= 0.5 and _is_same(question, (knowing, sentence, candidate.span), told):
                return True
    return False


def _is_same(question: Question, one: _Told, other: _Told) -> bool:
    """Whether the two values can be read and can be the same."""
    kind, (choice, sentence, span) = question.kind, one
    if kind in _MEASURED:
        value, another = (quantity(kind, t.text, s) for _, t, s in (one, other))
        if value is None or another is None:
            return False
        return value.unit == another.unit and not value.contradicts(another)
    if kind is Kind.DATE:
        days = days_meant(span.of(sentence.text), choice.context.article.published)
        others = days_meant(other[2].of(other[1].text), other[0].context.article.published)
        return bool(days and others) and len(days) == 1 and not are_apart(days, others)
    if kind is Kind.PERSON:
        return not _people_differ(span.of(sentence.text), other[2].of(other[1].text))
    return fold(span.of(sentence.text)) == fold(other[2].of(other[1].text))
