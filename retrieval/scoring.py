"""What is known of a sentence for one question, and the linear models that weigh it.

One model says which sentence to show, the other how sure that is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from operator import mul
from typing import Final, NamedTuple

from corpus.yamlfile import YamlValue, parse_mapping


class Features(NamedTuple):
    """What is known of a sentence for one question, each 0..1.

    `own_*` counts the sentence itself, `all_*` also what stands around it; `weakest` is the level of the worst covered
    word that is no name, weighted by its rarity; `kind` is how well the best span of the asked kind fits.
    """

    own_content: float = 0.0
    own_names: float = 0.0
    all_content: float = 0.0
    all_names: float = 0.0
    weakest: float = 0.0
    kind: float = 0.0
    kind_missing: float = 0.0
    surely_missing: float = 0.0
    poor_fit: float = 0.0
    case: float = 0.0
    passage: float = 0.0
    early: float = 0.0
    newest: float = 0.0
    short: float = 0.0
    content_and_kind: float = 0.0
    names_and_content: float = 0.0
    elsewhere: float = 0.0
    stranger: float = 0.0
    everything: float = 0.0


_FOR: Final = frozenset({"kind", "content_and_kind", "everything"})
_AGAINST: Final = frozenset({"kind_missing", "surely_missing", "poor_fit", "elsewhere", "stranger"})


@dataclass(frozen=True, slots=True)
class Linear:
    """A weighted sum: `bias + Σ weight · value`.

    A short answer that fits better never lowers it, and a name that doesn't belong never raises it: so what a sentence
    can reach at most is known before they are looked for. ValueError for weights that say otherwise.
    """

    weights: Features
    bias: float = 0.0

    def __post_init__(self) -> None:
        """Check the signs."""
        for name, weight in zip(Features._fields, self.weights, strict=True):
            if (name in _FOR and weight < 0) or (name in _AGAINST and weight > 0):
                raise ValueError(name, weight)

    def of(self, values: Features) -> float:
        """The sum (any real number)."""
        weighted: float = sum(map(mul, self.weights, values))
        return self.bias + weighted

    def probability(self, values: Features) -> float:
        """The sum through the logistic function (0..1)."""
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, self.of(values)))))


@dataclass(frozen=True, slots=True)
class Model:
    """`ranking` orders sentences; `confidence` says how likely the first one states what was asked."""

    ranking: Linear
    confidence: Linear


@lru_cache(maxsize=1)
def shipped_model() -> Model:
    """The weights of `retrieval/data/weights.yaml`; read once."""
    text = (files("retrieval") / "data" / "weights.yaml").read_text("utf-8")
    parsed = parse_mapping(text, name="weights.yaml").value
    return Model(_linear(parsed["ranking"]), _linear(parsed["confidence"]))


def _linear(value: YamlValue) -> Linear:
    if not isinstance(value, dict):
        raise TypeError(value)
    numbers = {name: float(str(number)) for name, number in value.items()}
    return Linear(bias=numbers.pop("bias", 0.0), weights=Features(**numbers))
