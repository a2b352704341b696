"""The composition root: the one place that knows every concrete part and joins them.

`build(settings)` gives the whole application as a context manager; `open_corpus(settings)` the part that knows
articles alone, for what asks no questions. Time comes from the clock that is passed in. Nothing here decides anything
about articles or questions.
"""

from __future__ import annotations

import asyncio
import os
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import structlog

from bot.errors import UsageError
from bot.records import MIGRATIONS, Records
from corpus.desk import Desk
from corpus.model import Change
from corpus.store import DATABASE_NAME, Store, open_store

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping, Sequence
    from pathlib import Path

    from bot.config import Settings
    from corpus.model import Article
    from retrieval.answer import Articles, Asker
    from retrieval.bm25 import EmbeddedIndex, Parameters
    from retrieval.follower import Follower
    from retrieval.indexfile import IndexFile

INDEX_NAME = "index.npz"

_log = structlog.get_logger(__name__)


def utc_now() -> datetime:
    """The present moment, aware, in UTC: the clock that is passed to the core in production."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Corpus:
    """The parts that know articles."""

    store: Store
    desk: Desk


@dataclass(frozen=True, slots=True)
class App:
    """All parts. The index has applied every change that the store held when the app was built."""

    settings: Settings
    store: Store
    desk: Desk
    records: Records
    index: EmbeddedIndex
    follower: Follower
    asker: Asker
    now: Callable[[], datetime]


@asynccontextmanager
async def open_corpus(settings: Settings, *, now: Callable[[], datetime] = utc_now) -> AsyncIterator[Corpus]:
    """The articles of `settings.data_dir`, which is made where it is missing, with the starter collection or without.

    Raises UsageError where the data directory can't be made or written, StoreError where the database can't be used.
    """
    prepare(settings.data_dir)
    async with open_store(database_of(settings), migrations=(MIGRATIONS,)) as store:
        desk = Desk(store)
        await desk.sync_starter(enabled=settings.corpus.starter, now=now())
        yield Corpus(store, desk)


@asynccontextmanager
async def build(settings: Settings, *, now: Callable[[], datetime] = utc_now) -> AsyncIterator[App]:
    """The application on `settings.data_dir`, closed again at the end; raises what `open_corpus` raises."""
    async with open_corpus(settings, now=now) as corpus:
        index, follower = await indexed(corpus.store, settings)
        asker = _asker(index, corpus.store, settings)
        try:
            yield App(
                settings=settings,
                store=corpus.store,
                desk=corpus.desk,
                records=Records(corpus.store),
                index=index,
                follower=follower,
                asker=asker,
                now=now,
            )
        finally:
            asker.close()
            await follower.keep()


def database_of(settings: Settings) -> Path:
    """The database file of this data directory."""
    return settings.data_dir / DATABASE_NAME


async def indexed(store: Store, settings: Settings) -> tuple[EmbeddedIndex, Follower]:
    """An index that has applied every change the store holds now, and what keeps it so, in memory and in its file."""
    from retrieval.follower import Follower  # noqa: PLC0415 - see `parameters_of`

    file = await index_file(store, settings)
    index, unusable = await asyncio.to_thread(file.open, parameters_of(settings))
    if unusable:
        _log.info("index.rebuilt", reason=unusable)
    follower = Follower(index, store, keep=lambda: file.save(index))
    await follower.catch_up()
    await follower.keep()
    return index, follower


async def index_file(store: Store, settings: Settings) -> IndexFile:
    """The file that the index of this store is kept in."""
    from retrieval.indexfile import IndexFile, Stamp  # noqa: PLC0415 - see `parameters_of`

    return IndexFile(settings.data_dir / INDEX_NAME, Stamp(await store.note("identity") or ""))


def in_memory(articles: Sequence[Article], settings: Settings) -> Asker:
    """What answers questions from these articles alone, without a store; their numbers and keys are their own."""
    from retrieval.bm25 import EmbeddedIndex  # noqa: PLC0415 - see `parameters_of`

    index = EmbeddedIndex(parameters_of(settings))
    index.apply([Change(number, article.id, article) for number, article in enumerate(articles, start=1)])
    return _asker(index, _Held({article.id: article for article in articles}), settings)


@dataclass(frozen=True, slots=True)
class _Held:
    """Articles in memory, where others are read from a store."""

    articles: Mapping[int, Article]

    async def read(self, article_ids: Sequence[int]) -> dict[int, Article]:
        return {number: self.articles[number] for number in article_ids if number in self.articles}


def parameters_of(settings: Settings) -> Parameters:
    """The engine's parameters as they are set."""
    # The engine brings numpy; whoever only opens the corpus does without.
    from retrieval.bm25 import Idf, Parameters  # noqa: PLC0415

    chosen = settings.index
    return Parameters(k1=chosen.k1, b=chosen.b, idf=Idf(chosen.idf))


def _asker(index: EmbeddedIndex, articles: Articles, settings: Settings) -> Asker:
    from retrieval.answer import Asker  # noqa: PLC0415 - see `parameters_of`
    from retrieval.decision import Limits  # noqa: PLC0415

    asker = Asker(index, articles, Limits(evidence=settings.answer.max_evidence, closest=settings.answer.closest))
    asker.prepare()
    return asker


def prepare(data_dir: Path) -> None:
    """The data directory is there and can be written; raises UsageError with what to do where that fails."""
    elsewhere = "Give this account the right to write there, or name another folder with AMICUS_DATA_DIR."
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        writable = os.access(data_dir, os.W_OK | os.X_OK)
    except OSError as error:
        raise UsageError(f"{data_dir}: the data directory can't be made: {error.strerror}. {elsewhere}") from error
    if not writable:
        raise UsageError(f"{data_dir}: the data directory can't be written. {elsewhere}")
