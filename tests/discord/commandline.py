"""What Discord's client does with a slash command before sending it: find it, check the options, make the payload."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from tests.discord.shapes import Json, JsonDict, JsonValue, rows, text, whole
from tests.discord.world import Channel, Role, User, member_json

if TYPE_CHECKING:
    from tests.discord.driver import Member
    from tests.discord.state import State
    from tests.discord.world import Guild

STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = range(3, 12)


@dataclass(frozen=True, slots=True)
class File:
    """A file that a member attaches to a command."""

    name: str
    data: bytes


OptionValue: TypeAlias = "str | int | float | bool | User | Channel | Role | File"


_T = TypeVar("_T")


class CommandError(AssertionError):
    """Discord's client would not have sent this command."""


def find_command(state: State, name: str, guild: Guild | None) -> tuple[Json, list[Json]]:
    """The command and the subcommands named after it; CommandError names what there is."""
    first, *others = name.split()
    command = state.command(first, 1, guild)
    if command is None:
        known = [
            text(one["name"]) for scope in (guild.id if guild else None, None) for one in state.commands.get(scope, [])
        ]
        raise CommandError(f"There is no command /{first}; registered are {sorted(set(known))}.")
    path: list[Json] = []
    level = command
    for step in others:
        found = [one for one in rows(level.get("options")) if one.get("name") == step and one.get("type") in {1, 2}]
        if not found:
            raise CommandError(f"/{first} has no subcommand {step!r}.")
        level = found[0]
        path.append(level)
    if any(one.get("type") in {1, 2} for one in rows(level.get("options"))):
        raise CommandError(f"/{name} needs a subcommand: {[one['name'] for one in rows(level.get('options'))]}.")
    return command, path


def leaf(command: Json, path: list[Json]) -> Json:
    """The definition whose options are to be filled in."""
    return path[-1] if path else command


@dataclass(slots=True)
class OptionReader:
    """Reads the options of one command; ``resolved`` gathers the people, places and files that they name."""

    state: State
    member: Member
    resolved: JsonDict = field(default_factory=dict)

    def read(self, definition: Json, options: dict[str, OptionValue]) -> list[JsonDict]:
        """The options as payload; CommandError for an unknown, missing or unfit one."""
        known = {text(one["name"]): one for one in rows(definition.get("options"))}
        self._known(known, options)
        missing = [name for name, one in known.items() if one.get("required") is True and name not in options]
        if missing:
            raise CommandError(f"Required options are missing: {missing}.")
        return [self._payload(known[name], value) for name, value in options.items()]

    def focused(self, definition: Json, option: str, typed: str, others: dict[str, OptionValue]) -> list[JsonDict]:
        """The options while one of them is being typed; CommandError where it has no autocomplete."""
        known = {text(one["name"]): one for one in rows(definition.get("options"))}
        self._known(known, {option: typed, **others})
        if known[option].get("autocomplete") is not True:
            raise CommandError(f"Option {option!r} has no autocomplete.")
        given = [self._payload(known[name], value) for name, value in others.items()]
        return [*given, {"name": option, "type": known[option]["type"], "value": typed, "focused": True}]

    def _known(self, known: dict[str, Json], options: dict[str, OptionValue]) -> None:
        unknown = [name for name in options if name not in known]
        if unknown:
            raise CommandError(f"Unknown options: {unknown}; there are {list(known)}.")

    def _payload(self, option: Json, value: OptionValue) -> JsonDict:
        return {"name": option["name"], "type": option["type"], "value": self._value(option, value)}

    def _value(self, option: Json, value: OptionValue) -> JsonValue:
        kind = whole(option.get("type"))
        if kind == STRING:
            return _string(option, value)
        if kind in {INTEGER, NUMBER}:
            return _number(option, value, kind)
        if kind == BOOLEAN:
            return _fit(option, value, bool)
        if kind == ATTACHMENT:
            return self._attached(_fit(option, value, File))
        return self._named(option, value)

    def _attached(self, file: File) -> str:
        kept = self.state.keep_file(file.name, file.data)
        return self._resolve("attachments", str(kept["id"]), kept)

    def _named(self, option: Json, value: OptionValue) -> str:
        match value:
            case User():
                if self.member.guild is not None:
                    partial = {name: one for name, one in member_json(value, 0).items() if name != "user"}
                    self._resolve("members", str(value.id), partial)
                return self._resolve("users", str(value.id), value.json())
            case Channel():
                return self._resolve("channels", str(value.id), {**value.json(), "permissions": "0"})
            case Role():
                return self._resolve("roles", str(value.id), value.json())
            case _:
                raise CommandError(f"Option {option['name']!r} takes a user, channel or role, not {value!r}.")

    def _resolve(self, group: str, key: str, body: Json) -> str:
        known = self.resolved.setdefault(group, {})
        if isinstance(known, dict):
            known[key] = body
        return key


def _fit(option: Json, value: OptionValue, kind: type[_T]) -> _T:
    if not isinstance(value, kind):
        raise CommandError(f"Option {option['name']!r} takes {kind.__name__}, not {value!r}.")
    return value


def _string(option: Json, value: OptionValue) -> str:
    written = _fit(option, value, str)
    least, most = whole(option.get("min_length")), whole(option.get("max_length"), 6000)
    if not max(1, least) <= len(written) <= most:
        raise CommandError(f"Option {option['name']!r} takes {least} to {most} characters; there are {len(written)}.")
    _among_choices(option, written)
    return written


def _number(option: Json, value: OptionValue, kind: int) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int if kind == INTEGER else int | float):
        raise CommandError(f"Option {option['name']!r} takes a number, not {value!r}.")
    least, most = option.get("min_value"), option.get("max_value")
    too_small = isinstance(least, int | float) and value < least
    if too_small or (isinstance(most, int | float) and value > most):
        raise CommandError(f"Option {option['name']!r} takes {least} to {most}, not {value}.")
    _among_choices(option, value)
    return value


def _among_choices(option: Json, value: JsonValue) -> None:
    choices = rows(option.get("choices"))
    if choices and all(value != one.get("value") for one in choices):
        raise CommandError(f"Option {option['name']!r} offers {[one.get('value') for one in choices]}, not {value!r}.")
