"""What a button carries in its id, and the class that receives presses of it, also after a restart.

An id reads `amicus:RECORD:ACTION:PAGE:ARGUMENT`: the answer's record, what to do, the page it was pressed on, and what
the action needs (a page, the number of a piece, a choice).
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Self

import discord
from discord import ui

NO_RECORD: Final = "-"
_ID: Final = re.compile(
    r"amicus:(?P<record>[0-9a-f]{16}|-):(?P<action>[a-z_]{1,20}):(?P<page>[0-9]{1,4}):(?P<argument>[0-9]{1,4})",
    re.ASCII,
)


class Action(StrEnum):
    """What a button of ours does."""

    TURN = "turn"
    CONTEXT = "context"
    READ = "read"
    SHARE = "share"
    HELPFUL = "helpful"
    NOT_HELPFUL = "not_helpful"
    CHOOSE = "choose"
    WHY = "why"
    WHY_PAGE = "why_page"
    SOURCES = "sources"


@dataclass(frozen=True, slots=True)
class Press:
    """A button's id in parts. `record` is 16 hexadecimal digits, or `NO_RECORD`; the numbers are below 10,000."""

    action: Action
    record: str = NO_RECORD
    page: int = 0
    argument: int = 0

    def __str__(self) -> str:
        return f"amicus:{self.record}:{self.action}:{self.page}:{self.argument}"

    @classmethod
    def parse(cls, custom_id: str) -> Self | None:
        """The parts of an id; None where it is not one of ours or names an action that there is no more."""
        found = _ID.fullmatch(custom_id)
        if found is None or found["action"] not in set(Action):
            return None
        return cls(Action(found["action"]), found["record"], int(found["page"]), int(found["argument"]))


Receive = Callable[[discord.Interaction[discord.Client], Press | None], Awaitable[None]]


def receiver(receive: Receive) -> type[ui.DynamicItem[ui.Item[ui.LayoutView]]]:
    """The class to register with a client: every press of a button or choice of an option of ours goes to `receive`.

    `receive` is given None where the id is from another version of the program.
    """

    class Pressed(ui.DynamicItem[ui.Item[ui.LayoutView]], template=_ID):
        @classmethod
        async def from_custom_id(
            cls,
            _interaction: discord.Interaction[discord.Client],
            item: ui.Item[ui.LayoutView],
            _match: re.Match[str],
            /,
        ) -> Self:
            return cls(item)

        async def callback(self, interaction: discord.Interaction[discord.Client]) -> None:
            press = Press.parse(self.custom_id)
            chosen = self.item.values if isinstance(self.item, ui.Select) else []
            if press and chosen:
                press = replace(press, argument=int(chosen[0])) if chosen[0].isdecimal() else None
            await receive(interaction, press)

    return Pressed


def button(
    press: Press,
    label: str,
    *,
    style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    enabled: bool = True,
) -> ui.Button[ui.LayoutView]:
    """A button that does what `press` says."""
    return ui.Button(label=label, custom_id=str(press), style=style, disabled=not enabled)


class Layout(ui.LayoutView):
    """The base of all layouts.

    It is stopped from the start: the registered receiver serves its buttons, so the client need not remember any
    message. (A layout that is not stopped would be kept in memory; a private one would even take the receiver with it
    when the client forgets it after 15 minutes.)
    """

    def __init__(self) -> None:
        super().__init__(timeout=None)
        self.stop()
