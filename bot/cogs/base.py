"""What the cogs share: the services they are given, and the ways in which they speak to a member."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import discord
from discord.ext import commands

from bot.answers import Answers, Origin, Reply
from bot.dates import EXAMPLES
from bot.quota import Quota
from bot.scope import EmptyPeriod, UnreadableDate, filters_for
from bot.views import notices
from bot.views.answer import AnswerLayout, Controls
from bot.views.buttons import Action, Layout, Press
from bot.workload import Workload

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from corpus.collection import Collection
    from corpus.model import PublicationCount
    from retrieval.index import Filters

Interaction = discord.Interaction[discord.Client]
OnPress = Callable[[Interaction, Press], Awaitable[None]]


class Catalogue(Protocol):
    """Says what the corpus holds."""

    async def publications(self, collections: Sequence[Collection]) -> list[PublicationCount]:
        """The publications of these collections, most articles first."""
        ...

    async def count(self, collections: Sequence[Collection]) -> int:
        """The number of live articles in these collections."""
        ...


@dataclass(frozen=True, slots=True)
class Services:
    """What a cog may use. `now` gives the present moment, aware, in UTC."""

    answers: Answers
    catalogue: Catalogue
    quota: Quota
    workload: Workload
    now: Callable[[], datetime]
    per_page: int

    @property
    def today(self) -> date:
        """The day it is, in UTC."""
        return self.now().date()

    def admitted(self, interaction: Interaction) -> Layout | None:
        """None when one more question is admitted (and counted); else what to tell the member."""
        reached = self.quota.take(interaction.user.id, interaction.guild_id, self.now())
        return notices.limited(reached) if reached else None

    def request(
        self, interaction: Interaction, *, publication: str | None, since: str | None, until: str | None
    ) -> Filters | Layout:
        """The filters that a member gave, within what can be seen here, when the question is admitted (and counted).

        Else what to tell the member. Looks at nothing but memory, so it may stand before the acknowledgement.
        """
        publications = (publication,) if publication else ()
        read = filters_for(interaction.guild_id, publications=publications, since=since, until=until, today=self.today)
        match read:
            case UnreadableDate(option, text):
                return notices.unreadable_date(option, text, EXAMPLES)
            case EmptyPeriod():
                return notices.nothing_between()
            case filters:
                return self.admitted(interaction) or filters

    def layout(self, reply: Reply, page: int = 0, *, private: bool) -> Layout:
        """The page of a reply, as it is shown in a message that is private or not."""
        record = reply.record
        controls = Controls(
            record=record.id,
            shareable=private and record.shared_at is None,
            shared_by=record.asker_id if record.private and not private else None,
        )
        return AnswerLayout(reply.sheet, page, controls, today=self.today, per_page=self.per_page)


class Cog(commands.Cog):
    """A feature: its commands, and the presses it answers."""

    def __init__(self, services: Services) -> None:
        self.services = services

    @property
    def presses(self) -> Mapping[Action, OnPress]:
        """Which presses are given to which method."""
        return {}


def origin_of(interaction: Interaction, *, private: bool) -> Origin:
    """Who asks, and in which guild."""
    return Origin(interaction.user.id, interaction.guild_id, private)


async def whisper(interaction: Interaction, layout: Layout) -> None:
    """Only the member who did something sees this; works before and after the interaction was acknowledged."""
    if interaction.response.is_done():
        await interaction.followup.send(view=layout, ephemeral=True)
    else:
        await interaction.response.send_message(view=layout, ephemeral=True)
