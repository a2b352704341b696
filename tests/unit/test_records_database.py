"""What is remembered of members and guilds, in a database made by the migrations."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from bot.records import MIGRATIONS, Records
from bot.records.answers import Votes
from bot.records.model import AnswerRecord, Quoted
from bot.records.tables import answer_record, metadata, vote
from bot.sheet import Outcome, Role
from corpus.collection import LIBRARY, Collection
from corpus.errors import StoreError
from corpus.model import Span
from corpus.store import open_store
from retrieval.index import Filters

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from sqlalchemy import Connection

    from corpus.store import Store

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
RECORD = AnswerRecord(
    id="0123456789abcdef",
    asker_id=(1 << 62) + 1,
    guild_id=7,
    private=True,
    outcome=Outcome.NEEDS_DETAIL,
    question="who?",
    filters=Filters((LIBRARY, Collection(7)), ("CNBC",), date(2021, 1, 1), None),
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
    async with open_store(folder / "amicus.db", migrations=[MIGRATIONS]) as store:
        yield store, Records(store)


async def test_the_migrations_make_the_tables_as_they_are_declared(tmp_path: Path) -> None:
    def differences(connection: Connection) -> list[object]:
        ours = set(metadata.tables)
        context = MigrationContext.configure(
            connection,
            opts={"include_name": lambda name, kind, _: kind != "table" or name in ours, "compare_type": True},
        )
        found: list[object] = compare_metadata(context, metadata)
        return found

    async with opened(tmp_path) as (store, _), store.transaction() as connection:
        assert await connection.run_sync(differences) == []


async def test_a_record_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    async with opened(tmp_path) as (_, records):
        await records.answers.keep(RECORD)
    async with opened(tmp_path) as (_, records):
        assert await records.answers.find(RECORD.id, NOW) == RECORD


async def test_a_record_of_an_earlier_version_is_still_opened(tmp_path: Path) -> None:
    async with opened(tmp_path) as (store, records):
        await records.answers.keep(RECORD)
        later = ("did_you_mean", "related", "polarity")
        async with store.transaction() as connection:
            stored = (await connection.execute(answer_record.select())).one().content
            earlier = {name: value for name, value in stored.items() if name not in later}
            await connection.execute(answer_record.update().values(content=earlier))
        found = await records.answers.find(RECORD.id, NOW)
        assert found == replace(RECORD, did_you_mean=None, related=(), polarity=None)


async def test_a_record_is_found_until_it_expires(tmp_path: Path) -> None:
    async with opened(tmp_path) as (_, records):
        await records.answers.keep(RECORD)
        assert await records.answers.find(RECORD.id, RECORD.expires_at - timedelta(seconds=1)) is not None
        assert await records.answers.find(RECORD.id, RECORD.expires_at) is None
        assert await records.answers.find("f" * 16, NOW) is None


async def test_sharing_is_claimed_once_until_it_is_given_up(tmp_path: Path) -> None:
    async with opened(tmp_path) as (_, records):
        await records.answers.keep(RECORD)
        assert [await records.answers.claim_sharing(RECORD.id, NOW) for _ in range(2)] == [True, False]
        await records.answers.give_up_sharing(RECORD.id)
        assert await records.answers.claim_sharing(RECORD.id, NOW)


async def test_a_member_has_one_vote(tmp_path: Path) -> None:
    async with opened(tmp_path) as (_, records):
        await records.answers.keep(RECORD)
        changed = [await records.answers.vote(RECORD.id, 5, NOW, helpful=helpful) for helpful in (True, True, False)]
        assert changed == [False, False, True]
        assert await records.answers.votes(NOW) == [Votes(RECORD.outcome, answers=1, helpful=0, not_helpful=1)]


async def test_votes_are_counted_by_outcome_over_what_has_not_expired_and_can_be_voted_on(tmp_path: Path) -> None:
    others = {"a": Outcome.ANSWERED, "b": Outcome.ANSWERED, "c": Outcome.SEARCH}
    async with opened(tmp_path) as (_, records):
        await records.answers.keep(RECORD)
        for letter, outcome in others.items():
            await records.answers.keep(replace(RECORD, id=letter * 16, outcome=outcome))
        await records.answers.keep(replace(RECORD, id="d" * 16, outcome=Outcome.PARTIAL, expires_at=NOW))
        for member, helpful in ((5, True), (6, False), (7, True)):
            await records.answers.vote("a" * 16, member, NOW, helpful=helpful)
        assert await records.answers.votes(NOW) == [
            Votes(Outcome.ANSWERED, answers=2, helpful=2, not_helpful=1),
            Votes(Outcome.NEEDS_DETAIL, answers=1, helpful=0, not_helpful=0),
        ]


async def test_purging_erases_what_has_expired_with_its_votes_and_nothing_else(tmp_path: Path) -> None:
    async with opened(tmp_path) as (store, records):
        await records.answers.keep(RECORD)
        await records.answers.vote(RECORD.id, 5, NOW, helpful=True)
        assert await records.answers.purge(NOW) == 0
        assert await records.answers.purge(RECORD.expires_at) == 1
        async with store.view() as connection:
            assert (await connection.execute(vote.select())).all() == []


async def test_guilds_are_reconciled_with_those_that_are_there(tmp_path: Path) -> None:
    later = NOW + timedelta(days=1)
    async with opened(tmp_path) as (_, records):
        assert await records.guilds.reconcile([1, 2, 3], NOW) == ()
        assert await records.guilds.reconcile([2, 4], later) == (1, 3)
        assert await records.guilds.known() == {1: later, 2: None, 3: later, 4: None}
        assert await records.guilds.reconcile([1, 2, 4], later) == ()
        assert (await records.guilds.known())[1] is None
        await records.guilds.left(2, later)
        await records.guilds.joined(2, later)
        assert (await records.guilds.known())[2] is None


async def test_the_digest_of_the_commands_is_remembered_for_each_application(tmp_path: Path) -> None:
    async with opened(tmp_path) as (_, records):
        assert await records.commands.digest(1) is None
        await records.commands.registered(1, "a", NOW)
        await records.commands.registered(1, "b", NOW)
        assert await records.commands.digest(1) == "b"
        assert await records.commands.digest(2) is None


async def test_a_vote_on_what_has_been_erased_is_refused(tmp_path: Path) -> None:
    async with opened(tmp_path) as (_, records):
        with pytest.raises(StoreError):
            await records.answers.vote("f" * 16, 5, NOW, helpful=True)
