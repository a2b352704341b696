"""How an answer came about: the stages in plain lines, and how the terminal lays them out."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.explained import FEATURES, Line, Tone, account_of, sections_of, shortened
from bot.terminal.explaining import blocks_of_explanation
from bot.terminal.face import Face
from corpus.collection import LIBRARY
from retrieval.explanation import Explanation, FoundPassage, Share, WeighedSentence
from retrieval.model import Answered, Citation, Evidence, NeedsDetail, NotAQuestion, NotInCorpus, Topic
from retrieval.question import parse
from retrieval.scoring import Features

NOW = datetime(2026, 3, 2, tzinfo=UTC)
CITATION = Citation(1, 7, LIBRARY, "byron", 1, "Byron rules", "The Daily", date(2021, 1, 21), None, 0, 26)
SENTENCE = "Judge Ada Byron signed it."
EVIDENCE = Evidence(SENTENCE, CITATION)
PASSAGE = FoundPassage(1, 3.0, CITATION, SENTENCE, (Share("judg", 1.0), Share("parler", 2.0)))
WEIGHED = WeighedSentence(1, 2.0, 0.81, CITATION, SENTENCE, "Ada Byron", (Share("bias", -0.5), Share("case", 2.5)))
NOTHING = NotInCorpus(0.1, "No article covers this.")


def told(question: str, answer: Answered | NotInCorpus | NeedsDetail | NotAQuestion = NOTHING) -> Explanation:
    return Explanation(parse(question, NOW), answer, "Nothing fits.", (PASSAGE,), (WEIGHED,))


def lines(explanation: Explanation, stage: int) -> list[str]:
    return [line.text for item in sections_of(explanation)[stage].items for line in item.lines]


def shown(explanation: Explanation, stream: io.StringIO | None = None) -> str:
    stream = stream or io.StringIO()
    Face(stream, io.StringIO()).show(blocks_of_explanation(explanation))
    return stream.getvalue()


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_the_stages_stand_in_order() -> None:
    titles = [section.title for section in sections_of(told("who?"))]
    assert titles == ["The question as it was read", "Passages found", "Sentences weighed", "Outcome"]


def test_where_nothing_was_searched_for_only_question_and_outcome_are_told() -> None:
    explanation = Explanation(parse("hello", NOW), NotAQuestion(Topic.GREETING), "It is a greeting.")
    assert [section.title for section in sections_of(explanation)] == ["The question as it was read", "Outcome"]
    assert lines(explanation, 0) == ["hello", "Small talk: greeting"]
    assert lines(explanation, 1) == ["Not a question", "Why: It is a greeting."]


def test_the_question_is_told_as_it_was_read() -> None:
    asked = "what did Judge Lee say of “fair use” in Parler v. AWS last week, now?"
    question = replace(parse(asked, NOW), publications=("reuters", "cnbc"))
    found = lines(replace(told(asked), question=question), 0)
    assert found[0] == asked.replace("  ", " ")
    assert "Wanted: quote" in found
    assert "Case: Parler v. AWS" in found
    assert any(line.startswith("Names: ") and "AWS (= amazon web services)" in line for line in found)
    assert "Word for word: “fair use”" in found
    assert "Publication: reuters or cnbc" in found
    assert "News of: “last week”, from 23 February 2026 until 1 March 2026" in found
    assert "The newest counts more." in found


@pytest.mark.parametrize(
    ("asked", "line"),
    [
        ("what happened in 2023?", "Time: “in 2023”, from 1 January 2023 until 31 December 2023"),
        ("what has happened since March 2024?", "News of: “since March 2024”, from 1 March 2024"),
        ("Did Epic sue Apple?", "Wanted: yes or no"),
    ],
)
def test_times_and_kinds_are_told_in_words(asked: str, line: str) -> None:
    assert line in lines(told(asked), 0)


def test_words_that_no_passage_has_are_named() -> None:
    assert lines(told("who is the judge in Parler v. Fizzbuzz?"), 0)[-1] == "In none of the passages below: Fizzbuzz"
    assert not any("none of" in line for line in lines(told("who is the judge about Parler?"), 0))


def test_a_passage_is_told_with_the_share_of_each_term_largest_first() -> None:
    [item] = sections_of(told("who is the judge in Parler v. AWS?"))[1].items
    assert item.lines == (
        Line("1. Byron rules, The Daily, 21 January 2021"),
        Line(SENTENCE, Tone.QUOTED),
        Line("Score 3.00: parler 2.00, judge 1.00", Tone.FIGURES),
    )


def test_a_sentence_is_told_with_its_features_in_words_and_why_it_was_kept_out() -> None:
    explanation = replace(
        told("who?"), sentences=(WEIGHED, replace(WEIGHED, rank=2, answer=None, kept_out="another case"))
    )
    assert lines(explanation, 2) == [
        "1. Byron rules, The Daily, 21 January 2021",
        SENTENCE,
        "Confidence 81%, short answer: Ada Byron",
        "Score 2.00: its article is about the case 2.50, to begin with −0.50",
        "2. Byron rules, The Daily, 21 January 2021",
        SENTENCE,
        "Confidence 81%",
        "Kept out: another case",
        "Score 2.00: its article is about the case 2.50, to begin with −0.50",
    ]


def test_the_outcome_is_told_with_its_reason() -> None:
    assert lines(told("who?"), 3) == ["Not in the corpus, confidence 10%", "Why: Nothing fits."]
    answer = Answered(0.9, (EVIDENCE,), conflicts=(EVIDENCE, EVIDENCE), polarity=False)
    assert lines(told("who?", answer), 3) == [
        "Answered, confidence 90%",
        "Why: Nothing fits.",
        "The first sentence itself says no.",
        "2 articles say it otherwise.",
    ]
    assert lines(told("who?", NeedsDetail(0.5, "Which?", ("a", "b"))), 3)[0] == "Asked back, confidence 50%"


def test_every_feature_has_its_words() -> None:
    assert set(Features._fields) - set(FEATURES) == set()


def test_what_has_no_words_is_told_by_its_name_and_what_rounds_to_nothing_is_left_out() -> None:
    shares = (Share("@amazon web services", 1.25), Share("new_feature", -1.5), Share("v", 0.004), Share("w", -0.004))
    assert account_of(-0.25, shares, {}) == "Score −0.25: new feature −1.50, amazon web services 1.25"
    assert account_of(0.0, (), {}) == "Score 0.00"


def test_a_long_text_is_cut_at_a_word_with_a_visible_mark() -> None:
    assert shortened("one two three", 13) == "one two three"
    assert shortened("one two three", 12) == "one two…"
    assert shortened("onetwothree", 5) == "onet…"


def test_an_article_without_title_publication_and_date_is_told_as_such() -> None:
    bare = replace(CITATION, title=" ", publication=None, published=None)
    assert lines(replace(told("who?"), passages=(replace(PASSAGE, citation=bare),)), 1)[0] == "1. (no title)"


def test_at_the_terminal_the_stages_stand_one_below_the_other() -> None:
    two = replace(told("who is the judge about Parler?"), passages=(PASSAGE, replace(PASSAGE, rank=2)))
    assert shown(two) == (
        "The question as it was read\n"
        "  “who is the judge about Parler?”\n"
        "  Wanted: person\n"
        "  Names: Parler\n"
        "  Role: judge\n"
        "\n"
        "Passages found\n"
        "  1. Byron rules, The Daily, 21 January 2021\n"
        "     “Judge Ada Byron signed it.”\n"
        "     Score 3.00: parler 2.00, judge 1.00\n"
        "\n"
        "  2. Byron rules, The Daily, 21 January 2021\n"
        "     “Judge Ada Byron signed it.”\n"
        "     Score 3.00: parler 2.00, judge 1.00\n"
        "\n"
        "Sentences weighed\n"
        "  1. Byron rules, The Daily, 21 January 2021\n"
        "     “Judge Ada Byron signed it.”\n"
        "     Confidence 81%, short answer: Ada Byron\n"
        "     Score 2.00: its article is about the case 2.50, to begin with −0.50\n"
        "\n"
        "Outcome\n"
        "  Not in the corpus, confidence 10%\n"
        "  Why: Nothing fits.\n"
        "\n"
    )


def test_an_explanation_is_readable_at_eighty_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    shares = tuple(Share(name, 1.0) for name in FEATURES)
    long = replace(told("who?"), sentences=(replace(WEIGHED, text=SENTENCE * 9, shares=shares),))
    text = shown(long, Screen()).replace("\x1b[1m", "").replace("\x1b[2m", "").replace("\x1b[0m", "")
    assert max(map(len, text.splitlines())) <= 80
    assert "it fits what is wanted 1.00" in " ".join(text.split())


def test_texts_of_others_in_an_explanation_can_not_control_the_terminal() -> None:
    hostile = "\x1b[31mred\x1b]8;;http://evil.example\x07link\x9b2J\u202eback[bold]no[/bold]\r\nnext"
    cited = replace(CITATION, title=hostile, publication=hostile)
    share = (Share(hostile, 1.0),)
    explanation = Explanation(
        replace(parse("who?", NOW), text=hostile, phrases=(hostile,), publications=(hostile,)),
        NOTHING,
        hostile,
        (FoundPassage(1, 1.0, cited, hostile, share),),
        (WeighedSentence(1, 1.0, 0.5, cited, hostile, hostile, share, hostile),),
    )
    text = shown(explanation)
    assert not set(text) & set("\x1b\x07\x9b\r\u202e")
    assert "[bold]no[/bold]" in text
