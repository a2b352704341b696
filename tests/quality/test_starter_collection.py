"""The starter collection is complete, dated, documented and our own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from corpus import passages
from corpus.yamlfile import YamlValue, parse_mapping

ROOT = Path(__file__).resolve().parents[2]
STARTER = ROOT / "corpus" / "starter"
SHARED = ROOT.parent / "shared"
LAST_DAY = date(2026, 11, 20)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
HEAD_KEYS = frozenset(
    {"id", "title", "publication", "authors", "published", "facts_as_of", "language", "documents"},
)
# Shorter sentences ("Google appealed.") are anybody's.
SHORTEST_COMPARED_WORDS = 6
# The longest name of a court, with "of the" before it, has thirteen words.
LONGEST_SHARED_RUN_WORDS = 13


@dataclass(frozen=True, slots=True)
class StarterArticle:
    """One file of the collection: its name without ending, its head and its text."""

    stem: str
    head: dict[str, YamlValue]
    body: str

    def text(self, key: str) -> str:
        """The head's value at `key`, which has to be text that says something."""
        value = self.head[key]
        assert isinstance(value, str), f"{self.stem}: {key} is no text"
        assert value.strip(), f"{self.stem}: {key} is empty"
        return value

    def texts(self, key: str) -> list[str]:
        """The head's value at `key`, which has to be a list of texts, at least one."""
        values = self.head[key]
        assert isinstance(values, list), f"{self.stem}: {key} is no list"
        texts = [value for value in values if isinstance(value, str) and value.strip()]
        assert texts, f"{self.stem}: {key} is empty"
        assert len(texts) == len(values), f"{self.stem}: {key} holds something else than texts"
        return texts

    def day(self, key: str) -> date:
        """The head's value at `key`, which has to be a day."""
        value = self.head[key]
        assert isinstance(value, date), f"{self.stem}: {key} is no day"
        return value


def _load(path: Path) -> StarterArticle:
    opening, head, body = path.read_text(encoding="utf-8").split("---\n", 2)
    assert opening == "", f"{path.name} does not begin with its head"
    return StarterArticle(path.stem, parse_mapping(head, name=path.name).value, body.strip())


ARTICLES = [_load(path) for path in sorted(STARTER.glob("*.md"))]


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[^\W_]+", text.casefold()))


def _sentences(text: str) -> set[tuple[str, ...]]:
    sentences = (_words(span.of(text)) for span in passages.sentences(text))
    return {words for words in sentences if len(words) >= SHORTEST_COMPARED_WORDS}


def _runs(text: str) -> set[tuple[str, ...]]:
    words = _words(text)
    length = LONGEST_SHARED_RUN_WORDS + 1
    return {words[at : at + length] for at in range(len(words) - length + 1)}


def _other_texts() -> dict[str, str]:
    files = [*SHARED.glob("seeds/*.txt"), *SHARED.glob("eval/briefs/articles/*.txt")]
    if not files:
        pytest.skip("the seeds and briefs are not beside this repository")
    return {path.name: path.read_text(encoding="utf-8") for path in files}


every_article = pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.stem)


def test_there_are_at_least_thirty_articles() -> None:
    assert len(ARTICLES) >= 30


def test_titles_are_unique() -> None:
    titles = [article.text("title") for article in ARTICLES]
    assert len(set(titles)) == len(titles)


@every_article
def test_the_head_has_exactly_the_agreed_keys(article: StarterArticle) -> None:
    assert set(article.head) == HEAD_KEYS


@every_article
def test_the_id_is_the_name_of_the_file(article: StarterArticle) -> None:
    assert article.text("id") == article.stem
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", article.stem)


@every_article
def test_the_article_names_its_origin_and_the_documents_it_rests_on(article: StarterArticle) -> None:
    assert article.text("publication") == "Amicus Casebook"
    assert article.texts("authors") == ["Amicus contributors"]
    assert article.text("language") == "en"
    assert article.text("title") == article.text("title").strip()
    assert article.texts("documents")


@every_article
def test_the_article_is_dated_by_the_day_its_facts_were_true(article: StarterArticle) -> None:
    assert article.day("published") == article.day("facts_as_of")
    assert article.day("published") <= LAST_DAY


@every_article
def test_no_date_in_the_text_lies_after_the_day_of_the_facts(article: StarterArticle) -> None:
    dates = re.findall(r"\b([A-Z][a-z]{2})[a-z]*\.? (\d{1,2}), (\d{4})\b", article.body)
    assert dates, "an article names at least one full date"
    for month, day, year in dates:
        assert date(int(year), MONTHS.index(month) + 1, int(day)) <= article.day("facts_as_of")


@every_article
def test_the_body_is_a_short_article_of_plain_paragraphs(article: StarterArticle) -> None:
    assert 150 <= len(article.body.split()) <= 500
    paragraphs = article.body.split("\n\n")
    assert len(paragraphs) >= 3
    for paragraph in paragraphs:
        assert "\n" not in paragraph, "one paragraph is one line"
        assert paragraph == paragraph.strip()
        assert paragraph.endswith((".", '."'))


@every_article
def test_the_body_holds_no_links_and_no_markup(article: StarterArticle) -> None:
    assert not re.search(r"https?:|www\.|\]\(|</?[a-zA-Z]|[*_`#|]", article.body)
    assert not re.search(r"(?m)^\s*(?:[-+>]|\d+\.)\s", article.body)


@every_article
def test_quotations_are_closed_and_at_most_fifteen_words_long(article: StarterArticle) -> None:
    assert article.body.count('"') % 2 == 0
    assert all(len(quotation.split()) <= 15 for quotation in re.findall(r'"([^"]*)"', article.body))


def test_no_sentence_stands_twice_in_the_collection() -> None:
    seen: dict[tuple[str, ...], str] = {}
    for article in ARTICLES:
        for sentence in _sentences(article.body):
            assert sentence not in seen, f"{article.stem} and {seen[sentence]} share: {' '.join(sentence)}"
            seen[sentence] = article.stem


def test_no_sentence_is_shared_with_the_seeds_or_the_briefs() -> None:
    for name, text in _other_texts().items():
        sentences, runs = _sentences(text), _runs(text)
        for article in ARTICLES:
            assert not sentences & _sentences(article.body), f"{article.stem} shares a sentence with {name}"
            assert not runs & _runs(article.body), f"{article.stem} shares a run of words with {name}"


def test_the_parler_article_names_the_judge_the_court_the_day_and_the_docket() -> None:
    parler = next(article for article in ARTICLES if article.stem == "parler-v-amazon")
    first_sentence = passages.sentences(parler.body)[0].of(parler.body)
    assert "U.S. District Judge Barbara Rothstein in Seattle" in first_sentence
    assert "Jan. 21, 2021" in first_sentence
    assert "Parler v. Amazon Web Services" in parler.body
    assert "U.S. District Court for the Western District of Washington" in parler.body
    assert "2:21-cv-00031" in parler.body
