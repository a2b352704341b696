"""From seconds to figures, tables and the picture."""

from __future__ import annotations

import itertools
import json
import threading
import time
from importlib.util import find_spec
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.bench import asking, processes
from retrieval.bench.alone import built
from retrieval.bench.builder import Metered
from retrieval.bench.corpus import Corpus
from retrieval.bench.engines import KINDS, Kind
from retrieval.bench.report import EngineFigures, Machine, Report, SizeFigures
from retrieval.bench.sources import Generated
from retrieval.bench.statistic import Timing, exponent, ratio, timing
from retrieval.bench.tables import markdown, milliseconds, notes, significant, tables, times
from retrieval.bench.updating import Updates

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from retrieval.bench.corpus import TermArticle

TIMES = {"amicus": (0.02, 0.04), "amicus-numpy": (0.1, 0.2), "rank-bm25": (10.0, 100.0), "tantivy": (0.03, 0.09)}


def report(sizes: Sequence[int] = (10_000, 100_000)) -> Report:
    """A run with known figures: rank-bm25's time grows tenfold, all memory twofold with each size."""
    return Report(
        source="generated, seed 7",
        seed=7,
        rounds=3,
        machine=Machine("Linux x86_64", 2, "3.11.7", {"numpy": "2.4.6"}),
        missing={"bm25s": "bm25s not installed: pip install 'amicus-bot[bench]'"},
        sizes=[of_size(passages, place) for place, passages in enumerate(sizes)],
    )


def of_size(passages: int, place: int) -> SizeFigures:
    engines = {
        name: EngineFigures(
            questions=Timing(found[place], found[place] * 2, None, 50, 3),
            base_to_this=TIMES["rank-bm25"][place] / found[place],
            this_to_ours=found[place] / TIMES["amicus"][place],
            passages_per_s=12_345,
            cold_start_ms=99.0,
            memory_mb=20.0 * 2**place,
            updates=Updates(0.5, 0.25) if name == "tantivy" else None,
            filtered={"publication": 1.5, "dates": 2.0} if name == "amicus" else {},
        )
        for name, found in TIMES.items()
    }
    left_out = {"fts5": "its process was ended by SIGKILL (memory?)"}
    return SizeFigures(passages, passages // 5, passages * 89, 50_000, 90.0, engines, left_out, Timing(4, 8, 9, 100, 3))


def test_percentiles_are_medians_of_the_rounds() -> None:
    rounds = [[n / 1_000 * factor for n in range(1, 102)] for factor in (1, 2, 9)]
    found = timing(rounds)
    assert (found.p50_ms, found.p95_ms, found.p99_ms) == pytest.approx((102, 192, 200))
    assert (found.questions, found.rounds) == (101, 3)


def test_percentiles_that_few_questions_tell_nothing_of_are_left_out() -> None:
    assert timing([[0.001] * 19]) == Timing(1.0, None, None, 19, 1)
    assert timing([[0.001] * 99]) == Timing(1.0, 1.0, None, 99, 1)


def test_ratios_are_of_the_questions_that_both_were_asked() -> None:
    slow = [[4.0, 4.0], [6.0, 6.0], [8.0, 8.0]]
    fast = [[1.0, 1.0, 50.0, 50.0], [2.0, 2.0, 50.0, 50.0], [1.0, 1.0, 50.0, 50.0]]
    assert ratio(slow, fast) == 4.0
    assert ratio(fast, slow) == pytest.approx(0.25)


@given(st.floats(-2, 2), st.floats(0.001, 1_000))
def test_the_exponent_of_a_power_is_found(power: float, factor: float) -> None:
    assert exponent({n: factor * n**power for n in (10, 100, 1_000)}) == pytest.approx(power, abs=1e-6)


def test_one_size_has_no_exponent() -> None:
    assert exponent({10_000: 5.0}) is None
    assert exponent({10_000: 5.0, 100_000: 0.0}) is None


def test_engines_are_asked_the_same_questions_in_turn() -> None:
    heard: list[tuple[str, str]] = []

    def hearing(name: str) -> asking.Ask:
        return lambda terms: heard.append((name, terms[0]))

    found = asking.in_turn({"a": hearing("a"), "b": hearing("b")}, [["x"], ["y"], ["z"]], rounds=2)
    assert [(len(found[name]), len(found[name][0])) for name in ("a", "b")] == [(2, 3), (2, 3)]
    assert heard[-12:] == [
        *(("a", "x"), ("b", "x"), ("b", "y"), ("a", "y"), ("a", "z"), ("b", "z")),
        *(("b", "x"), ("a", "x"), ("a", "y"), ("b", "y"), ("b", "z"), ("a", "z")),
    ]


def test_a_slow_engine_is_asked_fewer_questions() -> None:
    def slow(terms: asking.Question) -> None:
        del terms
        time.sleep(0.08)

    found = asking.in_turn({"slow": slow, "fast": len}, [["x"]] * 50, rounds=1)
    assert 8 <= len(found["slow"][0]) < 25
    assert len(found["fast"][0]) == 50


def test_two_threads_that_wait_for_each_other_are_no_faster_than_one() -> None:
    lock = threading.Lock()

    def locked(terms: asking.Question) -> None:
        with lock:
            time.sleep(0.002 * len(terms))

    assert 0.7 < asking.two_threads(locked, [["x"]] * 10) < 1.3
    assert asking.two_threads(lambda terms: time.sleep(0.002 * len(terms)), [["x"]] * 10) > 1.5


def test_making_passages_is_no_part_of_building() -> None:
    def slowly() -> Iterator[TermArticle]:
        time.sleep(0.05)
        yield from ()

    metered = Metered(slowly())
    assert list(metered) == []
    assert metered.seconds >= 0.05


def test_a_process_that_fails_says_why() -> None:
    with pytest.raises(processes.ProcessFailed, match="KeyError: 'no such engine'"):
        processes.output_of("retrieval.bench.first.first_hit", "no such engine", "", timeout_s=60)
    with pytest.raises(processes.ProcessFailed, match="SIGABRT"):
        processes.output_of("os.abort", timeout_s=60)
    with pytest.raises(processes.ProcessFailed, match="not done after 0 s"):
        processes.output_of("retrieval.bench.first.first_hit", "fts5", "", timeout_s=0.001)


def test_an_engine_for_which_there_is_not_enough_memory_is_not_built(tmp_path: Path) -> None:
    Generated(7).write(tmp_path, 100)
    greedy = Kind("greedy", "nowhere:Engine", "greedy", build_bytes=1 << 50)
    with pytest.raises(processes.ProcessFailed, match="GB of memory"):
        built(greedy, Corpus(tmp_path), tmp_path / "greedy")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.0123, "12 µs"),
        (0.0049, "4.9 µs"),
        (0.5, "500 µs"),
        (1.2345, "1.2 ms"),
        (98.7, "99 ms"),
        (2_160.0, "2.2 s"),
        (90_000.0, "90 s"),
        (None, "–"),
    ],
)
def test_times_are_shown_in_the_unit_that_suits_them(value: float | None, shown: str) -> None:
    assert milliseconds(value) == shown


def test_ratios_and_numbers_are_shown_with_few_figures() -> None:
    assert [times(value) for value in (0.123, 1.04, 12.6, 26_341, None)] == ["0.12 ×", "1.0 ×", "13 ×", "26,300 ×", "–"]
    assert significant(0.0123) == "0.012"


def test_tables_have_a_row_for_each_engine_and_a_cell_for_each_column() -> None:
    found = list(tables(report()))
    assert [table.title for table in found] == [
        "10,000 passages: time per question",
        "10,000 passages: building and keeping",
        "100,000 passages: time per question",
        "100,000 passages: building and keeping",
        "Growth with n passages, 10,000 to 100,000",
    ]
    for table in found:
        assert [row[0] for row in table.rows] == list(TIMES)
        assert all(len(row) == len(table.head) for row in table.rows)
    assert found[0].rows[3] == ["tantivy", "30 µs", "60 µs", "–", "1.5 ×", "333 ×", "–", "–", "–", "–"]
    assert found[1].rows[3] == ["tantivy", "12,300", "99 ms", "500 µs", "250 µs", "20 MB", "–", "–"]
    assert found[4].rows[2] == ["rank-bm25", "n^1.00", "n^0.30"]


def test_a_single_size_has_no_table_of_growth() -> None:
    assert len(list(tables(report((10_000,))))) == 2


def test_notes_tell_what_was_left_out_and_why() -> None:
    told = list(notes(report()))
    assert "bm25s is left out: bm25s not installed: pip install 'amicus-bot[bench]'." in told
    assert "10,000 passages: fts5 is left out: its process was ended by SIGKILL (memory?)." in told
    assert "100,000 passages, whole answers: p50 4.0 ms, p95 8.0 ms, p99 9.0 ms." in told
    assert "10,000 passages: python -c 'import numpy' takes 90 ms, the cold start of amicus 1.1 × that." in told
    filtered = "10,000 passages, amicus: a filtered question takes 1.5 × by publication and 2.0 × by dates"
    assert any(note.startswith(filtered) for note in told)


def test_markdown_has_every_table_and_every_note() -> None:
    text = markdown(report())
    assert "| rank-bm25 | 10 ms | 20 ms | – | 500 × | 1.0 × | – | – |" in text
    assert all(f"### {table.title}" in text for table in tables(report()))
    assert all(f"- {note}" in text for note in notes(report()))


def test_the_report_is_told_as_json() -> None:
    told = json.loads(json.dumps(report().told()))
    assert told["sizes"][1]["engines"]["tantivy"]["questions"]["p50_ms"] == 0.09
    assert told["sizes"][0]["engines"]["tantivy"]["updates"] == {"add_ms": 0.5, "remove_ms": 0.25}
    assert told["growth"]["rank-bm25"]["time"] == pytest.approx(1)


drawing = pytest.mark.skipif(find_spec("matplotlib") is None, reason="matplotlib is not installed (extra `bench`)")


@drawing
@pytest.mark.parametrize("sizes", [(10_000,), (10_000, 100_000)])
def test_the_picture_names_every_engine_and_is_the_same_for_the_same_report(
    tmp_path: Path, sizes: tuple[int, ...]
) -> None:
    from retrieval.bench import picture  # noqa: PLC0415 - its library may be missing

    files = picture.save(report(sizes), tmp_path)
    before = [file.read_bytes() for file in files]
    assert [file.name for file in files] == ["bench.png", "bench.svg"]
    assert before[0].startswith(b"\x89PNG")
    assert ET.fromstring(before[1]).tag.endswith("svg")  # noqa: S314 - we wrote it
    assert [file.read_bytes() for file in picture.save(report(sizes), tmp_path)] == before
    assert all(f"<!-- {name}  ".encode() in before[1] for name in TIMES)


@drawing
@given(st.dictionaries(st.text(max_size=3), st.floats(0, 1), max_size=8))
def test_labels_are_kept_apart_in_their_order(heights: dict[str, float]) -> None:
    from retrieval.bench.picture import GAP, apart  # noqa: PLC0415 - see above

    placed = apart(heights)
    assert sorted(placed, key=placed.__getitem__) == sorted(heights, key=heights.__getitem__)
    rising = sorted(placed.values())
    assert all(upper - lower >= GAP - 1e-9 for lower, upper in itertools.pairwise(rising))


@drawing
def test_every_engine_has_a_look_of_its_own() -> None:
    from retrieval.bench.picture import STYLES  # noqa: PLC0415 - see above

    assert list(STYLES) == list(KINDS)
    assert len(set(STYLES.values())) == len(STYLES)
