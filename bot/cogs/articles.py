"""/article: moderators add, look at, edit, remove, restore and erase articles."""

from __future__ import annotations

from dataclasses import asdict
from typing import Final

import discord
from discord import app_commands

from bot.cogs.base import Interaction, acknowledge, actor_of, moderated_group, show, whisper
from bot.cogs.drafting import DraftingCog, content_of
from bot.cogs.naming import NAME_MOST, choices, named
from bot.cogs.publications import suggestions
from bot.cogs.shown import LIST_KIND, history_layout, list_layout, removed_layout, restored_layout, shown_layout
from bot.views.articles import REVISIONS, Reading, Wanted
from bot.views.buttons import Action, Press, record_of
from bot.views.details import add_form, edit_form
from bot.views.notices import Notice
from bot.views.particulars import flag_of
from bot.views.purging import PurgeNotice
from corpus.drafts import Place
from corpus.errors import Conflict

LINK_MOST: Final = 2_048
_ONE_OF_TWO: Final = "Give either `url` or `file`; leave out both to fill in a form."
_ARTICLE: Final = "Which article: choose while you type, or give its key or whole title"
_LIBRARY: Final = "Work on the library that all servers share, where you may"
_Name = app_commands.Range[str, 1, NAME_MOST]
_Choices = list[app_commands.Choice[str]]


class ArticleCommands(DraftingCog):
    """The commands. What the buttons below their answers do stands in `drafts`, `shown` and `purging`."""

    article = moderated_group("article", "The articles that questions are answered from")

    @article.command(name="add", description="Add an article: by its link, from a file, or typed into a form")
    @app_commands.describe(
        url="The link of a page or a PDF",
        file="A text, Markdown, HTML or PDF file, or one article as JSON lines",
        library=_LIBRARY,
    )
    async def add(
        self,
        interaction: Interaction,
        url: app_commands.Range[str, 1, LINK_MOST] | None = None,
        file: discord.Attachment | None = None,
        library: bool = False,  # noqa: FBT001, FBT002 - a command's options are what Discord makes of them
    ) -> None:
        """Show what would be stored."""
        with self.services.workload.interaction():
            place = await self.admit(interaction, library=library)
            if place is None:
                return
            if url is not None and file is not None:
                await whisper(interaction, Notice(_ONE_OF_TWO))
                return
            if url is None and file is None:
                press = Press(Action.DRAFT_ADD, page=flag_of(place.own))
                await interaction.response.send_modal(add_form(press))
                return
            await acknowledge(interaction)
            desk, giver, now = self.services.desk, self.giver(interaction), self.services.now()
            if file is not None:
                data = await content_of(file)
                drafting = await desk.draft_file(file.filename, data, file.content_type, place, giver, now)
            else:
                drafting = await desk.draft_url(url or "", place, giver, now)
            await show(interaction, await self.drafted(interaction, drafting, place))

    @article.command(name="list", description="The articles, newest first")
    @app_commands.describe(
        text="Words that stand in the title, the publication or the key",
        publication="Only articles from this publication",
        removed="The removed articles instead",
        library="The library only, which all servers share",
    )
    async def list_articles(
        self,
        interaction: Interaction,
        text: app_commands.Range[str, 1, 100] | None = None,
        publication: app_commands.Range[str, 1, 100] | None = None,
        removed: bool = False,  # noqa: FBT001, FBT002 - as above
        library: bool = False,  # noqa: FBT001, FBT002 - as above
    ) -> None:
        """Show a page of the articles."""
        with self.services.workload.interaction():
            place = await self.admit(interaction, library=library)
            if place is None:
                return
            await acknowledge(interaction)
            wanted = Wanted(text, publication, removed, library)
            pending, now = self.services.pending, self.services.now()
            record = await pending.put(LIST_KIND, asdict(wanted), interaction.user.id, interaction.guild_id, now)
            await show(interaction, await list_layout(self.services, place, wanted, record=record, page=0))

    @article.command(name="show", description="An article with its text")
    @app_commands.describe(article=_ARTICLE, library=_LIBRARY)
    async def show_article(
        self,
        interaction: Interaction,
        article: _Name,
        library: bool = False,  # noqa: FBT001, FBT002 - as above
    ) -> None:
        """Show the article."""
        with self.services.workload.interaction():
            place = await self.admit(interaction, library=library)
            if place is None:
                return
            await acknowledge(interaction)
            found = await named(self.services.desk, place, article)
            reading = Reading(flag_of(place.own))
            await show(interaction, await shown_layout(self.services, interaction, found, reading))

    @article.command(name="edit", description="Change an article's particulars, or give it a new text as a file")
    @app_commands.describe(article=_ARTICLE, file="The new text; title and date stay", library=_LIBRARY)
    async def edit(
        self,
        interaction: Interaction,
        article: _Name,
        file: discord.Attachment | None = None,
        library: bool = False,  # noqa: FBT001, FBT002 - as above
    ) -> None:
        """Open the form, or show what the new text changes."""
        with self.services.workload.interaction():
            place = await self.admit(interaction, library=library)
            if place is None:
                return
            desk = self.services.desk
            if file is not None:
                await acknowledge(interaction)
                found = await named(desk, place, article, writing=True)
                data, giver, now = await content_of(file), self.giver(interaction), self.services.now()
                drafting = await desk.draft_new_text(
                    place, found.key, file.filename, data, file.content_type, giver, now
                )
                await show(interaction, await self.drafted(interaction, drafting, place))
                return
            found = await named(desk, place, article, writing=True)
            if found.removed is not None:
                raise Conflict(f"“{found.title}” was {found.removed}; restore it first.")
            press = Press(
                Action.ARTICLE_EDIT, record_of(found.id), flag_of(found.collection), found.revision % REVISIONS
            )
            await interaction.response.send_modal(edit_form("Edit an article", press, found))

    @article.command(name="remove", description="Take an article out of all answers; it can be restored")
    @app_commands.describe(article=_ARTICLE, reason="Why; kept in the record", library=_LIBRARY)
    async def remove(
        self,
        interaction: Interaction,
        article: _Name,
        reason: app_commands.Range[str, 1, 500] | None = None,
        library: bool = False,  # noqa: FBT001, FBT002 - as above
    ) -> None:
        """Remove the article."""
        with self.services.workload.interaction():
            place = await self.admit(interaction, library=library)
            if place is None:
                return
            await acknowledge(interaction)
            found = await named(self.services.desk, place, article, writing=True)
            layout = await removed_layout(self.services, place, found.key, by=actor_of(interaction), why=reason or "")
            await show(interaction, layout)

    @article.command(name="restore", description="Bring a removed article back as it was")
    @app_commands.describe(article=_ARTICLE, library=_LIBRARY)
    async def restore(
        self,
        interaction: Interaction,
        article: _Name,
        library: bool = False,  # noqa: FBT001, FBT002 - as above
    ) -> None:
        """Restore the article."""
        with self.services.workload.interaction():
            place = await self.admit(interaction, library=library)
            if place is None:
                return
            await acknowledge(interaction)
            found = await named(self.services.desk, place, article, writing=True, removed=True)
            layout = await restored_layout(self.services, place, found.key, by=actor_of(interaction))
            await show(interaction, layout)

    @article.command(name="history", description="What became of an article: who changed what, when and why")
    @app_commands.describe(article=_ARTICLE, library=_LIBRARY)
    async def history(
        self,
        interaction: Interaction,
        article: _Name,
        library: bool = False,  # noqa: FBT001, FBT002 - as above
    ) -> None:
        """Show the revisions and removals."""
        with self.services.workload.interaction():
            place = await self.admit(interaction, library=library)
            if place is None:
                return
            await acknowledge(interaction)
            found = await named(self.services.desk, place, article)
            flag = flag_of(place.own)
            await show(interaction, await history_layout(self.services, interaction, found, flag=flag, page=0))

    @article.command(name="purge", description="Erase an article for good, with every revision (a takedown)")
    @app_commands.describe(article=_ARTICLE, library=_LIBRARY)
    async def purge(
        self,
        interaction: Interaction,
        article: _Name,
        library: bool = False,  # noqa: FBT001, FBT002 - as above
    ) -> None:
        """Ask whether the article is to be erased."""
        with self.services.workload.interaction():
            place = await self.admit(interaction, library=library)
            if place is None:
                return
            await acknowledge(interaction)
            found = await named(self.services.desk, place, article, writing=True)
            await show(interaction, PurgeNotice(found, found.revision, self.services.today))

    @list_articles.autocomplete("publication")
    async def complete_publication(self, interaction: Interaction, typed: str) -> _Choices:
        """Publications that fit what is typed."""
        place = self._place(interaction)
        return await suggestions(self.services, interaction, typed) if place else []

    @show_article.autocomplete("article")
    @history.autocomplete("article")
    async def complete_seen(self, interaction: Interaction, typed: str) -> _Choices:
        """All articles that are seen here, removed ones last."""
        return await choices(self.services, interaction, typed, removed=None)

    @edit.autocomplete("article")
    @remove.autocomplete("article")
    async def complete_live(self, interaction: Interaction, typed: str) -> _Choices:
        """The live articles that can be changed from here."""
        return await choices(self.services, interaction, typed, writing=True)

    @restore.autocomplete("article")
    async def complete_removed(self, interaction: Interaction, typed: str) -> _Choices:
        """The removed articles that can be changed from here."""
        return await choices(self.services, interaction, typed, removed=True, writing=True)

    @purge.autocomplete("article")
    async def complete_all(self, interaction: Interaction, typed: str) -> _Choices:
        """Live and removed articles that can be changed from here."""
        return await choices(self.services, interaction, typed, removed=None, writing=True)

    def _place(self, interaction: Interaction) -> Place | None:
        """Where a moderator types; None for others."""
        library = getattr(interaction.namespace, "library", None) is True
        place = self.services.place(interaction, library=library)
        return None if self.services.refusal(interaction, place) else place
