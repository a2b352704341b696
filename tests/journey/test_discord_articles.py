"""/article add and the preview, through the real client: the whole application, with a site on this machine."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from corpus.drafts import Place
from corpus.errors import ArticleNotFound
from corpus.model import SourceKind
from corpus.store import Store
from tests.discord import EVERYONE, Permission
from tests.discord.commandline import File
from tests.fakes.desk import story
from tests.fakes.discord_bot import desk_stage
from tests.fakes.sites import PARLER_TEXT, forge, html

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.drafts import Resembling
    from tests.discord import Member
    from tests.discord.driver import Reply
    from tests.discord.messages import Message
    from tests.fakes.discord_bot import DeskStage

FORM = {
    "title": "Judge refuses to restore Parler",
    "publication": "CNBC",
    "date": "January 21, 2021",
    "link": "https://example.com/parler",
    "text": PARLER_TEXT,
}
NOT_MODERATOR = "This is for moderators"


async def typed(here: DeskStage, member: Member | None = None, **fields: str) -> Message:
    """The preview of an article that was typed into the form."""
    mod = member or here.mod
    return (await mod.submit((await mod.slash("article add")).modal, form(**fields))).message


def form(**changed: str) -> dict[str, str | bool | list[str] | list[File]]:
    """What is typed into the form for a new article."""
    return {**FORM, **changed}


async def stored(here: DeskStage, *, text: str = PARLER_TEXT, title: str = FORM["title"], link: str = "") -> Message:
    """The confirmation that an article is stored."""
    return (await here.mod.press(await typed(here, text=text, title=title, link=link), "Store")).message


async def followup(reply: Reply) -> str:
    """What was said besides, to the member alone."""
    said = await reply.followup()
    assert said.ephemeral
    return said.text


async def articles(here: DeskStage) -> list[str]:
    """The keys of the guild's live articles, newest first."""
    return [one.key for one in await here.app.store.articles((here.own,), limit=99)]


class TestAdding:
    """A link, a file or a form becomes a preview; nothing is stored before the moderator says so."""

    async def test_a_page_is_previewed_and_stored_and_answered_from(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            link = here.web.page("/parler", html("Judge refuses to restore Parler"))
            reply = await here.mod.slash("article add", url=link)
            assert reply.deferred
            preview = reply.message
            assert preview.ephemeral
            for part in (
                "### Preview of what would be stored\n**Judge refuses to restore Parler** · 127",
                "words · 1 passage · language en",
                "Not given: date",
                "> A federal judge in Seattle on Thursday",
                "over calls for violence.",
                "**1 line dropped** (title-repeated 1)",
            ):
                assert part in preview.text
            assert preview.labels() == ["Store", "Edit details", "Cancel", "Dropped lines", "Read the article"]
            assert await articles(here) == []
            done = (await here.mod.press(preview, "Store")).message
            assert done is preview
            assert "### Stored\n" in done.text
            assert "Key: judge-refuses-to-restore-parler · revision 1 · 1 passage" in done.text
            assert done.labels() == ["Undo", "Show", "Read the article"]
            await here.follow()
            answer = (await here.ann.slash("ask", question="who is the judge in Parler v. Amazon?")).message
            assert "Barbara Rothstein" in answer.text

    async def test_a_file_is_previewed(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            data = f"---\ntitle: From a file\ndate: 2021-01-21\nkey: stolen\n---\n{PARLER_TEXT}".encode()
            preview = (await here.mod.slash("article add", file=File("story.md", data))).message
            assert "**From a file** · 21 January 2021" in preview.text
            await here.mod.press(preview, "Store")
            [key] = await articles(here)
            assert key != "stolen"

    async def test_a_form_takes_a_pasted_text(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            opened = (await here.mod.slash("article add")).modal
            assert opened.labels() == ["Title", "Publication", "Date", "Link", "Text"]
            preview = (await here.mod.submit(opened, form())).message
            assert preview.ephemeral
            assert "**Judge refuses to restore Parler** · CNBC · 21 January 2021 (5 years ago)" in preview.text
            assert ("Read the article", "https://example.com/parler") in preview.links()
            await here.mod.press(preview, "Store")
            article = await here.app.store.find(here.own, (await articles(here))[0])
            assert (article.publication, article.url) == ("CNBC", "https://example.com/parler")

    async def test_link_and_file_together_are_refused(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            file = File("a.txt", PARLER_TEXT.encode())
            reply = await here.mod.slash("article add", url="https://example.com", file=file)
            assert "Give either `url` or `file`" in reply.message.text

    @pytest.mark.parametrize(
        ("path", "said"),
        [
            ("/nowhere", "404"),
            ("/picture", "picture"),
            ("/short", "Not stored"),
        ],
    )
    async def test_a_page_that_can_not_be_read_is_refused_with_the_reason(
        self, tmp_path: Path, path: str, said: str
    ) -> None:
        async with desk_stage(tmp_path) as here:
            here.web.page("/picture", b"\x89PNG\r\n\x1a\n" + bytes(200), media_type="image/png")
            here.web.page("/short", "<html><body></body></html>")
            message = (await here.mod.slash("article add", url=here.web.url(path))).message
            assert message.text.startswith("### Not stored")
            assert said in message.text
            assert message.labels() == []

    @pytest.mark.parametrize("url", ["ftp://example.com/a", "http://127.0.0.1:1/", "http://[::ffff:127.0.0.1]/", "x"])
    async def test_a_link_that_must_not_be_followed_is_refused(self, tmp_path: Path, url: str) -> None:
        async with desk_stage(tmp_path) as here:
            message = (await here.mod.slash("article add", url=url)).message
            assert message.text.startswith("### Not stored")

    async def test_a_file_that_can_not_be_read_is_refused(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            for file in (File("a.docx", b"PK\x03\x04" + bytes(40)), File("a.txt", b""), File("a.pdf", b"no pdf")):
                message = (await here.mod.slash("article add", file=file)).message
                assert message.text.startswith("### Not stored"), file

    async def test_a_file_that_is_too_large_is_refused_before_it_is_read(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            message = (await here.mod.slash("article add", file=File("a.txt", bytes(10_200_000)))).message
            assert "at most 10 MB are read" in message.text

    async def test_a_form_with_mistakes_can_be_filled_in_again_after_a_restart(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            refused = await typed(here, date="the day before", link="nowhere")
            assert "Date: " in refused.text
            assert "Link: " in refused.text
            await here.restarted()
            form = (await here.mod.press(refused, "Try again")).modal
            assert form.inputs()["text"]["value"] == PARLER_TEXT
            assert form.inputs()["date"]["value"] == "the day before"
            preview = (await here.mod.submit(form, {"date": "2021-01-21", "link": ""})).message
            assert preview is refused
            assert "### Preview" in preview.text

    async def test_language_and_paywall_are_flagged(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await here.app.guilds.change(
                here.guild.id, lambda now: replace(now, languages=("en",)), by="discord:1", now=here.clock()
            )
            german = (
                "Ein Bundesrichter in Seattle hat sich am Donnerstag geweigert, Amazon zu einer Leistung zu "
                "verpflichten.\n\nDie Richterin sagte, das Netzwerk werde vor Gericht kaum gewinnen, und wies den "
                "Antrag ab.\n\nDas Netzwerk hatte den Konzern eine Woche zuvor verklagt."
            )
            paywall = (
                '<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle",'
                '"isAccessibleForFree":false}</script>'
            )
            link = here.web.page("/de", html("Richterin weist Antrag ab", german, more=paywall, language="de"))
            text = (await here.mod.slash("article add", url=link)).message.text
            assert "⚠ Its language (de) is none of those that this server has set." in text
            assert "⚠ Only an excerpt" in text

    async def test_all_lines_set_aside_stand_on_pages(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            captions = "\n".join(f"Photographer {n} | Agency {n} | Getty Images" for n in range(150))
            preview = await here.mod.slash("article add", file=File("a.txt", f"{PARLER_TEXT}\n\n{captions}".encode()))
            assert "**150 lines dropped**" in preview.message.text
            lines = await here.mod.press(preview.message, "Dropped lines")
            assert lines.message is not preview.message
            assert lines.message.ephemeral
            shown = [lines.message.text]
            while not lines.message.button("Next").disabled:
                await here.mod.press(lines.message, "Next")
                shown.append(lines.message.text)
            whole = "\n".join(shown)
            assert len(shown) > 1
            assert all(f"Photographer {n} \\|" in whole for n in range(150))
            await here.mod.press(lines.message, "Previous")
            assert lines.message.text == shown[-2]


class TestStoredAlready:
    """What is stored, was removed or was taken down does not come in again."""

    async def test_a_known_link_is_not_fetched_and_leads_to_the_stored_one(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            link = here.web.page("/parler", html("Judge refuses"))
            await here.mod.press((await here.mod.slash("article add", url=link)).message, "Store")
            again = (await here.mod.slash("article add", url=f"{link}?utm_source=x")).message
            assert here.web.asked("/parler") == 1
            assert "### Stored already" in again.text
            assert "Key: judge-refuses" in again.text
            shown = (await here.mod.press(again, "Show")).message
            assert "District Judge Barbara Rothstein" in shown.text

    async def test_the_same_text_is_known(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await stored(here)
            again = await typed(here, title="Another title", link="https://example.org/other")
            assert "### Stored already" in again.text
            assert "Judge refuses to restore Parler" in again.text

    async def test_a_removed_article_can_be_restored_where_it_is_given_again(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await stored(here)
            [key] = await articles(here)
            await here.mod.slash("article remove", article=key, reason="an error")
            again = await typed(here)
            assert "was removed on 2026" in again.text
            assert here.mod.mention in again.text
            restored = (await here.mod.press(again, "Restore")).message
            assert "### Restored" in restored.text
            assert await articles(here) == [key]

    async def test_what_was_taken_down_stays_out(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await stored(here)
            [key] = await articles(here)
            place = here.app.desk
            await place.purge(Place.of(here.own), key, by="discord:1", now=here.clock(), why="")
            assert "taken down for good" in (await typed(here)).text

    async def test_what_became_known_since_the_preview_is_not_stored_twice(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            first, second = await typed(here), await typed(here)
            await here.mod.press(first, "Store")
            done = await here.mod.press(second, "Store")
            assert "### Stored already" in done.message.text
            assert len(await articles(here)) == 1


class TestNearDuplicates:
    """An article that is nearly the same is shown beside the new one, and the moderator decides."""

    async def test_both_are_kept(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await stored(here, text=story(*range(20)), title="Old", link="https://example.com/old")
            preview = await typed(here, text=story(*range(22)), title="New", link="https://example.com/new")
            assert "**1 near-duplicate is stored**" in preview.text
            assert "99 %** in common: Old" in preview.text
            assert preview.labels()[:4] == ["Keep both", "Replace", "Edit details", "Cancel"]
            assert "Store" not in preview.labels()
            beside = (await here.mod.press(preview, "Compare")).message
            for part in ("This one: **New** · CNBC", "Stored: **Old** · CNBC", "**\\+** In hall 20 judge number 20"):
                assert part in beside.text
            assert beside.links() == [
                ("Read this one", "https://example.com/new"),
                ("Read the stored one", "https://example.com/old"),
            ]
            done = (await here.mod.press(preview, "Keep both")).message
            assert "### Stored\n" in done.text
            assert len(await articles(here)) == 2

    async def test_the_stored_one_is_replaced_by_a_new_revision(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await stored(here, text=story(*range(20)), title="Old", link="")
            preview = await typed(here, text=story(*range(22)), title="New", link="")
            done = (await here.mod.press(preview, "Replace")).message
            assert "### Stored as revision 2" in done.text
            [key] = await articles(here)
            article = await here.app.store.find(here.own, key)
            assert (article.title, article.revision) == ("New", 2)

    async def test_of_several_the_one_to_replace_is_chosen(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await stored(here, text=story(*range(20)), title="First", link="")
            second = await typed(here, text=story(*range(21)), title="Second", link="")
            await here.mod.press(second, "Keep both")
            preview = await typed(here, text=story(*range(22)), title="Third", link="")
            assert [one for one in preview.labels() if one.startswith("Compare")] == ["Compare 1", "Compare 2"]
            await here.restarted()
            done = (await here.mod.select(preview, "First")).message
            assert "### Stored as revision 2" in done.text
            assert (await here.app.store.find(here.own, "first-2021-01-21")).title == "Third"

    async def test_an_article_of_the_library_is_not_replaced_from_a_server(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await here.give(f"# old | Old | CNBC\n{story(*range(20))}", collection=here.library)
            preview = await typed(here, text=story(*range(22)), title="New", link="")
            assert "Old · CNBC, the library" in preview.text
            assert "Replace" not in preview.labels()
            await here.mod.press(preview, "Keep both")
            assert len(await articles(here)) == 1

    async def test_one_that_came_in_since_the_preview_is_shown_first(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            plain = await typed(here, text=story(*range(22)), title="New", link="")
            await stored(here, text=story(*range(20)), title="Old", link="")
            again = (await here.mod.press(plain, "Store")).message
            assert "has come in meanwhile" in again.text
            assert "Keep both" in again.labels()
            third = await typed(here, text=story(*range(21)), title="Third", link="")
            await here.mod.press(third, "Keep both")
            await here.mod.press(again, "Keep both")
            assert "has changed meanwhile" in again.text
            await here.mod.press(again, "Keep both")
            assert "### Stored\n" in again.text

    async def test_one_that_was_edited_since_the_preview_is_not_replaced_unseen(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await stored(here, text=story(*range(20)), title="Old", link="")
            preview = await typed(here, text=story(*range(22)), title="New", link="")
            [key] = await articles(here)
            form = (await here.mod.slash("article edit", article=key)).modal
            await here.mod.press((await here.mod.submit(form, {"title": "Older"})).message, "Store")
            await here.mod.press(preview, "Replace")
            assert "has changed meanwhile" in preview.text
            assert (await here.app.store.find(here.own, key)).title == "Older"

    async def test_the_comparison_says_when_it_has_nothing_to_compare_any_more(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await stored(here, text=story(*range(20)), title="Old", link="")
            preview = await typed(here, text=story(*range(40)), title="New", link="")
            [key] = await articles(here)
            beside = (await here.mod.press(preview, "Compare")).message
            await here.mod.slash("article remove", article=key)
            assert "not like this one any more" in (await here.mod.press(preview, "Compare")).message.text
            assert "Side by side" in beside.text


class TestDrafts:
    """A preview can be edited, cancelled and decided on once."""

    async def test_details_are_edited(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            preview = await typed(here)
            form = (await here.mod.press(preview, "Edit details")).modal
            values = {name: one.get("value") for name, one in form.inputs().items()}
            assert values == {
                "title": "Judge refuses to restore Parler",
                "publication": "CNBC",
                "authors": None,
                "date": "2021-01-21",
                "link": "https://example.com/parler",
            }
            edited = (await here.mod.submit(form, {"title": "A better title", "authors": "Jane Doe; Max Roe"})).message
            assert edited is preview
            assert "**A better title** · CNBC" in edited.text
            assert "By Jane Doe, Max Roe" in edited.text
            await here.mod.press(preview, "Store")
            article = await here.app.store.find(here.own, (await articles(here))[0])
            assert (article.title, article.authors) == ("A better title", ("Jane Doe", "Max Roe"))

    async def test_the_form_opens_before_anything_is_compared(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def never(*_: object, **__: object) -> Resembling:
            raise AssertionError("with a long text the three seconds for opening a form would be over")

        async with desk_stage(tmp_path) as here:
            preview = await typed(here)
            await here.ann.slash("suggest", text=story(1, 2, 3, 4, 5, 6, 7, 8))
            waits = (await here.mod.slash("queue")).message
            monkeypatch.setattr(Store, "resembling", never)
            for message, label in ((preview, "Edit details"), (waits, "Edit")):
                assert "title" in (await here.mod.press(message, label)).modal.inputs()

    async def test_details_that_are_wrong_leave_the_draft_as_it_was(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            preview = await typed(here)
            before = preview.text
            form = (await here.mod.press(preview, "Edit details")).modal
            said = await followup(await here.mod.submit(form, {"date": "someday", "title": "x" * 301}))
            assert "Title: " in said
            assert "Date: " in said
            assert preview.text == before

    async def test_a_cancelled_draft_is_gone(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            preview = await typed(here)
            await here.mod.press(preview, "Cancel")
            assert "### Cancelled" in preview.text
            assert preview.labels() == []
            assert await articles(here) == []

    async def test_a_double_press_stores_once(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            preview = await typed(here)
            presses = [await here.mod.start_press(preview, "Store") for _ in range(2)]
            replies = [await here.mod.finish(press) for press in presses]
            [said] = [notice.text for reply in replies for notice in reply.followups]
            assert f"was stored already by {here.mod.mention}" in said
            assert len(await articles(here)) == 1
            assert preview.labels() == ["Undo", "Show", "Read the article"]

    async def test_what_was_decided_on_elsewhere_says_so_and_has_no_buttons_left(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            preview = await typed(here)
            opened = await here.mod.press(preview, "Edit details")
            cancelled = await here.mod.start_press(preview, "Cancel")
            await here.mod.finish(cancelled)
            said = await followup(await here.mod.submit(opened.modal, {"title": "Too late"}))
            assert "was cancelled already" in said
            assert preview.labels() == []

    async def test_buttons_that_an_old_screen_still_shows_do_nothing(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await stored(here, text=story(*range(20)), title="Old")
            captions = "\n".join(f"Photographer {n} | Agency {n} | Getty Images" for n in range(9))
            preview = await typed(here, text=f"{story(*range(22))}\n\n{captions}", title="New", link="")
            screen, labels = list(preview.components), preview.labels()
            await here.mod.press(preview, "Cancel")
            for label in labels:
                preview.components = list(screen)
                assert "ancelled" in await told(here.mod, preview, label), label
            assert len(await articles(here)) == 1

    async def test_an_old_form_is_filled_in_again_by_its_moderator_for_a_day_only(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            refused = await typed(here, date="the day before")
            here.mod.permissions = EVERYONE
            assert NOT_MODERATOR in await told(here.mod, refused, "Try again")
            here.mod.permissions = EVERYONE | Permission.MANAGE_MESSAGES
            here.clock.advance(timedelta(days=2))
            assert "has expired" in await told(here.mod, refused, "Try again")

    async def test_an_edit_by_somebody_else_is_shown_before_it_is_stored(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            preview = await typed(here)
            opened = await here.mod.press(preview, "Edit details")
            old = preview.button("Store").custom_id
            await here.mod.submit(opened.modal, {"title": "Edited"})
            assert old is not None
            forge(preview, "Store", old)
            said = await followup(await here.mod.press(preview, "Store"))
            assert "edited meanwhile" in said
            assert "**Edited**" in preview.text
            assert await articles(here) == []

    async def test_the_buttons_work_after_a_restart_for_a_week(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            preview, other = await typed(here), await typed(here, title="B", text=story(*range(9)), link="")
            here.clock.advance(timedelta(days=6))
            await here.restarted()
            assert "### Stored" in (await here.mod.press(preview, "Store")).message.text
            here.clock.advance(timedelta(days=2))
            await here.app.store.expire_drafts(here.clock())
            assert "no such draft" in await followup(await here.mod.press(other, "Store"))

    async def test_storing_can_be_undone_once_in_the_week(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            done = await stored(here)
            [key] = await articles(here)
            await here.restarted()
            first, second = [await here.mod.start_press(done, "Undo") for _ in range(2)]
            replies = [await here.mod.finish(one) for one in (first, second)]
            assert await articles(here) == []
            assert "### Undone" in done.text
            assert [one.text for reply in replies for one in reply.followups] == [
                f"The article was changed since: remove by {here.mod.mention}."
            ]
            again = (await here.mod.press(done, "Undo this")).message
            assert "is at revision 1 now" in again.text
            assert await articles(here) == [key]


class TestPermission:
    """Commands, suggestions, buttons and forms ask each time whether the member may."""

    async def test_who_may_not_moderate_adds_nothing(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            here.open_to_everyone("article")
            link = here.web.page("/a", html("A"))
            file = File("a.txt", PARLER_TEXT.encode())
            for reply in (
                await here.ann.slash("article add", url=link),
                await here.ann.slash("article add", file=file),
                await here.ann.slash("article add"),
            ):
                assert reply.ephemeral
                assert NOT_MODERATOR in reply.message.text
            assert here.web.requests == []

    async def test_who_was_a_moderator_hands_in_no_form(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            preview = await typed(here)
            edit = (await here.mod.press(preview, "Edit details")).modal
            add = (await here.mod.slash("article add")).modal
            here.mod.permissions = EVERYONE
            assert NOT_MODERATOR in (await here.mod.submit(add, form(title="B"))).message.text
            assert NOT_MODERATOR in (await here.mod.submit(edit, {"title": "C"})).message.text
            assert "**Judge refuses" in preview.text

    async def test_who_was_a_moderator_presses_nothing(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            await stored(here, text=story(*range(20)), title="Old", link="")
            captions = "\n".join(f"Photographer {n} | Agency {n} | Getty Images" for n in range(150))
            preview = await typed(here, text=f"{story(*range(22))}\n\n{captions}"[:4000], title="New", link="")
            before = preview.text
            here.mod.permissions = EVERYONE
            for label in preview.labels():
                assert NOT_MODERATOR in (await here.mod.press(preview, label)).message.text, label
            assert preview.text == before
            assert len(await articles(here)) == 1

    async def test_the_role_named_in_setup_is_enough(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            here.open_to_everyone("article")
            role = await here.server.new_role(here.guild, "Desk")
            await here.app.guilds.change(
                here.guild.id, lambda now: replace(now, moderator_role=role.id), by="discord:1", now=here.clock()
            )
            here.ann.roles = (role,)
            preview = await typed(here, here.ann)
            here.ann.roles = ()
            assert NOT_MODERATOR in (await here.ann.press(preview, "Store")).message.text
            here.ann.roles = (role,)
            assert "### Stored" in (await here.ann.press(preview, "Store")).message.text

    async def test_the_library_takes_what_the_operator_names(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            refused = (await here.mod.slash("article add", library=True)).message
            assert "The library is shared by all servers" in refused.text
        async with desk_stage(tmp_path / "named", in_library=True) as here:
            opened = (await here.mod.slash("article add", library=True)).modal
            preview = (await here.mod.submit(opened, form())).message
            assert "For the library, which all servers share." in preview.text
            assert "In the library." in (await here.mod.press(preview, "Store")).message.text
            assert await articles(here) == []
            [one] = await here.app.store.articles((here.library,), limit=99)
            assert one.added_by == f"discord:{here.mod.id}"

    async def test_an_editor_of_the_library_needs_no_rights_in_the_server(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path, editors=["ann"]) as here:
            here.open_to_everyone("article")
            opened = (await here.ann.slash("article add", library=True)).modal
            preview = (await here.ann.submit(opened, form())).message
            assert "### Stored" in (await here.ann.press(preview, "Store")).message.text
            assert NOT_MODERATOR in (await here.ann.slash("article add")).message.text

    async def test_the_draft_of_another_server_is_not_found_by_a_forged_button(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            theirs = await here.server.join("Elsewhere")
            stranger = here.server.member("eve", theirs, permissions=EVERYONE | Permission.MANAGE_MESSAGES)
            ours = await typed(here)
            hers = await typed(here, stranger, title="Hers")
            for label in ("Store", "Edit details", "Cancel"):
                custom_id = ours.button(label).custom_id
                assert custom_id is not None
                forge(hers, label, custom_id)
                said = await told(stranger, hers, label)
                assert "There is no such draft" in said
            await here.mod.press(ours, "Store")
            assert len(await articles(here)) == 1


async def told(member: Member, message: Message, label: str) -> str:
    """What the member alone is told after the press."""
    reply = await member.press(message, label)
    answered = reply.interaction.original is not None and reply.message is not message
    return reply.message.text if answered else (await reply.followup()).text


class TestHostileTexts:
    """What others wrote is shown as it is, pings nobody and breaks nothing."""

    async def test_marks_and_mentions_are_shown_as_text(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            title = "@everyone **bold** [x](https://evil.example) \u202eesrever"
            text = f"||<@1> `code` # head|| said the judge in court today.\n\n{PARLER_TEXT}\n\n> <#9> </ask:1> <t:0:R>"
            preview = await typed(here, title=title, publication="<@&7> _P_", text=text)
            assert not preview.pings
            assert "\\@everyone \\*\\*bold\\*\\* \\[x\\](https\\://evil.example) esrever" in preview.text
            assert "\\<\\@1\\>" in preview.text
            done = (await here.mod.press(preview, "Store")).message
            shown = (await here.mod.press(done, "Show")).message
            assert not shown.pings
            assert "\\|\\|\\<\\@1\\>" in shown.text

    async def test_a_text_of_a_megabyte_is_stored_and_read_on_pages(self, tmp_path: Path) -> None:
        async with desk_stage(tmp_path) as here:
            text = "\n\n".join(story(number) for number in range(10_000))[:999_000]
            preview = (await here.mod.slash("article add", file=File("long.txt", text.encode()))).message
            assert "words" in preview.text
            done = (await here.mod.press(preview, "Store")).message
            shown = (await here.mod.press(done, "Show")).message
            assert "Page 1 of " in shown.text
            await here.mod.press(shown, "Next")
            assert "Page 2 of " in shown.text


async def test_nothing_of_another_server_is_known_when_it_is_added(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        theirs = await here.server.join("Elsewhere")
        stranger = here.server.member("eve", theirs, permissions=EVERYONE | Permission.MANAGE_MESSAGES)
        await stored(here)
        preview = await typed(here, stranger)
        assert "### Preview" in preview.text
        assert "near-duplicate" not in preview.text
        await stranger.press(preview, "Store")
        [one] = await here.app.store.articles((here.own,), limit=99)
        with pytest.raises(ArticleNotFound):
            await here.app.store.find(here.library, one.key)


async def test_what_the_moderator_typed_is_on_record_with_their_name(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        await stored(here)
        entries = await here.app.store.audit((here.own,), limit=9)
        assert [(one.action, one.actor) for one in entries] == [
            ("add", f"discord:{here.mod.id}"),
            ("draft", f"discord:{here.mod.id}"),
        ]
        [draft] = await here.app.store.drafts_of(f"discord:{here.mod.id}")
        assert draft.draft.source.kind is SourceKind.PASTE
