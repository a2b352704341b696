"""The first tables: records of answers, votes, guilds met, commands registered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "records_0001"
down_revision = None
branch_labels = ("records",)
depends_on = None

_moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    _answer_record()
    _vote()
    op.create_table(
        "known_guild",
        sa.Column("id", sa.BigInteger, nullable=False),
        sa.Column("joined_at", _moment, nullable=False),
        sa.Column("left_at", _moment),
        sa.PrimaryKeyConstraint("id", name="pk_known_guild"),
    )
    op.create_table(
        "registered_commands",
        sa.Column("application_id", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("at", _moment, nullable=False),
        sa.PrimaryKeyConstraint("application_id", name="pk_registered_commands"),
    )


def downgrade() -> None:
    for table in ("registered_commands", "known_guild", "vote", "answer_record"):
        op.drop_table(table)


def _answer_record() -> None:
    op.create_table(
        "answer_record",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("asker_id", sa.BigInteger, nullable=False),
        sa.Column("guild_id", sa.BigInteger),
        sa.Column("private", sa.Boolean, nullable=False),
        sa.Column("shared_at", _moment),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("scope", sa.JSON, nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
        sa.Column("created_at", _moment, nullable=False),
        sa.Column("expires_at", _moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_answer_record"),
    )
    for column in ("expires_at", "guild_id", "asker_id"):
        op.create_index(f"ix_answer_record_{column}", "answer_record", [column])


def _vote() -> None:
    op.create_table(
        "vote",
        sa.Column("record_id", sa.String(16), nullable=False),
        sa.Column("member_id", sa.BigInteger, nullable=False),
        sa.Column("helpful", sa.Boolean, nullable=False),
        sa.Column("at", _moment, nullable=False),
        sa.PrimaryKeyConstraint("record_id", "member_id", name="pk_vote"),
        sa.ForeignKeyConstraint(
            ["record_id"], ["answer_record.id"], name="fk_vote_record_id_answer_record", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_vote_member_id", "vote", ["member_id"])
