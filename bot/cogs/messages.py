"""The bot's own messages, outside of any interaction: posted in a channel, changed later, told to one member."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

import discord
import structlog

from bot.records.model import MessagePlace

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from bot.views.buttons import Layout

# Topics → Opcodes and Status Codes, "JSON Error Codes".
_REASONS: Final = {
    10003: "the channel is no more",
    10008: "the message is no more",
    30046: "Discord lets old messages be changed only so often",
    50001: "I may not see the channel (View Channel)",
    50007: "this member takes no direct messages from me",
    50013: "I may not write in the channel (Send Messages)",
    50083: "the thread is archived",
}
CHANNEL_GONE: Final = "channel"
T = TypeVar("T")

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Unreachable:
    """Nothing was sent or changed; `reason` says why, as part of a sentence."""

    reason: str


class Messages:
    """Sends and changes messages as the bot itself."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client

    async def post(self, channel_id: int, layout: Layout) -> MessagePlace | Unreachable:
        """The layout stands in the channel."""
        posted = await _reached("posted", self._client.get_partial_messageable(channel_id).send(view=layout))
        return posted if isinstance(posted, Unreachable) else MessagePlace(channel_id, posted.id)

    async def edit(self, place: MessagePlace, layout: Layout) -> Unreachable | None:
        """The bot's message there shows the layout; not one that only a member sees: such a one can't be reached."""
        message = self._client.get_partial_messageable(place.channel_id).get_partial_message(place.message_id)
        # An edit doesn't take what the client allows.
        editing = message.edit(view=layout, allowed_mentions=discord.AllowedMentions.none())
        edited = await _reached("edited", editing)
        return edited if isinstance(edited, Unreachable) else None

    async def tell(self, member_id: int, layout: Layout) -> MessagePlace | Unreachable:
        """The member has the layout as a direct message."""
        return await _reached("told", self._told(member_id, layout))

    async def _told(self, member_id: int, layout: Layout) -> MessagePlace:
        channel = await self._client.create_dm(discord.Object(member_id))
        message = await channel.send(view=layout)
        return MessagePlace(channel.id, message.id)

    def lacks(self, guild_id: int, channel_id: int) -> tuple[str, ...]:
        """The permission that the bot lacks first to post there, as Discord's settings name it; from memory.

        `CHANNEL_GONE` alone where there is no such channel that messages can stand in.
        """
        guild = self._client.get_guild(guild_id)
        channel = guild.get_channel_or_thread(channel_id) if guild else None
        if guild is None or not isinstance(channel, discord.abc.Messageable):
            return (CHANNEL_GONE,)
        may = channel.permissions_for(guild.me)
        if not may.view_channel:
            return ("View Channel",)
        if isinstance(channel, discord.Thread):
            return () if may.send_messages_in_threads else ("Send Messages in Threads",)
        return () if may.send_messages else ("Send Messages",)


async def _reached(what: str, work: Awaitable[T]) -> T | Unreachable:
    """What the work gives, or why Discord did not take it."""
    try:
        return await work
    except discord.HTTPException as error:
        _log.warning("message.unreachable", wanted=what, status=error.status, code=error.code)
        return Unreachable(_REASONS.get(error.code, f"Discord refused it (code {error.code})"))
    except Exception as error:  # noqa: BLE001 - the library lets the network's errors through as they are, of many kinds
        _log.warning("message.unreachable", wanted=what, error=type(error).__name__)
        return Unreachable("Discord could not be reached")
