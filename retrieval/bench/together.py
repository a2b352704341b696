"""What is measured of engines side by side in one process: questions, filters, threads, changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from retrieval.bench.asking import Ask, Question, in_a_row, in_turn, two_threads
from retrieval.bench.corpus import Corpus
from retrieval.bench.engine import Engine, Filtering, Updatable
from retrieval.bench.engines import BASE
from retrieval.bench.first import K
from retrieval.bench.report import EngineFigures, ours_among
from retrieval.bench.statistic import Rounds, ratio, timing
from retrieval.bench.updating import updates

_NEWCOMERS: Final = 12


class Together:
    """Some opened engines over one corpus, and the figures that are filled in."""

    def __init__(
        self, engines: Mapping[str, Engine], figures: Mapping[str, EngineFigures], corpus: Corpus, rounds: int
    ) -> None:
        self._engines, self._figures, self._corpus, self._rounds = engines, figures, corpus, rounds
        self._asks: dict[str, Ask] = {name: partial(engine.ask, k=K) for name, engine in engines.items()}

    def questions(self, plain: Sequence[Question], with_stop_words: Sequence[Question]) -> None:
        """How long questions take, and the ratios to the library and to our own engine."""
        found = in_turn(self._asks, plain, self._rounds)
        ours = ours_among(found)
        for name, rounds in found.items():
            figures = self._figures[name]
            figures.questions = timing(rounds)
            figures.base_to_this = ratio(found[BASE], rounds) if BASE in found else None
            figures.this_to_ours = ratio(rounds, found[ours]) if ours else None
        alone = in_a_row(self._asks, plain, self._rounds)
        for name, rounds in alone.items():
            self._figures[name].in_a_row = timing(rounds)
            self._figures[name].base_to_this_in_a_row = ratio(alone[BASE], rounds) if BASE in alone else None
        if self._corpus.has_stop_words:
            self._with_stop_words(in_turn(self._asks, with_stop_words, self._rounds))

    def _with_stop_words(self, found: Mapping[str, Rounds]) -> None:
        ours = ours_among(found)
        for name, rounds in found.items():
            self._figures[name].with_stop_words = timing(rounds)
            self._figures[name].this_to_ours_with_stop_words = ratio(rounds, found[ours]) if ours else None

    def filters(self, questions: Sequence[Question]) -> None:
        """How much longer a question takes that is narrowed to a publication or to some days."""
        filters = self._corpus.filters()
        for name, engine in self._engines.items():
            if isinstance(engine, Filtering) and filters:
                narrowed = {kind: partial(engine.ask_filtered, k=K, filters=chosen) for kind, chosen in filters.items()}
                asks: dict[str, Ask] = {"": self._asks[name], **narrowed}
                found = in_turn(asks, questions, self._rounds)
                self._figures[name].filtered = {kind: ratio(found[kind], found[""]) for kind in filters}

    def threads(self, questions: Sequence[Question]) -> None:
        """How much more two threads answer than one."""
        for name, engine in self._engines.items():
            if engine.shares_threads:
                self._figures[name].two_threads = two_threads(self._asks[name], questions)

    def changes(self) -> None:
        """How long single articles take to come and go. What the engines hold is changed by it."""
        newcomers = self._corpus.newcomers(_NEWCOMERS)
        for name, engine in self._engines.items():
            if isinstance(engine, Updatable):
                self._figures[name].updates = updates(engine, newcomers)
