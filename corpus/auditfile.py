"""The audit record as a file of comma-separated values (RFC 4180), safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corpus.model import AuditEntry

COLUMNS: Final = ("number", "at", "actor", "action", "collection", "key", "revision", "detail")
HEADER: Final = ",".join(COLUMNS) + "\r\n"

# A spreadsheet takes a cell that begins with one of these for a formula (https://owasp.org/www-community/attacks/CSV_Injection);
# some take their wide forms too, and some overlook white space in front.
_FORMULA: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def lines_of(entries: Iterable[AuditEntry]) -> str:
    """A line for each entry, with its line end, in the order of `COLUMNS`; times are UTC in ISO 8601."""
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator="\r\n").writerows(_cells(entry) for entry in entries)
    return file.getvalue()


def _cells(entry: AuditEntry) -> list[str]:
    cells = (
        str(entry.number),
        entry.at.isoformat(timespec="seconds"),
        entry.actor,
        entry.action,
        str(entry.collection),
        entry.key,
        str(entry.revision),
        entry.detail,
    )
    return [guarded(cell) for cell in cells]


def guarded(cell: str) -> str:
    """The cell with an apostrophe in front where a spreadsheet could take it for a formula."""
    risky = cell.startswith(("\t", "\r", "\n")) or cell.lstrip().startswith(_FORMULA)
    return f"'{cell}" if risky else cell
