"""/help: what the bot can do."""

from __future__ import annotations

from discord import app_commands

from bot.cogs.base import Cog, Interaction, whisper
from bot.views.help import HelpLayout


class Help(Cog):
    """Helping."""

    @app_commands.command(description="What this bot can do, and how to ask")
    async def help(self, interaction: Interaction) -> None:
        """Show the help."""
        services = self.services
        with services.workload.interaction():
            moderator, administrator = services.may_moderate(interaction), services.may_set_up(interaction)
            await whisper(interaction, HelpLayout(moderator=moderator, administrator=administrator))
