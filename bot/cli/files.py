"""`import` and `export`, `backup` and `restore-backup`: what goes in and out as files."""

# ruff: noqa: PLC0415 - see `bot.cli`; the framework calls these functions, by name

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.options import ConfigOption, DebugOption, JsonOption, OwnCollectionOption
from bot.terminal.session import Common, perform

commands = typer.Typer()


@commands.command(name="import")
def import_(
    paths: Annotated[list[str], typer.Argument(metavar="PATH…", help="Files or folders: .txt .md .html .pdf .jsonl")],
    collection: OwnCollectionOption = "library",
    *,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    debug: DebugOption = False,
) -> None:
    """Take articles in. Importing the same files again changes nothing."""
    from bot.terminal import files

    raise typer.Exit(
        perform(Common(config, debug), lambda session: files.take_in(session, paths, collection, as_json=as_json))
    )


@commands.command()
def export(
    file: Annotated[str, typer.Argument(metavar="FILE", help="Where to; - writes to standard output.")],
    collection: OwnCollectionOption = "library",
    *,
    config: ConfigOption = None,
    debug: DebugOption = False,
) -> None:
    """Write the articles as JSON lines, as `import` reads them."""
    from bot.terminal import files

    raise typer.Exit(perform(Common(config, debug), lambda session: files.export(session, file, collection)))


@commands.command()
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to; an earlier backup there is replaced.")],
    *,
    config: ConfigOption = None,
    debug: DebugOption = False,
) -> None:
    """Copy everything stored, also while a bot runs."""
    from bot.terminal import upkeep

    raise typer.Exit(perform(Common(config, debug), lambda session: upkeep.backup(session, file)))


@commands.command(name="restore-backup")
def restore_backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="A copy made by `backup`.")],
    *,
    config: ConfigOption = None,
    debug: DebugOption = False,
) -> None:
    """Put a backup back; what it replaces is kept beside it."""
    from bot.terminal import upkeep

    raise typer.Exit(perform(Common(config, debug), lambda session: upkeep.restore_backup(session, file)))
