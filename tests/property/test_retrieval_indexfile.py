"""The index file gives back the index that was put into it, or is refused: never anything else."""

from __future__ import annotations

import asyncio
import tempfile
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.model import LIBRARY, Collection
from retrieval.bm25 import EmbeddedIndex, EmbeddedSnapshot, Idf, Parameters
from retrieval.errors import IndexUnusable
from retrieval.indexfile import IndexFile, Stamp, load, save
from retrieval.model import Filters
from tests.fakes.corpus import FakeCorpus

STAMP = Stamp("store-1")
GUILD = Collection(7)
TERMS = ("harbor", "tide", "paper", "ebb", "klag", "@amazon web services", "2021")

NEWS = """
    Harbor v. Tide | Paper One | 2021-01-21 | key=a
        The harbor judge ruled for AWS. The tide turned.
        Nothing else happened, “said” 3,000 people.
    Ebb | Paper Two | key=b
        The ebb came late in 2021.
    Klage | Blatt | 2021-02-01 | key=c | lang=de | guild:7
        Die Klage über den Häfen wurde abgewiesen.
"""


def behaviour(snapshot: EmbeddedSnapshot) -> list[object]:
    """All that can be asked of a snapshot."""
    found: list[object] = [snapshot.last_change, snapshot.languages, snapshot.passages, set(snapshot.collections)]
    for names in ((LIBRARY,), (GUILD,), (LIBRARY, GUILD)):
        found += [snapshot.publications(names), snapshot.statistics(TERMS, names)]
        found += [snapshot.search({term: 1.0}, Filters(names), 50) for term in TERMS]
        found.append(
            snapshot.search(dict.fromkeys(TERMS, 1.0), Filters(names, publications=("paper one", "blatt")), 50)
        )
    return found


@cache
def sample() -> tuple[EmbeddedSnapshot, bytes]:
    """A snapshot of two collections, one article removed from it again, and its file's content."""
    corpus = FakeCorpus(NEWS)
    index = EmbeddedIndex()
    index.apply(asyncio.run(corpus.changes(0, 10)))
    corpus.remove("b")
    index.apply(asyncio.run(corpus.changes(3, 10)))
    snapshot = index.snapshot()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "index.npz"
        save(snapshot, path, STAMP)
        return snapshot, path.read_bytes()


def reloaded(data: bytes, stamp: Stamp = STAMP) -> EmbeddedSnapshot:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "index.npz"
        path.write_bytes(data)
        return load(path, stamp, Parameters())


texts = st.lists(st.text(max_size=40).map(lambda text: f"x {' '.join(text.split())}"), min_size=1, max_size=3)
articles = st.lists(
    st.tuples(st.sampled_from("abcd"), st.sampled_from([LIBRARY, GUILD]), st.sampled_from(["en", "de", "und"]), texts),
    max_size=6,
)


@given(articles, st.sets(st.sampled_from("abcd")), st.sampled_from(list(Idf)))
def test_what_is_saved_is_loaded_with_equal_answers(
    tmp_path_factory: pytest.TempPathFactory,
    written: list[tuple[str, Collection, str, list[str]]],
    removed: set[str],
    idf: Idf,
) -> None:
    corpus = FakeCorpus()
    index = EmbeddedIndex(Parameters(idf=idf))
    for key, collection, language, text in written:
        where = "" if collection == LIBRARY else f" | {collection}"
        corpus.write(
            f"T {key} | Paper {key} | key={key} | lang={language}{where}\n" + "".join(f"  {p}\n" for p in text)
        )
        index.apply(asyncio.run(corpus.changes(index.last_change, 100)))
    for article in list(corpus.articles):
        if article.key in removed:
            corpus.remove(article.key, article.collection)
    index.apply(asyncio.run(corpus.changes(index.last_change, 100)))
    before = index.snapshot()
    path = tmp_path_factory.mktemp("index") / "index.npz"
    save(before, path, STAMP)
    after = load(path, STAMP, before.parameters)
    assert behaviour(after) == behaviour(before)
    for name, parts in before.collections.items():
        for ours, theirs in zip(parts, after.collections[name], strict=True):
            assert dict(ours.terms) == dict(theirs.terms)
            assert np.array_equal(ours.live, theirs.live)


def is_refused_or_answers_the_same(damaged: bytes, snapshot: EmbeddedSnapshot) -> bool:
    try:
        loaded = reloaded(damaged)
    except IndexUnusable:
        return True
    return behaviour(loaded) == behaviour(snapshot)


@given(st.data())
def test_a_file_with_any_bit_flipped_is_refused_or_answers_the_same(data: st.DataObject) -> None:
    snapshot, whole = sample()
    bits = data.draw(st.sets(st.integers(0, len(whole) * 8 - 1), min_size=1, max_size=3))
    damaged = bytearray(whole)
    for bit in bits:
        damaged[bit // 8] ^= 1 << bit % 8
    assert is_refused_or_answers_the_same(bytes(damaged), snapshot)


@given(st.data())
def test_every_bit_of_the_table_of_contents_is_guarded(data: st.DataObject) -> None:
    snapshot, whole = sample()
    start = whole.index(b"PK\x01\x02")
    bit = data.draw(st.integers(start * 8, len(whole) * 8 - 1))
    damaged = bytearray(whole)
    damaged[bit // 8] ^= 1 << bit % 8
    assert is_refused_or_answers_the_same(bytes(damaged), snapshot)


@given(st.data())
def test_a_file_cut_anywhere_is_refused(data: st.DataObject) -> None:
    _, whole = sample()
    length = data.draw(st.integers(0, len(whole) - 1))
    with pytest.raises(IndexUnusable):
        reloaded(whole[:length])


@given(st.binary(max_size=300))
def test_a_file_of_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(IndexUnusable):
        reloaded(data)


def test_a_file_of_another_database_is_refused() -> None:
    _, whole = sample()
    with pytest.raises(IndexUnusable, match="another database"):
        reloaded(whole, Stamp("store-2"))


@pytest.mark.parametrize("name", ["format", "analysis", "lexicon"])
def test_a_file_of_another_format_or_analysis_is_refused(tmp_path: Path, name: str) -> None:
    _, whole = sample()
    path = tmp_path / "index.npz"
    path.write_bytes(whole)
    with path.open("rb") as file, np.load(file) as found:
        arrays = {key: found[key] for key in found.files}
    about = arrays["about"].tobytes()
    key = f'"{name}": '.encode()
    at = about.index(key) + len(key)
    other = about[:at] + b"[0], " + b'"was": ' + about[at:]
    with path.open("wb") as out:
        np.savez(out, **(arrays | {"about": np.frombuffer(other, np.uint8)}))
    with pytest.raises(IndexUnusable, match="another version"):
        load(path, STAMP, Parameters())


@pytest.mark.parametrize("name", ["rows", "counts", "lengths", "passages", "starts", "live", "published"])
def test_arrays_that_do_not_belong_together_are_refused(tmp_path: Path, name: str) -> None:
    _, whole = sample()
    path = tmp_path / "index.npz"
    path.write_bytes(whole)
    with path.open("rb") as file, np.load(file) as found:
        arrays = {key: found[key] for key in found.files}
    arrays[f"0/{name}"] = arrays[f"0/{name}"][:-1]
    with path.open("wb") as out:
        np.savez(out, **arrays)
    with pytest.raises(IndexUnusable):
        load(path, STAMP, Parameters())


def test_a_missing_file_says_that_there_is_none_yet(tmp_path: Path) -> None:
    with pytest.raises(IndexUnusable, match="no index file yet"):
        load(tmp_path / "index.npz", STAMP, Parameters())


def test_opening_an_unusable_file_gives_an_empty_index_and_the_reason(tmp_path: Path) -> None:
    path = tmp_path / "index.npz"
    path.write_bytes(b"not an index")
    index, reason = IndexFile(path, STAMP).open(Parameters(k1=2.0))
    assert index.last_change == 0
    assert index.snapshot().passages == 0
    assert index.snapshot().parameters.k1 == 2.0
    assert reason is not None
    assert "damaged" in reason


def test_opening_a_good_file_gives_the_index_and_no_reason(tmp_path: Path) -> None:
    file = IndexFile(tmp_path / "index.npz", STAMP)
    corpus = FakeCorpus(NEWS)
    index = EmbeddedIndex()
    index.apply(asyncio.run(corpus.changes(0, 10)))
    file.save(index)
    again, reason = file.open(Parameters())
    assert reason is None
    assert again.last_change == 3
    assert behaviour(again.snapshot()) == behaviour(index.snapshot())


def test_an_opened_index_goes_on_where_it_stood(tmp_path: Path) -> None:
    file = IndexFile(tmp_path / "index.npz", STAMP)
    corpus = FakeCorpus(NEWS)
    index = EmbeddedIndex()
    index.apply(asyncio.run(corpus.changes(0, 10)))
    file.save(index)
    again, _ = file.open(Parameters())
    corpus.remove("b")
    corpus.write("More | Paper Two | key=more\n    The ebb returned.")
    for one in (index, again):
        one.apply(asyncio.run(corpus.changes(one.last_change, 10)))
    assert behaviour(again.snapshot()) == behaviour(index.snapshot())


def test_saving_leaves_one_file_and_replaces_the_old_one(tmp_path: Path) -> None:
    snapshot, whole = sample()
    path = tmp_path / "index.npz"
    path.write_bytes(b"old")
    save(snapshot, path, STAMP)
    assert [found.name for found in tmp_path.iterdir()] == ["index.npz"]
    assert behaviour(load(path, STAMP, Parameters())) == behaviour(snapshot)
    assert len(path.read_bytes()) == len(whole)


def test_a_place_that_cannot_be_written_harms_nothing(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        IndexFile(tmp_path / "missing" / "index.npz", STAMP).save(EmbeddedIndex())
    assert list(tmp_path.iterdir()) == []


def test_an_empty_index_is_saved_and_loaded(tmp_path: Path) -> None:
    path = tmp_path / "index.npz"
    save(EmbeddedIndex().snapshot(), path, STAMP)
    assert load(path, STAMP, Parameters()).passages == 0
