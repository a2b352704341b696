"""The corpus desk at the terminal: `import`, `articles`, `show`, `remove`, `restore`, `export`."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar, assert_never

from rich.cells import cell_len, set_cell_size
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.text import Text

from bot.errors import UsageError
from bot.signs import one_line, visible
from bot.terminal import as_json as objects
from bot.terminal.face import EMPTY, Block, block
from bot.terminal.plain import escaped_in_json
from bot.terminal.progress import Bar
from bot.terminal.session import Exit
from bot.wording import age, day, human_join, plural
from corpus.collection import Collection
from corpus.errors import ArticleNotFound, StoreError
from corpus.model import Added, AlreadyKnown, NearDuplicate, Rejected

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence
    from datetime import date

    from bot.app import Corpus
    from bot.terminal.session import Session
    from corpus.model import Article, ArticleSummary, IngestOutcome
    from corpus.transfer import Imported, ImportReport, Step, Told


T = TypeVar("T")

_KEYS_SEARCHED = 5000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which articles are to be listed."""

    collection: str
    text: str | None
    publication: str | None
    removed: bool
    limit: int
    offset: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """One article, in one of its states."""

    collection: str
    key: str
    revision: int | None = None


def _collection(name: str) -> Collection:
    try:
        return Collection.parse(name)
    except ValueError as error:
        raise UsageError(f"--collection: {error}") from error


# --- import


def take_in(session: Session, names: Sequence[str], collection: str, *, as_json: bool) -> Exit:
    """The articles in these files and folders are stored, those that can be, and every outcome was told."""
    owner = _collection(collection)
    if not all(name.strip() for name in names):
        raise UsageError("a PATH is empty; name a file or a folder (. is the current one)")  # as a path, "" is "."
    paths = [Path(name) for name in names]
    if not any(path.exists() for path in paths):
        raise UsageError(f"{human_join([str(path) for path in paths])}: there is no such file or folder")

    outcomes = _Outcomes(session, as_json=as_json)

    async def imported() -> ImportReport:
        async with session.corpus() as corpus:
            with _Bar(session) as bar:
                return await corpus.transfer.import_paths(
                    paths, owner, session.who, session.now(), bar.moved, told=bar.aside(outcomes.tell)
                )

    try:
        report = asyncio.run(imported())
    except StoreError:
        session.face.tell(*outcomes.summary())
        raise
    outcomes.counted["passed over"] = len(report.skipped)
    session.face.tell(*(_rejection(one, "passed over") for one in report.skipped), *outcomes.summary())
    outcomes.check_reader()
    return Exit.PARTLY if outcomes.counted["rejected"] else Exit.DONE


class _Outcomes:
    """What became of the articles, written as soon as it is known, and counted."""

    def __init__(self, session: Session, *, as_json: bool) -> None:
        self._face = session.face
        self._as_json = as_json
        self._reader_gone = False
        self.counted: Counter[str] = Counter()

    def tell(self, results: Sequence[Imported]) -> None:
        """These outcomes were written, where anyone still reads; the import goes on all the same."""
        self.counted.update(_kind(one.outcome) for one in results)
        try:
            for one in results if not self._reader_gone else ():
                self._write(one)
            self._face.flush()
        except BrokenPipeError:
            self._reader_gone = True

    def _write(self, one: Imported) -> None:
        if self._as_json:
            self._face.json(objects.of_import(one))
        else:
            self._face.show([_outcome(one)])

    def check_reader(self) -> None:
        """Raises BrokenPipeError where nobody read to the end."""
        if self._reader_gone:
            raise BrokenPipeError

    def summary(self) -> Iterator[Block]:
        """How many there were of each kind."""
        told = [
            f"{count:,} {word}{'s' if word == 'near duplicate' and count > 1 else ''}"
            for word in _KINDS
            if (count := self.counted[word])
        ]
        articles = plural(self.counted.total() - self.counted["passed over"], "article")
        yield block(f"{articles}: {human_join(told)}" if told else "Nothing to import.", "bold")


_KINDS = ("added", "revised", "known already", "near duplicate", "rejected", "passed over")


def _kind(outcome: IngestOutcome) -> str:
    match outcome:
        case Added(article):
            return "added" if article.revision == 1 else "revised"
        case AlreadyKnown():
            return "known already"
        case NearDuplicate():
            return "near duplicate"
        case Rejected():
            return "rejected"
        case _:
            assert_never(outcome)


class _Bar:
    """A progress bar on standard error, where that is a terminal; nothing elsewhere."""

    def __init__(self, session: Session) -> None:
        console = session.face.notices
        columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
        self._progress = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._task = self._progress.add_task("Reading", total=None)
        self._name, self._articles = "Reading", 0

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def moved(self, step: Step) -> None:
        """The bar stands after this file."""
        self._name = one_line(Path(step.name).name)[:40]
        self._progress.update(self._task, completed=step.files, total=step.of_files)

    def aside(self, tell: Told) -> Told:
        """The same, while the bar stands aside; it counts the articles told of."""

        def told(results: Sequence[Imported]) -> None:
            self._articles += len(results)
            self._progress.stop()
            tell(results)
            self._progress.update(self._task, description=f"{self._name}, {plural(self._articles, 'article')}")
            self._progress.start()

        return told


def _outcome(one: Imported) -> Block:
    match one.outcome:
        case Added(article):
            what = "added" if article.revision == 1 else f"revision {article.revision}"
            detail = f"{article.key}: {article.title} ({plural(len(article.passages), 'passage')})"
            return _line(what, "green", detail)
        case AlreadyKnown(key, title):
            return _line("known already", "dim", f"{key}: {title}")
        case NearDuplicate(key, title, share):
            detail = f"{one.title or one.source.reference}: shares {share:.0%} of its text with {key} ({title})"
            return _line("near duplicate", "yellow", detail)
        case Rejected() as rejected:
            return _rejection(rejected, "rejected")
        case _:
            assert_never(one.outcome)


def _rejection(one: Rejected, word: str) -> Block:
    return _line(word, "red" if word == "rejected" else "dim", f"{one.source.reference}: {one.reason}")


def _line(word: str, style: str, detail: str) -> Block:
    return Block(Text().append(f"{word:<15}", style).append(one_line(detail)), hang=15)


# --- articles and show


def list_(session: Session, wanted: Wanted, *, as_json: bool) -> Exit:
    """The articles were listed, newest first, and how many there are in all."""
    owner = (_collection(wanted.collection),)
    text, publication, removed = wanted.text, wanted.publication, wanted.removed

    async def found(corpus: Corpus) -> tuple[list[ArticleSummary], int]:
        page = await corpus.desk.articles(
            owner, text=text, publication=publication, removed=removed, limit=wanted.limit, offset=wanted.offset
        )
        return page, await corpus.store.count(owner, text=text, publication=publication, removed=removed)

    page, total = _with_corpus(session, found)
    if as_json:
        for article in page:
            session.face.json(objects.of_summary(article))
    elif page:
        session.face.show(_table(page))
    _tell_total(session, wanted, len(page), total)
    return Exit.DONE


def _tell_total(session: Session, wanted: Wanted, shown: int, total: int) -> None:
    kind = "removed article" if wanted.removed else "article"
    if not total:
        narrowed = wanted.text or wanted.publication
        session.face.tell(block(f"No {kind} matches." if narrowed else f"There are no {kind}s in {wanted.collection}."))
    elif not shown:
        session.face.tell(block(f"There are only {plural(total, kind)}."))
    elif shown < total:
        last = wanted.offset + shown
        more = f"; go on with --offset {last}" if last < total else ""
        session.face.tell(block(f"{wanted.offset + 1:,} to {last:,} of {plural(total, kind)}{more}", "dim"))
    else:
        session.face.tell(block(plural(total, kind), "dim"))


_COLUMNS = ("KEY", "DATE", "PUBLICATION", "TITLE")


def _table(page: Sequence[ArticleSummary]) -> Iterator[Block]:
    """A line for each article under a head, in columns; the last one is as wide as it needs to be."""
    rows = [_COLUMNS, *map(_cells, page)]
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)][:-1]
    for number, row in enumerate(rows):
        padded = [set_cell_size(cell, width) for cell, width in zip(row, widths, strict=False)]
        yield block("  ".join((*padded, row[-1])), "" if number else "bold")


def _cells(article: ArticleSummary) -> tuple[str, str, str, str]:
    title = one_line(article.title) + (f"  [{one_line(str(article.removed))}]" if article.removed else "")
    published = article.published.isoformat() if article.published else "-"
    return one_line(article.key), published, one_line(article.publication or "-"), title


def show(session: Session, chosen: Chosen, *, raw: bool, as_json: bool) -> Exit:
    """One article was written: as it is read, as an object, or the text it was made from."""

    async def found(corpus: Corpus) -> tuple[Article, str]:
        article = await corpus.desk.show(_collection(chosen.collection), chosen.key, revision=chosen.revision)
        return article, await corpus.store.raw_text(article.id, article.revision) if raw else ""

    article, raw_text = _with_corpus(session, _helped(chosen, found))
    if as_json:
        session.face.json(objects.of_article(article) | ({"raw_text": raw_text} if raw else {}))
    elif raw:
        session.face.raw(visible(raw_text) if session.face.on_terminal else raw_text)
    else:
        session.face.show(_page(article, session.now().date()))
    return Exit.DONE


def _page(article: Article, today: date) -> Iterator[Block]:
    yield block(one_line(article.title), "bold")
    for name, value in _head(article, today):
        if value:
            yield Block(Text().append(f"{name}: ", "dim").append(one_line(value)))
    yield EMPTY
    yield block(visible(article.text))


def _head(article: Article, today: date) -> Iterator[tuple[str, str]]:
    yield "Publication", article.publication or ""
    yield "Published", f"{day(article.published)} ({age(article.published, today)})" if article.published else ""
    yield "By", human_join(article.authors)
    yield "Link", article.url or ""
    yield "Key", f"{article.key} in {article.collection}, revision {article.revision}"
    yield "Language", article.language if article.language != "en" else ""
    yield "Note", "an excerpt: the page was not free to read in full" if article.partial else ""
    yield "Added", f"{article.added_at:%Y-%m-%d} by {article.added_by}" if article.added_at else ""
    yield "Removed", str(article.removed) if article.removed else ""


# --- remove, restore, export


def remove(session: Session, chosen: Chosen, *, why: str) -> Exit:
    """The article is in no answer any more."""
    owner = _collection(chosen.collection)

    async def removed(corpus: Corpus) -> Article:
        return await corpus.desk.remove(owner, chosen.key, by=session.who, now=session.now(), why=why)

    article = _with_corpus(session, _helped(chosen, removed))
    back = f"amicus restore {article.key}" + ("" if article.collection.guild_id is None else f" --collection {owner}")
    session.face.tell(block(f"Removed: {one_line(article.title)}", "green"), block(f"{one_line(back)} brings it back."))
    return Exit.DONE


def restore(session: Session, chosen: Chosen) -> Exit:
    """The removed article is back as it was."""
    owner = _collection(chosen.collection)

    async def restored(corpus: Corpus) -> Article:
        return await corpus.desk.restore(owner, chosen.key, by=session.who, now=session.now())

    article = _with_corpus(session, _helped(chosen, restored, removed=True))
    session.face.tell(block(f"Restored: {one_line(article.title)}", "green"))
    return Exit.DONE


def export(session: Session, file: str, collection: str) -> Exit:
    """The live articles of a collection were written as JSON lines."""
    owner = _collection(collection)
    if Path(file).is_dir():
        raise UsageError(f"{file} is a folder; name a file, such as {Path(file) / 'articles.jsonl'}")

    async def exported(corpus: Corpus) -> int:
        if file != "-":
            with Bar(session.face, "Exporting") as bar:
                return await corpus.transfer.export_to(Path(file), owner, bar)
        count = 0
        async for line in corpus.transfer.export(owner):
            session.face.raw(escaped_in_json(line))
            count += 1
        return count

    count = _with_corpus(session, exported)
    session.face.tell(block(f"{plural(count, 'article')} exported" + ("" if file == "-" else f" to {file}"), "green"))
    return Exit.DONE


# --- what they share


def _with_corpus(session: Session, work: Callable[[Corpus], Awaitable[T]]) -> T:
    """The result of work on the articles."""

    async def done() -> T:
        async with session.corpus() as corpus:
            return await work(corpus)

    return asyncio.run(done())


def _helped(
    chosen: Chosen, work: Callable[[Corpus], Awaitable[T]], *, removed: bool = False
) -> Callable[[Corpus], Awaitable[T]]:
    """The same work; where there is no such article, the error names the keys most like the one given."""

    async def tried(corpus: Corpus) -> T:
        try:
            return await work(corpus)
        except ArticleNotFound as error:
            page = await corpus.desk.articles([_collection(chosen.collection)], removed=removed, limit=_KEYS_SEARCHED)
            close = get_close_matches(chosen.key, [article.key for article in page], n=3, cutoff=0.6)
            like = f"Keys like it: {', '.join(close)}." if close else "amicus articles lists the keys."
            raise ArticleNotFound(f"{error}\n{like}") from error

    return tried
