"""Question sets → figures: how often the right article, sentence and short answer come first, and refusals are right.

*sentence*: the sentence shown first holds an accepted answer; *span*: the short answer equals or holds one and is at
most `SPARE_WORDS` words longer; *refusal*: a question without relevant articles is not answered. Texts are compared as
SQuAD does (Rajpurkar et al. 2016).
"""

from __future__ import annotations

import math
import re
import string
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from corpus.text import fold
from retrieval.model import Answer, Answered, Evidence, NotAQuestion, Partial

DEPTH = 10
SPARE_WORDS = 3
"""A short answer may be this many words longer than the accepted one that it holds."""


@dataclass(frozen=True, slots=True)
class Query:
    """A question of a set: the keys of the documents that are relevant to it, and the answers that are accepted."""

    id: str
    text: str
    relevant: frozenset[str]
    answers: tuple[str, ...] = ()
    as_of: datetime | None = None


@dataclass(slots=True)
class Figures:
    """What was counted over the questions of a set; shares are 0..1 of the questions they can be told for."""

    name: str
    ranks: list[float] = field(default_factory=list)
    gains: list[float] = field(default_factory=list)
    recalled: list[float] = field(default_factory=list)
    sentences: list[bool] = field(default_factory=list)
    spans: list[bool] = field(default_factory=list)
    refused: list[bool] = field(default_factory=list)
    wrongly_refused: list[bool] = field(default_factory=list)
    ms: list[float] = field(default_factory=list)

    def told(self) -> dict[str, str | int | float | None]:
        """The figures by name; None where no question of the set tells it."""
        return {
            "set": self.name,
            "questions": len(self.ms),
            "hit@1": _mean([rank == 1 for rank in self.ranks]),
            "hit@5": _mean([rank <= 5 for rank in self.ranks]),
            f"recall@{DEPTH}": _mean(self.recalled),
            f"mrr@{DEPTH}": _mean([1 / rank for rank in self.ranks]),
            f"ndcg@{DEPTH}": _mean(self.gains),
            "sentence": _mean(self.sentences),
            "span": _mean(self.spans),
            "refusal": _mean(self.refused),
            "wrong refusal": _mean(self.wrongly_refused),
            "ask p50 ms": _quantile(self.ms, 0.5),
            "ask p95 ms": _quantile(self.ms, 0.95),
        }


def count(figures: Figures, query: Query, answer: Answer, keys: Sequence[str], ms: float) -> None:
    """The figures hold one more question: its answer, the keys of the articles found, best first, and its time."""
    figures.ms.append(ms)
    claims = isinstance(answer, Answered | Partial)
    if not query.relevant:
        figures.refused.append(not claims)
        return
    figures.wrongly_refused.append(not claims)
    figures.ranks.append(next((rank for rank, key in enumerate(keys, 1) if key in query.relevant), math.inf))
    figures.recalled.append(len(query.relevant & set(keys)) / min(len(query.relevant), DEPTH))
    figures.gains.append(_ndcg(keys, query.relevant))
    if query.answers:
        first = _first(answer)
        figures.sentences.append(first is not None and _holds(first.text, query.answers))
        figures.spans.append(first is not None and _is_span(first.short_answer, query.answers))


def _first(answer: Answer) -> Evidence | None:
    """What is shown first: evidence, else the closest passage."""
    match answer:
        case NotAQuestion():
            return None
        case Answered(_, evidence) | Partial(_, evidence) if evidence:
            return evidence[0]
        case Answered():
            return None
        case _:
            return answer.closest[0] if answer.closest else None


def _ndcg(keys: Sequence[str], relevant: frozenset[str]) -> float:
    """Normalised discounted cumulative gain with binary relevance (Järvelin and Kekäläinen 2002)."""
    gain = sum(1 / math.log2(rank + 1) for rank, key in enumerate(keys, 1) if key in relevant)
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(len(relevant), DEPTH) + 1))
    return gain / ideal


_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_MARKS = str.maketrans("", "", string.punctuation + "“”‘’–—")


def normalised(text: str) -> str:
    """The text as answers are compared: folded, without punctuation, articles and extra spaces (SQuAD's rule)."""
    return " ".join(_ARTICLES.sub(" ", fold(text).translate(_MARKS)).split())


def _holds(text: str, answers: Sequence[str]) -> bool:
    words = f" {normalised(text)} "
    return any(f" {normalised(answer)} " in words for answer in answers)


def _is_span(span: str | None, answers: Sequence[str]) -> bool:
    held = [normalised(answer).split() for answer in answers if span and _holds(span, [answer])]
    return bool(span and held) and len(normalised(span or "").split()) <= max(map(len, held)) + SPARE_WORDS


def _mean(values: Sequence[float]) -> float | None:
    return round(sum(values) / len(values), 4) if values else None


def _quantile(values: Sequence[float], share: float) -> float | None:
    return round(sorted(values)[min(int(len(values) * share), len(values) - 1)], 2) if values else None
