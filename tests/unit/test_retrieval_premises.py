"""What a question takes for granted is not answered where an article denies it."""

from __future__ import annotations

import asyncio

import pytest

from retrieval.cases import tells_of_sibling
from retrieval.model import Answer, Answered, Asked, NotInCorpus, Partial
from retrieval.premises import Premise
from retrieval.refusals import CONTRADICTED
from tests.fakes.reading import NOW, asked, asker_of, context_of, contexts_of, sentence_of

HARBOUR = """
    Harwell refuses to pay | The Lantern | 2024-03-04 | key=ransom
        Hackers stole the files of Harwell Cargo in January and asked for $3 million.
        Harwell Cargo did not pay the ransom. Its chief executive, Nora Quist, said so on March 4, 2024.
    Judge keeps the Harwell suit alive | The Lantern | 2024-05-02 | key=ruling
        Judge Abel Storr refused to dismiss the negligence claim against Harwell Cargo, because it knew of the hole.
        Judge Abel Storr dismissed the contract claim because no contract was signed.
"""


def ask(question: str) -> Answer:
    return asyncio.run(asker_of(HARBOUR).ask(Asked(question, NOW)))


@pytest.mark.parametrize(
    "question", ["When did Harwell Cargo pay the ransom?", "How much ransom did Harwell Cargo pay?"]
)
def test_what_an_article_denies_is_not_told_as_if_it_had_happened(question: str) -> None:
    assert not isinstance(ask(question), Answered | Partial)


def test_a_refusal_of_a_false_premise_shows_what_denies_it_first() -> None:
    answer = ask("When did Harwell Cargo pay the ransom?")
    assert isinstance(answer, NotInCorpus)
    if answer.missing == CONTRADICTED:
        assert "did not pay" in answer.closest[0].text


def test_why_something_was_refused_is_not_why_it_was_done() -> None:
    answer = ask("Why did Judge Storr dismiss the negligence claim against Harwell Cargo?")
    told = answer.evidence[0].short_answer if isinstance(answer, Answered) else None
    assert told is None or "knew of the hole" not in told


@pytest.mark.parametrize(
    ("question", "sentence", "contradicted"),
    [
        ("When did Harwell pay the ransom?", "Harwell did not pay the ransom.", True),
        ("When did Harwell pay the ransom?", "Harwell paid the ransom on Friday.", False),
        ("How much did Harwell pay Tovar?", "Harwell refused to pay Tovar.", True),
        ("Who is the judge?", "Nobody is the judge.", False),
        ("Did Harwell pay the ransom?", "Harwell did not pay the ransom.", False),
    ],
)
def test_a_premise_is_read_as_the_yes_no_question_that_it_is(
    question: str,
    sentence: str,
    contradicted: bool,  # noqa: FBT001
) -> None:
    premise = Premise(asked(question), contexts_of(HARBOUR))
    assert premise.is_contradicted_by(sentence_of(sentence)) is contradicted


def test_what_is_said_to_be_so_is_stated() -> None:
    premise = Premise(asked("When did Harwell pay the ransom?"), [])
    assert premise.is_stated_by(sentence_of("Harwell paid the ransom."))
    assert not premise.is_stated_by(sentence_of("Harwell sold ships."))


TWO_CASES = """
    Court clears both ports | The Lantern | 2024-02-01
        The court ruled in Brandt v. Harwell and in Osei v. Tovar. Osei had lost a ship.
        Brandt may sue Harwell over the fire. Tovar owes Osei nothing.
"""


@pytest.mark.parametrize(
    ("sentence", "is_of_sibling"),
    [("Tovar owes Osei nothing.", True), ("Brandt may sue Harwell over the fire.", False), ("The court ruled.", False)],
)
def test_a_sentence_on_the_other_case_of_an_article_is_known(sentence: str, is_of_sibling: bool) -> None:  # noqa: FBT001
    [context] = contexts_of(TWO_CASES)
    question = asked("What did the court say in Brandt v. Harwell?")
    assert tells_of_sibling(question, sentence_of(sentence), context.profile) is is_of_sibling


def test_an_article_on_one_case_has_no_sibling() -> None:
    [one] = [
        context_of(context.article)
        for context in contexts_of("""
        Court clears the port | The Lantern | 2024-02-01
            The court ruled in Brandt v. Harwell. Harwell was glad.
    """)
    ]
    assert not tells_of_sibling(asked("Who won Brandt v. Harwell?"), sentence_of("Harwell was glad."), one.profile)
