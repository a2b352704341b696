"""A sentence read once: its words, terms and names, by place. What choosing, picking out and highlighting look at."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from corpus.model import Article, Passage, Span
from corpus.text import Word, words
from retrieval.analyser import Analyser, analyser_for
from retrieval.names import Name, names


@dataclass(frozen=True, eq=False)
class Sentence:
    """A sentence of an article; `span` counts in the article's text, everything else in `text`."""

    text: str
    span: Span
    passage_id: int
    analyser: Analyser

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """All its words."""
        return tuple(words(self.text))

    @cached_property
    def stems(self) -> tuple[str, ...]:
        """The stem of each word, function words included."""
        return tuple(self.analyser.stem(word.form) for word in self.words)

    @cached_property
    def places(self) -> Mapping[str, tuple[int, ...]]:
        """For each term, canonical names included: the indexes of the words where it stands."""
        found: dict[str, list[int]] = {}
        starts = {word.start: i for i, word in enumerate(self.words)}
        for token in self.analyser.tokens_of(self.words):
            found.setdefault(token.term, []).append(starts[token.start])
        return {term: tuple(at) for term, at in found.items()}

    @cached_property
    def names(self) -> tuple[Name, ...]:
        """Its proper names."""
        return tuple(names(self.text))

    def word_range(self, span: Span) -> tuple[int, int]:
        """The indexes of the first word in `span` and of the first behind it."""
        inside = [i for i, word in enumerate(self.words) if span.start <= word.start < span.end]
        return (inside[0], inside[-1] + 1) if inside else (0, 0)


def read_passage(article: Article, passage: Passage) -> tuple[Sentence, ...]:
    """The sentences of one passage, in order."""
    analyser = analyser_for(article.language)
    return tuple(Sentence(span.of(article.text), span, passage.id, analyser) for span in passage.sentences)


_KEPT_PASSAGES: Final = 4_096


class Reader:
    """Reads passages and remembers the last ones, so that a passage that is asked about often is read once."""

    def __init__(self, kept: int = _KEPT_PASSAGES) -> None:
        self._kept = kept
        self._read: OrderedDict[tuple[int, int, int], tuple[Sentence, ...]] = OrderedDict()

    def read(self, article: Article, passage: Passage) -> tuple[Sentence, ...]:
        """The sentences of the passage; the same objects as long as it is remembered."""
        key = (article.id, article.revision, passage.span.start)
        found = self._read.get(key)
        if found is None:
            found = self._read[key] = read_passage(article, passage)
            if len(self._read) > self._kept:
                self._read.popitem(last=False)
        else:
            self._read.move_to_end(key)
        return found
