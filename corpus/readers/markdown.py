"""Markdown's marks, taken off by steps; the words stay as they are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from corpus.clean import Edit, Step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_COMMENT = re.compile(r"<!--[^<>]{0,2000}-->")
_IMAGE = re.compile(r"!\[[^\]\n]{0,500}\]\([^()\n]{0,2000}\)")
_LINK = re.compile(r"\[([^\[\]\n]{1,500})\]\([^()\s]{1,2000}(?:\s\"[^\"\n]{0,300}\")?\)")
_AUTO_LINK = re.compile(r"<(https?://[^<>\s]{1,2000})>")
_STRONG = re.compile(r"(?<![\w*])\*\*([^*\n]{1,2000})\*\*(?![\w*])|(?<!\w)__([^_\n]{1,2000})__(?!\w)")
_EMPHASIS = re.compile(
    r"(?<![\w*])\*(?!\s)([^*\n]{1,2000})(?<!\s)\*(?![\w*])|(?<!\w)_(?!\s)([^_\n]{1,2000})(?<!\s)_(?!\w)"
)
_CODE = re.compile(r"(?<!`)`([^`\n]{1,500})`(?!`)")
_HEADING = re.compile(r"^[ ]{0,3}\#{1,6}[ ]+|(?<=\S)[ ]+\#+[ ]*$", re.MULTILINE)
_UNDERLINE = re.compile(r"^(?:={3,}|-{3,})[ ]*(?:\n|\Z)", re.MULTILINE)
_FENCE = re.compile(r"^```[^\n]*(?:\n|\Z)", re.MULTILINE)
_QUOTE = re.compile(r"^[ ]{0,3}(?:>[ ]?)+", re.MULTILINE)
_ESCAPE = re.compile(r"\\(?=[!-/:-@\[-`{-~])")


def _without(pattern: re.Pattern[str]) -> Callable[[str], Iterator[Edit]]:
    def edits(text: str) -> Iterator[Edit]:
        return (Edit(found.start(), found.end()) for found in pattern.finditer(text))

    return edits


def _unwrapped(pattern: re.Pattern[str]) -> Callable[[str], Iterator[Edit]]:
    """Keeps the pattern's group, takes off what stands around it."""

    def edits(text: str) -> Iterator[Edit]:
        for found in pattern.finditer(text):
            group = found.lastindex or 0
            yield Edit(found.start(), found.start(group))
            yield Edit(found.end(group), found.end())

    return edits


STEPS: tuple[Step, ...] = (
    ("comments", _without(_COMMENT)),
    ("images", _without(_IMAGE)),
    ("links", _unwrapped(_LINK)),
    ("auto-links", _unwrapped(_AUTO_LINK)),
    ("fences", _without(_FENCE)),
    ("headings", _without(_HEADING)),
    ("underlines", _without(_UNDERLINE)),
    ("quotes", _without(_QUOTE)),
    ("strong", _unwrapped(_STRONG)),
    ("emphasis", _unwrapped(_EMPHASIS)),
    ("code", _unwrapped(_CODE)),
    ("escapes", _without(_ESCAPE)),
)
