"""bm25s: every score is computed when the index is built; with numpy, or compiled by numba when first asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import bm25s
import numpy as np

from retrieval.bench.engine import K1, B

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from retrieval.bench.corpus import TermArticle

_METHOD = "lucene"


class Bm25s:
    """The library with its numpy back end, one question at a time. It takes nothing in or out."""

    shares_threads: ClassVar = True
    backend: ClassVar = "numpy"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ids = np.zeros(0, np.int64)
        self._library: bm25s.BM25 = None

    def build(self, articles: Iterable[TermArticle]) -> None:
        """See `Engine`. The library wants all terms at once."""
        ids: list[int] = []
        texts: list[list[str]] = []
        for article in articles:
            for passage, terms in article.passages:
                ids.append(passage)
                texts.append(terms)
        library = bm25s.BM25(k1=K1, b=B, method=_METHOD)
        library.index(texts, show_progress=False)
        library.save(self._folder, show_progress=False)
        np.save(self._folder / "passages.npy", np.array(ids, np.int64))

    def open(self) -> None:
        """See `Engine`."""
        self._library = bm25s.BM25.load(self._folder, override_params={"backend": self.backend}, show_progress=False)
        if self.backend == "numba":
            self._library.activate_numba_scorer()
        self._ids = np.load(self._folder / "passages.npy")

    def ask(self, terms: Sequence[str], k: int) -> object:
        """See `Engine`."""
        most = min(k, len(self._ids))
        return self._library.retrieve([list(terms)], k=most, show_progress=False)

    def passages(self, found: object) -> list[int]:
        """See `Engine`."""
        if not isinstance(found, tuple):
            return []
        places, scores = found[0][0], found[1][0]
        return [int(passage) for passage in self._ids[places[scores > 0]]]

    def close(self) -> None:
        """See `Engine`."""
        self._library = None


class Bm25sNumba(Bm25s):
    """The same with its numba back end."""

    backend: ClassVar = "numba"
