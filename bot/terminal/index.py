"""`index status`, `index rebuild` and `index verify`: the search index, which is made from the articles."""

from __future__ import annotations

import asyncio
import errno
import shutil
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

from bot.app import database_of, index_directory, index_lock, parameters_of
from bot.check import pending
from bot.errors import UsageError
from bot.indexfiles import Aside, Holdings, holdings, set_aside
from bot.indexing import Telling, UnderWay, under_way
from bot.records import MIGRATIONS
from bot.signs import visible
from bot.terminal.face import EMPTY, Block, block
from bot.terminal.progress import Bar
from bot.terminal.session import Exit
from bot.wording import plural
from corpus.store import attempt, is_held, open_store
from retrieval.embedded import EmbeddedIndex
from retrieval.errors import IndexUnusable
from retrieval.follower import Follower
from retrieval.segments import kernel
from retrieval.segments.directory import ASIDE
from retrieval.segments.file import FORMAT
from retrieval.verifying import Verified, compared, read_through

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from bot.config import Settings
    from bot.terminal.as_json import Json
    from bot.terminal.session import Session
    from corpus.store import Store
    from retrieval.segments.directory import Directory

_LARGEST: Final = 10
"""So many collections are listed one by one."""
_REMEDY: Final = "make it anew: amicus index rebuild, with the bot stopped"
_BY_HAND: Final = "amicus index rebuild was begun"


# --- status


@dataclass(frozen=True, slots=True)
class Status:
    """How the index stands; `held` is None where `reason` says why its files can't be used."""

    folder: str
    engine: str
    held: Holdings | None
    reason: str
    stored_change: int
    aside: Aside | None
    under_way: UnderWay | None


def status(session: Session, *, as_json: bool) -> Exit:
    """How the index stands was written; nothing was changed by looking."""
    found = asyncio.run(_status(session))
    if as_json:
        session.face.json(_of_status(found))
    else:
        session.face.show(_blocks(found))
    return Exit.DONE


async def _status(session: Session) -> Status:
    async with _looking(session.settings) as (store, directory):
        held, reason = None, ""
        try:
            held = await asyncio.to_thread(holdings, directory)
        except IndexUnusable as unusable:
            reason = str(unusable)
        return Status(
            folder=str(directory.folder),
            engine=kernel.describe(),
            held=held,
            reason=reason,
            stored_change=await store.last_change(),
            aside=set_aside(directory.folder),
            under_way=under_way(directory.folder, session.now()),
        )


def _of_status(found: Status) -> dict[str, Json]:
    held = found.held
    told: dict[str, Json] = {
        "folder": found.folder,
        "format": FORMAT,
        "engine": found.engine,
        "usable": held is not None,
        "reason": found.reason or None,
        "last_change": held.last_change if held else None,
        "stored_change": found.stored_change,
        "collections": len(held.parts) if held else 0,
    }
    told |= _totals(held)
    told["largest"] = [dict(asdict(part)) for part in held.parts[:_LARGEST]] if held else []
    told["set_aside"] = dict(asdict(found.aside) | {"folder": str(found.aside.folder)}) if found.aside else None
    told["under_way"] = dict(asdict(found.under_way)) if found.under_way else None
    return told


def _totals(held: Holdings | None) -> dict[str, int]:
    parts = held.parts if held else ()
    return {
        "segments": sum(part.segments for part in parts),
        "passages": sum(part.passages for part in parts),
        "removed": sum(part.removed for part in parts),
        "size_bytes": sum(part.size_bytes for part in parts),
    }


def _blocks(found: Status) -> Iterator[Block]:
    yield from (_row("folder", found.folder), _row("engine", found.engine))
    if found.under_way:
        yield _row("being made", str(found.under_way))
    if found.held is None:
        yield _row("files", f"none that can be used: {found.reason}")
    else:
        yield from _rows_of(found.held, found.stored_change)
    if found.aside:
        why = f": {found.aside.why}" if found.aside.why else ""
        size = f"{plural(found.aside.files, 'file')}, {_megabytes(found.aside.size_bytes)}"
        yield _row("set aside", f"{size} in {found.aside.folder}{why}")
        yield block("→ nothing is needed of them: delete that folder once the reason is understood", indent=17)


def _rows_of(held: Holdings, stored_change: int) -> Iterator[Block]:
    totals = _totals(held)
    behind = stored_change - held.last_change
    rest = f"; {plural(behind, 'change')} of the store behind" if behind > 0 else ", as the store has it"
    yield _row("files", f"format {FORMAT}, up to change {held.last_change:,}{rest}")
    counts = f"{plural(totals['passages'], 'passage')} (and {totals['removed']:,} removed)"
    where = f"{plural(totals['segments'], 'segment')} of {plural(len(held.parts), 'collection')}"
    yield _row("hold", f"{counts} in {where}, {_megabytes(totals['size_bytes'])}")
    if held.parts:
        yield EMPTY
        yield block(f"{'collection':<28}{'segments':>9}{'passages':>12}{'removed':>10}{'size':>12}")
    for part in held.parts[:_LARGEST]:
        numbers = f"{part.segments:>9,}{part.passages:>12,}{part.removed:>10,}{_megabytes(part.size_bytes):>12}"
        yield block(f"{part.collection:<28}{numbers}")
    if len(held.parts) > _LARGEST:
        yield block(f"and {len(held.parts) - _LARGEST:,} more")


def _row(name: str, value: str) -> Block:
    return block(f"{name:<17}{visible(value)}")


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"


# --- rebuild


def rebuild(session: Session, *, as_json: bool) -> Exit:
    """The index was made anew from the store; interrupted, as far as it got. Raises UsageError where another has it."""
    if is_held(session.settings.data_dir):
        raise UsageError("a bot runs on this data directory and keeps the index: stop it first, then try again")
    told = asyncio.run(_rebuilt(session))
    if as_json:
        session.face.json(told)
    else:
        session.face.tell(block(f"The index was made anew: {plural(told['passages'], 'passage')}", "green"))
    return Exit.DONE


async def _rebuilt(session: Session) -> dict[str, int]:
    async with session.corpus() as corpus:
        with attempt(index_lock(session.settings)) as ours:
            if not ours:
                raise UsageError("another program writes the index now: wait until it has finished, then try again")
            directory = await index_directory(corpus.store, session.settings, ours=True)
            index, _ = await asyncio.to_thread(EmbeddedIndex.opened, parameters_of(session.settings), directory)
            await asyncio.to_thread(index.begin_again, _BY_HAND)
            await _made(session, index, corpus.store, directory)
            _, kept = await asyncio.to_thread(directory.load)
            if kept != index.last_change:
                raise OSError(errno.ENOSPC, "the index could not be written whole", str(directory.folder))
            await asyncio.to_thread(shutil.rmtree, directory.folder / ASIDE, ignore_errors=True)
            return {"passages": index.snapshot().passages, "last_change": index.last_change}


async def _made(session: Session, index: EmbeddedIndex, store: Store, directory: Directory) -> None:
    with Bar(session.face, "The index is made") as bar, Telling(directory.folder, bar) as telling:
        follower = Follower(index, store, upkeep=index, progress=telling)
        try:
            await follower.catch_up()
        finally:  # of an interrupted one, what is done is kept
            await follower.settle()


# --- verify


def verify(session: Session, *, questions: int, seed: int, as_json: bool) -> Exit:
    """Every difference between the index, its checksums, the store and the rank-bm25 library was written."""
    found = asyncio.run(_verified(session, questions, seed))
    if as_json:
        session.face.json(found.told(seed))
    else:
        session.face.show(found.blocks())
    return Exit.OUR_FAULT if found.wrong else Exit.DONE


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What was read and compared; `compared` is None where the files are damaged."""

    read_bytes: int
    damages: tuple[str, ...]
    compared: Verified | None

    @property
    def wrong(self) -> tuple[str, ...]:
        """Everything that is not as it has to be."""
        return self.damages + (self.compared.differences if self.compared else ())

    def told(self, seed: int) -> dict[str, Json]:
        """The same for programs."""
        done = self.compared
        return {
            "bytes": self.read_bytes,
            "articles": done.articles if done else None,
            "passages": done.passages if done else None,
            "questions": done.questions if done else None,
            "seed": seed,
            "wrong": list(self.wrong),
            "remedy": _REMEDY if self.wrong else None,
        }

    def blocks(self) -> Iterator[Block]:
        """The same for people."""
        if not self.damages:
            yield block(f"ok    checksums: {_megabytes(self.read_bytes)} are as they were written")
        if self.compared and not self.compared.differences:
            done = self.compared
            held = f"{plural(done.articles, 'article')}, {plural(done.passages, 'passage')}"
            yield block(f"ok    store: {held}, and nothing else")
            yield block(f"ok    rank-bm25: {plural(done.questions, 'question')} ranked as the library ranks them")
        for problem in self.wrong:
            yield block(f"FAIL  {visible(problem)}", "red")
        if self.wrong:
            yield block(f"→ {_REMEDY}", indent=6)


async def _verified(session: Session, questions: int, seed: int) -> _Outcome:
    async with _looking(session.settings) as (store, directory):
        read, damages = await asyncio.to_thread(_read, session, directory)
        while True:
            index, unusable = await asyncio.to_thread(EmbeddedIndex.peeked, parameters_of(session.settings), directory)
            if unusable or damages:
                return _Outcome(read, damages or (str(unusable),), None)
            try:
                with Bar(session.face, "Articles") as bar:
                    done = await compared(index, store, questions=questions, seed=seed, progress=bar)
            except IndexUnusable as damage:
                if directory.is_as_loaded():
                    return _Outcome(read, (str(damage),), None)
                continue  # a bot replaced the files meanwhile: once more, with those that are the index now
            return _Outcome(read, (), done)


def _read(session: Session, directory: Directory) -> tuple[int, tuple[str, ...]]:
    """The number of bytes that are as they were written, and what is not; both empty where there are no files."""
    try:
        size = sum(path.stat().st_size for path in directory.files() if path.exists())
    except IndexUnusable:
        return 0, ()
    done, damages = 0, []
    with Bar(session.face, "Checksums") as bar:
        for read in read_through(directory):
            if isinstance(read, IndexUnusable):
                damages.append(str(read))
            else:
                done += read
                bar(done, size)
    return done, tuple(damages)


@asynccontextmanager
async def _looking(settings: Settings) -> AsyncIterator[tuple[Store, Directory]]:
    """Store and index as they are, neither made nor brought up to date; raises UsageError where there are none."""
    file = database_of(settings)
    if not file.exists():
        raise UsageError(f"{file} is not there yet: take articles in with amicus import PATH")
    if await asyncio.to_thread(pending, file):
        raise UsageError(f"{file} is not of this version yet: the next use or start brings it up to date")
    async with open_store(file, migrations=(MIGRATIONS,)) as store:
        yield store, await index_directory(store, settings)
