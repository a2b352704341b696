"""A sign of life on disk: the running bot renews it while it is connected, a health check reads it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

INTERVAL: Final = timedelta(seconds=15)
PATIENCE: Final = timedelta(seconds=90)


def file_in(data_dir: Path) -> Path:
    """Where the sign of life of the bot of this data directory stands."""
    return data_dir / "health"


def beat(path: Path, now: datetime) -> None:
    """The file says `now` (aware); replaced in one step, so that a reader never sees half of it."""
    fresh = path.with_name(path.name + ".new")
    fresh.write_text(now.isoformat(), encoding="ascii")
    fresh.replace(path)


def healthy(path: Path, now: datetime) -> bool:
    """Whether the last sign of life is at most `PATIENCE` old; False where there is none or it can't be read."""
    try:
        last = datetime.fromisoformat(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return False
    return last.tzinfo is not None and abs(now - last) <= PATIENCE
