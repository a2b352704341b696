"""/privacy: what is kept about the member who asks; never about anybody else."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
from typing import TYPE_CHECKING, Final

import discord
from discord import app_commands

from bot.cogs.base import Cog, Interaction, OnPress, acknowledge, show
from bot.limits import FILE_BYTES
from bot.views.buttons import Action, Press
from bot.views.privacy import (
    FILE,
    PACKED,
    ErasingLayout,
    ExportLayout,
    Kept,
    PrivacyLayout,
    erased,
    erased_before,
    too_large,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

_KIND: Final = "erase"
_SWITCHED: Final = {
    True: "**Switched on.** What you ask from now on is kept as said above.",
    False: "**Switched off.** What you asked before is erased within minutes, what you ask from now on soon after it.",
}


class PrivacyCommand(Cog):
    """Everything is done for the one who presses, whoever else may see the button."""

    @property
    def presses(self) -> Mapping[Action, OnPress]:
        """The buttons of the private message."""
        return {
            Action.PRIVACY: self.back,
            Action.PRIVACY_EXPORT: self.export,
            Action.PRIVACY_LOG: self.switch,
            Action.PRIVACY_DELETE: self.ask,
            Action.PRIVACY_ERASE: self.erase,
        }

    @app_commands.command(description="What is kept about you: look, export, erase, switch your question log off")
    async def privacy(self, interaction: Interaction) -> None:
        """Show how much is kept."""
        with self.services.workload.interaction():
            await acknowledge(interaction)
            await self._draw(interaction)

    async def back(self, interaction: Interaction, _press: Press) -> None:
        """How much is kept is shown again."""
        await acknowledge(interaction, update=True)
        await self._draw(interaction)

    async def export(self, interaction: Interaction, _press: Press) -> None:
        """All that is kept is given as a file, packed where it is large."""
        await acknowledge(interaction)
        kept = await self.services.privacy.export(interaction.user.id, self.services.now())
        name, data = await asyncio.to_thread(_file, kept)
        if len(data) > FILE_BYTES:
            await show(interaction, too_large())
        else:
            await show(interaction, ExportLayout(name), discord.File(io.BytesIO(data), name))

    async def switch(self, interaction: Interaction, press: Press) -> None:
        """The member's questions are kept from now on, or not."""
        await acknowledge(interaction, update=True)
        wanted = bool(press.argument)
        await self.services.preferences.choose(interaction.user.id, self.services.now(), question_log=wanted)
        await self._draw(interaction, _SWITCHED[wanted])

    async def ask(self, interaction: Interaction, _press: Press) -> None:
        """What erasing means is said; nothing is erased yet."""
        await acknowledge(interaction, update=True)
        services = self.services
        record = await services.pending.put(_KIND, {}, interaction.user.id, interaction.guild_id, services.now())
        await show(interaction, ErasingLayout(record))

    async def erase(self, interaction: Interaction, press: Press) -> None:
        """It is erased, once."""
        await acknowledge(interaction, update=True)
        services, member_id = self.services, interaction.user.id
        asked = await services.pending.take(press.record, member_id, interaction.guild_id, services.now())
        if asked is None or asked.kind != _KIND:
            await show(interaction, erased_before())
            return
        done = await services.privacy.delete(member_id)
        await show(interaction, erased(done.erased))

    async def _draw(self, interaction: Interaction, said: str = "") -> None:
        services, member_id = self.services, interaction.user.id
        about = await services.privacy.about(member_id)
        guilds = [interaction.client.get_guild(number) for number, _ in about.counts.records if number is not None]
        names = {guild.id: guild.name for guild in guilds if guild}
        kept_for = services.question_log.keep_for(member_id, interaction.guild_id)
        await show(interaction, PrivacyLayout(Kept(about, names, kept_for), said))


def _file(kept: Mapping[str, object]) -> tuple[str, bytes]:
    """Name and content of the file."""
    data = json.dumps(kept, indent=2, ensure_ascii=False).encode("utf-8", "replace")
    return (FILE, data) if len(data) <= FILE_BYTES else (PACKED, gzip.compress(data))
