"""How sure it is that a sentence states what was asked: what speaks for it and against it, and the model's verdict.

Beside what ranked the sentence, that is: how far it stands out from the next one, whether it speaks of the one that was
asked about or of somebody else in the same article, whether it denies what it says, and whether something newer is
known. English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from retrieval.cases import is_government
from retrieval.denials import is_denied, is_supposed
from retrieval.evidence import Choice
from retrieval.kinds import Kind
from retrieval.matching import Lens, share_of_names
from retrieval.names import NameKind
from retrieval.question import Concept, Question
from retrieval.scoring import Features, Linear, shipped
from retrieval.sentence import Sentence

_SCORE_SCALE: Final = 20.0
_MARGIN_SCALE: Final = 5.0
_RIGHT_BEFORE: Final = 0.8
_LOOKED_BACK: Final = 8
"""So many sentences before one decide whom it speaks of."""
_SUBJECT_WORDS: Final = 6
_NOBODY: Final = frozenset({NameKind.TIME, NameKind.LAW, NameKind.PLACE, NameKind.COURT})


class Signs(NamedTuple):
    """What is known of a sentence for and against its stating what was asked, each 0..1.

    The first are those of `scoring.Features`. `score` and `margin` are its score and its distance from the next that
    says something else; `focus` is how surely it speaks of the names asked about, `absent` how little the one of them
    is present that is least so: here, right before, or in the whole article. `stranger`: it names somebody who was not
    asked about; `elsewhere`: it opens with another name; `denied`, `supposed`: a word that was asked for is negated
    here, or only possible, and not so in the question; `gap`, `gaps`: what the words are worth that neither it nor its
    neighbours say; `outdated`: something newer is known. `of_*` tell the kind of question.
    """

    own_content: float = 0.0
    own_names: float = 0.0
    all_content: float = 0.0
    all_names: float = 0.0
    weakest: float = 0.0
    own_rare: float = 0.0
    around: float = 0.0
    exact: float = 0.0
    order: float = 0.0
    title: float = 0.0
    kind: float = 0.0
    poor_fit: float = 0.0
    content_and_kind: float = 0.0
    everything: float = 0.0
    case: float = 0.0
    passage: float = 0.0
    place: float = 0.0
    lead: float = 0.0
    unknown: float = 0.0
    score: float = 0.0
    margin: float = 0.0
    focus: float = 0.0
    main: float = 0.0
    absent: float = 0.0
    stranger: float = 0.0
    elsewhere: float = 0.0
    denied: float = 0.0
    supposed: float = 0.0
    gap: float = 0.0
    gaps: float = 0.0
    outdated: float = 0.0
    of_reason: float = 0.0
    of_quote: float = 0.0
    of_person: float = 0.0
    of_thing: float = 0.0
    of_yes_no: float = 0.0


_KINDS: Final[dict[str, frozenset[Kind]]] = {
    "of_reason": frozenset({Kind.REASON}),
    "of_quote": frozenset({Kind.QUOTE}),
    "of_person": frozenset({Kind.PERSON, Kind.ORGANISATION}),
    "of_thing": frozenset({Kind.THING, Kind.EVENT, Kind.NAME, Kind.DEFINITION}),
    "of_yes_no": frozenset({Kind.YES_NO}),
}
_SHARED: Final = tuple(name for name in Signs._fields if name in Features._fields)


def model() -> Linear:
    """The model that tells confidence; its values are `Signs`."""
    return shipped("confidence", Signs._fields)


def signs_of(choice: Choice, rival: Choice | None, question: Question) -> Signs:
    """What is known for and against the sentence; `rival` is the next that says something else, None without one."""
    features = choice.features._asdict()
    margin = choice.score - rival.score if rival else _MARGIN_SCALE
    own_names = choice.features.own_names
    return Signs(
        **{name: features[name] for name in _SHARED},
        score=_within(choice.score / _SCORE_SCALE),
        margin=_within(margin / _MARGIN_SCALE),
        focus=_focus(choice, question),
        absent=absence(choice, question),
        stranger=float(choice.view.misses_name(choice.index) and _names_somebody_else(choice)),
        elsewhere=float(own_names == 0.0 and _opens_with_a_name(choice)),
        denied=float(is_denied(question, choice.sentence, choice.view.lenses)),
        supposed=float(is_supposed(question, choice.sentence, choice.view.lenses)),
        gap=choice.view.gap(choice.index),
        gaps=choice.view.gaps(choice.index),
        outdated=float(question.latest and (not choice.features.newest or _tells_of_the_past(choice))),
        **{name: float(question.kind in kinds) for name, kinds in _KINDS.items()},
    )


def _within(value: float) -> float:
    return max(0.0, min(1.0, value))


def absence(choice: Choice, question: Question) -> float:
    """How little the one asked about is present who is so least: named here, right before, or else by its share."""
    sentences, profile = choice.context.sentences, choice.context.profile
    before = sentences[choice.index - 1] if choice.index else None
    lenses = {lens.concept: lens for lens in choice.view.lenses}
    presences = []
    for concept in question.asked_about:
        lens = lenses.get(concept)
        if lens is None or lens.places(choice.sentence) or is_government(concept, question.text):
            continue
        right_before = before is not None and bool(lens.places(before))
        presences.append(max(_RIGHT_BEFORE if right_before else 0.0, share_of_names(concept, profile)))
    return 1 - min(presences, default=1.0)


def _focus(choice: Choice, question: Question) -> float:
    """How surely the sentence speaks of those who were asked about: the mean over their names (1 where none is)."""
    asked = question.asked_about
    lenses = {lens.concept: lens for lens in choice.view.lenses}
    found = [_focus_on(lenses[concept], asked, choice) for concept in asked if concept in lenses]
    return sum(found) / len(found) if found else 1.0


def _focus_on(lens: Lens, asked: Sequence[Concept], choice: Choice) -> float:
    """1 where the sentence names it; less for each other name that stands since it was named last."""
    if lens.places(choice.sentence):
        return 1.0
    others: set[str] = set(_others(choice.sentence, asked, choice))
    sentences = choice.context.sentences[: choice.index]
    for earlier in reversed(sentences[-_LOOKED_BACK:]):
        others |= set(_others(earlier, asked, choice))
        if lens.places(earlier):
            return 1 / (1 + len(others))
    return 0.5 / (1 + len(others)) if lens.places(choice.context.profile.heading) else 0.0


def _others(sentence: Sentence, asked: Sequence[Concept], choice: Choice) -> Iterator[str]:
    """The people and firms named in a sentence who are neither asked about nor the answer."""
    own = {term for concept in asked for term in concept.every_term}
    for name in sentence.names:
        if name.kind in _NOBODY or (
            sentence is choice.sentence and choice.answer and name.span.overlaps(choice.answer)
        ):
            continue
        first, last = sentence.word_range(name.span)
        stems = sentence.stems[first:last]
        if stems and own.isdisjoint(stems) and not _is_canonical(sentence, first, own):
            yield stems[-1]


def _is_canonical(sentence: Sentence, place: int, own: set[str]) -> bool:
    return any(place in sentence.places.get(term, ()) for term in own if term.startswith("@"))


def _tells_of_the_past(choice: Choice) -> bool:
    """Whether the sentence names years, all of them before that of its article."""
    years = [int(year) for year in _YEAR.findall(choice.sentence.text)]
    published = choice.context.article.published
    return bool(years) and published is not None and max(years) < published.year


_YEAR: Final = re.compile(r"\b(?:19|20)[0-9]{2}\b")


def _opens_with_a_name(choice: Choice) -> bool:
    """Whether the sentence opens with a name that is not the answer: it speaks of somebody else."""
    return any(
        name.kind in {NameKind.PERSON, NameKind.ORGANISATION, NameKind.OTHER}
        and choice.sentence.word_range(name.span)[0] < _SUBJECT_WORDS
        and not (choice.answer and name.span.overlaps(choice.answer))
        for name in choice.sentence.names
    )


def _names_somebody_else(choice: Choice) -> bool:
    """Whether the sentence names a person or firm that is neither the answer nor in the question."""
    sentence, answer = choice.sentence, choice.answer
    asked = {place for lens in choice.view.lenses for place in lens.places(sentence)}
    for name in sentence.names:
        first, last = sentence.word_range(name.span)
        other = name.kind in {NameKind.PERSON, NameKind.ORGANISATION, NameKind.OTHER} and first > 0
        if other and not (answer and name.span.overlaps(answer)) and asked.isdisjoint(range(first, last)):
            return True
    return False
