"""Feeds at the terminal: `feed add`, `list`, `remove`, `pause`, `resume`, `preview`, `poll`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.signs import one_line
from bot.terminal import desk_objects as objects
from bot.terminal.face import block, labelled
from bot.terminal.session import Exit
from bot.terminal.table import table
from bot.terminal.working import alone, option_of, with_corpus, with_newsdesk
from bot.wording import plural
from corpus.drafts import Stage
from corpus.errors import Conflict
from corpus.model import Rejected

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.app import Corpus, Newsdesk
    from bot.terminal.face import Block
    from bot.terminal.session import Session
    from corpus.drafts import Feed, FeedMode, ItemOutcome, Place
    from corpus.feeds import Followed

_COLUMNS = ("NUMBER", "MODE", "STATE", "LOOKED AT", "STORED", "QUEUED", "PASSED OVER", "TITLE")


@dataclass(frozen=True, slots=True)
class Pause:
    """The feed that is to be looked at no more, or again."""

    number: int
    collection: str
    paused: bool
    as_json: bool


@dataclass(frozen=True, slots=True)
class Polled:
    """A look at a feed: the feed as it is afterwards, and what became of its new items."""

    feed: Feed
    outcomes: Sequence[ItemOutcome]
    looked: bool


def list_(session: Session, collection: str, *, as_json: bool) -> Exit:
    """The feeds were listed."""
    place = alone(collection)

    async def found(corpus: Corpus) -> list[Feed]:
        return await corpus.store.feeds((place.own,))

    feeds = with_corpus(session, found)
    if as_json:
        for feed in feeds:
            session.face.json(objects.of_feed(feed))
    elif feeds:
        session.face.show(table(_COLUMNS, [_cells(feed) for feed in feeds]))
        session.face.show(_problem(feed) for feed in feeds if feed.problem)
    session.face.tell(block(plural(len(feeds), "feed") if feeds else f"No feed is followed in {collection}.", "dim"))
    return Exit.DONE


def _cells(feed: Feed) -> tuple[str, ...]:
    counts = (f"{count:,}" for count in (feed.stored, feed.queued, feed.passed_over))
    looked = f"{feed.checked_at:%Y-%m-%d %H:%M}" if feed.checked_at else "never"
    return (str(feed.id), feed.mode.value, _state(feed), looked, *counts, f"{feed.title}  {feed.url}")


def _state(feed: Feed) -> str:
    if feed.paused:
        return "paused"
    return f"failing ({feed.failures})" if feed.failures else "well"


def _problem(feed: Feed) -> Block:
    return block(one_line(f"Feed {feed.id}: {feed.problem}"), "yellow")


def add(session: Session, url: str, collection: str, mode: FeedMode, *, as_json: bool) -> Exit:
    """The feed is followed, or the reason was told why it can't be."""

    async def followed(newsdesk: Newsdesk, place: Place) -> Followed | Rejected:
        return await newsdesk.feeds.add(url, place, mode, session.who, session.now())

    found = with_newsdesk(session, collection, followed)
    if isinstance(found, Rejected):
        return _refused(session, found, as_json=as_json)
    feed = found.feed
    _tell(session, feed, "added", as_json=as_json)
    soon = f"a running bot looks at it soon; amicus feed poll {feed.id}{option_of(feed.collection)} does at once."
    session.face.tell(block(f"It has {plural(found.items, 'item')}; {soon}"))
    return Exit.DONE


def remove(session: Session, number: int, collection: str, *, as_json: bool) -> Exit:
    """The feed is followed no longer."""
    place = alone(collection)

    async def removed(corpus: Corpus) -> Feed:
        return await corpus.store.remove_feed(number, (place.own,), by=session.who, now=session.now())

    _tell(session, with_corpus(session, removed), "removed", as_json=as_json)
    return Exit.DONE


def pause(session: Session, order: Pause) -> Exit:
    """The feed is looked at no more, or again."""
    place = alone(order.collection)

    async def changed(corpus: Corpus) -> Feed:
        number, who, now = order.number, session.who, session.now()
        return await corpus.store.pause_feed(number, (place.own,), paused=order.paused, by=who, now=now)

    _tell(session, with_corpus(session, changed), "paused" if order.paused else "resumed", as_json=order.as_json)
    return Exit.DONE


def _tell(session: Session, feed: Feed, outcome: str, *, as_json: bool) -> None:
    if as_json:
        session.face.json(objects.of_feed(feed, outcome))
    else:
        session.face.show([labelled(outcome, "green", f"feed {feed.id}, {feed.mode}: {feed.title} ({feed.url})")])


def _refused(session: Session, found: Rejected, *, as_json: bool) -> Exit:
    if as_json:
        session.face.json(objects.of_refused(found.source.reference, found.reason))
    else:
        session.face.show([labelled("rejected", "red", f"{found.source.reference}: {found.reason}")])
    return Exit.PARTLY


def preview(session: Session, named: str, collection: str, mode: FeedMode, *, as_json: bool) -> Exit:
    """What would become of each of the feed's items was told."""
    number = int(named) if named.isascii() and named.isdigit() else None

    async def foretold(newsdesk: Newsdesk, place: Place) -> list[ItemOutcome] | Rejected:
        return await newsdesk.feeds.preview(named if number is None else number, place, session.now(), mode)

    found = with_newsdesk(session, collection, foretold)
    if isinstance(found, Rejected):
        return _refused(session, found, as_json=as_json)
    _tell_items(session, found, number, as_json=as_json)
    session.face.tell(block(f"{plural(len(found), 'item')}; nothing was stored.", "dim"))
    return Exit.DONE


def _tell_items(session: Session, outcomes: Sequence[ItemOutcome], feed: int | None, *, as_json: bool) -> None:
    for outcome in outcomes:
        if as_json:
            session.face.json(objects.of_item(outcome, feed))
        else:
            session.face.show([_item(outcome)])


_STYLES = {Stage.STORED: "green", Stage.REVIEW: "yellow", Stage.SEEN: "dim", Stage.DUPLICATE: "dim"}


def _item(outcome: ItemOutcome) -> Block:
    item = outcome.item
    place = f"{outcome.key or outcome.draft_id}: " if outcome.key or outcome.draft_id else ""
    link = f" ({item.link})" if item.link else ""
    why = f": {outcome.reason}" if outcome.reason else ""
    return labelled(outcome.stage.value, _STYLES.get(outcome.stage, "red"), f"{place}{item.title}{link}{why}")


def poll(session: Session, number: int | None, collection: str, *, as_json: bool) -> Exit:
    """The feeds were looked at, and what became of their new items was told."""

    async def looked(newsdesk: Newsdesk, place: Place) -> list[Polled]:
        return [await _polled(session, newsdesk, feed) for feed in await _wanted(newsdesk, place, number)]

    found = with_newsdesk(session, collection, looked)
    for one in found:
        _tell_items(session, one.outcomes, one.feed.id, as_json=as_json)
    session.face.tell(*(_summary(one) for one in found))
    if not found:
        session.face.tell(block(f"There is no feed to look at in {collection}."))
    return Exit.PARTLY if any(one.looked and one.feed.failures for one in found) else Exit.DONE


async def _wanted(newsdesk: Newsdesk, place: Place, number: int | None) -> list[Feed]:
    """The feed of that number, or all that are not paused; raises FeedNotFound or Conflict."""
    if number is None:
        return [feed for feed in await newsdesk.feeds.listed(place) if not feed.paused]
    feed = await newsdesk.store.feed(number, (place.own,))
    if feed.paused:
        raise Conflict(f"Feed {number} is paused; amicus feed resume {number}{option_of(place.own)} ends that.")
    return [feed]


async def _polled(session: Session, newsdesk: Newsdesk, feed: Feed) -> Polled:
    now = session.now()
    outcomes = await newsdesk.feeds.poll(feed, now)
    after = await newsdesk.store.feed(feed.id, (feed.collection,))
    return Polled(after, outcomes, after.checked_at == now)


def _summary(one: Polled) -> Block:
    name = f"Feed {one.feed.id} ({one.feed.title})"
    if not one.looked:
        return block(one_line(f"{name}: another program is looking at it just now."), "yellow")
    if one.feed.failures:
        return block(one_line(f"{name}: {one.feed.problem}"), "red")
    stages = [outcome.stage for outcome in one.outcomes]
    stored, queued = stages.count(Stage.STORED), stages.count(Stage.REVIEW)
    counts = f"{plural(len(stages), 'new item')}, {stored:,} stored, {queued:,} to review"
    return block(one_line(f"{name}: {counts if stages else 'nothing new'}"), "dim")
