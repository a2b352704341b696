"""From clean text to passages, by offsets into the text.

A passage is a contiguous run of sentences. Together the passages hold every sentence, in order; what lies between two
is white space and bullets. A quotation that runs on from one paragraph to the next stays in one passage where it fits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.model import Passage, Span
from corpus.sentences import sentences_of, units
from corpus.stops import CLOSING_MARKS, STOP_SIGNS
from corpus.text import UNSPACED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@dataclass(frozen=True, slots=True)
class PassageSize:
    """How large passages are, in words (a character of a script without spaces counts as half a word).

    A passage closes at a paragraph's end once it has `enough_words`, and before a sentence that would bring it over
    `most_words` (a single sentence may be longer); a paragraph of fewer than `few_words` joins the passage before it.
    No sentence is longer than `sentence_chars` characters: it is cut at the stops inside its quotations, then at
    white space.
    """

    enough_words: int = 60
    most_words: int = 110
    few_words: int = 20
    sentence_chars: int = 2_000


DEFAULT_SIZE = PassageSize()


def sentences(text: str, size: PassageSize = DEFAULT_SIZE) -> tuple[Span, ...]:
    """The sentences of `text`, in order, without overlap, free of white space at either end."""
    return tuple(span for unit in units(text) for span in sentences_of(text, unit, size.sentence_chars))


def split(text: str, size: PassageSize = DEFAULT_SIZE) -> tuple[Passage, ...]:
    """The passages of `text`: all its sentences, in order; a passage runs from its first sentence to its last."""
    groups: list[list[_Piece]] = []
    for paragraph in _paragraphs(text, size):
        _append(groups, paragraph, size)
    return tuple(
        Passage(Span(group[0].span.start, group[-1].span.end), tuple(piece.span for piece in group)) for group in groups
    )


_UNSPACED = re.compile(f"[{UNSPACED}]")
_STOPPED = re.compile(rf"[{STOP_SIGNS}:;][{CLOSING_MARKS}]*\Z")


def word_count(text: str) -> float:
    """The size of `text` in words; a character of a script without spaces counts as half a word."""
    unspaced = len(_UNSPACED.findall(text))
    return unspaced / 2 + len((_UNSPACED.sub(" ", text) if unspaced else text).split())


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence with its size in words; `heading` marks a short line without a stop: it belongs to what follows."""

    span: Span
    words: float
    heading: bool


def _piece(text: str, span: Span) -> _Piece:
    sentence = span.of(text)
    words = word_count(sentence)
    return _Piece(span, words, heading=words <= 15 and _STOPPED.search(sentence) is None)


def _paragraphs(text: str, size: PassageSize) -> Iterator[list[_Piece]]:
    """The sentences of a paragraph; of several, where a quotation runs on from one to the next."""
    paragraph: list[_Piece] = []
    for unit in units(text):
        paragraph.extend(_piece(text, span) for span in sentences_of(text, unit, size.sentence_chars))
        if not unit.runs_on:
            yield paragraph
            paragraph = []


def _words_in(pieces: Iterable[_Piece]) -> float:
    return sum(piece.words for piece in pieces)


def _append(groups: list[list[_Piece]], paragraph: list[_Piece], size: PassageSize) -> None:
    """Put a paragraph into the last group where both fit, else into groups of its own of about equal size."""
    words = _words_in(paragraph)
    if groups and _takes(groups[-1], words, size):
        groups[-1].extend(paragraph)
    else:
        groups.extend(_shares(paragraph, words, size))


def _takes(group: list[_Piece], words: float, size: PassageSize) -> bool:
    """Whether a group stays open for a paragraph of so many words."""
    held = _words_in(group)
    wanted = held < size.enough_words or words < size.few_words or group[-1].heading
    return wanted and held + words <= size.most_words


def _shares(paragraph: list[_Piece], words: float, size: PassageSize) -> Iterator[list[_Piece]]:
    """The paragraph in as few groups as the size allows, each near the mean, cut between sentences only."""
    wanted = max(1, -(-words // size.most_words))
    share = words / wanted
    group: list[_Piece] = []
    held, made = 0.0, 1
    for piece in paragraph:
        over = held + piece.words > size.most_words
        enough = held + piece.words / 2 > share and made < wanted
        if group and (over or enough):
            yield group
            group, held, made = [], 0.0, made + 1
        group.append(piece)
        held += piece.words
    if group:
        yield group
