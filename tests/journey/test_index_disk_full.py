"""On a full disk the index goes on answering from memory, a change is refused in words, and room puts all right."""

from __future__ import annotations

import asyncio
import os
import random
import subprocess
import sys
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from bot.app import INDEX_NAME, build
from bot.config import CorpusSettings, Settings
from corpus.collection import LIBRARY
from corpus.drafts import Place
from corpus.errors import StoreError
from corpus.model import Draft, Source, SourceKind
from retrieval.model import Asked
from tests.fakes.program import Program

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.app import App

NOW = datetime(2026, 3, 1, tzinfo=UTC)
TOO_LARGE_BYTES = 4096


def settings(folder: Path) -> Settings:
    return Settings(data_dir=folder, corpus=CorpusSettings(starter=False))


def drafts(first: int, count: int) -> list[Draft]:
    found = []
    for number in range(first, first + count):
        rng = random.Random(number)
        words = [f"The {' '.join(f'w{rng.randrange(30_000)}' for _ in range(14))} was told." for _ in range(20)]
        text = " ".join([f"Judge Ada Byron dismissed the Fizzbuzz{number} case.", *words])
        found.append(Draft(f"Case {number}", text, text, Source(SourceKind.PASTE), key=f"k{number}"))
    return found


async def is_found(app: App, number: int) -> bool:
    return [each.article.key for each in await app.asker.search(Asked(f"fizzbuzz{number}", NOW), 3)] == [f"k{number}"]


@contextmanager
def disk(folder: Path, size: str) -> Iterator[Path]:
    """A file system of that size in memory; the test is skipped where this account may not mount one."""
    folder.mkdir(parents=True)
    words = ["mount", "-t", "tmpfs", "-o", f"size={size}", "amicus-test", str(folder)]
    if sys.platform != "linux" or os.geteuid() or subprocess.run(words, capture_output=True, check=False).returncode:
        pytest.skip("no file system can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Nothing more can be written there; deleting the file makes room again."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(4096)):
                continue
        except OSError:
            return filler
    raise AssertionError(folder)


@contextmanager
def files_limited() -> Iterator[None]:
    """Inside, this process writes no file larger than a page: what a quota does."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (TOO_LARGE_BYTES, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def test_files_that_can_not_be_written_are_told_and_written_once_they_can_be(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    async with build(settings(folder)) as app:
        await app.transfer.import_drafts(drafts(0, 10), LIBRARY, "test", NOW)
        await app.follower.catch_up()
        with capture_logs() as events, files_limited():
            await app.follower.settle()
        assert [event["event"] for event in events] == ["index.not_kept"]
        assert "File too large" in str(events[0]["reason"])
        assert await is_found(app, 7)
        assert not list((folder / INDEX_NAME).glob("*.seg"))
        with capture_logs() as events:
            await app.follower.settle()
        assert events == []
        assert await is_found(app, 7)
    assert (await asyncio.to_thread(Program(folder), "index", "verify")).code == 0


async def test_an_index_on_a_full_disk_answers_from_memory_and_is_kept_once_there_is_room(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with disk(folder / INDEX_NAME, "2m") as small:
        async with build(settings(folder), serving=True) as app:
            await app.transfer.import_drafts(drafts(0, 20), LIBRARY, "test", NOW)
            await app.follower.catch_up()
            await app.follower.settle()
            filler = fill(small)
            await app.transfer.import_drafts(drafts(20, 20), LIBRARY, "test", NOW)
            await app.desk.remove(Place.of(LIBRARY), "k3", by="test", now=NOW)
            await app.follower.catch_up()
            with capture_logs() as events:
                await app.follower.settle()
                await app.follower.settle()
            assert [event["event"] for event in events] == ["index.not_kept"] * 2
            assert "No space left on device" in str(events[0]["reason"])
            assert [await is_found(app, number) for number in (3, 7, 33)] == [False, True, True]
            verified = await asyncio.to_thread(Program(folder), "index", "verify")
            assert (verified.code, verified.err) == (0, "")
            filler.unlink()
            with capture_logs() as events:
                await app.follower.settle()
            assert events == []
            assert [await is_found(app, number) for number in (3, 7, 33)] == [False, True, True]
        [told] = (await asyncio.to_thread(Program(folder), "index", "status", "--json")).objects
        assert told["last_change"] == told["stored_change"]
        assert (await asyncio.to_thread(Program(folder), "index", "verify")).code == 0
        assert not list(small.glob("*.new"))


async def test_a_change_that_the_disk_has_no_room_for_is_refused_in_words_and_questions_go_on(tmp_path: Path) -> None:
    with disk(tmp_path / "disk", "6m") as small:
        folder = small / "data"
        async with build(settings(folder), serving=True) as app:
            await app.transfer.import_drafts(drafts(0, 20), LIBRARY, "test", NOW)
            await app.follower.catch_up()
            await app.follower.settle()
            filler = fill(small)
            before = await app.store.state()
            with pytest.raises(StoreError, match="the disk is full; free some space and try again"):
                await app.transfer.import_drafts(drafts(20, 20), LIBRARY, "test", NOW)
            assert await app.store.state() == before
            await app.follower.catch_up()
            assert [await is_found(app, number) for number in (7, 33)] == [True, False]
            filler.unlink()
            await app.transfer.import_drafts(drafts(20, 20), LIBRARY, "test", NOW)
            await app.follower.catch_up()
            await app.follower.settle()
            assert [await is_found(app, number) for number in (7, 33)] == [True, True]
        assert (await asyncio.to_thread(Program(folder), "index", "verify")).code == 0
