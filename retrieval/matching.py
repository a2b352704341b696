"""How well a sentence, and what stands around it, speaks of what was asked: levels from 0 (not at all) to 1."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from corpus.model import Article
from retrieval.analyser import canonical_term, lexicon
from retrieval.periods import Period
from retrieval.question import Concept, Part, Question
from retrieval.sentence import FAMILY_LETTERS, Profile, Sentence, first_names

RELATED: Final = 0.85
"""A word of the same group says it a little less surely than the word itself."""
_FAMILY: Final = 0.7
_KIN: Final = 0.75
_SURNAME: Final = 0.9
_STRANGER: Final = 0.3
_SHORT_FORM: Final = 0.8
_PROMINENT: Final = 0.9


@dataclass(frozen=True, eq=False)
class Context:
    """An article as far as it was read for a question: its profile and the sentences at hand, in order."""

    profile: Profile
    sentences: tuple[Sentence, ...]

    @property
    def article(self) -> Article:
        """The article itself."""
        return self.profile.article


@dataclass(frozen=True, eq=False)
class Lens:
    """One concept looked for in the sentences of one article: what can't occur there is sorted out once."""

    concept: Concept
    profile: Profile

    @cached_property
    def _whole(self) -> str | None:
        return _whole_of(self.concept) if self.concept.part is Part.NAME else None

    @cached_property
    def _related(self) -> frozenset[str]:
        return frozenset(stem for stem in self.concept.related if stem in self.profile.mentions)

    @cached_property
    def _phrases(self) -> tuple[tuple[str, ...], ...]:
        phrases = [tuple(phrase.split()) for phrase in sorted(self.concept.related) if " " in phrase]
        return tuple(phrase for phrase in phrases if any(part in self.profile.mentions for part in phrase))

    @cached_property
    def _family(self) -> frozenset[str]:
        """The terms of the article that come from the same word (`acquir`, `acquisit`)."""
        if self.concept.part is Part.NAME:
            return frozenset()
        families = self.profile.families
        return frozenset(
            stem
            for term in self.concept.terms
            for stem in families.get(term[:FAMILY_LETTERS], ())
            if is_same_family(term, stem)
        )

    @cached_property
    def in_article(self) -> float:
        """How well the article as a whole speaks of it; for a name: how prominently."""
        if self.concept.part is Part.NAME:
            return prominence(self.concept, self.profile)
        return article_level(self.concept, self.profile)

    def level(self, sentence: Sentence) -> float:
        """How well the sentence speaks of it."""
        places, concept = sentence.places, self.concept
        if concept.canonical and concept.canonical in places:
            return 1.0
        exact = sum(term in places for term in concept.terms)
        if exact and exact == len(concept.terms):
            return 1.0
        if concept.part is Part.NAME:
            return self._name_level(sentence, exact)
        if self._related_places(sentence):
            return RELATED
        if not self._family.isdisjoint(places):
            return _FAMILY
        return 0.5 * exact / max(1, len(concept.terms))

    def _name_level(self, sentence: Sentence, exact: int) -> float:
        if self._whole and self._whole in sentence.places:
            return _KIN
        if not exact:
            return 0.0
        surname = self.concept.terms[-1]
        if len(self.concept.terms) > 1 and surname in sentence.places and self._is_namesake(sentence, surname):
            return 0.0
        said = 0.6 * exact / len(self.concept.terms)
        if surname in sentence.places:
            said = _SURNAME if _has_capital(sentence, surname) else 0.5
        # Another person of that name, where the article never says the whole name.
        return said if article_level(self.concept, self.profile) else said * _STRANGER

    def _is_namesake(self, sentence: Sentence, surname: str) -> bool:
        """Whether the surname here is another person's: under another first name, or bare where theirs came first."""
        first = self.concept.terms[-2]
        before = first_names(sentence, surname)
        if before:
            return first not in before
        bearers = self.profile.first_names(surname)
        return bool(bearers) and bearers[0] != first and first in bearers

    def _related_places(self, sentence: Sentence) -> list[int]:
        """The indexes of words that say it in other words of its groups."""
        places = sentence.places
        found = [i for stem in self._related & places.keys() for i in places[stem]]
        for phrase in self._phrases:
            if not places.keys().isdisjoint(phrase):
                stems = sentence.stems
                found += [i for i in range(len(stems) - len(phrase) + 1) if stems[i : i + len(phrase)] == phrase]
        return sorted(found)

    def places(self, sentence: Sentence) -> list[int]:
        """The indexes of words in the sentence that speak of it: by the word itself, or else by related ones."""
        concept = self.concept
        if concept.canonical and concept.canonical in sentence.places:
            return list(sentence.places[concept.canonical])
        exact = sorted(i for term in concept.terms for i in sentence.places.get(term, ()))
        if exact:
            return exact
        if concept.part is Part.NAME:
            return list(sentence.places.get(self._whole, ())) if self._whole else []
        family = [i for stem in sorted(self._family) for i in sentence.places.get(stem, ())]
        return self._related_places(sentence) or sorted(family)


def level(concept: Concept, sentence: Sentence, profile: Profile) -> float:
    """How well one sentence of an article speaks of the concept."""
    return Lens(concept, profile).level(sentence)


def _whole_of(concept: Concept) -> str | None:
    kin = lexicon().kin
    return kin.get(concept.canonical or canonical_term(concept.surface))


def _has_capital(sentence: Sentence, term: str) -> bool:
    return any(sentence.text[sentence.words[i].start].isupper() for i in sentence.places[term])


def is_same_family(one: str, other: str) -> bool:
    """`acquir` and `acquisit`, `enforc` and `enforcement`: a long common beginning and little behind it."""
    if one[:FAMILY_LETTERS] != other[:FAMILY_LETTERS] or "@" in (one[:1], other[:1]):
        return one == other
    shared = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        shared += 1
    return (
        shared >= FAMILY_LETTERS and max(len(one), len(other)) - shared <= 4 and min(len(one), len(other)) - shared <= 2
    )


def article_level(concept: Concept, profile: Profile) -> float:
    """How well the article as a whole speaks of the concept."""
    mentions = profile.mentions
    if concept.canonical and concept.canonical in mentions:
        return 1.0
    if concept.terms and all(term in mentions for term in concept.terms):
        return 1.0
    if concept.part is Part.NAME:
        if _has_short_form(concept, mentions):
            return _SHORT_FORM
        if (whole := _whole_of(concept)) and whole in mentions:
            return _KIN
        return 1.0 if _is_publication(concept, profile) else 0.0
    return RELATED if any(stem in mentions for stem in concept.related) else 0.0


def _has_short_form(concept: Concept, mentions: Collection[str]) -> bool:
    """`Max Schrems` where the article says `Maximillian Schrems`, and the other way round."""
    if len(concept.terms) != 2 or concept.terms[1] not in mentions:
        return False
    first = concept.terms[0]
    return len(first) >= 3 and any(
        len(term) >= 3 and term != first and (term.startswith(first) or first.startswith(term)) for term in mentions
    )


def _is_publication(concept: Concept, profile: Profile) -> bool:
    return bool(concept.terms) and frozenset(concept.terms) <= profile.publication


def prominence(concept: Concept, profile: Profile) -> float:
    """Where in the article a name stands: title 1, beginning .9, often .8, twice .6, once .45, nowhere 0."""
    if not article_level(concept, profile):
        return 0.0
    if level(concept, profile.heading, profile) >= _KIN:
        return 1.0
    terms = [concept.canonical or "", _whole_of(concept) or "", *concept.terms[-1:]]
    if any(term in profile.beginning for term in terms):
        return 0.9
    if _is_publication(concept, profile):
        return 0.8
    count = max(profile.mentions.get(term, 0) for term in terms)
    return 0.8 if count >= 3 else 0.6 if count == 2 else 0.45


def case_level(question: Question, profile: Profile) -> float:
    """How surely the article is about the case that was asked for: 1 by name, less by its parties' prominence."""
    if question.case is None:
        return 1.0
    sides = [question.concepts[i] for i in question.case.parties]
    least = min(prominence(side, profile) for side in sides)
    named = [pair for pair in profile.cases if all(_is_party(side, pair) for side in sides)]
    if named:
        # Named in passing, in an article about another case, it is not what that article reports.
        return 1.0 if least >= _PROMINENT or len(named) == len(profile.cases) else least
    others = [pair for pair in profile.cases if any(_is_party(side, pair) for side in sides)]
    # An article that names another case of one of these parties is about that one, unless both are in its head.
    return least * (0.6 if others else 1.0)


def _is_party(concept: Concept, terms: frozenset[str]) -> bool:
    own = {concept.canonical, _whole_of(concept), *concept.terms[-1:]}
    if own & terms:
        return True
    kin = lexicon().kin
    return any(kin.get(term) == (concept.canonical or canonical_term(concept.surface)) for term in terms)


def period_level(period: Period, sentence: Sentence, context: Context) -> float:
    """Whether the sentence speaks of that time, or the article comes from it."""
    published = context.article.published
    if period.of_news:
        return 1.0 if period.holds(published) else 0.0
    day = period.since or period.until
    if day is not None and str(day.year) in sentence.places:
        return 1.0
    return 0.9 if period.holds(published) else 0.0


def unheard(question: Question, contexts: Sequence[Context]) -> list[Concept]:
    """The names of the question that no article at hand speaks of."""
    return [
        concept
        for concept in question.names
        if not any(article_level(concept, context.profile) > 0 for context in contexts)
    ]


def with_names(question: Question, contexts: Sequence[Context]) -> Question:
    """The question with those words read as names that the articles write with a capital (`parler` → `Parler`)."""
    concepts = tuple(
        replace(concept, part=Part.NAME)
        if concept.part is Part.CONTENT and _is_written_as_name(concept, contexts)
        else concept
        for concept in question.concepts
    )
    return replace(question, concepts=concepts)


def _is_written_as_name(concept: Concept, contexts: Sequence[Context]) -> bool:
    if len(concept.terms) != 1 or concept.canonical or not concept.surface.islower():
        return False
    capital = small = 0
    for context in contexts:
        for sentence in context.sentences:
            for i in sentence.places.get(concept.terms[0], ()):
                if i == 0:
                    continue
                if sentence.text[sentence.words[i].start].isupper():
                    capital += 1
                else:
                    small += 1
    return capital > 4 * small
