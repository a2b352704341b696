"""What values mean, and which of them contradict each other."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from corpus.model import Span
from retrieval.candidates import candidates
from retrieval.kinds import Kind
from retrieval.quantities import Quantity, are_apart, days_meant, quantity
from retrieval.question import parse
from retrieval.values import durations, numbers, shares, sums
from tests.fakes.contexts import contexts_of

FIND = {Kind.MONEY: sums, Kind.NUMBER: numbers, Kind.PERCENT: shares, Kind.DURATION: durations}


def read(kind: Kind, text: str) -> Quantity | None:
    """The first value of the kind in the text, read."""
    span, _ = next(FIND[kind](text))
    return quantity(kind, text, span)


def contradict(kind: Kind, one: str, other: str) -> bool:
    found, another = read(kind, one), read(kind, other)
    assert found is not None
    assert another is not None
    assert found.contradicts(another) == another.contradicts(found)
    return found.contradicts(another)


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        (Kind.MONEY, "$7.5 million", "7,500,000 dollars"),
        (Kind.MONEY, "$7.5 million", "$7,512,300"),
        (Kind.MONEY, "$7 million", "$7.4 million"),
        (Kind.MONEY, "$7 million", "seven million dollars"),
        (Kind.MONEY, "about $40 million", "$43 million"),
        (Kind.MONEY, "more than $40 million", "$58 million"),
        (Kind.MONEY, "up to $40 million", "$12 million"),
        (Kind.MONEY, "US$40", "40 dollars"),
        (Kind.MONEY, "€40", "$50"),
        (Kind.MONEY, "$200 million", "$206 million"),
        (Kind.NUMBER, "fourteen", "14"),
        (Kind.NUMBER, "two hundred", "200"),
        (Kind.NUMBER, "30 or more", "48"),
        (Kind.PERCENT, "30 percent", "30%"),
        (Kind.DURATION, "12 months", "one year"),
        (Kind.DURATION, "14 days", "two weeks"),
    ],
)
def test_the_same_value_told_otherwise_contradicts_nothing(kind: Kind, one: str, other: str) -> None:
    assert not contradict(kind, one, other)


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        (Kind.MONEY, "$7.5 million", "$9 million"),
        (Kind.MONEY, "$7.5 million", "$7.5 billion"),
        (Kind.MONEY, "$40,000", "$42,000"),
        (Kind.MONEY, "£3bn", "4 billion pounds"),
        (Kind.MONEY, "more than $40 million", "$12 million"),
        (Kind.NUMBER, "fourteen", "16"),
        (Kind.PERCENT, "30 percent", "27%"),
        (Kind.DURATION, "five years", "18 months"),
    ],
)
def test_values_that_lie_apart_contradict_each_other(kind: Kind, one: str, other: str) -> None:
    assert contradict(kind, one, other)


@pytest.mark.parametrize("told", ["millions of dollars", "40 rubles", "HK$40"])
def test_a_sum_that_cannot_be_read_means_nothing(told: str) -> None:
    assert quantity(Kind.MONEY, told, Span(0, len(told))) is None


def test_a_kind_without_quantities_means_none() -> None:
    assert quantity(Kind.PERSON, "four", Span(0, 4)) is None
    assert quantity(Kind.DURATION, "several days", Span(0, 12)) is None


NEWS_DAY = date(2024, 3, 1)  # a Friday


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("Jan. 21", "21 January 2024", False),
        ("January", "Jan. 8, 2024", False),
        ("2024", "Jan. 8, 2024", False),
        ("early 2024", "Jan. 8, 2024", False),
        ("Friday", "March 1, 2024", False),
        ("Friday", "March 8, 2024", False),
        ("Friday", "Feb. 21, 2024", True),
        ("Jan. 8", "18 January", True),
        ("2023", "Jan. 8, 2024", True),
        ("2024-01-08", "Jan. 8, 2024", False),
        ("Sept. 9", "September 9, 2024", False),
        ("Sept. 9", "September 9, 2023", False),
        ("last spring", "2019", False),
        ("soon", "2019", False),
    ],
)
def test_dates_lie_apart_only_where_no_day_is_meant_by_both(one: str, other: str, *, apart: bool) -> None:
    assert are_apart(days_meant(one, NEWS_DAY), days_meant(other, NEWS_DAY)) is apart
    assert are_apart(days_meant(other, NEWS_DAY), days_meant(one, NEWS_DAY)) is apart


def test_without_the_article_s_date_a_day_without_a_year_is_unknown() -> None:
    assert days_meant("Jan. 21", None) == days_meant("Friday", None) == ()
    assert days_meant("Jan. 21, 2024", None) == ((date(2024, 1, 21), date(2024, 1, 21)),)


def test_the_end_of_february_has_a_next_year() -> None:
    assert days_meant("Feb. 29", date(2024, 3, 1)) == (
        (date(2024, 2, 29), date(2024, 2, 29)),
        (date(2025, 2, 28), date(2025, 2, 28)),
    )


def test_a_value_with_its_unit_is_read_as_its_number() -> None:
    [context] = contexts_of("Maps | key=a\n    Quarrix copied 14 maps.\n")
    question = parse("How many maps did Quarrix copy?", datetime(2024, 6, 1, tzinfo=UTC))
    [sentence] = context.sentences
    [found] = candidates(sentence, question)
    assert found.span.of(sentence.text) == "14 maps"
    assert quantity(Kind.NUMBER, sentence.text, found.span) == Quantity(13.5, 14.5)
