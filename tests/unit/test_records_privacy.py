"""What members can do about what is kept of them, on a store made by the migrations."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.guildsettings import GuildBook
from bot.privacy import Preferences, Privacy, QuestionLog
from bot.records.members import Counts
from bot.records.model import UNLOGGED_KEPT
from bot.wanted import TopicNotFound, TopicState, Wanted
from corpus.collection import LIBRARY, Collection
from corpus.drafts import DraftOrigin, DraftState, WaitingDraft
from corpus.model import Draft, Source, SourceKind
from retrieval.index import Filters
from tests.fakes.records import GUILD, MEMBER, NOW, audited, opened, record

if TYPE_CHECKING:
    from pathlib import Path

    from bot.records import Records
    from corpus.store import Store

HERE = Filters((LIBRARY, Collection(GUILD)))
MOST = timedelta(days=30)
ACTOR = f"discord:{MEMBER}"
NEIGHBOUR = 5


async def lived_in(store: Store, records: Records) -> Wanted:
    """The member has asked in two guilds and in private, voted, requested, suggested; a neighbour did some of it."""
    for number, guild in enumerate((GUILD, GUILD, 8, None)):
        await records.answers.keep(record(number, guild=guild))
    await records.answers.keep(record(9, asker=NEIGHBOUR))
    await records.answers.vote(f"{9:016x}", MEMBER, NOW, helpful=True)
    await records.answers.vote(f"{9:016x}", NEIGHBOUR, NOW, helpful=False)
    wanted = Wanted(records.wanted)
    await wanted.request("Norland?", HERE, MEMBER, GUILD, NOW)
    await wanted.request("Norland?", HERE, NEIGHBOUR, GUILD, NOW)
    await wanted.request("Vantel?", HERE, MEMBER, GUILD, NOW)
    await records.pending.put("list", {"page": 1}, MEMBER, GUILD, NOW)
    await records.pending.put("list", {"page": 2}, NEIGHBOUR, GUILD, NOW)
    draft = Draft("Norland fined", "A text. " * 20, "A text. " * 20, Source(SourceKind.PASTE, ""))
    await store.keep_draft(
        WaitingDraft(
            id="a" * 16,
            collection=Collection(GUILD),
            draft=draft,
            state=DraftState.QUEUED,
            version=1,
            origin=DraftOrigin.SUGGESTION,
            by=ACTOR,
            at=NOW,
            expires_at=NOW + timedelta(days=90),
            tell=True,
        )
    )
    return wanted


async def privacy_of(store: Store, records: Records) -> tuple[Privacy, Preferences]:
    preferences = Preferences(records.members)
    await preferences.load()
    return Privacy(records.members, preferences, store), preferences


async def test_a_member_sees_how_much_is_kept_of_them(tmp_path: Path) -> None:
    async with opened(tmp_path) as (store, records):
        await lived_in(store, records)
        privacy, preferences = await privacy_of(store, records)
        await preferences.choose(MEMBER, NOW, question_log=False)
        about = await privacy.about(MEMBER)
        assert about.counts == Counts(((None, 1), (GUILD, 2), (8, 1)), votes=1, requests=2, pending=1)
        assert (about.question_log, about.open_drafts, about.decided_drafts) == (False, 1, 0)
        assert about.acts == 3


async def test_of_a_stranger_nothing_is_kept(tmp_path: Path) -> None:
    async with opened(tmp_path) as (store, records):
        await lived_in(store, records)
        privacy, _ = await privacy_of(store, records)
        about = await privacy.about(1)
        assert about.counts == Counts((), votes=0, requests=0, pending=0)
        assert (about.question_log, about.open_drafts, about.acts) == (True, 0, 0)


async def test_an_export_holds_everything_that_is_kept_and_nothing_of_others(tmp_path: Path) -> None:
    async with opened(tmp_path) as (store, records):
        await lived_in(store, records)
        privacy, _ = await privacy_of(store, records)
        told = json.loads(json.dumps(await privacy.export(MEMBER, NOW)))
        assert told["member"] == str(MEMBER)
        assert [(one["question"], one["guild"]) for one in told["questions"]] == [
            ("who?", "7"), ("who?", "7"), ("who?", "8"), ("who?", None),
        ]  # fmt: skip
        assert told["questions"][0] == {
            "question": "who?",
            "asked_at": "2026-03-02T09:30:00+00:00",
            "erased_at": "2026-04-01T09:30:00+00:00",
            "guild": "7",
            "private": True,
            "shared_at": None,
            "outcome": "needs_detail",
            "collections": ["library", "guild:7"],
            "publications": ["CNBC"],
            "since": "2021-01-01",
            "until": None,
        }
        assert told["votes"] == [{"at": "2026-03-02T09:30:00+00:00", "guild": "7", "helpful": True}]
        assert [one["topic"] for one in told["requests"]] == ["Norland?", "Vantel?"]
        assert [one["content"] for one in told["private_messages"]] == [{"page": 1}]
        assert [(one["title"], one["state"], one["text"][:7]) for one in told["drafts"]] == [
            ("Norland fined", "queued", "A text.")
        ]
        assert [one["action"] for one in told["audit"]] == ["request", "request", "suggest"]


async def test_what_is_deleted_is_gone_and_what_others_did_stays(tmp_path: Path) -> None:
    async with opened(tmp_path) as (store, records):
        wanted = await lived_in(store, records)
        privacy, _ = await privacy_of(store, records)
        erased = (await privacy.delete(MEMBER)).erased
        assert (erased.records, erased.votes, erased.requests, erased.pending) == (4, 1, 2, 1)
        about = await privacy.about(MEMBER)
        assert about.counts == Counts((), votes=0, requests=0, pending=0)
        assert (about.open_drafts, about.acts) == (0, 0)
        neighbour = (await privacy.about(NEIGHBOUR)).counts
        assert neighbour == Counts(((GUILD, 1),), votes=1, requests=1, pending=1)
        assert [(topic.text, topic.count) for topic in await wanted.listed(GUILD, limit=10)] == [("Norland?", 1)]


async def test_the_audit_record_stays_under_one_pseudonym_that_does_not_lead_back(tmp_path: Path) -> None:
    async with opened(tmp_path) as (store, records):
        wanted = await lived_in(store, records)
        topic = (await wanted.listed(GUILD, limit=1))[0]
        await wanted.decide(topic.id, GUILD, TopicState.DONE, ACTOR, NOW)
        book = GuildBook(records.settings)
        await book.change(GUILD, lambda settings: replace(settings, private=True), by=ACTOR, now=NOW)
        before = await audited(store)
        privacy, _ = await privacy_of(store, records)
        pseudonym = (await privacy.delete(MEMBER)).pseudonym
        after = await audited(store)
        assert pseudonym.startswith("former:")
        assert [replace(entry, actor="") for entry in after] == [replace(entry, actor="") for entry in before]
        assert {entry.actor for entry in after} == {pseudonym, f"discord:{NEIGHBOUR}"}
        assert (await wanted.find(topic.id, GUILD)).decided_by == pseudonym
        suggested = await store.draft("a" * 16, (Collection(GUILD),))
        assert (suggested.by, suggested.tell) == (pseudonym, False)
        assert (await privacy.delete(MEMBER)).pseudonym != pseudonym


async def test_after_deleting_nothing_in_the_database_names_the_member(tmp_path: Path) -> None:
    async with opened(tmp_path) as (store, records):
        await lived_in(store, records)
        privacy, _ = await privacy_of(store, records)
        await privacy.delete(MEMBER)
    with closing(sqlite3.connect(tmp_path / "amicus.db")) as plain:
        assert str(MEMBER) not in "\n".join(plain.iterdump())


async def test_what_nobody_asks_for_any_more_is_not_found(tmp_path: Path) -> None:
    async with opened(tmp_path) as (store, records):
        wanted = Wanted(records.wanted)
        topic = (await wanted.request("Norland?", HERE, MEMBER, GUILD, NOW)).topic
        privacy, _ = await privacy_of(store, records)
        await privacy.delete(MEMBER)
        with pytest.raises(TopicNotFound):
            await wanted.find(topic.id, GUILD)


async def test_the_opt_out_survives_deleting_and_a_restart(tmp_path: Path) -> None:
    async with opened(tmp_path) as (store, records):
        privacy, preferences = await privacy_of(store, records)
        await preferences.choose(MEMBER, NOW, question_log=False)
        await privacy.delete(MEMBER)
        assert not preferences.logs(MEMBER)
    async with opened(tmp_path) as (store, records):
        _, preferences = await privacy_of(store, records)
        assert not preferences.logs(MEMBER)
        assert preferences.logs(NEIGHBOUR)
        await preferences.choose(MEMBER, NOW, question_log=True)
        assert preferences.logs(MEMBER)


async def test_questions_are_kept_as_long_as_member_guild_and_operator_all_want(tmp_path: Path) -> None:
    async with opened(tmp_path) as (_, records):
        book, preferences = GuildBook(records.settings), Preferences(records.members)
        log = QuestionLog(book, preferences, MOST)
        await book.change(7, lambda settings: replace(settings, record_days=3), by=ACTOR, now=NOW)
        await book.change(8, lambda settings: replace(settings, record_days=300), by=ACTOR, now=NOW)
        await book.change(9, lambda settings: replace(settings, question_log=False), by=ACTOR, now=NOW)
        kept = {guild: log.keep_for(MEMBER, guild) for guild in (None, 6, 7, 8, 9)}
        assert kept == {None: MOST, 6: MOST, 7: timedelta(days=3), 8: MOST, 9: UNLOGGED_KEPT}
        assert log.guilds_before(NOW) == {7: NOW - timedelta(days=3), 9: NOW - UNLOGGED_KEPT}
        await preferences.choose(MEMBER, NOW, question_log=False)
        assert {log.keep_for(MEMBER, guild) for guild in (None, 6, 7, 8, 9)} == {UNLOGGED_KEPT}
        assert log.keep_for(NEIGHBOUR, None) == MOST
