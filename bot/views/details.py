"""The forms for an article's particulars, and what was changed in one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from bot.limits import FORM_TEXT
from bot.signs import one_line
from bot.views.forms import Form, TextField, fitting
from corpus.drafts import Details

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from bot.views.buttons import Press

TITLE: Final = "title"
PUBLICATION: Final = "publication"
DATE: Final = "date"
LINK: Final = "link"
AUTHORS: Final = "authors"
TEXT: Final = "text"
_NAME: Final = 600
"""Twice what the corpus takes: who writes more is told so, instead of being cut."""
_DATE: Final = 100


class Described(Protocol):
    """What has particulars: a draft, an article."""

    @property
    def title(self) -> str:
        """What it is called."""
        ...

    @property
    def publication(self) -> str | None:
        """Where it appeared."""
        ...

    @property
    def published(self) -> date | None:
        """The day on which it appeared."""
        ...

    @property
    def authors(self) -> tuple[str, ...]:
        """Who wrote it."""
        ...

    @property
    def url(self) -> str | None:
        """Its link."""
        ...


def add_form(press: Press, filled: Mapping[str, str] | None = None) -> Form:
    """The form for an article that is typed or pasted; `filled` is what stood in it when it was handed in before."""
    before = filled or {}
    return Form(
        "Add an article",
        press,
        TextField(TITLE, "Title", value=before.get(TITLE, ""), most=_NAME, required=False),
        TextField(PUBLICATION, "Publication", value=before.get(PUBLICATION, ""), most=_NAME, required=False),
        TextField(
            DATE,
            "Date",
            placeholder="2021-01-21, or January 21, 2021",
            value=before.get(DATE, ""),
            most=_DATE,
            required=False,
        ),
        TextField(LINK, "Link", placeholder="https://…", value=before.get(LINK, ""), required=False),
        TextField(
            TEXT,
            "Text",
            description="At most 4,000 characters. Give a longer text as a file.",
            value=before.get(TEXT, ""),
            paragraph=True,
        ),
    )


def typed_in(fields: Mapping[str, str]) -> Details:
    """What was typed into the form for a new article."""
    return Details(
        title=fields.get(TITLE),
        publication=fields.get(PUBLICATION),
        published=fields.get(DATE),
        url=fields.get(LINK),
        text=fields.get(TEXT, ""),
    )


def edit_form(title: str, press: Press, before: Described) -> Form:
    """The form for the particulars that stand there already."""
    stands = _standing(before)
    return Form(
        title,
        press,
        TextField(TITLE, "Title", value=stands[TITLE], most=_NAME),
        TextField(PUBLICATION, "Publication", value=stands[PUBLICATION], most=_NAME, required=False),
        TextField(
            AUTHORS, "Authors", description="Separated by semicolons or commas", value=stands[AUTHORS], required=False
        ),
        TextField(
            DATE, "Date", placeholder="2021-01-21, or January 21, 2021", value=stands[DATE], most=_DATE, required=False
        ),
        TextField(LINK, "Link", placeholder="https://…", value=stands[LINK], required=False),
    )


def changed_in(fields: Mapping[str, str], before: Described) -> Details:
    """What was changed in the form: a field that was left as it stood there changes nothing."""
    stands = _standing(before)

    def changed(name: str) -> str | None:
        typed = fields.get(name)
        return None if typed is None or one_line(typed) == one_line(stands[name]) else typed

    return Details(
        title=changed(TITLE),
        publication=changed(PUBLICATION),
        published=changed(DATE),
        url=changed(LINK),
        authors=changed(AUTHORS),
    )


def _standing(before: Described) -> dict[str, str]:
    """What stands in each field; a list of authors that is too long for a field is cut."""
    whole = {
        TITLE: before.title,
        PUBLICATION: before.publication or "",
        DATE: before.published.isoformat() if before.published else "",
        LINK: before.url or "",
        AUTHORS: "; ".join(before.authors),
    }
    most = {TITLE: _NAME, PUBLICATION: _NAME, DATE: _DATE}
    return {name: fitting(one_line(text), most.get(name, FORM_TEXT)) for name, text in whole.items()}
