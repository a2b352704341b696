"""Fits the weights of `retrieval/data/weights.yaml`, and reports how it went in `docs/training-report.md`.

    python -m tests.quality.train                  fit, write both files
    python -m tests.quality.train --only NAME …    fit on these sets alone, write nothing, print the report

Confidence looks at how far a sentence stands out under the weights in force: run it again after a change, until the
weights stand still. *Ranking* is fitted as a listwise softmax (Cao et al. 2007): the sentences that answer a question
together are to have
the largest share of the exponentials of all its sentences' scores. *Confidence* is a logistic regression over the
sentences that come first and may be shown: right or not. Both are linear, with the signs that `scoring.Linear` demands
and an L2 penalty; the optimiser is L-BFGS-B (scipy). Five-fold figures leave whole articles or families out.

Only questions that may be tuned on are read: the briefs' development questions, half A of the newsroom, the workshop,
and SQuAD's development half (Rajpurkar et al. 2016; from Wikipedia, CC BY-SA 4.0; only numbers are kept of it).
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from bot.app import in_memory
from bot.config import Settings
from retrieval.confidence import Signs
from retrieval.evaluation.questions import Query, QuestionSet
from retrieval.evaluation.rules import states
from retrieval.evaluation.run import asked_of
from retrieval.evidence import Choice
from retrieval.model import Citation, Evidence
from retrieval.scoring import AGAINST, FOR, Features
from tests.quality.report import table
from tests.quality.sets import NOW, SETS

ROOT: Final = Path(__file__).parents[2]
WEIGHTS: Final = ROOT / "retrieval" / "data" / "weights.yaml"
REPORT: Final = ROOT / "docs" / "training-report.md"
COMMAND: Final = "python -m tests.quality.train"

COUNTS: Final = {
    "briefs": 8.0,
    "newsroom_a": 1.0,
    "workshop_one": 1.0,
    "workshop_two": 1.0,
    "workshop_three": 1.0,
    "squad": 0.03,
}
"""How much one question of each set counts: news is what this is made for."""
FOLDS: Final = 5
PENALTY: Final = 1.0
LOOKED_AT: Final = 1
"""So many of the first sentences that may be shown teach confidence."""

LEAST_WEIGHT: Final = 0.005

Matrix = NDArray[np.float64]
Labels = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Example:
    """A question with all sentences read for it: their features, which answer it, and which may be shown at all.

    `signs` are what confidence rests on; `passages` tells sentences of one passage;
    `group` is what a fold leaves out together.
    """

    set: str
    query: Query
    group: str
    rows: Matrix
    signs: Matrix
    right: Labels
    allowed: Labels
    passages: tuple[tuple[str, int], ...]

    @property
    def weight(self) -> float:
        """How much it counts."""
        return COUNTS[self.set]


def examples(name: str) -> list[Example]:
    """The questions of a set that ask something and for which anything was found."""
    chosen = SETS[name].read()
    return asyncio.run(_examples(name, chosen))


async def _examples(name: str, chosen: QuestionSet) -> list[Example]:
    asker = in_memory(chosen.articles, Settings())
    found = []
    for query in chosen.queries:
        decision = await asker.decision(asked_of(query, NOW))
        choices = list(decision.ranked()) if decision else []
        if decision and choices:
            found.append(
                Example(
                    set=name,
                    query=query,
                    group=_group(name, query),
                    rows=np.array([choice.features for choice in choices]),
                    signs=np.array([decision.signs(choice) for choice in choices]),
                    right=np.array([query.answerable and states(query, _evidence(choice)) for choice in choices]),
                    allowed=np.array([decision.is_said(choice) for choice in choices]),
                    passages=tuple((choice.context.article.key, choice.sentence.passage_id) for choice in choices),
                )
            )
    asker.close()
    return found


def _evidence(choice: Choice) -> Evidence:
    span = choice.sentence.span
    return Evidence(choice.sentence.text, Citation.of(choice.context.article, span, 1))


def _group(name: str, query: Query) -> str:
    """An article of SQuAD, a family of the newsroom or the workshop, an article of the briefs."""
    first = query.articles[0] if query.articles else query.id
    return f"{name} {first.split('#')[0].split('-')[0]}"


# --- fitting


Loss = Callable[[Matrix], tuple[float, Matrix]]


def fitted(loss: Loss, names: Sequence[str]) -> Matrix:
    """The weights that make the loss least, their signs as the program demands them."""
    bounds = [(0, None) if name in FOR else (None, 0) if name in AGAINST else (None, None) for name in names]
    found = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 500})
    weights: Matrix = found.x
    return weights


def ranking(of: Iterable[Example]) -> Matrix:
    """The weights that put the sentences that answer first."""
    used = [one for one in of if one.right.any()]
    rows = np.vstack([one.rows for one in used])
    right = np.concatenate([one.right for one in used])
    starts = np.cumsum([0, *(len(one.rows) for one in used[:-1])])
    question = np.repeat(np.arange(len(used)), [len(one.rows) for one in used])
    counts = np.array([one.weight for one in used])

    def loss(weights: Matrix) -> tuple[float, Matrix]:
        scores = rows @ weights
        shares = np.exp(scores - np.maximum.reduceat(scores, starts)[question])
        every, of_right = np.add.reduceat(shares, starts), np.add.reduceat(shares * right, starts)
        pull = (shares / every[question] - shares * right / of_right[question]) * counts[question]
        lost = (counts * (np.log(every) - np.log(of_right))).sum() + PENALTY / 2 * weights @ weights
        return float(lost), pull @ rows + PENALTY * weights

    return fitted(loss, Features._fields)


def confidence(of: Iterable[Example], ranked_by: Matrix) -> Matrix:
    """Bias and weights that tell how likely a sentence that comes first and may be shown is right."""
    used = [(one, rows) for one in of if len(rows := shown(one, ranked_by))]
    rows = np.vstack([one.signs[at] for one, at in used])
    rows = np.hstack([np.ones((len(rows), 1)), rows])
    right = np.concatenate([one.right[at] for one, at in used]).astype(float)
    counts = np.concatenate([one.weight / (1 + np.arange(len(at))) for one, at in used])

    def loss(weights: Matrix) -> tuple[float, Matrix]:
        sums = rows @ weights
        lost = counts @ (np.logaddexp(0, sums) - right * sums)
        penalised = np.concatenate([[0.0], weights[1:]])
        pull = (counts * (1 / (1 + np.exp(-sums)) - right)) @ rows
        return float(lost + PENALTY / 2 * penalised @ penalised), pull + PENALTY * penalised

    return fitted(loss, ("bias", *Signs._fields))


def ranked(one: Example, weights: Matrix) -> NDArray[np.intp]:
    """The rows of an example, best first."""
    return np.argsort(-(one.rows @ weights), kind="stable")


def shown(one: Example, weights: Matrix) -> NDArray[np.intp]:
    """The first rows that may be shown."""
    order = ranked(one, weights)
    return order[one.allowed[order]][:LOOKED_AT]


# --- figures


@dataclass(frozen=True, slots=True)
class Scored:
    """What the first sentences of a question are worth under some weights."""

    example: Example
    first: bool
    within_three: bool
    first_passage: bool
    within_five_passages: bool
    probability: float
    claimed_right: bool


def scored(one: Example, weights: Matrix, sure: Matrix) -> Scored:
    """The example under these weights."""
    order = ranked(one, weights)
    passages = list(dict.fromkeys(one.passages[row] for row in order))
    if one.set == "squad":
        gold = {passage for passage in passages if passage[0] in one.query.articles}
    else:
        gold = {one.passages[row] for row in np.flatnonzero(one.right)}
    best = shown(one, weights)[:1]
    sums = float(sure[0] + one.signs[best[0]] @ sure[1:]) if len(best) else -9.0
    return Scored(
        example=one,
        first=bool(one.right[order[0]]),
        within_three=bool(one.right[order[:3]].any()),
        first_passage=bool(gold.intersection(passages[:1])),
        within_five_passages=bool(gold.intersection(passages[:5])),
        probability=float(1 / (1 + np.exp(-sums))),
        claimed_right=bool(len(best) and one.right[best[0]]),
    )


def folded(every: Sequence[Example]) -> Iterator[Scored]:
    """Each example under weights that were fitted without its group."""
    for fold in range(FOLDS):
        rest = [one for one in every if _fold(one) != fold]
        weights = ranking(rest)
        sure = confidence(rest, weights)
        yield from (scored(one, weights, sure) for one in every if _fold(one) == fold)


def _fold(one: Example) -> int:
    return zlib.crc32(one.group.encode()) % FOLDS


def figures(found: Sequence[Scored], unread: int = 0) -> dict[str, float]:
    """Shares of the answerable questions; `unread` are those for which nothing was found."""
    answerable = [one for one in found if one.example.query.answerable]
    count = len(answerable) + unread
    surest = sorted(answerable, key=lambda one: -one.probability)
    most = max((n for n in range(1, len(surest) + 1) if _right(surest[:n]) >= 0.95), default=0)
    return {
        "questions": float(count),
        "sentence": sum(one.first for one in answerable) / count,
        "within three": sum(one.within_three for one in answerable) / count,
        "passage@1": sum(one.first_passage for one in answerable) / count,
        "passage@5": sum(one.within_five_passages for one in answerable) / count,
        "answered at .95 right": most / count,
        "area": _area(found),
    }


def _right(found: Sequence[Scored]) -> float:
    return sum(one.claimed_right for one in found) / len(found)


def _area(found: Sequence[Scored]) -> float:
    """Under the refusal curve: how often an answerable question is surer than an unanswerable one."""
    yes = np.array([one.probability for one in found if one.example.query.answerable])
    no = np.array([one.probability for one in found if not one.example.query.answerable])
    if not len(yes) or not len(no):
        return float("nan")
    return float((yes[:, None] > no).mean() + (yes[:, None] == no).mean() / 2)


# --- the report


def weights_file(ranked_by: Matrix, sure: Matrix) -> str:
    """The content of `weights.yaml`: each model's weights by name, rounded; those that round to nothing left out."""
    lines = [
        f"# Written by `{COMMAND}`, whose report is docs/training-report.md: by hand nothing is changed here.",
        "# `ranking` weighs retrieval.scoring.Features, `confidence` retrieval.confidence.Signs.",
        "ranking:",
        *_lines(zip(Features._fields, ranked_by, strict=True)),
        "confidence:",
        *_lines(zip(("bias", *Signs._fields), sure, strict=True)),
    ]
    return "\n".join(lines) + "\n"


def _lines(weights: Iterable[tuple[str, float]]) -> Iterator[str]:
    return (f"  {name}: {weight:.2f}" for name, weight in weights if abs(weight) >= LEAST_WEIGHT)


_SAYS: Final = f"""\
Written by `{COMMAND}`; `tests/quality/train.py` says how. *Counts* is how much one question of a set counts. Each
figure is five-fold cross-validated: a question is judged by weights fitted without its family (newsroom, workshop) or
article (briefs, SQuAD). *area* is that under the refusal curve; *answered at .95 right* the share of the answerable
questions that can be answered while 95 of 100 such answers are right. What whole answers are worth, refusals included,
is told by the truth report."""


def report(every: Sequence[Example], found: Sequence[Scored], ranked_by: Matrix, sure: Matrix) -> str:
    """The training report as a page."""
    names = list(dict.fromkeys(one.set for one in every))
    head = ["set", "counts", *figures(found)]
    rows = [[name, str(COUNTS[name]), *_told([one for one in found if one.example.set == name])] for name in names]
    digests = ([name, SETS[name].read().digest[:16]] for name in names)
    by_weight = sorted(zip(Features._fields, ranked_by, strict=True), key=lambda one: -abs(one[1]))
    by_sureness = sorted(zip(("bias", *Signs._fields), sure, strict=True), key=lambda one: -abs(one[1]))
    return (
        "\n\n".join(
            (
                "# How the weights were fitted",
                _SAYS,
                table(head, rows),
                "Digests (the first 16 digits of SHA-256):",
                table(["set", "digest"], digests),
                "## Ranking",
                table(["feature", "weight"], ([name, f"{weight:.2f}"] for name, weight in by_weight)),
                "## Confidence",
                table(["sign", "weight"], ([name, f"{weight:.2f}"] for name, weight in by_sureness)),
            )
        )
        + "\n"
    )


def _told(found: Sequence[Scored]) -> list[str]:
    told = figures(found)
    return [str(int(told["questions"])), *(f"{value:.3f}" for name, value in told.items() if name != "questions")]


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit and write; gives the exit status."""
    parser = argparse.ArgumentParser(prog=COMMAND, description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", nargs="+", choices=sorted(COUNTS), help="fit on these sets alone, write nothing")
    chosen = parser.parse_args(arguments).only
    names = chosen or [name for name in COUNTS if SETS[name].there]
    if not chosen and len(names) < len(COUNTS):
        sys.stderr.write(f"not there: {', '.join(sorted(COUNTS.keys() - set(names)))}; nothing is written\n")
        return 1
    every = [one for name in names for one in examples(name)]
    ranked_by = ranking(every)
    sure = confidence(every, ranked_by)
    page = report(every, list(folded(every)), ranked_by, sure)
    if chosen:
        sys.stdout.write(page)
    else:
        WEIGHTS.write_text(weights_file(ranked_by, sure), "utf-8")
        REPORT.write_text(page, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
