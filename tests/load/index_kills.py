"""The index after a kill -9: whatever was under way, nothing acknowledged is missing and nothing removed comes back.

`python -m tests.load.index_kills [--kills 100] [--seed 0] [--folder DIR]` starts a child that adds, edits, removes and
restores articles without a pause, on an index that seals and merges without a pause, and kills it: at a random moment,
or right before a random one of its acts on the index's files. Then the data directory is opened as any command opens
it, and everything is compared. The next child goes on where that one was killed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot import logs
from bot.app import INDEX_NAME, index_directory, indexed, open_corpus
from bot.config import CorpusSettings, Settings
from corpus.collection import LIBRARY, Collection
from corpus.drafts import Place
from corpus.model import Draft, Source, SourceKind
from retrieval.errors import IndexUnusable
from retrieval.follower import Follower
from retrieval.index import Filters
from retrieval.segments.directory import ASIDE
from retrieval.verifying import compared, read_through

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.app import Corpus
    from corpus.desk import Desk

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 3, 1, tzinfo=UTC)
COLLECTIONS = (LIBRARY, Collection(7))
KEYS = 150
MOST_AT_ONCE = 6
LONGEST_S = 1.2
MOST_ACTS = 300
QUESTIONS = 10

Name = tuple[str, str]
"""A collection and the key of an article in it."""


@dataclass
class Expected:
    """What the child said: for each article its mark (None: removed), and those that it was busy with."""

    marks: dict[Name, str | None] = field(default_factory=dict)
    busy: dict[Name, str | None] = field(default_factory=dict)
    retired: set[str] = field(default_factory=set)

    def take(self, line: str) -> None:
        """What the child says it is about to do, or has done."""
        said = json.loads(line)
        self.busy = {(collection, key): mark for collection, key, mark in said["articles"]}
        if said["done"]:
            for name, mark in self.busy.items():
                if (before := self.marks.get(name)) and before != mark:
                    self.retired.add(before)
                self.marks[name] = mark
            self.retired -= {mark for mark in self.marks.values() if mark}
            self.busy = {}


# --- the child


async def work(folder: Path, seed: int, acts: int) -> None:
    """Articles come and go; with `acts`, it kills itself before that act on the index's files."""
    rng = random.Random(seed)
    settings = _settings(folder)
    async with open_corpus(settings) as corpus, indexed(corpus.store, settings, serving=True) as (index, follower):
        await follower.catch_up()
        restless = Follower(index, corpus.store, upkeep=index, settle_every_s=0.0)
        keeping = asyncio.create_task(restless.run(interval_s=0.0))
        if acts:
            _kill_before(folder / INDEX_NAME, acts)
        held = Held()
        for collection in COLLECTIONS:
            for removed, marks in ((False, held.live), (True, held.removed)):
                for article in await corpus.desk.articles(
                    Place.of(collection, library=False), removed=removed, limit=KEYS
                ):
                    marks[str(collection), article.key] = article.title.rpartition(" ")[2]
        while not keeping.done():
            await _act(corpus, held, rng)
        keeping.result()


@dataclass
class Held:
    """The marks of the articles that are in the store."""

    live: dict[Name, str] = field(default_factory=dict)
    removed: dict[Name, str] = field(default_factory=dict)


async def _act(corpus: Corpus, held: Held, rng: random.Random) -> None:
    chance = rng.random()
    if chance < 0.2 and held.live:
        await _switch(corpus.desk, held.live, held.removed, rng, live=False)
    elif chance < 0.4 and held.removed:
        await _switch(corpus.desk, held.removed, held.live, rng, live=True)
    else:
        collection = rng.choice(COLLECTIONS)
        names = [(str(collection), f"k{number}") for number in rng.sample(range(KEYS), rng.randint(1, MOST_AT_ONCE))]
        marks = {name: f"mark{rng.getrandbits(48):x}q" for name in names if name not in held.removed}
        _say(marks, done=False)
        drafts = [_draft(key, mark, rng) for (_, key), mark in marks.items()]
        report = await corpus.transfer.import_drafts(drafts, collection, "kills", NOW)
        if len(report.added) + len(report.revised) != len(marks):
            raise RuntimeError(report)
        _say(marks, done=True)
        held.live.update(marks)


async def _switch(desk: Desk, here: dict[Name, str], there: dict[Name, str], rng: random.Random, *, live: bool) -> None:
    """One of the articles here is live, or removed, now."""
    name = rng.choice(sorted(here))
    collection, key = Collection.parse(name[0]), name[1]
    after = {name: here[name] if live else None}
    _say(after, done=False)
    if live:
        await desk.restore(Place.of(collection), key, by="kills", now=NOW)
    else:
        await desk.remove(Place.of(collection), key, by="kills", now=NOW)
    _say(after, done=True)
    there[name] = here.pop(name)


def _draft(key: str, mark: str, rng: random.Random) -> Draft:
    sentences = [
        " ".join(["The", *(f"w{int(rng.paretovariate(0.7)) % 4000}" for _ in range(9)), f"{mark}."]) for _ in range(16)
    ]
    text = " ".join(sentences)
    return Draft(f"Case {key} {mark}", text, text, Source(SourceKind.PASTE), key=key)


def _say(articles: Mapping[Name, str | None], *, done: bool) -> None:
    told = [(collection, key, mark) for (collection, key), mark in articles.items()]
    print(json.dumps({"done": done, "articles": told}), flush=True)  # noqa: T201


def _kill_before(folder: Path, acts: int) -> None:
    """The process dies right before it opens, renames or deletes a file of this folder for the `acts`-th time."""
    left = acts

    def count(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal left
        if event in {"open", "os.rename", "os.remove"} and str(arguments[0]).startswith(str(folder)):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)


# --- who kills it, and looks


def killed_child(folder: Path, expected: Expected, rng: random.Random) -> str:
    """A child was at work and was killed; gives how. What it said is `expected` now."""
    acts = rng.randint(1, MOST_ACTS) if rng.random() < 0.5 else 0
    after_s = rng.uniform(0.0, LONGEST_S)
    words = ["--child", str(folder), str(rng.getrandbits(32)), str(acts)]
    command = [sys.executable, "-m", "tests.load.index_kills", *words]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout
        first = child.stdout.readline()
        if not acts:
            time.sleep(after_s)
            child.send_signal(signal.SIGKILL)
        for line in [first, *child.stdout]:
            if line.endswith("\n"):
                expected.take(line)
    if child.returncode != -signal.SIGKILL:
        raise RuntimeError(f"the child ended by itself ({child.returncode})")
    return f"before act {acts}" if acts else f"after {after_s:.2f} s"


async def look(folder: Path, expected: Expected, seed: int) -> list[str]:
    """What is wrong in the data directory, opened as any command opens it; what was under way may be done or not."""
    settings = _settings(folder)
    async with open_corpus(settings) as corpus, indexed(corpus.store, settings) as (index, _):
        wrong = [f"store: {problem}" for problem in await corpus.store.check()]
        if (folder / INDEX_NAME / ASIDE).exists():
            wrong.append("the index could not be used")
        snapshot = index.snapshot()

        def found(mark: str) -> bool:
            return bool(snapshot.search({mark: 1.0}, Filters(COLLECTIONS), 1))

        for name, mark in expected.marks.items():
            if name not in expected.busy and mark and not found(mark):
                wrong.append(f"{name} is missing")
        busy = {*expected.busy.values(), *(expected.marks.get(name) for name in expected.busy)}
        wrong += [f"{mark} came back" for mark in expected.retired - busy if found(mark)]
        for name in list(expected.busy):
            await _settle_doubt(corpus.desk, expected, name)
        directory = await index_directory(corpus.store, settings)
        wrong += [str(read) for read in read_through(directory) if isinstance(read, IndexUnusable)]
        wrong += (await compared(index, corpus.store, questions=QUESTIONS, seed=seed)).differences
    return wrong


async def _settle_doubt(desk: Desk, expected: Expected, name: Name) -> None:
    """What became of an article that the child was busy with is what the store says."""
    [live] = [
        await desk.articles(Place.of(Collection.parse(name[0]), library=False), text=f"case {name[1]} mark", limit=KEYS)
    ]
    marks = [article.title.rpartition(" ")[2] for article in live if article.key == name[1]]
    before, now = expected.marks.get(name), (marks[0] if marks else None)
    if before and before != now:
        expected.retired.add(before)
    expected.retired.discard(now or "")
    expected.marks[name] = now
    expected.busy.pop(name)


def kills(folder: Path, count: int, seed: int) -> list[str]:
    """What was wrong after any of `count` kills."""
    rng = random.Random(seed)
    expected = Expected()
    wrong: list[str] = []
    for number in range(1, count + 1):
        how = killed_child(folder, expected, rng)
        found = asyncio.run(look(folder, expected, number))
        wrong += [f"kill {number} ({how}): {each}" for each in found]
        print(f"{number}: killed {how}; {len(expected.marks)} articles; wrong: {found}", file=sys.stderr)  # noqa: T201
        if found:
            break
    return wrong


def _settings(folder: Path) -> Settings:
    return Settings(data_dir=folder, corpus=CorpusSettings(starter=False))


def main() -> None:
    """Either half, by its arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--child", nargs=3, metavar=("FOLDER", "SEED", "ACTS"))
    given = parser.parse_args()
    logs.configure(level="warning", form="console")
    if given.child:
        asyncio.run(work(Path(given.child[0]), int(given.child[1]), int(given.child[2])))
        return
    with tempfile.TemporaryDirectory() as folder:
        raise SystemExit("\n".join(kills(given.folder or Path(folder), given.kills, given.seed)) or 0)


if __name__ == "__main__":
    main()
