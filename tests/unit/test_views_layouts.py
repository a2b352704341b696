"""Layouts and their texts, case by case."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.limits import COMPONENTS_IN_MESSAGE
from bot.sheet import Outcome, Piece, Role, Sheet
from bot.surroundings import surroundings_of
from bot.views import excerpt, markup
from bot.views.answer import AnswerLayout, Controls, link_of
from bot.views.buttons import Action, Press
from bot.views.help import HelpLayout
from bot.views.pages import page_of
from bot.wording import age, day, human_join, moment, plural
from corpus.model import Span
from retrieval.model import Topic
from tests.fakes.discord_app import corpus, quote

TODAY = date(2026, 3, 2)
ARTICLE = corpus("""
    # parler | Judge refuses | CNBC | 2021-01-21 | https://example.com/a
    It was Thursday. Judge Barbara Rothstein said no. Parler had sued. It lost.
""")[0]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("plain words, with a full stop.", "plain words, with a full stop."),
        ("**bold** _it_ ~~no~~ `x` ||y||", "\\*\\*bold\\*\\* \\_it\\_ \\~\\~no\\~\\~ \\`x\\` \\|\\|y\\|\\|"),
        ("[a](https://b.c)", "\\[a\\](https\\://b.c)"),
        ("<@1> <#2> </ask:3> <t:4:R>", "\\<\\@1\\> \\<\\#2\\> \\</ask\\:3\\> \\<t\\:4\\:R\\>"),
        ("@everyone", "\\@everyone"),
        ("- item\n1. one\n  + more", "\\- item\n1\\. one\n  \\+ more"),
        ("a - b, No. 1. c", "a - b, No. 1. c"),
        ("at 10:30: yes", "at 10\\:30: yes"),
        ("C:\\x", "C\\:\\\\x"),
        ("a\u202eb\x00c\x7f", "a\ufffdb\u2400c\u2421"),
        ("zero\u200bwidth", "zero\u200bwidth"),
    ],
)
def test_only_what_discord_would_act_on_is_escaped(text: str, written: str) -> None:
    assert markup.escape(text) == written


def test_bold_face_ends_at_a_line_break_and_begins_anew() -> None:
    assert markup.marked("a bc\nde f", [Span(2, 7)]) == "a **bc**\n**de** f"


def test_a_short_budget_cuts_at_a_word_and_shows_it() -> None:
    assert excerpt.block_quote("one two three four five", (), 22) == "> one two […]"


def test_the_answer_stays_when_a_long_sentence_is_cut() -> None:
    text = "word " * 100 + "Rothstein " + "word " * 100
    cut = excerpt.block_quote(text, [Span(500, 509)], 120)
    assert cut is not None
    assert cut.startswith("> […] word")
    assert "**Rothstein**" in cut
    assert cut.endswith("word […]")


def test_a_quotation_is_not_cut_within() -> None:
    text = "He said “one two three four five six seven” and left the room at once."
    assert excerpt.block_quote(text, (), 45) == "> He said […]"
    assert excerpt.block_quote("“" + "one " * 50 + "”", (), 60) is None


@pytest.mark.parametrize(
    ("url", "usable"),
    [
        ("https://example.com/a?b=c#d", True),
        ("HTTP://EXAMPLE.COM", True),
        ("javascript:alert(1)", False),
        ("discord://x", False),
        ("https://", False),
        ("https://a b.example", False),
        ("https://user:pw@example.com", False),
        ("https://example.com:port/", False),
        ("https://[::1", False),
        ("https://exämple.com", False),
        ("https://e.example/" + "x" * 494, True),
        ("https://e.example/" + "x" * 495, False),
        ("", False),
        (None, False),
    ],
)
def test_only_addresses_that_discord_takes_become_link_buttons(url: str | None, usable: bool) -> None:  # noqa: FBT001
    assert link_of(url) == (url if usable else None)


def test_the_short_answer_is_not_taken_from_a_removed_article() -> None:
    gone = Piece(Role.EVIDENCE, None)
    assert Sheet(Outcome.ANSWERED, "q", (gone,)).short_answer is None
    stands = Piece(Role.EVIDENCE, quote(ARTICLE, "It lost.", "lost"))
    assert Sheet(Outcome.ANSWERED, "q", (gone, stands)).short_answer == "lost"


def test_what_is_merely_near_gives_no_short_answer() -> None:
    near = Piece(Role.CLOSEST, quote(ARTICLE, "It lost.", "lost"))
    assert Sheet(Outcome.NOT_IN_CORPUS, "q", (near,)).short_answer is None


def test_the_fullest_message_has_as_many_components_as_discord_takes() -> None:
    pieces = (Piece(Role.CLOSEST, quote(ARTICLE, "It lost.")),) * 6
    sheet = Sheet(Outcome.NOT_IN_CORPUS, "q", pieces, did_you_mean="who?", related=("1?", "2?", "3?", "4?", "5?"))
    layout = AnswerLayout(sheet, 0, Controls("0" * 16, shareable=True, shared_by=1), today=TODAY)
    assert sum(1 for _ in layout.walk_children()) == COMPONENTS_IN_MESSAGE


def test_two_sides_are_told_only_while_both_stand() -> None:
    first, other = quote(ARTICLE, "It lost.", "lost"), quote(ARTICLE, "Parler had sued.", "sued")
    sides = (Piece(Role.EVIDENCE, first), Piece(Role.CONFLICT, other))
    gone = Piece(Role.EVIDENCE, None), Piece(Role.CONFLICT, None)
    assert [number for number, _ in Sheet(Outcome.ANSWERED, "q", sides).differing] == [1, 2]
    assert Sheet(Outcome.ANSWERED, "q", sides).short_answer is None
    assert Sheet(Outcome.ANSWERED, "q", (gone[0], sides[1])).differing == ()
    assert Sheet(Outcome.ANSWERED, "q", (gone[0], sides[1])).short_answer is None
    assert Sheet(Outcome.ANSWERED, "q", (sides[0], gone[1])).differing == ()
    assert Sheet(Outcome.ANSWERED, "q", (sides[0], gone[1])).short_answer == "lost"


def test_short_answers_stand_beside_each_other_only_where_each_side_has_one() -> None:
    first, other = quote(ARTICLE, "It lost.", "lost"), quote(ARTICLE, "Parler had sued.", "sued")
    for evidence, told in ((other, "\n**1.** lost · **2.** sued"), (replace(other, answer=None), "")):
        sheet = Sheet(Outcome.ANSWERED, "q", (Piece(Role.EVIDENCE, first), Piece(Role.CONFLICT, evidence)))
        head = page_of(sheet, 0, today=TODAY).head
        assert head == f"-# q\n### Articles differ on this\n-# Which is right is left open.{told}"


def test_what_stands_above_the_pieces_is_said_once_of_each_kind_on_each_page() -> None:
    evidence = quote(ARTICLE, "It lost.")
    roles = (Role.EVIDENCE, Role.CONFLICT, Role.CONFLICT, Role.EVIDENCE, Role.EVIDENCE, Role.EVIDENCE)
    sheet = Sheet(Outcome.ANSWERED, "q", tuple(Piece(role, evidence) for role in roles), polarity=False)
    above = [
        entry.markup.split("\n")[0]
        for index in range(2)
        for entry in page_of(sheet, index, today=TODAY, per_page=5).entries
    ]
    shown = "> It lost."
    further = "**Further evidence:**"
    assert above == ["**No.**", "**Another article says:**", shown, further, shown, further]


def test_a_note_is_left_out_where_an_article_was_removed() -> None:
    sheet = Sheet(Outcome.ANSWERED, "q", (Piece(Role.EVIDENCE, None),), notes=("It speaks of the removed one.",))
    assert "speaks" not in page_of(sheet, 0, today=TODAY).head


def test_the_label_of_the_closest_passages_stands_once_on_each_page() -> None:
    near = Piece(Role.CLOSEST, quote(ARTICLE, "It lost."))
    sheet = Sheet(Outcome.NOT_IN_CORPUS, "q", (near,) * 4)
    for index in range(2):
        entries = page_of(sheet, index, today=TODAY, per_page=2).entries
        assert [entry.markup.startswith("**Closest passages.**") for entry in entries] == [True, False]


def test_surroundings_hold_three_sentences_to_either_side() -> None:
    text = " ".join(f"Sentence {number}." for number in range(9))
    article = corpus(f"# k | T\n{text}")[0]
    spans = [Span(at, at + 11) for at in range(0, len(text), 12)]
    around = surroundings_of(quote(article, "Sentence 4."), text, spans)
    assert around.text == text[12:95]
    assert not around.begins
    assert not around.ends


def test_a_quotation_that_is_not_in_its_article_is_refused() -> None:
    with pytest.raises(ValueError, match="does not stand"):
        surroundings_of(quote(ARTICLE, "It lost."), "Another text altogether. " * 9, ())


def test_an_id_is_read_as_it_was_written() -> None:
    press = Press(Action.CONTEXT, "0123456789abcdef", 3, 14)
    assert Press.parse(str(press)) == press
    assert Press.parse("amicus:0123456789abcdef:retired:0:0") is None
    assert Press.parse("something else") is None


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (date(2026, 3, 2), "today"),
        (date(2026, 3, 1), "yesterday"),
        (date(2026, 2, 27), "3 days ago"),
        (date(2026, 2, 10), "2 weeks ago"),
        (date(2026, 2, 2), "1 month ago"),
        (date(2025, 3, 3), "11 months ago"),
        (date(2025, 3, 2), "1 year ago"),
        (date(2021, 1, 21), "5 years ago"),
        (date(2026, 3, 3), "tomorrow"),
        (date(2026, 3, 7), "in 5 days"),
    ],
)
def test_ages_are_told_in_the_largest_whole_unit(when: date, words: str) -> None:
    assert age(when, TODAY) == words


def test_small_words_are_grammatical() -> None:
    assert [plural(1, "passage"), plural(0, "passage"), plural(1200, "entry", "entries")] == [
        "1 passage",
        "0 passages",
        "1,200 entries",
    ]
    assert [human_join(()), human_join(("a",)), human_join(("a", "b")), human_join(("a", "b", "c"), "or")] == [
        "",
        "a",
        "a and b",
        "a, b or c",
    ]
    assert day(date(2021, 1, 2)) == "2 January 2021"
    assert moment(datetime(1970, 1, 1, 0, 0, 59, tzinfo=UTC)) == "<t:60:R>"


@pytest.mark.parametrize("topic", [None, *Topic])
def test_every_kind_of_small_talk_has_a_help(topic: Topic | None) -> None:
    assert HelpLayout(topic).content_length() <= 4000


async def test_a_layout_is_never_kept_by_the_client() -> None:
    assert HelpLayout().is_finished()


def test_an_answer_to_two_questions_in_one_is_headed_by_both() -> None:
    pieces = tuple(Piece(Role.EVIDENCE, quote(ARTICLE, "It lost.", word)) for word in ("It", "lost"))
    assert Sheet(Outcome.ANSWERED, "q", pieces, parts=2).short_answer == "It · lost"
    assert Sheet(Outcome.ANSWERED, "q", pieces).short_answer == "It"


def test_an_answer_of_two_parts_of_which_one_has_no_short_answer_has_no_heading() -> None:
    pieces = tuple(Piece(Role.EVIDENCE, quote(ARTICLE, "It lost.", word)) for word in ("It", None))
    assert Sheet(Outcome.ANSWERED, "q", pieces, parts=2).short_answer is None
