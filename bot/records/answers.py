"""Records of answers and the votes on them: one writer's transaction or one reader's view a call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from bot.records import model
from bot.records.model import AnswerRecord
from bot.records.tables import answer_record, vote
from bot.sheet import Outcome

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Row

    from bot.records.database import Database


@dataclass(frozen=True, slots=True)
class Votes:
    """How many answers of one outcome are kept, and how many votes there are on them."""

    outcome: Outcome
    answers: int
    helpful: int
    not_helpful: int


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

    async def vote(self, record_id: str, member_id: int, now: datetime, *, helpful: bool) -> bool:
        """The member's one vote on this answer is stored; True when it takes the place of one that said otherwise."""
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
        return earlier is not None and earlier is not helpful

    async def votes(self, now: datetime) -> list[Votes]:
        """The votes by outcome, over the answers that have not expired; searches can't be voted on."""
        of = answer_record.c
        query = (
            select(
                of.outcome,
                func.count(of.id.distinct()),
                func.count(vote.c.record_id).filter(vote.c.helpful),
                func.count(vote.c.record_id).filter(~vote.c.helpful),
            )
            .join_from(answer_record, vote, isouter=True)
            .where(of.expires_at > now, of.outcome != Outcome.SEARCH.value)
            .group_by(of.outcome)
            .order_by(of.outcome)
        )
        async with self._database.view() as connection:
            rows = (await connection.execute(query)).all()
        return [Votes(Outcome(outcome), *counts) for outcome, *counts in rows]

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
        did_you_mean=content.get("did_you_mean"),
        related=tuple(content.get("related", ())),
        polarity=content.get("polarity"),
        parts=content.get("parts", 1),
        shared_at=of[answer_record.c.shared_at],
    )
