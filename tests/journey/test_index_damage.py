"""Damaged index files are noticed, named and set aside, and questions are answered rightly all the while."""

from __future__ import annotations

import asyncio
import random
import shutil
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from bot.app import INDEX_NAME, build
from bot.config import CorpusSettings, Settings
from corpus.collection import LIBRARY
from corpus.model import Draft, Source, SourceKind
from retrieval.model import Answered, Asked
from retrieval.segments.directory import ASIDE, MANIFEST, WHY
from retrieval.segments.file import _READ_WHOLE, FORMAT
from tests.fakes.program import Program

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping, Sequence

    from bot.app import App

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SMALL, LARGE = 12, 100
"""Articles: the files of so few are read when they are opened, those of so many are mapped."""
PATIENCE_S = 30.0


def settings(folder: Path) -> Settings:
    return Settings(data_dir=folder, corpus=CorpusSettings(starter=False))


def draft(number: int) -> Draft:
    rng = random.Random(number)
    filling = [f"The {' '.join(f'w{rng.randrange(30_000)}' for _ in range(14))} was told in court." for _ in range(40)]
    text = " ".join([f"Judge Ada Byron{number} dismissed the Fizzbuzz{number} case.", *filling])
    return Draft(f"Case {number}", text, text, Source(SourceKind.PASTE), key=f"k{number}")


async def stock(folder: Path, articles: int) -> None:
    """A data directory with so many articles and an index of them."""
    async with build(settings(folder)) as app:
        await app.transfer.import_drafts([draft(number) for number in range(articles)], LIBRARY, "test", NOW)
        await app.follower.catch_up()


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Mapping[int, Path]:
    """A stocked data directory of each size, to be copied."""
    made = {}
    for articles in (SMALL, LARGE):
        made[articles] = tmp_path_factory.mktemp("stocked") / "data"
        asyncio.run(stock(made[articles], articles))
    return made


@pytest.fixture
def folder(request: pytest.FixtureRequest, templates: Mapping[int, Path], tmp_path: Path) -> Path:
    """A stocked data directory of the test's own, with few articles unless the test says otherwise."""
    return shutil.copytree(templates[getattr(request, "param", SMALL)], tmp_path / "data")


@asynccontextmanager
async def bot(folder: Path) -> AsyncIterator[App]:
    """The application as a bot has it, with its follower at work."""
    async with build(settings(folder), serving=True) as app:
        following = asyncio.create_task(app.follower.run(interval_s=0.05))
        try:
            yield app
        finally:
            following.cancel()
            with suppress(asyncio.CancelledError):
                await following


async def judge(app: App, number: int) -> str | None:
    """The short answer to a question about that article."""
    answer = await app.asker.ask(Asked(f"Which judge dismissed the Fizzbuzz{number} case?", NOW))
    if not isinstance(answer, Answered):
        return None
    best = answer.evidence[0]
    return best.answer.of(best.text) if best.answer else None


async def is_found(app: App, number: int) -> bool:
    return [each.article.key for each in await app.asker.search(Asked(f"fizzbuzz{number}", NOW), 3)] == [f"k{number}"]


async def until(happened: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not happened():  # noqa: ASYNC110 - a file tells nobody that it came
            await asyncio.sleep(0.02)


def segment(folder: Path) -> Path:
    [file] = (folder / INDEX_NAME).glob("*.seg")
    return file


def cut(folder: Path) -> None:
    file = segment(folder)
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def cut_to_nothing(folder: Path) -> None:
    segment(folder).write_bytes(b"")


def made_noise(folder: Path) -> None:
    file = segment(folder)
    file.write_bytes(random.Random(0).randbytes(file.stat().st_size))


def noisy_inside(folder: Path) -> None:
    """Head and contents are as they were; every tenth byte between them is another one."""
    file = segment(folder)
    data = bytearray(file.read_bytes())
    for place in range(64, len(data) * 3 // 4, 10):
        data[place] ^= 0xA5
    file.write_bytes(data)


def one_bit(folder: Path) -> None:
    file = segment(folder)
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


def foreign(folder: Path) -> None:
    segment(folder).write_bytes(b"PK\x03\x04" * 5000)


def of_another_format(folder: Path) -> None:
    file = segment(folder)
    data = bytearray(file.read_bytes())
    data[8:12] = (FORMAT + 1).to_bytes(4, "little")
    file.write_bytes(data)


def missing(folder: Path) -> None:
    segment(folder).unlink()


def manifest_emptied(folder: Path) -> None:
    (folder / INDEX_NAME / MANIFEST).write_bytes(b"")


def manifest_of_another_database(folder: Path) -> None:
    manifest = folder / INDEX_NAME / MANIFEST
    manifest.write_text(manifest.read_text("utf-8").replace('"store": "', '"store": "x'), "utf-8")


WHOLLY_READ = [
    cut,
    cut_to_nothing,
    made_noise,
    noisy_inside,
    one_bit,
    foreign,
    of_another_format,
    missing,
    manifest_emptied,
    manifest_of_another_database,
]
MAPPED = [cut, noisy_inside, one_bit]


def damaged(mapped: Sequence[Callable[[Path], None]]) -> pytest.MarkDecorator:
    """Small files damaged in every way, large ones in these."""
    cases = [*((SMALL, damage) for damage in WHOLLY_READ), *((LARGE, damage) for damage in mapped)]
    names = [f"{damage.__name__} of {articles}" for articles, damage in cases]
    return pytest.mark.parametrize(("folder", "damage"), cases, indirect=["folder"], ids=names)


@damaged(MAPPED)
async def test_a_bot_that_starts_on_a_damaged_index_answers_and_makes_it_anew(
    folder: Path, damage: Callable[[Path], None]
) -> None:
    damage(folder)
    aside = folder / INDEX_NAME / ASIDE
    with capture_logs() as events:
        async with bot(folder) as app:
            await until((aside / WHY).exists)
            assert await judge(app, 7) == "Ada Byron7"
            assert await is_found(app, 11)
            await app.follower.settle()
    [rebuilt] = [event for event in events if event["event"] == "index.rebuilt"]
    assert str(folder / INDEX_NAME) in str(rebuilt["reason"])
    assert (aside / WHY).read_text("utf-8").strip() == rebuilt["reason"]
    assert len(list(aside.iterdir())) > 1
    assert (await asyncio.to_thread(Program(folder), "index", "verify")).code == 0


@damaged([cut, noisy_inside])  # one bit of a mapped file is noticed by a bot, or by `amicus index verify`
async def test_a_command_answers_rightly_from_a_damaged_index(folder: Path, damage: Callable[[Path], None]) -> None:
    damage(folder)
    ended = await asyncio.to_thread(Program(folder), "search", "fizzbuzz7", "--json")
    assert ended.code == 0
    assert [hit["article"] for hit in ended.objects[0]["hits"]] == ["k7"]


def test_one_size_is_read_whole_and_the_other_one_mapped(templates: Mapping[int, Path]) -> None:
    assert segment(templates[SMALL]).stat().st_size < _READ_WHOLE < segment(templates[LARGE]).stat().st_size


async def test_the_folder_of_the_index_may_be_deleted_beneath_a_bot(folder: Path) -> None:
    async with bot(folder) as app:
        assert await judge(app, 7) == "Ada Byron7"
        shutil.rmtree(folder / INDEX_NAME)
        await app.transfer.import_drafts([draft(1000)], LIBRARY, "test", NOW)
        await app.follower.catch_up()
        assert await judge(app, 1000) == "Ada Byron1000"
        assert await is_found(app, 11)
        for _ in range(2):  # the first one notices it
            await app.follower.settle()
            assert await judge(app, 1000) == "Ada Byron1000"
            assert await is_found(app, 11)
    assert (folder / INDEX_NAME / MANIFEST).exists()
    assert (await asyncio.to_thread(Program(folder), "index", "verify")).code == 0


async def test_the_folder_of_the_index_may_be_deleted_between_two_runs(folder: Path) -> None:
    shutil.rmtree(folder / INDEX_NAME)
    async with bot(folder) as app:
        assert await judge(app, 7) == "Ada Byron7"
    assert not (folder / INDEX_NAME / ASIDE).exists()
    assert (await asyncio.to_thread(Program(folder), "index", "verify")).code == 0


async def test_what_was_noticed_is_logged_once_however_many_ask(folder: Path) -> None:
    foreign(folder)
    with capture_logs() as events:
        async with bot(folder) as app:
            answers = await asyncio.gather(*(judge(app, number) for number in range(10)))
            assert answers == [f"Ada Byron{number}" for number in range(10)]
    assert [event["event"] for event in events].count("index.rebuilt") == 1


async def test_sound_files_are_told_to_be_sound_in_the_background(folder: Path) -> None:
    with capture_logs() as events:
        async with bot(folder) as app:
            assert await judge(app, 7) == "Ada Byron7"
            await until(lambda: any(event["event"] == "index.sound" for event in events))
    assert not [event for event in events if event["event"] == "index.rebuilt"]
