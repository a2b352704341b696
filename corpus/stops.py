"""Full stops: which of them end a sentence.

The rules here know English abbreviations best, German, French and Spanish ones in part, and the stops of other scripts;
where they are unsure, nupunkt's model for legal text decides (this is the one door of nupunkt).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from typing import Final, Protocol, cast

from corpus.model import Span

STOP_SIGNS: Final = ".!?…。！？।؟۔"
CLOSING_MARKS: Final = r"\"'”’»」』)\]"
"""Both for a class of a regular expression: what ends a sentence, and what may stand between that and the space."""
ENDED: Final = re.compile(rf"[{STOP_SIGNS}][{CLOSING_MARKS}]*\Z")
"""The end of a sentence, where the text ends with one."""


def boundaries(text: str, unit: Span) -> list[int]:
    """Where a new sentence begins inside `unit`, ascending; quotations are not looked at here."""
    model: frozenset[int] | None = None
    remarks = [Span(found.start(), found.end()) for found in _REMARK.finditer(text, unit.start, unit.end)]
    places: list[int] = []
    for found in _STOP.finditer(text, unit.start, unit.end):
        if found.end() >= unit.end or inside(found.end(), remarks):
            continue
        verdict = _verdict(_Stop.read(text, unit, found))
        if verdict is _Verdict.UNSURE:
            model = _model_boundaries(text, unit) if model is None else model
            verdict = _Verdict.ENDS if found.end() in model else _Verdict.GOES_ON
        if verdict is _Verdict.ENDS:
            places.append(found.end())
    return places


def inside(place: int, spans: Sequence[Span]) -> bool:
    """Whether a cut before the character at `place` would cut one of `spans` (ascending, without overlap)."""
    index = bisect_left(spans, Span(place, place)) - 1
    return index >= 0 and spans[index].start < place < spans[index].end


class _Verdict(Enum):
    """What the words around a stop say."""

    ENDS = auto()
    GOES_ON = auto()
    UNSURE = auto()


# A remark in brackets of this length, often a citation, is not cut.
_REMARK = re.compile(r"\([^()\n]{1,200}\)")
_STOP = re.compile(
    r"""
      (?<![.!?…])(?P<mark>[.!?…]++)(?P<close>["'”’»)\]]*)(?P<space>\s+)(?=\S)  # a stop, then white space
    | (?P<wide>[。！？।॥؟۔｡]+["'”’»」』)\]]*)\s*(?=\S)  # a stop of another script
    | (?<=[a-zß-öø-ÿ]{2})[.!?](?P<glued>[”’»)]?)(?=["“‘(]?[A-ZÀ-ÖØ-Þ](?:[a-zß-öø-ÿ]|\s))  # its white space was lost
    | (?<=[.!?])(?P<quote>["”])(?=[A-Z][a-z])  # the same after a quotation
    """,
    re.VERBOSE,
)
_LEFT_TOKEN = re.compile(r"[^\s\"“”„«»(\[—–]*\Z")
_RIGHT_TOKEN = re.compile(r"[\"“„«‘'(\[¿¡]*([\w§&@#$€£%/.’'-]*)")
_OPENING = frozenset("\"“„«「『‘'([¿¡")


@dataclass(frozen=True, slots=True)
class _Stop:
    """A stop with the word before it and the word after it, both without quotation marks and final stops."""

    text: str
    unit: Span
    found: re.Match[str]
    left: str
    right: str

    @classmethod
    def read(cls, text: str, unit: Span, found: re.Match[str]) -> _Stop:
        place = found.start()
        left = _LEFT_TOKEN.search(text[max(unit.start, place - 40) : place])
        right = _RIGHT_TOKEN.match(text[found.end() : min(unit.end, found.end() + 40)])
        return cls(
            text,
            unit,
            found,
            left[0].strip("'’‘") if left is not None else "",
            right[1].rstrip(".,;:'’") if right is not None else "",
        )

    @property
    def word(self) -> str:
        """The word before the stop, folded, without an article that sticks to it (`l'art`)."""
        return re.split("['’]", self.left)[-1].casefold()

    @property
    def following(self) -> str:
        return self.right.casefold()

    @property
    def starter(self) -> bool:
        """Whether a word follows that often begins a sentence and seldom a name."""
        return self.following in _STARTERS

    @property
    def closer(self) -> str:
        return str(self.found["close"] or "")


def _listed(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Followed by the name or number they belong to, never the last word of a sentence.
_BEFORE_NAME = _listed(
    """v vs mr mrs ms mx dr prof gov sen sens rep reps gen lt col capt sgt hon rev atty supt insp cmdr adm maj pvt cpl
    messrs pres supp e.g i.e cf viz mme mlle dott sra dña z.b d.h u.a p.ex p.ej bzw vgl ggf sog inkl zzgl c.f"""
)
# The same where a number follows.
_BEFORE_NUMBER = _listed(
    """no nos art arts sec secs ch chap cl para paras par p pp fig figs vol vols ex exh nr núm num abs rn s cir dist app
    jan feb mar apr jun jul aug sept sep oct nov dec stat dkt doc § §§ f u.s ct ed rptr approx ca"""
)
# May well be the last word of a sentence: companies, countries, states, times of day.
_MAY_END = _listed(
    """inc corp co ltd llc llp plc jr sr u.s u.k u.n e.u d.c a.m p.m etc ph.d m.d esq bros cos dept univ assn intl
    ala ariz ark calif cal colo conn del fla ga ill ind kan ky la md mass mich minn miss mo mont neb nev n.h n.j n.m
    n.y n.c n.d okla ore pa r.i s.c s.d tenn tex vt va wash w.va wis wyo l.a b.c a.d u.s.a u.s.c st ave blvd rd
    al usw ee.uu j.-c s.a s.r.l gmbh n.v b.v a.g est"""
)
_COMPANY = _listed("inc corp co ltd llc plc")
_COUNTRIES = _listed("u.s u.k u.n e.u u.s.a")
_CLOCK = _listed("a.m p.m")
_AFTER_CLOCK = _listed(
    """et est edt pt pst pdt ct cst cdt mt mst mdt gmt utc cet bst eastern pacific central mountain local
    monday tuesday wednesday thursday friday saturday sunday"""
)
_STARTERS = _listed(
    """the a an in on at by for from with to of but and or so yet it its he she they we i you his her their our this
    that these those there here when while if as after before since until although though because however meanwhile
    moreover also then now what who why how where which whether both each some many most all no not one two even only
    under over during according instead still later earlier last next another other such once despite without among
    between against within through today yesterday is are was were did does do has have had can could may might will
    would should let neither nor besides further furthermore nonetheless nevertheless thus therefore
    der die das ein eine er sie es und aber im am le les un une il elle ils et mais el los las una en pero"""
)
_SPANISH_ARTICLES = _listed("el del al los un")
_MONTHS_ABROAD = _listed("januar jänner februar märz april mai juni juli august september oktober november dezember")
_DOMAIN_ENDS = _listed("com net org js io ai co gov edu uk de fr eu us tv me app dev info py txt pdf html")
_SPEECH = re.compile(
    r"[^\s.!?\"“]+(?:\s+[^\s.!?\"“]+){0,6}?\s+(?:said|says|asked|asks|wrote|writes|added|adds|told|tweeted|replied|argued)\b"
)
_DOTTED = re.compile(r"(?:\w\.)+\w")
_NEXT_INITIAL = re.compile(r"[A-ZÀ-ÖØ-Þ]\.")
_WORD_BEFORE = re.compile(r"(?:\A|[\s(\[\"“‘—–-])(\w[\w.'’-]*)\s+\Z")

_Rule = Callable[[_Stop], "_Verdict | None"]


def _verdict(stop: _Stop) -> _Verdict:
    """The verdict of the first rule that has one; a stop no rule knows ends its sentence."""
    for rule in _RULES:
        verdict = rule(stop)
        if verdict is not None:
            return verdict
    return _Verdict.ENDS


def _of_other_scripts(stop: _Stop) -> _Verdict | None:
    wide = stop.found["wide"]
    if wide is None:
        return None
    quoted = wide[-1] in "」』”" and stop.text[stop.found.end()] in "とっ、，は"
    return _Verdict.GOES_ON if quoted else _Verdict.ENDS


def _without_space(stop: _Stop) -> _Verdict | None:
    """A stop with nothing after it: a lost space, unless it is part of a name such as Booking.com."""
    if stop.found["space"] is not None:
        return None
    if stop.found["quote"] is not None:
        return _Verdict.ENDS
    name = re.split(r"\W", stop.following)[0]
    in_name = name in _DOMAIN_ENDS or any(sign in stop.left for sign in "./@:#_") or any(s in stop.right for s in "/@")
    known = stop.word in _BEFORE_NAME | _MAY_END
    return _Verdict.GOES_ON if in_name or known else _Verdict.ENDS


def _before_small_letter(stop: _Stop) -> _Verdict | None:
    """A small letter goes on, but for names such as iPhone or eBay."""
    small = stop.right[:1].islower() and not any(letter.isupper() for letter in stop.right[1:3])
    return _Verdict.GOES_ON if small else None


def _before_sign(stop: _Stop) -> _Verdict | None:
    """Nothing that is read follows: a comma or dash goes on, anything else (an emoji) begins anew."""
    sign = stop.text[stop.found.end()]
    if stop.right or sign in _OPENING:
        return None
    return _Verdict.GOES_ON if sign in ",;:)]–—-/|" else _Verdict.ENDS


def _question(stop: _Stop) -> _Verdict | None:
    """A question or exclamation ends a sentence, unless it is quoted and its speaker follows."""
    if stop.found["mark"][-1] not in "!?":
        return None
    if stop.following in _COMPANY:
        return _Verdict.GOES_ON
    quoted = stop.closer.strip(")]")
    speaker = _SPEECH.match(stop.text, stop.found.end(), min(stop.unit.end, stop.found.end() + 80))
    return _Verdict.GOES_ON if quoted and speaker is not None else _Verdict.ENDS


def _ellipsis(stop: _Stop) -> _Verdict | None:
    """Three dots after a space leave words out; after a word they may end the sentence."""
    mark = stop.found["mark"]
    if mark == ".":
        return None
    if len(mark) > 3 or stop.closer or stop.starter:
        return _Verdict.ENDS
    return _Verdict.GOES_ON if stop.text[stop.found.start() - 1].isspace() else _Verdict.UNSURE


def _title_or_reference(stop: _Stop) -> _Verdict | None:
    if stop.word in _BEFORE_NAME:
        return _Verdict.GOES_ON
    if stop.word in _BEFORE_NUMBER and (stop.right[:1].isdigit() or stop.right[:1] in tuple("§$€£#")):
        return _Verdict.GOES_ON
    return None


def _after_closing_mark(stop: _Stop) -> _Verdict | None:
    """A stop before a closing quotation mark or bracket ends the sentence, unless an abbreviation made it."""
    if not stop.closer.strip("'’"):
        return None
    if stop.word in _MAY_END | _BEFORE_NUMBER and not stop.starter:
        return _Verdict.UNSURE
    return _Verdict.ENDS


def _may_end(stop: _Stop) -> _Verdict | None:
    if stop.word not in _MAY_END:
        return None
    if stop.starter:
        return _Verdict.ENDS
    if stop.word in _COUNTRIES or stop.right[:1].isdigit():
        return _Verdict.GOES_ON
    if stop.word == "sr" and _word_before(stop).casefold() in _SPANISH_ARTICLES:
        return _Verdict.GOES_ON
    if stop.word in _CLOCK:
        return _Verdict.GOES_ON if stop.following in _AFTER_CLOCK else _Verdict.ENDS
    return _Verdict.UNSURE


def _initial(stop: _Stop) -> _Verdict | None:
    """A single letter is an initial before a name (J. Michelle Childs), else a label (vitamin C. He …)."""
    if len(stop.word) != 1 or not stop.word.isalpha():
        return None
    if stop.left.islower() or stop.left == "I":
        return _Verdict.ENDS if stop.starter else _Verdict.UNSURE
    if _NEXT_INITIAL.match(stop.text, stop.found.end(), stop.unit.end) is not None:
        return _Verdict.GOES_ON
    before = _word_before(stop)
    after_name = not before or before[:1].isupper()
    if stop.starter:
        return _Verdict.ENDS
    return _Verdict.GOES_ON if after_name else _Verdict.UNSURE


def _word_before(stop: _Stop) -> str:
    """The word before the one before the stop; empty at the start or after another sign."""
    end = stop.found.start() - len(stop.left)
    found = _WORD_BEFORE.search(stop.text[max(stop.unit.start, end - 40) : end])
    return found[1] if found is not None else ""


def _number(stop: _Stop) -> _Verdict | None:
    """A number's stop ends the sentence, but not in a list (`1. First`) nor in a German date (`3. März`)."""
    if not stop.left.isdecimal():
        return None
    listed = stop.found.start() - len(stop.left) == stop.unit.start
    in_date = stop.following in _MONTHS_ABROAD and stop.following not in {"april", "august", "september", "november"}
    dated_english = stop.following in _MONTHS_ABROAD and not in_date
    if len(stop.left) <= 2 and (listed or in_date):
        return _Verdict.GOES_ON
    return _Verdict.UNSURE if len(stop.left) <= 2 and dated_english else _Verdict.ENDS


def _dotted(stop: _Stop) -> _Verdict | None:
    """An abbreviation with inner stops that no list names."""
    if _DOTTED.fullmatch(stop.word) is None:
        return None
    return _Verdict.ENDS if stop.starter else _Verdict.UNSURE


def _short_word(stop: _Stop) -> _Verdict | None:
    """A short capitalised word may be an abbreviation or not; "DC." with no inner stops ends a sentence."""
    if stop.starter or stop.left.isupper():
        return None
    short = stop.left[:1].isupper() and (len(stop.left) <= 3 or stop.word in _BEFORE_NUMBER)
    return _Verdict.UNSURE if short else None


_RULES: tuple[_Rule, ...] = (
    _of_other_scripts,
    _without_space,
    _before_small_letter,
    _before_sign,
    _question,
    _ellipsis,
    _title_or_reference,
    _after_closing_mark,
    _may_end,
    _initial,
    _number,
    _dotted,
    _short_word,
)


class _Tokenizer(Protocol):
    """What is used of nupunkt."""

    def span_tokenize(self, text: str) -> Iterable[tuple[int, int]]: ...


_FOLDED_QUOTES = str.maketrans("“”„‟«»‘’‚", '""""""\'\'\'')


@cache
def _model() -> _Tokenizer:
    import nupunkt  # noqa: PLC0415 - a process that splits nothing doesn't load the model

    return cast("_Tokenizer", nupunkt.load_default_model())


def _model_boundaries(text: str, unit: Span) -> frozenset[int]:
    """Where nupunkt begins a sentence; curly quotation marks are folded one to one, so offsets stay."""
    folded = unit.of(text).translate(_FOLDED_QUOTES)
    return frozenset(unit.start + _skip_space(folded, start) for start, _ in _model().span_tokenize(folded))


def _skip_space(text: str, place: int) -> int:
    while place < len(text) and text[place].isspace():
        place += 1
    return place
