"""The store: what callers hold. It raises CorpusError and its subclasses only.

Reading is plain SQL. SQLAlchemy, which takes longer to load than a question to be answered, is loaded by the first act
that writes and by whoever asks for a connection.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from corpus.store import backup, queries
from corpus.store.act import Act
from corpus.store.desk import DraftStore, Erasure, FeedStore
from corpus.store.migrate import prepare

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping, Sequence
    from collections.abc import Collection as Some
    from contextlib import AbstractAsyncContextManager
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy.ext.asyncio import AsyncConnection

    from corpus.collection import Collection
    from corpus.model import (
        Article,
        ArticleSummary,
        Change,
        IngestOutcome,
        Prepared,
        PublicationCount,
        SourceKind,
        StoreState,
    )
    from corpus.store.queries import Held


@asynccontextmanager
async def open_store(
    path: Path, *, migrations: Sequence[Path] = (), remains: Sequence[Path] = (), timeout_s: float = 30.0
) -> AsyncIterator[Store]:
    """The store in the database file `path`, created or brought up to date where needed; closed at the end.

    `migrations` are the folders of further branches of tables; `remains` what is only there once something was stored:
    beside it an empty file is not taken for a new one; `timeout_s` is how long a writer waits for another process.
    Raises StoreError where the file can't be used.
    """
    schema = await asyncio.to_thread(prepare, path, migrations, remains)
    store = Store(path, schema, timeout_s=timeout_s)
    try:
        yield store
    finally:
        await store.close()


class Store(DraftStore, FeedStore, Erasure):
    """Articles with their revisions and passages, what an index follows, drafts, feeds, the audit record."""

    def transaction(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """One transaction: committed as a whole when the block ends well, else nothing of it stays.

        There is one writer at a time: a second transaction, also one that a method of the store needs, waits for the
        first, so none may be begun inside another.
        """
        return self._writer.database.writing()

    def view(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """One unchanging view of what is committed; it waits for no writer, and can't write."""
        return self._writer.database.reading()

    async def add(
        self, drafts: Sequence[Prepared], collection: Collection, by: str, now: datetime, *, settled: Some[str] = ()
    ) -> list[IngestOutcome]:
        """All of the drafts are dealt with in one transaction; gives their outcomes in order (see `intake`).

        `settled` names the keys that earlier calls for the same input dealt with; only their equals are still welcome.
        """
        return await self._writer.add(drafts, Act(collection, by, now), settled)

    async def remove(self, collection: Collection, key: str, *, by: str, now: datetime, why: str = "") -> Article:
        """The article is out of every read; raises ArticleNotFound, or Conflict where it is out already."""
        return await self._writer.remove(key, Act(collection, by, now), why)

    async def restore(self, collection: Collection, key: str, *, by: str, now: datetime) -> Article:
        """The article is back as it was; raises ArticleNotFound, or Conflict where it is not removed."""
        return await self._writer.restore(key, Act(collection, by, now))

    async def held_from(self, kind: SourceKind, collection: Collection, actor: str) -> list[Held]:
        """The articles that came in by `kind` first, and whether anyone but `actor` ever changed them."""
        return await self._reader.do(queries.held_from, kind, collection, actor)

    async def switch(
        self, collection: Collection, keys: Sequence[str], *, live: bool, by: str, now: datetime, why: str = ""
    ) -> None:
        """All these articles are live, or removed, in one transaction; those that are already stay as they are."""
        if keys:
            await self._writer.switch(keys, Act(collection, by, now), live=live, why=why)

    async def read(self, article_ids: Sequence[int]) -> dict[int, Article]:
        """The live ones of these articles in their current revision, with passages, by number."""
        return await self._reader.do(queries.live, article_ids)

    async def changes(self, after: int, limit: int) -> list[Change]:
        """The last change of each article that changed after number `after`, ascending, at most `limit` of them.

        Each carries the article as it is now, its passages without their sentences, or None where it is not live.
        Whoever has applied all changes up to the highest number holds exactly what is live.
        """
        return await self._reader.do(queries.changes, after, limit)

    async def last_change(self) -> int:
        """The number of the newest change, 0 before the first."""
        return await self._reader.do(queries.last_change)

    async def has(self, collection: Collection, key: str) -> bool:
        """Whether the collection holds, live or removed, an article with this key."""
        return await self._reader.do(queries.has, collection, key)

    async def page(self, collection: Collection, *, after: int, limit: int) -> list[Article]:
        """The live articles of the collection with numbers above `after`, ascending, at most `limit`; no passages."""
        return await self._reader.do(queries.page, collection, after, limit)

    async def find(
        self, collection: Collection, key: str, *, revision: int | None = None, removed_too: bool = False
    ) -> Article:
        """The article; passages come with the current revision only. Raises ArticleNotFound."""
        return await self._reader.do(queries.find, collection, key, revision=revision, removed_too=removed_too)

    async def raw_text(self, article_id: int, revision: int) -> str:
        """The text of that revision as it came in, before cleaning; raises ArticleNotFound."""
        return await self._reader.do(queries.raw_text, article_id, revision)

    async def revisions(self, collection: Collection, key: str) -> list[Article]:
        """All revisions, the oldest first, without passages, of a removed article too; raises ArticleNotFound."""
        return await self._reader.do(queries.revisions, collection, key)

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
        """The live (or the removed) articles of `collections`, newest first, undated last.

        Of a day, the one stored last comes first. Each word of `text` has to stand in title, key or publication; case
        and accents do not count.
        """
        wanted = queries.listed(collections, text=text, publication=publication, removed=removed)
        return await self._reader.do(queries.summaries, wanted, limit=limit, offset=offset)

    async def count(
        self,
        collections: Sequence[Collection],
        *,
        text: str | None = None,
        publication: str | None = None,
        removed: bool = False,
    ) -> int:
        """How many articles `articles` would list without a limit."""
        wanted = queries.listed(collections, text=text, publication=publication, removed=removed)
        return await self._reader.do(queries.count, wanted)

    async def publications(self, collections: Sequence[Collection]) -> list[PublicationCount]:
        """The publications of the live articles of `collections`, the most frequent first."""
        return await self._reader.do(queries.publications, collections)

    async def state(self) -> StoreState:
        """What the database holds, over all collections."""
        return await self._reader.do(queries.state, self._schema)

    async def note(self, name: str) -> str | None:
        """The value noted under `name`, None where there is none."""
        return await self._reader.do(queries.note, name)

    async def take_note(self, notes: Mapping[str, str]) -> None:
        """Each of `notes` is what its name stands for from now on."""
        await self._writer.take_note(notes)

    async def backup(self, to: Path, progress: Callable[[int, int], None] | None = None) -> None:
        """A checked copy of what is committed stands in the file `to`; readers and writers go on meanwhile.

        `progress` is told, in another thread, how many pages are copied of how many. An older backup there is replaced
        at the end; a file of another kind is left alone. Raises StoreError.
        """
        await asyncio.to_thread(backup.copy, self.path, to, progress)

    async def check(self) -> list[str]:
        """What is wrong with the database, a sentence each; empty when all is well. Reads all of it."""
        return await asyncio.to_thread(backup.faults, self.path)
