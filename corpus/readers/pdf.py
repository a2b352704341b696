"""A PDF's text and particulars: the one door of pypdf. Runs in the child process only."""

from __future__ import annotations

import re
from io import BytesIO

from pypdf import PdfReader
from pypdf.errors import DependencyError, LimitReachedError, PyPdfError

from corpus.errors import Unreadable
from corpus.readers.limits import Limits, check_length
from corpus.readers.sheets import article_text
from corpus.readers.worker import Found

_NOT_A_TITLE = re.compile(
    r"microsoft word\b.*|.*\.(?:docx?|pdf|indd|tex|rtf|odt|wpd)|untitled.*|\W*|slide 1|layout 1|document\d*|[\d_.-]+",
    re.IGNORECASE,
)
_DAY = re.compile(r"(?:D:)?(\d{4})(\d\d)(\d\d)")


def read_pdf(data: bytes, limits: Limits) -> Found:
    """The text in paragraphs and the particulars; raises Unreadable for an encrypted, damaged or scanned PDF."""
    try:
        reader = PdfReader(BytesIO(data))
        _unlock(reader)
        return _read(reader, limits)
    except (DependencyError, NotImplementedError) as error:
        raise Unreadable("is an encrypted PDF; save it without protection") from error
    except LimitReachedError as error:
        raise Unreadable("is a PDF whose packed content unpacks to more than is read") from error
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, OSError) as error:
        raise Unreadable("is a damaged PDF") from error


def _unlock(reader: PdfReader) -> None:
    """Readable, if only its printing or copying is restricted; raises Unreadable where it asks for a password."""
    if reader.is_encrypted and not reader.decrypt(""):
        raise Unreadable("is an encrypted PDF: it asks for a password; save it without protection")


def _read(reader: PdfReader, limits: Limits) -> Found:
    count = len(reader.pages)
    if count > limits.pdf_pages:
        raise Unreadable(f"has {count:,} pages; at most {limits.pdf_pages:,} are read")
    sheets: list[str] = []
    for page in reader.pages:
        sheets.append(page.extract_text())
        check_length("".join(sheets), limits.raw_chars, "the text of the PDF")
    text = article_text(sheets)
    if not re.search(r"[^\W\d_]{2}", text):
        raise Unreadable("holds no text: scanned pages are pictures; run text recognition on it first")
    title = _info(reader, "/Title")
    return Found(
        text=text,
        title=None if title is None or _NOT_A_TITLE.fullmatch(title) is not None or len(title) < 8 else title,
        authors=tuple(filter(None, [_info(reader, "/Author")])),
        published=_day(_info(reader, "/CreationDate")),
    )


def _info(reader: PdfReader, name: str) -> str | None:
    about = reader.metadata
    value: object = about.get(name) if about is not None else None
    return str(value).strip() or None if value is not None else None


def _day(text: str | None) -> str | None:
    found = _DAY.match(text or "")
    return "-".join(found.groups()) if found is not None else None
