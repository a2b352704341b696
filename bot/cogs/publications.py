"""Autocomplete of publications, from what the asker can be answered from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import app_commands

from bot.limits import AUTOCOMPLETE_CHOICES, CHOICE_NAME, CHOICE_VALUE, measure
from bot.scope import collections_for
from corpus.text import fold

if TYPE_CHECKING:
    from bot.cogs.base import Interaction, Services


async def suggestions(services: Services, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Publications with the typed text in their name: those that begin with it first, then by number of articles."""
    counted = await services.catalogue.publications(collections_for(interaction.guild_id))
    # A longer name can't be a choice: cut, it would match no article.
    names = [entry.name for entry in counted if entry.name and measure(entry.name) <= min(CHOICE_NAME, CHOICE_VALUE)]
    sought = fold(typed.strip())
    fitting = sorted(
        (name for name in names if sought in fold(name)), key=lambda name: not fold(name).startswith(sought)
    )
    return [app_commands.Choice(name=name, value=name) for name in fitting[:AUTOCOMPLETE_CHOICES]]
