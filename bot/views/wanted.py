"""What members miss in the corpus: the moderators' list, and what somebody is told who asks for an article."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from discord import ButtonStyle, ui

from bot.views import markup
from bot.views.actors import actor
from bot.views.buttons import Action, Layout, Press, button, record_of
from bot.views.notices import Notice
from bot.wanted import TopicState
from bot.wording import moment, plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.wanted import Requested, Topic

TOPICS_ON_PAGE: Final = 5
_MOST_PAGES: Final = 9_999
"""A page's number has at most four digits in a button's id."""
_TOPIC: Final = 560
_SHORT: Final = 160
_STATES: Final = {TopicState.DONE: "marked as done", TopicState.DISMISSED: "dismissed"}


class WantedLayout(Layout):
    """One page of the open topics; `length` counts those of all pages, `said` stands above (Markdown, escaped)."""

    def __init__(self, topics: Sequence[Topic], *, page: int, length: int, said: str = "") -> None:
        super().__init__()
        count = pages_of(length)
        body: list[ui.Item[ui.LayoutView]] = [ui.TextDisplay(_head(page, count, length, said))]
        for topic in topics[:TOPICS_ON_PAGE]:
            record = record_of(topic.id)
            done = button(Press(Action.WANTED_DONE, record, page), "Done", style=ButtonStyle.success)
            dismiss = button(Press(Action.WANTED_DISMISS, record, page), "Dismiss")
            body += [ui.TextDisplay(_topic(topic)), ui.ActionRow(done, dismiss)]
        self.add_item(ui.Container(*body))
        if count > 1:
            back, on = Press(Action.WANTED_PAGE, page=max(page - 1, 0)), Press(Action.WANTED_PAGE, page=page + 1)
            row = [button(back, "Previous", enabled=page > 0), button(on, "Next", enabled=page + 1 < count)]
            self.add_item(ui.ActionRow(*row))


def pages_of(length: int) -> int:
    """How many pages so many topics take; at least one."""
    return min(max(-(-length // TOPICS_ON_PAGE), 1), _MOST_PAGES)


def requested(request: Requested) -> Notice:
    """Tells who asked for an article what became of it."""
    topic = request.topic
    named = f"“{markup.line(topic.text, _SHORT)}”"
    others = plural(topic.count, "member")
    if not request.new:
        return Notice(f"You asked for an article on {named} before. {others} {_want(topic)} one.")
    if topic.count == 1:
        return Notice(f"Requested: {named} is on the moderators' list now. You are the first to ask for it.")
    return Notice(f"Requested: {named} is on the moderators' list already; {others} {_want(topic)} it now, with you.")


def decided(topic: Topic) -> str:
    """What was decided on a topic just now."""
    return f"“{markup.line(topic.text, _SHORT)}” was {_STATES.get(topic.state, 'left open')}."


def decided_before(topic: Topic) -> str:
    """What somebody decided on a topic before, and when."""
    by = f" by {actor(topic.decided_by)}" if topic.decided_by else ""
    at = f" {moment(topic.decided_at)}" if topic.decided_at else ""
    return f"“{markup.line(topic.text, _SHORT)}” was {_STATES.get(topic.state, 'left open')} already{by}{at}."


def _want(topic: Topic) -> str:
    return "wants" if topic.count == 1 else "want"


def _head(page: int, count: int, length: int, said: str) -> str:
    lines = [said] if said else []
    if length == 0:
        lines.append("### Nothing is wanted")
        lines.append("Members ask for an article with the button under an answer that was not found in the corpus.")
    else:
        lines.append(f"### {plural(length, 'wanted topic')}")
    if count > 1:
        lines.append(f"-# Page {page + 1} of {count}")
    return "\n".join(lines)


def _topic(topic: Topic) -> str:
    asked = f"first asked {moment(topic.first_at)}"
    if topic.last_at != topic.first_at:
        asked += f", last {moment(topic.last_at)}"
    return f"> {markup.line(topic.text, _TOPIC) or '…'}\n**{plural(topic.count, 'member')}** · {asked}"
