"""Servers that don't keep the rules, and one that only counts who comes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Self

Script = Callable[[asyncio.StreamWriter], Awaitable[None]]
"""What a server does once it has read a request: the connection is closed afterwards."""


class Hostile:
    """A server on this machine that answers every request but that for /robots.txt (404) with its script."""

    def __init__(self, script: Script, address: str = "127.0.0.1") -> None:
        self.connections = 0
        self._serving: set[asyncio.Task[None]] = set()
        self._script = script
        self._address = address
        self.port = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, self._address, self.port)
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for serving in self._serving:
            serving.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)
        await asyncio.sleep(0)  # the closed connections are told so

    @property
    def host(self) -> str:
        """Host and port, as `allow_hosts` takes them."""
        return f"{self._address}:{self.port}"

    def url(self, path: str = "/a") -> str:
        """The link to a path."""
        return f"http://{self.host}{path}"

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        serving = asyncio.create_task(self._serve(reader, writer))
        self._serving.add(serving)
        serving.add_done_callback(self._serving.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._talk(reader, writer)
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            asked = await reader.readuntil(b"\r\n\r\n")
            if asked.startswith(b"GET /robots.txt "):
                writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            else:
                await self._script(writer)
            await writer.drain()


def says(*pieces: bytes) -> Script:
    """Sends the pieces, then closes the connection."""

    async def script(writer: asyncio.StreamWriter) -> None:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()

    return script


def says_for_ever(start: bytes, again: bytes, pause_s: float = 0.0) -> Script:
    """Sends the start, then the other piece again and again until nobody listens any more."""

    async def script(writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        while not writer.is_closing():
            writer.write(again)
            await writer.drain()
            await asyncio.sleep(pause_s)

    return script


async def says_nothing(writer: asyncio.StreamWriter) -> None:
    """Keeps the connection open and never answers."""
    await writer.wait_closed()


async def breaks_off(writer: asyncio.StreamWriter) -> None:
    """Resets the connection."""
    writer.transport.abort()


def page(body: bytes, *headers: str, status: str = "200 OK", media_type: str = "text/html") -> bytes:
    """A whole answer with these headers; its Content-Length is left to them, and the connection's end ends it."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {media_type}", "Connection: close", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class Canary:
    """A listener on both loopback addresses at one port that nobody may ever connect to."""

    def __init__(self) -> None:
        self.connections = 0
        self.port = 0
        self._servers: list[asyncio.Server] = []

    async def __aenter__(self) -> Self:
        for address in ("127.0.0.1", "::1"):
            with suppress(OSError):  # a machine without IPv6
                server = await asyncio.start_server(self._count, address, self.port)
                self.port = int(server.sockets[0].getsockname()[1])
                self._servers.append(server)
        return self

    async def __aexit__(self, *_: object) -> None:
        for server in self._servers:
            server.close()

    async def _count(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        writer.close()
