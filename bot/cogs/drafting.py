"""What the features that bring articles in share: a draft, and what became of it, as a message."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Final

import discord

from bot.cogs.base import Cog, actor_of
from bot.cogs.naming import alone
from bot.views.actors import told
from bot.views.draft import DecidedLayout, PreviewLayout, Surrounding, mark_of, own_alike, replaced_value
from bot.views.outcomes import KnownLayout, RejectedLayout, StoredLayout
from bot.views.particulars import flag_of
from corpus.collection import LIBRARY
from corpus.desk import Giver
from corpus.drafts import Choice, Handling, Place, Preview
from corpus.errors import ArticleNotFound, Unreadable
from corpus.model import Added, AlreadyKnown, NearDuplicate, Rejected
from corpus.readers.limits import DEFAULT_LIMITS, in_words

if TYPE_CHECKING:
    from bot.cogs.base import Interaction
    from bot.views.buttons import Layout
    from corpus.desk import Drafting
    from corpus.drafts import WaitingDraft
    from corpus.model import Article, AuditEntry, IngestOutcome

FILE_MOST: Final = DEFAULT_LIMITS.pdf_bytes
"""The largest file that is taken, in bytes; what is no PDF must be smaller still, which the readers tell."""
_NEWER: Final = "Another article like it has come in meanwhile. Look at it before you decide."
_SAID: Final = 500


class DraftingCog(Cog):
    """A feature that brings articles in."""

    def giver(self, interaction: Interaction) -> Giver:
        """The moderator, as the one who brings something in."""
        return Giver(actor_of(interaction))

    def preview(self, interaction: Interaction, preview: Preview, *, note: str = "") -> Layout:
        """The draft as it is now; what became of it where it was decided on."""
        waiting = preview.waiting
        if not waiting.is_open:
            return DecidedLayout(waiting, _decided(waiting))
        guild = self.services.guilds.of(interaction.guild_id)
        speaks = waiting.collection == LIBRARY or guild.speaks(waiting.draft.language)
        return PreviewLayout(preview, Surrounding(self.services.today, speaks=speaks), note=note)

    async def drafted(
        self, interaction: Interaction, drafting: Drafting, place: Place, *, again: str | None = None
    ) -> Layout:
        """What became of what was brought in; `again` is the record of the form to fill in anew, if there was one."""
        match drafting:
            case Preview():
                return self.preview(interaction, drafting)
            case AlreadyKnown():
                return await self.known(drafting, place)
            case Rejected():
                removed = await self._removed(drafting.key, place)
                return RejectedLayout(drafting, removed=removed, again=again, flag=flag_of(place.own))

    async def outcome(self, interaction: Interaction, outcome: IngestOutcome, place: Place, draft_id: str) -> Layout:
        """What became of a draft that was to be stored."""
        match outcome:
            case Added(article):
                entry = await self.entry_of(interaction, article, place)
                return StoredLayout(article, entry, self.services.now())
            case NearDuplicate():
                preview = await self.services.desk.preview(draft_id, place)
                return self.preview(interaction, preview, note=_NEWER)
            case AlreadyKnown() | Rejected():
                return await self.drafted(interaction, outcome, place)

    async def known(self, known: AlreadyKnown, place: Place) -> Layout:
        """The stored article that a draft equals."""
        collection = known.collection or place.own
        article = await self.services.desk.show(Place.of(collection, library=False), known.key)
        return KnownLayout(article, self.services.today)

    async def entry_of(self, interaction: Interaction, article: Article, place: Place) -> AuditEntry | None:
        """The member's act on the article in the audit record; None where another one came after it."""
        entry = await self.services.desk.last_entry(place, article.key)
        if entry is None or (entry.actor, entry.revision) != (actor_of(interaction), article.revision):
            return None
        return entry

    async def _removed(self, key: str | None, place: Place) -> Article | None:
        """The article that stands in the way and can be restored from here."""
        if key is None:
            return None
        try:
            article = await self.services.desk.show(alone(place), key)
        except ArticleNotFound:
            return None
        return article if article.removed else None


def choice_of(preview: Preview, chosen: Sequence[str], seen: Collection[int], handling: Handling) -> Choice | None:
    """What was decided about near-duplicates; None where that can't be what was meant, so that it is asked again.

    `seen` are the marks of those that the message showed, `chosen` the values of the menu of those to replace.
    """
    if any(mark_of(one) not in seen for one in preview.alike):
        return None
    keys = tuple(one.key for one in preview.alike)
    if handling is Handling.KEEP_BOTH:
        return Choice(handling, keys)
    own = [one for one in own_alike(preview) if not chosen or replaced_value(mark_of(one)) == chosen[0]]
    return Choice(handling, keys, own[0].key, own[0].revision) if len(own) == 1 else None


async def content_of(file: discord.Attachment) -> bytes:
    """What is in the file; raises Unreadable with a sentence where it is too large or is not there any more."""
    if file.size > FILE_MOST:
        raise Unreadable(f"The file is {in_words(file.size)} large; at most {in_words(FILE_MOST)} are read.")
    try:
        return await file.read()
    except discord.HTTPException as error:
        raise Unreadable("Discord does not give the file any more. Send it again.") from error
    except OSError as error:  # of the network, as the library lets it through
        raise Unreadable("The file could not be had from Discord just now. Try again.") from error


def _decided(waiting: WaitingDraft) -> str:
    decision = waiting.decision
    if decision is None:
        return "Nothing is left to be done."
    reason = f": {decision.reason}" if decision.reason else ""
    key = f" Its key is {decision.key}." if decision.key else ""
    return told(f"it was {waiting.state} by {decision.by} on {decision.at:%Y-%m-%d %H:%M} UTC{reason}.{key}", _SAID)
