"""What the documents say of the program is so: links, commands, settings, modules, dependencies, messages."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.core import TyperGroup
from typer.main import get_group

from bot import config
from bot.cli import cli
from bot.cli.groups import Listing
from retrieval.segments.kernel import SWITCH

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md")] + sorted(
    (ROOT / "docs").glob("*.md")
)
PACKAGES = ("bot", "corpus", "retrieval")
HOSTS = {"discord.com", "keepachangelog.com", "semver.org", "news.example"}
NO_SETTINGS = {"discord.com", "discord.ui", "discord.py", "answer.ask"}
PLACES = re.compile(
    r"/(?:data|inbox|tmp|etc/amicus|etc/systemd/system|opt/amicus|var/lib/amicus|usr/sbin/nologin)(?:[/.]|\b)"
    r"|/(?:ask|search|sources|help|article|feed|suggest|queue|wanted|setup|audit|privacy)\b"
)

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def code(text: str) -> str:
    """The code of a page: its fenced blocks and what stands between backticks, a line each."""
    fenced = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    inline = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))
    return "\n".join([*fenced, *inline]).replace("\\\n", " ")


def commands() -> dict[str, set[str]]:
    """Every command of the program with its options; one of a group is named with its group.

    A group that lists something where no command of its own is named has its options there too.
    """
    found = dict(get_group(cli).commands)
    for name, group in get_group(cli).commands.items():
        if isinstance(group, TyperGroup):
            del found[name]
            found |= {f"{name} {inner}": command for inner, command in group.commands.items()}
        if isinstance(group, Listing):
            found[name] = group.commands[group.default]
    return {
        name: {option for param in command.params for option in (*param.opts, *param.secondary_opts)} | {"--help"}
        for name, command in found.items()
    }


def called(page: Path) -> Iterator[tuple[str, list[str]]]:
    """The commands of `amicus` that a page names, each with the options behind it."""
    known = commands()
    groups = "|".join({name.split()[0] for name in known if " " in name})
    for line in code(page.read_text("utf-8")).splitlines():
        named = rf"(?<![\w.])amicus (?!amicus\b)((?:{groups}) [a-z-]+|[a-z][a-z-]*)([^#|&]*)"
        for found in re.finditer(named, line):
            group = found[1].split()[0]
            named_so = group if found[1] not in known and group in known else found[1]
            yield named_so, re.findall(r"(?<!\S)--?[a-z][a-z-]*", found[2])


def marked(name: str) -> str:
    """The command that the README gives between the marks of this name."""
    readme = (ROOT / "README.md").read_text("utf-8")
    found = re.search(rf"^<!-- {name} -->\n```sh\n(.*)\n```\n<!-- end {name} -->$", readme, re.MULTILINE)
    assert found, f"the README has no command marked {name}"
    return found[1]


def sources() -> str:
    """The program's own source."""
    return "\n".join(file.read_text("utf-8") for name in PACKAGES for file in sorted((ROOT / name).rglob("*.py")))


def modules() -> set[str]:
    """The modules and packages right below `bot`, `corpus` and `retrieval`, as they are written in the documents."""
    files = {f"{name}/{file.name}" for name in PACKAGES for file in (ROOT / name).glob("*.py")}
    folders = {f"{name}/{init.parent.name}/" for name in PACKAGES for init in (ROOT / name).glob("*/__init__.py")}
    return {name for name in files if not name.endswith("/__init__.py")} | folders


@every_page
def test_every_relative_link_leads_to_a_file(page: Path) -> None:
    targets = re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8"))
    assert [target for target in targets if "://" not in target and not (page.parent / target).exists()] == []


@every_page
def test_every_command_and_option_named_exists(page: Path) -> None:
    known = commands()
    for name, options in called(page):
        assert name in known, f"amicus {name}"
        assert set(options) <= known[name], f"amicus {name} {options}"


def test_every_command_of_the_program_is_told_of() -> None:
    told = {name for page in PAGES for name, _ in called(page)}
    assert set(commands()) - told == set()


def test_both_commands_of_the_readme_are_run_by_the_gate() -> None:
    gate = (ROOT / ".ci" / "run").read_text("utf-8")
    for name in ("command: ask", "command: test"):
        assert f"readme_command '{name}'" in gate
        assert marked(name).startswith("python3 -m venv .venv && .venv/bin/pip install ")
    assert marked("command: ask").endswith('.venv/bin/amicus ask "who is the judge in Parler v. AWS?"')
    assert marked("command: test").endswith(".venv/bin/pytest")


@every_page
def test_links_lead_to_known_places_and_paths_to_those_of_an_installation(page: Path) -> None:
    text = page.read_text("utf-8")
    hosts = set(re.findall(r"https?://([\w.:-]+)", text))
    paths = set(re.findall(r"(?<![\w.:/<>…-])/[\w/.-]+", re.sub(r"https?://\S+|\]\([^)]*\)", "", text)))
    assert hosts <= HOSTS
    assert {path for path in paths if not PLACES.match(path)} == set()


@every_page
def test_every_variable_named_is_read(page: Path) -> None:
    known = {config.variable(key) for key, _ in config.fields()} | {config.FILE_VARIABLE, SWITCH}
    named = set(re.findall(r"\bAMICUS_[A-Z_]+\b(?!<)", page.read_text("utf-8"))) - {"AMICUS_"}
    assert named <= known


@every_page
def test_every_setting_named_exists(page: Path) -> None:
    known = {".".join(key) for key, _ in config.fields()}
    sections = "|".join(sorted({key[0] for key, _ in config.fields() if len(key) > 1}))
    named = set(re.findall(rf"`((?:{sections})\.[a-z][a-z0-9_]+)(?::[^`]*)?`", page.read_text("utf-8")))
    modules_named = {name for name in named if (ROOT / f"{name.replace('.', '/')}.py").exists()}
    files_and_events = {name for name in named if f'"{name}"' in sources()}
    assert named - known - modules_named - files_and_events - NO_SETTINGS == set()


def test_the_numbers_that_are_told_are_those_of_the_program() -> None:
    readme, members = ((ROOT / name).read_text("utf-8") for name in ("README.md", "docs/usage-members.md"))
    settings = config.Settings()
    assert f"{len(list((ROOT / 'corpus' / 'starter').glob('*.md')))} short articles" in readme
    assert f"for {settings.answer.record_days}\ndays by default" in readme
    assert f"work for {settings.answer.record_days} days" in members


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    extras = project["project"]["optional-dependencies"]
    wanted = [
        *project["project"]["dependencies"],
        *extras["test"],
        *extras["dev"],
        *project["build-system"]["requires"],
    ]
    names = {re.match(r"[\w.-]+", requirement)[0] for requirement in wanted} - {project["project"]["name"]}  # type: ignore[index]
    reasons = (ROOT / "docs" / "decisions.md").read_text("utf-8").lower()
    assert {name for name in names if not re.search(rf"(?<![\w-]){re.escape(name.lower())}(?![\w-])", reasons)} == set()


def test_every_module_is_told_of_and_every_module_told_of_exists() -> None:
    text = (ROOT / "docs" / "ARCHITECTURE.md").read_text("utf-8")
    assert {name for name in modules() if f"`{name}`" not in text} == set()
    named = set(re.findall(r"`((?:bot|corpus|retrieval|tests)/[\w/]*(?:\.py)?)`", text))
    assert {name for name in named if not (ROOT / name).exists()} == set()


def test_every_event_and_message_that_operators_read_about_is_in_the_program() -> None:
    text = (ROOT / "docs" / "usage-operators.md").read_text("utf-8")
    told = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    pieces = {
        piece.strip(" .")
        for cell in told
        for name in re.findall(r"`([^`]+)`", cell)
        for piece in re.split("[…:(]", name)
    }
    program = re.sub(r'"\n\s+f?"', "", sources())
    assert {piece for piece in pieces if len(piece) > 7 and piece not in program and "sqlite3" not in piece} == set()


def test_the_picture_shows_the_answer_and_asks_for_nothing_from_elsewhere() -> None:
    picture = (ROOT / "docs" / "answer.svg").read_text("utf-8")
    assert "Barbara&#160;Rothstein" in picture
    assert set(re.findall(r"(?:url|href|src)\W+https?", picture)) == set()
