"""A disk that is full takes nothing in and loses nothing: told with its cause, and answers go on."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes.program import clean

ROOT = Path(__file__).parents[2]
FULL = "amicus.sqlite3 could not be written: the disk is full; free some space and try again"
# A file system of its own, which is gone with the last process of the script.
SCRIPT = """
set -e
mount -t tmpfs -o size={megabytes}m tmpfs "$AMICUS_DATA_DIR"
set +e
amicus() {{ "{python}" -m bot "$@" >"{told}/$name.out" 2>"{told}/$name.err"; echo $? >"{told}/$name.code"; }}
fill() {{ cat /dev/zero >"$AMICUS_DATA_DIR/filler" 2>/dev/null; }}
{steps}
exit 0
"""


def _can_mount() -> bool:
    if shutil.which("unshare") is None:
        return False
    trial = ["unshare", "-Urm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    return subprocess.run(trial, check=False, capture_output=True).returncode == 0


pytestmark = pytest.mark.skipif(not _can_mount(), reason="needs a system that lets a user mount a file system")


class Small:
    """Commands run one after another on a small disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.told = folder / "told"
        self.data = folder / "data"
        self.told.mkdir()
        self.data.mkdir()

    def run(self, megabytes: int, steps: str) -> None:
        """The steps, lines of shell, have ended; what `name=X; amicus …` wrote is kept under X."""
        script = SCRIPT.format(megabytes=megabytes, python=sys.executable, told=self.told, steps=steps)
        ours = {"AMICUS_DATA_DIR": str(self.data), "AMICUS_CORPUS__STARTER": "false", "PYTHONPATH": str(ROOT)}
        environ = {name: value for name, value in os.environ.items() if name not in clean(os.environ)} | ours
        command = ["unshare", "-Urm", "sh", "-c", script]
        subprocess.run(command, cwd=self.folder, env=environ, check=True, timeout=240)

    def code(self, name: str) -> int:
        return int((self.told / f"{name}.code").read_text("ascii"))

    def out(self, name: str) -> str:
        return (self.told / f"{name}.out").read_text("utf-8")

    def err(self, name: str) -> str:
        return (self.told / f"{name}.err").read_text("utf-8")

    def lines(self, name: str) -> list[dict[str, str]]:
        return [json.loads(line) for line in self.out(name).splitlines()]


@pytest.fixture
def small(tmp_path: Path) -> Small:
    for name, first, last in (("few", 0, 3), ("many", 3, 1_500), ("more", 1_500, 1_510)):
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(_line, range(first, last))), "utf-8")
    return Small(tmp_path)


def _line(number: int) -> str:
    text = f"The court heard case {number} on Monday. " + f"Judge Number{number} asked about the facts again. " * 50
    return json.dumps({"id": f"case-{number}", "title": f"Case {number}", "text": text})


def test_an_import_that_fills_the_disk_tells_of_each_article_and_keeps_what_it_told_to_be_stored(small: Small) -> None:
    small.run(
        4,
        """
        name=few; amicus import --json few.jsonl
        name=many; amicus import --json many.jsonl more.jsonl
        name=count; amicus articles --json --limit 9999
        """,
    )
    assert (small.code("few"), small.code("many")) == (0, 1)
    assert FULL in small.err("many")
    outcomes = [(one["outcome"], one["source"]) for one in small.lines("many")]
    added = [source for outcome, source in outcomes if outcome == "added"]
    assert added
    assert outcomes[: len(added)] == [("added", f"many.jsonl, line {number + 1}") for number in range(len(added))]
    refused = small.lines("many")[len(added) :]
    assert all(one["outcome"] == "rejected" and FULL in one["reason"] for one in refused)
    assert refused[-1]["source"] == "more.jsonl"
    assert "what follows it in the same file" in refused[-2]["reason"]
    assert len(small.lines("count")) == 3 + len(added)


def test_on_a_full_disk_acts_are_refused_with_the_cause_and_reading_goes_on(small: Small) -> None:
    small.run(
        6,
        """
        name=few; amicus import few.jsonl; amicus remove case-0; amicus ask "Which court heard case 1?"
        fill
        name=show; amicus show case-1
        name=ask; amicus ask --json "On which day did the court hear case 1?"
        name=remove; amicus remove case-1
        name=restore; amicus restore case-0
        name=import; amicus import --json more.jsonl
        rm "$AMICUS_DATA_DIR/filler"
        name=listed; amicus articles --json
        name=again; amicus import --json more.jsonl
        """,
    )
    assert (small.code("show"), small.code("ask")) == (0, 0)
    assert "The court heard case 1 on Monday." in small.out("show")
    for act in ("remove", "restore", "import"):
        assert small.code(act) == 1
        assert FULL in small.err(act)
    assert [one["outcome"] for one in small.lines("import")] == ["rejected"] * 10
    assert {one["article"] for one in small.lines("listed")} == {"case-1", "case-2"}
    assert [one["outcome"] for one in small.lines("again")] == ["added"] * 10
