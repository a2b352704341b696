"""What the corpus desk needs of the store: drafts, feeds, the audit record, taking back and erasing.

Each act is one transaction with its audit entry. The modules behind it load SQLAlchemy, so they are imported when an
act comes; a draft's texts are compared by their words, a millisecond for 1,000 of them, in a reader's thread.
"""

# ruff: noqa: PLC0415 - see above

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from corpus.dedupe import canonical_url
from corpus.drafts import AuditFilter
from corpus.store import queries
from corpus.store.act import Act
from corpus.store.base import StoreBase

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from corpus.collection import Collection
    from corpus.drafts import (
        Choice,
        Decision,
        DraftState,
        Feed,
        FeedItem,
        FeedMode,
        ItemOutcome,
        Place,
        Purged,
        Resembling,
        Takedown,
        Undone,
        WaitingDraft,
    )
    from corpus.model import AlreadyKnown, Article, AuditEntry, Draft, IngestOutcome, Passage

_BACKUPS = "backups"
_BACKUPS_NOTED = 50


class DraftStore(StoreBase):
    """Drafts that wait, and the review queue."""

    def __init__(self, path: Path, schema: tuple[str, ...], *, timeout_s: float) -> None:
        super().__init__(path, schema, timeout_s=timeout_s)
        # One draft of a collection is stored after the other: else each would look for near-duplicates again and again.
        self._turns: WeakValueDictionary[Collection, asyncio.Lock] = WeakValueDictionary()

    async def keep_draft(self, waiting: WaitingDraft) -> None:
        """The draft waits from now on."""
        from corpus.store import drafting

        await drafting.keep(self._database, waiting)

    async def draft(self, draft_id: str, collections: Sequence[Collection]) -> WaitingDraft:
        """The draft, one that was decided on lately too; raises DraftNotFound."""
        from corpus.store import drafting

        return await self._reader.do(drafting.find, draft_id, collections)

    async def revise_draft(self, waiting: WaitingDraft, *, by: str, now: datetime) -> None:
        """The draft is what `waiting` says; raises Conflict where another edit or a decision came first."""
        from corpus.store import drafting

        await drafting.revise(self._database, waiting, by, now)

    async def close_draft(
        self, draft_id: str, collections: Sequence[Collection], state: DraftState, decision: Decision
    ) -> WaitingDraft:
        """The draft, cancelled or rejected; raises DraftNotFound, or Conflict where it was decided on before."""
        from corpus.store import drafting

        waiting = await self.draft(draft_id, collections)
        await drafting.close(self._database, waiting, state, decision)
        return replace(waiting, state=state, decision=decision)

    async def queue(self, collections: Sequence[Collection], *, limit: int, offset: int = 0) -> list[WaitingDraft]:
        """What waits in the review queues of these collections, the oldest first."""
        from corpus.store import drafting

        return await self._reader.do(drafting.queue, collections, limit=limit, offset=offset)

    async def queue_length(self, collections: Sequence[Collection]) -> int:
        """How many wait in the review queues of these collections."""
        from corpus.store import drafting

        return await self._reader.do(drafting.queue_length, collections)

    async def queued_like(self, draft: Draft, collection: Collection) -> str | None:
        """The id of a draft with the same text or link in this collection's review queue; None without one."""
        from corpus.store import drafting

        return await self._reader.do(drafting.queued_like, draft, collection)

    async def drafts_of(self, actor: str) -> list[WaitingDraft]:
        """The drafts that this actor made, of all collections, open and decided, the oldest first."""
        from corpus.store import drafting

        return await self._reader.do(drafting.drafts_of, actor)

    async def open_suggestions(self, actor: str) -> int:
        """How many drafts of this actor wait in review queues, of all collections."""
        from corpus.store import drafting

        return await self._reader.do(drafting.open_suggestions, actor)

    async def expire_drafts(self, now: datetime) -> int:
        """The drafts whose time is over are gone; gives their number."""
        from corpus.store import drafting

        return await drafting.expire(self._database, now)

    async def resembling(self, draft: Draft, place: Place, *, besides: str | None = None) -> Resembling:
        """What is stored like the draft; `besides` is the key of the article that it is an edit of."""
        from corpus.store import resembling

        return await self._reader.do(resembling.resembling, draft, place, besides)

    async def known_link(self, url: str, place: Place) -> AlreadyKnown | None:
        """The live article with this link, compared in its canonical form."""
        from corpus.store import resembling

        return await self._reader.do(resembling.same_link, canonical_url(url), place)

    async def store_draft(
        self,
        waiting: WaitingDraft,
        passages: tuple[Passage, ...],
        choice: Choice | None,
        place: Place,
        *,
        by: str,
        now: datetime,
    ) -> IngestOutcome:
        """The draft is an article, or a revision of one; else the outcome says why not, and nothing was changed.

        Raises Conflict where it was decided on or edited meanwhile, or the article that it revises is another by now.
        """
        from corpus.store import drafting

        act, besides = Act(place.own, by, now), waiting.base.key if waiting.base else None
        turn = self._turns.setdefault(place.own, asyncio.Lock())
        async with turn:
            (await self.draft(waiting.id, (place.own,))).check_open()
            while True:
                found = await self.resembling(waiting.draft, place, besides=besides)
                plan = drafting.plan_for(waiting, found, choice, place)
                if not isinstance(plan, drafting.Plan):
                    return plan
                stored = await drafting.store(
                    self._database, drafting.Order(waiting, passages, plan, found, place), act
                )
                if stored is not None:
                    return stored


class FeedStore(StoreBase):
    """Feeds that are followed."""

    async def add_feed(
        self, collection: Collection, url: str, title: str, mode: FeedMode, *, by: str, now: datetime
    ) -> Feed:
        """The feed is followed, and due at once; raises Conflict where the collection follows it already."""
        from corpus.store import following

        return await following.add(self._database, url, title, mode, Act(collection, by, now))

    async def feeds(self, collections: Sequence[Collection]) -> list[Feed]:
        """The feeds that these collections follow, in the order in which they were added."""
        from corpus.store import following

        return await self._reader.do(following.feeds, collections)

    async def feed(self, number: int, collections: Sequence[Collection]) -> Feed:
        """The feed of that number; raises FeedNotFound."""
        from corpus.store import following

        return await self._reader.do(following.find, number, collections)

    async def remove_feed(self, number: int, collections: Sequence[Collection], *, by: str, now: datetime) -> Feed:
        """The feed as it was, followed no more; raises FeedNotFound."""
        from corpus.store import following

        feed = await self.feed(number, collections)
        await following.remove(self._database, feed, Act(feed.collection, by, now))
        return feed

    async def pause_feed(
        self, number: int, collections: Sequence[Collection], *, paused: bool, by: str, now: datetime
    ) -> Feed:
        """The feed is looked at no more, or again; raises FeedNotFound, or Conflict where it is so already."""
        from corpus.store import following

        feed = await self.feed(number, collections)
        await following.pause(self._database, feed, Act(feed.collection, by, now), paused=paused)
        return await self.feed(number, collections)

    async def due_feeds(self, now: datetime, limit: int) -> list[Feed]:
        """The feeds of all collections that are to be looked at, the longest overdue first."""
        from corpus.store import following

        return await self._reader.do(following.due, now, limit)

    async def claim_feed(self, number: int, now: datetime, until: datetime) -> bool:
        """Whoever asks may look at the feed, alone until then; False where somebody else does, or nobody is to."""
        from corpus.store import following

        return await following.claim(self._database, number, now, until)

    async def feed_polled(self, feed: Feed) -> None:
        """What the look at the feed gave is kept, and the claim on it has ended."""
        from corpus.store import following

        await following.polled(self._database, feed)

    async def unseen(self, feed_id: int, items: Sequence[FeedItem]) -> list[FeedItem]:
        """Those of the items that nothing became of yet, in their order."""
        from corpus.store import following

        return await self._reader.do(following.unseen, feed_id, items)

    async def item_tried(self, feed_id: int, item: FeedItem, now: datetime) -> int:
        """One more attempt at an item that stays unseen is remembered; gives the number of attempts so far."""
        from corpus.store import following

        return await following.tried(self._database, feed_id, item, now)

    async def item_done(self, feed_id: int, outcome: ItemOutcome, now: datetime) -> None:
        """What became of the item is kept, and counted once."""
        from corpus.store import following

        await following.done(self._database, feed_id, outcome, now)


class Erasure(StoreBase):
    """The audit record; taking back, and erasing for good."""

    async def audit(
        self,
        collections: Sequence[Collection],
        *,
        wanted: AuditFilter = AuditFilter(),  # noqa: B008 - it is frozen
        limit: int,
        offset: int = 0,
    ) -> list[AuditEntry]:
        """The acts in `collections`, the newest first."""
        return await self._reader.do(queries.audit, collections, wanted, limit=limit, offset=offset)

    async def audit_length(self, collections: Sequence[Collection], wanted: AuditFilter) -> int:
        """How many acts `audit` would give without a limit."""
        return await self._reader.do(queries.audit_length, collections, wanted)

    async def acts_of(self, actor: str) -> list[AuditEntry]:
        """All that this actor did, in all collections, the oldest first."""
        return await self._reader.do(queries.acts_of, actor)

    async def entry(self, number: int, collections: Sequence[Collection]) -> AuditEntry:
        """The entry of that number; raises EntryNotFound."""
        return await self._reader.do(queries.entry, number, collections)

    async def last_entry(self, collection: Collection, key: str) -> AuditEntry | None:
        """The newest act on the article; None where there is no such article."""
        return await self._reader.do(queries.last_entry, collection, key)

    async def article(self, article_id: int, collections: Sequence[Collection]) -> Article:
        """The article of that number in its current revision, a removed one too; raises ArticleNotFound."""
        return await self._reader.do(queries.article, article_id, collections)

    async def undo(
        self,
        number: int,
        collections: Sequence[Collection],
        passages: tuple[Passage, ...],
        *,
        by: str,
        now: datetime,
    ) -> Undone:
        """The act of that number is taken back; `passages` are those of the revision before, where it was a revision.

        Raises EntryNotFound, or Conflict with the reason where it can't be taken back any more.
        """
        from corpus.store import undoing

        return await undoing.undo(self._database, number, collections, passages, by=by, now=now)

    async def purge(self, collection: Collection, key: str, *, by: str, now: datetime, why: str) -> Purged:
        """All of the article is gone from the file; raises ArticleNotFound. Older backups still hold it."""
        from corpus.store import erasing

        [first, *_] = await self._reader.do(queries.revisions, collection, key)
        purged = await erasing.purge(self._database, key, Act(collection, by, now), why)
        since = first.added_at.isoformat() if first.added_at else ""
        return replace(purged, backups=tuple(path for path, at in await self.backups() if at >= since))

    async def purge_collection(self, collection: Collection, now: datetime) -> int:
        """Everything of the collection is gone, its audit entries too; gives the number of articles."""
        from corpus.store import erasing

        return await erasing.purge_collection(self._database, collection, now)

    async def takedowns(self) -> list[Takedown]:
        """All that was taken down, in all collections."""
        return await self._reader.do(queries.takedowns)

    async def take_down_again(self, takedowns: Sequence[Takedown], now: datetime) -> int:
        """What was taken down in another state of this database is gone here too; gives the number of articles."""
        from corpus.store import erasing

        return await erasing.take_down_again(self._database, takedowns, now)

    async def checkpoint(self) -> None:
        """What was erased is gone from the log of changes too, as far as nobody reads an older state of the file."""
        await self._database.checkpoint()

    async def rename_actor(self, old: str, new: str) -> int:
        """The actor is called `new` wherever it was `old`; gives the number of rows."""
        from corpus.store.audit import rename_actor

        async with self._database.writing() as connection:
            return await rename_actor(connection, old, new)

    async def backups(self) -> list[list[str]]:
        """The copies that were made, the newest first: path and moment."""
        noted = await self._reader.do(queries.note, _BACKUPS)
        made: list[list[str]] = json.loads(noted) if noted else []
        return made

    async def note_backup(self, to: Path, now: datetime) -> None:
        """The copy in this file is remembered, so that a takedown can name it."""
        path = str(await asyncio.to_thread(to.absolute))
        noted = [[path, now.astimezone(UTC).isoformat()], *(one for one in await self.backups() if one[0] != path)]
        await self._writer.take_note({_BACKUPS: json.dumps(noted[:_BACKUPS_NOTED])})
