"""From a raw text and its head to a Draft: cleaned, titled, dated, with its language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.clean import CHARACTER_STEPS, Step, clean, line_count
from corpus.errors import Unreadable
from corpus.model import Draft, SetAside, Source
from corpus.passages import sentences, word_count
from corpus.readers.dates import find_date
from corpus.readers.language import detect
from corpus.readers.limits import Limits, check_length

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from corpus.readers.head import Head

_MADE_TITLE_CHARS = 120


def make_draft(
    raw_text: str, head: Head, source: Source, limits: Limits, steps: Sequence[Step] = CHARACTER_STEPS
) -> Draft:
    """The article; raises Unreadable where no article is left after cleaning or it is beyond a limit."""
    _check_raw(raw_text, limits)
    cleaned = clean(raw_text, title=head.title, steps=steps)
    if not cleaned.text:
        raise Unreadable("holds no text" if not cleaned.dropped else "holds no text but page furniture")
    check_length(cleaned.text, limits.article_chars, "the article")
    if not _has_sentence(cleaned.text, limits.sentence_words):
        raise Unreadable(f"holds no sentence of at least {limits.sentence_words} words")
    return Draft(
        title=cleaned.title or _made_title(cleaned.text),
        text=cleaned.text,
        raw_text=raw_text,
        source=source,
        key=head.key,
        publication=head.publication,
        authors=head.authors or cleaned.authors,
        published=head.published or _stamped(cleaned.dropped),
        url=head.url,
        language=head.language or detect(cleaned.text),
        partial=head.partial,
        dropped=cleaned.dropped,
        flagged=cleaned.flagged,
    )


def _check_raw(text: str, limits: Limits) -> None:
    """Such a line, or so many of them, is data, not an article, and cleaning takes its time with each line."""
    if (lines := line_count(text)) > limits.lines:
        raise Unreadable(f"has {lines:,} lines; at most {limits.lines:,} are read")
    if len(text) <= limits.line_chars:
        return
    check_length(text, limits.raw_chars, "the text")
    for number, line in enumerate(text.split("\n"), start=1):
        check_length(line, limits.line_chars, f"line {number}")


def _has_sentence(text: str, words: int) -> bool:
    """Whether one sentence is long enough; the head of the text nearly always tells."""
    return any(word_count(span.of(part)) >= words for part in (text[:5_000], text[5_000:]) for span in sentences(part))


def _made_title(text: str) -> str:
    """A title for a text without one: its first sentence, shortened at a word."""
    first = " ".join(sentences(text)[0].of(text).split())
    if len(first) <= _MADE_TITLE_CHARS:
        return first
    cut = first[: _MADE_TITLE_CHARS - 1]
    return cut[: cut.rfind(" ") if " " in cut else None].rstrip(" ,;:") + "…"


def _stamped(dropped: Sequence[SetAside]) -> date | None:
    """The day in a dropped time stamp that doesn't speak of an update only."""
    for line in dropped:
        if line.rule == "time-stamp" and not line.line.casefold().startswith(("updated", "last updated", "modified")):
            found = find_date(line.line)
            if found is not None:
                return found
    return None
