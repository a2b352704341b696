"""How well a sentence, and what stands around it, speaks of what was asked: levels from 0 (not at all) to 1."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from corpus.model import Article, Span
from corpus.text import fold
from retrieval.analyser import analyser_for, canonical_term, lexicon
from retrieval.periods import Period
from retrieval.question import Concept, Part, Question
from retrieval.sentence import Sentence

RELATED: Final = 0.8
"""A word of the same group says it a little less surely than the word itself."""
_KIN: Final = 0.75
_NOWHERE: Final = Span(0, 0)


@dataclass(frozen=True, eq=False)
class Context:
    """An article as far as it was read for a question: its heading and the sentences at hand, in order."""

    article: Article
    sentences: tuple[Sentence, ...]

    @cached_property
    def heading(self) -> Sentence:
        """The title, read as a sentence of its own."""
        title = self.article.title
        return Sentence(title, self.sentences[0].span if self.sentences else _NOWHERE, 0, analyser_for(self.article.language))

    @cached_property
    def publication(self) -> frozenset[str]:
        """The terms of the publication's name."""
        return frozenset(analyser_for(self.article.language).terms(self.article.publication or ""))

    @cached_property
    def terms(self) -> frozenset[str]:
        """All terms of the article's text and title."""
        whole = f"{self.article.title}\n{self.article.text[:40_000]}"
        return frozenset(analyser_for(self.article.language).terms(whole))


def level(concept: Concept, sentence: Sentence) -> float:
    """How well the sentence speaks of the concept."""
    places = sentence.places
    if concept.canonical and concept.canonical in places:
        return 1.0
    exact = sum(term in places for term in concept.terms)
    if concept.terms and exact == len(concept.terms):
        return 1.0
    if concept.part is Part.NAME:
        return _name_level(concept, sentence, exact)
    return max((_related_level(concept, sentence), 0.5 * exact / max(1, len(concept.terms))))


def _name_level(concept: Concept, sentence: Sentence, exact: int) -> float:
    places = sentence.places
    whole = _whole_of(concept)
    if whole and whole in places:
        return _KIN
    if len(concept.terms) > 1 and concept.terms[-1] in places:
        return 0.9 if _has_capital(sentence, concept.terms[-1]) else 0.5
    return 0.6 * exact / max(1, len(concept.terms))


def _whole_of(concept: Concept) -> str | None:
    kin = lexicon().kin
    return kin.get(concept.canonical or canonical_term(concept.surface))


def _has_capital(sentence: Sentence, term: str) -> bool:
    return any(sentence.text[sentence.words[i].start].isupper() for i in sentence.places[term])


def _related_level(concept: Concept, sentence: Sentence) -> float:
    found = places_of_related(concept, sentence)
    if found:
        return RELATED
    for term in concept.terms:
        if any(_same_family(term, stem) for stem in sentence.places):
            return 0.7
    return 0.0


def _same_family(one: str, other: str) -> bool:
    """`acquir` and `acquisit`, `enforc` and `enforcement`: a long common beginning and little behind it."""
    if one == other or one[:1] == "@":
        return one == other
    shared = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        shared += 1
    return shared >= 5 and max(len(one), len(other)) - shared <= 4 and min(len(one), len(other)) - shared <= 2


def places_of_related(concept: Concept, sentence: Sentence) -> list[int]:
    """The indexes of words that say the concept in other words."""
    if not concept.related:
        return []
    stems = sentence.stems
    found = [i for i, stem in enumerate(stems) if stem in concept.related]
    for phrase in concept.related:
        if " " in phrase:
            parts = tuple(phrase.split())
            found += [i for i in range(len(stems) - len(parts) + 1) if stems[i : i + len(parts)] == parts]
    return sorted(found)


def places_of(concept: Concept, sentence: Sentence) -> list[int]:
    """The indexes of words in the sentence that speak of the concept, best way first."""
    if concept.canonical and concept.canonical in sentence.places:
        return list(sentence.places[concept.canonical])
    exact = sorted(i for term in concept.terms for i in sentence.places.get(term, ()))
    if exact:
        return exact
    whole = _whole_of(concept) if concept.part is Part.NAME else None
    if whole and whole in sentence.places:
        return list(sentence.places[whole])
    return [] if concept.part is Part.NAME else places_of_related(concept, sentence)


def article_level(concept: Concept, context: Context) -> float:
    """How well the article as a whole speaks of the concept."""
    terms = context.terms
    if concept.canonical and concept.canonical in terms:
        return 1.0
    if concept.terms and all(term in terms for term in concept.terms):
        return 1.0
    whole = _whole_of(concept)
    if concept.part is Part.NAME:
        if whole and whole in terms:
            return _KIN
        if concept.terms and frozenset(concept.terms) <= context.publication:
            return 1.0
        return 0.0
    return RELATED if any(stem in terms for stem in concept.related) else 0.0


_EXPLICIT: Final = re.compile(
    r"((?:[A-Z][\w.&’'-]*|of|and|de|the)(?:,? (?:[A-Z][\w.&’'-]*|of|and|de|the|et al\.?))*),? (?:v|vs|versus)\.? ((?:[A-Z][\w.&’'-]*|of|de|hiQ)(?: (?:[A-Z][\w.&’'-]*|of|de))*)"
)


def explicit_cases(context: Context) -> list[tuple[str, str]]:
    """The pairs of parties that the article names with `v.`."""
    text = f"{context.article.title}\n{context.article.text[:40_000]}"
    return [(found[1], found[2]) for found in _EXPLICIT.finditer(text)]


def case_level(question: Question, context: Context) -> float:
    """How surely the article is about the case that was asked for: 1 by name, less by its parties' prominence."""
    if question.case is None:
        return 1.0
    sides = [question.concepts[i] for i in question.case.parties]
    cases = explicit_cases(context)
    named = [pair for pair in cases if all(_speaks_of(side, " ".join(pair), context) for side in sides)]
    if named:
        return 1.0
    prominence = min(_prominence(side, context) for side in sides)
    # An article that names another case of one of these parties is about that one, unless both are in its head.
    rival = any(any(_speaks_of(side, " ".join(pair), context) for side in sides) for pair in cases)
    return prominence * (0.6 if rival else 1.0)


def _speaks_of(concept: Concept, text: str, context: Context) -> bool:
    terms = frozenset(analyser_for(context.article.language).terms(text))
    if concept.canonical in terms or (concept.terms and concept.terms[-1] in terms) or (whole := _whole_of(concept)) in terms and whole:
        return True
    return any(lexicon().kin.get(term) == (concept.canonical or canonical_term(concept.surface)) for term in terms)


def _prominence(concept: Concept, context: Context) -> float:
    """Where in the article a party stands: title 1, beginning .9, often .8, once .45, nowhere 0."""
    if level(concept, context.heading) >= _KIN:
        return 1.0
    if any(level(concept, sentence) >= _KIN for sentence in context.sentences[:3] if sentence.span.start < 700):
        return 0.9
    mentions = sum(level(concept, sentence) >= _KIN for sentence in context.sentences)
    return 0.8 if mentions >= 3 else 0.6 if mentions == 2 else 0.45 if mentions else 0.45 * article_level(concept, context)


def period_level(period: Period, sentence: Sentence, context: Context) -> float:
    """Whether the sentence speaks of that time, or the article comes from it."""
    published = context.article.published
    if period.relative:
        return 1.0 if period.holds(published) else 0.0
    forms = {word.form for word in sentence.words}
    year = period.since.year if period.since else period.until.year if period.until else None
    if year is not None and str(year) in forms:
        return 1.0
    return 0.9 if period.holds(published) else 0.0


def unheard(question: Question, contexts: Sequence[Context]) -> list[Concept]:
    """The names of the question that no article at hand speaks of."""
    return [
        concept
        for concept in question.names
        if not any(article_level(concept, context) > 0 for context in contexts)
    ]


def same_publication(name: str, article: Article) -> bool:
    """Whether the article comes from the publication of that name."""
    return fold(name) == fold(article.publication or "")
