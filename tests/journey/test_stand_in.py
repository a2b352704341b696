"""The stand-in for Discord plays its part: a minimal discord.py client lives against it."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import discord
import pytest
from discord import app_commands, ui

from tests.discord import DiscordStandIn

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


class Greeter(discord.Client):
    """A client with one slash command, deferred, and a button that edits."""

    def __init__(self, intents: discord.Intents | None = None) -> None:
        super().__init__(
            intents=intents or discord.Intents(guilds=True), allowed_mentions=discord.AllowedMentions.none()
        )
        self.tree = app_commands.CommandTree(self)
        self.tree.command(name="greet", description="Greets.")(greet)

    async def setup_hook(self) -> None:
        await self.tree.sync()


class Card(ui.LayoutView):
    """A text and a Next button."""

    def __init__(self, text: str) -> None:
        super().__init__(timeout=None)
        self.add_item(ui.TextDisplay(text))
        row: ui.ActionRow[Card] = ui.ActionRow()
        button: ui.Button[Card] = ui.Button(label="Next", custom_id="next")
        button.callback = self.next  # type: ignore[method-assign]
        row.add_item(button)
        self.add_item(row)

    async def next(self, interaction: discord.Interaction) -> None:
        await interaction.response.edit_message(view=Card("Page 2"))


async def greet(interaction: discord.Interaction, name: str, private: bool = False) -> None:  # noqa: FBT001, FBT002 -- discord.py reads the signature
    await interaction.response.defer(ephemeral=private)
    await interaction.edit_original_response(view=Card(f"Hello {name}"))


@asynccontextmanager
async def running(client: discord.Client, server: DiscordStandIn) -> AsyncIterator[discord.Client]:
    task = asyncio.create_task(client.start(server.token))
    try:
        await server.wait_until_online()
        yield client
    finally:
        await client.close()
        await task


async def test_a_deferred_answer_is_edited_in_and_its_button_turns_the_page() -> None:
    async with DiscordStandIn() as server:
        ann = server.member("ann", server.guild())
        async with running(Greeter(), server):
            reply = await ann.slash("greet", name="Bob", private=True)
            assert reply.deferred
            assert reply.ephemeral
            assert reply.message.texts() == ["Hello Bob"]
            turned = await ann.press(reply.message, "Next")
            assert turned.message is reply.message
            assert turned.message.texts() == ["Page 2"]
            server.assert_clean()
