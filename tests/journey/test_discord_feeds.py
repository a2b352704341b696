"""Feeds, through the real client: followed, listed, paused, previewed, polled from a site on this machine."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from corpus.drafts import FeedMode
from tests.discord.commandline import CommandError
from tests.discord.world import EVERYONE, Permission
from tests.fakes.discord_bot import desk_stage
from tests.fakes.feeds import item, rss
from tests.fakes.pages import html_page

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from corpus.drafts import Feed
    from tests.discord.driver import Member
    from tests.discord.messages import Message
    from tests.fakes.discord_bot import DeskStage

_NAMES = ("Arbor", "Birch", "Cedar", "Dogwood", "Elder", "Fir", "Ginkgo", "Hazel", "Ivy", "Juniper")


def page(name: str, *, sentences: int = 12) -> str:
    """A page with an article on a company of that name, like no other."""
    said = [
        f"{name} {_NAMES[n % 10]} told the court in week {n} why {name} owes {n} dollars." for n in range(sentences)
    ]
    return html_page(said, title=f"{name} goes to court")


def publish(here: DeskStage, *names: str, etag: str | None = None, title: str = "The Daily Courier") -> str:
    """The feed holds an item with an article for each name; gives its link."""
    for name in names:
        here.web.page(f"/{name}", page(name))
    items = (item(title=f"{name} goes to court", link=here.web.url(f"/{name}"), guid=name) for name in names)
    return here.web.feed("/feed", rss(*items, title=title).decode(), etag=etag)


async def add(member: Member, url: str, **options: str | bool) -> Message:
    """What a member is told who adds the feed."""
    reply = await member.slash("feed add", url=url, **options)
    assert reply.ephemeral
    return reply.message


async def listed(member: Member, **options: bool) -> str:
    return (await member.slash("feed list", **options)).message.text


async def only_feed(here: DeskStage) -> Feed:
    [feed] = await here.app.store.feeds((here.own,))
    return feed


async def poll(here: DeskStage) -> None:
    """All feeds that are due are polled, by the bot's own round or by this one."""
    await here.app.feeds.poll_due(here.clock())
    await until(here, lambda feed: feed.checked_at is not None and feed.checked_at >= here.clock())


async def until(here: DeskStage, is_so: Callable[[Feed], bool]) -> None:
    """It is so of all feeds of the guild and the library: the bot's own round may be at it."""
    async with asyncio.timeout(10):
        while not all(map(is_so, await here.app.store.feeds((here.own, here.library)))):  # noqa: ASYNC110 - no event
            await asyncio.sleep(0.05)


def stranger(here: DeskStage) -> Member:
    """A moderator of another guild."""
    return here.server.member("zoe", here.server.guild("Elsewhere"), permissions=EVERYONE | Permission.MANAGE_MESSAGES)


async def test_a_feed_is_followed_and_its_items_wait_for_review(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        told = (await add(here.mod, publish(here, "Ash"))).text
        assert "### Followed\n**The Daily Courier**" in told
        assert "It has 1 item at the moment; its items wait for review." in told
        await poll(here)
        assert await here.app.store.queue_length((here.own,)) == 1
        assert await here.app.store.count((here.own,)) == 0
        text = await listed(here.mod)
        assert "1 feed" in text
        assert "0 stored · 1 put up for review · 0 passed over" in text
        assert "Last look <t:" in text
        assert f"Added by {here.mod.mention}" in text


async def test_the_items_of_a_direct_feed_are_stored(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        url = publish(here, "Ash", "Beech")
        assert "stored without review" in (await add(here.mod, url, mode="direct")).text
        await poll(here)
        stored = await here.app.store.articles((here.own,), limit=10)
        assert {one.title for one in stored} == {"Ash goes to court", "Beech goes to court"}
        assert "2 stored · 0 put up for review" in await listed(here.mod)


async def test_an_unchanged_feed_is_asked_for_with_its_etag_and_nothing_happens(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        await add(here.mod, publish(here, "Ash", etag='"one"'), mode="direct")
        await poll(here)
        here.clock.advance(timedelta(hours=1))
        asked = here.web.asked("/feed")
        await poll(here)
        assert here.web.asked("/feed") == asked + 1
        assert here.web.requests[-1].headers.get("If-None-Match") == '"one"'
        assert "1 stored · 0 put up for review · 0 passed over" in await listed(here.mod)


@pytest.mark.parametrize("path", ["/page", "/gone", "/broken"])
async def test_what_is_no_feed_is_refused_with_the_reason(tmp_path: Path, path: str) -> None:
    async with desk_stage(tmp_path) as here:
        here.web.page("/page", page("Ash"))
        here.web.status("/broken", 500)
        told = (await add(here.mod, here.web.url(path))).text
        assert (
            told
            == {
                "/page": "It is a page, not a feed, and it names none.",
                "/gone": told,
                "/broken": told,
            }[path]
        )
        assert "Followed" not in told
        assert "No feed is followed" in await listed(here.mod)


async def test_a_hostile_link_is_refused_and_nothing_is_asked(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        told = (await add(here.mod, "http://169.254.169.254/latest/meta-data")).text
        assert "Followed" not in told
        assert here.web.requests == []


async def test_a_feed_that_is_followed_already_is_not_added_again(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        url = publish(here, "Ash")
        await add(here.mod, url)
        assert "followed already" in (await add(here.mod, url)).text


async def test_no_more_feeds_are_added_than_the_operator_allows(tmp_path: Path) -> None:
    async with desk_stage(tmp_path, feeds={"per_guild": 1}) as here:
        await add(here.mod, publish(here, "Ash"))
        assert "Remove one first" in (await add(here.mod, here.web.url("/other"))).text


async def test_two_moderators_add_one_feed_at_once_and_it_is_followed_once(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        url = publish(here, "Ash")
        told = await asyncio.gather(*(add(member, url) for member in (here.mod, here.admin)))
        assert sorted("Followed" in one.text for one in told) == [False, True]
        await only_feed(here)


async def test_a_dead_feed_shows_its_problem_in_the_list(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        await add(here.mod, publish(here, "Ash"))
        await poll(here)
        here.web.status("/feed", 404)
        for _ in range(2):
            here.clock.advance(timedelta(days=1, hours=3))
            await poll(here)
        text = await listed(here.mod)
        assert "**Problem:** " in text
        assert "(2 failed looks in a row)" in text


async def test_a_feed_is_paused_and_goes_on(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        await add(here.mod, publish(here, "Ash"))
        await poll(here)
        [(name, value)] = await here.mod.autocomplete("feed pause", "feed", "courier")
        assert name.startswith("The Daily Courier")
        assert "is paused" in (await here.mod.slash("feed pause", feed=str(value))).message.text
        assert "**Paused**" in await listed(here.mod)
        here.clock.advance(timedelta(days=2))
        assert await here.app.feeds.poll_due(here.clock()) == 0
        assert "is looked at again" in (await here.mod.slash("feed pause", feed="The Daily Courier")).message.text
        assert "**Paused**" not in await listed(here.mod)


async def test_two_moderators_pause_at_once_and_nothing_flips_back(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        await add(here.mod, publish(here, "Ash"))
        told = [await here.mod.start("feed pause", feed="1"), await here.admin.start("feed pause", feed="1")]
        texts = [(await who.finish(one)).message.text for who, one in zip((here.mod, here.admin), told, strict=True)]
        acts = [one.action for one in await here.app.store.audit((here.own,), limit=10)]
        assert acts.count("pause feed") == 1
        assert sum("is paused." in text for text in texts) == 1


async def test_a_feed_is_removed_and_what_came_of_it_stays(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        url = publish(here, "Ash")
        await add(here.mod, url, mode="direct")
        await poll(here)
        assert "followed no longer" in (await here.mod.slash("feed remove", feed=url)).message.text
        assert "No feed is followed" in await listed(here.mod)
        assert await here.app.store.count((here.own,)) == 1
        assert "There is no such feed here" in (await here.mod.slash("feed remove", feed="1")).message.text


async def test_a_preview_tells_of_every_item_how_far_it_would_come(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        here.web.page("/Short", page("Short", sentences=2))
        items = (
            item(title="Short goes to court", link=here.web.url("/Short"), guid="a"),
            item(title="Gone", link=here.web.url("/gone"), guid="b"),
            item(title="No link", guid="c"),
        )
        url = here.web.feed("/feed", rss(*items).decode())
        message = (await here.mod.slash("feed preview", feed=url)).message
        assert message.ephemeral
        assert "Of 3 items, 1 would wait for review and 2 would not come in." in message.text
        for line in (
            "**Short goes to court**",
            "Would wait for review",
            "Stops when its page is fetched: ",
            "**No link**",
        ):
            assert line in message.text
        assert "Stops at its link: It has no link to a page." in message.text
        assert await here.app.store.feeds((here.own,)) == []
        assert await here.app.store.queue_length((here.own,)) == 0


async def test_a_followed_feed_is_previewed_in_its_own_mode_with_what_was_dealt_with(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        url = publish(here, "Ash")
        await add(here.mod, url, mode="direct")
        await poll(here)
        publish(here, "Beech", "Ash")
        message = (await here.mod.slash("feed preview", feed=url)).message
        assert "Of 2 items, 1 would be stored and 1 would not come in." in message.text
        assert "Dealt with before" in message.text


async def test_a_preview_stands_on_pages_and_its_buttons_outlive_a_restart(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        url = here.web.feed("/feed", rss(*(item(title=f"Story {n}.", guid=str(n)) for n in range(20))).decode())
        message = (await here.mod.slash("feed preview", feed=url)).message
        seen = message.text
        await here.restarted()
        here.web.take_away("/feed")
        while not message.button("Next").disabled:
            await here.mod.press(message, "Next")
            seen += message.text
        assert all(seen.count(f"Story {n}.") == 1 for n in range(20))
        await here.mod.press(message, "Previous")
        here.mod.permissions = EVERYONE
        assert "This is for moderators" in (await here.mod.press(message, "Next")).message.text
        here.mod.permissions |= Permission.MANAGE_MESSAGES
        here.clock.advance(timedelta(days=2))
        await here.mod.press(message, "Next")
        assert "has expired" in message.text


async def test_a_preview_of_what_is_no_feed_says_so(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        here.web.page("/page", page("Ash"))
        text = (await here.mod.slash("feed preview", feed=here.web.url("/page"))).message.text
        assert text == "It is a page, not a feed, and it names none."
        assert "There is no such feed here" in (await here.mod.slash("feed preview", feed="nonsense")).message.text


async def test_feeds_are_for_moderators(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        url = publish(here, "Ash")
        await add(here.mod, url)
        asked = len(here.web.requests)
        with pytest.raises(CommandError):
            await here.ann.slash("feed list")
        here.open_to_everyone("feed")
        for command, options in (
            ("add", {"url": here.web.url("/other")}),
            ("list", {}),
            ("remove", {"feed": "1"}),
            ("pause", {"feed": "1"}),
            ("preview", {"feed": url}),
        ):
            reply = await here.ann.slash(f"feed {command}", **options)
            assert reply.ephemeral
            assert "This is for moderators" in reply.message.text
        assert await here.ann.autocomplete("feed remove", "feed", "") == []
        assert not (await only_feed(here)).paused
        assert len(here.web.requests) <= asked + 3, "no more than the bot's own round asks for"


async def test_a_list_stands_on_pages_that_only_moderators_turn(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        for n in range(7):
            feed = rss(title=f"Paper {n}").decode()
            await here.app.store.add_feed(
                here.own, here.web.feed(f"/{n}", feed), f"Paper {n}", FeedMode.REVIEW, by="discord:1", now=here.clock()
            )
        message = (await here.mod.slash("feed list")).message
        assert "Page 1 of 2" in message.text
        await here.restarted()
        await here.mod.press(message, "Next")
        assert "Paper 6" in message.text
        here.mod.permissions = EVERYONE
        assert "This is for moderators" in (await here.mod.press(message, "Previous")).message.text


async def test_the_librarys_feeds_are_for_its_editors(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        assert "The library is shared" in (await add(here.mod, publish(here, "Ash"), library=True)).text
        assert here.web.requests == []
    async with desk_stage(tmp_path / "in", in_library=True) as here:
        await add(here.mod, publish(here, "Ash"), library=True)
        assert "1 feed" in await listed(here.mod, library=True)
        assert "No feed is followed" in await listed(here.mod)
        assert await here.mod.autocomplete("feed pause", "feed", "", library=True)
        assert not await here.mod.autocomplete("feed pause", "feed", "")


async def test_a_guild_sees_and_changes_its_own_feeds_only(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        url = publish(here, "Ash")
        await add(here.mod, url)
        zoe = stranger(here)
        assert "No feed is followed" in await listed(zoe)
        assert await zoe.autocomplete("feed remove", "feed", "") == []
        never = (await zoe.slash("feed remove", feed="99")).message.text
        for name in ("1", url, "The Daily Courier"):
            for command in ("feed remove", "feed pause"):
                assert (await zoe.slash(command, feed=name)).message.text == never
        assert not (await only_feed(here)).paused
        assert "Followed" in (await add(zoe, url)).text


async def test_hostile_titles_are_shown_as_text(tmp_path: Path) -> None:
    hostile = "@everyone [win](https://evil.example) **x** ||y||"
    async with desk_stage(tmp_path) as here:
        url = publish(here, "Ash", title=hostile)
        for text in ((await add(here.mod, url)).text, await listed(here.mod)):
            assert "\\@everyone \\[win\\](https\\://evil.example) \\*\\*x\\*\\* \\|\\|y\\|\\|" in text
