"""Which questions are offered beside a refusal."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from retrieval.question import parse
from retrieval.related import related
from tests.fakes.contexts import contexts_of

NOW = datetime(2024, 6, 1, tzinfo=UTC)
CASE = """
    Brindle v. Quarrix goes to trial | The Ledger | 2024-03-01 | key=brindle
        U.S. District Judge Ines Marrow ruled on Friday that Brindle Inc. v. Quarrix LLC must go to trial. The trial starts on Sept. 9, 2024.
        Brindle sued Quarrix on Jan. 8, 2024, in the U.S. District Court in Portland. Quarrix chief executive Dane Holloway denied all.
"""  # noqa: E501
FINE = """
    Regulator fines Corvane | Daily Semaphore | 2024-05-10 | key=corvane
        The Harbor Data Authority fined Corvane $12.5 million on Thursday.
        Corvane chief executive Dane Holloway called the fine a mistake. Corvane must pay $40,000 in costs.
"""


def offered(asked: str, notation: str, *, refused: frozenset[str] = frozenset()) -> tuple[tuple[str, ...], list[str]]:
    """What is offered, and every question that was checked for it."""
    checked: list[str] = []

    def answered(text: str) -> bool:
        checked.append(text)
        return text not in refused

    return related(parse(asked, NOW), contexts_of(notation), answered), checked


def test_facts_of_the_case_are_offered() -> None:
    found, _ = offered("Was Brindle v. Quarrix settled?", CASE)
    assert found == (
        "Who is the judge in Brindle v. Quarrix?",
        "When was Brindle v. Quarrix filed?",
        "When is the trial in Brindle v. Quarrix?",
    )


def test_facts_of_the_name_are_offered() -> None:
    found, _ = offered("Did Corvane settle?", FINE)
    assert found == ("How much was Corvane fined?", "How much must Corvane pay?", "Who is the CEO of Corvane?")


def test_a_case_that_the_name_is_a_party_of_is_offered_without_the_firms_forms() -> None:
    found, _ = offered("How old is Quarrix?", CASE.replace("Brindle v. Quarrix goes", "A case goes"))
    assert "Who is the judge in Brindle v. Quarrix?" in found


def test_what_is_not_answered_is_not_offered() -> None:
    refused = frozenset({"How much was Corvane fined?", "Who is the CEO of Corvane?"})
    found, checked = offered("Did Corvane settle?", FINE, refused=refused)
    assert found == ("How much must Corvane pay?",)
    assert refused <= set(checked)


def test_at_most_six_questions_are_checked() -> None:
    many = CASE + FINE + CASE.replace("key=brindle", "key=again")
    found, checked = offered(
        "Was Brindle v. Quarrix settled?", many, refused=frozenset({"Who is the judge in Brindle v. Quarrix?"})
    )
    assert len(found) <= 3
    assert len(checked) <= 6
    assert len(checked) == len(set(checked))


@pytest.mark.parametrize("asked", ["Did Harlow settle?", "What about lighthouses?", "hello"])
def test_of_somebody_else_nothing_is_offered(asked: str) -> None:
    assert offered(asked, CASE + FINE) == ((), [])


def test_neither_the_question_itself_nor_its_kind_is_offered() -> None:
    found, checked = offered("How much was Corvane fined in 2019?", FINE)
    assert found == ("Who is the CEO of Corvane?",)
    assert not any(text.startswith("How much") for text in checked)
    _, checked = offered("who is the judge in Brindle v. Quarrix", CASE)
    assert "Who is the judge in Brindle v. Quarrix?" not in checked


def test_who_fines_is_not_asked_for_a_fine_and_keeps_its_article() -> None:
    _, checked = offered("Did the Harbor Data Authority settle?", FINE)
    assert not any("fined?" in text for text in checked)
    _, checked = offered(
        "Did the Harbor Data Authority settle?",
        FINE.replace("The Harbor", "A court ruled the Harbor was fined. The Harbor"),
    )
    assert all("the Harbor Data Authority" in text for text in checked)
