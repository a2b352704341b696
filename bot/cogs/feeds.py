"""/feed: feeds whose articles come in by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from discord import app_commands

from bot.cogs.base import Cog, Interaction, OnPress, acknowledge, actor_of, moderated_group, show
from bot.limits import AUTOCOMPLETE_CHOICES, CHOICE_NAME
from bot.views import markup, notices
from bot.views.actors import told
from bot.views.buttons import Action, Layout, Press
from bot.views.feeds import FeedsLayout, ItemsLayout, followed, item_block, items_head, paused, removed
from bot.views.notices import Notice
from corpus.dedupe import canonical_url
from corpus.drafts import FeedMode
from corpus.errors import FeedNotFound
from corpus.model import Rejected
from corpus.text import fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corpus.drafts import Feed, ItemOutcome, Place

LINK_MOST_CHARS: Final = 2_000
_REASON: Final = 1_500
_KIND: Final = "feed items"
_MODES: Final = [
    app_commands.Choice(name="review: a moderator looks at each item first", value=FeedMode.REVIEW.value),
    app_commands.Choice(name="direct: items are stored at once", value=FeedMode.DIRECT.value),
]


class FollowedFeeds(Cog):
    """The feeds of a guild, or of the library."""

    feed = moderated_group("feed", "Feeds whose articles come in by themselves")

    @property
    def presses(self) -> Mapping[Action, OnPress]:
        """The buttons that turn pages."""
        return {Action.FEEDS_PAGE: self.turn, Action.FEED_ITEMS: self.turn_items}

    @feed.command(name="add", description="Follow a feed (RSS or Atom)")
    @app_commands.describe(
        url="The feed's link, or that of a page that names its feed",
        mode="What is done with its items; without this a moderator looks at each first",
        library="For the library that all servers share",
    )
    @app_commands.choices(mode=_MODES)
    async def add(
        self,
        interaction: Interaction,
        url: app_commands.Range[str, 1, LINK_MOST_CHARS],
        mode: str = FeedMode.REVIEW.value,
        library: bool = False,  # noqa: FBT001, FBT002 - an option's value
    ) -> None:
        """Follow the feed."""
        with self.services.workload.interaction():
            place = await self.admit(interaction, library=library)
            if place is None:
                return
            await acknowledge(interaction)
            services = self.services
            found = await services.feeds.add(url, place, FeedMode(mode), actor_of(interaction), services.now())
            layout = _refused(found) if isinstance(found, Rejected) else followed(found.feed, found.items)
            await show(interaction, layout)

    @feed.command(name="list", description="The feeds that are followed, and how they are")
    @app_commands.describe(library="Those of the library that all servers share")
    async def list_feeds(
        self,
        interaction: Interaction,
        library: bool = False,  # noqa: FBT001, FBT002 - an option's value
    ) -> None:
        """Show the feeds."""
        with self.services.workload.interaction():
            place = await self.admit(interaction, library=library)
            if place is not None:
                await acknowledge(interaction)
                await self._draw(interaction, place, 0)

    @feed.command(name="remove", description="Stop following a feed; what came of it stays")
    @app_commands.describe(feed="The feed", library="One of the library that all servers share")
    async def remove(
        self,
        interaction: Interaction,
        feed: app_commands.Range[str, 1, LINK_MOST_CHARS],
        library: bool = False,  # noqa: FBT001, FBT002 - an option's value
    ) -> None:
        """Follow the feed no longer."""
        with self.services.workload.interaction():
            place = await self.admit(interaction, library=library)
            if place is None:
                return
            await acknowledge(interaction)
            named = await self._named(place, feed)
            services = self.services
            gone = await services.feeds.remove(named.id, place, actor_of(interaction), services.now())
            await show(interaction, removed(gone))

    @feed.command(name="pause", description="Pause a feed, or go on with one that is paused")
    @app_commands.describe(feed="The feed", library="One of the library that all servers share")
    async def pause(
        self,
        interaction: Interaction,
        feed: app_commands.Range[str, 1, LINK_MOST_CHARS],
        library: bool = False,  # noqa: FBT001, FBT002 - an option's value
    ) -> None:
        """Pause the feed, or go on with it."""
        with self.services.workload.interaction():
            place = await self.admit(interaction, library=library)
            if place is None:
                return
            await acknowledge(interaction)
            named = await self._named(place, feed)
            services, by = self.services, actor_of(interaction)
            now = await services.feeds.pause(named.id, place, by, services.now(), paused=not named.paused)
            await show(interaction, paused(now))

    @feed.command(name="preview", description="What would become of each item of a feed, and why")
    @app_commands.describe(
        feed="A feed that is followed, or the link of any", library="As the library that all servers share would do"
    )
    async def preview(
        self,
        interaction: Interaction,
        feed: app_commands.Range[str, 1, LINK_MOST_CHARS],
        library: bool = False,  # noqa: FBT001, FBT002 - an option's value
    ) -> None:
        """Show what would become of each item."""
        with self.services.workload.interaction():
            place = await self.admit(interaction, library=library)
            if place is None:
                return
            await acknowledge(interaction)
            services = self.services
            named = _one_of(await services.feeds.listed(place), feed)
            if named is None and not _is_link(feed):
                raise _no_such_feed()
            outcomes = await services.feeds.preview(named.id if named else feed.strip(), place, services.now())
            if isinstance(outcomes, Rejected):
                await show(interaction, _refused(outcomes))
            else:
                await self._show_items(interaction, place, named.title if named else feed, outcomes)

    @remove.autocomplete("feed")
    @pause.autocomplete("feed")
    @preview.autocomplete("feed")
    async def complete_feed(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """The feeds with the typed text in title or link."""
        place = self.services.place(interaction, library=bool(interaction.namespace.library))
        if self.services.refusal(interaction, place):
            return []
        sought = fold(typed.strip())
        fitting = [
            feed for feed in await self.services.feeds.listed(place) if sought in fold(feed.title + " " + feed.url)
        ]
        return [
            app_commands.Choice(name=markup.label(_label(feed), CHOICE_NAME), value=str(feed.id))
            for feed in fitting[:AUTOCOMPLETE_CHOICES]
        ]

    async def turn(self, interaction: Interaction, press: Press) -> None:
        """Another page of the list takes its place."""
        place = await self.admit(interaction, library=press.in_library)
        if place is not None:
            await acknowledge(interaction, update=True)
            await self._draw(interaction, place, press.argument)

    async def turn_items(self, interaction: Interaction, press: Press) -> None:
        """Another page of the preview takes its place."""
        place = await self.admit(interaction, library=press.in_library)
        if place is None:
            return
        await acknowledge(interaction, update=True)
        services = self.services
        kept = await services.pending.get(press.record, interaction.user.id, interaction.guild_id, services.now())
        layout: Layout = Notice(notices.EXPIRED_RECORD)
        if kept is not None and kept.kind == _KIND:
            blocks = kept.content["blocks"]
            texts = [str(block) for block in blocks] if isinstance(blocks, list) else []
            head = str(kept.content["head"])
            layout = ItemsLayout(head, texts, place.own, record=press.record, page=press.argument)
        await show(interaction, layout)

    async def _draw(self, interaction: Interaction, place: Place, page: int) -> None:
        feeds = await self.services.feeds.listed(place)
        await show(interaction, FeedsLayout(feeds, place.own, page=page, now=self.services.now()))

    async def _show_items(
        self, interaction: Interaction, place: Place, name: str, outcomes: Sequence[ItemOutcome]
    ) -> None:
        """The first page; the others are kept, for looking at the items anew would take minutes."""
        head, blocks = items_head(name, outcomes), [item_block(outcome) for outcome in outcomes]
        content: dict[str, object] = {"head": head, "blocks": blocks}
        services = self.services
        record = await services.pending.put(_KIND, content, interaction.user.id, interaction.guild_id, services.now())
        await show(interaction, ItemsLayout(head, blocks, place.own, record=record, page=0))

    async def _named(self, place: Place, typed: str) -> Feed:
        """The feed that a member names; raises FeedNotFound."""
        named = _one_of(await self.services.feeds.listed(place), typed)
        if named is None:
            raise _no_such_feed()
        return named


def _one_of(feeds: Sequence[Feed], typed: str) -> Feed | None:
    """The feed of that number, link or title."""
    named = typed.strip()
    if named.isdecimal():
        return next((feed for feed in feeds if str(feed.id) == named), None)
    by_link = [feed for feed in feeds if canonical_url(feed.url) == canonical_url(named)]
    by_title = [feed for feed in feeds if fold(feed.title) == fold(named)]
    return next(iter(by_link or by_title), None)


def _is_link(typed: str) -> bool:
    return "://" in typed


def _no_such_feed() -> FeedNotFound:
    return FeedNotFound("there is no such feed here; take one of those that are offered while you type")


def _refused(refusal: Rejected) -> Notice:
    return Notice(told(refusal.reason, _REASON))


def _label(feed: Feed) -> str:
    return f"{feed.title} · {feed.url}" if feed.title != feed.url else feed.url
