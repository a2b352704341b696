"""A report as a picture: time per question and memory against the number of passages, on logarithmic axes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Final, NamedTuple

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullFormatter, NullLocator

from retrieval.bench.engines import BASE, is_ours
from retrieval.bench.report import EngineFigures, Report, ours_among, time_ms
from retrieval.bench.tables import milliseconds, significant, times

if TYPE_CHECKING:
    from matplotlib.axes import Axes

STYLES: Final[Mapping[str, tuple[str, str]]] = {
    "amicus": ("#0072B2", "o"),
    "amicus-numpy": ("#56B4E9", "o"),
    "amicus-pairs": ("#004C78", "P"),
    "rank-bm25": ("#000000", "X"),
    "bm25s": ("#E69F00", "s"),
    "bm25s-numba": ("#D55E00", "s"),
    "tantivy": ("#009E73", "^"),
    "fts5": ("#CC79A7", "D"),
}
"""Colours that colour-blind readers tell apart (Okabe and Ito 2008); shapes do so without colour."""

GAP: Final = 0.052
"""The least distance between two labels, as a share of the panel's height."""


class _Measure(NamedTuple):
    """What a panel shows: its title, the figure, and how a value of it is written."""

    title: str
    of: Callable[[EngineFigures], float | None]
    compared: Callable[[EngineFigures, EngineFigures], float | None]
    shown: Callable[[float], str]


_TIME: Final = _Measure("Time per question, median", time_ms, lambda found, _: found.this_to_ours, milliseconds)
_MEMORY: Final = _Measure(
    "Memory of its own",
    lambda found: found.memory_mb,
    lambda found, ours: found.memory_mb / ours.memory_mb if found.memory_mb and ours.memory_mb else None,
    lambda value: f"{significant(value)} MB",
)


def save(report: Report, folder: Path) -> list[Path]:
    """The files `bench.png` and `bench.svg` stand in the folder."""
    figure = _drawn(report)
    paths = [folder / f"bench.{form}" for form in ("png", "svg")]
    # The same report gives the same bytes: no date, and names of parts that are not random.
    with mpl.rc_context({"svg.hashsalt": "amicus", "svg.fonttype": "path"}):
        figure.savefig(paths[0], dpi=160)
        figure.savefig(paths[1], metadata={"Date": None})
    return paths


def _drawn(report: Report) -> Figure:
    figure = Figure(figsize=(12, 5.4), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=(1, 1))
    ours = next((name for name in report.names if is_ours(name)), "")
    _panel(left, report, _TIME, ours)
    _panel(right, report, _MEMORY, ours)
    figure.suptitle(_title(report), fontsize=14, fontweight="bold", x=0.01, ha="left")
    note = f"{report.source}; engines asked in turn in one process; ratios carry over to other machines, times don't"
    figure.supxlabel(note, fontsize=9, color="#555555", x=0.01, ha="left")
    return figure


def _title(report: Report) -> str:
    """The ratio of the largest size, where there is one."""
    for size in reversed(report.sizes):
        ours = ours_among(size.engines)
        ratio = size.engines[ours].base_to_this if ours else None
        if ratio is not None:
            return f"At {size.passages:,} passages {BASE} takes {times(ratio)} as long as {ours}"
    return "Time per question and memory by the number of passages"


def _panel(axes: Axes, report: Report, measure: _Measure, ours: str) -> None:
    found = {name: points for name in report.names if (points := report.by_size(name, measure.of))}
    for name, points in found.items():
        colour, marker = STYLES[name]
        width = 2.6 if is_ours(name) else 1.5
        axes.plot(list(points), list(points.values()), color=colour, marker=marker, linewidth=width)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_title(f"{measure.title} (× {ours})" if ours else measure.title, fontsize=11, loc="left")
    _scales(axes, [size.passages for size in report.sizes], measure)
    ends = {name: list(points.items())[-1] for name, points in found.items()}
    _labels(axes, ends, {name: _told(report, name, end, measure) for name, end in ends.items()})


def _told(report: Report, name: str, end: tuple[int, float], measure: _Measure) -> str:
    """The value at a line's end, and how many times ours it is."""
    engines = next(size.engines for size in report.sizes if size.passages == end[0])
    ours = ours_among(engines)
    ratio = measure.compared(engines[name], engines[ours]) if ours and ours != name else None
    return measure.shown(end[1]) + (f" ({times(ratio)})" if ratio else "")


def _scales(axes: Axes, sizes: Sequence[int], measure: _Measure) -> None:
    axes.set_xlim(sizes[0] / 1.3, sizes[-1] * (1.3 if len(sizes) == 1 else 1.15))
    axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.xaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: measure.shown(value).replace(".0 ", " ")))
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.set_xlabel("passages", fontsize=9)
    axes.grid(visible=True, which="major", color="#dddddd", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=9)


def _labels(axes: Axes, ends: Mapping[str, tuple[int, float]], told: Mapping[str, str]) -> None:
    """Each line's name and last value beside its end, moved apart where they would overlap."""
    to_axes = axes.transScale + axes.transLimits
    heights = {name: float(to_axes.transform(end)[1]) for name, end in ends.items()}
    for name, height in apart(heights).items():
        colour = STYLES[name][0]
        axes.annotate(
            f"{name}  {told[name]}",
            xy=ends[name],
            xytext=(1.03, height),
            textcoords=axes.transAxes,
            va="center",
            fontsize=9.5,
            color=colour,
            fontweight="bold" if is_ours(name) else "normal",
            annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": colour, "linewidth": 0.6, "alpha": 0.6, "relpos": (0, 0.5)},
        )


def apart(heights: Mapping[str, float]) -> dict[str, float]:
    """The heights, moved as little as keeps them apart: labels that would overlap stand around their common mean."""
    stacks: list[list[str]] = []
    for name in sorted(heights, key=heights.__getitem__):
        stacks.append([name])
        while len(stacks) > 1 and _bottom(stacks[-1], heights) < _bottom(stacks[-2], heights) + GAP * len(stacks[-2]):
            stacks[-2:] = [stacks[-2] + stacks[-1]]
    return {name: _bottom(stack, heights) + GAP * place for stack in stacks for place, name in enumerate(stack)}


def _bottom(stack: Sequence[str], heights: Mapping[str, float]) -> float:
    """The height of the lowest label of a stack."""
    return fmean(heights[name] for name in stack) - GAP * (len(stack) - 1) / 2
