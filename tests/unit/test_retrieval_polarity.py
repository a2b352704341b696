"""A sentence says yes or no to a question only where it is clear; everything else says nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Span
from retrieval.analyser import analyser_for
from retrieval.polarity import polarity
from retrieval.question import parse
from retrieval.sentence import Sentence

NOW = datetime(2024, 3, 15, 12, 0, tzinfo=UTC)


def said(question: str, sentence: str, language: str = "en") -> bool | None:
    whole = Sentence(sentence, Span(0, len(sentence)), 1, analyser_for(language))
    return polarity(parse(question, NOW), whole)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Did Corvane pay the ransom?", "Corvane paid the ransom of $2 million."),
        ("Did Corvane pay?", "Corvane agreed to pay."),
        ("Did the judge require a bond?", "The judge required a $5 million bond."),
        ("Has Corvane appealed yet?", "Corvane filed its appeal with the court on April 19."),
        ("Didn't Corvane settle?", "Corvane settled the suit in May."),
        ("Did Corvane refuse to pay?", "Corvane refused to pay."),
        ("Did the court uphold the ban?", "The court upheld the ban."),
        ("Was Corvane fined?", "The commission fined Corvane 5 million euros."),
        ("Is the injunction against Corvane still in force?", "The appeals court upheld the injunction."),
        ("Did Corvane win against Quarrix?", "The court sided with Corvane."),
    ],
)
def test_a_sentence_says_yes(question: str, sentence: str) -> None:
    assert said(question, sentence) is True


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Did Corvane pay Quarrix?", "Corvane refused to pay."),
        ("Did Corvane pay the ransom?", "The ransom was not paid, Corvane said."),
        ("Did the judge require a bond?", "She required no bond."),
        ("Did Marrow testify at his trial?", "The jury convicted Marrow, who did not testify."),
        ("Did Corvane settle?", "Corvane never settled."),
        ("Did the judge dismiss the case?", "The judge declined to dismiss the case."),
        ("Did the judge grant the motion?", "The judge denied the motion."),
        ("Did the court uphold the ban?", "The court struck down the ban."),
        ("Did Corvane admit wrongdoing?", "Corvane settled without admitting wrongdoing."),
        ("Is the injunction against Corvane still in force?", "A panel vacated the injunction."),
        ("Did Corvane win against Quarrix?", "The court ruled against Corvane."),
    ],
)
def test_a_sentence_says_no(question: str, sentence: str) -> None:
    assert said(question, sentence) is False


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Did Corvane pay Quarrix?", "Corvane may pay Quarrix."),
        ("Did Corvane pay?", "Quarrix accused Corvane of paying."),
        ("Did Corvane appeal?", "Corvane said it would appeal."),
        ("Did Corvane pay the ransom?", "Quarrix paid the ransom."),
        ("Did Corvane pay the ransom?", "Corvane paid its lawyers."),
        ("Did the Harbor Authority sue Corvane?", "Quarrix sued Corvane in May."),
        ("Did the court uphold the ban?", "The court did not strike down the ban."),
        ("Did Corvane pay?", "Did Corvane pay?"),
        ("Did Corvane not pay?", "Corvane paid."),
        ("Did Corvane pay?", "The weather was fine."),
        ("Who paid?", "Corvane paid."),
    ],
)
def test_what_is_in_doubt_or_of_somebody_else_says_nothing(question: str, sentence: str) -> None:
    assert said(question, sentence) is None


def test_only_english_is_read() -> None:
    assert said("Did Corvane pay the ransom?", "Corvane paid the ransom.", "de") is None


PIECES = st.sampled_from(
    "Corvane Quarrix did not paid pay refused to upheld vacated the ban , ; that may no never "
    "still is in force won against".split()
)


@given(st.one_of(st.text(max_size=120), st.lists(PIECES, max_size=14).map(" ".join)))
def test_any_sentence_says_yes_no_or_nothing(sentence: str) -> None:
    for question in ("Did Corvane pay Quarrix?", "Is the ban still in force?", "Did Corvane win?"):
        assert said(question, sentence) in {True, False, None}
