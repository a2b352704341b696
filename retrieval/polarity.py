"""Whether a sentence itself says yes or no to a question that wants one of them. Pure; English.

The question's verb is looked for in the sentence, by itself, by a word of its group or by its opposite, and the words
in front of it are read for a negation (`refused to`, `was never`) or for doubt (`may`, `accused of`). What is told of
somebody else, in doubt, or both ways says nothing: precision goes before recall.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

from corpus.model import Span
from retrieval.analyser import analyser_for
from retrieval.doers import is_told_apart, is_told_as_winner
from retrieval.kinds import Kind
from retrieval.nouns import term_at
from retrieval.opposites import directed
from retrieval.question import Concept, Part, Question
from retrieval.sentence import Sentence


def polarity(question: Question, sentence: Sentence) -> bool | None:
    """True where the sentence says yes to the question, False where it says no, None where that isn't clear."""
    if question.kind is not Kind.YES_NO or sentence.analyser.language != "en":
        return None
    asked = _Asked.of(question)
    if asked is None or not _speaks_of_it(question, sentence, asked):
        return None
    told = {*_verb_told(sentence, asked), *_state_told(sentence, asked), *_win_told(question, sentence, asked)}
    return told.pop() if len(told) == 1 else None


class _Asked:
    """The predicate of a yes-no question: its verb, or that it asks how things still stand (then `verb` is empty)."""

    def __init__(self, question: Question, verb: str, at: int) -> None:
        self.of_state = not verb
        self.at = at
        self.concept: Concept | None = next((c for c in question.concepts if c.span.start <= at < c.span.end), None)
        self.others = [concept for concept in question.concepts if concept is not self.concept]
        self.stem = analyser_for("en").stem(verb) if verb else ""
        related = self.concept.related if self.concept else frozenset[str]()
        self.same = frozenset({self.stem, *(stem for stem in related if " " not in stem)} - _TOO_WIDE)
        self.opposite = _opposites().get(self.stem, frozenset())

    def is_named(self, sentence: Sentence) -> bool:
        """Whether the sentence says one of the words of the question, its verb apart."""
        return any(_is_there(concept, sentence) for concept in self.others)

    @classmethod
    def of(cls, question: Question) -> _Asked | None:
        """The predicate; None where it isn't found, or has a negation of its own."""
        opened = _OPENING.match(question.text)
        if opened is None or _NEGATED.search(question.text, opened.end()):
            return None
        if _STATE.search(question.text):
            return cls(question, "", len(question.text))
        verb = _verb(question.text, opened.end(), opened["auxiliary"].lower())
        return cls(question, verb[0].lower(), verb.start()) if verb else None


_OPENING: Final = re.compile(
    r"\W*(?:(?:so|and|but|hey|ok|okay|please|well|then),? )*"
    r"(?P<auxiliary>did|does|do|is|are|was|were|has|have|had|will|would|can|could|must|should)(?:n['’]?t)? ",
    re.IGNORECASE,
)
_NEGATED: Final = re.compile(r"\b(?:not|never|no|without|neither|nor|nobody|nothing)\b|n['’]t\b", re.IGNORECASE)
_STATE: Final = re.compile(
    r"\b(?:still|in force|in effect|in place|on hold|pending|alive|stands?|valid|binding|remains?)\b", re.IGNORECASE
)
_WORD: Final = re.compile(r"[^\W_][\w’'-]*")
_DETERMINERS: Final = frozenset("the a an its his her their this that these those our any all both some".split())
_ADVERBS: Final = frozenset("ever still already really actually even just also yet now finally once".split())
_BEHIND_VERB: Final = frozenset(
    "the a an its his her their this that to for against in on at with by of from over about up out under into him "
    "them it any all anyone anybody anything after before".split()
)
_TOO_WIDE: Final = frozenset(
    "take make order use action say case matter claim argu assert contend hold find decid decis rule question have get "
    "set call name judgment opinion law act bill copi download proceed challeng want right unit divis releas".split()
)
"""Stems that stand in a group with many verbs, and say the same as none of them for sure."""


def _verb(text: str, start: int, auxiliary: str) -> re.Match[str] | None:
    """The word behind the subject: the verb, a participle or what is said of the subject."""
    words = list(_WORD.finditer(text, start))
    begun = False
    for i, word in enumerate(words):
        form = word[0].lower()
        if form in _ADVERBS:
            continue
        if not begun:
            begun = form not in _DETERMINERS
            continue
        following = words[i + 1][0] if i + 1 < len(words) else ""
        if word[0][0].isupper() or form in _DETERMINERS or word[0].endswith(("'s", "’s")):
            continue
        if form in _OF_SUBJECT:
            begun = False  # a phrase that belongs to the subject: `the case against X`
            continue
        ends = not following or following.lower() in _BEHIND_VERB or following[0].isupper() or following[0].isdigit()
        if auxiliary in _BE and not (form.endswith(("ed", "en", "ing")) or form in _PARTICIPLES):
            continue
        if term_at((form,)) and not ends:
            continue  # a noun of the subject
        if words[i - 1][0].lower() in _DETERMINERS:
            continue
        return word
    return None


_OF_SUBJECT: Final = frozenset("of in on at for against with from between behind over and who that".split())
_BE: Final = frozenset({"is", "are", "was", "were"})
_PARTICIPLES: Final = frozenset(
    "sued paid sold bought found held struck built made sent shown told kept lost won cut set put hit shut split "
    "upheld brought caught hurt fined guilty innocent liable illegal legal unlawful lawful dead responsible "
    "over final".split()
)


def _speaks_of_it(question: Question, sentence: Sentence, asked: _Asked) -> bool:
    """Whether the sentence speaks of whom and what was asked about, and of nobody else in their place."""
    rest = [
        concept
        for concept in question.concepts
        if concept.part in {Part.CONTENT, Part.ROLE}
        and concept is not asked.concept
        and concept.surface.lower() not in _STATE_WORDS
    ]
    there = sum(_is_there(concept, sentence) for concept in rest)
    if there * 2 < len(rest):
        return False
    names = [concept for concept in question.names if concept is not asked.concept]
    subject = next((concept for concept in names if concept.span.end <= asked.at), None)
    if subject is None or _is_there(subject, sentence):
        return True
    if any(_is_there(concept, sentence) for concept in names) and not rest:
        return False
    return not any(is_told_apart(name) for name in sentence.names)


_STATE_WORDS: Final = _ADVERBS | frozenset(
    "force effect place hold pending alive stand stands standing valid binding remain remains have get".split()
)


def _is_there(concept: Concept, sentence: Sentence) -> bool:
    if any(term in sentence.places for term in concept.every_term):
        return True
    return concept.part is not Part.NAME and not concept.related.isdisjoint(sentence.stems)


def _verb_told(sentence: Sentence, asked: _Asked) -> Iterator[bool]:
    """What each place of the verb, or of its opposite, says."""
    if asked.of_state:
        return
    for place, stem in enumerate(sentence.stems):
        is_opposite = any(sentence.stems[place : place + len(phrase)] == phrase for phrase in asked.opposite)
        is_same = stem == asked.stem or (stem in asked.same and asked.is_named(sentence) and _is_verb(sentence, place))
        if not is_opposite and not is_same:
            continue
        negated = _is_negated(sentence, place)
        if negated is not None and not (is_opposite and negated):  # that the opposite did not happen says nothing
            yield is_opposite is negated


def _is_verb(sentence: Sentence, place: int) -> bool:
    """Whether a word of the same group is used as a verb: it has a verb's ending, or `to` or an auxiliary before it."""
    before = sentence.forms[max(0, place - 2) : place]
    return sentence.forms[place].endswith(("ed", "es")) or not _AUXILIARIES.isdisjoint(before)


_AUXILIARIES: Final = frozenset("to will would did does do has have had was were is are must can could been be".split())
_CLAUSE: Final = re.compile(
    r"[;:—–()]|,(?! (?:nor|never|not)\b)|\b(?:and|but|because|although|though|while|whereas|which|who|that|when|after|"
    r"before|since|unless|until|as)\b",
    re.IGNORECASE,
)
_NOT: Final = re.compile(
    r"\b(?:not(?! only| just| merely)|never|no longer|nor|neither|nobody|no one|none|without|cannot|"
    r"(?:refus|declin|fail|neglect|omitt|decid|agree)(?:e|es|ed|ing|s)? (?:not )?to|"
    r"(?:avoid|den|stopp|barr|prevent|exempt|spar|clear|acquitt|excus|releas|absolv)(?:s|ed|ied|ies|ing)?"
    r"(?: short)?(?: \w+)?(?: of| from| having)?|rather than|instead of|short of)\b|n['’]t\b|^\W*no \w+",
    re.IGNORECASE,
)
_AGREES: Final = re.compile(r"\b(?:decid|agree)\w* to\b", re.IGNORECASE)
_DOUBT: Final = re.compile(
    r"\b(?:may|might|could|would|if|whether|should|accus\w+|alleg\w+|claim\w*|argu\w+|contend\w*|ask\w*|seek\w*|sought|"
    r"want\w*|plan\w*|threaten\w*|likely|expect\w*|urg\w+|demand\w*|request\w*|hop\w+|consider\w*|propos\w+|reportedly|"
    r"possibl[ey]|perhaps|appear\w*|seem\w*|suspect\w*|vow\w*|promis\w+|denie[sd]|deny\w*|motion|bid|attempt\w*|"
    r"tri(?:ed|es) to|trying|due|scheduled)\b",
    re.IGNORECASE,
)
_NO_OBJECT: Final = re.compile(r" (?:no|nothing|none|nobody|neither)\b(?! (?:more|less|fewer) than)", re.IGNORECASE)
_WINDOW_CHARS: Final = 90


def _is_negated(sentence: Sentence, place: int) -> bool | None:
    """Whether the word is denied in its clause; None where it is in doubt."""
    word = sentence.words[place]
    start = max(0, word.start - _WINDOW_CHARS)
    before = sentence.text[start : word.start]
    for border in _CLAUSE.finditer(before):
        start = max(0, word.start - _WINDOW_CHARS) + border.end()
    clause = sentence.text[start : word.start]
    if _DOUBT.search(clause) or sentence.text.rstrip().endswith("?"):
        return None
    negations = [found for found in _NOT.finditer(clause) if not _AGREES.fullmatch(found[0])]
    behind = _NO_OBJECT.match(sentence.text, word.end) is not None
    if len(negations) + behind > 1:
        return None
    return bool(negations) or behind


_ENDED: Final = re.compile(
    r"\b(?:vacat|revok|lift|dissolv|overturn|revers|quash|annul|expir|repeal|withdr[ae]w|scrapp?|void|set aside|lapse|"
    r"cancel|(?:thr[eo]w|toss|thrown)\w* out|struck down|strik\w+ down|released from|wiped out|called off|dismiss|"
    r"clos)\w*\b"
    r"|\bdead\b|\bno longer\b|\bnothing of\b|\b(?:is|was|are|were) over\b",
    re.IGNORECASE,
)
_LASTS: Final = re.compile(
    r"\b(?:upheld|uphold\w*|affirm\w*|reinstat\w*|remain\w*|still|left in place|le[ft]\w* (?:it|them) in place|"
    r"stays? in (?:place|force|effect)|extended|confirmed|continu\w+)\b",
    re.IGNORECASE,
)


def _state_told(sentence: Sentence, asked: _Asked) -> Iterator[bool]:
    """Of a question how things still stand: what ended, or lasts."""
    if not asked.of_state:
        return
    for pattern, says in ((_ENDED, False), (_LASTS, True)):
        for found in pattern.finditer(sentence.text):
            first, last = sentence.word_range(Span(*found.span()))
            if first == last:
                continue
            negated = _is_negated(sentence, first)
            if negated is False:
                yield says
            elif negated:
                yield not says


def _win_told(question: Question, sentence: Sentence, asked: _Asked) -> Iterator[bool]:
    """Of a question who won: where the first name it asks about stands as winner or loser."""
    wanted = _OUTCOMES.get(asked.stem)
    if wanted is None or not question.names:
        return
    for term in question.names[0].every_term:
        for place in sentence.places.get(term, ()):
            word = sentence.words[place]
            won = is_told_as_winner(sentence, Span(word.start, word.end))
            if won is not None:
                yield won is wanted


_OUTCOMES: Final = {"win": True, "prevail": True, "lose": False}


@lru_cache(maxsize=1)
def _opposites() -> Mapping[str, frozenset[tuple[str, ...]]]:
    """For the stem of each verb of one word that has opposites the stems of those."""
    found: dict[str, frozenset[tuple[str, ...]]] = {}
    for own, other in directed():
        for phrase in own:
            if len(phrase) == 1:
                found[phrase[0]] = found.get(phrase[0], frozenset()) | other
    return found
