"""The `amicus` command in this process, on a data directory of the test's own, as somebody in a shell meets it."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from typer.testing import CliRunner

from bot.cli import cli

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Ended:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def objects(self) -> list[dict[str, Any]]:  # a program's output has no type
        """The JSON objects on standard output, one to a line."""
        return [json.loads(line) for line in self.out.split("\n") if line]


@dataclass(frozen=True, slots=True)
class Program:
    """The command with its surroundings. `environ` holds the variables that differ from a clean shell."""

    data_dir: Path
    environ: tuple[tuple[str, str], ...] = ()

    def __call__(self, *words: str, typed: str | bytes = "", **environ: str) -> Ended:
        """The command `amicus WORDS…` ran to its end with `typed` on standard input."""
        variables = clean(os.environ) | {"AMICUS_DATA_DIR": str(self.data_dir), "AMICUS_CORPUS__STARTER": "false"}
        found = CliRunner().invoke(cli, list(words), input=typed, env=variables | dict(self.environ) | environ)
        if found.exception and not isinstance(found.exception, SystemExit):
            raise found.exception
        return Ended(found.exit_code, found.stdout, found.stderr)


def clean(environ: os._Environ[str]) -> dict[str, str | None]:
    """What takes our own variables out of a shell's environment, so that a developer's settings change no test."""
    ours = {name for name in environ if name.startswith(("AMICUS_", "DISCORD_TOKEN"))}
    return dict.fromkeys(ours | {"NO_COLOR", "FORCE_COLOR"})
