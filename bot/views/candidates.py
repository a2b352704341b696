"""What of a message could be added to the corpus: a choice among several, and the question about a member's words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from discord import ButtonStyle, SelectOption, ui

from bot.limits import SELECT_DESCRIPTION, SELECT_LABEL, SELECT_OPTIONS
from bot.views import markup
from bot.views.actors import told
from bot.views.buttons import Action, Layout, Press, button
from bot.views.draft import opening
from bot.views.notices import Notice
from bot.views.paged import Items, fill
from bot.wording import plural

if TYPE_CHECKING:
    from collections.abc import Sequence

_WORDS: Final = 1_500
_REASON: Final = 2_000


class CandidatesLayout(Layout):
    """A menu of what could be taken, as (label, description); `reason` is why an earlier choice could not be stored."""

    def __init__(self, candidates: Sequence[tuple[str, str]], *, record: str, flag: int, reason: str = "") -> None:
        super().__init__()
        options = [
            SelectOption(
                label=markup.label(label, SELECT_LABEL),
                value=candidate_value(number),
                description=markup.label(description, SELECT_DESCRIPTION),
            )
            for number, (label, description) in enumerate(candidates[:SELECT_OPTIONS])
        ]
        menu: Items = [
            ui.Select(custom_id=str(Press(Action.TAKE, record, flag)), placeholder="Choose one", options=options)
        ]
        found = plural(len(candidates), "thing")
        head = "### What shall be added?"
        fill(
            self, (told(reason, _REASON) if reason else "", f"{head}\nThe message holds {found} to choose from."), menu
        )


def candidate_value(number: int) -> str:
    """The option that stands for the candidate of this number."""
    return f"candidate-{number}"


def candidate_number(value: str) -> int | None:
    """The number of the candidate that an option stands for; None where it is no such option."""
    digits = value.removeprefix("candidate-")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 4 else None


class WordsLayout(Layout):
    """Asks whether a member's own words are to be stored."""

    def __init__(self, text: str, *, record: str, flag: int) -> None:
        super().__init__()
        shown, _ = opening(text, _WORDS)
        told_before = (
            "### These are a member's own words\n"
            "They were written for this channel, not for publication. If you go on, they are kept as an article and "
            "quoted in answers, **without the member's name**: neither the article nor the record says who wrote them. "
            "Ask the member first."
        )
        press = Press(Action.TAKE_WORDS, record, flag)
        fill(
            self,
            (told_before, f"**What would be stored**\n{shown}"),
            [button(press, "Go on without the name", style=ButtonStyle.primary)],
        )


def nothing_to_take(least_words: int, endings: Sequence[str], problems: Sequence[str] = ()) -> Notice:
    """Says what a message has to hold; `problems` tell of what was there but can't be read."""
    lines = [
        (
            "There is nothing in this message that could be an article. Looked for are: a link to a page (http or "
            f"https), a file ({', '.join(endings)}), or a text of at least {least_words} words."
        ),
        *(f"- {markup.line(problem, 300)}" for problem in problems[:5]),
    ]
    return Notice("\n".join(lines))
