"""Differences between revisions: short, readable, bounded whatever the texts are."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.drafts import Line
from corpus.history import (
    MOST_LINE_CHARS,
    MOST_LINES,
    MOST_REVISIONS,
    MOST_SENTENCE_CHARS,
    difference,
    history_of,
    particulars,
)
from tests.fakes.drafts import article_of, draft

ARTICLE = article_of(draft("The judge denied it.", key="a"))


def shown(before: str, after: str) -> list[str]:
    return [f"{line.sign} {line.text}" for line in difference(before, after)]


def test_equal_texts_have_no_difference() -> None:
    assert difference("The judge denied it.", "The judge denied it.") == ()


def test_a_changed_sentence_is_shown_between_its_neighbours() -> None:
    before = "One is here. Two is here. Three is here. Four is here. Five is here."
    assert shown(before, before.replace("Three is", "Three was")) == [
        "  Two is here.",
        "- Three is here.",
        "+ Three was here.",
        "  Four is here.",
    ]


def test_changes_far_apart_are_shown_with_a_mark_for_what_lies_between() -> None:
    before = " ".join(f"Sentence {number} is here." for number in range(20))
    after = before.replace("Sentence 2 is", "Sentence 2 was").replace("Sentence 15 is", "Sentence 15 was")
    assert [line.sign for line in difference(before, after)] == [" ", "-", "+", " ", " ", " ", "-", "+", " "]
    assert Line(" ", "…") in difference(before, after)


def test_added_and_removed_paragraphs_are_shown() -> None:
    assert shown("One is here.", "One is here.\n\nTwo is here.") == ["  One is here.", "+ Two is here."]
    assert shown("One is here.\n\nTwo is here.", "Two is here.") == ["- One is here.", "  Two is here."]


def test_a_text_that_was_only_broken_differently_says_so() -> None:
    assert shown("The judge\ndenied it.", "The judge denied  it.")[0].startswith(("  Only", "-"))
    assert shown("The judge denied it.\n\nHe left.", "The judge denied it. He left.") == [
        "  Only line breaks and spaces differ."
    ]


def test_a_text_written_anew_is_cut_with_the_number_of_lines_left_out() -> None:
    before = "\n\n".join(f"Paragraph {number} was here." for number in range(100))
    after = "\n\n".join(f"Another {number} is there." for number in range(100))
    lines = difference(before, after)
    assert len(lines) == MOST_LINES + 1
    assert lines[-1] == Line(" ", "… and 140 more lines")


@pytest.mark.parametrize("count", [3_000, 20_000])
def test_long_texts_that_differ_everywhere_are_not_matched_line_by_line(count: int) -> None:
    before = "\n\n".join(f"The judge read page {number}." for number in range(count))
    after = "\n\n".join(f"A clerk wrote page {number}." for number in range(count))
    assert len(difference(before, after)) == MOST_LINES + 1


def test_a_long_text_is_compared_by_paragraphs() -> None:
    filler = "The court heard the case again and again. " * 10
    before = "\n".join(f"{number} {filler}" for number in range(MOST_SENTENCE_CHARS // len(filler) + 10))
    lines = difference(before, before.replace("\n7 The", "\n7 A"))
    assert [line.sign for line in lines] == [" ", "-", "+", " "]
    assert all(len(line.text) <= MOST_LINE_CHARS for line in lines)


@given(st.text("ab .\n", max_size=200), st.text("ab .\n", max_size=200))
def test_any_difference_is_bounded_and_none_exists_where_texts_are_equal(before: str, after: str) -> None:
    lines = difference(before, after)
    assert len(lines) <= MOST_LINES + 1
    assert all(line.sign in {"+", "-", " "} and len(line.text) <= MOST_LINE_CHARS for line in lines)
    assert bool(lines) == (before != after)


def test_a_change_far_behind_in_a_long_line_is_shown_where_it_is() -> None:
    long = "The court heard that " + "and again that " * 40
    [old, new] = difference(f"{long}the judge denied it.", f"{long}the judge allowed it.")
    assert old.text.startswith("…")
    assert old.text.endswith("the judge denied it.")
    assert new.text.endswith("the judge allowed it.")


def test_changed_particulars_are_named_with_before_and_after() -> None:
    after = replace(ARTICLE, title="B", authors=("Jane Doe", "John Roe"), published=date(2021, 1, 21), partial=True)
    assert particulars(ARTICLE, after) == (
        ("title", "A ruling", "B"),
        ("date", "", "2021-01-21"),
        ("authors", "", "Jane Doe; John Roe"),
        ("excerpt", "no", "yes"),
    )


def test_a_history_begins_with_the_newest_revision_and_the_oldest_changes_nothing() -> None:
    second = replace(ARTICLE, revision=2, text="The judge allowed it.")
    newest, oldest = history_of([ARTICLE, second])
    assert (newest.article, oldest.article) == (second, ARTICLE)
    assert [line.sign for line in newest.lines] == ["-", "+"]
    assert (oldest.particulars, oldest.lines) == ((), ())


def test_a_long_history_tells_of_the_newest_revisions_only() -> None:
    revisions = [replace(ARTICLE, revision=number, title=f"Title {number}") for number in range(1, MOST_REVISIONS + 10)]
    entries = history_of(revisions)
    assert [entry.article.revision for entry in entries] == list(range(MOST_REVISIONS + 9, 9, -1))
    assert all(entry.particulars for entry in entries)


def test_as_many_revisions_as_are_told_of_are_all_told_of() -> None:
    revisions = [replace(ARTICLE, revision=number) for number in range(1, MOST_REVISIONS + 1)]
    assert [entry.article.revision for entry in history_of(revisions)] == list(range(MOST_REVISIONS, 0, -1))
    assert [entry.article.revision for entry in history_of(revisions[:1])] == [1]
