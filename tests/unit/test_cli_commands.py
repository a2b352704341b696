"""The commands of the terminal: what they print, where they print it, and the code they leave."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.records import MIGRATIONS, Records
from bot.records.model import AnswerRecord
from bot.sheet import Outcome
from corpus.store import DATABASE_NAME, hold, open_store
from retrieval.index import Filters
from tests.fakes.program import Program

ROTHSTEIN = (
    "Parler sued Amazon Web Services in January 2021. "
    "U.S. District Judge Barbara Rothstein refused to order Amazon to put Parler back online. "
    "Parler had asked for a preliminary injunction."
)
HOSTILE = "\u001b[31mA red\u001b]8;;http://evil.example\u0007 title \u202e"
ARTICLES = [
    {"id": "parler", "title": "Judge refuses", "text": ROTHSTEIN, "publication": "CNBC", "published": "2021-01-21"},
    {
        "id": "hostile",
        "title": HOSTILE,
        "text": "The Fizzbuzz court\u009b2J ruled on Friday. Everybody was there.\u2028Nobody left.",
        "published": "2022-02-03",
    },
]
TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4OQ.GaBcDe.abcdefghijklmnopqrstuvwxyz0123456789AB"
CONTROLS = set("\x1b\x07\x9b\u202e\u2028\r")


@pytest.fixture
def amicus(tmp_path: Path) -> Program:
    """The program on an empty data directory."""
    return Program(tmp_path / "data")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file with two articles."""
    path = tmp_path / "articles.jsonl"
    path.write_text("".join(json.dumps(article) + "\n" for article in ARTICLES), "utf-8")
    return path


@pytest.fixture
def stocked(amicus: Program, file: Path) -> Program:
    """The program with the two articles in its library."""
    assert amicus("import", str(file)).code == 0
    return amicus


# --- asking


def test_a_question_is_answered_in_the_fixed_shape_with_verbatim_evidence(stocked: Program) -> None:
    ended = stocked("ask", "--json", "Who is the judge in Parler v. Amazon?")
    [answer] = ended.objects
    assert ended.code == 0
    first = ["id", "question", "outcome", "confidence", "missing", "evidence", "closest", "ms"]
    assert list(answer) == [*first, "notes", "choices", "did_you_mean", "related", "conflicts", "polarity"]
    assert answer["question"] == "Who is the judge in Parler v. Amazon?"
    pieces = [*answer["evidence"], *answer["closest"]]
    assert pieces
    for piece in pieces:
        cited = piece["citation"]
        assert list(piece) == ["text", "answer", "highlights", "citation"]
        assert set(cited) == {
            "number",
            "article",
            "title",
            "publication",
            "published",
            "url",
            "revision",
            "start",
            "end",
        }
        shown = stocked("show", cited["article"], "--json", "--revision", str(cited["revision"]))
        assert str(shown.objects[0]["text"])[cited["start"] : cited["end"]] == piece["text"]
        assert all(0 <= start < end <= len(piece["text"]) for start, end in piece["highlights"])


def test_an_explanation_goes_stage_by_stage_to_the_outcome(stocked: Program) -> None:
    ended = stocked("explain", "Who is the judge in Parler v. Amazon?")
    assert ended.code == 0
    titles = ["The question as it was read", "Passages found", "Sentences weighed", "Outcome"]
    assert [line for line in ended.out.splitlines() if line in titles] == titles
    assert "  Case: Parler v. Amazon\n" in ended.out
    assert "short answer: Barbara Rothstein\n" in ended.out
    assert "  Answered, confidence " in ended.out


def test_an_explanation_as_json_has_shares_that_add_up_and_the_answer_that_ask_gives(stocked: Program) -> None:
    [told] = stocked("explain", "--json", "Who is the judge in Parler v. Amazon?").objects
    [answer] = stocked("ask", "--json", "Who is the judge in Parler v. Amazon?").objects
    assert {**told["answer"], "ms": 0} == {**answer, "ms": 0}
    for ranked in (told["passages"], told["sentences"]):
        assert [one["rank"] for one in ranked] == list(range(1, len(ranked) + 1))
        assert ranked
        for one in ranked:
            assert sum(share["value"] for share in one["shares"]) == pytest.approx(one["score"], abs=1e-3)
            [article] = stocked("show", one["citation"]["article"], "--json").objects
            assert article["text"][one["citation"]["start"] : one["citation"]["end"]] == one["text"]


def test_an_explanation_sees_what_the_filters_leave(stocked: Program) -> None:
    [told] = stocked("explain", "--json", "--since", "2022", "who is the judge in the Parler case?").objects
    assert {one["citation"]["article"] for one in told["passages"]} <= {"hostile"}


def test_a_search_gives_ranked_verbatim_passages(stocked: Program) -> None:
    [found] = stocked("search", "--json", "-k", "1", "rothstein injunction").objects
    assert list(found) == ["id", "question", "hits", "ms"]
    [hit] = found["hits"]
    assert list(hit) == ["rank", "score", "article", "start", "end", "text"]
    [article] = stocked("show", "parler", "--json").objects
    assert (hit["rank"], hit["article"]) == (1, "parler")
    assert str(article["text"])[hit["start"] : hit["end"]] == hit["text"]


def test_a_batch_is_answered_in_order_with_the_ids_that_were_given(stocked: Program) -> None:
    lines = ['{"id": "b", "question": "Who is the judge?"}', "plain words", "", '{"question": "And now?"}']
    ended = stocked("ask", "--batch", "-", "--json", typed="\n".join(lines))
    assert [answer["id"] for answer in ended.objects] == ["b", 2, 4]
    assert ended.code == 0


def test_a_line_that_can_not_be_asked_stands_in_its_place_with_the_reason(stocked: Program, tmp_path: Path) -> None:
    batch = tmp_path / "batch.jsonl"
    batch.write_text('{"id": "a"}\nWho is the judge?\n{broken\n', "utf-8")
    ended = stocked("ask", "--batch", str(batch), "--json")
    assert ended.code == 3
    assert ended.objects[0] == {"id": "a", "error": 'the object has no question; write {"question": "..."}'}
    assert ended.objects[1]["id"] == 2
    assert list(ended.objects[2]) == ["id", "error"]
    assert "line 1: the object has no question" in ended.err


def test_search_takes_batches_too(stocked: Program) -> None:
    ended = stocked("search", "--batch", "-", "--json", typed="rothstein\nzzz\n")
    assert [bool(found["hits"]) for found in ended.objects] == [True, False]


def test_without_json_each_question_of_a_batch_stands_above_its_answer(stocked: Program) -> None:
    ended = stocked("search", "--batch", "-", typed="rothstein\nzzz\n")
    assert ended.out.startswith("? rothstein\n\n1. Judge refuses")
    assert "? zzz\n\nNo passage holds these words.\n" in ended.out


def test_dates_and_publications_narrow_what_is_found(stocked: Program) -> None:
    def hits(*options: str) -> int:
        [found] = stocked("search", "judge OR ruled OR court", "--json", *options).objects
        return len(found["hits"])

    assert hits() == 2
    assert hits("--since", "2022") == 1
    assert hits("--until", "2021") == 1
    assert hits("--publication", "cnbc") == 1
    assert hits("--publication", "cnbc", "--since", "2022") == 0


def test_a_guild_sees_its_own_articles_and_the_library_but_nobody_sees_a_guild(
    stocked: Program, tmp_path: Path
) -> None:
    own = tmp_path / "own.jsonl"
    own.write_text(json.dumps({"id": "own", "title": "Zyx", "text": "The secret Zyx case was settled."}), "utf-8")
    assert stocked("import", str(own), "--collection", "guild:5").code == 0

    def keys(*options: str) -> set[str]:
        [found] = stocked("search", "zyx rothstein", "--json", *options).objects
        return {hit["article"] for hit in found["hits"]}

    assert keys("--collection", "guild:5") == {"own", "parler"}
    assert keys() == keys("--collection", "guild:6") == {"parler"}


def test_a_question_may_stand_without_quotes(stocked: Program) -> None:
    [found] = stocked("search", "judge", "rothstein", "--json").objects
    assert found["question"] == "judge rothstein"


def test_chat_answers_each_line_until_the_input_ends(stocked: Program) -> None:
    ended = stocked("chat", typed="Who is the judge in Parler v. Amazon?\n\nhello\n")
    assert ended.code == 0
    assert "Barbara Rothstein" in ended.out
    assert ended.out.count("amicus ask") == 1


@pytest.mark.parametrize("word", ["exit", "quit", ":q", " EXIT "])
def test_chat_ends_with_the_words_that_end_other_prompts(stocked: Program, word: str) -> None:
    ended = stocked("chat", typed=f"Who is the judge in Parler v. Amazon?\n{word}\nhello\n")
    assert ended.code == 0
    assert "Barbara Rothstein" in ended.out
    assert "amicus ask" not in ended.out


def test_a_question_that_only_begins_like_a_word_that_ends_is_asked(stocked: Program) -> None:
    assert "Barbara Rothstein" in stocked("chat", typed="quit asking, who is the judge in Parler v. Amazon?\n").out


def test_the_asking_time_hides_no_later_article_as_its_help_says(stocked: Program) -> None:
    [early] = stocked("ask", "Who is the judge in Parler v. Amazon?", "--as-of", "2020-01-01", "--json").objects
    assert early["outcome"] == "answered"
    [left_out] = stocked("ask", "Who is the judge in Parler v. Amazon?", "--until", "2020-01-01", "--json").objects
    assert left_out["outcome"] == "not_in_corpus"
    assert "hides no later article" in " ".join(stocked("ask", "--help").out.split())


# --- the desk


def test_import_tells_what_became_of_each_article_and_changes_nothing_the_second_time(
    amicus: Program, file: Path
) -> None:
    first, second = (amicus("import", "--json", str(file)) for _ in range(2))
    assert [one["outcome"] for one in first.objects] == ["added", "added"]
    assert [one["outcome"] for one in second.objects] == ["already_known", "already_known"]
    assert (first.code, second.code) == (0, 0)
    assert "2 articles: 2 added" in first.err
    assert "2 articles: 2 known already" in second.err


def test_rejected_inputs_are_named_with_their_reason_and_the_rest_is_stored(
    amicus: Program, file: Path, tmp_path: Path
) -> None:
    empty = tmp_path / "empty.txt"
    empty.write_text("", "utf-8")
    ended = amicus("import", "--json", str(empty), str(file), str(tmp_path / "missing.txt"))
    by_outcome = [(one["outcome"], Path(str(one["source"])).name.split(":")[0]) for one in ended.objects]
    assert ended.code == 3
    assert ("rejected", "empty.txt") in by_outcome
    assert ("rejected", "missing.txt") in by_outcome
    assert [one["outcome"] for one in ended.objects].count("added") == 2
    assert all(one["reason"] for one in ended.objects if one["outcome"] == "rejected")


def test_paths_that_are_all_missing_are_wrong_usage(amicus: Program) -> None:
    ended = amicus("import", "nowhere.txt")
    assert (ended.code, ended.out) == (2, "")
    assert "nowhere.txt: there is no such file or folder" in ended.err


@pytest.mark.parametrize("paths", [[""], [" "], ["", "here.txt"], ["here.txt", ""]])
def test_an_empty_path_is_wrong_usage_and_nothing_is_taken_in(
    amicus: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, paths: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("here.txt").write_text("Here\n\nThe court ruled.", "utf-8")
    ended = amicus("import", *paths)
    assert (ended.code, ended.out) == (2, "")
    assert "a PATH is empty" in ended.err
    assert amicus("articles", "--json").objects == []


def test_articles_are_listed_newest_first_with_their_number_on_standard_error(stocked: Program) -> None:
    ended = stocked("articles")
    lines = ended.out.splitlines()
    assert [line.split()[0] for line in lines] == ["KEY", "hostile", "parler"]
    assert lines[2] == "parler   2021-01-21  CNBC         Judge refuses"
    assert ended.err == "2 articles\n"


def test_a_long_list_comes_in_pages(stocked: Program) -> None:
    first, second = stocked("articles", "-n", "1"), stocked("articles", "-n", "1", "--offset", "1", "--json")
    assert "1 to 1 of 2 articles; go on with --offset 1" in first.err
    assert [article["article"] for article in second.objects] == ["parler"]


def test_the_list_can_be_narrowed(stocked: Program) -> None:
    assert [article["article"] for article in stocked("articles", "refuses", "--json").objects] == ["parler"]
    assert [article["article"] for article in stocked("articles", "--publication", "CNBC", "--json").objects] == [
        "parler"
    ]
    assert "No article matches" in stocked("articles", "zzz").err


def test_show_prints_head_and_text(stocked: Program) -> None:
    out = stocked("show", "parler").out
    assert out.startswith("Judge refuses\nPublication: CNBC\nPublished: 21 January 2021 (")
    assert ROTHSTEIN in out


def test_show_gives_the_text_as_it_came_in(stocked: Program) -> None:
    assert ROTHSTEIN in stocked("show", "parler", "--raw").out
    assert stocked("show", "parler", "--raw", "--json").objects[0]["raw_text"]


def test_a_removed_article_is_in_no_answer_and_comes_back(stocked: Program) -> None:
    assert stocked("remove", "parler", "--why", "a test").code == 0
    assert stocked("search", "rothstein", "--json").objects[0]["hits"] == []
    assert [article["article"] for article in stocked("articles", "--removed", "--json").objects] == ["parler"]
    assert stocked("remove", "parler").code == 2
    assert stocked("restore", "parler").code == 0
    assert stocked("search", "rothstein", "--json").objects[0]["hits"]
    assert stocked("restore", "parler").code == 2


@pytest.mark.parametrize("command", ["show", "remove", "restore"])
def test_an_unknown_key_is_wrong_usage_and_keys_like_it_are_named(stocked: Program, command: str) -> None:
    if command == "restore":
        stocked("remove", "parler")
    ended = stocked(command, "parlor")
    assert (ended.code, ended.out) == (2, "")
    assert "Keys like it: parler." in ended.err


def test_an_export_is_read_back_as_the_same_articles(stocked: Program, tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    assert stocked("export", str(target)).code == 0
    other = Program(tmp_path / "other")
    assert other("import", str(target)).code == 0
    for key in ("parler", "hostile"):
        before, after = (program("show", key, "--json").objects[0] for program in (stocked, other))
        assert {name: before[name] for name in ("text", "title", "published")} == {
            name: after[name] for name in ("text", "title", "published")
        }
    printed = stocked("export", "-")
    assert [article["id"] for article in printed.objects] == ["parler", "hostile"]


def test_a_backup_brings_everything_back(stocked: Program, tmp_path: Path) -> None:
    copy = tmp_path / "copy.backup"
    assert stocked("backup", str(copy)).code == 0
    stocked("remove", "parler")
    ended = stocked("restore-backup", str(copy))
    assert ended.code == 0
    assert "What was stored before is kept in" in ended.err
    assert stocked("search", "rothstein", "--json").objects[0]["hits"]


def test_what_is_no_backup_is_refused_and_nothing_is_changed(stocked: Program, file: Path) -> None:
    ended = stocked("restore-backup", str(file))
    assert ended.code == 2
    assert len(stocked("articles", "--json").objects) == 2
    assert not list(stocked.data_dir.glob("before-restore-*"))


# --- check, health, run


def levels(ended_objects: list[dict[str, Any]]) -> dict[str, str]:
    return {finding["subject"]: finding["level"] for finding in ended_objects}


def test_check_finds_all_well_and_a_missing_token(stocked: Program) -> None:
    ended = stocked("check", "--json")
    assert ended.code == 0
    assert levels(ended.objects) == {
        "settings": "ok",
        "data directory": "ok",
        "store": "ok",
        "index": "ok",
        "engine": "ok",
        "token": "warn",
        "bot": "ok",
    }
    assert all(finding["remedy"] for finding in ended.objects if finding["level"] != "ok")


def test_check_changes_nothing_on_a_fresh_machine(amicus: Program) -> None:
    assert amicus("check").code == 0
    assert not amicus.data_dir.exists()


def state_of(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_check_changes_nothing_in_a_stocked_data_directory(stocked: Program) -> None:
    before = state_of(stocked.data_dir)
    assert stocked("check").code == 0
    assert state_of(stocked.data_dir) == before
    assert "amicus.lock" not in before


async def test_check_tells_of_a_database_that_is_behind_and_leaves_it_so(amicus: Program) -> None:
    amicus.data_dir.mkdir()
    async with open_store(amicus.data_dir / DATABASE_NAME):  # without the tables of the bot's records
        pass
    before = state_of(amicus.data_dir)
    [store] = [finding for finding in await asyncio.to_thread(checked, amicus) if finding["subject"] == "store"]
    assert store["level"] == "warn"
    assert "not of this version yet (records_" in store["found"]
    assert state_of(amicus.data_dir) == before


def test_a_lock_that_can_not_be_looked_at_is_no_running_bot(stocked: Program) -> None:
    lock = stocked.data_dir / "amicus.lock"
    lock.symlink_to(lock)  # in the way of everybody, whatever their rights
    [bot] = [finding for finding in checked(stocked) if finding["subject"] == "bot"]
    assert bot["level"] == "warn"
    assert "can't be seen whether one runs" in bot["found"]


def checked(amicus: Program) -> list[dict[str, Any]]:
    """The findings of `amicus check`."""
    return amicus("check", "--json").objects


def test_check_never_shows_the_token(amicus: Program) -> None:
    ended = amicus("check", "--json", DISCORD_TOKEN=TOKEN)
    assert levels(ended.objects)["token"] == "ok"
    odd = amicus("check", "--json", DISCORD_TOKEN="not-a-token")
    assert levels(odd.objects)["token"] == "warn"
    assert TOKEN not in ended.out + ended.err
    assert "not-a-token" not in odd.out + odd.err


def test_check_tells_every_fault_of_the_settings(amicus: Program) -> None:
    ended = amicus("check", "--json", AMICUS_LOG__LEVEL="loud", AMICUS_FISH="1")
    faults = [finding for finding in ended.objects if finding["level"] == "fail"]
    assert ended.code == 2
    assert [str(fault["found"]).split(":")[0] for fault in faults] == ["AMICUS_FISH", "AMICUS_LOG__LEVEL"]


def test_check_names_a_damaged_store(stocked: Program) -> None:
    for path in stocked.data_dir.glob("*.sqlite3"):
        path.write_bytes(b"damaged" * 1000)
    ended = stocked("check", "--json")
    assert ended.code == 1
    assert levels(ended.objects)["store"] == "fail"


def test_votes_of_an_empty_record_are_none(amicus: Program) -> None:
    ended = amicus("votes")
    assert (ended.code, ended.out) == (0, "")
    assert "No answer is kept" in ended.err


async def test_votes_are_counted_in_columns_and_as_objects(amicus: Program) -> None:
    now = datetime.now(UTC)
    record = AnswerRecord(
        id="0123456789abcdef",
        asker_id=1,
        guild_id=2,
        private=False,
        outcome=Outcome.ANSWERED,
        question="who?",
        filters=Filters(),
        quoted=(),
        created_at=now,
        expires_at=now + timedelta(days=1),
    )
    amicus.data_dir.mkdir()
    async with open_store(amicus.data_dir / DATABASE_NAME, migrations=[MIGRATIONS]) as store:
        answers = Records(store).answers
        await answers.keep(record)
        await answers.vote(record.id, 3, now, helpful=True)
        await answers.vote(record.id, 4, now, helpful=False)
    table = await asyncio.to_thread(amicus, "votes")
    assert [line.split() for line in table.out.splitlines()][1:] == [["answered", "1", "1", "1"]]
    objects = (await asyncio.to_thread(amicus, "votes", "--json")).objects
    assert objects == [{"outcome": "answered", "answers": 1, "helpful": 1, "not_helpful": 1}]


def test_health_fails_where_no_bot_lives(amicus: Program) -> None:
    assert amicus("health").code == 1


@pytest.mark.parametrize("command", ["run", "sync"])
def test_without_a_token_discord_is_not_tried(amicus: Program, command: str) -> None:
    ended = amicus(command)
    assert ended.code == 2
    assert "DISCORD_TOKEN: is not set" in ended.err


def test_a_second_bot_on_the_same_data_directory_says_so(amicus: Program) -> None:
    amicus.data_dir.mkdir()
    with hold(amicus.data_dir):
        ended = amicus("run", DISCORD_TOKEN=TOKEN)
        findings = amicus("check", "--json").objects
    assert ended.code == 2
    assert "another Amicus bot" in ended.err
    [bot] = [finding for finding in findings if finding["subject"] == "bot"]
    assert bot["level"] == "warn"
    assert "not connected" in bot["found"]


def test_a_backup_is_not_put_back_under_a_running_bot(stocked: Program, tmp_path: Path) -> None:
    copy = tmp_path / "copy.backup"
    stocked("backup", str(copy))
    with hold(stocked.data_dir):
        ended = stocked("restore-backup", str(copy))
    assert ended.code == 2
    assert "another Amicus bot" in ended.err


# --- usage and faults


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["ask"], "Give either a question in quotes or --batch FILE"),
        (["ask", "who?", "--batch", "-"], "Give either a question in quotes or --batch FILE"),
        (["ask", "--batch", "nowhere.jsonl"], "nowhere.jsonl: the batch can't be read"),
        (["ask", "who?", "--since", "soonish"], "not a date: 'soonish'"),
        (["ask", "who?", "--since", "2022", "--until", "2021"], "is after until"),
        (["ask", "who?", "--as-of", "now"], "not a moment: 'now'"),
        (["ask", "who?", "--collection", "libary"], "library or guild:ID"),
        (["ask", "--batch", "-", "--since", "soonish"], "not a date: 'soonish'"),
        (["ask", "x" * 2001], "at most 2,000"),
        (["explain"], "QUESTION"),
        (["explain", "who?", "--since", "soonish"], "not a date: 'soonish'"),
        (["search", "x", "-k", "0"], "-k"),
        (["articles", "--collection", "guild:0"], "library or guild:ID"),
        (["export", "."], "is a folder"),
        (["restore-backup", "nowhere"], "nowhere"),
        (["askk", "who?"], "askk"),
        (["ask", "--fish"], "--fish"),
        (["ask", "who?", "--config", "nowhere.yaml"], "nowhere.yaml: there is no such file"),
    ],
)
def test_wrong_usage_leaves_code_2_and_says_what_to_write(amicus: Program, words: list[str], told: str) -> None:
    ended = amicus(*words)
    assert (ended.code, ended.out) == (2, "")
    assert told in ended.err


def test_settings_that_can_not_be_used_stop_every_command(amicus: Program) -> None:
    ended = amicus("articles", AMICUS_LOG__LEVEL="loud", AMICUS_FISH="1")
    assert ended.code == 2
    assert "AMICUS_FISH: is no setting" in ended.err
    assert "AMICUS_LOG__LEVEL: 'loud' is not possible here" in ended.err


def test_a_data_directory_that_can_not_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    ended = Program(tmp_path / "file" / "data")("articles")
    assert ended.code == 2
    assert "AMICUS_DATA_DIR" in ended.err


def test_a_store_that_can_not_be_used_is_a_fault_with_a_remedy(amicus: Program) -> None:
    amicus.data_dir.mkdir()
    (amicus.data_dir / "amicus.sqlite3").write_bytes(b"no database" * 1000)
    ended = amicus("articles")
    assert ended.code == 1
    assert "amicus restore-backup" in ended.err
    assert "Traceback" not in ended.err


def test_texts_of_articles_can_not_control_the_terminal(stocked: Program) -> None:
    outputs = [
        stocked("search", "fizzbuzz court"),
        stocked("search", "fizzbuzz court", "--json"),
        stocked("ask", "What did the Fizzbuzz court do?"),
        stocked("explain", "What did the Fizzbuzz court do?"),
        stocked("articles"),
        stocked("show", "hostile"),
        stocked("show", "hostile", "--json"),
        stocked("export", "-"),
        stocked("remove", "hostile"),
    ]
    for ended in outputs:
        assert not set(ended.out + ended.err) & CONTROLS


def test_the_version_is_told(amicus: Program) -> None:
    assert amicus("--version").out.startswith("amicus ")
