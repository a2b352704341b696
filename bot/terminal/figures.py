"""`eval`: what a question set says of search and answers. Nothing is stored."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from bot.app import in_memory
from bot.errors import UsageError
from bot.terminal.face import EMPTY, block
from bot.terminal.moments import asking_time
from bot.terminal.progress import Bar
from bot.terminal.question_sets import read_beir
from bot.terminal.session import Exit
from bot.terminal.tsv_sets import read_tables
from bot.wording import plural
from retrieval.errors import BadQuestionSet
from retrieval.evaluation.page import page
from retrieval.evaluation.report import FIGURES, Report
from retrieval.evaluation.run import explained, measure

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from bot.terminal.face import Block
    from bot.terminal.session import Session
    from retrieval.answer import Asker
    from retrieval.evaluation.questions import QuestionSet


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for, as it was written.

    `limit` cuts each set; `articles` are further files, folders or KEY=PATH; so many `misses` are explained on the page
    at most, those of the half that is kept to judge by with `show_withheld` only.
    """

    folder: Path
    limit: int | None = None
    articles: tuple[str, ...] = ()
    half: str = "all"
    as_of: str | None = None
    page: Path | None = None
    misses: int = 100
    show_withheld: bool = False
    as_json: bool = False


def evaluate(session: Session, order: Order) -> Exit:
    """The figures of each set of the folder were written, and the page where one was asked for."""
    now = _asking_time(order, session)
    if order.page is not None and not order.page.parent.is_dir():
        raise UsageError(f"--html: {order.page.parent}: there is no such folder.")
    reports = []
    # Sets of one folder share their articles, and those are indexed once.
    for _, group in groupby(read_sets(order), key=lambda chosen: id(chosen.articles)):
        sets = list(group)
        session.face.tell(block(f"indexing {plural(len(sets[0].articles), 'article')} …", "dim"))
        asker = in_memory(sets[0].articles, session.settings)
        for chosen in sets:
            report = asyncio.run(_measured(session, asker, chosen, order, now))
            reports.append(report)
            if order.as_json:
                session.face.json(report.told())
            else:
                session.face.show(blocks_of(report))
    if order.page is not None:
        order.page.write_text(page(reports), "utf-8")
    return Exit.DONE


def read_sets(order: Order) -> list[QuestionSet]:
    """The sets of the folder in either form, cut to the limit."""
    if (order.folder / "corpus.jsonl").exists():
        if order.articles or order.half != "all":
            raise UsageError("--articles and --half are for sets with a folder articles and questions.tsv.")
        found = read_beir(order.folder)
    elif (order.folder / "articles").is_dir():
        found = read_tables(order.folder, order.articles, order.half)
    else:
        raise BadQuestionSet(f"{order.folder}: there is neither a file corpus.jsonl nor a folder articles")
    return [replace(chosen, queries=chosen.queries[: order.limit]) for chosen in found]


def _asking_time(order: Order, session: Session) -> datetime:
    try:
        return asking_time(order.as_of) if order.as_of else session.now()
    except ValueError as error:
        raise UsageError(f"--as-of: {error}") from error


async def _measured(session: Session, asker: Asker, chosen: QuestionSet, order: Order, now: datetime) -> Report:
    with Bar(session.face, chosen.name) as bar:
        done = iter(range(1, len(chosen.queries) + 1))
        report, judged = await measure(asker, chosen, now, lambda: bar(next(done), len(chosen.queries)))
    if order.page is None or (chosen.withheld and not order.show_withheld):
        return report
    return await explained(report, judged, asker.explain, now, most=order.misses)


def blocks_of(report: Report) -> Iterator[Block]:
    """The report, laid out for reading."""
    yield block(f"{report.name}: {plural(report.questions, 'question')}", "bold")
    for figure in FIGURES:
        found = report.measures.get(figure.name)
        if found is not None:
            yield block(f"{figure.name:<28} {found.value:.3f}  of {found.of}", indent=2)
    if report.refusal_curve is not None:
        yield block(f"{'area under refusal curve':<28} {report.refusal_curve.area:.3f}", indent=2)
    if report.calibration is not None:
        yield block(f"{'Brier score':<28} {report.calibration.brier:.3f}", indent=2)
        yield block(f"{'expected calibration error':<28} {report.calibration.error:.3f}", indent=2)
    yield block(f"{'quotations verbatim':<28} {report.quotations.share:.3f}  of {report.quotations.count}", indent=2)
    taken = report.latency
    times = f"p50 {taken.quantile(0.5):.1f}, p95 {taken.quantile(0.95):.1f}, max {taken.most:.1f}"
    yield block(f"{'ask, ms':<28} {times}", indent=2)
    if report.unreachable:
        yield block(f"{plural(report.unreachable, 'gold fragment')} in no single passage", "dim", indent=2)
    if report.kinds:
        yield EMPTY
        yield block("By kind of question", "bold")
    for kind, each in report.kinds.items():
        main = each.main
        told = f"{main[0]} {main[1].value:.3f}" if main else "-"
        yield block(f"{kind:<14} {each.questions:>5}  {told}", indent=2)
    yield EMPTY
