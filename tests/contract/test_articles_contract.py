"""What an asker and an index may count on, of the store and of the fake that stands for it in other tests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

import pytest

from corpus.collection import LIBRARY, Collection
from corpus.model import Added, Article, Change, Draft, Source, SourceKind
from corpus.store import open_store
from tests.fakes.corpus import FakeCorpus, read_notation, without_sentences

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

    from corpus.store import Store

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
GUILD = Collection(7)

TWO = """
    Parler v. AWS | CNBC | 2021-01-21 | key=parler | https://example.com/parler
        U.S. District Judge Barbara Rothstein denied the motion. Parler had sued Amazon.
        The ruling came on Thursday.
    Van Buren v. United States | Reuters | 2021-06-03 | key=van-buren
        The court reversed. Justice Barrett wrote the opinion.
"""


class Articles(Protocol):
    """What is under test, and the means to put something into it."""

    async def read(self, article_ids: Sequence[int]) -> dict[int, Article]: ...

    async def changes(self, after: int, limit: int) -> list[Change]: ...

    async def write(self, notation: str) -> list[Article]: ...

    async def remove(self, key: str, collection: Collection) -> None: ...

    async def restore(self, key: str, collection: Collection) -> None: ...


class InStore:
    """The real store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.read = store.read
        self.changes = store.changes

    async def write(self, notation: str) -> list[Article]:
        stored: list[Article] = []
        for article in read_notation(notation):
            [outcome] = await self._store.add([(_draft(article), article.passages)], article.collection, "me", NOW)
            assert isinstance(outcome, Added)
            stored.append(outcome.article)
        return stored

    async def remove(self, key: str, collection: Collection) -> None:
        await self._store.remove(collection, key, by="me", now=NOW)

    async def restore(self, key: str, collection: Collection) -> None:
        await self._store.restore(collection, key, by="me", now=NOW)


class InMemory:
    """The fake."""

    def __init__(self) -> None:
        self._fake = FakeCorpus()
        self.read = self._fake.read
        self.changes = self._fake.changes

    async def write(self, notation: str) -> list[Article]:
        return self._fake.write(notation)

    async def remove(self, key: str, collection: Collection) -> None:
        self._fake.remove(key, collection)

    async def restore(self, key: str, collection: Collection) -> None:
        self._fake.restore(key, collection)


def _draft(article: Article) -> Draft:
    return Draft(
        title=article.title,
        text=article.text,
        raw_text=article.text,
        source=Source(SourceKind.PASTE),
        key=article.key,
        publication=article.publication,
        published=article.published,
        url=article.url,
        language=article.language,
    )


@pytest.fixture(params=["store", "fake"])
async def articles(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Articles]:
    if request.param == "fake":
        yield InMemory()
        return
    async with open_store(tmp_path / "amicus.sqlite3") as store:
        yield InStore(store)


async def test_an_article_is_read_back_as_it_was_written(articles: Articles) -> None:
    written = await articles.write(TWO)
    assert await articles.read([article.id for article in written]) == {article.id: article for article in written}


async def test_a_passage_read_back_covers_the_same_words_and_sentences(articles: Articles) -> None:
    [parler, _] = await articles.write(TWO)
    read = (await articles.read([parler.id]))[parler.id]
    assert [[sentence.of(read.text) for sentence in passage.sentences] for passage in read.passages] == [
        ["U.S. District Judge Barbara Rothstein denied the motion.", "Parler had sued Amazon."],
        ["The ruling came on Thursday."],
    ]


async def test_passages_have_numbers_of_their_own(articles: Articles) -> None:
    written = await articles.write(TWO)
    numbers = [passage.id for article in written for passage in article.passages]
    assert len(set(numbers)) == len(numbers)
    assert min(numbers) > 0


async def test_an_unknown_number_is_left_out_of_a_read(articles: Articles) -> None:
    assert await articles.read([999]) == {}
    assert await articles.read([]) == {}


async def test_a_removed_article_is_left_out_of_a_read(articles: Articles) -> None:
    [parler, other] = await articles.write(TWO)
    await articles.remove("parler", LIBRARY)
    assert set(await articles.read([parler.id, other.id])) == {other.id}


async def test_a_restored_article_is_exactly_what_it_was(articles: Articles) -> None:
    [parler, _] = await articles.write(TWO)
    await articles.remove("parler", LIBRARY)
    await articles.restore("parler", LIBRARY)
    assert await articles.read([parler.id]) == {parler.id: parler}


async def test_every_new_article_is_a_change_in_the_order_of_writing(articles: Articles) -> None:
    written = await articles.write(TWO)
    changes = await articles.changes(0, 10)
    assert [change.article for change in changes] == [without_sentences(article) for article in written]
    assert [change.article_id for change in changes] == [article.id for article in written]


async def test_changes_begin_after_the_number_given(articles: Articles) -> None:
    await articles.write(TWO)
    [first, second] = await articles.changes(0, 10)
    assert await articles.changes(first.number, 10) == [second]
    assert await articles.changes(second.number, 10) == []


async def test_no_more_changes_come_than_asked_for(articles: Articles) -> None:
    await articles.write(TWO)
    assert len(await articles.changes(0, 1)) == 1


async def test_a_removal_is_a_change_without_an_article(articles: Articles) -> None:
    [parler, _] = await articles.write(TWO)
    last = (await articles.changes(0, 10))[-1].number
    await articles.remove("parler", LIBRARY)
    [change] = await articles.changes(last, 10)
    assert (change.article_id, change.article) == (parler.id, None)


async def test_every_change_names_the_collection_of_its_article_removed_or_not(articles: Articles) -> None:
    await articles.write("Van Buren | key=van-buren\n    The court reversed.")
    await articles.write("Van Buren | key=van-buren | guild:7\n    The court reversed.")
    await articles.remove("van-buren", GUILD)
    assert [(change.collection, change.article is None) for change in await articles.changes(0, 10)] == [
        (LIBRARY, False),
        (GUILD, True),
    ]


async def test_a_new_revision_keeps_the_number_of_the_article_and_is_one_change(articles: Articles) -> None:
    [parler, _] = await articles.write(TWO)
    last = (await articles.changes(0, 10))[-1].number
    [again] = await articles.write("Parler v. AWS | CNBC | key=parler\n    Judge Rothstein denied it on Jan. 21.")
    assert (again.id, again.revision) == (parler.id, 2)
    assert [change.article for change in await articles.changes(last, 10)] == [without_sentences(again)]


async def test_an_article_that_changed_often_is_reported_once_as_it_is_now(articles: Articles) -> None:
    [parler, other] = await articles.write(TWO)
    await articles.remove("parler", LIBRARY)
    await articles.restore("parler", LIBRARY)
    assert [change.article for change in await articles.changes(0, 10)] == [
        without_sentences(other),
        without_sentences(parler),
    ]


async def test_passages_of_a_new_revision_take_no_number_that_was_given_before(articles: Articles) -> None:
    [parler, _] = await articles.write(TWO)
    [again] = await articles.write("Parler v. AWS | key=parler\n    Judge Rothstein denied it.")
    assert not {passage.id for passage in again.passages} & {passage.id for passage in parler.passages}


async def test_the_same_key_in_two_collections_is_two_articles(articles: Articles) -> None:
    [ours] = await articles.write("Van Buren | key=van-buren | guild:7\n    The court reversed.")
    [theirs] = await articles.write("Van Buren | key=van-buren\n    The court reversed.")
    assert ours.id != theirs.id
    assert {article.collection for article in (await articles.read([ours.id, theirs.id])).values()} == {LIBRARY, GUILD}
    await articles.remove("van-buren", GUILD)
    assert set(await articles.read([ours.id, theirs.id])) == {theirs.id}
