"""Reading without SQLAlchemy: plain connections, each piece of work in a worker thread on one unchanging view.

Whoever only asks a question should not wait for a library that takes longer to load than the answer takes to be found.
"""

from __future__ import annotations

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import TYPE_CHECKING, Concatenate, Final, ParamSpec, TypeVar

from corpus.store.connecting import connect_to_read
from corpus.store.faults import damaged, translated

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

P = ParamSpec("P")
T = TypeVar("T")

_READERS: Final = 4


class Reader:
    """The open file, for reading. `timeout_s` is how long it waits where another process holds it shut."""

    def __init__(self, path: Path, *, timeout_s: float) -> None:
        """Nothing is opened before the first use."""
        self._path = path
        self._timeout_s = timeout_s
        self._idle: list[sqlite3.Connection] = []
        self._closed = False
        self._turn = Lock()
        # Its own, so that no read of a question waits for the threads in which articles are analysed.
        self._threads = ThreadPoolExecutor(_READERS, thread_name_prefix="store-reader")

    async def do(self, work: Callable[Concatenate[sqlite3.Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The result of the work on one view of what was committed when it began; raises StoreError."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._do, lambda view: work(view, *args, **kwargs))

    def close(self) -> None:
        """Let go of the file, as soon as the work under way has ended."""
        with self._turn:
            self._closed = True
            while self._idle:
                self._idle.pop().close()
        self._threads.shutdown(wait=False)

    def _do(self, work: Callable[[sqlite3.Connection], T]) -> T:
        with translated(self._path):
            connection, keep = self._taken()
            try:
                connection.execute("BEGIN")
                return work(connection)
            except (ValueError, TypeError) as error:  # of a date, a list or a span that can't be one
                raise damaged(self._path) from error
            finally:
                self._give_back(connection, keep=keep)

    def _taken(self) -> tuple[sqlite3.Connection, bool]:
        with self._turn:
            if self._idle:
                return self._idle.pop(), True
        return connect_to_read(self._path, timeout_s=self._timeout_s)

    def _give_back(self, connection: sqlite3.Connection, *, keep: bool) -> None:
        try:
            connection.rollback()
        except sqlite3.Error:
            connection.close()
            return
        with self._turn:
            if keep and not self._closed:
                self._idle.append(connection)
                return
        connection.close()
