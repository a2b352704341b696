"""The best rows of a long segment are those that looking at every row finds, in numpy and in the compiled way.

The lists are many blocks long, so that most of them is skipped; which corpus it is decides what may be skipped. Numpy
skips only in very long segments: here it is also made to where segments are merely long, and one is very long.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from random import Random

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.collection import LIBRARY
from corpus.model import Article, Passage, Span
from retrieval.segments import kernel, numpy_search
from retrieval.segments.building import build
from retrieval.segments.kernel import Candidate, Term
from retrieval.segments.segment import BLOCK, Flags, Segment

Scores = npt.NDArray[np.float64]
PAPERS = ("", "ledger", "semaphore", "courier", "gazette")
K1, B = 0.9, 0.5
KINDS = ("zipf", "equal", "bursts")
SIZE = 3_000
VOCABULARY = 400


@dataclass(frozen=True, eq=False, slots=True)
class Long:
    """A segment, what it was built from, and the tables of a ranking."""

    segment: Segment
    texts: list[list[str]]
    articles: list[Article]
    table: Scores
    bounds: Scores

    @property
    def columns(self) -> list[tuple[int, int, int, str]]:
        """For each row: the ordinal of its date, its passage, its article and its publication."""
        return [
            (one.published.toordinal() if one.published else 0, passage.id, one.id, one.publication or "")
            for one in self.articles
            for passage in one.passages
        ]


def words_of(kind: str, random: Random, place: int) -> list[str]:
    """The words of a passage: by Zipf's law, or all alike so that nearly all scores are equal, or in bursts."""
    if kind == "equal":
        return random.sample(["w0", "w1", "w2", "w3", "w4", "w5"], 3)
    common = random.choices(range(VOCABULARY), [1 / (rank + 1) for rank in range(VOCABULARY)], k=random.randint(0, 60))
    words = [f"w{rank}" for rank in common]
    if kind == "bursts" and place % 700 < 60:
        # Some stretches of the segment hold some words far more often: the bounds of blocks differ.
        words += random.choices(["w0", "w1", "w7"], k=random.randint(0, 40))
    return words


@cache
def long(kind: str) -> Long:
    """A segment of some thousands of passages, in articles of one to six, the numbers of passages in no order."""
    random = Random(KINDS.index(kind))
    texts = [words_of(kind, random, place) for place in range(SIZE)]
    numbers = random.sample(range(10 * SIZE), SIZE)
    articles: list[Article] = []
    left = numbers
    while left:
        size = random.randint(1, 6)
        passages = tuple(Passage(Span(0, 0), (), number) for number in left[:size])
        left = left[size:]
        day = random.choice([None, date(1, 1, 1), *(date(2021, 1, day) for day in range(1, 6))])
        paper, key = random.choice(PAPERS) or None, f"a{len(articles)}"
        number = random.randrange(1 << 40)
        one = Article(number, LIBRARY, key, 1, "", "", publication=paper, published=day)
        articles.append(replace(one, passages=passages))
    given = iter(texts)
    segment = build(articles, [[next(given) for _ in one.passages] for one in articles])
    mean = float(np.mean([len(text) for text in texts]))
    return Long(
        segment,
        texts,
        articles,
        saturation(segment.pair_counts, segment.pair_lengths, mean),
        saturation(segment.bound_counts, segment.bound_lengths, mean),
    )


def saturation(counts: npt.NDArray[np.uint32], lengths: npt.NDArray[np.uint32], mean: float) -> Scores:
    often = counts.astype(np.float64)
    share: Scores = often * (K1 + 1) / (often + K1 * (1 - B + B * lengths.astype(np.float64) / mean))
    return share


@cache
def frequencies(kind: str) -> dict[str, Scores]:
    """How often each word stands in each row, counted in the texts themselves."""
    texts = long(kind).texts
    found = {word: np.zeros(len(texts)) for text in texts for word in text}
    for row, text in enumerate(texts):
        for word, n in Counter(text).items():
            found[word][row] = n
    return found


@dataclass(frozen=True, slots=True)
class Question:
    """What `best` is asked; words where it wants their numbers."""

    words: Sequence[tuple[str, float, float]]
    k: int
    floor: float = 0.0
    since: int = 0
    until: int = 0
    papers: frozenset[str] | None = None
    removed: frozenset[int] = frozenset()


def every_score(kind: str, question: Question) -> Scores:
    """The score of each row, summed in the question's order."""
    at = long(kind)
    lengths = np.array([len(text) for text in at.texts], np.float64)
    norm = K1 * (1 - B + B * lengths / float(np.mean(lengths)))
    total = np.zeros(len(at.texts))
    for word, idf, weight in question.words:
        often = frequencies(kind)[word]
        total += np.where(often > 0, weight * (idf * (often * (K1 + 1) / (often + norm))), 0.0)
    return total


def by_looking_at_every_row(kind: str, question: Question) -> list[Candidate]:
    first_row_of = np.cumsum([0, *(len(one.passages) for one in long(kind).articles)])
    article_of_row = np.searchsorted(first_row_of, np.arange(SIZE), side="right") - 1
    found = [
        (score, day, passage, article)
        for row, (score, (day, passage, article, paper)) in enumerate(
            zip(every_score(kind, question).tolist(), long(kind).columns, strict=True)
        )
        if score > 0
        and score >= question.floor
        and int(article_of_row[row]) not in question.removed
        and ((question.since, question.until) == (0, 0) or question.since <= day <= question.until)
        and (question.papers is None or paper in question.papers)
    ]
    return sorted(found, key=lambda each: (-each[0], -each[1], each[2]))[: max(0, question.k)]


def live_rows(kind: str, question: Question) -> Flags | None:
    if not question.removed:
        return None
    return np.array([row not in question.removed for row in long(kind).segment.article_of.tolist()], np.bool_)


def by_the_engine(kind: str, question: Question, *, compiled: bool) -> list[Candidate]:
    at = long(kind)
    terms: list[Term] = [(at.segment.find(word), idf, weight) for word, idf, weight in question.words]
    allowed = None
    if question.papers is not None:
        allowed = bytes([paper in question.papers for paper in at.segment.publications])
    rest = (terms, question.k, question.floor, question.since, question.until, allowed)
    if compiled:
        return kernel.best(at.segment.arrays, at.table, at.bounds, live_rows(kind, question), *rest)
    return numpy_search.best(at.segment, at.table, at.bounds, live_rows(kind, question), *rest)


Engine = Callable[[str, Question], list[Candidate]]


@pytest.fixture(scope="module", params=["numpy", "numpy that skips", "compiled"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """One of the ways."""
    compiled = request.param == "compiled"
    if compiled and not kernel.available():
        pytest.skip("the compiled kernel is not there")
    with pytest.MonkeyPatch.context() as limits:
        if request.param == "numpy that skips":
            limits.setattr(numpy_search, "_FEW_ROWS", 0)
        yield lambda kind, question: by_the_engine(kind, question, compiled=compiled)


def words_in(kind: str) -> list[str]:
    return sorted(frequencies(kind), key=lambda word: (-float(np.count_nonzero(frequencies(kind)[word])), word))


@st.composite
def questions(draw: st.DrawFn) -> tuple[str, Question]:
    """A corpus and a question to it, mostly of words that many passages have."""
    kind = draw(st.sampled_from(KINDS))
    words = words_in(kind)
    asked = draw(
        st.lists(
            st.tuples(
                st.one_of(st.sampled_from(words[:12]), st.sampled_from(words)),
                st.one_of(st.floats(1e-6, 12), st.sampled_from([0.0, 0.5, 1.0, -0.5])),
                st.sampled_from([1.0, 1.0, 2.0, 0.25, 1e-3, 0.0]),
            ),
            max_size=7,
        )
    )
    question = Question(asked, draw(st.sampled_from([1, 1, 2, 10, 10, 100, SIZE, 1 << 31])))
    if draw(st.booleans()):
        rare = draw(st.sampled_from([0.01, 0.5, 0.99]))
        random = Random(draw(st.integers(0, 99)))
        gone = frozenset(n for n in range(len(long(kind).articles)) if random.random() < rare)
        question = replace(question, removed=gone)
    if draw(st.booleans()):
        first, last = (draw(st.integers(date(2020, 12, 31).toordinal(), date(2021, 1, 6).toordinal())) for _ in "ab")
        question = replace(question, since=draw(st.sampled_from([1, first])), until=last)
    if draw(st.booleans()):
        question = replace(question, papers=draw(st.frozensets(st.sampled_from([*PAPERS, "nowhere"]), max_size=3)))
    if draw(st.booleans()):
        scores = np.sort(every_score(kind, question))
        question = replace(question, floor=max(0.0, float(scores[draw(st.integers(0, SIZE - 1))])))
    return kind, question


@given(asked=questions())
@settings(max_examples=300)
def test_the_best_rows_are_found_whatever_is_skipped(engine: Engine, asked: tuple[str, Question]) -> None:
    kind, question = asked
    assert engine(kind, question) == by_looking_at_every_row(kind, question)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("k", [1, 10, 100])
def test_common_words_with_rare_ones_give_the_best_rows(engine: Engine, kind: str, k: int) -> None:
    words = words_in(kind)
    random = Random(k)
    for _ in range(20):
        chosen = random.sample(words[:8], min(4, len(words) - 2)) + random.sample(words, 2)
        idfs = [float(np.log(1 + SIZE / (1 + np.count_nonzero(frequencies(kind)[word])))) for word in chosen]
        question = Question([(word, idf, 1.0) for word, idf in zip(chosen, idfs, strict=True)], k)
        assert engine(kind, question) == by_looking_at_every_row(kind, question)


def test_of_thousands_of_equal_scores_the_newest_and_smallest_are_kept(engine: Engine) -> None:
    for k in (1, 10, 127, 128, 129, 1_000):
        question = Question([("w0", 1.0, 1.0)], k)
        found = engine("equal", question)
        assert len({score for score, *_ in found}) == 1
        assert found == by_looking_at_every_row("equal", question)


def test_a_floor_that_is_the_best_score_leaves_the_best_row(engine: Engine) -> None:
    question = Question([("w0", 1.0, 1.0), ("w3", 2.0, 1.0)], 10)
    highest = float(every_score("bursts", question).max())
    assert engine("bursts", replace(question, floor=highest)) == [engine("bursts", question)[0]]
    assert engine("bursts", replace(question, floor=float(np.nextafter(highest, np.inf)))) == []


def test_nothing_is_asked_or_wanted(engine: Engine) -> None:
    assert engine("zipf", Question([], 10)) == []
    assert engine("zipf", Question([("w0", 1.0, 1.0)], 0)) == []
    assert engine("zipf", Question([("w0", 1.0, 1.0)], -1)) == []
    everyone = frozenset(range(len(long("zipf").articles)))
    assert engine("zipf", Question([("w0", 1.0, 1.0)], 10, removed=everyone)) == []


def test_the_lists_are_many_blocks_long() -> None:
    for kind in KINDS:
        segment = long(kind).segment
        number = segment.find("w0")
        assert int(segment.starts[number + 1]) - int(segment.starts[number]) > 8 * BLOCK


VAST = 270_000


@cache
def vast() -> tuple[Segment, list[str], dict[str, npt.NDArray[np.int64]]]:
    """More rows than numpy looks at one by one, the words, and how often each word stands in each row."""
    generator = np.random.default_rng(8)
    words = [f"w{n}" for n in range(9)]
    counts = {}
    for rank, word in enumerate(words):
        held = generator.random(VAST) < 0.6 / (1 + rank) ** 1.5
        burst = np.where(np.arange(VAST) // 5_000 % 11 == rank, 4, 1)  # stretches in which the word is frequent
        counts[word] = np.where(held, generator.integers(1, 1 + burst), 0)
    table = np.stack([counts[word] for word in words], axis=1)
    texts = [[word for word, n in zip(words, row, strict=True) for _ in range(n)] for row in table.tolist()]
    article = Article(1, LIBRARY, "a", 1, "", "", passages=tuple(Passage(Span(0, 0), (), n) for n in range(VAST)))
    return build([article], [texts]), words, counts


@pytest.mark.parametrize("compiled", [False, True])
def test_the_best_of_more_rows_than_numpy_looks_at_one_by_one_are_found(*, compiled: bool) -> None:
    if compiled and not kernel.available():
        pytest.skip("the compiled kernel is not there")
    segment, words, counts = vast()
    lengths = np.sum(list(counts.values()), axis=0, dtype=np.float64)
    mean = float(lengths.mean())
    norm = K1 * (1 - B + B * lengths / mean)
    tables = (
        saturation(segment.pair_counts, segment.pair_lengths, mean),
        saturation(segment.bound_counts, segment.bound_lengths, mean),
    )
    random = Random(2)
    for k in (1, 10, 100, 1, 10, 100, 10, 10):
        asked = [
            (word, random.choice([0.3, 1.0, 2.5, 7.0]), 1.0) for word in random.sample(words, random.randint(1, 6))
        ]
        live = some_rows(k) if random.random() < 0.5 else None
        total = np.zeros(VAST)
        for word, idf, weight in asked:
            total += np.where(counts[word] > 0, weight * (idf * (counts[word] * (K1 + 1) / (counts[word] + norm))), 0.0)
        if live is not None:
            total[~live] = 0.0
        order = np.lexsort((np.arange(VAST), -total))[:k]
        expected = [(float(total[row]), 0, int(row), 1) for row in order if total[row] > 0]
        terms = [(segment.find(word), idf, weight) for word, idf, weight in asked]
        if compiled:
            assert kernel.best(segment.arrays, *tables, live, terms, k, 0.0, 0, 0, None) == expected
        else:
            assert numpy_search.best(segment, *tables, live, terms, k, 0.0, 0, 0, None) == expected


def some_rows(seed: int) -> Flags:
    return np.random.default_rng(seed).random(VAST) < 0.7
