"""A question for two things is asked as two, each complete by itself, and their answers are joined honestly."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from corpus.collection import LIBRARY
from retrieval.answer import Asker
from retrieval.model import (
    Answer,
    Answered,
    Asked,
    Citation,
    Evidence,
    NeedsDetail,
    NotAQuestion,
    NotInCorpus,
    Partial,
    Topic,
)
from retrieval.parts import joined, one_by_one, parts_of
from tests.fakes.reading import NOW, asked, asker_of

CORPUS = """
    Pellam settles with Sorrane | The Ledger | 2024-03-01 | key=pellam
        Sorrane demanded $9 million from Pellam. Pellam paid $4 million on Monday.
        Judge Ada Lund approved the deal. The case was before the District Court in Portland.
    Thieves break into Dost | Daily Semaphore | 2024-04-02 | key=dost
        A gang called Grey Heron broke into the systems of Dost in May 2023.
    Thieves break into Ferrow | Daily Semaphore | 2024-04-09 | key=ferrow
        A gang called Salt Owl broke into the systems of Ferrow in June 2023.
"""


def ask(text: str) -> Answer:
    return asyncio.run(asker_of(CORPUS).ask(Asked(text, NOW)))


# --- splitting


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "How much did Sorrane demand and how much did Pellam pay?",
            ("How much did Sorrane demand?", "how much did Pellam pay?"),
        ),
        (
            "Who is the CEO of Sorrane and who is the CEO of Pellam?",
            ("Who is the CEO of Sorrane?", "who is the CEO of Pellam?"),
        ),
        ("When did Dost sue Pellam; and where did Dost sue?", ("When did Dost sue Pellam?", "where did Dost sue?")),
        ("Who sued Sorrane? Who sued Pellam?", ("Who sued Sorrane?", "Who sued Pellam?")),
        ("Who sued Sorrane? And who sued Pellam?", ("Who sued Sorrane?", "who sued Pellam?")),
        (
            "Why did Dost sue Pellam, and also when did Pellam answer",
            ("Why did Dost sue Pellam?", "when did Pellam answer?"),
        ),
    ],
)
def test_two_clauses_with_a_question_word_each_are_two_questions(text: str, parts: tuple[str, str]) -> None:
    assert parts_of(text) == parts


@pytest.mark.parametrize(
    ("text", "second"),
    [
        ("Who sued Sorrane? When was that filed?", "When was that filed (Sorrane)?"),
        ("Which court has Brindle v. Quarrix and when was it filed?", "when was it filed (Brindle v. Quarrix)?"),
        ("who lost in the harbor lawsuit; when did it settle?", "when did it settle (the harbor lawsuit)?"),
    ],
)
def test_the_matter_that_only_the_first_names_is_told_to_the_second(text: str, second: str) -> None:
    assert parts_of(text)[1] == second


def test_the_matter_that_only_the_second_names_is_told_to_the_first() -> None:
    assert parts_of("Who won the trial, and why did Ostrand appeal the ruling?")[0] == "Who won the trial (Ostrand)?"


def test_a_second_clause_without_a_verb_begins_as_the_first_does() -> None:
    assert parts_of("How much did Sorrane seek from Pellam and how much from Dost?") == (
        "How much did Sorrane seek from Pellam?",
        "How much did Sorrane seek from Dost?",
    )
    assert parts_of("What is Sorrane's revenue and what its profit?")[1] == "What is Sorrane's profit?"


def test_a_shortened_clause_keeps_its_own_question_word() -> None:
    [_, second] = parts_of("How large is Sorrane's fine and how many its users?")
    assert "how many" in second.lower()
    assert "how large" not in second.lower()


def test_a_case_that_the_first_names_is_the_second_ones_too_where_that_names_one_party() -> None:
    [_, second] = parts_of("Who is the judge in Brindle v. Quarrix and how much did Brindle seek?")
    assert "Quarrix" in second


@pytest.mark.parametrize(
    "text",
    [
        "Who is the judge in Brindle v. Quarrix?",
        "Did the judge say who sued and when the trial begins?",
        "Does the ruling explain why Sorrane lost and how much it owes?",
        "What did Sorrane say when the regulator fined Pellam?",
        "Who and what?",
        "what and when and who",
        "",
        "   ",
        "?",
        "日本 と 日本",
        "when " + "x" * 10_000,
    ],
)
def test_what_asks_for_one_thing_stays_as_it_was_asked(text: str) -> None:
    assert parts_of(text) == (text,)


def test_a_quotation_is_not_split() -> None:
    text = "Who said “what did you do and when did you do it”?"
    assert parts_of(text) == (text,)


def test_a_question_of_very_many_words_is_not_split() -> None:
    clause = "Who sued Sorrane and when did Sorrane answer "
    assert len(parts_of(clause)) == 2
    assert len(parts_of(clause + "very " * 60)) == 1


# --- the same of two names


@pytest.mark.parametrize(
    ("text", "each"),
    [
        ("Which gang hit Sorrane and Pellam?", ("Which gang hit Sorrane?", "Which gang hit Pellam?")),
        ("Did Sorrane and Pellam settle?", ("Did Sorrane settle?", "Did Pellam settle?")),
        ("Who is the CEO of Sorrane and of Pellam?", ("Who is the CEO of Sorrane?", "Who is the CEO of Pellam?")),
        ("What did Sorrane and the Pellam say?", ("What did Sorrane say?", "What did Pellam say?")),
        (
            "Which judge got Sorrane's suit and Pellam's suit?",
            ("Which judge got Sorrane's suit?", "Which judge got Pellam's suit?"),
        ),
    ],
)
def test_a_question_about_two_names_is_asked_about_each(text: str, each: tuple[str, str]) -> None:
    assert one_by_one(asked(text)) == each


def test_what_stands_behind_both_names_is_asked_of_each() -> None:
    [first, second] = one_by_one(asked("How much did Sorrane's owner and Pellam's owner pay?"))
    assert first.endswith("pay?")
    assert second.endswith("pay?")


@pytest.mark.parametrize(
    "text",
    [
        "Who runs Sorrane?",
        "Who is the judge in Brindle v. Quarrix?",
        "What is the dispute between Sorrane and Pellam?",
        "What happened to Sorrane in 2021 and 2022?",
        "Who won?",
        "",
    ],
)
def test_where_no_two_names_are_joined_there_is_nothing_to_ask_of_each(text: str) -> None:
    assert one_by_one(asked(text)) == ()


def test_the_parties_of_one_case_are_not_asked_about_one_by_one() -> None:
    question = asked("Why did Sorrane and Pellam sue each other?")
    assert question.case is not None
    assert one_by_one(question) == ()


# --- joining


def evidence(text: str, number: int = 1) -> Evidence:
    return Evidence(
        text, Citation(number, 1, LIBRARY, "made", 1, "Made", None, None, None, 0, len(text)), why="is made"
    )


def answered(text: str, confidence: float = 0.9, *notes: str) -> Answered:
    return Answered(confidence, (evidence(text), evidence(f"{text} again", 2)), notes)


def refused(missing: str = "No article covers this.") -> NotInCorpus:
    return NotInCorpus(0.2, missing, (evidence("near"), evidence("nearer", 2)))


def test_the_answer_to_one_part_is_the_answer() -> None:
    for only in (answered("a"), refused(), NotAQuestion(Topic.EMPTY)):
        assert joined([only]) is only


def test_two_answers_are_one_with_the_first_evidence_of_each() -> None:
    both = joined([answered("a"), answered("b")])
    assert isinstance(both, Answered)
    assert [(one.text, one.citation.number) for one in both.evidence] == [("a", 1), ("b", 2)]


def test_an_answer_of_two_parts_is_as_sure_as_the_less_sure_one() -> None:
    both = joined([answered("a", 0.9), answered("b", 0.5)])
    assert isinstance(both, Answered)
    assert both.confidence == 0.5


def test_a_note_that_both_parts_have_is_told_once() -> None:
    both = joined([answered("a", 0.9, "An excerpt.", "A Monday."), answered("b", 0.9, "An excerpt.")])
    assert isinstance(both, Answered)
    assert both.notes == ("An excerpt.", "A Monday.")


def test_one_answer_of_two_is_a_part_with_what_the_other_lacks() -> None:
    half = joined([refused("No article covers that."), answered("b")])
    assert isinstance(half, Partial)
    assert half.missing == "No article covers that."
    assert [one.text for one in half.evidence] == ["b"]
    assert [one.text for one in half.closest] == ["near", "nearer"]
    assert [one.citation.number for one in (*half.evidence, *half.closest)] == [1, 2, 3]


def test_a_part_of_an_answer_keeps_saying_what_it_lacks() -> None:
    part = Partial(0.6, (evidence("a"),), "No sentence decides it.")
    half = joined([part, answered("b")])
    assert isinstance(half, Partial)
    assert half.missing == "No sentence decides it."
    assert [one.text for one in half.evidence] == ["a", "b"]


def test_how_many_pieces_answer_a_part_each_is_told() -> None:
    assert joined([answered("a"), answered("b")]) == Answered(0.9, (evidence("a"), evidence("b", 2)), parts=2)
    half = joined([answered("a"), refused()])
    assert isinstance(half, Partial)
    assert half.parts == len(half.evidence) == 1


def test_two_refusals_are_the_first_one() -> None:
    first = refused("No article covers the one.")
    assert joined([first, refused("No article covers the other.")]) is first


def test_what_is_not_clear_enough_is_named_beside_what_is_answered() -> None:
    unclear = NeedsDetail(0.5, "2 cases fit. Which one do you mean?", ("A", "B"), (evidence("near"),))
    half = joined([answered("a"), unclear])
    assert isinstance(half, Partial)
    assert half.missing == unclear.missing
    assert [one.citation.number for one in half.closest] == [2]


def test_what_contradicts_a_part_stays_beside_it() -> None:
    doubted = replace(answered("a"), conflicts=(evidence("not a", 3),))
    both = joined([doubted, answered("b")])
    assert isinstance(both, Answered)
    assert [one.text for one in both.conflicts] == ["not a"]


# --- asked of articles


def test_both_parts_are_answered_from_their_own_sentences() -> None:
    answer = ask("How much did Sorrane demand and how much did Pellam pay?")
    assert isinstance(answer, Answered)
    assert [one.short_answer for one in answer.evidence] == ["$9 million", "$4 million"]


def test_a_part_that_no_article_states_is_said_to_be_missing() -> None:
    answer = ask("How much did Pellam pay and how old is the judge of Zorbel?")
    assert isinstance(answer, Partial)
    assert answer.evidence[0].short_answer == "$4 million"
    assert "Zorbel" in answer.missing


def test_one_name_after_the_other_is_answered_where_no_article_has_both() -> None:
    answer = ask("Which gang broke into Dost and Ferrow?")
    assert isinstance(answer, Answered)
    assert {one.citation.key for one in answer.evidence} == {"dost", "ferrow"}


def test_the_same_two_questions_in_one_or_apart_have_the_same_short_answers() -> None:
    asker: Asker = asker_of(CORPUS)
    apart = [
        asyncio.run(asker.ask(Asked(text, NOW)))
        for text in ("How much did Sorrane demand?", "How much did Pellam pay?")
    ]
    together = asyncio.run(asker.ask(Asked("How much did Sorrane demand and how much did Pellam pay?", NOW)))
    assert isinstance(together, Answered)
    texts = [one.evidence[0].short_answer for one in apart if isinstance(one, Answered)]
    assert [one.short_answer for one in together.evidence] == texts
