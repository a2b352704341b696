"""What a run of the benchmark found, as values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field

from retrieval.bench.engines import OURS, OURS_NUMPY
from retrieval.bench.statistic import Timing, exponent
from retrieval.bench.updating import Updates

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


@dataclass(slots=True)
class EngineFigures:
    """One engine at one size; None is what could not be measured or the engine can't do.

    Of `passages_per_s` and `build_s` reading the corpus is no part. `base_to_this` is rank-bm25's time divided by this
    engine's, `this_to_ours` this engine's divided by ours, both of the same questions in the same rounds. `in_a_row` is
    how long questions take when no other engine is asked between them, and the caches hold what this one needs.
    `filtered` has the time of questions with a filter, divided by that of the same questions without.
    """

    questions: Timing | None = None
    in_a_row: Timing | None = None
    with_stop_words: Timing | None = None
    base_to_this: float | None = None
    base_to_this_in_a_row: float | None = None
    this_to_ours: float | None = None
    this_to_ours_with_stop_words: float | None = None
    build_s: float | None = None
    passages_per_s: float | None = None
    cold_start_ms: float | None = None
    memory_mb: float | None = None
    disk_mb: float | None = None
    updates: Updates | None = None
    two_threads: float | None = None
    filtered: dict[str, float] = field(default_factory=dict)


@dataclass(slots=True)
class SizeFigures:
    """All engines at one size, and whole questions answered by the bot's own use case."""

    passages: int
    articles: int
    tokens: int
    vocabulary: int
    import_numpy_ms: float
    engines: dict[str, EngineFigures] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    ask: Timing | None = None


@dataclass(frozen=True, slots=True)
class Machine:
    """What the figures were measured on, and with which versions of what."""

    system: str
    processors: int
    python: str
    versions: dict[str, str]


@dataclass(frozen=True, slots=True)
class Report:
    """A whole run. `missing` are engines that can't run on this machine, with the reason."""

    source: str
    seed: int
    rounds: int
    machine: Machine
    missing: dict[str, str]
    sizes: list[SizeFigures]

    @property
    def names(self) -> list[str]:
        """The engines that were measured at any size, in the order they are shown in."""
        return list(dict.fromkeys(name for size in self.sizes for name in size.engines))

    def by_size(self, name: str, figure: Callable[[EngineFigures], float | None]) -> dict[int, float]:
        """A figure of an engine for each size it was measured at."""
        found = {size.passages: figure(size.engines[name]) for size in self.sizes if name in size.engines}
        return {passages: value for passages, value in found.items() if value is not None}

    def growth(self, name: str) -> tuple[float | None, float | None]:
        """The exponents by which an engine's time per question and its memory grow with the passages."""
        return exponent(self.by_size(name, time_ms)), exponent(self.by_size(name, lambda found: found.memory_mb))

    def told(self) -> dict[str, Json]:
        """The whole of it in the shape of JSON."""
        growth: dict[str, Json] = {}
        for name in self.names:
            time, memory = self.growth(name)
            growth[name] = {"time": time, "memory": memory}
        return {**asdict(self), "growth": growth}


def time_ms(found: EngineFigures) -> float | None:
    """The median time of a question."""
    return found.questions.p50_ms if found.questions else None


def ours_among(names: Mapping[str, object]) -> str | None:
    """The name of our own engine at its fastest, if it is among them."""
    return next((name for name in (OURS, OURS_NUMPY) if name in names), None)
