"""A whole run: for each size the corpus, the engines alone and side by side, and whole questions."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final, Protocol

from corpus.model import Article
from retrieval.bench.alone import Built, built, opened
from retrieval.bench.corpus import Corpus
from retrieval.bench.engine import Engine
from retrieval.bench.engines import KINDS, Kind
from retrieval.bench.processes import ProcessFailed, seconds_to_import_numpy
from retrieval.bench.report import EngineFigures, Machine, Report, SizeFigures
from retrieval.bench.together import Together
from retrieval.bench.whole import whole_questions
from retrieval.errors import BadQuestionSet

_PACKAGES: Final = ("numpy", "rank-bm25", "bm25s", "numba", "tantivy")


class Source(Protocol):
    """Where passages and questions come from."""

    @property
    def name(self) -> str:
        """What they are, in a few words."""
        ...

    @property
    def seed(self) -> int:
        """What chance began with."""
        ...

    def write(self, folder: Path, passages: int) -> None:
        """The folder holds a corpus of so many passages, or of all there are."""
        ...

    def articles(self, passages: int) -> Sequence[Article]:
        """Articles with their text, so many passages in all or as many as there are."""
        ...

    def questions(self, articles: Sequence[Article], count: int) -> Sequence[str]:
        """Questions about them, in words."""
        ...


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be measured: numbers of passages, ascending; engines by name."""

    sizes: tuple[int, ...]
    engines: tuple[str, ...]
    rounds: int = 3
    questions: int = 200

    @property
    def steps(self) -> int:
        """How often a run says what it does next, at most."""
        return 1 + len(self.sizes) * (2 * len(self.engines) + 5)


def measure(source: Source, plan: Plan, folder: Path, tell: Callable[[str], None]) -> Report:
    """The figures of all sizes; `folder`, which is filled, may be deleted afterwards; `tell` hears what comes next."""
    missing = {name: why for name in plan.engines if (why := KINDS[name].missing())}
    kinds = [KINDS[name] for name in plan.engines if name not in missing]
    tell("passages are made")
    source.write(folder / "corpus", plan.sizes[-1])
    sizes: list[SizeFigures] = []
    for passages in plan.sizes:
        corpus = Corpus(folder / "corpus", passages)
        if not sizes or corpus.passages > sizes[-1].passages:  # a text may have fewer than were asked for
            sizes.append(_Size(corpus, source, plan, folder / str(passages), tell).measured(kinds))
    return Report(source.name, source.seed, plan.rounds, _machine(), missing, sizes)


def _machine() -> Machine:
    return Machine(
        system=f"{platform.system()} {platform.machine()}",
        processors=os.cpu_count() or 1,
        python=platform.python_version(),
        versions=dict(_versions()),
    )


def _versions() -> Iterator[tuple[str, str]]:
    for name in _PACKAGES:
        try:
            yield name, version(name)
        except PackageNotFoundError:
            continue


_WHOLE_UP_TO: Final = 100_000
"""Texts of more passages take more memory than most machines have."""


class _Size:
    """The measuring at one size."""

    def __init__(self, corpus: Corpus, source: Source, plan: Plan, folder: Path, tell: Callable[[str], None]) -> None:
        self._corpus, self._source, self._plan, self._folder, self._tell = corpus, source, plan, folder, tell
        self._figures = SizeFigures(
            corpus.passages, corpus.articles, corpus.tokens, corpus.vocabulary, seconds_to_import_numpy() * 1_000
        )
        self._plain = corpus.questions(plan.questions, seed=source.seed)
        self._with_stop_words = corpus.questions(plan.questions, seed=source.seed, stop_words=True)
        if not self._plain:
            raise BadQuestionSet(f"{source.name}: no passage holds two different words to ask for")

    def _say(self, what: str) -> None:
        self._tell(f"{self._corpus.passages:,} passages: {what}")

    def measured(self, kinds: Sequence[Kind]) -> SizeFigures:
        """All figures; the files of this size are deleted."""
        self._folder.mkdir(parents=True)
        try:
            self._alone(kinds)
            with self._opened([kind for kind in kinds if kind.name in self._figures.engines]) as engines:
                self._together(engines)
        finally:
            shutil.rmtree(self._folder)
        if self._corpus.passages > _WHOLE_UP_TO:
            return self._figures
        self._say("whole questions are asked")
        articles = self._source.articles(self._corpus.passages)
        asked = self._source.questions(articles, self._plan.questions)
        self._figures.ask = whole_questions(articles, asked, self._plan.rounds)
        return self._figures

    def _alone(self, kinds: Sequence[Kind]) -> None:
        """Each engine was built and opened in a process of its own."""
        made: dict[str, Built] = {}
        for kind in kinds:
            try:
                if kind.folder not in made:
                    self._say(f"{kind.name} is built")
                    made[kind.folder] = built(kind, self._corpus, self._folder / kind.folder)
                self._figures.engines[kind.name] = self._figured(kind, made[kind.folder])
            except ProcessFailed as failure:
                self._figures.left_out[kind.name] = str(failure)

    def _figured(self, kind: Kind, made: Built) -> EngineFigures:
        figures = EngineFigures(
            build_s=made.seconds,
            passages_per_s=self._corpus.passages / made.seconds,
            memory_mb=made.memory_mb,
            disk_mb=made.disk_mb,
        )
        if kind.keeps_files:
            self._say(f"{kind.name} is opened")
            found = opened(kind, self._folder / kind.folder, self._plain)
            figures.cold_start_ms, figures.memory_mb = found.cold_start_ms, found.memory_mb
        return figures

    @contextmanager
    def _opened(self, kinds: Sequence[Kind]) -> Iterator[dict[str, Engine]]:
        """The engines, open in this process; one that keeps no files is built here once more."""
        engines: dict[str, Engine] = {}
        try:
            for kind in kinds:
                engine = kind.on(self._folder / kind.folder)
                if not kind.keeps_files:
                    self._say(f"{kind.name} is built beside the others")
                    engine.build(self._corpus.read())
                engine.open()
                engines[kind.name] = engine
            yield engines
        finally:
            for engine in engines.values():
                engine.close()

    def _together(self, engines: dict[str, Engine]) -> None:
        together = Together(engines, self._figures.engines, self._corpus, self._plan.rounds)
        self._say("all are asked in turn")
        together.questions(self._plain, self._with_stop_words)
        self._say("filters, threads and changes")
        together.filters(self._plain)
        together.threads(self._plain)
        together.changes()
