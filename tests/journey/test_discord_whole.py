"""The whole application behind the real client: real store, real index, real answers; nothing of ours is a fake."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from bot.app import build_bot
from bot.config import Settings
from corpus.collection import LIBRARY, Collection
from corpus.drafts import Place
from corpus.model import Draft, Source, SourceKind
from tests.discord import DiscordStandIn
from tests.discord.world import EVERYONE, Permission
from tests.fakes.discord_bot import running

if TYPE_CHECKING:
    from pathlib import Path

    from bot.app import App

QUESTION = "who is the judge in Parler v. AWS?"
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PARLER = Draft(
    title="Judge refuses to order Amazon to restore Parler",
    text=(
        "A federal judge on Thursday refused to order Amazon to restore web service to Parler, the social network.\n\n"
        "U.S. District Judge Barbara Rothstein said that Parler was unlikely to prevail in its suit against Amazon Web "
        "Services. Parler sued Amazon Web Services after the company cut off its hosting on January 10."
    ),
    raw_text="",
    source=Source(SourceKind.PASTE),
    key="parler",
    publication="CNBC",
    published=date(2021, 1, 21),
    url="https://example.com/parler",
)
OWN = Draft(
    title="Zebra Corp. settles with the Attorney General",
    text="Zebra Corp. agreed on Monday to pay $3 million to settle a privacy suit. Attorney General Jane Roe said so.",
    raw_text="",
    source=Source(SourceKind.PASTE),
    key="zebra",
    publication="Courier",
    published=date(2025, 5, 5),
)


def settings(folder: Path) -> Settings:
    return Settings.model_validate({"data_dir": str(folder), "corpus": {"starter": False}})


async def follow(app: App) -> None:
    """The index has applied all that the store holds."""
    async with asyncio.timeout(5):
        while app.index.last_change < await app.store.last_change():  # noqa: ASYNC110 - the index has no event for it
            await asyncio.sleep(0.01)


async def test_a_question_is_answered_from_an_article_and_its_removal_is_seen_at_the_next_press(tmp_path: Path) -> None:
    async with DiscordStandIn() as server, build_bot(settings(tmp_path), now=lambda: NOW) as app:
        await app.transfer.import_drafts([PARLER], LIBRARY, by="a test", now=NOW)
        ann = server.member("ann", server.guild("Newsroom"))
        async with running(server, app):
            await follow(app)
            reply = await ann.slash("ask", question=QUESTION)
            assert "## Barbara Rothstein" in reply.message.text
            assert "U.S. District Judge **Barbara Rothstein** said" in reply.message.text
            assert ("Read the article", "https://example.com/parler") in reply.message.links()
            await app.desk.remove(Place.of(LIBRARY), "parler", by="a test", now=NOW)
            await ann.press(reply.message, "Helpful")
            assert "Rothstein" not in reply.message.text
            await follow(app)
            again = await ann.slash("ask", question=QUESTION)
            assert "### The corpus does not answer this" in again.message.text
        server.assert_clean()


async def test_a_moderator_sees_how_an_answer_came_about_and_what_has_changed_since(tmp_path: Path) -> None:
    async with DiscordStandIn() as server, build_bot(settings(tmp_path), now=lambda: NOW) as app:
        await app.transfer.import_drafts([PARLER], LIBRARY, by="a test", now=NOW)
        mod = server.member("mod", server.guild("Newsroom"), permissions=EVERYONE | Permission.MANAGE_MESSAGES)
        async with running(server, app):
            await follow(app)
            message = (await mod.slash("ask", question=QUESTION)).message
            shown = await (await mod.press(message, "Why this?")).followup()
            assert "Case: Parler v. AWS" in shown.text
            assert "short answer: Barbara Rothstein" in shown.text
            await app.desk.remove(Place.of(LIBRARY), "parler", by="a test", now=NOW)
            await follow(app)
            again = await (await mod.press(message, "Why this?")).followup()
            assert "Rothstein" not in again.text
            assert "Not in the corpus" in again.text
        server.assert_clean()


async def test_a_guilds_own_article_is_found_there_and_nowhere_else(tmp_path: Path) -> None:
    async with DiscordStandIn() as server, build_bot(settings(tmp_path), now=lambda: NOW) as app:
        here, there = server.guild("Here"), server.guild("There")
        await app.transfer.import_drafts([OWN], Collection(here.id), by="a test", now=NOW)
        ann, bob = server.member("ann", here), server.member("bob", there)
        async with running(server, app):
            await follow(app)
            question = "How much did Zebra Corp. agree to pay?"
            assert "$3 million" in (await ann.slash("ask", question=question)).message.text
            for outsider in (bob, server.member("ann")):
                assert "$3 million" not in (await outsider.slash("ask", question=question)).message.text
                assert "Courier" not in (await outsider.slash("sources")).message.text
                assert await outsider.autocomplete("ask", "publication", "") == []
            assert "Courier" in (await ann.slash("search", words="Zebra")).message.text
        server.assert_clean()


async def test_buttons_work_after_a_restart_of_the_whole_application(tmp_path: Path) -> None:
    async with DiscordStandIn() as server:
        ann = server.member("ann", server.guild("Newsroom"))
        async with build_bot(settings(tmp_path), now=lambda: NOW) as app:
            await app.transfer.import_drafts([PARLER], LIBRARY, by="a test", now=NOW)
            async with running(server, app):
                await follow(app)
                message = (await ann.slash("ask", question=QUESTION)).message
        async with build_bot(settings(tmp_path), now=lambda: NOW) as app, running(server, app):
            first = next(button.custom_id for button in message.buttons() if button.label == "In context")
            context = await (await ann.press(message, custom_id=first)).followup()
            assert "**Barbara Rothstein**" in context.text
        server.assert_clean()


async def longest_stall(done: asyncio.Event) -> float:
    """The longest time, in seconds, for which the event loop did not get to a task that wanted to run every 2 ms."""
    loop, longest = asyncio.get_running_loop(), 0.0
    while not done.is_set():
        before = loop.time()
        await asyncio.sleep(0.002)
        longest = max(longest, loop.time() - before - 0.002)
    return longest


async def test_a_hundred_questions_at_once_are_all_acknowledged_in_time_and_answered(tmp_path: Path) -> None:
    async with DiscordStandIn() as server, build_bot(settings(tmp_path), now=lambda: NOW) as app:
        await app.transfer.import_drafts([PARLER], LIBRARY, by="a test", now=NOW)
        guilds = [server.guild(f"Newsroom {number}") for number in range(4)]
        people = [server.member(f"m{number}", guilds[number % 4]) for number in range(100)]
        async with running(server, app):
            await follow(app)
            done = asyncio.Event()
            stall = asyncio.create_task(longest_stall(done))
            replies = await asyncio.gather(*(person.slash("ask", question=QUESTION) for person in people))
            done.set()
            # Member, server and bot share one process and one loop here; the bot alone is well below.
            assert await stall < 1.0
        acknowledged = [reply.acknowledged_ms for reply in replies]
        assert max(acknowledged) < 3000
        assert all("## Barbara Rothstein" in reply.message.text for reply in replies)
        server.assert_clean()
