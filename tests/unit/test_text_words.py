"""Words with offsets, and folding: what the analyser, passages and duplicates share."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.text import fold, forms, words

any_text = st.text(max_size=200)


@given(any_text)
@example("Häfen² AT&T's U.S. 4:20-cv-05640 ﬁne Ⅷ ｗｉｄｅ e\u0301 日本 कि 👩‍🚀 ß İ")
def test_words_are_in_order_without_overlap_and_inside_the_text(text: str) -> None:
    end = 0
    for word in words(text):
        assert end <= word.start < word.end <= len(text)
        end = word.end


@given(any_text)
@example("The Harbor's U.S. court — AT&T v. A.W.S., 12,167,719")
def test_the_form_is_made_of_what_stands_at_the_words_place(text: str) -> None:
    for word in words(text):
        assert words(text[word.start : word.end])[0].form == word.form
        assert word.form


def test_no_character_makes_a_word_without_a_form() -> None:
    blank = [hex(code) for code in range(0x10000) if any(not word.form.strip() for word in words(chr(code)))]
    assert blank == []


def test_marks_of_scripts_without_spaces_are_no_words_of_their_own() -> None:
    assert forms("ผู้") == ["ผ"]


@given(any_text)
def test_forms_are_the_forms_of_the_words(text: str) -> None:
    assert forms(text) == [word.form for word in words(text)]


@given(any_text)
def test_no_ascii_letter_or_digit_is_outside_of_all_words(text: str) -> None:
    covered = {i for word in words(text) for i in range(word.start, word.end)}
    assert all(i in covered for i, sign in enumerate(text) if sign.isascii() and sign.isalnum())


@given(st.text(max_size=80))
def test_folding_leaves_no_marks_and_no_capitals_that_have_small_letters(text: str) -> None:
    folded = fold(text)
    assert not any(unicodedata.combining(sign) for sign in folded)
    assert folded.isascii() is False or folded == folded.lower()


@given(st.text(alphabet=st.characters(max_codepoint=0x24F), max_size=40))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Élargi", "elargi"),
        ("E\u0301largi", "elargi"),
        ("ＷＩＤＥ", "wide"),
        ("Straße", "strasse"),
        ("ﬁne", "fine"),
        ("Ålesund", "alesund"),
        ("plain ASCII", "plain ascii"),
        ("", ""),
    ],
)
def test_case_accents_and_width_make_no_difference(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Harbor's tide", ["the", "harbor", "tide"]),
        ("the judges’ robes", ["the", "judges", "robes"]),
        ("don't shan’t", ["don't", "shan't"]),
        ("A.W.S. and AWS", ["aws", "and", "aws"]),
        ("the U.S. told us", ["the", "u.s.", "told", "us"]),
        ("US law", ["u.s.", "law"]),
        ("AT&T sued", ["at&t", "sued"]),
        ("docket 4:20-cv-05640", ["docket", "4:20-cv-05640"]),
        ("$12,167,719 or 4.34", ["12167719", "or", "4.34"]),
        ("the 5th, 230b", ["the", "5th", "230b"]),
        ("end-to-end", ["end", "to", "end"]),
        ("Ton-That", ["ton", "that"]),
        ("日本 law", ["日", "本", "law"]),
        ("snake_case", ["snake", "case"]),
        ("¿Qué?", ["que"]),
        ("", []),
        ("… — !", []),
    ],
)
def test_what_counts_as_a_word(text: str, expected: list[str]) -> None:
    assert forms(text) == expected


def test_an_acronym_at_the_end_of_a_sentence_takes_its_last_dot() -> None:
    [*_, last] = words("He left the U.S.")
    assert (last.form, last.start, last.end) == ("u.s.", 12, 16)


def test_a_number_does_not_take_the_dot_that_ends_the_sentence() -> None:
    [*_, last] = words("It cost 12.")
    assert (last.start, last.end) == (8, 10)


def test_a_very_long_run_of_letters_is_one_word() -> None:
    assert [len(form) for form in forms("x" * 100_000)] == [100_000]
