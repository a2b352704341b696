"""What a site sent, told from the first bytes rather than from what it says: an article, a feed, or something else."""

from __future__ import annotations

import codecs
import json
import re
from typing import Final

from corpus.fetch.errors import WrongKind
from corpus.fetch.values import Expect
from corpus.readers.encoding import looks_like_page

PDF_START_BYTES: Final = 1_024
"""A PDF begins within so many bytes (ISO 32000-2, annex I.2 as readers practise it)."""

_PDF: Final = b"%PDF-"
_FOREIGN: Final = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"\x00\x00\x01\x00", "an icon"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"PK\x03\x04", "a ZIP archive, or a .docx, .odt or .epub file"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!\x1a", "a RAR archive"),
    (b"{\\rtf", "an RTF document"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"\x00asm", "a program"),
    (b"\xca\xfe\xba\xbe", "a program"),
    (b"SQLite format 3", "a database"),
    (b"ID3\x03", "a sound file"),
    (b"ID3\x04", "a sound file"),
    (b"OggS", "a sound or video file"),
    (b"fLaC", "a sound file"),
    (b"\x1a\x45\xdf\xa3", "a video"),
    (b"wOFF", "a font"),
    (b"wOF2", "a font"),
    (b"%!PS", "a PostScript document"),
)
_BY_TOP_TYPE: Final = {"image": "a picture", "audio": "a sound file", "video": "a video", "font": "a font"}
_BY_MEDIA_TYPE: Final = {
    "text/css": "a style sheet (CSS)",
    "text/javascript": "a JavaScript program",
    "application/javascript": "a JavaScript program",
    "application/x-javascript": "a JavaScript program",
    "application/ecmascript": "a JavaScript program",
    "text/csv": "a table (CSV)",
    "text/calendar": "a calendar",
    "application/zip": "a ZIP archive",
    "application/gzip": "a gzip archive",
}
_ROOT: Final = re.compile(
    rb"\s*+(?:<\?[^>]*+>\s*+)*+(?:<!--(?:(?!-->).){0,2000}+-->\s*+)*+(?:<!doctype[^>]*+>\s*+)?+<(?:[\w.-]+:)?(\w+)",
    re.IGNORECASE | re.DOTALL,
)
_FEED_ROOTS: Final = frozenset({b"rss", b"feed", b"rdf"})
_UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CHARSET: Final = re.compile(r"charset\s*=\s*\"?([\w.:-]{1,40})", re.IGNORECASE)
_XML, _JSON = "application/xml", "application/json"


def is_pdf(start: bytes) -> bool:
    """Whether these first bytes (up to PDF_START_BYTES) are those of a PDF."""
    return _PDF in start[:PDF_START_BYTES]


def media_type(data: bytes, declared: str, expect: Expect, host: str) -> str:
    """The media type that `data` shows, with the declared charset; raises WrongKind where it is not what is expected.

    `declared` is the header Content-Type, maybe empty; `host` is for the sentence.
    """
    is_as_expected, kind = _article(data, declared) if expect is Expect.ARTICLE else _feed(data, declared)
    if not is_as_expected:
        raise WrongKind(f"What {host} sends for this link is {kind}, not {expect}.")
    charset = _CHARSET.search(declared)
    return f"{kind}; charset={charset[1].lower()}" if charset is not None and kind != "application/pdf" else kind


def _article(data: bytes, declared: str) -> tuple[bool, str]:
    """Whether it can be an article, and its media type; else what it is in words."""
    if is_pdf(data):
        return True, "application/pdf"
    foreign = _foreign(data)
    if foreign is not None:
        return False, foreign
    if looks_like_page(data):
        return True, "text/html"
    wrong = _feed_or_data(data) or _wrong_by_name(declared)
    if wrong is not None:
        return False, wrong
    name = _name(declared)
    if name in {"text/html", "application/xhtml+xml"} and b"<" in data:
        return True, "text/html"
    return True, "text/markdown" if name == "text/markdown" else "text/plain"


def _feed(data: bytes, declared: str) -> tuple[bool, str]:
    """Whether it can be a feed, and its media type; else what it is in words."""
    if is_pdf(data):
        return False, "a PDF"
    foreign = _foreign(data)
    if foreign is not None:
        return False, foreign
    if looks_like_page(data):
        return False, "a web page"
    root = _root(data)
    is_xml = "xml" in _name(declared) or data.lstrip().startswith(b"<?xml")
    if root in _FEED_ROOTS or (is_xml and (root is not None or data.startswith(_UTF_16))):
        return True, _XML
    if _is_json(data):
        return True, _JSON
    return False, _wrong_by_name(declared) or ("a web page" if b"<" in data else "a text")


def _foreign(data: bytes) -> str | None:
    """What it is where it is no text."""
    for magic, what in _FOREIGN:
        if data.startswith(magic):
            return what
    if data[4:8] == b"ftyp" or (data.startswith(b"RIFF") and data[8:12] in {b"WEBP", b"WAVE", b"AVI "}):
        return "a video or a picture"
    if b"\x00" in data and not data.startswith(_UTF_16):
        return "a file that is no text"
    return None


def _feed_or_data(data: bytes) -> str | None:
    """What it is where it is a text for programs, not for people."""
    root = _root(data)
    if root in _FEED_ROOTS:
        return "a feed"
    if root == b"svg":
        return "an SVG picture"
    if root is not None and data.lstrip().startswith(b"<?xml"):
        return "an XML file"
    return "a JSON file" if _is_json(data) else None


def _root(data: bytes) -> bytes | None:
    """The name of the first element, in lower case, without its prefix."""
    found = _ROOT.match(data[:8_192].removeprefix(codecs.BOM_UTF8))
    return found[1].lower() if found is not None else None


def _is_json(data: bytes) -> bool:
    if not data.removeprefix(codecs.BOM_UTF8).lstrip().startswith((b"{", b"[")):
        return False
    try:
        json.loads(data)
    except (ValueError, RecursionError):
        return False
    return True


def _wrong_by_name(declared: str) -> str | None:
    name = _name(declared)
    if name == "application/json" or name.endswith("+json"):
        return "a JSON file"
    return _BY_TOP_TYPE.get(name.partition("/")[0]) or _BY_MEDIA_TYPE.get(name)


def _name(declared: str) -> str:
    return declared.partition(";")[0].strip().lower()
