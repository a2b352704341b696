"""Articles in bulk: import, export, the starter collection.

Everything that changes the store goes through a transaction of its own with its audit rows. Readers and the splitter
are imported when something is read: who only asks does not wait for them.
"""

from __future__ import annotations

import asyncio
import json
import os
import stat
import threading
import uuid
from collections.abc import Callable, Generator, Iterable
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from corpus import starter
from corpus.collection import LIBRARY
from corpus.errors import StoreError
from corpus.model import Added, AlreadyKnown, Draft, Rejected, Source, SourceKind
from corpus.store.lock import LOCK_NAME

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
    from datetime import datetime

    from corpus.collection import Collection
    from corpus.model import Article, IngestOutcome, Prepared
    from corpus.store import Held, Store

STARTER = "starter"
# A transaction takes at most so much: short enough to let others write, long enough that its fsync does not matter.
_BATCH_ARTICLES = 200
_BATCH_CHARS = 4_000_000
_EXPORT_PAGE = 100
# Some programs end a line at these too (https://www.unicode.org/reports/tr13/); JSON may escape them.
_LINE_ENDS = {ord(end): f"\\u{ord(end):04x}" for end in "\x85\u2028\u2029"}


@dataclass(frozen=True, slots=True)
class Step:
    """How far an import is: files read of all, and the name of the last one."""

    files: int
    of_files: int
    name: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one input; `title` is empty where it could not be read."""

    source: Source
    title: str
    outcome: IngestOutcome


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of every input, in order. `skipped` are files in folders that are no articles by their ending.

    `results` are kept only where nobody is told of them on the way: a large import does not fit in memory.
    """

    results: tuple[Imported, ...] = ()
    skipped: tuple[Rejected, ...] = ()

    @property
    def added(self) -> list[Article]:
        """The articles stored for the first time."""
        return [article for article in self._stored() if article.revision == 1]

    @property
    def revised(self) -> list[Article]:
        """The articles stored as a new revision."""
        return [article for article in self._stored() if article.revision > 1]

    @property
    def known(self) -> list[AlreadyKnown]:
        """The inputs that changed nothing."""
        return [one.outcome for one in self.results if isinstance(one.outcome, AlreadyKnown)]

    @property
    def rejected(self) -> list[Rejected]:
        """The inputs that were not stored, with the reasons."""
        return [one.outcome for one in self.results if isinstance(one.outcome, Rejected)]

    def _stored(self) -> list[Article]:
        return [one.outcome.article for one in self.results if isinstance(one.outcome, Added)]


@dataclass(frozen=True, slots=True)
class StarterReport:
    """The keys of the starter articles that were stored or rewritten, restored, or taken out."""

    stored: tuple[str, ...] = ()
    restored: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


Read: TypeAlias = Callable[[Path], Iterable[Draft | Rejected]]
Readers: TypeAlias = Callable[[], AbstractContextManager[Read]]
Progress: TypeAlias = Callable[[Step], None]
Done: TypeAlias = Callable[[int, int], None]
Told: TypeAlias = "Callable[[Sequence[Imported]], None]"


class Transfer:
    """Articles in and out in bulk, on one store."""

    def __init__(self, store: Store, *, read: Read | None = None) -> None:
        """`read` turns a file into drafts; the package's readers where none is given."""
        self._store = store
        self._readers: Readers = _readers if read is None else lambda: nullcontext(read)

    async def import_paths(
        self,
        paths: Sequence[Path],
        collection: Collection,
        by: str,
        now: datetime,
        progress: Progress | None = None,
        *,
        told: Told | None = None,
    ) -> ImportReport:
        """The articles in these files and folders are stored, those that can be; the rest is named with its reason.

        Folders are walked in the order of names. `progress` is called on the event loop, once a file; `told`, where it
        is given, with what became of some inputs, as soon as that is stored. Stopped at any moment, whole articles are
        stored or nothing of them; importing again goes on where it was. Where the store can't take more (a full disk),
        `told` hears what was not stored, and StoreError is raised.
        """
        found = await asyncio.to_thread(_walk, paths)
        feed = _Feed(found.inputs, self._readers, _on_loop(progress))
        results: list[Imported] = []
        await self._import(feed, collection, by, now, told or results.extend)
        return ImportReport(tuple(results), tuple(found.skipped))

    async def import_drafts(
        self, drafts: Iterable[Draft | Rejected], collection: Collection, by: str, now: datetime
    ) -> ImportReport:
        """The drafts are stored, those that can be."""
        results: list[Imported] = []
        await self._import(_Feed(drafts, self._readers, None), collection, by, now, results.extend)
        return ImportReport(tuple(results))

    async def export(self, collection: Collection) -> AsyncIterator[str]:
        """The live articles as lines of JSON without their line ends, in the form that `import_paths` reads.

        Imported elsewhere, they have the same keys and the same texts.
        """
        after = 0
        while page := await self._store.page(collection, after=after, limit=_EXPORT_PAGE):
            for article in page:
                yield line_of(article)
            after = page[-1].id

    async def export_to(self, path: Path, collection: Collection, progress: Done | None = None) -> int:
        """The file `path` holds the export, whole, in place of what it held; gives the number of articles.

        `progress` is told how many are written of how many, a page of articles at a time. Raises StoreError where the
        file can't be written, or is another thing than an export; then it holds what it held.
        """
        path = await asyncio.to_thread(path.resolve)  # of a link, the file it leads to
        fresh = path.with_name(f"{path.name}.{uuid.uuid4().hex[:8]}.part")
        count = 0
        try:
            if await asyncio.to_thread(_is_foreign, path, self._store.path):
                raise StoreError(f"{path} exists and is no export; choose another name")
            with await asyncio.to_thread(fresh.open, "w", encoding="utf-8", newline="\n") as file:
                of = await self._store.count([collection]) if progress else 0
                async for line in self.export(collection):
                    file.write(line + "\n")  # into the file object's buffer, mostly
                    count += 1
                    if progress and count % _EXPORT_PAGE == 0:
                        progress(count, max(count, of))
                file.flush()
                await asyncio.to_thread(os.fsync, file.fileno())
            fresh.replace(path)
        except OSError as error:
            raise StoreError(f"{path} can't be written: {error.strerror}") from error
        finally:
            fresh.unlink(missing_ok=True)
        return count

    async def sync_starter(self, *, enabled: bool, now: datetime) -> StarterReport:
        """The library holds the starter articles of this version of the program, or none where they are switched off.

        An article that a person removed, edited or restored is left as that person left it. Costs one short read where
        nothing changed since the last time.
        """
        wanted = json.dumps({"enabled": enabled, "digest": starter.digest() if enabled else ""})
        if await self._store.note(STARTER) == wanted:
            return StarterReport()
        held = {one.key: one for one in await self._store.held_from(SourceKind.STARTER, LIBRARY, STARTER)}
        report = await self._starter_in(held, now) if enabled else await self._starter_out(held, now)
        await self._store.take_note({STARTER: wanted})
        return report

    async def _starter_in(self, held: Mapping[str, Held], now: datetime) -> StarterReport:
        drafts = await asyncio.to_thread(_starter_drafts, self._readers)
        gone = [one.key for one in held.values() if one.live and not one.touched and one.key not in drafts]
        back = [one.key for one in held.values() if not one.live and not one.touched and one.key in drafts]
        await self._store.switch(
            LIBRARY, gone, live=False, by=STARTER, now=now, why="no longer in the starter collection"
        )
        await self._store.switch(LIBRARY, back, live=True, by=STARTER, now=now)
        # A newer wording of what was taken down stays out too.
        erased = {one.key for one in await self._store.takedowns() if one.collection == LIBRARY}
        # A key that is held but not as a starter article is somebody else's article.
        ours = [
            draft
            for key, draft in drafts.items()
            if key not in erased and (not held[key].touched if key in held else not await self._store.has(LIBRARY, key))
        ]
        report = await self.import_drafts(ours, LIBRARY, STARTER, now)
        stored = tuple(article.key for article in (*report.added, *report.revised))
        return StarterReport(stored=stored, restored=tuple(back), removed=tuple(gone))

    async def _starter_out(self, held: Mapping[str, Held], now: datetime) -> StarterReport:
        gone = [one.key for one in held.values() if one.live and not one.touched]
        await self._store.switch(
            LIBRARY, gone, live=False, by=STARTER, now=now, why="the starter collection is switched off"
        )
        return StarterReport(removed=tuple(gone))

    async def _import(self, feed: _Feed, collection: Collection, by: str, now: datetime, told: Told) -> None:
        settled: set[str] = set()
        try:
            while batch := await asyncio.to_thread(feed.batch):
                drafts = [one for one in batch if not isinstance(one, Rejected)]
                try:
                    stored = await self._store.add(drafts, collection, by, now, settled=settled) if drafts else []
                except StoreError as error:
                    told([_result(one, _not_stored(one, error)) for one in batch])
                    told([_result(one, one) for one in await asyncio.to_thread(feed.rest, error)])
                    raise
                outcomes = iter(stored)
                done = [_result(one, one if isinstance(one, Rejected) else next(outcomes)) for one in batch]
                told(done)
                settled |= {key for one, result in zip(batch, done, strict=True) if (key := _settles(one, result))}
        finally:
            feed.stop()


class _Feed:
    """Drafts and their passages, a batch at a time; made in a worker thread, since reading takes its time."""

    def __init__(self, inputs: Iterable[_Input], readers: Readers, progress: Progress | None) -> None:
        self._stopped = threading.Event()
        self._inputs = iter(inputs)
        self._drafts = self._read_all(readers, progress)

    def batch(self) -> list[Prepared | Rejected]:
        """What is to be stored next; empty at the end."""
        from corpus.passages import split  # noqa: PLC0415 - loads a model of sentences

        batch: list[Prepared | Rejected] = []
        chars = 0
        for draft in self._drafts:
            if isinstance(draft, Rejected):
                batch.append(draft)
            else:
                batch.append((draft, split(draft.text)))
                chars += len(draft.text) + len(draft.raw_text)
            if len(batch) >= _BATCH_ARTICLES or chars >= _BATCH_CHARS:
                break
        return batch

    def rest(self, error: StoreError) -> list[Rejected]:
        """What was not handed out and, because of the error, is not to be: articles and files, each with the reason."""
        left: list[Rejected] = []
        following = next(self._drafts, None)
        if following is not None:
            source = following.source
            left.append(Rejected(source, f"neither it nor what follows it in the same file was stored: {error}"))
        for one in self._inputs:
            source = Source.file(one.path) if isinstance(one, _File) else one.source
            left.append(one if isinstance(one, Rejected) else Rejected(source, f"it was not stored: {error}"))
        return left

    def stop(self) -> None:
        """Let the worker thread, where it is at work, come to its end after the draft at hand."""
        self._stopped.set()
        with suppress(ValueError):  # at work: it will see the flag
            self._drafts.close()

    def _read_all(self, readers: Readers, progress: Progress | None) -> Generator[Draft | Rejected]:
        with readers() as read:
            for one in self._inputs:
                drafts = read(one.path) if isinstance(one, _File) else (one,)
                for draft in drafts:
                    if self._stopped.is_set():
                        return
                    yield draft
                if progress is not None and isinstance(one, _File):
                    progress(Step(one.number, one.of, Source.file(one.path).reference))


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    number: int
    of: int


_Input: TypeAlias = _File | Draft | Rejected


@dataclass(frozen=True, slots=True)
class _Found:
    inputs: list[_Input]
    skipped: list[Rejected]


def _is_foreign(path: Path, database: Path) -> bool:
    """Whether `path` is what an export must not replace: the store's own file, a device, a file of another kind."""
    beside = path.parent == database.parent.resolve()
    if beside and (path.name.startswith(database.name) or path.name == LOCK_NAME):
        return True
    if path.is_dir() or not path.exists():
        return False
    if not path.is_file():
        return True
    with path.open("rb") as file:
        return file.read(1) not in {b"", b"{"}


def _walk(paths: Sequence[Path]) -> _Found:
    """The files to read and what can't be read, in order; each file once."""
    skipped: list[Rejected] = []
    found: dict[str, Path | Rejected] = {}
    for path in paths:
        folder = os.path.isdir(path)  # noqa: PTH112 - Path.is_dir raises for a name too long or a folder that is closed
        for one in _under(path, skipped) if folder else [_checked(path)]:
            name = one.source.reference if isinstance(one, Rejected) else one
            found.setdefault(os.path.realpath(name), one)
    files = [one for one in found.values() if isinstance(one, Path)]
    numbers = {path: number for number, path in enumerate(files, 1)}
    return _Found(
        [one if isinstance(one, Rejected) else _File(one, numbers[one], len(files)) for one in found.values()], skipped
    )


def _under(folder: Path, skipped: list[Rejected]) -> Iterator[Path | Rejected]:
    closed: list[OSError] = []
    for parent, folders, names in os.walk(folder, onerror=closed.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(parent, name)
            if name.startswith("."):
                skipped.append(_rejected(path, "it is hidden"))
            elif reason := _unknown_ending(path):
                skipped.append(_rejected(path, reason))
            else:
                yield _checked(path)
    yield from (_rejected(Path(error.filename), f"the folder can't be read: {error.strerror}") for error in closed)


def _checked(path: Path) -> Path | Rejected:
    try:
        mode = path.stat().st_mode
    except OSError as error:
        return _rejected(path, f"it can't be read: {error.strerror}")
    if not stat.S_ISREG(mode):  # a pipe or device would be waited for
        return _rejected(path, "it is not a file")
    reason = _unknown_ending(path)
    return _rejected(path, reason) if reason else path


def _unknown_ending(path: Path) -> str | None:
    from corpus.readers import READABLE_SUFFIXES  # noqa: PLC0415 - loads the readers

    if path.suffix.lower() in READABLE_SUFFIXES:
        return None
    ending = f"files ending in {path.suffix}" if path.suffix else "files without an ending"
    return f"{ending} are not read; known are {', '.join(sorted(READABLE_SUFFIXES))}"


def _rejected(path: Path, reason: str) -> Rejected:
    return Rejected(Source.file(path), reason)


@contextmanager
def _readers() -> Iterator[Read]:
    from corpus.readers import open_worker, read_each  # noqa: PLC0415 - loads the readers

    with open_worker() as worker:
        yield lambda path: read_each(path, worker=worker)


def _starter_drafts(readers: Readers) -> dict[str, Draft]:
    """The packaged articles by their keys, which are their ids, or the names of their files."""
    drafts: dict[str, Draft] = {}
    with readers() as read:
        for file, draft in [(one, draft) for one in starter.files() for draft in read(one)]:
            if isinstance(draft, Rejected):
                raise StoreError(f"the starter article {file.name} can't be read: {draft.reason}; install Amicus again")
            key = draft.key or file.stem
            drafts[key] = replace(draft, key=key, source=Source(SourceKind.STARTER, file.name))
    return drafts


def _on_loop(progress: Progress | None) -> Progress | None:
    if progress is None:
        return None
    loop = asyncio.get_running_loop()

    def report(step: Step) -> None:
        loop.call_soon_threadsafe(progress, step)

    return report


def _not_stored(one: Prepared | Rejected, error: StoreError) -> Rejected:
    return one if isinstance(one, Rejected) else Rejected(one[0].source, f"it was not stored: {error}")


def _result(one: Prepared | Rejected, outcome: IngestOutcome) -> Imported:
    if isinstance(one, Rejected):
        return Imported(one.source, "", outcome)
    return Imported(one[0].source, one[0].title, outcome)


def _settles(one: Prepared | Rejected, result: Imported) -> str | None:
    """The key for which this input has spoken."""
    if isinstance(result.outcome, Added):
        return result.outcome.article.key
    # A known text without a key of its own says nothing about the article it was found in.
    return None if isinstance(one, Rejected) or not isinstance(result.outcome, AlreadyKnown) else one[0].key


def line_of(article: Article) -> str:
    """The article as one line of JSON, in the form that is imported; without passages and the text before cleaning."""
    fields: dict[str, object] = {
        "id": article.key,
        "title": article.title,
        "text": article.text,
        "publication": article.publication,
        "authors": list(article.authors),
        "published": article.published.isoformat() if article.published else None,
        "url": article.url,
        "language": article.language,
    }
    if article.partial:
        fields["partial"] = True
    return json.dumps(fields, ensure_ascii=False).translate(_LINE_ENDS)
