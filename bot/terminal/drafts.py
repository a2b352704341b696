"""Articles taken in or edited one by one, after a look at them: `articles add`, `articles edit`."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import UsageError
from bot.terminal.settling import settle
from bot.terminal.working import collection_named, helped, with_newsdesk
from corpus.desk import Giver
from corpus.drafts import Preview
from corpus.model import Rejected

if TYPE_CHECKING:
    from bot.app import Newsdesk
    from bot.terminal.session import Exit, Session
    from bot.terminal.settling import Ruling
    from corpus.desk import Desk, Drafting
    from corpus.drafts import Details, Place


def add(session: Session, source: str, collection: str, details: Details, ruling: Ruling) -> Exit:
    """The article behind the link, or in the file, was stored, refused, or waits as a draft, as was told."""
    collection_named(collection)
    ruling.check()
    check_details(details)
    link = source.lower().startswith(("http://", "https://"))
    data = b"" if link else content_of(Path(source))

    async def drafted(newsdesk: Newsdesk, place: Place) -> Drafting:
        desk, giver, now = newsdesk.desk, Giver(session.who), session.now()
        if link:
            found = await desk.draft_url(source, place, giver, now)
        else:
            path = Path(source)
            found = await desk.draft_file(path.name, data, None, place, giver, now, reference=source)
        return await _with_details(session, desk, place, found, details)

    return settle(session, collection, with_newsdesk(session, collection, drafted), ruling)


@dataclass(frozen=True, slots=True)
class Edited:
    """The article that is to be edited, with what is new of it."""

    collection: str
    key: str
    details: Details
    text: Path | None


def edit(session: Session, order: Edited, ruling: Ruling) -> Exit:
    """The article has a new revision with the particulars and the text that were given, or it waits as a draft."""
    collection, key, details, text = order.collection, order.key, order.details, order.text
    collection_named(collection)
    if text is None and not any_of(details):
        raise UsageError("Say what is to be changed: --title, --publication, --date, --link, --author or --text FILE.")
    check_details(details)
    data = content_of(text) if text else b""

    async def drafted(newsdesk: Newsdesk, place: Place) -> Drafting:
        desk, giver, now = newsdesk.desk, Giver(session.who), session.now()
        if text:
            act = desk.draft_new_text(place, key, text.name, data, None, giver, now)
            return await _with_details(session, desk, place, await helped(desk, place, key, act), details)
        article = await helped(desk, place, key, desk.show(place, key))
        return await desk.draft_edit(place, key, article.revision, details, giver, now)

    return settle(session, collection, with_newsdesk(session, collection, drafted), ruling)


def content_of(path: Path) -> bytes:
    """What the file holds, a little more than may be read of the largest at most; raises UsageError."""
    from corpus.readers.limits import DEFAULT_LIMITS  # noqa: PLC0415 - loads the readers

    if path.is_dir():
        raise UsageError(f"{path} is a folder; amicus import takes folders")
    try:
        with path.open("rb") as file:
            return file.read(DEFAULT_LIMITS.pdf_bytes + 1)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}; give a file, or a link with http:// or https://") from error


def any_of(details: Details) -> bool:
    """Whether anything was given."""
    return any(getattr(details, field.name) is not None for field in fields(details))


def check_details(details: Details) -> None:
    """Nothing where the particulars can be read; else raises UsageError with all that is wrong."""
    if any_of(details):
        from corpus.details import Faults, filled  # noqa: PLC0415 - loads the readers
        from corpus.readers.head import Head  # noqa: PLC0415 - the same

        if isinstance(wrong := filled(details, Head()), Faults):
            raise UsageError(str(wrong))


async def _with_details(session: Session, desk: Desk, place: Place, found: Drafting, details: Details) -> Drafting:
    """The same draft with these particulars; where they can't be had, it waits no longer."""
    if not isinstance(found, Preview) or not any_of(details):
        return found
    waiting = found.waiting
    edited = await desk.edit_draft(waiting.id, waiting.version, details, place, session.who, session.now())
    if isinstance(edited, Rejected):
        await desk.cancel(waiting.id, place, session.who, session.now())
    return edited
