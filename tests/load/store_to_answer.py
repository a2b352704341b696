"""From pressing Store to an answer that cites the new article, over the articles of a data directory.

`python -m tests.load.store_to_answer DATA_DIR [--rounds 20]` runs the bot on that directory in a process of its own,
adds articles through the stand-in for Discord, presses Store, and asks about each until it is cited; prints
milliseconds from the press to the answer, as JSON. The articles stay in the directory, in a guild's collection and in
the library.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import secrets
import statistics
import time
from typing import TYPE_CHECKING

from tests.discord import DiscordStandIn
from tests.discord.commandline import File
from tests.discord.world import EVERYONE, Permission
from tests.fakes.pages import html_page
from tests.load.bot_process import served_bot

if TYPE_CHECKING:
    from tests.discord.driver import Member

AFTER_S = 30.0
MOD = EVERYONE | Permission.MANAGE_MESSAGES


async def measure(data_dir: str, rounds: int) -> dict[str, object]:
    """Milliseconds of each round, from the press to the answer."""
    async with DiscordStandIn(described=False) as server:
        server.patience(ack_s=30, settle_s=120)
        guild = server.guild("Newsroom")
        mod = server.member("mod", guild, permissions=MOD)
        settings = {
            "data_dir": data_dir,
            "corpus": {"starter": False},
            "library": {"guilds": [guild.id]},
            "limits": {"member_per_minute": 600, "member_burst": 600},
        }
        async with served_bot(server, settings, waiting_for="article") as bot:
            await mod.slash("ask", question="Who is the judge in Nobody v. Nothing?")
            took = {"guild": [0.0], "library": [0.0]}
            for name, library in (("guild", False), ("library", True)):
                took[name] = [await one(mod, library=library) for _ in range(rounds)]
            await bot.stopped()
    return {"rounds": rounds} | {
        f"{name}_{figure}_ms": round(value, 1)
        for name, times in took.items()
        for figure, value in (("p50", statistics.median(times)), ("max", max(times)))
    }


async def one(mod: Member, *, library: bool) -> float:
    """Milliseconds from pressing Store to the answer that cites the article."""
    mark = f"Zor{secrets.token_hex(4)}".translate(str.maketrans("0123456789", "ghijklmnop"))
    case = f"{mark} v. Castle Harbor"
    exhibits = " ".join(secrets.token_hex(4) for _ in range(60))  # no two of these articles are near-duplicates
    words = [
        f"Judge Tilda {mark[3:].title()} denied the motion in {case} on Monday and set the trial for the autumn.",
        f"The exhibits that {mark} had put before the court were read out one after another: {exhibits}.",
    ]
    page = html_page(words, title=f"Judge denies motion in {case}").encode()
    preview = (await mod.slash("article add", file=File("story.html", page), library=library)).message
    began = time.perf_counter()
    pressing = asyncio.create_task(mod.press(preview, "Store"))
    while time.perf_counter() - began < AFTER_S:
        answer = await mod.slash("ask", question=f"Who is the judge in {case}?")
        if words[0][:40] in answer.message.text.replace("*", ""):
            ended = time.perf_counter()
            await pressing
            return (ended - began) * 1000
    raise AssertionError(f"{case} was not cited within {AFTER_S:g} s: {answer.message.text}")


def main() -> None:
    """The measure by its arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data_dir")
    parser.add_argument("--rounds", type=int, default=20)
    given = parser.parse_args()
    print(json.dumps(asyncio.run(measure(given.data_dir, given.rounds))))  # noqa: T201


if __name__ == "__main__":
    main()
