"""The stand-in's gateway opens, keeps, resumes and closes connections as Discord's does."""

from __future__ import annotations

import asyncio
import zlib
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import aiohttp
import pytest

from tests.discord import DiscordStandIn
from tests.discord.shapes import Json, JsonValue, table, text

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

HELLO, ACK, READY = 10, 11, 0


@asynccontextmanager
async def opened(
    server: DiscordStandIn, query: str = "?v=10&encoding=json"
) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    async with aiohttp.ClientSession() as http, http.ws_connect(server.state.gateway_url + query) as socket:
        yield socket


async def closed_with(socket: aiohttp.ClientWebSocketResponse) -> int | None:
    """The code with which the gateway closes, whatever it says before."""
    async with asyncio.timeout(5):
        async for _ in socket:
            pass
    return socket.close_code


def identify(server: DiscordStandIn, **more: JsonValue) -> Json:
    return {"op": 2, "d": {"token": server.token, "intents": 1, "properties": {}, **more}}


async def test_an_identified_bot_is_told_of_its_guilds() -> None:
    async with DiscordStandIn(point=False) as server, opened(server) as socket:
        guild = server.guild("Newsroom")
        assert (await socket.receive_json())["op"] == HELLO
        await socket.send_json({"op": 1, "d": None})
        assert (await socket.receive_json())["op"] == ACK
        await socket.send_json(identify(server))
        ready, created = await socket.receive_json(), await socket.receive_json()
        assert (ready["t"], ready["s"], ready["d"]["guilds"]) == (
            "READY",
            1,
            [{"id": str(guild.id), "unavailable": True}],
        )
        assert (created["t"], created["d"]["name"], created["d"]["unavailable"]) == ("GUILD_CREATE", "Newsroom", False)
        assert "token" not in server.gateway.identifies[0]


BROKEN: dict[str, tuple[JsonValue, int]] = {
    "a wrong token": ({"op": 2, "d": {"token": "wrong", "intents": 1}}, 4004),
    "no intents": ({"op": 2, "d": {"token": "TOKEN"}}, 4013),
    "an unknown intent": ({"op": 2, "d": {"token": "TOKEN", "intents": 1 << 30}}, 4013),
    "the members intent": ({"op": 2, "d": {"token": "TOKEN", "intents": 1 | 1 << 1}}, 4014),
    "the presences intent": ({"op": 2, "d": {"token": "TOKEN", "intents": 1 | 1 << 8}}, 4014),
    "the message content intent": ({"op": 2, "d": {"token": "TOKEN", "intents": 1 | 1 << 15}}, 4014),
    "a shard beyond its count": ({"op": 2, "d": {"token": "TOKEN", "intents": 1, "shard": [2, 2]}}, 4010),
    "a command before identifying": ({"op": 3, "d": {}}, 4003),
    "a resume with a wrong token": ({"op": 6, "d": {"token": "wrong", "session_id": "x", "seq": 1}}, 4004),
    "a payload without an op": ({"d": {}}, 4002),
    "a payload beyond 4,096 bytes": ({"op": 3, "d": "x" * 4096}, 4002),
}


@pytest.mark.parametrize("case", BROKEN)
async def test_the_gateway_closes_with_the_documented_code(case: str) -> None:
    payload, code = BROKEN[case]
    async with DiscordStandIn(token="TOKEN", point=False) as server, opened(server) as socket:
        await socket.send_json(payload)
        assert await closed_with(socket) == code
        assert server.gateway.closures == [code]


async def test_what_is_no_json_is_a_decode_error_and_an_unknown_op_its_own() -> None:
    async with DiscordStandIn(point=False) as server:
        async with opened(server) as socket:
            await socket.send_str("{")
            assert await closed_with(socket) == 4002
        async with opened(server) as socket:
            await socket.send_json(identify(server))
            await socket.send_json({"op": 99})
            assert await closed_with(socket) == 4001
        async with opened(server) as socket:
            await socket.send_json(identify(server))
            await socket.send_json(identify(server))
            assert await closed_with(socket) == 4005
        async with opened(server) as socket:
            for _ in range(121):
                await socket.send_json({"op": 1, "d": None})
            assert await closed_with(socket) == 4008
        async with opened(server, "?v=6") as socket:
            assert await closed_with(socket) == 4012


async def test_a_resumed_session_hears_what_it_missed() -> None:
    async with DiscordStandIn(point=False) as server:
        async with opened(server) as socket:
            await socket.receive_json()
            await socket.send_json(identify(server))
            ready = await socket.receive_json()
            await socket.close(code=4000)
        await server.wait_until_offline()
        await server.join("Newcomers")
        session: Json = {"token": server.token, "session_id": ready["d"]["session_id"], "seq": ready["s"]}
        async with opened(server) as socket:
            await socket.receive_json()
            await socket.send_json({"op": 6, "d": session})
            assert [(await socket.receive_json())["t"] for _ in range(2)] == ["GUILD_CREATE", "RESUMED"]
            assert server.gateway.resumes == 1
            await socket.close(code=4000)
        await server.wait_until_offline()
        async with opened(server) as socket:
            await socket.receive_json()
            await socket.send_json({"op": 6, "d": {**session, "seq": 99}})
            assert await closed_with(socket) == 4007


async def test_an_unknown_or_closed_session_is_invalid() -> None:
    async with DiscordStandIn(point=False) as server:
        async with opened(server) as socket:
            await socket.receive_json()
            await socket.send_json(identify(server))
            session = text(table((await socket.receive_json())["d"])["session_id"])
            await socket.close(code=1000)
        await server.wait_until_offline()
        async with opened(server) as socket:
            await socket.receive_json()
            await socket.send_json({"op": 6, "d": {"token": server.token, "session_id": session, "seq": 1}})
            answered = await socket.receive_json()
            assert (answered["op"], answered["d"]) == (9, False)


async def test_the_zlib_stream_is_one_stream_flushed_after_each_message() -> None:
    async with DiscordStandIn(point=False) as server, opened(server, "?v=10&compress=zlib-stream") as socket:
        await socket.send_json(identify(server))
        stream = zlib.decompressobj()
        first, second = await socket.receive_bytes(), await socket.receive_bytes()
        assert first.endswith(b"\x00\x00\xff\xff")
        assert b'"op":10' in stream.decompress(first)
        assert b'"t":"READY"' in stream.decompress(second)


async def test_a_guild_goes_to_the_shard_that_its_id_says() -> None:
    async with DiscordStandIn(point=False) as server:
        guild = server.guild()
        mine = (guild.id >> 22) % 2
        for shard in (0, 1):
            async with opened(server) as socket:
                await socket.receive_json()
                await socket.send_json(identify(server, shard=[shard, 2]))
                told = (await socket.receive_json())["d"]["guilds"]
                assert bool(told) is (shard == mine)


async def test_removal_and_outage_are_told_apart() -> None:
    async with DiscordStandIn(point=False) as server, opened(server) as socket:
        gone, out, silent = server.guild("gone"), server.guild("out"), server.guild("silent")
        await socket.receive_json()
        await socket.send_json(identify(server))
        for _ in range(4):
            await socket.receive_json()
        await server.remove_guild(gone)
        await server.outage(out)
        await server.remove_guild(silent, offline=True)
        assert (await socket.receive_json())["d"] == {"id": str(gone.id)}
        assert (await socket.receive_json())["d"] == {"id": str(out.id), "unavailable": True}
        async with opened(server) as later:
            await later.receive_json()
            await later.send_json(identify(server))
            assert (await later.receive_json())["d"]["guilds"] == [{"id": str(out.id), "unavailable": True}]
