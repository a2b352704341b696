"""The button that takes an act back, where it can be taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.views.buttons import Action, Press, button, record_of
from bot.views.particulars import flag_of
from corpus.drafts import DRAFT_KEPT

if TYPE_CHECKING:
    from datetime import datetime

    from bot.views.paged import Items
    from corpus.model import AuditEntry

UNDONE: Final = frozenset({"add", "revise", "remove", "restore"})
"""The acts that can be taken back."""


def may_be_undone(entry: AuditEntry, now: datetime) -> bool:
    """Whether the act is of a kind, and of an age, that can be taken back; a later one on its article forbids it."""
    return entry.action in UNDONE and now - entry.at <= DRAFT_KEPT


def undo_button(entry: AuditEntry | None, now: datetime, *, label: str = "Undo") -> Items:
    """The button; none where the act can't be taken back (any more)."""
    if entry is None or not may_be_undone(entry, now):
        return []
    return [button(Press(Action.UNDO, record_of(entry.number), flag_of(entry.collection)), label)]
