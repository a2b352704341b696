"""Drafts as a moderator sees them before they are stored."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.signs import one_line, visible
from bot.terminal.desk import particulars
from bot.terminal.face import EMPTY, block
from bot.terminal.history import changes
from bot.wording import age, day, human_join, plural
from corpus.dedupe import in_percent
from corpus.model import SourceKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from bot.terminal.face import Block
    from corpus.drafts import Alike, Preview
    from corpus.model import Article, Draft, SetAside

_LINES = 3
"""So many lines are shown from the beginning of a text, and from its end."""
_SET_ASIDE = 12


def blocks_of_preview(preview: Preview, today: date, *, whole: bool = False) -> Iterator[Block]:
    """All there is to know of a draft; `whole`: with all of its text, else its first and last lines."""
    waiting, draft = preview.waiting, preview.waiting.draft
    yield block(one_line(draft.title), "bold")
    yield from particulars(_head(preview, today))
    if waiting.is_open:
        yield EMPTY
        yield from _changed(preview.before, draft) if preview.before else _text(draft.text, whole=whole)
        if preview.before and whole:
            yield EMPTY
            yield from _text(draft.text, whole=True)
        yield from _set_aside("Dropped", draft.dropped)
        yield from _set_aside("Look at these lines", draft.flagged)
        if preview.known:
            known = f"Stored already as {preview.known.key}: {preview.known.title}"
            yield block(one_line(known), "bold yellow")
        yield from (_alike(one) for one in preview.alike)
    yield EMPTY


def _head(preview: Preview, today: date) -> Iterator[tuple[str, str]]:
    waiting, draft, decision = preview.waiting, preview.waiting.draft, preview.waiting.decision
    yield "Publication", draft.publication or ""
    yield "Published", f"{day(draft.published)} ({age(draft.published, today)})" if draft.published else "no date"
    yield "By", human_join(draft.authors)
    yield "Link", draft.url or ""
    # Of an edit that brings no file, the line below says it.
    said = draft.source.reference == draft.url or (waiting.base and draft.source.kind is SourceKind.PASTE)
    yield "From", "" if said else draft.source.reference
    if waiting.is_open:
        yield "Size", f"{plural(len(draft.text.split()), 'word')}, {plural(preview.passages, 'passage')}"
        yield "Language", draft.language
        yield "Note", "an excerpt: the page is not free to read in full" if draft.partial else ""
    yield "Edits", f"{waiting.base.key}, revision {waiting.base.revision}" if waiting.base else ""
    until = f", until {waiting.expires_at:%Y-%m-%d}" if waiting.is_open else ""
    yield "Draft", f"{waiting.id}, version {waiting.version}, {waiting.state}{until}"
    yield "Brought in", f"{waiting.at:%Y-%m-%d} by {waiting.by} ({waiting.origin})"
    if decision:
        why = f": {decision.reason}" if decision.reason else ""
        stored = f", as {decision.key}" if decision.key else ""
        yield "Decided", f"{decision.at:%Y-%m-%d} by {decision.by}{stored}{why}"


def _text(text: str, *, whole: bool) -> Iterator[Block]:
    lines = [line for line in text.split("\n") if whole or line.strip()]
    if whole or len(lines) <= 2 * _LINES + 1:
        yield from (block(visible(line), indent=2) for line in lines)
        return
    yield from (block(one_line(line), indent=2) for line in lines[:_LINES])
    yield block(f"… {plural(len(lines) - 2 * _LINES, 'line')} …", "dim", indent=2)
    yield from (block(one_line(line), indent=2) for line in lines[-_LINES:])


def _changed(before: Article, draft: Draft) -> Iterator[Block]:
    from corpus.history import difference  # noqa: PLC0415 - loads what finds sentences
    from corpus.history import particulars as compared  # noqa: PLC0415 - the same

    after = replace(
        before,
        title=draft.title,
        publication=draft.publication,
        published=draft.published,
        url=draft.url,
        authors=draft.authors,
        language=draft.language,
        partial=draft.partial,
    )
    yield from changes(compared(before, after), difference(before.text, draft.text))


def _set_aside(head: str, lines: Sequence[SetAside]) -> Iterator[Block]:
    if lines:
        yield EMPTY
        yield block(f"{head} ({len(lines):,}):", "bold")
        yield from (block(f"{one.rule}: {one_line(one.line)}", indent=2) for one in lines[:_SET_ASIDE])
        if len(lines) > _SET_ASIDE:
            yield block(f"… and {len(lines) - _SET_ASIDE:,} more", "dim", indent=2)


def _alike(one: Alike) -> Block:
    return block(one_line(f"Shares {in_percent(one.share)} of its text with {alike_in_words(one)}"), "bold yellow")


def alike_in_words(one: Alike) -> str:
    """An article that is like a draft: key, collection, title, and where it was published."""
    where = ", ".join(part for part in (one.publication, one.published.isoformat() if one.published else "") if part)
    return f"{one.key} in {one.collection}: {one.title}" + (f" ({where})" if where else "")
