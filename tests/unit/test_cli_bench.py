"""`amicus bench`: from the command to tables, JSON and the picture."""

from __future__ import annotations

import json
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

from bot.terminal.bench import chosen_engines, sizes_of
from retrieval.bench.engines import KINDS
from tests.fakes.program import Program

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fakes.program import Ended

FAST = ("--engines", "amicus-numpy,rank-bm25,fts5", "--questions", "20", "--rounds", "1")


def bench(tmp_path: Path, *words: str) -> Ended:
    return Program(tmp_path / "data")("bench", *words)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    """What the command says of 300 passages, as JSON."""
    return bench(tmp_path_factory.mktemp("told"), "--sizes", "300", *FAST, "--json")


def test_the_benchmark_tells_times_and_ratios(told: Ended) -> None:
    [found] = told.objects
    [size] = found["sizes"]
    assert told.code == 0
    assert (size["passages"], size["articles"]) == (300, 60)
    assert list(size["engines"]) == ["amicus-numpy", "rank-bm25", "fts5"]
    assert size["left_out"] == found["missing"] == {}
    ours, library, fts5 = size["engines"].values()
    assert {name for name, value in ours.items() if value is None} == set()
    assert ours["this_to_ours"] == library["base_to_this"] == 1
    assert ours["base_to_this"] == library["this_to_ours"] > 0
    assert fts5["updates"]["add_ms"] > 0
    assert library["disk_mb"] is library["cold_start_ms"] is library["updates"] is None
    assert set(ours["filtered"]) == {"publication", "dates"}
    assert size["ask"]["p50_ms"] > 0


def test_what_is_done_is_told_beside_the_results(told: Ended) -> None:
    assert "300 passages: fts5 is built …" in told.err


def test_a_text_is_measured_and_saved_with_its_picture(tmp_path: Path) -> None:
    if find_spec("matplotlib") is None:
        pytest.skip("matplotlib is not installed (extra `bench`)")
    texts = tmp_path / "texts"
    texts.mkdir()
    for number in range(120):
        (texts / f"{number}.txt").write_text(
            f"The {number}th plan names a compiler. It reads module {number}.", "utf-8"
        )
    ended = bench(tmp_path, "--text", str(texts), *FAST, "--save", str(tmp_path / "saved"))
    assert ended.code == 0
    assert "120 passages: time per question" in ended.out
    assert "text of texts, seed 7; medians of 1 round." in ended.out
    assert json.loads((tmp_path / "saved" / "bench.json").read_text("utf-8"))["source"] == "text of texts, seed 7"
    assert {file.name for file in (tmp_path / "saved").iterdir()} == {"bench.json", "bench.png", "bench.svg"}


def test_tables_can_be_had_as_markdown(tmp_path: Path) -> None:
    ended = bench(tmp_path, "--sizes", "100", "--engines", "fts5", "--questions", "20", "--rounds", "1", "--markdown")
    assert ended.code == 0
    assert ended.out.startswith("### 100 passages: time per question\n\n| engine | p50 | p95 |")


def test_sizes_are_read_in_any_order_and_unit() -> None:
    assert sizes_of("1M, 10k,2000,10K") == (2_000, 10_000, 1_000_000)


def test_engines_are_taken_in_their_order_and_all_by_one_word() -> None:
    assert chosen_engines("tantivy, amicus") == ("amicus", "tantivy")
    assert chosen_engines("all") == tuple(KINDS)
    assert set(KINDS) - set(chosen_engines(None)) == {"amicus-pairs"}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--sizes", "many"], "--sizes: 'many' is no number of passages"),
        (["--sizes", ""], "--sizes: '' is no number of passages"),
        (["--sizes", "10k,²"], "--sizes: '²' is no number of passages"),
        (["--sizes", "99"], "--sizes: 99 is not between 100 and 5,000,000"),
        (["--sizes", "6M"], "--sizes: 6M is not between 100 and 5,000,000"),
        (["--engines", "lucene"], "--engines: 'lucene' is not among amicus, "),
        (["--json", "--markdown"], "--json and --markdown exclude each other"),
        (["--text", "/nowhere/at/all"], "does not exist"),
        (["--rounds", "0"], "--rounds"),
        (["--questions", "5"], "--questions"),
    ],
)
def test_what_can_not_be_measured_is_told_as_wrong_usage(tmp_path: Path, words: list[str], message: str) -> None:
    ended = bench(tmp_path, *words)
    assert ended.code == 2
    assert message in ended.err
    assert ended.out == ""


def test_a_text_without_passages_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    ended = bench(tmp_path, "--text", str(tmp_path / "empty"))
    assert ended.code == 2
    assert "no text in files named" in ended.err


def test_a_text_too_short_for_questions_is_told(tmp_path: Path) -> None:
    (tmp_path / "short").mkdir()
    (tmp_path / "short" / "a.txt").write_text("Plans.", "utf-8")
    ended = bench(tmp_path, "--text", str(tmp_path / "short"), *FAST)
    assert ended.code == 2
    assert "text of short, seed 7: no passage holds two different words to ask for" in ended.err
