"""What a text repeats of a question's words is told by their rarity, their order and how close they stand."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.analyser import analyser_for
from retrieval.index import Statistics
from retrieval.overlap import Overlap, Repeated, rarity
from retrieval.sentence import Sentence
from tests.fakes.reading import article_of_sentences, asked, context_of, sentence_of

NO_STATISTICS = Statistics(0, {})
QUESTION = "Which keeper lit the northern beacon?"


def terms_of(text: str) -> list[str]:
    return analyser_for("en").terms(text)


def repeated(question: str, text: str, statistics: Statistics = NO_STATISTICS) -> Repeated:
    return Overlap(terms_of(question), statistics).of(sentence_of(text))


# --- rarity


def test_the_rarest_of_some_terms_counts() -> None:
    statistics = Statistics(1_000, {"common": 500, "rare": 20})
    assert rarity(["common", "rare"], statistics) == rarity(["rare"], statistics)
    assert rarity(["rare"], statistics) == pytest.approx(math.log(1 + (1_000 - 20 + 0.5) / 20.5))


def test_rarity_is_bounded_in_small_and_in_large_corpora() -> None:
    assert rarity(["word"], Statistics(3, {"word": 3})) == 1.5
    assert rarity(["word"], Statistics(0, {})) == 1.5
    assert rarity(["word"], Statistics(10_000_000, {})) == 9.0


def test_no_term_at_all_is_as_rare_as_one_that_no_passage_holds() -> None:
    statistics = Statistics(500, {"word": 3})
    assert rarity([], statistics) == rarity(["unheard"], statistics)


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_the_more_passages_hold_a_term_the_less_rare_it_is(one: int, other: int) -> None:
    passages = max(one, other)
    fewer, more = sorted((one, other))
    assert rarity(["w"], Statistics(passages, {"w": fewer})) >= rarity(["w"], Statistics(passages, {"w": more}))


# --- what is held


def test_all_terms_held_are_a_share_of_one_and_none_of_nothing() -> None:
    overlap = Overlap(terms_of(QUESTION), NO_STATISTICS)
    assert overlap.share(set(terms_of(QUESTION))) == pytest.approx(1.0)
    assert overlap.share(set()) == 0


def test_a_rare_word_is_a_larger_share_than_a_common_one() -> None:
    statistics = Statistics(1_000, {"keeper": 400, "beacon": 2})
    overlap = Overlap(["keeper", "beacon"], statistics)
    assert overlap.share({"beacon"}) > 0.5 > overlap.share({"keeper"})


def test_a_word_that_is_asked_twice_counts_once() -> None:
    assert Overlap(["tide", "tide", "lamp"], NO_STATISTICS).share({"tide"}) == pytest.approx(0.5)


def test_without_a_term_nothing_is_repeated() -> None:
    overlap = Overlap([], NO_STATISTICS)
    assert overlap.share({"anything"}) == 0
    assert overlap.of(sentence_of("The keeper lit the beacon.")) == Repeated()


def test_the_title_and_the_article_hold_shares_of_their_own() -> None:
    article = article_of_sentences("The keeper slept.", "Nobody lit it.", title="Northern beacon dark")
    profile = context_of(article).profile
    overlap = Overlap(terms_of(QUESTION), NO_STATISTICS)
    assert overlap.title(profile) == pytest.approx(0.5)
    assert overlap.article(profile) == pytest.approx(1.0)


# --- the order and the closeness of what is held


def test_a_sentence_with_none_of_the_words_repeats_nothing() -> None:
    assert repeated(QUESTION, "Rain fell.") == Repeated()
    assert repeated(QUESTION, "") == Repeated()


def test_the_words_in_the_same_order_side_by_side_are_repeated_wholly() -> None:
    found = repeated(QUESTION, "The keeper lit northern beacon.")
    assert tuple(found) == pytest.approx((1.0, 1.0, 1.0, 1.0))


def test_the_words_turned_round_lose_their_order_alone() -> None:
    as_asked = repeated("keeper lamp tide", "Keeper lamp tide.")
    turned = repeated("keeper lamp tide", "Tide lamp keeper.")
    assert turned.order == 0 < as_asked.order
    assert (turned.exact, turned.pairs, turned.near) == (as_asked.exact, as_asked.pairs, as_asked.near)


def test_words_far_apart_are_less_near_than_words_side_by_side() -> None:
    beside = repeated("keeper beacon", "Keeper beacon.")
    apart = repeated("keeper beacon", "Keeper of one very old and quite forgotten wooden beacon.")
    assert apart.near < beside.near
    assert apart.pairs == 0
    assert beside.pairs == pytest.approx(1.0)


def test_neighbours_with_a_word_or_two_between_them_are_half_a_pair() -> None:
    assert repeated("keeper beacon", "Keeper of beacon.").pairs == pytest.approx(0.5)
    assert repeated("keeper beacon", "Keeper of the beacon.").pairs == pytest.approx(0.5)
    assert repeated("keeper beacon", "Keeper of the old beacon.").pairs == 0


def test_a_single_word_of_the_question_is_repeated_without_order_or_pair() -> None:
    found = repeated(QUESTION, "The beacon burned.")
    assert found.exact > 0
    assert (found.pairs, found.order, found.near) == (0, 0, 0)


def test_a_name_known_by_several_forms_is_near_itself_and_no_nearer() -> None:
    """A known name and its own words stand at one place."""
    for name in ("Amazon Web Services", "AWS", "Meta", "the Justice Department"):
        found = repeated(f"Who sued {name}?", f"The keeper sued {name}.")
        assert all(0 <= value <= 1 for value in found), name


TEXT = st.one_of(
    st.text(max_size=300),
    st.lists(
        st.sampled_from(
            "keeper lit beacon northern the a Amazon AWS Web Services Meta v. U.S. 日本 “ﬁ” 12,000 —".split()
        ),
        max_size=40,
    ).map(" ".join),
)


@given(TEXT, TEXT, st.integers(0, 1_000))
def test_whatever_is_asked_and_written_each_value_lies_between_nothing_and_one(
    question: str, text: str, passages: int
) -> None:
    terms = terms_of(question)
    statistics = Statistics(passages, {term: n % (passages + 1) for n, term in enumerate(terms)})
    overlap = Overlap(terms, statistics)
    profile = context_of(article_of_sentences(text, title=text[:50])).profile
    for value in (*overlap.of(sentence_of(text)), overlap.title(profile), overlap.article(profile)):
        assert 0 <= value <= 1 + 1e-9


@given(st.lists(st.sampled_from("keeper lamp tide beacon".split()), min_size=1, max_size=8).map(" ".join))
def test_a_sentence_that_says_all_that_is_asked_holds_all_of_it(question: str) -> None:
    assert repeated(question, question).exact == pytest.approx(1.0)


# --- bounded work


class _Counted(Sequence[int]):
    """Places that count how many of them are looked at."""

    def __init__(self, places: Sequence[int]) -> None:
        self._places = places
        self.seen = 0

    def __getitem__(self, index: int | slice) -> int | Sequence[int]:  # type: ignore[override]
        found = self._places[index]
        self.seen += len(found) if isinstance(found, Sequence) else 1
        return found

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[int]:
        for place in self._places:
            self.seen += 1
            yield place


class _CountedSentence(Sentence):
    """A sentence whose places count how many of them are looked at."""

    counted: Mapping[str, _Counted]

    @property
    def places(self) -> Mapping[str, Sequence[int]]:
        return self.counted


def test_a_word_that_stands_ten_thousand_times_is_looked_at_a_few_times() -> None:
    plain = sentence_of("keeper lamp " * 5_000)
    sentence = _CountedSentence(plain.text, plain.span, 1, plain.analyser)
    object.__setattr__(sentence, "counted", {term: _Counted(at) for term, at in plain.places.items()})
    found = Overlap(["keeper", "lamp"], NO_STATISTICS).of(sentence)
    assert found.pairs == pytest.approx(1.0)
    assert {term: len(at) for term, at in sentence.counted.items()} == {"keeper": 5_000, "lamp": 5_000}
    assert all(at.seen < 200 for at in sentence.counted.values())


def test_a_question_keeps_its_words_for_the_overlap_in_the_order_in_which_they_were_asked() -> None:
    terms = asked(QUESTION).terms
    assert [term for term in terms if not term.startswith("@")] == terms_of(QUESTION)
