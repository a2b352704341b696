"""Short messages: what a member is told when there is nothing to lay out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from discord import ui

from bot.quota import Bound
from bot.views import actors, markup
from bot.views.buttons import Layout
from bot.wording import moment

if TYPE_CHECKING:
    from bot.quota import Exhausted

EXPIRED = "This answer has expired: its buttons are kept for a limited time only. Ask again with /ask."
NOT_THE_ASKER = "Only the member who asked can do this. Ask your own question with /ask."
EXPIRED_RECORD = "This message has expired: its buttons are kept for a limited time only. Begin again with the command."
NO_ARTICLE = "There is no such article here, or none any more."
REMOVED = "The article that was quoted here has been removed from the corpus."
ALREADY_SHARED = "This answer has been shared already."
OUTDATED = "This command or button belongs to an older version of the bot. Reload Discord (Ctrl+R) and try again."
STOPPING = "The bot is just being restarted. Try again in a minute."
UNANSWERED = "This could not be answered. The member who asked has been told privately why."


_SENTENCE: Final = 1500
_REACHED: Final = {
    Bound.MEMBER: "You have asked many questions in a short time",
    Bound.GUILD: "This server has asked many questions in a short time",
    Bound.DAY: "You have suggested as many articles as a member may in a day",
}


class Notice(Layout):
    """One text, in Discord's Markdown; member and article text in it must be escaped already."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.add_item(ui.TextDisplay(text))


def not_a_moderator(role_id: int | None) -> Notice:
    """Says what moderating takes: the permission, or the role where one is set; and whom to ask."""
    role = f"the role <@&{role_id}>" if role_id else "the moderator role that /setup can name"
    return Notice(
        f"This is for moderators: it takes the permission **Manage Messages** in this channel, or {role}. "
        "Ask an administrator of this server for one of them."
    )


def not_an_editor() -> Notice:
    """Says who may change the library, and whom to ask."""
    return Notice(
        "The library is shared by all servers. It can be changed by moderators of the servers, and by the members, "
        "that the bot's operator has named in its settings (`library.guilds`, `library.editors`). Ask the operator, or "
        "work on this server's own articles."
    )


def not_allowed_to_set_up() -> Notice:
    """Says what setting up takes, and whom to ask."""
    return Notice(
        "This is for administrators: it takes the permission **Manage Server**. Ask the owner or an administrator of "
        "this server."
    )


def sentence(error: Exception) -> Notice:
    """What an error of the desk says: its text is a sentence for the person it concerns."""
    return Notice(actors.told(str(error), _SENTENCE))


def unreachable(what: str, reason: str) -> Notice:
    """Says what was not sent, such as `The review channel was not told`, and why."""
    return Notice(f"{what}: {markup.line(reason, _SENTENCE)}.")


def limited(reached: Exhausted) -> Notice:
    """Says whose limit was reached and when to try again."""
    return Notice(f"{_REACHED[reached.bound]}. Try again {moment(reached.again_at)}.")


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
