"""Taking an article down for good: what it would erase, the form that asks again, and what was erased."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from discord import ButtonStyle

from bot.limits import FORM_LABEL, FORM_TEXT, measure
from bot.views.buttons import Action, Layout, Press, button, record_of
from bot.views.forms import Form, TextField
from bot.views.outcomes import show_button
from bot.views.paged import fill
from bot.views.particulars import flag_of, heading_of, key_of, owner_of, title_of
from bot.wording import plural
from corpus.text import fold

if TYPE_CHECKING:
    from datetime import date

    from corpus.drafts import Purged
    from corpus.model import Article

CONFIRM: Final = "confirm"
REASON: Final = "reason"
_REASON: Final = 500
_WORD: Final = re.compile(r"[^\W_]{4,20}")


@dataclass(frozen=True, slots=True)
class Redrawn:
    """What became of the messages that quote the article: redrawn without it, or out of reach."""

    edited: int
    unreachable: int


class PurgeNotice(Layout):
    """What would be erased, and the button to the form that asks again."""

    def __init__(self, article: Article, revisions: int, today: date) -> None:
        super().__init__()
        lines = [
            heading_of(article.title, article.publication, article.published, today),
            f"Key: {key_of(article.key)} · in {owner_of(article.collection)}",
            (
                f"This erases {plural(revisions, 'revision')} with {plural(len(article.passages), 'passage')}, and "
                "every draft with the same text or link. The bot's own messages that quote it are changed where they "
                "can be reached. The same text and link can't be stored again."
            ),
            "**It can't be undone.** To take an article out of answers only, use /article remove.",
        ]
        press = Press(Action.ARTICLE_PURGE, record_of(article.id), flag_of(article.collection))
        fill(
            self,
            ("### Erase this article for good?", "\n".join(lines)),
            [button(press, "Erase for good", style=ButtonStyle.danger), show_button(article)],
        )


class PurgedLayout(Layout):
    """What was erased; `redrawn` is None while messages are still being changed."""

    def __init__(self, purged: Purged, quoting: int, redrawn: Redrawn | None) -> None:
        super().__init__()
        lines = [
            title_of(purged.title),
            f"Key: {key_of(purged.key)}",
            f"Erased: {plural(purged.revisions, 'revision')} and {plural(len(purged.drafts), 'draft')}.",
            _backups(len(purged.backups)),
            _messages(quoting, redrawn),
        ]
        fill(self, ("### Erased for good", "\n".join(lines)))


def purge_form(article: Article) -> Form:
    """Asks for the key, or a word of the title, and the reason."""
    word = title_word(article.title)
    label = f"Type the key or “{word}”" if word else "Type the key"
    most = min(FORM_TEXT, max(measure(article.key), measure(article.title)) + 20)
    return Form(
        "Erase this article for good",
        Press(Action.ARTICLE_PURGE, record_of(article.id), flag_of(article.collection)),
        TextField(CONFIRM, label[:FORM_LABEL], description=article.title, placeholder=article.key, most=most),
        TextField(REASON, "Why", description="Kept in the record", paragraph=True, most=_REASON),
    )


def confirms(typed: str, article: Article) -> bool:
    """Whether this is the key, the title, or the word of it that was asked for."""
    accepted = {fold(article.key), fold(article.title), fold(title_word(article.title))} - {""}
    return fold(typed.strip().strip('“”"').strip()) in accepted


def title_word(title: str) -> str:
    """The longest word of the title, the first of several; empty where it has none of 4 to 20 letters."""
    return max(_WORD.findall(title), key=len, default="")


def _backups(count: int) -> str:
    if not count:
        return "No backup is known to hold it."
    held = f"{plural(count, 'backup')} made before still {'holds' if count == 1 else 'hold'} it"
    return f"⚠ {held}; the operator's record names them."


def _messages(quoting: int, redrawn: Redrawn | None) -> str:
    if not quoting:
        return "No message of the bot quotes it."
    messages = f"{plural(quoting, 'message')} of the bot with quotations of it"
    if redrawn is None:
        return f"{messages} {'is' if quoting == 1 else 'are'} being changed …"
    changed = f"Of {messages}, {redrawn.edited:,} {'was' if redrawn.edited == 1 else 'were'} changed"
    lost = f"; {redrawn.unreachable:,} could not be reached" if redrawn.unreachable else ""
    return f"{changed}{lost}. All of them show it no more at the next press of their buttons."
