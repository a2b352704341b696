"""How far the index is while it is made, told to the log and to other processes; and its care while a bot runs."""

from __future__ import annotations

import asyncio
import json
import os
import threading
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import structlog

from retrieval.errors import IndexUnusable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from retrieval.follower import Follower, Progress
    from retrieval.segments.directory import Directory

PROGRESS_NAME: Final = "progress.json"
_FRESH: Final = timedelta(minutes=2)
"""Whoever makes the index writes more often than this, so an older note was left by a program that was killed."""
_BYTES_PER_S: Final = 40_000_000
"""The checksums of an index of a million passages are compared in about ten seconds, beside the questions."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class UnderWay:
    """How far a long catching up has come: the number of the last change applied, and of the newest one."""

    applied: int
    of: int

    def __str__(self) -> str:
        return f"{self.applied:,} of {self.of:,} changes ({self.applied / max(self.of, 1):.0%})"


def under_way(folder: Path, now: datetime) -> UnderWay | None:
    """How far a program is that makes this index now; None where none does."""
    file = folder / PROGRESS_NAME
    try:
        told = json.loads(file.read_text("utf-8"))
        written = datetime.fromtimestamp(file.stat().st_mtime, UTC)
        return UnderWay(int(told["applied"]), int(told["of"])) if now - written < _FRESH else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


class Telling:
    """Tells of a long catching up: in the log, to other processes through a file, and to `then`.

    The file is gone when the catching up has ended, or this is left.
    """

    def __init__(self, folder: Path, then: Progress | None = None) -> None:
        self._file = folder / PROGRESS_NAME
        self._then = then
        self._logged: int | None = None
        self._told = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._forget()

    def __call__(self, applied: int, of: int) -> None:
        """See `retrieval.follower.Progress`."""
        if self._then:
            self._then(applied, of)
        if applied >= of:
            self._forget()
        else:
            self._write(applied, of)
        if (tenth := 10 * applied // of) != self._logged:
            _log.info("index.progress", applied=applied, of=of)
            self._logged = tenth

    def _write(self, applied: int, of: int) -> None:
        self._told = True
        beside = self._file.with_name(f"{PROGRESS_NAME}.{os.getpid()}")
        # Who can't write this can still make the index, in memory.
        with suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            beside.write_text(json.dumps({"applied": applied, "of": of}), "utf-8")
            beside.replace(self._file)

    def _forget(self) -> None:
        if self._told:
            with suppress(OSError):
                self._file.unlink(missing_ok=True)


@asynccontextmanager
async def looked_after(directory: Directory, follower: Follower) -> AsyncIterator[None]:
    """Inside, every byte of the index's files is compared once, in the background; a damaged index is made anew."""
    stop = threading.Event()
    looking = asyncio.create_task(_look(directory, follower, stop), name="index checksums")
    try:
        yield
    finally:
        stop.set()
        looking.cancel()
        with suppress(asyncio.CancelledError):
            await looking


async def _look(directory: Directory, follower: Follower, stop: threading.Event) -> None:
    await follower.caught_up()
    try:
        await asyncio.to_thread(_compare, directory, stop.wait)
    except IndexUnusable as damage:
        await follower.begin_again(damage)


def _compare(directory: Directory, pause: Callable[[float], bool]) -> None:
    """Every checksum was compared, or the pause said to stop; raises IndexUnusable."""
    from retrieval.verifying import read_through  # noqa: PLC0415 - only a bot needs it

    compared = 0
    for read in read_through(directory):
        if isinstance(read, IndexUnusable):
            raise read
        compared += read
        if pause(read / _BYTES_PER_S):
            return
    _log.info("index.sound", bytes=compared)
