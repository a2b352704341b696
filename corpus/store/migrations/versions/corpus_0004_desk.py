"""The corpus desk: drafts that wait, feeds, takedowns, and samples of the texts, by which near-duplicates are found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import op

from corpus.dedupe import sample, shingles

if TYPE_CHECKING:
    from sqlalchemy import Connection

revision = "corpus_0004"
down_revision = "corpus_0003"
branch_labels = None
depends_on = None

_moment = sa.DateTime(timezone=True)
_number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_PAGE = 500


def upgrade() -> None:
    op.create_index("ix_audit_actor_number", "audit", ["actor", "number"])
    _shingle()
    _draft()
    _takedown()
    _feed()


def downgrade() -> None:
    for table in ("feed_item", "feed", "takedown", "draft", "shingle"):
        op.drop_table(table)
    op.drop_index("ix_audit_actor_number", "audit")


def _shingle() -> None:
    op.create_table(
        "shingle",
        sa.Column("run", sa.BigInteger, nullable=False),
        sa.Column("article_id", _number, nullable=False),
        sa.PrimaryKeyConstraint("run", "article_id", name="pk_shingle"),
        sqlite_with_rowid=False,
    )
    _sample_all(op.get_bind())


def _sample_all(connection: Connection) -> None:
    """Every article has its sample, removed ones too: they may be restored. About a millisecond an article."""
    texts = """
        SELECT article.id, revision.text FROM article
        JOIN revision ON revision.article_id = article.id AND revision.number = article.current
        WHERE article.id > ? ORDER BY article.id LIMIT ?
    """
    # Put in by order of their runs, which is the table's: else each would look for its place in it.
    connection.exec_driver_sql("CREATE TEMP TABLE found (run INTEGER, article_id INTEGER)")
    after = 0
    while some := connection.exec_driver_sql(texts, (after, _PAGE)).all():
        after = some[-1][0]
        rows = [(run, number) for number, text in some for run in sample(shingles(text))]
        if rows:
            connection.exec_driver_sql("INSERT INTO found VALUES (?, ?)", rows)
    connection.exec_driver_sql("INSERT INTO shingle SELECT run, article_id FROM found ORDER BY run, article_id")
    connection.exec_driver_sql("DROP TABLE found")


def _draft() -> None:
    op.create_table(
        "draft",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("collection", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("origin", sa.String(16), nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("made_at", _moment, nullable=False),
        sa.Column("expires_at", _moment, nullable=False),
        sa.Column("tell", sa.Boolean, nullable=False),
        sa.Column("base_key", sa.String(200)),
        sa.Column("base_revision", sa.Integer),
        sa.Column("decided_by", sa.String(200)),
        sa.Column("decided_at", _moment),
        sa.Column("reason", sa.Text),
        sa.Column("key", sa.String(200)),
        sa.Column("revision", sa.Integer),
        sa.Column("text_digest", sa.String(64), nullable=False),
        sa.Column("canonical_url", sa.Text),
        sa.Column("content", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_draft"),
    )
    op.create_index("ix_draft_collection_state_made_at", "draft", ["collection", "state", "made_at"])
    op.create_index("ix_draft_expires_at", "draft", ["expires_at"])
    op.create_index("ix_draft_made_by", "draft", ["made_by"])


def _takedown() -> None:
    op.create_table(
        "takedown",
        sa.Column("collection", sa.BigInteger, nullable=False),
        sa.Column("mark", sa.String(64), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("at", _moment, nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("collection", "mark", name="pk_takedown"),
    )


def _feed() -> None:
    op.create_table(
        "feed",
        sa.Column("id", _number, nullable=False),
        sa.Column("collection", sa.BigInteger, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("canonical_url", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("mode", sa.String(16), nullable=False),
        sa.Column("paused", sa.Boolean, nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("made_at", _moment, nullable=False),
        sa.Column("next_at", _moment, nullable=False),
        sa.Column("claimed_until", _moment),
        sa.Column("checked_at", _moment),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("problem", sa.Text, nullable=False),
        sa.Column("etag", sa.Text),
        sa.Column("modified", sa.Text),
        sa.Column("stored", sa.Integer, nullable=False),
        sa.Column("queued", sa.Integer, nullable=False),
        sa.Column("passed_over", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_feed"),
        sa.UniqueConstraint("collection", "canonical_url", name="uq_feed_collection_canonical_url"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_feed_next_at", "feed", ["next_at"])
    op.create_table(
        "feed_item",
        sa.Column("feed_id", _number, nullable=False),
        sa.Column("identity", sa.String(64), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("done", sa.Boolean, nullable=False),
        sa.Column("at", _moment, nullable=False),
        sa.PrimaryKeyConstraint("feed_id", "identity", name="pk_feed_item"),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name="fk_feed_item_feed_id_feed", ondelete="CASCADE"),
        sqlite_with_rowid=False,
    )
