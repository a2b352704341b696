"""The transfer with the real readers: what goes out comes in again, and the packaged articles are sound."""

from __future__ import annotations

import os
import time
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from corpus import starter
from corpus.collection import LIBRARY
from corpus.model import Article, Draft, Source, SourceKind
from corpus.store import Store, open_store
from corpus.transfer import Transfer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)

STORY = """---
title: "Judge rules: “no” to both"
publication: The Docket
authors: [Ann Example, Bo Ünïcode]
published: 2024-02-29
url: https://example.com/story?id=7
---
The judge said: “No. Not today.” She left at 5 p.m. on Thursday.

- A bullet that tells of Case No. 2:21-cv-00031, which was filed in Seattle.
- Another one, about €4.34 billion.

The last paragraph — with a dash, an emoji 🏛 and two  spaces — ends here.
"""


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with open_store(tmp_path / "data" / "amicus.sqlite3") as opened:
        yield opened


async def contents(store: Store) -> dict[str, tuple[object, ...]]:
    return {article.key: fields(article) for article in await store.page(LIBRARY, after=0, limit=1_000)}


def fields(article: Article) -> tuple[object, ...]:
    return (
        article.title,
        article.text,
        article.publication,
        article.authors,
        article.published,
        article.url,
        article.language,
        article.partial,
    )


async def test_a_file_is_stored_with_the_details_of_its_head(store: Store, tmp_path: Path) -> None:
    put(tmp_path / "story.md", STORY)
    report = await Transfer(store).import_paths([tmp_path / "story.md"], LIBRARY, "ann", NOW)
    [article] = report.added
    assert article.key == "judge-rules-no-to-both-2024-02-29"
    assert article.authors == ("Ann Example", "Bo Ünïcode")
    assert article.published == date(2024, 2, 29)
    assert "She left at 5 p.m. on Thursday." in article.text


async def test_an_export_imported_elsewhere_gives_the_same_keys_texts_and_details(store: Store, tmp_path: Path) -> None:
    put(tmp_path / "story.md", STORY)
    transfer = Transfer(store)
    await transfer.import_paths([tmp_path / "story.md"], LIBRARY, "ann", NOW)
    await transfer.sync_starter(enabled=True, now=NOW)
    awkward = Draft(
        title="An awkward one",
        text="The order says “stay”.\nIt was signed — in ünïcode 🏛 — on Monday.\n\n"
        + "The court will hear it again. " * 9
        + "End.",
        raw_text="raw",
        source=Source(SourceKind.PASTE),
        key="Key with spaces/and ünïcode",
        language="de",
        partial=True,
    )
    await transfer.import_drafts([awkward], LIBRARY, "ann", NOW)
    await transfer.export_to(tmp_path / "export.jsonl", LIBRARY)
    async with open_store(tmp_path / "other" / "amicus.sqlite3") as other:
        report = await Transfer(other).import_paths([tmp_path / "export.jsonl"], LIBRARY, "ann", NOW)
        assert report.rejected == []
        assert await contents(other) == await contents(store)


async def test_odd_names_are_told_and_keep_nothing_else_from_being_stored(store: Store, tmp_path: Path) -> None:
    put(tmp_path / "good.md", STORY)
    (tmp_path / "loop.txt").symlink_to("loop.txt")
    odd = tmp_path / os.fsdecode(b"\xff.txt")
    put(odd, "The court in Lisbon said on Friday that it will hear the other side, too.")
    report = await Transfer(store).import_paths([tmp_path, tmp_path / ("x" * 300 + ".txt")], LIBRARY, "ann", NOW)
    assert len(report.added) == 2
    assert {one.source.reference.rpartition("/")[2][:5] for one in report.rejected} == {"loop.", "xxxxx"}
    assert any(one.source.reference.endswith("\\udcff.txt") for one in report.results)


async def test_an_export_imported_where_it_came_from_changes_nothing(store: Store, tmp_path: Path) -> None:
    transfer = Transfer(store)
    await transfer.sync_starter(enabled=True, now=NOW)
    before = await store.state()
    await transfer.export_to(tmp_path / "export.jsonl", LIBRARY)
    report = await transfer.import_paths([tmp_path / "export.jsonl"], LIBRARY, "ann", NOW)
    assert len(report.known) == before.articles
    assert await store.state() == before


async def test_bad_files_are_named_and_the_good_ones_beside_them_are_stored(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    put(folder / "good.md", STORY)
    put(folder / "empty.txt", "")
    put(folder / "broken.md", "---\ntitle: [unclosed\n---\nThe court ruled on Monday that the case goes on.\n")
    put(folder / "lines.jsonl", '{"id": "one", "title": "One", "text": "The court ruled on Monday."}\n{"id": \n')
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 20)
    report = await Transfer(store).import_paths([folder], LIBRARY, "ann", NOW)
    assert len(report.added) == 2
    named = {one.source.reference.rpartition("/")[2] for one in report.rejected}
    assert named == {"binary.txt", "broken.md", "empty.txt", "lines.jsonl, line 2"}
    assert all(one.reason for one in report.rejected)
    assert await store.check() == []


async def test_every_packaged_article_is_stored_under_its_own_key_with_passages(store: Store) -> None:
    report = await Transfer(store).sync_starter(enabled=True, now=NOW)
    assert len(report.stored) == len(starter.files()) >= 30
    for change in await store.changes(0, 100):
        assert change.article is not None
        assert change.article.passages
        assert change.article.published is not None
        assert change.article.publication


async def test_an_unchanged_starter_collection_costs_next_to_nothing(store: Store) -> None:
    transfer = Transfer(store)
    await transfer.sync_starter(enabled=True, now=NOW)
    spent_s = []
    for _ in range(5):
        began = time.perf_counter()
        await transfer.sync_starter(enabled=True, now=NOW)
        spent_s.append(time.perf_counter() - began)
    assert min(spent_s) < 0.02


def put(path: Path, content: str) -> None:
    path.write_text(content, "utf-8")
