"""The index follows the store: it catches up, keeps its file, and runs until it is stopped."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import pytest

from corpus.errors import StoreError
from corpus.model import LIBRARY, Change
from retrieval.bm25 import EmbeddedIndex
from retrieval.follower import Follower
from retrieval.indexfile import IndexFile, Stamp
from retrieval.model import Filters
from tests.fakes.corpus import FakeCorpus

if TYPE_CHECKING:
    from pathlib import Path

NEWS = """
    Brindle v. Quarrix | The Ledger | 2024-03-01 | key=brindle
        The harbor court denied the motion.
    Corvane fined | The Ledger | 2024-05-10 | key=corvane
        The regulator fined Corvane.
"""
SHORT_S = 0.001


def keys(index: EmbeddedIndex, corpus: FakeCorpus, term: str) -> set[str]:
    by_id = {article.id: article.key for article in corpus.articles}
    return {by_id[hit.article_id] for hit in index.snapshot().search({term: 1.0}, Filters(), 9)}


async def test_catching_up_applies_every_change_and_counts_them() -> None:
    corpus, index = FakeCorpus(NEWS), EmbeddedIndex()
    assert await Follower(index, corpus).catch_up() == 2
    assert index.last_change == 2
    assert keys(index, corpus, "harbor") == {"brindle"}


async def test_catching_up_again_applies_only_what_is_new() -> None:
    corpus, index = FakeCorpus(NEWS), EmbeddedIndex()
    follower = Follower(index, corpus)
    await follower.catch_up()
    assert await follower.catch_up() == 0
    corpus.remove("brindle")
    assert await follower.catch_up() == 1
    assert keys(index, corpus, "harbor") == set()


async def test_an_index_that_holds_something_already_is_not_given_it_again() -> None:
    corpus, index = FakeCorpus(NEWS), EmbeddedIndex()
    index.apply(await corpus.changes(0, 1))
    assert await Follower(index, corpus).catch_up() == 1


async def test_more_changes_than_a_batch_are_all_applied() -> None:
    corpus = FakeCorpus("".join(f"Story {i} | key=k{i}\n    Harbor number {i}.\n" for i in range(620)))
    index = EmbeddedIndex()
    assert await Follower(index, corpus).catch_up() == 620
    assert index.snapshot().passages == 620
    assert index.last_change == 620


async def test_two_who_catch_up_at_once_apply_each_change_once() -> None:
    corpus, index = FakeCorpus(NEWS), EmbeddedIndex()
    follower = Follower(index, corpus)
    assert sorted(await asyncio.gather(follower.catch_up(), follower.catch_up())) == [0, 2]


class Gate:
    """Holds a change back until it is opened."""

    def __init__(self, corpus: FakeCorpus) -> None:
        self._corpus = corpus
        self.open = asyncio.Event()

    async def changes(self, after: int, limit: int) -> Sequence[Change]:
        await self.open.wait()
        return await self._corpus.changes(after, limit)


async def test_questions_are_answered_from_the_old_state_while_changes_are_read() -> None:
    corpus, index = FakeCorpus(NEWS), EmbeddedIndex()
    gate = Gate(corpus)
    task = asyncio.create_task(Follower(index, gate).catch_up())
    await asyncio.sleep(0)
    assert index.snapshot().passages == 0
    gate.open.set()
    assert await task == 2
    assert index.snapshot().passages == 2


class Failing:
    """A store that can't be read."""

    async def changes(self, after: int, limit: int) -> Sequence[Change]:
        raise StoreError(f"locked after {after} ({limit})")


async def test_a_store_that_fails_leaves_the_index_as_it_was_and_the_follower_usable() -> None:
    corpus, index = FakeCorpus(NEWS), EmbeddedIndex()
    with pytest.raises(StoreError):
        await Follower(index, Failing()).catch_up()
    assert index.last_change == 0
    assert await Follower(index, corpus).catch_up() == 2


async def test_the_index_is_kept_once_after_it_changed() -> None:
    kept: list[int] = []
    corpus, index = FakeCorpus(NEWS), EmbeddedIndex()
    follower = Follower(index, corpus, keep=lambda: kept.append(index.last_change))
    await follower.keep()
    assert kept == []
    await follower.catch_up()
    await follower.keep()
    await follower.keep()
    assert kept == [2]
    corpus.remove("corvane")
    await follower.catch_up()
    await follower.keep()
    assert kept == [2, 3]


async def test_without_a_file_nothing_is_kept() -> None:
    follower = Follower(EmbeddedIndex(), FakeCorpus(NEWS))
    await follower.catch_up()
    await follower.keep()


async def test_what_was_kept_is_not_analysed_again_at_the_next_start(tmp_path: Path) -> None:
    file = IndexFile(tmp_path / "index.npz", Stamp("store"))
    corpus, index = FakeCorpus(NEWS), EmbeddedIndex()
    follower = Follower(index, corpus, keep=lambda: file.save(index))
    await follower.catch_up()
    await follower.keep()
    again, reason = file.open(index.snapshot().parameters)
    assert reason is None
    assert await Follower(again, corpus).catch_up() == 0
    assert keys(again, corpus, "harbor") == {"brindle"}


@asynccontextmanager
async def running(follower: Follower) -> AsyncIterator[None]:
    """The follower at work, stopped at the end."""
    task = asyncio.create_task(follower.run(interval_s=SHORT_S))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


class Telling(EmbeddedIndex):
    """An index that tells the number of the last change each time it is given some."""

    def __init__(self) -> None:
        super().__init__()
        self._loop = asyncio.get_running_loop()
        self._told: asyncio.Queue[int] = asyncio.Queue()

    def apply(self, changes: Sequence[Change]) -> None:
        super().apply(changes)
        self._loop.call_soon_threadsafe(self._told.put_nowait, self.last_change)

    async def until(self, number: int) -> None:
        """Change `number` is applied."""
        async with asyncio.timeout(30):
            while await self._told.get() < number:
                continue


async def test_running_applies_changes_as_they_come() -> None:
    corpus, index = FakeCorpus(NEWS), Telling()
    async with running(Follower(index, corpus)):
        await index.until(2)
        corpus.remove("brindle")
        await index.until(3)
    assert keys(index, corpus, "harbor") == set()
    assert index.snapshot().statistics(["corvan"], [LIBRARY]).containing == {"corvan": 1}


def ring(loop: asyncio.AbstractEventLoop, bell: asyncio.Event) -> None:
    """Set the event from a worker thread."""
    loop.call_soon_threadsafe(bell.set)


async def test_running_keeps_the_file_from_time_to_time() -> None:
    kept = asyncio.Event()
    loop = asyncio.get_running_loop()
    index = EmbeddedIndex()
    follower = Follower(index, FakeCorpus(NEWS), keep=lambda: ring(loop, kept), keep_every_s=0.0)
    async with running(follower), asyncio.timeout(30):
        await kept.wait()


async def test_running_ends_when_it_is_cancelled() -> None:
    task = asyncio.create_task(Follower(EmbeddedIndex(), FakeCorpus(NEWS)).run(interval_s=SHORT_S))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
