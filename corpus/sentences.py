"""From text to sentences, by offsets into the text.

Every letter and digit of the text lies in exactly one sentence. A blank line always ends a sentence, a single newline
does unless the lines are one wrapped paragraph; a bullet's sign is not part of its sentence. A quotation (`"…"`, `“…”`,
`«…»`, `「…」`) is not cut, unless the sentence would grow longer than the caller allows.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from corpus.model import Span
from corpus.stops import ENDED, boundaries, inside

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(frozen=True, slots=True)
class Unit:
    """A stretch of text that no sentence leaves: a line, or the lines of a wrapped paragraph, without its bullet.

    `runs_on`: a quotation is open at its end and the next unit takes it up with an opening mark.
    """

    span: Span
    runs_on: bool = False


def units(text: str) -> Iterator[Unit]:
    """All stretches that hold something to read, in order."""
    waiting: Span | None = None
    for block in _blocks(text):
        for span in _joined(text, block):
            if waiting is not None:
                yield Unit(waiting, text[span.start] in '"“' and quotations(text, waiting)[1])
            waiting = span
    if waiting is not None:
        yield Unit(waiting)


def sentences_of(text: str, unit: Unit, most_chars: int) -> list[Span]:
    """The sentences of one unit, none longer than `most_chars`.

    What is longer is cut at the stops inside its quotations, then at white space.
    """
    stops = boundaries(text, unit.span)
    quoted, _ = quotations(text, unit.span)
    found: list[Span] = []
    for span in _cut(text, unit.span, [place for place in stops if not inside(place, quoted)]):
        if len(span) <= most_chars:
            found.append(span)
            continue
        within = stops[bisect_left(stops, span.start) : bisect_left(stops, span.end)]
        for part in _cut(text, span, within):
            found.extend(_chopped(text, part, most_chars))
    return found


def _cut(text: str, span: Span, places: Sequence[int]) -> list[Span]:
    """The trimmed, non-empty spans between the places where a new sentence begins."""
    edges = [span.start, *(place for place in places if span.start < place < span.end), span.end]
    spans = (_trimmed(text, start, end) for start, end in pairwise(edges))
    return [found for found in spans if len(found)]


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def _chopped(text: str, span: Span, most_chars: int) -> Iterator[Span]:
    """The span in parts of at most `most_chars` characters, cut at white space where there is some."""
    start = span.start
    while span.end - start > most_chars:
        limit = start + most_chars
        space = max(text.rfind(" ", start + 1, limit + 1), text.rfind("\n", start + 1, limit + 1))
        end = space if space > start else limit
        yield _trimmed(text, start, end)
        start = _trimmed(text, end, span.end).start
    yield Span(start, span.end)


# --- lines and paragraphs

_LINE = re.compile(r"[^\n]+")
_ALWAYS_BULLET = "•‣⁃▪▫◦●○■□➤►✓✔"
_MARKER = re.compile(rf"\s*(?:[{_ALWAYS_BULLET}]|[–—*·+-](?=\s)|\#{{1,6}}(?=\s)|>+(?=\s))?\s*")
_RULE_LINE = re.compile(rf"[\s*\-–—_=~#>·.|+{_ALWAYS_BULLET}]*")
_JOINING = re.compile(
    r"(?:,|\b(?:the|of|a|an|and|to|in|that|for|with|by|on|at|from|or|as|its|their|his|her|was|were|is|are))\Z"
)
_WORD = re.compile(r"\S{1,200}")


@dataclass(frozen=True, slots=True)
class _Line:
    """A trimmed line; `marked`: a bullet or a heading's sign stood before it."""

    span: Span
    marked: bool


def _blocks(text: str) -> Iterator[list[_Line]]:
    """Runs of lines between blank lines; lines of signs only (`***`, `---`) are left out."""
    block: list[_Line] = []
    last_end = 0
    for found in _LINE.finditer(text):
        blank_between = found.start() - last_end > 1
        last_end = found.end()
        line = found[0]
        if block and (blank_between or line.isspace()):
            yield block
            block = []
        if _RULE_LINE.fullmatch(line) is None:
            block.append(_trimmed_line(line, found.start()))
    if block:
        yield block


def _trimmed_line(line: str, offset: int) -> _Line:
    marker = _MARKER.match(line)
    begin = marker.end() if marker is not None else 0
    return _Line(Span(offset + begin, offset + len(line.rstrip())), bool(line[:begin].strip()))


def _joined(text: str, block: list[_Line]) -> Iterator[Span]:
    """The block's lines, those of a wrapped paragraph as one span."""
    wrapped = _is_wrapped(text, block)
    current = block[0].span
    for line, following in pairwise(block):
        if not following.marked and (wrapped or _goes_on(text, line, following)):
            current = Span(current.start, following.span.end)
        else:
            yield current
            current = following.span
    yield current


def _is_wrapped(text: str, block: list[_Line]) -> bool:
    """Whether a program broke these lines (three or more): none had room for the first word of the next."""
    if len(block) < 3 or any(line.marked for line in block[1:]):
        return False
    width = max(len(line.span) for line in block)
    return 40 <= width <= 120 and all(
        len(line.span) + 1 + _first_word_length(text, following.span) > width for line, following in pairwise(block)
    )


def _first_word_length(text: str, span: Span) -> int:
    found = _WORD.match(text, span.start, span.end)
    return len(found[0]) if found is not None else 0


def _goes_on(text: str, line: _Line, following: _Line) -> bool:
    """Whether the next line is the rest of this one: it begins small, or this one ends in a word that can't end it."""
    tail = text[max(line.span.start, line.span.end - 40) : line.span.end]
    if ENDED.search(tail) is not None:
        return False
    return text[following.span.start].islower() or _JOINING.search(tail) is not None


# --- quotations

_CLOSING = {"“": "”", "„": "“”", "«": "»", "「": "」", "『": "』"}
_QUOTE_MARK = re.compile('["“”„«»「」『』]')


def quotations(text: str, unit: Span) -> tuple[list[Span], bool]:
    """The quotations inside `unit`, ascending, and whether one is still open at its end.

    A mark that opens while one is open takes its place (the first was never closed), so a missing mark spoils one
    quotation only.
    """
    found: list[Span] = []
    opened: int | None = None
    for mark in _QUOTE_MARK.finditer(text, unit.start, unit.end):
        place = mark.start()
        if opened is not None and _closes(text, unit, opened, place):
            found.append(Span(opened, place + 1))
            opened = None
        elif mark[0] in _CLOSING or (
            mark[0] == '"' and (_may_open(text, unit, place) or (opened is None and _may_open_glued(text, unit, place)))
        ):
            opened = place
    return found, opened is not None


def _closes(text: str, unit: Span, opened: int, place: int) -> bool:
    sign = text[place]
    if text[opened] != '"':
        return sign in _CLOSING[text[opened]] or (sign == '"' and not _may_open(text, unit, place))
    return sign == "”" or (sign == '"' and not _may_open(text, unit, place))


def _may_open(text: str, unit: Span, place: int) -> bool:
    """Whether a straight mark clearly stands where a quotation begins: before a word and not after one."""
    before = text[place - 1] if place > unit.start else " "
    after = text[place + 1] if place + 1 < unit.end else " "
    return not after.isspace() and (before.isspace() or before in "([{—–-/“‘'")


def _may_open_glued(text: str, unit: Span, place: int) -> bool:
    """The same where none is open: after a stop that lost its white space too."""
    before = text[place - 1] if place > unit.start else " "
    after = text[place + 1] if place + 1 < unit.end else " "
    return after.isalnum() and before in ".,:;!?"
