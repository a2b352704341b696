"""Who is at law with whom, as people and news put it without a `v.`: `Epic sued Apple`, `Epic's case against Apple`.

One grammar for questions and articles. The names are known before: they are replaced by signs, and patterns look for
the signs around the words of a lawsuit. What names one side only (`the case against Apple`) tells nothing. English.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from corpus.model import Span
from retrieval.analyser import Analyser
from retrieval.names import NameKind, names


class How(StrEnum):
    """How a suit is told.

    SUED: by words that say who sues whom. AGAINST: as what one side has against the other, BETWEEN: as what both have;
    after an appeal the order says nothing. LOOSE: one of the names may be no party (`the Fortnite case against Apple`,
    `Sweeney's fight with Apple`). PAIR: two names with a dash, who may as well be partners.
    """

    SUED = "sued"
    AGAINST = "against"
    BETWEEN = "between"
    LOOSE = "loose"
    PAIR = "pair"


@dataclass(frozen=True, slots=True)
class Suit:
    """Two sides by the numbers of their names in the list given; `first` sues where it is told who does.

    `beside` are names in what is said of the first: its products, its owner, those who sue with it.
    """

    first: tuple[int, ...]
    second: tuple[int, ...]
    how: How
    beside: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ToldSuit:
    """A suit that an article tells of, by the terms of both sides."""

    first: frozenset[str]
    second: frozenset[str]
    how: How

    @property
    def parties(self) -> frozenset[str]:
        """The terms of both sides."""
        return self.first | self.second


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence with words of a lawsuit in it: all its terms, and the suits whose sides are plain."""

    terms: frozenset[str]
    suits: tuple[ToldSuit, ...]


def suits(text: str, spans: Sequence[Span]) -> tuple[Suit, ...]:
    """The suits that a text tells of between the names at `spans` (ascending, apart), each once, in order."""
    if len(spans) < _SIDES:
        return ()
    masked = _masked(text, spans[:_MOST_NAMES])
    found = [
        (
            match.start(),
            Suit(_numbers(match["a"]), _numbers(match["b"]), how, _numbers(match.groupdict().get("m") or "")),
        )
        for how, pattern in _patterns()
        for match in pattern.finditer(masked)
    ]
    return tuple(dict.fromkeys(suit for _, suit in sorted(found, key=lambda one: one[0])))


def statements(sentences: Iterable[str], analyser: Analyser) -> Iterator[Statement]:
    """What those of the sentences say that speak of a lawsuit."""
    for sentence in sentences:
        text = sentence[:_MOST_CHARS]
        if _AT_LAW.search(text):
            yield Statement(frozenset(analyser.terms(text)), tuple(_told(text, analyser)))


def captioned(name: str, analyser: Analyser) -> ToldSuit:
    """A case named with `v.`."""
    first, _, second = _VERSUS.sub("\0", name, 1).partition("\0")
    return ToldSuit(frozenset(analyser.terms(first)), frozenset(analyser.terms(second)), How.AGAINST)


def _told(text: str, analyser: Analyser) -> Iterator[ToldSuit]:
    spans = [name.span for name in names(text) if name.kind is not NameKind.TIME]
    terms = [frozenset(analyser.terms(span.of(text))) for span in spans]
    for suit in suits(text, spans):
        sides = (suit.first + suit.beside, suit.second)
        first, second = (frozenset().union(*(terms[i] for i in side)) for side in sides)
        yield ToldSuit(first, second, suit.how)


def _masked(text: str, spans: Sequence[Span]) -> str:
    """The text with each name replaced by the sign of its number; a possessive ending stays."""
    parts, last = [], 0
    for number, span in enumerate(spans):
        bare = re.sub(r"['’]s?$", "", span.of(text))
        parts += [_SIGNS.sub(" ", text[last : span.start]), chr(_FIRST_SIGN + number)]
        last = span.start + len(bare)
    return "".join([*parts, _SIGNS.sub(" ", text[last:])])


def _numbers(signs: str) -> tuple[int, ...]:
    return tuple(ord(sign) - _FIRST_SIGN for sign in _SIGNS.findall(signs))


LEGAL_WORDS: Final = frozenset(
    "antitrust copyright patent trademark trade secret privacy civil criminal monopoly defamation libel contract "
    "competition data federal landmark class sue sued suing countersue countersued counterclaim claim claims petition "
    "challenge battle war feud trial arbitration appeal complaint litigation filed file brought".split()
)
"""Words that stand around the parties of a suit and are none of them."""

_VERSUS: Final = re.compile(r",? (?:v|vs|versus)\.? ")
_FIRST_SIGN: Final = 0xE000
_MOST_NAMES: Final = 64
_SIDES: Final = 2
_MOST_CHARS: Final = 1_000
_I: Final = re.IGNORECASE

_N: Final = "[\ue000-\uf8ff]"
"""A name: signs of Unicode's private use area, which stand for nothing in a text."""
_SIGNS: Final = re.compile(_N)
_OWN: Final = r"(?:['’]s|['’])"
_LIST: Final = rf"{_N}(?:(?:,|,? and|,? &)(?: the)? {_N})*"
_SUED_SIDE: Final = rf"{_N}(?:(?:,|,? and|,? &)(?: the)? {_N}(?!{_OWN}))*"
_WORD: Final = (
    r"(?:(?!(?:about|after|against|all|alongside|and|as|at|because|before|besides|but|by|except|for|from|how|if|in|"
    r"including|into|like|not|of|on|or|over|since|than|that|to|under|until|what|when|where|whether|which|while|who|"
    r"whom|whose|why|with|without)\b)[\w’'-]+)"
)
"""A word that does not begin another part of the sentence."""
_BE: Final = r"(?:is|are|was|were|be|been|being|get|gets|got)"
_ON: Final = rf"(?:(?: to)? (?!{_BE}\b){_WORD}){{0,4}}(?: to)?"
"""Between the one who sues and the verb: `has now`, `decided to`."""
_ON_BEING: Final = rf"(?:(?: to)? {_WORD}){{0,4}}"
_TO: Final = rf"(?:{_WORD} ){{0,3}}"
"""Before the name of the other side: `the`, `its rival`, `a company called`."""
_MORE: Final = (
    r"(?P<m>(?:,[^.;?!]{1,100}?,)?(?:,? (?:and|along with|together with) (?:[\w’'-]+ ?){1,5}(?:,[^.;?!]{1,100}?,)?)?)"
)
"""Behind the one who sues: `, the maker of Fortnite,` or `and other writers`."""
_FIELDS: Final = (
    r"(?:antitrust|anti-trust|copyright|patent|trademark|trade mark|trade secrets?|privacy|civil|criminal|monopoly|"
    r"defamation|libel|contract|competition|data|federal|state|court|legal|landmark|new|class|big|first|original|appeal)"
)
_MATTER: Final = (
    r"(?:law ?suits?|suits?|cases?|complaints?|actions?|appeals?|litigation|counter-?(?:suit|claim)s?|claims?|petitions?|"
    r"challenges?|proceedings?|disputes?|fights?|feuds?|battles?|wars?|trials?|arbitration|class-actions?)"
)
_QUARREL: Final = r"(?:disputes?|feuds?|showdown|stand-?off|(?:court|legal|patent|antitrust|copyright) (?:battles?|fights?|wars?|disputes?))"
_NO_NAME: Final = rf"[^.;?!{_N[1:-1]}]"
_AGAINST: Final = (
    rf"(?:(?: (?:about|alleging|brought|concerning|filed|from|in|launched|lodged|of|on|over|pending|started)\b"
    rf"{_NO_NAME}{{0,50}}?)? against| versus| vs\.?) {_TO}"
)
_FILED: Final = r"(?:files?|filed|filing|brings?|brought|bringing|lodge[sd]?|launch(?:es|ed)?|starts?|started|initiated?|pursue[sd]?|pursuing)"
_OR: Final = rf"(?! or )(?! and {_WORD}? ?or )"

_GRAMMAR: Final = (
    # Epic sued Apple; did Epic, the maker of Fortnite, sue Apple
    (How.SUED, rf"(?P<a>{_LIST}){_MORE}{_ON},? (?:counter-?)?(?:sue|sues|sued) {_TO}(?P<b>{_SUED_SIDE}){_OR}(?!{_OWN})"),
    (How.SUED, rf"(?P<a>{_LIST}){_MORE}{_ON_BEING} (?:counter)?suing {_TO}(?P<b>{_SUED_SIDE}){_OR}(?!{_OWN})"),
    # Oracle bought Sun and sued Google
    (How.SUED, rf"^(?:the )?(?P<a>{_LIST})[^.;?!]{{1,140}}?,? and{_ON} (?:counter-?)?sued {_TO}(?P<b>{_SUED_SIDE}){_OR}(?!{_OWN})"),
    # Apple was sued by Epic
    (How.SUED, rf"(?P<b>{_SUED_SIDE}){_MORE}{_ON_BEING} sued(?! (?:the )?{_N})[^.;?!]{{0,60}}? by {_TO}(?P<a>{_LIST})"),
    # Apple, which Epic sued
    (How.SUED, rf"(?P<b>{_N}),? (?:which|whom|that|who) {_TO}(?P<a>{_LIST}){_ON} sued(?! (?:the )?{_N})"),
    # Epic took Apple to court
    (How.SUED, rf"(?P<a>{_LIST}){_MORE}{_ON_BEING} (?:take|takes|took|taken|taking|drag\w*|haul\w*) {_TO}(?P<b>{_SUED_SIDE}) to (?:[\w-]+ )?(?:court|trial)\b"),
    # Epic filed a complaint against Apple
    (How.SUED, rf"(?P<a>{_LIST}){_MORE}{_ON_BEING} {_FILED} (?:{_WORD} ){{0,5}}?{_MATTER}{_AGAINST}(?P<b>{_SUED_SIDE})"),
    # the suit that Epic brought against Apple
    (How.SUED, rf"\b{_MATTER} (?:that |which )?{_TO}(?P<a>{_LIST}){_ON_BEING} {_FILED}{_NO_NAME}{{0,40}}? against {_TO}(?P<b>{_SUED_SIDE})"),
    # the suit by Epic against Apple
    (How.SUED, rf"\b{_MATTER}\b{_NO_NAME}{{0,50}}? by {_TO}(?P<a>{_LIST}){_NO_NAME}{{0,30}}? against {_TO}(?P<b>{_SUED_SIDE})"),
    # the suit against Apple by Epic
    (How.SUED, rf"\b{_MATTER}{_AGAINST}(?P<b>{_SUED_SIDE}){_NO_NAME}{{0,50}}? by {_TO}(?P<a>{_LIST})"),
    # Epic's antitrust case against Apple
    (How.AGAINST, rf"(?P<a>{_LIST}){_OWN} (?:{_WORD} ){{0,5}}?{_MATTER}{_AGAINST}(?P<b>{_SUED_SIDE})"),
    # Epic's fight with Apple
    (How.LOOSE, rf"(?P<a>{_LIST}){_OWN} (?:{_WORD} ){{0,5}}?{_MATTER} with {_TO}(?P<b>{_SUED_SIDE})"),
    # the FTC antitrust case against Meta
    (How.LOOSE, rf"(?P<a>{_LIST}) (?:{_FIELDS} ){{0,3}}{_MATTER}{_AGAINST}(?P<b>{_SUED_SIDE})"),
    # the case of Epic against Apple
    (How.AGAINST, rf"\b{_MATTER} of {_TO}(?P<a>{_LIST}){_AGAINST}(?P<b>{_SUED_SIDE})"),
    # Epic won against Apple
    (How.LOOSE, rf"(?P<a>{_LIST}){_ON} (?:wins?|won|winning|loses?|lost|losing|prevail\w*){_NO_NAME}{{0,40}}? against {_TO}(?P<b>{_SUED_SIDE})"),
    # the lawsuit between Epic and Apple
    (How.BETWEEN, rf"\b{_MATTER}\b{_NO_NAME}{{0,50}}? (?:between|pitting) {_TO}(?P<a>{_N}) (?:and|against|with|&) {_TO}(?P<b>{_N})"),
    # the Epic–Apple case
    (How.PAIR, rf"(?P<a>{_N}) ?[-–—/] ?(?P<b>{_N})(?:{_OWN})? (?:{_FIELDS} ){{0,3}}{_MATTER}\b"),
    # Epic and Apple's dispute; Epic and Apple sued each other
    (How.BETWEEN, rf"(?P<a>{_N}) and {_TO}(?P<b>{_N}){_OWN} (?:{_WORD} ){{0,3}}?{_QUARREL}\b(?! (?:with|against|versus|vs)\b)"),
    (How.BETWEEN, rf"(?P<a>{_N}) and {_TO}(?P<b>{_N}){_NO_NAME}{{0,30}}? (?:su(?:e|ed|ing)|fight(?:ing)?|fought|litigat\w+)\b{_NO_NAME}{{0,20}}? (?:each other|one another)\b"),
)  # fmt: skip


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[How, re.Pattern[str]], ...]:
    """The grammar, compiled: a tenth of a second that only a text with two names needs."""
    return tuple((how, re.compile(pattern, _I)) for how, pattern in _GRAMMAR)


_AT_LAW: Final = re.compile(
    rf"\b(?:{_MATTER}|(?:counter-?)?su(?:e|es|ed|ing)|against|accus\w+|defendants?|plaintiffs?|to court)\b", _I
)
