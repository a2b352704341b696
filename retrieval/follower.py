"""The index follows the store: changes are taken in order and applied, at start and while running."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Final, Protocol

import structlog

from corpus.model import Change
from retrieval.errors import IndexUnusable
from retrieval.index import Index, Snapshot


class Changes(Protocol):
    """Where changes are reported."""

    async def changes(self, after: int, limit: int) -> Sequence[Change]:
        """At most `limit` changes with a number above `after`, in order."""
        ...

    async def last_change(self) -> int:
        """The number of the newest change; 0 where there is none."""
        ...


class Upkeep(Protocol):
    """What an index that is kept in files does about them; each may run in a worker thread."""

    @property
    def passages_in_memory(self) -> int:
        """How many passages no file holds yet."""
        ...

    def settle(self, *, merge: bool) -> None:
        """Files hold what is applied, merged where that is asked for and worth it; raises OSError."""
        ...

    def begin_again(self, why: str) -> None:
        """Nothing is applied any more, and the files are out of the way."""
        ...


Progress = Callable[[int, int], None]
"""Told of a long catching up: the number of the last change applied, and of the newest one."""

_log = structlog.get_logger(__name__)
_BATCH: Final = 500
_SEAL_AT: Final = 65_536
"""So many passages in memory go into a file while changes are still being caught up with."""
_LONG: Final = 2_000
"""More changes than this are a long way to go: it is told how far it has come."""


class Follower:
    """Applies the changes that a store reports to an index, one batch at a time, and lets it settle now and then.

    Settling runs in a worker thread beside the applying, at most every `settle_every_s` seconds. What could not be put
    into files is only analysed again at the next start.
    """

    def __init__(
        self,
        index: Index,
        changes: Changes,
        *,
        upkeep: Upkeep | None = None,
        settle_every_s: float = 30.0,
        progress: Progress | None = None,
    ) -> None:
        self._index = index
        self._changes = changes
        self._upkeep = upkeep
        self._settle_every_s = settle_every_s
        self._progress = progress
        self._busy = asyncio.Lock()
        self._settling = asyncio.Lock()
        self._caught_up = asyncio.Event()

    async def current(self) -> Snapshot:
        """The state of the index, which has caught up with the store since it was opened or begun again."""
        if not self._caught_up.is_set():
            await self.catch_up()  # where this is under way already, that is waited for
        return self._index.snapshot()

    async def caught_up(self) -> None:
        """Whoever keeps the index up to date has caught up with the store."""
        await self._caught_up.wait()

    async def catch_up(self) -> int:
        """Every change that the store holds now is applied; returns how many there were."""
        async with self._busy:
            try:
                applied = await self._apply_all()
            except IndexUnusable as damage:
                await self._empty(damage)
                applied = await self._apply_all()
        self._caught_up.set()
        return applied

    async def _apply_all(self) -> int:
        applied = 0
        newest = await self._changes.last_change()
        seal_at = _SEAL_AT
        progress = self._progress if newest - self._index.last_change > _LONG else None
        while batch := await self._changes.changes(self._index.last_change, _BATCH):
            # Analysing articles takes long: not on the event loop.
            await asyncio.to_thread(self._index.apply, batch)
            applied += len(batch)
            if progress:
                progress(self._index.last_change, max(newest, self._index.last_change))
            if self._upkeep and self._upkeep.passages_in_memory >= seal_at:
                await self._settle(merge=False)
                # What a full disk did not take is tried again when there is twice as much.
                seal_at = max(_SEAL_AT, 2 * self._upkeep.passages_in_memory)
        return applied

    async def settle(self, *, merge: bool = True) -> None:
        """The index's files hold what is applied, where it has files; a full disk is told and tried again later.

        Where a file turns out to be damaged, the index is made anew, as `begin_again` has it.
        """
        try:
            await self._settle(merge=merge)
        except IndexUnusable as damage:
            await self.begin_again(damage)

    async def _settle(self, *, merge: bool) -> None:
        """See `settle`; raises IndexUnusable."""
        if self._upkeep is None:
            return
        async with self._settling:
            try:
                await asyncio.to_thread(self._upkeep.settle, merge=merge)
            except OSError as error:
                _log.warning("index.not_kept", reason=str(error))

    async def begin_again(self, why: IndexUnusable) -> None:
        """The index is made anew from the store by whoever needs it next; questions wait until it has caught up."""
        async with self._busy:
            if self._caught_up.is_set():
                await self._empty(why)

    async def _empty(self, why: IndexUnusable) -> None:
        """Nothing is applied any more, for this reason; raises it where the index can't be made anew."""
        if self._upkeep is None:
            raise why
        self._caught_up.clear()
        _log.warning("index.rebuilt", reason=str(why))
        async with self._settling:
            await asyncio.to_thread(self._upkeep.begin_again, str(why))

    async def run(self, *, interval_s: float = 0.1) -> None:
        """Keeps up until cancelled; a change is applied at most `interval_s` and its analysis after it was stored."""
        async with asyncio.TaskGroup() as both:
            both.create_task(self._keep_up(interval_s))
            both.create_task(self._keep_settling())

    async def _keep_up(self, interval_s: float) -> None:
        while True:
            await self.catch_up()
            await asyncio.sleep(interval_s)

    async def _keep_settling(self) -> None:
        while True:
            await asyncio.sleep(self._settle_every_s)
            await self.settle()
