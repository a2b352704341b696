"""Everything the stand-in knows, shared by its gateway, its REST routes and the driver."""

from __future__ import annotations

import asyncio
import mimetypes
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from tests.discord.clock import Clock
from tests.discord.faults import UNKNOWN_CHANNEL, UNKNOWN_GUILD, ApiError, Fault, Violation
from tests.discord.world import Channel, ChannelKind, Guild, Role, User

if TYPE_CHECKING:
    from tests.discord.interactions import Interaction
    from tests.discord.messages import Message
    from tests.discord.shapes import Json, JsonDict, JsonValue


@dataclass(frozen=True, slots=True)
class Request:
    """One request that the bot made, with its route's template, the answer's status, and how long it took."""

    method: str
    path: str
    template: str
    status: int
    ms: float
    body: JsonValue = None


@dataclass(frozen=True, slots=True)
class Ping:
    """A mention that would have rung somebody."""

    message: Message
    mention: str


class State:
    """The world and its record."""

    def __init__(self, token: str) -> None:
        self.clock = Clock()
        self.token = token
        self.base = ""
        self.gateway_url = ""
        self.bot = User(self.clock.snowflake(), "amicus", bot=True)
        self.developer = User(self.clock.snowflake(), "developer")
        self.users: dict[str, User] = {}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.roles: dict[int, Role] = {}
        self.messages: dict[int, Message] = {}
        self.interactions: dict[str, Interaction] = {}
        self.commands: dict[int | None, list[JsonDict]] = {}
        self.files: dict[int, bytes] = {}
        self.refusing: set[int] = set()
        self.violations: list[Violation] = []
        self.requests: list[Request] = []
        self.pings: list[Ping] = []
        self.recorded = asyncio.Condition()
        # How long the driver waits, by the machine's clock; Discord itself gives 3 s and 15 minutes.
        self.ack_timeout_s = 4.0
        self.settle_timeout_s = 15.0

    @property
    def application_id(self) -> int:
        """The application's id, the same as its bot user's."""
        return self.bot.id

    def user(self, name: str, locale: str = "en-US", *, bot: bool = False) -> User:
        """The user of this name, made at first mention."""
        if name not in self.users:
            self.users[name] = User(self.clock.snowflake(), name, locale, bot)
        return self.users[name]

    def add_guild(self, name: str, *, locale: str, app_permissions: int, channels: tuple[str, ...]) -> Guild:
        """A guild with these text channels, owned by a user made for it."""
        owner = self.user(f"owner of {name}")
        number, role = self.clock.snowflake(), self.clock.snowflake()
        guild = Guild(number, name, owner, locale, app_permissions, role)
        self.guilds[guild.id] = guild
        for channel in channels:
            self.add_channel(guild, channel)
        return guild

    def add_channel(self, guild: Guild, name: str, kind: ChannelKind = ChannelKind.TEXT) -> Channel:
        """A channel of the guild."""
        channel = Channel(self.clock.snowflake(), name, kind, guild)
        guild.channels.append(channel)
        self.channels[channel.id] = channel
        return channel

    def add_thread(self, parent: Channel, name: str) -> Channel:
        """A public thread below the channel."""
        thread = Channel(self.clock.snowflake(), name, ChannelKind.THREAD, parent.guild, parent)
        if parent.guild is not None:
            parent.guild.channels.append(thread)
        self.channels[thread.id] = thread
        return thread

    def direct_channel(self, user: User) -> Channel:
        """The direct message channel between the bot and this user, made at first mention."""
        for channel in self.channels.values():
            if channel.recipient is not None and channel.recipient.id == user.id:
                return channel
        channel = Channel(self.clock.snowflake(), user.name, ChannelKind.DIRECT, recipient=user)
        self.channels[channel.id] = channel
        return channel

    def guild(self, guild_id: int) -> Guild:
        """The guild, if the bot is in it; ApiError 10004 else."""
        guild = self.guilds.get(guild_id)
        if guild is None or guild.removed:
            raise ApiError(404, UNKNOWN_GUILD, "Unknown Guild")
        return guild

    def channel(self, channel_id: int) -> Channel:
        """The channel, if the bot can know it; ApiError 10003 else."""
        channel = self.channels.get(channel_id)
        if channel is None or (channel.guild is not None and channel.guild.removed):
            raise ApiError(404, UNKNOWN_CHANNEL, "Unknown Channel")
        return channel

    def present_guilds(self) -> list[Guild]:
        """The guilds that the bot is in."""
        return [guild for guild in self.guilds.values() if not guild.removed]

    def new_token(self) -> str:
        """A fresh interaction token."""
        return secrets.token_urlsafe(64)

    def violated(self, method: str, path: str, fault: Fault) -> None:
        """The broken rule is on record."""
        self.violations.append(Violation(method, path, fault.where, fault.code, fault.message))

    def store(self, message: Message) -> Message:
        """The message is in the world, and what it would ring is on record."""
        self.messages[message.id] = message
        self.rang(message)
        return message

    def rang(self, message: Message) -> None:
        """What the message would ring is on record."""
        self.pings.extend(Ping(message, mention) for mention in message.pings)

    def keep_file(self, name: str, data: bytes) -> JsonDict:
        """The file is kept and can be fetched; returns its attachment object."""
        number = self.clock.snowflake()
        self.files[number] = data
        address = f"{self.base}/attachments/{number}/{quote(name)}"
        return {
            "id": str(number),
            "filename": name,
            "size": len(data),
            "url": address,
            "proxy_url": address,
            "content_type": mimetypes.guess_type(name)[0] or "application/octet-stream",
        }

    def command(self, name: str, kind: int, guild: Guild | None) -> Json | None:
        """The registered command of this name and type that is offered in the guild (None: in direct messages)."""
        for scope in ([guild.id] if guild else []) + [None]:
            for command in self.commands.get(scope, []):
                if command["name"] == name and command.get("type", 1) == kind:
                    return command
        return None
