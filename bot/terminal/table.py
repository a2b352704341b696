"""Lists in columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size

from bot.signs import one_line
from bot.terminal.face import Block, block
from bot.wording import plural

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[Block]:
    """A line for each row under a head, each cell on one line; the last column is as wide as it needs to be."""
    lines = [columns, *([one_line(cell) for cell in row] for row in rows)]
    widths = [max(map(cell_len, column)) for column in zip(*lines, strict=True)][:-1]
    for number, row in enumerate(lines):
        padded = [set_cell_size(cell, width) for cell, width in zip(row, widths, strict=False)]
        yield block("  ".join((*padded, row[-1])), "" if number else "bold")


def total_of(noun: str, *, shown: int, offset: int, total: int) -> Block:
    """How much of a list was shown, and how to go on."""
    if not shown and total:
        return block(f"There are only {plural(total, noun)}.")
    if shown < total:
        last = offset + shown
        more = f"; go on with --offset {last}" if last < total else ""
        return block(f"{offset + 1:,} to {last:,} of {plural(total, noun)}{more}", "dim")
    return block(plural(total, noun), "dim")
