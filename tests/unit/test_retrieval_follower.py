"""The index follows the store: it catches up, settles into files, begins again where they are damaged, and runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import pytest

from corpus.collection import LIBRARY
from corpus.errors import StoreError
from corpus.model import Change
from retrieval.bm25 import Parameters
from retrieval.embedded import EmbeddedIndex
from retrieval.errors import IndexUnusable
from retrieval.follower import Follower
from retrieval.index import Filters
from tests.fakes.corpus import FakeCorpus
from tests.fakes.segments import Workshop, no_room_for_the_manifest, split, worded

if TYPE_CHECKING:
    from pathlib import Path

NEWS = """
    Brindle v. Quarrix | The Ledger | 2024-03-01 | key=brindle
        The harbor court denied the motion.
    Corvane fined | The Ledger | 2024-05-10 | key=corvane
        The regulator fined Corvane.
"""
MORE_NEWS = """
    Tides turn | The Ledger | 2024-06-01 | key=tides
        The harbor was empty.
    Moons rise | The Ledger | 2024-06-02 | key=moons
        The lighthouse was dark.
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

    async def last_change(self) -> int:
        return await self._corpus.last_change()


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

    async def last_change(self) -> int:
        return 1


async def test_a_store_that_fails_leaves_the_index_as_it_was_and_the_follower_usable() -> None:
    corpus, index = FakeCorpus(NEWS), EmbeddedIndex()
    with pytest.raises(StoreError):
        await Follower(index, Failing()).catch_up()
    assert index.last_change == 0
    assert await Follower(index, corpus).catch_up() == 2


def opened(folder: Path) -> EmbeddedIndex:
    """The index in this folder."""
    index, _ = EmbeddedIndex.opened(Parameters(), Workshop(folder))
    return index


def peeked(folder: Path) -> EmbeddedIndex:
    """What is in this folder, which somebody else may be writing to."""
    index, _ = EmbeddedIndex.peeked(Parameters(), Workshop(folder))
    return index


def times(folder: Path) -> dict[Path, int]:
    """When each file of the folder was written."""
    return {path: path.stat().st_mtime_ns for path in folder.iterdir()}


def a_segment(folder: Path) -> Path:
    return min(folder.glob("*.seg"))


async def test_without_files_nothing_is_settled() -> None:
    follower = Follower(EmbeddedIndex(), FakeCorpus(NEWS))
    await follower.catch_up()
    await follower.settle()


async def test_what_was_settled_is_not_analysed_again_at_the_next_start(tmp_path: Path) -> None:
    corpus, index = FakeCorpus(NEWS), opened(tmp_path)
    follower = Follower(index, corpus, upkeep=index)
    await follower.catch_up()
    await follower.settle()
    again = opened(tmp_path)
    assert await Follower(again, corpus, upkeep=again).catch_up() == 0
    assert keys(again, corpus, "harbor") == {"brindle"}


async def test_what_was_not_settled_is_caught_up_with_at_the_next_start(tmp_path: Path) -> None:
    corpus, index = FakeCorpus(NEWS), opened(tmp_path)
    follower = Follower(index, corpus, upkeep=index)
    await follower.catch_up()
    await follower.settle()
    corpus.remove("brindle")
    await follower.catch_up()
    again = opened(tmp_path)
    assert await Follower(again, corpus, upkeep=again).catch_up() == 1
    assert keys(again, corpus, "harbor") == set()


async def test_settling_without_news_writes_nothing(tmp_path: Path) -> None:
    corpus, index = FakeCorpus(NEWS), opened(tmp_path)
    follower = Follower(index, corpus, upkeep=index)
    await follower.settle()
    assert times(tmp_path) == {}
    await follower.catch_up()
    await follower.settle()
    before = times(tmp_path)
    await follower.settle()
    assert times(tmp_path) == before


async def test_where_there_is_no_room_nothing_is_lost_and_it_is_tried_again_later(tmp_path: Path) -> None:
    corpus, index = FakeCorpus(NEWS), opened(tmp_path)
    follower = Follower(index, corpus, upkeep=index)
    await follower.catch_up()
    with no_room_for_the_manifest(tmp_path):
        await follower.settle()
    assert keys(index, corpus, "harbor") == {"brindle"}
    assert index.passages_in_memory == 2
    await follower.settle()
    assert index.passages_in_memory == 0
    assert opened(tmp_path).last_change == 2


async def test_a_question_before_the_first_catching_up_waits_for_it() -> None:
    corpus, index = FakeCorpus(NEWS), EmbeddedIndex()
    gate = Gate(corpus)
    follower = Follower(index, gate)
    question = asyncio.create_task(follower.current())
    await asyncio.sleep(SHORT_S)
    assert not question.done()
    gate.open.set()
    assert (await question).statistics([], [LIBRARY]).passages == 2


@pytest.mark.parametrize("changed", [False, True])
async def test_a_damaged_file_found_while_catching_up_is_set_aside_and_all_is_made_anew(
    tmp_path: Path, *, changed: bool
) -> None:
    corpus, index = FakeCorpus(NEWS), opened(tmp_path)
    follower = Follower(index, corpus, upkeep=index)
    await follower.catch_up()
    await follower.settle()
    a_segment(tmp_path).write_bytes(b"damaged")
    if changed:
        corpus.remove("corvane")
    again = opened(tmp_path)
    follower = Follower(again, corpus, upkeep=again)
    await follower.catch_up()
    if not changed:  # nothing had to be opened yet: a question finds it
        with pytest.raises(IndexUnusable) as found:
            keys(again, corpus, "harbor")
        await follower.begin_again(found.value)
        await follower.current()
    assert keys(again, corpus, "harbor") == {"brindle"}
    assert again.last_change == (3 if changed else 2)
    assert [path.name for path in (tmp_path / "set-aside").glob("*.seg")]
    await follower.settle()
    assert opened(tmp_path).last_change == again.last_change


async def test_a_damaged_file_found_while_settling_is_set_aside_and_all_is_made_anew(tmp_path: Path) -> None:
    corpus, index = FakeCorpus(NEWS), opened(tmp_path)
    follower = Follower(index, corpus, upkeep=index)
    for news in ("", MORE_NEWS):  # two segments of one size, which are to be merged some time
        corpus.write(news)
        await follower.catch_up()
        await follower.settle(merge=False)
    a_segment(tmp_path).write_bytes(b"damaged")
    again = opened(tmp_path)
    follower = Follower(again, corpus, upkeep=again)
    assert await follower.catch_up() == 0
    await follower.settle()
    assert (tmp_path / "set-aside").is_dir()
    assert await follower.catch_up() == 4
    assert keys(again, corpus, "harbor") == {"brindle", "tides"}
    await follower.settle()
    assert peeked(tmp_path).last_change == again.last_change


async def test_without_files_damage_is_raised() -> None:
    corpus, index = FakeCorpus(NEWS), EmbeddedIndex()
    follower = Follower(index, corpus)
    await follower.catch_up()
    with pytest.raises(IndexUnusable, match="damaged"):
        await follower.begin_again(IndexUnusable("damaged"))


async def test_damage_that_many_questions_find_at_once_is_mended_once(tmp_path: Path) -> None:
    corpus, index = FakeCorpus(NEWS), opened(tmp_path)
    follower = Follower(index, corpus, upkeep=index)
    await follower.catch_up()
    await follower.settle()
    await asyncio.gather(*(follower.begin_again(IndexUnusable("damaged")) for _ in range(5)))
    states = await asyncio.gather(*(follower.current() for _ in range(5)))
    assert [state.statistics([], [LIBRARY]).passages for state in states] == [2] * 5
    await follower.settle()
    assert opened(tmp_path).last_change == 2


async def test_a_long_way_to_go_is_told_as_it_is_gone_and_a_short_one_is_not() -> None:
    told: list[tuple[int, int]] = []
    corpus, index = FakeCorpus(), EmbeddedIndex(analyse=split)
    for number in range(2_600):
        corpus.put(worded(f"k{number}", ["tide "]))
    follower = Follower(index, corpus, progress=lambda now, newest: told.append((now, newest)))
    await follower.catch_up()
    assert told == [(500 * n, 2_600) for n in range(1, 6)] + [(2_600, 2_600)]
    corpus.remove("k7")
    await follower.catch_up()
    assert len(told) == 6


async def test_what_is_caught_up_with_goes_into_files_when_it_gets_too_much_for_memory(tmp_path: Path) -> None:
    corpus = FakeCorpus()
    for number in range(510):
        corpus.put(worded(f"k{number}", ["tide "] * 140))
    index = EmbeddedIndex(opened(tmp_path).snapshot(), Workshop(tmp_path), analyse=split)
    await Follower(index, corpus, upkeep=index).catch_up()
    assert index.passages_in_memory == 10 * 140
    assert opened(tmp_path).snapshot().passages == 500 * 140


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


class Settling(EmbeddedIndex):
    """An index that tells when it has settled."""

    def __init__(self) -> None:
        super().__init__()
        self._loop = asyncio.get_running_loop()
        self.settled = asyncio.Event()

    def settle(self, *, merge: bool = True) -> None:
        super().settle(merge=merge)
        self._loop.call_soon_threadsafe(self.settled.set)


async def test_running_settles_from_time_to_time() -> None:
    index = Settling()
    follower = Follower(index, FakeCorpus(NEWS), upkeep=index, settle_every_s=SHORT_S)
    async with running(follower), asyncio.timeout(30):
        for _ in range(3):
            index.settled.clear()
            await index.settled.wait()


async def test_running_goes_on_over_a_damaged_file(tmp_path: Path) -> None:
    corpus, index = FakeCorpus(NEWS), opened(tmp_path)
    follower = Follower(index, corpus, upkeep=index)
    await follower.catch_up()
    await follower.settle()
    a_segment(tmp_path).write_bytes(b"damaged")
    corpus.remove("corvane")
    again = opened(tmp_path)
    follower = Follower(again, corpus, upkeep=again, settle_every_s=SHORT_S)
    async with running(follower), asyncio.timeout(30):
        while peeked(tmp_path).last_change < 3:  # noqa: ASYNC110 - a file is looked at
            await asyncio.sleep(SHORT_S)
        assert (await follower.current()).statistics(["corvan"], [LIBRARY]).containing == {"corvan": 0}
    assert keys(again, corpus, "harbor") == {"brindle"}


async def test_running_ends_when_it_is_cancelled() -> None:
    task = asyncio.create_task(Follower(EmbeddedIndex(), FakeCorpus(NEWS)).run(interval_s=SHORT_S))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
