"""A kill -9 at any moment loses nothing that was acknowledged and brings back nothing that was removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.load.index_kills import kills

if TYPE_CHECKING:
    from pathlib import Path

KILLS = 10
"""By hand: `python -m tests.load.index_kills --kills 100`."""


def test_the_index_survives_being_killed(tmp_path: Path) -> None:
    assert kills(tmp_path / "data", KILLS, seed=7) == []
