"""A question is read into what a sentence must speak of, a case, the kind of answer, times and a source."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.kinds import Kind, kind_of
from retrieval.model import Topic
from retrieval.question import Part, Question, parse, said_by
from retrieval.smalltalk import small_talk

NOW = datetime(2024, 3, 15, 12, 0, tzinfo=UTC)
PAPERS = ("the verge", "cnbc", "le journal elargi")


def read(text: str) -> Question:
    return parse(text, NOW, ("en",), PAPERS)


def surfaces(question: Question, part: Part) -> list[str]:
    return [concept.surface for concept in question.concepts if concept.part is part]


@pytest.mark.parametrize(
    ("text", "case"),
    [
        ("Who is the judge in Brindle v. Quarrix?", "Brindle v. Quarrix"),
        ("Who is the judge in Brindle v Quarrix?", "Brindle v Quarrix"),
        ("Who is the judge in Brindle vs. Quarrix?", "Brindle vs. Quarrix"),
        ("Who is the judge in Brindle versus Quarrix?", "Brindle versus Quarrix"),
        ("who is the judge in brindle v. quarrix", "brindle v. quarrix"),
        ("who is the judge in brindle vs quarrix case?", "brindle vs quarrix"),
        ("When was the Brindle v. Quarrix ruling?", "Brindle v. Quarrix"),
        ("What was Brindle v. Quarrix's outcome?", "Brindle v. Quarrix"),
        ("Who won United States v. Corvane Health?", "United States v. Corvane Health"),
        ("Brindle v. Quarrix", "Brindle v. Quarrix"),
        ("Who is the judge in   Brindle  v.  Quarrix ?", "Brindle v. Quarrix"),
    ],
)
def test_a_case_is_read_with_any_sign_between_its_parties(text: str, case: str) -> None:
    question = read(text)
    assert question.case is not None
    assert question.case.surface == case
    assert len(question.case.parties) >= 2
    assert all(question.concepts[i].part is Part.NAME for i in question.case.parties)


@pytest.mark.parametrize(
    "text", ["Who sued Quarrix?", "v.", "what is v. Quarrix?", "the case vs the trial", "Brindle v.", "Who is V?"]
)
def test_where_a_party_is_missing_there_is_no_case(text: str) -> None:
    assert read(text).case is None


@pytest.mark.parametrize(
    ("text", "rest", "source"),
    [
        ("Who won according to The Verge?", "Who won?", "the verge"),
        ("According to CNBC, who won?", "who won?", "cnbc"),
        ("who won, as reported by the verge", "who won", "the verge"),
        ("Who won according to Verge?", "Who won?", "the verge"),
        ("Selon nous, who won as per Le Journal Elargi?", "Selon nous, who won?", "le journal elargi"),
        ("Who won according to the judge?", "Who won according to the judge?", None),
        ("Who won?", "Who won?", None),
    ],
)
def test_a_source_that_the_corpus_holds_narrows_the_question(text: str, rest: str, source: str | None) -> None:
    assert said_by(text, PAPERS) == (rest, source)
    assert read(text).publications == ((source,) if source else ())


def test_quoted_phrases_are_kept_as_they_stand() -> None:
    assert read('Who said “harbor lights are law” or "tide rules"?').phrases == ("harbor lights are law", "tide rules")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Who is the judge in Brindle v. Quarrix?", Kind.PERSON),
        ("Which judge ruled for Corvane?", Kind.PERSON),
        ("Name the CEO of Corvane", Kind.PERSON),
        ("Which company bought Quarrix?", Kind.ORGANISATION),
        ("Which court heard the case?", Kind.COURT),
        ("Where was the lawsuit filed?", Kind.COURT),
        ("Which law did Corvane break?", Kind.LAW),
        ("Where is Corvane based?", Kind.PLACE),
        ("In which city is Corvane based?", Kind.PLACE),
        ("When was Corvane fined?", Kind.DATE),
        ("What is the deadline for claims?", Kind.DATE),
        ("On what date did it close?", Kind.DATE),
        ("How long was he sentenced to prison?", Kind.DURATION),
        ("How many years did it last?", Kind.DURATION),
        ("How much did Corvane pay?", Kind.MONEY),
        ("How big was the fine?", Kind.MONEY),
        ("What was the settlement amount?", Kind.MONEY),
        ("How many users were hit?", Kind.NUMBER),
        ("What percentage of users left?", Kind.PERCENT),
        ("How old is the founder?", Kind.AGE),
        ("By what vote did the court rule?", Kind.VOTE),
        ("What is the docket number?", Kind.DOCKET),
        ("What is the case number of Brindle v. Quarrix?", Kind.DOCKET),
        ("What did the judge say about tides?", Kind.QUOTE),
        ("How did Corvane respond?", Kind.QUOTE),
        ("Why did the judge deny the motion?", Kind.REASON),
        ("On what grounds was it dismissed?", Kind.REASON),
        ("Did Corvane appeal?", Kind.YES_NO),
        ("Is the case still pending?", Kind.YES_NO),
        ("What happened to Corvane?", Kind.EVENT),
        ("brindle quarrix lighthouse", Kind.EVENT),
        ("What did the order require?", Kind.THING),
        ("Who is Ines Marrow?", Kind.DEFINITION),
    ],
)
def test_the_way_of_asking_tells_the_kind_of_answer(text: str, kind: Kind) -> None:
    assert read(text).kind is kind


def test_words_in_quotation_marks_do_not_tell_the_kind_of_answer() -> None:
    assert kind_of('Who said "when the tide turns"?') is Kind.PERSON


def test_the_role_of_a_person_asked_for_is_known_by_all_its_terms() -> None:
    assert "judg" in read("Who is the judge in Brindle v. Quarrix?").roles
    assert "@chief executive" in read("Who is the CEO of Corvane?").roles
    assert "@chief executive" in read("Who is the chief executive of Corvane?").roles
    assert read("When did the judge rule?").roles == frozenset()


def test_a_known_name_of_several_words_is_one_concept() -> None:
    question = read("Did Amazon Web Services appeal?")
    [name] = question.names
    assert (name.surface, name.canonical) == ("Amazon Web Services", "@amazon web services")


def test_a_run_of_capitals_is_one_name() -> None:
    assert surfaces(read("When did Ines Marrow testify?"), Part.NAME) == ["Ines Marrow"]


def test_the_possessive_is_no_part_of_a_name() -> None:
    assert surfaces(read("Who is Corvane’s lawyer?"), Part.NAME) == ["Corvane"]


def test_a_question_in_capitals_only_has_no_run_of_names() -> None:
    assert surfaces(read("WHO FINED THE HARBOR COMPANY?"), Part.NAME) == []


def test_a_time_is_no_concept() -> None:
    question = read("Who fined Corvane in March 2021?")
    assert [period.since for period in question.periods] == [date(2021, 3, 1)]
    assert not any("march" in concept.surface.lower() or "2021" in concept.surface for concept in question.concepts)


def test_what_is_counted_is_the_noun_behind_how_many() -> None:
    assert "user" in read("How many users were hit?").unit
    assert read("Who was hit?").unit == frozenset()


@pytest.mark.parametrize(
    "text",
    [
        "What is the latest on Corvane?",
        "Who is currently CEO of Corvane?",
        "Is it still blocked?",
        "What is the status of Brindle v. Quarrix?",
        "Has Corvane paid yet?",
        "Is the ban in force anymore?",
        "How do things stand with Corvane?",
        "Where does the case stand as of today?",
        "What is known to date?",
    ],
)
def test_a_question_for_the_present_state_says_so(text: str) -> None:
    assert read(text).latest


def test_a_question_for_several_says_so() -> None:
    assert read("Which justices dissented?").plural
    assert not read("Which justice dissented?").plural


def test_a_concept_knows_the_words_that_say_the_same() -> None:
    [judge] = [concept for concept in read("Which judge fined Corvane?").concepts if concept.part is Part.ROLE]
    assert "justic" in judge.related


@given(st.text(max_size=300))
def test_any_text_is_read_with_concepts_at_their_places(text: str) -> None:
    question = read(text)
    for concept in question.concepts:
        assert concept.surface
        assert concept.span.of(question.text).startswith(concept.surface[:1])
        assert concept.span.end <= len(question.text)
    if question.case:
        assert all(0 <= i < len(question.concepts) for i in question.case.parties)


@pytest.mark.parametrize(
    "text", ["ผู้พิพากษาคือใคร", "့", "who is ผู้?", "ﾞ", "ͺ", "谁是法官？", "من هو القاضي؟", "מי השופט?", "판사는 누구입니까?"]
)
def test_a_question_in_any_script_is_read(text: str) -> None:
    assert all(concept.surface for concept in read(text).concepts)


PIECES = st.sampled_from(
    "who what when which how many much is are the judge court v. vs. versus Brindle Quarrix Corvane's CEO of in 2021 "
    'March AWS U.S. “harbor lights” "tide" ? , according to The Verge fine say latest and'.split()
)


@given(st.lists(PIECES, max_size=14).map(" ".join))
def test_any_order_of_a_questions_words_is_read_the_same_way_twice(text: str) -> None:
    assert read(text) == read(text)


@given(st.lists(PIECES, max_size=14).map(" ".join))
def test_concepts_stand_in_the_questions_order_and_never_overlap(text: str) -> None:
    spans = [concept.span for concept in read(text).concepts]
    assert spans == sorted(spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("hi", Topic.GREETING),
        ("Hello there!", Topic.GREETING),
        ("good morning", Topic.GREETING),
        ("hey amicus", Topic.GREETING),
        ("how are you?", Topic.GREETING),
        ("tell me a joke", Topic.GREETING),
        ("thanks", Topic.THANKS),
        ("Thank you so much!", Topic.THANKS),
        ("ok, thanks", Topic.THANKS),
        ("thx :)", Topic.THANKS),
        ("help", Topic.HELP),
        ("/help", Topic.HELP),
        ("what can you do?", Topic.HELP),
        ("who are you", Topic.HELP),
        ("hi, how does this work?", Topic.HELP),
        ("help me", Topic.HELP),
        ("are you a bot?", Topic.HELP),
        ("???", Topic.EMPTY),
        ("", Topic.EMPTY),
        ("   \n", Topic.EMPTY),
        ("!!! …", Topic.EMPTY),
    ],
)
def test_small_talk_is_told_by_its_topic(text: str, topic: Topic) -> None:
    assert small_talk(text) is topic
    assert read(text).small_talk is topic


@pytest.mark.parametrize(
    "text",
    [
        "Who is the judge?",
        "hi, who is the judge in Brindle v. Quarrix?",
        "Thanks. And who appealed?",
        "testing standards of the FCC",
        "no-poach agreements",
        "Hello Kitty trademark case",
        "help desk lawsuit",
        "What can Corvane do?",
        "history",
        "yesterday",
        "How does Section 230 work?",
        "pinged servers",
        "Great Harbor Company fine",
    ],
)
def test_a_question_is_never_small_talk(text: str) -> None:
    assert small_talk(text) is None


def test_what_is_said_a_thousand_times_is_one_concept() -> None:
    asked = parse("who is " + "$5 Parler " * 400, datetime(2026, 1, 1, tzinfo=UTC))
    assert len(asked.concepts) <= 32
    assert len({concept.every_term for concept in asked.concepts}) == len(asked.concepts)


def test_a_party_that_was_named_before_is_still_a_party() -> None:
    asked = parse("Amazon: who is the judge in Parler v. Amazon?", datetime(2026, 1, 1, tzinfo=UTC))
    assert asked.case is not None
    assert [asked.concepts[number].surface for number in asked.case.parties] == ["Parler", "Amazon"]


@pytest.mark.parametrize("now", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])
@pytest.mark.parametrize(
    "when", ["last year", "last week", "the past 999 years", "since Monday", "on May 3", "yesterday"]
)
def test_times_at_either_end_of_the_calendar_are_read_or_left(now: datetime, when: str) -> None:
    assert parse(f"who won {when}?", now).text


@pytest.mark.parametrize(
    "text", ["Who fined Corvane?", "What did Corvane steal?", "Who understands the law?", "Who won?"]
)
def test_a_question_about_what_was_is_not_about_the_present_state(text: str) -> None:
    assert not read(text).latest


def test_who_is_asked_about_are_the_names_that_are_no_numbers() -> None:
    question = read("Did Corvane pay Rosa Halm 40 million?")
    assert [name.surface for name in question.asked_about] == ["Corvane", "Rosa Halm"]
    assert len(question.names) > len(question.asked_about)
    assert read("Who won?").asked_about == ()


def test_what_says_nearly_the_same_is_not_also_what_says_the_same() -> None:
    for concept in read("Which regulator fined the company that shut down the harbor?").concepts:
        assert concept.related.isdisjoint(concept.near)
        assert concept.related.isdisjoint(concept.terms)


def test_a_phrase_of_the_question_brings_what_says_the_same_as_the_phrase() -> None:
    plain = {term for concept in read("Who shut it?").concepts for term in concept.related}
    phrase = {term for concept in read("Who shut down the harbor?").concepts for term in concept.related}
    assert "close" in phrase
    assert plain - {"shut"} <= phrase
