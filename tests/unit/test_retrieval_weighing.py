"""Sentences are weighed only as far as their turn may come, with the same order as if all had been."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from retrieval.decision import Decision, Limits
from retrieval.evidence import LOOKED_AT, Choice, Weighing, spoken_of
from retrieval.index import Statistics
from retrieval.matching import Context
from retrieval.model import Answered
from retrieval.question import parse
from retrieval.scoring import FOR, Features, Linear, ranking, shipped
from retrieval.sentence import Reader
from retrieval.view import ArticleView
from tests.fakes.corpus import FakeCorpus

NEWS = """
Parler v. AWS | CNBC | 2021-01-21
    U.S. District Judge Barbara Rothstein denied the motion on Thursday. Parler had sued Amazon for $5 million.
    “We are not happy,” said John Matze. The company said the decision came too late.
Epic Games v. Apple | The Verge | 2021-09-10
    Judge Yvonne Gonzalez Rogers ruled on Friday. Apple must pay $3 million in 30 days, the court said.
    Epic argued that the fee was unlawful because Apple was a monopolist.
"""
QUESTIONS = (
    "Who is the judge in Parler v. AWS?",
    "How much must Apple pay?",
    "When did Judge Rogers rule?",
    "What did Parler say about Amazon?",
    "Was the motion denied?",
    "Why did Epic sue Apple?",
    "What happened in court?",
)


NOW = datetime(2021, 12, 1, tzinfo=UTC)


def _contexts(notation: str) -> list[Context]:
    reader = Reader()
    contexts = []
    for article in FakeCorpus(notation).articles:
        sentences = tuple(s for passage in article.passages for s in reader.passage(article, passage))
        contexts.append(Context(reader.profile(article, sentences), sentences))
    return contexts


def _weighing(asked: str) -> tuple[Weighing, list[Context]]:
    return Weighing(parse(asked, NOW), Statistics(100, {}), {1: 3.0, 3: 2.0}), _contexts(NEWS)


@pytest.mark.parametrize("asked", QUESTIONS)
def test_the_order_is_that_of_the_scores(asked: str) -> None:
    weighing, contexts = _weighing(asked)
    scores = [choice.score for choice in weighing.ranked(weighing.prospects(contexts))]
    assert len(scores) == sum(len(context.sentences) for context in contexts)
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("asked", QUESTIONS)
def test_no_sentence_comes_to_more_than_what_it_was_said_to_reach(asked: str) -> None:
    weighing, contexts = _weighing(asked)
    found = {(choice.context, choice.index): choice for choice in weighing.ranked(weighing.prospects(contexts))}
    for prospect in weighing.prospects(contexts):
        choice = found[prospect.view.context, prospect.index]
        assert choice.score <= prospect.most


def test_a_sentence_is_weighed_once() -> None:
    weighing, contexts = _weighing(QUESTIONS[0])
    prospects = weighing.prospects(contexts)
    once, again = (list(weighing.ranked(prospects)) for _ in range(2))
    assert [id(choice) for choice in once] == [id(choice) for choice in again]
    assert all(isinstance(choice, Choice) for choice in once)


@pytest.mark.parametrize("asked", QUESTIONS)
def test_what_the_features_add_comes_to_the_score(asked: str) -> None:
    weighing, contexts = _weighing(asked)
    for choice in weighing.ranked(weighing.prospects(contexts)):
        shares = dict(weighing.shares(choice))
        assert tuple(shares) == Features._fields
        assert sum(shares.values()) + ranking().bias == pytest.approx(choice.score)


@pytest.mark.parametrize("asked", QUESTIONS)
def test_every_feature_lies_between_nothing_and_one(asked: str) -> None:
    weighing, contexts = _weighing(asked)
    for choice in weighing.ranked(weighing.prospects(contexts)):
        for name, value in choice.features._asdict().items():
            assert 0 <= value <= 1, name


def test_of_many_sentences_only_the_best_are_looked_at() -> None:
    weighing, contexts = _weighing(QUESTIONS[0])
    every = weighing.prospects(contexts)
    assert [one.most for one in weighing.prospects(contexts, most=2)] == [one.most for one in every[:2]]


def test_without_an_article_there_is_nothing_to_weigh() -> None:
    weighing, _ = _weighing(QUESTIONS[0])
    assert weighing.prospects([]) == []
    assert list(weighing.ranked([])) == []


def test_words_that_no_passage_holds_are_told_apart_from_those_that_some_do() -> None:
    _, contexts = _weighing(QUESTIONS[0])
    question = parse("Who sued Amazon over the zeppelin?", NOW)
    held = {"@amazon": 3, "amazon": 3, "sue": 9}
    [some, *_] = Weighing(question, Statistics(100, held), {1: 1.0}).prospects(contexts)
    [none, *_] = Weighing(question, Statistics(100, {}), {1: 1.0}).prospects(contexts)
    [every, *_] = Weighing(question, Statistics(100, {**held, "zeppelin": 1}), {1: 1.0}).prospects(contexts)
    assert every.at_best.unknown == 0
    assert 0 < some.at_best.unknown < none.at_best.unknown == 1


def test_the_words_of_the_question_are_marked_where_they_stand() -> None:
    weighing, contexts = _weighing("Why did Epic sue Apple?")
    [choice] = [
        choice
        for choice in weighing.ranked(weighing.prospects(contexts))
        if choice.sentence.text.startswith("Epic argued")
    ]
    marked = [span.of(choice.sentence.text) for span in spoken_of(choice, weighing.question)]
    assert {"Epic", "Apple"} <= set(marked)


def test_a_sentence_that_points_to_another_matter_answers_less_surely() -> None:
    plain, away = (
        _best_score(f"Pellam v. Dost | 2024-01-01\n    {sentence}", "Who is the judge in Pellam v. Dost?")
        for sentence in ("The case is before Judge Ada Quist.", "A separate case is before Judge Ada Quist.")
    )
    assert away < plain


def _best_score(notation: str, asked: str) -> float:
    question, contexts = parse(asked, NOW), _contexts(notation)
    weighing = Weighing(question, Statistics(100, {}), {1: 1.0})
    return next(weighing.ranked(weighing.prospects(contexts))).score


# --- one article seen for one question

SEEN = """
Sorrane fined over the harbor fire | 2024-03-01
    The regulator fined Sorrane on Friday. It had stored oil.
    Dost will appeal.
"""


def _view(question: str, notation: str = SEEN) -> ArticleView:
    [context] = _contexts(notation)
    concepts = parse(question, NOW).concepts
    return ArticleView(parse(question, NOW), [4.0] * len(concepts), [3.0] * len(concepts), context)


def test_a_sentence_says_by_itself_at_most_what_it_says_with_what_stands_around_it() -> None:
    for question in ("Why was Sorrane fined over the fire?", "Did Dost appeal?", "harbor", "Who is Zorbel?"):
        view = _view(question)
        for own, every in ((view.own_content, view.all_content), (view.own_names, view.all_names)):
            assert all(0 <= one <= other <= 1 for one, other in zip(own, every, strict=True)), question


def test_a_name_of_the_sentence_before_is_nearly_there() -> None:
    view = _view("Which oil did Sorrane store?")
    assert view.own_names[1] == 0 < view.all_names[1]
    assert view.misses_name(1)
    assert not view.misses_name(0)


def test_a_name_in_the_title_covers_the_article_and_one_in_passing_does_not() -> None:
    assert _view("Who fined Sorrane?").is_covered
    assert not _view("Who fined Zorbel?").is_covered


def test_a_word_that_stands_nowhere_is_the_gap() -> None:
    said, unsaid = _view("Who fined Sorrane?"), _view("Who overturned the ban on Sorrane?")
    assert said.gap(0) == said.gaps(0) == 0
    assert said.weakest(0) == 1
    assert unsaid.gap(0) == pytest.approx(1)
    assert unsaid.gaps(0) == pytest.approx(1)


def test_of_several_words_the_one_missed_most_is_the_gap() -> None:
    view = _view("Which oil burned when the regulator fined Sorrane?")
    assert 0 < view.gaps(0) < 1
    assert view.gap(0) > 0


def test_without_a_word_that_is_no_name_there_is_no_gap() -> None:
    view = _view("Sorrane?")
    assert (view.gap(0), view.gaps(0), view.weakest(0)) == (0, 0, 1)
    assert view.own_content == [1.0] * 3


def test_without_a_sentence_there_is_nothing_to_see() -> None:
    view = _view("Who fined Sorrane?", "Sorrane fined\n")
    assert view.own_content == view.all_names == []
    assert view.is_covered


# --- the linear models


def _linear(bias: float = 0.0, **weights: float) -> Linear:
    return Linear(tuple(weights), tuple(weights.values()), bias)


def test_the_values_are_weighed_and_added_to_the_bias() -> None:
    linear = _linear(kind=2.0, stranger=-0.5, bias=1.0)
    assert linear.of([0.5, 1.0]) == 1.5
    assert dict(linear.shares([0.5, 1.0])) == {"kind": 1.0, "stranger": -0.5}
    assert linear.probability([0.0, 1.0]) == pytest.approx(0.6225, abs=1e-4)


def test_a_sum_of_any_size_is_a_probability() -> None:
    for bias in (-1e9, -30.0, 0.0, 30.0, 1e9):
        assert 0 < _linear(bias=bias).probability([]) < 1


@pytest.mark.parametrize(
    "weights", [{"kind": -0.1}, {"everything": -1.0}, {"stranger": 0.1}, {"kind_missing": 0.1}, {"unknown": 2.0}]
)
def test_weights_by_which_a_better_answer_counts_less_are_refused(weights: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(weights))):
        Linear(tuple(weights), tuple(weights.values()))


def test_the_shipped_weights_are_for_the_features_in_their_order() -> None:
    assert ranking().names == Features._fields
    assert len(ranking().weights) == len(Features._fields)
    assert ranking() is ranking()


def test_a_feature_that_the_model_does_not_name_weighs_nothing() -> None:
    named = shipped("ranking", (*Features._fields, "made_up"))
    assert named.weights[-1] == 0


def test_a_weight_for_a_feature_that_is_not_known_is_refused() -> None:
    with pytest.raises(ValueError, match="ranking"):
        shipped("ranking", ("kind",))


VALUE = st.floats(0, 1)


@given(st.builds(Features, *([VALUE] * len(Features._fields))), st.sampled_from(sorted(FOR)), VALUE)
def test_a_better_fitting_short_answer_never_lowers_a_score(features: Features, name: str, better: float) -> None:
    assume(better >= features._asdict()[name])
    assert ranking().of(features._replace(**{name: better})) >= ranking().of(features) - 1e-9


# --- bounded work


def test_short_answers_are_looked_for_in_a_bounded_number_of_sentences_however_many_there_are() -> None:
    many = "".join(f"Fine {n} | key=n{n}\n    Sorrane was fined ${n} million on Friday. It paid.\n" for n in range(200))
    weighing = Weighing(parse("How much was Sorrane fined?", NOW), Statistics(400, {}), {1: 1.0})
    decision = Decision(weighing, _contexts(many), Limits())
    decision.answer()
    assert len(weighing._choices) <= LOOKED_AT
    assert len(list(decision.ranked())) == LOOKED_AT


def test_an_article_of_thousands_of_sentences_is_weighed_by_its_best_few() -> None:
    long = "Fine | key=long\n    " + "The harbor is calm. " * 3_000 + "Sorrane was fined $5 million."
    weighing = Weighing(parse("How much was Sorrane fined?", NOW), Statistics(400, {}), {1: 1.0})
    decision = Decision(weighing, _contexts(long), Limits())
    answer = decision.answer()
    assert isinstance(answer, Answered)
    assert answer.evidence[0].short_answer == "$5 million"
    assert len(weighing._choices) <= LOOKED_AT
