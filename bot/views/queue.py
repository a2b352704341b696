"""The review queue: one draft at a time, with all that a moderator has to see of it, and what can be decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from discord import ButtonStyle

from bot.limits import TEXT_IN_MESSAGE
from bot.views import excerpt, markup
from bot.views.actors import actor
from bot.views.buttons import Action, Layout, Press, button
from bot.views.draft import comparing, looking, own_alike, presses_in, preview_texts, replacing
from bot.views.forms import Form, TextField
from bot.views.paged import Items, fill, foot, nearest, turning
from bot.views.particulars import flag_of, title_of
from bot.wording import moment
from corpus.collection import LIBRARY
from corpus.drafts import DraftOrigin

if TYPE_CHECKING:
    from collections.abc import Sequence

    import discord

    from bot.views.draft import Surrounding
    from corpus.drafts import Preview, WaitingDraft
    from corpus.model import Span

MOST_PLACES: Final = 9_999
"""A place in the queue has at most four digits in a button's id."""
REASON: Final = "reason"
REASON_MOST_CHARS: Final = 500
_TITLE: Final = 120
_PAGE: Final = TEXT_IN_MESSAGE - 500


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is: the place (from 0) of `length`, who gave the draft (Markdown), what was done before."""

    place: int
    length: int
    giver: str
    said: str = ""


class QueueLayout(Layout):
    """The draft, and Approve or what its near-duplicates call for, Edit, Reject, and the way to the others."""

    def __init__(self, preview: Preview, around: Surrounding, turn: Turn) -> None:
        super().__init__()
        fill(
            self,
            preview_texts(preview, around, _head(preview.waiting, turn)),
            _deciding(preview),
            _turning(preview.waiting, turn),
            looking(preview),
            comparing(preview),
            replacing(preview, Action.REPLACE_BY),
        )


class EmptyQueueLayout(Layout):
    """Nothing waits; `said` tells what was done before (Markdown)."""

    def __init__(self, said: str = "") -> None:
        super().__init__()
        fill(self, (said, "### Nothing waits for review\nSuggestions of members and items of feeds come in here."))


class WholeTextLayout(Layout):
    """A page of a draft's cleaned text; `spans` are the pages, as `text_pages` gives them."""

    def __init__(self, waiting: WaitingDraft, spans: Sequence[Span], page: int) -> None:
        super().__init__()
        at, count = nearest(page, len(spans)), len(spans)
        shown = markup.quoted(markup.escape(spans[at].of(waiting.draft.text).strip("\n"))) if spans else ""
        flag = flag_of(waiting.collection)
        back, on = (Press(Action.QUEUE_PAGE, waiting.id, flag, to) for to in (max(at - 1, 0), at + 1))
        row = turning(back, on, page=at, count=count)
        fill(self, (f"### {title_of(waiting.draft.title)}", shown, foot(at, count)), row)


def text_pages(text: str) -> list[Span]:
    """The pages of a text; takes time in proportion to it."""
    return list(excerpt.pages_of(text, _PAGE))


def reason_form(press: Press) -> Form:
    """The form for why a draft is rejected."""
    said = "A member who asked to be told gets this as a direct message."
    field = TextField(REASON, "Reason", description=said, paragraph=True, least=1, most=REASON_MOST_CHARS)
    return Form("Reject", press, field)


def place_in(message: discord.Message | None) -> int:
    """The place in the queue of the draft that the message shows."""
    found = (press.argument for press in presses_in(message) if press.action is Action.QUEUE_ON)
    return next(found, 0)


def called(waiting: WaitingDraft) -> str:
    """The draft's title, as it stands before what was decided on it."""
    return f"“{markup.line(waiting.draft.title, _TITLE)}”"


def stored_as(title: str) -> str:
    """A draft was approved."""
    return f"**Approved:** {markup.line(title, _TITLE)}"


def rejected_as(title: str) -> str:
    """A draft was rejected."""
    return f"**Rejected:** {markup.line(title, _TITLE)}"


def _head(waiting: WaitingDraft, turn: Turn) -> tuple[str, ...]:
    verb = "Brought in" if waiting.origin is DraftOrigin.FEED else "Suggested"
    return (
        turn.said,
        f"### Review · {turn.place + 1:,} of {turn.length:,}",
        f"-# {verb} by {turn.giver} {moment(waiting.at)}",
        "-# For the library, which all servers share." if waiting.collection == LIBRARY else "",
    )


def named_giver(waiting: WaitingDraft, feed: str | None) -> str:
    """Who gave the draft: the member, or the feed with its title where it is followed still."""
    return f"the feed {title_of(feed, _TITLE)}" if feed is not None else actor(waiting.by)


def _deciding(preview: Preview) -> Items:
    def press(action: Action) -> Press:
        return Press(action, preview.waiting.id, flag_of(preview.waiting.collection), preview.waiting.version)

    row: Items = []
    if preview.alike:
        row.append(button(press(Action.KEEP_BOTH), "Keep both", style=ButtonStyle.success))
        if len(own_alike(preview)) == 1:
            row.append(button(press(Action.REPLACE_BY), "Replace", style=ButtonStyle.primary))
    else:
        known = preview.known is not None
        row.append(button(press(Action.APPROVE), "Approve", style=ButtonStyle.success, enabled=not known))
    row.append(button(press(Action.QUEUE_EDIT), "Edit"))
    row.append(button(press(Action.REJECT), "Reject", style=ButtonStyle.danger))
    return row


def _turning(waiting: WaitingDraft, turn: Turn) -> Items:
    """Read all, and the drafts before and after; their ids tell the place of this one."""
    flag, at = flag_of(waiting.collection), min(turn.place, MOST_PLACES)
    return [
        button(Press(Action.QUEUE_READ, waiting.id, flag), "Read all"),
        button(Press(Action.QUEUE_BACK, waiting.id, flag, at), "Previous", enabled=turn.place > 0),
        button(Press(Action.QUEUE_ON, waiting.id, flag, at), "Next", enabled=turn.place + 1 < turn.length),
    ]
