"""Request bodies against Discord's own API description (OpenAPI 3.1), where a copy of it is at hand.

The description is large and its unions are many, so three things are done for speed: an operation's validator is made
when it is first asked for; a union of components is decided by the component's ``type`` before any alternative is tried
(which also makes the error name the field); references are looked up once. Fields that the description does not know
are let pass, by it as by Discord.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path as FilePath
from typing import TYPE_CHECKING

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from tests.discord.faults import Fault
from tests.discord.shapes import Json, JsonValue, Path, items, table, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ANY = "*"
PLACE = FilePath(__file__).resolve().parents[2].parent / "shared" / "discord-openapi" / "openapi.json.gz"


@dataclass(frozen=True, slots=True)
class Exemption:
    """A place where the documentation allows what the description refuses; the documentation wins.

    ``ends`` is how the paths of such places end; ANY stands for any one step of them.
    """

    ends: Path
    keyword: str
    reason: str


# In the other direction, where the description is laxer, the rules of this package are applied beside it: modals
# (40 components there, 5 here), the 4,000 characters and 40 nested components of a message, URL schemes, unique custom
# ids, flags by endpoint.
EXEMPTIONS: tuple[Exemption, ...] = (
    Exemption(
        ("default_member_permissions",),
        "type",
        'described as an integer; "Application Command Structure" has a bit set written as a string',
    ),
    Exemption(
        ("attachments", ANY, "id"),
        "type",
        'described as a snowflake string; "Uploading Files" numbers new attachments with integers from 0',
    ),
    Exemption(
        ("recipient_id",),
        "type",
        'described as a snowflake string; "API Reference", section ID Serialization: ids are integers inside',
    ),
)


class OpenApi:
    """The description, ready to weigh bodies."""

    def __init__(self, description: Json, exemptions: tuple[Exemption, ...] = EXEMPTIONS) -> None:
        self._description = description
        self._exemptions = exemptions
        self._found: dict[str, Json] = {}
        self._validators: dict[tuple[str, str], Draft202012Validator | None] = {}
        keywords = {"$ref": self._reference, "oneOf": self._union, "anyOf": self._union}
        self._make: Callable[[Json], Draft202012Validator] = extend(Draft202012Validator, keywords)

    def faults(self, method: str, template: str, body: JsonValue) -> list[Fault]:
        """What the description has against the body; nothing where it describes no body for this operation."""
        key = (method, template)
        if key not in self._validators:
            self._validators[key] = self._validator(method, template)
        validator = self._validators[key]
        if validator is None:
            return []
        return [_fault(error) for error in validator.iter_errors(body) if not self._exempt(error)]

    def describes(self, method: str, template: str) -> bool:
        """Whether the description has such an operation at all."""
        return method.lower() in table(table(self._description["paths"]).get(template))

    def _validator(self, method: str, template: str) -> Draft202012Validator | None:
        operation = table(table(table(self._description["paths"]).get(template)).get(method.lower()))
        content = table(table(operation.get("requestBody")).get("content"))
        schema = table(content.get("application/json")).get("schema")
        return None if schema is None else self._make(table(schema))

    def _resolved(self, reference: str) -> Json:
        """The schema that a reference such as ``#/components/schemas/Name`` names; every one is of this form."""
        if reference not in self._found:
            here: JsonValue = self._description
            for part in reference.removeprefix("#/").split("/"):
                here = table(here)[part]
            self._found[reference] = table(here)
        return self._found[reference]

    def _reference(
        self, validator: Draft202012Validator, reference: str, instance: JsonValue, _schema: Json
    ) -> Iterator[ValidationError]:
        yield from validator.descend(instance, self._resolved(reference))

    def _union(
        self, validator: Draft202012Validator, alternatives: list[JsonValue], instance: JsonValue, _schema: Json
    ) -> Iterator[ValidationError]:
        """A union is decided by the value's ``type`` where its alternatives differ by that, else each is tried."""
        fitting = self._fitting(alternatives, instance)
        if len(fitting) == 1:
            yield from validator.descend(instance, fitting[0])
            return
        failed: list[ValidationError] = []
        for alternative in fitting:
            errors = [error for error in validator.descend(instance, alternative) if not self._exempt(error)]
            if not errors:
                return
            failed.extend(errors)
        yield ValidationError(f"{instance!r:.120} fits none of the alternatives", context=failed)

    def _fitting(self, alternatives: list[JsonValue], instance: JsonValue) -> list[Json]:
        shapes = [table(one) for one in alternatives]
        if instance is None:
            return [one for one in shapes if one.get("type") == "null"] or shapes
        shapes = [one for one in shapes if one.get("type") != "null"] or shapes
        if isinstance(instance, dict) and "type" in instance:
            return [one for one in shapes if instance["type"] in (self._types(one) or [instance["type"]])] or shapes
        return shapes

    def _types(self, schema: Json) -> list[JsonValue]:
        """The values of ``type`` that an alternative takes; empty where it says nothing about it."""
        reference = text(schema.get("$ref"))
        shape = self._resolved(reference) if reference else schema
        return items(table(table(shape.get("properties")).get("type")).get("enum"))

    def _exempt(self, error: ValidationError) -> bool:
        path = tuple(error.absolute_path)
        return any(error.validator == one.keyword and _ends(path, one.ends) for one in self._exemptions)


def _ends(path: Path, ends: Path) -> bool:
    tail = path[-len(ends) :]
    return len(tail) == len(ends) and all(end in {ANY, step} for step, end in zip(tail, ends, strict=True))


def _fault(error: ValidationError) -> Fault:
    said = error.message if len(error.message) <= 200 else f"{error.message[:80]} … {error.message[-100:]}"
    return Fault(tuple(error.absolute_path), "OPENAPI", f"{said} ({error.validator})")


@cache
def load(place: FilePath = PLACE) -> OpenApi | None:
    """The description, read once in a process; None where no copy of it is at hand."""
    if not place.exists():
        return None
    with gzip.open(place) as file:
        return OpenApi(table(json.load(file)))
