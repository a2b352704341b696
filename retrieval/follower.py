"""The index follows the store: changes are taken in order and applied, at start and while running."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Final, Protocol

import structlog

from corpus.model import Change
from retrieval.index import Index


class Changes(Protocol):
    """Where changes are reported."""

    async def changes(self, after: int, limit: int) -> Sequence[Change]:
        """At most `limit` changes with a number above `after`, in order."""
        ...


_log = structlog.get_logger(__name__)
_BATCH: Final = 500


class Follower:
    """Applies the changes that a store reports to an index, one batch at a time.

    `keep` (where given) puts the index into its file; it runs in a worker thread, at most every `keep_every_s` seconds.
    What it could not keep is only analysed again at the next start.
    """

    def __init__(
        self, index: Index, changes: Changes, *, keep: Callable[[], None] | None = None, keep_every_s: float = 30.0
    ) -> None:
        self._index = index
        self._changes = changes
        self._keep = keep
        self._keep_every_s = keep_every_s
        self._busy = asyncio.Lock()
        self._kept = index.last_change

    async def catch_up(self) -> int:
        """Every change that the store holds now is applied; returns how many there were."""
        applied = 0
        async with self._busy:
            while batch := await self._changes.changes(self._index.last_change, _BATCH):
                # Analysing articles takes long: not on the event loop.
                await asyncio.to_thread(self._index.apply, batch)
                applied += len(batch)
        return applied

    async def keep(self) -> None:
        """The index file holds what is applied, where there is one and it doesn't yet; a full disk is tried again."""
        if self._keep is not None and self._kept != self._index.last_change:
            last = self._index.last_change
            try:
                await asyncio.to_thread(self._keep)
            except OSError as error:
                _log.warning("index.not_kept", reason=str(error))
            else:
                self._kept = last

    async def run(self, *, interval_s: float = 0.5) -> None:
        """Keeps up until cancelled; a change is applied at most `interval_s` and its analysis after it was stored."""
        loop = asyncio.get_running_loop()
        keep_at = loop.time() + self._keep_every_s
        while True:
            await self.catch_up()
            if loop.time() >= keep_at:
                await self.keep()
                keep_at = loop.time() + self._keep_every_s
            await asyncio.sleep(interval_s)
