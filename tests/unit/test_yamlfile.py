"""YAML becomes plain values with lines; what is wrong is told with its place."""

from __future__ import annotations

from datetime import date

import pytest

from corpus.errors import CorpusError
from corpus.yamlfile import MAX_CHARS, MAX_DEPTH, YamlError, parse, parse_mapping

SETTINGS = """\
bot:
  names: [Ann, no]
  since: 2021-01-21

quotas:
  - hour
  - 12: month
"""


def problem_of(text: str) -> YamlError:
    with pytest.raises(YamlError) as caught:
        parse(text, name="a.yaml")
    return caught.value


def test_values_are_plain_and_dates_are_dates() -> None:
    assert parse(SETTINGS, name="a.yaml").value == {
        "bot": {"names": ["Ann", False], "since": date(2021, 1, 21)},
        "quotas": ["hour", {"12": "month"}],
    }


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ((), 1),
        (("bot",), 1),
        (("bot", "since"), 3),
        (("quotas",), 5),
        (("quotas", 1), 7),
        (("quotas", 1, "12"), 7),
        (("bot", "absent"), 1),
        (("quotas", 1, "absent", 0), 7),
        (("absent",), 1),
    ],
)
def test_every_key_knows_its_line_and_an_absent_one_its_parents(path: tuple[str | int, ...], line: int) -> None:
    assert parse(SETTINGS, name="a.yaml").line_of(path) == line


def test_a_scalar_is_also_known_as_it_was_written() -> None:
    parsed = parse("language: no\nid: 007\nempty:\nnull: ~\n", name="a.yaml")
    assert parsed.text_of(("language",)) == "no"
    assert parsed.text_of(("id",)) == "007"
    assert parsed.text_of(("empty",)) is None
    assert parsed.value == {"language": False, "id": 7, "empty": None, "null": None}


def test_lines_count_from_where_the_text_stands_in_its_file() -> None:
    parsed = parse("a: 1\nb: 2\n", name="a.yaml", first_line=11)
    assert parsed.line_of(("b",)) == 12
    with pytest.raises(YamlError) as caught:
        parse("a: 1\na: 2", name="a.yaml", first_line=11)
    assert caught.value.line == 12


def test_empty_text_has_no_value_but_is_an_empty_mapping() -> None:
    assert parse("", name="a.yaml").value is None
    assert parse_mapping("# nothing\n", name="a.yaml").value == {}


@pytest.mark.parametrize(("text", "kind"), [("- a\n- b\n", "a list"), ("just words", "a single value")])
def test_where_a_mapping_is_needed_anything_else_is_refused(text: str, kind: str) -> None:
    with pytest.raises(YamlError, match=f"expected `key: value` lines, found {kind}"):
        parse_mapping(text, name="a.yaml")


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, 1, "'a' is given twice, first on line 1"),
        ("a:\n  b: 1\n  b: 2\n", 3, 3, "'b' is given twice, first on line 2"),
        ("a: b: c", 1, 5, "put the text in quotes"),
        ("a:\n\tb: 1", 2, 1, "a tab can't indent"),
        ("a: [1, 2\n", 2, 1, "expected ',' or ']'"),
        ("a: 'x\n", 2, 1, "end of stream"),
        ("&x a: 1", 1, 1, "anchors"),
        ("a: *x", 1, 4, "aliases"),
        ("a: !!python/object:os.system x", 1, 4, "the tag"),
        ("a: !!binary aGk=", 1, 4, "the tag"),
        ("a: !!set {b, c}", 1, 4, "the tag"),
        ("[a, b]: 1", 1, 1, "a key has to be"),
        ("a: 2021-13-01", 1, 4, "no valid value: month must be in 1"),
        ("a: " + "9" * 5000, 1, 4, "no valid value"),
        ("a: 1\n---\nb: 2\n", 2, 1, "a second document begins here"),
        ("a: x\x00y", 1, 5, "U\\+0000 is not allowed"),
        ("a: 1\nb: \x07", 2, 4, "U\\+0007 is not allowed"),
    ],
)
def test_broken_yaml_names_line_column_and_problem(text: str, line: int, column: int, words: str) -> None:
    error = problem_of(text)
    assert (error.line, error.column) == (line, column)
    assert error.name == "a.yaml"
    assert str(error) == f"a.yaml, line {line}, column {column}: {error.problem}"
    with pytest.raises(CorpusError, match=words):
        raise error


def test_text_beyond_the_limit_is_refused_with_its_size() -> None:
    assert "1,000,001 characters of YAML; at most 1,000,000" in problem_of("#" * (MAX_CHARS + 1)).problem


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_nesting_beyond_the_limit_is_refused(opening: str) -> None:
    assert problem_of(opening * 5_000).problem == f"nested deeper than {MAX_DEPTH} levels"
    assert problem_of("[" * 50_000).problem == f"nested deeper than {MAX_DEPTH} levels"


@pytest.mark.parametrize(
    ("text", "line"), [('title: "\\UFFFFFFFF"', 1), ('title: "\\U00110000"', 1), ('a: 1\nb: "\\UDEADBEEF"\n', 2)]
)
def test_an_escape_that_stands_for_no_character_is_a_yaml_error_with_its_line(text: str, line: int) -> None:
    error = problem_of(text)
    assert error.line == line
    assert "escape" in error.problem
