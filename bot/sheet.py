"""What a message about an answer or a search shows, whatever the outcome: one value for the layouts to draw."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final, assert_never

from retrieval.model import Answered, Citation, Evidence, NeedsDetail, NotInCorpus, Partial

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from retrieval.answer import Found


NOT_A_QUESTION: Final = "not_a_question"
"""The name of the one outcome that has no sheet, in results and logs."""


class Outcome(StrEnum):
    """What kind of message it is: the outcomes that quote something, and the results of a search."""

    ANSWERED = "answered"
    PARTIAL = "partial"
    NOT_IN_CORPUS = "not_in_corpus"
    NEEDS_DETAIL = "needs_detail"
    SEARCH = "search"


class Role(StrEnum):
    """What a quoted text is there for: it states what was asked, or states it otherwise, is near it, or was found."""

    EVIDENCE = "evidence"
    CONFLICT = "conflict"
    CLOSEST = "closest"
    FOUND = "found"


@dataclass(frozen=True, slots=True)
class Piece:
    """One quoted text. `evidence` is None when its article was removed; `newer` is a later revision, if any."""

    role: Role
    evidence: Evidence | None
    newer: int | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that the pages of one message show, in order.

    `choices` are cases to choose from, `did_you_mean` and `related` questions to ask instead; `polarity` is what the
    first evidence says of a yes-no question, `parts` how many of the first pieces answer one part each.
    """

    outcome: Outcome
    question: str
    pieces: tuple[Piece, ...] = ()
    missing: str = ""
    notes: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    did_you_mean: str | None = None
    related: tuple[str, ...] = ()
    polarity: bool | None = None
    parts: int = 1

    @property
    def withdrawn(self) -> bool:
        """Whether an article that is quoted here was removed."""
        return any(piece.evidence is None for piece in self.pieces)

    @property
    def short_answer(self) -> str | None:
        """The words picked out of the first evidence that still stands; None where it has none, or claims nothing.

        None as well where another article says otherwise: what stands above all would be a verdict.
        """
        if any(piece.role is Role.CONFLICT and piece.evidence for piece in self.pieces):
            return None
        shown = [piece.evidence for piece in self.pieces if piece.role is Role.EVIDENCE and piece.evidence]
        return headline(shown, self.parts)

    @property
    def differing(self) -> tuple[tuple[int, Evidence], ...]:
        """The first evidence and those that state it otherwise, numbered from 1; empty unless two sides still stand."""
        if not self._first_stands:
            return ()
        numbered = enumerate(self.pieces, 1)
        sides = [(number, piece) for number, piece in numbered if number == 1 or piece.role is Role.CONFLICT]
        standing = tuple((number, piece.evidence) for number, piece in sides if piece.evidence)
        return standing if len(standing) > 1 else ()

    @property
    def stated(self) -> bool | None:
        """The yes or no of the first evidence, while that stands."""
        return self.polarity if self._first_stands else None

    @property
    def offered(self) -> tuple[str, ...]:
        """Questions to ask instead of a refused one; none once an article was removed, for they may speak of it."""
        if self.outcome is not Outcome.NOT_IN_CORPUS or self.withdrawn:
            return ()
        return ((self.did_you_mean,) if self.did_you_mean else ()) + self.related

    @property
    def _first_stands(self) -> bool:
        return any(piece.role is Role.EVIDENCE and piece.evidence is not None for piece in self.pieces[:1])


def headline(evidence: Sequence[Evidence], parts: int) -> str | None:
    """What stands above an answer: the words picked out of the first evidence, of each part where it has several."""
    picked = [piece.short_answer for piece in evidence[:parts]]
    return " · ".join(filter(None, picked)) if picked and all(picked) else None


Quoting = Answered | Partial | NotInCorpus | NeedsDetail
"""The outcomes that have a sheet; small talk gets help instead."""


def outcome_of(answer: Quoting) -> Outcome:
    """What kind of answer it is."""
    match answer:
        case Answered():
            return Outcome.ANSWERED
        case Partial():
            return Outcome.PARTIAL
        case NotInCorpus():
            return Outcome.NOT_IN_CORPUS
        case NeedsDetail():
            return Outcome.NEEDS_DETAIL
        case _:
            assert_never(answer)


def sheet_of(question: str, answer: Quoting) -> Sheet:
    """What is shown of `answer`."""
    outcome = outcome_of(answer)
    match answer:
        case Answered():
            pieces = _pieces(answer.evidence)
            # What says it otherwise stands beside the first, not behind all that supports it.
            pieces = (*pieces[:1], *(Piece(Role.CONFLICT, entry) for entry in answer.conflicts), *pieces[1:])
            return Sheet(outcome, question, pieces, notes=answer.notes, polarity=answer.polarity, parts=answer.parts)
        case Partial():
            pieces = _pieces(answer.evidence, answer.closest)
            return Sheet(outcome, question, pieces, answer.missing, answer.notes, parts=answer.parts)
        case NotInCorpus():
            return Sheet(
                outcome,
                question,
                _pieces((), answer.closest),
                answer.missing,
                answer.notes,
                did_you_mean=answer.did_you_mean,
                related=answer.related,
            )
        case NeedsDetail():
            pieces = _pieces((), answer.closest)
            return Sheet(outcome, question, pieces, answer.missing, answer.notes, answer.choices)
        case _:
            assert_never(answer)


def sheet_of_search(words: str, found: Iterable[Found]) -> Sheet:
    """What is shown of a search: the passages as ranked."""
    pieces = (Piece(Role.FOUND, _passage(number, hit)) for number, hit in enumerate(found, 1))
    return Sheet(Outcome.SEARCH, words, tuple(pieces))


def _pieces(evidence: Sequence[Evidence], closest: Sequence[Evidence] = ()) -> tuple[Piece, ...]:
    stating = [Piece(Role.EVIDENCE, entry) for entry in evidence]
    # Words picked out in a passage that is merely near would look like an answer.
    near = [Piece(Role.CLOSEST, replace(entry, answer=None, highlights=())) for entry in closest]
    return (*stating, *near)


def _passage(number: int, found: Found) -> Evidence:
    article, span = found.article, found.passage.span
    return Evidence(span.of(article.text), Citation.of(article, span, number))
