"""A draft before it is stored: all that a moderator has to see of it, and what can be done.

The message names the near-duplicates that it showed in the ids of its buttons, so that nobody decides about one that
came in later: see `shown_in`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final

import discord
from discord import ButtonStyle, SelectOption, ui

from bot.limits import SELECT_DESCRIPTION, SELECT_LABEL, TEXT_IN_MESSAGE, measure
from bot.views import excerpt, markup
from bot.views.buttons import Action, Layout, Press, button
from bot.views.paged import Items, fill
from bot.views.particulars import (
    authors_of,
    flag_of,
    heading_of,
    key_of,
    owner_of,
    reading_button,
    shown_link,
    title_of,
)
from bot.wording import plural
from corpus.collection import LIBRARY
from corpus.dedupe import in_percent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from corpus.drafts import Alike, Preview, WaitingDraft
    from corpus.model import AlreadyKnown, Article, Draft, SetAside

EXAMPLES: Final = 3
"""So many lines that were set aside stand in the preview itself; all of them are on pages."""
MOST_ALIKE: Final = 5
_EXAMPLE: Final = 100
_RULE: Final = 40
_RULES: Final = 6
_NOTE: Final = 250
_CHANGE: Final = 90
_CHANGES: Final = 7
_FIRST: Final = 600
_LAST: Final = 300
_LEAST: Final = 80
_DIGEST: Final = 10_000


@dataclass(frozen=True, slots=True)
class Surrounding:
    """What a preview needs to know besides the draft: the day, and whether the server's settings name its language."""

    today: date
    speaks: bool = True


class PreviewLayout(Layout):
    """What would be stored, and Store, Edit details, Cancel; `note` says what happened to it since, if anything."""

    def __init__(self, preview: Preview, around: Surrounding, *, note: str = "") -> None:
        super().__init__()
        fill(
            self,
            preview_texts(preview, around, tuple(_head(preview, note))),
            _deciding(preview),
            looking(preview),
            comparing(preview),
            replacing(preview, Action.DRAFT_REPLACE),
        )


class DecidedLayout(Layout):
    """A draft that was decided on: what it was and what became of it, with nothing left to press."""

    def __init__(self, waiting: WaitingDraft, said: str) -> None:
        super().__init__()
        fill(self, (f"### {_OUTCOMES.get(waiting.state.value, 'Decided')}", title_of(waiting.draft.title), said))


_OUTCOMES: Final = {"stored": "Stored already", "cancelled": "Cancelled", "rejected": "Rejected"}


def mark_of(alike: Alike) -> int:
    """A number below 10,000 that stands for this revision of this article in a button's id."""
    named = f"{alike.collection}\n{alike.key}\n{alike.revision}".encode("utf-8", "surrogatepass")
    return int.from_bytes(sha256(named).digest()[:4]) % _DIGEST


def shown_in(message: discord.Message | None) -> frozenset[int]:
    """The marks of the near-duplicates that the message shows."""
    return frozenset(press.argument for press in presses_in(message) if press.action is Action.DRAFT_COMPARE)


def presses_in(message: discord.Message | None) -> Iterator[Press]:
    """What the buttons and menus of the message do."""
    for custom_id in _ids(message.components if message else ()):
        if press := Press.parse(custom_id):
            yield press


def _ids(components: Iterable[object]) -> Iterator[str]:
    for one in components:
        custom_id, children = getattr(one, "custom_id", None), getattr(one, "children", ())
        if isinstance(custom_id, str):
            yield custom_id
        if isinstance(children, Iterable):
            yield from _ids(children)


# --- the parts of a preview


def preview_texts(preview: Preview, around: Surrounding, head: Sequence[str]) -> tuple[str, ...]:
    """All that is to be read of a draft, under the lines of `head`, within what a message takes."""
    fixed = [*head, *_particulars(preview, around)]
    below = [_changes(preview), _set_aside(preview.waiting.draft), _alike(preview)]
    left = TEXT_IN_MESSAGE - sum(measure(text) + 1 for text in (*fixed, *below))
    return ("\n".join(text for text in fixed if text), _text(preview.waiting.draft.text, left), *below)


def _head(preview: Preview, note: str) -> Iterator[str]:
    waiting = preview.waiting
    base = waiting.base
    what = f"an edit: it would be revision {base.revision + 1:,}" if base else "what would be stored"
    yield f"### Preview of {what}"
    if waiting.collection == LIBRARY:
        yield "-# For the library, which all servers share."
    if note:
        yield markup.line(note, _NOTE)


def _particulars(preview: Preview, around: Surrounding) -> Iterator[str]:
    draft = preview.waiting.draft
    yield heading_of(draft.title, draft.publication, draft.published, around.today)
    yield authors_of(draft.authors)
    yield shown_link(draft.url)
    words = plural(len(draft.text.split()), "word")
    language = markup.line(draft.language, 20) or "und"
    yield f"-# {words} · {plural(preview.passages, 'passage')} · language {language}"
    given = (("publication", draft.publication), ("date", draft.published), ("link", draft.url))
    missing = [name for name, value in given if not value]
    if missing:
        yield f"-# Not given: {', '.join(missing)}"
    if not around.speaks:
        yield f"⚠ Its language ({language}) is none of those that this server has set."
    if draft.partial:
        yield "⚠ Only an excerpt: the page says that the rest is behind a paywall."
    if preview.known is not None:
        yield _known(preview.known)


def _known(known: AlreadyKnown) -> str:
    return f"⚠ The same text or link is stored already: {_named(known.title)} ({key_of(known.key)})."


def _text(text: str, budget: int) -> str:
    """The first and the last lines, within the budget; all of a text that is short enough."""
    heads = measure("**First lines**\n\n**Last lines**\n") + 8
    first, rest = opening(text, max(_LEAST, min(_FIRST + _LAST, budget - heads)))
    if not rest:
        return f"**Text**\n{first}" if first else ""
    first, rest = opening(text, max(_LEAST, min(_FIRST, (budget - heads) * 2 // 3)))
    last = closing(rest, max(_LEAST, min(_LAST, budget - heads - measure(first))))
    return f"**First lines**\n{first}\n**Last lines**\n{last}"


_BLANK = re.compile(r"\n\s*\n")


def opening(text: str, budget: int) -> tuple[str, str]:
    """The beginning of the text as a block quote of at most `budget`, and the text that is left."""
    part = _BLANK.sub("\n", text[: 2 * budget].strip())
    if not part:
        return "", ""
    span = next(excerpt.pages_of(part, budget - len(excerpt.CUT) - 1))
    rest = part[span.end :] + text[2 * budget :]
    shown = markup.quoted(markup.escape(span.of(part).rstrip()))
    return (f"{shown} {excerpt.CUT}" if rest else shown), rest


def closing(text: str, budget: int) -> str:
    """The end of the text as a block quote of at most `budget`."""
    part = _BLANK.sub("\n", text[-budget:].strip())
    while measure(quote := markup.quoted(f"{excerpt.CUT} {markup.escape(part)}")) > budget and part:
        part = part[max(1, (measure(quote) - budget) // 3) :]
    at_word = part.find(" ") + 1
    return markup.quoted(f"{excerpt.CUT} {markup.escape(part[at_word:])}") if part[at_word:].strip() else quote


def _changes(preview: Preview) -> str:
    """Which particulars an edit changes, and that it changes the text."""
    before, draft = preview.before, preview.waiting.draft
    if before is None:
        return ""
    changed = [f"{name}: {_change(old, new)}" for name, old, new in changed_particulars(before, draft)]
    if before.text != draft.text:
        old, new = len(before.text.split()), len(draft.text.split())
        changed.append(f"text: {old:,} → {plural(new, 'word')}")
    return "**What changes**\n" + "\n".join(f"-# {one}" for one in changed[:_CHANGES])


def changed_particulars(before: Article, draft: Draft) -> list[tuple[str, str, str]]:
    """The particulars that an edit changes as (name, before, after); what is not given is an empty text."""
    pairs = (
        ("title", before.title, draft.title),
        ("publication", before.publication or "", draft.publication or ""),
        ("date", str(before.published or ""), str(draft.published or "")),
        ("authors", ", ".join(before.authors), ", ".join(draft.authors)),
        ("link", before.url or "", draft.url or ""),
        ("language", before.language, draft.language),
    )
    return [pair for pair in pairs if pair[1] != pair[2]]


def _change(old: str, new: str) -> str:
    return f"{markup.line(old, _CHANGE // 2) or '(none)'} → {markup.line(new, _CHANGE // 2) or '(none)'}"


def _set_aside(draft: Draft) -> str:
    return "\n".join((*_examples("dropped", draft.dropped), *_examples("flagged, but kept", draft.flagged)))


def _examples(what: str, lines: Sequence[SetAside]) -> Iterator[str]:
    if not lines:
        return
    counted = Counter(one.rule for one in lines).most_common()
    rules = [f"{markup.line(rule, _RULE)} {count:,}" for rule, count in counted]
    more = f", {len(rules) - _RULES} more" if len(rules) > _RULES else ""
    yield f"**{plural(len(lines), 'line')} {what}** ({', '.join(rules[:_RULES])}{more})"
    for one in lines[:EXAMPLES]:
        yield f"-# {markup.line(one.line, _EXAMPLE) or '(blank)'}"


def _alike(preview: Preview) -> str:
    if not preview.alike:
        return ""
    lines = [f"**{plural(len(preview.alike), 'near-duplicate is', 'near-duplicates are')} stored**"]
    for number, one in enumerate(preview.alike[:MOST_ALIKE], 1):
        named = markup.line(_origin(one.title, one.publication, one.published), 110)
        lines.append(f"{number}\\. **{in_percent(one.share)}** in common: {named}, {owner_of(one.collection)}")
    if preview.waiting.base is None and not own_alike(preview):
        lines.append("-# None of them is of this collection, so none can be replaced.")
    return "\n".join(lines)


def _origin(title: str, publication: str | None, published: date | None) -> str:
    return " · ".join(str(part) for part in (title, publication, published) if part)


def _named(title: str) -> str:
    return f"“{markup.line(title, 120)}”"


def _flag(waiting: WaitingDraft) -> int:
    return flag_of(waiting.collection)


def own_alike(preview: Preview) -> tuple[Alike, ...]:
    """The near-duplicates that the draft could replace: an edit of one article replaces no other."""
    if preview.waiting.base is not None:
        return ()
    return tuple(one for one in preview.alike[:MOST_ALIKE] if one.collection == preview.waiting.collection)


# --- what can be done


def _press(preview: Preview, action: Action) -> Press:
    waiting = preview.waiting
    return Press(action, waiting.id, _flag(waiting), waiting.version)


def _deciding(preview: Preview) -> Items:
    first: Items = []
    if preview.alike:
        label = "Store all the same" if preview.waiting.base else "Keep both"
        first.append(button(_press(preview, Action.DRAFT_KEEP), label))
        if len(own_alike(preview)) == 1:
            first.append(button(_press(preview, Action.DRAFT_REPLACE), "Replace", style=ButtonStyle.primary))
    else:
        first.append(button(_press(preview, Action.DRAFT_STORE), "Store", style=ButtonStyle.success))
    edit = button(_press(preview, Action.DRAFT_EDIT), "Edit details")
    cancel = button(_press(preview, Action.DRAFT_CANCEL), "Cancel", style=ButtonStyle.danger)
    return [*first, edit, cancel]


def looking(preview: Preview) -> Items:
    """The buttons that show what was set aside, what changes, and the page itself."""
    waiting, row = preview.waiting, Items()
    if waiting.draft.dropped or waiting.draft.flagged:
        label = "Dropped lines" if waiting.draft.dropped else "Flagged lines"
        row.append(button(Press(Action.DRAFT_LINES, waiting.id, _flag(waiting)), label))
    if preview.before is not None and preview.before.text != waiting.draft.text:
        row.append(button(Press(Action.DRAFT_CHANGES, waiting.id, _flag(waiting)), "Changes"))
    return [*row, *reading_button(waiting.draft.url)]


def comparing(preview: Preview) -> Items:
    """A button for each near-duplicate, which shows it beside the draft; their ids tell what was shown."""
    waiting = preview.waiting
    marks = dict.fromkeys(map(mark_of, preview.alike[:MOST_ALIKE]))
    return [
        button(
            Press(Action.DRAFT_COMPARE, waiting.id, _flag(waiting), mark),
            f"Compare {number}" if len(marks) > 1 else "Compare",
        )
        for number, mark in enumerate(marks, 1)
    ]


def replacing(preview: Preview, action: Action) -> Items:
    """A menu of the articles to replace, where there are several."""
    own = {mark_of(one): one for one in own_alike(preview)}
    if len(own) < 2:
        return []
    options = [
        SelectOption(
            label=markup.label(one.title, SELECT_LABEL),
            value=replaced_value(mark),
            description=markup.label(f"{in_percent(one.share)} in common · {one.key}", SELECT_DESCRIPTION),
        )
        for mark, one in own.items()
    ]
    return [ui.Select(custom_id=str(_press(preview, action)), placeholder="Replace …", options=options)]


def replaced_value(mark: int) -> str:
    """The option that stands for this article. It is no number, for the press keeps the draft's version."""
    return f"mark-{mark}"
