"""The sentence spans of a passage as one short string, and back.

The string holds two numbers for each sentence: the gap since the end of the one before (for the first: since the
passage's start) and the length. Sentences ascend and do not overlap, so no number is negative.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.model import Passage, Span

if TYPE_CHECKING:
    from collections.abc import Sequence


def pack(passage: Passage) -> str:
    """The sentences of `passage` as numbers between spaces; raises ValueError where they overlap or stick out."""
    numbers: list[str] = []
    at = passage.span.start
    for sentence in passage.sentences:
        if sentence.start < at or sentence.end > passage.span.end:
            raise ValueError(f"sentence {sentence.start}..{sentence.end} is out of order in its passage")
        numbers.append(f"{sentence.start - at} {sentence.end - sentence.start}")
        at = sentence.end
    return " ".join(numbers)


def unpack(packed: str, start: int) -> tuple[Span, ...]:
    """The spans packed for a passage that begins at `start`, counted in the article's text."""
    numbers: Sequence[int] = [int(number) for number in packed.split()]
    spans: list[Span] = []
    at = start
    for gap, length in zip(numbers[::2], numbers[1::2], strict=True):
        at += gap + length
        spans.append(Span(at - length, at))
    return tuple(spans)
