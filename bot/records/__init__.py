"""What is remembered of members and guilds: the records of answers with their votes, guilds met, commands registered.

It lives in the store's database, in tables and a branch of migrations of its own. The first use loads SQLAlchemy.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from bot.records.answers import AnswerRecords
    from bot.records.commands import CommandRecords
    from bot.records.database import Database
    from bot.records.guilds import GuildRecords

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
