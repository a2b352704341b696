"""The buttons under an answer. Each press is acknowledged first; then the answer is read anew from record and corpus.

Where an article has been removed meanwhile, the message is drawn again without it at the press of any button.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.cogs.base import Cog, Interaction, OnPress, origin_of, whisper
from bot.explained import sections_of
from bot.records.model import MessagePlace
from bot.sheet import Outcome
from bot.views import notices
from bot.views.buttons import Action, Layout, Press
from bot.views.context import ContextLayout
from bot.views.explanation import ExplanationLayout
from bot.views.help import HelpLayout
from bot.views.notices import Notice
from bot.views.wanted import requested
from retrieval.model import Topic

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.answers import Reply


class AnswerButtons(Cog):
    """What the buttons under an answer do."""

    @property
    def presses(self) -> Mapping[Action, OnPress]:
        """All actions of an answer's message."""
        return {
            Action.TURN: self.turn,
            Action.CONTEXT: self.context,
            Action.READ: self.read,
            Action.SHARE: self.share,
            Action.HELPFUL: self.vote,
            Action.NOT_HELPFUL: self.vote,
            Action.CHOOSE: self.choose,
            Action.WHY: self.why,
            Action.WHY_PAGE: self.why_page,
            Action.REQUEST: self.request,
        }

    async def turn(self, interaction: Interaction, press: Press) -> None:
        """The asker sees another page."""
        if reply := await self._opened(interaction, press, asker_only=True):
            await self._draw(interaction, reply, press.argument)

    async def context(self, interaction: Interaction, press: Press) -> None:
        """Whoever pressed sees the sentences around a quotation, privately."""
        if reply := await self._opened(interaction, press):
            layout = await self._in_context(reply, press.argument, page=0)
            await whisper(interaction, layout or Notice(notices.REMOVED))

    async def read(self, interaction: Interaction, press: Press) -> None:
        """Whoever reads a quotation in its context sees another page of it."""
        await interaction.response.defer()
        reply = await self._reopened(interaction, press)
        layout = await self._in_context(reply, press.argument, page=press.page) if reply else Notice(notices.EXPIRED)
        await interaction.edit_original_response(view=layout or Notice(notices.REMOVED))

    async def share(self, interaction: Interaction, press: Press) -> None:
        """The asker's private answer is posted for all to see, once."""
        reply = await self._opened(interaction, press, asker_only=True)
        if reply is None:
            return
        shared = await self.services.answers.share(reply, self.services.now())
        if shared is None:
            await whisper(interaction, Notice(notices.ALREADY_SHARED))
            return
        try:
            posted = await interaction.followup.send(
                view=self.services.layout(shared, press.page, private=False), wait=True
            )
        except discord.HTTPException:
            await self.services.answers.unshare(shared)
            raise
        at = MessagePlace(posted.channel.id, posted.id)
        await self.services.answers.posted(shared.record.id, at)
        if instead := await self.services.answers.overtaken(shared, self.services.now()):
            await self.services.messages.edit(at, self.services.layout(instead, press.page, private=False))
        await self._draw(interaction, shared, press.page)

    async def vote(self, interaction: Interaction, press: Press) -> None:
        """A member's one vote on an answer is stored."""
        if await self._opened(interaction, press):
            helpful = press.action is Action.HELPFUL
            changed = await self.services.answers.vote(
                press.record, interaction.user.id, self.services.now(), helpful=helpful
            )
            await whisper(interaction, notices.voted(helpful=helpful, changed=changed))

    async def choose(self, interaction: Interaction, press: Press) -> None:
        """The question is asked about the case chosen, or the one offered; its answer takes the message's place."""
        reply = await self._opened(interaction, press, asker_only=True)
        if reply is None:
            return
        if refusal := self.services.admitted(interaction):
            await whisper(interaction, refusal)
            return
        private = _is_private(interaction)
        origin = origin_of(interaction, private=private)
        at = None if private else _place_of(interaction)
        chosen = await self.services.answers.choose(reply, press.argument, origin, self.services.now(), at=at)
        if isinstance(chosen, Topic):
            await interaction.edit_original_response(view=HelpLayout(chosen))
        elif chosen:
            await self.services.show_answer(interaction, chosen, private=private)

    async def request(self, interaction: Interaction, press: Press) -> None:
        """Whoever pressed counts among those who want an article on what was refused; they are told so privately."""
        reply = await self._opened(interaction, press)
        guild_id = interaction.guild_id
        if reply is None or guild_id is None or reply.sheet.outcome is not Outcome.NOT_IN_CORPUS:
            return
        asked = reply.record
        now = self.services.now()
        wish = await self.services.wanted.request(asked.question, asked.filters, interaction.user.id, guild_id, now)
        await whisper(interaction, requested(wish))

    async def why(self, interaction: Interaction, press: Press) -> None:
        """A moderator sees how the answer came about, privately."""
        if reply := await self._opened(interaction, press):
            await whisper(interaction, await self._explained(interaction, reply, page=0))

    async def why_page(self, interaction: Interaction, press: Press) -> None:
        """A moderator sees another page of how the answer came about."""
        await interaction.response.defer()
        reply = await self._reopened(interaction, press)
        layout = await self._explained(interaction, reply, page=press.page) if reply else Notice(notices.EXPIRED)
        await interaction.edit_original_response(view=layout)

    async def _explained(self, interaction: Interaction, reply: Reply, *, page: int) -> Layout:
        """The explanation, or what the member is told instead; each page is a question asked, and counts as one."""
        if interaction.guild_id is not None and (refusal := self.services.refusal(interaction)):
            return refusal
        if interaction.guild_id is None and reply.record.asker_id != interaction.user.id:
            return Notice(notices.NOT_THE_ASKER)
        if refusal := self.services.admitted(interaction):
            return refusal
        sections = sections_of(await self.services.answers.explain(reply))
        return ExplanationLayout(sections, record=reply.record.id, page=page)

    async def _reopened(self, interaction: Interaction, press: Press) -> Reply | None:
        return await self.services.answers.reopen(press.record, interaction.guild_id, self.services.now())

    async def _opened(self, interaction: Interaction, press: Press, *, asker_only: bool = False) -> Reply | None:
        """The answer, after the press was acknowledged; None when the member was told why nothing happens."""
        await interaction.response.defer()
        reply = await self._reopened(interaction, press)
        if reply is None:
            await whisper(interaction, Notice(notices.EXPIRED))
            return None
        if reply.sheet.withdrawn:
            await self._draw(interaction, reply, press.page)
        if asker_only and reply.record.asker_id != interaction.user.id:
            await whisper(interaction, Notice(notices.NOT_THE_ASKER))
            return None
        return reply

    async def _draw(self, interaction: Interaction, reply: Reply, page: int) -> None:
        layout = self.services.layout(reply, page, private=_is_private(interaction))
        await interaction.edit_original_response(view=layout)

    async def _in_context(self, reply: Reply, piece: int, *, page: int) -> ContextLayout | None:
        around = await self.services.answers.surroundings(reply, piece)
        if around is None:
            return None
        return ContextLayout(around, record=reply.record.id, piece=piece, page=page, today=self.services.today)


def _is_private(interaction: Interaction) -> bool:
    return interaction.message is not None and interaction.message.flags.ephemeral


def _place_of(interaction: Interaction) -> MessagePlace | None:
    message = interaction.message
    return MessagePlace(message.channel.id, message.id) if message else None
