"""An explanation accounts for the answer: its shares come to its scores, its reasons to its outcome."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.collection import LIBRARY, Collection
from retrieval.answer import Asker, Ready
from retrieval.bm25 import Parameters
from retrieval.decision import Limits
from retrieval.explanation import Explanation, FoundPassage, Share, explained, found_passages
from retrieval.index import Filters, Hit
from retrieval.model import Answer, Answered, Asked, NeedsDetail, NotAQuestion, NotInCorpus, Partial, Topic
from tests.fakes.corpus import FakeCorpus
from tests.fakes.index import NaiveIndex
from tests.fakes.reading import NOW, article_of_sentences, asker_of, decided

NEWS = """
    Judge halts Vantel drones | The Ledger | 2024-03-01 | key=drones
        Judge Ines Marrow on Friday barred Vantel from flying drones over the harbor. Norland had sued Vantel in May.
        Vantel must pay $3 million. It said it would appeal.
    Vantel fined | Daily Semaphore | 2024-04-01 | key=fined
        The harbor regulator fined Vantel $7 million because its drones had filmed homes.
    Tollen v. Ashgrove | The Ledger | 2024-04-02 | key=tollen
        A federal judge ruled that Tollen v. Ashgrove must go to trial. Tollen accuses Ashgrove of copying 14 songs.
"""
QUESTIONS = (
    "Who is the judge in the case against Vantel?",
    "How much was Vantel fined?",
    "Why was Vantel fined?",
    "Did Vantel appeal?",
    "Who is the judge in Tollen v. Ashgrove?",
    "Who is the CEO of Vantel?",
    "How old is Zorbel?",
    "drones drones drones harbor",
)


def explain(text: str, asker: Asker | None = None, filters: Filters | None = None) -> Explanation:
    return asyncio.run((asker or asker_of(NEWS)).explain(Asked(text, NOW, filters or Filters())))


def adds_up(explanation: Explanation) -> None:
    """All shares come to their scores, but for their rounding."""
    for passage in explanation.passages:
        assert sum(share.value for share in passage.shares) == pytest.approx(passage.score, abs=1e-3)
    for sentence in explanation.sentences:
        assert sum(share.value for share in sentence.shares) == pytest.approx(sentence.score, abs=5e-3)


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_shares_come_to_the_scores(question: str) -> None:
    adds_up(explain(question))


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_same_answer_is_explained_that_is_given(question: str) -> None:
    asker = asker_of(NEWS)
    assert explain(question, asker).answer == asyncio.run(asker.ask(Asked(question, NOW)))


@pytest.mark.parametrize("question", QUESTIONS)
def test_passages_and_sentences_are_ranked_best_first_without_a_gap(question: str) -> None:
    explanation = explain(question)
    passages = [(one.rank, one.citation.number, one.score) for one in explanation.passages]
    sentences = [(one.rank, one.citation.number, one.score) for one in explanation.sentences]
    for ranked in (passages, sentences):
        assert [rank for rank, _, _ in ranked] == list(range(1, len(ranked) + 1))
        assert all(number == rank for rank, number, _ in ranked)
        scores = [score for _, _, score in ranked]
        assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_is_quoted_stands_where_it_is_cited(question: str) -> None:
    articles = {article.id: article for article in FakeCorpus(NEWS).articles}
    explanation = explain(question)
    shown = [(one.citation, one.text) for one in explanation.passages]
    shown += [(one.citation, one.text) for one in explanation.sentences]
    for citation, text in shown:
        assert articles[citation.article_id].text[citation.start : citation.end] == text


@pytest.mark.parametrize("question", QUESTIONS)
def test_shares_are_told_largest_first(question: str) -> None:
    explanation = explain(question)
    for passage in explanation.passages:
        values = [share.value for share in passage.shares]
        assert values == sorted(values, reverse=True)
    for sentence in explanation.sentences:
        sizes = [abs(share.value) for share in sentence.shares]
        assert sizes == sorted(sizes, reverse=True)
        assert all(sizes)


@pytest.mark.parametrize("question", QUESTIONS)
def test_each_sentence_is_as_sure_as_a_probability(question: str) -> None:
    assert all(0 <= sentence.confidence <= 1 for sentence in explain(question).sentences)


def test_each_word_of_the_question_has_a_share_in_a_passage_that_holds_it() -> None:
    [first, *_] = explain("Which drones flew over the harbor?").passages
    assert {"drone", "harbor"} <= {share.name for share in first.shares}
    assert "the" not in {share.name for share in first.shares}


def test_the_words_picked_out_are_told_with_their_sentence() -> None:
    explanation = explain("How much was Vantel fined?")
    assert "$7 million" in [sentence.answer for sentence in explanation.sentences]
    assert all(one.answer is None or one.answer in one.text for one in explanation.sentences)


# --- reasons


def test_the_reason_of_an_answer_names_the_first_sentence_that_may_be_shown() -> None:
    explanation = explain("How much was Vantel fined?")
    assert isinstance(explanation.answer, Answered)
    shown = next(one for one in explanation.sentences if not one.kept_out)
    assert explanation.reason == (
        f"Sentence {shown.rank} is the first that may be shown, with confidence {explanation.answer.confidence:.2f}."
    )
    assert explanation.answer.confidence == pytest.approx(shown.confidence, abs=1e-4)


def test_the_reason_of_a_refusal_says_why_the_first_sentence_was_kept_out() -> None:
    explanation = explain("Who is the CEO of Vantel?")
    assert isinstance(explanation.answer, NotInCorpus)
    assert explanation.sentences[0].kept_out
    assert explanation.sentences[0].kept_out in explanation.reason


def test_the_reason_of_a_part_says_what_is_missing() -> None:
    explanation = explain("Who is the judge in Tollen v. Ashgrove?")
    assert isinstance(explanation.answer, Partial)
    assert explanation.reason == f"A part is stated. {explanation.answer.missing}"


def test_the_reason_for_asking_back_is_that_several_cases_fit() -> None:
    decision = decided(NEWS, "How much was Vantel fined?")
    unclear = NeedsDetail(0.5, "2 cases fit.", ("A", "B"))
    assert explained(decision, [], unclear).reason == "Several cases fit equally well."


def test_where_nothing_holds_a_word_of_it_that_is_the_reason() -> None:
    explanation = explain("Zorbel quixum?")
    assert isinstance(explanation.answer, NotInCorpus)
    assert explanation.reason == "No passage holds words of the question."
    assert (explanation.passages, explanation.sentences) == ((), ())


@pytest.mark.parametrize("text", ["hello", "", "?!", "can I sue Vantel?", "the of"])
def test_what_is_no_question_is_explained_without_a_search(text: str) -> None:
    explanation = explain(text)
    assert isinstance(explanation.answer, NotAQuestion)
    assert explanation.reason == "It is no question that articles could answer."
    assert (explanation.passages, explanation.sentences) == ((), ())


def test_an_answer_that_nothing_was_asked_for_has_a_reason_too() -> None:
    decision = decided(NEWS, "How much was Vantel fined?")
    assert explained(decision, [], NotAQuestion(Topic.HELP)).reason.startswith("It is no question")


def test_an_empty_corpus_explains_its_refusal() -> None:
    explanation = explain("How much was Vantel fined?", asker_of(""))
    assert isinstance(explanation.answer, NotInCorpus)
    assert explanation.reason == "No passage holds words of the question."


def test_a_question_of_two_parts_is_explained_without_saying_what_is_not_so() -> None:
    explanation = explain("How much was Vantel fined and when did Norland sue Vantel?")
    assert isinstance(explanation.answer, Answered)
    for one in explanation.sentences:
        if explanation.reason.startswith(f"Sentence {one.rank} is"):
            assert f"confidence {one.confidence:.2f}." in explanation.reason


# --- why a sentence may not be shown


@pytest.mark.parametrize(
    ("question", "sentence", "why"),
    [
        ("Who is the judge in Quarrix v. Vantel?", "Judge Ines Marrow", "its article is about another case"),
        ("How old is Rosa Halm, who filmed the harbor?", "The harbor regulator", "it is not about the names"),
        ("When was Vantel fined?", "The harbor regulator", "it holds no date that could be meant"),
        ("Which court fined Vantel?", "The harbor regulator", "it holds no court that could be meant"),
    ],
)
def test_a_sentence_is_kept_out_for_a_reason_of_its_own(question: str, sentence: str, why: str) -> None:
    weighed = next(one for one in explain(question).sentences if one.text.startswith(sentence))
    assert why in weighed.kept_out


def test_a_sentence_that_is_not_sure_enough_says_so_with_both_numbers() -> None:
    asker = asker_of(NEWS, Limits(confidence=1.0))
    weighed = next(one for one in explain("How much was Vantel fined?", asker).sentences if one.answer == "$7 million")
    assert weighed.kept_out == f"its confidence of {weighed.confidence:.2f} is below 1.00"


def test_a_sentence_that_decides_nothing_says_neither_yes_nor_no() -> None:
    explanation = explain("Did the regulator close the harbor to drones?")
    assert "it says neither yes nor no itself" in {one.kept_out for one in explanation.sentences}


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_answer_comes_from_a_sentence_that_was_not_kept_out(question: str) -> None:
    explanation = explain(question)
    if isinstance(explanation.answer, Answered):
        shown = {one.text for one in explanation.sentences if not one.kept_out}
        assert any(text in explanation.answer.evidence[0].text for text in shown)


# --- passages by themselves

ARTICLE = article_of_sentences("The keeper lit the beacon.", "It burned all night.")
AT = ARTICLE.passages[0]


def told(of_terms: dict[str, dict[int, float]], score: float = 3.0) -> FoundPassage:
    [found] = found_passages([Hit(AT.id, ARTICLE.id, score)], {ARTICLE.id: ARTICLE}, of_terms)
    return found


def test_a_passages_shares_are_those_of_the_terms_that_it_holds() -> None:
    found = told({"keeper": {AT.id: 1.0}, "beacon": {AT.id: 2.0}, "tide": {99: 4.0}})
    assert found.shares == (Share("beacon", 2.0), Share("keeper", 1.0))


def test_what_no_term_accounts_for_is_told_as_a_remainder() -> None:
    assert told({"keeper": {AT.id: 1.0}}).shares == (Share("other words", 2.0), Share("keeper", 1.0))
    assert told({}).shares == (Share("other words", 3.0),)


def test_a_remainder_of_rounding_is_not_told() -> None:
    assert told({"keeper": {AT.id: 2.9999}}).shares == (Share("keeper", 2.9999),)


def test_a_passage_whose_article_is_not_at_hand_is_left_out() -> None:
    hits = [Hit(99, 9, 5.0), Hit(98, ARTICLE.id, 4.0), Hit(AT.id, ARTICLE.id, 3.0)]
    [found] = found_passages(hits, {ARTICLE.id: ARTICLE}, {})
    assert (found.rank, found.citation.number, found.score) == (3, 3, 3.0)
    assert list(found_passages([], {}, {})) == []


def test_no_more_than_the_best_eight_are_told() -> None:
    articles = {n: article_of_sentences("A beacon.", number=n) for n in range(1, 20)}
    hits = [Hit(n, n, 20.0 - n) for n in articles]
    assert [one.rank for one in found_passages(hits, articles, {})] == list(range(1, 9))


# --- with other engines and scopes


def test_where_pairs_are_indexed_their_shares_count_too() -> None:
    corpus = FakeCorpus(NEWS)
    index = NaiveIndex(Parameters(pairs=True))
    index.apply(asyncio.run(corpus.changes(0, 10)))
    explanation = explain("Which harbor regulator fined Vantel?", Asker(Ready(index), corpus, pair_weight=0.5))
    assert any("\x1f" in share.name for one in explanation.passages for share in one.shares)
    adds_up(explanation)


def test_nothing_of_another_guilds_articles_is_told() -> None:
    corpus = FakeCorpus(NEWS)
    corpus.write("Vantel secret | Own | key=own | guild:7\n    Vantel was fined $9 million in secret.")
    question = "How much was Vantel fined?"
    theirs = explain(question, asker_of(corpus), Filters((LIBRARY, Collection(8))))
    assert theirs == explain(question)
    ours = explain(question, asker_of(corpus), Filters((LIBRARY, Collection(7))))
    assert "own" in {one.citation.key for one in ours.passages}


def _is_explained(answer: Answer) -> bool:
    return not isinstance(answer, NotAQuestion)


@settings(max_examples=80)
@given(
    st.one_of(
        st.lists(
            st.sampled_from(
                "who when how much why did was Vantel fined harbor drones Norland sue Tollen v. Ashgrove and ?".split()
            ),
            max_size=12,
        ).map(" ".join),
        st.text(max_size=60),
    )
)
def test_whatever_is_asked_the_shares_come_to_the_scores(question: str) -> None:
    explanation = explain(question)
    adds_up(explanation)
    assert explanation.reason.endswith((".", "?"))
    assert _is_explained(explanation.answer) or not explanation.sentences
