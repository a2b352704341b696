"""The embedded engine: an index that follows the store, in segments; small new ones in memory, the rest in files.

A change clears flags or adds a segment in memory, and one assignment publishes the next snapshot: questions under way
finish on the one they began with. Now and then `settle` moves what is in memory into files and merges segments; the
long part of that works on a snapshot, and what came meanwhile is put on top of it when the result is published.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Final, Protocol, Self

import numpy as np

from corpus.collection import Collection
from retrieval.bm25 import Parameters, Ranking
from retrieval.errors import IndexUnusable
from retrieval.index import Filters, Hit, Statistics
from retrieval.segments.segment import InMemory, Source, View

if TYPE_CHECKING:
    # Types alone, and what they need: not waited for by who only asks.
    from corpus.model import Article, Change

    class Files(Protocol):
        """Where segments are kept beyond the life of the process."""

        def load(self) -> tuple[Mapping[Collection, tuple[View, ...]], int]:
            """The segments that are the index, and the last change they hold; raises IndexUnusable."""
            ...

        def reloaded(self) -> tuple[Mapping[Collection, tuple[View, ...]], int] | None:
            """The same where another program has changed it since; raises IndexUnusable."""
            ...

        def sealed(self, views: Sequence[View], last_change: int) -> Source:
            """The live passages of these views stand in one file; raises OSError."""
            ...

        def commit(self, parts: Parts, last_change: int) -> None:
            """From now on the index is these sealed segments, up to this change; raises OSError."""
            ...

        def claimed(self) -> AbstractContextManager[bool]:
            """Inside, only this program writes, where it gives True; otherwise nothing may be written."""
            ...

        def tidy(self) -> None:
            """Files that no manifest names any more and nobody here uses are deleted."""
            ...

        def set_aside(self, why: str) -> object:
            """Nothing of the index is in its place any more; what was there is kept with the reason; raises OSError."""
            ...

    Analyse = Callable[[Article], Sequence[Sequence[str]]]
    """Gives the terms of each of an article's passages."""

_FACTOR: Final = 3
"""A segment is merged with all smaller ones unless it is larger than so many times their sum: a passage is rewritten
O(log N) times, and a collection keeps O(log N) segments."""
_MOST_IN_MEMORY: Final = 8
"""So many segments in memory are searched side by side before some are merged."""
_MOST_REMOVED: Final = 0.25
"""A segment that lost so large a share of its passages is written anew without them."""

_MOST_RANKINGS: Final = 512
"""So many rankings are kept: each holds the segments of a guild open."""

Parts = Mapping[Collection, tuple[View, ...]]


@dataclass(frozen=True)
class EmbeddedSnapshot:
    """One state of the index: per collection its segments. Rankings are made once per set of collections."""

    collections: Parts
    parameters: Parameters
    last_change: int
    _rankings: dict[tuple[Collection, ...], Ranking] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def passages(self) -> int:
        """The number of live passages of all collections."""
        return sum(view.live_count for views in self.collections.values() for view in views)

    def languages(self, collections: Sequence[Collection]) -> frozenset[str]:
        """See `retrieval.index.Snapshot`."""
        return self.ranking(collections).languages

    def publications(self, collections: Sequence[Collection]) -> frozenset[str]:
        """See `retrieval.index.Snapshot`."""
        return self.ranking(collections).publications

    def ranking(self, collections: Sequence[Collection]) -> Ranking:
        """BM25 over what these collections hold: THE place where a guild's articles are kept apart."""
        asked = tuple(collections)
        ranking = self._rankings.get(asked)
        if ranking is None:
            visible = tuple(sorted(set(asked), key=str))
            ranking = self._rankings.get(visible)
            if ranking is None:
                parts = [view for name in visible for view in self.collections.get(name, ())]
                ranking = Ranking(parts, self.parameters)
                if len(self._rankings) >= _MOST_RANKINGS:
                    self._rankings.clear()  # with what they hold open; they are quickly made again
            self._rankings[visible] = self._rankings[asked] = ranking
        return ranking

    def search(self, terms: Mapping[str, float], filters: Filters, k: int) -> list[Hit]:
        """See `retrieval.index.Snapshot`."""
        return self.ranking(filters.collections).top(terms, filters, k)

    def statistics(self, terms: Sequence[str], collections: Sequence[Collection]) -> Statistics:
        """See `retrieval.index.Snapshot`."""
        ranking = self.ranking(collections)
        return Statistics(ranking.corpus_size, {term: ranking.document_frequency(term) for term in terms})


def _analysed(article: Article) -> Sequence[Sequence[str]]:
    # The word lists are slow to read; who only asks for terms does without.
    from retrieval.indexing import indexed_terms  # noqa: PLC0415

    return list(indexed_terms(article))


class EmbeddedIndex:
    """The index. `apply` and `settle` may run in worker threads; a snapshot is published by one assignment."""

    def __init__(
        self,
        snapshot: EmbeddedSnapshot | Parameters | None = None,
        files: Files | None = None,
        *,
        analyse: Analyse = _analysed,
    ) -> None:
        self._analyse = analyse
        if not isinstance(snapshot, EmbeddedSnapshot):
            snapshot = EmbeddedSnapshot({}, snapshot or Parameters(), 0)
        self._snapshot = snapshot
        self._files = files
        self._publishing = Lock()
        self._settling = Lock()
        self._being_sealed: frozenset[Source] = frozenset()
        self._committed = snapshot.last_change

    @classmethod
    def peeked(cls, parameters: Parameters, files: Files) -> tuple[Self, IndexUnusable | None]:
        """The index as the files hold it, or an empty one and the reason why they can't be used; nothing is written."""
        try:
            parts, last_change = files.load()
        except IndexUnusable as unusable:
            return cls(parameters), unusable
        return cls(EmbeddedSnapshot(parts, parameters, last_change)), None

    @classmethod
    def opened(cls, parameters: Parameters, files: Files) -> tuple[Self, IndexUnusable | None]:
        """The same, and later changes go into the files; where they can't be used, they are set aside."""
        index, unusable = cls.peeked(parameters, files)
        if unusable:
            _set_aside(files, str(unusable))
        index._files = files  # noqa: SLF001 - its own class's
        return index, unusable

    @property
    def last_change(self) -> int:
        """The number of the last change applied."""
        return self._snapshot.last_change

    @property
    def passages_in_memory(self) -> int:
        """The number of live passages that no file holds yet."""
        return sum(view.live_count for views in self._snapshot.collections.values() for view in views if _is_new(view))

    def snapshot(self) -> EmbeddedSnapshot:
        """The state now."""
        return self._snapshot

    def apply(self, changes: Sequence[Change]) -> None:
        """The next snapshot holds these changes, each article in the state of its last one."""
        if not changes:
            return
        latest = {(change.collection, change.article_id): change for change in changes}
        touched: dict[Collection, list[Change]] = {}
        for (name, _), change in latest.items():
            touched.setdefault(name, []).append(change)
        added = {name: self._built(found) for name, found in touched.items()}
        with self._publishing:
            before = self._snapshot
            parts = dict(before.collections)
            for name, found in touched.items():
                gone = [change.article_id for change in found]
                views = [view.without(gone) for view in parts.get(name, ())]
                parts[name] = self._compacted([*views, *added[name]])
            self._publish(parts, max(before.last_change, changes[-1].number))

    def _built(self, changes: Iterable[Change]) -> list[View]:
        """The articles of these changes as a segment in memory, where there are any."""
        from retrieval.segments.building import build  # noqa: PLC0415 - not needed by who only asks

        articles = [change.article for change in changes if change.article is not None and change.article.passages]
        if not articles:
            return []
        terms = [self._analyse(article) for article in articles]
        return [View(InMemory(build(articles, terms, pairs=self._snapshot.parameters.pairs)))]

    def _compacted(self, views: Sequence[View]) -> tuple[View, ...]:
        """The same with few segments in memory."""
        new = [view for view in views if _is_new(view) and view.source not in self._being_sealed]
        small = _smallest(new) if len(new) > _MOST_IN_MEMORY else [view for view in new if _is_worn(view)]
        if not small:
            return tuple(view for view in views if view.live_count)
        kept = [view for view in views if view.live_count and view not in small]
        return (*kept, *_together(small))

    def _publish(self, parts: Mapping[Collection, tuple[View, ...]], last_change: int) -> None:
        held = {name: views for name, views in parts.items() if views}
        self._snapshot = EmbeddedSnapshot(held, self._snapshot.parameters, last_change)

    def begin_again(self, why: str) -> None:
        """The damaged state is given up; what is applied begins with what the files hold now, or with nothing.

        Files that can't be used are set aside where they are ours.
        """
        with self._settling, self._publishing:
            parts, last_change = self._anew(self._files, why) if self._files else ({}, 0)
            self._committed = last_change
            self._publish(parts, last_change)

    def _anew(self, files: Files, why: str) -> tuple[Mapping[Collection, tuple[View, ...]], int]:
        """What another program made of the files meanwhile; where none did, they are set aside if they are ours."""
        with suppress(IndexUnusable):
            if (found := files.reloaded()) is not None:
                return found
        _set_aside(files, why)
        return {}, 0

    def settle(self, *, merge: bool = True) -> None:
        """Files hold the index as it was when this began; raises OSError, and then nothing is lost.

        With `merge`, segments are merged as far as the policy asks for it; without, only what is in memory is written.
        """
        if self._files is None:
            return
        with self._settling, self._files.claimed() as ours:
            if ours:
                self._settle(self._files, merge=merge)

    def _settle(self, files: Files, *, merge: bool) -> None:
        with self._publishing:
            start = self._snapshot
            chosen = {name: _to_write(views, merge=merge) for name, views in start.collections.items()}
            self._being_sealed = frozenset(view.source for views in chosen.values() for view in views)
        try:
            if not self._being_sealed and start.last_change == self._committed:
                files.tidy()
                return
            written = {name: View(files.sealed(views, start.last_change)) for name, views in chosen.items() if views}
            files.commit(
                {n: _replaced(v, chosen[n], written.get(n)) for n, v in start.collections.items()}, start.last_change
            )
            self._committed = start.last_change
            with self._publishing:
                parts = dict(self._snapshot.collections)
                for name, view in written.items():
                    now = parts.get(name, ())
                    parts[name] = _replaced(now, chosen[name], view.without(_lost(chosen[name], now)))
                self._publish(parts, self._snapshot.last_change)
        finally:
            self._being_sealed = frozenset()


def _set_aside(files: Files, why: str) -> None:
    """The files are out of the way, where they are ours and there is room; else the next manifest takes their place."""
    with suppress(OSError), files.claimed() as ours:
        if ours:
            files.set_aside(why)


def _is_new(view: View) -> bool:
    return isinstance(view.source, InMemory)


def _is_worn(view: View) -> bool:
    return len(view.removed) > _MOST_REMOVED * view.source.size


def _together(views: Sequence[View]) -> list[View]:
    """The live passages of these views in one segment in memory, if there are any."""
    from retrieval.segments.merging import merged  # noqa: PLC0415 - not needed by who only asks

    return [View(InMemory(merged(views)))] if any(view.live_count for view in views) else []


def _smallest(views: Sequence[View]) -> list[View]:
    """The views that are merged where there are too many: the smaller half, and what is not much larger."""
    rising = sorted(views, key=_size)
    half = len(rising) // 2
    return _with_similar(rising[:half], rising[half:])


def _with_similar(chosen: Sequence[View], others: Sequence[View]) -> list[View]:
    """The chosen, and of the others those that are not much larger than all smaller ones together, or worn."""
    together, total = list(chosen), sum(map(_size, chosen))
    for view in sorted(others, key=_size):
        if _is_worn(view) or _size(view) < _FACTOR * total:
            together.append(view)
            total += _size(view)
    return together


def _size(view: View) -> int:
    return view.live_count


def _to_write(views: Sequence[View], *, merge: bool) -> list[View]:
    """What is to be put into one file: what is in memory, and what is to be merged with it."""
    new = [view for view in views if _is_new(view)]
    if not merge:
        return new
    old = sorted((view for view in views if not _is_new(view)), key=_size)
    if new or not old:
        return _with_similar(new, old)
    chosen = _with_similar(old[:1], old[1:])
    return chosen if len(chosen) > 1 or _is_worn(chosen[0]) else []


def _replaced(views: Iterable[View], gone: Iterable[View], new: View | None) -> tuple[View, ...]:
    sources = {view.source for view in gone}
    kept = [view for view in views if view.source not in sources]
    return tuple(view for view in (*kept, *([new] if new else [])) if view.live_count)


def _lost(before: Iterable[View], now: Iterable[View]) -> list[int]:
    """The articles that were removed from these views since."""
    removed = {view.source: view.removed for view in now}
    lost: list[int] = []
    for view in before:
        rows = np.setdiff1d(removed.get(view.source, np.arange(view.source.size)), view.removed)
        lost += np.unique(view.segment.article_ids[view.segment.article_of[rows]]).tolist()
    return lost
