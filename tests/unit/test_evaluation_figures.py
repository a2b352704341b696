"""Figures that are computed from ranks and confidences, on cases that can be counted by hand."""

from __future__ import annotations

import math

import pytest

from retrieval.evaluation.calibration import calibration, refusal_curve
from retrieval.evaluation.ranking import Ranking, measured
from retrieval.evaluation.report import Latency, Quotations


def test_ranks_are_measured_as_retrieval_research_does() -> None:
    second, absent, unknown = measured(
        [
            Ranking(["a", "b", "c"], frozenset({"b", "z"})),
            Ranking([], frozenset({"b"})),
            Ranking(["a"], frozenset()),
        ]
    )
    ideal = 1 + 1 / math.log2(3)
    assert second == pytest.approx(
        {
            "hit@1": 0,
            "hit@5": 1,
            "hit@10": 1,
            "mrr@10": 0.5,
            "ndcg@10": 1 / math.log2(3) / ideal,
            "recall@10": 0.5,
        }
    )
    assert set(absent.values()) == {0.0}
    assert unknown == {}


def test_what_lies_behind_the_tenth_rank_does_not_count() -> None:
    [found] = measured([Ranking([str(number) for number in range(11)], frozenset({"10"}))])
    assert set(found.values()) == {0.0}


def test_no_ranking_is_no_measure() -> None:
    assert measured([]) == []
    assert measured([Ranking(["a"], frozenset())]) == [{}]


def test_confidences_that_tell_all_apart_have_an_area_of_one() -> None:
    curve = refusal_curve([0.8, 0.9], [0.1, 0.2])
    assert curve is not None
    assert curve.area == 1
    assert [(p.answered_wrongly, p.answered_rightly) for p in curve.points] == [
        (0, 0),
        (0, 0.5),
        (0, 1),
        (0.5, 1),
        (1, 1),
    ]


def test_equal_confidences_have_an_area_of_a_half() -> None:
    curve = refusal_curve([0.5, 0.5], [0.5])
    assert curve is not None
    assert curve.area == 0.5
    reverse = refusal_curve([0.1], [0.9])
    assert reverse is not None
    assert reverse.area == 0


def test_one_sort_of_questions_makes_no_curve() -> None:
    assert refusal_curve([0.5], []) is None
    assert refusal_curve([], [0.5]) is None


def test_confidences_that_come_true_have_no_error() -> None:
    found = calibration([(1.0, 1.0), (0.0, 0.0)])
    assert found is not None
    assert (found.brier, found.error) == (0, 0)
    assert [(one.low, one.count) for one in found.bins] == [(0.0, 1), (0.9, 1)]


def test_the_error_is_the_distance_of_confidence_and_truth_in_each_tenth() -> None:
    found = calibration([(0.8, 1.0), (0.8, 0.0), (0.3, 0.0), (0.3, 0.0)])
    assert found is not None
    assert found.error == pytest.approx((2 * 0.3 + 2 * 0.3) / 4)
    assert found.brier == pytest.approx((0.04 + 0.64 + 0.09 + 0.09) / 4)
    assert calibration([]) is None


def test_times_are_told_by_their_quantiles() -> None:
    taken = Latency(tuple(float(number) for number in range(1, 101)))
    assert (taken.quantile(0.5), taken.quantile(0.95), taken.most) == (51, 96, 100)
    assert (Latency(()).quantile(0.5), Latency(()).most) == (0, 0)


def test_no_quotation_is_no_wrong_one() -> None:
    assert Quotations(0, 0).share == 1
    assert Quotations(4, 3).share == 0.75
