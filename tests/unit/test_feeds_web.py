"""Feeds over HTTP: a site on this machine is asked politely, and its answers are read in a process of their own."""

from __future__ import annotations

import random
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from corpus.collection import Collection
from corpus.desk import Desk
from corpus.drafts import Feed, FeedMode, Place, Stage
from corpus.feeds import Feeds, Followed
from corpus.fetch import Fetcher, FetchLimits
from corpus.model import Rejected
from corpus.readers.pool import Reading
from corpus.store import open_store
from tests.fakes.feeds import item, rss, story
from tests.fakes.web import Web

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from corpus.store import Store

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HERE = Place.of(Collection(7))


class Site:
    """A site with a feed, and who follows it."""

    def __init__(self, store: Store, web: Web, fetcher: Fetcher, reading: Reading) -> None:
        self.store, self.web = store, web
        self.desk = Desk(store)
        self.feeds = Feeds(
            store,
            self.desk,
            fetcher,
            reading,
            every=timedelta(minutes=30),
            per_collection=5,
            chance=random.Random(1),
        )

    async def follow(self, mode: FeedMode = FeedMode.DIRECT) -> Feed:
        followed = await self.feeds.add(self.web.url("/feed"), HERE, mode, "discord:1", NOW)
        assert isinstance(followed, Followed), followed
        return followed.feed

    async def stages(self, feed: Feed) -> list[Stage]:
        return [outcome.stage for outcome in await self.feeds.poll(feed, NOW)]

    async def now_is(self, feed: Feed) -> Feed:
        return await self.store.feed(feed.id, (HERE.own,))


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with AsyncExitStack() as stack:
        web = await stack.enter_async_context(Web())
        fetcher = Fetcher([web.host], limits=FetchLimits(spacing_seconds=0))
        yield Site(
            await stack.enter_async_context(open_store(tmp_path / "amicus.sqlite3")),
            web,
            await stack.enter_async_context(fetcher),
            await stack.enter_async_context(Reading(size=1)),
        )


def feed_of(*links: str) -> str:
    return rss(*(item(title=f"Story {link}", link=link) for link in links)).decode()


async def test_a_feed_is_asked_with_what_it_said_last_and_nothing_is_fetched_twice(site: Site) -> None:
    site.web.feed("/feed", feed_of("/1"), etag='"one"')
    site.web.page("/1", story(1))
    feed = await site.follow()
    assert await site.stages(feed) == [Stage.STORED]
    assert await site.stages(feed) == []
    assert [seen.headers.get("If-None-Match") for seen in site.web.requests if seen.path == "/feed"] == [
        None,
        None,
        '"one"',
    ]
    assert site.web.asked("/1") == 1
    (article,) = await site.desk.articles(HERE)
    assert (article.title, article.url, article.publication) == ("Story 1", site.web.url("/1"), "127.0.0.1")


async def test_a_feed_that_gives_a_day_only_is_asked_with_that(site: Site) -> None:
    day = "Mon, 02 Mar 2026 08:00:00 GMT"
    site.web.feed("/feed", feed_of(), modified=day)
    feed = await site.follow()
    assert await site.stages(feed) == await site.stages(feed) == []
    assert site.web.requests[-1].headers.get("If-Modified-Since") == day


async def test_an_item_that_sends_on_to_a_stored_page_is_known(site: Site) -> None:
    site.web.feed("/feed", feed_of("/1"))
    site.web.page("/1", story(1))
    feed = await site.follow()
    await site.stages(feed)
    site.web.feed("/feed", feed_of("/short"))
    site.web.redirect("/short", "/1")
    assert await site.stages(feed) == [Stage.DUPLICATE]


async def test_robots_rules_and_local_addresses_hold_for_items(site: Site) -> None:
    site.web.robots("User-agent: *\nDisallow: /private")
    links = ("/private/1", "http://127.0.0.1:9/x", "http://localhost/x", "http://169.254.169.254/latest/meta-data/")
    site.web.feed("/feed", feed_of(*links))
    site.web.page("/private/1", story(1))
    feed = await site.follow()
    outcomes = await site.feeds.poll(feed, NOW)
    assert [outcome.stage for outcome in outcomes] == [Stage.FETCH] * 4
    assert len({outcome.reason for outcome in outcomes}) > 1
    assert site.web.asked("/private/1") == 0
    assert await site.stages(feed) == [], "what is refused is not tried again"


async def test_errors_of_the_site_are_kept_with_the_feed(site: Site) -> None:
    site.web.feed("/feed", feed_of())
    feed = await site.follow()
    site.web.status("/feed", 503, headers={"Retry-After": "7200"})
    await site.stages(feed)
    busy = await site.now_is(feed)
    assert busy.failures == 1
    assert busy.problem
    assert busy.next_at == NOW + timedelta(hours=2)
    site.web.status("/feed", 410)
    await site.stages(feed)
    gone = await site.now_is(feed)
    assert gone.paused
    assert gone.problem.endswith("The feed was paused: it is gone for good.")


async def test_a_page_is_followed_to_the_feed_it_names(site: Site) -> None:
    site.web.page("/", '<html><head><link rel="alternate" type="application/rss+xml" href="/feed"></head></html>')
    site.web.feed("/feed", feed_of())
    followed = await site.feeds.add(site.web.url("/"), HERE, FeedMode.REVIEW, "discord:1", NOW)
    assert isinstance(followed, Followed)
    assert followed.feed.url == site.web.url("/feed")


async def test_what_is_no_feed_is_told_in_a_sentence(site: Site) -> None:
    site.web.page("/page", story(1))
    site.web.page("/broken", "<rss", media_type="application/rss+xml")
    site.web.page("/picture", b"\x89PNG\r\n\x1a\n" + bytes(100), media_type="image/png")
    for path in ("/page", "/broken", "/picture", "/none"):
        rejected = await site.feeds.add(site.web.url(path), HERE, FeedMode.REVIEW, "discord:1", NOW)
        assert isinstance(rejected, Rejected), path
        assert not rejected.reason[0].islower(), rejected.reason
        assert rejected.reason.endswith("."), rejected.reason


async def test_a_preview_over_http_stores_nothing(site: Site) -> None:
    site.web.feed("/feed", feed_of("/1", "/none"))
    site.web.page("/1", story(1))
    outcomes = await site.feeds.preview(site.web.url("/feed"), HERE, NOW, FeedMode.DIRECT)
    assert isinstance(outcomes, list)
    assert [outcome.stage for outcome in outcomes] == [Stage.STORED, Stage.FETCH]
    assert await site.desk.articles(HERE) == []
    assert await site.desk.queue_length(HERE) == 0
