"""What is kept no longer than it should be: erased in time, and with a guild that the bot was removed from."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Protocol

import structlog

from corpus.collection import Collection
from corpus.drafts import QUEUE_KEPT

if TYPE_CHECKING:
    from datetime import datetime

    from bot.guildsettings import GuildBook
    from bot.privacy import QuestionLog
    from bot.records import Records

RETENTION_EVERY: Final = timedelta(minutes=5)
"""So often a running bot looks for what is to be erased: nothing stays much longer than was promised."""
DECIDED_KEPT: Final = timedelta(days=30)
"""So long a request that the moderators decided on is kept."""
CARDS_KEPT: Final = QUEUE_KEPT + timedelta(days=1)
"""So long it is known where a suggestion's card stands, if nobody decides on it."""

PLACES_KEPT: Final = timedelta(days=730)
"""So long it is known which messages quote which articles, for takedowns."""

_log = structlog.get_logger(__name__)


class Erasing(Protocol):
    """Erases what the corpus keeps."""

    async def expire_drafts(self, now: datetime) -> int:
        """Drafts whose time is over are erased; gives their number."""
        ...

    async def purge_collection(self, collection: Collection, now: datetime) -> int:
        """All of a collection is erased, where anything is left of it; gives the number of its articles."""
        ...


@dataclass(frozen=True, slots=True)
class Swept:
    """How much was erased: in time, and the guilds whose grace was over. `places` are quotations in messages."""

    records: int
    places: int
    pending: int
    requests: int
    drafts: int
    cards: int
    guilds: int


class Retention:
    """The use case. A guild is erased once it was left for `grace`; whoever invites the bot again before loses nothing.

    What a crash interrupts goes on at the next run: that a guild was left is forgotten last.
    """

    def __init__(self, records: Records, book: GuildBook, log: QuestionLog, store: Erasing, grace: timedelta) -> None:
        self._records = records
        self._book = book
        self._question_log = log
        self._store = store
        self._grace = grace

    async def run(self, now: datetime) -> Swept:
        """What is to be erased by `now` (aware) is erased."""
        swept = Swept(
            records=await self._records.answers.purge(now, guilds_before=self._question_log.guilds_before(now)),
            places=await self._records.answers.forget_places(now - PLACES_KEPT),
            pending=await self._records.pending.purge(now),
            requests=await self._records.wanted.purge(now - DECIDED_KEPT),
            drafts=await self._store.expire_drafts(now),
            cards=await self._records.cards.purge(now - CARDS_KEPT),
            guilds=await self._erase_guilds(now),
        )
        counts = asdict(swept)
        (_log.info if any(counts.values()) else _log.debug)("retention.swept", **counts)
        return swept

    async def _erase_guilds(self, now: datetime) -> int:
        """Guilds whose grace is over are erased; each is looked for anew, since it may come back meanwhile."""
        before, erased = now - self._grace, 0
        while (guild_id := await self._records.guilds.longest_gone(before)) is not None:
            articles = await self._store.purge_collection(Collection(guild_id), now)
            records = await self._records.answers.erase_guild(guild_id)
            if await self._records.guilds.erase(guild_id, before):
                self._book.forget(guild_id)
                erased += 1
                _log.info("guild.erased", guild=guild_id, articles=articles, records=records)
        return erased
