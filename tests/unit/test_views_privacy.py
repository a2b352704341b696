"""What is kept of a member, in words."""

from __future__ import annotations

from datetime import timedelta

from discord import ui

from bot.privacy import About
from bot.records.members import Counts, Erased
from bot.views.buttons import Layout
from bot.views.privacy import Kept, PrivacyLayout, erased


def text_of(layout: Layout) -> str:
    """All that it says."""
    return "\n".join(one.content for one in layout.walk_children() if isinstance(one, ui.TextDisplay))


def kept(*records: tuple[int | None, int], log: bool = True, kept_for: timedelta = timedelta(days=30)) -> Kept:
    """So many records by guild; guild 1 is known by name."""
    counts = Counts(records, votes=1, requests=2, pending=0)
    about = About(counts, question_log=log, open_drafts=0, decided_drafts=3, acts=4)
    return Kept(about, {1: "News *room*"}, kept_for)


def test_questions_are_counted_by_place_most_first() -> None:
    said = text_of(PrivacyLayout(kept((None, 1), (1, 5), (2, 3))))
    assert (
        "**9 questions** and searches, with what was answered\n- in News \\*room\\*: 5\n"
        "- in a server that I am not in any more: 3\n- in direct messages: 1\n**1 vote**"
    ) in said


def test_many_places_are_added_up() -> None:
    said = text_of(PrivacyLayout(kept(*((number, 1) for number in range(2, 14)))))
    assert "- in 2 other servers: 2\n" in said


def test_the_question_log_and_its_button_say_how_it_is() -> None:
    on, off = PrivacyLayout(kept()), PrivacyLayout(kept(log=False, kept_for=timedelta(minutes=15)))
    assert "What you ask here is kept for 30 days." in text_of(on)
    assert "What you ask is kept for 15 minutes, which its buttons need." in text_of(off)
    labels = [[one.label for one in layout.walk_children() if isinstance(one, ui.Button)] for layout in (on, off)]
    assert labels == [["Export", "Don't keep my questions", "Erase …"], ["Export", "Keep my questions", "Erase …"]]


def test_what_was_erased_is_counted_and_the_pseudonym_is_not_told() -> None:
    assert "1 question, 0 votes, 2 requests." in text_of(erased(Erased(1, 0, 2, 1, 0)))
    assert "no longer name you" not in text_of(erased(Erased(1, 0, 2, 1, 0)))
    assert "7 entries of the record of changes no longer name you." in text_of(erased(Erased(0, 0, 0, 0, 7)))
