"""What became of a draft, or of an act on an article: stored, known already, refused, removed, restored, undone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from discord import ButtonStyle, ui

from bot.views import markup
from bot.views.actors import told
from bot.views.buttons import Action, Layout, Press, button, record_of
from bot.views.paged import Items, fill
from bot.views.particulars import (
    authors_of,
    flag_of,
    heading_of,
    key_of,
    origin_of,
    owner_of,
    reading_button,
    shown_link,
    title_of,
)
from bot.views.undo import undo_button
from bot.wording import plural
from corpus.drafts import DRAFT_KEPT

if TYPE_CHECKING:
    from datetime import date, datetime

    from corpus.drafts import Undone
    from corpus.model import Article, AuditEntry, Rejected

_REASON: Final = 2_000
_WHY: Final = 500


class StoredLayout(Layout):
    """An article was stored; `entry` is the act in the audit record, None where somebody has changed it since."""

    def __init__(self, article: Article, entry: AuditEntry | None, now: datetime) -> None:
        super().__init__()
        new = article.revision == 1
        head = "### Stored" if new else f"### Stored as revision {article.revision:,}"
        lines = [
            heading_of(article.title, article.publication, article.published, now.date()),
            authors_of(article.authors),
            shown_link(article.url),
            f"Key: {key_of(article.key)} · revision {article.revision:,} · {plural(len(article.passages), 'passage')}",
            f"-# In {owner_of(article.collection)}. Questions are answered from it as of now.",
        ]
        undo = undo_button(entry, now)
        lines.append(
            f"-# Undo works for {DRAFT_KEPT.days} days; entry {entry.number:,} in the record." if entry else ""
        )
        fill(
            self,
            (head, "\n".join(line for line in lines if line)),
            [*undo, show_button(article), *reading_button(article.url)],
        )


class KnownLayout(Layout):
    """The same text or link is stored already, as this article."""

    def __init__(self, article: Article, today: date) -> None:
        super().__init__()
        lines = [
            "Nothing was changed: this has the same text or the same link.",
            heading_of(article.title, article.publication, article.published, today),
            shown_link(article.url),
            f"Key: {key_of(article.key)} · in {owner_of(article.collection)}",
        ]
        fill(
            self,
            ("### Stored already", "\n".join(line for line in lines if line)),
            [show_button(article), *reading_button(article.url)],
        )


class RejectedLayout(Layout):
    """What was brought in can't be stored, and why.

    `removed` is the article that stands in the way and can be restored; `again` the record of a form to fill in anew.
    """

    def __init__(
        self, rejected: Rejected, *, removed: Article | None = None, again: str | None = None, flag: int = 0
    ) -> None:
        super().__init__()
        row: Items = []
        if removed is not None:
            row += [restore_button(removed), show_button(removed)]
        if again is not None:
            row.append(button(Press(Action.DRAFT_AGAIN, again, flag), "Try again", style=ButtonStyle.primary))
        fill(self, ("### Not stored", told(rejected.reason, _REASON)), row)


class RemovedLayout(Layout):
    """An article was removed; `entry` is the act in the audit record."""

    def __init__(self, article: Article, entry: AuditEntry | None, now: datetime) -> None:
        super().__init__()
        why = article.removed.why if article.removed else ""
        lines = [
            heading_of(article.title, article.publication, article.published, now.date()),
            f"Key: {key_of(article.key)} · revision {article.revision:,} · was in {owner_of(article.collection)}",
            f"Reason: {markup.line(why, _WHY)}" if why else "",
            "It is in no answer, search or suggestion any more. Answers that quote it say so when they are next used.",
            _entry(entry),
        ]
        fill(
            self,
            ("### Removed", "\n".join(line for line in lines if line)),
            [*undo_button(entry, now), show_button(article)],
        )


class RestoredLayout(Layout):
    """An article is back as it was; `entry` is the act in the audit record."""

    def __init__(self, article: Article, entry: AuditEntry | None, now: datetime) -> None:
        super().__init__()
        lines = [
            heading_of(article.title, article.publication, article.published, now.date()),
            f"Key: {key_of(article.key)} · revision {article.revision:,} · in {owner_of(article.collection)}",
            "Questions are answered from it again.",
            _entry(entry),
        ]
        fill(
            self,
            ("### Restored", "\n".join(line for line in lines if line)),
            [*undo_button(entry, now), show_button(article)],
        )


class UndoneLayout(Layout):
    """An act was taken back; `entry` is that act of its own, which can be undone in turn."""

    def __init__(self, undone: Undone, entry: AuditEntry | None, now: datetime) -> None:
        super().__init__()
        article, was = undone.article, undone.entry
        lines = [
            f"{_WORDS.get(was.action, markup.line(was.action, 40))} (entry {was.number:,}) was taken back.",
            f"{title_of(article.title)} ({key_of(article.key)}) {_state(article)}.",
            origin_of(article.publication, article.published, now.date()),
            _entry(entry),
        ]
        fill(
            self,
            ("### Undone", "\n".join(line for line in lines if line)),
            [*undo_button(entry, now, label="Undo this"), show_button(article)],
        )


_WORDS: Final = {"add": "Storing it", "revise": "The edit", "remove": "The removal", "restore": "The restoring"}


def show_button(article: Article, *, label: str = "Show") -> ui.Button[ui.LayoutView]:
    """The button that shows the article, in a private message of its own."""
    return button(Press(Action.ARTICLE_SHOW, record_of(article.id), flag_of(article.collection)), label)


def restore_button(article: Article) -> ui.Button[ui.LayoutView]:
    """The button that brings a removed article back."""
    press = Press(Action.ARTICLE_RESTORE, record_of(article.id), flag_of(article.collection))
    return button(press, "Restore", style=ButtonStyle.primary)


def _state(article: Article) -> str:
    return "is removed now" if article.removed else f"is at revision {article.revision:,} now"


def _entry(entry: AuditEntry | None) -> str:
    return f"-# Entry {entry.number:,} in the record." if entry else ""
