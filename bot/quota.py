"""How much a member and a guild may ask: token buckets in memory, with the time passed in.

A bucket holds up to `burst` questions and is refilled evenly. Buckets that are full again are forgotten, so what is
kept is bounded by the questions of the last minutes. A question is taken from all of its buckets or from none.

Suggestions are counted apart, over a day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Collection

OPEN_SUGGESTIONS: Final = 10
"""So many suggestions of one member wait for a decision at most."""
_Key = TypeVar("_Key")
_SWEEP_AFTER: Final = timedelta(minutes=1)
_DAY: Final = timedelta(days=1)


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
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Exhausted:
    """Nothing was taken; at `again_at` the next question is welcome, if nobody else takes it first."""

    bound: Bound
    again_at: datetime


class Buckets(Generic[_Key]):
    """The buckets of a kind, each with the rate it is asked with. One is kept as the moment it will be full again."""

    def __init__(self) -> None:
        self._full_at: dict[_Key, datetime] = {}

    def __len__(self) -> int:
        return len(self._full_at)

    def open_at(self, key: _Key, rate: Rate, now: datetime) -> datetime:
        """When one can be taken; at most `now` means at once."""
        full_at = max(self._full_at.get(key, now), now)
        return full_at - rate.refill * (rate.burst - 1)

    def take(self, key: _Key, rate: Rate, now: datetime) -> None:
        """One is taken from the bucket of `key`."""
        self._full_at[key] = max(self._full_at.get(key, now), now) + rate.refill

    def sweep(self, now: datetime) -> None:
        """Full buckets are forgotten."""
        self._full_at = {key: full_at for key, full_at in self._full_at.items() if full_at > now}


class Quota:
    """Admits or refuses questions; `exempt` members are always admitted."""

    def __init__(self, *, member: Rate, guild: Rate, exempt: Collection[int] = ()) -> None:
        self._member = member
        self._guild = guild
        self._exempt = frozenset(exempt)
        self._members: Buckets[int] = Buckets()
        self._guilds: Buckets[int] = Buckets()
        self._there: Buckets[tuple[int, int]] = Buckets()
        self._swept_at: datetime | None = None

    def __len__(self) -> int:
        return len(self._members) + len(self._guilds) + len(self._there)

    def take(
        self, member_id: int, guild_id: int | None, now: datetime, *, per_minute: int | None = None
    ) -> Exhausted | None:
        """None when the question is admitted (and counted), else why not and until when.

        `per_minute` is what the guild admits from one member: it only ever lowers the operator's limit.
        """
        if member_id in self._exempt:
            return None
        self._sweep_sometimes(now)
        there = self._lowered(per_minute)
        again_at = self._members.open_at(member_id, self._member, now)
        if guild_id is not None and there:
            again_at = max(again_at, self._there.open_at((guild_id, member_id), there, now))
        if again_at > now:
            return Exhausted(Bound.MEMBER, again_at)
        if guild_id is not None and (again_at := self._guilds.open_at(guild_id, self._guild, now)) > now:
            return Exhausted(Bound.GUILD, again_at)
        self._members.take(member_id, self._member, now)
        if guild_id is not None:
            self._guilds.take(guild_id, self._guild, now)
            if there:
                self._there.take((guild_id, member_id), there, now)
        return None

    def _lowered(self, per_minute: int | None) -> Rate | None:
        """A guild's own limit for a member, where it is lower than the operator's."""
        if per_minute is None or per_minute >= self._member.per_minute:
            return None
        return Rate(per_minute, min(per_minute, self._member.burst))

    def _sweep_sometimes(self, now: datetime) -> None:
        if self._swept_at is None or now - self._swept_at >= _SWEEP_AFTER:
            for buckets in (self._members, self._guilds, self._there):
                buckets.sweep(now)
            self._swept_at = now


class SuggestionQuota:
    """Admits up to `per_day` suggestions of a member in any 24 hours; `exempt` members are always admitted."""

    def __init__(self, per_day: int, *, exempt: Collection[int] = ()) -> None:
        self._per_day = per_day
        self._exempt = frozenset(exempt)
        self._taken: dict[int, list[datetime]] = {}
        self._swept_at: datetime | None = None

    def __len__(self) -> int:
        return len(self._taken)

    def take(self, member_id: int, now: datetime) -> Exhausted | None:
        """None when the suggestion is admitted (and counted), else until when the next one has to wait."""
        if member_id in self._exempt:
            return None
        self._sweep_sometimes(now)
        taken = [at for at in self._taken.get(member_id, ()) if now - at < _DAY]
        if len(taken) >= self._per_day:
            return Exhausted(Bound.DAY, taken[-self._per_day] + _DAY)
        self._taken[member_id] = [*taken, now]
        return None

    def _sweep_sometimes(self, now: datetime) -> None:
        if self._swept_at is None or now - self._swept_at >= _SWEEP_AFTER:
            self._taken = {member: taken for member, taken in self._taken.items() if now - taken[-1] < _DAY}
            self._swept_at = now
