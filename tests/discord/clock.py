"""The stand-in's time: the machine's, moved forward at will, and the snowflakes made from it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

DISCORD_EPOCH_MS = 1_420_070_400_000


class Clock:
    """The machine's clock plus whatever a test has added to it."""

    def __init__(self) -> None:
        self._ahead = timedelta()
        self._count = 0

    def now(self) -> datetime:
        """The stand-in's present, aware, in UTC."""
        return datetime.now(UTC) + self._ahead

    def advance(self, **span: float) -> None:
        """The stand-in's present is later by the given span (keywords as of ``timedelta``)."""
        self._ahead += timedelta(**span)

    def snowflake(self) -> int:
        """A new id that carries the present; every one is unique and, at equal times, larger than the last."""
        self._count = (self._count + 1) % 0x400000
        return ((int(self.now().timestamp() * 1000) - DISCORD_EPOCH_MS) << 22) | self._count
