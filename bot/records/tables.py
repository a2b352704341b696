"""The tables of what is remembered of members and guilds. Conventions as in the store's own tables."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    text,
)

from corpus.store.tables import NAMES, Number, UtcDateTime

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
    Index(None, "guild_id", "created_at"),
    Index(None, "asker_id"),
)

# Which articles are quoted in which of the bot's own messages that others may read. It outlives the answer's record,
# for a takedown has to reach the message after that; so it names no question and no member.
quoting_message = Table(
    "quoting_message",
    metadata,
    Column("article_id", BigInteger, primary_key=True),
    Column("message_id", BigInteger, primary_key=True),
    Column("channel_id", BigInteger, nullable=False),
    Column("guild_id", BigInteger),
    Column("record_id", String(16), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index(None, "message_id"),
    Index(None, "guild_id"),
    Index(None, "at"),
    sqlite_with_rowid=False,
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

guild_setting = Table(
    "guild_setting",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("content", JSON, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("changed_by", String(200), nullable=False),
)

# What members would like to read about. `terms` is equal for equal requests; `count` is that of the rows below.
wanted = Table(
    "wanted",
    metadata,
    Column("id", Number, primary_key=True),
    Column("guild_id", BigInteger, nullable=False),
    Column("topic", Text, nullable=False),
    Column("terms", Text, nullable=False),
    Column("count", Integer, nullable=False),
    Column("first_at", UtcDateTime, nullable=False),
    Column("last_at", UtcDateTime, nullable=False),
    Column("state", String(16), nullable=False),
    Column("decided_by", String(200)),
    Column("decided_at", UtcDateTime),
    Index("uq_wanted_open", "guild_id", "terms", unique=True, sqlite_where=text("state = 'open'")),
    Index(None, "guild_id", "state", "count", "last_at"),
    sqlite_autoincrement=True,  # a pressed button may still hold the number of one that is gone
)

wanted_by = Table(
    "wanted_by",
    metadata,
    Column("wanted_id", Number, ForeignKey("wanted.id", ondelete="CASCADE"), primary_key=True),
    Column("member_id", BigInteger, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Index(None, "member_id"),
)

# What a private message needs for its next press.
pending = Table(
    "pending",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("guild_id", BigInteger),
    Column("member_id", BigInteger, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("content", JSON, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Index(None, "expires_at"),
    Index(None, "guild_id"),
    Index(None, "member_id"),
)

# Where a suggestion's card stands in the review channel, until somebody decides on it.
review_card = Table(
    "review_card",
    metadata,
    Column("draft_id", String(16), primary_key=True),
    Column("guild_id", BigInteger, nullable=False),
    Column("channel_id", BigInteger, nullable=False),
    Column("message_id", BigInteger, nullable=False),
    Column("posted_at", UtcDateTime, nullable=False),
    Index(None, "guild_id"),
    Index(None, "posted_at"),
)

member_preference = Table(
    "member_preference",
    metadata,
    Column("member_id", BigInteger, primary_key=True, autoincrement=False),
    Column("question_log", Boolean, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
