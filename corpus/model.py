"""The values of the corpus: frozen, without I/O.

Offsets are counted in Python characters (code points) of an article's clean text, half-open: `text[start:end]`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final, Self

from corpus.collection import Collection


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of characters, `0 <= start <= end`."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            message = f"not a span: {self.start}..{self.end}"
            raise ValueError(message)

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """The characters of `text` that this span covers."""
        return text[self.start : self.end]

    def shifted(self, by: int) -> Span:
        """The same span counted from another origin."""
        return Span(self.start + by, self.end + by)

    def covers(self, other: Span) -> bool:
        """Whether `other` lies wholly inside."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """Whether the two share at least one character."""
        return self.start < other.end and other.start < self.end


KEY_MOST_CHARS: Final = 200
"""The length of the longest key of an article."""


class SourceKind(StrEnum):
    """How an article came in."""

    FILE = "file"
    PASTE = "paste"
    URL = "url"
    STARTER = "starter"


@dataclass(frozen=True, slots=True)
class Source:
    """Where an article came from: the kind of way and the path, link or message it names."""

    kind: SourceKind
    reference: str = ""

    @classmethod
    def file(cls, path: object) -> Self:
        """The file `path`; bytes of its name that are no text are written as escapes, so that it can be kept."""
        return cls(SourceKind.FILE, str(path).encode("utf-8", "backslashreplace").decode())


@dataclass(frozen=True, slots=True)
class Passage:
    """A contiguous span of an article's text and the spans of its sentences, all counted in the article's text.

    `id` is given by the store (positive); 0 before that.
    """

    span: Span
    sentences: tuple[Span, ...]
    id: int = 0


@dataclass(frozen=True, slots=True)
class SetAside:
    """A line that cleaning dropped or flagged, with the name of the rule that did it."""

    line: str
    rule: str


@dataclass(frozen=True, slots=True)
class Draft:
    """An article as read and cleaned, before anyone stored it."""

    title: str
    text: str
    raw_text: str
    source: Source
    key: str | None = None
    publication: str | None = None
    authors: tuple[str, ...] = ()
    published: date | None = None
    url: str | None = None
    language: str = "en"
    partial: bool = False
    dropped: tuple[SetAside, ...] = ()
    flagged: tuple[SetAside, ...] = ()


Prepared = tuple[Draft, tuple[Passage, ...]]
"""A draft and the passages of its text: what the store takes."""


@dataclass(frozen=True, slots=True)
class Removal:
    """Who took an article out, when (aware, UTC) and why (may be empty)."""

    by: str
    at: datetime
    why: str = ""

    def __str__(self) -> str:
        because = f" ({self.why})" if self.why else ""
        return f"removed on {self.at:%Y-%m-%d} by {self.by}{because}"


@dataclass(frozen=True, slots=True)
class Article:
    """One revision of one published piece, as stored.

    `id` is the store's number of the article (the same for all its revisions); `key` is unique in its collection;
    `language` is an ISO 639-1 code or `und`; `partial` marks an excerpt (a paywalled page);
    `removed` is None while it is live.
    """

    id: int
    collection: Collection
    key: str
    revision: int
    title: str
    text: str
    publication: str | None = None
    authors: tuple[str, ...] = ()
    published: date | None = None
    url: str | None = None
    language: str = "en"
    partial: bool = False
    added_by: str = ""
    added_at: datetime | None = None
    passages: tuple[Passage, ...] = field(default=(), repr=False)
    removed: Removal | None = None


@dataclass(frozen=True, slots=True)
class ArticleSummary:
    """An article without its text: a line of a list. `characters` and `passages` count the current revision's."""

    id: int
    collection: Collection
    key: str
    revision: int
    title: str
    publication: str | None
    published: date | None
    url: str | None
    language: str
    partial: bool
    characters: int
    passages: int
    added_by: str
    added_at: datetime
    removed: Removal | None = None


@dataclass(frozen=True, slots=True)
class PublicationCount:
    """How many live articles a publication has (None: articles that name none) and the newest date among them."""

    name: str | None
    articles: int
    newest: date | None


@dataclass(frozen=True, slots=True)
class StoreState:
    """What a store holds, over all collections; `articles` and `passages` count what is live.

    `identity` is this database's own (a restored backup gets a new one); `schema` names its migrations.
    """

    identity: str
    schema: tuple[str, ...]
    articles: int
    removed: int
    passages: int
    revisions: int
    last_change: int


@dataclass(frozen=True, slots=True)
class Change:
    """What the store reports to an index: the state of an article of `collection` after change `number`.

    `article` is None when nothing of it is live any more; its passages come without their sentences, which no index
    needs. Applying the same change twice changes nothing.
    """

    number: int
    article_id: int
    collection: Collection
    article: Article | None


@dataclass(frozen=True, slots=True)
class Added:
    """The article is stored: new, or as a new revision of an article with the same key."""

    article: Article


@dataclass(frozen=True, slots=True)
class AlreadyKnown:
    """The same text or the same link is stored already, under `key`; nothing was changed.

    `collection` is told where it may be another than the one that was to be written to.
    """

    key: str
    title: str
    collection: Collection | None = None


@dataclass(frozen=True, slots=True)
class NearDuplicate:
    """An article that shares `share` (0..1) of its 5-word shingles is stored under `key`; nothing was changed."""

    key: str
    title: str
    share: float


@dataclass(frozen=True, slots=True)
class Rejected:
    """The input was not stored; `reason` is a sentence for the person who gave it.

    `key` is that of the removed article that it would have brought back, and that can be restored instead.
    """

    source: Source
    reason: str
    key: str | None = None


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One act that changed the store: who did what to which revision of which article, when (aware, UTC)."""

    number: int
    at: datetime
    actor: str
    action: str
    collection: Collection
    key: str
    revision: int
    detail: str = ""


IngestOutcome = Added | AlreadyKnown | NearDuplicate | Rejected
