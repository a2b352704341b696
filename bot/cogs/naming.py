"""How a moderator names an article: chosen while typing, or by its key, its number (`#12`) or its whole title."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from discord import app_commands

from bot.limits import AUTOCOMPLETE_CHOICES, CHOICE_NAME, CHOICE_VALUE, measure
from bot.signs import one_line
from bot.views import markup
from bot.wording import human_join
from corpus.drafts import Place
from corpus.errors import ArticleNotFound, NotFound
from corpus.text import fold

if TYPE_CHECKING:
    from bot.cogs.base import Interaction, Services
    from corpus.desk import Desk
    from corpus.model import Article, ArticleSummary

NAME_MOST: Final = 300
"""So long may be what names an article: a title has at most so many characters."""
_NUMBER: Final = re.compile(r"#([0-9]{1,18})", re.ASCII)
_PUBLICATION: Final = 30
_SAME_TITLE: Final = 50
_TOLD: Final = 5


def alone(place: Place) -> Place:
    """The same place, seeing what is written to there and nothing else."""
    return Place.of(place.own, library=False)


async def choices(
    services: Services, interaction: Interaction, typed: str, *, removed: bool | None = False, writing: bool = False
) -> list[app_commands.Choice[str]]:
    """The articles to offer while a moderator types; none for who is no moderator. `removed` None: live and removed.

    With `writing` they are those that can be changed from here, else those that can be seen.
    """
    place = services.place(interaction, library=getattr(interaction.namespace, "library", None) is True)
    if services.refusal(interaction, place):
        return []
    within = alone(place) if writing else place
    found = await services.desk.titles(within, typed, AUTOCOMPLETE_CHOICES, removed=removed)
    return [app_commands.Choice(name=_label(one), value=_value(one)) for one in found]


async def named(desk: Desk, place: Place, typed: str, *, writing: bool = False, removed: bool = False) -> Article:
    """The article that was meant; `removed`: rather a removed one where a title is that of several.

    Raises NotFound with a sentence where there is none, or more than one.
    """
    within = alone(place) if writing else place
    found = await _found(desk, within, typed, removed=removed)
    if found is not None:
        return found
    shown = one_line(typed)[:100]
    if writing and within.sees != place.sees and await _found(desk, place, typed, removed=removed):
        raise NotFound(f"“{shown}” is in the library. Give the command the option library: True to work on it.")
    raise NotFound(
        f"There is no article “{shown}” here. Choose one from the list that is shown while you type, or give its key."
    )


async def _found(desk: Desk, place: Place, typed: str, *, removed: bool) -> Article | None:
    wanted = typed.strip()
    with suppress(ArticleNotFound):
        if number := _NUMBER.fullmatch(wanted):
            return await desk.article(int(number[1]), place)
    with suppress(ArticleNotFound):
        return await desk.show(place, wanted)
    listed = await desk.titles(place, wanted, _SAME_TITLE, removed=None)
    same = [one for one in listed if fold(one_line(one.title)) == fold(one_line(wanted))]
    fitting = [one for one in same if (one.removed is not None) is removed] or same
    if len(fitting) > 1:
        keys = human_join([one.key for one in fitting[:_TOLD]])
        raise NotFound(f"{len(fitting)} articles are called “{one_line(wanted)[:100]}”; give a key: {keys}.")
    return await desk.article(fitting[0].id, place) if fitting else None


def _label(one: ArticleSummary) -> str:
    publication = markup.label(one.publication, _PUBLICATION) if one.publication else ""
    rest = "".join(f" · {part}" for part in (publication, one.published) if part)
    return markup.label(one.title, CHOICE_NAME - measure(rest)) + rest


def _value(one: ArticleSummary) -> str:
    usable = measure(one.key) <= CHOICE_VALUE and one.key == one.key.strip() and not _NUMBER.fullmatch(one.key)
    return one.key if usable else f"#{one.id}"
