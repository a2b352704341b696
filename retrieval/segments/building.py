"""Articles → a segment in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, count
from typing import Final, cast
from zlib import crc32

import numpy as np
import numpy.typing as npt

from corpus.model import Article
from corpus.text import fold
from retrieval.index import pairs_of
from retrieval.segments.segment import BLOCK, PAIRS, UNDATED, WORDS, Bytes, Codes, Ids, Segment, Small

Arrays = dict[str, npt.NDArray[np.generic]]

_USUAL: Final = 1 << 8
_TABLE: Final = 1 << 20
"""Frequencies below the one, and numbers of pairs below the other when these are folded, are looked up in a table."""
_MANY: Final = 1 << 15
"""For fewer numbers making the table would take longer than sorting them."""
_BITS: Final = 28
"""Frequencies and lengths stay below 2^28, far above what the limits of reading let in."""


def build(articles: Sequence[Article], terms_of: Sequence[Sequence[Sequence[str]]], *, pairs: bool = False) -> Segment:
    """A segment of these articles' passages, in order; `terms_of[article][passage]` are the terms of each."""
    words: list[Sequence[str]] = [terms for texts in terms_of for terms in texts]
    both: list[Sequence[Sequence[str]]] = [words, [pairs_of(terms) for terms in words]] if pairs else [words]
    lengths = np.array([[len(terms) for terms in texts] for texts in both], np.uint32).reshape(len(both), len(words))
    # A new term's number is the next one: this way the loop over all words runs in C.
    numbers: defaultdict[str, int] = defaultdict(count().__next__)
    every = chain.from_iterable(chain.from_iterable(both))
    flat = np.fromiter(map(numbers.__getitem__, every), np.int64, int(lengths.sum(dtype=np.int64)))
    fields = np.zeros(len(numbers), np.uint8)
    fields[flat[int(lengths[WORDS].sum(dtype=np.int64)) :]] = PAIRS
    order, vocabulary = sorted_vocabulary([term.encode("utf-8", "surrogatepass") for term in numbers])
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    rows = np.tile(np.arange(len(words)), len(both)).repeat(lengths.ravel())
    publications = _numbered(fold(article.publication or "") for article in articles)
    languages = _numbered(article.language for article in articles)
    postings = _postings(rank[flat], rows, fields[order], lengths)
    arrays = vocabulary | postings | _columns(articles, publications, languages) | {"lengths": lengths}
    return Segment.of(arrays, tuple(publications), tuple(languages))


def sorted_vocabulary(terms: Sequence[bytes]) -> tuple[Ids, Arrays]:
    """The order in which a segment keeps these different terms, and the arrays that hold them so."""
    crcs = np.fromiter(map(crc32, terms), np.uint32, len(terms))
    order = np.argsort(crcs, kind="stable")
    in_order = [terms[i] for i in order.tolist()]
    crcs = crcs[order]
    for first, last in runs(crcs):  # the few terms that share a number
        places = sorted(range(first, last), key=in_order.__getitem__)
        in_order[first:last] = [in_order[i] for i in places]
        order[first:last] = order[places]
    return order, {"term_crcs": crcs, **vocabulary_bytes(in_order)}


def vocabulary_bytes(terms: Sequence[bytes]) -> Arrays:
    """The terms, in order, as one array of bytes and the ends of each."""
    ends = np.zeros(len(terms) + 1, np.uint32)
    np.cumsum(np.fromiter(map(len, terms), np.uint32, len(terms)), out=ends[1:])
    return {"term_ends": ends, "term_bytes": np.frombuffer(b"".join(terms), np.uint8)}


def runs(ascending: npt.NDArray[np.generic]) -> list[tuple[int, int]]:
    """The ranges of more than one equal value."""
    same = np.flatnonzero(ascending[1:] == ascending[:-1])
    if not len(same):
        return []
    breaks = np.flatnonzero(np.diff(same) > 1)
    firsts, lasts = same[np.concatenate(([0], breaks + 1))], same[np.concatenate((breaks, [len(same) - 1]))] + 2
    return list(zip(firsts.tolist(), lasts.tolist(), strict=True))


def _postings(terms: Ids, rows: Ids, fields: Bytes, lengths: Small) -> Arrays:
    """The arrays of postings from a term and a row per word; `fields` tells the field of each term."""
    bits = lengths.shape[1].bit_length()
    keys = np.sort(terms << bits | rows)
    firsts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1]))) if len(keys) else np.zeros(0, np.int64)
    counts = np.diff(np.append(firsts, len(keys)))
    of_term, of_row = keys[firsts] >> bits, keys[firsts] & (1 << bits) - 1
    starts = np.zeros(len(fields) + 1, np.uint32)
    np.cumsum(np.bincount(of_term, minlength=len(fields)), out=starts[1:])
    of_field = fields[of_term]
    keys = pair_keys(counts, lengths[of_field, of_row], of_field)
    codes, found = coded(keys)
    block_starts, block_last, bounds = blocks(starts, of_row, keys)
    block_codes, bounds_found = coded(bounds)
    return {
        "starts": starts,
        "rows": of_row.astype(np.uint32),
        "codes": codes,
        **pair_table("pair", found),
        "block_starts": block_starts,
        "block_last": block_last,
        "block_bounds": block_codes,
        **pair_table("bound", bounds_found),
    }


def pair_keys(counts: npt.NDArray[np.integer], lengths: npt.NDArray[np.integer], fields: Bytes) -> Ids:
    """One number for each frequency, length and field."""
    return (fields.astype(np.int64) << 2 * _BITS) | (lengths.astype(np.int64) << _BITS) | counts.astype(np.int64)


def pair_table(name: str, keys: Ids) -> Arrays:
    """The arrays `NAME_counts`, `NAME_lengths` and `NAME_fields` of such numbers."""
    mask = (1 << _BITS) - 1
    return {
        f"{name}_counts": (keys & mask).astype(np.uint32),
        f"{name}_lengths": (keys >> _BITS & mask).astype(np.uint32),
        f"{name}_fields": (keys >> 2 * _BITS).astype(np.uint8),
    }


def coded(keys: Ids) -> tuple[Codes, Ids]:
    """For each number of a pair its place among the different ones, and the different ones."""
    folded = (keys >> _BITS) * _USUAL | keys & _USUAL - 1
    if len(keys) < _MANY or int(folded.max()) >= _TABLE or ((keys & (1 << _BITS) - 1) >= _USUAL).any():
        different, places = np.unique(keys, return_inverse=True)
        return as_codes(places, len(different)), different
    # Nearly always the pairs are few and small: a table of all that could be is faster than sorting.
    held = np.zeros(_TABLE, np.bool_)
    held[folded] = True
    folded_found = np.flatnonzero(held)
    place_of = np.zeros(_TABLE, np.int64)
    place_of[folded_found] = np.arange(len(folded_found))
    different = (folded_found // _USUAL << _BITS) | folded_found % _USUAL
    return as_codes(place_of, len(different))[folded], different


def as_codes(places: npt.NDArray[np.integer], different: int) -> Codes:
    """The places in the smallest type that holds so many different ones."""
    return cast("Codes", places.astype(code_type(different)))


def code_type(different: int) -> type[np.uint16 | np.uint32]:
    """The smallest type for so many codes."""
    return np.uint16 if different <= 1 << 16 else np.uint32


def blocks(starts: Small, rows: npt.NDArray[np.integer], keys: Ids) -> tuple[Small, Small, Ids]:
    """For postings in order, with the number of each one's pair: `block_starts`, `block_last` and each block's bound.

    A bound is the number of the pair of the block's largest frequency and smallest length (and its field).
    """
    begin = starts[:-1].astype(np.int64)
    sizes = starts[1:] - begin
    per_term = -(-sizes // BLOCK)
    block_starts = np.concatenate(([0], np.cumsum(per_term)))
    firsts = np.repeat(begin - BLOCK * block_starts[:-1], per_term) + BLOCK * np.arange(block_starts[-1])
    ends = np.minimum(firsts + BLOCK, np.repeat(begin + sizes, per_term))
    if not len(firsts):
        return block_starts.astype(np.uint32), np.zeros(0, np.uint32), np.zeros(0, np.int64)
    mask = (1 << _BITS) - 1
    counts = np.maximum.reduceat(keys & mask, firsts)
    # The field is the same in a whole list, so the smallest number of field and length has the smallest length.
    bounds = (np.minimum.reduceat(keys >> _BITS, firsts) << _BITS) | counts
    return block_starts.astype(np.uint32), rows[ends - 1].astype(np.uint32), bounds


def _numbered(names: Iterable[str]) -> dict[str, int]:
    """The different names, numbered in order of their first appearance."""
    return {name: number for number, name in enumerate(dict.fromkeys(names))}


def _columns(articles: Sequence[Article], publications: Mapping[str, int], languages: Mapping[str, int]) -> Arrays:
    """The arrays that tell of rows and articles."""
    ids = np.array([article.id for article in articles], np.int64)
    sizes = [len(article.passages) for article in articles]
    return {
        "passages": np.fromiter(
            chain.from_iterable((passage.id for passage in article.passages) for article in articles), np.int64
        ),
        "article_of": np.repeat(np.arange(len(articles), dtype=np.uint32), sizes),
        "article_ids": ids,
        "first_rows": np.concatenate(([0], np.cumsum(sizes))).astype(np.uint32),
        "by_id": np.argsort(ids, kind="stable").astype(np.uint32),
        "published": np.array([a.published.toordinal() if a.published else UNDATED for a in articles], np.uint32),
        "publication_codes": np.array([publications[fold(a.publication or "")] for a in articles], np.uint32),
        "language_codes": np.array([languages[a.language] for a in articles], np.uint32),
    }
