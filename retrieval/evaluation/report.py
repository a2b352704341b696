"""What a run over a question set says, complete before anything of it is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from retrieval.evaluation.calibration import Calibration, RefusalCurve, calibration, refusal_curve
from retrieval.evaluation.questions import QuestionSet
from retrieval.evaluation.ranking import MEASURES
from retrieval.evaluation.rules import Judged, is_near_miss_answered, takes_for_true
from retrieval.explanation import Explanation

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean over the questions that tell it: its name, what it says, and whether less of it is better."""

    name: str
    says: str
    of: Callable[[Judged], float | None]
    better_low: bool = False


def _ranked(name: str) -> Callable[[Judged], float | None]:
    return lambda judged: judged.ranking.get(name)


_ANSWERS: Final = (
    Figure("sentence", "the first sentence shown states what was asked", lambda one: one.sentence),
    Figure("within three", "one of the first three does", lambda one: one.within_three),
    Figure("span", "the words picked out are the answer", lambda one: one.span),
    Figure("wrong refusals", "answerable questions not answered", lambda one: one.wrongly_refused, better_low=True),
    Figure("refusals", "unanswerable questions not answered", lambda one: one.refused),
    Figure(
        "right when confident",
        "of all answers given with confidence, those whose first sentence is right",
        lambda one: one.right if one.confident else None,
    ),
    Figure(
        "answered with confidence",
        "of the answerable questions, those answered whole",
        lambda one: float(one.confident) if one.query.answerable else None,
    ),
    Figure(
        "wrong-case answers",
        "asked of one case, answered from another",
        lambda one: one.from_sibling,
        better_low=True,
    ),
    Figure(
        "near-misses answered",
        "the case is there, the fact isn't, yet answered",
        is_near_miss_answered,
        better_low=True,
    ),
    Figure("false premises taken for true", "answered as if it had happened", takes_for_true, better_low=True),
)
_SEARCH: Final = tuple(
    Figure(f"{what} {measure}", f"{what}s found: {says}", _ranked(f"{what} {measure}"))
    for what in ("passage", "article")
    for measure, says in MEASURES.items()
)
FIGURES: Final = (*_ANSWERS, *_SEARCH)
"""Every figure, in the order in which they are shown."""
BETTER_LOW: Final = frozenset(figure.name for figure in FIGURES if figure.better_low)


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure's value (0..1) and the number of questions that tell it."""

    value: float
    of: int


Measures = Mapping[str, Measured]
"""Figures by name; those that no question tells are left out."""


@dataclass(frozen=True, slots=True)
class KindFigures:
    """The figures over the questions of one kind."""

    questions: int
    answerable: bool
    measures: Measures

    @property
    def main(self) -> tuple[str, Measured] | None:
        """The figure that matters most for the kind: the sentence, or the refusals."""
        name = "sentence" if self.answerable else "refusals"
        found = self.measures.get(name)
        return (name, found) if found else None


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds that asking took, ascending."""

    ms: tuple[float, ...]

    def quantile(self, share: float) -> float:
        """What that share of the questions took at most; 0 without questions."""
        return self.ms[min(int(len(self.ms) * share), len(self.ms) - 1)] if self.ms else 0.0

    @property
    def most(self) -> float:
        """What the slowest took."""
        return self.ms[-1] if self.ms else 0.0


@dataclass(frozen=True, slots=True)
class Quotations:
    """How many quotations the answers held, and how many of them stand in their article just so."""

    count: int
    verbatim: int

    @property
    def share(self) -> float:
        """The share that is verbatim; 1 without quotations."""
        return self.verbatim / self.count if self.count else 1.0


@dataclass(frozen=True, slots=True)
class Miss:
    """An answer with a fault, and how it came about, where that was asked for."""

    judged: Judged
    fault: str
    explanation: Explanation | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a run says of a set; `missed` counts all answers with a fault, `misses` holds those explained.

    `unreachable` counts gold fragments that no single passage holds: nothing can find these.
    """

    name: str
    digest: str
    withheld: bool
    articles: int
    questions: int
    unreachable: int
    measures: Measures
    kinds: Mapping[str, KindFigures]
    refusal_curve: RefusalCurve | None
    calibration: Calibration | None
    latency: Latency
    quotations: Quotations
    missed: int
    misses: tuple[Miss, ...] = ()

    def told(self) -> dict[str, Json]:
        """The figures as plain values, null where no question of the set tells one; no single question is named."""
        return {
            "set": self.name,
            "digest": self.digest,
            "articles": self.articles,
            "questions": self.questions,
            "gold without a passage": self.unreachable,
            "figures": _told(self.measures),
            "kinds": {kind: {"questions": each.questions, **_told(each.measures)} for kind, each in self.kinds.items()},
            "refusal curve": _curve_told(self.refusal_curve),
            "calibration": _calibration_told(self.calibration),
            "ask ms": {
                "p50": round(self.latency.quantile(0.5), 2),
                "p95": round(self.latency.quantile(0.95), 2),
                "max": round(self.latency.most, 2),
            },
            "quotations": {
                "count": self.quotations.count,
                "verbatim": round(self.quotations.share, 4),
            },
            "missed": self.missed,
        }


def report_of(chosen: QuestionSet, judged: Sequence[Judged], *, unreachable: int = 0) -> Report:
    """What the judged answers to the questions of a set say, misses counted and not yet explained."""
    kinds = list(dict.fromkeys(one.query.kind for one in judged if one.query.kind))
    return Report(
        name=chosen.name,
        digest=chosen.digest,
        withheld=chosen.withheld,
        articles=len(chosen.articles),
        questions=len(judged),
        unreachable=unreachable,
        measures=measures_of(judged),
        kinds={kind: _of_kind([one for one in judged if one.query.kind == kind]) for kind in kinds},
        refusal_curve=refusal_curve(
            [one.confidence for one in judged if one.query.answerable],
            [one.confidence for one in judged if not one.query.answerable],
        ),
        calibration=calibration([(one.confidence, one.right) for one in judged if one.right is not None]),
        latency=Latency(tuple(sorted(one.ms for one in judged))),
        quotations=Quotations(sum(len(one.verbatim) for one in judged), sum(sum(one.verbatim) for one in judged)),
        missed=sum(one.fault is not None for one in judged),
    )


def measures_of(judged: Iterable[Judged]) -> dict[str, Measured]:
    """Every figure that the answers tell, in order."""
    every = list(judged)
    values = {figure.name: [v for one in every if (v := figure.of(one)) is not None] for figure in FIGURES}
    return {name: Measured(sum(found) / len(found), len(found)) for name, found in values.items() if found}


def _of_kind(judged: Sequence[Judged]) -> KindFigures:
    return KindFigures(len(judged), any(one.query.answerable for one in judged), measures_of(judged))


def _told(measures: Measures) -> dict[str, Json]:
    return {
        figure.name: round(measures[figure.name].value, 4) if figure.name in measures else None for figure in FIGURES
    }


def _curve_told(curve: RefusalCurve | None) -> Json:
    if curve is None:
        return None
    points: list[Json] = [
        [round(point.limit, 4), round(point.answered_rightly, 4), round(point.answered_wrongly, 4)]
        for point in curve.points
    ]
    return {"area": round(curve.area, 4), "columns": ["limit", "answerable", "unanswerable"], "points": points}


def _calibration_told(found: Calibration | None) -> Json:
    if found is None:
        return None
    bins: list[Json] = [
        {"low": each.low, "count": each.count, "confidence": round(each.confidence, 4), "right": round(each.right, 4)}
        for each in found.bins
    ]
    return {"brier": round(found.brier, 4), "error": round(found.error, 4), "bins": bins}
