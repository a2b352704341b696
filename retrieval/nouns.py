"""What kind of answer a noun asks for (`which lawmaker`, `what price tag`): `data/kinds.yaml`. Pure; English only."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Final

from corpus.yamlfile import parse_mapping

Term = tuple[str, ...]

LONGEST: Final = 3
"""The number of words of the longest term in the list."""


@lru_cache(maxsize=1)
def asked_nouns() -> dict[Term, str]:
    """For each term, by its words, the name of the kind it asks for; read once."""
    text = (files("retrieval") / "data" / "kinds.yaml").read_text("utf-8")
    lists = parse_mapping(text, name="kinds.yaml").value
    return {tuple(term.split("_")): kind for kind, terms in lists.items() for term in str(terms).split()}


@lru_cache(maxsize=4_096)
def term_at(words: Sequence[str]) -> tuple[int, str] | None:
    """The longest term that the words begin with: how many words it has, and the kind it asks for."""
    nouns = asked_nouns()
    for count in range(min(LONGEST, len(words)), 0, -1):
        *first, last = words[:count]
        for form in _singulars(last):
            kind = nouns.get((*first, form))
            if kind is not None:
                return count, kind
    return None


def is_plural(word: str) -> bool:
    """Whether the word is the plural of a noun in the list."""
    return (word,) not in asked_nouns() and any((form,) in asked_nouns() for form in _singulars(word))


def _singulars(word: str) -> list[str]:
    """The word, and what it may be the plural of."""
    found = [word]
    if word.endswith("ies"):
        found.append(word[:-3] + "y")
    if word.endswith("es"):
        found.append(word[:-2])
    if word.endswith("s") and not word.endswith("ss"):
        found.append(word[:-1])
    if word.endswith("men"):
        found.append(word[:-3] + "man")
    return found
