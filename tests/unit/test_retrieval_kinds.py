"""The way of asking tells the kind of answer: by the question word of the main clause and the noun behind it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.text import fold
from retrieval.kinds import Kind, kind_of
from retrieval.nouns import LONGEST, asked_nouns, is_plural, term_at


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Which lawmaker wants to question the firm?", Kind.PERSON),
        ("Which relative heard the tape?", Kind.PERSON),
        ("Which staff member's objections were brushed off?", Kind.PERSON),
        ("Which small business owner paid by hand when the servers went dark?", Kind.PERSON),
        ("Which of the justices dissented?", Kind.PERSON),
        ("To whom was the money paid?", Kind.PERSON),
        ("In whose court is it?", Kind.PERSON),
        ("Who won Brindle v. Quarrix?", Kind.PERSON),
        ("What is the name of the judge?", Kind.PERSON),
        ("What charity gets the rest?", Kind.ORGANISATION),
        ("Which contractor's employee left the door open?", Kind.ORGANISATION),
        ("The app was sued by which company?", Kind.ORGANISATION),
        ("What is the name of the company that sued?", Kind.ORGANISATION),
        ("Which law firm represents Corvane?", Kind.ORGANISATION),
        ("Which appeals court judge wrote it?", Kind.PERSON),
        ("Which federal appeals court ruled?", Kind.COURT),
        ("Under which statute was it tried?", Kind.LAW),
        ("Which lockup did the court suggest?", Kind.PLACE),
        ("What price tag did it put on the maps?", Kind.MONEY),
        ("What little money did Marrow get back?", Kind.MONEY),
        ("What sweetener did the designer get?", Kind.MONEY),
        ("What was the daily contempt fine?", Kind.MONEY),
        ("What did Marrow earn under the old deal?", Kind.MONEY),
        ("What is the size of the award?", Kind.MONEY),
        ("By how much was the fine cut?", Kind.MONEY),
        ("Corvane was fined how much?", Kind.MONEY),
        ("How big was the audience of the app?", Kind.NUMBER),
        ("How few papers dealt with it?", Kind.NUMBER),
        ("How often does the board meet?", Kind.NUMBER),
        ("What portion of its staff was let go?", Kind.PERCENT),
        ("How much did the shares fall after the ruling?", Kind.PERCENT),
        ("For what period did it keep the data?", Kind.DURATION),
        ("How soon must it pay?", Kind.DURATION),
        ("What was he sentenced to?", Kind.DURATION),
        ("When X went dark, who noticed?", Kind.PERSON),
        ("When will the judge who blocked it rule?", Kind.DATE),
        ("What were the judge's words?", Kind.QUOTE),
        ("What excuse did the founder give?", Kind.REASON),
        ("What led to the ruling?", Kind.REASON),
        ("What stopped the merger?", Kind.REASON),
        ("How close was the vote?", Kind.VOTE),
        ("How does the challenge stand?", Kind.EVENT),
        ("Which court order did Corvane break?", Kind.THING),
        ("What device did Corvane sell?", Kind.THING),
        ("What kind of data was leaked?", Kind.THING),
        ("Which tools act as locks?", Kind.THING),
        ("Did Corvane win, and by how much?", Kind.MONEY),
        ("Has the judge who blocked the law ruled again?", Kind.YES_NO),
    ],
)
def test_the_noun_behind_the_question_word_tells_the_kind(text: str, kind: Kind) -> None:
    assert kind_of(text) is kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("whats the docket number in brindle v quarrix", Kind.DOCKET),
        ("whos the judge", Kind.PERSON),
        ("wheres the trial", Kind.PLACE),
        ("when's the next hearing", Kind.DATE),
        ("y did the court block it", Kind.REASON),
        ("how come they lost", Kind.REASON),
        ("why didnt they appeal", Kind.REASON),
        ("what'd the judge say", Kind.QUOTE),
        ("so who is the judge", Kind.PERSON),
        ("Can you tell me who the judge is?", Kind.PERSON),
        ("do you know when the trial starts?", Kind.DATE),
        ("After the merger, who became chief executive?", Kind.PERSON),
        ("According to the filing, how many users left?", Kind.NUMBER),
    ],
)
def test_sloppy_and_roundabout_wordings_are_read_the_same(text: str, kind: Kind) -> None:
    assert kind_of(text) is kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("docket number for Brindle v. Quarrix?", Kind.DOCKET),
        ("judge in Brindle v Quarrix", Kind.PERSON),
        ("fine amount?", Kind.MONEY),
        ("date of the hearing", Kind.DATE),
        ("compare the bonds: Brindle and Quarrix", Kind.MONEY),
        ("list the plaintiffs", Kind.PERSON),
        ("status of the Corvane case", Kind.EVENT),
        ("tell me about Corvane", Kind.EVENT),
        ("corvane fine", Kind.EVENT),
        ("the case in which Corvane sued", Kind.EVENT),
    ],
)
def test_a_phrase_without_a_question_word_is_read_by_its_noun(text: str, kind: Kind) -> None:
    assert kind_of(text) is kind


def test_every_term_of_the_list_asks_for_one_kind_and_is_folded() -> None:
    kinds = {str(kind) for kind in Kind}
    for term, kind in asked_nouns().items():
        assert kind in kinds
        assert 1 <= len(term) <= LONGEST + 1
        assert all(word == fold(word) for word in term)


def test_a_plural_is_its_singular() -> None:
    assert term_at(("agencies",)) == term_at(("agency",))
    assert term_at(("spokesmen",)) == term_at(("spokesman",))
    assert is_plural("judges")
    assert not is_plural("judge")


def test_the_longest_term_counts() -> None:
    assert term_at(("case", "number", "of")) == (2, "docket")
    assert term_at(("court", "order")) == (2, "thing")


PIECES = st.sampled_from(
    "who whose what which when where why how much many is did the judge court of law "
    "firm's price v. Brindle ? , and to".split()
)


@given(st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=14).map(" ".join)))
def test_any_text_asks_for_some_kind(text: str) -> None:
    assert kind_of(text) in Kind


@pytest.mark.parametrize("piece", ["what ", "which law ", "who, ", "how much of the ", "a "])
def test_a_message_of_the_longest_kind_is_read_at_once(piece: str) -> None:
    began = time.process_time()
    kind_of((piece * 2_000)[:2_000])
    assert time.process_time() - began < 0.2
