"""Times in questions become ranges of days, told from the asking time; everything else is no time."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.periods import periods, read_days

FRIDAY = date(2024, 3, 15)


def day(text: str) -> date | None:
    return None if text == "-" else date.fromisoformat(text)


@pytest.mark.parametrize(
    ("phrase", "since", "until"),
    [
        ("in 2021", "2021-01-01", "2021-12-31"),
        ("2021", "2021-01-01", "2021-12-31"),
        ("during 2021", "2021-01-01", "2021-12-31"),
        ("in March 2021", "2021-03-01", "2021-03-31"),
        ("in Feb. 2020", "2020-02-01", "2020-02-29"),
        ("on March 4, 2021", "2021-03-04", "2021-03-04"),
        ("on Mar. 4, 2021", "2021-03-04", "2021-03-04"),
        ("on 4 March 2021", "2021-03-04", "2021-03-04"),
        ("on the day 4th of March 2021", "2021-03-04", "2021-03-04"),
        ("on March 4th, 2021", "2021-03-04", "2021-03-04"),
        ("on Thursday, March 4, 2021", "2021-03-04", "2021-03-04"),
        ("on 2021-03-04", "2021-03-04", "2021-03-04"),
        ("on March 4", "2024-03-04", "2024-03-04"),
        ("on December 4", "2023-12-04", "2023-12-04"),
        ("in March", "2024-03-01", "2024-03-31"),
        ("in May", "2023-05-01", "2023-05-31"),
        ("early 2021", "2021-01-01", "2021-04-30"),
        ("mid-2021", "2021-05-01", "2021-08-31"),
        ("late 2021", "2021-09-01", "2021-12-31"),
        ("since 2021", "2021-01-01", "-"),
        ("since March 4, 2021", "2021-03-04", "-"),
        ("after March 4, 2021", "2021-03-05", "-"),
        ("before March 2021", "-", "2021-02-28"),
        ("until March 2021", "-", "2021-03-31"),
        ("between March 2020 and May 2021", "2020-03-01", "2021-05-31"),
        ("from 2019 to 2021", "2019-01-01", "2021-12-31"),
        ("since Monday", "2024-03-11", "2024-03-15"),
        ("since Friday", "2024-03-08", "2024-03-15"),
        ("on Wednesday", "2024-03-13", "2024-03-13"),
        ("today", "2024-03-15", "2024-03-15"),
        ("yesterday", "2024-03-14", "2024-03-14"),
        ("this week", "2024-03-11", "2024-03-15"),
        ("last week", "2024-03-04", "2024-03-10"),
        ("this month", "2024-03-01", "2024-03-15"),
        ("last month", "2024-02-01", "2024-02-29"),
        ("this year", "2024-01-01", "2024-03-15"),
        ("last year", "2023-01-01", "2023-12-31"),
        ("in the last 3 days", "2024-03-12", "2024-03-15"),
        ("over the past 2 weeks", "2024-03-01", "2024-03-15"),
    ],
)
def test_a_phrase_stands_for_a_range_of_days(phrase: str, since: str, until: str) -> None:
    text = f"What did the court decide {phrase}?"
    [period] = periods(text, FRIDAY)
    assert (period.since, period.until) == (day(since), day(until))
    assert phrase.endswith(period.span.of(text))


@pytest.mark.parametrize(
    "text",
    [
        "Who may sue?",
        "May a company scrape a site?",
        "What may happen next?",
        "Did the court march on?",
        "What does Section 2021 say?",
        "What is Title 2020 about?",
        "docket 2021-cv-00031",
        "What is No. 2021 about?",
        "Was it on February 30, 2021?",
        "How many of the 2500 users?",
        "Who is the judge?",
        "",
        "in the last 10-15 points",
    ],
)
def test_what_is_no_time_is_none(text: str) -> None:
    assert periods(text, FRIDAY) == []


@pytest.mark.parametrize(
    "text", ["February 30, 2021", "31 June 2021", "2021-13-01", "2021-02-30", "March April", "", "x"]
)
def test_a_day_that_does_not_exist_is_no_date(text: str) -> None:
    assert read_days(text, FRIDAY) is None


def test_two_times_are_told_apart_and_stand_in_order() -> None:
    text = "What changed on March 4, 2021 and in 2019?"
    first, second = periods(text, FRIDAY)
    assert (first.since, second.since) == (date(2021, 3, 4), date(2019, 1, 1))
    assert first.span.end <= second.span.start


def test_a_range_the_wrong_way_round_is_no_range() -> None:
    found = periods("between May 2021 and March 2020", FRIDAY)
    assert all(period.since is None or period.until is None or period.since <= period.until for period in found)


def test_times_told_from_the_asking_time_say_so() -> None:
    assert [period.of_news for period in periods("in 2021 or last week", FRIDAY)] == [False, True]


def test_a_period_holds_its_first_and_last_day_and_no_unknown_one() -> None:
    [period] = periods("in March 2021", FRIDAY)
    assert period.holds(date(2021, 3, 1))
    assert period.holds(date(2021, 3, 31))
    assert not period.holds(date(2021, 2, 28))
    assert not period.holds(date(2021, 4, 1))
    assert not period.holds(None)


PIECES = st.sampled_from(
    "in on since before after between and the last past this 2021 1999 March may May 4 31 30th of Friday, week days "
    "today early late mid- , ? 2021-02-30 last-week 0 99".split()
)


@given(
    st.one_of(st.lists(PIECES, max_size=10).map(" ".join), st.text(max_size=60)), st.dates(min_value=date(1900, 1, 1))
)
def test_any_text_gives_ranges_that_are_in_order_apart_and_not_upside_down(text: str, today: date) -> None:
    end = 0
    for period in periods(text, today):
        assert end <= period.span.start < period.span.end <= len(text)
        end = period.span.end
        assert period.since or period.until
        if period.since and period.until:
            assert period.since <= period.until
