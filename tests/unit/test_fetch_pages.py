"""Pages, PDFs, texts and feeds as they are meant to be fetched."""

from __future__ import annotations

import asyncio
import gzip
import shutil
import ssl
import subprocess
import zlib
from datetime import timedelta
from pathlib import Path

import pytest

from corpus.fetch import Expect, Fetched, Fetcher, NotModified, StatusFailed, Unreachable, WrongKind
from corpus.fetch.fetcher import user_agent
from tests.fakes.hostile import page
from tests.fakes.names import Names
from tests.fakes.pages import html_page, pdf
from tests.fakes.web import Web

PAGE = html_page()
RSS = '<?xml version="1.0"?><rss version="2.0"><channel><title>News</title></channel></rss>'
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title></feed>'


async def fetched(web: Web, path: str, expect: Expect = Expect.ARTICLE) -> Fetched:
    async with Fetcher([web.host]) as fetcher:
        found = await fetcher.fetch(web.url(path), expect=expect)
    assert isinstance(found, Fetched)
    return found


async def test_a_page_is_fetched_as_it_stands_there() -> None:
    async with Web() as web:
        web.page("/a", PAGE)
        found = await fetched(web, "/a")
        assert found == Fetched(web.url("/a"), PAGE.encode(), "text/html; charset=utf-8")


async def test_a_pdf_larger_than_a_page_may_be_is_fetched() -> None:
    data = pdf([["The court ruled."]]) + b"%" * 2_500_000
    async with Web() as web:
        web.pdf("/a.pdf", data)
        found = await fetched(web, "/a.pdf")
        assert (len(found.data), found.media_type) == (len(data), "application/pdf")


@pytest.mark.parametrize(
    ("body", "declared", "media_type"),
    [
        (pdf([["The court ruled."]]), "text/html", "application/pdf"),
        (PAGE.encode(), "application/pdf", "text/html"),
        (PAGE.encode(), "application/octet-stream", "text/html"),
        (PAGE.encode(), None, "text/html"),
        (b"<p>The court ruled.</p>", "text/html; charset=ISO-8859-1", "text/html; charset=iso-8859-1"),
        (b"The court ruled.", "text/html", "text/plain"),
        (b"The court ruled.", "text/plain", "text/plain"),
        (b"# The court ruled", "text/markdown; charset=utf-8", "text/markdown; charset=utf-8"),
        (b"[The court] ruled.", "text/plain", "text/plain"),
        ("\ufeffThe court ruled.".encode("utf-16"), "text/plain", "text/plain"),
        (b'<?xml version="1.0"?><!DOCTYPE html><html><p>It ruled.</p></html>', "application/xhtml+xml", "text/html"),
    ],
)
async def test_what_is_there_is_told_from_its_content(body: bytes, declared: str | None, media_type: str) -> None:
    async with Web() as web:
        web.page("/a", body, media_type=declared)
        assert (await fetched(web, "/a")).media_type in {media_type, f"{media_type}; charset=utf-8"}


@pytest.mark.parametrize(
    ("packed", "encoding"),
    [
        (gzip.compress(PAGE.encode()), "gzip"),
        (gzip.compress(PAGE.encode()), "x-gzip"),
        (gzip.compress(PAGE.encode()[:40]) + gzip.compress(PAGE.encode()[40:]), "gzip"),
        (gzip.compress(PAGE.encode()) + b"\x00" * 100, "gzip"),
        (zlib.compress(PAGE.encode()), "deflate"),
        (zlib.compress(PAGE.encode())[2:-4], "deflate"),
        (PAGE.encode(), "identity"),
    ],
)
async def test_a_packed_page_is_unpacked(packed: bytes, encoding: str) -> None:
    async with Web() as web:
        web.page("/a", packed, headers={"Content-Encoding": encoding})
        assert (await fetched(web, "/a")).data == PAGE.encode()
        assert web.requests[-1].headers["Accept-Encoding"] == "gzip, deflate"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_followed_to_their_end(status: int) -> None:
    async with Web() as web:
        web.redirect("/1", "/2", status)
        web.redirect("/2", "3", status)
        web.redirect("/3", web.url("/4"), status)
        web.redirect("/4", f"//{web.host}/x/../b/./5", status)
        web.redirect("/b/5", "c#part", status)
        web.page("/b/c", PAGE)
        assert (await fetched(web, "/1")).url == web.url("/b/c")


async def test_a_link_is_asked_for_with_its_query_and_without_its_fragment() -> None:
    async with Web() as web, Fetcher([web.host]) as fetcher:
        web.page("/a", PAGE)
        found = await fetcher.fetch(f"  {web.url('/x/../a')}?q=a+b%2Fc&ü=ß#part \n")
        assert isinstance(found, Fetched)
        assert found.url == web.url("/a?q=a+b%2Fc&%C3%BC=%C3%9F")
        assert web.requests[-1].path == "/a?q=a+b%2Fc&%C3%BC=%C3%9F"


async def test_a_redirect_in_letters_of_an_old_encoding_is_followed_as_it_was_sent() -> None:
    async with Web() as web, Fetcher([web.host]) as fetcher:
        web.raw("/a", b"HTTP/1.1 302 Found\r\nLocation: /caf\xe9\r\nContent-Length: 0\r\n\r\n")
        with pytest.raises(StatusFailed):
            await fetcher.fetch(web.url("/a"))
        assert web.requests[-1].path == "/caf%E9"


async def test_an_allowed_host_is_fetched_by_its_address_and_by_its_name_as_it_was_allowed() -> None:
    async with Web() as web, Web("::1") as six:
        web.page("/a", PAGE)
        six.page("/a", PAGE)
        names = Names({"intranet.example": ["127.0.0.1"]})
        allowed = [web.host, six.host, f"Intranet.example:{web.port}"]
        async with Fetcher(allowed, resolve=names) as fetcher:
            for link in (web.url("/a"), six.url("/a"), f"http://INTRANET.example.:{web.port}/a"):
                assert isinstance(await fetcher.fetch(link), Fetched)


@pytest.mark.parametrize("entry", ["127.0.0.1", "intranet.example", "a:b", "http://a.example:80", "a.example:80/x", ""])
def test_an_entry_of_allowed_hosts_that_is_none_is_a_fault_of_the_settings(entry: str) -> None:
    with pytest.raises(ValueError, match="is not host:port"):
        Fetcher([entry])


async def test_no_request_carries_cookies_or_where_it_comes_from() -> None:
    async with Web() as web:
        web.page("/b", PAGE)
        web.page("/a", "", status=302, headers={"Location": "/b", "Set-Cookie": "a=b; Path=/"})
        await fetched(web, "/a")
        for seen in web.requests:
            assert not {"Cookie", "Referer", "Authorization"} & set(seen.headers)


@pytest.mark.parametrize(
    ("contact", "name"),
    [
        ("", "Amicus/1.2"),
        ("   ", "Amicus/1.2"),
        ("https://amicus.example/bot", "Amicus/1.2 (+https://amicus.example/bot)"),
        ("a@b.example\r\nX-Evil: 1", "Amicus/1.2 (+a@b.exampleX-Evil: 1)"),
        ("Bücher) (\\", "Amicus/1.2 (+Bcher)"),
    ],
)
def test_the_user_agent_names_the_bot_and_whom_to_ask(contact: str, name: str) -> None:
    assert user_agent("1.2", contact) == name


async def test_sites_see_who_asks() -> None:
    async with Web() as web, Fetcher([web.host], "a@b.example\r\nX-Evil: 1", version="3\n4") as fetcher:
        web.page("/a", PAGE)
        await fetcher.fetch(web.url("/a"))
        assert {seen.headers["User-Agent"] for seen in web.requests} == {"Amicus/34 (+a@b.exampleX-Evil: 1)"}
        assert all("X-Evil" not in seen.headers for seen in web.requests)


# Feeds


@pytest.mark.parametrize("xml", [RSS, ATOM, "\ufeff" + RSS, '<!-- a --><rdf:RDF xmlns="a"></rdf:RDF>', '{"items": []}'])
async def test_a_feed_is_fetched_where_one_is_expected(xml: str) -> None:
    async with Web() as web:
        web.feed("/feed", xml)
        found = await fetched(web, "/feed", Expect.FEED)
        assert found.data == xml.encode()
        assert "rss" in web.requests[-1].headers["Accept"]


@pytest.mark.parametrize(
    ("body", "words"),
    [(PAGE.encode(), "a web page"), (b"News", "a text"), (pdf([["News"]]), "a PDF"), (b"\x89PNG\r\n", "a PNG picture")],
)
async def test_what_is_no_feed_is_refused_as_what_it_is(body: bytes, words: str) -> None:
    async with Web() as web:
        web.page("/feed", body)
        with pytest.raises(WrongKind, match=f"{words}, not a feed"):
            await fetched(web, "/feed", Expect.FEED)


async def test_a_feed_that_has_not_changed_is_told_so() -> None:
    async with Web() as web, Fetcher([web.host]) as fetcher:
        web.feed("/feed", RSS, etag='"1"', modified="Mon, 05 Jan 2026 10:00:00 GMT")
        first = await fetcher.fetch(web.url("/feed"), expect=Expect.FEED)
        assert isinstance(first, Fetched)
        again = await fetcher.fetch(web.url("/feed"), expect=Expect.FEED, etag=first.etag, modified=first.modified)
        assert again == NotModified(web.url("/feed"), '"1"', "Mon, 05 Jan 2026 10:00:00 GMT")
        web.feed("/feed", ATOM, etag='"2"')
        changed = await fetcher.fetch(web.url("/feed"), expect=Expect.FEED, etag=first.etag)
        assert isinstance(changed, Fetched)
        assert (changed.data, changed.etag, changed.modified) == (ATOM.encode(), '"2"', None)


async def test_a_mark_that_would_break_a_header_is_neither_kept_nor_sent() -> None:
    async with Web() as web, Fetcher([web.host]) as fetcher:
        web.raw("/odd", page(RSS.encode(), "ETag: \xe9"))
        odd = await fetcher.fetch(web.url("/odd"), expect=Expect.FEED)
        assert odd.etag is None
        web.feed("/feed", RSS, etag='"1"')
        await fetcher.fetch(web.url("/feed"), expect=Expect.FEED, etag='"1"\r\nX-Evil: 1', modified="x" * 5_000)
        assert not {"If-None-Match", "If-Modified-Since", "X-Evil"} & set(web.requests[-1].headers)


# Statuses


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "login"),
        (402, "payment"),
        (403, "does not let programs"),
        (404, "no page"),
        (410, "taken this page down"),
        (418, "refuses"),
        (429, "too many requests"),
        (451, "legal reasons"),
        (500, "fault of its own"),
        (502, "fault of its own"),
        (503, "busy or under repair"),
        (504, "no answer"),
    ],
)
async def test_each_status_has_its_sentence(status: int, words: str) -> None:
    async with Web() as web:
        web.status("/a", status)
        with pytest.raises(StatusFailed, match=rf"^127\.0\.0\.1 .*{words}.* \({status}\)\.$") as failed:
            await fetched(web, "/a")
        assert (failed.value.status, failed.value.retry_after) == (status, None)


@pytest.mark.parametrize(
    ("text", "wait", "words"),
    [
        ("120", timedelta(minutes=2), "wait for 2 minutes"),
        ("1", timedelta(seconds=1), "wait for 1 second."),
        ("90", timedelta(seconds=90), "wait for 90 seconds"),
        ("99999999999999999999", timedelta(days=1), "wait for 24 hours"),
        ("Mon, 05 Jan 2026 11:00:00 GMT", timedelta(hours=1), "wait for 60 minutes"),
        ("Mon, 05 Jan 2026 09:00:00 GMT", timedelta(0), "(503)."),
        ("soon", None, "(503)."),
        ("-5", None, "(503)."),
    ],
)
async def test_the_pause_that_a_site_asks_for_is_told(text: str, wait: timedelta | None, words: str) -> None:
    headers = {"Retry-After": text, "Date": "Mon, 05 Jan 2026 10:00:00 GMT"}
    async with Web() as web:
        web.status("/a", 503, headers)
        with pytest.raises(StatusFailed) as failed:
            await fetched(web, "/a")
    assert failed.value.retry_after == wait
    assert words in str(failed.value)


# https

OPENSSL = shutil.which("openssl")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for secure.example, signed by itself, in one file."""
    if OPENSSL is None:
        pytest.skip("openssl makes the certificate")
    folder = tmp_path_factory.mktemp("tls")
    words = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=secure.example -keyout key.pem -out certificate.pem"
    extension = "subjectAltName=DNS:secure.example"
    subprocess.run([OPENSSL, *words.split(), "-addext", extension], cwd=folder, check=True, capture_output=True)
    return folder


def contexts(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """What the server shows, and what trusts it."""
    shown = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    shown.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    return shown, ssl.create_default_context(cafile=str(folder / "certificate.pem"))


async def test_a_secure_page_is_fetched_from_the_checked_address_under_its_own_name(certificate: Path) -> None:
    shown, trusting = contexts(certificate)
    async with Web(tls=shown) as web:
        web.page("/a", PAGE)
        name = f"secure.example:{web.port}"
        async with Fetcher([name], resolve=Names({"secure.example": ["127.0.0.1"]}), tls=trusting) as fetcher:
            found = await fetcher.fetch(f"https://{name}/a")
            assert found.url == f"https://{name}/a"
            assert web.requests[-1].headers["Host"] == name


@pytest.mark.parametrize(("name", "trusted"), [("secure.example", False), ("other.example", True)])
async def test_a_certificate_that_is_not_accepted_is_told(name: str, trusted: bool, certificate: Path) -> None:  # noqa: FBT001 - a parameter of a table
    shown, trusting = contexts(certificate)
    async with Web(tls=shown) as web:
        web.page("/a", PAGE)
        names = Names({name: ["127.0.0.1"]})
        async with Fetcher([f"{name}:{web.port}"], resolve=names, tls=trusting if trusted else None) as fetcher:
            with pytest.raises(Unreachable, match=rf"^The certificate of {name} is not accepted: .+\.$"):
                await fetcher.fetch(f"https://{name}:{web.port}/a")
            assert not web.requests


async def test_a_secure_link_may_send_on_to_a_plain_one(certificate: Path) -> None:
    shown, trusting = contexts(certificate)
    async with Web(tls=shown) as secure, Web() as plain:
        secure.redirect("/a", plain.url("/b"))
        plain.page("/b", PAGE)
        name = f"secure.example:{secure.port}"
        names = Names({"secure.example": ["127.0.0.1"]})
        async with Fetcher([name, plain.host], resolve=names, tls=trusting) as fetcher:
            assert (await fetcher.fetch(f"https://{name}/a")).url == plain.url("/b")


# All at once


async def test_many_links_are_fetched_at_once_each_with_its_own_page() -> None:
    async with Web() as web, Fetcher([web.host]) as fetcher:
        for number in range(40):
            web.page(f"/{number}", html_page(title=f"Number {number}"))
        found = await asyncio.gather(*(fetcher.fetch(web.url(f"/{number}")) for number in range(40)))
        for number, one in enumerate(found):
            assert isinstance(one, Fetched)
            assert f"Number {number}<".encode() in one.data
        assert web.asked("/robots.txt") == 1


async def test_a_fetcher_that_is_not_open_fetches_nothing() -> None:
    fetcher = Fetcher()
    with pytest.raises(RuntimeError):
        await fetcher.fetch("http://news.example/")
