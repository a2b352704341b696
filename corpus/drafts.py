"""What the desk speaks of: drafts that wait, what they resemble, feeds, and what became of an act.

Values without I/O. A draft's id is 16 hexadecimal digits that can't be guessed; a draft's `version` counts from 1 and
grows with every edit, so that nobody stores what they have not seen.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from corpus.collection import LIBRARY, Collection
from corpus.errors import Conflict
from corpus.model import AlreadyKnown, Article, AuditEntry, Draft, Rejected, Removal, Source

DRAFT_KEPT: Final = timedelta(days=7)
"""So long a preview's buttons work, and so long an act can be undone."""
QUEUE_KEPT: Final = timedelta(days=90)
"""So long a suggestion waits in the review queue."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody works: the collection that is written to, and those whose articles are seen there."""

    own: Collection
    sees: tuple[Collection, ...]

    @classmethod
    def of(cls, own: Collection, *, library: bool = True) -> Place:
        """The place of a collection; a guild's sees the library too unless that is switched off."""
        if own == LIBRARY or not library:
            return cls(own, (own,))
        return cls(own, (LIBRARY, own))


class DraftState(StrEnum):
    """What has become of a draft."""

    WAITING = "waiting"
    QUEUED = "queued"
    STORED = "stored"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


class DraftOrigin(StrEnum):
    """Who brought it in."""

    MODERATOR = "moderator"
    SUGGESTION = "suggestion"
    FEED = "feed"


@dataclass(frozen=True, slots=True)
class Base:
    """The article revision that a draft is an edit of."""

    key: str
    revision: int


@dataclass(frozen=True, slots=True)
class Decision:
    """Who decided on a draft, when (aware, UTC), why (may be empty); key and revision where it was stored."""

    by: str
    at: datetime
    reason: str = ""
    key: str | None = None
    revision: int | None = None


@dataclass(frozen=True, slots=True)
class WaitingDraft:
    """A draft in the store. `draft` has lost its texts once it was decided on; `tell`: its giver asked to be told."""

    id: str
    collection: Collection
    draft: Draft
    state: DraftState
    version: int
    origin: DraftOrigin
    by: str
    at: datetime
    expires_at: datetime
    base: Base | None = None
    tell: bool = False
    decision: Decision | None = None

    @property
    def is_open(self) -> bool:
        """Whether it still waits for somebody's decision."""
        return self.state in {DraftState.WAITING, DraftState.QUEUED}

    def check_open(self) -> None:
        """Nothing where it still waits; else raises Conflict with who decided and when."""
        if not self.is_open and (decision := self.decision):
            raise decided_already(self.state, decision.by, decision.at)


def decided_already(state: str, by: str, at: datetime) -> Conflict:
    """What is told to whoever comes too late."""
    return Conflict(f"It was {state} already by {by} on {at:%Y-%m-%d %H:%M} UTC.")


@dataclass(frozen=True, slots=True)
class Alike:
    """A stored, live article that shares `share` (0..1) of its 5-word runs with a draft (of the shorter of the two)."""

    key: str
    collection: Collection
    revision: int
    title: str
    publication: str | None
    published: date | None
    url: str | None
    share: float


@dataclass(frozen=True, slots=True)
class Removed:
    """An article with the same text or link that was removed and can be restored."""

    key: str
    title: str
    removal: Removal


@dataclass(frozen=True, slots=True)
class Resembling:
    """What is stored like a draft, of the collections that are seen; removed: of the one written to.

    `last_change` is the number of the newest change that this takes account of.
    """

    known: AlreadyKnown | None = None
    removed: Removed | None = None
    alike: tuple[Alike, ...] = ()
    taken_down: bool = False
    last_change: int = 0

    def hindrance(self, source: Source) -> AlreadyKnown | Rejected | None:
        """Why something from `source` that resembles this can't be stored, whatever anybody chooses; None: it can."""
        if self.taken_down:
            return Rejected(source, "This article was taken down for good and can't be stored again.")
        if self.known is None and (one := self.removed) is not None:
            reason = f"“{one.title}” was {one.removal}. It can be restored; its key is {one.key}."
            return Rejected(source, reason, one.key)
        return self.known


@dataclass(frozen=True, slots=True)
class Preview:
    """All that is shown of a draft before it is stored.

    `known` is set where the same text or link is stored already; `alike` are near-duplicates, most alike first, at most
    5; `before` is the revision that an edit starts from; `passages` counts what would be indexed.
    """

    waiting: WaitingDraft
    passages: int
    known: AlreadyKnown | None = None
    alike: tuple[Alike, ...] = ()
    before: Article | None = None


@dataclass(frozen=True, slots=True)
class Details:
    """An article's particulars as a person typed them; None leaves a field as it is, an empty text clears it."""

    title: str | None = None
    publication: str | None = None
    published: str | None = None
    url: str | None = None
    authors: str | None = None
    text: str | None = None


class Handling(StrEnum):
    """What a moderator wants done with a near-duplicate."""

    KEEP_BOTH = "keep_both"
    REPLACE = "replace"


@dataclass(frozen=True, slots=True)
class Choice:
    """The decision about near-duplicates: `seen` are the keys that were shown; `key` is the one to replace.

    `revision` is the one that was shown of it; None: whatever is current.
    """

    handling: Handling
    seen: tuple[str, ...] = ()
    key: str | None = None
    revision: int | None = None


@dataclass(frozen=True, slots=True)
class Purged:
    """What a takedown erased. `drafts` are the ids of drafts; `backups` the copies made since the article came in."""

    article_id: int
    key: str
    title: str
    revisions: int
    drafts: tuple[str, ...]
    backups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Takedown:
    """That something was taken down for good: `mark` is a digest of its text or link, `key` was its article's."""

    collection: Collection
    mark: str
    key: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Undone:
    """An act was taken back: the entry it was, and the article as it is now."""

    entry: AuditEntry
    article: Article


class FeedMode(StrEnum):
    """Where the items of a feed go."""

    REVIEW = "review"
    DIRECT = "direct"


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed that is followed. `failures` counts the failed polls since the last good one; times are aware, UTC.

    `etag` and `modified` are what the server gave for conditional requests; `stored`, `queued` and `passed_over` count
    its items.
    """

    id: int
    collection: Collection
    url: str
    title: str
    mode: FeedMode
    by: str
    at: datetime
    next_at: datetime
    paused: bool = False
    checked_at: datetime | None = None
    failures: int = 0
    problem: str = ""
    etag: str | None = None
    modified: str | None = None
    stored: int = 0
    queued: int = 0
    passed_over: int = 0


class Stage(StrEnum):
    """How far an item of a feed comes; the last is where it would be stored or queued."""

    SEEN = "seen"
    LINK = "link"
    FETCH = "fetch"
    READ = "read"
    DUPLICATE = "duplicate"
    REVIEW = "review"
    STORED = "stored"


@dataclass(frozen=True, slots=True)
class FeedItem:
    """An item as the feed has it. `identity` is its guid, or its link where it has none; `published` may be missing."""

    identity: str
    link: str | None
    title: str
    published: datetime | None = None


@dataclass(frozen=True, slots=True)
class ItemOutcome:
    """What became, or would become, of an item: the stage it reached and why it went no further (empty at the end)."""

    item: FeedItem
    stage: Stage
    reason: str = ""
    key: str | None = None
    draft_id: str | None = None


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries of the audit record are meant: all where nothing is named; the days are whole days in UTC."""

    actor: str | None = None
    key: str | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a difference: `sign` is `+`, `-` or a space."""

    sign: str
    text: str


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One revision and what it changed from the one before: changed particulars as (name, before, after), and lines."""

    article: Article
    particulars: tuple[tuple[str, str, str], ...] = ()
    lines: tuple[Line, ...] = field(default=())


def without_texts(draft: Draft) -> Draft:
    """The draft as it is kept once it was decided on: what it was called, not what it says."""
    return replace(draft, text="", raw_text="", dropped=(), flagged=())
