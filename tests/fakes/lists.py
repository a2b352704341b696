"""A segment straight from lists of postings, without texts, and its best rows by plain adding: for tests of the kernel.

Passage ids fall with the rows, articles are of one to four passages, some undated and many of one day: no two columns
are the same by chance, and all of the order's rules are needed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from zlib import crc32

import numpy as np
import numpy.typing as npt

from retrieval.segments import kernel
from retrieval.segments.kernel import Candidate, Term
from retrieval.segments.segment import BLOCK, Flags, Segment

Scores = npt.NDArray[np.float64]
Postings = Mapping[str, Sequence[tuple[int, int]]]
"""For each term the rows that hold it, ascending, and how often each does."""

K1: Final = 0.9
B: Final = 0.5
PAPERS: Final = 5
"""The number of publications."""


@dataclass(frozen=True, eq=False)
class Lists:
    """The segment, the tables of a ranking, and what they were made of."""

    segment: Segment
    postings: Postings
    lengths: Sequence[int]
    table: Scores
    bounds: Scores

    def name(self, number: int) -> str:
        """The term of this number."""
        return self.segment.term_at(number).decode()


@dataclass(frozen=True, slots=True)
class Question:
    """What the kernel's `best` is asked beside the tables; terms by their words."""

    terms: Sequence[tuple[str, float, float]]
    k: int = 10
    floor: float = 0.0
    since: int = 0
    until: int = 0
    allowed: bytes | None = None
    live: Flags | None = None


def lists_of(postings: Postings, lengths: Sequence[int], *, wide: bool = False) -> Lists:
    """A segment of `len(lengths)` rows with these postings; `wide` codes have four bytes each."""
    terms = sorted(postings, key=lambda term: (crc32(term.encode()), term.encode()))
    encoded = [term.encode() for term in terms]
    first_rows = _first_rows(len(lengths))
    articles = np.arange(len(first_rows) - 1)
    mean = sum(lengths) / len(lengths) if sum(lengths) else 1.0
    pairs = [(count, lengths[row]) for term in terms for row, count in postings[term]]
    blocks = [part for term in terms for part in _parts(postings[term])]
    tops = [(max(count for _, count in part), min(lengths[row] for row, _ in part)) for part in blocks]
    (codes, different), (bound_codes, bounds) = _coded(pairs, wide=wide), _coded(tops, wide=wide)
    segment = Segment(
        term_crcs=np.array([crc32(term) for term in encoded], np.uint32),
        term_ends=_running([len(term) for term in encoded]),
        term_bytes=np.frombuffer(b"".join(encoded), np.uint8),
        starts=_running([len(postings[term]) for term in terms]),
        rows=np.array([row for term in terms for row, _ in postings[term]], np.uint32),
        codes=codes,
        block_starts=_running([len(_parts(postings[term])) for term in terms]),
        block_last=np.array([part[-1][0] for part in blocks], np.uint32),
        block_bounds=bound_codes,
        pair_counts=np.array([count for count, _ in different], np.uint32),
        pair_lengths=np.array([length for _, length in different], np.uint32),
        pair_fields=np.zeros(len(different), np.uint8),
        bound_counts=np.array([count for count, _ in bounds], np.uint32),
        bound_lengths=np.array([length for _, length in bounds], np.uint32),
        bound_fields=np.zeros(len(bounds), np.uint8),
        passages=(10 * len(lengths) - 3 * np.arange(len(lengths))).astype(np.int64),
        article_of=np.repeat(articles, np.diff(first_rows)).astype(np.uint32),
        lengths=np.array([lengths], np.uint32),
        article_ids=(articles * 11 + 5).astype(np.int64),
        first_rows=np.array(first_rows, np.uint32),
        by_id=articles.astype(np.uint32),
        published=(articles * 5 % 4 * 1000).astype(np.uint32),
        publication_codes=(articles // 3 % PAPERS).astype(np.uint32),
        language_codes=np.zeros(len(articles), np.uint32),
        publications=tuple(f"paper {n}" for n in range(PAPERS)),
        languages=("en",),
    )
    tables = [np.array([saturation(*pair, mean) for pair in each], np.float64) for each in (different, bounds)]
    return Lists(segment, postings, lengths, *tables)


def saturation(count: int, length: int, mean: float) -> float:
    """BM25's share of a word that stands `count` times in a passage of `length` words."""
    return count * (K1 + 1) / (count + K1 * (1 - B + B * length / mean))


def terms_of(lists: Lists, question: Question) -> list[Term]:
    """The question's terms by their numbers."""
    return [(lists.segment.find(word), idf, weight) for word, idf, weight in question.terms]


def best_by_adding(lists: Lists, question: Question) -> list[Candidate]:
    """What `best` is to answer: each posting is added in the question's order, then all rows are sorted."""
    mean = sum(lists.lengths) / len(lists.lengths) if sum(lists.lengths) else 1.0
    scores: dict[int, float] = {}
    for word, idf, weight in question.terms:
        for row, count in lists.postings[word]:
            gain = weight * (idf * saturation(count, lists.lengths[row], mean))
            scores[row] = scores.get(row, 0.0) + gain
    counted = [
        row
        for row, score in scores.items()
        if score > 0 and score >= question.floor and _wanted(lists.segment, row, question)
    ]
    segment = lists.segment
    found = []
    for row in counted:
        article = int(segment.article_of[row])
        day, number = int(segment.published[article]), int(segment.article_ids[article])
        found.append((scores[row], day, int(segment.passages[row]), number))
    return sorted(found, key=lambda each: (-each[0], -each[1], each[2]))[: max(question.k, 0)]


def _wanted(segment: Segment, row: int, question: Question) -> bool:
    article = int(segment.article_of[row])
    day = int(segment.published[article])
    if question.live is not None and not question.live[row]:
        return False
    if (question.since, question.until) != (0, 0) and not (day and question.since <= day <= question.until):
        return False
    return question.allowed is None or bool(question.allowed[segment.publication_codes[article]])


def _parts(postings: Sequence[tuple[int, int]]) -> list[Sequence[tuple[int, int]]]:
    return [postings[first : first + BLOCK] for first in range(0, len(postings), BLOCK)]


def _running(sizes: Sequence[int]) -> npt.NDArray[np.uint32]:
    return np.concatenate(([0], np.cumsum(sizes, dtype=np.int64))).astype(np.uint32)


def _coded(
    pairs: Sequence[tuple[int, int]], *, wide: bool
) -> tuple[npt.NDArray[np.uint16] | npt.NDArray[np.uint32], list[tuple[int, int]]]:
    different = sorted(set(pairs))
    places = {pair: place for place, pair in enumerate(different)}
    codes = [places[pair] for pair in pairs]
    return (np.array(codes, np.uint32) if wide else np.array(codes, np.uint16)), different


def _first_rows(rows: int) -> list[int]:
    """Where each article begins, and the end; articles have one to four passages."""
    firsts = [0]
    while firsts[-1] < rows:
        firsts.append(min(rows, firsts[-1] + 1 + len(firsts) * 7 % 4))
    return firsts


def ask(lists: Lists, question: Question) -> list[Candidate]:
    """What the compiled kernel answers."""
    return kernel.best(
        kernel.arrays_of(lists.segment),
        lists.table,
        lists.bounds,
        question.live,
        terms_of(lists, question),
        question.k,
        question.floor,
        question.since,
        question.until,
        question.allowed,
    )
