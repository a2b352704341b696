"""Articles as they are at hand for a question, from the notation of `tests.fakes.corpus`."""

from __future__ import annotations

from retrieval.matching import Context
from retrieval.sentence import Reader
from tests.fakes.corpus import FakeCorpus


def contexts_of(notation: str) -> list[Context]:
    """The articles of the notation, read whole, in order."""
    reader = Reader()
    found = []
    for article in FakeCorpus(notation).articles:
        sentences = tuple(s for passage in article.passages for s in reader.passage(article, passage))
        found.append(Context(reader.profile(article, sentences), sentences))
    return found
