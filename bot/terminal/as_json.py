"""Answers, passages and outcomes as the JSON objects that scripts rely on. The shapes are fixed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, assert_never

from bot.sheet import NOT_A_QUESTION, outcome_of
from bot.terminal.plain import escaped_in_json
from corpus.model import Added, AlreadyKnown, NearDuplicate, Rejected
from retrieval.model import Answered, NeedsDetail, NotAQuestion, NotInCorpus, Partial

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from corpus.model import Article, ArticleSummary, IngestOutcome
    from corpus.transfer import Imported
    from retrieval.answer import Found
    from retrieval.explanation import Explanation, FoundPassage, Share, WeighedSentence
    from retrieval.model import Answer, Citation, Evidence
    from retrieval.question import Question

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


def dumped(value: Mapping[str, Json]) -> str:
    """One line of JSON without control characters; reading it gives the value back exactly."""
    return escaped_in_json(json.dumps(value, ensure_ascii=False, separators=(", ", ": ")))


def of_answer(answer: Answer, *, number: Json, question: str, ms: float) -> dict[str, Json]:
    """The answer as one object; `number` is the id that the asker gave or the line of the question.

    What says it otherwise follows the evidence; `conflicts` names it by the numbers of its citations.
    """
    evidence = answer.evidence if isinstance(answer, Answered | Partial) else ()
    conflicts = answer.conflicts if isinstance(answer, Answered) else ()
    otherwise = range(len(evidence) + 1, len(evidence) + len(conflicts) + 1)
    closest = () if isinstance(answer, Answered | NotAQuestion) else answer.closest
    missing = None if isinstance(answer, Answered) else answer.missing
    return {
        "id": number,
        "question": question,
        "outcome": NOT_A_QUESTION if isinstance(answer, NotAQuestion) else outcome_of(answer).value,
        "confidence": 0.0 if isinstance(answer, NotAQuestion) else round(answer.confidence, 4),
        "missing": missing or None,
        "evidence": [*_all(evidence), *map(_of_evidence, conflicts, otherwise)],
        "closest": _all(closest),
        "ms": round(ms, 3),
        "notes": [] if isinstance(answer, NotAQuestion) else [*answer.notes],
        "choices": list(answer.choices) if isinstance(answer, NeedsDetail) else [],
        "did_you_mean": answer.did_you_mean if isinstance(answer, NotInCorpus) else None,
        "related": list(answer.related) if isinstance(answer, NotInCorpus) else [],
        "conflicts": list(otherwise),
        "polarity": answer.polarity if isinstance(answer, Answered) else None,
    }


def of_explanation(explanation: Explanation, *, number: Json, question: str, ms: float) -> dict[str, Json]:
    """How an answer came about, as one object: the question as read, passages, sentences, outcome."""
    answer = explanation.answer
    return {
        "id": number,
        "question": question,
        "read": _of_question(explanation.question),
        "passages": [_of_passage(passage) for passage in explanation.passages],
        "sentences": [_of_sentence(sentence) for sentence in explanation.sentences],
        "reason": explanation.reason,
        "answer": of_answer(answer, number=number, question=question, ms=ms),
        "ms": round(ms, 3),
    }


def _of_question(question: Question) -> Json:
    return {
        "text": question.text,
        "kind": question.kind.value,
        "language": question.language,
        "case": question.case.surface if question.case else None,
        "concepts": [
            {
                "text": concept.surface,
                "part": concept.part.value,
                "terms": list(concept.every_term),
                "related": [*sorted(concept.related)],
            }
            for concept in question.concepts
        ],
        "phrases": list(question.phrases),
        "publications": list(question.publications),
        "periods": [
            {
                "text": period.span.of(question.text),
                "since": period.since.isoformat() if period.since else None,
                "until": period.until.isoformat() if period.until else None,
                "of_news": period.of_news,
            }
            for period in question.periods
        ],
        "latest": question.latest,
        "small_talk": question.small_talk.value if question.small_talk else None,
        "terms": list(question.terms),
    }


def _of_passage(passage: FoundPassage) -> Json:
    return {
        "rank": passage.rank,
        "score": round(passage.score, 6),
        "text": passage.text,
        "shares": _of_shares(passage.shares),
        "citation": _of_citation(passage.citation, passage.citation.number),
    }


def _of_sentence(sentence: WeighedSentence) -> Json:
    return {
        "rank": sentence.rank,
        "score": round(sentence.score, 6),
        "confidence": round(sentence.confidence, 4),
        "text": sentence.text,
        "answer": sentence.answer,
        "kept_out": sentence.kept_out or None,
        "shares": _of_shares(sentence.shares),
        "citation": _of_citation(sentence.citation, sentence.citation.number),
    }


def _of_shares(shares: Iterable[Share]) -> list[Json]:
    return [{"name": share.name, "value": round(share.value, 6)} for share in shares]


def _all(evidence: Iterable[Evidence]) -> list[Json]:
    return [_of_evidence(piece, piece.citation.number) for piece in evidence]


def _of_evidence(piece: Evidence, number: int) -> dict[str, Json]:
    return {
        "text": piece.text,
        "answer": piece.short_answer,
        "highlights": [[span.start, span.end] for span in piece.highlights],
        "citation": _of_citation(piece.citation, number),
    }


def _of_citation(cited: Citation, number: int) -> dict[str, Json]:
    return {
        "number": number,
        "article": cited.key,
        "title": cited.title,
        "publication": cited.publication,
        "published": cited.published.isoformat() if cited.published else None,
        "url": cited.url,
        "revision": cited.revision,
        "start": cited.start,
        "end": cited.end,
    }


def of_hits(found: Sequence[Found], *, number: Json, question: str, ms: float) -> dict[str, Json]:
    """Ranked passages as one object, best first; `text` is the article's text from `start` to `end`."""
    hits: list[Json] = [
        {
            "rank": rank,
            "score": round(each.hit.score, 6),
            "article": each.article.key,
            "start": each.passage.span.start,
            "end": each.passage.span.end,
            "text": each.passage.span.of(each.article.text),
        }
        for rank, each in enumerate(found, start=1)
    ]
    return {"id": number, "question": question, "hits": hits, "ms": round(ms, 3)}


def of_fault(problem: str, *, number: Json) -> dict[str, Json]:
    """What stands in the place of an answer where a line of a batch could not be asked."""
    return {"id": number, "error": problem}


def of_article(article: Article) -> dict[str, Json]:
    """One revision of an article with its text."""
    return {
        "article": article.key,
        "collection": str(article.collection),
        "revision": article.revision,
        "title": article.title,
        "publication": article.publication,
        "authors": list(article.authors),
        "published": article.published.isoformat() if article.published else None,
        "url": article.url,
        "language": article.language,
        "partial": article.partial,
        "added_by": article.added_by,
        "added_at": article.added_at.isoformat() if article.added_at else None,
        "passages": len(article.passages),
        "text": article.text,
    }


def of_summary(article: ArticleSummary) -> dict[str, Json]:
    """One article of a list, without its text."""
    return {
        "article": article.key,
        "collection": str(article.collection),
        "revision": article.revision,
        "title": article.title,
        "publication": article.publication,
        "published": article.published.isoformat() if article.published else None,
        "url": article.url,
        "language": article.language,
        "removed": article.removed is not None,
    }


def of_import(one: Imported) -> dict[str, Json]:
    """What became of one input, with the file it came from."""
    return _of_outcome(one.outcome) | {"source": one.source.reference}


def _of_outcome(outcome: IngestOutcome) -> dict[str, Json]:
    match outcome:
        case Added(article):
            return {
                "outcome": "added",
                "article": article.key,
                "title": article.title,
                "revision": article.revision,
                "passages": len(article.passages),
            }
        case AlreadyKnown(key, title):
            return {"outcome": "already_known", "article": key, "title": title}
        case NearDuplicate(key, title, share):
            return {"outcome": "near_duplicate", "article": key, "title": title, "share": round(share, 4)}
        case Rejected(_, reason):
            return {"outcome": "rejected", "reason": reason}
        case _:
            assert_never(outcome)
