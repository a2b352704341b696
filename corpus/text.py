"""Words with offsets, and folding: the one tokeniser that duplicates and the analyser share.

A word's `form` is folded (case, accents, width); its offsets are those of the text as given, so that
`text[word.start:word.end]` is what stands there. Words are: dotted acronyms (`U.S.`, `A.W.S.`), docket numbers
(`4:20-cv-05640`), numbers (`12,167,719`, `4.34`), names with an ampersand (`AT&T`), runs of letters and digits with
inner apostrophes, and single characters of scripts that are written without spaces.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple


class Word(NamedTuple):
    """A word of a text: its folded form and its place."""

    form: str
    start: int
    end: int


UNSPACED: Final = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
"""Characters of scripts without spaces between words, for a class of a regular expression: kana, Han (with extension A
and compatibility), Thai, Lao, Myanmar, Khmer."""
_LETTER = rf"[^\W_{UNSPACED}]"

_WORD = re.compile(
    rf"""
      [0-9]+:[0-9]{{2}}-[A-Za-z]{{2,4}}-[0-9]{{3,6}}         # a federal docket number
    # The next two look at the character before them last: nearly all words are ruled out by their own first two.
    | [A-Za-z]\.(?<![^\W_]..)(?:[A-Za-z]\.)+(?:[A-Za-z](?![^\W_]))?  # a dotted acronym
    | [A-Z](?=[A-Z]{{0,3}}&)(?<![^\W_].)[A-Z]{{0,3}}&[A-Z]{{1,4}}(?![^\W_])  # AT&T
    | [0-9]+(?:[.,][0-9]+)*(?:{_LETTER}+)?                    # a number, with letters that stick to it (5th, 230b)
    | {_LETTER}+(?:['’ʼ]{_LETTER}+)*                          # letters and digits, with inner apostrophes
    | [{UNSPACED}]
    """,
    re.VERBOSE,
)
_POSSESSIVE = re.compile(r"'s$")


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """The text without distinctions of case, accents and width (NFKD without combining marks, casefolded)."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


@lru_cache(maxsize=65_536)
def _form(token: str) -> str:
    if token in {"U.S", "U.S.", "US"}:
        return "u.s."  # apart from the pronoun
    folded = fold(token.replace("’", "'").replace("ʼ", "'"))
    if token[0].isdigit():
        return folded if ":" in token else folded.replace(",", "")
    if "." in folded:
        return folded.replace(".", "")
    return _POSSESSIVE.sub("", "".join(folded.split()))


def words(text: str) -> list[Word]:
    """All words of `text` in order, without overlap."""
    return [Word(form, found.start(), found.end()) for found in _WORD.finditer(text) if (form := _form(found[0]))]


def forms(text: str) -> list[str]:
    """The forms of all words of `text` in order."""
    return [form for token in _WORD.findall(text) if (form := _form(token))]
