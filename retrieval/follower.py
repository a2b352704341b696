"""The index follows the store: changes are taken in order and applied, at start and while running."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Final, Protocol

from corpus.model import Change
from retrieval.index import Index


class Changes(Protocol):
    """Where changes are reported."""

    async def changes(self, after: int, limit: int) -> Sequence[Change]:
        """At most `limit` changes with a number above `after`, in order."""
        ...


_BATCH: Final = 500


class Follower:
    """Applies the changes that a store reports to an index, one batch at a time."""

    def __init__(self, index: Index, changes: Changes, *, on_applied: Callable[[int], None] | None = None) -> None:
        self._index = index
        self._changes = changes
        self._on_applied = on_applied
        self._busy = asyncio.Lock()

    async def catch_up(self) -> int:
        """Every change that the store holds now is applied; returns how many there were."""
        applied = 0
        async with self._busy:
            while batch := await self._changes.changes(self._index.last_change, _BATCH):
                # Analysing articles takes long: not on the event loop.
                await asyncio.to_thread(self._index.apply, batch)
                applied += len(batch)
        if applied and self._on_applied:
            self._on_applied(self._index.last_change)
        return applied

    async def run(self, *, interval_s: float = 0.5) -> None:
        """Keeps up until cancelled; a change is applied at most `interval_s` and its analysis after it was stored."""
        while True:
            await self.catch_up()
            await asyncio.sleep(interval_s)
