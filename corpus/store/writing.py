"""What changes articles: each function runs inside a transaction of its caller and writes change and audit rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, insert, or_, select, update

from corpus.errors import ArticleNotFound, Conflict
from corpus.model import Added, AlreadyKnown, Article, Passage, Rejected
from corpus.store import rows, tables
from corpus.store.intake import Intake, Known, Marks, Neighbours, Write, made_key, marks_of, unfit
from corpus.store.packing import pack
from corpus.text import fold

if TYPE_CHECKING:
    from collections.abc import Collection as Some
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Row, Select
    from sqlalchemy.ext.asyncio import AsyncConnection

    from corpus.model import Collection, Draft, IngestOutcome, Prepared, SetAside

_article, _revision, _passage = tables.article.c, tables.revision.c, tables.passage.c
_IN_ONE_QUERY = 500


@dataclass(frozen=True, slots=True)
class Act:
    """Who does something, when (aware), and where."""

    collection: Collection
    by: str
    now: datetime


Measured = Marks | Rejected


def measured(prepared: Sequence[Prepared]) -> list[Measured]:
    """What each draft is compared by, or why it can't be stored. Takes about a millisecond for 1,000 words."""
    reasons = [unfit(draft, passages) for draft, passages in prepared]
    return [
        Rejected(draft.source, reason) if reason else marks_of(draft)
        for (draft, _), reason in zip(prepared, reasons, strict=True)
    ]


async def add(
    connection: AsyncConnection,
    prepared: Sequence[Prepared],
    measures: Sequence[Measured],
    act: Act,
    settled: Some[str],
) -> list[IngestOutcome]:
    """Store the drafts by the rules of `intake`; the outcomes come in the order of the drafts."""
    marks = {position: found for position, found in enumerate(measures) if isinstance(found, Marks)}
    fit = {position: prepared[position][0] for position in marks}
    intake = Intake(await _neighbours(connection, fit, marks, act.collection), settled=settled)
    decisions = [
        found if isinstance(found, Rejected) else intake.decide(position, prepared[position][0], found)
        for position, found in enumerate(measures)
    ]
    writes = [decision for decision in decisions if isinstance(decision, Write)]
    stored = iter(await _write(connection, writes, [prepared[write.position][1] for write in writes], act))
    return [
        decision if isinstance(decision, AlreadyKnown | Rejected) else Added(next(stored)) for decision in decisions
    ]


async def remove(connection: AsyncConnection, key: str, act: Act, why: str) -> Article:
    """Take the article out; raises ArticleNotFound, or Conflict where it is out already."""
    found = await _one(connection, key, act.collection)
    if found.removed is not None:
        raise Conflict(f"{key!r} was {found.removed} already")
    values = {"removed_at": act.now, "removed_by": act.by, "removed_why": why}
    await connection.execute(update(tables.article).where(_article.id == found.id).values(values))
    await _record(connection, [found], act, "remove", why)
    return await _one(connection, key, act.collection)


async def restore(connection: AsyncConnection, key: str, act: Act) -> Article:
    """Put the article back as it was; raises ArticleNotFound, or Conflict where it is not removed."""
    found = await _one(connection, key, act.collection)
    if found.removed is None:
        raise Conflict(f"{key!r} is not removed")
    values = {"removed_at": None, "removed_by": None, "removed_why": None}
    await connection.execute(update(tables.article).where(_article.id == found.id).values(values))
    await _record(connection, [found], act, "restore")
    return await _one(connection, key, act.collection)


async def _one(connection: AsyncConnection, key: str, collection: Collection) -> Article:
    query = rows.article_columns().select_from(rows.current())
    found = (await connection.execute(query.where(_article.collection == collection, _article.key == key))).first()
    if found is None:
        raise ArticleNotFound(f"no article {key!r} in {collection}")
    passages = (await connection.execute(rows.passage_columns().where(_passage.article_id == found.id))).all()
    return rows.article(found, rows.passages(passages).get(found.id, ()))


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
    return found


async def _families(connection: AsyncConnection, bases: set[str], collection: Collection, found: Neighbours) -> None:
    """Note the articles whose keys were made from the same title and date, with their texts."""
    taken: set[str] = set()
    for some in _chunks(bases):
        query = select(_article.key).where(_article.collection == collection, _article.key.in_(some))
        taken |= set((await connection.execute(query)).scalars())
    for some in _chunks(taken):
        alike = or_(*(_article.key.startswith(f"{base}-", autoescape=True) for base in some), _article.key.in_(some))
        query = _known(collection).add_columns(_revision.text).where(alike)
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
    source = rows.every_revision() if every else rows.current()
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
        removed=rows.removal(row.removed_at, row.removed_by, row.removed_why),
    )


def _chunks(values: set[str]) -> Iterator[list[str]]:
    ordered = sorted(values)
    for start in range(0, len(ordered), _IN_ONE_QUERY):
        yield ordered[start : start + _IN_ONE_QUERY]


async def _write(
    connection: AsyncConnection, writes: Sequence[Write], passages: Sequence[tuple[Passage, ...]], act: Act
) -> list[Article]:
    if not writes:
        return []
    ids = await _article_ids(connection, writes, act.collection)
    await _make_current(connection, [(ids[write.position], write) for write in writes if write.article_id is not None])
    revisions = [_revision_row(ids[write.position], write, act) for write in writes]
    await connection.execute(insert(tables.revision), revisions)
    numbered = await _write_passages(connection, [ids[write.position] for write in writes], passages)
    articles = [
        _article_of(ids[write.position], write, act, mine) for write, mine in zip(writes, numbered, strict=True)
    ]
    await _record(connection, [article for article in articles if article.revision == 1], act, "add")
    await _record(connection, [article for article in articles if article.revision > 1], act, "revise")
    return articles


async def _article_ids(connection: AsyncConnection, writes: Sequence[Write], collection: Collection) -> dict[int, int]:
    """The article numbers by the position of the draft; new articles get their rows."""
    ids = {write.position: write.article_id for write in writes if write.article_id is not None}
    new = [write for write in writes if write.article_id is None]
    if new:
        values = [
            {"collection": collection, "key": write.key, "current": 1, "listed_as": _listed_as(write)} for write in new
        ]
        given = insert(tables.article).returning(_article.key, _article.id)
        made = {row.key: row.id for row in await connection.execute(given, values)}
        ids |= {write.position: made[write.key] for write in new}
    return ids


async def _make_current(connection: AsyncConnection, revised: Sequence[tuple[int, Write]]) -> None:
    if not revised:
        return
    values = [{"of": number, "to": write.revision, "as": _listed_as(write)} for number, write in revised]
    change = update(tables.article).where(_article.id == bindparam("of"))
    await connection.execute(change.values(current=bindparam("to"), listed_as=bindparam("as")), values)
    await connection.execute(delete(tables.passage).where(_passage.article_id.in_([number for number, _ in revised])))


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


async def _record(
    connection: AsyncConnection, articles: Sequence[Article], act: Act, action: str, detail: str = ""
) -> None:
    if not articles:
        return
    changes = [{"article_id": article.id, "kind": action, "at": act.now} for article in articles]
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


def _listed_as(write: Write) -> str:
    """What the words of a list's filter are looked up in."""
    return fold("\n".join((write.draft.title, write.key, write.draft.publication or "")))


def _revision_row(article_id: int, write: Write, act: Act) -> dict[str, object]:
    draft = write.draft
    return {
        "article_id": article_id,
        "number": write.revision,
        "title": draft.title,
        "publication": draft.publication,
        "folded_publication": fold(draft.publication) if draft.publication else None,
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
