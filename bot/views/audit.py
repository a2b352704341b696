"""The audit record on pages: who did what, when, to which article; what can still be undone can be chosen."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import discord
from discord import ui

from bot.limits import SELECT_LABEL, measure
from bot.views import markup
from bot.views.actors import actor
from bot.views.buttons import Action, Layout, Press, button
from bot.views.paged import fill, foot, turning
from bot.views.particulars import flag_of, title_of
from bot.wording import day, plural
from corpus.collection import LIBRARY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.views.paged import Items
    from corpus.collection import Collection
    from corpus.drafts import AuditFilter
    from corpus.model import AuditEntry

ENTRIES_ON_PAGE: Final = 10
MOST_PAGES: Final = 9_999
"""A page's number has at most four digits in a button's id."""
FILE: Final = "audit.csv"

_ENTRY: Final = 310
"""Ten of these, the head and what is said fit into a message."""
_TITLE: Final = 80
_KEY: Final = 60
_ACTION: Final = 40
_LEAST_DETAIL: Final = 12
_FROM_A_DRAFT: Final = re.compile(r"draft [0-9a-f]{16}", re.ASCII)
_SETTING: Final = re.compile(r"(?P<name>\w+): (?P<before>.*) → (?P<after>.*)", re.ASCII)
_MENTIONS: Final = {"moderator_role": "<@&{}>", "review_channel": "<#{}>"}

_ON_ARTICLES: Final = {
    "add": "added",
    "revise": "changed",
    "remove": "removed",
    "restore": "restored",
    "purge": "erased for good",
}
_ON_DRAFTS: Final = {
    "draft": "drafted",
    "suggest": "suggested",
    "edit draft": "edited the draft",
    "cancel": "gave up the draft",
    "reject": "rejected",
    "expire": "let a draft expire",
}
_OTHERS: Final = {
    "add feed": "followed",
    "remove feed": "follows no more",
    "pause feed": "paused",
    "resume feed": "resumed",
    "settings": "changed the settings",
    "request": "asked for an article",
    "wanted done": "marked a request as done",
    "wanted dismissed": "dismissed a request",
}
_WORDS: Final = _ON_ARTICLES | _ON_DRAFTS | _OTHERS


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as it is shown: the article's title where there is (still) one, and whether the act can be undone."""

    entry: AuditEntry
    title: str | None = None
    undoable: bool = False


@dataclass(frozen=True, slots=True)
class Extract:
    """Whose record is shown, what of it, and under which pending record that is kept; `length` counts all pages."""

    record: str
    collection: Collection
    wanted: AuditFilter
    length: int

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return min(max(-(-self.length // ENTRIES_ON_PAGE), 1), MOST_PAGES)

    def press(self, action: Action, argument: int = 0) -> Press:
        """A press about this extract."""
        return Press(action, self.record, flag_of(self.collection), argument)


class AuditLayout(Layout):
    """One page of the record, the newest first; `said` tells what became of the last press (Markdown, escaped)."""

    def __init__(self, extract: Extract, lines: Sequence[Line], *, page: int, said: str = "") -> None:
        super().__init__()
        entries = "\n".join(_entry(line) for line in lines[:ENTRIES_ON_PAGE]) or "Nothing is on record here."
        texts = [_head(extract), said, entries, foot(page, extract.pages)]
        fill(self, texts, _undo(extract, lines[:ENTRIES_ON_PAGE]), _buttons(extract, page))


class ExportLayout(Layout):
    """The record as a file; `most` is the number of entries that a file holds."""

    def __init__(self, extract: Extract, *, held: int) -> None:
        super().__init__()
        texts = [f"### {plural(held, 'entry', 'entries')}, the newest first", _filters(extract.wanted)]
        if held < extract.length:
            texts.append(
                f"These are the newest of {extract.length:,}. Name a period to export older ones, or ask the operator "
                "for the whole record."
            )
        self.add_item(ui.Container(*(ui.TextDisplay[ui.LayoutView](text) for text in texts if text)))
        self.add_item(ui.File(f"attachment://{FILE}"))


def undone(line: Line) -> str:
    """Says which act was taken back."""
    return f"**Undone:** entry {line.entry.number}, which {_what(line)}. The undoing is on record, too."


def nothing_undone(reason: str) -> str:
    """Says that nothing was undone, and why (Markdown, escaped)."""
    return f"**Not undone:** {reason}"


def _head(extract: Extract) -> str:
    whose = "Audit record of the library" if extract.collection == LIBRARY else "Audit record"
    lines = [f"### {whose}: {plural(extract.length, 'entry', 'entries')}", _filters(extract.wanted)]
    return "\n".join(line for line in lines if line)


def _filters(wanted: AuditFilter) -> str:
    """What the record was narrowed to; empty where nothing."""
    parts = [
        f"by {actor(wanted.actor)}" if wanted.actor else "",
        f"on {markup.line(wanted.key, _KEY)}" if wanted.key else "",
        f"since {day(wanted.since)}" if wanted.since else "",
        f"until {day(wanted.until)}" if wanted.until else "",
    ]
    shown = ", ".join(part for part in parts if part)
    return f"-# Only entries {shown}" if shown else ""


def _entry(line: Line) -> str:
    entry = line.entry
    head = f"**{entry.number}** · <t:{int(entry.at.timestamp())}:f> · {actor(entry.actor)} {_what(line)}"
    shown = _detail(entry, _ENTRY - measure(head) - len("\n-# "))
    return f"{head}\n-# {shown}" if shown else head


def _detail(entry: AuditEntry, room: int) -> str:
    """What else is on record; a draft's title stands in the line above, its number says nothing to anybody."""
    if entry.action in _ON_DRAFTS or room < _LEAST_DETAIL or _FROM_A_DRAFT.fullmatch(entry.detail):
        return ""
    if entry.action == "settings":
        settings = "; ".join(map(_setting, entry.detail.split("; ")))
        if measure(settings) <= room:
            return settings
    return markup.line(entry.detail, room)


def _setting(change: str) -> str:
    """One changed setting, roles and channels by their mentions."""
    found = _SETTING.fullmatch(change)
    if found is None:
        return markup.line(change, _ENTRY)
    mention = _MENTIONS.get(found["name"])
    values = [
        mention.format(value) if mention and value.isdecimal() else markup.line(value, _ENTRY)
        for value in (found["before"], found["after"])
    ]
    return f"{markup.line(found['name'].replace('_', ' '), _ENTRY)}: {' → '.join(values)}"


def _what(line: Line) -> str:
    """What was done, and to what."""
    entry = line.entry
    done = _WORDS.get(entry.action) or markup.line(entry.action, _ACTION)
    return f"{done} {named}" if (named := _named(line)) else done


def _named(line: Line) -> str:
    entry = line.entry
    key = markup.line(entry.key, _KEY)
    if entry.action in _ON_DRAFTS:
        return title_of(entry.detail, _TITLE) if entry.detail else ""
    return f"{title_of(line.title, _TITLE)} ({key})" if line.title is not None else key


def _undo(extract: Extract, lines: Sequence[Line]) -> Items:
    """The choice of what can be undone; none where nothing can."""
    options = [
        discord.SelectOption(label=_label(line), value=str(line.entry.number)) for line in lines if line.undoable
    ]
    if not options:
        return []
    press = extract.press(Action.AUDIT_UNDO)
    return [ui.Select(custom_id=str(press), placeholder="Undo …", options=options)]


def _label(line: Line) -> str:
    entry = line.entry
    return markup.label(f"Undo {entry.number}: {_WORDS[entry.action]} {line.title or entry.key}", SELECT_LABEL)


def _buttons(extract: Extract, page: int) -> Items:
    back = extract.press(Action.AUDIT_PAGE, max(page - 1, 0))
    on = extract.press(Action.AUDIT_PAGE, page + 1)
    export = button(extract.press(Action.AUDIT_EXPORT), "Export as CSV", enabled=extract.length > 0)
    return [*turning(back, on, page=page, count=extract.pages), export]
