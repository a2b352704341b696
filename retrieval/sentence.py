"""A sentence read once: its words, terms and names, by place. What choosing, picking out and highlighting look at."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Final, Generic, TypeVar

from corpus.model import Article, Passage, Span
from corpus.text import Word, forms, words
from retrieval.analyser import Analyser, analyser_for
from retrieval.names import Name, gazetteer, names
from retrieval.periods import MONTHS, WEEKDAYS
from retrieval.suits import Statement, ToldSuit, captioned, statements
from retrieval.thesaurus import ARTICLES


@dataclass(frozen=True, eq=False)
class Sentence:
    """A sentence of an article; `span` counts in the article's text, everything else in `text`."""

    text: str
    span: Span
    passage_id: int
    analyser: Analyser

    @cached_property
    def forms(self) -> tuple[str, ...]:
        """The folded forms of all its words."""
        return tuple(forms(self.text))

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """All its words, with their offsets."""
        return tuple(words(self.text))

    @cached_property
    def stems(self) -> tuple[str, ...]:
        """The stem of each word, function words included."""
        return tuple(self.analyser.stem(form) for form in self.forms)

    @cached_property
    def in_phrases(self) -> tuple[tuple[str, ...], tuple[int, ...]]:
        """The stems without the articles, as phrases are compared, and the index of each one's word."""
        kept = [i for i, form in enumerate(self.forms) if form not in ARTICLES]
        stems = self.stems
        return tuple(stems[i] for i in kept), tuple(kept)

    @cached_property
    def places(self) -> Mapping[str, Sequence[int]]:
        """For each term, canonical names included: the indexes of the words where it stands."""
        return self.analyser.places(self.forms)

    @cached_property
    def names(self) -> tuple[Name, ...]:
        """Its proper names."""
        return tuple(names(self.text))

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        return tuple(word.start for word in self.words)

    def word_range(self, span: Span) -> tuple[int, int]:
        """The indexes of the first word in `span` and of the first behind it."""
        first, last = bisect_left(self._starts, span.start), bisect_left(self._starts, span.end)
        return (first, last) if first < last else (0, 0)


def read_passage(article: Article, passage: Passage) -> tuple[Sentence, ...]:
    """The sentences of one passage, in order."""
    analyser = analyser_for(article.language)
    return tuple(Sentence(span.of(article.text), span, passage.id, analyser) for span in passage.sentences)


@dataclass(frozen=True, eq=False)
class Profile:
    """An article as a whole: what its title, its publication's name and all of its text speak of.

    `sentences` are all of its own where it was read whole, else none; then its text is looked through once more.
    """

    article: Article
    sentences: tuple[Sentence, ...] = ()

    @cached_property
    def heading(self) -> Sentence:
        """The title, read as a sentence of its own."""
        return Sentence(self.article.title, Span(0, 0), 0, analyser_for(self.article.language))

    @cached_property
    def publication(self) -> frozenset[str]:
        """The terms of the publication's name."""
        return frozenset(analyser_for(self.article.language).terms(self.article.publication or ""))

    @cached_property
    def mentions(self) -> frozenset[str]:
        """The terms that stand in the title or the text (its first `_PROFILED_CHARS`)."""
        if not self.sentences:
            return frozenset(self._counts)
        return frozenset(self.heading.places).union(*(sentence.places for sentence in self.sentences))

    def count(self, term: str) -> int:
        """How often the term stands there."""
        if not self.sentences:
            return self._counts.get(term, 0)
        return sum(len(sentence.places.get(term, ())) for sentence in (self.heading, *self.sentences))

    @cached_property
    def _counts(self) -> Mapping[str, int]:
        whole = f"{self.article.title}\n{self.article.text[:_PROFILED_CHARS]}"
        return Counter(analyser_for(self.article.language).terms(whole))

    @cached_property
    def most_named(self) -> int:
        """How often the word with a capital stands that is the most frequent one, openings and titles left out."""
        titles = gazetteer().person_titles
        sentences = self.sentences or self._beginning_sentences
        words_ = (word.lower() for sentence in sentences for word in _CAPITAL.findall(sentence.text))
        counts = Counter(word for word in words_ if word not in titles and word not in _CALENDAR)
        return max(counts.values(), default=0)

    @cached_property
    def _beginning_sentences(self) -> tuple[Sentence, ...]:
        """The first sentences of an article that was not read whole."""
        first = self.article.passages[:_PASSAGES_AT_BEGINNING]
        return tuple(sentence for passage in first for sentence in read_passage(self.article, passage))

    def mentions_like(self, beginning: str) -> Iterator[str]:
        """The terms that stand there and begin so, in order."""
        terms = self._sorted_mentions
        for place in range(bisect_left(terms, beginning), len(terms)):
            if not terms[place].startswith(beginning):
                break
            yield terms[place]

    @cached_property
    def _sorted_mentions(self) -> Sequence[str]:
        return sorted(self.mentions)

    @cached_property
    def beginning(self) -> frozenset[str]:
        """The terms of the title and the first lines, where news says what they are about."""
        return frozenset(
            analyser_for(self.article.language).terms(f"{self.article.title}\n{self.article.text[:_BEGINNING_CHARS]}")
        )

    def first_names(self, surname: str) -> list[str]:
        """The terms of the first names that stand before a surname, in the order of the text."""
        return [first for sentence in self.sentences for first in first_names(sentence, surname)]

    @cached_property
    def case_names(self) -> tuple[str, ...]:
        """The cases that the article names with `v.`, as it first writes each, in order."""
        whole = f"{self.article.title}\n{self.article.text[:_PROFILED_CHARS]}"
        names_ = (
            _DOCKET.sub("", _NEXT_SENTENCE.sub("", found[0])).strip(" ,.") for found in _CASE_NAME.finditer(whole)
        )
        return tuple(dict.fromkeys(names_))

    @cached_property
    def captions(self) -> tuple[ToldSuit, ...]:
        """For each of these cases the terms of both sides."""
        analyser = analyser_for(self.article.language)
        return tuple(captioned(name, analyser) for name in self.case_names)

    @cached_property
    def at_law(self) -> tuple[Statement, ...]:
        """What the title and the sentences say of lawsuits."""
        text = self.article.text
        spans = (span for passage in self.article.passages for span in passage.sentences if span.end <= _PROFILED_CHARS)
        sentences = (self.article.title, *(span.of(text) for span in spans))
        return tuple(statements(sentences, analyser_for(self.article.language)))


def first_names(sentence: Sentence, surname: str) -> list[str]:
    """The terms of the words with a capital that stand right before a surname (given as a term), titles left out."""
    titles = gazetteer().person_titles
    found = []
    for place in sentence.places.get(surname, ()):
        word = sentence.words[place - 1] if place else None
        if word is None or word.form in titles or sentence.analyser.is_stop_word(word.form):
            continue
        if sentence.text[word.start].isupper() and sentence.text[word.end : sentence.words[place].start] == " ":
            found.append(sentence.stems[place - 1])
    return found


_CAPITAL: Final = re.compile(r"(?<=[^\W_]|[,;:–—’'\"”)]) (?:[“\"‘(]?)([A-Z]\w+)")
"""A word with a capital that opens no sentence."""
_CALENDAR: Final = frozenset({*MONTHS, *WEEKDAYS})
_PASSAGES_AT_BEGINNING: Final = 16
_PROFILED_CHARS: Final = 40_000
_BEGINNING_CHARS: Final = 600
_PARTY: Final = r"(?:[A-Z][\w.&’'-]*|hiQ|eBay|iRobot)(?:,? (?:[A-Z][\w.&’'-]*|of|and|de|the|et al\.?)){0,7}"
_CASE_NAME: Final = re.compile(rf"({_PARTY}),? (?:v|vs|versus)\.? ({_PARTY})")

_NEXT_SENTENCE: Final = re.compile(r"(?<=[a-z]{4})(?<!Corp)(?<!Bros)(?<!Intl)\. .*$")
"""`Reuters v. Ross Intelligence. The`: a full stop behind a word that is no abbreviation ends the name."""
_DOCKET: Final = re.compile(r",? Nos?\b.*$")

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class _Recent(Generic[_Key, _Value]):
    """The last values made, by key; safe to use from several threads."""

    def __init__(self, kept: int) -> None:
        self._kept = kept
        self._values: OrderedDict[_Key, _Value] = OrderedDict()
        self._lock = Lock()

    def get(self, key: _Key, make: Callable[[], _Value]) -> _Value:
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        value = make()
        with self._lock:
            self._values[key] = value
            while len(self._values) > self._kept:
                self._values.popitem(last=False)
        return value


class Reader:
    """Reads passages and articles and remembers the last ones: what is asked about often is read once."""

    def __init__(self, *, passages: int = 1_024, articles: int = 256) -> None:
        self._passages: _Recent[tuple[int, int, int], tuple[Sentence, ...]] = _Recent(passages)
        self._profiles: _Recent[tuple[int, int, bool], Profile] = _Recent(articles)

    def passage(self, article: Article, passage: Passage) -> tuple[Sentence, ...]:
        """The sentences of the passage."""
        key = (article.id, article.revision, passage.span.start)
        return self._passages.get(key, lambda: read_passage(article, passage))

    def profile(self, article: Article, sentences: tuple[Sentence, ...] = ()) -> Profile:
        """What the article as a whole speaks of; `sentences` are all of its own, where they were read."""
        return self._profiles.get((article.id, article.revision, bool(sentences)), lambda: Profile(article, sentences))
