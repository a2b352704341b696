"""What `amicus check` looks at: each finding says how it stands and, where it stands badly, what to do.

Nothing is changed by looking: a missing data directory or database is told, not made, a database of an earlier Amicus
told, not brought up to date, and a lock looked at, not taken.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bot import config
from bot.app import INDEX_NAME, database_of, index_directory, parameters_of
from bot.errors import ConfigError
from bot.health import file_in, healthy
from bot.indexing import under_way
from bot.records import MIGRATIONS, Records
from bot.wording import plural
from corpus.collection import LIBRARY, Collection
from corpus.errors import StoreError
from corpus.store import is_held, open_store
from corpus.store.migrate import CORPUS_MIGRATIONS, KnownSchema, versions
from retrieval.errors import IndexUnusable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from bot.config import Settings
    from corpus.drafts import Feed
    from corpus.store import Store
    from retrieval.segments.directory import Directory

LEAST_FREE_BYTES = 200_000_000
"""Below this much free space a bot may soon be unable to write."""
MOST_CAUGHT_UP = 5_000
"""An index so many changes behind its store is not brought up to date for the sake of a look."""


class Level(StrEnum):
    """How a thing stands."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; `remedy` is empty where nothing needs to be done."""

    subject: str
    level: Level
    found: str
    remedy: str = ""


async def look(path: Path | None, environ: Mapping[str, str], now: datetime) -> AsyncIterator[Finding]:
    """Everything there is to find, in the order in which it should be put right."""
    try:
        settings = config.load(path, environ)
    except ConfigError as error:
        for fault in error.faults:
            yield Finding("settings", Level.FAIL, f"{fault.place}: {fault.problem}", fault.remedy)
        yield token(environ)
        return
    file = config.find_file(path, environ)
    yield Finding("settings", Level.OK, f"read from {file}" if file else "no file; defaults and environment")
    yield data_dir(settings.data_dir)
    async for finding in stored(settings, now):
        yield finding
    yield token(environ)
    yield running(settings.data_dir, now)


def data_dir(path: Path) -> Finding:
    """Whether the data directory can be written and has room."""
    if not path.exists():
        return Finding("data directory", Level.OK, f"{path.absolute()} is not there yet; it is made at the first use")
    if not path.is_dir() or not os.access(path, os.W_OK | os.X_OK):
        remedy = "give this account the right to write there, or name another folder with AMICUS_DATA_DIR"
        return Finding("data directory", Level.FAIL, f"{path.absolute()} can't be written", remedy)
    free = shutil.disk_usage(path).free
    if free < LEAST_FREE_BYTES:
        return Finding("data directory", Level.WARN, f"only {free // 1_000_000} MB are free", "free some space there")
    return Finding("data directory", Level.OK, f"{path.absolute()}, {free // 1_000_000:,} MB free")


async def stored(settings: Settings, now: datetime) -> AsyncIterator[Finding]:
    """How store and index stand."""
    file = database_of(settings)
    if not file.exists():
        yield Finding("store", Level.OK, "no database yet; it is made at the first use")
        return
    try:
        if missing := await asyncio.to_thread(pending, file):
            found = f"the database is not of this version yet ({', '.join(sorted(missing))})"
            yield Finding("store", Level.WARN, found, "none needed: the next use or start brings it up to date")
            return
        async with open_store(file, migrations=(MIGRATIONS,)) as store:
            async for finding in _soundness(store):
                yield finding
            async for finding in _index(store, settings, now):
                yield finding
            async for finding in _desk(store):
                yield finding
    except StoreError as error:
        yield Finding("store", Level.FAIL, str(error), "put a backup back with amicus restore-backup FILE")


def pending(file: Path) -> frozenset[str]:
    """The migrations that opening the store would do; raises StoreError where the file can't be used."""
    known = KnownSchema([CORPUS_MIGRATIONS, MIGRATIONS])
    return known.heads - versions(file, known, (file.with_name(INDEX_NAME),))


async def _soundness(store: Store) -> AsyncIterator[Finding]:
    wrong = await store.check()
    for problem in wrong:
        yield Finding("store", Level.FAIL, problem, "put a backup back with amicus restore-backup FILE")
    state = await store.state()
    held = f"{plural(state.articles, 'article')}, {plural(state.passages, 'passage')}, last change {state.last_change}"
    if not wrong:
        yield Finding("store", Level.OK, held)
    if not state.articles:
        yield Finding("articles", Level.WARN, "there are none", "take some in with amicus import PATH")


async def _desk(store: Store) -> AsyncIterator[Finding]:
    """Feeds that can't be had, and what waits for somebody's decision, in the library and in every known guild."""
    records = Records(store)
    guilds = {*await records.guilds.known(), *await records.settings.every()}
    for collection in (LIBRARY, *(Collection(guild_id) for guild_id in sorted(guilds))):
        option = "" if collection == LIBRARY else f" --collection {collection}"
        for feed in await store.feeds((collection,)):
            if feed.failures:
                yield _failing(feed, option)
        if waiting := await store.queue_length((collection,)):
            found = f"{plural(waiting, 'draft')} for the {collection} to be reviewed"
            yield Finding("queue", Level.OK, found, f"amicus queue{option} lists them")


def _failing(feed: Feed, option: str) -> Finding:
    times = plural(feed.failures, "failure")
    found = f"feed {feed.id} of the {feed.collection} ({feed.url}): {times} in a row: {feed.problem}"
    if feed.paused:
        remedy = f"look at its link; amicus feed resume {feed.id}{option} or amicus feed remove {feed.id}{option}"
        return Finding("feeds", Level.WARN, found, remedy)
    return Finding("feeds", Level.WARN, found, f"none needed where it passes; amicus feed poll {feed.id}{option} tries")


async def _index(store: Store, settings: Settings, now: datetime) -> AsyncIterator[Finding]:
    """Whether the index can be used, holds what the store has, and how far it is where it is being made."""
    from bot.indexfiles import set_aside  # noqa: PLC0415 - the engine is slow to import
    from retrieval.segments import kernel  # noqa: PLC0415

    directory = await index_directory(store, settings)
    making = under_way(directory.folder, now)
    if making:
        yield Finding("index", Level.OK, f"it is being made: {making}")
    else:
        yield await _held(store, settings, directory)
    if aside := set_aside(directory.folder):
        why = f": {aside.why}" if aside.why else ""
        remedy = "none needed: a new one is made from the store; delete that folder once the reason is understood"
        yield Finding("index", Level.WARN, f"{plural(aside.files, 'file')} set aside in {aside.folder}{why}", remedy)
    yield Finding("engine", Level.OK, kernel.describe())


async def _held(store: Store, settings: Settings, directory: Directory) -> Finding:
    """Whether the index, from its files brought up to date, holds as many passages as are live in the store."""
    from retrieval.embedded import EmbeddedIndex  # noqa: PLC0415 - the engine is slow to import
    from retrieval.follower import Follower  # noqa: PLC0415

    state = await store.state()
    begun = directory.is_begun()
    index, unusable = await asyncio.to_thread(EmbeddedIndex.peeked, parameters_of(settings), directory)
    if unusable and begun:
        return Finding("index", Level.WARN, f"its files can't be used: {unusable}", "none needed: it is made anew")
    behind = state.last_change - index.last_change
    if behind > MOST_CAUGHT_UP:
        found = "none yet" if unusable else f"up to change {index.last_change:,}"
        return Finding("index", Level.OK, f"{found}; {behind:,} changes are taken in at the next use or start")
    try:
        await Follower(index, store).catch_up()
    except IndexUnusable as damage:
        return Finding("index", Level.WARN, f"its files can't be used: {damage}", "none needed: it is made anew")
    passages = index.snapshot().passages
    if passages != state.passages and index.last_change == await store.last_change():
        found = f"it holds {plural(passages, 'passage')}, the store {state.passages:,}"
        return Finding("index", Level.FAIL, found, "make it anew with amicus index rebuild")
    held = f"{plural(passages, 'passage')}, up to change {index.last_change}"
    return Finding("index", Level.OK, f"{held}; {behind:,} changes not in its files yet" if behind > 0 else held)


def token(environ: Mapping[str, str]) -> Finding:
    """Whether there is a token that can be one; it is never shown."""
    try:
        given = config.read_token(environ)
    except ConfigError as error:
        fault = error.faults[0]
        return Finding("token", Level.FAIL, f"{fault.place}: {fault.problem}", fault.remedy)
    if given is None:
        return Finding("token", Level.WARN, "none; amicus run needs one", config.CREDENTIAL_REMEDY)
    if not config.token_looks_right(given):
        remedy = "copy it again from the Developer Portal (Bot, Reset Token); it has three parts joined by dots"
        return Finding("token", Level.WARN, "does not look like a token of Discord", remedy)
    return Finding("token", Level.OK, "present, and of the right shape")


def running(folder: Path, now: datetime) -> Finding:
    """Whether a bot holds the data directory, and whether it is connected."""
    try:
        held = is_held(folder)
    except StoreError as error:
        found = f"it can't be seen whether one runs: {error}"
        return Finding("bot", Level.WARN, found, "run this command as the account that the bot runs as")
    if not held:
        return Finding("bot", Level.OK, "none runs on this data directory")
    if healthy(file_in(folder), now):
        return Finding("bot", Level.OK, "one runs on this data directory and is connected")
    remedy = "look into its log; restart it where this lasts"
    return Finding("bot", Level.WARN, "one runs on this data directory but is not connected", remedy)
