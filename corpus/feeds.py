"""Feeds that are followed: added, polled politely, previewed.

A feed is polled with the etag that it gave last; after failures less and less often, up to once a day. At most 25 of
its new items are dealt with at a poll, for two minutes, the oldest of these first; the others at the next. An item is
dealt with once: it is stored, put into the review queue, or passed over; only where its page can't be fetched just now
it is tried again, at most 3 times.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, TypeAlias

import structlog

from corpus.collection import Collection
from corpus.dedupe import canonical_url
from corpus.desk import Giver
from corpus.drafts import DraftOrigin, FeedMode, ItemOutcome, Place, Stage
from corpus.errors import Conflict, FeedNotFound, StoreError, Unreadable
from corpus.feeditems import Items, Readable, Stopped, duplicate_of, in_common, sentence_of, stage_in
from corpus.fetch.errors import FetchFailed, StatusFailed, WrongKind
from corpus.fetch.values import Expect, Fetched
from corpus.model import Added, AlreadyKnown, NearDuplicate, Rejected, Source, SourceKind

if TYPE_CHECKING:
    import random

    from corpus.desk import Desk
    from corpus.drafts import Feed, FeedItem
    from corpus.feeditems import Fetcher, Reading
    from corpus.readers.feedfound import FeedFound
    from corpus.store import Store

ITEMS_AT_A_POLL: Final = 25
ITEMS_IN_A_PREVIEW: Final = 25
PREVIEW_SECONDS: Final = 600.0
"""So long a preview looks at items: a site may ask for half a minute between two, and who asked is answered within 15
minutes or not at all (Discord, Interactions → Receiving and Responding)."""
POLL_SECONDS: Final = 120.0
"""So long a poll goes on to further items, the others come in at the next: slow sites must not hold up other feeds."""
FEEDS_AT_ONCE: Final = 4
FEEDS_AT_A_TIME: Final = 200
"""So many due feeds are looked at in one round; the others are due in the next."""
ATTEMPTS: Final = 3
FAILURES_IN_A_ROW: Final = 20
"""After so many a feed is paused: with the longest pauses that is more than two weeks."""
LONGEST_PAUSE: Final = timedelta(hours=24)
JITTER: Final = 0.1
"""A pause is shortened or prolonged by up to this share, so that feeds added together are not polled together."""
CLAIM: Final = timedelta(minutes=30)
"""So long nobody else polls a feed: 25 items with 10 s for fetching, 7 s for reading and pauses take less."""

_log = structlog.get_logger(__name__)
_GONE = 410

PlaceOf: TypeAlias = Callable[[Collection], Place]
LanguagesOf: TypeAlias = Callable[[Collection], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Followed:
    """A feed that is followed from now on; `items` counts those that it has at the moment."""

    feed: Feed
    items: int


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a feed's server gave: nothing `found` where nothing is new."""

    found: FeedFound | None
    etag: str | None
    modified: str | None


@dataclass(slots=True)
class _Round:
    """What one poll did; `unfinished` where items are left for the next."""

    outcomes: list[ItemOutcome]
    unfinished: bool = False

    def count(self, stage: Stage) -> int:
        return sum(outcome.stage is stage for outcome in self.outcomes)


def any_language(_: Collection) -> tuple[str, ...]:
    """No language is wanted more than another."""
    return ()


class Feeds:
    """The use cases of feeds. Every number of another collection's feed is as one that never was: FeedNotFound."""

    def __init__(
        self,
        store: Store,
        desk: Desk,
        fetcher: Fetcher,
        reading: Reading,
        *,
        every: timedelta,
        per_collection: int,
        chance: random.Random,
        languages_of: LanguagesOf = any_language,
        place_of: PlaceOf = Place.of,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`every` is the pause between two polls of a feed, `chance` varies it; `clock` counts seconds."""
        self._store = store
        self._desk = desk
        self._fetcher = fetcher
        self._reading = reading
        self._items = Items(store, fetcher, reading)
        self._every = every
        self._per_collection = per_collection
        self._chance = chance
        self._languages_of = languages_of
        self._place_of = place_of
        self._clock = clock

    async def add(self, url: str, place: Place, mode: FeedMode, by: str, now: datetime) -> Followed | Rejected:
        """The feed is followed and due; of a page that names one feed, that feed. Raises Conflict where it is already.

        Rejected with the reason where it can't be fetched or is no feed, or where there are as many as there may be.
        """
        followed = await self._store.feeds((place.own,))
        if len(followed) >= self._per_collection:
            return _rejected(url, f"{len(followed)} feeds are followed, as many as there may be. Remove one first.")
        _check_new(url, followed)
        try:
            url, found = await self._feed_at(url)
        except Unreadable as error:
            return _rejected(url, sentence_of(error))
        _check_new(url, followed)
        feed = await self._store.add_feed(place.own, url, found.title or url, mode, by=by, now=now)
        return Followed(feed, len(found.items))

    async def listed(self, place: Place) -> list[Feed]:
        """The feeds that this collection follows."""
        return await self._store.feeds((place.own,))

    async def remove(self, number: int, place: Place, by: str, now: datetime) -> Feed:
        """The feed is followed no longer; what came of it stays."""
        return await self._store.remove_feed(number, (place.own,), by=by, now=now)

    async def pause(self, number: int, place: Place, by: str, now: datetime, *, paused: bool) -> Feed:
        """The feed is polled no longer, or again and at once; raises Conflict where that is so already."""
        return await self._store.pause_feed(number, (place.own,), paused=paused, by=by, now=now)

    async def preview(
        self, feed: str | int, place: Place, now: datetime, mode: FeedMode = FeedMode.REVIEW
    ) -> list[ItemOutcome] | Rejected:
        """What would become of each of the newest items of a followed feed (its number) or of any (its link).

        Nothing is stored or remembered. `mode` is for links; a followed feed has its own. What there is no time for is
        told as not looked at.
        """
        until = self._clock() + PREVIEW_SECONDS
        known = await self._store.feed(feed, (place.own,)) if isinstance(feed, int) else None
        url = known.url if known is not None else str(feed)
        try:
            _, found = await self._feed_at(url)
        except Unreadable as error:
            return _rejected(url, sentence_of(error))
        shown = found.items[:ITEMS_IN_A_PREVIEW]
        new = shown if known is None else await self._store.unseen(known.id, shown)
        identities = {item.identity for item in new}
        wanted = known.mode if known is not None else mode
        outcomes = []
        for item in shown:
            if item.identity not in identities:
                outcomes.append(ItemOutcome(item, Stage.SEEN, "It was dealt with at an earlier poll."))
            elif self._clock() >= until:
                outcomes.append(ItemOutcome(item, Stage.FETCH, "It was not looked at: the sites took too long."))
            else:
                outcomes.append(await self._previewed(item, place, wanted, now))
        return outcomes

    async def _previewed(self, item: FeedItem, place: Place, mode: FeedMode, now: datetime) -> ItemOutcome:
        found = await self._items.article_of(item, place, self._languages_of(place.own), now)
        if isinstance(found, Stopped):
            return found.of(item)
        return ItemOutcome(item, stage_in(mode, found), found.doubt if mode is FeedMode.DIRECT else "")

    async def poll_due(self, now: datetime) -> int:
        """Every feed that was due has been polled, unless somebody else is at it; gives their number.

        What fails with one feed is logged, counted with it, and stops no other.
        """
        due = await self._store.due_feeds(now, FEEDS_AT_A_TIME)
        at_once = asyncio.Semaphore(FEEDS_AT_ONCE)
        began = self._clock()

        async def one(feed: Feed) -> None:
            async with at_once:
                # Slow feeds may have held this one up: its claim and its pause begin only now.
                await self._guarded(feed, now + timedelta(seconds=self._clock() - began))

        async with asyncio.TaskGroup() as group:
            for feed in due:
                group.create_task(one(feed))
        return len(due)

    async def poll(self, feed: Feed, now: datetime) -> list[ItemOutcome]:
        """What became of the feed's new items; nothing where another poll of it is under way.

        Where the feed itself can't be had, it has the reason as its `problem`.
        """
        began = self._clock()
        if not await self._store.claim_feed(feed.id, now, now + CLAIM):
            return []
        try:
            feed = await self._store.feed(feed.id, (feed.collection,))
            done = await self._claimed(feed, now)
        except FeedNotFound:
            return []  # removed meanwhile
        except Unreadable as error:
            await self._failed(feed, error, now, began)
            return []
        except asyncio.CancelledError:
            with suppress(StoreError):
                await self._store.feed_polled(feed)  # the claim is over
            raise
        _log.info(
            "feed.polled",
            feed=feed.id,
            items=len(done.outcomes),
            stored=done.count(Stage.STORED),
            queued=done.count(Stage.REVIEW),
            ms=self._since(began),
        )
        return done.outcomes

    async def _guarded(self, feed: Feed, now: datetime) -> None:
        began = self._clock()
        try:
            await self.poll(feed, now)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one feed is no reason to leave out others
            with suppress(StoreError, FeedNotFound):
                await self._failed(feed, error, now, began)

    async def _claimed(self, feed: Feed, now: datetime) -> _Round:
        answer = await self._asked(feed)
        if answer.found is None:
            await self._went_well(feed, now)
            return _Round([])
        if answer.found.named:
            raise Unreadable("is a page now, no feed")
        done = await self._take_items(feed, answer.found, now)
        # Without an etag the next answer is whole, and has the items that are left.
        await self._went_well(
            replace(
                feed,
                title=answer.found.title or feed.title,
                etag=None if done.unfinished else answer.etag,
                modified=None if done.unfinished else answer.modified,
            ),
            now,
        )
        return done

    async def _take_items(self, feed: Feed, found: FeedFound, now: datetime) -> _Round:
        """The newest of the new items are dealt with, the oldest of these first."""
        new = await self._store.unseen(feed.id, found.items)
        done = _Round([], unfinished=len(new) > ITEMS_AT_A_POLL)
        place, until = self._place_of(feed.collection), self._clock() + POLL_SECONDS
        for item in reversed(new[:ITEMS_AT_A_POLL]):
            feed = await self._store.feed(feed.id, (feed.collection,))
            if feed.paused or self._clock() >= until:
                done.unfinished = True
                break
            outcome, again = await self._taken(item, feed, place, now)
            if again and await self._store.item_tried(feed.id, item, now) < ATTEMPTS:
                done.unfinished = True
            else:
                await self._store.item_done(feed.id, outcome, now)
            done.outcomes.append(outcome)
        return done

    async def _taken(self, item: FeedItem, feed: Feed, place: Place, now: datetime) -> tuple[ItemOutcome, bool]:
        """What became of the item, and whether it is worth another try."""
        try:
            found = await self._items.article_of(item, place, self._languages_of(feed.collection), now)
            if isinstance(found, Stopped):
                return found.of(item), found.again
            return await self._kept(found, item, feed, place, now), False
        except (StoreError, FeedNotFound):
            raise
        except Exception as error:  # noqa: BLE001 - one item must not keep the others of its feed from coming in
            _log.warning("feed.item_failed", feed=feed.id, error=type(error).__name__)
            return ItemOutcome(item, Stage.READ, f"It can't be dealt with ({type(error).__name__})."), True

    async def _kept(self, found: Readable, item: FeedItem, feed: Feed, place: Place, now: datetime) -> ItemOutcome:
        by = _actor(feed)
        kept = await self._desk.keep_draft(found.draft, place, Giver(by, DraftOrigin.FEED), now)
        if isinstance(kept, AlreadyKnown):
            return duplicate_of(kept).of(item)
        if isinstance(kept, Rejected):
            return ItemOutcome(item, Stage.DUPLICATE, kept.reason, key=kept.key)
        waiting = kept.waiting
        if stage_in(feed.mode, found) is Stage.REVIEW:
            reason = found.doubt if feed.mode is FeedMode.DIRECT else ""
            return ItemOutcome(item, Stage.REVIEW, reason, draft_id=waiting.id)
        try:
            outcome = await self._desk.store(waiting.id, waiting.version, place, by, now)
        except Conflict as error:  # somebody was faster
            return ItemOutcome(item, Stage.REVIEW, str(error), draft_id=waiting.id)
        if isinstance(outcome, AlreadyKnown):
            await self._desk.cancel(waiting.id, place, by, now)
            return duplicate_of(outcome).of(item)
        return _stored(outcome, item, waiting.id)

    async def _asked(self, feed: Feed) -> _Answer:
        fetched = await self._fetcher.fetch(
            feed.url, expect=Expect.FEED, etag=feed.etag, modified=feed.modified, polling=True
        )
        if not isinstance(fetched, Fetched):
            return _Answer(None, feed.etag, feed.modified)
        return _Answer(await self._reading.read_feed(fetched.data, fetched.url), fetched.etag, fetched.modified)

    async def _feed_at(self, url: str) -> tuple[str, FeedFound]:
        """The feed behind the link, or the only one that the page there names; raises Unreadable."""
        for _ in range(2):
            found = await self._found_at(url)
            if not found.named:
                return url.strip(), found
            if len(found.named) > 1:
                raise Unreadable(f"is a page, no feed; it names these: {', '.join(found.named)}")
            url = found.named[0]
        raise Unreadable("is a page, no feed, and so is the feed that it names")

    async def _found_at(self, url: str) -> FeedFound:
        """The feed behind the link, or the feeds that the page there names; raises Unreadable."""
        try:
            fetched = await self._fetcher.fetch(url, expect=Expect.FEED, polling=True)
        except WrongKind as error:
            fetched = await self._fetcher.fetch(url, expect=Expect.ARTICLE, polling=True)
            if not isinstance(fetched, Fetched) or not (fetched.media_type or "").startswith("text/html"):
                raise error from None
        if not isinstance(fetched, Fetched):
            raise Unreadable("is nothing new")  # nobody asked for that
        return await self._reading.read_feed(fetched.data, fetched.url)

    async def _went_well(self, feed: Feed, now: datetime) -> None:
        next_at = now + pause_after(self._every, 0, None, self._chance)
        await self._store.feed_polled(replace(feed, checked_at=now, next_at=next_at, failures=0, problem=""))

    async def _failed(self, feed: Feed, error: Exception, now: datetime, began: float) -> None:
        """The failure is counted and logged; a feed that is gone, or has failed too often, is paused."""
        failures = feed.failures + 1
        retry_after = error.retry_after if isinstance(error, FetchFailed) else None
        problem = _problem(error, failures)
        pause = pause_after(self._every, failures, retry_after, self._chance)
        _log.warning("feed.failed", feed=feed.id, failures=failures, reason=problem, ms=self._since(began))
        await self._store.feed_polled(
            replace(feed, checked_at=now, next_at=now + pause, failures=failures, problem=problem)
        )
        if _is_gone(error) or failures >= FAILURES_IN_A_ROW:
            with suppress(Conflict):  # it is paused already
                await self._store.pause_feed(feed.id, (feed.collection,), paused=True, by=_actor(feed), now=now)

    def _since(self, began: float) -> int:
        return round((self._clock() - began) * 1_000)


def pause_after(every: timedelta, failures: int, retry_after: timedelta | None, chance: random.Random) -> timedelta:
    """The pause before the next poll: doubled with each failure in a row, and at least what the server asked for."""
    longest = max(LONGEST_PAUSE, every)
    pause = min(every * (1 << min(failures, FAILURES_IN_A_ROW)), longest) * chance.uniform(1 - JITTER, 1 + JITTER)
    return max(pause, retry_after or timedelta())


def _actor(feed: Feed) -> str:
    return f"feed:{feed.id}"


def _is_gone(error: Exception) -> bool:
    """Whether the server says that there is no such feed any more, for good (RFC 9110, 15.5.11)."""
    return isinstance(error, StatusFailed) and error.status == _GONE


def _problem(error: Exception, failures: int) -> str:
    said = sentence_of(error) if isinstance(error, Unreadable) else f"It can't be polled ({type(error).__name__})."
    if _is_gone(error):
        return f"{said} The feed was paused: it is gone for good."
    if failures >= FAILURES_IN_A_ROW:
        return f"{said} The feed was paused after {failures} failures in a row."
    return said


def _stored(outcome: Added | NearDuplicate | Rejected, item: FeedItem, draft_id: str) -> ItemOutcome:
    match outcome:
        case Added(article):
            return ItemOutcome(item, Stage.STORED, key=article.key, draft_id=draft_id)
        case NearDuplicate(key, _, share):
            return ItemOutcome(item, Stage.REVIEW, in_common(share, key), draft_id=draft_id)
        case Rejected(_, reason):
            return ItemOutcome(item, Stage.REVIEW, reason, draft_id=draft_id)


def _check_new(url: str, followed: Sequence[Feed]) -> None:
    canonical = canonical_url(url)
    if any(canonical_url(feed.url) == canonical for feed in followed):
        raise Conflict("This feed is followed already.")


def _rejected(url: str, reason: str) -> Rejected:
    return Rejected(Source(SourceKind.URL, url), reason)
