"""/sources: what the corpus holds for the one who asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import app_commands

from bot.cogs.base import Cog, Interaction, OnPress
from bot.views.buttons import Action, Press
from bot.views.sources import Holdings, SourcesLayout

if TYPE_CHECKING:
    from collections.abc import Mapping


class Sources(Cog):
    """Looking at the corpus as a whole."""

    @property
    def presses(self) -> Mapping[Action, OnPress]:
        """The list is private, so whoever turns its pages has asked for it."""
        return {Action.SOURCES: self.turn}

    @app_commands.command(description="What the corpus holds: collections, publications, newest dates")
    async def sources(self, interaction: Interaction) -> None:
        """Show what the corpus holds."""
        with self.services.workload.interaction():
            await interaction.response.defer(ephemeral=True, thinking=True)
            await self._show(interaction, 0)

    async def turn(self, interaction: Interaction, press: Press) -> None:
        """Another page is shown."""
        await interaction.response.defer()
        await self._show(interaction, press.argument)

    async def _show(self, interaction: Interaction, page: int) -> None:
        catalogue, collections = self.services.catalogue, self.services.guilds.collections(interaction.guild_id)
        counts = [(collection, await catalogue.count((collection,))) for collection in collections]
        holdings = Holdings(tuple(counts), tuple(await catalogue.publications(collections)))
        await interaction.edit_original_response(view=SourcesLayout(holdings, page=page, today=self.services.today))
