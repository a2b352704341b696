"""When an answer is right: each rule of `retrieval.evaluation.rules`, by hand-made answers."""

from __future__ import annotations

from datetime import date

import pytest

from corpus.collection import LIBRARY
from corpus.model import Span
from retrieval.evaluation.questions import Query
from retrieval.evaluation.report import BETTER_LOW, FIGURES, measures_of
from retrieval.evaluation.rules import Judged, accepts, is_near_miss_answered, normalised, takes_for_true
from retrieval.model import (
    Answer,
    Answered,
    Citation,
    Evidence,
    NeedsDetail,
    NotAQuestion,
    NotInCorpus,
    Partial,
    Topic,
)

QUERY = Query("1", "Who is the judge?", ("fizz",), ("Judge Ada Byron ruled",), ("Ada Byron",), "plain")
TEXT = "On Monday Judge Ada Byron ruled for Fizz."


def quoted(text: str = TEXT, key: str = "fizz", answer: str = "") -> Evidence:
    place = Citation(1, 1, LIBRARY, key, 1, "Fizz", None, date(2021, 1, 1), None, 0, len(text))
    at = text.find(answer)
    return Evidence(text, place, Span(at, at + len(answer)) if answer else None)


def judged(answer: Answer, query: Query = QUERY) -> Judged:
    return Judged(query, answer)


def none(kind: str, *articles: str) -> Query:
    return Query("1", "Why?", articles, kind=kind, answerable=False)


def test_the_first_sentence_is_right_where_it_holds_gold_of_the_right_article() -> None:
    assert judged(Answered(0.9, (quoted(),))).sentence == 1
    assert judged(Answered(0.9, (quoted(key="buzz"),))).sentence == 0
    assert judged(Answered(0.9, (quoted("Judge Cray ruled."), quoted()))).sentence == 0
    assert judged(Answered(0.9, (quoted("Judge Cray ruled."), quoted()))).within_three == 1
    assert judged(Answered(0.9, (*[quoted("No.")] * 3, quoted()))).within_three == 0


@pytest.mark.parametrize(
    "answer",
    [
        NotInCorpus(0.2, "Nothing.", (quoted(),)),
        NeedsDetail(0.2, "Which?", ("a", "b"), (quoted(),)),
        Partial(0.5, (quoted(),), "half"),
    ],
)
def test_closest_passages_count_where_there_is_no_evidence(answer: Answer) -> None:
    assert judged(answer).sentence == 1


def test_small_talk_shows_nothing_and_is_sure_of_nothing() -> None:
    told = judged(NotAQuestion(Topic.GREETING))
    assert (told.sentence, told.span, told.wrongly_refused, told.confidence) == (0, 0, 1, 0)


def test_a_question_on_two_articles_counts_by_half_for_each_that_is_evidence() -> None:
    both = Query("1", "?", ("fizz", "buzz"), ("five", "six"), ("five", "six"), "two-article")
    five, six = quoted("It paid five.", "fizz"), quoted("It paid six.", "buzz")
    assert judged(Answered(0.9, (five, six)), both).sentence == 1
    assert judged(Answered(0.9, (six,)), both).sentence == 0.5
    assert judged(Answered(0.9, (quoted("It paid six.", "fizz"),)), both).sentence == 0
    assert judged(NotInCorpus(0.1, "", (five, six)), both).sentence == 0


@pytest.mark.parametrize(
    ("picked", "right"),
    [
        ("Ines Marrow", True),
        ("U.S. District Judge Ines Marrow", True),
        ("then the U.S. District Judge Ines Marrow", False),
        ("Marrow", False),
        ("ines marrow", False),
        ("", False),
    ],
)
def test_a_span_may_be_three_words_longer_and_never_shorter(*, picked: str, right: bool) -> None:
    assert accepts(Query("1", "?", ("a",), ("gold",), ("Ines Marrow",)), picked) is right


def test_without_gold_answers_are_compared_without_case_and_punctuation() -> None:
    query = Query("1", "?", ("other",), answers=("the Café",))
    told = judged(Answered(0.9, (quoted("They met at “CAFE”.", answer="CAFE"),)), query)
    assert (told.sentence, told.span) == (1, 1)
    assert normalised("The “Café”, a U.S. firm") == "cafe us firm"


def test_a_short_answer_counts_only_in_the_right_sentence() -> None:
    assert judged(Answered(0.9, (quoted(answer="Ada Byron"),))).span == 1
    assert judged(Answered(0.9, (quoted("Ada Byron left.", answer="Ada Byron"),))).span == 0
    assert judged(Answered(0.9, (quoted(),))).span == 0


def test_one_highlight_stands_for_the_short_answer() -> None:
    shown = quoted()
    marked = Evidence(shown.text, shown.citation, None, (Span(16, 25),))
    assert judged(Answered(0.9, (marked,))).span == 1


def test_an_answer_whole_or_in_part_is_no_refusal() -> None:
    query = none("near-miss", "fizz")
    assert judged(Answered(0.9, (quoted(),)), query).refused == 0
    assert judged(Partial(0.9, (quoted(),), ""), query).refused == 0
    assert judged(NotInCorpus(0.1, "", (quoted(),)), query).refused == 1
    assert judged(NeedsDetail(0.1, "", ("a", "b")), query).refused == 1
    assert is_near_miss_answered(judged(Answered(0.9, (quoted(),)), query)) == 1


def test_an_answer_from_the_sibling_is_a_wrong_case_answer() -> None:
    query = none("wrong-case", "fizz", "buzz")
    assert judged(Answered(0.9, (quoted(key="buzz"),)), query).from_sibling == 1
    assert judged(Answered(0.9, (quoted(key="fizz"),)), query).from_sibling == 0
    assert judged(NotInCorpus(0.1, "", (quoted(key="buzz"),)), query).from_sibling == 0
    assert judged(Answered(0.9, (quoted(key="buzz"),))).from_sibling is None


def test_a_false_premise_may_be_answered_by_no() -> None:
    query = none("false-premise", "fizz")
    assert takes_for_true(judged(Answered(0.9, (quoted(),)), query)) == 1
    assert takes_for_true(judged(Answered(0.9, (quoted(),), polarity=True), query)) == 1
    denied = judged(Answered(0.9, (quoted(),), polarity=False), query)
    assert (takes_for_true(denied), denied.refused, denied.right, denied.fault) == (0, 1, 1, None)


@pytest.mark.parametrize(
    ("answer", "query", "fault"),
    [
        (Answered(0.9, (quoted(answer="Ada Byron"),)), QUERY, None),
        (Answered(0.9, (quoted(),)), QUERY, "the words picked out are not the answer"),
        (Answered(0.9, (quoted("No."),)), QUERY, "the first sentence doesn't answer it"),
        (NotInCorpus(0.1, "", (quoted(),)), QUERY, "refused though an article answers it"),
        (Answered(0.9, (quoted(),)), none("off-corpus"), "answered what can't be answered"),
        (Answered(0.9, (quoted(),)), none("wrong-case", "buzz", "fizz"), "answered from the other case"),
        (NotInCorpus(0.1, ""), none("off-corpus"), None),
    ],
)
def test_every_fault_is_named(answer: Answer, query: Query, fault: str | None) -> None:
    assert judged(answer, query).fault == fault


def test_without_gold_and_answers_no_sentence_is_judged() -> None:
    told = judged(Answered(0.9, (quoted(),)), Query("1", "?", ("fizz",)))
    assert (told.sentence, told.within_three, told.span, told.fault) == (None, None, None, None)


def test_a_figure_is_a_mean_over_the_questions_that_tell_it() -> None:
    told = [judged(Answered(0.9, (quoted(),))), judged(NotInCorpus(0.1, "")), judged(NotInCorpus(0.1, ""), none("x"))]
    found = measures_of(told)
    assert (found["sentence"].value, found["sentence"].of) == (0.5, 2)
    assert (found["refusals"].value, found["refusals"].of) == (1, 1)
    assert (found["right when confident"].value, found["right when confident"].of) == (1, 1)
    assert "wrong-case answers" not in found
    assert {figure.name for figure in FIGURES} >= BETTER_LOW


def test_right_when_confident_counts_answers_to_what_can_not_be_answered() -> None:
    told = [judged(Answered(0.9, (quoted(),))), judged(Answered(0.9, (quoted(),)), none("off-corpus"))]
    assert measures_of(told)["right when confident"].value == 0.5
