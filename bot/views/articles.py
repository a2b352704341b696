"""Articles as moderators see them: a list on pages, and one article with its text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from discord import ButtonStyle, SelectOption, ui

from bot.limits import SELECT_DESCRIPTION, SELECT_LABEL, TEXT_IN_MESSAGE, measure
from bot.views import excerpt, markup
from bot.views.actors import actor
from bot.views.buttons import Action, Layout, Press, button, record_of
from bot.views.outcomes import restore_button
from bot.views.paged import Items, fill, foot, nearest, turning
from bot.views.particulars import (
    authors_of,
    flag_of,
    heading_of,
    key_of,
    owner_of,
    reading_button,
    shown_link,
)
from bot.wording import plural
from corpus.collection import LIBRARY

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from corpus.model import Article, ArticleSummary, Span

PER_PAGE: Final = 8
"""So many articles stand on a page of a list."""
REVISIONS: Final = 10_000
"""A button tells revisions apart up to so many."""
_TITLE: Final = 130
_FILTER: Final = 80
_WHY: Final = 200
_FOOT: Final = 60


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is of."""

    text: str | None = None
    publication: str | None = None
    removed: bool = False
    library: bool = False

    @property
    def words(self) -> str:
        """The filters in words, escaped; empty where there is none."""
        parts = [
            f"with “{markup.line(self.text, _FILTER)}”" if self.text else "",
            f"from {markup.line(self.publication, _FILTER)}" if self.publication else "",
        ]
        return " ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of a list: the articles on it, and how many there are in all; `page` is one that there is."""

    articles: Sequence[ArticleSummary]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are; one at least."""
        return pages_for(self.total)


def pages_for(total: int) -> int:
    """How many pages so many articles take; one at least."""
    return max(1, -(-total // PER_PAGE))


class ListLayout(Layout):
    """A page of the articles; each can be chosen to be shown. `record` keeps the filters."""

    def __init__(self, listed: Listed, wanted: Wanted, *, record: str, today: date) -> None:
        super().__init__()
        removed = "removed " if wanted.removed else ""
        head = f"### {plural(listed.total, f'{removed}article')} {wanted.words}".rstrip()
        lines = [_line(one, today) for one in listed.articles] or [_none(wanted)]
        back, on = (Press(Action.ARTICLE_LIST, record, 0, to) for to in (max(listed.page - 1, 0), listed.page + 1))
        fill(
            self,
            (head, "\n".join(lines), foot(listed.page, listed.pages)),
            _menu(listed, record),
            turning(back, on, page=listed.page, count=listed.pages),
        )


def _none(wanted: Wanted) -> str:
    if wanted == Wanted(library=wanted.library):
        return "There is none yet; `/article add` takes one in."
    return "There is none."


def _line(one: ArticleSummary, today: date) -> str:
    title = markup.line(one.title, _TITLE) or "(no title)"
    publication = markup.line(one.publication, _FILTER) if one.publication else ""
    dated = one.published.isoformat() if one.published else ""
    where = "library" if one.collection == LIBRARY else ""
    removed = f"removed {one.removed.at:%Y-%m-%d} by {actor(one.removed.by)}" if one.removed else ""
    excerpted = "excerpt" if one.partial else ""
    del today
    parts = (f"**{title}**", publication, dated, markup.line(one.key, 70), where, excerpted, removed)
    return "- " + " · ".join(part for part in parts if part)


def _menu(listed: Listed, record: str) -> Items:
    options = [
        SelectOption(
            label=markup.label(one.title, SELECT_LABEL),
            value=picked_value(one.id),
            description=markup.label(f"{one.publication or ''} {one.published or ''} {one.key}", SELECT_DESCRIPTION),
        )
        for one in listed.articles
    ]
    if not options:
        return []
    press = Press(Action.ARTICLE_PICK, record, 0, listed.page)
    return [ui.Select(custom_id=str(press), placeholder="Show one", options=options)]


def picked_value(article_id: int) -> str:
    """The option that stands for an article. It is no bare number, for the press keeps the page."""
    return f"#{article_id}"


def picked_id(value: str) -> int:
    """The article that an option stands for; 0, which none has, where it is no such option."""
    digits = value.removeprefix("#")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else 0


# --- one article


@dataclass(frozen=True, slots=True)
class Reading:
    """How an article is shown: as it was opened, the page of its text, raw or clean, and whether it may be edited.

    `flag` says where the reader works, which is not always whose article it is.
    """

    flag: int
    page: int = 0
    raw: bool = False
    editable: bool = False

    def press(self, article: Article, page: int, *, raw: bool) -> Press:
        """What shows that page of the text."""
        return Press(Action.ARTICLE_READ, record_of(article.id), self.flag, reading_argument(page, raw=raw))


def reading_argument(page: int, *, raw: bool) -> int:
    """Page and kind of text in one number."""
    return 2 * page + raw


class ArticleLayout(Layout):
    """A page of an article with its particulars; `text` is its raw or its clean text, `spans` the pages of that."""

    def __init__(self, article: Article, text: str, spans: Sequence[Span], reading: Reading, *, today: date) -> None:
        super().__init__()
        at = nearest(reading.page, len(spans))
        shown = markup.quoted(markup.escape(spans[at].of(text).strip("\n"))) if spans else ""
        label = "**Raw text, as it came in**" if reading.raw else "**Text**"
        back, on = (reading.press(article, to, raw=reading.raw) for to in (max(at - 1, 0), at + 1))
        fill(
            self,
            (head_of(article, today), f"{label}\n{shown}", foot(at, len(spans))),
            [*turning(back, on, page=at, count=len(spans)), _other(article, reading), *reading_button(article.url)],
            _acts(article, reading),
        )


def pages_of_text(article: Article, text: str, today: date) -> list[Span]:
    """The pages of the text, as they fit below the article's particulars. It takes time in proportion to the text."""
    room = TEXT_IN_MESSAGE - measure(head_of(article, today)) - _FOOT - len("**Raw text, as it came in**\n")
    return list(excerpt.pages_of(text, room))


def head_of(article: Article, today: date) -> str:
    """The particulars of an article."""
    lines = [
        f"### {heading_of(article.title, article.publication, article.published, today)}",
        authors_of(article.authors),
        shown_link(article.url),
        f"Key: {key_of(article.key)} · revision {article.revision:,} · in {owner_of(article.collection)}",
        (
            f"-# {plural(len(article.text.split()), 'word')} · {plural(len(article.passages), 'passage')} · "
            f"language {markup.line(article.language, 20)}{' · an excerpt' if article.partial else ''}"
        ),
        f"-# Revision {article.revision:,} by {actor(article.added_by)}{_at(article.added_at)}",
    ]
    if article.removed is not None:
        why = f": {markup.line(article.removed.why, _WHY)}" if article.removed.why else ""
        lines.append(f"⚠ Removed by {actor(article.removed.by)}{_at(article.removed.at)}{why}")
    return "\n".join(line for line in lines if line)


def _at(when: datetime | None) -> str:
    return f", <t:{int(when.timestamp())}:f>" if when else ""


def _other(article: Article, reading: Reading) -> ui.Button[ui.LayoutView]:
    return button(reading.press(article, 0, raw=not reading.raw), "Clean text" if reading.raw else "Raw text")


def _acts(article: Article, reading: Reading) -> Items:
    record, flag = record_of(article.id), flag_of(article.collection)
    history = button(Press(Action.ARTICLE_HISTORY, record, reading.flag), "History")
    if not reading.editable:
        return [history]
    if article.removed is not None:
        return [restore_button(article), history]
    edit = button(Press(Action.ARTICLE_EDIT, record, flag, article.revision % REVISIONS), "Edit")
    remove = button(Press(Action.ARTICLE_REMOVE, record, flag), "Remove", style=ButtonStyle.danger)
    return [edit, remove, history]
