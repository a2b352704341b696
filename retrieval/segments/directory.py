"""The index on disk: a folder of segments and a manifest that says which of them are the index, and up to which change.

Everything here is derived from the store and may be deleted at any time. Segments never change; what was removed from
them since stands in one more file, a new one with each manifest. The manifest is written beside its place and moved
there whole, after all that it names is on the disk: after a crash the old or the new one is there. Files that no
manifest names any more are deleted one commit later, so that a program that just read the old manifest finds them,
and not while a snapshot of this process may still open them.

Whoever writes claims the folder. A program that can't, or whose manifest another one has replaced, only reads, and
keeps what is newer in memory.
"""

from __future__ import annotations

import json
import os
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, Final, NamedTuple, Self
from weakref import WeakSet
from zlib import crc32

import numpy as np

from corpus.collection import Collection
from retrieval.errors import IndexUnusable
from retrieval.segments.file import FORMAT, FileWriter, open_segment, sync_names, verify
from retrieval.segments.segment import Segment, Small, View

MANIFEST: Final = "manifest.json"
ASIDE: Final = "set-aside"
WHY: Final = "why.txt"
_ENDINGS: Final = frozenset({".seg", ".removed", ".new"})
_LARGE: Final = 20_000
"""Segments of so many passages stay open; of smaller ones the most recently used."""
_MOST_OPEN: Final = 256


class Opened:
    """The segments that are open: all large ones, and of the small ones those used last. Safe between threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._large: dict[Path, Segment] = {}
        self._small: OrderedDict[Path, Segment] = OrderedDict()

    def segment(self, path: Path, crc: int) -> Segment:
        """The segment in that file, whose contents have this checksum; raises IndexUnusable."""
        with self._lock:
            found = self._large.get(path) or self._small.get(path)
            if found is None:
                found = open_segment(path, crc)
                (self._large if found.size >= _LARGE else self._small)[path] = found
            if path in self._small:
                self._small.move_to_end(path)
                if len(self._small) > _MOST_OPEN:
                    self._small.popitem(last=False)
            return found

    def close(self, path: Path) -> None:
        """The file is not kept open any more (who still uses its segment keeps that)."""
        with self._lock:
            self._large.pop(path, None)
            self._small.pop(path, None)


@dataclass(frozen=True, slots=True, weakref_slot=True, eq=False)
class Sealed:
    """A segment in a file, opened when it is first needed. `crc` is the checksum of the file's contents."""

    path: Path
    size: int
    crc: int
    opened: Opened

    @property
    def segment(self) -> Segment:
        """See `retrieval.segments.segment.Source`."""
        return self.opened.segment(self.path, self.crc)


class Stamp(NamedTuple):
    """What an index must have been made from to be used: the database, the way its words were analysed, the fields."""

    store: str
    analysis: int
    lexicon: str
    pairs: bool

    def described(self) -> dict[str, object]:
        """The whole of what must be equal."""
        told = {"analysis": self.analysis, "lexicon": self.lexicon, "store": self.store, "pairs": self.pairs}
        return {"format": FORMAT, **told}


class Entry(NamedTuple):
    """A segment of the index: its file with its contents' checksum, its rows, and which of all removed ones are its."""

    collection: str
    file: str
    crc: int
    rows: int
    removed: tuple[int, int]


class Manifest(NamedTuple):
    """What the index is: the last change it holds, the file of removed rows, the segments."""

    last_change: int
    removed: str
    entries: tuple[Entry, ...]

    @property
    def names(self) -> set[str]:
        """The files that are the index, the manifest's own included."""
        return {MANIFEST, self.removed, *(entry.file for entry in self.entries)}

    def described(self) -> dict[str, object]:
        """As it is written."""
        return self._asdict() | {"entries": [entry._asdict() for entry in self.entries]}

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Self:
        """The manifest as it was written; raises KeyError, TypeError or ValueError."""
        entries = [
            Entry(
                str(each["collection"]), str(each["file"]), int(each["crc"]), int(each["rows"]), (int(first), int(last))
            )
            for each in told["entries"]
            for first, last in [each["removed"]]
        ]
        return cls(int(told["last_change"]), str(told["removed"]), tuple(entries))


Claim = Callable[[], AbstractContextManager[bool]]
"""Inside, nobody else claims the same folder, where it gives True."""


def unclaimed() -> AbstractContextManager[bool]:
    """For a folder that one program alone uses."""
    return nullcontext(True)  # noqa: FBT003 - what the context gives


class Directory:
    """The folder of one database's index."""

    def __init__(self, folder: Path, stamp: Stamp, claim: Claim = unclaimed) -> None:
        self.folder = folder
        self._stamp = stamp
        self._claim = claim
        self._opened = Opened()
        self._known: bytes | None = None
        self._last_number = 0
        self._in_use: WeakSet[Sealed] = WeakSet()

    @contextmanager
    def claimed(self) -> Iterator[bool]:
        """Inside, nobody else changes the folder, where this gives True.

        It gives False while another program holds the folder, and for good when one has changed it since it was loaded.
        Raises IndexUnusable where nothing usable is left in its place.
        """
        with self._claim() as ours:
            unchanged = self.is_as_loaded()
            if ours and not unchanged:
                self._manifest()
            yield ours and unchanged

    def load(self) -> tuple[dict[Collection, tuple[View, ...]], int]:
        """The segments that the manifest names and the last change they hold; raises IndexUnusable."""
        self._known = self._on_disk()
        self._last_number = 0
        told = self._manifest()
        removed = self._removed(told.removed)
        parts: dict[Collection, list[View]] = {}
        for entry in told.entries:
            source = self._source(self.folder / entry.file, entry.rows, entry.crc)
            if not source.path.exists():
                raise IndexUnusable(f"{source.path}: it is missing")
            view = View(source, removed[slice(*entry.removed)])
            parts.setdefault(Collection.parse(entry.collection), []).append(view)
        return {name: tuple(views) for name, views in parts.items()}, told.last_change

    def reloaded(self) -> tuple[dict[Collection, tuple[View, ...]], int] | None:
        """What another program made of the folder since it was loaded, if one did; raises IndexUnusable."""
        found = self._on_disk()
        if found is not None and found != self._known:
            return self.load()
        self._known = found
        return None

    def sealed(self, views: Sequence[View], last_change: int) -> Sealed:
        """See `retrieval.embedded.Files`; raises IndexUnusable where a file that goes into it is damaged."""
        from retrieval.segments.merging import merge  # noqa: PLC0415 - not needed by who only asks

        self.folder.mkdir(parents=True, exist_ok=True)
        for view in views:
            if isinstance(view.source, Sealed):
                deque(verify(view.source.path, view.source.crc), maxlen=0)  # else damage would get a right checksum
        with FileWriter(self.folder, self._fresh()) as writer:
            path, crc = writer.finish(merge(views, writer), last_change)
        return self._source(path, sum(view.live_count for view in views), crc)

    def _source(self, path: Path, size: int, crc: int) -> Sealed:
        source = Sealed(path, size, crc, self._opened)
        self._in_use.add(source)
        return source

    def commit(self, parts: Mapping[Collection, tuple[View, ...]], last_change: int) -> None:
        """See `retrieval.embedded.Files`."""
        self.folder.mkdir(parents=True, exist_ok=True)
        removed = self.folder / f"{self._fresh():08d}.removed"
        entries: list[Entry] = []
        rows, at = [np.zeros(0, np.uint32)], 0
        for name, views in parts.items():
            for view in views:
                if not isinstance(view.source, Sealed):
                    raise TypeError(view.source)
                rows.append(view.removed)
                span = (at, at := at + len(view.removed))
                entries.append(Entry(str(name), view.source.path.name, view.source.crc, view.source.size, span))
        _write(removed, np.concatenate(rows).astype("<u4").tobytes())
        manifest = Manifest(last_change, removed.name, tuple(entries))
        text = json.dumps(self._stamp.described() | manifest.described())
        before, told = self._named(), f"{text}\n{crc32(text.encode()):08x}\n".encode()
        sync_names(self.folder)  # of all that the manifest names
        _write(self.folder / MANIFEST, told)
        self._known = told
        sync_names(self.folder)
        self._forget(before | manifest.names)

    def tidy(self) -> None:
        """See `retrieval.embedded.Files`; called some time after a commit, which still keeps what was before it."""
        if self.is_begun():
            self._forget(self._named())

    def is_as_loaded(self) -> bool:
        """Whether nobody has changed the folder since it was loaded."""
        return self._on_disk() == self._known

    def is_begun(self) -> bool:
        """Whether there was an index here."""
        return self._on_disk() is not None

    def entries(self) -> tuple[Entry, ...]:
        """The segments that the manifest names; raises IndexUnusable."""
        return self._manifest().entries

    def files(self) -> list[Path]:
        """Their files; raises IndexUnusable."""
        return [self.folder / entry.file for entry in self.entries()]

    def set_aside(self, why: str) -> None:
        """Nothing of the index is in its place any more; what was there is in a folder inside, with the reason.

        What was set aside before makes room for it.
        """
        import shutil  # noqa: PLC0415 - slow to import, and seldom needed

        ours = self._ours()
        if ours:
            aside = self.folder / ASIDE
            shutil.rmtree(aside, ignore_errors=True)
            aside.mkdir()
            (aside / WHY).write_text(f"{why}\n", "utf-8")
            for path in ours:
                self._opened.close(path)
                path.replace(aside / path.name)
        self._known = None

    def _ours(self) -> list[Path]:
        """The files that are the index, or were, or began to be."""
        if not self.folder.is_dir():
            return []
        return [path for path in self.folder.iterdir() if path.name == MANIFEST or path.suffix in _ENDINGS]

    def _on_disk(self) -> bytes | None:
        """The manifest as it stands there; None where there is none or it can't be read."""
        try:
            return (self.folder / MANIFEST).read_bytes()
        except OSError:
            return None

    def _manifest(self) -> Manifest:
        path = self.folder / MANIFEST
        try:
            text, _, crc = path.read_text("utf-8").rstrip("\n").rpartition("\n")
            if int(crc, 16) != crc32(text.encode()):
                raise IndexUnusable(f"{path}: damaged (checksum)")
            told = json.loads(text)
        except FileNotFoundError as error:
            raise IndexUnusable(f"{path}: there is no index yet") from error
        except (OSError, ValueError) as error:
            raise IndexUnusable(f"{path}: damaged ({type(error).__name__})") from error
        for name, value in self._stamp.described().items():
            if told.get(name) != value:
                raise IndexUnusable(f"{path}: {_WHY[name]}")
        try:
            return Manifest.of(told)
        except (KeyError, TypeError, ValueError) as error:
            raise IndexUnusable(f"{path}: damaged ({type(error).__name__})") from error

    def _removed(self, name: str) -> Small:
        """All removed rows; raises IndexUnusable."""
        path = self.folder / name
        try:
            data = path.read_bytes()
        except OSError as error:
            raise IndexUnusable(f"{path}: it can't be read ({error.strerror})") from error
        if len(data) < _CRC or int.from_bytes(data[-_CRC:], "little") != crc32(data[:-_CRC]):
            raise IndexUnusable(f"{path}: damaged (checksum)")
        return np.frombuffer(data[:-_CRC], "<u4")

    def _fresh(self) -> int:
        """A number that no file begins with. The folder is looked through once: who has claimed it writes alone."""
        if not self._last_number:
            taken = [int(path.name[:8]) for path in self.folder.glob("[0-9]*.*") if path.name[:8].isdigit()]
            self._last_number = max(taken, default=0)
        self._last_number += 1
        return self._last_number

    def _named(self) -> set[str]:
        """The files that the manifest names, itself included; none where it can't be read."""
        try:
            return self._manifest().names
        except IndexUnusable:
            return set()

    def _forget(self, named: set[str]) -> None:
        """The files that are not named, and that no snapshot of this process may still open, are deleted."""
        kept = named | {source.path.name for source in self._in_use}
        for path in self._ours():
            if path.name not in kept:
                self._opened.close(path)
                path.unlink(missing_ok=True)


_CRC: Final = 4
_WHY: Final = {
    "format": "of another format; this version of the program makes it anew",
    "analysis": "made by another version of the program",
    "lexicon": "made with other word lists",
    "store": "made from another database",
    "pairs": "made with another setting of index.word_pairs",
}


def _write(path: Path, data: bytes) -> None:
    """The file holds this, all of it on the disk."""
    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        with beside.open("wb") as file:
            file.write(data)
            if path.suffix == ".removed":
                file.write(crc32(data).to_bytes(_CRC, "little"))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
