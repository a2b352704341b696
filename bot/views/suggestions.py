"""Suggestions: the form, what their givers are told, and the cards in the review channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from discord import ButtonStyle

from bot.views import markup
from bot.views.actors import actor, told
from bot.views.buttons import Action, Layout, Press, button
from bot.views.forms import Form, TextField
from bot.views.notices import Notice
from bot.views.paged import fill
from bot.views.particulars import flag_of, heading_of, reading_button, shown_link, title_of
from bot.wording import moment, plural
from corpus.dedupe import in_percent
from corpus.drafts import DraftState

if TYPE_CHECKING:
    from datetime import date

    from corpus.drafts import Preview, WaitingDraft
    from corpus.model import Article

TEXT_MOST_CHARS: Final = 4_000
LINK_MOST_CHARS: Final = 2_000
NOT_IN_SERVER: Final = "Articles are suggested in a server, to its moderators."
NOTHING_GIVEN: Final = "Give the link of an article, or its text."
TAKEN_OUT: Final = "This article was taken out of the corpus by the moderators, so it can't be suggested."
_TITLE: Final = 200
_PARTICULAR: Final = 200
_REASON: Final = 1_000
_CARD_REASON: Final = 500
_STATES: Final = {
    DraftState.STORED: "approved",
    DraftState.REJECTED: "rejected",
    DraftState.CANCELLED: "cancelled",
}


class CardLayout(Layout):
    """A suggestion as the review channel sees it, with the button that opens it for a moderator."""

    def __init__(self, preview: Preview, today: date) -> None:
        super().__init__()
        waiting = preview.waiting
        texts = ("### A suggestion", _called(waiting, today), _size(preview), _given(waiting))
        review = Press(Action.REVIEW, waiting.id, flag_of(waiting.collection))
        fill(self, ("\n".join(texts),), [button(review, "Review", style=ButtonStyle.primary)])


class DecidedCardLayout(Layout):
    """The same once somebody has decided: who, and what."""

    def __init__(self, waiting: WaitingDraft, today: date) -> None:
        super().__init__()
        fill(self, (f"### A suggestion\n{_called(waiting, today)}\n{_given(waiting)}\n{decided(waiting)}",))


class UnderstoodLayout(Layout):
    """What was understood of a suggestion, and what comes next; nothing of what is stored."""

    def __init__(self, waiting: WaitingDraft, today: date) -> None:
        super().__init__()
        told_then = "\nYou will get a direct message when it is decided on." if waiting.tell else ""
        words = plural(len(waiting.draft.text.split()), "word")
        link = shown_link(waiting.draft.url)
        lines = (_called(waiting, today), f"-# {link}" if link else "", f"-# {words}")
        fill(
            self,
            (
                "### Thank you",
                "\n".join(line for line in lines if line),
                f"A moderator looks at it before it is stored.{told_then}",
            ),
        )


class KnownAlreadyLayout(Layout):
    """What was suggested is in the corpus."""

    def __init__(self, article: Article, today: date) -> None:
        super().__init__()
        heading = heading_of(article.title, article.publication, article.published, today)
        fill(self, ("### It is in the corpus already", heading), reading_button(article.url))


def suggestion_form(*, tell: bool) -> Form:
    """The form of a suggestion; whether its giver wants to be told is in its id."""
    return Form(
        "Suggest an article",
        Press(Action.SUGGEST, argument=int(tell)),
        TextField("title", "Title", required=False, most=_TITLE),
        TextField("publication", "Publication", required=False, most=_PARTICULAR),
        TextField("published", "Date", description="Such as 2021-01-21", required=False, most=40),
        TextField(
            "url",
            "Link",
            description="With a link and no text, the page is read with its own title and date",
            required=False,
            most=LINK_MOST_CHARS,
        ),
        TextField("text", "Text", paragraph=True, required=False, most=TEXT_MOST_CHARS),
    )


def too_many(count: int) -> Notice:
    """Says that as many suggestions of a member wait as may."""
    return Notice(f"{plural(count, 'suggestion')} of yours wait for the moderators. Wait until some are decided on.")


def refused(reason: str) -> Notice:
    """Says why what was suggested can't be taken."""
    return Notice(f"### This can't be suggested\n{told(reason, _REASON)}")


def approved(article: Article, guild: str) -> Notice:
    """Tells its giver that a suggestion was approved."""
    return Notice(
        f"Your suggestion in {markup.line(guild, 120)} was approved: {title_of(article.title)}\n"
        "Questions are answered from it now."
    )


def rejected(waiting: WaitingDraft, guild: str) -> Notice:
    """Tells its giver that a suggestion was rejected, and why."""
    reason = waiting.decision.reason if waiting.decision else ""
    why = f"\nThe moderators say: “{markup.line(reason, _REASON)}”" if reason else ""
    return Notice(f"Your suggestion in {markup.line(guild, 120)} was not taken: {title_of(waiting.draft.title)}{why}")


def decided(waiting: WaitingDraft) -> str:
    """What was decided on a draft, by whom, when and why."""
    decision = waiting.decision
    state = _STATES.get(waiting.state, "decided on")
    if decision is None:
        return f"It was {state}."
    why = f": {markup.line(decision.reason, _CARD_REASON)}" if decision.reason else ""
    return f"**{state.capitalize()}** by {actor(decision.by)} {moment(decision.at)}{why}"


def _called(waiting: WaitingDraft, today: date) -> str:
    draft = waiting.draft
    return heading_of(draft.title, draft.publication, draft.published, today)


def _given(waiting: WaitingDraft) -> str:
    return f"-# Suggested by {actor(waiting.by)} {moment(waiting.at)}"


def _size(preview: Preview) -> str:
    words = plural(len(preview.waiting.draft.text.split()), "word")
    size = f"{words}, {plural(preview.passages, 'passage')}"
    if preview.known is not None:
        return f"{size} · stored already"
    if not preview.alike:
        return f"{size} · like nothing that is stored"
    return f"{size} · {in_percent(preview.alike[0].share)} in common with an article that is stored"
