"""How far a text repeats the question's own words: which of them, how rare they are, and in what order and closeness.

Meaning is left to `matching`; here only terms and their places count. Rarity is the idf of the index that is asked.
"""

from __future__ import annotations

import math
from collections.abc import Container, Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from retrieval.index import Statistics
from retrieval.sentence import Profile, Sentence

_RARITY_BOUNDS: Final = (1.5, 9.0)
"""In a corpus of a few articles the idf of every word is small: bounded below, words count nearly alike there."""
_BESIDE: Final = 1
_CLOSE: Final = 3
_CLOSE_COUNTS: Final = 0.5
_REACH_WORDS: Final = 5.0
"""The distance at which closeness has fallen to 1/e."""
_MOST_PLACES: Final = 8
"""No sentence that a person wrote repeats a word more often; one that was made to must not hold up everybody else."""


def rarity(terms: Sequence[str], statistics: Statistics, bounds: tuple[float, float] = _RARITY_BOUNDS) -> float:
    """The idf of the rarest of some terms, bounded: `log(1 + (N - n + .5) / (n + .5))`, n of N passages holding it."""
    held = min((statistics.containing.get(term, 0) for term in terms), default=0)
    idf = math.log(1 + (statistics.passages - held + 0.5) / (held + 0.5))
    return min(max(idf, bounds[0]), bounds[1])


class Repeated(NamedTuple):
    """What a sentence repeats of a question, each 0..1.

    `exact`: the share of its terms, by rarity; `pairs`: of its neighbouring terms, those that are near each other here
    too; `order`: how many follow each other as they were asked; `near`: how close together they stand.
    """

    exact: float = 0.0
    pairs: float = 0.0
    order: float = 0.0
    near: float = 0.0


_NOTHING: Final = Repeated()


class Overlap:
    """Compares texts with the terms of one question, given in the order in which they were asked."""

    def __init__(self, terms: Sequence[str], statistics: Statistics) -> None:
        self._terms = tuple(dict.fromkeys(terms))
        self._rarities = {term: rarity([term], statistics) for term in self._terms}
        self._total = sum(self._rarities.values()) or 1.0
        self._pairs = [(one, other) for one, other in pairwise(terms) if one != other]
        self._of_pairs = sum(self._rarities[one] + self._rarities[other] for one, other in self._pairs) or 1.0

    def share(self, held: Container[str]) -> float:
        """The share of the question's terms that are held, by rarity (0..1)."""
        return sum(weight for term, weight in self._rarities.items() if term in held) / self._total

    def title(self, profile: Profile) -> float:
        """The share that stands in the article's title."""
        return self.share(profile.heading.places)

    def article(self, profile: Profile) -> float:
        """The share that stands in the article at all."""
        return self.share(profile.mentions)

    def of(self, sentence: Sentence) -> Repeated:
        """What the sentence repeats."""
        places = sentence.places
        here = [places[term] for term in self._terms if term in places]
        if not here:
            return _NOTHING
        steps = max(1, len(self._terms) - 1)
        gaps = [later[0] - earlier[0] for earlier, later in pairwise(here)]
        return Repeated(
            exact=self.share(places),
            pairs=self._paired(places) if len(here) > 1 else 0.0,
            order=sum(gap >= 0 for gap in gaps) / steps,
            near=sum(math.exp(-max(0, abs(gap) - 1) / _REACH_WORDS) for gap in gaps) / steps,
        )

    def _paired(self, places: Mapping[str, Sequence[int]]) -> float:
        found = 0.0
        for one, other in self._pairs:
            if one in places and other in places:
                gap = min(abs(a - b) for a in places[one][:_MOST_PLACES] for b in places[other][:_MOST_PLACES])
                if gap <= _CLOSE:
                    counts = 1.0 if gap <= _BESIDE else _CLOSE_COUNTS
                    found += counts * (self._rarities[one] + self._rarities[other])
        return found / self._of_pairs
