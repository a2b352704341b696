"""Rows of the tables as values of the model, and the columns that they are made from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, func, select

from corpus.model import Article, ArticleSummary, Passage, Removal, Span
from corpus.store import tables
from corpus.store.packing import unpack

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Row, Select
    from sqlalchemy.sql import FromClause

_article, _revision, _passage = tables.article.c, tables.revision.c, tables.passage.c

_NAMING = (
    _article.id,
    _article.collection,
    _article.key,
    _revision.number,
    _revision.title,
    _revision.publication,
    _revision.published,
    _revision.url,
    _revision.language,
    _revision.partial,
    _revision.added_by,
    _revision.added_at,
    _article.removed_at,
    _article.removed_by,
    _article.removed_why,
)


def current() -> FromClause:
    """Articles with their current revision."""
    joined = and_(_revision.article_id == _article.id, _revision.number == _article.current)
    return tables.article.join(tables.revision, joined)


def every_revision() -> FromClause:
    """Articles with each of their revisions."""
    return tables.article.join(tables.revision, _revision.article_id == _article.id)


def article_columns() -> Select[*tuple[object, ...]]:
    """What `article` reads."""
    return select(*_NAMING, _revision.authors, _revision.text)


def article(row: Row[*tuple[object, ...]], passages: tuple[Passage, ...] = ()) -> Article:
    """The article of a row of `article_columns`."""
    return Article(
        id=row.id,
        collection=row.collection,
        key=row.key,
        revision=row.number,
        title=row.title,
        text=row.text,
        publication=row.publication,
        authors=tuple(row.authors),
        published=row.published,
        url=row.url,
        language=row.language,
        partial=row.partial,
        added_by=row.added_by,
        added_at=row.added_at,
        passages=passages,
        removed=removal(row.removed_at, row.removed_by, row.removed_why),
    )


def summary_columns() -> Select[*tuple[object, ...]]:
    """What `summary` reads."""
    counted = select(func.count()).where(_passage.article_id == _article.id).scalar_subquery()
    return select(*_NAMING, _revision.characters, counted.label("passages"))


def summary(row: Row[*tuple[object, ...]]) -> ArticleSummary:
    """The summary of a row of `summary_columns`."""
    return ArticleSummary(
        id=row.id,
        collection=row.collection,
        key=row.key,
        revision=row.number,
        title=row.title,
        publication=row.publication,
        published=row.published,
        url=row.url,
        language=row.language,
        partial=row.partial,
        characters=row.characters,
        passages=row.passages,
        added_by=row.added_by,
        added_at=row.added_at,
        removed=removal(row.removed_at, row.removed_by, row.removed_why),
    )


def removal(at: datetime | None, by: str | None, why: str | None) -> Removal | None:
    """The removal that the columns tell of, None where there is none."""
    return Removal(by or "", at, why or "") if at is not None else None


def passage_columns() -> Select[int, int, int, int, str]:
    """What `passages` reads, in the order of the text."""
    columns = (_passage.article_id, _passage.id, _passage.start, _passage.end, _passage.sentences)
    return select(*columns).order_by(_passage.article_id, _passage.ordinal)


def passages(rows: Sequence[Row[int, int, int, int, str]]) -> dict[int, tuple[Passage, ...]]:
    """The passages of each article."""
    found: dict[int, list[Passage]] = {}
    for article_id, number, start, end, packed in rows:
        found.setdefault(article_id, []).append(Passage(Span(start, end), unpack(packed, start), number))
    return {article_id: tuple(them) for article_id, them in found.items()}
