"""/search: words become ranked passages."""

from __future__ import annotations

from discord import app_commands

from bot.cogs.base import Cog, Interaction, acknowledge_answer, origin_of, whisper
from bot.cogs.publications import suggestions
from bot.limits import QUESTION_MAX
from bot.views.buttons import Layout


class Search(Cog):
    """Searching."""

    @app_commands.command(description="Find the passages that fit some words best")
    @app_commands.describe(
        words="Words to look for",
        publication="Only articles from this publication",
        since="Only articles from this day on: 2021-01-21, January 2021, 3 weeks ago",
        until="Only articles up to this day",
        private="Show the passages to you alone; you can share them afterwards",
    )
    async def search(  # noqa: PLR0917 - discord.py gives a command's options by position
        self,
        interaction: Interaction,
        words: app_commands.Range[str, 1, QUESTION_MAX],
        publication: app_commands.Range[str, 1, 100] | None = None,
        since: app_commands.Range[str, 1, 40] | None = None,
        until: app_commands.Range[str, 1, 40] | None = None,
        private: bool | None = None,  # noqa: FBT001 - a command's options are what Discord makes of them
    ) -> None:
        """Search the corpus."""
        services = self.services
        with services.workload.interaction():
            filters = services.request(interaction, publication=publication, since=since, until=until)
            if isinstance(filters, Layout):
                await whisper(interaction, filters)
                return
            alone = services.is_private(interaction, private)
            at = await acknowledge_answer(interaction, private=alone)
            origin = origin_of(interaction, private=alone)
            reply = await services.answers.search(words, filters, origin, services.now(), at=at)
            await services.show_answer(interaction, reply, private=alone)

    @search.autocomplete("publication")
    async def complete_publication(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Publications that fit what is typed."""
        return await suggestions(self.services, interaction, typed)
