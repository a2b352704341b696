"""Work that goes on beside the interactions: begun again when it fails, ended between two steps, not within one."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

_log = structlog.get_logger(__name__)


class Background:
    """The background work of one bot."""

    def __init__(self, *, retry_after: timedelta = timedelta(seconds=1)) -> None:
        self._retry_after = retry_after
        self._stop = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self, work: Callable[[], Awaitable[None]], *, name: str) -> None:
        """`work` is done again and again until the end; it pauses by itself."""
        self._tasks.append(asyncio.create_task(self._kept_going(work, name), name=name))

    def start_endless(self, work: Callable[[], Coroutine[None, None, None]], *, name: str) -> None:
        """`work`, which never ends by itself, is done until the end, and then cancelled."""
        self.start(lambda: self._until_stopped(work, name), name=name)

    async def pause(self, length: timedelta) -> None:
        """That much time has passed, or the end has come."""
        with suppress(TimeoutError):
            async with asyncio.timeout(length.total_seconds()):
                await self._stop.wait()

    async def stop(self) -> None:
        """All work has ended."""
        self._stop.set()
        await asyncio.gather(*self._tasks)

    async def _kept_going(self, work: Callable[[], Awaitable[None]], name: str) -> None:
        while not self._stop.is_set():
            try:
                await work()
            except Exception:  # noqa: BLE001 - whatever it is, it is logged and the work begun again
                _log.exception("background.failed", work=name)
                await self.pause(self._retry_after)

    async def _until_stopped(self, work: Callable[[], Coroutine[None, None, None]], name: str) -> None:
        working = asyncio.create_task(work(), name=name)
        stopped = asyncio.create_task(self._stop.wait())
        await asyncio.wait({working, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        working.cancel()
        with suppress(asyncio.CancelledError):
            await working
