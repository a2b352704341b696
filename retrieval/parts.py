"""A question that asks for two things: split into two, and their answers joined again. English.

`how much did A demand and how much did B pay?` is two questions; `which judges got the two suits, the one against A and
the one against B?` asks the same of two. What can't be split cleanly stays one question.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final, assert_never

from corpus.model import Span
from retrieval.kinds import QUOTED
from retrieval.model import Answer, Answered, Evidence, NeedsDetail, NotAQuestion, NotInCorpus, Partial
from retrieval.question import Question

_WH: Final = (
    r"(?:who(?:'s|’s|m|se)?|what(?:'s|’s)?|which|when|where|why|how(?: (?:much|many|long|old|big|often))?|"
    r"(?:in|at|on|by|from|to|for|under) (?:what|which|whom|whose))"
)
_TWO_CLAUSES: Final = re.compile(
    rf"^(?P<first>{_WH}\b[^?;]{{12,}}?)(?:\?\s+(?:and )?|;\s*(?:and )?|,? (?:and|&) (?:also )?)"
    rf"(?P<second>{_WH}\b[^?]{{8,}})\??$",
    re.IGNORECASE,
)
_SUBORDINATE: Final = re.compile(
    rf"\b(?:say|said|explain\w*|show\w*|know\w*|ask\w*|wonder\w*|tell|told|decide\w*) {_WH}\b", re.IGNORECASE
)
_MOST_WORDS: Final = 60


def parts_of(asked: str) -> tuple[str, ...]:
    """The questions in a question: one or two, each to be asked by itself."""
    text = asked.strip()
    if len(text.split()) > _MOST_WORDS:
        return (asked,)
    found = _TWO_CLAUSES.match(text)
    quoted = [Span(*quote.span()) for quote in QUOTED.finditer(text)]
    if found and not _SUBORDINATE.search(text) and not any(q.start < found.start("second") < q.end for q in quoted):
        return _completed(found["first"].strip(" ,"), found["second"].strip(" ,"))
    return (asked,)


_NAME: Final = re.compile(r"[A-Z][\w.&’'-]*(?: (?:v\.?|vs\.?|of|and|[A-Z][\w.&’'-]*))*")
_MATTER_NOUN: Final = r"(?:case|lawsuit|suit|trial|matter|deal|settlement|breach|merger|dispute|appeal)s?"
_MATTER: Final = re.compile(
    rf"\b(?:in|at|of|from|against|by|for) (?:the |its |his |her )?(?:[\w'’&.-]+ ){{0,4}}?{_MATTER_NOUN}\b",
    re.IGNORECASE,
)
_ELLIPTIC: Final = re.compile(
    rf"^{_WH}(?: \w+)? (?P<rest>(?P<link>from|in|for|of|by|to|at|on|with|against|its|his|her|their) .+)$", re.IGNORECASE
)
_VERSUS: Final = re.compile(r" (?:v|vs)\.? ")
_OWNED: Final = frozenset({"its", "his", "her", "their"})


def _completed(first: str, second: str) -> tuple[str, str]:
    """Each a question by itself: with the words, and the matter, that only the other says."""
    short = _ELLIPTIC.match(second)
    if short:
        same = _asks(first) == _asks(second)
        second = (_filled(first, short["link"].lower(), short["rest"]) if same else None) or second
    else:
        matters = [_matter(first, second), _matter(second, first)]
        if matters[0]:
            second = f"{second.rstrip('?')} ({matters[0]})"
        elif matters[1]:
            first = f"{first.rstrip('?')} ({matters[1]})"
    return f"{first.rstrip('?')}?", f"{second.rstrip('?')}?"


def _filled(first: str, link: str, rest: str) -> str | None:
    """`how much did A seek from B` and `from C`: the beginning of the first with the rest of the second."""
    if link in _OWNED:
        owner = re.match(r"(.*\w['’]s?) ", first)
        return f"{owner[1]} {rest.split(' ', 1)[1]}" if owner else None
    same = [found.start() for found in re.finditer(rf" {link} ", first, re.IGNORECASE)]
    others = [found.start() for found in re.finditer(r" (?:from|in|for|of|by|to|at|on|with|against) ", first)]
    ends = same[-1:] or others[:1]
    return f"{first[: ends[0]]} {rest}" if ends else None


def _asks(clause: str) -> str:
    """The question word that a clause begins with."""
    found = re.match(_WH, clause, re.IGNORECASE)
    return found[0].lower() if found else ""


def _matter(clause: str, other: str) -> str | None:
    """What a clause is about that the other needs: the case with a `v.`, or else all names where the other has none."""
    case = next((name[0] for name in _NAME.finditer(clause) if _VERSUS.search(name[0])), None)
    if case:
        return None if _VERSUS.search(other) else case
    behind, others = (" ".join(one.split()[1:]) for one in (clause, other))
    if _NAME.search(others) or _MATTER.search(others):
        return None
    names = [name[0] for name in _NAME.finditer(behind)]
    if names:
        return " ".join(names)
    found = _MATTER.search(behind)
    return found[0].split(" ", 1)[1] if found else None


_AND: Final = re.compile(
    r"(?P<noun>(?: [\w'’-]+){0,2}?),? and (?:of |for |from |in |by |to |at )?(?:the |its |his |her )?"
)


def one_by_one(question: Question) -> tuple[str, ...]:
    """The same question about each of two names that it joins (`who hacked A and B`); empty where it joins none."""
    text = question.text
    names = [name.span for name in question.names if not name.surface[0].isdigit()]
    of_case = set(question.case.parties) if question.case else set()
    parties = {question.concepts[i].span for i in of_case}
    for one, other in pairwise(names):
        link = _AND.fullmatch(text[one.end : other.start])
        if link is None or {one, other} <= parties:
            continue
        joint = one.end + len(link["noun"])
        rest = re.sub(r"^['’]s?", "", text[other.end :])
        if link["noun"]:
            # `A's owner and B's owner pay`: what stands behind the noun that both have is asked of both.
            noun = link["noun"].split()[-1]
            rest = rest.partition(f" {noun}")[2] or "?"
        return (text[:joint] + rest, text[: one.start] + text[other.start :])
    return ()


def joined(answers: Sequence[Answer]) -> Answer:
    """One answer from those to the parts (at least one): all, a part of it, or none."""
    if len(answers) == 1:
        return answers[0]
    stated = [answer for answer in answers if isinstance(answer, Answered | Partial) and answer.evidence]
    if not stated:
        return answers[0]
    evidence = tuple(_numbered(one for answer in stated for one in answer.evidence[:1]))
    notes = tuple(dict.fromkeys(note for answer in stated for note in answer.notes))
    confidence = min(answer.confidence for answer in stated)
    lacking = [missing for answer in answers if (missing := _missing(answer))]
    if not lacking:
        conflicts = tuple(_numbered((one for answer in stated for one in _conflicts(answer)), len(evidence) + 1))
        return Answered(confidence, evidence, notes, conflicts, parts=len(evidence))
    closest = [one for answer in answers if isinstance(answer, NotInCorpus | NeedsDetail) for one in answer.closest]
    return Partial(
        confidence, evidence, " ".join(lacking), tuple(_numbered(closest, len(evidence) + 1)), notes, len(evidence)
    )


def _conflicts(answer: Answered | Partial) -> tuple[Evidence, ...]:
    return answer.conflicts if isinstance(answer, Answered) else ()


def _numbered(evidence: Iterable[Evidence], first: int = 1) -> Iterator[Evidence]:
    for number, one in enumerate(evidence, first):
        yield replace(one, citation=replace(one.citation, number=number))


def _missing(answer: Answer) -> str:
    match answer:
        case Answered():
            return ""
        case Partial() | NotInCorpus() | NeedsDetail() | NotAQuestion():
            return answer.missing
        case _:
            assert_never(answer)
