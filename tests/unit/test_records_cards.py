"""Where the cards of suggestions stand: kept until somebody decides, for the guild alone, not for ever."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.records.model import MessagePlace
from tests.fakes.records import GUILD, NOW, opened

if TYPE_CHECKING:
    from pathlib import Path

DRAFT = "0123456789abcdef"
AT = MessagePlace(channel_id=50, message_id=60)


async def test_a_card_is_found_once(tmp_path: Path) -> None:
    async with opened(tmp_path) as (_, records):
        await records.cards.posted(DRAFT, GUILD, AT, NOW)
    async with opened(tmp_path) as (_, records):
        assert [await records.cards.take(DRAFT, GUILD) for _ in range(2)] == [AT, None]


async def test_another_guild_does_not_find_it(tmp_path: Path) -> None:
    async with opened(tmp_path) as (_, records):
        await records.cards.posted(DRAFT, GUILD, AT, NOW)
        assert await records.cards.take(DRAFT, GUILD + 1) is None
        assert await records.cards.take(DRAFT, GUILD) == AT


async def test_old_cards_are_forgotten(tmp_path: Path) -> None:
    async with opened(tmp_path) as (_, records):
        await records.cards.posted(DRAFT, GUILD, AT, NOW)
        await records.cards.posted(DRAFT[::-1], GUILD, AT, NOW + timedelta(days=1))
        assert await records.cards.purge(NOW) == 1
        assert await records.cards.take(DRAFT, GUILD) is None
        assert await records.cards.take(DRAFT[::-1], GUILD) == AT


async def test_cards_are_erased_with_their_guild(tmp_path: Path) -> None:
    async with opened(tmp_path) as (_, records):
        await records.guilds.joined(GUILD, NOW)
        await records.guilds.left(GUILD, NOW)
        await records.cards.posted(DRAFT, GUILD, AT, NOW)
        assert await records.guilds.erase(GUILD, NOW)
        assert await records.cards.take(DRAFT, GUILD) is None
