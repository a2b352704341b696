"""Of several spans of the asked kind in one sentence, the one that belongs to what was asked is picked out."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.collection import LIBRARY
from corpus.model import Article, Passage, Span
from retrieval.analyser import analyser_for
from retrieval.fitting import Fitting
from retrieval.matching import Context, Lens, with_names
from retrieval.phrases import head_phrase
from retrieval.question import parse
from retrieval.sentence import Profile, Sentence

NOW = datetime(2024, 3, 15, 12, 0, tzinfo=UTC)


def fitted(question: str, text: str) -> tuple[str | None, float]:
    """The span picked out of a sentence that is all of its article, and how well it fits."""
    whole = Span(0, len(text))
    sentence = Sentence(text, whole, 1, analyser_for("en"))
    article = Article(1, LIBRARY, "made", 1, "Made", text, passages=(Passage(whole, (whole,), 1),))
    profile = Profile(article, (sentence,))
    asked = with_names(parse(question, NOW), [Context(profile, (sentence,))])
    lenses = [Lens(concept, profile) for concept in asked.concepts]
    span, fit = Fitting(asked, [4.0] * len(asked.concepts)).best(sentence, lenses)
    return (span.of(text) if span else None), fit


def picked(question: str, text: str) -> str | None:
    return fitted(question, text)[0]


@pytest.mark.parametrize(
    ("question", "answer"),
    [("How much was Corvane fined?", "$2 million"), ("How much was Quarrix fined?", "$5 million")],
)
def test_a_sum_goes_with_the_name_of_its_own_part(question: str, answer: str) -> None:
    assert picked(question, "The commission fined Corvane $2 million and Quarrix $5 million.") == answer


@pytest.mark.parametrize(
    ("question", "answer"),
    [("When did Pellam buy Brindle?", "2012"), ("When did Pellam buy Quarrix?", "2014")],
)
def test_a_date_goes_with_the_name_of_its_own_part(question: str, answer: str) -> None:
    assert picked(question, "Pellam bought Brindle in 2012 and Quarrix in 2014.") == answer


@pytest.mark.parametrize(
    ("question", "answer"),
    [("How long does Corvane have for the photos?", "60 days"), ("How long does it have for the maps?", "90 days")],
)
def test_a_duration_goes_with_the_noun_of_its_own_part(question: str, answer: str) -> None:
    assert picked(question, "Corvane has 60 days for the photos and 90 days for the maps.") == answer


def test_a_noun_that_belongs_to_the_first_sum_is_not_the_second_ones() -> None:
    text = "She set a bond of $2 million, far below the $90 million Corvane had asked for."
    assert picked("How big was the bond in Brindle v. Corvane?", text) == "$2 million"


def test_what_was_left_behind_is_no_answer_about_the_present() -> None:
    text = "The company moved its headquarters from Boston to Boise, Idaho, in May."
    assert picked("Where is the company headquartered?", text) == "Boise, Idaho"
    assert picked("How large is the share now?", "The share fell from 61 percent to 37 percent.") == "37 percent"


def test_what_the_question_excludes_attracts_nothing() -> None:
    text = "He granted $7.3 million in attorneys' fees plus $640,000 in costs."
    assert picked("What amount in costs, apart from fees, did he grant?", text) == "$640,000"


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Who is the chief executive of Corvane?", "Ines Marrow, who runs Corvane, denied it."),
        ("Who is Corvane's lawyer?", "Corvane, whose lawyer is Ines Marrow, denied it."),
        ("Who is Corvane's lawyer?", "Its lawyer is Ines Marrow of the Portland firm Tull, Corvane said."),
        ("Who is the lead lawyer for Corvane?", "Ines Marrow, the lead lawyer for Corvane, denied it."),
        ("Who is counsel for Corvane?", "Counsel for Corvane, Ines Marrow, denied it."),
        ("Who represents Corvane?", "Corvane is represented by Ines Marrow of Orme Castle."),
        ("Who represents Corvane?", "Ines Marrow of Orme Castle, who represents Corvane, denied it."),
        ("Who represented Corvane on appeal?", "Corvane was represented on appeal by former judge Ines Marrow."),
        ("Which engineer admitted copying 11,000 files?", "Former Quarrix engineer Ines Marrow admitted copying them."),
        ("Who is class counsel?", "She is represented by Ines Marrow of Orme Castle, who was named class counsel."),
        ("Who wrote the bill?", "Rep. Ines Marrow, R-Albany, who wrote the bill, said so."),
    ],
)
def test_whoever_holds_the_office_or_did_it_is_found_in_any_order(question: str, text: str) -> None:
    assert picked(question, text) == "Ines Marrow"


def test_the_head_of_another_firm_is_not_the_one_asked_for() -> None:
    assert picked("Who is the CEO of Corvane?", "Pellam, whose chief executive is Orla Tamsin, sued.") is None


def test_who_won_is_one_of_the_parties() -> None:
    asked = "Who won Brindle v. Quarrix?"
    assert picked(asked, "In Brindle v. Quarrix, the judge sided with Quarrix.") == "Quarrix"
    assert picked("Who lost Brindle v. Quarrix?", "The judge ruled against Brindle and for Quarrix.") == "Brindle"


def test_somebody_without_a_name_is_told_by_what_they_are() -> None:
    assert picked("Who found the clip?", "The clip was found by a paralegal on the website of a club.") == "a paralegal"


def test_a_name_is_better_than_what_somebody_is() -> None:
    assert picked("Who found the clip?", "The clip was found by Ines Marrow, a paralegal.") == "Ines Marrow"


def test_a_thing_is_told_by_the_noun_asked_for() -> None:
    text = "The intruders got in through a server called Lantern Box in May."
    assert picked("Through which server did the intruders get in?", text) == "Lantern Box"


def test_better_no_words_than_wrong_ones_where_a_thing_is_asked_for() -> None:
    assert picked("What device did Corvane sell?", "Quarrix met Pellam in Portland.") is None


def test_a_short_reason_is_a_whole_clause() -> None:
    text = "It was fined because the keepers had left the light, and it will appeal."
    assert picked("Why was it fined?", text) == "because the keepers had left the light"


def test_a_long_reason_is_cut_behind_a_phrase() -> None:
    text = "It was fined because the keepers had left the light on the cape to look for the sea in winter."
    told = picked("Why was it fined?", text)
    assert told is not None
    assert told.startswith("because the keepers had left the light")
    assert not told.endswith("winter")


def test_a_long_clause_is_cut_after_its_first_phrase() -> None:
    text = "the harbor was closed for the whole winter because the keepers of the light had left for the sea"
    head = head_phrase(text, Span(0, len(text)), least=4)
    assert head.of(text) == "the harbor was closed for the whole winter"


def test_a_clause_is_never_cut_where_its_sense_would_turn() -> None:
    text = "the harbor was not only closed, but that the keepers had also burned down every light in town"
    assert head_phrase(text, Span(0, len(text)), least=4).of(text) == text


QUESTIONS = (
    "Who sued Corvane?",
    "Which law firm sued?",
    "How much did Corvane pay?",
    "When was it?",
    "How long?",
    "Why did it?",
    "What percentage?",
    "How many users?",
    "What did Corvane say?",
    "Where is it?",
    "Which court?",
    "Which law?",
    "How old is he?",
    "What was the vote?",
    "docket number of it?",
    "Who is Corvane?",
    "What did Corvane require?",
    "Who is the judge of Corvane?",
    "Who won Corvane v. Quarrix?",
)


@pytest.mark.parametrize(
    "piece",
    [
        "$5 million and ",
        "“a b c” ",
        "Ann Lee of ",
        "because it ",
        "for doing ",
        "said that ",
        "May 5, ",
        "a school ",
        "AA ",
    ],
)
def test_a_sentence_of_ten_thousand_characters_holds_nobody_up(piece: str) -> None:
    text = f"Corvane said {(piece * 10_000)[:10_000]}."
    began = time.process_time()
    for question in QUESTIONS:
        picked(question, text)
    assert time.process_time() - began < 5


PIECES = st.sampled_from(
    "Judge Ines Marrow of Corvane Inc. paid $12 million , from to and €5 30% 6-3 because the lawyer who whose is by "
    "“tide” in Dublin Act users on Jan. 21, 2021 for 18 months sued won against a paralegal called".split(" ")
)


@given(st.lists(PIECES, max_size=20).map(" ".join), st.sampled_from(QUESTIONS))
def test_how_well_an_answer_fits_is_between_none_and_one(text: str, question: str) -> None:
    answer, fit = fitted(question, text)
    assert 0 <= fit <= 1
    assert (answer is None) == (fit == 0)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Which company did Brindle buy?", "Pellam Corp. agreed to buy Brindle for $2 million."),
        ("Who bought Pellam?", "Pellam Corp. agreed to buy Brindle for $2 million."),
        ("How much did Brindle pay for Pellam?", "Pellam Corp. agreed to buy Brindle for $2 million."),
        ("How much did Brindle pay Pellam?", "Pellam agreed to pay Brindle $5 million."),
        ("When did Brindle sue the Chart Bureau?", "The Chart Bureau sued Brindle on March 3, 2021."),
    ],
)
def test_a_sentence_that_tells_it_the_other_way_round_has_no_answer(question: str, text: str) -> None:
    assert picked(question, text) is None


@pytest.mark.parametrize(
    ("question", "answer"),
    [("Who fined Brindle?", "Chart Office"), ("Whom did the Chart Office fine?", "Brindle")],
)
def test_who_did_it_and_whom_it_was_done_to_are_told_apart(question: str, answer: str) -> None:
    assert picked(question, "The Chart Office fined Brindle €12 million.") == answer


def test_a_sum_that_was_only_sought_was_not_won() -> None:
    assert picked("How much did Pellam win?", "Pellam had sought $310 million.") is None


def test_a_sum_that_was_sought_answers_who_asks_for_it() -> None:
    assert picked("How much did Pellam seek?", "Pellam had sought $310 million.") == "$310 million"


def test_the_day_of_a_ruling_on_a_suit_is_not_the_day_of_the_suit() -> None:
    text = "A judge on Thursday dismissed the suit that Pellam brought against Brindle."
    assert picked("When did Pellam sue Brindle?", text) is None
    assert picked("When was Pellam's suit dismissed?", text) == "Thursday"


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Who is Abel Roth?", "Brindle’s general counsel"),
        ("Who is Night Tern?", "group"),
        ("Who is Sunita Vale?", "runs the lab"),
    ],
)
def test_what_somebody_is_stands_beside_the_name_and_is_no_predicate(question: str, answer: str) -> None:
    text = (
        "Brindle’s general counsel, Abel Roth, said a group called Night Tern had demanded it, "
        "and Sunita Vale, who runs the lab, agreed."
    )
    assert answer in (picked(question, text) or "")


def test_what_a_suit_is_about_is_no_reason_for_its_end() -> None:
    text = "The judge dismissed a suit that Pellam brought over its tide tables."
    assert picked("Why was the suit dismissed?", text) is None
    assert picked("Why did Pellam sue?", text) == "its tide tables"


def test_only_a_name_answers_who_asks_for_a_name() -> None:
    assert picked("What's the name of the student?", "A student said her niece had called.") is None


def test_a_judge_is_not_listed_with_firms() -> None:
    text = "Of Lantern and Brindle, U.S. District Judge James Marrow said little."
    assert picked("Who is the judge?", text) == "James Marrow"


@pytest.mark.parametrize("verb", ["held liable for the fire", "called a thief", "told to leave the harbor"])
def test_what_is_said_of_somebody_in_the_passive_is_not_what_they_said(verb: str) -> None:
    text = f"Corvane and Pellam cannot be {verb} because of the wind, the court ruled in May."
    told = picked("What did the court say about Corvane?", text)
    assert told is None or "not" in told
