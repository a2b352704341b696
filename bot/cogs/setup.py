"""/setup: what the administrators of a guild set, step by step; permission is asked anew at every step."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import discord
import structlog
from discord import app_commands
from discord.ext import commands

from bot.cogs.base import Cog, Interaction, OnPress, OnSubmit, acknowledge, actor_of, show, whisper
from bot.cogs.messages import CHANNEL_GONE
from bot.guildsettings import MEMBER_PER_MINUTE, RECORD_DAYS, GuildSettings
from bot.views.buttons import Action, Press
from bot.views.setup import (
    CODES,
    DAYS,
    PER_MINUTE,
    Findings,
    Opening,
    SetupLayout,
    Shown,
    Step,
    lacking,
    languages_form,
    limits_form,
    not_changed,
    role_refused,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Change = Callable[[GuildSettings], GuildSettings]
    Offered = app_commands.Command[Cog, ..., None] | app_commands.Group | app_commands.ContextMenu

_NOBODY: Final = 0
"""As a member's number: for what holds of every member who has no choice of their own."""
_CHAT: Final = discord.AppCommandType.chat_input
_BETWEEN_CODES: Final = re.compile(r"[\s,;/]+")

_log = structlog.get_logger(__name__)


class Setup(Cog):
    """Setting up."""

    @property
    def presses(self) -> Mapping[Action, OnPress]:
        """The guide is private: whoever presses opened it, but may have lost the right since."""
        return {
            Action.SETUP_STEP: self.turn,
            Action.SETUP_ROLE: self.choose_role,
            Action.SETUP_CHANNEL: self.choose_channel,
            Action.SETUP_CLEAR: self.clear,
            Action.SETUP_LIBRARY: self.choose,
            Action.SETUP_PRIVATE: self.choose,
            Action.SETUP_EVIDENCE: self.choose,
            Action.SETUP_LOG: self.choose,
            Action.SETUP_LANGUAGES: self.ask_languages,
            Action.SETUP_LIMITS: self.ask_limits,
        }

    @property
    def submissions(self) -> Mapping[Action, OnSubmit]:
        """The forms of the guide."""
        return {Action.SETUP_LANGUAGES: self.set_languages, Action.SETUP_LIMITS: self.set_limits}

    @app_commands.command(description="Set the bot up for this server: moderators, review, answers, limits; self-test")
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.default_permissions(manage_guild=True)
    async def setup(self, interaction: Interaction) -> None:
        """Show the first step."""
        with self.services.workload.interaction():
            if await self._admitted(interaction):
                await acknowledge(interaction)
                await self._draw(interaction, Step.ROLE)

    async def turn(self, interaction: Interaction, press: Press) -> None:
        """Another step is shown."""
        if await self._admitted(interaction):
            await acknowledge(interaction, update=True)
            await self._draw(interaction, _step(press.argument))

    async def choose_role(self, interaction: Interaction, press: Press) -> None:
        """The role chosen is the moderators', unless everybody has it or nobody can be given it."""
        guild = await self._admitted(interaction)
        if guild is None:
            return
        await acknowledge(interaction, update=True)
        role = guild.get_role(int(press.values[0]))
        if role is None:
            await self._draw(interaction, Step.ROLE, not_changed("There is no such role any more."))
        elif role.is_default() or role.managed:
            await self._draw(interaction, Step.ROLE, role_refused(role.name, everyone=role.is_default()))
        else:
            chosen = role.id
            said = f"Members with <@&{chosen}> may use the desk. Open its commands to them in the next step."
            await self._change(interaction, Step.ROLE, lambda now: replace(now, moderator_role=chosen), said)

    async def choose_channel(self, interaction: Interaction, press: Press) -> None:
        """Suggestions are posted in the channel chosen, as soon as the bot may post there."""
        guild = await self._admitted(interaction)
        if guild is None:
            return
        await acknowledge(interaction, update=True)
        channel = guild.get_channel(int(press.values[0]))
        if not isinstance(channel, discord.TextChannel):
            reason = "I see no such text channel: it is no more, or it is hidden from me (allow me View Channel there)."
            await self._draw(interaction, Step.CHANNEL, not_changed(reason))
            return
        chosen = channel.id
        said = lacking(self.services.messages.lacks(guild.id, chosen)) or f"Suggestions are posted in <#{chosen}>."
        await self._change(interaction, Step.CHANNEL, lambda now: replace(now, review_channel=chosen), said)

    async def clear(self, interaction: Interaction, press: Press) -> None:
        """What the step sets is set no more."""
        if await self._admitted(interaction):
            await acknowledge(interaction, update=True)
            step = _step(press.argument)
            await self._change(interaction, step, _CLEARED.get(step, _unchanged), "Cleared.")

    async def choose(self, interaction: Interaction, press: Press) -> None:
        """What was chosen of a list of options is set."""
        if await self._admitted(interaction):
            await acknowledge(interaction, update=True)
            step, change = _chosen(press)
            await self._change(interaction, step, change, "Set.")

    async def ask_languages(self, interaction: Interaction, _press: Press) -> None:
        """The form of the languages is opened."""
        if guild := await self._admitted(interaction):
            await interaction.response.send_modal(languages_form(self.services.guilds.of(guild.id)))

    async def set_languages(self, interaction: Interaction, _press: Press, fields: Mapping[str, str]) -> None:
        """The languages are those that were written."""
        if await self._admitted(interaction):
            await acknowledge(interaction, update=True)
            codes = tuple(dict.fromkeys(filter(None, _BETWEEN_CODES.split(fields[CODES].casefold()))))
            await self._change(interaction, Step.LANGUAGES, lambda now: replace(now, languages=codes), "Set.")

    async def ask_limits(self, interaction: Interaction, press: Press) -> None:
        """The form of the limits is opened, with those that the guide shows."""
        if await self._admitted(interaction):
            await interaction.response.send_modal(limits_form(press))

    async def set_limits(self, interaction: Interaction, press: Press, fields: Mapping[str, str]) -> None:
        """Those limits are set that differ from what stood in the form: others may have set the rest meanwhile."""
        if not await self._admitted(interaction):
            return
        await acknowledge(interaction, update=True)
        try:
            per_minute = _number(fields[PER_MINUTE], "questions a minute", MEMBER_PER_MINUTE)
            days = _number(fields[DAYS], "days", RECORD_DAYS)
        except ValueError as error:
            await self._draw(interaction, Step.LIMITS, not_changed(str(error)))
            return

        def change(now: GuildSettings) -> GuildSettings:
            if per_minute != (press.page or None):
                now = replace(now, member_per_minute=per_minute)
            return replace(now, record_days=days) if days != (press.argument or None) else now

        await self._change(interaction, Step.LIMITS, change, "Set.")

    async def _admitted(self, interaction: Interaction) -> discord.Guild | None:
        """The guild, where the member may set it up; None when they were told what that takes."""
        if refusal := self.services.set_up_refusal(interaction):
            await whisper(interaction, refusal)
            return None
        return interaction.guild

    async def _change(self, interaction: Interaction, step: Step, change: Change, said: str) -> None:
        """The settings are changed, and the step shows them."""
        guild = _guild_of(interaction)
        try:
            await self.services.guilds.change(guild.id, change, by=actor_of(interaction), now=self.services.now())
        except ValueError as error:
            said = not_changed(str(error))
        await self._draw(interaction, step, said)

    async def _draw(self, interaction: Interaction, step: Step, said: str = "") -> None:
        await show(interaction, SetupLayout(step, await self._shown(interaction, step), said))

    async def _shown(self, interaction: Interaction, step: Step) -> Shown:
        services, guild = self.services, _guild_of(interaction)
        settings = services.guilds.of(guild.id)
        asks = step in {Step.COMMANDS, Step.TEST}
        registered = await _registered(interaction) if asks else None
        lacks = services.messages.lacks(guild.id, settings.review_channel) if settings.review_channel else ()
        findings = Findings(
            role_stands=settings.moderator_role is None or guild.get_role(settings.moderator_role) is not None,
            channel_stands=CHANNEL_GONE not in lacks,
            lacks=lacks,
            unregistered=None if registered is None else _missing(interaction, registered),
            seen_here=interaction.app_permissions.view_channel,
        )
        kept_for = services.question_log.keep_for(_NOBODY, guild.id)
        openings = _openings(interaction, registered) if asks else ()
        return Shown(settings, services.per_page, kept_for, openings, findings)


def _step(number: int) -> Step:
    """The step of that number, or the nearest one there is."""
    return Step(max(0, min(number, len(Step) - 1)))


def _guild_of(interaction: Interaction) -> discord.Guild:
    if interaction.guild is None:
        raise RuntimeError("only a guild can be set up")
    return interaction.guild


def _unchanged(settings: GuildSettings) -> GuildSettings:
    return settings


_CLEARED: Final[Mapping[Step, Change]] = {
    Step.ROLE: lambda now: replace(now, moderator_role=None),
    Step.CHANNEL: lambda now: replace(now, review_channel=None),
    Step.LANGUAGES: lambda now: replace(now, languages=()),
}


def _chosen(press: Press) -> tuple[Step, Change]:
    """Which step it belongs to, and what is changed."""
    number = press.argument
    match press.action:
        case Action.SETUP_LIBRARY:
            return Step.LIBRARY, lambda now: replace(now, library=bool(number))
        case Action.SETUP_PRIVATE:
            return Step.ANSWERS, lambda now: replace(now, private=bool(number))
        case Action.SETUP_EVIDENCE:
            return Step.ANSWERS, lambda now: replace(now, evidence_per_page=number or None)
        case _:
            return Step.LIMITS, lambda now: replace(now, question_log=bool(number))


def _number(written: str, what: str, bounds: tuple[int, int]) -> int | None:
    """The number that was written; None where nothing was. Raises ValueError with a sentence."""
    text = written.strip()
    if not text:
        return None
    low, high = bounds
    if not (text.isascii() and text.isdecimal() and low <= int(text) <= high):
        raise ValueError(f"“{text}” is no number of {what} that I take: write a whole number from {low} to {high}.")
    return int(text)


async def _registered(interaction: Interaction) -> list[app_commands.AppCommand] | None:
    """The commands as Discord knows them; None where it does not say."""
    client = interaction.client
    try:
        return await client.tree.fetch_commands() if isinstance(client, commands.Bot) else None
    except discord.HTTPException as error:
        _log.warning("commands.not_fetched", status=error.status, reason=error.text)
        return None


def _own_commands(interaction: Interaction) -> Sequence[Offered]:
    """The commands that this program has."""
    client = interaction.client
    return client.tree.get_commands() if isinstance(client, commands.Bot) else ()


def _missing(interaction: Interaction, registered: Sequence[app_commands.AppCommand]) -> tuple[str, ...]:
    """The names of our commands that Discord does not know."""
    known = {(one.name, one.type is _CHAT) for one in registered}
    ours = ((one.name, not isinstance(one, app_commands.ContextMenu)) for one in _own_commands(interaction))
    return tuple(f"/{name}" if typed else name for name, typed in ours if (name, typed) not in known)


def _openings(interaction: Interaction, registered: Sequence[app_commands.AppCommand] | None) -> tuple[Opening, ...]:
    """The commands that moderators need: as Discord knows them, else as this program has them."""
    if registered is None:
        needed = (one for one in _own_commands(interaction) if _is_for_moderators(one.default_permissions))
        return tuple(
            Opening(one.name if isinstance(one, app_commands.ContextMenu) else f"/{one.name}") for one in needed
        )
    return tuple(_opening(one) for one in registered if _is_for_moderators(one.default_member_permissions))


def _is_for_moderators(default: discord.Permissions | None) -> bool:
    return default is not None and default.manage_messages


def _opening(command: app_commands.AppCommand) -> Opening:
    if command.type is not _CHAT:
        return Opening(f"{command.name} (in the menu of a message)")
    within = [one.mention for one in command.options if isinstance(one, app_commands.AppCommandGroup)]
    return Opening(f"/{command.name}", tuple(within) or (command.mention,))
