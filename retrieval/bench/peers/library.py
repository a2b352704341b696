"""rank-bm25: the library unchanged. It keeps no file and takes nothing in or out."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rank_bm25 import BM25Okapi

from retrieval.bench.engine import K1, B

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from retrieval.bench.corpus import TermArticle


class RankBm25:
    """`BM25Okapi`, asked by its own `get_top_n`."""

    shares_threads: ClassVar = False  # it would be right, but nothing of it runs outside Python's lock

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._passages: list[int] = []
        self._library: BM25Okapi = None

    def build(self, articles: Iterable[TermArticle]) -> None:
        """See `Engine`; it is in memory only."""
        self._library = BM25Okapi(self._noting(articles), k1=K1, b=B)

    def _noting(self, articles: Iterable[TermArticle]) -> Iterator[list[str]]:
        for article in articles:
            for passage, terms in article.passages:
                self._passages.append(passage)
                yield terms

    def open(self) -> None:
        """See `Engine`."""

    def ask(self, terms: Sequence[str], k: int) -> object:
        """See `Engine`."""
        return self._library.get_top_n(terms, self._passages, k)

    def passages(self, found: object) -> list[int]:
        """See `Engine`."""
        return found if isinstance(found, list) else []

    def close(self) -> None:
        """See `Engine`."""
        self._library = None
