"""The stand-in's REST face holds what Discord holds: who may ask, how often and when an interaction may be answered."""

from __future__ import annotations

import asyncio
import io
import json

import aiohttp
import pytest

from tests.discord import DiscordStandIn, NotAnsweredError, Permission
from tests.discord.commandline import CommandError, File
from tests.discord.shapes import JsonDict, rows, table, text, whole
from tests.discord.wire import EPHEMERAL, V2, newest, pressable, texts, wired


async def test_without_the_token_nothing_is_told_and_the_request_counts_as_invalid() -> None:
    async with wired() as wire:
        answered = await wire.ask("GET", "/users/@me", token="wrong")
        assert (answered.status, wire.server.rest.invalid_requests) == (401, 1)
        assert (await wire.ask("GET", "/users/@me")).body["id"] == str(wire.server.bot.id)


async def test_every_answer_is_plain_json_and_carries_its_rate_limit() -> None:
    async with wired() as wire:
        answered = await wire.ask("GET", "/users/@me")
        assert answered.headers["content-type"] == "application/json"
        names = ("limit", "remaining", "reset", "reset-after", "bucket")
        assert all(answered.headers[f"x-ratelimit-{name}"] for name in names)


async def test_an_unknown_route_is_a_violation() -> None:
    async with wired() as wire:
        assert (await wire.ask("GET", "/no/such/route")).status == 404
        assert [one.code for one in wire.server.violations] == ["UNKNOWN_ROUTE", "0"]


async def test_a_body_that_is_no_json_is_refused() -> None:
    async with wired() as wire:
        headers = {"Authorization": f"Bot {wire.server.token}", "Content-Type": "application/json"}
        address = f"{wire.server.api}/channels/{wire.ann.channel.id}/messages"
        async with wire.http.post(address, data="{", headers=headers) as response:
            assert (response.status, (await response.json())["code"]) == (400, 50109)


async def test_too_many_messages_in_a_channel_are_answered_by_429() -> None:
    async with wired() as wire:
        path = f"/channels/{wire.ann.channel.id}/messages"
        answers = [await wire.ask("POST", path, {"content": "x"}) for _ in range(6)]
        assert [one.status for one in answers] == [200] * 5 + [429]
        assert float(str(answers[-1].body["retry_after"])) > 0
        assert answers[-1].headers["via"]
        assert not wire.server.violations


async def test_arranged_troubles_strike_as_often_as_arranged() -> None:
    async with wired() as wire:
        wire.server.fail("GET", "/users/@me", status=502)
        wire.server.rate_limit("GET", "/gateway", whole_bot=True)
        wire.server.slow("GET", "/applications/@me", 0.05, times=1)
        assert [(await wire.ask("GET", "/users/@me")).status for _ in range(2)] == [502, 200]
        limited = await wire.ask("GET", "/gateway/bot")
        assert (limited.status, limited.body["global"]) == (429, True)
        assert (await wire.ask("GET", "/gateway/bot")).status == 200
        await wire.ask("GET", "/applications/@me")
        assert wire.server.requests[-1].ms >= 50


async def test_a_refused_body_says_where_and_is_on_record() -> None:
    async with wired() as wire:
        answered = await wire.ask("POST", f"/channels/{wire.ann.channel.id}/messages", {"content": "x" * 2001})
        assert (answered.status, answered.code) == (400, 50035)
        assert "content" in table(answered.body["errors"])
        assert wire.server.violations[0].where == "content"
        with pytest.raises(AssertionError, match="content"):
            wire.server.assert_clean()


async def test_a_first_answer_is_welcome_once() -> None:
    async with wired() as wire:
        interaction = await wire.ann.start("ask")
        first = await wire.answer(interaction, 4, texts("Hello"))
        assert first.status == 200
        assert table(first.body["interaction"])["response_message_ephemeral"] is False
        second = await wire.answer(interaction, 4, texts("Again"))
        assert (second.status, second.code) == (400, 40060)


async def test_a_first_answer_after_three_seconds_meets_an_unknown_interaction() -> None:
    async with wired() as wire:
        interaction = await wire.ann.start("ask")
        wire.server.clock.advance(seconds=3.1)
        late = await wire.answer(interaction, 5)
        assert (late.status, late.code) == (404, 10062)


async def test_a_wrong_interaction_token_is_unknown() -> None:
    async with wired() as wire:
        interaction = await wire.ann.start("ask")
        answered = await wire.ask("POST", f"/interactions/{interaction.id}/other/callback", {"type": 5})
        assert (answered.status, answered.code) == (404, 10062)
        other = await wire.ask("POST", f"/webhooks/1/{interaction.token}", {"content": "x"})
        assert (other.status, other.code) == (404, 10015)


async def test_nothing_can_follow_before_the_first_answer() -> None:
    async with wired() as wire:
        interaction = await wire.ann.start("ask")
        early = await wire.ask("PATCH", wire.hook(interaction), texts("x"))
        assert (early.status, early.code) == (404, 10015)


async def test_the_token_of_an_interaction_lives_15_minutes() -> None:
    async with wired() as wire:
        interaction = await wire.ann.start("ask")
        await wire.answer(interaction, 5)
        wire.server.clock.advance(minutes=14)
        assert (await wire.ask("PATCH", wire.hook(interaction), texts("x"))).status == 200
        wire.server.clock.advance(minutes=2)
        late = await wire.ask("PATCH", wire.hook(interaction), texts("y"))
        assert (late.status, late.code) == (401, 50027)


async def test_a_deferral_takes_no_flag_but_ephemeral() -> None:
    async with wired() as wire:
        interaction = await wire.ann.start("ask")
        assert (await wire.answer(interaction, 5, {"flags": V2})).code == 50035
        assert (await wire.answer(interaction, 5, {"flags": EPHEMERAL})).status == 200


async def test_a_deferred_answer_stays_as_private_as_it_was_deferred() -> None:
    async with wired() as wire:
        interaction = await wire.ann.start("ask")
        await wire.answer(interaction, 5)
        refused = await wire.ask("PATCH", wire.hook(interaction), texts("x") | {"flags": V2 | EPHEMERAL})
        assert (refused.status, refused.code) == (400, 50035)
        loading = await wire.ann.start("ask")
        await wire.answer(loading, 5, {"flags": EPHEMERAL})
        followed = await wire.ask("POST", wire.hook(loading, ""), texts("x"))
        assert whole(followed.body["flags"]) & EPHEMERAL
        assert loading.followups == []
        assert loading.original is not None
        assert loading.original.texts() == ["x"]


async def test_follow_ups_stand_beside_the_answer_and_can_be_edited_and_deleted() -> None:
    async with wired() as wire:
        interaction = await wire.ann.start("ask")
        await wire.answer(interaction, 4, texts("x"))
        made = await wire.ask("POST", wire.hook(interaction, "?wait=true"), texts("more") | {"flags": V2 | EPHEMERAL})
        path = wire.hook(interaction, f"/messages/{text(made.body['id'])}")
        assert (await wire.ask("PATCH", path, texts("better"))).status == 200
        assert interaction.followups[0].texts() == ["better"]
        assert (await wire.ask("GET", path)).status == 200
        assert (await wire.ask("DELETE", path)).status == 204
        assert (await wire.ask("GET", path)).code == 10008


async def test_the_answer_can_be_read_and_deleted() -> None:
    async with wired() as wire:
        interaction = await wire.ann.start("ask")
        await wire.answer(interaction, 4, texts("x"))
        assert (await wire.ask("GET", wire.hook(interaction))).status == 200
        assert (await wire.ask("DELETE", wire.hook(interaction))).status == 204
        assert (await wire.ask("GET", wire.hook(interaction))).code == 10008
        assert wire.server.messages == []


async def test_a_message_of_nothing_is_refused() -> None:
    async with wired() as wire:
        interaction = await wire.ann.start("ask")
        empty = await wire.answer(interaction, 4, {"content": ""})
        assert (empty.status, empty.code) == (400, 50006)


@pytest.mark.parametrize("kind", [1, 6, 7, 8, 10, 12, 99])
async def test_a_command_is_not_answered_by_what_belongs_to_others(kind: int) -> None:
    async with wired() as wire:
        interaction = await wire.ann.start("ask")
        assert (await wire.answer(interaction, kind, {})).code == 50035


async def test_a_modal_is_a_first_answer_and_not_to_a_modal() -> None:
    field: JsonDict = {"type": 18, "label": "Text", "component": {"type": 4, "custom_id": "t", "style": 1}}
    modal: JsonDict = {"custom_id": "m", "title": "T", "components": [field]}
    async with wired() as wire:
        interaction = await wire.ann.start("ask")
        await wire.answer(interaction, 9, modal)
        reply = await wire.ann.finish(interaction)
        submitting = asyncio.create_task(wire.ann.submit(reply.modal, {"t": "written"}))
        submission = await newest(wire.server, 2)
        assert (await wire.answer(submission, 9, modal)).code == 50035
        assert (await wire.answer(submission, 4, texts("Thanks"))).status == 200
        assert (await submitting).message.texts() == ["Thanks"]
        with pytest.raises(ValueError, match="no input"):
            await wire.ann.submit(reply.modal, {"other": "x"})
        with pytest.raises(ValueError, match="characters"):
            await wire.ann.submit(reply.modal, {"t": ""})


async def test_autocomplete_is_answered_by_choices_alone() -> None:
    async with wired() as wire:
        option: JsonDict = {"name": "publication", "description": "P.", "type": 3, "autocomplete": True}
        await wire.register(option)
        asking = asyncio.create_task(wire.ann.autocomplete("ask", "publication", "Ve"))
        interaction = await newest(wire.server, 1)
        assert (await wire.answer(interaction, 5)).code == 50035
        many: list[JsonDict] = [{"name": str(number), "value": "v"} for number in range(26)]
        assert (await wire.answer(interaction, 8, {"choices": many})).code == 50035
        assert (await wire.answer(interaction, 8, {"choices": [{"name": "Verge", "value": "v"}]})).status == 200
        assert await asking == [("Verge", "v")]


async def test_a_component_answers_by_an_update_of_its_own_message() -> None:
    async with wired() as wire:
        interaction = await wire.ann.start("ask")
        await wire.answer(interaction, 4, pressable())
        shown = (await wire.ann.finish(interaction)).message
        press = await wire.ann.start_press(shown, "Go")
        assert (await wire.answer(press, 7, {"flags": 0, "content": "x", "components": []})).code == 50035
        assert (await wire.answer(press, 6)).status == 200
        assert not press.settled.is_set()
        await wire.ask("PATCH", wire.hook(press), texts("Page 2"))
        assert (await wire.ann.finish(press)).message is shown
        assert shown.texts() == ["Page 2"]


async def test_only_what_is_on_the_screen_can_be_pressed() -> None:
    async with wired() as wire:
        bob = wire.server.member("bob", wire.guild)
        interaction = await wire.ann.start("ask")
        body = pressable(disabled=True)
        await wire.answer(interaction, 4, body | {"flags": V2 | EPHEMERAL})
        shown = (await wire.ann.finish(interaction)).message
        assert wire.ann.screen() == [shown]
        assert bob.screen() == []
        with pytest.raises(LookupError, match="not on the screen"):
            await bob.press(shown, "Go")
        with pytest.raises(LookupError, match="0 buttons"):
            await wire.ann.press(shown, "Back")
        with pytest.raises(ValueError, match="disabled"):
            await wire.ann.press(shown, "Go")


async def test_discords_client_sends_no_command_that_is_not_as_registered() -> None:
    async with wired() as wire:
        question: JsonDict = {"name": "question", "description": "Q.", "type": 3, "required": True, "min_length": 3}
        number: JsonDict = {"name": "number", "description": "N.", "type": 4, "max_value": 5}
        await wire.register(
            question, number, default_member_permissions=str(int(Permission.MANAGE_GUILD)), contexts=[0]
        )
        chief = wire.server.member("chief", wire.guild, permissions=Permission.MANAGE_GUILD)
        for name, options in (
            ("nothing", {}),
            ("ask", {}),
            ("ask", {"question": "ab"}),
            ("ask", {"question": "abc", "number": 6}),
            ("ask", {"question": "abc", "number": "5"}),
            ("ask", {"question": "abc", "colour": "red"}),
        ):
            with pytest.raises(CommandError):
                await chief.start(name, **options)
        with pytest.raises(CommandError, match="not offer"):
            await wire.ann.start("ask", question="abc")
        with pytest.raises(CommandError, match="not offer"):
            await wire.server.member("chief").start("ask", question="abc")
        assert (chief.offered(), wire.ann.offered()) == (["ask"], [])
        sent = await chief.start("ask", question="abc", number=5)
        assert table(sent.payload["data"])["options"] == [
            {"name": "question", "type": 3, "value": "abc"},
            {"name": "number", "type": 4, "value": 5},
        ]


async def test_a_file_given_to_a_command_can_be_fetched() -> None:
    async with wired() as wire:
        await wire.register({"name": "file", "description": "F.", "type": 11})
        sent = await wire.ann.start("ask", file=File("a b.pdf", b"%PDF"))
        files = table(table(table(sent.payload["data"])["resolved"])["attachments"])
        (attachment,) = (table(one) for one in files.values())
        async with wire.http.get(text(attachment["url"])) as response:
            assert await response.read() == b"%PDF"


async def test_an_upload_becomes_an_attachment() -> None:
    async with wired() as wire:
        form = aiohttp.FormData()
        body = {"content": "See", "attachments": [{"id": 0, "filename": "a.txt"}]}
        form.add_field("payload_json", json.dumps(body), content_type="application/json")
        form.add_field("files[0]", b"abc", filename="a.txt")
        address = f"{wire.server.api}/channels/{wire.ann.channel.id}/messages"
        async with wire.http.post(
            address, data=form, headers={"Authorization": f"Bot {wire.server.token}"}
        ) as response:
            assert response.status == 200
        (message,) = wire.server.messages
        assert (message.attachments[0]["filename"], message.attachments[0]["size"]) == ("a.txt", 3)


async def test_in_a_channel_the_bot_needs_its_permissions() -> None:
    async with wired() as wire:
        path = f"/channels/{wire.ann.channel.id}/messages"
        wire.guild.app_permissions = Permission.VIEW_CHANNEL
        assert (await wire.ask("POST", path, {"content": "x"})).code == 50013
        wire.guild.app_permissions = Permission(0)
        assert (await wire.ask("POST", path, {"content": "x"})).code == 50001
        wire.guild.app_permissions = Permission.ADMINISTRATOR
        assert (await wire.ask("POST", path, {"content": "x"})).status == 200
        assert (await wire.ask("POST", "/channels/1/messages", {"content": "x"})).code == 10003
        thread = wire.server.thread(wire.ann.channel)
        wire.guild.app_permissions = Permission.VIEW_CHANNEL | Permission.SEND_MESSAGES
        assert (await wire.ask("POST", f"/channels/{thread.id}/messages", {"content": "x"})).code == 50013


async def test_another_persons_message_is_not_edited_and_a_private_one_not_reached() -> None:
    async with wired() as wire:
        path = f"/channels/{wire.ann.channel.id}/messages"
        theirs = wire.ann.says("Mine")
        assert (await wire.ask("PATCH", f"{path}/{theirs.id}", {"content": "x"})).code == 50005
        assert (await wire.ask("DELETE", f"{path}/{theirs.id}")).code == 50013
        interaction = await wire.ann.start("ask")
        made = await wire.answer(interaction, 4, texts("x") | {"flags": V2 | EPHEMERAL})
        number = text(table(made.body["interaction"])["response_message_id"])
        assert (await wire.ask("PATCH", f"{path}/{number}", texts("y"))).code == 10008


async def test_an_enforced_nonce_sends_once() -> None:
    async with wired() as wire:
        path = f"/channels/{wire.ann.channel.id}/messages"
        body: JsonDict = {"content": "x", "nonce": "n-1", "enforce_nonce": True}
        first, second = await wire.ask("POST", path, body), await wire.ask("POST", path, body)
        assert first.body["id"] == second.body["id"]
        assert len(wire.server.messages) == 1


async def test_what_would_ring_is_on_record() -> None:
    async with wired() as wire:
        path = f"/channels/{wire.ann.channel.id}/messages"
        await wire.ask("POST", path, {"content": "@everyone", "allowed_mentions": {"parse": []}})
        wire.server.assert_clean()
        await wire.ask("POST", path, texts(f"{wire.ann.mention}"))
        assert [ping.mention for ping in wire.server.pings] == [wire.ann.mention]
        with pytest.raises(AssertionError, match="ping"):
            wire.server.assert_clean()


async def test_a_command_keeps_its_id_when_it_is_registered_again() -> None:
    async with wired() as wire:
        before = wire.server.commands["ask"]["id"]
        await wire.register(description="Other.")
        assert wire.server.commands["ask"]["id"] == before
        assert wire.server.registry.overwrites == 2
        assert (await wire.register(name="Ask")).code == 50035
        guild_path = f"/applications/{wire.server.bot.id}/guilds/{wire.guild.id}/commands"
        made = await wire.ask("POST", guild_path, {"name": "desk", "description": "D."})
        assert made.status == 201
        assert (await wire.ask("DELETE", f"{guild_path}/{text(made.body['id'])}")).status == 204
        assert wire.server.guild_commands(wire.guild) == {}


async def test_a_bot_that_is_away_is_noticed_at_once() -> None:
    async with DiscordStandIn(point=False) as server:
        ann = server.member("ann", server.guild())
        server.state.commands[None] = [{"id": "1", "name": "ask", "type": 1}]
        with pytest.raises(NotAnsweredError, match="not connected"):
            await ann.slash("ask")


async def test_a_modal_takes_files_and_the_bot_gets_their_addresses() -> None:
    upload: JsonDict = {"type": 18, "label": "File", "component": {"type": 19, "custom_id": "f", "max_values": 2}}
    async with wired() as wire:
        interaction = await wire.ann.start("ask")
        await wire.answer(interaction, 9, {"custom_id": "m", "title": "T", "components": [upload]})
        form = (await wire.ann.finish(interaction)).modal
        submitting = asyncio.create_task(wire.ann.submit(form, {"f": [File("a.txt", b"abc")]}))
        submission = await newest(wire.server, 2)
        files = table(table(table(submission.payload["data"])["resolved"])["attachments"])
        assert [table(one)["filename"] for one in files.values()] == ["a.txt"]
        await wire.answer(submission, 4, texts("Thanks"))
        await submitting
        with pytest.raises(ValueError, match="1 to 2 choices"):
            await wire.ann.submit(form, {"f": [File("a.txt", b"")] * 3})


async def test_a_file_beyond_10_mebibytes_is_too_large() -> None:
    async with wired() as wire:
        form = aiohttp.FormData()
        form.add_field("payload_json", "{}", content_type="application/json")
        form.add_field("files[0]", io.BytesIO(b"x" * (10 * 1024 * 1024 + 1)), filename="a.bin")
        address = f"{wire.server.api}/channels/{wire.ann.channel.id}/messages"
        headers = {"Authorization": f"Bot {wire.server.token}"}
        async with wire.http.post(address, data=form, headers=headers) as response:
            assert (response.status, (await response.json())["code"]) == (413, 40005)


async def test_subcommands_people_places_roles_and_choices_become_payload() -> None:
    async with wired() as wire:
        inner: list[JsonDict] = [
            {"name": "who", "description": "W.", "type": 6},
            {"name": "where", "description": "W.", "type": 7},
            {"name": "role", "description": "R.", "type": 8},
            {"name": "sure", "description": "S.", "type": 5},
            {"name": "kind", "description": "K.", "type": 3, "choices": [{"name": "One", "value": "1"}]},
        ]
        group: JsonDict = {"name": "desk", "description": "D.", "type": 2}
        group["options"] = [{"name": "add", "description": "A.", "type": 1, "options": inner}]
        await wire.register(group)
        role = wire.server.role(wire.guild, "editors")
        place, bot = wire.ann.channel, wire.server.bot
        sent = await wire.ann.start("ask desk add", who=bot, where=place, role=role, sure=True, kind="1")
        data = table(sent.payload["data"])
        ((outer,), resolved) = (rows(data["options"]), table(data["resolved"]))
        (step,) = rows(outer["options"])
        values = [one["value"] for one in rows(step["options"])]
        assert (outer["name"], outer["type"], step["name"], step["type"]) == ("desk", 2, "add", 1)
        assert values == [str(bot.id), str(place.id), str(role.id), True, "1"]
        assert {name: list(table(one)) for name, one in resolved.items()} == {
            "members": [str(bot.id)],
            "users": [str(bot.id)],
            "channels": [str(place.id)],
            "roles": [str(role.id)],
        }
        for name, options in (
            ("ask", {}),
            ("ask desk", {}),
            ("ask desk drop", {}),
            ("ask desk add", {"kind": "2"}),
            ("ask desk add", {"sure": "yes"}),
            ("ask desk add", {"who": "ann"}),
        ):
            with pytest.raises(CommandError):
                await wire.ann.start(name, **options)


async def test_the_bot_can_ask_where_it_is_and_whom_it_meets() -> None:
    async with wired() as wire:
        ann, guild, bot = wire.ann, wire.guild, wire.server.bot
        opened = await wire.ask("POST", "/users/@me/channels", {"recipient_id": str(ann.id)})
        assert whole(opened.body["type"]) == 1
        sent = await wire.ask("POST", f"/channels/{text(opened.body['id'])}/messages", {"content": "Hi"})
        assert wire.server.member("ann").screen()[-1].id == int(text(sent.body["id"]))
        assert (await wire.ask("POST", "/users/@me/channels", {"recipient_id": "1"})).code == 10013
        assert (await wire.ask("GET", f"/users/{ann.id}")).body["username"] == "ann"
        assert table((await wire.ask("GET", f"/guilds/{guild.id}/members/{bot.id}")).body["user"])["bot"] is True
        assert (await wire.ask("GET", f"/guilds/{guild.id}")).body["name"] == guild.name
        assert (await wire.ask("GET", f"/channels/{ann.channel.id}")).body["name"] == "general"
        for path in (f"/guilds/{guild.id}/channels", "/users/@me/guilds", f"/channels/{ann.channel.id}/messages"):
            assert (await wire.ask("GET", path)).status == 200
        assert (await wire.ask("DELETE", f"/users/@me/guilds/{guild.id}")).status == 204
        assert (await wire.ask("GET", f"/guilds/{guild.id}")).code == 10004
        assert (await wire.ask("GET", f"/channels/{ann.channel.id}")).code == 10003


async def test_a_channel_message_can_be_edited_and_deleted() -> None:
    async with wired() as wire:
        path = f"/channels/{wire.ann.channel.id}/messages"
        made = await wire.ask("POST", path, texts("x"))
        own = f"{path}/{text(made.body['id'])}"
        assert (await wire.ask("PATCH", own, texts("y"))).status == 200
        assert (await wire.ask("PATCH", own, {"content": "z"})).code == 50035
        assert (await wire.ask("GET", own)).body["edited_timestamp"]
        assert (await wire.ask("DELETE", own)).status == 204
        assert (await wire.ask("GET", own)).code == 10008
        assert (await wire.ask("POST", path, {"content": " "})).code == 50006


async def test_single_commands_can_be_read_edited_and_deleted() -> None:
    async with wired() as wire:
        base = f"/applications/{wire.server.bot.id}/commands"
        own = f"{base}/{text(wire.server.commands['ask']['id'])}"
        assert (await wire.ask("PATCH", own, {"description": "Other."})).status == 200
        assert (await wire.ask("GET", own)).body["description"] == "Other."
        assert (await wire.ask("PATCH", own, {"description": ""})).code == 50035
        assert (await wire.ask("DELETE", own)).status == 204
        assert (await wire.ask("GET", own)).code == 10063
