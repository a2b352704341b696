"""What SQLite raises, in our words. Nothing foreign gets past this file and `database`."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from corpus.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# The primary result codes of https://www.sqlite.org/rescode.html; an extended code keeps them in its low byte.
_WORDS = {
    sqlite3.SQLITE_BUSY: "is locked by another program; wait until it has finished (an import, a backup) and try again",
    sqlite3.SQLITE_LOCKED: "is locked by another program; wait until it has finished and try again",
    sqlite3.SQLITE_FULL: "could not be written: the disk is full; free some space and try again",
    sqlite3.SQLITE_CORRUPT: "is damaged; restore a copy with `amicus restore-backup FILE`",
    sqlite3.SQLITE_NOTADB: "is not a database or is damaged; restore a copy with `amicus restore-backup FILE`",
    sqlite3.SQLITE_READONLY: "can't be written; check the rights of the file and its folder",
    sqlite3.SQLITE_CANTOPEN: "can't be opened; check that the folder exists and may be read and written",
    sqlite3.SQLITE_IOERR: "could not be read or written: the disk reported an error; check the disk and its free space",
    sqlite3.SQLITE_PERM: "can't be opened; check the rights of the file and its folder",
}


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Inside, what SQLite raises becomes a StoreError that names the file and what to do."""
    try:
        yield
    except sqlite3.Error as error:
        raise in_words(path, error) from error


def damaged(path: Path) -> StoreError:
    """The StoreError for a row that holds what nobody wrote."""
    return StoreError(f"{path} {_WORDS[sqlite3.SQLITE_CORRUPT]}")


def in_words(path: Path, error: BaseException | None) -> StoreError:
    """The StoreError for what the driver raised."""
    code = getattr(error, "sqlite_errorcode", None)
    if code == sqlite3.SQLITE_IOERR_SHMSIZE:  # the file that readers share could not be made
        code = sqlite3.SQLITE_FULL
    words = _WORDS.get(code & 0xFF) if isinstance(code, int) else None
    return StoreError(f"{path} {words}") if words else StoreError(f"{path}: {error}")
