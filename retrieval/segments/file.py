"""A segment in a file: arrays one behind the other, and a table of contents at the end.

The file begins with a magic number and the version of the format. The contents (JSON) name each array's place, type,
shape and checksum; behind them stand their own length and checksum, so that a file that was cut, or is something else,
is noticed when it is opened. The checksums of the arrays are compared by `verify` alone: opening maps the file and
reads none of them. Whatever an array holds, searching in it reads nothing outside of it.
"""

from __future__ import annotations

import json
import mmap
import os
import struct
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple, Self
from zlib import crc32

import numpy as np
import numpy.typing as npt

from retrieval.errors import IndexUnusable
from retrieval.segments.segment import ARRAYS, FIELDS, Segment

if TYPE_CHECKING:
    from retrieval.segments.merging import Names

FORMAT: Final = 3
_MAGIC: Final = b"AMICUSIX"
_HEAD: Final = struct.Struct("<8sI4x")
_TAIL: Final = struct.Struct("<QII8s")  # length and checksum of the contents, version, magic number
_ALIGNED: Final = 64
_READ_WHOLE: Final = 1 << 18
"""A file up to this size is read, not mapped: a mapping holds a file descriptor, and there may be thousands."""
_CHUNK: Final = 1 << 22


class _Place(NamedTuple):
    """An array in the file."""

    start: int
    dtype: str
    shape: tuple[int, ...]
    crc: int

    @property
    def size(self) -> int:
        """The number of bytes."""
        return int(np.prod(self.shape, dtype=np.int64)) * np.dtype(self.dtype).itemsize

    @classmethod
    def of(cls, told: object) -> Self:
        """A place as the contents tell it; raises ValueError or TypeError."""
        if not isinstance(told, list):
            raise TypeError(told)
        start, dtype, shape, crc = told
        return cls(int(start), str(dtype), tuple(int(n) for n in shape), int(crc))


class FileWriter:
    """Writes a segment's arrays to a new file, which stands in its place once it is whole and on the disk."""

    def __init__(self, folder: Path, number: int) -> None:
        self._folder = folder
        self._number = number
        self._beside = folder / f"{number:08d}.{os.getpid()}.new"
        self._file: BinaryIO = self._beside.open("w+b")
        self._file.write(_HEAD.pack(_MAGIC, FORMAT))
        self._end = _HEAD.size
        self._places: dict[str, _Place] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self._beside.unlink(missing_ok=True)

    def whole(self, name: str, array: npt.NDArray[np.generic]) -> None:
        """See `retrieval.segments.merging.Writer`."""
        data = np.ascontiguousarray(array)
        self._place(name, data.dtype, data.shape)
        self._file.seek(self._places[name].start)
        self._file.write(data.data)

    def opened(self, name: str, dtype: type[np.generic], size: int) -> None:
        """See `retrieval.segments.merging.Writer`."""
        self._place(name, np.dtype(dtype), (size,))

    def part(self, name: str, start: int, values: npt.NDArray[np.generic]) -> None:
        """See `retrieval.segments.merging.Writer`."""
        place = self._places[name]
        self._file.seek(place.start + start * np.dtype(place.dtype).itemsize)
        self._file.write(np.ascontiguousarray(values).data)

    def _place(self, name: str, dtype: np.dtype[np.generic], shape: tuple[int, ...]) -> None:
        start = -(-self._end // _ALIGNED) * _ALIGNED
        self._places[name] = _Place(start, dtype.newbyteorder("<").str, shape, 0)
        self._end = start + self._places[name].size

    def finish(self, names: Names, last_change: int) -> tuple[Path, int]:
        """The file is whole, on the disk and in its place; it tells the last change that its passages hold.

        Gives its path and the checksum of its contents, which no two different segments share but by chance.
        """
        self._file.truncate(self._end)
        self._file.flush()
        arrays = {
            name: (place.start, place.dtype, place.shape, crc)
            for name, place in self._places.items()
            for crc in [_checksum(self._file, place)]
        }
        told = {"arrays": arrays, "publications": names.publications, "languages": names.languages}
        contents = json.dumps(told | {"last_change": last_change}).encode()
        self._file.seek(self._end)
        self._file.write(contents)
        crc = crc32(contents)
        self._file.write(_TAIL.pack(len(contents), crc, FORMAT, _MAGIC))
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        return self._beside.replace(self._folder / f"{self._number:08d}-{crc:08x}.seg"), crc


def sync_names(folder: Path) -> None:
    """The names of the folder's files are on the disk, where the system can be asked for that (Windows can't)."""
    if sys.platform != "win32":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _checksum(file: BinaryIO, place: _Place) -> int:
    crc, left = 0, place.size
    file.seek(place.start)
    while left > 0 and (data := file.read(min(left, _CHUNK))):
        crc, left = crc32(data, crc), left - len(data)
    return crc


def open_segment(path: Path, crc: int) -> Segment:
    """The segment in the file whose contents have this checksum; raises IndexUnusable where it is not that or damaged.

    A large file is mapped, and its arrays are not read; a small one is read and checked whole.
    """
    try:
        with path.open("rb") as file:
            places, contents = _contents(path, file, crc)
            small = file.seek(0, os.SEEK_END) <= _READ_WHOLE
            if small:
                _check(path, file, places)
            file.seek(0)
            data = file.read() if small else mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        arrays = {name: _array(data, places[name]) for name in ARRAYS}
        segment = Segment.of(arrays, _texts(contents["publications"]), _texts(contents["languages"]))
    except FileNotFoundError as error:
        raise IndexUnusable(f"{path}: it is missing") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexUnusable(f"{path}: damaged ({type(error).__name__})") from error
    if not _belongs_together(segment):
        raise IndexUnusable(f"{path}: damaged (its arrays don't belong together)")
    return segment


def _check(path: Path, file: BinaryIO, places: Mapping[str, _Place]) -> None:
    for name, place in places.items():
        if _checksum(file, place) != place.crc:
            raise IndexUnusable(f"{path}: damaged (checksum of {name})")


def verify(path: Path, crc: int) -> Iterator[int]:
    """Every byte of the file is as it was written, told in numbers of bytes as they are read; raises IndexUnusable."""
    try:
        with path.open("rb") as file:
            places, _ = _contents(path, file, crc)
            for name, place in places.items():
                _check(path, file, {name: place})
                yield place.size
    except FileNotFoundError as error:
        raise IndexUnusable(f"{path}: it is missing") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexUnusable(f"{path}: damaged ({type(error).__name__})") from error


def _contents(path: Path, file: BinaryIO, expected: int) -> tuple[dict[str, _Place], Mapping[str, object]]:
    """The places of the arrays and all that is told beside; the file's two ends are checked."""
    size = file.seek(0, os.SEEK_END)
    if size < _HEAD.size + _TAIL.size:
        raise IndexUnusable(f"{path}: damaged (cut)")
    file.seek(size - _TAIL.size)
    length, crc, version, magic = _TAIL.unpack(file.read(_TAIL.size))
    file.seek(0)
    first_magic, first_version = _HEAD.unpack(file.read(_HEAD.size))
    if first_magic != _MAGIC:
        raise IndexUnusable(f"{path}: no index file of Amicus")
    if first_version != FORMAT:
        raise IndexUnusable(f"{path}: of format {first_version}; this version of the program knows {FORMAT}")
    end = size - _TAIL.size - length
    if magic != _MAGIC or version != FORMAT or end < _HEAD.size:
        raise IndexUnusable(f"{path}: damaged (cut)")
    file.seek(end)
    data = file.read(length)
    if crc32(data) != crc:
        raise IndexUnusable(f"{path}: damaged (checksum of the contents)")
    if crc != expected:
        raise IndexUnusable(f"{path}: another file than the manifest names")
    contents: dict[str, object] = json.loads(data)
    arrays = contents["arrays"]
    if not isinstance(arrays, dict):
        raise TypeError(arrays)
    places = {name: _Place.of(told) for name, told in arrays.items()}
    if any(place.start < _HEAD.size or place.start + place.size > end for place in places.values()):
        raise IndexUnusable(f"{path}: damaged (places)")
    return places, contents


def _array(data: bytes | mmap.mmap, place: _Place) -> npt.NDArray[np.generic]:
    count = int(np.prod(place.shape, dtype=np.int64))
    found = np.frombuffer(data, np.dtype(place.dtype), count, place.start) if count else np.zeros(0, place.dtype)
    return found.reshape(place.shape)


def _texts(told: object) -> list[str]:
    if not isinstance(told, list) or not all(isinstance(each, str) for each in told):
        raise TypeError(told)
    return told


def _belongs_together(segment: Segment) -> bool:
    """Whether the arrays' lengths and ends fit one another; what stands inside them is not read."""
    terms, rows, articles = segment.terms, segment.size, len(segment.article_ids)
    by_length = (
        (terms + 1, (segment.term_ends, segment.starts, segment.block_starts)),
        (rows, (segment.article_of,)),
        (articles + 1, (segment.first_rows,)),
        (articles, (segment.by_id, segment.published, segment.publication_codes, segment.language_codes)),
        (len(segment.rows), (segment.codes,)),
        (len(segment.block_last), (segment.block_bounds,)),
        (len(segment.pair_counts), (segment.pair_lengths, segment.pair_fields)),
        (len(segment.bound_counts), (segment.bound_lengths, segment.bound_fields)),
    )
    return (
        all(len(array) == length for length, arrays in by_length for array in arrays)
        and segment.lengths.ndim == 2
        and segment.lengths.shape[1] == rows
        and int(segment.term_ends[-1]) == len(segment.term_bytes)
        and int(segment.starts[-1]) == len(segment.rows)
        and int(segment.block_starts[-1]) == len(segment.block_last)
        and int(segment.first_rows[-1]) == rows
        and int(segment.pair_fields.max(initial=0)) < len(FIELDS)
        and int(segment.bound_fields.max(initial=0)) < len(FIELDS)
    )
