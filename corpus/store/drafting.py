"""Drafts in the store: how they are written, decided on and read.

Writing goes through SQLAlchemy, inside a transaction with its audit entry; reading is plain SQL.
"""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, NamedTuple, NotRequired, TypedDict

from sqlalchemy import delete, func, insert, select, update

from corpus.drafts import (
    DRAFT_KEPT,
    Base,
    Choice,
    Decision,
    DraftOrigin,
    DraftState,
    Handling,
    WaitingDraft,
    decided_already,
    without_texts,
)
from corpus.errors import Conflict, DraftNotFound
from corpus.model import Added, Draft, NearDuplicate, Rejected, SetAside, Source, SourceKind
from corpus.store import rows, tables
from corpus.store.audit import write_entry
from corpus.store.intake import Marks, Write, made_key, marks_of
from corpus.store.queries import within
from corpus.store.writing import write_articles

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from corpus.collection import Collection
    from corpus.drafts import Place, Resembling
    from corpus.model import Article, IngestOutcome, Passage
    from corpus.store.act import Act
    from corpus.store.database import Database

_draft, _article = tables.draft.c, tables.article.c
_OPEN = (DraftState.WAITING.value, DraftState.QUEUED.value)
_MADE = {DraftState.QUEUED: "suggest"}
_CLOSED = {DraftState.CANCELLED: "cancel", DraftState.REJECTED: "reject"}


class DraftForm(TypedDict):
    """A draft as JSON."""

    title: str
    text: str
    raw_text: str | None
    source: list[str]
    key: str | None
    publication: str | None
    authors: list[str]
    published: str | None
    url: str | None
    language: str
    partial: bool
    dropped: NotRequired[list[list[str]]]
    flagged: NotRequired[list[list[str]]]


class DraftRow(NamedTuple):
    """What a waiting draft is made from."""

    id: str
    collection: int
    state: str
    version: int
    origin: str
    made_by: str
    made_at: str
    expires_at: str
    tell: int
    base_key: str | None
    base_revision: int | None
    decided_by: str | None
    decided_at: str | None
    reason: str | None
    key: str | None
    revision: int | None
    content: str


_COLUMNS = ", ".join(DraftRow._fields)


# --- reading


def find(connection: sqlite3.Connection, draft_id: str, collections: Sequence[Collection]) -> WaitingDraft:
    """The draft, one that was decided on lately too; raises DraftNotFound."""
    seen = within(collections, "draft")
    query = f"SELECT {_COLUMNS} FROM draft WHERE id = ? AND {seen.condition}"  # noqa: S608 - made of our own constants
    found = connection.execute(query, (draft_id, *seen.values)).fetchone()
    if found is None:
        raise DraftNotFound("There is no such draft, or none any more.")
    return _waiting(DraftRow._make(found))


def queue(
    connection: sqlite3.Connection, collections: Sequence[Collection], *, limit: int, offset: int
) -> list[WaitingDraft]:
    """What waits in the review queues of these collections, the oldest first."""
    seen = within(collections, "draft")
    query = f"""
        SELECT {_COLUMNS} FROM draft WHERE state = 'queued' AND {seen.condition}
        ORDER BY made_at, rowid LIMIT ? OFFSET ?
    """  # noqa: S608 - made of our own constants
    return [_waiting(DraftRow._make(row)) for row in connection.execute(query, (*seen.values, limit, offset))]


def queue_length(connection: sqlite3.Connection, collections: Sequence[Collection]) -> int:
    """How many wait in the review queues of these collections."""
    seen = within(collections, "draft")
    query = f"SELECT count(*) FROM draft WHERE state = 'queued' AND {seen.condition}"  # noqa: S608 - made of our own constants
    (number,) = connection.execute(query, seen.values).fetchone()
    return int(number)


def queued_like(connection: sqlite3.Connection, draft: Draft, collection: Collection) -> str | None:
    """The id of a draft with the same text or link that waits in this collection's review queue; None without one."""
    marks = marks_of(draft)
    query = """
        SELECT id FROM draft WHERE state = 'queued' AND collection = ? AND (text_digest = ? OR canonical_url = ?)
        ORDER BY made_at, rowid LIMIT 1
    """
    values = (collection.guild_id or 0, marks.text_digest, marks.canonical_url)
    found: tuple[str] | None = connection.execute(query, values).fetchone()
    return None if found is None else found[0]


def drafts_of(connection: sqlite3.Connection, actor: str) -> list[WaitingDraft]:
    """The drafts that this actor made, of all collections, open and decided, the oldest first."""
    query = f"SELECT {_COLUMNS} FROM draft WHERE made_by = ? ORDER BY made_at, rowid"  # noqa: S608 - made of our own constants
    return [_waiting(DraftRow._make(row)) for row in connection.execute(query, (actor,))]


def open_suggestions(connection: sqlite3.Connection, actor: str) -> int:
    """How many drafts of this actor wait in review queues, of all collections."""
    query = "SELECT count(*) FROM draft WHERE made_by = ? AND state = 'queued'"
    (number,) = connection.execute(query, (actor,)).fetchone()
    return int(number)


# --- writing


async def keep(database: Database, waiting: WaitingDraft) -> None:
    """The draft waits from now on."""
    row = _row(waiting, await _marks(waiting.draft))
    async with database.writing() as connection:
        await connection.execute(insert(tables.draft), row)
        action = _MADE.get(waiting.state, "draft")
        title = waiting.draft.title
        await write_entry(connection, waiting.collection, waiting.by, waiting.at, action, key=waiting.id, detail=title)


async def revise(database: Database, waiting: WaitingDraft, by: str, now: datetime) -> None:
    """The draft is what `waiting` says; raises Conflict where another edit or a decision came first."""
    change = update(tables.draft).where(_draft.id == waiting.id).values(_row(waiting, await _marks(waiting.draft)))
    async with database.writing() as connection:
        await _check_open(connection, waiting.id, waiting.collection, waiting.version - 1)
        await connection.execute(change)
        title = waiting.draft.title
        await write_entry(connection, waiting.collection, by, now, "edit draft", key=waiting.id, detail=title)


async def close(database: Database, waiting: WaitingDraft, state: DraftState, decision: Decision) -> None:
    """The draft was cancelled or rejected; raises Conflict where it was decided on before."""
    async with database.writing() as connection:
        await _check_open(connection, waiting.id, waiting.collection, None)
        await _decide(connection, waiting, state, decision)
        detail = f"{waiting.draft.title}: {decision.reason}" if decision.reason else waiting.draft.title
        await write_entry(
            connection, waiting.collection, decision.by, decision.at, _CLOSED[state], key=waiting.id, detail=detail
        )


async def expire(database: Database, now: datetime) -> int:
    """The drafts whose time is over are gone; those that still waited for review leave an entry; gives their number."""
    over = _draft.expires_at <= now
    waiting = select(_draft.id, _draft.collection).where(over, _draft.state == DraftState.QUEUED.value)
    async with database.writing() as connection:
        for draft_id, collection in (await connection.execute(waiting)).all():
            await write_entry(connection, collection, "amicus", now, "expire", key=draft_id)
        return (await connection.execute(delete(tables.draft).where(over))).rowcount


class Order(NamedTuple):
    """A draft that is to be an article, by a plan that was made with what was found then."""

    waiting: WaitingDraft
    passages: tuple[Passage, ...]
    plan: Plan
    found: Resembling
    place: Place


async def store(database: Database, order: Order, act: Act) -> Added | None:
    """The draft is an article, in one transaction; None where the collections have changed since the plan was made.

    Raises Conflict where the draft was decided on or edited meanwhile, or what it revises is another revision by now.
    """
    waiting, _, _, found, place = order
    marks = await _marks(waiting.draft)
    async with database.writing() as connection:
        await _check_open(connection, waiting.id, waiting.collection, waiting.version)
        if await _changed_since(connection, found.last_change, place.sees):
            return None
        article = await _write(connection, order, marks, act)
        decision = Decision(act.by, act.now, "", article.key, article.revision)
        await _decide(connection, waiting, DraftState.STORED, decision)
    return Added(article)


async def _write(connection: AsyncConnection, order: Order, marks: Marks, act: Act) -> Article:
    draft, base = order.waiting.draft, order.plan.replaces
    if base is None:
        write = Write(0, draft, marks, await _free_key(connection, draft, act.collection), 1, None)
    else:
        number = await _article_to_revise(connection, base, act.collection)
        write = Write(0, draft, marks, base.key, base.revision + 1, number)
    detail = f"draft {order.waiting.id}"
    [article] = await write_articles(connection, [write], [order.passages], act, detail=detail)
    return article


async def _marks(draft: Draft) -> Marks:
    """What it is compared by: those of a long text take most of a second."""
    return await asyncio.to_thread(marks_of, draft)


async def _article_to_revise(connection: AsyncConnection, base: Base, collection: Collection) -> int:
    query = select(_article.id, _article.current, _article.removed_at, _article.removed_by)
    found = (
        await connection.execute(query.where(_article.collection == collection, _article.key == base.key))
    ).one_or_none()
    if found is None or found.removed_at is not None:
        by = f" by {found.removed_by}" if found else ""
        raise Conflict(f"The article {base.key!r} was removed meanwhile{by}.")
    if found.current != base.revision:
        of = tables.revision.c
        who = select(of.added_by).where(of.article_id == found.id, of.number == found.current)
        by = (await connection.execute(who)).scalar_one()
        raise Conflict(f"{by} has changed the article meanwhile: it is at revision {found.current} by now.")
    return int(found.id)


async def _free_key(connection: AsyncConnection, draft: Draft, collection: Collection) -> str:
    """The first of `base`, `base-2`, `base-3` … that no article of the collection has, removed ones included."""
    base = draft.key or made_key(draft)
    alike = (_article.key == base) | ((_article.key > f"{base}-") & (_article.key < f"{base}."))
    taken = set(
        (await connection.execute(select(_article.key).where(_article.collection == collection, alike))).scalars()
    )
    number = 1
    while (key := base if number == 1 else f"{base}-{number}") in taken:
        number += 1
    return key


async def _check_open(connection: AsyncConnection, draft_id: str, collection: Collection, version: int | None) -> None:
    query = select(_draft.state, _draft.version, _draft.decided_by, _draft.decided_at)
    found = (
        await connection.execute(query.where(_draft.id == draft_id, _draft.collection == collection))
    ).one_or_none()
    if found is None:
        raise DraftNotFound("There is no such draft, or none any more.")
    if found.state not in _OPEN:
        raise decided_already(found.state, found.decided_by, found.decided_at)
    if version is not None and found.version != version:
        raise Conflict("It was edited meanwhile; look at it again.")


async def _changed_since(connection: AsyncConnection, number: int, collections: Sequence[Collection]) -> bool:
    of = tables.change.c
    query = select(func.count()).where(of.number > number, of.collection.in_(collections))
    return bool((await connection.execute(query)).scalar_one())


async def _decide(connection: AsyncConnection, waiting: WaitingDraft, state: DraftState, decision: Decision) -> None:
    values = {
        "state": state.value,
        "decided_by": decision.by,
        "decided_at": decision.at,
        "reason": decision.reason,
        "key": decision.key,
        "revision": decision.revision,
        "expires_at": decision.at + DRAFT_KEPT,
        "content": draft_form(without_texts(waiting.draft)),
    }
    await connection.execute(update(tables.draft).where(_draft.id == waiting.id).values(values))


# --- what is to be done


class Plan(NamedTuple):
    """The draft is to be written: as a revision of `replaces`, else as a new article."""

    replaces: Base | None


def plan_for(waiting: WaitingDraft, found: Resembling, choice: Choice | None, place: Place) -> Plan | IngestOutcome:
    """What becomes of the draft, considering what is stored; pure."""
    source = waiting.draft.source
    if hindrance := found.hindrance(source):
        return hindrance
    seen = choice.seen if choice else ()
    unseen = next((one for one in found.alike if one.key not in seen), None)
    if unseen is not None:
        return NearDuplicate(unseen.key, unseen.title, unseen.share)
    if choice is None or choice.handling is Handling.KEEP_BOTH:
        return Plan(waiting.base)
    chosen = next((one for one in found.alike if one.key == choice.key and one.collection == place.own), None)
    if chosen is None:
        return Rejected(source, "The article to be replaced is not among the near-duplicates of this collection.")
    if choice.revision not in {None, chosen.revision}:
        return NearDuplicate(chosen.key, chosen.title, chosen.share)
    return Plan(Base(chosen.key, chosen.revision))


# --- forms


def draft_form(draft: Draft) -> DraftForm:
    """The draft as JSON."""
    return {
        "title": draft.title,
        "text": draft.text,
        "raw_text": None if draft.raw_text == draft.text else draft.raw_text,
        "source": [draft.source.kind.value, draft.source.reference],
        "key": draft.key,
        "publication": draft.publication,
        "authors": list(draft.authors),
        "published": draft.published.isoformat() if draft.published else None,
        "url": draft.url,
        "language": draft.language,
        "partial": draft.partial,
        "dropped": [[one.line, one.rule] for one in draft.dropped],
        "flagged": [[one.line, one.rule] for one in draft.flagged],
    }


def draft_of(form: DraftForm) -> Draft:
    """The draft of that form."""
    kind, reference = form["source"]
    return Draft(
        title=form["title"],
        text=form["text"],
        raw_text=form["text"] if form["raw_text"] is None else form["raw_text"],
        source=Source(SourceKind(kind), reference),
        key=form["key"],
        publication=form["publication"],
        authors=tuple(form["authors"]),
        published=rows.day(form["published"]),
        url=form["url"],
        language=form["language"],
        partial=form["partial"],
        dropped=tuple(SetAside(line, rule) for line, rule in form.get("dropped", [])),
        flagged=tuple(SetAside(line, rule) for line, rule in form.get("flagged", [])),
    )


def _row(waiting: WaitingDraft, marks: Marks) -> dict[str, object]:
    base = waiting.base
    return {
        "id": waiting.id,
        "collection": waiting.collection,
        "state": waiting.state.value,
        "version": waiting.version,
        "origin": waiting.origin.value,
        "made_by": waiting.by,
        "made_at": waiting.at,
        "expires_at": waiting.expires_at,
        "tell": waiting.tell,
        "base_key": base.key if base else None,
        "base_revision": base.revision if base else None,
        "text_digest": marks.text_digest,
        "canonical_url": marks.canonical_url,
        "content": draft_form(waiting.draft),
    }


def _waiting(row: DraftRow) -> WaitingDraft:
    base = None if row.base_key is None or row.base_revision is None else Base(row.base_key, row.base_revision)
    decision = None
    if row.decided_by is not None and row.decided_at is not None:
        at = rows.moment(row.decided_at)
        decision = Decision(row.decided_by, at, row.reason or "", row.key, row.revision)
    return WaitingDraft(
        id=row.id,
        collection=rows.collection(row.collection),
        draft=draft_of(json.loads(row.content)),
        state=DraftState(row.state),
        version=row.version,
        origin=DraftOrigin(row.origin),
        by=row.made_by,
        at=rows.moment(row.made_at),
        expires_at=rows.moment(row.expires_at),
        base=base,
        tell=bool(row.tell),
        decision=decision,
    )
