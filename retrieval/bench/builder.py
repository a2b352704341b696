"""What a new process does that builds an engine's files from a corpus."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from retrieval.bench.corpus import Corpus, TermArticle
from retrieval.bench.engines import KINDS
from retrieval.bench.first import K, anonymous_mb

_WARMING: Final = 3


class Metered:
    """Passes articles on, and knows how long making them took."""

    def __init__(self, articles: Iterator[TermArticle]) -> None:
        self._articles = articles
        self.seconds = 0.0

    def __iter__(self) -> Iterator[TermArticle]:
        return self

    def __next__(self) -> TermArticle:
        began = time.perf_counter()
        try:
            return next(self._articles)
        finally:
            self.seconds += time.perf_counter() - began


def build(name: str, corpus: str, passages: str, folder: str) -> None:
    """The folder holds the engine's files; how long that took, without reading the corpus, was written.

    Of an engine without files the memory is told too, after some questions.
    """
    held = Corpus(Path(corpus), int(passages))
    Path(folder).mkdir(parents=True, exist_ok=True)
    engine = KINDS[name].on(Path(folder))
    articles = Metered(held.read())
    began = time.perf_counter()
    engine.build(articles)
    seconds = time.perf_counter() - began - articles.seconds
    memory = None
    if not KINDS[name].keeps_files:
        for question in held.questions(_WARMING, seed=0):
            engine.ask(question, K)
        memory = anonymous_mb()
    sys.stdout.write(json.dumps({"seconds": seconds, "memory_mb": memory}) + "\n")
