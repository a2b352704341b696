"""Questions to the person at the terminal, asked on standard error so that results stay by themselves."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from bot.signs import visible
from bot.terminal.face import block

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.terminal.face import Face

_ATTEMPTS = 3


def can_ask(face: Face) -> bool:
    """Whether somebody is there who sees a question and can answer it."""
    return sys.stdin.isatty() and face.notices.is_terminal


def choose(face: Face, question: str, choices: Mapping[str, str]) -> str | None:
    """The letter that was chosen; None where the input ended or nothing that was offered was written.

    `choices` are words by their letters, such as `{"y": "[y]es"}`; the whole word is taken too.
    """
    for _ in range(_ATTEMPTS):
        written = written_to(face, f"{question} {' / '.join(choices.values())}: ")
        if written is None:
            return None
        word = written.strip().casefold()
        for letter, offered in choices.items():
            if word in {letter, offered.replace("[", "").replace("]", "").casefold()}:
                return letter
    return None


def written_to(face: Face, prompt: str) -> str | None:
    """The line that was written; None where the input ended."""
    face.out.flush()
    face.notices.print(visible(prompt), end="", soft_wrap=True)
    line = sys.stdin.readline()
    if not line:
        face.tell(block(""))
        return None
    return line.rstrip("\n")
