"""The buttons of a preview: store, edit, cancel; look at what was dropped, what changes, what is alike."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from bot.cogs.base import Interaction, OnPress, OnSubmit, acknowledge, actor_of, show, whisper
from bot.cogs.drafting import DraftingCog, choice_of
from bot.views import notices
from bot.views.buttons import Action, Press
from bot.views.details import add_form, changed_in, edit_form, typed_in
from bot.views.draft import mark_of, shown_in
from bot.views.draftpages import ChangesLayout, CompareLayout, LinesLayout, compared_of
from bot.views.notices import Notice
from corpus.drafts import Choice, Handling, Place, Preview
from corpus.errors import Conflict
from corpus.model import Rejected

if TYPE_CHECKING:
    from bot.views.buttons import Layout
    from corpus.drafts import Line

FORM_KIND: Final = "add form"
_CHANGED: Final = "What it resembles has changed meanwhile. Look at it again before you decide."
_NOT_ALIKE: Final = "The article has changed or was removed meanwhile: it is not like this one any more."


class Drafts(DraftingCog):
    """What can be done with a draft before it is stored."""

    @property
    def presses(self) -> Mapping[Action, OnPress]:
        """The buttons of a preview and of its pages."""
        return {
            Action.DRAFT_STORE: self.store,
            Action.DRAFT_KEEP: self.store,
            Action.DRAFT_REPLACE: self.store,
            Action.DRAFT_EDIT: self.edit,
            Action.DRAFT_CANCEL: self.cancel,
            Action.DRAFT_AGAIN: self.again,
            Action.DRAFT_LINES: self.lines,
            Action.DRAFT_LINES_AT: self.lines,
            Action.DRAFT_CHANGES: self.changes,
            Action.DRAFT_CHANGES_AT: self.changes,
            Action.DRAFT_COMPARE: self.compare,
            Action.DRAFT_COMPARED: self.compare,
        }

    @property
    def submissions(self) -> Mapping[Action, OnSubmit]:
        """The form for a new article, and the one for a draft's particulars."""
        return {Action.DRAFT_ADD: self.added, Action.DRAFT_EDIT: self.edited}

    async def added(self, interaction: Interaction, press: Press, fields: Mapping[str, str]) -> None:
        """The article that was typed is shown as a draft."""
        place = await self.admit(interaction, library=press.in_library)
        if place is None:
            return
        await acknowledge(interaction, update=True)
        services = self.services
        drafting = await services.desk.draft_text(typed_in(fields), place, self.giver(interaction), services.now())
        again = None
        if isinstance(drafting, Rejected):
            guild, member = interaction.guild_id, interaction.user.id
            again = await services.pending.put(FORM_KIND, dict(fields), member, guild, services.now())
        await show(interaction, await self.drafted(interaction, drafting, place, again=again))

    async def again(self, interaction: Interaction, press: Press) -> None:
        """The form is opened as it was handed in."""
        if await self.admit(interaction, library=press.in_library) is None:
            return
        services = self.services
        kept = await services.pending.get(press.record, interaction.user.id, interaction.guild_id, services.now())
        if kept is None or kept.kind != FORM_KIND:
            await whisper(interaction, Notice(notices.EXPIRED_RECORD))
            return
        filled = {name: text for name, text in kept.content.items() if isinstance(text, str)}
        await interaction.response.send_modal(add_form(Press(Action.DRAFT_ADD, page=press.page), filled))

    async def store(self, interaction: Interaction, press: Press) -> None:
        """The draft is an article, as the moderator decided; else the message says why not."""
        place = await self.admit(interaction, library=press.in_library)
        if place is None:
            return
        await acknowledge(interaction, update=True)
        services, by = self.services, actor_of(interaction)
        try:
            choice = await self._choice(interaction, press, place)
            if isinstance(choice, Preview):
                await show(interaction, self.preview(interaction, choice, note=_CHANGED))
                return
            stored = await services.desk.store(press.record, press.argument, place, by, services.now(), choice)
        except Conflict:
            await self._redraw(interaction, press, place)
            raise
        await show(interaction, await self.outcome(interaction, stored, place, press.record))

    async def _choice(self, interaction: Interaction, press: Press, place: Place) -> Choice | Preview | None:
        """What was decided about near-duplicates; the draft as it is now where that can't be what was meant."""
        if press.action is Action.DRAFT_STORE:
            return None
        preview = await self.services.desk.preview(press.record, place)
        if not preview.waiting.is_open:
            return None
        handling = Handling.KEEP_BOTH if press.action is Action.DRAFT_KEEP else Handling.REPLACE
        return choice_of(preview, press.values, shown_in(interaction.message), handling) or preview

    async def edit(self, interaction: Interaction, press: Press) -> None:
        """A form with the draft's particulars is opened."""
        place = await self.admit(interaction, library=press.in_library)
        if place is None:
            return
        waiting = await self.services.desk.waiting(press.record, place)
        if not waiting.is_open:
            await whisper(interaction, self.preview(interaction, Preview(waiting, 0)))
            return
        await interaction.response.send_modal(edit_form("Edit details", press, waiting.draft))

    async def edited(self, interaction: Interaction, press: Press, fields: Mapping[str, str]) -> None:
        """The draft has the particulars that were typed, and the preview shows them."""
        place = await self.admit(interaction, library=press.in_library)
        if place is None:
            return
        await acknowledge(interaction, update=True)
        services, by = self.services, actor_of(interaction)
        before = await services.desk.waiting(press.record, place)
        details = changed_in(fields, before.draft)
        try:
            done = await services.desk.edit_draft(press.record, press.argument, details, place, by, services.now())
        except Conflict:
            await self._redraw(interaction, press, place)
            raise
        if isinstance(done, Rejected):
            await whisper(interaction, await self.drafted(interaction, done, place))
            return
        await show(interaction, self.preview(interaction, done))

    async def cancel(self, interaction: Interaction, press: Press) -> None:
        """The draft is given up."""
        place = await self.admit(interaction, library=press.in_library)
        if place is None:
            return
        await acknowledge(interaction, update=True)
        try:
            waiting = await self.services.desk.cancel(press.record, place, actor_of(interaction), self.services.now())
        except Conflict:
            await self._redraw(interaction, press, place)
            raise
        await show(interaction, self.preview(interaction, Preview(waiting, 0)))

    async def lines(self, interaction: Interaction, press: Press) -> None:
        """The lines that cleaning set aside are shown, a page of them."""
        await self._look(interaction, press, opening=Action.DRAFT_LINES)

    async def changes(self, interaction: Interaction, press: Press) -> None:
        """What an edit changes in the text is shown, a page of it."""
        await self._look(interaction, press, opening=Action.DRAFT_CHANGES)

    async def _look(self, interaction: Interaction, press: Press, *, opening: Action) -> None:
        place = await self.admit(interaction, library=press.in_library)
        if place is None:
            return
        await acknowledge(interaction, update=press.action is not opening)
        preview = await self.services.desk.preview(press.record, place)
        page = 0 if press.action is opening else press.argument
        if not preview.waiting.is_open:
            layout = self.preview(interaction, preview)
        elif opening is Action.DRAFT_LINES:
            layout = LinesLayout(preview.waiting, page)
        else:
            before = preview.before.text if preview.before else ""
            layout = ChangesLayout(preview.waiting, await _difference(before, preview.waiting.draft.text), page)
        await show(interaction, layout)

    async def compare(self, interaction: Interaction, press: Press) -> None:
        """The draft and an article that is like it are shown side by side."""
        opening = press.action is Action.DRAFT_COMPARE
        page, flag = (0, press.page) if opening else compared_of(press.page)
        place = await self.admit(interaction, library=bool(flag))
        if place is None:
            return
        await acknowledge(interaction, update=not opening)
        preview = await self.services.desk.preview(press.record, place)
        await show(interaction, await self._compared(interaction, preview, press.argument, page))

    async def _compared(self, interaction: Interaction, preview: Preview, mark: int, page: int) -> Layout:
        waiting = preview.waiting
        if not waiting.is_open:
            return self.preview(interaction, preview)
        alike = next((one for one in preview.alike if mark_of(one) == mark), None)
        if alike is None:
            return Notice(_NOT_ALIKE)
        stored = await self.services.desk.show(Place.of(alike.collection, library=False), alike.key)
        lines = await _difference(stored.text, waiting.draft.text)
        return CompareLayout(waiting, stored, lines, mark=mark, page=page, today=self.services.today)

    async def _redraw(self, interaction: Interaction, press: Press, place: Place) -> None:
        """The message shows the draft as it is now: somebody else was faster, or this member pressed twice."""
        preview = await self.services.desk.preview(press.record, place)
        decision = preview.waiting.decision
        if decision is not None and decision.by == actor_of(interaction):
            return  # the first press has drawn, or draws, what became of it
        await show(interaction, self.preview(interaction, preview))


async def _difference(before: str, after: str) -> tuple[Line, ...]:
    from corpus.history import difference  # noqa: PLC0415 - loads what finds sentences

    return await asyncio.to_thread(difference, before, after)
