"""Writes `docs/truth-report.md`: how well questions are answered, measured on every set that is there.

    python -m tests.quality.report                  measure and write the report
    python -m tests.quality.report --check          measure and compare; ends with 1 where the report says otherwise
    python -m tests.quality.report --set-floors     raise the floors to what is measured, less a margin
    python -m tests.quality.report --set-floors --lower-floors     also lower those that are missed
    python -m tests.quality.report --only NAME …    print the sections of these sets, and write nothing

No single question is ever printed. How long questions took is left out of the comparison.
"""

from __future__ import annotations

import argparse
import difflib
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from retrieval.evaluation.calibration import BINS, RefusalCurve
from retrieval.evaluation.report import FIGURES, Measures, Report
from tests.quality import floors
from tests.quality.sets import HELD, REPORTED, SETS, measured

ROOT = Path(__file__).parents[2]
FILE = ROOT / "docs" / "truth-report.md"
COMMAND = "python -m tests.quality.report"
TIME = "## Time"
SUMMARY = (
    "sentence",
    "within three",
    "span",
    "refusals",
    "wrong refusals",
    "right when confident",
    "wrong-case answers",
)
OF_KINDS = ("sentence", "within three", "span", "wrong refusals", "refusals", "right when confident", "passage hit@5")
WRONG_SHARES = (0.0, 0.05, 0.1, 0.2)
"""The refusal curve is told at these shares of unanswerable questions answered."""
NOTHING = "–"


INTRODUCTION = f"""\
Measured by the program on itself: `{COMMAND}` writes this page, nobody else does. Sentences shown,
short answers and refusals are judged by fixed rules (`retrieval/evaluation/rules.py`) against answers that were written
down before. Sets marked *tuned on* helped to make the rules and weights, and flatter the program; half B of the
newsroom did not, and is the one to believe. What a set holds is told by its digest (SHA-256 of its questions and
articles)."""
LEGEND = """\
*Area* is that under the refusal curve: how often, of an answerable question and an unanswerable one, the first has the
higher confidence (.5 is chance). *Calibration error* is how far confidence and truth lie apart on average. Low is good
for wrong refusals, wrong-case answers and the calibration error."""


def document(reports: dict[str, Report]) -> str:
    """The whole report."""
    head = ["set", "questions", *SUMMARY, "area", "calibration error"]
    parts = [
        "# How well questions are answered",
        INTRODUCTION,
        "## All sets",
        table(head, [list(_summary(name, report)) for name, report in reports.items()]),
        LEGEND,
        *(part for name, report in reports.items() for part in (heading(name), section(name, report))),
        "## The figures",
        table(["figure", "says"], ([f"*{figure.name}*", figure.says] for figure in FIGURES)),
        TIME,
        "Milliseconds that whole answers took on the machine that wrote this page.",
        table(["set", "median", "95 of 100", "slowest"], (_times(name, report) for name, report in reports.items())),
    ]
    return "\n\n".join(parts) + "\n"


def heading(name: str) -> str:
    return f"## {SETS[name].title}"


def section(name: str, report: Report) -> str:
    """What is told of one set; the same wherever it is measured."""
    about = (
        f"{SETS[name].about} {report.questions:,} questions over {report.articles:,} articles,\n"
        f"digest `{report.digest}`."
    )
    parts = [about, table(["figure", "value", "questions"], _figures(report.measures))]
    quoted = report.quotations
    verbatim = "All" if quoted.verbatim == quoted.count else f"{quoted.verbatim:,}"
    parts.append(f"{verbatim} of {quoted.count:,} quotations stand in their article just so.")
    if report.kinds:
        parts.append(table(["kind", "questions", *OF_KINDS], _kinds(report)))
    if report.refusal_curve:
        parts.append(_curve(report.refusal_curve))
    if report.calibration:
        parts.append(_bins(report))
    return "\n\n".join(parts)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _summary(name: str, report: Report) -> Iterator[str]:
    yield SETS[name].title
    yield f"{report.questions:,}"
    yield from _values(report.measures, SUMMARY)
    yield f"{report.refusal_curve.area:.3f}" if report.refusal_curve else NOTHING
    yield f"{report.calibration.error:.3f}" if report.calibration else NOTHING


def _values(measures: Measures, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        yield f"{measures[name].value:.3f}" if name in measures else NOTHING


def _figures(measures: Measures) -> Iterator[list[str]]:
    for figure in FIGURES:
        if figure.name in measures:
            found = measures[figure.name]
            yield [figure.name, f"{found.value:.3f}", f"{found.of:,}"]


def _kinds(report: Report) -> Iterator[list[str]]:
    for kind, each in report.kinds.items():
        yield [kind, str(each.questions), *_values(each.measures, OF_KINDS)]


def _curve(curve: RefusalCurve) -> str:
    told = []
    for share in WRONG_SHARES:
        best = max(point.answered_rightly for point in curve.points if point.answered_wrongly <= share)
        told.append([f"{share:.2f}", f"{best:.3f}"])
    area = f"Refusals by confidence alone: area under the curve {curve.area:.3f}."
    return f"{area}\n\n{table(['unanswerable answered, at most', 'answerable answered'], told)}"


def _bins(report: Report) -> str:
    found = report.calibration
    assert found is not None
    rows = (
        [f"{one.low:.1f} to {one.low + 1 / BINS:.1f}", str(one.count), f"{one.confidence:.3f}", f"{one.right:.3f}"]
        for one in found.bins
    )
    said = f"Calibration: expected error {found.error:.3f}, Brier score {found.brier:.3f}."
    return f"{said}\n\n{table(['confidence', 'questions', 'mean confidence', 'share right'], rows)}"


def _times(name: str, report: Report) -> list[str]:
    taken = report.latency
    return [SETS[name].title, *(f"{ms:.1f}" for ms in (taken.quantile(0.5), taken.quantile(0.95), taken.most))]


def lasting(text: str) -> str:
    """The part of the report that is the same on every machine."""
    return text.split(TIME, maxsplit=1)[0]


def set_floors(*, lower: bool) -> list[str]:
    """The floors are raised to what was measured; says what is held now, and what still misses its floor."""
    every = floors.read()
    said = []
    for name in HELD:
        if SETS[name].there:
            found = floors.values(measured(name))
            every[name] = floors.raised(every.get(name), measured(name).digest, found, lower=lower)
            missed = floors.shortfalls(found, every[name].figures)
            said += [f"{name}: {len(every[name].figures)} figures held", *(f"{name}: MISSED {each}" for each in missed)]
    floors.FILE.write_text(floors.written(every), "utf-8")
    return said


def _say(*lines: str) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)


def main(words: Sequence[str] | None = None) -> int:
    """Do what is asked; the exit status is 1 where something is not as it is held or told."""
    parser = argparse.ArgumentParser(prog=COMMAND, description="How well questions are answered.")
    parser.add_argument("--check", action="store_true", help="compare with the report as it is; write nothing")
    parser.add_argument("--set-floors", action="store_true", help="raise the floors to what is measured")
    parser.add_argument("--lower-floors", action="store_true", help="with --set-floors: lower those that are missed")
    parser.add_argument("--only", nargs="+", choices=sorted(SETS), metavar="NAME", help="print these sets' sections")
    given = parser.parse_args(words)
    if given.lower_floors and not given.set_floors:
        parser.error("--lower-floors goes with --set-floors")
    if given.only:
        _say(*(part for name in given.only for part in (heading(name), "", section(name, measured(name)), "")))
        return 0
    if given.set_floors:
        said = set_floors(lower=given.lower_floors)
        _say(*said)
        return int(any("MISSED" in line for line in said))
    return _report(check=given.check)


def _report(*, check: bool) -> int:
    names = [name for name in REPORTED if SETS[name].there]
    for name in REPORTED:
        if name not in names:
            _say(f"{name}: not there, left out")
    made = document({name: measured(name) for name in names})
    if not check:
        FILE.write_text(made, "utf-8")
        _say(f"{FILE.relative_to(ROOT)} is written: {len(names)} sets")
        return 0
    told = FILE.read_text("utf-8")
    lines = difflib.unified_diff(
        lasting(told).splitlines(), lasting(made).splitlines(), "told", "measured", n=0, lineterm=""
    )
    differing = list(lines)
    _say(*(differing or ["the report says what was measured"]))
    return int(bool(differing))


if __name__ == "__main__":
    sys.exit(main())
