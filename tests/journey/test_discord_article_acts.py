"""/article list, show, edit, remove, restore, history and purge, through the real client."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.discord import EVERYONE, Permission
from tests.discord.commandline import File
from tests.fakes.desk import story
from tests.fakes.discord_bot import desk_stage
from tests.fakes.sites import PARLER_TEXT, forge

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.model import Article
    from tests.discord import Member
    from tests.discord.messages import Message
    from tests.fakes.discord_bot import DeskStage

NOT_MODERATOR = "This is for moderators"
TITLE = "Judge refuses to restore Parler"
PARLER = f"# parler | Judge refuses to restore Parler | CNBC | 2021-01-21 | https://example.com/parler\n{PARLER_TEXT}"
EPIC = "# epic | Epic loses most of its case | The Verge | 2021-09-10\nJudge Yvonne Gonzalez Rogers ruled on Friday."


async def said(here: DeskStage, name: str, member: Member | None = None, **options: str | bool | File) -> Message:
    """What the member alone sees of a subcommand of /article."""
    reply = await (member or here.mod).slash(f"article {name}", **options)
    assert reply.ephemeral
    return reply.message


async def told(member: Member, message: Message, label: str) -> str:
    """What the member alone is told after the press."""
    reply = await member.press(message, label)
    answered = reply.interaction.original is not None and reply.message is not message
    return reply.message.text if answered else (await reply.followup()).text


async def current(here: DeskStage, key: str) -> Article:
    """The article as it is stored now, removed or not."""
    return await here.app.store.find(here.own, key, removed_too=True)


async def elsewhere(here: DeskStage) -> Member:
    """A moderator of another guild."""
    theirs = await here.server.join("Elsewhere")
    return here.server.member("eve", theirs, permissions=EVERYONE | Permission.MANAGE_MESSAGES)


class TestNames:
    """An article is chosen while typing, or named by key, number or whole title."""

    async def test_titles_are_suggested_with_publication_and_date(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await here.give(f"{PARLER}\n{EPIC}")
            shown = await here.mod.autocomplete("article show", "article", "epic")
            assert shown == [("Epic loses most of its case · The Verge · 2021-09-10", "epic")]
            assert len(await here.mod.autocomplete("article edit", "article", "")) == 2
            assert await here.mod.autocomplete("article restore", "article", "") == []
            await said(here, "remove", article="epic")
            assert [value for _, value in await here.mod.autocomplete("article restore", "article", "")] == ["epic"]
            assert [value for _, value in await here.mod.autocomplete("article remove", "article", "")] == ["parler"]
            assert len(await here.mod.autocomplete("article purge", "article", "")) == 2
            assert len(await here.mod.autocomplete("article history", "article", "")) == 2

    async def test_long_titles_and_keys_fit_into_a_suggestion(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await here.give(f"# {'k' * 150} | {'😀 title ' * 25} | {'P' * 90} | 2021-01-21\n{PARLER_TEXT}")
            [(name, value)] = await here.mod.autocomplete("article show", "article", "")
            assert name.endswith("2021-01-21")
            assert str(value).startswith("#")
            assert "😀 title" in (await said(here, "show", article=str(value))).text

    async def test_who_may_not_moderate_gets_no_suggestions(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            here.open_to_everyone("article")
            await here.give(PARLER)
            await here.give(EPIC, collection=here.library)
            for command in ("show", "edit", "remove", "restore", "history", "purge"):
                assert await here.ann.autocomplete(f"article {command}", "article", "") == []
                assert await here.mod.autocomplete(f"article {command}", "article", "", library=True) == []
            assert await here.ann.autocomplete("article list", "publication", "") == []
            assert len(await here.mod.autocomplete("article list", "publication", "")) == 2

    async def test_key_number_and_whole_title_name_an_article(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await here.give(f"{PARLER}\n{EPIC}")
            number = (await current(here, "epic")).id
            for name in ("epic", f"#{number}", "epic loses MOST of its case", " epic "):
                assert "Judge Yvonne Gonzalez Rogers" in (await said(here, "show", article=name)).text

    async def test_a_name_that_is_unknown_or_not_the_only_one_is_told(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            twin = EPIC.replace("# epic |", "# twin |").replace("Friday", "Monday")
            await here.give(f"{EPIC}\n{twin}")
            missing = await said(here, "show", article="@everyone *nothing*")
            assert "There is no article “\\@everyone \\*nothing\\*” here" in missing.text
            several = await said(here, "remove", article="Epic loses most of its case")
            assert "2 articles are called" in several.text
            assert "twin and epic" in several.text or "epic and twin" in several.text

    async def test_another_servers_article_is_as_unknown_as_one_that_never_was(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await here.give(PARLER)
            eve = await elsewhere(here)
            number = (await current(here, "parler")).id
            assert await eve.autocomplete("article show", "article", "") == []
            for command in ("show", "edit", "remove", "restore", "history", "purge"):
                for name, never in (
                    ("parler", "nobody"),
                    (f"#{number}", "#98765"),
                    (TITLE, "Nobody wins"),
                ):
                    here_said = (await said(here, command, eve, article=name)).text
                    assert here_said.replace(name, never) == (await said(here, command, eve, article=never)).text
            assert "0 articles" in (await said(here, "list", eve)).text

    async def test_an_article_of_the_library_is_seen_but_changed_only_there(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await here.give(PARLER, collection=here.library)
            shown = await said(here, "show", article="parler")
            assert "in the library" in shown.text
            assert shown.labels() == ["Raw text", "Read the article", "History"]
            assert "added" in (await here.mod.press(shown, "History")).message.text
            for command in ("edit", "remove", "restore", "purge"):
                assert "is in the library" in (await said(here, command, article="parler")).text
                assert "The library is shared" in (await said(here, command, article="parler", library=True)).text
        async with desk_stage(tmp_path / "editing", in_library=True) as here:
            await here.give(PARLER, collection=here.library)
            shown = await said(here, "show", article="parler")
            assert shown.labels()[-3:] == ["Edit", "Remove", "History"]
            assert "### Removed" in (await said(here, "remove", article="parler", library=True)).text

    async def test_a_server_that_switched_the_library_off_does_not_see_it(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await here.give(PARLER, collection=here.library)
            listed = await said(here, "list")
            shown = await said(here, "show", article="parler")
            await here.app.guilds.change(
                here.guild.id, lambda now: replace(now, library=False), by="discord:1", now=here.clock()
            )
            assert "There is no article" in (await said(here, "show", article="parler")).text
            assert "There is no such article" in await told(here.mod, shown, "Raw text")
            assert "0 articles" in (await said(here, "list")).text
            assert (
                "There is no such article"
                in (await here.mod.select(listed, "Judge refuses to restore Parler")).message.text
            )


class TestListsAndTexts:
    """Lists and texts stand on pages that can be turned after a restart."""

    async def test_a_list_is_filtered_and_turned(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            many = "\n".join(
                f"# k{n:02} | Case {n:02} *x* | {'CNBC' if n % 2 else 'The Verge'} | 2021-01-{n + 1:02}\n{story(n)}"
                for n in range(20)
            )
            await here.give(many)
            listed = await said(here, "list")
            assert listed.text.startswith("### 20 articles\n- **Case 19 \\*x\\*** · CNBC · 2021-01-20 · k19")
            assert "Page 1 of 3" in listed.text
            await here.restarted()
            await here.mod.press(listed, "Next")
            await here.mod.press(listed, "Next")
            assert "Page 3 of 3" in listed.text
            assert "Case 00" in listed.text
            assert listed.button("Next").disabled
            shown = (await here.mod.select(listed, "Case 02 *x*")).message
            assert "judge number 2 " in shown.text
            assert "### 10 articles from CNBC" in (await said(here, "list", publication="CNBC")).text
            assert "### 1 article with “case 07”" in (await said(here, "list", text="case 07")).text
            assert "### 0 removed articles" in (await said(here, "list", removed=True)).text

    async def test_a_list_turned_by_who_lost_the_permission_or_after_a_day_shows_nothing(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await here.give("\n".join(f"# k{n:02} | Case {n:02}\n{story(n)}" for n in range(20)))
            listed = await said(here, "list")
            here.mod.permissions = EVERYONE
            assert NOT_MODERATOR in await told(here.mod, listed, "Next")
            assert NOT_MODERATOR in (await here.mod.select(listed, "Case 19")).message.text
            here.mod.permissions = EVERYONE | Permission.MANAGE_MESSAGES
            here.clock.advance(timedelta(days=2))
            assert "has expired" in await told(here.mod, listed, "Next")

    async def test_raw_and_clean_text_are_read_on_pages(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            text = "\n\n".join(story(n) for n in range(120))
            raw = f"{text}\n\nJane Doe | Agency | Getty Images"
            preview = (await here.mod.slash("article add", file=File("a.txt", raw.encode()))).message
            shown = (await here.mod.press((await here.mod.press(preview, "Store")).message, "Show")).message
            seen = [shown.text]
            await here.restarted()
            while not shown.button("Next").disabled:
                await here.mod.press(shown, "Next")
                seen.append(shown.text)
            assert all(any(f"judge number {n} heard" in page for page in seen) for n in (0, 60, 119))
            assert "Getty" not in "".join(seen)
            await here.mod.press(shown, "Raw text")
            assert "**Raw text, as it came in**" in shown.text
            while not shown.button("Next").disabled:
                await here.mod.press(shown, "Next")
            assert "Getty Images" in shown.text
            await here.mod.press(shown, "Clean text")
            assert "Page 1 of" in shown.text


class TestEditing:
    """An edit is a draft like any other; what changes is shown before it is stored as a new revision."""

    async def test_particulars_are_edited(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await here.give(PARLER)
            form = (await here.mod.slash("article edit", article="parler")).modal
            assert form.inputs()["title"]["value"] == "Judge refuses to restore Parler"
            preview = (
                await here.mod.submit(form, {"title": "A new title", "publication": "", "authors": "Ann Lee"})
            ).message
            for part in (
                "### Preview of an edit: it would be revision 2",
                "**What changes**",
                "-# title: Judge refuses to restore Parler → A new title",
                "-# publication: CNBC → (none)",
                "-# authors: (none) → Ann Lee",
            ):
                assert part in preview.text
            assert (await current(here, "parler")).revision == 1
            done = (await here.mod.press(preview, "Store")).message
            assert "### Stored as revision 2" in done.text
            article = await current(here, "parler")
            assert (article.title, article.publication, article.text) == ("A new title", None, PARLER_TEXT)
            await here.mod.press(done, "Undo")
            article = await current(here, "parler")
            assert (article.title, article.publication, article.revision) == (
                "Judge refuses to restore Parler",
                "CNBC",
                3,
            )

    async def test_a_new_text_comes_as_a_file(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await here.give(PARLER)
            new = PARLER_TEXT.replace("Barbara Rothstein", "Barbara J. Rothstein")
            preview = await said(here, "edit", article="parler", file=File("new.txt", new.encode()))
            assert "text: " in preview.text
            changes = (await here.mod.press(preview, "Changes")).message
            assert "**\\+** U.S. District Judge Barbara J. Rothstein" in changes.text
            assert "**\\-** ~~U.S. District Judge Barbara Rothstein" in changes.text
            await here.mod.press(preview, "Store")
            assert (await current(here, "parler")).text == new

    async def test_an_edit_that_changes_nothing_or_is_wrong_is_refused(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await here.give(PARLER)
            form = (await here.mod.slash("article edit", article="parler")).modal
            assert "Nothing was changed" in (await here.mod.submit(form, {})).message.text
            assert "Date: " in (await here.mod.submit(form, {"date": "soon"})).message.text
            unread = await said(here, "edit", article="parler", file=File("a.pdf", b"none"))
            assert unread.text.startswith("### Not stored")

    async def test_of_two_moderators_the_second_is_told(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await here.give(PARLER)
            mods = [here.mod, here.server.member("max", here.guild, permissions=EVERYONE | Permission.MANAGE_MESSAGES)]
            forms = [(await one.slash("article edit", article="parler")).modal for one in mods]
            late = (await mods[1].slash("article edit", article="parler")).modal
            previews = [
                (await one.submit(form, {"title": f"By {one.user.name}"})).message
                for one, form in zip(mods, forms, strict=True)
            ]
            await mods[0].press(previews[0], "Store")
            refused = await mods[1].press(previews[1], "Store")
            assert f"{here.mod.mention} has changed the article meanwhile" in (await refused.followup()).text
            assert (await current(here, "parler")).title == "By mod"
            again = await mods[1].submit(late, {"title": "Again"})
            assert f"{here.mod.mention} has changed the article meanwhile" in again.message.text

    async def test_a_removed_article_is_not_edited(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await here.give(PARLER)
            shown = await said(here, "show", article="parler")
            form = (await here.mod.press(shown, "Edit")).modal
            await said(here, "remove", article="parler")
            assert "restore it first" in (await said(here, "edit", article="parler")).text
            assert "restore it first" in await told(here.mod, shown, "Edit")
            assert "restore it first" in (await here.mod.submit(form, {"title": "B"})).message.text
            file = File("a.txt", PARLER_TEXT.encode())
            assert "restore it first" in (await said(here, "edit", article="parler", file=file)).text

    async def test_the_form_works_after_a_restart_but_not_without_permission(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await here.give(PARLER)
            form = (await here.mod.press(await said(here, "show", article="parler"), "Edit")).modal
            await here.restarted()
            here.mod.permissions = EVERYONE
            assert NOT_MODERATOR in (await here.mod.submit(form, {"title": "B"})).message.text
            here.mod.permissions = EVERYONE | Permission.MANAGE_MESSAGES
            assert "### Preview of an edit" in (await here.mod.submit(form, {"title": "B"})).message.text


class TestRemoving:
    """Removing takes an article out at once; restoring brings it back as it was."""

    async def test_it_is_out_of_answers_and_comes_back(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await here.give(PARLER)
            answer = (await here.ann.slash("ask", question="who is the judge in Parler v. Amazon?")).message
            assert "Rothstein" in answer.text
            before = await current(here, "parler")
            removed = await said(here, "remove", article="parler", reason="*wrong* <@1>")
            assert "### Removed" in removed.text
            assert "Reason: \\*wrong\\* \\<\\@1\\>" in removed.text
            await here.follow()
            await here.ann.press(answer, "Helpful")
            assert "Rothstein" not in answer.text
            shown = await said(here, "show", article="parler")
            assert f"⚠ Removed by {here.mod.mention}" in shown.text
            assert shown.labels()[-2:] == ["Restore", "History"]
            restored = await said(here, "restore", article="Judge refuses to restore Parler")
            assert "### Restored" in restored.text
            assert await current(here, "parler") == before
            await here.mod.press(restored, "Undo")
            assert (await current(here, "parler")).removed is not None
            await here.restarted()
            await here.mod.press(shown, "Restore")
            assert (await current(here, "parler")).removed is None

    async def test_the_button_asks_for_a_reason(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await here.give(PARLER)
            form = (await here.mod.press(await said(here, "show", article="parler"), "Remove")).modal
            done = (await here.mod.submit(form, {"reason": "a hoax"})).message
            assert "Reason: a hoax" in done.text
            assert (await here.mod.press(done, "Undo")).message.text.startswith("### Undone")
            again = (await here.mod.submit(form, {"reason": "a hoax"})).message
            here.mod.permissions = EVERYONE
            assert NOT_MODERATOR in (await here.mod.submit(form, {"reason": "again"})).message.text
            assert NOT_MODERATOR in await told(here.mod, again, "Undo")

    async def test_doing_it_twice_is_told(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await here.give(PARLER)
            await said(here, "remove", article="parler")
            assert f"removed on 2026\\-03\\-02 by {here.mod.mention}" in (
                await said(here, "remove", article="parler")
            ).text.replace("2026-03-02", "2026\\-03\\-02")
            await said(here, "restore", article="parler")
            assert "is not removed" in (await said(here, "restore", article="parler")).text

    async def test_undo_of_an_act_that_is_not_the_newest_or_too_old_is_refused(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await here.give(PARLER)
            first = await said(here, "remove", article="parler")
            second = await said(here, "restore", article="parler")
            assert "changed since" in await told(here.mod, first, "Undo")
            here.clock.advance(timedelta(days=8))
            assert "more than 7 days ago" in await told(here.mod, second, "Undo")
            assert "Undo the newest" not in (await said(here, "history", article="parler")).labels()


class TestHistory:
    """Who changed what, when and why, and Undo for the newest act."""

    async def test_acts_stand_newest_first_with_what_they_changed(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await here.give(PARLER)
            new = PARLER_TEXT.replace("Barbara Rothstein", "@everyone **Rothstein**")
            await here.mod.press(await said(here, "edit", article="parler", file=File("a.txt", new.encode())), "Store")
            form = (await here.mod.slash("article edit", article="parler")).modal
            await here.mod.press((await here.mod.submit(form, {"title": "Another"})).message, "Store")
            await said(here, "remove", article="parler", reason="to be checked")
            shown = await said(here, "history", article="parler")
            text = shown.text
            places = [
                text.index(part)
                for part in (
                    f"**Revision 3** · removed by {here.mod.mention}",
                    "-# to be checked",
                    f"**Revision 3** · edited by {here.mod.mention}, <t:",
                    "title: Judge refuses to restore Parler → Another",
                    "**Revision 2** · edited by",
                    "**\\-** ~~U.S. District Judge Barbara Rothstein said",
                    "**\\+** U.S. District Judge \\@everyone \\*\\*Rothstein\\*\\* said",
                    "**Revision 1** · added by test at the terminal",
                )
            ]
            assert places == sorted(places)
            await here.restarted()
            await here.mod.press(shown, "Undo the newest")
            assert "### Undone" in shown.text
            assert (await current(here, "parler")).removed is None

    async def test_a_long_history_stands_on_pages(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await here.give(f"# long | Long | CNBC\n{' '.join(story(n) for n in range(40))}")
            for step in range(1, 4):
                text = " ".join(story(n + 100 * step) for n in range(40))
                preview = await said(here, "edit", article="long", file=File("a.txt", text.encode()))
                await here.mod.press(preview, "Store")
            shown = await said(here, "history", article="long")
            seen = [shown.text]
            while not shown.button("Next").disabled:
                await here.mod.press(shown, "Next")
                seen.append(shown.text)
            whole = "\n".join(seen)
            assert [whole.count(f"**Revision {n}**") for n in (1, 2, 3, 4)] == [1, 1, 1, 1]
            here.mod.permissions = EVERYONE
            assert NOT_MODERATOR in await told(here.mod, shown, "Previous")


class TestPurging:
    """A takedown asks twice, erases all, and changes the messages that quote the article."""

    async def test_everything_is_erased_and_messages_are_changed(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await here.give(f"{PARLER}\n{EPIC}")
            question = "who is the judge in Parler v. Amazon?"
            answers = [(await here.ann.slash("ask", question=question)).message for _ in range(3)]
            assert all("Rothstein" in one.text for one in answers)
            answers[2].deleted = True
            notice = await said(here, "purge", article="parler")
            assert "### Erase this article for good?" in notice.text
            assert "1 revision with 1 passage" in notice.text
            await here.restarted()
            form = (await here.mod.press(notice, "Erase for good")).modal
            assert form.labels() == ["Type the key or “refuses”", "Why"]
            wrong = await here.mod.submit(form, {"confirm": "yes", "reason": "court order"})
            assert "Nothing was erased" in wrong.message.text
            done = await (await here.mod.submit(form, {"confirm": "Refuses", "reason": "court order"})).edited(edits=2)
            here.server.forgive(10008)
            for part in (
                "### Erased for good",
                "Erased: 1 revision and 0 drafts.",
                "No backup is known to hold it.",
                "Of 3 messages of the bot with quotations of it, 2 were changed; 1 could not be reached.",
            ):
                assert part in done.text
            assert all("Rothstein" not in one.text for one in answers[:2])
            await here.follow()
            assert "Rothstein" not in (await here.ann.slash("ask", question=question)).message.text
            assert "There is no article" in (await said(here, "show", article="parler")).text
            assert "There is no such article" in await told(here.mod, notice, "Erase for good")
            [entry, *_] = await here.app.store.audit((here.own,), limit=9)
            assert (entry.action, entry.detail) == ("purge", "court order")

    async def test_messages_are_changed_though_the_one_that_says_so_can_not_be(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await here.give(PARLER)
            answer = (await here.ann.slash("ask", question="who is the judge in Parler v. Amazon?")).message
            form = (await here.mod.press(await said(here, "purge", article="parler"), "Erase for good")).modal
            here.server.fail("PATCH", "/webhooks", status=404)
            await here.mod.submit(form, {"confirm": "parler", "reason": "court order"})
            here.server.forgive(0)
            assert "Rothstein" not in answer.text

    async def test_drafts_and_backups_are_counted(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await here.give(PARLER)
            form = (await here.mod.slash("article edit", article="parler")).modal
            await here.mod.submit(form, {"title": "B"})
            await here.app.store.note_backup(tmp_path / "copy.db", here.clock())
            form = (await here.mod.press(await said(here, "purge", article="parler"), "Erase for good")).modal
            text = (await here.mod.submit(form, {"confirm": "parler", "reason": "x"})).message.text
            assert "Erased: 1 revision and 1 draft." in text
            assert "1 backup made before still holds it; the operator's record names them." in text
            assert "copy.db" not in text

    async def test_who_lost_the_permission_erases_nothing(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await here.give(PARLER)
            notice = await said(here, "purge", article="parler")
            form = (await here.mod.press(notice, "Erase for good")).modal
            here.mod.permissions = EVERYONE
            assert NOT_MODERATOR in await told(here.mod, notice, "Erase for good")
            assert NOT_MODERATOR in (await here.mod.submit(form, {"confirm": "parler", "reason": "x"})).message.text
            assert (await current(here, "parler")).revision == 1

    async def test_buttons_of_what_was_erased_since_find_nothing(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await here.give(PARLER)
            shown = await said(here, "show", article="parler")
            removed = await said(here, "remove", article="parler")
            gone = await said(here, "show", article="parler")
            form = (await here.mod.press(await said(here, "purge", article="parler"), "Erase for good")).modal
            await here.mod.submit(form, {"confirm": "parler", "reason": "x"})
            assert "The article was changed since: purge by" in await told(here.mod, removed, "Undo")
            for message, label in ((removed, "Show"), (gone, "Restore"), (gone, "History"), (shown, "Raw text")):
                assert "There is no such article here (any more)." in await told(here.mod, message, label)

    async def test_a_second_submit_finds_nothing(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await here.give(PARLER)
            form = (await here.mod.press(await said(here, "purge", article="parler"), "Erase for good")).modal
            await here.mod.submit(form, {"confirm": "parler", "reason": "x"})
            again = await here.mod.submit(form, {"confirm": "parler", "reason": "x"})
            assert "There is no such article" in again.message.text


class TestWhoMay:
    """Each command and each button asks for the permission, and none reaches another server's articles."""

    @pytest.mark.parametrize("command", ["show", "edit", "remove", "restore", "history", "purge"])
    async def test_who_may_not_moderate_is_refused(self, tmp_path: Path, command: str) -> None:
        async with desk_stage(tmp_path) as here:
            here.open_to_everyone("article")
            await here.give(PARLER)
            assert NOT_MODERATOR in (await said(here, command, here.ann, article="parler")).text
            assert (await current(here, "parler")).removed is None

    async def test_who_may_not_moderate_sees_no_list(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            here.open_to_everyone("article")
            await here.give(PARLER)
            listed = await said(here, "list", here.ann)
            assert NOT_MODERATOR in listed.text
            assert "Parler" not in listed.text

    async def test_who_lost_the_permission_presses_nothing(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await here.give(PARLER)
            shown = await said(here, "show", article="parler")
            removed = await said(here, "remove", article="parler")
            gone = await said(here, "show", article="parler")
            here.mod.permissions = EVERYONE
            for message, label in (
                *((shown, label) for label in ("Raw text", "Edit", "Remove", "History")),
                *((removed, label) for label in ("Undo", "Show")),
                (gone, "Restore"),
            ):
                assert NOT_MODERATOR in await told(here.mod, message, label), label
            assert (await current(here, "parler")).removed is not None

    async def test_forged_buttons_reach_no_other_servers_article(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await here.give(f"{PARLER}\n{EPIC}")
            eve = await elsewhere(here)
            shown = await said(here, "show", article="parler")
            notice = await said(here, "purge", article="parler")
            removed = await said(here, "remove", article="epic")
            forged = [
                (one, label)
                for one, labels in (
                    (shown, ("Raw text", "Edit", "Remove", "History")),
                    (notice, ("Erase for good", "Show")),
                    (removed, ("Undo",)),
                )
                for label in labels
            ]
            for one, label in forged:
                hers = await said(here, "purge", eve, article="none")
                assert "There is no article" in hers.text
                listed = (await eve.slash("article add")).modal
                preview = (await eve.submit(listed, {"title": "Hers", "text": story(1)})).message
                custom_id = one.button(label).custom_id
                assert custom_id is not None
                forge(preview, "Cancel", custom_id)
                reply = await eve.press(preview, "Cancel")
                if label == "Remove":
                    text = (await eve.submit(reply.modal, {"reason": "x"})).message.text
                elif reply.interaction.original is not None and reply.message is not preview:
                    text = reply.message.text
                else:
                    text = (await reply.followup()).text
                assert "There is no such" in text, label
            assert (await current(here, "parler")).removed is None
            assert (await current(here, "epic")).removed is not None
