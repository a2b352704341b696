"""Settings: file and environment become frozen values, or one error that names every fault with its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from bot import config
from bot.config import Settings
from bot.errors import ConfigError

ROOT = Path(__file__).parents[2]
TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4OQ.GaBcDe.abcdefghijklmnopqrstuvwxyz0123456789AB"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.yaml"


def faults(file: Path | None, **environ: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        config.load(file, environ)
    return [str(fault) for fault in caught.value.faults]


def test_without_file_and_environment_the_defaults_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert config.load(None, {}) == Settings()


def test_the_example_equals_the_defaults() -> None:
    assert config.load(ROOT / "config.example.yaml", {}) == Settings()


def test_the_example_names_every_setting_with_a_comment() -> None:
    lines = (ROOT / "config.example.yaml").read_text("utf-8").splitlines()
    for key, _ in config.fields():
        place = next(i for i, line in enumerate(lines) if line.strip().startswith(f"{key[-1]}:"))
        assert lines[place - 1].strip().startswith("#"), key


def test_the_example_tells_every_range() -> None:
    text = (ROOT / "config.example.yaml").read_text("utf-8")
    for key, info in config.fields():
        if info.annotation is int:
            low, high = config.expected(info).removeprefix("a whole number from ").split(" to ")
            comment = text[: text.index(f"  {key[-1]}:")].rpartition("#")[2]
            assert f"{low} to {high}." in comment, key


def test_settings_are_frozen() -> None:
    with pytest.raises(ValidationError):
        Settings().answer.closest = 5


def test_every_setting_has_a_description() -> None:
    assert all(info.description for key, info in config.fields() if key != ())


def test_the_file_changes_what_it_names_and_nothing_else(file: Path) -> None:
    file.write_text("answer:\n  closest: 1\n", "utf-8")
    settings = config.load(file, {})
    assert settings.answer.closest == 1
    assert settings.model_copy(update={"answer": Settings().answer}) == Settings()


def test_the_environment_wins_over_the_file(file: Path) -> None:
    file.write_text("answer:\n  closest: 1\n", "utf-8")
    assert config.load(file, {"AMICUS_ANSWER__CLOSEST": "2"}).answer.closest == 2


@pytest.mark.parametrize("text", ["", "# nothing\n", "limits:\n", "---\n", "\ufeffanswer:\n  closest: 3\n"])
def test_a_file_or_section_left_empty_says_nothing(file: Path, text: str) -> None:
    file.write_text(text, "utf-8")
    assert config.load(file, {}) == Settings()


@pytest.mark.parametrize(
    ("name", "text", "key", "value"),
    [
        ("AMICUS_DATA_DIR", "/srv/amicus", ("data_dir",), Path("/srv/amicus")),
        ("AMICUS_CORPUS__STARTER", "false", ("corpus", "starter"), False),
        ("AMICUS_CORPUS__STARTER", " Yes ", ("corpus", "starter"), True),
        ("AMICUS_LIMITS__MEMBER_PER_MINUTE", "12", ("limits", "member_per_minute"), 12),
        ("AMICUS_LIMITS__EXEMPT_MEMBERS", "1, 2", ("limits", "exempt_members"), (1, 2)),
        ("AMICUS_LIMITS__EXEMPT_MEMBERS", "[3,4]", ("limits", "exempt_members"), (3, 4)),
        (
            "AMICUS_FETCH__ALLOW_HOSTS",
            '["intranet.example:8080"]',
            ("fetch", "allow_hosts"),
            ("intranet.example:8080",),
        ),
        ("AMICUS_LIMITS__EXEMPT_MEMBERS", "", ("limits", "exempt_members"), ()),
        ("AMICUS_DISCORD__STATUS", "123", ("discord", "status"), "123"),
        ("AMICUS_DISCORD__STATUS", "", ("discord", "status"), ""),
        ("AMICUS_INDEX__B", "1", ("index", "b"), 1.0),
        ("AMICUS_INDEX__IDF", "rank_bm25", ("index", "idf"), "rank_bm25"),
        ("AMICUS_LOG__FORMAT", "json", ("log", "format"), "json"),
    ],
)
def test_a_variable_is_read_as_its_setting_asks(name: str, text: str, key: tuple[str, ...], value: object) -> None:
    found: object = config.load(ROOT / "config.example.yaml", {name: text})
    for part in key:
        found = getattr(found, part)
    assert found == value


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("fish: 1", ":1: fish: is no setting (config.example.yaml lists all settings)"),
        ("answer:\n  closets: 1", ":2: answer.closets: is no setting (did you mean answer.closest?)"),
        ("closest: 1", ":1: closest: is no setting (did you mean answer.closest?)"),
        ("anwser:\n  closest: 1", ":1: anwser: is no setting (did you mean answer?)"),
        ("answer:\n  closest: 9", ":2: answer.closest: 9 is not possible here (write a whole number from 0 to 5)"),
        ("answer:\n  closest: '3'", ":2: answer.closest: '3' is not possible here (write a whole number from 0 to 5)"),
        ("answer:\n  closest: yes", ":2: answer.closest: true is not possible here (write a whole number from 0 to 5)"),
        (
            "answer:\n  closest:",
            ":2: answer.closest: an empty value is not possible here (write a whole number from 0 to 5)",
        ),
        ("index:\n  b: 1.5", ":2: index.b: 1.5 is not possible here (write a number from 0 to 1)"),
        ("index:\n  b: .nan", ":2: index.b: nan is not possible here (write a number from 0 to 1)"),
        ("corpus:\n  starter: 1", ":2: corpus.starter: 1 is not possible here (write true or false)"),
        (
            "log:\n  level: loud",
            ":2: log.level: 'loud' is not possible here (write one of: debug, info, warning, error)",
        ),
        ("log: debug", ":1: log: is a section, not a value (write its keys below it, indented: level, format)"),
        ("data_dir: ''", ":1: data_dir: '' is not possible here (write the path of a folder)"),
        ("data_dir: [a]", ":1: data_dir: ['a'] is not possible here (write the path of a folder)"),
        (
            "limits:\n  exempt_members: [a]",
            (
                ":2: limits.exempt_members: ['a'] is not possible here "
                "(write a list of ids, at most 100, such as [123456789012345678])"
            ),
        ),
    ],
)
def test_a_fault_of_the_file_names_line_key_and_what_to_write(file: Path, text: str, fault: str) -> None:
    file.write_text(text + "\n", "utf-8")
    assert faults(file) == [f"{file}{fault}"]


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("AMICUS_ANSWER__CLOSEST", "many", "'many' is not possible here (write a whole number from 0 to 5)"),
        ("AMICUS_ANSWER__CLOSEST", "9", "9 is not possible here (write a whole number from 0 to 5)"),
        ("AMICUS_CORPUS__STARTER", "maybe", "'maybe' is not possible here (write true or false)"),
        ("AMICUS_DATA_DIR", "", "'' is not possible here (write the path of a folder)"),
        ("AMICUS_ANSWER_CLOSEST", "1", "is no setting (did you mean AMICUS_ANSWER__CLOSEST?)"),
        ("AMICUS_CONFIGS", "x", "is no setting (did you mean AMICUS_CONFIG?)"),
        ("AMICUS_FISH", "x", "is no setting (config.example.yaml lists all settings)"),
        ("AMICUS_DISCORD__TOKEN", "x", f"is not where the token is read from ({config.CREDENTIAL_REMEDY})"),
    ],
)
def test_a_fault_of_the_environment_names_the_variable(name: str, value: str, fault: str) -> None:
    assert faults(ROOT / "config.example.yaml", **{name: value}) == [f"{name}: {fault}"]


def test_all_faults_are_told_at_once_in_the_order_of_the_file(file: Path) -> None:
    file.write_text("log:\n  level: loud\nfish: 1\nanswer:\n  closest: 9\n  record_days: 0\n", "utf-8")
    found = faults(file, AMICUS_INDEX__K1="x", AMICUS_FOWL="1")
    places = [fault.removeprefix(str(file)).split(" ")[0] for fault in found]
    assert places == [":2:", ":3:", ":5:", ":6:", "AMICUS_FOWL:", "AMICUS_INDEX__K1:"]


@pytest.mark.parametrize("text", ["answer: [", "a: 1\na: 2", "- 1", "just words", "a: &x 1\nb: *x"])
def test_what_is_not_a_mapping_of_settings_is_told_with_its_line(file: Path, text: str) -> None:
    file.write_text(text + "\n", "utf-8")
    [fault] = faults(file)
    assert fault.startswith((f"{file}:1: ", f"{file}:2: "))


def test_a_named_file_that_is_missing_is_a_fault(tmp_path: Path) -> None:
    [fault] = faults(tmp_path / "none.yaml")
    assert "there is no such file" in fault
    [fault] = faults(None, AMICUS_CONFIG=str(tmp_path / "none.yaml"))
    assert "there is no such file" in fault


def test_a_file_that_is_not_utf8_is_a_fault(file: Path) -> None:
    file.write_bytes("status: ä".encode("latin-1"))
    assert faults(file) == [f"{file}: is not UTF-8 text (save it as UTF-8)"]


def test_the_named_file_wins_over_the_variable_and_that_over_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert config.find_file(None, {}) is None
    (tmp_path / "config.yaml").write_text("", "utf-8")
    assert config.find_file(None, {}) == Path("config.yaml")
    assert config.find_file(None, {"AMICUS_CONFIG": "b.yaml"}) == Path("b.yaml")
    assert config.find_file(Path("a.yaml"), {"AMICUS_CONFIG": "b.yaml"}) == Path("a.yaml")


@pytest.mark.parametrize(
    "text",
    [f"token: {TOKEN}", f"discord:\n  token: {TOKEN}", "discord_token: abc", f"discord:\n  status: {TOKEN}"],
)
def test_a_token_in_the_file_is_a_fault_that_does_not_repeat_it(file: Path, text: str) -> None:
    file.write_text(text + "\n", "utf-8")
    [fault] = faults(file)
    assert "a token must not stand in this file" in fault
    assert "DISCORD_TOKEN_FILE" in fault
    assert TOKEN not in fault
    assert "abc" not in fault


def test_no_fault_repeats_a_token_given_in_the_wrong_variable() -> None:
    [fault] = faults(ROOT / "config.example.yaml", AMICUS_LOG__LEVEL=TOKEN)
    assert TOKEN not in fault


def test_the_token_comes_from_the_environment_and_never_prints() -> None:
    token = config.read_token({"DISCORD_TOKEN": f" {TOKEN}\n"})
    assert token is not None
    assert token.get_secret_value() == TOKEN
    assert TOKEN not in f"{token} {token!r}"
    assert config.token_looks_right(token)


def test_the_token_comes_from_the_named_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(TOKEN + "\n", "utf-8")
    token = config.read_token({"DISCORD_TOKEN_FILE": str(tmp_path / "token")})
    assert token is not None
    assert token.get_secret_value() == TOKEN


def test_no_token_is_no_fault_of_the_settings() -> None:
    assert config.read_token({}) is None
    assert config.read_token({"DISCORD_TOKEN": "", "DISCORD_TOKEN_FILE": ""}) is None


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"DISCORD_TOKEN": TOKEN, "DISCORD_TOKEN_FILE": "x"}, "unset one of the two"),
        ({"DISCORD_TOKEN": f"Bot {TOKEN}"}, "holds no token"),
        ({"DISCORD_TOKEN_FILE": "/nowhere/token"}, "can't be read"),
        ({"DISCORD_TOKEN": "ключ"}, "holds no token"),
    ],
)
def test_what_can_not_be_a_token_is_told_without_showing_it(environ: dict[str, str], words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        config.read_token(environ)
    assert words in str(caught.value)
    assert TOKEN not in str(caught.value)
