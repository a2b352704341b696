"""The settings' defaults are the defaults of what they set, so that a figure measured there holds here."""

from __future__ import annotations

from bot.config import Settings
from retrieval.bm25 import Parameters
from retrieval.decision import Limits


def test_the_formula_is_the_engine_s_own() -> None:
    index, engine = Settings().index, Parameters()
    assert (index.k1, index.b, index.idf) == (engine.k1, engine.b, engine.idf.value)


def test_the_length_of_answers_is_the_asker_s_own() -> None:
    answer, asker = Settings().answer, Limits()
    assert (answer.max_evidence, answer.closest) == (asker.evidence, asker.closest)
