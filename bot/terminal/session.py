"""One command from its settings to its exit code: what every command shares, and the words for what went wrong."""

from __future__ import annotations

import asyncio
import getpass
import os
import secrets
import sys
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, TypeVar

from bot import config
from bot.errors import BotError, ConfigError, DiscordUnusable, UsageError
from bot.signs import visible
from bot.terminal.face import Face
from bot.terminal.progress import Bar
from corpus.errors import Conflict, CorpusError, NotFound, Unreadable
from retrieval.errors import BadQuestionSet, RetrievalError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
    from contextlib import AbstractAsyncContextManager
    from datetime import datetime
    from pathlib import Path

    from bot.app import App, BotApp, Corpus, Newsdesk
    from bot.config import Settings


T = TypeVar("T")


class Exit(IntEnum):
    """How a command ended, for whoever started it."""

    DONE = 0
    OUR_FAULT = 1
    USAGE = 2
    PARTLY = 3
    INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Common:
    """The options that every command takes."""

    config: Path | None = None
    debug: bool = False


@dataclass(frozen=True, slots=True)
class Session:
    """What a command works with."""

    settings: Settings
    face: Face
    common: Common

    @asynccontextmanager
    async def app(self) -> AsyncIterator[App]:
        """The application on the settings' data directory."""
        from bot.app import build  # noqa: PLC0415 - the database and the index are slow to import

        with Bar(self.face, "The index is made") as bar:
            async with build(self.settings, now=self.now, progress=bar) as app:
                yield app

    def bot(self, *, serving: bool) -> AbstractAsyncContextManager[BotApp]:
        """The application of a bot; a `serving` one has the index for itself."""
        from bot.app import build_bot  # noqa: PLC0415 - see above

        return build_bot(self.settings, now=self.now, serving=serving)

    def newsdesk(self) -> AbstractAsyncContextManager[Newsdesk]:
        """The articles of the settings' data directory, and what fetches more of them."""
        from bot.app import open_newsdesk  # noqa: PLC0415 - see above

        return open_newsdesk(self.settings, now=self.now)

    def corpus(self) -> AbstractAsyncContextManager[Corpus]:
        """The articles of the settings' data directory, for what asks no questions."""
        from bot.app import open_corpus  # noqa: PLC0415 - see above

        return open_corpus(self.settings, now=self.now)

    def now(self) -> datetime:
        """The present moment: the one clock of a command."""
        from bot.app import utc_now  # noqa: PLC0415 - see above

        return utc_now()

    @property
    def who(self) -> str:
        """Who acts, for the audit: the account at the terminal."""
        try:
            return f"terminal:{getpass.getuser()}"
        except (OSError, KeyError):
            return "terminal"


class Opened:
    """An open application whose work is done step by step, from a program that waits for input in between.

    While such a program waits, an interrupt ends it at once; within a running event loop it would not.
    """

    def __init__(self, runner: asyncio.Runner, app: App) -> None:
        self._runner = runner
        self.app = app

    def do(self, work: Coroutine[None, None, T]) -> T:
        """The result of the work."""
        return self._runner.run(work)


@contextmanager
def opened(session: Session) -> Iterator[Opened]:
    """The application, closed again at the end."""
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        app = runner.run(stack.enter_async_context(session.app()))
        try:
            yield Opened(runner, app)
        finally:
            runner.run(stack.aclose())


def perform(common: Common, command: Callable[[Session], Exit], *, service: bool = False) -> int:
    """The command's exit code, after everything it had to say was said. A `service` logs all that its settings ask for.

    No exception leaves this function.
    """

    def with_settings(face: Face) -> Exit:
        settings = config.load(common.config, os.environ)
        _log(settings, common, service=service)
        return command(Session(settings, face, common))

    return guarded(common, with_settings, service=service)


def guarded(common: Common, command: Callable[[Face], Exit], *, service: bool = False) -> int:
    """The exit code of a command that loads its settings itself, or needs none; no exception leaves this function."""
    face = Face()
    try:
        code = command(face)
        face.flush()
    except KeyboardInterrupt:
        face.tell()
        return Exit.INTERRUPTED
    except BrokenPipeError:
        _forget_output()
        return Exit.DONE  # whoever read has what it wanted
    except Exception as error:  # noqa: BLE001 - the one handler of the terminal
        return _told(error, face, traced=common.debug or service)
    return code


def _log(settings: Settings, common: Common, *, service: bool) -> None:
    """A command that ends by itself speaks through its results; it logs warnings, or all with --debug."""
    from bot import logs  # noqa: PLC0415 - slow to import

    chosen = settings.log.level
    level = "debug" if common.debug else chosen if service or chosen in {"debug", "error"} else "warning"
    logs.configure(level=level, form=settings.log.format)


def _forget_output() -> None:
    """Nothing more is written to standard output, also when the interpreter flushes it at its end."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        sys.stdout = None  # documented as the state of a program without output


def _told(error: Exception, face: Face, *, traced: bool) -> Exit:
    """The exit code of an error, which was told on standard error with what to do. `traced` faults are logged too."""
    match error:
        case ConfigError():
            face.fail(f"The settings can't be used:\n{visible(str(error))}")
            return Exit.USAGE
        case UsageError() | NotFound() | Conflict() | Unreadable() | BadQuestionSet():
            face.fail(visible(str(error)))
            return Exit.USAGE
        case DiscordUnusable() | BotError() | CorpusError() | RetrievalError():
            face.fail(visible(str(error)), hint="amicus check looks at settings, store and index.")
            return Exit.OUR_FAULT
        case OSError() if error.strerror:
            name = f"{error.filename}: " if error.filename else ""
            face.fail(visible(f"{name}{error.strerror}"))
            return Exit.OUR_FAULT
        case _:
            incident = secrets.token_hex(4)
            if traced:
                import structlog  # noqa: PLC0415 - slow to import

                structlog.get_logger(__name__).error("command.failed", incident=incident, exc_info=error)
            kind = type(error).__name__
            face.fail(f"Something is wrong with Amicus (incident {incident}, {kind}).", hint="" if traced else _REPORT)
            return Exit.OUR_FAULT


_REPORT = "This is a fault of the program. Run the command again with --debug to see where, and report that."
