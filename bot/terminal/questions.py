"""What is asked at the terminal: from options or from a line of a batch to one `Asked`. Pure but for reading lines."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, BinaryIO

from bot.dates import EXAMPLES
from bot.scope import EmptyPeriod, UnreadableDate, filters_for
from bot.terminal.moments import asking_time
from bot.terminal.plain import scrubbed
from corpus.collection import Collection
from retrieval.model import Asked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from bot.terminal.as_json import Json
    from retrieval.index import Filters

MAX_CHARS = 2000
"""The longest question taken at the terminal; Discord's own limit is lower."""

MAX_LINE_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Scope:
    """Who asks and what they want to see, as written: the options that apply to every question of a command."""

    collection: str = "library"
    since: str | None = None
    until: str | None = None
    publications: tuple[str, ...] = ()
    as_of: str | None = None

    def asked(self, text: str, now: datetime) -> Asked:
        """The question in this scope, asked `now` unless the scope says when; raises ValueError with what is wrong."""
        if len(text) > MAX_CHARS:
            raise ValueError(f"the question has {len(text):,} characters; at most {MAX_CHARS:,} are taken")
        as_of = asking_time(self.as_of) if self.as_of else now
        return Asked(scrubbed(text), as_of, self._filters(as_of.date()))

    def _filters(self, today: date) -> Filters:
        guild_id, publications = Collection.parse(self.collection).guild_id, map(scrubbed, self.publications)
        read = filters_for(guild_id, publications=publications, since=self.since, until=self.until, today=today)
        match read:
            case UnreadableDate(_, text):
                raise ValueError(f"not a date: {text[:40]!r}; write one such as {EXAMPLES}")
            case EmptyPeriod(since, until):
                raise ValueError(f"since ({since}) is after until ({until}); nothing can be between them")
            case filters:
                return filters


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a batch that can be asked; `number` is the id it gave, else its line number."""

    number: Json
    asked: Asked


@dataclass(frozen=True, slots=True)
class Unusable:
    """A line of a batch that can't be asked, and why."""

    number: Json
    problem: str


def numbered_lines(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The lines that are not blank, with their numbers from 1; what exceeds `MAX_LINE_BYTES` is cut one byte above."""
    number = 0
    while data := stream.readline(MAX_LINE_BYTES + 1):
        number += 1
        line = data
        while not data.endswith(b"\n") and (data := stream.readline(MAX_LINE_BYTES)):
            continue
        if line.strip():
            yield number, line


def read_line(data: bytes, number: int, scope: Scope, now: datetime) -> Line | Unusable:
    """What a line asks: an object with a `question`, or plain text."""
    given: Json = number
    if len(data) > MAX_LINE_BYTES:
        return Unusable(given, f"the line is longer than {MAX_LINE_BYTES:,} bytes")
    try:
        text = data.decode("utf-8-sig" if number == 1 else "utf-8").strip()
        if not text.startswith("{"):
            return Line(number, scope.asked(text, now))
        fields = _fields(text)
        given = _number(fields, number)
        return Line(given, _narrowed(scope, fields).asked(_question(fields), now))
    except UnicodeDecodeError:
        return Unusable(given, "the line is not UTF-8 text")
    except RecursionError:
        return Unusable(given, "the line is nested too deeply")
    except ValueError as error:
        return Unusable(given, str(error))


def _fields(text: str) -> dict[str, object]:
    try:
        fields = json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"the line is not JSON: {error.msg} at column {error.colno}") from error
    if not isinstance(fields, dict):
        raise ValueError("the line is no JSON object")  # noqa: TRY004 - a fault of the input, not of the program
    return fields


def _number(fields: dict[str, object], default: int) -> Json:
    match fields.get("id"):
        case None:
            return default
        case str() as words:
            return scrubbed(words)
        case int() | float() as given if math.isfinite(given):
            return given
        case _:
            raise ValueError("id is neither text nor a finite number")


def _question(fields: dict[str, object]) -> str:
    match fields.get("question"):
        case str() as question:
            return question
        case None:
            raise ValueError('the object has no question; write {"question": "..."}')
        case _:
            raise ValueError("question is no text")


def _narrowed(scope: Scope, fields: dict[str, object]) -> Scope:
    """The scope with what the line says itself in the place of what the command's options said."""
    publications = _publications(fields.get("publication"))
    return replace(
        scope,
        since=_text(fields, "since") or scope.since,
        until=_text(fields, "until") or scope.until,
        as_of=_text(fields, "as_of") or scope.as_of,
        publications=publications or scope.publications,
    )


def _text(fields: dict[str, object], name: str) -> str | None:
    match fields.get(name):
        case str() | None as text:
            return text
        case _:
            raise ValueError(f"{name} is no text")


def _publications(value: object) -> tuple[str, ...]:
    match value:
        case None:
            return ()
        case str():
            return (value,)
        case list() if all(isinstance(name, str) for name in value):
            return tuple(value)
        case _:
            raise ValueError("publication is neither text nor a list of texts")
