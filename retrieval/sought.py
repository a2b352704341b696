"""Whether a sum was paid, awarded or fined, or only sought, offered or possible. Pure; English.

The nearest word of either sort in front of a sum decides, or what is said right behind it (`$3 million it had sought`).
"""

from __future__ import annotations

import re
from typing import Final

from corpus.model import Span

_I: Final = re.IGNORECASE
_SEEKS: Final = (
    r"(?:seek|sought|demand|request)\w*|ask(?:s|ed|ing)?\b[^,;]{0,30}? for|"
    r"ask(?:s|ed|ing)?\b[^,;]{0,40}? to (?:order|award|make|force|fine|impose|pay)|want(?:s|ed|ing)?|hop(?:es|ed|ing)|"
    r"(?:sues|sued|suing|suit|lawsuit|claims?|bid|plea|petition|campaign)\b[^,;.]{0,40}? (?:for|of)|claim(?:ed|ing)|"
    r"offer(?:s|ed|ing)?|propos(?:e[ds]?|al|ing)|urg(?:ed|ing)"
)
_POSSIBLE: Final = (
    r"could|may|might|would have|up to|as (?:much|high) as|maximum|potential(?:ly)?|possibl[ey]|threat(?:en\w*)?|"
    r"risk\w*|fac(?:e[ds]?|ing)"
)
_SETTLES: Final = (
    r"award(?:s|ed|ing)?|paid|pays|fin(?:ed|ing)|order(?:s|ed|ing)|agree[ds]? to|must|has to|had to|have to|will pay|"
    r"won|wins|receiv(?:ed|es)|recover(?:ed|s)|settl(?:ed|es|ing)|handed|granted|imposed|levied|penali[sz]ed|cost|"
    r"collected|spent|verdict|settlement|judgment"
)
_EITHER: Final = re.compile(rf"\b(?:(?P<sought>{_SEEKS}|{_POSSIBLE})|(?P<settled>{_SETTLES}))\b", _I)
_SOUGHT_BEHIND: Final = re.compile(
    r"(?: in \w+| \w+)?,? (?:that |which )?(?:the )?(?:[\w’']+ ){1,3}?(?:(?:had|has|have|was|were|is) )?(?:originally |"
    r"initially )?(?:sought|seeking|demanded|requested|asked for|wanted|claimed|offered|proposed)\b",
    _I,
)
_OF_ANOTHER_SUM: Final = re.compile(r"\b(?:that|which) (?:[\w’']+ ){0,2}(?:had|has|was|were) $", _I)
"""`out of $11 million that were claimed, plus …`: the word belongs to the sum before it."""
_CLAUSE_END: Final = re.compile(r";|, (?:but|while|whereas|though|although) ", _I)

_ASKS_SOUGHT: Final = re.compile(
    r"\b(?:seek|sought|demand|request|offer|propos)\w*|\b(?:ask(?:s|ed|ing)?|su(?:e[ds]?|ing)|petition\w*)\b.*\bfor\b"
    r"|\b(?:want|claim)(?:s|ed|ing)?\b",
    _I,
)
_ASKS_POSSIBLE: Final = re.compile(
    r"\b(?:could|may|might|can|would|maximum|most|up to|fac(?:e[ds]?|ing)|risk\w*|threat\w*|potential\w*|possibl[ey]|"
    r"at stake|estimat\w*|expect\w*|worth)\b",
    _I,
)
_ASKS_SETTLED: Final = re.compile(
    r"\b(?:pa(?:y|id|ys)|fine[ds]?|award(?:s|ed)?|won|win|wins|receive[ds]?|recover(?:ed)?|get|got|collect(?:ed)?|"
    r"ordered|settle[ds]?|verdict|settlement|judgment|payout|spen[dt]|penali[sz]ed)\b",
    _I,
)

NOT_SETTLED: Final = 0.15
"""What is left of a sum's fit where it was only sought and one that was paid is asked for."""
NOT_SOUGHT: Final = 0.5
"""The same the other way round."""


class Sought:
    """Which sums one question asks for: what was settled, what was sought, or any."""

    def __init__(self, asked: str) -> None:
        self._asks_sought = _ASKS_SOUGHT.search(asked) is not None
        is_open = self._asks_sought or _ASKS_POSSIBLE.search(asked) is not None
        self._asks_settled = not is_open and _ASKS_SETTLED.search(asked) is not None

    def level(self, text: str, span: Span) -> float:
        """A factor of the fit of a sum: less than 1 where it is of the other sort."""
        if not self._asks_settled and not self._asks_sought:
            return 1.0
        is_sought = is_only_sought(text, span)
        if is_sought is None or is_sought is self._asks_sought:
            return 1.0
        return NOT_SETTLED if self._asks_settled else NOT_SOUGHT


def is_only_sought(text: str, span: Span) -> bool | None:
    """Whether the sum was only sought or is only possible; None where nothing tells."""
    if _SOUGHT_BEHIND.match(text, span.end):
        return True
    begins = max(0, span.start - _REACH_CHARS)
    for border in _CLAUSE_END.finditer(text, begins, span.start):
        begins = border.end()
    told = None
    for found in _EITHER.finditer(text, begins, span.start):
        if not _OF_ANOTHER_SUM.search(text, max(0, found.start() - 30), found.start()):
            told = found
    return None if told is None else told["sought"] is not None


_REACH_CHARS: Final = 160
