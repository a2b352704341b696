"""What is kept of an answer so that its buttons work: values, and their form in the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final, NotRequired, TypedDict

from bot.sheet import Outcome, Role
from corpus.collection import Collection
from corpus.model import Span
from retrieval.index import Filters

if TYPE_CHECKING:
    from retrieval.model import Evidence


UNLOGGED_KEPT: Final = timedelta(minutes=15)
"""So long an answer's record is kept where no question log is wanted: its buttons need it.

It is the life of an interaction's token: Discord, Interactions → Receiving and Responding.
"""


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quotation without its text: where it stands, what is picked out in it, what it is there for."""

    role: Role
    article_id: int
    revision: int
    start: int
    end: int
    answer: Span | None = None
    highlights: tuple[Span, ...] = ()

    @classmethod
    def of(cls, role: Role, evidence: Evidence) -> Quoted:
        """What is kept of `evidence`."""
        at = evidence.citation
        return cls(role, at.article_id, at.revision, at.start, at.end, evidence.answer, evidence.highlights)


@dataclass(frozen=True, slots=True)
class AnswerRecord:
    """An answer as its buttons need it. `id` is 16 hexadecimal digits; `guild_id` is None in direct messages."""

    id: str
    asker_id: int
    guild_id: int | None
    private: bool
    outcome: Outcome
    question: str
    filters: Filters
    quoted: tuple[Quoted, ...]
    created_at: datetime
    expires_at: datetime
    missing: str = ""
    notes: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    did_you_mean: str | None = None
    related: tuple[str, ...] = ()
    polarity: bool | None = None
    parts: int = 1
    shared_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MessagePlace:
    """Where a message of the bot stands that it can edit at any time."""

    channel_id: int
    message_id: int


@dataclass(frozen=True, slots=True)
class Posted:
    """A message that shows the answer of this record."""

    record_id: str
    guild_id: int | None
    channel_id: int
    message_id: int


class ScopeForm(TypedDict):
    """Filters as JSON."""

    collections: list[str]
    publications: list[str]
    since: str | None
    until: str | None


class QuotedForm(TypedDict):
    """A quotation as JSON."""

    role: str
    at: list[int]  # article, revision, start, end
    answer: list[int] | None
    highlights: list[list[int]]


class ContentForm(TypedDict):
    """The rest of a record as JSON. Records of earlier versions lack what is not required."""

    missing: str
    notes: list[str]
    choices: list[str]
    quoted: list[QuotedForm]
    did_you_mean: NotRequired[str | None]
    related: NotRequired[list[str]]
    polarity: NotRequired[bool | None]
    parts: NotRequired[int]


def scope_form(filters: Filters) -> ScopeForm:
    """The filters for the database."""
    return ScopeForm(
        collections=[str(collection) for collection in filters.collections],
        publications=list(filters.publications),
        since=filters.since.isoformat() if filters.since else None,
        until=filters.until.isoformat() if filters.until else None,
    )


def filters_of(form: ScopeForm) -> Filters:
    """The filters back from the database."""
    return Filters(
        collections=tuple(map(Collection.parse, form["collections"])),
        publications=tuple(form["publications"]),
        since=date.fromisoformat(form["since"]) if form["since"] else None,
        until=date.fromisoformat(form["until"]) if form["until"] else None,
    )


def content_form(record: AnswerRecord) -> ContentForm:
    """What a record quotes and says, for the database."""
    return ContentForm(
        missing=record.missing,
        notes=list(record.notes),
        choices=list(record.choices),
        quoted=[
            QuotedForm(
                role=quoted.role,
                at=[quoted.article_id, quoted.revision, quoted.start, quoted.end],
                answer=[quoted.answer.start, quoted.answer.end] if quoted.answer else None,
                highlights=[[span.start, span.end] for span in quoted.highlights],
            )
            for quoted in record.quoted
        ],
        did_you_mean=record.did_you_mean,
        related=list(record.related),
        polarity=record.polarity,
        parts=record.parts,
    )


def quoted_of(form: QuotedForm) -> Quoted:
    """A quotation back from the database."""
    article_id, revision, start, end = form["at"]
    answer = Span(*form["answer"]) if form["answer"] else None
    highlights = tuple(Span(first, last) for first, last in form["highlights"])
    return Quoted(Role(form["role"]), article_id, revision, start, end, answer, highlights)
