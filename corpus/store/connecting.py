"""Plain connections to the database file, also on a disk that is full."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def connect(path: Path, *, timeout_s: float = 30.0) -> sqlite3.Connection:
    """A plain connection, in autocommit mode, for use in any thread."""
    return sqlite3.connect(path, timeout=timeout_s, isolation_level=None, check_same_thread=False)


def connect_to_read(path: Path, *, timeout_s: float = 30.0) -> tuple[sqlite3.Connection, bool]:
    """A connection that only reads, and whether it may be kept for later work.

    Readers share a small file beside the database, which the first of them makes. On a full disk that can't be done;
    then nobody writes either, and where everything that was committed stands in the database itself it is read as it
    is. Such a connection would not see a later change: it is for one look.
    """
    connection = connect(path, timeout_s=timeout_s)
    try:
        connection.execute("PRAGMA query_only = ON")
        connection.execute("PRAGMA schema_version")  # the first access makes that file
    except sqlite3.Error as error:
        connection.close()
        if not _for_want_of_space(error) or wal_bytes(path):
            raise
        return _unshared(path), False
    return connection, True


def _for_want_of_space(error: sqlite3.Error) -> bool:
    return getattr(error, "sqlite_errorcode", None) in {sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_FULL}


def _unshared(path: Path) -> sqlite3.Connection:
    name = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    return sqlite3.connect(name, uri=True, isolation_level=None, check_same_thread=False)


def wal_bytes(path: Path) -> int:
    """The size of the write-ahead log beside the database; 0 where there is none."""
    log = path.with_name(f"{path.name}-wal")
    return log.stat().st_size if log.exists() else 0
