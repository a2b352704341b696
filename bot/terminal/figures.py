"""`eval`: what a question set says of search and answers. Nothing is stored."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from rich.progress import track

from bot.app import in_memory
from bot.terminal.face import EMPTY, block
from bot.terminal.question_sets import read_articles, read_queries
from bot.terminal.session import Exit
from bot.wording import plural
from retrieval.errors import BadQuestionSet
from retrieval.evaluate import DEPTH, Figures, count
from retrieval.model import Asked

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bot.terminal.as_json import Json
    from bot.terminal.session import Session
    from retrieval.answer import Asker
    from retrieval.evaluate import Query


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


async def _measured(session: Session, asker: Asker, name: str, queries: Sequence[Query]) -> Figures:
    figures = Figures(name)
    console = session.face.notices
    for query in track(queries, name, console=console, transient=True, disable=not console.is_terminal):
        asked = Asked(query.text, query.as_of or session.now())
        began = time.perf_counter()
        answer = await asker.ask(asked)
        ms = (time.perf_counter() - began) * 1000
        found = await asker.search(asked, DEPTH * 5)
        keys = list(dict.fromkeys(each.article.key for each in found))[:DEPTH]
        count(figures, query, answer, keys, ms)
    return figures


def _shown(value: Json) -> str:
    return "-" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)
