"""Pages of a site, and buttons that somebody has tampered with."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from tests.discord.components import walk

if TYPE_CHECKING:
    from tests.discord.messages import Message

PARLER_TEXT = (
    "A federal judge in Seattle on Thursday refused to order Amazon to restore web service to Parler.\n\n"
    "U.S. District Judge Barbara Rothstein said that the social network was unlikely to prevail in court.\n\n"
    "Parler had sued Amazon a week before, after its service was cut off over calls for violence."
)


def html(title: str, text: str = PARLER_TEXT, *, more: str = "", language: str = "en") -> str:
    """A page with an article: a title, and a paragraph for each block of the text; `more` stands in its head."""
    paragraphs = "".join(f"<p>{escape(block)}</p>" for block in text.split("\n\n"))
    head = f"<title>{escape(title)}</title>{more}"
    body = f"<article><h1>{escape(title)}</h1>{paragraphs}</article>"
    return f'<!doctype html><html lang="{language}"><head>{head}</head><body>{body}</body></html>'


def forge(message: Message, label: str, custom_id: str) -> None:
    """The button with this label sends another id from now on, as no client of Discord's would let it."""
    wanted = message.button(label).custom_id
    for _, one in walk(list(message.components)):
        if one.get("custom_id") == wanted and isinstance(one, dict):
            one["custom_id"] = custom_id
