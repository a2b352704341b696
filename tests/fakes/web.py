"""A site on this machine, told page by page; what stands there can be changed while it runs.

    async with Web() as web:
        web.page("/a", "<html>…")
        web.redirect("/old", "/a")
        web.feed("/feed", "<rss>…", etag='"1"')
        web.robots("User-agent: Amicus")
        fetcher = Fetcher(allow_hosts=[web.host])
        … web.url("/a") … web.asked("/a") … web.requests

Whatever was not told is answered 404, /robots.txt too.
"""

from __future__ import annotations

import asyncio
import gzip
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from aiohttp import web as server

Tell = Callable[[server.BaseRequest], Awaitable[server.StreamResponse]]
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Seen:
    """A request as it came in; `path` with its query, `headers` by name in any case."""

    path: str
    headers: Mapping[str, str]


class Web:
    """A site: `requests` holds what was asked, oldest first."""

    def __init__(self, address: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[Seen] = []
        self._address = address
        self._tls = tls
        self._pages: dict[str, Tell] = {}
        self._runner = server.ServerRunner(server.Server(self._answer), shutdown_timeout=0.1)
        self.port = 0

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        site = server.TCPSite(self._runner, self._address, 0, ssl_context=self._tls)
        await site.start()
        self.port = int(self._runner.addresses[0][1])
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    @property
    def host(self) -> str:
        """Host and port, as `allow_hosts` takes them."""
        return f"[{self._address}]:{self.port}" if ":" in self._address else f"{self._address}:{self.port}"

    def url(self, path: str = "/") -> str:
        """The link to a path."""
        return f"{'http' if self._tls is None else 'https'}://{self.host}{path}"

    def asked(self, path: str) -> int:
        """How often this path was asked for."""
        return sum(1 for seen in self.requests if seen.path == path)

    def page(
        self,
        path: str,
        body: str | bytes,
        *,
        media_type: str | None = HTML,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        packed: bool = False,
    ) -> str:
        """The path holds this page from now on, packed with gzip where wanted; gives its link."""
        data = body.encode() if isinstance(body, str) else body
        told = dict(headers or {}) | ({"Content-Type": media_type} if media_type is not None else {})
        if packed:
            data, told = gzip.compress(data), told | {"Content-Encoding": "gzip"}

        async def tell(_: server.BaseRequest) -> server.StreamResponse:
            return server.Response(body=data, status=status, headers=told)

        return self.tell(path, tell)

    def pdf(self, path: str, data: bytes) -> str:
        """The path holds this PDF from now on."""
        return self.page(path, data, media_type="application/pdf")

    def status(self, path: str, status: int, headers: Mapping[str, str] | None = None) -> str:
        """The path is answered with this status from now on."""
        return self.page(path, f"status {status}", status=status, media_type="text/plain", headers=headers)

    def redirect(self, path: str, to: str, status: int = 302) -> str:
        """The path sends on from now on."""
        return self.page(path, "", status=status, headers={"Location": to})

    def robots(self, text: str, status: int = 200) -> str:
        """The site's robots.txt says this from now on."""
        return self.page("/robots.txt", text, media_type="text/plain", status=status)

    def feed(
        self,
        path: str,
        xml: str,
        *,
        etag: str | None = None,
        modified: str | None = None,
        media_type: str = "application/rss+xml; charset=utf-8",
    ) -> str:
        """The path holds this feed from now on; who has it already is told so (304)."""
        headers = {name: value for name, value in (("ETag", etag), ("Last-Modified", modified)) if value is not None}

        async def tell(request: server.BaseRequest) -> server.StreamResponse:
            has_it = etag is not None and request.headers.get("If-None-Match") == etag
            has_it |= modified is not None and request.headers.get("If-Modified-Since") == modified
            if has_it:
                return server.Response(status=304, headers=headers)
            return server.Response(body=xml.encode(), headers=headers | {"Content-Type": media_type})

        return self.tell(path, tell)

    def drip(self, path: str, pieces: Sequence[bytes], *, pause_s: float, media_type: str = HTML) -> str:
        """The path gives its page piece by piece, with a pause after each, and then again from the first one."""

        async def tell(request: server.BaseRequest) -> server.StreamResponse:
            response = server.StreamResponse(headers={"Content-Type": media_type})
            await response.prepare(request)
            while True:
                for piece in pieces:
                    await response.write(piece)
                    await asyncio.sleep(pause_s)

        return self.tell(path, tell)

    def silent(self, path: str) -> str:
        """The path never answers from now on."""

        async def tell(_: server.BaseRequest) -> server.StreamResponse:
            await asyncio.Event().wait()
            raise AssertionError

        return self.tell(path, tell)

    def raw(self, path: str, data: bytes) -> str:
        """The path is answered with these bytes from now on, then the connection is closed."""

        async def tell(request: server.BaseRequest) -> server.StreamResponse:
            if request.transport is not None:
                request.transport.write(data)
                request.transport.close()
            return server.Response()

        return self.tell(path, tell)

    def take_away(self, path: str) -> None:
        """The path is not there any more."""
        self._pages.pop(path, None)

    def tell(self, path: str, tell: Tell) -> str:
        """The path is answered by this function from now on; gives its link."""
        self._pages[path] = tell
        return self.url(path)

    async def _answer(self, request: server.BaseRequest) -> server.StreamResponse:
        self.requests.append(Seen(request.path_qs, request.headers))
        tell = self._pages.get(request.path)
        if tell is None:
            return server.Response(status=404, text="not here")
        return await tell(request)
