"""Sentences are weighed only as far as their turn may come, with the same order as if all had been."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from retrieval.evidence import Choice, Weighing
from retrieval.index import Statistics
from retrieval.matching import Context
from retrieval.question import parse
from retrieval.scoring import Features, Linear, shipped_model
from retrieval.sentence import Reader
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


def _weighing(asked: str) -> tuple[Weighing, list[Context]]:
    reader = Reader()
    contexts = []
    for article in FakeCorpus(NEWS).articles:
        sentences = tuple(s for passage in article.passages for s in reader.passage(article, passage))
        contexts.append(Context(reader.profile(article, sentences), sentences))
    question = parse(asked, datetime(2021, 12, 1, tzinfo=UTC))
    return Weighing(question, Statistics(100, {}), {1: 3.0, 3: 2.0}), contexts


@pytest.mark.parametrize("asked", QUESTIONS)
def test_the_order_is_that_of_the_scores(asked: str) -> None:
    weighing, contexts = _weighing(asked)
    scores = [choice.score for choice in weighing.ranked(weighing.prospects(contexts))]
    assert len(scores) == sum(len(context.sentences) for context in contexts)
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("asked", QUESTIONS)
def test_no_sentence_comes_to_more_than_what_it_was_said_to_reach(asked: str) -> None:
    weighing, contexts = _weighing(asked)
    model = shipped_model()
    found = {(choice.context, choice.index): choice for choice in weighing.ranked(weighing.prospects(contexts))}
    for prospect in weighing.prospects(contexts):
        choice = found[prospect.view.context, prospect.index]
        assert choice.score <= prospect.most
        assert weighing.confidence(choice) <= model.confidence.probability(prospect.at_best)


def test_a_sentence_is_weighed_once() -> None:
    weighing, contexts = _weighing(QUESTIONS[0])
    prospects = weighing.prospects(contexts)
    once, again = (list(weighing.ranked(prospects)) for _ in range(2))
    assert [id(choice) for choice in once] == [id(choice) for choice in again]
    assert all(isinstance(choice, Choice) for choice in once)


def test_the_values_are_weighed_and_added_to_the_bias() -> None:
    linear = Linear(Features(kind=2.0, stranger=-0.5), bias=1.0)
    assert linear.of(Features(kind=0.5, stranger=1.0, early=1.0)) == 1.5
    assert linear.probability(Features(stranger=1.0, kind=0.0)) == pytest.approx(0.6225, abs=1e-4)


@pytest.mark.parametrize("weights", [Features(kind=-0.1), Features(stranger=0.1), Features(kind_missing=0.1)])
def test_weights_by_which_a_better_answer_counts_less_are_refused(weights: Features) -> None:
    with pytest.raises(ValueError, match=r"kind|stranger"):
        Linear(weights)
