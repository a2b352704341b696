"""Phrases and clauses that answer: quotations, reasons, what something is, what was done to what. Pure; English.

Offsets are those of the text. A reason is its whole clause, since half of one may say the opposite.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from corpus.model import Span
from retrieval.nouns import term_at

_Phrase = tuple[Span, float]

QUOTATION: Final = re.compile(r"“([^“”]+)”?|(?<![\w])\"([^\"]+)\"?|«([^«»]+)»")
"""Words in quotation marks, in one of the groups."""
_SAYS: Final = re.compile(
    r"(?<!\bbe )(?<!\bbeen )(?<!\bwas )(?<!\bwere )(?<!\bis )(?<!\bare )"  # said by somebody, not of somebody
    r"\b(?:said|says|wrote|writes|argued|told [\w ]{1,30}|stated|tweeted|added|noted|warned|explained|called|declared|"
    r"claimed|testified|concluded|insisted|acknowledged|conceded|replied|responded|countered|contended|suggested|"
    r"promised|admitted|held|found|apologi[sz]ed for|denied|maintained|announced|predicted|believed|thought|proposed|"
    r"described)(?: (?:on|in|at) \w+)?,? (?:that )?(?=\w)"
)
_LONGEST_WORDS: Final = 8
"""A clause of more words is cut after a phrase: nobody reads it as a short answer."""
_CLAUSE_END: Final = re.compile(
    r"[.;!?:](?=\s|$|[”\"])|,[”\"’]? (?=(?:and|but|while|whereas|although|though|so|then|according|adding|saying|after|"
    r"he|she|it|they|court records)\b)|,[”\"’] (?=(?:must|will|would|is|was|has|had|said)\b)|,? (?=and (?:so|that)\b)"
    r"|(?<=\w), (?=(?:the )?[A-Z][\w ]{2,30} (?:said|wrote)\b)| — | – "
)
_SAID_BETWEEN: Final = r"(?:,? (?:[a-z]+ ){1,3}(?:said|says|wrote|held|found),)?"
_CAUSE: Final = (
    r"because(?: of)?|on (?:the )?grounds? (?:that|of)|due to|owing to|on account of|as a result of|in that|"
    r"inasmuch as|given that|thanks to"
)
_TELLING: Final = (
    r"citing|saying|stating|finding(?! of)|noting|holding(?! of)|concluding|arguing|accusing \w+ of|alleging|"
    r"ruling(?= that)|reasoning that|"
    r"writing that|explaining that|on suspicion of|over concerns?"
)
_AIM: Final = r"avoid|prevent|protect|stop|comply|end|keep|save|help|make|force|reduce"
_REASONS: Final[tuple[tuple[re.Pattern[str], float], ...]] = tuple(
    (re.compile(pattern), quality)
    for pattern, quality in (
        (rf"\b({_CAUSE}{_SAID_BETWEEN} )", 1.0),
        (r"\bthe reason (?:was|is)(?: that)? ", 1.0),
        (rf"\b(?:{_TELLING})(?: that| about)? ", 0.85),
        (r"\b(for )(?=(?:\w+ly )?(?:\w+ing|alleged|his|her|its|their|having|not)\b)", 0.85),
        (r"\b((?:after|since|as) )(?=(?:it|he|she|they|the|its|his|her|their|a|an|\w+ing|[A-Z]\w+)\b)", 0.7),
        (r"\b(?:over|amid|in response to|in retaliation for|following|based on|acted on|in order to|so that) ", 0.55),
        (rf"\b(to )(?=(?:{_AIM})\b)", 0.55),
        (r"\b(?:said|says|ruled|found|held|wrote|concluded|argued|agreed|noted|reasoned)(?: on \w+)? that ", 0.5),
        (r"\b(?:caused|driven|triggered|prompted|motivated|inspired) by ", 0.9),
    )
)
"""What a reason begins with, the word itself in group 1 where it belongs to the answer (`because`)."""


def quotations(text: str) -> Iterator[_Phrase]:
    """The quoted words, two or more; where none are quoted, what somebody is reported to have said."""
    quoted = False
    for found in QUOTATION.finditer(text):
        span = _without_marks(text, quoted_words(found))
        if " " in span.of(text):
            quoted = True
            yield head_phrase(text, span, least=6), 1.0
    if not quoted:
        for found in _SAYS.finditer(text):
            yield head_phrase(text, _to_end(text, found.end()), least=6), 0.6


def quoted_words(found: re.Match[str]) -> Span:
    """The words between the marks of a quotation."""
    group = next(i for i in (1, 2, 3) if found[i] is not None)
    return Span(found.start(group), found.end(group))


def reasons(text: str) -> Iterator[_Phrase]:
    """The clauses that give a reason, with the word that says so (`because`, `for`), long ones cut after a phrase."""
    for pattern, quality in _REASONS:
        for found in pattern.finditer(text):
            end = _CLAUSE_END.search(text, found.end() + 12)
            start = found.start(1) if pattern.groups else found.end()
            span = _without_marks(text, Span(start, end.start() if end else len(text)))
            yield _not_endless(text, span), quality


def _not_endless(text: str, span: Span) -> Span:
    if len(span) > 2_000:  # no clause that anybody wrote
        return Span(span.start, span.start)
    return span if span.of(text).count(" ") < _LONGEST_WORDS else head_phrase(text, span, least=_LONGEST_WORDS // 2)


_PHRASE_BORDER: Final = re.compile(
    r",? (?=(?:to|that|which|who|when|where|about|from|by|in|while|and|because|so)\b)"
    r"|[,;:] (?!(?:but|not|if|unless|except|although|though)\b)"
)
_TURN: Final = re.compile(
    r"(?:\b(?:not|only|no|never|but|if|unless|either|neither|both|than|or|and|more|less|as|such|so|too|designed|able|"
    r"likely|want|wants|used)|,)$",
    re.IGNORECASE,
)


def head_phrase(text: str, span: Span, *, least: int) -> Span:
    """The first phrase of a long clause, of `least` words or more: the sentence around it is shown whole anyway.

    It never ends where the sense would turn (before `but`, `unless`, behind `not only` …).
    """
    whole = span.of(text)
    if len(whole.split()) <= least + 2:
        return span
    for border in _PHRASE_BORDER.finditer(whole):
        head = whole[: border.start()]
        if head.count(" ") + 1 >= least and not _TURN.search(head[-24:]) and "not only" not in head:
            return Span(span.start, span.start + len(head))
        if border.start() > 1_000:
            break
    return span


_OFFICE: Final = r"\b((?:(?!The |On |In |At |By |But |And )[A-Z][\w.&]+(?:['’]s)? ){0,3}(?:[a-z][a-z-]+ ){1,4})"
_NO_NOUN: Final = (
    r"(?!(?:(?:\w+ly )?(?:said|says|say|told|tells|wrote|writes|had|has|have|is|was|were|are|be|will|would|could|can|"
    r"may|might|must|did|does|do|and|but|or|nor|so|yet|which|that|when|where|while|as|if|because|since|after|before|until|"
    r"in|on|at|by|for|from|with|to|of|over|under|about|against|into|than|not|also|then|who|whose|he|she|it|they|we|"
    r"[a-z]+ed|[a-z]+ing|[a-z]{2,}[^s\W]s (?:the|a|an|its|his|her|that)|went|came|took|gave|made|sold|bought|sued|"
    r"sought))\b)"
)
"""In front of what could be a noun phrase: no verb of the clause, no conjunction, no preposition."""
_IS: Final = (
    (
        re.compile(
            r"(?: \([^)]*\))?, (?:who (?:is|was) )?((?:(?:an?|the|one of|[A-Z]?[\w’'-]+['’]s|its|his|her|their) |"
            + _NO_NOUN
            + r")[^,.;]{4,120})(?=[,.;])"
        ),
        1.0,
    ),
    (re.compile(r"(?: \([^)]*\))?, (who (?!is\b|was\b|said\b|told\b)[^,.;]{4,120})(?=[,.;])"), 0.85),
    (re.compile(r",? (?:is|was|are|were|remains) ((?:an? |the |one )[^,.;]{4,140})"), 0.9),
    (re.compile(r",? which (?:is|was|are|were) ([^,.;]{4,120})"), 0.8),
)
_ARTICLE: Final = re.compile(r"(?:an?|the) ")
_OWNED: Final = (
    r"((?:(?:[A-Z][\w&.-]*(?: (?:of )?[A-Z][\w&.-]*){0,4}['’]s?|[Ii]ts|[Hh]is|[Hh]er|[Tt]heir|[Aa]n?|[Tt]he) )"
    r"(?:[\w’'-]+ ){0,5}?([\w’'-]+))"
)
_BEFORE_NAME: Final = re.compile(_OWNED + r", (?:[A-Z][\w.-]+ ){0,3}$")
_CALLED_BEFORE: Final = re.compile(
    r"\b(?:an?|the|its|his|her|their) ((?:[\w’'-]+ ){0,5}?[\w’'-]+)(?: that is| that goes by)?,? "
    r"(?:called|named|known as|dubbed|nicknamed|by the name of) (?:the )?(?:[A-Z][\w.-]+ ){0,3}$"
)
_CHARS_BEFORE: Final = 140


def definitions(text: str, name: str, offices: frozenset[str]) -> Iterator[_Phrase]:
    """What the sentence says that the bearer of a name is: an apposition, a predicate, an office before the name."""
    for found in re.finditer(rf"\b{re.escape(name)}\b", text, re.IGNORECASE):
        for pattern, quality in _IS:
            clause = pattern.match(text, found.end())
            if clause:
                start, end = clause.span(1)
                article = _ARTICLE.match(text, start, end)
                yield Span(article.end() if article else start, end), quality
        yield from _before_name(text, found.start(), found.end(), offices)


def _before_name(text: str, start: int, end: int, offices: frozenset[str]) -> Iterator[_Phrase]:
    """`The firm's general counsel, N. N.,`, `a group called N`, `chief executive N. N.`."""
    begins = max(0, start - _CHARS_BEFORE)
    told = text[begins:start]
    owned = _BEFORE_NAME.search(told)
    if owned and (owned[2] in offices or term_at((owned[2],))) and _APPOSITION_ENDS.match(text, end):
        article = _ARTICLE.match(told[owned.start(1) :].lower())
        yield Span(begins + owned.start(1) + (article.end() if article else 0), begins + owned.end(1)), 0.95
    so_called = _CALLED_BEFORE.search(told)
    if so_called:
        yield Span(begins + so_called.start(1), begins + so_called.end(1)), 0.95
    before = re.search(rf"{_OFFICE}(?:[A-Z][\w.-]+ ){{0,2}}$", told)
    if before and before[1].split()[-1] in offices:
        yield Span(begins + before.start(1), begins + before.start(1) + len(before[1].rstrip())), 0.75


_APPOSITION_ENDS: Final = re.compile(r"(?:['’]s)?(?:[,.;)]|$)")


_CALLED: Final = r",? (?:called|named|known as|dubbed|titled|nicknamed|entitled) (?:the )?"
_OBJECT_END: Final = re.compile(
    r"[.;:!?](?=\s|$|[”\"])|, | (?=(?:after|before|because|when|while|since|until|unless|although|though|if|as|who|"
    r"which|on (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|in (?:January|February|March|April|May|June|July|August|"
    r"September|October|November|December|[12][0-9]{3})|by \w+ing|said|says|and (?:said|then|the|was|is|has|it|he|she|"
    r"they))\b)| — | – "
)


_NAMED: Final = (
    r"(?:[“\"]([^“”\"]{2,60})[”\"]"
    r"|((?:[A-Z]|[a-z]{1,2}[A-Z])[\w&’'.-]*(?: (?:of |the |and |for )?[A-Z0-9][\w&’'.-]*){0,5}))"
)
_CALLED_SO: Final = re.compile(_CALLED + _NAMED)
_BESIDE: Final = re.compile(r"(?:,? |, (?:the )?|: )" + _NAMED)


def called(text: str, noun: str) -> Iterator[_Phrase]:
    """`a server called Lantern`, `the browser Lantern`: what goes by the noun asked for."""
    for found in re.finditer(rf"\b{re.escape(noun)}(?:es|s)?\b", text, re.IGNORECASE):
        for pattern, quality in ((_CALLED_SO, 0.95), (_BESIDE, 0.8)):
            behind = pattern.match(text, found.end())
            if behind:
                yield _without_marks(text, Span(*behind.span(1 if behind[1] else 2))), quality
                break


_MOST_OBJECT_CHARS: Final = 240
_MOST_OBJECT_WORDS: Final = 18
_LEADING: Final = re.compile(r"(?:that |to |the |an? |it |them )+")


def objects(text: str, verb: Span) -> Iterator[_Phrase]:
    """What stands behind a verb up to the end of its phrase: `requires the firm to publish its rules`."""
    end = _OBJECT_END.search(text, verb.end + 2)
    start = verb.end + 1
    article = _LEADING.match(text, start)
    begins, ends = article.end() if article else start, end.start() if end else len(text)
    if not 0 < ends - begins < _MOST_OBJECT_CHARS:
        return
    span = Span(begins, ends)
    if span.of(text).count(" ") < _MOST_OBJECT_WORDS:
        yield _without_marks(text, span), 0.75


def _without_marks(text: str, span: Span) -> Span:
    """Without what only ends the phrase: commas, dots and a quotation mark that was never opened in it."""
    kept = span.of(text).rstrip(" ,.")
    for opening, closing in (("“", "”"), ('"', '"')):
        if kept.endswith(closing) and (kept.count(opening) % 2 if opening == closing else opening not in kept):
            kept = kept[:-1].rstrip(" ,.")
    return Span(span.start, span.start + len(kept))


def _to_end(text: str, start: int) -> Span:
    kept = text[start:].rstrip(' ."”!?')
    return Span(start, start + len(kept))
