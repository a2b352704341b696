"""The stand-in's people, places and files: what is chosen, who may do what where, what is on a screen."""

from __future__ import annotations

import asyncio
import json

import aiohttp
import pytest

from tests.discord import EVERYONE, Channel, CommandError, File, Member, Permission, Role
from tests.discord.shapes import Json, JsonDict, JsonValue, items, rows, table, text
from tests.discord.wire import EPHEMERAL, V2, Wire, newest, pressable, texts, wired

ROLE_SELECT, USER_SELECT, CHANNEL_SELECT, MENTIONABLE_SELECT = 6, 5, 8, 7


def menu(kind: int, **more: JsonValue) -> JsonDict:
    select: JsonDict = {"type": kind, "custom_id": "pick", **more}
    return {"flags": V2, "components": [{"type": 1, "components": [select]}]}


async def chosen(wire: Wire, kind: int, *choices: Role | Channel | Member, **more: JsonValue) -> Json:
    """The data of the interaction that choosing these in a select of that kind sends."""
    interaction = await wire.ann.start("ask")
    await wire.answer(interaction, 4, menu(kind, **more))
    message = (await wire.ann.finish(interaction)).message
    before = len(wire.server.state.interactions)
    choosing = asyncio.create_task(wire.ann.select(message, *choices))
    sent = await newest(wire.server, before + 1)
    if sent is not interaction:
        await wire.answer(sent, 7, texts("Chosen"))
    await choosing
    return table(sent.payload["data"])


async def test_a_role_a_channel_and_a_person_are_chosen_by_their_ids_and_come_resolved() -> None:
    async with wired() as wire:
        role = wire.server.role(wire.guild, "desk", 8)
        data = await chosen(wire, ROLE_SELECT, role)
        assert data["values"] == [str(role.id)]
        assert table(table(table(data["resolved"])["roles"])[str(role.id)])["name"] == "desk"
        data = await chosen(wire, CHANNEL_SELECT, wire.ann.channel, channel_types=[0])
        assert table(table(data["resolved"])["channels"]).keys() == {str(wire.ann.channel.id)}
        bob = wire.server.member("bob", wire.guild)
        data = await chosen(wire, USER_SELECT, bob)
        resolved = table(data["resolved"])
        assert text(table(table(resolved["users"])[str(bob.id)])["username"]) == "bob"
        assert "user" not in table(table(resolved["members"])[str(bob.id)])
        data = await chosen(wire, MENTIONABLE_SELECT, role, bob, max_values=2)
        assert data["values"] == [str(role.id), str(bob.id)]


async def test_what_a_select_does_not_offer_can_not_be_chosen() -> None:
    async with wired() as wire:
        foreign = wire.server.role(wire.server.guild("Elsewhere"), "desk")
        with pytest.raises(LookupError, match="no role"):
            await chosen(wire, ROLE_SELECT, foreign)
        with pytest.raises(CommandError, match="role_select"):
            await chosen(wire, ROLE_SELECT, wire.ann)
        with pytest.raises(LookupError, match="types"):
            await chosen(wire, CHANNEL_SELECT, wire.server.thread(wire.ann.channel), channel_types=[0])
        with pytest.raises(LookupError, match="no channel"):
            await chosen(wire, CHANNEL_SELECT, wire.server.guild("Far away").first_channel)
        with pytest.raises(ValueError, match="takes 1 to 1"):
            await chosen(wire, ROLE_SELECT)


def modal() -> JsonDict:
    field: JsonDict = {"type": 18, "label": "Text", "component": {"type": 4, "custom_id": "t", "style": 1}}
    return {"custom_id": "m", "title": "T", "components": [field]}


@pytest.mark.parametrize("private", [False, True])
@pytest.mark.parametrize("kind", [4, 5, 6, 7])
async def test_a_form_that_a_message_opened_may_change_that_message(*, kind: int, private: bool) -> None:
    async with wired() as wire:
        shown = await wire.ann.start("ask")
        await wire.answer(shown, 4, pressable() | {"flags": V2 | (EPHEMERAL if private else 0)})
        message = (await wire.ann.finish(shown)).message
        pressed = await wire.ann.start_press(message, "Go")
        await wire.answer(pressed, 9, modal())
        opened = (await wire.ann.finish(pressed)).modal
        submitting = asyncio.create_task(wire.ann.submit(opened, {"t": "x"}))
        sent = await newest(wire.server, 3)
        assert text(table(sent.payload["message"])["id"]) == str(message.id)
        answered = await wire.answer(sent, kind, texts("Done") if kind in {4, 7} else None)
        assert answered.status == 200
        if kind in {5, 6}:
            await wire.ask("PATCH", wire.hook(sent), texts("Done"))
        reply = await submitting
        assert reply.message.texts() == ["Done"]
        assert (reply.message is message) is (kind in {6, 7})
        wire.server.assert_clean()


@pytest.mark.parametrize(("kind", "taken"), [(4, True), (5, True), (6, False), (7, False)])
async def test_a_form_that_a_command_opened_has_no_message_to_change(*, kind: int, taken: bool) -> None:
    async with wired() as wire:
        asked = await wire.ann.start("ask")
        await wire.answer(asked, 9, modal())
        opened = (await wire.ann.finish(asked)).modal
        submitting = asyncio.create_task(wire.ann.submit(opened, {"t": "x"}))
        sent = await newest(wire.server, 2)
        assert "message" not in sent.payload
        answered = await wire.answer(sent, kind, texts("Done") if kind in {4, 7} else None)
        assert (answered.status == 200) is taken
        submitting.cancel()


async def test_a_submission_says_what_the_member_may_do_by_then() -> None:
    async with wired() as wire:
        role = wire.server.role(wire.guild, "desk")
        ann = wire.server.member("ann", wire.guild, permissions=EVERYONE | Permission.MANAGE_MESSAGES, roles=(role,))
        asked = await ann.start("ask")
        assert items(table(asked.payload["member"])["roles"]) == [str(role.id)]
        await wire.answer(asked, 9, modal())
        opened = (await ann.finish(asked)).modal
        ann.permissions, ann.roles = EVERYONE, ()
        submitting = asyncio.create_task(ann.submit(opened, {"t": "x"}))
        sent = await newest(wire.server, 2)
        told = table(sent.payload["member"])
        assert (told["permissions"], told["roles"]) == (str(int(EVERYONE)), [])
        submitting.cancel()


async def test_who_takes_no_direct_messages_is_not_written_to() -> None:
    async with wired() as wire:
        made = await wire.ask("POST", "/users/@me/channels", {"recipient_id": str(wire.ann.id)})
        path = f"/channels/{text(made.body['id'])}/messages"
        assert (await wire.ask("POST", path, texts("Hello"))).status == 200
        wire.ann.refuses_dms = True
        refused = await wire.ask("POST", path, texts("Hello again"))
        assert (refused.status, refused.code) == (403, 50007)
        assert [message.text for message in wire.ann.inbox()] == ["Hello"]
        wire.ann.refuses_dms = False
        assert (await wire.ask("POST", path, texts("Now"))).status == 200
        wire.server.forgive(50007)
        wire.server.assert_clean()


async def test_a_channel_can_take_from_the_bot_what_the_guild_gives() -> None:
    async with wired() as wire:
        closed, open_ = wire.ann.channel, wire.server.channel(wire.guild, "open")
        thread = wire.server.thread(closed)
        mine = text((await wire.ask("POST", f"/channels/{closed.id}/messages", {"content": "x"})).body["id"])
        await wire.server.deny(closed, Permission.SEND_MESSAGES | Permission.SEND_MESSAGES_IN_THREADS)
        for channel, code in ((closed, 50013), (thread, 50013), (open_, 0)):
            assert (await wire.ask("POST", f"/channels/{channel.id}/messages", {"content": "x"})).code == code
        assert (await wire.ask("PATCH", f"/channels/{closed.id}/messages/{mine}", {"content": "y"})).status == 200
        interaction = await wire.ann.start("ask")
        assert not int(text(interaction.payload["app_permissions"])) & Permission.SEND_MESSAGES
        await wire.server.deny(closed, Permission.VIEW_CHANNEL)
        assert (await wire.ask("PATCH", f"/channels/{closed.id}/messages/{mine}", {"content": "z"})).code == 50001
        [overwrite] = rows((await wire.ask("GET", f"/channels/{open_.id}")).body["permission_overwrites"]) or [{}]
        assert overwrite == {}
        await wire.server.delete_channel(closed)
        assert (await wire.ask("PATCH", f"/channels/{closed.id}/messages/{mine}", {"content": "z"})).code == 10003


async def test_what_the_bot_may_do_stands_in_its_roles_and_changes_are_told() -> None:
    async with wired() as wire:
        member = await wire.ask("GET", f"/guilds/{wire.guild.id}/members/{wire.server.bot.id}")
        guild = await wire.ask("GET", f"/guilds/{wire.guild.id}")
        everyone, own = rows(guild.body["roles"])
        assert items(member.body["roles"]) == [own["id"]]
        assert (everyone["id"], own["managed"]) == (str(wire.guild.id), True)
        [session] = wire.server.gateway.sessions.values()
        await wire.server.allow(wire.guild, Permission.VIEW_CHANNEL)
        role = await wire.server.new_role(wire.guild, "desk")
        await wire.server.deny(wire.ann.channel, Permission.SEND_MESSAGES)
        told = [(one["t"], table(table(one["d"]).get("role")).get("permissions")) for one in session.sent[-4:]]
        assert told == [
            ("GUILD_ROLE_UPDATE", str(int(Permission.VIEW_CHANNEL))),
            ("GUILD_ROLE_UPDATE", str(int(Permission.VIEW_CHANNEL))),
            ("GUILD_ROLE_CREATE", "0"),
            ("CHANNEL_UPDATE", None),
        ]
        assert role in wire.guild.roles


async def uploaded(wire: Wire, path: str, body: JsonDict, files: dict[str, bytes]) -> Json:
    """The answer to a body that comes with files."""
    form = aiohttp.FormData()
    form.add_field("payload_json", json.dumps(body), content_type="application/json")
    for number, (name, data) in enumerate(files.items()):
        form.add_field(f"files[{number}]", data, filename=name)
    headers = {"Authorization": f"Bot {wire.server.token}"}
    async with wire.http.post(wire.server.api + path, data=form, headers=headers) as response:
        return table(json.loads(await response.text()))


async def test_with_components_v2_a_file_is_on_the_screen_where_a_component_shows_it() -> None:
    async with wired() as wire:
        path = f"/channels/{wire.ann.channel.id}/messages"
        listed: list[JsonValue] = [{"id": at, "filename": name} for at, name in enumerate(("a.csv", "b.csv"))]
        shown: JsonDict = {"type": 13, "file": {"url": "attachment://a.csv"}}
        body: JsonDict = {"flags": V2, "components": [shown], "attachments": listed}
        made = await uploaded(wire, path, body, {"a.csv": b"1,2", "b.csv": b"3,4"})
        [message] = wire.ann.screen()
        assert message.files == {"a.csv": b"1,2"}
        [file] = rows(made["components"])
        assert text(table(file["file"])["url"]).startswith(wire.server.state.base)
        assert (file["name"], file["size"]) == ("a.csv", 3)
        await uploaded(wire, path, {"attachments": listed}, {"a.csv": b"1,2", "b.csv": b"3,4"})
        assert wire.ann.screen()[-1].files == {"a.csv": b"1,2", "b.csv": b"3,4"}
        wire.server.assert_clean()


async def test_a_message_of_anybody_may_have_files_and_embeds_which_a_menu_brings_to_the_bot() -> None:
    async with wired() as wire:
        await wire.ask("PUT", f"/applications/{wire.server.bot.id}/commands", [{"name": "Take", "type": 3}])
        other = wire.server.member("rss", wire.guild, bot=True)
        message = other.says("New", attachments=[File("a.html", b"<p>")], embeds=[{"title": "A", "url": "https://a.b"}])
        taking = asyncio.create_task(wire.ann.context_menu("Take", message=message))
        sent = await newest(wire.server, 1)
        brought = table(table(table(sent.payload["data"])["resolved"])["messages"])
        told = table(brought[str(message.id)])
        assert table(told["author"])["bot"] is True
        assert rows(told["embeds"]) == [{"type": "rich", "title": "A", "url": "https://a.b"}]
        async with wire.http.get(text(rows(told["attachments"])[0]["url"])) as response:
            assert await response.read() == b"<p>"
        await wire.answer(sent, 4, texts("x") | {"flags": V2 | EPHEMERAL})
        private = (await taking).message
        with pytest.raises(LookupError, match="not on the screen"):
            await wire.server.member("bob", wire.guild).context_menu("Take", message=private)


async def test_only_what_was_refused_can_be_forgiven() -> None:
    async with wired() as wire:
        with pytest.raises(AssertionError, match="Nothing was refused with code 50013"):
            wire.server.forgive(50013)
        wire.guild.app_permissions = Permission.VIEW_CHANNEL
        await wire.ask("POST", f"/channels/{wire.ann.channel.id}/messages", {"content": "x"})
        wire.server.forgive(50013)
        wire.server.assert_clean()
