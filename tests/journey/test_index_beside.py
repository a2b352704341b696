"""Commands beside a running bot: they answer from its files, leave those alone, and it soon sees what they changed."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from bot.app import INDEX_NAME, build, open_corpus, prepare, utc_now
from bot.config import CorpusSettings, Settings
from bot.indexing import PROGRESS_NAME, UnderWay, under_way
from corpus.collection import LIBRARY
from corpus.model import Draft, Source, SourceKind
from corpus.store import hold
from retrieval import follower
from retrieval.model import Asked
from tests.fakes.program import Program

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.app import App

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SOON_S = 1.0
TRIES = 3
"""A machine with other work may miss the moment; not each time."""


def text_of(number: int) -> str:
    return f"Judge Ada Byron{number} dismissed the Fizzbuzz{number} case on Monday. The harbor court had sat on it."


@asynccontextmanager
async def bot(folder: Path) -> AsyncIterator[App]:
    """A bot of this data directory as far as Discord, holding what it holds, its follower at work as in production."""
    settings = Settings(data_dir=folder, corpus=CorpusSettings(starter=False))
    prepare(folder)
    with hold(folder):
        async with build(settings, serving=True) as app:
            text = text_of(0)
            await app.transfer.import_drafts(
                [Draft("Case", text, text, Source(SourceKind.PASTE), key="k0")], LIBRARY, "t", NOW
            )
            following = asyncio.create_task(app.follower.run())
            await app.follower.caught_up()
            await app.follower.settle()
            try:
                yield app
            finally:
                following.cancel()
                with suppress(asyncio.CancelledError):
                    await following


async def keys(app: App, number: int) -> list[str]:
    return [each.article.key for each in await app.asker.search(Asked(f"fizzbuzz{number}", NOW), 3)]


async def is_soon(app: App, number: int, expected: list[str]) -> bool:
    """Whether the bot has seen it within a second."""
    with suppress(TimeoutError):
        async with asyncio.timeout(SOON_S):
            while await keys(app, number) != expected:  # noqa: ASYNC110 - it is seen by looking
                await asyncio.sleep(0.02)
            return True
    return False


async def test_a_bot_sees_within_a_second_what_a_command_stored_and_removed(tmp_path: Path) -> None:
    amicus = Program(tmp_path / "data")
    async with bot(amicus.data_dir) as app:
        added, removed = [], []
        for number in range(1, TRIES + 1):
            file = tmp_path / "late.jsonl"
            file.write_text(json.dumps({"id": f"k{number}", "title": "Late", "text": text_of(number)}), "utf-8")
            assert (await asyncio.to_thread(amicus, "import", str(file))).code == 0
            added.append(await is_soon(app, number, [f"k{number}"]))
            assert (await asyncio.to_thread(amicus, "remove", f"k{number}")).code == 0
            removed.append(await is_soon(app, number, []))
        assert any(added)
        assert any(removed)


@pytest.mark.parametrize("words", ["ask fizzbuzz0", "search fizzbuzz0", "index status", "index verify", "articles"])
async def test_a_command_works_beside_a_bot_and_leaves_its_index_alone(tmp_path: Path, words: str) -> None:
    amicus = Program(tmp_path / "data")
    async with bot(amicus.data_dir) as app:
        before = {file.name: file.read_bytes() for file in (amicus.data_dir / INDEX_NAME).iterdir()}
        ended = await asyncio.to_thread(amicus, *words.split())
        assert ended.code == 0
        assert {file.name: file.read_bytes() for file in (amicus.data_dir / INDEX_NAME).iterdir()} == before
        assert await keys(app, 0) == ["k0"]


async def test_a_command_beside_a_bot_knows_what_the_bots_files_do_not_hold_yet(tmp_path: Path) -> None:
    amicus = Program(tmp_path / "data")
    async with bot(amicus.data_dir):
        file = tmp_path / "late.jsonl"
        file.write_text(json.dumps({"id": "k9", "title": "Late", "text": text_of(9)}), "utf-8")
        assert (await asyncio.to_thread(amicus, "import", str(file))).code == 0
        found = (await asyncio.to_thread(amicus, "search", "fizzbuzz9", "--json")).objects[0]["hits"]
        assert [hit["article"] for hit in found] == ["k9"]


async def test_a_rebuild_beside_a_bot_is_refused(tmp_path: Path) -> None:
    amicus = Program(tmp_path / "data")
    async with bot(amicus.data_dir) as app:
        assert (await asyncio.to_thread(amicus, "index", "rebuild")).code == 2
        assert await keys(app, 0) == ["k0"]


async def test_how_far_a_bot_is_with_the_index_is_in_its_log_and_in_a_file_for_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(data_dir=tmp_path / "data", corpus=CorpusSettings(starter=False))
    drafts = [Draft(f"Case {n}", text_of(n), text_of(n), Source(SourceKind.PASTE), key=f"k{n}") for n in range(40)]
    async with open_corpus(settings) as corpus:
        await corpus.transfer.import_drafts(drafts, LIBRARY, "test", NOW)
    monkeypatch.setattr(follower, "_BATCH", 10)
    monkeypatch.setattr(follower, "_LONG", 10)
    folder = settings.data_dir / INDEX_NAME
    seen: list[UnderWay | None] = []
    with capture_logs() as events:
        async with build(settings, serving=True, progress=lambda *_: seen.append(under_way(folder, utc_now()))) as app:
            await app.follower.catch_up()
            assert await keys(app, 17) == ["k17"]
    assert [event["applied"] for event in events if event["event"] == "index.progress"] == [10, 20, 30, 40]
    assert seen == [None, UnderWay(10, 40), UnderWay(20, 40), UnderWay(30, 40)]
    assert not (folder / PROGRESS_NAME).exists()
