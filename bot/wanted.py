"""What members miss in the corpus: requests that a press makes, equal ones merged, decided on by the moderators."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from corpus.errors import NotFound
from corpus.text import fold
from retrieval.analyser import analyser_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from bot.records.wanted import WantedRecords
    from retrieval.index import Filters

TOPIC_MOST_CHARS: Final = 300
"""So much of a question is kept as the text of a topic; as much as a question may have."""


class TopicState(StrEnum):
    """What has become of a topic."""

    OPEN = "open"
    DONE = "done"
    DISMISSED = "dismissed"


class TopicNotFound(NotFound):
    """No such topic in this guild."""


@dataclass(frozen=True, slots=True)
class Topic:
    """Something that `count` members of a guild would like to read about; times are aware, UTC."""

    id: int
    guild_id: int
    text: str
    count: int
    first_at: datetime
    last_at: datetime
    state: TopicState = TopicState.OPEN
    decided_by: str | None = None
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Requested:
    """The topic that a request belongs to; `new` is False where the member had asked for it before."""

    topic: Topic
    new: bool


class Wanted:
    """The use cases. A guild's topics are not found from another guild."""

    def __init__(self, records: WantedRecords) -> None:
        self._records = records

    async def request(self, question: str, filters: Filters, member_id: int, guild_id: int, now: datetime) -> Requested:
        """The member counts among those who want to read about this; once, however often they press."""
        text = question.strip()[:TOPIC_MOST_CHARS]
        return await self._records.request(text, terms_of(question, filters), member_id, guild_id, now)

    async def listed(self, guild_id: int, *, limit: int, offset: int = 0) -> list[Topic]:
        """The open topics: those most asked for first, then those asked for last."""
        return await self._records.listed(guild_id, limit=limit, offset=offset)

    async def length(self, guild_id: int) -> int:
        """The number of open topics."""
        return await self._records.length(guild_id)

    async def find(self, topic_id: int, guild_id: int) -> Topic:
        """The topic, open or decided on; raises TopicNotFound."""
        return await self._records.find(topic_id, guild_id)

    async def decide(self, topic_id: int, guild_id: int, state: TopicState, by: str, now: datetime) -> Topic:
        """The topic is done or dismissed; raises TopicNotFound, or Conflict where somebody decided on it before."""
        if state is TopicState.OPEN:
            raise ValueError(state)
        return await self._records.decide(topic_id, guild_id, state, by, now)


def terms_of(question: str, filters: Filters) -> str:
    """A text that two requests share when they ask for the same: for the same terms, in the same period and papers.

    A question of nothing but function words counts as it was written.
    """
    terms = sorted(set(_terms(question))) or [fold(question.strip())]
    return "\n".join((*terms, *_narrowed(filters)))


def _terms(question: str) -> Iterator[str]:
    """The terms of the question; a name with several forms counts once, without the terms of its words."""
    name_end = 0
    for token in analyser_for("en").tokens(question):
        if token.start >= name_end:
            yield token.term
            name_end = token.end


def _narrowed(filters: Filters) -> Iterator[str]:
    yield from sorted({f"in {fold(name)}" for name in filters.publications})
    if filters.since:
        yield f"since {filters.since}"
    if filters.until:
        yield f"until {filters.until}"
