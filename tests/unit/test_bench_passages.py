"""The passages that engines are compared on: the same for the same seed, and shaped as texts are."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from bot.terminal.texts import read_texts
from retrieval.bench import generated, laws, stories
from retrieval.bench.corpus import Corpus
from retrieval.bench.sources import Generated, Given
from retrieval.bench.statistic import exponent
from retrieval.errors import BadQuestionSet
from retrieval.indexing import indexed_terms

if TYPE_CHECKING:
    from retrieval.bench.corpus import TermArticle

PASSAGES = 4_000


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """Generated passages with seed 7."""
    return generated_corpus(tmp_path_factory.mktemp("corpus"), PASSAGES, seed=7)


def generated_corpus(folder: Path, passages: int, *, seed: int) -> Corpus:
    Generated(seed).write(folder, passages)
    return Corpus(folder, passages)


@lru_cache
def some_terms(passages: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint32]]:
    """The numbers of all terms of so many passages."""
    return np.concatenate([part.terms for part in generated.parts(passages, seed=7)])


def test_the_same_seed_gives_the_same_passages_and_questions(corpus: Corpus, tmp_path: Path) -> None:
    again = generated_corpus(tmp_path / "again", PASSAGES, seed=7)
    other = generated_corpus(tmp_path / "other", PASSAGES, seed=8)
    assert list(again.read()) == list(corpus.read()) != list(other.read())
    assert again.questions(50, seed=1) == corpus.questions(50, seed=1) != corpus.questions(50, seed=2)


def test_a_smaller_set_is_the_beginning_of_a_larger_one(corpus: Corpus, tmp_path: Path) -> None:
    smaller = generated_corpus(tmp_path, 500, seed=7)
    beginning = Corpus(corpus.folder, 500)
    assert smaller.passages == beginning.passages == 500
    assert list(smaller.read()) == list(beginning.read())
    assert smaller.questions(20, seed=1) == beginning.questions(20, seed=1)


def test_ids_rise_by_one_and_every_passage_has_its_article(corpus: Corpus) -> None:
    articles = list(corpus.read())
    assert [each.article.id for each in articles] == list(range(1, corpus.articles + 1))
    assert [number for each in articles for number, _ in each.passages] == list(range(1, corpus.passages + 1))
    assert sum(len(terms) for each in articles for terms in each.terms) == corpus.tokens


def test_passages_have_89_terms_on_average(corpus: Corpus) -> None:
    assert 88 < corpus.tokens / corpus.passages < 90


def test_equal_terms_are_one_object(corpus: Corpus) -> None:
    held: dict[str, str] = {}
    for article in corpus.read():
        for terms in article.terms:
            assert all(held.setdefault(term, term) is term for term in terms)


def test_frequencies_fall_as_the_law_says() -> None:
    shares = laws.frequencies(100_000)
    core = {rank: float(shares[rank]) for rank in (100, 300, 1_000, 3_000)}
    rare = {rank: float(shares[rank]) for rank in (20_000, 40_000, 80_000)}
    assert shares.sum() == pytest.approx(1)
    assert exponent(core) == pytest.approx(-laws.SLOPE, abs=0.02)
    assert exponent(rare) == pytest.approx(-laws.RARE_SLOPE, abs=0.02)


def test_drawn_words_follow_the_law() -> None:
    law = laws.Law(50_000)
    counts = np.bincount(law.ranks(np.random.default_rng(1).random(400_000)), minlength=50_000)
    expected = laws.frequencies(50_000) * 400_000
    assert np.all(np.abs(counts[:200] - expected[:200]) < 6 * np.sqrt(expected[:200]))
    assert law.ranks(np.array([0.0, np.nextafter(1, 0)])).tolist() == [0, 49_999]


def test_generated_text_falls_as_zipf_says() -> None:
    counts = sorted(Counter(some_terms(20_000).tolist()).values(), reverse=True)
    slope = exponent({rank: float(counts[rank]) for rank in (30, 100, 300, 1_000)})
    assert slope is not None
    assert -1.2 < slope < -0.8


def test_the_vocabulary_grows_as_heaps_says() -> None:
    known = {passages: float(len(np.unique(some_terms(passages)))) for passages in (2_000, 6_000, 20_000)}
    growth = exponent(known)
    assert growth is not None
    assert 0.45 < growth < 0.75


def test_names_come_back_in_the_passages_of_their_article(corpus: Corpus) -> None:
    assert all(len(shared(article)) >= 5 for article in corpus.read())


def shared(article: TermArticle) -> set[str]:
    return set.intersection(*(set(terms) for terms in article.terms))


@pytest.mark.parametrize("stop_words", [False, True])
def test_the_words_of_a_question_stand_in_one_passage(corpus: Corpus, *, stop_words: bool) -> None:
    passages = [set(terms) for article in corpus.read() for terms in article.terms]
    asked = corpus.questions(60, seed=3, stop_words=stop_words)
    assert len(asked) == 60
    assert all(len(set(terms)) == len(terms) for terms in asked)
    assert all(any(passage.issuperset(terms) for passage in passages) for terms in asked)


def test_questions_have_five_to_six_content_words_on_average(corpus: Corpus) -> None:
    plain = corpus.questions(300, seed=3)
    more = corpus.questions(300, seed=3, stop_words=True)
    assert 5 < sum(map(len, plain)) / 300 < 6
    assert 9 < sum(map(len, more)) / 300 < 11
    assert all(set(terms) < set(longer) for terms, longer in zip(plain, more, strict=True))


def test_content_words_are_about_as_rare_as_those_of_real_questions(corpus: Corpus) -> None:
    """In SQuAD's development questions a content word stands in 2.6 % of the passages on average (median 1.6 %)."""
    passages = [set(terms) for article in corpus.read() for terms in article.terms]
    asked = [term for question in corpus.questions(60, seed=3) for term in question]
    shares = [sum(term in held for held in passages) / len(passages) for term in asked]
    assert 0.01 < sum(shares) / len(shares) < 0.035


def test_filters_leave_a_part_of_the_articles(corpus: Corpus) -> None:
    filters = corpus.filters()
    articles = [each.article for each in corpus.read()]
    one, days = filters["publication"], filters["dates"]
    of_one = sum(article.publication in one.publications for article in articles) / len(articles)
    assert days.since is not None
    assert days.until is not None
    in_time = sum(
        article.published is not None and days.since <= article.published <= days.until for article in articles
    )
    assert 0.02 < of_one < 0.1
    assert 0.15 < in_time / len(articles) < 0.25


def test_newcomers_are_new(corpus: Corpus) -> None:
    known = {each.article.id for each in corpus.read()}
    newcomers = corpus.newcomers(3)
    assert len({word for word, _ in newcomers}) == 3
    for word, article in newcomers:
        assert article.article.id not in known
        assert all(word in terms for terms in article.terms)
        assert all(number > corpus.passages for number, _ in article.passages)


def test_generated_articles_are_the_same_for_the_same_seed_and_their_passages_hold_their_sentences() -> None:
    articles = list(stories.articles(30, seed=7))
    assert articles == list(stories.articles(30, seed=7)) != list(stories.articles(30, seed=8))
    assert [passage.id for article in articles for passage in article.passages] == list(range(1, 31))
    for article in articles:
        for passage in article.passages:
            assert all(passage.span.covers(sentence) for sentence in passage.sentences)
            assert all(sentence.of(article.text).endswith(".") for sentence in passage.sentences)
            assert all(sentence.of(article.text)[0].isupper() for sentence in passage.sentences)


def test_questions_about_generated_articles_name_their_cases() -> None:
    articles = list(stories.articles(30, seed=7))
    names = {name for article in articles for name in article.title.split(":")[0].split(" v. ")}
    assert all(
        any(name in question for name in names)
        for question in stories.questions([article.title for article in articles], 20, seed=1)
    )


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    """A folder with a text in every form that is read, and files that aren't."""
    (tmp_path / "deep").mkdir()
    (tmp_path / "a.txt").write_text("The compiler reads the first module. It writes a plan.", "utf-8")
    (tmp_path / "deep" / "b.md").write_text("# Plans\n\nA *plan* names every module once.", "utf-8")
    page = "<html><style>p {}</style><p>Tom &amp; Ann wrote it.</p><script>no()</script><p>Ann read it.</p></html>"
    (tmp_path / "c.html").write_text(page, "utf-8")
    (tmp_path / "corpus.jsonl").write_text('{"_id": "d", "title": "Last", "text": "One more text is here."}\n', "utf-8")
    (tmp_path / "queries.jsonl").write_text('{"_id": "q", "text": "not a document"}\n', "utf-8")
    (tmp_path / "e.txt").write_bytes(b"\xff\xfe no text")
    (tmp_path / "f.py").write_text("import nothing", "utf-8")
    return tmp_path


def test_texts_of_all_kinds_become_articles(texts: Path) -> None:
    articles = read_texts(texts)
    assert [article.title for article in articles] == ["a", "c", "Last", "b"]
    assert [article.id for article in articles] == [1, 2, 3, 4]
    assert articles[1].text.split() == "Tom & Ann wrote it. Ann read it.".split()
    assert [passage.id for article in articles for passage in article.passages] == [1, 2, 3, 4]


def test_a_folder_without_texts_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadQuestionSet, match="no text in files"):
        read_texts(tmp_path)


def test_given_texts_are_analysed_as_the_index_does_it(texts: Path, tmp_path: Path) -> None:
    articles = read_texts(texts)
    source = Given("texts", 7, articles)
    source.write(tmp_path / "corpus", 100)
    corpus = Corpus(tmp_path / "corpus", 100)
    assert [each.terms for each in corpus.read()] == [list(indexed_terms(article)) for article in articles]
    assert not corpus.has_stop_words
    assert corpus.filters() == {}
    assert len(source.articles(2)) == 2
    words = {word for article in articles for word in article.text.split()}
    assert all(words.issuperset(question.split()) for question in source.questions(articles, 10))
