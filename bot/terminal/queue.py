"""What waits for review at the terminal: `queue list`, `show`, `approve`, `reject`, `edit`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import UsageError
from bot.signs import one_line
from bot.terminal import desk_objects as objects
from bot.terminal.drafts import any_of, check_details
from bot.terminal.face import block, labelled
from bot.terminal.previews import blocks_of_preview
from bot.terminal.session import Exit
from bot.terminal.settling import Ruling, settle
from bot.terminal.table import table, total_of
from bot.terminal.working import alone, collection_named, with_corpus, with_newsdesk
from corpus.drafts import DraftOrigin, Preview
from corpus.errors import Conflict
from corpus.model import Rejected

if TYPE_CHECKING:
    from bot.app import Corpus, Newsdesk
    from bot.terminal.session import Session
    from corpus.drafts import Details, Place, WaitingDraft


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a collection's queue is to be listed."""

    collection: str
    limit: int
    offset: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """One draft; where a version is named, in that alone."""

    collection: str
    draft: str
    version: int | None = None


def list_(session: Session, page: Page, *, as_json: bool) -> Exit:
    """What waits for review was listed, the oldest first, and how much there is in all."""
    place = alone(page.collection)

    async def found(corpus: Corpus) -> tuple[list[WaitingDraft], int]:
        return await corpus.desk.queue(place, page.limit, page.offset), await corpus.desk.queue_length(place)

    queued, total = with_corpus(session, found)
    if as_json:
        for waiting in queued:
            session.face.json(objects.of_waiting(waiting))
    elif queued:
        session.face.show(table(("DRAFT", "SINCE", "BY", "WORDS", "TITLE"), [_cells(waiting) for waiting in queued]))
    if total:
        session.face.tell(total_of("draft", shown=len(queued), offset=page.offset, total=total))
    else:
        session.face.tell(block(f"Nothing waits for review in {page.collection}."))
    return Exit.DONE


def _cells(waiting: WaitingDraft) -> tuple[str, str, str, str, str]:
    draft = waiting.draft
    return waiting.id, f"{waiting.at:%Y-%m-%d}", waiting.by, f"{len(draft.text.split()):,}", draft.title


def show(session: Session, chosen: Chosen, *, as_json: bool) -> Exit:
    """The draft was written with all of its text."""
    preview = _preview(session, chosen)
    if as_json:
        session.face.json(objects.of_preview(preview))
    else:
        session.face.show(blocks_of_preview(preview, session.now().date(), whole=True))
    return Exit.DONE


def _preview(session: Session, chosen: Chosen) -> Preview:
    """The draft as it is; raises Conflict where another version was meant."""

    async def found(newsdesk: Newsdesk, place: Place) -> Preview:
        return await newsdesk.desk.preview(chosen.draft, place)

    preview = with_newsdesk(session, chosen.collection, found)
    if chosen.version not in {None, preview.waiting.version}:
        raise Conflict(f"The draft is in version {preview.waiting.version} by now; look at it again.")
    return preview


def approve(session: Session, chosen: Chosen, ruling: Ruling) -> Exit:
    """The draft is an article, or what stands in the way was told."""
    ruling.check()
    preview = _preview(session, chosen)
    if not preview.waiting.is_open:
        raise Conflict(_decided(preview.waiting))
    _tell_of_giver(session, preview.waiting)
    return settle(session, chosen.collection, preview, ruling, shown=False)


def reject(session: Session, chosen: Chosen, why: str, *, as_json: bool) -> Exit:
    """The draft is refused for that reason."""
    if not why.strip():
        raise UsageError("--why needs a reason")
    place = alone(chosen.collection)

    async def refused(corpus: Corpus) -> WaitingDraft:
        return await corpus.desk.reject(chosen.draft, place, session.who, session.now(), why)

    waiting = with_corpus(session, refused)
    if as_json:
        session.face.json(objects.of_waiting(waiting) | {"outcome": "rejected"})
    else:
        session.face.show([labelled("rejected", "green", f"{waiting.id}: {waiting.draft.title}")])
    _tell_of_giver(session, waiting)
    return Exit.DONE


def _tell_of_giver(session: Session, waiting: WaitingDraft) -> None:
    if waiting.tell and waiting.origin is DraftOrigin.SUGGESTION:
        told = f"{one_line(waiting.by)} asked to be told, which only a decision made on Discord does."
        session.face.tell(block(told, "yellow"))


def edit(session: Session, chosen: Chosen, details: Details, *, as_json: bool) -> Exit:
    """The draft has these particulars, in a new version."""
    collection_named(chosen.collection)
    if not any_of(details):
        raise UsageError("Say what is to be corrected: --title, --publication, --date, --link or --author.")
    check_details(details)

    async def edited(newsdesk: Newsdesk, place: Place) -> Preview | Rejected:
        desk = newsdesk.desk
        version = chosen.version or (await desk.preview(chosen.draft, place)).waiting.version
        return await desk.edit_draft(chosen.draft, version, details, place, session.who, session.now())

    outcome = with_newsdesk(session, chosen.collection, edited)
    if isinstance(outcome, Rejected):
        return settle(session, chosen.collection, outcome, Ruling(as_json=as_json))
    if as_json:
        session.face.json(objects.of_preview(outcome))
    else:
        session.face.show(blocks_of_preview(outcome, session.now().date()))
    return Exit.DONE


def _decided(waiting: WaitingDraft) -> str:
    decision = waiting.decision
    who = f" by {decision.by} on {decision.at:%Y-%m-%d %H:%M} UTC" if decision else ""
    return f"It was {waiting.state} already{who}."
