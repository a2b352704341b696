"""A feed's title and items (RSS and Atom): the one door of feedparser.

Runs in the child process only. feedparser is given a stream: text and bytes it would take for an address or the path of
a local file, and open. It fetches nothing of what a document names; entities of other files stay empty.
"""

from __future__ import annotations

import html
import io
import re
from datetime import UTC, datetime
from hashlib import sha256
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Protocol, cast
from urllib.parse import urljoin

import feedparser

from corpus.drafts import FeedItem
from corpus.errors import Unreadable
from corpus.readers.encoding import decode_html, looks_like_page
from corpus.readers.feedfound import FeedFound
from corpus.readers.head import one_line, read_url

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from corpus.readers.limits import Limits

_MOST_NAMED = 10
_IDENTITY_CHARS = 500
_PAGE_CHARS = 1_000_000
_YEARS = range(1990, 2100)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<!--[^<>]*-->")
_FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml"})


class _Entry(Protocol):
    """What is used of feedparser's feed and entries: dictionaries whose values are whatever the document holds."""

    def get(self, key: str) -> object: ...
    def __contains__(self, key: str) -> bool: ...


class _Parsed(Protocol):
    """What is used of feedparser's result."""

    feed: _Entry
    entries: list[_Entry]
    version: str


def read_feed(data: bytes, url: str, limits: Limits) -> FeedFound:
    """The feed, or the feeds that a page names; raises Unreadable where it is neither.

    `url` is where it was fetched from: relative links are relative to it.
    """
    if looks_like_page(data):
        return _named_in(data, url, limits)
    if not data.strip():
        raise Unreadable("is empty")
    if data.lstrip().startswith((b"{", b"[")):
        raise Unreadable("is JSON, no feed; RSS and Atom are read")
    parsed = _parsed(data)
    if not parsed.version and not parsed.entries:
        raise Unreadable("is no feed; RSS and Atom are read")
    items = {item.identity: item for item in reversed(list(_items(parsed.entries, url, limits)))}
    title = _plain(parsed.feed.get("title"), limits.title_chars)
    return FeedFound(title, tuple(_newest(list(reversed(items.values())), limits.feed_items)))


def _parsed(data: bytes) -> _Parsed:
    found = feedparser.parse(
        io.BytesIO(data),
        sanitize_html=False,  # no mark-up is kept, and it takes its time
        resolve_relative_uris=False,
    )
    return cast("_Parsed", found)


def _items(entries: Sequence[_Entry], url: str, limits: Limits) -> Iterator[FeedItem]:
    for entry in entries:
        title = _plain(entry.get("title"), limits.title_chars)
        link = _link_of(entry, url, limits)
        identity = _identity(entry, link, title)
        if identity:
            yield FeedItem(identity, link, title, _published(entry))


def _identity(entry: _Entry, link: str | None, title: str) -> str:
    """The guid, else the link, else the title (such an item is only spoken of); empty where it has none of them."""
    given = one_line(_text(entry.get("id"))) or link or (f"title:{title}" if title else "")
    return given if len(given) <= _IDENTITY_CHARS else f"sha256:{sha256(given.encode()).hexdigest()}"


def _link_of(entry: _Entry, url: str, limits: Limits) -> str | None:
    """The item's link; a guid that is said to be one only where it is a whole address."""
    link = _text(entry.get("link"))
    if entry.get("guidislink") and link == entry.get("id") and not link.startswith(("http://", "https://")):
        return None
    return _absolute(link, url, limits)


def _absolute(link: str, url: str, limits: Limits) -> str | None:
    """The link as a whole address; None where it is none, or no web page's."""
    if not link.strip():
        return None
    try:
        return read_url(urljoin(url, link.strip()), limits)
    except (ValueError, Unreadable):
        return None


def _published(entry: _Entry) -> datetime | None:
    """When it was published, else when it was updated last; None where neither can be read."""
    given = entry.get("published_parsed")
    if given is None and "published" not in entry:  # else feedparser speaks up
        given = entry.get("updated_parsed")
    if not isinstance(given, tuple):
        return None
    try:
        year, month, day, hour, minute, second = (int(part) for part in given[:6])
        found = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return found if found.year in _YEARS else None


def _newest(items: list[FeedItem], most: int) -> list[FeedItem]:
    """At most so many; by their dates where each has one: not every feed begins with the newest."""
    dates = [item.published for item in items if item.published is not None]
    if len(dates) == len(items):
        items = [item for _, item in sorted(zip(dates, items, strict=True), key=lambda pair: pair[0], reverse=True)]
    return items[:most]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _plain(value: object, most_chars: int) -> str:
    """The words of a title, on one line: feeds escape mark-up in titles, some of them twice."""
    text = _text(value)[: 10 * most_chars]
    text = _TAG.sub("", html.unescape(_TAG.sub("", text)))
    return one_line(text)[:most_chars].strip()


def _named_in(data: bytes, url: str, limits: Limits) -> FeedFound:
    page = _Page()
    page.feed(decode_html(data)[:_PAGE_CHARS])
    links = [link for given in page.links if (link := _absolute(given, url, limits)) is not None]
    if not links:
        raise Unreadable("is a page, not a feed, and it names none")
    return FeedFound(named=tuple(dict.fromkeys(links))[:_MOST_NAMED])


class _Page(HTMLParser):
    """Collects the feeds that a page names in its head."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A link to a feed is kept (https://html.spec.whatwg.org/multipage/links.html#rel-alternate)."""
        if tag != "link":
            return
        given = {name: value or "" for name, value in attrs}
        kind = given.get("type", "").split(";")[0].strip().lower()
        if "alternate" in given.get("rel", "").lower().split() and kind in _FEED_TYPES and given.get("href"):
            self.links.append(given["href"])
