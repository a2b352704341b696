"""The real client at work against the stand-in server."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from bot.client import AmicusClient
from tests.discord import DiscordStandIn
from tests.fakes.discord_app import FakeApp, fake_app

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence
    from pathlib import Path

    from bot.client import Parts
    from corpus.model import Article
    from retrieval.model import Answer
    from tests.discord import Guild


@asynccontextmanager
async def running(server: DiscordStandIn, parts: Parts) -> AsyncIterator[AmicusClient]:
    """A client of this application, connected; closed at the end."""
    client = AmicusClient(parts, guild_ready_timeout_s=0.05)
    async with client:
        serving = asyncio.create_task(client.start(server.token))
        await asyncio.wait({serving, asyncio.ensure_future(client.wait_until_ready())}, return_when="FIRST_COMPLETED")
        try:
            yield client
        finally:
            await client.close()
            await serving


@asynccontextmanager
async def living_bot(
    folder: Path, articles: Sequence[Article] = (), told: Mapping[str, Answer] | None = None, **sections: object
) -> AsyncIterator[tuple[DiscordStandIn, Guild, FakeApp]]:
    """A server with one guild, and a bot in it that answers as told."""
    async with DiscordStandIn() as server, fake_app(folder, articles, told, **sections) as app:
        guild = server.guild("Newsroom")
        async with running(server, app):
            yield server, guild, app
