"""`amicus index`: what it says of the index, and what it does to it."""

from __future__ import annotations

import asyncio
import io
import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from bot.app import INDEX_NAME, build, index_lock
from bot.config import CorpusSettings, Settings
from bot.indexing import PROGRESS_NAME, Telling, UnderWay, under_way
from bot.terminal import index as indexes
from bot.terminal.face import Face
from bot.terminal.progress import Bar
from bot.terminal.session import Common, Session
from corpus.store import attempt, hold
from retrieval.segments.directory import ASIDE, WHY
from tests.fakes.program import Program

if TYPE_CHECKING:
    from pathlib import Path

ARTICLES = 40


@pytest.fixture
def stocked(tmp_path: Path) -> Program:
    """The program with some articles in its library, one of a guild, and an index of them."""
    amicus = Program(tmp_path / "data")
    file = tmp_path / "articles.jsonl"
    file.write_text("".join(json.dumps(article(number)) + "\n" for number in range(ARTICLES)), "utf-8")
    assert amicus("import", str(file)).code == 0
    assert amicus("import", str(file), "--collection", "guild:7").code == 0
    assert amicus("search", "harbor").code == 0
    return amicus


def article(number: int) -> dict[str, str]:
    text = (
        f"The harbor court ruled on case w{number} on Monday. Judge Ada Byron{number} dismissed it after w{number % 7}."
    )
    return {"id": f"k{number}", "title": f"Case {number}", "text": text}


def folder_of(amicus: Program) -> Path:
    return amicus.data_dir / INDEX_NAME


def segments(amicus: Program) -> list[Path]:
    return sorted(folder_of(amicus).glob("*.seg"))


def state_of(folder: Path) -> dict[str, bytes]:
    return {str(file): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def damage(file: Path) -> None:
    """A byte in the middle of the file is another one."""
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0xFF
    file.write_bytes(data)


# --- status


def test_status_tells_what_the_files_hold(stocked: Program) -> None:
    [told] = stocked("index", "status", "--json").objects
    assert told["folder"] == str(folder_of(stocked))
    assert told["usable"] is True
    assert told["last_change"] == told["stored_change"] == 2 * ARTICLES
    assert (told["collections"], told["passages"], told["removed"]) == (2, 2 * ARTICLES, 0)
    assert {part["collection"] for part in told["largest"]} == {"library", "guild:7"}
    assert sum(part["size_bytes"] for part in told["largest"]) == told["size_bytes"]
    assert told["size_bytes"] == sum(file.stat().st_size for file in segments(stocked))
    assert told["engine"]
    assert (told["set_aside"], told["under_way"]) == (None, None)


def test_status_changes_nothing(stocked: Program) -> None:
    before = state_of(stocked.data_dir)
    assert stocked("index", "status").code == 0
    assert state_of(stocked.data_dir) == before


def test_status_tells_how_far_the_files_are_behind_the_store(stocked: Program) -> None:
    assert stocked("remove", "k3").code == 0
    ended = stocked("index", "status")
    assert f"up to change {2 * ARTICLES}; 1 change of the store behind" in ended.out


def test_status_of_a_fresh_machine_says_what_to_do_and_makes_nothing(tmp_path: Path) -> None:
    amicus = Program(tmp_path / "data")
    ended = amicus("index", "status")
    assert (ended.code, ended.out) == (2, "")
    assert "take articles in with amicus import" in ended.err
    assert not amicus.data_dir.exists()


def test_status_says_why_files_can_not_be_used(stocked: Program) -> None:
    (folder_of(stocked) / "manifest.json").write_bytes(b"")
    [told] = stocked("index", "status", "--json").objects
    assert told["usable"] is False
    assert "manifest.json: damaged" in told["reason"]
    assert "none that can be used" in stocked("index", "status").out


def test_files_that_were_set_aside_are_told_with_the_reason(stocked: Program) -> None:
    (folder_of(stocked) / "manifest.json").write_bytes(b"")
    assert stocked("search", "harbor").code == 0
    [told] = stocked("index", "status", "--json").objects
    assert told["usable"] is True
    assert told["set_aside"]["files"] >= 3
    assert "manifest.json: damaged" in told["set_aside"]["why"]
    assert str(folder_of(stocked) / ASIDE) in stocked("index", "status").out
    [finding] = [one for one in stocked("check", "--json").objects if "set aside" in one["found"]]
    assert finding["level"] == "warn"
    assert "delete that folder" in finding["remedy"]


def test_a_reason_that_nobody_wrote_down_is_left_out(stocked: Program) -> None:
    aside = folder_of(stocked) / ASIDE
    aside.mkdir()
    (aside / "00000001.seg").write_bytes(b"x")
    assert stocked("index", "status", "--json").objects[0]["set_aside"]["why"] == ""
    (aside / WHY).write_bytes(b"\xff\xfe\xff")
    assert stocked("index", "status", "--json").objects[0]["set_aside"]["why"] == ""


def test_thousands_of_collections_are_told_as_totals_and_the_largest(tmp_path: Path) -> None:
    amicus = Program(tmp_path / "data")
    file = tmp_path / "one.jsonl"
    file.write_text(json.dumps(article(1)), "utf-8")
    for guild in range(1, 13):
        assert amicus("import", str(file), "--collection", f"guild:{guild}").code == 0
    assert amicus("search", "harbor").code == 0
    [told] = amicus("index", "status", "--json").objects
    assert (told["collections"], len(told["largest"])) == (12, 10)
    assert amicus("index", "status").out.endswith("and 2 more\n")


# --- progress


def test_how_far_another_program_is_is_told_by_status_and_check(stocked: Program) -> None:
    with Telling(folder_of(stocked)) as telling:
        telling(4500, 10_000)
        assert stocked("index", "status", "--json").objects[0]["under_way"] == {"applied": 4500, "of": 10_000}
        assert "4,500 of 10,000 changes (45%)" in stocked("index", "status").out
        [finding] = [one for one in stocked("check", "--json").objects if one["subject"] == "index"]
        assert finding["found"] == "it is being made: 4,500 of 10,000 changes (45%)"
    assert stocked("index", "status", "--json").objects[0]["under_way"] is None


def test_what_a_killed_program_left_is_not_taken_for_progress(tmp_path: Path) -> None:
    Telling(tmp_path)(1, 9)
    now = datetime.now(UTC)
    assert under_way(tmp_path, now) == UnderWay(1, 9)
    assert under_way(tmp_path, now + timedelta(hours=1)) is None


@pytest.mark.parametrize("content", ["", "[]", '{"applied": 1}', '{"applied": "x", "of": 2}', "\x00"])
def test_a_note_of_progress_that_can_not_be_read_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / PROGRESS_NAME).write_text(content, "utf-8")
    assert under_way(tmp_path, datetime.now(UTC)) is None


def test_the_log_tells_every_tenth_of_the_way(tmp_path: Path) -> None:
    with capture_logs() as events, Telling(tmp_path) as telling:
        for applied in range(500, 20_001, 500):
            telling(applied, 20_000)
    told = [event["applied"] for event in events if event["event"] == "index.progress"]
    assert told == [500, *range(2000, 20_001, 2000)]
    assert not (tmp_path / PROGRESS_NAME).exists()


def test_a_folder_that_can_not_be_written_stops_no_catching_up(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", "utf-8")
    heard: list[tuple[int, int]] = []
    with Telling(blocked / "index", lambda done, of: heard.append((done, of))) as telling:
        telling(1, 2)
        telling(2, 2)
    assert heard == [(1, 2), (2, 2)]


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("terminal", [True, False])
def test_a_bar_is_shown_on_standard_error_of_a_terminal_only(*, terminal: bool) -> None:
    out, err = io.StringIO(), Screen() if terminal else io.StringIO()
    with Bar(Face(out, err), "The index is made") as bar:
        for done in (1, 2, 3, 1, 2):
            bar(done, 3)
    assert out.getvalue() == ""
    assert ("The index is made" in err.getvalue()) is terminal


# --- rebuild


def test_rebuild_makes_the_files_anew_and_leaves_nothing_over(stocked: Program) -> None:
    damage(segments(stocked)[0])
    ended = stocked("index", "rebuild", "--json")
    assert ended.code == 0
    assert ended.objects == [{"passages": 2 * ARTICLES, "last_change": 2 * ARTICLES}]
    assert not (folder_of(stocked) / ASIDE).exists()
    assert stocked("index", "verify").code == 0


def test_rebuild_is_refused_while_a_bot_runs(stocked: Program) -> None:
    before = state_of(folder_of(stocked))
    with hold(stocked.data_dir):
        ended = stocked("index", "rebuild")
    assert (ended.code, ended.out) == (2, "")
    assert "a bot runs on this data directory and keeps the index: stop it first" in ended.err
    assert state_of(folder_of(stocked)) == before


def test_rebuild_is_refused_while_another_program_writes_the_index(stocked: Program) -> None:
    before = state_of(folder_of(stocked))
    with attempt(folder_of(stocked) / "lock") as ours:
        assert ours
        ended = stocked("index", "rebuild")
    assert ended.code == 2
    assert "another program writes the index now" in ended.err
    assert state_of(folder_of(stocked)) == before


class Interrupting(Bar):
    """Somebody presses Ctrl-C once the first changes are applied."""

    def __call__(self, done: int, of: int) -> None:
        super().__call__(done, of)
        task = asyncio.current_task()
        assert task
        task.cancel()


def test_an_interrupted_rebuild_keeps_what_is_done_and_the_rest_is_taken_in_later(
    stocked: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexes, "Bar", Interrupting)
    monkeypatch.setattr("retrieval.follower._BATCH", 30)
    monkeypatch.setattr("retrieval.follower._LONG", 10)
    settings = Settings(data_dir=stocked.data_dir, corpus=CorpusSettings(starter=False))
    session = Session(settings, Face(io.StringIO(), io.StringIO()), Common())
    with suppress(asyncio.CancelledError):
        indexes.rebuild(session, as_json=True)
    [told] = stocked("index", "status", "--json").objects
    assert (told["usable"], told["last_change"], told["passages"]) == (True, 30, 30)
    assert told["under_way"] is None
    assert stocked("search", "harbor").code == 0
    assert stocked("index", "status", "--json").objects[0]["last_change"] == 2 * ARTICLES
    with attempt(index_lock(settings)) as free:
        assert free


# --- verify


def test_verify_finds_a_sound_index_sound(stocked: Program) -> None:
    ended = stocked("index", "verify", "--json")
    assert ended.code == 0
    [told] = ended.objects
    assert (told["articles"], told["passages"], told["questions"], told["wrong"]) == (80, 80, 20, [])
    assert "80 articles, 80 passages, and nothing else" in stocked("index", "verify", "--questions", "3").out


def test_verify_changes_nothing_and_counts_what_the_files_lack_as_caught_up(stocked: Program) -> None:
    assert stocked("remove", "k3").code == 0
    before = state_of(folder_of(stocked))
    [told] = stocked("index", "verify", "--json").objects
    assert (told["articles"], told["wrong"]) == (79, [])
    assert state_of(folder_of(stocked)) == before


def test_verify_names_every_damaged_file_and_what_to_do(stocked: Program) -> None:
    for file in segments(stocked):
        damage(file)
    ended = stocked("index", "verify", "--json")
    assert ended.code == 1
    [told] = ended.objects
    assert [str(file) in problem for file, problem in zip(segments(stocked), told["wrong"], strict=True)] == [True] * 2
    assert "amicus index rebuild" in told["remedy"]
    assert stocked("index", "verify").out.count("FAIL") == 2


def test_verify_works_beside_a_running_bot(stocked: Program) -> None:
    with hold(stocked.data_dir), attempt(folder_of(stocked) / "lock"):
        assert stocked("index", "verify").code == 0


async def test_verify_names_passages_that_the_index_lacks(stocked: Program) -> None:
    settings = Settings(data_dir=stocked.data_dir, corpus=CorpusSettings(starter=False))
    async with build(settings) as app:
        # The changes were applied, says the index; but one of them as another one than the store reports.
        changes = await app.store.changes(0, 1)
        app.index.apply([type(changes[0])(1, changes[0].article_id, changes[0].collection, None)])
        app.index.apply([type(changes[0])(999, 999, changes[0].collection, None)])
        await asyncio.to_thread(app.index.settle)
    ended = await asyncio.to_thread(stocked, "index", "verify")
    assert ended.code == 1
    assert "library: the index lacks passage 1" in ended.out


def test_an_index_of_which_there_is_none_yet_is_nothing_to_verify(stocked: Program) -> None:
    for file in folder_of(stocked).iterdir():
        file.unlink()
    ended = stocked("index", "verify")
    assert ended.code == 1
    assert "there is no index yet" in ended.out
    assert list(folder_of(stocked).iterdir()) == []
