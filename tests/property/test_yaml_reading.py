"""Any text is read or refused with a place."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from corpus.yamlfile import YamlError, parse


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
