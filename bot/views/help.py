"""What the bot can do, and how to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from discord import ui

from bot.views.buttons import Layout
from retrieval.model import Topic

if TYPE_CHECKING:
    from collections.abc import Mapping

_OPENINGS: Final[Mapping[Topic | None, str]] = {
    None: "### Amicus",
    Topic.GREETING: "### Hello!",
    Topic.THANKS: "### You are welcome!",
    Topic.HELP: "### How to ask",
    Topic.EMPTY: "### What would you like to know?",
}
_ABOUT: Final = (
    "Ask about tech-legal news: courts, cases, regulators, laws. Every answer is a sentence quoted word for word from "
    "an article in the corpus, with its source. Where no article answers a question, that is what you are told."
)
_COMMANDS: Final = (
    "**/ask** a question, such as *Who is the judge in Parler v. AWS?* "
    "You can name a publication and a period, and have the answer shown to you alone.\n"
    "**/search** words: the passages that fit them best, in order\n"
    "**/sources** what the corpus holds\n"
    "**/suggest** an article that is missing, for the moderators to look at\n"
    "**/privacy** what I keep about you: look, export, erase, switch it off"
)
_BUTTONS: Final = (
    "**In context** shows you the sentences around a quotation. **Helpful** and **Not helpful** are counted for those "
    "who run this bot; you can change your vote. **Share** posts a private answer to the channel. **Request an "
    "article** tells the moderators what is missing. **Why this?** shows moderators how an answer came about."
)
_DESK: Final = (
    "**For moderators**\n"
    "**/article** add, list, show, edit, remove, restore, history, purge: the articles of this server\n"
    "**/feed** add, list, remove, pause, preview: feeds that bring articles by themselves\n"
    "**/queue** suggestions that wait for you, **/wanted** what members miss\n"
    "**/audit** who changed what; undo, export\n"
    "**Add to corpus**, in the menu of a message under *Apps*, takes its link, file or text"
)
_SETUP: Final = (
    "**For administrators**\n**/setup** moderator role, review channel, answers, limits; ends with a self-test"
)
_DIRECT: Final = "-# In direct messages the shared library is searched; in a server also that server's own articles."


class HelpLayout(Layout):
    """The help; `topic` is what a member wrote instead of a question, if anything.

    Moderators are shown the desk's commands too, and who may set the bot up the guide's.
    """

    def __init__(self, topic: Topic | None = None, *, moderator: bool = False, administrator: bool = False) -> None:
        super().__init__()
        more = [text for text, shown in ((_DESK, moderator), (_SETUP, administrator)) if shown]
        texts = (_OPENINGS[topic] + "\n" + _ABOUT, _COMMANDS, _BUTTONS, *more, _DIRECT)
        self.add_item(ui.Container(*(ui.TextDisplay[ui.LayoutView](text) for text in texts)))
