"""`bench`: speed, memory and disk next to the engines that are installed, as tables, JSON and a picture."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich import box
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from bot.errors import UsageError
from bot.terminal.as_json import dumped
from bot.terminal.face import EMPTY, block
from bot.terminal.session import Exit
from retrieval.bench.engines import INSTALL, KINDS

if TYPE_CHECKING:
    from bot.terminal.session import Session
    from retrieval.bench import tables
    from retrieval.bench.report import Report
    from retrieval.bench.run import Plan, Source

_UNITS: Final = {"k": 1_000, "m": 1_000_000}
_LEAST_PASSAGES: Final = 100
_MOST_PASSAGES: Final = 5_000_000
_GENERATED: Final = (10_000,)
_ALL_OF_A_TEXT: Final = (_MOST_PASSAGES,)


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for, as it was written. `sizes` and `engines` are lists with commas; None is the default."""

    sizes: str | None = None
    engines: str | None = None
    rounds: int = 3
    questions: int = 200
    seed: int = 7
    text: Path | None = None
    save: Path | None = None
    as_json: bool = False
    as_markdown: bool = False


def measure(session: Session, order: Order) -> Exit:
    """The figures were written, and saved where that was asked for."""
    from retrieval.bench.run import Plan  # noqa: PLC0415 - brings numpy and the engine

    default = _ALL_OF_A_TEXT if order.text else _GENERATED
    sizes = sizes_of(order.sizes) if order.sizes is not None else default
    plan = Plan(sizes, chosen_engines(order.engines), order.rounds, order.questions)
    if order.as_json and order.as_markdown:
        raise UsageError("--json and --markdown exclude each other.")
    if order.save is not None:
        _check_saving(order.save)
    report = _measured(session, _source(order), plan)
    if order.save is not None:
        _save(report, order.save)
    _show(session, report, order)
    return Exit.DONE


def sizes_of(written: str) -> tuple[int, ...]:
    """The numbers of passages, ascending; raises UsageError."""
    return tuple(sorted({_size(part) for part in written.split(",")}))


def _size(written: str) -> int:
    number, unit = written.strip().lower(), 1
    if number[-1:] in _UNITS:
        number, unit = number[:-1], _UNITS[number[-1]]
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise UsageError(f"--sizes: {written.strip()!r} is no number of passages such as 5000, 10k or 1M.")
    if not _LEAST_PASSAGES <= int(number) * unit <= _MOST_PASSAGES:
        raise UsageError(f"--sizes: {written.strip()} is not between {_LEAST_PASSAGES} and {_MOST_PASSAGES:,}.")
    return int(number) * unit


def chosen_engines(written: str | None) -> tuple[str, ...]:
    """Names of engines in their order, without a list all that are usual; raises UsageError."""
    if written is None:
        return tuple(name for name, kind in KINDS.items() if not kind.on_demand)
    asked = {part.strip() for part in written.split(",")}
    if asked == {"all"}:
        return tuple(KINDS)
    if unknown := sorted(asked - KINDS.keys()):
        raise UsageError(f"--engines: {unknown[0]!r} is not among {', '.join(KINDS)} (or all).")
    return tuple(name for name in KINDS if name in asked)


def _check_saving(folder: Path) -> None:
    """Raises UsageError before minutes are spent where the picture couldn't be drawn, OSError where nothing can be."""
    if find_spec("matplotlib") is None:
        raise UsageError(f"--save: the picture needs matplotlib: {INSTALL}")
    folder.mkdir(parents=True, exist_ok=True)


def _source(order: Order) -> Source:
    from retrieval.bench.sources import Generated, Given  # noqa: PLC0415 - brings numpy

    if order.text is None:
        return Generated(order.seed)
    from bot.terminal.texts import read_texts  # noqa: PLC0415 - not needed otherwise

    return Given(f"text of {order.text.resolve().name}, seed {order.seed}", order.seed, read_texts(order.text))


def _measured(session: Session, source: Source, plan: Plan) -> Report:
    from retrieval.bench.run import measure as run  # noqa: PLC0415 - see above

    console = session.face.notices
    columns = (BarColumn(20), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    with (
        Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress,
        tempfile.TemporaryDirectory(prefix="amicus-bench-") as folder,
    ):
        task = progress.add_task("", total=plan.steps)

        def tell(what: str) -> None:
            progress.update(task, description=what, advance=1)
            if not console.is_terminal:
                session.face.tell(block(f"{what} …", "dim"))

        return run(source, plan, Path(folder), tell)


def _save(report: Report, folder: Path) -> None:
    from retrieval.bench import picture  # noqa: PLC0415 - the library that draws is optional

    (folder / "bench.json").write_text(dumped(report.told()) + "\n", "utf-8")
    picture.save(report, folder)


def _show(session: Session, report: Report, order: Order) -> None:
    from retrieval.bench import tables  # noqa: PLC0415 - see above

    if order.as_json:
        session.face.json(report.told())
    elif order.as_markdown:
        session.face.raw(tables.markdown(report))
    else:
        for table in tables.tables(report):
            session.face.console.print(_laid_out(table), soft_wrap=not session.face.on_terminal)
        session.face.show([EMPTY, *(block(note) for note in tables.notes(report))])


def _laid_out(table: tables.Table) -> Table:
    laid = Table(title=table.title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for number, name in enumerate(table.head):
        laid.add_column(name, justify="right" if number else "left")
    for row in table.rows:
        laid.add_row(*row)
    return laid
