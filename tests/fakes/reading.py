"""A made corpus read as an answer reads it: contexts, sentences, lenses, and an asker in front of it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Final

from corpus.collection import LIBRARY
from corpus.model import Article, Passage, Span
from retrieval.analyser import analyser_for
from retrieval.answer import Asker, Ready
from retrieval.decision import Decision, Limits
from retrieval.embedded import EmbeddedIndex
from retrieval.evidence import Choice
from retrieval.matching import Context
from retrieval.model import Asked
from retrieval.question import Question, parse
from retrieval.sentence import Reader, Sentence
from tests.fakes.corpus import FakeCorpus

NOW: Final = datetime(2024, 6, 1, 12, 0, tzinfo=UTC)


def asked(text: str) -> Question:
    """The question, asked now of articles in English."""
    return parse(text, NOW, ("en",))


def sentence_of(text: str, language: str = "en") -> Sentence:
    """A sentence that stands alone."""
    return Sentence(text, Span(0, len(text)), 1, analyser_for(language))


def article_of_sentences(*sentences: str, title: str = "Made", number: int = 1) -> Article:
    """An article whose one passage is these sentences, however long they are."""
    text, spans = "", []
    for sentence in sentences:
        spans.append(Span(len(text), len(text) + len(sentence)))
        text += f"{sentence} "
    passage = Passage(Span(0, len(text)), tuple(spans), number)
    return Article(number, LIBRARY, f"made-{number}", 1, title, text, passages=(passage,))


def context_of(article: Article) -> Context:
    """The article, read whole."""
    reader = Reader()
    sentences = tuple(one for passage in article.passages for one in reader.passage(article, passage))
    return Context(reader.profile(article, sentences), sentences)


def contexts_of(notation: str) -> list[Context]:
    """The articles of `notation`, each read whole."""
    return [context_of(article) for article in FakeCorpus(notation).articles]


def asker_of(corpus: FakeCorpus | str, limits: Limits | None = None) -> Asker:
    """Who answers from the corpus, or from the articles of a notation, through the embedded engine."""
    held = FakeCorpus(corpus) if isinstance(corpus, str) else corpus
    index = EmbeddedIndex()
    index.apply(asyncio.run(held.changes(0, 10_000)))
    return Asker(Ready(index), held, limits)


def decided(corpus: FakeCorpus | str, text: str, limits: Limits | None = None) -> Decision:
    """What the question is decided from, every sentence among it."""
    decision = asyncio.run(asker_of(corpus, limits).decision(Asked(text, NOW)))
    assert decision is not None, "nothing is asked"
    return decision


def choice_of(decision: Decision, beginning: str) -> Choice:
    """The sentence that begins so, as it was weighed."""
    return next(choice for choice in decision.ranked() if choice.sentence.text.startswith(beginning))
