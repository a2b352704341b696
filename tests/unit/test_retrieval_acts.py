"""Who did what to whom is told by subject and object, in the question as in the sentence."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from corpus.model import Span
from retrieval.acts import Acts, asked_acts
from retrieval.analyser import analyser_for
from retrieval.question import parse
from retrieval.sentence import Sentence

NOW = datetime(2024, 3, 15, 12, 0, tzinfo=UTC)


def read(text: str) -> Sentence:
    return Sentence(text, Span(0, len(text)), 1, analyser_for("en"))


def sides(question: str) -> list[tuple[list[str], list[str], str]]:
    """The doers, the other side and what is asked for, act by act."""
    asked = parse(question, NOW)
    return [
        (
            [asked.concepts[i].surface for i in act.doers],
            [asked.concepts[i].surface for i in act.others],
            "doer" if act.asks_doer else "other" if act.asks_other else "",
        )
        for act in asked_acts(asked)
    ]


def told(question: str, text: str) -> list[tuple[str, str]]:
    """Who a sentence says did it, and to whom."""
    sentence = read(text)
    every = [one for _, one in Acts(parse(question, NOW)).told(sentence)]
    return [(in_words(sentence, one.doers), in_words(sentence, one.others)) for one in every]


def in_words(sentence: Sentence, side: tuple[range, ...]) -> str:
    return " ".join(sentence.forms[i] for name in side for i in name)


@pytest.mark.parametrize(
    ("question", "read_as"),
    [
        ("Who bought Brindle?", ([], ["Brindle"], "doer")),
        ("Which company did Pellam buy?", (["Pellam"], [], "other")),
        ("Who was bought by Pellam?", (["Pellam"], [], "other")),
        ("Who was Brindle bought by?", ([], ["Brindle"], "doer")),
        ("When was Brindle sued by Pellam?", (["Pellam"], ["Brindle"], "")),
        ("How much was Brindle fined?", ([], ["Brindle"], "")),
        ("How much did Pellam pay Brindle?", (["Pellam"], ["Brindle"], "")),
        ("How much did Pellam pay to Brindle?", (["Pellam"], ["Brindle"], "")),
        ("Whom did Pellam fine?", (["Pellam"], [], "other")),
    ],
)
def test_a_question_tells_who_did_it_and_to_whom(question: str, read_as: tuple[list[str], list[str], str]) -> None:
    assert sides(question) == [read_as]


def test_what_was_paid_for_is_what_was_bought() -> None:
    assert sides("How much did Pellam pay for Brindle?")[0] == (["Pellam"], ["Brindle"], "")


@pytest.mark.parametrize(
    "question",
    ["Who is the judge?", "When did Pellam settle with Brindle?", "How much did Pellam's owner pay?", "Why?"],
)
def test_a_question_without_plain_sides_tells_nothing(question: str) -> None:
    assert not Acts(parse(question, NOW))


@pytest.mark.parametrize(
    "text",
    [
        "Pellam Corp. agreed to buy Brindle, a maker of charts, for $2 million.",
        "Brindle was bought by Pellam in 2020.",
        "Brindle, bought by Pellam in 2020, makes charts.",
        "Brindle, which Pellam bought, makes charts.",
        "Pellam, which bought Brindle, makes charts.",
        "The bureau sued to block Pellam’s purchase of Brindle.",
        "Pellam said it would buy Brindle.",
        "Pellam sold its maps and bought Brindle.",
        "The purchase of Brindle by Pellam was blocked.",
    ],
)
def test_a_sentence_tells_who_bought_whom_in_whatever_form(text: str) -> None:
    [(doer, other)] = told("Who bought Brindle?", text)
    assert doer.split()[0] == "pellam"
    assert other == "brindle"


def test_who_is_ordered_to_pay_pays() -> None:
    assert told("How much did Pellam pay Brindle?", "A jury ordered Pellam to pay Brindle $5 million.") == [
        ("pellam", "brindle")
    ]


def test_who_is_paid_may_stand_behind_the_sum() -> None:
    assert told("How much did Pellam pay Brindle?", "Brindle agreed to pay $5 million to Pellam.") == [
        ("brindle", "pellam")
    ]


def test_a_name_in_another_phrase_is_no_subject() -> None:
    assert told("Who bought Brindle?", "A rival of Pellam bought Brindle.") == [("", "brindle")]


def test_a_thing_that_somebody_owns_is_not_its_owner() -> None:
    assert told("Who fined Brindle?", "The office fined Brindle’s lawyer.") == []
