"""A client without a library: it says on the wire exactly what a test of the stand-in wants."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import aiohttp

from tests.discord.server import DiscordStandIn
from tests.discord.shapes import Json, JsonDict, JsonValue, table, whole

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.discord.driver import Member
    from tests.discord.interactions import Interaction
    from tests.discord.world import Guild

V2 = 1 << 15
EPHEMERAL = 1 << 6
INTENTS_GUILDS = 1


@dataclass
class Answered:
    """What the stand-in answered."""

    status: int
    body: Json
    headers: dict[str, str]

    @property
    def code(self) -> int:
        return whole(self.body.get("code"))


class Wire:
    """A client without a library: it says on the wire exactly what a test wants."""

    def __init__(self, server: DiscordStandIn, http: aiohttp.ClientSession) -> None:
        self.server = server
        self.http = http
        self.guild: Guild = server.guild()
        self.ann: Member = server.member("ann", self.guild)

    async def ask(self, method: str, path: str, body: JsonValue = None, *, token: str | None = None) -> Answered:
        headers = {"Authorization": f"Bot {token or self.server.token}"}
        data = None if body is None else json.dumps(body)
        if data is not None:
            headers["Content-Type"] = "application/json"
        async with self.http.request(method, self.server.api + path, data=data, headers=headers) as response:
            raw = await response.text()
            shape = table(json.loads(raw)) if raw else {}
            return Answered(response.status, shape, {name.lower(): value for name, value in response.headers.items()})

    async def identify(self) -> aiohttp.ClientWebSocketResponse:
        socket = await self.http.ws_connect(self.server.state.gateway_url + "?v=10&encoding=json")
        await socket.receive_json()
        data = {"token": self.server.token, "intents": INTENTS_GUILDS, "properties": {}}
        await socket.send_json({"op": 2, "d": data})
        await socket.receive_json()
        await self.server.wait_until_online()
        return socket

    async def register(self, *options: JsonDict, **more: JsonValue) -> Answered:
        command: JsonDict = {"name": "ask", "description": "Asks.", "options": list(options), **more}
        return await self.ask("PUT", f"/applications/{self.server.bot.id}/commands", [command])

    async def answer(self, interaction: Interaction, kind: int, data: JsonValue = None) -> Answered:
        path = f"/interactions/{interaction.id}/{interaction.token}/callback?with_response=1"
        return await self.ask("POST", path, {"type": kind, **({} if data is None else {"data": data})})

    def hook(self, interaction: Interaction, rest: str = "/messages/@original") -> str:
        return f"/webhooks/{self.server.bot.id}/{interaction.token}{rest}"


@asynccontextmanager
async def wired() -> AsyncIterator[Wire]:
    async with DiscordStandIn(point=False) as server, aiohttp.ClientSession() as http:
        wire = Wire(server, http)
        socket = await wire.identify()
        await wire.register()
        yield wire
        await socket.close()


def texts(*contents: str) -> JsonDict:
    return {"flags": V2, "components": [{"type": 10, "content": content} for content in contents]}


def pressable(custom_id: str = "go", **more: JsonValue) -> JsonDict:
    button: JsonDict = {"type": 2, "style": 1, "label": "Go", "custom_id": custom_id, **more}
    return {"flags": V2, "components": [{"type": 1, "components": [button]}]}


async def newest(server: DiscordStandIn, count: int) -> Interaction:
    """The interaction that makes the count full; lets tasks run that are about to send it."""
    for _ in range(100):
        if len(server.state.interactions) == count:
            break
        await asyncio.sleep(0)
    return list(server.state.interactions.values())[-1]
