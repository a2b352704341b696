"""The corpus desk: what moderators do with articles, on Discord and at the terminal.

Everything that changes the store goes through a transaction of its own with its audit row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from corpus.collection import Collection
    from corpus.model import Article, ArticleSummary
    from corpus.store import Store


class Desk:
    """The use cases on one store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def remove(self, collection: Collection, key: str, *, by: str, now: datetime, why: str = "") -> Article:
        """The article is in no answer any more; raises ArticleNotFound, or Conflict where it is out already."""
        return await self._store.remove(collection, key, by=by, now=now, why=why)

    async def restore(self, collection: Collection, key: str, *, by: str, now: datetime) -> Article:
        """The article is back as it was; raises ArticleNotFound, or Conflict where it is not removed."""
        return await self._store.restore(collection, key, by=by, now=now)

    async def articles(
        self,
        collections: Sequence[Collection],
        *,
        text: str | None = None,
        publication: str | None = None,
        removed: bool = False,
        limit: int = 50,
        offset: int = 0,
    ) -> list[ArticleSummary]:
        """The live (or the removed) articles, newest first; each word of `text` stands in title, key or publication."""
        return await self._store.articles(
            collections, text=text, publication=publication, removed=removed, limit=limit, offset=offset
        )

    async def show(self, collection: Collection, key: str, *, revision: int | None = None) -> Article:
        """The article, also a removed one; raises ArticleNotFound."""
        return await self._store.find(collection, key, revision=revision, removed_too=True)
