"""A question set asked: each question once, timed, its search ranked, its answer judged and its quotations compared."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, Protocol

from corpus.model import Article
from retrieval.answer import Found
from retrieval.evaluation.questions import TWO_ARTICLE, Query, QuestionSet
from retrieval.evaluation.ranking import DEPTH, Ranking, measured
from retrieval.evaluation.report import Miss, Report, report_of
from retrieval.evaluation.rules import Judged
from retrieval.explanation import Explanation
from retrieval.model import Answer, Answered, Asked, Evidence, NotAQuestion, Partial

_PASSAGES_FOR_ARTICLES: Final = 5
"""So many passages are searched for each article of the ranking, since several may be of one article."""


class Asks(Protocol):
    """Who is asked."""

    async def ask(self, asked: Asked) -> Answer:
        """The answer to one question."""
        ...

    async def search(self, asked: Asked, k: int) -> list[Found]:
        """The `k` best passages for the words."""
        ...


Explain = Callable[[Asked], Awaitable[Explanation]]


async def judged(
    asker: Asks, chosen: QuestionSet, now: datetime, progress: Callable[[], None] = lambda: None
) -> list[Judged]:
    """Every question of the set with its answer; `now` is the asking time of those that bring none."""
    by_key = {article.key: article for article in chosen.articles}
    texts = {article.id: article.text for article in chosen.articles}
    told: list[Judged] = []
    rankings: list[tuple[Ranking, Ranking]] = []
    for query in chosen.queries:
        asked = asked_of(query, now)
        began = time.perf_counter()
        answer = await asker.ask(asked)
        ms = (time.perf_counter() - began) * 1000
        found = await asker.search(asked, DEPTH * _PASSAGES_FOR_ARTICLES) if query.answerable else []
        rankings.append((_of_passages(query, found, by_key), _of_articles(query, found)))
        told.append(Judged(query, answer, ms, verbatim=tuple(_is_verbatim(texts, one) for one in quotations(answer))))
        progress()
    passages, articles = (measured(list(each)) for each in zip(*rankings, strict=True)) if rankings else ((), ())
    return [
        replace(one, ranking=_named("passage", of_passages) | _named("article", of_articles))
        for one, of_passages, of_articles in zip(told, passages, articles, strict=True)
    ]


async def measure(
    asker: Asks, chosen: QuestionSet, now: datetime, progress: Callable[[], None] = lambda: None
) -> tuple[Report, list[Judged]]:
    """The report on a set, and what it was made of."""
    found = await judged(asker, chosen, now, progress)
    return report_of(chosen, found, unreachable=unreachable(chosen)), found


async def explained(report: Report, found: Iterable[Judged], explain: Explain, now: datetime, *, most: int) -> Report:
    """The report with its first `most` misses explained, those of the same fault together."""
    missed = [(fault, one) for one in found if (fault := one.fault) is not None]
    order = {fault: number for number, fault in enumerate(dict.fromkeys(fault for fault, _ in missed))}
    missed.sort(key=lambda each: order[each[0]])
    misses = [Miss(one, fault, await explain(asked_of(one.query, now))) for fault, one in missed[:most]]
    return replace(report, misses=tuple(misses))


def asked_of(query: Query, now: datetime) -> Asked:
    """The question as it is asked."""
    return Asked(query.text, query.as_of or now)


def unreachable(chosen: QuestionSet) -> int:
    """How many gold fragments stand in no single passage of their articles."""
    by_key = {article.key: article for article in chosen.articles}
    return sum(
        not any(True for _ in _holding(gold, [by_key[key] for key in query.articles if key in by_key]))
        for query in chosen.queries
        for gold in query.gold
    )


def quotations(answer: Answer) -> tuple[Evidence, ...]:
    """Everything an answer quotes."""
    match answer:
        case Answered():
            return (*answer.evidence, *answer.conflicts)
        case Partial():
            return (*answer.evidence, *answer.closest)
        case NotAQuestion():
            return ()
        case _:
            return answer.closest


def _is_verbatim(texts: Mapping[int, str], evidence: Evidence) -> bool:
    place = evidence.citation
    inside = all(0 <= span.start < span.end <= len(evidence.text) for span in evidence.highlights)
    return inside and texts[place.article_id][place.start : place.end] == evidence.text


def _of_passages(query: Query, found: Sequence[Found], by_key: Mapping[str, Article]) -> Ranking:
    articles = [by_key[key] for key in query.articles if key in by_key]
    if query.kind == TWO_ARTICLE:
        pairs = zip(articles, query.gold, strict=False)
        relevant = {number for article, gold in pairs for number in _holding(gold, [article])}
    elif query.gold:
        relevant = {number for gold in query.gold for number in _holding(gold, articles)}
    else:
        relevant = {passage.id for article in articles for passage in article.passages}
    return Ranking(
        [str(one.passage.id) for one in found[:DEPTH]],
        frozenset(map(str, relevant)) if query.answerable else frozenset(),
    )


def _of_articles(query: Query, found: Sequence[Found]) -> Ranking:
    keys = list(dict.fromkeys(one.article.key for one in found))[:DEPTH]
    return Ranking(keys, frozenset(query.articles) if query.answerable else frozenset())


def _holding(gold: str, articles: Iterable[Article]) -> Iterator[int]:
    """The numbers of the passages that hold the fragment."""
    for article in articles:
        yield from (passage.id for passage in article.passages if gold in passage.span.of(article.text))


def _named(what: str, values: Mapping[str, float]) -> dict[str, float]:
    return {f"{what} {name}": value for name, value in values.items()}
