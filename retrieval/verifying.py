"""The index held against the store that it was made from, and against the rank-bm25 library; nothing is changed.

All live articles are read once, in the order of their changes; of each passage only a few numbers are kept, so that a
million of them fit. Whoever else writes meanwhile is followed: what changed while this was reading is applied to the
index as well, and compared as it was at the end.
"""

from __future__ import annotations

import asyncio
import random
from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from corpus.collection import Collection
from corpus.model import Article, Change
from retrieval.bm25 import Idf, library_scores
from retrieval.embedded import EmbeddedIndex, EmbeddedSnapshot
from retrieval.errors import IndexUnusable
from retrieval.follower import Changes, Follower
from retrieval.index import Filters, Hit
from retrieval.indexing import indexed_terms
from retrieval.segments.directory import Directory
from retrieval.segments.file import verify
from retrieval.segments.segment import UNDATED, WORDS, View

Numbers = npt.NDArray[np.int64]

DEPTH: Final = 20
"""So many places of a ranking are compared."""
TOLERANCE: Final = 1e-9
_BATCH: Final = 500
_MOST_WORDS: Final = 5
_TRIES: Final = 20
_NAMED: Final = 5
_OTHER: Final = "\x1e"
"""Stands for every term that no question asks for; no term is it."""

Progress = Callable[[int, int], None]
"""Told how far the changes were read: the number of the last one read, and of the newest."""


@dataclass(frozen=True, slots=True)
class Question:
    """Terms that are asked of a collection."""

    collection: Collection
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verified:
    """How much was compared, and each difference as a sentence; there is none where the index is as it has to be."""

    articles: int
    passages: int
    questions: int
    differences: tuple[str, ...]


def read_through(directory: Directory) -> Iterator[int | IndexUnusable]:
    """Every byte of the index's segments is read: numbers of bytes that are as written, and what turns out damaged.

    Raises IndexUnusable where it can't be said which files are the index.
    """
    for entry in directory.entries() if directory.is_begun() else ():
        try:
            yield from verify(directory.folder / entry.file, entry.crc)
        except IndexUnusable as damage:
            # Whoever keeps the index may have merged this file into another one meanwhile, or begun again.
            if directory.is_begun() and entry.file in {each.file for each in directory.entries()}:
                yield damage


async def compared(
    index: EmbeddedIndex, store: Changes, *, questions: int, seed: int, progress: Progress | None = None
) -> Verified:
    """The index, brought up to date in memory, holds exactly the store's live passages and ranks as the library does.

    Each question is some words of a stored passage; its best passages have to be those of `BM25Okapi` over all live
    passages of that collection, ties in our order, scores to 1e-9. The library is given passages in which all terms
    that no question asks for are one and the same: lengths and the asked terms' frequencies stay, and with them all
    scores. Only the mean idf changes; it replaces the idf of a term in more than half the passages, so no such term is
    asked for. With `questions` 0 nothing is analysed: only articles and passages are compared. Raises IndexUnusable.
    """
    await Follower(index, store).catch_up()
    asked = await _sampled(index.snapshot(), store, questions, random.Random(seed))  # noqa: S311 - a sample, no secret
    newest = await store.last_change()
    live = _Live(newest, asked, analysed=questions > 0)
    after = 0
    while batch := await store.changes(after, _BATCH):
        after = batch[-1].number
        await asyncio.to_thread(live.take, batch)
        await asyncio.to_thread(index.apply, [change for change in batch if change.number > index.last_change])
        if progress:
            progress(after, max(newest, after))
    return await asyncio.to_thread(_verified, index.snapshot(), live, asked)


def _verified(snapshot: EmbeddedSnapshot, live: _Live, asked: Sequence[Question]) -> Verified:
    stored = {name: passages.rows() for name, passages in live.collections.items()}
    differences: list[str] = []
    for name in sorted({*stored, *snapshot.collections}, key=str):
        indexed = _indexed(snapshot.collections.get(name, ()))
        found = _differences(stored.get(name, _Passages().rows()), indexed, analysed=live.analysed)
        differences += [f"{name}: {each}" for each in found]
    for name, passages in live.collections.items():
        here = [question for question in asked if question.collection == name]
        if here and len(stored[name].passages):
            found = _ranked_otherwise(snapshot, here, passages, stored[name], live.terms)
            differences += [f"{name}: {each}" for each in found]
    articles = sum(len(np.unique(rows.articles)) for rows in stored.values())
    return Verified(articles, sum(len(rows.passages) for rows in stored.values()), len(asked), tuple(differences))


async def _sampled(snapshot: EmbeddedSnapshot, store: Changes, count: int, rng: random.Random) -> list[Question]:
    """At most `count` questions, each of some words of a stored passage that stand in less than half of all."""
    newest = await store.last_change()
    questions: list[Question] = []
    for _ in range(count * _TRIES if newest else 0):
        if len(questions) == count:
            break
        for change in await store.changes(rng.randrange(newest), 1):
            if change.article is not None and change.article.passages:
                questions += _asked(snapshot, change.article, rng)
    return questions


def _asked(snapshot: EmbeddedSnapshot, article: Article, rng: random.Random) -> list[Question]:
    """A question of the article's words, where it has any that can be asked for."""
    words = sorted(set(rng.choice(list(indexed_terms(article)))))
    held = snapshot.statistics(words, [article.collection])
    rare = [word for word in words if 2 * held.containing[word] < held.passages]
    if not rare:
        return []
    return [Question(article.collection, tuple(rng.sample(rare, min(len(rare), rng.randint(1, _MOST_WORDS)))))]


# --- what is live in the store


@dataclass(frozen=True, slots=True)
class _Rows:
    """Passages: their numbers, their articles, their lengths in words (0: not analysed), ordinals of their dates."""

    passages: Numbers
    articles: Numbers
    lengths: Numbers
    published: Numbers


class _Passages:
    """The passages of one collection as they are read from the store."""

    def __init__(self) -> None:
        self._columns = tuple(array("q") for _ in range(4))
        self._asked = tuple(array("q") for _ in range(3))
        self._forgotten: dict[int, int] = {}

    def forget(self, article_id: int) -> None:
        """What was read of this article is not live any more."""
        self._forgotten[article_id] = len(self._columns[0])

    def add(self, article: Article, counts: Sequence[tuple[int, Mapping[int, int]]]) -> None:
        """The article is live; `counts` are for each passage its length and how often it has each asked term."""
        published = article.published.toordinal() if article.published else UNDATED
        for passage, (length, held) in zip(article.passages, counts, strict=True):
            row = len(self._columns[0])
            for column, value in zip(self._columns, (passage.id, article.id, length, published), strict=True):
                column.append(value)
            for term, count in held.items():
                for column, value in zip(self._asked, (row, term, count), strict=True):
                    column.append(value)

    def _live(self) -> npt.NDArray[np.bool_]:
        articles = np.array(self._columns[1], np.int64)
        live = np.ones(len(articles), np.bool_)
        for article_id, before in self._forgotten.items():
            live[:before] &= articles[:before] != article_id
        return live

    def rows(self) -> _Rows:
        """Those that are live."""
        live = self._live()
        return _Rows(*(np.array(column, np.int64)[live] for column in self._columns))

    def texts(self, terms: Sequence[str]) -> Iterator[list[str]]:
        """The live ones in the same order as terms, those that nobody asks for replaced by one that stands for all."""
        at = 0
        for row, (live, length) in enumerate(zip(self._live().tolist(), self._columns[2], strict=True)):
            text: list[str] = []
            while at < len(self._asked[0]) and self._asked[0][at] == row:
                text += [terms[self._asked[1][at]]] * self._asked[2][at]
                at += 1
            if live:
                yield text + [_OTHER] * (length - len(text))


class _Live:
    """What is live in the store, gathered change by change; above `newest` they came while this was reading."""

    def __init__(self, newest: int, asked: Sequence[Question], *, analysed: bool) -> None:
        self.collections: dict[Collection, _Passages] = {}
        self.terms = sorted({term for question in asked for term in question.terms})
        self.analysed = analysed
        self._newest = newest
        self._places = {term: place for place, term in enumerate(self.terms)}

    def take(self, changes: Sequence[Change]) -> None:
        """The articles of these changes are as they say."""
        for change in changes:
            passages = self.collections.setdefault(change.collection, _Passages())
            if change.number > self._newest:
                passages.forget(change.article_id)
            if change.article is not None:
                passages.add(change.article, [*self._counted(change.article)])

    def _counted(self, article: Article) -> Iterator[tuple[int, Mapping[int, int]]]:
        if not self.analysed:
            yield from ((0, {}) for _ in article.passages)
            return
        for terms in indexed_terms(article):
            yield len(terms), Counter(self._places[term] for term in terms if term in self._places)


# --- what the index holds


def _indexed(views: Sequence[View]) -> _Rows:
    """The live passages of the index; without their dates, which nothing asks for here."""
    rows = [(view.segment, view.live_rows) for view in views]
    none = np.zeros(0, np.int64)
    passages = [none, *(segment.passages[live] for segment, live in rows)]
    articles = [none, *(segment.article_ids[segment.article_of[live]] for segment, live in rows)]
    lengths = [none, *(segment.lengths[WORDS, live].astype(np.int64) for segment, live in rows)]
    return _Rows(np.concatenate(passages), np.concatenate(articles), np.concatenate(lengths), none)


def _differences(stored: _Rows, indexed: _Rows, *, analysed: bool) -> Iterator[str]:
    """What the index lacks, what it still has, what it has otherwise."""
    missing = np.setdiff1d(stored.passages, indexed.passages)
    over = np.setdiff1d(indexed.passages, stored.passages)
    found, first, often = np.unique(indexed.passages, return_index=True, return_counts=True)
    if len(missing):
        yield f"the index lacks {_named(missing)}"
    if len(over):
        yield f"the index still has {_named(over)}, which is not live in the store"
    if len(twice := found[often > 1]):
        yield f"the index has {_named(twice)} more than once"
    _, here, there = np.intersect1d(stored.passages, found, return_indices=True)
    there = first[there]
    if len(wrong := stored.passages[here][stored.articles[here] != indexed.articles[there]]):
        yield f"the index has {_named(wrong)} under another article"
    if analysed and len(wrong := stored.passages[here][stored.lengths[here] != indexed.lengths[there]]):
        yield f"the index has {_named(wrong)} with another number of words"


def _named(passages: Numbers) -> str:
    numbers = ", ".join(str(number) for number in passages[:_NAMED].tolist())
    more = f" and {len(passages) - _NAMED:,} more" if len(passages) > _NAMED else ""
    return f"passage {numbers}{more}"


def _ranked_otherwise(
    snapshot: EmbeddedSnapshot, asked: Sequence[Question], passages: _Passages, rows: _Rows, terms: Sequence[str]
) -> Iterator[str]:
    """The questions whose best passages are not those of the library, each with the first difference."""
    # Which idf an index uses is chosen when it is asked: here it is the library's.
    snapshot = replace(snapshot, parameters=replace(snapshot.parameters, idf=Idf.RANK_BM25), _rankings={})
    every = library_scores(passages.texts(terms), [question.terms for question in asked], snapshot.parameters)
    for question, scores in zip(asked, every, strict=True):
        best = np.lexsort((rows.passages, -rows.published, -scores))[:DEPTH]
        expected = [(int(rows.passages[row]), float(scores[row])) for row in best if scores[row] > 0]
        hits = snapshot.search(dict.fromkeys(question.terms, 1.0), Filters((question.collection,)), DEPTH)
        if (place := _first_difference(hits, expected)) is not None:
            wanted, found = _place(expected, place), _place([(hit.passage_id, hit.score) for hit in hits], place)
            asked_for = " ".join(question.terms)
            yield f"asked for “{asked_for}”, the index has {found} in place {place + 1}, the rank-bm25 library {wanted}"


def _first_difference(hits: Sequence[Hit], expected: Sequence[tuple[int, float]]) -> int | None:
    for place, (hit, (passage, score)) in enumerate(zip(hits, expected, strict=False)):
        if hit.passage_id != passage or abs(hit.score - score) > TOLERANCE:
            return place
    return None if len(hits) == len(expected) else min(len(hits), len(expected))


def _place(ranking: Sequence[tuple[int, float]], place: int) -> str:
    if place >= len(ranking):
        return "nothing"
    passage, score = ranking[place]
    return f"passage {passage} (score {score:.12g})"
