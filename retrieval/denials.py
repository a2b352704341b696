"""Whether a sentence denies what a question takes for granted: `refused to dismiss` where it was asked why. English."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from corpus.model import Span
from retrieval.kinds import Kind
from retrieval.matching import RELATED, Lens
from retrieval.question import Part, Question
from retrieval.sentence import Sentence

_DENIALS: Final = re.compile(
    r"\b(?:not|never|nor|neither|without|refus(?:e|es|ed|ing|al)|declin(?:e|es|ed|ing)|den(?:y|ies|ied|ying|ial)|"
    r"reject(?:s|ed|ing|ion)?|unable to|unwilling to|stopp(?:ed|ing) short of|instead of|rather than|far from|yet to|"
    r"no longer)\b|n[’']t\b",
    re.IGNORECASE,
)
_NEGATED: Final = re.compile(
    _DENIALS.pattern + r"|\b(?:no|nothing|nobody|fail(?:s|ed|ing)?|block\w*|avoid\w*)\b",
    re.IGNORECASE,
)
_POSSIBLY: Final = re.compile(
    r"\b(?:can|could|may|might|would|should|if|whether|unless|until|"
    r"(?:ask|want|seek|hop|threaten|plan|consider|weigh)(?:s|ed|ing|ning)?|"
    r"sought|proposed?|potential(?:ly)?|possible|possibly|likely|intends? to|due to be|expected to)\b",
    re.IGNORECASE,
)
_WITHIN: Final = 5
"""Words between a denial and what it denies, at most."""
_WITHIN_CHARS: Final = 100
_SUPPOSING: Final = frozenset({Kind.REASON, Kind.DATE, Kind.PERSON, Kind.ORGANISATION, Kind.MONEY, Kind.DURATION})
"""Kinds of question that take for granted that what they ask about took place."""


def denies(question: Question, sentence: Sentence, lenses: Sequence[Lens]) -> bool:
    """Whether the sentence denies what the question supposes, in the question's own words."""
    return question.kind in _SUPPOSING and is_denied(question, sentence, lenses, least=RELATED)


def is_denied(question: Question, sentence: Sentence, lenses: Sequence[Lens], *, least: float = 0.0) -> bool:
    """Whether a word that was asked for stands behind a denial, while the question itself denies nothing.

    Words that only say the same count where they say it at least so well (0..1).
    """
    return not _NEGATED.search(question.text) and _governs(_DENIALS, sentence, lenses, least)


def is_supposed(question: Question, sentence: Sentence, lenses: Sequence[Lens]) -> bool:
    """Whether a word that was asked for is only possible here (`may raise`, `asked to`), and not so in the question."""
    return not _POSSIBLY.search(question.text) and _governs(_POSSIBLY, sentence, lenses, RELATED)


def _governs(words: re.Pattern[str], sentence: Sentence, lenses: Sequence[Lens], least: float) -> bool:
    """Whether one of the words stands shortly before one that was asked for."""
    found = [Span(*one.span()) for one in words.finditer(sentence.text)]
    if not found:
        return False
    has_content = any(lens.concept.part is Part.CONTENT for lens in lenses)
    parts = {Part.CONTENT} if has_content else {Part.GENERIC}
    said = {
        place
        for lens in lenses
        if lens.concept.part in parts and lens.level(sentence) >= least
        for place in lens.places(sentence)
    }
    return any(not said.isdisjoint(_reach(one, sentence)) for one in found)


def _reach(word: Span, sentence: Sentence) -> range:
    """The indexes of the words behind one as far as it reaches: to the end of its clause, and not far."""
    first, _ = sentence.word_range(word)
    border = _BORDER.search(sentence.text, word.end, word.end + _WITHIN_CHARS)
    last = sentence.word_range(Span(word.start, border.start()))[1] if border else len(sentence.words)
    return range(first + 1, min(last, first + 1 + _WITHIN))


_BORDER: Final = re.compile(
    r"[,;:—–]|\b(?:after|because|before|but|since|though|when|where|which|while|who)\b", re.IGNORECASE
)
