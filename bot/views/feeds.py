"""Feeds that are followed: the list, what was done to one, and what would become of the items of one."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from bot.limits import TEXT_IN_MESSAGE
from bot.views import markup
from bot.views.actors import actor, told
from bot.views.buttons import Action, Layout, Press
from bot.views.notices import Notice
from bot.views.paged import fill, foot, nearest, pages_of, turning
from bot.views.particulars import flag_of, shown_link, title_of
from bot.wording import human_join, moment, plural
from corpus.drafts import FeedMode, Stage

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from corpus.collection import Collection
    from corpus.drafts import Feed, ItemOutcome

FEEDS_ON_PAGE: Final = 5
ITEMS_ON_PAGE: Final = 8
_HEAD: Final = 500
_PROBLEM: Final = 250
_REASON: Final = 250
_TITLE: Final = 150
_MODES: Final = {
    FeedMode.REVIEW: "its items wait for review",
    FeedMode.DIRECT: "its items are stored without review",
}
_STOPS: Final = {
    Stage.SEEN: "Dealt with before",
    Stage.LINK: "Stops at its link",
    Stage.FETCH: "Stops when its page is fetched",
    Stage.READ: "Stops when its page is read",
    Stage.DUPLICATE: "Stops at the look for duplicates",
    Stage.REVIEW: "Would wait for review",
    Stage.STORED: "Would be stored",
}


class FeedsLayout(Layout):
    """One page of the feeds that a collection follows."""

    def __init__(self, feeds: Sequence[Feed], collection: Collection, *, page: int, now: datetime) -> None:
        super().__init__()
        pages = pages_of([_feed(feed, now) for feed in feeds], TEXT_IN_MESSAGE - _HEAD, most=FEEDS_ON_PAGE)
        at, count = nearest(page, len(pages)), len(pages)
        head = f"### {plural(len(feeds), 'feed')}" if feeds else "### No feed is followed\n`/feed add` follows one."
        flag = flag_of(collection)
        back = Press(Action.FEEDS_PAGE, page=flag, argument=max(at - 1, 0))
        on = Press(Action.FEEDS_PAGE, page=flag, argument=at + 1)
        fill(self, [head, *pages[at], foot(at, count)], turning(back, on, page=at, count=count))


class ItemsLayout(Layout):
    """One page of what would become of a feed's items: a head and a block for each, escaped already."""

    def __init__(self, head: str, blocks: Sequence[str], collection: Collection, *, record: str, page: int) -> None:
        super().__init__()
        pages = pages_of(blocks, TEXT_IN_MESSAGE - _HEAD, most=ITEMS_ON_PAGE)
        at, count = nearest(page, len(pages)), len(pages)
        flag = flag_of(collection)
        back = Press(Action.FEED_ITEMS, record, flag, max(at - 1, 0))
        on = Press(Action.FEED_ITEMS, record, flag, at + 1)
        fill(self, [head, *pages[at], foot(at, count)], turning(back, on, page=at, count=count))


def followed(feed: Feed, items: int) -> Notice:
    """The feed is followed from now on; `items` counts those that it has at the moment."""
    return Notice(
        f"### Followed\n{title_of(feed.title)}\n{shown_link(feed.url)}\n"
        f"It has {plural(items, 'item')} at the moment; {_MODES[feed.mode]}. The first of them come in within minutes."
    )


def removed(feed: Feed) -> Notice:
    """The feed is followed no longer."""
    return Notice(f"{title_of(feed.title)} is followed no longer. What came of it stays.")


def paused(feed: Feed) -> Notice:
    """The feed is paused, or not any more."""
    said = "is paused. The same command ends that." if feed.paused else "is looked at again, from the next minutes on."
    return Notice(f"{title_of(feed.title)} {said}")


def items_head(name: str, outcomes: Sequence[ItemOutcome]) -> str:
    """What stands above the items of the feed of that name: how many would come how far."""
    if not outcomes:
        return f"### The items of {markup.line(name, _TITLE)}\nIt has none at the moment."
    counts = Counter(outcome.stage for outcome in outcomes)
    stored, review = counts[Stage.STORED], counts[Stage.REVIEW]
    said = []
    if stored:
        said.append(f"{stored} would be stored")
    if review:
        said.append(f"{review} would wait for review")
    if stopped := len(outcomes) - stored - review:
        said.append(f"{stopped} would not come in")
    return f"### The items of {markup.line(name, _TITLE)}\nOf {plural(len(outcomes), 'item')}, {human_join(said)}."


def item_block(outcome: ItemOutcome) -> str:
    """An item, and how far it would come."""
    lines = [title_of(outcome.item.title, _TITLE)]
    if link := shown_link(outcome.item.link):
        lines.append(f"-# {link}")
    reason = f": {told(outcome.reason, _REASON)}" if outcome.reason else "."
    return "\n".join((*lines, f"{_STOPS[outcome.stage]}{reason}"))


def _feed(feed: Feed, now: datetime) -> str:
    lines = [f"{title_of(feed.title, _TITLE)} · {_MODES[feed.mode]}", f"-# {shown_link(feed.url)}", _looks(feed, now)]
    lines.append(f"{feed.stored:,} stored · {feed.queued:,} put up for review · {feed.passed_over:,} passed over")
    if feed.problem:
        in_a_row = f" ({plural(feed.failures, 'failed look')} in a row)" if feed.failures > 1 else ""
        lines.append(f"**Problem:** {told(feed.problem, _PROBLEM)}{in_a_row}")
    return "\n".join((*lines, f"-# Added by {actor(feed.by)} {moment(feed.at)}"))


def _looks(feed: Feed, now: datetime) -> str:
    last = f"last look {moment(feed.checked_at)}" if feed.checked_at else "not looked at yet"
    if feed.paused:
        return f"**Paused** · {last}"
    coming = f"next look {moment(feed.next_at)}" if feed.next_at > now else "due now"
    return f"{last[0].upper()}{last[1:]} · {coming}"
