"""Speed and memory on generated passages, next to plain rank-bm25 asked the same in the same run.

The generator is seeded: word frequencies follow Zipf-Mandelbrot's law (Mandelbrot 1953: f ∝ 1/(rank + q)^s, q = 2.7,
s = 1.07), names belong to their article, and every article is about a case with a judge, a court and a sum, so that
whole questions can be asked, not only words searched for.
"""

from __future__ import annotations

import asyncio
import gc
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from typing import Final

from corpus.model import LIBRARY, Article, Change, Passage, Span
from retrieval.answer import Asker, InMemory
from retrieval.bm25 import EmbeddedIndex, Parameters, plain_library
from retrieval.index import indexed_terms
from retrieval.model import Asked, Filters

PASSAGES_AN_ARTICLE: Final = 5
_SENTENCES_A_PASSAGE: Final = 4
_WORDS_A_SENTENCE: Final = (12, 28)
_VOCABULARY: Final = 60_000
_AS_OF: Final = datetime(2026, 1, 1, tzinfo=UTC)
_SYLLABLES: Final = [c + v for c in "bdfgklmnprstvz" for v in "aeiou"]


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds per question: median, 95th and 99th percentile of `rounds` questions."""

    p50: float
    p95: float
    p99: float
    rounds: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured. Ratios are rank-bm25's median divided by ours, from the same run."""

    passages: int
    seed: int
    build_s: float
    memory_mb: float
    search: Timing
    ask: Timing
    rank_bm25: Timing
    rank_bm25_to_search: float
    rank_bm25_to_ask: float


class _Words:
    """A vocabulary with Zipf-Mandelbrot frequencies."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._words = [_spelled(number) for number in range(_VOCABULARY)]
        self._cumulative = list(accumulate(1 / (rank + 2.7) ** 1.07 for rank in range(_VOCABULARY)))

    def some(self, count: int) -> list[str]:
        """So many words by their frequency."""
        return self._chance.choices(self._words, cum_weights=self._cumulative, k=count)

    def name(self) -> str:
        """A rare word with a capital."""
        return self._chance.choice(self._words[_VOCABULARY // 3 :]).capitalize()


def _spelled(number: int) -> str:
    """A pronounceable word for a number, another for each."""
    parts = [_SYLLABLES[number % len(_SYLLABLES)]]
    while number := number // len(_SYLLABLES):
        parts.append(_SYLLABLES[number % len(_SYLLABLES)])
    return "".join(parts) + "n"


def articles(passages: int, *, seed: int) -> Iterator[Article]:
    """Articles with `passages` passages in all, the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - a generator of test data
    vocabulary = _Words(chance)
    for number in range(1, -(-passages // PASSAGES_AN_ARTICLE) + 1):
        yield _article(number, vocabulary, chance)


def _article(number: int, vocabulary: _Words, chance: random.Random) -> Article:
    plaintiff, defendant = vocabulary.name(), vocabulary.name()
    judge = f"{chance.choice(['Maria', 'David', 'Helen', 'Robert', 'Susan', 'James'])} {vocabulary.name()}"
    facts = [
        f"U.S. District Judge {judge} ruled on Friday in {plaintiff} v. {defendant}.",
        f"The court ordered {defendant} to pay {plaintiff} ${chance.randint(2, 900)} million in damages.",
    ]
    text, found = "", []
    for order in range(PASSAGES_AN_ARTICLE):
        sentences = [_sentence(vocabulary, chance, plaintiff) for _ in range(_SENTENCES_A_PASSAGE)]
        if order < len(facts):
            sentences.insert(1, facts[order])
        spans: list[Span] = []
        for sentence in sentences:
            spans.append(Span(len(text), len(text) + len(sentence)))
            text += sentence + " "
        found.append(Passage(Span(spans[0].start, spans[-1].end), tuple(spans), number * PASSAGES_AN_ARTICLE + order))
        text = text[:-1] + "\n\n"
    return Article(
        id=number,
        collection=LIBRARY,
        key=f"generated-{number}",
        revision=1,
        title=f"{plaintiff} v. {defendant}: " + " ".join(vocabulary.some(5)),
        text=text.rstrip(),
        publication=f"{vocabulary.some(1)[0].capitalize()} Post",
        published=date(2015, 1, 1) + timedelta(days=chance.randint(0, 3_900)),
        passages=tuple(found),
    )


def _sentence(vocabulary: _Words, chance: random.Random, name: str) -> str:
    words = vocabulary.some(chance.randint(*_WORDS_A_SENTENCE))
    words[chance.randrange(1, len(words))] = name
    return f"{words[0].capitalize()} {' '.join(words[1:])}."


def questions(held: Sequence[Article], count: int, *, seed: int) -> list[str]:
    """Questions about the generated cases, some of which no article answers."""
    chance = random.Random(seed + 1)  # noqa: S311 - a generator of test data
    asked = []
    for _ in range(count):
        case = chance.choice(held).title.split(":")[0]
        other = chance.choice(held).title.split(" v. ")[0]
        first, second = case.split(" v. ")
        asked.append(
            chance.choice(
                [
                    f"Who is the judge in {case}?",
                    f"How much must {second} pay {first} in damages?",
                    f"When did the judge rule in {case}?",
                    f"Why did {first} sue {other}?",
                    f"What did {second} say about {other}?",
                ]
            )
        )
    return asked


def measure(passages: int, *, seed: int = 7, rounds: int = 200, library_rounds: int = 20) -> Figures:
    """All figures for so many passages; the engines are asked in turn, question by question."""
    held = list(articles(passages, seed=seed))
    before = _memory_mb()
    started = time.perf_counter()
    index = EmbeddedIndex(Parameters())
    index.apply([Change(article.id, article.id, article) for article in held])
    build_s = time.perf_counter() - started
    memory = max(0.0, _memory_mb() - before)
    gc.collect()
    gc.freeze()  # as the bot does when it starts
    asker = Asker(index, InMemory({article.id: article for article in held}))
    library = plain_library([terms for article in held for terms in indexed_terms(article)], Parameters())
    asked = questions(held, rounds, seed=seed)
    search, ask, plain = asyncio.run(_in_turn(asker, library, asked, library_rounds))
    return Figures(
        passages=sum(len(article.passages) for article in held),
        seed=seed,
        build_s=round(build_s, 3),
        memory_mb=round(memory, 1),
        search=search,
        ask=ask,
        rank_bm25=plain,
        rank_bm25_to_search=round(plain.p50 / search.p50, 1),
        rank_bm25_to_ask=round(plain.p50 / ask.p50, 2),
    )


async def _in_turn(
    asker: Asker, library: Callable[[str], object], asked: Sequence[str], library_rounds: int
) -> tuple[Timing, Timing, Timing]:
    search: list[float] = []
    ask: list[float] = []
    plain: list[float] = []
    for number, text in enumerate(asked):
        question = Asked(text, _AS_OF, Filters())
        started = time.perf_counter()
        await asker.search(question, 10)
        searched = time.perf_counter()
        await asker.ask(question)
        answered = time.perf_counter()
        search.append(searched - started)
        ask.append(answered - searched)
        if number < library_rounds:
            library(text)
            plain.append(time.perf_counter() - answered)
    return _timing(search), _timing(ask), _timing(plain)


def _timing(seconds: Sequence[float]) -> Timing:
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    p50, p95, p99 = (round(cuts[n - 1] * 1_000, 3) for n in (50, 95, 99))
    return Timing(p50, p95, p99, len(seconds))


def _memory_mb() -> float:
    """The largest resident size of this process so far, in MB (Linux counts in KiB, macOS in bytes); 0 on Windows."""
    if sys.platform == "win32":
        return 0.0
    import resource  # noqa: PLC0415 - it isn't there on Windows

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1_048_576 if sys.platform == "darwin" else 1_024)
