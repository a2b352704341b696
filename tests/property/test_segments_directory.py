"""The folder of segments: what was committed last is there, whatever else happened; the rest goes or is set aside."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.collection import LIBRARY, Collection
from corpus.model import Change
from retrieval.bm25 import Parameters
from retrieval.embedded import EmbeddedIndex
from retrieval.errors import IndexUnusable
from retrieval.index import Filters, Hit
from retrieval.segments.directory import ASIDE, MANIFEST, WHY, Directory, Stamp
from tests.fakes.corpus import FakeCorpus
from tests.fakes.index import NaiveIndex
from tests.fakes.segments import STAMP, flip, full_disk, no_room_for_the_manifest, sound, split, start_of, worded

if TYPE_CHECKING:
    from multiprocessing.synchronize import Event

GUILD = Collection(7)
EVERYTHING = Filters((LIBRARY, GUILD))
ASKED = {"tide": 1.0, "court": 2.0, "rare": 1.0}


class Program:
    """One program on a folder: its index, and the corpus that it follows."""

    def __init__(self, folder: Path, corpus: FakeCorpus, files: Directory | None = None) -> None:
        self.files = files or Directory(folder, STAMP)
        index, self.unusable = EmbeddedIndex.opened(Parameters(), self.files)
        self.index = EmbeddedIndex(index.snapshot(), self.files, analyse=split)
        self.corpus = corpus

    def follow(self) -> None:
        self.index.apply(asyncio.run(self.corpus.changes(self.index.last_change, 10_000)))

    def settle(self, *, merge: bool = True) -> None:
        self.follow()
        self.index.settle(merge=merge)

    def hits(self) -> list[Hit]:
        return self.index.snapshot().search(ASKED, EVERYTHING, 50)


def write(corpus: FakeCorpus, *keys: str, collection: Collection = LIBRARY) -> None:
    for key in keys:
        corpus.put(worded(key, [f"tide {key} ", "court rare " if key == "a" else "court "], collection))


def expected(corpus: FakeCorpus) -> list[Hit]:
    """What is found in all of the corpus."""
    plain = NaiveIndex(Parameters(), split)
    plain.apply(asyncio.run(corpus.changes(0, 10_000)))
    return plain.snapshot().search(ASKED, EVERYTHING, 50)


def files_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.is_file()}


def named(folder: Path) -> set[str]:
    """The files that the manifest names, itself included."""
    files = Directory(folder, STAMP)
    files.load()
    [removed] = [name for name in files_in(folder) if name.endswith(".removed") and name in manifest(folder)]
    return {MANIFEST, removed, *(path.name for path in files.files())}


def manifest(folder: Path) -> str:
    return (folder / MANIFEST).read_text("utf-8")


def settled(folder: Path) -> Program:
    """A program that settled twice, articles having been removed in between."""
    corpus = FakeCorpus()
    write(corpus, *"abcdefghijkl")
    write(corpus, *"xyz", collection=GUILD)
    program = Program(folder, corpus)
    program.settle()
    corpus.remove("b")
    corpus.remove("x", GUILD)
    program.settle()
    return program


def test_what_was_settled_is_there_again(tmp_path: Path) -> None:
    program = settled(tmp_path)
    again = Program(tmp_path, program.corpus)
    assert again.unusable is None
    assert again.index.last_change == program.index.last_change == 17
    assert again.hits() == program.hits() == expected(program.corpus)


def test_where_nothing_is_yet_the_index_is_empty_and_nothing_is_made(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    program = Program(folder, FakeCorpus())
    assert "there is no index yet" in str(program.unusable)
    assert program.index.last_change == 0
    program.settle()
    assert not folder.exists()
    assert not program.files.is_begun()
    write(program.corpus, "a")
    program.settle()
    assert program.files.is_begun()


def test_an_index_that_became_empty_is_kept_as_an_empty_one(tmp_path: Path) -> None:
    corpus = FakeCorpus()
    write(corpus, "a")
    program = Program(tmp_path, corpus)
    program.settle()
    corpus.remove("a")
    program.settle()
    again = Program(tmp_path, corpus)
    assert again.unusable is None
    assert again.index.last_change == 2
    assert again.index.snapshot().passages == 0


def test_only_removed_rows_and_the_manifest_are_written_where_articles_only_went(tmp_path: Path) -> None:
    program = settled(tmp_path)
    before = {path.name for path in program.files.files()}
    program.corpus.remove("c")
    program.settle()
    assert {path.name for path in program.files.files()} == before
    assert Program(tmp_path, program.corpus).hits() == expected(program.corpus)


def test_every_prefix_of_a_manifest_is_refused(tmp_path: Path) -> None:
    settled(tmp_path)
    whole = (tmp_path / MANIFEST).read_bytes()
    for length in range(len(whole) - 1):  # without its last line's end it is whole still
        (tmp_path / MANIFEST).write_bytes(whole[:length])
        with pytest.raises(IndexUnusable, match=r"manifest\.json: "):
            Directory(tmp_path, STAMP).load()


def test_a_manifest_with_any_bit_flipped_is_refused_or_says_the_same(tmp_path: Path) -> None:
    program = settled(tmp_path)
    whole = (tmp_path / MANIFEST).read_bytes()
    hits = program.hits()
    random = Random(1)
    refused = 0
    for byte in range(len(whole)):
        bit = 1 << random.randrange(8)
        (tmp_path / MANIFEST).write_bytes(whole[:byte] + bytes([whole[byte] ^ bit]) + whole[byte + 1 :])
        index, unusable = EmbeddedIndex.peeked(Parameters(), Directory(tmp_path, STAMP))
        if unusable:
            refused += 1
        else:
            assert index.snapshot().search(ASKED, EVERYTHING, 50) == hits
            assert index.last_change == program.index.last_change
    assert refused >= len(whole) - 10


@given(st.binary(max_size=200))
def test_a_manifest_of_anything_else_is_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    folder = tmp_path_factory.mktemp("index")
    (folder / MANIFEST).write_bytes(content)
    with pytest.raises(IndexUnusable):
        Directory(folder, STAMP).load()


@pytest.mark.parametrize(
    ("stamp", "why"),
    [
        (STAMP._replace(store="another"), "made from another database"),
        (STAMP._replace(analysis=2), "made by another version of the program"),
        (STAMP._replace(lexicon="others"), "made with other word lists"),
        (STAMP._replace(pairs=True), r"made with another setting of index\.word_pairs"),
    ],
)
def test_an_index_made_from_something_else_is_refused_and_set_aside(tmp_path: Path, stamp: Stamp, why: str) -> None:
    settled(tmp_path)
    with pytest.raises(IndexUnusable, match=why):
        Directory(tmp_path, stamp).load()
    names = files_in(tmp_path)
    _, unusable = EmbeddedIndex.opened(Parameters(), Directory(tmp_path, stamp))
    assert unusable is not None
    assert files_in(tmp_path) == set()
    assert files_in(tmp_path / ASIDE) == names | {WHY}
    assert (tmp_path / ASIDE / WHY).read_text("utf-8").strip() == str(unusable)


def test_a_newer_format_is_named(tmp_path: Path) -> None:
    settled(tmp_path)
    text = manifest(tmp_path).splitlines()[0].replace('"format": ', '"format": 9')
    (tmp_path / MANIFEST).write_text(f"{text}\n{crc32(text.encode()):08x}\n", "utf-8")
    with pytest.raises(IndexUnusable, match="of another format"):
        Directory(tmp_path, STAMP).load()


def test_removed_rows_that_are_damaged_or_missing_are_refused(tmp_path: Path) -> None:
    settled(tmp_path)
    [path] = [tmp_path / name for name in named(tmp_path) if name.endswith(".removed")]
    whole = path.read_bytes()
    assert len(whole) > 4
    wrongs = [whole[:length] for length in range(len(whole))] + [whole + b"\0", whole + whole]
    wrongs += [
        whole[: bit // 8] + bytes([whole[bit // 8] ^ 1 << bit % 8]) + whole[bit // 8 + 1 :]
        for bit in range(8 * len(whole))
    ]
    for wrong in wrongs:
        path.write_bytes(wrong)
        with pytest.raises(IndexUnusable, match=path.name):
            Directory(tmp_path, STAMP).load()
    path.unlink()
    with pytest.raises(IndexUnusable, match=path.name):
        Directory(tmp_path, STAMP).load()


def test_a_missing_segment_is_named_when_the_index_is_opened(tmp_path: Path) -> None:
    program = settled(tmp_path)
    for path in program.files.files():
        data = path.read_bytes()
        path.unlink()
        with pytest.raises(IndexUnusable, match=f"{path.name}: it is missing"):
            Directory(tmp_path, STAMP).load()
        path.write_bytes(data)


def test_segments_that_changed_places_are_noticed_when_they_are_opened(tmp_path: Path) -> None:
    corpus = FakeCorpus()
    for collection in (LIBRARY, GUILD):
        corpus.put(worded("a", [f"tide {collection} ", "court "], collection))
    program = Program(tmp_path, corpus)
    program.settle()
    [first, second] = program.files.files()
    assert first.stat().st_size == second.stat().st_size or first.read_bytes() != second.read_bytes()
    between = tmp_path / "between"
    first.replace(between)
    second.replace(first)
    between.replace(second)
    again = Program(tmp_path, corpus)
    for names in ((LIBRARY,), (GUILD,)):
        with pytest.raises(IndexUnusable, match="another file than the manifest names"):
            again.index.snapshot().search(ASKED, Filters(names), 9)
    with pytest.raises(IndexUnusable):
        sound(again.files)


def test_damage_in_a_long_file_is_not_merged_into_a_sound_one(tmp_path: Path) -> None:
    corpus = FakeCorpus()
    for key in "abcd":
        corpus.put(worded(key, [f"tide w{n} " * (1 + n % 7) for n in range(3_000)]))
    program = Program(tmp_path, corpus)
    program.settle()
    [path] = program.files.files()
    flip(path, 8 * start_of(path, "codes"))
    corpus.remove("a")
    corpus.remove("b")  # so much is gone that the segment is written anew
    again = Program(tmp_path, corpus)
    with pytest.raises(IndexUnusable, match=path.name):
        again.settle()


def test_setting_aside_keeps_the_last_damage_alone_and_leaves_what_is_not_its_own(tmp_path: Path) -> None:
    (tmp_path / "progress.json").write_text("{}", "utf-8")
    (tmp_path / "lock").write_text("", "utf-8")
    for number in range(2):
        program = settled(tmp_path)
        [damaged, *_] = program.files.files()
        damaged.write_text(f"damaged {number}", "utf-8")
        program.index.begin_again(f"for the {number}. time")
        assert program.index.last_change == program.index.snapshot().passages == 0
        assert files_in(tmp_path) == {"progress.json", "lock"}
        assert (tmp_path / ASIDE / damaged.name).read_text("utf-8") == f"damaged {number}"
        assert (tmp_path / ASIDE / WHY).read_text("utf-8").strip() == f"for the {number}. time"
        assert len(list((tmp_path / ASIDE).glob("*.json"))) == 1


def test_after_setting_aside_the_same_program_makes_the_index_anew(tmp_path: Path) -> None:
    program = settled(tmp_path)
    program.index.begin_again("why not")
    program.settle()
    assert Program(tmp_path, program.corpus).hits() == expected(program.corpus)
    assert files_in(tmp_path) == named(tmp_path)


def test_a_folder_that_was_deleted_beneath_a_program_is_made_anew(tmp_path: Path) -> None:
    program = settled(tmp_path)
    for path in tmp_path.iterdir():
        path.unlink()
    write(program.corpus, "new")
    try:
        program.settle()
    except IndexUnusable as damage:
        program.index.begin_again(str(damage))
        program.settle()
    assert Program(tmp_path, program.corpus).hits() == expected(program.corpus)


def test_what_no_manifest_names_is_deleted_one_commit_later(tmp_path: Path) -> None:
    corpus = FakeCorpus()
    write(corpus, "a")
    program = Program(tmp_path, corpus)
    program.settle()
    for key in "bcdefgh":
        before = named(tmp_path)
        write(corpus, key)
        program.settle()
        # Who read the manifest before finds all that it names.
        assert before | named(tmp_path) >= files_in(tmp_path) >= before | named(tmp_path) - {MANIFEST}


def test_programs_that_settle_once_each_leave_no_more_behind_than_one_that_settles_often(tmp_path: Path) -> None:
    corpus = FakeCorpus()
    for key in "abcdefghijkl":
        write(corpus, key)
        Program(tmp_path, corpus).settle()
    assert len(files_in(tmp_path) - named(tmp_path)) <= 4


def test_what_a_killed_writer_left_goes_with_the_next_commit(tmp_path: Path) -> None:
    program = settled(tmp_path)
    left = ["00000077.4711.new", "00000078-0a0b0c0d.seg", "00000079.removed", "manifest.json.4711.new"]
    for name in left:
        (tmp_path / name).write_bytes(b"half of someth")
    write(program.corpus, "new")
    again = Program(tmp_path, program.corpus)
    again.settle()
    assert not files_in(tmp_path) & set(left)
    assert Program(tmp_path, program.corpus).hits() == expected(program.corpus)


def test_the_second_of_two_programs_writes_nothing_once_the_first_has_committed(tmp_path: Path) -> None:
    first = settled(tmp_path)
    second = Program(tmp_path, first.corpus)
    write(first.corpus, "new")
    first.settle()
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    write(second.corpus, "newer")
    second.settle()
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before
    assert second.hits() == expected(first.corpus)
    first.settle()
    assert Program(tmp_path, first.corpus).hits() == first.hits() == second.hits()


def test_damage_seen_by_a_program_that_is_behind_harms_not_what_the_other_wrote(tmp_path: Path) -> None:
    first = settled(tmp_path)
    second = Program(tmp_path, first.corpus)
    write(first.corpus, *"mnopqrstuvw")
    first.settle()
    before = files_in(tmp_path)
    second.index.begin_again("it looked damaged")
    assert files_in(tmp_path) == before
    assert second.index.last_change == first.index.last_change
    second.follow()
    assert second.hits() == first.hits()


def test_a_program_that_is_many_commits_behind_still_gets_its_answers(tmp_path: Path) -> None:
    first = settled(tmp_path)
    second = Program(tmp_path, first.corpus)  # which opened nothing yet
    old = expected(first.corpus)
    for key in "mnopqrst":
        write(first.corpus, key)
        first.settle()
    try:
        assert second.hits() == old
    except IndexUnusable as missing:
        second.index.begin_again(str(missing))
        second.follow()
        assert second.hits() == first.hits()
    assert Program(tmp_path, first.corpus).hits() == first.hits()


def test_a_snapshot_that_opened_nothing_answers_after_many_commits(tmp_path: Path) -> None:
    program = settled(tmp_path)
    again = Program(tmp_path, program.corpus)
    old, hits = again.index.snapshot(), program.hits()
    for key in "mnopqrst":
        write(again.corpus, key)
        again.settle()
    assert old.search(ASKED, EVERYTHING, 50) == hits
    del old
    write(again.corpus, "last")
    again.settle()
    write(again.corpus, "very-last")
    again.settle()
    assert len(files_in(tmp_path) - named(tmp_path)) <= 4


class Held(Directory):
    """A folder that somebody else holds."""

    @contextmanager
    def claimed(self) -> Iterator[bool]:
        yield False


def test_where_somebody_else_holds_the_folder_nothing_is_written(tmp_path: Path) -> None:
    first = settled(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    program = Program(tmp_path, first.corpus, Held(tmp_path, STAMP))
    write(program.corpus, "new")
    program.settle()
    assert program.hits() == expected(program.corpus)
    program.index.begin_again("it looked damaged")
    program.follow()
    assert program.hits() == expected(program.corpus)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize("merge", [False, True])
def test_a_full_disk_at_any_moment_loses_nothing_and_is_got_over(tmp_path: Path, *, merge: bool) -> None:
    program = settled(tmp_path)
    refused = 0
    for number, room in enumerate([*range(0, 600, 23), *range(600, 9_000, 700), 1 << 20]):
        write(program.corpus, f"k{number}")
        committed = manifest(tmp_path)
        try:
            with full_disk(room):
                program.settle(merge=merge)
        except OSError:
            refused += 1
            assert manifest(tmp_path) == committed
            assert Program(tmp_path, FakeCorpus()).unusable is None
        assert program.hits() == expected(program.corpus)[:50]
    assert refused > 10
    program.settle()
    assert program.index.passages_in_memory == 0
    assert Program(tmp_path, program.corpus).hits() == expected(program.corpus)
    write(program.corpus, "last")
    program.settle()
    assert len(files_in(tmp_path) - named(tmp_path)) <= 4


def test_where_only_the_manifest_finds_no_room_the_next_settling_writes_it(tmp_path: Path) -> None:
    program = settled(tmp_path)
    write(program.corpus, "new")
    with no_room_for_the_manifest(tmp_path), pytest.raises(OSError, match=MANIFEST):
        program.settle()
    program.settle()
    assert program.index.passages_in_memory == 0
    assert Program(tmp_path, program.corpus).hits() == expected(program.corpus)


def open_files() -> int:
    """How many this process has, where that can be seen."""
    seen = Path("/proc/self/fd")
    return len(list(seen.iterdir())) if seen.is_dir() else 0


def test_more_small_collections_than_are_kept_open_answer_from_small_files(tmp_path: Path) -> None:
    corpus = FakeCorpus()
    for number in range(1, 301):
        corpus._articles[number] = replace(worded(f"a{number}", [f"tide only{number} "], Collection(number)), id=number)
        corpus._changes.append(number)
    program = Program(tmp_path, corpus)
    program.settle()
    assert max(path.stat().st_size for path in program.files.files()) < 100_000
    again = Program(tmp_path, corpus)
    open_before = open_files()
    snapshot = again.index.snapshot()
    for _ in range(2):
        for number in range(1, 301):
            [hit] = snapshot.search({"tide": 1.0}, Filters((Collection(number),)), 9)
            assert hit.article_id == number
    assert open_files() <= open_before + 8


def told(number: int) -> Change:
    """The n-th change of a history that is the same whenever it is told: articles come, change, go and return."""
    random = Random(number)
    article_id = random.randint(1, 40)
    collection = LIBRARY if article_id % 3 else GUILD
    if random.random() < 0.3:
        return Change(number, article_id, collection, None)
    texts = ["".join(f"{random.choice(['tide', 'court', 'map', 'rare'])} " for _ in range(9)) for _ in range(3)]
    article = worded(f"a{article_id}", texts, collection)
    passages = tuple(replace(each, id=10 * number + place) for place, each in enumerate(article.passages))
    return Change(number, article_id, collection, replace(article, id=article_id, passages=passages))


def work_until_killed(folder: Path, begun: Event) -> None:
    """A program that applies one change after the other and settles now and then, for as long as it lives."""
    index = Program(folder, FakeCorpus()).index
    begun.set()
    random = Random(index.last_change)
    while True:
        index.apply([told(index.last_change + 1)])
        if random.random() < 0.2:
            index.settle(merge=random.random() < 0.7)


def test_a_killed_program_leaves_what_it_had_committed(tmp_path: Path) -> None:
    """`kill -9` at random moments, again and again on the same folder."""
    random = Random(11)
    started = multiprocessing.get_context("fork")
    last = 0
    for _ in range(12):
        begun = started.Event()
        program = started.Process(target=work_until_killed, args=(tmp_path, begun))
        program.start()
        assert begun.wait(30)
        time.sleep(random.uniform(0.05, 0.7))
        assert program.pid is not None
        os.kill(program.pid, signal.SIGKILL)
        program.join(30)
        index, unusable = EmbeddedIndex.peeked(Parameters(), Directory(tmp_path, STAMP))
        if (tmp_path / MANIFEST).exists():
            assert unusable is None
            sound(Directory(tmp_path, STAMP))
        assert index.last_change >= last
        last = index.last_change
        plain = NaiveIndex(Parameters(), split)
        plain.apply([told(number) for number in range(1, last + 1)])
        assert index.snapshot().search(ASKED, EVERYTHING, 500) == plain.snapshot().search(ASKED, EVERYTHING, 500)
    assert last > 10
