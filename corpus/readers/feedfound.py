"""What a feed holds, and its form on the way from the child process that parsed it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from corpus.drafts import FeedItem
from corpus.errors import Unreadable

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class FeedFound:
    """A feed's title (may be empty) and items, newest first where all of them are dated, else in the feed's order.

    Links are absolute, http or https. Of a page that is no feed but names some, `named` has their links, and there are
    no items.
    """

    title: str = ""
    items: tuple[FeedItem, ...] = ()
    named: tuple[str, ...] = ()


def as_message(found: FeedFound) -> dict[str, object]:
    """The feed as values of JSON."""
    items = [
        {
            "identity": item.identity,
            "link": item.link,
            "title": item.title,
            "published": item.published.isoformat() if item.published else None,
        }
        for item in found.items
    ]
    return {"title": found.title, "items": items, "named": list(found.named)}


def of_message(answer: Mapping[str, object]) -> FeedFound:
    """The feed in the child's answer; raises Unreadable where it is none."""
    title, items, named = answer.get("title"), answer.get("items"), answer.get("named")
    if not isinstance(title, str) or not isinstance(items, list) or not isinstance(named, list):
        raise Unreadable("reading this feed gave no feed")
    return FeedFound(title, tuple(_item(one) for one in items), tuple(str(link) for link in named))


def _item(one: object) -> FeedItem:
    if not isinstance(one, dict):
        raise Unreadable("reading this feed gave no items")
    link, published = one.get("link"), one.get("published")
    return FeedItem(
        identity=str(one.get("identity")),
        link=str(link) if link is not None else None,
        title=str(one.get("title")),
        published=datetime.fromisoformat(published) if isinstance(published, str) else None,
    )
