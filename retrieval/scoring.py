"""What is known of a sentence for one question, and the linear models that weigh it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from operator import mul
from typing import Final, NamedTuple

from corpus.yamlfile import parse_mapping


class Features(NamedTuple):
    """What is known of a sentence for one question, each 0..1.

    `own_*` counts the sentence itself, `all_*` also what stands around it; `weakest` is the level of the worst covered
    word that is no name, weighted by its rarity. `own_rare`, `around` and `before` are shares of all that was asked, by
    unweakened rarity: in the sentence, with its neighbours and title, in the sentence before. `exact`, `pairs`, `order`
    and `near` are those of `overlap.Repeated`; `title` and `article` the shares of words held there. `passage` is the
    passage's score beside the best one's, `place` its rank's reciprocal. `main` is how much of the article is on the
    name asked about that it names least. `newest` is 1 for the newest article where that was asked for, `lead` the more
    so the earlier the sentence stands in it. `kind` is how well the best span of the asked kind fits. `unknown` is the
    share, by rarity, of what was asked that no passage of the corpus knows.
    """

    own_content: float = 0.0
    own_names: float = 0.0
    all_content: float = 0.0
    all_names: float = 0.0
    weakest: float = 0.0
    own_rare: float = 0.0
    around: float = 0.0
    before: float = 0.0
    exact: float = 0.0
    pairs: float = 0.0
    order: float = 0.0
    near: float = 0.0
    title: float = 0.0
    article: float = 0.0
    kind: float = 0.0
    kind_missing: float = 0.0
    surely_missing: float = 0.0
    poor_fit: float = 0.0
    case: float = 0.0
    passage: float = 0.0
    place: float = 0.0
    early: float = 0.0
    main: float = 0.0
    newest: float = 0.0
    lead: float = 0.0
    short: float = 0.0
    content_and_kind: float = 0.0
    names_and_content: float = 0.0
    everything: float = 0.0
    unknown: float = 0.0


FOR: Final = frozenset({"kind", "content_and_kind", "everything"})
AGAINST: Final = frozenset(
    "kind_missing surely_missing poor_fit elsewhere stranger denied supposed gap gaps outdated absent unknown".split()
)


@dataclass(frozen=True, slots=True)
class Linear:
    """A weighted sum: `bias + Σ weight · value`, the values in the order of `names`.

    A short answer that fits better never lowers it, and what speaks against a sentence never raises it: so what a
    sentence can reach at most is known before short answers are looked for. ValueError for weights that say otherwise.
    """

    names: tuple[str, ...]
    weights: tuple[float, ...]
    bias: float = 0.0

    def __post_init__(self) -> None:
        """Check the signs."""
        for name, weight in zip(self.names, self.weights, strict=True):
            if (name in FOR and weight < 0) or (name in AGAINST and weight > 0):
                raise ValueError(name, weight)

    def of(self, values: Iterable[float]) -> float:
        """The sum (any real number)."""
        weighted: float = sum(map(mul, self.weights, values))
        return self.bias + weighted

    def shares(self, values: Iterable[float]) -> Iterator[tuple[str, float]]:
        """What each value adds to the sum, by its name."""
        return zip(self.names, map(mul, self.weights, values), strict=True)

    def probability(self, values: Iterable[float]) -> float:
        """The sum through the logistic function (0..1)."""
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, self.of(values)))))


@lru_cache(maxsize=2)
def shipped(section: str, names: tuple[str, ...]) -> Linear:
    """One model of `retrieval/data/weights.yaml` for values of these names; those it doesn't name weigh nothing."""
    text = (files("retrieval") / "data" / "weights.yaml").read_text("utf-8")
    weights = parse_mapping(text, name="weights.yaml").value[section]
    if not isinstance(weights, dict):
        raise TypeError(weights)
    numbers = {name: float(str(number)) for name, number in weights.items()}
    bias = numbers.pop("bias", 0.0)
    if unknown := numbers.keys() - set(names):
        raise ValueError(section, sorted(unknown))
    return Linear(names, tuple(numbers.get(name, 0.0) for name in names), bias)


def ranking() -> Linear:
    """The model that orders sentences; its values are `Features`."""
    return shipped("ranking", Features._fields)
