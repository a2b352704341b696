"""The rules of modals, from "Receiving and Responding", section Modal, and the "Component Reference"."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from tests.discord.components import (
    SELECTS,
    Kind,
    Rule,
    component_faults,
    length_faults,
    one_option_faults,
    optional_length_faults,
    range_faults,
    select_faults,
    text_display_faults,
    uniqueness_faults,
    walk,
)
from tests.discord.faults import Fault
from tests.discord.shapes import Json, Path, items, rows, table, text, whole

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_TITLE = 45
MAX_COMPONENTS = 5
MAX_INPUT = 4_000
TOP_LEVEL = frozenset({Kind.ROW, Kind.LABEL, Kind.TEXT})
IN_LABEL = SELECTS | {Kind.TEXT_INPUT, Kind.FILE_UPLOAD, Kind.RADIO_GROUP, Kind.CHECKBOX_GROUP, Kind.CHECKBOX}

Faults: TypeAlias = "Iterator[Fault]"


def modal_faults(data: Json) -> Faults:
    """What is wrong with a modal."""
    yield from length_faults(data.get("custom_id"), ("custom_id",), 1, 100)
    yield from length_faults(data.get("title"), ("title",), 1, MAX_TITLE)
    components = rows(data.get("components"))
    if not 1 <= len(components) <= MAX_COMPONENTS:
        message = f"Must be between 1 and {MAX_COMPONENTS} in length; it is {len(components)}."
        yield Fault(("components",), "BASE_TYPE_BAD_LENGTH", message)
    for position, component in enumerate(components):
        if whole(component.get("type")) not in TOP_LEVEL:
            message = "A modal holds labels, text displays and (deprecated) action rows."
            yield Fault(("components", position), "UNION_TYPE_CHOICES", message)
    for path, component in walk(data.get("components")):
        yield from component_faults(component, path, MODAL_RULES)
        if component.get("disabled"):
            yield Fault((*path, "disabled"), "MODAL_COMPONENT_DISABLED", "Modals cannot have disabled components.")
    yield from uniqueness_faults(data.get("components"))


def _row(component: Json, path: Path) -> Faults:
    children = rows(component.get("components"))
    if [whole(child.get("type")) for child in children] != [Kind.TEXT_INPUT]:
        message = "In a modal an action row holds exactly one text input."
        yield Fault((*path, "components"), "BASE_TYPE_BAD_LENGTH", message)
    for position, child in enumerate(children):
        yield from length_faults(child.get("label"), (*path, "components", position, "label"), 1, 45)


def _label(component: Json, path: Path) -> Faults:
    yield from length_faults(component.get("label"), (*path, "label"), 1, 45)
    yield from optional_length_faults(component, "description", path, 100)
    child = table(component.get("component"))
    if whole(child.get("type")) not in IN_LABEL:
        yield Fault((*path, "component"), "UNION_TYPE_CHOICES", "A label holds one input, select, upload or group.")
    if child.get("label") is not None:
        message = "Within a label a text input has no label of its own."
        yield Fault((*path, "component", "label"), "TEXT_INPUT_LABEL_FORBIDDEN", message)


def _text_input(component: Json, path: Path) -> Faults:
    yield from length_faults(component.get("custom_id"), (*path, "custom_id"), 1, 100)
    if whole(component.get("style")) not in {1, 2}:
        yield Fault((*path, "style"), "BASE_TYPE_CHOICES", "Value must be one of {1, 2}.")
    yield from range_faults(component, "min_length", path, 0, MAX_INPUT)
    yield from range_faults(component, "max_length", path, 1, MAX_INPUT)
    yield from optional_length_faults(component, "value", path, MAX_INPUT)
    yield from optional_length_faults(component, "placeholder", path, 100)
    least, most = whole(component.get("min_length")), whole(component.get("max_length"), MAX_INPUT)
    if least > most:
        yield Fault((*path, "max_length"), "TEXT_INPUT_MAX_LENGTH", "max_length is smaller than min_length.")
    value = text(component.get("value"))
    if value and not least <= len(value) <= most:
        yield Fault((*path, "value"), "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")


def _select(component: Json, path: Path) -> Faults:
    yield from select_faults(component, path)
    if component.get("required", True) is not False and component.get("min_values") == 0:
        message = "min_values must be absent or at least 1 where an answer is required."
        yield Fault((*path, "min_values"), "NUMBER_TYPE_MIN", message)


def _upload(component: Json, path: Path) -> Faults:
    yield from length_faults(component.get("custom_id"), (*path, "custom_id"), 1, 100)
    yield from range_faults(component, "min_values", path, 0, 10)
    yield from range_faults(component, "max_values", path, 1, 10)


def _group(component: Json, path: Path) -> Faults:
    yield from length_faults(component.get("custom_id"), (*path, "custom_id"), 1, 100)
    least = 2 if component.get("type") == Kind.RADIO_GROUP else 1
    if not least <= len(items(component.get("options"))) <= 10:
        yield Fault((*path, "options"), "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and 10 in length.")
    for position, option in enumerate(rows(component.get("options"))):
        yield from one_option_faults(option, (*path, "options", position))


def _checkbox(component: Json, path: Path) -> Faults:
    yield from length_faults(component.get("custom_id"), (*path, "custom_id"), 1, 100)


MODAL_RULES: dict[int, Rule] = {
    Kind.ROW: _row,
    Kind.LABEL: _label,
    Kind.TEXT: text_display_faults,
    Kind.TEXT_INPUT: _text_input,
    **dict.fromkeys(SELECTS, _select),
    Kind.FILE_UPLOAD: _upload,
    Kind.RADIO_GROUP: _group,
    Kind.CHECKBOX_GROUP: _group,
    Kind.CHECKBOX: _checkbox,
}
