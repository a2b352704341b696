"""YAML text to plain values, with the line of every key: the one door of PyYAML.

Only plain data is read: mappings, lists and scalars. Anchors, aliases, tags of other kinds, duplicate keys, several
documents, more than `MAX_CHARS` characters and more than `MAX_DEPTH` levels are refused, each with line and column.
A mapping's key is always the text as written, so `no:` is the key "no" and `1:` the key "1".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Generic, TypeAlias, TypeVar

import yaml

from corpus.errors import CorpusError

MAX_CHARS = 1_000_000
MAX_DEPTH = 40

Scalar: TypeAlias = str | int | float | bool | date | datetime | None
YamlValue: TypeAlias = "Scalar | list[YamlValue] | dict[str, YamlValue]"
Path: TypeAlias = tuple[str | int, ...]

T_co = TypeVar("T_co", covariant=True)

_SCALAR_TAGS = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("str", "int", "float", "bool", "null", "timestamp"))
_TEXT_TAGS = frozenset({"tag:yaml.org,2002:merge", "tag:yaml.org,2002:value"})
_SEQUENCE_TAG = "tag:yaml.org,2002:seq"
_MAPPING_TAG = "tag:yaml.org,2002:map"


class YamlError(CorpusError):
    """YAML text can't be used; `name` says whose text, `line` and `column` (from 1) where, `problem` what is wrong."""

    def __init__(self, name: str, line: int, column: int, problem: str) -> None:
        super().__init__(f"{name}, line {line}, column {column}: {problem}")
        self.name = name
        self.line = line
        self.column = column
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Parsed(Generic[T_co]):
    """Values read from YAML, and where each was written.

    A path names a value from the root: `("bot", "limits", 0)` is the first item of the list `limits` of `bot`.
    """

    value: T_co
    name: str
    _lines: dict[Path, int] = field(repr=False)
    _texts: dict[Path, str] = field(repr=False)

    def line_of(self, path: Path) -> int:
        """The 1-based line of the key or item at `path`; of its nearest existing parent where it is absent."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)

    def text_of(self, path: Path) -> str | None:
        """The scalar at `path` as text, before it was taken for a number, date or truth value; None elsewhere.

        `language: no` has the value False and the text "no"; an empty or null scalar has no text.
        """
        return self._texts.get(path)


def parse(text: str, *, name: str, first_line: int = 1) -> Parsed[YamlValue]:
    """The values in `text`; raises YamlError naming `name`, line and column.

    `first_line` is the line number of the text's first line where the text is a part of a file.
    """
    return _Reading(name, first_line).read(text)


def parse_mapping(text: str, *, name: str, first_line: int = 1) -> Parsed[dict[str, YamlValue]]:
    """The same for text that has to be a mapping (`key: value`); empty text is an empty mapping."""
    parsed = parse(text, name=name, first_line=first_line)
    value = {} if parsed.value is None else parsed.value
    if not isinstance(value, dict):
        raise YamlError(name, parsed.line_of(()), 1, f"expected `key: value` lines, found {_kind(value)}")
    return Parsed(value, name, parsed._lines, parsed._texts)  # noqa: SLF001 - the same class


def _kind(value: YamlValue) -> str:
    return "a list" if isinstance(value, list) else "a single value"


class _PlainLoader(yaml.SafeLoader):
    """PyYAML's safe loader without anchors and aliases and with a limit to nesting, told while composing."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call] # the stubs leave it out
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise yaml.MarkedYAMLError(
                problem="anchors (&) and aliases (*) are not used here; quote the text if it begins so",
                problem_mark=event.start_mark,
            )
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise yaml.MarkedYAMLError(problem=f"nested deeper than {MAX_DEPTH} levels", problem_mark=event.start_mark)
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


class _Reading:
    """One text on its way to values: collects lines and scalar texts by path."""

    def __init__(self, name: str, first_line: int) -> None:
        self.name = name
        self.first_line = first_line
        self.lines: dict[Path, int] = {}
        self.texts: dict[Path, str] = {}

    def read(self, text: str) -> Parsed[YamlValue]:
        if len(text) > MAX_CHARS:
            problem = f"{len(text):,} characters of YAML; at most {MAX_CHARS:,} are read"
            raise YamlError(self.name, self.first_line, 1, problem)
        try:
            loader = _PlainLoader(text)
            try:
                root = loader.get_single_node()
                value = None if root is None else self._value(loader, root, ())
            finally:
                loader.dispose()
        except yaml.MarkedYAMLError as error:
            raise self._error(error.problem_mark or error.context_mark, _problem(error)) from error
        except yaml.reader.ReaderError as error:
            raise self._unprintable(text, error) from error
        except (ValueError, OverflowError) as error:
            # PyYAML passes on what Python says of an escape such as \UFFFFFFFF, without a place.
            problem = "an escape in it stands for no character"
            raise YamlError(self.name, self.first_line + loader.line, loader.column + 1, problem) from error
        return Parsed(value, self.name, self.lines, self.texts)

    def _value(self, loader: _PlainLoader, node: yaml.Node, path: Path) -> YamlValue:
        self.lines.setdefault(path, self._line(node.start_mark))
        if isinstance(node, yaml.MappingNode) and node.tag == _MAPPING_TAG:
            return self._mapping(loader, node, path)
        if isinstance(node, yaml.SequenceNode) and node.tag == _SEQUENCE_TAG:
            return [self._value(loader, item, (*path, place)) for place, item in enumerate(node.value)]
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(loader, node, path)
        raise self._error(node.start_mark, f"the tag {node.tag!r} is not used here")

    def _mapping(self, loader: _PlainLoader, node: yaml.MappingNode, path: Path) -> dict[str, YamlValue]:
        values: dict[str, YamlValue] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise self._error(key_node.start_mark, "a key has to be a single word or text")
            key = str(key_node.value)
            inner = (*path, key)
            if key in values:
                problem = f"the key {key!r} is given twice, first on line {self.lines[inner]}"
                raise self._error(key_node.start_mark, problem)
            self.lines[inner] = self._line(key_node.start_mark)
            values[key] = self._value(loader, value_node, inner)
        return values

    def _scalar(self, loader: _PlainLoader, node: yaml.ScalarNode, path: Path) -> Scalar:
        if node.tag in _TEXT_TAGS:
            self.texts[path] = node.value
            return str(node.value)
        if node.tag not in _SCALAR_TAGS:
            raise self._error(node.start_mark, f"the tag {node.tag!r} is not used here")
        try:
            value: Scalar = loader.construct_object(node)
        except (ValueError, OverflowError, KeyError) as error:
            raise self._error(
                node.start_mark, f"{_shortened(node.value)!r} is no valid value: {_reason(error)}"
            ) from error
        if value is not None:
            self.texts[path] = node.value
        return value

    def _line(self, mark: yaml.Mark) -> int:
        return mark.line + self.first_line

    def _error(self, mark: yaml.Mark | None, problem: str) -> YamlError:
        if mark is None:
            return YamlError(self.name, self.first_line, 1, problem)
        return YamlError(self.name, self._line(mark), mark.column + 1, problem)

    def _unprintable(self, text: str, error: yaml.reader.ReaderError) -> YamlError:
        before = text[: error.position]
        line = before.count("\n") + self.first_line
        column = error.position - (before.rfind("\n") + 1) + 1
        return YamlError(self.name, line, column, f"the character U+{ord(text[error.position]):04X} is not allowed")


def _problem(error: yaml.MarkedYAMLError) -> str:
    """The library's words, with the usual reason where they don't say it."""
    problem = error.problem or "this is not YAML"
    if "'\\t'" in problem:
        return "a tab can't indent or begin a value; use spaces"
    if problem.startswith("mapping values are not allowed"):
        return "a second `: ` in one line; put the text in quotes"
    if "another document" in problem:
        return "a second document begins here (`---`); only one is read"
    if error.context:
        return f"{problem} ({error.context})"
    return problem


def _reason(error: Exception) -> str:
    """The first clause of the interpreter's words: what follows are its own settings and types."""
    return re.split(r"[;:,]", str(error))[0]


def _shortened(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
