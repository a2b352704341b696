"""What the files of the index hold, and what was set aside of them; seen from outside, without opening a segment."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.segments.directory import ASIDE, WHY, Sealed

if TYPE_CHECKING:
    from pathlib import Path

    from retrieval.segments.directory import Directory


@dataclass(frozen=True, slots=True)
class Part:
    """What the files hold of one collection; `passages` are live, `removed` ones still in the files."""

    collection: str
    segments: int
    passages: int
    removed: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Holdings:
    """What the files are: the last change they hold, and their parts, the largest first."""

    last_change: int
    parts: tuple[Part, ...]


def holdings(directory: Directory) -> Holdings:
    """What the index's files hold, by their manifest alone; raises IndexUnusable."""
    views, last_change = directory.load()
    sizes = {path.name: path.stat().st_size for path in directory.files() if path.exists()}
    parts = [
        Part(
            collection=str(name),
            segments=len(held),
            passages=sum(view.live_count for view in held),
            removed=sum(len(view.removed) for view in held),
            size_bytes=sum(sizes.get(view.source.path.name, 0) for view in held if isinstance(view.source, Sealed)),
        )
        for name, held in views.items()
    ]
    return Holdings(last_change, tuple(sorted(parts, key=lambda part: (-part.size_bytes, part.collection))))


@dataclass(frozen=True, slots=True)
class Aside:
    """Files of an index that could not be used any more; `why` is empty where that is not known."""

    folder: Path
    files: int
    size_bytes: int
    why: str


def set_aside(folder: Path) -> Aside | None:
    """What was set aside of the index in this folder, None where nothing was."""
    aside = folder / ASIDE
    with suppress(OSError):
        files = [path for path in aside.iterdir() if path.name != WHY]
        if files:
            size = sum(path.stat().st_size for path in files)
            return Aside(aside, len(files), size, _why(aside))
    return None


def _why(aside: Path) -> str:
    with suppress(OSError, UnicodeDecodeError):
        return (aside / WHY).read_text("utf-8").strip()
    return ""
