"""Articles and feeds are read beside the loop, several at once, and nobody passes for another publisher."""

from __future__ import annotations

import asyncio
import json
import subprocess
import time
from contextlib import suppress
from dataclasses import replace

import pytest

from corpus.errors import Unreadable
from corpus.model import Draft, Rejected, Source, SourceKind
from corpus.readers import Limits, Worker
from corpus.readers.links import host_of, with_link
from corpus.readers.pool import Reading
from tests.fakes.drafts import draft
from tests.fakes.feeds import item, rss
from tests.fakes.pages import LOREM, html_page, pdf

URL = "https://www.news.example/2021/a"
FETCHED = Source(SourceKind.URL, URL)
UPLOADED = Source(SourceKind.FILE, "a.html")
SLOW = b"<html><body>" + b"<div>x</div>" * 160_000
LINE = json.dumps({"title": "A ruling", "text": " ".join(LOREM), "id": "ruling"}).encode()


async def test_a_fetched_page_becomes_a_draft_of_its_place() -> None:
    async with Reading() as reading:
        outcome = await reading.read(html_page().encode(), name="a.php", source=FETCHED, media_type="text/html")
    assert isinstance(outcome, Draft)
    assert (outcome.url, outcome.publication, outcome.source) == (URL, "news.example", FETCHED)


async def test_what_is_uploaded_keeps_its_own_particulars() -> None:
    head = '<link rel="canonical" href="https://other.example/b">'
    async with Reading() as reading:
        outcome = await reading.read(html_page(head=head).encode(), name="a.html", source=UPLOADED)
    assert isinstance(outcome, Draft)
    assert (outcome.url, outcome.publication) == ("https://other.example/b", "other.example")


async def test_a_fetched_page_that_claims_another_publishers_link_is_known_by_its_own_place() -> None:
    head = '<link rel="canonical" href="https://other.example/b"><meta property="og:url" content="https://b.example/b">'
    async with Reading() as reading:
        outcome = await reading.read(html_page(head=head).encode(), name="", source=FETCHED)
    assert isinstance(outcome, Draft)
    assert (outcome.url, outcome.publication) == (URL, "news.example")


async def test_a_pdf_has_its_host_as_publication() -> None:
    data = pdf([[line[:80] for line in LOREM]])
    async with Reading() as reading:
        outcome = await reading.read(data, name="", source=FETCHED, media_type="application/octet-stream")
    assert isinstance(outcome, Draft), outcome
    assert (outcome.url, outcome.publication) == (URL, "news.example")


async def test_what_cannot_be_read_is_rejected_with_its_reason() -> None:
    async with Reading() as reading:
        outcome = await reading.read(b"GIF89a", name="a.gif", source=UPLOADED)
    assert outcome == Rejected(UPLOADED, "is a GIF picture, not text; .txt, .md, .jsonl, .html and .pdf files are read")


async def test_the_only_article_of_json_lines_is_taken() -> None:
    async with Reading() as reading:
        outcome = await reading.read(LINE + b"\n\n", name="a.jsonl", source=UPLOADED)
    assert isinstance(outcome, Draft)
    assert (outcome.title, outcome.key) == ("A ruling", "ruling")


async def test_json_lines_with_several_articles_are_left_to_the_terminal() -> None:
    async with Reading() as reading:
        several = await reading.read(LINE + b"\n" + LINE, name="a.jsonl", source=UPLOADED)
        none = await reading.read(b"[]\n", name="a.jsonl", source=UPLOADED)
        large = await reading.read(b" " * 6_000_000 + LINE, name="a.jsonl", source=UPLOADED)
    assert several == Rejected(UPLOADED, "holds several articles; `amicus import` at the terminal takes them")
    assert isinstance(none, Rejected)
    assert large == Rejected(UPLOADED, "the file is 6 MB large; at most 5 MB are read")


async def test_a_feed_is_read_and_what_is_none_is_refused() -> None:
    async with Reading() as reading:
        found = await reading.read_feed(rss(item(title="A", link="/b")), "https://news.example/feed")
        with pytest.raises(Unreadable, match="is no feed"):
            await reading.read_feed(b"hello", "https://news.example/feed")
    assert [one.link for one in found.items] == ["https://news.example/b"]


async def test_a_slow_page_holds_up_no_other() -> None:
    async with Reading(Limits(parse_seconds=5), size=2) as reading:
        slow = asyncio.create_task(reading.read(SLOW, name="a.html", source=UPLOADED))
        for _ in range(3):
            assert isinstance(await reading.read(html_page().encode(), name="a.html", source=UPLOADED), Draft)
        assert not slow.done()


async def test_more_than_there_are_workers_wait_for_their_turn() -> None:
    async with Reading(size=2) as reading:
        many = [reading.read(html_page().encode(), name="a.html", source=UPLOADED) for _ in range(12)]
        assert all(isinstance(outcome, Draft) for outcome in await asyncio.gather(*many))


async def test_a_reading_that_nobody_waits_for_any_more_gives_its_worker_back() -> None:
    async with Reading(Limits(parse_seconds=0.2), size=1) as reading:
        for _ in range(3):
            given_up = asyncio.create_task(reading.read(SLOW, name="a.html", source=UPLOADED))
            await asyncio.sleep(0.05)
            given_up.cancel()
            with suppress(asyncio.CancelledError):
                await given_up
        page = b"<html><body><p>" + " ".join(LOREM).encode()
        outcome = await reading.read(page, name="a.txt", source=UPLOADED)
        text = await reading.read(" ".join(LOREM).encode(), name="a.txt", source=UPLOADED)
    assert isinstance(outcome, Draft | Rejected)
    assert isinstance(text, Draft)


async def test_at_the_end_what_is_under_way_is_broken_off() -> None:
    async with Reading(Limits(parse_seconds=60), size=1) as reading:
        under_way = [asyncio.create_task(reading.read(SLOW, name="a.html", source=UPLOADED)) for _ in range(2)]
        child = await asyncio.to_thread(started, reading._workers[0])
    first, second = await asyncio.gather(*under_way, return_exceptions=True)
    assert isinstance(first, Rejected)
    assert isinstance(second, asyncio.CancelledError)
    assert child.poll() is not None
    assert reading._workers[0]._process is None


def started(worker: Worker) -> subprocess.Popen[bytes]:
    while worker._process is None:
        time.sleep(0.005)
    return worker._process


PAGE = draft("The court ruled on Monday.", key="somebody-elses", url="https://other.example/scoop")


@pytest.mark.parametrize(
    ("own", "kept"),
    [
        ("https://news.example/2021/canonical", "https://news.example/2021/canonical"),
        ("http://WWW.News.example./b", "http://WWW.News.example./b"),
        ("https://other.example/scoop", URL),
        ("https://www.news.example.other.example/a", URL),
        ("https://evil.news.example/a", URL),
        ("https://news.example@other.example/a", URL),
        ("https://[::1/a", URL),
        (None, URL),
    ],
)
def test_a_page_is_known_by_its_own_link_on_its_own_host_only(own: str | None, kept: str) -> None:
    assert with_link(replace(PAGE, url=own), URL).url == kept


@pytest.mark.parametrize(
    ("named", "publication"),
    [
        (None, "courts.news.example"),
        ("Daily Courier", "Daily Courier"),
        ("St. Paul Times", "St. Paul Times"),
        ("News.Example", "News.Example"),
        ("www.courts.news.example", "www.courts.news.example"),
        ("other.example", "courts.news.example"),
        ("s.example", "courts.news.example"),
        ("other.example:8080", "courts.news.example"),
    ],
)
def test_a_page_is_of_the_publication_it_names_or_of_its_host(named: str | None, publication: str) -> None:
    assert with_link(replace(PAGE, publication=named), "https://courts.news.example/a").publication == publication


def test_a_fetched_page_brings_no_key() -> None:
    assert with_link(PAGE, URL).key is None


@pytest.mark.parametrize(
    ("url", "host"),
    [("https://www.News.example:8080/a", "news.example"), ("http://[::1]/", "::1"), ("nothing", ""), ("http://[", "")],
)
def test_a_host_is_named_without_www_and_port(url: str, host: str) -> None:
    assert host_of(url) == host
