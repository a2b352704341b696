"""An import that is killed leaves whole articles, which the changes report, or nothing; the next one goes on."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from corpus.collection import LIBRARY
from corpus.model import Article, Draft, Source, SourceKind
from corpus.store import open_store
from corpus.transfer import Transfer

if TYPE_CHECKING:
    from collections.abc import Iterable

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
ROOT = Path(__file__).parents[2]
ARTICLES = 900

IMPORT = """
    import asyncio, sys
    from datetime import datetime, UTC
    from pathlib import Path
    from corpus.collection import LIBRARY
    from corpus.transfer import Transfer
    from corpus.store import open_store
    from tests.journey.test_kill_during_import import read_plain

    async def main(database, source):
        async with open_store(database) as store:
            print("open", flush=True)
            transfer = Transfer(store, read=read_plain)
            now = datetime.now(UTC)
            await transfer.import_paths([source], LIBRARY, "ann", now, lambda step: print(step.files, flush=True))

    asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2])))
"""


def read_plain(path: Path) -> Iterable[Draft]:
    """The articles of a file of JSON lines, taken as they are."""
    for line in path.read_text("utf-8").splitlines():
        fields = json.loads(line)
        yield Draft(fields["title"], fields["text"], fields["text"], Source(SourceKind.FILE, str(path)), fields["id"])


def text_of(number: int) -> str:
    return f"The court heard case {number} on Monday. " + f"Judge Number{number} asked about the facts again. " * 11


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    for part in range(0, ARTICLES, 30):
        lines = [
            json.dumps({"id": f"case-{number}", "title": f"Case {number}", "text": text_of(number)})
            for number in range(part, part + 30)
        ]
        (folder / f"part-{part:04}.jsonl").write_text("\n".join(lines), "utf-8")
    return folder


@pytest.mark.parametrize("after_lines", [0, 1, 3, 8, 15, 22, 29])
async def test_a_killed_import_leaves_whole_articles_or_nothing(tmp_path: Path, source: Path, after_lines: int) -> None:
    database = tmp_path / "data" / "amicus.sqlite3"
    kill_after(after_lines, database, source)
    async with open_store(database) as store:
        assert await store.check() == []
        changes = await store.changes(0, ARTICLES + 1)
        stored = list((await store.read([change.article_id for change in changes])).values())
        assert len(stored) == await store.count([LIBRARY]) == len(await store.audit([LIBRARY], limit=ARTICLES + 1))
        assert all(is_whole(article) for article in stored)
        report = await Transfer(store, read=read_plain).import_paths([source], LIBRARY, "ann", NOW)
        assert (len(report.known), len(report.added)) == (len(stored), ARTICLES - len(stored))
        everything = await store.read([change.article_id for change in await store.changes(0, ARTICLES + 1)])
        assert len(everything) == ARTICLES
        assert all(map(is_whole, everything.values()))


def is_whole(article: Article) -> bool:
    """Whether text and passages are those of the article that was imported."""
    number = int(article.key.removeprefix("case-"))
    sentences = [sentence.of(article.text) for passage in article.passages for sentence in passage.sentences]
    return article.text == text_of(number) and len(sentences) == 12


def kill_after(lines: int, database: Path, source: Path) -> None:
    """Start an import and kill it, without any warning, once it has printed so many lines."""
    command = [sys.executable, "-c", dedent(IMPORT), str(database), str(source)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        for _ in range(lines):
            assert process.stdout.readline(), "it ended by itself"
        process.send_signal(signal.SIGKILL)
