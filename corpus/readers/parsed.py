"""HTML pages and PDFs: what the child process found in them, made into a draft."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from corpus.errors import Unreadable
from corpus.readers.dates import parse_date
from corpus.readers.draft import make_draft
from corpus.readers.encoding import Kind
from corpus.readers.head import Head, each_author, one_line, read_language, read_url
from corpus.readers.limits import Limits, check_size

if TYPE_CHECKING:
    from collections.abc import Callable

    from corpus.model import Draft, Source
    from corpus.readers.worker import Found, Worker


def read_parsed(data: bytes, kind: Kind, source: Source, limits: Limits, worker: Worker) -> Draft:
    """The article in a page or a PDF; raises Unreadable."""
    if kind is Kind.PDF:
        check_size(len(data), limits.pdf_bytes, "the PDF")
    else:
        check_size(len(data), limits.html_bytes, "the page")
    found = worker.parse(data, kind)
    if not found.text.strip():
        raise Unreadable("holds no article text")
    return make_draft(found.text, _head(found, limits), source, limits)


def _head(found: Found, limits: Limits) -> Head:
    """What the page says of itself, as far as it can be kept: a page's slips are not its giver's."""
    title = one_line(found.title or "")
    return Head(
        title=title if 0 < len(title) <= limits.title_chars else None,
        publication=one_line(found.publication or "")[: limits.field_chars] or None,
        authors=_authors(found, limits),
        published=_tried(parse_date, found.published),
        url=_tried(lambda text: read_url(text, limits), found.url),
        language=_tried(lambda text: read_language(text, limits), found.language),
        partial=found.partial,
    )


def _authors(found: Found, limits: Limits) -> tuple[str, ...]:
    """The names, each for itself; pages often put several into one field."""
    names = [name for given in found.authors for name in each_author(given)]
    return tuple(dict.fromkeys(name for name in names if len(name) <= limits.field_chars))[: limits.authors]


T = TypeVar("T")


def _tried(read: Callable[[str], T], text: str | None) -> T | None:
    try:
        return read(one_line(text)) if text else None
    except (ValueError, Unreadable):
        return None
