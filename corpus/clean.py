"""From pasted text to clean text: named pure steps.

First the characters are put in order (line ends, invisible signs, spaces, composition), then lines that are no part of
the article are dropped by the named rules of `corpus.noise`, then blank lines are tidied. A line that only looks odd is
flagged, not dropped. Nothing else changes: what is kept is verbatim.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.model import SetAside
from corpus.noise import (
    RULES,
    Page,
    Rule,
    byline_authors,
    is_flagged,
    is_headline,
    is_section_label,
    same_line,
    without_heading_sign,
)


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the characters `start:end` by `replacement`."""

    start: int
    end: int
    replacement: str = ""


Step = tuple[str, Callable[[str], Iterable[Edit]]]


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What cleaning made of a text: `title` is the given one or the first line where that is a headline."""

    text: str
    title: str | None
    authors: tuple[str, ...]
    dropped: tuple[SetAside, ...]
    flagged: tuple[SetAside, ...]


def _edited(text: str, edits: Iterable[Edit]) -> str:
    """The text after `edits` (ascending, without overlap)."""
    parts: list[str] = []
    place = 0
    for edit in edits:
        parts += (text[place : edit.start], edit.replacement)
        place = edit.end
    parts.append(text[place:])
    return "".join(parts)


# --- steps over characters

_NEWLINE = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_INVISIBLE = re.compile(
    # control characters, soft hyphen, zero width, direction marks and overrides, byte order mark, tags, halves of pairs
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufdd0-\ufdef"
    "\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
    # joiners, but where a script or an emoji needs them on both sides
    "|(?<![^\x00-\x7f])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\x7f])"
)
_ODD_SPACE = re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_LINE_EDGE = re.compile(r"(?:\A|(?<=\n)) ++|(?<! ) ++(?=\n|\Z)")
_NOT_ASCII_WORD = re.compile(r"[^\s\x00-\x7f]\S*|[\x21-\x7f]+[^\s\x00-\x7f]\S*")
_BLANK_LINES = re.compile(r"\A\n+|\n{3,}|\n+\Z")


def unify_newlines(text: str) -> Iterator[Edit]:
    r"""Every kind of line end becomes `\n`."""
    return (Edit(found.start(), found.end(), "\n") for found in _NEWLINE.finditer(text))


def line_count(text: str) -> int:
    """How many lines the text has, whatever ends them."""
    return 1 + text.count("\n") - text.count("\r\n") + sum(1 for _ in _NEWLINE.finditer(text))


def remove_invisible(text: str) -> Iterator[Edit]:
    """No control characters, zero-width signs, soft hyphens or direction overrides are left."""
    return (Edit(found.start(), found.end()) for found in _INVISIBLE.finditer(text))


def unify_spaces(text: str) -> Iterator[Edit]:
    """Tabs and spaces of odd width become spaces."""
    return (Edit(found.start(), found.end(), " ") for found in _ODD_SPACE.finditer(text))


def compose_characters(text: str) -> Iterator[Edit]:
    """Letters and their accents are one character where Unicode has one (NFC)."""
    if unicodedata.is_normalized("NFC", text):
        return
    for word in _NOT_ASCII_WORD.finditer(text):
        composed = unicodedata.normalize("NFC", word[0])
        if composed != word[0]:
            yield from _compositions(word[0], word.start(), composed)


def _compositions(word: str, offset: int, composed: str) -> Iterator[Edit]:
    """Letter by letter where that gives the same, else the word as a whole."""
    starts = [place for place, sign in enumerate(word) if place == 0 or not _joins(sign)]
    letters = [word[start:end] for start, end in pairwise([*starts, len(word)])]
    forms = [unicodedata.normalize("NFC", letter) for letter in letters]
    if "".join(forms) != composed:
        yield Edit(offset, offset + len(word), composed)
        return
    for start, letter, form in zip(starts, letters, forms, strict=True):
        if letter != form:
            yield Edit(offset + start, offset + start + len(letter), form)


def _joins(sign: str) -> bool:
    """Whether a sign can be one with the letter before it: marks, and the later parts of a Korean syllable."""
    return unicodedata.category(sign).startswith("M") or "\u1160" <= sign <= "\u11ff"


def trim_lines(text: str) -> Iterator[Edit]:
    """No line begins or ends with a space."""
    return (Edit(found.start(), found.end()) for found in _LINE_EDGE.finditer(text))


def tidy_blank_lines(text: str) -> Iterator[Edit]:
    """At most one blank line in a row, none at the edges."""
    for found in _BLANK_LINES.finditer(text):
        within = found.start() > 0 and found.end() < len(text)
        yield Edit(found.start(), found.end(), "\n\n" if within else "")


CHARACTER_STEPS: tuple[Step, ...] = (
    ("newlines", unify_newlines),
    ("invisible", remove_invisible),
    ("spaces", unify_spaces),
    ("composition", compose_characters),
    ("line-edges", trim_lines),
)


def apply_steps(text: str, steps: Sequence[Step]) -> str:
    """The text after all steps, one after another."""
    for _, step in steps:
        text = _edited(text, step(text))
    return text


# --- the whole


def clean(
    raw: str, *, title: str | None = None, steps: Sequence[Step] = CHARACTER_STEPS, rules: Sequence[Rule] = RULES
) -> Cleaned:
    """`raw` without what is no part of the article; every kept line is verbatim but for the character steps.

    Without a given `title` the first kept line becomes the title where it is a headline, and leaves the text; a given
    one is not repeated at the text's head. A byline at the head moves to `authors`.
    """
    text = apply_steps(raw, steps)
    page = Page.of(text)
    set_aside = _drop(page, rules)
    kept = [index for index in range(len(page)) if index not in set_aside]
    title, headed, labels = _head(page, kept, title)
    set_aside |= labels
    body = [index for index in kept if index not in headed]
    authors, bylines = _bylines(page, body)
    set_aside |= bylines
    body = [index for index in body if index not in bylines]
    gone = sorted(set(range(len(page))) - set(body))
    text = _edited(text, _line_edits(page, gone, len(text)))
    return Cleaned(
        text=_edited(text, tidy_blank_lines(text)),
        title=title,
        authors=authors,
        dropped=tuple(SetAside(page[index].text, set_aside[index]) for index in sorted(set_aside)),
        flagged=tuple(SetAside(page[index].text, "short-line") for index in _flagged(page, body)),
    )


def _drop(page: Page, rules: Sequence[Rule]) -> dict[int, str]:
    """The lines that a rule drops, with the name of the first that does."""
    dropped: dict[int, str] = {}
    for index in range(len(page)):
        for name, applies in rules:
            if applies(page, index):
                dropped[index] = name
                break
    return dropped


def _head(page: Page, kept: list[int], title: str | None) -> tuple[str | None, set[int], dict[int, str]]:
    """The title, the lines at the head that are no part of the text, and those of them that count as dropped."""
    labels: dict[int, str] = {}
    kept = list(kept)
    if len(kept) > 2 and title is None and is_section_label(page, kept[0], kept[1]):
        labels[kept.pop(0)] = "section-label"
    gone = set(labels)
    if title is None and len(kept) > 1 and is_headline(page, kept[0]):
        first = kept.pop(0)
        title = without_heading_sign(page[first].text)
        gone.add(first)
    if title is not None:
        repeated = [index for index in kept[:4] if same_line(without_heading_sign(page[index].text), title)]
        labels |= dict.fromkeys(repeated, "title-repeated")
    return title, gone | set(labels), labels


def _bylines(page: Page, body: list[int]) -> tuple[tuple[str, ...], dict[int, str]]:
    """The authors named in a byline among the first three lines."""
    for index in body[:3]:
        authors = byline_authors(page[index].text)
        if authors:
            return authors, {index: "byline"}
    return (), {}


def _line_edits(page: Page, gone: Iterable[int], length: int) -> Iterator[Edit]:
    """Removals of whole lines; the line end goes with its line."""
    for index in gone:
        line = page[index]
        yield Edit(line.start, min(line.end + 1, length))


def _flagged(page: Page, body: list[int]) -> Iterator[int]:
    """Kept lines that look odd: short, without a sentence's end, not first, no bullet, not after a colon."""
    for before, index in pairwise(body):
        if is_flagged(page[index].text) and not page[before].text.endswith(":"):
            yield index
