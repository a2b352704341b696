"""What is remembered of single members: counted, read in full, erased; and what they prefer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from bot.records.answers import record_of
from bot.records.tables import answer_record, guild_setting, member_preference, pending, vote, wanted, wanted_by
from bot.records.wanted import count_again
from corpus.store.audit import rename_actor

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Table
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.records.database import Database
    from bot.records.model import AnswerRecord


@dataclass(frozen=True, slots=True)
class Counts:
    """How much is kept of a member. `records` are pairs of guild (None: direct messages) and number."""

    records: tuple[tuple[int | None, int], ...]
    votes: int
    requests: int
    pending: int


@dataclass(frozen=True, slots=True)
class Voted:
    """A vote: in which guild (None: in direct messages), when (aware, UTC), what."""

    guild_id: int | None
    at: datetime
    helpful: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: in which guild, when (aware, UTC), what for, and what has become of it."""

    guild_id: int
    at: datetime
    topic: str
    state: str


@dataclass(frozen=True, slots=True)
class Noted:
    """What one of our private messages to the member keeps for its next press."""

    kind: str
    content: object
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Everything:
    """All that is kept of a member here, oldest first."""

    records: tuple[AnswerRecord, ...]
    votes: tuple[Voted, ...]
    requests: tuple[Asked, ...]
    pending: tuple[Noted, ...]


@dataclass(frozen=True, slots=True)
class Erased:
    """How much was erased, and how many entries of the audit record and articles now name the pseudonym instead."""

    records: int
    votes: int
    requests: int
    pending: int
    renamed: int


class MemberRecords:
    """The members in the database. Times are aware and passed in."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def unlogged(self) -> set[int]:
        """The members who opted out of the question log."""
        query = select(member_preference.c.member_id).where(~member_preference.c.question_log)
        async with self._database.view() as connection:
            return set((await connection.execute(query)).scalars())

    async def choose(self, member_id: int, now: datetime, *, question_log: bool) -> None:
        """The member's questions are remembered, or not longer than their buttons need."""
        values = {"question_log": question_log, "at": now}
        chosen = insert(member_preference).values(member_id=member_id, **values)
        chosen = chosen.on_conflict_do_update(index_elements=[member_preference.c.member_id], set_=values)
        async with self._database.transaction() as connection:
            await connection.execute(chosen)

    async def counts(self, member_id: int) -> Counts:
        """How much is kept of the member."""
        of = answer_record.c
        by_guild = select(of.guild_id, func.count()).where(of.asker_id == member_id).group_by(of.guild_id)
        async with self._database.view() as connection:
            records = tuple(iter(await connection.execute(by_guild.order_by(of.guild_id))))
            return Counts(
                tuple((guild_id, count) for guild_id, count in records),
                votes=await _count(connection, vote, member_id),
                requests=await _count(connection, wanted_by, member_id),
                pending=await _count(connection, pending, member_id),
            )

    async def everything(self, member_id: int) -> Everything:
        """All that is kept of the member."""
        of, theirs = answer_record.c, pending.c
        records = select(answer_record).where(of.asker_id == member_id).order_by(of.created_at, of.id)
        votes = select(of.guild_id, vote.c.at, vote.c.helpful).join_from(vote, answer_record)
        requests = select(wanted.c.guild_id, wanted_by.c.at, wanted.c.topic, wanted.c.state)
        requests = requests.join_from(wanted_by, wanted).where(wanted_by.c.member_id == member_id)
        notes = select(theirs.kind, theirs.content, theirs.expires_at).where(theirs.member_id == member_id)
        async with self._database.view() as connection:
            return Everything(
                tuple(map(record_of, await connection.execute(records))),
                tuple(
                    Voted(*row)
                    for row in await connection.execute(votes.where(vote.c.member_id == member_id).order_by(vote.c.at))
                ),
                tuple(Asked(*row) for row in await connection.execute(requests.order_by(wanted_by.c.at))),
                tuple(Noted(*row) for row in await connection.execute(notes.order_by(theirs.expires_at))),
            )

    async def erase(self, member_id: int, actor: str, pseudonym: str) -> Erased:
        """All that is kept of the member is erased, and the `actor` has the `pseudonym` instead, in one transaction.

        What they asked for counts one less, and is gone where nobody else did. The opt-out of the question log stays.
        """
        async with self._database.transaction() as connection:
            chosen = member_preference.c
            standard = delete(member_preference).where(chosen.member_id == member_id, chosen.question_log)
            await connection.execute(standard)
            return Erased(
                votes=await _erase(connection, vote, member_id),
                records=(
                    await connection.execute(delete(answer_record).where(answer_record.c.asker_id == member_id))
                ).rowcount,
                requests=await _erase_requests(connection, member_id),
                pending=await _erase(connection, pending, member_id),
                renamed=await _rename(connection, actor, pseudonym),
            )


async def _count(connection: AsyncConnection, table: Table, member_id: int) -> int:
    query = select(func.count()).where(table.c.member_id == member_id)
    return (await connection.execute(query)).scalar_one()


async def _erase(connection: AsyncConnection, table: Table, member_id: int) -> int:
    return (await connection.execute(delete(table).where(table.c.member_id == member_id))).rowcount


async def _erase_requests(connection: AsyncConnection, member_id: int) -> int:
    theirs = select(wanted_by.c.wanted_id).where(wanted_by.c.member_id == member_id)
    topics = list((await connection.execute(theirs)).scalars())
    erased = await _erase(connection, wanted_by, member_id)
    for topic in topics:
        await count_again(connection, [topic])
        await connection.execute(delete(wanted).where(wanted.c.id == topic, wanted.c.count == 0))
    return erased


async def _rename(connection: AsyncConnection, actor: str, pseudonym: str) -> int:
    for column in (wanted.c.decided_by, guild_setting.c.changed_by):
        await connection.execute(update(column.table).where(column == actor).values({column: pseudonym}))
    return await rename_actor(connection, actor, pseudonym)
