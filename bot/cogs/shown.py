"""The buttons of articles: pages of lists and texts, edit, remove, restore, history, undo."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from bot.cogs.base import Interaction, OnPress, OnSubmit, Services, acknowledge, actor_of, show, whisper
from bot.cogs.drafting import DraftingCog
from bot.cogs.naming import alone
from bot.views import notices
from bot.views.articles import (
    PER_PAGE,
    REVISIONS,
    ArticleLayout,
    Listed,
    ListLayout,
    Reading,
    Wanted,
    pages_for,
    pages_of_text,
    picked_id,
)
from bot.views.buttons import Action, Press, number_of
from bot.views.details import changed_in, edit_form
from bot.views.forms import Form, TextField
from bot.views.history import HistoryLayout, deeds_of
from bot.views.notices import Notice
from bot.views.outcomes import RemovedLayout, RestoredLayout, UndoneLayout
from bot.views.paged import nearest
from bot.views.particulars import flag_of
from bot.views.undo import may_be_undone
from corpus.drafts import AuditFilter, Place
from corpus.errors import ArticleNotFound, Conflict, NotFound

if TYPE_CHECKING:
    from bot.views.buttons import Layout
    from corpus.model import Article, AuditEntry

LIST_KIND: Final = "article list"
_ACTS: Final = 200
"""So many of the newest acts on an article are told of in its history."""
_REASON: Final = "reason"
_REASON_MOST: Final = 500
_GONE: Final = "There is no such article here (any more)."


class ArticleButtons(DraftingCog):
    """What can be done with an article that is shown."""

    @property
    def presses(self) -> Mapping[Action, OnPress]:
        """The buttons of lists, articles, histories and confirmations."""
        return {
            Action.ARTICLE_LIST: self.turn_list,
            Action.ARTICLE_PICK: self.pick,
            Action.ARTICLE_SHOW: self.show_article,
            Action.ARTICLE_READ: self.read,
            Action.ARTICLE_EDIT: self.edit,
            Action.ARTICLE_REMOVE: self.ask_reason,
            Action.ARTICLE_RESTORE: self.restore,
            Action.ARTICLE_HISTORY: self.history,
            Action.ARTICLE_PAST: self.history,
            Action.UNDO: self.undo,
        }

    @property
    def submissions(self) -> Mapping[Action, OnSubmit]:
        """The particulars of an article, and why it is removed."""
        return {Action.ARTICLE_EDIT: self.edited, Action.ARTICLE_REMOVE: self.remove}

    # --- lists

    async def turn_list(self, interaction: Interaction, press: Press) -> None:
        """Another page of the list is shown."""
        wanted = await self._wanted(interaction, press)
        if wanted is None:
            return
        place = await self.admit(interaction, library=wanted.library)
        if place is None:
            return
        await acknowledge(interaction, update=True)
        await show(
            interaction, await list_layout(self.services, place, wanted, record=press.record, page=press.argument)
        )

    async def pick(self, interaction: Interaction, press: Press) -> None:
        """The article that was chosen in a list is shown."""
        wanted = await self._wanted(interaction, press)
        if wanted is None:
            return
        place = await self.admit(interaction, library=wanted.library)
        if place is None:
            return
        await acknowledge(interaction)
        article = await _article(self.services, picked_id("".join(press.values[:1])), place)
        reading = Reading(flag_of(place.own))
        await show(interaction, await shown_layout(self.services, interaction, article, reading))

    async def _wanted(self, interaction: Interaction, press: Press) -> Wanted | None:
        """What the list is of; None when the member was told that it has expired, or that they are no moderator."""
        services = self.services
        library = services.place(interaction, library=True)
        if not services.may_edit(interaction, library) and await self.admit(interaction) is None:
            return None
        kept = await services.pending.get(press.record, interaction.user.id, interaction.guild_id, services.now())
        if kept is None or kept.kind != LIST_KIND:
            await whisper(interaction, Notice(notices.EXPIRED_RECORD))
            return None
        return _wanted_of(kept.content)

    # --- one article

    async def show_article(self, interaction: Interaction, press: Press) -> None:
        """The article is shown in a message of its own."""
        await self._read(interaction, press, Reading(press.page), update=False)

    async def read(self, interaction: Interaction, press: Press) -> None:
        """Another page of the article's text is shown, or its raw text."""
        page, raw = divmod(press.argument, 2)
        await self._read(interaction, press, Reading(press.page, page, bool(raw)), update=True)

    async def _read(self, interaction: Interaction, press: Press, reading: Reading, *, update: bool) -> None:
        place = await self._reader(interaction, press)
        if place is None:
            return
        await acknowledge(interaction, update=update)
        article = await _article(self.services, number_of(press.record), place)
        await show(interaction, await shown_layout(self.services, interaction, article, reading))

    async def edit(self, interaction: Interaction, press: Press) -> None:
        """A form with the article's particulars is opened."""
        place = await self.admit(interaction, library=press.in_library)
        if place is None:
            return
        article = await _article(self.services, number_of(press.record), alone(place))
        _check_revision(article, press)
        await interaction.response.send_modal(edit_form("Edit an article", press, article))

    async def edited(self, interaction: Interaction, press: Press, fields: Mapping[str, str]) -> None:
        """What the edit would change is shown as a draft."""
        place = await self.admit(interaction, library=press.in_library)
        if place is None:
            return
        await acknowledge(interaction)
        services = self.services
        article = await _article(services, number_of(press.record), alone(place))
        _check_revision(article, press)
        details, giver = changed_in(fields, article), self.giver(interaction)
        drafting = await services.desk.draft_edit(place, article.key, article.revision, details, giver, services.now())
        await show(interaction, await self.drafted(interaction, drafting, place))

    async def ask_reason(self, interaction: Interaction, press: Press) -> None:
        """A form that asks why the article is removed is opened."""
        if await self.admit(interaction, library=press.in_library) is None:
            return
        why = TextField(
            _REASON, "Why", description="Kept in the record", paragraph=True, required=False, most=_REASON_MOST
        )
        await interaction.response.send_modal(Form("Remove this article", press, why))

    async def remove(self, interaction: Interaction, press: Press, fields: Mapping[str, str]) -> None:
        """The article is removed."""
        place = await self.admit(interaction, library=press.in_library)
        if place is None:
            return
        await acknowledge(interaction)
        article = await _article(self.services, number_of(press.record), alone(place))
        why, by = fields.get(_REASON, ""), actor_of(interaction)
        await show(interaction, await removed_layout(self.services, place, article.key, by=by, why=why))

    async def restore(self, interaction: Interaction, press: Press) -> None:
        """The article is back."""
        place = await self.admit(interaction, library=press.in_library)
        if place is None:
            return
        await acknowledge(interaction)
        article = await _article(self.services, number_of(press.record), alone(place))
        await show(interaction, await restored_layout(self.services, place, article.key, by=actor_of(interaction)))

    async def history(self, interaction: Interaction, press: Press) -> None:
        """What became of the article is shown, a page of it."""
        place = await self._reader(interaction, press)
        if place is None:
            return
        turning = press.action is Action.ARTICLE_PAST
        await acknowledge(interaction, update=turning)
        article = await _article(self.services, number_of(press.record), place)
        page = press.argument if turning else 0
        await show(interaction, await history_layout(self.services, interaction, article, flag=press.page, page=page))

    async def undo(self, interaction: Interaction, press: Press) -> None:
        """The act of that number is taken back."""
        place = await self.admit(interaction, library=press.in_library)
        if place is None:
            return
        await acknowledge(interaction, update=True)
        services, by = self.services, actor_of(interaction)
        undone = await services.desk.undo(number_of(press.record), place, by, services.now())
        entry = await self.entry_of(interaction, undone.article, place)
        await show(interaction, UndoneLayout(undone, entry, services.now()))

    async def _reader(self, interaction: Interaction, press: Press) -> Place | None:
        """Where the member reads: moderators of a guild may read what is seen there, the library too."""
        services = self.services
        library = services.place(interaction, library=True)
        if press.in_library and services.may_moderate(interaction) and not services.may_edit(interaction, library):
            return services.place(interaction)
        return await self.admit(interaction, library=press.in_library)


# --- layouts that commands and buttons share


async def list_layout(services: Services, place: Place, wanted: Wanted, *, record: str, page: int) -> Layout:
    """The page of the list, or the nearest one there is."""
    desk = services.desk
    total = await desk.count(place, text=wanted.text, publication=wanted.publication, removed=wanted.removed)
    at = nearest(page, pages_for(total))
    articles = await desk.articles(
        place,
        text=wanted.text,
        publication=wanted.publication,
        removed=wanted.removed,
        limit=PER_PAGE,
        offset=at * PER_PAGE,
    )
    return ListLayout(Listed(articles, total, at), wanted, record=record, today=services.today)


async def shown_layout(services: Services, interaction: Interaction, article: Article, reading: Reading) -> Layout:
    """The article, a page of its text; with buttons to change it for who may."""
    text = await services.desk.raw_text(article) if reading.raw else article.text
    spans = await asyncio.to_thread(pages_of_text, article, text, services.today)
    editable = _may_change(services, interaction, article)
    shown = Reading(reading.flag, reading.page, reading.raw, editable)
    return ArticleLayout(article, text, spans, shown, today=services.today)


async def history_layout(
    services: Services, interaction: Interaction, article: Article, *, flag: int, page: int
) -> Layout:
    """What became of the article; acts that made no revision, and Undo, for who may change it."""
    place, now = Place.of(article.collection, library=False), services.now()
    revisions = await services.desk.history(place, article.key)
    acts: list[AuditEntry] = []
    if _may_change(services, interaction, article):
        acts = await services.desk.audit(place, AuditFilter(key=article.key), limit=_ACTS)
    last = acts[0] if acts and may_be_undone(acts[0], now) else None
    return HistoryLayout(article, deeds_of(revisions, acts), flag=flag, page=page, now=now, last=last)


async def removed_layout(services: Services, place: Place, key: str, *, by: str, why: str) -> Layout:
    """The article is removed."""
    now = services.now()
    article = await services.desk.remove(place, key, by=by, now=now, why=why)
    return RemovedLayout(article, await services.desk.last_entry(place, key), now)


async def restored_layout(services: Services, place: Place, key: str, *, by: str) -> Layout:
    """The article is back."""
    now = services.now()
    article = await services.desk.restore(place, key, by=by, now=now)
    return RestoredLayout(article, await services.desk.last_entry(place, key), now)


async def _article(services: Services, number: int, place: Place) -> Article:
    try:
        return await services.desk.article(number, place)
    except ArticleNotFound as error:
        raise NotFound(_GONE) from error


def _may_change(services: Services, interaction: Interaction, article: Article) -> bool:
    return services.may_edit(interaction, Place.of(article.collection, library=False))


def _check_revision(article: Article, press: Press) -> None:
    """Nothing where the article is as it was shown; else raises Conflict."""
    if article.removed is not None:
        raise Conflict(f"“{article.title}” was {article.removed}; restore it first.")
    if article.revision % REVISIONS != press.argument:
        raise Conflict(
            f"{article.added_by} has changed the article meanwhile: it is at revision {article.revision}. "
            "Look at it again."
        )


def _wanted_of(content: Mapping[str, object]) -> Wanted:
    text, publication = content.get("text"), content.get("publication")
    return Wanted(
        text if isinstance(text, str) else None,
        publication if isinstance(publication, str) else None,
        content.get("removed") is True,
        content.get("library") is True,
    )
