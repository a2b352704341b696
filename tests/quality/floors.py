"""Floors: what is held of the figures, in `floors.yaml`, with a digest of the set they were measured on."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.yamlfile import parse_mapping
from retrieval.evaluation.report import BETTER_LOW, FIGURES, Report

FILE = Path(__file__).parent / "floors.yaml"
MARGIN = 0.01
LEAST_QUESTIONS = 10
"""Kinds of fewer questions are not held by themselves."""
AREA, CALIBRATION = "area under refusal curve", "calibration error"
CEILINGS = BETTER_LOW | {CALIBRATION}
HELD_FIGURES = (
    "sentence",
    "within three",
    "span",
    "wrong refusals",
    "refusals",
    "right when confident",
    "answered with confidence",
    "wrong-case answers",
    "near-misses answered",
    "false premises taken for true",
    "passage hit@5",
    "passage ndcg@10",
    "article ndcg@10",
)
HEAD = """\
# What tests/quality/test_floors.py holds: shares of 0 to 1, measured on the set with that digest (SHA-256 of its
# questions and articles). Refusals that are wrong, answers that are, and the calibration error have ceilings, all
# others floors; `kind plain` is the sentence, or the refusals, of that kind alone, where it has ten. Written by
# `python -m tests.quality.report --set-floors`: the measured figure less 0.01 or one question, whichever is more, and
# never below what is held already. Lowering one takes --lower-floors as well: write down why in docs/decisions.md.
"""


@dataclass(frozen=True, slots=True)
class Floors:
    """What is held for one set."""

    digest: str
    figures: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Value:
    """A measured figure and the number of questions behind it."""

    value: float
    of: int


def is_ceiling(name: str) -> bool:
    return name in CEILINGS


def values(report: Report) -> dict[str, Value]:
    """The figures of a report that can be held, by their names."""
    found = {
        name: Value(report.measures[name].value, report.measures[name].of)
        for name in HELD_FIGURES
        if name in report.measures
    }
    if report.refusal_curve:
        found[AREA] = Value(report.refusal_curve.area, report.questions)
    if report.calibration:
        found[CALIBRATION] = Value(report.calibration.error, report.questions)
    for kind, each in report.kinds.items():
        if each.main and each.main[1].of >= LEAST_QUESTIONS:
            found[f"kind {kind}"] = Value(each.main[1].value, each.main[1].of)
    return found


def shortfalls(measured: Mapping[str, Value], held: Mapping[str, float]) -> list[str]:
    """What is worse than its floor (or higher than its ceiling), in words."""
    missed = []
    for name, floor in held.items():
        found = measured.get(name)
        if found is None:
            missed.append(f"{name}: not measured")
        elif found.value > floor if is_ceiling(name) else found.value < floor:
            missed.append(f"{name}: {found.value:.3f}, held at {floor:.3f}")
    return missed


def floor_of(name: str, found: Value) -> float:
    """The figure less the margin, to three digits on the mild side: a single question may turn."""
    margin = max(MARGIN, 1 / found.of)
    if is_ceiling(name):
        return min(math.ceil(round((found.value + margin) * 1000, 6)) / 1000, 1.0)
    return max(math.floor(round((found.value - margin) * 1000, 6)) / 1000, 0.0)


def raised(held: Floors | None, digest: str, measured: Mapping[str, Value], *, lower: bool = False) -> Floors:
    """The floors after a measurement: none is milder than it was, unless `lower`."""
    new = {name: floor_of(name, found) for name, found in measured.items()}
    if held is None or lower:
        return Floors(digest, new)
    kept = {name: _stricter(name, floor, new.get(name)) for name, floor in held.figures.items()}
    return Floors(digest, {**new, **kept})


def _stricter(name: str, held: float, new: float | None) -> float:
    if new is None:
        return held
    return min(held, new) if is_ceiling(name) else max(held, new)


def read(file: Path = FILE) -> dict[str, Floors]:
    """What is held, by the names of the sets."""
    return {
        name: _section(section)
        for name, section in parse_mapping(file.read_text("utf-8"), name=file.name).value.items()
    }


def _section(section: object) -> Floors:
    assert isinstance(section, dict)
    figures = section["figures"]
    assert isinstance(figures, dict)
    return Floors(str(section["digest"]), {str(name): float(str(value)) for name, value in figures.items()})


def written(every: Mapping[str, Floors]) -> str:
    """The file's text."""
    lines = []
    for name, held in every.items():
        lines += [f"{name}:", f"  digest: {held.digest}", "  figures:"]
        lines += [f"    {figure}: {held.figures[figure]:g}" for figure in sorted(held.figures, key=_order)]
    return HEAD + "\n".join(lines) + "\n"


def _order(name: str) -> tuple[int, str]:
    order = [*(figure.name for figure in FIGURES), AREA, CALIBRATION]
    return (order.index(name), "") if name in order else (len(order), name)


def as_measured(held: Mapping[str, float]) -> dict[str, Value]:
    """Figures that are just at their floors."""
    return {name: Value(value, 100) for name, value in held.items()}


def changed(value: Value, by: float) -> Value:
    return replace(value, value=value.value + by)
