"""What is read of articles beside their live state: old revisions, lists, counts, the audit record."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest

from corpus.collection import LIBRARY, Collection
from corpus.errors import ArticleNotFound, Conflict, StoreError
from corpus.model import Draft, PublicationCount
from corpus.store import Store, open_store
from tests.fakes.drafts import draft, prepared

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
GUILD = Collection(7)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with open_store(tmp_path / "amicus.sqlite3") as opened:
        yield opened


async def add(store: Store, *drafts: Draft, collection: Collection = LIBRARY, by: str = "ann") -> None:
    await store.add([prepared(one) for one in drafts], collection, by, NOW)


async def test_an_old_revision_keeps_its_text_to_the_letter(store: Store) -> None:
    await add(store, draft("First  text.\n\n“Quoted” — ünï 🏛.", key="a"))
    await add(store, draft("Second text.", key="a"))
    assert (await store.find(LIBRARY, "a", revision=1)).text == "First  text.\n\n“Quoted” — ünï 🏛."
    assert (await store.find(LIBRARY, "a")).revision == 2
    assert [article.text for article in await store.revisions(LIBRARY, "a")][1:] == ["Second text."]


async def test_only_the_current_revision_has_passages(store: Store) -> None:
    await add(store, draft("First. Text.", key="a"))
    await add(store, draft("Second text.", key="a"))
    assert (await store.find(LIBRARY, "a", revision=1)).passages == ()
    assert len((await store.find(LIBRARY, "a", revision=2)).passages) == 1


async def test_the_text_before_cleaning_is_kept_for_each_revision(store: Store) -> None:
    await add(store, draft("Clean.", key="a", raw_text="Photo | Getty\nClean."), draft("Same.", key="b"))
    article = await store.find(LIBRARY, "a")
    assert await store.raw_text(article.id, 1) == "Photo | Getty\nClean."
    assert await store.raw_text(article.id + 1, 1) == "Same."
    with pytest.raises(ArticleNotFound, match="no revision 2"):
        await store.raw_text(article.id, 2)


async def test_what_is_not_there_is_said_to_be_not_found(store: Store) -> None:
    await add(store, draft("One.", key="a"))
    for collection, key, revision in ((LIBRARY, "b", None), (GUILD, "a", None), (LIBRARY, "a", 2)):
        with pytest.raises(ArticleNotFound):
            await store.find(collection, key, revision=revision)
    with pytest.raises(ArticleNotFound):
        await store.revisions(GUILD, "a")
    assert await store.has(LIBRARY, "a")
    assert not await store.has(GUILD, "a")


async def test_a_removed_article_is_found_only_when_asked_for_and_says_who_removed_it(store: Store) -> None:
    await add(store, draft("One.", key="a"))
    removed = await store.remove(LIBRARY, "a", by="bob", now=NOW, why="wrong court")
    with pytest.raises(ArticleNotFound):
        await store.find(LIBRARY, "a")
    found = await store.find(LIBRARY, "a", removed_too=True)
    assert found == removed
    assert str(found.removed) == "removed on 2026-03-01 by bob (wrong court)"


async def test_removing_and_restoring_twice_is_a_conflict_that_changes_nothing(store: Store) -> None:
    await add(store, draft("One.", key="a"))
    with pytest.raises(Conflict, match="'a' is not removed"):
        await store.restore(LIBRARY, "a", by="bob", now=NOW)
    await store.remove(LIBRARY, "a", by="bob", now=NOW)
    last = await store.last_change()
    with pytest.raises(Conflict, match="was already removed on 2026-03-01 by bob"):
        await store.remove(LIBRARY, "a", by="eve", now=NOW)
    assert await store.last_change() == last
    with pytest.raises(ArticleNotFound, match="no article 'b' in library"):
        await store.remove(LIBRARY, "b", by="eve", now=NOW)


async def test_every_act_leaves_one_line_in_the_audit_record(store: Store) -> None:
    await add(store, draft("One.", key="a"))
    await add(store, draft("Two.", key="a"), by="bob")
    await store.remove(LIBRARY, "a", by="cem", now=NOW, why="stale")
    await store.restore(LIBRARY, "a", by="dee", now=NOW)
    entries = await store.audit([LIBRARY], limit=10)
    assert [(one.actor, one.action, one.key, one.revision, one.detail) for one in entries] == [
        ("dee", "restore", "a", 2, ""),
        ("cem", "remove", "a", 2, "stale"),
        ("bob", "revise", "a", 2, ""),
        ("ann", "add", "a", 1, ""),
    ]
    assert {one.at for one in entries} == {NOW}


async def test_the_list_is_newest_first_and_undated_last_in_a_total_order(store: Store) -> None:
    await add(
        store,
        draft("One.", key="old", published=date(2019, 5, 1)),
        draft("Two.", key="none", title="B"),
        draft("Three.", key="new", published=date(2024, 5, 1)),
        draft("Four.", key="also none", title="A"),
    )
    listed = await store.articles([LIBRARY], limit=10)
    assert [one.key for one in listed] == ["new", "old", "also none", "none"]
    assert [one.key for one in await store.articles([LIBRARY], limit=2, offset=1)] == ["old", "also none"]


async def test_a_line_of_the_list_tells_the_size_of_the_current_revision(store: Store) -> None:
    await add(store, draft("One. Two.", key="a"))
    await add(store, draft("One. Two. Three.", key="a", publication="CNBC"))
    [line] = await store.articles([LIBRARY], limit=10)
    assert (line.revision, line.characters, line.passages, line.publication) == (2, 16, 3, "CNBC")


async def test_a_list_is_filtered_by_words_of_title_key_and_publication_whatever_their_case(store: Store) -> None:
    await add(
        store,
        draft("One.", key="a", title="Société Générale ruling", publication="Le Monde"),
        draft("Two.", key="b", title="100% of apps_stores", publication="CNBC"),
    )

    async def keys(text: str) -> list[str]:
        return [one.key for one in await store.articles([LIBRARY], text=text, limit=10)]

    assert await keys("SOCIETE monde") == ["a"]
    assert await keys("100%") == ["b"]
    assert await keys("s_s") == ["b"]
    assert await keys("societe cnbc") == []
    assert await store.count([LIBRARY], text="ruling") == 1
    assert await store.count([LIBRARY], publication="le monde") == 1
    assert await store.count([LIBRARY], publication="monde") == 0


async def test_removed_articles_are_listed_apart(store: Store) -> None:
    await add(store, draft("One.", key="a"), draft("Two.", key="b"))
    await store.remove(LIBRARY, "a", by="bob", now=NOW)
    assert [one.key for one in await store.articles([LIBRARY], limit=10)] == ["b"]
    [gone] = await store.articles([LIBRARY], removed=True, limit=10)
    assert gone.key == "a"
    assert gone.removed is not None


async def test_publications_are_counted_whatever_their_spelling_with_their_newest_date(store: Store) -> None:
    await add(
        store,
        draft("One.", key="a", publication="CNBC", published=date(2021, 1, 1)),
        draft("Two.", key="b", publication="Cnbc", published=date(2022, 1, 1)),
        draft("Three.", key="c"),
        draft("Four.", key="d", publication="Reuters"),
    )
    await store.remove(LIBRARY, "d", by="bob", now=NOW)
    assert await store.publications([LIBRARY]) == [
        PublicationCount("Cnbc", 2, date(2022, 1, 1)),
        PublicationCount(None, 1, None),
    ]


async def test_a_publication_is_spelled_as_in_its_newest_article_by_date_then_by_number(store: Store) -> None:
    await add(
        store,
        draft("One.", key="a", publication="the verge", published=date(2020, 1, 1)),
        draft("Two.", key="b", publication="The Verge", published=date(2024, 1, 1)),
        draft("Three.", key="c", publication="THE VERGE"),
        draft("Four.", key="d", publication="ars technica"),
        draft("Five.", key="e", publication="Ars Technica"),
    )
    assert await store.publications([LIBRARY]) == [
        PublicationCount("The Verge", 3, date(2024, 1, 1)),
        PublicationCount("Ars Technica", 2, None),
    ]


async def test_a_guild_sees_its_own_collection_and_the_library_and_no_other(store: Store) -> None:
    other = Collection((1 << 63) - 1)
    await add(store, draft("One.", key="a", publication="CNBC"))
    await add(store, draft("Two.", key="b", publication="Reuters"), collection=GUILD)
    await add(store, draft("Three.", key="c", publication="Verge"), collection=other)
    seen = [LIBRARY, GUILD]
    assert {one.key for one in await store.articles(seen, limit=10)} == {"a", "b"}
    assert await store.count(seen) == 2
    assert {one.name for one in await store.publications(seen)} == {"CNBC", "Reuters"}
    assert {one.collection for one in await store.audit(seen, limit=10)} == {LIBRARY, GUILD}
    assert [one.collection for one in await store.articles([other], limit=10)] == [other]


async def test_numbers_beyond_the_databases_find_nothing(store: Store) -> None:
    await add(store, draft("One.", key="a"))
    assert await store.articles([LIBRARY], limit=10**20, offset=10**20) == []
    assert len(await store.articles([LIBRARY], limit=10**20)) == 1
    with pytest.raises(ArticleNotFound, match="revision 1000"):
        await store.find(LIBRARY, "a", revision=10**20)


async def test_no_collections_are_no_articles(store: Store) -> None:
    await add(store, draft("One.", key="a"))
    assert await store.articles([], limit=10) == []
    assert await store.count([]) == 0
    assert await store.publications([]) == []
    assert await store.audit([], limit=10) == []


async def test_the_state_counts_what_is_live(store: Store) -> None:
    await add(store, draft("One. Two.", key="a"), draft("Three.", key="b"))
    await add(store, draft("One. Two. Three.", key="a"))
    await store.remove(LIBRARY, "b", by="bob", now=NOW)
    state = await store.state()
    assert (state.articles, state.removed, state.passages, state.revisions, state.last_change) == (1, 1, 3, 3, 4)
    assert state.schema == ("corpus_0004",)
    assert len(state.identity) == 36


async def test_times_come_back_in_utc_and_a_time_without_a_zone_is_refused(store: Store) -> None:
    there = NOW.astimezone(timezone(timedelta(hours=5, minutes=30)))
    await store.add([prepared(draft("One.", key="a"))], LIBRARY, "ann", there)
    with pytest.raises(StoreError, match="without a zone"):
        await store.add([prepared(draft("Two.", key="b"))], LIBRARY, "ann", NOW.replace(tzinfo=None))
    found = await store.find(LIBRARY, "a")
    assert found.added_at == NOW
    assert found.added_at.tzinfo is UTC
    assert not await store.has(LIBRARY, "b")


async def test_hundreds_of_numbers_are_read_at_once(store: Store) -> None:
    await add(store, *(draft(f"Text {number}.", key=f"k{number}") for number in range(1_200)))
    assert len(await store.read(range(1, 1_201))) == 1_200
    assert len(await store.changes(0, 5_000)) == 1_200
