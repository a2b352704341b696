"""The tables of the corpus.

Keys are 64-bit and constraints carry names by rule, so that the same tables can be made on PostgreSQL. A collection is
stored as the number of its guild, 0 for the library. Times are UTC. The large texts are the last columns of their
row: SQLite then reads a title without walking through the text.

An article's row says which revision is current and whether it was removed; what lists are filtered, ordered and counted
by stands there too, so that a list of a large corpus does not walk through its texts. Every revision keeps its text for
good, so that a citation of an old one stays checkable; passages are kept for the current revision only, through a
removal too.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

from corpus.collection import LIBRARY, Collection
from corpus.model import KEY_MOST_CHARS

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# SQLite numbers rows by itself only where the type is spelled INTEGER.
Number = BigInteger().with_variant(Integer(), "sqlite")


class CollectionNumber(TypeDecorator[Collection]):
    """A collection as one number: its guild's, or 0 for the library."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Collection | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - the signature is SQLAlchemy's
        """Give the number to store."""
        return None if value is None else value.guild_id or 0

    def process_result_value(self, value: int | None, dialect: Dialect) -> Collection | None:  # noqa: ARG002 - the signature is SQLAlchemy's
        """Give the collection back."""
        if value is None:
            return None
        return Collection(value) if value else LIBRARY


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware when given, stored in UTC, aware in UTC when read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the signature is SQLAlchemy's
        """Give the moment in UTC; a time without a zone is refused with ValueError."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone can't be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the signature is SQLAlchemy's
        """Give the moment back with its zone, which SQLite does not keep."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(naming_convention=NAMES)

meta = Table(
    "meta",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

article = Table(
    "article",
    metadata,
    Column("id", Number, primary_key=True),
    Column("collection", CollectionNumber, nullable=False),
    Column("key", String(KEY_MOST_CHARS), nullable=False),
    Column("current", Integer, nullable=False),
    Column("removed_at", UtcDateTime),
    Column("removed_by", String(200)),
    Column("removed_why", Text),
    Column("listed_as", Text, nullable=False),
    # Of the current revision, for lists:
    Column("published", Date),
    Column("publication", Text),
    Column("folded_publication", Text),
    Column("passages", Integer, nullable=False, server_default="0"),
    UniqueConstraint("collection", "key"),
    # In the order of lists, with all that they are searched by: only what is shown is looked up in the tables.
    Index(
        "ix_article_live",
        *("collection", "published", "id", "listed_as", "removed_at"),
        sqlite_where=text("removed_at IS NULL"),
    ),
    Index(
        "ix_article_live_publication",
        *("collection", "folded_publication", "published", "id", "publication", "removed_at"),
        sqlite_where=text("removed_at IS NULL"),
    ),
    Index(
        "ix_article_removed",
        *("collection", "published", "id", "listed_as", "removed_at"),
        sqlite_where=text("removed_at IS NOT NULL"),
    ),
    sqlite_autoincrement=True,
)

revision = Table(
    "revision",
    metadata,
    Column("id", Number, primary_key=True),
    Column("article_id", Number, ForeignKey("article.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("publication", Text),
    Column("folded_publication", Text),
    Column("authors", JSON, nullable=False),
    Column("published", Date),
    Column("url", Text),
    Column("canonical_url", Text),
    Column("language", String(16), nullable=False),
    Column("partial", Boolean, nullable=False),
    Column("characters", Integer, nullable=False),
    Column("text_digest", String(64), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("source_kind", String(16), nullable=False),
    Column("source_reference", Text, nullable=False),
    Column("added_by", String(200), nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
    Column("dropped", JSON, nullable=False),
    Column("flagged", JSON, nullable=False),
    Column("text", Text, nullable=False),
    Column("raw_text", Text),  # NULL: the same as the text
    UniqueConstraint("article_id", "number"),
    Index(None, "source_kind"),
    Index(None, "text_digest"),
    Index(None, "canonical_url"),
    sqlite_autoincrement=True,
)

passage = Table(
    "passage",
    metadata,
    Column("id", Number, primary_key=True),
    Column("article_id", Number, ForeignKey("article.id", ondelete="CASCADE"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("sentences", Text, nullable=False),
    UniqueConstraint("article_id", "ordinal"),
    sqlite_autoincrement=True,  # a number is never given twice: an index may still hold it
)

change = Table(
    "change",
    metadata,
    Column("number", Number, primary_key=True),
    # No foreign key: a change outlives an article that was purged. So does its collection.
    Column("article_id", Number, nullable=False),
    Column("collection", CollectionNumber, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index(None, "article_id", "number"),
    sqlite_autoincrement=True,
)

audit = Table(
    "audit",
    metadata,
    Column("number", Number, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String(200), nullable=False),
    Column("action", String(32), nullable=False),
    Column("collection", CollectionNumber, nullable=False),
    Column("article_id", Number, nullable=False),
    Column("key", String(KEY_MOST_CHARS), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("detail", Text, nullable=False),
    Index(None, "collection", "number"),
    Index(None, "article_id", "number"),
    Index(None, "actor", "number"),
    sqlite_autoincrement=True,
)

# A sample of the five-word runs of each article's current text: what near-duplicates are looked up by.
shingle = Table(
    "shingle",
    metadata,
    Column("run", BigInteger, primary_key=True),
    Column("article_id", Number, primary_key=True),
    sqlite_with_rowid=False,
)

# Drafts that wait for a decision, and for a while those that were decided on, then without their texts.
draft = Table(
    "draft",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("collection", CollectionNumber, nullable=False),
    Column("state", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("origin", String(16), nullable=False),
    Column("made_by", String(200), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("tell", Boolean, nullable=False),
    Column("base_key", String(KEY_MOST_CHARS)),
    Column("base_revision", Integer),
    Column("decided_by", String(200)),
    Column("decided_at", UtcDateTime),
    Column("reason", Text),
    Column("key", String(KEY_MOST_CHARS)),
    Column("revision", Integer),
    Column("text_digest", String(64), nullable=False),
    Column("canonical_url", Text),
    Column("content", JSON, nullable=False),
    Index(None, "collection", "state", "made_at"),
    Index(None, "expires_at"),
    Index(None, "made_by"),
)

# What was taken down for good: digests only, so that it is known again without being kept.
takedown = Table(
    "takedown",
    metadata,
    Column("collection", CollectionNumber, primary_key=True),
    Column("mark", String(64), primary_key=True),
    Column("key", String(KEY_MOST_CHARS), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by", String(200), nullable=False),
)

feed = Table(
    "feed",
    metadata,
    Column("id", Number, primary_key=True),
    Column("collection", CollectionNumber, nullable=False),
    Column("url", Text, nullable=False),
    Column("canonical_url", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("mode", String(16), nullable=False),
    Column("paused", Boolean, nullable=False),
    Column("made_by", String(200), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("next_at", UtcDateTime, nullable=False),
    Column("claimed_until", UtcDateTime),
    Column("checked_at", UtcDateTime),
    Column("failures", Integer, nullable=False),
    Column("problem", Text, nullable=False),
    Column("etag", Text),
    Column("modified", Text),
    Column("stored", Integer, nullable=False),
    Column("queued", Integer, nullable=False),
    Column("passed_over", Integer, nullable=False),
    UniqueConstraint("collection", "canonical_url"),
    Index(None, "next_at"),
    sqlite_autoincrement=True,
)

# Which items of a feed were seen, by digests of what the feed calls them.
feed_item = Table(
    "feed_item",
    metadata,
    Column("feed_id", Number, ForeignKey("feed.id", ondelete="CASCADE"), primary_key=True),
    Column("identity", String(64), primary_key=True),
    Column("attempts", Integer, nullable=False),
    Column("done", Boolean, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    sqlite_with_rowid=False,
)
