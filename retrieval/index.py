"""The seam between questions and engines: what an index is asked, and what it says.

Every index is derived from the store: it takes the store's changes, remembers the number of the last one, and can be
rebuilt at any time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from corpus.collection import LIBRARY, Collection

if TYPE_CHECKING:
    # An engine that is only asked doesn't wait for values that it never sees.
    from datetime import date

    from corpus.model import Change


@dataclass(frozen=True, slots=True)
class Filters:
    """What an asker may see and wants to see. Collections bound the statistics too; the rest narrows results only.

    `publications` are compared folded (case, accents); empty means any. `since` and `until` are inclusive and leave
    out articles without a date when given.
    """

    collections: tuple[Collection, ...] = (LIBRARY,)
    publications: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None


class Hit(NamedTuple):
    """A passage and its score (higher is better, 0 < score)."""

    passage_id: int
    article_id: int
    score: float


class Statistics(NamedTuple):
    """Of the live passages in some collections: how many there are, and how many of them hold each term."""

    passages: int
    containing: Mapping[str, int]


class Snapshot(Protocol):
    """The index at one moment: immutable, so that one question sees one state."""

    def languages(self, collections: Sequence[Collection]) -> frozenset[str]:
        """The languages of the articles that these collections hold."""
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


PAIR_JOINER: Final = "\x1f"
"""Stands between the two words of a pair; no word has it."""


def pairs_of(terms: Sequence[str]) -> list[str]:
    """The terms that stand for pairs of neighbours, in order."""
    return [f"{first}{PAIR_JOINER}{second}" for first, second in pairwise(terms)]
