"""Small feeds for tests, built from what a test wants to see in them, and their pages without a network.

Texts of items are mark-up and go in as they are.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict

from corpus.errors import Unreadable
from corpus.fetch import Expect, Fetched, NotModified, StatusFailed, WrongKind
from corpus.model import Draft, Rejected, Source
from corpus.readers.draft import make_draft
from corpus.readers.feed import read_feed
from corpus.readers.feedfound import FeedFound
from corpus.readers.head import Head
from corpus.readers.html import read_html
from corpus.readers.limits import DEFAULT_LIMITS as LIMITS
from corpus.readers.links import with_link
from tests.fakes.pages import html_page


def rss(*items: str, title: str = "The Daily Courier") -> bytes:
    """An RSS 2.0 feed."""
    channel = f"<title>{title}</title><link>https://news.example/</link>{''.join(items)}"
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{channel}</channel></rss>'.encode()


def item(*, title: str | None = None, link: str | None = None, guid: str | None = None, date: str | None = None) -> str:
    """An item of RSS with the elements that are given."""
    given = {"title": title, "link": link, "guid": guid, "pubDate": date}
    inside = "".join(f"<{name}>{value}</{name}>" for name, value in given.items() if value is not None)
    return f"<item>{inside}</item>"


def atom(*entries: str, title: str = "The Daily Courier") -> bytes:
    """An Atom feed."""
    return (
        '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">'
        f"<title>{title}</title>{''.join(entries)}</feed>"
    ).encode()


def entry(*, title: str, link: str, number: str, published: str) -> str:
    """An entry of Atom."""
    return (
        f'<entry><title>{title}</title><id>{number}</id><link href="{link}"/><published>{published}</published></entry>'
    )


class Pages:
    """A fetcher that needs no network: links and what is behind them, bytes or the error.

    `asked` holds the links in the order of asking; `most` tells how many were asked at the same time at most. A link
    that is held is answered once it is let go.
    """

    def __init__(self) -> None:
        self.pages: dict[str, bytes | Exception] = {}
        self.asked: list[str] = []
        self.most = 0
        self._busy = 0
        self._held: dict[str, asyncio.Event] = {}
        self._asked_for: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)

    def hold(self, *urls: str) -> None:
        """Whoever asks for these waits."""
        self._held |= {url: asyncio.Event() for url in urls}
        for url in urls:
            self._asked_for.pop(url, None)

    def let_go(self) -> None:
        """Nobody has to wait any more."""
        for event in self._held.values():
            event.set()

    async def was_asked(self, url: str) -> None:
        """Somebody has asked for it, since it is held."""
        await self._asked_for[url].wait()

    async def fetch(
        self, url: str, *, expect: Expect, etag: str | None = None, modified: str | None = None, polling: bool = False
    ) -> Fetched | NotModified:
        """What is behind the link; a link that is not there is a 404."""
        assert polling, "what a program fetches is spaced"
        self.asked.append(url)
        self._asked_for[url].set()
        self._busy += 1
        self.most = max(self.most, self._busy)
        try:
            if url in self._held:
                await self._held[url].wait()
            return self._answer(url, expect, etag, modified)
        finally:
            self._busy -= 1

    def _answer(self, url: str, expect: Expect, etag: str | None, modified: str | None) -> Fetched | NotModified:
        found = self.pages.get(url, StatusFailed("The site has no such page.", status=404))
        if isinstance(found, Exception):
            raise found
        if expect is Expect.FEED and found.startswith(b"<html"):
            raise WrongKind("This is a web page, not a feed.")
        if etag is not None and etag == str(len(found)):
            return NotModified(url, etag, modified)
        return Fetched(url, found, "application/xml" if expect is Expect.FEED else "text/html", etag=str(len(found)))


class AtOnce:
    """A reading in this process and thread: pages and feeds of tests are small and well meant."""

    async def read(self, data: bytes, *, name: str, source: Source, media_type: str | None = None) -> Draft | Rejected:
        """The article in the page, as the real one reads it."""
        del name, media_type
        try:
            text = read_html(data)
            draft = make_draft(text.text, Head(title=text.title, language="en", partial=text.partial), source, LIMITS)
        except Unreadable as error:
            return Rejected(source, str(error))
        return with_link(draft, source.reference)

    async def read_feed(self, data: bytes, url: str) -> FeedFound:
        """The feed, as the real one reads it."""
        return read_feed(data, url, LIMITS)


def story(number: int, *, words: int = 120) -> str:
    """A page with an article that shares no run of words with that of another number."""
    sentences = (
        f"The judge{number} of court{number} heard item{number}x{part} and asked side{number}x{part} about it."
        for part in range(words // 10)
    )
    return html_page([" ".join(sentences)], title=f"Story {number}")
