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
    "**/sources** what the corpus holds"
)
_BUTTONS: Final = (
    "**In context** shows you the sentences around a quotation. **Helpful** and **Not helpful** are counted for those "
    "who run this bot; you can change your vote. **Share** posts a private answer to the channel. **Why this?** shows "
    "moderators how an answer came about."
)
_DIRECT: Final = "-# In direct messages the shared library is searched; in a server also that server's own articles."


class HelpLayout(Layout):
    """The help; `topic` is what a member wrote instead of a question, if anything."""

    def __init__(self, topic: Topic | None = None) -> None:
        super().__init__()
        texts = (_OPENINGS[topic] + "\n" + _ABOUT, _COMMANDS, _BUTTONS, _DIRECT)
        self.add_item(ui.Container(*(ui.TextDisplay[ui.LayoutView](text) for text in texts)))
