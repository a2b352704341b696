"""The page of an evaluation: it needs nothing from elsewhere, nothing in it is alive, and each miss is told."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser

import pytest

from corpus.collection import LIBRARY
from corpus.model import Span
from retrieval.evaluation import charts
from retrieval.evaluation.calibration import calibration, refusal_curve
from retrieval.evaluation.page import STYLE, page
from retrieval.evaluation.questions import Query, QuestionSet
from retrieval.evaluation.report import Miss, Report, report_of
from retrieval.evaluation.rules import Judged
from retrieval.explanation import Explanation, FoundPassage, Share, WeighedSentence
from retrieval.model import Answered, Citation, Evidence, NotInCorpus
from retrieval.question import parse

EVIL = '<script>alert("x")</script> & <img src=https://evil.example/x.png onerror=x>'
NOW = datetime(2021, 3, 1, tzinfo=UTC)


class Read(HTMLParser):
    """The tags of a page as a browser sees them; what is opened must be closed in its order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def evidence(text: str) -> Evidence:
    place = Citation(1, 1, LIBRARY, f"key {EVIL}", 1, f"Title {EVIL}", None, date(2021, 1, 1), None, 0, len(text))
    return Evidence(text, place, None, (Span(0, 8),))


def explanation(query: Query, shown: Evidence) -> Explanation:
    question = parse(query.text, NOW)
    shares = (Share(f"term {EVIL}", 2.5), Share("length", -0.5))
    found = FoundPassage(1, 2.0, shown.citation, f"Passage {EVIL}", shares)
    weighed = WeighedSentence(1, 1.5, 0.4, shown.citation, f"Sentence {EVIL}", f"Answer {EVIL}", shares, f"not {EVIL}")
    return Explanation(question, NotInCorpus(0.2, "-"), f"Reason {EVIL}", (found,), (weighed,))


def report() -> Report:
    shown = evidence(f"Evidence {EVIL}")
    query = Query("1", f"Who {EVIL}?", ("fizz",), (f"gold {EVIL}",), (f"span {EVIL}",), f"kind {EVIL}")
    impossible = Query("2", "Why?", kind="near-miss", answerable=False)
    judged = [
        Judged(query, NotInCorpus(0.2, f"Missing {EVIL}", (shown,)), 3.0, verbatim=(True,)),
        Judged(impossible, Answered(0.9, (shown,)), 12.0, verbatim=(True,)),
    ]
    made = report_of(QuestionSet(f"set {EVIL}", (query, impossible), (), "d" * 64), judged)
    return replace(made, misses=tuple(Miss(one, str(one.fault), explanation(one.query, shown)) for one in judged))


def test_nothing_of_a_question_or_an_article_is_alive_in_the_page() -> None:
    read = Read(page([report()]))
    names = {name for name, _ in read.tags}
    assert not names & {"script", "img", "link", "iframe", "object", "a", "form"}
    assert not [attributes for _, attributes in read.tags if any(name.startswith("on") for name in attributes)]
    assert "&lt;script&gt;" in page([report()])


def test_the_page_asks_for_nothing_from_elsewhere() -> None:
    made = page([report()])
    assert "default-src 'none'" in made
    assert not [given for _, given in Read(made).tags if {"href", "src", "style", "xlink:href"} & set(given)]
    assert not re.search(r"url\(|@import", STYLE)


def test_the_page_is_for_light_and_dark_and_for_small_screens() -> None:
    made = page([report()])
    assert "prefers-color-scheme:dark" in made
    assert "width=device-width" in made


def test_a_miss_is_told_stage_by_stage() -> None:
    made = page([report()])
    for stage in ("Expected", "Given: not in the articles", "Why", "The question as it was read", "Passages found"):
        assert stage in made
    for told in ("Sentences weighed", "kept out: not", "refused though an article answers it", "+2.50", "-0.50"):
        assert told in made


def test_misses_of_a_withheld_set_are_counted_and_not_shown() -> None:
    made = page([replace(report(), withheld=True, misses=())])
    assert "What went wrong (2)" in made
    assert "its questions are not shown" in made
    assert "Who " not in made


def test_a_page_says_how_many_misses_it_leaves_out() -> None:
    assert "2 of 7 are explained here." in page([replace(report(), missed=7)])


def test_a_set_without_kinds_curves_or_misses_makes_a_page_too() -> None:
    query = Query("1", "Who?", ("fizz",))
    made = page([report_of(QuestionSet("plain", (query,), (), "0" * 64), [Judged(query, Answered(0.9, ()))])])
    Read(made)
    assert "By kind" not in made
    assert "What went wrong" not in made
    Read(page([report_of(QuestionSet("empty", (), (), "0" * 64), [])]))


@pytest.mark.parametrize("times", [(0.0,), (1.0,), (0.5, 3.0, 900.0)])
def test_every_drawing_stays_within_its_frame(times: tuple[float, ...]) -> None:
    curve = refusal_curve([0.2, 0.9], [0.1, 0.4])
    found = calibration([(0.05, 0.0), (0.95, 1.0)])
    assert curve is not None
    assert found is not None
    drawn = [
        charts.roc(curve),
        charts.reliability(found),
        charts.bars([("a", 1.0, "1.00 of 3"), ("b", 0.0, "0.00 of 3")]),
        charts.histogram(times, [("p50", times[0]), ("p95", times[-1])]),
    ]
    for one in drawn:
        _, _, wide, high = map(float, re.findall(r'viewBox="([^"]+)"', one)[0].split())
        across = [float(n) for n in re.findall(r' (?:x|x1|x2|cx)="([^"]+)"', one)]
        down = [float(n) for n in re.findall(r' (?:y|y1|y2|cy)="([^"]+)"', one)]
        assert 0 <= min(across) <= max(across) <= wide
        assert 0 <= min(down) <= max(down) <= high


def test_a_long_passage_is_cut_around_what_was_expected() -> None:
    passage = "Before " * 60 + "the gold words " + "after " * 60
    query = Query("1", "Who?", ("fizz",), ("the gold words",), ("gold",))
    place = Citation(1, 1, LIBRARY, "fizz", 1, "Fizz", None, None, None, 0, len(passage))
    found = FoundPassage(1, 2.0, place, passage, ())
    told = Explanation(parse(query.text, NOW), NotInCorpus(0.2, "-"), "-", (found,))
    miss = Miss(Judged(query, NotInCorpus(0.2, "-")), "refused", told)
    made = page([replace(report(), misses=(miss,))])
    assert "… Before" in made
    assert "<mark>the gold words</mark> after" in made
    assert "after …" in made
    assert passage not in made
