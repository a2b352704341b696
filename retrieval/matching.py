"""How well a sentence, and what stands around it, speaks of what was asked: levels from 0 (not at all) to 1."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import chain
from typing import Final

from corpus.model import Article
from corpus.text import forms
from retrieval.analyser import canonical_term, lexicon
from retrieval.periods import Period
from retrieval.question import Concept, Part, Question
from retrieval.sentence import Profile, Sentence, first_names
from retrieval.thesaurus import thesaurus

RELATED: Final = 0.85
"""A word of the same group says it a little less surely than the word itself."""
_FAMILY: Final = 0.7
NEAR: Final = 0.5
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
        self._spellings = spellings_of(concept)
        self._related = _Others(concept.related, profile)
        self._near = _Others(concept.near, profile)
        self._family = _family_of(concept, profile)
        every = {*concept.every_term, *self._related.stems, *self._near.stems, *self._family}
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
        if concept.canonical in places:
            return 1.0
        exact = sum(term in places and is_spelled(term, sentence, self._spellings) for term in concept.terms)
        if 0 < exact == len(concept.terms):
            return 1.0
        if concept.part is Part.NAME:
            return self._name_level(sentence, exact)
        return self._level_of_others(sentence, exact)

    def _level_of_others(self, sentence: Sentence, exact: int) -> float:
        """How well other words say it, where it is no name."""
        places, concept = sentence.places, self.concept
        if self._related.are_in(sentence):
            return RELATED
        if not self._family.isdisjoint(places):
            return _FAMILY
        if self._near.are_in(sentence):
            return NEAR
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

    def places(self, sentence: Sentence) -> list[int]:
        """The indexes of words in the sentence that speak of it: by the word itself, or else by related ones."""
        concept = self.concept
        if sentence.places.keys().isdisjoint(self._every_term):
            return []
        if concept.canonical and concept.canonical in sentence.places:
            return list(sentence.places[concept.canonical])
        exact = sorted(
            i
            for term in concept.terms
            for i in sentence.places.get(term, ())
            if not self._spellings or sentence.forms[i] in self._spellings
        )
        if exact:
            return exact
        if concept.part is Part.NAME:
            return list(sentence.places.get(self._whole, ())) if self._whole else []
        family = [i for stem in sorted(self._family) for i in sentence.places.get(stem, ())]
        return self._related.places(sentence) or sorted(family) or self._near.places(sentence)


def spellings_of(concept: Concept) -> frozenset[str]:
    """The forms in which a name's words may stand: as asked, or with a final s more or less; empty where any will do.

    Stems would take `Marlian` for `Marliane`: names are told apart by their last letters too.
    """
    if concept.part is not Part.NAME or concept.canonical:
        return frozenset()
    asked = [form.removesuffix("'s") for form in forms(concept.surface)]
    return frozenset(spelled for form in asked for spelled in (form, f"{form}s", f"{form}'s", form.removesuffix("s")))


def is_spelled(term: str, sentence: Sentence, spellings: Collection[str]) -> bool:
    """Whether one of the words that the term stands for is spelled so; any will do where no spellings are given."""
    return not spellings or any(sentence.forms[i] in spellings for i in sentence.places[term])


class _Others:
    """Other words and phrases for a concept, as far as they can occur in an article."""

    def __init__(self, words: frozenset[str], profile: Profile) -> None:
        single, phrases = _split(words)
        mentions = profile.mentions
        self._single = single & mentions
        self._phrases = [phrase for phrase in phrases if not mentions.isdisjoint(phrase)]
        self.stems = {*self._single, *chain.from_iterable(self._phrases)}
        """All stems of which one stands wherever one of these words does."""

    def are_in(self, sentence: Sentence) -> bool:
        """Whether the sentence says one of them."""
        return not self._single.isdisjoint(sentence.places) or bool(self._phrases and self.places(sentence))

    def places(self, sentence: Sentence) -> list[int]:
        """The indexes of the words that say it."""
        places = sentence.places
        found = [i for stem in self._single & places.keys() for i in places[stem]]
        for phrase in self._phrases:
            if not places.keys().isdisjoint(phrase):
                stems, words = sentence.in_phrases
                size = len(phrase)
                found += [words[i] for i in range(len(stems) - size + 1) if stems[i : i + size] == phrase]
        return sorted(found)


@lru_cache(maxsize=4_096)
def _split(words: frozenset[str]) -> tuple[frozenset[str], tuple[tuple[str, ...], ...]]:
    """Single stems, and phrases as their stems, in order."""
    single = frozenset(word for word in words if " " not in word)
    return single, tuple(tuple(phrase.split()) for phrase in sorted(words - single))


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
    if concept.terms and all(term in mentions for term in concept.terms) and _is_spelled_in(concept, profile):
        return 1.0
    if concept.part is Part.NAME:
        return _level_of_name(concept, profile)
    if not concept.related.isdisjoint(mentions):
        return RELATED
    return 0.0 if concept.near.isdisjoint(mentions) else NEAR


def _level_of_name(concept: Concept, profile: Profile) -> float:
    """How well an article speaks of a name that it doesn't hold as it was asked for."""
    if _has_short_form(concept, profile.mentions):
        return _SHORT_FORM
    if (whole := whole_of(concept)) and whole in profile.mentions:
        return _KIN
    return 1.0 if _is_publication(concept, profile) else 0.0


def _is_spelled_in(concept: Concept, profile: Profile) -> bool:
    """Whether the article spells a name as it was asked for; taken for granted where it was not read whole."""
    spellings = spellings_of(concept)
    if not spellings or not profile.sentences:
        return True
    last = concept.terms[-1]
    read = (profile.heading, *profile.sentences)
    return any(last in sentence.places and is_spelled(last, sentence, spellings) for sentence in read)


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


def share_of_names(concept: Concept, profile: Profile) -> float:
    """How often the article names it beside what it names most often (0..1)."""
    count = max(profile.count(term) for term in (*concept.terms[-1:], concept.canonical or ""))
    return min(1.0, count / max(profile.most_named, 1))


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
    is_word = thesaurus().knows(concept.terms[0])
    capital = small = owning = 0
    for context in contexts:
        for sentence in context.sentences:
            for i in sentence.places.get(concept.terms[0], ()):
                word = sentence.words[i]
                if not is_word and _OWNING.match(sentence.text, word.end - 2):
                    owning += 1
                if i and sentence.text[word.start].isupper():
                    capital += 1
                elif i:
                    small += 1
    return capital > 4 * small or owning > 1


_OWNING: Final = re.compile(r"\w{0,2}(?:['’]s\b|,? (?:Inc|LLC|Corp|Ltd|GmbH|AG|AI|Labs)\b)")
"""What follows a name that is written small (`hiQ Labs`): no common word owns things so often."""
