"""Did you mean: words of a question that no passage knows, and known words that are spelt nearly so.

A word of the articles at hand is preferred; else every word that one slip of the hand or the ear makes of the asked one
is looked up in the index. So the cost doesn't grow with the corpus, and a collection that isn't visible suggests
nothing. A correction may be wrong: it is only offered, never asked in the question's place. English letters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Final

from rapidfuzz.distance import OSA, JaroWinkler

from corpus.text import Word, words
from retrieval.analyser import Analyser, lexicon
from retrieval.index import Statistics
from retrieval.matching import Context
from retrieval.names import gazetteer
from retrieval.nouns import asked_nouns
from retrieval.question import Part, Question
from retrieval.thesaurus import thesaurus

Known = Callable[[Sequence[str]], Mapping[str, int]]
"""Gives for each term how many of the passages in sight hold it."""

_LEAST_LETTERS: Final = 4
_MOST_LETTERS: Final = 20
_LONG: Final = 6
"""From so many letters on any one letter may be wrong; in shorter words most such pairs are two words."""
_TWO_SLIPS: Final = 8
"""From so many letters on two slips are forgiven, where the word stands in an article at hand."""
_MOST_WORDS: Final = 4
"""Of a question with more unknown words the first ones are looked at."""
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_VOWELS: Final = frozenset("aeiouy")
_ALIKE: Final = frozenset(
    frozenset(pair) for pair in "ck cs sz kq iy td pb mn gj fv vw sc lr ij uw xs ei ea ie ou ao".split()
)
"""Letters that sound alike."""
_SOUNDS: Final = tuple(
    tuple(group.split())
    for group in (
        "ph f v",
        "ck k c",
        "sch sh ch",
        "th t",
        "ie ei ee y",
        "ai ay ei ey",
        "x ks cs",
        "ou u oo",
        "gh g",
        "qu k kw",
        "tz z ts",
        "aw au",
    )
)
"""Spellings of one sound."""


def did_you_mean(question: Question, statistics: Statistics, contexts: Sequence[Context], known: Known) -> str | None:
    """The whole question with its unknown words replaced by known ones like them; None where there is none.

    `statistics` are those of the question's terms. A word is unknown that no passage holds and no word list has.
    """
    analyser = Analyser(question.language)  # one of its own: invented words are not to be remembered
    unknown = [word for word in words(question.text) if _is_unknown(word, question, statistics, analyser)]
    if not unknown:
        return None
    at_hand = _written(contexts)
    text, moved = question.text, 0
    for word in unknown[:_MOST_WORDS]:
        asked = question.text[word.start : word.end]
        found = _likest(word.form, at_hand, analyser, known, is_name=_is_name(word, question))
        if found is not None:
            meant = _as_asked(asked, found)
            text = text[: word.start + moved] + meant + text[word.end + moved :]
            moved += len(meant) - len(asked)
    return text if text != question.text else None


def unknown_words(question: Question, statistics: Statistics) -> list[str]:
    """The words of the question, as they are written there, that no passage holds and no word list has."""
    analyser = Analyser(question.language)
    found = [word for word in words(question.text) if _is_unknown(word, question, statistics, analyser)]
    return [question.text[word.start : word.end] for word in found]


def _is_unknown(word: Word, question: Question, statistics: Statistics, analyser: Analyser) -> bool:
    form = word.form
    if not _LEAST_LETTERS <= len(form) <= _MOST_LETTERS or not _PLAIN.fullmatch(form) or analyser.is_stop_word(form):
        return False
    if any(c.span.start <= word.start < c.span.end and _is_held(c.canonical, statistics) for c in question.concepts):
        return False
    terms = analyser.places([form])
    return not any(_is_held(term, statistics) for term in terms) and not is_valid(form, analyser)


_PLAIN: Final = re.compile(r"[a-z]+")


def _is_held(term: str | None, statistics: Statistics) -> bool:
    return term is not None and statistics.containing.get(term, 0) > 0


def _is_name(word: Word, question: Question) -> bool:
    """Whether it may be a name: in a question in small letters, or in capitals alone, any word may."""
    if question.text.islower() or question.text.isupper():
        return True
    return any(c.part is Part.NAME and c.span.start <= word.start < c.span.end for c in question.concepts)


def is_valid(form: str, analyser: Analyser) -> bool:
    """Whether one of the word lists has the folded word: then it is no slip, whatever the corpus knows."""
    return form in _listed_words() or analyser.stem(form) in _stems_of_common_words()


@lru_cache(maxsize=1)
def _listed_words() -> frozenset[str]:
    """The words that a list has as they are written."""
    lists, names = gazetteer(), lexicon()
    told = {word for name in names.names for word in name} | set(names.irregular) | set(names.irregular.values())
    told |= {word for term in asked_nouns() for word in term}
    return frozenset(told) | lists.first_names | lists.places | lists.offices | lists.org_words | lists.demonyms


@lru_cache(maxsize=1)
def _stems_of_common_words() -> frozenset[str]:
    """The stems of the thesaurus: of words that are no names."""
    others = thesaurus()
    return frozenset(word for term in (*others.same, *others.near, *others.roles) for word in term.split())


def _written(contexts: Sequence[Context]) -> dict[str, str]:
    """The words of the articles at hand by their folded forms, as they are written; with a capital where ever so."""
    found: dict[str, str] = {}
    for context in contexts:
        for sentence in (context.profile.heading, *context.sentences):
            for word in sentence.words:
                if word.form not in found or found[word.form].islower():
                    found[word.form] = sentence.text[word.start : word.end]
    return found


_Ranked = tuple[int, float, str]
"""A word with the rank of its slip, and what decides between equals: the smallest is the likest."""


def _likest(form: str, at_hand: Mapping[str, str], analyser: Analyser, known: Known, *, is_name: bool) -> str | None:
    """The known word that is spelt most like it, as it is written; of equals that of an article at hand."""
    near, far = _at_hand(form, at_hand, is_name=is_name), _in_index(form, analyser, known, is_name=is_name)
    if far is not None and (near is None or far[0] < near[0]):
        return far[-1]
    if near is None:
        return None
    is_common = not is_name and analyser.stem(near[-1]) in _stems_of_common_words()
    return near[-1] if is_common else at_hand[near[-1]]


def _at_hand(form: str, written: Mapping[str, str], *, is_name: bool) -> _Ranked | None:
    """The likest word of the articles at hand."""
    made = slips(form)
    found = [
        (made.get(other, _TWICE), -JaroWinkler.similarity(form, other), other)
        for other, surface in written.items()
        if (not is_name or not surface.islower()) and (other in made or _is_two_slips_away(form, other))
    ]
    return min(found, default=None)


def _in_index(form: str, analyser: Analyser, known: Known, *, is_name: bool) -> _Ranked | None:
    """The likest word that the index knows, the commonest of equals.

    An index knows stems: that such a word is spelt so is sure of names, which have no endings, and of listed words.
    """
    made = slips(form)
    common, listed = _stems_of_common_words(), _listed_words()
    terms = {
        other: next(iter(analyser.places([other])), "")
        for other in made
        if other in listed or (is_name and analyser.stem(other) not in common)
    }
    held = known([*dict.fromkeys(term for term in terms.values() if term)])
    found = [(made[other], -float(held.get(term, 0)), other) for other, term in terms.items() if held.get(term, 0)]
    return min(found, default=None)


def _is_two_slips_away(form: str, other: str) -> bool:
    """Whether a long word is another one but for two letters."""
    if min(len(form), len(other)) < _TWO_SLIPS or form[0] != other[0] or not _PLAIN.fullmatch(other):
        return False
    return 0 < OSA.distance(form, other, score_cutoff=2) <= 2


_TWICE: Final = 9
"""Behind every single slip."""


@lru_cache(maxsize=8)
def slips(form: str) -> Mapping[str, int]:
    """The words that one slip makes of this one, each with the rank of its slip, the likeliest first (0).

    Its first letter stays, or changes places with the second.
    """
    ways = (
        _swapped(form),
        (other for other in (*_longer(form), *_shorter(form)) if _is_repeat(form, other)),
        _alike(form),
        _moved(form),
        _respelt(form),
        *((_shorter(form), _longer(form)) if len(form) >= _LONG else (_with_vowel(form),)),
        _wrong(form) if len(form) >= _LONG else (),
    )
    made: dict[str, int] = {}
    for rank, way in enumerate(ways):
        for other in way:
            if other != form and len(other) >= _LEAST_LETTERS:
                made.setdefault(other, rank)
    return made


def _swapped(form: str) -> Iterator[str]:
    return (form[:i] + form[i + 1] + form[i] + form[i + 2 :] for i in range(len(form) - 1))


def _shorter(form: str) -> Iterator[str]:
    return (form[:i] + form[i + 1 :] for i in range(1, len(form)))


def _longer(form: str) -> Iterator[str]:
    return (form[:i] + letter + form[i:] for i in range(1, len(form) + 1) for letter in _LETTERS)


def _wrong(form: str) -> Iterator[str]:
    return (form[:i] + letter + form[i + 1 :] for i in range(1, len(form)) for letter in _LETTERS)


def _alike(form: str) -> Iterator[str]:
    """Another vowel, or a letter that sounds like it."""
    for i in range(1, len(form)):
        for letter in _LETTERS:
            if frozenset((form[i], letter)) in _ALIKE or _VOWELS.issuperset((form[i], letter)):
                yield form[:i] + letter + form[i + 1 :]


def _with_vowel(form: str) -> Iterator[str]:
    """A vowel more (`Mrrow`)."""
    return (form[:i] + letter + form[i:] for i in range(1, len(form)) for letter in sorted(_VOWELS))


def _moved(form: str) -> Iterator[str]:
    """A letter at another place (`Ghandi`)."""
    for i in range(1, len(form)):
        rest = form[:i] + form[i + 1 :]
        yield from (rest[:j] + form[i] + rest[j:] for j in range(max(1, i - 3), min(len(rest), i + 3) + 1))


def _respelt(form: str) -> Iterator[str]:
    """A sound in another spelling (`Fillip`, `Shultz`)."""
    for group in _SOUNDS:
        for one in group:
            for found in re.finditer(one, form[1:]):
                at = found.start() + 1
                yield from (form[:at] + other + form[at + len(one) :] for other in group if other != one)


def _is_repeat(form: str, other: str) -> bool:
    """Whether they differ in doubled letters alone."""
    one, two = ("".join(letter for letter, _ in groupby(word)) for word in (form, other))
    return one == two


def _as_asked(asked: str, meant: str) -> str:
    """The word with the capitals of an article, else with those of the question."""
    if not meant.islower():
        return meant
    if asked.isupper():
        return meant.upper()
    return meant[0].upper() + meant[1:] if asked[0].isupper() else meant
