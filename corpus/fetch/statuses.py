"""Answers that are no page, in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from corpus.fetch.errors import StatusFailed

REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
PAGES: Final = frozenset({200, 203})
NOT_MODIFIED: Final = 304

_SENTENCES: Final = {
    401: "{host} asks for a login before it shows this page (401).",
    402: "{host} asks for payment before it shows this page (402).",
    403: "{host} does not let programs read this page (403).",
    404: "{host} has no page at this link (404).",
    407: "{host} asks for a login before it shows this page (407).",
    410: "{host} has taken this page down for good (410).",
    429: "{host} has had too many requests (429).",
    451: "{host} withholds this page for legal reasons (451).",
    503: "{host} is busy or under repair (503).",
    504: "{host} gets no answer from its own machines (504).",
}


def failed(host: str, status: int, headers: Mapping[str, str], most_wait_seconds: float) -> StatusFailed:
    """The error for this status, with the pause that the site asks for, at most `most_wait_seconds`."""
    wait = _retry_after(headers, most_wait_seconds)
    sentence = _SENTENCES.get(status, _any(status)).format(host=host)
    if wait is not None and wait > timedelta(0):
        sentence += f" It asks to wait for {_in_words(wait)}."
    return StatusFailed(sentence, status=status, retry_after=wait)


def _any(status: int) -> str:
    if 400 <= status < 500:
        return f"{{host}} refuses this link ({status})."
    if 500 <= status < 600:
        return f"{{host}} has a fault of its own ({status})."
    return f"{{host}} gives an answer that is no page ({status})."


def _retry_after(headers: Mapping[str, str], most_seconds: float) -> timedelta | None:
    """The pause in Retry-After (RFC 9110, section 10.2.3): seconds, or a date as seen from the answer's own Date."""
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(float(text[:12]), most_seconds))
    until, now = _date(text), _date(headers.get("Date", ""))
    if until is None or now is None:
        return None
    return min(max(until - now, timedelta(0)), timedelta(seconds=most_seconds))


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
    return found if found.tzinfo is not None else None


def _in_words(wait: timedelta) -> str:
    seconds = wait.total_seconds()
    for unit, size in (("hour", 3_600), ("minute", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}s"
    return f"{seconds:.0f} seconds" if seconds >= 1.5 else "1 second"
