"""What is read of articles: each function runs on one view of the database, in plain SQL.

None takes time in proportion to the corpus but those that count or search through it: what a list is ordered, filtered
and counted by stands in the row of the article, and its indexes, not in the large rows of the revisions.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from corpus.drafts import Takedown
from corpus.errors import ArticleNotFound, EntryNotFound
from corpus.model import Change, Passage, PublicationCount, Span, StoreState
from corpus.store import rows
from corpus.store.rows import CURRENT, EVERY, ArticleRow, AuditRow, PassageRow, SummaryRow
from corpus.text import fold

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence

    from corpus.collection import Collection
    from corpus.drafts import AuditFilter
    from corpus.model import Article, ArticleSummary, AuditEntry, SourceKind

Value = str | int | None

_MOST = (1 << 63) - 1
_ARTICLE: Final = f"SELECT {rows.columns(ArticleRow)} FROM "  # noqa: S608 - made of our own constants
_WITH_KEY: Final = " WHERE article.collection = :collection AND article.key = :key"
ARTICLE_WITH_KEY: Final = f"{_ARTICLE}{CURRENT}{_WITH_KEY}"
PASSAGES: Final = 'SELECT article_id, id, start, "end", sentences FROM passage WHERE article_id = :id ORDER BY ordinal'
_SOME: Final = "(SELECT value FROM json_each(:ids))"


@dataclass(frozen=True, slots=True)
class Held:
    """An article that is held, whether it is live, and whether anyone else ever changed it."""

    key: str
    live: bool
    touched: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """Which articles are meant: all of `words` stand in the title, key or publication, all in folded form."""

    within: Within
    words: tuple[str, ...] = ()
    publication: str | None = None
    removed: bool = False

    @property
    def condition(self) -> str:
        """The same in SQL, on the article alone; its values are `values`."""
        parts = [self.within.condition]
        parts.append(f"article.removed_at IS {'NOT NULL' if self.removed else 'NULL'}")
        parts += ["instr(article.listed_as, ?) > 0"] * len(self.words)
        if self.publication is not None:
            parts.append("article.folded_publication = ?")
        return " AND ".join(parts)

    @property
    def values(self) -> tuple[Value, ...]:
        """The values for the marks of `condition`."""
        return (*self.within.values, *self.words, *(() if self.publication is None else (self.publication,)))


def listed(collections: Sequence[Collection], *, text: str | None, publication: str | None, removed: bool) -> Listed:
    """The articles that a list shows; no collections, no articles."""
    words = tuple(fold(text or "").split())
    return Listed(within(collections, "article"), words, None if publication is None else fold(publication), removed)


@dataclass(frozen=True, slots=True)
class Within:
    """That a row belongs to one of some collections: the condition in SQL, and the values for its marks."""

    condition: str
    values: tuple[int, ...]


def within(collections: Sequence[Collection], table: str) -> Within:
    """What keeps the rows of other guilds out of everything that is read: the one place that writes it."""
    values = numbers(collections)
    return Within(f"{table}.collection IN ({', '.join('?' * len(values))})", values)


def numbers(collections: Sequence[Collection]) -> tuple[int, ...]:
    """The collections as they are stored."""
    return tuple(collection.guild_id or 0 for collection in collections)


def note(connection: sqlite3.Connection, name: str) -> str | None:
    """The value noted under `name`."""
    found: tuple[str] | None = connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
    return None if found is None else found[0]


def held_from(connection: sqlite3.Connection, kind: SourceKind, collection: Collection, actor: str) -> list[Held]:
    """The articles of the collection whose first revision came in by `kind`; touched: by another than `actor`."""
    query = f"""
        SELECT article.key, article.removed_at,
            EXISTS (SELECT 1 FROM audit WHERE audit.article_id = article.id AND audit.actor != :actor)
        FROM {EVERY}
        WHERE revision.source_kind = :kind AND revision.number = 1 AND article.collection = :collection
        ORDER BY article.id
    """  # noqa: S608 - made of our own constants
    values = {"actor": actor, "kind": kind.value, "collection": collection.guild_id or 0}
    return [Held(key, at is None, bool(touched)) for key, at, touched in connection.execute(query, values)]


def live(connection: sqlite3.Connection, article_ids: Sequence[int]) -> dict[int, Article]:
    """The live articles among `article_ids` in their current revision, with passages."""
    found = _live(connection, article_ids)
    query = f"""
        SELECT article_id, id, start, "end", sentences FROM passage
        WHERE article_id IN {_SOME} ORDER BY article_id, ordinal
    """  # noqa: S608 - made of our own constants
    passages = rows.passages(map(PassageRow._make, connection.execute(query, _ids(row.id for row in found))))
    return {row.id: rows.article(row, passages.get(row.id, ())) for row in found}


def changes(connection: sqlite3.Connection, after: int, limit: int) -> list[Change]:
    """The last change of each article that changed after number `after`, by number, at most `limit`."""
    query = """
        SELECT number, article_id, collection FROM change
        WHERE number > ? AND NOT EXISTS
            (SELECT 1 FROM change AS later WHERE later.article_id = change.article_id AND later.number > change.number)
        ORDER BY number LIMIT ?
    """
    found = connection.execute(query, (after, limit)).fetchall()
    articles = _without_sentences(connection, [article_id for _, article_id, _ in found]) if found else {}
    return [
        Change(number, article_id, rows.collection(collection), articles.get(article_id))
        for number, article_id, collection in found
    ]


def _without_sentences(connection: sqlite3.Connection, article_ids: Sequence[int]) -> dict[int, Article]:
    # An index counts the words of passages; unpacking their sentences would take longer than all the rest.
    found = _live(connection, article_ids)
    query = f"""
        SELECT article_id, id, start, "end" FROM passage
        WHERE article_id IN {_SOME} ORDER BY article_id, ordinal
    """  # noqa: S608 - made of our own constants
    passages: dict[int, list[Passage]] = {row.id: [] for row in found}
    for article_id, number, start, end in connection.execute(query, _ids(passages)):
        passages[article_id].append(Passage(Span(start, end), (), number))
    return {row.id: rows.article(row, tuple(passages[row.id])) for row in found}


def _live(connection: sqlite3.Connection, article_ids: Sequence[int]) -> list[ArticleRow]:
    query = f"{_ARTICLE}{CURRENT} WHERE article.id IN {_SOME} AND article.removed_at IS NULL"
    return [ArticleRow._make(row) for row in connection.execute(query, _ids(article_ids))]


def _ids(article_ids: Iterable[int]) -> Mapping[str, str]:
    return {"ids": json.dumps(list(article_ids))}


def last_change(connection: sqlite3.Connection) -> int:
    """The number of the newest change, 0 before the first."""
    (number,) = connection.execute("SELECT max(number) FROM change").fetchone()
    return number or 0


def has(connection: sqlite3.Connection, collection: Collection, key: str) -> bool:
    """Whether the collection holds an article with this key, live or removed."""
    query = f"SELECT 1 FROM article{_WITH_KEY}"  # noqa: S608 - made of our own constants
    return connection.execute(query, {"collection": collection.guild_id or 0, "key": key}).fetchone() is not None


def find(
    connection: sqlite3.Connection, collection: Collection, key: str, *, revision: int | None, removed_too: bool
) -> Article:
    """The article, current or of that revision; an old revision comes without passages."""
    values = {"collection": collection.guild_id or 0, "key": key, "revision": _number(revision or 0)}
    numbered = "article.current" if revision is None else ":revision"
    query = f"{_ARTICLE}{EVERY}{_WITH_KEY} AND revision.number = {numbered}"
    found = connection.execute(query, values).fetchone()
    row = ArticleRow._make(found) if found else None
    if row is None or (row.removed_at is not None and not removed_too):
        which = "" if revision is None else f" of revision {revision}"
        raise ArticleNotFound(f"no article {key!r}{which} in {collection}")
    (current,) = connection.execute("SELECT current FROM article WHERE id = ?", (row.id,)).fetchone()
    if row.number != current:
        return rows.article(row)
    passages = rows.passages(map(PassageRow._make, connection.execute(PASSAGES, {"id": row.id})))
    return rows.article(row, passages.get(row.id, ()))


def page(connection: sqlite3.Connection, collection: Collection, after: int, limit: int) -> list[Article]:
    """The live articles with numbers above `after`, ascending, without passages."""
    # The sign keeps SQLite from the index of lists: all articles of the collection would be sorted for every page.
    query = f"""{_ARTICLE}{CURRENT}
        WHERE +article.collection = ? AND article.removed_at IS NULL AND article.id > ? ORDER BY article.id LIMIT ?"""
    found = connection.execute(query, (collection.guild_id or 0, after, limit))
    return [rows.article(ArticleRow._make(row)) for row in found]


def raw_text(connection: sqlite3.Connection, article_id: int, revision: int) -> str:
    """The text as it came in, before cleaning."""
    query = "SELECT coalesce(raw_text, text) FROM revision WHERE article_id = ? AND number = ?"
    found: tuple[str] | None = connection.execute(query, (_number(article_id), _number(revision))).fetchone()
    if found is None:
        raise ArticleNotFound(f"no revision {revision} of article number {article_id}")
    return found[0]


def summaries(connection: sqlite3.Connection, wanted: Listed, *, limit: int, offset: int) -> list[ArticleSummary]:
    """The newest first and of a day the one that was stored last; those without a date last."""
    # The place in the list is found in an index; only then are the large rows looked at.
    query = f"""
        SELECT {rows.columns(SummaryRow)} FROM {CURRENT}
        WHERE article.id IN (
            SELECT id FROM article WHERE {wanted.condition} ORDER BY published DESC, id DESC LIMIT ? OFFSET ?)
        ORDER BY article.published DESC, article.id DESC
    """  # noqa: S608 - made of our own constants
    values = (*wanted.values, _number(limit), _number(offset))
    return [rows.summary(SummaryRow._make(row)) for row in connection.execute(query, values)]


def _number(wanted: int) -> int:
    """The number, or the nearest that the database can be asked for."""
    return max(-_MOST, min(wanted, _MOST))


def count(connection: sqlite3.Connection, wanted: Listed) -> int:
    """How many articles are meant."""
    query = f"SELECT count(*) FROM article WHERE {wanted.condition}"  # noqa: S608 - made of our own constants
    (number,) = connection.execute(query, wanted.values).fetchone()
    return int(number)


def revisions(connection: sqlite3.Connection, collection: Collection, key: str) -> list[Article]:
    """All revisions, the oldest first, without passages; of a removed article too."""
    query = f"{_ARTICLE}{EVERY}{_WITH_KEY} ORDER BY revision.number"
    found = connection.execute(query, {"collection": collection.guild_id or 0, "key": key}).fetchall()
    if not found:
        raise ArticleNotFound(f"no article {key!r} in {collection}")
    return [rows.article(ArticleRow._make(row)) for row in found]


def publications(connection: sqlite3.Connection, collections: Sequence[Collection]) -> list[PublicationCount]:
    """The publications of the live articles, the most frequent first; spelled as in the newest article."""
    wanted = Listed(within(collections, "article"))
    # Beside a max(), SQLite gives the columns of the row that has it (https://www.sqlite.org/lang_select.html#bareagg).
    query = f"""
        SELECT publication, count(*), published, max(coalesce(published, '') || printf('%020d', id))
        FROM article WHERE {wanted.condition}
        GROUP BY folded_publication ORDER BY count(*) DESC, folded_publication
    """  # noqa: S608 - made of our own constants
    return [
        PublicationCount(name, number, rows.day(newest))
        for name, number, newest, _ in connection.execute(query, wanted.values)
    ]


def audit(
    connection: sqlite3.Connection,
    collections: Sequence[Collection],
    wanted: AuditFilter,
    *,
    limit: int,
    offset: int,
) -> list[AuditEntry]:
    """The acts in these collections, the newest first."""
    condition, values = _recorded(collections, wanted)
    query = f"""
        SELECT {", ".join(AuditRow._fields)} FROM audit WHERE {condition} ORDER BY number DESC LIMIT ? OFFSET ?
    """  # noqa: S608 - made of our own constants
    found = connection.execute(query, (*values, _number(limit), _number(offset)))
    return [rows.audit_entry(AuditRow._make(row)) for row in found]


def audit_length(connection: sqlite3.Connection, collections: Sequence[Collection], wanted: AuditFilter) -> int:
    """How many acts `audit` would give without a limit."""
    condition, values = _recorded(collections, wanted)
    (number,) = connection.execute(f"SELECT count(*) FROM audit WHERE {condition}", values).fetchone()  # noqa: S608 - the same
    return int(number)


def _recorded(collections: Sequence[Collection], wanted: AuditFilter) -> tuple[str, tuple[Value, ...]]:
    """The condition on entries, and its values."""
    seen = within(collections, "audit")
    parts: list[tuple[str, Value]] = []
    if wanted.actor is not None:
        parts.append(("actor = ?", wanted.actor))
    if wanted.key is not None:
        parts.append(("key = ?", wanted.key))
    if wanted.since is not None:
        parts.append(("at >= ?", wanted.since.isoformat()))
    if wanted.until is not None and wanted.until < date.max:
        parts.append(("at < ?", (wanted.until + timedelta(days=1)).isoformat()))
    conditions = [seen.condition, *(condition for condition, _ in parts)]
    return " AND ".join(conditions), (*seen.values, *(value for _, value in parts))


def acts_of(connection: sqlite3.Connection, actor: str) -> list[AuditEntry]:
    """All that this actor did, in all collections, the oldest first."""
    query = f"SELECT {', '.join(AuditRow._fields)} FROM audit WHERE actor = ? ORDER BY number"  # noqa: S608 - made of our own constants
    return [rows.audit_entry(AuditRow._make(row)) for row in connection.execute(query, (actor,))]


def entry(connection: sqlite3.Connection, number: int, collections: Sequence[Collection]) -> AuditEntry:
    """The entry of that number; raises EntryNotFound."""
    seen = within(collections, "audit")
    query = f"""
        SELECT {", ".join(AuditRow._fields)} FROM audit WHERE number = ? AND {seen.condition}
    """  # noqa: S608 - made of our own constants
    found = connection.execute(query, (_number(number), *seen.values)).fetchone()
    if found is None:
        raise EntryNotFound("There is no such entry in the record.")
    return rows.audit_entry(AuditRow._make(found))


def last_entry(connection: sqlite3.Connection, collection: Collection, key: str) -> AuditEntry | None:
    """The newest act on the article; None where there is no such article."""
    query = f"""
        SELECT {", ".join(AuditRow._fields)} FROM audit
        WHERE number = (SELECT max(audit.number) FROM audit JOIN article ON article.id = audit.article_id
            WHERE article.collection = ? AND article.key = ?)
    """  # noqa: S608 - made of our own constants
    found = connection.execute(query, (collection.guild_id or 0, key)).fetchone()
    return None if found is None else rows.audit_entry(AuditRow._make(found))


def takedowns(connection: sqlite3.Connection) -> list[Takedown]:
    """All that was taken down, in all collections."""
    found = connection.execute('SELECT collection, mark, key, at, "by" FROM takedown ORDER BY collection, mark')
    return [
        Takedown(rows.collection(collection), mark, key, rows.moment(at), by) for collection, mark, key, at, by in found
    ]


def article(connection: sqlite3.Connection, number: int, collections: Sequence[Collection]) -> Article:
    """The article of that number in its current revision, a removed one too; raises ArticleNotFound."""
    seen = within(collections, "article")
    query = f"{_ARTICLE}{CURRENT} WHERE article.id = ? AND {seen.condition}"
    found = connection.execute(query, (_number(number), *seen.values)).fetchone()
    if found is None:
        raise ArticleNotFound("There is no such article.")
    row = ArticleRow._make(found)
    passages = rows.passages(map(PassageRow._make, connection.execute(PASSAGES, {"id": row.id})))
    return rows.article(row, passages.get(row.id, ()))


def state(connection: sqlite3.Connection, schema: tuple[str, ...]) -> StoreState:
    """What the database holds."""
    query = """
        SELECT
            count(*) FILTER (WHERE removed_at IS NULL),
            count(*) FILTER (WHERE removed_at IS NOT NULL),
            coalesce(sum(passages) FILTER (WHERE removed_at IS NULL), 0),
            (SELECT count(*) FROM revision)
        FROM article
    """
    articles, removed, passages, kept = connection.execute(query).fetchone()
    identity = note(connection, "identity") or ""
    return StoreState(identity, schema, articles, removed, passages, kept, last_change(connection))
