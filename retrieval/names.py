"""Proper names in a sentence and what they are likely to be: person, court, law, place or organisation.

There is no model behind this: capitals, titles, roles and the word lists of `data/gazetteer.yaml` decide. Offsets are
those of the sentence. Tuned for English.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Final

from corpus.model import Span
from corpus.text import fold
from corpus.yamlfile import parse_mapping
from retrieval.analyser import lexicon
from retrieval.nouns import term_at
from retrieval.periods import MONTHS, WEEKDAYS


class NameKind(StrEnum):
    """What a proper name names."""

    PERSON = "person"
    ORGANISATION = "organisation"
    COURT = "court"
    LAW = "law"
    PLACE = "place"
    TIME = "time"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Name:
    """A proper name: its place (titles in front left out) and, for a person, the place of the titles (or None)."""

    span: Span
    kind: NameKind
    title: Span | None = None


@dataclass(frozen=True)
class Gazetteer:
    """Folded words that tell the kind of a name."""

    first_names: frozenset[str]
    org_words: frozenset[str]
    places: frozenset[str]
    person_titles: frozenset[str]
    person_roles: frozenset[str]
    demonyms: frozenset[str]

    @cached_property
    def offices(self) -> frozenset[str]:
        """Titles and roles of people."""
        return self.person_titles | self.person_roles

    @cached_property
    def of_people(self) -> frozenset[str]:
        """Words that make a person of a name: first names and titles."""
        return self.first_names | self.person_titles

    @cached_property
    def not_adverbs(self) -> frozenset[str]:
        """Names that may end like an adverb (`Emily`, `Italy`)."""
        return self.first_names | self.places

    @cached_property
    def of_organisations(self) -> frozenset[str]:
        """Words that a name of an organisation or a title ends with."""
        return self.org_words | self.person_titles


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """The word lists shipped with the program; read once."""
    text = (files("retrieval") / "data" / "gazetteer.yaml").read_text("utf-8")
    lists = parse_mapping(text, name="gazetteer.yaml").value
    return Gazetteer(**{name: frozenset(str(words).split()) for name, words in lists.items()})


_CAPITAL: Final = r"(?:(?:Dr|Mr|Ms|Mrs|Prof|Sen|Rep|Gov|Hon)\.|[A-Z]\.(?:[A-Z]\.)*|[A-ZÀ-ÖØ-Þ][\w&]*(?:[-–’'][A-Za-zÀ-ÿ]\w*)*|[a-z]{1,2}[A-Z][\w&]*(?:-\w+)*)"
_PARTICLE: Final = r"(?:de[ ]la|de[ ]los|de|da|del|della|di|du|van[ ]der|van[ ]den|van|von[ ]der|von|zu|bin|ibn|al|el|la|le|ten|ter|of[ ]the|of|for[ ]the|for|and|&|the)"
_SUFFIX: Final = r"(?:,?[ ](?:Jr|Sr|Inc|Corp|Co|Ltd|LLC|LLP|L\.P|PLC|plc|GmbH|AG|S\.A|N\.V)\b\.?)"
_RUN: Final = re.compile(
    rf"""(?<![\w'’])(?:{_CAPITAL}|§)
         (?:\ (?:{_PARTICLE}\ )?(?:“[A-Z]\w+”\ |"[A-Z]\w+"\ )?(?:{_CAPITAL}|[0-9]{{1,4}}(?=\ [A-Z]))|{_SUFFIX})*""",
    re.VERBOSE,
)
_DATELINE: Final = re.compile(r"[A-Z][^()]{2,60}(\([A-Z][\w ]+\)) ?[-–—] ")
_WORD: Final = re.compile(r"[^\s]+")
_POSSESSIVE: Final = re.compile(r"['’]s?$")

COURT: Final = re.compile(
    r"(?:(?:the )?(?:U\.?S\.?|United States|Federal) )?"
    r"(?:District Court(?: for the (?:\w+ )?District of [A-Z]\w+(?: [A-Z]\w+)*| in [A-Z]\w+(?: [A-Z]\w+)*)?"
    r"|Court of Appeals(?: for the (?:[A-Z][\w.]+ |of )+Circuit)?"
    r"|(?:[A-Z]\w+ ){0,3}(?:Supreme|Superior|High|General|Federal|Constitutional|Administrative|Commercial|Regional|Chancery|County|State|Circuit|Appeals|Appeal|Bankruptcy|Family|Criminal|Crown|Magistrates|Patent|Unified Patent) Court(?: of (?:[A-Z]\w+(?: of)?(?: the)? ?)+[A-Za-z]*)?"
    r"|(?:[A-Z]\w+ )?Court of (?:(?:the )?[A-Z]\w+(?:,? (?:of|and|the|in|for))*(?: the)? ?)+"
    r"|(?:[A-Z][\w.]+ )*(?:First|Second|Third|Fourth|Fifth|Sixth|Seventh|Eighth|Ninth|Tenth|Eleventh|Federal|Columbia|D\.?C\.?|[0-9]{1,2}(?:st|nd|rd|d|th)) Circuit(?: Court of Appeals)?"
    r"|(?:Northern|Southern|Eastern|Western|Central|Middle) District of [A-Z]\w+(?: [A-Z]\w+)*"
    r"|(?:[A-Z]\w+ )+(?:Tribunal|Court)\b)"
)
LAW: Final = re.compile(
    r"(?:(?:[A-Z][\w’'-]*|and|of|for|the|on|from|by|in|against|to|with|&)(?:,? ))*(?<!\w)"
    r"(?:Act|Law|Code|Regulation|Directive|Treaty|Constitution|Clause|Statute|Convention|Rule|Order)\b(?: of [0-9]{4})?"
    r"|(?:Section|Sections|Article|Title|Rule|Chapter|Sec\.|Art\.|§) ?[0-9]+(?:[\w.()-]*[\w)])?(?: of the (?:[A-Z]\w+ )*(?:Act|Code|Law|Regulation))?"
    r"|(?:First|Second|Third|Fourth|Fifth|Sixth|Seventh|Eighth|Ninth|Tenth|Fourteenth) Amendment"
    r"|(?:[A-Z]\.){1,2} ?(?:[0-9]{1,5})|(?:Senate|House|Assembly) Bill [0-9]+|(?:SB|HB|AB)[ -]?[0-9]+|Proposition [0-9]+"
    r"|\b(?:GDPR|CCPA|CPRA|DMA|DSA|CFAA|DMCA|ECPA|SCA|FISA|BIPA|COPPA|TCPA|VPPA|DTSA|FOIA|HIPAA|FERPA|FCRA|RICO|CDA|PAFACA|AI Act|UCL)\b"
)
_COURT_SIGN: Final = re.compile(r"Court|Circuit|Tribunal|District of")
_LAW_SIGN: Final = re.compile(
    r"Act|Law|Code|Regulation|Directive|Treaty|Constitution|Clause|Statute|Convention|Rule|Order|Amendment"
    r"|§|Sec|Art|Title|Chapter|Bill|Proposition|[A-Z]\. ?[0-9]|[SHA]B[ -]?[0-9]"
    r"|GDPR|CCPA|CPRA|DMA|DSA|CFAA|DMCA|ECPA|SCA|FISA|BIPA|COPPA|TCPA|VPPA|DTSA|FOIA|HIPAA|FERPA|FCRA|RICO|CDA|PAFACA|UCL"
)
"""What stands in every name of a court and of a law: most texts hold none, and are not searched for the whole names."""
_LEADING_LAW_WORDS: Final = re.compile(
    r"^(?:(?:and|of|for|the|on|from|by|in|against|to|with|&|Under|The|In|By|Its|A|An|That|This|Both|When|But|And|As|If|Of),? )+"
)


def names(sentence: str) -> list[Name]:
    """The proper names of a sentence, in order; the runs of capitals that are only a month or a weekday are times."""
    found: list[Name] = []
    agency = _DATELINE.match(sentence) if "(" in sentence else None
    for run in _RUN.finditer(sentence):
        if agency and agency.start(1) <= run.start() < agency.end(1):
            continue  # who filed the report is no part of the news
        found.extend(_read_run(sentence, run.start(), run.end()))
    return found


def courts(sentence: str) -> list[Span]:
    """The courts a sentence names, as fully as it names them."""
    if not _COURT_SIGN.search(sentence):
        return []
    return [_trimmed(sentence, Span(found.start(), found.end())) for found in COURT.finditer(sentence)]


def laws(sentence: str) -> list[Span]:
    """The laws, bills, sections and amendments a sentence names."""
    if not _LAW_SIGN.search(sentence):
        return []
    spans = []
    for found in LAW.finditer(sentence):
        start = found.start()
        leading = _LEADING_LAW_WORDS.match(found[0])
        span = _trimmed(sentence, Span(start + (leading.end() if leading else 0), found.end()))
        if len(span) > 3 and span.of(sentence) not in {"Law", "Act", "Code", "Rule", "Order", "Clause", "Regulation"}:
            spans.append(span)
    return spans


def _trimmed(sentence: str, span: Span) -> Span:
    text = span.of(sentence)
    kept = text.rstrip(" ,")
    for word in (" of the", " of", " in", " and", " for", " the"):
        kept = kept.removesuffix(word)
    cut = len("the ") if kept.startswith("the ") else 0
    return Span(span.start + cut, span.start + len(kept)) if len(kept) > cut else span


_MOST_WORDS: Final = 40
"""No name has more; what has was made to hold others up."""


def _read_run(sentence: str, start: int, end: int) -> list[Name]:
    text = _without_possessive(sentence[start:end])
    words = [Span(start + w.start(), start + w.end()) for w in _WORD.finditer(text)]
    words = _without_opening(sentence, words)
    if not words or len(words) > _MOST_WORDS:
        return []
    parts = [part for words in _without_origin(sentence, words) for part in _split_joined(sentence, words)]
    return [name for part in parts if part and (name := _name(sentence, part)) is not None]


_OPENING: Final = frozenset(
    "the a an in on at by for of to from with as but and or if when while after before since under during both its his her their this that these those it he she they we "
    "according although because not no one two three some many most such last next earlier later separately meanwhile however "
    "investigators officials lawyers prosecutors judges regulators commissioners justices researchers users critics experts shares "
    "yes what who where why how which whether there here then now also only even still yet instead additionally despite unlike like "
    "i you your our my each every all any another other roughly about nearly almost around more less over founder founders asked told once twice "
    "among amid outside inside within without between beyond below above across along through throughout behind beside besides near toward towards upon since until whereas though although unless "
    "thus hence therefore moreover furthermore nevertheless nonetheless otherwise perhaps maybe indeed rather both neither either several few many much most half none nobody nothing everyone everybody "
    "somebody someone something anybody anyone anything today yesterday tomorrow tonight never always often sometimes soon just so too very well such same own per via is was are were be been has have had do does did can could "
    "would should please out off up down again back away earlier previously recently currently originally eventually finally initially".split()
)  # fmt: skip


def _without_opening(sentence: str, words: list[Span]) -> list[Span]:
    """Without the words that only stand in capitals because the sentence begins there."""
    if len(words) == 1 and words[0].start <= 1 and _begins_with_noun(sentence, words[0]):
        return []
    while words and _only_opens(fold(words[0].of(sentence)).strip(".,")):
        words = words[1:]
    while words and fold(words[-1].of(sentence)) in {"of", "for", "and", "the", "&", "de", "la", "van", "von"}:
        words = words[:-1]
    return words


def _begins_with_noun(sentence: str, word: Span) -> bool:
    """`Records outside …`: a common noun at the head of a sentence."""
    text = word.of(sentence)
    return not text.isupper() and sentence[word.end : word.end + 1] == " " and term_at((fold(text),)) is not None


def _only_opens(word: str) -> bool:
    """A word that is no name, or (`Separately`) an adverb at the head of a sentence."""
    return (
        word in _OPENING
        or _SHORTENED.search(word) is not None
        or (word.endswith("ly") and len(word) > 5 and word not in gazetteer().not_adverbs)
    )


_SHORTENED: Final = re.compile(r"^(?:i|you|he|she|it|we|they|that|there|what|who|let)['’](?:ll|re|ve|d|m|s)$|n['’]t$")
"""`We'll`, `Don't`."""


def _follows_office(sentence: str, start: int) -> bool:
    """`Its lawyer, N. N. of Firm`: the word right before the name is an office."""
    before = _OFFICE_RIGHT_BEFORE.search(sentence, max(0, start - 30), start)
    return before is not None and before[1] in gazetteer().person_roles | _TRADES


_OFFICE_RIGHT_BEFORE: Final = re.compile(r"\b([a-z][a-z-]+),? $")
_BENCH: Final = frozenset({"judge", "justice", "magistrate", "chancellor", "senator", "sen.", "rep.", "representative"})
"""Titles of people who are named with their court or district (`Judge N. N. of the Western District`)."""


def _without_origin(sentence: str, words: list[Span]) -> list[list[Span]]:
    """`Verity Stanhope of Delaware` is a person and a place."""
    texts = [fold(word.of(sentence)) for word in words]
    if "of" in texts:
        at = texts.index("of")
        person = any(text in gazetteer().of_people for text in texts[:at]) or (
            at == 2 and (_DOUBLE.fullmatch(words[1].of(sentence)) or _follows_office(sentence, words[0].start))
        )
        whole = sentence[words[0].start : words[-1].end]
        if not _BENCH.isdisjoint(texts[:at]):
            person = LAW.search(whole) is None
        elif person and (COURT.search(whole) or LAW.search(whole)):
            person = False
        if at >= 2 and person and texts[at - 1] not in gazetteer().of_organisations:
            return [words[:at], words[at + 1 :]]
    return [words]


def _split_joined(sentence: str, words: list[Span]) -> list[list[Span]]:
    """Two people or firms joined by `and` are two names, unless the words behind make one organisation of them."""
    texts = [word.of(sentence) for word in words]
    joined = [i for i, text in enumerate(texts) if text == "and"]  # `Marrow & Tull` is one firm
    whole = " ".join(texts)
    if not joined or _known(whole) or (fold(texts[-1]) in gazetteer().org_words and "and" in texts[-3:]):
        return _split_possessive(sentence, words)
    parts, last = [], 0
    for i in [*joined, len(words)]:
        parts.extend(_split_possessive(sentence, words[last:i]))
        last = i + 1
    return parts


def _split_possessive(sentence: str, words: list[Span]) -> list[list[Span]]:
    """`Meta's Nick Clegg` is two names."""
    parts: list[list[Span]] = [[]]
    for word in words:
        text = word.of(sentence)
        bare = _without_possessive(text)
        parts[-1].append(Span(word.start, word.start + len(bare)))
        if bare != text:
            parts.append([])
    return [_without_opening(sentence, part) for part in parts if part]


def _without_possessive(text: str) -> str:
    return _POSSESSIVE.sub("", text) if text.endswith(("'", "’", "'s", "’s")) else text


def _known(text: str) -> bool:
    return tuple(fold(text).replace(".", "").split()) in lexicon().names


_AFFILIATION: Final = re.compile(r"[RDI][-–][A-Z]")
"""`R-Albany`: a party and a place, behind the name of a politician."""
_DOUBLE: Final = re.compile(r"[A-ZÀ-Þ][\w’']+-[A-ZÀ-Þ][\w’']+")
"""A double surname."""


def _name(sentence: str, words: list[Span]) -> Name | None:
    lists = gazetteer()
    texts = [fold(word.of(sentence)).rstrip(",") for word in words]
    if all(text.rstrip(".") in MONTHS or text in WEEKDAYS or text.isdigit() for text in texts):
        return Name(Span(words[0].start, words[-1].end), NameKind.TIME)
    last_title = max(
        (i for i, text in enumerate(texts) if text in lists.person_titles and i < len(texts) - 1), default=-1
    )
    if _AFFILIATION.match(words[0].of(sentence)) or (len(texts) == 1 and texts[0] in lists.demonyms):
        return None
    whole = Span(words[0].start, words[-1].end)
    kind = _kind(whole.of(sentence), texts)
    after = words[last_title + 1 :]
    if kind in {NameKind.COURT, NameKind.LAW}:
        return Name(whole, kind)
    if last_title >= 0 and texts[-1] not in lists.org_words and texts[last_title + 1] not in {"of", "for"}:
        rest = Span(after[0].start, after[-1].end)
        titles = Span(words[0].start, words[last_title].end)
        if _kind(rest.of(sentence), texts[last_title + 1 :]) in {NameKind.PERSON, NameKind.OTHER}:
            return Name(rest, NameKind.PERSON, titles)
    if texts[-1] in lists.person_titles and len(texts) <= 3 and texts[0] not in lists.first_names:
        return Name(whole, NameKind.OTHER) if len(texts) > 1 else None
    if kind is NameKind.OTHER and 2 <= len(texts) <= 4:
        double = _DOUBLE.fullmatch(words[-1].of(sentence)) is not None
        kind = NameKind.PERSON if double or _is_told_as_person(sentence, whole) else kind
    return Name(whole, kind)


_OFFICE_BEHIND: Final = re.compile(
    r", (?:[0-9]{1,3},|(?:(?:an?|the|its|his|her|their|then|[A-Z][\w.]*['’]s|[A-Z]\w+) )?((?:[\w'’-]+ ?){1,6})[,.;]?)"
)
_SPEAKS: Final = re.compile(
    r",? (?:who\b|told (?:the|a|reporters|this)|testified|wept|wrote in|argued for)|, (?:now |then )?[1-9][0-9],"
)
_OFFICE_BEFORE: Final = re.compile(r"\b([a-z][a-z-]+) $")


def _is_told_as_person(sentence: str, span: Span) -> bool:
    """Whether the words around a name of no known kind make a person of it: an office, an age, who speaks."""
    if _BELONGS.search(sentence, max(0, span.start - 40), span.start):
        return False  # `N. N. of Firm, who said`
    offices = gazetteer().person_roles
    before = _OFFICE_BEFORE.search(sentence, max(0, span.start - 30), span.start)
    if before and before[1] in offices | _TRADES:
        return True
    behind = _OFFICE_BEHIND.match(sentence, span.end)
    if behind and (behind[1] is None or not (offices | _TRADES).isdisjoint(fold(behind[1]).split())):
        return True
    return _SPEAKS.match(sentence, span.end) is not None


_BELONGS: Final = re.compile(r"[A-ZÀ-Þ][\w.’'-]+ (?:of|at|from|with) (?:the )?$")


_TRADES: Final = frozenset(
    "chemist economist historian doctor nurse teacher student paralegal accountant auditor banker clerk widow widower designer driver moderator priest artist "
    "musician novelist photographer physicist biologist professor resident customer user employee manager executives partner columnist blogger consultant mediator arbitrator "
    "magistrate juror foreman foreperson colleague husband wife brother sister son daughter father mother".split()
)


def _kind(text: str, words: list[str]) -> NameKind:
    lists = gazetteer()
    if COURT.fullmatch(text):
        return NameKind.COURT
    if LAW.fullmatch(text):
        return NameKind.LAW
    canonical = lexicon().names.get(tuple(word.replace(".", "") for word in words))
    if words[0] in lists.first_names and len(words) > 1 and not _ends_like_firm(text, words[-1]):
        return NameKind.PERSON
    if all(
        word.strip(".,") in lists.places
        or word in {"new", "north", "south", "west", "east", "city", "united", "states", "d.c."}
        for word in words
    ):
        return NameKind.PLACE
    if canonical or any(word.rstrip(".") in lists.org_words for word in words) or text.isupper():
        return NameKind.ORGANISATION
    return NameKind.OTHER


def _ends_like_firm(text: str, last: str) -> bool:
    """Whether a name ends with a word of firms, or with a legal form in capitals (`PLLC`)."""
    written = text.rsplit(" ", 1)[-1]
    return last.rstrip(".") in gazetteer().org_words or (len(written) > 2 and written.isalpha() and written.isupper())
