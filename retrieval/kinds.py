"""The kind of answer a question wants, from the way it is asked. Pure; English only.

The patterns are tried in order: the exact ones first, bare question words last.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """The kind of answer a question wants."""

    PERSON = "person"
    NAME = "name"
    ORGANISATION = "organisation"
    COURT = "court"
    LAW = "law"
    PLACE = "place"
    DATE = "date"
    DURATION = "duration"
    MONEY = "money"
    NUMBER = "number"
    PERCENT = "percent"
    AGE = "age"
    VOTE = "vote"
    DOCKET = "docket"
    QUOTE = "quote"
    REASON = "reason"
    DEFINITION = "definition"
    YES_NO = "yes_no"
    THING = "thing"
    EVENT = "event"


_I: Final = re.IGNORECASE
_ROLE_WORDS: Final = (
    r"(?:judges?|justices?|magistrates?|chancellor|ceos?|chief executives?|chief \w+ officers?|president|chair(?:man|woman|person)?|founders?|co-?founders?|head|boss|leader|"
    r"lawyers?|attorneys?|counsel|prosecutors?|spokes(?:man|woman|person)|commissioners?|secretary|minister|engineers?|authors?|whistleblowers?|witness(?:es)?|plaintiffs?|"
    r"defendants?|inventors?|creators?|founder|analysts?|economists?|experts?|professors?|officials?|cto|cfo|coo|director|senators?|governor|executives?|person|man|woman|people|"
    r"programmer|developer|researchers?|activists?|activist|editor|victim|student|mayor|attorney general|solicitor general)"
)
_BIG: Final = r"(?:fine|penalty|settlement|award|verdict|payment|sum|amount|price|deal|damages|bill|judgment|payout|stake|fee|cost|budget|bond|bail|reward|bounty|loan|valuation|revenue|debt|compensation|restitution|rate)"
_TIME_UNIT: Final = r"(?:days?|weeks?|months?|years?|hours?|minutes?|decades?)"
_ORG_WORDS: Final = r"(?:compan(?:y|ies)|firms?|agency|agencies|regulators?|organi[sz]ations?|publishers?|newspapers?|start-?ups?|groups?|watchdogs?|authority|authorities|platforms?|corporations?|parent|owner|vendor|provider|app|apps|parties|party|side|carriers?|studios?|labels?|union|department|commission|law firms?|broadcaster|retailer|chipmaker|outlets?|websites?|service|business|hospitals?|universit(?:y|ies)|schools?|banks?|insurers?|dealers?|makers?|lenders?|airlines?|museum|library|charity|church|team|club)"
_LAW_WORDS: Final = r"(?:laws?|statutes?|acts?|bills?|legislation|regulations?|rules?|section|amendment|directive|clause|provision|treaty|code)"
_ASKS: Final = r"(?:what|which|in what|in which|on what|under what|under which|by which|what's|whats)"

_KINDS: Final[tuple[tuple[re.Pattern[str], Kind], ...]] = tuple(
    (re.compile(pattern, _I), kind)
    for pattern, kind in (
        (r"\b(?:docket|case|file|index|civil action) (?:number|no\b\.?)|\bdocket\b", Kind.DOCKET),
        (r"\b(?:what|which|by what) (?:was |is |were )?(?:the )?(?:\w+ ){0,2}(?:vote|margin|split|tally)\b", Kind.VOTE),
        (r"\bhow old\b|\bwhat age\b", Kind.AGE),
        (rf"\bhow (?:many|much) {_TIME_UNIT}\b|\bhow long\b|\bfor how long\b|\bwhat (?:was|is) the (?:length|duration|prison term|sentence)\b|\bhow (?:much time|soon|quickly)\b|\bwhat (?:prison |jail )?(?:sentence|term)\b", Kind.DURATION),
        (r"\bwhat (?:percentage|percent|share|proportion|fraction|portion|part)\b|\bhow many percent\b|\bhow much of\b", Kind.PERCENT),
        (rf"\bhow (?:big|large|high|small|steep|hefty|heavy|expensive|costly)\b[^?]*\b{_BIG}|\b{_ASKS} (?:\w+ ){{0,3}}{_BIG}\b(?! (?:about|over|case|based))|\bhow (?:big|large|high|steep|expensive|costly)\b(?= (?:was|is|were|are) )|\bhow much\b|\bhow many (?:dollars|euros|pounds|yen|francs)\b|\b(?:valued at|worth)\b|\bwhat did [^?]* (?:cost|pay)\b|\bwhat (?:does|do|must|will) [^?]* (?:cost|pay|owe)\b", Kind.MONEY),
        (r"\bhow many\b|\bwhat number\b|\bwhat is the number\b|\bnumber of\b(?=[^?]*\?)|\bhow often\b", Kind.NUMBER),
        (r"\bwhen\b|\b(?:what|which|in what|in which|on what|on which) (?:\w+ )?(?:year|date|day|month|time|week|quarter)\b|\bdeadline\b|\bby what date\b|\bas of what date\b|\bwhat time\b|\bsince when\b", Kind.DATE),
        (r"\b(?:what|how) (?:did|does|do|has|had|have|was|were|is) [^?]*?\b(?:say|said|saying|tell|told|write|wrote|written|call|called it|describe|described|respond|responded|response|react|reacted|reaction|argue|argued|comment|commented|explain|explained|warn|warned|claim|claimed|put it|characteri[sz]e|state|stated|tweet|tweeted|think|promise|promised|announce|announced)\b(?! (?:in|the) (?:court|name))", Kind.QUOTE),
        (r"\bwhy\b|\bwhat (?:was|is|were|are)? ?(?:the )?(?:\w+ )?(?:reasons?|grounds?|basis|rationale|motive|cause)\b|\bon what (?:grounds?|basis)\b|\bhow come\b|\bwhat (?:for|led|caused|prompted|made)\b|\bfor what\b", Kind.REASON),
        (r"\b(?:which|what|whose|in which|in what|by which|at which) (?:\w+ ){0,2}?(?:court|circuit|tribunal|bench)(?:'s|s)?\b|\bwhere\b[^?]*\b(?:sue|sued|file|filed|filing|litigated|heard|pending|appeal|appealed|tried|lawsuit)\b", Kind.COURT),
        (rf"\b(?:which|what|under which|under what) (?:\w+ ){{0,3}}?{_LAW_WORDS}\b(?! firms?)|\bwhat was the [^?]*\b{_LAW_WORDS} (?:called|named)\b", Kind.LAW),
        (r"\bwhere\b|\b(?:which|what|in which|in what) (?:\w+ )?(?:city|country|state|place|town|location|county|region|nation|capital)\b", Kind.PLACE),
        (rf"\b(?:which|what|whose) (?!did\b|does\b|do\b|has\b|had\b|will\b|happened\b)(?:\w+ ){{0,3}}?{_ROLE_WORDS}\b(?! (?:did|does|say))|\bname (?:of )?the (?:\w+ )?{_ROLE_WORDS}\b", Kind.PERSON),
        (rf"\b(?:which|what|whose) (?:\w+ ){{0,2}}?{_ORG_WORDS}\b|\b(?:what|who) (?:is|was|are) [^?]*\b(?:parent company|parent|owner|maker|publisher)\b|\bwhose\b", Kind.ORGANISATION),
        (r"\bwho\b|\bwhom\b|\bwho's\b|\bwhos\b", Kind.PERSON),
        (r"\bwhat (?:has )?happened\b|\bwhat's (?:new|the latest|going on)\b|\bwhat is the (?:latest|status)\b|\b(?:latest|status|update|news)\b|\bhow did [^?]* (?:end|go|turn out)\b|\btell me about\b|\boutcome\b|\bresult\b", Kind.EVENT),
        (r"\bwhat(?:'s| is| are| was| were) (?:the )?(?:new |old |real |full |former |current )?(?:name|title|nickname)\b|\bwhat [^?]*\b(?:called|named|known as|titled|dubbed)\b", Kind.NAME),
        (r"\b(?:what|which|how)\b", Kind.THING),
        (r"^(?:(?:so|and|but|hey|hi|ok|okay|please|well),? )*(?:did|does|do|is|are|was|were|has|have|had|can|could|will|would|should|may|must|isn't|didn't|wasn't|doesn't|hasn't|aren't|won't)\b", Kind.YES_NO),
    )
)  # fmt: skip

QUOTED: Final = re.compile(r"[\"“”„«»]([^\"“”„«»]{2,200})[\"“”„«»]")
"""A quoted phrase, its words in group 1."""


def kind_of(asked: str) -> Kind:
    """The kind of answer; a phrase without a question word asks what happened."""
    unquoted = QUOTED.sub(lambda m: " " * len(m[0]), asked).replace("’", "'")
    for pattern, kind in _KINDS:
        if pattern.search(unquoted):
            return kind
    return Kind.EVENT if "?" not in unquoted else Kind.THING
