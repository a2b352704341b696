"""The composition root: what `build` gives is whole, up to date, and follows its settings and its clock."""

from __future__ import annotations

import asyncio
import shutil
import threading
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from bot.app import INDEX_NAME, build, in_memory, index_directory, open_corpus, parameters_of
from bot.config import AnswerSettings, CorpusSettings, IndexSettings, Settings
from bot.errors import UsageError
from corpus.collection import LIBRARY
from corpus.model import Article, Draft, Passage, Source, SourceKind, Span
from retrieval.embedded import EmbeddedIndex
from retrieval.model import Answered, Asked, NotInCorpus
from tests.fakes.segments import sound

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2021, 2, 3, 4, 5, tzinfo=UTC)
TEXT = "Judge Ada Byron dismissed the Fizzbuzz case."


def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "a" / "data", corpus=CorpusSettings(starter=False))


def draft(text: str = TEXT) -> Draft:
    return Draft("Byron rules", text, text, Source(SourceKind.PASTE), key="byron")


async def test_the_index_has_applied_what_was_stored_before(tmp_path: Path) -> None:
    async with open_corpus(settings(tmp_path)) as corpus:
        await corpus.transfer.import_drafts([draft()], LIBRARY, "test", NOW)
    async with build(settings(tmp_path)) as app:
        [found] = await app.asker.search(Asked("byron", NOW), 5)
        assert found.article.key == "byron"
        assert app.index.last_change == await app.store.last_change()


async def test_what_is_stored_later_is_found_once_the_follower_caught_up(tmp_path: Path) -> None:
    async with build(settings(tmp_path)) as app:
        await app.transfer.import_drafts([draft()], LIBRARY, "test", NOW)
        await app.follower.catch_up()
        assert len(await app.asker.search(Asked("byron", NOW), 5)) == 1


async def test_the_index_is_kept_in_its_folder_and_opened_from_it(tmp_path: Path) -> None:
    async with build(settings(tmp_path)) as app:
        await app.transfer.import_drafts([draft()], LIBRARY, "test", NOW)
        await app.follower.catch_up()
    async with build(settings(tmp_path)) as app:
        directory = await index_directory(app.store, app.settings)
        kept, unusable = EmbeddedIndex.peeked(parameters_of(app.settings), directory)
        assert unusable is None
        assert kept.last_change == app.index.last_change > 0
        assert app.index.passages_in_memory == 0


async def with_one_article(tmp_path: Path) -> Path:
    """The index's folder of an application that holds one article."""
    async with build(settings(tmp_path)) as app:
        await app.transfer.import_drafts([draft()], LIBRARY, "test", NOW)
        await app.follower.catch_up()
    return settings(tmp_path).data_dir / INDEX_NAME


@pytest.mark.parametrize("content", [b"", b"damaged" * 1000])
@pytest.mark.parametrize("ending", ["manifest.json", "*.removed", "*.seg"])
@pytest.mark.parametrize("serving", [False, True])
async def test_a_damaged_index_file_is_made_anew(tmp_path: Path, ending: str, content: bytes, *, serving: bool) -> None:
    folder = await with_one_article(tmp_path)
    [damaged] = folder.glob(ending)
    damaged.write_bytes(content)
    async with build(settings(tmp_path), serving=serving) as app, asyncio.timeout(30):
        assert len(await app.asker.search(Asked("byron", NOW), 5)) == 1
        assert isinstance(await app.asker.ask(Asked("Who dismissed the Fizzbuzz case?", NOW)), Answered)
    assert (folder / "set-aside" / damaged.name).read_bytes() == content
    async with build(settings(tmp_path)) as app:
        directory = await index_directory(app.store, app.settings)
        assert sound(directory) > 0


async def test_an_index_folder_may_be_deleted_at_any_time(tmp_path: Path) -> None:
    folder = await with_one_article(tmp_path)
    shutil.rmtree(folder)
    async with build(settings(tmp_path)) as app:
        assert len(await app.asker.search(Asked("byron", NOW), 5)) == 1
    assert (folder / "manifest.json").exists()


async def test_an_index_with_other_settings_of_pairs_is_made_anew(tmp_path: Path) -> None:
    await with_one_article(tmp_path)
    chosen = settings(tmp_path).model_copy(update={"index": IndexSettings(word_pairs=0.5)})
    async with build(chosen) as app:
        [found] = (await app.asker.explain(Asked("fizzbuzz case", NOW))).passages
        alone = found.score
    async with build(settings(tmp_path)) as app:
        [found] = (await app.asker.explain(Asked("fizzbuzz case", NOW))).passages
        assert alone > found.score


async def test_a_program_beside_a_serving_one_answers_and_writes_nothing(tmp_path: Path) -> None:
    folder = await with_one_article(tmp_path)
    before = (folder / "manifest.json").read_bytes()
    async with build(settings(tmp_path), serving=True):
        async with build(settings(tmp_path)) as beside:
            await beside.transfer.import_drafts([draft("Quux.")], LIBRARY, "test", NOW)
            await beside.follower.catch_up()
            assert len(await beside.asker.search(Asked("quux", NOW), 5)) == 1
        assert (folder / "manifest.json").read_bytes() == before


async def test_a_serving_one_sees_what_another_program_stores(tmp_path: Path) -> None:
    await with_one_article(tmp_path)
    async with build(settings(tmp_path), serving=True) as app:
        running = asyncio.create_task(app.follower.run(interval_s=0.01))
        async with build(settings(tmp_path)) as beside:
            await beside.transfer.import_drafts([draft("Quux.")], LIBRARY, "test", NOW)
        async with asyncio.timeout(30):
            while not await app.asker.search(Asked("quux", NOW), 5):  # noqa: ASYNC110 - another program is waited for
                await asyncio.sleep(0.01)
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def test_the_clock_is_the_one_that_was_given(tmp_path: Path) -> None:
    async with build(settings(tmp_path), now=lambda: NOW) as app:
        assert app.now() == NOW


async def test_the_starter_collection_comes_and_goes_with_its_setting(tmp_path: Path) -> None:
    chosen = settings(tmp_path)
    async with open_corpus(chosen.model_copy(update={"corpus": CorpusSettings(starter=True)})) as corpus:
        assert await corpus.store.count([LIBRARY]) >= 30
    async with open_corpus(chosen) as corpus:
        assert await corpus.store.count([LIBRARY]) == 0


def articles(*texts: str) -> list[Article]:
    return [
        Article(
            n, LIBRARY, f"a{n}", 1, "Byron", text, passages=(Passage(Span(0, len(text)), (Span(0, len(text)),), n),)
        )
        for n, text in enumerate(texts, start=1)
    ]


async def test_a_refusal_shows_as_many_closest_passages_as_its_setting_says() -> None:
    verbs = ("heard", "opened", "closed", "left")
    held = articles(*(f"Judge Ada Byron {verb} the Fizzbuzz case." for verb in verbs))
    asked = Asked("Why did Zanzibar sue Ada Byron over Fizzbuzz?", NOW)
    for most in (0, 1):
        answer = await in_memory(held, Settings(answer=AnswerSettings(closest=most))).ask(asked)
        assert isinstance(answer, NotInCorpus)
        assert len(answer.closest) == most


async def test_the_formula_is_the_one_that_is_set() -> None:
    held = articles("byron byron byron", "byron", "quux", "fizz")
    scores = []
    for k1 in (0.0, 2.0):
        explained = await in_memory(held, Settings(index=IndexSettings(k1=k1))).explain(Asked("byron", NOW))
        scores.append([passage.score for passage in explained.passages[:2]])
    assert scores[0][0] == scores[0][1]
    assert scores[1][0] > scores[1][1]


async def test_what_was_built_is_closed_at_the_end(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    async with build(settings(tmp_path)) as app:
        await app.transfer.import_drafts([draft()], LIBRARY, "test", NOW)
        await app.follower.catch_up()
        await app.asker.ask(Asked("Who dismissed the Fizzbuzz case?", NOW))
        [weighing] = [each for each in set(threading.enumerate()) - before if each.name.startswith("weighing")]
    assert not weighing.is_alive()


async def test_a_data_directory_that_can_not_be_made_is_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("", "utf-8")
    with pytest.raises(UsageError, match="AMICUS_DATA_DIR"):
        async with build(settings(tmp_path)):
            pass
