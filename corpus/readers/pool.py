"""Reading beside the event loop: several articles and feeds at once, so that a slow one does not hold up others."""

from __future__ import annotations

import asyncio
import queue
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Self, TypeVar

from corpus.model import Draft, Rejected, SourceKind
from corpus.readers import read_one
from corpus.readers.limits import DEFAULT_LIMITS, Limits
from corpus.readers.links import with_link
from corpus.readers.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from corpus.model import Source
    from corpus.readers.feedfound import FeedFound

T = TypeVar("T")


class Reading:
    """So many workers, each with a thread and a child process of its own; to be entered once.

    Whoever stops waiting leaves nothing behind: what is under way ends within the limits of `Worker`, and its worker
    is free again. At the end of the context what is under way is broken off.
    """

    def __init__(self, limits: Limits = DEFAULT_LIMITS, size: int = 2) -> None:
        self._limits = limits
        self._workers = [Worker(limits) for _ in range(size)]
        self._free: queue.SimpleQueue[Worker] = queue.SimpleQueue()
        for worker in self._workers:
            self._free.put(worker)
        self._threads = ThreadPoolExecutor(size, thread_name_prefix="reading")

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self._stop)

    async def read(self, data: bytes, *, name: str, source: Source, media_type: str | None = None) -> Draft | Rejected:
        """The one article in `data`, or the reason why it can't be read.

        Of something fetched (`source` is its link after redirects) the name tells nothing, and the draft's link and
        publication are those of the place that it was fetched from, see `with_link`.
        """
        return await self._in_thread(partial(self._read, data, name, source, media_type))

    async def read_feed(self, data: bytes, url: str) -> FeedFound:
        """The feed that was fetched from `url`, or the feeds that this page names; raises Unreadable."""
        return await self._in_thread(partial(self._read_feed, data, url))

    async def _in_thread(self, work: partial[T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def _read(self, data: bytes, name: str, source: Source, media_type: str | None) -> Draft | Rejected:
        fetched = source.kind is SourceKind.URL
        with self._worker() as worker:
            outcome = read_one(
                data,
                name="" if fetched else name,
                source=source,
                media_type=media_type,
                limits=self._limits,
                worker=worker,
            )
        return with_link(outcome, source.reference) if fetched and isinstance(outcome, Draft) else outcome

    def _read_feed(self, data: bytes, url: str) -> FeedFound:
        with self._worker() as worker:
            return worker.parse_feed(data, url)

    @contextmanager
    def _worker(self) -> Iterator[Worker]:
        """A worker that is free: there are as many as threads."""
        worker = self._free.get_nowait()
        try:
            yield worker
        finally:
            self._free.put(worker)

    def _stop(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        for _ in range(2):  # a thread may have been about to start another child
            for worker in self._workers:
                worker.close()
            self._threads.shutdown(wait=True)
