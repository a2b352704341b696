"""What goes wrong on purpose, and rate limits: from "Rate Limits"."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, field

WINDOW_S = 5.0
# Requests a window and bucket; the interaction endpoints have none that matters.
LIMITS = {"/channels/{channel_id}/messages": 5, "/webhooks/{webhook_id}/{webhook_token}": 5}
DEFAULT_LIMIT = 50
_MAJOR = ("channel_id", "guild_id", "webhook_id", "webhook_token", "interaction_token")


@dataclass(slots=True)
class Trouble:
    """An arranged misfortune for requests of this method whose route's template holds this text."""

    method: str
    route: str
    status: int | None = None
    delay_s: float = 0.0
    retry_after_s: float = 0.0
    whole_bot: bool = False
    hangs_up: bool = False
    left: int | None = None

    def strikes(self, method: str, template: str) -> bool:
        """Whether it hits this request; each hit counts."""
        if self.left == 0 or self.method not in {method, "*"} or self.route not in template:
            return False
        if self.left is not None:
            self.left -= 1
        return True


@dataclass(slots=True)
class Bucket:
    """One rate limit bucket: how many requests are left in the window under way."""

    name: str
    limit: int
    used: int = 0
    started: float = field(default_factory=time.monotonic)

    def take(self) -> bool:
        """One request is counted; False where the window has none left."""
        if time.monotonic() - self.started >= WINDOW_S:
            self.used, self.started = 0, time.monotonic()
        self.used += 1
        return self.used <= self.limit

    @property
    def resets_after_s(self) -> float:
        """Seconds until the window ends."""
        return max(0.0, WINDOW_S - (time.monotonic() - self.started))

    def headers(self) -> dict[str, str]:
        """The headers of an answer."""
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(max(0, self.limit - self.used)),
            "X-RateLimit-Reset": f"{time.time() + self.resets_after_s:.3f}",
            "X-RateLimit-Reset-After": f"{self.resets_after_s:.3f}",
            "X-RateLimit-Bucket": self.name,
        }


class Buckets:
    """All buckets: one a route and major parameter."""

    def __init__(self) -> None:
        self._buckets: dict[str, Bucket] = {}

    def of(self, method: str, template: str, parts: dict[str, str]) -> Bucket:
        """The bucket that a request draws on."""
        name = hashlib.sha256(f"{method} {template}".encode()).hexdigest()[:32]
        major = "/".join(parts.get(one, "") for one in _MAJOR)
        key = f"{name}/{major}"
        if key not in self._buckets:
            self._buckets[key] = Bucket(name, LIMITS.get(template, DEFAULT_LIMIT))
        return self._buckets[key]
