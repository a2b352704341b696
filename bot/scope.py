"""Who may see what, and what a member narrows it to. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.dates import Period, read_date
from corpus.model import LIBRARY, Collection
from retrieval.model import Filters

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, slots=True)
class UnreadableDate:
    """`text`, given as the option of that name, names no day."""

    option: str
    text: str


@dataclass(frozen=True, slots=True)
class EmptyPeriod:
    """`since` lies after `until`."""


def collections_for(guild_id: int | None) -> tuple[Collection, ...]:
    """What can be seen in a guild (its own articles and the library), or in direct messages (the library)."""
    return (LIBRARY,) if guild_id is None else (LIBRARY, Collection(guild_id))


def filters_for(
    guild_id: int | None, *, publication: str | None, since: str | None, until: str | None, today: date
) -> Filters | UnreadableDate | EmptyPeriod:
    """The filters of a question as a member gave them; a month or a year counts from its first to its last day."""
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
        return EmptyPeriod()
    publications = (publication,) if publication and publication.strip() else ()
    return Filters(collections_for(guild_id), publications, first, last)
