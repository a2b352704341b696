"""What the cogs share: the services they are given, who may do what, and the ways in which they speak to a member."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import discord
from discord import app_commands
from discord.ext import commands

from bot.answers import Answers, Origin, Reply
from bot.cogs.messages import Messages
from bot.cogs.publications import Publications
from bot.dates import EXAMPLES
from bot.guildsettings import GuildBook
from bot.incidents import PRIVATE
from bot.moderators import may_edit_library, may_moderate, may_set_up
from bot.quota import Quota, SuggestionQuota
from bot.records.model import MessagePlace
from bot.scope import EmptyPeriod, UnreadableDate, filters_for, place_for
from bot.views import notices
from bot.views.answer import AnswerLayout, Controls
from bot.views.buttons import Action, Layout, Press
from bot.workload import Workload
from corpus.collection import LIBRARY

if TYPE_CHECKING:
    from datetime import date, datetime

    from bot.config import LibrarySettings
    from bot.privacy import Preferences, Privacy, QuestionLog
    from bot.records.cards import ReviewCards
    from bot.records.pending import PendingRecords
    from bot.wanted import Wanted
    from corpus.collection import Collection
    from corpus.desk import Desk
    from corpus.drafts import Place
    from corpus.feeds import Feeds
    from corpus.model import PublicationCount
    from retrieval.index import Filters

Interaction = discord.Interaction[discord.Client]
OnPress = Callable[[Interaction, Press], Awaitable[None]]
OnSubmit = Callable[[Interaction, Press, Mapping[str, str]], Awaitable[None]]
OnMessage = Callable[[Interaction, discord.Message], Coroutine[None, None, None]]

_IN_GUILDS = app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False)
_MODERATORS = discord.Permissions(manage_messages=True)


class Catalogue(Protocol):
    """Says what the corpus holds."""

    async def publications(self, collections: Sequence[Collection]) -> list[PublicationCount]:
        """The publications of these collections, most articles first."""
        ...

    async def count(self, collections: Sequence[Collection]) -> int:
        """The number of live articles in these collections."""
        ...

    async def last_change(self) -> int:
        """The number of the newest change to any article."""
        ...

    async def open_suggestions(self, actor: str) -> int:
        """How many of their suggestions wait for a decision, wherever they made them."""
        ...


@dataclass(frozen=True, slots=True)
class Services:
    """What a cog may use. `now` gives the present moment, aware, in UTC."""

    answers: Answers
    catalogue: Catalogue
    publications: Publications
    desk: Desk
    feeds: Feeds
    guilds: GuildBook
    preferences: Preferences
    question_log: QuestionLog
    privacy: Privacy
    pending: PendingRecords
    cards: ReviewCards
    wanted: Wanted
    messages: Messages
    library: LibrarySettings
    quota: Quota
    suggestions: SuggestionQuota
    workload: Workload
    now: Callable[[], datetime]
    per_page: int

    @property
    def today(self) -> date:
        """The day it is, in UTC."""
        return self.now().date()

    # --- who may do what: from memory alone, so that it may stand before the acknowledgement

    def place(self, interaction: Interaction, *, library: bool = False) -> Place:
        """Where the member works: in the guild's own collection, or in the library, as always in direct messages."""
        return place_for(interaction.guild_id, self.guilds.of(interaction.guild_id), library=library)

    def may_moderate(self, interaction: Interaction) -> bool:
        """Whether the member may change the guild's articles; nobody moderates direct messages."""
        if interaction.guild_id is None:
            return False
        return may_moderate(
            manage_messages=interaction.permissions.manage_messages,
            administrator=interaction.permissions.administrator,
            role_ids=_roles_of(interaction),
            settings=self.guilds.of(interaction.guild_id),
        )

    def may_set_up(self, interaction: Interaction) -> bool:
        """Whether the member may change the guild's settings."""
        may = interaction.permissions
        guild = interaction.guild_id is not None
        return guild and may_set_up(manage_guild=may.manage_guild, administrator=may.administrator)

    def may_edit(self, interaction: Interaction, place: Place) -> bool:
        """Whether the member may change the articles that are written to from this place."""
        moderator = self.may_moderate(interaction)
        if place.own != LIBRARY:
            return moderator
        return may_edit_library(
            interaction.user.id,
            interaction.guild_id,
            moderator=moderator,
            guilds=self.library.guilds,
            editors=self.library.editors,
        )

    def refusal(self, interaction: Interaction, place: Place | None = None) -> Layout | None:
        """None for a moderator, or for whoever may edit `place`; for others what it takes, and whom to ask."""
        if place is not None and place.own == LIBRARY:
            return None if self.may_edit(interaction, place) else notices.not_an_editor()
        if self.may_moderate(interaction):
            return None
        return notices.not_a_moderator(self.guilds.of(interaction.guild_id).moderator_role)

    def set_up_refusal(self, interaction: Interaction) -> Layout | None:
        """None for who may change the guild's settings; for others what it takes, and whom to ask."""
        return None if self.may_set_up(interaction) else notices.not_allowed_to_set_up()

    # --- questions

    def admitted(self, interaction: Interaction) -> Layout | None:
        """None when one more question is admitted (and counted); else what to tell the member."""
        guild_id = interaction.guild_id
        per_minute = self.guilds.of(guild_id).member_per_minute
        reached = self.quota.take(interaction.user.id, guild_id, self.now(), per_minute=per_minute)
        return notices.limited(reached) if reached else None

    def request(
        self, interaction: Interaction, *, publication: str | None, since: str | None, until: str | None
    ) -> Filters | Layout:
        """The filters that a member gave, within what can be seen here, when the question is admitted (and counted).

        Else what to tell the member. Looks at nothing but memory, so it may stand before the acknowledgement.
        """
        read = filters_for(
            interaction.guild_id,
            library=self.guilds.of(interaction.guild_id).library,
            publications=(publication,) if publication else (),
            since=since,
            until=until,
            today=self.today,
        )
        match read:
            case UnreadableDate(option, text):
                return notices.unreadable_date(option, text, EXAMPLES)
            case EmptyPeriod():
                return notices.nothing_between()
            case filters:
                return self.admitted(interaction) or filters

    def is_private(self, interaction: Interaction, asked: bool | None) -> bool:  # noqa: FBT001 - an option's value
        """Whether the answer is for the member alone: as they asked for it, else as the guild has it."""
        return self.guilds.of(interaction.guild_id).private if asked is None else asked

    def layout(self, reply: Reply, page: int = 0, *, private: bool) -> Layout:
        """The page of a reply, as it is shown in a message that is private or not."""
        record = reply.record
        controls = Controls(
            record=record.id,
            shareable=private and record.shared_at is None,
            shared_by=record.asker_id if record.private and not private else None,
            requestable=record.guild_id is not None,
        )
        per_page = self.guilds.of(record.guild_id).evidence_per_page or self.per_page
        return AnswerLayout(reply.sheet, page, controls, today=self.today, per_page=per_page)

    async def show_answer(self, interaction: Interaction, reply: Reply, *, private: bool) -> None:
        """What was acknowledged shows the reply, without what was taken down while it was on its way."""
        await interaction.edit_original_response(view=self.layout(reply, private=private))
        if instead := await self.answers.overtaken(reply, self.now()):
            await interaction.edit_original_response(view=self.layout(instead, private=private))


class Cog(commands.Cog):
    """A feature: its commands and menus, the presses it answers, the forms it takes."""

    def __init__(self, services: Services) -> None:
        self.services = services

    @property
    def presses(self) -> Mapping[Action, OnPress]:
        """Which presses are given to which method."""
        return {}

    @property
    def submissions(self) -> Mapping[Action, OnSubmit]:
        """Which forms, filled in, are given to which method."""
        return {}

    @property
    def menus(self) -> Sequence[app_commands.ContextMenu]:
        """The entries of the menus of messages and members."""
        return ()

    async def admit(self, interaction: Interaction, *, library: bool = False) -> Place | None:
        """The place to work in, where the member may change it; None when they were told what that takes."""
        place = self.services.place(interaction, library=library)
        if refusal := self.services.refusal(interaction, place):
            await whisper(interaction, refusal)
            return None
        return place


def moderated_group(name: str, description: str) -> app_commands.Group:
    """A group of commands for guilds, which Discord offers to members with Manage Messages unless a guild decides."""
    return app_commands.Group(
        name=name, description=description, allowed_contexts=_IN_GUILDS, default_permissions=_MODERATORS
    )


def message_menu(name: str, callback: OnMessage) -> app_commands.ContextMenu:
    """An entry of a message's menu, offered as the commands of a moderated group are."""
    menu = app_commands.ContextMenu(name=name, callback=callback, allowed_contexts=_IN_GUILDS)
    menu.default_permissions = _MODERATORS
    return menu


def origin_of(interaction: Interaction, *, private: bool) -> Origin:
    """Who asks, and in which guild."""
    return Origin(interaction.user.id, interaction.guild_id, private)


def actor_of(interaction: Interaction) -> str:
    """The member as the audit record names them."""
    return f"discord:{interaction.user.id}"


async def acknowledge(interaction: Interaction, *, update: bool = False) -> None:
    """The interaction is acknowledged: `show` comes next, privately.

    `update` announces a change of the message that was pressed, also by way of a form. What came by no message (a
    command, or the form that it opened) is answered privately all the same.
    """
    if update and interaction.message is not None:
        await interaction.response.defer()
    else:
        interaction.extras[PRIVATE] = True
        await interaction.response.defer(ephemeral=True, thinking=True)


async def acknowledge_answer(interaction: Interaction, *, private: bool) -> MessagePlace | None:
    """The question is acknowledged; where its answer will stand, if the bot can come back to it by itself."""
    interaction.extras[PRIVATE] = private
    told = await interaction.response.defer(ephemeral=private, thinking=True)
    if private or told is None or told.message_id is None or interaction.channel_id is None:
        return None
    return MessagePlace(interaction.channel_id, told.message_id)


async def show(interaction: Interaction, layout: Layout, *files: discord.File) -> None:
    """What was acknowledged shows the layout, which names each file by `attachment://NAME`."""
    await interaction.edit_original_response(view=layout, attachments=files)


async def whisper(interaction: Interaction, layout: Layout, *files: discord.File) -> None:
    """Only the member who did something sees this; works before and after the interaction was acknowledged."""
    attached = files or discord.utils.MISSING
    if interaction.response.is_done():
        await interaction.followup.send(view=layout, ephemeral=True, files=attached)
    else:
        await interaction.response.send_message(view=layout, ephemeral=True, files=attached)


def _roles_of(interaction: Interaction) -> frozenset[int]:
    """The roles that the member was given; the one that everybody has says nothing about them."""
    if not isinstance(interaction.user, discord.Member):
        return frozenset()
    return frozenset(role.id for role in interaction.user.roles if not role.is_default())
