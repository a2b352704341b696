"""How well a sentence speaks of what was asked: a name is told apart by its spelling, a word may be said otherwise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Span
from retrieval.matching import (
    RELATED,
    Lens,
    article_level,
    is_same_family,
    is_spelled,
    level,
    period_level,
    prominence,
    share_of_names,
    spellings_of,
    unheard,
    with_names,
)
from retrieval.model import Answered, NotInCorpus
from retrieval.question import Concept, Part
from tests.fakes.reading import article_of_sentences, asked, context_of, contexts_of, decided, sentence_of


def concept(question: str, surface: str) -> Concept:
    return next(one for one in asked(question).concepts if one.surface == surface)


def name(surface: str) -> Concept:
    return concept(f"Who sued {surface}?", surface)


def told(of: Concept, *sentences: str, title: str = "Made") -> float:
    """How well the first of some sentences, which are all of an article, speaks of it."""
    context = context_of(article_of_sentences(*sentences, title=title))
    return level(of, context.sentences[0], context.profile)


# --- names


@pytest.mark.parametrize("text", ["Marlian paid.", "Marlian’s keeper paid.", "The Marlians paid.", "MARLIAN paid."])
def test_a_name_is_spoken_of_where_it_stands_owning_and_in_the_plural_too(text: str) -> None:
    assert told(name("Marlian"), text) == 1.0


@pytest.mark.parametrize("text", ["Marliane paid.", "Marlianed paid.", "The marlianing paid."])
def test_a_name_whose_last_letters_differ_is_another_name(text: str) -> None:
    assert told(name("Marlian"), text) == 0.0


def test_only_names_are_told_apart_by_their_last_letters() -> None:
    assert spellings_of(name("Marlian")) == {"marlian", "marlians", "marlian's"}
    assert spellings_of(concept("Who fined it?", "fined")) == frozenset()
    assert told(concept("Who fined Sorrane?", "fined"), "The fines came late.") == 1.0


def test_a_name_known_by_several_forms_may_be_spelled_in_any_of_them() -> None:
    known = concept("Who sued Amazon Web Services?", "Amazon Web Services")
    assert spellings_of(known) == frozenset()
    assert told(known, "Somebody sued AWS.") == 1.0


def test_any_spelling_will_do_where_none_is_given() -> None:
    sentence = sentence_of("The lamps burned.")
    assert is_spelled("lamp", sentence, ())
    assert is_spelled("lamp", sentence, {"lamps"})
    assert not is_spelled("lamp", sentence, {"lamp"})


def test_a_surname_speaks_of_a_person_whom_the_article_names_whole() -> None:
    of = name("Rosa Halm")
    assert told(of, "Halm left.", "Rosa Halm was the keeper.") == 0.9
    assert told(of, "Halm left.", "The keeper was Timo Halm.") < 0.5


def test_a_first_name_alone_says_little() -> None:
    assert 0 < told(name("Rosa Halm"), "Rosa left.", "Rosa Halm was the keeper.") < 0.5


def test_a_surname_under_another_first_name_is_somebody_else() -> None:
    of = name("Rosa Halm")
    assert told(of, "Timo Halm left.", "Rosa Halm was the keeper.") == 0.0
    assert told(of, "Halm left.", "Timo Halm was the keeper.", "His niece Rosa Halm was not.") == 0.0


def test_a_person_known_by_a_shorter_first_name_is_spoken_of_less_surely() -> None:
    context = context_of(article_of_sentences("Maximilian Dost left."))
    assert article_level(name("Max Dost"), context.profile) == 0.8


def test_a_publications_own_name_stands_for_it() -> None:
    [context] = contexts_of("Harbor shut | Harbor Courier | 2024-03-01\n    It was shut.")
    assert article_level(name("Harbor Courier"), context.profile) == 1.0


@pytest.mark.parametrize(
    ("title", "sentences", "expected"),
    [
        ("Sorrane shut", ["It was shut."], 1.0),
        ("Made", ["Sorrane was shut."], 0.9),
        ("Made", ["It was shut. " * 60, "Sorrane, Sorrane, Sorrane!"], 0.8),
        ("Made", ["It was shut. " * 60, "Sorrane and Sorrane."], 0.6),
        ("Made", ["It was shut. " * 60, "Sorrane."], 0.45),
        ("Made", ["It was shut."], 0.0),
    ],
)
def test_how_prominent_a_name_is_depends_on_where_and_how_often_it_stands(
    title: str, sentences: list[str], expected: float
) -> None:
    profile = context_of(article_of_sentences(*sentences, title=title)).profile
    assert prominence(name("Sorrane"), profile) == expected
    assert Lens(name("Sorrane"), profile).in_article == expected


def test_the_name_that_stands_most_often_has_the_whole_share() -> None:
    profile = context_of(article_of_sentences("Here Sorrane and Sorrane met Dost.", "There was Sorrane.")).profile
    assert share_of_names(name("Sorrane"), profile) == 1.0
    assert share_of_names(name("Dost"), profile) == pytest.approx(1 / 3)
    assert share_of_names(name("Zorbel"), profile) == 0.0


def test_without_a_name_in_the_article_no_share_is_more_than_one() -> None:
    profile = context_of(article_of_sentences("It was shut.")).profile
    assert share_of_names(name("Sorrane"), profile) == 0.0


def test_names_that_no_article_speaks_of_are_unheard_of() -> None:
    contexts = contexts_of("Sorrane shut\n    It was shut.\nDost open\n    It was open.")
    question = asked("Did Sorrane, Zorbel or Dost pay?")
    assert [one.surface for one in unheard(question, contexts)] == ["Zorbel"]
    assert [one.surface for one in unheard(question, [])] == ["Sorrane", "Zorbel", "Dost"]


# --- words that are names in the articles


def test_a_small_word_that_articles_write_with_a_capital_is_a_name() -> None:
    question = asked("who sued sorrane")
    assert not question.names
    named = with_names(question, contexts_of("Made\n    Dost sued Sorrane. Then Sorrane paid."))
    assert [one.surface for one in named.names] == ["sorrane"]


def test_a_small_word_that_articles_write_small_is_no_name() -> None:
    question = asked("who lit the beacon")
    contexts = contexts_of("Made\n    They lit the beacon. A beacon burned. The Beacon Inn was full.")
    assert with_names(question, contexts) == question


def test_a_brand_that_is_written_small_is_a_name_by_what_it_owns() -> None:
    question = asked("who sued bravvo")
    contexts = contexts_of("Made\n    Dost sued bravvo Inc. on Friday. Then bravvo’s keeper paid.")
    assert [one.surface for one in with_names(question, contexts).names] == ["bravvo"]


def test_without_an_article_no_word_becomes_a_name() -> None:
    question = asked("who sued sorrane")
    assert with_names(question, []) == question


# --- other words


def test_a_word_of_the_same_family_says_it_less_surely_than_one_of_the_same_group() -> None:
    of = Concept("acquired", Span(0, 8), ("acquir",), Part.CONTENT, None, frozenset({"buy"}))
    assert RELATED == told(of, "They will buy it.") > told(of, "The acquisition came late.") > 0


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("acquir", "acquisit", True),
        ("regul", "regulator", True),
        ("commun", "communic", True),
        ("inter", "internet", True),
        ("court", "courier", False),
        ("short", "sh", False),
        ("@amazon", "@amazon", True),
        ("@amazon", "amazon", False),
        ("", "", False),
    ],
)
def test_a_long_common_beginning_makes_a_family(one: str, other: str, *, same: bool) -> None:
    assert is_same_family(one, other) is same


@given(st.text("abcdef@", max_size=9), st.text("abcdef@", max_size=9))
def test_a_family_is_one_from_either_side(one: str, other: str) -> None:
    assert is_same_family(one, other) == is_same_family(other, one)


def test_the_places_of_the_word_itself_come_before_those_of_others() -> None:
    of = concept("Who penalized Sorrane?", "penalized")
    profile = context_of(article_of_sentences("They fined and penalized it.", "They fined it.")).profile
    lens = Lens(of, profile)
    assert lens.places(sentence_of("They fined and penalized it.")) == [3]
    assert lens.places(sentence_of("They fined it.")) == [1]
    assert lens.places(sentence_of("They left.")) == []


TEXT = st.lists(
    st.sampled_from(
        "Sorrane sorrane’s Rosa Halm fined penalized a fine the AWS Amazon Web Services took the stand ﬁne".split()
    ),
    max_size=20,
).map(" ".join)


@given(TEXT, TEXT)
def test_every_level_lies_between_nothing_and_one_and_has_a_place(question: str, text: str) -> None:
    context = context_of(article_of_sentences(text, title=text[:20]))
    for one in asked(question).concepts:
        lens = Lens(one, context.profile)
        sentence = context.sentences[0]
        found, places = lens.level(sentence), lens.places(sentence)
        assert 0 <= found <= 1
        assert 0 <= lens.in_article <= 1
        assert places == sorted(places)
        assert all(0 <= place < len(sentence.words) for place in places)
        if found >= RELATED:
            assert places


# --- times


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("What did the court decide in 2021?", "The court decided in 2021.", 1.0),
        ("What did the court decide in 2024?", "The court decided.", 0.9),
        ("What did the court decide in 2021?", "The court decided.", 0.0),
    ],
)
def test_a_time_is_spoken_of_by_its_year_or_by_the_articles_day(question: str, text: str, expected: float) -> None:
    [context] = contexts_of(f"Made | 2024-03-01\n    {text}")
    [period] = asked(question).periods
    assert period_level(period, context.sentences[0], context) == expected


# --- in an answer


def test_a_case_of_a_firm_that_is_spelled_otherwise_is_another_case() -> None:
    news = "Ruling in Marliane v. Dost | 2024-03-01\n    Judge Ada Lund ruled for Dost in Marliane v. Dost.\n"
    assert isinstance(decided(news, "Who is the judge in Marliane v. Dost?").answer(), Answered)
    assert isinstance(decided(news, "Who is the judge in Marlian v. Dost?").answer(), NotInCorpus)
    assert isinstance(decided(news, "Who ruled against Marlian?").answer(), NotInCorpus)


def test_a_name_is_a_name_however_it_was_typed() -> None:
    news = "Sorrane fined | 2024-03-01\n    The regulator fined Sorrane $2 million. Later Sorrane paid.\n"
    answers = [decided(news, f"how much was {typed} fined").answer() for typed in ("Sorrane", "sorrane", "SORRANE")]
    assert all(isinstance(answer, Answered) for answer in answers)
    assert {one.evidence[0].short_answer for one in answers if isinstance(one, Answered)} == {"$2 million"}


def test_part_of_a_question_is_a_name_or_another_word() -> None:
    assert {one.part for one in asked("Who fined Sorrane?").concepts} == {Part.CONTENT, Part.NAME}
