"""Logs: events with fields on one line each, without questions, secrets and control characters."""

from __future__ import annotations

import io
import json
import logging
from typing import TYPE_CHECKING, Any

import pytest
import structlog

from bot import logs

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4OQ.GaBcDe.abcdefghijklmnopqrstuvwxyz0123456789AB"


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


def written(level: str) -> io.StringIO:
    stream = io.StringIO()
    logs.configure(level=level, form="json", stream=stream)
    return stream


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_event_has_its_fields_its_level_its_logger_and_a_time_in_utc() -> None:
    stream = written("info")
    structlog.get_logger("bot.x").info("question.answered", hits=3, ms=12)
    [event] = lines(stream)
    assert event.pop("timestamp").endswith("Z")
    assert event == {"event": "question.answered", "hits": 3, "ms": 12, "level": "info", "logger": "bot.x"}


def test_what_is_below_the_level_is_not_written() -> None:
    stream = written("warning")
    structlog.get_logger("bot.x").info("question.answered")
    logging.getLogger("discord").info("hello")
    assert stream.getvalue() == ""


def test_libraries_log_the_same_way() -> None:
    stream = written("info")
    logging.getLogger("discord.client").warning("rate limited for %d s", 3)
    [event] = lines(stream)
    assert (event["event"], event["logger"], event["level"]) == ("rate limited for 3 s", "discord.client", "warning")


def test_chatty_libraries_are_heard_from_warnings_on() -> None:
    stream = written("debug")
    logging.getLogger("sqlalchemy.engine").info("SELECT 1")
    logging.getLogger("sqlalchemy.engine").warning("odd")
    assert [event["event"] for event in lines(stream)] == ["odd"]


@pytest.mark.parametrize("field", ["question", "words", "text"])
def test_what_was_asked_is_written_at_debug_only(field: str) -> None:
    stream = written("debug")
    log = structlog.get_logger("bot.x")
    log.debug("asked", **{field: "who?"})
    log.info("asked", **{field: "who?"})
    log.error("asked", **{field: "who?"})
    first, *others = lines(stream)
    assert first[field] == "who?"
    assert all(field not in event and event[f"{field}_chars"] == 4 for event in others)


@pytest.mark.parametrize("form", ["json", "console"])
def test_no_token_is_ever_written(form: str) -> None:
    stream = io.StringIO()
    logs.configure(level="debug", form=form, stream=stream)
    log = structlog.get_logger("bot.x")
    log.info(TOKEN, token=TOKEN)
    logging.getLogger("discord").info("using %s", TOKEN)
    try:
        int(TOKEN)
    except ValueError:
        log.exception("failed")
    assert TOKEN not in stream.getvalue()
    assert stream.getvalue().count("[token]") >= 3


def test_an_exception_is_written_without_the_values_of_variables() -> None:
    stream = io.StringIO()
    logs.configure(form="console", stream=stream)
    try:
        secret = "-".join("xyz")
        _ = len(secret) // 0
    except ZeroDivisionError:
        structlog.get_logger("bot.x").exception("failed")
    assert "ZeroDivisionError" in stream.getvalue()
    assert "x-y-z" not in stream.getvalue()


def test_a_text_can_not_control_the_terminal() -> None:
    stream = io.StringIO()
    logs.configure(form="console", stream=stream)
    structlog.get_logger("bot.x").info("event\x1b[2J", name="a\x9bb\rc")
    assert not set(stream.getvalue()) & set("\x1b\x9b\r")


def test_configured_twice_each_line_is_written_once() -> None:
    written("info")
    stream = written("info")
    structlog.get_logger("bot.x").info("once")
    assert len(lines(stream)) == 1
