"""Whole questions, from their words to the cited answer, as the bot answers them."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from corpus.model import Article
from retrieval.answer import Asker
from retrieval.bench.asking import without_collections
from retrieval.bench.ours import asker_of
from retrieval.bench.statistic import Timing, timing
from retrieval.model import Asked

_AS_OF: Final = datetime(2026, 1, 1, tzinfo=UTC)
_WARMING: Final = 10
_LEAST_QUESTIONS: Final = 20
_BUDGET_S: Final = 2.0
"""About so long one round takes, if there are questions enough for it."""


def whole_questions(articles: Sequence[Article], questions: Sequence[str], rounds: int) -> Timing:
    """How long answers take with these articles in memory."""
    asker = asker_of(articles)
    try:
        with without_collections():
            return timing(asyncio.run(_rounds(asker, questions, rounds)))
    finally:
        asker.close()


async def _rounds(asker: Asker, questions: Sequence[str], rounds: int) -> list[list[float]]:
    warming = await _seconds(asker, questions[:_WARMING])
    asked = questions[: max(_LEAST_QUESTIONS, int(_BUDGET_S / statistics.median(warming)))]
    return [await _seconds(asker, asked) for _ in range(rounds)]


async def _seconds(asker: Asker, questions: Sequence[str]) -> list[float]:
    found = []
    for text in questions:
        began = time.perf_counter()
        await asker.ask(Asked(text, _AS_OF))
        found.append(time.perf_counter() - began)
    return found
