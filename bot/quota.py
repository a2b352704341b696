"""How much a member and a guild may ask: token buckets in memory, with the time passed in.

A bucket holds up to `burst` questions and is refilled evenly. Buckets that are full again are forgotten, so what is
kept is bounded by the questions of the last minutes. A question is taken from both buckets or from neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection

_SWEEP_AFTER: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Rate:
    """Up to `burst` at once, `per_minute` in the long run; both at least 1."""

    per_minute: int
    burst: int

    @property
    def refill(self) -> timedelta:
        """How long it takes until one more may be asked."""
        return timedelta(minutes=1) / self.per_minute


class Bound(StrEnum):
    """Whose limit was reached."""

    MEMBER = "member"
    GUILD = "guild"


@dataclass(frozen=True, slots=True)
class Exhausted:
    """Nothing was taken; at `again_at` the next question is welcome, if nobody else takes it first."""

    bound: Bound
    again_at: datetime


class Buckets:
    """The buckets of one rate. Each is kept as the moment at which it will be full again."""

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._full_at: dict[int, datetime] = {}

    def __len__(self) -> int:
        return len(self._full_at)

    def open_at(self, key: int, now: datetime) -> datetime:
        """When one can be taken; at most `now` means at once."""
        full_at = max(self._full_at.get(key, now), now)
        return full_at - self._rate.refill * (self._rate.burst - 1)

    def take(self, key: int, now: datetime) -> None:
        """One is taken from the bucket of `key`."""
        self._full_at[key] = max(self._full_at.get(key, now), now) + self._rate.refill

    def sweep(self, now: datetime) -> None:
        """Full buckets are forgotten."""
        self._full_at = {key: full_at for key, full_at in self._full_at.items() if full_at > now}


class Quota:
    """Admits or refuses questions; `exempt` members are always admitted."""

    def __init__(self, *, member: Rate, guild: Rate, exempt: Collection[int] = ()) -> None:
        self._members = Buckets(member)
        self._guilds = Buckets(guild)
        self._exempt = frozenset(exempt)
        self._swept_at: datetime | None = None

    def __len__(self) -> int:
        return len(self._members) + len(self._guilds)

    def take(self, member_id: int, guild_id: int | None, now: datetime) -> Exhausted | None:
        """None when the question is admitted (and counted), else why not and until when."""
        if member_id in self._exempt:
            return None
        self._sweep_sometimes(now)
        if (again_at := self._members.open_at(member_id, now)) > now:
            return Exhausted(Bound.MEMBER, again_at)
        if guild_id is not None and (again_at := self._guilds.open_at(guild_id, now)) > now:
            return Exhausted(Bound.GUILD, again_at)
        self._members.take(member_id, now)
        if guild_id is not None:
            self._guilds.take(guild_id, now)
        return None

    def _sweep_sometimes(self, now: datetime) -> None:
        if self._swept_at is None or now - self._swept_at >= _SWEEP_AFTER:
            self._members.sweep(now)
            self._guilds.sweep(now)
            self._swept_at = now
