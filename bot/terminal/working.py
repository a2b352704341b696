"""What the desk's commands share: the collection that is named, work on it, and keys like one that is not found."""

from __future__ import annotations

import asyncio
from difflib import get_close_matches
from typing import TYPE_CHECKING, TypeVar

from bot.errors import UsageError
from corpus.collection import Collection
from corpus.drafts import Place
from corpus.errors import ArticleNotFound

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.app import Corpus, Newsdesk
    from bot.terminal.session import Session
    from corpus.desk import Desk


T = TypeVar("T")

_KEYS_SEARCHED = 5000


def collection_named(name: str) -> Collection:
    """The collection of that name; raises UsageError."""
    try:
        return Collection.parse(name)
    except ValueError as error:
        raise UsageError(f"--collection: {error}") from error


def alone(name: str) -> Place:
    """The place of that collection alone."""
    return Place.of(collection_named(name), library=False)


def with_corpus(session: Session, work: Callable[[Corpus], Awaitable[T]]) -> T:
    """The result of work on the articles."""

    async def done() -> T:
        async with session.corpus() as corpus:
            return await work(corpus)

    return asyncio.run(done())


def with_newsdesk(session: Session, collection: str, work: Callable[[Newsdesk, Place], Awaitable[T]]) -> T:
    """The result of work that fetches, reads or drafts; a guild's place sees the library as the guild has it set."""
    own = collection_named(collection)

    async def done() -> T:
        async with session.newsdesk() as newsdesk:
            return await work(newsdesk, Place.of(own, library=newsdesk.guilds.of(own.guild_id).library))

    return asyncio.run(done())


async def helped(desk: Desk, place: Place, key: str, work: Awaitable[T], *, removed: bool = False) -> T:
    """The result of the work; where there is no such article, the error names the keys most like the one given."""
    try:
        return await work
    except ArticleNotFound as error:
        page = await desk.articles(place, removed=removed, limit=_KEYS_SEARCHED)
        keys = [article.key for article in page]
        if key in keys:  # it has no such revision
            raise ArticleNotFound(f"{error}\namicus articles history {key} lists its revisions.") from error
        close = get_close_matches(key, keys, n=3, cutoff=0.6)
        like = f"Keys like it: {', '.join(close)}." if close else "amicus articles lists the keys."
        raise ArticleNotFound(f"{error}\n{like}") from error


def option_of(collection: Collection) -> str:
    """What to write behind a command so that it is about this collection."""
    return "" if collection.guild_id is None else f" --collection {collection}"
