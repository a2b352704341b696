"""`ask`, `explain`, `search` and `chat`."""

# ruff: noqa: PLC0415, PLR0917 - see `bot.cli`; the framework calls these functions, by name

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import (
    AsOfOption,
    BatchOption,
    CollectionOption,
    ConfigOption,
    DebugOption,
    JsonOption,
    PublicationOption,
    SinceOption,
    UntilOption,
)
from bot.terminal.session import Common, perform

if TYPE_CHECKING:
    from bot.terminal.questions import Scope

commands = typer.Typer()


@commands.command()
def ask(
    question: Annotated[list[str] | None, typer.Argument(metavar="QUESTION", help="Best in quotes.")] = None,
    batch: BatchOption = None,
    collection: CollectionOption = "library",
    since: SinceOption = None,
    until: UntilOption = None,
    publication: PublicationOption = None,
    as_of: AsOfOption = None,
    *,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    debug: DebugOption = False,
) -> None:
    """Print the cited answer to a question or to a batch."""
    from bot.terminal import asking

    order = asking.Order(_joined(question), batch, _scope(collection, since, until, publication, as_of), as_json)
    raise typer.Exit(perform(Common(config, debug), lambda session: asking.reply(session, order, asking.answer)))


@commands.command()
def explain(
    question: Annotated[list[str], typer.Argument(metavar="QUESTION", help="Best in quotes.")],
    collection: CollectionOption = "library",
    since: SinceOption = None,
    until: UntilOption = None,
    publication: PublicationOption = None,
    as_of: AsOfOption = None,
    *,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    debug: DebugOption = False,
) -> None:
    """Print how an answer comes about, stage by stage."""
    from bot.terminal import asking

    order = asking.Order(_joined(question), None, _scope(collection, since, until, publication, as_of), as_json)
    raise typer.Exit(perform(Common(config, debug), lambda session: asking.reply(session, order, asking.explanation)))


@commands.command()
def search(
    words: Annotated[list[str] | None, typer.Argument(metavar="WORDS", help="Best in quotes.")] = None,
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="Passages at most.")] = 10,
    batch: BatchOption = None,
    collection: CollectionOption = "library",
    since: SinceOption = None,
    until: UntilOption = None,
    publication: PublicationOption = None,
    as_of: AsOfOption = None,
    *,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    debug: DebugOption = False,
) -> None:
    """Print the passages that hold the words, best first."""
    from bot.terminal import asking

    order = asking.Order(_joined(words), batch, _scope(collection, since, until, publication, as_of), as_json)
    raise typer.Exit(perform(Common(config, debug), lambda session: asking.reply(session, order, asking.Search(k))))


@commands.command()
def chat(
    collection: CollectionOption = "library",
    since: SinceOption = None,
    until: UntilOption = None,
    publication: PublicationOption = None,
    as_of: AsOfOption = None,
    *,
    config: ConfigOption = None,
    debug: DebugOption = False,
) -> None:
    """Ask in a loop at the terminal."""
    from bot.terminal import asking

    scope = _scope(collection, since, until, publication, as_of)
    raise typer.Exit(perform(Common(config, debug), lambda session: asking.chat(session, scope)))


def _scope(
    collection: str, since: str | None, until: str | None, publication: list[str] | None, as_of: str | None
) -> Scope:
    from bot.terminal.questions import Scope

    return Scope(collection, since, until, tuple(publication or ()), as_of)


def _joined(words: list[str] | None) -> str | None:
    """What was written without quotes, as one text."""
    return None if words is None else " ".join(words)
