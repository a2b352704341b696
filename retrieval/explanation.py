"""How an answer came about, as a value: what was understood, what was found, why this sentence, why this outcome."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, assert_never

from corpus.model import Article
from retrieval.decision import Decision
from retrieval.evidence import Choice
from retrieval.index import Hit
from retrieval.model import Answer, Answered, Citation, NeedsDetail, NotAQuestion, NotInCorpus, Partial
from retrieval.question import Question

_SENTENCES: Final = 8
_PASSAGES: Final = 8
_NEGLIGIBLE: Final = 1e-3


@dataclass(frozen=True, slots=True)
class Share:
    """What one term or one feature adds to a score (negative where it takes away)."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A passage as the index ranked it: its BM25 score is the sum of its `shares`, one a term of the question."""

    rank: int
    score: float
    citation: Citation
    text: str
    shares: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class WeighedSentence:
    """A sentence as it was weighed: its score is the sum of its `shares`, one a feature, largest first.

    `confidence` (0..1) is how likely it states what was asked; `answer` the words picked out of it; `kept_out` says why
    it may not be shown as an answer (empty where it may).
    """

    rank: int
    score: float
    confidence: float
    citation: Citation
    text: str
    answer: str | None
    shares: tuple[Share, ...]
    kept_out: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """One question from its text to its outcome; `reason` says in a sentence why it is this outcome.

    `passages` and `sentences` are the best few, best first; both are empty where nothing was searched for.
    """

    question: Question
    answer: Answer
    reason: str
    passages: tuple[FoundPassage, ...] = ()
    sentences: tuple[WeighedSentence, ...] = ()


def explained(decision: Decision, passages: Sequence[FoundPassage], answer: Answer) -> Explanation:
    """The explanation of an answer that was decided so."""
    choices = enumerate(islice(decision.ranked(), _SENTENCES), 1)
    sentences = tuple(_sentence(rank, choice, decision) for rank, choice in choices)
    return Explanation(decision.question, answer, _reason(answer, sentences), tuple(passages), sentences)


def found_passages(
    hits: Sequence[Hit], articles: Mapping[int, Article], of_terms: Mapping[str, Mapping[int, float]]
) -> Iterator[FoundPassage]:
    """The best passages with what each term added; `of_terms` are the scores that each term gives by passage.

    What a term adds to a passage far down its own list is not looked up: it is told as one remainder.
    """
    for rank, hit in enumerate(hits[:_PASSAGES], 1):
        article = articles.get(hit.article_id)
        passage = next((one for one in article.passages if one.id == hit.passage_id), None) if article else None
        if article is None or passage is None:
            continue
        shares = [Share(name, round(of[hit.passage_id], 4)) for name, of in of_terms.items() if hit.passage_id in of]
        rest = round(hit.score - sum(share.value for share in shares), 4)
        if abs(rest) > _NEGLIGIBLE:
            shares.append(Share("other words", rest))
        shares.sort(key=lambda share: -share.value)
        yield FoundPassage(
            rank=rank,
            score=hit.score,
            citation=Citation.of(article, passage.span, rank),
            text=passage.span.of(article.text),
            shares=tuple(shares),
        )


def _sentence(rank: int, choice: Choice, decision: Decision) -> WeighedSentence:
    weighing = decision.weighing
    shares = [Share(name, round(value, 4)) for name, value in weighing.shares(choice) if value]
    return WeighedSentence(
        rank=rank,
        score=choice.score,
        confidence=decision.confidence(choice),
        citation=Citation.of(choice.context.article, choice.sentence.span, rank),
        text=choice.sentence.text,
        answer=choice.answer.of(choice.sentence.text) if choice.answer else None,
        shares=tuple(sorted(shares, key=lambda share: -abs(share.value))),
        kept_out=decision.kept_out(choice),
    )


def _reason(answer: Answer, sentences: Sequence[WeighedSentence]) -> str:
    match answer:
        case Answered():
            shown = next((one for one in sentences if not one.kept_out), None)
            which = f"Sentence {shown.rank} is" if shown else "A sentence is"
            return f"{which} the first that may be shown, with confidence {answer.confidence:.2f}."
        case Partial():
            return f"A part is stated. {answer.missing}"
        case NeedsDetail():
            return "Several cases fit equally well."
        case NotInCorpus():
            if not sentences:
                return "No passage holds words of the question."
            return f"No sentence may be shown as an answer; the first was kept out because {sentences[0].kept_out}."
        case NotAQuestion():
            return "It is no question that articles could answer."
        case _:
            assert_never(answer)
