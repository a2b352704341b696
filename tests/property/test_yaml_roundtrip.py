"""What is dumped is read back as the same value."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from corpus.yamlfile import YamlError, YamlValue, dump, parse

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**18), 10**18),
    st.floats(allow_nan=False),
    TEXTS,
    st.dates(date(1000, 1, 1)),
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4), max_leaves=12
)


@given(VALUES)
def test_reading_undoes_writing(value: YamlValue) -> None:
    assert parse(dump(value), name="x").value == value


@given(st.text(alphabet="abc:-#&*!|>'\"%@`[]{},? \t\n0123456789.~\ufeff\x85", max_size=60))
def test_any_text_is_read_or_refused_with_a_place(text: str) -> None:
    error = error_of(text)
    lines = text.count("\n") + text.count("\x85") + 2
    assert error is None or (1 <= error.line <= lines and error.column >= 1 and error.problem)


def error_of(text: str) -> YamlError | None:
    try:
        parse(text, name="x")
    except YamlError as error:
        return error
    return None
