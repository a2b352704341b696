"""The moderators' use cases: files in, lines out, and the starter collection."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import threading
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from corpus import starter
from corpus.collection import LIBRARY, Collection
from corpus.desk import Desk
from corpus.drafts import Place
from corpus.errors import ArticleNotFound, Conflict, StoreError
from corpus.model import Added, Draft, Rejected, Source, SourceKind
from corpus.store import Store, open_store
from corpus.transfer import Imported, ImportReport, Step, Transfer
from tests.fakes.drafts import draft

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Iterator, Sequence

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
GUILD = Collection(7)


def read_lines(path: Path) -> Iterable[Draft | Rejected]:
    """A draft a line: its key and its text; a line without a bar is rejected."""
    for line in path.read_text("utf-8").splitlines():
        key, bar, text = line.partition("|")
        source = Source(SourceKind.FILE, str(path))
        yield Draft(f"Title {key}", text, text, source, key) if bar else Rejected(source, f"{line!r} has no bar")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with open_store(tmp_path / "data" / "amicus.sqlite3") as opened:
        yield opened


@pytest.fixture
def transfer(store: Store) -> Transfer:
    return Transfer(store, read=read_lines)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = {
        "b.txt": "b1|The second ruling came.\nb2|The third ruling came.",
        "a.txt": "a|The first ruling came.",
        "sub/c.TXT": "c|The last ruling came.",
        "sub/photo.png": "no text",
        "sub/noending": "no text",
        ".hidden.txt": "hidden|Not read.",
        ".git/x.txt": "x|Not read.",
    }
    for name, content in files.items():
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
    return tmp_path / "in"


def reasons(rejected: Iterable[Rejected], folder: Path) -> dict[str, str]:
    return {one.source.reference.removeprefix(f"{folder}{os.sep}"): one.reason for one in rejected}


async def test_folders_are_walked_in_the_order_of_names(transfer: Transfer, folder: Path) -> None:
    report = await transfer.import_paths([folder], LIBRARY, "ann", NOW)
    assert [article.key for article in report.added] == ["a", "b1", "b2", "c"]
    assert [one.title for one in report.results] == ["Title a", "Title b1", "Title b2", "Title c"]


async def test_what_is_stored_has_the_passages_of_its_text(transfer: Transfer, store: Store, folder: Path) -> None:
    await transfer.import_paths([folder], LIBRARY, "ann", NOW)
    article = await store.find(LIBRARY, "b1")
    assert [passage.span.of(article.text) for passage in article.passages] == ["The second ruling came."]
    assert article.added_by == "ann"


async def test_files_of_a_folder_that_are_no_articles_are_skipped_by_name(transfer: Transfer, folder: Path) -> None:
    report = await transfer.import_paths([folder], LIBRARY, "ann", NOW)
    skipped = reasons(report.skipped, folder)
    assert set(skipped) == {"sub/photo.png", "sub/noending", ".hidden.txt"}
    assert skipped["sub/photo.png"].startswith("files ending in .png are not read; known are .htm, .html, .jsonl")
    assert skipped["sub/noending"].startswith("files without an ending are not read")
    assert report.rejected == []


async def test_a_file_that_is_named_and_can_not_be_read_is_rejected_with_its_reason(
    transfer: Transfer, folder: Path
) -> None:
    os.mkfifo(folder / "pipe.txt")
    names = ["sub/photo.png", "absent.txt", "pipe.txt"]
    report = await transfer.import_paths([folder / name for name in names], LIBRARY, "ann", NOW)
    found = reasons(report.rejected, folder)
    assert list(found) == names
    assert found["absent.txt"] == "it can't be read: No such file or directory"
    assert found["pipe.txt"] == "it is not a file"


async def test_what_a_reader_rejects_stands_in_its_place_among_the_results(transfer: Transfer, tmp_path: Path) -> None:
    path = tmp_path / "mixed.txt"
    put(path, "a|One ruling came.\nrubbish\nb|Two rulings came.\nc|")
    report = await transfer.import_paths([path], LIBRARY, "ann", NOW)
    assert [type(one.outcome).__name__ for one in report.results] == ["Added", "Rejected", "Added", "Rejected"]
    assert [one.reason for one in report.rejected] == ["'rubbish' has no bar", "it has no text"]


async def test_the_same_file_is_read_once_however_often_it_is_named(transfer: Transfer, folder: Path) -> None:
    report = await transfer.import_paths(
        [folder / "a.txt", folder, folder / "sub" / ".." / "a.txt"], LIBRARY, "ann", NOW
    )
    assert [article.key for article in report.added] == ["a", "b1", "b2", "c"]
    assert report.known == []


async def test_importing_again_changes_nothing(transfer: Transfer, store: Store, folder: Path) -> None:
    await transfer.import_paths([folder], LIBRARY, "ann", NOW)
    before = await store.state()
    report = await transfer.import_paths([folder], LIBRARY, "bob", NOW)
    assert (len(report.known), report.added, report.rejected) == (4, [], [])
    assert await store.state() == before


async def test_a_changed_file_is_a_new_revision(transfer: Transfer, store: Store, folder: Path) -> None:
    await transfer.import_paths([folder], LIBRARY, "ann", NOW)
    put(folder / "a.txt", "a|The first ruling was corrected.")
    report = await transfer.import_paths([folder], LIBRARY, "ann", NOW)
    assert [(article.key, article.revision) for article in report.revised] == [("a", 2)]
    assert await store.count([LIBRARY]) == 4


async def test_an_id_that_stands_for_two_articles_is_rejected_across_transactions_too(
    transfer: Transfer, tmp_path: Path
) -> None:
    many = [f"k{number}|Ruling number {number} came." for number in range(450)]
    put(tmp_path / "many.txt", "\n".join([*many, "k3|Something else was ruled."]))
    for added in (450, 0):
        report = await transfer.import_paths([tmp_path / "many.txt"], LIBRARY, "ann", NOW)
        assert (len(report.added), len(report.revised), len(report.rejected)) == (added, 0, 1)


async def test_whoever_listens_is_told_of_every_outcome_once_it_is_stored_and_the_report_keeps_none(
    store: Store, transfer: Transfer, tmp_path: Path
) -> None:
    put(tmp_path / "many.txt", "\n".join([*(f"k{number}|Ruling number {number} came." for number in range(450)), "x"]))
    told: list[Imported] = []
    stored: list[int] = []

    def listen(results: Sequence[Imported]) -> None:
        told.extend(results)
        with closing(sqlite3.connect(store.path)) as connection:
            stored.append(connection.execute("SELECT count(*) FROM article").fetchone()[0])

    report = await transfer.import_paths([tmp_path / "many.txt"], LIBRARY, "ann", NOW, told=listen)
    assert report == ImportReport()
    assert [type(one.outcome).__name__ for one in told] == ["Added"] * 450 + ["Rejected"]
    assert stored == [200, 400, 450]


async def test_where_the_store_takes_no_more_it_is_told_what_was_stored_and_what_was_not(
    store: Store, transfer: Transfer, tmp_path: Path
) -> None:
    put(tmp_path / "a.txt", "\n".join(f"k{number}|Ruling number {number} came. " + "x" * 500 for number in range(650)))
    put(tmp_path / "b.txt", "later|It came later.")
    async with store.transaction() as connection:
        pages = (await connection.execute(text("PRAGMA page_count"))).scalar_one()
        await connection.execute(text(f"PRAGMA max_page_count = {pages + 80}"))
    told: list[Imported] = []
    with pytest.raises(StoreError, match="the disk is full"):
        await transfer.import_paths([tmp_path / "a.txt", tmp_path / "b.txt"], LIBRARY, "ann", NOW, told=told.extend)
    added = [one.outcome.article.key for one in told if isinstance(one.outcome, Added)]
    refused = [one.outcome for one in told if isinstance(one.outcome, Rejected)]
    assert added == [f"k{number}" for number in range(200)]
    assert len(refused) == 200 + 2
    assert refused[-1].source == Source.file(tmp_path / "b.txt")
    assert "what follows it in the same file" in refused[-2].reason
    assert all("the disk is full" in one.reason for one in refused)
    assert await store.count([LIBRARY]) == 200


async def test_an_export_tells_how_far_it_is(transfer: Transfer, tmp_path: Path) -> None:
    drafts = [draft(f"Ruling number {number} came.", key=f"k{number}") for number in range(250)]
    await transfer.import_drafts(drafts, LIBRARY, "ann", NOW)
    told: list[tuple[int, int]] = []
    assert await transfer.export_to(tmp_path / "out.jsonl", LIBRARY, lambda done, of: told.append((done, of))) == 250
    assert told == [(100, 250), (200, 250)]


async def test_progress_is_told_on_the_event_loop_once_a_file(transfer: Transfer, folder: Path) -> None:
    steps: list[tuple[int, int, bool]] = []
    main = threading.get_ident()

    def note(step: Step) -> None:
        steps.append((step.files, step.of_files, threading.get_ident() == main))

    await transfer.import_paths([folder], LIBRARY, "ann", NOW, note)
    await asyncio.sleep(0)
    assert steps == [(1, 3, True), (2, 3, True), (3, 3, True)]


async def test_an_import_that_is_stopped_leaves_whole_articles_and_reads_no_further(
    store: Store, tmp_path: Path
) -> None:
    reached = asyncio.Event()
    go_on = threading.Event()
    loop = asyncio.get_running_loop()
    read: list[int] = []

    def slowly(_: Path) -> Iterator[Draft]:
        for number in range(1_000):
            read.append(number)
            yield draft(f"Ruling number {number} came.", key=f"k{number}")
            if number == 300:
                loop.call_soon_threadsafe(reached.set)
                go_on.wait(20)

    put(tmp_path / "x.txt", "")
    task = asyncio.create_task(Transfer(store, read=slowly).import_paths([tmp_path / "x.txt"], LIBRARY, "ann", NOW))
    await reached.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    go_on.set()
    await loop.shutdown_default_executor()
    assert max(read) == 301
    assert await store.count([LIBRARY]) == 200


async def test_drafts_are_imported_as_files_are(transfer: Transfer) -> None:
    wrong = Rejected(Source(SourceKind.PASTE), "it is a scan")
    report = await transfer.import_drafts([draft("One ruling came.", key="a"), wrong], GUILD, "ann", NOW)
    assert [article.collection for article in report.added] == [GUILD]
    assert report.rejected == [wrong]


async def test_nothing_to_import_is_an_empty_report(transfer: Transfer) -> None:
    assert await transfer.import_paths([], LIBRARY, "ann", NOW) == ImportReport()


async def test_a_removed_article_is_shown_but_not_listed_and_comes_back(
    transfer: Transfer, store: Store, folder: Path
) -> None:
    await transfer.import_paths([folder / "a.txt"], LIBRARY, "ann", NOW)
    await Desk(store).remove(Place.of(LIBRARY), "a", by="bob", now=NOW, why="wrong")
    assert await Desk(store).articles(Place.of(LIBRARY)) == []
    assert (await Desk(store).show(Place.of(LIBRARY), "a")).removed is not None
    await Desk(store).restore(Place.of(LIBRARY), "a", by="bob", now=NOW)
    assert [one.key for one in await Desk(store).articles(Place.of(LIBRARY))] == ["a"]
    with pytest.raises(Conflict):
        await Desk(store).restore(Place.of(LIBRARY), "a", by="bob", now=NOW)
    with pytest.raises(ArticleNotFound):
        await Desk(store).show(Place.of(GUILD, library=False), "a")


async def test_an_export_is_a_line_of_json_an_article_in_the_form_that_is_imported(transfer: Transfer) -> None:
    one = draft(
        "He said: “No.”\u2028Then\x85he left.\n\nÜber 🏛.",
        key="a",
        title="Ünï",
        publication="CNBC",
        published=date(2021, 1, 21),
        url="https://example.com/a",
    )
    await transfer.import_drafts([one], LIBRARY, "ann", NOW)
    [line] = [line async for line in transfer.export(LIBRARY)]
    assert len(line.splitlines()) == 1
    assert json.loads(line) == {
        "id": "a",
        "title": "Ünï",
        "text": one.text,
        "publication": "CNBC",
        "authors": [],
        "published": "2021-01-21",
        "url": "https://example.com/a",
        "language": "en",
    }


async def test_an_export_holds_all_live_articles_of_its_collection_and_no_other(
    transfer: Transfer, store: Store, tmp_path: Path
) -> None:
    drafts = [draft(f"Ruling number {number} came.", key=f"k{number}") for number in range(230)]
    await transfer.import_drafts(drafts, LIBRARY, "ann", NOW)
    await transfer.import_drafts([draft("Ours.", key="ours")], GUILD, "ann", NOW)
    await Desk(store).remove(Place.of(LIBRARY), "k7", by="bob", now=NOW)
    path = tmp_path / "export.jsonl"
    assert await transfer.export_to(path, LIBRARY) == 229
    exported = {json.loads(line)["id"] for line in get(path).splitlines()}
    assert exported == {f"k{number}" for number in range(230)} - {"k7"}


async def test_an_export_that_can_not_be_written_leaves_the_file_as_it_was(transfer: Transfer, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"absent.export\.jsonl can't be written"):
        await transfer.export_to(tmp_path / "absent" / "export.jsonl", LIBRARY)
    with pytest.raises(StoreError, match="can't be written"):
        await transfer.export_to(tmp_path, LIBRARY)
    assert leftovers(tmp_path.parent) == []


async def test_an_export_replaces_the_file_that_a_link_leads_to_and_never_a_device_or_pipe(
    transfer: Transfer, tmp_path: Path
) -> None:
    target, link, pipe = tmp_path / "target.jsonl", tmp_path / "link.jsonl", tmp_path / "pipe"
    link.symlink_to(target)
    os.mkfifo(pipe)
    await transfer.import_drafts([draft("One.", key="a")], LIBRARY, "ann", NOW)
    assert await transfer.export_to(link, LIBRARY) == 1
    assert link.is_symlink()
    assert json.loads(get(target))["id"] == "a"
    with pytest.raises(StoreError, match="pipe exists and is no export"):
        await transfer.export_to(pipe, LIBRARY)
    assert pipe.is_fifo()


async def test_an_export_replaces_neither_the_database_nor_another_kind_of_file(
    transfer: Transfer, store: Store, tmp_path: Path
) -> None:
    letter = tmp_path / "letter.txt"
    await asyncio.to_thread(letter.write_text, "Dear judge")
    await transfer.import_drafts([draft("One.", key="a")], LIBRARY, "ann", NOW)
    for path in (letter, store.path, Path(f"{store.path}-wal"), store.path.with_name("amicus.lock")):
        with pytest.raises(StoreError, match="exists and is no export"):
            await transfer.export_to(path, LIBRARY)
    assert get(letter) == "Dear judge"
    assert await store.check() == []


class TestStarter:
    """The library follows the packaged articles; what a person did to one of them stands."""

    @pytest.fixture
    def transfer(self, store: Store) -> Transfer:
        return Transfer(store, read=self.read)

    texts: dict[str, str]

    @pytest.fixture(autouse=True)
    def packaged(self) -> None:
        self.texts = {file.stem: f"{file.stem} was decided." for file in starter.files()}

    def read(self, path: Path) -> list[Draft | Rejected]:
        text = self.texts.get(path.stem)
        return [draft(text, key=path.stem, title=path.stem)] if text else []

    @property
    def all(self) -> list[str]:
        return sorted(file.stem for file in starter.files())

    async def test_it_is_stored_once(self, transfer: Transfer, store: Store) -> None:
        report = await transfer.sync_starter(enabled=True, now=NOW)
        assert sorted(report.stored) == self.all
        assert len(self.all) >= 30
        before = await store.state()
        assert (await transfer.sync_starter(enabled=True, now=NOW)).stored == ()
        assert await store.state() == before
        assert {one.actor for one in await store.audit([LIBRARY], limit=99)} == {"starter"}

    async def test_switched_off_it_goes_and_switched_on_it_comes_back_as_it_was(
        self, transfer: Transfer, store: Store
    ) -> None:
        await transfer.sync_starter(enabled=True, now=NOW)
        before = {article.id: article for article in await store.page(LIBRARY, after=0, limit=99)}
        assert sorted((await transfer.sync_starter(enabled=False, now=NOW)).removed) == self.all
        assert await store.count([LIBRARY]) == 0
        report = await transfer.sync_starter(enabled=True, now=NOW)
        assert (sorted(report.restored), report.stored) == (self.all, ())
        assert {article.id: article for article in await store.page(LIBRARY, after=0, limit=99)} == before

    async def test_never_switched_on_it_leaves_no_trace(self, transfer: Transfer, store: Store) -> None:
        await transfer.sync_starter(enabled=False, now=NOW)
        assert await store.last_change() == 0

    async def test_what_a_person_did_to_an_article_stands(self, transfer: Transfer, store: Store) -> None:
        await transfer.sync_starter(enabled=True, now=NOW)
        removed, edited, returned, *_ = self.all
        await store.remove(LIBRARY, removed, by="ann", now=NOW)
        await transfer.import_drafts([draft("Edited by Ann.", key=edited)], LIBRARY, "ann", NOW)
        await store.remove(LIBRARY, returned, by="ann", now=NOW)
        await store.restore(LIBRARY, returned, by="ann", now=NOW)
        await transfer.sync_starter(enabled=False, now=NOW)
        assert {one.key for one in await store.articles([LIBRARY], limit=99)} == {edited, returned}
        await transfer.sync_starter(enabled=True, now=NOW)
        assert not await store.count([LIBRARY], text=removed)
        assert (await store.find(LIBRARY, edited)).text == "Edited by Ann."

    async def test_what_was_taken_down_stays_out_in_a_newer_wording_too(self, transfer: Transfer, store: Store) -> None:
        await transfer.sync_starter(enabled=True, now=NOW)
        first, second, *_ = self.all
        for key in (first, second):
            await store.purge(LIBRARY, key, by="ann", now=NOW, why="court order")
        self.texts[first] = "It was decided otherwise."
        await store.take_note({"starter": "an older version"})
        assert (await transfer.sync_starter(enabled=True, now=NOW)).stored == ()

    async def test_an_article_that_a_new_version_rewrote_becomes_a_new_revision(
        self, transfer: Transfer, store: Store
    ) -> None:
        await transfer.sync_starter(enabled=True, now=NOW)
        first = self.all[0]
        self.texts[first] = "It was decided otherwise."
        await store.take_note({"starter": "an older version"})
        assert (await transfer.sync_starter(enabled=True, now=NOW)).stored == (first,)
        assert (await store.find(LIBRARY, first)).revision == 2

    async def test_an_article_that_a_new_version_dropped_goes(self, transfer: Transfer, store: Store) -> None:
        await transfer.sync_starter(enabled=True, now=NOW)
        first = self.all[0]
        del self.texts[first]
        await store.take_note({"starter": "an older version"})
        assert (await transfer.sync_starter(enabled=True, now=NOW)).removed == (first,)

    async def test_an_article_of_somebody_else_under_the_same_key_is_left_alone(
        self, transfer: Transfer, store: Store
    ) -> None:
        first = self.all[0]
        await transfer.import_drafts([draft("Mine.", key=first)], LIBRARY, "ann", NOW)
        assert first not in (await transfer.sync_starter(enabled=True, now=NOW)).stored
        assert (await store.find(LIBRARY, first)).text == "Mine."

    async def test_a_starter_article_that_can_not_be_read_is_a_fault_with_a_remedy(self, store: Store) -> None:
        def broken(path: Path) -> list[Draft | Rejected]:
            return [Rejected(Source(SourceKind.FILE, str(path)), "its head is broken")]

        with pytest.raises(StoreError, match="its head is broken; install Amicus again"):
            await Transfer(store, read=broken).sync_starter(enabled=True, now=NOW)
        assert await store.note("starter") is None

    async def test_a_sync_that_was_interrupted_is_finished_by_the_next(self, transfer: Transfer) -> None:
        some = [draft(self.texts[key], key=key, title=key) for key in self.all[:5]]
        await transfer.import_drafts([with_starter_source(one) for one in some], LIBRARY, "starter", NOW)
        assert sorted((await transfer.sync_starter(enabled=True, now=NOW)).stored) == self.all[5:]


def with_starter_source(one: Draft) -> Draft:
    return Draft(one.title, one.text, one.raw_text, Source(SourceKind.STARTER, f"{one.key}.md"), one.key)


def test_the_digest_of_the_starter_collection_is_the_same_each_time() -> None:
    assert starter.digest() == starter.digest()
    assert len(starter.digest()) == 64


def leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*.part")]


def put(path: Path, content: str) -> None:
    path.write_text(content, "utf-8")


def get(path: Path) -> str:
    return path.read_text("utf-8")
