"""Which part of a sentence each of several like answers belongs to: `$3 million to users and $2 million to the state`.

The sentence is cut between its candidates at the coordination that parts them. What stands before the first of them
(`the commission fined …`) belongs to all; what stands in the part of another belongs to that one. English.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from corpus.model import Span
from retrieval.doers import is_told_apart
from retrieval.sentence import Sentence

_STRONG: Final = re.compile(r";|,? (?:and|plus|while|whereas|but|then|or|versus|compared)\b")
_WEAK: Final = re.compile(r", | – | — ")
_BORDER_CHARS: Final = frozenset(",;:—–")
_CONJUNCTIONS: Final = frozenset("and but while which who that after before because when since until although".split())

_OF: Final = re.compile(r" (?:of|is|was|at|to)(?: (?:about|some|only|a|the|roughly|nearly|due by))* ?|,? (?:by|on) ")
SHARED: Final = 3.0
"""What stands before all of them is that many words further away from every one but the first."""
ANOTHERS: Final = 5.0
"""What stands in the part of another answer is that many words further away."""


class Clauses:
    """One sentence cut between the candidates for an answer (in any order, all of one kind)."""

    def __init__(self, sentence: Sentence, candidates: Sequence[Span]) -> None:
        self._sentence = sentence
        self._borders = _border_counts(sentence)
        spans = sorted(set(candidates), key=lambda span: (span.start, span.end))
        self._first = spans[0]
        self._cuts = [cut for one, other in pairwise(spans) if (cut := _cut(sentence.text, one, other))]
        self._named: dict[int, bool] = {}

    def distance(self, first: int, last: int, place: int) -> float:
        """The words between the words `first` to `last` (behind the last) and a place; a border counts as three."""
        if first <= place < last:
            return 0.0
        low, high = (last - 1, place) if place >= last else (place, first)
        borders = self._borders[high] - self._borders[low] - (self._sentence.forms[low] in _CONJUNCTIONS)
        return (high - low - 1) + 3.0 * borders

    def distance_in_parts(self, first: int, last: int, place: int, *, is_name: bool) -> float:
        """The same, where several candidates share the sentence."""
        plain = self.distance(first, last, place)
        if not self._cuts:
            return plain
        words = self._sentence.words
        own = bisect_right(self._cuts, words[first].start)
        if own == bisect_right(self._cuts, words[place].start):
            return plain
        if words[place].start < self._first.start and not (is_name and self._names_another(own)):
            low, high = self._sentence.word_range(self._first)
            if not self._is_of_first(place):
                return min(plain, self.distance(low, high, place) + SHARED)
        return plain + ANOTHERS

    def part_of(self, place: int) -> int | None:
        """The part that a word belongs to, by its number; None for what stands before all candidates."""
        start = self._sentence.words[place].start
        return None if start < self._first.start else bisect_right(self._cuts, start)

    def _is_of_first(self, place: int) -> bool:
        """`a bond of $2 million, far below …`: the noun belongs to the first candidate alone."""
        between = self._sentence.text[self._sentence.words[place].end : self._first.start]
        return _OF.fullmatch(between) is not None

    def _names_another(self, part: int) -> bool:
        """Whether this part has a name of its own."""
        if part not in self._named:
            start = self._cuts[part - 1] if part else 0
            end = self._cuts[part] if part < len(self._cuts) else len(self._sentence.text)
            self._named[part] = any(
                start <= name.span.start < end and is_told_apart(name) for name in self._sentence.names
            )
        return self._named[part]


def _cut(text: str, one: Span, other: Span) -> int | None:
    """The offset where the part of the second candidate begins."""
    if other.start <= one.end:
        return None
    strong = _STRONG.search(text, one.end, other.start)
    found = strong or _WEAK.search(text, one.end, other.start)
    return found.end() if found else None


def _border_counts(sentence: Sentence) -> list[int]:
    """For each word the borders of clauses before it, from the sentence's beginning."""
    text, words = sentence.text, sentence.words
    counts, total, end = [], 0, 0
    for word, form in zip(words, sentence.forms, strict=True):
        if word.start - end > 1:
            total += sum(c in _BORDER_CHARS for c in text[end : word.start])
        counts.append(total)
        if form in _CONJUNCTIONS:
            total += 1
        end = word.end
    return counts
