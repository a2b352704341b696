"""The schema of the database file: looked at cheaply, brought up to date where it is behind.

Each package with tables has a branch of migrations in a folder of its own; a revision's name begins with its branch
(`corpus_0001`). Alembic is imported only where something is to be done.
"""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import StoreError
from corpus.store.connecting import connect_to_read, wal_bytes
from corpus.store.faults import damaged, translated
from corpus.store.lock import exclusive

if TYPE_CHECKING:
    from collections.abc import Sequence

CORPUS_MIGRATIONS = Path(__file__).parent / "migrations" / "versions"
# "AMIC": marks the file as ours in its header (https://www.sqlite.org/pragma.html#pragma_application_id).
APPLICATION_ID = 0x414D4943
# One page of the smallest size (https://www.sqlite.org/fileformat.html).
_SMALLEST_BYTES = 512
_REVISION = re.compile(r'^revision\b[^=\n]*=\s*"(\w+)"', re.MULTILINE)
_DOWN = re.compile(r'^down_revision\b[^=\n]*=\s*"(\w+)"', re.MULTILINE)


class KnownSchema:
    """The migrations that this Amicus brings: all their names, and the newest of each branch."""

    def __init__(self, folders: Sequence[Path]) -> None:
        """Read the names from the files of `folders`, without importing them."""
        self.folders = tuple(folders)
        texts = [file.read_text("utf-8") for folder in folders for file in sorted(folder.glob("*.py"))]
        self.names = frozenset(name for text in texts for name in _REVISION.findall(text))
        self.heads = self.names - {name for text in texts for name in _DOWN.findall(text)}
        self._branches = {_branch(name) for name in self.names}

    def newer(self, stored: frozenset[str]) -> frozenset[str]:
        """Those stored versions that belong to our branches and that we don't know."""
        return frozenset(name for name in stored - self.names if _branch(name) in self._branches)


def prepare(path: Path, folders: Sequence[Path], remains: Sequence[Path] = ()) -> tuple[str, ...]:
    """Make `path` an Amicus database of the newest schema, creating it where there is none; gives its versions. Blocks.

    Raises StoreError where the file is foreign, damaged, emptied (see `versions`) or written by a newer Amicus.
    """
    known = KnownSchema([CORPUS_MIGRATIONS, *folders])
    try:
        return _prepared(path, known, remains)
    except OSError as error:
        raise StoreError(f"{path} can't be used: {error.strerror}; check the rights of the folder") from error


def _prepared(path: Path, known: KnownSchema, remains: Sequence[Path]) -> tuple[str, ...]:
    stored = versions(path, known, remains)
    if known.heads <= stored:
        return tuple(sorted(stored))
    with exclusive(path.with_name(path.name + ".migrating")):
        # Another process may have done it while we waited.
        if not known.heads <= versions(path, known):
            _upgrade(path, known)
        return tuple(sorted(versions(path, known)))


def versions(path: Path, known: KnownSchema, remains: Sequence[Path] = ()) -> frozenset[str]:
    """The versions stored in the file, empty for a missing or new one; raises StoreError for one that we can't use.

    A file without content is a new one, but not beside a log of changes, which SQLite would throw away, nor beside what
    `remains` names: files and folders that are only made once something was stored.
    """
    if path.is_dir():
        raise StoreError(f"{path} is a folder; name the database file in it")
    if not path.exists() or path.stat().st_size == 0:
        _check_new(path, remains)
        return frozenset()
    if path.stat().st_size < _SMALLEST_BYTES:
        raise damaged(path)  # SQLite would take it for a new one
    with translated(path):
        stored = _stored(path)
    if newer := known.newer(stored):
        raise StoreError(
            f"{path} was written by a newer Amicus (schema {', '.join(sorted(newer))}); "
            "update this program, or restore a backup made with this version"
        )
    return stored


def _check_new(path: Path, remains: Sequence[Path]) -> None:
    """Nothing tells of an earlier use of the database; raises StoreError where something does.

    A database that is gone altogether may have been deleted by someone who wants to begin anew, whatever was derived
    from it.
    """
    log = path.with_name(f"{path.name}-wal")
    left = [log] if wal_bytes(path) else [one for one in remains if path.exists() and one.exists()]
    if left:
        lost = "is empty" if path.exists() else "is gone"
        raise StoreError(
            f"{path} {lost}, but {left[0]} shows that articles were stored there: the file or its disk lost them; "
            f"put a copy back with `amicus restore-backup FILE`, or, to begin with nothing, move {left[0]} away"
        )


def _stored(path: Path) -> frozenset[str]:
    with closing(connect_to_read(path)[0]) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not tables:
            return frozenset()
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        if application != APPLICATION_ID or "alembic_version" not in tables:
            raise StoreError(f"{path} is a database of another program; choose another data_dir")
        return frozenset(name for (name,) in connection.execute("SELECT version_num FROM alembic_version"))


def _branch(name: str) -> str:
    return name.partition("_")[0]


def _upgrade(path: Path, known: KnownSchema) -> None:
    from corpus.store.upgrade import upgrade  # noqa: PLC0415 - Alembic takes longer to import than the rest to open

    path.parent.mkdir(parents=True, exist_ok=True)
    upgrade(path, known.folders)
