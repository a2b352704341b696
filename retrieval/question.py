"""What was asked: text → `Question`. Pure; tuned for English, harmless for other languages.

A question is read into concepts (what a sentence must speak of), a case, the kind of answer wanted, and times. Nothing is
rewritten: a concept keeps the words as they were asked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from corpus.model import Span
from corpus.text import Word, fold, forms, words
from retrieval.analyser import Analyser, Token, analyser_for, guess_language
from retrieval.kinds import QUOTED, Kind, kind_of
from retrieval.model import Topic
from retrieval.names import gazetteer
from retrieval.nouns import is_plural
from retrieval.periods import Period, periods
from retrieval.smalltalk import small_talk
from retrieval.suits import LEGAL_WORDS, How, Suit, suits
from retrieval.thesaurus import ARTICLES, thesaurus


class Part(StrEnum):
    """What a concept does in a question."""

    NAME = "name"
    ROLE = "role"
    CONTENT = "content"
    GENERIC = "generic"


@dataclass(frozen=True, slots=True)
class Concept:
    """Something a sentence must speak of.

    `terms`: the terms of its words, all belonging together (a name of several words is one concept); `canonical`: the
    term of a name with several forms; `related`: stems and phrases of stems that say the same, `near`: nearly so.
    """

    surface: str
    span: Span
    terms: tuple[str, ...]
    part: Part
    canonical: str | None = None
    related: frozenset[str] = frozenset()
    near: frozenset[str] = frozenset()

    @property
    def every_term(self) -> tuple[str, ...]:
        """The terms that an index knows it by."""
        return (self.canonical, *self.terms) if self.canonical else self.terms


@dataclass(frozen=True, slots=True)
class Case:
    """A case as it was named: for each side the indexes of its concepts, of which one will do.

    With `v.` each concept is a side of its own, first party first; told in words (`how`) there are two sides.
    """

    surface: str
    sides: tuple[tuple[int, ...], ...]
    how: How | None = None

    @property
    def parties(self) -> tuple[int, ...]:
        """The indexes of all its concepts."""
        return tuple(dict.fromkeys(i for side in self.sides for i in side))


@dataclass(frozen=True, slots=True)
class Question:
    """The parsed form of what was asked."""

    text: str
    as_of: datetime
    language: str
    kind: Kind
    concepts: tuple[Concept, ...]
    case: Case | None = None
    roles: frozenset[str] = frozenset()
    unit: frozenset[str] = frozenset()
    phrases: tuple[str, ...] = ()
    publications: tuple[str, ...] = ()
    periods: tuple[Period, ...] = ()
    latest: bool = False
    plural: bool = False
    small_talk: Topic | None = None
    terms: tuple[str, ...] = field(default=())

    @property
    def names(self) -> tuple[Concept, ...]:
        """The concepts that are names."""
        return tuple(concept for concept in self.concepts if concept.part is Part.NAME)

    @property
    def asked_about(self) -> tuple[Concept, ...]:
        """The names that are no numbers."""
        return tuple(name for name in self.names if not name.surface[0].isdigit())


_I: Final = re.IGNORECASE

_MARK_UP: Final = re.compile(
    r"<(?:@[!&]?[0-9]+|#[0-9]+|a?:\w+:[0-9]+|t:-?[0-9]+(?::[a-z])?|/[^<>:]{1,100}:[0-9]+|id:[a-z-]+(?::[0-9]+)?)>"
    r"|(?<![\w.])@(?:everyone|here)\b"
    r"|<?\b(?:https?://|www\.)[^\s<>]*[^\s<>.,;:!?'\"’”)\]]>?",
    _I,
)
_LINKED: Final = re.compile(r"\[([^\[\]]{1,300})\]\(<?https?://[^\s()]*>?\)", _I)


def without_mark_up(text: str) -> str:
    """The text in NFC and on one line, without what Discord puts in for its clients and what says nothing in words.

    Dropped are mentions of members, roles, channels, commands and everyone (`<@1>`, `<@!1>`, `<@&1>`, `<#1>`,
    `</ask:1>`, `<id:browse>`, `@everyone`, `@here`), custom emoji (`<:name:1>`, `<a:name:1>`), timestamps (`<t:1:R>`) and
    addresses of pages (`https://…`, `www.…`, also in angle brackets); of a link with words the words stay. Quotation
    marks, `<` and `>` elsewhere and e-mail addresses stay. The forms are those of Discord's "Message Formatting".
    """
    spoken = _MARK_UP.sub(" ", _LINKED.sub(r"\1", text))
    return unicodedata.normalize("NFC", " ".join(spoken.split()).lstrip(" ,;:"))


_GENERIC: Final = frozenset(
    "case lawsuit suit ruling rule decision court trial judge company law matter issue opinion judgment litigation proceeding big large much long high come came take took place go went get got give gave "
    "happen use thing kind type sort involve concern regard total exactly ever currently actually name call tell know people someone bid effort make made new news story article articl report stori say said put set way part "
    "first time date year day month number amount sum money question answer point reason find hear legal action deal side party today yesterday size latest now still please say tell want whole also dispute fight tech turn out sit bring "
    "statut act bill legisl regul statute legislation regulation high order federal final main certain specific recent recently lead old far many much base relat involv includ regard mean".split()
)  # fmt: skip
_KIND_WORDS: Final[dict[Kind, frozenset[str]]] = {
    Kind.DATE: frozenset("deadline date year day month time week quarter".split()),
    Kind.DURATION: frozenset("long many last lasted take took run ran days day weeks week months month years year hours hour length duration term".split()),
    Kind.MONEY: frozenset("much money amount sum price cost dollars euros pounds big large high worth value valued size".split()),
    Kind.NUMBER: frozenset("number many".split()),
    Kind.PERCENT: frozenset("percentage percent share proportion fraction portion".split()),
    Kind.AGE: frozenset("old age".split()),
    Kind.VOTE: frozenset("vote margin split tally".split()),
    Kind.DOCKET: frozenset("docket number case no file index civil action".split()),
    Kind.QUOTE: frozenset(
        "say said saying tell told write wrote call called describe described respond responded response react reacted reaction argue argued comment commented explain explained warn warned claim claimed state stated think".split()
    ),
    Kind.REASON: frozenset("reason reasons ground grounds basis rationale motive cause come led prompted".split()),
    Kind.COURT: frozenset("court circuit tribunal bench court's courts".split()),
    Kind.LAW: frozenset("section amendment called named".split()),
    Kind.PLACE: frozenset("city country state place town location county region take".split()),
    Kind.PERSON: frozenset("person people name man woman".split()),
    Kind.ORGANISATION: frozenset("company firm agency organization organisation companies firms agencies group party".split()),
    Kind.NAME: frozenset("name title called named known titled dubbed nickname".split()),
    Kind.EVENT: frozenset("happened new latest going status update news outcome result tell about end turn".split()),
}  # fmt: skip

_IMPLIED: Final[dict[Kind, frozenset[str]]] = {
    # What a sum, a date or a place already says by being there.
    Kind.MONEY: frozenset("pay cost charg spend worth".split()),
    Kind.DATE: frozenset("happen occur take".split()),
    Kind.PLACE: frozenset("happen occur locat base headquart".split()),
}

_CASE: Final = re.compile(r"\s(?:v\.?|vs\.?|versus)\s", _I)
_LATEST: Final = re.compile(
    r"\b(?:latest|newest|most recent(?:ly)?|current(?:ly)?|now|nowadays|still|so far|yet|anymore|any more|as of (?:now|today)|"
    r"at the moment|these days|to date|up to date|by now|(?:things|matters|case|it) stands?|where .{3,60} stands?|status)\b",
    _I,
)


def holds_phrases(question: Question, text: str) -> bool:
    """Whether the text holds every phrase that the question has in quotation marks, word for word (folded)."""
    if not question.phrases:
        return True
    held = f" {' '.join(forms(text))} "
    return all(f" {' '.join(forms(phrase))} " in held for phrase in question.phrases)


_SAID_BY: Final = re.compile(
    r",? ?\b(?:according to|as reported by|reported by|as reported in|as per|per|in an article (?:by|in|from)|in a report (?:by|from)) "
    r"(?P<name>[^,?]+?)(?=,|\?|$)",
    _I,
)


def said_by(asked: str, publications: Iterable[str]) -> tuple[str, str | None]:
    """The question without a source that it names (`according to The Verge`), and that source, folded, if it is one."""
    for found in _SAID_BY.finditer(asked):
        said = _without_the(fold(found["name"].strip()))
        source = next((name for name in sorted(publications) if _without_the(fold(name)) == said), None)
        if source:
            return (asked[: found.start()] + asked[found.end() :]).strip(" ,"), fold(source)
    return asked, None


def _without_the(name: str) -> str:
    return name.removeprefix("the ")


def parse(text: str, as_of: datetime, languages: Iterable[str] = (), publications: Iterable[str] = ()) -> Question:
    """The question read; `languages` (ISO 639-1) and `publications` are those the corpus holds."""
    asked = without_mark_up(text)
    asked, source = said_by(asked, publications)
    topic = small_talk(asked)
    language = guess_language(asked, languages)
    analyser = analyser_for(language)
    kind = kind_of(asked)
    times = periods(asked, as_of.date())
    concepts = _concepts(asked, analyser, kind, times)
    concepts, case = _each_once(concepts, _case(asked, concepts) or _told_case(asked, concepts))
    if kind is Kind.PERSON or kind is Kind.THING:
        kind = _definition(asked, concepts, kind)
    return Question(
        text=asked,
        as_of=as_of,
        language=language,
        kind=kind,
        concepts=tuple(concepts),
        case=case,
        roles=_roles(concepts, kind),
        unit=_unit(asked, analyser, kind),
        phrases=tuple(found[1].strip() for found in QUOTED.finditer(asked)),
        publications=(source,) if source else (),
        periods=tuple(times),
        latest=bool(_LATEST.search(asked)),
        plural=_asks_for_several(asked),
        small_talk=topic,
        terms=tuple(analyser.terms(asked)),
    )


def _definition(asked: str, concepts: Sequence[Concept], kind: Kind) -> Kind:
    """`Who is X?`, `What is X?` with nothing but a name in it."""
    if re.match(r"(?:who|what)(?: is|'s|s| was| are| were) ", asked, _I) and len(concepts) >= 1:
        rest = [c for c in concepts if c.part is not Part.NAME]
        if not rest and not _CASE.search(asked):
            return Kind.DEFINITION
        if kind is Kind.PERSON and asked.islower() and not any(c.part is Part.ROLE for c in concepts):
            plain = re.fullmatch(r"who(?: is|'s| was) ([\w'-]+(?: [\w'-]+){0,2})\??", asked)
            if plain and not re.search(r"\b(?:the|of|in)\b", plain[1]):
                return Kind.DEFINITION
    return kind


def _roles(concepts: Sequence[Concept], kind: Kind) -> frozenset[str]:
    """The stems of the role that a person asked for holds (`judge`, `chief executive`, `head`)."""
    if kind is not Kind.PERSON:
        return frozenset()
    return frozenset(term for concept in concepts if concept.part is Part.ROLE for term in concept.every_term)


def _unit(asked: str, analyser: Analyser, kind: Kind) -> frozenset[str]:
    """What is counted: the stems of the noun after `how many`."""
    if kind not in {Kind.NUMBER, Kind.DURATION}:
        return frozenset()
    found = re.search(r"\bhow many ((?:[\w'-]+ ?){1,4})", asked, _I)
    if not found:
        return frozenset()
    unit: list[str] = []
    for word in words(found[1]):
        if analyser.is_stop_word(word.form):
            break
        unit.append(analyser.stem(word.form))
    return frozenset(unit[:3])


def _concepts(asked: str, analyser: Analyser, kind: Kind, times: Sequence[Period]) -> list[Concept]:
    found = words(asked)
    tokens = analyser.tokens_of(found)
    in_time = [period.span for period in times]
    named = _name_groups(asked, found, tokens, analyser)
    kept = [i for i, word in enumerate(found) if word.form not in ARTICLES]
    stems = [analyser.stem(found[i].form) for i in kept]
    place_of = {i: n for n, i in enumerate(kept)}
    concepts: list[Concept] = []
    done: set[int] = set()
    for i, word in enumerate(found):
        place = Span(word.start, word.end)
        if i in done or word.form in _CONNECTIVES or any(span.overlaps(place) for span in in_time):
            continue
        group = next((group for group in named if group[0] == i), None)
        if group:
            concepts.append(_name_concept(asked, [found[j] for j in group], tokens, analyser))
            done.update(group)
            continue
        concept = _word_concept(asked, word, tokens, analyser, kind)
        if concept is not None:
            concepts.append(_with_phrase(concept, stems, place_of.get(i)))
    return _without_kind_words(concepts, kind)


def _is_capital(asked: str, word: Word) -> bool:
    return any(c.isupper() for c in asked[word.start : word.end])


def _name_groups(asked: str, found: Sequence[Word], tokens: Sequence[Token], analyser: Analyser) -> list[list[int]]:
    """The runs of words that are one name: known names, and runs of capitals."""
    groups: list[list[int]] = []
    taken: set[int] = set()
    for token in tokens:
        if token.term.startswith("@"):
            group = [i for i, word in enumerate(found) if token.start <= word.start < token.end]
            if not _is_concept_name(token.term):
                groups.append(group)
                taken.update(group)
    if analyser.language == "de":
        return groups  # every German noun has a capital
    everything_capital = sum(_is_capital(asked, word) for word in found) > 0.8 * len(found) > 2
    roles = gazetteer().person_roles
    run: list[int] = []
    for i, word in enumerate(found):
        capital = _is_capital(asked, word) and not everything_capital and not (i == 0 and _opens(word, analyser))
        usable = (
            capital
            and i not in taken
            and not analyser.is_stop_word(word.form)
            and word.form not in {"v", "vs", "versus"}
        )
        if usable and word.form in roles | {"justice", "judge"} and not run:
            usable = False
        joined = bool(run) and asked[found[run[-1]].end : word.start].strip(" -’'s.&") == ""
        if run and (not usable or not joined):
            groups.append(run)
            run = []
        if usable:
            run.append(i)
    if run:
        groups.append(run)
    return groups


def _opens(word: Word, analyser: Analyser) -> bool:
    return analyser.is_stop_word(word.form) or word.form in {
        "name",
        "tell",
        "give",
        "show",
        "list",
        "find",
        "explain",
        "describe",
        "how",
        "please",
        "judge",
        "latest",
        "any",
    }


def _is_concept_name(term: str) -> bool:
    """Known by several forms, but an ordinary word all the same."""
    return term in {
        "@chief executive", "@chief financial officer", "@chief operating officer", "@chief technology officer", "@class action", "@lawsuit",
        "@smartphone", "@cellphone", "@website", "@artificial intelligence", "@end to end encryption",
    }  # fmt: skip


def _name_concept(asked: str, group: Sequence[Word], tokens: Sequence[Token], analyser: Analyser) -> Concept:
    span = Span(group[0].start, group[-1].end)
    canonical = next(
        (t.term for t in tokens if t.term.startswith("@") and t.start == span.start and t.end == span.end), None
    )
    terms = tuple(t.term for t in tokens if span.start <= t.start < span.end and not t.term.startswith("@"))
    surface = re.sub(r"['’]s?$", "", span.of(asked))
    return Concept(
        surface, span, terms or tuple(analyser.stem(w.form) for w in group if not canonical), Part.NAME, canonical
    )


def _word_concept(asked: str, word: Word, tokens: Sequence[Token], analyser: Analyser, kind: Kind) -> Concept | None:
    here = [token for token in tokens if token.start <= word.start < token.end]
    plain = [token.term for token in here if not token.term.startswith("@")]
    canonical = next((token for token in here if token.term.startswith("@")), None)
    if canonical is not None and canonical.start < word.start:
        return None  # the rest of a known name
    if canonical is None and not plain:
        return None
    term = plain[0] if plain else canonical.term if canonical else ""
    span = Span(canonical.start, canonical.end) if canonical else Span(word.start, word.end)
    part = _part(word, term, kind)
    plainly = [analyser.stem(form) for form in canonical.term[1:].split()] if canonical else []
    terms: tuple[str, ...] = (term,)
    if canonical:
        terms = tuple(t.term for t in tokens if span.start <= t.start < span.end and not t.term.startswith("@"))
        part = Part.ROLE if canonical.term.startswith("@chief") else part
    related, near = _in_other_words((term, *plainly), part)
    return Concept(span.of(asked), span, terms, part, canonical.term if canonical else None, related, near)


_SEVERAL: Final = re.compile(r"\b(?:which|what|who|whose) (?P<noun>[\w'’-]+(?: [\w'’-]+)?)", _I)


def _asks_for_several(asked: str) -> bool:
    """Whether more than one is asked for: `which judges`, `who are`."""
    found = _SEVERAL.search(asked)
    nouns = found["noun"].lower().split() if found else []
    return any(noun in {"are", "were"} or is_plural(noun) for noun in nouns)


def _with_phrase(concept: Concept, stems: Sequence[str], place: int | None) -> Concept:
    """The concept of a word with what says the same as the phrase that it begins (`shut down`, `cough up`)."""
    phrase = thesaurus().phrase_at(stems, place) if place is not None else ()
    if not phrase:
        return concept
    related, near = _in_other_words([" ".join(phrase)], concept.part)
    related |= concept.related
    return replace(concept, related=related, near=(concept.near | near) - related)


def _in_other_words(terms: Iterable[str], part: Part) -> tuple[frozenset[str], frozenset[str]]:
    """What says the same as one of the terms, and what says nearly the same."""
    words_of = thesaurus()
    related = {word for term in terms for word in words_of.same_as(term)}
    if part is Part.ROLE:
        related |= {word for term in terms for word in words_of.told_of(term)}
    near = {word for term in terms for word in words_of.near_to(term)} - related
    return frozenset(related), frozenset(near)


def _part(word: Word, term: str, kind: Kind) -> Part:
    if kind is Kind.PERSON and word.form.removesuffix("s") in gazetteer().person_roles:
        return Part.ROLE
    if word.form[0].isdigit():
        return Part.NAME
    if word.form in _GENERIC or term in _GENERIC or term in _IMPLIED.get(kind, ()):
        return Part.GENERIC
    return Part.CONTENT


_MOST_CONCEPTS: Final = 32
"""Of more than this no question speaks; the first ones are looked for."""


def _each_once(concepts: Sequence[Concept], case: Case | None) -> tuple[list[Concept], Case | None]:
    """What is said twice is one concept; the parties of the case point to where they are now."""
    places: dict[tuple[str, ...], int] = {}
    kept: list[Concept] = []
    parties = set(case.parties) if case else set()
    moved: dict[int, int] = {}
    for number, concept in enumerate(concepts):
        if concept.every_term in places:
            place = places[concept.every_term]
            if number in parties and concept.part is Part.NAME:
                kept[place] = replace(kept[place], part=Part.NAME)
            moved[number] = place
        elif len(kept) < _MOST_CONCEPTS:
            moved[number] = places[concept.every_term] = len(kept)
            kept.append(concept)
    if case is None or not parties <= moved.keys():
        return kept, None
    sides = tuple(dict.fromkeys(tuple(dict.fromkeys(moved[number] for number in side)) for side in case.sides))
    return kept, replace(case, sides=sides) if len(sides) > 1 else None


def _without_kind_words(concepts: Sequence[Concept], kind: Kind) -> list[Concept]:
    dropped = _KIND_WORDS.get(kind, frozenset())
    return [
        c for c in concepts if c.part in {Part.NAME, Part.ROLE} or c.surface.lower().replace("’", "'") not in dropped
    ]


_CONNECTIVES: Final = frozenset(
    "v vs versus against before per since until within without toward towards upon via".split()
)

_AFTER_CASE: Final = frozenset(
    "case lawsuit suit ruling decision trial opinion settlement judge appeal verdict litigation dispute fight antitrust patent copyright privacy injunction order hearing battle saga matter".split()
)  # fmt: skip


def _case(asked: str, concepts: list[Concept]) -> Case | None:
    """The case named with `v.`; its parties become names, in lower case too."""
    found = _CASE.search(asked)
    if not found:
        return None
    left = [i for i, c in enumerate(concepts) if c.span.end <= found.start() + 1]
    right = [i for i, c in enumerate(concepts) if c.span.start >= found.end() - 1]
    if not left or not right:
        return None
    first = _party(asked, concepts, list(reversed(left)), found.start(), backwards=True)
    second = _party(asked, concepts, right, found.end(), backwards=False)
    if not first or not second:
        return None
    for i in (*first, *second):
        concept = concepts[i]
        concepts[i] = replace(concept, part=Part.NAME, related=frozenset(), near=frozenset())
    start, end = min(concepts[i].span.start for i in first), max(concepts[i].span.end for i in second)
    return Case(re.sub(r"['’]s?$", "", asked[start:end]), tuple((i,) for i in (*first, *second)))


def _told_case(asked: str, concepts: Sequence[Concept]) -> Case | None:
    """The one case that is told in words, between names or, where there are none, words in small letters.

    Whether such a word is a name shows only in the articles; until then it names no party (`matching.case_level`).
    """
    if _CASE.search(asked):
        return None
    named = [i for i, concept in enumerate(concepts) if concept.part is Part.NAME and not concept.surface[0].isdigit()]
    plain = [
        i for i, concept in enumerate(concepts) if concept.part is Part.CONTENT and concept.surface not in LEGAL_WORDS
    ]
    for numbers in (named, sorted(named + plain)):
        found = [_as_case(suit, numbers, concepts) for suit in suits(asked, [concepts[i].span for i in numbers])]
        if found:
            # Of two cases in one question neither is the one that is asked about.
            return found[0] if len({frozenset(case.parties) for case in found}) == 1 else None
    return None


def _as_case(suit: Suit, numbers: Sequence[int], concepts: Sequence[Concept]) -> Case:
    sides = tuple(tuple(numbers[i] for i in side) for side in (suit.first, suit.second))
    first, second = (" and ".join([re.sub(r"['’]s?$", "", concepts[i].surface) for i in side]) for side in sides)
    is_directed = suit.how in {How.SUED, How.AGAINST}
    surface = f"a case of {first} against {second}" if is_directed else f"a case between {first} and {second}"
    return Case(surface, sides, suit.how)


def _party(asked: str, concepts: Sequence[Concept], order: Sequence[int], edge: int, *, backwards: bool) -> list[int]:
    """The concepts beside `v.` that make up one party."""
    party: list[int] = []
    for i in order:
        concept = concepts[i]
        gap = asked[concept.span.end : edge] if backwards else asked[edge : concept.span.start]
        if party and (gap.strip(" .&-’'") not in {"", "and", "of", "the"} or concept.surface.lower() in _AFTER_CASE):
            break
        if (
            party
            and concept.part is not Part.NAME
            and concepts[party[0]].part is Part.NAME
            and not concept.surface[0].isupper()
        ):
            break
        if not party and (
            gap.strip(" .") not in {"", "the"} or (concept.part is Part.GENERIC and concept.surface.islower())
        ):
            break
        if party and concept.part is not Part.NAME and (backwards or len(party) == 2):
            break  # in small letters nothing tells where a party ends
        party.append(i)
        edge = concept.span.start if backwards else concept.span.end
        if len(party) == 3:
            break
    return sorted(party)
