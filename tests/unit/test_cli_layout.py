"""Answers as they are read at the terminal: laid out with care, plain where nobody looks, harmless always."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.text import Text

from bot.signs import one_line, visible
from bot.terminal.answers import blocks_of, blocks_of_hits
from bot.terminal.face import Block, Face
from corpus.collection import LIBRARY
from corpus.model import Article, Passage, Span
from retrieval.answer import Found
from retrieval.index import Hit
from retrieval.model import Answer, Answered, Citation, Evidence, NeedsDetail, NotAQuestion, NotInCorpus, Partial, Topic

TODAY = date(2026, 2, 1)
CITATION = Citation(
    1, 7, LIBRARY, "byron-2021", 1, "Byron rules", "The Daily", date(2021, 1, 21), "https://daily.example/1", 0, 26
)
EVIDENCE = Evidence("Judge Ada Byron signed it.", CITATION, Span(6, 15), (Span(6, 15),))
HOSTILE = "\x1b[31mred\x1b]8;;http://evil.example\x07link\x9b2J\u202eback[bold]no[/bold]\r:smile:"


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def shown(answer: Answer, stream: io.StringIO | None = None) -> str:
    stream = stream or io.StringIO()
    Face(stream, io.StringIO()).show(blocks_of(answer, TODAY))
    return stream.getvalue()


def test_an_answer_shows_the_short_answer_the_sentence_and_where_it_stands() -> None:
    assert shown(Answered(0.9, (EVIDENCE,))) == (
        "Ada Byron\n"
        "\n"
        "[1] “Judge Ada Byron signed it.”\n"
        "    Byron rules\n"
        "    The Daily, 21 January 2021 (5 years ago)\n"
        "    https://daily.example/1\n"
        "\n"
    )


def test_a_short_answer_that_several_sentences_give_is_told_once() -> None:
    twice = (EVIDENCE, replace(EVIDENCE, citation=replace(CITATION, number=2)))
    assert shown(Answered(0.9, twice)).startswith("Ada Byron\n\n[1]")


def test_an_article_without_date_publication_and_link_says_so_shortly() -> None:
    bare = replace(EVIDENCE, answer=None, citation=replace(CITATION, publication=None, published=None, url=None))
    assert shown(Answered(0.9, (bare,))) == "[1] “Judge Ada Byron signed it.”\n    Byron rules\n    no date\n\n"


def test_a_partial_answer_says_what_is_not_stated() -> None:
    assert "\nNot stated: the day\n" in shown(Partial(0.6, (EVIDENCE,), "the day"))


@pytest.mark.parametrize(
    "answer",
    [
        NotInCorpus(0.1, "No article covers this.", (EVIDENCE,)),
        NeedsDetail(0.1, "Which of the two?", ("Epic v. Apple", "Epic v. Google"), (EVIDENCE,)),
    ],
)
def test_a_refusal_begins_with_what_is_missing_and_claims_nothing(answer: NotInCorpus | NeedsDetail) -> None:
    lines = shown(answer).splitlines()
    assert lines[0] == answer.missing
    place = lines.index("Closest passages (they do not answer this):")
    assert any("Judge Ada Byron" in line for line in lines[place:])
    assert not any("Ada Byron" in line for line in lines[:place])


def test_the_cases_to_choose_from_are_listed() -> None:
    text = shown(NeedsDetail(0.1, "Which?", ("Epic v. Apple", "Epic v. Google")))
    assert "  • Epic v. Apple\n  • Epic v. Google\n" in text


@pytest.mark.parametrize("topic", Topic)
def test_small_talk_gets_help(topic: Topic) -> None:
    assert "for example: amicus ask" in shown(NotAQuestion(topic))


OTHERWISE = replace(
    EVIDENCE, text="Judge Mary Shelley did.", answer=Span(6, 18), highlights=(), citation=replace(CITATION, title="No")
)


def test_what_articles_say_otherwise_stands_behind_the_first_evidence_without_a_verdict() -> None:
    lines = shown(Answered(0.9, (EVIDENCE, EVIDENCE), conflicts=(OTHERWISE,))).splitlines()
    assert lines[0] == "Articles differ on this; which is right is left open."
    assert [line for line in lines if line.startswith("[") or line.endswith(":")] == [
        "[1] “Judge Ada Byron signed it.”",
        "Another article says:",
        "[2] “Judge Mary Shelley did.”",
        "Further evidence:",
        "[3] “Judge Ada Byron signed it.”",
    ]
    assert "Ada Byron" not in lines


@pytest.mark.parametrize(("polarity", "word"), [(True, "Yes"), (False, "No")])
def test_the_yes_or_no_stands_in_front_of_the_sentence_that_says_it(polarity: bool, word: str) -> None:  # noqa: FBT001
    bare = replace(EVIDENCE, answer=None)
    text = shown(Answered(0.9, (bare, bare), polarity=polarity))
    assert text.startswith(f"[1] {word}. “Judge Ada Byron signed it.”\n")
    assert "[2] “Judge" in text


def test_questions_to_ask_instead_are_listed() -> None:
    text = shown(NotInCorpus(0.1, "No article.", did_you_mean="who is Ada Byron?", related=("Who signed?", "When?")))
    assert text == (
        "No article.\nDid you mean: who is Ada Byron?\n"
        "Questions near this one that the corpus answers:\n  • Who signed?\n  • When?\n"
    )


def test_notes_are_shown() -> None:
    assert "Note: one article is in French\n" in shown(Answered(0.9, (EVIDENCE,), ("one article is in French",)))


def test_away_from_a_terminal_nothing_is_wrapped_or_styled() -> None:
    long = replace(EVIDENCE, text="Judge Ada Byron " + "and so on " * 50)
    text = shown(Answered(0.9, (long,)))
    assert visible(long.text) in text
    assert "\x1b" not in text


def test_at_a_terminal_the_answer_is_picked_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[1;32mAda Byron\x1b[0m" in shown(Answered(0.9, (EVIDENCE,)), Screen())


def test_no_colour_is_used_where_none_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    text = shown(Answered(0.9, (EVIDENCE,)), Screen())
    assert "\x1b[1mAda Byron\x1b[0m" in text
    assert "32m" not in text


def test_at_a_terminal_long_texts_are_wrapped_with_their_indent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("NO_COLOR", "1")
    title = "A title that is longer than what one line of this terminal holds"
    text = shown(Answered(0.9, (replace(EVIDENCE, citation=replace(CITATION, title=title)),)), Screen())
    wrapped = [line for line in text.splitlines() if line.startswith("    ")]
    assert max(map(len, text.splitlines())) <= 60
    assert len(wrapped) > 3


def test_texts_of_others_can_not_control_the_terminal() -> None:
    citation = replace(CITATION, title=HOSTILE, publication=HOSTILE, url=HOSTILE)
    hostile = Evidence(HOSTILE, citation, Span(0, 8), ())
    text = shown(Partial(0.5, (hostile,), HOSTILE, (hostile,), (HOSTILE,)))
    text += shown(Answered(0.5, (hostile,), (), (hostile,)))
    text += shown(NotInCorpus(0.5, HOSTILE, (), (), HOSTILE, (HOSTILE,)))
    assert not set(text) & set("\x1b\x07\x9b\r\u202e")
    assert "[bold]no[/bold]" in text
    assert ":smile:" in text


def test_hits_of_a_search_are_shown_with_rank_and_place() -> None:
    article = Article(7, LIBRARY, "byron-2021", 1, "Byron rules", "Judge Ada Byron signed it.")
    stream = io.StringIO()
    found = [Found(Hit(1, 7, 2.5), article, Passage(Span(0, 26), (Span(0, 26),), 1))]
    Face(stream, io.StringIO()).show(blocks_of_hits(found, TODAY))
    assert stream.getvalue() == (
        "1. Byron rules  2.50\n   no date\n   byron-2021 [0:26]\n   Judge Ada Byron signed it.\n\n"
    )


def test_a_search_without_hits_says_so() -> None:
    assert [block.text.plain for block in blocks_of_hits([], TODAY)] == ["No passage holds these words."]


@given(st.text())
def test_neutral_text_keeps_its_length_and_can_be_written(text: str) -> None:
    found = visible(text)
    assert len(found) == len(text)
    found.encode("utf-8")
    assert not any(ord(c) < 0x20 and c not in "\t\n" for c in found)


def test_blank_lines_of_a_text_stay() -> None:
    stream = io.StringIO()
    Face(stream, io.StringIO()).show([Block(Text("a\n\nb"), 2)])
    assert stream.getvalue() == "  a\n\n  b\n"


def test_a_title_is_one_line_of_visible_signs() -> None:
    assert one_line(" a\r\n\tb\u2028c\ufeff\x1b[31m\x7f ") == "a b\ufffdc\ufffd\u241b[31m\u2421"
