"""Passages made of invented words, the same for the same seed; a smaller set is the beginning of a larger one.

Every article has its names (persons, companies, courts) and its subject's words, which come back in its passages; its
heading (names, subject, publication, date) stands in front of each passage, as the index has it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Final

import numpy as np

from retrieval.bench.corpus import Part
from retrieval.bench.laws import Floats, Ids, Law

PASSAGES_AN_ARTICLE: Final = 5
STOP_WORDS: Final = 100
"""So many of the commonest words are function words; they are two fifths of a text."""

WORDS: Final = 4_000_000
_PUBLICATIONS: Final = 40
_CALENDAR: Final = 60
_FIRST_DAY: Final = date(2015, 1, 1).toordinal()
_DAYS: Final = 3_900

_SENTENCES: Final = 4
_SENTENCE_WORDS: Final = (12, 28)
_NAMES: Final = 3
_SUBJECT_WORDS: Final = 8
_FROM_NAMES: Final = 0.04
_FROM_SUBJECT: Final = 0.12

_ARTICLES_AT_ONCE: Final = 2_000


@lru_cache(maxsize=1)
def law() -> Law:
    """The one law of all generated words."""
    return Law(WORDS)


def parts(passages: int, *, seed: int) -> Iterator[Part]:
    """So many passages (a multiple of 5, rounded up), some thousand articles at a time."""
    articles = -(-passages // PASSAGES_AN_ARTICLE)
    for first in range(0, articles, _ARTICLES_AT_ONCE):
        yield _cut(_part(first, np.random.default_rng([seed, first])), min(_ARTICLES_AT_ONCE, articles - first))


def _cut(part: Part, articles: int) -> Part:
    passages = articles * PASSAGES_AN_ARTICLE
    terms = int(part.lengths[:passages].sum())
    return Part(part.terms[:terms], part.lengths[:passages], *(column[:articles] for column in part[2:]))


def _part(first: int, chance: np.random.Generator) -> Part:
    # Only `random` is drawn from: its stream is the same in every version of numpy.
    days = _below(chance.random(_ARTICLES_AT_ONCE), _DAYS)
    publication = _below(chance.random(_ARTICLES_AT_ONCE) ** 2, _PUBLICATIONS)
    names = _names(np.arange(first, first + _ARTICLES_AT_ONCE), chance)
    rare = law().share_below(STOP_WORDS)
    subjects = law().ranks(rare + (1 - rare) * chance.random((_ARTICLES_AT_ONCE, _SUBJECT_WORDS)))
    calendar = WORDS + _PUBLICATIONS + np.stack((days % 12, 12 + days % 31, 43 + days // 365), axis=1)
    heading = np.concatenate((names[:, :2], subjects[:, :3], WORDS + publication[:, None], calendar), axis=1)
    lengths = heading.shape[1] + _body_lengths(chance)
    return Part(
        terms=_terms(heading, names, subjects, lengths, chance).astype(np.uint32),
        lengths=lengths.astype(np.uint32),
        passages_of=np.full(_ARTICLES_AT_ONCE, PASSAGES_AN_ARTICLE, np.uint32),
        published=(_FIRST_DAY + days).astype(np.uint32),
        publication=(publication + 1).astype(np.uint32),
    )


def _below(chances: Floats, end: int) -> Ids:
    return (chances * end).astype(np.int64)


def _names(articles: Ids, chance: np.random.Generator) -> Ids:
    """For each article the numbers of its names, of which there are more with each; older ones are better known."""
    known = 50 + 1.5 * articles[:, None]
    return WORDS + _PUBLICATIONS + _CALENDAR + (chance.random((len(articles), _NAMES)) ** 2 * known).astype(np.int64)


def _body_lengths(chance: np.random.Generator) -> Ids:
    least, most = _SENTENCE_WORDS
    sentences = chance.random((_ARTICLES_AT_ONCE * PASSAGES_AN_ARTICLE, _SENTENCES))
    lengths: Ids = (least + _below(sentences, most - least + 1)).sum(axis=1)
    return lengths


def _terms(heading: Ids, names: Ids, subjects: Ids, lengths: Ids, chance: np.random.Generator) -> Ids:
    """All terms of all passages in a row: the heading, then words, among them the article's own."""
    passage = np.repeat(np.arange(len(lengths)), lengths)
    article = passage // PASSAGES_AN_ARTICLE
    place = np.arange(len(passage)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    terms = law().ranks(chance.random(len(passage)))
    kind, which = chance.random(len(passage)), chance.random(len(passage))
    for own, from_, to in ((names, 0.0, _FROM_NAMES), (subjects, _FROM_NAMES, _FROM_NAMES + _FROM_SUBJECT)):
        at = np.flatnonzero((kind >= from_) & (kind < to))
        terms[at] = own[article[at], _below(which[at], own.shape[1])]
    at = np.flatnonzero(place < heading.shape[1])
    terms[at] = heading[article[at], place[at]]
    return terms
