"""The routes of the account, the guilds and the channels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.discord.calls import Answer, Call, Route
from tests.discord.faults import (
    EMPTY_MESSAGE,
    MISSING_ACCESS,
    MISSING_PERMISSIONS,
    NO_DIRECT_MESSAGES,
    OTHER_AUTHOR,
    UNKNOWN_MESSAGE,
    UNKNOWN_USER,
    ApiError,
)
from tests.discord.rules import IN_CHANNEL, edit_faults, is_empty, new_message_faults
from tests.discord.shapes import text
from tests.discord.world import Permission, member_json

if TYPE_CHECKING:
    from tests.discord.messages import Message
    from tests.discord.posting import Posting
    from tests.discord.state import State
    from tests.discord.world import Channel

MISSING = "Missing Permissions"


class Account:
    """The routes that say who the bot is and how to reach the gateway, and those of its guilds."""

    def __init__(self, state: State) -> None:
        self._state = state

    def routes(self) -> list[Route]:
        """Its routes."""
        return [
            Route("GET", "/gateway", self._gateway, open_to_all=True),
            Route("GET", "/gateway/bot", self._gateway_bot),
            Route("GET", "/users/@me", self._me),
            Route("GET", "/users/@me/guilds", self._guilds),
            Route("DELETE", "/users/@me/guilds/{guild_id}", self._leave),
            Route("POST", "/users/@me/channels", self._direct),
            Route("GET", "/users/{user_id}", self._user),
            Route("GET", "/applications/@me", self._application),
            Route("GET", "/oauth2/applications/@me", self._application),
            Route("GET", "/guilds/{guild_id}", self._guild),
            Route("GET", "/guilds/{guild_id}/channels", self._channels),
            Route("GET", "/guilds/{guild_id}/members/{user_id}", self._member),
        ]

    async def _gateway(self, _call: Call) -> Answer:
        return Answer({"url": self._state.gateway_url})

    async def _gateway_bot(self, _call: Call) -> Answer:
        limit = {"total": 1000, "remaining": 999, "reset_after": 14_400_000, "max_concurrency": 1}
        return Answer({"url": self._state.gateway_url, "shards": 1, "session_start_limit": limit})

    async def _me(self, _call: Call) -> Answer:
        return Answer({**self._state.bot.json(), "verified": True, "mfa_enabled": False, "flags": 0, "email": None})

    async def _guilds(self, _call: Call) -> Answer:
        return Answer(
            [
                {
                    "id": str(guild.id),
                    "name": guild.name,
                    "icon": None,
                    "owner": False,
                    "permissions": str(int(guild.app_permissions)),
                    "features": [],
                }
                for guild in self._state.present_guilds()
            ]
        )

    async def _leave(self, call: Call) -> Answer:
        self._state.guild(call.number("guild_id")).removed = True
        return Answer(None, 204)

    async def _direct(self, call: Call) -> Answer:
        call.accept()
        wanted = text(call.json.get("recipient_id")) or str(call.json.get("recipient_id"))
        for user in self._state.users.values():
            if str(user.id) == wanted:
                return Answer(self._state.direct_channel(user).json())
        raise ApiError(404, UNKNOWN_USER, "Unknown User")

    async def _user(self, call: Call) -> Answer:
        for user in (self._state.bot, *self._state.users.values()):
            if user.id == call.number("user_id"):
                return Answer(user.json())
        raise ApiError(404, UNKNOWN_USER, "Unknown User")

    async def _application(self, _call: Call) -> Answer:
        return Answer(
            {
                "id": str(self._state.application_id),
                "name": self._state.bot.name,
                "icon": None,
                "description": "",
                "bot_public": True,
                "bot_require_code_grant": False,
                "owner": self._state.developer.json(),
                "bot": self._state.bot.json(),
                "verify_key": "0" * 64,
                "team": None,
                "flags": 0,
                "tags": [],
                "redirect_uris": [],
                "interactions_endpoint_url": None,
                "approximate_guild_count": len(self._state.present_guilds()),
                "integration_types_config": {"0": {}},
                "summary": "",
            }
        )

    async def _guild(self, call: Call) -> Answer:
        return Answer(self._state.guild(call.number("guild_id")).json(self._state.bot))

    async def _channels(self, call: Call) -> Answer:
        return Answer([one.json() for one in self._state.guild(call.number("guild_id")).channels if not one.is_thread])

    async def _member(self, call: Call) -> Answer:
        guild = self._state.guild(call.number("guild_id"))
        if call.number("user_id") == self._state.bot.id:
            return Answer(guild.bot_member(self._state.bot))
        for user in self._state.users.values():
            if user.id == call.number("user_id"):
                return Answer(member_json(user))
        raise ApiError(404, UNKNOWN_USER, "Unknown User")


class Channels:
    """The routes below ``/channels``."""

    def __init__(self, state: State, posting: Posting) -> None:
        self._state = state
        self._posting = posting

    def routes(self) -> list[Route]:
        """Its routes."""
        base = "/channels/{channel_id}"
        return [
            Route("GET", base, self._get),
            Route("POST", f"{base}/typing", self._typing),
            Route("GET", f"{base}/messages", self._history),
            Route("POST", f"{base}/messages", self._send),
            Route("GET", f"{base}/messages/{{message_id}}", self._message),
            Route("PATCH", f"{base}/messages/{{message_id}}", self._edit),
            Route("DELETE", f"{base}/messages/{{message_id}}", self._delete),
        ]

    def _channel(self, call: Call, *needed: Permission) -> Channel:
        channel = self._state.channel(call.number("channel_id"))
        if channel.guild is None:
            return channel
        if channel.guild.app_permissions & Permission.ADMINISTRATOR:
            return channel
        has = channel.guild.app_permissions & ~channel.denied
        if not has & Permission.VIEW_CHANNEL:
            raise ApiError(403, MISSING_ACCESS, "Missing Access")
        if any(not has & one for one in needed):
            raise ApiError(403, MISSING_PERMISSIONS, MISSING)
        return channel

    def _may_write(self, call: Call) -> Channel:
        channel = self._state.channel(call.number("channel_id"))
        if channel.recipient is not None and channel.recipient.id in self._state.refusing:
            raise ApiError(403, NO_DIRECT_MESSAGES, "Cannot send messages to this user")
        needed = Permission.SEND_MESSAGES_IN_THREADS if channel.is_thread else Permission.SEND_MESSAGES
        return self._channel(call, needed)

    def _find(self, call: Call) -> Message:
        """The message; an ephemeral one is out of reach here, as it is on Discord."""
        channel = self._channel(call)
        message = self._state.messages.get(call.number("message_id"))
        if message is None or message.deleted or message.ephemeral or message.channel is not channel:
            raise ApiError(404, UNKNOWN_MESSAGE, "Unknown Message")
        return message

    async def _get(self, call: Call) -> Answer:
        return Answer(self._channel(call).json())

    async def _typing(self, call: Call) -> Answer:
        self._may_write(call)
        return Answer(None, 204)

    async def _history(self, call: Call) -> Answer:
        channel = self._channel(call, Permission.READ_MESSAGE_HISTORY)
        found = [
            one
            for one in self._state.messages.values()
            if one.channel is channel and not (one.deleted or one.ephemeral)
        ]
        limit = int(call.query.get("limit", "50"))
        return Answer([one.json() for one in sorted(found, key=lambda one: -one.id)[:limit]])

    async def _send(self, call: Call) -> Answer:
        channel = self._may_write(call)
        call.accept(new_message_faults(call.json, IN_CHANNEL, files=len(call.uploads)))
        twin = self._same_nonce(call, channel)
        if twin is not None:
            return Answer(twin.json())
        message = self._posting.draft(channel, call.json, call.uploads)
        if is_empty(message.json()):
            raise ApiError(400, EMPTY_MESSAGE, "Cannot send an empty message")
        return Answer(self._state.store(message).json())

    def _same_nonce(self, call: Call, channel: Channel) -> Message | None:
        """With ``enforce_nonce`` a message that has been sent already is not sent again."""
        if call.json.get("enforce_nonce") is not True:
            return None
        same = [
            one for one in self._state.messages.values() if one.channel is channel and one.nonce == call.json["nonce"]
        ]
        return same[-1] if same else None

    async def _message(self, call: Call) -> Answer:
        return Answer(self._find(call).json())

    async def _edit(self, call: Call) -> Answer:
        message = self._find(call)
        if message.author is not self._state.bot:
            raise ApiError(403, OTHER_AUTHOR, "Cannot edit a message authored by another user")
        call.accept(edit_faults(call.json, message.json(), files=len(call.uploads)))
        self._posting.edit(message, call.json, call.uploads)
        return Answer(message.json())

    async def _delete(self, call: Call) -> Answer:
        message = self._find(call)
        if message.author is not self._state.bot:
            self._channel(call, Permission.MANAGE_MESSAGES)
        message.deleted = True
        return Answer(None, 204)
