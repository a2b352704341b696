"""What can go wrong in the bot and its terminal.

BotError
├── UsageError         a command was given something it can't work with; the message says what to write instead
│   └── ConfigError    settings can't be used; holds every fault with its place, not only the first
└── DiscordUnusable    Discord refused the token or can't be reached
"""

from __future__ import annotations

from dataclasses import dataclass


class BotError(Exception):
    """The base of all errors of this package; `str()` is a message for the person at the terminal."""


class UsageError(BotError):
    """A command was given something it can't work with."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with the settings: `place` is `file:line: section.key` or the name of a variable.

    `line` is the line in the file, 0 for what does not stand in one.
    """

    place: str
    problem: str
    remedy: str = ""
    line: int = 0

    def __str__(self) -> str:
        return f"{self.place}: {self.problem} ({self.remedy})" if self.remedy else f"{self.place}: {self.problem}"


class ConfigError(UsageError):
    """Settings can't be used; `faults` holds all of them, at least one, in the order of file and environment."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


class DiscordUnusable(BotError):
    """Discord refused the token or can't be reached."""
