"""Our own engine as the benchmark asks it: all that the benchmark knows of it stands here.

Its durability is the store's: a change is committed in SQLite before the index takes it. Here one table stands for the
store, with the same settings (write-ahead log, synchronous FULL).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from corpus.collection import LIBRARY
from retrieval.bench.engine import K1, B
from retrieval.bm25 import Parameters
from retrieval.embedded import EmbeddedIndex, EmbeddedSnapshot
from retrieval.index import Filters, pairs_of
from retrieval.segments import kernel
from retrieval.segments.directory import Directory, Stamp

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from corpus.model import Article, Change
    from retrieval.answer import Asker
    from retrieval.bench.corpus import TermArticle

_ARTICLES_AT_ONCE: Final = 16_000
_PAIR_WEIGHT: Final = 0.5


def without_kernel() -> str | None:
    """Why the compiled kernel can't be measured; None where it can."""
    return None if kernel.available() else "the compiled kernel was not built on this machine"


def asker_of(articles: Sequence[Article]) -> Asker:
    """What answers whole questions from these articles, all in memory, as a bot that holds them would."""
    from retrieval.answer import Asker, InMemory, Ready  # noqa: PLC0415 - an engine alone needs none of it

    index = EmbeddedIndex(Parameters())
    for batch in _batches(articles):
        index.apply(_added(batch))
    return Asker(Ready(index), InMemory({article.id: article for article in articles}))


def _added(articles: Iterable[Article]) -> list[Change]:
    from corpus.model import Change  # noqa: PLC0415 - who only asks, as after a cold start, does without

    return [Change(article.id, article.id, LIBRARY, article) for article in articles]


def _batches(articles: Iterable[Article]) -> Iterator[list[Article]]:
    batch: list[Article] = []
    for article in articles:
        batch.append(article)
        if len(batch) == _ARTICLES_AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


class Amicus:
    """The engine with its compiled kernel."""

    shares_threads: ClassVar = True
    compiled: ClassVar = True
    pairs: ClassVar = False

    def __init__(self, folder: Path) -> None:
        self._journal_file = folder / "journal.sqlite"
        self._journal: sqlite3.Connection | None = None
        self._terms: dict[int, list[list[str]]] = {}
        self._parameters = Parameters(k1=K1, b=B, compiled=self.compiled, pairs=self.pairs)
        self._directory = Directory(folder / "index", Stamp("bench", analysis=0, lexicon="", pairs=self.pairs))

    def build(self, articles: Iterable[TermArticle]) -> None:
        """See `Engine`."""
        self._index = EmbeddedIndex(self._parameters, self._directory, analyse=self._analysed)
        for batch in _batches(self._noting(articles)):
            self._index.apply(_added(batch))
            self._index.settle(merge=False)
            self._terms.clear()
        self._index.settle()
        self._index.settle()  # what was merged is deleted some time later: now

    def _noting(self, articles: Iterable[TermArticle]) -> Iterator[Article]:
        for article in articles:
            self._terms[article.article.id] = article.terms
            yield article.article

    def _analysed(self, article: Article) -> list[list[str]]:
        """The terms that were made before; the index asks for them where it would analyse the text."""
        return self._terms[article.id]

    def open(self) -> None:
        """See `Engine`."""
        parts, last_change = self._directory.load()
        found = EmbeddedSnapshot(parts, self._parameters, last_change)
        self._index = EmbeddedIndex(found, self._directory, analyse=self._analysed)

    def ask(self, terms: Sequence[str], k: int) -> object:
        """See `Engine`."""
        return self.ask_filtered(terms, k, Filters())

    def ask_filtered(self, terms: Sequence[str], k: int, filters: Filters) -> object:
        """See `Filtering`."""
        return self._index.snapshot().search(dict.fromkeys(terms, 1.0), filters, k)

    def passages(self, found: object) -> list[int]:
        """See `Engine`."""
        return [hit.passage_id for hit in found] if isinstance(found, list) else []

    def add(self, article: TermArticle) -> None:
        """See `Updatable`."""
        self._keep(article.article.id, "\n".join(" ".join(terms) for terms in article.terms))
        self._terms = {article.article.id: article.terms}
        self._change(article, article.article)

    def remove(self, article: TermArticle) -> None:
        """See `Updatable`."""
        self._keep(article.article.id, None)
        self._change(article, None)

    def _change(self, given: TermArticle, after: Article | None) -> None:
        from corpus.model import Change  # noqa: PLC0415 - see `_added`

        self._index.apply([Change(self._index.last_change + 1, given.article.id, LIBRARY, after)])

    def _keep(self, article: int, text: str | None) -> None:
        """The article's state is on the disk."""
        if self._journal is None:
            import sqlite3  # noqa: PLC0415 - an index that is only asked needs none

            self._journal = sqlite3.connect(self._journal_file)
            self._journal.execute("PRAGMA journal_mode = WAL")
            self._journal.execute("PRAGMA synchronous = FULL")
            self._journal.execute("CREATE TABLE IF NOT EXISTS articles (id INTEGER PRIMARY KEY, text TEXT)")
        with self._journal:
            self._journal.execute("INSERT OR REPLACE INTO articles VALUES (?, ?)", (article, text))

    def close(self) -> None:
        """See `Engine`."""
        if self._journal is not None:
            self._journal.close()
        del self._index


class AmicusNumpy(Amicus):
    """The same engine without its compiled kernel."""

    compiled: ClassVar = False


class AmicusPairs(Amicus):
    """The same engine with pairs of neighbouring words as a second field."""

    pairs: ClassVar = True

    def ask_filtered(self, terms: Sequence[str], k: int, filters: Filters) -> object:
        """See `Filtering`; pairs count half."""
        asked = dict.fromkeys(terms, 1.0)
        asked |= dict.fromkeys(pairs_of(terms), _PAIR_WEIGHT)
        return self._index.snapshot().search(asked, filters, k)
