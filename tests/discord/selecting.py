"""What Discord's client sends when something is chosen in a select menu: the values, and what they stand for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from tests.discord.commandline import CommandError
from tests.discord.components import Kind
from tests.discord.world import Channel, Role, User, member_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.discord.messages import Select
    from tests.discord.shapes import JsonDict
    from tests.discord.state import State
    from tests.discord.world import Guild

Choice: TypeAlias = "str | Role | Channel | User"

_TAKES: dict[int, tuple[type, ...]] = {
    Kind.STRING_SELECT: (str,),
    Kind.USER_SELECT: (User,),
    Kind.ROLE_SELECT: (Role,),
    Kind.MENTIONABLE_SELECT: (User, Role),
    Kind.CHANNEL_SELECT: (Channel,),
}


@dataclass(frozen=True, slots=True)
class OnOffer:
    """Where the select is used."""

    state: State
    guild: Guild | None


def chosen_in(menu: Select, choices: Sequence[Choice], here: OnOffer) -> tuple[list[str], JsonDict]:
    """The values and the resolved objects; LookupError or CommandError for what is not on offer."""
    groups: dict[str, JsonDict] = {}
    values = [_value(menu, choice, here, groups) for choice in choices]
    return values, dict(groups)


def _value(menu: Select, choice: Choice, here: OnOffer, groups: dict[str, JsonDict]) -> str:
    if not isinstance(choice, _TAKES[menu.kind]):
        raise CommandError(f"A {Kind(menu.kind).name.lower()} does not offer {choice!r}.")
    match choice:
        case str():
            return _option(menu, choice)
        case Role():
            if here.guild is None or choice not in here.guild.roles:
                raise LookupError(f"There is no role {choice.name!r} here.")
            groups.setdefault("roles", {})[str(choice.id)] = choice.json()
        case Channel():
            _check_channel(menu, choice, here)
            groups.setdefault("channels", {})[str(choice.id)] = {**choice.json(), "permissions": "0"}
        case User():
            groups.setdefault("users", {})[str(choice.id)] = choice.json()
            if here.guild is not None:
                partial = {name: one for name, one in member_json(choice, 0).items() if name != "user"}
                groups.setdefault("members", {})[str(choice.id)] = partial
    return str(choice.id)


def _option(menu: Select, label: str) -> str:
    for option in menu.options:
        if label in {option.label, option.value}:
            return option.value
    raise LookupError(f"{label!r} is not among {[option.label for option in menu.options]}.")


def _check_channel(menu: Select, channel: Channel, here: OnOffer) -> None:
    if here.guild is None or channel not in here.guild.channels:
        raise LookupError(f"There is no channel {channel.name!r} here.")
    if menu.channel_types and channel.kind not in menu.channel_types:
        raise LookupError(f"The menu offers channels of the types {menu.channel_types}, not {channel.kind!r}.")
