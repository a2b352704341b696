"""Who may do what, by the permissions and roles that Discord tells with every interaction. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.guildsettings import GuildSettings


def may_moderate(
    *, manage_messages: bool, administrator: bool, role_ids: Collection[int], settings: GuildSettings
) -> bool:
    """Whether a member with these permissions and roles may change the guild's articles."""
    return manage_messages or administrator or settings.moderator_role in role_ids


def may_set_up(*, manage_guild: bool, administrator: bool) -> bool:
    """Whether a member with these permissions may change the guild's settings."""
    return manage_guild or administrator


def may_edit_library(
    member_id: int, guild_id: int | None, *, moderator: bool, guilds: Collection[int], editors: Collection[int]
) -> bool:
    """Whether the member may change the library from here.

    They may as one of the `editors`, moderator or not, in direct messages too; else as a moderator of one of `guilds`.
    """
    return member_id in editors or (moderator and guild_id in guilds)
