"""Events with fields, on standard error: one line each, for people or for machines.

What our own modules log through structlog and what libraries log through `logging` go the same way. Three promises
are kept here rather than by every caller: the text of a question is written at debug only, nothing that has the
shape of a Discord token is written, and a text can't send control characters to the terminal.
"""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, TextIO

import structlog

from bot.config import TOKEN_SHAPE
from bot.signs import visible

if TYPE_CHECKING:
    from structlog.typing import EventDict, Processor, WrappedLogger

TEXT_FIELDS = ("question", "words", "text")
QUIET = ("sqlalchemy", "aiosqlite", "alembic", "asyncio", "trafilatura", "htmldate", "pypdf")
"""Libraries of which only warnings are of interest to an operator, whatever the level."""

_HANDLER = "amicus"


def configure(*, level: str = "info", form: str = "console", stream: TextIO | None = None) -> None:
    """From here on everything that is logged at `level` or above goes to `stream` (standard error) as lines."""
    target = stream or sys.stderr
    handler = logging.StreamHandler(target)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_shared(),
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                _safe_texts,
                _renderer(form, colours=target.isatty()),
            ],
        )
    )
    logging.captureWarnings(capture=True)
    _install(handler, level.upper())
    for name in QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level.upper())))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _install(handler: logging.Handler, level: str) -> None:
    """The handler takes the place of an earlier one of ours; those of others stay."""
    root = logging.getLogger()
    for other in [each for each in root.handlers if each.name == _HANDLER]:
        root.removeHandler(other)
    handler.name = _HANDLER
    root.addHandler(handler)
    root.setLevel(level)


def _shared() -> list[Processor]:
    """What happens to every event, ours or a library's, before it is laid out."""
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _without_questions,
    ]


def _renderer(form: str, *, colours: bool) -> Processor:
    if form == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    # The plain formatter: the library's richer ones print local variables, and with them questions and secrets.
    return structlog.dev.ConsoleRenderer(colors=colours, exception_formatter=structlog.dev.plain_traceback)


def _without_questions(_: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Above debug, a text that somebody asked is told by its length alone."""
    if method == "debug":
        return event
    for name in TEXT_FIELDS:
        if name in event:
            event[f"{name}_chars"] = len(str(event.pop(name)))
    return event


def _safe_texts(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = visible(TOKEN_SHAPE.sub("[token]", value))
    return event
