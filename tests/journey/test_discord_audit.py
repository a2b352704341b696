"""/audit through the real client: the record on pages, filtered, undone from, exported; each guild's its own."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.cogs import audit
from corpus.drafts import Place
from tests.discord.commandline import CommandError
from tests.discord.world import EVERYONE, Permission
from tests.fakes.discord_bot import desk_stage

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.collection import Collection
    from tests.discord.messages import Message
    from tests.fakes.discord_bot import DeskStage

PARLER = "# parler | Parler sues Amazon | CNBC | 2021-01-11\nParler sued Amazon on Monday in Seattle."
EPIC = "# epic | Epic sues Apple | The Verge | 2020-08-13\nEpic sued Apple on Thursday in Oakland."


async def removed(here: DeskStage, key: str = "parler", why: str = "retracted") -> None:
    """The moderator has removed the article."""
    by = f"discord:{here.mod.id}"
    await here.app.desk.remove(Place.of(here.own), key, by=by, now=here.clock(), why=why)


async def many(here: DeskStage, count: int, collection: Collection | None = None) -> None:
    """So many articles have come in, one a minute."""
    for number in range(count):
        here.clock.advance(timedelta(minutes=1))
        await here.give(f"# a{number} | Title {number}\nJudge {number} said no in the case.", collection=collection)


def cells(message: Message) -> list[list[str]]:
    """The file that the message shows."""
    return list(csv.reader(io.StringIO(message.files["audit.csv"].decode(), newline="")))


async def test_a_moderator_sees_privately_who_did_what_when_and_to_which_article_newest_first(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        await here.give(PARLER)
        await removed(here)
        reply = await here.mod.slash("audit")
        assert reply.ephemeral
        at = int(here.clock().timestamp())
        _, entries = reply.message.texts()
        assert entries.split("\n") == [
            f"**2** · <t:{at}:f> · <@{here.mod.id}> removed **Parler sues Amazon** (parler)",
            "-# retracted",
            f"**1** · <t:{at}:f> · test at the terminal added **Parler sues Amazon** (parler)",
        ]


async def test_an_empty_record_says_so(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        shown = (await here.mod.slash("audit")).message
        assert "Nothing is on record here." in shown.text
        assert shown.button("Export as CSV").disabled


async def test_ten_entries_stand_on_a_page_also_after_a_restart(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        await many(here, 12)
        shown = (await here.mod.slash("audit")).message
        assert shown.text.count("added **Title") == 10
        await here.restarted()
        await here.mod.press(shown, "Next")
        assert shown.text.count("added **Title") == 2
        assert shown.button("Next").disabled
        await here.mod.press(shown, "Previous")
        assert "**12**" in shown.text


async def test_it_is_filtered_by_member_article_and_date(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        await here.give(PARLER)
        await here.give(EPIC)
        here.clock.advance(timedelta(days=3))
        await removed(here)
        by = (await here.mod.slash("audit", member=here.mod.user)).message
        assert "### Audit record: 1 entry" in by.text
        assert f"Only entries by <@{here.mod.id}>" in by.text
        of = (await here.mod.slash("audit", article="parler")).message
        assert "### Audit record: 2 entries" in of.text
        assert "Epic" not in of.text
        titled = (await here.mod.slash("audit", article="Epic sues Apple")).message
        assert "Only entries on epic" in titled.text
        since = (await here.mod.slash("audit", since="yesterday")).message
        assert "### Audit record: 1 entry" in since.text
        until = (await here.mod.slash("audit", until="2 days ago", library=False)).message
        assert "### Audit record: 2 entries" in until.text
        assert "until 3 March 2026" in until.text


async def test_dates_that_can_not_be_read_are_refused(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        assert "is no date I understand" in (await here.mod.slash("audit", since="01/02/2021")).message.text
        between = await here.mod.slash("audit", since="today", until="yesterday")
        assert "nothing can have been done between the two" in between.message.text


async def test_articles_are_offered_by_their_titles_removed_ones_too_to_moderators_alone(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        await here.give(PARLER)
        await here.give(EPIC, collection=here.library)
        await removed(here)
        assert await here.mod.autocomplete("audit", "article", "sues") == [("Parler sues Amazon", "parler")]
        assert await here.mod.autocomplete("audit", "article", "sues", library=True) == []
        here.open_to_everyone("audit")
        assert await here.ann.autocomplete("audit", "article", "sues") == []


async def test_the_newest_act_on_an_article_is_undone_once(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        await here.give(PARLER)
        await removed(here)
        shown = (await here.mod.slash("audit")).message
        again = (await here.mod.slash("audit")).message
        [menu] = shown.selects()
        assert [option.label for option in menu.options] == ["Undo 2: removed Parler sues Amazon"]
        await here.restarted()
        await here.mod.select(shown, "2")
        assert "**Undone:** entry 2, which removed **Parler sues Amazon** (parler)." in shown.text
        assert f"<@{here.mod.id}> restored **Parler sues Amazon** (parler)\n-# undoes entry 2" in shown.text
        assert (await here.app.desk.show(Place.of(here.own), "parler")).removed is None
        await here.mod.select(again, "2")
        assert f"**Not undone:** The article was changed since: restore by <@{here.mod.id}>" in again.text
        assert await here.app.desk.audit_length(Place.of(here.own)) == 3


async def test_after_a_week_nothing_is_offered_to_be_undone(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        await here.give(PARLER)
        shown = (await here.mod.slash("audit")).message
        here.clock.advance(timedelta(days=7, seconds=1))
        assert (await here.mod.slash("audit")).message.selects() == []
        await here.mod.select(shown, "1")
        assert "expired" in shown.text


async def test_the_record_is_exported_privately_as_a_file(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        await here.give(PARLER)
        await removed(here, why="=HYPERLINK(1)")
        shown = (await here.mod.slash("audit", article="parler")).message
        reply = await here.mod.press(shown, "Export as CSV")
        assert reply.ephemeral
        assert "### 2 entries" in reply.message.text
        head, newest, oldest = cells(reply.message)
        assert head == ["number", "at", "actor", "action", "collection", "key", "revision", "detail"]
        assert newest[2:] == [f"discord:{here.mod.id}", "remove", str(here.own), "parler", "1", "'=HYPERLINK(1)"]
        assert oldest[3] == "add"


async def test_a_long_record_is_exported_as_far_as_a_file_holds(tmp_path: Path) -> None:
    assert audit.EXPORT_MOST == 10_000
    async with desk_stage(tmp_path) as here:
        lines = (f"# a{number} | Title {number}\nJudge {number} of Seattle said no." for number in range(10_010))
        await here.give("\n\n".join(lines))
        shown = (await here.mod.slash("audit")).message
        assert "Page 1 of 1,001" in shown.text
        exported = (await here.mod.press(shown, "Export as CSV")).message
        assert "### 10,000 entries" in exported.text
        assert "the newest of 10,010" in exported.text
        assert len(cells(exported)) == 10_001


async def test_members_are_refused_by_discord_and_by_the_bot(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        await here.give(PARLER)
        with pytest.raises(CommandError):
            await here.ann.slash("audit")
        shown = (await here.mod.slash("audit")).message
        here.mod.permissions = EVERYONE
        replies = [
            await here.mod.press(shown, "Export as CSV"),
            await here.mod.select(shown, "1"),
        ]
        for reply in replies:
            assert reply.ephemeral
            assert "This is for moderators" in reply.message.text
        assert (await here.app.desk.show(Place.of(here.own), "parler")).removed is None


async def test_the_library_has_a_record_for_those_who_may_change_it(tmp_path: Path) -> None:
    async with desk_stage(tmp_path, editors=["eve"]) as here:
        await here.give(EPIC, collection=here.library)
        assert "shared by all servers" in (await here.mod.slash("audit", library=True)).message.text
        eve = here.server.member("eve", here.guild, permissions=EVERYONE | Permission.MANAGE_MESSAGES)
        shown = (await eve.slash("audit", library=True)).message
        assert "### Audit record of the library: 1 entry" in shown.text
        await eve.select(shown, "1")
        assert "**Undone:**" in shown.text
        assert "Audit record of the library: 2 entries" in shown.text
        assert "Nothing is on record here." in (await eve.slash("audit")).message.text


async def test_another_guilds_entries_are_never_seen_undone_or_exported(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        await here.give(PARLER)
        await here.follow()
        other = await here.server.join("Elsewhere")
        nosy = here.server.member("nosy", other, permissions=EVERYONE | Permission.ADMINISTRATOR)
        for options in ({}, {"article": "parler"}, {"since": "2020"}):
            shown = (await nosy.slash("audit", **options)).message
            assert "0 entries" in shown.text
            assert "Parler" not in shown.text
        assert await nosy.autocomplete("audit", "article", "par") == []
        mine = (await here.mod.slash("audit")).message
        here.mod.channel = other.first_channel
        with pytest.raises(LookupError):
            await here.mod.press(mine, "Export as CSV")
        assert await here.app.desk.audit_length(Place.of(here.own)) == 1


async def test_hostile_titles_and_reasons_are_shown_as_text(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        await here.give("# k | @everyone [win](https://evil.example) **x**\nParler sued Amazon in Seattle.")
        await removed(here, "k", "<@1> ||spoiler|| @here")
        shown = (await here.mod.slash("audit")).message
        assert "\\@everyone \\[win\\]" in shown.text
        assert "-# \\<\\@1\\> \\|\\|spoiler\\|\\| \\@here" in shown.text
        assert not shown.pings
