"""Articles with a text, the same for the same seed: each about a case with a judge, a court and a sum.

So whole questions can be asked of them, not only words searched for.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

import numpy as np

from corpus.collection import LIBRARY
from corpus.model import Article, Passage, Span
from retrieval.bench.generated import PASSAGES_AN_ARTICLE, WORDS, law
from retrieval.bench.laws import spelled

_SENTENCES_A_PASSAGE: Final = 4
_WORDS_A_SENTENCE: Final = (12, 28)
_MOST_WORDS: Final = PASSAGES_AN_ARTICLE * _SENTENCES_A_PASSAGE * _WORDS_A_SENTENCE[1] + 10
_FIRST_NAMES: Final = ("Maria", "David", "Helen", "Robert", "Susan", "James")


def articles(passages: int, *, seed: int) -> Iterator[Article]:
    """Articles with `passages` passages in all (a multiple of 5, rounded up)."""
    for number in range(1, -(-passages // PASSAGES_AN_ARTICLE) + 1):
        yield _Story(number, seed).article()


class _Story:
    """The making of one article; its words are drawn all at once."""

    def __init__(self, number: int, seed: int) -> None:
        self._number = number
        self._chance = random.Random(f"{seed}/{number}")  # noqa: S311 - a generator of test data
        ranks = law().ranks(np.random.default_rng([seed, number]).random(_MOST_WORDS))
        self._words = iter([spelled(rank) for rank in ranks.tolist()])
        self._plaintiff, self._defendant, surname = (self._name() for _ in range(3))
        self._judge = f"{self._chance.choice(_FIRST_NAMES)} {surname}"

    def _name(self) -> str:
        """A word that few others use, with a capital; a factor keeps neighbours from looking alike."""
        return spelled(WORDS + self._chance.randrange(50 + 2 * self._number) * 7_368_787 % 20_000_000).capitalize()

    def _some(self, count: int) -> list[str]:
        return [next(self._words) for _ in range(count)]

    def article(self) -> Article:
        """The article; its passages are numbered on from those of the articles before."""
        text, passages = self._text()
        return Article(
            id=self._number,
            collection=LIBRARY,
            key=f"generated-{self._number}",
            revision=1,
            title=f"{self._plaintiff} v. {self._defendant}: {' '.join(self._some(5))}",
            text=text,
            publication=f"{spelled(int(40 * self._chance.random() ** 2)).capitalize()} Post",
            published=date(2015, 1, 1) + timedelta(days=self._chance.randrange(3_900)),
            passages=passages,
        )

    def _text(self) -> tuple[str, tuple[Passage, ...]]:
        parts: list[str] = []
        passages: list[Passage] = []
        start = 0
        for order in range(PASSAGES_AN_ARTICLE):
            spans = []
            for sentence in self._sentences(order):
                spans.append(Span(start, start + len(sentence)))
                parts.append(sentence)
                start += len(sentence) + 1
            number = (self._number - 1) * PASSAGES_AN_ARTICLE + order + 1
            passages.append(Passage(Span(spans[0].start, spans[-1].end), tuple(spans), number))
        return " ".join(parts), tuple(passages)

    def _sentences(self, order: int) -> list[str]:
        damages = f"${self._chance.randint(2, 900)} million in damages"
        facts = (
            f"U.S. District Judge {self._judge} ruled on Friday in {self._plaintiff} v. {self._defendant}.",
            f"The court ordered {self._defendant} to pay {self._plaintiff} {damages}.",
        )
        found = [self._sentence() for _ in range(_SENTENCES_A_PASSAGE)]
        return [found[0], *facts[order : order + 1], *found[1:]]

    def _sentence(self) -> str:
        words = self._some(self._chance.randint(*_WORDS_A_SENTENCE))
        words[self._chance.randrange(1, len(words))] = self._plaintiff
        return f"{words[0].capitalize()} {' '.join(words[1:])}."


def questions(titles: Sequence[str], count: int, *, seed: int) -> list[str]:
    """Questions about the cases in these titles of generated articles, some of which no article answers."""
    chance = random.Random(f"{seed}/questions")  # noqa: S311 - a generator of test data
    asked = []
    for _ in range(count):
        case = chance.choice(titles).split(":")[0]
        other = chance.choice(titles).split(" v. ")[0]
        first, second = case.split(" v. ")
        kinds = (
            f"Who is the judge in {case}?",
            f"How much must {second} pay {first} in damages?",
            f"When did the judge rule in {case}?",
            f"Why did {first} sue {other}?",
            f"What did {second} say about {other}?",
        )
        asked.append(chance.choice(kinds))
    return asked
