"""How an answer came about: the stages on pages, each item of them whole on one page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from discord import ui

from bot.explained import Tone
from bot.limits import TEXT_IN_MESSAGE, measure
from bot.views import markup
from bot.views.buttons import Action, Layout, Press, button

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.explained import Item, Section

_HEAD: Final = "### Why this?"
_FOOT: Final = 40
_BOUNDS: Final = {Tone.TOLD: 400, Tone.QUOTED: 700, Tone.FIGURES: 700}
_STARTS: Final = {Tone.TOLD: "", Tone.QUOTED: "> ", Tone.FIGURES: "-# "}
_ITEM: Final = 3600
"""The lines of one item together; lines beyond that are left out, which takes more lines than there are to tell."""


class ExplanationLayout(Layout):
    """One page of an explanation; the page of that index, or the nearest one there is."""

    def __init__(self, sections: Sequence[Section], *, record: str, page: int) -> None:
        super().__init__()
        pages = _pages(sections)
        at = max(0, min(page, len(pages) - 1))
        foot = [f"-# Page {at + 1} of {len(pages)}"] if len(pages) > 1 else []
        texts = [ui.TextDisplay[ui.LayoutView](text) for text in (_HEAD, "\n".join(pages[at]), *foot) if text]
        self.add_item(ui.Container(*texts))
        if len(pages) > 1:
            back = Press(Action.WHY_PAGE, record, max(at - 1, 0))
            on = Press(Action.WHY_PAGE, record, at + 1)
            row = [button(back, "Previous", enabled=at > 0), button(on, "Next", enabled=at + 1 < len(pages))]
            self.add_item(ui.ActionRow(*row))


def _pages(sections: Sequence[Section]) -> list[list[str]]:
    """The texts of each page; a section's title stands above its first item on each of them."""
    room = TEXT_IN_MESSAGE - measure(_HEAD) - _FOOT
    pages: list[list[str]] = [[]]
    left = room
    for section in sections:
        title = f"**{section.title}**"
        for number, item in enumerate(section.items):
            text = _written(item)
            if pages[-1] and measure(title) + measure(text) + 2 > left:
                pages.append([])
                left = room
            parts = [title, text] if number == 0 or not pages[-1] else [text]
            pages[-1] += parts
            left -= sum(measure(part) + 1 for part in parts)
    return pages


def _written(item: Item) -> str:
    lines: list[str] = []
    left = _ITEM
    for line in _lines(item):
        left -= measure(line) + 1
        if left < 0:
            break
        lines.append(line)
    return "\n".join(lines)


def _lines(item: Item) -> Iterator[str]:
    """Each line on one line, escaped and within its bounds; an empty one is left out."""
    for line in item.lines:
        if written := markup.line(line.text, _BOUNDS[line.tone]):
            yield _STARTS[line.tone] + written
