"""What a private message of ours needs for its next press, kept for a day."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import ColumnElement, delete, select, true

from bot.records.tables import pending

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.records.database import Database

PENDING_KEPT: Final = timedelta(days=1)
PENDING_MOST_CHARS: Final = 65_536
"""The most that is kept for one message: sixteen times the text that a message can have."""


@dataclass(frozen=True, slots=True)
class Pending:
    """What was kept. `id` is 16 hexadecimal digits that can't be guessed; `guild_id` is None in direct messages."""

    id: str
    kind: str
    content: dict[str, object]
    member_id: int
    guild_id: int | None
    expires_at: datetime


class PendingRecords:
    """What is kept, in the database. Whose it is not, or who is elsewhere, doesn't find it. Times are aware."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(
        self, kind: str, content: Mapping[str, object], member_id: int, guild_id: int | None, now: datetime
    ) -> str:
        """The content, which can be written as JSON, is kept; gives its id. Raises ValueError where it is too long."""
        if len(json.dumps(content)) > PENDING_MOST_CHARS:
            message = f"at most {PENDING_MOST_CHARS:,} characters of JSON are kept for a message"
            raise ValueError(message)
        record_id = secrets.token_hex(8)
        row = {
            "id": record_id,
            "guild_id": guild_id,
            "member_id": member_id,
            "kind": kind,
            "content": dict(content),
            "expires_at": now + PENDING_KEPT,
        }
        async with self._database.transaction() as connection:
            await connection.execute(pending.insert(), row)
        return record_id

    async def get(self, record_id: str, member_id: int, guild_id: int | None, now: datetime) -> Pending | None:
        """What is kept under this id; None where there is nothing (any more)."""
        async with self._database.view() as connection:
            return await _found(connection, _theirs(record_id, member_id, guild_id, now))

    async def take(self, record_id: str, member_id: int, guild_id: int | None, now: datetime) -> Pending | None:
        """What was kept under this id, from now on no more: a double press gets None."""
        theirs = _theirs(record_id, member_id, guild_id, now)
        async with self._database.transaction() as connection:
            found = await _found(connection, theirs)
            await connection.execute(delete(pending).where(theirs))
        return found

    async def forget(self, kinds: Collection[str], guild_id: int | None) -> int:
        """What is kept of these kinds in the guild (None: anywhere) is erased; gives its number."""
        of = pending.c
        there = true() if guild_id is None else of.guild_id == guild_id
        async with self._database.transaction() as connection:
            return (await connection.execute(delete(pending).where(of.kind.in_(kinds), there))).rowcount

    async def purge(self, now: datetime) -> int:
        """What has expired is erased; gives its number."""
        async with self._database.transaction() as connection:
            return (await connection.execute(delete(pending).where(pending.c.expires_at <= now))).rowcount


def _theirs(record_id: str, member_id: int, guild_id: int | None, now: datetime) -> ColumnElement[bool]:
    of = pending.c
    here = of.guild_id.is_(None) if guild_id is None else of.guild_id == guild_id
    return (of.id == record_id) & (of.member_id == member_id) & here & (of.expires_at > now)


async def _found(connection: AsyncConnection, which: ColumnElement[bool]) -> Pending | None:
    of = pending.c
    query = select(of.id, of.kind, of.content, of.member_id, of.guild_id, of.expires_at).where(which)
    row = (await connection.execute(query)).one_or_none()
    return Pending(*row) if row else None
