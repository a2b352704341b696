"""Times in questions: "in early 2021", "since Monday", "between March 2020 and May 2021" → ranges of days.

Only phrases that this grammar knows are read, so that "who may sue" is not the month of May. Everything is relative to
the asking time.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from corpus.model import Span

_MONTH_NAMES: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
MONTHS: Final = (
    {name.lower(): number for number, name in enumerate(_MONTH_NAMES, 1)}
    | {name[:3].lower(): number for number, name in enumerate(_MONTH_NAMES, 1)}
    | {"sept": 9}
)
"""English names of months and their usual short forms, in small letters: no locale may change what is read."""
WEEKDAYS: Final = {
    name: number
    for number, name in enumerate(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"))
}


def month_name(number: int) -> str:
    """The English name of a month, 1 to 12."""
    return _MONTH_NAMES[number - 1]


_MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
_DAY = r"[0-3]?[0-9](?:st|nd|rd|th)?"
_YEAR = r"(?:19|20)[0-9]{2}"
_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
DATE_PATTERN: Final = (
    rf"(?:(?:{_WEEKDAY},? )?{_MONTH} {_DAY}(?:, ?| ){_YEAR}|{_DAY} (?:of )?{_MONTH},? {_YEAR}|{_YEAR}-[01][0-9]-[0-3][0-9]"
    rf"|{_MONTH},? (?:of )?{_YEAR}|{_MONTH} {_DAY}(?![0-9])|{_DAY} {_MONTH}|{_YEAR})"
)
"""A date as news write it, from the most exact form down to a bare year; to be matched without case."""


@dataclass(frozen=True, slots=True)
class Period:
    """A range of days, both included. `span` is in the question.

    `of_news` when it says from when the news is to be (`since March`, `last week`), not when something happened.
    """

    since: date | None
    until: date | None
    span: Span
    of_news: bool = False

    def holds(self, day: date | None) -> bool:
        """Whether the day lies inside; an unknown day doesn't."""
        if day is None:
            return False
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


_Range = tuple[date, date]


def read_days(text: str, today: date) -> _Range | None:
    """The days that one date expression covers: a day, a month or a year; None when it is none or doesn't exist."""
    plain = re.sub(r"(?<=[0-9])(?:st|nd|rd|th)\b", "", text.lower().replace(",", " ").replace(".", ""))
    parts = [part for part in plain.split() if part != "of" and part not in WEEKDAYS]
    try:
        if len(parts) == 1 and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", parts[0]):
            day = date.fromisoformat(parts[0])
            return day, day
        return _from_parts(parts, today)
    except ValueError:
        return None


def _from_parts(parts: list[str], today: date) -> _Range | None:
    months = [MONTHS[part] for part in parts if part in MONTHS]
    numbers = [int(part) for part in parts if part.isdigit()]
    if len(months) + len(numbers) != len(parts) or len(months) > 1:
        return None
    years = [n for n in numbers if n > 31]
    days = [n for n in numbers if n <= 31]
    if not months:
        return (date(years[0], 1, 1), date(years[0], 12, 31)) if len(years) == 1 and not days else None
    if len(years) > 1 or len(days) > 1:
        return None
    year = years[0] if years else _latest_year(months[0], days[0] if days else 1, today)
    if days:
        return date(year, months[0], days[0]), date(year, months[0], days[0])
    return _month(year, months[0])


def _latest_year(month: int, day: int, today: date) -> int:
    return today.year if (month, day) <= (today.month, today.day) else today.year - 1


def _month(year: int, month: int) -> _Range:
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def _part_of_year(which: str, year: int) -> _Range:
    first, last = {"early": (1, 4), "mid": (5, 8), "late": (9, 12)}[which]
    return date(year, first, 1), _month(year, last)[1]


def _ago(count: int, unit: str, today: date) -> date:
    return today - timedelta(days=count * {"day": 1, "week": 7, "month": 30, "year": 365}[unit])


def _named_week(which: str, unit: str, today: date) -> _Range:
    if unit == "week":
        monday = today - timedelta(days=today.weekday() + (7 if which == "last" else 0))
        return monday, min(monday + timedelta(days=6), today)
    if unit == "month":
        first = today.replace(day=1)
        return (first, today) if which == "this" else _month(*_before(first.year, first.month))
    year = today.year - (which == "last")
    return date(year, 1, 1), min(date(year, 12, 31), today)


def _before(year: int, month: int) -> tuple[int, int]:
    return (year, month - 1) if month > 1 else (year - 1, 12)


def _last_weekday(name: str, today: date) -> date:
    back = (today.weekday() - WEEKDAYS[name]) % 7
    return today - timedelta(days=back or 7)


_Reader = Callable[[re.Match[str], date], tuple[date | None, date | None] | None]


def _read_between(found: re.Match[str], today: date) -> tuple[date | None, date | None] | None:
    first, last = read_days(found[1], today), read_days(found[2], today)
    return (first[0], last[1]) if first and last and first[0] <= last[1] else None


def _read_since(found: re.Match[str], today: date) -> tuple[date | None, date | None] | None:
    if found[2].lower() in WEEKDAYS:
        return _last_weekday(found[2].lower(), today), today
    read = read_days(found[2], today)
    if read is None:
        return None
    return (read[1] + timedelta(days=1), None) if found[1].lower() == "after" else (read[0], None)


def _read_until(found: re.Match[str], today: date) -> tuple[date | None, date | None] | None:
    read = read_days(found[2], today)
    if read is None:
        return None
    return None, read[0] - timedelta(days=1) if found[1].lower() == "before" else read[1]


_GRAMMAR: Final[tuple[tuple[re.Pattern[str], _Reader, bool], ...]] = tuple(
    (re.compile(rf"\b{pattern}", re.IGNORECASE), reader, relative)
    for pattern, reader, relative in (
        (rf"(?:between|from) ({DATE_PATTERN}) (?:and|to|until|till) ({DATE_PATTERN})", _read_between, True),
        (rf"(since|after) ({DATE_PATTERN}|{_WEEKDAY})\b", _read_since, True),
        (rf"(before|until) ({DATE_PATTERN})\b", _read_until, True),
        (rf"(early|mid|late)[ -]({_YEAR})\b", lambda m, _: _part_of_year(m[1].lower(), int(m[2])), False),
        (r"(last|this) (week|month|year)\b", lambda m, t: _named_week(m[1].lower(), m[2].lower(), t), True),
        (
            r"(?:in |over )?the (?:last|past) ([0-9]{1,3}) (day|week|month|year)s?\b",
            lambda m, t: (_ago(int(m[1]), m[2].lower(), t), t),
            True,
        ),
        (r"today\b", lambda _, t: (t, t), True),
        (r"yesterday\b", lambda _, t: (t - timedelta(days=1), t - timedelta(days=1)), True),
        (
            rf"(?:on|last) ({_WEEKDAY})\b(?!,? {_MONTH})(?!,? {_DAY} {_MONTH})",
            lambda m, t: (_last_weekday(m[1].lower(), t),) * 2,
            True,
        ),
        (
            rf"(?<!section )(?<!title )(?<!rule )(?<!§ )(?<!no. )(?:(?:in|on|of|during) )?(?:{_WEEKDAY},? )?({DATE_PATTERN})\b(?![:-][0-9a-z])",
            lambda m, t: read_days(m[1], t),
            False,
        ),
    )
)
# A month's name alone is a date only with a preposition or a number beside it.
_BARE_MONTH: Final = re.compile(rf"\b(?:in|during|of|since|last) ({_MONTH})(?= |$|\?)", re.IGNORECASE)


def periods(question: str, today: date) -> list[Period]:
    """The ranges of days that a question names, in order, without overlap."""
    taken: list[Period] = []
    for pattern, reader, relative in _GRAMMAR:
        for found in pattern.finditer(question):
            span = Span(found.start(), found.end())
            if any(span.overlaps(other.span) for other in taken):
                continue
            try:
                read = reader(found, today)
            except (ValueError, OverflowError):
                continue  # no day of the calendar: before the year 1, or a thirtieth of February
            if read is not None:
                taken.append(Period(read[0], read[1], span, relative))
    for found in _BARE_MONTH.finditer(question):
        span = Span(found.start(), found.end())
        read = read_days(found[1], today)
        if read and not any(span.overlaps(other.span) for other in taken):
            taken.append(Period(read[0], read[1], span))
    return sorted(taken, key=lambda period: period.span)
