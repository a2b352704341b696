"""`eval` and `bench`: what a question set says of search and answers, and how fast they are. Nothing is stored."""

from __future__ import annotations

import asyncio
import math
import re
import string
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rich.progress import track

from bot.app import in_memory
from bot.terminal.face import EMPTY, block
from bot.terminal.question_sets import read_articles, read_queries
from bot.terminal.session import Exit
from bot.views.wording import plural
from corpus.text import fold
from retrieval import bench
from retrieval.errors import BadQuestionSet
from retrieval.model import Answered, Asked, NotAQuestion, Partial

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from bot.terminal.as_json import Json
    from bot.terminal.question_sets import Query
    from bot.terminal.session import Session
    from retrieval.answer import Asker
    from retrieval.model import Answer, Evidence

DEPTH = 10
SPARE_WORDS = 3
"""A short answer may be this many words longer than the accepted one that it holds."""


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

    def told(self) -> dict[str, Json]:
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


def evaluate(session: Session, folder: Path, *, limit: int | None, as_json: bool) -> Exit:
    """The figures of each file of questions in the folder were written."""
    articles = list(read_articles(folder / "corpus.jsonl"))
    sets = [(file, read_queries(file, folder / "qrels")[:limit]) for file in sorted(folder.glob("queries*.jsonl"))]
    if not sets:
        raise BadQuestionSet(f"{folder}: there is no file queries.jsonl or queries.NAME.jsonl")
    session.face.tell(block(f"{plural(len(articles), 'document')} are indexed …", "dim"))
    asker = in_memory(articles, session.settings)
    for file, queries in sets:
        figures = asyncio.run(_measured(session, asker, file.name, queries))
        if as_json:
            session.face.json(figures.told())
        else:
            rows = figures.told().items()
            session.face.show([*(block(f"{name:<15}{_shown(value)}") for name, value in rows), EMPTY])
    return Exit.DONE


def measure(session: Session, passages: int, *, rounds: int, as_json: bool) -> Exit:
    """Speed and memory on generated passages were written: milliseconds, seconds and megabytes."""
    session.face.tell(block(f"{plural(passages, 'passage')} are generated …", "dim"))
    found = bench.measure(passages, rounds=rounds)
    if as_json:
        session.face.json(_told(found))
    else:
        session.face.show(block(f"{name:<22}{value}") for name, value in _rows(found))
    return Exit.DONE


def _told(found: bench.Figures) -> dict[str, Json]:
    timings: dict[str, bench.Timing] = {"search": found.search, "ask": found.ask, "rank_bm25": found.rank_bm25}
    told: dict[str, Json] = {"passages": found.passages, "build_s": found.build_s, "memory_mb": found.memory_mb}
    for name, timing in timings.items():
        told[name] = {"p50_ms": timing.p50, "p95_ms": timing.p95, "p99_ms": timing.p99, "rounds": timing.rounds}
    ratios: dict[str, Json] = {
        "rank_bm25_to_search": found.rank_bm25_to_search,
        "rank_bm25_to_ask": found.rank_bm25_to_ask,
    }
    return told | ratios


def _rows(found: bench.Figures) -> Iterator[tuple[str, str]]:
    for name, value in _told(found).items():
        if isinstance(value, dict):
            yield name.replace("_", "-"), ", ".join(f"{key.replace('_', ' ')} {part}" for key, part in value.items())
        else:
            yield name.replace("_", " "), str(value)


async def _measured(session: Session, asker: Asker, name: str, queries: Sequence[Query]) -> Figures:
    figures = Figures(name)
    console = session.face.notices
    for query in track(queries, name, console=console, transient=True, disable=not console.is_terminal):
        asked = Asked(query.text, query.as_of or session.now())
        began = time.perf_counter()
        answer = await asker.ask(asked)
        figures.ms.append((time.perf_counter() - began) * 1000)
        found = await asker.search(asked, DEPTH * 5)
        keys = list(dict.fromkeys(each.article.key for each in found))[:DEPTH]
        _count(figures, query, answer, keys)
    return figures


def _count(figures: Figures, query: Query, answer: Answer, keys: Sequence[str]) -> None:
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


def _shown(value: Json) -> str:
    return "-" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)
