"""Links and addresses of any form: nothing that is not public passes."""

from __future__ import annotations

import gzip
import socket
import zlib
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, IPv6Network

from hypothesis import given
from hypothesis import strategies as st

from corpus.fetch import FetchError
from corpus.fetch.addresses import is_public, numeric_host, read_address
from corpus.fetch.targets import follow, read_target
from corpus.fetch.unpacking import BadPacking, unpacker
from corpus.fetch.values import URL_MOST_CHARS

V4 = st.ip_addresses(v=4).filter(lambda address: isinstance(address, IPv4Address))
PREFIXES = (
    "::/96",
    "::ffff:0:0/96",
    "64:ff9b::/96",
    "64:ff9b:1::/96",
    "2a00:1450:4001:1:0:5efe::/96",
    "2a00::200:5efe:0:0/96",
)
EMBEDDING = st.builds(
    lambda prefix, four: IPv6Address(int(IPv6Network(prefix).network_address) | four),
    st.sampled_from(PREFIXES),
    st.integers(0, 2**32 - 1),
)
SIX_TO_FOUR = st.builds(
    lambda four, rest: IPv6Address((0x2002 << 112) | (four << 80) | rest),
    st.integers(0, 2**32 - 1),
    st.integers(0, 2**80 - 1),
)
TEREDO = st.integers(0, 2**96 - 1).map(lambda rest: IPv6Address((0x2001_0000 << 96) | rest))
ANY = st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6), EMBEDDING, SIX_TO_FOUR, TEREDO)


def inner(address: IPv6Address) -> list[IPv4Address]:
    """Every IPv4 address that a known way of embedding would read in it."""
    found = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    low = IPv4Address(int(address) & 0xFFFF_FFFF)
    if address in IPv6Network("64:ff9b::/96") or (int(address) >> 32) & 0xFDFF_FFFF == 0x5EFE:
        found.append(low)
    return [four for four in found if four is not None]


@given(ANY)
def test_only_an_address_that_is_global_and_holds_no_private_one_is_public(address: IPv4Address | IPv6Address) -> None:
    if not is_public(address):
        return
    assert address.is_global
    closed = [address.is_private, address.is_loopback, address.is_link_local, address.is_multicast]
    assert not any([*closed, address.is_unspecified])
    assert address in IPv6Network("64:ff9b::/96") or not address.is_reserved
    if isinstance(address, IPv6Address):
        assert all(four.is_global and not four.is_multicast for four in inner(address))


@given(st.ip_addresses(v=4))
def test_a_mapped_or_tunnelled_address_is_never_public(four: IPv4Address) -> None:
    assert not is_public(IPv6Address(f"::ffff:{four}"))
    assert not is_public(IPv6Address(f"::{four}"))
    assert not is_public(IPv6Address((0x2002 << 112) | (int(four) << 80)))
    assert is_public(IPv6Address(f"64:ff9b::{four}")) == is_public(four)


def forms(number: int) -> st.SearchStrategy[str]:
    return st.sampled_from([str(number), hex(number), hex(number).upper().replace("X", "x"), f"0{number:o}"])


@st.composite
def written(draw: st.DrawFn) -> tuple[IPv4Address, str]:
    """An address and one of the ways in which inet_aton reads it."""
    address = draw(st.integers(0, 2**32 - 1))
    parts = draw(st.integers(1, 4))
    front = [(address >> (24 - 8 * place)) & 0xFF for place in range(parts - 1)]
    last = address & ((1 << (8 * (5 - parts))) - 1)
    return IPv4Address(address), ".".join([draw(forms(number)) for number in (*front, last)])


@given(written())
def test_every_way_to_write_an_address_is_read_as_the_system_reads_it(row: tuple[IPv4Address, str]) -> None:
    address, text = row
    assert numeric_host(text) == address == IPv4Address(socket.inet_aton(text))


@given(st.text("0123456789abcdefx.", max_size=24))
def test_what_the_system_reads_as_an_address_is_never_taken_for_a_name(text: str) -> None:
    try:
        address = IPv4Address(socket.inet_aton(text))
    except OSError:
        return
    with suppress(ValueError):
        assert numeric_host(text) == address


@given(st.one_of(st.text(max_size=80), st.text("http://[]@:#?%./\\localhost127。１\t ", max_size=60)), st.booleans())
def test_any_text_is_refused_or_asks_a_plain_host(text: str, with_scheme: bool) -> None:  # noqa: FBT001 - drawn
    try:
        target = read_target(f"http://{text}" if with_scheme else text)
    except FetchError:
        return
    assert target.scheme in {"http", "https"}
    assert target.port in {80, 443} or 1_024 <= target.port < 65_536
    assert target.host.isascii()
    assert target.host == target.host.lower()
    assert target.path.startswith("/")
    assert target.url.isascii()
    assert target.url.isprintable()
    assert not set(target.url) & set(' \\\t\r\n<>"')
    assert len(target.url) <= 3 * URL_MOST_CHARS
    if target.address is None:
        assert read_address(target.host) is None
        assert numeric_host(target.host) is None
    assert read_target(target.url) == target  # written once, it stays as it is


@given(st.text(st.characters(max_codepoint=0x3FFF), max_size=80))
def test_any_place_to_send_on_to_is_refused_or_asks_a_plain_host(location: str) -> None:
    start = read_target("https://news.example/a/b?c")
    with suppress(FetchError):
        target = follow(start, location)
        assert target.url.isascii()
        assert read_target(target.url) == target


@given(st.binary(max_size=3_000), st.sampled_from(["gzip", "deflate"]), st.integers(1, 700))
def test_what_was_packed_is_unpacked_however_it_is_cut_up(data: bytes, encoding: str, size: int) -> None:
    packed = gzip.compress(data) + gzip.compress(data) if encoding == "gzip" else zlib.compress(data)
    unpack = unpacker(encoding)
    assert unpack is not None
    pieces = [packed[place : place + size] for place in range(0, len(packed), size)]
    assert b"".join(got for piece in pieces for got in unpack.feed(piece)) == data * (2 if encoding == "gzip" else 1)
    unpack.close()


@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate"]), st.integers(0, 400))
def test_what_is_cut_short_is_never_taken_for_whole(data: bytes, encoding: str, kept: int) -> None:
    packed = gzip.compress(data) if encoding == "gzip" else zlib.compress(data)
    unpack = unpacker(encoding)
    assert unpack is not None
    try:
        for _ in unpack.feed(packed[: min(kept, len(packed) - 1)]):
            pass
        unpack.close()
    except BadPacking:
        return
    assert kept == 0


@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate"]))
def test_any_bytes_are_unpacked_or_refused(data: bytes, encoding: str) -> None:
    unpack = unpacker(encoding)
    assert unpack is not None
    with suppress(BadPacking):
        assert sum(len(piece) for piece in unpack.feed(data)) < 2_000_000
        unpack.close()
