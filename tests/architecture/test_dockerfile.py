"""The container file has the properties that an operator is promised."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def instructions() -> list[tuple[str, str]]:
    """The instructions of the Dockerfile with their arguments, continued lines joined."""
    text = re.sub(r"^\s*#.*\n", "", (ROOT / "Dockerfile").read_text("utf-8"), flags=re.MULTILINE)
    lines = [line.split(None, 1) for line in re.sub(r"\\\n\s*", "", text).splitlines() if line.strip()]
    return [(name, rest.strip()) for name, rest in lines]


def last_stage() -> list[tuple[str, str]]:
    """The instructions of the stage that becomes the image."""
    every = instructions()
    return every[max(at for at, (name, _) in enumerate(every) if name == "FROM") :]


def of(name: str, stage: list[tuple[str, str]]) -> list[str]:
    """The arguments of every instruction of that name."""
    return [rest for each, rest in stage if each == name]


def test_both_stages_are_of_one_slim_python_that_is_pinned_and_supported() -> None:
    images = [rest.split()[0] for rest in of("FROM", instructions())]
    assert len(images) == 2
    assert len(set(images)) == 1
    found = re.fullmatch(r"python:(3\.\d+)-slim", images[0])
    assert found
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert f"Programming Language :: Python :: {found[1]}" in project["classifiers"]


def test_the_image_holds_what_was_installed_and_no_source() -> None:
    assert of("COPY", last_stage()) == ["--from=build /opt/amicus /opt/amicus"]
    assert of("ADD", instructions()) == []


def test_nothing_is_installed_but_from_the_wheels_that_were_built() -> None:
    steps = " ".join(of("RUN", instructions()))
    assert re.findall(r"pip install (?:--\S+ )*", steps) == ["pip install --no-index --find-links "]


def test_the_program_runs_as_a_user_of_fixed_number_that_is_not_root() -> None:
    stage = last_stage()
    assert of("USER", stage) == ["10001:10001"]
    assert any("--uid 10001" in step and "--gid 10001" in step for step in of("RUN", stage))
    names = [name for name, _ in stage]
    assert "RUN" not in names[names.index("USER") :]


def test_only_the_volume_is_written() -> None:
    stage = last_stage()
    settings = dict(re.findall(r"(\w+)=(\S+)", " ".join(of("ENV", stage))))
    assert [json.loads(rest) for rest in of("VOLUME", stage)] == [["/data"]]
    assert settings["AMICUS_DATA_DIR"] == "/data"
    assert settings["PYTHONDONTWRITEBYTECODE"] == "1"


def test_the_bot_is_started_without_a_shell_and_stopped_by_sigterm() -> None:
    stage = last_stage()
    assert json.loads(of("ENTRYPOINT", stage)[0]) == ["amicus"]
    assert json.loads(of("CMD", stage)[0]) == ["run"]
    assert of("STOPSIGNAL", stage) == ["SIGTERM"]


def test_health_is_asked_of_the_program_itself() -> None:
    (check,) = of("HEALTHCHECK", last_stage())
    assert json.loads(check.partition("CMD ")[2]) == ["amicus", "health"]


def test_everything_that_is_copied_into_the_build_is_let_in_and_nothing_else() -> None:
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    copied = {name for rest in of("COPY", instructions()) if "--from" not in rest for name in rest.split()[:-1]}
    assert rules[0] == "*"
    assert {rule[1:] for rule in rules if rule.startswith("!")} == copied


def test_no_token_stands_in_the_image() -> None:
    assert "TOKEN" not in (ROOT / "Dockerfile").read_text("utf-8").upper()
