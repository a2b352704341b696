"""Moments as people write them at the terminal. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

A_MOMENT = "write a date such as 2021-01-31 or a moment such as 2021-01-31T18:00Z"


def asking_time(text: str) -> datetime:
    """The moment that is meant, in UTC: a date is the end of that day, a time without zone is UTC.

    Raises ValueError with what to write instead.
    """
    words = text.strip()
    try:
        if len(words) <= 10:
            return datetime.combine(date.fromisoformat(words), time(23, 59, 59), UTC)
        moment = datetime.fromisoformat(words)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"not a moment: {text[:40]!r}; {A_MOMENT}") from error
