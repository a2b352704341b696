"""Questions as a sceptical lawyer asks them: what must not be taken for an answer, and what must be said beside one."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from functools import cache

import pytest

from corpus.collection import LIBRARY
from corpus.model import Article, Change, Passage, Span
from retrieval.answer import Asker, InMemory, Ready
from retrieval.embedded import EmbeddedIndex
from retrieval.kinds import Kind, kind_of
from retrieval.model import Answer, Answered, Asked, NotAQuestion, NotInCorpus, Partial
from tests.fakes.corpus import FakeCorpus
from tests.fakes.reading import asker_of

NOW = datetime(2024, 6, 1, 12, 0, tzinfo=UTC)
CORPUS = """
    Supreme Court sides with Dunmore in search case | The Ledger | 2023-06-20 | key=dunmore
        The Supreme Court ruled 6-3 on Tuesday for Dunmore in Dunmore v. Tallow, No. 21-402. Justice Ada Quist wrote it.
    Commission fines Pellam and Ostrey | Daily Semaphore | 2024-04-23 | key=fines
        The Harbor Commission fined Pellam 500 million euros and Ostrey 200 million euros on Tuesday.
    Regulator sues Corvane | Daily Semaphore | 2024-05-10 | key=corvane
        The Harbor Data Authority charged that Corvane broke the Open Waters Act by hiding fees. The company denied it.
    Judge halts Brindle maps | The Ledger | 2021-03-01 | key=brindle
        U.S. District Judge Ines Marrow ruled in Quarrix v. Brindle that the maps must be withdrawn.
    Court allows Ferrol v. Tindle | The Ledger | 2024-01-10 | key=ferrol
        County Judge Pia Lund allowed Ferrol v. Tindle to go on. A separate lawsuit is before District Judge Otto Brand.
    Two by the name of Marsh | The Ledger | 2024-02-02 | key=marsh
        Dorian Marsh, who founded Vantel in 2011, owns 14 percent of the company. Marsh testified for a day.
"""


@cache
def asker() -> Asker:
    corpus = FakeCorpus(CORPUS)
    index = EmbeddedIndex()
    index.apply(asyncio.run(corpus.changes(0, 1_000)))
    return Asker(Ready(index), corpus)


def ask(question: str) -> Answer:
    return asyncio.run(asker().ask(Asked(question, NOW)))


def test_a_docket_number_is_no_vote() -> None:
    answer = ask("What was the vote in Dunmore v. Tallow?")
    assert isinstance(answer, Answered)
    assert answer.evidence[0].short_answer == "6-3"


@pytest.mark.parametrize(("firm", "fine"), [("Pellam", "500 million euros"), ("Ostrey", "200 million euros")])
def test_a_sum_belongs_to_the_name_of_its_own_clause(firm: str, fine: str) -> None:
    answer = ask(f"How much was {firm} fined?")
    assert isinstance(answer, Answered)
    assert answer.evidence[0].short_answer == fine


def test_an_accusation_does_not_decide_whether_it_is_true() -> None:
    answer = ask("Did Corvane break the Open Waters Act?")
    assert isinstance(answer, Partial)
    assert "one side" in answer.missing


@pytest.mark.parametrize("question", ["can i sue corvane", "Should we appeal?", "May I copy the maps?"])
def test_no_legal_advice_is_given(question: str) -> None:
    answer = ask(question)
    assert isinstance(answer, NotAQuestion)
    assert "advice" in answer.missing


def test_what_a_judge_decided_is_not_who_the_judge_is() -> None:
    assert kind_of("What did Judge Marrow decide in Quarrix v. Brindle?") is not Kind.PERSON
    assert kind_of("What judge decided Quarrix v. Brindle?") is Kind.PERSON


def test_another_case_of_one_of_the_parties_is_not_the_case() -> None:
    assert isinstance(ask("Who is the judge in Brindle v. Corvane?"), NotInCorpus)


def test_the_judge_of_a_separate_lawsuit_is_not_the_judge() -> None:
    answer = ask("Who is the judge in Ferrol v. Tindle?")
    assert isinstance(answer, Answered)
    assert answer.evidence[0].short_answer == "Pia Lund"


def test_a_namesake_is_somebody_else() -> None:
    assert isinstance(ask("What percentage of the company does Lucille Marsh own?"), NotInCorpus)


def test_news_since_a_day_is_not_older_than_that() -> None:
    answer = ask("Who is the judge in Quarrix v. Brindle since January 2024?")
    assert isinstance(answer, NotInCorpus)
    assert "brindle" not in {evidence.citation.key for evidence in answer.closest}


def test_a_weekday_is_told_with_its_date() -> None:
    answer = ask("When did the Harbor Commission fine Ostrey?")
    assert isinstance(answer, Answered)
    assert answer.evidence[0].short_answer == "Tuesday"
    assert answer.notes == ("By the article's date, that is 23 April 2024.",)


def test_a_refusal_picks_out_no_answer() -> None:
    answer = ask("Who is the judge in Quarrix v. Pellam?")
    assert isinstance(answer, NotInCorpus)
    assert all(evidence.answer is None for evidence in answer.closest)
    marked = [span.of(evidence.text) for evidence in answer.closest for span in evidence.highlights]
    assert "Ines Marrow" not in marked


# --- facts of a deal, a suit and a fine, and whose they are

DEALINGS = """
    Judge dismisses Tharn’s suit against Vextor | The Ledger | 2024-02-01 | key=tharn
        U.S. District Judge Nora Pym dismissed a suit that Tharn Mills brought against Vextor Corp. over its charts.
        Tharn had asked for $45 million in damages. Vextor’s general counsel, Abel Roth, said the company was pleased.
    Vextor to buy Quill Bay for $2.1 billion | Daily Semaphore | 2024-03-12 | key=quill
        Vextor Corp. agreed to buy Quill Bay, a maker of sea charts, for $2.1 billion in cash, the companies said.
        Quill Bay chief executive Mira Solano will join Vextor’s board. Her predecessor, Tom Arle, resigned in 2021.
    Uxbry fined over leak | Daily Semaphore | 2024-05-02 | key=uxbry
        The Data Office fined Uxbry €12 million for a leak that exposed the records of 4.6 million patients.
        Uxbry did not pay the ransom that the hackers, a group called Night Tern, had demanded.
    Uxbry fine cut | The Ledger | 2024-05-28 | key=cut
        A tribunal on Monday cut Uxbry’s fine to €8 million. Presiding judge Ruth Amsel called the fine out of measure.
"""


def ask_of_dealings(question: str) -> Answer:
    return asyncio.run(asker_of(DEALINGS).ask(Asked(question, NOW)))


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Who bought Quill Bay?", "Vextor"),
        ("How much did Tharn ask for?", "$45 million"),
        ("Who is Vextor's general counsel?", "Abel Roth"),
        ("Who is the CEO of Quill Bay?", "Mira Solano"),
        ("Who fined Uxbry?", "Data Office"),
        ("What is Uxbry's fine now?", "€8 million"),
    ],
)
def test_whose_fact_it_is_that_fact_is_told(question: str, words: str) -> None:
    answer = ask_of_dealings(question)
    assert isinstance(answer, Answered)
    assert words in (answer.evidence[0].short_answer or "")


@pytest.mark.parametrize(
    "question",
    [
        "Who is the CEO of Vextor?",
        "Who fined Vextor?",
        "How much was Vextor fined?",
        "When did Vextor sue Tharn?",
        "Who is the judge in Uxbry v. Vextor?",
        "Did Tharn settle with Vextor?",
        "How old is Nora Pym?",
        "How much did Uxbry pay in ransom?",
        "Why did the tribunal raise Uxbry's fine?",
        "When did Vextor dismiss Mira Solano?",
    ],
)
def test_a_fact_of_somebody_else_or_of_nobody_is_no_answer(question: str) -> None:
    assert not isinstance(ask_of_dealings(question), Answered)


def test_a_name_that_the_question_gives_is_not_the_answer() -> None:
    answer = ask_of_dealings("Who bought Vextor?")
    assert not isinstance(answer, Answered) or "Vextor" not in (answer.evidence[0].short_answer or "")


def test_a_no_is_told_as_a_no() -> None:
    answer = ask_of_dealings("Did Uxbry pay the ransom?")
    assert isinstance(answer, Answered)
    assert answer.polarity is False


@pytest.mark.parametrize(
    "piece", ['"a b c" ', "not refused to sue ", "A.", "$5 ", "Ann Lee ", "1-2 ", "May 5 ", "the Act "]
)
def test_a_sentence_made_of_thousands_of_candidates_holds_nobody_up(piece: str) -> None:
    text = "Zorbel said " + piece * 3_000 + "."
    whole = Span(0, len(text))
    article = Article(1, LIBRARY, "made", 1, "Zorbel", text, passages=(Passage(whole, (whole,), 1),))
    index = EmbeddedIndex()
    index.apply([Change(1, 1, LIBRARY, article)])
    began = time.process_time()
    for question in (
        "what did Zorbel say a b",
        "who is Zorbel Lee",
        "how much did Zorbel say",
        "when did Zorbel say May",
    ):
        asyncio.run(Asker(Ready(index), InMemory({1: article})).ask(Asked(question, NOW)))
    assert time.process_time() - began < 10
