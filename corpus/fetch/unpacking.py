"""Packed bodies, unpacked piece by piece: never more at once than is wanted, whatever is packed inside."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Final, Protocol

ACCEPTED: Final = "gzip, deflate"
"""What is told to sites, as in the header Accept-Encoding (RFC 9110, section 12.5.3)."""

_PIECE_BYTES: Final = 65_536
_MOST_MEMBERS: Final = 1_000
"""A packed stream of more members than this is made to keep us busy."""
_GZIP_MAGIC: Final = b"\x1f\x8b"
_GZIP_BITS: Final = 16 + zlib.MAX_WBITS
_PLAIN_NAMES: Final = frozenset({"", "identity"})
_GZIP_NAMES: Final = frozenset({"gzip", "x-gzip"})


class BadPacking(Exception):
    """The body is not packed as it says it is, or ends too early."""


class Unpacker(Protocol):
    """Takes a body as it comes."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The next unpacked pieces; raises BadPacking."""

    def close(self) -> None:
        """Nothing where the body ended as it has to; else raises BadPacking."""


def unpacker(encoding: str) -> Unpacker | None:
    """The one for this Content-Encoding; None for one that was not asked for."""
    name = encoding.strip().lower()
    if name in _PLAIN_NAMES:
        return Plain()
    if name in _GZIP_NAMES:
        return Gzip()
    return Deflate() if name == "deflate" else None


class Plain:
    """What is not packed."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The same data."""
        yield data

    def close(self) -> None:
        """Always well: how long it is, HTTP says."""


class Gzip:
    """One gzip member after another (RFC 1952, section 2.2); what follows the last one is not looked at."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(_GZIP_BITS)
        self._members = 1
        self._waiting = b""  # the beginning of a member that may follow
        self._is_empty = True
        self._is_over = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The next unpacked pieces; raises BadPacking."""
        self._is_empty = self._is_empty and not data
        while data and not self._is_over:
            if self._member.eof:
                data = self._next_member(data)
                continue
            yield from _pieces(self._member, data)
            data = self._member.unused_data

    def _next_member(self, data: bytes) -> bytes:
        """What is left for the next member, which has begun; nothing where none follows."""
        start = self._waiting + data
        if start.startswith(_GZIP_MAGIC):
            self._members += 1
            if self._members > _MOST_MEMBERS:
                raise BadPacking
            self._member, self._waiting = zlib.decompressobj(_GZIP_BITS), b""
            return start
        self._waiting = start if _GZIP_MAGIC.startswith(start) else b""
        self._is_over = not self._waiting
        return b""

    def close(self) -> None:
        """Nothing where the last member is whole, or nothing came at all; else raises BadPacking."""
        if not self._member.eof and not self._is_empty:
            raise BadPacking


class Deflate:
    """A zlib stream (RFC 1950), or the bare deflate data (RFC 1951) that some sites send in its place."""

    def __init__(self) -> None:
        self._stream: zlib._Decompress | None = None
        self._start = b""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The next unpacked pieces; raises BadPacking."""
        if self._stream is None:
            self._start += data
            if len(self._start) < 2:
                return
            data, self._start = self._start, b""
            is_zlib = data[0] & 0x0F == zlib.DEFLATED and int.from_bytes(data[:2]) % 31 == 0
            self._stream = zlib.decompressobj(zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS)
        if not self._stream.eof:
            yield from _pieces(self._stream, data)

    def close(self) -> None:
        """Nothing where the stream is whole, or nothing came at all; else raises BadPacking."""
        if self._start or (self._stream is not None and not self._stream.eof):
            raise BadPacking


def _pieces(stream: zlib._Decompress, data: bytes) -> Iterator[bytes]:
    """What `data` adds to the stream, in pieces; raises BadPacking."""
    try:
        while not stream.eof:
            piece = stream.decompress(data, _PIECE_BYTES)
            if piece:
                yield piece
            data = stream.unconsumed_tail
            if not data and len(piece) < _PIECE_BYTES:
                return
    except zlib.error as error:
        raise BadPacking from error
