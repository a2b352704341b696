"""Short answers that a sentence could give: the spans of the asked kind (sums, dates, courts, people, quotations …).

Finding a candidate says nothing about whether it answers the question; `evidence` weighs that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from corpus.model import Span
from corpus.text import forms
from retrieval.kinds import Kind
from retrieval.names import Name, NameKind, courts, gazetteer, laws
from retrieval.periods import DATE_PATTERN
from retrieval.question import Question
from retrieval.sentence import Sentence


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span that could be the short answer; `quality` (0..1) says how surely it is of the asked kind."""

    span: Span
    quality: float = 1.0


_SMALL: Final = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|"
    "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|dozen|half|both|none|no"
)
_TENS: Final = rf"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)-(?:one|two|three|four|five|six|seven|eight|nine)|{_SMALL}"
_DIGITS: Final = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?"
_SCALE: Final = r"(?:million|billion|trillion|thousand|hundred|bn|mn|crore|lakh)"
_MANY: Final = r"(?:(?:tens|hundreds|dozens) of )?(?:thousands|millions|billions|trillions)"
_CURRENCY: Final = r"(?:U\.?S\.? |Canadian |Australian )?(?:dollars?|euros?|pounds?|yen|won|yuan|rupees?|francs?|kronor|rubles?|cents?)"

MONEY: Final = re.compile(
    rf"(?:US|AU|CA|HK|NZ|[ACS])?[$€£¥₹₩]\s?(?:{_DIGITS})(?:[ -]?{_SCALE}|[MmBbKk]\b)?"
    rf"|(?:USD|EUR|GBP|CHF) ?(?:{_DIGITS})(?: {_SCALE})?"
    rf"|(?<![\w.,])(?:{_DIGITS}|{_TENS})(?:[ -]{_SCALE})? {_CURRENCY}\b"
    rf"|\b{_MANY} (?:of|in) (?:{_CURRENCY}|damages|fines)",
    re.IGNORECASE,
)
PERCENT: Final = re.compile(
    rf"(?<![\w.,])(?:{_DIGITS}|{_TENS})(?: ?%| per ?cent\b| percentage points?| percent\b)|\b(?:half|a third|two[- ]thirds|a quarter|three[- ]quarters)\b",
    re.IGNORECASE,
)
NUMBER: Final = re.compile(
    rf"(?<![\w.,$€£¥:/-])(?:{_DIGITS})(?: {_SCALE})?(?![\w%:/]|-[0-9])|\b(?:{_TENS})\b(?: {_SCALE}\b)?|\b(?:{_MANY}|dozens|scores)\b",
    re.IGNORECASE,
)
_UNIT: Final = r"(?:year|month|week|day|hour|minute|decade)"
DURATION: Final = re.compile(
    rf"(?<![\w.,])(?:{_DIGITS}|{_TENS}|a|an|several|a few)(?: and a half)?[ -](?:business |calendar |working )?{_UNIT}s?(?! old\b|-old\b)(?:(?:,? and |, )(?:{_DIGITS}|{_TENS})[ -]{_UNIT}s?)*\b|\blife(?= in prison| sentence| imprisonment)",
    re.IGNORECASE,
)
AGE: Final = re.compile(
    rf"\b(?:[0-9]{{1,3}}|{_TENS})(?=-year-old| years old)|(?<=aged )[0-9]{{1,3}}|(?<=, )[0-9]{{2}}(?=,)", re.IGNORECASE
)
VOTE: Final = re.compile(
    r"(?<![\w-])(?<!No\. )(?<!Nos\. )(?:[0-9]{1,2}(?:-|–| to )[0-9]{1,2}|[0-9]{3}(?:-|–| to )[0-9]{1,3})(?![\w-])|\bunanimous(?:ly)?\b",
    re.IGNORECASE,
)
DOCKET: Final = re.compile(
    r"(?:Nos?\. )?[0-9]{1,2}:[0-9]{2}-[a-z]{2,4}-[0-9]{3,6}(?:-[A-Z]{2,4})*"
    r"|Nos?\. (?:[A-Z]{1,3}[- ]?)?[0-9]+(?:[-:/–][A-Za-z0-9]+)*"
    r"|(?<=[Dd]ocket number )[A-Z0-9][\w:/–-]*[0-9]|(?<=[Cc]ase number )[A-Z0-9][\w:/–-]*[0-9]|(?<=[Dd]ocketed as )[A-Z0-9][\w:/–-]*[0-9]"
    r"|\b[CT][-‑][0-9]{1,4}/[0-9]{2}\b"
)
_MONTHS: Final = re.compile(rf"(?=[0-9ADFJMNOSTW]){DATE_PATTERN}", re.IGNORECASE)
_DIGIT: Final = re.compile(r"[0-9]")
_WEEKDAY: Final = re.compile(
    r"\b(?:(?:on|last|late|early|this|next) )?((?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)(?: (?:morning|afternoon|evening|night))?|\b(?:(?:earlier|later) )?(?:last|this|next) (?:week|month|year|spring|summer|autumn|fall|winter)\b|\b(?:yesterday|today|tomorrow)\b"
)
_BARE_MONTH: Final = re.compile(
    r"\b(?:in|for|by|since|until|from|last|next|this|that|early|late|mid) ((?:early |mid-|late )?"
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December))\b(?! [0-9])"
)
_EARLY: Final = re.compile(
    r"(?:(?:early|mid|late)[ -](?:in )?|the (?:end|beginning|start|summer|spring|fall|autumn|winter) of )$",
    re.IGNORECASE,
)
_QUOTATION: Final = re.compile(r"“([^“”]+)”?|(?<![\w])\"([^\"]+)\"?|«([^«»]+)»")
_SAYS: Final = re.compile(
    r"\b(?:said|says|wrote|writes|argued|told [\w ]{1,30}|stated|tweeted|added|noted|warned|explained|called|declared|claimed|testified|concluded|insisted|acknowledged|conceded)(?: (?:on|in|at) \w+)?,? (?:that )?(?=\w)"
)
_CLAUSE_END: Final = re.compile(
    r"(?:[.;!?](?=\s|$|[”\"])|, (?:and|but|while|which|who|according|saying|as|after|in a|the)\b|(?<=\w),(?= [A-Z]\w+ (?:said|wrote))| — | – )"
)
_REASONS: Final[tuple[tuple[re.Pattern[str], float], ...]] = tuple(
    (re.compile(pattern), quality)
    for pattern, quality in (
        (r"\b(?:because(?: of)?|on (?:the )?grounds? (?:that|of)|due to|owing to|on account of|as a result of|the reason (?:was|is)(?: that)?|in that|inasmuch as) ", 1.0),
        (r"\b(?:citing|saying(?: that)?|stating(?: that)?|finding(?: that)?|holding(?: that)?|concluding(?: that)?|arguing(?: that)?|accusing \w+ of|alleging(?: that)?|ruling that|reasoning that|on suspicion of|over concerns?(?: that| about)?) ", 0.85),
        (r"\bfor (?=(?:\w+ly )?(?:\w+ing|alleged|his|her|its|their|having|not)\b)", 0.85),
        (r"\b(?:after|since|as) (?=(?:it|he|she|they|the|its|a|an)\b)", 0.7),
        (r"\b(?:over|amid|in response to|in retaliation for|following|based on|acted on|in order to|so that|to (?=avoid|prevent|protect|stop|comply|end)) ?", 0.55),
        (r"\b(?:said|says|ruled|found|held|wrote|concluded|argued|agreed)(?: on \w+)? that ", 0.5),
    )
)  # fmt: skip


class AskedWords:
    """The words that a question says itself: a span made of them alone is no answer to it."""

    def __init__(self, question: Question) -> None:
        self._applies = question.kind not in {Kind.QUOTE, Kind.REASON, Kind.DEFINITION}
        self._of_person = question.kind is Kind.PERSON
        concepts = question.concepts
        self._names = {term for concept in question.names for term in concept.terms}
        self._canonical = {concept.canonical for concept in concepts if concept.canonical}
        self._stems = {term for concept in concepts for term in concept.terms}
        self._stems |= {word for name in self._canonical for word in name[1:].split()}
        self._forms = {form for concept in concepts for form in forms(concept.surface)}

    def say(self, sentence: Sentence, span: Span) -> bool:
        """Whether the span only says again what the question says."""
        first, last = sentence.word_range(span)
        if not self._applies or first == last:
            return False
        if self._of_person and sentence.stems[last - 1] in self._names:
            return True  # somebody the question itself names, under their full name
        words = range(first, last)
        if all(sentence.stems[i] in self._stems or sentence.forms[i] in self._forms for i in words):
            return True
        return last - first <= 3 and self._names_alone(sentence, first, last)

    def _names_alone(self, sentence: Sentence, first: int, last: int) -> bool:
        here = {term for term, at in sentence.places.items() if term[0] == "@" and first <= at[0] < last}
        return bool(here) and here <= self._canonical


def candidates(sentence: Sentence, question: Question, asked: AskedWords | None = None) -> list[Candidate]:
    """The spans of the asked kind, in order, words of the question itself left out."""
    find = _FINDERS.get(question.kind)
    if find is None:
        return []
    own = asked or AskedWords(question)
    return [c for c in find(sentence, question) if len(c.span) and not own.say(sentence, c.span)]


def _matches(pattern: re.Pattern[str], quality: float = 1.0) -> Callable[[Sentence, Question], Iterator[Candidate]]:
    def find(sentence: Sentence, _: Question) -> Iterator[Candidate]:
        for found in pattern.finditer(sentence.text):
            yield Candidate(Span(*found.span()), quality)

    return find


def _people(sentence: Sentence, question: Question) -> Iterator[Candidate]:
    quality = {NameKind.PERSON: 1.0, NameKind.OTHER: 0.55, NameKind.ORGANISATION: 0.1}
    if not question.roles:
        quality |= {NameKind.OTHER: 0.8, NameKind.ORGANISATION: 0.85, NameKind.COURT: 0.4}
    yield from _coordinated(sentence, sentence.names, quality, question)


def _organisations(sentence: Sentence, question: Question) -> Iterator[Candidate]:
    quality = {
        NameKind.ORGANISATION: 1.0,
        NameKind.OTHER: 0.85,
        NameKind.PERSON: 0.3,
        NameKind.COURT: 0.3,
        NameKind.PLACE: 0.2,
    }
    yield from _coordinated(sentence, sentence.names, quality, question)


def _coordinated(
    sentence: Sentence, found: Iterable[Name], quality: dict[NameKind, float], question: Question
) -> Iterator[Candidate]:
    """Each name by itself, and names joined by commas and `and` as one answer where several are asked or likely."""
    run: list[Name] = []
    for name in [*found, None]:
        if name is not None and name.kind in quality:
            yield Candidate(name.span, _name_quality(sentence, name, quality[name.kind], question))
        gap = sentence.text[run[-1].span.end : (name.title or name.span).start] if run and name else None
        joins = gap is not None and re.fullmatch(r",? (?:and )?|, |,? & ", gap) is not None
        if run and not (
            name
            and joins
            and name.kind in quality
            and (name.kind is run[-1].kind or NameKind.OTHER in {name.kind, run[-1].kind})
        ):
            if len(run) > 1 and " and " in sentence.text[run[0].span.start : run[-1].span.end]:
                best = min(_name_quality(sentence, member, quality[member.kind], question) for member in run)
                yield Candidate(Span(run[0].span.start, run[-1].span.end), best + (0.35 if question.plural else 0.05))
            run = []
        if name is not None and name.kind in quality:
            run.append(name)


_PLACED: Final = re.compile(r"\b(?:in|at|near|from) $")


def _name_quality(sentence: Sentence, name: Name, quality: float, question: Question) -> float:
    count = name.span.of(sentence.text).count(" ") + 1
    if question.kind is Kind.PERSON and name.kind is NameKind.OTHER and question.roles:
        quality = 0.7 if count in {2, 3} else 0.35
    if name.kind is NameKind.OTHER and _PLACED.search(sentence.text, max(0, name.span.start - 10), name.span.start):
        quality *= 0.4  # `in Springfield`: more likely a place that no list knows
    if question.kind is Kind.PERSON and name.kind is NameKind.PERSON and count == 1:
        quality = 0.6  # a surname: the full name, where it stands, is the better answer
    return quality


_COURT_NAME: Final = re.compile(r"(?:Court|Appeals) for the ((?:\w+ )?(?:District of|[A-Z][\w.]+).*)")


def _shares(sentence: Sentence, question: Question) -> Iterator[Candidate]:
    """A share of something is told in percent or as a sum."""
    yield from _matches(PERCENT)(sentence, question)
    yield from _matches(MONEY, 0.95)(sentence, question)


def _courts(sentence: Sentence, _: Question) -> Iterator[Candidate]:
    for span in courts(sentence.text):
        # "U.S. Court of Appeals for the Ninth Circuit" is the Ninth Circuit to everybody who asks.
        name = _COURT_NAME.search(span.of(sentence.text))
        yield Candidate(Span(span.start + name.start(1), span.end) if name else span, 1.0)


_LAW_FORMS: Final = (
    (re.compile(r"\bbill\b", re.IGNORECASE), re.compile(r"[0-9]$|\bBill\b|\bAct\b")),
    (re.compile(r"\bamendment\b", re.IGNORECASE), re.compile(r"Amendment$")),
    (
        re.compile(r"\b(?:section|article|provision|clause|rule)\b", re.IGNORECASE),
        re.compile(r"Section|Article|Rule|Clause|§"),
    ),
    (
        re.compile(r"\b(?:laws?|statutes?|acts?|legislation|regulations?)\b", re.IGNORECASE),
        re.compile(r"Act\b|Law\b|Regulation|Directive|Code\b|^[A-Z.]+ ?[0-9]*$|Section"),
    ),
)


def _laws(sentence: Sentence, question: Question) -> Iterator[Candidate]:
    wanted = next((form for asked, form in _LAW_FORMS if asked.search(question.text)), None)
    for span in laws(sentence.text):
        yield Candidate(span, 1.0 if wanted is None or wanted.search(span.of(sentence.text)) else 0.3)


_IN: Final = re.compile(r"\b(?:in|at|from|near|to|outside|into|of)(?: (?:downtown|central|federal|the city of))? $")


def _places(sentence: Sentence, _: Question) -> Iterator[Candidate]:
    found = [n for n in sentence.names if n.kind in {NameKind.PLACE, NameKind.OTHER, NameKind.COURT}]
    for i, name in enumerate(found):
        if name.kind is NameKind.OTHER and name.span.of(sentence.text).isupper():
            continue
        led = _IN.search(sentence.text, max(0, name.span.start - 30), name.span.start) is not None
        quality = {NameKind.PLACE: 0.8, NameKind.OTHER: 0.0, NameKind.COURT: 0.4}[name.kind] + (0.2 if led else 0)
        following = found[i + 1] if i + 1 < len(found) else None
        end = name.span.end
        if following and following.kind is NameKind.PLACE and sentence.text[end : following.span.start] == ", ":
            yield Candidate(Span(name.span.start, following.span.end), quality + 0.05)
        yield Candidate(name.span, quality)


def _dates(sentence: Sentence, _: Question) -> Iterator[Candidate]:
    exact_dates = _MONTHS.finditer(sentence.text) if _DIGIT.search(sentence.text) else ()
    for found in exact_dates:
        text = found[0]
        if not (text[0].isupper() or text[0].isdigit()) or sentence.text[found.end() : found.end() + 1].isalnum():
            continue
        if text.isdigit() and re.search(r"[\w$€£.,:/-]$|(?:No\.|Section|§) $", sentence.text[: found.start()]):
            continue
        before = _EARLY.search(sentence.text[: found.start()])
        start = before.start() if before else found.start()
        exact = sum(c.isdigit() for c in text)
        yield Candidate(Span(start, found.end()), 1.0 if exact >= 4 else 0.85)
    for found in _BARE_MONTH.finditer(sentence.text):
        yield Candidate(Span(found.start(1), found.end(1)), 0.8)
    for found in _WEEKDAY.finditer(sentence.text):
        yield Candidate(Span(found.start(1), found.end(1)) if found[1] else Span(*found.span()), 0.6)


def _numbers(sentence: Sentence, question: Question) -> Iterator[Candidate]:
    for found in NUMBER.finditer(sentence.text):
        text = sentence.text
        if re.search(r"\bof (?:the |its |his |her |their )?$", text[: found.start()]) and re.match(
            r"\s\w+", text[found.end() :]
        ):
            continue  # the whole of "nine of the ten"
        if re.match(r"(?:,| )?\s?(?:19|20)[0-9]{2}", text[found.end() :]) or re.fullmatch(
            r"(?:19|20)[0-9]{2}", found[0]
        ):
            yield Candidate(Span(*found.span()), 0.2)
            continue
        yield _with_unit(sentence, Span(*found.span()), question.unit)


def _with_unit(sentence: Sentence, span: Span, unit: frozenset[str]) -> Candidate:
    """The number, with the counted noun where it follows at once; good when the noun is near."""
    _, after = sentence.word_range(span)
    near = sentence.stems[after : after + 4]
    if not unit:
        return Candidate(span, 0.7)
    if near and near[0] in unit:
        return Candidate(Span(span.start, sentence.words[after].end), 1.0)
    if unit & set(near):
        return Candidate(span, 0.95)
    return Candidate(span, 0.3)


def _durations(sentence: Sentence, question: Question) -> Iterator[Candidate]:
    for found in DURATION.finditer(sentence.text):
        span = Span(*found.span())
        vague = found[0].lower().startswith(("a ", "an ", "several", "a few"))
        first, last = sentence.word_range(span)
        named = not question.unit or bool(question.unit & set(sentence.stems[first:last]))
        yield Candidate(span, (0.5 if vague else 1.0) * (1.0 if named else 0.6))


def _quotations(sentence: Sentence, _: Question) -> Iterator[Candidate]:
    quoted = False
    for found in _QUOTATION.finditer(sentence.text):
        group = next(i for i in (1, 2, 3) if found[i] is not None)
        span = _without_comma(sentence.text, Span(found.start(group), found.end(group)))
        if len(span.of(sentence.text).split()) >= 2:
            quoted = True
            yield Candidate(head_phrase(sentence.text, span, least=6), 1.0)
    if not quoted:
        for found in _SAYS.finditer(sentence.text):
            yield Candidate(head_phrase(sentence.text, _to_end(sentence.text, found.end()), least=6), 0.6)


_PHRASE_BORDER: Final = re.compile(
    r",? (?=(?:to|that|which|who|when|where|about|from|by|in|while|and|because|so)\b)|[,;:] (?!(?:but|not|if|unless|except|although|though)\b)"
)
_TURN: Final = re.compile(
    r"(?:\b(?:not|only|no|never|but|if|unless|either|neither|both|than|or|and|more|less|as|such|so|too|designed|able|likely|want|wants|used)|,)$",
    re.IGNORECASE,
)


def head_phrase(text: str, span: Span, *, least: int) -> Span:
    """The first phrase of a long clause, of `least` words or more: what is picked out of a sentence that is shown whole.

    It never ends where the sense would turn (before `but`, `unless`, behind `not only` …).
    """
    whole = span.of(text)
    if len(whole.split()) <= least + 2:
        return span
    for border in _PHRASE_BORDER.finditer(whole):
        head = whole[: border.start()]
        if len(head.split()) >= least and not _TURN.search(head) and not re.search(r"\bnot only\b", head):
            return Span(span.start, span.start + len(head))
    return span


def _without_comma(text: str, span: Span) -> Span:
    kept = span.of(text).rstrip(" ,.")
    return Span(span.start, span.start + len(kept))


def _to_end(text: str, start: int) -> Span:
    kept = text[start:].rstrip(' ."”!?')
    return Span(start, start + len(kept))


def _reasons(sentence: Sentence, _: Question) -> Iterator[Candidate]:
    for pattern, quality in _REASONS:
        for found in pattern.finditer(sentence.text):
            end = _CLAUSE_END.search(sentence.text, found.end() + 12)
            span = Span(found.end(), end.start() if end else len(sentence.text))
            yield Candidate(head_phrase(sentence.text, _without_comma(sentence.text, span), least=4), quality)


_OFFICE: Final = r"\b((?:[A-Z][\w.&]+(?:['’]s)? )?(?:[a-z][a-z-]+ ){1,4})"


def _definitions(sentence: Sentence, question: Question) -> Iterator[Candidate]:
    for concept in question.concepts:
        last = concept.surface.split()[-1]
        for found in re.finditer(rf"\b{re.escape(last)}\b", sentence.text, re.IGNORECASE):
            behind = sentence.text[found.end() :]
            for pattern, quality in (
                (
                    r"(?: \([^)]*\))?, (?:who (?:is|was) )?((?:an? |the |one of |[A-Z]?[\w’'-]+['’]s )?[^,.;]{4,120})(?=[,.;])",
                    1.0,
                ),
                (r",? (?:is|was|are|were|remains) ((?:an? |the |one )[^,.;]{4,140})", 0.9),
                (r",? which (?:is|was|are|were) ([^,.;]{4,120})", 0.8),
            ):
                clause = re.match(pattern, behind)
                if clause:
                    yield Candidate(
                        _without_article(
                            sentence.text, Span(found.end() + clause.start(1), found.end() + clause.end(1))
                        ),
                        quality,
                    )
        for found in re.finditer(rf"{_OFFICE}(?:[A-Z][\w.-]+ ){{0,2}}{re.escape(last)}\b", sentence.text):
            if found[1].split()[-1] in gazetteer().offices:
                yield Candidate(Span(found.start(1), found.start(1) + len(found[1].rstrip())), 0.75)
    for name in sentence.names:
        if name.title and any(
            name.span.of(sentence.text).lower().endswith(c.surface.lower().split()[-1]) for c in question.concepts
        ):
            yield Candidate(name.title, 0.7)


def _without_article(text: str, span: Span) -> Span:
    found = re.match(r"(?:an?|the) ", span.of(text))
    return Span(span.start + found.end(), span.end) if found else span


def _named(sentence: Sentence, question: Question) -> Iterator[Candidate]:
    yield from _quotations_short(sentence)
    for name in sentence.names:
        if name.kind is not NameKind.TIME:
            yield Candidate(name.span, 0.6)
    yield from (Candidate(c.span, 0.8) for c in _laws(sentence, question))


def _quotations_short(sentence: Sentence) -> Iterator[Candidate]:
    for found in _QUOTATION.finditer(sentence.text):
        group = next(i for i in (1, 2, 3) if found[i] is not None)
        if len(found[group].split()) <= 6:
            yield Candidate(_without_comma(sentence.text, Span(found.start(group), found.end(group))), 0.8)


_Finder = Callable[[Sentence, Question], Iterator[Candidate]]
_FINDERS: Final[dict[Kind, _Finder]] = {
    Kind.PERSON: _people,
    Kind.ORGANISATION: _organisations,
    Kind.COURT: _courts,
    Kind.LAW: _laws,
    Kind.PLACE: _places,
    Kind.DATE: _dates,
    Kind.DURATION: _durations,
    Kind.MONEY: _matches(MONEY),
    Kind.NUMBER: _numbers,
    Kind.PERCENT: _shares,
    Kind.AGE: _matches(AGE),
    Kind.VOTE: _matches(VOTE),
    Kind.DOCKET: _matches(DOCKET),
    Kind.QUOTE: _quotations,
    Kind.REASON: _reasons,
    Kind.DEFINITION: _definitions,
    Kind.NAME: _named,
    Kind.THING: _named,
}
