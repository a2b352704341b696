r"""Text that others wrote, made safe to show: Discord renders exactly the characters that stand in it.

- Characters with a meaning in Discord's Markdown get a backslash, which Discord takes away when it renders; a copy from
  the screen is the text itself, byte for byte. Zero-width characters are never put in for this reason.
- Escaped everywhere: ``\ * _ ~ ` | [ ] < > @ #``. That covers emphasis, spoilers, code, masked links, headings, and
  what is written in angle brackets: mentions of members, roles, channels and commands, timestamps, emoji, links.
- Escaped where they matter: ``-`` and ``+`` first in a line and the full stop of ``1.`` there (lists, small print),
  and ``:`` before anything but a space (links, emoji names).
- Control characters, marks that turn the direction of writing and separators that break lines are replaced by visible
  signs, one for one (`bot.signs`), for they would change how the text around them looks.
  Zero-width letters (joiners, soft hyphens) change nothing around them and stay.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from bot.limits import measure
from bot.signs import one_line, visible

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corpus.model import Span

ELLIPSIS: Final = "…"

_ALWAYS: Final = frozenset("\\*_~`|[]<>@#")
_LINE_START: Final = re.compile(r"(?m)^[^\S\n]*(?:(?P<bullet>[-+])|\d+(?P<stop>\.))")
_COLON: Final = re.compile(r":(?=\S)")
_ESCAPED: Final = re.compile(r"\\([^\sA-Za-z0-9])")


def escaped(text: str) -> list[str]:
    """For each character of `text` what is written for it, so that Discord shows `visible(text)` and nothing else."""
    pieces = list(map(_written, text))
    for found in _LINE_START.finditer(text):
        position = found.start("bullet") if found["bullet"] else found.start("stop")
        pieces[position] = "\\" + text[position]
    for found in _COLON.finditer(text):
        pieces[found.start()] = "\\:"
    return pieces


def escape(text: str) -> str:
    """`text`, written so that Discord shows `visible(text)`."""
    return "".join(escaped(text))


def unescape(markup: str) -> str:
    """What Discord shows of text that `escape` wrote."""
    return _ESCAPED.sub(r"\1", markup)


def label(text: str, limit: int) -> str:
    """`text` as a button or an option shows it: no Markdown there, one line, at most `limit` long, never blank."""
    words = one_line(text)
    shown = words if any(map(_seen, words)) else "(no name)"
    return shown if measure(shown) <= limit else _fitting(shown, limit - 1) + ELLIPSIS


def line(text: str, limit: int) -> str:
    """`text` on one line, escaped, at most `limit` long with its escapes; cut at a word with a visible mark."""
    words = one_line(text)
    pieces = escaped(words)
    if sum(map(measure, pieces)) <= limit:
        return "".join(pieces)
    end = _prefix(pieces, limit - len(ELLIPSIS) - 1)
    at_word = words.rfind(" ", 0, end + 1)
    return escape(words[: at_word if at_word > 0 else end] + ELLIPSIS)


def marked(text: str, bold: Iterable[Span], *, escapes: list[str] | None = None) -> str:
    """`text` escaped, the spans `bold` (ascending, apart) in bold face, never across a line break."""
    pieces = list(escapes if escapes is not None else escaped(text))
    for span in bold:
        for start, end in _lines_within(text, span):
            if any(map(_seen, text[start:end])):
                pieces[start] = "**" + pieces[start]
                pieces[end - 1] += "**"
    return "".join(pieces)


def quoted(markup: str) -> str:
    """Escaped text as a block quote, each of its lines."""
    return "> " + markup.replace("\n", "\n> ")


def _lines_within(text: str, span: Span) -> Iterable[tuple[int, int]]:
    start = span.start
    for part in span.of(text).split("\n"):
        if part:
            yield start, start + len(part)
        start += len(part) + 1


@lru_cache(maxsize=4096)
def _written(character: str) -> str:
    return "\\" + character if character in _ALWAYS else visible(character)


def _seen(character: str) -> bool:
    return not character.isspace() and unicodedata.category(character) not in {"Cf", "Mn", "Me", "Cc"}


def _prefix(pieces: list[str], budget: int) -> int:
    """How many of `pieces` fit into `budget` together."""
    for count, piece in enumerate(pieces):
        budget -= measure(piece)
        if budget < 0:
            return count
    return len(pieces)


def _fitting(text: str, budget: int) -> str:
    return text[: _prefix(list(text), budget)].rstrip()
