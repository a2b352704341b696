"""Dates as articles give them, read without guessing: a form that could mean two days is refused."""

from __future__ import annotations

import re
from datetime import date

FORMS = "2021-01-21, Jan. 21, 2021, 21 January 2021 or Thu, 21 Jan 2021 10:00:00 GMT"

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar janvier enero",
            "feb february februar février febrero",
            "mar march märz mars marzo",
            "apr april avril abril",
            "may mai mayo",
            "jun june juni juin junio",
            "jul july juli juillet julio",
            "aug august août agosto",
            "sep sept september septembre septiembre",
            "oct october oktober octobre octubre",
            "nov november novembre noviembre",
            "dec december dezember décembre diciembre",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = r"(?P<month>[^\W\d_]{3,10})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.|er)?"
_YEAR = r"(?P<year>\d{4})"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<!\d){_YEAR}[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}})(?=\D|\Z)",
        rf"\b{_MONTH}\s+{_DAY},?\s+{_YEAR}",
        rf"(?<!\d){_DAY}\s+(?:de\s+)?{_MONTH},?\s+(?:de\s+)?{_YEAR}",
        r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)(?=\D|\Z)",
    )
)
_WEEKDAY = re.compile(r"(?:[^\W\d_]{2,10}\.?,?\s+)?")
_TIME = re.compile(r"[\sT,at·|-]*(?:\d{1,2}[:.h]?\d{0,2}.{0,30})?", re.IGNORECASE)


def parse_date(text: str) -> date:
    """The day that the whole of `text` names, a time of day and a weekday aside; raises ValueError with the forms.

    A date and time is taken on its own clock: 2021-01-21T23:30:00-05:00 is 21 January.
    """
    wanted = text.strip()
    for pattern in _PATTERNS:
        start = 0 if pattern.match(wanted) else len(_WEEKDAY.match(wanted)[0])  # type: ignore[index] # may be empty
        found = pattern.match(wanted, start)
        if found is not None and _TIME.fullmatch(wanted, found.end()) is not None:
            day = _day(found)
            if day is not None:
                return day
    raise ValueError(f"{_shortened(wanted)!r} is no date that can be read; write {FORMS}")


def find_date(text: str) -> date | None:
    """The first day named anywhere in `text`."""
    for pattern in _PATTERNS[:3]:
        for found in pattern.finditer(text):
            day = _day(found)
            if day is not None:
                return day
    return None


def _day(found: re.Match[str]) -> date | None:
    month = found["month"]
    number = int(month) if month.isdecimal() else _MONTHS.get(month.casefold(), 0)
    try:
        return date(int(found["year"]), number, int(found["day"]))
    except ValueError:
        return None


def _shortened(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
