"""What became of an article: `articles history` and `articles undo`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.signs import one_line
from bot.terminal import desk_objects as objects
from bot.terminal.face import EMPTY, block
from bot.terminal.session import Exit
from bot.terminal.working import alone, helped, option_of, with_corpus
from corpus.drafts import DRAFT_KEPT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.app import Corpus
    from bot.terminal.face import Block
    from bot.terminal.session import Session
    from corpus.drafts import HistoryEntry, Line, Undone
    from corpus.model import AuditEntry

_STYLES = {"+": "green", "-": "red"}


def history(session: Session, key: str, collection: str, *, as_json: bool) -> Exit:
    """The revisions of an article were written, newest first, and which act can be taken back."""
    place = alone(collection)

    async def found(corpus: Corpus) -> tuple[list[HistoryEntry], AuditEntry | None]:
        entries = await helped(corpus.desk, place, key, corpus.desk.history(place, key))
        return entries, await corpus.desk.last_entry(place, key)

    entries, last = with_corpus(session, found)
    if as_json:
        for entry in entries:
            session.face.json(objects.of_revision(entry))
        return Exit.DONE
    for entry in entries:
        session.face.show(_revision(entry))
    if last and session.now() - last.at < DRAFT_KEPT:
        back = f"amicus articles undo {last.number}{option_of(place.own)}"
        session.face.tell(block(f"{back} takes the last act back ({last.action}, {one_line(last.actor)}).", "dim"))
    return Exit.DONE


def _revision(entry: HistoryEntry) -> Iterator[Block]:
    article = entry.article
    at = f" on {article.added_at:%Y-%m-%d %H:%M} UTC" if article.added_at else ""
    yield block(f"Revision {article.revision} by {one_line(article.added_by)}{at}: {one_line(article.title)}", "bold")
    yield from changes(entry.particulars, entry.lines)
    yield EMPTY


def changes(particulars: Sequence[tuple[str, str, str]], lines: Sequence[Line]) -> Iterator[Block]:
    """What differs between two revisions."""
    for name, before, after in particulars:
        yield block(f"{name}: {one_line(before) or '(none)'} → {one_line(after) or '(none)'}", indent=2)
    for line in lines:
        yield block(f"{line.sign} {one_line(line.text)}", _STYLES.get(line.sign, "dim"), indent=2)


def undo(session: Session, number: int, collection: str, *, as_json: bool) -> Exit:
    """The act of that number was taken back."""
    place = alone(collection)

    async def taken_back(corpus: Corpus) -> Undone:
        return await corpus.desk.undo(number, place, session.who, session.now())

    undone = with_corpus(session, taken_back)
    article = undone.article
    if as_json:
        session.face.json(objects.of_undone(undone))
    now = "it is removed now" if article.removed else f"it is at revision {article.revision} now"
    what = f"Taken back: {undone.entry.action} of {article.key} ({article.title}); {now}"
    session.face.tell(block(one_line(what), "green"))
    return Exit.DONE
