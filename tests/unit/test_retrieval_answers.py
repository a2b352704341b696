"""Questions on a few invented articles: what is answered, with which words, and what is refused in which words."""

# ruff: noqa: E501 - what is refused is read in one line

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.collection import LIBRARY, Collection
from retrieval.answer import Asker, Ready
from retrieval.bm25 import Parameters
from retrieval.decision import Limits
from retrieval.embedded import EmbeddedIndex
from retrieval.index import Filters
from retrieval.model import Answer, Answered, Asked, Evidence, NeedsDetail, NotAQuestion, NotInCorpus, Partial, Topic
from tests.fakes.corpus import FakeCorpus, read_notation
from tests.fakes.index import NaiveIndex

NOW = datetime(2024, 6, 1, 12, 0, tzinfo=UTC)
GUILD = Collection(7)

CASES = """
    Judge denies Brindle’s bid to halt Quarrix maps | The Ledger | 2024-03-01 | key=brindle | https://ledger.example/b
        U.S. District Judge Ines Marrow on Friday denied a request by Brindle Charts to stop Quarrix Labs from selling its lighthouse maps. Brindle had sued in U.S. District Court in Portland in January.
        “The tide of competition is no wrong,” Marrow wrote. She said Brindle had not shown that it would be harmed. The company was ordered to pay $40,000 in costs.
        Brindle filed its complaint on Jan. 8, 2024, and Quarrix answered on Feb. 2, 2024.
    Regulator fines Corvane over cookies | Daily Semaphore | 2024-05-10 | key=corvane
        The Harbor Data Authority fined Corvane $12.5 million on Thursday because the company had placed cookies without consent.
        Corvane chief executive Dane Holloway called the fine a mistake. A spokesman for Pellam, whose chief executive is Orla Tamsin, declined to comment.
        The inquiry began in 2022 and covered 3 million users in Norland.
    Tollen v. Ashgrove heads to trial | The Ledger | 2024-04-02 | key=tollen
        A federal judge ruled on Tuesday that Tollen v. Ashgrove must go to trial. Tollen accuses Ashgrove of copying 14 songs.
        The trial is set for September. Neither company would comment.
    Ruling in Ferrow v. Ostrand | Daily Semaphore | 2023-11-20 | key=ferrow
        U.S. District Judge Paul Wexley ruled for Ferrow in Ferrow v. Ostrand on Monday. The jury had awarded $2 million to Ferrow.
        Ostrand said it would appeal to the Ninth Circuit.
"""


@dataclass(frozen=True, slots=True)
class Desk:
    """A corpus and who answers from it."""

    corpus: FakeCorpus
    asker: Asker

    def ask(self, text: str, filters: Filters | None = None, *, now: datetime = NOW) -> Answer:
        return asyncio.run(self.asker.ask(Asked(text, now, filters or Filters())))


def desk(corpus: FakeCorpus, limits: Limits | None = None) -> Desk:
    index = EmbeddedIndex()
    index.apply(asyncio.run(corpus.changes(0, 1_000)))
    return Desk(corpus, Asker(Ready(index), corpus, limits))


@cache
def four_articles() -> Desk:
    return desk(FakeCorpus(CASES))


def shown(answer: Answer) -> tuple[Evidence, ...]:
    """All evidence of an answer, claimed or not."""
    match answer:
        case Answered():
            return answer.evidence
        case Partial():
            return (*answer.evidence, *answer.closest)
        case NotInCorpus() | NeedsDetail():
            return answer.closest
        case NotAQuestion():
            return ()


def check_evidence(corpus: FakeCorpus, answer: Answer) -> None:
    """Every quotation is verbatim, and what is marked lies inside, in order, without overlap."""
    articles = {article.id: article for article in corpus.articles}
    for evidence in shown(answer):
        citation = evidence.citation
        article = articles[citation.article_id]
        assert article.text[citation.start : citation.end] == evidence.text
        assert (citation.key, citation.collection, citation.revision) == (
            article.key,
            article.collection,
            article.revision,
        )
        assert (citation.title, citation.publication, citation.published, citation.url) == (
            article.title,
            article.publication,
            article.published,
            article.url,
        )
        spans = [*evidence.highlights]
        assert spans == sorted(spans)
        assert all(one.end <= other.start for one, other in pairwise(spans))
        for span in [*spans, *([evidence.answer] if evidence.answer else [])]:
            assert 0 <= span.start < span.end <= len(evidence.text)
        assert evidence.why
    every = [*getattr(answer, "evidence", ()), *getattr(answer, "closest", ())]
    assert [evidence.citation.number for evidence in every] == list(range(1, len(every) + 1))


@pytest.mark.parametrize(
    ("question", "key", "span"),
    [
        ("Who is the judge in Brindle v. Quarrix?", "brindle", "Ines Marrow"),
        ("who is the judge in brindle vs quarrix", "brindle", "Ines Marrow"),
        ("Which judge denied Brindle's request?", "brindle", "Ines Marrow"),
        ("Which court is Brindle suing in?", "brindle", "U.S. District Court in Portland"),
        ("When did Brindle file its complaint?", "brindle", "Jan. 8, 2024"),
        ("When did Quarrix answer?", "brindle", "Feb. 2, 2024"),
        ("What did Marrow write?", "brindle", "The tide of competition is no wrong"),
        ("How much must Brindle pay in costs?", "brindle", "$40,000"),
        ("Who fined Corvane?", "corvane", "Harbor Data Authority"),
        ("How much was Corvane fined?", "corvane", "$12.5 million"),
        ("Why was Corvane fined?", "corvane", "because the company had placed cookies without consent"),
        ("Who is the CEO of Corvane?", "corvane", "Dane Holloway"),
        ("Who is the chief executive of Corvane?", "corvane", "Dane Holloway"),
        ("Who is the CEO of Pellam?", "corvane", "Orla Tamsin"),
        ("Who is Dane Holloway?", "corvane", "Corvane chief executive"),
        ("How many users did the inquiry cover?", "corvane", "3 million users"),
        ("When did the inquiry into Corvane begin?", "corvane", "2022"),
        ("How many songs does Tollen say were copied?", "tollen", "14 songs"),
        ("How much did the jury award Ferrow?", "ferrow", "$2 million"),
        ("Which court will Ostrand appeal to?", "ferrow", "Ninth Circuit"),
        ("Who is the judge in Ferrow v. Ostrand?", "ferrow", "Paul Wexley"),
    ],
)
def test_what_an_article_states_is_answered_with_its_words(question: str, key: str, span: str) -> None:
    answer = four_articles().ask(question)
    assert isinstance(answer, Answered)
    assert answer.evidence[0].citation.key == key
    assert answer.evidence[0].short_answer == span
    assert 0.45 <= answer.confidence <= 1
    check_evidence(four_articles().corpus, answer)


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("Who is the judge in Harlow v. Wenn?", "No article covers Harlow v. Wenn."),
        ("Who is the judge in Corvane v. Quarrix?", "No article covers Corvane v. Quarrix."),
        (
            "Who is the CEO of Quarrix?",
            "One article mentions Quarrix; it doesn’t name the CEO.",
        ),
        ("Who is the CEO of Zentrix?", "No article mentions Zentrix."),
        ("What is the capital of Mongolia?", "No article mentions Mongolia."),
        (
            "How much did the jury award Tollen?",
            "One article mentions Tollen; it doesn’t say how much the jury awarded Tollen.",
        ),
        (
            "Did Quarrix settle with Brindle?",
            "One article mentions Quarrix and Brindle; it doesn’t say whether Quarrix settled with Brindle.",
        ),
        (
            "How old is Dane Holloway?",
            "One article mentions Dane Holloway; no sentence in it was found to give the age.",
        ),
        (
            "Which law did Corvane break?",
            "One article mentions Corvane; it doesn’t say which law Corvane broke.",
        ),
        (
            "What is the docket number of Brindle v. Quarrix?",
            "One article covers Brindle v. Quarrix; no sentence in it was found to give the docket number.",
        ),
        (
            "What was the vote in Ferrow v. Ostrand?",
            "One article covers Ferrow v. Ostrand; no sentence in it was found to give the vote.",
        ),
    ],
)
def test_what_no_article_states_is_refused_with_what_is_missing(question: str, missing: str) -> None:
    answer = four_articles().ask(question)
    assert isinstance(answer, NotInCorpus)
    assert answer.missing == missing
    assert answer.confidence < 0.45
    check_evidence(four_articles().corpus, answer)


def test_the_closest_passages_of_a_refusal_claim_nothing() -> None:
    answer = four_articles().ask("Who is the CEO of Quarrix?")
    assert isinstance(answer, NotInCorpus)
    assert answer.closest
    assert all(evidence.answer is None for evidence in answer.closest)


def test_the_head_of_another_company_is_not_taken_for_the_one_asked_for() -> None:
    corpus = FakeCorpus("""
        Brindle sues Quarrix | The Ledger | 2024-03-01
            Brindle sued Quarrix on Friday. Brindle CEO Dane Holloway said Quarrix had cut it off.
            Quarrix did not comment.
    """)
    answer = desk(corpus).ask("Who is the CEO of Quarrix?")
    assert not isinstance(answer, Answered)
    assert all(evidence.short_answer is None for evidence in shown(answer))


def test_a_role_without_a_name_is_a_part_of_the_answer() -> None:
    answer = four_articles().ask("Who is the judge in Tollen v. Ashgrove?")
    assert isinstance(answer, Partial)
    assert answer.missing == "The corpus says “a federal judge” and gives no name."
    assert answer.evidence[0].text.startswith("A federal judge ruled")
    assert answer.evidence[0].answer is None
    check_evidence(four_articles().corpus, answer)


def test_a_question_that_fits_two_cases_asks_which_one_is_meant() -> None:
    answer = four_articles().ask("Who is the judge?")
    assert isinstance(answer, NeedsDetail)
    assert answer.choices == ("Judge denies Brindle’s bid to halt Quarrix maps", "Ferrow v. Ostrand")
    assert answer.missing == "2 cases fit. Which one do you mean?"
    check_evidence(four_articles().corpus, answer)


def test_a_choice_that_was_offered_settles_the_question() -> None:
    answer = four_articles().ask("Who is the judge in Ferrow v. Ostrand?")
    assert isinstance(answer, Answered)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("hello", Topic.GREETING),
        ("thank you!", Topic.THANKS),
        ("help", Topic.HELP),
        ("?!", Topic.EMPTY),
        ("", Topic.EMPTY),
    ],
)
def test_small_talk_is_no_question(text: str, topic: Topic) -> None:
    assert four_articles().ask(text) == NotAQuestion(topic)


def test_function_words_alone_are_nothing_to_search_for() -> None:
    assert four_articles().ask("the of and") == NotAQuestion(Topic.EMPTY, "There is no word in it to search for.")


def test_an_empty_corpus_refuses_everything_without_evidence() -> None:
    answer = desk(FakeCorpus()).ask("Who is the judge in Brindle v. Quarrix?")
    assert answer == NotInCorpus(0.0, "No article covers Brindle v. Quarrix.")


def test_filters_that_leave_nothing_refuse() -> None:
    question = "Who is the judge in Brindle v. Quarrix?"
    for filters in (
        Filters(publications=("Daily Semaphore",)),
        Filters(since=date(2024, 3, 2)),
        Filters(until=date(2024, 2, 29)),
        Filters(collections=(GUILD,)),
    ):
        assert isinstance(four_articles().ask(question, filters), NotInCorpus)
    assert isinstance(four_articles().ask(question, Filters(publications=("the ledger",))), Answered)


def test_a_source_named_in_the_question_is_the_only_one_used() -> None:
    ask = four_articles().ask
    assert isinstance(ask("Who is the judge in Brindle v. Quarrix, according to The Ledger?"), Answered)
    from_another = ask("Who is the judge in Brindle v. Quarrix, according to Daily Semaphore?")
    assert isinstance(from_another, NotInCorpus)
    assert {evidence.citation.publication for evidence in from_another.closest} <= {"Daily Semaphore"}


def test_a_chosen_filter_counts_more_than_the_source_in_the_question() -> None:
    answer = four_articles().ask(
        "Who is the judge in Brindle v. Quarrix, according to Daily Semaphore?", Filters(publications=("The Ledger",))
    )
    assert isinstance(answer, Answered)


def test_a_guilds_article_answers_that_guild_only() -> None:
    corpus = FakeCorpus(CASES)
    corpus.write(
        "Wenn v. Harlow | Own Paper | key=own | guild:7\n    Judge Rosa Vane ruled for Wenn in Wenn v. Harlow."
    )
    question = "Who is the judge in Wenn v. Harlow?"
    ours = desk(corpus).ask(question, Filters((LIBRARY, GUILD)))
    assert isinstance(ours, Answered)
    assert ours.evidence[0].short_answer == "Rosa Vane"
    for names in ((LIBRARY,), (LIBRARY, Collection(8))):
        theirs = desk(corpus).ask(question, Filters(names))
        assert isinstance(theirs, NotInCorpus)
        assert theirs == desk(FakeCorpus(CASES)).ask(question, Filters(names))


def test_an_article_removed_after_the_search_is_left_out() -> None:
    corpus = FakeCorpus(CASES)
    at = desk(corpus)
    corpus.remove("brindle")
    answer = at.ask("Who is the judge in Brindle v. Quarrix?")
    assert all(evidence.citation.key != "brindle" for evidence in shown(answer))
    assert not isinstance(answer, Answered)


def test_a_restored_article_answers_again() -> None:
    corpus = FakeCorpus(CASES)
    corpus.remove("brindle")
    corpus.restore("brindle")
    assert isinstance(desk(corpus).ask("Who is the judge in Brindle v. Quarrix?"), Answered)


def test_a_sentence_that_opens_with_a_pronoun_brings_the_one_before_it() -> None:
    answer = four_articles().ask("What did Marrow say Brindle had not shown?")
    [first, *_] = shown(answer)
    assert first.text.startswith("“The tide of competition is no wrong,” Marrow wrote. She said Brindle")
    assert [span.of(first.text) for span in first.highlights] == ["Brindle had not shown that it would be harmed"]
    assert first.short_answer == "Brindle had not shown that it would be harmed"
    check_evidence(four_articles().corpus, answer)


def test_no_more_evidence_is_shown_than_allowed() -> None:
    limits = Limits(evidence=1, closest=1)
    small = desk(FakeCorpus(CASES), limits)
    for question in ("Who fined Corvane?", "Who is the CEO of Quarrix?", "Who is the judge?", "Brindle"):
        answer = small.ask(question)
        assert len(getattr(answer, "evidence", ())) <= 1
        assert len(getattr(answer, "closest", ())) <= 1


def test_the_same_sentence_in_two_articles_is_shown_once() -> None:
    corpus = FakeCorpus(CASES)
    copied = "The Harbor Data Authority fined Corvane $12.5 million on Thursday because the company had placed cookies."
    corpus.write(f"Corvane again | The Ledger | 2024-05-11 | key=again\n    {copied}")
    corpus.write(f"Corvane once more | The Crier | 2024-05-12 | key=more\n    {copied}")
    answer = desk(corpus).ask("How much was Corvane fined?")
    assert isinstance(answer, Answered)
    texts = [evidence.text for evidence in answer.evidence]
    assert len(set(texts)) == len(texts)


def test_search_gives_passages_best_first_with_their_articles() -> None:
    at = four_articles()
    found = asyncio.run(at.asker.search(Asked("lighthouse maps", NOW), 10))
    assert found[0].article.key == "brindle"
    assert "lighthouse maps" in found[0].text
    assert [one.hit.score for one in found] == sorted((one.hit.score for one in found), reverse=True)
    for one in found:
        assert one.text == one.passage.span.of(one.article.text)
        assert one.hit.passage_id == one.passage.id
    assert len(asyncio.run(at.asker.search(Asked("lighthouse maps trial", NOW), 1))) == 1


def test_search_leaves_out_what_was_removed_meanwhile() -> None:
    corpus = FakeCorpus(CASES)
    at = desk(corpus)
    corpus.remove("brindle")
    assert asyncio.run(at.asker.search(Asked("lighthouse maps", NOW), 10)) == []


def test_search_for_no_word_finds_nothing() -> None:
    assert asyncio.run(four_articles().asker.search(Asked("the of ?!", NOW), 10)) == []


QUESTIONS = (
    "Who is the judge in Brindle v. Quarrix?",
    "How much was Corvane fined?",
    "Who is the CEO of Quarrix?",
    "Who is the judge?",
    "Who is the judge in Tollen v. Ashgrove?",
    "What is the latest?",
    "Brindle Quarrix Corvane Tollen",
)


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_same_question_has_the_same_answer(question: str) -> None:
    at = four_articles()
    first = at.ask(question)
    at.ask("Did Quarrix settle?")
    assert at.ask(question) == first
    assert desk(FakeCorpus(CASES)).ask(question) == first


@pytest.mark.parametrize("question", QUESTIONS)
def test_answers_do_not_depend_on_the_order_in_which_the_articles_came_or_in_how_many_steps(question: str) -> None:
    corpus = FakeCorpus(CASES)
    backwards = EmbeddedIndex()
    for change in reversed(asyncio.run(corpus.changes(0, 10))):
        backwards.apply([change])
    again = Desk(corpus, Asker(Ready(backwards), corpus))
    assert again.ask(question) == desk(corpus).ask(question)


@pytest.mark.parametrize("question", QUESTIONS)
def test_answers_do_not_depend_on_the_numbers_of_the_articles(question: str) -> None:
    there = FakeCorpus()
    for article in reversed(list(read_notation(CASES))):
        there.put(article)
    assert _told(desk(there).ask(question)) == _told(four_articles().ask(question))


def _told(answer: Answer) -> tuple[object, ...]:
    """What of an answer a reader sees."""
    texts = tuple((e.text, e.short_answer, e.citation.key, e.highlights) for e in shown(answer))
    return type(answer), getattr(answer, "confidence", 0), getattr(answer, "missing", ""), set(texts), texts[:1]


def test_a_plain_engine_behind_the_same_seam_gives_evidence_as_true() -> None:
    corpus = FakeCorpus(CASES)
    plain = NaiveIndex(Parameters())
    plain.apply(asyncio.run(corpus.changes(0, 10)))
    answer = Desk(corpus, Asker(Ready(plain), corpus)).ask("Who is the judge in Brindle v. Quarrix?")
    check_evidence(corpus, answer)
    assert shown(answer)[0].citation.key == "brindle"


WORDS = sorted(
    {word for article in FakeCorpus(CASES).articles for word in article.text.split()}
    | set("who what when which how much many why did is the judge v. vs. CEO of according to latest Zentrix ?".split())
)


@settings(max_examples=150)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=10).map(" ".join))
def test_any_question_from_the_corpuss_words_is_answered_with_true_offsets(question: str) -> None:
    at = four_articles()
    answer = at.ask(question)
    check_evidence(at.corpus, answer)
    assert at.ask(question) == answer
    if not isinstance(answer, NotAQuestion):
        assert 0 <= answer.confidence <= 1
    if isinstance(answer, NeedsDetail):
        assert len(set(answer.choices)) == len(answer.choices) >= 2
    if isinstance(answer, (Answered, Partial)):
        assert answer.evidence
    if isinstance(answer, (Partial, NotInCorpus, NeedsDetail)):
        assert answer.missing.endswith((".", "?"))
        assert all(evidence.answer is None for evidence in answer.closest)


@settings(max_examples=60)
@given(st.text(max_size=300))
def test_any_text_at_all_has_an_answer(text: str) -> None:
    check_evidence(four_articles().corpus, four_articles().ask(text))


def _passages_of_one_word(language: str) -> FakeCorpus:
    return FakeCorpus(f"… | key=odd | lang={language}\n    “”\n    ‘—’ 日本.\n    İ ﬁ ß.")


@settings(max_examples=60)
@given(st.sampled_from(["日本", "who is İ?", "ﬁ", "ß", "when 日?"]), st.sampled_from(["en", "ja", "und", "tr"]))
def test_odd_letters_keep_offsets_true(question: str, language: str) -> None:
    corpus = _passages_of_one_word(language)
    check_evidence(corpus, desk(corpus).ask(question))


def test_articles_in_another_language_are_found_and_quoted() -> None:
    corpus = FakeCorpus(CASES)
    corpus.write(
        "Gericht weist Klage von Hafenwerk ab | Blatt | 2024-05-01 | key=de | lang=de\n"
        "    Das Landgericht Hamburg wies die Klage der Hafenwerk GmbH am Montag ab. Das sagte Richterin Jana Brook.\n"
    )
    at = desk(corpus)
    answer = at.ask("Welches Gericht wies die Klage der Hafenwerk ab?")
    assert shown(answer)[0].citation.key == "de"
    check_evidence(corpus, answer)


def test_a_question_in_thai_is_answered_from_an_article_in_thai() -> None:
    corpus = FakeCorpus(CASES)
    corpus.write("ศาล | Blatt | 2024-05-01 | key=th | lang=th\n    ผู้พิพากษาคือสมชาย")
    answer = desk(corpus).ask("ผู้พิพากษาคือใคร")
    assert shown(answer)[0].citation.key == "th"
    check_evidence(corpus, answer)


def test_an_edit_is_answered_from_the_new_text_with_its_revision() -> None:
    corpus = FakeCorpus(CASES)
    corpus.write(
        "Regulator fines Corvane | The Crier | 2024-05-10 | key=corvane\n    The Authority fined Corvane $3 million."
    )
    answer = desk(corpus).ask("How much was Corvane fined?")
    assert isinstance(answer, Answered)
    assert answer.evidence[0].short_answer == "$3 million"
    assert answer.evidence[0].citation.revision == 2
    check_evidence(corpus, answer)


def test_a_question_for_the_present_state_is_answered_by_the_newest_article() -> None:
    corpus = FakeCorpus("""
        Ferrow wins | The Ledger | 2023-01-10 | key=old
            A jury awarded Ferrow $2 million against Ostrand on Tuesday.
        Ferrow award cut | The Ledger | 2024-02-10 | key=new
            A jury award for Ferrow against Ostrand was cut to $1 million on Monday.
    """)
    answer = desk(corpus).ask("What is the latest on Ferrow and Ostrand?")
    assert shown(answer)[0].citation.key == "new"


def test_asking_does_not_change_the_article() -> None:
    corpus = FakeCorpus(CASES)
    before = [replace(article) for article in corpus.articles]
    desk(corpus).ask("Who fined Corvane?")
    assert corpus.articles == before
