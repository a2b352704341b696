"""`import` and `export`."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Self, assert_never

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from bot.errors import UsageError
from bot.signs import one_line
from bot.terminal import as_json as objects
from bot.terminal.face import block, labelled
from bot.terminal.plain import escaped_in_json
from bot.terminal.progress import Bar
from bot.terminal.session import Exit
from bot.terminal.working import collection_named, with_corpus
from bot.wording import human_join, plural
from corpus.dedupe import in_percent
from corpus.errors import StoreError
from corpus.model import Added, AlreadyKnown, NearDuplicate, Rejected

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.app import Corpus
    from bot.terminal.face import Block
    from bot.terminal.session import Session
    from corpus.model import IngestOutcome
    from corpus.transfer import Imported, ImportReport, Step, Told


def take_in(session: Session, names: Sequence[str], collection: str, *, as_json: bool) -> Exit:
    """The articles in these files and folders are stored, those that can be, and every outcome was told."""
    owner = collection_named(collection)
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
            return labelled(what, "green", detail)
        case AlreadyKnown(key, title):
            return labelled("known already", "dim", f"{key}: {title}")
        case NearDuplicate(key, title, share):
            detail = f"{one.title or one.source.reference}: shares {in_percent(share)} of its text with {key} ({title})"
            return labelled("near duplicate", "yellow", detail)
        case Rejected() as rejected:
            return _rejection(rejected, "rejected")
        case _:
            assert_never(one.outcome)


def _rejection(one: Rejected, word: str) -> Block:
    return labelled(word, "red" if word == "rejected" else "dim", f"{one.source.reference}: {one.reason}")


def export(session: Session, file: str, collection: str) -> Exit:
    """The live articles of a collection were written as JSON lines."""
    owner = collection_named(collection)
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

    count = with_corpus(session, exported)
    session.face.tell(block(f"{plural(count, 'article')} exported" + ("" if file == "-" else f" to {file}"), "green"))
    return Exit.DONE
