"""What a refusal says is missing: never more than is sure."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest

from retrieval.index import Statistics
from retrieval.matching import Context
from retrieval.question import Question, parse
from retrieval.refusals import joined, missing
from tests.fakes.contexts import contexts_of

NOW = datetime(2024, 6, 1, tzinfo=UTC)
ONE = """
    Brindle v. Quarrix goes to trial | The Ledger | 2024-03-01 | key={key}
        U.S. District Judge Ines Marrow let Brindle v. Quarrix go to trial. Brindle wants $40,000.
"""
OTHER = """
    Corvane opens | The Ledger | 2024-03-02 | key={key}
        Corvane opened an office near the harbor.
"""


def articles(notation: str, count: int) -> list[Context]:
    return contexts_of("".join(notation.format(key=f"a{n}") for n in range(count)))


def held(question: Question, contexts: list[Context], *others: str) -> Statistics:
    """The statistics of a corpus of these articles, and of others that hold these terms."""
    asked = {*question.terms, *(term for concept in question.concepts for term in concept.every_term)}
    counts = Counter(term for context in contexts for term in context.profile.mentions if term in asked)
    counts.update(others)
    return Statistics(1_000, {term: counts[term] for term in asked})


def said(asked: str, contexts: list[Context], *others: str) -> str:
    question = parse(asked, NOW, publications=["the ledger"])
    return missing(question, contexts, held(question, contexts, *others))


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (1, "One article covers Brindle v. Quarrix; it doesn’t say whether it was settled."),
        (2, "Two articles cover Brindle v. Quarrix; neither says whether it was settled."),
        (3, "Three articles cover Brindle v. Quarrix; none says whether it was settled."),
        (7, "Seven articles cover Brindle v. Quarrix; none says whether it was settled."),
    ],
)
def test_what_none_of_the_articles_speaks_of_none_says(count: int, told: str) -> None:
    assert said("Was Brindle v. Quarrix settled?", articles(ONE, count)) == told


@pytest.mark.parametrize(("count", "where"), [(1, "it"), (2, "either"), (3, "them")])
def test_where_they_speak_of_it_only_the_search_is_told_of(count: int, where: str) -> None:
    told = said("When did Quarrix want a trial in Brindle v. Quarrix?", articles(ONE, count))
    assert told.endswith(f"; no sentence in {where} was found to say when Quarrix wanted a trial.")


def test_as_many_as_are_read_at_most_may_not_be_all() -> None:
    told = said("Was Brindle v. Quarrix settled?", articles(ONE, 12))
    assert (
        told
        == "At least 12 articles cover Brindle v. Quarrix; no sentence in them was found to say whether it was settled."
    )


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("Who is the CEO of Corvane?", "One article mentions Corvane; it doesn’t name the CEO."),
        ("Who is the lawyer of Corvane?", "One article mentions Corvane; it doesn’t name the lawyer."),
        ("How much did Corvane pay?", "One article mentions Corvane; it doesn’t say how much Corvane paid."),
        (
            "What was the vote on Corvane?",
            "One article mentions Corvane; no sentence in it was found to give the vote.",
        ),
        ("Who sued Corvane?", "One article mentions Corvane; it doesn’t say who sued Corvane."),
        ("Who sued Brackenfold?", "No article mentions Brackenfold."),
        ("Who sued Brackenfold, according to The Ledger?", "No article of The Ledger mentions Brackenfold."),
        ("Did Brackenfold sue Zentrix?", "No article covers a case of Brackenfold against Zentrix."),
        ("Who is the judge in Corvane v. Zentrix?", "No article covers Corvane v. Zentrix. None mentions Zentrix."),
        ("what is a zorble", "No article mentions “zorble”."),
        ("was a balloon lost", "No article covers this."),
        ("what happened", "Name the case, the company or the law that you mean."),
    ],
)
def test_a_refusal_names_what_is_missing(asked: str, told: str) -> None:
    assert said(asked, articles(OTHER, 1)).startswith(told)


def test_names_in_different_articles_are_not_together() -> None:
    contexts = [*articles(ONE, 1), *articles(OTHER, 1)]
    assert said("Did Corvane buy Quarrix?", contexts) == (
        "No article was found that speaks of Corvane and Quarrix together."
    )


def test_what_the_index_knows_is_never_said_to_be_in_no_article() -> None:
    far = said("Who is the judge in Harlow v. Wenn?", articles(OTHER, 1), "harlow", "wenn")
    assert far == "No passage was found that covers Harlow v. Wenn, though articles mention Harlow and Wenn."
    name = said("Who sued Harlow?", articles(OTHER, 1), "harlow")
    assert name == "No passage was found that fits this and speaks of Harlow, though articles do."


def test_a_phrase_that_is_in_no_article_is_told() -> None:
    assert said('Who said "the tide is high"?', []) == "No article holds the words “the tide is high”."


def test_without_statistics_the_articles_at_hand_decide() -> None:
    assert missing(parse("Who sued Harlow?", NOW), articles(OTHER, 1)) == "No article mentions Harlow."


def test_words_are_joined_as_people_do() -> None:
    assert joined(["A"]) == "A"
    assert joined(["A", "B"]) == "A and B"
    assert joined(["A", "B", "C"], "or") == "A, B or C"
