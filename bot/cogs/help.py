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
        with self.services.workload.interaction():
            await whisper(interaction, HelpLayout())
