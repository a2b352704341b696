"""How fast `/ask` is acknowledged with many questions under way, and how long the event loop is ever blocked.

`python -m tests.load.ask_burst [--members 100] [--rounds 3]` starts the stand-in for Discord here and the bot, with the
starter collection, in a process of its own, so that neither waits for the other; it prints milliseconds as JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import tempfile

from tests.discord import DiscordStandIn
from tests.load.bot_process import served_bot

QUESTIONS = (
    "who is the judge in Parler v. AWS?",
    "How much was Apple fined under the DMA?",
    "Which court decided Schrems II?",
    "Who wrote the opinion in Riley v. California?",
    "When was the TikTok law upheld?",
    "Why did the Supreme Court rule for Google against Oracle?",
    "Who is the judge in Apple v. Samsung?",
)


async def burst(members: int, rounds: int) -> dict[str, float]:
    """Acknowledgements and answers of `members` questions at once, in milliseconds, over all rounds."""
    with tempfile.TemporaryDirectory() as folder:
        async with DiscordStandIn(described=False) as server:
            guild = server.guild("Newsroom")
            async with served_bot(server, {"data_dir": folder}) as bot:
                people = [server.member(f"member{n}", guild) for n in range(members)]
                replies = []
                for _ in range(rounds):
                    asked = [p.slash("ask", question=QUESTIONS[n % len(QUESTIONS)]) for n, p in enumerate(people)]
                    replies += await asyncio.gather(*asked)
                stalls = await bot.stopped()
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
    """The burst by its arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    print(json.dumps(asyncio.run(burst(given.members, given.rounds)), indent=1))  # noqa: T201


if __name__ == "__main__":
    main()
