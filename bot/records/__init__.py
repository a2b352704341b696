"""What is remembered of members and guilds: the records of answers with their votes, guilds met, commands registered.

It lives in the store's database, in tables and a branch of migrations of its own.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from bot.records.answers import AnswerRecords
from bot.records.commands import CommandRecords
from bot.records.database import Database
from bot.records.guilds import GuildRecords

MIGRATIONS: Final = Path(__file__).parent / "migrations" / "versions"
"""The folder of migrations to give to the store when it is opened."""

__all__ = ["MIGRATIONS", "AnswerRecords", "CommandRecords", "Database", "GuildRecords", "Records"]


class Records:
    """All that is remembered, by subject."""

    def __init__(self, database: Database) -> None:
        self.answers = AnswerRecords(database)
        self.guilds = GuildRecords(database)
        self.commands = CommandRecords(database)
