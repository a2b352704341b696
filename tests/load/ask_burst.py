"""How fast `/ask` is acknowledged with many questions under way, and how long the event loop is ever blocked.

`python -m tests.load.ask_burst [--members 100] [--rounds 3]` starts the stand-in for Discord here and the bot, with the
starter collection, in a process of its own, so that neither waits for the other; it prints milliseconds as JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from asyncio.subprocess import PIPE
from contextlib import suppress

import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.app import build, utc_now
from bot.client import AmicusClient
from bot.config import Settings
from tests.discord import DiscordStandIn

QUESTIONS = (
    "who is the judge in Parler v. AWS?",
    "How much was Apple fined under the DMA?",
    "Which court decided Schrems II?",
    "Who wrote the opinion in Riley v. California?",
    "When was the TikTok law upheld?",
    "Why did the Supreme Court rule for Google against Oracle?",
    "Who is the judge in Apple v. Samsung?",
)
TICK_S = 0.001
_NAME = "tests.load.ask_burst"


async def serve(api: str, gateway: str, token: str, folder: str) -> None:
    """The bot serves until standard input ends; then the longest stall of its event loop is printed (ms)."""
    Route.BASE = api
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)
    settings = Settings.model_validate({"data_dir": folder})
    async with build(settings, now=utc_now) as app, AmicusClient(app, guild_ready_timeout_s=0.05) as client:
        serving = asyncio.create_task(client.start(token))
        await client.wait_until_ready()
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


async def burst(members: int, rounds: int) -> dict[str, float]:
    """Acknowledgements and answers of `members` questions at once, in milliseconds, over all rounds."""
    with tempfile.TemporaryDirectory() as folder:
        async with DiscordStandIn(described=False) as server:
            guild = server.guild("Newsroom")
            words = ["--serve", server.api, str(server.state.gateway_url), server.token, folder]
            bot = await asyncio.create_subprocess_exec(sys.executable, "-m", _NAME, *words, stdin=PIPE, stdout=PIPE)
            async with asyncio.timeout(60):
                await server.wait_until_online()
                while "ask" not in server.commands:  # noqa: ASYNC110 - the registry has no event for it
                    await asyncio.sleep(0.05)
            people = [server.member(f"member{n}", guild) for n in range(members)]
            replies = []
            for _ in range(rounds):
                asked = [p.slash("ask", question=QUESTIONS[n % len(QUESTIONS)]) for n, p in enumerate(people)]
                replies += await asyncio.gather(*asked)
            out, _ = await bot.communicate(b"")  # its standard input ends
    stalls: dict[str, float] = json.loads(out.splitlines()[-1])
    return _told([r.acknowledged_ms for r in replies], [r.settled_ms for r in replies]) | stalls


def _told(acknowledged: list[float], settled: list[float]) -> dict[str, float]:
    return {
        "questions": len(acknowledged),
        "acknowledged_p50_ms": round(statistics.median(acknowledged), 1),
        "acknowledged_max_ms": round(max(acknowledged), 1),
        "answered_p50_ms": round(statistics.median(settled), 1),
        "answered_max_ms": round(max(settled), 1),
    }


def main() -> None:
    """Either half, by its arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--serve", nargs=4, metavar=("API", "GATEWAY", "TOKEN", "FOLDER"))
    given = parser.parse_args()
    if given.serve:
        asyncio.run(serve(*given.serve))
    else:
        print(json.dumps(asyncio.run(burst(given.members, given.rounds)), indent=1))  # noqa: T201


if __name__ == "__main__":
    main()
