"""Feeds in the store: which are followed, when they are due, which of their items were seen."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from corpus.dedupe import canonical_url
from corpus.drafts import Feed, FeedMode, Stage
from corpus.errors import Conflict, FeedNotFound
from corpus.store import rows, tables
from corpus.store.audit import write_entry
from corpus.store.queries import within

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from corpus.collection import Collection
    from corpus.drafts import FeedItem, ItemOutcome
    from corpus.store.act import Act
    from corpus.store.database import Database

_feed, _item = tables.feed.c, tables.feed_item.c
_ASKED_AT_ONCE = 500


class FeedRow(NamedTuple):
    """What a feed is made from."""

    id: int
    collection: int
    url: str
    title: str
    mode: str
    made_by: str
    made_at: str
    next_at: str
    paused: int
    checked_at: str | None
    failures: int
    problem: str
    etag: str | None
    modified: str | None
    stored: int
    queued: int
    passed_over: int


_COLUMNS = ", ".join(FeedRow._fields)


# --- reading


def feeds(connection: sqlite3.Connection, collections: Sequence[Collection]) -> list[Feed]:
    """The feeds that these collections follow, in the order in which they were added."""
    seen = within(collections, "feed")
    query = f"SELECT {_COLUMNS} FROM feed WHERE {seen.condition} ORDER BY id"  # noqa: S608 - made of our own constants
    return [_of(FeedRow._make(row)) for row in connection.execute(query, seen.values)]


def find(connection: sqlite3.Connection, number: int, collections: Sequence[Collection]) -> Feed:
    """The feed of that number; raises FeedNotFound."""
    seen = within(collections, "feed")
    query = f"SELECT {_COLUMNS} FROM feed WHERE id = ? AND {seen.condition}"  # noqa: S608 - made of our own constants
    found = connection.execute(query, (number, *seen.values)).fetchone()
    if found is None:
        raise FeedNotFound("There is no such feed.")
    return _of(FeedRow._make(found))


def due(connection: sqlite3.Connection, now: datetime, limit: int) -> list[Feed]:
    """The feeds of all collections that are to be looked at, the longest overdue first."""
    query = f"""
        SELECT {_COLUMNS} FROM feed
        WHERE next_at <= :now AND NOT paused AND (claimed_until IS NULL OR claimed_until <= :now)
        ORDER BY next_at, id LIMIT :limit
    """  # noqa: S608 - made of our own constants
    values = {"now": rows.stored_moment(now), "limit": limit}
    return [_of(FeedRow._make(row)) for row in connection.execute(query, values)]


def unseen(connection: sqlite3.Connection, number: int, items: Sequence[FeedItem]) -> list[FeedItem]:
    """Those of the items that nothing became of yet, in their order."""
    marks = {identity_mark(item): item for item in items}
    asked, done = list(marks), set[str]()
    for start in range(0, len(asked), _ASKED_AT_ONCE):
        some = asked[start : start + _ASKED_AT_ONCE]
        query = (
            f"SELECT identity FROM feed_item WHERE feed_id = ? AND done AND identity IN ({', '.join('?' * len(some))})"  # noqa: S608 - made of our own constants
        )
        done.update(identity for (identity,) in connection.execute(query, (number, *some)))
    return [item for mark, item in marks.items() if mark not in done]


# --- writing


async def add(database: Database, url: str, title: str, mode: FeedMode, act: Act) -> Feed:
    """The feed is followed, and due at once; raises Conflict where the collection follows it already."""
    values = {
        "collection": act.collection,
        "url": url,
        "canonical_url": canonical_url(url),
        "title": title,
        "mode": mode.value,
        "paused": False,
        "made_by": act.by,
        "made_at": act.now,
        "next_at": act.now,
        "failures": 0,
        "problem": "",
        "stored": 0,
        "queued": 0,
        "passed_over": 0,
    }
    async with database.writing() as connection:
        same = (_feed.collection == act.collection) & (_feed.canonical_url == canonical_url(url))
        if (await connection.execute(select(_feed.id).where(same))).first() is not None:
            raise Conflict("This feed is followed already.")
        number = (await connection.execute(insert(tables.feed).returning(_feed.id), values)).scalar_one()
        await _tell(connection, act, "add feed", number, f"{mode.value}: {url}")
    return Feed(number, act.collection, url, title, mode, act.by, act.now, act.now)


async def remove(database: Database, feed: Feed, act: Act) -> None:
    """The feed is followed no more; raises FeedNotFound where it was gone before."""
    async with database.writing() as connection:
        if (await connection.execute(delete(tables.feed).where(_feed.id == feed.id))).rowcount == 0:
            raise FeedNotFound("There is no such feed.")
        await _tell(connection, act, "remove feed", feed.id, feed.url)


async def pause(database: Database, feed: Feed, act: Act, *, paused: bool) -> None:
    """The feed is looked at no more, or again and at once; raises Conflict where it is so already."""
    values = {"paused": paused} if paused else {"paused": False, "failures": 0, "problem": "", "next_at": act.now}
    change = update(tables.feed).where(_feed.id == feed.id, _feed.paused.is_(not paused)).values(values)
    async with database.writing() as connection:
        if (await connection.execute(change)).rowcount == 0:
            raise Conflict("This feed is paused already." if paused else "This feed is not paused.")
        await _tell(connection, act, "pause feed" if paused else "resume feed", feed.id, feed.url)


async def claim(database: Database, number: int, now: datetime, until: datetime) -> bool:
    """Whoever asks may look at the feed, alone until then; False where somebody else does, or nobody is to."""
    free = _feed.claimed_until.is_(None) | (_feed.claimed_until <= now)
    change = update(tables.feed).where(_feed.id == number, _feed.paused.is_(False), free)
    async with database.writing() as connection:
        return (await connection.execute(change.values(claimed_until=until))).rowcount == 1


async def polled(database: Database, feed: Feed) -> None:
    """What the look at the feed gave is kept, and the claim on it has ended; what its owner did meanwhile stands."""
    values: dict[str, object] = {
        "title": feed.title,
        "claimed_until": None,
        "checked_at": feed.checked_at,
        "next_at": feed.next_at,
        "failures": feed.failures,
        "problem": feed.problem,
        "etag": feed.etag,
        "modified": feed.modified,
    }
    if feed.paused:
        values["paused"] = True
    async with database.writing() as connection:
        await connection.execute(update(tables.feed).where(_feed.id == feed.id).values(values))


async def tried(database: Database, number: int, item: FeedItem, now: datetime) -> int:
    """One more attempt at an item that stays unseen is kept; gives the number of attempts; raises FeedNotFound."""
    values = _item_row(number, item, now) | {"attempts": 1, "done": False}
    again = upsert(tables.feed_item).values(values)
    again = again.on_conflict_do_update(
        index_elements=[_item.feed_id, _item.identity], set_={"attempts": _item.attempts + 1, "at": now}
    )
    async with database.writing() as connection:
        await _check_followed(connection, number)
        return int((await connection.execute(again.returning(_item.attempts))).scalar_one())


async def done(database: Database, number: int, outcome: ItemOutcome, now: datetime) -> None:
    """The item is dealt with, and what became of it counted once; raises FeedNotFound.

    Why it came no further is not kept: the reason may name a member.
    """
    result = {"done": True, "at": now}
    values = _item_row(number, outcome.item, now) | {"attempts": 1} | result
    kept = upsert(tables.feed_item).values(values)
    kept = kept.on_conflict_do_update(index_elements=[_item.feed_id, _item.identity], set_=result)
    counted = _counted(outcome)
    async with database.writing() as connection:
        await _check_followed(connection, number)
        same = (_item.feed_id == number) & (_item.identity == identity_mark(outcome.item)) & _item.done
        before = (await connection.execute(select(func.count()).where(same))).scalar_one()
        await connection.execute(kept)
        if not before:
            await connection.execute(
                update(tables.feed).where(_feed.id == number).values({counted: tables.feed.c[counted] + 1})
            )


async def _check_followed(connection: AsyncConnection, number: int) -> None:
    if (await connection.execute(select(_feed.id).where(_feed.id == number))).first() is None:
        raise FeedNotFound("There is no such feed.")


def _counted(outcome: ItemOutcome) -> str:
    if outcome.stage is Stage.STORED and outcome.key is not None:
        return "stored"
    return "queued" if outcome.stage is Stage.REVIEW and outcome.draft_id is not None else "passed_over"


def identity_mark(item: FeedItem) -> str:
    """What an item is known again by."""
    return sha256(item.identity.encode("utf-8", "backslashreplace")).hexdigest()


def _item_row(number: int, item: FeedItem, now: datetime) -> dict[str, object]:
    return {"feed_id": number, "identity": identity_mark(item), "at": now}


async def _tell(connection: AsyncConnection, act: Act, action: str, number: int, detail: str) -> None:
    await write_entry(connection, act.collection, act.by, act.now, action, key=f"feed {number}", detail=detail)


def _of(row: FeedRow) -> Feed:
    return Feed(
        id=row.id,
        collection=rows.collection(row.collection),
        url=row.url,
        title=row.title,
        mode=FeedMode(row.mode),
        by=row.made_by,
        at=rows.moment(row.made_at),
        next_at=rows.moment(row.next_at),
        paused=bool(row.paused),
        checked_at=rows.moment(row.checked_at) if row.checked_at else None,
        failures=row.failures,
        problem=row.problem,
        etag=row.etag,
        modified=row.modified,
        stored=row.stored,
        queued=row.queued,
        passed_over=row.passed_over,
    )
