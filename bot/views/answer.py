"""The message about an answer or a search: a page with its buttons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from discord import ButtonStyle, SelectOption, ui

from bot.limits import (
    BUTTON_LABEL,
    BUTTON_URL,
    BUTTONS_IN_ROW,
    COMPONENTS_IN_MESSAGE,
    SELECT_LABEL,
    SELECT_OPTIONS,
    measure,
)
from bot.sheet import Outcome
from bot.signs import one_line
from bot.views import markup
from bot.views.buttons import Action, Layout, Press, button
from bot.views.pages import PIECES_ON_PAGE, page_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from bot.sheet import Sheet
    from bot.views.pages import Entry, Page

_COLOURS: Final = {
    Outcome.ANSWERED: 0x2E7D5B,
    Outcome.PARTIAL: 0xB7791F,
    Outcome.NOT_IN_CORPUS: 0x6B7280,
    Outcome.NEEDS_DETAIL: 0x2B6CB0,
    Outcome.SEARCH: 0x4C51BF,
}


@dataclass(frozen=True, slots=True)
class Controls:
    """What the buttons of a message need to know: the answer's record, and whether it may still be shared.

    `requestable`: a refusal offers to ask the moderators for an article.
    """

    record: str
    shareable: bool = False
    shared_by: int | None = None
    requestable: bool = False


class AnswerLayout(Layout):
    """One page of an answer or a search; the page of that index, or the nearest one there is."""

    def __init__(
        self, sheet: Sheet, index: int, controls: Controls, *, today: date, per_page: int = PIECES_ON_PAGE
    ) -> None:
        super().__init__()
        page, outcome = page_of(sheet, index, today=today, per_page=per_page), sheet.outcome
        rows = [ui.ActionRow(*row) for row in (*_choices(sheet, controls), *_footer(page, outcome, controls)) if row]
        body = _airy(_body(page, outcome, controls), rows)
        for item in (ui.Container(*body, accent_colour=_COLOURS[outcome]), *rows):
            self.add_item(item)


def link_of(url: str | None) -> str | None:
    """The address for a link button; None where Discord would refuse it."""
    if url is None or measure(url) > BUTTON_URL or not url.isascii() or not url.isprintable() or " " in url:
        return None
    try:
        parts = urlsplit(url)
        usable = parts.scheme.lower() in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc
        _ = parts.port
    except ValueError:
        return None
    return url if usable and not set('<>"{}|\\^`') & set(url) else None


def _body(page: Page, outcome: Outcome, controls: Controls) -> list[ui.Item[ui.LayoutView]]:
    head = f"-# Shared by <@{controls.shared_by}>\n{page.head}" if controls.shared_by else page.head
    body: list[ui.Item[ui.LayoutView]] = [ui.TextDisplay(head)]
    for position, entry in enumerate(page.entries):
        if position == 0:
            body.append(ui.Separator())
        body.append(ui.TextDisplay(entry.markup))
        if entry.piece.evidence is not None:
            body.append(_row_of(entry, page, controls))
    if page.foot:
        body.append(ui.TextDisplay(page.foot))
    if not page.entries and outcome is Outcome.SEARCH:
        body.append(ui.TextDisplay("Try other words, fewer of them, or leave out the filters."))
    return body


def _airy(body: list[ui.Item[ui.LayoutView]], rows: list[ui.ActionRow[ui.LayoutView]]) -> list[ui.Item[ui.LayoutView]]:
    """The body; without its separators where the message would have more components than it may."""
    container = 1
    count = container + sum(1 + len(_children(item)) for item in (*body, *rows))
    return body if count <= COMPONENTS_IN_MESSAGE else [item for item in body if not isinstance(item, ui.Separator)]


def _children(item: ui.Item[ui.LayoutView]) -> list[ui.Item[ui.LayoutView]]:
    return item.children if isinstance(item, ui.ActionRow) else []


def _row_of(entry: Entry, page: Page, controls: Controls) -> ui.ActionRow[ui.LayoutView]:
    press = Press(Action.CONTEXT, controls.record, page.index, entry.number - 1)
    row: ui.ActionRow[ui.LayoutView] = ui.ActionRow(button(press, "In context"))
    link = link_of(entry.piece.evidence.citation.url) if entry.piece.evidence else None
    if link:
        row.add_item(ui.Button(label="Read the article", url=link))
    return row


def _choices(sheet: Sheet, controls: Controls) -> Iterator[list[ui.Item[ui.LayoutView]]]:
    """A row for the cases to choose from; or one for what may have been meant and one for related questions."""
    if sheet.choices:
        yield _row_of_choices(sheet.choices, 0, controls)
        return
    meant = 1 if sheet.offered and sheet.did_you_mean else 0
    if meant:
        first = Press(Action.CHOOSE, controls.record)
        yield [button(first, markup.label(sheet.offered[0], BUTTON_LABEL), style=ButtonStyle.primary)]
    yield _row_of_choices(sheet.offered[meant:], meant, controls)


def _row_of_choices(choices: tuple[str, ...], first: int, controls: Controls) -> list[ui.Item[ui.LayoutView]]:
    """Buttons for a few short choices, numbered from `first`, else a menu; nothing where there are none."""
    if not choices:
        return []
    press = [Press(Action.CHOOSE, controls.record, 0, number) for number in range(first, first + len(choices))]
    if len(choices) <= BUTTONS_IN_ROW and all(measure(one_line(choice)) <= BUTTON_LABEL for choice in choices):
        labels = (markup.label(choice, BUTTON_LABEL) for choice in choices)
        return [button(own, text, style=ButtonStyle.primary) for own, text in zip(press, labels, strict=True)]
    options = [
        SelectOption(label=markup.label(choice, SELECT_LABEL), value=str(number))
        for number, choice in enumerate(choices[:SELECT_OPTIONS], first)
    ]
    return [ui.Select(custom_id=str(press[0]), placeholder="Choose one", options=options)]


def _footer(page: Page, outcome: Outcome, controls: Controls) -> list[list[ui.Item[ui.LayoutView]]]:
    """The message's own buttons, in one row where they fit into one."""

    def press(action: Action, argument: int = 0) -> Press:
        return Press(action, controls.record, page.index, argument)

    turning: list[ui.Item[ui.LayoutView]] = []
    judging: list[ui.Item[ui.LayoutView]] = []
    if page.count > 1:
        back, on = page.index - 1, page.index + 1
        turning.append(button(press(Action.TURN, max(back, 0)), "Previous", enabled=back >= 0))
        turning.append(button(press(Action.TURN, on), "Next", enabled=on < page.count))
    if controls.shareable:
        turning.append(button(press(Action.SHARE), "Share"))
    if outcome is Outcome.NOT_IN_CORPUS and controls.requestable:
        judging.append(button(press(Action.REQUEST), "Request an article"))
    if outcome is not Outcome.SEARCH:
        judging.append(button(press(Action.HELPFUL), "Helpful"))
        judging.append(button(press(Action.NOT_HELPFUL), "Not helpful"))
        judging.append(button(press(Action.WHY), "Why this?"))
    return [[*turning, *judging]] if len(turning) + len(judging) <= BUTTONS_IN_ROW else [turning, judging]
