"""Engines asked in one process: in turn, so that none has the processor's caches for itself, and one after another."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

Ask = Callable[[Sequence[str]], object]
Question = Sequence[str]

_WARMING: Final = 5
_LEAST_QUESTIONS: Final = 8
_BUDGET_S: Final = 1.5
"""About so long an engine answers in one round; a slow one is asked the first questions only."""
_THREADS_S: Final = 0.4


def in_turn(engines: Mapping[str, Ask], questions: Sequence[Question], rounds: int) -> dict[str, list[list[float]]]:
    """For each engine, for each round, the seconds of each question it was asked."""
    counts = {name: _affordable(ask, questions) for name, ask in engines.items()}
    found: dict[str, list[list[float]]] = {name: [[] for _ in range(rounds)] for name in engines}
    names = list(engines)
    with without_collections():
        for turn in range(rounds):
            for number, question in enumerate(questions):
                first = (number + turn) % len(names)
                for name in names[first:] + names[:first]:
                    if number < counts[name]:
                        found[name][turn].append(_seconds(engines[name], question))
    return found


def in_a_row(engines: Mapping[str, Ask], questions: Sequence[Question], rounds: int) -> dict[str, list[list[float]]]:
    """The same, where each engine answers all of its questions before the next one is asked."""
    found: dict[str, list[list[float]]] = {name: [] for name in engines}
    with without_collections():
        for name, ask in engines.items():
            asked = questions[: _affordable(ask, questions)]
            for _ in range(rounds):
                found[name].append([_seconds(ask, question) for question in asked])
    return found


def _affordable(ask: Ask, questions: Sequence[Question]) -> int:
    """How many questions the engine is asked in a round, after it was asked some to warm up."""
    usual = _seconds(ask, questions[0])
    for question in questions[1:_WARMING]:
        usual = min(usual, _seconds(ask, question))
        if usual > _BUDGET_S / _LEAST_QUESTIONS:
            break
    return min(len(questions), max(_LEAST_QUESTIONS, int(_BUDGET_S / usual)))


def _seconds(ask: Ask, question: Question) -> float:
    began = time.perf_counter()
    ask(question)
    return time.perf_counter() - began


@contextmanager
def without_collections() -> Iterator[None]:
    """What is in memory is left out of garbage collection, as the bot leaves it out when it starts."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def two_threads(ask: Ask, questions: Sequence[Question]) -> float:
    """How many times as many questions two threads answer as one does in the same time."""
    once = _all_s([lambda: [ask(question) for question in questions]])
    times = max(1, int(_THREADS_S / once))

    def work() -> None:
        for _ in range(times):
            for question in questions:
                ask(question)

    return 2 * _all_s([work]) / _all_s([work, work])


def _all_s(works: Sequence[Callable[[], object]]) -> float:
    threads = [threading.Thread(target=work) for work in works]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - began
