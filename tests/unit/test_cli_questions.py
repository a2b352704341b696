"""Lines of a batch and options of a command become questions, or a reason why not."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime

import pytest

from bot.terminal.moments import asking_time
from bot.terminal.questions import MAX_LINE_BYTES, Line, Scope, Unusable, numbered_lines, read_line
from corpus.collection import LIBRARY, Collection
from retrieval.index import Filters
from retrieval.model import Asked

NOW = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)


def read(line: object, scope: Scope | None = None, number: int = 1) -> Line | Unusable:
    data = line if isinstance(line, bytes) else (line if isinstance(line, str) else json.dumps(line)).encode()
    return read_line(data, number, scope or Scope(), NOW)


def test_plain_text_is_a_question_with_its_line_number_as_id() -> None:
    assert read("who is the judge?\r\n", number=4) == Line(4, Asked("who is the judge?", NOW))


def test_an_object_brings_its_id_and_narrows_the_scope() -> None:
    line = {
        "id": "q1",
        "question": "who?",
        "as_of": "2021-03-01",
        "since": "2020",
        "until": "2021-02",
        "publication": "CNBC",
    }
    filters = Filters((LIBRARY,), ("CNBC",), date(2020, 1, 1), date(2021, 2, 28))
    assert read(line) == Line("q1", Asked("who?", datetime(2021, 3, 1, 23, 59, 59, tzinfo=UTC), filters))


def test_what_a_line_leaves_out_comes_from_the_options() -> None:
    scope = Scope("guild:5", since="2020", publications=("A",), as_of="2021-03-01")
    found = read({"question": "who?", "publication": ["B", "C"]}, scope)
    assert isinstance(found, Line)
    assert found.asked.filters == Filters((LIBRARY, Collection(5)), ("B", "C"), date(2020, 1, 1))
    assert found.asked.as_of.date() == date(2021, 3, 1)


def test_relative_days_count_from_the_asking_time_of_the_line() -> None:
    found = read({"question": "who?", "as_of": "2021-03-08", "since": "1 week ago"})
    assert isinstance(found, Line)
    assert found.asked.filters.since == date(2021, 3, 1)


@pytest.mark.parametrize("number", [0, 7, -1, 1.5, "a", "", True])
def test_an_id_is_given_back_as_it_came(number: object) -> None:
    found = read({"question": "who?", "id": number}, number=9)
    assert found.number == number


@pytest.mark.parametrize("line", [{"question": "who?"}, {"question": "who?", "id": None}])
def test_without_an_id_the_line_number_stands_for_it(line: object) -> None:
    assert read(line, number=9).number == 9


@pytest.mark.parametrize(
    ("line", "number", "words"),
    [
        ("{", 3, "not JSON"),
        ('{"question": "who?"', 3, "not JSON"),
        ({"id": "q"}, "q", "no question"),
        ({"id": "q", "question": 5}, "q", "question is no text"),
        ({"id": "q", "question": "who?", "since": 2020}, "q", "since is no text"),
        ({"id": "q", "question": "who?", "since": "soonish"}, "q", "not a date: 'soonish'"),
        ({"id": "q", "question": "who?", "as_of": "2021-13-01"}, "q", "not a moment: '2021-13-01'"),
        ({"id": "q", "question": "who?", "since": "2022", "until": "2021"}, "q", "is after"),
        ({"id": "q", "question": "who?", "publication": 5}, "q", "publication is neither"),
        ({"id": ["q"], "question": "who?"}, 3, "id is neither"),
        ('{"id": NaN, "question": "who?"}', 3, "id is neither"),
        ({"question": "x" * 2001}, 3, "at most 2,000"),
        (b"\xff\xfe", 3, "not UTF-8"),
        ('{"question": ' + "[" * 100_000, 3, "nested too deeply"),
        (b"x" * (MAX_LINE_BYTES + 1), 3, "longer than"),
    ],
)
def test_a_line_that_can_not_be_asked_says_why(line: object, number: object, words: str) -> None:
    found = read(line, number=3)
    assert isinstance(found, Unusable)
    assert found.number == number
    assert words in found.problem


def test_lone_surrogates_are_replaced() -> None:
    found = read('{"question": "who \\ud800?"}')
    assert isinstance(found, Line)
    assert found.asked.text == "who \ufffd?"


def test_blank_lines_are_passed_over_but_counted() -> None:
    assert list(numbered_lines(io.BytesIO(b"a\n\n  \nb"))) == [(1, b"a\n"), (4, b"b")]


def test_a_line_that_is_too_long_is_one_line() -> None:
    stream = io.BytesIO(b"x" * (3 * MAX_LINE_BYTES) + b"\nb\n")
    (first, long), second = numbered_lines(stream)
    assert (first, len(long), second) == (1, MAX_LINE_BYTES + 1, (2, b"b\n"))


def test_a_byte_order_mark_is_no_part_of_the_first_question() -> None:
    assert read("\ufeffwho?") == Line(1, Asked("who?", NOW))


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2021-03-01", datetime(2021, 3, 1, 23, 59, 59, tzinfo=UTC)),
        ("2021-03-01T10:00", datetime(2021, 3, 1, 10, tzinfo=UTC)),
        ("2021-03-01T10:00:00Z", datetime(2021, 3, 1, 10, tzinfo=UTC)),
        ("2021-03-01 10:00+02:00", datetime(2021, 3, 1, 8, tzinfo=UTC)),
    ],
)
def test_the_asking_time_is_a_day_or_a_moment(text: str, moment: datetime) -> None:
    assert asking_time(text) == moment


@pytest.mark.parametrize("text", ["", "now", "2021", "0001-01-01T00:00+23:00", "2021-02-30", "9" * 50])
def test_another_asking_time_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(ValueError, match="2021-01-31T18:00Z"):
        asking_time(text)


@pytest.mark.parametrize("name", ["libary", "guild:", "guild:0", "guild:x", "guild:99999999999999999999"])
def test_an_unknown_collection_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="library or guild:ID"):
        Scope(name).asked("who?", NOW)
