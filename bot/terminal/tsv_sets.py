"""Question sets as tables, read from their folder. Everything wrong with one is a BadQuestionSet with file and line.

A folder holds `articles/` (any files that can be imported) and `questions*.tsv`: tab-separated, without quoting. Either
the first line names the columns (`question`, `articles`, `gold`, `spans`, and where known `half`, `type`, `kind`,
`as_of`), or it begins with `#`, and the columns are split, type, question, articles, gold and spans. Articles are
separated by `|`, gold fragments and accepted answers by `||`. A question without gold can't be answered from the
articles. Each half of a set is a set of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.terminal.moments import asking_time
from corpus.collection import LIBRARY
from corpus.model import Article, Draft
from corpus.passages import split
from corpus.readers import READABLE_SUFFIXES, open_worker, read_each
from retrieval.errors import BadQuestionSet
from retrieval.evaluation.questions import TWO_ARTICLE, Query, QuestionSet, digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

WITHHELD: Final = "B"
"""The half that is kept to judge by: only figures are shown of it."""
_UNNAMED: Final = ("split", "type", "question", "articles", "gold", "spans")
_NEEDED: Final = frozenset({"question", "articles", "gold", "spans"})


@dataclass(frozen=True, slots=True)
class Row:
    """A question as it stands in its file."""

    line: int
    raw: str
    cells: dict[str, str]

    def parts(self, name: str, mark: str) -> tuple[str, ...]:
        """The parts of a cell; a dash stands for none."""
        return tuple(part for part in self.cells.get(name, "").split(mark) if part not in {"", "-"})


def read_tables(folder: Path, more: Sequence[str] = (), half: str = "all") -> list[QuestionSet]:
    """The sets of a folder over its articles and `more`: paths of files and folders, or KEY=PATH for a single file."""
    sources = [*article_files(folder / "articles"), *(source for given in more for source in _given(given))]
    articles = tuple(numbered(drafts_of(sources)))
    files = sorted(folder.glob("questions*.tsv"))
    if not files:
        raise BadQuestionSet(f"{folder}: there is no file questions.tsv or questions.NAME.tsv")
    contents = [(source.path.name, source.path.read_bytes()) for source in sources]
    found = [each for file in files for each in sets_of(file, articles, contents) if half in {"all", each[0]}]
    if not found:
        raise BadQuestionSet(f"{folder}: no question is of half {half}")
    return [chosen for _, chosen in found]


@dataclass(frozen=True, slots=True)
class ArticleFile:
    """A file with articles; `key` is the one its single article gets instead of its own."""

    path: Path
    key: str | None = None


def article_files(folder: Path) -> list[ArticleFile]:
    """The files in a folder and below that can be imported, by path."""
    paths = (path for path in folder.rglob("*") if path.is_file() and path.suffix.lower() in READABLE_SUFFIXES)
    return [ArticleFile(path) for path in sorted(paths)]


def _given(written: str) -> list[ArticleFile]:
    key, mark, named = written.partition("=")
    path = Path(written)
    if mark and not path.exists():
        return [ArticleFile(_existing(Path(named)), key)]
    return article_files(path) if path.is_dir() else [ArticleFile(_existing(path))]


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise BadQuestionSet(f"{path}: there is no such file")
    return path


def drafts_of(sources: Iterable[ArticleFile]) -> Iterator[Draft]:
    """The articles of the files, each with a key: its own, or the file's name."""
    with open_worker() as worker:
        for source in sources:
            for found in read_each(source.path, worker=worker):
                if not isinstance(found, Draft):
                    raise BadQuestionSet(f"{source.path}: {found.reason}")
                yield replace(found, key=source.key or found.key or source.path.stem)


def numbered(drafts: Iterable[Draft]) -> Iterator[Article]:
    """The drafts as articles of the library, they and their passages numbered from 1."""
    passages = 0
    keys: set[str] = set()
    for number, draft in enumerate(drafts, start=1):
        key = draft.key or ""
        if key in keys:
            raise BadQuestionSet(f"{draft.source.reference}: a second article with the key {key!r}")
        keys.add(key)
        cut = split(draft.text)
        yield Article(
            id=number,
            collection=LIBRARY,
            key=key,
            revision=1,
            title=draft.title,
            text=draft.text,
            publication=draft.publication,
            authors=draft.authors,
            published=draft.published,
            url=draft.url,
            language=draft.language,
            partial=draft.partial,
            passages=tuple(replace(passage, id=passages + n) for n, passage in enumerate(cut, 1)),
        )
        passages += len(cut)


def sets_of(
    file: Path, articles: tuple[Article, ...], contents: Sequence[tuple[str, bytes]]
) -> Iterator[tuple[str, QuestionSet]]:
    """The halves of a file of questions with their sets; a file without halves is one set, its half is empty."""
    known = {article.key for article in articles}
    rows = sorted(_rows(file), key=lambda row: row.cells.get("half", ""))
    for half, of_half in groupby(rows, key=lambda row: row.cells.get("half", "")):
        own = list(of_half)
        queries = tuple(_query(row, file, known) for row in own)
        asked = ("questions " + half, "\n".join(row.raw for row in own).encode()) if half else _whole(file)
        name = f"{file.name}, half {half}" if half else file.name
        yield half, QuestionSet(name, queries, articles, digest([asked, *contents]), withheld=half == WITHHELD)


def _whole(file: Path) -> tuple[str, bytes]:
    return file.name, file.read_bytes()


def _rows(file: Path) -> Iterator[Row]:
    try:
        lines = file.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise BadQuestionSet(f"{file}: can't be read: {error}") from error
    columns: Sequence[str] = ()
    for number, line in enumerate((line.rstrip("\r") for line in lines), start=1):
        if not line.strip():
            continue
        if not columns:
            columns = _columns(line, file)
        elif not line.startswith("#"):
            cells = line.split("\t")
            if len(cells) != len(columns):
                raise BadQuestionSet(f"{file}, line {number}: {len(cells)} columns instead of {len(columns)}")
            yield Row(number, line, dict(zip(columns, cells, strict=True)))


def _columns(line: str, file: Path) -> Sequence[str]:
    if line.startswith("#"):
        return _UNNAMED
    names = [name.strip() for name in line.split("\t")]
    if lacking := sorted(_NEEDED - set(names)):
        raise BadQuestionSet(f"{file}, line 1: there is no column {', '.join(lacking)}")
    return names


def _query(row: Row, file: Path, known: set[str]) -> Query:
    where = f"{file}, line {row.line}"
    articles, gold = row.parts("articles", "|"), row.parts("gold", "||")
    kind = row.cells.get("kind") or row.cells.get("type", "")
    if unknown := next((key for key in articles if key not in known), None):
        raise BadQuestionSet(f"{where}: there is no article {unknown!r}; --articles {unknown}=PATH says where it is")
    if gold and not articles:
        raise BadQuestionSet(f"{where}: gold without an article")
    if kind == TWO_ARTICLE and not len(articles) == len(gold) == 2:
        raise BadQuestionSet(f"{where}: a question on two articles needs two articles with a gold fragment each")
    return Query(
        id=str(row.line),
        text=row.cells["question"],
        articles=articles,
        gold=gold,
        answers=row.parts("spans", "||"),
        kind=kind,
        answerable=bool(gold),
        as_of=_moment(row, where),
    )


def _moment(row: Row, where: str) -> datetime | None:
    written = row.cells.get("as_of", "")
    try:
        return asking_time(written) if written else None
    except ValueError as error:
        raise BadQuestionSet(f"{where}: as_of: {error}") from error
