"""Autocomplete of publications, from what the asker can be answered from."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from discord import app_commands

from bot.limits import AUTOCOMPLETE_CHOICES, CHOICE_NAME, CHOICE_VALUE, measure
from corpus.text import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.cogs.base import Catalogue, Interaction, Services
    from corpus.collection import Collection

_GUILDS_REMEMBERED: Final = 256


class Publications:
    """The names of publications, remembered for as long as no article changes: every keystroke asks for them."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._known: OrderedDict[tuple[Collection, ...], tuple[int, tuple[str, ...]]] = OrderedDict()

    async def names(self, collections: Sequence[Collection]) -> tuple[str, ...]:
        """The publications of these collections that can be a choice, most articles first."""
        seen, change = tuple(collections), await self._catalogue.last_change()
        known = self._known.get(seen)
        if known is None or known[0] != change:
            known = (change, await self._read(seen))
            self._known[seen] = known
        self._known.move_to_end(seen)
        if len(self._known) > _GUILDS_REMEMBERED:
            self._known.popitem(last=False)
        return known[1]

    async def _read(self, collections: Sequence[Collection]) -> tuple[str, ...]:
        counted = await self._catalogue.publications(collections)
        # A longer name can't be a choice: cut, it would match no article.
        most = min(CHOICE_NAME, CHOICE_VALUE)
        return tuple(entry.name for entry in counted if entry.name and measure(entry.name) <= most)


async def suggestions(services: Services, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Publications with the typed text in their name: those that begin with it first, then by number of articles."""
    names = await services.publications.names(services.guilds.collections(interaction.guild_id))
    sought = fold(typed.strip())
    fitting = sorted(
        (name for name in names if sought in fold(name)), key=lambda name: not fold(name).startswith(sought)
    )
    return [app_commands.Choice(name=name, value=name) for name in fitting[:AUTOCOMPLETE_CHOICES]]
