"""From a host's name to the addresses it may be fetched from: all of them public, or the host is allowed by name."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from corpus.fetch.addresses import Address, is_public, read_address
from corpus.fetch.errors import NotPublic, Unreachable
from corpus.fetch.targets import HostPort, Target
from corpus.fetch.values import Resolve

_MOST_ADDRESSES: Final = 64
"""A name with more addresses than this is answered by something that is not meant to be fetched from."""
_LOOKUPS_AT_ONCE: Final = 16


class Guard:
    """Says which addresses a target may be fetched from, each time anew: a name can lead elsewhere the next moment."""

    def __init__(self, allowed: frozenset[HostPort], resolve: Resolve) -> None:
        self._allowed = allowed
        self._resolve = resolve

    async def addresses(self, target: Target) -> tuple[Address, ...]:
        """The addresses that `target` may be fetched from, at least one.

        Raises NotPublic where any of them is not public and the host is not allowed by name, Unreachable where the
        name leads nowhere.
        """
        found = (target.address,) if target.address is not None else await self._look_up(target)
        if target.host_port not in self._allowed and not all(map(is_public, found)):
            raise NotPublic(_not_public(target))
        return found

    async def _look_up(self, target: Target) -> tuple[Address, ...]:
        try:
            texts = await self._resolve(target.host, target.port)
        except (OSError, UnicodeError) as error:
            raise Unreachable(_unknown(target, error)) from error
        found = tuple(address for text in dict.fromkeys(texts) if (address := read_address(text)) is not None)
        if not found or len(found) != len(set(texts)) or len(found) > _MOST_ADDRESSES:
            raise Unreachable(f"There is no address for {target.host} that can be used.")
        return found


def _not_public(target: Target) -> str:
    if target.address is not None:
        return f"{target.host} is not a public address; only public ones are fetched."
    return f"{target.host} leads to an address that is not public; only public ones are fetched."


def _unknown(target: Target, error: Exception) -> str:
    if isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN:
        return f"The address of {target.host} can't be looked up at the moment."
    return f"There is no host with the name {target.host}."


class SystemResolver:
    """Looks names up as the machine does, each in a thread of its own that holds up neither other work nor the end.

    A look-up can't be broken off; one whose answer nobody waits for any more ends by itself, and counts until then.
    """

    def __init__(self) -> None:
        self._free = asyncio.Semaphore(_LOOKUPS_AT_ONCE)

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        """The addresses that the name has now; raises OSError where it has none."""
        await self._free.acquire()
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Sequence[str]] = loop.create_future()
        arguments = (host, port, loop, answer)
        threading.Thread(target=self._look_up, args=arguments, name="amicus-names", daemon=True).start()
        return await answer

    def _look_up(
        self, host: str, port: int, loop: asyncio.AbstractEventLoop, answer: asyncio.Future[Sequence[str]]
    ) -> None:
        found: Sequence[str] | Exception
        try:
            infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
            found = [str(info[4][0]) for info in infos]
        except (OSError, UnicodeError) as error:
            found = error
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(self._tell, answer, found)

    def _tell(self, answer: asyncio.Future[Sequence[str]], found: Sequence[str] | Exception) -> None:
        self._free.release()
        if answer.done():
            return
        if isinstance(found, Exception):
            answer.set_exception(found)
        else:
            answer.set_result(found)
