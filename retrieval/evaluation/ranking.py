"""What was found, measured as retrieval research does: the door of ir-measures (MacAvaney et al. 2022).

*hit@k*: something relevant is among the first k; *mrr@10*: the mean of 1 through the rank of the first relevant one;
*ndcg@10*: gain discounted by rank (Järvelin and Kekäläinen 2002), relevance is 0 or 1; *recall@10*: the share of what
is relevant that is among the first 10.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

DEPTH: Final = 10
MEASURES: Final = {
    "hit@1": "the first is a right one",
    "hit@5": "a right one is among the first 5",
    "hit@10": "a right one is among the first 10",
    "mrr@10": "1 through the rank of the first right one",
    "ndcg@10": "gain discounted by rank, as a share of the best possible",
    "recall@10": "share of the right ones among the first 10",
}
"""Each measure in words."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """What was found for one question, best first, and everything that is relevant to it."""

    found: Sequence[str]
    relevant: frozenset[str]


def measured(rankings: Sequence[Ranking]) -> list[dict[str, float]]:
    """Each ranking's measures by name; none where nothing is known to be relevant."""
    # Imported here: only an evaluation needs it, and it brings scipy.
    import ir_measures  # noqa: PLC0415
    from ir_measures import RR, Qrel, R, ScoredDoc, Success, nDCG  # noqa: PLC0415

    measures = [Success @ 1, Success @ 5, Success @ DEPTH, RR @ DEPTH, nDCG @ DEPTH, R @ DEPTH]
    names = {str(measure): name for measure, name in zip(measures, MEASURES, strict=True)}
    known = [(str(number), ranking) for number, ranking in enumerate(rankings) if ranking.relevant]
    relevances = [Qrel(number, one, 1) for number, ranking in known for one in sorted(ranking.relevant)]
    run = [
        ScoredDoc(number, one, -float(rank)) for number, ranking in known for rank, one in enumerate(ranking.found, 1)
    ]
    values: dict[str, dict[str, float]] = defaultdict(dict)
    for metric in ir_measures.iter_calc(measures, relevances, run) if known else ():
        values[metric.query_id][names[str(metric.measure)]] = float(metric.value)
    return [values[str(number)] for number in range(len(rankings))]
