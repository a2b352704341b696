"""The kind of answer a question wants, from the way it is asked. Pure; English only.

The interrogative of the main clause decides, and behind `what`, `which` or `whose` the head of the noun phrase
(`data/kinds.yaml`): `Which small business owner paid by hand when the servers failed?` asks for a person, not for a
time. Patterns tell what no noun can: `how far`, `what did X pay`, `what led to`.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from typing import Final

from retrieval.nouns import is_plural, term_at


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


QUOTED: Final = re.compile(r"[\"“”„«»]([^\"“”„«»]{2,200})[\"“”„«»]")
"""A quoted phrase, its words in group 1."""


def kind_of(asked: str) -> Kind:
    """The kind of answer; a phrase that asks for nothing wants to know what happened."""
    unquoted = QUOTED.sub(lambda m: " " * len(m[0]), asked)
    return _kind_of(_spelt_out(unquoted))


@lru_cache(maxsize=256)
def _kind_of(text: str) -> Kind:
    lead = _LEAD.match(text)
    text = text[lead.end() :] if lead else text
    polite = _POLITE.match(text)
    text = text[polite.end() :] if polite else text
    found = _main_interrogative(text)
    if found:
        return _by_interrogative(found[0], text[: found.start()], text[found.end() :])
    if not polite and _AUXILIARY_FIRST.match(text):
        return Kind.YES_NO
    return _of_phrase(text)


_SLOPPY: Final = tuple(
    (re.compile(pattern), plain)
    for pattern, plain in (
        (r"\b(who|what|where|when|why|how)(?:'s|s)\b(?!')", r"\1 is"),
        (r"\b(who|what|where|when|why|how)(?:'re|re)\b", r"\1 are"),
        (r"\b(who|what|where|when|why|how)(?:'d|d)\b", r"\1 did"),
        (r"\b(?:wat|wut|wht|waht)\b", "what"),
        (r"\bwich\b", "which"),
        (r"\bwen\b(?= (?:did|does|do|is|was|will))", "when"),
        (r"\b(?:y|wy)\b(?= (?:did|does|do|is|was|were|are|has|have|would|will|not)\b)", "why"),
        (r"\bhow come\b", "why"),
        (r"\bhowcome\b", "why"),
        (r"\b(did|do|does|is|was|were|are|has|have|had|would|could|should|ca|wo)n'?t\b", r"\1 not"),
    )
)


def _spelt_out(asked: str) -> str:
    """In small letters, on one line, with the short forms of question words written out."""
    text = " ".join(asked.lower().replace("’", "'").split())
    for pattern, plain in _SLOPPY:
        text = pattern.sub(plain, text)
    return text


_AUXILIARY: Final = (
    r"(?:did|does|do|is|are|was|were|has|have|had|can|could|will|would|should|shall|may|might|must|ca|wo|am|isn|aren)"
)
_AUXILIARY_FIRST: Final = re.compile(rf"{_AUXILIARY}\b")
_LEAD: Final = re.compile(
    r"(?:(?:so|and|but|or|hey|hi|hello|ok|okay|please|pls|plz|well|also|then|now|just|um|uh|yo|amicus|quick question|question|sorry|thanks|btw|fyi)\b[,:;.!-]*\s*)*"
)
_POLITE: Final = re.compile(
    r"(?:(?:can|could|would|will) (?:you|u|anyone|someone|somebody|anybody) (?:please |pls |kindly )?(?:tell|explain|say|give|list|name|show|remind|find|clarify|confirm)\b(?: (?:me|us))?"
    r"|(?:do|does|did|would) (?:you|u|anyone|someone|anybody|somebody|we) (?:happen to )?(?:know|remember|recall)|(?:tell|remind|show) (?:me|us)|(?:any|no) idea|anyone know|i (?:want|need|would like|wanted) to know|i (?:am|was) wondering|(?:just )?wondering|is it known|do we know)\b,?\s*(?:(?:about|exactly|if)\b\s*)?"
)
_QUESTION_WORD: Final = re.compile(r"\b(?:who|whom|whose|what|which|when|where|why|how)\b")
_BEFORE_IT: Final = re.compile(
    r"(?:(?:in|on|at|for|by|to|from|with|under|of|through|within|below|between|against|about|as|since|until|till|after|before|into|over|during|per|above|near|behind|than|besides|upon|according|out|exactly|roughly|approximately|about|around|and|via|inside|across|beyond|up) )*(?:the )?"
)
_SUBORDINATE: Final = re.compile(
    r"(?:when|where|while|after|before|if|since|because|once|although|though|during|following|besides|despite|according|under|in|at|on|for|as|with|of|from|by|without|until|apart|aside|given|among|"
    r"unlike|like|per|regarding|concerning|whereas)\b"
)
_ASKS_WHEN: Final = re.compile(rf" (?:{_AUXILIARY}\b|exactly|else|and|or)")
_CLAUSE_OPENS: Final = re.compile(
    r"(?:[,;:.?!—–-] ?|\b(?:know|tell me|explain|remember|wondering|wonder|ask|asking|idea|curious|see|find out|understand|say|and|but|then)\b,? )(?:(?:in|on|at|for|by|to|from|with|under|of|"
    r"through|within|below|between|against|about|as|since|until|exactly) )*$"
)


def _main_interrogative(text: str) -> re.Match[str] | None:
    """The question word of the main clause; None where only subordinate clauses have one."""
    found = list(_QUESTION_WORD.finditer(text))
    if not found:
        return None
    opens = _BEFORE_IT.fullmatch(text[: found[0].start()]) is not None
    if opens and not _is_subordinate(text, found):
        return found[0]
    auxiliary = _AUXILIARY_FIRST.match(text)
    begins_below = opens or _SUBORDINATE.match(text)
    for one in found[opens:]:
        before = text[: one.start()]
        if auxiliary and not re.search(r",? and (?:\w+ )?$", before):
            continue
        if _CLAUSE_OPENS.search(before) and (begins_below or auxiliary or not _is_relative(one[0], before)):
            return one
    if auxiliary:
        return None
    return next((one for one in reversed(found) if _stands_in_place(text, one)), None)


def _is_subordinate(text: str, found: list[re.Match[str]]) -> bool:
    """Whether the first question word only begins a clause of time or place (`When X left, who …?`)."""
    first = found[0]
    if first[0] not in {"when", "where"} or len(found) < 2 or _ASKS_WHEN.match(text, first.end()):
        return False
    return any(_CLAUSE_OPENS.search(text[: one.start()]) for one in found[1:])


def _is_relative(word: str, before: str) -> bool:
    """`the judge, who ruled`: a question word behind a comma, where nothing shows a question's main clause."""
    return word in {"who", "whom", "whose", "which", "where", "when"} and before.rstrip().endswith(",")


def _stands_in_place(text: str, found: re.Match[str]) -> bool:
    """`It was sued by which company?`: the question word stands where the answer would."""
    behind = text[found.end() :].strip(" ?.!")
    if found[0] in {"what", "how"}:
        return bool(re.match(r"(?:many|much|long|old|far|often|big)\b", behind)) if found[0] == "how" else True
    if found[0] in {"which", "whose"}:
        return _noun(f" {behind}") is not None and len(behind.split()) <= 3
    return not behind


def _by_interrogative(word: str, before: str, rest: str) -> Kind:
    if word in {"what", "which"}:
        return _by_what(before, rest)
    if word == "how":
        return _by_how(rest)
    if word in {"who", "whom"}:
        copular = _COPULAR.match(rest)
        return Kind.ORGANISATION if copular and _noun(rest[copular.end() :]) is Kind.ORGANISATION else Kind.PERSON
    if word == "where":
        return next((kind for pattern, kind in _WHERE if pattern.search(rest)), Kind.PLACE)
    return {"when": Kind.DATE, "why": Kind.REASON}.get(word, Kind.PERSON)


def _patterns(*pairs: tuple[str, Kind]) -> tuple[tuple[re.Pattern[str], Kind], ...]:
    return tuple((re.compile(pattern), kind) for pattern, kind in pairs)


_SAYING: Final = (
    r"(?:say|said|saying|tell|told|write|wrote|written|call|called it|describe|described|respond|responded|response|react|reacted|reaction|argue|argued|comment|commented|explain|explained|"
    r"warn|warned|claim|claimed|put it|characteri[sz]e|characteri[sz]ed|state|stated|tweet|tweeted|think|promise|promised|announce|announced|reply|replied|insist|insisted|defend (?:itself|himself|herself|themselves)|"
    r"answer|answered|apologi[sz]e|testify|testified|remark|remarked|phrase|phrased|word it|note|noted)"
)
_MONEY_NOUN: Final = r"(?:fines?|penalt(?:y|ies)|settlements?|awards?|verdicts?|payments?|sums?|prices?|deals?|damages|bills?|judgments?|payouts?|stakes?|fees?|costs?|budgets?|bonds?|bail|rewards?|bount(?:y|ies)|loans?|valuation|revenues?|debts?|compensation|restitution|bonus|salar(?:y|ies)|ransom|losses|profits?|bids?|investment|grant|donation|refunds?|royalt(?:y|ies)|discount|offer|raise|round)"
_NUMBER_NOUN: Final = r"(?:audience|crowd|workforce|staff|class|team|population|turnout|readership|following|user base|membership|service|site|group|database|company|firm|network|library|collection)"
_SHARES: Final = r"(?:shares?|stocks?|prices?|sales|revenues?|profits?|traffic|value|index|rates?)"
_MOVES: Final = r"(?:rise|rose|fall|fell|drop|dropped|gain|gained|jump|jumped|climb|climbed|slide|slid|slip|slipped|lose|lost|decline|declined|grow|grew|plunge|plunged|sink|sank|increase|increased|decrease|decreased|go up|go down|went up|went down)"
_WHERE: Final = _patterns(
    (r"\b(?:stock|share) price\b|\bshares\b.*\b(?:close|closed|end|land|finish)\b", Kind.MONEY),
    (r"^ (?:does|do|did|is|are|was|were) .*\b(?:stand|standing|at now)\b|^ (?:do|are) (?:things|we)\b", Kind.EVENT),
    (
        r"\b(?:sue|sued|file|filed|filing|litigated|heard|pending|appeal|appealed|tried|lawsuit|sues|docketed)\b",
        Kind.COURT,
    ),
    (
        r"^ (?:did|does|do|had|has|have) .*\b(?:get|got|obtain|take|learn|find|found|come up with)\b.*\bfrom\b",
        Kind.THING,
    ),
)
_HOW: Final = _patterns(
    (
        r"^ (?:many|much) (?:more |fewer |other |whole |full |calendar |business |consecutive |straight )?(?:days?|weeks?|months?|years?|hours?|minutes?|decades?|seconds?|time)\b(?! (?:has|have|had) .*\b(?:sued|been))",
        Kind.DURATION,
    ),
    (
        r"^ long (?:ago|before|after)\b|^ (?:long|soon|quickly|slow|slowly|fast did|swiftly|promptly)\b|^ far (?:ahead|in advance|back)\b|^ (?:much|many) longer\b",
        Kind.DURATION,
    ),
    (r"^ (?:old|young)\b", Kind.AGE),
    (r"^ (?:close|lopsided|divided|split)\b|^ (?:did|was|were) .*\b(?:vote|voted|split|divided)\b", Kind.VOTE),
    (r"^ late\b", Kind.DATE),
    (
        rf"^ (?:did|have|has|were|was) [^?]*\b(?:shares?|stocks?)(?: prices?)? (?:move|react|perform|{_MOVES[3:]}\b",
        Kind.PERCENT,
    ),
    (
        rf"^ much of\b|^ many percent\b|^ much (?:did|do|does|has|have|had) (?:[\w']+ ){{0,4}}?{_SHARES}\b.*\b{_MOVES}\b|^ (?:much|far) (?:did|have|has|do) [^?]*\b{_SHARES} {_MOVES}\b|^ much (?:stock|equity|ownership)\b|^ (?:big|large) (?:a|an|is the|was the|of a) (?:\w+ )?(?:share|stake|slice|cut|portion|percentage|discount|increase|cut)\b",
        Kind.PERCENT,
    ),
    (r"^ many (?:dollars|euros|pounds|yen|francs|cents|rupees|yuan|won|pesos)\b", Kind.MONEY),
    (
        r"^ (?:many|few|often|frequently|numerous)\b|^ (?:fast|tall|high|deep|wide|heavy|far|hot|cold|bright|strong|loud)\b(?!.*\b"
        + _MONEY_NOUN
        + r"\b)",
        Kind.NUMBER,
    ),
    (
        rf"^ (?:big|large|high|small|steep|hefty|heavy|expensive|costly|low|rich|generous|cheap|stiff|pricey|tall)\b[^?]*\b{_MONEY_NOUN}\b",
        Kind.MONEY,
    ),
    (rf"^ (?:big|large|small)\b[^?]*\b{_NUMBER_NOUN}\b", Kind.NUMBER),
    (r"^ (?:much|big|large|high|steep|expensive|costly|valuable|rich|hefty|small|low|cheap)\b", Kind.MONEY),
    (rf"^ (?:{_AUXILIARY}) [^?]*?\b{_SAYING}\b(?! (?:in|the) (?:court|name))", Kind.QUOTE),
    (
        rf"^ (?:{_AUXILIARY}) [^?]*\b(?:end|go|turn out|fare|fared|ended|went|resolved|stand|come out|conclude|rule|ruled|decide|decided|vote)\b(?: |\?|$)",
        Kind.EVENT,
    ),
    (r"^ (?:is|are|was|were) [^?]*\b(?:known|called|described|referred to|titled)\b", Kind.NAME),
)
_WHAT: Final = _patterns(
    (r"^ (?:has |had |have |exactly |actually |really |ever )*(?:happen\w*|went (?:down|on|wrong)|(?:is|was|are|were) (?:going on|happening|up with|new|the latest|the deal with|the story|the news))\b|^(?: about| if)\b|^ (?:became|has become|becomes|will become) of\b", Kind.EVENT),
    (r"^ (?:for|else for)\W*$|^ (?:exactly |really |actually |finally |first )*(?:caused|led|prompted|made|triggered|drove|motivated|stopped|kept|explains|explained|spurred|forced|persuaded|convinced|inspired|compelled|moved|prevented|justified|allowed|enabled|saved|spared|doomed|brought about|gave rise)\b", Kind.REASON),
    (r"^ (?:did|does|do|has|had|have|will|would|must|should|can|could) (?!.*\b(?:time|years?|days?|months?)\b)[^?]*\b(?:pay|paid|cost|costs|owe|owed|owes|fetch|earn|earned|spend|spent|charge per|charge for|sell for|sold for|bring in|make by|make from|make off|be worth|go for|shell out|fork out|cough up)\b(?! (?:attention|tribute|lip|for (?:in|with)))|^ (?:is|was|were|are) [^?]*\b(?:worth|valued at|sold for|priced at|fined|paid|ordered to pay|asked to pay)\b|^ (?:did|does|do|will|would) [^?]*\b(?:money|fines?|damages|fees?|bills?|costs|prices?|awards?|penalties|payments?|sums?)\b[^?]*\b(?:come to|amount to|total|add up to|reach)\b", Kind.MONEY),
    (r"^ (?:did|does|do|will|would) [^?]*\b(?:share|slice|stake|portion|cut)\b[^?]*\b(?:come to|amount to|total|add up to|reach)\b", Kind.PERCENT),
    (r"^ (?:did|does|do|will|would) [^?]*\b(?:come to|amount to|total|add up to|number)\W*$", Kind.NUMBER),
    (r"^ (?:did|does|do|will|would) [^?]*\b(?:get|got|receive|win|lose|recover|collect|recoup|take home|walk away with)\b[^?]*\b(?:money|settlement|deal|award|verdict|payout|fund|judgment|damages|compensation)\b", Kind.MONEY),
    (r"^ (?:was|were|is|are) [^?]*\bsentenced to\b", Kind.DURATION),
    (r"^ (?:was|is|were|are) [^?]*\b(?:called|named|known as|titled|dubbed|nicknamed|referred to as|renamed|retitled)\b|^ (?:did|does|do) [^?]*\b(?:name|call|rename|title|nickname)\b (?:its|his|her|their|the|it)\b|^ (?:did|does|do) [^?]*\bstand for\b", Kind.NAME),
    (rf"^ (?:{_AUXILIARY}) (?!the \w+ (?:claim|state|call|answer|response|reaction|comment)s?\b)[^?]*?\b{_SAYING}\b(?! (?:in|the) (?:court|name))", Kind.QUOTE),
)  # fmt: skip
_COPULAR: Final = re.compile(
    r" (?:is|was|are|were|will be|has been|would be|might be)(?: (?:the|a|an|its|his|her|their|now|still|currently|exactly|actually|one of the|then))*(?= )"
)
_OF_THOSE: Final = re.compile(
    r" (?:of|among|one of) (?:the|these|those|its|his|her|their|all|both)(?: (?:two|three|four|five|many|several|other))?(?= )"
)
_DETERMINED: Final = re.compile(
    r"(?: (?:the|a|an|its|his|her|their|other|else|exact|exactly|specific|particular|kind of|same))*(?= )"
)


def _by_how(rest: str) -> Kind:
    return next((kind for pattern, kind in _HOW if pattern.search(rest)), Kind.THING)


def _by_what(before: str, rest: str) -> Kind:
    if before.endswith("for ") and re.match(r"\W*$", rest):
        return Kind.REASON
    told = next((kind for pattern, kind in _WHAT if pattern.search(rest)), None)
    copular = _COPULAR.match(rest) or _SUPPOSED.match(rest)
    if copular:
        noun = _noun(rest[copular.end() :], is_whole_phrase=True)
        if noun and noun is not Kind.THING:
            return noun
        return told if told and not (told is Kind.QUOTE and noun) else noun or Kind.THING
    share = _SHARE_OF.match(rest)
    if share:
        return Kind.PERCENT if re.search(_MONEY_NOUN, rest) else Kind.THING
    determined = _OF_THOSE.match(rest) or _DETERMINED.match(rest)
    noun = _noun(rest[determined.end() if determined else 0 :])
    return noun or told or Kind.THING


_SUPPOSED: Final = re.compile(
    r" (?:will|would|could|might|should|must|did) (?:the|a|an|its|his|her|their)(?= .*\b(?:be|have been|look like)\b)"
)
_SHARE_OF: Final = re.compile(r" (?:part|parts|bit|half|chunk) of\b")


def _of_phrase(text: str) -> Kind:
    """What is asked for without a question word: `name the judge`, `docket number for X`, `status of X`."""
    bid = _BID.match(text)
    if bid:
        return Kind.EVENT if re.match(r"about\b", text[bid.end() :]) else _noun(f" {text[bid.end() :]}") or Kind.THING
    if _NEWS.search(text):
        return Kind.EVENT
    phrase = _BARE.match(text)
    noun = _noun(f" {phrase[1]}", is_whole_phrase=True) if phrase else None
    return noun if noun in _ASKED_BARE else Kind.THING if "?" in text else Kind.EVENT


_BARE: Final = re.compile(
    r"(?:the )?((?:[\w'&.-]+ ){0,4}?[\w'-]+)(?: (?:of|for|in|on|at|by|to|against|from|between|behind|under|with)\b|\?)"
)
"""A noun phrase that is all of a question (`fine amount?`), or has what it is about behind it (`judge in X v. Y`)."""


_BID: Final = re.compile(
    r"(?:name|list|give|identify|state|specify|compare|provide|need|want|looking for|find|i (?:want|need)|quote|cite)(?: (?:me|us|of))* (?:(?:the|a|an|all|every|each|both|some|two|three|exact) )*"
)
_NEWS: Final = re.compile(r"\b(?:latest|status|update|updates|news|outcome|result|summary|recap)\b|^about\b")
_ASKED_BARE: Final = frozenset(
    {Kind.PERSON, Kind.DOCKET, Kind.DATE, Kind.MONEY, Kind.COURT, Kind.DURATION, Kind.VOTE, Kind.NUMBER, Kind.PERCENT, Kind.AGE, Kind.REASON}
)  # fmt: skip

_ENDS: Final = frozenset(
    "did does do is are was were has have had can could will would should shall may might must "
    "in on at for by to from with under of through within below between against about as since until after before into over during per "
    "that who whom whose which where when why how what and or but than not if because while the a an its his her their this these those any "
    "v vs versus got get gets let made make gave give went said says he she it they you we i up out off down back".split()
)
_DETERMINERS: Final = frozenset("the a an its his her their".split())
_SIZES: Final = frozenset("size scale level magnitude extent".split())
_VERBS_TOO: Final = frozenset(
    "act rule cost vote bid price sentence charge fine age name bill award order claim".split()
)
_WORD: Final = re.compile(r"[^\W_][\w.&-]*(?:'\w+)?|[,;:?!()]")


def _noun(phrase: str, *, is_whole_phrase: bool = False) -> Kind | None:
    """The kind that the head of a noun phrase asks for; None where no noun of the list is its head.

    `is_whole_phrase`: nothing but an end closes the phrase, so that words of no list may stand between its nouns
    (`the daily contempt fine`); else a verb may follow.
    """
    words = [found[0] for found in _WORD.finditer(phrase)][:14]
    if len(words) > 2 and words[0] in _SIZES and words[1] == "of":
        inner = _noun(" ".join(word for word in words[2:] if word not in _DETERMINERS), is_whole_phrase=True)
        return inner if inner in {Kind.MONEY, Kind.PERCENT, Kind.DURATION} else Kind.NUMBER
    end = next((i for i, word in enumerate(words) if word in _ENDS or not word[0].isalnum()), len(words))
    begin, kind = _first_noun(words, end, is_whole_phrase=is_whole_phrase)
    if kind is None or words[begin].endswith(("'s", "s'")):
        return kind
    head = begin
    for i in range(begin, end):
        term = term_at(tuple(words[i : i + 3])) if i >= head else None
        if term and (i == begin or _goes_on(words, i, head, is_whole_phrase=is_whole_phrase)):
            head, kind = i + term[0], Kind(term[1])
        elif i >= head and not (is_whole_phrase and i == head and not words[i].endswith(("ed", "ing", "'s", "s'"))):
            break
    return _whose_name(words, head) or kind if kind in {Kind.NAME, Kind.THING} else kind


def _first_noun(words: list[str], end: int, *, is_whole_phrase: bool) -> tuple[int, Kind | None]:
    """Where the first noun of the list begins, and its kind; before a verb's object there is none."""
    for i in range(end):
        if words[i].endswith(("'s", "s'")):
            owner = term_at((words[i].removesuffix("'s").removesuffix("'"),))
            if owner and not is_whole_phrase:
                return i, Kind(owner[1])  # `which lawyer's client`: who it belongs to
            continue
        term = term_at(tuple(words[i : i + 3]))
        if term:
            is_object = i and not is_whole_phrase and _is_verb_before(words, i)
            return i, None if is_object else Kind(term[1])
    return end, None


def _goes_on(words: list[str], i: int, head: int, *, is_whole_phrase: bool) -> bool:
    """Whether the noun at `i` belongs to the phrase too: `law firm`, but not `company fines`."""
    if not is_whole_phrase and words[i] in _VERBS_TOO and is_plural(words[head - 1]):
        return False  # `which judges rule`
    if is_whole_phrase or not is_plural(words[i]):
        return i == head or is_whole_phrase
    following = words[i + 1] if i + 1 < len(words) else "did"
    return i == head and bool(_AUXILIARY_FIRST.match(following))


def _is_verb_before(words: list[str], i: int) -> bool:
    """`what alarmed users`: a verb, and its object."""
    following = words[i + 1] if i + 1 < len(words) else ""
    return i == 1 and words[0].endswith("ed") and is_plural(words[1]) and not _AUXILIARY_FIRST.match(following)


def _whose_name(words: list[str], head: int) -> Kind | None:
    """`the name of the judge`, `the judge's name`, `what kind of company`: the kind of what is named."""
    if words[head - 1 : head] == ["name"] or words[head - 1 : head] == ["names"]:
        behind = words[head:]
        if behind[:1] == ["of"]:
            inner = _noun(
                " ".join(word for word in behind[1:] if word not in {"the", "a", "an", "its", "his", "her", "their"})
            )
        else:
            owner = words[head - 2 : head - 1]
            found = term_at((owner[0].removesuffix("'s"),)) if owner else None
            inner = Kind(found[1]) if found else None
        return inner if inner in {Kind.PERSON, Kind.ORGANISATION, Kind.COURT, Kind.LAW, Kind.PLACE} else None
    return None
