"""Words and phrases that say the same are found from either side, and nothing says the same as its opposite."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files
from importlib.resources.abc import Traversable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Span
from retrieval.analyser import analyser_for, lexicon
from retrieval.matching import NEAR, RELATED, level
from retrieval.opposites import says_opposite
from retrieval.question import Concept, Part
from retrieval.thesaurus import ARTICLES, Thesaurus, thesaurus
from tests.fakes.reading import article_of_sentences, asked, context_of, sentence_of

ENGLISH = analyser_for("en")
SHIPPED = thesaurus()
FILES = sorted((files("retrieval") / "data" / "thesaurus").iterdir(), key=lambda path: path.name)

SMALL = Thesaurus(
    groups=[
        ("fine", "penalti", "order to pay"),
        ("order", "tell", "order about"),
        ("fine", "punish", "penalti"),
        ("boss", "run", "in charg of"),
    ],
    same={"fine": [0], "penalti": [0], "order to pay": [0], "order": [1], "order about": [1]},
    near={"fine": [2]},
    roles={"boss": [3]},
)


# --- the value


def test_what_says_the_same_leaves_out_the_word_itself() -> None:
    assert SMALL.same_as("fine") == {"penalti", "order to pay"}


def test_what_says_the_same_is_not_also_near() -> None:
    assert SMALL.near_to("fine") == {"punish"}


def test_who_holds_a_role_is_told_by_what_they_do() -> None:
    assert SMALL.told_of("boss") == {"run", "in charg of"}
    assert SMALL.told_of("run") == frozenset()


def test_a_word_of_no_group_has_nothing_beside_it() -> None:
    for term in ("zeppelin", "", "日本"):
        assert not SMALL.knows(term)
        assert SMALL.same_as(term) == SMALL.near_to(term) == SMALL.told_of(term) == frozenset()


def test_a_word_of_any_section_is_known() -> None:
    assert all(SMALL.knows(term) for term in ("order", "fine", "boss"))


def test_phrases_are_found_by_their_first_stem_the_longest_first() -> None:
    assert SMALL.phrases == {"order": ("order to pay", "order about")}


@pytest.mark.parametrize(
    ("stems", "place", "phrase"),
    [
        (["sorran", "order", "to", "pay"], 1, ("order", "to", "pay")),
        (["order", "about"], 0, ("order", "about")),
        (["order", "to"], 0, ()),
        (["sorran", "order"], 1, ()),
        (["pay"], 0, ()),
    ],
)
def test_the_longest_phrase_that_begins_at_a_word_is_found(
    stems: list[str], place: int, phrase: tuple[str, ...]
) -> None:
    assert SMALL.phrase_at(stems, place) == phrase


# --- the one that is shipped


def test_it_is_read_once() -> None:
    assert thesaurus() is SHIPPED


@pytest.mark.parametrize(
    ("one", "other"), [("judge", "justice"), ("bought", "acquire"), ("sued", "file suit"), ("lawyer", "attorney")]
)
def test_groups_are_found_from_every_one_of_their_words(one: str, other: str) -> None:
    term, same = (" ".join(ENGLISH.stem(form) for form in word.split()) for word in (one, other))
    assert same in SHIPPED.same_as(term)
    assert term in SHIPPED.same_as(same)


@given(st.sampled_from(sorted(SHIPPED.same)))
def test_what_says_the_same_says_it_both_ways(term: str) -> None:
    assert all(term in SHIPPED.same_as(other) for other in SHIPPED.same_as(term))
    assert term not in SHIPPED.same_as(term)


@given(st.sampled_from(sorted(SHIPPED.near)))
def test_what_is_near_is_not_the_same(term: str) -> None:
    assert SHIPPED.near_to(term).isdisjoint(SHIPPED.same_as(term))


def test_groups_are_not_merged() -> None:
    """`car` and `truck` both stand with `vehicle`, not with each other."""
    bridges = [
        (one, term, other)
        for term in SHIPPED.same
        for one in SHIPPED.same_as(term)
        for other in SHIPPED.same_as(term) - {one}
        if other not in SHIPPED.same_as(one)
    ]
    assert bridges, "some word stands in two groups whose others say different things"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("uphold", "overturn"),
        ("grant", "deny"),
        ("win", "lose"),
        ("plaintiff", "defendant"),
        ("settle", "verdict"),
        ("convict", "acquit"),
        ("before", "after"),
        ("buy", "sell"),
        ("fine", "settlement"),
        ("hire", "fire"),
        ("raise", "cut"),
    ],
)
def test_words_whose_confusion_changes_a_fact_are_in_no_group_together(one: str, other: str) -> None:
    term, opposite = ENGLISH.stem(one), ENGLISH.stem(other)
    assert opposite not in SHIPPED.same_as(term) | SHIPPED.near_to(term)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_line_is_a_group_of_at_least_two_words_under_a_heading(path: Traversable) -> None:
    heading = ""
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if line.startswith("#") or not line:
            continue
        if line.endswith(":"):
            heading = line
            assert heading in {"same:", "near:", "roles:"}, number
            continue
        entries = [entry.strip() for entry in line.split(",")]
        assert heading, number
        assert len(entries) >= 2, number
        assert all(entries), number
        assert len(set(entries)) == len(entries), number


def test_no_term_begins_or_ends_with_an_article() -> None:
    every = {*SHIPPED.same, *SHIPPED.near, *SHIPPED.roles}
    assert not [term for term in every if ARTICLES.intersection(term.split())]
    assert not [term for term in every if not term.strip() or term != " ".join(term.split())]


def test_no_name_that_the_lexicon_knows_by_several_words_stands_there() -> None:
    """A name is told by its canonical term, which stands beside an entry only where the entry is one word of it."""
    canonical = {term for term in (*SHIPPED.same, *SHIPPED.near, *SHIPPED.roles) if term.startswith("@")}
    assert canonical <= set(lexicon().names.values())


# --- in a question and an article


def concept(question: str, surface: str) -> Concept:
    return next(one for one in asked(question).concepts if one.surface == surface)


def told(question: str, surface: str, text: str) -> float:
    return level(concept(question, surface), sentence_of(text), context_of(article_of_sentences(text)).profile)


def test_a_word_that_says_the_same_says_it_a_little_less_surely() -> None:
    assert told("Who penalized Sorrane?", "penalized", "The regulator penalized Sorrane.") == 1.0
    assert told("Who penalized Sorrane?", "penalized", "The regulator fined Sorrane.") == RELATED


def test_a_word_that_is_near_says_it_less_surely_than_one_that_says_the_same() -> None:
    text = "They saw a burglar at the harbor."
    said = Concept("thief", Span(0, 5), ("thief",), Part.CONTENT, None, frozenset(), frozenset({"burglar"}))
    profile = context_of(article_of_sentences(text)).profile
    assert level(said, sentence_of(text), profile) == NEAR
    assert level(replace(said, related=frozenset({"burglar"})), sentence_of(text), profile) == RELATED > NEAR


@pytest.mark.parametrize("text", ["Hallam took the stand.", "Hallam took stand."])
def test_a_phrase_in_an_article_is_found_with_and_without_the_article_in_it(text: str) -> None:
    assert told("When did Hallam testify?", "testify", text) == RELATED


def test_a_phrase_in_a_question_is_found_with_and_without_the_article_in_it() -> None:
    for question in ("When did Hallam take stand?", "When did Hallam take the stand?"):
        related = {term for one in asked(question).concepts for term in one.related}
        assert ENGLISH.stem("testify") in related, question


def test_words_that_stand_apart_are_no_phrase() -> None:
    assert told("When did Hallam testify?", "testify", "Hallam took what was near the fruit stand.") < RELATED


def test_a_name_has_no_other_words() -> None:
    question = asked("Who is the judge in Fine v. Judge Systems?")
    names = [one for one in question.concepts if one.part is Part.NAME]
    assert names
    assert all(not one.related and not one.near for one in names if one.surface in {"Fine", "Systems"})


def test_what_says_the_same_as_what_was_asked_is_not_taken_for_its_opposite() -> None:
    assert not says_opposite(asked("Which court upheld the fine?"), sentence_of("The Sixth Circuit affirmed the fine."))
    assert says_opposite(asked("Which court upheld the fine?"), sentence_of("The Sixth Circuit annulled the fine."))
