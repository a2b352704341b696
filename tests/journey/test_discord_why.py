"""“Why this?” through the real client: how an answer came about, for moderators, privately."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from retrieval.model import NeedsDetail, NotInCorpus, Partial
from tests.discord import DiscordStandIn
from tests.discord.world import EVERYONE, Permission
from tests.fakes.discord_app import START, answered, corpus, fake_app, passages_of, quote
from tests.fakes.discord_bot import EPIC, PARLER, QUESTION, ROTHSTEIN, SENTENCE, running, stage

if TYPE_CHECKING:
    from pathlib import Path

    from retrieval.model import Answer
    from tests.discord.driver import Member
    from tests.fakes.discord_bot import Stage

MANY = answered(*(quote(EPIC, f.text, number=n) for n, f in enumerate(passages_of(EPIC) * 4, 1)))


def moderator(here: Stage, name: str = "mod", may: Permission = Permission.MANAGE_MESSAGES) -> Member:
    """A member of the guild with this permission besides everybody's."""
    return here.server.member(name, here.guild, permissions=EVERYONE | may)


@pytest.mark.parametrize("may", [Permission.MANAGE_MESSAGES, Permission.ADMINISTRATOR])
async def test_a_moderator_sees_privately_how_an_answer_came_about(tmp_path: Path, may: Permission) -> None:
    async with stage(tmp_path) as here:
        message = (await here.member("ann").slash("ask", question=QUESTION, publication="CNBC")).message
        before = message.text
        here.app.now.advance(timedelta(days=3))
        shown = await (await moderator(here, may=may).press(message, "Why this?")).followup()
        assert shown.ephemeral
        head, text = shown.texts()
        assert head == "### Why this?"
        for line in (
            f"**The question as it was read**\n> {QUESTION}\nWanted: person\nCase: Parler v. AWS",
            f"**Passages found**\n1\\. {PARLER.title}, CNBC, 21 January 2021",
            f"> {SENTENCE}\n-# Score 3.00: parler 2.00, judge 1.00",
            f"**Sentences weighed**\n1\\. {PARLER.title}, CNBC, 21 January 2021\n> {SENTENCE}",
            "Confidence 80%, short answer: Barbara Rothstein",
            "-# Score 2.00: its article is about the case 2.50, to begin with −0.50",
            "**Outcome**\nAnswered, confidence 90%\nWhy: It is the best of what was found.",
        ):
            assert line in text
        assert message.text == before
        [again] = here.app.asker.explained
        assert again == here.app.asker.asked[0]
        assert again.as_of == START


async def test_others_are_told_privately_that_it_is_for_moderators(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        ann = here.member("ann")
        message = (await ann.slash("ask", question=QUESTION)).message
        for member in (ann, here.member("bob"), moderator(here, may=Permission.MANAGE_CHANNELS)):
            notice = await (await member.press(message, "Why this?")).followup()
            assert notice.ephemeral
            assert "for moderators" in notice.text
        assert here.app.asker.explained == []


async def test_in_direct_messages_the_asker_sees_it(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        ann = here.server.member("ann")
        message = (await ann.slash("ask", question=QUESTION)).message
        shown = await (await ann.press(message, "Why this?")).followup()
        assert "**Outcome**" in shown.text


@pytest.mark.parametrize(
    "answer",
    [
        Partial(0.5, (quote(PARLER, SENTENCE),), "The day is not stated."),
        NotInCorpus(0.1, "No article covers this."),
        NeedsDetail(0.1, "Which?", ("A v. B", "C v. D")),
    ],
)
async def test_every_outcome_can_be_explained(tmp_path: Path, answer: Answer) -> None:
    async with stage(tmp_path, told={QUESTION: answer}) as here:
        mod = moderator(here)
        message = (await mod.slash("ask", question=QUESTION)).message
        shown = await (await mod.press(message, "Why this?")).followup()
        assert "**Outcome**" in shown.text


async def test_a_search_is_not_explained(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        here.app.asker.found = passages_of(EPIC)
        assert "Why this?" not in (await here.member().slash("search", words="Apple")).message.labels()


async def test_a_long_explanation_stands_on_pages(tmp_path: Path) -> None:
    async with stage(tmp_path, told={QUESTION: MANY}) as here:
        mod = moderator(here)
        message = (await mod.slash("ask", question=QUESTION)).message
        shown = await (await mod.press(message, "Why this?")).followup()
        seen = [shown.text]
        assert shown.button("Previous").disabled
        while not shown.button("Next").disabled:
            await mod.press(shown, "Next")
            seen.append(shown.text)
        assert len(seen) > 2
        whole = "\n".join(seen)
        for number in range(1, 29):
            assert whole.count(f"\n{number}\\. Epic loses") == 2
        await mod.press(shown, "Previous")
        assert shown.text == seen[-2]


async def test_who_is_no_moderator_any_more_turns_no_page(tmp_path: Path) -> None:
    async with stage(tmp_path, told={QUESTION: MANY}) as here:
        mod = moderator(here)
        message = (await mod.slash("ask", question=QUESTION)).message
        shown = await (await mod.press(message, "Why this?")).followup()
        await here.member("mod").press(shown, "Next")
        assert "for moderators" in shown.text
        assert "Epic" not in shown.text


async def test_it_works_after_a_restart_and_over_several_pages(tmp_path: Path) -> None:
    async with DiscordStandIn() as server:
        guild = server.guild("Newsroom")
        mod = server.member("mod", guild, permissions=EVERYONE | Permission.MANAGE_MESSAGES)
        async with fake_app(tmp_path, [EPIC], {QUESTION: MANY}) as app, running(server, app):
            message = (await mod.slash("ask", question=QUESTION)).message
        async with fake_app(tmp_path, [EPIC], {QUESTION: MANY}) as app, running(server, app):
            shown = await (await mod.press(message, "Why this?")).followup()
        async with fake_app(tmp_path, [EPIC], {QUESTION: MANY}) as app, running(server, app):
            await mod.press(shown, "Next")
            assert "Page 2 of" in shown.text
        server.assert_clean()


async def test_an_expired_answer_is_not_explained(tmp_path: Path) -> None:
    async with stage(tmp_path, told={QUESTION: MANY}) as here:
        mod = moderator(here)
        message = (await mod.slash("ask", question=QUESTION)).message
        shown = await (await mod.press(message, "Why this?")).followup()
        here.app.now.advance(timedelta(days=30))
        assert "has expired" in (await (await mod.press(message, "Why this?")).followup()).text
        await mod.press(shown, "Next")
        assert "has expired" in shown.text


async def test_a_removed_article_disappears_from_the_answer_when_it_is_to_be_explained(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        mod = moderator(here)
        message = (await here.member("ann").slash("ask", question=QUESTION)).message
        here.app.store.remove(PARLER)
        here.app.asker.told[QUESTION] = NotInCorpus(0.1, "No article covers Parler v. AWS.")
        shown = await (await mod.press(message, "Why this?")).followup()
        assert "Rothstein" not in message.text
        assert "Rothstein" not in shown.text
        assert "Not in the corpus" in shown.text


async def test_an_explanation_counts_as_a_question(tmp_path: Path) -> None:
    async with stage(tmp_path, limits={"member_burst": 1}) as here:
        mod = moderator(here)
        message = (await here.member("ann").slash("ask", question=QUESTION)).message
        assert "**Outcome**" in (await (await mod.press(message, "Why this?")).followup()).text
        assert "Try again <t:" in (await (await mod.press(message, "Why this?")).followup()).text


async def test_a_shared_answer_is_explained_as_the_private_one(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        ann = here.member("ann")
        private = (await ann.slash("ask", question=QUESTION, private=True)).message
        shared = await (await ann.press(private, "Share")).followup()
        shown = await (await moderator(here).press(shared, "Why this?")).followup()
        assert "**Outcome**" in shown.text


async def test_hostile_text_in_an_explanation_is_shown_as_text(tmp_path: Path) -> None:
    hostile = corpus("# k | @everyone [win](https://evil.example) | <#5>\n@everyone <@1> ||x|| **Rothstein** `code`.")[
        0
    ]
    question = "who is <@&7> @everyone **bold** in Parler v. AWS?"
    told = {question: answered(replace(quote(hostile, hostile.text, "Rothstein"), why="@here"))}
    async with stage(tmp_path, [hostile], told) as here:
        mod = moderator(here)
        message = (await mod.slash("ask", question=question)).message
        shown = await (await mod.press(message, "Why this?")).followup()
        assert not shown.pings
        assert "\\@everyone \\<\\@1\\> \\|\\|x\\|\\| \\*\\*Rothstein\\*\\* \\`code\\`." in shown.text
        assert "[win](" not in shown.text


async def test_what_fails_is_told_with_an_incident_number(tmp_path: Path) -> None:
    async with stage(tmp_path, told={QUESTION: ROTHSTEIN}) as here:
        mod = moderator(here)
        message = (await mod.slash("ask", question=QUESTION)).message
        here.app.asker.broken = RuntimeError("broken")
        assert "name the incident" in (await (await mod.press(message, "Why this?")).followup()).text
