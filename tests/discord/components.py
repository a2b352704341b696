"""The rules of message components, from Discord's "Component Reference" (and "Legacy Message Component Behavior").

Nothing here is shared with the bot. Each rule yields faults; a body without faults is one that Discord would take.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from enum import IntEnum
from typing import TypeAlias
from urllib.parse import urlsplit

from tests.discord.faults import Fault
from tests.discord.shapes import Json, JsonValue, Path, is_whole, items, rows, table, text, whole

MAX_COMPONENTS = 40
MAX_TEXT = 4_000
MAX_ROWS_LEGACY = 5


class Kind(IntEnum):
    """Component types."""

    ROW = 1
    BUTTON = 2
    STRING_SELECT = 3
    TEXT_INPUT = 4
    USER_SELECT = 5
    ROLE_SELECT = 6
    MENTIONABLE_SELECT = 7
    CHANNEL_SELECT = 8
    SECTION = 9
    TEXT = 10
    THUMBNAIL = 11
    GALLERY = 12
    FILE = 13
    SEPARATOR = 14
    CONTAINER = 17
    LABEL = 18
    FILE_UPLOAD = 19
    RADIO_GROUP = 21
    CHECKBOX_GROUP = 22
    CHECKBOX = 23


LINK_STYLE = 5
PREMIUM_STYLE = 6
SELECTS = frozenset(
    {Kind.STRING_SELECT, Kind.USER_SELECT, Kind.ROLE_SELECT, Kind.MENTIONABLE_SELECT, Kind.CHANNEL_SELECT}
)
IN_CONTAINER = frozenset({Kind.ROW, Kind.TEXT, Kind.SECTION, Kind.GALLERY, Kind.SEPARATOR, Kind.FILE})
TOP_LEVEL = IN_CONTAINER | {Kind.CONTAINER}
ACCESSORIES = frozenset({Kind.BUTTON, Kind.THUMBNAIL})

Faults: TypeAlias = Iterator[Fault]
Rule: TypeAlias = Callable[[Json, Path], Faults]


def walk(components: JsonValue, path: Path = ("components",)) -> Iterator[tuple[Path, Json]]:
    """Every component with its path, outer before inner, in the order of the screen."""
    for position, component in enumerate(rows(components)):
        yield from _walk_one(component, (*path, position))


def _walk_one(component: Json, path: Path) -> Iterator[tuple[Path, Json]]:
    yield path, component
    yield from walk(component.get("components"), (*path, "components"))
    for name in ("accessory", "component"):
        if name in component:
            yield from _walk_one(table(component[name]), (*path, name))


def texts(components: JsonValue) -> list[str]:
    """The contents of all text displays, in the order of the screen."""
    return [text(one.get("content")) for _, one in walk(components) if one.get("type") == Kind.TEXT]


def message_component_faults(components: JsonValue, *, v2: bool) -> Faults:
    """What is wrong with a message's components; ``v2`` says whether the message carries that flag."""
    if v2:
        yield from _children(components, ("components",), TOP_LEVEL)
        yield from _total_faults(components)
    else:
        yield from _children(components, ("components",), frozenset({Kind.ROW}))
        yield from _length(items(components), ("components",), 0, MAX_ROWS_LEGACY)
    for path, component in walk(components):
        yield from component_faults(component, path, MESSAGE_RULES)
    yield from uniqueness_faults(components)


def component_faults(component: Json, path: Path, rules: dict[int, Rule]) -> Faults:
    """What is wrong with this one component, by the rule of its type."""
    rule = rules.get(whole(component.get("type")))
    if rule is None:
        yield Fault(
            (*path, "type"), "BASE_TYPE_CHOICES", f"Component type {component.get('type')!r} is not valid here."
        )
    else:
        yield from rule(component, path)
    if "id" in component and component["id"] is not None and not 0 <= whole(component["id"], -1) < 2**31:
        yield Fault((*path, "id"), "NUMBER_TYPE_MAX", "int value should be a 32 bit integer.")


def uniqueness_faults(components: JsonValue) -> Faults:
    """Custom ids and component ids that stand more than once in a message or modal."""
    for name, code in (("custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED"), ("id", "COMPONENT_ID_DUPLICATED")):
        found: list[tuple[Path, JsonValue]] = [(path, one[name]) for path, one in walk(components) if one.get(name)]
        count = Counter(str(value) for _, value in found)
        for path, value in found:
            if count[str(value)] > 1:
                yield Fault((*path, name), code, f"Component {name} cannot be duplicated: {value}")


def _total_faults(components: JsonValue) -> Faults:
    count = sum(1 for _ in walk(components))
    if count > MAX_COMPONENTS:
        message = f"The message has {count} components, nested ones counted; {MAX_COMPONENTS} are allowed."
        yield Fault(("components",), "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", message)
    length = sum(len(one) for one in texts(components))
    if length > MAX_TEXT:
        message = f"The text displays hold {length} characters in all; {MAX_TEXT} are allowed."
        yield Fault(("components",), "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", message)
    if count == 0:
        yield Fault(("components",), "BASE_TYPE_REQUIRED", "A message with IS_COMPONENTS_V2 needs a component.")


def _children(components: JsonValue, path: Path, allowed: frozenset[Kind]) -> Faults:
    for position, child in enumerate(rows(components)):
        if whole(child.get("type")) not in allowed:
            names = ", ".join(sorted(kind.name.lower() for kind in allowed))
            message = f"Component type {child.get('type')!r} cannot stand here; allowed: {names}."
            yield Fault((*path, position), "UNION_TYPE_CHOICES", message)


def length_faults(value: JsonValue, path: Path, least: int, most: int) -> Faults:
    """A text that is missing, too short or too long (in characters)."""
    if not isinstance(value, str):
        yield Fault(path, "BASE_TYPE_REQUIRED", "This field is required and must be a string.")
    else:
        yield from _length(value, path, least, most)


def _length(value: str | list[JsonValue], path: Path, least: int, most: int) -> Faults:
    if not least <= len(value) <= most:
        message = f"Must be between {least} and {most} in length; it is {len(value)}."
        yield Fault(path, "BASE_TYPE_BAD_LENGTH", message)


def optional_length_faults(component: Json, name: str, path: Path, most: int, least: int = 0) -> Faults:
    """A text that may be absent or null, and is else no longer than ``most``."""
    if component.get(name) is not None:
        yield from length_faults(component[name], (*path, name), least, most)


def range_faults(component: Json, name: str, path: Path, least: int, most: int) -> Faults:
    """A whole number that may be absent or null, and else lies in the range."""
    value = component.get(name)
    if value is not None and not (is_whole(value) and least <= whole(value) <= most):
        yield Fault((*path, name), "NUMBER_TYPE_MAX", f"int value should be between {least} and {most}.")


def _row(component: Json, path: Path) -> Faults:
    inner = (*path, "components")
    children = rows(component.get("components"))
    kinds = {whole(child.get("type")) for child in children}
    if kinds & SELECTS:
        yield from _length(list(children), inner, 1, 1)
        yield from _children(component.get("components"), inner, SELECTS)
    else:
        yield from _length(list(children), inner, 1, 5)
        yield from _children(component.get("components"), inner, frozenset({Kind.BUTTON}))


def _button(component: Json, path: Path) -> Faults:
    style = whole(component.get("style"))
    if not 1 <= style <= 6:
        yield Fault((*path, "style"), "BASE_TYPE_CHOICES", "Value must be one of {1, 2, 3, 4, 5, 6}.")
    yield from optional_length_faults(component, "label", path, 80)
    yield from emoji_faults(component, path)
    needed, forbidden = _BUTTON_FIELDS.get(style, _BUTTON_FIELDS[1])
    for name in forbidden:
        if component.get(name) is not None:
            message = f"A button of style {style} cannot have a {name}."
            yield Fault((*path, name), "BUTTON_COMPONENT_FIELD_FORBIDDEN", message)
    if component.get(needed) is None:
        yield Fault((*path, needed), "BASE_TYPE_REQUIRED", f"A button of style {style} must have a {needed}.")
    elif needed == "url":
        yield from url_faults(component["url"], (*path, "url"), 512, ("http", "https", "discord"))
    elif needed == "custom_id":
        yield from length_faults(component["custom_id"], (*path, "custom_id"), 1, 100)
    if style != PREMIUM_STYLE and not component.get("label") and not component.get("emoji"):
        yield Fault((*path, "label"), "BUTTON_COMPONENT_INVALID_LABEL", "A button needs a label or an emoji.")


_BUTTON_FIELDS: dict[int, tuple[str, tuple[str, ...]]] = {
    **dict.fromkeys(range(1, 5), ("custom_id", ("url", "sku_id"))),
    LINK_STYLE: ("url", ("custom_id", "sku_id")),
    PREMIUM_STYLE: ("sku_id", ("custom_id", "label", "url", "emoji")),
}


def url_faults(value: JsonValue, path: Path, most: int, schemes: tuple[str, ...]) -> Faults:
    """A link that is too long, of another scheme or without a host."""
    yield from length_faults(value, path, 1, most)
    link = text(value)
    try:
        parts = urlsplit(link)
        host = parts.hostname
    except ValueError:
        parts, host = urlsplit(""), None
    if parts.scheme not in schemes:
        yield Fault(path, "URL_TYPE_INVALID_SCHEME", f"Scheme {parts.scheme!r} must be one of {schemes}.")
    elif not host or any(character.isspace() or ord(character) < 32 for character in link):
        yield Fault(path, "URL_TYPE_INVALID_URL", "Not a well formed URL.")


def emoji_faults(component: Json, path: Path) -> Faults:
    """A partial emoji with neither an id nor a name."""
    if component.get("emoji") is not None:
        emoji = table(component["emoji"])
        if not emoji.get("id") and not emoji.get("name"):
            yield Fault((*path, "emoji"), "COMPONENT_INVALID_EMOJI", "Invalid emoji.")


def select_faults(component: Json, path: Path) -> Faults:
    """What is wrong with a select menu, in a message or a modal."""
    yield from length_faults(component.get("custom_id"), (*path, "custom_id"), 1, 100)
    yield from optional_length_faults(component, "placeholder", path, 150)
    yield from range_faults(component, "min_values", path, 0, 25)
    yield from range_faults(component, "max_values", path, 1, 25)
    least, most = whole(component.get("min_values"), 1), whole(component.get("max_values"), 1)
    if least > most:
        yield Fault((*path, "max_values"), "SELECT_COMPONENT_MAX_VALUES", "max_values is smaller than min_values.")
    if component.get("type") == Kind.STRING_SELECT:
        yield from _option_faults(component, path, most)
    else:
        yield from _default_value_faults(component, path, least, most)


def _option_faults(component: Json, path: Path, most: int) -> Faults:
    options = rows(component.get("options"))
    yield from _length(list(options), (*path, "options"), 1, 25)
    if most > len(options):
        yield Fault((*path, "max_values"), "SELECT_COMPONENT_MAX_VALUES", "max_values is larger than the options.")
    for position, option in enumerate(options):
        yield from one_option_faults(option, (*path, "options", position))
    yield from _repeated_values(options, (*path, "options"))
    chosen = sum(1 for option in options if option.get("default") is True)
    if chosen > most:
        yield Fault((*path, "options"), "SELECT_COMPONENT_TOO_MANY_DEFAULT_OPTIONS", "More defaults than max_values.")


def one_option_faults(option: Json, path: Path) -> Faults:
    """What is wrong with one option of a select, radio group or checkbox group."""
    yield from length_faults(option.get("label"), (*path, "label"), 1, 100)
    yield from length_faults(option.get("value"), (*path, "value"), 1, 100)
    yield from optional_length_faults(option, "description", path, 100)
    yield from emoji_faults(option, path)


def _repeated_values(options: list[Json], path: Path) -> Faults:
    count = Counter(text(option.get("value")) for option in options)
    for position, option in enumerate(options):
        if count[text(option.get("value"))] > 1:
            code = "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED"
            yield Fault((*path, position, "value"), code, "The specified option value is already used")


def _default_value_faults(component: Json, path: Path, least: int, most: int) -> Faults:
    if component.get("options"):
        yield Fault((*path, "options"), "SELECT_OPTIONS_FORBIDDEN", "Only string selects have options.")
    chosen = items(component.get("default_values"))
    if chosen and not least <= len(chosen) <= most:
        message = "The number of default values must lie within min_values and max_values."
        yield Fault((*path, "default_values"), "SELECT_DEFAULT_VALUES_OUT_OF_RANGE", message)


def _section(component: Json, path: Path) -> Faults:
    inner = (*path, "components")
    yield from _length(items(component.get("components")), inner, 1, 3)
    yield from _children(component.get("components"), inner, frozenset({Kind.TEXT}))
    accessory = component.get("accessory")
    if not isinstance(accessory, dict):
        yield Fault((*path, "accessory"), "BASE_TYPE_REQUIRED", "A section must have an accessory.")
    elif whole(accessory.get("type")) not in ACCESSORIES:
        message = "An accessory is a button or a thumbnail."
        yield Fault((*path, "accessory"), "UNION_TYPE_CHOICES", message)


def text_display_faults(component: Json, path: Path) -> Faults:
    """What is wrong with a text display."""
    yield from length_faults(component.get("content"), (*path, "content"), 1, MAX_TEXT)
    if not text(component.get("content")).strip():
        yield Fault((*path, "content"), "BASE_TYPE_REQUIRED", "This field is required: it holds nothing but space.")


def _media(value: JsonValue, path: Path, schemes: tuple[str, ...]) -> Faults:
    yield from url_faults(table(value).get("url"), (*path, "url"), 2048, schemes)


def _thumbnail(component: Json, path: Path) -> Faults:
    yield from _media(component.get("media"), (*path, "media"), ("http", "https", "attachment"))
    yield from optional_length_faults(component, "description", path, 1024)


def _gallery(component: Json, path: Path) -> Faults:
    pictures = rows(component.get("items"))
    yield from _length(list(pictures), (*path, "items"), 1, 10)
    for position, picture in enumerate(pictures):
        yield from _thumbnail(picture, (*path, "items", position))


def _file(component: Json, path: Path) -> Faults:
    yield from _media(component.get("file"), (*path, "file"), ("attachment",))


def _separator(component: Json, path: Path) -> Faults:
    yield from range_faults(component, "spacing", path, 1, 2)


def _container(component: Json, path: Path) -> Faults:
    inner = (*path, "components")
    yield from _length(items(component.get("components")), inner, 1, MAX_COMPONENTS)
    yield from _children(component.get("components"), inner, IN_CONTAINER)
    yield from range_faults(component, "accent_color", path, 0, 0xFFFFFF)


MESSAGE_RULES: dict[int, Rule] = {
    Kind.ROW: _row,
    Kind.BUTTON: _button,
    **dict.fromkeys(SELECTS, select_faults),
    Kind.SECTION: _section,
    Kind.TEXT: text_display_faults,
    Kind.THUMBNAIL: _thumbnail,
    Kind.GALLERY: _gallery,
    Kind.FILE: _file,
    Kind.SEPARATOR: _separator,
    Kind.CONTAINER: _container,
}
