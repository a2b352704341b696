"""How an answer came about, told in sections of plain lines, which the terminal and Discord each lay out. Pure.

The lines hold the words of articles and questions as they stand: whoever shows them makes them harmless first.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from bot.sheet import NOT_A_QUESTION, outcome_of
from bot.signs import one_line
from bot.wording import day, human_join, plural
from retrieval.kinds import Kind
from retrieval.model import Answered, NotAQuestion
from retrieval.question import Part

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from retrieval.explanation import Explanation, FoundPassage, Share, WeighedSentence
    from retrieval.model import Citation
    from retrieval.periods import Period
    from retrieval.question import Concept, Question

PASSAGE_CHARS: Final = 200
"""So much of a passage is shown, cut at a word: it is there to be recognised."""

_TITLE_CHARS: Final = 120
_PUBLICATION_CHARS: Final = 60

FEATURES: Final[Mapping[str, str]] = {
    "own_content": "words of the question in it",
    "own_names": "names of the question in it",
    "all_content": "words in or around it",
    "all_names": "names in or around it",
    "weakest": "the word it meets worst",
    "own_rare": "rare words of the question in it",
    "around": "words in it, its neighbours and title",
    "before": "words in the sentence before",
    "exact": "the same words as asked",
    "pairs": "neighbouring words as asked",
    "order": "in the order asked",
    "near": "close to each other",
    "title": "words in its title",
    "article": "words in its article",
    "kind": "it fits what is wanted",
    "kind_missing": "nothing of what is wanted in it",
    "surely_missing": "and that is sure",
    "poor_fit": "it hardly fits what is wanted",
    "case": "its article is about the case",
    "passage": "score of its passage",
    "place": "rank of its passage",
    "early": "early in its article",
    "main": "its article is on the names asked about",
    "newest": "of the newest article",
    "lead": "early in the newest article",
    "short": "very short",
    "content_and_kind": "words and fit together",
    "names_and_content": "names and words together",
    "everything": "all of it together",
    "unknown": "words that no article knows",
    "bias": "to begin with",
}
"""What each feature of a sentence is, in words; one that is not listed is shown by its own name."""

_OUTCOMES: Final = {
    "answered": "Answered",
    "partial": "Answered in part",
    "not_in_corpus": "Not in the corpus",
    "needs_detail": "Asked back",
    NOT_A_QUESTION: "Not a question",
}


class Tone(StrEnum):
    """How a line is meant: told by the program, quoted from an article, or an account of figures."""

    TOLD = "told"
    QUOTED = "quoted"
    FIGURES = "figures"


@dataclass(frozen=True, slots=True)
class Line:
    """One line; its text is as it came in."""

    text: str
    tone: Tone = Tone.TOLD


@dataclass(frozen=True, slots=True)
class Item:
    """Lines that belong together: what is told of one passage or one sentence."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A stage on the way to the answer; it has at least one item. `ranked` items begin with their rank."""

    title: str
    items: tuple[Item, ...]
    ranked: bool = False


def sections_of(explanation: Explanation) -> tuple[Section, ...]:
    """The stages in order: the question as read, passages, sentences, outcome; those with nothing to tell left out."""
    question = explanation.question
    stages = (
        Section("The question as it was read", (Item(tuple(_read(question, explanation.passages))),)),
        Section("Passages found", tuple(_passage(one, question) for one in explanation.passages), ranked=True),
        Section("Sentences weighed", tuple(map(_sentence, explanation.sentences)), ranked=True),
        Section("Outcome", (Item(tuple(_outcome(explanation))),)),
    )
    return tuple(section for section in stages if section.items)


def account_of(score: float, shares: Iterable[Share], names: Mapping[str, str]) -> str:
    """`Score 2.10: judge 1.30, court 0.95, short −0.15`: a score and what it is made of, largest first, no zeros."""
    parts = sorted(shares, key=lambda share: (-abs(share.value), share.name))
    told = [f"{names.get(part.name) or _spelt(part.name)} {_number(part.value)}" for part in parts]
    made_of = ", ".join(words for words, part in zip(told, parts, strict=True) if abs(part.value) >= 0.005)
    return f"Score {_number(score)}: {made_of}" if made_of else f"Score {_number(score)}"


def _number(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def _spelt(name: str) -> str:
    """A term or feature by its own name; what marks a name of several forms is left out."""
    return name.removeprefix("@").replace("_", " ")


def _read(question: Question, passages: Sequence[FoundPassage]) -> Iterator[Line]:
    yield Line(question.text, Tone.QUOTED)
    if question.small_talk is not None:
        yield Line(f"Small talk: {question.small_talk}")
        return
    yield Line(f"Wanted: {'yes or no' if question.kind is Kind.YES_NO else question.kind}")
    if question.case:
        yield Line(f"Case: {question.case.surface}")
    for part, label in ((Part.NAME, "Names"), (Part.ROLE, "Role"), (Part.CONTENT, "Words"), (Part.GENERIC, "Filler")):
        if found := [_concept(concept) for concept in question.concepts if concept.part is part]:
            yield Line(f"{label}: {', '.join(found)}")
    if question.phrases:
        yield Line(f"Word for word: {', '.join(f'“{phrase}”' for phrase in question.phrases)}")
    if question.publications:
        yield Line(f"Publication: {human_join(question.publications, 'or')}")
    yield from (Line(_period(period, question.text)) for period in question.periods)
    if question.latest:
        yield Line("The newest counts more.")
    if passages and (lacking := _lacking(question, passages)):
        yield Line(f"In none of the passages below: {', '.join(lacking)}")


def _concept(concept: Concept) -> str:
    """The words as they were asked, and the name that they are taken for."""
    known_as = _spelt(concept.canonical) if concept.canonical else ""
    return concept.surface if known_as in {"", concept.surface.casefold()} else f"{concept.surface} (= {known_as})"


def _period(period: Period, text: str) -> str:
    first = f"from {day(period.since)}" if period.since else ""
    last = f"until {day(period.until)}" if period.until else ""
    what = "News of" if period.of_news else "Time"
    return f"{what}: “{period.span.of(text)}”, {' '.join(filter(None, (first, last)))}"


def _lacking(question: Question, passages: Sequence[FoundPassage]) -> list[str]:
    """The concepts of which no term has a share in any of the passages."""
    held = {share.name for passage in passages for share in passage.shares if share.value > 0}
    return [concept.surface for concept in question.concepts if held.isdisjoint(concept.every_term)]


def _passage(passage: FoundPassage, question: Question) -> Item:
    surfaces = {
        term: one_line(concept.surface).casefold()
        for concept in question.concepts
        for term in concept.every_term
        if len(concept.every_term) == 1
    }
    return Item(
        (
            Line(f"{passage.rank}. {_place(passage.citation)}"),
            Line(shortened(passage.text, PASSAGE_CHARS), Tone.QUOTED),
            Line(account_of(passage.score, passage.shares, surfaces), Tone.FIGURES),
        )
    )


def _sentence(sentence: WeighedSentence) -> Item:
    short = f", short answer: {sentence.answer}" if sentence.answer else ""
    lines = [
        Line(f"{sentence.rank}. {_place(sentence.citation)}"),
        Line(sentence.text, Tone.QUOTED),
        Line(f"Confidence {sentence.confidence:.0%}{short}"),
    ]
    if sentence.kept_out:
        lines.append(Line(f"Kept out: {sentence.kept_out}"))
    return Item((*lines, Line(account_of(sentence.score, sentence.shares, FEATURES), Tone.FIGURES)))


def _place(citation: Citation) -> str:
    title = shortened(citation.title, _TITLE_CHARS) or "(no title)"
    publication = shortened(citation.publication or "", _PUBLICATION_CHARS)
    parts = (title, publication, day(citation.published) if citation.published else "")
    return ", ".join(part for part in parts if part)


def _outcome(explanation: Explanation) -> Iterator[Line]:
    answer = explanation.answer
    if isinstance(answer, NotAQuestion):
        yield Line(_OUTCOMES[NOT_A_QUESTION])
    else:
        yield Line(f"{_OUTCOMES[outcome_of(answer).value]}, confidence {answer.confidence:.0%}")
    if explanation.reason:
        yield Line(f"Why: {explanation.reason}")
    if isinstance(answer, Answered):
        if answer.polarity is not None:
            yield Line(f"The first sentence itself says {'yes' if answer.polarity else 'no'}.")
        if answer.conflicts:
            yield Line(f"{plural(len(answer.conflicts), 'article says', 'articles say')} it otherwise.")


def shortened(text: str, chars: int) -> str:
    """The text, at most so long, cut at a word with a visible mark."""
    words = one_line(text)
    if len(words) <= chars:
        return words
    end = words.rfind(" ", 0, chars)
    return f"{words[: end if end > 0 else chars - 1]}…"
