"""What a private message needs for its next press, in a database made by the migrations."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.records.pending import PENDING_KEPT, PENDING_MOST_CHARS
from tests.fakes.records import GUILD, MEMBER, NOW, opened

if TYPE_CHECKING:
    from pathlib import Path

CONTENT = {"keys": ["a", "b"], "page": 2, "words": None}


async def test_what_was_put_is_got_back_for_a_day_and_after_a_restart(tmp_path: Path) -> None:
    async with opened(tmp_path) as (_, records):
        number = await records.pending.put("list", CONTENT, MEMBER, GUILD, NOW)
        in_private = await records.pending.put("list", {}, MEMBER, None, NOW)
    async with opened(tmp_path) as (_, records):
        found = await records.pending.get(number, MEMBER, GUILD, NOW + PENDING_KEPT - timedelta(seconds=1))
        assert found is not None
        assert (found.kind, found.content, found.expires_at) == ("list", CONTENT, NOW + timedelta(days=1))
        assert await records.pending.get(number, MEMBER, GUILD, NOW + PENDING_KEPT) is None
        assert await records.pending.get(in_private, MEMBER, None, NOW) is not None


async def test_what_is_taken_is_gone_so_that_a_double_press_does_nothing_twice(tmp_path: Path) -> None:
    async with opened(tmp_path) as (_, records):
        number = await records.pending.put("add", CONTENT, MEMBER, GUILD, NOW)
        taken = await asyncio.gather(*(records.pending.take(number, MEMBER, GUILD, NOW) for _ in range(5)))
        assert sum(one is not None for one in taken) == 1
        assert await records.pending.get(number, MEMBER, GUILD, NOW) is None


@pytest.mark.parametrize(("member", "guild"), [(MEMBER + 1, GUILD), (MEMBER, GUILD + 1), (MEMBER, None)])
async def test_another_member_or_another_guild_finds_nothing_and_takes_nothing(
    tmp_path: Path, member: int, guild: int | None
) -> None:
    async with opened(tmp_path) as (_, records):
        number = await records.pending.put("add", CONTENT, MEMBER, GUILD, NOW)
        assert await records.pending.get(number, member, guild, NOW) is None
        assert await records.pending.take(number, member, guild, NOW) is None
        assert await records.pending.take(number, MEMBER, GUILD, NOW) is not None


async def test_an_unknown_id_finds_nothing(tmp_path: Path) -> None:
    async with opened(tmp_path) as (_, records):
        assert await records.pending.get("f" * 16, MEMBER, GUILD, NOW) is None
        assert await records.pending.take("f" * 16, MEMBER, GUILD, NOW) is None


async def test_more_than_a_message_can_need_is_refused(tmp_path: Path) -> None:
    async with opened(tmp_path) as (_, records):
        with pytest.raises(ValueError, match="at most 65,536 characters"):
            await records.pending.put("add", {"text": "x" * PENDING_MOST_CHARS}, MEMBER, GUILD, NOW)


async def test_what_has_expired_is_erased(tmp_path: Path) -> None:
    async with opened(tmp_path) as (_, records):
        await records.pending.put("add", CONTENT, MEMBER, GUILD, NOW)
        assert await records.pending.purge(NOW + PENDING_KEPT - timedelta(seconds=1)) == 0
        assert await records.pending.purge(NOW + PENDING_KEPT) == 1
