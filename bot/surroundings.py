"""A quotation among its neighbours: the stretch of its article that is shown with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from corpus.model import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.model import Evidence

SENTENCES_AROUND: Final = 3


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`article text[window.start:window.end] == text`, and the quotation stands in it: ValueError where it does not.

    `begins` and `ends` tell whether the stretch reaches the article's ends; `newer` is a later revision, if any.
    """

    evidence: Evidence
    text: str
    window: Span
    begins: bool
    ends: bool
    newer: int | None = None

    def __post_init__(self) -> None:
        if self.quote.of(self.text) != self.evidence.text:
            raise ValueError("the quotation does not stand in its surroundings")

    @property
    def quote(self) -> Span:
        """Where the quotation stands in `text`."""
        citation = self.evidence.citation
        return Span(citation.start, citation.end).shifted(-self.window.start)

    @property
    def before(self) -> str:
        """What stands before the quotation."""
        return self.text[: self.quote.start]

    @property
    def after(self) -> str:
        """What stands after the quotation."""
        return self.text[self.quote.end :]


def surroundings_of(
    evidence: Evidence, text: str, sentences: Sequence[Span], *, newer: int | None = None
) -> Surroundings:
    """The quotation with some sentences of its article's `text` to either side."""
    quote = Span(evidence.citation.start, evidence.citation.end)
    before = [span.start for span in sentences if span.end <= quote.start][-SENTENCES_AROUND:]
    after = [span.end for span in sentences if span.start >= quote.end][:SENTENCES_AROUND]
    window = Span(min([*before, quote.start]), min(len(text), max([*after, quote.end])))
    begins, ends = not text[: window.start].strip(), not text[window.end :].strip()
    return Surroundings(evidence, window.of(text), window, begins, ends, newer)
