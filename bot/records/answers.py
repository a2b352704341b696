"""Records of answers and the votes on them: one writer's transaction or one reader's view a call."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.sqlite import insert

from bot.records import model
from bot.records.model import AnswerRecord
from bot.records.tables import answer_record, vote
from bot.sheet import Outcome

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Row

    from bot.records.database import Database


class Voted(StrEnum):
    """What a vote did."""

    FIRST = "first"
    CHANGED = "changed"
    SAME = "same"


class AnswerRecords:
    """The records in the database. Times are aware and passed in."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, record: AnswerRecord) -> None:
        """The record is stored."""
        row = {
            "id": record.id,
            "asker_id": record.asker_id,
            "guild_id": record.guild_id,
            "channel_id": record.channel_id,
            "private": record.private,
            "shared_at": record.shared_at,
            "outcome": record.outcome.value,
            "question": record.question,
            "scope": model.scope_form(record.filters),
            "content": model.content_form(record),
            "created_at": record.created_at,
            "expires_at": record.expires_at,
        }
        async with self._database.transaction() as connection:
            await connection.execute(answer_record.insert(), row)

    async def find(self, record_id: str, now: datetime) -> AnswerRecord | None:
        """The record; None when there is none or it has expired."""
        query = select(answer_record).where(answer_record.c.id == record_id, answer_record.c.expires_at > now)
        async with self._database.view() as connection:
            row = (await connection.execute(query)).one_or_none()
        return _record(row) if row else None

    async def claim_sharing(self, record_id: str, now: datetime) -> bool:
        """The record counts as shared; False when it did before, so that a double press shares once."""
        change = update(answer_record).where(answer_record.c.id == record_id, answer_record.c.shared_at.is_(None))
        async with self._database.transaction() as connection:
            return (await connection.execute(change.values(shared_at=now))).rowcount == 1

    async def give_up_sharing(self, record_id: str) -> None:
        """The record counts as not shared: posting it failed."""
        change = update(answer_record).where(answer_record.c.id == record_id).values(shared_at=None)
        async with self._database.transaction() as connection:
            await connection.execute(change)

    async def vote(self, record_id: str, member_id: int, now: datetime, *, helpful: bool) -> Voted:
        """The member's one vote on this answer is stored, in place of an earlier one."""
        mine = (vote.c.record_id == record_id) & (vote.c.member_id == member_id)
        values = {"record_id": record_id, "member_id": member_id, "helpful": helpful, "at": now}
        changed = insert(vote).values(values)
        changed = changed.on_conflict_do_update(
            index_elements=[vote.c.record_id, vote.c.member_id], set_={"helpful": helpful, "at": now}
        )
        async with self._database.transaction() as connection:
            earlier = (await connection.execute(select(vote.c.helpful).where(mine))).scalar_one_or_none()
            if earlier is not helpful:
                await connection.execute(changed)
        if earlier is None:
            return Voted.FIRST
        return Voted.SAME if earlier is helpful else Voted.CHANGED

    async def votes(self, record_id: str) -> dict[int, bool]:
        """Who voted on this answer, and whether it was helpful to them."""
        query = select(vote.c.member_id, vote.c.helpful).where(vote.c.record_id == record_id)
        async with self._database.view() as connection:
            return dict(iter(await connection.execute(query.order_by(vote.c.member_id))))

    async def purge(self, now: datetime) -> int:
        """Expired records are erased with their votes; gives their number."""
        expired = delete(answer_record).where(answer_record.c.expires_at <= now)
        async with self._database.transaction() as connection:
            return (await connection.execute(expired)).rowcount


def _record(row: Row[*tuple[object, ...]]) -> AnswerRecord:
    of = row._mapping  # noqa: SLF001 - SQLAlchemy's public name for a row by column
    content: model.ContentForm = of[answer_record.c.content]
    return AnswerRecord(
        id=of[answer_record.c.id],
        asker_id=of[answer_record.c.asker_id],
        guild_id=of[answer_record.c.guild_id],
        channel_id=of[answer_record.c.channel_id],
        private=of[answer_record.c.private],
        outcome=Outcome(of[answer_record.c.outcome]),
        question=of[answer_record.c.question],
        filters=model.filters_of(of[answer_record.c.scope]),
        quoted=tuple(map(model.quoted_of, content["quoted"])),
        created_at=of[answer_record.c.created_at],
        expires_at=of[answer_record.c.expires_at],
        missing=content["missing"],
        notes=tuple(content["notes"]),
        choices=tuple(content["choices"]),
        shared_at=of[answer_record.c.shared_at],
    )
