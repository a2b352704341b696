"""How sure an answer is rests on signs for it and against it: what each of them tells is so."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.confidence import Signs, absence, model, signs_of
from retrieval.decision import Decision, Limits
from retrieval.evidence import Choice
from retrieval.model import Answered, NeedsDetail, NotInCorpus
from retrieval.scoring import AGAINST
from tests.fakes.reading import choice_of, decided

NEWS = """
    Sorrane fined over the harbor fire | The Ledger | 2024-03-01 | key=sorrane
        The regulator fined Sorrane $2 million on Friday. Sorrane had stored oil beside the harbor.
        Dost, its rival, was fined $5 million in May. It paid at once.
        Judge Ada Lund upheld the fine. She did not uphold the ban. Sorrane will appeal.
    Sorrane fine cut | The Ledger | 2024-05-01 | key=cut
        An appeals court cut the fine of Sorrane to $1 million on Monday.
    Keeper honored | Daily Semaphore | 2023-03-01 | key=keeper
        The town of Norland honored Rosa Halm, who had kept its lighthouse for 40 years. She lives in the tower.
"""
QUESTIONS = (
    "How much was Sorrane fined?",
    "Who upheld the fine of Sorrane?",
    "Why was Sorrane fined?",
    "Did Sorrane appeal?",
    "What did Sorrane say?",
    "Who is Rosa Halm?",
    "What happened at the harbor?",
    "What is the latest on Sorrane?",
    "How old is the keeper of Zorbel?",
)


def signs(question: str, beginning: str, rival: str | None = None) -> Signs:
    decision = decided(NEWS, question)
    other = choice_of(decision, rival) if rival else None
    return signs_of(choice_of(decision, beginning), other, decision.question)


def every_choice(question: str) -> Iterator[tuple[Decision, Choice]]:
    decision = decided(NEWS, question)
    yield from ((decision, choice) for choice in decision.ranked())


# --- the model


def test_the_model_weighs_the_signs_in_their_order() -> None:
    assert model().names == Signs._fields
    assert model() is model()


def test_what_speaks_against_a_sentence_never_makes_it_surer() -> None:
    weights = dict(zip(model().names, model().weights, strict=True))
    assert all(weights[name] <= 0 for name in AGAINST & weights.keys())


def test_all_signs_for_an_answer_make_it_sure_and_none_unsure() -> None:
    against = AGAINST | {name for name in Signs._fields if name.startswith("of_")}
    best = Signs(**{name: float(name not in against) for name in Signs._fields})
    assert model().probability(best) > Limits().confidence > model().probability(Signs())


@given(st.builds(Signs, *([st.floats(0, 1)] * len(Signs._fields))))
def test_confidence_lies_between_nothing_and_one(values: Signs) -> None:
    assert 0 <= model().probability(values) <= 1


@given(
    st.builds(Signs, *([st.floats(0, 1)] * len(Signs._fields))),
    st.sampled_from(sorted(AGAINST & {*Signs._fields})),
    st.floats(0, 1),
)
def test_a_stronger_sign_against_it_never_raises_confidence(values: Signs, name: str, stronger: float) -> None:
    worse = values._replace(**{name: max(stronger, values._asdict()[name])})
    assert model().probability(worse) <= model().probability(values) + 1e-12


# --- the signs


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_sign_lies_between_nothing_and_one(question: str) -> None:
    for decision, choice in every_choice(question):
        for name, value in decision.signs(choice)._asdict().items():
            assert 0 <= value <= 1, (name, choice.sentence.text)
        assert 0 <= decision.confidence(choice) <= 1


def test_without_a_rival_a_sentence_stands_out_wholly() -> None:
    assert signs(QUESTIONS[0], "The regulator fined").margin == 1.0


def test_a_rival_that_scores_the_same_leaves_no_margin() -> None:
    assert signs(QUESTIONS[0], "The regulator fined", "The regulator fined").margin == 0.0


def test_a_rival_that_scores_more_leaves_no_margin_below_nothing() -> None:
    question = "How much was Sorrane fined in Norland?"
    assert signs(question, "The town of Norland", "The regulator fined").margin == 0.0


def test_a_sentence_that_names_the_one_asked_about_is_on_them() -> None:
    found = signs(QUESTIONS[0], "The regulator fined")
    assert (found.focus, found.absent, found.stranger, found.elsewhere) == (1.0, 0.0, 0.0, 0.0)


def test_a_sentence_on_somebody_else_is_less_on_the_one_asked_about() -> None:
    found = signs(QUESTIONS[0], "Dost, its rival")
    assert 0 < found.focus < 1
    assert found.elsewhere == 1.0


def test_the_more_others_are_named_since_the_less_a_sentence_is_on_the_one_asked_about() -> None:
    near = signs(QUESTIONS[0], "Judge Ada Lund upheld")
    assert near.focus < signs(QUESTIONS[0], "Dost, its rival").focus


def test_where_nobody_is_asked_about_every_sentence_is_to_the_point() -> None:
    found = signs("What happened at the harbor?", "Dost, its rival")
    assert (found.focus, found.absent, found.main) == (1.0, 0.0, 1.0)


def test_somebody_whom_the_article_never_names_is_absent() -> None:
    decision = decided(NEWS, "How much was Sorrane fined in the town of its harbor?")
    assert absence(choice_of(decision, "The town of Norland"), decision.question) == 1.0
    assert absence(choice_of(decision, "The regulator fined"), decision.question) == 0.0


def test_who_is_named_right_before_is_nearly_present() -> None:
    often = "Sorrane fire\n    The fire cost Sorrane, and Sorrane alone, much. It hurt Dost. It paid. It ended.\n"
    decision = decided(often, "How much did Dost pay?")
    assert absence(choice_of(decision, "It paid."), decision.question) == pytest.approx(0.2)
    assert absence(choice_of(decision, "It ended."), decision.question) == pytest.approx(0.5)


def test_the_one_least_present_of_several_decides() -> None:
    decision = decided(NEWS, "Did Sorrane or Rosa Halm pay?")
    assert absence(choice_of(decision, "The regulator fined"), decision.question) == 1.0


def test_a_number_that_was_asked_for_is_nobody_to_be_absent() -> None:
    decision = decided(NEWS, "Who was fined 40 times?")
    assert absence(choice_of(decision, "The regulator fined"), decision.question) == 0.0


def test_a_word_that_is_denied_here_and_was_not_in_the_question_is_a_sign_against_it() -> None:
    assert signs("Who upheld the ban?", "She did not uphold").denied == 1.0
    assert signs("Who did not uphold the ban?", "She did not uphold").denied == 0.0
    assert signs("Who upheld the fine?", "Judge Ada Lund").denied == 0.0


def test_what_is_not_the_newest_is_outdated_where_the_present_state_was_asked_for() -> None:
    question = "What is the latest on the fine of Sorrane?"
    assert signs(question, "The regulator fined").outdated == 1.0
    assert signs(question, "An appeals court cut").outdated == 0.0
    assert signs(QUESTIONS[0], "The regulator fined").outdated == 0.0


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Why was Sorrane fined?", "of_reason"),
        ("What did Sorrane say?", "of_quote"),
        ("Who upheld the fine?", "of_person"),
        ("Which company was fined?", "of_person"),
        ("Who is Rosa Halm?", "of_thing"),
        ("Did Sorrane appeal?", "of_yes_no"),
        ("How much was Sorrane fined?", None),
    ],
)
def test_the_kind_of_question_is_told_once_at_most(question: str, kind: str | None) -> None:
    decision = decided(NEWS, question)
    found = decision.signs(next(decision.ranked()))
    kinds = {name for name, value in found._asdict().items() if name.startswith("of_") and value}
    assert kinds == ({kind} if kind else set())


# --- in a decision


def test_a_sentence_that_gives_the_same_short_answer_is_no_rival() -> None:
    again = "    Sorrane again | 2024-03-02 | key=again\n        The regulator fined Sorrane {}, it said.\n"
    margins = []
    for sum_ in ("$2 million", "$3 million"):
        decision = decided(NEWS + again.format(sum_), "How much did the regulator fine Sorrane?")
        margins.append(decision.signs(choice_of(decision, "The regulator fined Sorrane $2")).margin)
    assert margins[0] > margins[1]


def test_the_same_sentence_is_as_sure_when_it_is_looked_at_again() -> None:
    decision = decided(NEWS, QUESTIONS[0])
    first = next(decision.ranked())
    assert decision.confidence(first) == decision.confidence(first) == model().probability(decision.signs(first))


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_answer_is_at_least_as_sure_as_the_limit(question: str) -> None:
    for least in (0.0, 0.42, 0.9, 1.0):
        answer = decided(NEWS, question, Limits(confidence=least)).answer()
        if isinstance(answer, Answered):
            assert answer.confidence >= least - 1e-4
        assert isinstance(answer, NotInCorpus | NeedsDetail) or least < 1


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_higher_limit_answers_nothing_that_a_lower_one_refuses(question: str) -> None:
    answered = [
        isinstance(decided(NEWS, question, Limits(confidence=least)).answer(), Answered)
        for least in (0.0, 0.2, 0.42, 0.6, 0.8, 1.0)
    ]
    assert answered == sorted(answered, reverse=True)


@settings(max_examples=60)
@given(
    st.lists(
        st.sampled_from(
            "Who When Why How much did was the fine Sorrane Dost Rosa Halm harbor not latest uphold 40 ?".split()
        ),
        min_size=1,
        max_size=9,
    ).map(" ".join)
)
def test_whatever_is_asked_every_sign_lies_between_nothing_and_one(question: str) -> None:
    asked_for = f"Sorrane {question}"  # there is always something to search for
    for decision, choice in every_choice(asked_for):
        assert all(0 <= value <= 1 for value in decision.signs(choice)), choice.sentence.text
