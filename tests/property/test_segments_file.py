"""A segment's file gives back the segment that was put into it, or is refused: never anything else."""

from __future__ import annotations

import asyncio
import json
import os
import struct
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from zlib import crc32

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.collection import LIBRARY
from corpus.model import Change
from retrieval.bm25 import Parameters
from retrieval.embedded import EmbeddedIndex, EmbeddedSnapshot
from retrieval.errors import IndexUnusable
from retrieval.index import Filters
from retrieval.segments import kernel
from retrieval.segments.file import FORMAT, FileWriter, open_segment, verify
from retrieval.segments.merging import Names, merge, merged
from retrieval.segments.segment import ARRAYS, Segment, View
from tests.fakes.corpus import FakeCorpus
from tests.fakes.segments import contents_in, flip, split, worded

NAMES = Names(("", "the ledger"), ("en",))
WORDS = ("tide", "court", "map", "Ⅷ", "\ud800", "plumless", "buckeroo")
HEAD, TAIL = struct.Struct("<8sI4x"), struct.Struct("<QII8s")


def views(*, single: bool = False) -> tuple[View, ...]:
    """Some articles in several segments, one of them removed; with `single`, each has one passage."""
    random = Random(4)
    corpus = FakeCorpus()
    index = EmbeddedIndex(Parameters(pairs=True), analyse=split)
    for key in "abcdef":
        texts = [
            "".join(f"{random.choice(WORDS)} " for _ in range(random.randint(0, 9)))
            for _ in range(1 if single else random.randint(1, 4))
        ]
        corpus.put(worded(key, texts, publication=random.choice([None, "The Ledger"])))
        index.apply(asyncio.run(corpus.changes(index.last_change, 10)))
    corpus.remove("b")
    index.apply(asyncio.run(corpus.changes(index.last_change, 10)))
    return index.snapshot().collections[LIBRARY]


@cache
def sample() -> tuple[Segment, bytes]:
    """A segment and its file's content."""
    with TemporaryDirectory() as folder:
        path = written(Path(folder), views())
        return merged(views()), path.read_bytes()


def written(folder: Path, held: tuple[View, ...], at_once: int = 1 << 20) -> Path:
    """The file with what these views hold."""
    with FileWriter(folder, 1) as writer:
        path, crc = writer.finish(merge(held, writer, at_once=at_once), 7)
    assert path == folder / f"00000001-{crc:08x}.seg"
    assert crc_of(path) == crc
    return path


def crc_of(path: Path) -> int:
    """The checksum of the contents, as the file itself tells it; 0 where it does not."""
    tail = path.read_bytes()[-TAIL.size :] if path.is_file() else b""
    return int(TAIL.unpack(tail)[1]) if len(tail) == TAIL.size else 0


def opened(path: Path) -> Segment:
    return open_segment(path, crc_of(path))


def verified(path: Path) -> int:
    return sum(verify(path, crc_of(path)))


def arrays_of(segment: Segment) -> dict[str, npt.NDArray[np.generic]]:
    return {name: getattr(segment, name) for name in ARRAYS}


def same(ours: Segment, theirs: Segment) -> bool:
    return (
        ours.publications == theirs.publications
        and ours.languages == theirs.languages
        and all(
            one.dtype == other.dtype and np.array_equal(one, other)
            for one, other in zip(arrays_of(ours).values(), arrays_of(theirs).values(), strict=True)
        )
    )


def is_refused(path: Path, crc: int | None = None) -> bool:
    """Whether it can't be opened as the file with this checksum of its contents (or with the one it tells)."""
    try:
        open_segment(path, crc_of(path) if crc is None else crc)
    except IndexUnusable:
        return True
    return False


def is_known_as_damaged(path: Path, crc: int | None = None) -> bool:
    try:
        list(verify(path, crc_of(path) if crc is None else crc))
    except IndexUnusable:
        return True
    return False


@contextmanager
def flipped(path: Path, bit: int) -> Iterator[None]:
    """Inside, this bit of the file is another one."""
    flip(path, bit)
    yield
    flip(path, bit)


@given(at_once=st.integers(1, 60))
def test_what_is_written_in_any_steps_is_opened_as_the_same_segment(at_once: int) -> None:
    with TemporaryDirectory() as folder:
        path = written(Path(folder), views(), at_once)
        assert same(opened(path), sample()[0])
        assert verified(path) == sum(array.nbytes for array in arrays_of(sample()[0]).values())
        assert list(Path(folder).iterdir()) == [path]


@cache
def long_views() -> tuple[View, ...]:
    """So much that its file is mapped."""
    corpus = FakeCorpus()
    corpus.put(worded("long", [f"tide{n} " * (1 + n % 7) for n in range(9_000)]))
    index = EmbeddedIndex(analyse=split)
    index.apply(asyncio.run(corpus.changes(0, 10)))
    return index.snapshot().collections[LIBRARY]


def test_a_long_file_is_mapped_and_gives_the_same(tmp_path: Path) -> None:
    path = written(tmp_path, long_views())
    assert path.stat().st_size > 1 << 18
    assert same(opened(path), merged(long_views()))


def test_a_file_cut_anywhere_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, views())
    crc = crc_of(path)
    for length in reversed(range(path.stat().st_size)):
        os.truncate(path, length)
        assert is_refused(path, crc), length
        assert length % 16 or is_known_as_damaged(path, crc), length


@pytest.mark.parametrize("more", [b"\0", b"\n", b"AMICUSIX", bytes(200)])
def test_a_file_with_something_behind_it_is_refused(tmp_path: Path, more: bytes) -> None:
    path = tmp_path / "1.seg"
    path.write_bytes(sample()[1] + more)
    assert is_refused(path)


def test_every_bit_of_head_contents_and_tail_is_guarded_at_opening(tmp_path: Path) -> None:
    path = written(tmp_path, views())
    whole, crc = path.read_bytes(), crc_of(path)
    first, last = contents_in(whole)
    random = Random(2)
    bits = [
        *range(8 * (len(b"AMICUSIX") + 4)),  # behind them nothing stands in the head
        *(8 * byte + random.randrange(8) for byte in range(first, last)),
        *range(8 * last, 8 * len(whole)),
    ]
    for bit in bits:
        with flipped(path, bit):
            assert is_refused(path, crc), bit
            assert is_known_as_damaged(path, crc), bit
    assert path.read_bytes() == whole


def test_every_bit_between_is_noticed_or_harms_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, views())
    crc, (first, _) = crc_of(path), contents_in(path.read_bytes())
    random = Random(1)
    harmless = 0
    for byte in range(HEAD.size, first):
        with flipped(path, 8 * byte + random.randrange(8)):
            # A file this small is checked whole when it is opened.
            assert is_known_as_damaged(path, crc) == is_refused(path, crc)
            if not is_known_as_damaged(path, crc):
                harmless += 1
                assert same(open_segment(path, crc), sample()[0]), byte
    # What is harmless is the room between arrays that begin at multiples of 64.
    assert harmless < 64 * len(ARRAYS)


def test_a_bit_of_a_long_file_is_noticed_by_verify(tmp_path: Path) -> None:
    path = written(tmp_path, long_views())
    crc, (first, _) = crc_of(path), contents_in(path.read_bytes())
    segment = open_segment(path, crc)
    random = Random(3)
    for _ in range(40):
        with flipped(path, random.randrange(8 * HEAD.size, 8 * first)):
            assert not is_refused(path, crc)  # its arrays are not read
            assert is_known_as_damaged(path, crc) or same(open_segment(path, crc), segment)


def test_another_segment_in_its_place_is_refused_even_if_it_is_as_long(tmp_path: Path) -> None:
    path = written(tmp_path, views())
    crc = crc_of(path)
    for held in (views(single=True), views()[:-1]):
        other = written(tmp_path, held)
        with pytest.raises(IndexUnusable, match="another file than the manifest names"):
            open_segment(other, crc)
        with pytest.raises(IndexUnusable, match="another file than the manifest names"):
            list(verify(other, crc))


@given(data=st.binary(max_size=300), after_the_magic=st.booleans())
def test_a_file_of_anything_else_is_refused(data: bytes, *, after_the_magic: bool) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "1.seg"
        path.write_bytes(b"AMICUSIX" + data if after_the_magic else data)
        assert is_refused(path)
        assert is_known_as_damaged(path)


def test_a_foreign_file_is_named_so(tmp_path: Path) -> None:
    path = tmp_path / "1.seg"
    path.write_bytes(b"PK\3\4" * 100)
    with pytest.raises(IndexUnusable, match=r"1\.seg: no index file of Amicus"):
        opened(path)


@pytest.mark.parametrize("version", [FORMAT + 1, FORMAT - 1, 0, (1 << 32) - 1])
def test_another_format_is_named_whatever_follows(tmp_path: Path, version: int) -> None:
    _, whole = sample()
    path = tmp_path / "1.seg"
    newer = HEAD.pack(b"AMICUSIX", version)
    for content in (
        newer + whole[HEAD.size : -TAIL.size] + TAIL.pack(1, 2, version, b"AMICUSIX"),
        newer + bytes(500),
    ):
        path.write_bytes(content)
        for look in (opened, verified):
            with pytest.raises(IndexUnusable, match=f"of format {version}; this version of the program knows {FORMAT}"):
                look(path)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for look in (opened, verified):
        with pytest.raises(IndexUnusable, match=r"1\.seg: it is missing"):
            look(tmp_path / "1.seg")
        with pytest.raises(IndexUnusable):
            look(tmp_path)


def with_arrays(folder: Path, arrays: Mapping[str, npt.NDArray[np.generic]]) -> Path:
    """A file of these arrays, its checksums right."""
    with FileWriter(folder, 1) as writer:
        for name, array in arrays.items():
            writer.whole(name, array)
        path, _ = writer.finish(NAMES, 7)
    return path


@pytest.mark.parametrize("single", [False, True], ids=["articles of several passages", "articles of one passage"])
@pytest.mark.parametrize("name", ARRAYS)
def test_an_array_that_is_too_short_or_too_long_is_refused(tmp_path: Path, name: str, *, single: bool) -> None:
    arrays = arrays_of(merged(views(single=single)))
    whole = arrays[name]
    for wrong in (whole[..., :-1], np.concatenate([whole, whole[..., -1:]], axis=-1)):
        assert is_refused(with_arrays(tmp_path, arrays | {name: wrong})), wrong.shape


@pytest.mark.parametrize("name", ARRAYS)
def test_an_array_of_another_type_or_shape_is_refused(tmp_path: Path, name: str) -> None:
    arrays = arrays_of(merged(views()))
    whole = arrays[name]
    wider = np.int32 if whole.dtype == np.int64 else np.uint64
    wrongs: list[npt.NDArray[np.generic]] = [whole.astype(each) for each in (np.float64, np.int16, "S4", wider)]
    for wrong in [*wrongs, whole.reshape(1, 1, -1)]:
        assert is_refused(with_arrays(tmp_path, arrays | {name: wrong})), (wrong.dtype, wrong.shape)


@pytest.mark.parametrize("name", ARRAYS)
def test_a_file_without_one_of_the_arrays_is_refused(tmp_path: Path, name: str) -> None:
    arrays = arrays_of(merged(views()))
    del arrays[name]
    assert is_refused(with_arrays(tmp_path, arrays))


def with_contents(path: Path, changed: Callable[[dict[str, object]], object]) -> None:
    """The file's table of contents is another one, its checksum right."""
    _, whole = sample()
    first, last = contents_in(whole)
    data = json.dumps(changed(json.loads(whole[first:last]))).encode()
    path.write_bytes(whole[:first] + data + TAIL.pack(len(data), crc32(data), FORMAT, b"AMICUSIX"))


@pytest.mark.parametrize(
    "changed",
    [
        lambda _: [],
        lambda _: None,
        lambda told: told | {"arrays": []},
        lambda told: told | {"arrays": told["arrays"] | {"rows": None}},
        lambda told: told | {"arrays": told["arrays"] | {"rows": [64, "<u4"]}},
        lambda told: told | {"arrays": told["arrays"] | {"rows": [-64, "<u4", [8], 0]}},
        lambda told: told | {"arrays": told["arrays"] | {"rows": [64, "<u4", [-8], 0]}},
        lambda told: told | {"arrays": told["arrays"] | {"rows": [64, "<u4", [1 << 62, 4], 0]}},
        lambda told: told | {"arrays": told["arrays"] | {"rows": [64, "O", [1], 0]}},
        lambda told: told | {"arrays": told["arrays"] | {"rows": [64, "no type", [1], 0]}},
        lambda told: told | {"publications": None},
        lambda told: told | {"publications": [1]},
        lambda told: told | {"languages": "en"},
    ],
)
def test_contents_that_make_no_sense_are_refused(
    tmp_path: Path, changed: Callable[[dict[str, object]], object]
) -> None:
    with_contents(tmp_path / "1.seg", changed)
    assert is_refused(tmp_path / "1.seg")


def test_a_writer_that_gives_up_leaves_nothing(tmp_path: Path) -> None:
    with FileWriter(tmp_path, 1) as writer:
        merge(views(), writer)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ARRAYS)
def test_whatever_an_array_holds_questions_are_answered_or_the_file_is_refused(tmp_path: Path, name: str) -> None:
    """A number of any size may stand anywhere: nothing is read outside, no memory is filled, no other error comes."""
    whole = arrays_of(merged(views()))
    random = Random(name)
    for _ in range(40):
        wrong = np.array(whole[name])
        place = random.randrange(wrong.size)
        wrong.flat[place] ^= wrong.dtype.type(1 << random.randrange(8 * wrong.dtype.itemsize - 1))
        with suppress(IndexUnusable):
            segment = opened(with_arrays(tmp_path, whole | {name: wrong}))
            ask_everything(View(Opened(segment)))


@dataclass(frozen=True, eq=False, slots=True)
class Opened:
    """A segment that was opened from a file."""

    segment: Segment

    @property
    def size(self) -> int:
        return self.segment.size


def ask_everything(view: View) -> None:
    """All that is done with a segment."""
    for compiled in {False, kernel.available()}:
        index = EmbeddedIndex(EmbeddedSnapshot({LIBRARY: (view,)}, Parameters(compiled=compiled, pairs=True), 7))
        snapshot = index.snapshot()
        snapshot.search(dict.fromkeys(WORDS, 1.0), Filters(publications=("the ledger",)), 3)
        snapshot.search({"tide": 1.0}, Filters(), 1)
        snapshot.statistics(WORDS, [LIBRARY])
        snapshot.publications([LIBRARY])
        snapshot.languages([LIBRARY])
        index.apply([Change(8, 3, LIBRARY, None)])
        index.snapshot().search(dict.fromkeys(WORDS, 1.0), Filters(), 100)
