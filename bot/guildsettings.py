"""What the administrators of a guild have set. Looked up in memory, so that it may stand before an acknowledgement."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.scope import collections_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.records.guildsettings import GuildSettingRecords
    from corpus.collection import Collection

EVIDENCE_PER_PAGE: Final = (1, 5)
MEMBER_PER_MINUTE: Final = (1, 600)
RECORD_DAYS: Final = (1, 365)
MOST_LANGUAGES: Final = 10
# ISO 639-1, or 639-3 where a language has no shorter code.
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}", re.ASCII)


def _check(name: str, value: int | None, bounds: tuple[int, int]) -> None:
    low, high = bounds
    if value is not None and not low <= value <= high:
        message = f"{name}: a whole number from {low} to {high}"
        raise ValueError(message)


@dataclass(frozen=True, slots=True)
class GuildSettings:
    """A guild's own settings; None stands for what the operator set. Raises ValueError for what is out of range.

    `library`: whether the library is seen here. `private`: whether answers are private unless asked otherwise.
    `languages`: those whose articles need no review; empty: any. `question_log`: whether questions are remembered
    longer than their buttons need.
    """

    moderator_role: int | None = None
    review_channel: int | None = None
    library: bool = True
    private: bool = False
    evidence_per_page: int | None = None
    languages: tuple[str, ...] = ()
    member_per_minute: int | None = None
    record_days: int | None = None
    question_log: bool = True

    def __post_init__(self) -> None:
        _check("evidence_per_page", self.evidence_per_page, EVIDENCE_PER_PAGE)
        _check("member_per_minute", self.member_per_minute, MEMBER_PER_MINUTE)
        _check("record_days", self.record_days, RECORD_DAYS)
        if len(self.languages) > MOST_LANGUAGES or not all(map(_LANGUAGE.fullmatch, self.languages)):
            message = f"languages: at most {MOST_LANGUAGES} codes of two or three letters, such as en"
            raise ValueError(message)

    @property
    def kept_for(self) -> timedelta | None:
        """How long the guild wants its question log kept; None for as long as the operator set."""
        return None if self.record_days is None else timedelta(days=self.record_days)

    def speaks(self, language: str) -> bool:
        """Whether articles in this language (a code) need no second look."""
        return not self.languages or language in self.languages


STANDARD: Final = GuildSettings()


class GuildBook:
    """The settings of all guilds, in memory; loaded at the start, changed in the database first."""

    def __init__(self, records: GuildSettingRecords) -> None:
        self._records = records
        self._known: dict[int, GuildSettings] = {}
        self._changing = asyncio.Lock()

    async def load(self) -> None:
        """All that was set is known."""
        self._known = await self._records.every()

    @property
    def guilds(self) -> tuple[int, ...]:
        """The guilds in which something was set."""
        return tuple(self._known)

    def of(self, guild_id: int | None) -> GuildSettings:
        """The guild's settings; the standard ones in direct messages and where nothing was set."""
        return STANDARD if guild_id is None else self._known.get(guild_id, STANDARD)

    def collections(self, guild_id: int | None) -> tuple[Collection, ...]:
        """What can be seen in this guild, or in direct messages."""
        return collections_for(guild_id, library=self.of(guild_id).library)

    async def change(
        self, guild_id: int, change: Callable[[GuildSettings], GuildSettings], *, by: str, now: datetime
    ) -> GuildSettings:
        """What `change` makes of the stored settings is stored, with its entry in the audit record, and known.

        It is given what is stored at that moment, so that two administrators change two fields both.
        """
        async with self._changing:
            changed = await self._records.change(guild_id, change, by, now)
            self._known[guild_id] = changed
        return changed

    def forget(self, guild_id: int) -> None:
        """The guild's settings are the standard ones again: they were erased."""
        self._known.pop(guild_id, None)
