"""The wanted list and what asking for an article says, case by case; the button that a refusal offers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from discord import ui

from bot.limits import COMPONENTS_IN_MESSAGE
from bot.sheet import Outcome, Piece, Role, Sheet
from bot.views.answer import AnswerLayout, Controls
from bot.views.wanted import WantedLayout, decided, decided_before, pages_of, requested
from bot.wanted import Requested, Topic, TopicState
from tests.fakes.discord_app import corpus, quote

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TODAY = date(2026, 3, 2)
TOPIC = Topic(7, 1, "who founded Zebra?", 3, NOW, NOW + timedelta(hours=1))
[ARTICLE] = corpus("# a | It ends | CNBC | 2021-01-21 | https://example.com/a\nIt lost.")
CLOSEST = (Piece(Role.CLOSEST, quote(ARTICLE, "It lost.")),) * 6
FULLEST = Sheet(Outcome.NOT_IN_CORPUS, "q", CLOSEST, did_you_mean="who?", related=("1?", "2?", "3?", "4?", "5?"))


def labels(layout: ui.LayoutView) -> list[str | None]:
    return [one.label for one in layout.walk_children() if isinstance(one, ui.Button)]


def text(layout: ui.LayoutView) -> str:
    return "\n".join(one.content for one in layout.walk_children() if isinstance(one, ui.TextDisplay))


def test_the_fullest_refusal_loses_its_line_and_no_button_to_the_request() -> None:
    without = AnswerLayout(FULLEST, 0, Controls("0" * 16, shareable=True), today=TODAY)
    full = AnswerLayout(FULLEST, 0, Controls("0" * 16, shareable=True, requestable=True), today=TODAY)
    assert sum(1 for _ in full.walk_children()) == COMPONENTS_IN_MESSAGE
    assert [one for one in labels(full) if one != "Request an article"] == labels(without)
    assert text(full) == text(without)


def test_a_refusal_with_room_keeps_its_line() -> None:
    layout = AnswerLayout(Sheet(Outcome.NOT_IN_CORPUS, "q", CLOSEST[:1]), 0, Controls("0" * 16), today=TODAY)
    assert any(isinstance(one, ui.Separator) for one in layout.walk_children())


@pytest.mark.parametrize("outcome", [one for one in Outcome if one is not Outcome.NOT_IN_CORPUS])
def test_no_other_outcome_offers_a_request(outcome: Outcome) -> None:
    layout = AnswerLayout(Sheet(outcome, "q", CLOSEST), 0, Controls("0" * 16, requestable=True), today=TODAY)
    assert "Request an article" not in labels(layout)


def test_the_first_request_the_joined_and_the_repeated_one_are_told_apart() -> None:
    alone = replace(TOPIC, count=1)
    assert "You are the first to ask for it." in text(requested(Requested(alone, new=True)))
    assert "3 members want it now, with you." in text(requested(Requested(TOPIC, new=True)))
    assert "before. 3 members want one." in text(requested(Requested(TOPIC, new=False)))
    assert "before. 1 member wants one." in text(requested(Requested(alone, new=False)))


def test_a_topic_shows_its_count_and_when_it_was_asked_for() -> None:
    shown = text(WantedLayout([TOPIC], page=0, length=1))
    assert "### 1 wanted topic" in shown
    assert f"**3 members** · first asked <t:{int(NOW.timestamp()) + 1}:R>, last <t:" in shown
    assert ", last" not in text(WantedLayout([replace(TOPIC, last_at=NOW)], page=0, length=1))
    assert "Page" not in shown


def test_what_was_decided_names_who_and_what() -> None:
    done = replace(TOPIC, state=TopicState.DONE, decided_by="discord:5", decided_at=NOW)
    assert decided(done) == "“who founded Zebra?” was marked as done."
    assert decided_before(done).startswith("“who founded Zebra?” was marked as done already by <@5> <t:")
    assert "dismissed already by a former member" in decided_before(
        replace(done, state=TopicState.DISMISSED, decided_by="former:0a1b2c3d")
    )


@pytest.mark.parametrize(("length", "pages"), [(0, 1), (5, 1), (6, 2), (10**6, 9_999)])
def test_so_many_topics_take_so_many_pages(length: int, pages: int) -> None:
    assert pages_of(length) == pages
