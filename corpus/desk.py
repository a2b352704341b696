"""The corpus desk: what moderators do with articles, on Discord and at the terminal.

Everything that changes the store goes through a transaction of its own with its audit row. What is read and written is
told by a `Place`: drafts, the queue and the record are those of the collection that is written to; articles are those
of all collections that are seen. What another guild has is not found, told in the same words as what never was.

Readers and the splitter are imported when something is drafted: who only asks does not wait for them.
"""

from __future__ import annotations

import asyncio
import secrets
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias

from corpus.auditfile import HEADER, lines_of
from corpus.dedupe import canonical_url
from corpus.drafts import (
    DRAFT_KEPT,
    QUEUE_KEPT,
    AuditFilter,
    Base,
    Choice,
    Decision,
    Details,
    DraftOrigin,
    DraftState,
    Handling,
    Preview,
    WaitingDraft,
)
from corpus.errors import ArticleNotFound, Conflict, Unreadable
from corpus.model import AlreadyKnown, Draft, Rejected, Source, SourceKind

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from datetime import datetime

    from corpus.collection import Collection
    from corpus.drafts import HistoryEntry, Place, Purged, Resembling, Undone
    from corpus.fetch.values import Fetched, NotModified
    from corpus.model import Article, ArticleSummary, AuditEntry, IngestOutcome, Passage
    from corpus.store import Store

REASON_CHARS: Final = 1_000
"""So much is kept of the reason that someone gives."""
CHOICES: Final = 25
"""So many titles are offered to someone who types one."""
_DRAFT_ID_BYTES: Final = 8
_AUDIT_PAGE: Final = 500
_AFTER_ALL: Final = 1 << 63
"""Above the number of any entry, article or feed."""

Drafting: TypeAlias = Preview | AlreadyKnown | Rejected
"""What becomes of what somebody brings in. Only with a preview was a draft kept."""


class Fetcher(Protocol):
    """Gets what a link leads to."""

    async def fetch(self, url: str) -> Fetched | NotModified:
        """What the link gives; raises Unreadable with a sentence for the person who gave it."""


class Reading(Protocol):
    """Turns bytes into an article."""

    async def read(self, data: bytes, *, name: str, source: Source, media_type: str | None = None) -> Draft | Rejected:
        """The one article in `data`, or the reason why it can't be read."""


@dataclass(frozen=True, slots=True)
class Giver:
    """Who brings something in, and as what; `tell`: they want to hear what becomes of it."""

    by: str
    origin: DraftOrigin = DraftOrigin.MODERATOR
    tell: bool = False


class Desk:
    """The use cases on one store. No `fetcher`: links are refused; no `reading`: each file starts a process."""

    def __init__(self, store: Store, *, fetcher: Fetcher | None = None, reading: Reading | None = None) -> None:
        self._store = store
        self._fetcher = fetcher
        self._reading: Reading = reading or _ReadingOnce()

    # --- drafts of new articles

    async def draft_url(self, url: str, place: Place, giver: Giver, now: datetime) -> Drafting:
        """The article that the link leads to waits as a draft. A link that is stored already is not fetched."""
        from corpus.details import link_of  # noqa: PLC0415 - loads the readers

        source = Source(SourceKind.URL, _sound(url))
        try:
            link = link_of(source.reference)
            if standing := await self._standing(link, source, place):
                return standing
            fetched = await self._fetched(link)
            moved = canonical_url(fetched.url) != canonical_url(link)
            if moved and (standing := await self._standing(fetched.url, source, place)):
                return standing
        except (Unreadable, ValueError) as error:
            return Rejected(source, str(error))
        found = replace(source, reference=fetched.url)
        draft = await self._reading.read(fetched.data, name="", source=found, media_type=fetched.media_type)
        return await self._kept(draft, place, giver, now)

    async def draft_file(  # noqa: PLR0917 - what, where, who, when: the order of all of them
        self,
        name: str,
        data: bytes,
        media_type: str | None,
        place: Place,
        giver: Giver,
        now: datetime,
        *,
        reference: str = "",
    ) -> Drafting:
        """The article in the file waits as a draft; `reference` says where the file came from."""
        source = Source(SourceKind.FILE, _sound(reference or name))
        draft = await self._reading.read(data, name=_sound(name), source=source, media_type=media_type)
        return await self._kept(draft, place, giver, now)

    async def draft_text(
        self, details: Details, place: Place, giver: Giver, now: datetime, *, reference: str = ""
    ) -> Drafting:
        """The article that was typed or pasted waits as a draft; a refusal names every field that is wrong."""
        from corpus.drafting import typed  # noqa: PLC0415 - loads the readers

        source = Source(SourceKind.PASTE, _sound(reference))
        draft = await asyncio.to_thread(typed, _sound_details(details), source)
        return await self._kept(draft if isinstance(draft, Draft) else Rejected(source, str(draft)), place, giver, now)

    async def keep_draft(self, draft: Draft, place: Place, giver: Giver, now: datetime) -> Drafting:
        """The draft, read already, waits for a decision unless what it says is stored, was removed or taken down."""
        draft = replace(draft, key=None)  # a key that a file brings could be another article's
        found = await self._store.resembling(draft, place)
        if obstacle := found.hindrance(draft.source):
            return obstacle
        if giver.origin is not DraftOrigin.MODERATOR and await self._store.queued_like(draft, place.own) is not None:
            return Rejected(draft.source, "It waits in the review queue already.")
        return await self._wait(draft, place, giver, now, found)

    # --- drafts of articles that are edited

    async def draft_edit(  # noqa: PLR0917 - what, where, who, when: the order of all of them
        self, place: Place, key: str, revision: int, details: Details, giver: Giver, now: datetime
    ) -> Drafting:
        """An edit of the stored article waits as a draft.

        Raises ArticleNotFound, or Conflict where the article is removed or its current revision is another.
        """
        from corpus.drafting import edited, of_article  # noqa: PLC0415 - loads the readers

        article = await self._own(place, key)
        if article.revision != revision:
            raise Conflict(_changed(article))
        before = of_article(article, await self._store.raw_text(article.id, article.revision))
        draft = await asyncio.to_thread(edited, before, _sound_details(details))
        if not isinstance(draft, Draft):
            return Rejected(before.source, str(draft))
        return await self._kept_edit(before, draft, article, place, giver, now)

    async def draft_new_text(  # noqa: PLR0917 - what, where, who, when: the order of all of them
        self, place: Place, key: str, name: str, data: bytes, media_type: str | None, giver: Giver, now: datetime
    ) -> Drafting:
        """The article with the text of the file in place of its own waits as a draft; its particulars stay.

        Raises ArticleNotFound, or Conflict where the article is removed.
        """
        from corpus.drafting import of_article, with_new_text  # noqa: PLC0415 - loads the readers

        article = await self._own(place, key)
        source = Source(SourceKind.FILE, _sound(name))
        read = await self._reading.read(data, name=_sound(name), source=source, media_type=media_type)
        if isinstance(read, Rejected):
            return read
        before = of_article(article, "")
        return await self._kept_edit(before, with_new_text(before, read), article, place, giver, now)

    # --- drafts that wait

    async def preview(self, draft_id: str, place: Place) -> Preview:
        """The draft as it is now; one that was decided on has no texts any more. Raises DraftNotFound."""
        waiting = await self.waiting(draft_id, place)
        if not waiting.is_open:
            return Preview(waiting, 0)
        return await self._previewed(waiting, await self._resembling(waiting, place), place)

    async def waiting(self, draft_id: str, place: Place) -> WaitingDraft:
        """The same without what it resembles, for which nobody waits where only its particulars are needed."""
        return await self._store.draft(_sound(draft_id), (place.own,))

    async def edit_draft(  # noqa: PLR0917 - what, where, who, when: the order of all of them
        self, draft_id: str, version: int, details: Details, place: Place, by: str, now: datetime
    ) -> Preview | Rejected:
        """The draft has a new version with what was typed, unless that changes nothing.

        Raises DraftNotFound, or Conflict where it was decided on or edited meanwhile.
        """
        from corpus.drafting import edited  # noqa: PLC0415 - loads the readers

        waiting = await self._open(draft_id, place)
        draft = await asyncio.to_thread(edited, waiting.draft, _sound_details(details))
        if not isinstance(draft, Draft):
            return Rejected(waiting.draft.source, str(draft))
        if draft != waiting.draft:
            _check_version(waiting, version)
            waiting = replace(waiting, draft=draft, version=version + 1)
            await self._store.revise_draft(waiting, by=by, now=now)
        return await self._previewed(waiting, await self._resembling(waiting, place), place)

    async def cancel(self, draft_id: str, place: Place, by: str, now: datetime) -> WaitingDraft:
        """The draft is given up; raises DraftNotFound, or Conflict where it was decided on before."""
        return await self._store.close_draft(_sound(draft_id), (place.own,), DraftState.CANCELLED, Decision(by, now))

    async def reject(self, draft_id: str, place: Place, by: str, now: datetime, reason: str) -> WaitingDraft:
        """The draft is refused for that reason; raises DraftNotFound, or Conflict where it was decided on before."""
        decision = Decision(by, now, _reason(reason))
        return await self._store.close_draft(_sound(draft_id), (place.own,), DraftState.REJECTED, decision)

    async def store(  # noqa: PLR0917 - what, where, who, when: the order of all of them
        self, draft_id: str, version: int, place: Place, by: str, now: datetime, choice: Choice | None = None
    ) -> IngestOutcome:
        """The draft is an article, or a new revision of one; NearDuplicate where one was found that nobody has seen.

        Raises DraftNotFound, or Conflict where it was decided on or edited meanwhile, or where the article that it
        edits or replaces was changed since.
        """
        waiting = await self._open(draft_id, place)
        _check_version(waiting, version)
        if waiting.base is not None and choice is not None and choice.handling is Handling.REPLACE:
            return Rejected(waiting.draft.source, "An edit of one article can't replace another.")
        passages = await _split(waiting.draft.text)
        return await self._store.store_draft(waiting, passages, choice, place, by=by, now=now)

    async def queue(self, place: Place, limit: int, offset: int = 0) -> list[WaitingDraft]:
        """What waits for review, the oldest first, with its texts."""
        return await self._store.queue((place.own,), limit=limit, offset=offset)

    async def queue_length(self, place: Place) -> int:
        """How many drafts wait for review."""
        return await self._store.queue_length((place.own,))

    # --- articles

    async def articles(
        self,
        place: Place,
        *,
        text: str | None = None,
        publication: str | None = None,
        removed: bool = False,
        limit: int = 50,
        offset: int = 0,
    ) -> list[ArticleSummary]:
        """The live (or the removed) articles, newest first; each word of `text` stands in title, key or publication."""
        return await self._store.articles(
            place.sees,
            text=_sound_or_none(text),
            publication=_sound_or_none(publication),
            removed=removed,
            limit=limit,
            offset=offset,
        )

    async def count(
        self, place: Place, *, text: str | None = None, publication: str | None = None, removed: bool = False
    ) -> int:
        """How many articles `articles` would list without a limit."""
        return await self._store.count(
            place.sees, text=_sound_or_none(text), publication=_sound_or_none(publication), removed=removed
        )

    async def titles(
        self, place: Place, typed: str, limit: int = CHOICES, *, removed: bool | None = False
    ) -> list[ArticleSummary]:
        """The articles to offer someone who has typed so much, newest first: live, removed, or (None) both."""
        wanted = (removed,) if removed is not None else (False, True)
        found = [await self.articles(place, text=typed, removed=each, limit=limit) for each in wanted]
        return [one for some in found for one in some][:limit]

    async def show(self, place: Place, key: str, *, revision: int | None = None) -> Article:
        """The article, also a removed one; of the own collection before others. Raises ArticleNotFound."""
        for collection in _own_first(place):
            with suppress(ArticleNotFound):
                return await self._store.find(collection, _sound(key), revision=revision, removed_too=True)
        return await self._store.find(place.own, _sound(key), revision=revision, removed_too=True)

    async def article(self, article_id: int, place: Place) -> Article:
        """The article of that number, also a removed one; raises ArticleNotFound."""
        return await self._store.article(_number(article_id), place.sees)

    async def raw_text(self, article: Article) -> str:
        """The text of this revision as it came in, before it was cleaned."""
        return await self._store.raw_text(article.id, article.revision)

    async def history(self, place: Place, key: str) -> list[HistoryEntry]:
        """The article's revisions with what each changed, the newest first; raises ArticleNotFound."""
        from corpus.history import history_of  # noqa: PLC0415 - loads what finds sentences

        article = await self.show(place, key)
        revisions = await self._store.revisions(article.collection, article.key)
        return await asyncio.to_thread(history_of, revisions)

    async def remove(self, place: Place, key: str, *, by: str, now: datetime, why: str = "") -> Article:
        """The article is in no answer any more; raises ArticleNotFound, or Conflict where it is out already."""
        return await self._store.remove(place.own, _sound(key), by=by, now=now, why=_reason(why))

    async def restore(self, place: Place, key: str, *, by: str, now: datetime) -> Article:
        """The article is back as it was; raises ArticleNotFound, or Conflict where it is not removed."""
        return await self._store.restore(place.own, _sound(key), by=by, now=now)

    async def purge(self, place: Place, key: str, *, by: str, now: datetime, why: str = "") -> Purged:
        """The article is erased with its revisions and drafts, and can't come in again; raises ArticleNotFound."""
        return await self._store.purge(place.own, _sound(key), by=by, now=now, why=_reason(why))

    # --- the record

    async def undo(self, number: int, place: Place, by: str, now: datetime) -> Undone:
        """The act of that number is taken back, by an act of its own.

        Raises EntryNotFound, or Conflict where it is not the newest on its article or more than a week old.
        """
        entry = await self._store.entry(_number(number), (place.own,))
        passages: tuple[Passage, ...] = ()
        if entry.action == "revise":
            with suppress(ArticleNotFound):  # purged since, which the store tells
                before = await self._store.find(
                    entry.collection, entry.key, revision=entry.revision - 1, removed_too=True
                )
                passages = await _split(before.text)
        return await self._store.undo(entry.number, (place.own,), passages, by=by, now=now)

    async def last_entry(self, place: Place, key: str) -> AuditEntry | None:
        """The newest act on the article, which is the one that can be undone."""
        return await self._store.last_entry(place.own, _sound(key))

    async def audit(
        self, place: Place, wanted: AuditFilter | None = None, *, limit: int, offset: int = 0
    ) -> list[AuditEntry]:
        """The acts that are meant, the newest first."""
        return await self._store.audit((place.own,), wanted=_sound_filter(wanted), limit=limit, offset=offset)

    async def audit_length(self, place: Place, wanted: AuditFilter | None = None) -> int:
        """How many acts are meant."""
        return await self._store.audit_length((place.own,), _sound_filter(wanted))

    async def audit_csv(self, place: Place, wanted: AuditFilter | None = None) -> AsyncIterator[str]:
        """The acts that are meant as a file, a piece at a time; acts that come meanwhile are left out."""
        yield HEADER
        before = _AFTER_ALL
        offset = 0
        while page := await self.audit(place, wanted, limit=_AUDIT_PAGE, offset=offset):
            # What came in meanwhile stands in front, so some of the page was given already.
            yield lines_of([entry for entry in page if entry.number < before])
            if len(page) < _AUDIT_PAGE:
                break
            before = page[-1].number
            offset += len(page)

    # --- what they share

    async def _standing(self, link: str, source: Source, place: Place) -> AlreadyKnown | Rejected | None:
        """Why there is no need, or no right, to read what stands behind the link."""
        unread = Draft(title="", text="", raw_text="", source=source, url=link)
        return (await self._store.resembling(unread, place)).hindrance(source)

    async def _fetched(self, link: str) -> Fetched:
        if self._fetcher is None:
            raise Unreadable("Links are not fetched here; give the text or a file.")
        from corpus.fetch.values import Fetched  # noqa: PLC0415 - loaded already, by the fetcher

        found = await self._fetcher.fetch(link)
        if not isinstance(found, Fetched):
            raise Unreadable("The site sent nothing but the news that nothing has changed there.")
        return found

    async def _kept(self, draft: Draft | Rejected, place: Place, giver: Giver, now: datetime) -> Drafting:
        return draft if isinstance(draft, Rejected) else await self.keep_draft(draft, place, giver, now)

    async def _kept_edit(  # noqa: PLR0917 - what, where, who, when: the order of all of them
        self, before: Draft, draft: Draft, article: Article, place: Place, giver: Giver, now: datetime
    ) -> Drafting:
        from corpus.drafting import same_article  # noqa: PLC0415 - loads the readers

        if same_article(before, draft):
            return Rejected(draft.source, "Nothing was changed.")
        found = await self._store.resembling(draft, place, besides=article.key)
        if found.taken_down and (hindrance := found.hindrance(draft.source)):
            return hindrance
        return await self._wait(draft, place, giver, now, found, before=article)

    async def _wait(
        self,
        draft: Draft,
        place: Place,
        giver: Giver,
        now: datetime,
        found: Resembling,
        *,
        before: Article | None = None,
    ) -> Preview:
        """The draft is kept: a moderator's own for a week, others in the review queue."""
        queued = giver.origin is not DraftOrigin.MODERATOR
        waiting = WaitingDraft(
            id=secrets.token_hex(_DRAFT_ID_BYTES),
            collection=place.own,
            draft=draft,
            state=DraftState.QUEUED if queued else DraftState.WAITING,
            version=1,
            origin=giver.origin,
            by=giver.by,
            at=now,
            expires_at=now + (QUEUE_KEPT if queued else DRAFT_KEPT),
            base=Base(before.key, before.revision) if before else None,
            tell=giver.tell,
        )
        passages = await _split(draft.text)
        await self._store.keep_draft(waiting)
        return Preview(waiting, len(passages), found.known, found.alike, before)

    async def _previewed(self, waiting: WaitingDraft, found: Resembling, place: Place) -> Preview:
        before = None
        if waiting.base is not None:
            with suppress(ArticleNotFound):  # purged since
                before = await self._store.find(
                    place.own, waiting.base.key, revision=waiting.base.revision, removed_too=True
                )
        return Preview(waiting, len(await _split(waiting.draft.text)), found.known, found.alike, before)

    async def _resembling(self, waiting: WaitingDraft, place: Place) -> Resembling:
        besides = waiting.base.key if waiting.base else None
        return await self._store.resembling(waiting.draft, place, besides=besides)

    async def _open(self, draft_id: str, place: Place) -> WaitingDraft:
        """The draft, which still waits; raises DraftNotFound or Conflict."""
        waiting = await self.waiting(draft_id, place)
        waiting.check_open()
        return waiting

    async def _own(self, place: Place, key: str) -> Article:
        """The live article that may be edited here; raises ArticleNotFound or Conflict."""
        article = await self._store.find(place.own, _sound(key), removed_too=True)
        if article.removed is not None:
            raise Conflict(f"“{article.title}” was {article.removed}; restore it first.")
        return article


class _ReadingOnce:
    """Reads with a worker, and a process, that is gone afterwards."""

    async def read(self, data: bytes, *, name: str, source: Source, media_type: str | None = None) -> Draft | Rejected:
        from corpus.readers.pool import Reading as Pool  # noqa: PLC0415 - loads the readers

        async with Pool(size=1) as pool:
            return await pool.read(data, name=name, source=source, media_type=media_type)


async def _split(text: str) -> tuple[Passage, ...]:
    from corpus.passages import split  # noqa: PLC0415 - loads a model of sentences

    return await asyncio.to_thread(split, text)


def _own_first(place: Place) -> Sequence[Collection]:
    return sorted(place.sees, key=lambda collection: collection != place.own)


def _changed(article: Article) -> str:
    at = f" on {article.added_at:%Y-%m-%d %H:%M} UTC" if article.added_at else ""
    return f"{article.added_by} has changed the article meanwhile{at}: it is at revision {article.revision}."


def _check_version(waiting: WaitingDraft, version: int) -> None:
    if waiting.version != version:
        raise Conflict("It was edited meanwhile; look at it again.")


def _sound(text: str) -> str:
    """The text without halves of surrogate pairs, which a program may send and no database keeps."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _sound_or_none(text: str | None) -> str | None:
    return None if text is None else _sound(text)


def _sound_details(details: Details) -> Details:
    return Details(**{field.name: _sound_or_none(getattr(details, field.name)) for field in fields(details)})


def _sound_filter(wanted: AuditFilter | None) -> AuditFilter:
    wanted = wanted or AuditFilter()
    return replace(wanted, actor=_sound_or_none(wanted.actor), key=_sound_or_none(wanted.key))


def _reason(text: str) -> str:
    return _sound(text).strip()[:REASON_CHARS]


def _number(wanted: int) -> int:
    """The number, or one that nothing has where no database can be asked for it."""
    return wanted if 0 < wanted < _AFTER_ALL else 0
