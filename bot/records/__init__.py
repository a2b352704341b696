"""What is remembered of members and guilds: answers with their votes, settings, requests, guilds met, commands.

It lives in the store's database, in tables and a branch of migrations of its own. The first use loads SQLAlchemy.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from bot.records.answers import AnswerRecords
    from bot.records.cards import ReviewCards
    from bot.records.commands import CommandRecords
    from bot.records.database import Database
    from bot.records.guilds import GuildRecords
    from bot.records.guildsettings import GuildSettingRecords
    from bot.records.members import MemberRecords
    from bot.records.pending import PendingRecords
    from bot.records.wanted import WantedRecords

MIGRATIONS: Final = Path(__file__).parent / "migrations" / "versions"
"""The folder of migrations to give to the store when it is opened."""

__all__ = ["MIGRATIONS", "Records"]


class Records:
    """All that is remembered, by subject."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @cached_property
    def answers(self) -> AnswerRecords:
        """The records of answers and their votes."""
        from bot.records.answers import AnswerRecords  # noqa: PLC0415 - who asks at the terminal records nothing

        return AnswerRecords(self._database)

    @cached_property
    def guilds(self) -> GuildRecords:
        """The guilds that were met."""
        from bot.records.guilds import GuildRecords  # noqa: PLC0415 - see above

        return GuildRecords(self._database)

    @cached_property
    def commands(self) -> CommandRecords:
        """The commands that were registered."""
        from bot.records.commands import CommandRecords  # noqa: PLC0415 - see above

        return CommandRecords(self._database)

    @cached_property
    def settings(self) -> GuildSettingRecords:
        """What the administrators of guilds have set."""
        from bot.records.guildsettings import GuildSettingRecords  # noqa: PLC0415 - see above

        return GuildSettingRecords(self._database)

    @cached_property
    def wanted(self) -> WantedRecords:
        """What members miss in the corpus."""
        from bot.records.wanted import WantedRecords  # noqa: PLC0415 - see above

        return WantedRecords(self._database)

    @cached_property
    def pending(self) -> PendingRecords:
        """What private messages need for their next press."""
        from bot.records.pending import PendingRecords  # noqa: PLC0415 - see above

        return PendingRecords(self._database)

    @cached_property
    def cards(self) -> ReviewCards:
        """Where the cards of suggestions stand."""
        from bot.records.cards import ReviewCards  # noqa: PLC0415 - see above

        return ReviewCards(self._database)

    @cached_property
    def members(self) -> MemberRecords:
        """What is remembered of single members."""
        from bot.records.members import MemberRecords  # noqa: PLC0415 - see above

        return MemberRecords(self._database)
