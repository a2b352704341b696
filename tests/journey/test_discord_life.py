"""The life of the bot: commands registered, guilds that come and go, failures, a lost connection, start and stop."""

from __future__ import annotations

import asyncio
import os
import signal
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import discord
import pytest
import structlog

from bot import health, limits
from bot.client import AmicusClient, run, sync_commands
from bot.errors import ConfigError, DiscordUnusable
from corpus.errors import StoreError
from tests.discord import DiscordStandIn
from tests.discord.shapes import Json, rows, text
from tests.fakes.discord_app import fake_app
from tests.fakes.discord_bot import QUESTION, ROTHSTEIN, running, stage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


MEMBERS_COMMANDS = {"ask", "search", "sources", "help"}


def parts_of(command: Json) -> Iterator[Json]:
    """The command, its subcommands and all of their options."""
    yield command
    for option in rows(command.get("options")):
        yield from parts_of(option)


async def test_commands_are_registered_once_for_as_long_as_they_stay_the_same(tmp_path: Path) -> None:
    async with DiscordStandIn() as server:
        for _ in range(2):
            async with fake_app(tmp_path) as app, running(server, app):
                assert set(server.commands) >= MEMBERS_COMMANDS
        assert server.registry.overwrites == 1


async def test_a_changed_definition_is_registered_again(tmp_path: Path) -> None:
    async with DiscordStandIn() as server, fake_app(tmp_path) as app:
        async with running(server, app) as client:
            own = client.application_id or 0
        await client.records.commands.registered(own, "the digest of other commands", app.now())
        async with running(server, app):
            assert server.registry.overwrites == 2


async def test_commands_are_not_registered_at_start_where_the_operator_does_that(tmp_path: Path) -> None:
    async with DiscordStandIn() as server, fake_app(tmp_path, discord={"sync_commands": False}) as app:
        async with running(server, app):
            assert server.registry.overwrites == 0
        assert await sync_commands(app, server.token) == len(server.commands)
        assert server.registry.overwrites == 1
        server.assert_clean()


async def test_commands_are_offered_in_guilds_and_direct_messages_for_guild_installs_only(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        for name, command in here.server.commands.items():
            assert command["contexts"] == [0, 1] or name not in MEMBERS_COMMANDS
            assert command["integration_types"] == [0]


async def test_the_definition_of_each_command_is_within_limits(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        kinds = [command["type"] for command in here.server.commands.values()]
        assert all(kinds.count(kind) <= limits.MENUS for kind in (2, 3))
        for command in here.server.commands.values():
            described = list(parts_of(command))
            menu = command["type"] != 1
            assert all(len(rows(one.get("options"))) <= limits.COMMAND_OPTIONS for one in described)
            assert all(len(text(one["name"])) <= limits.COMMAND_NAME for one in described)
            lengths = [len(text(one["description"])) for one in described]
            assert all(menu or 1 <= length <= limits.COMMAND_DESCRIPTION for length in lengths)
            assert sum(lengths) + sum(len(text(one["name"])) for one in described) <= limits.COMMAND_TEXT


async def test_no_privileged_intent_is_asked_for(tmp_path: Path) -> None:
    async with fake_app(tmp_path) as app, AmicusClient(app) as client:
        assert client.intents.value == 1
        assert client.allowed_mentions is not None
        mentions = client.allowed_mentions
        assert not any((mentions.everyone, mentions.users, mentions.roles, mentions.replied_user))


async def noted(client: AmicusClient, guilds: dict[int, datetime | None]) -> None:
    """The bot remembers these guilds, each with the moment it was left."""
    async with asyncio.timeout(5):
        while await client.records.guilds.known() != guilds:  # noqa: ASYNC110 - a database tells nobody
            await asyncio.sleep(0.01)


async def test_a_guild_that_removed_the_bot_while_it_was_offline_is_noticed_at_the_start(tmp_path: Path) -> None:
    async with DiscordStandIn() as server, fake_app(tmp_path) as app:
        kept, gone = server.guild("Kept"), server.guild("Gone")
        async with running(server, app) as client:
            await noted(client, {kept.id: None, gone.id: None})
        await server.remove_guild(gone, offline=True)
        app.now.advance(timedelta(days=1))
        async with running(server, app) as client:
            await noted(client, {kept.id: None, gone.id: app.now()})


async def test_guilds_that_come_and_go_are_noted(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        await noted(here.client, {here.guild.id: None})
        new = await here.server.join("Newcomers")
        await noted(here.client, {here.guild.id: None, new.id: None})
        await here.server.remove_guild(new)
        await noted(here.client, {here.guild.id: None, new.id: here.app.now()})


async def test_a_failure_tells_the_member_an_incident_and_the_log_its_traceback(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        here.app.asker.broken = StoreError("the disk is full at /secret/path")
        with structlog.testing.capture_logs() as logs:
            reply = await here.member().slash("ask", question=QUESTION)
            notice = await reply.followup()
        [event] = [entry for entry in logs if entry["event"] == "interaction.failed"]
        assert notice.ephemeral
        assert f"`{event['incident']}`" in notice.text
        assert isinstance(event["exc_info"], StoreError)
        assert "could not be answered" in reply.message.text
        assert "secret" not in reply.message.text + notice.text
        assert "incident" not in reply.message.text


async def test_a_failure_at_a_button_is_told_privately(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        message = (await here.member().slash("ask", question=QUESTION)).message
        before = message.text
        here.app.store.broken = StoreError("no")
        with structlog.testing.capture_logs() as logs:
            notice = await (await here.member("bob").press(message, "Helpful")).followup()
        assert "name the incident" in notice.text
        assert message.text == before
        assert [entry["event"] for entry in logs if entry["log_level"] == "error"] == ["interaction.failed"]


async def test_an_interaction_that_comes_too_late_is_passed_over_quietly(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        here.app.asker.held = asyncio.Event()
        with structlog.testing.capture_logs() as logs:
            await here.member().start("ask", question=QUESTION)
            await here.app.asker.reached.wait()
            here.server.clock.advance(minutes=16)
            here.app.asker.held.set()
            await here.client.workload.drained(5)
            await asyncio.sleep(0.05)
        assert "interaction.expired" in [entry["event"] for entry in logs]
        assert not [entry for entry in logs if entry["log_level"] == "error"]
        # The late edit is what this is about.
        here.server.violations.clear()


async def test_a_lost_connection_is_resumed_and_questions_are_answered_again(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        await here.server.drop_gateway(how="reconnect")
        await here.server.wait_until_resumed(1, timeout_s=15)
        assert "## Barbara" in (await here.member().slash("ask", question=QUESTION)).message.text


async def test_a_stopping_bot_finishes_the_question_under_way(tmp_path: Path) -> None:
    async with DiscordStandIn() as server, fake_app(tmp_path, told={QUESTION: ROTHSTEIN}) as app:
        ann = server.member("ann", server.guild("Newsroom"))
        app.asker.held = asyncio.Event()
        serving = asyncio.create_task(run(app, server.token))
        await server.wait_until_online()
        question = await ann.start("ask", question=QUESTION)
        await question.acknowledged.wait()
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.sleep(0.05)
        refused = await ann.slash("ask", question=QUESTION)
        assert "just being restarted" in refused.message.text
        app.asker.held.set()
        reply = await ann.finish(question)
        assert "## Barbara Rothstein" in reply.message.text
        async with asyncio.timeout(5):
            await serving


@pytest.mark.parametrize("command", ["ask", "search", "sources", "help"])
async def test_a_stopping_bot_finishes_a_command_that_discord_has_not_heard_of_yet(
    tmp_path: Path, command: str
) -> None:
    options = {"ask": {"question": QUESTION}, "search": {"words": "Parler"}}.get(command, {})
    async with stage(tmp_path) as here:
        here.server.slow("POST", "/callback", 0.2, times=1)
        ann = here.member()
        asked = await ann.start(command, **options)
        async with asyncio.timeout(5):
            while not here.client.workload.under_way:  # noqa: ASYNC110 - it tells nobody that work has begun
                await asyncio.sleep(0.01)
        assert not asked.acknowledged.is_set()
        await here.client.close()
        assert (await ann.finish(asked)).message.text


async def test_a_stopping_bot_does_not_wait_for_ever(tmp_path: Path) -> None:
    async with DiscordStandIn() as server, fake_app(tmp_path, discord={"stop_grace_s": 0}) as app:
        guild = server.guild("Newsroom")
        ann = server.member("ann", guild)
        app.asker.held = asyncio.Event()
        async with running(server, app) as client:
            await (await ann.start("ask", question=QUESTION)).acknowledged.wait()
            async with asyncio.timeout(5):
                while guild.id not in await app.records.guilds.known():  # noqa: ASYNC110 - no event for it
                    await asyncio.sleep(0.01)
                await client.close()


async def test_a_connected_bot_gives_signs_of_life(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        file = health.file_in(tmp_path)
        async with asyncio.timeout(5):
            while not health.healthy(file, here.app.now()):  # noqa: ASYNC110 - a file tells nobody that it changed
                await asyncio.sleep(0.02)
        assert not health.healthy(file, here.app.now() + timedelta(minutes=5))


async def test_the_index_is_followed_while_the_bot_runs(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        async with asyncio.timeout(5):
            await here.app.follower.running.wait()


async def test_a_wrong_token_is_named_with_its_remedy(tmp_path: Path) -> None:
    async with DiscordStandIn(), fake_app(tmp_path) as app:
        with pytest.raises(ConfigError, match="DISCORD_TOKEN: was refused by Discord"):
            await run(app, "not-the-token")


async def test_a_network_that_is_not_there_is_named(tmp_path: Path, unused_tcp_port: int) -> None:
    async with DiscordStandIn() as server, fake_app(tmp_path) as app:
        there, discord.http.Route.BASE = discord.http.Route.BASE, f"http://127.0.0.1:{unused_tcp_port}/api/v10"
        try:
            with pytest.raises(DiscordUnusable, match="can't be reached"):
                await run(app, server.token)
        finally:
            discord.http.Route.BASE = there
