"""Questions near one that was refused, made from what the articles at hand state. English.

They are templates for the kinds of facts that were found beside the case or the names that were asked about. Whether
the corpus answers one is for the caller to say; it is asked a few times at most.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from corpus.text import fold, forms
from retrieval.cases import case_level
from retrieval.kinds import Kind
from retrieval.matching import Context, prominence
from retrieval.names import NameKind, courts
from retrieval.question import Concept, Question
from retrieval.sentence import Sentence
from retrieval.values import dates, sums

_MOST: Final = 3
_MOST_CHECKS: Final = 4
_ARTICLES: Final = 3
"""Of so many articles, the nearest, related questions are made."""
_PROMINENT: Final = 0.8
_CASE: Final = 0.75

_Holds = Callable[[Sentence], bool]


def _has_judge(sentence: Sentence) -> bool:
    people = (name for name in sentence.names if name.kind is NameKind.PERSON and name.title)
    return any(name.title and "judge" in name.title.of(sentence.text).lower() for name in people)


def _has_person(sentence: Sentence) -> bool:
    return any(name.kind is NameKind.PERSON for name in sentence.names)


def _has_date(sentence: Sentence) -> bool:
    return any(quality >= 0.6 for _, quality in dates(sentence.text))


def _has_sum(sentence: Sentence) -> bool:
    return any(quality >= 0.9 for _, quality in sums(sentence.text))


def _has_court(sentence: Sentence) -> bool:
    return bool(courts(sentence.text))


@dataclass(frozen=True, slots=True)
class _Fact:
    """A kind of fact: its question, with `{}` for the case or the name, and what the sentence that states it has.

    In `told` of a name, `{}` stands for that name.
    """

    kind: Kind
    asked: str
    told: str
    holds: _Holds


_OF_CASE: Final = (
    _Fact(Kind.PERSON, "Who is the judge in {}?", r"\bjudge\b", _has_judge),
    _Fact(Kind.MONEY, "How much is the settlement in {}?", r"\bsettle", _has_sum),
    _Fact(Kind.MONEY, "How much did the jury award in {}?", r"\bjur(?:y|ors)\b.*\baward|\baward.*\bjury\b", _has_sum),
    _Fact(Kind.DATE, "When was {} filed?", r"\b(?:filed|sued)\b", _has_date),
    _Fact(Kind.DATE, "When is the trial in {}?", r"\btrial\b", _has_date),
    _Fact(Kind.COURT, "Which court heard {}?", r"\b(?:court|circuit)\b", _has_court),
    _Fact(
        Kind.EVENT, "What happened in {}?", r"\b(?:ruled|denied|granted|dismissed|settled|affirmed|reversed)\b", bool
    ),
)
_OF_NAME: Final = (
    _Fact(
        Kind.MONEY,
        "How much was {} fined?",
        r"\bfined (?:the )?{}|{}[^.;,]{{0,30}} (?:was|were|been|be|being|is) fined\b",
        _has_sum,
    ),
    _Fact(
        Kind.MONEY,
        "How much must {} pay?",
        r"{}(?: (?:\w+ly|has|had|have|was|were|been|is|are|agreed|agrees|ordered|told|required|forced|found))*"
        r" (?:must|to|will) pay\b",
        _has_sum,
    ),
    _Fact(Kind.PERSON, "Who is the CEO of {}?", r"{}(?:['’]s)? (?:chief executive|CEO)\b|CEO of {}", _has_person),
    _Fact(Kind.PERSON, "Who sued {}?", r"\bsued (?:the )?{}", bool),
    _Fact(Kind.DATE, "When was {} sued?", r"\bsued (?:the )?{}", _has_date),
    _Fact(Kind.DEFINITION, "Who is {}?", r"{}, (?:an?|the|its|who) ", _has_person),
)


def related(question: Question, contexts: Sequence[Context], answered: Callable[[str], bool]) -> tuple[str, ...]:
    """At most three questions near this one of which the caller says that they are answered; it is asked four times.

    `contexts` are the articles at hand, nearest first. Each question is of the case or a name that was asked about, or
    of the case that such an article is on; of somebody else nothing is offered.
    """
    offered = islice(_offered(question, contexts), _MOST_CHECKS)
    return tuple(islice((text for text in offered if answered(text)), _MOST))


def _offered(question: Question, contexts: Sequence[Context]) -> Iterator[str]:
    """The questions that could be offered, likeliest first, each once and never the one that was asked."""
    seen = {_plain(question.text)}
    for context in [context for context in contexts if _is_near(question, context)][:_ARTICLES]:
        for text in _of(question, context):
            if _plain(text) not in seen:
                seen.add(_plain(text))
                yield text


def _plain(text: str) -> str:
    return fold(text).rstrip(" ?!.")


def _is_near(question: Question, context: Context) -> bool:
    """Whether the article speaks of a name that was asked about; where there is none, its title of a word."""
    names = question.names
    if names:
        return any(prominence(name, context.profile) >= _PROMINENT for name in names)
    heading = context.profile.heading.places
    return any(term in heading for concept in question.concepts for term in concept.every_term)


def _of(question: Question, context: Context) -> Iterator[str]:
    """The questions that the article's own sentences suggest."""
    case = _case_of(question, context)
    if case:
        yield from _asked(_OF_CASE, "", case, question, context)
    for name in sorted(question.names, key=lambda name: -prominence(name, context.profile)):
        written = _written(name, context)
        if written:
            yield from _asked(_OF_NAME, rf"{re.escape(written.removeprefix('the '))}\b", written, question, context)


def _asked(facts: Sequence[_Fact], pattern: str, subject: str, question: Question, context: Context) -> Iterator[str]:
    """The questions about one subject, of facts of other kinds than the one asked for."""
    for fact in facts:
        told = re.compile(fact.told.format(pattern, pattern)) if pattern else re.compile(fact.told, re.IGNORECASE)
        of_kind = fact.kind is question.kind and fact.kind is not Kind.PERSON
        if not of_kind and any(told.search(sentence.text) and fact.holds(sentence) for sentence in context.sentences):
            yield fact.asked.format(subject)


_SUFFIX: Final = re.compile(r",? (?:Inc|LLC|Corp|Corporation|Ltd|Co|LLP|PLC)\b\.?(?=,| v\.| vs\.|$)")


def _case_of(question: Question, context: Context) -> str | None:
    """The case that was asked about, else the one that the article is on and that a name of the question is a party of.

    Firms' forms (`Inc.`) are left out.
    """
    if question.case and case_level(question, context.profile) < _CASE:
        return None
    if question.case and question.case.how is None:
        return question.case.surface
    beginning = f"{context.article.title}\n{context.article.text[:_BEGINNING_CHARS]}"
    asked = {form for concept in question.names for form in forms(concept.surface)}
    captions = context.profile.case_names
    for name in captions:
        if (name in beginning or len(captions) == 1) and (not asked or not asked.isdisjoint(forms(name))):
            return _SUFFIX.sub("", name).split(",")[0].rstrip(" .")
    return None


_BEGINNING_CHARS: Final = 600


def _written(name: Concept, context: Context) -> str | None:
    """The name as the article writes it; None where it doesn't, or not as a name."""
    pattern = re.compile(rf"\b{re.escape(name.surface)}\b", re.IGNORECASE)
    for sentence in context.sentences:
        found = pattern.search(sentence.text)
        if found and found[0][0].isupper() and not found[0].isdigit() and _is_somebody(sentence, found.start()):
            return f"the {found[0]}" if _takes_article(found[0], context) else found[0]
    return None


def _takes_article(name: str, context: Context) -> bool:
    """Whether the article mostly writes `the` in front of a name of several words."""
    every = [
        found
        for sentence in context.sentences
        for found in re.finditer(rf"(\b[Tt]he )?\b{re.escape(name)}\b(?!['’])", sentence.text)
    ]
    return " " in name and 2 * sum(found[1] is not None for found in every) > len(every)


def _is_somebody(sentence: Sentence, start: int) -> bool:
    """Whether a person's or a firm's name begins there."""
    kinds = {NameKind.PERSON, NameKind.ORGANISATION, NameKind.OTHER}
    return any(name.span.start == start and name.kind in kinds for name in sentence.names)
