"""The values of retrieval: what was asked, what was found, what is answered. Frozen, without I/O."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Self

from corpus.collection import Collection
from corpus.model import Article, Span
from retrieval.index import Filters


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a quoted text stands: `article text of that revision [start:end] == text`."""

    number: int
    article_id: int
    collection: Collection
    key: str
    revision: int
    title: str
    publication: str | None
    published: date | None
    url: str | None
    start: int
    end: int

    @classmethod
    def of(cls, article: Article, span: Span, number: int) -> Self:
        """The citation of a span of this revision of the article."""
        return cls(
            number=number,
            article_id=article.id,
            collection=article.collection,
            key=article.key,
            revision=article.revision,
            title=article.title,
            publication=article.publication,
            published=article.published,
            url=article.url,
            start=span.start,
            end=span.end,
        )


@dataclass(frozen=True, slots=True)
class Evidence:
    """A verbatim span of an article. `answer` and `highlights` are spans counted in `text`, in ascending order."""

    text: str
    citation: Citation
    answer: Span | None = None
    highlights: tuple[Span, ...] = ()
    why: str = ""

    @property
    def short_answer(self) -> str | None:
        """The words picked out, verbatim; None where the question asks for none or none was found."""
        return self.answer.of(self.text) if self.answer else None


class Topic(StrEnum):
    """What a message that is no question wants."""

    GREETING = "greeting"
    THANKS = "thanks"
    HELP = "help"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Answered:
    """The evidence states what was asked.

    `conflicts` state the same point otherwise (another date, sum, name or outcome), each from another article than
    `evidence[0]`; which is right is left open. `polarity` is the yes or no of a yes-no question, where the first
    sentence itself states it. Where a question asked for several things, the first `parts` pieces answer one each.
    """

    confidence: float
    evidence: tuple[Evidence, ...]
    notes: tuple[str, ...] = ()
    conflicts: tuple[Evidence, ...] = ()
    polarity: bool | None = None
    parts: int = 1


@dataclass(frozen=True, slots=True)
class Partial:
    """The evidence states a part of what was asked; `missing` says what it does not. `parts` as in `Answered`."""

    confidence: float
    evidence: tuple[Evidence, ...]
    missing: str
    closest: tuple[Evidence, ...] = ()
    notes: tuple[str, ...] = ()
    parts: int = 1


@dataclass(frozen=True, slots=True)
class NotInCorpus:
    """No claim: `missing` says what the corpus lacks; `closest` are passages near it.

    `did_you_mean` is the whole question with unknown words replaced by known ones like them; `related` are questions
    near it that the corpus does answer. Both are only offered, never asked in its place.
    """

    confidence: float
    missing: str
    closest: tuple[Evidence, ...] = ()
    notes: tuple[str, ...] = ()
    did_you_mean: str | None = None
    related: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NeedsDetail:
    """Two or more cases fit: `choices` are what to name (at least two), `missing` says so in words."""

    confidence: float
    missing: str
    choices: tuple[str, ...]
    closest: tuple[Evidence, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotAQuestion:
    """Small talk, a call for help, or nothing to search for."""

    topic: Topic
    missing: str = ""


Answer = Answered | Partial | NotInCorpus | NeedsDetail | NotAQuestion


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as it arrives: its text, who may see what, and the asking time (aware, UTC)."""

    text: str
    as_of: datetime
    filters: Filters = field(default_factory=Filters)
