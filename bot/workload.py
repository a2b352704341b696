"""How much is under way: a bound on what is worked on at once, and a way to wait for its end."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator


class Workload:
    """The work of one bot. At most `concurrent` questions are answered at once; the others wait their turn."""

    def __init__(self, concurrent: int) -> None:
        self._places = asyncio.Semaphore(concurrent)
        self._idle = asyncio.Event()
        self._idle.set()
        self._under_way = 0

    @property
    def under_way(self) -> int:
        """How many interactions are being worked on."""
        return self._under_way

    @contextmanager
    def interaction(self) -> Iterator[None]:
        """The block counts as under way: all of a command or a press, from before its acknowledgement on."""
        self._under_way += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._idle.set()

    @asynccontextmanager
    async def answering(self) -> AsyncIterator[None]:
        """The block holds one of the places for answering."""
        async with self._places:
            yield

    async def drained(self, timeout_s: float) -> bool:
        """Nothing is under way any more; False when that did not come to pass in time."""
        try:
            async with asyncio.timeout(timeout_s):
                # What failed is still told of after it ended: then more is under way by the time that we wake up.
                while self._under_way:
                    await self._idle.wait()
        except TimeoutError:
            return False
        return True
