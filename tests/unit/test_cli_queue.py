"""The review queue, the audit record and what members ask for, at the terminal."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.records import MIGRATIONS, Records
from bot.wanted import Wanted
from corpus.collection import LIBRARY
from corpus.desk import Desk, Giver
from corpus.drafts import Details, DraftOrigin, Place, Preview
from corpus.store import DATABASE_NAME, open_store
from retrieval.index import Filters
from tests.fakes.desk import story
from tests.fakes.program import Ended, Program

DRAFT = [
    "draft", "collection", "state", "version", "origin", "by", "at", "expires_at", "title", "publication", "authors",
    "published", "url", "language", "partial", "source", "words", "edits", "decision",
]  # fmt: skip
SEEN = [*DRAFT, "passages", "known", "alike", "dropped", "flagged", "text"]
ENTRY = ["number", "at", "actor", "action", "collection", "key", "revision", "detail"]
MEMBER = "discord:3"


@pytest.fixture
def amicus(tmp_path: Path) -> Program:
    """The program on an empty data directory."""
    (tmp_path / "data").mkdir()
    return Program(tmp_path / "data")


def suggested(amicus: Program, *numbers: int, title: str = "A suggestion") -> str:
    """The id of a draft that a member suggests for the library, who wants to be told."""

    async def made() -> str:
        async with open_store(amicus.data_dir / DATABASE_NAME, migrations=[MIGRATIONS]) as store:
            giver = Giver(MEMBER, DraftOrigin.SUGGESTION, tell=True)
            details = Details(title=title, text=story(*numbers), published="2021-01-21")
            kept = await Desk(store).draft_text(details, Place.of(LIBRARY), giver, datetime.now(UTC))
            assert isinstance(kept, Preview)
            return kept.waiting.id

    return asyncio.run(made())


def one(ended: Ended) -> dict[str, Any]:
    [found] = ended.objects
    return found


def test_the_queue_is_listed_the_oldest_first_in_pages(amicus: Program) -> None:
    assert amicus("queue").err == "Nothing waits for review in library.\n"
    first, second = suggested(amicus, 1, 2), suggested(amicus, 3, 4)
    listed = amicus("queue")
    assert [line.split()[0] for line in listed.out.splitlines()] == ["DRAFT", first, second]
    page = amicus("queue", "list", "-n", "1", "--offset", "1", "--json")
    assert [list(found) for found in page.objects] == [DRAFT]
    assert (page.objects[0]["draft"], page.objects[0]["by"], page.objects[0]["state"]) == (second, MEMBER, "queued")
    assert "2 to 2 of 2 drafts" in page.err
    assert amicus("queue", "--json", "--collection", "guild:5").objects == []


def test_a_draft_is_shown_with_all_of_its_text(amicus: Program) -> None:
    draft = suggested(amicus, *range(40))
    shown = amicus("queue", "show", draft)
    assert story(*range(40)) in shown.out
    assert f"Brought in: {datetime.now(UTC):%Y-%m-%d} by {MEMBER} (suggestion)" in shown.out
    found = one(amicus("queue", "show", draft, "--json"))
    assert list(found) == SEEN
    assert (found["text"], found["edits"], found["decision"]) == (story(*range(40)), None, None)


def test_an_approved_draft_is_an_article_and_its_giver_not_told_from_here(amicus: Program) -> None:
    draft = suggested(amicus, 1, 2)
    ended = amicus("queue", "approve", draft)
    assert ended.code == 0
    assert ended.out.startswith("added          a-suggestion-2021-01-21: A suggestion (")
    assert f"{MEMBER} asked to be told" in ended.err
    found = one(amicus("queue", "show", draft, "--json"))
    assert (found["state"], found["decision"]["key"], found["text"]) == ("stored", "a-suggestion-2021-01-21", "")
    assert "Decided: " in amicus("queue", "show", draft).out


def test_a_rejected_draft_has_its_reason_and_is_decided_once(amicus: Program) -> None:
    draft = suggested(amicus, 1, 2)
    found = one(amicus("queue", "reject", draft, "--why", "an advertisement", "--json"))
    assert (found["outcome"], found["state"]) == ("rejected", "rejected")
    assert found["decision"]["reason"] == "an advertisement"
    for words in (["approve", draft], ["reject", draft, "--why", "again"], ["edit", draft, "--title", "x"]):
        again = amicus("queue", *words)
        assert (again.code, again.out) == (2, "")
        assert "t was rejected already by terminal:" in again.err
    assert amicus("articles", "--json").objects == []


def test_a_draft_is_corrected_before_it_is_stored_and_nobody_stores_what_they_have_not_seen(amicus: Program) -> None:
    draft = suggested(amicus, 1, 2)
    found = one(amicus("queue", "edit", draft, "--title", "Better", "--date", "", "--json"))
    assert list(found) == SEEN
    assert (found["version"], found["title"], found["published"]) == (2, "Better", None)
    late = amicus("queue", "approve", draft, "--version", "1")
    assert (late.code, late.out) == (2, "")
    assert "in version 2 by now" in late.err
    assert one(amicus("queue", "approve", draft, "--version", "2", "--json"))["title"] == "Better"


def test_a_draft_alike_to_an_article_needs_a_word_more(amicus: Program) -> None:
    key = one(amicus("queue", "approve", suggested(amicus, 1, 2, 3, 4, 5), "--json"))["key"]
    draft = suggested(amicus, 1, 2, 3, 4, 6, title="Again")
    shown = amicus("queue", "show", draft)
    assert f"of its text with {key} in library: A suggestion (2021-01-21)" in shown.out
    ended = amicus("queue", "approve", draft, "--json")
    assert (ended.code, one(ended)["outcome"], one(ended)["draft"]) == (3, "near_duplicate", draft)
    replaced = one(amicus("queue", "approve", draft, "--replace", key, "--json"))
    assert (replaced["key"], replaced["revision"]) == (key, 2)


@pytest.mark.parametrize("words", [["show"], ["approve"], ["reject", "--why", "x"], ["edit", "--title", "x"]])
def test_a_draft_of_another_collection_is_as_one_that_never_was(amicus: Program, words: list[str]) -> None:
    draft, never = suggested(amicus, 1, 2), "0" * 16
    command, *options = words
    other, none = (amicus("queue", command, name, *options, "--collection", "guild:5") for name in (draft, never))
    assert (other.code, none.code, other.out, none.out) == (2, 2, "", "")
    assert other.err.replace(draft, "ID") == none.err.replace(never, "ID")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["reject", "ID"], "--why"),
        (["reject", "ID", "--why", " "], "--why needs a reason"),
        (["edit", "ID"], "Say what is to be corrected"),
        (["edit", "ID", "--date", "soonish"], "Date: "),
        (["approve", "ID", "--keep-both", "--replace", "x"], "give either"),
        (["approve"], "ID"),
        (["decide", "ID"], "decide"),
    ],
)
def test_wrong_usage_of_the_queue_leaves_code_2_and_the_draft(amicus: Program, words: list[str], told: str) -> None:
    draft = suggested(amicus, 1, 2)
    ended = amicus("queue", *(draft if word == "ID" else word for word in words))
    assert (ended.code, ended.out) == (2, "")
    assert told in ended.err
    assert one(amicus("queue", "--json"))["version"] == 1


# --- the record


@pytest.fixture
def stocked(amicus: Program, tmp_path: Path) -> Program:
    """The program with two articles and a suggestion, one article removed and restored."""
    path = tmp_path / "stock.jsonl"
    articles = [{"id": f"a{n}", "title": f"Title {n}", "text": story(n, n + 50)} for n in (1, 2)]
    path.write_text("".join(json.dumps(article) + "\n" for article in articles), "utf-8")
    amicus("import", str(path))
    amicus("remove", "a1", "--why", "=cmd()")
    amicus("restore", "a1")
    suggested(amicus, 7, 8)
    return amicus


def actions(amicus: Program, *options: str) -> list[str]:
    return [entry["action"] for entry in amicus("audit", "--json", *options).objects]


def test_the_record_is_told_newest_first(stocked: Program) -> None:
    entries = stocked("audit", "--json").objects
    assert [list(entry) for entry in entries] == [ENTRY] * 5
    assert [entry["number"] for entry in entries] == sorted((entry["number"] for entry in entries), reverse=True)
    assert actions(stocked) == ["suggest", "restore", "remove", "add", "add"]
    table = stocked("audit", "-n", "2")
    assert [line.split()[0] for line in table.out.splitlines()] == ["NUMBER", "5", "4"]
    assert "1 to 2 of 5 acts; go on with --offset 2" in table.err
    assert actions(stocked, "-n", "2", "--offset", "1") == ["restore", "remove"]


def test_the_record_is_narrowed_by_actor_article_and_day(stocked: Program) -> None:
    assert actions(stocked, "--by", MEMBER) == actions(stocked, "--by", "3") == ["suggest"]
    assert actions(stocked, "--article", "a1") == ["restore", "remove", "add"]
    assert len(actions(stocked, "--since", "2 days ago", "--until", "today")) == 5
    assert actions(stocked, "--until", "yesterday") == []
    ended = stocked("audit", "--by", "nobody")
    assert (ended.code, ended.out, ended.err) == (0, "", "No act is like that.\n")
    assert stocked("audit", "--collection", "guild:5").err == "Nothing was done here yet.\n"


def test_the_record_is_written_as_a_file_that_a_spreadsheet_may_open(stocked: Program, tmp_path: Path) -> None:
    target = tmp_path / "audit.csv"
    ended = stocked("audit", "--csv", str(target), "-n", "1")
    assert (ended.code, ended.out, ended.err) == (0, "", f"5 acts written to {target}\n")
    content = target.read_bytes().decode()
    head, *rows = csv.reader(io.StringIO(content, newline=""))
    assert head == ENTRY
    assert [row[3] for row in rows] == actions(stocked)
    assert [row[7] for row in rows][2] == "'=cmd()"
    assert stocked("audit", "--csv", str(target)).code == 0, "an earlier record may be replaced"
    printed = stocked("audit", "--csv", "-", "--article", "a1")
    assert len(printed.out.splitlines()) == 4


def test_the_record_is_not_written_over_another_file(stocked: Program, tmp_path: Path) -> None:
    other = tmp_path / "notes.txt"
    other.write_text("number, but of something else")
    for file in (other, stocked.data_dir / DATABASE_NAME):
        before = file.read_bytes()
        ended = stocked("audit", "--csv", str(file))
        assert (ended.code, ended.err) == (2, f"{file} exists and is no audit record; choose another name\n")
        assert file.read_bytes() == before
    nowhere = tmp_path / "nowhere" / "audit.csv"
    ended = stocked("audit", "--csv", str(nowhere))
    assert (ended.code, ended.err) == (2, f"{nowhere} can't be written: No such file or directory\n")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--since", "soonish"], "--since: not a date: 'soonish'"),
        (["--since", "2022", "--until", "2021"], "is after --until"),
        (["--csv", "-", "--json"], "give either --csv FILE or --json"),
        (["--csv", "."], ". is a folder"),
        (["-n", "0"], "-n"),
        (["--collection", "x"], "library or guild:ID"),
    ],
)
def test_wrong_usage_of_the_record_leaves_code_2(stocked: Program, words: list[str], told: str) -> None:
    ended = stocked("audit", *words)
    assert (ended.code, ended.out) == (2, "")
    assert told in ended.err


# --- what members ask for

GUILD = ("--collection", "guild:5")


def requested(amicus: Program, question: str, *members: int) -> None:
    """These members of guild 5 ask for articles on it."""

    async def asked() -> None:
        async with open_store(amicus.data_dir / DATABASE_NAME, migrations=[MIGRATIONS]) as store:
            wanted = Wanted(Records(store).wanted)
            for n, member in enumerate(members):
                at = datetime.now(UTC) + timedelta(seconds=n)
                await wanted.request(question, Filters(), member, 5, at)

    asyncio.run(asked())


def test_requests_are_listed_the_most_wanted_first_and_marked_once(amicus: Program) -> None:
    requested(amicus, "Who sued Fizzbuzz?", 1)
    requested(amicus, "Who is Ada Byron?", 1, 2)
    found = amicus("wanted", *GUILD, "--json").objects
    assert [(list(topic), topic["topic"], topic["count"]) for topic in found] == [
        (["number", "topic", "count", "first_at", "last_at", "state"], "Who is Ada Byron?", 2),
        (["number", "topic", "count", "first_at", "last_at", "state"], "Who sued Fizzbuzz?", 1),
    ]
    assert "Who is Ada Byron?" in amicus("wanted", *GUILD).out
    byron, fizzbuzz = (str(topic["number"]) for topic in found)
    assert one(amicus("wanted", *GUILD, "--done", byron, "--json"))["state"] == "done"
    assert amicus("wanted", *GUILD, "--dismiss", fizzbuzz).out.startswith("dismissed ")
    assert amicus("wanted", *GUILD).err == "Nothing is asked for in guild:5.\n"
    assert amicus("wanted", *GUILD, "--done", byron).code == 2
    assert actions(amicus, *GUILD)[:2] == ["wanted dismissed", "wanted done"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "--collection guild:ID"),
        ([*GUILD, "--done", "1", "--dismiss", "1"], "give either"),
        ([*GUILD, "--done", "99"], "99"),
        (["--collection", "guild:6", "--done", "1"], "1"),
    ],
)
def test_wrong_usage_of_requests_leaves_code_2(amicus: Program, words: list[str], told: str) -> None:
    requested(amicus, "Who sued Fizzbuzz?", 1)
    ended = amicus("wanted", *words)
    assert (ended.code, ended.out) == (2, "")
    assert told in ended.err
    assert len(amicus("wanted", *GUILD, "--json").objects) == 1
