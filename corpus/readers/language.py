"""The language of a text: the one door of py3langid.

Plain English is told by its small words alone; only other texts load the model (about half a second and 60 MB, once).
"""

from __future__ import annotations

import re
from functools import cache
from typing import Protocol, cast

UNDETERMINED = "und"
DEFAULT = "en"
FEW_LETTERS = 40
SAMPLE_CHARS = 4_000

# The languages that news on these matters comes in; fewer choices make fewer mistakes on short texts.
_LISTED = (
    "ar bg ca cs da de el en es et fa fi fr he hi hr hu id it ja ko lt lv nl no pl pt ro ru sk sl sr sv th tr uk vi zh"
)
LANGUAGES = tuple(_LISTED.split())
_SMALL_WORDS = (
    "the of and to in that is was for on with as by at from it has have had be are were said which not this an"
)
_ENGLISH = frozenset(_SMALL_WORDS.split())
_WORD = re.compile(r"[^\W\d_]+")


class _Classifier(Protocol):
    """What is used of py3langid."""

    def classify(self, text: str) -> tuple[str, float]: ...


def detect(text: str) -> str:
    """An ISO 639-1 code: English for a text too short to tell, `und` for one without letters."""
    sample = text[:SAMPLE_CHARS]
    words = _WORD.findall(sample)
    letters = sum(map(len, words))
    if letters == 0:
        return UNDETERMINED
    ascii_only = all(word.isascii() for word in words)
    if _looks_english(words) or (letters < FEW_LETTERS and ascii_only):
        return DEFAULT
    language, _ = _classifier().classify(sample)
    return language


def _looks_english(words: list[str]) -> bool:
    """Whether a fifth of at least ten words are among the most frequent English ones."""
    small = sum(word.lower() in _ENGLISH for word in words)
    return len(words) >= 10 and small * 5 >= len(words)


@cache
def _classifier() -> _Classifier:
    import py3langid  # noqa: PLC0415 - most texts don't need it

    py3langid.set_languages(list(LANGUAGES))
    return cast("_Classifier", py3langid)
