"""Dates as members write them in `since` and `until`. Pure; the asking day is passed in.

Accepted: `2021`, `2021-01`, `2021-01-21`, `21 January 2021`, `January 21, 2021`, `Jan 2021`, `today`, `yesterday`,
`3 days ago`, `2 weeks ago`, `5 months ago`, `1 year ago`. `01/02/2021` is refused: it names two days.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_FORMS = tuple(
    re.compile(form, re.ASCII)
    for form in (
        r"(?P<year>\d{4})(?:-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?)?",
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?{_MONTH},? (?P<year>\d{{4}})",
        rf"{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}})",
        rf"{_MONTH},? (?P<year>\d{{4}})",
    )
)
_AGO = re.compile(r"(?P<count>\d{1,4}|an?|one) (?P<unit>day|week|month|year)s? ago", re.ASCII)
EXAMPLES = "2021-01-21, January 2021, 2021, yesterday or 3 weeks ago"


@dataclass(frozen=True, slots=True)
class Period:
    """The days that a written date covers: one day, a month or a year; both ends inclusive."""

    first: date
    last: date


def read_date(text: str, today: date) -> Period | None:
    """The days that `text` names; None where it names none or is ambiguous."""
    words = " ".join(text.casefold().split())
    if words in {"today", "yesterday"}:
        day = today - timedelta(days=words == "yesterday")
        return Period(day, day)
    try:
        return _ago(words, today) or _calendar(words)
    except (ValueError, OverflowError):
        return None


def _calendar(words: str) -> Period | None:
    for form in _FORMS:
        found = form.fullmatch(words)
        if found is None:
            continue
        parts = found.groupdict()
        named = parts.get("name")
        month = _MONTHS.index(named[:3]) + 1 if named else int(parts.get("month") or 0)
        return _period(int(parts["year"]), month, int(parts.get("day") or 0))
    return None


def _period(year: int, month: int, day: int) -> Period:
    """The days of a year, a month (day 0) or a single day; raises ValueError where the calendar has no such day."""
    if day:
        return Period(date(year, month, day), date(year, month, day))
    if month:
        return Period(date(year, month, 1), date(year, month, monthrange(year, month)[1]))
    return Period(date(year, 1, 1), date(year, 12, 31))


def _ago(words: str, today: date) -> Period | None:
    found = _AGO.fullmatch(words)
    if found is None:
        return None
    count = int(found["count"]) if found["count"].isdigit() else 1
    match found["unit"]:
        case "day":
            day = today - timedelta(days=count)
        case "week":
            day = today - timedelta(weeks=count)
        case unit:
            day = _months_before(today, count if unit == "month" else 12 * count)
    return Period(day, day)


def _months_before(today: date, months: int) -> date:
    """The same day that many months earlier, or the last one of a shorter month."""
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))
