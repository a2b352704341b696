"""A change says in which collection it happened: who takes an article out need not look for it everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import op

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from alembic.operations import BatchOperations

revision = "corpus_0002"
down_revision = "corpus_0001"
branch_labels = None
depends_on = None

# An article never changes its collection. Where it is gone, the audit record still names the collection; where that is
# silent too, the library is named, which every question looks into: a change too many removes nothing there.
_COLLECTION = """
    UPDATE change SET collection = coalesce(
        (SELECT article.collection FROM article WHERE article.id = change.article_id),
        (SELECT min(audit.collection) FROM audit WHERE audit.article_id = change.article_id),
        0)
"""


def upgrade() -> None:
    op.add_column("change", sa.Column("collection", sa.BigInteger))
    op.execute(_COLLECTION)
    with _rebuilt() as change:
        change.alter_column("collection", existing_type=sa.BigInteger, nullable=False)


def downgrade() -> None:
    with _rebuilt() as change:
        change.drop_column("collection")


def _rebuilt() -> AbstractContextManager[BatchOperations]:
    # SQLite changes a column by copying its table; a number that was given is not to be given again by the copy.
    return op.batch_alter_table("change", table_kwargs={"sqlite_autoincrement": True})
