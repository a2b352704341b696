"""`run` and `sync`: what the terminal starts on Discord."""

from __future__ import annotations

import asyncio
import os
from contextlib import ExitStack
from typing import TYPE_CHECKING

from bot import config
from bot.app import prepare
from bot.errors import ConfigError, Fault, UsageError
from bot.terminal.face import block
from bot.terminal.session import Exit
from bot.wording import plural
from corpus.errors import StoreError
from corpus.store import hold

if TYPE_CHECKING:
    from pydantic import SecretStr

    from bot.terminal.session import Session


def run(session: Session) -> Exit:
    """The bot served until it was told to stop. Raises UsageError where another bot has the data directory."""
    token = _token()
    prepare(session.settings.data_dir)
    with ExitStack() as stack:
        try:
            stack.enter_context(hold(session.settings.data_dir))
        except StoreError as error:
            raise UsageError(str(error)) from error
        asyncio.run(_served(session, token))
    return Exit.DONE


async def _served(session: Session, token: SecretStr) -> None:
    from bot.client import run as serve  # noqa: PLC0415 - not before it is known that there is something to do

    async with session.bot(serving=True) as app:
        await serve(app, token.get_secret_value())


def sync(session: Session) -> Exit:
    """The commands are registered with Discord as they are now."""
    token = _token()
    from bot.client import sync_commands  # noqa: PLC0415 - see above

    async def registered() -> int:
        async with session.bot(serving=False) as app:
            return await sync_commands(app, token.get_secret_value())

    count = asyncio.run(registered())
    session.face.tell(block(f"{plural(count, 'command')} registered", "green"))
    return Exit.DONE


def _token() -> SecretStr:
    token = config.read_token(os.environ)
    if token is None:
        raise ConfigError(Fault("DISCORD_TOKEN", "is not set", config.CREDENTIAL_REMEDY))
    return token
