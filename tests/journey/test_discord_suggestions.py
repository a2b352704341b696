"""Suggestions and their review, through the real client: from a link to an answer, or to the reason why not."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from corpus.desk import Giver
from corpus.drafts import Details, DraftOrigin, FeedMode, Place, Preview
from tests.discord.commandline import CommandError
from tests.discord.world import EVERYONE, Permission
from tests.fakes.desk import story
from tests.fakes.discord_bot import desk_stage
from tests.fakes.pages import html_page

if TYPE_CHECKING:
    from pathlib import Path

    from tests.discord.commandline import File
    from tests.discord.driver import Member, Reply
    from tests.discord.messages import Message
    from tests.discord.modalform import Value
    from tests.discord.world import Channel
    from tests.fakes.discord_bot import DeskStage

TEXT = story(1, 2, 3, 4, 5, 6, 7, 8)


def page(here: DeskStage, *numbers: int, title: str = "Hall 1 hears company 1", path: str = "/a") -> str:
    """A page with an article; gives its link."""
    return here.web.page(path, html_page([story(number) for number in numbers or range(1, 9)], title=title))


async def suggested(member: Member, **options: str | bool) -> Message:
    """What a member is told who suggests something."""
    reply = await member.slash("suggest", **options)
    assert reply.ephemeral
    return reply.message


async def queue(member: Member, **options: bool) -> Message:
    """The queue as a moderator sees it."""
    reply = await member.slash("queue", **options)
    assert reply.ephemeral
    return reply.message


async def review_channel(here: DeskStage) -> Channel:
    """The channel that the guild's suggestions are announced in."""
    channel = here.server.channel(here.guild, "review")
    await set_channel(here, channel.id)
    return channel


async def set_channel(here: DeskStage, channel_id: int) -> None:
    await here.app.guilds.change(
        here.guild.id,
        lambda settings: replace(settings, review_channel=channel_id),
        by="discord:1",
        now=here.clock(),
    )


async def card_in(here: DeskStage, channel: Channel) -> Message:
    """What the bot has posted in the channel, once it is there."""
    async with asyncio.timeout(5):
        while not (posted := cards(here, channel)):  # noqa: ASYNC110 - no event for it
            await asyncio.sleep(0.01)
    [card] = posted
    return card


def cards(here: DeskStage, channel: Channel) -> list[Message]:
    return [one for one in here.server.messages if one.channel is channel and one.author is here.server.bot]


async def settled(message: Message, words: str) -> None:
    """The message says so, by now or soon."""
    async with asyncio.timeout(5):
        while words not in message.text:  # noqa: ASYNC110 - no event for it
            await asyncio.sleep(0.01)


async def inbox(member: Member, count: int = 1) -> list[str]:
    """The direct messages that a member has, once there are so many."""
    async with asyncio.timeout(5):
        while len(member.inbox()) < count:  # noqa: ASYNC110 - no event for it
            await asyncio.sleep(0.01)
    return [one.text for one in member.inbox()]


def another_moderator(here: DeskStage) -> Member:
    return here.server.member("eve", here.guild, permissions=EVERYONE | Permission.MANAGE_MESSAGES)


def stranger(here: DeskStage) -> Member:
    """A moderator of another guild."""
    return here.server.member("zoe", here.server.guild("Elsewhere"), permissions=EVERYONE | Permission.MANAGE_MESSAGES)


async def reject(member: Member, message: Message, reason: str = "It is an advertisement.") -> Reply:
    opened = await member.press(message, "Reject")
    return await member.submit(opened.modal, {"reason": reason})


class TestSuggesting:
    """Every member may suggest; they are told what was understood, and nothing else of the corpus."""

    async def test_a_link_is_read_and_waits_for_review(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            message = await suggested(here.ann, url=page(here))
            assert "### Thank you" in message.text
            assert "**Hall 1 hears company 1**" in message.text
            assert "A moderator looks at it" in message.text
            assert "direct message" not in message.text
            assert await here.app.store.queue_length((here.own,)) == 1
            assert await here.app.store.count((here.own,)) == 0

    async def test_a_text_is_suggested_with_and_without_its_link(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            message = await suggested(here.ann, text=TEXT, url="https://news.example/a", tell_me=True)
            assert f"{len(TEXT.split())} words" in message.text
            assert "https\\://news.example/a" in message.text
            assert "You will get a direct message" in message.text
            assert "### Thank you" in (await suggested(here.ann, text=story(20, 21))).text

    async def test_with_neither_there_is_a_form_that_outlives_a_restart(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            form = (await here.ann.slash("suggest", tell_me=True)).modal
            await here.restarted()
            fields: dict[str, Value | list[File]] = {
                "title": "A ruling",
                "publication": "Courier",
                "published": "2021-01-21",
                "text": TEXT,
            }
            reply = await here.ann.submit(form, fields)
            assert reply.ephemeral
            assert "**A ruling** · Courier · 21 January 2021" in reply.message.text
            assert "You will get a direct message" in reply.message.text

    async def test_a_form_with_a_link_alone_reads_the_page_and_an_empty_one_is_refused(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            url = page(here)
            form = (await here.ann.slash("suggest")).modal
            assert "Hall 1 hears" in (await here.ann.submit(form, {"url": url})).message.text
            assert "or its text" in (await here.ann.submit(form, {"title": "A ruling"})).message.text

    @pytest.mark.parametrize(
        "options",
        [{"url": "http://127.0.0.1:1/"}, {"url": "ftp://news.example/a"}, {"url": "no link"}, {"text": "   "}],
    )
    async def test_what_can_not_be_read_is_refused_with_the_reason(
        self, tmp_path: Path, options: dict[str, str | bool]
    ) -> None:
        async with desk_stage(tmp_path) as here:
            head, reason = (await suggested(here.ann, **options)).text.split("\n", 1)
            assert head == "### This can't be suggested"
            assert reason.endswith(".")
            assert await here.app.store.queue_length((here.own,)) == 0

    async def test_what_is_stored_already_is_told_with_its_link(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await here.give("# a | A ruling | Courier | 2021-01-21 | https://news.example/a\n" + TEXT)
            for options in ({"text": TEXT}, {"url": "https://news.example/a?utm_source=x"}):
                message = await suggested(here.ann, **options)
                assert "in the corpus already" in message.text
                assert "**A ruling** · Courier" in message.text
                assert message.labels() == ["Read the article"]

    async def test_what_was_taken_out_is_refused_without_saying_by_whom(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await here.give("# a | A ruling\n" + TEXT)
            await here.app.desk.remove(Place.of(here.own), "a", by="discord:1", now=here.clock(), why="secret")
            text = (await suggested(here.ann, text=TEXT)).text
            assert "was taken out" in text
            assert "secret" not in text
            assert "<@1>" not in text

    async def test_what_resembles_a_stored_article_is_not_told_to_the_member(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await here.give("# a | The ruling of ruling\n" + TEXT)
            text = (await suggested(here.ann, text=TEXT + " " + story(99))).text
            assert "### Thank you" in text
            assert "The ruling of ruling" not in text

    async def test_a_member_has_so_many_a_day(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path, limits={"suggestions_per_day": 1}) as here:
            await suggested(here.ann, text=TEXT)
            text = (await suggested(here.ann, text=story(20))).text
            assert "You have suggested as many articles" in text
            form = (await here.ann.slash("suggest")).modal
            assert "as many" in (await here.ann.submit(form, {"text": story(20)})).message.text
            here.clock.advance(timedelta(days=1))
            assert "### Thank you" in (await suggested(here.ann, text=story(20))).text

    async def test_a_member_has_ten_that_wait_at_most(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path, limits={"suggestions_per_day": 100}) as here:
            for number in range(10):
                await suggested(here.ann, text=story(10 * number, 10 * number + 1))
            assert "10 suggestions of yours wait" in (await suggested(here.ann, text=TEXT)).text
            await reject(here.mod, await queue(here.mod))
            assert "### Thank you" in (await suggested(here.ann, text=TEXT)).text

    async def test_nobody_suggests_in_direct_messages(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            with pytest.raises(CommandError):
                await here.server.member("ann").slash("suggest", text=TEXT)

    async def test_hostile_text_is_shown_as_text(self, tmp_path: Path) -> None:
        hostile = "@everyone [win](https://evil.example) **x**"
        async with desk_stage(tmp_path) as here:
            channel = await review_channel(here)
            form = (await here.ann.slash("suggest")).modal
            reply = await here.ann.submit(form, {"title": hostile, "text": f"{hostile}. {TEXT}"})
            card = await card_in(here, channel)
            for message in (reply.message, await queue(here.mod), card):
                assert "\\@everyone \\[win\\](https\\://evil.example) \\*\\*x\\*\\*" in message.text
                assert not message.pings


class TestReviewChannel:
    """Where the guild has named a channel, each suggestion has a card there that is changed when it is decided on."""

    async def test_a_card_opens_the_review_and_says_in_the_end_who_decided_what(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            channel = await review_channel(here)
            await here.give("# a | Another\n" + TEXT + " " + story(30))
            await suggested(here.ann, text=TEXT)
            card = await card_in(here, channel)
            assert f"Suggested by {here.ann.mention}" in card.text
            assert "% in common with an article that is stored" in card.text
            await here.restarted()
            mod = here.mod.at(channel)
            shown = (await mod.press(card, "Review")).message
            assert shown.ephemeral
            assert "Review · 1 of 1" in shown.text
            await reject(mod, shown)
            await settled(card, f"**Rejected** by {here.mod.mention}")
            assert "It is an advertisement." in card.text
            assert card.labels() == []

    async def test_a_decision_in_the_queue_changes_the_card_too(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            channel = await review_channel(here)
            await suggested(here.ann, text=TEXT)
            card = await card_in(here, channel)
            assert "like nothing that is stored" in card.text
            await here.mod.press(await queue(here.mod), "Approve")
            await settled(card, f"**Approved** by {here.mod.mention}")

    async def test_the_card_of_a_suggestion_that_a_takedown_erased_names_it_no_more(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            channel = await review_channel(here)
            await suggested(here.ann, text=TEXT)
            card = await card_in(here, channel)
            await here.give("# told | Told elsewhere\n" + TEXT)
            notice = (await here.mod.slash("article purge", article="told")).message
            form = (await here.mod.press(notice, "Erase for good")).modal
            await here.mod.submit(form, {"confirm": "told", "reason": "court order"})
            await settled(card, "A suggestion stood here.")
            assert card.labels() == []
            assert "Nothing waits" in (await queue(here.mod)).text

    async def test_a_card_is_for_moderators(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            channel = await review_channel(here)
            await suggested(here.ann, text=TEXT)
            card = await card_in(here, channel)
            told = (await here.ann.at(channel).press(card, "Review")).message
            assert told.ephemeral
            assert "This is for moderators" in told.text

    async def test_a_late_press_of_a_card_says_what_was_decided(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            channel = await review_channel(here)
            await suggested(here.ann, text=TEXT)
            card = await card_in(here, channel)
            waiting = (await here.app.store.queue((here.own,), limit=1))[0]
            await here.app.desk.reject(waiting.id, Place.of(here.own), "terminal:root", here.clock(), "old")
            shown = (await here.mod.at(channel).press(card, "Review")).message
            assert "**Rejected** by root" in shown.text
            await settled(card, "**Rejected** by root")

    async def test_a_channel_that_can_not_be_reached_keeps_nobody_from_suggesting(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            channel = await review_channel(here)
            await here.server.deny(channel, Permission.SEND_MESSAGES)
            assert "### Thank you" in (await suggested(here.ann, text=TEXT)).text
            assert cards(here, channel) == []
            await set_channel(here, 12345)
            assert "### Thank you" in (await suggested(here.ann, text=story(20, 21))).text
            assert "Review · 1 of 2" in (await queue(here.mod)).text
            here.server.forgive(50013, 10003)


class TestReviewing:
    """The queue shows one draft a page, the oldest first, and what each press makes of it."""

    async def test_an_empty_queue_says_so(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            assert "Nothing waits for review" in (await queue(here.mod)).text

    async def test_what_is_approved_is_stored_and_can_be_undone(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await suggested(here.ann, url=page(here))
            message = await queue(here.mod)
            for words in (
                "Review · 1 of 1",
                f"Suggested by {here.ann.mention}",
                "**Hall 1 hears company 1**",
                "passage",
            ):
                assert words in message.text
            await here.restarted()
            reply = await here.mod.press(message, "Approve")
            assert "**Approved:** Hall 1 hears company 1" in message.text
            assert "Nothing waits for review" in message.text
            stored = await reply.followup()
            assert stored.ephemeral
            assert "### Stored" in stored.text
            [article] = await here.app.store.articles((here.own,), limit=5)
            assert article.added_by == f"discord:{here.mod.id}"
            await here.mod.press(stored, "Undo")
            assert await here.app.store.count((here.own,)) == 0

    async def test_who_asked_is_told_of_the_approval_and_nobody_else(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            bob = here.server.member("bob", here.guild)
            await suggested(here.ann, text=TEXT, tell_me=True)
            await suggested(bob, text=story(20, 21))
            message = await queue(here.mod)
            await here.mod.press(message, "Approve")
            await here.mod.press(message, "Approve")
            [told] = await inbox(here.ann)
            assert "Your suggestion in Newsroom was approved" in told
            assert bob.inbox() == []

    async def test_who_asked_is_told_of_the_rejection_with_its_reason(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await suggested(here.ann, text=TEXT, tell_me=True)
            message = await queue(here.mod)
            form = (await here.mod.press(message, "Reject")).modal
            await here.restarted()
            await here.mod.submit(form, {"reason": "It is *old*."})
            assert "**Rejected:**" in message.text
            [told] = await inbox(here.ann)
            assert "was not taken" in told
            assert "“It is \\*old\\*.”" in told

    @pytest.mark.parametrize("decision", ["approved", "not taken"])
    async def test_who_asked_is_told_though_the_moderators_message_can_not_be_changed(
        self, tmp_path: Path, decision: str
    ) -> None:
        async with desk_stage(tmp_path) as here:
            await suggested(here.ann, text=TEXT, tell_me=True)
            message = await queue(here.mod)
            form = None if decision == "approved" else (await here.mod.press(message, "Reject")).modal
            here.server.fail("PATCH", "/webhooks", status=404)
            if form is None:
                await here.mod.press(message, "Approve")
            else:
                await here.mod.submit(form, {"reason": "It is old."})
            here.server.forgive(0)
            [told] = await inbox(here.ann)
            assert decision in told

    async def test_who_takes_no_direct_messages_keeps_nobody_from_deciding(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            here.ann.refuses_dms = True
            await suggested(here.ann, text=TEXT, tell_me=True)
            message = await queue(here.mod)
            await here.mod.press(message, "Approve")
            assert "**Approved:**" in message.text
            assert here.ann.inbox() == []
            async with asyncio.timeout(5):
                while not here.server.violations:  # noqa: ASYNC110 - no event for it
                    await asyncio.sleep(0.01)
            here.server.forgive(50007)

    async def test_the_oldest_stands_first_and_the_next_follows_a_decision(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            for number in (10, 20, 30):
                await suggested(here.ann, text=story(number, number + 1))
                here.clock.advance(timedelta(minutes=1))
            message = await queue(here.mod)
            assert "hall 10" in message.text
            assert message.button("Previous").disabled
            await here.restarted()
            await here.mod.press(message, "Next")
            assert "hall 20" in message.text
            await reject(here.mod, message)
            assert "hall 30" in message.text
            assert "Review · 2 of 2" in message.text
            assert message.button("Next").disabled
            await here.mod.press(message, "Previous")
            assert "hall 10" in message.text

    async def test_turning_loses_no_draft_when_others_decide_meanwhile(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            for number in (10, 20, 30, 40):
                await suggested(here.ann, text=story(number, number + 1))
                here.clock.advance(timedelta(minutes=1))
            message = await queue(here.mod)
            await here.mod.press(message, "Next")
            await reject(another_moderator(here), await queue(another_moderator(here)))
            await here.mod.press(message, "Next")
            assert "hall 30" in message.text

    async def test_the_details_are_edited_before_approval(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await suggested(here.ann, text=TEXT)
            message = await queue(here.mod)
            form = (await here.mod.press(message, "Edit")).modal
            await here.restarted()
            await here.mod.submit(form, {"title": "A better title", "publication": "Courier"})
            assert "**A better title** · Courier" in message.text
            form = (await here.mod.press(message, "Edit")).modal
            await here.mod.submit(form, {"date": "the day before"})
            assert "date" in message.text
            await here.mod.press(message, "Approve")
            [article] = await here.app.store.articles((here.own,), limit=5)
            assert (article.title, article.publication) == ("A better title", "Courier")

    async def test_all_of_the_text_is_read_on_pages(self, tmp_path: Path) -> None:
        long = [f"<p>{story(number)}</p>" for number in range(100, 180)]
        async with desk_stage(tmp_path) as here:
            url = here.web.page("/long", html_page(extra="".join(long), title="A long one"))
            await suggested(here.ann, url=url)
            message = await queue(here.mod)
            shown = (await here.mod.press(message, "Read all")).message
            assert shown.ephemeral
            seen = shown.text
            await here.restarted()
            while not shown.button("Next").disabled:
                await here.mod.press(shown, "Next")
                seen += shown.text
            assert all(f"In hall {number} judge" in seen for number in range(100, 180))
            await reject(here.mod, message)
            await here.mod.press(shown, "Previous")
            assert "**Rejected** by" in shown.text

    async def test_a_near_duplicate_is_shown_with_its_share_and_kept_beside(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await here.give("# a | The stored one\n" + TEXT)
            await suggested(here.ann, text=TEXT + " " + story(30))
            message = await queue(here.mod)
            assert "in common: The stored one" in message.text
            assert "Approve" not in message.labels()
            compared = (await here.mod.press(message, "Compare")).message
            assert "Side by side" in compared.text
            await here.mod.press(message, "Keep both")
            assert await here.app.store.count((here.own,)) == 2

    async def test_a_near_duplicate_is_replaced_by_a_new_revision(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await here.give("# a | The stored one\n" + TEXT)
            await suggested(here.ann, text=TEXT + " " + story(30))
            reply = await here.mod.press(await queue(here.mod), "Replace")
            assert "revision 2" in (await reply.followup()).text
            [article] = await here.app.store.articles((here.own,), limit=5)
            assert (article.key, article.revision) == ("a", 2)

    async def test_of_several_near_duplicates_one_is_chosen_to_be_replaced(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await here.give(f"# a | The first\n{TEXT} {story(40)}\n\n# b | The second\n{TEXT} {story(50)}")
            await suggested(here.ann, text=TEXT + " " + story(30))
            message = await queue(here.mod)
            await here.restarted()
            await here.mod.select(message, "The second")
            articles = {one.key: one.revision for one in await here.app.store.articles((here.own,), limit=5)}
            assert articles == {"a": 1, "b": 2}

    async def test_a_near_duplicate_that_came_meanwhile_is_shown_first(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await suggested(here.ann, text=TEXT + " " + story(30))
            message = await queue(here.mod)
            await here.give("# a | The newer one\n" + TEXT)
            await here.mod.press(message, "Approve")
            assert "has come in meanwhile" in message.text
            assert "in common: The newer one" in message.text
            await here.give("# b | The newest one\n" + TEXT + " " + story(31))
            await here.mod.press(message, "Keep both")
            assert "The newest one" in message.text
            assert await here.app.store.count((here.own,)) == 2
            await here.mod.press(message, "Keep both")
            assert await here.app.store.count((here.own,)) == 3

    async def test_what_is_stored_meanwhile_can_not_be_approved(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await suggested(here.ann, text=TEXT)
            message = await queue(here.mod)
            await here.give("# a | The same\n" + TEXT)
            await here.mod.press(message, "Approve")
            assert "stored already" in message.text
            assert message.button("Approve").disabled
            assert await here.app.store.count((here.own,)) == 1

    async def test_an_item_of_a_feed_names_its_feed(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            store = here.app.store
            url = here.web.feed("/feed", "<rss version='2.0'><channel><title>x</title></channel></rss>")
            feed = await store.add_feed(here.own, url, "The *Daily*", FeedMode.REVIEW, by="discord:1", now=here.clock())
            giver = Giver(f"feed:{feed.id}", DraftOrigin.FEED)
            kept = await here.app.desk.draft_text(Details(text=TEXT), Place.of(here.own), giver, here.clock())
            assert isinstance(kept, Preview)
            assert "Brought in by the feed **The" in (await queue(here.mod)).text
            await here.app.feeds.remove(feed.id, Place.of(here.own), "discord:1", here.clock())
            assert f"Brought in by feed {feed.id}" in (await queue(here.mod)).text


class TestPermission:
    """Who is no moderator, or is none any more, decides nothing."""

    async def test_the_queue_is_for_moderators(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            with pytest.raises(CommandError):
                await here.ann.slash("queue")
            here.open_to_everyone("queue")
            assert "This is for moderators" in (await queue(here.ann)).text
            assert "The library is shared" in (await queue(here.mod, library=True)).text

    @pytest.mark.parametrize("label", ["Approve", "Edit", "Reject", "Read all", "Next"])
    async def test_who_lost_the_role_presses_in_vain(self, tmp_path: Path, label: str) -> None:
        async with desk_stage(tmp_path) as here:
            await suggested(here.ann, text=TEXT)
            await suggested(here.ann, text=story(20, 21))
            message = await queue(here.mod)
            here.mod.permissions = EVERYONE
            told = (await here.mod.press(message, label)).message
            assert told.ephemeral
            assert "This is for moderators" in told.text
            assert await here.app.store.queue_length((here.own,)) == 2

    @pytest.mark.parametrize(("label", "fields"), [("Edit", {"title": "Mine"}), ("Reject", {"reason": "No."})])
    async def test_who_lost_the_role_meanwhile_hands_a_form_in_in_vain(
        self, tmp_path: Path, label: str, fields: dict[str, Value | list[File]]
    ) -> None:
        async with desk_stage(tmp_path) as here:
            await suggested(here.ann, text=TEXT)
            message = await queue(here.mod)
            form = (await here.mod.press(message, label)).modal
            here.mod.permissions = EVERYONE
            assert "This is for moderators" in (await here.mod.submit(form, fields)).message.text
            [waiting] = await here.app.store.queue((here.own,), limit=5)
            assert waiting.version == 1

    async def test_the_role_that_the_guild_has_named_is_enough(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            role = await here.server.new_role(here.guild, "Editors")
            await here.app.guilds.change(
                here.guild.id,
                lambda settings: replace(settings, moderator_role=role.id),
                by="discord:1",
                now=here.clock(),
            )
            here.open_to_everyone("queue")
            await suggested(here.ann, text=TEXT)
            bob = here.server.member("bob", here.guild)
            assert f"the role <@&{role.id}>" in (await queue(bob)).text
            bob.roles = (role,)
            message = await queue(bob)
            form = (await bob.press(message, "Reject")).modal
            bob.roles = ()
            assert "This is for moderators" in (await bob.submit(form, {"reason": "No."})).message.text
            bob.roles = (role,)
            await bob.press(message, "Approve")
            assert "**Approved:**" in message.text


class TestTogether:
    """Two at once, double presses, two guilds."""

    async def test_the_second_of_two_moderators_is_told_who_decided_what(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await suggested(here.ann, text=TEXT)
            eve = another_moderator(here)
            first, second, third = await queue(here.mod), await queue(eve), await queue(eve)
            form = (await eve.press(third, "Edit")).modal
            await here.mod.press(first, "Approve")
            await eve.press(second, "Approve")
            assert f"**Approved** by {here.mod.mention}" in second.text
            await eve.submit(form, {"title": "Mine"})
            assert f"**Approved** by {here.mod.mention}" in third.text
            assert await here.app.store.count((here.own,)) == 1

    async def test_a_rejection_after_a_rejection_is_told_and_tells_nobody_twice(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await suggested(here.ann, text=TEXT, tell_me=True)
            eve = another_moderator(here)
            first, second = await queue(here.mod), await queue(eve)
            forms = [(await here.mod.press(first, "Reject")).modal, (await eve.press(second, "Reject")).modal]
            await here.mod.submit(forms[0], {"reason": "No."})
            await eve.submit(forms[1], {"reason": "Never."})
            assert f"**Rejected** by {here.mod.mention}" in second.text
            [told] = await inbox(here.ann)
            assert "“No.”" in told

    async def test_an_edit_meanwhile_keeps_the_old_version_from_being_stored(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await suggested(here.ann, text=TEXT)
            eve = another_moderator(here)
            first, second = await queue(here.mod), await queue(eve)
            await eve.submit((await eve.press(second, "Edit")).modal, {"title": "The new title"})
            await here.mod.press(first, "Approve")
            assert "edited meanwhile" in first.text
            assert "**The new title**" in first.text
            assert await here.app.store.count((here.own,)) == 0
            await here.mod.press(first, "Approve")
            assert await here.app.store.count((here.own,)) == 1

    async def test_two_press_at_once_and_it_is_stored_once(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await suggested(here.ann, text=TEXT, tell_me=True)
            eve = another_moderator(here)
            first, second = await queue(here.mod), await queue(eve)
            await asyncio.gather(
                here.mod.press(first, "Approve"), here.mod.press(first, "Approve"), eve.press(second, "Approve")
            )
            assert await here.app.store.count((here.own,)) == 1
            assert [one.action for one in await here.app.store.audit((here.own,), limit=9)] == ["add", "suggest"]
            assert len(await inbox(here.ann)) == 1
            assert "by <@" in first.text + second.text

    async def test_a_guild_sees_its_own_queue_only(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await suggested(here.ann, text=TEXT)
            zoe = stranger(here)
            assert "Nothing waits" in (await queue(zoe)).text
            await suggested(zoe, text=TEXT)
            theirs = await queue(zoe)
            assert "Review · 1 of 1" in theirs.text
            assert f"Suggested by {zoe.mention}" in theirs.text
            await zoe.press(theirs, "Approve")
            assert "Review · 1 of 1" in (await queue(here.mod)).text
            assert await here.app.store.count((here.own,)) == 0

    async def test_the_librarys_queue_is_for_its_editors(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path, in_library=True) as here:
            giver = Giver("feed:9", DraftOrigin.FEED)
            await here.app.desk.draft_text(Details(text=TEXT), Place.of(here.library), giver, here.clock())
            assert "Nothing waits" in (await queue(here.mod)).text
            message = await queue(here.mod, library=True)
            assert "For the library" in message.text
            await here.mod.press(message, "Approve")
            assert await here.app.store.count((here.library,)) == 1
