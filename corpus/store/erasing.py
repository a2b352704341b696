"""Erasing for good: an article that has to be taken down, and everything of a collection whose guild is gone."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, insert, or_, select
from sqlalchemy.dialects.sqlite import insert as upsert

from corpus.drafts import Purged
from corpus.errors import ArticleNotFound, StoreError
from corpus.store import tables
from corpus.store.act import Act
from corpus.store.intake import takedown_marks
from corpus.store.writing import forget_runs

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection

    from corpus.collection import Collection
    from corpus.drafts import Takedown
    from corpus.store.database import Database

_article, _revision, _draft = tables.article.c, tables.revision.c, tables.draft.c
_AT_ONCE: Final = 200
"""So many articles of a collection are erased in one transaction: others write in between."""


async def purge(database: Database, key: str, act: Act, why: str) -> Purged:
    """All revisions, passages and drafts of the article are gone from the file; raises ArticleNotFound.

    What stays is the entry in the audit record, with the key, and digests by which the article is known again.
    """
    async with database.writing() as connection:
        found = await _revisions(connection, key, act.collection)
        marks = {mark for row in found for mark in takedown_marks(row.text_digest, row.canonical_url)}
        number = found[0].id
        drafts = await _erase_drafts(connection, found, key, act.collection)
        await _erase_articles(connection, [number], act.collection, act.now)
        takedown = {"collection": act.collection, "key": key, "at": act.now, "by": act.by}
        known_by = [{"mark": mark, **takedown} for mark in sorted(marks)]
        await connection.execute(upsert(tables.takedown).on_conflict_do_nothing(), known_by)
        entry = {
            "at": act.now,
            "actor": act.by,
            "action": "purge",
            "collection": act.collection,
            "article_id": number,
            "key": key,
            "revision": found[-1].number,
            "detail": why,
        }
        await connection.execute(insert(tables.audit), entry)
    # What was erased is to be gone from the log of changes too; if not now, then at the next chance.
    with suppress(StoreError):
        await database.checkpoint()
    return Purged(number, key, found[-1].title, len(found), drafts)


async def take_down_again(database: Database, takedowns: Sequence[Takedown], now: datetime) -> int:
    """What was taken down in another state of this database is gone from this one too; gives the number of articles."""
    keys: dict[tuple[Collection, str], Takedown] = {}
    takedowns = await _news(database, takedowns)
    for one in takedowns:
        for key in await _standing(database, one):
            keys[one.collection, key] = one
    for (collection, key), one in sorted(keys.items()):
        why = f"taken down on {one.at:%Y-%m-%d}, before a backup was put back"
        await purge(database, key, Act(collection, one.by, now), why)
    known_by = [
        {"collection": one.collection, "mark": one.mark, "key": one.key, "at": one.at, "by": one.by}
        for one in takedowns
    ]
    if known_by:
        async with database.writing() as connection:
            await connection.execute(upsert(tables.takedown).on_conflict_do_nothing(), known_by)
    return len(keys)


async def _news(database: Database, takedowns: Sequence[Takedown]) -> list[Takedown]:
    """Those of the takedowns that this state of the database does not know: it is older than they are."""
    of = tables.takedown.c
    async with database.reading() as connection:
        known = {(collection, mark) for collection, mark in await connection.execute(select(of.collection, of.mark))}
    return [one for one in takedowns if (one.collection, one.mark) not in known]


async def _standing(database: Database, takedown: Takedown) -> Sequence[str]:
    """The keys of the articles that the takedown is about."""
    query = (
        select(_article.key)
        .join_from(tables.article, tables.revision, _revision.article_id == _article.id)
        .where(_article.collection == takedown.collection)
        .where(or_(_article.key == takedown.key, _revision.text_digest == takedown.mark))
        .distinct()
    )
    async with database.reading() as connection:
        return (await connection.execute(query)).scalars().all()


async def purge_collection(database: Database, collection: Collection, now: datetime) -> int:
    """Everything of the collection is gone, its audit entries too; gives the number of articles. May be done again."""
    erased = 0
    some = select(_article.id).where(_article.collection == collection).order_by(_article.id).limit(_AT_ONCE)
    while True:
        async with database.writing() as connection:
            numbers = (await connection.execute(some)).scalars().all()
            if not numbers:
                break
            await _erase_articles(connection, numbers, collection, now)
            erased += len(numbers)
    async with database.writing() as connection:
        for table in (tables.draft, tables.feed, tables.takedown, tables.audit):
            await connection.execute(delete(table).where(table.c.collection == collection))
    # What was erased is to be gone from the log of changes too.
    await database.checkpoint()
    return erased


async def _revisions(
    connection: AsyncConnection, key: str, collection: Collection
) -> Sequence[Row[*tuple[object, ...]]]:
    """The revisions of the article, the oldest first; raises ArticleNotFound."""
    query = (
        select(_article.id, _revision.number, _revision.title, _revision.text_digest, _revision.canonical_url)
        .join_from(tables.article, tables.revision, _revision.article_id == _article.id)
        .where(_article.collection == collection, _article.key == key)
        .order_by(_revision.number)
    )
    found = (await connection.execute(query)).all()
    if not found:
        raise ArticleNotFound(f"no article {key!r} in {collection}")
    return found


async def _erase_drafts(
    connection: AsyncConnection, revisions: Sequence[Row[*tuple[object, ...]]], key: str, collection: Collection
) -> tuple[str, ...]:
    """The drafts with the same text or link, or that edit the article, are gone; gives their ids."""
    texts = {row.text_digest for row in revisions}
    links = {row.canonical_url for row in revisions if row.canonical_url is not None}
    same = or_(
        _draft.base_key == key, _draft.key == key, _draft.text_digest.in_(texts), _draft.canonical_url.in_(links)
    )
    gone = delete(tables.draft).where(_draft.collection == collection, same).returning(_draft.id)
    return tuple(sorted((await connection.execute(gone)).scalars()))


async def _erase_articles(
    connection: AsyncConnection, numbers: Sequence[int], collection: Collection, now: datetime
) -> None:
    """The articles with all that hangs on them are gone, and indexes are told."""
    await forget_runs(connection, numbers)
    await connection.execute(delete(tables.article).where(_article.id.in_(numbers)))
    changes = [{"article_id": number, "collection": collection, "kind": "purge", "at": now} for number in numbers]
    await connection.execute(insert(tables.change), changes)
