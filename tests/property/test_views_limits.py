"""Whatever is written: no message exceeds a limit of Discord, nothing in it is live, quotations are true."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from discord import ui
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import limits
from bot.explained import sections_of
from bot.guildsettings import GuildSettings
from bot.limits import measure
from bot.privacy import About
from bot.records.members import Counts, Erased
from bot.records.pending import PENDING_MOST_CHARS
from bot.sheet import Outcome, Piece, Role, Sheet
from bot.signs import visible
from bot.surroundings import surroundings_of
from bot.views import excerpt, feeds, markup, queue, suggestions, wanted
from bot.views.actors import told
from bot.views.answer import AnswerLayout, Controls
from bot.views.articles import ArticleLayout, Listed, ListLayout, Reading, Wanted, pages_of_text
from bot.views.audit import AuditLayout, Extract, nothing_undone, undone
from bot.views.audit import ExportLayout as AuditExport
from bot.views.audit import Line as AuditLine
from bot.views.buttons import Action, Layout, Press
from bot.views.candidates import CandidatesLayout, WordsLayout, nothing_to_take
from bot.views.context import ContextLayout
from bot.views.details import changed_in, edit_form
from bot.views.draft import DecidedLayout, PreviewLayout, Surrounding
from bot.views.draftpages import ChangesLayout, CompareLayout, LinesLayout
from bot.views.explanation import ExplanationLayout
from bot.views.forms import Form
from bot.views.help import HelpLayout
from bot.views.history import HistoryLayout, deeds_of
from bot.views.outcomes import (
    KnownLayout,
    RejectedLayout,
    RemovedLayout,
    RestoredLayout,
    StoredLayout,
    UndoneLayout,
)
from bot.views.pages import page_of
from bot.views.privacy import ErasingLayout, Kept, PrivacyLayout, erased
from bot.views.privacy import ExportLayout as PrivacyExport
from bot.views.purging import PurgedLayout, PurgeNotice, Redrawn, purge_form
from bot.views.setup import (
    Findings,
    Opening,
    SetupLayout,
    Shown,
    Step,
    lacking,
    languages_form,
    limits_form,
    limits_press,
    not_changed,
    role_refused,
)
from bot.views.sources import Holdings, SourcesLayout
from bot.wanted import Requested, Topic, TopicState
from corpus.collection import LIBRARY, Collection
from corpus.drafts import (
    Alike,
    AuditFilter,
    Base,
    Decision,
    Details,
    DraftOrigin,
    DraftState,
    Feed,
    FeedItem,
    FeedMode,
    HistoryEntry,
    ItemOutcome,
    Line,
    Preview,
    Purged,
    Stage,
    Undone,
    WaitingDraft,
)
from corpus.model import (
    AlreadyKnown,
    Article,
    ArticleSummary,
    AuditEntry,
    Draft,
    PublicationCount,
    Rejected,
    Removal,
    SetAside,
    Source,
    SourceKind,
    Span,
)
from retrieval.explanation import Explanation, FoundPassage, Share, WeighedSentence
from retrieval.model import Answered, Citation, Evidence, NotInCorpus
from retrieval.question import parse

if TYPE_CHECKING:
    from collections.abc import Iterator

TODAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
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


ACTORS = st.sampled_from(["discord:1234567890123456789", "feed:3", "starter", "former:0a1b2c3d", "amicus", ""])

MENTIONS = st.builds("</article {}:{}>".format, st.text("abcdefg", min_size=1, max_size=32), st.integers(1, 1 << 62))


@st.composite
def audit_lines(draw: st.DrawFn) -> AuditLine:
    """An entry of the record with hostile texts, of a known or an unknown kind."""
    action = draw(st.sampled_from(["add", "remove", "draft", "reject", "settings", "request", "expire", "@everyone"]))
    by = draw(ACTORS | st.builds("terminal:{}".format, texts(200)))
    detail = draw(texts(1000) | st.just("review_channel: not set → 1234567890123456789; library: on → off"))
    number = draw(st.integers(1, 10**12))
    entry = AuditEntry(number, NOON, by, action, Collection(1), draw(texts(200)), 1, detail)
    undoable = action in {"add", "remove"} and draw(st.booleans())
    return AuditLine(entry, draw(st.none() | texts(500)), undoable)


class TestSetupAuditAndPrivacy:
    """No page of the guide, the record or what is kept of a member exceeds a limit, and nothing in it is live."""

    @settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(
        st.lists(audit_lines(), max_size=10, unique_by=lambda line: line.entry.number),
        st.none() | texts(200),
        st.integers(0, 200_000),
        texts(300),
    )
    def test_every_page_of_the_record(self, lines: list[AuditLine], key: str | None, length: int, reason: str) -> None:
        wanted = AuditFilter("terminal:" + reason, key, TODAY, TODAY)
        extract = Extract("0" * 16, LIBRARY, wanted, length)
        said = nothing_undone(told(reason, 300))
        for page in {0, extract.pages - 1}:
            layout = AuditLayout(extract, lines, page=page, said=said)
            assert_within_limits(layout)
            shown = "\n".join(one.content for one in layout.walk_children() if isinstance(one, ui.TextDisplay))
            ours = re.sub(r"(?m)^### |^-# |\*\*|<t:\d+:f>|<@!?\d{19}>|<#\d{19}>|:(?=[),])", "", shown)
            assert_nothing_live(ours)
        for line in lines:
            assert measure(undone(line)) <= 300
        assert_within_limits(AuditExport(extract, held=10))

    @settings(max_examples=25, deadline=None)
    @given(
        st.builds(
            GuildSettings,
            moderator_role=st.none() | st.integers(1, 1 << 62),
            review_channel=st.none() | st.integers(1, 1 << 62),
            library=st.booleans(),
            private=st.booleans(),
            evidence_per_page=st.none() | st.integers(1, 5),
            languages=st.just(()) | st.just(("en", "de", "fr", "gsw", "it", "nl", "pl", "cs", "da", "sv")),
            member_per_minute=st.none() | st.integers(1, 600),
            record_days=st.none() | st.integers(1, 365),
            question_log=st.booleans(),
        ),
        st.lists(st.builds(Opening, texts(60), st.lists(MENTIONS, max_size=25).map(tuple)), max_size=20),
        st.builds(
            Findings,
            role_stands=st.booleans(),
            channel_stands=st.booleans(),
            lacks=st.sets(st.sampled_from(["View Channel", "Send Messages", "Embed Links", "Attach Files"])).map(tuple),
            unregistered=st.none() | st.lists(texts(32), max_size=30).map(tuple),
            seen_here=st.booleans(),
        ),
        texts(300),
    )
    def test_every_step_of_the_guide(
        self, own: GuildSettings, openings: list[Opening], findings: Findings, name: str
    ) -> None:
        shown_here = Shown(own, 3, timedelta(days=30), tuple(openings), findings)
        for step in Step:
            for said in ("", not_changed(name), role_refused(name, everyone=False), lacking(findings.lacks)):
                assert_within_limits(SetupLayout(step, shown_here, said))
        for form in (languages_form(own), limits_form(limits_press(own))):
            assert measure(form.title) <= limits.FORM_TITLE
            assert measure(form.custom_id) <= limits.CUSTOM_ID
            assert 1 <= len(form.children) <= limits.FORM_FIELDS

    @settings(max_examples=20, deadline=None)
    @given(
        st.lists(st.tuples(st.none() | st.integers(1, 1 << 62), st.integers(1, 10**9)), max_size=40),
        st.data(),
        st.booleans(),
    )
    def test_what_is_kept_of_a_member(
        self,
        records: list[tuple[int | None, int]],
        data: st.DataObject,
        log: bool,  # noqa: FBT001 - given by hypothesis
    ) -> None:
        counts = Counts(tuple(records), 10**9, 10**9, 10**9)
        about = About(counts, question_log=log, open_drafts=10**9, decided_drafts=10**9, acts=10**9)
        names = {number: data.draw(texts(100)) for number, _ in records if number}
        layout = PrivacyLayout(Kept(about, names, timedelta(days=30)), "**Switched off.**")
        assert_within_limits(layout)
        shown = "\n".join(one.content for one in layout.walk_children() if isinstance(one, ui.TextDisplay))
        assert_nothing_live(re.sub(r"(?m)^### |^-# |^- |\*\*|:(?=:)|(?<=log):|`docs/privacy.md`", "", shown))
        assert_within_limits(ErasingLayout("0" * 16))
        assert_within_limits(erased(Erased(10**9, 10**9, 10**9, 10**9, 10**9)))
        for other in (PrivacyExport("a.json"), HelpLayout(moderator=True, administrator=True)):
            assert_within_limits(other)


MEMBERS = st.sampled_from(["discord:1234567890123456789", "feed:3", "former:0a1b2c3d", "terminal:root"])
HTTP = st.sampled_from([None, "https://example.com/a", "https://e.example/" + "x" * 600])


@st.composite
def drafts_waiting(draw: st.DrawFn) -> WaitingDraft:
    """A hostile draft in the review queue, or one that was decided on."""
    aside = st.lists(st.builds(SetAside, texts(2000), texts(60)), max_size=12).map(tuple)
    draft = Draft(
        title=draw(texts(300)),
        text=draw(texts()),
        raw_text="",
        source=Source(SourceKind.PASTE),
        publication=draw(st.none() | texts(300)),
        authors=tuple(draw(st.lists(texts(100), max_size=4))),
        published=draw(st.none() | st.dates()),
        url=draw(HTTP | texts(700)),
        language=draw(st.sampled_from(["en", "de", "und"])),
        partial=draw(st.booleans()),
        dropped=draw(aside),
        flagged=draw(aside),
    )
    state = draw(st.sampled_from([DraftState.QUEUED, DraftState.QUEUED, DraftState.STORED, DraftState.REJECTED]))
    decision = None if state is DraftState.QUEUED else Decision(draw(MEMBERS), NOON, draw(texts(1000)))
    return WaitingDraft(
        "0" * 16,
        draw(st.sampled_from([LIBRARY, Collection(1)])),
        draft,
        state,
        draw(st.integers(1, 9999)),
        draw(st.sampled_from([DraftOrigin.SUGGESTION, DraftOrigin.FEED])),
        draw(MEMBERS),
        NOON,
        NOON,
        tell=draw(st.booleans()),
        decision=decision,
    )


@st.composite
def queued(draw: st.DrawFn) -> Preview:
    """A draft as the review queue shows it, with up to five near-duplicates."""
    collections = st.sampled_from([LIBRARY, Collection(1)])
    alike = st.builds(
        Alike,
        key=texts(200),
        collection=collections,
        revision=st.integers(1, 99),
        title=texts(300),
        publication=st.none() | texts(200),
        published=st.none() | st.dates(),
        url=HTTP,
        share=st.floats(0.6, 1),
    )
    known = st.none() | st.builds(AlreadyKnown, texts(200), texts(300), collections)
    return Preview(
        draw(drafts_waiting()), draw(st.integers(0, 99_999)), draw(known), tuple(draw(st.lists(alike, max_size=5)))
    )


@st.composite
def feeds_followed(draw: st.DrawFn) -> Feed:
    """A feed with a hostile title, in any state."""
    return Feed(
        draw(st.integers(1, 1 << 40)),
        Collection(1),
        draw(texts(700)),
        draw(texts(500)),
        draw(st.sampled_from(FeedMode)),
        draw(MEMBERS),
        NOON,
        NOON,
        paused=draw(st.booleans()),
        checked_at=draw(st.none() | st.just(NOON)),
        failures=draw(st.integers(0, 30)),
        problem=draw(texts(2000)),
        stored=10**9,
        queued=10**9,
        passed_over=10**9,
    )


ITEM_OUTCOMES = st.builds(
    ItemOutcome,
    st.builds(FeedItem, texts(50), st.none() | texts(2000), texts(2000)),
    st.sampled_from(Stage),
    texts(2000),
)
TOPICS = st.builds(
    Topic,
    st.integers(1, 1 << 40),
    st.just(1),
    texts(300),
    st.integers(1, 10**6),
    st.just(NOON),
    st.just(NOON + timedelta(hours=1)),
    st.sampled_from(TopicState),
    st.none() | MEMBERS,
    st.none() | st.just(NOON),
)


def assert_harmless(layout: Layout) -> None:
    """The layout is within limits; its texts are ours and escaped: nobody is rung, nothing is linked or coloured."""
    assert_within_limits(layout)
    shown = "\n".join(one.content for one in layout.walk_children() if isinstance(one, ui.TextDisplay))
    ours = re.sub(r"(?m)^(?:### |-# |> )+|\*\*|<t:\d+:[fR]>|<@\d{19}>|`/feed (?:add|pause)`|\[…\](?= |$)", "", shown)
    assert_nothing_live(
        re.sub(r":(?=[”.,;)])", "", ours)
    )  # the last sign of a text that is escaped, before a sign of ours


class TestReviewFeedsAndWanted:
    """No page of the queue, of a suggestion, of feeds or of the wanted list exceeds a limit; nothing in it is live."""

    @settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(queued(), st.integers(0, 20_000), texts(1000), texts(500))
    def test_every_draft_in_the_queue(self, preview: Preview, place: int, reason: str, feed: str) -> None:
        waiting = preview.waiting
        for name in (None, feed):
            giver = queue.named_giver(waiting, name)
            for said in ("", told(reason, 500), f"{queue.called(waiting)}: {suggestions.decided(waiting)}"):
                turn = queue.Turn(place, place + 2, giver, said)
                for speaks in (True, False):
                    assert_harmless(queue.QueueLayout(preview, Surrounding(TODAY, speaks=speaks), turn))
                assert_harmless(queue.EmptyQueueLayout(said))

    @settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(drafts_waiting())
    def test_every_page_of_a_drafts_text(self, waiting: WaitingDraft) -> None:
        spans = queue.text_pages(waiting.draft.text)
        for page in range(len(spans) + 1):
            assert_harmless(queue.WholeTextLayout(waiting, spans, page))

    @settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(queued(), texts(100), texts(3000))
    def test_what_is_said_of_a_suggestion(self, preview: Preview, guild: str, reason: str) -> None:
        waiting = preview.waiting
        draft = waiting.draft
        article = Article(
            1, LIBRARY, "k", 1, draft.title, draft.text, draft.publication, published=draft.published, url=draft.url
        )
        for layout in (
            suggestions.CardLayout(preview, TODAY),
            suggestions.DecidedCardLayout(waiting, TODAY),
            suggestions.UnderstoodLayout(waiting, TODAY),
            suggestions.KnownAlreadyLayout(article, TODAY),
            suggestions.refused(reason),
            suggestions.approved(article, guild),
            suggestions.rejected(waiting, guild),
        ):
            assert_harmless(layout)
        for form in (suggestions.suggestion_form(tell=True), queue.reason_form(Press(Action.REJECT, "0" * 16))):
            assert measure(form.title) <= limits.FORM_TITLE
            assert measure(form.custom_id) <= limits.CUSTOM_ID
            assert 1 <= len(form.children) <= limits.FORM_FIELDS

    @settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(st.lists(feeds_followed(), max_size=12))
    def test_every_page_of_feeds(self, followed: list[Feed]) -> None:
        for page in range(len(followed) + 1):
            assert_harmless(feeds.FeedsLayout(followed, LIBRARY, page=page, now=NOON))
        for feed in followed:
            for layout in (feeds.followed(feed, 3), feeds.removed(feed), feeds.paused(feed)):
                assert_harmless(layout)

    @settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(st.lists(ITEM_OUTCOMES, max_size=25), texts(2000))
    def test_every_page_of_the_items_of_a_feed(self, outcomes: list[ItemOutcome], name: str) -> None:
        head, blocks = feeds.items_head(name, outcomes), [feeds.item_block(outcome) for outcome in outcomes]
        assert len(json.dumps({"head": head, "blocks": blocks})) <= PENDING_MOST_CHARS
        for page in range(len(outcomes) + 1):
            assert_harmless(feeds.ItemsLayout(head, blocks, LIBRARY, record="0" * 16, page=page))

    @settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(st.lists(TOPICS, max_size=5, unique_by=lambda topic: topic.id), st.integers(0, 10**6))
    def test_every_page_of_what_is_wanted(self, topics: list[Topic], more: int) -> None:
        length = len(topics) + more
        for page in {0, wanted.pages_of(length) - 1}:
            for said in ("", *map(wanted.decided, topics), *map(wanted.decided_before, topics)):
                assert_harmless(wanted.WantedLayout(topics, page=page, length=length, said=said))
        for topic in topics:
            for new in (True, False):
                assert_harmless(wanted.requested(Requested(topic, new)))

    @settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(sheets(), st.booleans())
    def test_every_page_of_an_answer_that_offers_a_request(
        self,
        sheet: Sheet,
        shareable: bool,  # noqa: FBT001 - given by hypothesis
    ) -> None:
        controls = Controls("0" * 16, shareable, requestable=True)
        for index in range(page_of(sheet, 0, today=TODAY).count):
            layout = AnswerLayout(sheet, index, controls, today=TODAY)
            assert_within_limits(layout)
            labels = [one.label for one in layout.walk_children() if isinstance(one, ui.Button)]
            assert labels.count("Request an article") == (sheet.outcome is Outcome.NOT_IN_CORPUS)


LINES = st.lists(st.builds(Line, st.sampled_from("+- "), texts(2000)), max_size=4).map(lambda few: few * 15)


@st.composite
def articles(draw: st.DrawFn, *, removed: bool | None = None) -> Article:
    """Any article, of a guild or the library, live or removed."""
    gone = draw(st.booleans()) if removed is None else removed
    return Article(
        draw(st.integers(1, 1 << 40)),
        draw(st.sampled_from([LIBRARY, Collection(1234567890123456789)])),
        draw(texts(200)),
        draw(st.integers(1, 12_345)),
        draw(texts(300)),
        draw(texts()),
        draw(st.none() | texts(300)),
        tuple(draw(st.lists(texts(300), max_size=50))),
        draw(st.none() | st.dates()),
        draw(st.none() | HTTP | texts(2048)),
        draw(texts(30)),
        draw(st.booleans()),
        draw(MEMBERS),
        NOON,
        removed=Removal(draw(MEMBERS), NOON, draw(texts(1000))) if gone else None,
    )


@st.composite
def previews(draw: st.DrawFn) -> Preview:
    """Any preview of a moderator's draft: with near-duplicates, something known, or an article that it edits."""
    preview = draw(queued())
    waiting = replace(preview.waiting, state=draw(st.sampled_from(DraftState)), version=draw(st.integers(1, 9999)))
    if draw(st.booleans()):
        before = draw(articles())
        return replace(preview, waiting=replace(waiting, base=Base(before.key, before.revision)), before=before)
    known = AlreadyKnown(draw(texts(200)), draw(texts(300)))
    return replace(preview, waiting=waiting, known=draw(st.sampled_from([None, known])))


def summary(article: Article) -> ArticleSummary:
    """The article as a line of a list."""
    return ArticleSummary(
        article.id, article.collection, article.key, article.revision, article.title, article.publication,
        article.published, article.url, article.language, article.partial, len(article.text), 3, article.added_by,
        NOON, article.removed,
    )  # fmt: skip


def assert_calm(layout: Layout) -> None:
    """The layout is within limits; apart from our own marks nothing in its texts is live."""
    assert_within_limits(layout)
    shown = "\n".join(one.content for one in layout.walk_children() if isinstance(one, ui.TextDisplay))
    for ours in OURS:
        shown = ours.sub("", shown)
    assert_nothing_live(re.sub(r":(?=[”.)])", "", shown))


OURS = (
    re.compile(r"(?m)^(?:### |-# |> |- (?=\*\*))+"),
    re.compile(r"\*\*(?:\\[-+]\*\* )?|~~(?=$|\n)"),
    re.compile(r"(?m)(?<=^)~~|~~$"),
    re.compile(r"<t:\d+:f>|<@\d{19}>|/article remove|\[…\](?= |$|\n)"),
)


class TestArticles:
    """No page of a preview, an article, a list or a history exceeds a limit; nothing in it is live."""

    @settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(previews(), texts(500), st.booleans())
    def test_every_preview(self, preview: Preview, note: str, speaks: bool) -> None:  # noqa: FBT001 - given by hypothesis
        assert_calm(PreviewLayout(preview, Surrounding(TODAY, speaks=speaks), note=note))
        assert_calm(DecidedLayout(preview.waiting, told(note, 500)))

    @settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(previews(), articles(), LINES)
    def test_every_page_of_lines_changes_and_comparisons(
        self, preview: Preview, stored: Article, lines: list[Line]
    ) -> None:
        for page in (0, 1, 7, 400):
            assert_calm(LinesLayout(preview.waiting, page))
            assert_calm(ChangesLayout(preview.waiting, lines, page))
            assert_calm(CompareLayout(preview.waiting, stored, lines, mark=9999, page=page, today=TODAY))

    @settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(articles(), texts(), st.booleans(), st.booleans())
    def test_every_page_of_an_article(
        self,
        article: Article,
        raw: str,
        is_raw: bool,  # noqa: FBT001 - given by hypothesis
        editable: bool,  # noqa: FBT001 - as above
    ) -> None:
        text = raw if is_raw else article.text
        spans = pages_of_text(article, text, TODAY)
        assert "".join(span.of(text) for span in spans) == text
        for page in (*range(min(len(spans), 4)), len(spans) + 1):
            assert_calm(ArticleLayout(article, text, spans, Reading(0, page, is_raw, editable), today=TODAY))

    @settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(articles(), st.integers(1, 10**6), texts(1000))
    def test_what_is_said_of_an_article(self, article: Article, number: int, reason: str) -> None:
        entry = AuditEntry(number, NOON, article.added_by, "add", article.collection, article.key, article.revision)
        for one in (entry, None):
            assert_calm(StoredLayout(article, one, NOON))
            assert_calm(RemovedLayout(article, one, NOON))
            assert_calm(RestoredLayout(article, one, NOON))
            assert_calm(UndoneLayout(Undone(replace(entry, action=reason), article), one, NOON))
        assert_calm(KnownLayout(article, TODAY))
        rejected = Rejected(Source(SourceKind.PASTE), reason * 5)
        assert_calm(RejectedLayout(rejected, removed=article, again="0" * 16))
        assert_calm(PurgeNotice(article, article.revision, TODAY))
        purged = Purged(article.id, article.key, article.title, 1, ("0" * 16,) * (number % 7), ("/a",) * 3)
        for redrawn in (None, Redrawn(number, number)):
            assert_calm(PurgedLayout(purged, number, redrawn))
        assert_form(purge_form(article))
        assert_form(edit_form("Edit", Press(Action.ARTICLE_EDIT, "0" * 16), article))
        assert changed_in({}, article) == Details()

    @settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(st.lists(articles(), max_size=8, unique_by=lambda one: one.id), texts(100), st.integers(0, 10**6))
    def test_every_page_of_a_list(self, listed: list[Article], words: str, more: int) -> None:
        rows = Listed([summary(one) for one in listed], len(listed) + more, 0)
        sought = Wanted(words, words, removed=True)
        assert_calm(ListLayout(rows, sought, record="0" * 16, today=TODAY))

    @settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(articles(), LINES, st.lists(st.tuples(texts(300), texts(2000)), max_size=7), texts(1000), st.integers(0, 30))
    def test_every_page_of_a_history(
        self, article: Article, lines: list[Line], changed: list[tuple[str, str]], why: str, page: int
    ) -> None:
        entry = HistoryEntry(article, tuple(("title", old, new) for old, new in changed), tuple(lines))
        act = AuditEntry(3, NOON, article.added_by, "revise", article.collection, article.key, article.revision, why)
        deeds = deeds_of([entry, replace(entry, article=replace(article, revision=1))], [act])
        assert_calm(HistoryLayout(article, deeds, flag=0, page=page, now=NOON, last=act))

    @settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(st.lists(st.tuples(texts(3000), texts(300)), min_size=1, max_size=30), texts(3000))
    def test_what_a_message_holds(self, candidates: list[tuple[str, str]], reason: str) -> None:
        assert_calm(CandidatesLayout(candidates, record="0" * 16, flag=0, reason=reason))
        assert_calm(WordsLayout(reason, record="0" * 16, flag=0))
        assert_within_limits(nothing_to_take(40, [".txt", ".pdf"], [reason] * 9))


def assert_form(form: Form) -> None:
    """The form is within limits."""
    assert measure(form.title) <= limits.FORM_TITLE
    assert measure(form.custom_id) <= limits.CUSTOM_ID
    assert 1 <= len(form.children) <= limits.FORM_FIELDS
    for label in form.children:
        assert isinstance(label, ui.Label)
        assert 1 <= measure(label.text) <= limits.FORM_LABEL
        field = label.component
        assert isinstance(field, ui.TextInput)
        assert measure(field.default or "") <= (field.max_length or limits.FORM_TEXT) <= limits.FORM_TEXT
        assert measure(field.placeholder or "") <= limits.FORM_PLACEHOLDER
