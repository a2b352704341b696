"""Whatever is written: no message exceeds a limit of Discord, nothing in it is live, quotations are true."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from discord import ui
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import limits
from bot.explained import sections_of
from bot.limits import measure
from bot.sheet import Outcome, Piece, Role, Sheet
from bot.signs import visible
from bot.surroundings import surroundings_of
from bot.views import excerpt, markup
from bot.views.answer import AnswerLayout, Controls
from bot.views.buttons import Layout
from bot.views.context import ContextLayout
from bot.views.explanation import ExplanationLayout
from bot.views.pages import page_of
from bot.views.sources import Holdings, SourcesLayout
from corpus.collection import LIBRARY, Collection
from corpus.model import PublicationCount, Span
from retrieval.explanation import Explanation, FoundPassage, Share, WeighedSentence
from retrieval.model import Answered, Citation, Evidence, NotInCorpus
from retrieval.question import parse

if TYPE_CHECKING:
    from collections.abc import Iterator

TODAY = date(2026, 3, 2)
HOSTILE = (
    "@everyone", "@here", "<@1234567890>", "<@!1>", "<@&42>", "<#99>", "</ask:1>", "<t:0:R>", "<:x:1>",
    "<a:y:2>", "<id:customize>", "[click](https://evil.example)", "https://evil.example/a_b_c",
    "<https://evil.example>", "||boo||", "# Heading", "\n## Heading", "\n-# small", "\n- item", "\n* item",
    "\n+ item", "\n1. one", "\n99. last", "\n> quote", "\n>>> all", "```py\ncode\n```", "`code`", "``",
    "**bold**", "__under__", "_it_", "*it*", "~~gone~~", "\\", "\\\\*", "¯\\_(ツ)_/¯", ":smile:", "::",
    "\u202etxet\u202c", "\u2066iso", "\u200b", "\u200d", "\ufeff", "\x00", "\x1b[31m", "\x7f", "\x85", "\u2028",
    "\u2029", "\ud800", "😀", "e\u0301", "“Quoted”, he said.", "“", "”", '"', '"said"', "« oui »", "10:30 a.m.",
    "U.S. v. Doe, No. 21-cv-1", "a@b.example", "\t", "\n", "\n\n", "\r\n", "   ", "…", "[…]", "word",
    "Rothstein",
)  # fmt: skip
WORDS = st.lists(
    st.sampled_from(HOSTILE) | st.text(max_size=12) | st.sampled_from(["the", "court", "of", " "]), max_size=40
)


@st.composite
def texts(draw: st.DrawFn, longest: int = 10_000) -> str:
    """Hostile text, often short, sometimes very long."""
    text = draw(st.sampled_from(["", " "])).join(draw(WORDS)) or "x"
    return (text * draw(st.sampled_from([1, 1, 1, 3, 40, 2000])))[:longest]


@st.composite
def evidences(draw: st.DrawFn) -> Evidence:
    """A hostile quotation of a hostile article, at the start of it."""
    text = draw(texts())
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=6)))
    spans = [Span(*pair) for pair in pairwise(cuts)]
    url = draw(st.none() | texts(700) | st.sampled_from(["https://example.com/a", "https://e.example/" + "x" * 600]))
    published = draw(st.none() | st.dates())
    publication = draw(st.none() | texts(500))
    citation = Citation(1, 1, LIBRARY, "k", 1, draw(texts(2000)), publication, published, url, 0, len(text))
    answer = draw(st.none() | st.sampled_from(spans))
    return Evidence(text, citation, answer, tuple(draw(st.lists(st.sampled_from(spans), max_size=3))))


@st.composite
def sheets(draw: st.DrawFn) -> Sheet:
    """Any outcome with up to 12 pieces, some of them withdrawn."""
    few = draw(st.lists(evidences(), max_size=3))
    pieces = tuple(
        Piece(draw(st.sampled_from(Role)), draw(st.sampled_from([*few, None])), draw(st.none() | st.integers(2, 99)))
        for _ in range(draw(st.integers(0, 12)))
    )
    return Sheet(
        draw(st.sampled_from(Outcome)),
        draw(texts(700)),
        pieces,
        draw(texts(2000)),
        tuple(draw(st.lists(texts(2000), max_size=5))),
        tuple(draw(st.just([]) | st.lists(texts(300), max_size=30))),
        draw(st.none() | texts(700)),
        tuple(draw(st.lists(texts(300), max_size=7))),
        draw(st.none() | st.booleans()),
    )


SHARES = st.lists(st.builds(Share, texts(80), st.floats(-99, 99)), max_size=20).map(tuple)


@st.composite
def explanations(draw: st.DrawFn) -> Explanation:
    """How an answer with hostile quotations to a hostile question came about."""
    pieces = draw(st.lists(evidences(), max_size=3)) * draw(st.sampled_from([1, 4]))
    found = tuple(
        FoundPassage(rank, draw(st.floats(0, 99)), piece.citation, piece.text, draw(SHARES))
        for rank, piece in enumerate(pieces, 1)
    )
    weighed = tuple(
        WeighedSentence(
            rank,
            draw(st.floats(-9, 9)),
            0.5,
            piece.citation,
            piece.text,
            piece.short_answer,
            draw(SHARES),
            draw(texts()),
        )
        for rank, piece in enumerate(pieces, 1)
    )
    asked = draw(texts(300)) + draw(st.sampled_from(["", " in Parler v. AWS, “as such”, last week?"]))
    answer = Answered(0.5, tuple(pieces), (), tuple(pieces), polarity=True) if pieces else NotInCorpus(0.1, "No.")
    question = parse(asked, datetime(2026, 3, 2, tzinfo=UTC), (), draw(st.lists(texts(100), max_size=2)))
    return Explanation(question, answer, draw(texts()), found, weighed)


def walk(components: list[dict[str, object]]) -> Iterator[dict[str, object]]:
    for component in components:
        yield component
        children = component.get("components", [])
        assert isinstance(children, list)
        yield from walk(children)


def assert_within_limits(layout: Layout) -> None:
    """The rules of Discord's documentation for a message of components."""
    top: list[dict[str, object]] = layout.to_components()  # type: ignore[no-untyped-call]
    json.dumps(top).encode().decode("utf-8")
    every = list(walk(top))
    assert 1 <= len(every) <= limits.COMPONENTS_IN_MESSAGE
    shown = [str(one["content"]) for one in every if one["type"] == 10]
    assert all(text.strip() for text in shown)
    "".join(shown).encode("utf-8")
    assert sum(map(measure, shown)) <= limits.TEXT_IN_MESSAGE
    ids = [str(one["custom_id"]) for one in every if "custom_id" in one]
    assert len(ids) == len(set(ids))
    assert all(1 <= len(one) <= limits.CUSTOM_ID for one in ids)
    for one in every:
        match one["type"]:
            case 1 | 17:
                assert one["components"]
            case 2:
                assert 1 <= measure(str(one["label"]).strip()) <= limits.BUTTON_LABEL
                assert measure(str(one.get("url") or "")) <= limits.BUTTON_URL
            case 3:
                options = one["options"]
                assert isinstance(options, list)
                assert 1 <= len(options) <= limits.SELECT_OPTIONS
                assert all(1 <= measure(option["label"].strip()) <= limits.SELECT_LABEL for option in options)
        if one["type"] == 1 and any(child["type"] == 2 for child in walk([one])):
            assert len(list(walk([one]))) - 1 <= limits.BUTTONS_IN_ROW


def assert_nothing_live(escaped: str) -> None:
    """No character that means something to Discord stands unescaped."""
    bare = re.sub(r"\\[^\sA-Za-z0-9]", "x", escaped)
    assert not re.search(r"[\\*_~`|\[\]<>@#]", bare)
    assert not re.search(r"(?m)^[^\S\n]*[-+]", bare)
    assert not re.search(r"(?m)^[^\S\n]*\d+\.", bare)
    assert not re.search(r":\S", bare)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029\ud800-\udfff]", bare)


def shown(quote: str) -> str:
    """What a member sees of a block quote."""
    lines = [line.removeprefix("> ") for line in quote.split("\n")]
    assert all(line.startswith("> ") for line in quote.split("\n"))
    bare = re.sub(r"(\\[^\sA-Za-z0-9])|\*\*", lambda found: found[1] or "", "\n".join(lines))
    return markup.unescape(bare)


class TestEscaping:
    """Discord shows exactly the characters of the text; none of them does anything."""

    @given(texts())
    def test_what_is_shown_is_the_text(self, text: str) -> None:
        assert markup.unescape(markup.escape(text)) == visible(text)

    @given(texts())
    def test_nothing_stays_live(self, text: str) -> None:
        assert_nothing_live(markup.escape(text))

    @given(texts())
    def test_one_sign_is_shown_for_each_character(self, text: str) -> None:
        assert len(visible(text)) == len(text)

    @given(st.text(alphabet=st.characters(exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp"))))
    def test_text_without_control_characters_is_shown_byte_for_byte(self, text: str) -> None:
        assert markup.unescape(markup.escape(text)) == text

    @given(texts(3000), st.integers(2, 400))
    def test_a_line_keeps_its_budget_and_is_one_line(self, text: str, budget: int) -> None:
        line = markup.line(text, budget)
        assert measure(line) <= budget
        assert "\n" not in line
        assert_nothing_live(line)

    @given(texts(3000), st.integers(10, 100))
    def test_a_label_keeps_its_budget_and_is_never_blank(self, text: str, budget: int) -> None:
        assert 0 < measure(markup.label(text, budget).strip()) <= budget


class TestQuotations:
    """A quotation is shown whole and true, or cut visibly at a word outside quotations, its answer kept."""

    @given(evidences())
    def test_a_quotation_that_fits_is_shown_as_it_is(self, evidence: Evidence) -> None:
        bold = [evidence.answer] if evidence.answer else evidence.highlights
        quote = excerpt.block_quote(evidence.text, bold, 100_000)
        assert quote is not None
        assert shown(quote) == visible(evidence.text)

    @given(evidences(), st.integers(20, 4000))
    def test_a_quotation_keeps_its_budget(self, evidence: Evidence, budget: int) -> None:
        quote = excerpt.block_quote(evidence.text, [evidence.answer] if evidence.answer else (), budget)
        assert quote is None or measure(quote) <= budget

    @given(evidences(), st.integers(20, 4000))
    def test_a_cut_quotation_is_a_part_of_the_text_with_its_answer(self, evidence: Evidence, budget: int) -> None:
        text, answer = evidence.text, evidence.answer
        quote = excerpt.block_quote(text, [answer] if answer else (), budget)
        if quote is None or shown(quote) == visible(text):
            return
        part = shown(quote).removeprefix(f"{excerpt.CUT} ").removesuffix(f" {excerpt.CUT}")
        assert part in visible(text)
        if answer:
            assert visible(answer.of(text)) in part

    @given(st.lists(st.sampled_from(["word", "“a b c”", "“open a b", '"x y"', "end"]), min_size=1, max_size=60))
    def test_no_quotation_within_is_cut(self, words: list[str]) -> None:
        text = " ".join(words)
        quote = excerpt.block_quote(text, (), 90)
        if quote is None or excerpt.CUT not in quote:
            return
        part = shown(quote).removesuffix(f" {excerpt.CUT}")
        outside = re.sub(r"“[^”]*”", "", part)
        assert "“" not in outside
        assert part.count('"') % 2 == 0

    @given(texts(), st.integers(8, 500))
    def test_reading_pages_cover_the_text_in_order(self, text: str, budget: int) -> None:
        spans = list(excerpt.pages_of(text, budget))
        assert "".join(span.of(text) for span in spans) == text
        assert all(measure(markup.quoted(markup.escape(span.of(text)))) <= budget for span in spans)


class TestMessages:
    """No message exceeds a limit, whatever it shows."""

    @settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(sheets(), st.booleans(), st.none() | st.integers(1, 1 << 62))
    def test_every_page_of_an_answer_is_within_limits(
        self,
        sheet: Sheet,
        shareable: bool,  # noqa: FBT001 - given by hypothesis
        shared_by: int | None,
    ) -> None:
        controls = Controls("0" * 16, shareable, shared_by)
        for index in range(page_of(sheet, 0, today=TODAY).count):
            assert_within_limits(AnswerLayout(sheet, index, controls, today=TODAY))

    @settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(explanations())
    def test_every_page_of_an_explanation_is_within_limits_and_nothing_in_it_is_live(self, told: Explanation) -> None:
        sections = sections_of(told)
        titles = {"### Why this?", *(f"**{section.title}**" for section in sections)}
        for page in range(40):
            layout = ExplanationLayout(sections, record="0" * 16, page=page)
            assert_within_limits(layout)
            shown = [one.content for one in layout.walk_children() if isinstance(one, ui.TextDisplay)]
            for line in "\n".join(shown).split("\n"):
                if line not in titles:
                    assert_nothing_live(line.removeprefix("> ").removeprefix("-# "))

    @settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(explanations())
    def test_every_item_of_an_explanation_stands_on_exactly_one_page(self, told: Explanation) -> None:
        shown = ""
        for page in range(200):
            layout = ExplanationLayout(sections_of(told), record="0" * 16, page=page)
            text = "\n".join(one.content for one in layout.walk_children() if isinstance(one, ui.TextDisplay))
            if f"Page {page + 1} of" not in text and page:
                break
            shown += text + "\n"
        places = [f"\n{rank}\\. " for rank in range(1, len(told.passages) + 1)]
        assert [shown.count(place) for place in places] == [2] * len(places)

    @settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(sheets(), st.integers(1, 5))
    def test_every_piece_stands_on_exactly_one_page_in_order(self, sheet: Sheet, per_page: int) -> None:
        count = page_of(sheet, 0, today=TODAY, per_page=per_page).count
        pages = [page_of(sheet, index, today=TODAY, per_page=per_page) for index in range(count)]
        assert [entry.number for page in pages for entry in page.entries] == list(range(1, len(sheet.pieces) + 1))
        assert all(len(page.entries) <= per_page for page in pages)

    @settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(sheets())
    def test_every_quotation_on_a_page_is_whole_unless_it_is_longer_than_a_page(self, sheet: Sheet) -> None:
        for index in range(page_of(sheet, 0, today=TODAY).count):
            for entry in page_of(sheet, index, today=TODAY).entries:
                evidence = entry.piece.evidence
                if evidence is None or measure(markup.escape(evidence.text)) > 1500 or "\n" in evidence.text:
                    continue
                lines = [line for line in entry.markup.split("\n") if line.startswith("> ")]
                assert shown("\n".join(lines)) == visible(evidence.text)

    @settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(evidences(), texts(), texts(), st.data())
    def test_a_quotation_in_context_is_within_limits(
        self, evidence: Evidence, before: str, after: str, data: st.DataObject
    ) -> None:
        text = before + evidence.text + after
        start = len(before)
        moved = Citation(1, 1, LIBRARY, "k", 1, "t", None, None, None, start, start + len(evidence.text))
        quotation = Evidence(evidence.text, moved, evidence.answer, evidence.highlights)
        sentences = [Span(0, start), Span(start, moved.end), Span(moved.end, len(text))]
        around = surroundings_of(quotation, text, sentences)
        assert around.before + evidence.text + around.after == around.text
        page = data.draw(st.integers(0, 12))
        assert_within_limits(ContextLayout(around, record="0" * 16, piece=0, page=page, today=TODAY))

    @settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(st.lists(st.tuples(st.none() | texts(500), st.none() | st.dates()), max_size=60), st.integers(0, 9))
    def test_what_the_corpus_holds_is_within_limits(
        self, names: list[tuple[str | None, date | None]], page: int
    ) -> None:
        counts = tuple(PublicationCount(name, 12345, newest) for name, newest in names)
        holdings = Holdings(((LIBRARY, 100_000), (Collection(1), 0)), counts)
        assert_within_limits(SourcesLayout(holdings, page=page, today=TODAY))
