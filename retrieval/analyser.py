"""Words → terms: ONE analyser for index, question and highlighting.

A term is a Snowball stem, a name's canonical form (`@amazon web services`), or the word itself where it is a number or
an acronym. Function words are left out. Where a name has several known forms (`data/aliases.yaml`), its canonical term
stands beside the terms of its words, so that `AWS` finds `Amazon Web Services` and the other way round.

What is only tuned for English: the aliases. Stems and function words follow the language where
Snowball knows it, beside the English stem, so that a question in English finds them too; languages that Snowball
doesn't know have the English stem alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import blake2b
from importlib.resources import files
from typing import Final, NamedTuple

import Stemmer

from corpus.text import Word, fold, forms, words
from corpus.yamlfile import parse_mapping

MAX_WORD_CHARS: Final = 64
"""Longer runs of letters are no words of any language; they are left out of index and question."""

_KNOWN_WORDS: Final = 500_000
"""Words whose terms are remembered: an endless stream of invented words must not fill the memory."""

_SNOWBALL: Final[Mapping[str, str]] = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian",
    "id": "indonesian", "it": "italian", "lt": "lithuanian", "ne": "nepali", "nl": "dutch", "no": "norwegian",
    "nb": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish",
    "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip


class Token(NamedTuple):
    """A term and the place of its words in the text."""

    term: str
    start: int
    end: int


@dataclass(frozen=True)
class Lexicon:
    """The reviewed word lists of `retrieval/data/`: names with several forms, irregular and function words."""

    names: Mapping[tuple[str, ...], str]
    kin: Mapping[str, str]
    stop_words: Mapping[str, frozenset[str]]
    irregular: Mapping[str, str]
    digest: str

    @cached_property
    def longest_name(self) -> int:
        """The number of words of the longest name."""
        return max((len(name) for name in self.names), default=0)

    @cached_property
    def first_words(self) -> frozenset[str]:
        """The words that a name can begin with."""
        return frozenset(name[0] for name in self.names)

    @cached_property
    def forms_of(self) -> Mapping[str, tuple[tuple[str, ...], ...]]:
        """All the word forms of each canonical term."""
        found: dict[str, list[tuple[str, ...]]] = {}
        for form, canonical in self.names.items():
            found.setdefault(canonical, []).append(form)
        return {canonical: tuple(sorted(every)) for canonical, every in found.items()}


def canonical_term(name: str) -> str:
    """The term that stands for a name with several forms: `@` and its folded words."""
    return "@" + " ".join(forms(name))


_DATA: Final = ("aliases", "stopwords", "irregular")


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The lexicon shipped with the program; read once."""
    folder = files("retrieval") / "data"
    texts = {name: (folder / f"{name}.yaml").read_text("utf-8") for name in _DATA}
    aliases = parse_mapping(texts["aliases"], name="aliases.yaml").value
    irregular = parse_mapping(texts["irregular"], name="irregular.yaml").value
    plain_forms = {form: plain for plain, forms_ in irregular.items() for form in str(forms_).split()}
    stop_words = parse_mapping(texts["stopwords"], name="stopwords.yaml").value
    return Lexicon(
        names=dict(_names(aliases)),
        kin={canonical_term(part): canonical_term(str(whole)) for part, whole in _mapping(aliases["kin"]).items()},
        irregular=plain_forms,
        stop_words={str(k): frozenset(fold(word) for word in str(v).split()) for k, v in stop_words.items()},
        digest=blake2b("\0".join(texts.values()).encode(), digest_size=8).hexdigest(),
    )


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise TypeError(value)
    return value


def _names(aliases: Mapping[str, object]) -> Iterator[tuple[tuple[str, ...], str]]:
    for section, names in aliases.items():
        if section == "kin":
            continue
        for canonical, others in _mapping(names).items():
            term = canonical_term(canonical)
            for form in [canonical, *(others if isinstance(others, Sequence) else [])]:
                yield tuple(forms(str(form))), term


class Analyser:
    """Turns text into terms in one language; the same text always gives the same terms."""

    def __init__(self, language: str = "en", *, data: Lexicon | None = None) -> None:
        self.language = language
        self._lexicon = data or lexicon()
        stemmers = [_SNOWBALL.get(language), None if language == "en" else "english"]
        self._stemmers = [Stemmer.Stemmer(name, 0) for name in stemmers if name]
        self._stop_words = self._lexicon.stop_words.get(language, frozenset())
        self._known: dict[str, tuple[str, ...]] = {}
        self._known_stems: dict[str, str] = {}

    def terms(self, text: str) -> list[str]:
        """The terms of `text` in order."""
        return [term for term, _, _ in self._found(forms(text))]

    def tokens(self, text: str) -> list[Token]:
        """The terms of `text` with their places; a name's canonical term comes before those of its words."""
        return self.tokens_of(words(text))

    def tokens_of(self, found: Sequence[Word]) -> list[Token]:
        """The same for words that were found already."""
        return [
            Token(term, found[first].start, found[last - 1].end)
            for term, first, last in self._found([word.form for word in found])
        ]

    def places(self, found: Sequence[str]) -> dict[str, list[int]]:
        """For each term the indexes of the words (given by their forms) where it begins, ascending."""
        places: dict[str, list[int]] = {}
        for term, first, _ in self._found(found):
            if term in places:
                places[term].append(first)
            else:
                places[term] = [first]
        return places

    def _found(self, found: Sequence[str]) -> list[tuple[str, int, int]]:
        """Each term with the index of its first word and of the word behind its last."""
        terms: list[tuple[str, int, int]] = []
        known, first_words = self._known, self._lexicon.first_words
        names_end = 0
        for i, form in enumerate(found):
            if form in first_words and i >= names_end and (name := self._name_at(found, i)):
                canonical, names_end = name
                terms.append((canonical, i, names_end))
                if names_end == i + 1:
                    continue
            its_terms = known.get(form)
            if its_terms is None:
                its_terms = self._remember(form)
            for term in its_terms:
                terms.append((term, i, i + 1))  # noqa: PERF401 - nearly always one
        return terms

    def is_stop_word(self, form: str) -> bool:
        """Whether the folded word is a function word of this language."""
        return form in self._stop_words

    def stem(self, form: str) -> str:
        """The first term of a folded word, function words included."""
        stem = self._known_stems.get(form)
        if stem is None:
            stem = self._stems(form)[0]
            if len(self._known_stems) < _KNOWN_WORDS:
                self._known_stems[form] = stem
        return stem

    def _remember(self, form: str) -> tuple[str, ...]:
        dropped = form in self._stop_words or len(form) > MAX_WORD_CHARS
        terms = () if dropped else self._stems(form)
        if len(self._known) < _KNOWN_WORDS:
            self._known[form] = terms
        return terms

    def _stems(self, form: str) -> tuple[str, ...]:
        if not form.isalpha() or not self._stemmers:
            return (form,)
        if self.language == "en":
            form = self._lexicon.irregular.get(form, form)
        return tuple(dict.fromkeys(stemmer.stemWord(form) for stemmer in self._stemmers))

    def _name_at(self, found: Sequence[str], i: int) -> tuple[str, int] | None:
        """The longest known name that begins at word `i`, and the index behind it."""
        names = self._lexicon.names
        window = tuple(found[i : i + self._lexicon.longest_name])
        for count in range(len(window), 0, -1):
            canonical = names.get(window[:count])
            if canonical is not None:
                return canonical, i + count
        return None


@lru_cache(maxsize=64)
def analyser_for(language: str) -> Analyser:
    """The analyser of a language (ISO 639-1); unknown codes share the one that leaves words as they stand."""
    return Analyser(language)


def guess_language(text: str, languages: Iterable[str]) -> str:
    """The language among `languages` whose function words `text` uses most; English where nothing says otherwise."""
    asked = forms(text)
    stop_words = lexicon().stop_words

    def share(language: str) -> tuple[int, bool]:
        return sum(form in stop_words.get(language, ()) for form in asked), language == "en"

    return max({"en", *languages}, key=lambda language: (*share(language), language))
