"""The composition root: the one place that knows every concrete part and joins them.

`build(settings)` gives what answers questions as a context manager, `build_bot(settings)` all that a bot needs;
`open_corpus(settings)` gives the part that knows articles alone, `open_newsdesk(settings)` that and what fetches them.
Time comes from the clock that is passed in. Nothing here decides anything about articles or questions.
"""

from __future__ import annotations

import asyncio
import os
import random
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import structlog

from bot.errors import UsageError
from bot.indexing import Telling, looked_after
from bot.records import MIGRATIONS, Records
from corpus.desk import Desk
from corpus.drafts import Place
from corpus.errors import StoreError
from corpus.model import Change
from corpus.store import DATABASE_NAME, Store, attempt, open_store
from corpus.transfer import Transfer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Sequence
    from pathlib import Path

    from bot.config import Settings
    from bot.guildsettings import GuildBook
    from corpus.feeds import Feeds
    from corpus.model import Article
    from retrieval.answer import Articles, Asker, Snapshots
    from retrieval.bm25 import Parameters
    from retrieval.embedded import EmbeddedIndex
    from retrieval.follower import Follower, Progress
    from retrieval.segments.directory import Directory

INDEX_NAME = "index"
_PATIENCE_S = 900
"""So long a bot that starts waits for another program to finish writing the index."""

_log = structlog.get_logger(__name__)


def utc_now() -> datetime:
    """The present moment, aware, in UTC: the clock that is passed to the core in production."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Corpus:
    """The parts that know articles."""

    store: Store
    desk: Desk
    transfer: Transfer


@dataclass(frozen=True, slots=True)
class App:
    """All parts. Unless it serves, its index has applied every change that the store held when it was built."""

    settings: Settings
    store: Store
    desk: Desk
    transfer: Transfer
    records: Records
    index: EmbeddedIndex
    follower: Follower
    asker: Asker
    now: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Newsdesk:
    """The parts that fetch articles and feeds; the desk takes links too. `guilds` knows what each guild has set."""

    store: Store
    desk: Desk
    feeds: Feeds
    guilds: GuildBook


@dataclass(frozen=True, slots=True)
class BotApp(App):
    """All parts of a bot."""

    feeds: Feeds
    guilds: GuildBook


@asynccontextmanager
async def open_corpus(settings: Settings, *, now: Callable[[], datetime] = utc_now) -> AsyncIterator[Corpus]:
    """The articles of `settings.data_dir`, which is made where it is missing, with the starter collection or without.

    Raises UsageError where the data directory can't be made or written, StoreError where the database can't be used.
    """
    prepare(settings.data_dir)
    remains = (settings.data_dir / INDEX_NAME,)
    async with open_store(database_of(settings), migrations=(MIGRATIONS,), remains=remains) as store:
        transfer = Transfer(store)
        await transfer.sync_starter(enabled=settings.corpus.starter, now=now())
        yield Corpus(store, Desk(store), transfer)


@asynccontextmanager
async def build(
    settings: Settings,
    *,
    now: Callable[[], datetime] = utc_now,
    serving: bool = False,
    progress: Progress | None = None,
) -> AsyncIterator[App]:
    """The application on `settings.data_dir`, closed again at the end; raises what `open_corpus` raises.

    The index has caught up with the store; of a `serving` one that is left to its follower's `run`, and questions wait.
    """
    async with (
        open_corpus(settings, now=now) as corpus,
        indexed(corpus.store, settings, serving=serving, progress=progress) as (index, follower),
    ):
        asker = _asker(follower, corpus.store, settings)
        try:
            yield App(
                settings=settings,
                store=corpus.store,
                desk=corpus.desk,
                transfer=corpus.transfer,
                records=Records(corpus.store),
                index=index,
                follower=follower,
                asker=asker,
                now=now,
            )
        finally:
            asker.close()


@asynccontextmanager
async def open_newsdesk(settings: Settings, *, now: Callable[[], datetime] = utc_now) -> AsyncIterator[Newsdesk]:
    """The articles of `settings.data_dir` with what fetches more of them; raises what `open_corpus` raises."""
    async with (
        open_corpus(settings, now=now) as corpus,
        _newsdesk(corpus.store, Records(corpus.store), settings) as newsdesk,
    ):
        yield newsdesk


@asynccontextmanager
async def build_bot(
    settings: Settings, *, now: Callable[[], datetime] = utc_now, serving: bool = False
) -> AsyncIterator[BotApp]:
    """The application of a bot; see `build`."""
    async with (
        build(settings, now=now, serving=serving) as app,
        _newsdesk(app.store, app.records, settings) as newsdesk,
    ):
        yield BotApp(
            settings=settings,
            store=app.store,
            desk=newsdesk.desk,
            transfer=app.transfer,
            records=app.records,
            index=app.index,
            follower=app.follower,
            asker=app.asker,
            now=now,
            feeds=newsdesk.feeds,
            guilds=newsdesk.guilds,
        )


@asynccontextmanager
async def _newsdesk(store: Store, records: Records, settings: Settings) -> AsyncIterator[Newsdesk]:
    # They bring aiohttp and the readers; whoever only asks does without.
    from bot.guildsettings import GuildBook  # noqa: PLC0415
    from corpus.feeds import Feeds  # noqa: PLC0415
    from corpus.fetch import Fetcher  # noqa: PLC0415
    from corpus.readers.pool import Reading  # noqa: PLC0415

    guilds = GuildBook(records.settings)
    await guilds.load()
    async with Fetcher(settings.fetch.allow_hosts, settings.fetch.contact) as fetcher, Reading() as reading:
        desk = Desk(store, fetcher=fetcher, reading=reading)
        feeds = Feeds(
            store,
            desk,
            fetcher,
            reading,
            every=timedelta(minutes=settings.feeds.interval_minutes),
            per_collection=settings.feeds.per_guild,
            chance=random.Random(),  # noqa: S311 - it only spreads the load
            languages_of=lambda collection: guilds.of(collection.guild_id).languages,
            place_of=lambda collection: Place.of(collection, library=guilds.of(collection.guild_id).library),
        )
        yield Newsdesk(store, desk, feeds, guilds)


def database_of(settings: Settings) -> Path:
    """The database file of this data directory."""
    return settings.data_dir / DATABASE_NAME


@asynccontextmanager
async def indexed(
    store: Store, settings: Settings, *, serving: bool = False, progress: Progress | None = None
) -> AsyncIterator[tuple[EmbeddedIndex, Follower]]:
    """The index of this store and what keeps it up to date; its files hold at the end what it holds.

    A `serving` program has the files for itself; any other one writes to them when nobody else does.
    """
    from retrieval.embedded import EmbeddedIndex  # noqa: PLC0415 - see `parameters_of`
    from retrieval.follower import Follower  # noqa: PLC0415

    async with AsyncExitStack() as stack:
        if serving:
            await _claimed(stack, index_lock(settings))
        directory = await index_directory(store, settings, ours=serving)
        index, unusable = await asyncio.to_thread(EmbeddedIndex.opened, parameters_of(settings), directory)
        if unusable:
            _log.info("index.rebuilt", reason=str(unusable))
        follower = Follower(
            index, store, upkeep=index, progress=stack.enter_context(Telling(directory.folder, progress))
        )
        try:
            if serving:
                await stack.enter_async_context(looked_after(directory, follower))
            else:
                await follower.catch_up()
            yield index, follower
        finally:
            await follower.settle()


async def _claimed(stack: AsyncExitStack, path: Path) -> None:
    """This process alone writes the index until the stack is left; raises StoreError where another goes on too long."""
    for waited in range(_PATIENCE_S):
        attempted = AsyncExitStack()
        if attempted.enter_context(attempt(path)):
            stack.push_async_callback(attempted.aclose)
            return
        await attempted.aclose()
        if not waited:
            _log.info("index.waiting", reason="another program writes it")
        await asyncio.sleep(1)
    raise StoreError(f"{path.parent}: another program has been writing the index for over {_PATIENCE_S} s; stop it")


@contextmanager
def _attempted(path: Path) -> Iterator[bool]:
    """Whether this process may write the index; not where the lock can't be made either, as on a full disk."""
    with ExitStack() as stack:
        try:
            ours = stack.enter_context(attempt(path))
        except StoreError:
            ours = False
        yield ours


def index_lock(settings: Settings) -> Path:
    """The lock that whoever writes the index's files holds."""
    return settings.data_dir / INDEX_NAME / "lock"


async def index_directory(store: Store, settings: Settings, *, ours: bool = False) -> Directory:
    """The folder that the index of this store is kept in; `ours` says that this process holds its lock already."""
    from retrieval.analyser import lexicon  # noqa: PLC0415 - see `parameters_of`
    from retrieval.indexing import ANALYSIS  # noqa: PLC0415
    from retrieval.segments.directory import Directory, Stamp, unclaimed  # noqa: PLC0415

    identity = await store.note("identity") or ""
    stamp = Stamp(identity, ANALYSIS, lexicon().digest, pairs=settings.index.word_pairs > 0)
    claim = unclaimed if ours else partial(_attempted, index_lock(settings))
    return Directory(settings.data_dir / INDEX_NAME, stamp, claim)


def in_memory(articles: Sequence[Article], settings: Settings) -> Asker:
    """What answers questions from these articles alone, without a store; their numbers and keys are their own."""
    from retrieval.answer import InMemory, Ready  # noqa: PLC0415 - see `parameters_of`
    from retrieval.embedded import EmbeddedIndex  # noqa: PLC0415

    index = EmbeddedIndex(parameters_of(settings))
    index.apply([Change(number, one.id, one.collection, one) for number, one in enumerate(articles, start=1)])
    return _asker(Ready(index), InMemory({article.id: article for article in articles}), settings)


def parameters_of(settings: Settings) -> Parameters:
    """The engine's parameters as they are set."""
    # The engine brings numpy; whoever only opens the corpus does without.
    from retrieval.bm25 import Idf, Parameters  # noqa: PLC0415

    chosen = settings.index
    return Parameters(k1=chosen.k1, b=chosen.b, idf=Idf(chosen.idf), pairs=chosen.word_pairs > 0)


def _asker(snapshots: Snapshots, articles: Articles, settings: Settings) -> Asker:
    from retrieval.answer import Asker  # noqa: PLC0415 - see `parameters_of`
    from retrieval.decision import Limits  # noqa: PLC0415

    limits = Limits(evidence=settings.answer.max_evidence, closest=settings.answer.closest)
    asker = Asker(snapshots, articles, limits, pair_weight=settings.index.word_pairs)
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
