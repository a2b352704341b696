"""The tables of what is remembered of members and guilds. Conventions as in the store's own tables."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    MetaData,
    String,
    Table,
    Text,
)

from corpus.store.tables import NAMES, UtcDateTime

metadata = MetaData(naming_convention=NAMES)

# What the buttons of an answer need. No text of an article is kept here: quotations are offsets, read anew each time.
answer_record = Table(
    "answer_record",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("asker_id", BigInteger, nullable=False),
    Column("guild_id", BigInteger),
    Column("private", Boolean, nullable=False),
    Column("shared_at", UtcDateTime),
    Column("outcome", String(16), nullable=False),
    Column("question", Text, nullable=False),
    Column("scope", JSON, nullable=False),
    Column("content", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Index(None, "expires_at"),
    Index(None, "guild_id"),
    Index(None, "asker_id"),
)

vote = Table(
    "vote",
    metadata,
    Column("record_id", String(16), ForeignKey("answer_record.id", ondelete="CASCADE"), primary_key=True),
    Column("member_id", BigInteger, primary_key=True),
    Column("helpful", Boolean, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index(None, "member_id"),
)

known_guild = Table(
    "known_guild",
    metadata,
    Column("id", BigInteger, primary_key=True),
    Column("joined_at", UtcDateTime, nullable=False),
    Column("left_at", UtcDateTime),
)

# The digest of the commands as they were last registered, for each application.
registered_commands = Table(
    "registered_commands",
    metadata,
    Column("application_id", BigInteger, primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
