"""Texts of others, made harmless for a terminal: nothing in them can move the cursor, colour, ring or reorder."""

from __future__ import annotations

import re

# C0 without tab and newline, DEL, C1; marks that reorder or hide text; the separators some readers take for line ends.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def neutral(text: str) -> str:
    """The text with control characters shown as visible signs; its length is the same."""
    return _SURROGATE.sub("\ufffd", _CONTROL.sub(_visible, text))


def one_line(text: str) -> str:
    """The text made neutral, on one line, with single spaces."""
    return " ".join(neutral(text).split())


def scrubbed(text: str) -> str:
    """The text without lone surrogates, which no encoding can write.

    Those by which Python carries bytes that the locale could not read become what the bytes mean in UTF-8.
    """
    if _SURROGATE.search(text) is None:
        return text
    try:
        return text.encode("utf-8", "surrogateescape").decode("utf-8")
    except UnicodeError:
        return _SURROGATE.sub("\ufffd", text)


def escaped_in_json(dumped: str) -> str:
    """The same JSON document with control and separator characters in its strings written as escapes."""
    return _SURROGATE.sub(_escape, _CONTROL.sub(_escape, dumped))


def _visible(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < 0x20:
        return chr(0x2400 + code)  # Unicode's pictures of the control characters
    return "\u2421" if code == 0x7F else "\ufffd"


def _escape(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
