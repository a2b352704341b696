"""What an article is called and where it is from, on a line, escaped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from discord import ui

from bot.views import markup
from bot.views.answer import link_of
from bot.views.buttons import IN_LIBRARY
from bot.wording import age, day
from corpus.collection import LIBRARY

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from bot.views.paged import Items
    from corpus.collection import Collection

TITLE: Final = 200
_NAME: Final = 100
_AUTHORS: Final = 200
_LINK: Final = 150
_KEY: Final = 120


def flag_of(collection: Collection) -> int:
    """How a `Press` says whose articles it is about."""
    return IN_LIBRARY if collection == LIBRARY else 0


def title_of(title: str, limit: int = TITLE) -> str:
    """The title in bold face."""
    return f"**{markup.line(title, limit) or '(no title)'}**"


def origin_of(publication: str | None, published: date | None, today: date) -> str:
    """Publication and day with its age; what is not known is left out."""
    named = markup.line(publication, _NAME) if publication else ""
    dated = f"{day(published)} ({age(published, today)})" if published else ""
    return " · ".join(part for part in (named, dated) if part)


def heading_of(title: str, publication: str | None, published: date | None, today: date) -> str:
    """Title, publication and day on one line."""
    origin = origin_of(publication, published, today)
    return f"{title_of(title)} · {origin}" if origin else title_of(title)


def authors_of(authors: Sequence[str]) -> str:
    """Who wrote it; empty where nobody is named."""
    return f"By {markup.line(', '.join(authors), _AUTHORS)}" if authors else ""


def key_of(key: str) -> str:
    """The key as text to copy."""
    return markup.line(key, _KEY)


def owner_of(collection: Collection) -> str:
    """Whose article it is."""
    return "the library" if collection == LIBRARY else "this server"


def shown_link(url: str | None) -> str:
    """The link as text: host and the beginning of the path; empty where there is none."""
    return markup.line(url, _LINK) if url else ""


def reading_button(url: str | None, label: str = "Read the article") -> Items:
    """The button that opens the article's page; none where there is no link that Discord takes."""
    link = link_of(url)
    return [ui.Button(label=label, url=link)] if link else []
