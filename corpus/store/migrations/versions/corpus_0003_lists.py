"""An article's row holds what lists are filtered, ordered and counted by: a list reads no revision it does not show."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "corpus_0003"
down_revision = "corpus_0002"
branch_labels = None
depends_on = None

_FILL = """
    UPDATE article SET
        published = (SELECT published FROM revision WHERE article_id = article.id AND number = article.current),
        publication = (SELECT publication FROM revision WHERE article_id = article.id AND number = article.current),
        folded_publication =
            (SELECT folded_publication FROM revision WHERE article_id = article.id AND number = article.current),
        passages = (SELECT count(*) FROM passage WHERE article_id = article.id)
"""
_LIVE = sa.text("removed_at IS NULL")
_REMOVED = sa.text("removed_at IS NOT NULL")


def upgrade() -> None:
    op.add_column("article", sa.Column("published", sa.Date))
    op.add_column("article", sa.Column("publication", sa.Text))
    op.add_column("article", sa.Column("folded_publication", sa.Text))
    # Others refer to the table: on SQLite a column is added to it in place, which needs a default.
    op.add_column("article", sa.Column("passages", sa.Integer, nullable=False, server_default="0"))
    op.execute(_FILL)
    listed = ["collection", "published", "id", "listed_as", "removed_at"]
    named = ["collection", "folded_publication", "published", "id", "publication", "removed_at"]
    op.create_index("ix_article_live", "article", listed, sqlite_where=_LIVE)
    op.create_index("ix_article_live_publication", "article", named, sqlite_where=_LIVE)
    op.create_index("ix_article_removed", "article", listed, sqlite_where=_REMOVED)
    op.create_index("ix_revision_source_kind", "revision", ["source_kind"])


def downgrade() -> None:
    op.drop_index("ix_revision_source_kind", "revision")
    for name in ("ix_article_removed", "ix_article_live_publication", "ix_article_live"):
        op.drop_index(name, "article")
    for name in ("passages", "folded_publication", "publication", "published"):
        op.drop_column("article", name)
