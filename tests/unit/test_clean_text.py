"""Pasted text becomes the article's text, and what was taken out is told."""

from __future__ import annotations

import pytest

from corpus.clean import CHARACTER_STEPS, apply_steps, clean

PASTED = """\
TECH
Regulator fines the map maker

By Ann Bell and Carl Dorn
Published Mon, March 1 2021 9:15 AM EST

Key Points
  • The fine is the first under the new law.
  • The map maker will appeal.

In this article

The map maker's logo is seen on a phone in Lisbon.
Eve Frost | Agency Nord | Getty Images

A regulator has fined the map maker for selling the places its users went to.

The company said:

“We will appeal.”

READ MORE: What the new law says

Users were never asked, the regulator found.
Sign up for our newsletter to get more stories like this.

Why the map maker was fined: an explainer in two minutes
Why the map maker was fined: an explainer in two minutes"""


def test_noise_goes_and_every_sentence_stays() -> None:
    assert clean(PASTED).text == (
        "• The fine is the first under the new law.\n"
        "• The map maker will appeal.\n\n"
        "A regulator has fined the map maker for selling the places its users went to.\n\n"
        "The company said:\n\n“We will appeal.”\n\n"
        "Users were never asked, the regulator found."
    )


def test_the_first_headline_is_the_title_and_the_byline_names_the_authors() -> None:
    cleaned = clean(PASTED)
    assert cleaned.title == "Regulator fines the map maker"
    assert cleaned.authors == ("Ann Bell", "Carl Dorn")


def test_what_was_dropped_is_told_with_its_rule() -> None:
    assert [(aside.rule, aside.line[:20]) for aside in clean(PASTED).dropped] == [
        ("section-label", "TECH"),
        ("byline", "By Ann Bell and Carl"),
        ("time-stamp", "Published Mon, March"),
        ("label", "Key Points"),
        ("label", "In this article"),
        ("photo-caption", "The map maker's logo"),
        ("photo-credit", "Eve Frost | Agency N"),
        ("read-more", "READ MORE: What the "),
        ("prompt", "Sign up for our news"),
        ("doubled-line", "Why the map maker wa"),
        ("doubled-line", "Why the map maker wa"),
    ]


def test_an_odd_short_line_is_flagged_and_stays() -> None:
    cleaned = clean(
        "A title\n\nThe court ruled today.\n\nSouth Lawn, evening\n\nIt was late:\n\na long day\n\n- a point"
    )
    assert [aside.line for aside in cleaned.flagged] == ["South Lawn, evening"]
    assert "South Lawn, evening" in cleaned.text


def test_a_given_title_is_not_repeated_in_the_text() -> None:
    cleaned = clean("Judge’s Ruling stands\nThe court ruled today.", title="Judge's ruling stands")
    assert (cleaned.title, cleaned.text) == ("Judge's ruling stands", "The court ruled today.")


@pytest.mark.parametrize(
    "first",
    [
        "The court ruled today.",
        "• The court ruled",
        "He said it:",
        "x " * 101,
        "“It is over.”",
    ],
)
def test_a_first_line_that_is_no_headline_stays_in_the_text(first: str) -> None:
    cleaned = clean(f"{first}\n\nThe second sentence is here.")
    assert cleaned.title is None
    assert cleaned.text.startswith(first.strip())


@pytest.mark.parametrize(
    "first", ["Can the court do that?", "Fine for Map Inc.", "Court sides with the U.S.", "# A heading"]
)
def test_a_headline_may_end_in_a_question_or_an_abbreviation(first: str) -> None:
    assert clean(f"{first}\n\nThe second sentence is here.").title == first.removeprefix("# ")


def test_the_first_line_of_a_wrapped_text_is_no_title() -> None:
    raw = "The court ruled on Monday that the company may keep\nits servers offline until the trial."
    assert (clean(raw).title, clean(raw).text) == (None, raw)


def test_a_text_of_one_line_keeps_it() -> None:
    assert clean("Court rules for company").text == "Court rules for company"


def test_a_caption_apart_from_its_credit_goes_only_where_it_reads_like_one() -> None:
    shown = "Title here now\n\nThe judge arrives at the court on Monday.\n\nAnn Bell | Getty Images\n\nThe trial began."
    said = "Title here now\n\nThe judge sent the jury home.\n\nAnn Bell | Getty Images\n\nThe trial began."
    assert clean(shown).text == "The trial began."
    assert clean(said).text == "The judge sent the jury home.\n\nThe trial began."


def test_paragraphs_without_blank_lines_are_not_taken_for_captions() -> None:
    raw = "Title here now\nThe judge sent the jury home.\nAnn Bell | Getty Images\nThe trial began.\nIt went on."
    assert clean(raw).text == "The judge sent the jury home.\nThe trial began.\nIt went on."


def test_of_a_sentence_that_stands_twice_in_a_row_one_stays() -> None:
    raw = "Title here now\n\nThe court ruled today.\n\nThe court ruled today.\n\nIt was late."
    assert clean(raw).text == "The court ruled today.\n\nIt was late."


def test_short_answers_may_repeat() -> None:
    raw = "Title here now\n\nIs it so?\n\nYes, it is.\n\nStill?\n\nYes, it is."
    assert clean(raw).text.count("Yes, it is.") == 2


def test_a_pull_quote_goes_where_its_words_stand_in_the_text() -> None:
    quote = "nobody was ever asked about the sale of data"
    paragraph = f"She wrote that “{quote}” and left."
    assert clean(f"Title here now\n\n“{quote}”\n\n{paragraph}").text == paragraph


def test_a_video_title_joined_to_itself_goes() -> None:
    doubled = "Why the map maker was fined in March" * 2
    assert clean(f"Title here now\n\nThe court ruled today.\n\n{doubled}").text == "The court ruled today."


@pytest.mark.parametrize(
    ("raw", "tidy"),
    [
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("soft\u00adhyphen zero\u200bwidth \ufeffmark", "softhyphen zerowidth mark"),
        ("right\u202eto left\u2066", "rightto left"),
        ("bell\x07 nul\x00", "bell nul"),
        ("a\u00a0b\u2009c\td", "a b c d"),
        ("Cafe\u0301 and A\u030angstro\u0308m", "Café and Ångström"),
        ("  indented  \n\tmore\t", "indented\nmore"),
        ("half \ud800 pair", "half  pair"),
        ("👩\u200d💻 a\u200db", "👩\u200d💻 ab"),
    ],
)
def test_characters_are_put_in_order(raw: str, tidy: str) -> None:
    assert apply_steps(raw, CHARACTER_STEPS) == tidy


def test_of_a_whole_page_the_articles_own_words_are_left() -> None:
    raw = "\ufeffA title\r\n\r\nAdvertisement\r\n\r\nThe cafe\u0301 in\u00a0Lisbon was closed.  \r\n"
    assert clean(raw).text == "The café in Lisbon was closed."
