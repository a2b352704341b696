"""Bytes to drafts: pasted and plain text, Markdown, JSON lines, HTML pages, PDFs.

What can't be read becomes a Rejected with a reason for the person who gave it; no other error leaves `read`,
`read_each`, `read_bytes` and `read_one`. HTML, PDF and feeds are parsed in a child process that time and memory limits
end; a `Worker` given by the caller keeps that process alive from one file to the next.
"""

from __future__ import annotations

import stat
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING

from corpus.errors import Unreadable
from corpus.model import Draft, Rejected, Source
from corpus.readers.encoding import READABLE_SUFFIXES, Kind, kind_by_name, kind_of
from corpus.readers.jsonl import lines_of, read_lines
from corpus.readers.limits import DEFAULT_LIMITS, Limits, check_size
from corpus.readers.parsed import read_parsed
from corpus.readers.text import read_text
from corpus.readers.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

__all__ = [
    "DEFAULT_LIMITS",
    "READABLE_SUFFIXES",
    "Limits",
    "Worker",
    "open_worker",
    "read",
    "read_bytes",
    "read_each",
    "read_one",
]


@contextmanager
def open_worker(limits: Limits = DEFAULT_LIMITS) -> Iterator[Worker]:
    """A worker for many files; its process starts with the first page or PDF and is gone at the end."""
    worker = Worker(limits)
    try:
        yield worker
    finally:
        worker.close()


def read(path: Path, *, limits: Limits = DEFAULT_LIMITS, worker: Worker | None = None) -> list[Draft | Rejected]:
    """What the file holds: one draft, one for each line of JSON lines, or the reason why it can't be read."""
    return list(read_each(path, limits=limits, worker=worker))


def read_each(
    path: Path, *, limits: Limits = DEFAULT_LIMITS, worker: Worker | None = None
) -> Iterator[Draft | Rejected]:
    """The same, one at a time: a file of JSON lines is not held in memory as a whole."""
    source = Source.file(path)
    try:
        size_bytes = _size_of_file(path)
        with path.open("rb") as file:
            if kind_by_name(path.name) is Kind.JSONL:
                _check_start(file, path.name)
                yield from read_lines(_bounded_lines(file, limits.jsonl_line_bytes), source, limits)
                return
            check_size(size_bytes, _most_bytes(kind_by_name(path.name), limits), "the file")
            data = file.read(limits.pdf_bytes + 1)
    except OSError as error:
        yield Rejected(source, f"can't be opened: {error.strerror or type(error).__name__}")
        return
    except Unreadable as error:
        yield Rejected(source, str(error))
        return
    yield from read_bytes(data, name=path.name, source=source, limits=limits, worker=worker)


def read_bytes(
    data: bytes,
    *,
    name: str,
    source: Source,
    media_type: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
    worker: Worker | None = None,
) -> list[Draft | Rejected]:
    """What `data` holds; `name` and `media_type` say what it should be, its content what it is."""
    try:
        kind = kind_of(data, name, media_type)
        match kind:
            case Kind.JSONL:
                return list(read_lines(lines_of(data), source, limits))
            case Kind.HTML | Kind.PDF:
                if worker is None:
                    with open_worker(limits) as own:
                        return [read_parsed(data, kind, source, limits, own)]
                return [read_parsed(data, kind, source, limits, worker)]
            case Kind.TEXT | Kind.MARKDOWN:
                return [read_text(data, source, limits, markdown=kind is Kind.MARKDOWN)]
    except Unreadable as error:
        return [Rejected(source, str(error))]


def read_one(
    data: bytes, *, name: str, source: Source, media_type: str | None, limits: Limits, worker: Worker
) -> Draft | Rejected:
    """The one article in `data`; JSON lines with several are rejected."""
    try:
        if kind_of(data, name, media_type) is Kind.JSONL:
            return _only_line(data, source, limits)
    except Unreadable as error:
        return Rejected(source, str(error))
    return read_bytes(data, name=name, source=source, media_type=media_type, limits=limits, worker=worker)[0]


def _only_line(data: bytes, source: Source, limits: Limits) -> Draft | Rejected:
    check_size(len(data), limits.text_bytes, "the file")
    outcomes = list(islice(read_lines(lines_of(data), source, limits), 2))
    if len(outcomes) > 1:
        raise Unreadable("holds several articles; `amicus import` at the terminal takes them")
    return outcomes[0]


def _size_of_file(path: Path) -> int:
    """The file's size in bytes; raises Unreadable for what is no plain file (opening a pipe would wait for ever)."""
    status = path.stat()
    if stat.S_ISDIR(status.st_mode):
        raise Unreadable("is a folder")
    if not stat.S_ISREG(status.st_mode):
        raise Unreadable("is no plain file")
    return status.st_size


def _most_bytes(kind: Kind | None, limits: Limits) -> int:
    """The largest file that can pass as `kind`; what it really is shows only once it is read."""
    match kind:
        case Kind.HTML:
            return limits.html_bytes
        case Kind.TEXT | Kind.MARKDOWN:
            return limits.text_bytes
        case _:
            return limits.pdf_bytes


def _check_start(file: BinaryIO, name: str) -> None:
    """The file's first bytes are no other kind's; raises Unreadable, else stands at the start again."""
    kind = kind_of(file.read(4096), name)
    if kind is not Kind.JSONL:
        raise Unreadable(f"is {kind}, not JSON lines")
    file.seek(0)


def _bounded_lines(file: BinaryIO, most_bytes: int) -> Iterator[bytes]:
    """The file's lines; of a longer line only its beginning, one byte too many, the rest is skipped."""
    while line := file.readline(most_bytes + 2):
        yield line
        while not line.endswith(b"\n") and len(line) > most_bytes:
            line = file.readline(most_bytes + 2)
            if not line:
                return
