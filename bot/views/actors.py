"""Who did something, as a message shows it: members are named by a mention, which rings nobody."""

from __future__ import annotations

import re
from typing import Final

from bot.limits import measure
from bot.views import markup

_NAME: Final = 60
# Discord's ids have 17 to 20 digits by now; those of tests may be shorter.
_IN_A_SENTENCE: Final = re.compile(
    r"\b(?:discord:[0-9]{1,20}|feed:[0-9]{1,19}|former:[0-9a-f]{8}|terminal:[\w@-]+(?:\.[\w@-]+)*)"
)
_STAND_IN: Final = "\ue000"


def actor(by: str) -> str:
    """The actor of an act as Markdown that is ready to show."""
    kind, _, name = by.partition(":")
    if kind == "discord" and name.isascii() and name.isdigit():
        return f"<@{name}>"
    if kind == "feed" and name.isascii() and name.isdigit():
        return f"feed {int(name)}"
    known = {"starter": "the starter collection", "former": "a former member", "amicus": "Amicus", "": "somebody"}
    if kind in known:
        return known[kind]
    if kind == "terminal":
        return f"{markup.line(name, _NAME) or 'somebody'} at the terminal"
    return markup.line(by, _NAME)


def told(sentence: str, limit: int) -> str:
    """The sentence on one line, escaped, at most `limit` long, with a capital and a full stop.

    The actors that it names are shown as `actor` shows them.
    """
    sentence = _whole(sentence)
    named = [actor(found[0]) for found in _IN_A_SENTENCE.finditer(sentence)]
    while sum(map(measure, named)) > limit // 2:
        named.pop()
    left_over = iter(named)
    marked = _IN_A_SENTENCE.sub(
        lambda found: _STAND_IN if next(left_over, None) is not None else found[0],
        sentence.replace(_STAND_IN, "\ufffd"),
    )
    written = markup.line(marked[:1].upper() + marked[1:], limit - sum(map(measure, named)))
    for one in named:
        written = written.replace(_STAND_IN, one, 1)
    return written


def _whole(said: str) -> str:
    """With its subject, where it only says what is wrong with something (`is empty`), and its full stop."""
    said = said.strip()
    if said.startswith(("is ", "has ", "holds ")):
        said = f"It {said}"
    return said if not said or said.endswith((".", "…", "!", "?", ":")) else f"{said}."
