"""Whose turn it is: one request at a time for a host, some pause between those that poll, few in all."""

from __future__ import annotations

import asyncio
import math
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

_HOSTS_REMEMBERED: Final = 4_096


class Turns:
    """Requests take turns. Whoever waits holds up nobody of another host."""

    def __init__(
        self, at_once: int, clock: Callable[[], float], sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._free = asyncio.Semaphore(at_once)
        self._clock = clock
        self._sleep = sleep
        self._waiting: dict[str, tuple[asyncio.Lock, int]] = {}
        self._asked_at: OrderedDict[str, float] = OrderedDict()

    @asynccontextmanager
    async def turn(self, host: str, pause_seconds: float = 0.0) -> AsyncIterator[None]:
        """The turn of a request to `host`: not before `pause_seconds` after the last one's end."""
        while True:
            await self._sleep(max(0.0, self._too_early(host, pause_seconds)))
            async with self._alone(host):
                if self._too_early(host, pause_seconds) > 0:
                    continue  # somebody else was faster
                async with self._free:
                    try:
                        yield
                    finally:
                        self._note(host)
                return

    def _too_early(self, host: str, pause_seconds: float) -> float:
        """So many seconds are still to wait; not more than 0 where the pause is over."""
        return self._asked_at.get(host, -math.inf) + pause_seconds - self._clock()

    @asynccontextmanager
    async def _alone(self, host: str) -> AsyncIterator[None]:
        """Nobody else asks this host meanwhile; its lock is forgotten with the last who wants it."""
        lock, wanted = self._waiting.get(host, (asyncio.Lock(), 0))
        self._waiting[host] = lock, wanted + 1
        try:
            async with lock:
                yield
        finally:
            _, wanted = self._waiting.pop(host)
            if wanted > 1:
                self._waiting[host] = lock, wanted - 1

    def _note(self, host: str) -> None:
        self._asked_at[host] = self._clock()
        self._asked_at.move_to_end(host)
        if len(self._asked_at) > _HOSTS_REMEMBERED:
            self._asked_at.popitem(last=False)
