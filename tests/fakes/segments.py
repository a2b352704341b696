"""What tests of the index need around it: articles made of given words, a disk that is full, a clumsy hand."""

from __future__ import annotations

import json
import os
import resource
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from corpus.collection import LIBRARY, Collection
from corpus.model import Article, Passage, Span
from retrieval.errors import IndexUnusable
from retrieval.segments.directory import MANIFEST, Directory, Sealed, Stamp
from retrieval.segments.file import FileWriter
from retrieval.segments.merging import merge
from retrieval.segments.segment import View
from retrieval.verifying import read_through

STAMP = Stamp(store="store-1", analysis=1, lexicon="words", pairs=False)


def sound(directory: Directory) -> int:
    """How many bytes of the index's segments there are, all as they were written; raises IndexUnusable."""
    total = 0
    for read in read_through(directory):
        if isinstance(read, IndexUnusable):
            raise read
        total += read
    return total


def worded(  # noqa: PLR0917 - in the order in which an article is read
    key: str,
    texts: Sequence[str],
    collection: Collection = LIBRARY,
    publication: str | None = None,
    published: date | None = None,
    language: str = "en",
) -> Article:
    """An article without numbers (0) whose passages are these texts."""
    ends = [sum(len(text) for text in texts[: n + 1]) for n in range(len(texts))]
    spans = [Span(end - len(text), end) for text, end in zip(texts, ends, strict=True)]
    return Article(
        id=0,
        collection=collection,
        key=key,
        revision=1,
        title=key,
        text="".join(texts),
        publication=publication,
        published=published,
        language=language,
        passages=tuple(Passage(span, (span,), 0) for span in spans),
    )


def split(article: Article) -> list[list[str]]:
    """The words of each passage, as they stand there: an analysis that leaves everything to the test."""
    return [passage.span.of(article.text).split() for passage in article.passages]


class Workshop(Directory):
    """A folder of segments in which a test can act while a segment is written, and merges go in small steps."""

    def __init__(self, folder: Path, stamp: Stamp = STAMP, *, at_once: int = 5) -> None:
        super().__init__(folder, stamp)
        self._at_once = at_once
        self.meanwhile: Callable[[], None] = lambda: None

    def sealed(self, views: Sequence[View], last_change: int) -> Sealed:
        """See `Directory`; a merge has as few postings in hand as were asked for."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with FileWriter(self.folder, self._fresh()) as writer:
            names = merge(views, writer, at_once=self._at_once)
            self.meanwhile()
            path, crc = writer.finish(names, last_change)
        return self._source(path, sum(view.live_count for view in views), crc)


@contextmanager
def full_disk(room: int) -> Iterator[None]:
    """Inside, no file grows beyond `room` bytes: the system refuses it as it does when the disk is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@contextmanager
def no_room_for_the_manifest(folder: Path) -> Iterator[None]:
    """Inside, this program can't write the manifest of the folder."""
    beside = folder / f"{MANIFEST}.{os.getpid()}.new"
    beside.mkdir()
    try:
        yield
    finally:
        beside.rmdir()


_TAIL = struct.Struct("<QII8s")
"""The end of a segment's file: length and checksum of its table of contents, version, magic number."""


def contents_in(whole: bytes) -> tuple[int, int]:
    """Where the table of contents of a segment's file begins and ends."""
    length, *_ = _TAIL.unpack(whole[-_TAIL.size :])
    return len(whole) - _TAIL.size - int(length), len(whole) - _TAIL.size


def start_of(path: Path, array: str) -> int:
    """Where this array begins in a segment's file."""
    whole = path.read_bytes()
    first, last = contents_in(whole)
    return int(json.loads(whole[first:last])["arrays"][array][0])


def flip(path: Path, bit: int) -> None:
    """This bit of the file is another one than before."""
    with path.open("r+b") as file:
        file.seek(bit // 8)
        [byte] = file.read(1)
        file.seek(bit // 8)
        file.write(bytes([byte ^ 1 << bit % 8]))
