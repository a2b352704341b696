"""What is read of articles: each function runs on a view of its caller."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, false, func, select

from corpus.errors import ArticleNotFound
from corpus.model import Article, AuditEntry, Change, PublicationCount, StoreState
from corpus.store import rows, tables
from corpus.text import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from corpus.model import ArticleSummary, Collection, SourceKind

_article, _revision, _passage, _change = tables.article.c, tables.revision.c, tables.passage.c, tables.change.c
_MOST = (1 << 63) - 1
_live = _article.removed_at.is_(None)


def within(collections: Sequence[Collection]) -> ColumnElement[bool]:
    """The one filter that keeps collections apart; no collections, no articles."""
    return _article.collection.in_(collections) if collections else false()


@dataclass(frozen=True, slots=True)
class Held:
    """An article that is held, whether it is live, and whether anyone else ever changed it."""

    key: str
    live: bool
    touched: bool


async def held_from(connection: AsyncConnection, kind: SourceKind, collection: Collection, actor: str) -> list[Held]:
    """The articles of the collection whose first revision came in by `kind`; touched: by another than `actor`."""
    acts = tables.audit.c
    others = select(acts.number).where(acts.article_id == _article.id, acts.actor != actor).exists()
    query = select(_article.key, _article.removed_at, others).select_from(rows.every_revision())
    query = query.where(_article.collection == collection, _revision.number == 1)
    query = query.where(_revision.source_kind == kind.value).order_by(_article.id)
    return [Held(key, at is None, touched) for key, at, touched in await connection.execute(query)]


async def live(connection: AsyncConnection, article_ids: Sequence[int]) -> dict[int, Article]:
    """The live articles among `article_ids` in their current revision, with passages."""
    query = rows.article_columns().select_from(rows.current()).where(_article.id.in_(article_ids), _live)
    found = (await connection.execute(query)).all()
    ids = [row.id for row in found]
    passages = rows.passages(
        (await connection.execute(rows.passage_columns().where(_passage.article_id.in_(ids)))).all()
    )
    return {row.id: rows.article(row, passages.get(row.id, ())) for row in found}


async def changes(connection: AsyncConnection, after: int, limit: int) -> list[Change]:
    """The last change of each article that changed after number `after`, by number, at most `limit`."""
    later = tables.change.alias()
    superseded = select(later.c.number).where(later.c.article_id == _change.article_id, later.c.number > _change.number)
    query = select(_change.number, _change.article_id).where(_change.number > after, ~superseded.exists())
    found = (await connection.execute(query.order_by(_change.number).limit(limit))).all()
    articles = await live(connection, [row.article_id for row in found]) if found else {}
    return [Change(row.number, row.article_id, articles.get(row.article_id)) for row in found]


async def last_change(connection: AsyncConnection) -> int:
    """The number of the newest change, 0 before the first."""
    return (await connection.execute(select(func.max(_change.number)))).scalar_one() or 0


async def find(
    connection: AsyncConnection, collection: Collection, key: str, *, revision: int | None, removed_too: bool
) -> Article:
    """The article, current or of that revision; an old revision comes without passages."""
    query = rows.article_columns().where(_article.collection == collection, _article.key == key)
    query = query.select_from(rows.current() if revision is None else rows.every_revision())
    if revision is not None:
        query = query.where(_revision.number == _number(revision))
    if not removed_too:
        query = query.where(_live)
    row = (await connection.execute(query.add_columns(_article.current))).first()
    if row is None:
        which = "" if revision is None else f" of revision {revision}"
        raise ArticleNotFound(f"no article {key!r}{which} in {collection}")
    passages = await connection.execute(rows.passage_columns().where(_passage.article_id == row.id))
    mine = rows.passages(passages.all()).get(row.id, ()) if row.number == row.current else ()
    return rows.article(row, mine)


async def page(connection: AsyncConnection, collection: Collection, after: int, limit: int) -> list[Article]:
    """The live articles with numbers above `after`, ascending, without passages."""
    query = rows.article_columns().select_from(rows.current())
    query = query.where(_article.collection == collection, _live, _article.id > after).order_by(_article.id)
    return [rows.article(row) for row in await connection.execute(query.limit(limit))]


async def raw_text(connection: AsyncConnection, article_id: int, revision: int) -> str:
    """The text as it came in, before cleaning."""
    query = select(_revision.text, _revision.raw_text)
    query = query.where(_revision.article_id == article_id, _revision.number == revision)
    found = (await connection.execute(query)).first()
    if found is None:
        raise ArticleNotFound(f"no revision {revision} of article number {article_id}")
    return str(found.text if found.raw_text is None else found.raw_text)


def listed(
    collections: Sequence[Collection], *, text: str | None, publication: str | None, removed: bool
) -> list[ColumnElement[bool]]:
    """The conditions of a list: every word of `text` stands in the title, key or publication."""
    conditions = [within(collections), _article.removed_at.is_not(None) if removed else _live]
    conditions += [_article.listed_as.contains(word, autoescape=True) for word in fold(text or "").split()]
    if publication is not None:
        conditions.append(_revision.folded_publication == fold(publication))
    return conditions


async def summaries(
    connection: AsyncConnection, conditions: Sequence[ColumnElement[bool]], *, limit: int, offset: int
) -> list[ArticleSummary]:
    """The newest first, those without a date last, in a total order."""
    order = (_revision.published.is_(None), _revision.published.desc(), _revision.title, _article.id)
    query = rows.summary_columns().select_from(rows.current()).where(*conditions).order_by(*order)
    query = query.limit(_number(limit)).offset(_number(offset))
    return [rows.summary(row) for row in await connection.execute(query)]


def _number(wanted: int) -> int:
    """The number, or the nearest that the database can be asked for."""
    return max(-_MOST, min(wanted, _MOST))


async def count(connection: AsyncConnection, conditions: Sequence[ColumnElement[bool]]) -> int:
    """How many articles meet the conditions."""
    query = select(func.count()).select_from(rows.current()).where(*conditions)
    return (await connection.execute(query)).scalar_one()


async def revisions(connection: AsyncConnection, collection: Collection, key: str) -> list[Article]:
    """All revisions, the oldest first, without passages; of a removed article too."""
    query = rows.article_columns().select_from(rows.every_revision()).order_by(_revision.number)
    found = (await connection.execute(query.where(_article.collection == collection, _article.key == key))).all()
    if not found:
        raise ArticleNotFound(f"no article {key!r} in {collection}")
    return [rows.article(row) for row in found]


async def publications(connection: AsyncConnection, collections: Sequence[Collection]) -> list[PublicationCount]:
    """The publications of the live articles, the most frequent first; spelled as in the newest article."""
    newest_first = (_revision.published.is_(None), _revision.published.desc(), _article.id.desc())
    place = func.row_number().over(partition_by=_revision.folded_publication, order_by=newest_first)
    of = (
        select(_revision.folded_publication, _revision.publication, _revision.published, place.label("place"))
        .select_from(rows.current())
        .where(within(collections), _live)
        .subquery()
        .c
    )
    spelling = func.max(of.publication).filter(of.place == 1)
    query = select(spelling, func.count(), func.max(of.published)).group_by(of.folded_publication)
    query = query.order_by(func.count().desc(), of.folded_publication)
    return [PublicationCount(name, number, newest) for name, number, newest in await connection.execute(query)]


async def audit(
    connection: AsyncConnection, collections: Sequence[Collection], *, key: str | None, limit: int, offset: int
) -> list[AuditEntry]:
    """The acts in these collections, the newest first."""
    of = tables.audit.c
    query = select(of.number, of.at, of.actor, of.action, of.collection, of.key, of.revision, of.detail)
    query = query.where(of.collection.in_(collections) if collections else false()).order_by(of.number.desc())
    if key is not None:
        query = query.where(of.key == key)
    return [AuditEntry(*row) for row in await connection.execute(query.limit(limit).offset(offset))]


async def state(connection: AsyncConnection, schema: tuple[str, ...]) -> StoreState:
    """What the database holds."""
    articles = select(func.count()).select_from(tables.article).where(_live).scalar_subquery()
    removed = select(func.count()).select_from(tables.article).where(~_live).scalar_subquery()
    passages = select(func.count()).select_from(tables.passage.join(tables.article)).where(_live).scalar_subquery()
    revisions = select(func.count()).select_from(tables.revision).scalar_subquery()
    identity = select(tables.meta.c.value).where(tables.meta.c.name == "identity").scalar_subquery()
    row = (await connection.execute(select(identity, articles, removed, passages, revisions))).one()
    last = await last_change(connection)
    return StoreState(row[0], schema, row[1], row[2], row[3], row[4], last)
