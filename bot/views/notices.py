"""Short messages: what a member is told when there is nothing to lay out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import ui

from bot.quota import Bound
from bot.views import markup
from bot.views.buttons import Layout
from bot.wording import moment

if TYPE_CHECKING:
    from bot.quota import Exhausted

EXPIRED = "This answer has expired: its buttons are kept for a limited time only. Ask again with /ask."
NOT_THE_ASKER = "Only the member who asked can do this. Ask your own question with /ask."
NOT_A_MODERATOR = "How an answer came about is shown to moderators: members who may manage messages in this channel."
REMOVED = "The article that was quoted here has been removed from the corpus."
ALREADY_SHARED = "This answer has been shared already."
OUTDATED = "This command or button belongs to an older version of the bot. Reload Discord (Ctrl+R) and try again."
STOPPING = "The bot is just being restarted. Try again in a minute."
UNANSWERED = "This could not be answered. The member who asked has been told privately why."


class Notice(Layout):
    """One text, in Discord's Markdown; member and article text in it must be escaped already."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.add_item(ui.TextDisplay(text))


def limited(reached: Exhausted) -> Notice:
    """Says whose limit was reached and when to try again."""
    whose = "You have" if reached.bound is Bound.MEMBER else "This server has"
    return Notice(f"{whose} asked many questions in a short time. Try again {moment(reached.again_at)}.")


def incident(number: str) -> Notice:
    """Says that something failed; the operator finds the incident's number in the log."""
    return Notice(f"Something went wrong on our side. If you report it, name the incident `{number}`.")


def unreadable_date(option: str, text: str, examples: str) -> Notice:
    """Says that a date was not understood."""
    return Notice(f"`{option}`: “{markup.line(text, 100)}” is no date I understand. Write it as {examples}.")


def nothing_between() -> Notice:
    """Says that the period asked for is empty."""
    return Notice("`since` is later than `until`, so no article can lie between the two.")


def voted(*, helpful: bool, changed: bool) -> Notice:
    """Says that a vote is stored."""
    word = "helpful" if helpful else "not helpful"
    return Notice(f"Your vote is now: {word}." if changed else f"Thank you. Your vote: {word}. You can change it here.")
