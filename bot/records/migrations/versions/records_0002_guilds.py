"""Settings of guilds, wanted topics, preferences, pending presses; what answers quote and where they stand."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "records_0002"
down_revision = "records_0001"
branch_labels = None
depends_on = None

_moment = sa.DateTime(timezone=True)
# SQLite numbers rows by itself only where the type is spelled INTEGER.
_number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.drop_index("ix_answer_record_guild_id", "answer_record")
    op.create_index("ix_answer_record_guild_id_created_at", "answer_record", ["guild_id", "created_at"])
    _quoting_message()
    _guild_setting()
    _wanted()
    _wanted_by()
    _pending()
    _review_card()
    _member_preference()


def downgrade() -> None:
    desk = ("member_preference", "review_card", "pending", "wanted_by", "wanted", "guild_setting")
    for table in (*desk, "quoting_message"):
        op.drop_table(table)
    op.drop_index("ix_answer_record_guild_id_created_at", "answer_record")
    op.create_index("ix_answer_record_guild_id", "answer_record", ["guild_id"])


def _quoting_message() -> None:
    op.create_table(
        "quoting_message",
        sa.Column("article_id", sa.BigInteger, nullable=False),
        sa.Column("message_id", sa.BigInteger, nullable=False),
        sa.Column("channel_id", sa.BigInteger, nullable=False),
        sa.Column("guild_id", sa.BigInteger),
        sa.Column("record_id", sa.String(16), nullable=False),
        sa.Column("at", _moment, nullable=False),
        sa.PrimaryKeyConstraint("article_id", "message_id", name="pk_quoting_message"),
        sqlite_with_rowid=False,
    )
    for column in ("message_id", "guild_id", "at"):
        op.create_index(f"ix_quoting_message_{column}", "quoting_message", [column])


def _guild_setting() -> None:
    op.create_table(
        "guild_setting",
        sa.Column("guild_id", sa.BigInteger, nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
        sa.Column("changed_at", _moment, nullable=False),
        sa.Column("changed_by", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", name="pk_guild_setting"),
    )


def _wanted() -> None:
    op.create_table(
        "wanted",
        sa.Column("id", _number, nullable=False),
        sa.Column("guild_id", sa.BigInteger, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("terms", sa.Text, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("first_at", _moment, nullable=False),
        sa.Column("last_at", _moment, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("decided_by", sa.String(200)),
        sa.Column("decided_at", _moment),
        sa.PrimaryKeyConstraint("id", name="pk_wanted"),
        sqlite_autoincrement=True,
    )
    is_open = sa.text("state = 'open'")
    op.create_index("uq_wanted_open", "wanted", ["guild_id", "terms"], unique=True, sqlite_where=is_open)
    listed = ["guild_id", "state", "count", "last_at"]
    op.create_index("ix_wanted_guild_id_state_count_last_at", "wanted", listed)


def _wanted_by() -> None:
    op.create_table(
        "wanted_by",
        sa.Column("wanted_id", _number, nullable=False),
        sa.Column("member_id", sa.BigInteger, nullable=False),
        sa.Column("at", _moment, nullable=False),
        sa.PrimaryKeyConstraint("wanted_id", "member_id", name="pk_wanted_by"),
        sa.ForeignKeyConstraint(["wanted_id"], ["wanted.id"], name="fk_wanted_by_wanted_id_wanted", ondelete="CASCADE"),
    )
    op.create_index("ix_wanted_by_member_id", "wanted_by", ["member_id"])


def _pending() -> None:
    op.create_table(
        "pending",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("guild_id", sa.BigInteger),
        sa.Column("member_id", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
        sa.Column("expires_at", _moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pending"),
    )
    for column in ("expires_at", "guild_id", "member_id"):
        op.create_index(f"ix_pending_{column}", "pending", [column])


def _review_card() -> None:
    op.create_table(
        "review_card",
        sa.Column("draft_id", sa.String(16), nullable=False),
        sa.Column("guild_id", sa.BigInteger, nullable=False),
        sa.Column("channel_id", sa.BigInteger, nullable=False),
        sa.Column("message_id", sa.BigInteger, nullable=False),
        sa.Column("posted_at", _moment, nullable=False),
        sa.PrimaryKeyConstraint("draft_id", name="pk_review_card"),
    )
    for column in ("guild_id", "posted_at"):
        op.create_index(f"ix_review_card_{column}", "review_card", [column])


def _member_preference() -> None:
    op.create_table(
        "member_preference",
        sa.Column("member_id", sa.BigInteger, nullable=False),
        sa.Column("question_log", sa.Boolean, nullable=False),
        sa.Column("at", _moment, nullable=False),
        sa.PrimaryKeyConstraint("member_id", name="pk_member_preference"),
    )
