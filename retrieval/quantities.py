"""What a sum, number, share, length of time, age or day in words means: a range of what it can stand for. English.

A value is as exact as it is written: `$7.5 million` may be anything that is rounded to it, `more than $200 million`
anything above. Two values contradict each other where their ranges lie apart; what can't be read contradicts nothing.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from corpus.model import Span
from retrieval.kinds import Kind
from retrieval.periods import WEEKDAYS, read_days


@dataclass(frozen=True, slots=True)
class Quantity:
    """The open range between two numbers that a value can stand for, in some unit."""

    low: float
    high: float
    unit: str = ""

    def contradicts(self, other: Quantity) -> bool:
        """Whether both can't be true: same unit, ranges apart."""
        return self.unit == other.unit and (self.high <= other.low or other.high <= self.low)


_COUNTS: Final = {
    name: float(n)
    for n, name in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen twenty".split()
    )
} | {"thirty": 30.0, "forty": 40.0, "fifty": 50.0, "sixty": 60.0, "seventy": 70.0, "eighty": 80.0, "ninety": 90.0}
_SCALES: Final = {
    "hundred": 1e2, "thousand": 1e3, "k": 1e3, "million": 1e6, "mn": 1e6, "m": 1e6, "billion": 1e9, "bn": 1e9, "b": 1e9,
    "trillion": 1e12, "dozen": 12.0, "lakh": 1e5, "crore": 1e7,
}  # fmt: skip
_NUMERAL: Final = re.compile(
    r"(?P<digits>[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?)"
    rf"|\b(?P<words>(?:{'|'.join(_COUNTS)})(?:-(?:{'|'.join(_COUNTS)}))?)\b",
    re.IGNORECASE,
)
_SCALE: Final = re.compile(rf"[ -]?(?P<scale>{'|'.join(sorted(_SCALES, key=len, reverse=True))})\b", re.IGNORECASE)
_ABOUT: Final = re.compile(
    r"\b(?:about|around|approximately|roughly|nearly|almost|some|estimated|close to|just over|just under) (?:an? )?$",
    re.IGNORECASE,
)
_ABOVE: Final = re.compile(
    r"\b(?:more than|over|at least|exceed(?:ing|s)?|upwards? of|no (?:less|fewer) than|above|a minimum of) (?:an? )?$",
    re.IGNORECASE,
)
_BELOW: Final = re.compile(
    r"\b(?:up to|as (?:much|many) as|(?:less|fewer) than|under|at most|no more than|below|a maximum of) (?:an? )?$",
    re.IGNORECASE,
)
_OR_MORE: Final = re.compile(r"(?:\+| or more\b|-plus\b)", re.IGNORECASE)
_ROUGHLY: Final = 0.1
_ROUND: Final = 0.05
"""`$200 million` may stand for what lies so near: nobody writes more digits of it."""
_MANY_ZEROS: Final = 1e5
_SUMS: Final = frozenset({Kind.MONEY, Kind.PERCENT, Kind.NUMBER, Kind.AGE})


def quantity(kind: Kind, text: str, span: Span) -> Quantity | None:
    """What the value of that kind means that stands at `span` of a sentence; None where it can't be read."""
    told = span.of(text)
    if kind is Kind.DURATION:
        return _duration(told, text, span)
    number = _number(told) if kind in _SUMS else None
    if number is None:
        return None
    unit = _currency(told) if "%" not in told and "per" not in told.lower() and kind is Kind.MONEY else ""
    return _qualified(Quantity(*number, unit or ""), text, span) if unit is not None else None


def _number(told: str) -> tuple[float, float] | None:
    """The range of the number in the words; None where there is none, or more than one."""
    found = list(_NUMERAL.finditer(told))
    if len(found) != 1:
        return None
    one = found[0]
    scale = _SCALE.match(told, one.end())
    factor = _SCALES[scale["scale"].lower()] if scale else 1.0
    if one["words"]:
        value = sum(_COUNTS[word] for word in one["words"].lower().split("-"))
        digits = ""
    else:
        digits = one["digits"].replace(",", "")
        value = float(digits)
    half = 0.5 * factor * 10.0 ** -len(digits.partition(".")[2])
    value *= factor
    if (scale and "." not in digits and digits.endswith("0")) or (value >= _MANY_ZEROS and not value % _MANY_ZEROS):
        half = max(half, _ROUND * value)
    return value - half, value + half


def _qualified(exact: Quantity, text: str, span: Span) -> Quantity:
    """The range with what stands before and behind it (`about`, `at least`, `or more`)."""
    before = text[max(0, span.start - 30) : span.start]
    if _ABOVE.search(before) or _OR_MORE.match(text, span.end):
        return Quantity(exact.low, math.inf, exact.unit)
    if _BELOW.search(before):
        return Quantity(-math.inf, exact.high, exact.unit)
    if _ABOUT.search(before):
        return Quantity(exact.low * (1 - _ROUGHLY), exact.high * (1 + _ROUGHLY), exact.unit)
    return exact


_CURRENCIES: Final = (
    (re.compile(r"C(?:A)?\$|\bCAD\b|Canadian dollars?", re.IGNORECASE), "CAD"),
    (re.compile(r"AU?\$|\bAUD\b|Australian dollars?", re.IGNORECASE), "AUD"),
    (re.compile(r"(?:HK|NZ|(?<!U)S)\$|(?:Singapore|Hong Kong|New Zealand) dollars?", re.IGNORECASE), ""),
    (re.compile(r"\$|\bUSD\b|\bdollars?\b", re.IGNORECASE), "USD"),
    (re.compile(r"€|\bEUR\b|\beuros?\b", re.IGNORECASE), "EUR"),
    (re.compile(r"£|\bGBP\b|\bpounds?\b", re.IGNORECASE), "GBP"),
    (re.compile(r"¥|\bJPY\b|\byen\b", re.IGNORECASE), "JPY"),
    (re.compile(r"\bCHF\b|\bfrancs?\b", re.IGNORECASE), "CHF"),
    (re.compile(r"₹|\brupees?\b", re.IGNORECASE), "INR"),
    (re.compile(r"₩|\bwon\b", re.IGNORECASE), "KRW"),
)


def _currency(told: str) -> str | None:
    """The currency of a sum by its code; None where it is told by none of those that are known."""
    code = next((code for pattern, code in _CURRENCIES if pattern.search(told)), "")
    return code or None


_DAYS_OF: Final = {
    "minute": 1 / 1440, "hour": 1 / 24, "day": 1.0, "week": 7.0, "fortnight": 14.0, "month": 30.44, "year": 365.25,
    "decade": 3652.5,
}  # fmt: skip
_LENGTH: Final = re.compile(
    rf"(?P<count>[0-9]+(?:\.[0-9]+)?|{'|'.join(_COUNTS)})[ -]"
    r"(?:more |full |business |calendar |consecutive |additional )?"
    rf"(?P<unit>{'|'.join(_DAYS_OF)})s?\b",
    re.IGNORECASE,
)
_UNCERTAIN_LENGTH: Final = 0.25
"""So much of its unit a length of time may be off: a year is told of eleven months too."""


def _duration(told: str, text: str, span: Span) -> Quantity | None:
    total = least = 0.0
    for found in _LENGTH.finditer(told):
        count = found["count"].lower()
        unit = _DAYS_OF[found["unit"].lower()]
        total += (_COUNTS[count] if count in _COUNTS else float(count)) * unit
        least = unit
    half = _UNCERTAIN_LENGTH * least
    return _qualified(Quantity(total - half, total + half), text, span) if least else None


_Days = tuple[date, date]
_YEAR: Final = re.compile(r"\b[12][0-9]{3}\b")
_PART: Final = re.compile(
    r"\b(?:early|mid|late|end|beginning|start|middle|half|quarter|spring|summer|fall|autumn|winter)\b"
)


def days_meant(told: str, published: date | None) -> tuple[_Days, ...]:
    """The ranges of days (both ends included) of which a date in an article of that day means one; none if unknown.

    Without a year it is the last such day or the next one; so is a weekday.
    """
    plain = " ".join(told.lower().replace(",", " ").replace(".", "").split())
    if _PART.search(plain):
        found = _YEAR.search(plain)
        return (_year(int(found[0])),) if found else ()
    if _YEAR.search(plain):
        days = read_days(plain, date.max)
        return (days,) if days else ()
    if published is None:
        return ()
    weekday = next((number for name, number in WEEKDAYS.items() if name in plain.split()), None)
    if weekday is not None and not any(c.isdigit() for c in plain):
        last = published - timedelta(days=(published.weekday() - weekday) % 7)
        return tuple((day, day) for day in (last - timedelta(7), last, last + timedelta(7)))
    last_days = read_days(plain, published)
    if last_days is None:
        return ()
    return last_days, (_next_year(last_days[0]), _next_year(last_days[1]))


def _year(year: int) -> _Days:
    return date(year, 1, 1), date(year, 12, 31)


def _next_year(day: date) -> date:
    return day.replace(year=day.year + 1, day=min(day.day, 28) if day.month == 2 else day.day)


def are_apart(some: tuple[_Days, ...], others: tuple[_Days, ...]) -> bool:
    """Whether no day can be meant by both; False where one of them means none that is known."""
    if not some or not others:
        return False
    return all(
        until < other_since or other_until < since for since, until in some for other_since, other_until in others
    )
