"""A modal on a member's screen, and what Discord's client sends when it is filled in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from tests.discord.components import SELECTS, Kind, walk
from tests.discord.shapes import Json, JsonDict, JsonValue, rows, table, text, whole

if TYPE_CHECKING:
    from tests.discord.interactions import Interaction

Value: TypeAlias = "str | list[str] | bool"
_INPUTS = SELECTS | {Kind.FILE_UPLOAD, Kind.TEXT_INPUT, Kind.RADIO_GROUP, Kind.CHECKBOX_GROUP, Kind.CHECKBOX}


@dataclass(frozen=True, slots=True)
class ModalForm:
    """A modal as it was opened."""

    data: Json
    interaction: Interaction

    @property
    def title(self) -> str:
        """Its title."""
        return text(self.data.get("title"))

    @property
    def custom_id(self) -> str:
        """Its custom id."""
        return text(self.data.get("custom_id"))

    def inputs(self) -> dict[str, Json]:
        """Its inputs by custom id."""
        found = (one for _, one in walk(self.data.get("components")) if whole(one.get("type")) in _INPUTS)
        return {text(one.get("custom_id")): one for one in found}

    def labels(self) -> list[str]:
        """The labels above its inputs."""
        return [text(one.get("label")) for _, one in walk(self.data.get("components")) if one.get("label")]


def filled(modal: ModalForm, values: dict[str, Value]) -> list[JsonDict]:
    """The components of a submission; ValueError for an unknown input or a value that the client would not take."""
    unknown = set(values) - set(modal.inputs())
    if unknown:
        raise ValueError(f"The modal has no input {sorted(unknown)}; it has {sorted(modal.inputs())}.")
    return [_component(one, values) for one in rows(modal.data.get("components"))]


def _component(one: Json, values: dict[str, Value]) -> JsonDict:
    body: JsonDict = {"type": one["type"], "id": whole(one.get("id"))}
    if one.get("type") == Kind.LABEL:
        body["component"] = _input(table(one.get("component")), values)
    elif one.get("type") == Kind.ROW:
        body["components"] = [_input(child, values) for child in rows(one.get("components"))]
    return body


def _input(one: Json, values: dict[str, Value]) -> JsonDict:
    custom_id = text(one.get("custom_id"))
    value = values.get(custom_id)
    body: JsonDict = {"type": one["type"], "id": whole(one.get("id")), "custom_id": custom_id}
    if one.get("type") == Kind.TEXT_INPUT:
        return {**body, "value": _written(one, custom_id, value)}
    if one.get("type") in {Kind.RADIO_GROUP, Kind.CHECKBOX}:
        return {**body, "value": value}
    return {**body, "values": _chosen(one, custom_id, value)}


def _written(one: Json, custom_id: str, value: JsonValue) -> str:
    written = text(one.get("value")) if value is None else str(value)
    least, most = whole(one.get("min_length")), whole(one.get("max_length"), 4000)
    required = one.get("required", True) is not False
    if (required or written) and not max(least, int(required)) <= len(written) <= most:
        raise ValueError(f"{custom_id!r} takes {least} to {most} characters; there are {len(written)}.")
    return written


def _chosen(one: Json, custom_id: str, value: JsonValue) -> list[str]:
    chosen = [value] if isinstance(value, str) else [text(item) for item in value] if isinstance(value, list) else []
    offered = {text(option.get("value")) for option in rows(one.get("options"))}
    if offered and set(chosen) - offered:
        raise ValueError(f"{custom_id!r} does not offer {sorted(set(chosen) - offered)}.")
    least = whole(one.get("min_values"), 1) if one.get("required", True) is not False else 0
    if not least <= len(chosen) <= whole(one.get("max_values"), 1):
        raise ValueError(f"{custom_id!r} takes {least} to {whole(one.get('max_values'), 1)} choices.")
    return chosen
