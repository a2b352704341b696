"""How an answer came about, laid out for reading: the stages, one below the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from bot.explained import Tone, sections_of
from bot.signs import one_line
from bot.terminal.face import EMPTY, Block, block

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.explained import Line
    from retrieval.explanation import Explanation

_INDENT = 2
_HANG = 3
_STYLES = {Tone.TOLD: "", Tone.QUOTED: "cyan", Tone.FIGURES: "dim"}


def blocks_of_explanation(explanation: Explanation) -> Iterator[Block]:
    """The stages with their titles; what belongs together stands below its first line."""
    for section in sections_of(explanation):
        yield block(section.title, "bold")
        for item in section.items:
            for number, line in enumerate(item.lines):
                yield _block(line, inner=section.ranked and number > 0)
            yield EMPTY


def _block(line: Line, *, inner: bool) -> Block:
    text = one_line(line.text)
    quoted = f"“{text}”" if line.tone is Tone.QUOTED else text
    return Block(Text(quoted, style=_STYLES[line.tone]), _INDENT + (_HANG if inner else 0), _HANG)
