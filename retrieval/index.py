"""The seam between questions and engines: what an index is asked, and what of an article it is given.

Every index is derived from the store: it takes the store's changes, remembers the number of the last one, and can be
rebuilt at any time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from corpus.model import Article, Change, Collection
from retrieval.analyser import analyser_for
from retrieval.model import Filters, Hit
from retrieval.periods import month_name


@dataclass(frozen=True, slots=True)
class Statistics:
    """Of the live passages in some collections: how many there are, and how many of them hold each term."""

    passages: int
    containing: Mapping[str, int]


class Snapshot(Protocol):
    """The index at one moment: immutable, so that one question sees one state."""

    @property
    def languages(self) -> frozenset[str]:
        """The languages of the articles it holds."""
        ...

    def publications(self, collections: Sequence[Collection]) -> frozenset[str]:
        """The folded names of the publications whose articles these collections hold."""
        ...

    def search(self, terms: Mapping[str, float], filters: Filters, k: int) -> list[Hit]:
        """The `k` best passages for terms with their weights (1 = asked once), by score, recency and id."""
        ...

    def statistics(self, terms: Sequence[str], collections: Sequence[Collection]) -> Statistics:
        """How common the terms are among the passages of these collections."""
        ...


class Index(Protocol):
    """A ranked index over passages that follows the store."""

    @property
    def last_change(self) -> int:
        """The number of the last change applied; 0 when none was."""
        ...

    def apply(self, changes: Sequence[Change]) -> None:
        """The next snapshot holds these changes; applying one twice changes nothing."""
        ...

    def snapshot(self) -> Snapshot:
        """The state now."""
        ...


def heading(article: Article) -> str:
    """What is indexed in front of each passage: title, publication and date, in words."""
    when = article.published
    day = f"{month_name(when.month)} {when.day} {when.year}" if when else ""
    return "\n".join(part for part in (article.title, article.publication, day) if part)


def indexed_terms(article: Article) -> Iterator[list[str]]:
    """For each passage of the article in order: the terms of its heading and of its text."""
    analyser = analyser_for(article.language)
    head = analyser.terms(heading(article))
    for passage in article.passages:
        yield head + analyser.terms(passage.span.of(article.text))
