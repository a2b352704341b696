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
    """What a quoted text is there for: it states what was asked, is merely near it, or was found by a search."""

    EVIDENCE = "evidence"
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
    """All that the pages of one message show, in order."""

    outcome: Outcome
    question: str
    pieces: tuple[Piece, ...] = ()
    missing: str = ""
    notes: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()

    @property
    def withdrawn(self) -> bool:
        """Whether an article that is quoted here was removed."""
        return any(piece.evidence is None for piece in self.pieces)

    @property
    def short_answer(self) -> str | None:
        """The words picked out of the first evidence that still stands; None where it has none, or claims nothing."""
        shown = (piece.evidence for piece in self.pieces if piece.role is Role.EVIDENCE and piece.evidence)
        return next((evidence.short_answer for evidence in shown), None)


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
            return Sheet(outcome, question, _pieces(answer.evidence), notes=answer.notes)
        case Partial():
            pieces = _pieces(answer.evidence, answer.closest)
            return Sheet(outcome, question, pieces, answer.missing, answer.notes)
        case NotInCorpus():
            return Sheet(outcome, question, _pieces((), answer.closest), answer.missing, answer.notes)
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
