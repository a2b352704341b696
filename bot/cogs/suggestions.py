"""/suggest: what a member would like to see in the corpus goes into the review queue."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from discord import app_commands

from bot.cogs.base import Cog, Interaction, OnSubmit, acknowledge, actor_of, show, whisper
from bot.quota import OPEN_SUGGESTIONS
from bot.records.model import MessagePlace
from bot.views import notices, suggestions
from bot.views.buttons import Action, Layout, Press
from bot.views.notices import Notice
from bot.views.suggestions import CardLayout, KnownAlreadyLayout, UnderstoodLayout
from corpus.desk import Giver
from corpus.drafts import Details, DraftOrigin, Place, Preview
from corpus.errors import Unreadable
from corpus.feeditems import sentence_of
from corpus.model import AlreadyKnown, Rejected

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.cogs.base import Services
    from corpus.desk import Drafting


class Suggestions(Cog):
    """Suggesting. A member's suggestions are taken one after the other, so that none slips past their count."""

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    @property
    def submissions(self) -> Mapping[Action, OnSubmit]:
        """The form of a suggestion."""
        return {Action.SUGGEST: self.submitted}

    @app_commands.command(description="Suggest an article; a moderator looks at it before it is stored")
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.describe(
        url="The article's link",
        text="The article's text; with neither link nor text you get a form",
        tell_me="Whether you want a direct message when it is decided on",
    )
    async def suggest(
        self,
        interaction: Interaction,
        url: app_commands.Range[str, 1, suggestions.LINK_MOST_CHARS] | None = None,
        text: app_commands.Range[str, 1, suggestions.TEXT_MOST_CHARS] | None = None,
        tell_me: bool = False,  # noqa: FBT001, FBT002 - an option's value
    ) -> None:
        """Suggest an article."""
        with self.services.workload.interaction():
            if url is None and text is None:
                await interaction.response.send_modal(suggestions.suggestion_form(tell=tell_me))
            else:
                await self._suggest(interaction, Details(url=url, text=text), tell=tell_me)

    async def submitted(self, interaction: Interaction, press: Press, fields: Mapping[str, str]) -> None:
        """What was written in the form is suggested."""
        given = {name: value if value.strip() else None for name, value in fields.items()}
        details = Details(
            title=given.get("title"),
            publication=given.get("publication"),
            published=given.get("published"),
            url=given.get("url"),
            text=given.get("text"),
        )
        await self._suggest(interaction, details, tell=bool(press.argument))

    async def _suggest(self, interaction: Interaction, details: Details, *, tell: bool) -> None:
        """The suggestion waits for review, and the member knows what was understood; or why not."""
        if refusal := self._refusal(interaction, details):
            await whisper(interaction, refusal)
            return
        await acknowledge(interaction)
        async with self._turns.setdefault(interaction.user.id, asyncio.Lock()):
            drafting = await self._taken(interaction, details, tell=tell)
        if isinstance(drafting, Preview):
            await self._announce(interaction, drafting)

    async def _taken(self, interaction: Interaction, details: Details, *, tell: bool) -> Drafting | None:
        """What became of the suggestion, and the member knows it; None where as many of theirs wait as may."""
        services, by = self.services, actor_of(interaction)
        waiting = await services.catalogue.open_suggestions(by)
        if waiting >= OPEN_SUGGESTIONS:
            await show(interaction, suggestions.too_many(waiting))
            return None
        drafting = await self._drafted(interaction, details, Giver(by, DraftOrigin.SUGGESTION, tell=tell))
        await show(interaction, await self._told(drafting))
        return drafting

    def _refusal(self, interaction: Interaction, details: Details) -> Layout | None:
        """What to tell the member instead, from memory; a suggestion that gives none of this is counted."""
        if interaction.guild_id is None:
            return Notice(suggestions.NOT_IN_SERVER)
        if details.url is None and details.text is None:
            return Notice(suggestions.NOTHING_GIVEN)
        reached = self.services.suggestions.take(interaction.user.id, self.services.now())
        return notices.limited(reached) if reached else None

    async def _drafted(self, interaction: Interaction, details: Details, giver: Giver) -> Drafting:
        desk, now = self.services.desk, self.services.now()
        place = self.services.place(interaction)
        if details.text is None:
            return await desk.draft_url(details.url or "", place, giver, now)
        return await desk.draft_text(details, place, giver, now)

    async def _told(self, drafting: Drafting) -> Layout:
        """What the member sees: nothing of what is stored but the very article that they suggest."""
        match drafting:
            case Preview(waiting=waiting):
                return UnderstoodLayout(waiting, self.services.today)
            case AlreadyKnown(key=key, collection=collection) if collection is not None:
                article = await self.services.desk.show(Place(collection, (collection,)), key)
                return KnownAlreadyLayout(article, self.services.today)
            case Rejected(reason=reason, key=None):
                return suggestions.refused(sentence_of(Unreadable(reason)))
        # Who took it out, and why, is the moderators' business.
        return suggestions.refused(suggestions.TAKEN_OUT)

    async def _announce(self, interaction: Interaction, preview: Preview) -> None:
        """The review channel, where there is one that can be reached, has a card of the suggestion."""
        services, guild_id = self.services, interaction.guild_id
        channel = services.guilds.of(guild_id).review_channel
        if guild_id is None or channel is None:
            return
        posted = await services.messages.post(channel, CardLayout(preview, services.today))
        if isinstance(posted, MessagePlace):
            await services.cards.posted(preview.waiting.id, guild_id, posted, services.now())
