"""The desk killed at random moments, a few times; `python -m tests.load.desk_kills` does it as often as is wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.load.desk_kills import kill_and_compare

if TYPE_CHECKING:
    from pathlib import Path


async def test_after_a_kill_what_was_acknowledged_is_there_and_the_record_agrees(tmp_path: Path) -> None:
    said = await kill_and_compare(tmp_path / "data", kills=4, seed=7)
    assert said.acts >= 4 * 3
    assert "stored" in said.drafts.values()
