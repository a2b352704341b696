"""What `verify` compares: it finds nothing where all is well, and names everything that is not."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest

from corpus.collection import LIBRARY, Collection
from corpus.model import Change
from retrieval.bm25 import Parameters
from retrieval.embedded import EmbeddedIndex
from retrieval.errors import IndexUnusable
from retrieval.segments.directory import Directory, Stamp
from retrieval.verifying import Verified, compared, read_through
from tests.fakes.corpus import FakeCorpus

WORDS = ("harbor", "tide", "motion", "appeal", "ruling", "fine", "merger", "patent", "privacy", "platform", "breach")
STAMP = Stamp("store", 1, "words", pairs=False)


def notation(articles: int, *, where: str = "", seed: int = 0) -> str:
    """Articles of two passages of common and of rare words."""
    rng = random.Random(seed)
    lines: list[str] = []
    for number in range(articles):
        lines.append(f"Case {number} | 2024-01-{number % 28 + 1:02} | key=k{number} {where}")
        lines += [f"    {' '.join(rng.choices(WORDS, k=rng.randint(3, 9)))} w{number} end." for _ in range(2)]
    return "\n".join(lines)


async def indexed(corpus: FakeCorpus) -> EmbeddedIndex:
    """An index that holds all of it, made change by change."""
    index = EmbeddedIndex()
    for change in await corpus.changes(0, 10_000):
        index.apply([change])
    return index


async def verified(index: EmbeddedIndex, corpus: FakeCorpus, questions: int = 30) -> Verified:
    return await compared(index, corpus, questions=questions, seed=3)


async def test_an_index_as_it_has_to_be_shows_no_difference_whatever_came_and_went() -> None:
    corpus = FakeCorpus(notation(40) + "\n" + notation(20, where="| guild:7", seed=1))
    index = await indexed(corpus)
    corpus.remove("k3")
    corpus.remove("k4", Collection(7))
    corpus.write("Case 5 | key=k5\n    The harbor was rebuilt in marble.")
    found = await verified(index, corpus)
    assert found == Verified(articles=58, passages=115, questions=30, differences=())


async def test_an_empty_store_and_an_empty_index_agree() -> None:
    assert await verified(EmbeddedIndex(), FakeCorpus()) == Verified(0, 0, 0, ())


async def test_the_same_seed_asks_the_same_questions() -> None:
    corpus, other = FakeCorpus(notation(40)), FakeCorpus(notation(40, seed=9))
    index = await indexed(other)
    assert await verified(index, corpus) == await verified(index, corpus)


class Deaf(FakeCorpus):
    """Says that nothing has changed since it was last heard of, whatever it reports when all is asked for."""

    async def changes(self, after: int, limit: int) -> list[Change]:
        return [] if after >= self.heard else await super().changes(after, limit)

    heard = 1 << 30


async def out_of_step(before: str, after: str) -> tuple[EmbeddedIndex, FakeCorpus]:
    """An index of one corpus, and the store of another one with as many changes."""
    index = await indexed(FakeCorpus(before))
    corpus = Deaf(after)
    corpus.heard = index.last_change
    return index, corpus


TWO = "A | key=a\n    The harbor froze.\n    The tide rose.\nB | key=b\n    Nothing was fined.\n"


async def test_a_passage_that_is_missing_is_named() -> None:
    index, corpus = await out_of_step("A | key=a\n    The harbor froze.\nB | key=b\n    Nothing was fined.", TWO)
    [lost, *_] = (await verified(index, corpus, 0)).differences
    assert lost == "library: the index lacks passage 3"


async def test_a_passage_that_should_be_gone_is_named() -> None:
    index, corpus = await out_of_step(TWO, "A | key=a\n    The harbor froze.\nB | key=b\n    Nothing was fined.")
    found = (await verified(index, corpus, 0)).differences
    assert "library: the index still has passage 3, which is not live in the store" in found


async def test_a_collection_that_the_store_does_not_know_is_named() -> None:
    index, corpus = await out_of_step("A | guild:7\n    The harbor froze.", "A\n    The harbor froze.")
    assert (await verified(index, corpus, 0)).differences == (
        "guild:7: the index still has passage 1, which is not live in the store",
        "library: the index lacks passage 1",
    )


async def test_a_passage_under_another_article_is_named() -> None:
    moved = "A | key=a\n    The harbor froze.\nB | key=b\n    The tide rose.\n    Nothing was fined.\n"
    index, corpus = await out_of_step(moved, TWO)
    assert "library: the index has passage 2 under another article" in (await verified(index, corpus, 0)).differences


async def test_a_passage_of_another_length_is_named() -> None:
    index, corpus = await out_of_step(TWO.replace("harbor", "old harbor"), TWO)
    found = (await verified(index, corpus, 1)).differences
    assert "library: the index has passage 1 with another number of words" in found


async def test_a_ranking_that_is_not_the_librarys_is_told_with_the_first_place_that_differs() -> None:
    text = notation(40)
    index, corpus = await out_of_step(text.replace("w17 ", "w18 "), text)
    found = (await verified(index, corpus, 200)).differences
    assert all(difference.startswith("library: asked for “") for difference in found)
    assert any("w17" in difference and "the rank-bm25 library passage" in difference for difference in found)


class Busy(FakeCorpus):
    """A store in which an article is edited, one removed, one added and one restored while it is being read."""

    def __init__(self, notation: str) -> None:
        super().__init__(notation)
        self.reads = 0

    async def changes(self, after: int, limit: int) -> list[Change]:
        found = await super().changes(after, min(limit, 10))
        self.reads += 1
        if self.reads == 12:
            self.write("Case 1 | key=k1\n    A wholly new text.")
            self.remove("k2")
            self.write("Late | key=late\n    It came late.")
        if self.reads == 14:
            self.restore("k2")
        return found


async def test_what_changes_while_it_is_compared_is_followed() -> None:
    corpus = Busy(notation(60))
    index = await indexed(FakeCorpus(notation(60)))
    found = await compared(index, corpus, questions=8, seed=0)
    assert corpus.reads > 14
    assert found.differences == ()
    assert found.articles == 61


@pytest.fixture
def kept(tmp_path: Path) -> Directory:
    """A folder with an index in one segment."""
    directory = Directory(tmp_path, STAMP)
    index, _ = EmbeddedIndex.opened(Parameters(), directory)
    index.apply(asyncio.run(FakeCorpus(notation(40)).changes(0, 100)))
    index.settle()
    return directory


def test_reading_through_tells_every_byte_that_is_sound(kept: Directory) -> None:
    [file] = kept.files()
    read = [size for size in read_through(kept) if isinstance(size, int)]
    assert 0 < sum(read) <= file.stat().st_size


def test_reading_through_a_folder_without_an_index_tells_nothing(tmp_path: Path) -> None:
    assert list(read_through(Directory(tmp_path, STAMP))) == []


def test_reading_through_names_what_is_damaged(kept: Directory) -> None:
    [file] = kept.files()
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    [damage] = [read for read in read_through(kept) if isinstance(read, IndexUnusable)]
    assert str(file) in str(damage)


def test_a_file_that_was_replaced_meanwhile_is_no_damage(tmp_path: Path) -> None:
    directory = Directory(tmp_path, STAMP)
    index, _ = EmbeddedIndex.opened(Parameters(), directory)
    corpus = FakeCorpus(notation(40) + "\n" + notation(20, where="| guild:7"))
    index.apply(asyncio.run(corpus.changes(0, 100)))
    index.settle()
    reading = read_through(Directory(tmp_path, STAMP))
    next(reading)  # of the first file; the second one is gone when its turn comes
    before = directory.files()
    corpus.write(notation(40, seed=1) + "\n" + notation(20, where="| guild:7", seed=1))
    index.apply(asyncio.run(corpus.changes(60, 100)))
    index.settle()
    for file in before:
        file.unlink(missing_ok=True)
    assert len(before) == 2
    assert not set(before) & set(directory.files())
    assert not [read for read in reading if isinstance(read, IndexUnusable)]


async def test_the_library_alone_is_what_a_library_question_is_compared_with() -> None:
    corpus = FakeCorpus(notation(30) + "\n" + notation(30, where="| guild:7", seed=5))
    index = await indexed(corpus)
    assert set(index.snapshot().collections) == {LIBRARY, Collection(7)}
    assert (await verified(index, corpus, 40)).differences == ()
