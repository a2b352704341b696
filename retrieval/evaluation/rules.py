"""When an answer is right: the rules by which every question set is scored.

*sentence*: what is shown first (the first evidence, else the closest passage) holds a gold fragment of the right
article, verbatim; where a set has no gold, an accepted answer, compared as SQuAD does (Rajpurkar et al. 2016). A
question on two articles counts by half for each of the two that is shown as evidence. *span*: the words picked out
equal or hold an accepted answer and are at most `SPARE_WORDS` words longer. *refusal*: a question that the articles do
not answer gets no answer, whole or in part; closest passages without a claim are right there.
"""

from __future__ import annotations

import re
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from corpus.text import fold
from retrieval.evaluation.questions import FALSE_PREMISE, NEAR_MISS, TWO_ARTICLE, WRONG_CASE, Query
from retrieval.model import Answer, Answered, Evidence, NeedsDetail, NotAQuestion, NotInCorpus, Partial

SPARE_WORDS: Final = 3
"""A short answer may be this many words longer than the accepted one that it holds."""
SHOWN: Final = 3
"""How many of the sentences shown count for *within three*."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A question with its answer, and what the rules say of it: points of 0 to 1, None where the question tells none.

    `ms` is what asking took, `ranking` the measures of what was found for its words, `verbatim` says of each quotation
    in the answer whether it stands in the article just so.
    """

    query: Query
    answer: Answer
    ms: float = 0.0
    ranking: Mapping[str, float] = field(default_factory=dict)
    verbatim: tuple[bool, ...] = ()

    @property
    def claimed(self) -> bool:
        """Whether something was stated: an answer, whole or in part."""
        return isinstance(self.answer, Answered | Partial)

    @property
    def confident(self) -> bool:
        """Whether the evidence was said to state what was asked."""
        return isinstance(self.answer, Answered)

    @property
    def confidence(self) -> float:
        """How sure the answer was to have found what was asked (0..1)."""
        return 0.0 if isinstance(self.answer, NotAQuestion) else self.answer.confidence

    @property
    def shown(self) -> tuple[Evidence, ...]:
        """The quotations a reader sees, in their order: evidence, else closest passages."""
        match self.answer:
            case Answered(evidence=evidence) | Partial(evidence=evidence):
                return evidence
            case NotInCorpus(closest=closest) | NeedsDetail(closest=closest):
                return closest
            case NotAQuestion():
                return ()

    @property
    def sentence(self) -> float | None:
        """The points for what is shown first (on two articles: for what is shown at all as evidence)."""
        return self._found(len(self.shown) if self.query.kind == TWO_ARTICLE else 1)

    @property
    def within_three(self) -> float | None:
        """The points for the first three sentences shown."""
        return self._found(SHOWN)

    @property
    def span(self) -> float | None:
        """1 where the words picked out of the first sentence are an accepted answer; with gold, of a right one only."""
        if self.sentence is None or not self.query.answers:
            return None
        counts = bool(self.shown) and (self.sentence == 1 or not self.query.gold)
        picked = picked_out(self.shown[0]) if counts else None
        return float(picked is not None and accepts(self.query, picked))

    @property
    def refused(self) -> float | None:
        """1 where a question that can't be answered wasn't."""
        return None if self.query.answerable else float(not self.claimed or self.contradicted)

    @property
    def wrongly_refused(self) -> float | None:
        """1 where a question that can be answered wasn't."""
        return float(not self.claimed) if self.query.answerable else None

    @property
    def contradicted(self) -> bool:
        """Whether a question with a false premise got the answer no."""
        no = isinstance(self.answer, Answered) and self.answer.polarity is False
        return no and self.query.kind == FALSE_PREMISE

    @property
    def from_sibling(self) -> float | None:
        """Of a question on one case: 1 where it was answered from the other case, which holds such a fact."""
        if self.query.kind != WRONG_CASE:
            return None
        asked, *_, sibling = self.query.articles
        return float(self.claimed and any(e.citation.key == sibling != asked for e in self.shown))

    @property
    def right(self) -> float | None:
        """The points for the first sentence; none for any sentence where there is nothing to be found."""
        return self.sentence if self.query.answerable else float(self.contradicted)

    @property
    def fault(self) -> str | None:
        """What is wrong with the answer, in words; None where nothing is."""
        if not self.query.answerable:
            if self.refused:
                return None
            return "answered from the other case" if self.from_sibling else "answered what can't be answered"
        if not self.claimed:
            return "refused though an article answers it"
        if self.sentence is not None and self.sentence < 1:
            return "the first sentence doesn't answer it" if self.query.kind != TWO_ARTICLE else "a half is missing"
        return "the words picked out are not the answer" if self.span == 0 else None

    def _found(self, count: int) -> float | None:
        """The points for the first `count` sentences shown."""
        if not self.query.answerable or not (self.query.gold or self.query.answers):
            return None
        if self.query.kind != TWO_ARTICLE:
            return float(any(states(self.query, one) for one in self.shown[:count]))
        shown = self.shown[:count] if self.claimed else ()
        pairs = list(zip(self.query.articles, self.query.gold, strict=True))
        return sum(any(_quotes(one, key, gold) for one in shown) for key, gold in pairs) / len(pairs)


def states(query: Query, evidence: Evidence) -> bool:
    """Whether a sentence holds what was asked."""
    if query.gold:
        return any(_quotes(evidence, key, gold) for key in query.articles for gold in query.gold)
    return _holds(evidence.text, query.answers)


def picked_out(evidence: Evidence) -> str | None:
    """The words that are highlighted as the answer."""
    if evidence.answer is None and len(evidence.highlights) == 1:
        return evidence.highlights[0].of(evidence.text)
    return evidence.short_answer


def accepts(query: Query, picked: str) -> bool:
    """Whether the words are an accepted answer: verbatim where the set has verbatim gold, else as SQuAD compares."""
    if query.gold:
        held = [answer.split() for answer in query.answers if answer in picked]
        length = len(picked.split())
    else:
        held = [normalised(answer).split() for answer in query.answers if _holds(picked, [answer])]
        length = len(normalised(picked).split())
    return bool(held) and length <= max(map(len, held)) + SPARE_WORDS


def is_near_miss_answered(judged: Judged) -> float | None:
    """Of a question whose case is there and whose fact isn't: 1 where it was answered."""
    return float(judged.claimed) if judged.query.kind == NEAR_MISS else None


def takes_for_true(judged: Judged) -> float | None:
    """Of a question that supposes what did not happen: 1 where an answer goes along with it."""
    if judged.query.kind != FALSE_PREMISE:
        return None
    return float(judged.claimed and not judged.contradicted)


def _quotes(evidence: Evidence, key: str, gold: str) -> bool:
    return evidence.citation.key == key and gold in evidence.text


_ARTICLES: Final = re.compile(r"\b(?:a|an|the)\b")
_MARKS: Final = str.maketrans("", "", string.punctuation + "“”‘’–—")


def normalised(text: str) -> str:
    """The text as answers are compared: folded, without punctuation, articles and extra spaces (SQuAD's rule)."""
    return " ".join(_ARTICLES.sub(" ", fold(text).translate(_MARKS)).split())


def _holds(text: str, answers: Sequence[str]) -> bool:
    words = f" {normalised(text)} "
    return any(f" {normalised(answer)} " in words for answer in answers)
