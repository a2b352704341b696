"""`backup`, `restore-backup`, `check` and `health`."""

from __future__ import annotations

import asyncio
import os
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
from corpus.errors import StoreError
from corpus.store import open_store
from corpus.store import restore_backup as put_back

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bot.check import Finding
    from bot.config import Settings
    from bot.terminal.as_json import Json
    from bot.terminal.session import Common, Session


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


def restore_backup(session: Session, file: Path) -> Exit:
    """The database holds what `file` held; what it held before is kept in a copy beside it."""
    prepare(session.settings.data_dir)
    try:
        kept = asyncio.run(_replaced(session.settings, file, session))
    except StoreError as error:
        raise UsageError(str(error)) from error
    session.face.tell(block(f"What {file} holds was put back", "green"))
    if kept:
        session.face.tell(block(f"What was stored before is kept in {kept}"))
    return Exit.DONE


async def _replaced(settings: Settings, file: Path, session: Session) -> Path | None:
    target = database_of(settings)
    kept = await _kept(target, target.with_name(f"before-restore-{session.now():%Y%m%dT%H%M%S}.sqlite3"))
    try:
        await put_back(file, target, migrations=(MIGRATIONS,))
    except StoreError:
        if kept:
            kept.unlink(missing_ok=True)
        raise
    return kept


async def _kept(database: Path, copy: Path) -> Path | None:
    """A copy of what is stored; None where nothing is, or nothing that can still be read."""
    if not await asyncio.to_thread(database.exists):
        return None
    try:
        async with open_store(database, migrations=(MIGRATIONS,)) as store:
            await store.backup(copy)
    except StoreError:
        return None
    return copy


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
