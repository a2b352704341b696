"""What is asked for, what comes back, and how much of it is read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeAlias

Resolve: TypeAlias = Callable[[str, int], Awaitable[Sequence[str]]]
"""From a host's name and a port to the addresses it has now, as text; raises OSError where the name has none."""

URL_MOST_CHARS: Final = 2_048
"""The longest link that is fetched; browsers and search engines guarantee about as much."""


class Expect(StrEnum):
    """What the link should lead to."""

    ARTICLE = "an article"
    FEED = "a feed"


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a link gave: `url` is where it was found in the end, without a fragment.

    `media_type` tells what the first bytes show it to be (`text/html`, `application/pdf`, `text/plain`,
    `text/markdown`; for feeds also `application/xml`, `application/json`), with the `charset` that the site declared.
    `etag` and `modified` are what the next request for the same link may send along.
    """

    url: str
    data: bytes = field(repr=False)
    media_type: str | None = None
    etag: str | None = None
    modified: str | None = None


@dataclass(frozen=True, slots=True)
class NotModified:
    """The site says that nothing has changed since `etag` and `modified`."""

    url: str
    etag: str | None = None
    modified: str | None = None


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """How much one link may cost: times in seconds, sizes in bytes after unpacking; the last values still pass."""

    seconds: float = 10.0
    redirects: int = 5
    html_bytes: int = 2_000_000
    pdf_bytes: int = 10_000_000
    feed_bytes: int = 5_000_000
    robots_bytes: int = 512_000
    """RFC 9309, section 2.5: a crawler reads at least 500 KiB; what stands behind that is not read."""
    header_bytes: int = 32_768
    """Of one line; news sites send security policies of more than 8 kB."""
    headers: int = 128
    at_once: int = 8
    """So many requests are under way at the same time, over all hosts."""
    robots_kept_seconds: float = 3_600.0
    robots_origins: int = 512
    robots_kept_chars: int = 1_000_000
    """The rules of so many sites, and so many characters of them, are remembered."""
    spacing_seconds: float = 1.0
    """Between two requests of polling to the same host."""
    crawl_delay_seconds: float = 30.0
    """A longer Crawl-delay counts as this one."""
    retry_after_seconds: float = 86_400.0
    """A longer Retry-After counts as this one."""


DEFAULT_FETCH_LIMITS: Final = FetchLimits()
