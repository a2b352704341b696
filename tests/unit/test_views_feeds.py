"""Feeds as messages, case by case."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from discord import ui

from bot.views.buttons import Action, Press
from bot.views.feeds import FeedsLayout, ItemsLayout, followed, item_block, items_head, paused
from corpus.collection import LIBRARY, Collection
from corpus.drafts import Feed, FeedItem, FeedMode, ItemOutcome, Stage

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
FEED = Feed(3, Collection(1), "https://news.example/rss", "Courier", FeedMode.REVIEW, "discord:5", NOW, NOW)
ITEM = FeedItem("a", "https://news.example/a", "A ruling")


def text(layout: ui.LayoutView) -> str:
    return "\n".join(one.content for one in layout.walk_children() if isinstance(one, ui.TextDisplay))


def shown(feed: Feed) -> str:
    return text(FeedsLayout([feed], feed.collection, page=0, now=NOW))


def test_a_new_feed_is_due_and_was_not_looked_at() -> None:
    assert "Not looked at yet · due now" in shown(FEED)
    assert "its items wait for review" in shown(FEED)
    assert "Problem" not in shown(FEED)


def test_a_feed_that_was_looked_at_tells_both_looks() -> None:
    looked = replace(FEED, checked_at=NOW, next_at=NOW + timedelta(hours=1), stored=2, queued=3, passed_over=1_000)
    assert f"Last look <t:{int(NOW.timestamp()) + 1}:R> · next look <t:" in shown(looked)
    assert "2 stored · 3 put up for review · 1,000 passed over" in shown(looked)


def test_a_paused_feed_tells_no_next_look() -> None:
    assert "**Paused** · last look" in shown(replace(FEED, paused=True, checked_at=NOW))
    assert "next look" not in shown(replace(FEED, paused=True, checked_at=NOW, next_at=NOW + timedelta(1)))


def test_a_problem_is_told_with_the_failures_in_a_row() -> None:
    assert shown(replace(FEED, problem="It is gone.", failures=1)).count("in a row") == 0
    assert "**Problem:** It is gone. (4 failed looks in a row)" in shown(
        replace(FEED, problem="It is gone.", failures=4)
    )


def test_the_pages_of_the_librarys_feeds_say_so_in_their_ids() -> None:
    layout = FeedsLayout([replace(FEED, id=n) for n in range(11)], LIBRARY, page=9, now=NOW)
    assert "Page 3 of 3" in text(layout)
    presses = [Press.parse(str(one.custom_id)) for one in layout.walk_children() if isinstance(one, ui.Button)]
    assert presses == [Press(Action.FEEDS_PAGE, page=1, argument=1), Press(Action.FEEDS_PAGE, page=1, argument=3)]


def test_adding_and_pausing_say_what_comes_next() -> None:
    assert "It has 1 item at the moment; its items wait for review." in text(followed(FEED, 1))
    assert "stored without review" in text(followed(replace(FEED, mode=FeedMode.DIRECT), 0))
    assert "is paused." in text(paused(replace(FEED, paused=True)))
    assert "is looked at again" in text(paused(FEED))


@pytest.mark.parametrize(
    ("stage", "reason", "told"),
    [
        (Stage.STORED, "", "Would be stored."),
        (Stage.REVIEW, "It has no title.", "Would wait for review: It has no title."),
        (Stage.FETCH, "The site has no such page.", "Stops when its page is fetched: The site has no such page."),
        (Stage.READ, "It is empty.", "Stops when its page is read: It is empty."),
        (Stage.DUPLICATE, "It was removed by discord:5.", "Stops at the look for duplicates: It was removed by <@5>."),
        (Stage.SEEN, "", "Dealt with before."),
        (Stage.LINK, "It has no link to a page.", "Stops at its link: It has no link to a page."),
    ],
)
def test_an_item_tells_how_far_it_would_come_and_why_no_further(stage: Stage, reason: str, told: str) -> None:
    assert item_block(ItemOutcome(ITEM, stage, reason)).splitlines()[-1] == told


def test_an_item_without_link_and_title_is_shown_still() -> None:
    assert item_block(ItemOutcome(FeedItem("a", None, " "), Stage.LINK)).splitlines()[0] == "**(no title)**"


def test_the_head_of_a_preview_counts() -> None:
    stages = (Stage.STORED, Stage.STORED, Stage.REVIEW, Stage.READ)
    head = items_head("Courier", [ItemOutcome(ITEM, stage) for stage in stages])
    assert head.endswith("Of 4 items, 2 would be stored, 1 would wait for review and 1 would not come in.")
    assert items_head("Courier", []).endswith("It has none at the moment.")


def test_the_items_stand_on_pages() -> None:
    blocks = [item_block(ItemOutcome(ITEM, Stage.STORED)) for _ in range(25)]
    layout = ItemsLayout("### Items", blocks, Collection(1), record="0" * 16, page=3)
    assert "Page 4 of 4" in text(layout)
    assert text(layout).count("A ruling") == 1
