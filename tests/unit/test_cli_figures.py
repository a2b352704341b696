"""`amicus eval`: what a question set says, counted as its rules are written."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from bot.terminal.question_sets import read_articles, read_queries
from retrieval.errors import BadQuestionSet
from retrieval.evaluate import Figures, normalised
from tests.fakes.program import Program

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

DOCUMENTS = [
    {"_id": "byron", "title": "Fizzbuzz case", "text": "Judge Ada Byron dismissed the Fizzbuzz case on Monday."},
    {"_id": "quux", "title": "Quux case", "text": "The Quux case was settled for $5 million.", "metadata": {}},
]
QUERIES = [
    {"_id": "1", "text": "Who is the judge in the Fizzbuzz case?", "metadata": {"answers": ["Ada Byron"]}},
    {"_id": "2", "text": "zebra crossing accident in Portugal", "metadata": {"as_of": "2021-03-01"}},
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A set with one question that can be answered and one that can't."""
    write(tmp_path / "corpus.jsonl", DOCUMENTS)
    write(tmp_path / "queries.dev.jsonl", QUERIES)
    (tmp_path / "qrels").mkdir()
    (tmp_path / "qrels" / "dev.tsv").write_text("query-id\tcorpus-id\tscore\n1\tbyron\t1\n1\tquux\t0\n", "utf-8")
    return tmp_path


def write(file: Path, rows: Sequence[object]) -> None:
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


def test_figures_of_a_set_are_told_by_name(folder: Path, tmp_path: Path) -> None:
    ended = Program(tmp_path / "data")("eval", str(folder), "--json")
    [told] = ended.objects
    assert ended.code == 0
    assert told | {"ask p50 ms": 0, "ask p95 ms": 0} == {
        "set": "queries.dev.jsonl",
        "questions": 2,
        "hit@1": 1.0,
        "hit@5": 1.0,
        "recall@10": 1.0,
        "mrr@10": 1.0,
        "ndcg@10": 1.0,
        "sentence": 1.0,
        "span": 1.0,
        "refusal": 1.0,
        "wrong refusal": 0.0,
        "ask p50 ms": 0,
        "ask p95 ms": 0,
    }


def test_an_evaluation_stores_nothing(folder: Path, tmp_path: Path) -> None:
    program = Program(tmp_path / "data")
    assert "hit@1" in program("eval", str(folder)).out
    assert not program.data_dir.exists()


def test_a_question_of_a_split_without_a_relevant_document_can_not_be_answered(folder: Path) -> None:
    first, second = read_queries(folder / "queries.dev.jsonl", folder / "qrels")
    assert (first.relevant, first.answers) == (frozenset({"byron"}), ("Ada Byron",))
    assert (second.relevant, second.as_of) == (frozenset(), datetime(2021, 3, 1, 23, 59, 59, tzinfo=UTC))


def test_questions_without_a_split_are_taken_where_a_relevant_document_is_known(folder: Path) -> None:
    (folder / "queries.dev.jsonl").rename(folder / "queries.jsonl")
    assert [query.id for query in read_queries(folder / "queries.jsonl", folder / "qrels")] == ["1"]


def test_passages_of_different_documents_have_different_numbers(folder: Path) -> None:
    numbers = [passage.id for article in read_articles(folder / "corpus.jsonl") for passage in article.passages]
    assert numbers == [1, 2]


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("corpus.jsonl", "{", "corpus.jsonl, line 1: not JSON"),
        ("corpus.jsonl", "[]", "corpus.jsonl, line 1: not a JSON object"),
        ("corpus.jsonl", '\n{"_id": "a"}', "corpus.jsonl, line 2: text is missing or no text"),
        ("corpus.jsonl", '{"_id": "a", "text": ""}\n{"_id": "a", "text": ""}', "line 2: a second document"),
        ("corpus.jsonl", '{"_id": "a", "text": "", "metadata": {"published": "soon"}}', "line 1: published is no date"),
        ("queries.dev.jsonl", '{"_id": 5, "text": "who?"}', "queries.dev.jsonl, line 1: _id is missing or no text"),
        ("queries.dev.jsonl", '{"_id": "1", "text": "?", "metadata": {"as_of": "x"}}', "line 1: as_of: not a moment"),
        (
            "corpus.jsonl",
            '{"_id": "a", "text": "", "metadata": {"published": 2021}}',
            "published is missing or no text",
        ),
        ("corpus.jsonl", "[" * 100_000, "corpus.jsonl, line 1: holds a number too long or is nested too deeply"),
        ("queries.dev.jsonl", '{"_id": "1", "text": "?", "metadata": {"as_of": 5}}', "as_of is missing or no text"),
        ("qrels/dev.tsv", "1\tbyron\t1\n1\tquux\t--5", "dev.tsv, line 2: expected query, document and relevance"),
        ("qrels/dev.tsv", "1\tbyron\t1\n1\tquux\t²", "dev.tsv, line 2: expected query, document and relevance"),
        ("qrels/dev.tsv", "1\tbyron\t1\n1 quux 1", "dev.tsv, line 2: expected query, document and relevance"),
    ],
)
def test_what_is_wrong_with_a_set_is_told_with_file_and_line(
    folder: Path, tmp_path: Path, file: str, text: str, words: str
) -> None:
    (folder / file).write_text(text, "utf-8")
    ended = Program(tmp_path / "data")("eval", str(folder))
    assert ended.code == 2
    assert words in ended.err


def test_relevances_that_are_not_utf_8_are_told(folder: Path, tmp_path: Path) -> None:
    (folder / "qrels" / "dev.tsv").write_bytes(b"1\tbyron\t\xff\n")
    ended = Program(tmp_path / "data")("eval", str(folder))
    assert ended.code == 2
    assert "dev.tsv: can't be read" in ended.err


def test_a_folder_without_documents_or_questions_is_told(tmp_path: Path) -> None:
    program = Program(tmp_path / "data")
    assert "corpus.jsonl: can't be read" in program("eval", str(tmp_path)).err
    write(tmp_path / "corpus.jsonl", DOCUMENTS)
    assert "there is no file queries.jsonl" in program("eval", str(tmp_path)).err
    with pytest.raises(BadQuestionSet):
        list(read_articles(tmp_path / "none.jsonl"))


def test_answers_are_compared_without_case_accents_punctuation_and_articles() -> None:
    assert normalised("The “Café”, a U.S. firm") == "cafe us firm"


def test_figures_that_no_question_tells_are_null() -> None:
    assert set(Figures("none").told().values()) == {"none", 0, None}
