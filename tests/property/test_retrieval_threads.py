"""Questions in several threads while changes are applied and files are written in others: each sees one whole state."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from corpus.collection import LIBRARY, Collection
from corpus.model import Change
from retrieval.bm25 import Parameters
from retrieval.embedded import EmbeddedIndex, EmbeddedSnapshot
from retrieval.errors import IndexUnusable
from retrieval.follower import Follower
from retrieval.index import Filters
from retrieval.segments import kernel
from tests.fakes.corpus import FakeCorpus
from tests.fakes.segments import Workshop, split, worded

GUILD = Collection(7)
EVERYTHING = Filters((LIBRARY, GUILD))
CHANGES = 1_500
SECONDS = 4.0


def history() -> tuple[list[Change], list[set[int]]]:
    """Changes, and the passages that are live after each number of them."""
    random = Random(3)
    changes: list[Change] = []
    held: dict[int, set[int]] = {}
    live: list[set[int]] = [set()]
    for number in range(1, CHANGES + 1):
        article_id = random.randint(1, 120)
        collection = LIBRARY if article_id % 3 else GUILD
        article = None
        if random.random() < 0.7:
            size = random.randint(1, 5)
            words = worded(f"a{article_id}", [f"tide w{random.randint(0, 50)} " for _ in range(size)], collection)
            passages = tuple(replace(each, id=10 * number + place) for place, each in enumerate(words.passages))
            article = replace(words, id=article_id, passages=passages)
        held[article_id] = {each.id for each in article.passages} if article else set()
        changes.append(Change(number, article_id, collection, article))
        live.append(set().union(*held.values()))
    return changes, live


def is_whole(snapshot: EmbeddedSnapshot, live: list[set[int]]) -> None:
    """The snapshot holds exactly what was live after its last change."""
    expected = live[snapshot.last_change]
    hits = snapshot.search({"tide": 1.0, "w7": 0.5}, EVERYTHING, 10_000)
    assert {hit.passage_id for hit in hits} == expected
    assert len(hits) == len(expected)
    statistics = snapshot.statistics(["tide"], [LIBRARY, GUILD])
    assert statistics.passages == statistics.containing["tide"] == len(expected)
    assert snapshot.passages == len(expected)
    few = snapshot.search({"tide": 1.0, "w7": 0.5}, EVERYTHING, 3)
    assert few == hits[:3]


@pytest.mark.parametrize("compiled", [False, True])
def test_every_snapshot_is_whole_whatever_happens_beside_it(tmp_path: Path, *, compiled: bool) -> None:
    if compiled and not kernel.available():
        pytest.skip("the compiled kernel is not there")
    changes, live = history()
    opened, _ = EmbeddedIndex.opened(Parameters(compiled=compiled), files := Workshop(tmp_path))
    index = EmbeddedIndex(opened.snapshot(), files, analyse=split)
    ended = threading.Event()
    deadline = time.monotonic() + SECONDS

    def apply() -> int:
        random = Random(1)
        while index.last_change < CHANGES and time.monotonic() < deadline:
            first = index.last_change
            index.apply(changes[first : first + random.randint(1, 9)])
            time.sleep(random.uniform(0, 0.01))
        ended.set()
        return index.last_change

    def settle(*, merge: bool) -> int:
        settled = 0
        while not ended.is_set():
            index.settle(merge=merge)
            settled += 1
        return settled

    def ask(seed: int) -> int:
        random = Random(seed)
        asked = 0
        kept = [index.snapshot()]
        while not ended.is_set():
            kept.append(index.snapshot())
            is_whole(random.choice(kept), live)
            if len(kept) > 5:
                kept.pop(random.randrange(len(kept)))
            asked += 1
        return asked

    work: list[Callable[[], int]] = [apply, lambda: settle(merge=True), lambda: settle(merge=False)]
    work += [lambda seed=seed: ask(seed) for seed in range(4)]  # type: ignore[misc]
    with ThreadPoolExecutor(len(work)) as threads:
        futures: list[Future[int]] = [threads.submit(each) for each in work]
        applied, *done = [future.result() for future in futures]
    assert applied > 100
    assert min(done) > 3
    is_whole(index.snapshot(), live)
    index.settle()
    again, unusable = EmbeddedIndex.opened(Parameters(), Workshop(tmp_path))
    assert unusable is None
    assert again.last_change == applied
    is_whole(again.snapshot(), live)


async def test_questions_go_on_while_a_follower_runs_and_begins_again(tmp_path: Path) -> None:
    corpus = FakeCorpus()
    opened, _ = EmbeddedIndex.opened(Parameters(), files := Workshop(tmp_path))
    index = EmbeddedIndex(opened.snapshot(), files, analyse=split)
    follower = Follower(index, corpus, upkeep=index, settle_every_s=0.01)
    running = asyncio.create_task(follower.run(interval_s=0.001))
    random = Random(5)
    for number in range(60):
        corpus.put(worded(f"k{random.randint(0, 30)}", [f"tide w{number} "] * random.randint(1, 3)))
        if corpus.articles and random.random() < 0.3:
            corpus.remove(random.choice(corpus.articles).key)
        if number % 20 == 10:
            await follower.begin_again(IndexUnusable("the test says so"))
        snapshot = await follower.current()
        hits = await asyncio.to_thread(snapshot.search, {"tide": 1.0}, Filters(), 1_000)
        assert len(hits) == snapshot.statistics([], [LIBRARY]).passages
    await follower.catch_up()
    live = {passage.id for article in corpus.articles for passage in article.passages}
    assert {hit.passage_id for hit in index.snapshot().search({"tide": 1.0}, Filters(), 1_000)} == live
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
