"""Pasted and plain text, and Markdown, each with an optional YAML head between two lines `---`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from corpus.clean import CHARACTER_STEPS
from corpus.errors import Unreadable
from corpus.readers.draft import make_draft
from corpus.readers.encoding import decode_text
from corpus.readers.head import FieldValue, Head, read_head
from corpus.readers.limits import Limits, check_size
from corpus.readers.markdown import STEPS
from corpus.yamlfile import Parsed, YamlError, YamlValue, parse_mapping

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corpus.model import Draft, Source

_OPENING = re.compile(r"\A(?:[ \t]*\n)*---[ \t]*\n")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
_KEY_LINE = re.compile(r"[\w-]+[ \t]*:(?:\s|\Z)")


def read_text(data: bytes, source: Source, limits: Limits, *, markdown: bool = False) -> Draft:
    """The article in a text; raises Unreadable with line and problem where its head is broken."""
    check_size(len(data), limits.text_bytes, "the text")
    text = decode_text(data).replace("\r\n", "\n").replace("\r", "\n")
    head, body = split_head(text, limits)
    return make_draft(body, head, source, limits, (*STEPS, *CHARACTER_STEPS) if markdown else CHARACTER_STEPS)


def split_head(text: str, limits: Limits) -> tuple[Head, str]:
    """The head and the text after it; an empty head and all of the text where it has none."""
    opening = _OPENING.match(text)
    if opening is None:
        return Head(), text
    closing = _CLOSING.search(text, opening.end(), opening.end() + limits.head_chars)
    if closing is None or closing.start() == opening.end():
        if _KEY_LINE.match(text, opening.end()) is None:
            return Head(), text
        line = text.count("\n", 0, opening.end())
        raise Unreadable(
            f"line {line}: the head that begins here has no closing line `---` within {limits.head_chars:,} characters"
        )
    first_line = text.count("\n", 0, opening.end()) + 1
    try:
        parsed = parse_mapping(text[opening.end() : closing.start()], name="head", first_line=first_line)
    except YamlError as error:
        raise Unreadable(f"line {error.line}, column {error.column} of the head: {error.problem}") from error
    return read_head(_fields(parsed), limits, lambda name: f"line {parsed.line_of((name,))}: "), text[closing.end() :]


def _fields(parsed: Parsed[dict[str, YamlValue]]) -> Mapping[str, FieldValue]:
    """The head's fields as written: `id: 007` is "007", `language: no` is "no"."""
    return {name: _as_written(parsed, name, value) for name, value in parsed.value.items()}


def _as_written(parsed: Parsed[dict[str, YamlValue]], name: str, value: YamlValue) -> FieldValue:
    if isinstance(value, list):
        return [text for place in range(len(value)) if (text := parsed.text_of((name, place))) is not None]
    if isinstance(value, dict):
        return None
    return parsed.text_of((name,))
