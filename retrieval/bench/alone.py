"""What is measured of an engine that is alone in a process: building, cold start, memory, disk."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from retrieval.bench.corpus import Corpus
from retrieval.bench.engines import Kind
from retrieval.bench.processes import ProcessFailed, output_of, seconds_to_first_line

_MEMORY: Final = Path("/proc/meminfo")
_TIMEOUT_S: Final = 1_800


@dataclass(frozen=True, slots=True)
class Built:
    """How building went; the memory is told of engines that keep no files."""

    seconds: float
    memory_mb: float | None
    disk_mb: float | None


@dataclass(frozen=True, slots=True)
class Opened:
    """A new process that opens what was built: the time to its first hit, and its own memory after all questions."""

    cold_start_ms: float
    memory_mb: float | None


def built(kind: Kind, corpus: Corpus, folder: Path) -> Built:
    """The folder holds what the engine makes of the corpus; raises ProcessFailed with the reason where it can't."""
    wanted, free = kind.build_bytes * corpus.passages, _free_bytes()
    if free is not None and wanted > free:
        raise ProcessFailed(f"building takes about {wanted / 1e9:.0f} GB of memory, {free / 1e9:.0f} GB are free")
    arguments = (kind.name, str(corpus.folder), str(corpus.passages), str(folder))
    told = json.loads(output_of("retrieval.bench.builder.build", *arguments, timeout_s=_TIMEOUT_S))
    disk = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
    return Built(told["seconds"], told["memory_mb"], disk if kind.keeps_files else None)


def opened(kind: Kind, folder: Path, questions: Sequence[Sequence[str]]) -> Opened:
    """The same folder opened, in two new processes; raises ProcessFailed."""
    cold = seconds_to_first_line("retrieval.bench.first.first_hit", kind.name, str(folder), *questions[0])
    asked = folder.with_suffix(".questions")
    asked.write_text("\n".join(" ".join(terms) for terms in questions), "utf-8")
    arguments = (kind.name, str(folder), str(asked))
    memory = json.loads(output_of("retrieval.bench.first.memory_after", *arguments, timeout_s=_TIMEOUT_S))
    return Opened(cold * 1_000, memory)


def _free_bytes() -> int | None:
    """The memory that can be had without swapping; None where the system doesn't tell (not Linux)."""
    try:
        lines = _MEMORY.read_text("ascii").splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) * 1_024 for line in lines if line.startswith("MemAvailable:")), None)
