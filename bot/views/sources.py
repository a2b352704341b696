"""What the corpus holds: collections, and the publications with their numbers of articles and newest dates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from discord import ui

from bot.limits import TEXT_IN_MESSAGE, measure
from bot.views import markup
from bot.views.buttons import Action, Layout, Press, button
from bot.wording import age, day, plural

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from corpus.collection import Collection
    from corpus.model import PublicationCount

_LINES: Final = 25
_NAME: Final = 100
_FIXED: Final = 400


@dataclass(frozen=True, slots=True)
class Holdings:
    """What one asker can be answered from: articles by collection, and by publication (most first)."""

    collections: tuple[tuple[Collection, int], ...]
    publications: tuple[PublicationCount, ...]


class SourcesLayout(Layout):
    """One page of the holdings."""

    def __init__(self, holdings: Holdings, *, page: int, today: date) -> None:
        super().__init__()
        pages = _pages([_line(publication, today) for publication in holdings.publications])
        at = min(page, len(pages) - 1)
        texts = [_head(holdings), "\n".join(pages[at]), f"-# Page {at + 1} of {len(pages)}" if len(pages) > 1 else ""]
        self.add_item(ui.Container(*(ui.TextDisplay[ui.LayoutView](text) for text in texts if text)))
        if len(pages) > 1:
            back = Press(Action.SOURCES, argument=max(at - 1, 0))
            on = Press(Action.SOURCES, argument=at + 1)
            row = [button(back, "Previous", enabled=at > 0), button(on, "Next", enabled=at + 1 < len(pages))]
            self.add_item(ui.ActionRow(*row))


def _head(holdings: Holdings) -> str:
    lines = ["### What the corpus holds"]
    for collection, articles in holdings.collections:
        name = "Library" if collection.guild_id is None else "This server's own articles"
        lines.append(f"**{name}:** {plural(articles, 'article')}")
    if holdings.publications:
        lines.append(f"From {plural(len(holdings.publications), 'publication')}:")
    return "\n".join(lines)


def _line(publication: PublicationCount, today: date) -> str:
    name = markup.line(publication.name or "", _NAME) or "*without a publication*"
    newest = f", newest {day(publication.newest)} ({age(publication.newest, today)})" if publication.newest else ""
    return f"- {name}: {plural(publication.articles, 'article')}{newest}"


def _pages(lines: Sequence[str]) -> list[list[str]]:
    pages: list[list[str]] = [[]]
    left = TEXT_IN_MESSAGE - _FIXED
    for text in lines:
        cost = measure(text) + 1
        if pages[-1] and (len(pages[-1]) == _LINES or cost > left):
            pages.append([])
            left = TEXT_IN_MESSAGE - _FIXED
        pages[-1].append(text)
        left -= cost
    return pages
