"""“Add to corpus” in a message's menu: what the message links to, holds or says becomes a draft."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import discord
from discord import app_commands

from bot.cogs.base import Interaction, OnPress, acknowledge, message_menu, show, whisper
from bot.cogs.candidates import LEAST_WORDS, Candidate, Taken, found_in, read_back, without_names
from bot.cogs.drafting import DraftingCog
from bot.views import notices
from bot.views.buttons import Action, Press
from bot.views.candidates import CandidatesLayout, WordsLayout, candidate_number, nothing_to_take
from bot.views.notices import Notice
from bot.views.particulars import flag_of
from corpus.drafts import Details, Place
from corpus.model import Rejected, Source, SourceKind
from corpus.readers import READABLE_SUFFIXES

if TYPE_CHECKING:
    from bot.records.pending import Pending
    from bot.views.buttons import Layout
    from corpus.desk import Drafting

KIND: Final = "candidates"
WORDS_KIND: Final = "a member's words"
_FILE_GONE: Final = "Discord does not give the file any more. Use the menu of its message again."


class Taking(DraftingCog):
    """Messages become drafts."""

    @property
    def menus(self) -> Sequence[app_commands.ContextMenu]:
        """The entry in the menu of a message."""
        return [message_menu("Add to corpus", self.add_message)]

    @property
    def presses(self) -> Mapping[Action, OnPress]:
        """The choice among several candidates, and the confirmation about a member's words."""
        return {Action.TAKE: self.chosen, Action.TAKE_WORDS: self.confirmed}

    async def add_message(self, interaction: Interaction, message: discord.Message) -> None:
        """The one thing that could be an article is shown as a draft; several are offered."""
        with self.services.workload.interaction():
            place = await self.admit(interaction)
            if place is None:
                return
            found = found_in(message)
            if not found.candidates:
                await whisper(interaction, nothing_to_take(LEAST_WORDS, sorted(READABLE_SUFFIXES), found.problems))
                return
            await acknowledge(interaction)
            if len(found.candidates) == 1:
                layout = await self._taken(interaction, found.candidates[0], place)
            else:
                layout = await self._offered(interaction, found.candidates, place)
            await show(interaction, layout)

    async def chosen(self, interaction: Interaction, press: Press) -> None:
        """What was chosen is shown as a draft; what can't be stored leaves the choice."""
        place = await self.admit(interaction, library=press.in_library)
        if place is None:
            return
        await acknowledge(interaction, update=True)
        kept = await self._kept(interaction, press, KIND)
        candidates = read_back(kept.content) if kept else ()
        number = candidate_number("".join(press.values[:1]))
        if number is None or number >= len(candidates):
            await whisper(interaction, Notice(notices.EXPIRED_RECORD))
            return
        one = candidates[number]
        if one.words_of_member:
            await show(interaction, await self._asked(interaction, one, place))
            return
        drafting = await self._drafting(interaction, one, place)
        if isinstance(drafting, Rejected) and drafting.key is None:
            await show(interaction, await self._offered(interaction, candidates, place, reason=drafting.reason))
            return
        await show(interaction, await self.drafted(interaction, drafting, place))

    async def confirmed(self, interaction: Interaction, press: Press) -> None:
        """A member's words are shown as a draft, without the name."""
        place = await self.admit(interaction, library=press.in_library)
        if place is None:
            return
        await acknowledge(interaction, update=True)
        kept = await self._kept(interaction, press, WORDS_KIND)
        candidates = read_back(kept.content) if kept else ()
        if not candidates:
            await whisper(interaction, Notice(notices.EXPIRED_RECORD))
            return
        drafting = await self._drafting(interaction, candidates[0], place)
        await show(interaction, await self.drafted(interaction, drafting, place))

    async def _kept(self, interaction: Interaction, press: Press, kind: str) -> Pending | None:
        """What was kept for this message, from now on no more: a second press finds nothing."""
        services = self.services
        kept = await services.pending.take(press.record, interaction.user.id, interaction.guild_id, services.now())
        return kept if kept is not None and kept.kind == kind else None

    async def _taken(self, interaction: Interaction, one: Candidate, place: Place) -> Layout:
        if one.words_of_member:
            return await self._asked(interaction, one, place)
        return await self.drafted(interaction, await self._drafting(interaction, one, place), place)

    async def _asked(self, interaction: Interaction, one: Candidate, place: Place) -> Layout:
        record = await self._put(interaction, WORDS_KIND, [one])
        shown = one.content if one.kind is Taken.TEXT else f"The file {one.name}"
        return WordsLayout(shown, record=record, flag=flag_of(place.own))

    async def _offered(
        self, interaction: Interaction, candidates: Sequence[Candidate], place: Place, *, reason: str = ""
    ) -> Layout:
        record = await self._put(interaction, KIND, candidates)
        shown = [one.shown for one in candidates]
        return CandidatesLayout(shown, record=record, flag=flag_of(place.own), reason=reason)

    async def _put(self, interaction: Interaction, kind: str, candidates: Sequence[Candidate]) -> str:
        services = self.services
        content = {"candidates": [one.kept() for one in candidates]}
        return await services.pending.put(kind, content, interaction.user.id, interaction.guild_id, services.now())

    async def _drafting(self, interaction: Interaction, one: Candidate, place: Place) -> Drafting:
        desk, giver, now = self.services.desk, self.giver(interaction), self.services.now()
        match one.kind:
            case Taken.LINK:
                return await desk.draft_url(one.content, place, giver, now)
            case Taken.FILE:
                try:
                    data = await interaction.client.http.get_from_cdn(one.content)
                except discord.HTTPException:
                    return Rejected(Source(SourceKind.FILE, one.name), _FILE_GONE)
                if one.words_of_member:
                    text = without_names(data.decode("utf-8", "replace"))
                    return await desk.draft_text(Details(text=text), place, giver, now)
                return await desk.draft_file(one.name, data, one.media_type, place, giver, now)
            case Taken.TEXT:
                return await desk.draft_text(Details(text=one.content), place, giver, now)
