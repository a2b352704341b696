"""A sentence that denies what a question takes for granted is told apart from one that says it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.denials import denies, is_denied, is_supposed
from retrieval.matching import Lens
from retrieval.model import Answered
from tests.fakes.reading import article_of_sentences, asked, choice_of, context_of, decided


def _denied(question: str, text: str, *, supposes: bool) -> bool:
    context = context_of(article_of_sentences(text))
    read = asked(question)
    lenses = [Lens(concept, context.profile) for concept in read.concepts]
    check = denies if supposes else is_denied
    return check(read, context.sentences[0], lenses)


def is_said_denied(question: str, text: str) -> bool:
    return _denied(question, text, supposes=False)


def is_supposed_denied(question: str, text: str) -> bool:
    return _denied(question, text, supposes=True)


@pytest.mark.parametrize(
    "text",
    [
        "The judge refused to dismiss the suit because Sorrane had lied.",
        "The judge did not dismiss the suit because Sorrane had lied.",
        "The judge didn’t dismiss the suit because Sorrane had lied.",
        "The judge declined to dismiss the suit because Sorrane had lied.",
        "The judge denied the motion to dismiss because Sorrane had lied.",
        "The judge never dismissed the suit because Sorrane had lied.",
        "The judge stopped short of dismissing the suit because Sorrane had lied.",
        "Instead of dismissing the suit, the judge set a trial because Sorrane had lied.",
        "The judge has yet to dismiss the suit because Sorrane had lied.",
    ],
)
def test_why_something_was_done_is_not_why_it_was_not(text: str) -> None:
    assert is_supposed_denied("Why did the judge dismiss the suit?", text)


@pytest.mark.parametrize(
    "text",
    [
        "The judge dismissed the suit because Sorrane had lied.",
        "The judge dismissed the suit, which Sorrane had not expected.",
        "Sorrane did not comment after the judge in the harbor town had in the end dismissed the suit.",
        "Not a lighthouse was lit that night, the old keeper recalled, when the judge dismissed the suit.",
    ],
)
def test_a_denial_of_something_else_denies_nothing(text: str) -> None:
    assert not is_supposed_denied("Why did the judge dismiss the suit?", text)


@pytest.mark.parametrize(
    "question",
    [
        "Why did the judge not dismiss the suit?",
        "Why didn't the judge dismiss the suit?",
        "Why did the judge refuse to dismiss the suit?",
        "Why did nobody dismiss the suit?",
        "Why did the judge block the bid to dismiss the suit?",
    ],
)
def test_a_question_that_denies_it_itself_is_not_contradicted(question: str) -> None:
    text = "The judge refused to dismiss the suit because Sorrane had lied."
    assert not is_supposed_denied(question, text)
    assert not is_said_denied(question, text)


def test_whether_something_is_so_supposes_nothing() -> None:
    text = "The judge refused to dismiss the suit."
    assert not is_supposed_denied("Did the judge dismiss the suit?", text)
    assert is_said_denied("Did the judge dismiss the suit?", text)


def test_a_name_behind_a_denial_is_not_denied() -> None:
    assert not is_said_denied("Who sued Sorrane?", "Dost did not mention Sorrane.")


def test_a_word_that_says_the_same_is_denied_too() -> None:
    text = "The regulator declined to impose a penalty on Sorrane."
    assert is_supposed_denied("Why was a fine imposed on Sorrane?", text)


@pytest.mark.parametrize("text", ["", "Not.", "never never never", "日本 not 日本", "n’t"])
def test_a_sentence_of_no_word_that_was_asked_for_denies_nothing(text: str) -> None:
    assert not is_said_denied("Why did the judge dismiss the suit?", text)


@pytest.mark.parametrize("question", ["", "?", "日本", "the of"])
def test_a_question_without_words_is_not_denied(question: str) -> None:
    assert not is_said_denied(question, "The judge refused to dismiss the suit.")


def test_a_denial_reaches_five_words_and_no_further() -> None:
    question = "Why did the judge dismiss the suit?"
    assert is_supposed_denied(question, "He did not on that day dismiss it.")
    assert not is_supposed_denied(question, "He did not on that very cold day dismiss it.")


# --- what is only possible


def is_only_possible(question: str, text: str) -> bool:
    context = context_of(article_of_sentences(text))
    read = asked(question)
    return is_supposed(read, context.sentences[0], [Lens(concept, context.profile) for concept in read.concepts])


@pytest.mark.parametrize(
    "text",
    [
        "Sorrane may appeal the ruling.",
        "Sorrane could appeal the ruling.",
        "Sorrane plans to appeal the ruling.",
        "Sorrane threatened to appeal the ruling.",
        "Nobody knows whether Sorrane appealed.",
        "If Sorrane appeals, the keeper will leave.",
    ],
)
def test_what_may_come_is_not_what_came(text: str) -> None:
    assert is_only_possible("When did Sorrane appeal the ruling?", text)


@pytest.mark.parametrize(
    "text",
    [
        "Sorrane appealed the ruling.",
        "Sorrane appealed the ruling, which may surprise the keeper.",
        "The keeper may leave, but Sorrane appealed the ruling.",
        "",
        "may",
    ],
)
def test_what_came_is_not_made_possible_by_another_clause(text: str) -> None:
    assert not is_only_possible("When did Sorrane appeal the ruling?", text)


@pytest.mark.parametrize("question", ["Could Sorrane appeal the ruling?", "What if Sorrane plans to appeal?"])
def test_whoever_asks_what_may_come_is_told_so(question: str) -> None:
    assert not is_only_possible(question, "Sorrane may appeal the ruling.")


TEXT = st.lists(
    st.sampled_from("the judge dismissed dismiss suit not refused to never denied Sorrane fine , n’t 日本".split()),
    max_size=25,
).map(" ".join)


@given(st.one_of(TEXT, st.text(max_size=80)), st.one_of(TEXT, st.text(max_size=80)))
def test_what_a_question_supposes_is_denied_only_where_its_words_are(question: str, text: str) -> None:
    if is_supposed_denied(question, text):
        assert is_said_denied(question, text)


@given(TEXT)
def test_without_a_word_of_denial_nothing_is_denied(text: str) -> None:
    plain = " ".join(word for word in text.split() if word in {"the", "judge", "dismissed", "suit", "Sorrane", "fine"})
    assert not is_said_denied("Why did the judge dismiss the suit?", plain)


# --- in an answer

NEWS = """
    Judge keeps the Sorrane suit alive | The Ledger | 2024-03-01 | key=kept
        Judge Ada Lund refused to dismiss the suit against Sorrane because the keeper had seen the fire.
"""


def test_a_reason_for_the_opposite_is_no_answer() -> None:
    decision = decided(NEWS, "Why did Judge Lund dismiss the suit against Sorrane?")
    assert not isinstance(decision.answer(), Answered)
    assert not decision.is_said(choice_of(decision, "Judge Ada Lund refused"))


def test_the_same_reason_answers_the_question_for_it() -> None:
    answer = decided(NEWS, "Why did Judge Lund refuse to dismiss the suit against Sorrane?").answer()
    assert isinstance(answer, Answered)
    assert "the keeper had seen the fire" in (answer.evidence[0].short_answer or "")
