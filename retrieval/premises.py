"""What a question takes for granted: `Why did A pay B?` supposes that A paid B. English.

The premise is read as the yes-no question that it is, and a sentence that says no to that contradicts the question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from retrieval.kinds import Kind
from retrieval.matching import Context, with_names
from retrieval.polarity import polarity
from retrieval.question import Question, parse
from retrieval.sentence import Sentence

_SUPPOSING: Final = frozenset(set(Kind) - {Kind.YES_NO, Kind.EVENT, Kind.QUOTE, Kind.DEFINITION, Kind.THING})
_OPENING: Final = re.compile(
    r"^(?:(?:in|on|at|for|by|under|to|from|since|until) )?(?:why|when|where|how|what|which)\b[^?]{0,60}?"
    r"\b(?P<auxiliary>did|does|do|has|have|had|was|were|will)\b (?P<rest>[^?]{4,})",
    re.IGNORECASE,
)


class Premise:
    """What one question takes for granted, if that can be told."""

    def __init__(self, question: Question, contexts: Sequence[Context]) -> None:
        found = _OPENING.match(question.text) if question.kind in _SUPPOSING else None
        text = f"{found['auxiliary'].capitalize()} {found['rest']}?" if found else ""
        supposed = with_names(parse(text, question.as_of), contexts) if found else None
        self._supposed = supposed if supposed and supposed.kind is Kind.YES_NO else None

    def is_contradicted_by(self, sentence: Sentence) -> bool:
        """Whether the sentence itself says that it is not so."""
        return self._supposed is not None and polarity(self._supposed, sentence) is False

    def is_stated_by(self, sentence: Sentence) -> bool:
        """Whether the sentence itself says that it is so."""
        return self._supposed is not None and polarity(self._supposed, sentence) is True
