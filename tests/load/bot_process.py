"""The bot in a process of its own beside the stand-in for Discord, so that neither waits for the other.

`python -m tests.load.bot_process API GATEWAY TOKEN SETTINGS` serves until standard input ends, and then prints how long
the event loop was ever blocked, as JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from asyncio.subprocess import PIPE, Process
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot import logs
from bot.app import build_bot, utc_now
from bot.client import AmicusClient
from bot.config import Settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from tests.discord import DiscordStandIn

TICK_S = 0.001
STARTS_S = 120
_NAME = "tests.load.bot_process"


async def serve(api: str, gateway: str, token: str, settings: str) -> None:
    """The bot serves until standard input ends; then the longest stall of its event loop is printed (ms)."""
    logs.configure(level="warning", form="console")
    Route.BASE = api
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)
    chosen = Settings.model_validate(json.loads(settings) | {"discord": {"sync_commands": False}})
    async with (
        build_bot(chosen, now=utc_now, serving=True) as app,
        AmicusClient(app, guild_ready_timeout_s=0.05) as client,
    ):
        serving = asyncio.create_task(client.start(token))
        await client.wait_until_ready()
        await client.register_commands()  # this stand-in has not seen them, whatever the data directory says
        stalls: list[float] = []
        watching = asyncio.create_task(_watch(stalls))
        await asyncio.to_thread(sys.stdin.read)
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
        await client.close()
        await serving
    worst = sorted(stalls)
    print(json.dumps({"stall_max_ms": round(worst[-1], 1), "stall_p99_ms": round(worst[int(len(worst) * 0.99)], 1)}))  # noqa: T201


async def _watch(stalls: list[float]) -> None:
    while True:
        before = time.perf_counter()
        await asyncio.sleep(TICK_S)
        stalls.append((time.perf_counter() - before - TICK_S) * 1000)


class BotProcess:
    """The running process."""

    def __init__(self, process: Process) -> None:
        self._process = process

    async def stopped(self) -> dict[str, float]:
        """The bot has ended; gives the stalls of its event loop in milliseconds."""
        out, _ = await self._process.communicate(b"")  # its standard input ends
        told: dict[str, float] = json.loads(out.splitlines()[-1])
        return told


@asynccontextmanager
async def served_bot(
    server: DiscordStandIn, settings: Mapping[str, object], *, waiting_for: str = "ask"
) -> AsyncIterator[BotProcess]:
    """A bot that is connected and has registered its commands, that one among them; killed where it was not stopped."""
    words = [server.api, str(server.state.gateway_url), server.token, json.dumps(settings)]
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", _NAME, *words, stdin=PIPE, stdout=PIPE)
    try:
        async with asyncio.timeout(STARTS_S):
            await server.wait_until_online(timeout_s=STARTS_S)
            while waiting_for not in server.commands:  # noqa: ASYNC110 - the registry has no event for it
                await asyncio.sleep(0.05)
        yield BotProcess(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


if __name__ == "__main__":
    asyncio.run(serve(*sys.argv[1:5]))
