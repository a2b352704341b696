"""The time that one link may take, counted only while something is done for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from corpus.fetch.errors import TookTooLong


class TimeLeft:
    """`seconds` for all parts of one fetch together; waiting for a turn is none of them."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._left = seconds

    @asynccontextmanager
    async def running(self, host: str) -> AsyncIterator[None]:
        """What is inside is counted, and broken off with TookTooLong when the time is over."""
        clock = asyncio.get_running_loop().time
        began = clock()
        try:
            async with asyncio.timeout(self._left):
                yield
        except TimeoutError as error:
            raise TookTooLong(f"{host} takes longer than {self._seconds:g} seconds to answer.") from error
        finally:
            self._left -= clock() - began
