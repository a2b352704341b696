"""A sum that was only sought, offered or possible is no sum that was paid, awarded or fined."""

from __future__ import annotations

import pytest

from corpus.model import Span
from retrieval.sought import Sought, is_only_sought


def of_sum(text: str, told: str) -> bool | None:
    start = text.index(told)
    return is_only_sought(text, Span(start, start + len(told)))


@pytest.mark.parametrize(
    "text",
    [
        "Pellam had sought $3 million.",
        "Pellam had asked for $3 million in damages.",
        "Pellam asked the court to order Brindle to pay $3 million, seeking $3 million.",
        "Brindle could be fined up to $3 million.",
        "The jury awarded nothing of the $3 million that Pellam had demanded.",
        "Pellam offered $3 million.",
        "Pellam sued for $3 million.",
    ],
)
def test_a_sum_is_only_sought(text: str) -> None:
    assert of_sum(text, "$3 million") is True


@pytest.mark.parametrize(
    "text",
    [
        "A jury awarded Pellam $3 million.",
        "Brindle was ordered to pay $3 million.",
        "Brindle agreed to pay $3 million after it was sued for $9 million.",
        "Pellam sought $9 million, but the jury awarded $3 million.",
        "He granted $3 million of the $9 million that was claimed.",
        "The office fined Brindle $3 million.",
    ],
)
def test_a_sum_is_settled(text: str) -> None:
    assert of_sum(text, "$3 million") is False


def test_a_sum_beside_no_such_word_is_neither() -> None:
    assert of_sum("The house stands for $3 million.", "$3 million") is None


@pytest.mark.parametrize(
    ("question", "full"),
    [
        ("How much did Pellam win?", False),
        ("How much did the jury award Pellam?", False),
        ("How much did Pellam seek?", True),
        ("How much could Pellam win?", True),
        ("How much is at stake?", True),
    ],
)
def test_a_sum_that_was_sought_answers_only_who_asks_for_one(question: str, *, full: bool) -> None:
    text = "Pellam had sought $3 million."
    assert (Sought(question).level(text, Span(18, 28)) == 1.0) is full
