"""Feeds at the terminal: followed, looked at, and told of by `amicus check`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.feeds import item, rss
from tests.fakes.pages import html_page
from tests.fakes.program import Ended, Program
from tests.fakes.web import Web

FEED = [
    "feed", "collection", "url", "title", "mode", "paused", "by", "at", "checked_at", "next_at", "failures", "problem",
    "stored", "queued", "passed_over",
]  # fmt: skip
ITEM = ["feed", "title", "link", "published", "stage", "reason", "key", "draft"]


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    """A site with a feed of one story: whoever polls pauses between two requests."""
    async with Web() as site:
        paragraphs = [f"The court heard witness {n} on matter {n} of the apples." for n in range(30)]
        link = site.page("/apples", html_page(paragraphs, title="Apples in court"))
        site.feed("/feed", rss(item(title="Apples in court", link=link, guid="apples")).decode())
        yield site


@pytest.fixture
def amicus(tmp_path: Path, web: Web) -> Program:
    """The program on an empty data directory, which may fetch from the site."""
    return Program(tmp_path / "data", (("AMICUS_FETCH__ALLOW_HOSTS", web.host),))


async def run(amicus: Program, *words: str) -> Ended:
    """The command, beside the site."""
    return await asyncio.to_thread(amicus, *words)


async def objects(amicus: Program, *words: str) -> list[dict[str, Any]]:
    return (await run(amicus, *words, "--json")).objects


async def added(amicus: Program, web: Web, *options: str) -> str:
    """The number of the site's feed, followed."""
    [feed] = await objects(amicus, "feed", "add", web.url("/feed"), *options)
    return str(feed["feed"])


async def test_a_feed_is_followed_and_listed(amicus: Program, web: Web) -> None:
    ended = await run(amicus, "feed", "add", web.url("/feed"))
    assert ended.code == 0
    assert ended.out == f"added          feed 1, review: The Daily Courier ({web.url('/feed')})\n"
    assert "It has 1 item;" in ended.err
    listed = await run(amicus, "feed")
    assert [line.split()[:3] for line in listed.out.splitlines()] == [
        ["NUMBER", "MODE", "STATE"],
        ["1", "review", "well"],
    ]
    [feed] = await objects(amicus, "feed", "list")
    assert list(feed) == FEED
    assert (feed["url"], feed["mode"], feed["checked_at"], feed["problem"]) == (web.url("/feed"), "review", None, None)


async def test_what_is_no_feed_is_rejected_with_the_reason(amicus: Program, web: Web) -> None:
    ended = await run(amicus, "feed", "add", web.url("/nowhere"), "--json")
    [found] = ended.objects
    assert (ended.code, list(found), found["outcome"]) == (3, ["outcome", "url", "reason"], "rejected")
    assert found["reason"]
    assert await objects(amicus, "feed") == []


async def test_a_feed_is_followed_once(amicus: Program, web: Web) -> None:
    await added(amicus, web)
    again = await run(amicus, "feed", "add", web.url("/feed"))
    assert (again.code, again.out) == (2, "")


async def test_a_preview_tells_what_would_become_of_each_item_and_stores_nothing(amicus: Program, web: Web) -> None:
    ended = await run(amicus, "feed", "preview", web.url("/feed"), "--json")
    assert ended.code == 0
    assert [list(one) for one in ended.objects] == [ITEM]
    assert [(one["stage"], one["key"], one["draft"]) for one in ended.objects] == [("review", None, None)]
    told = await run(amicus, "feed", "preview", web.url("/feed"), "--mode", "direct")
    assert f"Apples in court ({web.url('/apples')})" in told.out
    assert told.err == "1 item; nothing was stored.\n"
    assert await objects(amicus, "queue") == []


async def test_a_look_puts_items_into_the_queue_once_or_straight_in(amicus: Program, web: Web) -> None:
    number = await added(amicus, web)
    looked = await objects(amicus, "feed", "poll", number)
    assert [one["stage"] for one in looked] == ["review"]
    assert {one["draft"] for one in looked} == {one["draft"] for one in await objects(amicus, "queue")}
    [known] = await objects(amicus, "feed", "preview", number)
    assert (known["stage"], known["feed"]) == ("seen", int(number))
    again = await run(amicus, "feed", "poll")
    assert (again.code, again.out, again.err) == (0, "", "Feed 1 (The Daily Courier): nothing new\n")
    own = await run(amicus, "feed", "add", web.url("/feed"), "--mode", "direct", "--collection", "guild:5")
    assert own.code == 0
    stored = await run(amicus, "feed", "poll", "--collection", "guild:5")
    assert [line.split()[0] for line in stored.out.splitlines()] == ["stored"]
    assert "1 new item, 1 stored, 0 to review" in stored.err
    assert len(await objects(amicus, "articles", "--collection", "guild:5")) == 1
    assert await objects(amicus, "articles") == []


async def test_a_feed_that_fails_is_told_by_its_look_by_the_list_and_by_check(amicus: Program, web: Web) -> None:
    number = await added(amicus, web)
    web.status("/feed", 500)
    ended = await run(amicus, "feed", "poll", number)
    assert ended.code == 3
    assert "Feed 1 (The Daily Courier): " in ended.err
    listed = await run(amicus, "feed", "list")
    assert "failing (1)" in listed.out
    [finding] = [one for one in await objects(amicus, "check") if one["subject"] == "feeds"]
    assert (finding["level"], "1 failure in a row" in finding["found"]) == ("warn", True)
    assert "amicus feed poll 1" in finding["remedy"]


async def test_check_tells_of_feeds_that_failures_have_paused_and_of_drafts_that_wait(
    amicus: Program, web: Web
) -> None:
    await run(amicus, "feed", "poll", await added(amicus, web))
    web.status("/feed", 410)
    await run(amicus, "feed", "poll")
    findings = {one["subject"]: one for one in await objects(amicus, "check")}
    assert "amicus feed resume 1 or amicus feed remove 1" in findings["feeds"]["remedy"]
    assert findings["queue"]["found"] == "1 draft for the library to be reviewed"
    assert findings["queue"]["level"] == "ok"


async def test_a_paused_feed_is_not_looked_at_until_it_is_resumed(amicus: Program, web: Web) -> None:
    number = await added(amicus, web)
    [paused] = await objects(amicus, "feed", "pause", number)
    assert (list(paused), paused["outcome"], paused["paused"]) == (["outcome", *FEED], "paused", True)
    assert (await run(amicus, "feed", "pause", number)).code == 2
    one = await run(amicus, "feed", "poll", number)
    assert (one.code, one.out) == (2, "")
    assert "amicus feed resume 1 ends that" in one.err
    assert (await run(amicus, "feed", "poll")).err == "There is no feed to look at in library.\n"
    [resumed] = await objects(amicus, "feed", "resume", number)
    assert (resumed["outcome"], resumed["paused"]) == ("resumed", False)


async def test_a_removed_feed_is_followed_no_more(amicus: Program, web: Web) -> None:
    number = await added(amicus, web)
    [removed] = await objects(amicus, "feed", "remove", number)
    assert (removed["outcome"], removed["url"]) == ("removed", web.url("/feed"))
    assert await objects(amicus, "feed", "list") == []


@pytest.mark.parametrize("words", [["remove"], ["pause"], ["resume"], ["preview"], ["poll"]])
async def test_a_feed_of_another_collection_is_as_one_that_never_was(
    amicus: Program, web: Web, words: list[str]
) -> None:
    number = await added(amicus, web)
    other = await run(amicus, "feed", *words, number, "--collection", "guild:5")
    never = await run(amicus, "feed", *words, "99", "--collection", "guild:5")
    assert (other.code, never.code, other.out, never.out) == (2, 2, "", "")
    assert other.err.replace(number, "N") == never.err.replace("99", "N")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["feed", "add"], "URL"),
        (["feed", "add", "https://news.example/feed", "--mode", "often"], "often"),
        (["feed", "remove", "one"], "NUMBER"),
        (["feed", "follow", "x"], "follow"),
        (["feed", "list", "--collection", "x"], "library or guild:ID"),
    ],
)
async def test_wrong_usage_of_feeds_leaves_code_2(amicus: Program, words: list[str], told: str) -> None:
    ended = await run(amicus, *words)
    assert (ended.code, ended.out) == (2, "")
    assert told in ended.err
