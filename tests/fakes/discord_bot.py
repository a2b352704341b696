"""The real client at work against the stand-in server, and the small corpus that the journeys ask about.

`stage` has an asker that answers as told; `desk_stage` has the whole application and a site on this machine.
"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.app import build_bot
from bot.client import COGS, AmicusClient
from bot.config import Settings
from corpus.collection import LIBRARY, Collection
from tests.discord import EVERYONE, DiscordStandIn, Permission
from tests.fakes.discord_app import Clock, FakeApp, answered, corpus, fake_app, quote
from tests.fakes.drafts import draft
from tests.fakes.web import Web

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
    from pathlib import Path

    from bot.app import BotApp
    from bot.client import Parts
    from bot.cogs.base import Cog
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
async def running(
    server: DiscordStandIn, parts: Parts, *, cogs: Sequence[type[Cog]] = COGS
) -> AsyncIterator[AmicusClient]:
    """A client of this application that is ready; closed at the end."""
    client = AmicusClient(parts, cogs=cogs, guild_ready_timeout_s=0.05)
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


class DeskStage:
    """Where a journey of the corpus desk takes place: a guild with `mod`, `ann` and `admin`, a site, the whole bot.

    `mod` may manage messages, `ann` what everyone may, `admin` everything. `clock` is the application's, moved by hand.
    """

    def __init__(
        self, server: DiscordStandIn, web: Web, guild: Guild, clock: Clock, cogs: Sequence[type[Cog]] = COGS
    ) -> None:
        self._cogs = cogs
        self.server = server
        self.web = web
        self.guild = guild
        self.clock = clock
        self.mod = server.member("mod", guild, permissions=EVERYONE | Permission.MANAGE_MESSAGES)
        self.ann = server.member("ann", guild)
        self.admin = server.member("admin", guild, permissions=EVERYONE | Permission.ADMINISTRATOR)
        self.own = Collection(guild.id)
        self.library = LIBRARY
        self._settings: Settings | None = None
        self._bot = AsyncExitStack()
        self._running: tuple[BotApp, AmicusClient] | None = None

    @property
    def app(self) -> BotApp:
        """The application that runs now."""
        assert self._running is not None
        return self._running[0]

    @property
    def client(self) -> AmicusClient:
        """The client that runs now."""
        assert self._running is not None
        return self._running[1]

    async def start(self, settings: Settings) -> None:
        """The bot is at work."""
        self._settings = settings
        app = await self._bot.enter_async_context(build_bot(settings, now=self.clock))
        client = await self._bot.enter_async_context(running(self.server, app, cogs=self._cogs))
        self._running = app, client

    async def stop(self) -> None:
        """The bot has ended."""
        await self._bot.aclose()

    async def restarted(self) -> None:
        """The bot was stopped and begun anew on the same data, with the same settings."""
        assert self._settings is not None
        await self.stop()
        await self.start(self._settings)

    async def follow(self) -> None:
        """The index has applied all that the store holds."""
        async with asyncio.timeout(10):
            while self.app.index.last_change < await self.app.store.last_change():  # noqa: ASYNC110 - no event for it
                await asyncio.sleep(0.01)

    def open_to_everyone(self, name: str) -> None:
        """Discord offers the command to all members, as an administrator may set it in the server's integrations."""
        for command in self.server.state.commands[None]:
            if command["name"] == name:
                command["default_member_permissions"] = None

    async def give(self, text: str, *, collection: Collection | None = None) -> None:
        """The articles written in `text` (as `corpus` reads it) are stored, and the index knows them."""
        where = collection or self.own
        drafts = [
            draft(
                one.text,
                title=one.title,
                key=one.key,
                publication=one.publication,
                published=one.published,
                url=one.url,
            )
            for one in corpus(text, collection=where)
        ]
        await self.app.transfer.import_drafts(drafts, where, by="terminal:test", now=self.clock())
        await self.follow()


@asynccontextmanager
async def desk_stage(
    folder: Path,
    *,
    in_library: bool = False,
    editors: Sequence[str] = (),
    cogs: Sequence[type[Cog]] = COGS,
    **sections: object,
) -> AsyncIterator[DeskStage]:
    """A server with one guild, a site, and the whole bot. At the end nothing was against Discord's rules.

    `in_library`: the guild's moderators may change the library; so may the `editors`, by name. `sections` are settings,
    such as `limits={"suggestions_per_day": 1}`.
    """
    async with DiscordStandIn() as server, Web() as web:
        guild = server.guild("Newsroom")
        here = DeskStage(server, web, guild, Clock(), cogs)
        named = [server.member(name).id for name in editors]
        told: dict[str, object] = {
            "data_dir": str(folder),
            "corpus": {"starter": False},
            "fetch": {"allow_hosts": [web.host]},
            "library": {"guilds": [guild.id] if in_library else [], "editors": named},
        }
        await here.start(Settings.model_validate(told | sections))
        try:
            yield here
        finally:
            await here.stop()
        server.assert_clean()
