"""The linear models that weigh what is known of a sentence: which one to show, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from corpus.yamlfile import YamlValue, parse_mapping


@dataclass(frozen=True, slots=True)
class Linear:
    """A weighted sum: `bias + Σ weight · value`, over the values that have a weight."""

    weights: Mapping[str, float]
    bias: float = 0.0

    def of(self, values: Mapping[str, float]) -> float:
        """The sum (any real number)."""
        return self.bias + sum(weight * values[name] for name, weight in self.weights.items())

    def probability(self, values: Mapping[str, float]) -> float:
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
    return Linear({name: number for name, number in numbers.items() if name != "bias"}, numbers.get("bias", 0.0))
