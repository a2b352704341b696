"""What administrators of guilds have set, in a database made by the migrations and in memory."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.guildsettings import STANDARD, GuildBook, GuildSettings
from bot.records.tables import guild_setting
from corpus.collection import LIBRARY, Collection
from tests.fakes.records import GUILD, NOW, audited, opened

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BY, OTHER = "discord:1", "discord:2"
ALL = GuildSettings(
    moderator_role=(1 << 62) + 5,
    review_channel=6,
    library=False,
    private=True,
    evidence_per_page=3,
    languages=("en", "de"),
    member_per_minute=10,
    record_days=7,
    question_log=False,
)


def keeping(days: int) -> Callable[[GuildSettings], GuildSettings]:
    return lambda settings: replace(settings, record_days=days)


async def test_settings_are_known_at_once_and_after_a_restart(tmp_path: Path) -> None:
    async with opened(tmp_path) as (_, records):
        book = GuildBook(records.settings)
        assert await book.change(GUILD, lambda _: ALL, by=BY, now=NOW) == ALL
        assert book.of(GUILD) == ALL
    async with opened(tmp_path) as (_, records):
        book = GuildBook(records.settings)
        await book.load()
        assert book.of(GUILD) == ALL
        assert book.guilds == (GUILD,)
        assert (book.of(8), book.of(None)) == (STANDARD, STANDARD)


async def test_a_change_is_on_record_with_what_it_was_before(tmp_path: Path) -> None:
    async with opened(tmp_path) as (store, records):
        book = GuildBook(records.settings)
        await book.change(GUILD, lambda settings: replace(settings, record_days=7, private=True), by=BY, now=NOW)
        await book.change(GUILD, lambda settings: replace(settings, languages=("en", "de")), by=OTHER, now=NOW)
        await book.change(GUILD, lambda settings: replace(settings, record_days=None), by=BY, now=NOW)
        assert [(entry.actor, entry.action, entry.detail) for entry in await audited(store)] == [
            (BY, "settings", "private: off → on; record_days: not set → 7"),
            (OTHER, "settings", "languages: not set → en, de"),
            (BY, "settings", "record_days: 7 → not set"),
        ]


async def test_a_change_that_changes_nothing_is_not_on_record(tmp_path: Path) -> None:
    async with opened(tmp_path) as (store, records):
        book = GuildBook(records.settings)
        assert await book.change(GUILD, lambda settings: settings, by=BY, now=NOW) == STANDARD
        assert await audited(store) == []


async def test_two_administrators_at_once_change_their_own_fields_both(tmp_path: Path) -> None:
    async with opened(tmp_path) as (_, records):
        book = GuildBook(records.settings)
        await asyncio.gather(
            book.change(GUILD, lambda settings: replace(settings, private=True), by=BY, now=NOW),
            book.change(GUILD, lambda settings: replace(settings, library=False), by=OTHER, now=NOW),
        )
        assert book.of(GUILD) == GuildSettings(private=True, library=False)


async def test_of_two_changes_of_one_field_the_last_stands_in_memory_as_in_the_database(tmp_path: Path) -> None:
    async with opened(tmp_path) as (_, records):
        book = GuildBook(records.settings)
        await asyncio.gather(*(book.change(GUILD, keeping(days), by=BY, now=NOW) for days in range(1, 20)))
        assert await records.settings.every() == {GUILD: book.of(GUILD)}


async def test_a_change_that_fails_leaves_everything_as_it_was(tmp_path: Path) -> None:
    async with opened(tmp_path) as (store, records):
        book = GuildBook(records.settings)
        with pytest.raises(ValueError, match="record_days"):
            await book.change(GUILD, lambda settings: replace(settings, record_days=366), by=BY, now=NOW)
        assert book.of(GUILD) == STANDARD
        assert await audited(store) == []


async def test_settings_of_an_earlier_version_have_the_standard_for_what_they_lack(tmp_path: Path) -> None:
    async with opened(tmp_path) as (store, records):
        values = {"guild_id": GUILD, "content": {"private": True, "gone": 1}, "changed_at": NOW, "changed_by": BY}
        async with store.transaction() as connection:
            await connection.execute(guild_setting.insert(), values)
        book = GuildBook(records.settings)
        await book.load()
        assert book.of(GUILD) == GuildSettings(private=True)


async def test_what_is_seen_follows_the_guilds_switch(tmp_path: Path) -> None:
    async with opened(tmp_path) as (_, records):
        book = GuildBook(records.settings)
        assert book.collections(GUILD) == (LIBRARY, Collection(GUILD))
        await book.change(GUILD, lambda settings: replace(settings, library=False), by=BY, now=NOW)
        assert book.collections(GUILD) == (Collection(GUILD),)
        assert (book.collections(8), book.collections(None)) == ((LIBRARY, Collection(8)), (LIBRARY,))
        book.forget(GUILD)
        assert book.of(GUILD) == STANDARD


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("evidence_per_page", lambda: GuildSettings(evidence_per_page=0)),
        ("evidence_per_page", lambda: GuildSettings(evidence_per_page=6)),
        ("member_per_minute", lambda: GuildSettings(member_per_minute=0)),
        ("member_per_minute", lambda: GuildSettings(member_per_minute=601)),
        ("record_days", lambda: GuildSettings(record_days=0)),
        ("languages", lambda: GuildSettings(languages=("EN",))),
        ("languages", lambda: GuildSettings(languages=("english",))),
        ("languages", lambda: GuildSettings(languages=("en",) * 11)),
    ],
)
def test_a_setting_out_of_its_range_is_refused_by_name(name: str, made: Callable[[], GuildSettings]) -> None:
    with pytest.raises(ValueError, match=name):
        made()


def test_a_guild_speaks_any_language_until_it_names_some() -> None:
    assert STANDARD.speaks("fr")
    assert not ALL.speaks("fr")
    assert ALL.speaks("de")
