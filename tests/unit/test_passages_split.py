"""Passages are runs of sentences of about one size that respect paragraphs and quotations."""

from __future__ import annotations

import time

import pytest

from corpus.passages import PassageSize, sentences, split, word_count
from corpus.text import words

TEN = "This is a sentence of exactly ten words, it is."
SMALL = PassageSize(enough_words=20, most_words=40, few_words=10)


def paragraph(count: int) -> str:
    return " ".join([TEN] * count)


def sizes(text: str, size: PassageSize = SMALL) -> list[int]:
    return [len(passage.sentences) for passage in split(text, size)]


def test_no_text_has_no_passages() -> None:
    assert split("") == ()


def test_paragraphs_that_are_large_enough_are_passages() -> None:
    assert sizes("\n\n".join([paragraph(3)] * 3)) == [3, 3, 3]


def test_small_paragraphs_come_together() -> None:
    assert sizes("\n\n".join([TEN] * 6)) == [2, 2, 2]


def test_a_large_paragraph_is_cut_into_about_equal_parts() -> None:
    assert sizes(paragraph(6)) == [3, 3]
    assert sorted(sizes(paragraph(10))) == [3, 3, 4]


def test_a_small_rest_joins_what_is_before_it() -> None:
    assert sizes(paragraph(3) + "\n\nA short end.") == [4]


def test_a_heading_goes_with_what_follows() -> None:
    first, second = split(paragraph(3) + "\n\nWhat comes next for them\n\n" + paragraph(3), SMALL)[:2]
    assert len(first.sentences) + len(second.sentences) == 7


def test_a_quotation_over_several_paragraphs_stays_in_one_passage() -> None:
    text = f'{paragraph(2)}\n\n"{TEN}\n\n"{TEN}"\n\n{paragraph(2)}'
    quotes = [span.span.of(text) for span in split(text, SMALL) if '"' in span.span.of(text)]
    assert len(quotes) == 1
    assert quotes[0].count('"') == 3


def test_a_sentence_larger_than_a_passage_is_one() -> None:
    assert sizes("word " * 100 + "end. " + TEN) == [1, 1]


def test_characters_without_spaces_count_half_a_word() -> None:
    assert word_count("最高裁は two words") == 4.0


@pytest.mark.parametrize("text", ["តុលាការ", "တရားရုံး", "ศาลฎีกา", "ສານສູງສຸດ", "最高裁判所"])
def test_the_scripts_without_spaces_are_those_of_the_tokeniser(text: str) -> None:
    assert len(words(text)) > 1
    assert word_count(text) > len(words(text)) / 3


def test_a_passage_runs_from_its_first_sentence_to_its_last() -> None:
    text = f"  • {paragraph(2)}\n\n• {paragraph(5)}"
    for passage in split(text, SMALL):
        assert passage.span.start == passage.sentences[0].start
        assert passage.span.end == passage.sentences[-1].end
        assert passage.id == 0


@pytest.mark.parametrize(
    "text",
    [
        "word " * 200_000,
        "x" * 1_000_000,
        "“" * 300_000,
        '"a ' * 300_000,
        "." * 500_000,
        "a. B " * 100_000,
        "(" * 500_000,
        "•" * 500_000,
        "a\n" * 200_000,
    ],
    ids=["words", "one word", "openers", "quotes", "stops", "initials", "brackets", "bullets", "lines"],
)
def test_time_grows_with_the_text_only(text: str) -> None:
    began = time.process_time()
    passages = split(text)
    assert time.process_time() - began < 5.0
    assert all(len(span) <= 2_000 for passage in passages for span in passage.sentences)


def test_passages_hold_the_sentences_in_order() -> None:
    text = f"{paragraph(7)}\n\nA heading here\n\n{paragraph(2)}"
    assert tuple(span for passage in split(text, SMALL) for span in passage.sentences) == sentences(text)
