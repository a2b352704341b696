"""`feed`: feeds that are followed."""

# ruff: noqa: PLC0415 - see `bot.cli`; the framework calls these functions, by name

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.groups import Listing
from bot.cli.options import ConfigOption, DebugOption, JsonOption, OwnCollectionOption
from bot.terminal.session import Common, perform
from corpus.drafts import FeedMode

commands = typer.Typer()
group = typer.Typer(cls=Listing, help="Feeds that are followed; `amicus feed` alone lists them.")
commands.add_typer(group, name="feed")

NumberArgument = Annotated[int, typer.Argument(metavar="NUMBER", min=1, help="As `amicus feed` lists it.")]
ModeOption = Annotated[
    FeedMode, typer.Option("--mode", help="Where its items go: into the review queue, or straight in.")
]


@group.command(name="list")
def list_(
    collection: OwnCollectionOption = "library",
    *,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    debug: DebugOption = False,
) -> None:
    """List the feeds: number, mode, how each does, what came of it."""
    from bot.terminal import feeds

    raise typer.Exit(perform(Common(config, debug), lambda session: feeds.list_(session, collection, as_json=as_json)))


@group.command()
def add(
    url: Annotated[str, typer.Argument(metavar="URL", help="A feed, or a page that names one.")],
    collection: OwnCollectionOption = "library",
    mode: ModeOption = FeedMode.REVIEW,
    *,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    debug: DebugOption = False,
) -> None:
    """Follow a feed from now on."""
    from bot.terminal import feeds

    raise typer.Exit(
        perform(Common(config, debug), lambda session: feeds.add(session, url, collection, mode, as_json=as_json))
    )


@group.command()
def remove(
    number: NumberArgument,
    collection: OwnCollectionOption = "library",
    *,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    debug: DebugOption = False,
) -> None:
    """Follow a feed no longer; what came of it stays."""
    from bot.terminal import feeds

    raise typer.Exit(
        perform(Common(config, debug), lambda session: feeds.remove(session, number, collection, as_json=as_json))
    )


@group.command()
def pause(
    number: NumberArgument,
    collection: OwnCollectionOption = "library",
    *,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    debug: DebugOption = False,
) -> None:
    """Look at a feed no longer, until `resume`."""
    from bot.terminal import feeds

    order = feeds.Pause(number, collection, paused=True, as_json=as_json)
    raise typer.Exit(perform(Common(config, debug), lambda session: feeds.pause(session, order)))


@group.command()
def resume(
    number: NumberArgument,
    collection: OwnCollectionOption = "library",
    *,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    debug: DebugOption = False,
) -> None:
    """Look at a paused feed again."""
    from bot.terminal import feeds

    order = feeds.Pause(number, collection, paused=False, as_json=as_json)
    raise typer.Exit(perform(Common(config, debug), lambda session: feeds.pause(session, order)))


@group.command()
def preview(
    feed: Annotated[str, typer.Argument(metavar="URL|NUMBER", help="Any feed, or one that is followed.")],
    collection: OwnCollectionOption = "library",
    mode: ModeOption = FeedMode.REVIEW,
    *,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    debug: DebugOption = False,
) -> None:
    """Say what would become of each item, and why; nothing is stored."""
    from bot.terminal import feeds

    raise typer.Exit(
        perform(Common(config, debug), lambda session: feeds.preview(session, feed, collection, mode, as_json=as_json))
    )


@group.command()
def poll(
    number: Annotated[
        int | None, typer.Argument(metavar="NUMBER", min=1, help="Which; default all that are not paused.")
    ] = None,
    collection: OwnCollectionOption = "library",
    *,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    debug: DebugOption = False,
) -> None:
    """Look at feeds now, also beside a running bot."""
    from bot.terminal import feeds

    raise typer.Exit(
        perform(Common(config, debug), lambda session: feeds.poll(session, number, collection, as_json=as_json))
    )
