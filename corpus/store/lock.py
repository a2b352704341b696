"""Locks between processes: one bot to a data directory, one migration at a time.

The operating system holds them and lets go when the process ends, however it ends; the file itself stays.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from corpus.errors import StoreError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOCK_NAME = "amicus.lock"
_POLL_S = 0.02


@contextmanager
def hold(data_dir: Path) -> Iterator[None]:
    """Inside, this process is the one bot of `data_dir`; raises StoreError naming the process that is it already."""
    path = data_dir / LOCK_NAME
    with _opened(path) as handle:
        if not _taken(handle):
            raise StoreError(
                f"another Amicus bot (process {_owner(path)}) uses {data_dir}; "
                "stop it first, or give this one a data_dir of its own"
            )
        os.ftruncate(handle, 0)
        os.write(handle, str(os.getpid()).encode())
        yield
        os.ftruncate(handle, 0)


def is_held(data_dir: Path) -> bool:
    """Whether a bot of `data_dir` runs; nothing is made or written, and a folder that is missing has none.

    Raises StoreError where that can't be seen. A bot that starts in the very moment of the look may be refused by it.
    """
    path = data_dir / LOCK_NAME
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise StoreError(f"{path} can't be read: {error.strerror}; check the rights of the folder") from error
    try:
        return not _free(handle)
    finally:
        os.close(handle)


@contextmanager
def exclusive(path: Path, *, timeout_s: float = 60.0) -> Iterator[None]:
    """Inside, no other process holds the lock file `path`; raises StoreError when `timeout_s` passes first. Blocks."""
    deadline = time.monotonic() + timeout_s
    with _opened(path) as handle:
        while not _taken(handle):
            if time.monotonic() > deadline:
                raise StoreError(
                    f"{path} is held by another Amicus process for over {timeout_s:g} s; stop it and try again"
                )
            time.sleep(_POLL_S)
        yield


@contextmanager
def attempt(path: Path) -> Iterator[bool]:
    """Inside, no other process holds the lock file `path` where this gives True; raises StoreError."""
    with _opened(path) as handle:
        yield _taken(handle)


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o644)
    except OSError as error:
        raise StoreError(f"{path} can't be written: {error.strerror}; check the rights of the folder") from error
    try:
        yield handle
    finally:
        os.close(handle)  # which lets go of the lock


def _owner(path: Path) -> str:
    with suppress(OSError, UnicodeDecodeError):
        return path.read_text("ascii").strip() or "of unknown number"
    return "of unknown number"


if sys.platform == "win32":

    def _taken(handle: int) -> bool:
        try:
            os.lseek(handle, 1 << 30, os.SEEK_SET)  # far behind the number, which others may then still read
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        os.lseek(handle, 0, os.SEEK_SET)
        return True

    _free = _taken

else:

    def _taken(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _free(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)  # shared: two that look do not see each other
        except BlockingIOError:
            return False
        return True
