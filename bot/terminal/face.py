"""Where results and notices go: results to standard output, everything else to standard error.

On a terminal, lines are wrapped and styled; elsewhere each paragraph is one line without any styling, so that what
is quoted can be searched for.
"""

from __future__ import annotations

import io
import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

from rich.console import Console
from rich.text import Text

from bot.signs import one_line
from bot.terminal.as_json import dumped

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.terminal.as_json import Json

_WIDEST = 100
_ENDLESS = 1 << 20


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph: its text, already neutral, and the columns it is indented by, `hang` more from its second line on.

    An empty one is an empty line.
    """

    text: Text
    indent: int = 0
    hang: int = 0


EMPTY = Block(Text())


def block(text: str, style: str = "", *, indent: int = 0) -> Block:
    """A paragraph in one style."""
    return Block(Text(text, style=style), indent)


def labelled(word: str, style: str, detail: str) -> Block:
    """One outcome: a word of what became of something, and the something on the same line."""
    return Block(Text().append(f"{word:<15}", style).append(one_line(detail)), hang=15)


def use_utf8() -> None:
    """Standard input and output speak UTF-8 from here on, whatever the locale says."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.encoding.lower() != "utf-8":
            stream.reconfigure(encoding="utf-8", errors="replace")


class Face:
    """The two streams of one command."""

    def __init__(self, out: TextIO | None = None, err: TextIO | None = None) -> None:
        """Standard output and standard error unless others are given; what is closed takes everything silently."""
        self.out = out or sys.stdout or io.StringIO()
        self.err = err or sys.stderr or io.StringIO()
        self.console = _console(self.out)
        self.notices = _console(self.err)

    def json(self, value: Mapping[str, Json]) -> None:
        """One object on a line of its own, seen by a reader at once."""
        self.out.write(dumped(value) + "\n")
        self.out.flush()

    def raw(self, text: str) -> None:
        """The text as it is, ended by a line break."""
        self.out.write(text if text.endswith("\n") else text + "\n")

    def show(self, blocks: Iterable[Block]) -> None:
        """A result, laid out for reading."""
        _print(self.console, blocks)

    def tell(self, *blocks: Block) -> None:
        """A notice beside the results."""
        _print(self.notices, blocks)

    def fail(self, message: str, *, hint: str = "") -> None:
        """What went wrong and what to do, on standard error."""
        lines = message.split("\n")
        self.tell(block(lines[0], "bold red"), *(block(line, indent=2) for line in (*lines[1:], hint) if line))

    @property
    def on_terminal(self) -> bool:
        """Whether results are read by a person at a terminal."""
        return self.console.is_terminal

    def flush(self) -> None:
        """Everything written has reached the streams; raises OSError where a stream can't take it."""
        self.out.flush()
        self.err.flush()


class _Console(Console):
    """A console that leaves it to the program what a reader's going away means; the library's own ends the process."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def _console(stream: TextIO) -> Console:
    terminal = stream.isatty() and os.environ.get("TERM") != "dumb"
    console = _Console(file=stream, force_terminal=terminal, highlight=False, markup=False, emoji=False)
    console.width = min(console.width, _WIDEST) if terminal else _ENDLESS
    return console


def _print(console: Console, blocks: Iterable[Block]) -> None:
    for each in blocks:
        width = console.width - each.indent - each.hang
        lines = each.text.split("\n", allow_blank=True)
        parts = [part for line in lines for part in (line.wrap(console, width) if console.is_terminal else [line])]
        for number, part in enumerate(parts):
            margin = each.indent + (each.hang if number and console.is_terminal else 0)
            console.print(Text(" " * margin if part.plain else "").append_text(part), soft_wrap=True)
