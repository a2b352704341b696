"""Whatever is asked in one breath, no word of it is lost, and the joined answer counts its citations through."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from corpus.collection import LIBRARY
from corpus.text import forms
from retrieval.model import Answer, Answered, Citation, Evidence, NeedsDetail, NotAQuestion, NotInCorpus, Partial, Topic
from retrieval.parts import joined, one_by_one, parts_of
from tests.fakes.reading import asked

WORDS = (
    "who what which when where why how much many long is did does the judge court case fine of in from and also ; ? , "
    "its Brindle Quarrix Sorrane Pellam v. sue pay say explain 2021 “harbor” Dost's it"
).split()
QUESTION = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join))

OPENING = re.compile(r"\s*(?:who|what|which|when|where|why|how|in|at|on|by|from|to|for|under)\b", re.IGNORECASE)

CLAUSE = st.builds(
    "{} {} {} {}".format,
    st.sampled_from(["who", "when did", "where did", "why did", "how much did", "which court did"]),
    st.sampled_from(["Brindle", "Quarrix", "Sorrane"]),
    st.sampled_from(["sue", "pay", "fine", "accuse", "answer"]),
    st.sampled_from(["Pellam", "Dost", "Tollen"]),
)
BETWEEN = st.sampled_from([" and ", ", and ", "; ", "? ", "? And ", " and also "])


def evidence(text: str, number: int) -> Evidence:
    return Evidence(text, Citation(number, 1, LIBRARY, "made", 1, "Made", None, None, None, 0, len(text)))


def several(texts: list[str]) -> tuple[Evidence, ...]:
    return tuple(evidence(text, number) for number, text in enumerate(texts, 1))


TEXTS = st.lists(st.sampled_from("abcdef"), max_size=4, unique=True).map(several)
STATED = st.lists(st.sampled_from("abcdef"), min_size=1, max_size=4, unique=True).map(several)
SURE = st.floats(0, 1)
NOTES = st.lists(st.sampled_from(["An excerpt.", "That is a Monday."]), max_size=2).map(tuple)
MISSING = st.sampled_from(["No article covers this.", "2 cases fit.", "One side says so."])
ANSWER: st.SearchStrategy[Answer] = st.one_of(
    st.builds(Answered, SURE, STATED, NOTES),
    st.builds(Partial, SURE, STATED, MISSING, st.just(()), NOTES),
    st.builds(NotInCorpus, SURE, MISSING, TEXTS),
    st.builds(NeedsDetail, SURE, MISSING, st.just(("one", "other")), TEXTS),
    st.builds(NotAQuestion, st.sampled_from(Topic)),
)


@given(QUESTION)
def test_a_question_that_stays_one_stays_as_it_is(text: str) -> None:
    parts = parts_of(text)
    assert 1 <= len(parts) <= 2
    if len(parts) == 1:
        assert parts == (text,)


@given(QUESTION)
def test_each_part_is_a_question_by_itself_with_a_question_word(text: str) -> None:
    parts = parts_of(text)
    if len(parts) == 2:
        for part in parts:
            assert part.endswith("?")
            assert re.match(
                r"\s*(?:who|what|which|when|where|why|how|in|at|on|by|from|to|for|under)\b", part, re.IGNORECASE
            )


@given(CLAUSE, BETWEEN, CLAUSE)
def test_two_whole_clauses_lose_no_word(first: str, between: str, second: str) -> None:
    parts = parts_of(first + between + second + "?")
    assert parts == (f"{first}?", f"{second}?")


@given(QUESTION)
def test_splitting_invents_no_word(text: str) -> None:
    assert {form for part in parts_of(text) for form in forms(part)} <= set(forms(text))


@given(QUESTION)
def test_a_part_is_not_split_again(text: str) -> None:
    parts = parts_of(text)
    if len(parts) == 2:
        assert all(len(parts_of(part)) <= 2 for part in parts)


@given(st.lists(st.sampled_from(WORDS), max_size=20).map(" ".join))
def test_asking_of_each_name_invents_no_word_and_drops_a_name(text: str) -> None:
    question = asked(text)
    each = one_by_one(question)
    assert len(each) in {0, 2}
    for one in each:
        assert set(forms(one)) <= set(forms(question.text))
        assert one != question.text


@given(st.lists(ANSWER, min_size=1, max_size=3))
def test_citations_are_counted_through_without_a_gap(answers: list[Answer]) -> None:
    answer = joined(answers)
    every = [one for kind in ("evidence", "conflicts", "closest") for one in getattr(answer, kind, ())]
    assert [one.citation.number for one in every] == list(range(1, len(every) + 1))


@given(st.lists(ANSWER, min_size=1, max_size=3))
def test_nothing_is_claimed_that_no_part_states(answers: list[Answer]) -> None:
    answer = joined(answers)
    stated = {one.text for part in answers if isinstance(part, Answered | Partial) for one in part.evidence}
    assert {one.text for one in getattr(answer, "evidence", ())} <= stated
    if isinstance(answer, Answered):
        assert all(isinstance(part, Answered) or not part.missing for part in answers if part != answer)


@given(st.lists(ANSWER, min_size=2, max_size=3))
def test_the_whole_is_never_surer_than_a_part_that_is_stated(answers: list[Answer]) -> None:
    answer = joined(answers)
    if isinstance(answer, Answered | Partial):
        sure = [part.confidence for part in answers if isinstance(part, Answered | Partial)]
        assert answer.confidence == min(sure)
