"""Text, Markdown and JSON lines become drafts; what can't be read becomes a reason."""

from __future__ import annotations

import json
import os
import time
from datetime import date
from typing import TYPE_CHECKING

import pytest

from corpus.model import Draft, Rejected, Source, SourceKind
from corpus.readers import DEFAULT_LIMITS, Limits, read, read_bytes, read_each

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = Source(SourceKind.PASTE, "message 1")
BODY = "The court ruled for the map maker on Monday.\n\nThe regulator will appeal the ruling.\n"
HEAD = """\
---
id: map-maker
title: "Court rules for map maker"
source: Daily Courier
author: Ann Bell and Carl Dorn
published: 2021-03-01
url: https://news.example/map
language: no
mood: cheerful
---
"""


def read_one(text: str | bytes, name: str = "a.txt", limits: Limits = DEFAULT_LIMITS) -> Draft | Rejected:
    data = text.encode() if isinstance(text, str) else text
    (outcome,) = read_bytes(data, name=name, source=SOURCE, limits=limits)
    return outcome


def draft_of(text: str | bytes, name: str = "a.txt") -> Draft:
    outcome = read_one(text, name)
    assert isinstance(outcome, Draft), outcome
    return outcome


def reason_of(text: str | bytes, name: str = "a.txt", limits: Limits = DEFAULT_LIMITS) -> str:
    outcome = read_one(text, name, limits)
    assert isinstance(outcome, Rejected), outcome
    assert outcome.source == SOURCE
    return outcome.reason


def test_a_head_gives_the_particulars() -> None:
    draft = draft_of(HEAD + BODY)
    assert (draft.key, draft.title, draft.publication) == ("map-maker", "Court rules for map maker", "Daily Courier")
    assert draft.authors == ("Ann Bell", "Carl Dorn")
    assert draft.published == date(2021, 3, 1)
    assert (draft.url, draft.language) == ("https://news.example/map", "no")
    assert draft.text == BODY.strip()
    assert draft.source == SOURCE


def test_fields_are_taken_as_written() -> None:
    draft = draft_of("---\nkey: 007\ntitle: 1984\nauthors: [Ann Bell, 'X, Inc.']\nsource: Yes\n---\n" + BODY)
    assert (draft.key, draft.title, draft.publication, draft.authors) == ("007", "1984", "Yes", ("Ann Bell", "X, Inc."))


def test_without_a_head_the_first_line_is_the_title() -> None:
    draft = draft_of("Court rules for map maker\n\n" + BODY)
    assert (draft.title, draft.text) == ("Court rules for map maker", BODY.strip())
    assert (draft.key, draft.published, draft.language) == (None, None, "en")


def test_without_a_headline_the_first_sentence_stands_for_the_title() -> None:
    assert draft_of(BODY).title == "The court ruled for the map maker on Monday."
    long = draft_of("The court " + "ruled and " * 30 + "left.").title
    assert len(long) <= 120
    assert long.endswith("ruled…")


def test_a_time_stamp_gives_the_day_an_update_does_not() -> None:
    assert draft_of(f"A title here\nPublished March 1, 2021\n\n{BODY}").published == date(2021, 3, 1)
    assert draft_of(f"A title here\nUpdated March 1, 2021\n\n{BODY}").published is None


def test_the_raw_text_is_kept() -> None:
    draft = draft_of(f"A title here\n\nAdvertisement\n\n{BODY}")
    assert "Advertisement" in draft.raw_text
    assert [aside.line for aside in draft.dropped] == ["Advertisement"]


@pytest.mark.parametrize(
    ("head", "words"),
    [
        ("title: a: b", "line 2, column 9 of the head: a second `: ` in one line"),
        ("title: x\n\tid: 1", "line 3, column 1 of the head: a tab"),
        ("title: x\ntitle: y", "line 3, column 1 of the head: the key 'title' is given twice, first on line 2"),
        ("- a\n- b", "line 2, column 1 of the head: expected `key: value` lines"),
        ("title: x\npublished: soon", "line 3: published: 'soon' is no date that can be read; write 2021-01-21"),
        ("title: x\npublished: 2021-02-30", "line 3, column 12 of the head"),
        ("url: ftp://x.example", "line 2: url: 'ftp://x.example' is no link; it has to begin with http"),
        ("url: javascript:alert(1)", "is no link"),
        ("url: 'http://a b'", "a link holds no spaces"),
        ("url: https://x.example/" + "a" * 2048, "2,066 characters long; at most 2,048"),
        ("language: English please", "is no language code; write en"),
        ("title: " + "x" * 301, "301 characters long; at most 300"),
        ("id: [a, b]", "line 2: id: expected a single text, found a list"),
    ],
)
def test_a_broken_head_names_its_line_and_problem(head: str, words: str) -> None:
    assert words in reason_of(f"---\n{head}\n---\n{BODY}")


def test_a_head_that_is_not_closed_is_told() -> None:
    assert "line 1: the head that begins here has no closing line" in reason_of(f"---\ntitle: x\n\n{BODY}")


def test_a_line_of_dashes_is_no_head() -> None:
    assert draft_of(f"---\n\n{BODY}").text == "---\n\n" + BODY.strip()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b" \n\t\n", "is empty"),
        (b"caf\xe9 in Lisbon was closed", "byte 0xE9 at position 3 (line 1) can't be read; save it as UTF-8"),
        ("Hé, the court".encode("utf-16") + b"\x00", "is not UTF-16 text"),
        (b"some\x00binary", "a zero byte at position 4"),
        (b"\x89PNG\r\n\x1a\n....", "a PNG picture"),
        (b"PK\x03\x04....", "a ZIP archive"),
        (b"word " * 200_000, "line 1 is 1,000,000 characters long; at most 100,000"),
        (b"The court ruled.\n" * 300_000, "is 5.1 MB large; at most 5 MB"),
        ("".join(f"The court ruled {n:,}.\n" for n in range(46_000)).encode(), "the article is 1,0"),
        (b"a\n" * 2_490_000, "has 2,490,001 lines; at most 50,000 are read"),
        (b"a\r\n\r" * 1_200_000, "has 2,400,001 lines; at most"),
        ("".join(f"{n:020x}\n" for n in range(200_000)).encode(), "has 200,001 lines; at most"),
        (b"The court ruled on the map of the company.\n\n" * 46_000, "has 92,001 lines"),
        (
            b"The court ruled on the map of the company and on its price. " * 1_600 * 25,
            "the text is 2,400,000 characters",
        ),
        (b"Two words", "no sentence of at least 3 words"),
        (b"Advertisement\n\nIn this article\n", "holds no text but page furniture"),
        ("\u200b\u202e\ufeff".encode(), "holds no text"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else "data",
)
def test_what_is_no_article_is_rejected_quickly_with_a_reason(data: bytes, words: str) -> None:
    began = time.monotonic()
    assert words in reason_of(data)
    assert time.monotonic() - began < 5


def test_utf_16_with_its_mark_is_read() -> None:
    assert draft_of(BODY.encode("utf-16")).text == BODY.strip()


def test_markdown_loses_its_marks_and_keeps_its_words() -> None:
    text = (
        "# Court rules for *map* maker\n\n![logo](a.png)\n\nThe **court** ruled for the [map maker](https://x.example).\n\n"
        "> Nobody was `ever` asked_by_them.\n\n- A first point is here.\n\n<!-- note -->\n## Then\n\n2 * 3 * 4 is 24.\n"
    )
    draft = draft_of(text, "a.md")
    assert draft.title == "Court rules for map maker"
    assert draft.text == (
        "The court ruled for the map maker.\n\nNobody was ever asked_by_them.\n\n- A first point is here.\n\n"
        "Then\n\n2 * 3 * 4 is 24."
    )


def test_each_line_of_json_is_an_article_or_has_its_own_reason() -> None:
    lines = [
        {
            "id": "a",
            "title": "One",
            "text": BODY,
            "published": "Jan. 21, 2021",
            "authors": ["Ann Bell"],
            "source": "DC",
        },
        {
            "_id": "b",
            "title": "Two",
            "text": BODY,
            "metadata": {"source": "Wire", "author": None, "published_at": None},
        },
        {"id": 3, "text": BODY, "language": "de-AT", "publication": "P", "partial": True},
    ]
    data = "\n".join([*map(json.dumps, lines), "", "{broken", "[]", '{"title": "x"}', '{"text": 5}', '{"text": "a"}'])
    first, second, third, *rest = read_bytes(data.encode(), name="a.jsonl", source=SOURCE)
    assert isinstance(first, Draft)
    assert isinstance(second, Draft)
    assert isinstance(third, Draft)
    assert (first.key, first.published, first.authors, first.publication) == (
        "a",
        date(2021, 1, 21),
        ("Ann Bell",),
        "DC",
    )
    assert (second.key, second.publication, second.authors) == ("b", "Wire", ())
    assert (third.key, third.language, third.partial) == ("3", "de", True)
    assert first.source.reference == "message 1, line 1"
    reasons = [(outcome.source.reference, outcome.reason) for outcome in rest if isinstance(outcome, Rejected)]
    assert reasons == [
        ("message 1, line 5", "is not JSON: Expecting property name enclosed in double quotes at column 2"),
        ("message 1, line 6", 'is no article: expected an object {"title": …, "text": …}'),
        ("message 1, line 7", 'has no "text"'),
        ("message 1, line 8", '"text" has to be a string'),
        ("message 1, line 9", "holds no sentence of at least 3 words"),
    ]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b'{"text": "' + b"a" * 1_000_001 + b'"}', "longer than 1 MB"),
        (b"[" * 100_000, "nested too deep"),
        (b'{"n": ' + b"9" * 5_000 + b"}", "a number too long"),
        (b'{"text": "caf\xe9 was closed"}', "byte 0xE9"),
        (json.dumps({"text": BODY, "published": "soon"}).encode(), "published: 'soon' is no date"),
        (json.dumps({"text": BODY, "url": "x"}).encode(), "url: 'x' is no link"),
        (json.dumps({"text": BODY, "id": "x" * 201}).encode(), "id: it is 201 characters long"),
    ],
    ids=["long", "deep", "number", "encoding", "date", "url", "id"],
)
def test_a_bad_line_has_a_reason(line: bytes, words: str) -> None:
    outcomes = read_bytes(line, name="a.jsonl", source=SOURCE)
    assert [words in outcome.reason for outcome in outcomes if isinstance(outcome, Rejected)] == [True]


def test_half_a_surrogate_pair_never_gets_into_a_draft() -> None:
    line = '{"title": "A \\ud800 title", "text": "The court \\udfff ruled today."}'
    (draft,) = read_bytes(line.encode(), name="a.jsonl", source=SOURCE)
    assert isinstance(draft, Draft)
    (draft.title + draft.text).encode()


def test_files_are_read_from_their_place(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(HEAD + BODY, encoding="utf-8")
    (draft,) = read(path)
    assert isinstance(draft, Draft)
    assert draft.source == Source(SourceKind.FILE, str(path))


def test_json_lines_of_any_number_are_read_one_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    line = json.dumps({"title": "One", "text": BODY})
    path.write_text(f"{line}\n{'x' * 1_200_000}\n{line}", encoding="utf-8")
    outcomes = read_each(path)
    assert isinstance(next(outcomes), Draft)
    long = next(outcomes)
    assert isinstance(long, Rejected)
    assert long.source.reference == f"{path}, line 2"
    assert isinstance(next(outcomes), Draft)
    assert list(outcomes) == []


def test_what_is_no_readable_file_is_rejected(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(b"plain words here")
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "binary.jsonl").write_bytes(b"\x00\x01" * 5_000)
    (tmp_path / "empty.jsonl").write_bytes(b"")
    reasons = [
        outcome.reason
        for name in ("absent.txt", ".", "a.docx", "pipe.txt", "binary.jsonl", "empty.jsonl")
        for outcome in read(tmp_path / name)
        if isinstance(outcome, Rejected)
    ]
    assert reasons == [
        "can't be opened: No such file or directory",
        "is a folder",
        "has the ending '.docx'; .txt, .md, .jsonl, .html and .pdf files are read",
        "is no plain file",
        "holds binary data (a zero byte at position 0), not text",
        "is empty",
    ]


@pytest.mark.parametrize("piece", ["<!---->", "<!-- x -->", "<!--", "<?xml ", " ", "-->", "<!--->"])
def test_the_beginning_of_a_file_is_looked_at_in_no_time_whatever_repeats_there(piece: str) -> None:
    source = Source(SourceKind.FILE, "a.txt")
    read_bytes(b"What a reader loads at its first use is no part of this.", name="a.txt", source=source)
    began = time.process_time()
    read_bytes(piece.encode() * 400, name="a.txt", source=source)
    assert time.process_time() - began < 1
