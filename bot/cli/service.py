"""The bot, its index and its health: `run`, `sync`, `health`, `check`, `index`."""

# ruff: noqa: PLC0415 - see `bot.cli`; the framework calls these functions, by name

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.options import ConfigOption, DebugOption, JsonOption
from bot.terminal.session import Common, perform

commands = typer.Typer()


@commands.command()
def check(*, as_json: JsonOption = False, config: ConfigOption = None, debug: DebugOption = False) -> None:
    """Say what is wrong, and what to do about it."""
    from bot.terminal import upkeep

    raise typer.Exit(upkeep.check(Common(config, debug), as_json=as_json))


@commands.command()
def health(*, config: ConfigOption = None, debug: DebugOption = False) -> None:
    """Exit with 0 where a bot runs and is connected, else 1."""
    from bot.terminal import upkeep

    raise typer.Exit(perform(Common(config, debug), upkeep.health))


@commands.command()
def run(*, config: ConfigOption = None, debug: DebugOption = False) -> None:
    """Run the bot on Discord."""
    from bot.terminal import service

    raise typer.Exit(perform(Common(config, debug), service.run, service=True))


@commands.command()
def sync(*, config: ConfigOption = None, debug: DebugOption = False) -> None:
    """Register the commands with Discord, changed or not."""
    from bot.terminal import service

    raise typer.Exit(perform(Common(config, debug), service.sync))


index = typer.Typer(help="The search index, which is made from the articles.", no_args_is_help=True)
commands.add_typer(index, name="index")


@index.command(name="status")
def index_status(*, as_json: JsonOption = False, config: ConfigOption = None, debug: DebugOption = False) -> None:
    """Say where the index is, what it holds, and how far it is where it is being made."""
    from bot.terminal import index as indexes

    raise typer.Exit(perform(Common(config, debug), lambda session: indexes.status(session, as_json=as_json)))


@index.command(name="rebuild")
def index_rebuild(*, as_json: JsonOption = False, config: ConfigOption = None, debug: DebugOption = False) -> None:
    """Make the index anew from the articles, with the bot stopped."""
    from bot.terminal import index as indexes

    raise typer.Exit(perform(Common(config, debug), lambda session: indexes.rebuild(session, as_json=as_json)))


@index.command(name="verify")
def index_verify(
    questions: Annotated[int, typer.Option("--questions", min=0, max=10_000, help="Questions compared.")] = 20,
    seed: Annotated[int, typer.Option("--seed", help="Which questions are chosen.")] = 0,
    *,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    debug: DebugOption = False,
) -> None:
    """Hold the index against its checksums, the articles, and rank-bm25; also while a bot runs."""
    from bot.terminal import index as indexes

    common = Common(config, debug)
    raise typer.Exit(
        perform(common, lambda session: indexes.verify(session, questions=questions, seed=seed, as_json=as_json))
    )
