"""The engines by name, and which of them can run here. Each is imported when it is used, and alone."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final, NamedTuple, cast

if TYPE_CHECKING:
    from pathlib import Path

    from retrieval.bench.engine import Engine

OURS: Final = "amicus"
OURS_NUMPY: Final = "amicus-numpy"
BASE: Final = "rank-bm25"
INSTALL: Final = "pip install 'amicus-bot[bench]'"


class Kind(NamedTuple):
    """An engine that may be measured. Kinds with the same `folder` read what the first of them built."""

    name: str
    place: str
    folder: str
    requires: tuple[str, ...] = ()
    build_bytes: int = 2_000
    """About the most memory that building takes, for each passage of 90 words."""
    keeps_files: bool = True
    compiled: bool = False
    on_demand: bool = False
    """Whether it is measured only where it is asked for by name."""

    def missing(self) -> str | None:
        """Why it can't run here, with what to do about it; None where it can."""
        from importlib.util import find_spec  # noqa: PLC0415 - a cold start does without

        absent = [name for name in self.requires if find_spec(name) is None]
        if absent:
            return f"{' and '.join(absent)} not installed: {INSTALL}"
        if self.compiled:
            from retrieval.bench.ours import without_kernel  # noqa: PLC0415 - the engine is slow to import

            return without_kernel()
        return None

    def on(self, folder: Path) -> Engine:
        """The engine on a folder of its own."""
        module, name = self.place.split(":")
        return cast("Engine", getattr(import_module(module), name)(folder))


KINDS: Final = {
    kind.name: kind
    for kind in (
        Kind(OURS, "retrieval.bench.ours:Amicus", "amicus", compiled=True),
        Kind(OURS_NUMPY, "retrieval.bench.ours:AmicusNumpy", "amicus"),
        Kind("amicus-pairs", "retrieval.bench.ours:AmicusPairs", "amicus-pairs", on_demand=True),
        Kind(BASE, "retrieval.bench.peers.library:RankBm25", "library", build_bytes=10_000, keeps_files=False),
        Kind("bm25s", "retrieval.bench.peers.sparse:Bm25s", "bm25s", ("bm25s",), build_bytes=12_000),
        Kind("bm25s-numba", "retrieval.bench.peers.sparse:Bm25sNumba", "bm25s", ("bm25s", "numba"), build_bytes=12_000),
        Kind("tantivy", "retrieval.bench.peers.tantivy_index:Tantivy", "tantivy", ("tantivy",)),
        Kind("fts5", "retrieval.bench.peers.fts5:Fts5", "fts5"),
    )
}
"""In the order in which they are shown."""


def is_ours(name: str) -> bool:
    """Whether the name is one of our own engine's."""
    return name.startswith(OURS)
