"""A question told indirectly: `When did A appeal?` → `when A appealed`. English.

Only what can be turned round surely is: the auxiliary must stand before a name of the question, or there must be none.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from corpus.text import fold
from retrieval.analyser import lexicon
from retrieval.kinds import Kind
from retrieval.names import gazetteer
from retrieval.question import Question

_MOST_WORDS: Final = 16
_AUXILIARY: Final = "did|does|do|is|are|was|were|has|have|had|can|could|will|would|should|must|may|might"
_INVERTED: Final = re.compile(
    r"(?P<asked>(?:(?:in|on|at|by|from|to|for|under) )?"
    r"(?:who|whom|when|where|why|what|how(?: (?:much|many|long|old|often))?"
    r"|(?:which|what|whose|how many|how much) (?:[a-z]+ ){0,2}?[a-z]+)) "
    rf"(?P<verb>{_AUXILIARY}) (?P<rest>\S.*)",
    re.IGNORECASE,
)
_YES_NO: Final = re.compile(rf"(?P<verb>{_AUXILIARY}) (?P<rest>\S.*)", re.IGNORECASE)
_OF_SUBJECT: Final = re.compile(r"(?:who|which [a-z]+|what) (?P<verb>[a-z]+)\b(?P<rest>.*)", re.IGNORECASE)
_ANY_AUXILIARY: Final = re.compile(rf"\b(?:{_AUXILIARY})\b", re.IGNORECASE)
_OFFICES: Final = re.compile(
    r"the (?:jury|judge|court|company|government|regulator|agency|commission|firm|panel|justices|parties|settlement"
    r"|fine|trial|case|lawsuit|suit)(?= )",
    re.IGNORECASE,
)
"""Subjects that are no names."""
_OPENS_PHRASE: Final = (
    r"(?:an?|the|its|his|her|their|this|that|these|any|all|no|some|it|him|them|in|on|at|by|from|to|for|under|of|with|"
    r"about|against|over|into|after|before|during|as|and|or|out|up|down|off|back|[a-z]+ly|[A-Z0-9$€£][\w.,’'-]*)\b"
)
_AS_VERB: Final = re.compile(rf"(?P<verb>[a-z]+)(?= {_OPENS_PHRASE}|$)")
"""A verb and not a noun with one behind it (`Did A shares fall?`)."""
_STATES: Final = frozenset(
    "a an the in on at under over still not liable guilty legal illegal able likely due worth part allowed".split()
)
_UNCHANGED: Final = frozenset("cut put set hit let cost bet quit shut spread split hurt cast bid read".split())
_PAST: Final = {
    "show": "showed", "prove": "proved", "beat": "beat", "be": "was", "find": "found", "lie": "lied", "light": "lit",
    "bleed": "bled", "creep": "crept", "grind": "ground", "leap": "leapt", "override": "overrode", "outdo": "outdid",
    "slide": "slid", "spring": "sprang", "sting": "stung", "strive": "strove", "swell": "swelled", "swim": "swam",
    "wind": "wound", "arise": "arose", "undercut": "undercut", "upset": "upset", "broadcast": "broadcast",
}  # fmt: skip
_DOUBLED: Final = frozenset(
    "ban bar drop plan stop refer admit commit permit submit compel rebut strip scrap tip".split()
)
_VOWELS: Final = frozenset("aeiou")


def indirect(question: Question) -> str | None:
    """The question as the end of `says …`, its case told as `it`; None where it can't be turned round surely."""
    text = " ".join(question.text.rstrip(" ?!.").split())
    if len(text.split()) > _MOST_WORDS or re.search(r"[;:?!]", text):
        return None
    told = _turned(text, question)
    return _with_case_told(told, question) if told else None


def _turned(text: str, question: Question) -> str | None:
    if question.kind is Kind.YES_NO:
        found = _YES_NO.fullmatch(text)
        return _of_name("whether", found["verb"], found["rest"], question) if found else None
    found = _INVERTED.fullmatch(text)
    if found:
        is_subject = found["asked"].lower().startswith(("who", "which")) and _is_participle(found["rest"].split()[0])
        if is_subject and found["verb"].lower() not in {"did", "does", "do"}:
            return _small(text)
        return _of_name(found["asked"], found["verb"], found["rest"], question)
    subject = _OF_SUBJECT.fullmatch(text)
    if subject and not _ANY_AUXILIARY.search(text) and subject["verb"].islower():
        return _small(text)
    return None


def _of_name(asked: str, verb: str, rest: str, question: Question) -> str | None:
    """The clause with its subject, a name, before its verb; None where no name opens it."""
    subject = _subject(rest, question)
    if subject is None or not rest[len(subject) :].startswith(" "):
        return None
    behind, verb = rest[len(subject) + 1 :], verb.lower()
    opening = f"{_small(asked)} {subject}"
    if verb in _OF_STATE:
        first = behind.split()[0]
        return f"{opening} {verb} {behind}" if first in _STATES or _is_participle(first) else None
    plain = _AS_VERB.match(behind)
    if plain is None or plain["verb"] == "not":
        return None
    if verb not in {"did", "does", "do"}:
        return f"{opening} {verb} {behind}"
    finite = _past(plain[0]) if verb == "did" else _third_person(plain[0]) if verb == "does" else plain[0]
    return f"{opening} {finite}{behind[plain.end() :]}"


_OF_STATE: Final = frozenset("is are was were has have had".split())


def _small(text: str) -> str:
    return text[0].lower() + text[1:]


def _is_participle(word: str) -> bool:
    return word.endswith(("ed", "ing")) or word in lexicon().irregular


def _subject(rest: str, question: Question) -> str | None:
    """The name, or names joined by `and`, that the clause begins with, with what belongs to it."""
    office = _OFFICES.match(rest)
    if office:
        return office[0]
    if question.case and question.case.how is None:
        named = re.match(rf"(?:the )?{re.escape(question.case.surface)}(?: (?:case|lawsuit|suit))?(?= )", rest)
        if named:
            return named[0]
    end = _end_of_name(rest, 0, question)
    while end and rest.startswith(" and ", end) and (further := _end_of_name(rest, end + 5, question)):
        end = further
    return rest[:end] if end else None


def _end_of_name(rest: str, start: int, question: Question) -> int:
    """Where the name ends that begins there; 0 where none does. Behind `the` a name must be a body's."""
    article = 4 if rest.lower().startswith("the ", start) else 0
    names = sorted(question.names, key=lambda concept: -len(concept.surface))
    one = next((each for each in names if rest.startswith(each.surface, start + article)), None)
    if one is None:
        return 0
    last = fold(one.surface.split()[-1])
    is_body = one.canonical or one.surface.isupper() or last in gazetteer().org_words or last in {"court", "circuit"}
    return start + article + len(one.surface) if is_body or not article else 0


def _with_case_told(told: str, question: Question) -> str:
    """The clause without `in A v. B`, and with `it` for the case elsewhere: it was named just before."""
    if question.case is None or question.case.how is not None:
        return told
    name = question.case.surface
    without = re.sub(rf" in (?:{re.escape(name)}|the {re.escape(name)} (?:case|lawsuit|suit))(?![\w'’])", "", told)
    return re.sub(rf"(?:\bthe )?{re.escape(name)}(?: (?:case|lawsuit|suit))?(?!['’\w])", "it", without)


@lru_cache(maxsize=1)
def _irregular() -> dict[str, str]:
    """The past of irregular verbs: the first form that the list has."""
    found: dict[str, str] = {}
    for form, plain in lexicon().irregular.items():
        found.setdefault(plain, form)
    return found | _PAST | {verb: verb for verb in _UNCHANGED}


def _past(verb: str) -> str:
    """The past of a verb in its plain form: `sue` → `sued`, `win` → `won`, `appeal` → `appealed`."""
    plain = fold(verb)
    if plain in _irregular():
        return _irregular()[plain]
    if plain.endswith("e"):
        return f"{plain}d"
    if plain.endswith("y") and plain[-2:-1] not in _VOWELS:
        return f"{plain[:-1]}ied"
    return f"{plain}{plain[-1]}ed" if plain in _DOUBLED else f"{plain}ed"


def _third_person(verb: str) -> str:
    if verb == "have":
        return "has"
    if verb.endswith("y") and verb[-2:-1] not in _VOWELS:
        return f"{verb[:-1]}ies"
    return f"{verb}es" if verb.endswith(("s", "sh", "ch", "x", "z", "o")) else f"{verb}s"
