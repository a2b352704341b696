"""The page source: which pieces of a sheet stand on which page, and how each is written. Knows nothing of buttons.

A message has one budget for all its text. What is fixed (heading, citations, footer) is counted first; the quotations
get the rest. A piece that does not fit any more goes to the next page; it is cut only where it is longer than a page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.limits import TEXT_IN_MESSAGE, measure
from bot.sheet import Outcome, Role
from bot.views import excerpt, markup
from bot.wording import age, day, plural

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from bot.sheet import Piece, Sheet
    from corpus.model import Span
    from retrieval.model import Citation, Evidence

PIECES_ON_PAGE: Final = 5

_QUESTION: Final = 640
_SHORT_ANSWER: Final = 300
_MISSING: Final = 600
_NOTE: Final = 240
_NOTES: Final = 3
_SIDE: Final = 100
_SIDES: Final = 3
_MEANT: Final = 320
_TITLE: Final = 200
_PUBLICATION: Final = 100
_FOOTER: Final = 160

_HEADINGS: Final = {
    Outcome.PARTIAL: "### Answered in part",
    Outcome.NOT_IN_CORPUS: "### The corpus does not answer this",
    Outcome.NEEDS_DETAIL: "### More than one case fits",
}
_LABELS: Final = {
    Role.CLOSEST: "**Closest passages.** They do not answer the question.",
    Role.CONFLICT: "**Another article says:**",
}
_FURTHER: Final = "**Further evidence:**"
_DIFFER: Final = "### Articles differ on this\n-# Which is right is left open."
_RELATED: Final = "**Questions near this one that the corpus answers:**"
_WITHDRAWN: Final = "*The article that was quoted here has been removed from the corpus.*"
_TOO_LONG: Final = "*This sentence is longer than a message. “In context” shows all of it.*"


@dataclass(frozen=True, slots=True)
class Entry:
    """A piece as it stands on its page: `number` counts from 1 through all pages; `markup` is ready to show."""

    number: int
    piece: Piece
    markup: str


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a message: `index` counts from 0 to `count - 1`."""

    index: int
    count: int
    head: str
    entries: tuple[Entry, ...]
    foot: str = ""


def page_of(sheet: Sheet, index: int, *, today: date, per_page: int = PIECES_ON_PAGE) -> Page:
    """The page of that index, or the nearest one there is."""
    pages = _paginate(sheet, today, min(per_page, PIECES_ON_PAGE))
    at = max(0, min(index, len(pages) - 1))
    foot = [f"-# Page {at + 1} of {len(pages)}"] if len(pages) > 1 else []
    if sheet.offered and sheet.related:
        foot.append(_RELATED)
    return Page(at, len(pages), _head(sheet, first=at == 0), tuple(pages[at]), "\n".join(foot))


def citation_line(citation: Citation, today: date, *, newer: int | None = None) -> str:
    """Where a quotation stands: title, publication, day and age in words, all escaped."""
    parts = [f"**{markup.line(citation.title, _TITLE) or '(no title)'}**"]
    if citation.publication:
        parts.append(markup.line(citation.publication, _PUBLICATION))
    if citation.published:
        parts.append(f"{day(citation.published)} ({age(citation.published, today)})")
    if newer is not None:
        parts.append(f"revised since; quoted from revision {citation.revision}")
    return " · ".join(part for part in parts if part)


def _paginate(sheet: Sheet, today: date, per_page: int) -> list[list[Entry]]:
    pages: list[list[Entry]] = [[]]
    left = _room(sheet, first=True)
    for number, piece in enumerate(sheet.pieces, 1):
        draft = _draft(sheet, number, piece, today, first=not pages[-1])
        if pages[-1] and (len(pages[-1]) == per_page or not draft.fits(left)):
            pages.append([])
            left = _room(sheet, first=False)
            draft = _draft(sheet, number, piece, today, first=True)
        written = draft.written(left)
        pages[-1].append(Entry(number, piece, written))
        left -= measure(written)
    return pages


def _room(sheet: Sheet, *, first: bool) -> int:
    return TEXT_IN_MESSAGE - measure(_head(sheet, first=first)) - _FOOTER


@dataclass(frozen=True, slots=True)
class _Draft:
    """A piece before its quotation is written: what is fixed around it, and the quotation."""

    above: str
    evidence: Evidence | None
    below: str

    def fits(self, budget: int) -> bool:
        """Whether all of it fits into the budget."""
        left = budget - self._fixed
        return left >= 0 and (
            self.evidence is None or excerpt.fits(self.evidence.text, bold_spans(self.evidence), left)
        )

    def written(self, budget: int) -> str:
        """The piece within the budget, its quotation cut where it must be."""
        if self.evidence is None:
            return self.above + self.below
        quote = excerpt.block_quote(self.evidence.text, bold_spans(self.evidence), budget - self._fixed)
        return f"{self.above}{quote or _TOO_LONG}\n{self.below}"

    @property
    def _fixed(self) -> int:
        return measure(self.above) + measure(self.below) + 1


def _draft(sheet: Sheet, number: int, piece: Piece, today: date, *, first: bool) -> _Draft:
    """What is fixed about a piece; the first of its kind on a page says what they are."""
    label = _label(sheet, number, first=first)
    above = f"{label}\n" if label else ""
    if piece.evidence is None:
        return _Draft(above, None, f"**{number}.** {_WITHDRAWN}")
    citation = citation_line(piece.evidence.citation, today, newer=piece.newer)
    return _Draft(above, piece.evidence, f"**{number}.** {citation}")


def _label(sheet: Sheet, number: int, *, first: bool) -> str:
    """What stands above a piece; said of several of a kind once on each page."""
    role = sheet.pieces[number - 1].role
    if number == 1 and sheet.stated is not None:
        return "**Yes.**" if sheet.stated else "**No.**"
    if not first and sheet.pieces[number - 2].role is role:
        return ""
    if role is Role.EVIDENCE:
        beside = number > 1 and any(piece.role is Role.CONFLICT for piece in sheet.pieces)
        return _FURTHER if beside else ""
    return _LABELS.get(role, "")


def bold_spans(evidence: Evidence) -> tuple[Span, ...]:
    """What is picked out in a quotation: the short answer, or else what was highlighted."""
    return (evidence.answer,) if evidence.answer else evidence.highlights


def _head(sheet: Sheet, *, first: bool) -> str:
    lines = [f"-# {markup.line(sheet.question, _QUESTION) or '…'}"]
    if not first:
        return lines[0]
    if sheet.outcome is Outcome.SEARCH:
        lines.append(
            f"### {plural(len(sheet.pieces), 'passage')}" if sheet.pieces else "### No passage has these words"
        )
    if sheet.outcome in _HEADINGS:
        lines.append(_HEADINGS[sheet.outcome])
    if differing := sheet.differing:
        lines.append(_DIFFER)
        if sides := _sides(differing):
            lines.append(sides)
    if sheet.short_answer and (short := markup.line(sheet.short_answer, _SHORT_ANSWER)):
        lines.append(f"## {short}")
    if sheet.missing:
        lines.append(markup.line(sheet.missing, _MISSING))
    if sheet.offered and sheet.did_you_mean and (meant := markup.line(sheet.did_you_mean, _MEANT)):
        lines.append(f"Did you mean “{meant}”")
    # A note may speak of an article that was removed since.
    notes = () if sheet.withdrawn else sheet.notes[:_NOTES]
    lines.extend(f"-# {markup.line(note, _NOTE)}" for note in notes if note.strip())
    return "\n".join(lines)


def _sides(differing: Sequence[tuple[int, Evidence]]) -> str:
    """The short answers beside each other, each with the number of its quotation; nothing where one has none."""
    told = [(number, markup.line(evidence.short_answer or "", _SIDE)) for number, evidence in differing[:_SIDES]]
    return " · ".join(f"**{number}.** {short}" for number, short in told) if all(short for _, short in told) else ""
