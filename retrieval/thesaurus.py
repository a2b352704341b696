"""Words and phrases that say the same, or nearly, in a question and in an article. English.

The groups stand in `data/thesaurus/*.txt`, one a line, entries apart by commas, under the headings `same:`, `near:` and
`roles:` (the role that is asked for first, then what tells that somebody holds it). Words are compared by their terms;
a phrase is its stems joined by blanks, articles left out (`took the stand` holds `take stand`). Groups are not merged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from sys import intern
from typing import Final

from corpus.text import forms
from retrieval.analyser import analyser_for, lexicon

_SAME: Final = "same"
_NEAR: Final = "near"
_ROLES: Final = "roles"
ARTICLES: Final = frozenset({"a", "an", "the"})
"""Words that phrases are compared without."""


@dataclass(frozen=True)
class Thesaurus:
    """For a term: the terms and phrases that say the same, nearly the same, or tell that somebody holds that role.

    `groups` are all groups; `same`, `near` and `roles` tell for each term the numbers of those it stands in.
    """

    groups: Sequence[tuple[str, ...]]
    same: Mapping[str, list[int]]
    near: Mapping[str, list[int]]
    roles: Mapping[str, list[int]]

    def same_as(self, term: str) -> frozenset[str]:
        """What says the same, the term itself left out."""
        return self._of(self.same, term)

    def near_to(self, term: str) -> frozenset[str]:
        """What says nearly the same, and what says the same left out."""
        return self._of(self.near, term) - self._of(self.same, term)

    def told_of(self, role: str) -> frozenset[str]:
        """What tells that somebody holds the role."""
        return self._of(self.roles, role)

    def _of(self, numbers: Mapping[str, list[int]], term: str) -> frozenset[str]:
        return frozenset(other for number in numbers.get(term, ()) for other in self.groups[number]) - {term}

    def knows(self, term: str) -> bool:
        """Whether it is a common word."""
        return term in self.same or term in self.near or term in self.roles

    @cached_property
    def phrases(self) -> Mapping[str, tuple[str, ...]]:
        """The phrases that say the same as something, by their first stem, those of most words first."""
        found: dict[str, list[str]] = {}
        for term in self.same:
            first, blank, _ = term.partition(" ")
            if blank:
                found.setdefault(intern(first), []).append(term)
        return {first: tuple(sorted(every, key=lambda one: (-one.count(" "), one))) for first, every in found.items()}

    def phrase_at(self, stems: Sequence[str], place: int) -> tuple[str, ...]:
        """The longest phrase of the thesaurus that begins there; empty where none does."""
        of_first = (tuple(term.split()) for term in self.phrases.get(stems[place], ()))
        return next((one for one in of_first if tuple(stems[place : place + len(one)]) == one), ())


@lru_cache(maxsize=1)
def thesaurus() -> Thesaurus:
    """The thesaurus shipped with the program; read once."""
    found: dict[str, dict[str, list[int]]] = {_SAME: {}, _NEAR: {}, _ROLES: {}}
    groups: list[tuple[str, ...]] = []
    for section, terms in _groups():
        told = found[section]
        for term in terms[:1] if section == _ROLES else terms:
            told.setdefault(term, []).append(len(groups))
        groups.append(terms)
    return Thesaurus(groups, found[_SAME], found[_NEAR], found[_ROLES])


def _groups() -> Iterator[tuple[str, tuple[str, ...]]]:
    for file in sorted((files("retrieval") / "data" / "thesaurus").iterdir(), key=lambda one: one.name):
        section = ""
        for line in file.read_text("utf-8").splitlines():
            if line.endswith(":"):
                section = line[:-1]
            elif line and not line.startswith("#"):
                terms = (intern(term) for entry in line.split(", ") for term in _terms(entry))
                yield section, tuple(dict.fromkeys(terms))


def _terms(entry: str) -> list[str]:
    """The stems of an entry as one term; of a single word that is a name's form (`lawsuit`) that name's term too."""
    analyser = analyser_for("en")
    plain = entry.isascii() and entry.replace(" ", "").isalpha()
    words = [form for form in (entry.lower().split() if plain else forms(entry)) if form not in ARTICLES]
    terms = [" ".join([analyser.stem(form) for form in words])] if words else []
    if len(words) == 1 and words[0] in lexicon().first_words:
        terms += [term for term in analyser.terms(words[0]) if term.startswith("@")]
    return terms
