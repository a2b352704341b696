"""What counts as a contradiction between two articles, what as the same told otherwise, and what as a replacement."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from retrieval.answer import Asker, Ready
from retrieval.conflicts import conflicts, newest_first, replaced
from retrieval.embedded import EmbeddedIndex
from retrieval.evidence import Choice
from retrieval.model import Asked
from retrieval.question import Question
from tests.fakes.corpus import FakeCorpus

NOW = datetime(2024, 6, 1, 12, 0, tzinfo=UTC)
HEAD = "Brindle v. Quarrix: {} | The Ledger | 2024-03-0{} | key={}"


def said(asked: str, first: str, second: str, *, days: tuple[int, int] = (1, 2)) -> tuple[list[Choice], Question]:
    """The sentences that may be shown as an answer, that of the first article in front."""
    heads = [HEAD.format(key, day, key) for key, day in zip(("first", "second"), days, strict=True)]
    corpus = FakeCorpus(f"{heads[0]}\n    {first}\n{heads[1]}\n    {second}\n")
    index = EmbeddedIndex()
    index.apply(asyncio.run(corpus.changes(0, 10)))
    decision = asyncio.run(Asker(Ready(index), corpus).decision(Asked(asked, NOW)))
    assert decision is not None
    found = [choice for choice in decision.ranked() if decision.is_said(choice)]
    found.sort(key=lambda choice: choice.context.article.key != "first")
    return found, decision.question


def contradict(asked: str, first: str, second: str) -> bool:
    """Whether the second article contradicts the first; the same must hold the other way round."""
    forth, question = said(asked, first, second)
    back, _ = said(asked, second, first)
    found = bool(conflicts(forth[0], forth[1:], question))
    assert found == bool(conflicts(back[0], back[1:], question))
    return found


PAID = "How much must Quarrix pay Brindle in damages?"


@pytest.mark.parametrize(
    ("asked", "first", "second"),
    [
        (PAID, "Quarrix must pay Brindle $7.5 million in damages.", "Quarrix must pay Brindle $9 million in damages."),
        (PAID, "Quarrix must pay Brindle $40,000 in damages.", "Quarrix must pay Brindle 42,000 dollars in damages."),
        (
            "When did Brindle sue Quarrix?",
            "Brindle sued Quarrix on Jan. 8, 2024.",
            "Brindle sued Quarrix on 18 January.",
        ),
        (
            "How many maps did Quarrix copy from Brindle?",
            "Quarrix copied 14 maps from Brindle.",
            "Quarrix copied sixteen maps from Brindle.",
        ),
        (
            "Who is the judge in Brindle v. Quarrix?",
            "U.S. District Judge Ines Marrow presides over Brindle v. Quarrix.",
            "U.S. District Judge Paul Wexley presides over Brindle v. Quarrix.",
        ),
        (
            "What was the vote in Brindle v. Quarrix?",
            "The Supreme Court ruled 7-2 in Brindle v. Quarrix.",
            "The Supreme Court ruled 6 to 3 in Brindle v. Quarrix.",
        ),
        (
            "Which court heard Brindle v. Quarrix?",
            "Brindle v. Quarrix was heard by the Ninth Circuit.",
            "Brindle v. Quarrix was heard by the U.S. Court of Appeals for the Second Circuit.",
        ),
        (
            "Did Quarrix settle with Brindle?",
            "Quarrix settled with Brindle on Friday.",
            "Quarrix refused to settle with Brindle.",
        ),
    ],
)
def test_the_same_point_stated_otherwise_is_a_contradiction(asked: str, first: str, second: str) -> None:
    assert contradict(asked, first, second)


@pytest.mark.parametrize(
    ("asked", "first", "second"),
    [
        (
            PAID,
            "Quarrix must pay Brindle $7.5 million in damages.",
            "Quarrix must pay Brindle 7,500,000 dollars in damages.",
        ),
        (PAID, "Quarrix must pay Brindle $7.5 million in damages.", "Quarrix must pay Brindle $7,512,300 in damages."),
        (
            PAID,
            "Quarrix must pay Brindle $7.5 million in damages.",
            "Quarrix must pay Brindle about $8 million in damages.",
        ),
        (
            PAID,
            "Quarrix must pay Brindle $7.5 million in damages.",
            "Quarrix must pay Brindle more than $7 million in damages.",
        ),
        (PAID, "Quarrix must pay Brindle $7.5 million in damages.", "Quarrix must pay Brindle €9 million in damages."),
        (
            "When did Brindle sue Quarrix?",
            "Brindle sued Quarrix on Jan. 8.",
            "Brindle sued Quarrix on 8 January 2024.",
        ),
        ("When did Brindle sue Quarrix?", "Brindle sued Quarrix in January.", "Brindle sued Quarrix on Jan. 8, 2024."),
        ("When did Brindle sue Quarrix?", "Brindle sued Quarrix on Friday.", "Brindle sued Quarrix on March 1, 2024."),
        (
            "Who is the judge in Brindle v. Quarrix?",
            "U.S. District Judge Ines Marrow presides over Brindle v. Quarrix.",
            "Judge Marrow presides over Brindle v. Quarrix.",
        ),
        (
            "What was the vote in Brindle v. Quarrix?",
            "The Supreme Court ruled 7-2 in Brindle v. Quarrix.",
            "The Supreme Court ruled 7 to 2 in Brindle v. Quarrix.",
        ),
        (
            "What was the vote in Brindle v. Quarrix?",
            "The Supreme Court ruled 9-0 in Brindle v. Quarrix.",
            "The Supreme Court ruled unanimously in Brindle v. Quarrix.",
        ),
        (
            "Which court heard Brindle v. Quarrix?",
            "Brindle v. Quarrix was heard by the Ninth Circuit.",
            "Brindle v. Quarrix was heard by the U.S. Court of Appeals for the Ninth Circuit.",
        ),
    ],
)
def test_the_same_value_told_otherwise_is_none(asked: str, first: str, second: str) -> None:
    assert not contradict(asked, first, second)


@pytest.mark.parametrize(
    ("asked", "first", "second"),
    [
        (
            "How much must Quarrix pay Brindle?",
            "Quarrix must pay Brindle $7.5 million in damages.",
            "Quarrix must pay Brindle $900,000 in legal fees.",
        ),
        (
            "How much must Quarrix pay?",
            "Quarrix must pay Brindle $7.5 million in damages.",
            "Quarrix must pay Brindle $7.5 million in damages. Quarrix must pay Tollen $3 million in damages.",
        ),
        (
            "What was the vote in Brindle v. Quarrix?",
            "The Supreme Court ruled 7-2 in Brindle v. Quarrix.",
            "The panel ruled 2-1 in Brindle v. Quarrix.",
        ),
        (
            "Which court heard Brindle v. Quarrix?",
            "Brindle v. Quarrix was heard by the Ninth Circuit.",
            "Brindle v. Quarrix was heard by the Northern District of California.",
        ),
        (
            "When did Brindle sue Quarrix?",
            "Brindle sued Quarrix in Portland on Jan. 8, 2024.",
            "Brindle sued Quarrix in Delaware on Jan. 29, 2024.",
        ),
        (
            "When did Brindle sue Quarrix?",
            "Brindle sued Quarrix on Jan. 8, 2024.",
            "Brindle sued Quarrix on Feb. 20, 2024. A first complaint was of Jan. 8, 2024.",
        ),
        (
            "Who is the judge in Brindle v. Quarrix?",
            "U.S. District Judge Ines Marrow presides over Brindle v. Quarrix.",
            "U.S. Magistrate Judge Paul Wexley presides over discovery in Brindle v. Quarrix.",
        ),
        (
            "When did Brindle sue Quarrix?",
            "Brindle sued Quarrix on Jan. 8, 2024.",
            "Brindle, which sued Quarrix, asked for an injunction on Feb. 20, 2024.",
        ),
    ],
)
def test_another_point_of_the_same_matter_is_none(asked: str, first: str, second: str) -> None:
    assert not contradict(asked, first, second)


def test_two_sentences_of_one_article_are_no_contradiction() -> None:
    choices, question = said(PAID, "Quarrix must pay Brindle $7 million in damages.", "Nothing more.")
    assert conflicts(choices[0], choices, question) == []


def test_two_events_of_one_company_far_apart_contradict_nothing() -> None:
    corpus = FakeCorpus("""
        Corvane fined | The Ledger | 2021-03-01 | key=first
            The regulator fined Corvane $12 million.
        Corvane fined again | The Ledger | 2024-03-01 | key=second
            The regulator fined Corvane $30 million.
    """)
    index = EmbeddedIndex()
    index.apply(asyncio.run(corpus.changes(0, 10)))
    decision = asyncio.run(Asker(Ready(index), corpus).decision(Asked("How much was Corvane fined?", NOW)))
    assert decision is not None
    best, *others = decision.ranked()
    assert conflicts(best, others, decision.question) == []


AWARD = "How much must Quarrix pay Brindle in damages?"
OLD = "Quarrix must pay Brindle $214 million in damages."


@pytest.mark.parametrize(
    "new",
    [
        "The judge reduced the award, so Quarrix must pay Brindle $100 million in damages.",
        "Correction: An earlier version misstated the sum. Quarrix must pay Brindle $100 million in damages.",
        "Quarrix must now pay Brindle $100 million in damages.",
    ],
)
def test_a_later_article_that_says_what_changed_replaces_the_older_one(new: str) -> None:
    choices, question = said(AWARD, OLD, new)
    [first, *others] = newest_first(choices, question)
    assert first.context.article.key == "second"
    assert replaced(first, others, question) == "Replaces what The Ledger reported on 1 March 2024: “$214 million”."
    assert conflicts(first, others, question) == []
    assert conflicts(choices[0], choices[1:], question) == []


def test_an_older_article_replaces_nothing() -> None:
    choices, question = said(AWARD, OLD, "Quarrix must now pay Brindle $100 million in damages.", days=(2, 1))
    assert newest_first(choices, question) == choices
    assert all(replaced(one, choices, question) is None for one in choices)


def test_what_is_only_stated_otherwise_keeps_its_order() -> None:
    choices, question = said(AWARD, OLD, "Quarrix must pay Brindle $100 million in damages.")
    assert newest_first(choices, question) == choices
    assert replaced(choices[0], choices[1:], question) is None
    assert newest_first([], question) == []
