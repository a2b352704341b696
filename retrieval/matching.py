"""How well a sentence, and what stands around it, speaks of what was asked: levels from 0 (not at all) to 1."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import chain
from typing import Final

from corpus.model import Article
from retrieval.analyser import canonical_term, lexicon
from retrieval.periods import Period
from retrieval.question import Concept, Part, Question
from retrieval.sentence import Profile, Sentence, first_names

RELATED: Final = 0.85
"""A word of the same group says it a little less surely than the word itself."""
_FAMILY: Final = 0.7
_KIN: Final = 0.75
_SURNAME: Final = 0.9
_STRANGER: Final = 0.3
_SHORT_FORM: Final = 0.8
_FAMILY_LETTERS: Final = 5


@dataclass(frozen=True, eq=False)
class Context:
    """An article as far as it was read for a question: its profile and the sentences at hand, in order."""

    profile: Profile
    sentences: tuple[Sentence, ...]

    @property
    def article(self) -> Article:
        """The article itself."""
        return self.profile.article


class Lens:
    """One concept looked for in the sentences of one article: what can't occur there is sorted out once."""

    def __init__(self, concept: Concept, profile: Profile) -> None:
        self.concept = concept
        self.profile = profile
        self._whole = whole_of(concept) if concept.part is Part.NAME else None
        self._related = concept.related & profile.mentions
        self._phrases = _phrases_of(concept, profile)
        self._family = _family_of(concept, profile)
        every = {*concept.every_term, *self._related, *self._family, *chain.from_iterable(self._phrases)}
        self._every_term = every | {self._whole} if self._whole else every
        """All terms by which a sentence can speak of it."""

    @cached_property
    def in_article(self) -> float:
        """How well the article as a whole speaks of it; for a name: how prominently."""
        if self.concept.part is Part.NAME:
            return prominence(self.concept, self.profile)
        return article_level(self.concept, self.profile)

    def level(self, sentence: Sentence) -> float:
        """How well the sentence speaks of it."""
        places, concept = sentence.places, self.concept
        if places.keys().isdisjoint(self._every_term):
            return 0.0
        exact = sum(term in places for term in concept.terms)
        if concept.canonical in places or 0 < exact == len(concept.terms):
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
        if sentence.places.keys().isdisjoint(self._every_term):
            return []
        if concept.canonical and concept.canonical in sentence.places:
            return list(sentence.places[concept.canonical])
        exact = sorted(i for term in concept.terms for i in sentence.places.get(term, ()))
        if exact:
            return exact
        if concept.part is Part.NAME:
            return list(sentence.places.get(self._whole, ())) if self._whole else []
        family = [i for stem in sorted(self._family) for i in sentence.places.get(stem, ())]
        return self._related_places(sentence) or sorted(family)


def _phrases_of(concept: Concept, profile: Profile) -> list[tuple[str, ...]]:
    """The related phrases of which a part stands in the article."""
    phrases = (tuple(phrase.split()) for phrase in concept.related if " " in phrase)
    return [phrase for phrase in phrases if not profile.mentions.isdisjoint(phrase)]


def _family_of(concept: Concept, profile: Profile) -> frozenset[str]:
    """The terms of the article that come from the same word (`acquir`, `acquisit`)."""
    if concept.part is Part.NAME:
        return frozenset()
    return frozenset(
        stem
        for term in concept.terms
        if len(term) >= _FAMILY_LETTERS
        for stem in profile.mentions_like(term[:_FAMILY_LETTERS])
        if is_same_family(term, stem)
    )


def level(concept: Concept, sentence: Sentence, profile: Profile) -> float:
    """How well one sentence of an article speaks of the concept."""
    return Lens(concept, profile).level(sentence)


def whole_of(concept: Concept) -> str | None:
    """The term of the whole that a name is a part of, if one is known."""
    return lexicon().kin.get(concept.canonical) if concept.canonical else _whole_of_name(concept.surface)


@lru_cache(maxsize=1_024)
def _whole_of_name(name: str) -> str | None:
    return lexicon().kin.get(canonical_term(name))


def _has_capital(sentence: Sentence, term: str) -> bool:
    return any(sentence.text[sentence.words[i].start].isupper() for i in sentence.places[term])


def is_same_family(one: str, other: str) -> bool:
    """`acquir` and `acquisit`, `enforc` and `enforcement`: a long common beginning and little behind it."""
    if one[:_FAMILY_LETTERS] != other[:_FAMILY_LETTERS] or "@" in (one[:1], other[:1]):
        return one == other
    shared = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        shared += 1
    return (
        shared >= _FAMILY_LETTERS
        and max(len(one), len(other)) - shared <= 4
        and min(len(one), len(other)) - shared <= 2
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
        if (whole := whole_of(concept)) and whole in mentions:
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
    terms = [concept.canonical or "", whole_of(concept) or "", *concept.terms[-1:]]
    if any(term in profile.beginning for term in terms):
        return 0.9
    if _is_publication(concept, profile):
        return 0.8
    count = max(profile.count(term) for term in terms)
    return 0.8 if count >= 3 else 0.6 if count == 2 else 0.45


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
