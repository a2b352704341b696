"""How far an item of a feed comes: its link, the page behind it, the article in the page, what is stored already.

Nothing is stored here: previews and polls go the same way up to the last step.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Protocol

from corpus.dedupe import in_percent
from corpus.drafts import FeedMode, ItemOutcome, Stage
from corpus.errors import Unreadable
from corpus.fetch.errors import FetchError, FetchFailed, StatusFailed
from corpus.fetch.values import Expect, Fetched
from corpus.model import Rejected, Source, SourceKind
from corpus.text import words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from corpus.drafts import FeedItem, Place, Resembling
    from corpus.fetch.values import NotModified
    from corpus.model import AlreadyKnown, Draft
    from corpus.readers.feedfound import FeedFound
    from corpus.store import Store

DIRECT_WORDS: Final = 80
"""A shorter text is looked at by a person before it is stored: it is a teaser, a caption or a notice."""
_LATER: Final = frozenset({408, 425, 429})
"""Errors of the 4xx kind that a later request may not get (RFC 9110, 15.5.9; RFC 8470, 5.2; RFC 6585, 4)."""


class Fetcher(Protocol):
    """What is needed of who fetches."""

    async def fetch(
        self, url: str, *, expect: Expect, etag: str | None = None, modified: str | None = None, polling: bool = False
    ) -> Fetched | NotModified:
        """What is behind the link; raises FetchError."""
        ...


class Reading(Protocol):
    """What is needed of who reads."""

    async def read(self, data: bytes, *, name: str, source: Source, media_type: str | None = None) -> Draft | Rejected:
        """The one article in the data."""
        ...

    async def read_feed(self, data: bytes, url: str) -> FeedFound:
        """The feed; raises Unreadable."""
        ...


@dataclass(frozen=True, slots=True)
class Stopped:
    """The item came no further than `stage`; `again`: it may at another time."""

    stage: Stage
    reason: str
    key: str | None = None
    draft_id: str | None = None
    again: bool = False

    def of(self, item: FeedItem) -> ItemOutcome:
        """The same as what became of the item."""
        return ItemOutcome(item, self.stage, self.reason, key=self.key, draft_id=self.draft_id)


@dataclass(frozen=True, slots=True)
class Readable:
    """The item is an article that is not stored yet; `doubt` says why a person should look at it first, if so."""

    draft: Draft
    doubt: str


class Items:
    """Items on their way."""

    def __init__(self, store: Store, fetcher: Fetcher, reading: Reading) -> None:
        self._store = store
        self._fetcher = fetcher
        self._reading = reading

    async def article_of(
        self, item: FeedItem, place: Place, languages: Sequence[str], now: datetime
    ) -> Readable | Stopped:
        """The article that the item leads to, or the stage at which it stops and why."""
        if item.link is None:
            return Stopped(Stage.LINK, "It has no link to a page.")
        known = await self._store.known_link(item.link, place)
        if known is not None:
            return duplicate_of(known)
        read = await self._read(item.link)
        if isinstance(read, Stopped):
            return read
        draft = completed(read, item, now)
        if (waiting := await self._store.queued_like(draft, place.own)) is not None:
            return Stopped(Stage.DUPLICATE, "It waits in the review queue already.", draft_id=waiting)
        resembling = await self._store.resembling(draft, place)
        return stored_before(resembling) or Readable(draft, doubt_about(draft, resembling, languages))

    async def _read(self, link: str) -> Draft | Stopped:
        try:
            fetched = await self._fetcher.fetch(link, expect=Expect.ARTICLE, polling=True)
        except FetchError as error:
            return Stopped(Stage.FETCH, str(error), again=may_work_later(error))
        if not isinstance(fetched, Fetched):
            return Stopped(Stage.FETCH, "The site gave no page.")
        source = Source(SourceKind.URL, fetched.url)
        read = await self._reading.read(fetched.data, name="", source=source, media_type=fetched.media_type)
        return Stopped(Stage.READ, sentence_of(Unreadable(read.reason))) if isinstance(read, Rejected) else read


def sentence_of(error: Unreadable) -> str:
    """The reason as a whole sentence: readers say what is wrong with it (`is no feed`)."""
    said = str(error)
    if isinstance(error, FetchError) or not said:
        return said
    said = f"It {said}" if said.startswith(("is ", "has ", "holds ")) else said[0].upper() + said[1:]
    return said if said.endswith((".", "…")) else f"{said}."


def may_work_later(error: FetchError) -> bool:
    """Whether what was fetched in vain is worth another try: not where the site or our rules refuse it."""
    if isinstance(error, StatusFailed):
        return error.status >= 500 or error.status in _LATER
    return isinstance(error, FetchFailed)


def completed(draft: Draft, item: FeedItem, now: datetime) -> Draft:
    """The draft with what the feed tells and the page does not: its title, the day it was published."""
    if item.title and not _has_own_title(draft):
        draft = replace(draft, title=item.title)
    if draft.published is None and item.published is not None and item.published <= now + timedelta(days=1):
        draft = replace(draft, published=item.published.date())
    return draft


def _has_own_title(draft: Draft) -> bool:
    """Whether its title is more than its first words."""
    return bool(draft.title) and not draft.text.startswith(draft.title.removesuffix("…"))


def stored_before(resembling: Resembling) -> Stopped | None:
    """Why the article is not taken again, if it is stored or was taken out."""
    if resembling.known is not None:
        return duplicate_of(resembling.known)
    if resembling.taken_down:
        return Stopped(Stage.DUPLICATE, "It was taken down for good.")
    if resembling.removed is not None:
        return Stopped(Stage.DUPLICATE, f"It was {resembling.removed.removal}.", resembling.removed.key)
    return None


def duplicate_of(known: AlreadyKnown) -> Stopped:
    """The item is stored already."""
    return Stopped(Stage.DUPLICATE, f"It is stored already as {known.key}.", known.key)


def in_common(share: float, key: str) -> str:
    """How like another article it is."""
    return f"It has {in_percent(share)} of its text in common with {key}."


def doubt_about(draft: Draft, resembling: Resembling, languages: Sequence[str]) -> str:
    """Why a person should look at the article before it is stored; empty where nobody needs to.

    `languages` are those that are wanted; none are named where any is.
    """
    if resembling.alike:
        alike = resembling.alike[0]
        return in_common(alike.share, alike.key)
    if draft.partial:
        return "It is an excerpt: the page is not free to read."
    if not _has_own_title(draft):
        return "It has no title."
    if (count := len(words(draft.text))) < DIRECT_WORDS:
        return f"It has {count} words only."
    if languages and draft.language not in languages:
        return f"Its language ({draft.language}) is not among {', '.join(languages)}."
    return ""


def stage_in(mode: FeedMode, readable: Readable) -> Stage:
    """Where an article of a feed in this mode goes."""
    return Stage.STORED if mode is FeedMode.DIRECT and not readable.doubt else Stage.REVIEW
