"""How long whole answers take over the articles of a data directory, from the question to the cited answer.

`python -m tests.load.ask_store DATA_DIR [--questions 300] [--seed 7]` opens the application there and asks about cases
("A v. B") that stand in the titles of stored articles, each question about another one; it prints milliseconds as JSON.
A directory of a million passages is made with `python -m tests.load.articles 1000000 FILE.jsonl` and `amicus import`.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import random
import statistics
import sys
import time
from pathlib import Path

from bot.app import build, utc_now
from bot.config import Settings
from corpus.collection import LIBRARY
from corpus.store import Store
from retrieval.bench.stories import questions
from retrieval.model import Answered, Asked

WARMING = 20
AT_ONCE = 50


async def measure(data_dir: Path, count: int, seed: int) -> dict[str, float | int]:
    """Milliseconds of `count` questions after some that are not counted, and how many were answered."""
    settings = Settings.model_validate({"data_dir": data_dir})
    async with build(settings) as app:
        gc.collect()
        gc.freeze()  # as the bot does when it starts
        asked = questions(await _cases(app.store, count + WARMING, seed), count + WARMING, seed=seed)
        took, answered = [], 0
        for number, text in enumerate(asked):
            began = time.perf_counter()
            answer = await app.asker.ask(Asked(text, utc_now()))
            if number >= WARMING:
                took.append((time.perf_counter() - began) * 1000)
                answered += isinstance(answer, Answered)
        passages = app.index.snapshot().passages
    cuts = statistics.quantiles(took, n=100, method="inclusive")
    timed = {"p50_ms": round(cuts[49], 2), "p95_ms": round(cuts[94], 2), "p99_ms": round(cuts[98], 2)}
    return {"passages": passages, "questions": count, "answered": answered, **timed}


async def _cases(store: Store, count: int, seed: int) -> list[str]:
    """The titles of so many articles about a case, from anywhere in the list."""
    chance = random.Random(seed)
    articles = (await store.state()).articles
    found: list[str] = []
    while len(found) < count:
        some = await store.articles([LIBRARY], limit=AT_ONCE, offset=chance.randrange(max(1, articles - AT_ONCE)))
        found += [summary.title for summary in some if " v. " in summary.title and ":" in summary.title]
    return found[:count]


def main() -> None:
    """The figures were written to standard output."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("--questions", type=int, default=300)
    parser.add_argument("--seed", type=int, default=7)
    chosen = parser.parse_args()
    sys.stdout.write(json.dumps(asyncio.run(measure(chosen.data_dir, chosen.questions, chosen.seed))) + "\n")


if __name__ == "__main__":
    main()
