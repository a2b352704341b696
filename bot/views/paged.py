"""Texts on the pages of a message: which block stands where, and the buttons that turn the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import ui

from bot.limits import measure
from bot.views.buttons import button

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.views.buttons import Layout, Press

Items = list[ui.Item[ui.LayoutView]]


def pages_of(blocks: Iterable[str], room: int, *, most: int = 1_000) -> list[list[str]]:
    """The blocks in order on pages of at most `room` characters and `most` blocks each; one page at least.

    Blocks are joined by a line break, which is counted; none is longer than `room`.
    """
    pages: list[list[str]] = [[]]
    left = room
    for block in blocks:
        cost = measure(block) + 1
        if pages[-1] and (cost > left or len(pages[-1]) == most):
            pages.append([])
            left = room
        pages[-1].append(block)
        left -= cost
    return pages


def nearest(page: int, count: int) -> int:
    """The page of that index, or the nearest one there is."""
    return max(0, min(page, count - 1))


def foot(page: int, count: int) -> str:
    """Which page it is; empty where it is the only one."""
    return f"-# Page {page + 1:,} of {count:,}" if count > 1 else ""


def turning(back: Press, on: Press, *, page: int, count: int) -> Items:
    """The buttons to the pages before and after; none where there is but one."""
    if count < 2:
        return []
    return [
        button(back, "Previous", enabled=page > 0),
        button(on, "Next", enabled=page + 1 < count),
    ]


def fill(layout: Layout, texts: Iterable[str], *rows: Items) -> None:
    """The layout shows the texts in a frame, without those that are empty, and the rows below, without empty ones."""
    layout.add_item(ui.Container(*(ui.TextDisplay[ui.LayoutView](text) for text in texts if text)))
    for row in rows:
        if row:
            layout.add_item(ui.ActionRow(*row))
