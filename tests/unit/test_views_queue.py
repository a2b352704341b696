"""The review queue and the cards of suggestions, case by case."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from discord import ui

from bot.views import suggestions
from bot.views.buttons import Action, Press
from bot.views.draft import Surrounding
from bot.views.queue import EmptyQueueLayout, QueueLayout, Turn, WholeTextLayout, named_giver, place_in, text_pages
from corpus.collection import LIBRARY, Collection
from corpus.drafts import Alike, Decision, DraftOrigin, DraftState, Preview, WaitingDraft
from corpus.model import AlreadyKnown, SetAside
from tests.fakes.drafts import draft

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TODAY = date(2026, 3, 2)
OWN = Collection(1)
WAITING = WaitingDraft(
    "0123456789abcdef",
    OWN,
    draft("It lost. It will appeal.", title="A ruling", publication="Courier", published=TODAY),
    DraftState.QUEUED,
    4,
    DraftOrigin.SUGGESTION,
    "discord:5",
    NOW,
    NOW,
)
PREVIEW = Preview(WAITING, 1)
OTHER = Alike("a", OWN, 1, "Another ruling", None, None, None, 0.72)
TURN = Turn(1, 3, "<@5>")


def text(layout: ui.LayoutView) -> str:
    return "\n".join(one.content for one in layout.walk_children() if isinstance(one, ui.TextDisplay))


def buttons(layout: ui.LayoutView) -> dict[str | None, Press | None]:
    return {one.label: Press.parse(str(one.custom_id)) for one in layout.walk_children() if isinstance(one, ui.Button)}


def shown(preview: Preview = PREVIEW, turn: Turn = TURN, *, speaks: bool = True) -> QueueLayout:
    return QueueLayout(preview, Surrounding(TODAY, speaks=speaks), turn)


def test_a_draft_is_shown_with_its_place_its_giver_and_its_size() -> None:
    told = text(shown())
    assert "### Review · 2 of 3" in told
    assert "-# Suggested by <@5> <t:" in told
    assert "**A ruling** · Courier" in told
    assert "5 words · 1 passage" in told
    assert "> It lost. It will appeal." in told


def test_its_buttons_name_the_draft_its_version_and_its_place() -> None:
    found = buttons(shown())
    assert found["Approve"] == Press(Action.APPROVE, WAITING.id, 0, 4)
    assert found["Next"] == Press(Action.QUEUE_ON, WAITING.id, 0, 1)
    assert found["Previous"] == Press(Action.QUEUE_BACK, WAITING.id, 0, 1)
    library = buttons(shown(replace(PREVIEW, waiting=replace(WAITING, collection=LIBRARY))))
    assert all(press is None or press.in_library for press in library.values())


@pytest.mark.parametrize(
    ("alike", "offered"),
    [
        ((), ["Approve"]),
        ((OTHER,), ["Keep both", "Replace"]),
        ((OTHER, replace(OTHER, key="b")), ["Keep both"]),
        ((replace(OTHER, collection=LIBRARY),), ["Keep both"]),
    ],
)
def test_near_duplicates_call_for_a_decision(alike: tuple[Alike, ...], offered: list[str]) -> None:
    layout = shown(replace(PREVIEW, alike=alike))
    deciding = [label for label in buttons(layout) if label in {"Approve", "Keep both", "Replace"}]
    assert deciding == offered
    assert any(isinstance(one, ui.Select) for one in layout.walk_children()) == (len(alike) == 2)
    if alike:
        assert "72 %" in text(layout)


def test_what_is_stored_already_can_not_be_approved() -> None:
    layout = shown(replace(PREVIEW, known=AlreadyKnown("a", "Another")))
    [approve] = [one for one in layout.walk_children() if isinstance(one, ui.Button) and one.label == "Approve"]
    assert approve.disabled


def test_flagged_lines_and_a_foreign_language_are_pointed_out() -> None:
    flagged = replace(WAITING.draft, flagged=(SetAside("Sign up now", "advertisement"),), language="de")
    told = text(shown(replace(PREVIEW, waiting=replace(WAITING, draft=flagged)), speaks=False))
    assert "1 line flagged" in told
    assert "Sign up now" in told
    assert "none of those that this server has set" in told


def test_what_was_done_before_stands_above() -> None:
    assert text(shown(turn=replace(TURN, said="**Approved:** Another"))).startswith("**Approved:** Another\n### Review")
    assert text(EmptyQueueLayout("**Rejected:** X")).startswith("**Rejected:** X\n### Nothing waits for review")


def test_a_feed_is_named_by_its_title_while_it_is_followed() -> None:
    brought = replace(WAITING, by="feed:3", origin=DraftOrigin.FEED)
    assert named_giver(brought, "Courier") == "the feed **Courier**"
    assert named_giver(brought, None) == "feed 3"
    assert named_giver(WAITING, None) == "<@5>"
    assert "-# Brought in by" in text(shown(replace(PREVIEW, waiting=brought)))


def test_no_message_has_no_place() -> None:
    assert place_in(None) == 0


def test_the_whole_text_stands_on_pages_without_a_gap() -> None:
    long = " ".join(f"Sentence {n} says *so*." for n in range(400))
    waiting = replace(WAITING, draft=replace(WAITING.draft, text=long))
    spans = text_pages(long)
    told = "".join(text(WholeTextLayout(waiting, spans, page)) for page in range(len(spans)))
    assert all(told.count(f"Sentence {n} says") == 1 for n in range(400))
    assert "Page 1 of" not in text(WholeTextLayout(WAITING, text_pages(WAITING.draft.text), 0))


def test_a_card_tells_size_and_likeness() -> None:
    assert "5 words, 1 passage · like nothing that is stored" in text(suggestions.CardLayout(PREVIEW, TODAY))
    alike = replace(PREVIEW, alike=(replace(OTHER, share=1.0),))
    assert "99 % in common" in text(suggestions.CardLayout(alike, TODAY))
    known = replace(PREVIEW, known=AlreadyKnown("a", "Another"))
    assert "stored already" in text(suggestions.CardLayout(known, TODAY))


@pytest.mark.parametrize(
    ("state", "word"),
    [(DraftState.STORED, "Approved"), (DraftState.REJECTED, "Rejected"), (DraftState.CANCELLED, "Cancelled")],
)
def test_a_decided_card_names_who_decided_what(state: DraftState, word: str) -> None:
    waiting = replace(WAITING, state=state, decision=Decision("discord:9", NOW, "It is *old*."))
    told = text(suggestions.DecidedCardLayout(waiting, TODAY))
    assert f"**{word}** by <@9> <t:" in told
    assert told.endswith(": It is \\*old\\*.")


def test_a_rejection_without_a_reason_gives_none() -> None:
    waiting = replace(WAITING, state=DraftState.REJECTED, decision=Decision("discord:9", NOW))
    told = text(suggestions.rejected(waiting, "Newsroom"))
    assert told == "Your suggestion in Newsroom was not taken: **A ruling**"
    assert suggestions.decided(replace(waiting, decision=None)) == "It was rejected."
