"""A quotation among its neighbours: the sentences before and after it, the quotation itself marked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from discord import ui

from bot.limits import TEXT_IN_MESSAGE, measure
from bot.views import excerpt, markup
from bot.views.answer import link_of
from bot.views.buttons import Action, Layout, Press, button
from bot.views.pages import bold_spans, citation_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from bot.surroundings import Surroundings
    from retrieval.model import Evidence

_MORE: Final = "…"


class ContextLayout(Layout):
    """One page of a quotation's surroundings; nearly always the only one."""

    def __init__(self, around: Surroundings, *, record: str, piece: int, page: int, today: date) -> None:
        super().__init__()
        head = f"### In context\n{citation_line(around.evidence.citation, today, newer=around.newer)}"
        pages = _pages(around, TEXT_IN_MESSAGE - measure(head))
        at = min(page, len(pages) - 1)
        texts = [ui.TextDisplay[ui.LayoutView](text) for text in (head, *pages[at])]
        self.add_item(ui.Container(*texts))
        row: list[ui.Item[ui.LayoutView]] = []
        if len(pages) > 1:
            row.append(button(Press(Action.READ, record, max(at - 1, 0), piece), "Previous", enabled=at > 0))
            row.append(button(Press(Action.READ, record, at + 1, piece), "Next", enabled=at + 1 < len(pages)))
        if link := link_of(around.evidence.citation.url):
            row.append(ui.Button(label="Read the article", url=link))
        if row:
            self.add_item(ui.ActionRow(*row))


def _pages(around: Surroundings, budget: int) -> list[list[str]]:
    """The texts of each page, none empty, which together stay within the budget."""
    pages: list[list[str]] = [[]]
    left = budget
    for text in _stretches(around, budget):
        if pages[-1] and measure(text) > left:
            pages.append([])
            left = budget
        pages[-1].append(text)
        left -= measure(text)
    return pages


def _stretches(around: Surroundings, budget: int) -> Iterator[str]:
    """Before, quotation (as a block quote) and after, written; each in as few stretches as the budget allows."""
    before, after = around.before.strip(), around.after.strip()
    for span in excerpt.pages_of(before, budget - len(_MORE)):
        yield ("" if around.begins or span.start else _MORE) + markup.escape(span.of(before).strip())
    yield from _quotation(around.evidence, budget)
    for span in excerpt.pages_of(after, budget - len(_MORE)):
        yield markup.escape(span.of(after).strip()) + ("" if around.ends or span.end < len(after) else _MORE)


def _quotation(evidence: Evidence, budget: int) -> Iterator[str]:
    whole = excerpt.block_quote(evidence.text, bold_spans(evidence), budget)
    if whole is not None and excerpt.CUT not in whole:
        yield whole
        return
    for span in excerpt.pages_of(evidence.text, budget):
        yield markup.quoted(markup.escape(span.of(evidence.text)))
