"""One wrong answer told stage by stage, as a part of a page: read, ranked, weighed, decided, expected. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Final

from retrieval.evaluation.questions import Query
from retrieval.evaluation.report import Miss
from retrieval.evaluation.rules import Judged, accepts
from retrieval.explanation import Explanation, FoundPassage, Share, WeighedSentence
from retrieval.model import Answer, Evidence, NeedsDetail, NotAQuestion, NotInCorpus, Partial
from retrieval.question import Question

_LONGEST: Final = 280
_BEFORE: Final = 100
_MOST_SHARES: Final = 12


def story(miss: Miss) -> str:
    """The question with its fault; opened, how the answer came about and what was expected."""
    judged = miss.judged
    parts = [
        f"<summary>{escape(judged.query.text)} <span>{escape(miss.fault)}</span></summary>",
        *_expected(judged.query),
        *_given(judged),
    ]
    if miss.explanation is not None:
        parts += _explained(miss.explanation, judged.query)
    return f"<details>{''.join(parts)}</details>"


def _expected(query: Query) -> Iterator[str]:
    facts = [("kind", query.kind), ("articles", ", ".join(query.articles))]
    if query.answerable:
        facts += [("sentence", " · ".join(f"“{gold}”" for gold in query.gold)), ("answer", " · ".join(query.answers))]
    else:
        facts.append(("answer", "none: the articles don't say"))
    yield "<h4>Expected</h4>" + _facts(facts)


def _given(judged: Judged) -> Iterator[str]:
    yield f"<h4>Given: {_outcome(judged.answer)}</h4>"
    if isinstance(judged.answer, Partial | NotInCorpus | NeedsDetail | NotAQuestion) and judged.answer.missing:
        yield f"<p>{escape(judged.answer.missing)}</p>"
    if not isinstance(judged.answer, NotAQuestion):
        yield f'<p class="soft">confidence {judged.confidence:.3f}</p>'
    for evidence in judged.shown[:3]:
        yield f'<blockquote>{_marked(evidence)}<div class="soft">{escape(_source(evidence))}</div></blockquote>'


def _outcome(answer: Answer) -> str:
    names = {
        "Answered": "answered",
        "Partial": "answered in part",
        "NotInCorpus": "not in the articles",
        "NeedsDetail": "asked back",
        "NotAQuestion": "taken for no question",
    }
    return names[type(answer).__name__]


def _marked(evidence: Evidence) -> str:
    """The quotation with what is highlighted in it."""
    at, parts = 0, []
    for span in evidence.highlights:
        parts += [escape(evidence.text[at : span.start]), f"<mark>{escape(span.of(evidence.text))}</mark>"]
        at = span.end
    return "".join([*parts, escape(evidence.text[at:])])


def _source(evidence: Evidence) -> str:
    said = f" — picked out: {evidence.short_answer}" if evidence.short_answer else ""
    return f"{evidence.citation.key}: {evidence.citation.title}{said}"


def _explained(explanation: Explanation, query: Query) -> Iterator[str]:
    yield f"<h4>Why</h4><p>{escape(explanation.reason)}</p>"
    yield "<h4>1. The question as it was read</h4>" + _facts(_read(explanation.question))
    if explanation.passages:
        yield "<h4>2. Passages found</h4>" + _passages(explanation.passages, query)
    if explanation.sentences:
        yield "<h4>3. Sentences weighed</h4>" + _sentences(explanation.sentences, query)


def _read(question: Question) -> list[tuple[str, str]]:
    return [
        ("kind", str(question.kind)),
        ("language", question.language),
        ("speaks of", ", ".join(f"{concept.surface} ({concept.part})" for concept in question.concepts)),
        ("case", question.case.surface if question.case else ""),
        ("times", ", ".join(f"{p.since or '…'} to {p.until or '…'}" for p in question.periods)),
        ("publications", ", ".join(question.publications)),
        ("phrases", ", ".join(f"“{phrase}”" for phrase in question.phrases)),
        ("latest", "yes" if question.latest else ""),
        ("terms", " ".join(question.terms)),
    ]


def _passages(passages: Sequence[FoundPassage], query: Query) -> str:
    rows = (
        [
            str(one.rank),
            f"{one.score:.2f}",
            f"{_quoted(one.citation.key, one.text, query)}{_shares(one.shares)}",
        ]
        for one in passages
    )
    return _table(("", "score", "passage"), rows)


def _sentences(sentences: Sequence[WeighedSentence], query: Query) -> str:
    return _table(("", "score", "sure", "sentence"), (_sentence(one, query) for one in sentences))


def _sentence(one: WeighedSentence, query: Query) -> list[str]:
    kept_out = f'<div class="out">kept out: {escape(one.kept_out)}</div>' if one.kept_out else ""
    picked = (
        f"<div>picked out: <b>{escape(one.answer)}</b>{_right(accepts(query, one.answer))}</div>" if one.answer else ""
    )
    told = f"{_quoted(one.citation.key, one.text, query)}{picked}{kept_out}{_shares(one.shares)}"
    return [str(one.rank), f"{one.score:.2f}", f"{one.confidence:.2f}", told]


def _quoted(key: str, text: str, query: Query) -> str:
    """The text with its article's key, ticked where it holds what was expected."""
    gold = next((gold for gold in query.gold if key in query.articles and gold in text), "")
    return f'{_right(bool(gold))}{_cut(text, gold)}<div class="soft">{escape(key)}</div>'


def _right(is_right: bool) -> str:  # noqa: FBT001 - what is shown for yes and for no
    return '<span class="right"> ✓ </span>' if is_right else ""


def _cut(text: str, gold: str) -> str:
    """The text with what was expected marked in it; where it is long, cut at words around that, else at its end."""
    at = text.find(gold)
    start = max(at - _BEFORE, 0) if gold and at + len(gold) > _LONGEST else 0
    start = text.find(" ", start, at) + 1 if start else 0
    end = max(start + _LONGEST, at + len(gold))
    end = len(text) if end >= len(text) else max(text.rfind(" ", start, end), at + len(gold))
    parts = (
        (text[start:at], text[at : at + len(gold)], text[at + len(gold) : end]) if gold else (text[start:end], "", "")
    )
    before, found, after = map(escape, parts)
    marked = f"{before}<mark>{found}</mark>{after}" if found else before
    return f"{'… ' if start else ''}{marked}{' …' if end < len(text) else ''}"


def _shares(shares: Sequence[Share]) -> str:
    said = "".join(f"<span{_less(one)}>{escape(one.name)} {one.value:+.2f}</span>" for one in shares[:_MOST_SHARES])
    return f'<div class="shares">{said}</div>' if said else ""


def _less(share: Share) -> str:
    return ' class="less"' if share.value < 0 else ""


def _facts(facts: Iterable[tuple[str, str]]) -> str:
    told = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts if value)
    return f"<dl>{told}</dl>"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose cells are HTML already; the last column holds text."""
    last = len(head) - 1
    names = "".join(f"<th{_of_text(n == last)}>{name}</th>" for n, name in enumerate(head))
    lines = "".join(
        f"<tr>{''.join(f'<td{_of_text(n == last)}>{cell}</td>' for n, cell in enumerate(row))}</tr>" for row in rows
    )
    return f'<div class="scroll"><table><thead><tr>{names}</tr></thead><tbody>{lines}</tbody></table></div>'


def _of_text(is_text: bool) -> str:  # noqa: FBT001 - the same
    return ' class="text"' if is_text else ""
