"""The text of a PDF's pages, made into paragraphs without line numbers, running heads, stamps and hyphenation."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

from corpus.stops import CLOSING_MARKS, STOP_SIGNS

if TYPE_CHECKING:
    from collections.abc import Sequence

_STAMP = re.compile(
    r"(?:USCA\S*\s+)?case[:\s]\s*\d[\w:.-]*.{0,80}\b(?:document|doc\.?|dkt\.?|ecf|filed|page|entry)\b.{0,120}"
    r"|case\s+\d.{0,60}\bpage\s+\d+\s+of\s+\d+.*|.{0,80}\bpageid[.#:\s]*#?\s*:?\d+.*",
    re.IGNORECASE,
)
_PAGE_NUMBER = re.compile(
    r"[\s–—-]*(?:page\s*)?(?:\d{1,4}|[ivxl]{1,6})(?:\s*(?:of|/|\|)\s*\d{1,4})?[\s–—-]*", re.IGNORECASE
)
_NUMBER_ONLY = re.compile(r"\d{1,2}")
_NUMBERED = re.compile(r"(\d{1,2})(?:\s+(.*))?")
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
_BULLET = re.compile(r"[•‣▪◦●○■□–*·-]\s")
_ENDS = re.compile(rf"[{STOP_SIGNS}:;][{CLOSING_MARKS}]*\Z")
_HYPHEN = re.compile(r"(\w*[^\W\d_])[-\u00ad\u2010]\Z")
_EDGE_LINES = 3


def article_text(sheets: Sequence[str]) -> str:
    """Paragraphs with a blank line between them, from the lines of each page."""
    pages = [[line.strip() for line in sheet.translate(_LIGATURES).split("\n")] for sheet in sheets]
    pages = [_without_line_numbers([line for line in page if not _STAMP.fullmatch(line)]) for page in pages]
    pages = _without_running_lines([_without_page_numbers(page) for page in pages])
    return "\n\n".join(_paragraphs(pages))


def _without_line_numbers(lines: list[str]) -> list[str]:
    """Pleading paper numbers its lines, in lines of their own or in front of the words."""
    alone = [line for line in lines if _NUMBER_ONLY.fullmatch(line)]
    if len(alone) >= 8:
        return [line for line in lines if not _NUMBER_ONLY.fullmatch(line)]
    found = [_NUMBERED.fullmatch(line) for line in lines if line]
    numbers = [int(match[1]) for match in found if match is not None]
    steps = sum(after == before + 1 for before, after in pairwise(numbers))
    if len(numbers) < 8 or steps < 0.8 * (len(numbers) - 1) or len(numbers) < 0.6 * len(found):
        return lines
    return [_after_number(line) for line in lines]


def _after_number(line: str) -> str:
    found = _NUMBERED.fullmatch(line)
    return (found[2] or "") if found is not None else line


def _without_page_numbers(lines: list[str]) -> list[str]:
    """The number that stands alone in the first or last lines of a page is the page's."""
    filled = [index for index, line in enumerate(lines) if line]
    edges = {*filled[:2], *filled[-2:]}
    return [line for index, line in enumerate(lines) if index not in edges or not _PAGE_NUMBER.fullmatch(line)]


def _without_running_lines(pages: list[list[str]]) -> list[list[str]]:
    """Lines that recur at the edges of half the pages (three pages at least) are heads and footers."""
    if len(pages) < 3:
        return pages
    seen = Counter(kind for page in pages for kind in {_kind(page[index]) for index in _edges(page)})
    running = {kind for kind, times in seen.items() if times >= max(3, len(pages) / 2)}
    return [
        [line for index, line in enumerate(page) if index not in _edges(page) or _kind(line) not in running]
        for page in pages
    ]


def _edges(page: list[str]) -> set[int]:
    filled = [index for index, line in enumerate(page) if line]
    return {*filled[:_EDGE_LINES], *filled[-_EDGE_LINES:]}


def _kind(line: str) -> str:
    """A line without what changes from page to page."""
    return re.sub(r"\d+", "#", line.casefold())


def _paragraphs(pages: list[list[str]]) -> list[str]:
    """Lines joined into paragraphs, across pages too."""
    lines = [line for page in pages for line in page]
    filled = [line for line in lines if line]
    if not filled:
        return []
    width = sorted(map(len, filled))[len(filled) * 9 // 10]
    spaced = sum(not line for line in lines) >= 0.4 * len(lines)  # double spacing: blank lines mean nothing
    known = Counter(re.findall(r"[\w-]+", " ".join(filled).casefold()))
    paragraphs: list[str] = []
    before = ""
    for line in lines:
        if not line:
            before = before if spaced else ""
            continue
        if paragraphs and before and not _begins_paragraph(before, line, width):
            paragraphs[-1] = _joined(paragraphs[-1], line, known)
        else:
            paragraphs.append(line)
        before = line
    return paragraphs


def _begins_paragraph(before: str, line: str, width: int) -> bool:
    """A new paragraph begins after a short last line, after a short heading, and with a bullet."""
    if _BULLET.match(line) is not None:
        return True
    if _ENDS.search(before) is not None:
        return len(before) < 0.85 * width
    return len(before) < 0.6 * width and not line[:1].islower() and _HYPHEN.search(before) is None


def _joined(text: str, line: str, known: Counter[str]) -> str:
    """The two as one; a word divided at the line's end is made whole unless it is written with a hyphen elsewhere."""
    divided = _HYPHEN.search(text)
    if divided is None or not line[:1].islower():
        return f"{text} {line}" if divided is None or not line[:1].isalnum() else text + line
    rest = re.match(r"\w+", line)
    tail = rest[0].casefold() if rest is not None else ""
    start = divided[1].casefold()
    hyphenated = known[f"{start}-{tail}"] > known[start + tail]
    return (text if hyphenated else text[:-1]) + line
