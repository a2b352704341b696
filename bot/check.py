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
from bot.app import database_of, index_file, parameters_of
from bot.errors import ConfigError
from bot.health import file_in, healthy
from bot.records import MIGRATIONS
from bot.wording import plural
from corpus.errors import StoreError
from corpus.store import is_held, open_store
from corpus.store.migrate import CORPUS_MIGRATIONS, KnownSchema, versions

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from bot.config import Settings
    from corpus.store import Store

LEAST_FREE_BYTES = 200_000_000
"""Below this much free space a bot may soon be unable to write."""


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
    async for finding in stored(settings):
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


async def stored(settings: Settings) -> AsyncIterator[Finding]:
    """How store and index stand."""
    file = database_of(settings)
    if not file.exists():
        yield Finding("store", Level.OK, "no database yet; it is made at the first use")
        return
    try:
        if pending := await asyncio.to_thread(_pending, file):
            found = f"the database is not of this version yet ({', '.join(sorted(pending))})"
            yield Finding("store", Level.WARN, found, "none needed: the next use or start brings it up to date")
            return
        async with open_store(file, migrations=(MIGRATIONS,)) as store:
            async for finding in _soundness(store):
                yield finding
            yield await _index(store, settings)
    except StoreError as error:
        yield Finding("store", Level.FAIL, str(error), "put a backup back with amicus restore-backup FILE")


def _pending(file: Path) -> frozenset[str]:
    """The migrations that opening the store would do; raises StoreError where the file can't be used."""
    known = KnownSchema([CORPUS_MIGRATIONS, MIGRATIONS])
    return known.heads - versions(file, known)


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


async def _index(store: Store, settings: Settings) -> Finding:
    """Whether the index, from its file brought up to date, holds exactly what is live in the store."""
    from retrieval.follower import Follower  # noqa: PLC0415 - the engine is slow to import

    state = await store.state()
    file = await index_file(store, settings)
    index, unusable = await asyncio.to_thread(file.open, parameters_of(settings))
    behind = state.last_change - index.last_change
    await Follower(index, store).catch_up()
    passages = index.snapshot().passages
    if passages != state.passages:
        found = f"it holds {plural(passages, 'passage')}, the store {state.passages:,}"
        return Finding("index", Level.FAIL, found, f"delete {file.path} and start again; it is made anew")
    held = f"{plural(passages, 'passage')}, up to change {index.last_change}"
    if unusable and file.path.exists():
        return Finding("index", Level.WARN, f"its file can't be used: {unusable}", "none needed: it is made anew")
    return Finding("index", Level.OK, f"{held}; {behind:,} of them not in its file yet" if behind else held)


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
