"""Articles taken in, edited, followed and erased one by one at the terminal."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.guildsettings import GuildBook
from bot.records import MIGRATIONS, Records
from bot.records.model import AnswerRecord, MessagePlace, Quoted
from bot.sheet import Outcome, Role
from corpus.store import DATABASE_NAME, open_store
from retrieval.index import Filters
from tests.fakes.desk import story
from tests.fakes.pages import html_page
from tests.fakes.program import Ended, Program
from tests.fakes.web import Web

SETTLED = ["outcome", "key", "collection", "revision", "title", "passages", "draft", "version", "reason", "alike"]
RULING = "Judge Ada Byron dismissed the Fizzbuzz case on Monday. The company had asked for that in spring."


@pytest.fixture
def amicus(tmp_path: Path) -> Program:
    """The program on an empty data directory."""
    return Program(tmp_path / "data")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file with an article."""
    path = tmp_path / "ruling.txt"
    path.write_text(f"Byron rules\n\n{RULING}", "utf-8")
    return path


@pytest.fixture
def stocked(amicus: Program, tmp_path: Path) -> Program:
    """The program with the article `byron` in its library."""
    path = tmp_path / "stock.jsonl"
    path.write_text(json.dumps({"id": "byron", "title": "Byron rules", "text": RULING}), "utf-8")
    assert amicus("import", str(path)).code == 0
    return amicus


def written(folder: Path, name: str, title: str, text: str) -> str:
    path = folder / name
    path.write_text(f"{title}\n\n{text}", "utf-8")
    return str(path)


def one(ended: Ended) -> dict[str, Any]:
    [found] = ended.objects
    return found


def keys(amicus: Program, *words: str) -> list[str]:
    return [article["article"] for article in amicus("articles", "--json", *words).objects]


# --- the list


@pytest.mark.parametrize("words", [["byron"], ["list", "byron"], ["list"], [], ["-n", "5"]])
def test_the_list_needs_no_command_and_takes_words(stocked: Program, words: list[str]) -> None:
    assert [article["article"] for article in stocked("articles", *words, "--json").objects] == ["byron"]


def test_words_that_no_article_has_are_no_unknown_command(stocked: Program) -> None:
    ended = stocked("articles", "zzz")
    assert (ended.code, ended.out, ended.err) == (0, "", "No article matches.\n")


def test_a_word_that_is_a_command_is_listed_by_with_its_name(stocked: Program) -> None:
    assert stocked("articles", "list", "add").code == 0
    assert stocked("articles", "add").code == 2


@pytest.mark.parametrize("words", [["articles", "show", "byron"], ["show", "byron"]])
def test_show_has_two_names(stocked: Program, words: list[str]) -> None:
    assert RULING in stocked(*words).out


def test_the_group_tells_its_commands(amicus: Program) -> None:
    ended = amicus("articles", "--help")
    assert ended.code == 0
    assert all(name in ended.out for name in ("list", "add", "edit", "history", "undo", "purge"))


# --- add


def test_a_file_is_stored_with_its_preview_told(amicus: Program, file: Path) -> None:
    ended = amicus("articles", "add", str(file), "--yes", "--date", "2021-01-21", "--author", "A. Writer")
    assert ended.code == 0
    lines = ended.out.splitlines()
    assert lines[0] == "Byron rules"
    assert {"By: A. Writer", f"From: {file}", f"Size: {len(RULING.split())} words, 1 passage"} <= set(lines)
    assert lines[-1].startswith("added          byron-rules-2021-01-21: Byron rules (1 passage)")
    shown = stocked_article(amicus, "byron-rules-2021-01-21")
    assert (shown["published"], shown["authors"], shown["text"]) == ("2021-01-21", ["A. Writer"], RULING)


def stocked_article(amicus: Program, key: str) -> dict[str, Any]:
    return one(amicus("show", key, "--json"))


def test_what_is_stored_already_is_known(stocked: Program, file: Path) -> None:
    ended = stocked("articles", "add", str(file), "--yes", "--json")
    found = one(ended)
    assert list(found) == SETTLED
    assert (ended.code, found["outcome"], found["key"], found["draft"]) == (0, "known", "byron", None)
    assert keys(stocked) == ["byron"]


def test_without_a_terminal_and_without_yes_the_article_waits_and_can_be_approved(amicus: Program, file: Path) -> None:
    ended = amicus("articles", "add", str(file), "--json")
    found = one(ended)
    assert list(found) == SETTLED
    assert (ended.code, found["outcome"], found["version"]) == (0, "waiting", 1)
    assert f"amicus queue approve {found['draft']} stores it" in ended.err
    assert keys(amicus) == []
    approved = one(amicus("queue", "approve", found["draft"], "--json"))
    assert (approved["outcome"], approved["title"], approved["revision"]) == ("added", "Byron rules", 1)
    assert keys(amicus) == [approved["key"]]
    assert amicus("queue", "approve", found["draft"]).code == 2


def test_what_waits_is_told_to_people_too(amicus: Program, file: Path) -> None:
    ended = amicus("articles", "add", str(file))
    assert ended.out.splitlines()[-1].startswith("waiting        ")
    assert ended.err.startswith("It waits until ")


@pytest.mark.parametrize("text", ["", "\x00\x01"])
def test_a_file_without_an_article_is_rejected(amicus: Program, tmp_path: Path, text: str) -> None:
    path = tmp_path / "bad.txt"
    path.write_text(text, "utf-8")
    ended = amicus("articles", "add", str(path), "--yes", "--json")
    found = one(ended)
    assert (ended.code, found["outcome"], found["draft"]) == (3, "rejected", None)
    assert found["reason"]


def test_something_alike_is_not_stored_before_someone_says_how(stocked: Program, tmp_path: Path) -> None:
    first = written(tmp_path, "first.txt", "The first", story(1, 2, 3, 4, 5))
    key = one(stocked("articles", "add", first, "--yes", "--json"))["key"]
    second = written(tmp_path, "second.txt", "The second", story(1, 2, 3, 4, 6))
    ended = stocked("articles", "add", second, "--yes", "--json")
    found = one(ended)
    assert (ended.code, found["outcome"], found["key"]) == (3, "near_duplicate", key)
    assert [(alike["key"], 0.6 <= alike["share"] < 1) for alike in found["alike"]] == [(key, True)]
    assert f"amicus queue approve {found['draft']} --keep-both, or --replace KEY, stores it" in ended.err
    stored = one(stocked("queue", "approve", found["draft"], "--keep-both", "--json"))
    assert stored["outcome"] == "added"
    assert set(keys(stocked)) == {"byron", key, stored["key"]}


def test_something_alike_is_a_new_revision_where_that_is_said(stocked: Program, tmp_path: Path) -> None:
    first = written(tmp_path, "first.txt", "The first", story(1, 2, 3, 4, 5))
    key = one(stocked("articles", "add", first, "--yes", "--json"))["key"]
    second = written(tmp_path, "second.txt", "The second", story(1, 2, 3, 4, 6))
    found = one(stocked("articles", "add", second, "--replace", key, "--json"))
    assert (found["outcome"], found["key"], found["revision"]) == ("added", key, 2)
    assert stocked_article(stocked, key)["title"] == "The second"


def test_only_what_is_alike_is_replaced(stocked: Program, tmp_path: Path) -> None:
    other = written(tmp_path, "other.txt", "Other", story(1, 2, 3))
    ended = stocked("articles", "add", other, "--replace", "byron", "--json")
    found = one(ended)
    assert (ended.code, found["outcome"]) == (3, "rejected")
    assert found["draft"]
    assert stocked_article(stocked, "byron")["revision"] == 1


def test_a_link_given_to_a_file_may_show_that_it_is_stored(amicus: Program, tmp_path: Path) -> None:
    first = written(tmp_path, "first.txt", "The first", story(1, 2, 3))
    second = written(tmp_path, "second.txt", "The second", story(4, 5, 6))
    link = ("--link", "https://news.example/a", "--yes", "--json")
    key = one(amicus("articles", "add", first, *link))["key"]
    found = one(amicus("articles", "add", second, *link))
    assert (found["outcome"], found["key"], found["draft"]) == ("known", key, None)
    assert "cancel" in [entry["action"] for entry in amicus("audit", "--json").objects]


async def test_a_link_is_fetched_and_read(amicus: Program) -> None:
    async with Web() as web:
        link = web.page("/ruling", html_page(title="Court hears the company"))
        ended = await asyncio.to_thread(
            amicus, "articles", "add", link, "--yes", "--json", AMICUS_FETCH__ALLOW_HOSTS=web.host
        )
        found = one(ended)
        assert (ended.code, found["outcome"], found["title"]) == (0, "added", "Court hears the company")
        again = await asyncio.to_thread(amicus, "articles", "add", link, "--json", AMICUS_FETCH__ALLOW_HOSTS=web.host)
        assert (one(again)["outcome"], web.asked("/ruling")) == ("known", 1)


async def test_a_link_into_the_own_network_is_refused_unless_it_is_allowed(amicus: Program) -> None:
    async with Web() as web:
        ended = await asyncio.to_thread(amicus, "articles", "add", web.page("/ruling", html_page()), "--yes", "--json")
        assert (ended.code, one(ended)["outcome"], web.requests) == (3, "rejected", [])


async def test_a_page_that_is_not_there_is_rejected_with_a_sentence(amicus: Program) -> None:
    async with Web() as web:
        ended = await asyncio.to_thread(
            amicus, "articles", "add", web.url("/gone"), "--yes", AMICUS_FETCH__ALLOW_HOSTS=web.host
        )
        assert ended.code == 3
        assert ended.out.startswith(f"rejected       {web.url('/gone')}: ")


def test_an_article_of_a_guild_is_listed_there_alone(amicus: Program, file: Path) -> None:
    assert amicus("articles", "add", str(file), "--yes", "--collection", "guild:5").code == 0
    assert keys(amicus) == keys(amicus, "--collection", "guild:6") == []
    assert len(keys(amicus, "--collection", "guild:5")) == 1


def test_a_guild_knows_the_library_unless_that_is_switched_off_there(stocked: Program, file: Path) -> None:
    words = ("articles", "add", str(file), "--yes", "--json", "--collection", "guild:5")
    known = one(stocked(*words))
    assert (known["outcome"], known["key"], known["collection"]) == ("known", "byron", "library")

    async def switched_off() -> None:
        async with open_store(stocked.data_dir / DATABASE_NAME, migrations=[MIGRATIONS]) as store:
            book = GuildBook(Records(store).settings)
            await book.change(5, lambda held: replace(held, library=False), by="discord:1", now=datetime.now(UTC))

    asyncio.run(switched_off())
    added = one(stocked(*words))
    assert (added["outcome"], added["collection"]) == ("added", "guild:5")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["nowhere.txt"], "nowhere.txt: No such file or directory; give a file, or a link"),
        (["."], ". is a folder; amicus import takes folders"),
        (["FILE", "--date", "soonish"], "Date: "),
        (["FILE", "--title", ""], "Title: "),
        (["FILE", "--link", "ftp://news.example"], "Link: "),
        (["FILE", "--keep-both", "--replace", "byron"], "give either --keep-both or --replace KEY"),
        (["FILE", "--collection", "guild:0"], "library or guild:ID"),
        ([], "URL|FILE"),
    ],
)
def test_wrong_usage_of_add_stores_and_keeps_nothing(amicus: Program, file: Path, words: list[str], told: str) -> None:
    ended = amicus("articles", "add", *(str(file) if word == "FILE" else word for word in words))
    assert (ended.code, ended.out) == (2, "")
    assert told in ended.err
    assert amicus("audit", "--json").objects == []


# --- edit, history, undo


def test_an_edit_is_shown_as_what_changes_and_stored_as_a_revision(stocked: Program) -> None:
    ended = stocked("articles", "edit", "byron", "--title", "Byron dismisses", "--date", "2021-02-03", "--yes")
    assert ended.code == 0
    assert "  title: Byron rules → Byron dismisses\n" in ended.out
    assert "  date: (none) → 2021-02-03\n" in ended.out
    assert ended.out.splitlines()[-1].startswith("revision 2     byron: Byron dismisses")
    assert stocked_article(stocked, "byron")["text"] == RULING


def test_a_text_is_replaced_by_that_of_a_file_and_the_particulars_stay(stocked: Program, tmp_path: Path) -> None:
    text = written(tmp_path, "new.txt", "Another title", RULING.replace("Monday", "Tuesday"))
    assert one(stocked("articles", "edit", "byron", "--text", text, "--yes", "--json"))["revision"] == 2
    article = stocked_article(stocked, "byron")
    assert article["title"] == "Byron rules"
    assert "on Tuesday" in article["text"]


def test_an_edit_waits_where_nobody_can_be_asked(stocked: Program) -> None:
    found = one(stocked("articles", "edit", "byron", "--title", "New", "--json"))
    assert (found["outcome"], stocked_article(stocked, "byron")["revision"]) == ("waiting", 1)
    assert one(stocked("queue", "show", found["draft"], "--json"))["edits"] == {"key": "byron", "revision": 1}
    assert one(stocked("queue", "approve", found["draft"], "--json"))["revision"] == 2


def test_an_edit_that_waited_too_long_is_not_stored_over_a_newer_revision(stocked: Program) -> None:
    found = one(stocked("articles", "edit", "byron", "--title", "Old", "--json"))
    stocked("articles", "edit", "byron", "--title", "New", "--yes")
    ended = stocked("queue", "approve", found["draft"])
    assert (ended.code, stocked_article(stocked, "byron")["title"]) == (2, "New")


def test_an_edit_of_nothing_is_wrong_usage_and_one_that_changes_nothing_is_rejected(stocked: Program) -> None:
    assert stocked("articles", "edit", "byron").code == 2
    same = stocked("articles", "edit", "byron", "--title", "Byron rules", "--yes", "--json")
    assert (same.code, one(same)["reason"]) == (3, "Nothing was changed.")


@pytest.mark.parametrize(
    "words",
    [["edit", "byrom", "--title", "x"], ["history", "byrom"], ["purge", "byrom", "--why", "law", "--yes"]],
)
def test_a_key_that_is_not_there_is_wrong_usage_and_keys_like_it_are_named(stocked: Program, words: list[str]) -> None:
    ended = stocked("articles", *words)
    assert (ended.code, ended.out) == (2, "")
    assert "Keys like it: byron." in ended.err


def test_a_removed_article_is_not_edited(stocked: Program) -> None:
    stocked("articles", "remove", "byron")
    ended = stocked("articles", "edit", "byron", "--title", "x", "--yes")
    assert ended.code == 2
    assert "restore it first" in ended.err


def test_a_history_tells_who_changed_what_newest_first(stocked: Program) -> None:
    text = RULING.replace("Monday", "Tuesday")
    path = stocked.data_dir / "new.txt"
    path.write_text(text, "utf-8")
    stocked("articles", "edit", "byron", "--text", str(path), "--title", "New", "--yes")
    ended = stocked("articles", "history", "byron")
    assert ended.code == 0
    heads = [line for line in ended.out.splitlines() if line.startswith("Revision ")]
    assert [head.split(" by ")[0] for head in heads] == ["Revision 2", "Revision 1"]
    assert "  title: Byron rules → New\n" in ended.out
    assert "  - Judge Ada Byron dismissed the Fizzbuzz case on Monday.\n" in ended.out
    assert "  + Judge Ada Byron dismissed the Fizzbuzz case on Tuesday.\n" in ended.out
    assert "takes the last act back (revise, terminal:" in ended.err
    second, first = stocked("articles", "history", "byron", "--json").objects
    assert list(second) == list(first) == ["key", "revision", "by", "at", "title", "changed", "lines"]
    assert second["changed"] == [{"name": "title", "before": "Byron rules", "after": "New"}]
    assert {line["sign"] for line in second["lines"]} == {"+", "-", " "}


def last_act(amicus: Program) -> str:
    return str(amicus("audit", "--json", "-n", "1").objects[0]["number"])


def test_an_act_is_taken_back_by_its_number(stocked: Program) -> None:
    stocked("articles", "edit", "byron", "--title", "New", "--yes")
    act = last_act(stocked)
    found = one(stocked("articles", "undo", act, "--json"))
    assert found == {
        "outcome": "undone",
        "key": "byron",
        "collection": "library",
        "revision": 3,
        "title": "Byron rules",
        "number": int(act),
        "action": "revise",
        "removed": False,
    }
    again = stocked("articles", "undo", act)
    assert (again.code, again.out) == (2, "")


def test_taking_an_addition_back_removes_the_article(amicus: Program, file: Path) -> None:
    amicus("articles", "add", str(file), "--yes")
    ended = amicus("articles", "undo", last_act(amicus))
    assert (ended.code, keys(amicus)) == (0, [])
    assert "it is removed now" in ended.err


def test_an_act_that_never_was_or_is_of_another_collection_is_wrong_usage(stocked: Program) -> None:
    own = stocked("articles", "undo", last_act(stocked), "--collection", "guild:5")
    never = stocked("articles", "undo", "999", "--collection", "guild:5")
    assert (own.code, never.code) == (2, 2)
    assert own.err.replace(last_act(stocked), "N") == never.err.replace("999", "N")


def test_removing_and_restoring_are_told_as_objects_too(stocked: Program) -> None:
    shape = {"key": "byron", "collection": "library", "revision": 1, "title": "Byron rules"}
    assert one(stocked("articles", "remove", "byron", "--json")) == {"outcome": "removed"} | shape
    assert one(stocked("articles", "restore", "byron", "--json")) == {"outcome": "restored"} | shape


# --- purge


def test_a_takedown_erases_the_article_for_good_and_names_the_copies_that_hold_it(
    stocked: Program, file: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.backup"
    stocked("backup", str(copy))
    ended = stocked("articles", "purge", "byron", "--why", "a court order", "--yes", "--json")
    found = one(ended)
    assert found == {
        "outcome": "purged",
        "key": "byron",
        "title": "Byron rules",
        "revisions": 1,
        "drafts": 0,
        "backups": [str(copy)],
        "messages": [],
    }
    assert str(copy) in ended.err
    assert stocked("show", "byron").code == 2
    again = stocked("articles", "add", str(file), "--yes", "--json")
    assert (again.code, one(again)["outcome"]) == (3, "rejected")
    assert b"Fizzbuzz" not in (stocked.data_dir / "amicus.sqlite3").read_bytes()


def test_a_takedown_names_the_messages_of_the_bot_that_quote_the_article(stocked: Program) -> None:
    now = datetime.now(UTC)
    record = AnswerRecord(
        id="0123456789abcdef",
        asker_id=1,
        guild_id=2,
        private=False,
        outcome=Outcome.ANSWERED,
        question="who?",
        filters=Filters(),
        quoted=(Quoted(Role.EVIDENCE, 1, 1, 0, 5),),
        created_at=now,
        expires_at=now + timedelta(days=1),
    )

    async def posted() -> None:
        async with open_store(stocked.data_dir / DATABASE_NAME, migrations=[MIGRATIONS]) as store:
            answers = Records(store).answers
            await answers.keep(record)
            await answers.posted(record.id, MessagePlace(3, 4))

    asyncio.run(posted())
    found = one(stocked("articles", "purge", "byron", "--why", "law", "--yes", "--json"))
    assert found["messages"] == ["https://discord.com/channels/2/3/4"]


@pytest.mark.parametrize(
    ("options", "told"),
    [(["--why", "law"], "--yes"), (["--yes"], "--why"), (["--why", " ", "--yes"], "--why needs a reason")],
)
def test_a_takedown_without_a_reason_or_a_yes_is_refused(stocked: Program, options: list[str], told: str) -> None:
    ended = stocked("articles", "purge", "byron", *options)
    assert (ended.code, ended.out) == (2, "")
    assert told in ended.err
    assert keys(stocked) == ["byron"]


def test_a_backup_put_back_brings_nothing_back_that_was_taken_down(stocked: Program, tmp_path: Path) -> None:
    copy = tmp_path / "copy.backup"
    other = written(tmp_path, "other.txt", "Other", story(1, 2, 3))
    stocked("articles", "add", other, "--yes")
    stocked("backup", str(copy))
    stocked("articles", "purge", "byron", "--why", "law", "--yes")
    ended = stocked("restore-backup", str(copy))
    assert ended.code == 0
    assert "1 article taken down since then: erased again." in ended.err
    assert "byron" not in keys(stocked)
    assert len(keys(stocked)) == 1
    assert stocked("show", "byron").code == 2


def test_a_takedown_after_a_backup_was_put_back_names_that_backup_and_later_ones(
    stocked: Program, tmp_path: Path
) -> None:
    copy, later = tmp_path / "copy.backup", tmp_path / "later.backup"
    stocked("backup", str(copy))
    stocked("backup", str(later))
    stocked("restore-backup", str(copy))
    found = one(stocked("articles", "purge", "byron", "--why", "law", "--yes", "--json"))
    assert {str(copy), str(later)} < set(found["backups"])
    assert any("before-restore-" in path for path in found["backups"])


def test_a_damaged_database_is_replaced_with_a_warning_of_takedowns_nobody_knows(
    stocked: Program, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.backup"
    stocked("backup", str(copy))
    (stocked.data_dir / "amicus.sqlite3").write_bytes(b"damaged" * 1000)
    ended = stocked("restore-backup", str(copy))
    assert ended.code == 0
    assert "whatever was taken down since may be back" in ended.err
    assert keys(stocked) == ["byron"]


# --- what others wrote


def test_texts_of_others_can_not_control_the_terminal(amicus: Program, tmp_path: Path) -> None:
    hostile = "\x1b[31mA red\x1b]8;;http://evil.example\x07 title \u202e"
    text = f"Title {hostile}\n\n{RULING} {hostile} is what the clerk wrote. {story(1, 2)}"
    path = tmp_path / "hostile.txt"
    path.write_text(text, "utf-8")
    waiting = one(amicus("articles", "add", str(path), "--json"))["draft"]
    outputs = [
        amicus("queue", "show", waiting),
        amicus("articles", "add", str(path)),
        amicus("queue", "approve", waiting),
        amicus("articles", "history", keys(amicus)[0]),
        amicus("articles", "edit", keys(amicus)[0], "--title", hostile, "--yes"),
        amicus("audit"),
        amicus("articles", "purge", keys(amicus)[0], "--why", hostile, "--yes"),
        amicus("audit"),
    ]
    for ended in outputs:
        assert not set(ended.out + ended.err) & set("\x1b\x07\x9b\u202e\r")
