"""How much is read: sizes in bytes as stored, lengths in characters as read."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.errors import Unreadable
from corpus.model import KEY_MOST_CHARS


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes, lengths in characters, times in seconds; the last values still pass."""

    text_bytes: int = 5_000_000
    jsonl_line_bytes: int = 1_000_000
    html_bytes: int = 2_000_000
    pdf_bytes: int = 10_000_000
    pdf_pages: int = 500
    feed_bytes: int = 5_000_000
    feed_items: int = 200
    head_chars: int = 64_000
    line_chars: int = 100_000
    lines: int = 50_000
    raw_chars: int = 2_000_000
    article_chars: int = 1_000_000
    title_chars: int = 300
    field_chars: int = 300
    key_chars: int = KEY_MOST_CHARS
    url_chars: int = 2_048
    authors: int = 50
    sentence_words: int = 3
    parse_seconds: float = 7.0
    parse_memory_bytes: int = 480_000_000


DEFAULT_LIMITS = Limits()


def in_words(size_bytes: int) -> str:
    """A size for people: `812 bytes`, `20 kB`, `1.5 MB`."""
    if size_bytes < 1_000:
        return f"{size_bytes} bytes"
    if size_bytes < 1_000_000:
        return f"{size_bytes / 1_000:.0f} kB"
    megabytes = f"{size_bytes / 1_000_000:.1f}".removesuffix(".0")
    return f"{megabytes} MB"


def check_size(size_bytes: int, most_bytes: int, what: str) -> None:
    """Nothing where the size is allowed; else raises Unreadable with size and limit."""
    if size_bytes > most_bytes:
        raise Unreadable(f"{what} is {in_words(size_bytes)} large; at most {in_words(most_bytes)} are read")


def check_length(text: str, most_chars: int, what: str) -> None:
    """Nothing where the length is allowed; else raises Unreadable with length and limit."""
    if len(text) > most_chars:
        raise Unreadable(f"{what} is {len(text):,} characters long; at most {most_chars:,} are allowed")
