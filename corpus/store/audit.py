"""The audit record: entries are written inside the transaction that they tell of, and never changed but for a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, update

from corpus.store import tables

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Column
    from sqlalchemy.ext.asyncio import AsyncConnection

    from corpus.collection import Collection


async def write_entry(
    connection: AsyncConnection,
    collection: Collection,
    by: str,
    now: datetime,
    action: str,
    *,
    key: str = "",
    detail: str = "",
) -> None:
    """The act is on record in this transaction; for what is no article, `key` names the draft, the feed or nothing."""
    entry = {
        "at": now,
        "actor": by,
        "action": action,
        "collection": collection,
        "article_id": 0,
        "key": key,
        "revision": 0,
        "detail": detail,
    }
    await connection.execute(insert(tables.audit), entry)


_NAMED: tuple[Column[str], ...] = (
    tables.audit.c.actor,
    tables.revision.c.added_by,
    tables.article.c.removed_by,
    tables.draft.c.made_by,
    tables.draft.c.decided_by,
    tables.feed.c.made_by,
    tables.takedown.c.by,
)


async def rename_actor(connection: AsyncConnection, old: str, new: str) -> int:
    """The actor is called `new` wherever it was `old`, and is told of nothing any more; gives the number of entries."""
    draft = tables.draft.c
    await connection.execute(update(tables.draft).where(draft.made_by == old).values(tell=False))
    renamed = 0
    for column in _NAMED:
        change = update(column.table).where(column == old).values({column: new})
        renamed += (await connection.execute(change)).rowcount
    return renamed
