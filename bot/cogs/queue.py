"""/queue: what waits for review, decided on one by one."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from discord import app_commands

from bot.cogs.base import Interaction, OnPress, OnSubmit, acknowledge, actor_of, show, whisper
from bot.cogs.drafting import DraftingCog, choice_of
from bot.records.model import MessagePlace
from bot.views import queue, suggestions
from bot.views.actors import told
from bot.views.buttons import Action, Press
from bot.views.details import changed_in, edit_form
from bot.views.draft import Surrounding, shown_in
from bot.views.notices import Notice
from bot.views.queue import EmptyQueueLayout, QueueLayout, Turn, WholeTextLayout
from bot.views.suggestions import DecidedCardLayout, decided
from corpus.collection import LIBRARY
from corpus.drafts import DraftOrigin, Handling
from corpus.errors import Conflict
from corpus.model import Added, AlreadyKnown, NearDuplicate, Rejected

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.views.buttons import Layout
    from corpus.drafts import Place, Preview, WaitingDraft
    from corpus.model import Article, IngestOutcome

_AT_ONCE: Final = 10
_NOTE: Final = 500
_NEWER: Final = "Another article like it has come in meanwhile. Look at it before you decide."
_CHANGED: Final = "What it resembles has changed meanwhile. Look at it again before you decide."


class ReviewQueue(DraftingCog):
    """Reviewing what members suggest and feeds bring in."""

    @property
    def presses(self) -> Mapping[Action, OnPress]:
        """The buttons of the queue, and that of a card in the review channel."""
        return {
            Action.REVIEW: self.review,
            Action.QUEUE_BACK: self.turn,
            Action.QUEUE_ON: self.turn,
            Action.QUEUE_READ: self.read,
            Action.QUEUE_PAGE: self.read,
            Action.APPROVE: self.approve,
            Action.KEEP_BOTH: self.approve,
            Action.REPLACE_BY: self.approve,
            Action.QUEUE_EDIT: self.edit,
            Action.REJECT: self.ask_why,
        }

    @property
    def submissions(self) -> Mapping[Action, OnSubmit]:
        """The forms of Edit and Reject."""
        return {Action.QUEUE_EDIT: self.edited, Action.REJECT: self.reject}

    @app_commands.command(description="What waits for review: suggestions of members, items of feeds")
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.default_permissions(manage_messages=True)
    @app_commands.describe(library="What waits for the library that all servers share")
    async def queue(
        self,
        interaction: Interaction,
        library: bool = False,  # noqa: FBT001, FBT002 - an option's value
    ) -> None:
        """Show what has waited longest."""
        with self.services.workload.interaction():
            place = await self.admit(interaction, library=library)
            if place is not None:
                await acknowledge(interaction)
                await self._draw(interaction, place, 0)

    # --- looking

    async def review(self, interaction: Interaction, press: Press) -> None:
        """A moderator sees the draft of a card, privately; where it was decided on, the card says so from now on."""
        place = await self.admit(interaction, library=press.in_library)
        if place is None:
            return
        await acknowledge(interaction)
        preview = await self.services.desk.preview(press.record, place)
        if preview.waiting.is_open:
            at = await self._place_of(press.record, place, queue.MOST_PLACES)
            await self._show(interaction, place, preview, at or 0)
            return
        await show(interaction, Notice(decided(preview.waiting)))
        if message := interaction.message:
            layout = DecidedCardLayout(preview.waiting, self.services.today)
            await self.services.messages.edit(MessagePlace(message.channel.id, message.id), layout)

    async def turn(self, interaction: Interaction, press: Press) -> None:
        """The draft before or after takes the place of this one."""
        place = await self.admit(interaction, library=press.in_library)
        if place is None:
            return
        await acknowledge(interaction, update=True)
        at = await self._place_of(press.record, place, press.argument)
        on = press.action is Action.QUEUE_ON
        if at is None:  # decided on meanwhile: the next one has its place
            await self._draw(interaction, place, press.argument if on else press.argument - 1)
        else:
            await self._draw(interaction, place, at + 1 if on else at - 1)

    async def read(self, interaction: Interaction, press: Press) -> None:
        """A page of the whole text is shown, in a private message of its own."""
        place = await self.admit(interaction, library=press.in_library)
        if place is None:
            return
        await acknowledge(interaction, update=press.action is Action.QUEUE_PAGE)
        waiting = await self.services.desk.waiting(press.record, place)
        if not waiting.is_open:
            await show(interaction, Notice(decided(waiting)))
            return
        spans = await asyncio.to_thread(queue.text_pages, waiting.draft.text)
        await show(interaction, WholeTextLayout(waiting, spans, press.argument))

    # --- deciding

    async def approve(self, interaction: Interaction, press: Press) -> None:
        """The draft is an article, as the moderator decided, and the next one is shown; else why not."""
        place = await self.admit(interaction, library=press.in_library)
        if place is None:
            return
        await acknowledge(interaction, update=True)
        at = await self._at(interaction, press, place)
        choice = None
        if press.action is not Action.APPROVE:
            preview = await self.services.desk.preview(press.record, place)
            handling = Handling.KEEP_BOTH if press.action is Action.KEEP_BOTH else Handling.REPLACE
            choice = choice_of(preview, press.values, shown_in(interaction.message), handling)
            if choice is None and preview.waiting.is_open:
                await self._show(interaction, place, preview, at, _CHANGED)
                return
        desk, by, now = self.services.desk, actor_of(interaction), self.services.now()
        try:
            outcome = await desk.store(press.record, press.argument, place, by, now, choice)
        except Conflict as error:
            await self._too_late(interaction, press, place, at, error)
            return
        await self._approved(interaction, press, place, at, outcome)

    async def edit(self, interaction: Interaction, press: Press) -> None:
        """A form with the draft's particulars is opened."""
        place = await self.admit(interaction, library=press.in_library)
        if place is None:
            return
        waiting = await self.services.desk.waiting(press.record, place)
        if waiting.is_open:
            await interaction.response.send_modal(edit_form("Edit details", press, waiting.draft))
        else:
            await acknowledge(interaction, update=True)
            await self._draw(interaction, place, queue.place_in(interaction.message), decided(waiting))

    async def edited(self, interaction: Interaction, press: Press, fields: Mapping[str, str]) -> None:
        """The draft has the particulars that were typed, and is shown anew."""
        place = await self.admit(interaction, library=press.in_library)
        if place is None:
            return
        await acknowledge(interaction, update=True)
        at = await self._at(interaction, press, place)
        desk, by, now = self.services.desk, actor_of(interaction), self.services.now()
        before = await desk.preview(press.record, place)
        try:
            details = changed_in(fields, before.waiting.draft)
            done = await desk.edit_draft(press.record, press.argument, details, place, by, now)
        except Conflict as error:
            await self._too_late(interaction, press, place, at, error)
            return
        if isinstance(done, Rejected):
            await self._show(interaction, place, before, at, told(done.reason, _NOTE))
        else:
            await self._show(interaction, place, done, at)

    async def ask_why(self, interaction: Interaction, press: Press) -> None:
        """A form for the reason is opened."""
        if await self.admit(interaction, library=press.in_library) is not None:
            await interaction.response.send_modal(queue.reason_form(press))

    async def reject(self, interaction: Interaction, press: Press, fields: Mapping[str, str]) -> None:
        """The draft is refused for that reason, and the next one is shown."""
        place = await self.admit(interaction, library=press.in_library)
        if place is None:
            return
        await acknowledge(interaction, update=True)
        at = await self._at(interaction, press, place)
        desk, by, now = self.services.desk, actor_of(interaction), self.services.now()
        try:
            waiting = await desk.reject(press.record, place, by, now, fields.get(queue.REASON, ""))
        except Conflict as error:
            await self._too_late(interaction, press, place, at, error)
            return
        try:
            await self._draw(interaction, place, at, queue.rejected_as(waiting.draft.title))
        finally:  # also where the moderator has dismissed the message meanwhile
            await self._announce(interaction, waiting, None)

    async def _approved(
        self, interaction: Interaction, press: Press, place: Place, at: int, outcome: IngestOutcome
    ) -> None:
        """What is stored is confirmed, with Undo; what is not, is shown anew with the reason."""
        preview = await self.services.desk.preview(press.record, place)
        match outcome:
            case Added(article):
                try:
                    await self._draw(interaction, place, at, queue.stored_as(article.title))
                    await whisper(interaction, await self.outcome(interaction, outcome, place, press.record))
                finally:  # as after a rejection
                    await self._announce(interaction, preview.waiting, article)
            case NearDuplicate():
                await self._show(interaction, place, preview, at, _NEWER)
            case AlreadyKnown(title=title):
                said = f"The same text or link is stored already: “{title}”. Reject this one, or edit it."
                await self._show(interaction, place, preview, at, told(said, _NOTE))
            case Rejected(reason=reason):
                await self._show(interaction, place, preview, at, told(reason, _NOTE))

    async def _too_late(self, interaction: Interaction, press: Press, place: Place, at: int, error: Conflict) -> None:
        """Somebody else was faster: who decided what, and the next draft; or the draft as it was edited meanwhile."""
        preview = await self.services.desk.preview(press.record, place)
        if preview.waiting.is_open:
            await self._show(interaction, place, preview, at, told(str(error), _NOTE))
        else:
            title = queue.called(preview.waiting)
            await self._draw(interaction, place, at, f"{title}: {decided(preview.waiting)}")

    # --- what they share

    async def _at(self, interaction: Interaction, press: Press, place: Place) -> int:
        """The place of the draft in the queue; where it was, if it is there no more."""
        hint = queue.place_in(interaction.message)
        at = await self._place_of(press.record, place, hint)
        return hint if at is None else at

    async def _place_of(self, draft_id: str, place: Place, hint: int) -> int | None:
        """Where the draft stands now: where it stood, or before, since what came before it may have been decided on."""
        upto = min(hint + 1, await self.services.desk.queue_length(place))
        while upto > 0:
            first = max(upto - _AT_ONCE, 0)
            ids = [waiting.id for waiting in await self.services.desk.queue(place, upto - first, first)]
            if draft_id in ids:
                return first + ids.index(draft_id)
            upto = first
        return None

    async def _draw(self, interaction: Interaction, place: Place, at: int, said: str = "") -> None:
        """The draft at that place of the queue is shown, or the nearest one; or that nothing waits."""
        desk = self.services.desk
        while length := await desk.queue_length(place):
            at = max(0, min(at, length - 1))
            for waiting in await desk.queue(place, 1, at):
                preview = await desk.preview(waiting.id, place)
                if preview.waiting.is_open:
                    await self._show(interaction, place, preview, at, said)
                    return
        await show(interaction, EmptyQueueLayout(said))

    async def _show(self, interaction: Interaction, place: Place, preview: Preview, at: int, said: str = "") -> None:
        """The draft is shown; what became of it, where somebody has decided meanwhile."""
        waiting = preview.waiting
        if not waiting.is_open:
            await self._draw(interaction, place, at, f"{queue.called(waiting)}: {decided(waiting)}")
            return
        length = await self.services.desk.queue_length(place)
        turn = Turn(at, max(length, at + 1), queue.named_giver(waiting, await self._feed_of(waiting, place)), said)
        speaks = place.own == LIBRARY or self.services.guilds.of(interaction.guild_id).speaks(waiting.draft.language)
        await show(interaction, QueueLayout(preview, Surrounding(self.services.today, speaks=speaks), turn))

    async def _feed_of(self, waiting: WaitingDraft, place: Place) -> str | None:
        """The title of the feed that brought it in, while that is followed."""
        if waiting.origin is not DraftOrigin.FEED:
            return None
        feeds = await self.services.feeds.listed(place)
        return next((feed.title for feed in feeds if f"feed:{feed.id}" == waiting.by), None)

    async def _announce(self, interaction: Interaction, waiting: WaitingDraft, article: Article | None) -> None:
        """The card says what was decided, and the member who asked to be told hears it."""
        services, guild = self.services, interaction.guild
        if guild is None or waiting.origin is not DraftOrigin.SUGGESTION:
            return
        if card := await services.cards.take(waiting.id, guild.id):
            await services.messages.edit(card, DecidedCardLayout(waiting, services.today))
        member = _member_of(waiting)
        if waiting.tell and member is not None:
            layout: Layout = suggestions.rejected(waiting, guild.name)
            if article is not None:
                layout = suggestions.approved(article, guild.name)
            await services.messages.tell(member, layout)


def _member_of(waiting: WaitingDraft) -> int | None:
    kind, _, number = waiting.by.partition(":")
    return int(number) if kind == "discord" and number.isdecimal() else None
