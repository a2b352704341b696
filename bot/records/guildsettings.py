"""The settings of guilds: read all at once, changed one guild at a time with an entry in the audit record."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, TypedDict

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from bot.guildsettings import STANDARD, GuildSettings
from bot.records.tables import guild_setting
from corpus.collection import Collection
from corpus.store.audit import write_entry

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.records.database import Database


class SettingsForm(TypedDict, total=False):
    """Settings as JSON. Settings of earlier versions lack what came later."""

    moderator_role: int | None
    review_channel: int | None
    library: bool
    private: bool
    evidence_per_page: int | None
    languages: list[str]
    member_per_minute: int | None
    record_days: int | None
    question_log: bool


class GuildSettingRecords:
    """The settings in the database. Times are aware and passed in."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def every(self) -> dict[int, GuildSettings]:
        """The settings of all guilds in which something was set."""
        query = select(guild_setting.c.guild_id, guild_setting.c.content)
        async with self._database.view() as connection:
            return {guild_id: _settings(content) for guild_id, content in await connection.execute(query)}

    async def change(
        self, guild_id: int, change: Callable[[GuildSettings], GuildSettings], by: str, now: datetime
    ) -> GuildSettings:
        """What `change` makes of the stored settings is stored, with an entry that says what is different.

        Gives the settings as they are now; where nothing is different nothing is written.
        """
        async with self._database.transaction() as connection:
            before = await _stored(connection, guild_id)
            after = change(before)
            if differences := _differences(before, after):
                values = {"content": _form(after), "changed_at": now, "changed_by": by}
                stored = insert(guild_setting).values(guild_id=guild_id, **values)
                stored = stored.on_conflict_do_update(index_elements=[guild_setting.c.guild_id], set_=values)
                await connection.execute(stored)
                await write_entry(connection, Collection(guild_id), by, now, "settings", detail=differences)
        return after


async def _stored(connection: AsyncConnection, guild_id: int) -> GuildSettings:
    query = select(guild_setting.c.content).where(guild_setting.c.guild_id == guild_id)
    content: SettingsForm | None = (await connection.execute(query)).scalar_one_or_none()
    return STANDARD if content is None else _settings(content)


def _form(settings: GuildSettings) -> SettingsForm:
    return SettingsForm(
        moderator_role=settings.moderator_role,
        review_channel=settings.review_channel,
        library=settings.library,
        private=settings.private,
        evidence_per_page=settings.evidence_per_page,
        languages=list(settings.languages),
        member_per_minute=settings.member_per_minute,
        record_days=settings.record_days,
        question_log=settings.question_log,
    )


def _settings(form: SettingsForm) -> GuildSettings:
    return GuildSettings(
        moderator_role=form.get("moderator_role"),
        review_channel=form.get("review_channel"),
        library=form.get("library", True),
        private=form.get("private", False),
        evidence_per_page=form.get("evidence_per_page"),
        languages=tuple(form.get("languages", ())),
        member_per_minute=form.get("member_per_minute"),
        record_days=form.get("record_days"),
        question_log=form.get("question_log", True),
    )


def _differences(before: GuildSettings, after: GuildSettings) -> str:
    """What is different, as `name: before → after` with a semicolon between."""
    names = [field.name for field in fields(GuildSettings)]
    pairs = [(name, _shown(getattr(before, name)), _shown(getattr(after, name))) for name in names]
    return "; ".join(f"{name}: {one} → {other}" for name, one, other in pairs if one != other)


def _shown(value: object) -> str:
    if value is None or value == ():
        return "not set"
    if isinstance(value, bool):
        return "on" if value else "off"
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
