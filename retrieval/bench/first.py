"""What a new process does that opens an engine and asks it: imported there, and imports nothing besides."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Final

from retrieval.bench.engines import KINDS

_STATUS: Final = Path("/proc/self/status")
K: Final = 10


def first_hit(name: str, folder: str, *terms: str) -> None:
    """The best passage for the terms was written."""
    engine = KINDS[name].on(Path(folder))
    engine.open()
    sys.stdout.write(f"{engine.passages(engine.ask(terms, K))[:1]}\n")
    sys.stdout.flush()


def memory_after(name: str, folder: str, questions: str) -> None:
    """The process's own memory was written, after all questions in the file (a line each) were asked."""
    engine = KINDS[name].on(Path(folder))
    engine.open()
    for line in Path(questions).read_text("utf-8").splitlines():
        engine.ask(line.split(" "), K)
    sys.stdout.write(f"{json.dumps(anonymous_mb())}\n")
    sys.stdout.flush()


def anonymous_mb() -> float | None:
    """The memory that this process doesn't share with files, in MB; None where the system doesn't tell (not Linux)."""
    try:
        lines = _STATUS.read_text("ascii").splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) / 1_000 for line in lines if line.startswith("RssAnon:")), None)
