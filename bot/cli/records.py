"""`audit` and `wanted`: what was done, and what members miss."""

# ruff: noqa: PLC0415, PLR0917 - see `bot.cli`; the framework calls these functions, by name

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.options import ConfigOption, DebugOption, JsonOption, LimitOption, OffsetOption, OwnCollectionOption
from bot.terminal.session import Common, perform

commands = typer.Typer()


@commands.command()
def audit(
    collection: OwnCollectionOption = "library",
    by: Annotated[
        str | None,
        typer.Option(
            "--by", metavar="ACTOR", help="terminal:NAME, discord:ID (or the id alone), feed:NUMBER, starter."
        ),
    ] = None,
    article: Annotated[str | None, typer.Option("--article", metavar="KEY", help="Acts on this article.")] = None,
    since: Annotated[str | None, typer.Option("--since", metavar="DATE", help="From this day on (UTC).")] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="DATE", help="Up to this day (UTC).")] = None,
    limit: LimitOption = 50,
    offset: OffsetOption = 0,
    csv: Annotated[
        str | None, typer.Option("--csv", metavar="FILE", help="Write all of them there; - for standard output.")
    ] = None,
    *,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    debug: DebugOption = False,
) -> None:
    """List who did what, newest first."""
    from bot.terminal import audit as record

    order = record.Order(collection, by, article, since, until, limit, offset, csv, as_json)
    raise typer.Exit(perform(Common(config, debug), lambda session: record.audit(session, order)))


@commands.command()
def wanted(
    collection: OwnCollectionOption = "library",
    done: Annotated[
        int | None, typer.Option("--done", metavar="N", min=1, help="The request of this number is met.")
    ] = None,
    dismiss: Annotated[
        int | None, typer.Option("--dismiss", metavar="N", min=1, help="The request of this number is not followed.")
    ] = None,
    limit: LimitOption = 50,
    offset: OffsetOption = 0,
    *,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    debug: DebugOption = False,
) -> None:
    """List what the members of a server miss. Most wanted first; needs --collection guild:ID."""
    from bot.terminal import wanted as requests

    order = requests.Order(collection, done, dismiss, limit, offset, as_json)
    raise typer.Exit(perform(Common(config, debug), lambda session: requests.wanted(session, order)))
