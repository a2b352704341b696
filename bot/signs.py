"""Texts of others, made harmless to show: nothing in them moves, colours, rings, hides or reorders what stands around.

Control characters are shown as the pictures that Unicode has for them, or as a replacement sign, one for one, so that
offsets stay. Both faces show texts through this module.
"""

from __future__ import annotations

import re
from typing import Final

CONTROL: Final = re.compile(
    # C0 without tab and newline, DEL, C1; marks that reorder or hide text; separators that some take for line ends.
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]"
)
SURROGATE: Final = re.compile("[\ud800-\udfff]")
REPLACEMENT: Final = "\ufffd"


def visible(text: str) -> str:
    """The text, as long as it is, with a visible sign for each character that would disturb what stands around it."""
    return SURROGATE.sub(REPLACEMENT, CONTROL.sub(_sign, text))


def one_line(text: str) -> str:
    """The words of the text, made visible, single spaces between: for titles and labels, which are no quotations."""
    return " ".join(visible(text.replace("\r", " ")).split())


def _sign(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else REPLACEMENT
