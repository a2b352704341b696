"""A store in a folder, as the bot opens it, with what is remembered of guilds and members."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from bot.records import MIGRATIONS, Records
from bot.records.model import AnswerRecord, Quoted
from bot.sheet import Outcome, Role
from corpus.collection import LIBRARY, Collection
from corpus.model import Span
from corpus.store import open_store
from retrieval.index import Filters

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from corpus.model import AuditEntry
    from corpus.store import Store

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
MEMBER = (1 << 62) + 1
GUILD = 7
RECORD = AnswerRecord(
    id="0123456789abcdef",
    asker_id=MEMBER,
    guild_id=GUILD,
    private=True,
    outcome=Outcome.NEEDS_DETAIL,
    question="who?",
    filters=Filters((LIBRARY, Collection(GUILD)), ("CNBC",), date(2021, 1, 1), None),
    quoted=(
        Quoted(Role.EVIDENCE, 1, 2, 10, 20, Span(0, 4), (Span(0, 4), Span(5, 6))),
        Quoted(Role.CONFLICT, 3, 1, 0, 5),
    ),
    created_at=NOW,
    expires_at=NOW + timedelta(days=30),
    missing="Two cases fit.",
    notes=("a note",),
    choices=("A v. B", "C v. D"),
    did_you_mean="who is it?",
    related=("when?", "where?"),
    polarity=False,
)


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[tuple[Store, Records]]:
    """The store in `folder`, and what is remembered in it."""
    async with open_store(folder / "amicus.db", migrations=[MIGRATIONS]) as store:
        yield store, Records(store)


def record(number: int, *, asker: int = MEMBER, guild: int | None = GUILD, at: datetime = NOW) -> AnswerRecord:
    """A record with this number that was made then, kept for 30 days."""
    expires = at + timedelta(days=30)
    return replace(RECORD, id=f"{number:016x}", asker_id=asker, guild_id=guild, created_at=at, expires_at=expires)


async def audited(store: Store, guild: int = GUILD) -> list[AuditEntry]:
    """The audit record of the guild, oldest first."""
    return sorted(await store.audit((Collection(guild),), limit=100), key=lambda entry: entry.number)
