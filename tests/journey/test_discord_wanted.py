"""What members miss, through the real client: a refusal's button, and the list that the moderators work off."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from retrieval.model import NotInCorpus
from tests.discord.commandline import CommandError
from tests.discord.world import EVERYONE, Permission
from tests.fakes.discord_bot import QUESTION, desk_stage, stage

if TYPE_CHECKING:
    from pathlib import Path

    from tests.discord.driver import Member
    from tests.discord.messages import Message
    from tests.fakes.discord_bot import DeskStage

MISSING = "who founded Zebra Corp.?"
OTHER = "when was the bridge of Ostrey opened?"
REQUEST = "Request an article"


async def refused(member: Member, question: str = MISSING) -> Message:
    """The refusal of a question that the corpus does not answer."""
    message = (await member.slash("ask", question=question)).message
    assert "does not answer" in message.text
    return message


async def request(member: Member, question: str = MISSING) -> str:
    """What a member is told who asks and presses Request."""
    return (await (await member.press(await refused(member, question), REQUEST)).followup()).text


async def wanted(member: Member) -> Message:
    """The list as a moderator sees it."""
    reply = await member.slash("wanted")
    assert reply.ephemeral
    return reply.message


def other_moderator(here: DeskStage) -> Member:
    return here.server.member("eve", here.guild, permissions=EVERYONE | Permission.MANAGE_MESSAGES)


async def test_a_refusal_offers_to_request_an_article_and_one_press_puts_it_on_the_list(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        message = await refused(here.ann)
        before = message.text
        reply = await here.ann.press(message, REQUEST)
        told = await reply.followup()
        assert told.ephemeral
        assert "on the moderators' list now" in told.text
        assert message.text == before
        text = (await wanted(here.mod)).text
        assert "1 wanted topic" in text
        assert f"> {MISSING}" in text
        assert "**1 member**" in text


async def test_equal_requests_are_merged_and_each_member_counts_once(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        message = await refused(here.ann)
        bob = here.server.member("bob", here.guild)
        await here.ann.press(message, REQUEST)
        assert "2 members want it now" in (await (await bob.press(message, REQUEST)).followup()).text
        assert "before" in (await (await bob.press(message, REQUEST)).followup()).text
        assert "before. 2 members want one" in await request(here.ann, "Who founded Zebra Corp?")
        assert "**2 members**" in (await wanted(here.mod)).text


async def test_many_presses_at_once_count_one_member(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        message = await refused(here.ann)
        await asyncio.gather(*(here.ann.press(message, REQUEST) for _ in range(4)))
        assert "**1 member**" in (await wanted(here.mod)).text


async def test_a_private_refusal_offers_it_too(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        message = (await here.ann.slash("ask", question=MISSING, private=True)).message
        await here.ann.press(message, REQUEST)
        assert MISSING in (await wanted(here.mod)).text


async def test_direct_messages_answers_and_searches_offer_no_request(tmp_path: Path) -> None:
    async with stage(tmp_path, told={QUESTION: NotInCorpus(0.1, "No article covers this.")}) as here:
        assert REQUEST in (await here.member().slash("ask", question=QUESTION)).message.labels()
        alone = here.server.member("ann")
        assert REQUEST not in (await alone.slash("ask", question=QUESTION)).message.labels()
        assert REQUEST not in (await here.member().slash("search", words="Zebra")).message.labels()
    async with stage(tmp_path / "answered") as here:
        assert REQUEST not in (await here.member().slash("ask", question=QUESTION)).message.labels()


async def test_the_button_works_after_a_restart_and_not_once_the_answer_has_expired(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        message = await refused(here.ann)
        await here.restarted()
        assert "first to ask" in (await (await here.ann.press(message, REQUEST)).followup()).text
        here.clock.advance(timedelta(days=31))
        assert "expired" in (await (await here.ann.press(message, REQUEST)).followup()).text


async def test_the_list_is_for_moderators(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        with pytest.raises(CommandError):
            await here.ann.slash("wanted")
        here.open_to_everyone("wanted")
        assert "This is for moderators" in (await wanted(here.ann)).text
        await request(here.ann)
        shown = await wanted(here.mod)
        here.mod.permissions = EVERYONE
        for label in ("Done", "Dismiss"):
            told = await here.mod.press(shown, label)
            assert "This is for moderators" in told.message.text
        here.mod.permissions |= Permission.MANAGE_MESSAGES
        assert "1 wanted topic" in (await wanted(here.mod)).text


async def test_an_empty_list_says_so(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        assert "Nothing is wanted" in (await wanted(here.mod)).text


@pytest.mark.parametrize(("label", "word"), [("Done", "marked as done"), ("Dismiss", "dismissed")])
async def test_a_topic_that_was_decided_on_leaves_the_list(tmp_path: Path, label: str, word: str) -> None:
    async with desk_stage(tmp_path) as here:
        await request(here.ann)
        shown = await wanted(here.mod)
        await here.restarted()
        await here.mod.press(shown, label)
        assert f"“{MISSING}” was {word}." in shown.text
        assert "Nothing is wanted" in shown.text
        assert "first to ask" in await request(here.ann)


async def test_the_second_of_two_moderators_is_told_who_was_faster(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        await request(here.ann)
        eve = other_moderator(here)
        first, second = await wanted(here.mod), await wanted(eve)
        await here.mod.press(first, "Done")
        await eve.press(second, "Dismiss")
        assert f"was marked as done already by {here.mod.mention}" in second.text


async def test_a_double_press_decides_once(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        await request(here.ann)
        shown = await wanted(here.mod)
        await asyncio.gather(*(here.mod.press(shown, "Done") for _ in range(2)))
        acts = await here.app.store.audit((here.own,), limit=10)
        assert [one.action for one in acts] == ["wanted done", "request"]


async def test_the_most_wanted_stands_first_and_many_stand_on_pages(tmp_path: Path) -> None:
    limits = {"member_per_minute": 600, "member_burst": 100}
    async with desk_stage(tmp_path, limits=limits) as here:
        for number in range(6):
            await request(here.ann, f"who founded company {'abcdefghij'[number] * 5}?")
            here.clock.advance(timedelta(minutes=1))
        await request(here.server.member("bob", here.guild), "who founded company ccccc?")
        shown = await wanted(here.mod)
        first = shown.text
        assert "Page 1 of 2" in first
        assert first.index("ccccc") < first.index("fffff") < first.index("bbbbb")
        assert "aaaaa" not in first
        await here.restarted()
        await here.mod.press(shown, "Next")
        assert "aaaaa" in shown.text
        assert "ccccc" not in shown.text
        await here.mod.press(shown, "Done")
        assert "ccccc" in shown.text, "the last page is gone, so the one before is shown"


async def test_a_guild_sees_its_own_requests_only(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        await request(here.ann)
        shown = await wanted(here.mod)
        other = here.server.guild("Elsewhere")
        zoe = here.server.member("zoe", other, permissions=EVERYONE | Permission.MANAGE_MESSAGES)
        assert "Nothing is wanted" in (await wanted(zoe)).text
        await request(zoe)
        theirs = await wanted(zoe)
        assert "**1 member**" in theirs.text
        await here.mod.press(shown, "Done")
        assert "1 wanted topic" in (await wanted(zoe)).text


async def test_hostile_topics_are_shown_as_text(tmp_path: Path) -> None:
    hostile = "who is @everyone <@1> [win](https://evil.example) **x**?"
    async with desk_stage(tmp_path) as here:
        told = await request(here.ann, hostile)
        shown = await wanted(here.mod)
        for text in (told, shown.text):
            assert "\\@everyone \\<\\@1\\> \\[win\\](https\\://evil.example) \\*\\*x\\*\\*" in text
        assert not shown.pings
