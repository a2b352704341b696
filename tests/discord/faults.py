"""What the stand-in refuses, and how it says so: Discord's error codes and its nested error object."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.discord.shapes import Json, JsonDict, Path

# Codes from "Opcodes and Status Codes", section JSON error codes.
UNKNOWN_APPLICATION = 10002
UNKNOWN_CHANNEL = 10003
UNKNOWN_GUILD = 10004
UNKNOWN_MESSAGE = 10008
UNKNOWN_USER = 10013
UNKNOWN_WEBHOOK = 10015
UNKNOWN_INTERACTION = 10062
UNKNOWN_COMMAND = 10063
REQUEST_TOO_LARGE = 40005
ALREADY_ACKNOWLEDGED = 40060
MISSING_ACCESS = 50001
OTHER_AUTHOR = 50005
EMPTY_MESSAGE = 50006
NO_DIRECT_MESSAGES = 50007
MISSING_PERMISSIONS = 50013
INVALID_WEBHOOK_TOKEN = 50027
INVALID_FORM_BODY = 50035


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a request body: where, Discord's name for it, and the sentence."""

    path: Path
    code: str
    message: str

    def under(self, *prefix: str | int) -> Fault:
        """The same fault, its path seen from further outside."""
        return Fault((*prefix, *self.path), self.code, self.message)

    @property
    def where(self) -> str:
        """The path with dots, such as ``components.0.label``."""
        return ".".join(str(part) for part in self.path) or "body"


@dataclass(frozen=True, slots=True)
class Violation:
    """One refused request or one broken rule, kept for the test to look at."""

    method: str
    path: str
    where: str
    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.method} {self.path}: {self.where}: {self.code}: {self.message}"


class ApiError(Exception):
    """An answer other than 2xx, as Discord would give it."""

    def __init__(self, status: int, code: int, message: str, faults: Iterable[Fault] = ()) -> None:
        super().__init__(f"{status} ({code}): {message}")
        self.status = status
        self.code = code
        self.message = message
        self.faults = tuple(faults)

    def body(self) -> Json:
        """The error as the JSON that Discord sends."""
        body: JsonDict = {"message": self.message, "code": self.code}
        if self.faults:
            body["errors"] = nested(self.faults)
        return body


def invalid_form_body(faults: Iterable[Fault]) -> ApiError:
    """The answer to a body with these faults: 400 with code 50035."""
    return ApiError(400, INVALID_FORM_BODY, "Invalid Form Body", faults)


class _Node:
    """One level of the error object while it is put together."""

    def __init__(self) -> None:
        self.errors: list[Json] = []
        self.children: dict[str, _Node] = {}

    def json(self) -> Json:
        """This level and what is below it."""
        body: JsonDict = {name: child.json() for name, child in self.children.items()}
        if self.errors:
            body["_errors"] = list(self.errors)
        return body


def nested(faults: Iterable[Fault]) -> Json:
    """The faults as Discord nests them: a level per part of the path, each leaf a list named ``_errors``."""
    root = _Node()
    for fault in faults:
        node = root
        for part in fault.path:
            node = node.children.setdefault(str(part), _Node())
        node.errors.append({"code": fault.code, "message": fault.message})
    return root.json()
