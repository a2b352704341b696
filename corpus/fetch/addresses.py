"""Which addresses are public: pure rules on IPv4 and IPv6.

Sources: the IANA special-purpose address registries (RFC 6890 and its updates) as `ipaddress` knows them, and what
those leave open: whatever carries an IPv4 address inside is judged by that one too.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final, TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address

_CLOSED_V4: Final = (
    IPv4Network("192.0.0.0/24"),  # IETF protocol assignments, RFC 6890
    IPv4Network("192.88.99.0/24"),  # 6to4 relays, RFC 7526
)
_UNICAST_V6: Final = IPv6Network("2000::/3")  # all global unicast addresses given out, RFC 4291 section 2.4
_NAT64: Final = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are the IPv4 address that is reached
_CLOSED_V6: Final = (
    IPv6Network("2001::/23"),  # IETF protocol assignments: Teredo, benchmarks, ORCHID, RFC 2928
    IPv6Network("2001:db8::/32"),  # documentation, RFC 3849
    IPv6Network("2002::/16"),  # 6to4, RFC 3056
    IPv6Network("3fff::/20"),  # documentation, RFC 9637
)
_ISATAP: Final = frozenset({0x0000_5EFE, 0x0200_5EFE})  # RFC 5214 section 6.1, in front of an IPv4 address


def read_address(text: str) -> Address | None:
    """The address that `text` writes in its usual form, a zone (`%eth0`) included; None where it writes none."""
    try:
        return ip_address(text)
    except ValueError:
        return None


def is_public(address: Address) -> bool:
    """Whether anyone on the internet may be meant by it, and nobody inside of a network, a machine or a cloud."""
    if isinstance(address, IPv4Address):
        return _is_public_v4(address)
    if address.scope_id is not None:
        return False
    if address in _NAT64:
        return _is_public_v4(_last_four(address))
    if address not in _UNICAST_V6 or not address.is_global or any(address in closed for closed in _CLOSED_V6):
        return False
    is_isatap = (int(address) >> 32) & 0xFFFF_FFFF in _ISATAP
    return not is_isatap or _is_public_v4(_last_four(address))


def _is_public_v4(address: IPv4Address) -> bool:
    if address.is_multicast or address.is_reserved or address.is_unspecified:
        return False
    return address.is_global and not any(address in closed for closed in _CLOSED_V4)


def _last_four(address: IPv6Address) -> IPv4Address:
    return IPv4Address(int(address) & 0xFFFF_FFFF)


def numeric_host(host: str) -> IPv4Address | None:
    """The IPv4 address that programs read in `host`, in decimal, octal, hexadecimal or short form; None for a name.

    The rules are those of inet_aton and of the URL standard (https://url.spec.whatwg.org/#concept-ipv4-parser):
    1 to 4 parts, the last one filling what the others leave. Raises ValueError where the last part is a number but
    the whole is no address, such as `1.2.3.4.5` or `256.1.1.1`.
    """
    parts = host.removesuffix(".").split(".")
    if _number(parts[-1]) is None:
        return None
    numbers = [number for part in parts if (number := _number(part)) is not None]
    *front, last = numbers
    if len(numbers) != len(parts) or len(parts) > 4 or any(number > 255 for number in front):
        raise ValueError(host)
    if last >= 256 ** (5 - len(parts)):
        raise ValueError(host)
    return IPv4Address(sum(number << (24 - 8 * place) for place, number in enumerate(front)) + last)


def _number(part: str) -> int | None:
    """A part of a host as a number; None where it is a word, and for more digits than any address has."""
    digits, base = part.lower(), 10
    if digits.startswith("0x"):
        digits, base = digits[2:] or "0", 16
    elif len(digits) > 1 and digits.startswith("0"):
        digits, base = digits[1:], 8
    if not digits.isascii() or not digits.isalnum() or len(digits) > 63:
        return None
    try:
        return int(digits, base)
    except ValueError:
        return 1 << 32 if digits.isdigit() else None  # 09 is a number to look at, and none that is valid
