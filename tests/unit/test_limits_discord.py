"""Lengths, dates, scope and health: the small rules around a message."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bot import health
from bot.dates import Period, read_date
from bot.limits import measure
from bot.scope import EmptyPeriod, UnreadableDate, collections_for, filters_for
from corpus.collection import LIBRARY, Collection
from retrieval.index import Filters

if TYPE_CHECKING:
    from pathlib import Path

TODAY = date(2026, 3, 31)


@pytest.mark.parametrize(("text", "length"), [("", 0), ("abc", 3), ("é", 1), ("😀", 2), ("a😀\ud800", 4)])
def test_lengths_are_counted_in_utf_16_so_that_no_reading_of_the_limit_is_exceeded(text: str, length: int) -> None:
    assert measure(text) == length


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2021", date(2021, 1, 1), date(2021, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2021-1-5", date(2021, 1, 5), date(2021, 1, 5)),
        ("21 January 2021", date(2021, 1, 21), date(2021, 1, 21)),
        ("  january 21st,  2021 ", date(2021, 1, 21), date(2021, 1, 21)),
        ("Sept. 2021", date(2021, 9, 1), date(2021, 9, 30)),
        ("the 3rd of May 2021", None, None),
        ("3rd of May 2021", date(2021, 5, 3), date(2021, 5, 3)),
        ("today", TODAY, TODAY),
        ("Yesterday", date(2026, 3, 30), date(2026, 3, 30)),
        ("3 weeks ago", date(2026, 3, 10), date(2026, 3, 10)),
        ("a month ago", date(2026, 2, 28), date(2026, 2, 28)),
        ("1 year ago", date(2025, 3, 31), date(2025, 3, 31)),
        ("9999 years ago", None, None),
        ("9999 weeks ago", date(1834, 8, 12), date(1834, 8, 12)),
        ("01/02/2021", None, None),
        ("2021-02-30", None, None),
        ("2021-13", None, None),
        ("0000", None, None),
        ("soon", None, None),
        ("٢٠٢١", None, None),
    ],
)
def test_a_written_date_names_its_days_or_is_not_understood(text: str, first: date | None, last: date | None) -> None:
    assert read_date(text, TODAY) == (Period(first, last) if first and last else None)


def test_a_guild_sees_its_own_articles_and_the_library_and_direct_messages_the_library() -> None:
    assert collections_for(7) == (LIBRARY, Collection(7))
    assert collections_for(None) == (LIBRARY,)


def test_filters_are_read_together() -> None:
    read = filters_for(None, publications=("CNBC",), since="2021", until="2021", today=TODAY)
    assert read == Filters((LIBRARY,), ("CNBC",), date(2021, 1, 1), date(2021, 12, 31))
    assert filters_for(None, publications=(" ",), since="", until=None, today=TODAY) == Filters((LIBRARY,))


def test_a_wrong_filter_is_named() -> None:
    assert filters_for(None, since="x", until=None, today=TODAY) == UnreadableDate("since", "x")
    empty = filters_for(None, since="2022", until="2021", today=TODAY)
    assert empty == EmptyPeriod(date(2022, 1, 1), date(2021, 12, 31))


def test_a_sign_of_life_counts_for_a_while(tmp_path: Path) -> None:
    now = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    file = health.file_in(tmp_path)
    assert not health.healthy(file, now)
    health.beat(file, now)
    assert health.healthy(file, now + health.PATIENCE)
    assert not health.healthy(file, now + health.PATIENCE + timedelta(seconds=1))
    file.write_text("not a time", encoding="utf-8")
    assert not health.healthy(file, now)
