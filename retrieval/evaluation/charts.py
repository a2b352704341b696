"""Figures as drawings: SVG that stands in a page, coloured by the page's own style (light or dark). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from itertools import pairwise
from typing import Final

from retrieval.evaluation.calibration import Calibration, RefusalCurve

_WIDE: Final = 360
_HIGH: Final = 300
_LEFT: Final = 50
_RIGHT: Final = 14
_TOP: Final = 12
_BOTTOM: Final = 42
_GRID: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
_BAR_ROW: Final = 24
_BAR_LEFT: Final = 104
_LATENCY_BARS: Final = 24


def roc(curve: RefusalCurve) -> str:
    """The refusal curve: unanswerable questions answered (across) against answerable ones answered (up)."""
    points = [(point.answered_wrongly, point.answered_rightly) for point in curve.points]
    corners = [points[0], *((x, y) for (_, before), (x, y) in pairwise(points) for x, y in ((x, before), (x, y)))]
    line = " ".join(f"{_x(x):.1f},{_y(y):.1f}" for x, y in corners)
    body = [
        *_square("unanswerable questions answered", "answerable questions answered"),
        f'<polyline class="line" points="{line}"/>',
        f'<text class="note" x="{_x(0.97):.1f}" y="{_y(0.05):.1f}" text-anchor="end">area {curve.area:.3f}</text>',
    ]
    return _svg(body, _HIGH, f"Refusal curve, area {curve.area:.3f}")


def reliability(found: Calibration) -> str:
    """The share right (up) in each tenth of the confidence (across); the width of a dot's ring tells how many."""
    most = max(one.count for one in found.bins)
    body = _square("confidence", "share right")
    for one in found.bins:
        x, y = _x(one.confidence), _y(one.right)
        radius = 3 + 9 * (one.count / most) ** 0.5
        said = f"confidence {one.confidence:.2f}, right {one.right:.2f}, {one.count} answers"
        body.append(f'<line class="stem" x1="{x:.1f}" x2="{x:.1f}" y1="{y:.1f}" y2="{_y(one.confidence):.1f}"/>')
        body.append(f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"><title>{said}</title></circle>')
    return _svg(body, _HIGH, f"Reliability, expected calibration error {found.error:.3f}")


def bars(rows: Sequence[tuple[str, float, str]]) -> str:
    """Shares of 0 to 1 as bars, each with its name and what is said behind it."""
    body: list[str] = []
    length = _WIDE - _BAR_LEFT - 84
    for number, (name, value, said) in enumerate(rows):
        y = number * _BAR_ROW + 4
        body.append(f'<text x="{_BAR_LEFT - 8}" y="{y + 13}" text-anchor="end">{escape(name)}</text>')
        body.append(f'<rect class="rail" x="{_BAR_LEFT}" y="{y}" width="{length}" height="16" rx="3"/>')
        body.append(f'<rect class="bar" x="{_BAR_LEFT}" y="{y}" width="{length * value:.1f}" height="16" rx="3"/>')
        body.append(f'<text class="note" x="{_BAR_LEFT + length + 6}" y="{y + 13}">{escape(said)}</text>')
    return _svg(body, len(rows) * _BAR_ROW + 8, "Shares by kind of question")


def histogram(ms: Sequence[float], marks: Iterable[tuple[str, float]]) -> str:
    """How many questions took how long, and where the marks lie; the slowest hundredth is drawn into the last bar."""
    end = max(ms[min(int(len(ms) * 0.99), len(ms) - 1)], 0.001)
    counts = [0] * _LATENCY_BARS
    for value in ms:
        counts[min(int(value / end * _LATENCY_BARS), _LATENCY_BARS - 1)] += 1
    most, full = max(counts), max(counts) * 1.2  # room above for the names of the marks
    step = (_WIDE - _LEFT - _RIGHT) / _LATENCY_BARS
    body = [
        f'<rect class="bar" x="{_LEFT + n * step + 0.5:.1f}" y="{_y(count / full):.1f}" '
        f'width="{step - 1:.1f}" height="{_y(0) - _y(count / full):.1f}"/>'
        for n, count in enumerate(counts)
        if count
    ]
    body.append(f'<line class="axis" x1="{_LEFT}" x2="{_WIDE - _RIGHT}" y1="{_y(0)}" y2="{_y(0)}"/>')
    body += [
        f'<text class="tick" x="{_x(at):.1f}" y="{_y(0) + 15}" text-anchor="middle">{_round(end * at)}</text>'
        for at in _GRID
    ]
    body.append(f'<text class="tick" x="{_LEFT - 6}" y="{_y(most / full) + 8:.1f}" text-anchor="end">{most}</text>')
    body.append(_across("milliseconds a question took"))
    for number, (name, value) in enumerate(marks):
        x = _x(min(value / end, 1.0))
        anchor, by = ("start", 4) if x < _WIDE * 0.75 else ("end", -4)
        body.append(f'<line class="mark" x1="{x:.1f}" x2="{x:.1f}" y1="{_y(1)}" y2="{_y(0)}"/>')
        body.append(
            f'<text class="note" x="{x + by:.1f}" y="{_y(1) + 12 + 15 * number}" text-anchor="{anchor}">'
            f"{escape(name)} {_round(value)}</text>"
        )
    return _svg(body, _HIGH, "How long questions took, in milliseconds")


def _square(across: str, up: str) -> list[str]:
    """A square of 0 to 1 each way, with its diagonal."""
    body: list[str] = []
    for at in _GRID:
        body.append(f'<line class="grid" x1="{_x(at):.1f}" x2="{_x(at):.1f}" y1="{_y(1)}" y2="{_y(0)}"/>')
        body.append(f'<line class="grid" x1="{_x(0)}" x2="{_x(1)}" y1="{_y(at):.1f}" y2="{_y(at):.1f}"/>')
        body.append(f'<text class="tick" x="{_x(at):.1f}" y="{_y(0) + 15}" text-anchor="middle">{at:g}</text>')
        body.append(f'<text class="tick" x="{_LEFT - 6}" y="{_y(at) + 4:.1f}" text-anchor="end">{at:g}</text>')
    body.append(f'<line class="even" x1="{_x(0)}" x2="{_x(1)}" y1="{_y(0)}" y2="{_y(1)}"/>')
    body.append(_across(across))
    middle = _y(0.5)
    body.append(
        f'<text class="name" x="11" y="{middle:.1f}" text-anchor="middle" transform="rotate(-90 11 {middle:.1f})">'
        f"{escape(up)}</text>"
    )
    return body


def _across(name: str) -> str:
    return f'<text class="name" x="{_x(0.5):.1f}" y="{_HIGH - 8}" text-anchor="middle">{escape(name)}</text>'


def _x(share: float) -> float:
    return _LEFT + share * (_WIDE - _LEFT - _RIGHT)


def _y(share: float) -> float:
    return _HIGH - _BOTTOM - share * (_HIGH - _BOTTOM - _TOP)


def _round(value: float) -> str:
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}"


def _svg(body: Iterable[str], high: int, title: str) -> str:
    return (
        f'<svg viewBox="0 0 {_WIDE} {high}" role="img" aria-label="{escape(title)}">'
        f"<title>{escape(title)}</title>{''.join(body)}</svg>"
    )
