"""Rows of the tables as values of the model, and the columns that they are made from.

SQLite keeps moments and days as text, a collection as a number and a list as JSON (see `tables`). A row that holds
anything else was damaged: ValueError or TypeError.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from corpus.collection import LIBRARY, Collection
from corpus.model import Article, ArticleSummary, AuditEntry, Passage, Removal, Span
from corpus.store.packing import unpack

if TYPE_CHECKING:
    from collections.abc import Iterable

CURRENT: Final = "article JOIN revision ON revision.article_id = article.id AND revision.number = article.current"
"""Articles with their current revision."""
EVERY: Final = "article JOIN revision ON revision.article_id = article.id"
"""Articles with each of their revisions."""


class ArticleRow(NamedTuple):
    """What an article is made from; `columns` selects it."""

    id: int
    collection: int
    key: str
    number: int
    title: str
    publication: str | None
    published: str | None
    url: str | None
    language: str
    partial: int
    added_by: str
    added_at: str
    removed_at: str | None
    removed_by: str | None
    removed_why: str | None
    authors: str
    text: str


class SummaryRow(NamedTuple):
    """What a line of a list is made from; `columns` selects it."""

    id: int
    collection: int
    key: str
    number: int
    title: str
    publication: str | None
    published: str | None
    url: str | None
    language: str
    partial: int
    added_by: str
    added_at: str
    removed_at: str | None
    removed_by: str | None
    removed_why: str | None
    characters: int
    passages: int


class PassageRow(NamedTuple):
    """What a passage is made from."""

    article_id: int
    id: int
    start: int
    end: int
    sentences: str


class AuditRow(NamedTuple):
    """What an entry of the audit record is made from; `columns` selects it."""

    number: int
    at: str
    actor: str
    action: str
    collection: int
    key: str
    revision: int
    detail: str


_OF_ARTICLE = {"id", "collection", "key", "removed_at", "removed_by", "removed_why", "passages"}


def columns(row: type[ArticleRow | SummaryRow]) -> str:
    """The columns of `CURRENT` or `EVERY` that the row holds, in its order."""
    return ", ".join(f"{'article' if name in _OF_ARTICLE else 'revision'}.{name}" for name in row._fields)


def article(row: ArticleRow, passages: tuple[Passage, ...] = ()) -> Article:
    """The article of the row."""
    return Article(
        id=row.id,
        collection=collection(row.collection),
        key=row.key,
        revision=row.number,
        title=row.title,
        text=row.text,
        publication=row.publication,
        authors=tuple(json.loads(row.authors)),
        published=day(row.published),
        url=row.url,
        language=row.language,
        partial=bool(row.partial),
        added_by=row.added_by,
        added_at=moment(row.added_at),
        passages=passages,
        removed=removal(row.removed_at, row.removed_by, row.removed_why),
    )


def summary(row: SummaryRow) -> ArticleSummary:
    """The summary of the row."""
    return ArticleSummary(
        id=row.id,
        collection=collection(row.collection),
        key=row.key,
        revision=row.number,
        title=row.title,
        publication=row.publication,
        published=day(row.published),
        url=row.url,
        language=row.language,
        partial=bool(row.partial),
        characters=row.characters,
        passages=row.passages,
        added_by=row.added_by,
        added_at=moment(row.added_at),
        removed=removal(row.removed_at, row.removed_by, row.removed_why),
    )


def audit_entry(row: AuditRow) -> AuditEntry:
    """The entry of the row."""
    return AuditEntry(
        number=row.number,
        at=moment(row.at),
        actor=row.actor,
        action=row.action,
        collection=collection(row.collection),
        key=row.key,
        revision=row.revision,
        detail=row.detail,
    )


def passages(rows: Iterable[PassageRow]) -> dict[int, tuple[Passage, ...]]:
    """The passages of each article; the rows are in the order of the text."""
    found: dict[int, list[Passage]] = {}
    for row in rows:
        made = Passage(Span(row.start, row.end), unpack(row.sentences, row.start), row.id)
        found.setdefault(row.article_id, []).append(made)
    return {article_id: tuple(them) for article_id, them in found.items()}


def collection(number: int) -> Collection:
    """The collection of that number: its guild's, or 0 for the library."""
    return Collection(number) if number else LIBRARY


def day(text: str | None) -> date | None:
    """The day as it is stored, None where there is none."""
    return None if text is None else date.fromisoformat(text)


def moment(text: str) -> datetime:
    """The moment as it is stored, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def stored_moment(when: datetime) -> str:
    """The moment (aware) as it is stored: what its column is compared with."""
    return when.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def removal(at: str | None, by: str | None, why: str | None) -> Removal | None:
    """The removal that the columns tell of, None where there is none."""
    return None if at is None else Removal(by or "", moment(at), why or "")
