"""The desk after a kill -9: what was acknowledged is there, what was not is whole or not there, and the record agrees.

`python -m tests.load.desk_kills [--kills 50] [--seed 0] [--folder DIR]` starts a child that drafts, stores, edits,
removes, restores, undoes, suggests, approves and rejects without a pause, in two guilds and the library, and kills it
at a random moment. Then the store is opened as any command opens it, and everything is compared. The next child goes on
where that one was killed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from bot.app import open_corpus
from bot.config import CorpusSettings, Settings
from corpus.collection import LIBRARY, Collection
from corpus.dedupe import sample, shingles
from corpus.desk import Giver
from corpus.drafts import Choice, Details, DraftOrigin, DraftState, Handling, Place, Preview
from corpus.errors import Conflict, NotFound
from corpus.model import Added, NearDuplicate
from corpus.passages import split
from corpus.store import DATABASE_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpus.desk import Desk
    from corpus.model import AuditEntry, IngestOutcome
    from corpus.store import Store

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 3, 1, tzinfo=UTC)
PLACES = (Place.of(LIBRARY), Place.of(Collection(7)), Place.of(Collection(8)))
LONGEST_S = 1.0
WARMED_UP = 5
MOST_ARTICLES = 60


# --- the child


async def work(folder: Path, seed: int) -> None:
    """Acts without a pause; each is told before it begins and again once it was acknowledged."""
    rng = random.Random(seed)
    async with open_corpus(settings_of(folder)) as corpus:
        for number in count():
            if number == WARMED_UP:
                say("ready")
            place = rng.choice(PLACES)
            with suppress(Conflict, NotFound):
                await act(corpus.desk, place, rng)


async def act(desk: Desk, place: Place, rng: random.Random) -> None:
    """One act of a moderator or a member."""
    live = [one for one in await desk.articles(place, limit=MOST_ARTICLES) if one.collection == place.own]
    gone = [one for one in await desk.articles(place, removed=True, limit=MOST_ARTICLES) if one.collection == place.own]
    queued = await desk.queue(place, 20)
    chance = rng.random()
    if queued and chance < 0.25:
        await _decide(desk, place, rng.choice(queued).id, rng)
    elif gone and chance < 0.4:
        key = rng.choice(gone).key
        await _told("restore", place, key, desk.restore(place, key, by="discord:1", now=NOW))
    elif live and (chance < 0.55 or len(live) == MOST_ARTICLES):
        key = rng.choice(live).key
        await _told("remove", place, key, desk.remove(place, key, by="discord:1", now=NOW, why="a test"))
    elif live and chance < 0.7:
        await _edit(desk, place, rng.choice(live).key, rng)
    elif live and chance < 0.75:
        await _undo(desk, place, rng.choice(live).key)
    else:
        await _bring(desk, place, rng)


async def _bring(desk: Desk, place: Place, rng: random.Random) -> None:
    """A new article is drafted and stored, or suggested."""
    origin = rng.choice((DraftOrigin.MODERATOR, DraftOrigin.SUGGESTION))
    mark = f"mark{rng.getrandbits(48):x}q"
    preview = await desk.draft_text(_details(mark, rng), place, Giver("discord:2", origin), NOW)
    if not isinstance(preview, Preview):
        return
    say("drafted", place=place, draft=preview.waiting.id, state=preview.waiting.state.value)
    if origin is DraftOrigin.MODERATOR:
        await _store(desk, place, preview.waiting.id, preview.waiting.version)


async def _decide(desk: Desk, place: Place, draft_id: str, rng: random.Random) -> None:
    if rng.random() < 0.4:
        say("begin", act="reject", place=place, draft=draft_id)
        await desk.reject(draft_id, place, "discord:1", NOW, "a test")
        say("rejected", place=place, draft=draft_id)
    else:
        version = (await desk.preview(draft_id, place)).waiting.version
        await _store(desk, place, draft_id, version)


async def _edit(desk: Desk, place: Place, key: str, rng: random.Random) -> None:
    article = await desk.show(place, key)
    mark = f"mark{rng.getrandbits(48):x}q"
    details = Details(text=_text(mark, rng))
    edit = await desk.draft_edit(place, key, article.revision, details, Giver("discord:1"), NOW)
    if isinstance(edit, Preview):
        await _store(desk, place, edit.waiting.id, edit.waiting.version)


async def _undo(desk: Desk, place: Place, key: str) -> None:
    entry = await desk.last_entry(place, key)
    if entry is not None:
        say("begin", act="undo", place=place, key=key)
        undone = await desk.undo(entry.number, place, "discord:1", NOW)
        say("acted", place=place, key=key, live=undone.article.removed is None, revision=undone.article.revision)


async def _store(desk: Desk, place: Place, draft_id: str, version: int) -> None:
    say("begin", act="store", place=place, draft=draft_id)
    outcome: IngestOutcome = await desk.store(draft_id, version, place, "discord:1", NOW)
    if isinstance(outcome, NearDuplicate):
        choice = Choice(Handling.KEEP_BOTH, (outcome.key,))
        outcome = await desk.store(draft_id, version, place, "discord:1", NOW, choice)
    if isinstance(outcome, Added):
        article = outcome.article
        say("stored", place=place, draft=draft_id, key=article.key, revision=article.revision, text=article.text)


async def _told(action: str, place: Place, key: str, work: object) -> None:
    say("begin", act=action, place=place, key=key)
    assert asyncio.iscoroutine(work)
    await work
    say("acted", place=place, key=key, live=action == "restore", revision=None)


def _details(mark: str, rng: random.Random) -> Details:
    return Details(title=f"Case {rng.randrange(40)}", text=_text(mark, rng), published="2026-02-01")


def _text(mark: str, rng: random.Random) -> str:
    words = [f"w{rng.randrange(3000)}" for _ in range(rng.randrange(12, 90))]
    return f"The {mark} ruling came on Monday. The court held that {' '.join(words)}."


def say(what: str, place: Place | None = None, **told: object) -> None:
    """The parent hears it, whatever happens to this process next."""
    where = {} if place is None else {"collection": str(place.own)}
    sys.stdout.write(json.dumps({"what": what, **where, **told}) + "\n")
    sys.stdout.flush()


# --- the parent


@dataclass
class Said:
    """What was acknowledged: states of drafts, and for each article whether it is live, its revision, its texts."""

    drafts: dict[str, str] = field(default_factory=dict)
    live: dict[tuple[str, str], bool] = field(default_factory=dict)
    revisions: dict[tuple[str, str], int] = field(default_factory=dict)
    texts: dict[tuple[str, str, int], str] = field(default_factory=dict)
    doubtful: tuple[str, str] | None = None
    acts: int = 0

    def take(self, line: str) -> None:
        """One thing that the child said."""
        said = json.loads(line)
        name = (str(said.get("collection")), str(said.get("key")))
        match said["what"]:
            case "begin":
                self.doubtful = (str(said.get("key") or ""), str(said.get("draft") or ""))
                return
            case "drafted":
                self.drafts[said["draft"]] = said["state"]
            case "rejected":
                self.drafts[said["draft"]] = DraftState.REJECTED.value
            case "stored":
                self.drafts[said["draft"]] = DraftState.STORED.value
                self.live[name], self.revisions[name] = True, said["revision"]
                self.texts[(*name, said["revision"])] = said["text"]
            case "acted":
                self.live[name] = said["live"]
                self.revisions[name] = said["revision"] or self.revisions[name]
        self.doubtful = None
        self.acts += 1


async def kill_and_compare(folder: Path, kills: int, seed: int) -> Said:
    """Kills children and compares after each; AssertionError at the first difference."""
    rng, said = random.Random(seed), Said()
    for number in range(kills):
        run_until_killed(folder, rng.getrandbits(32), rng.uniform(0.02, LONGEST_S), said)
        async with open_corpus(settings_of(folder)) as corpus:
            await compare(corpus.store, said)
        check_record(folder / DATABASE_NAME)
        sys.stderr.write(f"\rkill {number + 1} of {kills}, {said.acts} acts acknowledged")
    return said


def run_until_killed(folder: Path, seed: int, after_s: float, said: Said) -> None:
    """A child works for so long, and is killed; what it said was taken."""
    words = [sys.executable, "-m", "tests.load.desk_kills", "--work", str(folder), str(seed)]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        for line in child.stdout:
            if json.loads(line)["what"] == "ready":
                break
            said.take(line)
        time.sleep(after_s)
        os.kill(child.pid, signal.SIGKILL)
        for line in child.stdout:
            if line.endswith("\n"):
                said.take(line)


async def compare(store: Store, said: Said) -> None:
    """The store holds what was acknowledged; what was under way is taken as it turned out."""
    doubtful_key, doubtful_draft = said.doubtful or ("", "")
    for draft_id, state in said.drafts.items():
        held = await store.draft(draft_id, [place.own for place in PLACES])
        assert held.state.value == state or draft_id == doubtful_draft, (draft_id, held.state, state)
        said.drafts[draft_id] = held.state.value
    # A draft that was just being stored, that of an edit too, may have made a revision that nobody was told of.
    with suppress(NotFound):
        decision = (await store.draft(doubtful_draft, [place.own for place in PLACES])).decision
        doubtful_key = (decision.key if decision else None) or doubtful_key
    for (collection, key), live in said.live.items():
        article = await store.find(Collection.parse(collection), key, removed_too=True)
        certain = key != doubtful_key
        assert (article.removed is None) == live or not certain, key
        assert article.revision == said.revisions[collection, key] or not certain, key
        said.live[collection, key], said.revisions[collection, key] = article.removed is None, article.revision
    for (collection, key, revision), text in said.texts.items():
        found = await store.find(Collection.parse(collection), key, revision=revision, removed_too=True)
        assert found.text == text, key
    for place in PLACES:
        await _check_articles(store, place.own)
    said.doubtful = None


async def _check_articles(store: Store, collection: Collection) -> None:
    """Each article is whole, and the record tells how it came to be what it is."""
    entries: dict[str, list[AuditEntry]] = {}
    for entry in reversed(await store.audit([collection], limit=1_000_000)):
        entries.setdefault(entry.key, []).append(entry)
    for removed in (False, True):
        for one in await store.articles([collection], removed=removed, limit=1_000_000):
            mine = entries[one.key]
            written = [entry.revision for entry in mine if entry.action in {"add", "revise"}]
            assert written == list(range(1, one.revision + 1)), one.key
            switched = [entry.action for entry in mine if entry.action in {"remove", "restore"}]
            assert (bool(switched) and switched[-1] == "remove") == removed, one.key
            article = await store.find(collection, one.key, removed_too=True)
            expected = split(article.text)
            assert [passage.span for passage in article.passages] == [passage.span for passage in expected], one.key


def check_record(database: Path) -> None:
    """Drafts, changes and samples of runs agree with the record and the texts; the file is sound."""
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        acts = Counter(dict(connection.execute("SELECT article_id, count(*) FROM audit WHERE article_id GROUP BY 1")))
        changes = Counter(dict(connection.execute("SELECT article_id, count(*) FROM change GROUP BY 1")))
        assert acts == changes
        kept = set(connection.execute("SELECT run, article_id FROM shingle"))
        assert kept == set(_runs(connection))
        for draft_id, state, key in connection.execute("SELECT id, state, key FROM draft").fetchall():
            _check_draft(connection, draft_id, state, key)


def _runs(connection: sqlite3.Connection) -> Iterator[tuple[int, int]]:
    current = """
        SELECT article.id, revision.text FROM article
        JOIN revision ON revision.article_id = article.id AND revision.number = article.current
    """
    for number, text in connection.execute(current):
        yield from ((run, number) for run in sample(shingles(text)))


def _check_draft(connection: sqlite3.Connection, draft_id: str, state: str, key: str | None) -> None:
    told = {action for (action,) in connection.execute("SELECT action FROM audit WHERE key = ?", (draft_id,))}
    assert told & {"draft", "suggest"}, draft_id
    assert ("reject" in told) == (state == "rejected"), draft_id
    written = connection.execute("SELECT count(*) FROM audit WHERE detail = ?", (f"draft {draft_id}",)).fetchone()
    assert written == (int(state == "stored"),), draft_id
    assert (key is not None) == (state == "stored"), draft_id


def settings_of(folder: Path) -> Settings:
    """Without the starter collection."""
    return Settings(data_dir=folder, corpus=CorpusSettings(starter=False))


def main() -> None:
    """The child, or the parent."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--work", nargs=2, metavar=("FOLDER", "SEED"))
    chosen = parser.parse_args()
    if chosen.work:
        asyncio.run(work(Path(chosen.work[0]), int(chosen.work[1])))
        return
    with tempfile.TemporaryDirectory() as made:
        said = asyncio.run(kill_and_compare(chosen.folder or Path(made), chosen.kills, chosen.seed))
    states = Counter(said.drafts.values())
    print(json.dumps({"kills": chosen.kills, "acknowledged": said.acts, "articles": len(said.live), **states}))  # noqa: T201


if __name__ == "__main__":
    main()
