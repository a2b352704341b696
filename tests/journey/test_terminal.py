"""The program as a process of its own: encodings, pipes, interrupts, and what its start costs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = "The café “Zürich” sued Fizzbuzz. Judge Ada Byron dismissed the case on Monday. 日本語 stays as it is."


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """A shell's environment with a data directory of the test's own, and nothing of the developer's."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AMICUS_", "DISCORD_", "LC_"))}
    ours = {
        "AMICUS_DATA_DIR": str(tmp_path / "data"),
        "AMICUS_CORPUS__STARTER": "false",
        "PYTHONPATH": str(ROOT),
        "LC_ALL": "C",
        "PYTHONCOERCECLOCALE": "0",
        "PYTHONUTF8": "0",
    }
    return kept | ours


@pytest.fixture
def stocked(environ: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """The same with one article in the library."""
    file = tmp_path / "articles.jsonl"
    file.write_text(json.dumps({"id": "byron", "title": "Byron rules", "text": TEXT}), "utf-8")
    assert amicus(environ, "import", str(file)).returncode == 0
    return environ


def amicus(environ: dict[str, str], *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        env=environ,
        cwd=environ["AMICUS_DATA_DIR"].removesuffix("/data"),
        input=typed,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


HEEDING_INTERRUPTS = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # who starts the tests may ignore it, and that is inherited
os.execv(sys.executable, [sys.executable, "-m", "bot", *sys.argv[1:]])
"""


def start(environ: dict[str, str], *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", HEEDING_INTERRUPTS, *words],
        env=environ,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def test_results_are_utf8_whatever_the_locale(stocked: dict[str, str]) -> None:
    assert TEXT in amicus(stocked, "show", "byron").stdout
    found = json.loads(amicus(stocked, "search", "--batch", "-", "--json", typed="café zürich\n").stdout)
    assert found["question"] == "café zürich"
    assert found["hits"]


def test_only_results_are_on_standard_output(stocked: dict[str, str]) -> None:
    ended = amicus(stocked, "--help")
    assert (ended.returncode, ended.stderr) == (0, "")
    ended = amicus(stocked, "search", "--json", "byron")
    assert len(ended.stdout.splitlines()) == 1
    assert ended.stderr == ""


def test_a_batch_answers_each_line_before_the_next_is_written(stocked: dict[str, str]) -> None:
    with start(stocked, "search", "--batch", "-", "--json") as process:
        assert process.stdin
        assert process.stdout
        for number in (1, 2):
            process.stdin.write("byron\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == number
        process.stdin.close()
        assert process.wait(30) == 0


@pytest.mark.parametrize("words", [["search", "--batch", "-", "--json"], ["chat"]])
def test_an_interrupt_while_it_waits_ends_it_with_130(stocked: dict[str, str], words: list[str]) -> None:
    with start(stocked, *words) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write("byron\n")
        process.stdin.flush()
        process.stdout.readline()  # it has answered, and waits
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130
        assert process.stderr
        assert "Traceback" not in process.stderr.read()


def test_a_reader_that_goes_away_is_no_fault(stocked: dict[str, str]) -> None:
    with start(stocked, "search", "--batch", "-") as process:
        assert process.stdin
        assert process.stdout
        process.stdout.close()
        process.stdin.write("byron\n" * 50)
        process.stdin.close()
        assert process.wait(30) == 0
        assert process.stderr
        assert process.stderr.read() == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this platform has no /dev/full")
def test_output_that_can_not_be_written_is_told(stocked: dict[str, str]) -> None:
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "bot", "show", "byron"],
            env=stocked,
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
    assert ended.returncode == 1
    assert "No space left on device" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_fault_of_the_program_is_told_without_its_insides(environ: dict[str, str], tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "rank_bm25.py").write_text("raise RuntimeError('inside')", "utf-8")
    environ["PYTHONPATH"] = f"{broken}{os.pathsep}{ROOT}"
    ended = amicus(environ, "ask", "who?")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "(incident " in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "Traceback" in amicus(environ, "ask", "who?", "--debug").stderr


def test_help_imports_nothing_heavy() -> None:
    heavy = (
        "{'numpy', 'sqlalchemy', 'discord', 'structlog', 'rank_bm25', 'corpus.store', 'nupunkt', 'trafilatura',"
        " 'aiohttp', 'feedparser'}"
    )
    code = f"import bot.cli, sys; print(sorted({heavy} & set(sys.modules)))"
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ended.stdout == "[]\n"


def test_a_search_does_not_import_discord_or_the_readers(stocked: dict[str, str]) -> None:
    code = (
        "import sys; sys.argv = ['amicus', 'search', 'byron', '--json']\n"
        "from bot.cli import main\n"
        "try: main()\n"
        "finally: print(sorted({'discord', 'trafilatura', 'pypdf', 'nupunkt', 'alembic'} & set(sys.modules)))"
    )
    ended = subprocess.run([sys.executable, "-c", code], env=stocked, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines()[-1] == "[]"


def test_what_is_written_beside_a_chat_is_found_by_its_next_question(stocked: dict[str, str], tmp_path: Path) -> None:
    late = tmp_path / "late.jsonl"
    late.write_text(json.dumps({"id": "late", "title": "Late", "text": "Judge Quux ruled late."}), "utf-8")
    with start(stocked, "chat") as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write("Who is the judge in Fizzbuzz?\n")
        process.stdin.flush()
        process.stdout.readline()
        assert amicus(stocked, "import", str(late)).returncode == 0
        out, _ = process.communicate("Which judge named Quux ruled late?\n", timeout=30)
        assert "Judge Quux ruled late." in out
