"""Texts that no encoding could write, or that a reader of JSON lines would stumble over, made writable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.signs import CONTROL, REPLACEMENT, SURROGATE

if TYPE_CHECKING:
    import re


def scrubbed(text: str) -> str:
    """The text without lone surrogates, which no encoding can write.

    Those by which Python carries bytes that the locale could not read become what the bytes mean in UTF-8.
    """
    if SURROGATE.search(text) is None:
        return text
    try:
        return text.encode("utf-8", "surrogateescape").decode("utf-8")
    except UnicodeError:
        return SURROGATE.sub(REPLACEMENT, text)


def escaped_in_json(dumped: str) -> str:
    """The same JSON document with control and separator characters in its strings written as escapes."""
    return SURROGATE.sub(_escape, CONTROL.sub(_escape, dumped))


def _escape(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
