"""How well questions are answered, measured and held.

The sets are the briefs and a sample of SQuAD (where they lie beside the repository) and both halves of the newsroom,
the second as a whole. The floors stand in `floors.yaml` with a digest of what they were measured on. A result below its
floor, or another set under the same floors, fails; nothing here prints a question.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from bot.app import in_memory
from bot.config import Settings
from retrieval.evaluation.questions import Query, QuestionSet, digest
from retrieval.evaluation.report import Report
from retrieval.evaluation.run import judged
from retrieval.model import Answered
from tests.quality import floors, report
from tests.quality.floors import Floors, Value
from tests.quality.sets import HELD, NOW, SEEDS, SETS, briefs, measured

sets = pytest.mark.parametrize("name", HELD)


def there(name: str) -> Report:
    """What was measured on the set; the test is skipped where the set is not beside this repository."""
    if not SETS[name].there:
        pytest.skip(f"{SETS[name].title}: not beside this repository")
    return measured(name)


@sets
def test_a_set_is_the_one_that_its_floors_were_measured_on(name: str) -> None:
    assert there(name).digest == floors.read()[name].digest, "the set changed: measure again and set the floors anew"


@sets
def test_a_set_is_answered_as_well_as_it_is_held(name: str) -> None:
    missed = floors.shortfalls(floors.values(there(name)), floors.read()[name].figures)
    assert not missed, "; ".join(missed)


@sets
def test_every_quotation_is_verbatim(name: str) -> None:
    quoted = there(name).quotations
    assert quoted.count > 0
    assert quoted.share == 1


@pytest.mark.parametrize("name", ["newsroom_a", "newsroom_b"])
def test_the_published_report_says_what_is_measured(name: str) -> None:
    published = report.FILE.read_text("utf-8")
    said = report.section(name, there(name))
    assert said in published, f"run `{report.COMMAND}` again: {SETS[name].title} is answered differently now"


def test_the_judge_of_the_first_question_is_found_in_the_two_pasted_articles_alone() -> None:
    if not SETS["briefs"].there:
        pytest.skip("the briefs are not beside this repository")
    seeds = tuple(article for article in briefs().articles if article.key in SEEDS)
    asked = "who is the judge in Parler v. AWS?"
    query = Query("1", asked, ("cnbc",), ("Judge Barbara Rothstein",), ("Barbara Rothstein",), "who")
    [told] = asyncio.run(judged(in_memory(seeds, Settings()), QuestionSet("first", (query,), seeds, ""), NOW))
    assert isinstance(told.answer, Answered)
    assert (told.sentence, told.span) == (1, 1)
    assert told.answer.evidence[0].short_answer == "Barbara Rothstein"


# --- the gate itself


def test_the_promised_floors_are_no_lower_than_promised() -> None:
    held = floors.read()["briefs"].figures
    assert held["sentence"] >= 0.93
    assert held["span"] >= 0.88
    assert held["refusals"] >= 0.85
    assert held["wrong refusals"] <= 0.08


@sets
def test_results_at_the_floor_pass_and_any_worse_one_fails(name: str) -> None:
    held = floors.read()[name].figures
    exact = floors.as_measured(held)
    assert floors.shortfalls(exact, held) == []
    for figure in held:
        worse = floors.changed(exact[figure], 0.001 if floors.is_ceiling(figure) else -0.001)
        missed = floors.shortfalls({**exact, figure: worse}, held)
        assert [each.split(":")[0] for each in missed] == [figure]


def test_a_figure_that_was_not_measured_fails() -> None:
    assert floors.shortfalls({}, {"sentence": 0.5}) == ["sentence: not measured"]


def test_a_floor_lies_a_hundredth_or_one_question_below_what_was_measured() -> None:
    assert floors.floor_of("sentence", Value(0.9, 1000)) == 0.89
    assert floors.floor_of("sentence", Value(0.9, 10)) == 0.8
    assert floors.floor_of("wrong refusals", Value(0.1, 1000)) == 0.11
    assert floors.floor_of("wrong refusals", Value(0.0, 20)) == 0.05
    assert floors.floor_of("sentence", Value(0.005, 1000)) == 0
    assert floors.floor_of("wrong refusals", Value(1.0, 1000)) == 1


def test_measuring_again_makes_floors_stricter_and_never_milder() -> None:
    held = Floors("old", {"sentence": 0.8, "span": 0.5, "wrong refusals": 0.2, "calibration error": 0.3})
    better = {"sentence": Value(0.9, 1000), "span": Value(0.4, 1000), "wrong refusals": Value(0.1, 1000)}
    raised = floors.raised(held, "new", better)
    assert raised == Floors("new", {"sentence": 0.89, "span": 0.5, "wrong refusals": 0.11, "calibration error": 0.3})
    assert floors.shortfalls(better, raised.figures) == [
        "span: 0.400, held at 0.500",
        "calibration error: not measured",
    ]


def test_floors_are_lowered_only_where_that_is_asked_for() -> None:
    held = Floors("old", {"span": 0.5, "wrong refusals": 0.2})
    worse = {"span": Value(0.4, 1000), "wrong refusals": Value(0.3, 1000)}
    assert floors.raised(held, "old", worse).figures == held.figures
    assert floors.raised(held, "old", worse, lower=True).figures == {"span": 0.39, "wrong refusals": 0.31}


def test_the_flag_that_lowers_floors_does_nothing_by_itself(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        report.main(["--lower-floors"])
    assert "--lower-floors goes with --set-floors" in capsys.readouterr().err


def test_floors_are_read_as_they_were_written(tmp_path: Path) -> None:
    every = {"one": Floors("d1", {"kind plain": 0.5, "sentence": 0.125}), "two": Floors("d2", {"refusals": 1.0})}
    file = tmp_path / "floors.yaml"
    file.write_text(floors.written(every), "utf-8")
    assert floors.read(file) == every
    assert floors.written(floors.read()) == floors.FILE.read_text("utf-8")


def test_worse_answers_give_lower_figures() -> None:
    found = measured("newsroom_a")
    worse = replace(found.measures["sentence"], value=found.measures["sentence"].value - 0.5)
    told = replace(found, measures={**found.measures, "sentence": worse})
    missed = floors.shortfalls(floors.values(told), floors.read()["newsroom_a"].figures)
    assert any(each.startswith("sentence:") for each in missed)


def test_another_set_has_another_digest() -> None:
    assert digest([("a", b"x")]) != digest([("a", b"y")])
    assert digest([("a", b"x")]) != digest([("b", b"x")])
    assert digest([("a", b"xy"), ("b", b"")]) != digest([("a", b"x"), ("b", b"y")])


def test_the_report_prints_no_question_of_a_set() -> None:
    half = SETS["newsroom_b"].read()
    said = report.document({"newsroom_b": measured("newsroom_b")})
    assert measured("newsroom_b").misses == ()
    assert sum(query.text in said for query in half.queries) == 0


def test_a_report_that_says_otherwise_is_told_and_times_are_not_compared() -> None:
    one = report.document({"newsroom_a": measured("newsroom_a")})
    slower = replace(measured("newsroom_a"), latency=replace(measured("newsroom_a").latency, ms=(1e6,)))
    other = report.document({"newsroom_a": slower})
    assert one != other
    assert report.lasting(one) == report.lasting(other)
    fewer = replace(measured("newsroom_a"), questions=1)
    assert report.lasting(report.document({"newsroom_a": fewer})) != report.lasting(one)
