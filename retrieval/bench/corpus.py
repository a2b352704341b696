"""Passages as lists of terms, kept in a folder: what every engine is given, the same for all.

The folder holds numbers of terms, not terms: a million passages are 360 MB there, and a process that reads them
article by article holds the vocabulary once and the terms of few passages at a time.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from corpus.collection import LIBRARY
from corpus.model import Article, Passage, Span
from retrieval.index import Filters

Numbers = npt.NDArray[np.uint32]

_READ_AT_ONCE: Final = 1_000
_NOWHERE: Final = Span(0, 0)
_COLUMNS: Final = ("lengths", "passages_of", "published", "publication")
_CONTENT_WORDS: Final = (4, 7)
_STOP_WORDS_ASKED: Final = (3, 6)


class TermArticle(NamedTuple):
    """An article without its text, and the terms of each of its passages."""

    article: Article
    terms: list[list[str]]

    @property
    def passages(self) -> Iterator[tuple[int, list[str]]]:
        """The passages' ids with their terms."""
        return ((passage.id, terms) for passage, terms in zip(self.article.passages, self.terms, strict=True))


class Part(NamedTuple):
    """Some articles in a row, as numbers: every term; per passage its length; per article the other three."""

    terms: Numbers
    lengths: Numbers
    passages_of: Numbers
    published: Numbers
    publication: Numbers


def write(folder: Path, parts: Iterable[Part], spelled: Callable[[int], str], *, stop_words: int) -> None:
    """The folder holds the parts. `spelled` tells a number's term; the `stop_words` commonest are function words."""
    folder.mkdir(parents=True, exist_ok=True)
    columns: dict[str, list[Numbers]] = {name: [] for name in _COLUMNS}
    seen = np.zeros(0, np.bool_)
    with (folder / "terms.u4").open("wb") as file:
        for part in parts:
            seen = _noted(seen, part.terms)
            part.terms.astype(np.uint32).tofile(file)
            for name in _COLUMNS:
                columns[name].append(getattr(part, name))
    for name, found in columns.items():
        np.save(folder / f"{name}.npy", np.concatenate(found).astype(np.uint32))
    _renumber(folder / "terms.u4", seen)
    vocabulary = "\n".join(map(spelled, np.flatnonzero(seen).tolist()))
    (folder / "vocabulary.txt").write_text(vocabulary, "utf-8", newline="\n")
    (folder / "stop_words.txt").write_text(str(stop_words), "utf-8")


def _noted(seen: npt.NDArray[np.bool_], terms: Numbers) -> npt.NDArray[np.bool_]:
    most = int(terms.max()) + 1 if len(terms) else 0
    if most > len(seen):
        seen = np.concatenate((seen, np.zeros(most - len(seen), np.bool_)))
    seen[terms] = True
    return seen


def _renumber(path: Path, seen: npt.NDArray[np.bool_]) -> None:
    """Numbers without gaps, in their order."""
    if not seen.any():
        return
    numbers = (np.cumsum(seen) - 1).astype(np.uint32)
    terms = np.memmap(path, np.uint32, "r+")
    for start in range(0, len(terms), 1 << 22):
        terms[start : start + (1 << 22)] = numbers[terms[start : start + (1 << 22)]]
    terms.flush()


@dataclass(frozen=True)
class Corpus:
    """The first `most` passages in the folder, in whole articles (all of them where that is None)."""

    folder: Path
    most: int | None = None

    @cached_property
    def _passages_of(self) -> Numbers:
        every: Numbers = np.load(self.folder / "passages_of.npy")
        if self.most is None:
            return every
        return every[: int(np.searchsorted(np.cumsum(every), self.most, side="left")) + 1]

    def _column(self, name: str) -> Numbers:
        found: Numbers = np.load(self.folder / f"{name}.npy")
        return found

    @cached_property
    def articles(self) -> int:
        """How many articles there are."""
        return len(self._passages_of)

    @cached_property
    def passages(self) -> int:
        """How many passages there are."""
        return int(self._passages_of.sum())

    @cached_property
    def tokens(self) -> int:
        """How many terms there are in all."""
        return int(self._ends[-1]) if self.passages else 0

    @cached_property
    def _ends(self) -> npt.NDArray[np.int64]:
        return np.cumsum(self._column("lengths")[: self.passages], dtype=np.int64)

    @cached_property
    def _terms(self) -> Numbers:
        return np.memmap(self.folder / "terms.u4", np.uint32, "r") if self.tokens else np.zeros(0, np.uint32)

    @cached_property
    def _vocabulary(self) -> list[str]:
        return (self.folder / "vocabulary.txt").read_text("utf-8").split("\n")

    @cached_property
    def _counts(self) -> npt.NDArray[np.int64]:
        return np.bincount(self._terms[: self.tokens], minlength=1)

    @property
    def vocabulary(self) -> int:
        """How many different terms there are."""
        return int(np.count_nonzero(self._counts))

    @property
    def has_stop_words(self) -> bool:
        """Whether function words are among the terms."""
        return bool(self._stop_words)

    @cached_property
    def _stop_words(self) -> frozenset[int]:
        many = int((self.folder / "stop_words.txt").read_text("utf-8"))
        return frozenset(np.argsort(-self._counts, kind="stable")[:many].tolist())

    def read(self) -> Iterator[TermArticle]:
        """The articles, numbered from 1 as their passages are; equal terms are one object."""
        published, publication = self._column("published"), self._column("publication")
        passage, start = 0, 0
        for first in range(0, self.articles, _READ_AT_ONCE):
            sizes = self._passages_of[first : first + _READ_AT_ONCE].tolist()
            ends = (self._ends[passage : passage + sum(sizes)]).tolist()
            texts = self._texts(start, ends)
            for number, size in enumerate(sizes, first):
                article = _article(number, passage, size, int(published[number]), int(publication[number]))
                yield TermArticle(article, [next(texts) for _ in range(size)])
                passage += size
            start = ends[-1] if ends else start

    def _texts(self, start: int, ends: Sequence[int]) -> Iterator[list[str]]:
        words = list(map(self._vocabulary.__getitem__, self._terms[start : ends[-1]].tolist())) if ends else []
        last = start
        for end in ends:
            yield words[last - start : end - start]
            last = end

    def questions(self, count: int, *, seed: int, stop_words: bool = False) -> list[list[str]]:
        """Different terms out of one passage each, so that there is something to find, in the passage's order.

        4 to 7 content words, as news questions have; with `stop_words` 3 to 6 of the function words between them too.
        """
        # The same content words with function words and without.
        chance, more = (random.Random(f"{seed}/{name}") for name in ("content", "function"))  # noqa: S311 - test data
        found: list[list[str]] = []
        for _ in range(count * 20):  # short passages are passed over, but not for ever
            if len(found) == count:
                break
            held = self._passage(chance.randrange(self.passages))
            content = [term for term in held if term not in self._stop_words]
            chosen = set(chance.sample(content, min(len(content), chance.randint(*_CONTENT_WORDS))))
            if len(chosen) < 2:
                continue
            if stop_words:
                common = [term for term in held if term in self._stop_words]
                chosen |= set(more.sample(common, min(len(common), more.randint(*_STOP_WORDS_ASKED))))
            found.append([self._vocabulary[term] for term in held if term in chosen])
        return found

    def _passage(self, number: int) -> list[int]:
        start = int(self._ends[number - 1]) if number else 0
        return list(dict.fromkeys(self._terms[start : int(self._ends[number])].tolist()))

    def filters(self) -> dict[str, Filters]:
        """What questions are narrowed to: a publication with about a twentieth of the articles, a fifth of the days."""
        found: dict[str, Filters] = {}
        publication, published = (self._column(name)[: self.articles] for name in ("publication", "published"))
        shares = np.bincount(publication)[1:] / self.articles
        if shares.any():
            name = _publication_name(int(np.abs(shares - 0.05).argmin()) + 1)
            found["publication"] = Filters(publications=(name,) if name else ())
        if (dated := published[published > 0]).size:
            since, until = (date.fromordinal(int(day)) for day in np.quantile(dated, (0.4, 0.6)))
            found["dates"] = Filters(since=since, until=until)
        return found

    def newcomers(self, count: int) -> list[tuple[str, TermArticle]]:
        """Articles that are not among them, each with a word that stands nowhere else."""
        found = []
        for number, known in zip(range(count), self.read(), strict=False):
            word = f"newcomer{number}"
            size = len(known.terms)
            article = _article(self.articles + number, self.passages + number * 1_000, size, 737_000, 0)
            found.append((word, TermArticle(article, [[*terms, word] for terms in known.terms])))
        return found


def _article(number: int, passage: int, size: int, published: int, publication: int) -> Article:
    return Article(
        id=number + 1,
        collection=LIBRARY,
        key=f"article-{number + 1}",
        revision=1,
        title="",
        text="",
        publication=_publication_name(publication),
        published=date.fromordinal(published) if published else None,
        passages=tuple(Passage(_NOWHERE, (), passage + n) for n in range(1, size + 1)),
    )


def _publication_name(number: int) -> str | None:
    """The name of a publication that is kept as a number, 0 where there is none."""
    return f"Publication {number}" if number else None
