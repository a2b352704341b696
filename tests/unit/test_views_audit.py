"""The audit record in words, case by case."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from discord import ui

from bot.views.audit import AuditLayout, ExportLayout, Extract, Line
from bot.views.undo import UNDONE
from corpus.collection import LIBRARY, Collection
from corpus.drafts import AuditFilter
from corpus.model import AuditEntry
from corpus.store import undoing

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
WHEN = f"<t:{int(AT.timestamp())}:f>"


def extract(length: int, wanted: AuditFilter | None = None) -> Extract:
    """So long an extract."""
    return Extract("a" * 16, LIBRARY, wanted or AuditFilter(), length)


def line(action: str, detail: str = "", *, key: str = "k", title: str | None = None, undoable: bool = False) -> Line:
    """An entry of that kind."""
    return Line(AuditEntry(4, AT, "discord:12", action, Collection(1), key, 1, detail), title, undoable)


def shown(*lines: Line, page: int = 0, length: int | None = None, wanted: AuditFilter | None = None) -> list[str]:
    """The texts of a page."""
    layout = AuditLayout(extract(len(lines) if length is None else length, wanted), lines, page=page)
    return [one.content for one in layout.walk_children() if isinstance(one, ui.TextDisplay)]


@pytest.mark.parametrize(
    ("of", "said"),
    [
        (line("add", title="T"), "added **T** (k)"),
        (line("add", "draft 0123456789abcdef", title="T"), "added **T** (k)"),
        (line("revise", "typo", title="T"), "changed **T** (k)\n-# typo"),
        (line("purge", "court order"), "erased for good k\n-# court order"),
        (line("draft", "T", key="0123456789abcdef"), "drafted **T**"),
        (line("reject", "T: too old", key="0123456789abcdef"), "rejected **T: too old**"),
        (line("expire", key="0123456789abcdef"), "let a draft expire"),
        (line("add feed", "https://a.example", key="feed 3"), "followed feed 3\n-# https\\://a.example"),
        (line("request", "wanted topic 3", key=""), "asked for an article\n-# wanted topic 3"),
        (
            line("settings", "moderator_role: not set → 7; review_channel: 5 → not set; library: on → off", key=""),
            (
                "changed the settings\n-# moderator role: not set → <@&7>; review channel: <#5> → not set; "
                "library: on → off"
            ),
        ),
        (line("settings", "whatever", key=""), "changed the settings\n-# whatever"),
        (line("conjure", "x"), "conjure k\n-# x"),
    ],
)
def test_every_act_is_told_in_words(of: Line, said: str) -> None:
    assert shown(of)[1] == f"**4** · {WHEN} · <@12> {said}"


def test_the_head_says_how_much_there_is_and_what_it_was_narrowed_to() -> None:
    wanted = AuditFilter("discord:12", "k", date(2026, 3, 1), date(2026, 3, 2))
    head = shown(line("add"), wanted=wanted)[0]
    assert head == (
        "### Audit record of the library: 1 entry\n"
        "-# Only entries by <@12>, on k, since 1 March 2026, until 2 March 2026"
    )


def test_only_what_can_be_undone_is_offered() -> None:
    layout = AuditLayout(extract(2), [line("remove", title="T", undoable=True), line("purge")], page=0)
    [menu] = [one for one in layout.walk_children() if isinstance(one, ui.Select)]
    assert [(option.label, option.value) for option in menu.options] == [("Undo 4: removed T", "4")]
    bare = AuditLayout(extract(1), [line("purge")], page=0)
    assert not any(isinstance(one, ui.Select) for one in bare.walk_children())


def test_the_acts_that_are_offered_are_those_that_the_store_takes_back() -> None:
    assert UNDONE == undoing.UNDONE


def test_pages_are_counted_as_far_as_a_button_can_name_them() -> None:
    assert [extract(length).pages for length in (0, 10, 11, 10**6)] == [1, 1, 2, 9_999]
    assert "-# Page 2 of 2" in shown(line("add"), page=1, length=11)


def test_a_file_that_holds_a_part_says_so() -> None:
    texts = [
        one.content for one in ExportLayout(extract(12), held=10).walk_children() if isinstance(one, ui.TextDisplay)
    ]
    assert texts[0] == "### 10 entries, the newest first"
    assert "the newest of 12" in texts[1]
    assert (
        len([one for one in ExportLayout(extract(10), held=10).walk_children() if isinstance(one, ui.TextDisplay)]) == 1
    )
