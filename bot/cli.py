"""The `amicus` command: the same use cases at the terminal.

This file holds names, options and help; what a command does stands in `bot.terminal`, imported when it is called, so
that `--help` needs none of it.
"""

# ruff: noqa: PLC0415, PLR0917 - see above; the framework calls these functions, by name

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.terminal.face import use_utf8
from bot.terminal.session import Common, guarded, perform

if TYPE_CHECKING:
    from bot.terminal.questions import Scope

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

ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help="Settings; else $AMICUS_CONFIG, else ./config.yaml, else defaults."),
]
DebugOption = Annotated[bool, typer.Option("--debug", help="Log everything and show where a fault happened.")]
JsonOption = Annotated[bool, typer.Option("--json", help="JSON, one object per line.")]
CollectionOption = Annotated[
    str,
    typer.Option(
        "--collection", metavar="NAME", help="library or guild:ID (which sees its own articles and the library)."
    ),
]
OwnCollectionOption = Annotated[str, typer.Option("--collection", metavar="NAME", help="library or guild:ID.")]
SinceOption = Annotated[
    str | None,
    typer.Option(
        "--since", metavar="DATE", help="Articles from this day on: 2021-01-31, 2021-01, 2021, '3 weeks ago'."
    ),
]
UntilOption = Annotated[
    str | None,
    typer.Option("--until", metavar="DATE", help="Articles up to this day, or to the end of this month or year."),
]
PublicationOption = Annotated[
    list[str] | None,
    typer.Option("--publication", metavar="NAME", help="Articles of this publication; may be repeated."),
]
AsOfOption = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="DATE",
        help="The asking time, from which 'last week' counts: a date (its end, UTC) or a moment; default now. "
        "It hides no later article; --until does.",
    ),
]
BatchOption = Annotated[
    str | None,
    typer.Option(
        "--batch",
        metavar="FILE",
        help="One question per line, plain or as JSON with question, id, as_of …; - reads input.",
    ),
]
KeyArgument = Annotated[str, typer.Argument(metavar="KEY", help="The article's key, as `amicus articles` lists it.")]


def _scope(
    collection: str, since: str | None, until: str | None, publication: list[str] | None, as_of: str | None
) -> Scope:
    from bot.terminal.questions import Scope

    return Scope(collection, since, until, tuple(publication or ()), as_of)


def _joined(words: list[str] | None) -> str | None:
    """What was written without quotes, as one text."""
    return None if words is None else " ".join(words)


def _print_version(wanted: bool) -> None:  # noqa: FBT001 - the shape that typer calls
    if wanted:
        from importlib.metadata import PackageNotFoundError, version

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


@cli.command()
def ask(
    question: Annotated[list[str] | None, typer.Argument(metavar="QUESTION", help="Best in quotes.")] = None,
    batch: BatchOption = None,
    collection: CollectionOption = "library",
    since: SinceOption = None,
    until: UntilOption = None,
    publication: PublicationOption = None,
    as_of: AsOfOption = None,
    *,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    debug: DebugOption = False,
) -> None:
    """Print the cited answer to a question or to a batch."""
    from bot.terminal import asking

    order = asking.Order(_joined(question), batch, _scope(collection, since, until, publication, as_of), as_json)
    raise typer.Exit(perform(Common(config, debug), lambda session: asking.reply(session, order, asking.answer)))


@cli.command()
def explain(
    question: Annotated[list[str], typer.Argument(metavar="QUESTION", help="Best in quotes.")],
    collection: CollectionOption = "library",
    since: SinceOption = None,
    until: UntilOption = None,
    publication: PublicationOption = None,
    as_of: AsOfOption = None,
    *,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    debug: DebugOption = False,
) -> None:
    """Print how the answer to a question comes about, stage by stage."""
    from bot.terminal import asking

    order = asking.Order(_joined(question), None, _scope(collection, since, until, publication, as_of), as_json)
    raise typer.Exit(perform(Common(config, debug), lambda session: asking.reply(session, order, asking.explanation)))


@cli.command()
def search(
    words: Annotated[list[str] | None, typer.Argument(metavar="WORDS", help="Best in quotes.")] = None,
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="Passages at most.")] = 10,
    batch: BatchOption = None,
    collection: CollectionOption = "library",
    since: SinceOption = None,
    until: UntilOption = None,
    publication: PublicationOption = None,
    as_of: AsOfOption = None,
    *,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    debug: DebugOption = False,
) -> None:
    """Print the passages that hold the words, best first."""
    from bot.terminal import asking

    order = asking.Order(_joined(words), batch, _scope(collection, since, until, publication, as_of), as_json)
    raise typer.Exit(perform(Common(config, debug), lambda session: asking.reply(session, order, asking.Search(k))))


@cli.command()
def chat(
    collection: CollectionOption = "library",
    since: SinceOption = None,
    until: UntilOption = None,
    publication: PublicationOption = None,
    as_of: AsOfOption = None,
    *,
    config: ConfigOption = None,
    debug: DebugOption = False,
) -> None:
    """Ask in a loop at the terminal."""
    from bot.terminal import asking

    scope = _scope(collection, since, until, publication, as_of)
    raise typer.Exit(perform(Common(config, debug), lambda session: asking.chat(session, scope)))


@cli.command(name="import")
def import_(
    paths: Annotated[list[str], typer.Argument(metavar="PATH…", help="Files or folders: .txt .md .html .pdf .jsonl")],
    collection: OwnCollectionOption = "library",
    *,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    debug: DebugOption = False,
) -> None:
    """Take articles in. Importing the same files again changes nothing."""
    from bot.terminal import desk

    raise typer.Exit(
        perform(Common(config, debug), lambda session: desk.take_in(session, paths, collection, as_json=as_json))
    )


@cli.command()
def articles(
    text: Annotated[
        str | None, typer.Argument(metavar="TEXT", help="Part of a key or title.", show_default=False)
    ] = None,
    collection: OwnCollectionOption = "library",
    publication: Annotated[
        str | None, typer.Option("--publication", metavar="NAME", help="Of this publication.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=100_000, help="Articles at most.")] = 50,
    offset: Annotated[int, typer.Option("--offset", min=0, help="Articles to pass over.")] = 0,
    *,
    removed: Annotated[bool, typer.Option("--removed", help="Those that were removed and can be restored.")] = False,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    debug: DebugOption = False,
) -> None:
    """List the articles: key, date, publication, title."""
    from bot.terminal import desk

    wanted = desk.Wanted(collection, text, publication, removed=removed, limit=limit, offset=offset)
    raise typer.Exit(perform(Common(config, debug), lambda session: desk.list_(session, wanted, as_json=as_json)))


@cli.command()
def show(
    key: KeyArgument,
    collection: OwnCollectionOption = "library",
    revision: Annotated[
        int | None, typer.Option("--revision", min=1, help="An earlier state; default the newest.")
    ] = None,
    *,
    raw: Annotated[bool, typer.Option("--raw", help="The text as it came in, before cleaning.")] = False,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    debug: DebugOption = False,
) -> None:
    """Print an article with its head."""
    from bot.terminal import desk

    chosen = desk.Chosen(collection, key, revision)
    raise typer.Exit(
        perform(Common(config, debug), lambda session: desk.show(session, chosen, raw=raw, as_json=as_json))
    )


@cli.command()
def remove(
    key: KeyArgument,
    collection: OwnCollectionOption = "library",
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, kept with the removal.")] = "",
    *,
    config: ConfigOption = None,
    debug: DebugOption = False,
) -> None:
    """Take an article out; `restore` brings it back."""
    from bot.terminal import desk

    raise typer.Exit(
        perform(Common(config, debug), lambda session: desk.remove(session, desk.Chosen(collection, key), why=why))
    )


@cli.command()
def restore(
    key: KeyArgument,
    collection: OwnCollectionOption = "library",
    *,
    config: ConfigOption = None,
    debug: DebugOption = False,
) -> None:
    """Bring a removed article back."""
    from bot.terminal import desk

    raise typer.Exit(
        perform(Common(config, debug), lambda session: desk.restore(session, desk.Chosen(collection, key)))
    )


@cli.command()
def export(
    file: Annotated[str, typer.Argument(metavar="FILE", help="Where to; - writes to standard output.")],
    collection: OwnCollectionOption = "library",
    *,
    config: ConfigOption = None,
    debug: DebugOption = False,
) -> None:
    """Write the articles as JSON lines, as `import` reads them."""
    from bot.terminal import desk

    raise typer.Exit(perform(Common(config, debug), lambda session: desk.export(session, file, collection)))


@cli.command()
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to; an earlier backup there is replaced.")],
    *,
    config: ConfigOption = None,
    debug: DebugOption = False,
) -> None:
    """Copy everything stored, also while a bot runs."""
    from bot.terminal import upkeep

    raise typer.Exit(perform(Common(config, debug), lambda session: upkeep.backup(session, file)))


@cli.command(name="restore-backup")
def restore_backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="A copy made by `backup`.")],
    *,
    config: ConfigOption = None,
    debug: DebugOption = False,
) -> None:
    """Put a backup back; what it replaces is kept beside it."""
    from bot.terminal import upkeep

    raise typer.Exit(perform(Common(config, debug), lambda session: upkeep.restore_backup(session, file)))


@cli.command()
def check(*, as_json: JsonOption = False, config: ConfigOption = None, debug: DebugOption = False) -> None:
    """Say what is wrong, and what to do about it."""
    from bot.terminal import upkeep

    raise typer.Exit(upkeep.check(Common(config, debug), as_json=as_json))


index = typer.Typer(help="The search index, which is made from the articles.", no_args_is_help=True)
cli.add_typer(index, name="index")


@index.command(name="status")
def index_status(*, as_json: JsonOption = False, config: ConfigOption = None, debug: DebugOption = False) -> None:
    """Say where the index is, what it holds, and how far it is where it is being made."""
    from bot.terminal import index as indexes

    raise typer.Exit(perform(Common(config, debug), lambda session: indexes.status(session, as_json=as_json)))


@index.command(name="rebuild")
def index_rebuild(*, as_json: JsonOption = False, config: ConfigOption = None, debug: DebugOption = False) -> None:
    """Make the index anew from the articles, with the bot stopped."""
    from bot.terminal import index as indexes

    raise typer.Exit(perform(Common(config, debug), lambda session: indexes.rebuild(session, as_json=as_json)))


@index.command(name="verify")
def index_verify(
    questions: Annotated[int, typer.Option("--questions", min=0, max=10_000, help="Questions compared.")] = 20,
    seed: Annotated[int, typer.Option("--seed", help="Which questions are chosen.")] = 0,
    *,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    debug: DebugOption = False,
) -> None:
    """Hold the index against its checksums, the articles, and rank-bm25; also while a bot runs."""
    from bot.terminal import index as indexes

    common = Common(config, debug)
    raise typer.Exit(
        perform(common, lambda session: indexes.verify(session, questions=questions, seed=seed, as_json=as_json))
    )


@cli.command()
def votes(*, as_json: JsonOption = False, config: ConfigOption = None, debug: DebugOption = False) -> None:
    """Count the votes of members on the answers still kept, by outcome."""
    from bot.terminal.votes import votes as counted

    raise typer.Exit(perform(Common(config, debug), lambda session: counted(session, as_json=as_json)))


@cli.command()
def health(*, config: ConfigOption = None, debug: DebugOption = False) -> None:
    """Exit with 0 where a bot runs and is connected, else 1."""
    from bot.terminal import upkeep

    raise typer.Exit(perform(Common(config, debug), upkeep.health))


@cli.command()
def run(*, config: ConfigOption = None, debug: DebugOption = False) -> None:
    """Run the bot on Discord."""
    from bot.terminal import service

    raise typer.Exit(perform(Common(config, debug), service.run, service=True))


@cli.command()
def sync(*, config: ConfigOption = None, debug: DebugOption = False) -> None:
    """Register the commands with Discord, changed or not."""
    from bot.terminal import service

    raise typer.Exit(perform(Common(config, debug), service.sync))


@cli.command(name="eval")
def eval_(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="DIR",
            exists=True,
            file_okay=False,
            help="corpus.jsonl, queries*.jsonl and qrels/; or articles/ and questions*.tsv.",
        ),
    ],
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Questions of each set at most.")] = None,
    articles: Annotated[
        list[str] | None,
        typer.Option(
            "--articles", metavar="PATH", help="More articles: a file, a folder or KEY=FILE; may be repeated."
        ),
    ] = None,
    half: Annotated[
        str, typer.Option("--half", metavar="NAME", help="A, B or another half of the set, or all.")
    ] = "all",
    as_of: AsOfOption = None,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Also a web page, with each miss explained.")
    ] = None,
    misses: Annotated[int, typer.Option("--misses", min=0, help="Misses of each set explained there at most.")] = 100,
    *,
    show_half_b: Annotated[
        bool, typer.Option("--show-half-b", help="Explain half B's misses too; it is then no test any more.")
    ] = False,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    debug: DebugOption = False,
) -> None:
    """Print how well the questions of a set are answered."""
    from bot.terminal import figures

    order = figures.Order(
        folder,
        limit=limit,
        articles=tuple(articles or ()),
        half=half,
        as_of=as_of,
        page=html,
        misses=misses,
        show_withheld=show_half_b,
        as_json=as_json,
    )
    raise typer.Exit(perform(Common(config, debug), lambda session: figures.evaluate(session, order)))


@cli.command()
def bench(
    sizes: Annotated[
        str | None,
        typer.Option("--sizes", metavar="LIST", help="Numbers of passages: 10k,100k,1M; default 10k, or a whole text."),
    ] = None,
    engines: Annotated[
        str | None, typer.Option("--engines", metavar="LIST", help="Engines by name, or all; default those installed.")
    ] = None,
    rounds: Annotated[int, typer.Option("--rounds", min=1, max=100, help="Rounds; medians of them count.")] = 3,
    questions: Annotated[int, typer.Option("--questions", min=20, max=100_000, help="Questions in each round.")] = 200,
    seed: Annotated[int, typer.Option("--seed", min=0, max=2**32, help="What chance begins with.")] = 7,
    text: Annotated[
        Path | None,
        typer.Option(
            "--text",
            metavar="DIR",
            exists=True,
            file_okay=False,
            help="Ask of the .txt .md .rst .html .jsonl in DIR.",
        ),
    ] = None,
    save: Annotated[
        Path | None, typer.Option("--save", metavar="DIR", help="Write bench.json, bench.png and bench.svg there.")
    ] = None,
    *,
    as_json: JsonOption = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="Tables as Markdown.")] = False,
    config: ConfigOption = None,
    debug: DebugOption = False,
) -> None:
    """Measure speed, memory and disk, next to the engines that are installed."""
    from bot.terminal import bench as benchmark

    order = benchmark.Order(sizes, engines, rounds, questions, seed, text, save, as_json, as_markdown)
    raise typer.Exit(perform(Common(config, debug), lambda session: benchmark.measure(session, order)))


def main() -> None:
    """The program `amicus`; ends the process with its exit code."""
    use_utf8()
    raise SystemExit(guarded(Common(), lambda _: cli(prog_name="amicus")))
