"""`articles` and what it holds; `show`, `remove` and `restore` under their short names too."""

# ruff: noqa: PLC0415, PLR0917 - see `bot.cli`; the framework calls these functions, by name

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.groups import Searching
from bot.cli.options import (
    AuthorOption,
    ConfigOption,
    DateOption,
    DebugOption,
    JsonOption,
    KeepBothOption,
    KeyArgument,
    LimitOption,
    LinkOption,
    NameOption,
    OffsetOption,
    OwnCollectionOption,
    ReplaceOption,
    TitleOption,
    YesOption,
)
from bot.terminal.session import Common, perform

if TYPE_CHECKING:
    from corpus.drafts import Details

commands = typer.Typer()
group = typer.Typer(
    cls=Searching,
    help="List the articles, and look after them. `amicus articles TEXT` lists those with TEXT in key or title.",
)
commands.add_typer(group, name="articles")


def details_of(
    title: str | None, publication: str | None, date: str | None, link: str | None, author: list[str] | None
) -> Details:
    """The particulars that were given as options."""
    from corpus.drafts import Details

    authors = None if author is None else "; ".join(author)
    return Details(title=title, publication=publication, published=date, url=link, authors=authors)


@group.command(name="list")
def list_(
    text: Annotated[
        str | None, typer.Argument(metavar="TEXT", help="Part of a key or title.", show_default=False)
    ] = None,
    collection: OwnCollectionOption = "library",
    publication: Annotated[
        str | None, typer.Option("--publication", metavar="NAME", help="Of this publication.")
    ] = None,
    limit: LimitOption = 50,
    offset: OffsetOption = 0,
    *,
    removed: Annotated[bool, typer.Option("--removed", help="Those that were removed and can be restored.")] = False,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    debug: DebugOption = False,
) -> None:
    """List the articles: key, date, publication, title. `amicus articles` alone does so too."""
    from bot.terminal import desk

    wanted = desk.Wanted(collection, text, publication, removed=removed, limit=limit, offset=offset)
    raise typer.Exit(perform(Common(config, debug), lambda session: desk.list_(session, wanted, as_json=as_json)))


@group.command()
def add(
    source: Annotated[str, typer.Argument(metavar="URL|FILE", help="A link, which is fetched, or a file.")],
    collection: OwnCollectionOption = "library",
    title: TitleOption = None,
    publication: NameOption = None,
    date: DateOption = None,
    link: LinkOption = None,
    author: AuthorOption = None,
    *,
    yes: YesOption = False,
    keep_both: KeepBothOption = False,
    replace: ReplaceOption = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    debug: DebugOption = False,
) -> None:
    """Take one article in, after a look at it. Away from a terminal and without --yes it waits for `queue approve`."""
    from bot.terminal import drafts, settling

    ruling = settling.Ruling(yes=yes, keep_both=keep_both, replace=replace, as_json=as_json)
    details = details_of(title, publication, date, link, author)
    raise typer.Exit(
        perform(Common(config, debug), lambda session: drafts.add(session, source, collection, details, ruling))
    )


@group.command()
def edit(
    key: KeyArgument,
    collection: OwnCollectionOption = "library",
    title: TitleOption = None,
    publication: NameOption = None,
    date: DateOption = None,
    link: LinkOption = None,
    author: AuthorOption = None,
    text: Annotated[
        Path | None, typer.Option("--text", metavar="FILE", help="A file with the text that takes its text's place.")
    ] = None,
    *,
    yes: YesOption = False,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    debug: DebugOption = False,
) -> None:
    """Give an article a new revision, after a look at it. What is not named stays."""
    from bot.terminal import drafts, settling

    ruling = settling.Ruling(yes=yes, as_json=as_json)
    order = drafts.Edited(collection, key, details_of(title, publication, date, link, author), text)
    raise typer.Exit(perform(Common(config, debug), lambda session: drafts.edit(session, order, ruling)))


@group.command()
@commands.command()
def show(
    key: KeyArgument,
    collection: OwnCollectionOption = "library",
    revision: Annotated[
        int | None, typer.Option("--revision", min=1, help="An earlier state; default the newest.")
    ] = None,
    *,
    raw: Annotated[bool, typer.Option("--raw", help="The text as it came in, before cleaning.")] = False,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    debug: DebugOption = False,
) -> None:
    """Print an article with its head."""
    from bot.terminal import desk

    chosen = desk.Chosen(collection, key, revision)
    raise typer.Exit(
        perform(Common(config, debug), lambda session: desk.show(session, chosen, raw=raw, as_json=as_json))
    )


@group.command()
@commands.command()
def remove(
    key: KeyArgument,
    collection: OwnCollectionOption = "library",
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, kept with the removal.")] = "",
    *,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    debug: DebugOption = False,
) -> None:
    """Take an article out; `restore` brings it back."""
    from bot.terminal import desk

    chosen = desk.Chosen(collection, key)
    raise typer.Exit(
        perform(Common(config, debug), lambda session: desk.remove(session, chosen, why=why, as_json=as_json))
    )


@group.command()
@commands.command()
def restore(
    key: KeyArgument,
    collection: OwnCollectionOption = "library",
    *,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    debug: DebugOption = False,
) -> None:
    """Bring a removed article back."""
    from bot.terminal import desk

    chosen = desk.Chosen(collection, key)
    raise typer.Exit(perform(Common(config, debug), lambda session: desk.restore(session, chosen, as_json=as_json)))


@group.command()
def history(
    key: KeyArgument,
    collection: OwnCollectionOption = "library",
    *,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    debug: DebugOption = False,
) -> None:
    """Print an article's revisions, newest first. Who made them, when, and what they changed."""
    from bot.terminal import history as revisions

    raise typer.Exit(
        perform(Common(config, debug), lambda session: revisions.history(session, key, collection, as_json=as_json))
    )


@group.command()
def undo(
    number: Annotated[int, typer.Argument(metavar="NUMBER", min=1, help="Of the act, as `amicus audit` lists it.")],
    collection: OwnCollectionOption = "library",
    *,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    debug: DebugOption = False,
) -> None:
    """Take the newest act on an article back, for a week after it."""
    from bot.terminal import history as revisions

    raise typer.Exit(
        perform(Common(config, debug), lambda session: revisions.undo(session, number, collection, as_json=as_json))
    )


@group.command()
def purge(
    key: KeyArgument,
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, kept in the audit record.")],
    collection: OwnCollectionOption = "library",
    *,
    yes: YesOption = False,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    debug: DebugOption = False,
) -> None:
    """Erase an article for good (a takedown): all its revisions. Asks twice; elsewhere it needs --yes."""
    from bot.terminal import takedown

    chosen = takedown.Takedown(collection, key, why, yes=yes, as_json=as_json)
    raise typer.Exit(perform(Common(config, debug), lambda session: takedown.purge(session, chosen)))
