"""Application commands: the rules of their definitions, and the routes that register them.

From "Application Commands"; the 8,000 characters of a command count the longest localisation of each field.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, TypeAlias

from tests.discord.calls import Answer, Call, Route
from tests.discord.components import length_faults, range_faults
from tests.discord.faults import UNKNOWN_COMMAND, ApiError, Fault
from tests.discord.rules import choice_faults
from tests.discord.shapes import Json, JsonDict, JsonValue, Path, is_whole, items, rows, table, text, whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.discord.state import State

Faults: TypeAlias = "Iterator[Fault]"

CHAT_INPUT, USER, MESSAGE = 1, 2, 3
SUB_COMMAND, SUB_COMMAND_GROUP = 1, 2
STRING, INTEGER, NUMBER = 3, 4, 10
MAX_BY_TYPE = {CHAT_INPUT: 100, USER: 15, MESSAGE: 15}
MAX_CHARACTERS = 8_000
LOCALES = frozenset(
    (
        *("id", "da", "de", "en-GB", "en-US", "es-ES", "es-419", "fr", "hr", "it", "lt", "hu", "nl", "no", "pl"),
        *("pt-BR", "ro", "fi", "sv-SE", "vi", "tr", "cs", "el", "bg", "ru", "uk", "hi", "th", "zh-CN", "ja"),
        *("zh-TW", "ko"),
    )
)
_NAME = re.compile(r"[-_'\w\u0900-\u097f\u0e00-\u0e7f]{1,32}")


def command_list_faults(commands: list[Json]) -> Faults:
    """What is wrong with a whole list of commands: too many of a type, two of one name, and each by itself."""
    count = Counter(whole(command.get("type"), CHAT_INPUT) for command in commands)
    for kind, most in MAX_BY_TYPE.items():
        if count[kind] > most:
            code = "APPLICATION_COMMANDS_MAXIMUM_NUMBER_EXCEEDED"
            yield Fault((), code, f"Maximum number of application commands of type {kind} is {most}.")
    names = Counter((whole(command.get("type"), CHAT_INPUT), text(command.get("name"))) for command in commands)
    for position, command in enumerate(commands):
        if names[whole(command.get("type"), CHAT_INPUT), text(command.get("name"))] > 1:
            message = "Application command names must be unique"
            yield Fault((position, "name"), "APPLICATION_COMMANDS_DUPLICATE_NAME", message)
        yield from (fault.under(position) for fault in command_faults(command))


def command_faults(command: Json) -> Faults:
    """What is wrong with one command."""
    kind = whole(command.get("type"), CHAT_INPUT)
    if kind == CHAT_INPUT:
        yield from _named(command, ())
        yield from _option_list_faults(command, (), depth=0)
    elif kind in {USER, MESSAGE}:
        yield from _menu_faults(command)
    else:
        yield Fault(("type",), "BASE_TYPE_CHOICES", "Value must be one of {1, 2, 3}.")
    yield from _reach_faults(command)
    size = command_size(command)
    if size > MAX_CHARACTERS:
        message = f"Command exceeds maximum size ({MAX_CHARACTERS}); it has {size} characters."
        yield Fault((), "APPLICATION_COMMAND_TOO_LARGE", message)


def _menu_faults(command: Json) -> Faults:
    yield from length_faults(command.get("name"), ("name",), 1, 32)
    if text(command.get("description")):
        message = "Context menu commands cannot have description"
        yield Fault(("description",), "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION", message)
    if command.get("options"):
        message = "Only chat input commands have options."
        yield Fault(("options",), "APPLICATION_COMMAND_INVALID_OPTIONS", message)


def _reach_faults(command: Json) -> Faults:
    for name, known in (("contexts", {0, 1, 2}), ("integration_types", {0, 1})):
        listed = items(command.get(name))
        if command.get(name) is not None and not 1 <= len(listed) <= len(known):
            yield Fault((name,), "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {len(known)} in length.")
        if len(listed) != len(set(map(str, listed))) or any(one not in known for one in listed):
            yield Fault((name,), "SET_TYPE_CONTAINS_DUPLICATES", f"Values must be distinct and of {sorted(known)}.")
    needed = command.get("default_member_permissions")
    if needed is not None and not is_whole(needed) and not text(needed).isdecimal():
        yield Fault(("default_member_permissions",), "NUMBER_TYPE_COERCE", "Value is not a bit set of permissions.")


def _named(one: Json, path: Path) -> Faults:
    """Name and description of a command or option, with their localisations."""
    yield from _name_faults(one.get("name"), (*path, "name"))
    yield from length_faults(one.get("description"), (*path, "description"), 1, 100)
    for name in ("name", "description"):
        for locale, value in table(one.get(f"{name}_localizations")).items():
            where = (*path, f"{name}_localizations", locale)
            if locale not in LOCALES:
                yield Fault(where, "BASE_TYPE_CHOICES", f"{locale!r} is not a locale of Discord's.")
            if name == "name":
                yield from _name_faults(value, where)
            else:
                yield from length_faults(value, where, 1, 100)


def _name_faults(value: JsonValue, path: Path) -> Faults:
    name = text(value)
    right = _NAME.fullmatch(name) and all(_allowed_in_name(character) for character in name)
    if not right or name != name.lower():
        message = f"Command name {name!r} is invalid: 1-32 lower case letters, digits, '-', '_' and \"'\"."
        yield Fault(path, "APPLICATION_COMMAND_INVALID_NAME", message)


def _allowed_in_name(character: str) -> bool:
    category = unicodedata.category(character)
    return (
        character in "-_'"
        or category[0] in "LN"
        or "\u0900" <= character <= "\u097f"
        or "\u0e00" <= character <= "\u0e7f"
    )


def _option_list_faults(owner: Json, path: Path, depth: int) -> Faults:
    options = rows(owner.get("options"))
    inner = (*path, "options")
    if len(options) > 25:
        yield Fault(inner, "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
    names = Counter(text(option.get("name")) for option in options)
    optional_seen = False
    for position, option in enumerate(options):
        where = (*inner, position)
        if names[text(option.get("name"))] > 1:
            yield Fault(
                (*where, "name"), "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", "Option name is not unique"
            )
        if option.get("required") is True and optional_seen:
            message = "Required options must be placed before non-required options"
            yield Fault(where, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message)
        optional_seen = optional_seen or option.get("required") is not True
        yield from _option_faults(option, where, depth)
    yield from _mixture_faults(options, inner)


def _mixture_faults(options: list[Json], path: Path) -> Faults:
    kinds = {whole(option.get("type")) in {SUB_COMMAND, SUB_COMMAND_GROUP} for option in options}
    if len(kinds) > 1:
        message = "Sub-command and sub-command group option types are mutually exclusive to all other types"
        yield Fault(path, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message)


def _option_faults(option: Json, path: Path, depth: int) -> Faults:
    kind = whole(option.get("type"))
    yield from _named(option, path)
    if not 1 <= kind <= 11:
        yield Fault((*path, "type"), "BASE_TYPE_CHOICES", "Value must be between 1 and 11.")
    if kind in {SUB_COMMAND, SUB_COMMAND_GROUP}:
        if depth > 1 or (depth == 1 and kind == SUB_COMMAND_GROUP):
            message = "Sub-commands nest in groups, groups in commands, and no deeper."
            yield Fault((*path, "type"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message)
        yield from _option_list_faults(option, path, depth + 1 if kind == SUB_COMMAND_GROUP else 2)
    else:
        yield from _value_option_faults(option, path, kind)


def _value_option_faults(option: Json, path: Path, kind: int) -> Faults:
    choices = option.get("choices")
    valued = kind in {STRING, INTEGER, NUMBER}
    if choices:
        yield from choice_faults(choices, (*path, "choices"), kind)
    if (choices or option.get("autocomplete")) and not valued:
        message = "Only string, integer and number options have choices or autocomplete."
        yield Fault(path, "APPLICATION_COMMAND_OPTIONS_CHOICES_INVALID", message)
    if choices and option.get("autocomplete"):
        message = "autocomplete may not be set to true if choices are present."
        yield Fault((*path, "autocomplete"), "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID", message)
    yield from range_faults(option, "min_length", path, 0, 6000)
    yield from range_faults(option, "max_length", path, 1, 6000)
    if whole(option.get("min_length")) > whole(option.get("max_length"), 6000):
        yield Fault((*path, "min_length"), "NUMBER_TYPE_MAX", "min_length is larger than max_length.")


def command_size(command: Json) -> int:
    """The characters of names, descriptions and values of a command, its options and their choices."""
    size = sum(_longest(command, name) for name in ("name", "description"))
    size += sum(command_size(option) for option in rows(command.get("options")))
    for choice in rows(command.get("choices")):
        size += _longest(choice, "name") + len(text(choice.get("value")))
    return size


def _longest(one: Json, name: str) -> int:
    localised = [text(value) for value in table(one.get(f"{name}_localizations")).values()]
    return max(len(value) for value in [text(one.get(name)), *localised])


class Registry:
    """The routes below ``/applications/{application_id}/…commands``."""

    def __init__(self, state: State) -> None:
        self._state = state
        self.overwrites = 0

    def routes(self) -> list[Route]:
        """Its routes, for global and for guild commands."""
        found = []
        for base in ("/applications/{application_id}", "/applications/{application_id}/guilds/{guild_id}"):
            found += [
                Route("GET", f"{base}/commands", self._list),
                Route("PUT", f"{base}/commands", self._overwrite),
                Route("POST", f"{base}/commands", self._create),
                Route("GET", f"{base}/commands/{{command_id}}", self._get),
                Route("PATCH", f"{base}/commands/{{command_id}}", self._edit),
                Route("DELETE", f"{base}/commands/{{command_id}}", self._delete),
            ]
        return found

    def _scope(self, call: Call) -> int | None:
        if "guild_id" not in call.parts:
            return None
        return self._state.guild(call.number("guild_id")).id

    async def _list(self, call: Call) -> Answer:
        return Answer(list(self._state.commands.get(self._scope(call), [])))

    async def _overwrite(self, call: Call) -> Answer:
        scope = self._scope(call)
        call.accept(command_list_faults(rows(call.body)))
        known = {(one["name"], one["type"]): one for one in self._state.commands.get(scope, [])}
        made = [self._registered(command, scope, known) for command in rows(call.body)]
        self._state.commands[scope] = made
        self.overwrites += 1
        return Answer(list(made))

    async def _create(self, call: Call) -> Answer:
        scope = self._scope(call)
        before = self._state.commands.setdefault(scope, [])
        known = {(one["name"], one["type"]): one for one in before}
        new = self._registered(call.json, scope, known)
        rest = [one for one in before if (one["name"], one["type"]) != (new["name"], new["type"])]
        call.accept(command_list_faults([*rest, call.json]))
        self._state.commands[scope] = [*rest, new]
        return Answer(new, 201)

    def _registered(
        self, command: Json, scope: int | None, known: dict[tuple[JsonValue, JsonValue], JsonDict]
    ) -> JsonDict:
        kind = whole(command.get("type"), CHAT_INPUT)
        before = known.get((command.get("name"), kind))
        body: JsonDict = {
            "description": "",
            "default_member_permissions": None,
            "nsfw": False,
            "contexts": None,
            "integration_types": [0],
            **command,
            "id": before["id"] if before else str(self._state.clock.snowflake()),
            "application_id": str(self._state.application_id),
            "type": kind,
            "version": str(self._state.clock.snowflake()),
        }
        if is_whole(body["default_member_permissions"]):
            body["default_member_permissions"] = str(body["default_member_permissions"])
        if scope is not None:
            body["guild_id"] = str(scope)
        return body

    def _find(self, call: Call) -> tuple[int | None, JsonDict]:
        scope = self._scope(call)
        for command in self._state.commands.get(scope, []):
            if command["id"] == call.parts["command_id"]:
                return scope, command
        raise ApiError(404, UNKNOWN_COMMAND, "Unknown application command")

    async def _get(self, call: Call) -> Answer:
        return Answer(self._find(call)[1])

    async def _edit(self, call: Call) -> Answer:
        scope, command = self._find(call)
        changed = {**command, **call.json}
        others = [one for one in self._state.commands[scope] if one is not command]
        call.accept(command_list_faults([*others, changed]))
        command.update(call.json)
        return Answer(command)

    async def _delete(self, call: Call) -> Answer:
        scope, command = self._find(call)
        self._state.commands[scope].remove(command)
        return Answer(None, 204)
