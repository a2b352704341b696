"""The spans of a sentence that could be the short answer, by the kind that is asked for; always verbatim."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Span
from retrieval.analyser import analyser_for
from retrieval.candidates import candidates
from retrieval.kinds import Kind
from retrieval.question import parse
from retrieval.sentence import Sentence

NOW = datetime(2024, 3, 15, 12, 0, tzinfo=UTC)
ASKING = {
    Kind.PERSON: "Who denied it?",
    Kind.ORGANISATION: "Which company did it?",
    Kind.COURT: "Which court ruled?",
    Kind.LAW: "Which law was broken?",
    Kind.PLACE: "Where is it?",
    Kind.DATE: "When was it?",
    Kind.DURATION: "How long did it last?",
    Kind.MONEY: "How much was paid?",
    Kind.NUMBER: "How many were there?",
    Kind.PERCENT: "What percentage was it?",
    Kind.AGE: "How old is he?",
    Kind.VOTE: "By what vote was it?",
    Kind.DOCKET: "What is the docket number?",
    Kind.QUOTE: "What did she say?",
    Kind.REASON: "Why was it?",
    Kind.DEFINITION: "Who is Marrow?",
}


def sentence_of(text: str) -> Sentence:
    return Sentence(text, Span(0, len(text)), 1, analyser_for("en"))


def found(text: str, question: str) -> list[str]:
    """The candidates, best first."""
    every = candidates(sentence_of(text), parse(question, NOW))
    return [one.span.of(text) for one in sorted(every, key=lambda one: -one.quality)]


def test_each_question_of_the_table_asks_for_its_kind() -> None:
    assert {kind: parse(text, NOW).kind for kind, text in ASKING.items()} == {kind: kind for kind in ASKING}


@pytest.mark.parametrize(
    ("kind", "text", "answer"),
    [
        (Kind.PERSON, "U.S. District Judge Ines Marrow denied the motion.", "Ines Marrow"),
        (Kind.ORGANISATION, "The maps were sold by Corvane Technologies.", "Corvane Technologies"),
        (Kind.COURT, "The case is in U.S. District Court in Seattle.", "U.S. District Court in Seattle"),
        (Kind.COURT, "It went to the Ninth Circuit.", "Ninth Circuit"),
        (Kind.LAW, "It broke the Computer Fraud and Abuse Act.", "Computer Fraud and Abuse Act"),
        (Kind.PLACE, "The servers stand in Dublin, Ireland.", "Dublin, Ireland"),
        (Kind.DATE, "It closed on Jan. 21, 2021, at noon.", "Jan. 21, 2021"),
        (Kind.DATE, "It closed in early 2021.", "early 2021"),
        (Kind.DATE, "It closed on Thursday.", "Thursday"),
        (Kind.DATE, "It closed on 4 March 2021.", "4 March 2021"),
        (Kind.DURATION, "He got 18 months in prison.", "18 months"),
        (Kind.DURATION, "It ran for two and a half years.", "two and a half years"),
        (Kind.DURATION, "It ran for a 90-day period.", "90-day"),
        (Kind.MONEY, "It paid $12.5 million to users.", "$12.5 million"),
        (Kind.MONEY, "It paid €1.2 billion.", "€1.2 billion"),
        (Kind.MONEY, "It paid 400,000 euros.", "400,000 euros"),
        (Kind.MONEY, "It paid $5,000.", "$5,000"),
        (Kind.NUMBER, "It hit 12,167 users.", "12,167"),
        (Kind.NUMBER, "It hit 3 million users.", "3 million"),
        (Kind.NUMBER, "It hit twenty-five users.", "twenty-five"),
        (Kind.PERCENT, "It took 30% of sales.", "30%"),
        (Kind.PERCENT, "It took 12.5 percent of sales.", "12.5 percent"),
        (Kind.AGE, "The 19-year-old was charged.", "19"),
        (Kind.AGE, "Marrow, 52, was charged.", "52"),
        (Kind.VOTE, "The court ruled 6-3 for the harbor.", "6-3"),
        (Kind.VOTE, "The court was unanimous.", "unanimous"),
        (Kind.DOCKET, "The case is No. 2:21-cv-00031.", "No. 2:21-cv-00031"),
        (Kind.DOCKET, "The case is docketed as C-311/18.", "C-311/18"),
        (Kind.QUOTE, "“The tide waits for no filing,” she said.", "The tide waits for no filing"),
        (Kind.REASON, "It failed because the harbor was closed.", "because the harbor was closed"),
        (Kind.REASON, "It failed due to a missing signature.", "due to a missing signature"),
        (Kind.DEFINITION, "Marrow, a harbor pilot from Kent, sued.", "harbor pilot from Kent"),
    ],
)
def test_a_sentence_offers_the_answer_of_the_kind_asked_for(kind: Kind, text: str, answer: str) -> None:
    assert answer in found(text, ASKING[kind])


@pytest.mark.parametrize(
    ("kind", "text", "wrong"),
    [
        (Kind.NUMBER, "It paid $12 for 4:20-cv-05640 and 30%.", "12"),
        (Kind.NUMBER, "It paid $12 for 4:20-cv-05640 and 30%.", "30"),
        (Kind.MONEY, "It hit 12,167 users.", "12,167"),
        (Kind.AGE, "It hit 52 users.", "52"),
        (Kind.VOTE, "It was in 2020-21.", "2020-21"),
        (Kind.DATE, "It may sue.", "may"),
        (Kind.DATE, "Section 2021 applies.", "2021"),
        (Kind.DURATION, "The 19-year-old was charged.", "19-year"),
        (Kind.COURT, "The court ruled.", "court"),
    ],
)
def test_what_only_looks_alike_is_not_offered(kind: Kind, text: str, wrong: str) -> None:
    assert wrong not in found(text, ASKING[kind])


def test_words_of_the_question_are_no_answer_to_it() -> None:
    assert "Corvane" not in found("Corvane was sued by Quarrix.", "Which company sued Corvane?")
    assert "Quarrix" in found("Corvane was sued by Quarrix.", "Which company sued Corvane?")


def test_several_people_are_one_answer_where_several_are_asked_for() -> None:
    text = "Justice Orla Tamsin and Justice Rosa Vane dissented."
    assert any("Tamsin" in one and "Vane" in one for one in found(text, "Which justices dissented?"))


def test_the_counted_noun_makes_a_number_the_better_answer() -> None:
    assert "12,167 users" in found("In 30 states it hit 12,167 users.", "How many users were hit?")[:1]


def test_a_kind_without_a_form_offers_nothing() -> None:
    assert found("Corvane paid $5 on Monday.", "Did Corvane pay?") == []


PIECES = st.sampled_from(
    "Judge Ines Marrow of Corvane Inc. paid $12 million , €5 30% 6-3 No. 2:21-cv-00031 because the harbor “the "
    "tide said so” on Jan. 21, 2021 Thursday said that 18 months a 52 , in Dublin Ireland Ninth Circuit Section 230 "
    "Act users and . 19-year-old".split(" ")
)


@given(st.one_of(st.lists(PIECES, max_size=20).map(" ".join), st.text(max_size=150)), st.sampled_from(sorted(ASKING)))
def test_every_candidate_is_a_span_of_the_sentence_that_says_something(text: str, kind: Kind) -> None:
    for one in candidates(sentence_of(text), parse(ASKING[kind], NOW)):
        assert 0 <= one.span.start < one.span.end <= len(text)
        assert one.span.of(text).strip() == one.span.of(text) or kind in {Kind.REASON, Kind.QUOTE, Kind.DEFINITION}
        assert 0 <= one.quality <= 1.5
