"""The guilds that the bot was in: known when it joins, marked when it left, also when nobody was looking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.sqlite import insert

from bot.records.tables import (
    answer_record,
    guild_setting,
    known_guild,
    pending,
    quoting_message,
    review_card,
    wanted,
)

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from bot.records.database import Database


class GuildRecords:
    """The guilds in the database. Times are aware and passed in."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def reconcile(self, present: Collection[int], now: datetime) -> tuple[int, ...]:
        """`present` are known as joined, all others as left; gives those that left since the last time, ascending."""
        async with self._database.transaction() as connection:
            there = select(known_guild.c.id).where(known_guild.c.left_at.is_(None))
            remembered = set((await connection.execute(there)).scalars())
            gone, new = sorted(remembered - set(present)), sorted(set(present) - remembered)
            if gone:
                left = update(known_guild).where(known_guild.c.id.in_(gone)).values(left_at=now)
                await connection.execute(left)
            if new:
                joined = insert(known_guild).on_conflict_do_update(
                    index_elements=[known_guild.c.id], set_={"joined_at": now, "left_at": None}
                )
                await connection.execute(joined, [{"id": guild, "joined_at": now} for guild in new])
        return tuple(gone)

    async def joined(self, guild_id: int, now: datetime) -> None:
        """The guild is known; a return counts as a new beginning."""
        joined = insert(known_guild).values(id=guild_id, joined_at=now)
        joined = joined.on_conflict_do_update(
            index_elements=[known_guild.c.id],
            set_={"joined_at": now, "left_at": None},
            where=known_guild.c.left_at.is_not(None),
        )
        async with self._database.transaction() as connection:
            await connection.execute(joined)

    async def left(self, guild_id: int, now: datetime) -> None:
        """The guild is marked as left."""
        left = update(known_guild).where(known_guild.c.id == guild_id, known_guild.c.left_at.is_(None))
        async with self._database.transaction() as connection:
            await connection.execute(left.values(left_at=now))

    async def known(self) -> dict[int, datetime | None]:
        """All guilds ever met, each with the moment it was left, or None."""
        query = select(known_guild.c.id, known_guild.c.left_at).order_by(known_guild.c.id)
        async with self._database.view() as connection:
            return dict(iter(await connection.execute(query)))

    async def longest_gone(self, before: datetime) -> int | None:
        """The guild that was left first, and by then; None when there is none."""
        of = known_guild.c
        query = select(of.id).where(of.left_at <= before).order_by(of.left_at, of.id).limit(1)
        async with self._database.view() as connection:
            return (await connection.execute(query)).scalar_one_or_none()

    async def erase(self, guild_id: int, before: datetime) -> bool:
        """All that is remembered of the guild is erased, and that it was known; False where it has come back."""
        of = known_guild.c
        async with self._database.transaction() as connection:
            gone = delete(known_guild).where(of.id == guild_id, of.left_at <= before)
            if (await connection.execute(gone)).rowcount == 0:
                return False
            for table in (answer_record, quoting_message, wanted, guild_setting, pending, review_card):
                await connection.execute(delete(table).where(table.c.guild_id == guild_id))
        return True
