"""/privacy through the real client: what is kept about me, as a file, erased, not kept; never about anybody else."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.cogs import privacy
from corpus.desk import Giver
from corpus.drafts import Details, DraftOrigin, Place
from tests.fakes.discord_bot import desk_stage

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.discord.driver import Member
    from tests.discord.messages import Message
    from tests.fakes.discord_bot import DeskStage

PARLER = "# parler | Parler sues Amazon | CNBC | 2021-01-11\nParler sued Amazon on Monday in Seattle."
MINE = "Where did Parler sue Amazon on the sly?"
OTHERS = "When did Parler sue Amazon in secret?"


async def asked(here: DeskStage) -> None:
    """Ann and another member have asked, each their own question; Ann has voted and suggested an article."""
    await here.give(PARLER)
    message = (await here.ann.slash("ask", question=MINE)).message
    await here.ann.press(message, "Helpful")
    await here.mod.slash("ask", question=OTHERS)
    details = Details("Norland fined", "CNBC", "2026-03-01", "", "", "Norland was fined by a court in Oslo. " * 20)
    giver = Giver(f"discord:{here.ann.id}", DraftOrigin.SUGGESTION, tell=True)
    await here.app.desk.draft_text(details, Place.of(here.own), giver, here.clock())


async def exported(member: Member, message: Message) -> dict[str, object]:
    """The file that the member is given."""
    reply = await member.press(message, "Export")
    assert reply.ephemeral
    kept: dict[str, object] = json.loads(reply.message.files["amicus-about-you.json"])
    return kept


def stored_in(folder: Path) -> bytes:
    """All bytes of the database."""
    return b"".join(file.read_bytes() for file in folder.glob("amicus.sqlite3*"))


async def test_a_member_sees_privately_how_much_is_kept_of_them(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        await asked(here)
        reply = await here.ann.slash("privacy")
        assert reply.ephemeral
        for line in (
            "**1 question** and searches",
            "- in Newsroom: 1",
            "**1 vote** on answers",
            "**0 requests**",
            "**1** drafts and suggestions that wait",
            "**1 entry** in the record of changes",
            "**Question log:** on. What you ask here is kept for 30 days.",
        ):
            assert line in reply.message.text
        assert "**0 questions**" in (await here.admin.slash("privacy")).message.text


async def test_it_works_in_direct_messages(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        await asked(here)
        ann = here.server.member("ann")
        here.clock.advance(timedelta(minutes=1))
        await ann.slash("ask", question=MINE)
        shown = (await ann.slash("privacy")).message
        assert "- in direct messages: 1" in shown.text
        assert "- in Newsroom: 1" in shown.text
        questions = (await exported(ann, shown))["questions"]
        assert isinstance(questions, list)
        assert [one["guild"] for one in questions] == [str(here.guild.id), None]


async def test_the_export_has_the_members_question_and_no_other(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        await asked(here)
        shown = (await here.ann.slash("privacy")).message
        await here.restarted()
        kept = await exported(here.ann, shown)
        assert kept["member"] == str(here.ann.id)
        text = json.dumps(kept)
        assert MINE in text
        assert "Norland fined" in text
        assert OTHERS not in text
        assert str(here.mod.id) not in text


async def test_a_large_export_is_packed_and_one_that_is_too_large_is_not_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk_stage(tmp_path) as here:
        await asked(here)
        shown = (await here.ann.slash("privacy")).message
        monkeypatch.setattr(privacy, "FILE_BYTES", 1_500)
        packed = (await here.ann.press(shown, "Export")).message
        assert packed.files["amicus-about-you.json.gz"].startswith(b"\x1f\x8b")
        monkeypatch.setattr(privacy, "FILE_BYTES", 10)
        told = (await here.ann.press(shown, "Export")).message
        assert "more than Discord lets me send" in told.text
        assert told.files == {}


async def test_after_erasing_the_database_holds_neither_the_member_nor_their_question(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        await asked(here)
        shown = (await here.ann.slash("privacy")).message
        await here.ann.press(shown, "Erase …")
        assert "**What stays:**" in shown.text
        assert (await here.app.records.members.counts(here.ann.id)).votes == 1
        await here.restarted()
        await here.ann.press(shown, "Erase it")
        assert "1 question, 1 vote, 0 requests." in shown.text
        assert "2 entries of the record of changes no longer name you." in shown.text
        await here.stop()
        data = stored_in(tmp_path)
        assert MINE.encode() not in data
        assert str(here.ann.id).encode() not in data
        assert here.ann.id.to_bytes(8, "big") not in data
        assert OTHERS.encode() in data
        assert here.mod.id.to_bytes(8, "big") in data


async def test_erasing_twice_does_nothing_twice(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        await asked(here)
        shown = (await here.ann.slash("privacy")).message
        second = (await here.ann.slash("privacy")).message
        await here.ann.press(shown, "Erase …")
        await here.ann.press(second, "Erase …")
        await here.ann.press(shown, "Erase it")
        await here.ann.slash("ask", question=MINE)
        await here.ann.press(second, "Erase it")
        assert "Nothing was done" in second.text
        assert sum(count for _, count in (await here.app.records.members.counts(here.ann.id)).records) == 1


async def test_who_changes_their_mind_keeps_everything_and_the_question_expires(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        await asked(here)
        shown = (await here.ann.slash("privacy")).message
        await here.ann.press(shown, "Erase …")
        await here.ann.press(shown, "Keep it")
        assert "**1 question**" in shown.text
        await here.ann.press(shown, "Erase …")
        here.clock.advance(timedelta(days=1))
        await here.ann.press(shown, "Erase it")
        assert "Nothing was done" in shown.text
        assert (await here.app.records.members.counts(here.ann.id)).votes == 1


async def test_the_question_log_is_switched_off_and_on_for_oneself(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        await asked(here)
        shown = (await here.ann.slash("privacy")).message
        await here.ann.press(shown, "Don't keep my questions")
        assert "**Question log:** off for you, everywhere. What you ask is kept for 15 minutes" in shown.text
        assert "**Switched off.**" in shown.text
        await here.restarted()
        assert "off for you" in (await here.ann.slash("privacy")).message.text
        assert "**Question log:** on." in (await here.mod.slash("privacy")).message.text
        await here.ann.press(shown, "Keep my questions")
        assert "**Question log:** on." in shown.text
        assert "Don't keep my questions" in shown.labels()
