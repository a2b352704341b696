"""The wanted list in the database: each change is one transaction with its entry in the audit record.

Entries name a topic by its number: they outlive what the members who asked have erased.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from bot.records.tables import wanted, wanted_by
from bot.wanted import Requested, Topic, TopicNotFound, TopicState
from corpus.collection import Collection
from corpus.errors import Conflict
from corpus.store.audit import write_entry

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.records.database import Database

_of = wanted.c
_SHOWN = (
    *(_of.id, _of.guild_id, _of.topic, _of.count, _of.first_at, _of.last_at),
    *(_of.state, _of.decided_by, _of.decided_at),
)


class WantedRecords:
    """The topics in the database. Times are aware and passed in."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def request(self, text: str, terms: str, member_id: int, guild_id: int, now: datetime) -> Requested:
        """The member is one of those who want the open topic with these `terms`, which is made where there is none."""
        async with self._database.transaction() as connection:
            topic_id = await _open_topic(connection, text, terms, guild_id, now)
            wish = insert(wanted_by).values(wanted_id=topic_id, member_id=member_id, at=now).on_conflict_do_nothing()
            new = (await connection.execute(wish)).rowcount == 1
            if new:
                await connection.execute(update(wanted).where(_of.id == topic_id).values(last_at=now))
                await count_again(connection, [topic_id])
                by, collection = f"discord:{member_id}", Collection(guild_id)
                await write_entry(connection, collection, by, now, "request", detail=_called(topic_id))
            return Requested(await _one(connection, topic_id, guild_id), new)

    async def listed(self, guild_id: int, *, limit: int, offset: int) -> list[Topic]:
        """The open topics: those most asked for first, then those asked for last."""
        query = select(*_SHOWN).where(_of.guild_id == guild_id, _of.state == TopicState.OPEN.value)
        query = query.order_by(_of.count.desc(), _of.last_at.desc(), _of.id.desc()).limit(limit).offset(offset)
        async with self._database.view() as connection:
            return [_topic(row) for row in await connection.execute(query)]

    async def length(self, guild_id: int) -> int:
        """The number of open topics."""
        query = select(func.count()).where(_of.guild_id == guild_id, _of.state == TopicState.OPEN.value)
        async with self._database.view() as connection:
            return (await connection.execute(query)).scalar_one()

    async def find(self, topic_id: int, guild_id: int) -> Topic:
        """The topic; raises TopicNotFound."""
        async with self._database.view() as connection:
            return await _one(connection, topic_id, guild_id)

    async def decide(self, topic_id: int, guild_id: int, state: TopicState, by: str, now: datetime) -> Topic:
        """The topic is in this state; raises TopicNotFound, or Conflict where it is not open any more."""
        async with self._database.transaction() as connection:
            before = await _one(connection, topic_id, guild_id)
            if before.state is not TopicState.OPEN:
                message = f"this request was marked as {before.state.value} by somebody else meanwhile"
                raise Conflict(message)
            values = {"state": state.value, "decided_by": by, "decided_at": now}
            await connection.execute(update(wanted).where(_of.id == topic_id).values(values))
            action, detail = f"wanted {state.value}", _called(topic_id)
            await write_entry(connection, Collection(guild_id), by, now, action, detail=detail)
            return await _one(connection, topic_id, guild_id)

    async def purge(self, before: datetime) -> int:
        """Topics that were decided on by then are erased with who asked for them; gives their number."""
        decided = delete(wanted).where(_of.decided_at <= before)
        async with self._database.transaction() as connection:
            return (await connection.execute(decided)).rowcount


async def count_again(connection: AsyncConnection, topic_ids: Sequence[int]) -> None:
    """The topics' counts are the numbers of members who want them."""
    members = select(func.count()).where(wanted_by.c.wanted_id == _of.id).scalar_subquery()
    await connection.execute(update(wanted).where(_of.id.in_(topic_ids)).values(count=members))


async def _open_topic(connection: AsyncConnection, text: str, terms: str, guild_id: int, now: datetime) -> int:
    same = (_of.guild_id == guild_id) & (_of.terms == terms) & (_of.state == TopicState.OPEN.value)
    known: int | None = (await connection.execute(select(_of.id).where(same))).scalar_one_or_none()
    if known is not None:
        return known
    values = {"guild_id": guild_id, "topic": text, "terms": terms, "state": TopicState.OPEN.value}
    made = insert(wanted).values(**values, count=0, first_at=now, last_at=now).returning(_of.id)
    number: int = (await connection.execute(made)).scalar_one()
    return number


async def _one(connection: AsyncConnection, topic_id: int, guild_id: int) -> Topic:
    query = select(*_SHOWN).where(_of.id == topic_id, _of.guild_id == guild_id)
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        message = f"no request with the number {topic_id}"
        raise TopicNotFound(message)
    return _topic(row)


def _topic(row: Row[int, int, str, int, datetime, datetime, str, str, datetime]) -> Topic:
    topic_id, guild_id, text, count, first_at, last_at, state, decided_by, decided_at = row
    return Topic(topic_id, guild_id, text, count, first_at, last_at, TopicState(state), decided_by, decided_at)


def _called(topic_id: int) -> str:
    return f"request {topic_id}"
