"""What is erased in time, and with a guild that the bot was removed from, on a store made by the migrations."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.guildsettings import STANDARD, GuildBook
from bot.privacy import Preferences, QuestionLog
from bot.records.model import UNLOGGED_KEPT, MessagePlace
from bot.retention import DECIDED_KEPT, Retention, Swept
from bot.wanted import TopicState, Wanted
from corpus.collection import LIBRARY, Collection
from corpus.errors import StoreError
from retrieval.index import Filters
from tests.fakes.drafts import draft, prepared
from tests.fakes.records import GUILD, MEMBER, NOW, audited, opened, record

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from bot.guildsettings import GuildSettings
    from bot.records import Records
    from bot.retention import Erasing
    from corpus.store import Store

HERE = Filters((LIBRARY, Collection(GUILD)))
GRACE = timedelta(days=7)
NOTHING = Swept(records=0, places=0, pending=0, requests=0, drafts=0, cards=0, guilds=0)
BY = "discord:1"


class Failing:
    """A corpus that is erased, and then the program ends."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def expire_drafts(self, now: datetime) -> int:
        """As the store does."""
        return await self._store.expire_drafts(now)

    async def purge_collection(self, collection: Collection, now: datetime) -> int:
        """As the store does, and then fails."""
        await self._store.purge_collection(collection, now)
        raise StoreError("the disk is full")


def retention(records: Records, book: GuildBook, store: Erasing) -> Retention:
    log = QuestionLog(book, Preferences(records.members), timedelta(days=30))
    return Retention(records, book, log, store, GRACE)


async def lived_in(store: Store, records: Records, guild: int) -> GuildBook:
    """In the guild somebody asked, voted, requested, set something up; an article was stored."""
    await records.guilds.joined(guild, NOW)
    made = record(guild, guild=guild)
    await records.answers.keep(made, MessagePlace(guild, guild))
    await records.answers.vote(made.id, MEMBER, NOW, helpful=True)
    await Wanted(records.wanted).request("Norland?", HERE, MEMBER, guild, NOW)
    await records.pending.put("list", {}, MEMBER, guild, NOW)
    await store.add([prepared(draft("Vantel was fined. It will appeal."))], Collection(guild), by=BY, now=NOW)
    book = GuildBook(records.settings)
    await book.change(guild, setting(private=True), by=BY, now=NOW)
    return book


def setting(*, private: bool) -> Callable[[GuildSettings], GuildSettings]:
    return lambda settings: replace(settings, private=private)


async def left(store: Store, records: Records, guild: int) -> dict[str, object]:
    """What there still is of the guild."""
    return {
        "records": await records.answers.find(f"{guild:016x}", NOW) is not None,
        "messages": len(await records.answers.quoting(1)),
        "topics": await Wanted(records.wanted).length(guild),
        "settings": guild in await records.settings.every(),
        "articles": await store.count((Collection(guild),)),
        "known": guild in await records.guilds.known(),
    }


async def test_all_that_is_kept_for_a_time_is_erased_when_it_is_over(tmp_path: Path) -> None:
    async with opened(tmp_path) as (store, records):
        book, wanted = GuildBook(records.settings), Wanted(records.wanted)
        await records.answers.keep(record(1))
        await records.pending.put("list", {}, MEMBER, GUILD, NOW)
        topic = (await wanted.request("Norland?", HERE, MEMBER, GUILD, NOW)).topic
        await wanted.decide(topic.id, GUILD, TopicState.DONE, BY, NOW)
        sweep = retention(records, book, store)
        assert await sweep.run(NOW) == NOTHING
        assert await sweep.run(NOW + timedelta(days=1)) == replace(NOTHING, pending=1)
        assert await sweep.run(NOW + DECIDED_KEPT) == replace(NOTHING, records=1, requests=1)
        assert await sweep.run(NOW + DECIDED_KEPT) == NOTHING


async def test_a_guild_that_shortens_its_log_or_ends_it_has_older_records_erased(tmp_path: Path) -> None:
    async with opened(tmp_path) as (store, records):
        book = GuildBook(records.settings)
        sweep = retention(records, book, store)
        await records.answers.keep(record(1))
        await records.answers.keep(record(2, at=NOW + timedelta(days=2)))
        await book.change(GUILD, lambda settings: replace(settings, record_days=3), by=BY, now=NOW)
        assert await sweep.run(NOW + timedelta(days=3)) == replace(NOTHING, records=1)
        await book.change(GUILD, lambda settings: replace(settings, question_log=False), by=BY, now=NOW)
        assert await sweep.run(NOW + timedelta(days=2) + UNLOGGED_KEPT) == replace(NOTHING, records=1)


async def test_everything_of_a_guild_is_erased_when_the_grace_is_over(tmp_path: Path) -> None:
    async with opened(tmp_path) as (store, records):
        book = await lived_in(store, records, GUILD)
        await lived_in(store, records, 8)
        await records.guilds.left(GUILD, NOW)
        sweep = retention(records, book, store)
        before = await left(store, records, GUILD)
        almost = NOW + timedelta(hours=23)
        assert (await sweep.run(almost)).guilds == 0
        assert await left(store, records, GUILD) == before
        assert (await sweep.run(NOW + GRACE)).guilds == 1
        assert await left(store, records, GUILD) == {
            "records": False, "messages": 1, "topics": 0, "settings": False, "articles": 0, "known": False,
        }  # fmt: skip
        assert book.of(GUILD) == STANDARD
        assert await audited(store) == []
        assert await left(store, records, 8) == {
            "records": True, "messages": 1, "topics": 1, "settings": True, "articles": 1, "known": True,
        }  # fmt: skip
        assert (await sweep.run(NOW + GRACE)).guilds == 0


async def test_a_guild_that_comes_back_in_time_keeps_everything(tmp_path: Path) -> None:
    async with opened(tmp_path) as (store, records):
        book = await lived_in(store, records, GUILD)
        before = await left(store, records, GUILD)
        await records.guilds.left(GUILD, NOW)
        await records.guilds.joined(GUILD, NOW + GRACE - timedelta(seconds=1))
        assert (await retention(records, book, store).run(NOW + GRACE)).guilds == 0
        assert await left(store, records, GUILD) == before


async def test_a_guild_that_comes_back_while_it_is_erased_is_not_forgotten(tmp_path: Path) -> None:
    async with opened(tmp_path) as (store, records):
        await lived_in(store, records, GUILD)
        await records.guilds.left(GUILD, NOW)
        await records.guilds.joined(GUILD, NOW + GRACE)
        assert not await records.guilds.erase(GUILD, NOW + GRACE)
        assert (await left(store, records, GUILD))["settings"]


async def test_what_a_crash_interrupted_goes_on_at_the_next_run(tmp_path: Path) -> None:
    async with opened(tmp_path) as (store, records):
        book = await lived_in(store, records, GUILD)
        await records.guilds.left(GUILD, NOW)
        with pytest.raises(StoreError):
            await retention(records, book, Failing(store)).run(NOW + GRACE)
        assert (await left(store, records, GUILD))["known"]
    async with opened(tmp_path) as (store, records):
        assert (await retention(records, GuildBook(records.settings), store).run(NOW + GRACE)).guilds == 1
        assert not any((await left(store, records, GUILD)).values())
