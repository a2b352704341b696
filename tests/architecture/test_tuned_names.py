"""No rule and no word list knows whom the question sets ask about: they are there to measure, not to be learnt."""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from corpus.text import fold
from retrieval.names import gazetteer

ROOT = Path(__file__).resolve().parents[2]
RETRIEVAL = ROOT / "retrieval"
BRIEFS = ROOT.parent / "shared" / "eval" / "briefs" / "questions.dev.tsv"
NEWSROOM = ROOT / "tests" / "quality" / "newsroom" / "questions.tsv"
WORKSHOP = tuple(sorted((ROOT / "tests" / "quality" / "workshop").glob("*/questions.tsv")))

PUBLICLY_KNOWN = frozenset(
    "alphabet amazon apple aws bytedance epic facebook ftc games google meta microsoft openai stability twitter uber "
    "waymo".split()
)
"""Companies whose other names or owners anybody can look up: they stand in the list of aliases for every question."""
ORDINARY = frozenset(
    "austrian chancellor chief circuit commission commissioner court department district federal former general health "
    "judge justice office plus press services state states supreme united vice web american authority bureau company "
    "country digital group international law market news public right rights security street technologies trade act "
    "advocate alliance apps assistant association attorney consumer county data defend deputy great library llp media "
    "motors mrs open platform protection rep secrets sen solicitor superior systems brass counselor "
    "divide forge king monk slate staffing".split()
)
"""Words of any dictionary that names are made of: of titles, courts, countries and things."""

_NAME = re.compile(r"[A-ZÀ-Þ][\w’'-]*\w")
_CASE = re.compile(r"((?:[A-Z][\w&.’'-]*\w ){1,4})(?:v|vs)\.? ((?:[A-Z][\w&’'-]*\w ?){1,4})")


def questions() -> Iterator[tuple[str, str, str]]:
    """Type, question and accepted spans of the sets, without the half of the newsroom that is kept to judge by."""
    if BRIEFS.is_file():
        for line in BRIEFS.read_text("utf-8").splitlines():
            if not line.startswith("#"):
                _, kind, question, _, _, spans = line.split("\t")
                yield kind, question, spans
    for file in (NEWSROOM, *WORKSHOP):
        with file.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
                if row["half"] != "B":
                    yield row["type"], row["question"], row["spans"]


@cache
def names_asked_for() -> set[str]:
    """The folded words of people, organisations and parties of cases."""
    found: set[str] = set()
    for kind, question, spans in questions():
        texts = [spans] if kind in {"who", "org"} else []
        texts += [case[0] for case in _CASE.finditer(question)]
        found.update(fold(word) for text in texts for word in _NAME.findall(text))
    return {name for name in found if len(name) > 2} - PUBLICLY_KNOWN - ORDINARY


def literals(path: Path) -> Iterator[str]:
    """The texts that a module's rules are made of: all but docstrings and comments."""
    tree = ast.parse(path.read_text("utf-8"))
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.value


@cache
def rules_and_data() -> dict[str, set[str]]:
    """The folded words of each module's rules and of each word list, first names and places left out."""
    found = {_name_of(path): _words(" ".join(literals(path))) for path in RETRIEVAL.rglob("*.py")}
    found |= {_name_of(path): _words(path.read_text("utf-8")) for path in (RETRIEVAL / "data").rglob("*.yaml")}
    # One list of single words, made for any name: it can't tell who is meant.
    found["data/gazetteer.yaml"] -= gazetteer().first_names | gazetteer().places
    return found


def _name_of(path: Path) -> str:
    return path.relative_to(RETRIEVAL).as_posix()


def _words(text: str) -> set[str]:
    return set(re.findall(r"[^\W_]+(?:[’'-][^\W_]+)*", fold(text)))


def test_the_sets_name_somebody() -> None:
    assert len(names_asked_for()) > 40


@pytest.mark.parametrize("name", sorted(rules_and_data()))
def test_no_party_person_or_company_of_a_question_set_is_known_to_the_rules(name: str) -> None:
    assert sorted(rules_and_data()[name] & names_asked_for()) == []


def test_no_article_of_a_question_set_is_known_to_the_rules() -> None:
    articles = {path.stem for file in (NEWSROOM, *WORKSHOP) for path in (file.parent / "articles").glob("*.md")}
    articles |= {path.stem for path in (BRIEFS.parent / "articles").glob("*.txt") if "-" in path.stem}
    texts = [" ".join(literals(path)) for path in RETRIEVAL.rglob("*.py")]
    texts += [path.read_text("utf-8") for path in (RETRIEVAL / "data").rglob("*.yaml")]
    assert [article for article in articles if any(article in text for text in texts)] == []


def test_the_whole_name_of_no_person_stands_in_the_list_of_first_names() -> None:
    listed = (RETRIEVAL / "data" / "gazetteer.yaml").read_text("utf-8").split()
    pairs = set(pairwise(listed))
    people = {
        tuple(fold(word) for word in span.split())
        for kind, _, spans in questions()
        if kind == "who"
        for span in spans.split("||")
    }
    assert not pairs & {name for name in people if len(name) == 2}


def test_the_check_sees_a_name_where_one_is_put() -> None:
    assert _words('r"\\b(?:Marrowby|Quillstack)\\b"') & names_asked_for()
