"""`audit`: who did what."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from bot.dates import EXAMPLES, read_date
from bot.errors import UsageError
from bot.signs import visible
from bot.terminal import desk_objects as objects
from bot.terminal.face import block
from bot.terminal.session import Exit
from bot.terminal.table import table, total_of
from bot.terminal.working import alone, with_corpus
from bot.wording import plural
from corpus.auditfile import HEADER
from corpus.drafts import AuditFilter

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from bot.app import Corpus
    from bot.dates import Period
    from bot.terminal.session import Session
    from corpus.drafts import Place
    from corpus.model import AuditEntry

_COLUMNS = ("NUMBER", "AT (UTC)", "WHO", "WHAT", "ARTICLE OR DRAFT", "REVISION", "DETAIL")


@dataclass(frozen=True, slots=True)
class Order:
    """Which entries are wanted, and in which form."""

    collection: str
    by: str | None
    article: str | None
    since: str | None
    until: str | None
    limit: int
    offset: int
    csv: str | None
    as_json: bool


def audit(session: Session, order: Order) -> Exit:
    """The acts that were meant were listed, newest first, or written to a file."""
    place, wanted = alone(order.collection), _filter(order, session.now().date())
    if order.csv is None:
        return _list(session, place, wanted, order)
    if order.as_json:
        raise UsageError("give either --csv FILE or --json")
    return _write(session, place, wanted, order.csv)


def _filter(order: Order, today: date) -> AuditFilter:
    since, until = (_period(name, text, today) for name, text in (("since", order.since), ("until", order.until)))
    if since and until and since.first > until.last:
        raise UsageError(f"--since {since.first} is after --until {until.last}")
    return AuditFilter(_actor(order.by), order.article, since.first if since else None, until.last if until else None)


def _actor(written: str | None) -> str | None:
    """Whose acts are meant; a number alone is a member of Discord."""
    if written and written.isascii() and written.isdigit():
        return f"discord:{written}"
    return written


def _period(name: str, text: str | None, today: date) -> Period | None:
    if text is None:
        return None
    period = read_date(text, today)
    if period is None:
        raise UsageError(f"--{name}: not a date: {text[:40]!r}; write {EXAMPLES}")
    return period


def _list(session: Session, place: Place, wanted: AuditFilter, order: Order) -> Exit:
    async def found(corpus: Corpus) -> tuple[list[AuditEntry], int]:
        page = await corpus.desk.audit(place, wanted, limit=order.limit, offset=order.offset)
        return page, await corpus.desk.audit_length(place, wanted)

    page, total = with_corpus(session, found)
    if order.as_json:
        for entry in page:
            session.face.json(objects.of_entry(entry))
    elif page:
        session.face.show(table(_COLUMNS, [_cells(entry) for entry in page]))
    if total:
        session.face.tell(total_of("act", shown=len(page), offset=order.offset, total=total))
    else:
        session.face.tell(block("No act is like that." if wanted != AuditFilter() else "Nothing was done here yet."))
    return Exit.DONE


def _cells(entry: AuditEntry) -> tuple[str, ...]:
    revision = str(entry.revision) if entry.revision else "-"
    at = f"{entry.at:%Y-%m-%d %H:%M:%S}"
    return str(entry.number), at, entry.actor, entry.action, entry.key or "-", revision, entry.detail


def _write(session: Session, place: Place, wanted: AuditFilter, file: str) -> Exit:
    """All that was meant stands in the file, or was written to standard output."""
    if file != "-":
        _check(Path(file))

    def shown(piece: str) -> None:
        text = visible(piece.replace("\r\n", "\n")) if session.face.on_terminal else piece
        session.face.out.write(text)

    async def told(corpus: Corpus, write: Callable[[str], object]) -> int:
        async for piece in corpus.desk.audit_csv(place, wanted):
            write(piece)
        return await corpus.desk.audit_length(place, wanted)

    if file == "-":
        total = with_corpus(session, lambda corpus: told(corpus, shown))
    else:
        with _opened(Path(file)) as out:
            total = with_corpus(session, lambda corpus: told(corpus, out.write))
    session.face.tell(block(f"{plural(total, 'act')} written" + ("" if file == "-" else f" to {file}"), "green"))
    return Exit.DONE


def _check(file: Path) -> None:
    """The file may be written: it is new, empty, an earlier one of this record, or no file of the disk."""
    if file.is_dir():
        raise UsageError(f"{file} is a folder; name a file, such as {file / 'audit.csv'}")
    if not file.is_file():
        return
    try:
        with file.open("rb") as there:
            begins = there.read(len(HEADER))
    except OSError as error:
        raise UsageError(f"{file} can't be written: {error.strerror}") from error
    if begins not in {b"", HEADER.encode()}:
        raise UsageError(f"{file} exists and is no audit record; choose another name")


def _opened(file: Path) -> TextIO:
    try:
        return file.open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise UsageError(f"{file} can't be written: {error.strerror}") from error
