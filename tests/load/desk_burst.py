"""Many moderators add articles at once while members ask: acknowledgements, and whose text each answer holds.

`python -m tests.load.desk_burst [--guilds 20] [--adds 200] [--askers 50]` starts the stand-in for Discord and a site
here, and the bot in a process of its own. In every guild the articles are about the same cases, but each guild's have a
judge of its own, so a sentence that reaches another guild is seen at once. Prints milliseconds and counts as JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import sqlite3
import statistics
import tempfile
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.store import DATABASE_NAME
from tests.discord import DiscordStandIn
from tests.discord.commandline import File
from tests.discord.world import EVERYONE, Permission
from tests.fakes.pages import html_page
from tests.fakes.web import Web
from tests.load.bot_process import served_bot

if TYPE_CHECKING:
    from tests.discord import Guild, Member
    from tests.discord.driver import Reply

CASES = ("Arbor v. Quill", "Bexley v. Morrow", "Corvin v. Tessel", "Dunmore v. Pike", "Elstow v. Harrow")
JUDGES = (
    "Alder Birch Cedar Dorn Elm Fenn Gorse Hazel Ivy Juniper "
    "Knott Larch Maple Nettle Oak Pine Quince Rowan Sorrel Thorn"
).split()
_JUDGE = re.compile(rf"Judge Mara ({'|'.join(JUDGES)})\b")


@dataclass
class Seen:
    """What came back."""

    acknowledged: list[float] = field(default_factory=list)
    asks_acknowledged: list[float] = field(default_factory=list)
    stored_ms: list[float] = field(default_factory=list)
    stored: int = 0
    asked: int = 0
    answered: int = 0
    strangers: int = 0
    refused: list[str] = field(default_factory=list)

    def take(self, reply: Reply) -> Reply:
        """The reply is counted."""
        self.acknowledged.append(reply.acknowledged_ms)
        return reply


def paragraphs(judge: str, case: str, number: int) -> list[str]:
    """An article that no other is like."""
    chance = random.Random(f"{judge} {case} {number}")
    words = " ".join(
        f"{chance.choice('bcdfglmnprst')}{chance.choice('aeiou')}{chance.randrange(9999)}" for _ in range(80)
    )
    return [
        f"Judge Mara {judge} heard the case of {case} on Monday and gave both sides until the spring.",
        f"Counsel read out a list of exhibits that nobody in the room had seen before: {words}.",
    ]


async def add(mod: Member, web: Web, judge: str, number: int, seen: Seen) -> None:
    """One article is added, by a link or by a file, and stored."""
    case = CASES[number % len(CASES)]
    html = html_page(paragraphs(judge, case, number), title=f"{case}, day {number}: {judge}")
    if number % 2:
        link = web.page(f"/{judge}/{number}", html)
        reply = seen.take(await mod.slash("article add", url=link))
    else:
        reply = seen.take(await mod.slash("article add", file=File(f"{judge}{number}.html", html.encode())))
    if "Store" not in reply.message.labels():
        seen.refused.append(reply.message.text[:200])
        return
    pressed = seen.take(await mod.press(reply.message, "Store"))
    seen.stored_ms.append(pressed.settled_ms)
    seen.stored += 1


async def ask(member: Member, judge: str, seen: Seen, done: asyncio.Event) -> None:
    """A member asks until all is added; every name of a judge that is shown has to be this guild's."""
    chance = random.Random(member.id)
    while not done.is_set():
        reply = seen.take(await member.slash("ask", question=f"Who is the judge in {chance.choice(CASES)}?"))
        seen.asks_acknowledged.append(reply.acknowledged_ms)
        named = set(_JUDGE.findall(reply.message.text))
        seen.asked += 1
        seen.answered += bool(named)
        seen.strangers += bool(named - {judge})


async def burst(guilds: int, adds: int, askers: int) -> dict[str, object]:
    """All adds at once, all askers meanwhile."""
    seen, done = Seen(), asyncio.Event()
    with tempfile.TemporaryDirectory() as folder:
        async with DiscordStandIn(described=False) as server, Web() as web:
            server.patience(ack_s=30, settle_s=300)
            places = [(server.guild(f"Guild {number}"), JUDGES[number % len(JUDGES)]) for number in range(guilds)]
            settings = _settings(folder, web)
            async with served_bot(server, settings, waiting_for="article") as bot:
                members = [_member(server, f"m{n}", *places[n % guilds]) for n in range(askers)]
                asking = [asyncio.create_task(ask(member, judge, seen, done)) for member, judge in members]
                mods = [server.member(f"mod{n}", place, permissions=_MOD) for n, (place, _) in enumerate(places)]
                adding = [add(mods[n % guilds], web, places[n % guilds][1], n, seen) for n in range(adds)]
                await asyncio.gather(*adding)
                done.set()
                await asyncio.gather(*asking)
                stalls = await bot.stopped()
            violations = len(server.violations)
        held = _held(Path(folder) / DATABASE_NAME)
    expected = {str(place.id): adds // guilds + (n < adds % guilds) for n, (place, _) in enumerate(places)}
    return (
        _told(seen)
        | stalls
        | {"violations": violations, "lost": sum(expected.values()) - sum(held.values())}
        | {"as_expected": held == expected}
    )


_MOD = EVERYONE | Permission.MANAGE_MESSAGES


def _member(server: DiscordStandIn, name: str, guild: Guild, judge: str) -> tuple[Member, str]:
    return server.member(name, guild), judge


def _settings(folder: str, web: Web) -> dict[str, object]:
    return {
        "data_dir": folder,
        "corpus": {"starter": False},
        "fetch": {"allow_hosts": [web.host]},
        "limits": {"member_per_minute": 600, "member_burst": 600, "guild_per_minute": 60_000, "guild_burst": 60_000},
    }


def _held(database: Path) -> dict[str, int]:
    """The live articles of each guild, each with one audit entry of its adding."""
    query = """
        SELECT article.collection, count(*), sum((SELECT count(*) FROM audit
            WHERE audit.article_id = article.id AND audit.collection = article.collection AND audit.action = 'add'))
        FROM article WHERE removed_at IS NULL GROUP BY 1
    """
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute(query).fetchall()
    if any(articles != entries for _, articles, entries in rows):
        raise AssertionError(f"articles and entries differ: {rows}")
    return {str(guild): articles for guild, articles, _ in rows}


def _told(seen: Seen) -> dict[str, object]:
    return {
        "stored": seen.stored,
        "refused": seen.refused[:5],
        "asked": seen.asked,
        "answered": seen.answered,
        "answers_with_another_guilds_text": seen.strangers,
        "ask_acknowledged_p50_ms": round(statistics.median(seen.asks_acknowledged), 1),
        "ask_acknowledged_max_ms": round(max(seen.asks_acknowledged), 1),
        "acknowledged_max_ms": round(max(seen.acknowledged), 1),
        "store_settled_p50_ms": round(statistics.median(seen.stored_ms or [0.0]), 1),
        "store_settled_max_ms": round(max(seen.stored_ms, default=0.0), 1),
    }


def main() -> None:
    """The burst by its arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--guilds", type=int, default=20)
    parser.add_argument("--adds", type=int, default=200)
    parser.add_argument("--askers", type=int, default=50)
    given = parser.parse_args()
    print(json.dumps(asyncio.run(burst(given.guilds, given.adds, given.askers)), indent=1))  # noqa: T201


if __name__ == "__main__":
    main()
