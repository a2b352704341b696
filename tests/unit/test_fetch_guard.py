"""Hostile links, names, redirects and servers: none reaches what is not public, none outlasts its time."""

from __future__ import annotations

import asyncio
import gzip
import sys
import zlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import pytest

from corpus.fetch import (
    DEFAULT_FETCH_LIMITS,
    BadLink,
    Expect,
    Fetched,
    Fetcher,
    FetchError,
    Malformed,
    NotPublic,
    RobotsForbid,
    StatusFailed,
    TookTooLong,
    TooLarge,
    Unreachable,
    WrongKind,
)
from corpus.fetch.names import Guard, SystemResolver
from corpus.fetch.targets import read_target
from tests.fakes.hostile import Canary, Hostile, Script, breaks_off, page, says, says_for_ever, says_nothing
from tests.fakes.names import Names
from tests.fakes.web import Web

SHORT = replace(DEFAULT_FETCH_LIMITS, seconds=0.4)
STUCK_S = 30.0
"""A test that takes so long stands still, however busy the machine is."""
HTML = b"<!DOCTYPE html><html><body><p>The court ruled.</p></body></html>"
PUBLIC = "93.184.215.14"

_connected: list[list[object]] = []


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.connect" and _connected:
        _connected[-1].append(arguments[1])


sys.addaudithook(_watch)


@pytest.fixture
def connected() -> Iterator[list[object]]:
    """Every address that this process has connected a socket to, from now on."""
    _connected.append([])
    yield _connected[-1]
    _connected.pop()


@pytest.fixture
async def canary() -> AsyncIterator[Canary]:
    """Somebody on this machine who is not meant to be talked to."""
    async with Canary() as listening:
        yield listening


LINKS: list[tuple[str, type[FetchError], str]] = [
    # other schemes
    ("ftp://news.example/a", BadLink, "ftp:"),
    ("file:///etc/passwd", BadLink, "file:"),
    ("gopher://127.0.0.1:{port}/_GET", BadLink, "gopher:"),
    ("javascript:alert(1)", BadLink, "javascript:"),
    ("data:text/html,<p>hello</p>", BadLink, "data:"),
    ("jar:http://127.0.0.1:{port}!/", BadLink, "jar:"),
    ("ws://127.0.0.1:{port}/", BadLink, "ws:"),
    ("view-source:http://127.0.0.1:{port}/", BadLink, "view-source:"),
    # no links
    ("", BadLink, "empty"),
    ("   ", BadLink, "empty"),
    ("127.0.0.1:{port}/a", BadLink, "begin with http"),
    ("//127.0.0.1:{port}/a", BadLink, "begin with http"),
    ("http:127.0.0.1:{port}/a", BadLink, "followed by //"),
    ("http:/127.0.0.1:{port}/a", BadLink, "followed by //"),
    ("http://", BadLink, "no host"),
    ("http:///a", BadLink, "no host"),
    ("http://:{port}/", BadLink, "no host"),
    ("http://127.0.0.1:port/", BadLink, "no link that can be read"),
    ("http://127.0.0.1:99999/", BadLink, "no link that can be read"),
    ("http://127.0.0.1:-1/", BadLink, "no link that can be read"),
    ("http://[::1/", BadLink, "no link that can be read"),
    ("http://[::1]a:{port}/", BadLink, ""),
    ("http://a[::1]:{port}/", BadLink, ""),
    ("http://[127.0.0.1]:{port}/", BadLink, ""),
    ("http://[v1.a]/", BadLink, ""),
    ("http://./", BadLink, "no host"),
    ("http://a..b/", BadLink, "no host's name"),
    ("http://-a.example/", BadLink, "no host's name"),
    ("http://" + "a" * 64 + ".example/", BadLink, "no host's name"),
    ("http://" + "a." * 130 + "example/", BadLink, "no host's name"),
    ("http://a,b.example/", BadLink, "no host's name"),
    ("http://news.example/" + "a" * 2_048, BadLink, "characters long"),
    ("http://news.example/" + "ü" * 2_000, BadLink, "too long"),
    # characters
    ("http://127.0.0.1 :{port}/", BadLink, "space"),
    ("http://127.0.0.1:{port}/a b", BadLink, "space"),
    ("http://127.0.0.1\t:{port}/", BadLink, "space"),
    ("ht\ntp://127.0.0.1:{port}/", BadLink, "line break"),
    ("http://127.0.0.1:{port}/a\r\nX-Evil: 1", BadLink, "line break"),
    ("http://127.0.0.1:{port}/\x00", BadLink, "control"),
    ("http://127.0.0.1:{port}/\x7f", BadLink, "control"),
    ("http://127.0.0.1:{port}/\udcff", BadLink, "control"),
    ("http:\\\\127.0.0.1:{port}\\a", BadLink, "backslash"),
    ("http://news.example\\@127.0.0.1:{port}/", BadLink, "backslash"),
    ("http://news.example\u2028/", BadLink, "line break"),
    # user names
    ("http://user@127.0.0.1:{port}/", BadLink, "password"),
    ("http://user:password@127.0.0.1:{port}/", BadLink, "password"),
    ("http://news.example@127.0.0.1:{port}/", BadLink, "password"),
    ("http://news.example:80@127.0.0.1:{port}/", BadLink, "password"),
    ("http://@127.0.0.1:{port}/", BadLink, "password"),
    # ports
    ("http://news.example:22/", BadLink, "port 22"),
    ("http://news.example:25/", BadLink, "port 25"),
    ("https://news.example:0/", BadLink, "port 0"),
    ("http://news.example:1023/", BadLink, "port 1023"),
    # this machine and its network
    ("http://127.0.0.1:{port}/", NotPublic, "not a public address"),
    ("http://127.0.0.1/", NotPublic, "not a public address"),
    ("https://127.0.0.1:{port}/", NotPublic, "not a public address"),
    ("http://127.0.0.1.:{port}/", NotPublic, "not a public address"),
    ("http://127.255.255.254:{port}/", NotPublic, "not a public address"),
    ("http://0.0.0.0:{port}/", NotPublic, "not a public address"),
    ("http://10.0.0.1:{port}/", NotPublic, "not a public address"),
    ("http://172.16.0.1/", NotPublic, "not a public address"),
    ("http://192.168.0.1/", NotPublic, "not a public address"),
    ("http://169.254.169.254/latest/meta-data/", NotPublic, "not a public address"),
    ("http://100.64.0.1/", NotPublic, "not a public address"),
    ("http://198.18.0.1/", NotPublic, "not a public address"),
    ("http://192.0.2.1/", NotPublic, "not a public address"),
    ("http://192.0.0.10/", NotPublic, "not a public address"),
    ("http://224.0.1.1/", NotPublic, "not a public address"),
    ("http://240.0.0.1/", NotPublic, "not a public address"),
    ("http://255.255.255.255/", NotPublic, "not a public address"),
    ("http://[::]:{port}/", NotPublic, "not a public address"),
    ("http://[::1]:{port}/", NotPublic, "not a public address"),
    ("http://[0:0:0:0:0:0:0:1]:{port}/", NotPublic, "not a public address"),
    ("http://[::ffff:127.0.0.1]:{port}/", NotPublic, "not a public address"),
    ("http://[::ffff:7f00:1]:{port}/", NotPublic, "not a public address"),
    ("http://[::FFFF:10.0.0.1]/", NotPublic, "not a public address"),
    ("http://[::127.0.0.1]:{port}/", NotPublic, "not a public address"),
    ("http://[64:ff9b::127.0.0.1]/", NotPublic, "not a public address"),
    ("http://[64:ff9b::a9fe:a9fe]/", NotPublic, "not a public address"),
    ("http://[64:ff9b:1::8.8.8.8]/", NotPublic, "not a public address"),
    ("http://[2002:7f00:1::]/", NotPublic, "not a public address"),
    ("http://[2001:0:1:2::3]/", NotPublic, "not a public address"),
    ("http://[2001:db8::1]/", NotPublic, "not a public address"),
    ("http://[fd00:ec2::254]/latest/", NotPublic, "not a public address"),
    ("http://[fe80::1]/", NotPublic, "not a public address"),
    ("http://[fec0::1]/", NotPublic, "not a public address"),
    ("http://[ff02::1]/", NotPublic, "not a public address"),
    ("http://[2a00::5efe:10.0.0.1]/", NotPublic, "not a public address"),
    ("http://[fe80::1%25lo]:{port}/", BadLink, "network interface"),
    ("http://[::1%lo]:{port}/", BadLink, "network interface"),
    # the same in disguise
    ("http://2130706433:{port}/", BadLink, "127.0.0.1"),
    ("http://0x7f000001:{port}/", BadLink, "127.0.0.1"),
    ("http://0x7F.0x0.0x0.0x1:{port}/", BadLink, "127.0.0.1"),
    ("http://017700000001:{port}/", BadLink, "127.0.0.1"),
    ("http://0177.1:{port}/", BadLink, "127.0.0.1"),
    ("http://0177.0.0.01:{port}/", BadLink, "127.0.0.1"),
    ("http://127.1:{port}/", BadLink, "127.0.0.1"),
    ("http://127.0.1:{port}/", BadLink, "127.0.0.1"),
    ("http://0:{port}/", BadLink, "0.0.0.0"),  # noqa: S104 - the same
    ("http://127.0.0.1..:{port}/", BadLink, ""),
    ("http://127.0.0.1.1:{port}/", BadLink, "neither"),
    ("http://127.0.0.256:{port}/", BadLink, "neither"),
    ("http://4294967296:{port}/", BadLink, "neither"),
    ("http://127.0.0.09:{port}/", BadLink, "neither"),
    ("http://1.2.3.4.5/", BadLink, "neither"),
    ("http://127。0。0。1:{port}/", BadLink, "127.0.0.1"),
    ("http://127．0．0．1:{port}/", BadLink, "127.0.0.1"),
    ("http://127｡0｡0｡1:{port}/", BadLink, "127.0.0.1"),
    ("http://１２７.0.0.1:{port}/", BadLink, "127.0.0.1"),
    ("http://①②⑦.0.0.1:{port}/", BadLink, "127.0.0.1"),
    ("http://ⓛocalhost:{port}/", BadLink, "localhost"),
    ("http://ｌocalhost:{port}/", BadLink, "localhost"),
    ("http://local\u200bhost:{port}/", BadLink, "invisible"),
    ("http://local\u00adhost:{port}/", BadLink, "invisible"),
    ("http://\u202elocalhost:{port}/", BadLink, "invisible"),
    ("http://127.0.0.%31:{port}/", BadLink, "127.0.0.1"),
    ("http://%6cocalhost:{port}/", BadLink, "localhost"),
    ("http://news.example%00.127.0.0.1:{port}/", BadLink, "percent"),
    ("http://١٢٧.0.0.1:{port}/", BadLink, ""),
    ("http://xn--\u2460.example/", BadLink, ""),
    # names that lead there
    ("http://localhost:{port}/", NotPublic, "leads to an address that is not public"),
    ("http://localhost.:{port}/", NotPublic, "leads to an address that is not public"),
    ("http://LOCALHOST:{port}/", NotPublic, "leads to an address that is not public"),
    ("http://127.0.0.1.nip.example:{port}/", NotPublic, "leads to an address that is not public"),
    ("http://metadata.internal.example/", NotPublic, "leads to an address that is not public"),
    ("http://mapped.example:{port}/", NotPublic, "leads to an address that is not public"),
    ("http://one-bad.example:{port}/", NotPublic, "leads to an address that is not public"),
    ("http://one-bad-six.example:{port}/", NotPublic, "leads to an address that is not public"),
    ("http://zone.example:{port}/", NotPublic, "leads to an address that is not public"),
    ("http://many.example:{port}/", Unreachable, "no address"),
    ("http://none.example:{port}/", Unreachable, "no address"),
    ("http://nonsense.example:{port}/", Unreachable, "no address"),
    ("http://unknown.example:{port}/", Unreachable, "no host with the name"),
]


def phone_book() -> Names:
    return Names(
        {
            "localhost": ["127.0.0.1", "::1"],
            "127.0.0.1.nip.example": ["127.0.0.1"],
            "metadata.internal.example": ["169.254.169.254"],
            "mapped.example": ["::ffff:127.0.0.1"],
            "one-bad.example": [PUBLIC, "127.0.0.1"],
            "one-bad-six.example": ["2a00:1450:4001::200e", "::1"],
            "zone.example": ["fe80::1%lo"],
            "many.example": [f"93.184.215.{n}" for n in range(65)],
            "none.example": [[]],
            "nonsense.example": ["not an address"],
        }
    )


@pytest.mark.parametrize(("link", "error", "words"), LINKS, ids=[repr(link[:60]) for link, _, _ in LINKS])
async def test_a_hostile_link_opens_no_connection_and_is_refused_with_its_sentence(
    link: str, error: type[FetchError], words: str, canary: Canary, connected: list[object]
) -> None:
    async with Fetcher(resolve=phone_book()) as fetcher, asyncio.timeout(STUCK_S):
        with pytest.raises(error) as refused:
            await fetcher.fetch(link.replace("{port}", str(canary.port)))
    assert type(refused.value) is error
    assert_is_a_sentence(str(refused.value), words)
    assert (connected, canary.connections) == ([], 0)


def assert_is_a_sentence(text: str, words: str) -> None:
    assert words in text
    assert text.endswith(".")
    assert text.isprintable()
    assert len(text) < 400


async def test_a_private_address_behind_a_name_is_not_told() -> None:
    async with Fetcher(resolve=Names({"intranet.example": ["10.1.2.3"]})) as fetcher:
        with pytest.raises(NotPublic) as refused:
            await fetcher.fetch("http://intranet.example/")
    assert "10.1.2.3" not in str(refused.value)
    assert "intranet.example" in str(refused.value)


@pytest.mark.parametrize("allowed", ["127.0.0.1:{other}", "localhost:{other}", "[::1]:{other}", "other.example:{port}"])
async def test_an_allowed_host_allows_no_other_host_and_no_other_port(
    allowed: str, canary: Canary, connected: list[object]
) -> None:
    entry = allowed.format(other=canary.port - 1, port=canary.port)
    names = Names({"localhost": ["127.0.0.1"]})
    async with Fetcher([entry], resolve=names) as fetcher:
        for host in ("127.0.0.1", "localhost", "[::1]"):
            with pytest.raises(NotPublic):
                await fetcher.fetch(f"http://{host}:{canary.port}/")
    assert (connected, canary.connections) == ([], 0)


# A name that means something else the next moment


async def test_a_name_is_looked_up_anew_for_every_request_and_refused_once_it_leads_inside(canary: Canary) -> None:
    names = Names({"rebound.example": [["127.0.0.1"], ["127.0.0.1"]]})
    guard = Guard(frozenset(), Names({"rebound.example": [[PUBLIC], ["127.0.0.1"]]}))
    target = read_target("http://rebound.example/")
    assert [str(address) for address in await guard.addresses(target)] == [PUBLIC]
    with pytest.raises(NotPublic):
        await guard.addresses(target)
    async with Fetcher(resolve=names) as fetcher:
        with pytest.raises(NotPublic):
            await fetcher.fetch(f"http://rebound.example:{canary.port}/")
    assert canary.connections == 0


async def test_what_is_connected_to_is_the_address_that_was_checked_whatever_the_name_means_then(
    connected: list[object],
) -> None:
    async with Web() as web:
        web.page("/a", HTML)
        name = f"pinned.example:{web.port}"
        names = Names({"pinned.example": [["127.0.0.1"], ["127.0.0.1"], ["10.0.0.1"]]})
        async with Fetcher([name], resolve=names) as fetcher:
            await fetcher.fetch(f"http://{name}/a")
    assert names.asked == ["pinned.example", "pinned.example"]  # robots.txt and the page, each once
    assert connected == [("127.0.0.1", web.port)] * 2


async def test_the_connector_asks_for_no_socket_to_another_address(canary: Canary, connected: list[object]) -> None:
    target = read_target(f"http://127.0.0.1:{canary.port}/", frozenset({("127.0.0.1", canary.port)}))
    async with Fetcher() as fetcher:
        public = await Guard(frozenset(), Names({"a.example": [PUBLIC]})).addresses(read_target("http://a.example/"))
        with pytest.raises(Unreachable):
            await fetcher._wire.ask(
                target, public, {}, fetcher._errand(Expect.ARTICLE, {}, robots=False, polling=False).room
            )
    assert (connected, canary.connections) == ([], 0)


# Redirects

REDIRECTS: list[tuple[str, type[FetchError], str]] = [
    ("http://127.0.0.1:{port}/", NotPublic, "sends on"),
    ("//127.0.0.1:{port}/", NotPublic, "sends on"),
    ("http://localhost:{port}/", NotPublic, "sends on"),
    ("http://[::1]:{port}/", NotPublic, "sends on"),
    ("https://10.0.0.1/", NotPublic, "sends on"),
    ("http://169.254.169.254/latest/", NotPublic, "sends on"),
    ("http://2130706433:{port}/", BadLink, "sends on"),
    ("http://user@127.0.0.1:{port}/", BadLink, "sends on"),
    ("file:///etc/passwd", BadLink, "sends on"),
    ("data:text/html,hello", BadLink, "sends on"),
    ("javascript:alert(1)", BadLink, "sends on"),
    ("ftp://127.0.0.1:{port}/", BadLink, "sends on"),
    ("http://127.0.0.1:22/", BadLink, "port 22"),
    ("\\\\127.0.0.1:{port}\\", BadLink, "backslash"),
    ("http://[", BadLink, "no link that can be read"),
    ("/" + "a" * 3_000, BadLink, "characters long"),
    ("http://unknown.example/", Unreachable, "unknown.example"),
    ("", Malformed, "without saying which"),
    ("/again", Malformed, "more than 5 times"),
    ("/private", RobotsForbid, "robots.txt"),
]


@pytest.mark.parametrize(("location", "error", "words"), REDIRECTS, ids=[repr(row[0][:40]) for row in REDIRECTS])
async def test_a_redirect_is_checked_like_the_link_itself(
    location: str, error: type[FetchError], words: str, canary: Canary, connected: list[object]
) -> None:
    async with Web() as web, Fetcher([web.host], resolve=phone_book()) as fetcher, asyncio.timeout(STUCK_S):
        web.robots("User-agent: *\nDisallow: /private")
        web.redirect("/a", location.replace("{port}", str(canary.port)))
        web.redirect("/again", "/again")
        with pytest.raises(error) as refused:
            await fetcher.fetch(web.url("/a"))
    assert_is_a_sentence(str(refused.value), words)
    assert canary.connections == 0
    assert set(connected) == {("127.0.0.1", web.port)}
    assert web.asked("/private") == 0


async def test_a_robots_txt_that_sends_on_inside_is_not_followed(canary: Canary, connected: list[object]) -> None:
    async with Web() as web, Fetcher([web.host]) as fetcher:
        web.page("/a", HTML)
        web.redirect("/robots.txt", f"http://127.0.0.1:{canary.port}/robots.txt")
        with pytest.raises(FetchError, match=r"robots\.txt"):
            await fetcher.fetch(web.url("/a"))
    assert canary.connections == 0
    assert set(connected) == {("127.0.0.1", web.port)}


# Servers

GZIP = "Content-Encoding: gzip"
DEFLATE = "Content-Encoding: deflate"
BOMB = gzip.compress(HTML + b" " * 50_000_000)
PDF_BOMB = gzip.compress(b"%PDF-1.7\n" + b" " * 50_000_000)
START = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
CHUNKED = START + b"Transfer-Encoding: chunked\r\n\r\n"

SERVERS: list[tuple[str, Script, type[FetchError], str]] = [
    ("closes the connection at once", says(), Unreachable, "without an answer"),
    ("resets the connection", breaks_off, Unreachable, ""),
    ("speaks another language", says(b"220 mail.example ESMTP\r\n"), Malformed, "not HTTP"),
    ("answers with noise", says(bytes(range(256)) * 40), Malformed, "not HTTP"),
    ("has no body", says(page(b"")), Malformed, "empty"),
    ("has a body of spaces", says(page(b" \r\n ")), Malformed, "empty"),
    ("says 204", says(page(b"", status="204 No Content")), StatusFailed, "204"),
    ("says 304 without being asked", says(page(b"", status="304 Not Modified")), StatusFailed, "304"),
    ("says 206 without being asked", says(page(HTML, status="206 Partial Content")), StatusFailed, "206"),
    ("says 101", says(page(b"", status="101 Switching Protocols")), FetchError, ""),
    ("says 999", says(page(b"", status="999 Denied")), StatusFailed, "999"),
    ("is shorter than it says", says(page(HTML, "Content-Length: 5000")), Malformed, "shorter than it says"),
    ("says two lengths", says(page(HTML, "Content-Length: 5", "Content-Length: 6")), Malformed, "not HTTP"),
    ("says a negative length", says(page(HTML, "Content-Length: -5")), Malformed, "not HTTP"),
    ("says a huge length", says(page(HTML, "Content-Length: 99999999999")), TooLarge, "too large"),
    ("breaks off in a chunk", says(CHUNKED + b"ff\r\n<html>"), Malformed, "breaks off"),
    ("counts chunks wrongly", says(CHUNKED + b"zz\r\n<html>\r\n0\r\n\r\n"), Malformed, ""),
    ("ends a chunk wrongly", says(CHUNKED + b"3\r\n<html>\r\n0\r\n\r\n"), Malformed, ""),
    ("has an endless header line", says_for_ever(START + b"X-Long: ", b"a" * 4_096), Malformed, "headers"),
    ("has endless headers", says_for_ever(START, b"X-More: 1\r\n" * 100), Malformed, "headers"),
    ("has an endless status line", says_for_ever(b"HTTP/1.1 200 ", b"a" * 4_096), Malformed, ""),
    ("has endless trailers", says_for_ever(CHUNKED + b"0\r\n", b"X-More: 1\r\n" * 100), FetchError, ""),
    ("has an endless page", says_for_ever(page(HTML), b"a" * 65_536), TooLarge, "2 MB"),
    ("has an endless chunked page", says_for_ever(CHUNKED, b"1000\r\n" + b"a" * 4_096 + b"\r\n"), TooLarge, "2 MB"),
    ("has an endless PDF", says_for_ever(page(b"%PDF-1.7\n"), b"a" * 65_536), TooLarge, "10 MB"),
    ("sends a gzip bomb", says(page(BOMB, GZIP)), TooLarge, "2 MB"),
    ("sends a gzip bomb that unpacks to a PDF", says(page(PDF_BOMB, GZIP)), TooLarge, "10 MB"),
    ("sends a deflate bomb", says(page(zlib.compress(b" " * 50_000_000), DEFLATE)), TooLarge, "2 MB"),
    ("sends a bomb of many members", says(page(gzip.compress(b"a" * 100_000) * 90, GZIP)), TooLarge, "2 MB"),
    (
        "sends endless empty members",
        says_for_ever(page(b"", GZIP), gzip.compress(b"") * 300),
        Malformed,
        "packed wrongly",
    ),
    ("packs what is packed", says(page(gzip.compress(gzip.compress(HTML)), GZIP)), WrongKind, "gzip archive"),
    ("says it packed twice", says(page(gzip.compress(HTML), "Content-Encoding: gzip, gzip")), Malformed, "packed"),
    ("says it packed twice in two lines", says(page(gzip.compress(HTML), GZIP, GZIP)), Malformed, "packed"),
    ("packs in a way not asked for", says(page(HTML, "Content-Encoding: br")), Malformed, "'br'"),
    ("cuts the gzip stream", says(page(gzip.compress(HTML)[:-12], GZIP)), Malformed, "breaks off"),
    ("cuts the gzip checksum", says(page(gzip.compress(HTML)[:-1], GZIP)), Malformed, "breaks off"),
    ("cuts the deflate stream", says(page(zlib.compress(HTML)[:-6], DEFLATE)), Malformed, "breaks off"),
    ("says gzip and sends none", says(page(HTML, GZIP)), Malformed, "packed wrongly"),
    ("says deflate and sends none", says(page(b"\xff" + HTML, DEFLATE)), Malformed, "packed wrongly"),
    ("spoils the gzip checksum", says(page(gzip.compress(HTML)[:-8] + b"\x00" * 8, GZIP)), Malformed, "packed wrongly"),
    ("says it is HTML and is a picture", says(page(b"\x89PNG\r\n\x1a\n")), WrongKind, "PNG"),
    ("says it is HTML and is a program", says(page(b"\x7fELF\x02\x01")), WrongKind, "program"),
    ("says it is HTML and is an archive", says(page(b"PK\x03\x04\x14\x00")), WrongKind, "ZIP"),
    ("says it is HTML and is a video", says(page(b"\x00\x00\x00\x18ftypmp42")), WrongKind, "video"),
    ("says it is HTML and is bytes", says(page(b"<p>\x00\x01\x02</p>")), WrongKind, "no text"),
    ("sends JSON", says(page(b'{"a": 1}', media_type="application/json")), WrongKind, "JSON"),
    ("says it is HTML and is JSON", says(page(b'[{"a": 1}]')), WrongKind, "JSON"),
    ("sends a feed", says(page(b"<?xml version='1.0'?><rss></rss>", media_type="text/xml")), WrongKind, "a feed"),
    ("sends a drawing", says(page(b"<svg xmlns='a'></svg>", media_type="image/svg+xml")), WrongKind, "picture"),
    ("sends a script", says(page(b"let a = 1", media_type="text/javascript")), WrongKind, "JavaScript"),
    ("sends a style sheet", says(page(b"p { color: red }", media_type="text/css")), WrongKind, "CSS"),
    ("sends sound", says(page(b"noise", media_type="audio/mpeg")), WrongKind, "sound"),
]


@pytest.mark.parametrize(("script", "error", "words"), [row[1:] for row in SERVERS], ids=[row[0] for row in SERVERS])
async def test_a_hostile_server_is_left_with_its_sentence(
    script: Script, error: type[FetchError], words: str, canary: Canary
) -> None:
    async with Hostile(script) as site, Fetcher([site.host]) as fetcher, asyncio.timeout(STUCK_S):
        with pytest.raises(error) as refused:
            await fetcher.fetch(site.url())
    assert_is_a_sentence(str(refused.value), words)
    assert canary.connections == 0


SLOW: list[tuple[str, Script]] = [
    ("never answers", says_nothing),
    ("drips its headers", says_for_ever(b"HTTP/1.1 200 OK\r\n", b"a", 0.02)),
    ("drips its page", says_for_ever(page(HTML), b"a", 0.02)),
    ("drips its packed page", says_for_ever(page(gzip.compress(HTML)[:40], GZIP), b"", 0.02)),
    ("drips its chunks", says_for_ever(CHUNKED, b"1\r\na\r\n", 0.02)),
    ("has an endless chunk size", says_for_ever(CHUNKED + b"5;", b"a" * 65_536)),
    ("says to go on for ever", says_for_ever(b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0.01)),
    ("says to wait for ever", says_for_ever(b"", b"HTTP/1.1 102 Processing\r\n\r\n" * 500)),
    ("waits before its last bytes", says_for_ever(page(HTML, "Content-Length: 9999"), b"", 0.02)),
]


@pytest.mark.parametrize("script", [row[1] for row in SLOW], ids=[row[0] for row in SLOW])
async def test_a_slow_server_is_left_when_the_time_for_one_link_is_over(script: Script) -> None:
    async with Hostile(script) as site, Fetcher([site.host], limits=SHORT) as fetcher, asyncio.timeout(STUCK_S):
        with pytest.raises(TookTooLong, match=r"127\.0\.0\.1 takes longer than 0\.4 seconds"):
            await fetcher.fetch(site.url(), robots=False)


async def test_the_time_covers_redirects_and_robots_txt_and_the_name_together() -> None:
    async def slow_names(host: str, port: int) -> list[str]:
        del host, port
        await asyncio.sleep(0.15)
        return ["127.0.0.1"]

    async with Web() as web, asyncio.timeout(STUCK_S):
        name = f"slow.example:{web.port}"
        for number in range(4):
            web.redirect(f"/{number}", f"/{number + 1}")
        web.page("/4", HTML)
        async with Fetcher([name], limits=SHORT, resolve=slow_names) as fetcher:
            with pytest.raises(TookTooLong):
                await fetcher.fetch(f"http://{name}/0")


async def test_a_name_that_nobody_answers_for_is_left_in_time() -> None:
    async def silent_names(host: str, port: int) -> list[str]:
        del host, port
        await asyncio.Event().wait()
        return []

    async with Fetcher(limits=SHORT, resolve=silent_names) as fetcher, asyncio.timeout(STUCK_S):
        with pytest.raises(TookTooLong, match=r"silent\.example"):
            await fetcher.fetch("http://silent.example/")


async def test_a_slow_host_holds_up_no_other_one() -> None:
    async with Hostile(says_nothing) as slow, Web() as web, asyncio.timeout(STUCK_S):
        web.page("/a", HTML)
        async with Fetcher(
            [slow.host, f"localhost:{web.port}"], resolve=Names({"localhost": ["127.0.0.1"]})
        ) as fetcher:
            waiting = asyncio.create_task(fetcher.fetch(slow.url()))
            await fetcher.fetch(f"http://localhost:{web.port}/a")
            assert not waiting.done()
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting


async def test_a_server_without_tls_is_no_https_site() -> None:
    async with Web() as web, Fetcher([web.host]) as fetcher, asyncio.timeout(STUCK_S):
        with pytest.raises(Unreachable, match="no secure connection"):
            await fetcher.fetch(web.url("/a").replace("http:", "https:"))


async def test_a_port_where_nobody_listens_gives_no_connection() -> None:
    async with Web() as web:
        gone = web.host
    async with Fetcher([gone]) as fetcher, asyncio.timeout(STUCK_S):
        with pytest.raises(Unreachable, match="no connection"):
            await fetcher.fetch(f"http://{gone}/a")


async def test_after_all_that_the_fetcher_still_fetches() -> None:
    async with Hostile(says_for_ever(page(HTML), b"a" * 65_536)) as bad, Web() as web:
        web.page("/a", HTML)
        async with Fetcher([bad.host, web.host]) as fetcher, asyncio.timeout(STUCK_S):
            for _ in range(12):  # more than may be under way at once
                with pytest.raises(TooLarge):
                    await fetcher.fetch(bad.url())
            assert isinstance(await fetcher.fetch(web.url("/a")), Fetched)
            assert not fetcher._turns._waiting


async def test_the_names_of_this_machine_are_looked_up_and_refused_as_the_system_knows_them(
    canary: Canary, connected: list[object]
) -> None:
    async with Fetcher() as fetcher, asyncio.timeout(STUCK_S):
        with pytest.raises(NotPublic, match="localhost leads to an address that is not public"):
            await fetcher.fetch(f"http://localhost:{canary.port}/")
    assert (connected, canary.connections) == ([], 0)


async def test_a_name_that_the_system_can_not_look_up_is_no_host() -> None:
    resolve = SystemResolver()
    with pytest.raises((OSError, UnicodeError)):
        await resolve("a" * 70 + ".example", 80)


async def test_looking_up_a_name_that_nobody_waits_for_any_more_frees_its_place() -> None:
    resolve = SystemResolver()
    async with asyncio.timeout(STUCK_S):
        for _ in range(40):  # more than may be looked up at once
            given_up = asyncio.create_task(resolve("localhost", 80))
            await asyncio.sleep(0)
            given_up.cancel()
        assert await resolve("localhost", 80)
