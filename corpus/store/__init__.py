"""Where articles are kept: one SQLite file, one transaction for each act."""

from __future__ import annotations

from corpus.store.articles import Store, open_store
from corpus.store.backup import restore_backup
from corpus.store.lock import attempt, hold, is_held
from corpus.store.queries import Held

DATABASE_NAME = "amicus.sqlite3"

__all__ = ["DATABASE_NAME", "Held", "Store", "attempt", "hold", "is_held", "open_store", "restore_backup"]
