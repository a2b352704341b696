"""The first tables: articles with their revisions and passages, changes, the audit record, notes on the database."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from alembic import op

revision = "corpus_0001"
down_revision = None
branch_labels = ("corpus",)
depends_on = None

_number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _meta()
    _article()
    _revision()
    _passage()
    _change()
    _audit()
    if op.get_bind().dialect.name == "sqlite":
        op.execute("PRAGMA application_id = 0x414D4943")


def downgrade() -> None:
    for table in ("audit", "change", "passage", "revision", "article", "meta"):
        op.drop_table(table)


def _meta() -> None:
    meta = op.create_table(
        "meta",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_meta"),
    )
    op.bulk_insert(meta, [{"name": "identity", "value": str(uuid.uuid4())}])


def _article() -> None:
    op.create_table(
        "article",
        sa.Column("id", _number, nullable=False),
        sa.Column("collection", sa.BigInteger, nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("current", sa.Integer, nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True)),
        sa.Column("removed_by", sa.String(200)),
        sa.Column("removed_why", sa.Text),
        sa.Column("listed_as", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_article"),
        sa.UniqueConstraint("collection", "key", name="uq_article_collection_key"),
        sqlite_autoincrement=True,
    )


def _revision() -> None:
    op.create_table(
        "revision",
        sa.Column("id", _number, nullable=False),
        sa.Column("article_id", _number, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("publication", sa.Text),
        sa.Column("folded_publication", sa.Text),
        sa.Column("authors", sa.JSON, nullable=False),
        sa.Column("published", sa.Date),
        sa.Column("url", sa.Text),
        sa.Column("canonical_url", sa.Text),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("partial", sa.Boolean, nullable=False),
        sa.Column("characters", sa.Integer, nullable=False),
        sa.Column("text_digest", sa.String(64), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("source_kind", sa.String(16), nullable=False),
        sa.Column("source_reference", sa.Text, nullable=False),
        sa.Column("added_by", sa.String(200), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dropped", sa.JSON, nullable=False),
        sa.Column("flagged", sa.JSON, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("raw_text", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_revision"),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name="fk_revision_article_id_article", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("article_id", "number", name="uq_revision_article_id_number"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_revision_text_digest", "revision", ["text_digest"])
    op.create_index("ix_revision_canonical_url", "revision", ["canonical_url"])


def _passage() -> None:
    op.create_table(
        "passage",
        sa.Column("id", _number, nullable=False),
        sa.Column("article_id", _number, nullable=False),
        sa.Column("ordinal", sa.Integer, nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("sentences", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_passage"),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name="fk_passage_article_id_article", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("article_id", "ordinal", name="uq_passage_article_id_ordinal"),
        sqlite_autoincrement=True,
    )


def _change() -> None:
    op.create_table(
        "change",
        sa.Column("number", _number, nullable=False),
        sa.Column("article_id", _number, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_change"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_change_article_id_number", "change", ["article_id", "number"])


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("number", _number, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(200), nullable=False),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("collection", sa.BigInteger, nullable=False),
        sa.Column("article_id", _number, nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_audit"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_collection_number", "audit", ["collection", "number"])
    op.create_index("ix_audit_article_id_number", "audit", ["article_id", "number"])
