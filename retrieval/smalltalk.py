"""Messages that are no questions: greetings, thanks, calls for help. Pure; English only."""

from __future__ import annotations

import re
from typing import Final

from retrieval.model import Topic

_I: Final = re.IGNORECASE
_GREETING: Final = re.compile(
    r"(?:hi|hello|hey|hiya|yo|good (?:morning|evening|afternoon|day|night)|greetings|howdy|sup|what'?s up|how are you(?: doing)?(?: today)?|how(?:'s| is) it going|nice to meet you|are you there|bye|goodbye|see you|lol|haha+|ok(?:ay)?|cool|test(?:ing)?|ping|yes|no|you there|good bot|bad bot|i love you|you suck|who am i|(?:tell|sing|write|make|give)(?: me)? (?:a |an |me a )?(?:joke|song|poem|limerick|haiku|rap)\b.*|(?:can|could|will|would) you (?:tell|sing|write|make)(?: me)? (?:a |me )?(?:joke|song|poem|story|friend)s?)",
    _I,
)
_THANKS: Final = re.compile(
    r"(?:thanks?(?: you)?(?: so much| a lot| very much)?|thank u|thx|ty|cheers|great|awesome|nice one|well done|good job|perfect|much appreciated|you(?:'re| are) (?:great|awesome|amazing|the best|right|helpful))",
    _I,
)
_HELP: Final = re.compile(
    r"(?:help(?: me)?|/?help|what can (?:you|this bot|amicus) do(?: for me)?|what (?:do|does) (?:you|this bot|amicus) (?:do|know)|who (?:are|r) (?:you|u)|who (?:made|built|created|wrote|programmed) (?:you|this bot|amicus)|what are you|what(?:'s| is) (?:this(?: bot)?|your name|amicus)|how (?:do|does|can) (?:i|you|this(?: bot| thing)?|we|it) (?:use|work|ask|use this bot|works)(?: you| this| it)?|how (?:do|does) (?:this|it|the) ?(?:bot )?works?|commands?|menu|start|are you (?:a bot|human|real|an ai|chatgpt|a robot)|what commands.*)",
    _I,
)
_ADDRESS: Final = re.compile(r"[\s,!.]*(?:there|amicus|bot|everyone|all|friend|guys|again|mate|man)?[\s,!?.…:;)(]*", _I)


_TOPICS: Final = ((_HELP, Topic.HELP), (_THANKS, Topic.THANKS), (_GREETING, Topic.GREETING))


def small_talk(text: str) -> Topic | None:
    """What a message wants that is no question; None where something else than small talk is in it.

    Several pieces in a row (`hi there, help`) are small talk as a whole; a call for help among them counts most.
    """
    rest = text.strip(_EDGES)
    if not any(c.isalnum() for c in rest):
        return Topic.EMPTY
    topics: list[Topic] = []
    while rest:
        piece = next(((topic, found) for pattern, topic in _TOPICS if (found := pattern.match(rest))), None)
        if piece is None:
            return None
        topic, found = piece
        behind = rest[found.end() :]
        if behind and behind[0].isalnum():
            return None  # only the beginning of a word
        address = _ADDRESS.match(behind)
        rest = behind[address.end() :] if address else behind
        topics.append(topic)
    return Topic.HELP if Topic.HELP in topics else topics[-1]


_EDGES: Final = " \t\r\n!?.,;:)(…"
