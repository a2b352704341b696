"""“Add to corpus” in a message's menu, through the real client."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from corpus.drafts import AuditFilter, Place
from tests.discord import EVERYONE, Permission
from tests.discord.commandline import File
from tests.fakes.discord_bot import desk_stage
from tests.fakes.sites import PARLER_TEXT, html

if TYPE_CHECKING:
    from pathlib import Path

    from tests.discord.messages import Message
    from tests.fakes.discord_bot import DeskStage

MENU = "Add to corpus"
NOT_MODERATOR = "This is for moderators"


async def taken(here: DeskStage, message: Message) -> Message:
    """What the moderator sees after choosing the menu's entry."""
    reply = await here.mod.context_menu(MENU, message=message)
    assert reply.ephemeral
    return reply.message


async def articles(here: DeskStage) -> list[str]:
    """The titles of the guild's live articles."""
    return [one.title for one in await here.app.store.articles((here.own,), limit=99)]


class TestOneCandidate:
    """A link, a file, or a text that is published already becomes a preview at once."""

    async def test_a_link_in_the_text_is_fetched(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            link = here.web.page("/parler", html("Judge refuses"))
            preview = await taken(here, here.ann.says(f"Look (see <{link}>, and again {link}?utm_source=feed)!"))
            assert "### Preview" in preview.text
            assert here.web.asked("/parler") == 1
            assert "### Stored" in (await here.mod.press(preview, "Store")).message.text

    async def test_the_link_of_an_embed_is_fetched(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            link = here.web.page("/parler", html("Judge refuses"))
            feed = here.server.member("rss", here.guild, bot=True)
            message = feed.says(embeds=[{"title": "Judge refuses", "url": link, "description": "In short."}])
            assert "### Preview" in (await taken(here, message)).text

    async def test_a_file_is_read(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            message = here.ann.says("here", attachments=[File("story.md", f"# Judge\n\n{PARLER_TEXT}".encode())])
            preview = await taken(here, message)
            assert "**Judge**" in preview.text
            message.deleted = True
            assert "### Stored" in (await here.mod.press(preview, "Store")).message.text

    async def test_a_text_of_another_bot_needs_no_second_question(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            feed = here.server.member("rss", here.guild, bot=True)
            assert "### Preview" in (await taken(here, feed.says(PARLER_TEXT))).text
            embedded = feed.says(embeds=[{"title": "Judge refuses", "description": f"{PARLER_TEXT} And more."}])
            assert "**Judge refuses**" in (await taken(here, embedded)).text

    async def test_a_page_that_can_not_be_read_is_refused_with_the_reason(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            message = await taken(here, here.ann.says(here.web.url("/nowhere")))
            assert message.text.startswith("### Not stored")
            assert "404" in message.text

    async def test_a_link_that_is_stored_leads_there(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            link = here.web.page("/parler", html("Judge refuses"))
            await here.mod.press(await taken(here, here.ann.says(link)), "Store")
            assert "### Stored already" in (await taken(here, here.ann.says(link))).text


class TestSeveralCandidates:
    """The moderator chooses one."""

    async def test_one_is_chosen_also_after_a_restart(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            first = here.web.page("/a", html("First"))
            files = [File("b.md", f"# Second\n\n{PARLER_TEXT}".encode())]
            message = here.ann.says(f"{first} {here.web.url('/gone')}", attachments=files)
            choice = await taken(here, message)
            [menu] = choice.selects()
            assert [one.label for one in menu.options] == [first, here.web.url("/gone"), "b.md"]
            await here.restarted()
            chosen = (await here.mod.select(choice, "b.md")).message
            assert chosen is choice
            assert "**Second**" in choice.text

    async def test_what_can_not_be_read_leaves_the_choice(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            first, gone = here.web.page("/a", html("First")), here.web.url("/gone")
            choice = await taken(here, here.ann.says(f"{gone} {first}"))
            await here.mod.select(choice, gone)
            assert "404" in choice.text
            await here.mod.select(choice, first)
            assert "### Preview" in choice.text

    async def test_a_file_that_discord_gives_no_more_leaves_the_choice(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            files = [File("a.txt", PARLER_TEXT.encode()), File("b.txt", PARLER_TEXT.encode())]
            choice = await taken(here, here.ann.says(attachments=files))
            here.server.state.files.clear()
            await here.mod.select(choice, "a.txt")
            assert "Discord does not give the file any more" in choice.text
            assert len(choice.selects()[0].options) == 2

    async def test_a_second_choice_of_the_same_message_does_nothing(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            first, second = here.web.page("/a", html("First")), here.web.page("/b", html("Second"))
            choice = await taken(here, here.ann.says(f"{first} {second}"))
            before = list(choice.components)
            await here.mod.select(choice, first)
            choice.components = before
            reply = await here.mod.select(choice, second)
            assert "has expired" in (await reply.followup()).text
            assert here.web.asked("/b") == 0

    async def test_the_choice_expires_after_a_day(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            choice = await taken(here, here.ann.says("http://a.example http://b.example"))
            here.clock.advance(timedelta(days=2))
            reply = await here.mod.select(choice, "http://a.example")
            assert "has expired" in (await reply.followup()).text


class TestWordsOfMembers:
    """What a person wrote in a channel is stored only after a second question, and without the name."""

    async def test_they_are_stored_without_the_name(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            message = here.ann.says(f"{PARLER_TEXT} As {here.ann.mention} and <@!{here.mod.id}> said.")
            asked = await taken(here, message)
            assert "These are a member's own words" in asked.text
            assert await here.app.store.drafts_of(f"discord:{here.mod.id}") == []
            await here.restarted()
            preview = (await here.mod.press(asked, "Go on without the name")).message
            assert preview is asked
            await here.mod.press(preview, "Store")
            [summary] = await here.app.store.articles((here.own,), limit=9)
            article = await here.app.store.find(here.own, summary.key)
            assert "As @member and @member said." in article.text
            drafts = await here.app.store.drafts_of(f"discord:{here.mod.id}")
            entries = await here.app.desk.audit(Place.of(here.own), AuditFilter(), limit=99)
            raw = await here.app.desk.raw_text(article)
            assert drafts[0].draft.source.reference == ""
            for kept in (repr(article), repr(drafts), repr(entries), raw):
                assert str(here.ann.id) not in kept
                assert here.ann.user.name not in kept.replace("planning", "")

    async def test_a_message_that_discord_made_a_file_of_is_asked_about_too(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            long = f"{PARLER_TEXT} As {here.ann.mention} said."
            asked = await taken(here, here.ann.says(attachments=[File("message.txt", long.encode())]))
            assert "These are a member's own words" in asked.text
            assert "The file message.txt" in asked.text
            preview = (await here.mod.press(asked, "Go on without the name")).message
            assert "As @member said." in preview.text.replace("\\", "")

    async def test_a_second_press_does_nothing(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            asked = await taken(here, here.ann.says(PARLER_TEXT))
            first, second = [await here.mod.start_press(asked, "Go on without the name") for _ in range(2)]
            said = [one.text for each in (first, second) for one in (await here.mod.finish(each)).followups]
            assert len(said) == 1
            assert "has expired" in said[0]
            assert len(await here.app.store.drafts_of(f"discord:{here.mod.id}")) == 1

    async def test_chosen_among_several_they_are_asked_about_too(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            choice = await taken(here, here.ann.says(f"{PARLER_TEXT} https://example.com/a"))
            [menu] = choice.selects()
            assert menu.options[1].description == "A member's own words, 51 words"
            await here.mod.select(choice, menu.options[1].label)
            assert "These are a member's own words" in choice.text

    async def test_who_lost_the_permission_meanwhile_stores_nothing(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            asked = await taken(here, here.ann.says(PARLER_TEXT))
            choice = await taken(here, here.ann.says("http://a.example http://b.example"))
            here.mod.permissions = EVERYONE
            assert NOT_MODERATOR in (await here.mod.press(asked, "Go on without the name")).message.text
            assert NOT_MODERATOR in (await here.mod.select(choice, "http://a.example")).message.text
            assert await here.app.store.drafts_of(f"discord:{here.mod.id}") == []


async def test_a_message_without_a_candidate_is_told_what_is_looked_for(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        picture = here.ann.says("too short", attachments=[File("a.png", b"\x89PNG"), File("b.txt", bytes(10_100_000))])
        said = await taken(here, picture)
        for part in ("a link to a page", ".pdf", "at least 40 words", "a.png", "b.txt is 10.1 MB large"):
            assert part in said.text


async def test_a_message_that_is_a_wall_of_links_offers_25(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        choice = await taken(here, here.ann.says(" ".join(f"http://{n}.example" for n in range(60))))
        assert len(choice.selects()[0].options) == 25


async def test_who_may_not_moderate_takes_nothing(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        here.open_to_everyone(MENU)
        link = here.web.page("/parler", html("Judge refuses"))
        reply = await here.ann.context_menu(MENU, message=here.ann.says(link))
        assert reply.ephemeral
        assert NOT_MODERATOR in reply.message.text
        assert here.web.requests == []


async def test_what_was_kept_of_a_message_is_nobody_elses(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        choice = await taken(here, here.ann.says("http://a.example http://b.example"))
        other = here.server.member("max", here.guild, permissions=EVERYONE | Permission.MANAGE_MESSAGES)
        choice.audience = other.user
        reply = await other.select(choice, "http://a.example")
        assert "has expired" in (await reply.followup()).text


async def test_hostile_text_of_a_message_is_shown_as_text(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        message = here.ann.says(f"@everyone **x** [a](b) <:smile:12> \u202eesrever\n{PARLER_TEXT}")
        asked = await taken(here, message)
        assert not asked.pings
        assert "\\@everyone \\*\\*x\\*\\* \\[a\\](b)" in asked.text
        preview = (await here.mod.press(asked, "Go on without the name")).message
        assert "\u202e" not in preview.text
        assert await articles(here) == []
