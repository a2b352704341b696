"""What the benchmark asks of an engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from retrieval.bench.corpus import TermArticle
    from retrieval.index import Filters


K1: Final = 1.2
B: Final = 0.75
"""The parameters of BM25 that tantivy and FTS5 have built in, taken for all, so that all rank alike."""


class Engine(Protocol):
    """An engine on a folder of its own. Passages are known by their ids, terms are taken as they are."""

    shares_threads: ClassVar[bool]
    """Whether one opened engine may be asked by two threads at once."""

    def build(self, articles: Iterable[TermArticle]) -> None:
        """The folder, which was empty, holds the articles; all that is written has reached the disk."""
        ...

    def open(self) -> None:
        """The engine can be asked what was built in the folder."""
        ...

    def ask(self, terms: Sequence[str], k: int) -> object:
        """The best `k` passages that hold any of the terms, in whatever shape the engine has them first."""
        ...

    def passages(self, found: object) -> list[int]:
        """The ids of the passages in what `ask` found, best first."""
        ...

    def close(self) -> None:
        """Nothing of the folder is held open."""
        ...


@runtime_checkable
class Updatable(Engine, Protocol):
    """An engine that takes single articles in and out. Each change is durable, and seen by the next question."""

    def add(self, article: TermArticle) -> None:
        """The article is among what is asked."""
        ...

    def remove(self, article: TermArticle) -> None:
        """The article, which was added as given, is no longer among what is asked."""
        ...


@runtime_checkable
class Filtering(Engine, Protocol):
    """An engine that narrows a question to publications and dates."""

    def ask_filtered(self, terms: Sequence[str], k: int, filters: Filters) -> object:
        """The best `k` passages of articles that pass the filters."""
        ...
