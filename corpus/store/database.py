"""The engine of the database file: one writer at a time, readers that never wait for it.

SQLite in WAL mode lets readers work on the last committed state while one writer writes. A writer takes the write
lock when it begins (BEGIN IMMEDIATE), for a transaction that reads first and writes later could fail in its middle.
The driver's own habit of opening transactions is switched off; SQLAlchemy's begin sends ours.
"""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import asynccontextmanager, contextmanager, suppress
from threading import Thread
from typing import TYPE_CHECKING

import aiosqlite
from sqlalchemy import event, make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from corpus.errors import StoreError
from corpus.store.faults import in_words, translated

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from sqlalchemy import Connection
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

_READERS = 4
_ALWAYS = ("PRAGMA foreign_keys = ON", "PRAGMA synchronous = FULL")
_READING = ("PRAGMA query_only = ON",)
# What is erased is overwritten in the file (https://www.sqlite.org/pragma.html#pragma_secure_delete).
_WRITING = ("PRAGMA secure_delete = ON",)


class Database:
    """The open file. `timeout_s` is how long a writer waits for another process's transaction."""

    def __init__(self, path: Path, *, timeout_s: float) -> None:
        """Make the engines; nothing is opened before the first use."""
        self.path = path
        self._writer = _engine(path, begin="BEGIN IMMEDIATE", size=1, timeout_s=timeout_s, pragmas=_ALWAYS + _WRITING)
        self._reader = _engine(path, begin="BEGIN", size=_READERS, timeout_s=timeout_s, pragmas=_ALWAYS + _READING)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """One transaction: committed as a whole when the block ends well, else nothing of it stays."""
        with wholly_translated(self.path):
            async with self._writer.begin() as connection:
                yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """One unchanging view of what was committed when it began."""
        with wholly_translated(self.path):
            async with self._reader.connect() as connection:
                yield connection

    async def checkpoint(self) -> None:
        """The log of changes is taken into the file and emptied, as far as nobody reads an older state of it."""
        with wholly_translated(self.path):
            async with self._writer.connect() as connection:
                driver = (await connection.get_raw_connection()).driver_connection
                if isinstance(driver, aiosqlite.Connection):
                    await driver.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")

    async def close(self) -> None:
        """Let go of the file."""
        await self._reader.dispose()
        await self._writer.dispose()


@contextmanager
def wholly_translated(path: Path) -> Iterator[None]:
    """Inside, what SQLAlchemy and SQLite raise becomes a StoreError that names the file and what to do."""
    try:
        with translated(path):
            yield
    except PoolTimeoutError as error:
        raise StoreError(f"{path} is busy: no connection came free in time; try again") from error
    except DBAPIError as error:
        raise in_words(path, error.orig) from error
    except SQLAlchemyError as error:
        raise StoreError(f"{path}: {error}") from error


async def _connect(database: str, *, isolation_level: None, timeout: float, **_: object) -> aiosqlite.Connection:  # noqa: ASYNC109 - SQLite's own
    """A connection; one whose opener was cancelled meanwhile is closed, not left behind."""
    connecting = _Connection(
        lambda: sqlite3.connect(database, isolation_level=isolation_level, timeout=timeout, check_same_thread=False), 64
    )
    # A program that is on its way out does not wait for this thread.
    if isinstance(thread := getattr(connecting, "_thread", connecting), Thread):
        thread.daemon = True
    opened = asyncio.ensure_future(_awaited(connecting))
    try:
        return await asyncio.shield(opened)
    except asyncio.CancelledError:
        await (await opened).close()
        raise


class _Connection(aiosqlite.Connection):
    """Undoes what is under way before it closes.

    SQLite keeps a closed connection, and the write lock with it, as long as one of its statements is alive, and the
    traceback of a cancelled task keeps its statement alive.
    """

    async def close(self) -> None:
        """Undo, then close."""
        self._tx.put_nowait((None, self._undo))
        await super().close()

    def stop(self) -> asyncio.Future[object] | None:
        """Undo, then close without waiting."""
        self._tx.put_nowait((None, self._undo))
        return super().stop()

    def _undo(self) -> None:
        with suppress(sqlite3.Error):
            if self._connection is not None:
                self._connection.rollback()


async def _awaited(connecting: aiosqlite.Connection) -> aiosqlite.Connection:
    return await connecting


def _engine(path: Path, *, begin: str, size: int, timeout_s: float, pragmas: tuple[str, ...]) -> AsyncEngine:
    engine = create_async_engine(
        make_url("sqlite+aiosqlite://").set(database=str(path)),
        pool_size=size,
        max_overflow=0,
        hide_parameters=True,  # they are articles and questions, and errors reach the log
        pool_timeout=max(timeout_s, 60.0),
        connect_args={"async_creator_fn": _connect, "isolation_level": None, "timeout": timeout_s},
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
