"""A report as tables of words, for a terminal or for Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.bench.engines import BASE
from retrieval.bench.report import ours_among

if TYPE_CHECKING:
    from retrieval.bench.report import EngineFigures, Report, SizeFigures
    from retrieval.bench.statistic import Timing

NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Table:
    """A title, the names of the columns, and rows that are as long."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


def tables(report: Report) -> Iterator[Table]:
    """Everything that was measured, size by size; how it grows at the end, where there are sizes to compare."""
    for size in report.sizes:
        yield _questions(size)
        yield _upkeep(size)
    if len(report.sizes) > 1:
        yield _growth(report)


def notes(report: Report) -> Iterator[str]:
    """What is to be known beside the tables, a sentence each."""
    machine = report.machine
    versions = ", ".join(f"{name} {number}" for name, number in machine.versions.items())
    yield f"{report.source}; medians of {report.rounds} {'rounds' if report.rounds > 1 else 'round'}."
    yield f"{machine.system}, {machine.processors} processors, Python {machine.python}, {versions}."
    yield (
        "Ratios are of the questions that both engines were asked (slow ones are asked fewer), in the same rounds; "
        "they carry over to other machines, times don't."
    )
    for size in report.sizes:
        if size.ask is not None:
            yield f"{size.passages:,} passages, whole answers: {_spread(size.ask)}."
        for name, ratios in ((name, found.filtered) for name, found in size.engines.items()):
            if ratios:
                told = " and ".join(f"{times(value)} by {kind}" for kind, value in ratios.items())
                yield f"{size.passages:,} passages, {name}: a filtered question takes {told} the unfiltered one."
        yield f"{size.passages:,} passages: {_cold_start(size)}."
        for name, why in size.left_out.items():
            yield f"{size.passages:,} passages: {name} is left out: {why}."
    for name, why in report.missing.items():
        yield f"{name} is left out: {why}."


def markdown(report: Report) -> str:
    """The tables and notes as Markdown."""
    parts = [f"### {table.title}\n\n{_piped(table)}" for table in tables(report)]
    return "\n\n".join([*parts, "\n".join(f"- {note}" for note in notes(report))])


def _piped(table: Table) -> str:
    rule = ["---", *["---:"] * (len(table.head) - 1)]
    return "\n".join(f"| {' | '.join(row)} |" for row in (table.head, rule, *table.rows))


def _questions(size: SizeFigures) -> Table:
    ours = ours_among(size.engines)
    to_ours = f"÷ {ours or 'ours'}"
    head = ["engine", "p50", "p95", "p99", to_ours, f"{BASE} ÷ it", "p50 with stop words", to_ours]
    head += ["p50 in a row", f"{BASE} ÷ it"]
    return Table(
        f"{size.passages:,} passages: time per question",
        head,
        [[name, *_asked(found)] for name, found in size.engines.items()],
    )


def _asked(found: EngineFigures) -> Iterator[str]:
    plain, more = found.questions, found.with_stop_words
    yield from _percentiles(plain) if plain else [NOTHING] * 3
    yield times(found.this_to_ours)
    yield times(found.base_to_this)
    yield milliseconds(more.p50_ms if more else None)
    yield times(found.this_to_ours_with_stop_words)
    yield milliseconds(found.in_a_row.p50_ms if found.in_a_row else None)
    yield times(found.base_to_this_in_a_row)


def _percentiles(timing: Timing) -> list[str]:
    return [milliseconds(each) for each in (timing.p50_ms, timing.p95_ms, timing.p99_ms)]


def _upkeep(size: SizeFigures) -> Table:
    head = ["engine", "passages/s built", "cold start", "add", "remove", "memory", "disk", "two threads"]
    return Table(
        f"{size.passages:,} passages: building and keeping",
        head,
        [[name, *_kept(found)] for name, found in size.engines.items()],
    )


def _kept(found: EngineFigures) -> Iterator[str]:
    yield NOTHING if found.passages_per_s is None else f"{significant(found.passages_per_s)}"
    yield milliseconds(found.cold_start_ms)
    yield milliseconds(found.updates.add_ms if found.updates else None)
    yield milliseconds(found.updates.remove_ms if found.updates else None)
    yield _megabytes(found.memory_mb)
    yield _megabytes(found.disk_mb)
    yield times(found.two_threads)


def _growth(report: Report) -> Table:
    rows = [[name, *(NOTHING if e is None else f"n^{e:.2f}" for e in report.growth(name))] for name in report.names]
    sizes = " to ".join(f"{report.sizes[at].passages:,}" for at in (0, -1))
    return Table(f"Growth with n passages, {sizes}", ["engine", "time per question", "memory"], rows)


def _cold_start(size: SizeFigures) -> str:
    """What starting Python with numpy alone takes, and our own cold start beside it."""
    told = f"python -c 'import numpy' takes {milliseconds(size.import_numpy_ms)}"
    ours = ours_among(size.engines)
    cold = size.engines[ours].cold_start_ms if ours else None
    return told if cold is None else f"{told}, the cold start of {ours} {times(cold / size.import_numpy_ms)} that"


def _spread(timing: Timing) -> str:
    names = ("p50", "p95", "p99")
    return ", ".join(f"{name} {value}" for name, value in zip(names, _percentiles(timing), strict=True))


def milliseconds(value: float | None) -> str:
    """A time in the unit that suits it, with two or three significant figures."""
    if value is None:
        return NOTHING
    if value < 1:
        return f"{significant(value * 1_000)} µs"
    return f"{significant(value)} ms" if value < 1_000 else f"{significant(value / 1_000)} s"


def times(value: float | None) -> str:
    """A ratio."""
    return NOTHING if value is None else f"{significant(value)} ×"


def _megabytes(value: float | None) -> str:
    return NOTHING if value is None else f"{significant(value)} MB"


def significant(value: float) -> str:
    """The number with two figures below 10 and three above; thousands are kept apart."""
    if value < 0.1:
        return f"{value:.2g}"
    if value < 10:
        return f"{value:.2f}" if value < 1 else f"{value:.1f}"
    digits = max(0, len(str(int(value))) - 3)
    return f"{round(value, -digits):,.0f}"
