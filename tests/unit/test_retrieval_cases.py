"""A case named in words is a case: an article about a sibling's is no answer, however near its words are."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from functools import cache

import pytest

from corpus import starter
from corpus.model import Draft, Span
from corpus.readers import read
from retrieval.analyser import analyser_for
from retrieval.answer import Asker, Ready
from retrieval.embedded import EmbeddedIndex
from retrieval.kinds import Kind
from retrieval.model import Answer, Answered, Asked, NotInCorpus
from retrieval.question import Case, parse, without_mark_up
from retrieval.smalltalk import small_talk
from retrieval.suits import How, statements, suits
from tests.fakes.corpus import FakeCorpus
from tests.fakes.drafts import article_of

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

CORPUS = """
    Jury finds for Brindle against Quarrix | The Ledger | 2023-05-04 | key=brindle-quarrix
        Brindle, the maker of Tidebox, sued Quarrix in March 2021 in the Northern District of California.
        Brindle says that Quarrix and Corvane keep rival stores away. Judge Ines Marrow presided over the trial.
        The verdict in Brindle v. Quarrix contrasts with Brindle's case against Corvane. Corvane is larger than Quarrix.
    Corvane and Brindle end their fight | Daily Semaphore | 2023-09-01 | key=brindle-corvane
        Corvane and Brindle settled on Friday. Brindle had sued Corvane on July 9, 2020, over its store rules.
        Judge Otto Brand oversaw the litigation.
    Halm and Dost take Pellam to court | The Ledger | 2022-02-02 | key=halm-pellam
        Rosa Halm, Timo Dost and other painters sued Pellam in Oslo on May 5, 2021. Judge Pia Lund has Halm v. Pellam.
    Ferrol sues its former partner | Daily Semaphore | 2024-04-04 | key=ferrol-tindle
        Ferrol sued Tindle on April 2, 2024. The suit by Ferrol is before Judge Ada Quist.
    Governor may defend the map law | The Ledger | 2024-05-05 | key=lorne-vantel
        Vantel's challenge to the Texas map law goes on in Lorne v. Vantel, Judge Emil Stroud said. Texas is glad.
    Regulator fines Ostrey | The Ledger | 2024-06-06 | key=ostrey
        The Harbor Commission fined Ostrey on Monday. Judge Hanne Voss upheld the fine, and Ostrey will appeal.
    Two courts, two laws | The Ledger | 2024-07-07 | key=laws
        The Fourth Circuit struck down the Marran law on May 2, 2024, while the Sixth Circuit upheld the Sorrel law.
"""


@cache
def asker() -> Asker:
    return _asker(FakeCorpus(CORPUS))


@cache
def starter_asker() -> Asker:
    corpus = FakeCorpus()
    for file in starter.files():
        [draft] = read(file)
        assert isinstance(draft, Draft)
        corpus.put(article_of(draft))
    return _asker(corpus)


def _asker(corpus: FakeCorpus) -> Asker:
    index = EmbeddedIndex()
    index.apply(asyncio.run(corpus.changes(0, 1_000)))
    return Asker(Ready(index), corpus)


def ask(question: str) -> Answer:
    return asyncio.run(asker().ask(Asked(question, NOW)))


def ask_starter(question: str) -> Answer:
    return asyncio.run(starter_asker().ask(Asked(question, NOW)))


def claimed(answer: Answer) -> str | None:
    """The key of the article that is claimed to answer."""
    return answer.evidence[0].citation.key if isinstance(answer, Answered) else None


def case(question: str) -> Case | None:
    return parse(question, NOW, ("en",)).case


def told(question: str) -> tuple[list[list[str]], How | None]:
    read_ = parse(question, NOW, ("en",))
    assert read_.case is not None
    return [[read_.concepts[i].surface for i in side] for side in read_.case.sides], read_.case.how


# --- how a question names a case


@pytest.mark.parametrize(
    "question",
    [
        "When did Brindle sue Quarrix?",
        "Why is Brindle suing Quarrix?",
        "Brindle sued Quarrix when?",
        "When has Brindle sued its rival Quarrix?",
        "Did Brindle, the maker of Tidebox, sue Quarrix?",
        "When did Brindle decide to sue the chipmaker Quarrix?",
        "When was Quarrix sued by Brindle?",
        "Was Quarrix ever sued in federal court by Brindle?",
        "Quarrix, which Brindle sued, is where?",
        "When did Brindle take Quarrix to court?",
        "When did Brindle file a complaint against Quarrix?",
        "Where did Brindle bring its antitrust suit against Quarrix?",
        "Who hears the suit that Brindle brought against Quarrix?",
        "Who hears the lawsuit Brindle filed last week against Quarrix?",
        "Who hears the suit by Brindle against Quarrix?",
        "Who hears the suit against Quarrix by Brindle?",
    ],
)
def test_words_that_say_who_sues_whom_name_a_case_with_a_direction(question: str) -> None:
    assert told(question) == ([["Brindle"], ["Quarrix"]], How.SUED)


@pytest.mark.parametrize("matter", ["suit", "lawsuit", "case", "complaint", "action", "appeal", "long antitrust case"])
@pytest.mark.parametrize("owner", ["Brindle's", "Brindle’s"])
def test_what_one_has_against_the_other_names_a_case(owner: str, matter: str) -> None:
    assert told(f"Who is the judge in {owner} {matter} against Quarrix?") == ([["Brindle"], ["Quarrix"]], How.AGAINST)


@pytest.mark.parametrize(
    ("question", "how"),
    [
        ("Who is the judge in the lawsuit between Brindle and Quarrix?", How.BETWEEN),
        ("What is Brindle and Quarrix's dispute about?", How.BETWEEN),
        ("Why did Brindle and Quarrix sue each other?", How.BETWEEN),
        ("Who is the judge in Brindle's fight with Quarrix?", How.LOOSE),
        ("Who is the judge in the Brindle antitrust lawsuit against Quarrix?", How.LOOSE),
        ("Did Brindle win its appeal against Quarrix?", How.LOOSE),
        ("Who is the judge in the Brindle–Quarrix case?", How.PAIR),
        ("Who is the judge in the Brindle/Quarrix trial?", How.PAIR),
    ],
)
def test_a_case_without_direction_is_read_as_one(question: str, how: How) -> None:
    assert told(question) == ([["Brindle"], ["Quarrix"]], how)


def test_agencies_and_their_short_names_are_parties() -> None:
    assert told("Who is the judge in the FTC's case against Meta?")[0] == [["FTC"], ["Meta"]]
    assert told("Why is the DOJ suing Google?")[0] == [["DOJ"], ["Google"]]


def test_several_on_one_side_are_one_side() -> None:
    assert told("When did Brindle and Ferrol sue Quarrix?")[0] == [["Brindle", "Ferrol"], ["Quarrix"]]
    assert told("What is Brindle and Ferrol's dispute with Quarrix?")[0] == [["Brindle", "Ferrol"], ["Quarrix"]]


@pytest.mark.parametrize(
    "question",
    [
        "Who sued Quarrix?",
        "Which company did Brindle sue?",
        "Who is the judge in the case against Quarrix?",
        "Did Brindle and Quarrix appeal?",
        "Did Brindle and Quarrix pay a fine?",
        "Who is the judge in Brindle and Quarrix's appeal?",
        "Did Brindle sue over Quarrix?",
        "Did Brindle sue Quarrix or Corvane?",
        "Did Brindle sue Quarrix's founder?",
        "Who compared Brindle's case against Quarrix with Brindle's case against Corvane?",
        "What did Brindle say about Quarrix?",
        "Is Brindle larger than Quarrix?",
    ],
)
def test_names_that_do_not_oppose_each_other_are_no_case(question: str) -> None:
    assert case(question) is None


def test_a_case_with_v_is_read_as_before() -> None:
    named = case("Who sued whom in Brindle v. Quarrix, and did Corvane sue Ferrol?")
    assert named is not None
    assert (named.surface, named.how, len(named.sides)) == ("Brindle v. Quarrix", None, 2)


# --- the right article, and no sibling's


@pytest.mark.parametrize(
    ("question", "key"),
    [
        ("When did Brindle sue Quarrix?", "brindle-quarrix"),
        ("When was Quarrix sued by Brindle?", "brindle-quarrix"),
        ("Who is the judge in Brindle's lawsuit against Quarrix?", "brindle-quarrix"),
        ("When did Brindle sue Corvane?", "brindle-corvane"),
        ("when did brindle sue corvane", "brindle-corvane"),
        ("Who oversaw the litigation between Corvane and Brindle?", "brindle-corvane"),
        ("When did Rosa Halm sue Pellam?", "halm-pellam"),
        ("When did Timo Dost sue Pellam?", "halm-pellam"),
        ("when did painters sue pellam", "halm-pellam"),
        ("When did Ferrol sue Tindle?", "ferrol-tindle"),
        ("Who is the judge in Ferrol's case against Tindle?", "ferrol-tindle"),
        ("Who is the judge in Vantel's challenge against Texas?", "lorne-vantel"),
    ],
)
def test_an_article_that_words_the_suit_in_its_own_way_answers(question: str, key: str) -> None:
    assert claimed(ask(question)) == key


@pytest.mark.parametrize(
    "question",
    [
        "When did Ferrol sue Quarrix?",
        "Who is the judge in Ferrol's lawsuit against Quarrix?",
        "Who is the judge in the lawsuit between Corvane and Quarrix?",
        "When did Pellam sue Tindle?",
        "When did Halm sue Quarrix?",
    ],
)
def test_the_case_of_one_of_the_parties_against_somebody_else_is_no_answer(question: str) -> None:
    assert isinstance(ask(question), NotInCorpus)


@pytest.mark.parametrize("question", ["When did Tindle sue Ferrol?", "When was Brindle sued by Corvane?"])
def test_who_was_sued_did_not_sue(question: str) -> None:
    answer = ask(question)
    assert isinstance(answer, NotInCorpus)
    assert answer.missing.startswith("No article covers a case of")


def test_a_refusal_shows_the_case_that_was_asked_about_first() -> None:
    answer = ask("What is the docket number of Brindle's case against Corvane?")
    assert isinstance(answer, NotInCorpus)
    assert answer.closest[0].citation.key == "brindle-corvane"


@pytest.mark.parametrize(
    "question", ["When did Epic sue Apple?", "when did epic sue apple", "When was Apple sued by Epic?"]
)
def test_the_day_of_one_suit_of_epics_is_not_that_of_the_other(question: str) -> None:
    answer = ask_starter(question)
    assert isinstance(answer, Answered | NotInCorpus)
    shown = answer.evidence if isinstance(answer, Answered) else answer.closest[:1]
    assert {piece.citation.key for piece in shown} == {"epic-v-apple"}


@pytest.mark.parametrize(
    ("question", "key"),
    [
        ("When did Epic sue Google?", "epic-v-google"),
        ("Who is the judge in Epic's lawsuit against Apple?", "epic-v-apple"),
        ("Who is the judge in the lawsuit between Epic and Google?", "epic-v-google"),
        ("Who is the judge in the Epic–Apple case?", "epic-v-apple"),
        ("Who is the judge in the FTC's case against Meta?", "ftc-v-meta"),
        ("When did the Justice Department sue Apple?", "us-v-apple"),
        ("When did the United States sue Microsoft?", "us-v-microsoft"),
        ("When did the New York Times sue OpenAI?", "nyt-v-openai"),
        ("Who is the judge in the New York Times lawsuit against Microsoft?", "nyt-v-openai"),
        ("When did Sarah Silverman sue Meta?", "kadrey-v-meta"),
        ("When did Meta sue NSO?", "whatsapp-v-nso"),
        ("When did Parler sue Amazon?", "parler-v-amazon"),
        ("When did Oracle sue Google?", "google-v-oracle"),
        ("Who is the judge in Missouri's lawsuit against the Biden administration?", "murthy-v-missouri"),
    ],
)
def test_the_starter_collection_answers_for_the_case_that_is_meant(question: str, key: str) -> None:
    assert claimed(ask_starter(question)) == key


@pytest.mark.parametrize(
    "question",
    [
        "When did Apple sue Google?",
        "When did Parler sue Apple?",
        "When did Uber sue Waymo?",
        "When did Silverman sue OpenAI?",
        "Who is the judge in Epic's lawsuit against Meta?",
        "Who is the judge in the FTC's case against Apple?",
        "Who is the judge in the lawsuit between Apple and Google?",
        "Who is the judge in the Parler–Apple case?",
    ],
)
def test_the_starter_collection_claims_nothing_for_a_case_it_lacks(question: str) -> None:
    assert claimed(ask_starter(question)) is None


# --- the grammar itself


def test_a_sentence_tells_the_sides_of_its_suit_and_who_else_is_named_beside_them() -> None:
    sentence = "Halm and her publisher, now called Dost Books, sued Pellam in Oslo."
    [statement] = statements([sentence, "The weather was fine in Oslo."], analyser_for("en"))
    [suit] = statement.suits
    assert {"halm", "dost"} <= suit.first
    assert suit.second == {"pellam"}


def test_signs_that_stand_for_names_are_no_names_where_the_text_has_them_itself() -> None:
    assert suits("\ue000 sued \ue001", []) == ()


@pytest.mark.parametrize("piece", ["Ann Lee sued ", "Ann Lee and ", "Ann Lee, a case ", "suit by ", "a case against "])
def test_a_text_of_thousands_of_suits_holds_nobody_up(piece: str) -> None:
    text = piece * 3_000 + "Bob Roy."
    began = time.process_time()
    list(statements([text], analyser_for("en")))
    parse(text[:2_000], NOW)
    spans = [Span(at, at + 3) for at in range(0, len(text) - 3, 5)]
    suits(text, spans)
    assert time.process_time() - began < 2


# --- opposites


@pytest.mark.parametrize(
    ("question", "court"),
    [
        ("Which court upheld the Sorrel law?", "Sixth Circuit"),
        ("Which court affirmed the Sorrel law?", "Sixth Circuit"),
        ("Which court struck down the Marran law?", "Fourth Circuit"),
        ("Which court overturned the Marran law?", "Fourth Circuit"),
    ],
)
def test_the_court_that_did_what_is_asked_is_the_answer(question: str, court: str) -> None:
    answer = ask(question)
    assert isinstance(answer, Answered)
    assert court in (answer.evidence[0].short_answer or "")


@pytest.mark.parametrize(
    "question",
    [
        "Which court upheld the Marran law?",
        "Which court affirmed the Marran law?",
        "Which court struck down the Sorrel law?",
        "Which court reversed the Sorrel law?",
        "When was the Marran law upheld?",
        "Which judge overturned the fine of Ostrey?",
    ],
)
def test_a_sentence_that_says_the_opposite_is_no_answer(question: str) -> None:
    assert claimed(ask(question)) is None


def test_the_opposite_still_answers_whether_something_is_so() -> None:
    answer = ask("Was the Marran law upheld?")
    assert parse("Was the Marran law upheld?", NOW).kind is Kind.YES_NO
    assert getattr(answer, "closest", ()) or getattr(answer, "evidence", ())


# --- what Discord puts into a question


@pytest.mark.parametrize(
    "mark_up",
    [
        "<@123>",
        "<@!123>",
        "<@&1>",
        "<#456>",
        "<:gavel:789>",
        "<a:gavel:789>",
        "<t:1700000000>",
        "<t:1700000000:R>",
        "<t:-5:f>",
        "</ask:12>",
        "</ask court:12>",
        "<id:browse>",
        "@everyone",
        "@here",
        "https://example.org/a/1?b=2#c",
        "http://example.org",
        "<https://example.org/1>",
        "www.example.org/1",
    ],
)
def test_mark_up_of_discord_says_nothing(mark_up: str) -> None:
    plain = parse("Who is the judge in Brindle v. Quarrix?", NOW)
    for marked in (f"{mark_up} {plain.text}", f"{mark_up}, {plain.text}", f"{plain.text} {mark_up}"):
        found = parse(marked, NOW)
        assert [concept.surface for concept in found.concepts] == ["judge", "Brindle", "Quarrix"]
        assert (found.case, found.kind, found.terms) == (plain.case, plain.kind, plain.terms)
    assert small_talk(parse(mark_up, NOW).text) is not None


def test_of_a_link_with_words_the_words_stay() -> None:
    assert without_mark_up("Who won [the Sorrel case](https://example.org/1)?") == "Who won the Sorrel case?"


@pytest.mark.parametrize(
    "text",
    [
        "is 5 < 6",
        "is 5 < 6 > 3?",
        "who said “tides <are> law”?",
        'who said "a < b"?',
        "who wrote to clerk@court.example?",
        "who is clerk@here.example?",
        "is it <t:now>?",
        "what is <@abc>?",
        "what is <html>?",
        "what does http:// mean?",
    ],
)
def test_what_only_looks_like_mark_up_stays(text: str) -> None:
    assert without_mark_up(text) == text


def test_a_refusal_names_no_mention() -> None:
    answer = ask("<@&1> who is the judge in Zorbel v. Ferrol?")
    assert isinstance(answer, NotInCorpus)
    assert answer.missing == "No article covers Zorbel v. Ferrol. None mentions Zorbel."
