"""The second question before an article is erased for good, and what follows: the bot's own messages are redrawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from bot.cogs.base import Cog, Interaction, OnPress, OnSubmit, acknowledge, actor_of, show
from bot.cogs.drafts import FORM_KIND
from bot.cogs.naming import alone
from bot.cogs.taking import KIND, WORDS_KIND
from bot.records.model import MessagePlace
from bot.views import notices
from bot.views.buttons import Action, Press, number_of
from bot.views.notices import Notice
from bot.views.purging import CONFIRM, REASON, PurgedLayout, Redrawn, confirms, purge_form
from corpus.collection import LIBRARY
from corpus.errors import ArticleNotFound, NotFound

if TYPE_CHECKING:
    from bot.records.model import Posted
    from bot.views.buttons import Layout
    from corpus.drafts import Place, Purged
    from corpus.model import Article

HOLDING_TEXTS: Final = frozenset({FORM_KIND, KIND, WORDS_KIND})
"""The kinds of pending records in which a text may wait that is being taken down."""
_CARD_ERASED = "A suggestion stood here. It was erased with an article that was taken down."
_GONE = "There is no such article here (any more)."
_NOT_CONFIRMED = "Nothing was erased: what you typed is neither the article's key nor the word of its title."


class Purging(Cog):
    """Takedowns."""

    @property
    def presses(self) -> Mapping[Action, OnPress]:
        """The button below the notice."""
        return {Action.ARTICLE_PURGE: self.ask}

    @property
    def submissions(self) -> Mapping[Action, OnSubmit]:
        """The form with the confirmation and the reason."""
        return {Action.ARTICLE_PURGE: self.purge}

    async def ask(self, interaction: Interaction, press: Press) -> None:
        """A form asks for the key, or a word of the title, and the reason."""
        place = await self.admit(interaction, library=press.in_library)
        if place is not None:
            await interaction.response.send_modal(purge_form(await self._article(press, place)))

    async def purge(self, interaction: Interaction, press: Press, fields: Mapping[str, str]) -> None:
        """The article is erased and the messages that quote it are redrawn, if the confirmation is right."""
        place = await self.admit(interaction, library=press.in_library)
        if place is None:
            return
        await acknowledge(interaction)
        article = await self._article(press, place)
        if not confirms(fields.get(CONFIRM, ""), article):
            await show(interaction, Notice(_NOT_CONFIRMED))
            return
        services, why = self.services, fields.get(REASON, "")
        # Before the articles: what they leave behind in the file's log of changes is erased after them.
        await services.pending.forget(HOLDING_TEXTS, None if place.own == LIBRARY else interaction.guild_id)
        purged = await services.desk.purge(place, article.key, by=actor_of(interaction), now=services.now(), why=why)
        await self._close_cards(interaction, purged)
        quoting = await services.answers.withdraw(purged.article_id)
        if not quoting:
            await show(interaction, PurgedLayout(purged, 0, Redrawn(0, 0)))
            return
        try:
            await show(interaction, PurgedLayout(purged, len(quoting), None))
        finally:  # also where the member has dismissed the message meanwhile
            redrawn = await self._redrawn(quoting)
        await show(interaction, PurgedLayout(purged, len(quoting), redrawn))

    async def _close_cards(self, interaction: Interaction, purged: Purged) -> None:
        """The cards of suggestions that were erased with the article name them no more."""
        guild = interaction.guild_id
        for draft_id in purged.drafts:
            if guild is not None and (card := await self.services.cards.take(draft_id, guild)):
                await self.services.messages.edit(card, Notice(_CARD_ERASED))

    async def _redrawn(self, quoting: Sequence[Posted]) -> Redrawn:
        """Each message shows its answer without the article."""
        edited = 0
        for posted in quoting:
            place = MessagePlace(posted.channel_id, posted.message_id)
            edited += await self.services.messages.edit(place, await self._layout(posted)) is None
        return Redrawn(edited, len(quoting) - edited)

    async def _layout(self, posted: Posted) -> Layout:
        reply = await self.services.answers.reopen(posted.record_id, posted.guild_id, self.services.now())
        return self.services.layout(reply, private=False) if reply else Notice(notices.REMOVED)

    async def _article(self, press: Press, place: Place) -> Article:
        try:
            return await self.services.desk.article(number_of(press.record), alone(place))
        except ArticleNotFound as error:
            raise NotFound(_GONE) from error
