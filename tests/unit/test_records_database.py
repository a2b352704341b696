"""What is remembered of members and guilds, in a database made by the migrations."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from bot.records import MIGRATIONS
from bot.records.answers import Votes
from bot.records.model import UNLOGGED_KEPT, MessagePlace, Posted, content_form
from bot.records.tables import answer_record, metadata, vote
from bot.sheet import Outcome
from corpus.errors import StoreError
from corpus.store import open_store
from tests.fakes.records import GUILD, MEMBER, NOW, RECORD, opened, record

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

AT = MessagePlace(channel_id=50, message_id=60)


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


async def test_purging_erases_any_number_of_records(tmp_path: Path) -> None:
    async with opened(tmp_path) as (store, records):
        await records.answers.keep(RECORD)
        async with store.transaction() as connection:
            kept = (await connection.execute(answer_record.select())).one()._asdict()
            await connection.execute(
                answer_record.insert(), [kept | {"id": f"{number:016x}"} for number in range(2500)]
            )
        assert await records.answers.purge(RECORD.expires_at) == 2501
        assert await records.answers.purge(RECORD.expires_at) == 0


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


async def test_a_database_of_the_first_version_is_brought_up_to_date_with_what_its_answers_quote(
    tmp_path: Path,
) -> None:
    first = tmp_path / "first"
    first.mkdir()
    shutil.copy(MIGRATIONS / "records_0001_answers.py", first)
    async with open_store(tmp_path / "amicus.db", migrations=[first]) as store, store.transaction() as connection:
        form = answer_record.insert().values(
            id=RECORD.id,
            asker_id=MEMBER,
            guild_id=GUILD,
            private=True,
            outcome=RECORD.outcome.value,
            question=RECORD.question,
            scope={
                "collections": ["library", "guild:7"],
                "publications": ["CNBC"],
                "since": "2021-01-01",
                "until": None,
            },
            content=content_form(RECORD),
            created_at=RECORD.created_at,
            expires_at=RECORD.expires_at,
        )
        await connection.execute(form)
        await connection.execute(form.values(id="f" * 16, content=content_form(replace(RECORD, quoted=()))))
    async with opened(tmp_path) as (store, records):
        assert await records.answers.find(RECORD.id, NOW) == RECORD
        await records.answers.posted(RECORD.id, AT)
        assert await records.answers.quoting(3) == [Posted(RECORD.id, GUILD, 50, 60)]


async def test_the_messages_that_quote_an_article_are_known_in_all_guilds(tmp_path: Path) -> None:
    async with opened(tmp_path) as (_, records):
        answers = records.answers
        await answers.keep(record(1, guild=8), MessagePlace(51, 61))
        await answers.keep(record(2), AT)
        await answers.keep(replace(record(3), quoted=RECORD.quoted[1:]), MessagePlace(50, 62))
        await answers.keep(record(4))
        assert await answers.quoting(1) == [Posted(f"{2:016x}", GUILD, 50, 60), Posted(f"{1:016x}", 8, 51, 61)]
        assert await answers.quoting(2) == []


async def test_a_message_shows_the_answer_that_was_posted_there_last(tmp_path: Path) -> None:
    async with opened(tmp_path) as (_, records):
        await records.answers.keep(record(1), AT)
        await records.answers.keep(record(2))
        await records.answers.posted(f"{2:016x}", AT)
        assert await records.answers.quoting(1) == [Posted(f"{2:016x}", GUILD, 50, 60)]


async def test_an_answer_can_stand_in_two_places(tmp_path: Path) -> None:
    async with opened(tmp_path) as (_, records):
        await records.answers.keep(RECORD, AT)
        await records.answers.posted(RECORD.id, MessagePlace(50, 61))
        assert [posted.message_id for posted in await records.answers.quoting(1)] == [60, 61]


async def test_the_place_of_an_answer_that_was_erased_meanwhile_is_not_kept(tmp_path: Path) -> None:
    async with opened(tmp_path) as (_, records):
        await records.answers.posted(RECORD.id, AT)
        assert await records.answers.quoting(1) == []


async def test_a_message_is_known_to_quote_an_article_longer_than_its_answer_is_kept(tmp_path: Path) -> None:
    async with opened(tmp_path) as (_, records):
        await records.answers.keep(RECORD, AT)
        assert await records.answers.purge(RECORD.expires_at) == 1
        assert await records.answers.quoting(1) == [Posted(RECORD.id, GUILD, 50, 60)]
        assert await records.answers.forget_places(RECORD.created_at - timedelta(seconds=1)) == 0
        assert await records.answers.forget_places(RECORD.created_at) > 0
        assert await records.answers.quoting(1) == []


async def test_purging_erases_what_a_guild_does_not_want_kept_so_long(tmp_path: Path) -> None:
    async with opened(tmp_path) as (_, records):
        for number, guild in enumerate((GUILD, 8, None)):
            await records.answers.keep(record(number, guild=guild))
        assert await records.answers.purge(NOW, guilds_before={GUILD: NOW - timedelta(seconds=1)}) == 0
        assert await records.answers.purge(NOW, guilds_before={GUILD: NOW, 9: NOW}) == 1
        assert await records.answers.find(f"{0:016x}", NOW) is None


async def test_purging_looks_at_any_number_of_guilds(tmp_path: Path) -> None:
    async with opened(tmp_path) as (_, records):
        await records.answers.keep(record(1, guild=2000))
        before = {guild: NOW - timedelta(days=guild % 3) for guild in range(1, 2001)}
        assert await records.answers.purge(NOW + timedelta(days=3), guilds_before=before) == 0
        assert await records.answers.purge(NOW, guilds_before=before | {2000: NOW}) == 1


async def test_purging_erases_what_opted_out_members_asked_once_its_buttons_are_not_needed(tmp_path: Path) -> None:
    async with opened(tmp_path) as (_, records):
        await records.answers.keep(record(1, asker=5))
        await records.answers.keep(record(2, asker=6))
        await records.members.choose(5, NOW, question_log=False)
        assert await records.answers.purge(NOW + UNLOGGED_KEPT - timedelta(seconds=1)) == 0
        assert await records.answers.purge(NOW + UNLOGGED_KEPT) == 1
        assert await records.answers.find(f"{2:016x}", NOW) is not None
