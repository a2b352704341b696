"""Question sets in BEIR form, read from their folder. Everything wrong with one is a BadQuestionSet with file and line.

A folder holds `corpus.jsonl` (`_id`, `title`, `text`, and where known `metadata` with `publication`, `published`,
`url`), `queries*.jsonl` (`_id`, `text`, and where known `metadata` with `answers` and `as_of`) and `qrels/*.tsv`
(query, document, relevance).

`queries.NAME.jsonl` belongs to `qrels/NAME.tsv`, and a question of it without a relevant document can't be answered;
`queries.jsonl` alone belongs to all of them, and its questions without one are passed over.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from bot.terminal.moments import asking_time
from corpus.model import LIBRARY, Article
from corpus.passages import split
from retrieval.errors import BadQuestionSet
from retrieval.evaluate import Query

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path


def read_articles(file: Path) -> Iterator[Article]:
    """The documents of a set as articles of the library, numbered from 1."""
    passages = 0
    keys: set[str] = set()
    for number, (line, row) in enumerate(_rows(file), start=1):
        text = _text(row, "text", file, line)
        given = _metadata(row)
        key = _text(row, "_id", file, line)
        if key in keys:
            raise BadQuestionSet(f"{file}, line {line}: a second document with the _id {key!r}")
        keys.add(key)
        cut = split(text)
        yield Article(
            id=number,
            collection=LIBRARY,
            key=key,
            revision=1,
            title=str(row.get("title") or ""),
            text=text,
            publication=_optional(given.get("publication")),
            published=_day(given.get("published"), file, line),
            url=_optional(given.get("url")),
            passages=tuple(replace(passage, id=passages + n) for n, passage in enumerate(cut, 1)),
        )
        passages += len(cut)


def read_queries(file: Path, qrels: Path) -> list[Query]:
    """The questions of a file with what is known to be relevant to them."""
    name = file.name.removeprefix("queries").removesuffix(".jsonl").removeprefix(".")
    own = qrels / f"{name}.tsv"
    relevant = _relevant([own] if own.exists() else sorted(qrels.glob("*.tsv")))
    found = []
    for line, row in _rows(file):
        given = _metadata(row)
        answers = given.get("answers")
        accepted = tuple(map(str, answers)) if isinstance(answers, list) else ()
        query = _text(row, "_id", file, line)
        if query in relevant or own.exists():
            documents = frozenset(relevant.get(query, ()))
            found.append(Query(query, _text(row, "text", file, line), documents, accepted, _moment(given, file, line)))
    return found


def _relevant(files: Sequence[Path]) -> dict[str, set[str]]:
    relevant: dict[str, set[str]] = {}
    for file in files:
        for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1):
            cells = line.split("\t")
            if not line.strip() or (number == 1 and not cells[-1].strip().lstrip("-").isdigit()):
                continue
            if len(cells) != 3 or not cells[2].strip().lstrip("-").isdigit():
                raise BadQuestionSet(f"{file}, line {number}: expected query, document and relevance between tabs")
            if int(cells[2]) > 0:
                relevant.setdefault(cells[0], set()).add(cells[1])
    return relevant


def _rows(file: Path) -> Iterator[tuple[int, dict[str, object]]]:
    try:
        with file.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield number, _object(line, file, number)
    except (OSError, UnicodeDecodeError) as error:
        raise BadQuestionSet(f"{file}: can't be read: {error}") from error


def _object(line: str, file: Path, number: int) -> dict[str, object]:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise BadQuestionSet(f"{file}, line {number}: not JSON: {error.msg}") from error
    if not isinstance(row, dict):
        raise BadQuestionSet(f"{file}, line {number}: not a JSON object")
    return row


def _text(row: Mapping[str, object], name: str, file: Path, line: int) -> str:
    value = row.get(name)
    if not isinstance(value, str):
        raise BadQuestionSet(f"{file}, line {line}: {name} is missing or no text")
    return value


def _metadata(row: Mapping[str, object]) -> Mapping[str, object]:
    given = row.get("metadata")
    return given if isinstance(given, dict) else {}


def _optional(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _day(value: object, file: Path, line: int) -> date | None:
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) and value else None
    except ValueError as error:
        raise BadQuestionSet(f"{file}, line {line}: published is no date such as 2021-01-31") from error


def _moment(given: Mapping[str, object], file: Path, line: int) -> datetime | None:
    try:
        value = given.get("as_of")
        return asking_time(value) if isinstance(value, str) else None
    except ValueError as error:
        raise BadQuestionSet(f"{file}, line {line}: as_of: {error}") from error
