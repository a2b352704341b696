"""Taking an act back: the newest one on its article, for a week. What is done then is an act like any other."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from corpus.drafts import DRAFT_KEPT, Undone
from corpus.errors import Conflict, EntryNotFound
from corpus.model import Article, AuditEntry, Draft, Source, SourceKind
from corpus.store import tables
from corpus.store.act import Act
from corpus.store.intake import Write, marks_of
from corpus.store.writing import remove, restore, write_articles

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection

    from corpus.collection import Collection
    from corpus.model import Passage
    from corpus.store.database import Database

UNDONE = frozenset({"add", "revise", "remove", "restore"})
"""The acts that can be taken back."""


async def undo(
    database: Database,
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
    async with database.writing() as connection:
        row = await _entry(connection, number, collections)
        if reason := await _obstacle(connection, row, now):
            raise Conflict(reason)
        act = Act(row.collection, by, now)
        article = await _back(connection, row, act, passages)
    entry = AuditEntry(number, row.at, row.actor, row.action, row.collection, row.key, row.revision, row.detail)
    return Undone(entry, article)


async def _entry(
    connection: AsyncConnection, number: int, collections: Sequence[Collection]
) -> Row[*tuple[object, ...]]:
    of = tables.audit.c
    query = select(tables.audit).where(of.number == number, of.collection.in_(collections))
    found = (await connection.execute(query)).one_or_none()
    if found is None:
        raise EntryNotFound("There is no such entry in the record.")
    return found


async def _obstacle(connection: AsyncConnection, row: Row[*tuple[object, ...]], now: datetime) -> str | None:
    """Why the act can't be taken back, as a sentence; None where it can."""
    if row.action not in UNDONE:
        return f"“{row.action}” can't be undone."
    if now - row.at > DRAFT_KEPT:
        return f"It was done more than {DRAFT_KEPT.days} days ago; edit, remove or restore the article instead."
    of = tables.audit.c
    newest = select(func.max(of.number)).where(of.article_id == row.article_id)
    later = (await connection.execute(select(of.action, of.actor).where(of.number == newest.scalar_subquery()))).one()
    last = (await connection.execute(newest)).scalar_one()
    return None if last == row.number else f"The article was changed since: {later.action} by {later.actor}."


async def _back(
    connection: AsyncConnection, row: Row[*tuple[object, ...]], act: Act, passages: tuple[Passage, ...]
) -> Article:
    why = f"undoes entry {row.number}"
    match row.action:
        case "add" | "restore":
            return await remove(connection, row.key, act, why)
        case "remove":
            return await restore(connection, row.key, act, why)
        case _:
            return await _revision_before(connection, row, act, passages, why)


async def _revision_before(
    connection: AsyncConnection, row: Row[*tuple[object, ...]], act: Act, passages: tuple[Passage, ...], why: str
) -> Article:
    """The content of the revision before, as a new one: what was cited stays where it is."""
    of = tables.revision.c
    query = select(tables.revision).where(of.article_id == row.article_id, of.number == row.revision - 1)
    before = (await connection.execute(query)).one()
    draft = _draft_of(before)
    marks = await asyncio.to_thread(marks_of, draft)
    write = Write(0, draft, marks, row.key, row.revision + 1, row.article_id)
    [article] = await write_articles(connection, [write], [passages], act, why)
    return article


def _draft_of(row: Row[*tuple[object, ...]]) -> Draft:
    authors: list[str] = row.authors if isinstance(row.authors, list) else json.loads(row.authors)
    return Draft(
        title=row.title,
        text=row.text,
        raw_text=row.text if row.raw_text is None else row.raw_text,
        source=Source(SourceKind(row.source_kind), row.source_reference),
        publication=row.publication,
        authors=tuple(authors),
        published=row.published,
        url=row.url,
        language=row.language,
        partial=row.partial,
    )
