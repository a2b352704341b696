"""What somebody with bad intentions, or bad luck, may try on the desk, through the real client."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from bot.quota import OPEN_SUGGESTIONS
from bot.views.buttons import record_of
from tests.discord import EVERYONE, Permission
from tests.fakes.desk import story
from tests.fakes.discord_bot import desk_stage
from tests.fakes.sites import forge

if TYPE_CHECKING:
    from pathlib import Path

    from tests.discord.commandline import File
    from tests.discord.messages import Message
    from tests.discord.modalform import Value
    from tests.fakes.discord_bot import DeskStage

TEXT = "Judge Zorblax Quimby of the Dover court fined Harlan Corp. 300 dollars on Thursday. " + story(1, 2, 3, 4)


async def taken_down(here: DeskStage, key: str) -> Message:
    """What the moderator is told who has taken the article down."""
    notice = (await here.mod.slash("article purge", article=key)).message
    form = (await here.mod.press(notice, "Erase for good")).modal
    message = (await here.mod.submit(form, {"confirm": key, "reason": "A court order."})).message
    async with asyncio.timeout(5):
        while "being changed" in message.text:  # noqa: ASYNC110 - no event for it
            await asyncio.sleep(0.01)
    return message


def wrong() -> dict[str, Value | list[File]]:
    """A form that has to be filled in again."""
    return {"title": "A fine", "date": "never", "text": TEXT}


async def kept(here: DeskStage) -> None:
    """An answer that quotes the first article is kept with its place, by now or soon."""
    async with asyncio.timeout(5):
        while (await here.app.records.answers.quoting(1)) == []:  # noqa: ASYNC110 - no event for it
            await asyncio.sleep(0.01)


def held(folder: Path, word: str) -> list[str]:
    """The tables of the database in which the word stands."""
    with closing(sqlite3.connect(next(folder.glob("*.sqlite3")))) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = {table: database.execute(f"SELECT * FROM {table}").fetchall() for table in tables}  # noqa: S608 - the database's own names
    return sorted(table for table, found in rows.items() if word in repr(found))


def in_file(folder: Path, word: bytes) -> bool:
    """Whether the word stands anywhere in the database's files, erased rows included."""
    return any(word in file.read_bytes() for file in folder.glob("*.sqlite3*"))


class TestTakedowns:
    """What is taken down is nowhere any more."""

    async def test_a_text_that_waits_for_a_second_try_or_a_choice_is_erased_with_the_article(
        self, tmp_path: Path
    ) -> None:
        async with desk_stage(tmp_path) as here:
            await here.give(f"# fine | A fine | Courier | 2021-01-21\n{TEXT}")
            refused = (await here.mod.submit((await here.mod.slash("article add")).modal, wrong())).message
            several = here.ann.says(f"{TEXT} https://news.example/a https://news.example/b")
            offered = (await here.mod.context_menu("Add to corpus", message=several)).message
            asked = (await here.mod.context_menu("Add to corpus", message=here.ann.says(TEXT))).message
            assert held(tmp_path, "Zorblax") == ["pending", "revision"]
            await taken_down(here, "fine")
            assert held(tmp_path, "Zorblax") == []
            assert not in_file(tmp_path, b"Zorblax")
            for message, label in ((refused, "Try again"), (asked, None)):
                custom_id = None if label else message.buttons()[0].custom_id
                reply = await here.mod.press(message, label, custom_id=custom_id)
                told = reply.message.text if reply.interaction.followups == [] else (await reply.followup()).text
                assert "expired" in told
            reply = await here.mod.select(offered, offered.selects()[0].options[0].label)
            assert "expired" in (await reply.followup()).text

    async def test_a_takedown_leaves_what_waits_in_another_server(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            other = await here.server.join("Elsewhere")
            zoe = here.server.member("zoe", other, permissions=EVERYONE | Permission.MANAGE_MESSAGES)
            await here.give(f"# fine | A fine | Courier | 2021-01-21\n{TEXT}")
            refused = (await zoe.submit((await zoe.slash("article add")).modal, wrong())).message
            await taken_down(here, "fine")
            assert (await zoe.press(refused, "Try again")).modal.inputs()["text"]["value"] == TEXT

    async def test_an_answer_that_was_on_its_way_shows_nothing_of_it_in_the_end(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await here.give(f"# fine | A fine | Courier | 2021-01-21\n{TEXT}")
            private = (await here.ann.slash("ask", question="Who fined Harlan Corp.?", private=True)).message
            here.server.slow("PATCH", "messages/@original", 0.5, times=1)
            asked = await here.ann.start("ask", question="Who fined Harlan Corp.?")
            await kept(here)
            here.server.slow("POST", "webhooks", 0.5, times=1)
            shared = await here.ann.start_press(private, "Share")
            await taken_down(here, "fine")
            await here.ann.finish(asked)
            await here.ann.finish(shared)
            async with asyncio.timeout(5):
                while public := [one for one in here.server.messages if not one.ephemeral and "Zorblax" in one.text]:
                    assert len(public) <= 2
                    await asyncio.sleep(0.01)
            assert len([one for one in here.server.messages if not one.ephemeral and "removed" in one.text]) == 2

    async def test_the_case_of_an_article_that_is_gone_is_offered_no_more(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await here.give(
                f"# fine | Zorblax fines Harlan | Courier | 2021-01-21\n{TEXT}\n\n"
                "# kern | Marlow v. Tanner | Courier | 2021-01-22\n"
                "Judge Otto Kern of the Salem court ruled against Tanner Corp. in Marlow v. Tanner on Friday. "
                f"{story(17, 18, 19)}"
            )
            message = (await here.ann.slash("ask", question="Who is the judge?")).message
            assert "Zorblax fines Harlan" in message.labels()
            await taken_down(here, "fine")
            assert "Zorblax" not in message.text + str(message.labels())


class TestFloods:
    """No member fills the review queue."""

    async def test_suggestions_that_come_at_once_are_counted_one_after_the_other(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path, limits={"suggestions_per_day": 30}) as here:
            sent = [await here.ann.start("suggest", text=story(3 * n, 3 * n + 1, 3 * n + 2)) for n in range(14)]
            replies = [await here.ann.finish(one) for one in sent]
            assert await here.app.store.open_suggestions(f"discord:{here.ann.id}") == OPEN_SUGGESTIONS
            assert sum("wait for the moderators" in reply.message.text for reply in replies) == 14 - OPEN_SUGGESTIONS


class TestForgedIds:
    """An id that no button of ours has is no accident."""

    async def test_a_number_that_no_database_holds_is_as_unknown_as_any(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            refusal = (await here.ann.slash("ask", question="Who is the queen of Brobdingnag?")).message
            await here.ann.press(refusal, "Request an article")
            told = [await decided(here, number) for number in (77, (1 << 63) - 1, 1 << 63, (1 << 64) - 1)]
            assert all(one.startswith("No request with the number") for one in told)


async def decided(here: DeskStage, number: int) -> str:
    """What is said to a moderator whose button names the topic of that number."""
    wanted = (await here.mod.slash("wanted")).message
    label = next(one for one in wanted.labels() if one.startswith("Done"))
    forge(wanted, label, f"amicus:{record_of(number)}:wanted_done:0:0")
    reply = await here.mod.press(wanted, label)
    return (await reply.followup()).text


async def test_only_what_works_in_direct_messages_is_offered_there(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        assert here.server.member("dora").offered() == ["ask", "search", "sources", "help", "privacy"]
