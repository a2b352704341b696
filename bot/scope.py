"""Who may see what, and what a member narrows it to. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.dates import Period, read_date
from corpus.collection import LIBRARY, Collection
from corpus.drafts import Place
from retrieval.index import Filters

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from bot.guildsettings import GuildSettings


@dataclass(frozen=True, slots=True)
class UnreadableDate:
    """`text`, given as the option of that name, names no day."""

    option: str
    text: str


@dataclass(frozen=True, slots=True)
class EmptyPeriod:
    """`since` lies after `until`: both as the days that were meant."""

    since: date
    until: date


def collections_for(guild_id: int | None, *, library: bool = True) -> tuple[Collection, ...]:
    """What can be seen in a guild (its own articles and the library), or in direct messages (the library).

    `library` is the guild's own switch; it says nothing about direct messages.
    """
    if guild_id is None:
        return (LIBRARY,)
    return (LIBRARY, Collection(guild_id)) if library else (Collection(guild_id),)


def place_for(guild_id: int | None, settings: GuildSettings, *, library: bool = False) -> Place:
    """Where a moderator works: in the guild's own collection, or in the `library`, as always in direct messages."""
    if guild_id is None or library:
        return Place(LIBRARY, (LIBRARY,))
    return Place(Collection(guild_id), collections_for(guild_id, library=settings.library))


def filters_for(
    guild_id: int | None,
    *,
    library: bool = True,
    publications: Iterable[str] = (),
    since: str | None,
    until: str | None,
    today: date,
) -> Filters | UnreadableDate | EmptyPeriod:
    """The filters of a question as they were written; a month or a year counts from its first to its last day.

    What is blank says nothing. `library` is the guild's own switch.
    """
    periods: dict[str, Period] = {}
    for option, text in (("since", since), ("until", until)):
        if text is None or not text.strip():
            continue
        period = read_date(text, today)
        if period is None:
            return UnreadableDate(option, text)
        periods[option] = period
    first = periods["since"].first if "since" in periods else None
    last = periods["until"].last if "until" in periods else None
    if first and last and first > last:
        return EmptyPeriod(first, last)
    seen = collections_for(guild_id, library=library)
    return Filters(seen, tuple(name for name in publications if name.strip()), first, last)
