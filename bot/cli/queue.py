"""`queue`: what waits for review."""

# ruff: noqa: PLC0415, PLR0917 - see `bot.cli`; the framework calls these functions, by name

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.articles import details_of
from bot.cli.groups import Listing
from bot.cli.options import (
    AuthorOption,
    ConfigOption,
    DateOption,
    DebugOption,
    JsonOption,
    KeepBothOption,
    LimitOption,
    LinkOption,
    NameOption,
    OffsetOption,
    OwnCollectionOption,
    ReplaceOption,
    TitleOption,
)
from bot.terminal.session import Common, perform

commands = typer.Typer()
group = typer.Typer(cls=Listing, help="What waits for review; `amicus queue` alone lists it.")
commands.add_typer(group, name="queue")

DraftArgument = Annotated[
    str, typer.Argument(metavar="ID", help="As `amicus queue` lists it, or as `amicus articles add` told it.")
]
VersionOption = Annotated[
    int | None,
    typer.Option("--version", min=1, help="Only where it is still in the version that `show` told; default any."),
]


@group.command(name="list")
def list_(
    collection: OwnCollectionOption = "library",
    limit: LimitOption = 50,
    offset: OffsetOption = 0,
    *,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    debug: DebugOption = False,
) -> None:
    """List what waits for review, the oldest first."""
    from bot.terminal import queue

    page = queue.Page(collection, limit, offset)
    raise typer.Exit(perform(Common(config, debug), lambda session: queue.list_(session, page, as_json=as_json)))


@group.command()
def show(
    draft: DraftArgument,
    collection: OwnCollectionOption = "library",
    *,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    debug: DebugOption = False,
) -> None:
    """Print a draft. Its particulars, text, what cleaning did, and what is like it."""
    from bot.terminal import queue

    chosen = queue.Chosen(collection, draft)
    raise typer.Exit(perform(Common(config, debug), lambda session: queue.show(session, chosen, as_json=as_json)))


@group.command()
def approve(
    draft: DraftArgument,
    collection: OwnCollectionOption = "library",
    version: VersionOption = None,
    *,
    keep_both: KeepBothOption = False,
    replace: ReplaceOption = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    debug: DebugOption = False,
) -> None:
    """Store a draft."""
    from bot.terminal import queue, settling

    chosen = queue.Chosen(collection, draft, version)
    ruling = settling.Ruling(yes=True, keep_both=keep_both, replace=replace, as_json=as_json)
    raise typer.Exit(perform(Common(config, debug), lambda session: queue.approve(session, chosen, ruling)))


@group.command()
def reject(
    draft: DraftArgument,
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, which its giver may be told.")],
    collection: OwnCollectionOption = "library",
    *,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    debug: DebugOption = False,
) -> None:
    """Refuse a draft."""
    from bot.terminal import queue

    chosen = queue.Chosen(collection, draft)
    raise typer.Exit(
        perform(Common(config, debug), lambda session: queue.reject(session, chosen, why, as_json=as_json))
    )


@group.command()
def edit(
    draft: DraftArgument,
    collection: OwnCollectionOption = "library",
    title: TitleOption = None,
    publication: NameOption = None,
    date: DateOption = None,
    link: LinkOption = None,
    author: AuthorOption = None,
    version: VersionOption = None,
    *,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    debug: DebugOption = False,
) -> None:
    """Correct a draft's particulars; what is not named stays."""
    from bot.terminal import queue

    chosen = queue.Chosen(collection, draft, version)
    details = details_of(title, publication, date, link, author)
    raise typer.Exit(
        perform(Common(config, debug), lambda session: queue.edit(session, chosen, details, as_json=as_json))
    )
