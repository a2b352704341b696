"""/audit: the record of all changes, for moderators: filtered, undone from, exported. Nothing here changes it."""

from __future__ import annotations

import csv
import io
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

import discord
from discord import app_commands

from bot.cogs.base import Cog, Interaction, OnPress, acknowledge, actor_of, show, whisper
from bot.dates import EXAMPLES, read_date
from bot.limits import AUTOCOMPLETE_CHOICES, CHOICE_NAME, CHOICE_VALUE, FILE_BYTES, measure
from bot.privacy import actor_of as actor_named
from bot.views import markup, notices
from bot.views.actors import told
from bot.views.audit import (
    ENTRIES_ON_PAGE,
    FILE,
    AuditLayout,
    ExportLayout,
    Extract,
    Line,
    nothing_undone,
    undone,
)
from bot.views.buttons import Action, Layout, Press
from bot.views.notices import Notice
from bot.views.paged import nearest
from bot.views.undo import may_be_undone
from corpus.drafts import AuditFilter, Place
from corpus.errors import ArticleNotFound, Conflict, EntryNotFound
from corpus.model import KEY_MOST_CHARS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corpus.model import AuditEntry

EXPORT_MOST: Final = 10_000
"""So many entries are put into one file."""
_KIND: Final = "audit"
_REASON: Final = 300


@dataclass(frozen=True, slots=True)
class Opened:
    """A page that is to be drawn: where, under which pending record, and what of the record."""

    place: Place
    record: str
    wanted: AuditFilter


class Audit(Cog):
    """Looking at the record."""

    @property
    def presses(self) -> Mapping[Action, OnPress]:
        """The record is shown privately: whoever presses asked for it, but may have lost the right since."""
        return {Action.AUDIT_PAGE: self.turn, Action.AUDIT_UNDO: self.undo, Action.AUDIT_EXPORT: self.export}

    @app_commands.command(description="Who changed what, and when: look, undo, export")
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.default_permissions(manage_messages=True)
    @app_commands.describe(
        member="Only what this member did",
        article="Only what was done to this article: its title, or its key",
        since="Only from this day on: 2021-01-21, January 2021, 3 weeks ago",
        until="Only up to this day",
        library="The record of the library instead of this server's",
    )
    async def audit(  # noqa: PLR0917 - discord.py gives a command's options by position
        self,
        interaction: Interaction,
        member: discord.User | None = None,
        article: app_commands.Range[str, 1, KEY_MOST_CHARS] | None = None,
        since: app_commands.Range[str, 1, 40] | None = None,
        until: app_commands.Range[str, 1, 40] | None = None,
        library: bool = False,  # noqa: FBT001, FBT002 - a command's options are what Discord makes of them
    ) -> None:
        """Show the newest entries."""
        with self.services.workload.interaction():
            place = await self.admit(interaction, library=library)
            if place is None:
                return
            period = _period(since, until, self.services.today)
            if isinstance(period, Layout):
                await whisper(interaction, period)
                return
            await acknowledge(interaction)
            key = await self._key(place, article) if article else None
            wanted = AuditFilter(actor_named(member.id) if member else None, key, *period)
            record = await self._keep(interaction, wanted)
            await self._draw(interaction, Opened(place, record, wanted), 0)

    @audit.autocomplete("article")
    async def complete_article(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Articles whose title, key or publication has what is typed; removed ones too."""
        place = self.services.place(interaction, library=bool(getattr(interaction.namespace, "library", False)))
        if self.services.refusal(interaction, place):
            return []
        found = await self.services.desk.titles(_own(place), typed, AUTOCOMPLETE_CHOICES, removed=None)
        return [
            app_commands.Choice(name=markup.label(one.title, CHOICE_NAME), value=one.key)
            for one in found
            if measure(one.key) <= CHOICE_VALUE
        ]

    async def turn(self, interaction: Interaction, press: Press) -> None:
        """Another page is shown."""
        if opened := await self._opened(interaction, press, update=True):
            await self._draw(interaction, opened, press.argument)

    async def undo(self, interaction: Interaction, press: Press) -> None:
        """The act chosen is taken back, and the first page shown with it; else the reason why it can't be."""
        opened = await self._opened(interaction, press, update=True)
        if opened is None:
            return
        services = self.services
        try:
            back = await services.desk.undo(int(press.values[0]), opened.place, actor_of(interaction), services.now())
            said = undone(Line(back.entry, back.article.title))
        except (Conflict, EntryNotFound) as error:
            said = nothing_undone(told(str(error), _REASON))
        await self._draw(interaction, opened, 0, said)

    async def export(self, interaction: Interaction, press: Press) -> None:
        """The entries are given as a file, privately."""
        opened = await self._opened(interaction, press)
        if opened is None:
            return
        data, held = await self._file(opened)
        length = await self.services.desk.audit_length(opened.place, opened.wanted)
        extract = Extract(opened.record, opened.place.own, opened.wanted, max(length, held))
        await show(interaction, ExportLayout(extract, held=held), discord.File(io.BytesIO(data), FILE))

    async def _opened(self, interaction: Interaction, press: Press, *, update: bool = False) -> Opened | None:
        """What the press is about, acknowledged; None where the member was told why nothing happens."""
        place = await self.admit(interaction, library=press.in_library)
        if place is None:
            return None
        await acknowledge(interaction, update=update)
        services = self.services
        kept = await services.pending.get(press.record, interaction.user.id, interaction.guild_id, services.now())
        if kept is None or kept.kind != _KIND:
            await show(interaction, Notice(notices.EXPIRED_RECORD))
            return None
        return Opened(place, press.record, _wanted(kept.content))

    async def _keep(self, interaction: Interaction, wanted: AuditFilter) -> str:
        content = {
            "actor": wanted.actor,
            "key": wanted.key,
            "since": wanted.since.isoformat() if wanted.since else None,
            "until": wanted.until.isoformat() if wanted.until else None,
        }
        services = self.services
        return await services.pending.put(_KIND, content, interaction.user.id, interaction.guild_id, services.now())

    async def _key(self, place: Place, typed: str) -> str:
        """The key that is meant: what is typed, or that of the only article with such a title."""
        desk = self.services.desk
        if await desk.audit_length(place, AuditFilter(key=typed)):
            return typed
        titled = await desk.titles(_own(place), typed, 2, removed=None)
        return titled[0].key if len(titled) == 1 else typed

    async def _draw(self, interaction: Interaction, opened: Opened, page: int, said: str = "") -> None:
        """The page of that index, or the last one there is."""
        desk, place, wanted = self.services.desk, opened.place, opened.wanted
        extract = Extract(opened.record, place.own, wanted, await desk.audit_length(place, wanted))
        at = nearest(page, extract.pages)
        entries = await desk.audit(place, wanted, limit=ENTRIES_ON_PAGE, offset=at * ENTRIES_ON_PAGE)
        await show(interaction, AuditLayout(extract, await self._lines(place, entries), page=at, said=said))

    async def _lines(self, place: Place, entries: Sequence[AuditEntry]) -> list[Line]:
        """The entries with the titles that their articles have now; of each article the newest act can be undone."""
        desk, now = self.services.desk, self.services.now()
        titles: dict[str, str] = {}
        newest: set[int] = set()
        for key in {entry.key for entry in entries if entry.revision}:
            with suppress(ArticleNotFound):  # purged since
                titles[key] = (await desk.show(_own(place), key)).title
            if last := await desk.last_entry(place, key):
                newest.add(last.number)
        return [
            Line(entry, titles.get(entry.key), entry.number in newest and may_be_undone(entry, now))
            for entry in entries
        ]

    async def _file(self, opened: Opened) -> tuple[bytes, int]:
        """The entries as a file that Discord takes, and their number."""
        pieces: list[bytes] = []
        size, held = 0, 0
        async for text in self.services.desk.audit_csv(opened.place, opened.wanted):
            piece = text.encode("utf-8", "replace")
            lines = _lines_in(text) if pieces else 0
            if held + lines > EXPORT_MOST or size + len(piece) > FILE_BYTES:
                break
            pieces.append(piece)
            size, held = size + len(piece), held + lines
        return b"".join(pieces), held


def _own(place: Place) -> Place:
    """The place without what is seen of others: the record is of the own collection alone."""
    return Place(place.own, (place.own,))


def _lines_in(text: str) -> int:
    """How many entries a piece of the file holds; a cell may have line breaks."""
    return sum(1 for _ in csv.reader(io.StringIO(text, newline="")))


def _period(since: str | None, until: str | None, today: date) -> tuple[date | None, date | None] | Layout:
    """The days that were written, a month or a year from its first to its last; else what the member is told."""
    periods = []
    for option, text in (("since", since), ("until", until)):
        period = read_date(text, today) if text and text.strip() else None
        if text and text.strip() and period is None:
            return notices.unreadable_date(option, text, EXAMPLES)
        periods.append(period)
    first = periods[0].first if periods[0] else None
    last = periods[1].last if periods[1] else None
    if first and last and first > last:
        return Notice("`since` is later than `until`, so nothing can have been done between the two.")
    return first, last


def _wanted(content: Mapping[str, object]) -> AuditFilter:
    """What was kept of the filters."""
    texts = {name: str(value) for name, value in content.items() if value is not None}
    since, until = texts.get("since"), texts.get("until")
    return AuditFilter(
        texts.get("actor"),
        texts.get("key"),
        date.fromisoformat(since) if since else None,
        date.fromisoformat(until) if until else None,
    )
