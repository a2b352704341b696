"""Groups of commands that list something where no command of theirs is named."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from typer.core import TyperGroup

if TYPE_CHECKING:
    from typer._click.core import Context

_LIST = "list"
_HELP = ("-h", "--help")


class Listing(TyperGroup):
    """A group whose command `list` needs no name: `amicus queue --json` is `amicus queue list --json`."""

    default: ClassVar[str] = _LIST
    searches: ClassVar[bool] = False
    """Whether a first word that is no command is one to list by."""

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """What is left of the words after the group's own; `list` stands in front where no command does."""
        return super().parse_args(ctx, args if self._names_command(args) else [self.default, *args])

    def _names_command(self, args: list[str]) -> bool:
        if not args:
            return False
        first = args[0]
        return first in self.commands or first in _HELP or not (self.searches or first.startswith("-"))


class Searching(Listing):
    """A `Listing` that takes words: `amicus articles amazon` is `amicus articles list amazon`."""

    searches: ClassVar[bool] = True
