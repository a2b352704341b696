"""From bytes to characters, and from bytes to the kind of thing they are: content before names."""

from __future__ import annotations

import codecs
import re
from enum import StrEnum
from pathlib import PurePath

from corpus.errors import Unreadable


class Kind(StrEnum):
    """The kinds of input."""

    TEXT = "text"
    MARKDOWN = "Markdown"
    JSONL = "JSON lines"
    HTML = "HTML"
    PDF = "PDF"


_BY_SUFFIX = {
    ".txt": Kind.TEXT,
    ".text": Kind.TEXT,
    ".md": Kind.MARKDOWN,
    ".markdown": Kind.MARKDOWN,
    ".jsonl": Kind.JSONL,
    ".ndjson": Kind.JSONL,
    ".html": Kind.HTML,
    ".htm": Kind.HTML,
    ".xhtml": Kind.HTML,
    ".pdf": Kind.PDF,
}
_BY_MEDIA_TYPE = {
    "text/plain": Kind.TEXT,
    "text/markdown": Kind.MARKDOWN,
    "application/jsonl": Kind.JSONL,
    "application/x-ndjson": Kind.JSONL,
    "text/html": Kind.HTML,
    "application/xhtml+xml": Kind.HTML,
    "application/pdf": Kind.PDF,
}
READABLE_SUFFIXES = frozenset(_BY_SUFFIX)
"""The endings of file names that are read; a folder's other files are not articles."""

_FOREIGN = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"PK\x03\x04", "a ZIP archive (or a .docx, .odt or .epub file)"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"{\\rtf", "an RTF document"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"SQLite format 3", "a database"),
)
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_HTML_START = re.compile(
    rb"\s*+(?:<\?xml[^>]*+>\s*+)?(?:<!--(?:(?!-->).){0,500}+-->\s*+)*+<(?:!doctype\s+html|html|head)\b",
    re.IGNORECASE | re.DOTALL,
)
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
ACCEPTED = ".txt, .md, .jsonl, .html and .pdf"


def kind_by_name(name: str, media_type: str | None = None) -> Kind | None:
    """The kind that an ending or a media type promises; None where neither is known."""
    declared = (media_type or "").split(";")[0].strip().lower()
    return _BY_SUFFIX.get(PurePath(name).suffix.lower()) or _BY_MEDIA_TYPE.get(declared)


def kind_of(data: bytes, name: str, media_type: str | None = None) -> Kind:
    """What `data` is; raises Unreadable where it is nothing that can be read, or not what its name promises."""
    promised = kind_by_name(name, media_type)
    if not data.strip():
        raise Unreadable("is empty")
    if b"%PDF-" in data[:1024]:
        return Kind.PDF
    if promised is Kind.PDF:
        raise Unreadable("is named or declared a PDF but its content is none")
    for magic, what in _FOREIGN:
        if data.startswith(magic):
            raise Unreadable(f"is {what}, not text; {ACCEPTED} files are read")
    if b"\x00" in data and not data.startswith(_UTF_16):
        raise Unreadable(f"holds binary data (a zero byte at position {data.index(0)}), not text")
    if promised is None and PurePath(name).suffix:
        raise Unreadable(f"has the ending {PurePath(name).suffix!r}; {ACCEPTED} files are read")
    if promised is not Kind.JSONL and looks_like_page(data):
        return Kind.HTML
    if promised is Kind.HTML and b"<" not in data:
        return Kind.TEXT
    return promised or Kind.TEXT


def looks_like_page(data: bytes) -> bool:
    """Whether it begins as an HTML page does."""
    return _HTML_START.match(data[:2048].removeprefix(codecs.BOM_UTF8)) is not None


def decode_text(data: bytes) -> str:
    """The characters of UTF-8 text (UTF-16 with a byte order mark too); raises Unreadable with the wrong byte's place.

    Other encodings are not guessed: a wrong guess would put wrong letters into names and quotes.
    """
    if data.startswith(_UTF_16):
        encoding = "UTF-16"
    else:
        encoding = "UTF-8"
        data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        wrong = data[error.start]
        line = data.count(b"\n", 0, error.start) + 1
        reason = f"is not {encoding} text: byte 0x{wrong:02X} at position {error.start:,} (line {line}) can't be read"
        raise Unreadable(f"{reason}; save it as UTF-8") from error


def decode_html(data: bytes) -> str:
    """The characters of a page: by its byte order mark, as UTF-8, by its declared charset, else as Windows-1252.

    UTF-8 goes before the declaration: bytes that happen to be valid UTF-8 nearly always are.
    """
    if data.startswith(_UTF_16):
        return data.decode("utf-16", errors="replace")
    try:
        return data.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError:
        declared = _META_CHARSET.search(data[:4096])
    for encoding in (declared[1].decode("ascii") if declared is not None else "cp1252", "cp1252"):
        try:
            return data.decode(encoding)
        except (LookupError, UnicodeDecodeError, ValueError):
            continue
    return data.decode(
        "utf-8" if declared is not None and declared[1].lower() in {b"utf-8", b"utf8"} else "cp1252", errors="replace"
    )
