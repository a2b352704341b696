"""The audit record as a file: what a spreadsheet opens, it shows, and never runs."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.auditfile import COLUMNS, HEADER, guarded, lines_of
from corpus.collection import Collection
from corpus.model import AuditEntry

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


def entry(detail: str, key: str = "a") -> AuditEntry:
    return AuditEntry(7, NOW, "discord:5", "remove", Collection(9), key, 2, detail)


def test_an_entry_is_a_line_in_the_order_of_the_header() -> None:
    assert HEADER == "number,at,actor,action,collection,key,revision,detail\r\n"
    assert lines_of([entry("wrong")]) == "7,2026-03-01T09:30:00+00:00,discord:5,remove,guild:9,a,2,wrong\r\n"


def test_quotes_commas_and_line_ends_are_quoted_as_the_standard_says() -> None:
    assert lines_of([entry('he said "no",\nthen left')]).endswith('2,"he said ""no"",\nthen left"\r\n')


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "＝", "－"])
def test_a_cell_that_a_spreadsheet_could_run_is_guarded(start: str) -> None:
    assert guarded(f"{start}cmd|'/c calc'!A1").startswith("'")


def test_other_cells_are_left_as_they_are() -> None:
    assert [guarded(cell) for cell in ("", "a=b", "2026-03-01", "discord:5")] == ["", "a=b", "2026-03-01", "discord:5"]


@given(st.lists(st.text(max_size=30), max_size=5), st.text(min_size=1, max_size=30))
def test_a_reader_of_the_file_gets_every_cell_back_and_none_begins_a_formula(details: list[str], key: str) -> None:
    entries = [entry(detail, key) for detail in details]
    read = list(csv.reader(io.StringIO(HEADER + lines_of(entries), newline="")))
    assert read[0] == list(COLUMNS)
    assert [row[7] for row in read[1:]] == [guarded(detail) for detail in details]
    assert not any(cell.lstrip()[:1] in {"=", "+", "-", "@"} for row in read for cell in row if cell)
