"""How long it takes until a new article is found, durably, and until a removed one no longer is."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from retrieval.bench.first import K

if TYPE_CHECKING:
    from retrieval.bench.corpus import TermArticle
    from retrieval.bench.engine import Updatable

_WARMING: Final = 2


@dataclass(frozen=True, slots=True)
class Updates:
    """Median milliseconds of a durable change and the first question that sees it."""

    add_ms: float
    remove_ms: float


class NotSeen(AssertionError):
    """A change was not seen by the next question."""


def updates(engine: Updatable, newcomers: Sequence[tuple[str, TermArticle]]) -> Updates:
    """Each of the newcomers, given with a word that only it has, was added, found, removed and not found."""
    added, removed = [], []
    for word, article in newcomers:
        began = time.perf_counter()
        engine.add(article)
        found = engine.passages(engine.ask([word], K))
        added.append(time.perf_counter() - began)
        began = time.perf_counter()
        engine.remove(article)
        left = engine.passages(engine.ask([word], K))
        removed.append(time.perf_counter() - began)
        if not found or left:
            raise NotSeen(f"added: {found}, removed: {left}")
    return Updates(*(statistics.median(each[_WARMING:] or each) * 1_000 for each in (added, removed)))
