"""`amicus eval`: what a question set says, counted as its rules are written."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from bot.terminal.question_sets import read_articles, read_queries
from bot.terminal.tsv_sets import read_tables
from retrieval.errors import BadQuestionSet
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
    assert (told["set"], told["articles"], told["questions"], told["missed"]) == ("queries.dev.jsonl", 2, 2, 0)
    figures = told["figures"]
    assert figures["passage hit@1"] == figures["article ndcg@10"] == figures["sentence"] == figures["span"] == 1.0
    assert (figures["refusals"], figures["wrong refusals"], figures["right when confident"]) == (1.0, 0.0, 1.0)
    assert figures["wrong-case answers"] is None
    assert (told["kinds"], told["refusal curve"]["area"]) == ({}, 1.0)
    assert told["quotations"]["verbatim"] == 1.0
    assert set(told["ask ms"]) == {"p50", "p95", "max"}


def test_an_evaluation_stores_nothing(folder: Path, tmp_path: Path) -> None:
    program = Program(tmp_path / "data")
    assert "passage hit@1                1.000  of 1" in program("eval", str(folder)).out
    assert not program.data_dir.exists()


def test_a_question_of_a_split_without_a_relevant_document_can_not_be_answered(folder: Path) -> None:
    first, second = read_queries(folder / "queries.dev.jsonl", folder / "qrels")
    assert (first.articles, first.answers, first.answerable) == (("byron",), ("Ada Byron",), True)
    assert (second.articles, second.answerable) == ((), False)
    assert second.as_of == datetime(2021, 3, 1, 23, 59, 59, tzinfo=UTC)


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
    assert "neither a file corpus.jsonl nor a folder articles" in program("eval", str(tmp_path)).err
    write(tmp_path / "corpus.jsonl", DOCUMENTS)
    assert "there is no file queries.jsonl" in program("eval", str(tmp_path)).err
    with pytest.raises(BadQuestionSet):
        list(read_articles(tmp_path / "none.jsonl"))


def test_options_for_tables_are_refused_where_a_set_is_none(folder: Path, tmp_path: Path) -> None:
    ended = Program(tmp_path / "data")("eval", str(folder), "--half", "A")
    assert ended.code == 2
    assert "--articles and --half are for sets with a folder articles" in ended.err


# --- sets as tables

FIZZ = """---
id: fizz
title: Fizz case
published: 2021-01-21
---
Judge Ada Byron dismissed the Fizz case on Monday. Fizz had sought $5 million from Buzz.
"""
BUZZ = "Buzz appeals\n\nBuzz appealed the ruling of the Fizz court. Lawyer Cy Dent called it “a bad day for Buzz.”\n"
HEAD = "half\ttype\tkind\tquestion\tarticles\tgold\tspans\tas_of"
ROWS = (
    "A\twho\tplain\tWho is the judge in the Fizz case?\tfizz\tJudge Ada Byron dismissed\tAda Byron\t",
    "A\tnone\toff-corpus\tzebra crossing accident in Portugal\t\t\t\t2021-03-01",
    "B\twho\tplain\tWho painted the Mona Lisa in the Fizz case?\tfizz\tdismissed the Fizz case\tAda Byron\t",
)


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    """A set of two halves over one article in the folder."""
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "one.md").write_text(FIZZ, "utf-8")
    (tmp_path / "questions.tsv").write_text("\n".join((HEAD, *ROWS)) + "\n", "utf-8")
    return tmp_path


def test_each_half_of_a_set_is_measured_by_itself(tables: Path, tmp_path: Path) -> None:
    first, second = Program(tmp_path / "data")("eval", str(tables), "--json").objects
    assert (first["set"], first["questions"]) == ("questions.tsv, half A", 2)
    assert first["figures"]["sentence"] == first["figures"]["span"] == first["figures"]["refusals"] == 1.0
    assert first["kinds"]["plain"]["sentence"] == 1.0
    assert (second["set"], second["questions"]) == ("questions.tsv, half B", 1)
    [alone] = Program(tmp_path / "data")("eval", str(tables), "--json", "--half", "A").objects
    assert alone["digest"] == first["digest"] != second["digest"]


def test_a_table_without_names_of_columns_is_read_as_split_type_question_articles_gold_and_spans(tables: Path) -> None:
    lines = (
        "#split\ttype\tquestion",
        "dev\twho\tWho?\tfizz\tJudge||Fizz\tAda",
        "# a remark",
        "",
        "dev\tnone\tWhy?\t-\t-\t-",
    )
    (tables / "questions.tsv").write_text("\r\n".join(lines), "utf-8")
    [found] = read_tables(tables)
    who, why = found.queries
    assert (who.kind, who.text, who.articles, who.gold, who.answers) == (
        "who",
        "Who?",
        ("fizz",),
        ("Judge", "Fizz"),
        ("Ada",),
    )
    assert (why.kind, why.articles, why.answerable) == ("none", (), False)


def test_further_articles_come_from_files_folders_and_under_given_keys(tables: Path, tmp_path: Path) -> None:
    more = tmp_path / "more"
    more.mkdir()
    (more / "buzz-appeal.txt").write_text(BUZZ, "utf-8")
    keys = [
        [article.key for article in read_tables(tables, given)[0].articles]
        for given in ([], [str(more)], [str(more / "buzz-appeal.txt")], [f"buzz={more / 'buzz-appeal.txt'}"])
    ]
    assert keys == [["fizz"], ["fizz", "buzz-appeal"], ["fizz", "buzz-appeal"], ["fizz", "buzz"]]


def test_a_page_explains_each_miss_but_not_those_of_half_b(tables: Path, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    lines = [row.replace("Judge Ada Byron dismissed", "Fizz had sought") for row in ROWS]
    (tables / "questions.tsv").write_text("\n".join((HEAD, *lines)), "utf-8")
    program = Program(tmp_path / "data")
    assert program("eval", str(tables), "--html", str(file)).code == 0
    made = file.read_text("utf-8")
    assert "Who is the judge in the Fizz case?" in made
    assert "The question as it was read" in made
    assert "Mona Lisa" not in made
    assert program("eval", str(tables), "--html", str(file), "--show-half-b").code == 0
    assert "Mona Lisa" in file.read_text("utf-8")


def test_no_question_of_half_b_is_printed(tables: Path, tmp_path: Path) -> None:
    ended = Program(tmp_path / "data")("eval", str(tables))
    assert "half B: 1 question" in ended.out
    assert "Mona Lisa" not in ended.out + ended.err


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (("half\tquestion", "A\tWho?"), "line 1: there is no column articles, gold, spans"),
        ((HEAD, "A\twho"), "questions.tsv, line 2: 2 columns instead of 8"),
        ((HEAD, "A\twho\tplain\tWho?\tbuzz\tg\ts\t"), "no article 'buzz'; --articles buzz=PATH says where it is"),
        ((HEAD, "A\twho\tplain\tWho?\t\tg\ts\t"), "line 2: gold without an article"),
        ((HEAD, "A\twho\ttwo-article\tWho?\tfizz\tg\ts\t"), "line 2: a question on two articles needs two articles"),
        ((HEAD, "A\twho\tplain\tWho?\tfizz\tg\ts\tsoon"), "line 2: as_of: not a moment"),
        ((HEAD,), "no question is of half all"),
    ],
)
def test_what_is_wrong_with_a_table_is_told_with_its_line(
    tables: Path, tmp_path: Path, rows: Sequence[str], words: str
) -> None:
    (tables / "questions.tsv").write_text("\n".join(rows), "utf-8")
    ended = Program(tmp_path / "data")("eval", str(tables))
    assert ended.code == 2
    assert words in ended.err


def test_what_else_is_wrong_is_told_too(tables: Path, tmp_path: Path) -> None:
    program = Program(tmp_path / "data")
    assert "no question is of half C" in program("eval", str(tables), "--half", "C").err
    assert "none.txt: there is no such file" in program("eval", str(tables), "--articles", "x=none.txt").err
    again = f"fizz={tables / 'articles' / 'one.md'}"
    assert "a second article with the key 'fizz'" in program("eval", str(tables), "--articles", again).err
    assert "there is no such folder" in program("eval", str(tables), "--html", "nowhere/page.html").err
    assert "--as-of: not a moment" in program("eval", str(tables), "--as-of", "soon").err
    (tables / "articles" / "two.md").write_text("", "utf-8")
    assert "two.md: " in program("eval", str(tables)).err
    (tables / "questions.tsv").write_bytes(b"\xff")
    (tables / "articles" / "two.md").unlink()
    assert "questions.tsv: can't be read" in program("eval", str(tables)).err
    (tables / "questions.tsv").unlink()
    assert "there is no file questions.tsv" in program("eval", str(tables)).err
