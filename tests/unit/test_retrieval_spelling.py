"""Which unknown words get a known one suggested, and which are left as they are."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.collection import LIBRARY, Collection
from corpus.text import words
from retrieval.analyser import Analyser, analyser_for
from retrieval.embedded import EmbeddedIndex
from retrieval.index import Statistics
from retrieval.question import parse
from retrieval.spelling import did_you_mean, is_valid, slips, unknown_words
from tests.fakes.contexts import contexts_of
from tests.fakes.corpus import FakeCorpus

NOW = datetime(2024, 6, 1, tzinfo=UTC)
KNOWN = "Brindle Quarrix Corvane Holloway Cloudmont Wexley Stanhope Pellam Gandhara Amazon plaintiff ruling cookies"


class Words:
    """An index that knows some words, and what it was asked."""

    def __init__(self, text: str) -> None:
        self.held = Counter(term for word in words(text) for term in analyser_for("en").places([word.form]))
        self.asked: list[str] = []

    def __call__(self, terms: Sequence[str]) -> Mapping[str, int]:
        self.asked += terms
        return {term: self.held[term] for term in terms}

    def suggestion(self, asked: str, at_hand: str = "") -> str | None:
        question = parse(asked, NOW)
        terms = [*question.terms, *(term for concept in question.concepts for term in concept.every_term)]
        return did_you_mean(question, Statistics(100, self(terms)), contexts_of(at_hand), self)


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("Who sued Brinlde?", "Who sued Brindle?"),
        ("Who sued Brinndle?", "Who sued Brindle?"),
        ("Who sued Corvene?", "Who sued Corvane?"),
        ("Who sued Cloudmnt?", "Who sued Cloudmont?"),
        ("Who sued Kuarrix or Quarrks?", None),
        ("Who is Dane Hollowey?", "Who is Dane Holloway?"),
        ("Did Wexly rule for Stanhpoe?", "Did Wexley rule for Stanhope?"),
        ("Who founded Ghandara?", "Who founded Gandhara?"),
        ("Who sued Amazn?", "Who sued Amazon?"),
        ("Who was the plantiff?", "Who was the plaintiff?"),
        ("WHO SUED BRINLDE?", "WHO SUED BRINDLE?"),
        ("who sued brinlde", "who sued brindle"),
    ],
)
def test_a_slip_in_a_word_that_is_known_is_mended(asked: str, meant: str | None) -> None:
    assert Words(KNOWN).suggestion(asked) == meant


@pytest.mark.parametrize(
    "asked",
    [
        "Who sued Brindle?",
        "Who is the judge in Harlow v. Brackenfold?",
        "What is the capital of Mongolia?",
        "Was the bundle stolen?",
        "Who was hit by a cookie?",
        "Who sued Pell?",
        "did the lawsuit succeed",
        "",
    ],
)
def test_words_that_are_right_or_like_no_other_are_left_alone(asked: str) -> None:
    assert Words(KNOWN).suggestion(asked) is None


def test_a_word_that_only_another_guild_s_article_knows_is_never_suggested() -> None:
    corpus = FakeCorpus("Memo | key=memo | guild:7\n    Brindle sued Quarrix.\n")
    index = EmbeddedIndex()
    index.apply(asyncio.run(corpus.changes(0, 10)))
    question = parse("Who sued Brinlde?", NOW)

    def suggestion(collection: Collection) -> str | None:
        def known(terms: Sequence[str]) -> Mapping[str, int]:
            return index.snapshot().statistics(terms, [LIBRARY, collection]).containing

        return did_you_mean(question, Statistics(1, known(question.terms)), [], known)

    assert suggestion(Collection(7)) == "Who sued Brindle?"
    assert suggestion(Collection(8)) is None


def test_a_word_of_an_article_at_hand_comes_before_one_of_the_index() -> None:
    at_hand = "Marlow wins | key=a\n    The court ruled for Marlow on Friday.\n"
    index = Words("Merlow Marlow")
    index.held["merlow"] = 50
    assert index.suggestion("Who sued Morlow?") == "Who sued Merlow?"
    assert index.suggestion("Who sued Morlow?", at_hand) == "Who sued Marlow?"


def test_a_word_at_hand_is_told_with_its_capitals_and_forgives_two_slips() -> None:
    at_hand = "McAllister wins | key=a\n    The court ruled for McAllister on Friday.\n"
    assert Words("McAllister").suggestion("who sued macalister?", at_hand) == "who sued McAllister?"


def test_the_words_that_nothing_knows_are_told_as_they_were_asked() -> None:
    question = parse("Who sued Brackenfold over Blorbs?", NOW)
    assert unknown_words(question, Statistics(10, {})) == ["Brackenfold", "Blorbs"]


def test_few_words_are_looked_up_however_many_are_unknown() -> None:
    index = Words(KNOWN)
    index.suggestion("Who sued " + " ".join(f"Zz{letter * 10}" for letter in "abcdefghijk") + "?")
    assert len(index.asked) < 4_000


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=4, max_size=20))
def test_a_slip_changes_the_word_and_never_its_first_two_letters_alone(word: str) -> None:
    for other in slips(word):
        assert other != word
        assert abs(len(other) - len(word)) <= 2
        assert other[0] == word[0] or other[:2] == word[1::-1]


def test_words_of_the_lists_are_valid() -> None:
    analyser = Analyser()
    assert all(is_valid(word, analyser) for word in ("lawsuit", "settlement", "judge", "washington"))
    assert not is_valid("brackenfold", analyser)
