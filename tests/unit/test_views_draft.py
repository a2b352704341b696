"""Previews and what they stand on, case by case: actors, texts within a budget, forms, near-duplicates."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from discord import ui

from bot.limits import measure
from bot.views.actors import actor, told
from bot.views.buttons import Action, Layout, Press, number_of
from bot.views.details import add_form, changed_in, edit_form, typed_in
from bot.views.draft import PreviewLayout, Surrounding, closing, mark_of, opening, shown_in
from bot.views.draftpages import compared_of, compared_page, signed
from bot.views.paged import foot, nearest, pages_of
from bot.views.undo import may_be_undone, undo_button
from corpus.collection import LIBRARY, Collection
from corpus.drafts import Alike, Base, Details, DraftOrigin, DraftState, Line, Preview, WaitingDraft
from corpus.model import Article, AuditEntry, Draft, SetAside, Source, SourceKind

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TODAY = NOW.date()
DRAFT = Draft(
    "Judge refuses",
    "First line.\n\nSecond line.",
    "",
    Source(SourceKind.PASTE),
    publication="CNBC",
    authors=("Jane Doe", "Max Roe"),
    published=date(2021, 1, 21),
    url="https://example.com/a",
)
WAITING = WaitingDraft(
    "0" * 16, Collection(7), DRAFT, DraftState.WAITING, 3, DraftOrigin.MODERATOR, "discord:1", NOW, NOW
)
OLD = Alike("old", Collection(7), 2, "Old one", "CNBC", date(2021, 1, 20), None, 0.999)


def preview(waiting: WaitingDraft = WAITING, alike: tuple[Alike, ...] = (), before: Article | None = None) -> Preview:
    """A preview of the draft with these near-duplicates, or as an edit of that article."""
    return Preview(waiting, 1, None, alike, before)


def text_of(layout: Layout) -> str:
    """All that is to be read in the layout."""
    return "\n".join(one.content for one in layout.walk_children() if isinstance(one, ui.TextDisplay))


def labels(layout: Layout) -> list[str | None]:
    """The labels of its buttons."""
    return [one.label for one in layout.walk_children() if isinstance(one, ui.Button)]


class TestActors:
    """Who did something is named as Discord shows members, in sentences too."""

    @pytest.mark.parametrize(
        ("by", "shown"),
        [
            ("discord:123", "<@123>"),
            ("discord:1x", "discord:1x"),
            ("terminal:root", "root at the terminal"),
            ("terminal:", "somebody at the terminal"),
            ("feed:3", "feed 3"),
            ("starter", "the starter collection"),
            ("former:0a1b2c3d", "a former member"),
            ("amicus", "Amicus"),
            ("", "somebody"),
            ("@everyone", "\\@everyone"),
        ],
    )
    def test_an_actor_is_shown(self, by: str, shown: str) -> None:
        assert actor(by) == shown.replace("d:1x", "d\\:1x")

    def test_a_sentence_names_its_actors(self) -> None:
        assert told("discord:5 has changed it; it was former:0a1b2c3d by *x*", 500) == (
            "<@5> has changed it; it was a former member by \\*x\\*."
        )

    def test_a_sentence_begins_with_a_capital(self) -> None:
        assert told("it was stored already by terminal:root.", 500) == "It was stored already by root at the terminal."

    def test_a_long_sentence_is_cut_and_keeps_its_budget(self) -> None:
        assert measure(told("discord:1234567890123456789 " * 40 + "word " * 400, 300)) <= 300

    def test_a_sign_that_stands_for_an_actor_can_not_be_smuggled_in(self) -> None:
        assert told("\ue000 by discord:5", 100) == "\ufffd by <@5>."


class TestPaging:
    """Blocks stand whole on pages, in order."""

    def test_no_page_is_longer_than_its_room(self) -> None:
        pages = pages_of(["x" * 40] * 10, 100)
        assert [len(page) for page in pages] == [2] * 5

    def test_there_is_always_a_page(self) -> None:
        assert pages_of([], 100) == [[]]
        assert foot(0, 1) == ""
        assert foot(1, 3) == "-# Page 2 of 3"

    def test_the_nearest_page_is_taken(self) -> None:
        assert [nearest(page, 3) for page in (-1, 0, 2, 9)] == [0, 0, 2, 2]


class TestTexts:
    """First and last lines fit into their budget."""

    def test_a_short_text_is_shown_whole(self) -> None:
        assert opening("One.\n\nTwo.", 100) == ("> One.\n> Two.", "")

    def test_a_long_text_is_cut_at_words(self) -> None:
        text = " ".join(f"word{n}" for n in range(100))
        first, rest = opening(text, 60)
        assert first == "> word0 word1 word2 word3 word4 word5 word6 word7 word8 […]"
        last = closing(rest, 40)
        assert last == "> […] word96 word97 word98 word99"
        assert measure(last) <= 40

    def test_the_end_keeps_its_budget_where_all_is_escaped(self) -> None:
        assert measure(closing("**" * 400, 100)) <= 100

    def test_lines_of_a_difference_are_marked(self) -> None:
        assert signed(Line("+", "new *x*")) == "**\\+** new \\*x\\*"
        assert signed(Line("-", "old")) == "**\\-** ~~old~~"
        assert signed(Line(" ", "same")) == "-# same"


class TestPreviews:
    """What a moderator sees before anything is stored."""

    def test_it_names_all_particulars(self) -> None:
        text = text_of(PreviewLayout(preview(), Surrounding(TODAY)))
        for part in (
            "**Judge refuses** · CNBC · 21 January 2021 (5 years ago)",
            "By Jane Doe, Max Roe",
            "https\\://example.com/a",
            "-# 4 words · 1 passage · language en",
            "**Text**\n> First line.\n> Second line.",
        ):
            assert part in text
        assert "near-duplicate" not in text

    def test_set_aside_lines_are_counted_by_rule_and_the_first_are_shown(self) -> None:
        dropped = tuple(SetAside(f"line {n}", "caption" if n else "byline") for n in range(5))
        shown = PreviewLayout(
            preview(waiting=replace(WAITING, draft=replace(DRAFT, dropped=dropped))), Surrounding(TODAY)
        )
        assert "**5 lines dropped** (caption 4, byline 1)\n-# line 0\n-# line 1\n-# line 2" in text_of(shown)
        assert "line 3" not in text_of(shown)
        assert "Dropped lines" in labels(shown)

    def test_a_language_that_the_server_has_not_set_is_flagged(self) -> None:
        assert "none of those" in text_of(PreviewLayout(preview(), Surrounding(TODAY, speaks=False)))

    def test_near_duplicates_ask_for_a_decision(self) -> None:
        shown = PreviewLayout(preview(alike=(OLD,)), Surrounding(TODAY))
        assert "1\\. **99 %** in common: Old one · CNBC · 2021-01-20, this server" in text_of(shown)
        assert labels(shown)[:2] == ["Keep both", "Replace"]

    def test_an_edit_replaces_no_other_article(self) -> None:
        waiting = replace(WAITING, base=Base("k", 1))
        before = Article(1, Collection(7), "k", 1, "Before", "Old text.")
        shown = PreviewLayout(preview(waiting=waiting, alike=(OLD,), before=before), Surrounding(TODAY))
        assert labels(shown)[:2] == ["Store all the same", "Edit details"]
        assert "-# title: Before → Judge refuses" in text_of(shown)
        assert "Changes" in labels(shown)

    def test_of_several_of_ones_own_the_replaced_one_is_chosen_in_a_menu(self) -> None:
        shown = PreviewLayout(
            preview(alike=(OLD, replace(OLD, key="b"), replace(OLD, collection=LIBRARY))), Surrounding(TODAY)
        )
        assert labels(shown)[0:2] == ["Keep both", "Edit details"]
        [menu] = [one for one in shown.walk_children() if isinstance(one, ui.Select)]
        assert [option.value for option in menu.options] == [
            f"mark-{mark_of(OLD)}",
            f"mark-{mark_of(replace(OLD, key='b'))}",
        ]

    def test_a_mark_stands_for_one_revision_of_one_article(self) -> None:
        others = (replace(OLD, revision=3), replace(OLD, key="b"), replace(OLD, collection=LIBRARY))
        assert mark_of(OLD) not in {mark_of(one) for one in others}
        assert mark_of(replace(OLD, share=0.7)) == mark_of(OLD) < 10_000
        assert shown_in(None) == frozenset()

    def test_page_and_place_of_a_comparison_come_back(self) -> None:
        assert compared_of(compared_page(7, 1)) == (7, 1)


class TestForms:
    """What is left as it stood changes nothing."""

    def test_only_what_was_changed_counts(self) -> None:
        stands = {"title": "Judge refuses", "publication": "", "authors": "Jane Doe;  Max Roe", "date": "2021-01-22"}
        assert changed_in(stands, DRAFT) == Details(publication="", published="2021-01-22")

    def test_authors_that_no_field_can_hold_are_left_alone(self) -> None:
        many = replace(DRAFT, authors=tuple(f"Author Number {n} {'x' * 200}" for n in range(50)))
        label = edit_form("Edit", Press(Action.DRAFT_EDIT), many).children[2]
        assert isinstance(label, ui.Label)
        assert isinstance(label.component, ui.TextInput)
        assert changed_in({"authors": label.component.default or ""}, many) == Details()

    def test_the_form_for_a_new_article_is_filled_with_what_was_typed(self) -> None:
        fields = {"title": "T", "publication": "P", "date": "D", "link": "L", "text": "X"}
        values = [
            label.component.default
            for label in add_form(Press(Action.DRAFT_ADD), fields).children
            if isinstance(label, ui.Label) and isinstance(label.component, ui.TextInput)
        ]
        assert values == list(fields.values())
        assert typed_in(fields) == Details("T", "P", "D", "L", None, "X")


class TestUndo:
    """An act is taken back for a week, and only what can be."""

    ENTRY = AuditEntry(300, NOW, "discord:1", "add", LIBRARY, "k", 1)

    def test_the_button_names_the_entry_and_the_place(self) -> None:
        [button] = undo_button(self.ENTRY, NOW)
        assert isinstance(button, ui.Button)
        press = Press.parse(button.custom_id or "")
        assert press is not None
        assert (number_of(press.record), press.in_library, press.action) == (300, True, Action.UNDO)

    def test_there_is_none_after_a_week_or_for_other_acts(self) -> None:
        assert may_be_undone(self.ENTRY, NOW + timedelta(days=7))
        assert undo_button(self.ENTRY, NOW + timedelta(days=7, seconds=1)) == []
        assert undo_button(replace(self.ENTRY, action="purge"), NOW) == []
        assert undo_button(None, NOW) == []
