"""One article looked at for one question: how far each sentence, and what stands around it, speaks of each concept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from retrieval.matching import Context, Lens, case_level
from retrieval.question import Part, Question

Levels = npt.NDArray[np.float64]

_PROMINENT: Final = 0.6
_BEFORE, _AFTER, _SAME_PASSAGE, _TITLE, _ARTICLE = 0.6, 0.45, 0.4, 0.65, 0.3
_NAME_BEFORE, _NAME_TITLE, _NAME_ARTICLE = 0.85, 0.9, 0.75


class ArticleView:
    """The levels (0..1) of every concept in every sentence, as arrays (sentence, concept) or (sentence,)."""

    def __init__(self, question: Question, weights: Sequence[float], context: Context) -> None:
        self.context = context
        self.lenses = [Lens(concept, context.profile) for concept in question.concepts]
        self.case = case_level(question, context.profile)
        self._is_name = np.array([concept.part is Part.NAME for concept in question.concepts], np.bool_)
        self._only_generic = all(c.part in {Part.GENERIC, Part.NAME} for c in question.concepts)
        self._weights = np.array(weights)
        shape = (len(context.sentences), len(self.lenses))
        own = [[lens.level(sentence) for lens in self.lenses] for sentence in context.sentences]
        self.own = np.array(own, np.float64).reshape(shape)
        self.levels = np.maximum(self.own, self._around())
        self.own_content, self.own_names = self._content(self.own), self._mean(self.own, self._is_name)
        self.all_content = self._content(self.levels)
        names = np.minimum(1.0, self.levels[:, self._is_name] / _NAME_ARTICLE)
        self.all_names = names.min(axis=1, initial=1.0)

    @property
    def is_covered(self) -> bool:
        """Whether the article speaks prominently of all names."""
        return all(lens.in_article >= _PROMINENT for lens in self.lenses if lens.concept.part is Part.NAME)

    @property
    def weakest(self) -> Levels:
        """The level of the word that is no name and is missed most, by its weight."""
        other = ~self._is_name
        gaps = (1 - self.levels[:, other]) * (self._weights[other] / self._weights.max(initial=1e-9))
        missed: Levels = 1 - gaps.max(axis=1, initial=0.0)
        return missed

    @property
    def misses_name(self) -> npt.NDArray[np.bool_]:
        """Whether the sentence itself says nothing of at least one of the names."""
        missed: npt.NDArray[np.bool_] = (self.own[:, self._is_name] == 0).any(axis=1)
        return missed

    def _around(self) -> Levels:
        """What the neighbours, the passage, the title and the article say."""
        heading = self.context.profile.heading
        title = np.array([lens.level(heading) for lens in self.lenses])
        whole = np.array([lens.in_article for lens in self.lenses])
        name = self._is_name
        before = np.vstack((np.zeros((1, self.own.shape[1])), self.own[:-1])) if len(self.own) else self.own
        after = np.vstack((self.own[1:], np.zeros((1, self.own.shape[1])))) if len(self.own) else self.own
        fixed = np.maximum(title * np.where(name, _NAME_TITLE, _TITLE), whole * np.where(name, _NAME_ARTICLE, _ARTICLE))
        near = np.maximum(before * np.where(name, _NAME_BEFORE, _BEFORE), after * _AFTER)
        passage = self._passage_levels() * np.where(name, _NAME_ARTICLE, _SAME_PASSAGE)
        around: Levels = np.maximum(np.maximum(near, passage), fixed)
        return around

    def _passage_levels(self) -> Levels:
        best = np.zeros_like(self.own)
        ids = np.array([sentence.passage_id for sentence in self.context.sentences])
        for passage in np.unique(ids):
            rows = ids == passage
            best[rows] = self.own[rows].max(axis=0)
        return best

    def _mean(self, levels: Levels, chosen: npt.NDArray[np.bool_]) -> Levels:
        total = self._weights[chosen].sum()
        mean: Levels = levels[:, chosen] @ self._weights[chosen] / total if total else np.ones(len(levels))
        return mean

    def _content(self, levels: Levels) -> Levels:
        """The weighted share of the words that are no names; generic words alone say little either way."""
        share = self._mean(levels, ~self._is_name)
        return 0.75 + 0.25 * share if self._only_generic else share
