"""What is too long for a draft's preview, on pages: lines set aside, changes, a near-duplicate beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.limits import TEXT_IN_MESSAGE, measure
from bot.signs import one_line
from bot.views import markup
from bot.views.buttons import Action, Layout, Press
from bot.views.paged import fill, foot, nearest, pages_of, turning
from bot.views.particulars import flag_of, heading_of, key_of, owner_of, reading_button, shown_link, title_of
from bot.wording import plural

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from corpus.drafts import Line, WaitingDraft
    from corpus.model import Article, Draft, SetAside

_LINE: Final = 700
_RULE: Final = 40
_FOOT: Final = 60


class LinesLayout(Layout):
    """One page of the lines that cleaning dropped or flagged, each with the rule."""

    def __init__(self, waiting: WaitingDraft, page: int) -> None:
        super().__init__()
        draft = waiting.draft
        blocks = [
            *_listed("Dropped, so that they are not stored", draft.dropped),
            *_listed("Flagged, but kept", draft.flagged),
        ]
        _pages(
            self,
            "### Lines set aside",
            blocks,
            Press(Action.DRAFT_LINES_AT, waiting.id, flag_of(waiting.collection)),
            page,
        )


class ChangesLayout(Layout):
    """One page of what an edit changes in the article's text."""

    def __init__(self, waiting: WaitingDraft, lines: Sequence[Line], page: int) -> None:
        super().__init__()
        head = f"### What changes in the text\n{title_of(waiting.draft.title)}"
        blocks = [signed(line) for line in lines] or ["The text stays as it is."]
        _pages(self, head, blocks, Press(Action.DRAFT_CHANGES_AT, waiting.id, flag_of(waiting.collection)), page)


class CompareLayout(Layout):
    """One page of a draft beside an article that is like it: both particulars, then the lines that differ.

    `mark` is the article's, as `mark_of` gives it.
    """

    def __init__(
        self, waiting: WaitingDraft, stored: Article, lines: Sequence[Line], *, mark: int, page: int, today: date
    ) -> None:
        super().__init__()
        blocks = [signed(line) for line in lines] or ["Both texts are the same."]
        head = "\n".join(
            (
                "### Side by side",
                *_both(waiting.draft, stored, today),
                "-# Struck through: in the stored one only. With a plus: in this one only.",
            )
        )
        pages = pages_of(blocks, TEXT_IN_MESSAGE - measure(head) - _FOOT)
        at = nearest(page, len(pages))
        flag = flag_of(waiting.collection)
        back, on = (
            Press(Action.DRAFT_COMPARED, waiting.id, compared_page(to, flag), mark) for to in (max(at - 1, 0), at + 1)
        )
        fill(
            self,
            (head, "\n".join(pages[at]), foot(at, len(pages))),
            [
                *turning(back, on, page=at, count=len(pages)),
                *reading_button(waiting.draft.url, "Read this one"),
                *reading_button(stored.url, "Read the stored one"),
            ],
        )


def compared_page(page: int, flag: int) -> int:
    """Page and place in one number, for the pages of a comparison."""
    return 2 * page + flag


def compared_of(both: int) -> tuple[int, int]:
    """Page and place, as `compared_page` has put them together."""
    return divmod(both, 2)


def signed(line: Line) -> str:
    """A line of a difference: what was put in in bold face, what was taken out struck through."""
    text = markup.line(line.text, _LINE)
    if not text:
        return "\\" + line.sign if line.sign != " " else "…"
    match line.sign:
        case "+":
            return f"**\\+** {text}"
        case "-":
            return f"**\\-** ~~{text}~~"
        case _:
            return f"-# {text}"


def _listed(title: str, lines: Sequence[SetAside]) -> Iterator[str]:
    for position, one in enumerate(lines):
        above = f"**{title}: {len(lines):,}**\n" if position == 0 else ""
        yield f"{above}{markup.line(one.line, _LINE) or '(blank)'}\n-# {markup.line(one.rule, _RULE)}"


def _both(draft: Draft, stored: Article, today: date) -> Iterator[str]:
    yield f"This one: {heading_of(draft.title, draft.publication, draft.published, today)}"
    yield f"-# {_figures(draft.text, draft.url)}"
    yield f"Stored: {heading_of(stored.title, stored.publication, stored.published, today)}"
    yield f"-# {_figures(stored.text, stored.url)} · {key_of(stored.key)}, {owner_of(stored.collection)}"


def _figures(text: str, url: str | None) -> str:
    words = plural(len(text.split()), "word")
    return f"{words} · {shown_link(url)}" if url and one_line(url) else words


def _pages(layout: Layout, head: str, blocks: Sequence[str], press: Press, page: int) -> None:
    """The blocks on pages under a head; the page turned to is the argument of `press`."""
    pages = pages_of(blocks, TEXT_IN_MESSAGE - measure(head) - _FOOT)
    at = nearest(page, len(pages))
    back, on = (Press(press.action, press.record, press.page, to) for to in (max(at - 1, 0), at + 1))
    fill(
        layout,
        (head, "\n".join(pages[at]), foot(at, len(pages))),
        turning(back, on, page=at, count=len(pages)),
    )
