"""How a question is told indirectly, and which questions are not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from retrieval.indirect import indirect
from retrieval.question import parse

NOW = datetime(2024, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("Was Tollen v. Ashgrove settled?", "whether it was settled"),
        ("Was the Tollen v. Ashgrove case settled?", "whether it was settled"),
        ("Did Quarrix settle with Brindle?", "whether Quarrix settled with Brindle"),
        ("When did Quarrix appeal?", "when Quarrix appealed"),
        ("How much did the jury award Tollen?", "how much the jury awarded Tollen"),
        ("How much did Corvane pay in fines?", "how much Corvane paid in fines"),
        ("Which law did Corvane break?", "which law Corvane broke"),
        ("Who sued Corvane?", "who sued Corvane"),
        ("Who won in Tollen v. Ashgrove?", "who won"),
        ("Which court heard Tollen v. Ashgrove?", "which court heard it"),
        ("Why did Corvane and Quarrix merge?", "why Corvane and Quarrix merged"),
        ("Why did Corvane deny it?", "why Corvane denied it"),
        ("When did Corvane stop?", "when Corvane stopped"),
        ("When did Corvane move?", "when Corvane moved"),
        ("Has the FTC sued Corvane?", "whether the FTC has sued Corvane"),
        ("When will Corvane pay?", "when Corvane will pay"),
        ("What does Corvane sell?", "what Corvane sells"),
        ("Does Corvane deny it?", "whether Corvane denies it"),
        ("Does Corvane have any?", "whether Corvane has any"),
        ("Who was fined by Corvane?", "who was fined by Corvane"),
    ],
)
def test_a_question_about_a_name_is_turned_round(asked: str, told: str) -> None:
    assert indirect(parse(asked, NOW)) == told


@pytest.mark.parametrize(
    "asked",
    [
        "Did the Corvane fine stand?",
        "Is the Corvane fine legal?",
        "Did Corvane stock fall?",
        "Did Corvane not pay?",
        "Didn't Corvane pay?",
        "How was the data stolen?",
        "Corvane; what about it?",
        "the judge in Tollen v. Ashgrove",
        "Why did Corvane " + "and so on " * 10 + "?",
        "Is Corvane?",
        "",
    ],
)
def test_what_could_come_out_wrong_is_not_turned_round(asked: str) -> None:
    assert indirect(parse(asked, NOW)) is None
