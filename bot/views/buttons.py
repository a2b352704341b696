"""What a button or a select carries in its id, and the class that receives presses of it, also after a restart.

An id reads `amicus:RECORD:ACTION:PAGE:ARGUMENT`: what it is about (an answer's record, a draft, a number), what to do,
the page it was pressed on, and what the action needs (a page, the number of a piece, a version). What is about no page
says there whose articles it is about: `IN_LIBRARY`, or 0 for the guild's own.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Self

import discord
from discord import ui

NO_RECORD: Final = "-"
IN_LIBRARY: Final = 1
_RECORD_DIGITS: Final = 16
_NUMBERS_END: Final = 1 << 63
_ID: Final = re.compile(
    r"amicus:(?P<record>[0-9a-f]{16}|-):(?P<action>[a-z_]{1,20}):(?P<page>[0-9]{1,4}):(?P<argument>[0-9]{1,4})",
    re.ASCII,
)

_NUMBER: Final = re.compile(r"[0-9]{1,4}", re.ASCII)


class Action(StrEnum):
    """What a button, a select or a form of ours does: lower case letters and `_`, at most 20."""

    # An answer's message.
    TURN = "turn"
    CONTEXT = "context"
    READ = "read"
    SHARE = "share"
    HELPFUL = "helpful"
    NOT_HELPFUL = "not_helpful"
    CHOOSE = "choose"
    WHY = "why"
    WHY_PAGE = "why_page"
    # What the corpus holds.
    SOURCES = "sources"
    # Drafts, before they are stored.
    DRAFT_ADD = "draft_add"
    DRAFT_AGAIN = "draft_again"
    DRAFT_STORE = "draft_store"
    DRAFT_KEEP = "draft_keep"
    DRAFT_REPLACE = "draft_replace"
    DRAFT_EDIT = "draft_edit"
    DRAFT_CANCEL = "draft_cancel"
    DRAFT_LINES = "draft_lines"
    DRAFT_LINES_AT = "draft_lines_at"
    DRAFT_CHANGES = "draft_changes"
    DRAFT_CHANGES_AT = "draft_changes_at"
    DRAFT_COMPARE = "draft_compare"
    DRAFT_COMPARED = "draft_compared"
    # Articles that are stored.
    ARTICLE_LIST = "article_list"
    ARTICLE_PICK = "article_pick"
    ARTICLE_SHOW = "article_show"
    ARTICLE_READ = "article_read"
    ARTICLE_EDIT = "article_edit"
    ARTICLE_REMOVE = "article_remove"
    ARTICLE_RESTORE = "article_restore"
    ARTICLE_HISTORY = "article_history"
    ARTICLE_PAST = "article_past"
    ARTICLE_PURGE = "article_purge"
    UNDO = "undo"
    # What is taken from a message.
    TAKE = "take"
    TAKE_WORDS = "take_words"
    # What members miss in the corpus.
    REQUEST = "request"
    WANTED_PAGE = "wanted_page"
    WANTED_DONE = "wanted_done"
    WANTED_DISMISS = "wanted_dismiss"
    # Feeds.
    FEEDS_PAGE = "feeds_page"
    FEED_ITEMS = "feed_items"
    # Suggestions and the review queue.
    SUGGEST = "suggest"
    REVIEW = "review"
    QUEUE_BACK = "queue_back"
    QUEUE_ON = "queue_on"
    QUEUE_READ = "queue_read"
    QUEUE_PAGE = "queue_page"
    APPROVE = "approve"
    KEEP_BOTH = "keep_both_queued"
    REPLACE_BY = "replace_queued"
    QUEUE_EDIT = "queue_edit"
    REJECT = "reject"
    # What a guild's administrators set.
    SETUP_STEP = "setup_step"
    SETUP_ROLE = "setup_role"
    SETUP_CHANNEL = "setup_channel"
    SETUP_CLEAR = "setup_clear"
    SETUP_LIBRARY = "setup_library"
    SETUP_PRIVATE = "setup_private"
    SETUP_EVIDENCE = "setup_evidence"
    SETUP_LANGUAGES = "setup_languages"
    SETUP_LIMITS = "setup_limits"
    SETUP_LOG = "setup_log"
    # The audit record.
    AUDIT_PAGE = "audit_page"
    AUDIT_UNDO = "audit_undo"
    AUDIT_EXPORT = "audit_export"
    # What is kept of a member.
    PRIVACY = "privacy"
    PRIVACY_EXPORT = "privacy_export"
    PRIVACY_LOG = "privacy_log"
    PRIVACY_DELETE = "privacy_delete"
    PRIVACY_ERASE = "privacy_erase"


@dataclass(frozen=True, slots=True)
class Press:
    """An id in parts. `record` is 16 hexadecimal digits, or `NO_RECORD`; the numbers are below 10,000.

    `values` is what was chosen in a select, in order: the values of options, or ids of roles, channels and members. The
    one value chosen of a list of options that is a number is the `argument` as well.
    """

    action: Action
    record: str = NO_RECORD
    page: int = 0
    argument: int = 0
    values: tuple[str, ...] = ()

    @property
    def in_library(self) -> bool:
        """Whether it is about the library, not the guild's own articles; only of what is about no page."""
        return self.page == IN_LIBRARY

    def __str__(self) -> str:
        return f"amicus:{self.record}:{self.action}:{self.page}:{self.argument}"

    @classmethod
    def parse(cls, custom_id: str) -> Self | None:
        """The parts of an id; None where it is not one of ours or names an action that there is no more."""
        found = _ID.fullmatch(custom_id)
        if found is None or found["action"] not in set(Action):
            return None
        return cls(Action(found["action"]), found["record"], int(found["page"]), int(found["argument"]))


def record_of(number: int) -> str:
    """The record that stands for the number (0 or more, below 2**64) of an article, an entry, a feed or a topic."""
    return f"{number:0{_RECORD_DIGITS}x}"


def number_of(record: str) -> int:
    """The number that a record stands for; 0, which nothing has, where there is none, or none that a database holds."""
    number = 0 if record == NO_RECORD else int(record, 16)
    return number if number < _NUMBERS_END else 0


Receive = Callable[[discord.Interaction[discord.Client], Press | None], Awaitable[None]]


def receiver(receive: Receive) -> type[ui.DynamicItem[ui.Item[ui.LayoutView]]]:
    """The class to register with a client: every press of a button or choice of an option of ours goes to `receive`.

    `receive` is given None where the id is from another version of the program.
    """

    class Pressed(ui.DynamicItem[ui.Item[ui.LayoutView]], template=_ID):
        @classmethod
        async def from_custom_id(
            cls,
            _interaction: discord.Interaction[discord.Client],
            item: ui.Item[ui.LayoutView],
            _match: re.Match[str],
            /,
        ) -> Self:
            return cls(item)

        async def callback(self, interaction: discord.Interaction[discord.Client]) -> None:
            press = Press.parse(self.custom_id)
            await receive(interaction, _with_choice(press, interaction, self.item) if press else None)

    return Pressed


def _with_choice(press: Press, interaction: discord.Interaction[discord.Client], item: ui.Item[ui.LayoutView]) -> Press:
    """The press with what was chosen, where it was no button."""
    data: Mapping[str, object] = interaction.data or {}
    told = data.get("values")
    chosen = tuple(map(str, told)) if isinstance(told, list) else ()
    numbered = isinstance(item, ui.Select) and len(chosen) == 1 and _NUMBER.fullmatch(chosen[0])
    return replace(press, values=chosen, argument=int(chosen[0]) if numbered else press.argument)


def button(
    press: Press,
    label: str,
    *,
    style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    enabled: bool = True,
) -> ui.Button[ui.LayoutView]:
    """A button that does what `press` says."""
    return ui.Button(label=label, custom_id=str(press), style=style, disabled=not enabled)


class Layout(ui.LayoutView):
    """The base of all layouts.

    It is stopped from the start: the registered receiver serves its buttons, so the client need not remember any
    message. (A layout that is not stopped would be kept in memory; a private one would even take the receiver with it
    when the client forgets it after 15 minutes.)
    """

    def __init__(self) -> None:
        super().__init__(timeout=None)
        self.stop()
