"""/wanted: what members miss in the corpus, for the moderators to decide on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.cogs.base import Cog, Interaction, OnPress, acknowledge, actor_of, show
from bot.views.buttons import Action, Press, number_of
from bot.views.wanted import TOPICS_ON_PAGE, WantedLayout, decided, decided_before, pages_of
from bot.wanted import TopicState
from corpus.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Mapping


class WantedList(Cog):
    """The wanted list of a guild."""

    @property
    def presses(self) -> Mapping[Action, OnPress]:
        """The buttons of the list."""
        return {
            Action.WANTED_PAGE: self.turn,
            Action.WANTED_DONE: self.decide,
            Action.WANTED_DISMISS: self.decide,
        }

    @app_commands.command(description="What members would like to read about, most asked for first")
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.default_permissions(manage_messages=True)
    async def wanted(self, interaction: Interaction) -> None:
        """Show the wanted topics."""
        with self.services.workload.interaction():
            if await self.admit(interaction):
                await acknowledge(interaction)
                await self._draw(interaction, 0)

    async def turn(self, interaction: Interaction, press: Press) -> None:
        """Another page of the list takes its place."""
        if await self.admit(interaction):
            await acknowledge(interaction, update=True)
            await self._draw(interaction, press.page)

    async def decide(self, interaction: Interaction, press: Press) -> None:
        """The topic is done, or dismissed; where somebody was faster, the list says who."""
        if not await self.admit(interaction):
            return
        await acknowledge(interaction, update=True)
        state = TopicState.DONE if press.action is Action.WANTED_DONE else TopicState.DISMISSED
        services, guild_id, topic_id = self.services, _guild_of(interaction), number_of(press.record)
        try:
            topic = await services.wanted.decide(topic_id, guild_id, state, actor_of(interaction), services.now())
            said = decided(topic)
        except Conflict:
            said = decided_before(await services.wanted.find(topic_id, guild_id))
        await self._draw(interaction, press.page, said)

    async def _draw(self, interaction: Interaction, page: int, said: str = "") -> None:
        """The page, or the last one there is."""
        wanted, guild_id = self.services.wanted, _guild_of(interaction)
        length = await wanted.length(guild_id)
        page = min(page, pages_of(length) - 1)
        topics = await wanted.listed(guild_id, limit=TOPICS_ON_PAGE, offset=page * TOPICS_ON_PAGE)
        await show(interaction, WantedLayout(topics, page=page, length=length, said=said))


def _guild_of(interaction: discord.Interaction[discord.Client]) -> int:
    """The guild; nobody moderates anywhere else."""
    return interaction.guild_id or 0
