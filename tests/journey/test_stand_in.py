"""The stand-in for Discord plays its part: a minimal discord.py client, nothing of it replaced, lives against it."""

from __future__ import annotations

import asyncio
import io
import statistics
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

import discord
import pytest
from discord import app_commands, ui
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.discord import DiscordStandIn, NotAnsweredError
from tests.discord.commandline import File

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

AnyCommand: TypeAlias = "app_commands.Command[Any, ..., Any] | app_commands.ContextMenu"
TOKEN_OF_NOBODY = "MTA5.nobody.token"


class Card(ui.LayoutView):
    """A page: its text, a Next button, a select, a Details button and a link."""

    def __init__(self, text: str = "Page 1", *, address: str = "https://news.example/a") -> None:
        super().__init__(timeout=None)
        self.add_item(ui.TextDisplay(text))
        buttons: ui.ActionRow[Card] = ui.ActionRow()
        buttons.add_item(Press("Next", "next"))
        buttons.add_item(Press("Details", "details"))
        buttons.add_item(Press("Write", "write"))
        buttons.add_item(ui.Button(label="Open", url=address))
        self.add_item(buttons)
        choice: ui.ActionRow[Card] = ui.ActionRow()
        choice.add_item(Pick())
        self.add_item(choice)


class Press(ui.Button[Card]):
    """One button of a card."""

    def __init__(self, label: str, custom_id: str) -> None:
        super().__init__(label=label, custom_id=custom_id)

    async def callback(self, interaction: discord.Interaction) -> None:
        match self.custom_id:
            case "next":
                await interaction.response.edit_message(view=Card("Page 2"))
            case "details":
                await interaction.response.defer()
                await interaction.edit_original_response(view=Card("Page 1, read"))
                await interaction.followup.send("Details", ephemeral=True)
            case _:
                await interaction.response.send_modal(Form())


class Pick(ui.Select[Card]):
    """The select of a card."""

    def __init__(self) -> None:
        options = [discord.SelectOption(label="First", value="1"), discord.SelectOption(label="Second", value="2")]
        super().__init__(custom_id="pick", placeholder="Choose", options=options)

    async def callback(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"Picked {self.values[0]}", ephemeral=True)


class Form(ui.Modal):
    """A modal of one text."""

    def __init__(self) -> None:
        super().__init__(title="Write", custom_id="form")
        self.words: ui.TextInput[Form] = ui.TextInput(custom_id="words", min_length=2, max_length=50)
        self.add_item(ui.Label(text="Words", component=self.words))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"Wrote {self.words.value}", ephemeral=True)


class Client(discord.Client):
    """A client with a handful of commands."""

    def __init__(self, intents: discord.Intents | None = None) -> None:
        super().__init__(
            intents=intents or discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            guild_ready_timeout=0.0,
        )
        self.tree = app_commands.CommandTree(self)
        commands: list[AnyCommand] = [show, loud, silent, slow, attach, page]
        for command in commands:
            self.tree.add_command(command)
        self.removed: list[int] = []

    async def setup_hook(self) -> None:
        self.add_view(Card())
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Identifies again at once, where the library would wait 5 seconds."""

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        self.removed.append(guild.id)


@app_commands.command(description="Shows a card.")
@app_commands.describe(text="What it says.", private="Whether only you see it.")
async def show(
    interaction: discord.Interaction, text: app_commands.Range[str, 2, 6000], *, private: bool = False
) -> None:
    await interaction.response.defer(ephemeral=private)
    await interaction.edit_original_response(view=Card(text))


@show.autocomplete("text")
async def texts_like(_interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=f"{current}…", value=current)]


@app_commands.command(description="Says it as loudly as it can.")
async def loud(interaction: discord.Interaction, text: str) -> None:
    await interaction.response.send_message(text, allowed_mentions=discord.AllowedMentions.all())


@app_commands.command(description="Says nothing.")
async def silent(_interaction: discord.Interaction) -> None:
    return


@app_commands.command(description="Defers and says nothing more.")
async def slow(interaction: discord.Interaction) -> None:
    await interaction.response.defer()


@app_commands.command(description="Gives a file back.")
async def attach(interaction: discord.Interaction, file: discord.Attachment) -> None:
    await interaction.response.send_message(file=discord.File(io.BytesIO(await file.read()), file.filename))


@app_commands.context_menu(name="Card of this")
async def page(interaction: discord.Interaction, message: discord.Message) -> None:
    await interaction.response.send_message(view=Card(f"Seen: {message.content}"))


@asynccontextmanager
async def running(client: Client, server: DiscordStandIn) -> AsyncIterator[Client]:
    task = asyncio.create_task(client.start(server.token))
    try:
        await server.wait_until_online()
        yield client
    finally:
        await client.close()
        await task


async def test_a_deferred_answer_is_edited_in_and_its_button_turns_the_page() -> None:
    async with DiscordStandIn() as server:
        ann = server.member("ann", server.guild())
        async with running(Client(), server):
            reply = await ann.slash("show", text="Hello", private=True)
            assert (reply.deferred, reply.ephemeral, reply.message.texts()) == (True, True, ["Hello"])
            assert reply.message.labels() == ["Next", "Details", "Write", "Open"]
            assert reply.message.links() == [("Open", "https://news.example/a")]
            turned = await ann.press(reply.message, "Next")
            assert turned.message is reply.message
            assert turned.message.texts() == ["Page 2"]
            assert turned.message.outline().splitlines()[:3] == ["text 'Page 2'", "row", "  button 'Next'"]
            assert 0 < reply.acknowledged_ms <= reply.settled_ms
            server.assert_clean()


async def test_selects_modals_follow_ups_autocomplete_and_menus_work() -> None:
    async with DiscordStandIn() as server:
        ann = server.member("ann", server.guild(), locale="de")
        async with running(Client(), server):
            shown = (await ann.slash("show", text="Hello")).message
            assert (await ann.select(shown, "Second")).message.texts() == ["Picked 2"]
            form = (await ann.press(shown, "Write")).modal
            assert (form.title, form.labels(), list(form.inputs())) == ("Write", ["Words"], ["words"])
            assert (await ann.submit(form, {"words": "some"})).message.texts() == ["Wrote some"]
            read = await ann.press(shown, custom_id="details")
            assert read.message.texts() == ["Page 1, read"]
            assert (await read.followup(1)).ephemeral
            assert await ann.autocomplete("show", "text", "Ve") == [("Ve…", "Ve")]
            menu = await ann.context_menu("Card of this", message=ann.says("words"))
            assert menu.message.texts() == ["Seen: words"]
            given = await ann.slash("attach", file=File("a.txt", b"abc"))
            assert given.message.attachments[0]["size"] == 3
            server.assert_clean()


async def test_it_works_in_threads_and_in_direct_messages() -> None:
    async with DiscordStandIn() as server:
        ann = server.member("ann", server.guild())
        thread = server.thread(ann.channel, "talk")
        async with running(Client(), server):
            assert (await ann.at(thread).slash("show", text="In a thread")).message.channel is thread
            direct = await server.member("ann").slash("show", text="In private")
            assert direct.message.channel.recipient is ann.user
            server.assert_clean()


async def test_a_message_beyond_the_limits_is_refused_though_the_library_sends_it() -> None:
    async with DiscordStandIn() as server:
        ann = server.member("ann", server.guild())
        async with running(Client(), server):
            interaction = await ann.start("show", text="x" * 4_001)
            async with asyncio.timeout(5), server.recorded:
                await server.recorded.wait_for(lambda: bool(server.violations))
            assert "hold 4001 characters" in server.violations[0].message
            assert not interaction.settled.is_set()


async def test_a_mention_that_rings_is_seen() -> None:
    async with DiscordStandIn() as server:
        ann = server.member("ann", server.guild())
        async with running(Client(), server):
            await ann.slash("show", text=f"@everyone {ann.mention}")
            server.assert_clean()
            reply = await ann.slash("loud", text=f"@everyone {ann.mention}")
            assert reply.message.pings == ("@everyone", ann.mention)


async def test_a_bot_that_does_not_answer_is_told_on() -> None:
    async with DiscordStandIn() as server:
        server.patience(ack_s=0.1, settle_s=0.1)
        ann = server.member("ann", server.guild())
        async with running(Client(), server):
            with pytest.raises(NotAnsweredError, match="not acknowledged"):
                await ann.slash("silent")
            with pytest.raises(NotAnsweredError, match="never finished"):
                await ann.slash("slow")


async def test_old_buttons_work_after_a_restart_of_the_bot() -> None:
    async with DiscordStandIn() as server:
        ann = server.member("ann", server.guild())
        async with running(Client(), server):
            shown = (await ann.slash("show", text="Hello")).message
        await server.wait_until_offline()
        async with running(Client(), server):
            assert (await ann.press(shown, "Next")).message.texts() == ["Page 2"]
        assert len(server.gateway.identifies) == 2
        server.assert_clean()


@pytest.mark.parametrize("how", ["reconnect", "cut"])
async def test_a_dropped_gateway_is_resumed_and_nothing_is_lost(how: str) -> None:
    async with DiscordStandIn() as server:
        ann = server.member("ann", server.guild())
        async with running(Client(), server):
            await server.drop_gateway(how=how)
            interaction = await ann.start("show", text="Meanwhile")
            await server.wait_until_resumed()
            assert (await ann.finish(interaction)).message.texts() == ["Meanwhile"]
            assert len(server.gateway.identifies) == 1
        server.assert_clean()


async def test_a_session_that_cannot_be_resumed_is_identified_anew() -> None:
    async with DiscordStandIn() as server:
        ann = server.member("ann", server.guild())
        async with running(Client(), server):
            await server.drop_gateway(resumable=False)
            await server.wait_until_online()
            assert (await ann.slash("show", text="Again")).message.texts() == ["Again"]
            assert len(server.gateway.identifies) == 2


async def test_an_invalidated_session_is_identified_anew() -> None:
    async with DiscordStandIn() as server:
        ann = server.member("ann", server.guild())
        async with running(Client(), server):
            await server.invalidate_sessions()
            await server.wait_until_offline()
            await server.wait_until_online()
            assert (await ann.slash("show", text="Again")).message.texts() == ["Again"]
            assert len(server.gateway.identifies) == 2


async def test_a_guild_that_left_is_told_while_running_and_missing_at_the_next_start() -> None:
    async with DiscordStandIn() as server:
        gone, silent = server.guild("gone"), server.guild("silent")
        ann = server.member("ann", server.guild("staying"))
        async with running(Client(), server) as client:
            await server.remove_guild(gone)
            await ann.slash("show", text="Later than the event")
            assert client.removed == [gone.id]
        await server.remove_guild(silent, offline=True)
        async with running(Client(), server) as client:
            await client.wait_until_ready()
            assert [guild.name for guild in client.guilds] == ["staying"]
            assert client.removed == []


async def test_a_wrong_token_and_privileged_intents_are_refused() -> None:
    async with DiscordStandIn() as server:
        client = Client()
        with pytest.raises(discord.LoginFailure):
            await client.start(TOKEN_OF_NOBODY)
        await client.close()
        greedy = Client(intents=discord.Intents(guilds=True, members=True))
        with pytest.raises(discord.PrivilegedIntentsRequired):
            await greedy.start(server.token)
        await greedy.close()
        assert server.gateway.closures == [4014]


async def test_a_rate_limited_answer_is_sent_again_by_the_library() -> None:
    async with DiscordStandIn() as server:
        ann = server.member("ann", server.guild())
        async with running(Client(), server):
            server.rate_limit("PATCH", "messages/@original", retry_after_s=0.02)
            assert (await ann.slash("show", text="Hello")).message.texts() == ["Hello"]
            assert [one.status for one in server.requests if one.method == "PATCH"] == [429, 200]


async def test_a_hundred_interactions_at_once_are_each_measured() -> None:
    async with DiscordStandIn(described=False) as server:
        guild = server.guild()
        people = [server.member(f"member {number}", guild) for number in range(100)]
        async with running(Client(), server):
            replies = await asyncio.gather(*(one.slash("show", text=one.user.name) for one in people))
        assert [reply.message.texts() for reply in replies] == [[one.user.name] for one in people]
        assert statistics.median(reply.acknowledged_ms for reply in replies) > 0
        server.assert_clean()


async def test_only_base_addresses_are_changed_and_they_are_given_back() -> None:
    api, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    async with DiscordStandIn() as server:
        assert server.api == Route.BASE
        assert str(DiscordWebSocket.DEFAULT_GATEWAY) == server.state.gateway_url
    assert (api, gateway) == (Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY)
