"""Whose articles: the value that keeps one guild's apart from another's. It stands alone, and is quick to import."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

_GUILD = re.compile(r"guild:([1-9][0-9]{0,19})", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Collection:
    """A set of articles with one owner: the shared library (`guild_id` is None) or one guild's own."""

    guild_id: int | None = None

    @classmethod
    def parse(cls, name: str) -> Self:
        """Read `library` or `guild:ID`; raises ValueError on anything else."""
        if name == "library":
            return cls()
        found = _GUILD.fullmatch(name)
        if found is None or int(found[1]) >= 1 << 63:
            message = f"not a collection: {name!r} (write library or guild:ID)"
            raise ValueError(message)
        return cls(int(found[1]))

    def __str__(self) -> str:
        return "library" if self.guild_id is None else f"guild:{self.guild_id}"


LIBRARY = Collection()
