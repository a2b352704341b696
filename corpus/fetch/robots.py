"""What a site's robots.txt allows: the one door of protego (RFC 9309)."""

from __future__ import annotations

import math
import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from protego import Protego

from corpus.fetch.values import FetchLimits

PRODUCT: Final = "Amicus"
"""Our product token (RFC 9309, section 2.2.1): the name that a robots.txt calls us by."""

_AGENT_LINE: Final = re.compile(r"\s*user[- ]?agent(?:\s*:|\s)\s*(.*)", re.IGNORECASE)
_TOKEN: Final = re.compile(r"[A-Za-z_-]*")
_SOMEBODY_ELSE: Final = "somebody-else"


@dataclass(frozen=True, slots=True)
class Rules:
    """What a robots.txt says to us: `delay_seconds` is its Crawl-delay, 0 where it names none."""

    parsed: Protego
    delay_seconds: float
    chars: int

    def allows(self, url: str) -> bool:
        """Whether `url` may be fetched."""
        return self.parsed.can_fetch(url, PRODUCT)


def read_rules(data: bytes) -> Rules:
    """The rules in a robots.txt, whatever its bytes are."""
    text = "\n".join(map(_only_ours, data.decode("utf-8-sig", errors="replace").splitlines()))
    parsed = Protego.parse(text)
    delay = parsed.crawl_delay(PRODUCT) or 0.0
    return Rules(parsed, delay if math.isfinite(delay) and delay > 0 else 0.0, len(text))


def _only_ours(line: str) -> str:
    """The line, its agent replaced by one stranger where it is not us.

    So no robots.txt names more than three agents: each rule of a group is kept once for each of them. And a token has
    to be ours as a whole (section 2.2.1), where protego is content with a part.
    """
    found = _AGENT_LINE.fullmatch(line)
    if found is None:
        return line
    name = found[1]
    if name.startswith("*"):
        return "User-agent: *"
    token = _TOKEN.match(name)
    is_us = token is not None and token[0].lower() == PRODUCT.lower()
    return f"User-agent: {PRODUCT if is_us else _SOMEBODY_ELSE}"


class KnownRules:
    """The rules of the sites that were asked lately, by origin; the oldest go first, and all after their time."""

    def __init__(self, limits: FetchLimits, clock: Callable[[], float]) -> None:
        self._limits = limits
        self._clock = clock
        self._by_origin: OrderedDict[str, tuple[float, Rules]] = OrderedDict()
        self._chars = 0

    def of(self, origin: str) -> Rules | None:
        """The rules of this origin, where they are known and not too old."""
        read_at, rules = self._by_origin.get(origin, (-math.inf, None))
        return rules if self._clock() - read_at < self._limits.robots_kept_seconds else None

    def keep(self, origin: str, rules: Rules) -> None:
        """The rules of this origin are known from now on."""
        self._forget(origin)
        self._by_origin[origin] = self._clock(), rules
        self._chars += rules.chars
        while self._by_origin and self._is_too_much():
            self._forget(next(iter(self._by_origin)))

    def _is_too_much(self) -> bool:
        return len(self._by_origin) > self._limits.robots_origins or self._chars > self._limits.robots_kept_chars

    def _forget(self, origin: str) -> None:
        _, rules = self._by_origin.pop(origin, (0.0, None))
        if rules is not None:
            self._chars -= rules.chars
