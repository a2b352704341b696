"""Feeds are followed on a real store: new items come in once, in order, as far as they may; failures are waited out."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from corpus.collection import LIBRARY, Collection
from corpus.desk import Desk
from corpus.drafts import DraftOrigin, Feed, FeedMode, ItemOutcome, Place, Stage
from corpus.errors import Conflict, FeedNotFound, StoreError
from corpus.feeditems import DIRECT_WORDS
from corpus.feeds import (
    ATTEMPTS,
    FAILURES_IN_A_ROW,
    FEEDS_AT_ONCE,
    ITEMS_AT_A_POLL,
    POLL_SECONDS,
    PREVIEW_SECONDS,
    Feeds,
    Followed,
    pause_after,
)
from corpus.fetch import RobotsForbid, StatusFailed, Unreachable
from corpus.model import Rejected
from corpus.store import open_store
from tests.fakes.feeds import AtOnce, Pages, item, rss, story
from tests.fakes.pages import html_page

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

    from corpus.store import Store

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)
HERE, THERE = Place.of(Collection(7)), Place.of(Collection(8))
FEED = "https://news.example/feed"
BY = "discord:1"


class World:
    """A store with feeds on pages that a test changes."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.web = Pages()
        self.desk = Desk(store)
        self.languages: tuple[str, ...] = ()
        self.seconds = 0.0
        self.feeds = self.another()

    def another(self) -> Feeds:
        """Feeds of another process on the same store."""
        return Feeds(
            self.store,
            self.desk,
            self.web,
            AtOnce(),
            every=HALF_HOUR,
            per_collection=3,
            chance=random.Random(1),
            languages_of=lambda _: self.languages,
            clock=lambda: self.seconds,
        )

    def publish(self, *numbers: int, url: str = FEED, title: str = "Courier") -> None:
        """The feed has these stories, each a day newer than the one of the number before, and their pages are there."""
        items = []
        for number in numbers:
            link = f"https://news.example/{number}"
            self.web.pages.setdefault(link, story(number).encode())
            items.append(item(title=f"Story {number}", link=link, guid=f"id-{number}", date=day(number)))
        self.web.pages[url] = rss(*items, title=title)

    async def follow(self, mode: FeedMode = FeedMode.REVIEW, place: Place = HERE, url: str = FEED) -> Feed:
        """The feed is followed."""
        followed = await self.feeds.add(url, place, mode, BY, NOW)
        assert isinstance(followed, Followed), followed
        return followed.feed

    async def poll(self, feed: Feed, now: datetime = NOW) -> list[tuple[str, Stage]]:
        """The feed is polled; titles and stages of what became of its items."""
        return brief(await self.feeds.poll(feed, now))

    async def now_is(self, feed: Feed) -> Feed:
        return await self.store.feed(feed.id, (feed.collection,))

    async def queue(self, place: Place = HERE) -> list[str]:
        return [waiting.draft.title for waiting in await self.desk.queue(place, 100)]

    async def titles(self, place: Place = HERE) -> list[str]:
        return sorted(one.title for one in await self.desk.articles(place))


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with open_store(tmp_path / "amicus.sqlite3") as store:
        yield World(store)


def day(number: int) -> str:
    return (datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=number)).isoformat()


def brief(outcomes: Sequence[ItemOutcome]) -> list[tuple[str, Stage]]:
    return [(outcome.item.title, outcome.stage) for outcome in outcomes]


def reasons(outcomes: Sequence[ItemOutcome]) -> list[str]:
    return [outcome.reason for outcome in outcomes]


# --- adding


async def test_a_feed_that_is_added_is_followed_by_its_own_title_and_due_at_once(world: World) -> None:
    world.publish(1, title="The Courier")
    feed = await world.follow(FeedMode.DIRECT)
    assert (feed.url, feed.title, feed.mode, feed.by) == (FEED, "The Courier", FeedMode.DIRECT, BY)
    assert await world.feeds.listed(HERE) == [feed]
    assert await world.store.due_feeds(NOW, 10) == [feed]


async def test_what_is_no_feed_is_rejected_with_its_reason(world: World) -> None:
    world.web.pages = {
        "https://news.example/page": b"<html><head></head></html>",
        "https://news.example/json": b"{}",
        "https://news.example/closed": RobotsForbid("The site forbids it."),
    }
    for url, reason in (
        ("https://news.example/page", "It is a page, not a feed, and it names none."),
        ("https://news.example/json", "It is JSON, no feed; RSS and Atom are read."),
        ("https://news.example/closed", "The site forbids it."),
        ("https://news.example/gone", "The site has no such page."),
    ):
        rejected = await world.feeds.add(url, HERE, FeedMode.REVIEW, BY, NOW)
        assert isinstance(rejected, Rejected)
        assert (rejected.reason, rejected.source.reference) == (reason, url)
    assert await world.feeds.listed(HERE) == []


def naming(*links: str) -> bytes:
    named = "".join(f'<link rel="alternate" type="application/rss+xml" href="{link}">' for link in links)
    return f"<html><head>{named}</head></html>".encode()


async def test_of_a_page_that_names_one_feed_that_feed_is_followed(world: World) -> None:
    world.publish(1)
    world.web.pages["https://news.example/"] = naming("/feed")
    followed = await world.feeds.add("https://news.example/", HERE, FeedMode.REVIEW, BY, NOW)
    assert isinstance(followed, Followed)
    assert (followed.feed.url, followed.items) == (FEED, 1)
    with pytest.raises(Conflict):
        await world.feeds.add("https://news.example/", HERE, FeedMode.REVIEW, BY, NOW)


async def test_a_page_that_names_several_feeds_tells_them(world: World) -> None:
    world.web.pages["https://news.example/"] = naming("/feed", "/comments")
    rejected = await world.feeds.add("https://news.example/", HERE, FeedMode.REVIEW, BY, NOW)
    assert isinstance(rejected, Rejected)
    assert rejected.reason == (
        "It is a page, no feed; it names these: https://news.example/feed, https://news.example/comments."
    )


async def test_a_page_that_names_a_page_is_not_followed_further(world: World) -> None:
    world.web.pages |= {FEED: naming("/a"), "https://news.example/a": naming("/feed")}
    rejected = await world.feeds.add(FEED, HERE, FeedMode.REVIEW, BY, NOW)
    assert isinstance(rejected, Rejected)
    assert set(world.web.asked) == {FEED, "https://news.example/a"}


async def test_a_feed_is_followed_once_by_each_collection_however_its_link_is_written(world: World) -> None:
    world.publish(1)
    await world.follow()
    for url in (FEED, "http://www.news.example/feed/?utm_source=x"):
        with pytest.raises(Conflict):
            await world.feeds.add(url, HERE, FeedMode.REVIEW, BY, NOW)
    await world.follow(place=THERE)


async def test_there_are_only_so_many_feeds(world: World) -> None:
    for number in range(4):
        world.publish(number, url=f"{FEED}{number}")
    for number in range(3):
        await world.follow(url=f"{FEED}{number}")
    asked = len(world.web.asked)
    rejected = await world.feeds.add(f"{FEED}3", HERE, FeedMode.REVIEW, BY, NOW)
    assert isinstance(rejected, Rejected)
    assert rejected.reason == "3 feeds are followed, as many as there may be. Remove one first."
    assert len(world.web.asked) == asked


async def test_the_feeds_of_others_are_as_ones_that_never_were(world: World) -> None:
    world.publish(1)
    feed = await world.follow()
    assert await world.feeds.listed(THERE) == []
    for doing in (
        world.feeds.remove(feed.id, THERE, BY, NOW),
        world.feeds.pause(feed.id, THERE, BY, NOW, paused=True),
        world.feeds.preview(feed.id, THERE, NOW),
        world.feeds.remove(999, HERE, BY, NOW),
    ):
        with pytest.raises(FeedNotFound, match="There is no such feed"):
            await doing


# --- polling: items


async def test_new_items_go_into_the_queue_oldest_first_and_only_once(world: World) -> None:
    world.publish(3, 1, 2)
    feed = await world.follow()
    assert await world.poll(feed) == [(f"Story {number}", Stage.REVIEW) for number in (1, 2, 3)]
    assert await world.queue() == ["Story 1", "Story 2", "Story 3"]
    world.publish(4, 3, 2, 1)
    assert await world.poll(feed) == [("Story 4", Stage.REVIEW)]
    now = await world.now_is(feed)
    assert (now.queued, now.stored, now.passed_over) == (4, 0, 0)
    assert {(one.origin, one.by) for one in await world.desk.queue(HERE, 9)} == {(DraftOrigin.FEED, f"feed:{feed.id}")}


async def test_a_direct_feed_stores_what_nobody_needs_to_look_at(world: World) -> None:
    world.publish(1, 2)
    feed = await world.follow(FeedMode.DIRECT)
    outcomes = await world.feeds.poll(feed, NOW)
    assert brief(outcomes) == [("Story 1", Stage.STORED), ("Story 2", Stage.STORED)]
    assert all(outcome.key for outcome in outcomes)
    assert await world.titles() == ["Story 1", "Story 2"]
    assert await world.queue() == []
    assert (await world.now_is(feed)).stored == 2
    article = await world.desk.show(HERE, outcomes[0].key or "")
    assert (article.url, article.publication) == ("https://news.example/1", "news.example")
    assert article.added_by == f"feed:{feed.id}"
    assert article.published == datetime(2026, 1, 2, tzinfo=UTC).date()


async def test_a_direct_feed_leaves_doubtful_items_to_people_and_says_why(world: World) -> None:
    world.languages = ("de",)
    world.publish(1)
    feed = await world.follow(FeedMode.DIRECT)
    (foreign,) = await world.feeds.poll(feed, NOW)
    world.languages = ("de", "en")
    world.publish(2, 3, 4, 5)
    paid = {"@type": "NewsArticle", "headline": "Story 3", "isAccessibleForFree": False}
    text = story(3).partition("<p>")[2].partition("</p>")[0]
    world.web.pages |= {
        "https://news.example/2": story(2, words=30).encode(),
        "https://news.example/3": html_page([text], title="Story 3", json_ld=paid).encode(),
        "https://news.example/5": story(4).replace("</p>", " It goes on a little.</p>").encode(),
    }
    short, locked, fine, alike = await world.feeds.poll(feed, NOW)
    assert [one.stage for one in (foreign, short, locked, fine, alike)] == [Stage.REVIEW] * 3 + [
        Stage.STORED,
        Stage.REVIEW,
    ]
    assert foreign.reason == "Its language (en) is not among de."
    assert short.reason.startswith("It has ")
    assert locked.reason == "It is an excerpt: the page is not free to read."
    assert alike.reason.endswith(f"% of its text in common with {fine.key}.")
    assert DIRECT_WORDS == 80
    assert len(await world.queue()) == 4


async def test_every_stage_at_which_an_item_stops_is_told(world: World) -> None:
    world.publish(1, 2, 3)
    world.web.pages |= {
        "https://news.example/2": RobotsForbid("The site forbids it."),
        "https://news.example/3": b"<html><body></body></html>",
    }
    feed = await world.follow(FeedMode.DIRECT)
    outcomes = await world.feeds.poll(feed, NOW)
    assert reasons(outcomes) == ["", "The site forbids it.", "It holds no article text."]
    again = [item(title="Again", link="https://news.example/1?utm_source=feed", guid="again"), item(title="No link")]
    moved = item(title="Moved", link="https://news.example/moved")
    world.web.pages |= {FEED: rss(*again, moved), "https://news.example/moved": story(1).encode()}
    asked = world.web.asked.count("https://news.example/1")
    outcomes += await world.feeds.poll(feed, NOW)
    assert brief(outcomes) == [
        ("Story 1", Stage.STORED),
        ("Story 2", Stage.FETCH),
        ("Story 3", Stage.READ),
        ("Moved", Stage.DUPLICATE),
        ("No link", Stage.LINK),
        ("Again", Stage.DUPLICATE),
    ]
    assert outcomes[3].key == outcomes[5].key == outcomes[0].key
    assert world.web.asked.count("https://news.example/1") == asked, "what is known by its link is not fetched"
    assert await world.poll(feed) == []
    now = await world.now_is(feed)
    assert (now.stored, now.queued, now.passed_over) == (1, 0, 5)


async def test_what_was_removed_does_not_come_back_by_a_feed(world: World) -> None:
    world.publish(1)
    feed = await world.follow(FeedMode.DIRECT)
    (stored,) = await world.feeds.poll(feed, NOW)
    await world.desk.remove(HERE, stored.key or "", by=BY, now=NOW)
    world.web.pages[FEED] = rss(item(title="Again", link="https://news.example/1", guid="again"))
    (outcome,) = await world.feeds.poll(feed, NOW)
    assert outcome.stage is Stage.DUPLICATE
    assert outcome.reason.startswith("It was removed on 2026-03-02 by ")
    await world.desk.purge(HERE, stored.key or "", by=BY, now=NOW)
    world.web.pages[FEED] = rss(item(title="Again", link="https://news.example/1", guid="once more"))
    (outcome,) = await world.feeds.poll(feed, NOW)
    assert (outcome.stage, outcome.reason) == (Stage.DUPLICATE, "It was taken down for good.")


async def test_nothing_of_a_feed_names_a_member_whose_data_was_erased(world: World) -> None:
    world.publish(1)
    feed = await world.follow(FeedMode.DIRECT)
    await world.poll(feed)
    [article] = await world.desk.articles(HERE)
    await world.desk.remove(HERE, article.key, by=BY, now=NOW)
    world.publish(1, url=f"{FEED}2")
    again = await world.follow(FeedMode.DIRECT, url=f"{FEED}2")
    assert "by discord:1" in reasons(await world.feeds.poll(again, NOW))[0]
    await world.store.rename_actor(BY, "former:0")
    with closing(sqlite3.connect(world.store.path)) as connection:
        assert not [line for line in connection.iterdump() if BY in line]


async def test_a_story_that_waits_in_the_queue_is_not_queued_again(world: World) -> None:
    world.publish(1)
    feed = await world.follow()
    await world.poll(feed)
    world.web.pages[FEED] = rss(item(title="Story 1", link="https://news.example/1", guid="another"))
    (outcome,) = await world.feeds.poll(feed, NOW)
    assert (outcome.stage, outcome.reason) == (Stage.DUPLICATE, "It waits in the review queue already.")
    assert await world.queue() == ["Story 1"]
    assert await world.poll(await world.follow(place=THERE)) == [("Story 1", Stage.REVIEW)]


async def test_what_the_library_has_is_known_where_the_library_is_seen(world: World) -> None:
    world.publish(1)
    await world.poll(await world.follow(FeedMode.DIRECT, Place.of(LIBRARY)))
    assert await world.poll(await world.follow(FeedMode.DIRECT, HERE)) == [("Story 1", Stage.DUPLICATE)]
    feeds = world.feeds
    feeds._place_of = lambda collection: Place.of(collection, library=False)
    assert await world.poll(await world.follow(FeedMode.DIRECT, THERE)) == [("Story 1", Stage.STORED)]


async def test_of_many_items_the_newest_are_taken_first_and_the_others_at_the_next_polls(world: World) -> None:
    numbers = range(1, ITEMS_AT_A_POLL + 6)
    world.publish(*numbers)
    feed = await world.follow()
    first = await world.poll(feed)
    assert first == [(f"Story {number}", Stage.REVIEW) for number in numbers[-ITEMS_AT_A_POLL:]]
    assert await world.poll(feed) == [(f"Story {number}", Stage.REVIEW) for number in numbers[:5]]
    assert (await world.now_is(feed)).etag is not None
    assert await world.poll(feed) == []


async def test_a_poll_of_a_slow_site_ends_in_time_and_the_next_goes_on(world: World) -> None:
    world.publish(1, 2, 3)
    feed = await world.follow()
    world.web.hold("https://news.example/1")
    under_way = asyncio.create_task(world.poll(feed))
    await world.web.was_asked("https://news.example/1")
    world.seconds = POLL_SECONDS
    world.web.let_go()
    assert await under_way == [("Story 1", Stage.REVIEW)]
    assert await world.poll(feed) == [("Story 2", Stage.REVIEW), ("Story 3", Stage.REVIEW)]


@pytest.mark.parametrize(
    "error",
    [
        Unreachable("Nobody is there."),
        StatusFailed("The site is busy.", status=503),
        StatusFailed("Too many requests.", status=429),
        TypeError("a fault of ours"),
    ],
)
async def test_what_fails_for_now_is_tried_three_times_even_where_the_feed_did_not_change(
    world: World, error: Exception
) -> None:
    world.publish(1)
    world.web.pages["https://news.example/1"] = error
    feed = await world.follow()
    for attempt in range(1, ATTEMPTS + 3):
        outcomes = await world.feeds.poll(feed, NOW)
        assert len(outcomes) == (attempt <= ATTEMPTS)
        assert (await world.now_is(feed)).passed_over == (attempt >= ATTEMPTS)
    assert await world.queue() == []


async def test_what_failed_for_a_while_comes_in_when_it_is_there(world: World) -> None:
    world.publish(1)
    world.web.pages["https://news.example/1"] = Unreachable("Nobody is there.")
    feed = await world.follow()
    assert await world.poll(feed) == [("Story 1", Stage.FETCH)]
    world.web.pages["https://news.example/1"] = story(1).encode()
    assert await world.poll(feed) == [("Story 1", Stage.REVIEW)]


async def test_a_page_that_is_not_there_is_tried_once(world: World) -> None:
    world.publish(1)
    del world.web.pages["https://news.example/1"]
    feed = await world.follow()
    assert await world.poll(feed) == [("Story 1", Stage.FETCH)]
    assert await world.poll(feed) == []


async def test_a_feed_that_is_paused_or_removed_while_it_is_polled_brings_nothing_more(world: World) -> None:
    world.publish(1, 2, 3)
    feed = await world.follow()
    world.web.hold("https://news.example/1", "https://news.example/2")
    first = asyncio.create_task(world.poll(feed))
    await world.web.was_asked("https://news.example/1")
    await world.feeds.pause(feed.id, HERE, BY, NOW, paused=True)
    world.web.let_go()
    assert await first == [("Story 1", Stage.REVIEW)]
    assert (await world.now_is(feed)).paused
    await world.feeds.pause(feed.id, HERE, BY, NOW, paused=False)
    world.web.hold("https://news.example/2")
    second = asyncio.create_task(world.poll(feed))
    await world.web.was_asked("https://news.example/2")
    await world.feeds.remove(feed.id, HERE, BY, NOW)
    world.web.let_go()
    await second
    assert "https://news.example/3" not in world.web.asked


# --- polling: the feed


async def test_a_feed_is_polled_again_after_its_pause_give_or_take_a_tenth(world: World) -> None:
    world.publish(1)
    feed = await world.follow()
    await world.poll(feed)
    now = await world.now_is(feed)
    assert timedelta(minutes=27) <= now.next_at - NOW <= timedelta(minutes=33)
    assert (now.checked_at, now.failures, now.problem) == (NOW, 0, "")
    assert await world.store.due_feeds(NOW + timedelta(minutes=26), 10) == []
    assert len(await world.store.due_feeds(NOW + timedelta(minutes=34), 10)) == 1


async def test_a_feed_that_did_not_change_is_a_good_poll(world: World) -> None:
    world.publish(1)
    feed = await world.follow()
    await world.poll(feed)
    later = NOW + timedelta(hours=1)
    with capture_logs() as logs:
        assert await world.poll(feed, later) == []
    assert (await world.now_is(feed)).checked_at == later
    assert logs == [
        {
            "event": "feed.polled",
            "log_level": "info",
            "feed": feed.id,
            "items": 0,
            "stored": 0,
            "queued": 0,
            "ms": 0,
        }
    ]


async def test_failures_are_counted_waited_out_and_forgotten_after_a_good_poll(world: World) -> None:
    world.publish(1)
    feed = await world.follow()
    world.web.pages[FEED] = Unreachable("Nobody is there.")
    now = NOW
    for failures, hours in enumerate((1, 2, 4, 8, 16, 24, 24), start=1):
        with capture_logs() as logs:
            await world.poll(feed, now)
        state = await world.now_is(feed)
        assert (state.failures, state.problem, state.paused) == (failures, "Nobody is there.", False)
        assert 0.9 <= (state.next_at - now) / timedelta(hours=hours) <= 1.1
        assert [(one["event"], one["failures"], one["reason"]) for one in logs] == [
            ("feed.failed", failures, "Nobody is there.")
        ]
        now = state.next_at
    world.publish(1)
    await world.poll(feed, now)
    state = await world.now_is(feed)
    assert (state.failures, state.problem) == (0, "")
    assert state.next_at - now <= timedelta(minutes=33)


async def test_a_feed_that_fails_twenty_times_in_a_row_is_paused_and_can_be_taken_up_again(world: World) -> None:
    world.publish(1)
    feed = await world.follow()
    world.web.pages[FEED] = b"<html></html>"
    for failures in range(1, FAILURES_IN_A_ROW + 1):
        assert not (await world.now_is(feed)).paused
        await world.poll(feed)
        assert (await world.now_is(feed)).failures == failures
    state = await world.now_is(feed)
    assert state.paused
    assert state.problem == "This is a web page, not a feed. The feed was paused after 20 failures in a row."
    assert await world.poll(feed) == []
    newest = (await world.store.audit((HERE.own,), limit=1))[0]
    assert (newest.action, newest.actor) == ("pause feed", f"feed:{feed.id}")
    world.publish(1)
    taken_up = await world.feeds.pause(feed.id, HERE, BY, NOW, paused=False)
    assert (taken_up.paused, taken_up.failures, taken_up.problem, taken_up.next_at) == (False, 0, "", NOW)
    assert await world.poll(feed) == [("Story 1", Stage.REVIEW)]


async def test_a_feed_that_is_gone_is_paused_at_once(world: World) -> None:
    world.publish(1)
    feed = await world.follow()
    world.web.pages[FEED] = StatusFailed("The page is gone.", status=410)
    await world.poll(feed)
    state = await world.now_is(feed)
    assert state.paused
    assert state.problem == "The page is gone. The feed was paused: it is gone for good."


async def test_a_feed_that_became_a_page_is_a_failure(world: World) -> None:
    world.publish(1)
    feed = await world.follow()
    world.web.pages[FEED] = b" " + naming("/feed2")
    await world.poll(feed)
    assert (await world.now_is(feed)).problem == "It is a page now, no feed."


async def test_the_server_can_ask_for_a_longer_pause_but_not_for_a_shorter_one(world: World) -> None:
    world.publish(1)
    feed = await world.follow()
    for asked_for, shortest, longest in ((5 * 60, 4.99 * 60, 5.01 * 60), (1, 100, 140)):
        pause = timedelta(minutes=asked_for)
        world.web.pages[FEED] = StatusFailed("The site is busy.", status=503, retry_after=pause)
        await world.poll(feed)
        waited = (await world.now_is(feed)).next_at - NOW
        assert timedelta(minutes=shortest) <= waited <= timedelta(minutes=longest)


def test_pauses_grow_to_a_day_and_differ() -> None:
    chance = random.Random(2)
    pauses = [pause_after(HALF_HOUR, 40, None, chance) for _ in range(50)]
    assert all(0.9 <= pause / timedelta(days=1) <= 1.1 for pause in pauses)
    assert len(set(pauses)) == 50
    weekly = timedelta(days=7)
    assert pause_after(weekly, 3, None, chance) >= weekly * 0.9


async def test_a_feed_is_polled_by_one_at_a_time(world: World) -> None:
    world.publish(1, 2, 3)
    feed = await world.follow()
    other = world.another()
    both = await asyncio.gather(world.feeds.poll(feed, NOW), other.poll(feed, NOW))
    assert sorted(len(outcomes) for outcomes in both) == [0, 3]
    assert len(await world.queue()) == 3


async def test_a_poll_that_died_bars_the_feed_for_half_an_hour_only(world: World) -> None:
    world.publish(1)
    feed = await world.follow()
    assert await world.store.claim_feed(feed.id, NOW, NOW + timedelta(minutes=30))
    assert await world.poll(feed, NOW + timedelta(minutes=29)) == []
    assert len(await world.poll(feed, NOW + timedelta(minutes=31))) == 1


async def test_a_poll_that_is_cancelled_leaves_the_feed_due(world: World) -> None:
    world.publish(1, 2, 3)
    feed = await world.follow()
    world.web.hold("https://news.example/2")
    under_way = asyncio.create_task(world.feeds.poll_due(NOW))
    await world.web.was_asked("https://news.example/2")
    under_way.cancel()
    with suppress(asyncio.CancelledError):
        await under_way
    world.web.let_go()
    assert await world.store.due_feeds(NOW, 10) == [await world.now_is(feed)]
    await world.feeds.poll_due(NOW)
    assert await world.queue() == ["Story 1", "Story 2", "Story 3"]


# --- all that are due


async def test_all_due_feeds_are_polled_a_few_at_once_whatever_becomes_of_one(world: World) -> None:
    places = [Place.of(Collection(number)) for number in range(1, 10)]
    feeds = []
    for number, place in enumerate(places):
        world.publish(number, url=f"{FEED}{number}")
        feeds.append(await world.follow(place=place, url=f"{FEED}{number}"))
    world.web.pages[f"{FEED}3"] = ValueError("a fault of ours")
    world.web.pages[f"{FEED}4"] = Unreachable("Nobody is there.")
    held = [f"{FEED}{number}" for number in range(FEEDS_AT_ONCE)]
    world.web.hold(*held)
    with capture_logs() as logs:
        under_way = asyncio.create_task(world.feeds.poll_due(NOW))
        for url in held:
            await world.web.was_asked(url)
        world.web.let_go()
        assert await under_way == 9
    assert world.web.most == FEEDS_AT_ONCE
    failed = {one["feed"]: one["reason"] for one in logs if one["event"] == "feed.failed"}
    assert failed == {feeds[3].id: "It can't be polled (ValueError).", feeds[4].id: "Nobody is there."}
    assert sum(one["event"] == "feed.polled" for one in logs) == 7
    for number, (place, feed) in enumerate(zip(places, feeds, strict=True)):
        waits = [] if number in {3, 4} else [f"Story {number}"]
        assert await world.queue(place) == waits
        assert (await world.now_is(feed)).failures == (number in {3, 4})
    assert await world.feeds.poll_due(NOW) == 0


async def test_a_feed_that_had_to_wait_for_slow_ones_is_polled_next_a_whole_pause_later(world: World) -> None:
    places = [Place.of(Collection(number + 1)) for number in range(FEEDS_AT_ONCE + 1)]
    urls = [f"{FEED}{number}" for number in range(len(places))]
    for number, (place, url) in enumerate(zip(places, urls, strict=True)):
        world.publish(number, url=url)
        await world.follow(place=place, url=url)
    world.web.hold(*urls[:-1])
    under_way = asyncio.create_task(world.feeds.poll_due(NOW))
    for url in urls[:-1]:
        await world.web.was_asked(url)
    world.seconds = 1_500.0
    world.web.let_go()
    await under_way
    first, last = [(await world.feeds.listed(place))[0] for place in (places[0], places[-1])]
    assert first.checked_at == NOW
    assert last.checked_at == NOW + timedelta(seconds=1_500)
    assert last.next_at >= last.checked_at + HALF_HOUR * 0.9


async def test_a_store_that_fails_under_one_feed_stops_no_other(world: World) -> None:
    for number in range(2):
        world.publish(number, url=f"{FEED}{number}")
        await world.follow(place=Place.of(Collection(number + 1)), url=f"{FEED}{number}")
    world.web.pages["https://news.example/0"] = StoreError("the disk is full")
    await world.feeds.poll_due(NOW)
    assert await world.queue(Place.of(Collection(2))) == ["Story 1"]
    first = (await world.feeds.listed(Place.of(Collection(1))))[0]
    assert (first.failures, first.problem) == (1, "It can't be polled (StoreError).")


# --- previews


async def test_a_preview_tells_of_every_item_how_far_it_would_come_and_stores_nothing(world: World) -> None:
    world.publish(1, 2, 3, 4)
    world.web.pages["https://news.example/2"] = RobotsForbid("The site forbids it.")
    world.web.pages["https://news.example/3"] = story(3, words=30).encode()
    await world.poll(await world.follow(FeedMode.DIRECT, THERE))
    before = await world.store.audit((HERE.own,), limit=100)
    for mode, stages in (
        (FeedMode.REVIEW, [Stage.REVIEW, Stage.REVIEW, Stage.FETCH, Stage.REVIEW]),
        (FeedMode.DIRECT, [Stage.STORED, Stage.REVIEW, Stage.FETCH, Stage.STORED]),
    ):
        outcomes = await world.feeds.preview(FEED, HERE, NOW, mode)
        assert isinstance(outcomes, list)
        assert [outcome.stage for outcome in outcomes] == stages
        assert [bool(outcome.reason) for outcome in outcomes] == [False, mode is FeedMode.DIRECT, True, False]
    assert await world.store.audit((HERE.own,), limit=100) == before
    assert await world.queue() == await world.titles() == []


async def test_a_preview_of_a_followed_feed_knows_what_was_dealt_with_and_remembers_nothing(world: World) -> None:
    world.publish(1)
    feed = await world.follow()
    await world.poll(feed)
    world.publish(2, 1)
    for _ in range(2):
        outcomes = await world.feeds.preview(feed.id, HERE, NOW)
        assert isinstance(outcomes, list)
        assert brief(outcomes) == [("Story 2", Stage.REVIEW), ("Story 1", Stage.SEEN)]
    assert await world.poll(feed) == [("Story 2", Stage.REVIEW)]


async def test_a_preview_shows_so_many_items_and_of_what_is_no_feed_the_reason(world: World) -> None:
    world.publish(*range(30))
    outcomes = await world.feeds.preview(FEED, HERE, NOW)
    assert isinstance(outcomes, list)
    assert len(outcomes) == 25
    rejected = await world.feeds.preview("https://news.example/none", HERE, NOW)
    assert isinstance(rejected, Rejected)
    assert rejected.reason == "The site has no such page."


async def test_a_preview_ends_in_time_and_says_what_it_did_not_look_at(world: World) -> None:
    world.publish(1, 2, 3)
    world.web.hold("https://news.example/2")
    under_way = asyncio.create_task(world.feeds.preview(FEED, HERE, NOW))
    await world.web.was_asked("https://news.example/2")
    world.seconds = PREVIEW_SECONDS
    world.web.let_go()
    outcomes = await under_way
    assert isinstance(outcomes, list)
    assert [outcome.stage for outcome in outcomes] == [Stage.REVIEW, Stage.REVIEW, Stage.FETCH]
    assert outcomes[2].reason == "It was not looked at: the sites took too long."
