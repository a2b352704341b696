"""Values told by their form: sums, shares, numbers, durations, ages, votes, docket numbers and dates. Pure; English.

Each finder yields the spans of a text with how surely they are such a value (0..1). What stands beside the value, a
qualifier (`at least`) or a preposition, is no part of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from corpus.model import Span
from retrieval.periods import DATE_PATTERN

Value = tuple[Span, float]
"""A span, and how surely it is of the form."""

_I: Final = re.IGNORECASE
_UP_TO_NINE: Final = "one|two|three|four|five|six|seven|eight|nine"
_TENS: Final = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_WORDED: Final = (
    rf"(?:{_TENS})-(?:{_UP_TO_NINE})|{_UP_TO_NINE}|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|"
    rf"eighteen|nineteen|{_TENS}|hundred|thousand|dozen|half|both|none|no"
)
_DIGITS: Final = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?"
_SCALE: Final = r"(?:million|billion|trillion|thousand|hundred|bn|mn|crore|lakh)"
_MANY: Final = r"(?:(?:tens|hundreds|dozens) of )?(?:thousands|millions|billions|trillions)"
_CURRENCY: Final = (
    r"(?:U\.?S\.? |Canadian |Australian |Singapore |Hong Kong |Swiss |New Zealand )?"
    r"(?:dollars?|euros?|pounds?|yen|won|yuan|renminbi|rupees?|francs?|kron(?:or|er|a|e)|rubles?|roubles?|cents?|pence|"
    r"zlot(?:ys?|ies)|pesos?|reais|liras?|shekels?|rand|baht|dirhams?|riyals?|dinars?|forints?|koruny?|ringgit|rupiah|"
    r"hryvnias?|naira)"
)
_UNIT: Final = r"(?:year|month|week|day|hour|minute|second|decade|fortnight|centur(?:y|ie))"

_MONEY: Final = re.compile(
    rf"(?:US|AU|CA|HK|NZ|[ACS])?[$€£¥₹₩]\s?(?:{_DIGITS})(?:[ -]?{_SCALE}\b|(?:bn|[mbk])\b)?"
    rf"|\b(?:USD|EUR|GBP|CHF|PLN|SEK|NOK|DKK|CAD|AUD|JPY) ?(?:{_DIGITS})(?: {_SCALE})?"
    rf"|(?<![\w.,])(?:{_DIGITS}|(?:{_WORDED})\b)(?:[ -]{_SCALE})? {_CURRENCY}\b"
    rf"|\b{_MANY} (?:of|in) (?:{_CURRENCY}|damages|fines)",
    _I,
)
_FRACTION: Final = (
    r"(?:(?:a|one|two|three|four|five|nine)[ -](?:half|third|quarter|fourth|fifth|sixth|seventh|eighth|ninth|tenth)s?"
    r"|half|a hundredth)"
)
_SHARE: Final = re.compile(
    rf"(?<![\w.,])(?:{_DIGITS}|(?:{_WORDED})\b)(?: ?%| per ?cent\b| percentage points?| percent\b| pct\b)"
    rf"|\b{_FRACTION}\b"
    rf"|\b(?:{_DIGITS}|{_UP_TO_NINE}|ten)(?: out)? of (?:the |its |every )?(?:{_DIGITS}|{_UP_TO_NINE}|ten|dozen)\b",
    _I,
)
_NUMBER: Final = re.compile(
    rf"(?<![\w.,$€£¥:/-])(?:{_DIGITS})(?: {_SCALE})?(?![\w%:/]|-[0-9])|\b(?:{_WORDED})\b(?: {_SCALE}\b)?"
    rf"|\b(?:{_MANY}|dozens|scores)\b",
    _I,
)
_DURATION: Final = re.compile(
    rf"(?<![\w.,])(?:(?:{_DIGITS}|{_WORDED}|an?|several|a few|a couple of)(?: and a half| more| additional| full)?[ -]"
    rf"(?:business |calendar |working |consecutive )?{_UNIT}s?(?! old\b|-old\b)(?: and a half)?"
    rf"(?:(?:,? and |, )(?:{_DIGITS}|{_WORDED}|an?)[ -]{_UNIT}s?)*\b|half an hour\b"
    rf"|life(?= in prison| sentence| imprisonment))",
    _I,
)
_AGE: Final = re.compile(
    rf"\b(?:[0-9]{{1,3}}|{_WORDED})(?=-year-old| years old| years of age)|(?<=\baged )(?:[0-9]{{1,3}}|{_WORDED})\b"
    rf"|(?<=\bage )[0-9]{{1,3}}\b|(?<=\bage of )(?:[0-9]{{1,3}}|{_WORDED})\b|(?<=, )[0-9]{{2}}(?=,)"
    rf"|(?<=\bunder )1[0-9]\b(?![,.]?[0-9])|(?<=\bturned )[0-9]{{2}}\b",
    _I,
)
_VOTE: Final = re.compile(
    r"(?<![\w-])(?<!No\. )(?<!Nos\. )(?:[0-9]{1,2}(?:-|–| to )[0-9]{1,2}|[0-9]{3}(?:-|–| to )[0-9]{1,3})(?![\w-])"
    rf"|\b(?:{_UP_TO_NINE}) to (?:{_UP_TO_NINE})\b(?! \w+s\b)|\bunanimous(?:ly)?\b",
    _I,
)
_DOCKET: Final = re.compile(
    r"(?:Nos?\. )?[0-9]{1,2}:[0-9]{2}-[a-z]{2,4}-[0-9]{3,6}(?:-[A-Z]{2,4})*"
    r"|\[[12][0-9]{3}\] [A-Z]{2,6}(?: [A-Z][a-z]*)? [0-9]+(?: \([A-Z]\w*\))?"
    r"|(?:\b(?:Joined )?Cases? )?\b[CT][-‑–][0-9]{1,4}/[0-9]{2}(?: (?:P|R|RENV|PPU)\b)*"
    r"|Nos?\. (?:[A-Z]{1,3}[- ]?)?[0-9]+(?:[-:/–][A-Za-z0-9]+)*"
    r"|(?<=[Dd]ocket number )[A-Z0-9][\w:/–-]*[0-9]|(?<=[Cc]ase number )[A-Z0-9][\w:/–-]*[0-9]"
    r"|(?<=[Dd]ocketed as )[A-Z0-9][\w:/–-]*[0-9]|(?<=number is )[A-Z0-9][\w:/–-]*[0-9]"
)
_DIGIT: Final = re.compile(r"[0-9]")


def _found(pattern: re.Pattern[str], text: str, quality: float = 1.0) -> Iterator[Value]:
    return ((Span(*found.span()), quality) for found in pattern.finditer(text))


def sums(text: str) -> Iterator[Value]:
    """The sums of money; where there is none, shares (a fee may be told in percent)."""
    found = list(_found(_MONEY, text))
    yield from found or _found(_SHARE, text, 0.5)


def shares(text: str) -> Iterator[Value]:
    """The shares of something, and sums: a part is told by either."""
    yield from _found(_SHARE, text)
    yield from _found(_MONEY, text, 0.8)


def ages(text: str) -> Iterator[Value]:
    """The ages of people."""
    return _found(_AGE, text)


def votes(text: str) -> Iterator[Value]:
    """The votes of courts and committees."""
    return _found(_VOTE, text)


def dockets(text: str) -> Iterator[Value]:
    """The numbers that courts give to cases."""
    return _found(_DOCKET, text)


_WHOLE_OF: Final = re.compile(r"\bof (?:the|its|his|her|their|those|these) $", _I)
_YEAR_BEHIND: Final = re.compile(r",? ?(?:1[5-9]|20)[0-9]{2}\b")
_YEAR: Final = re.compile(r"(?:1[5-9]|20)[0-9]{2}")
_DAY_OF_MONTH: Final = re.compile(
    r"\b(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?|Sept?(?:ember|\.)?|"
    r"Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?|Section|Article|Rule|Title|paragraph|page|No\.|phase) $"
)


def numbers(text: str) -> Iterator[Value]:
    """The numbers, years and the whole of a part (`the ten` in `nine of the ten`) among the least sure."""
    for found in _NUMBER.finditer(text):
        start, end = found.span()
        if start and _WHOLE_OF.search(text, max(0, start - 10), start) and text[end : end + 2].strip():
            continue
        unlikely = (
            _YEAR.fullmatch(found[0])
            or (found[0].isdigit() and _YEAR_BEHIND.match(text, end))
            or _DAY_OF_MONTH.search(text, max(0, start - 12), start)
        )
        quality = 0.2 if unlikely else 0.7 if found[0].lower() in _VAGUE else 1.0
        yield Span(start, end), quality


_VAGUE: Final = frozenset({"one", "no", "none", "both", "half", "hundred", "thousand", "dozen"})


def durations(text: str) -> Iterator[Value]:
    """The lengths of time, `a year` less surely than `12 months`."""
    for found in _DURATION.finditer(text):
        vague = found[0].lower().startswith(("a ", "an ", "several", "a few"))
        yield Span(*found.span()), 0.5 if vague else 1.0


_MONTH: Final = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_WEEKDAY: Final = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_YEAR_ALONE: Final = r"(?:1[0-9]{3}|20[0-9]{2})"
_MONTH_SHORT: Final = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|"
    r"Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_EXACT: Final = re.compile(
    rf"(?=[0-9ADFJMNOSTW])(?:{_MONTH_SHORT} [0-3]?[0-9](?:st|nd|rd|th)?,? 1[0-9]{{3}}"
    rf"|[0-3]?[0-9] {_MONTH_SHORT} 1[0-9]{{3}}|{_MONTH_SHORT},? 1[0-9]{{3}}|{DATE_PATTERN})",
    _I,
)
_OF_YEARS: Final = re.compile(
    rf"(?<![\w$€£¥.,:/–-])(?:{_YEAR_ALONE}(?:–|-)[0-9]{{2,4}}(?! [a-z]+s\b)"
    rf"|(?:early |mid-|late )?(?:the )?{_YEAR_ALONE}s"
    rf"|1[5-9][0-9]{{2}})(?![\w:/%]|[.,][0-9])"
    r"|\b(?:early |mid-|late )?(?:the )?[0-9]{1,2}(?:st|nd|rd|th)(?: to [0-9]{1,2}(?:st|nd|rd|th))?"
    r"[ -]centur(?:y|ies)\b"
)
_OPEN_DAY: Final = re.compile(
    rf"\ba ((?:{_WEEKDAY}) in {_MONTH}(?:, the [0-9]{{1,2}}(?:st|nd|rd|th))?)"
    rf"|\b(?:(?:on|last|late|early|this|next) )?({_WEEKDAY})(?: (?:morning|afternoon|evening|night))?"
    r"|\b(?:(?:earlier|later) )?(?:last|this|next) (?:week|month|year|spring|summer|autumn|fall|winter)\b"
    r"|\b(?:yesterday|today|tomorrow)\b"
)
_BARE_MONTH: Final = re.compile(
    r"\b(?:in|for|by|since|until|from|last|next|this|that|early|late|mid|again in|and|to) ((?:early |mid-|late )?"
    rf"{_MONTH})\b(?! [0-9]|,? (?:the )?[0-9])"
)
_PART_OF_YEAR: Final = re.compile(
    r"(?:(?:early|mid|late)[ -](?:in )?|the (?:end|beginning|start|middle|summer|spring|fall|autumn|winter|first half|"
    r"second half|(?:first|second|third|fourth) quarter) of )$",
    _I,
)
_NO_YEAR: Final = re.compile(r"(?:[\w$€£.,:/-]|(?:No\.|Section|§|Article) )$")


def dates(text: str) -> Iterator[Value]:
    """The days, months and years, from the exact ones to `Thursday`; in no order."""
    taken: list[Span] = []
    if _DIGIT.search(text):
        exact = list(_exact_dates(text))
        taken = [span for span, _ in exact]
        yield from exact
        yield from _ranges(text, sorted(taken, key=lambda span: span.start))
        for found in _OF_YEARS.finditer(text):
            if not any(span.start <= found.start() < span.end for span in taken):
                yield Span(*found.span()), 0.9
    for found in _BARE_MONTH.finditer(text):
        yield Span(found.start(1), found.end(1)), 0.8
    for found in _OPEN_DAY.finditer(text):
        whole = Span(*found.span())
        inner = Span(found.start(2), found.end(2)) if found[2] else whole
        if not any(span.overlaps(inner) for span in taken):
            yield inner, 0.82 if found[1] else 0.6


def _exact_dates(text: str) -> Iterator[Value]:
    for found in _EXACT.finditer(text):
        told = found[0]
        behind = text[found.end() : found.end() + 1]
        if not (told[0].isupper() or told[0].isdigit()) or behind.isalnum():
            continue
        if told.isdigit() and (
            _NO_YEAR.search(text, max(0, found.start() - 9), found.start()) or behind in {"–", "-", "%"}
        ):
            continue
        before = _PART_OF_YEAR.search(text, max(0, found.start() - 24), found.start())
        start = before.start() if before else found.start()
        digits = sum(c.isdigit() for c in told)
        yield Span(start, found.end()), 1.0 if digits >= 4 else 0.95


def _ranges(text: str, found: list[Span]) -> Iterator[Value]:
    """`from Nov. 28 to Dec. 9`: two dates that are the ends of one time, less likely than either."""
    for first, last in pairwise(found):
        if text[first.end : last.start] in {" to ", " and ", "–", " – ", " through ", " until "} and _FROM.search(
            text, max(0, first.start - 8), first.start
        ):
            yield Span(first.start, last.end), 0.5


_FROM: Final = re.compile(r"\b(?:from|between) $")
