"""The corpus desk asked at a real terminal: questions, answers, interrupts; and beside a running program."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Self

import pytest

from tests.fakes.desk import story

ROOT = Path(__file__).parents[2]
PATIENCE_S = 60.0
STYLE = re.compile(r"\x1b\[[0-9;]*m")
HEEDING_INTERRUPTS = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # who starts the tests may ignore it, and that is inherited
os.execv(sys.executable, [sys.executable, "-m", "bot", *sys.argv[1:]])
"""


class Terminal:
    """A command at a terminal of its own; what it shows is read up to a text that is waited for."""

    def __init__(self, environ: dict[str, str], *words: str) -> None:
        self._ours, theirs = pty.openpty()
        self.shown = ""
        self._seen = 0
        self._process = subprocess.Popen(
            [sys.executable, "-c", HEEDING_INTERRUPTS, *words],
            env=environ | {"TERM": "xterm", "NO_COLOR": "1", "COLUMNS": "200"},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
        )
        os.close(theirs)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._ours)

    def wait_for(self, text: str) -> None:
        """The text was shown after the last one that was waited for."""
        until = time.monotonic() + PATIENCE_S
        while (found := self.shown.find(text, self._seen)) < 0:
            assert time.monotonic() < until, self.shown
            assert self._read(), f"{text!r} was not shown:\n{self.shown}"
        self._seen = found + len(text)

    def write(self, text: str) -> None:
        """The text is typed."""
        os.write(self._ours, text.encode())

    def interrupt(self) -> None:
        """Ctrl-C is pressed, as a terminal in control of the program tells it."""
        self._process.send_signal(signal.SIGINT)

    def end(self) -> int:
        """The code that the command left, after all that it had to show."""
        while self._read():
            pass
        return self._process.wait(PATIENCE_S)

    def _read(self) -> bool:
        ready, _, _ = select.select([self._ours], [], [], PATIENCE_S)
        try:
            data = os.read(self._ours, 4096) if ready else b""
        except OSError:  # the other end is closed
            return False
        self.shown += STYLE.sub("", data.decode("utf-8", "replace"))
        return bool(data)


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """A shell's environment with a data directory of the test's own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AMICUS_", "DISCORD_"))}
    ours = {"AMICUS_DATA_DIR": str(tmp_path / "data"), "AMICUS_CORPUS__STARTER": "false", "PYTHONPATH": str(ROOT)}
    return kept | ours


@pytest.fixture
def file(tmp_path: Path) -> str:
    """A file with an article."""
    return written(tmp_path, "ruling.txt", "Byron rules", 1, 2, 3, 4, 5)


def written(folder: Path, name: str, title: str, *numbers: int) -> str:
    path = folder / name
    path.write_text(f"{title}\n\n{story(*numbers)}", "utf-8")
    return str(path)


def amicus(environ: dict[str, str], *words: str) -> list[dict[str, object]]:
    """What the command says as JSON."""
    ended = subprocess.run(
        [sys.executable, "-m", "bot", *words, "--json"],
        env=environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE_S,
        check=False,
    )
    return [json.loads(line) for line in ended.stdout.splitlines()]


def keys(environ: dict[str, str]) -> list[object]:
    return [article["article"] for article in amicus(environ, "articles")]


def stored(environ: dict[str, str], file: str) -> str:
    [found] = amicus(environ, "articles", "add", file, "--yes")
    return str(found["key"])


def test_what_is_shown_is_stored_after_a_yes(environ: dict[str, str], file: str) -> None:
    with Terminal(environ, "articles", "add", file) as terminal:
        terminal.wait_for("Store it? [y]es / [n]o: ")
        assert "Byron rules" in terminal.shown
        terminal.write("perhaps\n")
        terminal.wait_for("Store it? [y]es / [n]o: ")
        terminal.write("Yes\n")
        assert terminal.end() == 0
        assert "added " in terminal.shown
    assert len(keys(environ)) == 1


def test_a_no_gives_the_draft_up(environ: dict[str, str], file: str) -> None:
    with Terminal(environ, "articles", "add", file) as terminal:
        terminal.wait_for("[n]o: ")
        terminal.write("n\n")
        assert terminal.end() == 0
    assert keys(environ) == []
    assert [entry["action"] for entry in amicus(environ, "audit")] == ["cancel", "draft"]


@pytest.mark.parametrize(("typed", "code"), [("\x04", 0), ("", 130)])
def test_who_goes_away_finds_the_draft_waiting(environ: dict[str, str], file: str, typed: str, code: int) -> None:
    with Terminal(environ, "articles", "add", file) as terminal:
        terminal.wait_for("[n]o: ")
        if typed:
            terminal.write(typed)
        else:
            terminal.interrupt()
        assert terminal.end() == code
        draft = terminal.shown.split("Draft: ")[1][:16]
    [approved] = amicus(environ, "queue", "approve", draft)
    assert keys(environ) == [approved["key"]]


def test_something_alike_is_kept_beside_or_replaced_as_is_said(
    environ: dict[str, str], file: str, tmp_path: Path
) -> None:
    key = stored(environ, file)
    other = written(tmp_path, "other.txt", "Byron rules again", 1, 2, 3, 4, 6)
    with Terminal(environ, "articles", "add", other) as terminal:
        terminal.wait_for("keep [b]oth / [r]eplace / [n]o: ")
        terminal.write("r\n")
        assert terminal.end() == 0
        assert f"revision 2     {key}: Byron rules again" in terminal.shown
    third = written(tmp_path, "third.txt", "Byron rules a third time", 1, 2, 3, 4, 7)
    with Terminal(environ, "articles", "add", third) as terminal:
        terminal.wait_for("keep [b]oth / [r]eplace / [n]o: ")
        terminal.write("b\n")
        assert terminal.end() == 0
    assert len(keys(environ)) == 2


def test_an_edit_is_stored_after_a_look_at_what_changes(environ: dict[str, str], file: str) -> None:
    key = stored(environ, file)
    with Terminal(environ, "articles", "edit", key, "--title", "Byron dismisses") as terminal:
        terminal.wait_for("title: Byron rules → Byron dismisses")
        terminal.wait_for("[y]es / [n]o: ")
        terminal.write("y\n")
        assert terminal.end() == 0
    [article] = amicus(environ, "show", key)
    assert (article["title"], article["revision"]) == ("Byron dismisses", 2)


def test_a_takedown_asks_twice(environ: dict[str, str], file: str) -> None:
    key = stored(environ, file)
    for answer in ("Byron rules\n", f"{key}\n"):
        assert keys(environ) == [key]
        with Terminal(environ, "articles", "purge", key, "--why", "a court order") as terminal:
            terminal.wait_for("It can't be restored. [y]es / [n]o: ")
            terminal.write("y\n")
            terminal.wait_for(f"Write its key ({key}) to erase it: ")
            terminal.write(answer)
            assert terminal.end() == 0
    assert "Erased for good: Byron rules" in terminal.shown
    assert keys(environ) == []


def test_a_takedown_that_is_not_wanted_erases_nothing(environ: dict[str, str], file: str) -> None:
    key = stored(environ, file)
    with Terminal(environ, "articles", "purge", key, "--why", "a court order") as terminal:
        terminal.wait_for("[n]o: ")
        terminal.write("n\n")
        assert terminal.end() == 0
        assert "Nothing was erased." in terminal.shown
    assert keys(environ) == [key]


def test_what_the_desk_stores_is_found_by_a_program_beside_it(environ: dict[str, str], file: str) -> None:
    with Terminal(environ, "chat") as beside:
        beside.write("Which judge heard the lawyers of company 3?\n")
        beside.wait_for("No ")
        stored(environ, file)
        beside.write("Which judge heard the lawyers of company 3?\n")
        beside.wait_for("Byron rules")
        beside.write("exit\n")
        assert beside.end() == 0
