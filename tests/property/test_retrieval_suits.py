"""Whatever the parties are called, a case told in words is read; whatever Discord puts in, the question is the same."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from corpus.model import Span
from retrieval.analyser import analyser_for, lexicon
from retrieval.question import Part, parse, without_mark_up
from retrieval.suits import statements, suits

NOW = datetime(2026, 11, 20, tzinfo=UTC)
FRAMES = (
    "When did {x} sue {y}?",
    "When was {y} sued by {x}?",
    "Who is the judge in {x}'s lawsuit against {y}?",
    "Who is the judge in the lawsuit between {x} and {y}?",
    "Who hears the complaint that {x} filed against {y}?",
    "What is {x}'s dispute with {y} about?",
)
NAME = st.from_regex(
    r"\A[BDFGKLMNPRTVZ][aeiou][bdfgklmnprtvz]{1,2}[aeiou][dklmnrtz](?: [BDGKLMPTV][aeiou]nt[aeiou])?\Z"
)
MARK_UP = st.sampled_from(
    ["<@12>", "<@&3>", "<#4>", "<:ok:5>", "<t:6:R>", "</ask:7>", "@here", "https://example.org/8"]
)
QUESTION = st.sampled_from(["Who is the judge in Brindle v. Quarrix?", "When did Brindle sue Quarrix?", "Who won?"])


def is_invented(*names: str) -> bool:
    words = {word for form in lexicon().names for word in form}
    parts = [part for name in names for part in name.lower().split()]
    return len(set(parts)) == len(parts) and not any(
        part in words or analyser_for("en").is_stop_word(part) for part in parts
    )


@pytest.mark.parametrize("frame", FRAMES)
@given(x=NAME, y=NAME)
def test_two_names_in_a_suit_are_the_sides_of_a_case(frame: str, x: str, y: str) -> None:
    assume(is_invented(x, y))
    question = parse(frame.format(x=x, y=y), NOW, ("en",))
    assert question.case is not None
    assert {question.concepts[i].surface for i in question.case.parties} == {x, y}
    assert all(question.concepts[i].part is Part.NAME for i in question.case.parties)


@given(x=NAME, y=NAME)
def test_two_names_beside_each_other_are_none(x: str, y: str) -> None:
    assume(is_invented(x, y))
    assert parse(f"Did {x} and {y} appeal the ruling?", NOW, ("en",)).case is None


@given(st.text(max_size=200), st.lists(st.integers(0, 200), max_size=20))
def test_the_sides_of_a_suit_are_of_the_names_given(text: str, cuts: list[int]) -> None:
    places = sorted({cut for cut in cuts if cut <= len(text)})
    spans = [Span(start, end) for start, end in zip(places[::2], places[1::2], strict=False)]
    for suit in suits(text, spans):
        assert suit.first
        assert suit.second
        assert all(0 <= i < len(spans) for i in (*suit.first, *suit.second, *suit.beside))


@given(st.text(max_size=400))
def test_any_sentence_is_read_for_suits(text: str) -> None:
    assert list(statements([text], analyser_for("en"))) == list(statements([text], analyser_for("en")))


@given(QUESTION, MARK_UP, st.integers(0, 9))
def test_mark_up_between_any_words_changes_nothing(question: str, mark_up: str, at: int) -> None:
    words = question.split()
    marked = " ".join([*words[:at], mark_up, *words[at:]])
    assert without_mark_up(marked) == question
    assert parse(marked, NOW) == parse(question, NOW)


@given(st.text(max_size=200))
def test_only_mark_up_is_dropped(text: str) -> None:
    assume(not re.search(r"<|@|//|www\.|\]\(", text))
    assert without_mark_up(text).replace(" ", "") in without_mark_up(f"x {text}").replace(" ", "")
