"""From the text of a link to what is fetched: scheme, host, port and path, each checked. Pure.

The host is given as it is looked up: in lower case, in ASCII, without a dot at its end. A host that is written in
letters or numbers that only look like it is refused, and the sentence says which host was meant.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

import idna

from corpus.fetch.addresses import Address, numeric_host, read_address
from corpus.fetch.errors import BadLink
from corpus.fetch.values import URL_MOST_CHARS

HostPort = tuple[str, int]

_PORTS: Final = {"http": 80, "https": 443}
_FIRST_FREE_PORT: Final = 1_024  # below it, other services of a machine listen (RFC 6335, section 6)
_HOST_MOST_CHARS: Final = 253  # RFC 1035, section 2.3.4, without the last dot
_LABEL: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_BRACKETED: Final = re.compile(r"\[[^\[\]]*\](?::[0-9]*)?")
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_KEPT: Final = "/:@!$&'()*+,;=~%-._"
_BROKEN_ESCAPE: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
_SINGLE_DOT: Final = re.compile(r"\.|%2e", re.IGNORECASE)
_DOUBLE_DOT: Final = re.compile(r"(?:\.|%2e){2}", re.IGNORECASE)
_DOT_OF_IDEOGRAPHS: Final = "\u3002"
_UNDECODED: Final = re.compile("[\udc80-\udcff]")  # a byte that is no UTF-8, as Python keeps it (PEP 383)


@dataclass(frozen=True, slots=True)
class Target:
    """What one request asks for: `path` begins with `/` and holds the query; `address` where the host is one."""

    scheme: str
    host: str
    port: int
    path: str
    address: Address | None = None

    @property
    def host_port(self) -> HostPort:
        """The host and the port that is asked."""
        return self.host, self.port

    @property
    def origin(self) -> str:
        """Scheme, host and port as in a link; the scheme's own port is left out."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" if self.port == _PORTS[self.scheme] else f"{self.scheme}://{host}:{self.port}"

    @property
    def url(self) -> str:
        """The whole link, all ASCII, without a fragment."""
        return self.origin + self.path

    @property
    def robots(self) -> Target:
        """Where the rules for this host stand (RFC 9309, section 2.3)."""
        return Target(self.scheme, self.host, self.port, "/robots.txt", self.address)


def read_host_ports(texts: Iterable[str]) -> frozenset[HostPort]:
    """The hosts and ports of `host:port` (`[::1]:8080` for IPv6); raises ValueError with the text that is none."""
    return frozenset(map(_host_port, texts))


def _host_port(text: str) -> HostPort:
    try:
        parts = urlsplit(f"//{text.strip()}")
        host, _ = _read_host(parts)
        port = parts.port
    except (ValueError, BadLink) as error:
        raise ValueError(f"{text!r} is not host:port") from error
    if port is None or parts.path or parts.query or parts.username is not None:
        raise ValueError(f"{text!r} is not host:port")
    return host, port


def read_target(text: str, allowed: frozenset[HostPort] = frozenset()) -> Target:
    """What the link asks for; raises BadLink. Hosts and ports of `allowed` may have any port and form of address."""
    link = text.strip()
    _check_characters(link)
    scheme = _scheme(link)
    try:
        parts = urlsplit(link)
        port = parts.port
    except ValueError as error:
        raise BadLink("This is no link that can be read: something is wrong with its host or its port.") from error
    if "@" in parts.netloc:
        raise BadLink("The link has a user name or a password in it; links with one are not fetched.")
    host, address = _read_host(parts)
    target = Target(scheme, host, _PORTS[scheme] if port is None else port, _path(parts), address)
    _check_port(target, allowed)
    if len(target.url) > 3 * URL_MOST_CHARS:
        raise BadLink("The link is too long once its characters are encoded.")
    return target


def follow(target: Target, location: str, allowed: frozenset[HostPort] = frozenset()) -> Target:
    """What a redirect of `target` to `location` asks for; raises BadLink."""
    link = _UNDECODED.sub(lambda byte: f"%{ord(byte[0]) - 0xDC00:02X}", location.strip())
    _check_characters(link)
    try:
        joined = urljoin(target.url, link)
    except ValueError as error:
        raise BadLink("This is no link that can be read.") from error
    return read_target(joined, allowed)


def _check_characters(link: str) -> None:
    """Nothing for a link of a usable length and characters; else raises BadLink."""
    if not link:
        raise BadLink("There is no link: the text is empty.")
    if len(link) > URL_MOST_CHARS:
        raise BadLink(f"The link is {len(link):,} characters long; at most {URL_MOST_CHARS:,} are fetched.")
    if any(character.isspace() for character in link):
        raise BadLink("The link has a space or a line break in it.")
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in link):
        raise BadLink("The link has a control character in it.")
    if "\\" in link:
        raise BadLink("The link has a backslash in it; links are written with slashes (/).")


def _scheme(link: str) -> str:
    found = _SCHEME.match(link)
    if found is None:
        raise BadLink("This is no link: it has to begin with http:// or https://.")
    scheme = found[1].lower()
    if scheme not in _PORTS:
        raise BadLink(f"Links that begin with {scheme[:20]}: are not fetched, only those with http:// or https://.")
    if not link[found.end() :].startswith("//"):
        raise BadLink(f"This is no link: {scheme}: has to be followed by // and a host.")
    return scheme


def _read_host(parts: SplitResult) -> tuple[str, Address | None]:
    """The host as it is looked up, and the address where it is one; raises BadLink."""
    host = parts.hostname or ""
    if not host.strip("."):
        raise BadLink("The link names no host.")
    if _BRACKETED.fullmatch(parts.netloc):
        return _bracketed(host)
    if "%" in host:
        meant = unquote(host, errors="replace")
        raise BadLink(f"The link's host is hidden behind percent signs; it means {_shown(meant)}.")
    name = _ascii_host(host)
    if len(name) > _HOST_MOST_CHARS or not all(map(_LABEL.fullmatch, name.split("."))):
        raise BadLink(f"{_shown(name)} is no host's name.")
    return _name_or_address(name)


def _bracketed(host: str) -> tuple[str, Address]:
    address = read_address(host)
    if address is None or address.version != 6:
        raise BadLink("The link's host is in brackets and is no IPv6 address.")
    if "%" in host:
        raise BadLink("The link's host names a network interface of one machine; such addresses are not fetched.")
    return str(address), address


def _name_or_address(name: str) -> tuple[str, Address | None]:
    try:
        address = numeric_host(name)
    except ValueError as error:
        raise BadLink(f"{_shown(name)} is neither a host's name nor an address.") from error
    if address is not None and str(address) != name:
        raise BadLink(f"The link's host {_shown(name)} is a strange way to write {address}, and is not fetched.")
    return name, address


def _ascii_host(host: str) -> str:
    """The host in lower case and ASCII; raises BadLink where that is not what the eye reads."""
    host = unicodedata.normalize("NFC", host).lower()
    meant = unicodedata.normalize("NFKC", host).replace(_DOT_OF_IDEOGRAPHS, ".").lower()
    if any(unicodedata.category(character) == "Cf" for character in host):
        raise BadLink("The link's host has invisible characters in it.")
    if meant != host:
        raise BadLink(f"The link's host is written with unusual characters; it means {_shown(meant)}.")
    host = host.removesuffix(".")
    if host.isascii():
        return host
    try:
        return idna.encode(host, uts46=False).decode("ascii")
    except idna.IDNAError as error:
        raise BadLink(f"{_shown(host)} is no host's name.") from error


def _shown(host: str) -> str:
    """A host for a sentence: not too long, nothing in it that is invisible or breaks the line."""
    visible = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in host)
    return visible if len(visible) <= 80 else f"{visible[:79]}…"


def _check_port(target: Target, allowed: frozenset[HostPort]) -> None:
    if target.host_port in allowed:
        return
    if target.port not in _PORTS.values() and target.port < _FIRST_FREE_PORT:
        raise BadLink(f"The link asks for port {target.port}; pages are fetched from 80, 443 and those from 1024 on.")


def _path(parts: SplitResult) -> str:
    """Path and query as they are sent: ASCII, without `.` and `..`."""
    path = "/".join(_without_dots(_encoded(parts.path, _KEPT).split("/")))
    query = f"?{_encoded(parts.query, _KEPT + '?')}" if parts.query else ""
    return (path if path.startswith("/") else f"/{path}") + query


def _encoded(text: str, kept: str) -> str:
    return quote(_BROKEN_ESCAPE.sub("%25", text), safe=kept)


def _without_dots(segments: list[str]) -> list[str]:
    """The path's segments after `.` and `..` are worked off (RFC 3986, section 5.2.4), encoded ones too."""
    kept: list[str] = []
    for place, segment in enumerate(segments):
        is_last = place == len(segments) - 1
        if _DOUBLE_DOT.fullmatch(segment):
            del kept[max(1, len(kept) - 1) :]
        elif not _SINGLE_DOT.fullmatch(segment):
            kept.append(segment)
            continue
        if is_last:
            kept.append("")
    return kept
