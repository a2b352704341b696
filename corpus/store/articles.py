"""The store: what callers hold. It raises CorpusError and its subclasses only."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from corpus.errors import ArticleNotFound, Conflict
from corpus.store import backup, queries, tables, writing
from corpus.store.database import Database
from corpus.store.faults import damaged
from corpus.store.migrate import prepare

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence
    from collections.abc import Collection as Some
    from contextlib import AbstractAsyncContextManager
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy.ext.asyncio import AsyncConnection

    from corpus.model import (
        Article,
        ArticleSummary,
        AuditEntry,
        Change,
        Collection,
        IngestOutcome,
        Prepared,
        PublicationCount,
        SourceKind,
        StoreState,
    )
    from corpus.store.queries import Held


@asynccontextmanager
async def open_store(path: Path, *, migrations: Sequence[Path] = (), timeout_s: float = 30.0) -> AsyncIterator[Store]:
    """The store in the database file `path`, created or brought up to date where needed; closed at the end.

    `migrations` are the folders of further branches of tables; `timeout_s` is how long a writer waits for another
    process. Raises StoreError where the file can't be used.
    """
    schema = await asyncio.to_thread(prepare, path, migrations)
    database = Database(path, timeout_s=timeout_s)
    try:
        yield Store(database, schema)
    finally:
        await database.close()


class Store:
    """Articles with their revisions and passages, the changes that an index follows, and the audit record."""

    def __init__(self, database: Database, schema: tuple[str, ...]) -> None:
        """Use `open_store`."""
        self._database = database
        self._schema = schema

    @property
    def path(self) -> Path:
        """The database file."""
        return self._database.path

    def transaction(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """One transaction: committed as a whole when the block ends well, else nothing of it stays.

        There is one writer at a time: a second transaction, also one that a method of the store needs, waits for the
        first, so none may be begun inside another.
        """
        return self._database.writing()

    def view(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """One unchanging view of what is committed; it waits for no writer, and can't write."""
        return self._database.reading()

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[AsyncConnection]:
        try:
            async with self._database.reading() as connection:
                yield connection
        except (ValueError, TypeError) as error:  # of a date, a list or a span that can't be one
            raise damaged(self.path) from error

    async def add(
        self, drafts: Sequence[Prepared], collection: Collection, by: str, now: datetime, *, settled: Some[str] = ()
    ) -> list[IngestOutcome]:
        """All of the drafts are dealt with in one transaction; gives their outcomes in order (see `intake`).

        `settled` names the keys that earlier calls for the same input dealt with; only their equals are still welcome.
        """
        measures = await asyncio.to_thread(writing.measured, drafts)
        async with self._database.writing() as connection:
            return await writing.add(connection, drafts, measures, writing.Act(collection, by, now), settled)

    async def remove(self, collection: Collection, key: str, *, by: str, now: datetime, why: str = "") -> Article:
        """The article is out of every read; raises ArticleNotFound, or Conflict where it is out already."""
        async with self._database.writing() as connection:
            return await writing.remove(connection, key, writing.Act(collection, by, now), why)

    async def restore(self, collection: Collection, key: str, *, by: str, now: datetime) -> Article:
        """The article is back as it was; raises ArticleNotFound, or Conflict where it is not removed."""
        async with self._database.writing() as connection:
            return await writing.restore(connection, key, writing.Act(collection, by, now))

    async def held_from(self, kind: SourceKind, collection: Collection, actor: str) -> list[Held]:
        """The articles that came in by `kind` first, and whether anyone but `actor` ever changed them."""
        async with self._reading() as connection:
            return await queries.held_from(connection, kind, collection, actor)

    async def switch(
        self, collection: Collection, keys: Sequence[str], *, live: bool, by: str, now: datetime, why: str = ""
    ) -> None:
        """All these articles are live, or removed, in one transaction; those that are already stay as they are."""
        act = writing.Act(collection, by, now)
        async with self._database.writing() as connection:
            for key in keys:
                with suppress(Conflict):
                    if live:
                        await writing.restore(connection, key, act)
                    else:
                        await writing.remove(connection, key, act, why)

    async def read(self, article_ids: Sequence[int]) -> dict[int, Article]:
        """The live ones of these articles in their current revision, with passages, by number."""
        async with self._reading() as connection:
            return await queries.live(connection, article_ids)

    async def changes(self, after: int, limit: int) -> list[Change]:
        """The last change of each article that changed after number `after`, ascending, at most `limit` of them.

        Each carries the article as it is now, or None where it is not live. Whoever has applied all changes up to the
        highest number holds exactly what is live.
        """
        async with self._reading() as connection:
            return await queries.changes(connection, after, limit)

    async def last_change(self) -> int:
        """The number of the newest change, 0 before the first."""
        async with self._reading() as connection:
            return await queries.last_change(connection)

    async def has(self, collection: Collection, key: str) -> bool:
        """Whether the collection holds, live or removed, an article with this key."""
        try:
            await self.find(collection, key, removed_too=True)
        except ArticleNotFound:
            return False
        return True

    async def page(self, collection: Collection, *, after: int, limit: int) -> list[Article]:
        """The live articles of the collection with numbers above `after`, ascending, at most `limit`; no passages."""
        async with self._reading() as connection:
            return await queries.page(connection, collection, after, limit)

    async def find(
        self, collection: Collection, key: str, *, revision: int | None = None, removed_too: bool = False
    ) -> Article:
        """The article; passages come with the current revision only. Raises ArticleNotFound."""
        async with self._reading() as connection:
            return await queries.find(connection, collection, key, revision=revision, removed_too=removed_too)

    async def raw_text(self, article_id: int, revision: int) -> str:
        """The text of that revision as it came in, before cleaning; raises ArticleNotFound."""
        async with self._reading() as connection:
            return await queries.raw_text(connection, article_id, revision)

    async def revisions(self, collection: Collection, key: str) -> list[Article]:
        """All revisions, the oldest first, without passages, of a removed article too; raises ArticleNotFound."""
        async with self._reading() as connection:
            return await queries.revisions(connection, collection, key)

    async def articles(
        self,
        collections: Sequence[Collection],
        *,
        text: str | None = None,
        publication: str | None = None,
        removed: bool = False,
        limit: int,
        offset: int = 0,
    ) -> list[ArticleSummary]:
        """The live (or the removed) articles of `collections`, newest first.

        Each word of `text` has to stand in title, key or publication; case and accents do not count.
        """
        conditions = queries.listed(collections, text=text, publication=publication, removed=removed)
        async with self._reading() as connection:
            return await queries.summaries(connection, conditions, limit=limit, offset=offset)

    async def count(
        self,
        collections: Sequence[Collection],
        *,
        text: str | None = None,
        publication: str | None = None,
        removed: bool = False,
    ) -> int:
        """How many articles `articles` would list without a limit."""
        conditions = queries.listed(collections, text=text, publication=publication, removed=removed)
        async with self._reading() as connection:
            return await queries.count(connection, conditions)

    async def publications(self, collections: Sequence[Collection]) -> list[PublicationCount]:
        """The publications of the live articles of `collections`, the most frequent first."""
        async with self._reading() as connection:
            return await queries.publications(connection, collections)

    async def audit(
        self, collections: Sequence[Collection], *, key: str | None = None, limit: int, offset: int = 0
    ) -> list[AuditEntry]:
        """The acts in `collections`, the newest first."""
        async with self._reading() as connection:
            return await queries.audit(connection, collections, key=key, limit=limit, offset=offset)

    async def state(self) -> StoreState:
        """What the database holds, over all collections."""
        async with self._reading() as connection:
            return await queries.state(connection, self._schema)

    async def note(self, name: str) -> str | None:
        """The value noted under `name`, None where there is none."""
        async with self._reading() as connection:
            query = select(tables.meta.c.value).where(tables.meta.c.name == name)
            return (await connection.execute(query)).scalar_one_or_none()

    async def take_note(self, notes: Mapping[str, str]) -> None:
        """Each of `notes` is what its name stands for from now on."""
        async with self._database.writing() as connection:
            await connection.execute(delete(tables.meta).where(tables.meta.c.name.in_(notes)))
            await connection.execute(insert(tables.meta), [{"name": k, "value": v} for k, v in notes.items()])

    async def backup(self, to: Path) -> None:
        """A checked copy of what is committed stands in the file `to`; readers and writers go on meanwhile.

        An older backup there is replaced at the end; a file of another kind is left alone. Raises StoreError.
        """
        await asyncio.to_thread(backup.copy, self.path, to)

    async def check(self) -> list[str]:
        """What is wrong with the database, a sentence each; empty when all is well. Reads all of it."""
        return await asyncio.to_thread(backup.faults, self.path)
