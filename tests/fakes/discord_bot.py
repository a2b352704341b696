"""The real client at work against the stand-in server, and the small corpus that the journeys ask about."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.client import AmicusClient
from tests.discord import DiscordStandIn
from tests.fakes.discord_app import FakeApp, answered, corpus, fake_app, quote

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
    from pathlib import Path

    from bot.client import Parts
    from corpus.model import Article
    from retrieval.model import Answer
    from tests.discord import Guild, Member

QUESTION = "who is the judge in Parler v. AWS?"
SENTENCE = "U.S. District Judge Barbara Rothstein said the company was unlikely to prevail."
PARLER, EPIC = corpus("""
    # parler | Judge refuses to order Amazon to restore Parler | CNBC | 2021-01-21 | https://example.com/parler
    A federal judge on Thursday refused to order Amazon to restore web service to Parler. \
U.S. District Judge Barbara Rothstein said the company was unlikely to prevail. Parler had sued Amazon.

    # epic | Epic loses most of its case | The Verge | 2021-09-10
    Judge Yvonne Gonzalez Rogers ruled on Friday. Apple is no monopolist, she wrote. \
The injunction takes effect in 90 days. Epic said that it would appeal. Apple called it a victory. \
The trial had lasted three weeks. Tim Cook had testified in it.
""")
ROTHSTEIN = answered(quote(PARLER, SENTENCE, "Barbara Rothstein"))


@dataclass(frozen=True)
class Stage:
    """Where a journey takes place."""

    server: DiscordStandIn
    guild: Guild
    app: FakeApp
    client: AmicusClient

    def member(self, name: str = "ann") -> Member:
        """A member of the guild."""
        return self.server.member(name, self.guild)


@asynccontextmanager
async def running(server: DiscordStandIn, parts: Parts) -> AsyncIterator[AmicusClient]:
    """A client of this application that is ready; closed at the end."""
    client = AmicusClient(parts, guild_ready_timeout_s=0.05)
    async with client:
        serving = asyncio.create_task(client.start(server.token))
        await _either(serving, server.wait_until_online())
        await _either(serving, client.wait_until_ready())
        try:
            yield client
        finally:
            await client.close()
            await serving


async def _either(serving: asyncio.Task[None], ready: Coroutine[None, None, None]) -> None:
    """The client is ready; what ended its service before is raised."""
    waiting = asyncio.ensure_future(ready)
    await asyncio.wait({serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
    if serving.done():
        waiting.cancel()
        await serving


@asynccontextmanager
async def stage(
    folder: Path,
    articles: Sequence[Article] = (PARLER, EPIC),
    told: Mapping[str, Answer] | None = None,
    **sections: object,
) -> AsyncIterator[Stage]:
    """A server with one guild, and a bot in it that answers as told. At the end nothing was against Discord's rules."""
    answers = {QUESTION: ROTHSTEIN} if told is None else told
    async with DiscordStandIn() as server, fake_app(folder, articles, answers, **sections) as app:
        guild = server.guild("Newsroom")
        async with running(server, app) as client:
            yield Stage(server, guild, app, client)
        server.assert_clean()
