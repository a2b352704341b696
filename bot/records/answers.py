"""Records of answers and the votes on them: one writer's transaction or one reader's view a call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from bot.records import model
from bot.records.model import UNLOGGED_KEPT, AnswerRecord, MessagePlace, Posted
from bot.records.tables import answer_record, member_preference, quoting_message, vote
from bot.sheet import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.records.database import Database


_IN_ONE_QUERY: Final = 500
_AT_ONCE: Final = 1000


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

    async def keep(self, record: AnswerRecord, at: MessagePlace | None = None) -> None:
        """The record is stored, with the place of its message where that is known and can be edited later."""
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
            if at is not None:
                await _post(connection, record, at)

    async def posted(self, record_id: str, at: MessagePlace) -> None:
        """The message there shows this record's answer, and no other; nothing happens where the record is gone."""
        async with self._database.transaction() as connection:
            kept = select(answer_record).where(answer_record.c.id == record_id)
            if row := (await connection.execute(kept)).one_or_none():
                await _post(connection, record_of(row), at)

    async def quoting(self, article_id: int) -> list[Posted]:
        """The messages that quote the article, of all guilds, oldest first; the records of some may have expired."""
        at = quoting_message.c
        query = (
            select(at.record_id, at.guild_id, at.channel_id, at.message_id)
            .where(at.article_id == article_id)
            .order_by(at.message_id)
        )
        async with self._database.view() as connection:
            return [Posted(*row) for row in await connection.execute(query)]

    async def forget_places(self, before: datetime) -> int:
        """Of messages from before then it is not known any more what they quote; gives the number of quotations."""
        old = delete(quoting_message).where(quoting_message.c.at <= before)
        async with self._database.transaction() as connection:
            return (await connection.execute(old)).rowcount

    async def find(self, record_id: str, now: datetime) -> AnswerRecord | None:
        """The record; None when there is none or it has expired."""
        query = select(answer_record).where(answer_record.c.id == record_id, answer_record.c.expires_at > now)
        async with self._database.view() as connection:
            row = (await connection.execute(query)).one_or_none()
        return record_of(row) if row else None

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

    async def purge(self, now: datetime, *, guilds_before: Mapping[int, datetime] | None = None) -> int:
        """Expired records are erased with their votes; gives their number.

        So are those of members who opted out of the question log, when their buttons are not needed any more, and those
        of the guilds named that are from before the moment given: both may have been decided after a record was kept.
        """
        of = answer_record.c
        opted_out = select(member_preference.c.member_id).where(~member_preference.c.question_log)
        # One after the other: each condition has an index of its own, which an OR of them would not use.
        gone = [of.expires_at <= now, of.asker_id.in_(opted_out) & (of.created_at <= now - UNLOGGED_KEPT)]
        gone += [of.guild_id.in_(some) & (of.created_at <= before) for before, some in _grouped(guilds_before or {})]
        return sum([await self._erase(which) for which in gone])

    async def erase_guild(self, guild_id: int) -> int:
        """The guild's records are erased with their votes; gives their number."""
        return await self._erase(answer_record.c.guild_id == guild_id)

    async def _erase(self, which: ColumnElement[bool]) -> int:
        """These records are erased, some in a transaction: what members do meanwhile comes in between."""
        some = select(answer_record.c.id).where(which).limit(_AT_ONCE)
        erased, last = 0, _AT_ONCE
        while last == _AT_ONCE:
            async with self._database.transaction() as connection:
                last = (await connection.execute(delete(answer_record).where(answer_record.c.id.in_(some)))).rowcount
            erased += last
        return erased


def _grouped(guilds_before: Mapping[int, datetime]) -> Iterator[tuple[datetime, Sequence[int]]]:
    """The guilds with the same moment together, some at a time."""
    by_moment: dict[datetime, list[int]] = {}
    for guild_id, before in guilds_before.items():
        by_moment.setdefault(before, []).append(guild_id)
    for before, guilds in by_moment.items():
        for start in range(0, len(guilds), _IN_ONE_QUERY):
            yield before, guilds[start : start + _IN_ONE_QUERY]


async def _post(connection: AsyncConnection, record: AnswerRecord, at: MessagePlace) -> None:
    """The message shows this answer, whatever it showed before."""
    of = quoting_message.c
    await connection.execute(delete(quoting_message).where(of.message_id == at.message_id))
    shown = {
        "message_id": at.message_id,
        "channel_id": at.channel_id,
        "guild_id": record.guild_id,
        "record_id": record.id,
        "at": record.created_at,
    }
    rows = [{"article_id": article, **shown} for article in sorted({quoted.article_id for quoted in record.quoted})]
    if rows:
        await connection.execute(quoting_message.insert(), rows)


def record_of(row: Row[*tuple[object, ...]]) -> AnswerRecord:
    """The record in this row of all its columns."""
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
