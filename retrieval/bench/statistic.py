"""From seconds to figures: percentiles, medians of rounds, ratios, and how time grows with size."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

Rounds = Sequence[Sequence[float]]
"""Seconds of each question, in each round; the rounds asked the same questions in the same order."""

_LEAST: Final = {50: 1, 95: 20, 99: 100}
"""With fewer questions than this, the percentile would be the slowest question by another name."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds per question: for each percentile the median of the rounds; None where questions are too few."""

    p50_ms: float
    p95_ms: float | None
    p99_ms: float | None
    questions: int
    rounds: int


def timing(rounds: Rounds) -> Timing:
    """The figures of some rounds of at least one question."""
    questions = len(rounds[0])
    p50, p95, p99 = (_percentile_ms(rounds, share) if questions >= _LEAST[share] else None for share in (50, 95, 99))
    return Timing(p50 or 0.0, p95, p99, questions, len(rounds))


def _percentile_ms(rounds: Rounds, share: int) -> float:
    return statistics.median(float(np.percentile(each, share)) for each in rounds) * 1_000


def ratio(slow: Rounds, fast: Rounds) -> float:
    """How many times longer one engine took than another: medians of the questions both were asked, then of rounds."""
    both = min(len(slow[0]), len(fast[0]))
    pairs = zip(slow, fast, strict=True)
    return statistics.median(statistics.median(a[:both]) / statistics.median(b[:both]) for a, b in pairs)


def exponent(values: Mapping[int, float]) -> float | None:
    """`e` of the power of the size, size^e, that fits best (least squares of logarithms); None below two sizes."""
    known = {size: value for size, value in values.items() if value > 0}
    if len(known) < 2:
        return None
    slope, _ = np.polyfit(np.log(list(known)), np.log(list(known.values())), 1)
    return float(slope)
