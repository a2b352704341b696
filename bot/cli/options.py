"""What many commands take: their options and arguments with their help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

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
KeepBothOption = Annotated[
    bool, typer.Option("--keep-both", help="Store it although articles like it are stored; needs no --yes.")
]
ReplaceOption = Annotated[
    str | None,
    typer.Option("--replace", metavar="KEY", help="Store it as a new revision of this article, which is like it."),
]
TitleOption = Annotated[str | None, typer.Option("--title", metavar="TEXT", help="Its title.")]
NameOption = Annotated[
    str | None, typer.Option("--publication", metavar="NAME", help="Who published it; '' for nobody known.")
]
DateOption = Annotated[str | None, typer.Option("--date", metavar="DATE", help="The day it is of; '' for none.")]
LinkOption = Annotated[str | None, typer.Option("--link", metavar="URL", help="Where it stands; '' for nowhere.")]
AuthorOption = Annotated[
    list[str] | None, typer.Option("--author", metavar="NAME", help="Who wrote it; may be repeated; '' for nobody.")
]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")]
LimitOption = Annotated[int, typer.Option("--limit", "-n", min=1, max=100_000, help="Lines at most.")]
OffsetOption = Annotated[int, typer.Option("--offset", min=0, help="Lines to pass over.")]
