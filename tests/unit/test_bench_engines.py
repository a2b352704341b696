"""Every engine that is measured, held to the same facts on the same passages."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import pytest

from retrieval.bench.corpus import Corpus
from retrieval.bench.engine import Engine, Filtering, Updatable
from retrieval.bench.engines import BASE, KINDS, Kind, is_ours
from retrieval.bench.sources import Generated
from retrieval.bench.updating import NotSeen, updates

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from retrieval.bench.corpus import TermArticle

K = 10

OURS = [name for name in KINDS if is_ours(name)]
filtering = pytest.mark.parametrize("engine", OURS, indirect=True)
updatable = pytest.mark.parametrize("engine", [*OURS, "tantivy", "fts5"], indirect=True)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """300 generated passages."""
    folder = tmp_path_factory.mktemp("corpus")
    Generated(7).write(folder, 300)
    return Corpus(folder)


@pytest.fixture(scope="module")
def library(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """Plain rank-bm25 over them."""
    engine = KINDS[BASE].on(tmp_path_factory.mktemp("library"))
    engine.build(corpus.read())
    return engine


@pytest.fixture(params=KINDS, scope="module")
def engine(
    request: pytest.FixtureRequest, corpus: Corpus, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """An engine over the same passages, built and opened again."""
    kind = KINDS[request.param]
    if why := kind.missing():
        pytest.skip(why)
    folder = tmp_path_factory.mktemp("engine")
    built = kind.on(folder)
    built.build(corpus.read())
    if kind.keeps_files:
        built = kind.on(folder)
    built.open()
    yield built
    built.close()


@pytest.mark.parametrize("stop_words", [False, True])
def test_the_best_passage_is_the_one_that_rank_bm25_finds(
    engine: Engine, library: Engine, corpus: Corpus, *, stop_words: bool
) -> None:
    """Lengths are rounded by tantivy, small idfs cut off by FTS5, so that close scores may change places."""
    questions = corpus.questions(40, seed=5, stop_words=stop_words)
    expected = [library.passages(library.ask(terms, K)) for terms in questions]
    found = [engine.passages(engine.ask(terms, K)) for terms in questions]
    assert all(best[0] in theirs[:3] for best, theirs in zip(expected, found, strict=True))
    assert sum(best[0] == theirs[0] for best, theirs in zip(expected, found, strict=True)) >= 36


def test_as_many_passages_are_found_as_were_asked_for(engine: Engine, corpus: Corpus) -> None:
    [terms] = corpus.questions(1, seed=5)
    found = engine.passages(engine.ask(terms, K))
    assert len(found) == len(set(found)) == K
    assert set(found) <= set(range(1, corpus.passages + 1))


@updatable
def test_what_is_added_is_found_by_the_next_question_and_what_is_removed_is_not(engine: Engine, corpus: Corpus) -> None:
    assert isinstance(engine, Updatable)
    for word, article in corpus.newcomers(2):
        engine.add(article)
        assert sorted(engine.passages(engine.ask([word], K))) == [number for number, _ in article.passages]
        engine.remove(article)
        assert engine.passages(engine.ask([word], K)) == []


@updatable
def test_changes_are_timed(engine: Engine, corpus: Corpus) -> None:
    assert isinstance(engine, Updatable)
    found = updates(engine, corpus.newcomers(3))
    assert found.add_ms > 0
    assert found.remove_ms > 0


@filtering
def test_filters_leave_only_what_passes_them(engine: Engine, corpus: Corpus) -> None:
    assert isinstance(engine, Filtering)
    articles = {number: each.article for each in corpus.read() for number, _ in each.passages}
    for filters in corpus.filters().values():
        for terms in corpus.questions(5, seed=5):
            found = [articles[number] for number in engine.passages(engine.ask_filtered(terms, K, filters))]
            assert all(not filters.publications or article.publication in filters.publications for article in found)
            assert all(not filters.since or (article.published or filters.since) >= filters.since for article in found)


def test_an_engine_that_loses_a_change_is_noticed(tmp_path: Path, corpus: Corpus) -> None:
    engine = Forgetful(tmp_path)
    with pytest.raises(NotSeen):
        updates(engine, corpus.newcomers(1))


class Forgetful:
    """An engine that finds nothing."""

    shares_threads: ClassVar = False

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def build(self, articles: object) -> None: ...

    def open(self) -> None: ...

    def ask(self, terms: object, k: int) -> object:
        return (terms, k)

    def passages(self, found: object) -> list[int]:
        del found
        return []

    def add(self, article: TermArticle) -> None: ...

    def remove(self, article: TermArticle) -> None: ...

    def close(self) -> None: ...


def test_an_engine_that_is_not_installed_says_how_to_get_it() -> None:
    assert KINDS["fts5"].missing() is None
    assert KINDS[BASE].missing() is None
    why = Kind("other", "nowhere:Engine", "other", ("no_such_package",)).missing()
    assert why == "no_such_package not installed: pip install 'amicus-bot[bench]'"
