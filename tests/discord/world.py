"""The world that the stand-in plays: users, guilds, channels, threads, direct messages, and their JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, IntFlag
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.discord.shapes import Json, JsonDict, JsonValue

JOINED = "2025-01-01T00:00:00.000000+00:00"


class ChannelKind(IntEnum):
    """Channel types that the bot can meet."""

    TEXT = 0
    DIRECT = 1
    VOICE = 2
    ANNOUNCEMENT = 5
    THREAD = 11
    PRIVATE_THREAD = 12


class Permission(IntFlag):
    """The permissions that matter here, from "Permissions", section Bitwise Permission Flags."""

    KICK_MEMBERS = 1 << 1
    BAN_MEMBERS = 1 << 2
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_EXTERNAL_EMOJIS = 1 << 18
    MANAGE_ROLES = 1 << 28
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    SEND_MESSAGES_IN_THREADS = 1 << 38
    MODERATE_MEMBERS = 1 << 40


EVERYONE = (
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.USE_APPLICATION_COMMANDS
    | Permission.SEND_MESSAGES_IN_THREADS
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
)
EVERYTHING = Permission((1 << 53) - 1)
# "Interaction Object": what the application may do in a direct message with its own user.
IN_DIRECT_MESSAGE = (
    Permission.ATTACH_FILES | Permission.EMBED_LINKS | Permission.MENTION_EVERYONE | Permission.USE_EXTERNAL_EMOJIS
)


@dataclass(frozen=True, slots=True)
class User:
    """A person or the bot itself."""

    id: int
    name: str
    locale: str = "en-US"
    bot: bool = False

    @property
    def mention(self) -> str:
        """How a message names this user."""
        return f"<@{self.id}>"

    def json(self) -> Json:
        """The user object."""
        return {
            "id": str(self.id),
            "username": self.name,
            "discriminator": "0",
            "global_name": None if self.bot else self.name.title(),
            "avatar": None,
            "bot": self.bot,
            "system": False,
            "public_flags": 0,
        }


@dataclass(frozen=True, slots=True)
class Overwrite:
    """What a channel takes away from one member."""

    user_id: int
    deny: int

    def json(self) -> Json:
        """The overwrite object; type 1 is a member's."""
        return {"id": str(self.user_id), "type": 1, "allow": "0", "deny": str(int(self.deny))}


@dataclass(slots=True, eq=False)
class Channel:
    """A place where messages stand; ``guild`` is None for a direct message, ``parent`` is set for a thread."""

    id: int
    name: str
    kind: ChannelKind
    guild: Guild | None = None
    parent: Channel | None = None
    recipient: User | None = None
    overwrites: list[Overwrite] = field(default_factory=list)

    @property
    def denied(self) -> int:
        """What the channel, or the one that the thread is in, takes away from the bot."""
        denied = self.parent.denied if self.parent else 0
        for one in self.overwrites:
            denied |= one.deny
        return denied

    @property
    def is_thread(self) -> bool:
        """Whether this is a thread."""
        return self.kind in {ChannelKind.THREAD, ChannelKind.PRIVATE_THREAD}

    def json(self) -> Json:
        """The channel object, as partial as interactions carry it."""
        body: JsonDict = {"id": str(self.id), "type": int(self.kind), "flags": 0, "last_message_id": None}
        if self.recipient is not None:
            return {**body, "recipients": [self.recipient.json()]}
        body |= {"name": self.name, "guild_id": str(self.guild.id) if self.guild else None}
        if self.is_thread:
            return {**body, **self._thread_fields()}
        listed: list[JsonValue] = [one.json() for one in self.overwrites]
        return {**body, "position": 0, "permission_overwrites": listed, "nsfw": False, "topic": None, "parent_id": None}

    def _thread_fields(self) -> Json:
        return {
            "parent_id": str(self.parent.id) if self.parent else None,
            "owner_id": str(self.guild.owner.id) if self.guild else "0",
            "message_count": 0,
            "member_count": 1,
            "rate_limit_per_user": 0,
            "thread_metadata": {
                "archived": False,
                "auto_archive_duration": 1440,
                "archive_timestamp": JOINED,
                "locked": False,
            },
        }


@dataclass(slots=True, eq=False)
class Role:
    """A role of a guild."""

    id: int
    name: str
    permissions: int
    managed: bool = False

    def json(self) -> Json:
        """The role object."""
        return {
            "id": str(self.id),
            "name": self.name,
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "position": 0,
            "permissions": str(int(self.permissions)),
            "managed": self.managed,
            "mentionable": False,
            "flags": 0,
        }


@dataclass(slots=True, eq=False)
class Guild:
    """A guild that has the bot, unless ``removed``; ``app_permissions`` is what the bot may do in it.

    The bot has them by a role of its own, which ``bot_role_id`` names, and by what everyone may do.
    """

    id: int
    name: str
    owner: User
    locale: str = "en-US"
    app_permissions: int = EVERYONE
    bot_role_id: int = 0
    channels: list[Channel] = field(default_factory=list)
    roles: list[Role] = field(default_factory=list)
    removed: bool = False
    unavailable: bool = False

    @property
    def threads(self) -> list[Channel]:
        """Its threads."""
        return [channel for channel in self.channels if channel.is_thread]

    @property
    def first_channel(self) -> Channel:
        """The channel where members are unless a test says otherwise."""
        return self.channels[0]

    def own_roles(self) -> tuple[Role, Role]:
        """The role that everyone has and the bot's own, as far as they concern the bot."""
        everyone = Role(self.id, "@everyone", int(EVERYONE) & self.app_permissions)
        return everyone, Role(self.bot_role_id, "amicus", self.app_permissions, managed=True)

    def bot_member(self, bot: User) -> JsonDict:
        """The bot as a member."""
        return member_json(bot, roles=self.own_roles()[1:])

    def partial_json(self) -> Json:
        """The guild as interactions carry it."""
        return {"id": str(self.id), "locale": self.locale, "features": []}

    def json(self, bot: User) -> Json:
        """The guild as GUILD_CREATE carries it when only the bot itself is known of its members."""
        return {
            "id": str(self.id),
            "name": self.name,
            "icon": None,
            "owner_id": str(self.owner.id),
            "afk_timeout": 300,
            "verification_level": 0,
            "default_message_notifications": 1,
            "explicit_content_filter": 0,
            "roles": [role.json() for role in (*self.own_roles(), *self.roles)],
            "emojis": [],
            "stickers": [],
            "features": [],
            "mfa_level": 0,
            "system_channel_flags": 0,
            "premium_tier": 0,
            "premium_progress_bar_enabled": False,
            "preferred_locale": self.locale,
            "nsfw_level": 0,
            "joined_at": JOINED,
            "large": False,
            "member_count": 2,
            "voice_states": [],
            "members": [self.bot_member(bot)],
            "channels": [channel.json() for channel in self.channels if not channel.is_thread],
            "threads": [thread.json() for thread in self.threads],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
        }


def member_json(user: User, permissions: int | None = None, roles: tuple[Role, ...] = ()) -> JsonDict:
    """The guild member object; with permissions as interactions carry it."""
    body: JsonDict = {
        "user": user.json(),
        "nick": None,
        "avatar": None,
        "roles": [str(role.id) for role in roles],
        "joined_at": JOINED,
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "pending": False,
        "flags": 0,
        "communication_disabled_until": None,
    }
    if permissions is not None:
        body["permissions"] = str(int(permissions))
    return body
