"""`ask`, `search`, `explain` and `chat`: one question, a batch or a conversation, answered as text or as JSON."""

from __future__ import annotations

import sys
import time
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from bot.errors import UsageError
from bot.signs import one_line
from bot.terminal import as_json
from bot.terminal.answers import blocks_of, blocks_of_hits
from bot.terminal.explaining import blocks_of_explanation
from bot.terminal.face import EMPTY, block
from bot.terminal.questions import Line, Unusable, numbered_lines, read_line
from bot.terminal.session import Exit, opened
from corpus.errors import CorpusError
from retrieval.errors import RetrievalError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.app import App
    from bot.terminal.as_json import Json
    from bot.terminal.face import Block
    from bot.terminal.questions import Scope
    from bot.terminal.session import Session
    from retrieval.model import Asked


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of one question, in both forms."""

    json: dict[str, Json]
    blocks: tuple[Block, ...]


class Use(Protocol):
    """What is done with a question."""

    async def __call__(self, app: App, line: Line) -> Reply:
        """The reply to one question."""
        ...


async def answer(app: App, line: Line) -> Reply:
    """The cited answer."""
    began = time.perf_counter()
    found = await app.asker.ask(line.asked)
    ms = (time.perf_counter() - began) * 1000
    as_object = as_json.of_answer(found, number=line.number, question=line.asked.text, ms=ms)
    return Reply(as_object, tuple(blocks_of(found, line.asked.as_of.date())))


async def explanation(app: App, line: Line) -> Reply:
    """How the answer comes about."""
    began = time.perf_counter()
    found = await app.asker.explain(line.asked)
    ms = (time.perf_counter() - began) * 1000
    as_object = as_json.of_explanation(found, number=line.number, question=line.asked.text, ms=ms)
    return Reply(as_object, tuple(blocks_of_explanation(found)))


@dataclass(frozen=True, slots=True)
class Search:
    """Ranked passages, `k` at most."""

    k: int

    async def __call__(self, app: App, line: Line) -> Reply:
        """The passages that hold the words."""
        began = time.perf_counter()
        found = await app.asker.search(line.asked, self.k)
        ms = (time.perf_counter() - began) * 1000
        as_object = as_json.of_hits(found, number=line.number, question=line.asked.text, ms=ms)
        return Reply(as_object, tuple(blocks_of_hits(found, line.asked.as_of.date())))


@dataclass(frozen=True, slots=True)
class Order:
    """What a command was told: one question or a batch, in which scope, in which form."""

    words: str | None
    batch: str | None
    scope: Scope
    as_json: bool = False


def reply(session: Session, order: Order, use: Use) -> Exit:
    """The replies to one question or to all of a batch, in its order, were written."""
    if (order.words is None) == (order.batch is None):
        raise UsageError("Give either a question in quotes or --batch FILE (- for standard input).")
    if order.batch is not None:
        with _stream(order.batch) as stream:
            return _batch(session, order, stream, use)
    line = Line(1, _asked(order.scope, order.words or "", session))
    with opened(session) as running:
        _write(session, running.do(use(running.app, line)), as_object=order.as_json)
    return Exit.DONE


def _asked(scope: Scope, words: str, session: Session) -> Asked:
    try:
        return scope.asked(words, session.now())
    except ValueError as error:
        raise UsageError(str(error)) from error


def _write(session: Session, found: Reply, *, as_object: bool) -> None:
    if as_object:
        session.face.json(found.json)
    else:
        session.face.show(found.blocks)


@contextmanager
def _stream(name: str) -> Iterator[BinaryIO]:
    if name == "-":
        yield sys.stdin.buffer
        return
    with ExitStack() as stack:
        try:
            stream = stack.enter_context(Path(name).open("rb"))
        except OSError as error:
            raise UsageError(f"{name}: the batch can't be read: {error.strerror}") from error
        yield stream


def _batch(session: Session, order: Order, stream: BinaryIO, use: Use) -> Exit:
    """Each line is answered before the next is read, so that a program may ask in a dialogue."""
    _asked(order.scope, "", session)  # options that are wrong for every line are told once, before the first
    code = Exit.DONE
    with opened(session) as running:
        for number, data in numbered_lines(stream):
            line = read_line(data, number, order.scope, session.now())
            found = line if isinstance(line, Unusable) else running.do(_tried(running.app, line, use))
            if isinstance(found, Unusable):
                code = Exit.PARTLY
                _write_fault(session, found, number, as_object=order.as_json)
            else:
                _write_one_of_many(session, found, as_object=order.as_json)
    return code


async def _tried(app: App, line: Line, use: Use) -> Reply | Unusable:
    try:
        return await use(app, line)
    except (RetrievalError, CorpusError) as error:
        return Unusable(line.number, str(error))


def _write_fault(session: Session, fault: Unusable, number: int, *, as_object: bool) -> None:
    if as_object:
        session.face.json(as_json.of_fault(fault.problem, number=fault.number))
    session.face.tell(block(f"line {number}: {one_line(fault.problem)}", "red"))


def _write_one_of_many(session: Session, found: Reply, *, as_object: bool) -> None:
    if not as_object:
        session.face.show([block(f"? {one_line(str(found.json['question']))}", "bold"), EMPTY])
    _write(session, found, as_object=as_object)


def chat(session: Session, scope: Scope) -> Exit:
    """Questions were answered one after the other until the end of the input."""
    in_person = sys.stdin.isatty()
    if in_person:
        _prepare_line_editing()
        session.face.tell(block("Ask away; exit, an empty line or Ctrl-D ends.", "dim"))
    with opened(session) as running:
        for words in _questions(session, in_person=in_person):
            running.do(running.app.follower.catch_up())
            try:
                line = Line(1, scope.asked(words, session.now()))
            except ValueError as error:
                session.face.fail(str(error))
                continue
            session.face.show([EMPTY, *running.do(answer(running.app, line)).blocks])
    return Exit.DONE


def _questions(session: Session, *, in_person: bool) -> Iterator[str]:
    """What is typed, until the end of the input, a word that ends it or, at a terminal, an empty line."""
    prompt = "? " if in_person and session.face.on_terminal else ""
    while True:
        session.face.flush()
        try:
            words = input(prompt).strip()
        except EOFError:
            return
        if words.casefold() in _ENDING:
            return
        if words:
            yield words
        elif in_person:
            return


_ENDING = frozenset({"exit", "exit()", "quit", "quit()", ":q", ":quit"})
"""What people type to leave a prompt; no question consists of it."""


def _prepare_line_editing() -> None:
    """Where the platform has it, questions can be edited and called back with the arrow keys, within this chat."""
    with suppress(ImportError):
        import readline  # noqa: PLC0415 - not on every platform; to import it is to use it

        readline.set_history_length(1000)
