"""How much is under way: a bound on what is worked on at once, and a way to wait for its end."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator


class Turnstile:
    """Lets a few tasks at a time through to the event loop, so that a burst of interactions doesn't hold it up.

    At most `each_turn` pass in one turn of the loop, in the order of their coming.
    """

    def __init__(self, each_turn: int) -> None:
        self._each_turn = each_turn
        self._passed = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def enter(self) -> None:
        """It is this task's turn."""
        if self._passed == 0:
            asyncio.get_running_loop().call_soon(self._turn)
        if self._passed >= self._each_turn or self._waiting:
            place = asyncio.get_running_loop().create_future()
            self._waiting.append(place)
            await place
        else:
            self._passed += 1

    def _turn(self) -> None:
        self._passed = 0
        while self._waiting and self._passed < self._each_turn:
            place = self._waiting.popleft()
            if not place.done():  # a task may have been cancelled while it waited
                place.set_result(None)
                self._passed += 1
        if self._passed:
            asyncio.get_running_loop().call_soon(self._turn)


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
        """The block counts as under way."""
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
                await self._idle.wait()
        except TimeoutError:
            return False
        return True
