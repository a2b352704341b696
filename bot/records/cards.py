"""Where the cards of suggestions stand in the review channels, so that they can be changed once somebody decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from bot.records.model import MessagePlace
from bot.records.tables import review_card

if TYPE_CHECKING:
    from datetime import datetime

    from bot.records.database import Database

_of = review_card.c


class ReviewCards:
    """The cards in the database. Times are aware and passed in."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def posted(self, draft_id: str, guild_id: int, at: MessagePlace, now: datetime) -> None:
        """The draft's card stands there."""
        row = {
            "draft_id": draft_id,
            "guild_id": guild_id,
            "channel_id": at.channel_id,
            "message_id": at.message_id,
            "posted_at": now,
        }
        async with self._database.transaction() as connection:
            await connection.execute(review_card.insert(), row)

    async def take(self, draft_id: str, guild_id: int) -> MessagePlace | None:
        """Where the draft's card stands, from now on no more: it is changed once; None where there is none."""
        theirs = (_of.draft_id == draft_id) & (_of.guild_id == guild_id)
        async with self._database.transaction() as connection:
            query = select(_of.channel_id, _of.message_id).where(theirs)
            found = (await connection.execute(query)).one_or_none()
            await connection.execute(delete(review_card).where(theirs))
        return MessagePlace(found.channel_id, found.message_id) if found else None

    async def purge(self, before: datetime) -> int:
        """Cards posted by then are forgotten; gives their number."""
        async with self._database.transaction() as connection:
            return (await connection.execute(delete(review_card).where(_of.posted_at <= before))).rowcount
