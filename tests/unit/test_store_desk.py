"""Drafts, feeds, takedowns and the taking back of acts, on a real file: each act is whole, and on record once."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from corpus.collection import LIBRARY, Collection
from corpus.drafts import (
    AuditFilter,
    Base,
    Choice,
    Decision,
    DraftOrigin,
    DraftState,
    FeedItem,
    FeedMode,
    Handling,
    ItemOutcome,
    Place,
    Stage,
    WaitingDraft,
)
from corpus.errors import ArticleNotFound, Conflict, DraftNotFound, EntryNotFound, FeedNotFound
from corpus.model import Added, AlreadyKnown, NearDuplicate, Rejected
from corpus.passages import split
from corpus.store import drafting, open_store, undoing
from corpus.store.intake import marks_of
from corpus.store.resembling import resembling
from tests.fakes.drafts import draft, prepared

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from corpus.model import Article, Draft, IngestOutcome
    from corpus.store import Store
    from corpus.store.intake import Marks

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
WEEK = timedelta(days=7)
GUILD, OTHER = Collection(7), Collection(8)
HERE, THERE = Place.of(GUILD), Place.of(OTHER)
WORDS = "the court of appeals held on monday that the order of the lower court stands as it was written then".split()
LONG = " ".join(f"{word}{number}" for number in range(5) for word in WORDS) + "."


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with open_store(tmp_path / "amicus.sqlite3") as opened:
        yield opened


def waiting(
    text: str = LONG,
    *,
    number: int = 1,
    place: Place = HERE,
    title: str = "A ruling",
    url: str | None = None,
    state: DraftState = DraftState.WAITING,
    tell: bool = False,
) -> WaitingDraft:
    return WaitingDraft(
        id=f"{number:016x}",
        collection=place.own,
        draft=draft(text, title=title, url=url),
        state=state,
        version=1,
        origin=DraftOrigin.MODERATOR,
        by="discord:1",
        at=NOW,
        expires_at=NOW + WEEK,
        tell=tell,
    )


async def stored(store: Store, one: WaitingDraft, choice: Choice | None = None, place: Place = HERE) -> IngestOutcome:
    return await store.store_draft(one, split(one.draft.text), choice, place, by="discord:2", now=NOW)


async def kept(store: Store, one: WaitingDraft, choice: Choice | None = None, place: Place = HERE) -> IngestOutcome:
    await store.keep_draft(one)
    return await stored(store, one, choice, place)


async def added(store: Store, one: WaitingDraft) -> Article:
    outcome = await kept(store, one)
    assert isinstance(outcome, Added)
    return outcome.article


async def actions(store: Store, place: Place = HERE) -> list[str]:
    return [one.action for one in reversed(await store.audit([place.own], limit=100))]


async def test_a_draft_is_read_back_as_it_was_kept_here_and_nowhere_else(store: Store) -> None:
    one = waiting(tell=True, state=DraftState.QUEUED)
    await store.keep_draft(one)
    assert await store.draft(one.id, HERE.sees) == one
    assert await store.queue(HERE.sees, limit=10) == [one]
    assert await store.queue(THERE.sees, limit=10) == []
    assert await store.queued_like(draft(LONG.upper()), GUILD) == one.id
    assert await store.queued_like(draft(LONG), OTHER) is None
    with pytest.raises(DraftNotFound) as hidden:
        await store.draft(one.id, THERE.sees)
    with pytest.raises(DraftNotFound) as absent:
        await store.draft("f" * 16, THERE.sees)
    assert str(hidden.value) == str(absent.value)
    assert await actions(store) == ["suggest"]


async def test_a_stored_draft_is_an_article_once_and_keeps_no_text_of_its_own(store: Store) -> None:
    one = waiting()
    outcome = await kept(store, one)
    assert isinstance(outcome, Added)
    with pytest.raises(Conflict, match="stored already by discord:2"):
        await stored(store, one)
    after = await store.draft(one.id, HERE.sees)
    assert (after.state, after.draft.text, after.draft.title) == (DraftState.STORED, "", one.draft.title)
    assert after.decision == Decision("discord:2", NOW, "", outcome.article.key, 1)
    assert await actions(store) == ["draft", "add"]
    assert await store.count([GUILD]) == 1


async def test_a_draft_that_was_edited_meanwhile_is_not_stored_as_it_was_seen_before(store: Store) -> None:
    one = waiting()
    await store.keep_draft(one)
    newer = replace(one, version=2, draft=replace(one.draft, title="Another title"))
    await store.revise_draft(newer, by="discord:3", now=NOW)
    with pytest.raises(Conflict, match="edited meanwhile"):
        await stored(store, one)
    with pytest.raises(Conflict, match="edited meanwhile"):
        await store.revise_draft(newer, by="discord:4", now=NOW)
    outcome = await stored(store, newer)
    assert isinstance(outcome, Added)
    assert outcome.article.title == "Another title"


async def test_a_rejected_draft_is_not_stored_and_says_who_rejected_it_and_why(store: Store) -> None:
    one = waiting(state=DraftState.QUEUED)
    await store.keep_draft(one)
    closed = await store.close_draft(one.id, HERE.sees, DraftState.REJECTED, Decision("discord:2", NOW, "off topic"))
    assert closed.decision == Decision("discord:2", NOW, "off topic")
    for attempt in (stored(store, one), store.close_draft(one.id, HERE.sees, DraftState.REJECTED, Decision("x", NOW))):
        with pytest.raises(Conflict, match="rejected already by discord:2"):
            await attempt
    assert await store.queue_length(HERE.sees) == 0
    assert (await store.audit([GUILD], limit=1))[0].detail.endswith(": off topic")


async def test_what_is_known_by_text_or_link_is_known_here_and_in_the_library_but_not_elsewhere(store: Store) -> None:
    first = waiting(url="https://example.com/story?utm_source=x")
    assert isinstance(await kept(store, first), Added)
    same_text = waiting(LONG.upper(), number=2, title="Other")
    same_link = waiting("Something else was said.", number=3, url="http://www.example.com/story")
    key = (await store.articles([GUILD], limit=1))[0].key
    for again in (same_text, same_link):
        assert await kept(store, again) == AlreadyKnown(key, first.draft.title, GUILD)
    elsewhere = waiting(number=4, place=THERE, url="https://example.com/story")
    assert isinstance(await kept(store, elsewhere, place=THERE), Added)
    assert await store.known_link("https://example.com/story#top", Place.of(LIBRARY)) is None


async def test_a_near_duplicate_is_for_the_moderator_to_decide(store: Store) -> None:
    assert isinstance(await kept(store, waiting()), Added)
    longer = waiting(f"{LONG} And a sentence more that was added later on.", number=2, title="Longer")
    [alike] = (await store.resembling(longer.draft, HERE)).alike
    assert alike.share == 1.0
    assert await kept(store, longer) == NearDuplicate(alike.key, alike.title, 1.0)
    assert (await store.resembling(longer.draft, THERE)).alike == ()
    both = await stored(store, longer, Choice(Handling.KEEP_BOTH, (alike.key,)))
    assert isinstance(both, Added)
    assert both.article.revision == 1


async def test_a_near_duplicate_is_replaced_as_a_new_revision(store: Store) -> None:
    assert isinstance(await kept(store, waiting()), Added)
    longer = waiting(f"{LONG} And a sentence more that was added later on.", number=2, title="Longer")
    [alike] = (await store.resembling(longer.draft, HERE)).alike
    await store.keep_draft(longer)
    wrong = await stored(store, longer, Choice(Handling.REPLACE, (alike.key,), "no-such-key"))
    assert isinstance(wrong, Rejected)
    outcome = await stored(store, longer, Choice(Handling.REPLACE, (alike.key,), alike.key))
    assert isinstance(outcome, Added)
    assert (outcome.article.key, outcome.article.revision, outcome.article.title) == (alike.key, 2, "Longer")


@pytest.mark.parametrize("place", [HERE, Place.of(LIBRARY)], ids=["guild", "library"])
async def test_looking_for_what_is_alike_costs_no_more_among_many_articles(store: Store, place: Place) -> None:
    sought = draft("Nothing like this was ever said by anybody in a court of law, at noon or at night.")

    def cost() -> int:
        """The database's own steps, in hundreds."""
        steps: list[None] = []
        with closing(sqlite3.connect(store.path)) as connection:
            connection.set_progress_handler(lambda: steps.append(None), 100)
            assert resembling(connection, sought, place, None).alike == ()
        return len(steps)

    async def fill(numbers: range) -> None:
        for owner in (LIBRARY, GUILD):
            drafts = [
                prepared(draft(f"Text {number} of {owner} says {number}.", key=f"k{number}")) for number in numbers
            ]
            await store.add(drafts, owner, "ann", NOW)

    await fill(range(30))
    few = cost()
    await fill(range(30, 600))
    assert cost() < 3 * few + 10


async def test_the_same_story_in_other_words_is_no_duplicate(store: Store) -> None:
    assert isinstance(await kept(store, waiting()), Added)
    half = " ".join(LONG.split()[: len(LONG.split()) // 2])
    other = " ".join(f"other{number}" for number in range(len(LONG.split())))
    assert (await store.resembling(draft(f"{half} {other}", key=None), HERE)).alike == ()


async def test_an_article_that_was_removed_is_restored_not_stored_again(store: Store) -> None:
    article = await added(store, waiting())
    await store.remove(GUILD, article.key, by="discord:2", now=NOW, why="wrong")
    again = await kept(store, waiting(number=2))
    assert isinstance(again, Rejected)
    assert again.key == article.key
    assert "wrong" in again.reason


async def test_each_act_on_an_article_is_taken_back_by_its_opposite(store: Store) -> None:
    article = await added(store, waiting())
    key = article.key

    async def take_back(passages: Draft | None = None) -> str:
        entry = await store.last_entry(GUILD, key)
        assert entry is not None
        spans = split(passages.text) if passages else ()
        await store.undo(entry.number, HERE.sees, spans, by="discord:5", now=NOW)
        last = await store.last_entry(GUILD, key)
        assert last is not None
        assert last.detail == f"undoes entry {entry.number}"
        return last.action

    assert await take_back() == "remove"
    assert await take_back() == "restore"
    edited = replace(waiting("Quite another text.", number=2), base=None)
    await store.add([prepared(replace(edited.draft, key=key))], GUILD, "discord:1", NOW)
    assert await take_back(waiting().draft) == "revise"
    assert (await store.find(GUILD, key)).text == LONG
    assert (await store.find(GUILD, key)).revision == 3


async def test_an_act_that_others_followed_or_that_is_a_week_old_is_not_taken_back(store: Store) -> None:
    article = await added(store, waiting())
    entry = await store.last_entry(GUILD, article.key)
    assert entry is not None
    late = NOW + WEEK + timedelta(seconds=1)
    with pytest.raises(Conflict, match="more than 7 days ago"):
        await store.undo(entry.number, HERE.sees, (), by="x", now=late)
    with pytest.raises(EntryNotFound):
        await store.undo(entry.number, THERE.sees, (), by="x", now=NOW)
    await store.remove(GUILD, article.key, by="discord:9", now=NOW)
    with pytest.raises(Conflict, match="changed since: remove by discord:9"):
        await store.undo(entry.number, HERE.sees, (), by="x", now=NOW)


async def test_nothing_of_a_purged_article_is_left_in_the_file_and_it_is_known_again(store: Store) -> None:
    secret = "Xylophonist Quillfeather settled the matter for a sum that nobody was to know of."
    article = await added(store, waiting(secret, url="https://example.com/secret"))
    await store.keep_draft(waiting(secret, number=2))
    await store.note_backup(store.path.with_name("copy"), NOW + timedelta(days=1))
    purged = await store.purge(GUILD, article.key, by="discord:2", now=NOW, why="court order")
    assert (purged.revisions, purged.drafts) == (1, (f"{1:016x}", f"{2:016x}"))
    assert [path.endswith("/copy") for path in purged.backups] == [True]
    for file in store.path.parent.iterdir():
        assert b"Quillfeather" not in file.read_bytes()
    with pytest.raises(ArticleNotFound):
        await store.find(GUILD, article.key, removed_too=True)
    [change] = await store.changes(0, 10)
    assert change.article is None
    for again in (waiting(secret, number=3), waiting("Other words.", number=4, url="https://example.com/secret")):
        outcome = await kept(store, again)
        assert isinstance(outcome, Rejected)
        assert "taken down" in outcome.reason
    assert (await store.audit([GUILD], limit=9, wanted=AuditFilter(key=article.key)))[0].detail == "court order"


async def test_a_takedown_holds_in_a_backup_that_is_put_back(store: Store, tmp_path: Path) -> None:
    article = await added(store, waiting())
    other = await added(store, waiting("Another matter.", number=2))
    copy = tmp_path / "elsewhere" / "copy"
    copy.parent.mkdir()
    await store.backup(copy)
    await store.purge(GUILD, article.key, by="discord:2", now=NOW, why="court order")
    takedowns = await store.takedowns()
    async with open_store(copy) as older:
        assert await older.take_down_again(takedowns, NOW) == 1
        assert await older.take_down_again(takedowns, NOW) == 0
        assert [one.key for one in await older.articles([GUILD], limit=9)] == [other.key]
        assert await older.takedowns() == takedowns


async def test_everything_of_a_guild_goes_and_nothing_of_another(store: Store) -> None:
    for number, place in ((1, HERE), (2, THERE), (3, Place.of(LIBRARY))):
        assert isinstance(await kept(store, waiting(f"Text {number}.", number=number, place=place), place=place), Added)
        await store.keep_draft(waiting(f"Draft {number}.", number=number + 10, place=place))
        await store.add_feed(place.own, "https://example.com/feed", "Feed", FeedMode.REVIEW, by="discord:1", now=NOW)
    assert await store.purge_collection(GUILD, NOW) == 1
    assert await store.purge_collection(GUILD, NOW) == 0
    assert await store.count([GUILD]) == 0
    assert await store.audit([GUILD], limit=9) == []
    assert await store.feeds([GUILD]) == []
    assert await store.count([OTHER, LIBRARY]) == 2
    assert len(await store.feeds([OTHER, LIBRARY])) == 2
    assert await actions(store, THERE) == ["draft", "add", "draft", "add feed"]


async def test_an_actor_is_renamed_wherever_it_stands(store: Store) -> None:
    article = await added(store, waiting())
    await store.remove(GUILD, article.key, by="discord:1", now=NOW)
    await store.keep_draft(waiting("More.", number=2, tell=True))
    assert await store.rename_actor("discord:1", "former:00") > 0
    assert await store.acts_of("discord:1") == []
    assert [one.action for one in await store.acts_of("former:00")] == ["draft", "remove", "draft"]
    assert not any(one.tell for one in await store.drafts_of("former:00"))


async def test_the_record_is_narrowed_by_member_article_and_whole_days(store: Store) -> None:
    article = await added(store, waiting())
    await store.remove(GUILD, article.key, by="discord:3", now=NOW + timedelta(days=1))

    async def found(wanted: AuditFilter) -> list[str]:
        assert await store.audit_length([GUILD], wanted) == len(await store.audit([GUILD], wanted=wanted, limit=9))
        return [one.action for one in await store.audit([GUILD], wanted=wanted, limit=9)]

    assert await found(AuditFilter()) == ["remove", "add", "draft"]
    assert await found(AuditFilter(actor="discord:3")) == ["remove"]
    assert await found(AuditFilter(key=article.key)) == ["remove", "add"]
    assert await found(AuditFilter(since=NOW.date() + timedelta(days=1))) == ["remove"]
    assert await found(AuditFilter(until=NOW.date())) == ["add", "draft"]


async def test_expired_drafts_go_and_those_of_the_queue_leave_an_entry(store: Store) -> None:
    await store.keep_draft(waiting())
    await store.keep_draft(waiting(number=2, state=DraftState.QUEUED))
    assert await store.expire_drafts(NOW + WEEK - timedelta(seconds=1)) == 0
    assert await store.expire_drafts(NOW + WEEK) == 2
    assert (await actions(store))[-1] == "expire"
    with pytest.raises(DraftNotFound):
        await store.draft(f"{2:016x}", HERE.sees)


async def test_a_feed_is_followed_once_claimed_by_one_and_remembers_its_items(store: Store) -> None:
    feed = await store.add_feed(GUILD, "https://example.com/feed", "Feed", FeedMode.REVIEW, by="discord:1", now=NOW)
    with pytest.raises(Conflict):
        await store.add_feed(GUILD, "http://www.example.com/feed/", "Feed", FeedMode.DIRECT, by="discord:2", now=NOW)
    assert await store.due_feeds(NOW, 9) == [feed]
    assert await store.due_feeds(NOW - timedelta(seconds=1), 9) == []
    assert await store.claim_feed(feed.id, NOW, NOW + timedelta(minutes=5))
    assert not await store.claim_feed(feed.id, NOW, NOW + timedelta(minutes=5))
    assert await store.due_feeds(NOW, 9) == []
    items = [FeedItem(f"item {number}", None, "An item") for number in range(3)]
    assert await store.unseen(feed.id, items) == items
    await store.item_done(feed.id, ItemOutcome(items[0], Stage.STORED, key="k"), NOW)
    await store.item_done(feed.id, ItemOutcome(items[0], Stage.STORED, key="k"), NOW)
    assert [await store.item_tried(feed.id, items[1], NOW) for _ in range(2)] == [1, 2]
    assert await store.unseen(feed.id, items) == items[1:]
    await store.feed_polled(replace(feed, etag='"x"', checked_at=NOW, next_at=NOW + timedelta(minutes=30)))
    [after] = await store.feeds([GUILD])
    assert (after.etag, after.stored, after.checked_at) == ('"x"', 1, NOW)
    assert (await store.pause_feed(feed.id, [GUILD], paused=True, by="discord:1", now=NOW)).paused
    with pytest.raises(Conflict):
        await store.pause_feed(feed.id, [GUILD], paused=True, by="discord:1", now=NOW)
    with pytest.raises(FeedNotFound):
        await store.feed(feed.id, [OTHER])
    await store.remove_feed(feed.id, [GUILD], by="discord:1", now=NOW)
    assert await actions(store) == ["add feed", "pause feed", "remove feed"]
    with pytest.raises(FeedNotFound):
        await store.item_done(feed.id, ItemOutcome(items[2], Stage.STORED, key="k"), NOW)


async def test_what_a_text_is_compared_by_is_reckoned_beside_the_loop(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[threading.Thread] = []

    def watched(one: Draft) -> Marks:
        threads.append(threading.current_thread())
        return marks_of(one)

    for module in (drafting, undoing):
        monkeypatch.setattr(module, "marks_of", watched)
    await store.keep_draft(waiting())
    again = replace(waiting(title="A better title"), version=2)
    await store.revise_draft(again, by="discord:1", now=NOW)
    await stored(store, again)
    edit = replace(waiting(LONG + " And more.", number=2), base=Base("a-better-title", 1))
    await kept(store, edit)
    entry = await store.last_entry(GUILD, "a-better-title")
    assert entry is not None
    await store.undo(entry.number, HERE.sees, split(LONG), by="discord:1", now=NOW)
    assert len(threads) == 6
    assert threading.current_thread() not in threads
