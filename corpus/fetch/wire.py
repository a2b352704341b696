"""One request and its answer, without redirects: the one door of aiohttp.

Each request has a connector of its own that knows no addresses but those that were checked, and opens a socket for no
other one: whatever a name means by then, and however somebody else reads the link, nothing else is connected to.
No cookies, no proxies of the environment, no Referer, no kept connections.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Final

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from corpus.fetch.addresses import Address, read_address
from corpus.fetch.errors import Malformed, TooLarge, Unreachable
from corpus.fetch.kinds import PDF_START_BYTES, is_pdf
from corpus.fetch.targets import Target
from corpus.fetch.unpacking import ACCEPTED, BadPacking, unpacker
from corpus.fetch.values import FetchLimits
from corpus.readers.limits import in_words

_WITH_BODY: Final = frozenset({200, 203})


@dataclass(frozen=True, slots=True)
class Room:
    """How many bytes of an answer are read: of a PDF, of anything else; with `is_cut` the rest is left unread."""

    text_bytes: int
    pdf_bytes: int
    is_cut: bool = False

    @property
    def most_bytes(self) -> int:
        """More are read of nothing."""
        return max(self.text_bytes, self.pdf_bytes)

    def of(self, start: bytes | bytearray) -> int:
        """How many bytes are read of what starts like this; while a PDF may still begin, as many as of one."""
        may_be_pdf = len(start) < PDF_START_BYTES or is_pdf(bytes(start[:PDF_START_BYTES]))
        return self.most_bytes if may_be_pdf else self.text_bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What a site answered; `headers` by name in any case, `body` unpacked, empty unless the status promises one."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Wire:
    """Sends requests in our name. `tls` says which certificates are trusted; None: those that the machine trusts."""

    def __init__(self, user_agent: str, limits: FetchLimits, tls: ssl.SSLContext | None = None) -> None:
        self._user_agent = user_agent
        self._limits = limits
        self._tls = tls

    async def ask(
        self, target: Target, addresses: tuple[Address, ...], headers: Mapping[str, str], room: Room
    ) -> Answer:
        """The answer to one GET, from one of `addresses`.

        Raises Unreachable where there is no connection, Malformed where the answer is none or breaks off, TooLarge.
        """
        with _in_our_words(target.host):
            async with (
                self._session(target, addresses) as session,
                session.get(URL(target.url, encoded=True), headers=headers, allow_redirects=False) as response,
            ):
                body = await _body(response, room, target.host) if response.status in _WITH_BODY else b""
                return Answer(response.status, response.headers, body)

    @asynccontextmanager
    async def _session(self, target: Target, addresses: tuple[Address, ...]) -> AsyncIterator[aiohttp.ClientSession]:
        connector = aiohttp.TCPConnector(
            resolver=_Checked(addresses),
            socket_factory=_only_to(addresses, target.port),
            use_dns_cache=False,
            force_close=True,
            ssl=self._tls or True,
        )
        async with aiohttp.ClientSession(
            connector=connector,
            headers={"User-Agent": self._user_agent, "Accept-Encoding": ACCEPTED},
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),  # the caller counts the time
            auto_decompress=False,
            max_line_size=self._limits.header_bytes,
            max_field_size=self._limits.header_bytes,
            max_headers=self._limits.headers,
        ) as session:
            yield session


class _Checked(AbstractResolver):
    """Knows the addresses that were checked, and no others."""

    def __init__(self, addresses: tuple[Address, ...]) -> None:
        self._addresses = addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The same addresses for any name."""
        return [
            ResolveResult(
                hostname=host,
                host=str(address),
                port=port,
                family=_family(address),
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in self._addresses
            if family in {socket.AF_UNSPEC, _family(address)}
        ]

    async def close(self) -> None:
        """Nothing is held."""


def _family(address: Address) -> socket.AddressFamily:
    return socket.AF_INET if address.version == 4 else socket.AF_INET6


def _only_to(addresses: tuple[Address, ...], port: int) -> aiohttp.SocketFactoryType:
    """What opens sockets for these addresses and this port, and for nothing else: OSError."""
    checked = frozenset(addresses)

    def open_socket(info: aiohttp.AddrInfoType) -> socket.socket:
        family, kind, protocol, _, (host, asked_port, *_) = info
        if read_address(str(host)) not in checked or asked_port != port:
            raise PermissionError(f"{host} was not checked")
        return socket.socket(family, kind, protocol)

    return open_socket


async def _body(response: aiohttp.ClientResponse, room: Room, host: str) -> bytes:
    """The unpacked body; raises TooLarge and BadPacking."""
    encoding = ",".join(response.headers.getall("Content-Encoding", ()))
    unpack = unpacker(encoding)
    if unpack is None:
        raise Malformed(f"{host} sends its page packed in a way that was not asked for ({encoding[:40]!r}).")
    if not room.is_cut:
        _check_room(response.content_length or 0, room.most_bytes, host)
    body, packed_bytes = bytearray(), 0
    async for data in response.content.iter_any():
        packed_bytes += len(data)
        for piece in unpack.feed(data):
            body += piece
            if room.is_cut and len(body) >= room.most_bytes:
                return bytes(body[: room.most_bytes])
            _check_room(len(body), room.of(body), host)
        _check_room(packed_bytes, room.most_bytes, host)
    unpack.close()
    _check_room(len(body), room.text_bytes if not is_pdf(bytes(body[:PDF_START_BYTES])) else room.pdf_bytes, host)
    return bytes(body)


def _check_room(size_bytes: int, most_bytes: int, host: str) -> None:
    if size_bytes > most_bytes:
        raise TooLarge(f"What {host} sends for this link is too large: at most {in_words(most_bytes)} are read.")


@contextmanager
def _in_our_words(host: str) -> Iterator[None]:
    """The errors of aiohttp become ours."""
    try:
        yield
    except BadPacking as error:
        raise Malformed(f"What {host} sends is packed wrongly, or breaks off before its end.") from error
    except aiohttp.ClientConnectorCertificateError as error:
        raise Unreachable(_bad_certificate(host, error.certificate_error)) from error
    except aiohttp.ClientSSLError as error:
        raise Unreachable(f"There is no secure connection (https) to {host}.") from error
    except aiohttp.ClientConnectorError as error:
        reason = f": {error.strerror}" if error.strerror else ""
        raise Unreachable(f"There is no connection to {host}{reason}.") from error
    except aiohttp.ServerDisconnectedError as error:
        raise Unreachable(f"{host} closed the connection without an answer.") from error
    except aiohttp.ClientPayloadError as error:
        raise Malformed(_broken_off(host, error)) from error
    except aiohttp.ClientResponseError as error:
        raise Malformed(f"What {host} answers is not HTTP, or its headers are too long.") from error
    except (aiohttp.ClientError, OSError) as error:
        raise Unreachable(f"The connection to {host} broke off.") from error


def _bad_certificate(host: str, error: Exception) -> str:
    reason = error.verify_message if isinstance(error, ssl.SSLCertVerificationError) else "it can't be checked"
    return f"The certificate of {host} is not accepted: {reason}."


def _broken_off(host: str, error: aiohttp.ClientPayloadError) -> str:
    if isinstance(error.__cause__, aiohttp.http_exceptions.ContentLengthError):
        return f"What {host} sends is shorter than it says: it breaks off before its end."
    return f"What {host} sends breaks off, or breaks the rules of HTTP."
