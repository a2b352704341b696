"""Sums, shares, times and numbers are told by their form; what only looks like one is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.values import Value, ages, dates, dockets, durations, numbers, shares, sums, votes

Find = Callable[[str], Iterator[Value]]


def found(find: Find, text: str) -> list[str]:
    """The values, surest first."""
    return [span.of(text) for span, _ in sorted(find(text), key=lambda value: -value[1])]


@pytest.mark.parametrize(
    ("find", "text", "value"),
    [
        (sums, "The fine is 2.6 million zlotys.", "2.6 million zlotys"),
        (sums, "It costs 38 cents a unit.", "38 cents"),
        (sums, "The $1.3m fee was vacated.", "$1.3m"),
        (sums, "It paid at least £11.3 million.", "£11.3 million"),
        (sums, "It paid EUR 4.5 million.", "EUR 4.5 million"),
        (sums, "It took a fee of 0.9 percent.", "0.9 percent"),
        (shares, "It let go a fifth of its staff.", "a fifth"),
        (shares, "It stole four of the six secrets.", "four of the six"),
        (shares, "About two-thirds left.", "two-thirds"),
        (numbers, "There was evidence of 63 misdirected letters.", "63"),
        (numbers, "It hit twenty-five users.", "twenty-five"),
        (durations, "He got 11 years and three months.", "11 years and three months"),
        (durations, "It has 60 additional days.", "60 additional days"),
        (ages, "The app is for those aged 13 and over.", "13"),
        (votes, "It decided by two to one.", "two to one"),
        (dockets, "It is Case C-702/24 P.", "Case C-702/24 P"),
        (dockets, "It is T-218/23.", "T-218/23"),
        (dockets, "See [2024] EWHC 123 (Ch).", "[2024] EWHC 123 (Ch)"),
        (dockets, "It is No. 3:23-cv-04718.", "No. 3:23-cv-04718"),
        (dates, "It was built in 1788.", "1788"),
        (dates, "It was built on July 4, 1788.", "July 4, 1788"),
        (dates, "It ran in the early 1960s.", "early 1960s"),
        (dates, "It lasted from 1754–1763.", "1754–1763"),
        (dates, "It grew in the 14th century.", "the 14th century"),
        (dates, "It starts on a Tuesday in June.", "a Tuesday in June"),
        (dates, "It is due by the end of 2026.", "the end of 2026"),
        (dates, "It ran from Nov. 28 to Dec. 9.", "Nov. 28 to Dec. 9"),
        (dates, "It wrote in October and again in December.", "December"),
    ],
)
def test_a_value_is_told_by_its_form(find: Find, text: str, value: str) -> None:
    assert value in found(find, text)


@pytest.mark.parametrize(
    ("find", "text", "wrong"),
    [
        (numbers, "Nine of the ten judges agreed.", "ten"),
        (dates, "It has 1,788 users.", "788"),
        (dates, "Section 2021 applies.", "2021"),
        (dates, "The 19-year-old may sue.", "may"),
        (votes, "No. 21-402 was heard.", "21-402"),
        (durations, "A 19-year-old was charged.", "19-year"),
        (sums, "It took $5 million and 3 percent.", "3 percent"),
    ],
)
def test_what_only_looks_alike_is_left_out(find: Find, text: str, wrong: str) -> None:
    assert wrong not in found(find, text)


def test_a_day_of_a_month_is_hardly_a_number() -> None:
    qualities = {span.of(text): quality for text in ["On May 22 it hit 37 users."] for span, quality in numbers(text)}
    assert qualities["22"] < 0.5 < qualities["37"]


EVERY: list[Find] = [sums, shares, numbers, durations, ages, votes, dockets, dates]
PIECES = st.sampled_from(
    "$12 million €5 30% half a third 6-3 to of the ten No. 2:21-cv-00031 C-1/22 P [2024] EWHC 5 on Jan. 21, 1788 2021 "
    "Thursday in June from 18 months a year 52 , - 1960s 19-year-old aged and".split(" ")
)


@given(st.one_of(st.lists(PIECES, max_size=16).map(" ".join), st.text(max_size=120)), st.sampled_from(EVERY))
def test_every_value_is_a_span_of_the_text(text: str, find: Find) -> None:
    for span, quality in find(text):
        assert 0 <= span.start < span.end <= len(text)
        assert 0 < quality <= 1
