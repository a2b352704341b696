"""Small words that make messages grammatical: numbers, lists, ages, days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime


_MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def plural(count: int, noun: str, many: str = "") -> str:
    """`1 passage`, `3 passages`, `1,200 passages`."""
    return f"{count:,} {noun if count == 1 else many or noun + 's'}"


def human_join(words: Sequence[str], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def day(when: date) -> str:
    """`21 January 2021`, the same in every locale."""
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


def age(when: date, today: date) -> str:
    """How long ago a day was, in the largest whole unit: `today`, `3 days ago`, `5 years ago`, `in 2 days`."""
    if when > today:
        return "tomorrow" if (when - today).days == 1 else f"in {_span(today, when)}"
    if (today - when).days < 2:
        return "yesterday" if when < today else "today"
    return f"{_span(when, today)} ago"


def _span(first: date, last: date) -> str:
    days = (last - first).days
    months = (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)
    if months >= 12:
        return plural(months // 12, "year")
    if months >= 1:
        return plural(months, "month")
    return plural(days // 7, "week") if days >= 14 else plural(days, "day")


def moment(when: datetime) -> str:
    """A time that Discord shows relative to the reader's clock, such as *in 20 seconds*."""
    return f"<t:{int(when.timestamp()) + 1}:R>"
