"""Whether a sentence says the opposite of what was asked: `struck down` where it was asked who upheld."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Final

from corpus.model import Span
from corpus.text import forms
from corpus.yamlfile import parse_mapping
from retrieval.analyser import analyser_for
from retrieval.kinds import Kind
from retrieval.question import Question
from retrieval.sentence import Sentence
from retrieval.thesaurus import thesaurus

_Stems = tuple[str, ...]
_Side = frozenset[_Stems]

_DECIDED_EITHER_WAY: Final = frozenset({Kind.YES_NO, Kind.EVENT})
"""Kinds of question that the opposite answers too."""


def says_opposite(question: Question, sentence: Sentence) -> bool:
    """Whether of a verb that was asked for the sentence has only opposites, where it speaks of the names asked about.

    English; words are compared by their stems.
    """
    if question.kind in _DECIDED_EITHER_WAY or sentence.analyser.language != "en":
        return False
    asked = tuple(sentence.analyser.stem(form) for form in forms(question.text))
    return any(_is_only(other, own, asked, question, sentence) for own, other in _asked_for(asked))


@lru_cache(maxsize=256)
def _asked_for(asked: _Stems) -> tuple[tuple[_Side, _Side], ...]:
    """The sides that are asked for while their other side is not, each with that."""
    return tuple((own, other) for own, other in directed() if _holds(asked, own) and not _holds(asked, other))


def _is_only(other: _Side, own: _Side, asked: _Stems, question: Question, sentence: Sentence) -> bool:
    """Whether of `own`, which is asked for, and `other` only that is said."""
    if not _holds(sentence.stems, other):
        return False
    wanted = [phrase for phrase in own if _holds(asked, {phrase})]
    same = {tuple(word.split()) for phrase in wanted for word in thesaurus().same_as(" ".join(phrase))}
    near = _around_names(question, sentence)
    told = near if any(_holds(clause, other | own | same) for clause in near) else [sentence.stems]
    return any(_holds(clause, other) for clause in told) and not any(_holds(clause, own | same) for clause in told)


def _around_names(question: Question, sentence: Sentence) -> list[_Stems]:
    """The stems of the clauses that hold a name of the question, where not all do; else those of all."""
    borders = [0, *(border.start() for border in _BORDER.finditer(sentence.text)), len(sentence.text)]
    ranges = [sentence.word_range(Span(start, end)) for start, end in pairwise(borders)]
    terms = {term for name in question.names for term in (name.canonical, *name.terms[-1:]) if term}
    places = {i for term in terms for i in sentence.places.get(term, ())}
    near = [(first, last) for first, last in ranges if not places.isdisjoint(range(first, last))]
    return [sentence.stems[first:last] for first, last in near or ranges]


_BORDER: Final = re.compile(r"[;:—]|, (?:and|although|but|though|whereas|while|yet)\b")


def _holds(stems: _Stems, side: Collection[_Stems]) -> bool:
    """Whether one of the phrases stands there."""
    held = set(stems)
    return any(phrase[0] in held and (len(phrase) == 1 or _stands(phrase, stems)) for phrase in side)


def _stands(phrase: _Stems, stems: _Stems) -> bool:
    return any(stems[i : i + len(phrase)] == phrase for i in range(len(stems) - len(phrase) + 1))


@lru_cache(maxsize=1)
def directed() -> tuple[tuple[_Side, _Side], ...]:
    """The pairs of sides of `data/opposites.yaml`, each in both directions; read once."""
    text = (files("retrieval") / "data" / "opposites.yaml").read_text("utf-8")
    lines = "".join(f"  {line}\n" for line in text.splitlines())
    pairs = parse_mapping("pairs:\n" + lines, name="opposites.yaml").value["pairs"]
    return tuple(_both_ways(pairs))


def _both_ways(pairs: object) -> Iterator[tuple[_Side, _Side]]:
    if not isinstance(pairs, list):
        raise TypeError(pairs)
    stem = analyser_for("en").stem
    for pair in pairs:
        one, other = (frozenset(tuple(stem(form) for form in forms(str(word))) for word in side) for side in pair)
        yield one, other
        yield other, one
