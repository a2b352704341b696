"""The process that parses HTML, PDF and feeds: limited in time and memory, ended when it goes over, started again.

The parent (`Worker`) writes a request to the child's standard input and reads the answer from its standard output:
each is 4 bytes with the length of a JSON object, then the object; after a request's object come the document's bytes.
An answer with `ended` is the child's last.
"""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from corpus.errors import Unreadable
from corpus.readers.feedfound import FeedFound, of_message
from corpus.readers.limits import DEFAULT_LIMITS, Limits, check_size, in_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corpus.readers.encoding import Kind

FEED = "feed"
_LENGTH = struct.Struct(">I")
_MOST_ANSWER_BYTES = 64_000_000


@dataclass(frozen=True, slots=True)
class Found:
    """What a parser found in a document, as it stands there; nothing of it is checked."""

    text: str = ""
    title: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    publication: str | None = None
    url: str | None = None
    language: str | None = None
    partial: bool = False


class Worker:
    """Parses documents in a child process, one at a time; may be shared between threads."""

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def parse(self, data: bytes, kind: Kind) -> Found:
        """What is in the document; raises Unreadable where the parser finds nothing, breaks off or takes too long."""
        return _found(self._answer({"kind": kind.value}, data, kind), kind)

    def parse_feed(self, data: bytes, url: str) -> FeedFound:
        """What is in the feed that was fetched from `url`; raises Unreadable likewise, and where it is no feed."""
        check_size(len(data), self._limits.feed_bytes, "the feed")
        return of_message(self._answer({"kind": FEED, "url": url}, data, FEED))

    def close(self) -> None:
        """The child process is gone, and what it was parsing broken off; the next document starts another."""
        process = self._process
        if process is not None:
            process.kill()
        with self._lock:
            self._stop()

    def _answer(self, request: Mapping[str, object], data: bytes, kind: str) -> Mapping[str, object]:
        """The child's answer; raises Unreadable with its reason, or where there is none in time."""
        with self._lock:
            process = self._running()
            late = threading.Event()
            watch = threading.Timer(self._limits.parse_seconds, _end, (process, late))
            watch.start()
            try:
                answer = _ask(process, {**request, "bytes": len(data)}, data)
            finally:
                watch.cancel()
                watch.join()
            if answer is None or late.is_set():
                self._stop()
                raise Unreadable(self._broken_off(kind, late=late.is_set()))
            if answer.get("ended") is True:
                self._stop()
        refused = answer.get("refused")
        if refused is not None:
            raise Unreadable(str(refused))
        return answer

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._stop()
            self._process = _start(self._limits)
        return self._process

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                _close(pipe)
        process.wait()

    def _broken_off(self, kind: str, *, late: bool) -> str:
        if late:
            return f"reading this {kind} took longer than {self._limits.parse_seconds:g} seconds and was stopped"
        most = in_words(self._limits.parse_memory_bytes)
        return f"reading this {kind} broke off: it is damaged or needs more than {most} of memory"


def _end(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    process.kill()


def _close(pipe: IO[bytes]) -> None:
    try:
        pipe.close()
    except OSError:
        return  # what was still to be written has no reader any more


def _start(limits: Limits) -> subprocess.Popen[bytes]:
    """A child with this interpreter and this package, but not with what lies in the current folder."""
    paths = [str(Path(__file__).resolve().parents[2]), *(path for path in sys.path if path)]
    return subprocess.Popen(  # noqa: S603 - our own module, no shell
        [sys.executable, "-P", "-m", "corpus.readers.child", json.dumps(asdict(limits))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
    )


def _ask(process: subprocess.Popen[bytes], request: Mapping[str, object], data: bytes) -> Mapping[str, object] | None:
    """The child's answer; None where it ended before giving one."""
    if process.stdin is None or process.stdout is None:
        return None
    try:
        write_message(process.stdin, request, data)
        return read_message(process.stdout)
    except OSError:
        return None


def write_message(pipe: IO[bytes], message: Mapping[str, object], data: bytes = b"") -> None:
    """The message and the bytes that follow it are on their way."""
    encoded = json.dumps(message).encode("ascii")
    pipe.write(_LENGTH.pack(len(encoded)))
    pipe.write(encoded)
    pipe.write(data)
    pipe.flush()


def read_message(pipe: IO[bytes]) -> Mapping[str, object] | None:
    """The next message; None at the end, or where what comes is no message."""
    start = pipe.read(_LENGTH.size)
    if len(start) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(start)
    if length > _MOST_ANSWER_BYTES:
        return None
    try:
        message: object = json.loads(pipe.read(length))
    except ValueError:
        return None
    return message if isinstance(message, dict) else None


def _found(answer: Mapping[str, object], kind: Kind) -> Found:
    """The child's answer as a value; raises Unreadable where it is none."""
    texts = {name: value if isinstance(value := answer.get(name), str) else None for name in _TEXT_FIELDS}
    authors = answer.get("authors")
    if texts["text"] is None or not isinstance(authors, list):
        raise Unreadable(f"reading this {kind} gave no article")
    return Found(
        text=texts["text"],
        title=texts["title"],
        authors=tuple(str(name) for name in authors),
        published=texts["published"],
        publication=texts["publication"],
        url=texts["url"],
        language=texts["language"],
        partial=answer.get("partial") is True,
    )


_TEXT_FIELDS = ("text", "title", "published", "publication", "url", "language")
