"""What changed from one revision of an article to the next, for people to read: particulars, and lines of the text."""

from __future__ import annotations

from difflib import SequenceMatcher
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from corpus.drafts import HistoryEntry, Line
from corpus.passages import sentences

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from corpus.model import Article

MOST_REVISIONS: Final = 50
"""So many of the newest revisions are told of."""
MOST_LINES: Final = 60
"""So many lines a difference has at most, one more for what is left out aside."""
MOST_LINE_CHARS: Final = 400
MOST_SENTENCE_CHARS: Final = 200_000
"""Longer texts are compared by paragraphs: finding sentences takes a second for a million characters."""
MOST_UNITS: Final = 1_500
"""Of so many sentences or paragraphs that differ on a side, more are not matched with one another."""
_CONTEXT: Final = 1
_LEAD_CHARS: Final = 80
_LEFT_OUT: Final = Line(" ", "…")


def history_of(revisions: Sequence[Article]) -> list[HistoryEntry]:
    """The newest revisions, the newest first, each with what it changed; `revisions` are in order, the oldest first."""
    entries = [
        HistoryEntry(after, particulars(before, after), difference(before.text, after.text))
        for before, after in pairwise(revisions[-MOST_REVISIONS - 1 :])
    ]
    if len(revisions) <= MOST_REVISIONS:
        entries = [*(HistoryEntry(first) for first in revisions[:1]), *entries]
    return entries[::-1]


def particulars(before: Article, after: Article) -> tuple[tuple[str, str, str], ...]:
    """The particulars that differ as (name, before, after); what is not given is an empty text."""
    return tuple(
        (name, old, new)
        for (name, old), (_, new) in zip(_particulars(before), _particulars(after), strict=True)
        if old != new
    )


def _particulars(article: Article) -> Iterator[tuple[str, str]]:
    yield "title", article.title
    yield "publication", article.publication or ""
    yield "date", article.published.isoformat() if article.published else ""
    yield "link", article.url or ""
    yield "authors", "; ".join(article.authors)
    yield "language", article.language
    yield "excerpt", "yes" if article.partial else "no"


def difference(before: str, after: str) -> tuple[Line, ...]:
    """The lines taken out and put in, each with a line around it; empty where the texts are equal.

    A line is a sentence, of a long text a paragraph, without its line breaks. At most `MOST_LINES` lines of at most
    `MOST_LINE_CHARS` characters, and one that says how many more there are.
    """
    if before == after:
        return ()
    by_sentence = max(len(before), len(after)) <= MOST_SENTENCE_CHARS
    old, new = (_units(text, by_sentence=by_sentence) for text in (before, after))
    if old == new:
        return (Line(" ", "Only line breaks and spaces differ."),)
    lines = list(_compared(old, new))
    shown = tuple(Line(line.sign, _cut(line.text)) for line in lines[:MOST_LINES])
    left = sum(line.sign != " " for line in lines[MOST_LINES:])
    more = f"… and {left:,} more {'line' if left == 1 else 'lines'}"
    return (*shown, Line(" ", more)) if left else shown


def _units(text: str, *, by_sentence: bool) -> list[str]:
    parts = (span.of(text) for span in sentences(text)) if by_sentence else text.split("\n")
    return [unit for part in parts if (unit := " ".join(part.split()))]


def _compared(old: list[str], new: list[str]) -> Iterator[Line]:
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    around = max(0, head - _CONTEXT)
    within = _Part(old[around : len(old) - tail + _CONTEXT], new[around : len(new) - tail + _CONTEXT])
    if max(len(old), len(new)) - head - tail > MOST_UNITS:
        yield from within.unmatched(head - around, min(tail, _CONTEXT))
    else:
        yield from within.matched()


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    """How many units both begin with."""
    most = min(len(old), len(new))
    return next((place for place in range(most) if old[place] != new[place]), most)


class _Part:
    """The part of two texts in which they differ, with the units just around it."""

    def __init__(self, old: list[str], new: list[str]) -> None:
        self._old = old
        self._new = new

    def matched(self) -> Iterator[Line]:
        """What was taken out stands before what came in its place."""
        groups = SequenceMatcher(None, self._old, self._new).get_grouped_opcodes(_CONTEXT)
        for number, group in enumerate(groups):
            if number:
                yield _LEFT_OUT
            for tag, start, end, new_start, new_end in group:
                old, new = self._old[start:end], self._new[new_start:new_end]
                if tag == "replace" and len(old) == len(new):
                    old, new = _focused(old, new)
                yield from _signed(" " if tag == "equal" else "-", old)
                yield from _signed("+", new if tag != "equal" else [])

    def unmatched(self, head: int, tail: int) -> Iterator[Line]:
        """All of the old is taken out and all of the new put in."""
        yield from _signed(" ", self._old[:head])
        yield from _signed("-", self._old[head : len(self._old) - tail])
        yield from _signed("+", self._new[head : len(self._new) - tail])
        yield from _signed(" ", self._old[len(self._old) - tail :])


def _focused(old: list[str], new: list[str]) -> tuple[list[str], list[str]]:
    """The same lines; of a long one, what is alike at the beginning of both is left out but for the last words."""
    for place, pair in enumerate(zip(old, new, strict=True)):
        if max(map(len, pair)) > MOST_LINE_CHARS:
            alike = _common(*pair) - _LEAD_CHARS
            start = pair[0].rfind(" ", 0, max(0, alike)) + 1
            if start > 0:
                old[place], new[place] = (f"…{line[start:]}" for line in pair)
    return old, new


def _signed(sign: str, units: Sequence[str]) -> Iterator[Line]:
    return (Line(sign, unit) for unit in units)


def _cut(text: str) -> str:
    if len(text) <= MOST_LINE_CHARS:
        return text
    cut = text[: MOST_LINE_CHARS - 1]
    return cut[: cut.rfind(" ") if " " in cut else None].rstrip() + "…"
