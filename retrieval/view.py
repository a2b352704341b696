"""One article looked at for one question: how far each sentence, and what stands around it, speaks of each concept."""

from __future__ import annotations

from collections.abc import Sequence
from operator import mul
from typing import Final

from retrieval.cases import case_level
from retrieval.matching import Context, Lens
from retrieval.question import Part, Question

Levels = list[float]
"""One level (0..1) a sentence. Plain lists: for some thirty sentences they are faster than arrays."""

_PROMINENT: Final = 0.6
_HARDLY: Final = 0.4
_BEFORE, _AFTER, _SAME_PASSAGE, _TITLE, _ARTICLE = 0.6, 0.45, 0.4, 0.65, 0.3
_NAME_BEFORE, _NAME_TITLE, _NAME_ARTICLE = 0.85, 0.9, 0.75


class ArticleView:
    """How far each sentence by itself (`own_*`), and with what stands around it (`all_*`), speaks of the question."""

    def __init__(
        self, question: Question, weights: Sequence[float], rarities: Sequence[float], context: Context
    ) -> None:
        self.context = context
        self.lenses = [Lens(concept, context.profile) for concept in question.concepts]
        self.case = case_level(question, context.profile)
        self._only_generic = all(c.part in {Part.GENERIC, Part.NAME} for c in question.concepts)
        self._heaviest = max(weights, default=1e-9)
        seen = [_Seen(lens, weight, context) for lens, weight in zip(self.lenses, weights, strict=True)]
        self._names = [each for each in seen if each.is_name]
        self._others = [each for each in seen if not each.is_name]
        self.own_rare = self._weighted(rarities, [each.own for each in seen])
        self.around = self._weighted(rarities, [each.near for each in seen])
        self.own_content = self._content([each.own for each in self._others])
        self.own_names = self._mean(self._names, [each.own for each in self._names])
        self.all_content = self._content([each.levels for each in self._others])
        named = zip(*(each.levels for each in self._names), strict=True)
        self.all_names = [min(1.0, min(levels) / _NAME_ARTICLE) for levels in named] or self._everywhere(1.0)

    @property
    def is_covered(self) -> bool:
        """Whether the article speaks prominently of all names."""
        return all(each.lens.in_article >= _PROMINENT for each in self._names)

    def weakest(self, i: int) -> float:
        """The level of the word that is no name and is missed most in sentence `i`, by its weight."""
        return 1 - max(((1 - each.levels[i]) * (each.weight / self._heaviest) for each in self._others), default=0.0)

    def gap(self, i: int) -> float:
        """How much is missed of the word that is missed most, in sentence `i`, its neighbours and the title."""
        return max(((1 - each.near[i]) * (each.weight / self._heaviest) for each in self._others), default=0.0)

    def gaps(self, i: int) -> float:
        """The weighted share of the words that are hardly said there."""
        total = sum(each.weight for each in self._others)
        missed = sum(each.weight for each in self._others if each.near[i] < _HARDLY)
        return missed / total if total else 0.0

    def misses_name(self, i: int) -> bool:
        """Whether sentence `i` itself says nothing of at least one of the names."""
        return any(each.own[i] == 0 for each in self._names)

    def _content(self, levels: Sequence[Levels]) -> Levels:
        """The weighted share of the words that are no names; generic words alone say little either way."""
        shares = self._mean(self._others, levels)
        return [0.75 + 0.25 * share for share in shares] if self._only_generic else shares

    def _mean(self, of: Sequence[_Seen], levels: Sequence[Levels]) -> Levels:
        return self._weighted([each.weight for each in of], levels)

    def _weighted(self, weights: Sequence[float], levels: Sequence[Levels]) -> Levels:
        total = sum(weights)
        if not total:
            return self._everywhere(1.0)
        return [sum(map(mul, weights, of_sentence)) / total for of_sentence in zip(*levels, strict=True)]

    def _everywhere(self, level: float) -> Levels:
        return [level] * len(self.context.sentences)


class _Seen:
    """One concept in the sentences of an article: what each says itself (`own`), and with what stands around it."""

    def __init__(self, lens: Lens, weight: float, context: Context) -> None:
        self.lens = lens
        self.weight = weight
        self.is_name = lens.concept.part is Part.NAME
        self.own: Levels = [lens.level(sentence) for sentence in context.sentences]
        self.near, self.levels = self._with_surroundings(context)

    def _with_surroundings(self, context: Context) -> tuple[Levels, Levels]:
        """The best of what the sentence, its neighbours and the title say; and of what passage and article say too."""
        before, title, article, passage = (
            (_NAME_BEFORE, _NAME_TITLE, _NAME_ARTICLE, _NAME_ARTICLE)
            if self.is_name
            else (_BEFORE, _TITLE, _ARTICLE, _SAME_PASSAGE)
        )
        in_title = self.lens.level(context.profile.heading)
        fixed = max(in_title * title, self.lens.in_article * article)
        least, own = in_title * _TITLE, self.own
        if not any(own):
            return [least] * len(own), [fixed] * len(own)
        best: dict[int, float] = {}
        for sentence, level in zip(context.sentences, own, strict=True):
            best[sentence.passage_id] = max(level, best.get(sentence.passage_id, 0.0))
        around = list(zip(own, [0.0, *own[:-1]], [*own[1:], 0.0], strict=True))
        near = [max(level, earlier * _BEFORE, later * _AFTER, least) for level, earlier, later in around]
        levels = [
            max(level, earlier * before, later * _AFTER, best[sentence.passage_id] * passage, fixed)
            for (level, earlier, later), sentence in zip(around, context.sentences, strict=True)
        ]
        return near, levels
