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
from corpus.collection import LIBRARY
from corpus.model import Article
from corpus.passages import split
from retrieval.errors import BadQuestionSet
from retrieval.evaluation.questions import Query, QuestionSet, digest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path


def read_beir(folder: Path) -> list[QuestionSet]:
    """The sets of a folder, one for each file of questions, over the same documents."""
    articles = tuple(read_articles(folder / "corpus.jsonl"))
    files = sorted(folder.glob("queries*.jsonl"))
    if not files:
        raise BadQuestionSet(f"{folder}: there is no file queries.jsonl or queries.NAME.jsonl")
    return [_set(file, folder, articles) for file in files]


def _set(file: Path, folder: Path, articles: tuple[Article, ...]) -> QuestionSet:
    queries = tuple(read_queries(file, folder / "qrels"))
    parts = (file, *_relevance_files(file, folder / "qrels"), folder / "corpus.jsonl")
    return QuestionSet(file.name, queries, articles, digest((part.name, part.read_bytes()) for part in parts))


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
            published=_day(given, file, line),
            url=_optional(given.get("url")),
            passages=tuple(replace(passage, id=passages + n) for n, passage in enumerate(cut, 1)),
        )
        passages += len(cut)


def read_queries(file: Path, qrels: Path) -> list[Query]:
    """The questions of a file with what is known to be relevant to them."""
    files = _relevance_files(file, qrels)
    relevant = _relevant(files)
    of_a_split = files == [_own_relevances(file, qrels)]
    found = []
    for line, row in _rows(file):
        given = _metadata(row)
        answers = given.get("answers")
        accepted = tuple(map(str, answers)) if isinstance(answers, list) else ()
        query = _text(row, "_id", file, line)
        if query in relevant or of_a_split:
            documents = tuple(sorted(relevant.get(query, ())))
            found.append(
                Query(
                    id=query,
                    text=_text(row, "text", file, line),
                    articles=documents,
                    answers=accepted,
                    answerable=bool(documents),
                    as_of=_moment(given, file, line),
                )
            )
    return found


def _own_relevances(file: Path, qrels: Path) -> Path:
    name = file.name.removeprefix("queries").removesuffix(".jsonl").removeprefix(".")
    return qrels / f"{name}.tsv"


def _relevance_files(file: Path, qrels: Path) -> list[Path]:
    own = _own_relevances(file, qrels)
    return [own] if own.exists() else sorted(qrels.glob("*.tsv"))


def _relevant(files: Sequence[Path]) -> dict[str, set[str]]:
    relevant: dict[str, set[str]] = {}
    for file in files:
        for number, line in _lines(file):
            cells = line.rstrip("\r\n").split("\t")
            relevance = _whole(cells[-1])
            if number == 1 and relevance is None:
                continue  # the names of the columns
            if len(cells) != 3 or relevance is None:
                raise BadQuestionSet(f"{file}, line {number}: expected query, document and relevance between tabs")
            if relevance > 0:
                relevant.setdefault(cells[0], set()).add(cells[1])
    return relevant


def _whole(text: str) -> int | None:
    try:
        return int(text)
    except ValueError:
        return None


def _rows(file: Path) -> Iterator[tuple[int, dict[str, object]]]:
    for number, line in _lines(file):
        yield number, _object(line, file, number)


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    """The lines that are not blank, with their numbers from 1."""
    try:
        with file.open(encoding="utf-8") as lines:
            yield from ((number, line) for number, line in enumerate(lines, start=1) if line.strip())
    except (OSError, UnicodeDecodeError) as error:
        raise BadQuestionSet(f"{file}: can't be read: {error}") from error


def _object(line: str, file: Path, number: int) -> dict[str, object]:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise BadQuestionSet(f"{file}, line {number}: not JSON: {error.msg}") from error
    except (ValueError, RecursionError) as error:
        raise BadQuestionSet(f"{file}, line {number}: holds a number too long or is nested too deeply") from error
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


def _day(given: Mapping[str, object], file: Path, line: int) -> date | None:
    value = _text(given, "published", file, line) if given.get("published") is not None else ""
    try:
        return date.fromisoformat(value[:10]) if value else None
    except ValueError as error:
        raise BadQuestionSet(f"{file}, line {line}: published is no date such as 2021-01-31") from error


def _moment(given: Mapping[str, object], file: Path, line: int) -> datetime | None:
    try:
        return asking_time(_text(given, "as_of", file, line)) if given.get("as_of") is not None else None
    except ValueError as error:
        raise BadQuestionSet(f"{file}, line {line}: as_of: {error}") from error
