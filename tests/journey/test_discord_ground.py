"""What the features stand on, through the real client: forms, choices, menus, permissions, the bot's own messages."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import discord
import pytest
import structlog
from aiohttp import web
from discord import app_commands, ui

from bot.cogs.ask import Ask
from bot.cogs.base import (
    Cog,
    Interaction,
    OnPress,
    OnSubmit,
    acknowledge,
    actor_of,
    message_menu,
    moderated_group,
    show,
    whisper,
)
from bot.cogs.messages import CHANNEL_GONE, Unreachable
from bot.cogs.pressed import AnswerButtons
from bot.records.model import MessagePlace
from bot.views.buttons import IN_LIBRARY, Action, Layout, Press, button, number_of, record_of
from bot.views.forms import ChoiceField, Form, Option, TextField
from bot.views.notices import Notice
from corpus.collection import Collection
from corpus.drafts import FeedMode, Place
from corpus.errors import Conflict
from corpus.feeds import Followed
from retrieval.model import NotInCorpus
from tests.discord import EVERYONE, EVERYTHING, Channel, DiscordStandIn, File, Member, Message, Permission, Role
from tests.fakes.discord_app import START, corpus, fake_app
from tests.fakes.discord_bot import PARLER, QUESTION, ROTHSTEIN, DeskStage, desk_stage, running, stage

if TYPE_CHECKING:
    from pathlib import Path


class Board(Layout):
    """A button that opens a form, one for the library, and a select of each kind."""

    def __init__(self, said: str = "Nothing yet") -> None:
        super().__init__()
        self.add_item(ui.TextDisplay(said))
        write, library = Press(Action.READ, record_of(7)), Press(Action.WHY, record_of(7), page=IN_LIBRARY)
        self.add_item(ui.ActionRow(button(write, "Write"), button(library, "Library")))
        choices = [discord.SelectOption(label=one, value=one) for one in ("12", "12345", "guild")]
        for at, select in enumerate(
            (
                ui.Select[Layout](options=choices, custom_id=str(Press(Action.CHOOSE, record_of(1))), max_values=2),
                ui.RoleSelect[Layout](custom_id=str(Press(Action.CHOOSE, record_of(2), argument=5))),
                ui.ChannelSelect[Layout](
                    custom_id=str(Press(Action.CHOOSE, record_of(3))), channel_types=[discord.ChannelType.text]
                ),
                ui.UserSelect[Layout](custom_id=str(Press(Action.CHOOSE, record_of(4)))),
            ),
            start=1,
        ):
            assert at == number_of(record_of(at))
            self.add_item(ui.ActionRow(select))


class Workshop(Cog):
    """A feature that uses all there is."""

    work = moderated_group("work", "What only moderators do")

    @property
    def presses(self) -> Mapping[Action, OnPress]:
        return {Action.READ: self.write, Action.CHOOSE: self.choose, Action.WHY: self.edit_library}

    @property
    def submissions(self) -> Mapping[Action, OnSubmit]:
        return {Action.READ: self.written}

    @property
    def menus(self) -> Sequence[app_commands.ContextMenu]:
        return [message_menu("Take this", self.take)]

    @work.command(name="board", description="Shows the board")
    async def board(self, interaction: Interaction) -> None:
        """Show the board."""
        with self.services.workload.interaction():
            if await self.admit(interaction):
                await acknowledge(interaction)
                await show(interaction, Board())

    @work.command(name="form", description="Opens the form")
    async def form(self, interaction: Interaction) -> None:
        """Open the form."""
        await interaction.response.send_modal(filled(Press(Action.READ, record_of(7))))

    @work.command(name="export", description="Gives a file")
    async def export(self, interaction: Interaction) -> None:
        """Give a file."""
        await acknowledge(interaction)
        layout = Notice("The file:")
        layout.add_item(ui.File("attachment://work.csv"))
        await show(interaction, layout, discord.File(io.BytesIO(b"a,b"), "work.csv"))
        await whisper(interaction, layout, discord.File(io.BytesIO(b"c,d"), "work.csv"))

    @work.command(name="fail", description="Fails")
    async def fail(self, interaction: Interaction, acknowledged: bool) -> None:  # noqa: FBT001 - an option
        """Fail."""
        if acknowledged:
            await acknowledge(interaction)
        raise Conflict("the article *was* changed meanwhile")

    async def write(self, interaction: Interaction, press: Press) -> None:
        """The form is opened."""
        await interaction.response.send_modal(filled(press))

    async def written(self, interaction: Interaction, press: Press, fields: Mapping[str, str]) -> None:
        """What was written is shown where the button stands."""
        if await self.admit(interaction):
            await acknowledge(interaction, update=True)
            if fields["title"] == "fail":
                raise ValueError(fields["title"])
            said = ", ".join(f"{name}={value}" for name, value in fields.items())
            await show(interaction, Board(f"{number_of(press.record)}: {said} by {actor_of(interaction)}"))

    async def choose(self, interaction: Interaction, press: Press) -> None:
        """What was chosen is shown."""
        await acknowledge(interaction, update=True)
        await show(interaction, Board(f"{press.values} {press.argument}"))

    async def edit_library(self, interaction: Interaction, press: Press) -> None:
        """The library is edited, by who may."""
        if place := await self.admit(interaction, library=press.in_library):
            await whisper(interaction, Notice(f"Editing {place.own}"))

    async def take(self, interaction: Interaction, message: discord.Message) -> None:
        """What a message holds is told."""
        with self.services.workload.interaction():
            await acknowledge(interaction)
            read = [await one.read() for one in message.attachments]
            titles = [one.title for one in message.embeds]
            await show(interaction, Notice(f"{message.content} {read} {titles} {message.author.bot}"))


def filled(press: Press) -> Form:
    kind = ChoiceField("kind", "Kind", (Option("news", "News", chosen=True), Option("law", "Law")))
    return Form("Write", press, TextField("title", "Title", value="Old"), TextField("why", "Why", required=False), kind)


COGS = (Ask, Workshop)


async def board_of(here: DeskStage) -> Message:
    return (await here.mod.slash("work board")).message


async def until(told: Callable[[], bool]) -> None:
    """What the gateway sends, or the background does, has happened."""
    async with asyncio.timeout(5):
        while not told():  # noqa: ASYNC110 - the library tells nobody
            await asyncio.sleep(0.01)


async def test_a_form_opened_by_a_button_changes_the_message_that_the_button_stands_on(tmp_path: Path) -> None:
    async with desk_stage(tmp_path, cogs=COGS) as here:
        board = await board_of(here)
        opened = await here.mod.press(board, "Write")
        assert (opened.modal.title, opened.modal.labels()) == ("Write", ["Title", "Why", "Kind"])
        reply = await here.mod.submit(opened.modal, {"title": "New", "kind": "law"})
        assert reply.message is board
        assert board.texts() == [f"7: title=New, why=, kind=law by discord:{here.mod.id}"]
        await here.mod.submit(opened.modal, {"kind": "news"})
        assert "title=Old" in board.text


async def test_a_form_opened_by_a_command_is_answered_by_a_private_message(tmp_path: Path) -> None:
    async with desk_stage(tmp_path, cogs=COGS) as here:
        opened = await here.mod.slash("work form")
        reply = await here.mod.submit(opened.modal, {"why": "because", "kind": "law"})
        assert reply.ephemeral
        assert "title=Old, why=because, kind=law" in reply.message.text


async def test_a_form_is_taken_after_a_restart_and_the_library_remembers_none(tmp_path: Path) -> None:
    async with desk_stage(tmp_path, cogs=COGS) as here:
        board = await board_of(here)
        opened = await here.mod.press(board, "Write")
        assert not here.client._connection._view_store._modals
        await here.restarted()
        await here.mod.submit(opened.modal, {"title": "Later", "kind": "law"})
        assert "title=Later" in board.text


async def test_who_lost_the_right_meanwhile_is_told_what_it_takes_and_nothing_happens(tmp_path: Path) -> None:
    async with desk_stage(tmp_path, cogs=COGS) as here:
        board = await board_of(here)
        opened = await here.mod.press(board, "Write")
        here.mod.permissions = EVERYONE
        reply = await here.mod.submit(opened.modal, {"title": "New", "kind": "law"})
        assert reply.ephemeral
        assert "**Manage Messages**" in reply.message.text
        assert "the moderator role that /setup can name" in reply.message.text
        assert board.texts() == ["Nothing yet"]


async def test_a_form_of_another_version_and_a_form_for_a_stopping_bot_are_declined(tmp_path: Path) -> None:
    async with desk_stage(tmp_path, cogs=COGS) as here:
        opened = await here.mod.slash("work form")
        old = replace(opened.modal, data={**opened.modal.data, "custom_id": "amicus:-:no_more:0:0"})
        assert "older version" in (await here.mod.submit(old, {"kind": "law"})).message.text
        here.client.stopping = True
        assert "restarted" in (await here.mod.submit(opened.modal, {"kind": "law"})).message.text
        here.client.stopping = False


async def test_a_form_whose_work_fails_gets_an_incident_in_place_of_the_answer(tmp_path: Path) -> None:
    async with desk_stage(tmp_path, cogs=COGS) as here:
        opened = await here.mod.slash("work form")
        with structlog.testing.capture_logs() as logs:
            reply = await here.mod.submit(opened.modal, {"title": "fail", "kind": "law"})
        [event] = [entry for entry in logs if entry["event"] == "interaction.failed"]
        assert f"`{event['incident']}`" in reply.message.text
        assert reply.followups == []


@pytest.mark.parametrize("acknowledged", [False, True])
async def test_what_is_no_accident_is_told_in_its_own_words(*, acknowledged: bool, tmp_path: Path) -> None:
    async with desk_stage(tmp_path, cogs=COGS) as here:
        reply = await here.mod.slash("work fail", acknowledged=acknowledged)
        assert reply.ephemeral
        assert reply.message.texts() == ["The article \\*was\\* changed meanwhile."]
        assert reply.followups == []


async def test_what_is_chosen_in_each_kind_of_select_reaches_the_feature(tmp_path: Path) -> None:
    async with desk_stage(tmp_path, cogs=COGS) as here:
        role = await here.server.new_role(here.guild, "desk")
        board = await board_of(here)

        async def chosen(number: int, *choices: str | Role | Channel | Member) -> str:
            press = next(one.custom_id for one in board.selects() if record_of(number) in one.custom_id)
            return (await here.mod.select(board, *choices, custom_id=press)).message.texts()[0]

        assert await chosen(1, "12") == "('12',) 12"
        assert await chosen(1, "12345") == "('12345',) 0"
        assert await chosen(1, "12", "guild") == "('12', 'guild') 0"
        assert await chosen(2, role) == f"('{role.id}',) 5"
        assert await chosen(3, here.mod.channel) == f"('{here.mod.channel.id}',) 0"
        assert await chosen(4, here.ann) == f"('{here.ann.id}',) 0"


async def test_a_group_and_a_menu_are_for_guilds_and_offered_to_moderators(tmp_path: Path) -> None:
    async with desk_stage(tmp_path, cogs=COGS) as here:
        for name in ("work", "Take this"):
            command = here.server.commands[name]
            assert command["contexts"] == [0]
            assert command["default_member_permissions"] == str(int(Permission.MANAGE_MESSAGES))
            assert name in here.mod.offered()
            assert name not in here.ann.offered()
            assert name not in here.server.member("mod").offered()


async def test_a_menu_brings_content_files_and_embeds_of_any_author(tmp_path: Path) -> None:
    async with desk_stage(tmp_path, cogs=COGS) as here:
        rss = here.server.member("rss", here.guild, bot=True)
        message = rss.says("https://news.example/a", attachments=[File("a.txt", b"words")], embeds=[{"title": "A"}])
        reply = await here.mod.context_menu("Take this", message=message)
        assert reply.message.texts() == ["https://news.example/a [b'words'] ['A'] True"]


async def test_files_reach_the_member_with_a_new_message_and_with_an_edit(tmp_path: Path) -> None:
    async with desk_stage(tmp_path, cogs=COGS) as here:
        reply = await here.mod.slash("work export")
        assert (reply.message.files, reply.ephemeral) == ({"work.csv": b"a,b"}, True)
        whispered = await reply.followup()
        assert (whispered.files, whispered.ephemeral) == ({"work.csv": b"c,d"}, True)


async def test_the_moderator_role_opens_what_manage_messages_opens_and_everybodys_role_does_not(tmp_path: Path) -> None:
    async with desk_stage(tmp_path, cogs=COGS) as here:
        role = await here.server.new_role(here.guild, "desk")
        mod, board, guilds = here.mod, await board_of(here), here.client.services.guilds
        opened = await mod.press(board, "Write")
        await guilds.change(here.guild.id, lambda old: replace(old, moderator_role=role.id), by="x", now=START)
        mod.permissions = EVERYONE
        told = (await mod.submit(opened.modal, {"kind": "law"})).message.text
        assert f"the role <@&{role.id}>" in told
        mod.roles = (role,)
        await mod.submit(opened.modal, {"kind": "law"})
        assert "title=Old" in board.text
        await guilds.change(here.guild.id, lambda old: replace(old, moderator_role=here.guild.id), by="x", now=START)
        mod.roles = ()
        assert "Manage Messages" in (await mod.submit(opened.modal, {"kind": "law"})).message.text


@pytest.mark.parametrize(
    ("in_library", "editors", "may"), [(False, (), False), (True, (), True), (False, ("mod",), True)]
)
async def test_the_library_is_edited_from_named_guilds_and_by_named_members(
    *, in_library: bool, editors: tuple[str, ...], may: bool, tmp_path: Path
) -> None:
    async with desk_stage(tmp_path, cogs=COGS, in_library=in_library, editors=editors) as here:
        told = (await here.mod.press(await board_of(here), "Library")).message.text
        assert told.startswith("Editing library") is may
        assert ("`library.editors`" in told) is not may


async def test_the_bot_posts_edits_and_tells_or_says_why_it_can_not(tmp_path: Path) -> None:
    async with desk_stage(tmp_path, cogs=COGS) as here:
        messages, channel, guild = here.client.services.messages, here.mod.channel, here.guild
        posted = await messages.post(channel.id, Notice("One"))
        assert isinstance(posted, MessagePlace)
        assert await messages.edit(posted, Notice("Two")) is None
        assert here.mod.screen()[-1].texts() == ["Two"]
        told = await messages.tell(here.ann.id, Notice("Stored"))
        assert isinstance(told, MessagePlace)
        assert await messages.edit(told, Notice("Kept")) is None
        assert [one.text for one in here.ann.inbox()] == ["Kept"]
        here.ann.refuses_dms = True
        refused = Unreachable("this member takes no direct messages from me")
        assert await messages.tell(here.ann.id, Notice("x")) == refused
        assert messages.lacks(guild.id, channel.id) == ()
        await here.server.deny(channel, Permission.SEND_MESSAGES)
        await until(lambda: messages.lacks(guild.id, channel.id) == ("Send Messages",))
        assert "Send Messages" in str(await messages.post(channel.id, Notice("x")))
        await here.server.deny(channel, 0)
        await here.server.allow(guild, EVERYONE & ~Permission.VIEW_CHANNEL)
        await until(lambda: "View Channel" in messages.lacks(guild.id, channel.id))
        assert "View Channel" in str(await messages.edit(posted, Notice("x")))
        await here.server.allow(guild, EVERYTHING)
        await here.server.delete_channel(channel)
        await until(lambda: messages.lacks(guild.id, channel.id) == (CHANNEL_GONE,))
        assert await messages.edit(posted, Notice("x")) == Unreachable("the channel is no more")
        here.server.forgive(50007, 50013, 50001, 10003)


async def test_a_connection_that_breaks_off_is_one_more_reason_why_it_can_not(tmp_path: Path) -> None:
    async with desk_stage(tmp_path, cogs=COGS) as here:
        messages = here.client.services.messages
        posted = await messages.post(here.mod.channel.id, Notice("One"))
        assert isinstance(posted, MessagePlace)
        broken = Unreachable("Discord could not be reached")
        here.server.hang_up("PATCH", "/channels")
        assert await messages.edit(posted, Notice("Two")) == broken
        here.server.hang_up("POST", "/channels")
        assert await messages.post(here.mod.channel.id, Notice("x")) == broken
        here.server.hang_up("POST", "/users/@me/channels")
        assert await messages.tell(here.ann.id, Notice("x")) == broken
        assert await messages.edit(posted, Notice("Two")) is None


async def test_two_features_can_not_claim_one_button(tmp_path: Path) -> None:
    async with DiscordStandIn() as server, fake_app(tmp_path) as app:
        with pytest.raises(RuntimeError, match="Workshop claims what another feature has"):
            async with running(server, app, cogs=(AnswerButtons, Workshop)):
                pass


async def test_a_guilds_own_settings_shape_its_answers(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        await here.app.guilds.change(
            here.guild.id,
            lambda old: replace(old, private=True, library=False, member_per_minute=2),
            by="discord:1",
            now=START,
        )
        ann = here.member()
        reply = await ann.slash("ask", question=QUESTION)
        assert reply.ephemeral
        assert here.app.asker.asked[-1].filters.collections == (Collection(here.guild.id),)
        assert "CNBC" not in (await ann.slash("sources")).message.text
        assert await ann.autocomplete("ask", "publication", "") == []
        assert not (await ann.slash("search", words="Parler", private=False)).ephemeral
        assert "Try again" in (await ann.slash("ask", question=QUESTION)).message.text


async def test_the_place_of_a_public_answer_is_remembered_and_of_a_private_one_not(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        ann, answers = here.member(), here.client.services.answers
        public = (await ann.slash("ask", question=QUESTION)).message
        private = (await ann.slash("ask", question=QUESTION, private=True)).message
        assert [one.message_id for one in await answers.withdraw(PARLER.id)] == [public.id]
        shared = await (await ann.press(private, "Share")).followup()
        await until(lambda: "Share" not in private.labels())
        found = [(one.channel_id, one.message_id) for one in await answers.withdraw(PARLER.id)]
        assert found == [(ann.channel.id, public.id), (ann.channel.id, shared.id)]


async def test_the_place_of_an_answer_to_a_chosen_question_is_remembered(tmp_path: Path) -> None:
    offering = NotInCorpus(0.1, "Nothing says who ate the cake.", did_you_mean=QUESTION)
    async with stage(tmp_path, told={"who ate the cake?": offering, QUESTION: ROTHSTEIN}) as here:
        ann = here.member()
        message = (await ann.slash("ask", question="who ate the cake?")).message
        [offered] = [one.custom_id for one in message.buttons() if one.custom_id and ":choose:" in one.custom_id]
        await ann.press(message, custom_id=offered)
        assert "Barbara Rothstein" in message.text
        assert [one.message_id for one in await here.client.services.answers.withdraw(PARLER.id)] == [message.id]


async def test_publications_are_read_once_until_an_article_changes(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        ann = here.member()
        for typed in ("", "c", "cn"):
            assert ("CNBC", "CNBC") in await ann.autocomplete("ask", "publication", typed)
        assert here.app.store.publications_read == 1
        here.app.store.put(corpus("# x | X | Wired\nWords.", first_id=9)[0])
        assert ("Wired", "Wired") in await ann.autocomplete("ask", "publication", "w")
        assert here.app.store.publications_read == 2


async def test_what_was_kept_is_erased_in_time_while_the_bot_runs(tmp_path: Path) -> None:
    async with DiscordStandIn() as server, fake_app(tmp_path, told={QUESTION: ROTHSTEIN}) as app:
        ann = server.member("ann", server.guild())
        async with running(server, app):
            await ann.slash("ask", question=QUESTION)
        app.now.advance(timedelta(days=31))
        with structlog.testing.capture_logs() as logs:
            async with running(server, app):
                await until(lambda: any(entry["event"] == "retention.swept" for entry in logs))
        [swept] = [entry for entry in logs if entry["event"] == "retention.swept"]
        assert swept["records"] == 1


FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>News</title><link>https://news.example</link>
<description>News</description></channel></rss>"""


async def test_feeds_that_are_due_are_polled_while_the_bot_runs(tmp_path: Path) -> None:
    async with desk_stage(tmp_path, cogs=COGS) as here:
        link = here.web.feed("/feed", FEED)
        added = await here.app.feeds.add(link, Place.of(here.own), FeedMode.REVIEW, "discord:1", here.clock())
        assert isinstance(added, Followed)
        before = here.web.asked("/feed")
        await here.restarted()
        await until(lambda: here.web.asked("/feed") > before)


async def test_a_bot_that_stops_does_not_wait_for_a_feed(tmp_path: Path) -> None:
    async with desk_stage(tmp_path, cogs=COGS) as here:
        added = await here.app.feeds.add(
            here.web.feed("/feed", FEED), Place.of(here.own), FeedMode.REVIEW, "discord:1", here.clock()
        )
        assert isinstance(added, Followed)
        asked, ended = asyncio.Event(), asyncio.Event()

        async def never(_: web.BaseRequest) -> web.StreamResponse:
            asked.set()
            await ended.wait()
            return web.Response(status=503)

        here.web.tell("/feed", never)
        await here.restarted()
        async with asyncio.timeout(5):
            await asked.wait()
            await here.client.close()
        ended.set()
