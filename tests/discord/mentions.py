"""Which mentions in a message would ring somebody, under the allowed mentions sent with it.

From "Message", section Allowed Mentions Object. Where there is a doubt (mentions in code, escaped ones, a bot that may
not mention everyone) the mention counts: a bot that pings nobody has no need of the benefit of the doubt.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.discord.faults import Fault
from tests.discord.shapes import items, table, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tests.discord.shapes import JsonValue

_USER = re.compile(r"<@!?(\d{1,20})>")
_ROLE = re.compile(r"<@&(\d{1,20})>")
_EVERYONE = re.compile(r"@(?:everyone|here)\b")
_KINDS = ("everyone", "roles", "users")


def pings(texts: Iterable[str], allowed: JsonValue) -> tuple[str, ...]:
    """The mentions that ring, as written, in their order and once each; ``allowed`` None means all are parsed."""
    rings = (mention for one in texts for mention in _in_text(one, allowed))
    return tuple(dict.fromkeys(rings))


def _in_text(content: str, allowed: JsonValue) -> Iterator[str]:
    for pattern, kind in ((_EVERYONE, "everyone"), (_ROLE, "roles"), (_USER, "users")):
        for match in pattern.finditer(content):
            if _is_allowed(kind, match.group(match.lastindex or 0), allowed):
                yield match.group(0)


def _is_allowed(kind: str, target: str, allowed: JsonValue) -> bool:
    if allowed is None:
        return True
    rules = table(allowed)
    return kind in items(rules.get("parse")) or target in [str(one) for one in items(rules.get(kind))]


def allowed_mention_faults(allowed: JsonValue) -> Iterator[Fault]:
    """What is wrong with an allowed mentions object: unknown kinds, too many ids, ids beside their own kind."""
    rules = table(allowed)
    parse = [text(kind) for kind in items(rules.get("parse"))]
    for position, kind in enumerate(parse):
        if kind not in _KINDS:
            path = ("allowed_mentions", "parse", position)
            yield Fault(path, "BASE_TYPE_CHOICES", f"Value must be one of {_KINDS}.")
    for kind in ("roles", "users"):
        listed = items(rules.get(kind))
        if listed and kind in parse:
            message = f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.'
            yield Fault(("allowed_mentions",), "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", message)
        if len(listed) > 100:
            yield Fault(("allowed_mentions", kind), "BASE_TYPE_MAX_LENGTH", "Must be 100 or fewer in length.")
