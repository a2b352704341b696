"""What a refusal says: which name, case or fact the corpus lacks, in words. English."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from corpus.text import fold
from retrieval.analyser import analyser_for
from retrieval.cases import case_level
from retrieval.index import Statistics
from retrieval.indirect import indirect
from retrieval.kinds import Kind
from retrieval.matching import Context, article_level, is_same_family, unheard
from retrieval.question import Concept, Part, Question
from retrieval.reading import Reach
from retrieval.sentence import Profile
from retrieval.spelling import is_valid, unknown_words

CONTRADICTED: Final = "An article says that this is not so."
"""Where what a question takes for granted is denied by the first of the closest passages."""
LEAST_CASE: Final = 0.75
"""From this level on an article is taken to be about the case that was asked for."""

_IN_WORDS: Final = "no one two three four five six seven eight nine ten".split()

_FACTS: Final = {
    Kind.PERSON: "say who",
    Kind.DATE: "say when",
    Kind.MONEY: "give the sum",
    Kind.NUMBER: "give the number",
    Kind.DURATION: "say how long",
    Kind.PLACE: "say where",
    Kind.COURT: "name the court",
    Kind.LAW: "name the law",
    Kind.ORGANISATION: "name the organisation",
    Kind.NAME: "give the name",
    Kind.QUOTE: "quote that",
    Kind.REASON: "say why",
    Kind.DOCKET: "give the docket number",
    Kind.AGE: "give the age",
    Kind.VOTE: "give the vote",
    Kind.PERCENT: "give the share",
    Kind.DEFINITION: "say what that is",
}
_NOT_COVERED: Final = "No article{} covers this."
_FAMILY_LETTERS: Final = 5
_MOST_UNKNOWN: Final = 3
_GIVEN_BY_NAME: Final = frozenset({Kind.DOCKET, Kind.VOTE, Kind.AGE, Kind.DEFINITION})
"""Kinds whose fact has a plain name; of others the question's own words say it better."""


def missing(question: Question, contexts: Sequence[Context], statistics: Statistics | None = None) -> str:
    """What the articles at hand lack, in one sentence or two.

    With `statistics` of the question's terms nothing is said to be in no article that the index knows.
    """
    covering = [context for context in contexts if _covers(question, context)]
    source = f" of {question.publications[0].title()}" if question.publications else ""
    unheard_of = _unheard_of(question, contexts, statistics, source, is_covered=bool(covering))
    if unheard_of:
        return unheard_of
    if not question.concepts:
        return "Name the case, the company or the law that you mean."
    if not covering:
        names = joined(_named(question)) if len(_named(question)) > 1 else ""
        return (
            f"No article{source} was found that speaks of {names} together." if names else _NOT_COVERED.format(source)
        )
    least = "at least " if covering[-1] is contexts[-1] and _are_all_read(contexts) else ""
    states = _none_states(question, len(covering), is_sure=not least and _are_silent(question, covering))
    covered = f"{_who_cover(question, len(covering), least)}; {states}."
    return covered[0].upper() + covered[1:]


def _unheard_of(
    question: Question, contexts: Sequence[Context], statistics: Statistics | None, source: str, *, is_covered: bool
) -> str | None:
    """What is said where a phrase, the case, a name or a word is in no article at hand."""
    if question.phrases and not contexts:
        return f"No article{source} holds the words “{question.phrases[0]}”."
    strangers = [concept for concept in unheard(question, contexts) if not _only_opens(concept)]
    nowhere = [concept for concept in strangers if not _is_known(concept, statistics)]
    if question.case and not is_covered:
        return _without_case(question, strangers, nowhere, source)
    if nowhere:
        return f"No article{source} mentions {joined([concept.surface for concept in nowhere], 'or')}."
    if strangers:
        named = joined([concept.surface for concept in strangers])
        return f"No passage was found that fits this and speaks of {named}, though articles do."
    if question.names or statistics is None:
        return None
    unknown = unknown_words(question, statistics)[:_MOST_UNKNOWN]
    return f"No article{source} mentions {joined([f'“{word}”' for word in unknown], 'or')}." if unknown else None


def _are_all_read(contexts: Sequence[Context]) -> bool:
    """Whether as many articles or passages were read as are at most: then there may be more."""
    reach = Reach()
    read = sum(len({sentence.passage_id for sentence in context.sentences}) for context in contexts)
    return len(contexts) >= reach.articles or read >= reach.passages


def joined(words: Sequence[str], last: str = "and") -> str:
    """`A`, `A and B`, `A, B and C`; at least one."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def _without_case(question: Question, strangers: Sequence[Concept], nowhere: Sequence[Concept], source: str) -> str:
    """What is said where no article at hand is about the case: none is, if one had been at hand."""
    case = question.case.surface if question.case else ""
    if nowhere or not strangers:
        unknown = [concept.surface for concept in nowhere]
        told = f" None mentions {joined(unknown, 'or')}." if unknown and len(unknown) < len(question.names) else ""
        return f"No article{source} covers {case}.{told}"
    others = joined([concept.surface for concept in strangers])
    return f"No passage was found that covers {case}, though articles mention {others}."


def _named(question: Question) -> list[str]:
    return [concept.surface for concept in question.names if not _only_opens(concept)]


def _only_opens(concept: Concept) -> bool:
    """Whether it may have a capital because the question begins there."""
    return concept.span.start == 0 and is_valid(fold(concept.surface), analyser_for("en"))


def _is_known(concept: Concept, statistics: Statistics | None) -> bool:
    """Whether the index has passages that hold the name, or each of its words."""
    held = statistics.containing if statistics else {}
    if concept.canonical and held.get(concept.canonical):
        return True
    return bool(concept.terms) and all(held.get(term) for term in concept.terms)


def _covers(question: Question, context: Context) -> bool:
    if question.case:
        return case_level(question, context.profile) >= LEAST_CASE
    asked = question.names or [concept for concept in question.concepts if concept.part is Part.CONTENT]
    return all(article_level(concept, context.profile) > 0 for concept in asked)


def _who_cover(question: Question, count: int, least: str) -> str:
    """`three articles cover A v. B`, `one article mentions A and B`."""
    if question.case and question.case.how is None:
        verb, about = "cover", question.case.surface
    elif _named(question):
        verb, about = "mention", joined(_named(question))
    else:
        verb, about = "come", "near this"
    number = _IN_WORDS[count] if count < len(_IN_WORDS) else str(count)
    are = f"articles {verb}" if count > 1 else f"article {verb}s"
    return f"{least}{number} {are} {about}"


def _none_states(question: Question, count: int, *, is_sure: bool) -> str:
    """`none says when it was filed`; where that isn't sure, that no sentence was found to say it."""
    verb, _, fact = _asked_fact(question).partition(" ")
    if not is_sure:
        where = "it" if count == 1 else "either" if count == 2 else "them"
        return f"no sentence in {where} was found to {verb} {fact}"
    if count == 1:
        return f"it doesn’t {verb} {fact}"
    return f"{'neither' if count == 2 else 'none'} {verb}s {fact}"


def _are_silent(question: Question, covering: Sequence[Context]) -> bool:
    """Whether nothing that was asked beside the names is spoken of in any of them, in whatever words."""
    profiles = [context.profile for context in covering]
    asked = [concept for concept in question.concepts if concept.part in {Part.CONTENT, Part.ROLE}]
    asked = asked or [concept for concept in question.concepts if concept.part is Part.GENERIC]
    return bool(asked) and not any(_is_spoken_of(concept, profile) for concept in asked for profile in profiles)


def _is_spoken_of(concept: Concept, profile: Profile) -> bool:
    if article_level(concept, profile) > 0:
        return True
    long_words = (
        term for term in (*concept.terms, *concept.related) if " " not in term and len(term) >= _FAMILY_LETTERS
    )
    return any(
        is_same_family(word, term) for word in long_words for term in profile.mentions_like(word[:_FAMILY_LETTERS])
    )


def _asked_fact(question: Question) -> str:
    """The fact that was asked for: a verb in its plain form and what goes with it."""
    role = next((c.surface for c in question.concepts if c.part is Part.ROLE), None)
    if question.kind is Kind.PERSON and role:
        return f"name the {role if role.isupper() else role.lower()}"
    told = None if question.kind in _GIVEN_BY_NAME else indirect(question)
    return f"say {told}" if told else _FACTS.get(question.kind, "say so")
