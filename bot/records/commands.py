"""Which commands are registered with Discord: their digest, for each application."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from bot.records.tables import registered_commands

if TYPE_CHECKING:
    from datetime import datetime

    from bot.records.database import Database


class CommandRecords:
    """The digests in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def digest(self, application_id: int) -> str | None:
        """The digest of the commands last registered; None when none were."""
        of = registered_commands.c
        async with self._database.view() as connection:
            found = await connection.execute(select(of.digest).where(of.application_id == application_id))
            return found.scalar_one_or_none()

    async def registered(self, application_id: int, digest: str, now: datetime) -> None:
        """The commands of this digest are registered now (aware)."""
        values = {"digest": digest, "at": now}
        stored = insert(registered_commands).values(application_id=application_id, **values)
        stored = stored.on_conflict_do_update(index_elements=[registered_commands.c.application_id], set_=values)
        async with self._database.transaction() as connection:
            await connection.execute(stored)
