"""JSON lines: an article a line, each read for itself; the form of exports and of BEIR's corpora."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from corpus.errors import Unreadable
from corpus.model import Draft, Rejected, Source
from corpus.readers.draft import make_draft
from corpus.readers.encoding import decode_text
from corpus.readers.head import FieldValue, read_head
from corpus.readers.limits import Limits, in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


def read_lines(lines: Iterable[bytes], source: Source, limits: Limits) -> Iterator[Draft | Rejected]:
    """An article or the reason against it for every line that isn't blank; `lines` may be cut beyond the limit."""
    found_any = False
    for number, line in enumerate(lines, start=1):
        if not line.strip(b"\xef\xbb\xbf \t\r\n"):
            continue
        found_any = True
        place = replace(source, reference=f"{source.reference}, line {number}")
        try:
            yield read_line(line, place, limits)
        except Unreadable as error:
            yield Rejected(place, str(error))
    if not found_any:
        yield Rejected(source, "is empty")


def read_line(line: bytes, source: Source, limits: Limits) -> Draft:
    """The article in one line; raises Unreadable."""
    if len(line.rstrip(b"\r\n")) > limits.jsonl_line_bytes:
        raise Unreadable(f"the line is longer than {in_words(limits.jsonl_line_bytes)}")
    value = _parsed(decode_text(line))
    if not isinstance(value, dict):
        raise Unreadable('is no article: expected an object {"title": …, "text": …}')
    metadata = value.get("metadata")
    fields = (metadata if isinstance(metadata, dict) else {}) | {k: v for k, v in value.items() if v is not None}
    text = fields.get("text")
    if not isinstance(text, str):
        raise Unreadable('has no "text"' if text is None else '"text" has to be a string')
    head = read_head(_fields(fields), limits, lambda _: "")
    return make_draft(text, replace(head, partial=fields.get("partial") is True), source, limits)


def _parsed(text: str) -> Json:
    try:
        value: Json = json.loads(text)
    except json.JSONDecodeError as error:
        raise Unreadable(f"is not JSON: {error.msg} at column {error.colno}") from error
    except (ValueError, RecursionError) as error:
        raise Unreadable("is not JSON that can be read: a number too long or brackets nested too deep") from error
    return value


def _fields(values: Mapping[str, Json]) -> dict[str, FieldValue]:
    """The fields as texts; what is neither a text, a number nor a list of texts is left out."""
    fields: dict[str, FieldValue] = {}
    for name, value in values.items():
        if isinstance(value, list):
            fields[name] = [item for item in value if isinstance(item, str)]
        elif isinstance(value, str | int) and not isinstance(value, bool):
            fields[name] = str(value)
    return fields


def lines_of(data: bytes) -> Iterator[bytes]:
    """The lines of bytes that are in memory."""
    return iter(data.split(b"\n"))
