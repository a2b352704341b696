"""Small HTML pages and PDFs for tests, built from what a test wants to see in them."""

from __future__ import annotations

import io
import json
import zlib
from typing import TYPE_CHECKING

from pypdf import PdfReader, PdfWriter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LOREM = (
    "The court heard the company's lawyers on Monday and asked them many questions about the contract.",
    "A ruling is expected before the end of the month, according to a notice on the court's website.",
    "Neither side wanted to comment on the hearing, which lasted for nearly three hours.",
)


def html_page(
    paragraphs: Sequence[str] = LOREM,
    *,
    title: str = "Court hears the company",
    json_ld: Mapping[str, object] | None = None,
    head: str = "",
    extra: str = "",
    language: str = "en",
) -> str:
    """A page with one article; `head` and `extra` are mark-up put into its head and after its paragraphs."""
    linked = f'<script type="application/ld+json">{json.dumps(json_ld)}</script>' if json_ld is not None else ""
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><title>{title}</title>{head}{linked}</head>'
        f"<body><nav><a href='/'>Home</a></nav><article><h1>{title}</h1>{body}{extra}</article></body></html>"
    )


def pdf(pages: Sequence[Sequence[str]], *, info: Mapping[str, str] | None = None) -> bytes:
    """A PDF with these lines of text (ASCII) on its pages."""
    return _with_info(_assembled([_text_stream(lines) for lines in pages]), info or {})


def scanned_pdf(pages: int = 2) -> bytes:
    """A PDF whose pages hold a drawn box and no text."""
    return _assembled([b"10 10 200 200 re f"] * pages)


def encrypted_pdf(lines: Sequence[str], password: str, owner: str | None = None) -> bytes:
    """A PDF that asks for `password` (which may be empty)."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf([lines]))))
    writer.encrypt(user_password=password, owner_password=owner, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def pdf_bomb(unpacked_bytes: int) -> bytes:
    """A small PDF whose page unpacks to `unpacked_bytes`."""
    return _assembled([b" " * unpacked_bytes])


def _text_stream(lines: Sequence[str]) -> bytes:
    shown = [b"BT /F1 11 Tf 72 740 Td 14 TL"]
    for line in lines:
        escaped = line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        shown.append(b"(" + escaped.encode("ascii") + b") Tj T*")
    return b"\n".join([*shown, b"ET"])


def _assembled(streams: Sequence[bytes]) -> bytes:
    """The file: catalogue, page tree, font, then a page and its packed content for each stream."""
    kids = " ".join(f"{4 + 2 * i} 0 R" for i in range(len(streams)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(streams)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for i, stream in enumerate(streams):
        packed = zlib.compress(stream)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >> "
            + f"/Contents {5 + 2 * i} 0 R >>".encode()
        )
        objects.append(f"<< /Length {len(packed)} /Filter /FlateDecode >>\nstream\n".encode() + packed + b"\nendstream")
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    table = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n".encode()
    return bytes(out)


def _with_info(data: bytes, info: Mapping[str, str]) -> bytes:
    if not info:
        return data
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    writer.add_metadata({f"/{name}": value for name, value in info.items()})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
