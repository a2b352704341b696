"""`votes`: what members found of the answers that are still kept."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.records import Records
from bot.terminal.face import block
from bot.terminal.session import Exit

if TYPE_CHECKING:
    from bot.records.answers import Votes
    from bot.terminal.as_json import Json
    from bot.terminal.session import Session

_COLUMNS = ("OUTCOME", "ANSWERS", "HELPFUL", "NOT HELPFUL")


def votes(session: Session, *, as_json: bool) -> Exit:
    """The numbers of answers kept and of votes on them were written, a line for each outcome."""
    counted = asyncio.run(_counted(session))
    if as_json:
        for entry in counted:
            session.face.json(_of(entry))
    elif counted:
        rows = [_COLUMNS, *(tuple(map(str, _of(entry).values())) for entry in counted)]
        session.face.show(block(_line(row), "" if number else "bold") for number, row in enumerate(rows))
    else:
        session.face.tell(block("No answer is kept that could be voted on."))
    return Exit.DONE


async def _counted(session: Session) -> list[Votes]:
    async with session.corpus() as corpus:
        return await Records(corpus.store).answers.votes(session.now())


def _of(entry: Votes) -> dict[str, Json]:
    return {
        "outcome": entry.outcome.value,
        "answers": entry.answers,
        "helpful": entry.helpful,
        "not_helpful": entry.not_helpful,
    }


def _line(row: tuple[str, ...]) -> str:
    outcome, *counts = row
    return "  ".join((f"{outcome:<14}", *(f"{count:>11}" for count in counts)))
