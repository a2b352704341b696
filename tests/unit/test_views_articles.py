"""Lists, articles, histories, takedowns and candidates as layouts, case by case."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from discord import ui

from bot.cogs.candidates import Candidate, Taken, read_back, without_names
from bot.views.articles import ArticleLayout, Listed, ListLayout, Reading, Wanted, pages_for, pages_of_text, picked_id
from bot.views.buttons import Layout, Press
from bot.views.candidates import candidate_number, candidate_value
from bot.views.history import deeds_of
from bot.views.purging import PurgedLayout, Redrawn, confirms, purge_form, title_word
from corpus.collection import LIBRARY, Collection
from corpus.drafts import HistoryEntry, Purged
from corpus.model import Article, ArticleSummary, AuditEntry

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TODAY = NOW.date()
ARTICLE = Article(
    5,
    Collection(7),
    "judge-refuses",
    2,
    "Judge refuses to restore Parler",
    "It was Thursday. " * 500,
    "CNBC",
    published=date(2021, 1, 21),
    url="https://example.com/a",
    added_by="discord:1",
    added_at=NOW,
)
SUMMARY = ArticleSummary(
    5,
    LIBRARY,
    "k",
    1,
    "A *title*",
    "CNBC",
    date(2021, 1, 21),
    None,
    "en",
    partial=True,
    characters=9,
    passages=1,
    added_by="starter",
    added_at=NOW,
)


def text_of(layout: Layout) -> str:
    """All that is to be read in the layout."""
    return "\n".join(one.content for one in layout.walk_children() if isinstance(one, ui.TextDisplay))


def presses(layout: Layout) -> dict[str | None, Press | None]:
    """The presses of its buttons, by their labels."""
    return {one.label: Press.parse(one.custom_id or "") for one in layout.walk_children() if isinstance(one, ui.Button)}


class TestLists:
    """A list has a line for each article and pages."""

    def test_a_line_tells_title_origin_and_whose_it_is(self) -> None:
        shown = ListLayout(Listed([SUMMARY], 1, 0), Wanted(text="a b"), record="0" * 16, today=TODAY)
        assert text_of(shown) == (
            "### 1 article with “a b”\n- **A \\*title\\*** · CNBC · 2021-01-21 · k · library · excerpt"
        )

    def test_an_empty_list_says_so(self) -> None:
        shown = ListLayout(Listed([], 0, 0), Wanted(removed=True), record="0" * 16, today=TODAY)
        assert text_of(shown) == "### 0 removed articles\nThere is none."
        assert not [one for one in shown.walk_children() if isinstance(one, ui.Select)]

    def test_there_is_always_a_page(self) -> None:
        assert [pages_for(total) for total in (0, 1, 8, 9)] == [1, 1, 1, 2]

    @pytest.mark.parametrize(("value", "number"), [("#12", 12), ("12", 12), ("x", 0), ("#", 0), ("#" + "9" * 40, 0)])
    def test_an_option_that_is_none_stands_for_nothing(self, value: str, number: int) -> None:
        assert picked_id(value) == number


class TestReading:
    """A text stands on pages; buttons say where the reader works and whose article it is."""

    def test_pages_remember_text_and_place(self) -> None:
        library = replace(ARTICLE, collection=LIBRARY)
        spans = pages_of_text(library, library.text, TODAY)
        assert "".join(span.of(library.text) for span in spans) == library.text
        shown = presses(
            ArticleLayout(library, library.text, spans, Reading(0, 1, raw=True, editable=True), today=TODAY)
        )
        following, clean, edit = shown["Next"], shown["Clean text"], shown["Edit"]
        assert following is not None
        assert clean is not None
        assert edit is not None
        assert (following.in_library, following.argument) == (False, 5)
        assert (clean.in_library, clean.argument) == (False, 0)
        assert (edit.in_library, edit.argument) == (True, 2)

    def test_who_may_not_edit_has_no_buttons_for_it(self) -> None:
        spans = pages_of_text(ARTICLE, ARTICLE.text, TODAY)
        shown = presses(ArticleLayout(ARTICLE, ARTICLE.text, spans, Reading(0), today=TODAY))
        assert not {"Edit", "Remove", "Restore"} & set(shown)

    def test_an_empty_text_is_a_page_too(self) -> None:
        assert "**Text**" in text_of(ArticleLayout(ARTICLE, "", [], Reading(0), today=TODAY))


class TestHistory:
    """Acts and revisions are told together, newest first."""

    def test_acts_carry_what_their_revision_changed(self) -> None:
        first = HistoryEntry(replace(ARTICLE, revision=1))
        second = HistoryEntry(ARTICLE, (("title", "a", "b"),))
        acts = [
            AuditEntry(4, NOW, "discord:2", "remove", Collection(7), "k", 2, "spam"),
            AuditEntry(3, NOW, "discord:1", "revise", Collection(7), "k", 2, f"draft {'a' * 16}"),
        ]
        deeds = deeds_of([second, first], acts)
        assert [(one.action, one.revision, one.why, one.entry) for one in deeds] == [
            ("remove", 2, "spam", None),
            ("revise", 2, "", second),
            ("add", 1, "", first),
        ]

    def test_without_acts_the_revisions_tell(self) -> None:
        entries = [HistoryEntry(ARTICLE), HistoryEntry(replace(ARTICLE, revision=1))]
        assert [(one.action, one.by) for one in deeds_of(entries, [])] == [
            ("revise", "discord:1"),
            ("add", "discord:1"),
        ]


class TestTakedown:
    """Erasing asks for the key or a word, and says what it did."""

    @pytest.mark.parametrize(
        ("title", "word"),
        [("Judge refuses to restore Parler", "refuses"), ("A b c", ""), ("", ""), ("Ärzte-Prozess", "Prozess")],
    )
    def test_the_longest_word_of_the_title_is_asked_for(self, title: str, word: str) -> None:
        assert title_word(title) == word

    @pytest.mark.parametrize("typed", ["judge-refuses", " REFUSES ", "judge refuses to restore parler"])
    def test_key_word_or_title_confirm(self, typed: str) -> None:
        assert confirms(typed, ARTICLE)

    @pytest.mark.parametrize("typed", ["", "yes", "Judge", "refuses to"])
    def test_nothing_else_confirms(self, typed: str) -> None:
        assert not confirms(typed, ARTICLE)
        assert not confirms("", replace(ARTICLE, title="", key="k"))

    def test_the_form_names_the_word(self) -> None:
        label = purge_form(ARTICLE).children[0]
        assert isinstance(label, ui.Label)
        assert label.text == "Type the key or “refuses”"

    def test_messages_and_backups_are_counted(self) -> None:
        purged = Purged(5, "k", "T", 2, ("0" * 16,), ("/a", "/b"))
        text = text_of(PurgedLayout(purged, 3, Redrawn(2, 1)))
        assert "2 backups made before still hold it" in text
        assert "2 were changed; 1 could not be reached." in text
        assert "are being changed" in text_of(PurgedLayout(purged, 3, None))
        assert "No message of the bot quotes it." in text_of(PurgedLayout(purged, 0, Redrawn(0, 0)))


class TestCandidates:
    """What is kept of a message comes back, and names nobody."""

    def test_candidates_come_back_from_json(self) -> None:
        kept = (
            Candidate(Taken.LINK, "https://example.com"),
            Candidate(Taken.FILE, "https://cdn/x", "a.txt", "text/plain", 12),
            Candidate(Taken.TEXT, "words", words_of_member=True),
        )
        assert read_back({"candidates": [one.kept() for one in kept]}) == kept

    def test_what_is_no_candidate_is_left_out(self) -> None:
        assert read_back({"candidates": [1, {"kind": "other"}, {}]}) == ()
        assert read_back({}) == ()

    def test_mentions_are_replaced(self) -> None:
        said = "<@1> and <@!2> of <@&3> in <#4> <:smile:5> <a:wave:6> </ask:7> <t:8:R> said x < y > z"
        assert without_names(said) == "@member and @member of @member in #channel :smile: :wave: /ask  said x < y > z"

    @pytest.mark.parametrize(
        ("value", "number"), [(candidate_value(7), 7), ("candidate-", None), ("x", None), ("candidate-99999", None)]
    )
    def test_an_option_stands_for_a_number(self, value: str, number: int | None) -> None:
        assert candidate_number(value) == number
