"""PDFs become paragraphs without what a printed page adds; a PDF that can't be read becomes a reason."""

from __future__ import annotations

import time
from datetime import date

import pytest

from corpus.model import Draft, Rejected, Source, SourceKind
from corpus.readers import Limits, open_worker, read_bytes
from corpus.readers.limits import DEFAULT_LIMITS
from corpus.readers.pdf import read_pdf
from corpus.readers.sheets import article_text
from tests.fakes.pages import encrypted_pdf, pdf, pdf_bomb, scanned_pdf

SOURCE = Source(SourceKind.FILE, "a.pdf")
LINES = [
    "The court has read the motion and the papers that were filed in sup-",
    "port of it. It finds that the plaintiff has not shown that it is likely to",
    "win the case.",
    "The motion is denied, and the trial will begin on May 5 as the court said",
    "in its well-known notice.",
]


def outcome_of(data: bytes, limits: Limits = DEFAULT_LIMITS) -> Draft | Rejected:
    (outcome,) = read_bytes(data, name="a.pdf", source=SOURCE, limits=limits)
    return outcome


def test_lines_become_paragraphs_and_divided_words_whole() -> None:
    draft = outcome_of(pdf([["Order on the motion", *LINES]]))
    assert isinstance(draft, Draft)
    assert draft.title == "Order on the motion"
    assert draft.text == (
        "The court has read the motion and the papers that were filed in support of it. It finds that the plaintiff "
        "has not shown that it is likely to win the case.\n\n"
        "The motion is denied, and the trial will begin on May 5 as the court said in its well-known notice."
    )


def test_the_information_in_the_file_is_used() -> None:
    info = {"Title": "Order on the motion", "Author": "Ann Bell", "CreationDate": "D:20210301120000Z"}
    draft = outcome_of(pdf([LINES], info=info))
    assert isinstance(draft, Draft)
    assert (draft.title, draft.authors, draft.published) == ("Order on the motion", ("Ann Bell",), date(2021, 3, 1))


@pytest.mark.parametrize("title", ["Microsoft Word - order.docx", "untitled", "order_final.pdf", "---"])
def test_a_title_that_a_program_made_is_not_used(title: str) -> None:
    assert read_pdf(pdf([LINES], info={"Title": title}), DEFAULT_LIMITS).title is None


def sheet(number: int, *lines: str) -> str:
    stamp = f"Case 2:21-cv-00031-ABC   Document 34   Filed 03/01/21   Page {number} of 3"
    return "\n".join([stamp, "Order on the motion - 21", *lines, f"- {number} -"])


def test_stamps_running_heads_and_page_numbers_go() -> None:
    sheets = [
        sheet(1, "The first page ends in the middle of a", "sentence that goes"),
        sheet(2, "on here and then it ends. The second has more to", "say about all of that."),
        sheet(3, "The third page says the rest of it, which isn't much to", "speak of."),
    ]
    text = article_text(sheets)
    assert "Case 2:21" not in text
    assert "Order on" not in text
    assert "- 2 -" not in text
    assert "sentence that goes on here and then it ends." in text


@pytest.mark.parametrize("form", ["{n} {line}", "{n}\n{line}"])
def test_the_line_numbers_of_pleading_paper_go(form: str) -> None:
    lines = [
        f"and so it went on for line {word}"
        for word in ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    ]
    text = article_text(["\n".join(form.format(n=n, line=line) for n, line in enumerate(lines, start=1))])
    assert text == " ".join(lines)


def test_numbers_that_begin_lines_of_a_text_stay() -> None:
    text = article_text(
        ["12 people came to the hearing on the motion and\n40 people came to the one that followed it."]
    )
    assert text == "12 people came to the hearing on the motion and 40 people came to the one that followed it."


def test_a_word_written_with_a_hyphen_elsewhere_keeps_it() -> None:
    text = article_text(["A well-known case is a well-\nknown thing to the court and to all of the lawyers in it."])
    assert text.startswith("A well-known case is a well-known thing")


def test_ligatures_become_letters_and_double_spacing_no_paragraphs() -> None:
    text = article_text(["The ﬁrst line of the brief goes on to the next\n\nline of it, which is the ﬁnal\n\none."])
    assert text == "The first line of the brief goes on to the next line of it, which is the final one."


def test_pages_without_words_are_no_text() -> None:
    assert article_text(["", "\n \n", "3"]) == ""


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (encrypted_pdf(LINES, "secret"), "is an encrypted PDF: it asks for a password"),
        (scanned_pdf(), "holds no text: scanned pages are pictures; run text recognition on it first"),
        (pdf([LINES])[:400], "is a damaged PDF"),
        (b"%PDF-1.7\n" + b"junk " * 1_000, "is a damaged PDF"),
        (b"%PDF-1.7\n" + b" " * 10_000_000, "the PDF is 10 MB large; at most 10 MB are read"),
        (pdf_bomb(200_000_000), "unpacks to more than is read"),
    ],
    ids=["encrypted", "scanned", "cut off", "junk", "large", "bomb"],
)
def test_a_pdf_that_cannot_be_read_has_a_reason_soon(data: bytes, words: str) -> None:
    began = time.monotonic()
    outcome = outcome_of(data)
    assert isinstance(outcome, Rejected)
    assert words in outcome.reason
    assert time.monotonic() - began < 10


def test_a_pdf_that_only_restricts_printing_is_read() -> None:
    assert isinstance(outcome_of(encrypted_pdf(LINES, "", owner="secret")), Draft)


def test_too_many_pages_are_told() -> None:
    outcome = outcome_of(pdf([LINES] * 3), Limits(pdf_pages=2))
    assert isinstance(outcome, Rejected)
    assert outcome.reason == "has 3 pages; at most 2 are read"


def test_what_takes_too_long_is_stopped_and_the_next_is_read() -> None:
    outcome = outcome_of(pdf([LINES]), Limits(parse_seconds=0.001))
    assert isinstance(outcome, Rejected)
    assert outcome.reason == "reading this PDF took longer than 0.001 seconds and was stopped"


def test_what_needs_too_much_memory_is_told_and_the_next_is_read() -> None:
    limits = Limits(parse_memory_bytes=300_000_000)
    with open_worker(limits) as worker:
        greedy = ("<html><table>" + "<tr><td>" * 150_000).encode()
        (outcome,) = read_bytes(greedy, name="a.html", source=SOURCE, limits=limits, worker=worker)
        assert isinstance(outcome, Rejected)
        assert "300 MB" in outcome.reason
        (second,) = read_bytes(pdf([LINES]), name="a.pdf", source=SOURCE, limits=limits, worker=worker)
        assert isinstance(second, Draft)


def test_one_process_serves_many_files_and_is_gone_at_the_end() -> None:
    with open_worker() as worker:
        processes = set()
        for _ in range(3):
            (outcome,) = read_bytes(pdf([LINES]), name="a.pdf", source=SOURCE, worker=worker)
            assert isinstance(outcome, Draft)
            processes.add(worker._process)
    (process,) = processes
    assert process is not None
    assert process.poll() is not None


def test_a_process_that_died_between_two_files_is_replaced() -> None:
    with open_worker() as worker:
        read_bytes(pdf([LINES]), name="a.pdf", source=SOURCE, worker=worker)
        process = worker._process
        assert process is not None
        process.kill()
        process.wait()
        (outcome,) = read_bytes(pdf([LINES]), name="a.pdf", source=SOURCE, worker=worker)
        assert isinstance(outcome, Draft)
