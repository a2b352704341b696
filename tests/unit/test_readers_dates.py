"""Dates, languages, encodings and sizes are read one way, or refused."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest

from corpus.errors import Unreadable
from corpus.readers.dates import find_date, parse_date
from corpus.readers.encoding import Kind, decode_html, kind_of
from corpus.readers.language import detect
from corpus.readers.limits import check_length, check_size, in_words


@pytest.mark.parametrize(
    "text",
    [
        "2021-01-21",
        " 2021-01-21 ",
        "2021/1/21",
        "20210121",
        "2021-01-21T23:30:00-05:00",
        "2021-01-21 10:00:00.123456",
        "Jan. 21, 2021",
        "January 21, 2021 at 5:03 PM EST",
        "Jan 21 2021",
        "January 21st, 2021",
        "21 January 2021",
        "21. Januar 2021",
        "21 de enero de 2021",
        "21 janvier 2021",
        "Thu, 21 Jan 2021 10:00:00 GMT",
        "Thursday, January 21, 2021",
    ],
)
def test_a_day_is_read_in_the_forms_that_name_one(text: str) -> None:
    assert parse_date(text) == date(2021, 1, 21)


@pytest.mark.parametrize(
    "text", ["", "soon", "2021", "01/02/2021", "2021-02-30", "Smarch 3, 2021", "2021-01-21 or later", "Jan. 21"]
)
def test_anything_else_is_refused_with_the_forms(text: str) -> None:
    with pytest.raises(ValueError, match=r"write 2021-01-21, Jan\. 21, 2021, 21 January 2021"):
        parse_date(text)


def test_a_day_is_found_inside_a_line() -> None:
    assert find_date("Published Thu, Jan 21 2021 3:56 PM EST") == date(2021, 1, 21)
    assert find_date("no day here, on 99 March 2021") is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The judge ruled on Monday that the company has to pay the sum that it owed to the state of Texas.", "en"),
        ("Das Gericht entschied am Montag, dass die Firma die Summe zahlen muss, die sie dem Staat schuldet.", "de"),
        ("Le tribunal a jugé lundi que la société doit payer la somme qu'elle doit à l'État.", "fr"),
        ("El tribunal dictaminó el lunes que la empresa debe pagar la suma que debía al Estado.", "es"),
        ("最高裁判所は月曜日に、会社が国に負っている金額を支払わなければならないと判決を下しました。", "ja"),
        ("Court rules", "en"),
        ("12 + 30 = 42", "und"),
        ("", "und"),
    ],
)
def test_the_language_is_told_by_the_text(text: str, language: str) -> None:
    assert detect(text) == language


def test_reading_english_loads_no_parser_and_no_model() -> None:
    program = (
        "import sys; from corpus.readers import read_bytes; from corpus.model import Source, SourceKind\n"
        "read_bytes(b'The court ruled on Monday that the company is to pay for all of it.', name='a.txt',"
        " source=Source(SourceKind.PASTE))\n"
        "print(sorted({'trafilatura', 'lxml', 'pypdf', 'py3langid'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("caf\u00e9".encode(), "café"),
        ("\ufeffcaf\u00e9".encode(), "café"),
        ("caf\u00e9".encode("utf-16"), "café"),
        ("caf\u00e9 “x”".encode("cp1252"), "café “x”"),
        ('<meta charset="iso-8859-2">łąka'.encode("iso-8859-2"), '<meta charset="iso-8859-2">łąka'),
        (
            '<meta content="text/html; charset=koi8-r">Суд'.encode("koi8-r"),
            '<meta content="text/html; charset=koi8-r">Суд',
        ),
        (b'<meta charset="no-such-thing">caf\xe9', '<meta charset="no-such-thing">café'),
        (b"\x81\xe9", "\ufffdé"),
    ],
)
def test_a_page_is_decoded_by_mark_content_declaration_and_last_as_windows_1252(data: bytes, text: str) -> None:
    assert decode_html(data) == text


@pytest.mark.parametrize(
    ("data", "name", "media_type", "kind"),
    [
        (b"words", "a.txt", None, Kind.TEXT),
        (b"words", "a", None, Kind.TEXT),
        (b"words", "A.MD", None, Kind.MARKDOWN),
        (b"{}", "a.jsonl", None, Kind.JSONL),
        (b"{}", "a", "application/x-ndjson; charset=utf-8", Kind.JSONL),
        (b"<p>words", "a.html", None, Kind.HTML),
        (b"words", "a.html", None, Kind.TEXT),
        (b"<!-- x --><!DOCTYPE html><p>", "a.txt", None, Kind.HTML),
        (b"<?xml version='1.0'?><html>", "a", "text/plain", Kind.HTML),
        (b"%PDF-1.4", "a.txt", None, Kind.PDF),
    ],
)
def test_content_goes_before_name_and_declaration(data: bytes, name: str, media_type: str | None, kind: Kind) -> None:
    assert kind_of(data, name, media_type) is kind


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"words", "a.pdf", "declared a PDF but its content is none"),
        (b"\xff\xd8\xff....", "a.html", "a JPEG picture"),
        (b"words", "a.exe", "has the ending '.exe'"),
    ],
)
def test_what_is_not_what_it_claims_is_refused(data: bytes, name: str, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        kind_of(data, name)


def test_limits_are_told_with_what_was_found() -> None:
    assert [in_words(n) for n in (812, 20_400, 1_500_000, 20_000_000)] == ["812 bytes", "20 kB", "1.5 MB", "20 MB"]
    check_size(10, 10, "it")
    check_length("x" * 10, 10, "it")
    with pytest.raises(Unreadable, match="it is 11 bytes large; at most 10 bytes are read"):
        check_size(11, 10, "it")
    with pytest.raises(Unreadable, match="it is 1,001 characters long; at most 1,000 are allowed"):
        check_length("x" * 1_001, 1_000, "it")
