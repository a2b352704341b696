"""What changes articles: each act is one transaction and writes change and audit rows.

This is where SQLAlchemy comes in; it is loaded when something is to be written (see `articles`).
"""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, TypedDict

from sqlalchemy import and_, bindparam, delete, insert, select, true, update

from corpus.collection import LIBRARY
from corpus.dedupe import sample, shingles
from corpus.errors import ArticleNotFound, Conflict
from corpus.model import Added, AlreadyKnown, Article, Passage, Rejected, Removal
from corpus.store import queries, rows, tables
from corpus.store.database import Database
from corpus.store.intake import Intake, Known, Marks, Neighbours, Write, made_key, marks_of, takedown_marks, unfit
from corpus.store.packing import pack
from corpus.store.rows import ArticleRow, PassageRow
from corpus.text import fold

if TYPE_CHECKING:
    from collections.abc import Collection as Some
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from sqlalchemy import Row, Select
    from sqlalchemy.ext.asyncio import AsyncConnection

    from corpus.collection import Collection
    from corpus.model import Draft, IngestOutcome, Prepared, SetAside
    from corpus.store.act import Act

_article, _revision, _passage = tables.article.c, tables.revision.c, tables.passage.c
_IN_ONE_QUERY = 500
# The articles whose keys are one of the bases, bare or with "-" and more behind it: for each base a range of the index
# of keys, "." being the sign after "-". A pattern would look through all keys, and so would a join in another order.
_ALIKE = """
    SELECT article.id FROM json_each(:bases) AS base CROSS JOIN article
    WHERE article.collection = :collection AND article.key = base.value
    UNION ALL
    SELECT article.id FROM json_each(:bases) AS base CROSS JOIN article
    WHERE article.collection = :collection AND article.key > base.value || '-' AND article.key < base.value || '.'
"""


Measured = Marks | Rejected


def _measured(prepared: Sequence[Prepared]) -> list[Measured]:
    """What each draft is compared by, or why it can't be stored. Takes about a millisecond for 1,000 words."""
    reasons = [unfit(draft, passages) for draft, passages in prepared]
    return [
        Rejected(draft.source, reason) if reason else marks_of(draft)
        for (draft, _), reason in zip(prepared, reasons, strict=True)
    ]


class Writer:
    """The acts on the database file `path`. `timeout_s` is how long one waits for another process's transaction."""

    def __init__(self, path: Path, *, timeout_s: float) -> None:
        """Nothing is opened before the first use."""
        self.database = Database(path, timeout_s=timeout_s)

    async def add(self, prepared: Sequence[Prepared], act: Act, settled: Some[str]) -> list[IngestOutcome]:
        """Store the drafts by the rules of `intake`; the outcomes come in the order of the drafts."""
        measures = await asyncio.to_thread(_measured, prepared)
        async with self.database.writing() as connection:
            return await _add(connection, prepared, measures, act, settled)

    async def remove(self, key: str, act: Act, why: str) -> Article:
        """Take the article out; raises ArticleNotFound, or Conflict where it is out already."""
        async with self.database.writing() as connection:
            return await remove(connection, key, act, why)

    async def restore(self, key: str, act: Act) -> Article:
        """Put the article back as it was; raises ArticleNotFound, or Conflict where it is not removed."""
        async with self.database.writing() as connection:
            return await restore(connection, key, act)

    async def switch(self, keys: Sequence[str], act: Act, *, live: bool, why: str) -> None:
        """Put all these articles back, or take them out; those that are as wanted stay as they are."""
        async with self.database.writing() as connection:
            for key in keys:
                with suppress(Conflict):
                    if live:
                        await restore(connection, key, act)
                    else:
                        await remove(connection, key, act, why)

    async def take_note(self, notes: Mapping[str, str]) -> None:
        """Keep the values under their names, in place of those kept before."""
        async with self.database.writing() as connection:
            await connection.execute(delete(tables.meta).where(tables.meta.c.name.in_(notes)))
            await connection.execute(insert(tables.meta), [{"name": k, "value": v} for k, v in notes.items()])


async def _add(
    connection: AsyncConnection,
    prepared: Sequence[Prepared],
    measures: Sequence[Measured],
    act: Act,
    settled: Some[str],
) -> list[IngestOutcome]:
    marks = {position: found for position, found in enumerate(measures) if isinstance(found, Marks)}
    fit = {position: prepared[position][0] for position in marks}
    intake = Intake(await _neighbours(connection, fit, marks, act.collection), settled=settled)
    decisions = [
        found if isinstance(found, Rejected) else intake.decide(position, prepared[position][0], found)
        for position, found in enumerate(measures)
    ]
    writes = [decision for decision in decisions if isinstance(decision, Write)]
    stored = iter(await write_articles(connection, writes, [prepared[write.position][1] for write in writes], act))
    return [
        decision if isinstance(decision, AlreadyKnown | Rejected) else Added(next(stored)) for decision in decisions
    ]


async def remove(connection: AsyncConnection, key: str, act: Act, why: str) -> Article:
    """The article is out; raises ArticleNotFound, or Conflict where it is out already."""
    found = await _one(connection, key, act.collection)
    if found.removed is not None:
        raise Conflict(f"{key!r} was already {found.removed}")
    values = {"removed_at": act.now, "removed_by": act.by, "removed_why": why}
    await connection.execute(update(tables.article).where(_article.id == found.id).values(values))
    await record(connection, [found], act, "remove", why)
    return await _one(connection, key, act.collection)


async def restore(connection: AsyncConnection, key: str, act: Act, why: str = "") -> Article:
    """The article is back; raises ArticleNotFound, or Conflict where it is not removed."""
    found = await _one(connection, key, act.collection)
    if found.removed is None:
        raise Conflict(f"{key!r} is not removed")
    values = {"removed_at": None, "removed_by": None, "removed_why": None}
    await connection.execute(update(tables.article).where(_article.id == found.id).values(values))
    await record(connection, [found], act, "restore", why)
    return await _one(connection, key, act.collection)


async def _one(connection: AsyncConnection, key: str, collection: Collection) -> Article:
    values = {"collection": collection.guild_id or 0, "key": key}
    found = (await connection.exec_driver_sql(queries.ARTICLE_WITH_KEY, values)).first()
    if found is None:
        raise ArticleNotFound(f"no article {key!r} in {collection}")
    row = ArticleRow._make(found)
    passages = await connection.exec_driver_sql(queries.PASSAGES, {"id": row.id})
    return rows.article(row, rows.passages(map(PassageRow._make, passages)).get(row.id, ()))


async def _neighbours(
    connection: AsyncConnection, drafts: Mapping[int, Draft], marks: Mapping[int, Marks], collection: Collection
) -> Neighbours:
    found = Neighbours()
    keys = {draft.key for draft in drafts.values() if draft.key is not None}
    for some in _chunks(keys):
        query = _known(collection).where(_article.key.in_(some))
        found.by_key |= {row.key: _of(row) for row in await connection.execute(query)}
    keyless = [position for position, draft in drafts.items() if draft.key is None]
    await _families(connection, {made_key(drafts[position]) for position in keyless}, collection, found)
    for some in _chunks({marks[position].text_digest for position in keyless}):
        query = _known(collection, every=True).where(_revision.text_digest.in_(some))
        found.by_digest |= {row.text_digest: _of(row) for row in await connection.execute(query)}
    for some in _chunks({url for position in keyless if (url := marks[position].canonical_url)}):
        query = _known(collection).where(_revision.canonical_url.in_(some))
        found.by_url |= {row.canonical_url: _of(row) for row in await connection.execute(query)}
    found.taken_down = await _taken_down(connection, marks.values(), collection)
    return found


async def _taken_down(connection: AsyncConnection, marks: Iterable[Marks], collection: Collection) -> set[str]:
    """Those of the marks that were taken down here, or in the library, which is for everybody."""
    of = tables.takedown.c
    found: set[str] = set()
    for some in _chunks({mark for one in marks for mark in takedown_marks(one.text_digest, one.canonical_url)}):
        query = select(of.mark).where(of.collection.in_({collection, LIBRARY}), of.mark.in_(some))
        found |= set((await connection.execute(query)).scalars())
    return found


async def _families(connection: AsyncConnection, bases: set[str], collection: Collection, found: Neighbours) -> None:
    """Note the articles whose keys were made from the same title and date, with their texts."""
    taken: set[str] = set()
    for some in _chunks(bases):
        query = select(_article.key).where(_article.collection == collection, _article.key.in_(some))
        taken |= set((await connection.execute(query)).scalars())
    for some in _chunks(taken):
        values = {"bases": json.dumps(some), "collection": collection.guild_id or 0}
        ids = (await connection.exec_driver_sql(_ALIKE, values)).scalars().all()
        query = _known(collection).add_columns(_revision.text).where(_article.id.in_(ids))
        found.by_key |= {row.key: replace(_of(row), text=row.text) for row in await connection.execute(query)}


def _known(collection: Collection, *, every: bool = False) -> Select[*tuple[object, ...]]:
    columns = (
        _article.id,
        _article.key,
        _article.current,
        _article.removed_at,
        _article.removed_by,
        _article.removed_why,
        _revision.title,
        _revision.publication,
        _revision.published,
        _revision.fingerprint,
        _revision.text_digest,
        _revision.canonical_url,
    )
    current = true() if every else _revision.number == _article.current
    source = tables.article.join(tables.revision, and_(_revision.article_id == _article.id, current))
    # Of several, the last one stays in a dictionary: the live, oldest article, in its newest revision.
    order = (_article.removed_at.is_(None), _article.id.desc(), _revision.number)
    return select(*columns).select_from(source).where(_article.collection == collection).order_by(*order)


def _of(row: Row[*tuple[object, ...]]) -> Known:
    return Known(
        key=row.key,
        revision=row.current,
        title=row.title,
        publication=row.publication,
        published=row.published,
        fingerprint=row.fingerprint,
        id=row.id,
        removed=None
        if row.removed_at is None
        else Removal(row.removed_by or "", row.removed_at, row.removed_why or ""),
    )


def _chunks(values: set[str]) -> Iterator[list[str]]:
    ordered = sorted(values)
    for start in range(0, len(ordered), _IN_ONE_QUERY):
        yield ordered[start : start + _IN_ONE_QUERY]


async def write_articles(
    connection: AsyncConnection,
    writes: Sequence[Write],
    passages: Sequence[tuple[Passage, ...]],
    act: Act,
    detail: str = "",
) -> list[Article]:
    """The revisions are stored with their passages, changes and audit entries."""
    if not writes:
        return []
    listings = {write.position: _listing(write, len(mine)) for write, mine in zip(writes, passages, strict=True)}
    ids = await _article_ids(connection, writes, listings, act.collection)
    await _make_current(connection, [write for write in writes if write.article_id is not None], listings)
    revisions = [_revision_row(ids[write.position], write, act) for write in writes]
    await connection.execute(insert(tables.revision), revisions)
    await _write_runs(connection, {ids[write.position]: write.marks.runs for write in writes})
    numbered = await _write_passages(connection, [ids[write.position] for write in writes], passages)
    articles = [
        _article_of(ids[write.position], write, act, mine) for write, mine in zip(writes, numbered, strict=True)
    ]
    await record(connection, [article for article in articles if article.revision == 1], act, "add", detail)
    await record(connection, [article for article in articles if article.revision > 1], act, "revise", detail)
    return articles


async def _article_ids(
    connection: AsyncConnection, writes: Sequence[Write], listings: Mapping[int, _Listing], collection: Collection
) -> dict[int, int]:
    """The article numbers by the position of the draft; new articles get their rows."""
    ids = {write.position: write.article_id for write in writes if write.article_id is not None}
    new = [write for write in writes if write.article_id is None]
    if new:
        values = [
            {"collection": collection, "key": write.key, "current": 1, **listings[write.position]} for write in new
        ]
        given = insert(tables.article).returning(_article.key, _article.id)
        made = {row.key: row.id for row in await connection.execute(given, values)}
        ids |= {write.position: made[write.key] for write in new}
    return ids


async def _make_current(
    connection: AsyncConnection, revised: Sequence[Write], listings: Mapping[int, _Listing]
) -> None:
    if not revised:
        return
    await forget_runs(connection, [write.article_id for write in revised if write.article_id is not None])
    values = [{"of": write.article_id, "current": write.revision, **listings[write.position]} for write in revised]
    await connection.execute(update(tables.article).where(_article.id == bindparam("of")), values)
    gone = _passage.article_id.in_([write.article_id for write in revised])
    await connection.execute(delete(tables.passage).where(gone))


async def forget_runs(connection: AsyncConnection, article_ids: Sequence[int]) -> None:
    """The samples of these articles' current texts are gone. They are reckoned anew: no index leads from an article."""
    texts = (
        select(_article.id, _revision.text)
        .join_from(tables.article, tables.revision, _revision.article_id == _article.id)
        .where(_revision.number == _article.current, _article.id.in_(article_ids))
    )
    found = (await connection.execute(texts)).all()
    runs = await asyncio.to_thread(lambda: [(run, number) for number, text in found for run in sample(shingles(text))])
    if runs:
        of = tables.shingle.c
        gone = delete(tables.shingle).where(of.run == bindparam("the_run"), of.article_id == bindparam("the_article"))
        await connection.execute(gone, [{"the_run": run, "the_article": number} for run, number in runs])


async def _write_runs(connection: AsyncConnection, runs: Mapping[int, Sequence[int]]) -> None:
    values = [{"run": run, "article_id": number} for number, mine in runs.items() for run in mine]
    if values:
        await connection.execute(insert(tables.shingle), values)


async def _write_passages(
    connection: AsyncConnection, article_ids: Sequence[int], passages: Sequence[tuple[Passage, ...]]
) -> list[tuple[Passage, ...]]:
    values = [
        {
            "article_id": number,
            "ordinal": ordinal,
            "start": passage.span.start,
            "end": passage.span.end,
            "sentences": pack(passage),
        }
        for number, mine in zip(article_ids, passages, strict=True)
        for ordinal, passage in enumerate(mine)
    ]
    if not values:
        return [() for _ in passages]
    # Rows asked back in the order of the values would be inserted one by one on SQLite; by name they come in bulk.
    given = insert(tables.passage).returning(_passage.article_id, _passage.ordinal, _passage.id)
    ids = {(number, ordinal): made for number, ordinal, made in await connection.execute(given, values)}
    return [
        tuple(replace(passage, id=ids[number, ordinal]) for ordinal, passage in enumerate(mine))
        for number, mine in zip(article_ids, passages, strict=True)
    ]


async def record(
    connection: AsyncConnection, articles: Sequence[Article], act: Act, action: str, detail: str = ""
) -> None:
    """Each of the articles has a change, which indexes follow, and an entry in the audit record."""
    if not articles:
        return
    changes = [
        {"article_id": article.id, "collection": act.collection, "kind": action, "at": act.now} for article in articles
    ]
    await connection.execute(insert(tables.change), changes)
    entries = [
        {
            "at": act.now,
            "actor": act.by,
            "action": action,
            "collection": act.collection,
            "article_id": article.id,
            "key": article.key,
            "revision": article.revision,
            "detail": detail,
        }
        for article in articles
    ]
    await connection.execute(insert(tables.audit), entries)


class _Listing(TypedDict):
    """What an article's row holds for lists; the words of a filter are looked up in `listed_as`."""

    listed_as: str
    published: date | None
    publication: str | None
    folded_publication: str | None
    passages: int


def _listing(write: Write, passages: int) -> _Listing:
    draft = write.draft
    return {
        "listed_as": fold("\n".join((draft.title, write.key, draft.publication or ""))),
        "published": draft.published,
        "publication": draft.publication,
        "folded_publication": _folded(draft.publication),
        "passages": passages,
    }


def _folded(publication: str | None) -> str | None:
    return fold(publication) if publication else None


def _revision_row(article_id: int, write: Write, act: Act) -> dict[str, object]:
    draft = write.draft
    return {
        "article_id": article_id,
        "number": write.revision,
        "title": draft.title,
        "publication": draft.publication,
        "folded_publication": _folded(draft.publication),
        "authors": list(draft.authors),
        "published": draft.published,
        "url": draft.url,
        "canonical_url": write.marks.canonical_url,
        "language": draft.language,
        "partial": draft.partial,
        "characters": len(draft.text),
        "text_digest": write.marks.text_digest,
        "fingerprint": write.marks.fingerprint,
        "source_kind": draft.source.kind.value,
        "source_reference": draft.source.reference,
        "added_by": act.by,
        "added_at": act.now,
        "dropped": _lines(draft.dropped),
        "flagged": _lines(draft.flagged),
        "text": draft.text,
        "raw_text": None if draft.raw_text == draft.text else draft.raw_text,
    }


def _lines(lines: Sequence[SetAside]) -> list[list[str]]:
    return [[line.line, line.rule] for line in lines]


def _article_of(article_id: int, write: Write, act: Act, passages: tuple[Passage, ...]) -> Article:
    draft = write.draft
    return Article(
        id=article_id,
        collection=act.collection,
        key=write.key,
        revision=write.revision,
        title=draft.title,
        text=draft.text,
        publication=draft.publication,
        authors=draft.authors,
        published=draft.published,
        url=draft.url,
        language=draft.language,
        partial=draft.partial,
        added_by=act.by,
        added_at=act.now,
        passages=passages,
    )
