"""JSON as read from the wire: read-only shapes and the few readers that the checks need.

A reader never raises: a value of another kind reads as empty, for the check that follows names what is missing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

JsonValue: TypeAlias = "Mapping[str, JsonValue] | Sequence[JsonValue] | str | int | float | bool | None"
Json: TypeAlias = Mapping[str, JsonValue]
JsonDict: TypeAlias = dict[str, JsonValue]
Path: TypeAlias = tuple[str | int, ...]


def table(value: JsonValue) -> Json:
    """The value as an object; an empty one where it is none."""
    return value if isinstance(value, dict) else {}


def items(value: JsonValue) -> list[JsonValue]:
    """The value as a list; an empty one where it is none."""
    return list(value) if isinstance(value, list | tuple) else []


def rows(value: JsonValue) -> list[Json]:
    """The value as a list of objects; members that are no objects read as empty objects."""
    return [table(item) for item in items(value)]


def text(value: JsonValue) -> str:
    """The value as text; empty where it is none."""
    return value if isinstance(value, str) else ""


def whole(value: JsonValue, default: int = 0) -> int:
    """The value as a whole number; the default where it is none (true and false are no numbers)."""
    return value if isinstance(value, int) and not isinstance(value, bool) else default


def is_whole(value: JsonValue) -> bool:
    """Whether the value is a whole number and not a truth value."""
    return isinstance(value, int) and not isinstance(value, bool)
