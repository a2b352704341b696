"""Copies of the whole database, and whether one is sound. All of it blocks; the store calls it in a thread."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import uuid
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import StoreError
from corpus.store.connecting import connect, connect_to_read
from corpus.store.faults import in_words, translated
from corpus.store.lock import hold
from corpus.store.migrate import APPLICATION_ID, CORPUS_MIGRATIONS, KnownSchema, versions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_QUESTIONS = {
    "an article's current revision is missing: {} articles": """
        SELECT count(*) FROM article WHERE NOT EXISTS
            (SELECT 1 FROM revision WHERE article_id = article.id AND number = article.current)""",
    "passages reach beyond the text of their article: {} passages": """
        SELECT count(*) FROM passage JOIN article ON article.id = passage.article_id
            JOIN revision ON revision.article_id = article.id AND revision.number = article.current
            WHERE passage.start < 0 OR passage.start > passage."end" OR passage."end" > revision.characters""",
    "live articles never were reported to the index: {} articles": """
        SELECT count(*) FROM article WHERE removed_at IS NULL AND NOT EXISTS
            (SELECT 1 FROM change WHERE article_id = article.id)""",
}

# How every SQLite file begins (https://www.sqlite.org/fileformat.html).
_MAGIC = b"SQLite format 3\0"
# 16 MB at the usual size of a page.
_STEP_PAGES = 4_096


def copy(path: Path, to: Path, progress: Callable[[int, int], None] | None = None) -> None:
    """Put a checked copy of `path` into the file `to`, whole or not at all; `progress` is told the pages of all."""
    if to.exists() and (to.samefile(path) or not _replaceable(to)):
        raise StoreError(f"{to} exists and is no backup of Amicus; choose another name")
    to = to.resolve()  # of a link, the file it leads to
    fresh = to.with_name(f"{to.name}.{uuid.uuid4().hex[:8]}.part")
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        _duplicate(path, fresh, progress)
        if wrong := faults(fresh):
            raise StoreError(f"{path} could not be copied soundly: {wrong[0]}")
        fresh.replace(to)
        _settle(to.parent)
    except OSError as error:
        raise StoreError(f"{to} could not be written: {error.strerror}; check the folder and its free space") from error
    finally:
        fresh.unlink(missing_ok=True)


def faults(path: Path) -> list[str]:
    """What is wrong with the database in `path`, a sentence each."""
    try:
        with closing(connect_to_read(path)[0]) as connection:
            found = [row for (row,) in connection.execute("PRAGMA integrity_check") if row != "ok"]
            links = connection.execute("PRAGMA foreign_key_check").fetchall()
            found += [f"a row of {table} names a row of {parent} that is missing" for table, _, parent, _ in links]
            counts = {words: connection.execute(query).fetchone()[0] for words, query in _QUESTIONS.items()}
            return found + [words.format(number) for words, number in counts.items() if number]
    except sqlite3.Error as error:
        return [str(in_words(path, error))]


async def restore_backup(
    from_: Path, to: Path, *, migrations: Sequence[Path] = (), keep_as: Path | None = None
) -> Path | None:
    """The database file `to` holds what the backup `from_` held; indexes will see that it is another database.

    Gives the file that now holds what `to` held before, None where there was nothing: a copy in `keep_as` (a new file;
    one beside `to` with `.before-restore` in its name where none is given), or, where `to` was too damaged to be
    copied, that file itself under a name with `.damaged` in it. Refused with StoreError, and nothing changed, where the
    backup is unsound, of another program or of a newer Amicus, and while a bot runs on the folder of `to`.
    """
    return await asyncio.to_thread(_restore, from_, to, migrations, keep_as)


def _is_database(file: Path) -> bool:
    try:
        with file.open("rb") as opened:
            return opened.read(len(_MAGIC)) == _MAGIC
    except OSError as error:
        raise StoreError(f"{file} can't be read: {error.strerror}") from error


def _restore(from_: Path, to: Path, migrations: Sequence[Path], keep_as: Path | None) -> Path | None:
    if not from_.is_file():
        raise StoreError(f"{from_} is not there")
    if to.exists() and from_.samefile(to):
        raise StoreError(f"{from_} is the database itself; name a backup of it")
    if keep_as is not None and keep_as.exists():
        raise StoreError(f"{keep_as} exists; choose another name for what is stored now")
    if not _is_database(from_) or not versions(from_, KnownSchema([CORPUS_MIGRATIONS, *migrations])):
        raise StoreError(f"{from_} is not a backup of Amicus")
    if wrong := faults(from_):
        raise StoreError(f"{from_} is damaged ({wrong[0]}); nothing was restored")
    staged = to.with_name(to.name + ".restoring")
    with hold(to.parent):
        try:
            _duplicate(from_, staged)
            _rename_identity(staged)
            return _put_in_place(staged, to, keep_as)
        except OSError as error:
            raise StoreError(f"{to} could not be written: {error.strerror}; nothing was restored") from error
        finally:
            staged.unlink(missing_ok=True)


def _put_in_place(staged: Path, to: Path, keep_as: Path | None) -> Path | None:
    """Make `staged` the database, what was there before being kept; gives the file that keeps it."""
    mark = uuid.uuid4().hex[:8]
    if _replaceable(to):
        aside = keep_as or to.with_name(f"{to.name}.before-restore-{mark}")
        _keep(to, aside)
        # One transaction, which a crash undoes and other programs respect.
        _pour(staged, to)
        return aside
    damaged = to.with_name(f"{to.name}.damaged-{mark}")
    for suffix in ("-wal", "-shm", ""):
        with suppress(FileNotFoundError):
            Path(f"{to}{suffix}").rename(f"{damaged}{suffix}")
    staged.replace(to)
    _settle(to.parent)
    return damaged if damaged.exists() else None


def _keep(path: Path, aside: Path) -> None:
    """A whole copy of `path` stands in `aside`, or nothing."""
    try:
        _duplicate(path, aside)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


def _replaceable(path: Path) -> bool:
    """Whether `path` is a sound Amicus database (of any version)."""
    if not path.exists() or path.stat().st_size == 0:  # a look into an empty one would delete the log beside it
        return False
    try:
        with closing(connect(path)) as connection:
            (application,) = connection.execute("PRAGMA application_id").fetchone()
            (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error:
        return False
    return bool(application == APPLICATION_ID and verdict == "ok")


def _duplicate(path: Path, to: Path, progress: Callable[[int, int], None] | None = None) -> None:
    """Write the committed state of `path` into a file of its own that needs no other beside it."""
    to.unlink(missing_ok=True)
    _pour(path, to, progress)
    with translated(to), closing(connect(to)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    with to.open("rb+") as file:
        os.fsync(file.fileno())


def _pour(path: Path, to: Path, progress: Callable[[int, int], None] | None = None) -> None:
    def told(_: int, remaining: int, of: int) -> None:
        if progress:
            progress(of - remaining, of)

    with translated(path), closing(connect(path)) as source, closing(connect(to)) as target:
        target.execute("PRAGMA synchronous = FULL")
        # One view of the source for all steps: else a writer between two of them would let the copy begin again.
        source.execute("BEGIN")
        source.execute("SELECT 1 FROM sqlite_master").fetchall()
        source.backup(target, pages=_STEP_PAGES, progress=told)


def _rename_identity(path: Path) -> None:
    with translated(path), closing(connect(path)) as connection:
        connection.execute("UPDATE meta SET value = ? WHERE name = 'identity'", (str(uuid.uuid4()),))


def _settle(folder: Path) -> None:
    """Make a rename in `folder` last through a power failure, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
