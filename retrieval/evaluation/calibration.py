"""What a confidence is worth: whether it tells what can be answered from what can't, and how often it comes true."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

BINS: Final = 10


@dataclass(frozen=True, slots=True)
class Point:
    """With everything answered from confidence `limit` on: the shares of the answerable and of the others answered."""

    limit: float
    answered_rightly: float
    answered_wrongly: float


@dataclass(frozen=True, slots=True)
class RefusalCurve:
    """The receiver operating characteristic of the confidence, from nothing answered to everything answered.

    `area` beneath it (0..1) is how often an answerable question has the higher confidence of two, one of each sort;
    ties count by half (Fawcett 2006).
    """

    points: tuple[Point, ...]
    area: float


@dataclass(frozen=True, slots=True)
class Bin:
    """The answers whose confidence lies in one tenth (from `low` on): how many, how sure and how often right."""

    low: float
    count: int
    confidence: float
    right: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """How far confidences come true.

    `brier` is the mean squared distance of confidence and truth (Brier 1950), `error` the expected calibration error:
    the mean distance of confidence and share right over the bins, weighted by their counts (Naeini et al. 2015).
    """

    bins: tuple[Bin, ...]
    brier: float
    error: float


def refusal_curve(answerable: Sequence[float], others: Sequence[float]) -> RefusalCurve | None:
    """The curve for the confidences of both sorts of questions; None where there is only one sort."""
    if not answerable or not others:
        return None
    high, low = sorted(answerable), sorted(others)
    points = [Point(1.0, 0.0, 0.0)]
    for limit in sorted({*high, *low}, reverse=True):
        rightly, wrongly = (1 - bisect_left(every, limit) / len(every) for every in (high, low))
        points.append(Point(limit, rightly, wrongly))
    above = sum(bisect_left(low, one) + bisect_right(low, one) for one in high)
    return RefusalCurve(tuple(points), above / (2 * len(high) * len(low)))


def calibration(told: Sequence[tuple[float, float]]) -> Calibration | None:
    """How far pairs of confidence and truth (both 0..1) agree; None where there are none."""
    if not told:
        return None
    ordered = sorted(told)
    bins = tuple(_bin(number, list(pairs)) for number, pairs in groupby(ordered, lambda pair: _bin_number(pair[0])))
    error = sum(one.count * abs(one.confidence - one.right) for one in bins) / len(told)
    return Calibration(bins, sum((sure - right) ** 2 for sure, right in told) / len(told), error)


def _bin_number(confidence: float) -> int:
    return min(int(confidence * BINS), BINS - 1)


def _bin(number: int, pairs: Sequence[tuple[float, float]]) -> Bin:
    count = len(pairs)
    return Bin(number / BINS, count, sum(sure for sure, _ in pairs) / count, sum(right for _, right in pairs) / count)
