"""The `amicus` command: the same use cases at the terminal.

The modules here hold names, options and help; what a command does stands in `bot.terminal`, imported when it is
called, so that `--help` needs none of it.
"""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli import articles, asking, feeds, files, measuring, queue, records, service
from bot.terminal.face import use_utf8
from bot.terminal.session import Common, guarded

cli = typer.Typer(
    name="amicus",
    help="Answers questions about tech-legal news with verbatim sentences and where they stand.",
    epilog="Exit codes: 0 done, 1 our fault, 2 wrong usage or configuration, 3 done in part, 130 interrupted.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
for _module in (asking, files, articles, feeds, queue, records, service, measuring):
    cli.add_typer(_module.commands)


def _print_version(wanted: bool) -> None:  # noqa: FBT001 - the shape that typer calls
    if wanted:
        from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - seldom needed

        try:
            number = version("amicus-bot")
        except PackageNotFoundError:
            number = "(run from its source, not installed)"
        typer.echo(f"amicus {number}")
        raise typer.Exit


@cli.callback()
def _program(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    """Options of the program itself; each command has its own."""


def main() -> None:
    """The program `amicus`; ends the process with its exit code."""
    use_utf8()
    raise SystemExit(guarded(Common(), lambda _: cli(prog_name="amicus")))
