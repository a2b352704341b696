"""Why a link gave nothing. Every message is a whole sentence for the person who gave the link.

FetchError                 (an Unreadable: what can't be fetched can't become a draft)
├── FetchRefused           for good: asking again changes nothing
│   ├── BadLink            no link that is fetched: not http(s), with a password, a forbidden port, a malformed host
│   ├── NotPublic          its host is not public, or a redirect of it leads to one that is not
│   ├── RobotsForbid       the site's robots.txt forbids it
│   ├── WrongKind          what is there is neither a page, a PDF nor a text (or no feed, where a feed is asked for)
│   └── TooLarge           what is there is larger than what is read
└── FetchFailed            for now: it may work later; `retry_after` where the site said when
    ├── Unreachable        no connection: unknown name, nobody there, no TLS, broken off
    ├── TookTooLong        not done within the time for one link
    ├── Malformed          an answer that breaks the rules of HTTP, is cut off, or sends on in a circle
    ├── StatusFailed       the site answered with an error; `status` says which
    └── RobotsUnknown      the site's robots.txt can't be read just now, so nothing of it is fetched
"""

from __future__ import annotations

from datetime import timedelta

from corpus.errors import Unreadable


class FetchError(Unreadable):
    """The link gave nothing; `str()` is a whole sentence for whoever gave it."""


class FetchRefused(FetchError):
    """The link is not fetched, today or tomorrow."""


class BadLink(FetchRefused):
    """The text is no link of the kind that is fetched."""


class NotPublic(FetchRefused):
    """The link leads, at once or by a redirect, to an address that is not public."""


class RobotsForbid(FetchRefused):
    """The site's robots.txt forbids programs to fetch it."""


class WrongKind(FetchRefused):
    """What is there can't become an article (or is no feed)."""


class TooLarge(FetchRefused):
    """What is there is larger than what is read."""


class FetchFailed(FetchError):
    """The link gave nothing this time; `retry_after` is the pause that the site asked for, if it asked for one."""

    def __init__(self, sentence: str, *, retry_after: timedelta | None = None) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


class Unreachable(FetchFailed):
    """No connection, or one that ended before an answer."""


class TookTooLong(FetchFailed):
    """The time for one link was over."""


class Malformed(FetchFailed):
    """The answer breaks the rules of HTTP, is cut off, or only sends on."""


class StatusFailed(FetchFailed):
    """The site answered with the error `status` (an HTTP status code)."""

    def __init__(self, sentence: str, *, status: int, retry_after: timedelta | None = None) -> None:
        super().__init__(sentence, retry_after=retry_after)
        self.status = status


class RobotsUnknown(FetchFailed):
    """Whether the site allows it can't be found out just now."""
