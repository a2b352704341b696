"""The JSON of results: shapes that scripts rely on."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.terminal.as_json import dumped, of_answer, of_explanation, of_fault, of_hits, of_import
from corpus.collection import LIBRARY
from corpus.model import (
    Added,
    AlreadyKnown,
    Article,
    IngestOutcome,
    NearDuplicate,
    Passage,
    Rejected,
    Source,
    SourceKind,
    Span,
)
from corpus.transfer import Imported
from retrieval.answer import Found
from retrieval.explanation import Explanation, FoundPassage, Share, WeighedSentence
from retrieval.index import Hit
from retrieval.model import Answer, Answered, Citation, Evidence, NeedsDetail, NotAQuestion, NotInCorpus, Partial, Topic
from retrieval.question import parse

TEXT = "The ruling came on Monday. Judge Ada Byron signed it."
SENTENCE = Span(27, 53)
CITATION = Citation(1, 7, LIBRARY, "byron-2021", 2, "Byron rules", "The Daily", date(2021, 1, 21), None, 27, 53)
EVIDENCE = Evidence(SENTENCE.of(TEXT), CITATION, Span(6, 15), (Span(0, 5), Span(6, 15)))
ARTICLE = Article(7, LIBRARY, "byron-2021", 2, "Byron rules", TEXT, passages=(Passage(Span(0, 53), (SENTENCE,), 3),))

SHOWN: dict[str, Any] = {
    "text": "Judge Ada Byron signed it.",
    "answer": "Ada Byron",
    "highlights": [[0, 5], [6, 15]],
    "citation": {
        "number": 1,
        "article": "byron-2021",
        "title": "Byron rules",
        "publication": "The Daily",
        "published": "2021-01-21",
        "url": None,
        "revision": 2,
        "start": 27,
        "end": 53,
    },
}


@pytest.mark.parametrize(
    ("answer", "outcome", "confidence", "missing", "evidence", "closest"),
    [
        (Answered(0.91, (EVIDENCE,)), "answered", 0.91, None, [SHOWN], []),
        (Partial(0.6, (EVIDENCE,), "when", (EVIDENCE,)), "partial", 0.6, "when", [SHOWN], [SHOWN]),
        (
            NotInCorpus(0.2, "No article covers this.", (EVIDENCE,)),
            "not_in_corpus",
            0.2,
            "No article covers this.",
            [],
            [SHOWN],
        ),
        (NeedsDetail(0.5, "Which case?", ("A", "B"), (EVIDENCE,)), "needs_detail", 0.5, "Which case?", [], [SHOWN]),
        (NotAQuestion(Topic.THANKS), "not_a_question", 0.0, None, [], []),
        (NotAQuestion(Topic.EMPTY, "No word."), "not_a_question", 0.0, "No word.", [], []),
    ],
)
def test_every_outcome_has_the_same_keys(  # noqa: PLR0917 - a table
    answer: Answer, outcome: str, confidence: float, missing: str | None, evidence: list[object], closest: list[object]
) -> None:
    assert of_answer(answer, number="q1", question="who?", ms=1.23456) == {
        "id": "q1",
        "question": "who?",
        "outcome": outcome,
        "confidence": confidence,
        "missing": missing,
        "evidence": evidence,
        "closest": closest,
        "ms": 1.235,
        "notes": [],
        "choices": ["A", "B"] if outcome == "needs_detail" else [],
        "did_you_mean": None,
        "related": [],
        "conflicts": [],
        "polarity": None,
    }


def test_what_says_it_otherwise_follows_the_evidence_and_is_named_by_its_numbers() -> None:
    otherwise = replace(EVIDENCE, citation=replace(CITATION, key="other"))
    answer = Answered(0.9, (EVIDENCE, EVIDENCE), ("a note",), (otherwise,), polarity=False)
    found = of_answer(answer, number=1, question="", ms=0)
    assert found["evidence"] == [
        SHOWN,
        SHOWN,
        SHOWN | {"citation": SHOWN["citation"] | {"number": 3, "article": "other"}},
    ]
    assert (found["conflicts"], found["polarity"], found["notes"]) == ([3], False, ["a note"])


def test_questions_to_ask_instead_stand_beside_a_refusal() -> None:
    found = of_answer(NotInCorpus(0.1, "No.", did_you_mean="who?", related=("when?",)), number=1, question="", ms=0)
    assert (found["did_you_mean"], found["related"]) == ("who?", ["when?"])


def test_an_explanation_has_every_stage_and_the_answer() -> None:
    question = parse("who is the judge in Byron v. Ada last week?", datetime(2026, 3, 2, tzinfo=UTC))
    shares = (Share("judg", 1.5),)
    explanation = Explanation(
        question,
        Answered(0.91, (EVIDENCE,)),
        "It is the best.",
        (FoundPassage(1, 1.5, CITATION, SENTENCE.of(TEXT), shares),),
        (WeighedSentence(1, 1.5, 0.91, CITATION, SENTENCE.of(TEXT), "Ada Byron", shares, ""),),
    )
    found = of_explanation(explanation, number=1, question="who?", ms=2)
    assert list(found) == ["id", "question", "read", "passages", "sentences", "reason", "answer", "ms"]
    passages, sentences = found["passages"], found["sentences"]
    assert isinstance(passages, list)
    assert isinstance(sentences, list)
    [passage], [sentence] = passages, sentences
    assert isinstance(passage, dict)
    judge = {"name": "judg", "value": 1.5}
    assert passage == {
        "rank": 1, "score": 1.5, "text": SHOWN["text"], "shares": [judge], "citation": SHOWN["citation"],
    }  # fmt: skip
    assert sentence == passage | {"confidence": 0.91, "answer": "Ada Byron", "kept_out": None}
    assert found["answer"] == of_answer(explanation.answer, number=1, question="who?", ms=2)
    read = found["read"]
    assert isinstance(read, dict)
    assert (read["kind"], read["case"]) == ("person", "Byron v. Ada")
    assert read["periods"] == [
        {"text": "last week", "since": "2026-02-23", "until": "2026-03-01", "of_news": True},
    ]


def test_evidence_without_a_short_answer_says_null() -> None:
    found = of_answer(Answered(1.0, (replace(EVIDENCE, answer=None),)), number=1, question="", ms=0)
    assert found["evidence"] == [SHOWN | {"answer": None}]


def test_hits_are_ranked_from_one_and_verbatim() -> None:
    found = of_hits([Found(Hit(3, 7, 1.5), ARTICLE, ARTICLE.passages[0])], number=4, question="byron", ms=0.5)
    assert found == {
        "id": 4,
        "question": "byron",
        "hits": [{"rank": 1, "score": 1.5, "article": "byron-2021", "start": 0, "end": 53, "text": TEXT}],
        "ms": 0.5,
    }


def test_a_line_that_can_not_be_asked_has_its_id_and_the_reason() -> None:
    assert of_fault("no question", number="q7") == {"id": "q7", "error": "no question"}


@pytest.mark.parametrize(
    ("outcome", "shape"),
    [
        (
            Added(ARTICLE),
            {"outcome": "added", "article": "byron-2021", "title": "Byron rules", "revision": 2, "passages": 1},
        ),
        (AlreadyKnown("k", "T"), {"outcome": "already_known", "article": "k", "title": "T"}),
        (
            NearDuplicate("k", "T", 0.71234),
            {"outcome": "near_duplicate", "article": "k", "title": "T", "share": 0.7123},
        ),
        (Rejected(Source(SourceKind.FILE, "a.txt"), "it is empty"), {"outcome": "rejected", "reason": "it is empty"}),
    ],
)
def test_an_outcome_of_an_import_names_its_source(outcome: IngestOutcome, shape: dict[str, object]) -> None:
    assert of_import(Imported(Source(SourceKind.FILE, "a.txt"), "T", outcome)) == shape | {"source": "a.txt"}


@given(st.text())
def test_what_is_written_is_read_back_exactly_and_moves_no_terminal(text: str) -> None:
    line = dumped({"text": text})
    assert json.loads(line) == {"text": text}
    assert line.splitlines() == [line]
    assert not any(ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0 for c in line)
    line.encode("utf-8")
