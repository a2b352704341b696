"""The laws that generated words follow: how often each is used, how many there are, how they are spelled.

Frequencies fall as Zipf-Mandelbrot says (Mandelbrot 1953: f ∝ 1/(rank + q)^s, here q = 2.7, s = 1.07), and faster
beyond the core vocabulary (Gerlach and Altmann 2013, "Stochastic model for the vocabulary growth in natural
languages": a second exponent of 1.77 beyond some 8,000 words). From the second follows Heaps's law: the number of
different words grows as a power of the text's length.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ids = npt.NDArray[np.int64]

OFFSET: Final = 2.7
SLOPE: Final = 1.07
CORE: Final = 8_000
RARE_SLOPE: Final = 1.77

_CELLS: Final = 1 << 20
_SYLLABLES: Final = [c + v for c in "bdfgklmnprstvz" for v in "aeiou"]


def frequencies(words: int) -> Floats:
    """The share of each rank among all words of a text; they sum up to 1."""
    ranks = np.arange(words, dtype=np.float64) + OFFSET
    found = ranks**-SLOPE
    found[CORE:] *= (ranks[CORE:] / (CORE + OFFSET)) ** (SLOPE - RARE_SLOPE)
    shares: Floats = found / found.sum()
    return shares


class Law:
    """Draws ranks by their frequency."""

    def __init__(self, words: int) -> None:
        self._words = words
        self._below = np.cumsum(frequencies(words))
        # Most draws fall into a cell that holds one rank alone: 1.5 times as fast as a binary search for each.
        self._cells = np.searchsorted(self._below, np.arange(_CELLS + 1) / _CELLS)

    def share_below(self, rank: int) -> float:
        """The share of all words that is used more than the one of this rank."""
        return float(self._below[rank - 1]) if rank else 0.0

    def ranks(self, chances: Floats) -> Ids:
        """The rank for each chance, `0 <= chance < 1`."""
        cells = (chances * _CELLS).astype(np.int64)
        found = self._cells[cells]
        shared = found != self._cells[cells + 1]
        found[shared] = np.searchsorted(self._below, chances[shared])
        return np.minimum(found, self._words - 1)


def spelled(number: int) -> str:
    """A pronounceable word for a number, another for each."""
    parts = [_SYLLABLES[number % len(_SYLLABLES)]]
    while number := number // len(_SYLLABLES):
        parts.append(_SYLLABLES[number % len(_SYLLABLES)])
    return "".join(parts) + "n"
