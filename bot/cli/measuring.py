"""`eval`, `bench` and `votes`: how well, how fast, and what members say."""

# ruff: noqa: PLC0415, PLR0917 - see `bot.cli`; the framework calls these functions, by name

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.options import AsOfOption, ConfigOption, DebugOption, JsonOption
from bot.terminal.session import Common, perform

commands = typer.Typer()


@commands.command(name="eval")
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


@commands.command()
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
    """Measure speed, memory and disk, beside other engines."""
    from bot.terminal import bench as benchmark

    order = benchmark.Order(sizes, engines, rounds, questions, seed, text, save, as_json, as_markdown)
    raise typer.Exit(perform(Common(config, debug), lambda session: benchmark.measure(session, order)))


@commands.command()
def votes(*, as_json: JsonOption = False, config: ConfigOption = None, debug: DebugOption = False) -> None:
    """Count the votes on the answers still kept, by outcome."""
    from bot.terminal.votes import votes as counted

    raise typer.Exit(perform(Common(config, debug), lambda session: counted(session, as_json=as_json)))
