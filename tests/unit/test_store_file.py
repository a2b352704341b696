"""The database file: opened, refused, copied, put back; used by several at once."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import traceback
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from corpus.collection import LIBRARY, Collection
from corpus.drafts import Place
from corpus.errors import StoreError
from corpus.model import AlreadyKnown
from corpus.store import DATABASE_NAME, Store, hold, is_held, open_store, restore_backup
from corpus.store.lock import exclusive
from tests.fakes.drafts import draft, prepared

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
ROOT = Path(__file__).parents[2]

SECOND_BRANCH = """
import sqlalchemy as sa
from alembic import op

revision = "notes_0001"
down_revision = None
branch_labels = ("notes",)
depends_on = None


def upgrade() -> None:
    op.create_table("notes_guild", sa.Column("id", sa.Integer, primary_key=True))
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / DATABASE_NAME


@pytest.fixture
def plain(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection of another program to the same file, which writes the moment it is told to."""
    path.parent.mkdir(exist_ok=True)
    with closing(sqlite3.connect(path, isolation_level=None, timeout=0.1)) as connection:
        yield connection


async def fill(path: Path, *texts: str) -> None:
    async with open_store(path) as store:
        await add(store, *texts)


async def add(store: Store, *texts: str) -> None:
    await store.add([prepared(draft(text, key=text.split(".")[0])) for text in texts], LIBRARY, "ann", NOW)


async def keys(path: Path) -> set[str]:
    async with open_store(path) as store:
        return {one.key for one in await store.articles([LIBRARY], limit=1_000)}


async def test_a_new_file_is_made_with_its_folder_in_wal_mode_and_marked_as_ours(path: Path) -> None:
    await fill(path, "One.")
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA application_id").fetchone() == (0x414D4943,)
    assert await keys(path) == {"One"}


async def test_every_connection_writes_durably_and_checks_foreign_keys(path: Path) -> None:
    async with open_store(path) as store:
        for opened in (store.transaction(), store.view()):
            async with opened as connection:
                values = [
                    (await connection.execute(text(f"PRAGMA {name}"))).scalar_one()
                    for name in ("synchronous", "foreign_keys")
                ]
                assert values == [2, 1]


async def test_what_was_to_be_written_is_not_in_the_error(path: Path) -> None:
    async with open_store(path) as store:
        await add(store, "One.")
        async with store.transaction() as connection:
            await connection.execute(
                text("CREATE TRIGGER no BEFORE INSERT ON revision BEGIN SELECT raise(FAIL, 'no'); END")
            )
        with pytest.raises(StoreError) as caught:
            await add(store, "Two. A confidential sentence.")
    assert "INSERT INTO revision" in chain_of(caught.value)
    assert "confidential" not in chain_of(caught.value)


async def test_what_a_migration_was_to_write_is_not_in_the_error(path: Path, tmp_path: Path) -> None:
    branch = tmp_path / "branch"
    branch.mkdir()
    insert = "sa.text('INSERT INTO nowhere VALUES (:said)').bindparams(said='a confidential sentence')"
    quoted = f"    op.execute({insert})\n"
    (branch / "notes_0001_first.py").write_text(SECOND_BRANCH + quoted)
    with pytest.raises(StoreError) as caught:
        async with open_store(path, migrations=[branch]):
            pass
    assert "INSERT INTO nowhere" in chain_of(caught.value)
    assert "confidential" not in chain_of(caught.value)


async def test_a_view_can_not_write(path: Path) -> None:
    async with open_store(path) as store:
        with pytest.raises(StoreError):
            async with store.view() as connection:
                await connection.execute(text("DELETE FROM article"))


def test_the_migrations_make_exactly_the_tables_that_the_code_knows(path: Path) -> None:
    program = """
        import asyncio, sys
        from pathlib import Path
        from alembic.autogenerate import compare_metadata
        from alembic.migration import MigrationContext
        from sqlalchemy import create_engine
        from corpus.store import open_store, tables

        async def make(path):
            async with open_store(path):
                pass

        asyncio.run(make(Path(sys.argv[1])))
        with create_engine("sqlite:///" + sys.argv[1]).connect() as connection:
            options = {"compare_type": True, "compare_server_default": True}
            context = MigrationContext.configure(connection, opts=options)
            print(compare_metadata(context, tables.metadata))
    """
    assert run(program, str(path)).strip() == "[]"


async def test_a_file_that_was_emptied_beside_a_log_of_changes_is_not_taken_for_a_new_one(path: Path) -> None:
    await fill(path, "One.")
    put(path, b"")
    log = path.with_name(f"{path.name}-wal")
    put(log, b"changes")
    for emptied in ("is empty", "is gone"):
        with pytest.raises(StoreError, match=rf"{emptied}, but .*-wal shows that articles were stored.*restore-backup"):
            await fill(path, "Two.")
        assert log.read_bytes() == b"changes"
        delete(path)


async def test_a_file_that_was_emptied_is_not_taken_for_a_new_one_where_other_things_remain(
    path: Path, tmp_path: Path
) -> None:
    index, copy = tmp_path / "data" / "index", tmp_path / "copy"
    async with open_store(path, remains=[index]) as store:
        await add(store, "One.")
        await store.backup(copy)
    index.mkdir()
    put(path, b"")
    with pytest.raises(StoreError, match=r"is empty, but .*index shows that articles were stored.*move .*index away"):
        async with open_store(path, remains=[index]):
            pass
    await restore_backup(copy, path)
    async with open_store(path, remains=[index]) as store:
        assert await store.has(LIBRARY, "One")
    delete(path)
    async with open_store(path, remains=[index]) as store:  # deleted by someone who begins anew
        assert await store.count([LIBRARY]) == 0


async def test_a_copy_is_put_back_over_a_file_that_was_emptied_beside_its_log(path: Path, tmp_path: Path) -> None:
    async with open_store(path) as store:
        await add(store, "One.")
        await store.backup(tmp_path / "copy")
    put(path, b"")
    put(path.with_name(f"{path.name}-wal"), b"changes")
    aside = await restore_backup(tmp_path / "copy", path)
    assert aside is not None
    assert aside.with_name(f"{aside.name}-wal").read_bytes() == b"changes"
    assert await keys(path) == {"One"}


async def test_reading_loads_neither_alembic_nor_sqlalchemy(path: Path) -> None:
    await fill(path, "One.")
    program = """
        import asyncio, sys
        from pathlib import Path
        from corpus.store import open_store

        async def look(path):
            async with open_store(path) as store:
                read = await store.read([1])
                listed = await store.articles([read[1].collection], limit=5)
                print(await store.last_change(), len(listed), {"alembic", "sqlalchemy"} & sys.modules.keys())

        asyncio.run(look(Path(sys.argv[1])))
    """
    assert run(program, str(path)).split() == ["1", "1", "set()"]


async def test_further_branches_of_tables_are_made_in_the_same_file_now_or_later(path: Path, tmp_path: Path) -> None:
    branch = tmp_path / "branch"
    branch.mkdir()
    (branch / "notes_0001_first.py").write_text(SECOND_BRANCH)
    await fill(path, "One.")
    async with open_store(path, migrations=[branch]) as store:
        assert (await store.state()).schema == ("corpus_0004", "notes_0001")
        async with store.transaction() as connection:
            await connection.execute(text("INSERT INTO notes_guild VALUES (7)"))
    assert await keys(path) == {"One"}


async def test_changes_of_an_earlier_amicus_get_the_collection_of_their_article(
    path: Path, plain: sqlite3.Connection
) -> None:
    async with open_store(path) as store:
        for key, collection in (("ours", Collection(7)), ("shared", LIBRARY), ("purged", Collection(8))):
            await store.add([prepared(draft("One. Two.", key=key, publication="CNBC"))], collection, "ann", NOW)
    for table in ("shingle", "draft", "takedown", "feed_item", "feed"):
        plain.execute(f"DROP TABLE {table}")
    for part in (
        "article_live",
        "article_live_publication",
        "article_removed",
        "revision_source_kind",
        "audit_actor_number",
    ):
        plain.execute(f"DROP INDEX ix_{part}")
    for column in ("published", "publication", "folded_publication", "passages"):
        plain.execute(f"ALTER TABLE article DROP COLUMN {column}")
    plain.execute("ALTER TABLE change DROP COLUMN collection")
    plain.execute("UPDATE alembic_version SET version_num = 'corpus_0001'")
    plain.execute("DELETE FROM article WHERE key = 'purged'")
    plain.execute("INSERT INTO change (article_id, kind, at) VALUES (99, 'add', '2026-01-01 00:00:00')")
    async with open_store(path) as store:
        changes = await store.changes(0, 10)
        assert [change.collection for change in changes] == [Collection(7), LIBRARY, Collection(8), LIBRARY]
        assert [change.article is None for change in changes] == [False, False, True, True]
        await add(store, "Next.")
        assert await store.last_change() == 5
        listed = await store.articles([LIBRARY], text="ruling", limit=10)
        assert [(one.key, one.passages) for one in listed] == [("Next", 1), ("shared", 2)]
        assert await store.count([LIBRARY], publication="cnbc") == 1
        assert (await store.state()).passages == 5
        alike = await store.resembling(draft("One. Two!", key="again"), Place.of(Collection(7)))
        assert alike.known == AlreadyKnown("ours", "A ruling", Collection(7))
        assert plain.execute("SELECT count(*) FROM shingle").fetchone() == (3,)
    (table,) = plain.execute("SELECT sql FROM sqlite_master WHERE name = 'change'").fetchone()
    assert "AUTOINCREMENT" in table


async def test_a_migration_that_fails_leaves_the_file_as_it_was(path: Path, tmp_path: Path) -> None:
    branch = tmp_path / "branch"
    branch.mkdir()
    (branch / "notes_0001_first.py").write_text(SECOND_BRANCH + "    op.execute('no such statement')\n")
    await fill(path, "One.")
    with pytest.raises(StoreError, match="syntax error"):
        async with open_store(path, migrations=[branch]):
            pass
    assert await keys(path) == {"One"}
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("corpus_0004",)]
        assert connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'notes_guild'").fetchall() == []


async def test_a_data_directory_that_is_a_file_is_named(tmp_path: Path) -> None:
    put(tmp_path / "data", b"")
    with pytest.raises(StoreError, match="can't be"):
        await fill(tmp_path / "data" / DATABASE_NAME, "One.")


async def test_a_file_of_a_newer_amicus_is_left_alone(path: Path, plain: sqlite3.Connection) -> None:
    await fill(path, "One.")
    plain.execute("UPDATE alembic_version SET version_num = 'corpus_9999'")
    with pytest.raises(StoreError, match=r"written by a newer Amicus.*corpus_9999.*update this program"):
        await fill(path, "Two.")


async def test_a_database_of_another_program_is_left_alone(path: Path, plain: sqlite3.Connection) -> None:
    plain.execute("CREATE TABLE bookmark (id INTEGER)")
    with pytest.raises(StoreError, match="another program"):
        await fill(path, "One.")
    assert plain.execute("SELECT name FROM sqlite_master").fetchall() == [("bookmark",)]


async def test_a_file_that_is_no_database_is_named_with_the_way_out(path: Path) -> None:
    put(path, b"not a database at all " * 100)
    with pytest.raises(StoreError, match=r"amicus\.sqlite3 is not a database.*restore-backup"):
        await fill(path, "One.")


async def test_a_folder_in_place_of_the_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="is a folder"):
        await fill(tmp_path, "One.")


async def test_a_damaged_page_is_a_store_error_and_is_reported_by_check(path: Path) -> None:
    await fill(path, *(f"Text{number}. {'word ' * 300}" for number in range(60)))
    async with open_store(path) as store:
        assert await store.check() == []
    spoil(path, keep=131_072)
    async with open_store(path) as store:
        assert await store.check()
        with pytest.raises(StoreError, match="is damaged"):
            await store.read(range(1, 61))


@pytest.mark.parametrize(
    "spoiled",
    [
        "UPDATE revision SET authors = '[1'",
        "UPDATE revision SET authors = '7'",
        "UPDATE revision SET published = '2021-99-99'",
        "UPDATE passage SET sentences = '1 x'",
        "UPDATE passage SET start = 99",
    ],
)
async def test_a_row_that_nobody_can_have_written_is_told_as_damage(
    path: Path, plain: sqlite3.Connection, spoiled: str
) -> None:
    await fill(path, "One.")
    plain.execute(spoiled)
    async with open_store(path) as store:
        with pytest.raises(StoreError, match="is damaged; restore a copy"):
            await store.read([1])


async def test_a_file_that_was_cut_off_is_not_taken_for_a_new_one(path: Path) -> None:
    await fill(path, "One.")
    put(path, b"S")
    with pytest.raises(StoreError, match="is damaged; restore a copy"):
        await fill(path, "Two.")


async def test_a_backup_through_a_link_is_written_to_the_file_it_leads_to(path: Path, tmp_path: Path) -> None:
    link, copy = tmp_path / "link", tmp_path / "copy"
    link.symlink_to(copy)
    async with open_store(path) as store:
        await add(store, "One.")
        await store.backup(link)
        await store.backup(link)
    assert link.is_symlink()
    assert await keys(copy) == {"One"}


async def test_a_backup_tells_how_far_it_is_and_holds_one_state_whatever_is_written_meanwhile(
    path: Path, tmp_path: Path
) -> None:
    told: list[tuple[int, int]] = []

    def write_meanwhile(done: int, of: int) -> None:
        if not told:
            with closing(sqlite3.connect(path, timeout=10)) as writer, writer:
                writer.execute("UPDATE article SET key = 'changed' WHERE key = 'One'")
        told.append((done, of))

    async with open_store(path) as store:
        await add(store, "One.", *(f"Text{number}. {'word ' * 20_000}" for number in range(200)))
        await store.backup(tmp_path / "copy", write_meanwhile)
    assert len(told) > 1
    assert told == sorted(told)
    assert {done for done, of in told if done == of}
    assert "One" in await keys(tmp_path / "copy")


async def test_check_names_passages_that_reach_beyond_their_text(path: Path, plain: sqlite3.Connection) -> None:
    await fill(path, "One.")
    plain.execute('UPDATE passage SET "end" = 999')
    async with open_store(path) as store:
        assert await store.check() == ["passages reach beyond the text of their article: 1 passages"]


async def test_a_full_disk_stores_nothing_and_says_so(path: Path) -> None:
    async with open_store(path) as store:
        await add(store, "One.")
        async with store.transaction() as connection:
            pages = (await connection.execute(text("PRAGMA page_count"))).scalar_one()
            await connection.execute(text(f"PRAGMA max_page_count = {pages + 3}"))
        with pytest.raises(StoreError, match="disk is full"):
            await add(store, "Two.", "Three. " * 20_000)
        assert await store.count([LIBRARY]) == 1
        assert await store.check() == []
        async with store.transaction() as connection:
            await connection.execute(text("PRAGMA max_page_count = 100000"))
        await add(store, "Two.", "Three. " * 20_000)
        assert await store.count([LIBRARY]) == 3


async def test_a_writer_that_waits_too_long_is_told_to_try_again(path: Path, plain: sqlite3.Connection) -> None:
    await fill(path, "One.")
    plain.execute("BEGIN IMMEDIATE")
    async with open_store(path, timeout_s=0.1) as store:
        with pytest.raises(StoreError, match=r"locked by another program.*try again"):
            await add(store, "Two.")
        plain.execute("ROLLBACK")
        await add(store, "Two.")
        assert await store.count([LIBRARY]) == 2


async def test_readers_see_what_is_committed_and_wait_for_no_writer(path: Path) -> None:
    async with open_store(path, timeout_s=0.1) as store:
        await add(store, "One.")
        async with store.transaction() as connection:
            await connection.execute(text("UPDATE article SET removed_at = '2026-01-01 00:00:00'"))
            assert len(await store.read([1])) == 1
            assert await store.count([LIBRARY]) == 1
        assert await store.read([1]) == {}


async def test_a_transaction_that_fails_leaves_nothing(path: Path) -> None:
    async def half() -> None:
        async with store.transaction() as connection:
            await connection.execute(text("DELETE FROM passage"))
            raise KeyError("on the way")

    async with open_store(path) as store:
        await add(store, "One.")
        with pytest.raises(KeyError, match="on the way"):
            await half()
        assert len((await store.read([1]))[1].passages) == 1


async def test_a_cancelled_write_is_whole_or_nothing_and_the_next_one_works(path: Path) -> None:
    async with open_store(path) as store:
        for turn in range(12):
            task = asyncio.create_task(add(store, *(f"{turn}-{number}. Text." for number in range(5))))
            for _ in range(turn * 40):  # another number of turns of the loop each time: other steps are interrupted
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            assert await store.count([LIBRARY], text=f"{turn}-") in {0, 5}
        await add(store, "Last.")
        assert await store.has(LIBRARY, "Last")
        assert await store.check() == []


async def test_many_tasks_write_at_once_and_none_is_lost(path: Path) -> None:
    async with open_store(path) as store:
        await asyncio.gather(*(add(store, f"Text{number}. More.") for number in range(60)))
        assert await store.count([LIBRARY]) == 60
        assert [change.number for change in await store.changes(0, 100)] == list(range(1, 61))


def test_processes_open_a_new_file_and_write_at_once_and_nothing_is_lost(path: Path) -> None:
    program = """
        import asyncio, sys
        from datetime import datetime, UTC
        from pathlib import Path
        from corpus.collection import LIBRARY
        from corpus.store import open_store
        from tests.fakes.drafts import draft, prepared

        async def write(path, name):
            async with open_store(path) as store:
                for number in range(20):
                    one = prepared(draft(f"Text {name} {number}.", key=f"{name}-{number}"))
                    await store.add([one], LIBRARY, name, datetime.now(UTC))

        sys.stdin.readline()
        asyncio.run(write(Path(sys.argv[1]), sys.argv[2]))
    """
    with ExitStack() as stack:
        writers = [stack.enter_context(start(program, str(path), name)) for name in ("ann", "bob", "cem")]
        for writer in writers:
            assert writer.stdin
            writer.stdin.write("go\n")
            writer.stdin.flush()
        for writer in writers:
            _, faults = writer.communicate(timeout=60)
            assert (writer.returncode, faults) == (0, "")
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*), count(DISTINCT key) FROM article").fetchone() == (60, 60)
        assert connection.execute("SELECT count(*) FROM change").fetchone() == (60,)


async def test_a_backup_made_while_writing_is_whole_and_opens_as_a_store(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copies" / "amicus.backup"
    async with open_store(path) as store:
        await add(store, "One.", "Two.")
        async with store.transaction() as connection:
            await connection.execute(text("DELETE FROM passage"))
            await store.backup(copy)
    async with open_store(copy) as store:
        assert await store.check() == []
        assert len((await store.read([1]))[1].passages) == 1
    assert [file.name for file in copy.parent.iterdir() if ".part" in file.name] == []


async def test_a_backup_replaces_an_older_one_and_no_other_file(path: Path, tmp_path: Path) -> None:
    copy, letter = tmp_path / "copy", tmp_path / "letter.txt"
    letter.write_text("Dear judge")
    async with open_store(path) as store:
        await store.backup(copy)
        await add(store, "One.")
        await store.backup(copy)
        for wrong in (letter, path):
            with pytest.raises(StoreError, match="no backup of Amicus"):
                await store.backup(wrong)
    assert letter.read_text() == "Dear judge"
    assert await keys(copy) == {"One"}


async def test_a_restored_backup_holds_what_it_held_under_a_new_identity(path: Path, tmp_path: Path) -> None:
    async with open_store(path) as store:
        await add(store, "One.")
        await store.backup(tmp_path / "copy")
        await add(store, "Two.")
        before = await store.state()
    kept = await restore_backup(tmp_path / "copy", path)
    async with open_store(path) as store:
        assert {one.key for one in await store.articles([LIBRARY], limit=9)} == {"One"}
        assert (await store.state()).identity != before.identity
        assert await store.check() == []
    assert kept
    mine = {DATABASE_NAME, "amicus.lock", f"{DATABASE_NAME}.migrating", kept.name}
    assert {file.name for file in path.parent.iterdir()} <= mine


@pytest.mark.parametrize("name", ["before.sqlite3", None])
async def test_what_a_backup_replaces_is_kept_in_the_file_that_is_told(
    path: Path, tmp_path: Path, name: str | None
) -> None:
    await fill(path, "One.")
    await fill(tmp_path / "copy", "Two.")
    keep_as = tmp_path / name if name else None
    kept = await restore_backup(tmp_path / "copy", path, keep_as=keep_as)
    assert kept
    assert kept == keep_as or (name is None and ".before-restore" in kept.name and kept.parent == path.parent)
    assert await keys(kept) == {"One"}
    assert await keys(path) == {"Two"}


async def test_what_is_to_be_kept_takes_no_other_files_place(path: Path, tmp_path: Path) -> None:
    await fill(path, "One.")
    await fill(tmp_path / "copy", "Two.")
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear judge")
    with pytest.raises(StoreError, match=r"letter\.txt exists"):
        await restore_backup(tmp_path / "copy", path, keep_as=letter)
    assert letter.read_text() == "Dear judge"
    assert await keys(path) == {"One"}


async def test_a_backup_is_restored_where_there_is_nothing_yet(path: Path, tmp_path: Path) -> None:
    await fill(tmp_path / "copy", "One.")
    assert await restore_backup(tmp_path / "copy", path) is None
    assert await keys(path) == {"One"}


async def test_a_damaged_database_is_kept_aside_when_a_backup_takes_its_place(path: Path, tmp_path: Path) -> None:
    await fill(tmp_path / "copy", "One.")
    put(path, b"rubbish" * 1_000)
    kept = await restore_backup(tmp_path / "copy", path)
    assert await keys(path) == {"One"}
    assert kept
    assert [kept] == list(path.parent.glob("*.damaged-*"))
    assert kept.read_bytes() == b"rubbish" * 1_000


@pytest.mark.parametrize("content", [b"", b"rubbish" * 1_000, None])
async def test_what_is_no_backup_is_refused_and_nothing_changes(
    path: Path, tmp_path: Path, content: bytes | None
) -> None:
    await fill(path, "One.")
    wrong = tmp_path / "wrong"
    if content is not None:
        wrong.write_bytes(content)
    with pytest.raises(StoreError):
        await restore_backup(wrong, path)
    with pytest.raises(StoreError, match="is the database itself"):
        await restore_backup(path, path)
    assert await keys(path) == {"One"}
    assert list(path.parent.glob("*before-restore*")) == []


async def test_no_backup_is_restored_under_a_running_bot(path: Path, tmp_path: Path) -> None:
    await fill(path, "One.")
    await fill(tmp_path / "copy", "Two.")
    with hold(path.parent), pytest.raises(StoreError, match="another Amicus bot"):
        await restore_backup(tmp_path / "copy", path)
    assert await keys(path) == {"One"}


def test_a_second_bot_on_a_data_directory_is_told_which_process_has_it(tmp_path: Path) -> None:
    with (
        hold(tmp_path),
        pytest.raises(StoreError, match=rf"another Amicus bot \(process {os.getpid()}\) uses"),
        hold(tmp_path),
    ):
        pass
    with hold(tmp_path):
        assert (tmp_path / "amicus.lock").read_text() == str(os.getpid())


def test_a_bot_that_was_killed_holds_nothing(tmp_path: Path) -> None:
    program = """
        import sys
        from pathlib import Path
        from corpus.store import hold

        with hold(Path(sys.argv[1])):
            print("held", flush=True)
            sys.stdin.readline()
    """
    with start(program, str(tmp_path)) as bot:
        assert bot.stdout
        assert bot.stdout.readline() == "held\n"
        with pytest.raises(StoreError, match=rf"process {bot.pid}\b"), hold(tmp_path):
            pass
        bot.send_signal(signal.SIGKILL)
    with hold(tmp_path):
        pass


def test_looking_whether_a_bot_runs_makes_nothing_and_does_not_stop_one(tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    assert not is_held(missing)
    assert not is_held(tmp_path)
    assert list(tmp_path.iterdir()) == []
    with hold(tmp_path):
        assert is_held(tmp_path)
        assert (tmp_path / "amicus.lock").read_text() == str(os.getpid())
    assert not is_held(tmp_path)
    with hold(tmp_path):
        pass


def test_a_lock_that_can_not_be_looked_at_is_named(tmp_path: Path) -> None:
    (tmp_path / "amicus.lock").symlink_to("amicus.lock")
    with pytest.raises(StoreError, match=r"amicus\.lock can't be read"):
        is_held(tmp_path)


def test_a_lock_that_is_held_too_long_is_named(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    with exclusive(lock), pytest.raises(StoreError, match=r"lock is held by another"), exclusive(lock, timeout_s=0.05):
        pass


def test_a_folder_that_can_not_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"amicus\.lock can't be written"), hold(tmp_path / "file"):
        pass


def chain_of(error: BaseException) -> str:
    """What a log shows of an error and of its causes."""
    lines = traceback.format_exception_only(error)
    cause = error.__cause__ or error.__context__
    return "".join(lines) + (chain_of(cause) if cause else "")


def put(path: Path, content: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)


def delete(path: Path) -> None:
    path.unlink(missing_ok=True)


def spoil(path: Path, *, keep: int) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:keep] + os.urandom(len(content) - keep))


def start(program: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", dedent(program), *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(program: str, *arguments: str) -> str:
    with start(program, *arguments) as process:
        printed, faults = process.communicate(timeout=60)
    assert process.returncode == 0, faults
    return printed
