"""Links to bytes, guarded: only public addresses, only what sites allow, never too much or for too long.

Whoever gives a link decides what this machine connects to. So each step of a fetch, redirects and robots.txt
included, goes through the same checks: the text of the link (`targets`), every address its host has at this moment
(`names`, `addresses`), the connection to those and nothing else (`wire`), the site's rules (`robots`), sizes and time.
"""

from __future__ import annotations

from corpus.fetch.errors import (
    BadLink,
    FetchError,
    FetchFailed,
    FetchRefused,
    Malformed,
    NotPublic,
    RobotsForbid,
    RobotsUnknown,
    StatusFailed,
    TookTooLong,
    TooLarge,
    Unreachable,
    WrongKind,
)
from corpus.fetch.fetcher import Fetcher
from corpus.fetch.values import DEFAULT_FETCH_LIMITS, Expect, Fetched, FetchLimits, NotModified, Resolve

__all__ = [
    "DEFAULT_FETCH_LIMITS",
    "BadLink",
    "Expect",
    "FetchError",
    "FetchFailed",
    "FetchLimits",
    "FetchRefused",
    "Fetched",
    "Fetcher",
    "Malformed",
    "NotModified",
    "NotPublic",
    "Resolve",
    "RobotsForbid",
    "RobotsUnknown",
    "StatusFailed",
    "TooLarge",
    "TookTooLong",
    "Unreachable",
    "WrongKind",
]
