"""People at work: a member types a command, presses a button, fills in a modal, and sees what comes back.

The driver does what Discord's own client does before anything is sent: it knows the registered commands, refuses what
they do not take, and presses nothing that is not on the screen.
"""

from __future__ import annotations

import asyncio
import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.discord.commandline import CommandError, OptionReader, find_command, leaf
from tests.discord.interactions import Interaction, InteractionKind, Response
from tests.discord.messages import Message
from tests.discord.modalform import ModalForm, filled
from tests.discord.selecting import OnOffer, chosen_in
from tests.discord.shapes import Json, JsonDict, JsonValue, items, text
from tests.discord.world import EVERYTHING, IN_DIRECT_MESSAGE, Channel, Permission, Role, User, member_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.discord.commandline import File, OptionValue
    from tests.discord.gateway import Gateway
    from tests.discord.messages import Button, Select
    from tests.discord.modalform import Value
    from tests.discord.state import State
    from tests.discord.world import Guild

FILE_LIMIT = 10 * 1024 * 1024


class NotAnsweredError(AssertionError):
    """The bot did not answer in time; the message says what it did instead."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back for one interaction."""

    interaction: Interaction

    @property
    def message(self) -> Message:
        """The answer: the message made, or the one edited; AssertionError where there is none."""
        message = self.interaction.original
        if message is None:
            raise AssertionError(
                f"{self.interaction.name} was answered by {self.interaction.response!r}, not a message"
            )
        return message

    @property
    def modal(self) -> ModalForm:
        """The modal that was opened; AssertionError where there is none."""
        if self.interaction.modal is None:
            raise AssertionError(f"{self.interaction.name} was answered by {self.interaction.response!r}, not a modal")
        return ModalForm(self.interaction.modal, self.interaction)

    @property
    def acknowledged_ms(self) -> float:
        """Milliseconds from the sending of the interaction to the bot's callback."""
        return self.interaction.acknowledged_ms or 0.0

    @property
    def settled_ms(self) -> float:
        """Milliseconds from the sending to the final answer."""
        return self.interaction.settled_ms or 0.0

    @property
    def deferred(self) -> bool:
        """Whether the first answer was a deferral."""
        return self.interaction.response in {Response.DEFERRED_MESSAGE, Response.DEFERRED_UPDATE}

    @property
    def ephemeral(self) -> bool:
        """Whether only the member sees the answer."""
        return self.message.ephemeral

    @property
    def followups(self) -> list[Message]:
        """The follow-ups sent so far that still stand."""
        return [message for message in self.interaction.followups if not message.deleted]

    async def followup(self, number: int = 1, *, timeout_s: float = 5.0) -> Message:
        """The follow-up with this number (from 1), once it is there; TimeoutError else."""
        async with asyncio.timeout(timeout_s), self.interaction.changed:
            await self.interaction.changed.wait_for(lambda: len(self.interaction.followups) >= number)
        return self.interaction.followups[number - 1]

    async def edited(self, *, edits: int = 1, timeout_s: float = 5.0) -> Message:
        """The answer, once it has been edited so often; TimeoutError else."""
        async with asyncio.timeout(timeout_s), self.interaction.changed:
            await self.interaction.changed.wait_for(lambda: self.message.edits >= edits)
        return self.message


class Member:
    """A person in one place (``channel``), with a language and permissions."""

    def __init__(
        self,
        state: State,
        gateway: Gateway,
        user: User,
        channel: Channel,
        *,
        permissions: int,
        locale: str,
        roles: tuple[Role, ...] = (),
    ) -> None:
        self._state = state
        self._gateway = gateway
        self.user = user
        self.channel = channel
        self.permissions = permissions
        self.locale = locale
        self.roles = roles

    @property
    def guild(self) -> Guild | None:
        """The guild; None in direct messages."""
        return self.channel.guild

    @property
    def id(self) -> int:
        """The user's id."""
        return self.user.id

    @property
    def mention(self) -> str:
        """How a message names the user."""
        return self.user.mention

    def at(self, channel: Channel) -> Member:
        """The same person in another channel or thread."""
        other = copy.copy(self)
        other.channel = channel
        return other

    def sees(self, message: Message) -> bool:
        """Whether the message is on this person's screen."""
        return message.visible_to(self.user) and message.channel is self.channel

    def screen(self) -> list[Message]:
        """The messages on this person's screen, oldest first."""
        return [message for message in self._state.messages.values() if self.sees(message)]

    def inbox(self) -> list[Message]:
        """The direct messages of the bot to this person that stand, oldest first."""
        bot, here = self._state.bot, self._state.direct_channel(self.user)
        return [one for one in self._state.messages.values() if one.stands_in(here) and one.author is bot]

    @property
    def refuses_dms(self) -> bool:
        """Whether this person takes no direct messages from the bot."""
        return self.user.id in self._state.refusing

    @refuses_dms.setter
    def refuses_dms(self, refuses: bool) -> None:
        (self._state.refusing.add if refuses else self._state.refusing.discard)(self.user.id)

    def says(self, content: str = "", *, attachments: Sequence[File] = (), embeds: Sequence[Json] = ()) -> Message:
        """An ordinary message of this person; the bot has no intent that would tell it of the message."""
        message = Message(self._state.clock.snowflake(), self.channel, self.user, self._state.clock.now(), 0, content)
        message.attachments = [self._state.keep_file(one.name, one.data) for one in attachments]
        message.embeds = [{"type": "rich", **one} for one in embeds]
        message.kept = self._state.files
        return self._state.store(message)

    def offered(self) -> list[str]:
        """The names of the commands that Discord offers this person here."""
        names = []
        for scope in ([self.guild.id] if self.guild else []) + [None]:
            here = self._state.commands.get(scope, [])
            names += [text(command["name"]) for command in here if self._may_use(command)]
        return names

    async def slash(self, name: str, /, **options: OptionValue) -> Reply:
        """The final answer to a slash command (``"article add"``); CommandError where Discord would not send it."""
        return await self.finish(await self.start(name, **options))

    async def start(self, name: str, /, **options: OptionValue) -> Interaction:
        """The command is sent and nobody waits yet; see ``finish``."""
        command, path = find_command(self._state, name, self.guild)
        self._allowed(command)
        reader = OptionReader(self._state, self)
        given = reader.read(leaf(command, path), options)
        data: JsonDict = {
            "id": command["id"],
            "name": command["name"],
            "type": 1,
            "options": _nested(path, given),
        }
        if reader.resolved:
            data["resolved"] = reader.resolved
        return await self._send(InteractionKind.COMMAND, data, name)

    async def autocomplete(
        self, name: str, option: str, typed: str, /, **others: OptionValue
    ) -> list[tuple[str, JsonValue]]:
        """Name and value of each suggestion for the option while ``typed`` stands in it."""
        command, path = find_command(self._state, name, self.guild)
        self._allowed(command)
        focused = OptionReader(self._state, self).focused(leaf(command, path), option, typed, others)
        data: JsonDict = {"id": command["id"], "name": command["name"], "type": 1, "options": _nested(path, focused)}
        interaction = await self._send(InteractionKind.AUTOCOMPLETE, data, name)
        await self._acknowledged(interaction)
        return [(text(one.get("name")), one.get("value")) for one in interaction.choices or []]

    async def context_menu(self, name: str, *, message: Message | None = None, user: User | None = None) -> Reply:
        """A message or user command on its target, and its answer."""
        kind = 3 if message is not None else 2
        command = self._state.command(name, kind, self.guild)
        if command is None:
            raise CommandError(f"There is no command {name!r} of type {kind} here.")
        self._allowed(command)
        data: JsonDict = {"id": command["id"], "name": name, "type": kind}
        if message is not None:
            self._on_screen(message)
            data |= {"target_id": str(message.id), "resolved": {"messages": {str(message.id): message.json()}}}
        elif user is not None:
            data |= {"target_id": str(user.id), "resolved": {"users": {str(user.id): user.json()}}}
        return await self.finish(await self._send(InteractionKind.COMMAND, data, name))

    async def press(self, message: Message, label: str | None = None, *, custom_id: str | None = None) -> Reply:
        """The button is pressed and answered; LookupError where it is not on screen, ValueError where disabled."""
        return await self.finish(await self.start_press(message, label, custom_id=custom_id))

    async def start_press(
        self, message: Message, label: str | None = None, *, custom_id: str | None = None
    ) -> Interaction:
        """The button is pressed and nobody waits yet; see ``finish``."""
        self._on_screen(message)
        button = message.button(label, custom_id=custom_id)
        _pressable(button)
        data: JsonDict = {"component_type": 2, "custom_id": button.custom_id, "id": button.id}
        return await self._send(InteractionKind.COMPONENT, data, f"button {button.label!r}", source=message)

    async def select(
        self, message: Message, *choices: str | Role | Channel | User | Member, custom_id: str | None = None
    ) -> Reply:
        """These are chosen in a select: options (by label or value), roles, channels or people; and that is answered.

        ValueError, LookupError or CommandError where Discord's client would not offer it.
        """
        self._on_screen(message)
        menu = _menu(message, custom_id)
        picked = [one.user if isinstance(one, Member) else one for one in choices]
        values, resolved = chosen_in(menu, picked, OnOffer(self._state, self.guild))
        if not menu.least <= len(values) <= menu.most:
            raise ValueError(f"{len(values)} values are chosen; the menu takes {menu.least} to {menu.most}.")
        data: JsonDict = {"component_type": menu.kind, "custom_id": menu.custom_id, "id": menu.id, "values": values}
        if resolved:
            data["resolved"] = resolved
        return await self.finish(await self._send(InteractionKind.COMPONENT, data, "select", source=message))

    async def submit(self, modal: ModalForm, values: dict[str, Value | list[File]]) -> Reply:
        """The modal is filled in (by custom id), sent and answered; ValueError where Discord would not send it."""
        files: JsonDict = {}
        given = {name: self._uploaded(value, files) for name, value in values.items()}
        data: JsonDict = {"custom_id": modal.custom_id, "components": filled(modal, given)}
        if files:
            data["resolved"] = {"attachments": files}
        opener = modal.interaction
        name = f"modal {modal.title!r}"
        return await self.finish(await self._send(InteractionKind.MODAL_SUBMIT, data, name, source=opener.source))

    def _uploaded(self, value: Value | list[File], files: JsonDict) -> Value:
        """The value as a modal sends it: files by the ids of their attachments, which are added to ``files``."""
        if not isinstance(value, list):
            return value
        kept = [one if isinstance(one, str) else self._state.keep_file(one.name, one.data) for one in value]
        files |= {text(one["id"]): one for one in kept if not isinstance(one, str)}
        return [one if isinstance(one, str) else text(one["id"]) for one in kept]

    async def finish(self, interaction: Interaction) -> Reply:
        """The answer to an interaction under way, once it is final; NotAnsweredError where it does not come."""
        await self._acknowledged(interaction)
        await self._within(
            interaction, interaction.settled, self._state.settle_timeout_s, "was acknowledged but never finished"
        )
        return Reply(interaction)

    async def _acknowledged(self, interaction: Interaction) -> None:
        await self._within(interaction, interaction.acknowledged, self._state.ack_timeout_s, "was not acknowledged")

    async def _within(self, interaction: Interaction, event: asyncio.Event, seconds: float, what: str) -> None:
        try:
            async with asyncio.timeout(seconds):
                await event.wait()
        except TimeoutError as error:
            last = [f"{one.method} {one.path} {one.status}" for one in self._state.requests[-5:]]
            broken = [str(one) for one in self._state.violations[-5:]]
            message = f"{interaction.name} {what} within {seconds:g} s. Last requests: {last}. Violations: {broken}."
            raise NotAnsweredError(message) from error

    def _on_screen(self, message: Message) -> None:
        if not self.sees(message):
            raise LookupError(f"Message {message.id} is not on the screen of {self.user.name}.")

    def _allowed(self, command: Json) -> None:
        if not self._may_use(command):
            raise CommandError(f"Discord does not offer {command['name']!r} to {self.user.name} here.")

    def _may_use(self, command: Json) -> bool:
        contexts = command.get("contexts")
        if contexts is not None and self._context not in items(contexts):
            return False
        needed = command.get("default_member_permissions")
        if self.guild is None or needed is None or self.permissions & Permission.ADMINISTRATOR:
            return True
        # A set of no permissions means: administrators only.
        return int(text(needed)) != 0 and self.permissions & int(text(needed)) == int(text(needed))

    @property
    def _context(self) -> int:
        return 1 if self.guild is None else 0

    async def _send(
        self, kind: InteractionKind, data: Json, name: str, *, source: Message | None = None
    ) -> Interaction:
        token = self._state.new_token()
        number = self._state.clock.snowflake()
        payload = self._payload(kind, data, number, token, source)
        now = self._state.clock.now()
        interaction = Interaction(
            number, token, kind, self.user, self.guild, self.channel, payload, now, name, source=source
        )
        self._state.interactions[token] = interaction
        delivered = await self._gateway.dispatch("INTERACTION_CREATE", payload, self.guild.id if self.guild else None)
        if not delivered:
            raise NotAnsweredError(f"{name}: the bot is not connected to the gateway.")
        return interaction

    def _payload(self, kind: InteractionKind, data: Json, number: int, token: str, source: Message | None) -> JsonDict:
        payload: JsonDict = {
            "id": str(number),
            "application_id": str(self._state.application_id),
            "type": int(kind),
            "data": data,
            "token": token,
            "version": 1,
            "channel": {**self.channel.json(), "permissions": str(int(self.permissions))},
            "channel_id": str(self.channel.id),
            "locale": self.locale,
            "entitlements": [],
            "attachment_size_limit": FILE_LIMIT,
            "context": self._context,
            "app_permissions": str(int(self._app_permissions)),
            "authorizing_integration_owners": {"0": str(self.guild.id) if self.guild else "0"},
        }
        payload |= self._who()
        if source is not None:
            payload["message"] = source.json()
        return payload

    @property
    def _app_permissions(self) -> int:
        if self.guild is None:
            return IN_DIRECT_MESSAGE
        return self.guild.app_permissions & EVERYTHING & ~self.channel.denied

    def _who(self) -> JsonDict:
        if self.guild is None:
            return {"user": self.user.json()}
        return {
            "guild_id": str(self.guild.id),
            "guild": self.guild.partial_json(),
            "guild_locale": self.guild.locale,
            "member": member_json(self.user, self.permissions, self.roles),
        }


def _nested(path: list[Json], given: list[JsonDict]) -> list[JsonDict]:
    """The options within the subcommand (and group) that they belong to."""
    for step in reversed(path):
        given = [{"name": step["name"], "type": step["type"], "options": given}]
    return given


def _pressable(button: Button) -> None:
    if button.custom_id is None:
        raise ValueError(f"{button.label!r} is a link or a premium button; pressing it sends nothing to the bot.")
    if button.disabled:
        raise ValueError(f"The button {button.label!r} is disabled.")


def _menu(message: Message, custom_id: str | None) -> Select:
    found = [one for one in message.selects() if custom_id is None or one.custom_id == custom_id]
    if len(found) != 1:
        raise LookupError(f"{len(found)} select menus match custom_id={custom_id!r}.")
    if found[0].disabled:
        raise ValueError("The select menu is disabled.")
    return found[0]
