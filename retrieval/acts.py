"""Who did what to whom: the doer and the other side of a verb, in the question and in a sentence.

Subject and object decide, in the active (`N bought M`), the passive (`M was bought by N`), a relative clause (`M, which
N bought`) and the noun of the verb (`N's purchase of M`). As in `suits`, the names are known before: they are replaced
by signs, the verb by another, and patterns look for the signs around it. What no pattern reads tells nothing. English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from corpus.model import Span
from corpus.text import forms
from retrieval.analyser import Analyser, analyser_for
from retrieval.doers import OF_DOERS, Places
from retrieval.names import NameKind
from retrieval.question import Part, Question
from retrieval.sentence import Sentence
from retrieval.thesaurus import thesaurus

REVERSED: Final = 0.1
"""What is left of a short answer's fit where the sentence tells it the other way round."""
OF_OTHERS: Final = 0.35
"""The same where it tells it of somebody else."""
OF_ANOTHER_DOER: Final = 0.5
"""The same where only the doer is another, and the one asked about isn't named: a part may stand for the whole."""
UNSAID: Final = 0.6
"""The same where the verb isn't said at all."""
_OTHER_SIDE: Final = 0.2
_UNTOLD: Final = 0.7
_TOLD: Final = 1.15


@dataclass(frozen=True, slots=True)
class Act:
    """What a question asks about: the verb by its stems, and by their concepts who did it and to whom.

    `asks_doer` and `asks_other` tell which of the two is asked for, if either is. `is_ergative`: what the verb is said
    of may as well be its object (`the show opened`, `they opened the show`). `is_light`: the verb says little, and
    other verbs may stand for it.
    """

    stem: str
    stems: frozenset[str]
    doers: tuple[int, ...] = ()
    others: tuple[int, ...] = ()
    asks_doer: bool = False
    asks_other: bool = False
    is_light: bool = False
    is_ergative: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What a sentence tells of a verb: the names of who did it and of the other side, by their words."""

    doers: tuple[range, ...] = ()
    others: tuple[range, ...] = ()


class Acts:
    """Judges sentences and spans by who did what to whom; tells nothing where the question doesn't."""

    def __init__(self, question: Question) -> None:
        self._acts = tuple(asked_acts(question))
        concepts = list(enumerate(question.concepts))
        self._verbs = {
            act: [i for i, concept in concepts if concept.part is not Part.NAME and act.stem in concept.terms]
            for act in self._acts
        }

    def __bool__(self) -> bool:
        return bool(self._acts)

    def told(self, sentence: Sentence) -> list[tuple[Act, Told]]:
        """What the sentence tells of the verbs that were asked for."""
        return [(act, told) for act in self._acts for told in _told_acts(sentence, act)]

    def absence(self, sentence: Sentence, places: Places) -> float:
        """What is left of a fit where the sentence has the verb in no form, and so says nothing of what was done."""
        return min((self._absence(act, sentence, places) for act in self._acts), default=1.0)

    def _absence(self, act: Act, sentence: Sentence, places: Places) -> float:
        is_said = any(places[i] for i in self._verbs[act]) or not act.stems.isdisjoint(sentence.places)
        if act.is_light or is_said or not self._verbs[act]:
            return 1.0
        if act.asks_doer or act.asks_other:
            return UNSAID
        return UNSAID if act.doers and act.others and not any(places[i] for i in act.doers) else 1.0

    def level(self, every: Sequence[tuple[Act, Told]], places: Places) -> float:
        """How far the sentence tells it of those who were asked about, not the other way round (0..1)."""
        return max((_level(act, told, places) for act, told in every), default=1.0)

    def side(self, every: Sequence[tuple[Act, Told]], first: int, last: int) -> float:
        """Whether a name (by its words) stands on the side that is asked for: a factor of its fit."""
        words = range(first, last)
        return max((_side(act, told, words) for act, told in every), default=1.0)


def _level(act: Act, told: Told, places: Places) -> float:
    doers = [place for i in act.doers for place in places[i]]
    others = [place for i in act.others for place in places[i]]
    is_right = _are(doers, told.doers) or _are(others, told.others)
    if not is_right and not act.is_ergative and (_are(doers, told.others) or _are(others, told.doers)):
        return REVERSED
    of_another = bool(act.doers and told.doers) and not _stand_in(doers, told.doers)
    to_another = bool(act.others and told.others) and not _stand_in(others, told.others)
    of_another = of_another and not (act.is_ergative and _stand_in(doers, told.others))
    if of_another and not to_another and not doers:
        return OF_ANOTHER_DOER
    return OF_OTHERS if of_another or to_another else 1.0


def _stand_in(places: Sequence[int], names: Sequence[range]) -> bool:
    return any(place in name for name in names for place in places)


def _are(places: Sequence[int], names: Sequence[range]) -> bool:
    """Whether the words are one of the names, but for a word: `Lantern News Now` is another than `Lantern`."""
    return any(0 < sum(place in name for place in places) >= len(name) - 1 for name in names)


def _side(act: Act, told: Told, words: range) -> float:
    if not act.asks_doer and not act.asks_other:
        return 1.0
    own, other = (told.doers, told.others) if act.asks_doer else (told.others, told.doers)
    if _stand_in(words, own):
        return _TOLD
    return _OTHER_SIDE if _stand_in(words, other) else _UNTOLD if own else 1.0


_FIRST_SIGN: Final = 0xE000
_MOST_NAMES: Final = 60
_VERB: Final = "\x01"
_N: Final = "[\ue000-\ue0ff]"
_NAMES: Final = rf"{_N}(?:(?:,? and |, |/| or | )(?:the )?{_N}){{0,6}}"
_TIME: Final = (
    r"on|in|last|this|next|earlier|late|early|week|month|year|[0-9]{1,4},?|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|"
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
)
_ADVERB: Final = r"\w+ly|not|also|then|first|later|now|still|already|since|only|soon|never|once|again"
_AUXILIARY: Final = r"has|had|have|will|would|could|can|may|might|must|should|did|do|does"
_BE: Final = r"is|are|was|were|be|been|being|got|gets"
_BEFORE_VERB: Final = rf"(?: (?:{_AUXILIARY}|{_BE}|{_ADVERB}|{_TIME})){{0,6}}"
_SAID_IT: Final = rf"(?:{_BEFORE_VERB} (?:said|says) (?:it|he|she|they))?"
_GOVERNED: Final = rf"{_SAID_IT}(?:{_BEFORE_VERB} (?!(?:{_TIME}) )\w+ to){{0,2}}{_BEFORE_VERB}"
_ASIDE: Final = r"(?:, [^,;]{1,80},| \([^()]{1,40}\))?"
_RELATIVE: Final = r"(?:,? (?:who|which|that))?"
_LEADING: Final = (
    r"(?: (?!(?:of|in|on|at|by|to|for|from|with|and|or|but|over|after|before|because|as|that|which|who|than|against|"
    r"into|it|him|her|them|is|was)\b)[\w.’'-]+){0,3}"
)
_WHOLE: Final = r"(?!['’])"

_PASSIVE: Final = re.compile(
    rf"(?P<b>{_NAMES}){_ASIDE}{_RELATIVE}{_GOVERNED} (?:{_BE})(?: (?:{_ADVERB}|{_BE}))* {_VERB}"
)
_BY: Final = re.compile(
    rf"{_VERB}(?P<gap>[^,;\ue000-\ue0ff]{{0,50}}?(?: in {_N})?) by "
    rf"(?:(?!\w+ing\b)[\w.-]+ ){{0,3}}?(?P<a>{_NAMES}){_WHOLE}"
)
_REDUCED: Final = re.compile(rf"(?P<b>{_NAMES}),? {_VERB}")
_BEING: Final = re.compile(rf"\b(?:{_BE})(?: (?:{_ADVERB}|{_BE}))* $")
_ACTIVE: Final = (
    re.compile(rf"(?P<a>{_NAMES})(?:{_ASIDE}{_RELATIVE}|,){_GOVERNED} {_VERB}"),
    re.compile(rf"(?P<a>{_NAMES}) [^;\ue000-\ue0ff]{{0,80}}?,? (?:and|but|then) {_VERB}"),
)
_TOLD_TO: Final = re.compile(
    rf"\b(?:order|requir|direct|forc|tell|told|compel|urg|ask|want)\w* (?:the )?(?P<a>{_NAMES}) to(?: \w+ly)? {_VERB}"
)
_RELATED: Final = re.compile(rf"(?P<b>{_NAMES}){_ASIDE},? (?:which|that|whom) {_N}[^,;\ue000-\ue0ff]{{0,40}} {_VERB}")
_OBJECT: Final = re.compile(
    rf"{_VERB}{_LEADING} (?P<b>{_NAMES}){_WHOLE}"
    rf"(?:[^;\ue000-\ue0ff]{{0,40}} and (?:the )?(?P<c>{_N})(?=[.,;]| [$€£0-9]| (?:in|by|for|on)\b|$))?"
)
_RECIPIENT: Final = re.compile(rf"{_VERB}[^;\ue000-\ue0ff]{{0,50}}? to (?:the )?(?P<b>{_NAMES})")
_NOUN: Final = (
    re.compile(rf"(?P<a>{_NAMES})['’]s?(?: [\w-]+){{0,3}} {_VERB} (?:of|against) (?:the )?(?P<b>{_NAMES})"),
    re.compile(
        rf"{_VERB} (?:of|against) (?:the )?(?P<b>{_NAMES})(?:[^;,\ue000-\ue0ff]{{0,30}} by (?:the )?(?P<a>{_NAMES}))?"
    ),
)
_IS_NOUN: Final = re.compile(
    r"(?:\b(?:the|a|an|its|his|her|their|this|that|no|any)|['’]s?)(?: (?!(?:and|or|but|then|to)\b)[\w-]+){0,2} $",
    re.IGNORECASE,
)
_OF_A_PHRASE: Final = re.compile(
    r"\b(?:of|in|at|on|from|for|with|against|to|by|near|over|about|between|than|under|into)(?: the| its)? $"
)
"""In front of a name that is no subject."""
_GIVING: Final = frozenset({"pay", "award", "give", "grant"})
"""Verbs whose other side is who receives."""
_BACK_CHARS: Final = 240
_AHEAD_CHARS: Final = 160


def _told_acts(sentence: Sentence, act: Act) -> Iterator[Told]:
    """What the sentence tells of each place where it has the verb."""
    spans = [name.span for name in sentence.names if name.kind is not NameKind.TIME][:_MOST_NAMES]
    places = sorted({place for stem in act.stems for place in sentence.places.get(stem, ())})[:_MOST_VERBS]
    for place in places if spans else ():
        word = sentence.words[place]
        if not any(span.start <= word.start < span.end for span in spans):
            masked = _masked(sentence.text, spans, Span(word.start, word.end))
            doers, others = _read(masked, sentence.forms[place], sentence.stems[place])
            if doers or others:
                yield Told(_words(sentence, spans, doers), _words(sentence, spans, others))


_MOST_VERBS: Final = 4


def _words(sentence: Sentence, spans: Sequence[Span], signs: str) -> tuple[range, ...]:
    return tuple(range(*sentence.word_range(spans[ord(sign) - _FIRST_SIGN])) for sign in re.findall(_N, signs))


def _masked(text: str, spans: Sequence[Span], verb: Span) -> str:
    """The text around the verb, names and verb replaced by signs."""
    start, end = max(0, verb.start - _BACK_CHARS), verb.end + _AHEAD_CHARS
    signs = [(span, chr(_FIRST_SIGN + n)) for n, span in enumerate(spans) if start <= span.start and span.end <= end]
    parts, last = [], start
    for span, sign in sorted([*signs, (verb, _VERB)], key=lambda one: one[0].start):
        parts += [text[last : span.start], sign]
        last = span.end
    # Of a firm's abbreviated form (`Corp.`) the dot belongs to the name.
    return re.sub(rf"({_N})\.(?= [a-z\x01])", r"\1", "".join([*parts, text[last:end]]))


def _read(masked: str, form: str, stem: str) -> tuple[str, str]:
    """The signs of who did it, and of the other side."""
    at = masked.index(_VERB)
    if _IS_NOUN.search(masked, 0, at) and not _is_participle(form):
        found = next((match for pattern in _NOUN if (match := pattern.search(masked))), None)
        return (found["a"] or "", found["b"] or "") if found else ("", "")
    by = _BY.match(masked, at) if _is_participle(form) else None
    by = by if by and not any(_is_participle(word) for word in by["gap"].split()) else None
    by_whom = by["a"] if by else ""
    if _BEING.search(masked, 0, at) and not form.endswith("ing"):
        return by_whom, _subject(_PASSIVE, masked, at, "b")
    if by:
        return by_whom, _subject(_REDUCED, masked, at, "b")
    told_to = _TOLD_TO.search(masked)
    doers = told_to["a"] if told_to else ""
    doers = doers or next((signs for pattern in _ACTIVE if (signs := _subject(pattern, masked, at, "a"))), "")
    behind = _OBJECT.match(masked, at)
    if behind is None and stem in _GIVING:
        behind = _RECIPIENT.match(masked, at)
    others = "".join(group or "" for group in behind.groups()) if behind else _subject(_RELATED, masked, at, "b")
    return doers, others


def _subject(pattern: re.Pattern[str], masked: str, at: int, group: str) -> str:
    """The nearest names in front of the verb that the pattern binds to it, none where they belong to another phrase."""
    for names in reversed(list(re.finditer(_NAMES, masked[:at]))):
        found = pattern.match(masked, names.start())
        if found and found.end() >= at:
            is_of_phrase = _OF_A_PHRASE.search(masked, 0, names.start()) is not None
            is_antecedent = re.match(r",? (?:who|which) ", masked[found.end(group) :]) is not None
            return "" if is_of_phrase and not is_antecedent else found[group]
    return ""


# --- the question ----------------------------------------------------------------------------------------------------

_MUTUAL: Final = frozenset(
    "settl merg agre meet partner sign fight join work happen go get becom say tell do have make take come be call "
    "mean want plan need try use keep let see know think argu claim win lose beat name renam".split()
)
"""Stems of verbs of which both sides do the same, or which tell nothing of two sides."""
_LIGHT: Final = frozenset(
    "bring file impos issu levi hand give put set hold run head lead own repres handl overse hear preside serv act "
    "pay".split()
)
"""Stems of verbs that other words often stand for."""
_ERGATIVE: Final = frozenset(
    "open close start begin debut launch air end chang move grow break return stop run crash leak drop doubl form "
    "split premier publish releas increas decreas rise fall expand".split()
)
_PREPOSITIONS: Final = frozenset(
    "of in on at by to for from with and or but over after before because as that against into is was are were under "
    "about between during than v vs the a an".split()
)
_INVERSE: Final = frozenset("earn salari wage paycheck let leas rent carri shop prize trophi present suit lose".split())
"""Stems that the thesaurus has beside a verb though their sides are other ones, or none."""
_BUYING: Final = "buy"
_SKIPPED: Final = (
    r"(?:\w+ly |not |ever |also |first |have to |agree to |agreed to |try to |want to |plan to |need to )*"
)
_Q_DID: Final = re.compile(
    rf"\b(?:{_AUXILIARY}) (?:the )?(?P<a>{_NAMES}) {_SKIPPED}(?P<v>[a-z]+)\b(?P<rest>.*)", re.IGNORECASE
)
_Q_DOING: Final = re.compile(
    rf"\b(?:is|are|was|were) (?:the )?(?P<a>{_NAMES}) {_SKIPPED}(?P<v>[a-z]+ing)\b(?P<rest>.*)", re.IGNORECASE
)
_Q_DONE: Final = re.compile(
    rf"\b(?:is|are|was|were|been|be|get|got) (?:the )?(?P<b>{_NAMES}) {_SKIPPED}(?P<v>[a-z]+)\b(?P<rest>.*)",
    re.IGNORECASE,
)
_Q_WHO_DONE: Final = re.compile(
    rf"\W*(?:who|which(?: [\w-]+){{1,4}}?|what(?: [\w-]+){{1,3}}?) (?:was|were|is|are|has been|have been|got) "
    rf"{_SKIPPED}(?P<v>[a-z]+) by (?:the )?(?P<a>{_NAMES}){_WHOLE}",
    re.IGNORECASE,
)
_Q_WHO_DID: Final = re.compile(
    rf"\W*(?:who|which(?: [\w-]+){{1,4}}?|what(?: [\w-]+){{1,3}}?)(?: (?:{_AUXILIARY}|is|are|{_ADVERB})){{0,2}} "
    rf"(?P<v>[a-z]+) (?:the )?(?P<b>{_NAMES}){_WHOLE}",
    re.IGNORECASE,
)
_Q_WHO_DID_IT: Final = re.compile(rf"\W*who(?: (?:{_AUXILIARY}|{_ADVERB})){{0,2}} (?P<v>[a-z]+) ", re.IGNORECASE)
_Q_OBJECT: Final = re.compile(rf"(?: the| its)? (?P<b>{_NAMES}){_WHOLE}")
_Q_RECIPIENT: Final = re.compile(rf"[^\ue000-\ue0ff]{{0,30}} to (?:the )?(?P<b>{_NAMES}){_WHOLE}")
_Q_BOUGHT: Final = re.compile(rf"[^\ue000-\ue0ff]{{0,30}} (?:for|to (?:buy|acquire)) (?:the )?(?P<b>{_NAMES}){_WHOLE}")
_Q_BY: Final = re.compile(rf" by (?:the )?(?P<a>{_NAMES}){_WHOLE}")
_ENDS_OPEN: Final = re.compile(r"\b(?:for|with|from|against|about|of|on|in|at|to|by)\W*$")


def asked_acts(question: Question) -> Iterator[Act]:
    """The acts that a question asks about, with those of its names that are plainly on one side."""
    numbers = [i for i, concept in enumerate(question.concepts) if concept.part is Part.NAME][:_MOST_NAMES]
    if not numbers:
        return
    masked = _masked_names(question.text, [(question.concepts[i].span, chr(_FIRST_SIGN + i)) for i in numbers])
    analyser = analyser_for(question.language)
    is_of_doers = question.kind in OF_DOERS
    found = _Q_WHO_DONE.match(masked)
    if found and _is_participle(found["v"]):
        yield from _act(analyser, found["v"], found["a"], "", asks_other=is_of_doers)
        return
    found = _Q_DID.search(masked)
    found = found or _Q_DOING.search(masked)
    if found:
        yield from _asked_did(question, analyser, found, is_of_doers=is_of_doers)
        return
    found = _Q_DONE.search(masked)
    if found:
        if _is_participle(found["v"]):
            by = _Q_BY.search(found["rest"])
            asks = is_of_doers and _ENDS_OPEN.search(question.text) is not None
            yield from _act(analyser, found["v"], by["a"] if by else "", found["b"], asks_doer=asks)
        return
    found = _Q_WHO_DID.match(masked)
    if found:
        yield from _act(analyser, found["v"], "", found["b"], asks_doer=is_of_doers)
        return
    found = _Q_WHO_DID_IT.match(masked)
    if found and is_of_doers and analyser.stem(found["v"]) not in _LIGHT:
        yield from _act(analyser, found["v"], "", "", asks_doer=True)


def _asked_did(question: Question, analyser: Analyser, found: re.Match[str], *, is_of_doers: bool) -> Iterator[Act]:
    rest, stem = found["rest"], analyser.stem(found["v"])
    behind = _Q_OBJECT.match(rest)
    if behind is None and stem in _GIVING:
        behind = _Q_RECIPIENT.match(rest)
    bought = _Q_BOUGHT.match(rest) if stem == "pay" else None
    if bought:
        yield from _act(analyser, _BUYING, found["a"], bought["b"])
    is_open = _ENDS_OPEN.search(question.text) is not None
    other = behind["b"] if behind else ""
    yield from _act(analyser, found["v"], found["a"], other, asks_other=is_of_doers and not other and not is_open)


def _act(
    analyser: Analyser, verb: str, doers: str, others: str, *, asks_doer: bool = False, asks_other: bool = False
) -> Iterator[Act]:
    form = forms(verb)[0]
    stem = analyser.stem(form)
    if stem in _MUTUAL or form in _PREPOSITIONS:
        return
    stems = frozenset({stem, *(same for same in thesaurus().same_as(stem) if " " not in same)}) - _INVERSE
    is_ergative = stem in _ERGATIVE and not others and not asks_other
    is_light = stem in _LIGHT
    yield Act(stem, stems, _concepts(doers), _concepts(others), asks_doer, asks_other, is_light, is_ergative)


def _concepts(signs: str) -> tuple[int, ...]:
    return tuple(ord(sign) - _FIRST_SIGN for sign in re.findall(_N, signs))


def _is_participle(form: str) -> bool:
    return form.endswith("ed") or form in _PARTICIPLES


_PARTICIPLES: Final = frozenset(
    "bought sold paid made built sought brought taught caught hit put set cut shut sent spent lent held told led lost "
    "won given taken written known shown thrown overthrown driven chosen broken stolen spoken found hurt beaten sworn "
    "begun run drawn overturned undone done seen struck stuck hung heard".split()
)


def _masked_names(text: str, signs: Sequence[tuple[Span, str]]) -> str:
    parts, last = [], 0
    for span, sign in sorted(signs, key=lambda one: one[0].start):
        bare = re.sub(r"['’]s?$", "", span.of(text))
        parts += [text[last : span.start], sign]
        last = span.start + len(bare)
    return "".join([*parts, text[last:]])
