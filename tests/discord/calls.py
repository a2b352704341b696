"""One REST request while it is answered, and the table of routes that answer them."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from tests.discord.faults import Fault, invalid_form_body
from tests.discord.shapes import Json, JsonValue, table


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a multipart request."""

    field: str
    name: str
    data: bytes


@dataclass(slots=True)
class Call:
    """A request: the parts of its path, its query and body, and what the API description has against the body."""

    method: str
    path: str
    template: str
    parts: dict[str, str]
    query: dict[str, str]
    body: JsonValue
    uploads: list[Upload] = field(default_factory=list)
    described: list[Fault] = field(default_factory=list)
    weighed: bool = False

    @property
    def json(self) -> Json:
        """The body as an object."""
        return table(self.body)

    def number(self, name: str) -> int:
        """The id in the path; -1 where it is none, which no object has."""
        part = self.parts[name]
        return int(part) if part.isdecimal() else -1

    def accept(self, faults: Iterable[Fault] = ()) -> None:
        """Nothing happens where neither the rules nor the API description object; ApiError 50035 else."""
        self.weighed = True
        found = [*faults, *self.described]
        if found:
            raise invalid_form_body(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class Answer:
    """A successful answer; without a body it is 204."""

    body: JsonValue = None
    status: int = 200


Handler: TypeAlias = Callable[[Call], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Route:
    """A route by its template as the API description writes it."""

    method: str
    template: str
    handler: Handler
    open_to_all: bool = False

    @property
    def pattern(self) -> re.Pattern[str]:
        """What the paths of this route look like."""
        return re.compile(re.sub(r"\\?\{(\w+)\\?\}", r"(?P<\1>[^/]+)", re.escape(self.template)) + "$")


class Routes:
    """All routes; the first that fits answers."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._routes = [(route, route.pattern) for route in routes]

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        """The route for this request and the parts of its path."""
        for route, pattern in self._routes:
            match = pattern.match(path) if route.method == method else None
            if match is not None:
                return route, match.groupdict()
        return None
