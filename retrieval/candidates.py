"""Short answers that a sentence could give: the spans of the asked kind (sums, dates, courts, people, quotations …).

Finding a candidate says nothing about whether it answers the question; `evidence` weighs that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from corpus.model import Span
from corpus.text import forms
from retrieval import phrases, values
from retrieval.kinds import Kind
from retrieval.names import Name, NameKind, courts, gazetteer, laws
from retrieval.nouns import asked_nouns, term_at
from retrieval.question import Part, Question
from retrieval.sentence import Sentence


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span that could be the short answer; `quality` (0..1) says how surely it is of the asked kind."""

    span: Span
    quality: float = 1.0


_WHO_WON: Final = re.compile(
    r"\b(?:who|which (?:side|party|company|firm)) (?:\w+ )?(?:won|wins|win|prevailed|prevails|lost|loses|lose|beat)\b|\b(?:winner|loser)\b|\b(?:whose|which \w+'s) favou?r\b",
    re.IGNORECASE,
)
"""Here a party that the question names is the answer."""


class AskedWords:
    """The words that a question says itself: a span made of them alone is no answer to it."""

    def __init__(self, question: Question) -> None:
        self._applies = question.kind not in {Kind.REASON, Kind.DEFINITION}
        self._of_person = question.kind is Kind.PERSON
        self._added = _LEGAL_FORMS if question.kind in {Kind.PERSON, Kind.ORGANISATION} else frozenset[str]()
        self._of_either = _WHO_WON.search(question.text) is not None and len(question.names) > 1
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
        if self._of_either and last - first <= 3 and self._names_one(sentence, first, last):
            return False
        if self._of_person and sentence.stems[last - 1] in self._names:
            return True  # somebody the question itself names, under their full name
        words = [i for i in range(first, last) if sentence.forms[i] not in self._added] or range(first, last)
        if all(sentence.stems[i] in self._stems or sentence.forms[i] in self._forms for i in words):
            return True
        return last - first <= 3 and self._names_alone(sentence, first, last)

    def _names_one(self, sentence: Sentence, first: int, last: int) -> bool:
        """Whether a name of the question, one of the parties, stands there."""
        return any(first <= at < last for term in self._names | self._canonical for at in sentence.places.get(term, ()))

    def _names_alone(self, sentence: Sentence, first: int, last: int) -> bool:
        here = {term for term, at in sentence.places.items() if term[0] == "@" and first <= at[0] < last}
        return bool(here) and here <= self._canonical


_LEGAL_FORMS: Final = frozenset("inc corp corporation co ltd llc llp plc lp gmbh ag sa nv company limited".split())
"""What a firm's full name adds to its name."""


_Finder = Callable[[Sentence, Question], Iterator[Candidate]]


def candidates(sentence: Sentence, question: Question, asked: AskedWords | None = None) -> list[Candidate]:
    """The spans of the asked kind, in order, words of the question itself left out."""
    find = _FINDERS.get(question.kind)
    if find is None:
        return []
    own = asked or AskedWords(question)
    every = islice(find(sentence, question), _MOST_FOUND)
    return [c for c in every if len(c.span) and not own.say(sentence, c.span)]


_MOST_FOUND: Final = 60
"""More are in no sentence that a person wrote."""


def _values(find: Callable[[str], Iterator[values.Value]]) -> _Finder:
    def found(sentence: Sentence, _: Question) -> Iterator[Candidate]:
        return (Candidate(span, quality) for span, quality in find(sentence.text))

    return found


def _people(sentence: Sentence, question: Question) -> Iterator[Candidate]:
    quality = {NameKind.PERSON: 1.0, NameKind.OTHER: 0.55, NameKind.ORGANISATION: 0.1}
    if not question.roles:
        quality |= {NameKind.OTHER: 0.8, NameKind.ORGANISATION: 0.85, NameKind.COURT: 0.4}
    named = list(_coordinated(sentence, sentence.names, quality, question))
    yield from named
    # Where nobody is named, somebody may still be told by what they are: `a school librarian`.
    if not _ASKS_NAME.search(question.text) and not any(candidate.quality >= 0.5 for candidate in named):
        for found in _UNNAMED.finditer(sentence.text):
            term = found[2].lower()
            if sentence.analyser.stem(term) in question.roles:
                continue
            if asked_nouns().get((term,)) == Kind.PERSON or asked_nouns().get((term.removesuffix("s"),)) == Kind.PERSON:
                yield Candidate(Span(found.start(1), found.end()), 0.4)


_ASKS_NAME: Final = re.compile(r"\bnames? of\b|['’]s names?\b|\bnamed\b|\bcalled\b", re.IGNORECASE)
"""Here only a proper name answers."""
_UNNAMED: Final = re.compile(
    r"\b((?:an?|one of the|two|three|four|five|several|her|his|their|its)\b(?: [a-z][a-z-]+){0,2}? ([a-z][a-z-]+))\b(?! [a-z]*(?:['’]s))",
    re.IGNORECASE,
)


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
            yield Candidate(_shown(sentence, name), _name_quality(sentence, name, quality[name.kind], question))
        gap = sentence.text[run[-1].span.end : (name.title or name.span).start] if run and name else None
        joins = gap is not None and re.fullmatch(r",? (?:and )?|, |,? & ", gap) is not None
        if run and not (name and joins and name.kind in quality and _are_alike(run[-1], name)):
            if len(run) > 1 and " and " in sentence.text[run[0].span.start : run[-1].span.end]:
                qualities = [_name_quality(sentence, member, quality[member.kind], question) for member in run]
                best = max(qualities) if any(member.kind is NameKind.PERSON for member in run) else min(qualities)
                yield Candidate(Span(run[0].span.start, run[-1].span.end), best + (0.35 if question.plural else 0.05))
            run = []
        if name is not None and name.kind in quality:
            run.append(name)


def _are_alike(one: Name, other: Name) -> bool:
    """Whether two names can be parts of one list: of one kind, or of a kind that isn't known; a title begins anew."""
    if other.title is not None and one.title is None:
        return one.kind is NameKind.PERSON
    return one.kind is other.kind or NameKind.OTHER in {one.kind, other.kind}


def _shown(sentence: Sentence, name: Name) -> Span:
    """The name; a bare surname with its title (`Judge Marrow`)."""
    if name.title is None or " " in name.span.of(sentence.text) or len(name.title) > 40:
        return name.span
    return Span(name.title.start, name.span.end)


_AT: Final = re.compile(r"\b(?:at|from|against) (?:the )?$")
_OF_FIRM: Final = re.compile(r"[\w.] (?:of|at|from|with) (?:the )?(?:law firm )?$")
_PLACED: Final = re.compile(r"\b(?:in|at|near|from) $")


def _name_quality(sentence: Sentence, name: Name, quality: float, question: Question) -> float:
    count = name.span.of(sentence.text).count(" ") + 1
    if question.kind is Kind.PERSON and name.kind is NameKind.OTHER and question.roles:
        quality = 0.7 if count in {2, 3} else 0.35
    if name.kind is NameKind.OTHER and _PLACED.search(sentence.text, max(0, name.span.start - 10), name.span.start):
        quality *= 0.4  # `in Springfield`: more likely a place that no list knows
    if question.kind is Kind.PERSON and name.kind is not NameKind.PERSON:
        before = sentence.text[max(0, name.span.start - 20) : name.span.start]
        if _AT.search(before) or (_OF_FIRM.search(before) and _ends_person(sentence, name)):
            quality *= 0.5  # where somebody works
    if question.kind is Kind.PERSON and name.kind is NameKind.PERSON and count == 1:
        quality = 0.6  # a surname: the full name, where it stands, is the better answer
    return quality


def _ends_person(sentence: Sentence, name: Name) -> bool:
    """Whether another name ends right before the preposition in front of this one."""
    return any(
        0 <= name.span.start - other.span.end <= 15 and other.kind in {NameKind.PERSON, NameKind.OTHER}
        for other in sentence.names
        if other.span.end <= name.span.start
    )


_COURT_NAME: Final = re.compile(r"(?:Court|Appeals) for the ((?:\w+ )?(?:District of|[A-Z][\w.]+).*)")


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


_IN: Final = re.compile(
    r"\b(?:in|at|from|near|to|outside|into|of|of the|on)(?: (?:downtown|central|federal|the city of|the))? $"
)
_SITE: Final = re.compile(
    r"\b(?:in|at|on|near|inside|outside|under|along|from|to) ((?:an?|the|its|his|her|their|two|three|several) (?:[a-z][\w-]* ){0,3}?([a-z][a-z-]+))\b(?! (?:of the )?(?:case|that|who))"
)
_SITES: Final = frozenset(
    "school library museum hospital university bank church courthouse lab laboratory studio office center centre bakery dairy shop store warehouse factory plant farm house home "
    "apartment garage basement suburb district facility site restaurant cafe bar theater theatre arena stadium hotel motel cemetery station depot yard dock quay".split()
)


def _places(sentence: Sentence, _: Question) -> Iterator[Candidate]:
    found = [
        n for n in sentence.names if n.kind in {NameKind.PLACE, NameKind.OTHER, NameKind.COURT, NameKind.ORGANISATION}
    ]
    named = False
    for i, name in enumerate(found):
        led = _IN.search(sentence.text, max(0, name.span.start - 30), name.span.start)
        quality = _place_quality(sentence, name, led=led)
        following = found[i + 1] if i + 1 < len(found) else None
        end = name.span.end
        if following and following.kind is NameKind.PLACE and sentence.text[end : following.span.start] == ", ":
            yield Candidate(Span(name.span.start, following.span.end), max(quality, 0.8 if led else 0.6) + 0.1)
        if quality:
            named = named or quality > 0.5
            yield Candidate(name.span, quality)
    # Where no place is named, one may still be told by what it is: `at a garden center`.
    for site in () if named else _SITE.finditer(sentence.text):
        if site[2] in _SITES or asked_nouns().get((site[2],)) == Kind.PLACE:
            yield Candidate(Span(*site.span(1)), 0.45)


_PLACE_OF: Final = re.compile(
    r"\b(?:city|town|village|port|district|county|state|province|region|country|republic|island|coast|north|south|east|"
    r"west|outside|outskirts|suburb|streets?|university|capital|part|centre|center|heart|edge|area|neighbou?rhood) $",
    re.IGNORECASE,
)


def _place_quality(sentence: Sentence, name: Name, *, led: re.Match[str] | None) -> float:
    if name.kind is NameKind.PLACE:
        return 1.0 if led else 0.8
    if name.kind is NameKind.COURT:
        return 0.6 if led else 0.4
    if not led:
        return 0.0
    if led[0].startswith("of ") and not _PLACE_OF.search(sentence.text, max(0, led.start() - 24), led.start()):
        return 0.1  # `two patents of Corvane`: whose it is
    # A name that no list knows is where something was, or somebody that something went to.
    unlikely = name.span.of(sentence.text).isupper() or name.kind is NameKind.ORGANISATION
    return 0.25 if unlikely or led[0].startswith(("to", "from", "of", "into")) else 0.55


def _numbers(sentence: Sentence, question: Question) -> Iterator[Candidate]:
    for span, quality in values.numbers(sentence.text):
        yield Candidate(span, quality) if quality < 0.5 else _with_unit(sentence, span, question.unit, quality)


def _with_unit(sentence: Sentence, span: Span, unit: frozenset[str], quality: float) -> Candidate:
    """The number, with the counted noun where it follows at once; good when the noun is near."""
    _, after = sentence.word_range(span)
    near = sentence.stems[after : after + 4]
    if not unit:
        return Candidate(span, 0.7 * quality)
    if near and near[0] in unit:
        return Candidate(Span(span.start, sentence.words[after].end), quality)
    if unit & set(near):
        return Candidate(span, 0.95 * quality)
    return Candidate(span, 0.4 * quality)


def _durations(sentence: Sentence, question: Question) -> Iterator[Candidate]:
    for span, quality in values.durations(sentence.text):
        first, last = sentence.word_range(span)
        named = not question.unit or bool(question.unit & set(sentence.stems[first:last]))
        yield Candidate(span, quality * (1.0 if named else 0.6))


_OVER: Final = re.compile(
    r"\b(?:suits?|lawsuits?|cases?|disputes?|litigation|actions?|complaints?|claims?|battle|fight|trial|appeal)\b"
    r"(?: [^,;]{1,80})? over $",
    re.IGNORECASE,
)
_ASKS_MATTER: Final = re.compile(
    r"\b(?:su(?:e[ds]?|ing)|fil(?:e[ds]?|ing)|br(?:ing|ings|ought)|accus\w*|go(?:ing|es)? to court|at odds|disput\w+|"
    r"fight\w*|battl\w*|take .{1,40} to court|lawsuit against|case against)\b",
    re.IGNORECASE,
)


def _reasons(sentence: Sentence, question: Question) -> Iterator[Candidate]:
    """The reasons; what a suit is about (`a suit over …`) is one for suing, not for what became of the suit."""
    asks_matter = _ASKS_MATTER.search(question.text) is not None
    for span, quality in phrases.reasons(sentence.text):
        if asks_matter or not _OVER.search(sentence.text, max(0, span.start - 120), span.start):
            yield Candidate(span, quality)


def _definitions(sentence: Sentence, question: Question) -> Iterator[Candidate]:
    ends = {concept.surface.split()[-1] for concept in question.concepts}
    for end in sorted(ends):
        for span, quality in phrases.definitions(sentence.text, end, gazetteer().offices):
            yield Candidate(span, quality)
    folded = {end.lower() for end in ends}
    for name in sentence.names:
        if name.title and name.span.of(sentence.text).lower().split()[-1] in folded:
            yield Candidate(name.title, 0.7)


def _named(sentence: Sentence, question: Question) -> Iterator[Candidate]:
    yield from _things(sentence, question)
    yield from _quotations_short(sentence)
    for name in sentence.names:
        if name.kind is not NameKind.TIME:
            yield Candidate(name.span, 0.6)
    yield from (Candidate(c.span, 0.8) for c in _laws(sentence, question))


_ASKED_THING: Final = re.compile(
    r"\b(?:what|which)(?: (?:is|was|are|were))?((?: [\w'’-]+){1,6}?)(?= (?:did|does|do|is|are|was|were|has|have|had|can|could|will|would|should|must|in|of|on|for|to|that|made|by)\b|\?|$)",
    re.IGNORECASE,
)
_WHAT_DONE: Final = re.compile(
    r"\bwhat (?:else |exactly )?(?:did|does|do|will|would|must|should|can|could|has|have|had)\b", re.IGNORECASE
)


def _things(sentence: Sentence, question: Question) -> Iterator[Candidate]:
    """What goes by the noun that was asked for, and what the verb that was asked for is about."""
    asked = _ASKED_THING.search(question.text)
    if asked:
        words = asked[1].lower().split()
        known = [word for word in words if term_at((word,))]
        for noun in dict.fromkeys([*known[-1:], words[0], words[-1]]):
            for span, quality in phrases.called(sentence.text, noun):
                yield Candidate(span, quality)
    if _WHAT_DONE.search(question.text):
        for verb in _asked_verbs(sentence, question):
            for span, quality in phrases.objects(sentence.text, verb):
                yield Candidate(span, quality)


def _asked_verbs(sentence: Sentence, question: Question) -> Iterator[Span]:
    """Where the verb stands whose object is asked for: the last word before a preposition or the question's end."""
    for concept in question.concepts:
        if concept.part is Part.NAME or not _ENDS_CLAUSE.match(question.text, concept.span.end):
            continue
        for term in concept.terms:
            for place in sentence.places.get(term, ()):
                word = sentence.words[place]
                yield Span(word.start, word.end)
        return


_ENDS_CLAUSE: Final = re.compile(
    r"(?: (?:to|from|of|for|about|with|in|on|at|after|before|when|by|as|against|over)\b|\W*$)"
)


def _quotations_short(sentence: Sentence) -> Iterator[Candidate]:
    for found in phrases.QUOTATION.finditer(sentence.text):
        words = phrases.quoted_words(found)
        if words.of(sentence.text).count(" ") < 6:
            kept = words.of(sentence.text).rstrip(" ,.")
            yield Candidate(Span(words.start, words.start + len(kept)), 0.8)


_FINDERS: Final[dict[Kind, _Finder]] = {
    Kind.PERSON: _people,
    Kind.ORGANISATION: _organisations,
    Kind.COURT: _courts,
    Kind.LAW: _laws,
    Kind.PLACE: _places,
    Kind.DATE: _values(values.dates),
    Kind.DURATION: _durations,
    Kind.MONEY: _values(values.sums),
    Kind.NUMBER: _numbers,
    Kind.PERCENT: _values(values.shares),
    Kind.AGE: _values(values.ages),
    Kind.VOTE: _values(values.votes),
    Kind.DOCKET: _values(values.dockets),
    Kind.QUOTE: _values(phrases.quotations),
    Kind.REASON: _reasons,
    Kind.DEFINITION: _definitions,
    Kind.NAME: _named,
    Kind.THING: _named,
}
