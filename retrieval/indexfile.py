"""The index on disk: one file that a process opens instead of analysing every article again.

The file is derived from the store and may be deleted at any time. It says which database it belongs to, which change it
holds last and how its words were analysed; a file that doesn't fit, or is damaged, is refused with `IndexUnusable` and
the index is rebuilt. It is a zip of numpy arrays (`.npz`), whose checksums zip keeps; it is written beside its place
and moved there whole.
"""

from __future__ import annotations

import json
import os
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from corpus.model import Collection
from retrieval.analyser import lexicon
from retrieval.bm25 import EmbeddedIndex, EmbeddedSnapshot, Parameters
from retrieval.errors import IndexUnusable
from retrieval.segment import Segment

_FORMAT: Final = 2
ANALYSIS: Final = 3
"""Counts the versions of the analyser's rules and of what is indexed as heading; the lexicon has its own digest."""

_ARRAYS: Final = tuple(
    field.name for field in fields(Segment) if field.name not in {"terms", "publications", "languages"}
)


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a file must have been made from to be used: the database's identity."""

    store: str

    def described(self) -> dict[str, str | int]:
        """The whole of what must be equal."""
        return {"format": _FORMAT, "analysis": ANALYSIS, "lexicon": lexicon().digest, "store": self.store}


def save(snapshot: EmbeddedSnapshot, path: Path, stamp: Stamp) -> None:
    """The file holds this snapshot; after a crash the old or the new one is there, never a part. Raises OSError."""
    segments = [(name, part) for name, parts in snapshot.collections.items() for part in parts]
    about = {
        **stamp.described(),
        "last_change": snapshot.last_change,
        "segments": [
            {"collection": str(name), "publications": part.publications, "languages": part.languages}
            for name, part in segments
        ],
    }
    arrays: dict[str, npt.NDArray[np.generic]] = {"about": _packed(json.dumps(about))}
    for number, (_, part) in enumerate(segments):
        arrays[f"{number}/terms"] = _packed("\n".join(part.terms))
        arrays |= {f"{number}/{name}": getattr(part, name) for name in _ARRAYS}
    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        with beside.open("wb") as file:
            np.savez(file, allow_pickle=False, **arrays)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def load(path: Path, stamp: Stamp, parameters: Parameters) -> EmbeddedSnapshot:
    """The snapshot in the file; raises IndexUnusable where it is missing, damaged or made from something else."""
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            about = json.loads(_unpacked(file["about"]))
            found = {name: about.get(name) for name in stamp.described()}
            if found != stamp.described():
                raise IndexUnusable(f"{path}: made from another database or by another version of the program")
            collections = dict(_segments(file, about["segments"]))
            return EmbeddedSnapshot(collections, parameters, int(about["last_change"]))
    except FileNotFoundError as error:
        raise IndexUnusable(f"{path}: there is no index file yet") from error
    except (OSError, RuntimeError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise IndexUnusable(f"{path}: damaged ({type(error).__name__})") from error


def _segments(
    file: Mapping[str, npt.NDArray[np.generic]], described: list[dict[str, object]]
) -> Iterator[tuple[Collection, tuple[Segment, ...]]]:
    parts: dict[Collection, list[Segment]] = {}
    for number, about in enumerate(described):
        terms = _unpacked(file[f"{number}/terms"])
        names, languages = about["publications"], about["languages"]
        if not isinstance(names, list) or not isinstance(languages, list):
            raise TypeError(about)
        numbers = {name: file[f"{number}/{name}"].astype(np.int64, copy=False) for name in _ARRAYS if name != "live"}
        segment = Segment(
            terms={term: i for i, term in enumerate(terms.split("\n"))} if terms else {},
            publications=tuple(names),
            languages=tuple(languages),
            live=file[f"{number}/live"].astype(np.bool_, copy=False),
            **numbers,
        )
        _check(segment)
        parts.setdefault(Collection.parse(str(about["collection"])), []).append(segment)
    yield from ((name, tuple(found)) for name, found in parts.items())


def _check(segment: Segment) -> None:
    """Raises ValueError where the arrays don't belong together."""
    by_row = {len(getattr(segment, n)) for n in _ARRAYS if n not in {"starts", "rows", "counts"}}
    postings = len(segment.rows)
    fits = (
        by_row == {segment.size}
        and len(segment.starts) == len(segment.terms) + 1
        and postings == len(segment.counts) == int(segment.starts[-1])
        and (not postings or int(segment.rows.max()) < segment.size)
    )
    if not fits:
        raise ValueError("arrays of different lengths")


def _packed(text: str) -> npt.NDArray[np.uint8]:
    return np.frombuffer(text.encode(), np.uint8)


def _unpacked(array: npt.NDArray[np.generic]) -> str:
    return array.tobytes().decode()


@dataclass(frozen=True, slots=True)
class IndexFile:
    """The file of one database's index."""

    path: Path
    stamp: Stamp

    def open(self, parameters: Parameters) -> tuple[EmbeddedIndex, str | None]:
        """The index as the file holds it, or an empty one and the reason why the file can't be used."""
        try:
            return EmbeddedIndex(parameters, load(self.path, self.stamp, parameters)), None
        except IndexUnusable as unusable:
            return EmbeddedIndex(parameters), str(unusable)

    def save(self, index: EmbeddedIndex) -> None:
        """The file holds the index as it is now; a full or read-only disk leaves the old file and raises OSError."""
        save(index.snapshot(), self.path, self.stamp)
