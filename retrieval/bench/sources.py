"""Where a run's passages come from: the generator, or any articles given."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from corpus.model import Article
from retrieval.bench import generated, stories
from retrieval.bench.corpus import Part, write
from retrieval.bench.laws import spelled
from retrieval.indexing import indexed_terms

_WORDS_ASKED: Final = (4, 7)


@dataclass(frozen=True, slots=True)
class Generated:
    """Passages by the generator: as numbers for the engines, as text for whole questions."""

    seed: int

    @property
    def name(self) -> str:
        """See `Source`."""
        return f"generated, seed {self.seed}"

    def write(self, folder: Path, passages: int) -> None:
        """See `Source`."""
        write(folder, generated.parts(passages, seed=self.seed), spelled, stop_words=generated.STOP_WORDS)

    def articles(self, passages: int) -> Sequence[Article]:
        """See `Source`."""
        return list(stories.articles(passages, seed=self.seed))

    def questions(self, articles: Sequence[Article], count: int) -> Sequence[str]:
        """See `Source`."""
        return stories.questions([article.title for article in articles], count, seed=self.seed)


@dataclass(frozen=True, slots=True)
class Given:
    """Articles that were read from somewhere, analysed as the index does it; function words are left out by that."""

    name: str
    seed: int
    given: Sequence[Article]

    def write(self, folder: Path, passages: int) -> None:
        """See `Source`."""
        numbers: dict[str, int] = {}
        publications: dict[str | None, int] = {None: 0}
        parts = (_part(article, numbers, publications) for article in self.articles(passages))
        known: list[str] = []

        def spelling(number: int) -> str:
            if not known:  # only once all parts were made are all terms known
                known.extend(numbers)
            return known[number]

        write(folder, parts, spelling, stop_words=0)

    def articles(self, passages: int) -> Sequence[Article]:
        """See `Source`."""
        ends = np.cumsum([len(article.passages) for article in self.given])
        return self.given[: int(np.searchsorted(ends, passages)) + 1]

    def questions(self, articles: Sequence[Article], count: int) -> Sequence[str]:
        """See `Source`: some words of a sentence, in their order."""
        chance = random.Random(f"{self.seed}/words")  # noqa: S311 - a choice of test data
        return [_words_of(chance.choice(articles), chance) for _ in range(count)]


def _part(article: Article, numbers: dict[str, int], publications: dict[str | None, int]) -> Part:
    terms = list(indexed_terms(article))
    flat = [numbers.setdefault(term, len(numbers)) for passage in terms for term in passage]
    publication = publications.setdefault(article.publication or None, len(publications))
    published = article.published.toordinal() if article.published else 0
    return Part(
        np.array(flat, np.uint32),
        np.array([len(passage) for passage in terms], np.uint32),
        *(np.array([value], np.uint32) for value in (len(terms), published, publication)),
    )


def _words_of(article: Article, chance: random.Random) -> str:
    sentence = chance.choice(chance.choice(article.passages).sentences).of(article.text).split()
    chosen = sorted(chance.sample(range(len(sentence)), min(len(sentence), chance.randint(*_WORDS_ASKED))))
    return " ".join(sentence[place] for place in chosen)
