"""The Discord client: no privileged intent, no pings, the cogs, the one error handler, a clean start and stop."""

from __future__ import annotations

import asyncio
import gc
import hashlib
import json
import signal
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol

import discord
import structlog
from discord import app_commands
from discord.ext import commands

from bot import health
from bot.answers import Answers, Articles, Questions
from bot.background import Background
from bot.cogs.articles import ArticleCommands
from bot.cogs.ask import Ask
from bot.cogs.audit import Audit
from bot.cogs.base import Catalogue, Cog, Interaction, OnPress, OnSubmit, Services, whisper
from bot.cogs.drafts import Drafts
from bot.cogs.feeds import FollowedFeeds
from bot.cogs.help import Help
from bot.cogs.messages import Messages
from bot.cogs.pressed import AnswerButtons
from bot.cogs.privacy import PrivacyCommand
from bot.cogs.publications import Publications
from bot.cogs.purging import Purging
from bot.cogs.queue import ReviewQueue
from bot.cogs.search import Search
from bot.cogs.setup import Setup
from bot.cogs.shown import ArticleButtons
from bot.cogs.sources import Sources
from bot.cogs.suggestions import Suggestions
from bot.cogs.taking import Taking
from bot.cogs.wanted import WantedList
from bot.errors import ConfigError, DiscordUnusable, Fault
from bot.incidents import report
from bot.privacy import Acts, Preferences, Privacy, QuestionLog
from bot.quota import Quota, Rate, SuggestionQuota
from bot.records import Records
from bot.retention import RETENTION_EVERY, Erasing, Retention
from bot.views import notices
from bot.views.buttons import Action, Press, receiver
from bot.views.forms import fields_of
from bot.views.notices import Notice
from bot.wanted import Wanted
from bot.workload import Workload

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping, Sequence

    from bot.config import Settings
    from bot.guildsettings import GuildBook
    from bot.records.guilds import GuildRecords
    from corpus.desk import Desk
    from corpus.feeds import Feeds

COGS: Final[tuple[type[Cog], ...]] = (
    Ask,
    Search,
    Sources,
    Help,
    AnswerButtons,
    ArticleCommands,
    ArticleButtons,
    Drafts,
    Purging,
    Taking,
    WantedList,
    FollowedFeeds,
    Suggestions,
    ReviewQueue,
    Setup,
    Audit,
    PrivacyCommand,
)
POLL_EVERY: Final = timedelta(seconds=15)
"""So often a running bot looks which feeds are due; how often each of them is, the settings say."""
_UNTIL_CONNECTED: Final = timedelta(seconds=1)
# Topics → Opcodes and Status Codes, "Gateway Close Event Codes".
_AUTHENTICATION_FAILED: Final = 4004

_log = structlog.get_logger(__name__)


class Corpus(Articles, Catalogue, Acts, Erasing, Protocol):
    """What the bot needs of the store."""


class Follows(Protocol):
    """Keeps the index up to date."""

    def run(self) -> Coroutine[None, None, None]:
        """Applies changes until it is cancelled."""
        ...


class Parts(Protocol):
    """What the bot needs of the application; `now` gives the present moment, aware, in UTC."""

    @property
    def settings(self) -> Settings:
        """What the operator set."""
        ...

    @property
    def store(self) -> Corpus:
        """The corpus."""
        ...

    @property
    def records(self) -> Records:
        """What is remembered of members and guilds."""
        ...

    @property
    def desk(self) -> Desk:
        """What moderators do with articles."""
        ...

    @property
    def feeds(self) -> Feeds:
        """Follows feeds."""
        ...

    @property
    def guilds(self) -> GuildBook:
        """What each guild has set, loaded already."""
        ...

    @property
    def asker(self) -> Questions:
        """Answers questions."""
        ...

    @property
    def follower(self) -> Follows:
        """Keeps the index up to date."""
        ...

    @property
    def now(self) -> Callable[[], datetime]:
        """The clock."""
        ...


def _spare_what_stays() -> None:
    """What lives as long as the process is left out of garbage collection: a pass over it would stop the loop 0.1 s."""
    gc.collect()
    gc.freeze()


class Tree(app_commands.CommandTree["AmicusClient"]):
    """The commands; whatever fails in one of them is reported in one way."""

    async def interaction_check(self, interaction: discord.Interaction[AmicusClient], /) -> bool:
        """False for a command that comes while the bot is stopping; the member is told to try again."""
        if not self.client.stopping or interaction.type is discord.InteractionType.autocomplete:
            return True
        with self.client.workload.interaction():
            await interaction.response.send_message(view=Notice(notices.STOPPING), ephemeral=True)
        return False

    async def on_error(
        self, interaction: discord.Interaction[AmicusClient], error: app_commands.AppCommandError, /
    ) -> None:
        """The failure is reported."""
        with self.client.workload.interaction():
            await report(interaction, error)


class AmicusClient(commands.Bot):
    """The bot on Discord, made of the parts of the application."""

    def __init__(
        self,
        parts: Parts,
        *,
        serving: bool = True,
        cogs: Sequence[type[Cog]] = COGS,
        guild_ready_timeout_s: float = 2.0,
    ) -> None:
        settings = parts.settings
        super().__init__(
            command_prefix=(),
            help_command=None,
            tree_cls=Tree,
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=False),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
            max_messages=None,
            guild_ready_timeout=guild_ready_timeout_s,
            activity=discord.CustomActivity(settings.discord.status) if settings.discord.status else None,
        )
        self.stopping = False
        self._serving = serving
        self._cogs = cogs
        self._parts = parts
        self.records = parts.records
        self.workload = Workload(settings.limits.concurrent)
        self.services = _services(parts, self.workload, Messages(self))
        self._retention = _retention(parts, self.services)
        self._presses: dict[Action, OnPress] = {}
        self._submissions: dict[Action, OnSubmit] = {}
        self._background = Background()
        self._connected = False

    async def setup_hook(self) -> None:
        """Cogs and buttons are in place; when serving, changed commands are registered and background work begun."""
        await self._add_features()
        if not self._serving:
            return
        await self.services.preferences.load()
        if self._parts.settings.discord.sync_commands:
            await self._register_when_changed()
        self._background.start_endless(self._parts.follower.run, name="follower")
        self._background.start_endless(self._poll_regularly, name="feeds")
        self._background.start(self._erase_regularly, name="retention")
        self._background.start(self._beat_regularly, name="heartbeat")
        _spare_what_stays()

    async def register_commands(self) -> int:
        """The commands are registered with Discord as they are now; gives their number."""
        registered = await self.tree.sync()
        await self.records.commands.registered(self._own_id, self._digest(), self._parts.now())
        _log.info("commands.registered", commands=len(registered))
        return len(registered)

    async def on_ready(self) -> None:
        """Guilds that came or went while nobody was looking are noticed."""
        self._connected = True
        with self._noting() as guilds:
            if guilds:
                gone = await guilds.reconcile([guild.id for guild in self.guilds], self._parts.now())
                for guild_id in gone:
                    _log.info("guild.left", guild=guild_id, noticed="at start")
                _log.info("client.ready", guilds=len(self.guilds), left_meanwhile=len(gone))

    async def on_resumed(self) -> None:
        """The connection is back."""
        self._connected = True

    async def on_disconnect(self) -> None:
        """The connection is gone; the library tries again by itself."""
        self._connected = False

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """The guild is known."""
        with self._noting() as guilds:
            if guilds:
                await guilds.joined(guild.id, self._parts.now())
                _log.info("guild.joined", guild=guild.id)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """The guild is marked as left."""
        with self._noting() as guilds:
            if guilds:
                await guilds.left(guild.id, self._parts.now())
                _log.info("guild.left", guild=guild.id, noticed="at once")

    async def on_interaction(self, interaction: Interaction) -> None:
        """A form that was handed in is given to the feature that it belongs to; all else is served already."""
        if interaction.type is discord.InteractionType.modal_submit:
            data: Mapping[str, object] = interaction.data or {}
            press = Press.parse(str(data.get("custom_id")))
            handler = self._submissions.get(press.action) if press else None
            handed = partial(handler, interaction, press, fields_of(data)) if press and handler else None
            await self._serve(interaction, handed)

    async def on_message(self, message: discord.Message, /) -> None:
        """Messages are not read: everything is done with slash commands."""

    async def close(self) -> None:
        """New interactions are declined, those under way finished within the grace time, the connection closed."""
        if not self.stopping:
            self.stopping = True
            if not await self.workload.drained(self._parts.settings.discord.stop_grace_s):
                _log.warning("client.stopped_early", under_way=self.workload.under_way)
            await self._background.stop()
        await super().close()

    async def _add_features(self) -> None:
        for make in self._cogs:
            cog = make(self.services)
            if twice := (self._presses.keys() & cog.presses) | (self._submissions.keys() & cog.submissions):
                raise RuntimeError(f"{cog.qualified_name} claims what another feature has: {sorted(twice)}")
            self._presses |= cog.presses
            self._submissions |= cog.submissions
            for menu in cog.menus:
                self.tree.add_command(menu)
            await self.add_cog(cog)
        self.add_dynamic_items(receiver(self._pressed))

    async def _pressed(self, interaction: Interaction, press: Press | None) -> None:
        """A press is given to the feature that it belongs to."""
        handler = self._presses.get(press.action) if press else None
        await self._serve(interaction, partial(handler, interaction, press) if press and handler else None)

    async def _serve(self, interaction: Interaction, work: Callable[[], Awaitable[None]] | None) -> None:
        """The work is done, unless the bot is stopping; what fails is reported. None: there is no such feature."""
        with self.workload.interaction():
            try:
                if self.stopping:
                    await whisper(interaction, Notice(notices.STOPPING))
                elif work is None:
                    await whisper(interaction, Notice(notices.OUTDATED))
                else:
                    await work()
            except Exception as error:  # noqa: BLE001 - the one error handler's door for presses and forms
                await report(interaction, error)

    async def _register_when_changed(self) -> None:
        if await self.records.commands.digest(self._own_id) == self._digest():
            return
        try:
            await self.register_commands()
        except discord.HTTPException as error:
            # The commands of an earlier start still work; `amicus sync` shows the operator the same error.
            _log.error("commands.not_registered", status=error.status, reason=error.text)

    def _digest(self) -> str:
        definitions = [command.to_dict(self.tree) for command in self.tree.get_commands()]
        definitions.sort(key=lambda definition: (definition["type"], definition["name"]))
        return hashlib.sha256(json.dumps(definitions, sort_keys=True).encode()).hexdigest()

    @property
    def _own_id(self) -> int:
        if self.application_id is None:
            raise RuntimeError("the application's id is known only after the login")
        return self.application_id

    @contextmanager
    def _noting(self) -> Iterator[GuildRecords | None]:
        """The records of guilds, for as long as a stopping bot waits; None when it is stopping already."""
        with self.workload.interaction():
            yield None if self.stopping else self.records.guilds

    async def _poll_regularly(self) -> None:
        while True:
            await self._parts.feeds.poll_due(self._parts.now())
            await asyncio.sleep(POLL_EVERY.total_seconds())

    async def _erase_regularly(self) -> None:
        await self._retention.run(self._parts.now())
        await self._background.pause(RETENTION_EVERY)

    async def _beat_regularly(self) -> None:
        if self._connected:
            await asyncio.to_thread(health.beat, health.file_in(self._parts.settings.data_dir), self._parts.now())
        await self._background.pause(health.INTERVAL if self._connected else _UNTIL_CONNECTED)


async def run(parts: Parts, token: str) -> None:
    """The bot serves until it is told to stop (SIGTERM, SIGINT), then finishes what is under way.

    Raises ConfigError where Discord refuses the token, DiscordUnusable where it can't be reached.
    """
    client = AmicusClient(parts)
    with _refusals_in_words(), _stopped_by_signals(client):
        async with client:
            await client.start(token)


async def sync_commands(parts: Parts, token: str) -> int:
    """The commands are registered with Discord now, changed or not; gives their number. Raises as `run` does."""
    with _refusals_in_words():
        async with AmicusClient(parts, serving=False) as client:
            await client.login(token)
            return await client.register_commands()


def _services(parts: Parts, workload: Workload, messages: Messages) -> Services:
    settings, records = parts.settings, parts.records
    limits = settings.limits
    book, preferences = parts.guilds, Preferences(records.members)
    log = QuestionLog(book, preferences, timedelta(days=settings.answer.record_days))
    return Services(
        answers=Answers(
            questions=parts.asker,
            articles=parts.store,
            records=records.answers,
            workload=workload,
            keep_for=log.keep_for,
            collections=book.collections,
        ),
        catalogue=parts.store,
        publications=Publications(parts.store),
        desk=parts.desk,
        feeds=parts.feeds,
        guilds=book,
        preferences=preferences,
        question_log=log,
        privacy=Privacy(records.members, preferences, parts.store),
        pending=records.pending,
        cards=records.cards,
        wanted=Wanted(records.wanted),
        messages=messages,
        library=settings.library,
        quota=Quota(
            member=Rate(limits.member_per_minute, limits.member_burst),
            guild=Rate(limits.guild_per_minute, limits.guild_burst),
            exempt=limits.exempt_members,
        ),
        suggestions=SuggestionQuota(limits.suggestions_per_day, exempt=limits.exempt_members),
        workload=workload,
        now=parts.now,
        per_page=settings.answer.evidence_per_page,
    )


def _retention(parts: Parts, services: Services) -> Retention:
    grace = timedelta(days=parts.settings.discord.guild_grace_days)
    return Retention(parts.records, services.guilds, services.question_log, parts.store, grace)


@contextmanager
def _stopped_by_signals(client: AmicusClient) -> Iterator[None]:
    """SIGTERM and SIGINT close the client, where the platform lets an event loop handle signals."""
    loop = asyncio.get_running_loop()
    closing: list[asyncio.Task[None]] = []

    def stop() -> None:
        if not closing:
            closing.append(loop.create_task(client.close()))

    handled = (signal.SIGTERM, signal.SIGINT)
    with suppress(NotImplementedError):
        for number in handled:
            loop.add_signal_handler(number, stop)
    try:
        yield
    finally:
        with suppress(NotImplementedError):
            for number in handled:
                loop.remove_signal_handler(number)


@contextmanager
def _refusals_in_words() -> Iterator[None]:
    """What Discord or the network refuses at the start becomes a message for the operator."""
    try:
        yield
    except discord.LoginFailure as error:
        raise _token_refused() from error
    except discord.PrivilegedIntentsRequired as error:
        raise DiscordUnusable("Discord refused the intents, although none that is privileged is asked for.") from error
    except discord.ConnectionClosed as error:
        if error.code == _AUTHENTICATION_FAILED:
            raise _token_refused() from error
        raise DiscordUnusable(f"Discord closed the connection for good (code {error.code}).") from error
    except discord.DiscordServerError as error:
        raise DiscordUnusable(f"Discord is not working at the moment (status {error.status}). Try later.") from error
    except OSError as error:
        raise DiscordUnusable(f"Discord can't be reached: {error}. Check the network, then start again.") from error


def _token_refused() -> ConfigError:
    remedy = "reset the token in the Developer Portal (Bot) and set the new one"
    return ConfigError(Fault("DISCORD_TOKEN", "was refused by Discord", remedy))
