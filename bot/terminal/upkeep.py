"""`backup`, `restore-backup`, `check` and `health`."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from bot import check as checks
from bot.app import database_of, prepare, utc_now
from bot.errors import UsageError
from bot.health import file_in, healthy
from bot.records import MIGRATIONS
from bot.signs import visible
from bot.terminal.face import Block, Face, block
from bot.terminal.progress import Bar
from bot.terminal.session import Exit, guarded
from bot.wording import plural
from corpus.errors import StoreError
from corpus.store import open_store
from corpus.store import restore_backup as put_back

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.check import Finding
    from bot.config import Settings
    from bot.terminal.as_json import Json
    from bot.terminal.session import Common, Session
    from corpus.drafts import Takedown


def backup(session: Session, file: Path) -> Exit:
    """A checked copy of the database stands in `file`."""

    async def copied() -> None:
        async with session.corpus() as corpus:
            with Bar(session.face, "Copying") as bar:
                await corpus.store.backup(file, bar)
            await corpus.store.note_backup(file, session.now())

    asyncio.run(copied())
    session.face.tell(block(f"Everything stored was copied to {file}", "green"))
    return Exit.DONE


@dataclass(frozen=True, slots=True)
class _PutBack:
    """What a restored backup took the place of, and what was erased from it again.

    `kept` holds what was stored before; `erased` is None where it can't be read, so that nobody knows what had been
    taken down.
    """

    kept: Path | None
    erased: int | None


def restore_backup(session: Session, file: Path) -> Exit:
    """The database holds what `file` held, but for what was taken down since; what it held before is kept beside it."""
    prepare(session.settings.data_dir)
    try:
        done = asyncio.run(_replaced(session.settings, file, session.now()))
    except StoreError as error:
        raise UsageError(str(error)) from error
    tell = session.face.tell
    tell(block(f"What {file} holds was put back", "green"))
    if done.kept:
        tell(block(f"What was stored before is kept in {done.kept}"))
    if done.erased:
        erased = plural(done.erased, "article")
        tell(block(f"{erased} taken down since then: erased again. {file} still holds what was erased.", "yellow"))
    if done.erased is None:
        tell(block("What was stored before can't be read: whatever was taken down since may be back.", "bold yellow"))
        tell(block("Look at the articles, and erase those again with amicus articles purge KEY.", "yellow"))
    return Exit.DONE


async def _replaced(settings: Settings, file: Path, now: datetime) -> _PutBack:
    target = database_of(settings)
    keep_as = target.with_name(f"before-restore-{now:%Y%m%dT%H%M%S}.sqlite3")
    there = await asyncio.to_thread(keep_as.exists)
    kept = await put_back(file, target, migrations=(MIGRATIONS,), keep_as=None if there else keep_as)
    takedowns, backups = await _known_to(kept) if kept else ((), ())
    async with open_store(target, migrations=(MIGRATIONS,)) as store:
        for path, at in reversed(backups):
            await store.note_backup(Path(path), datetime.fromisoformat(at))
        for copy in (kept, file) if kept else (file,):
            await store.note_backup(copy, now)
        return _PutBack(kept, None if takedowns is None else await store.take_down_again(takedowns, now))


async def _known_to(kept: Path) -> tuple[Sequence[Takedown] | None, Sequence[Sequence[str]]]:
    """What the database that was replaced knew of takedowns (None where it can't be read) and of its backups."""
    try:
        async with open_store(kept, migrations=(MIGRATIONS,)) as store:
            return await store.takedowns(), await store.backups()
    except StoreError:
        return None, ()


def health(session: Session) -> Exit:
    """Whether the bot of this data directory gave a sign of life lately."""
    if healthy(file_in(session.settings.data_dir), session.now()):
        return Exit.DONE
    session.face.fail("No connected bot has given a sign of life lately.")
    return Exit.OUR_FAULT


_SIGNS = {
    checks.Level.OK: ("ok  ", "green"),
    checks.Level.WARN: ("warn", "yellow"),
    checks.Level.FAIL: ("FAIL", "bold red"),
}


def check(common: Common, *, as_json: bool) -> int:
    """All findings were written; the code says whether something has to be done before Amicus can work."""

    async def collected() -> list[Finding]:
        return [finding async for finding in checks.look(common.config, os.environ, utc_now())]

    def told(face: Face) -> Exit:
        findings = asyncio.run(collected())
        for finding in findings:
            if as_json:
                face.json(_of_finding(finding))
            else:
                face.show(_blocks(finding))
        return code_of(findings)

    return guarded(common, told)


def code_of(findings: Sequence[Finding]) -> Exit:
    """The exit code: usage where settings or token are wrong, our fault where the store is."""
    failed = {finding.subject for finding in findings if finding.level is checks.Level.FAIL}
    if failed & {"settings", "token", "data directory"}:
        return Exit.USAGE
    return Exit.OUR_FAULT if failed else Exit.DONE


def _of_finding(finding: Finding) -> dict[str, Json]:
    return {
        "subject": finding.subject,
        "level": finding.level.value,
        "found": finding.found,
        "remedy": finding.remedy or None,
    }


def _blocks(finding: Finding) -> list[Block]:
    sign, style = _SIGNS[finding.level]
    line = Text().append(sign, style).append(f"  {finding.subject}: {visible(finding.found)}")
    remedy = [block(f"→ {visible(finding.remedy)}", indent=6)] if finding.remedy else []
    return [Block(line), *remedy]
