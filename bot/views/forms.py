"""Forms: what a member fills in, and what comes back of it.

A form's id is a `Press`, like a button's, so that what is handed in finds its feature after a restart too. Discord.py
is not to remember any form: it is stopped from the start, and the client reads every submission by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import discord
from discord import ui

from bot.limits import (
    FORM_DESCRIPTION,
    FORM_FIELDS,
    FORM_LABEL,
    FORM_PLACEHOLDER,
    FORM_TEXT,
    FORM_TITLE,
    SELECT_DESCRIPTION,
    SELECT_LABEL,
    SELECT_OPTIONS,
    measure,
)
from bot.signs import one_line
from bot.views import markup

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.views.buttons import Press

# Components → Component Reference, "Component Types": what holds fields, and the field that a text is written in.
_LABEL: Final = 18
_ROW: Final = 1
_TEXT_INPUT: Final = 4


@dataclass(frozen=True, slots=True)
class TextField:
    """A text to be written, `least` to `most` long, at most 4,000; `value` stands there already, cut to fit.

    `name` is the key of what was written, among the form's fields.
    """

    name: str
    label: str
    description: str = ""
    placeholder: str = ""
    value: str = ""
    paragraph: bool = False
    required: bool = True
    least: int = 0
    most: int = FORM_TEXT

    def item(self) -> ui.Label[Form]:
        """The field as it stands in the form."""
        start = fitting(self.value if self.paragraph else one_line(self.value), self.most)
        written = ui.TextInput[Form](
            custom_id=self.name,
            style=discord.TextStyle.paragraph if self.paragraph else discord.TextStyle.short,
            placeholder=_optional(self.placeholder, FORM_PLACEHOLDER),
            default=start if start and len(start) >= self.least else None,
            required=self.required,
            min_length=self.least or None,
            max_length=self.most,
        )
        return _labelled(self.label, self.description, written)


@dataclass(frozen=True, slots=True)
class Option:
    """One that can be chosen."""

    value: str
    label: str
    description: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class ChoiceField:
    """One of 1 to 25 options to be chosen."""

    name: str
    label: str
    options: tuple[Option, ...]
    description: str = ""
    required: bool = True

    def item(self) -> ui.Label[Form]:
        """The field as it stands in the form."""
        options = [
            discord.SelectOption(
                label=markup.label(option.label, SELECT_LABEL),
                value=option.value,
                description=_optional(option.description, SELECT_DESCRIPTION),
                default=option.chosen,
            )
            for option in self.options[:SELECT_OPTIONS]
        ]
        chosen = ui.Select[Form](custom_id=self.name, options=options, required=self.required)
        return _labelled(self.label, self.description, chosen)


class Form(ui.Modal):
    """A form of 1 to 5 fields; what is handed in comes back under `press`."""

    def __init__(self, title: str, press: Press, *fields: TextField | ChoiceField) -> None:
        if not 1 <= len(fields) <= FORM_FIELDS:
            raise ValueError(f"a form has 1 to {FORM_FIELDS} fields, not {len(fields)}")
        super().__init__(title=markup.label(title, FORM_TITLE), custom_id=str(press), timeout=None)
        for field in fields:
            self.add_item(field.item())
        self.stop()


def fitting(text: str, most: int) -> str:
    """`text` cut to what a field of that length takes, by either reading of the length; no character is halved."""
    if measure(text) <= most:
        return text
    cut = text[:most]
    while measure(cut) > most:
        cut = cut[: len(cut) - max(1, (measure(cut) - most) // 2)]
    return cut


def fields_of(data: object) -> dict[str, str]:
    """What was handed in, by the fields' names; several chosen values are joined by line breaks.

    `data` is the submission as Discord sends it. What has another shape than a field is passed over.
    """
    components = data.get("components") if isinstance(data, Mapping) else None
    return dict(_fields(components))


def _fields(components: object) -> Iterator[tuple[str, str]]:
    if not isinstance(components, Sequence):
        return
    for one in components:
        if not isinstance(one, Mapping):
            continue
        if one.get("type") == _LABEL:
            yield from _fields([one.get("component")])
        elif one.get("type") == _ROW:
            yield from _fields(one.get("components"))
        else:
            yield from _field(one)


def _field(one: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    name, value, values = one.get("custom_id"), one.get("value"), one.get("values")
    if not isinstance(name, str):
        return
    if isinstance(values, list):
        yield name, "\n".join(text for text in values if isinstance(text, str))
    elif isinstance(value, str):
        yield name, value
    elif one.get("type") == _TEXT_INPUT:
        yield name, ""


def _labelled(text: str, description: str, item: ui.Item[Form]) -> ui.Label[Form]:
    return ui.Label(
        text=markup.label(text, FORM_LABEL), description=_optional(description, FORM_DESCRIPTION), component=item
    )


def _optional(text: str, limit: int) -> str | None:
    return markup.label(text, limit) if one_line(text).strip() else None
