"""A quoted text within a budget: whole where it fits, else cut at a word, visibly, never inside a quotation."""

from __future__ import annotations

import re
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from bot.limits import measure
from bot.views import markup
from corpus.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

CUT: Final = "[…]"
_CUT_COST: Final = 2 * (len(CUT) + 1)
_QUOTATIONS: Final = re.compile(r"“[^”]*(?:”|\Z)|„[^“”]*(?:[“”]|\Z)|«[^»]*(?:»|\Z)|\"[^\"]*(?:\"|\Z)")


def block_quote(text: str, bold: Sequence[Span], budget: int) -> str | None:
    """`text` as an escaped block quote of at most `budget`, `bold` in bold face.

    A text that is too long is cut so that the first span of `bold` stays; None where no cut outside a quotation and at
    a word leaves it.
    """
    bold = tuple(_apart(bold, len(text)))
    if len(text) <= budget and measure(whole := markup.quoted(markup.marked(text, bold))) <= budget:
        return whole
    keep = bold[0] if bold else Span(0, 0)
    window = _window(text, keep, budget - _CUT_COST - _cost_of_bold(text, bold[:1]) - len("> "))
    if window is None:
        return None
    kept = [keep.shifted(-window.start)] if bold else []
    before = f"{CUT} " if window.start else ""
    after = f" {CUT}" if window.end < len(text) else ""
    return markup.quoted(before + markup.marked(window.of(text), kept) + after)


def fits(text: str, bold: Sequence[Span], budget: int) -> bool:
    """Whether `block_quote` shows all of `text` within the budget."""
    return len(text) <= budget and measure(markup.quoted(markup.marked(text, tuple(_apart(bold, len(text)))))) <= budget


def pages_of(text: str, budget: int) -> Iterator[Span]:
    """`text` in stretches that fit into `budget` as escaped block quotes: cut at a word where there is one."""
    costs = _sums(text)
    start = 0
    while start < len(text):
        limit = _furthest(costs, start, budget - len("> "))
        end = limit
        if limit < len(text):
            spaces = (at for at in range(limit, start, -1) if text[at].isspace() or text[at - 1].isspace())
            end = next(spaces, limit)
        yield Span(start, max(end, start + 1))
        start = max(end, start + 1)


def _apart(spans: Iterable[Span], length: int) -> Iterator[Span]:
    """The spans within the text, in order, none empty, none beginning before the one before it has ended."""
    reached = 0
    for span in sorted(spans):
        if reached <= span.start < span.end <= length:
            yield span
            reached = span.end


def _cost_of_bold(text: str, spans: Iterable[Span]) -> int:
    return sum(4 * (1 + span.of(text).count("\n")) for span in spans)


def _sums(text: str) -> list[int]:
    """What the first n characters cost as an escaped block quote, for n from 0 to the length."""
    costs = (3 if piece == "\n" else measure(piece) for piece in markup.escaped(text))
    return list(accumulate(costs, initial=0))


def _furthest(costs: Sequence[int], start: int, budget: int) -> int:
    """The largest end for which `start..end` fits into the budget."""
    end = start
    while end + 1 < len(costs) and costs[end + 1] - costs[start] <= budget - 1:
        end += 1
    return end


def _window(text: str, keep: Span, budget: int) -> Span | None:
    """The part of `text` to show: it covers `keep`, begins and ends at a word outside quotations, and fits."""
    costs = _sums(text)
    places = _places(text)

    def fits_from(start: int, end: int) -> bool:
        return 0 < costs[end] - costs[start] <= budget - 1

    least = next((place for place in places if place >= max(keep.end, 1)), len(text))
    starts = [place for place in places if place <= keep.start]
    near = [start for start in starts if fits_from(start, least) and costs[least] - costs[start] <= budget // 2]
    start = (
        0
        if fits_from(0, least)
        else next(iter(near), next((at for at in reversed(starts) if fits_from(at, least)), None))
    )
    if start is None:
        return None
    end = next(at for at in reversed(places) if fits_from(start, at))
    while start and start < keep.start and text[start].isspace():
        start += 1
    return Span(start, end)


def _places(text: str) -> list[int]:
    """Where the text may be cut: its ends, and next to a space that lies in no quotation; ascending."""
    inside = bytearray(len(text) + 1)
    for found in _QUOTATIONS.finditer(text):
        inside[found.start() + 1 : found.end()] = b"\1" * (found.end() - found.start() - 1)
    between = (at for at in range(1, len(text)) if text[at].isspace() and not text[at - 1].isspace() and not inside[at])
    return [0, *between, len(text)]
