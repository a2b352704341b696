"""Spans say exactly where things stand, whatever the text is."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from corpus.clean import CHARACTER_STEPS, apply_steps, clean
from corpus.passages import PassageSize, sentences, split

WORDS = (
    "The court ruled.",
    "Mr.",
    "U.S.",
    "v.",
    "No. 5",
    "a",
    "B",
    "Apple Inc.",
    "Jan. 21",
    "said",
    "he",
    "x.Y",
    "word " * 9,
)
SIGNS = (*'“”"‘()«»「」•#…?!。؟1é😀', "- ", "* * *", "...", "---", "はい", "e\u0301", "\u1100\u1161")
SPACES = ("\n", "\n\n", " ", "  ", "\u00a0", "\u200b", "\r\n", "\t", "\u202e")
PIECES = st.sampled_from([*WORDS, *SIGNS, *SPACES])
MIXED = st.lists(PIECES, max_size=40)
TEXTS = st.one_of(MIXED.map("".join), MIXED.map(" ".join), st.text(max_size=80))
SIZES = st.sampled_from([PassageSize(), PassageSize(10, 20, 4, 60), PassageSize(1, 1, 1, 20)])
BETWEEN = re.compile(r"[\s•‣⁃▪▫◦●○■□➤►✓✔–—*·+\-#>=_~.|]*")


@given(TEXTS, SIZES)
def test_sentences_are_ordered_trimmed_and_apart(text: str, size: PassageSize) -> None:
    spans = sentences(text, size)
    assert all(span.of(text) == span.of(text).strip() != "" for span in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert all(len(span) <= size.sentence_chars for span in spans)


@given(TEXTS, SIZES)
def test_nothing_but_space_and_bullets_is_left_out(text: str, size: PassageSize) -> None:
    edges = [0, *(edge for span in sentences(text, size) for edge in (span.start, span.end)), len(text)]
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        assert BETWEEN.fullmatch(text[start:end]), text[start:end]


@given(TEXTS, SIZES)
def test_passages_hold_exactly_the_sentences(text: str, size: PassageSize) -> None:
    passages = split(text, size)
    assert tuple(span for passage in passages for span in passage.sentences) == sentences(text, size)
    assert all(
        (passage.span.start, passage.span.end) == (passage.sentences[0].start, passage.sentences[-1].end)
        for passage in passages
    )


@given(TEXTS)
def test_a_balanced_quotation_is_never_cut(text: str) -> None:
    plain = re.sub(r"[\"“”‘’«»「」„『』]", "", text).replace("\n", " ")[:150]
    quoted = f"She began: “{plain} and so on. It ended.” He left."
    start, end = quoted.index("“"), quoted.index("”")
    assert not any(start < span.start <= end for span in sentences(quoted))


@given(TEXTS)
def test_what_is_kept_stands_in_the_raw_text_in_the_same_order(raw: str) -> None:
    before = iter(unicodedata.normalize("NFC", raw))
    assert all(letter in before for letter in clean(raw).text if letter.isascii() and letter.isalnum())


@given(TEXTS)
def test_character_steps_leave_nothing_to_do(raw: str) -> None:
    once = apply_steps(raw, CHARACTER_STEPS)
    assert apply_steps(once, CHARACTER_STEPS) == once


SENTENCES = st.sampled_from(
    [
        "The court ruled for the map maker on Monday.",
        "“Nobody was asked,” the regulator wrote.",
        "Is the law clear enough for that?",
        "Register of Copyrights Ann Bell will decide.",
        "Photos were shown to the jury on Tuesday.",
        "The fine of 1.2 million euros is due in May, said U.S. officials.",
        "Related claims are pending, and more will follow.",
        "By then, the company had left the market.",
        "You have to read the order twice, she said.",
    ]
)
NOISE = st.sampled_from(
    [
        "Advertisement",
        "Ann Bell | Agency Nord | Getty Images",
        "READ MORE: What the law says",
        "Sign up for our newsletter here",
        "Share Tweet Email",
        "Updated 5:03 PM EST, Thu January 21, 2021",
        "© 2021 The Daily Courier. All rights reserved.",
        "5 min read",
        "In this article",
    ]
)


@given(st.lists(SENTENCES, min_size=1, max_size=9, unique=True), st.lists(NOISE, max_size=6), st.integers(1, 7))
def test_no_sentence_is_lost_and_no_noise_is_left(kept: list[str], noise: list[str], stride: int) -> None:
    lines = list(kept)
    for place, line in enumerate(noise):
        lines.insert((place * stride) % (len(lines) + 1), line)
    cleaned = clean("A title for it all\n\n" + "\n\n".join(lines))
    assert cleaned.text.split("\n\n") == kept
    assert cleaned.title == "A title for it all"
