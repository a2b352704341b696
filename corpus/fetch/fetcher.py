"""From a link to what stands there: redirects followed by hand, each step checked, allowed, in turn and in time."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import metadata
from typing import Final, Self
from weakref import WeakValueDictionary

from corpus.fetch.errors import (
    BadLink,
    FetchError,
    Malformed,
    NotPublic,
    RobotsForbid,
    RobotsUnknown,
    TooLarge,
    Unreachable,
)
from corpus.fetch.kinds import media_type
from corpus.fetch.names import Guard, SystemResolver
from corpus.fetch.robots import PRODUCT, KnownRules, Rules, read_rules
from corpus.fetch.statuses import NOT_MODIFIED, PAGES, REDIRECTS, failed
from corpus.fetch.targets import Target, follow, read_host_ports, read_target
from corpus.fetch.timing import TimeLeft
from corpus.fetch.turns import Turns
from corpus.fetch.values import DEFAULT_FETCH_LIMITS, Expect, Fetched, FetchLimits, NotModified, Resolve
from corpus.fetch.wire import Answer, Room, Wire

_CONTACT_MOST_CHARS: Final = 200
_HEADER_MOST_CHARS: Final = 1_000
_ACCEPT: Final = {
    Expect.ARTICLE: "text/html, application/xhtml+xml, application/pdf, text/plain;q=0.8, */*;q=0.1",
    Expect.FEED: "application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1",
}


@dataclass(frozen=True, slots=True)
class _Errand:
    """One fetch under way: what it may cost and what is asked of every step."""

    expect: Expect
    conditions: Mapping[str, str]
    room: Room
    time_left: TimeLeft
    robots: bool
    polling: bool


class Fetcher:
    """Fetches pages, PDFs, texts and feeds from public addresses.

    `allow_hosts` (`host:port`, IPv6 in brackets) are exempt from the rules on addresses and ports; ValueError for one
    that is none. `contact` is put into the User-Agent, `version` too (None: the installed one). `resolve` looks names
    up, `clock` counts seconds (for robots.txt and pauses), `sleep` waits for them; `tls` says which certificates are
    trusted.
    """

    def __init__(
        self,
        allow_hosts: Iterable[str] = (),
        contact: str = "",
        *,
        version: str | None = None,
        limits: FetchLimits = DEFAULT_FETCH_LIMITS,
        resolve: Resolve | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._allowed = read_host_ports(allow_hosts)
        self._limits = limits
        self._guard = Guard(self._allowed, resolve or SystemResolver())
        self._wire = Wire(user_agent(version or _installed(), contact), limits, tls)
        self._turns = Turns(limits.at_once, clock, sleep)
        self._known = KnownRules(limits, clock)
        self._asking_robots: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._is_open = False

    async def __aenter__(self) -> Self:
        self._is_open = True
        return self

    async def __aexit__(self, *_: object) -> None:
        self._is_open = False

    async def fetch(
        self,
        url: str,
        *,
        expect: Expect = Expect.ARTICLE,
        etag: str | None = None,
        modified: str | None = None,
        robots: bool = True,
        polling: bool = False,
    ) -> Fetched | NotModified:
        """What the link leads to, or NotModified where `etag` or `modified` were given and still hold.

        `polling` keeps the pause that the site's robots.txt asks for, and some pause in any case, between two requests
        to one host. `robots=False` asks no robots.txt: for what a person reads, not a program.
        Raises FetchRefused and FetchFailed (`corpus.fetch.errors`), and nothing else of the network.
        """
        if not self._is_open:
            raise RuntimeError("the fetcher is not open")
        errand = self._errand(expect, _conditions(etag, modified), robots=robots, polling=polling)
        target = read_target(url, self._allowed)
        answer = await self._step(target, errand)
        for _ in range(self._limits.redirects):
            if answer.status not in REDIRECTS:
                break
            target, answer = await self._follow(target, answer, errand)
        return self._result(target, answer, errand)

    def _errand(self, expect: Expect, conditions: Mapping[str, str], *, robots: bool, polling: bool) -> _Errand:
        limits = self._limits
        is_feed = expect is Expect.FEED
        room = Room(limits.feed_bytes, limits.feed_bytes) if is_feed else Room(limits.html_bytes, limits.pdf_bytes)
        return _Errand(expect, conditions, room, TimeLeft(limits.seconds), robots, polling)

    async def _follow(self, target: Target, answer: Answer, errand: _Errand) -> tuple[Target, Answer]:
        """Where the redirect leads, and what is answered there."""
        location = answer.headers.get("Location", "")
        if not location.strip():
            raise Malformed(f"{target.host} sends on to another link ({answer.status}) without saying which.")
        with _told_of_redirect(target.host):
            following = follow(target, location, self._allowed)
            return following, await self._step(following, errand)

    async def _step(self, target: Target, errand: _Errand) -> Answer:
        """The answer for one link, if its site allows the link."""
        pause = self._limits.spacing_seconds if errand.polling else 0.0
        if errand.robots:
            rules = await self._rules(target, errand.time_left)
            if not rules.allows(target.url):
                raise RobotsForbid(f"{target.host} asks programs not to read this page (in its robots.txt).")
            if errand.polling:
                pause = max(pause, min(rules.delay_seconds, self._limits.crawl_delay_seconds))
        headers = {"Accept": _ACCEPT[errand.expect], **errand.conditions}
        return await self._ask(target, headers, errand.room, errand.time_left, pause)

    async def _ask(
        self, target: Target, headers: Mapping[str, str], room: Room, time_left: TimeLeft, pause_seconds: float = 0.0
    ) -> Answer:
        """The answer to one request, when it is its turn."""
        async with self._turns.turn(target.host, pause_seconds), time_left.running(target.host):
            addresses = await self._guard.addresses(target)
            return await self._wire.ask(target, addresses, headers, room)

    async def _rules(self, target: Target, time_left: TimeLeft) -> Rules:
        """What the target's robots.txt says, asked for once by whoever comes first."""
        known = self._known.of(target.origin)
        if known is not None:
            return known
        lock = self._asking_robots.setdefault(target.origin, asyncio.Lock())
        async with lock:
            known = self._known.of(target.origin)
            if known is None:
                known = await self._read_rules(target, time_left)
                self._known.keep(target.origin, known)
            return known

    async def _read_rules(self, target: Target, time_left: TimeLeft) -> Rules:
        """The rules of RFC 9309, section 2.3.1: none where there is no file, nothing allowed where nobody knows."""
        room = Room(self._limits.robots_bytes, self._limits.robots_bytes, is_cut=True)
        asked = target.robots
        try:
            answer = await self._ask(asked, {"Accept": "text/plain"}, room, time_left)
            for _ in range(self._limits.redirects):
                location = answer.headers.get("Location", "")
                if answer.status not in REDIRECTS or not location.strip():
                    break
                asked = follow(asked, location, self._allowed)
                answer = await self._ask(asked, {"Accept": "text/plain"}, room, time_left)
        except (BadLink, NotPublic, Unreachable, Malformed, TooLarge) as error:
            if asked == target.robots and isinstance(error, (NotPublic, Unreachable)):
                raise  # the page is on the same host
            raise RobotsUnknown(_robots_unknown(target.host)) from error
        if answer.status in PAGES:
            return await asyncio.to_thread(read_rules, answer.body)  # a large one takes a tenth of a second
        if answer.status in REDIRECTS or 400 <= answer.status < 500:
            return read_rules(b"")
        raise RobotsUnknown(_robots_unknown(target.host))

    def _result(self, target: Target, answer: Answer, errand: _Errand) -> Fetched | NotModified:
        """What is made of the last answer; raises where it is none that can be used."""
        if answer.status in REDIRECTS:
            raise Malformed(f"The link is sent on more than {self._limits.redirects} times, or in a circle.")
        etag, modified = (_header(answer.headers.get(name)) for name in ("ETag", "Last-Modified"))
        if answer.status == NOT_MODIFIED and errand.conditions:
            known = errand.conditions
            return NotModified(
                target.url, etag or known.get("If-None-Match"), modified or known.get("If-Modified-Since")
            )
        if answer.status not in PAGES:
            raise failed(target.host, answer.status, answer.headers, self._limits.retry_after_seconds)
        if not answer.body.strip():
            raise Malformed(f"{target.host} sends an empty page for this link.")
        kind = media_type(answer.body, answer.headers.get("Content-Type", ""), errand.expect, target.host)
        return Fetched(target.url, answer.body, kind, etag, modified)


def user_agent(version: str, contact: str) -> str:
    """Our name as sites see it: printable ASCII in one line, the contact without what would end the comment."""
    kept = "".join(c for c in contact if c.isascii() and c.isprintable() and c not in "()\\")
    about = kept.strip()[:_CONTACT_MOST_CHARS]
    number = "".join(c for c in version if c.isascii() and (c.isalnum() or c in ".-")) or "0"
    return f"{PRODUCT}/{number} (+{about})" if about else f"{PRODUCT}/{number}"


def _installed() -> str:
    try:
        return metadata.version("amicus-bot")
    except metadata.PackageNotFoundError:
        return "0"


def _conditions(etag: str | None, modified: str | None) -> dict[str, str]:
    """The headers that ask for what has changed only (RFC 9110, section 13.1)."""
    given = {"If-None-Match": _header(etag), "If-Modified-Since": _header(modified)}
    return {name: value for name, value in given.items() if value is not None}


def _header(value: str | None) -> str | None:
    """A header's value if it may be sent back: printable ASCII, not too long."""
    if value is None or not value.strip() or len(value) > _HEADER_MOST_CHARS:
        return None
    return value.strip() if value.isascii() and value.isprintable() else None


@contextmanager
def _told_of_redirect(host: str) -> Iterator[None]:
    """The sentence of a refusal says that another site than the one given was the reason."""
    try:
        yield
    except (BadLink, NotPublic, RobotsForbid, Unreachable) as error:
        raise _retold(error, f"{host} sends on to another link, which is not fetched. {error}") from error


def _retold(error: FetchError, sentence: str) -> FetchError:
    return type(error)(sentence)


def _robots_unknown(host: str) -> str:
    return f"The robots.txt of {host} can't be read at the moment, so nothing of it is fetched."
