"""SQLite's full-text index: no text kept, ranked by its bm25(), 64 MB of cache.

Only with positions (detail 'full') does bm25() count how often a passage holds a term.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, ClassVar, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from retrieval.bench.corpus import TermArticle


_SIGNS: Final = "!#$%&()*+,-./:;<=>?@[\\]^_`{|}~"
_TABLE: Final = (
    "CREATE VIRTUAL TABLE passages USING fts5(terms, content='', detail='full', "
    f"tokenize=\"ascii tokenchars '{_SIGNS}'\")"
)


class Fts5:
    """A question is the terms, quoted, joined by OR."""

    shares_threads: ClassVar = False  # a connection belongs to one thread

    def __init__(self, folder: Path) -> None:
        self._file = folder / "fts5.sqlite"

    def build(self, articles: Iterable[TermArticle]) -> None:
        """See `Engine`. At the end all is merged into one, which questions are fastest on."""
        self._connect()
        self._connection.execute(_TABLE)
        with self._connection:
            for article in articles:
                self._insert(article)
            self._connection.execute("INSERT INTO passages(passages) VALUES('optimize')")
        self.close()

    def _connect(self) -> None:
        self._connection = sqlite3.connect(self._file)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute("PRAGMA cache_size = -64000")

    def _insert(self, article: TermArticle) -> None:
        rows = ((passage, " ".join(terms)) for passage, terms in article.passages)
        self._connection.executemany("INSERT INTO passages(rowid, terms) VALUES(?, ?)", rows)

    def open(self) -> None:
        """See `Engine`."""
        self._connect()

    def ask(self, terms: Sequence[str], k: int) -> object:
        """See `Engine`."""
        wanted = " OR ".join(f'"{term}"' for term in terms)
        asked = "SELECT rowid FROM passages WHERE passages MATCH ? ORDER BY rank LIMIT ?"
        return self._connection.execute(asked, (wanted, k)).fetchall()

    def passages(self, found: object) -> list[int]:
        """See `Engine`."""
        return [row[0] for row in found] if isinstance(found, list) else []

    def add(self, article: TermArticle) -> None:
        """See `Updatable`."""
        with self._connection:
            self._insert(article)

    def remove(self, article: TermArticle) -> None:
        """See `Updatable`."""
        rows = ((passage, " ".join(terms)) for passage, terms in article.passages)
        with self._connection:
            self._connection.executemany("INSERT INTO passages(passages, rowid, terms) VALUES('delete', ?, ?)", rows)

    def close(self) -> None:
        """See `Engine`."""
        self._connection.close()
