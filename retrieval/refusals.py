"""What a refusal says: which name, case or fact the corpus lacks, in words. English."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from retrieval.cases import case_level
from retrieval.kinds import Kind
from retrieval.matching import Context, article_level, unheard
from retrieval.question import Part, Question

LEAST_CASE: Final = 0.75
"""From this level on an article is taken to be about the case that was asked for."""

_FACTS: Final = {
    Kind.PERSON: "says who",
    Kind.DATE: "says when",
    Kind.MONEY: "gives the sum",
    Kind.NUMBER: "gives the number",
    Kind.DURATION: "says how long",
    Kind.PLACE: "says where",
    Kind.COURT: "names the court",
    Kind.LAW: "names the law",
    Kind.ORGANISATION: "names it",
    Kind.NAME: "names it",
    Kind.QUOTE: "quotes that",
    Kind.REASON: "says why",
    Kind.DOCKET: "gives the docket number",
    Kind.AGE: "gives the age",
    Kind.VOTE: "gives the vote",
    Kind.PERCENT: "gives the share",
    Kind.DEFINITION: "says what that is",
}


def missing(question: Question, contexts: Sequence[Context]) -> str:
    """What the articles at hand lack, as one sentence."""
    covering = [context for context in contexts if _covers(question, context)]
    strangers = unheard(question, contexts)
    source = f" of {question.publications[0].title()}" if question.publications else ""
    if question.phrases and not contexts:
        return f"No article{source} holds the words “{question.phrases[0]}”."
    if question.case and not covering:
        return f"No article{source} covers {question.case.surface}."
    if strangers:
        return f"No article{source} speaks of {joined([concept.surface for concept in strangers])}."
    if not question.concepts:
        return "Name the case, the company or the law that you mean."
    if not covering:
        return f"No article{source} covers this."
    names = [concept.surface for concept in question.names]
    about = joined(names) if names else "words of this"
    found = f"{len(covering)} articles mention" if len(covering) > 1 else "One article mentions"
    where = "in them" if len(covering) > 1 else "in it"
    return f"{found} {about}, but no sentence was found {where} that {_asked_fact(question)}."


def joined(words: Sequence[str]) -> str:
    """`A`, `A and B`, `A, B and C`; at least one."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _covers(question: Question, context: Context) -> bool:
    if question.case:
        return case_level(question, context.profile) >= LEAST_CASE
    return all(article_level(concept, context.profile) > 0 for concept in question.names)


def _asked_fact(question: Question) -> str:
    role = next((c.surface for c in question.concepts if c.part is Part.ROLE), None)
    if question.kind is Kind.PERSON and role:
        return f"names the {role if role.isupper() else role.lower()}"
    return _FACTS.get(question.kind, "says so")
